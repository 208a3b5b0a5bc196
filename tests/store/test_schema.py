"""The migrations make what `schema.py` says, and the views keep what their readers rely on."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from ingestd.store.database import Database, Settings
from ingestd.store.schema import VIEWS, metadata
from tests.store.samples import add_entries, add_feed, item, settle, words

# What README.md promises. Columns may be added at the end; none is renamed or taken away.
VIEW_COLUMNS = {
    "v_article": """article_id url site revision title authors lead body published_at modified_at language
        site_name agency text_source word_count text_hash first_seen_at revised_at cluster_id role section
        tags completeness source_reason extractor licence free tdm_reserved images""",
    "v_revision": """article_id revision url site title lead body published_at modified_at text_hash
        word_count created_at text_source completeness extractor""",
    "v_cluster": """cluster_id size canonical_article_id title agency language created_at active_at
        pinned_at""",
    "v_copy": """cluster_id article_id url site title agency role containment containment_reverse jaccard
        matched_article_id reason published_at first_seen_at word_count agency_evidence""",
    "v_related": """cluster_id article_id other_cluster_id other_article_id containment containment_reverse
        rule""",
    "v_sighting": "article_id entry_id feed url title published_at first_seen_at last_seen_at",
    "v_feed": """feed_id feed url title state state_reason format failures last_polled_at last_success_at
        last_new_at next_poll_at plan_reason entries""",
}


@pytest.fixture
def connection(database: Database) -> Iterator[sa.Connection]:
    with database.writing() as opened:
        yield opened


@pytest.fixture
def by_schema(database: Database, request: pytest.FixtureRequest) -> Iterator[sa.Connection]:
    """A database of the same kind, made by `schema.py` without any migration."""
    name = "blank_sqlite_url" if database.is_sqlite else "blank_postgres_url"
    other = Database(Settings(request.getfixturevalue(name)))
    with other.writing() as made:
        metadata.create_all(made)
        for view, query in VIEWS.items():
            made.execute(sa.text(f"CREATE VIEW {view} AS {query.strip()}"))
        yield made
    other.close()


def test_migrations_and_schema_agree(connection: sa.Connection) -> None:
    options = {"compare_type": True, "compare_server_default": True}
    context = MigrationContext.configure(connection, opts=options)
    assert compare_metadata(context, metadata) == []


def test_they_agree_on_what_alembic_does_not_compare(
    connection: sa.Connection, by_schema: sa.Connection
) -> None:
    """Names, order, keys, comments, SQLite's options, and the text of the views."""
    assert catalogue(by_schema) == catalogue(connection)
    assert definitions(by_schema) == definitions(connection)
    assert set(definitions(connection)) == set(VIEW_COLUMNS)


def catalogue(connection: sa.Connection) -> dict[str, Any]:
    seen = sa.inspect(connection)
    tables = sorted(set(seen.get_table_names()) - {"alembic_version"})
    return {
        name: {
            "columns": [{**column, "type": str(column["type"])} for column in seen.get_columns(name)],
            "key": seen.get_pk_constraint(name),
            "unique": sorted(str(one) for one in seen.get_unique_constraints(name)),
            "foreign": sorted(str(one) for one in seen.get_foreign_keys(name)),
            "indexes": sorted(str(_as_text(one)) for one in seen.get_indexes(name)),
            "options": re.findall("WITHOUT ROWID|AUTOINCREMENT", _sql_of(connection, name)),
        }
        for name in tables
    }


def _as_text(value: Any) -> Any:
    """An index with the condition of a partial one as text, which SQLite gives as an object."""
    if isinstance(value, dict):
        return {name: _as_text(held) for name, held in value.items()}
    return str(value) if isinstance(value, sa.TextClause) else value


def definitions(connection: sa.Connection) -> dict[str, str]:
    seen = sa.inspect(connection)
    return {name: seen.get_view_definition(name) for name in seen.get_view_names()}


def _sql_of(connection: sa.Connection, table: str) -> str:
    if connection.dialect.name != "sqlite":
        return ""
    query = sa.text("SELECT sql FROM sqlite_master WHERE name = :name")
    return str(connection.scalar(query, {"name": table}))


def test_every_column_says_what_it_means() -> None:
    silent = [
        str(column) for table in metadata.sorted_tables for column in table.columns if not column.comment
    ]
    assert silent == []


def test_every_null_is_explained() -> None:
    unexplained = [
        str(column)
        for table in metadata.sorted_tables
        for column in table.columns
        if column.nullable and "NULL" not in str(column.comment) and column.name not in EXPLAINED_BY_NEIGHBOUR
    ]
    assert unexplained == []


# Its comment belongs together with that of the column before it.
EXPLAINED_BY_NEIGHBOUR = {"containment_reverse"}


def test_comments_are_in_the_database_for_those_who_look_there(postgres_url: str) -> None:
    engine = sa.create_engine(postgres_url, poolclass=sa.NullPool)
    seen = sa.inspect(engine)
    for table in metadata.sorted_tables:
        comments = {column["name"]: column["comment"] for column in seen.get_columns(table.name)}
        assert comments == {column.name: column.comment for column in table.columns}


# ------------------------------------------------------------------------------- views


@pytest.mark.parametrize("name", VIEW_COLUMNS)
def test_a_view_begins_with_the_columns_it_has_always_had(connection: sa.Connection, name: str) -> None:
    promised = VIEW_COLUMNS[name].split()
    assert list(connection.execute(sa.text(f"SELECT * FROM {name}")).keys())[: len(promised)] == promised


def test_the_views_show_what_was_stored(connection: sa.Connection) -> None:
    row = add_feed(connection)
    add_entries(connection, row, item("1", url="https://paper.example/1", title="As announced"))
    text = words(1)
    settle(connection, "https://paper.example/1", words(2), title="Before")
    settle(connection, "https://paper.example/1", text, title="After")
    settle(connection, "https://other.example/1", text, title="Copied")

    def view(query: str) -> list[tuple[Any, ...]]:
        return [tuple(found) for found in connection.execute(sa.text(query))]

    assert view("SELECT article_id, revision, title, role FROM v_article ORDER BY article_id") == [
        (1, 2, "After", "canonical"),
        (2, 1, "Copied", "copy"),
    ]
    assert view("SELECT article_id, revision, title FROM v_revision ORDER BY article_id, revision") == [
        (1, 1, "Before"),
        (1, 2, "After"),
        (2, 1, "Copied"),
    ]
    assert view("SELECT size, canonical_article_id, title FROM v_cluster") == [(2, 1, "After")]
    assert view("SELECT article_id, containment, matched_article_id FROM v_copy WHERE role = 'copy'") == [
        (2, 1, 1)
    ]
    assert view("SELECT article_id, feed, title FROM v_sighting") == [(1, "paper", "As announced")]
    assert view("SELECT feed, state, entries FROM v_feed") == [("paper", "active", 1)]
