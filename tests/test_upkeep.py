"""What the archive needs from time to time, in pieces."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
import sqlalchemy as sa

from ingestd import upkeep
from ingestd.pipeline import Pipeline
from ingestd.report import Report
from ingestd.store import clusters, events, host_pages, postings
from ingestd.store.hosts import Choice
from ingestd.store.schema import cluster, event, host_day, posting
from ingestd.workers import Settings, Workers
from tests import samples
from tests.samples import NOON, Bench
from tests.store.samples import ALL_POSTINGS, count, settle, use_scheme, words
from tests.web import Web

pytestmark = pytest.mark.asyncio(loop_scope="module")

DAY = timedelta(days=1)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def workers() -> AsyncIterator[Workers]:
    async with Workers(Settings(count=1)) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def bench(web: Web, database_url: str, workers: Workers) -> AsyncIterator[Bench]:
    """An archive of five texts, each a day older than the one before."""
    async with samples.bench(web, database_url, workers) as made:
        with made.database.writing() as connection:
            for number in range(5):
                settle(connection, f"https://paper.example/{number}", words(number), at=NOON - number * DAY)
        yield made


def numbers(bench: Bench, query: str) -> list[int]:
    return sorted(bench.values(query))


async def test_clusters_past_the_window_lose_their_postings(bench: Bench) -> None:
    bench.change(dedup=clusters.Settings(window=2.5 * DAY))
    await upkeep.keep_up(bench.road)
    assert numbers(bench, "SELECT DISTINCT cluster_id FROM recent_posting") == [1, 2, 3]
    assert numbers(bench, "SELECT id FROM cluster WHERE indexed IS NULL") == [4, 5]


async def test_it_goes_on_until_all_is_done(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "CLUSTERS_AT_ONCE", 2)
    bench.change(dedup=clusters.Settings(window=DAY / 2))
    await upkeep.keep_up(bench.road)
    assert numbers(bench, "SELECT DISTINCT cluster_id FROM recent_posting") == [1]


async def test_an_upgraded_archive_is_brought_up_to_date(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "CLUSTERS_AT_ONCE", 2)
    with bench.database.writing() as connection:
        connection.execute(cluster.update().values(indexed=None))
        use_scheme(connection, 9)
        connection.execute(posting.insert().values(hash=1, cluster_id=99, scheme=9))
    await upkeep.keep_up(bench.road)
    assert numbers(bench, "SELECT DISTINCT scheme FROM recent_posting") == [postings.current()]
    assert numbers(bench, "SELECT DISTINCT cluster_id FROM recent_posting") == [1, 2, 3, 4, 5]


async def test_events_past_retention_go(bench: Bench) -> None:
    bench.change(history=events.Settings(retention=2.5 * DAY))
    await upkeep.keep_up(bench.road)
    with bench.database.reading() as connection:
        assert count(connection, event) == 3


async def test_a_run_ends_with_it(bench: Bench) -> None:
    bench.change(dedup=clusters.Settings(window=2.5 * DAY))
    await Pipeline(bench.road).drain(Choice(), Report())
    assert numbers(bench, "SELECT DISTINCT cluster_id FROM recent_posting") == [1, 2, 3]


async def test_sums_of_days_past_retention_are_removed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "DAYS_AT_ONCE", 2)
    bench.change(history=events.Settings(retention=2 * DAY))
    with bench.database.writing() as connection:
        for days in range(8):
            host_pages.count(connection, "paper.example", (NOON - days * DAY).date(), "article", 1)
    await upkeep.keep_up(bench.road)
    with bench.database.reading() as connection:
        assert count(connection, host_day) == 3


async def test_an_archive_that_needs_nothing_is_left_alone(bench: Bench) -> None:
    with bench.database.reading() as connection:
        before = [connection.execute(sa.select(table)).all() for table in (cluster, ALL_POSTINGS, event)]
    await upkeep.keep_up(bench.road)
    with bench.database.reading() as connection:
        assert [
            connection.execute(sa.select(table)).all() for table in (cluster, ALL_POSTINGS, event)
        ] == before
