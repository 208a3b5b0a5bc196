"""The demo as acceptance: the real road over the invented web, then a second run after the world moved on."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from ingestd import app, config
from ingestd.cli.demo import write_config
from ingestd.config import Config
from ingestd.demo.server import Request
from ingestd.demo.web import DemoWeb
from ingestd.model import FeedOutcome, PageOutcome
from ingestd.pipeline import Pipeline
from ingestd.report import Report
from ingestd.store import feeds
from ingestd.store.database import Database
from ingestd.store.hosts import Choice
from ingestd.urls import url_key

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass
class Demo:
    """Both runs, what each asked for, and what the archive holds afterwards."""

    web: DemoWeb
    first: Report
    second: Report
    first_requests: list[Request]
    second_requests: list[Request]
    first_rows: dict[str, int]
    second_rows: dict[str, int]
    database: Database

    def query(self, sql: str, **values: Any) -> list[sa.Row[Any]]:
        with self.database.reading() as connection:
            return list(connection.execute(sa.text(sql), values))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    with DemoWeb(NOW) as web:
        loaded = config.load(write_config(folder, web), {})
        with app.opened(loaded) as database:
            app.declare(database, loaded, datetime.now(UTC))
            with database.writing() as connection:
                feeds.make_first_due(connection, datetime.now(UTC))
            first = run(loaded, database)
            first_requests, first_rows = web.requests, count_rows(database)
            expected = web.expected_articles
            web.advance()
            assert web.expected_articles != expected
            with database.writing() as connection:
                feeds.make_due(connection, datetime.now(UTC))
            second = run(loaded, database)
            second_requests = web.requests[len(first_requests) :]
            rows = count_rows(database)
            yield Demo(web, first, second, first_requests, second_requests, first_rows, rows, database)


def run(loaded: Config, database: Database) -> Report:
    async def drained() -> Report:
        report = Report()
        async with app.build(loaded, database) as road:
            await Pipeline(road).drain(Choice(), report)
        return report

    return asyncio.run(drained())


def count_rows(database: Database) -> dict[str, int]:
    with database.reading() as connection:
        tables = sa.inspect(connection).get_table_names()
        return {name: connection.scalar(sa.text(f"SELECT count(*) FROM {name}")) or 0 for name in tables}


def test_each_feed_ends_as_the_demo_says(demo: Demo) -> None:
    outcomes = {name: line.outcome for name, line in demo.first.feeds.items()}
    for feed in demo.web.feeds:
        wanted = FeedOutcome.UPDATED if feed.outcome == "ok" else FeedOutcome.FAILED
        assert outcomes[feed.name] is wanted, (feed.name, demo.first.feeds[feed.name].message)
    assert len(outcomes) == len(demo.web.feeds)


def test_every_copy_of_a_wire_text_is_in_its_cluster_and_nothing_else_is(demo: Demo) -> None:
    found: dict[int, set[str]] = defaultdict(set)
    for row in demo.query(
        "SELECT m.cluster_id, a.url_key FROM member m JOIN article a ON a.id = m.article_id"
    ):
        found[row.cluster_id].add(row.url_key)
    together = {frozenset(keys) for keys in found.values() if len(keys) > 1}
    assert together == {frozenset(map(url_key, wire.urls)) for wire in demo.web.wire_texts.values()}


def test_every_article_has_exactly_its_paragraphs(demo: Demo) -> None:
    stored = {
        row.url_key: row.body
        for row in demo.query(
            "SELECT a.url_key, r.body FROM article a"
            " JOIN revision r ON r.article_id = a.id AND r.number = a.revision"
        )
    }
    expected = {
        url_key(url): "\n\n".join(paragraphs) for url, paragraphs in demo.web.expected_articles.items()
    }
    assert stored.keys() == expected.keys()
    different = {key for key in expected if stored[key] != expected[key]}
    assert not different, different


def test_what_is_no_article_leaves_with_a_reason_and_without_text(demo: Demo) -> None:
    for url in demo.web.expected_verdicts:
        row = demo.query("SELECT state, reason, article_id FROM page WHERE url_key = :key", key=url_key(url))[
            0
        ]
        assert row.article_id is None, url
        assert row.reason, url
        assert row.state in ("rejected", "failed", "pending"), url


def test_the_agency_is_named(demo: Demo) -> None:
    for wire in demo.web.wire_texts.values():
        keys = [url_key(url) for url in wire.urls]
        rows = demo.query("SELECT a.url_key, v.agency FROM v_article v JOIN article a ON a.id = v.article_id")
        assert any(row.agency for row in rows if row.url_key in keys), wire.headline


def test_the_second_run_asks_every_feed_and_only_the_changed_page(demo: Demo) -> None:
    pages = {url_key(url) for url in (*demo.web.expected_articles, *demo.web.expected_verdicts)}
    asked = [f"{request.host}:{demo.web.port}{request.path}" for request in demo.second_requests]
    assert len([url for url in asked if url_key(f"http://{url}") in pages]) == 1
    assert demo.second.feeds.keys() == demo.first.feeds.keys()


def test_the_second_run_gets_304_or_equal_bodies_but_for_one_feed(demo: Demo) -> None:
    outcomes = [line.outcome for line in demo.second.feeds.values() if line.outcome is not FeedOutcome.FAILED]
    assert outcomes.count(FeedOutcome.UPDATED) == 1
    # One feed has no validators and gives equal bytes, and so does one whose document breaks off.
    assert outcomes.count(FeedOutcome.UNCHANGED) == 2
    assert outcomes.count(FeedOutcome.NOT_MODIFIED) == len(outcomes) - 3


def test_the_changed_page_gets_revision_2_and_keeps_both_texts(demo: Demo) -> None:
    assert demo.second.pages == {PageOutcome.REVISED: 1}
    rows = demo.query("SELECT article_id, number, body FROM revision WHERE number > 1")
    assert [row.number for row in rows] == [2]
    first = demo.query(
        "SELECT body FROM revision WHERE number = 1 AND article_id = :id", id=rows[0].article_id
    )
    assert first[0].body != rows[0].body


def test_nothing_is_stored_twice(demo: Demo) -> None:
    grown = {name: demo.second_rows[name] - count for name, count in demo.first_rows.items()}
    log_tables = {"poll", "event", "recent_posting"}
    assert {name: n for name, n in grown.items() if n and name not in log_tables} == {"revision": 1, "raw": 1}
    assert not demo.query("SELECT text_hash FROM revision GROUP BY article_id, text_hash HAVING count(*) > 1")
