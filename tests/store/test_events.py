from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from ingestd.model import EventKind
from ingestd.store import events
from ingestd.store.database import Database
from ingestd.store.schema import event
from tests.store.samples import NOW, count

DAY = timedelta(days=1)


@pytest.fixture
def connection(database: Database) -> Iterator[sa.Connection]:
    with database.writing() as opened:
        yield opened


def test_an_event_keeps_its_facts(connection: sa.Connection) -> None:
    events.record(connection, EventKind.COPY, NOW, article_id=2, cluster_id=3, data={"containment": 0.5})
    row = connection.execute(sa.select(event)).one()
    assert (row.kind, row.at, row.feed_id, row.article_id, row.cluster_id) == ("copy", NOW, None, 2, 3)
    assert row.data == {"containment": 0.5}


def test_the_gaps_of_a_feed_are_found_newest_first(connection: sa.Connection) -> None:
    for days in range(3):
        until = NOW + days * DAY
        events.gap(connection, 7, since=NOW - DAY if days else None, until=until, listed=days)
    events.gap(connection, 8, since=NOW, until=NOW, listed=9)
    newest, former = events.gaps(connection, 7, limit=2)
    assert (newest.at, newest.data["listed"], former.data["listed"]) == (NOW + 2 * DAY, 2, 1)
    assert former.data["from"] == (NOW - DAY).isoformat()
    assert former.data["until"] == (NOW + DAY).isoformat()


def test_events_past_retention_are_removed_in_portions(connection: sa.Connection) -> None:
    for age in range(10):
        events.record(connection, EventKind.NEW, NOW - age * DAY)
    settings = events.Settings(retention=4 * DAY)
    assert [events.prune(connection, settings, NOW, limit=3) for _ in range(3)] == [3, 2, 0]
    assert connection.scalar(sa.select(sa.func.min(event.c.at))) == NOW - 4 * DAY


def test_retention_zero_keeps_events_for_ever(connection: sa.Connection) -> None:
    events.record(connection, EventKind.NEW, NOW - 10_000 * DAY)
    assert events.prune(connection, events.Settings(retention=timedelta(0)), NOW) == 0
    assert count(connection, event) == 1


def test_the_number_of_a_removed_event_is_never_given_again(connection: sa.Connection) -> None:
    events.record(connection, EventKind.NEW, NOW - 100 * DAY)
    first = connection.scalars(sa.select(event.c.id)).one()
    events.prune(connection, events.Settings(), NOW)
    events.record(connection, EventKind.NEW, NOW)
    assert connection.scalars(sa.select(event.c.id)).one() > first
