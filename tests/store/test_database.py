import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingestd.errors import DatabaseError
from ingestd.store import database as module
from ingestd.store.database import Database, Settings, Writer
from ingestd.store.schema import host

COUNTER = "counter.example"

# What PostgreSQL says to the one of two transactions that it ends because each waits for the other.
CONFLICT = "DO $$ BEGIN RAISE 'deadlock' USING ERRCODE = '40P01'; END $$"


def add(name: str) -> Callable[[sa.Connection], str]:
    def action(connection: sa.Connection) -> str:
        connection.execute(host.insert().values(name=name, failures=0))
        return name

    return action


def fail(connection: sa.Connection) -> None:
    add("undone.example")(connection)
    raise LookupError("on purpose")


def names(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.scalars(sa.select(host.c.name).order_by(host.c.name)))


def increment(database: Database, times: int) -> None:
    for _ in range(times):
        with database.writing(settling=True) as connection:
            row = connection.execute(sa.select(host).where(host.c.name == COUNTER)).one()
            connection.execute(host.update().values(failures=row.failures + 1))


# ------------------------------------------------------------------------------- transactions


def test_what_is_written_is_there_when_the_transaction_ends(database: Database) -> None:
    with database.writing() as connection:
        add("a.example")(connection)
        assert names(database) == []
    assert names(database) == ["a.example"]


def test_an_error_undoes_the_transaction(database: Database) -> None:
    with pytest.raises(LookupError), database.writing() as connection:
        fail(connection)
    assert names(database) == []


def test_a_reader_cannot_write(database: Database) -> None:
    with (
        pytest.raises((DatabaseError, sa.exc.DBAPIError), match=r"(?i)read-?only"),
        database.reading() as connection,
    ):
        add("a.example")(connection)
    assert names(database) == []


def test_a_reader_sees_one_state_however_long_it_reads(database: Database) -> None:
    with database.reading() as connection:
        query = sa.select(sa.func.count()).select_from(host)
        assert connection.scalar(query) == 0
        with database.writing() as other:
            add("a.example")(other)
        assert connection.scalar(query) == 0


def test_concurrent_read_modify_writes_lose_none(database: Database) -> None:
    with database.writing() as connection:
        add(COUNTER)(connection)
    threads = [threading.Thread(target=increment, args=(database, 25)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as connection:
        assert connection.scalar(sa.select(host.c.failures)) == 100


# ------------------------------------------------------------------------------- opening


@pytest.mark.parametrize("url", ["mysql://x@y/z", "nonsense", "sqlite+nothing:///x"])
def test_a_url_that_cannot_be_used_is_said(url: str) -> None:
    with pytest.raises(DatabaseError):
        Database(Settings(url))


def test_a_missing_driver_is_named_with_the_remedy() -> None:
    with pytest.raises(DatabaseError, match="the database URL cannot be used"):
        Database(Settings("postgresql+psycopg_absent://localhost/x"))


def test_a_folder_that_is_not_there_is_an_error_of_the_database(tmp_path: Path) -> None:
    database = Database(Settings(f"sqlite:///{tmp_path / 'missing' / 'x.sqlite3'}"))
    with pytest.raises(DatabaseError, match="missing"), database.reading():
        pass
    database.close()


def test_a_file_that_is_no_database_is_an_error_of_the_database(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("no database " * 1000)
    database = Database(Settings(f"sqlite:///{file}"))
    with pytest.raises(DatabaseError, match="not a database"), database.writing():
        pass
    database.close()


def test_a_server_that_is_not_there_is_an_error_of_the_database(tmp_path: Path) -> None:
    database = Database(Settings(f"postgresql://nobody:secret@/x?host={tmp_path}"))
    with pytest.raises(DatabaseError) as caught, database.reading():
        pass
    assert "secret" not in str(caught.value)
    database.close()


def test_a_database_that_another_process_holds_is_an_error_of_the_database(sqlite_url: str) -> None:
    database = Database(Settings(sqlite_url, busy_timeout=timedelta(milliseconds=20)))
    with sqlite3.connect(str(database.url.database), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError, match="locked"), database.writing():
            pass
    other.close()
    database.close()


def test_the_location_never_shows_the_password() -> None:
    database = Database(Settings("postgresql://me:secret@db.example/news"))
    assert database.location == "postgresql://me:***@db.example/news"
    database.close()


# ------------------------------------------------------------------------------- the writer


@pytest.fixture
async def writer(database: Database) -> AsyncIterator[Writer]:
    opened = Writer(database)
    yield opened
    opened.close()


class Gate:
    """Holds the writer's thread, so that what is given meanwhile ends up in one group."""

    def __init__(self) -> None:
        self._reached, self._open = threading.Event(), threading.Event()

    def action(self, connection: sa.Connection) -> None:
        self._reached.set()
        self._open.wait()

    async def hold(self, writer: Writer) -> asyncio.Task[None]:
        task = asyncio.create_task(writer.run(self.action))
        await asyncio.to_thread(self._reached.wait)
        return task

    def release(self) -> None:
        self._open.set()


async def test_the_writer_returns_what_was_done_once_it_is_committed(
    database: Database, writer: Writer
) -> None:
    assert await writer.run(add("a.example")) == "a.example"
    assert names(database) == ["a.example"]


async def test_work_that_waits_is_done_in_order_and_in_one_transaction(writer: Writer) -> None:
    gate, done = Gate(), []
    held = await gate.hold(writer)

    def note(number: int, connection: sa.Connection) -> sa.Transaction | None:
        done.append(number)
        return connection.get_transaction()

    tasks = [asyncio.create_task(writer.run(partial(note, number))) for number in range(20)]
    await asyncio.sleep(0)
    gate.release()
    transactions = await asyncio.gather(*tasks)
    await held
    assert done == list(range(20))
    assert len({id(one) for one in transactions}) == 1


async def test_a_failing_piece_undoes_itself_alone(database: Database, writer: Writer) -> None:
    gate = Gate()
    held = await gate.hold(writer)
    tasks = [asyncio.create_task(writer.run(action)) for action in (add("a.example"), fail, add("b.example"))]
    await asyncio.sleep(0)
    gate.release()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    await held
    assert [type(result) for result in results] == [str, LookupError, str]
    assert names(database) == ["a.example", "b.example"]


async def test_a_statement_that_the_database_refuses_undoes_itself_alone(
    database: Database, writer: Writer
) -> None:
    gate = Gate()
    held = await gate.hold(writer)
    tasks = [asyncio.create_task(writer.run(add(name))) for name in ("a.example", "a.example", "b.example")]
    await asyncio.sleep(0)
    gate.release()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    await held
    assert isinstance(results[1], sa.exc.IntegrityError)
    assert names(database) == ["a.example", "b.example"]


async def test_work_goes_on_when_its_caller_is_cancelled(database: Database, writer: Writer) -> None:
    gate = Gate()
    held = await gate.hold(writer)
    task = asyncio.create_task(writer.run(add("a.example")))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    gate.release()
    await held
    await writer.run(lambda connection: None)
    assert names(database) == ["a.example"]


async def test_closing_writes_what_was_accepted_and_refuses_what_comes_later(database: Database) -> None:
    writer = Writer(database)
    tasks = [asyncio.create_task(writer.run(add(f"{number:02}.example"))) for number in range(40)]
    await asyncio.sleep(0)
    writer.close()
    assert len(await asyncio.gather(*tasks)) == 40
    assert len(names(database)) == 40
    with pytest.raises(DatabaseError, match="closed"):
        await writer.run(add("late.example"))


def test_closing_writes_what_a_loop_that_has_ended_left_behind(database: Database) -> None:
    writer, gate = Writer(database), Gate()

    async def leave() -> None:
        waiting = [asyncio.ensure_future(writer.run(action)) for action in (gate.action, add("a.example"))]
        await asyncio.sleep(0)
        for one in waiting:
            one.cancel()

    asyncio.run(leave())
    gate.release()
    writer.close()
    assert names(database) == ["a.example"]


async def test_everybody_hears_when_the_database_cannot_be_used(sqlite_url: str) -> None:
    database = Database(Settings(sqlite_url, busy_timeout=timedelta(milliseconds=20)))
    writer = Writer(database)
    other = sqlite3.connect(str(database.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    results = await asyncio.gather(
        *(writer.run(add(f"{number}.example")) for number in range(3)), return_exceptions=True
    )
    assert [type(result) for result in results] == [DatabaseError] * 3
    other.execute("ROLLBACK")
    other.close()
    assert await writer.run(add("a.example")) == "a.example"
    writer.close()
    database.close()


async def test_a_lost_connection_is_an_error_of_the_database_and_the_next_work_gets_a_new_one(
    postgres_url: str,
) -> None:
    database = Database(Settings(postgres_url))
    writer = Writer(database)

    def end_connection(connection: sa.Connection) -> None:
        connection.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(DatabaseError):
        await writer.run(end_connection)
    assert await writer.run(add("a.example")) == "a.example"
    writer.close()
    database.close()


async def test_processes_that_want_each_others_rows_all_get_through(postgres_url: str) -> None:
    """Two writers lock a and b in opposite orders, each waiting until the other holds its first."""
    database = Database(Settings(postgres_url))
    writers = [Writer(database), Writer(database)]
    for name in ("a.example", "b.example"):
        await writers[0].run(add(name))
    both_hold_one = threading.Barrier(2)
    tries: list[str] = []

    def lock(first: str, second: str) -> Callable[[sa.Connection], None]:
        def action(connection: sa.Connection) -> None:
            tries.append(first)
            grow(connection, first)
            if tries.count(first) == 1:
                both_hold_one.wait()
            grow(connection, second)

        return action

    def grow(connection: sa.Connection, name: str) -> None:
        wanted = host.update().where(host.c.name == name)
        connection.execute(wanted.values(failures=host.c.failures + 1))

    await asyncio.gather(
        writers[0].run(lock("a.example", "b.example")), writers[1].run(lock("b.example", "a.example"))
    )
    for writer in writers:
        writer.close()
    with database.reading() as connection:
        assert list(connection.scalars(sa.select(host.c.failures))) == [2, 2]
    database.close()
    assert len(tries) > 2


async def test_a_conflict_in_a_group_has_each_piece_done_again_and_once(postgres_url: str) -> None:
    database = Database(Settings(postgres_url))
    writer, gate = Writer(database), Gate()
    held = await gate.hold(writer)
    calls: list[str] = []

    def conflict_once(connection: sa.Connection) -> None:
        calls.append("conflict")
        if len(calls) == 1:
            connection.execute(sa.text(CONFLICT))

    actions = (add("a.example"), conflict_once, fail, add("b.example"))
    tasks = [asyncio.create_task(writer.run(action)) for action in actions]
    await asyncio.sleep(0)
    gate.release()
    results = await asyncio.gather(held, *tasks, return_exceptions=True)
    writer.close()
    assert [type(result) for result in results] == [type(None), str, type(None), LookupError, str]
    assert names(database) == ["a.example", "b.example"]
    assert len(calls) == 2
    database.close()


async def test_an_endless_conflict_is_given_up(postgres_url: str) -> None:
    database = Database(Settings(postgres_url))
    writer = Writer(database)
    calls = []

    def conflict(connection: sa.Connection) -> None:
        calls.append(1)
        connection.execute(sa.text(CONFLICT))

    with pytest.raises(sa.exc.OperationalError):
        await writer.run(conflict)
    writer.close()
    database.close()
    assert len(calls) == 1 + module.CONFLICT_TRIES


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:secret@host:port/x",
        "mysql://user:secret@host/x",
        "not a url with a secret",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_a_database_that_cannot_be_one_is_refused_without_telling_its_password(url: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        Database(Settings(url=url))
    assert "secret" not in str(caught.value)
