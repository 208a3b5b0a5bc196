"""Everything that differs between SQLite and PostgreSQL.

The statements in this package serve both. What cannot is here: how a transaction begins, the
insert-or-ignore construct, row locks, the settling lock, the database's own clock, and column types.

Measured reasons: with SQLite's plain BEGIN 264 of 800 concurrent read-modify-writes failed at once with
"database is locked" whatever the time-out, with BEGIN IMMEDIATE none; SQLite drops time zones silently;
without the settling lock four PostgreSQL processes made 116 clusters out of 20 texts, with it 20.
"""

import json
import re
import struct
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import TypeDecorator

# Any number will do as long as nobody else takes an advisory lock with it in this database.
SETTLING_LOCK = 0x1463_5E77

# PostgreSQL stores no NUL; neither database takes half of a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

# SQLSTATE classes of errors that are one transaction's or one statement's own while the database is well:
# rolled back (a deadlock, for one) and program limit exceeded (an index entry that is too long).
_OWN_FAULTS = ("40", "54")

# 64 bits on both: SQLite only autoincrements a column declared INTEGER, which there has 64 bits anyway.
BigId = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")


def storable(value: Any) -> Any:
    """A text, or texts in lists and dictionaries, without the characters that cannot be stored."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value)
    if isinstance(value, dict):
        return {storable(name): storable(held) for name, held in value.items()}
    return [storable(held) for held in value] if isinstance(value, (list, tuple)) else value


class Text(TypeDecorator[str]):
    """Text of any origin. The readers clean theirs; this keeps a header or a message from undoing a save."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(storable(value))


class Json(TypeDecorator[Any]):
    """Lists and dictionaries, binary where the database can search them; None is NULL."""

    impl = sa.JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        kind = postgresql.JSONB if dialect.name == "postgresql" else sa.JSON
        return dialect.type_descriptor(kind(none_as_null=True))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return storable(value)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time: naive ones are refused, everything is stored in UTC and comes back aware."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Duration(TypeDecorator[timedelta]):
    """A span of time, stored as seconds so that people can read and compare it."""

    impl = sa.Float
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> float | None:
        return None if value is None else value.total_seconds()

    def process_result_value(self, value: float | None, dialect: Dialect) -> timedelta | None:
        return None if value is None else timedelta(seconds=value)


class Hashes(TypeDecorator[tuple[int, ...]]):
    """Signed 32-bit numbers, four bytes each with the lowest first; none are stored as NULL."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> bytes | None:
        return struct.pack(f"<{len(value)}i", *value) if value else None

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> tuple[int, ...]:
        return struct.unpack(f"<{len(value) // 4}i", value) if value else ()


class Numbers(TypeDecorator[Collection[int]]):
    """Any number of whole numbers as one parameter: JSON for SQLite, an array for PostgreSQL."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        on_postgres = dialect.name == "postgresql"
        return dialect.type_descriptor(postgresql.ARRAY(sa.BigInteger()) if on_postgres else sa.Text())

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> Any:
        assert value is not None
        return list(value) if dialect.name == "postgresql" else json.dumps(list(value))


class Among(sa.sql.functions.FunctionElement[Any]):
    """Whether a column is one of the numbers of a parameter: as `IN`, in a statement that never changes."""

    name = "among"
    # A Boolean would be compared with 1 on SQLite, which then does without the index.
    type = sa.types.NullType()
    inherit_cache = True

    def __init__(self, column: sa.ColumnElement[Any], parameter: str) -> None:
        super().__init__(column, sa.bindparam(parameter, type_=Numbers))


@compiles(Among, "sqlite")
def _among_sqlite(element: Among, compiler: Any, **keywords: Any) -> str:
    column, numbers = (compiler.process(one, **keywords) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({numbers}))"  # noqa: S608 – compiled parts


@compiles(Among, "postgresql")
def _among_postgresql(element: Among, compiler: Any, **keywords: Any) -> str:
    column, numbers = (compiler.process(one, **keywords) for one in element.clauses)
    return f"{column} = ANY({numbers})"


def with_numbers(connection: sa.Connection, statement: str) -> sa.TextClause:
    """A statement that reads the parameter `numbers` as rows of `n`, which stands for it as `{numbers}`.

    `{listed}` stands for the column `cluster_id` of all rows, with commas between.
    """
    return _with_numbers(connection.dialect.name, statement)


@cache
def _with_numbers(dialect_name: str, statement: str) -> sa.TextClause:
    if dialect_name == "postgresql":
        numbers, listed = "unnest(:numbers) AS n(value)", "string_agg(CAST(cluster_id AS text), ',')"
    else:
        numbers, listed = "json_each(:numbers) AS n", "group_concat(cluster_id)"
    text = sa.text(statement.format(numbers=numbers, listed=listed))
    return text.bindparams(sa.bindparam("numbers", type_=Numbers))


class EpochNow(sa.sql.functions.FunctionElement[float]):
    """Seconds since 1970 by the database's own clock: what leases are measured with on every machine."""

    name = "epoch_now"
    type = sa.Float()
    # Without it every statement that holds this element would be compiled anew.
    inherit_cache = True


@compiles(EpochNow, "sqlite")
def _epoch_now_sqlite(element: EpochNow, compiler: Any, **keywords: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(EpochNow, "postgresql")
def _epoch_now_postgresql(element: EpochNow, compiler: Any, **keywords: Any) -> str:
    return "extract(epoch from clock_timestamp())::double precision"


def insert_ignore(connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert those rows that no unique constraint forbids.

    Look up what is known first: on PostgreSQL each refused row still uses up an identity value.
    """
    if not rows:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


def insert_or_add(
    connection: sa.Connection, table: sa.Table, keys: dict[str, Any], sums: dict[str, int]
) -> None:
    """Insert a row of sums under `keys`, or add to those of the row that is there."""
    statement = _adding(connection.dialect.name, table, tuple(keys), tuple(sums))
    connection.execute(statement, keys | sums)


@cache
def _adding(dialect_name: str, table: sa.Table, keys: tuple[str, ...], sums: tuple[str, ...]) -> sa.Insert:
    dialect = postgresql if dialect_name == "postgresql" else sqlite
    insert = dialect.insert(table)
    grown = {name: table.c[name] + insert.excluded[name] for name in sums}
    adding: sa.Insert = insert.on_conflict_do_update(index_elements=list(keys), set_=grown)
    return adding


@cache
def update_of(table: sa.Table, condition: sa.ColumnElement[bool], columns: tuple[str, ...]) -> sa.Update:
    """`UPDATE table SET … WHERE condition`, built once; each column takes the parameter `new_<column>`.

    `condition` must be one object, made at import with bound parameters, for the cache to find it again:
    building a statement costs more than running it.
    """
    return table.update().where(condition).values({name: sa.bindparam(f"new_{name}") for name in columns})


def new_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters for a statement of `update_of`."""
    return {f"new_{name}": value for name, value in values.items()}


def lock_settling(connection: sa.Connection) -> None:
    """Let nobody else settle until this transaction ends; must be its first statement."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": SETTLING_LOCK})


def is_own_fault(error: BaseException) -> bool:
    """Whether the database undid this work although it is well itself: another try, or the rest, may go."""
    return (_sqlstate(error) or "").startswith(_OWN_FAULTS)


def is_conflict(error: BaseException) -> bool:
    """Whether two transactions stood in each other's way, so that the same work done again gets through."""
    return (_sqlstate(error) or "").startswith("40")


def _sqlstate(error: BaseException) -> str | None:
    return getattr(error.orig, "sqlstate", None) if isinstance(error, sa.exc.DBAPIError) else None


def read_only(engine: sa.Engine) -> sa.Engine:
    """The engine with transactions that see one state and refuse to write; SQLite's readers do anyway."""
    if engine.dialect.name != "postgresql":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


_ERASED = "ingestd erased"


def erases(connection: sa.Connection) -> None:
    """Mark a transaction whose deletions must not be left readable in SQLite's write-ahead log."""
    connection.info[_ERASED] = True


def has_erased(connection: sa.Connection) -> bool:
    """Whether the transaction was marked; asking takes the mark away."""
    return bool(connection.info.pop(_ERASED, False))


def empty_log(engine: sa.Engine) -> None:
    """Fold SQLite's write-ahead log into the file, waiting for readers; closing does so only for the last."""
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    finally:
        connection.close()


def set_up_sqlite(engine: sa.Engine, *, writes: bool, busy_timeout: timedelta) -> None:
    """Give an SQLite engine its pragmas and transactions that take the write lock at their start."""

    @sa.event.listens_for(engine, "connect")
    def on_connect(connection: DBAPIConnection, record: object) -> None:
        # The driver must not open transactions of its own: the "begin" event below does.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {int(busy_timeout.total_seconds() * 1000)}")
        cursor.execute("PRAGMA foreign_keys = ON")
        # The built-in one knows ASCII only, and a search for words is to find them in any case of letters.
        connection.create_function("lower", 1, _lower, deterministic=True)
        if writes:
            # WAL lets readers go on beside the one writer; NORMAL may lose the last commits when the
            # power fails, never consistency, and saves a disk flush for each.
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = NORMAL")
            # Kibibytes, at most. A text's postings lie on as many pages of the index as it has anchors: with
            # 2 MB, which is usual, reading them again made settling dearer by a quarter at a million texts.
            cursor.execute("PRAGMA cache_size = -32768")
            # What `forget` deletes is overwritten, not only unlinked.
            cursor.execute("PRAGMA secure_delete = ON")
        else:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value
