"""What tests of several parts share: a web server on loopback, and databases of both kinds.

Each test has a database of its own, made in some milliseconds from one that was migrated once.
`sqlite_url` and `postgres_url` are migrated, the `blank_…` ones empty; `database` runs a test on both.
"""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingestd.store import migrate
from ingestd.store.database import Database, Settings
from tests import postgres
from tests.web import Web

BOTH = ("sqlite", "postgresql")


def pytest_configure() -> None:
    """Let commands under test hear Ctrl-C.

    A shell starts what it puts in the background with SIGINT ignored, which every child would inherit.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file; never open it, copy it."""
    file = tmp_path_factory.mktemp("template") / "ingestd.sqlite3"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def blank_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'blank.sqlite3'}"


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    file = shutil.copyfile(sqlite_template, tmp_path / "ingestd.sqlite3")
    return f"sqlite:///{file}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: postgres.Server) -> Iterator[str]:
    """The name of a migrated PostgreSQL database; never connect to it, copy it."""
    with postgres_server.database() as url:
        _migrate(url)
        name = sa.make_url(url).database
        assert name is not None
        yield name


@pytest.fixture
def blank_postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    with postgres_server.database() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: postgres.Server, postgres_template: str) -> Iterator[str]:
    with postgres_server.database(postgres_template) as url:
        yield url


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database's URL, of either kind."""
    name = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    return str(request.getfixturevalue(name))


@pytest.fixture(params=BOTH)
def blank_url(request: pytest.FixtureRequest) -> str:
    """An empty database's URL, of either kind."""
    name = {"sqlite": "blank_sqlite_url", "postgresql": "blank_postgres_url"}[request.param]
    return str(request.getfixturevalue(name))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database, of either kind."""
    opened = Database(Settings(database_url))
    yield opened
    opened.close()


def _migrate(url: str) -> None:
    database = Database(Settings(url))
    migrate.ensure(database)
    database.close()
