"""A visit to one host: its turn, its memory, its lease."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import pytest_asyncio

from ingestd.errors import FetchError, LeaseLost, StatusRefused
from ingestd.fetch.client import Accept, Fetcher
from ingestd.fetch.client import Settings as FetchSettings
from ingestd.road import HostRules, Visit
from ingestd.store import hosts
from ingestd.store.hosts import Choice, Lease
from ingestd.workers import Settings, Workers
from tests import samples
from tests.samples import Bench, feed, item
from tests.web import LOOPBACK, Reply, Web, redirect

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECOND = timedelta(seconds=1)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def workers() -> AsyncIterator[Workers]:
    async with Workers(Settings(count=1)) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def bench(web: Web, sqlite_url: str, workers: Workers) -> AsyncIterator[Bench]:
    async with samples.bench(web, sqlite_url, workers) as made:
        made.change(politeness=replace(made.road.politeness, spacing=10 * SECOND))
        made.subscribe("paper", web.serve("paper", "/feed.xml", feed(item("One", None))))
        yield made


async def claim(bench: Bench, owner: str = "us") -> list[Lease]:
    taken = partial(
        hosts.claim,
        owner=owner,
        now=bench.clock.now(),
        span=bench.road.pages.lease,
        limit=10,
        choice=Choice(),
    )
    return await bench.road.writer.run(taken)


async def visit(bench: Bench) -> Visit:
    (lease,) = await claim(bench)
    return Visit(bench.road, lease)


def host_value(bench: Bench, column: str) -> Any:
    return bench.values(f"SELECT {column} FROM host")[0]


async def test_requests_of_one_host_are_spaced(bench: Bench, web: Web) -> None:
    here = await visit(bench)
    starts = []
    for _ in range(3):
        await here.ask(web.url("paper", "/feed.xml"), Accept.FEED)
        starts.append(bench.clock.now() - samples.NOON)
    assert starts == [0 * SECOND, 10 * SECOND, 20 * SECOND]


async def test_spacing_of_a_host_may_be_its_own(bench: Bench, web: Web) -> None:
    bench.change(host_rules={f"paper.localhost:{web.port}": HostRules(spacing=3 * SECOND)})
    here = await visit(bench)
    for _ in range(2):
        await here.ask(web.url("paper", "/feed.xml"), Accept.FEED)
    assert bench.clock.now() - samples.NOON == 3 * SECOND


async def test_spacing_holds_from_one_visit_to_the_next(bench: Bench, web: Web) -> None:
    """What a visit learnt is stored when it ends, also when it saved nothing after its last request."""
    here = await visit(bench)
    await here.ask(web.url("paper", "/feed.xml"), Accept.FEED)
    await here.end()
    assert await claim(bench) == []
    bench.clock.advance(10 * SECOND)
    assert len(await claim(bench)) == 1


async def test_spacing_counts_from_the_moment_a_request_really_started(bench: Bench, web: Web) -> None:
    """While it waits for a place among all requests, the host is not asked, and time passes."""
    here = await visit(bench)
    narrow = FetchSettings(allow_networks=LOOPBACK, concurrency=1)
    asked, answer = asyncio.Event(), asyncio.Event()

    class Slow(Fetcher):
        async def get(self, url: str, **order: object) -> object:  # type: ignore[override]
            asked.set()
            await answer.wait()
            return await super().get(url, **order)  # type: ignore[arg-type]

    async with Slow(narrow, bench.clock, ports=(web.port,)) as fetcher:
        bench.change(fetcher=fetcher)
        here = Visit(bench.road, here._lease)
        request = asyncio.create_task(here.ask(web.url("paper", "/feed.xml"), Accept.FEED))
        await asked.wait()
        bench.clock.advance(timedelta(minutes=5))
        answer.set()
        await request
        started = bench.clock.now()
        await here.ask(web.url("paper", "/feed.xml"), Accept.FEED)
    assert bench.clock.now() - started == 10 * SECOND


async def test_a_crawl_delay_spaces_pages_and_feeds_from_the_first_on(bench: Bench, web: Web) -> None:
    web.serve("paper", "/robots.txt", Reply(b"User-agent: *\nCrawl-delay: 30\n"))
    here = await visit(bench)
    assert await here.allows(web.url("paper", "/one.html"))
    await here.ask(web.url("paper", "/feed.xml"), Accept.FEED)
    assert bench.clock.now() - samples.NOON == 30 * SECOND
    await here.ask(web.url("paper", "/feed.xml"), Accept.FEED)
    assert bench.clock.now() - samples.NOON == 60 * SECOND
    await here.end()
    assert host_value(bench, "crawl_delay") == 30.0


async def test_three_failures_to_connect_park_the_host(bench: Bench, web: Web) -> None:
    hasty = FetchSettings(allow_networks=LOOPBACK, read_timeout=timedelta(seconds=0.1))
    web.serve("paper", "/hangs", Reply(hang=True))
    async with Fetcher(hasty, bench.clock, ports=(web.port,)) as fetcher:
        bench.change(fetcher=fetcher)
        here = await visit(bench)
        parked = []
        for _ in range(3):
            with pytest.raises(FetchError):
                await here.ask(web.url("paper", "/hangs"), Accept.PAGE)
            parked.append(here.is_parked)
    assert parked == [False, False, True]
    await here.end()
    assert "3 attempts" in str(host_value(bench, "park_reason"))
    assert await claim(bench) == []


async def test_a_refusal_by_another_host_does_not_park_this_one(bench: Bench, web: Web) -> None:
    busy = Reply(status=503, headers=(("Retry-After", "7200"),))
    web.serve("paper", "/away", redirect(web.serve("other", "/busy", busy)))
    here = await visit(bench)
    with pytest.raises(StatusRefused):
        await here.ask(web.url("paper", "/away"), Accept.PAGE)
    assert not here.is_parked


async def test_headers_of_a_host_are_sent_with_every_request_and_a_feeds_own_win(
    bench: Bench, web: Web
) -> None:
    rules = HostRules(headers={"X-Reader": "host", "X-Host": "yes"})
    bench.change(host_rules={f"paper.localhost:{web.port}": rules})
    here = await visit(bench)
    await here.ask(web.url("paper", "/feed.xml"), Accept.FEED, headers={"X-Reader": "feed"})
    assert web.requests[0].header("x-reader") == b"feed"
    assert web.requests[0].header("x-host") == b"yes"


# ---------------------------------------------------------------------------------- the lease


async def test_a_save_whose_lease_was_lost_saves_nothing(bench: Bench, web: Web) -> None:
    here = await visit(bench)
    with bench.database.writing() as connection:
        hosts.free_owners(connection, ["us"])
    (theirs,) = await claim(bench, "them")
    with pytest.raises(LeaseLost):
        await here.save(lambda connection: connection.exec_driver_sql("UPDATE feed SET title = 'stolen'"))
    assert bench.values("SELECT title FROM feed") == [None]
    await here.end()
    assert host_value(bench, "lease_token") == theirs.token


async def test_a_save_renews_the_lease(bench: Bench) -> None:
    here = await visit(bench)
    with bench.database.writing() as connection:
        connection.exec_driver_sql("UPDATE host SET lease_expires = lease_expires - 170")
    before = host_value(bench, "lease_expires")
    await here.save(lambda connection: None)
    assert host_value(bench, "lease_expires") - before > 100


async def test_the_end_of_a_visit_is_stored_even_when_its_task_is_cancelled(bench: Bench) -> None:
    here = await visit(bench)
    ending = asyncio.create_task(here.end())
    await asyncio.sleep(0)
    ending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ending
    # The writer works in turn: what it does now comes after that.
    await bench.road.writer.run(lambda connection: None)
    assert host_value(bench, "lease_token") is None


# ---------------------------------------------------------------------------------- robots.txt


async def test_robots_txt_is_stored_and_used_by_the_next_visit(bench: Bench, web: Web) -> None:
    web.serve("paper", "/robots.txt", Reply(b"User-agent: *\nDisallow: /private\n"))
    here = await visit(bench)
    assert not await here.allows(web.url("paper", "/private/a"))
    await here.end()
    bench.clock.advance(timedelta(hours=23))
    again = await visit(bench)
    assert not await again.allows(web.url("paper", "/private/a"))
    assert await again.allows(web.url("paper", "/public"))
    assert web.targets("paper") == ["/robots.txt"]


@pytest.mark.parametrize("reply", [Reply(status=500), Reply(raw=b"")], ids=["500", "no answer"])
async def test_nobody_knows_what_an_unreachable_robots_txt_allows(
    bench: Bench, web: Web, reply: Reply
) -> None:
    web.serve("paper", "/robots.txt", reply)
    here = await visit(bench)
    for _ in range(2):
        with pytest.raises(FetchError, match=r"robots\.txt") as error:
            await here.allows(web.url("paper", "/one.html"))
        assert (error.value.error_class, error.value.retry) == ("robots", True)
    assert web.targets("paper") == ["/robots.txt"]
