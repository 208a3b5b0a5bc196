from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from ingestd.matching import matching
from ingestd.model import Moved, PageOutcome, Redirect
from ingestd.store import articles, pages
from ingestd.store.database import Database
from tests.store.samples import NOW, add_page, page_of

URL = "https://paper.example/1"


@pytest.fixture
def connection(database: Database) -> Iterator[sa.Connection]:
    with database.writing() as opened:
        yield opened


def test_a_page_is_on_the_road_until_it_has_left_it(connection: sa.Connection) -> None:
    page_id = add_page(connection, URL)
    assert pages.pending(connection, page_id) == pages.get(connection, page_id)
    pages.finish(connection, page_id, PageOutcome.NEW, "done")
    assert pages.pending(connection, page_id) is None


def test_a_page_that_was_taken_too_often_is_quarantined(connection: sa.Connection) -> None:
    page_id = add_page(connection, URL)
    for _ in range(pages.TAKES_BEFORE_QUARANTINE):
        assert pages.take(connection, pages.get(connection, page_id))
    assert not pages.take(connection, pages.get(connection, page_id))
    row = page_of(connection, URL)
    assert (row.state, row.reason, row.outcome, row.takes) == ("quarantined", "quarantined", "crashed", 0)


def test_every_outcome_sets_the_counts_back(connection: sa.Connection) -> None:
    page_id = add_page(connection, URL)
    pages.take(connection, pages.get(connection, page_id))
    pages.try_again(connection, page_id, NOW + timedelta(hours=1), 1, reason="timeout", detail="slow")
    row = page_of(connection, URL)
    assert (row.state, row.attempts, row.takes, row.outcome) == ("pending", 1, 0, "retry-later")
    assert (row.reason, row.next_attempt_at, row.batch) == ("timeout", NOW + timedelta(hours=1), None)
    pages.take(connection, row)
    pages.finish(connection, page_id, PageOutcome.NOT_ARTICLE, "rejected", reason="paywall", fetched_at=NOW)
    row = page_of(connection, URL)
    assert (row.state, row.attempts, row.takes, row.reason) == ("rejected", 0, 0, "paywall")
    assert row.fetched_at == NOW


def test_what_is_not_known_leaves_what_is_stored(connection: sa.Connection) -> None:
    page_id = add_page(connection, URL)
    pages.finish(connection, page_id, PageOutcome.NEW, "done", fetched_at=NOW)
    pages.finish(connection, page_id, PageOutcome.FAILED, "failed")
    assert page_of(connection, URL).fetched_at == NOW


def test_a_page_that_was_forgotten_meanwhile_stays_so(connection: sa.Connection) -> None:
    page_id = add_page(connection, URL)
    articles.forget(connection, URL, NOW, matching())
    pages.finish(connection, page_id, PageOutcome.NEW, "done")
    pages.try_again(connection, page_id, NOW, 1, reason="x", detail="x")
    assert page_of(connection, URL).state == "forgotten"


def test_waits_double_up_to_the_longest() -> None:
    first, longest = timedelta(minutes=5), timedelta(hours=1)
    waits = [pages.delay_before(attempt, first, longest) for attempt in (2, 3, 4, 5, 6, 10_000)]
    assert [wait // timedelta(minutes=1) for wait in waits] == [5, 10, 20, 40, 60, 60]


def test_an_attempt_goes_on_at_another_host_until_it_has_an_outcome(connection: sa.Connection) -> None:
    page_id = add_page(connection, URL)
    pages.take(connection, pages.get(connection, page_id))
    hops = (Redirect(301, URL, "https://radio.example/1"),)
    pages.hand_on(connection, page_id, Moved(URL, hops[0].target, hops, NOW, timedelta(0)))
    row = page_of(connection, URL)
    assert (row.state, row.host, row.hop_url, row.takes) == ("pending", "radio.example", hops[0].target, 0)
    assert pages.hops_from_json(row.hops) == hops
    pages.end_legs(connection, row)
    row = page_of(connection, URL)
    assert (row.host, row.hop_url, pages.hops_from_json(row.hops)) == ("paper.example", None, ())


def test_a_page_that_was_forgotten_meanwhile_goes_nowhere(connection: sa.Connection) -> None:
    page_id = add_page(connection, URL)
    articles.forget(connection, URL, NOW, matching())
    pages.hand_on(connection, page_id, Moved(URL, "https://radio.example/1", (), NOW, timedelta(0)))
    assert page_of(connection, URL).host == "paper.example"
