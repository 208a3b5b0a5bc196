from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from ingestd.data import data_path
from ingestd.errors import SchemaMismatch
from ingestd.store import migrate
from ingestd.store.database import Database, Settings
from ingestd.store.schema import VIEWS, metadata


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
