"""Engines and transactions.

One thread writes. It takes whatever work is waiting into one transaction – each piece in a savepoint of
its own, so that a failing one undoes itself alone – which makes a busy daemon's commits few without
anybody waiting for a timer. Readers have an engine of their own and never wait for the writer.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import sqlalchemy as sa

from ingestd.errors import DatabaseError
from ingestd.store import dialect

R = TypeVar("R")

log = logging.getLogger(__name__)

# Pieces of work in one transaction: enough to make commits cheap, few enough that another process
# waits for this one's transaction no longer than some tens of milliseconds.
GROUP_LIMIT = 32
# Times that a piece is tried alone when PostgreSQL undid it because two processes waited for each other.
CONFLICT_TRIES = 5


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the archive lives."""

    # SQLAlchemy URL: sqlite:///file (relative to the configuration file) or postgresql://user@host/name.
    url: str = "sqlite:///ingestd.sqlite3"
    # SQLite only: how long a writer waits for another process's transaction before it gives up.
    busy_timeout: timedelta = timedelta(seconds=30)


class Database:
    """One database, opened for reading and for writing. Close it with `close()`."""

    def __init__(self, settings: Settings) -> None:
        self._writer = self._engine(settings, writes=True)
        self._reader = dialect.read_only(self._engine(settings, writes=False))
        self.url = sa.engine.make_url(settings.url)

    @staticmethod
    def _engine(settings: Settings, *, writes: bool) -> sa.Engine:
        url = _checked(settings.url)
        try:
            engine = sa.create_engine(url, pool_pre_ping=url.get_backend_name() == "postgresql")
        except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError) as error:
            hint = " (install ingestd[postgres])" if "psycopg" in str(error) else ""
            raise DatabaseError(f"the database URL cannot be used: {error}{hint}") from error
        if engine.dialect.name == "sqlite":
            dialect.set_up_sqlite(engine, writes=writes, busy_timeout=settings.busy_timeout)
        return engine

    @property
    def location(self) -> str:
        """The database for people: its file, or its URL with the password hidden."""
        return self.url.database or ":memory:" if self.is_sqlite else self.url.render_as_string()

    @property
    def is_sqlite(self) -> bool:
        return self._writer.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A consistent snapshot; writing through it fails."""
        with _translated(self.location), self._reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, *, settling: bool = False) -> Iterator[sa.Connection]:
        """A transaction, committed on leaving; `settling` keeps every other settling transaction out."""
        with _translated(self.location), self._writer.begin() as connection:
            if settling:
                dialect.lock_settling(connection)
            yield connection
            erased = dialect.has_erased(connection)
        if erased:
            dialect.empty_log(self._writer)

    def close(self) -> None:
        """Give back every connection; SQLite then folds its write-ahead log into the file."""
        self._reader.dispose()
        self._writer.dispose()


def _checked(text: str) -> sa.URL:
    """The URL of a database that ingestd can use; raises DatabaseError, without a password in it."""
    try:
        url = sa.engine.make_url(text)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise DatabaseError("the database URL cannot be read; is it one, and its port a number?") from error
    backend = url.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise DatabaseError(f"{backend} is not supported; use sqlite:///FILE or postgresql://USER@HOST/NAME")
    if backend == "sqlite" and (url.database or ":memory:") == ":memory:":
        raise DatabaseError("an archive in memory would be lost; use sqlite:///FILE")
    return url


@contextmanager
def _translated(location: str) -> Iterator[None]:
    """The driver's errors as ours: everything here that is no defect of a statement."""
    try:
        yield
    except sa.exc.DatabaseError as error:
        # SQLite says with the bare class that a file is damaged or no database at all.
        unusable = isinstance(error, sa.exc.OperationalError) or type(error) is sa.exc.DatabaseError
        if not unusable or dialect.is_own_fault(error):
            raise
        raise _cannot_be_used(location, error) from error
    except sa.exc.InterfaceError as error:
        raise _cannot_be_used(location, error) from error


def _cannot_be_used(location: str, error: sa.exc.DBAPIError) -> DatabaseError:
    return DatabaseError(f"the database {location} cannot be used: {error.orig}")


@dataclass(slots=True)
class _Work:
    action: Callable[[sa.Connection], Any]
    settling: bool
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    result: Any = None
    error: BaseException | None = None


class Writer:
    """The one thread that writes, fed from asyncio. `close()` finishes what was accepted."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._closed = False
        self._waiting: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="ingestd-writer", daemon=True)
        self._thread.start()

    async def run(self, action: Callable[[sa.Connection], R], *, settling: bool = False) -> R:
        """Perform `action` in a transaction; returns when that is committed. Its error undoes it alone.

        It may be performed more than once, each time as if for the first time.
        """
        if self._closed:
            raise DatabaseError(f"the database {self._database.location} has been closed")
        loop = asyncio.get_running_loop()
        work = _Work(action, settling, loop.create_future(), loop)
        # The error of work whose caller was cancelled is nobody's to hear; asyncio would complain of it.
        work.future.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._waiting.put(work)
        # A cancelled caller must not learn nothing of a commit that happens: the work goes on either way.
        result: R = await asyncio.shield(work.future)
        return result

    def close(self) -> None:
        """Write what is waiting, then end the thread."""
        self._closed = True
        self._waiting.put(None)
        self._thread.join()

    def _serve(self) -> None:
        while (first := self._waiting.get()) is not None:
            group, ended = self._gather(first)
            self._write(group)
            if ended:
                return

    def _gather(self, first: _Work) -> tuple[list[_Work], bool]:
        group = [first]
        while len(group) < GROUP_LIMIT:
            try:
                work = self._waiting.get_nowait()
            except queue.Empty:
                break
            if work is None:
                return group, True
            group.append(work)
        return group, False

    def _write(self, group: list[_Work]) -> None:
        """Commit a group at once; piece by piece when it stood in another process's way."""
        if not self._commit(group):
            for work in group:
                for _ in range(CONFLICT_TRIES):
                    if self._commit([work]):
                        break
        for work in group:
            # A loop that has been closed meanwhile waits for nothing any more.
            with suppress(RuntimeError):
                work.loop.call_soon_threadsafe(_settle_future, work)

    def _commit(self, group: list[_Work]) -> bool:
        """Perform and commit the group, or note why not; False when trying again may help."""
        for work in group:
            work.error = None
        try:
            with self._database.writing(settling=any(work.settling for work in group)) as connection:
                for work in group:
                    self._perform(work, connection, alone=len(group) == 1)
        except BaseException as error:
            for work in group:
                work.error = work.error or error
            return not dialect.is_conflict(error)
        return True

    def _perform(self, work: _Work, connection: sa.Connection, *, alone: bool) -> None:
        if alone:
            work.result = work.action(connection)
            return
        try:
            with _translated(self._database.location), connection.begin_nested():
                work.result = work.action(connection)
        except Exception as error:
            # A lost connection or a deadlock takes the whole transaction with it, all else this piece alone.
            if connection.invalidated or dialect.is_conflict(error):
                raise
            work.error = error


def _settle_future(work: _Work) -> None:
    if work.future.done():
        return
    if work.error is not None:
        work.future.set_exception(work.error)
    else:
        work.future.set_result(work.result)
