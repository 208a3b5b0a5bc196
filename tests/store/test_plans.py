"""Statements of the daily road read only what they need, however large the archive is."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from ingestd.matching import matching
from ingestd.model import FeedOutcome, Selection
from ingestd.store import articles, clusters, corrections, entries, events, feeds, hosts, pages, postings
from ingestd.store.database import Database, Settings
from ingestd.store.feeds import PollRecord
from ingestd.store.hosts import Choice
from ingestd.store.schema import cluster
from tests.store.samples import MINUTE, NOW, SPAN, add_entries, add_feed, claim, item, settle, words

URL = "https://paper.example/1"
LATER_WINDOW = clusters.Settings(MINUTE / 2)
GROWING = """entry page article revision raw posting recent_posting cluster member related ruling event poll
    poll_day""".split()
FULL_SCAN = re.compile(rf"SCAN ({'|'.join(GROWING)})\b")


@pytest.fixture
def connection(sqlite_url: str) -> Iterator[sa.Connection]:
    database = Database(Settings(sqlite_url))
    with database.writing() as opened:
        paper = add_feed(opened)
        add_entries(opened, paper, *(item(str(n), url=f"https://paper.example/{n}") for n in range(200)))
        settle(opened, URL, words(1))
        # Two clusters to merge and one to split, the first of them to be rebuilt.
        for number, text in enumerate((words(3), words(4), words(4))):
            settle(opened, f"https://other{number}.example/", text)
        opened.execute(cluster.update().where(cluster.c.id == 1).values(indexed=None))
        yield opened
    database.close()


@contextmanager
def statements(connection: sa.Connection) -> Iterator[list[tuple[str, Any]]]:
    """What is executed meanwhile, with its parameters."""
    seen: list[tuple[str, Any]] = []

    def on_execute(_: Any, __: Any, statement: str, parameters: Any, ___: Any, executemany: bool) -> None:
        seen.append((statement, parameters[0] if executemany else parameters))

    sa.event.listen(connection, "before_cursor_execute", on_execute)
    yield seen
    sa.event.remove(connection, "before_cursor_execute", on_execute)


def full_scans(connection: sa.Connection, seen: list[tuple[str, Any]]) -> list[str]:
    found = []
    for statement, parameters in seen:
        if re.match("SELECT|UPDATE|DELETE", statement):
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            found += [f"{row.detail} in {statement}" for row in plan if FULL_SCAN.match(row.detail)]
    return found


def poll(connection: sa.Connection) -> None:
    paper = feeds.find(connection, "paper")
    items = [item(str(n), url=f"https://paper.example/{n}", digest="x") for n in range(3)]
    entries.known_digests(connection, paper.id, items)
    found = Selection(changed=tuple(items[:2]), seen=tuple(items[2:]), new=(item("new", url=URL + "new"),))
    entries.save(connection, paper, found, NOW, fetch_pages=True)
    feeds.save_poll(connection, paper.id, PollRecord(NOW, MINUTE, FeedOutcome.UPDATED), {}, 50)


def collect(connection: sa.Connection) -> None:
    row = connection.execute(sa.text("SELECT id FROM page WHERE article_id = 1")).one()
    page = pages.get(connection, row.id)
    pages.pending(connection, row.id)
    pages.take(connection, page)
    entries.hints_for(connection, row.id)
    settle(connection, URL, words(2))
    settle(connection, "https://another.example/", words(2))


@pytest.mark.parametrize(
    "work",
    [
        claim,
        lambda connection: claim(connection, choice=Choice(feed_ids=frozenset({1}), pages_left=5)),
        lambda connection: hosts.outlook(connection, NOW, Choice()),
        lambda connection: hosts.release(connection, claim(connection, span=SPAN)[0]),
        poll,
        lambda connection: articles.forget(connection, URL, NOW, matching()),
        lambda connection: clusters.expire(connection, LATER_WINDOW, NOW + MINUTE, 9, matching()),
        lambda connection: clusters.reindex(connection, clusters.Settings(), NOW, 9, matching()),
        lambda connection: clusters.related_to(connection, article_id=1),
        lambda connection: clusters.related_to(connection, cluster_id=1),
        lambda connection: corrections.merge(connection, 1, [2], NOW, matching()),
        lambda connection: corrections.split(connection, 3, [4], NOW, matching()),
        lambda connection: corrections.rulings(connection, 1),
        lambda connection: postings.sweep(connection, 0),
        lambda connection: postings.move(connection, 0),
        lambda connection: articles.find(connection, URL),
        lambda connection: articles.sightings(connection, 1),
        lambda connection: events.prune(connection, events.Settings(), NOW),
        feeds.listing,
    ],
)
def test_no_table_that_grows_is_read_from_end_to_end(connection: sa.Connection, work: Any) -> None:
    with statements(connection) as seen:
        work(connection)
    assert len(seen) > 0
    assert full_scans(connection, seen) == []


def test_collecting_a_page_reads_no_growing_table_from_end_to_end(connection: sa.Connection) -> None:
    with statements(connection) as seen:
        collect(connection)
    own = [one for one in seen if not one[0].startswith("SELECT id FROM page")]
    assert full_scans(connection, own) == []


def test_the_check_sees_a_full_scan(connection: sa.Connection) -> None:
    with statements(connection) as seen:
        connection.execute(sa.text("SELECT count(*) FROM entry WHERE title = 'x'"))
    assert len(full_scans(connection, seen)) == 1


def test_the_latest_articles_are_found_without_sorting_all(connection: sa.Connection) -> None:
    with statements(connection) as seen:
        articles.listing(connection, articles.Filter())
    (statement, parameters) = seen[0]
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    assert "ix_article_first_seen_at" in plan[0].detail
    assert not any("TEMP B-TREE" in row.detail for row in plan)


def test_the_number_of_statements_does_not_grow_with_what_is_seen(connection: sa.Connection) -> None:
    paper = feeds.find(connection, "paper")
    with statements(connection) as seen:
        known = tuple(item(str(n), url=f"https://paper.example/{n}") for n in range(200))
        entries.save(connection, paper, Selection(seen=known), NOW, fetch_pages=True)
    assert len(seen) <= 2
