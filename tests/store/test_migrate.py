from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from ingestd.data import data_path
from ingestd.errors import SchemaMismatch
from ingestd.matching import matching
from ingestd.model import Article, Paragraph
from ingestd.store import articles, clusters, migrate
from ingestd.store.content import article_of
from ingestd.store.database import Database, Settings
from ingestd.store.index import SqlIndex
from ingestd.store.schema import VIEWS, metadata
from tests.store.samples import NOW, settle, words


@pytest.fixture
def blank(blank_url: str) -> Iterator[Database]:
    opened = Database(Settings(blank_url))
    yield opened
    opened.close()


def names(database: Database) -> set[str]:
    with database.reading() as connection:
        seen = sa.inspect(connection)
        return set(seen.get_table_names()) | set(seen.get_view_names())


def set_revision(database: Database, revision: str) -> None:
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :new"), {"new": revision})


def scripts() -> Config:
    config = Config()
    config.set_main_option("script_location", str(data_path("migrations")))
    return config


def test_the_history_is_one_line_that_ends_at_head() -> None:
    directory = ScriptDirectory.from_config(scripts())
    assert directory.get_heads() == [migrate.HEAD]
    history = list(directory.walk_revisions())
    assert len(directory.get_bases()) == 1
    assert not any(script.is_merge_point or script.is_branch_point for script in history)


def test_a_new_database_is_migrated(blank: Database) -> None:
    assert migrate.current(blank) is None
    migrate.ensure(blank)
    assert migrate.current(blank) == migrate.HEAD
    assert names(blank) == {*metadata.tables, *VIEWS, "alembic_version"}


def test_a_database_that_is_up_to_date_is_left_alone(database: Database) -> None:
    migrate.ensure(database)
    assert migrate.upgrade(database) == (migrate.HEAD, migrate.HEAD)


def test_the_way_back_leaves_nothing_and_can_be_gone_again(database: Database) -> None:
    config = scripts()
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert names(database) == {"alembic_version"}
    assert migrate.current(database) is None
    assert migrate.upgrade(database) == (None, migrate.HEAD)


def test_an_older_schema_is_refused_with_the_command_that_helps(database: Database) -> None:
    set_revision(database, "0000")
    with pytest.raises(SchemaMismatch, match=r"0000 and needs .*run `ingestd migrate`"):
        migrate.ensure(database)


def test_a_newer_schema_is_refused(database: Database) -> None:
    set_revision(database, "9999")
    for refuse in (migrate.ensure, migrate.upgrade):
        with pytest.raises(SchemaMismatch, match="newer than this program"):
            refuse(database)
    assert migrate.current(database) == "9999"


def test_tables_of_something_else_are_not_touched(blank: Database) -> None:
    with blank.writing() as connection:
        connection.execute(sa.text("CREATE TABLE orders (id INTEGER)"))
    for refuse in (migrate.ensure, migrate.upgrade):
        with pytest.raises(SchemaMismatch, match="something else"):
            refuse(blank)
    assert names(blank) == {"orders"}


def test_another_programs_migrations_are_not_mistaken_for_ours(database: Database) -> None:
    set_revision(database, "ae1027a6acf2")
    with pytest.raises(SchemaMismatch, match="something else"):
        migrate.ensure(database)


# ------------------------------------------------------------------------------- 0002

# What 0001 held of two articles in one cluster, a third that stands alone, and a revision.
BEFORE_0002 = """
    INSERT INTO article (url_key, url, site, page_id, state, revision, first_seen_at) VALUES
        ('a.example/1', 'https://a.example/1', 'a.example', 1, 'live', 2, '2026-11-20 12:00:00'),
        ('b.example/1', 'https://b.example/1', 'b.example', 2, 'live', 1, '2026-11-20 13:00:00'),
        ('c.example/1', 'https://c.example/1', 'c.example', 3, 'live', 1, '2026-11-20 14:00:00');
    INSERT INTO cluster (canonical_id, size, created_at, active_at) VALUES
        (1, 2, '2026-11-20 12:00:00', '2026-11-20 13:00:00'),
        (3, 1, '2026-11-20 14:00:00', '2026-11-20 14:00:00');
    INSERT INTO member (article_id, cluster_id, role, matched_id, containment, containment_reverse, jaccard,
                        reason, placed_at) VALUES
        (1, 1, 'canonical', NULL, NULL, NULL, NULL, 'first', '2026-11-20 12:00:00'),
        (2, 1, 'copy', 1, 0.5, 0.5, 0.5, 'by a test', '2026-11-20 13:00:00'),
        (3, 2, 'canonical', NULL, NULL, NULL, NULL, 'first', '2026-11-20 14:00:00');
    INSERT INTO anchor (hash, article_id) VALUES (5, 1), (5, 2), (-9000000000000000000, 3)
"""
REVISIONS_0002 = [
    # Article, number, when its outlet says that it published it.
    (1, 1, "2026-11-20 11:00:00"),
    (1, 2, "2026-11-20 11:30:00"),
    (2, 1, None),
    (3, 1, "2026-12-24 12:00:00"),
]


@pytest.fixture
def filled(blank: Database) -> Database:
    """A database of schema 0001 with articles and clusters in it."""
    config = scripts()
    with blank.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in BEFORE_0002.split(";"):
            connection.execute(sa.text(statement))
        for article_id, number, published_at in REVISIONS_0002:
            connection.execute(
                sa.text(
                    "INSERT INTO revision (article_id, number, title, authors, body, published_at, source,"
                    " text_hash, word_count, scheme, token_count, shingle_count, created_at)"
                    " VALUES (:article_id, :number, 'A headline', '[]', :body, :published_at, 'page', 'x', 9,"
                    " 'older', 9, 9, '2026-11-20 15:00:00')"
                ),
                {
                    "article_id": article_id,
                    "number": number,
                    "published_at": published_at,
                    "body": words(9 if article_id < 3 else 3),
                },
            )
    return blank


def test_the_second_schema_keeps_articles_clusters_and_members(filled: Database) -> None:
    kept = {name: rows(filled, name) for name in ("article", "cluster", "member", "revision")}
    assert migrate.upgrade(filled) == ("0001", migrate.HEAD)
    for name, before in kept.items():
        assert [row[: len(before[0])] for row in rows(filled, name)] == before
    with filled.reading() as connection:
        index = SqlIndex(connection, matching(), NOW)
        at = [index.carrier(number).at.isoformat() for number in (1, 2, 3)]
        assert connection.scalar(sa.text("SELECT count(*) FROM v_copy")) == 3
    assert at == ["2026-11-20T11:00:00+00:00", "2026-11-20T13:00:00+00:00", "2026-11-20T14:00:00+00:00"]


def test_clusters_of_the_first_schema_are_found_again_once_they_are_rebuilt(filled: Database) -> None:
    migrate.upgrade(filled)
    with filled.writing() as connection:
        assert settle(connection, "https://d.example/1", words(3)) == "new"
        assert clusters.count_stale(connection, clusters.Settings(), NOW) == 2
        while clusters.reindex(connection, clusters.Settings(), NOW, 1, matching()):
            pass
        assert settle(connection, "https://e.example/1", words(9)) == "copy"
        grown = clusters.get(connection, 1)
        assert grown is not None
        assert grown.size == 3


def test_the_way_back_to_the_first_schema_keeps_what_it_knows(filled: Database) -> None:
    kept = {name: rows(filled, name) for name in ("article", "cluster", "member", "revision")}
    migrate.upgrade(filled)
    config = scripts()
    with filled.writing() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
    assert {name: rows(filled, name) for name in kept} == kept
    assert migrate.upgrade(filled) == ("0001", migrate.HEAD)


# ------------------------------------------------------------------------------- 0005


@pytest.mark.parametrize("older", ["0001", "0002", "0003", "0004"])
def test_texts_of_every_older_schema_are_kept(filled: Database, older: str) -> None:
    config = scripts()
    with filled.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, older)
    before = rows(filled, "revision")
    assert migrate.upgrade(filled) == (older, migrate.HEAD)
    assert [row[: len(before[0])] for row in rows(filled, "revision")] == before
    with filled.writing() as connection:
        row = articles.find(connection, "2")
        assert article_of(row) == Article(content=(Paragraph(words(9)),), title="A headline")
        seen = connection.execute(sa.text("SELECT tags, completeness, licence FROM v_article")).all()
        assert [tuple(map(str, one)) for one in seen] == [("[]", "None", "None")] * 3
        assert connection.scalar(sa.text("SELECT count(*) FROM v_revision")) == 4


def test_the_way_back_from_the_fifth_schema_keeps_the_texts(filled: Database) -> None:
    migrate.upgrade(filled)
    with filled.writing() as connection:
        settle(connection, "https://d.example/1", words(4))
    config = scripts()
    for older in ("0004", "0001"):
        with filled.writing() as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, older)
        assert migrate.current(filled) == older
        assert len(rows(filled, "revision")) == 5
        assert len(rows(filled, "v_article")) == 4
    assert migrate.upgrade(filled) == ("0001", migrate.HEAD)


def rows(database: Database, table: str) -> list[tuple[object, ...]]:
    with database.reading() as connection:
        return sorted(tuple(map(str, row)) for row in connection.execute(sa.text(f"SELECT * FROM {table}")))
