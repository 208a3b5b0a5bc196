import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa

from ingestd.store import dialect
from ingestd.store.database import Database
from ingestd.store.dialect import Among, Duration, EpochNow, Hashes, Json, Text, UtcDateTime

scratch = sa.Table(
    "scratch",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", UtcDateTime),
    sa.Column("span", Duration),
    sa.Column("text", Text),
    sa.Column("data", Json),
    sa.Column("sum", sa.Integer),
    sa.Column("hashes", Hashes),
)


@pytest.fixture
def connection(database: Database) -> Iterator[sa.Connection]:
    with database.writing() as opened:
        scratch.create(opened)
        yield opened


def stored(connection: sa.Connection, **values: Any) -> Any:
    connection.execute(scratch.insert().values(id=1, **values))
    return connection.execute(sa.select(*(scratch.c[name] for name in values))).scalar_one()


def test_a_time_comes_back_aware_and_in_utc_whatever_zone_it_had(connection: sa.Connection) -> None:
    given = datetime(2026, 3, 29, 1, 30, 15, 123456, tzinfo=timezone(timedelta(hours=5)))
    read = stored(connection, at=given)
    assert read == given
    assert read.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(connection: sa.Connection) -> None:
    with pytest.raises(sa.exc.StatementError, match="without a zone"):
        stored(connection, at=datetime(2026, 3, 29))  # noqa: DTZ001


def test_times_of_different_zones_compare_by_their_moment(connection: sa.Connection) -> None:
    stored(connection, at=datetime(2026, 1, 1, 12, tzinfo=UTC))
    earlier = datetime(2026, 1, 1, 12, 30, tzinfo=timezone(timedelta(hours=1)))
    assert connection.scalar(sa.select(scratch.c.id).where(scratch.c.at > earlier)) == 1


@pytest.mark.parametrize("span", [timedelta(0), timedelta(minutes=15), timedelta(microseconds=1500100)])
def test_a_span_comes_back_as_it_was(connection: sa.Connection, span: timedelta) -> None:
    assert stored(connection, span=span) == span


def test_nothing_stays_nothing(connection: sa.Connection) -> None:
    connection.execute(scratch.insert().values(id=1))
    row = connection.execute(sa.select(scratch)).one()
    assert row[1:] == (None, None, None, None, None, ())


def test_text_loses_only_what_cannot_be_stored(connection: sa.Connection) -> None:
    assert stored(connection, text="a\x00b\ud83dc \U0001f600\x07") == "abc \U0001f600\x07"


def test_json_loses_only_what_cannot_be_stored(connection: sa.Connection) -> None:
    given = [{"na\x00me": ["x\udc80", "\\u0000", 1, None, True]}]
    assert stored(connection, data=given) == [{"name": ["x", "\\u0000", 1, None, True]}]


def test_the_databases_clock_is_that_of_this_machine(connection: sa.Connection) -> None:
    before = time.time()
    now = connection.scalar(sa.select(EpochNow()))
    assert now is not None
    # SQLite counts milliseconds.
    assert before - 0.01 <= now <= time.time() + 0.01


def test_rows_that_are_there_already_are_left_alone(connection: sa.Connection) -> None:
    dialect.insert_ignore(connection, scratch, [{"id": 1, "sum": 1}])
    dialect.insert_ignore(connection, scratch, [{"id": 1, "sum": 2}, {"id": 2, "sum": 2}])
    dialect.insert_ignore(connection, scratch, [])
    assert list(connection.scalars(sa.select(scratch.c.sum).order_by(scratch.c.id))) == [1, 2]


def test_sums_are_added_to_those_of_the_row_that_is_there(connection: sa.Connection) -> None:
    for _ in range(3):
        dialect.insert_or_add(connection, scratch, {"id": 1}, {"sum": 2})
    assert connection.scalar(sa.select(scratch.c.sum)) == 6


def test_a_search_finds_words_in_any_case_of_letters(connection: sa.Connection) -> None:
    stored(connection, text="Der BÜRGERMEISTER von Łódź")
    query = sa.select(scratch.c.id).where(scratch.c.text.icontains("bürgermeister VON łÓDŹ"))
    assert connection.scalar(query) == 1


@pytest.mark.parametrize("given", [(-(2**31), -1, 0, 7, 2**31 - 1), ()])
def test_hashes_come_back_as_they_were_four_bytes_each(
    connection: sa.Connection, given: tuple[int, ...]
) -> None:
    assert stored(connection, hashes=given) == given
    taken = connection.scalar(sa.text("SELECT length(hashes) FROM scratch"))
    assert taken == (4 * len(given) or None)


@pytest.mark.parametrize("wanted", [[], [2], {1, 3, 2**40}, range(50_000)])
def test_any_number_of_numbers_can_be_asked_for_at_once(connection: sa.Connection, wanted: Any) -> None:
    connection.execute(scratch.insert(), [{"id": number} for number in range(1, 5)])
    query = sa.select(scratch.c.id).where(Among(scratch.c.id, "wanted")).order_by(scratch.c.id)
    found = list(connection.scalars(query, {"wanted": wanted}))
    assert found == [number for number in range(1, 5) if number in wanted]
