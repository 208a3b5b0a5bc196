"""Bring a database to the schema that this program was written for, or say why not.

Alembic costs more than a second to import, so it is imported only where a migration really runs; whether
one is needed is told by comparing one row with `HEAD`.
"""

import re

import sqlalchemy as sa

from ingestd.data import data_path
from ingestd.errors import SchemaMismatch
from ingestd.store.database import Database

# The newest revision in `migrations/versions`; a test compares the two.
HEAD = "0005"

# Numbered, so that older and newer can be told apart without reading the scripts.
_REVISION = re.compile(r"\d{4}")


def current(database: Database) -> str | None:
    """The schema revision of a database; None for one that has no tables yet."""
    with database.reading() as connection:
        names = sa.inspect(connection).get_table_names()
        if "alembic_version" in names:
            found = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
            if found is None:
                # What a downgrade to nothing leaves behind.
                names.remove("alembic_version")
            elif _REVISION.fullmatch(found):
                return str(found)
    if names:
        raise SchemaMismatch(
            f"the database {database.location} holds tables of something else; give ingestd one of its own"
        )
    return None


def ensure(database: Database) -> None:
    """Migrate a new database; raises SchemaMismatch, with the command to run, for one of another version."""
    found = current(database)
    if found is None:
        upgrade(database)
    elif found < HEAD:
        raise SchemaMismatch(
            f"the database {database.location} has schema {found} and needs {HEAD}: "
            "make a backup, then run `ingestd migrate`"
        )
    elif found > HEAD:
        raise SchemaMismatch(
            f"the database {database.location} has schema {found}, newer than this program's {HEAD}: "
            "install the newer ingestd that made it"
        )


def upgrade(database: Database) -> tuple[str | None, str]:
    """Run what is missing in one transaction; returns the revision before and after."""
    from alembic import command
    from alembic.config import Config

    before = current(database)
    if before is not None and before > HEAD:
        ensure(database)
    config = Config()
    config.set_main_option("script_location", str(data_path("migrations")).replace("%", "%%"))
    # The settling lock also keeps a second process from migrating the same database at once.
    with database.writing(settling=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return before, HEAD
