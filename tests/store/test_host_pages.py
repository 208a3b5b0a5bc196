"""What hosts' pages gave, counted and forgotten again, on both databases."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from ingestd.store import host_pages, hosts
from ingestd.store.database import Database
from ingestd.store.schema import event, host_day, host_learnt
from tests.store.samples import NOW, count

HOST = "paper.example"
TODAY = NOW.date()


@pytest.fixture
def connection(database: Database) -> Iterator[sa.Connection]:
    with database.writing() as opened:
        hosts.ensure(opened, {HOST, "radio.example"})
        yield opened


def test_pages_of_a_day_are_summed_by_what_they_gave(connection: sa.Connection) -> None:
    for words in (100, 200):
        host_pages.count(connection, HOST, TODAY, "article", words)
    host_pages.count(connection, HOST, TODAY, "bot-wall", 0)
    host_pages.count(connection, "radio.example", TODAY, "article", 1)
    assert [tuple(row) for row in host_pages.sums(connection, HOST, TODAY)] == [
        ("article", 2, 300),
        ("bot-wall", 1, 0),
    ]


def test_sums_begin_with_the_day_that_is_asked_for(connection: sa.Connection) -> None:
    for days, words in ((0, 100), (1, 10), (2, 1)):
        host_pages.count(connection, HOST, TODAY - timedelta(days=days), "article", words)
    (row,) = host_pages.sums(connection, HOST, TODAY - timedelta(days=1))
    assert tuple(row) == ("article", 2, 110)


def test_what_was_learnt_is_kept_once_a_host(connection: sa.Connection) -> None:
    assert host_pages.learnt(connection, HOST) is None
    for pages in (1, 2):
        host_pages.keep(connection, HOST, {"pages": pages})
    assert host_pages.learnt(connection, HOST) == {"pages": 2}
    assert host_pages.learnt(connection, "radio.example") is None
    assert count(connection, host_learnt) == 1


def test_a_change_is_an_event_that_names_the_host(connection: sa.Connection) -> None:
    host_pages.changed(connection, HOST, NOW, {"what": "pages", "to": "bot-wall"})
    row = connection.execute(sa.select(event)).one()
    assert (row.kind, row.at, row.feed_id, row.article_id) == ("host-changed", NOW, None, None)
    assert row.data == {"host": HOST, "what": "pages", "to": "bot-wall"}


def test_days_past_retention_are_removed_in_pieces(connection: sa.Connection) -> None:
    for days in range(6):
        host_pages.count(connection, HOST, TODAY - timedelta(days=days), "article", 1)
    keep = timedelta(days=2)
    assert [host_pages.prune(connection, keep, NOW, 2) for _ in range(3)] == [2, 1, 0]
    assert count(connection, host_day) == 3


def test_without_retention_nothing_is_removed(connection: sa.Connection) -> None:
    host_pages.count(connection, HOST, TODAY - timedelta(days=9999), "article", 1)
    assert host_pages.prune(connection, timedelta(0), NOW) == 0
    assert count(connection, host_day) == 1
