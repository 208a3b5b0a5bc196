"""The road as a whole: every host in its turn, every feed and page through exactly one door."""

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa

from ingestd.errors import DatabaseError
from ingestd.fetch.client import Fetcher
from ingestd.fetch.client import Settings as FetchSettings
from ingestd.fetch.outage import MIN_HOSTS
from ingestd.model import FeedOutcome, PageOutcome
from ingestd.pipeline import Pipeline
from ingestd.report import PageLine, Report
from ingestd.store import feeds, hosts, owner
from ingestd.store.hosts import Choice
from ingestd.store.schema import host
from ingestd.workers import Settings, Workers
from tests import samples
from tests.samples import Bench, article, feed, item, page, prose
from tests.web import LOOPBACK, Reply, Request, Web

pytestmark = pytest.mark.asyncio(loop_scope="module")

DAY = timedelta(days=1)
PARKED = "SELECT name FROM host WHERE parked_until IS NOT NULL"
LEASES = "SELECT name FROM host WHERE lease_token IS NOT NULL"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def workers() -> AsyncIterator[Workers]:
    async with Workers(Settings(count=1)) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def bench(web: Web, sqlite_url: str, workers: Workers) -> AsyncIterator[Bench]:
    async with samples.bench(web, sqlite_url, workers) as made:
        yield made


def subscribe(bench: Bench, web: Web, host: str, *items: str) -> None:
    bench.subscribe(host, web.serve(host, "/feed.xml", feed(*items)))


class Gate:
    """An answer that waits until the test lets it go."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._asked = threading.Event()
        self._open = threading.Event()

    def __call__(self, request: Request) -> Reply:
        self._asked.set()
        assert self._open.wait(20), "nobody opened the gate"
        return self._reply

    async def asked(self) -> None:
        """Wait until a request stands before the gate."""
        assert await asyncio.to_thread(self._asked.wait, 20), "nobody asked"

    def open(self) -> None:
        self._open.set()


async def until(condition: Callable[[], bool]) -> None:
    """Let the other tasks run until something that another thread does has come about."""
    while not condition():  # noqa: ASYNC110 – nothing inside what is waited for could set an event
        await asyncio.sleep(0)


# ---------------------------------------------------------------------------------- doors


async def test_every_feed_and_page_leaves_by_exactly_one_door(bench: Bench, web: Web) -> None:
    wall = Reply(b"<!doctype html><title>Just a moment...</title><p>checking your browser")
    subscribe(
        bench,
        web,
        "paper",
        article(web, "paper", "one"),
        item("Two", web.serve("paper", "/gone.html", Reply(status=404))),
        item("Three", web.serve("paper", "/busy.html", Reply(status=500))),
        item("Four", web.serve("paper", "/wall.html", wall)),
        item("Five", None, content=prose("five")),
        article(web, "radio", "six"),
    )
    subscribe(bench, web, "radio", article(web, "paper", "one"))
    bench.subscribe("dead", web.serve("dead", "/feed.xml", Reply(status=404)))
    lines: list[object] = []
    report = Report(observers=[lines.append])
    await Pipeline(bench.road).drain(Choice(), report)
    outcomes = Counter(line.outcome for line in lines if isinstance(line, PageLine))
    assert outcomes == report.pages
    assert report.pages == {PageOutcome.NEW: 3, PageOutcome.FAILED: 1, PageOutcome.RETRY_LATER: 2}
    stored = bench.counts("SELECT outcome, count(*) FROM page GROUP BY outcome")
    assert {outcome.value: count for outcome, count in report.pages.items()} == stored
    polled = bench.counts("SELECT outcome, count(*) FROM poll GROUP BY outcome")
    assert polled == {"updated": 2, "failed": 1}
    assert Counter(line.outcome.value for line in report.feeds.values()) == polled
    assert len(lines) == 9
    assert bench.values(LEASES) == []


async def test_a_page_that_is_tried_again_within_one_long_run_leaves_by_its_last_door(
    bench: Bench, web: Web
) -> None:
    minute = timedelta(minutes=1)
    bench.change(
        politeness=replace(bench.road.politeness, spacing=minute),
        pages=replace(bench.road.pages, retry_delay=minute),
    )
    link = web.serve("paper", "/one.html", Reply(status=500), page("One", prose("one")))
    subscribe(bench, web, "paper", item("One", link), article(web, "paper", "two"))
    lines: list[object] = []
    report = Report(observers=[lines.append])
    await Pipeline(bench.road).drain(Choice(), report)
    assert [line.outcome for line in lines if isinstance(line, PageLine)] == [
        PageOutcome.RETRY_LATER,
        PageOutcome.NEW,
        PageOutcome.NEW,
    ]
    assert report.pages == {PageOutcome.NEW: 2}


async def test_what_is_parked_is_reported_as_parked(bench: Bench, web: Web) -> None:
    subscribe(bench, web, "paper", article(web, "radio", "one"))
    subscribe(bench, web, "radio", item("Two", None, content=prose("two")))
    with bench.database.writing() as connection:
        until = bench.clock.now() + DAY
        parked = host.update().where(host.c.name.startswith("radio"))
        connection.execute(parked.values(parked_until=until, park_reason="It asked for it."))
    report = await bench.once()
    assert report.feeds["radio"].outcome is FeedOutcome.PARKED
    assert "It asked for it." in str(report.feeds["radio"].message)
    assert report.pages == {PageOutcome.PARKED: 1}
    assert web.targets("radio") == []


async def test_nothing_to_do_is_done_at_once(bench: Bench) -> None:
    report = await bench.once()
    assert (report.feeds, report.pages) == ({}, {})


# ---------------------------------------------------------------------------------- hosts side by side


async def test_a_slow_host_delays_nobody_else(bench: Bench, web: Web) -> None:
    gate = Gate(feed(item("One", None)))
    bench.subscribe("slow", web.serve("slow", "/feed.xml", gate))
    subscribe(bench, web, "fast", article(web, "fast", "one"))
    report = Report()
    run = asyncio.create_task(Pipeline(bench.road).drain(Choice(), report))
    await gate.asked()
    done = asyncio.Event()
    report.observers.append(lambda line: done.set() if isinstance(line, PageLine) else None)
    if not report.pages:
        await asyncio.wait_for(done.wait(), 20)
    assert set(report.feeds) == {"fast"}
    gate.open()
    await run
    assert set(report.feeds) == {"fast", "slow"}


async def test_hosts_that_drip_hang_or_are_parked_delay_nobody_else(bench: Bench, web: Web) -> None:
    """Twenty fast hosts are done before any of the slow ones has come to an end."""
    drip = feed(*(item(f"n{n}", None) for n in range(200)), drip=0.05)
    bench.subscribe("drip", web.serve("drip", "/feed.xml", drip))
    bench.subscribe("hang", web.serve("hang", "/feed.xml", Reply(hang=True)))
    busy = Reply(status=503, headers=(("Retry-After", "86400"),))
    for n in range(3):
        bench.subscribe(f"busy{n}", web.serve("busy", f"/{n}.xml", busy))
    for n in range(20):
        subscribe(bench, web, f"fast{n}", article(web, f"fast{n}", "one"))
    report, done = Report(), asyncio.Event()

    def look(line: object) -> None:
        if len(report.page_lines) == 20:
            done.set()

    report.observers.append(look)
    run = asyncio.create_task(Pipeline(bench.road).drain(Choice(), report))
    await asyncio.wait_for(done.wait(), 50)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert report.pages == {PageOutcome.NEW: 20}
    assert {"drip", "hang"}.isdisjoint(report.feeds)
    assert web.targets("busy") == ["/0.xml"]


async def test_a_host_is_asked_for_one_thing_at_a_time(bench: Bench, web: Web) -> None:
    under_way = 0
    most = 0
    lock = threading.Lock()

    def counted(reply: Reply) -> Any:
        def answer(request: Request) -> Reply:
            nonlocal under_way, most
            with lock:
                under_way += 1
                most = max(most, under_way)
            with lock:
                under_way -= 1
            return reply

        return answer

    links = [web.serve("paper", f"/{n}.html", counted(page(f"T {n}", prose(str(n))))) for n in range(12)]
    for name in ("a", "b", "c"):
        items = [item(f"{name}{n}", link) for n, link in enumerate(links)]
        bench.subscribe(name, web.serve("paper", f"/{name}.xml", counted(feed(*items))))
    bench.change(politeness=replace(bench.road.politeness, spacing=timedelta(seconds=2)))
    report = await bench.once()
    assert report.pages == {PageOutcome.NEW: 12}
    assert most == 1
    # 3 feeds, robots.txt and 12 pages with two seconds between each.
    assert bench.clock.now() - samples.NOON >= 15 * timedelta(seconds=2)
    assert len(web.requests) == 16


async def test_more_hosts_than_places_are_all_served(bench: Bench, web: Web) -> None:
    bench.change(pages=replace(bench.road.pages, hosts=2))
    for n in range(7):
        subscribe(bench, web, f"host{n}", article(web, f"host{n}", "one"))
    report = await bench.once()
    assert report.pages == {PageOutcome.NEW: 7}


async def test_a_host_with_many_pages_gives_the_others_their_turn(bench: Bench, web: Web) -> None:
    """A lease holds a few pages only; after it the host has to wait for its next turn like any other."""
    spacing = replace(bench.road.politeness, spacing=timedelta(seconds=1))
    bench.change(pages=replace(bench.road.pages, hosts=1), politeness=spacing)
    subscribe(bench, web, "big", *(article(web, "big", f"n{n}") for n in range(2 * hosts.PAGES_PER_LEASE)))
    subscribe(bench, web, "small", article(web, "small", "one"))
    await bench.once()
    asked = [(request.host, request.target) for request in web.requests if "html" in request.target]
    assert asked.index(("small", "/one.html")) < len(asked) - 1


# ---------------------------------------------------------------------------------- leases


async def test_a_run_takes_over_at_once_what_a_dead_process_held(bench: Bench, web: Web) -> None:
    subscribe(bench, web, "paper", article(web, "paper", "one"))
    dead = owner.this_process().rpartition("/")[0] + "/1"
    lease(bench, dead)
    report = await bench.once()
    assert report.pages == {PageOutcome.NEW: 1}


async def test_a_run_waits_for_what_a_living_process_holds(
    bench: Bench, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(bench, web, "paper", article(web, "paper", "one"))
    (held,) = lease(bench, "another-machine/boot/namespace/1/1")
    looks = 0

    def outlook(connection: sa.Connection, *arguments: Any) -> hosts.Outlook:
        nonlocal looks
        looks += 1
        assert web.requests == []
        if looks == 3:
            hosts.release(connection, held)
        return real(connection, *arguments)

    real = hosts.outlook
    monkeypatch.setattr(hosts, "outlook", outlook)
    # Only the first looks fall before the release; afterwards requests are made.
    report = Report()
    run = asyncio.create_task(Pipeline(bench.road).drain(Choice(), report))
    await until(lambda: looks >= 3)
    monkeypatch.undo()
    await run
    assert report.pages == {PageOutcome.NEW: 1}


def lease(bench: Bench, name: str) -> list[hosts.Lease]:
    with bench.database.writing() as connection:
        return hosts.claim(
            connection,
            owner=name,
            now=bench.clock.now(),
            span=timedelta(hours=1),
            limit=9,
            choice=Choice(),
        )


async def test_leases_of_hosts_that_wait_long_are_renewed(bench: Bench, web: Web) -> None:
    """Many slow hosts wait for a place to make their request longer than a lease lasts."""
    gate = Gate(feed(item("One", None)))
    bench.subscribe("slow", web.serve("slow", "/feed.xml", gate))
    pipeline = Pipeline(bench.road)
    await pipeline.tick(Report())
    await gate.asked()
    with bench.database.writing() as connection:
        connection.exec_driver_sql("UPDATE host SET lease_expires = lease_expires - 170")
    (before,) = bench.values("SELECT lease_expires FROM host")
    bench.clock.advance(timedelta(seconds=59))
    await pipeline.tick(Report())
    assert bench.values("SELECT lease_expires FROM host") == [before]
    bench.clock.advance(timedelta(seconds=2))
    await pipeline.tick(Report())
    (after,) = bench.values("SELECT lease_expires FROM host")
    assert after - before > 100
    gate.open()
    await pipeline.stop(20)


async def test_a_worker_whose_lease_was_lost_stores_nothing_and_stops(bench: Bench, web: Web) -> None:
    gate = Gate(feed(item("One", None)))
    bench.subscribe("first", web.serve("paper", "/a.xml", gate))
    bench.subscribe("second", web.serve("paper", "/b.xml", feed(item("Two", None))))
    pipeline = Pipeline(bench.road)
    report = Report()
    await pipeline.tick(report)
    await gate.asked()
    with bench.database.writing() as connection:
        connection.exec_driver_sql("UPDATE host SET lease_owner = 'them', lease_token = 'theirs'")
    gate.open()
    await pipeline.stop(20)
    assert report.feeds == {}
    assert bench.values("SELECT count(*) FROM entry") == [0]
    assert bench.values("SELECT lease_token FROM host") == ["theirs"]


# ---------------------------------------------------------------------------------- cutting off


async def test_a_cancelled_run_leaves_no_task_and_no_lease(bench: Bench, web: Web) -> None:
    gate = Gate(feed(item("One", None)))
    bench.subscribe("slow", web.serve("slow", "/feed.xml", gate))
    before = asyncio.all_tasks()
    run = asyncio.create_task(Pipeline(bench.road).drain(Choice(), Report()))
    await gate.asked()
    assert len(bench.values(LEASES)) == 1
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    gate.open()
    assert asyncio.all_tasks() == before
    assert bench.values(LEASES) == []
    assert bench.values("SELECT count(*) FROM poll") == [0]


async def test_a_run_cancelled_while_it_claims_leaves_no_lease(bench: Bench, web: Web) -> None:
    subscribe(bench, web, "paper", article(web, "paper", "one"))
    begun, go = threading.Event(), threading.Event()

    def hold(connection: sa.Connection) -> None:
        begun.set()
        assert go.wait(20)

    blocking = asyncio.create_task(bench.road.writer.run(hold))
    await asyncio.to_thread(begun.wait, 20)
    run = asyncio.create_task(Pipeline(bench.road).drain(Choice(), Report()))
    await until(lambda: bool(bench.road.writer._waiting.qsize()))
    run.cancel()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await run
    await blocking
    assert bench.values(LEASES) == []
    assert web.requests == []


async def test_stopping_lets_a_request_under_way_finish_and_begins_nothing_more(
    bench: Bench, web: Web
) -> None:
    gate = Gate(feed(article(web, "paper", "one")))
    bench.subscribe("first", web.serve("paper", "/a.xml", gate))
    bench.subscribe("second", web.serve("paper", "/b.xml", feed(item("Two", None))))
    pipeline = Pipeline(bench.road)
    report = Report()
    assert await pipeline.tick(report) == 1
    await gate.asked()
    stopping = asyncio.create_task(pipeline.stop(20))
    await asyncio.sleep(0)
    gate.open()
    await stopping
    assert [line.outcome for line in report.feeds.values()] == [FeedOutcome.UPDATED]
    assert web.targets("paper") == ["/a.xml"]
    assert bench.values(LEASES) == []
    assert await pipeline.tick(report) == 0


async def test_stopping_cuts_off_what_does_not_finish_in_time(bench: Bench, web: Web) -> None:
    gate = Gate(feed(item("One", None)))
    bench.subscribe("slow", web.serve("slow", "/feed.xml", gate))
    pipeline = Pipeline(bench.road)
    await pipeline.tick(Report())
    await gate.asked()
    await pipeline.stop(0)
    gate.open()
    assert pipeline.busy == 0
    assert bench.values(LEASES) == []


async def test_stopping_waits_for_a_claim_under_way(bench: Bench, web: Web) -> None:
    """Or its hosts would be served after the end, by then without a writer."""
    subscribe(bench, web, "paper", article(web, "paper", "one"))
    begun, go = threading.Event(), threading.Event()

    def hold(connection: sa.Connection) -> None:
        begun.set()
        assert go.wait(20)

    blocking = asyncio.create_task(bench.road.writer.run(hold))
    await asyncio.to_thread(begun.wait, 20)
    pipeline = Pipeline(bench.road)
    tick = asyncio.create_task(pipeline.tick(Report()))
    await until(lambda: bool(bench.road.writer._waiting.qsize()))
    stopping = asyncio.create_task(pipeline.stop(20))
    await asyncio.sleep(0)
    go.set()
    await stopping
    assert tick.done()
    assert pipeline.busy == 0
    assert bench.values(LEASES) == []
    assert web.requests == []
    await asyncio.gather(blocking, tick)


# ---------------------------------------------------------------------------------- failures


async def test_a_database_that_fails_ends_the_run(
    bench: Bench, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        subscribe(bench, web, f"host{n}", item("One", None))

    def broken(*arguments: Any, **named: Any) -> None:
        raise DatabaseError("the disk is full")

    before = asyncio.all_tasks()
    monkeypatch.setattr(feeds, "save_poll", broken)
    with pytest.raises(DatabaseError, match="the disk is full"):
        await bench.once()
    assert asyncio.all_tasks() == before
    monkeypatch.undo()
    assert bench.values(LEASES) == []
    # Some were asked, and nobody is asked again within the shortest interval.
    assert len((await bench.once(later=DAY)).feeds) == 3


async def test_a_defect_outside_of_any_feed_ends_the_run_instead_of_repeating_for_ever(
    bench: Bench, web: Web, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    subscribe(bench, web, "paper", item("One", None))

    def broken(*arguments: Any) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(feeds, "load", broken)
    with pytest.raises(RuntimeError, match="a defect"):
        await bench.once()
    assert [record.message for record in caplog.records if record.exc_info] == ["host given up"]


async def test_an_outage_of_a_host_parks_it_and_the_run_ends(bench: Bench, web: Web) -> None:
    hasty = FetchSettings(allow_networks=LOOPBACK, read_timeout=timedelta(seconds=0.1))
    for n in range(6):
        bench.subscribe(f"f{n}", web.serve("dead", f"/{n}.xml", Reply(hang=True)))
    async with Fetcher(hasty, bench.clock, ports=(web.port,)) as fetcher:
        bench.change(fetcher=fetcher)
        report = await bench.once()
    assert len(web.requests) == 3
    assert Counter(line.outcome for line in report.feeds.values()) == {
        FeedOutcome.FAILED: 3,
        FeedOutcome.PARKED: 3,
    }


async def test_an_outage_of_ours_is_held_against_nobody(
    bench: Bench, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "ingestd.road")
    keys = [f"host{n}" for n in range(12)]
    for key in keys:
        subscribe(bench, web, key, article(web, key, "one"))
    await bench.once(Choice(pages_left=0))
    async with broken(web, bench) as fetcher:
        online = bench.road.fetcher
        bench.change(fetcher=fetcher)
        for _ in range(6):
            await bench.once(later=timedelta(hours=1))
        bench.change(fetcher=online)
    assert sum(bench.values("SELECT failures FROM host")) <= MIN_HOSTS
    assert bench.values(PARKED) == []
    assert sum(bench.values("SELECT attempts FROM page")) <= MIN_HOSTS
    assert (await bench.once(later=timedelta(hours=1))).pages == {PageOutcome.NEW: 12}
    assert [record.levelname for record in caplog.records if "outage" in record.message] == [
        "WARNING",
        "INFO",
    ]


async def test_feeds_that_are_dead_for_good_are_no_outage_of_ours(
    bench: Bench, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    for n in range(12):
        subscribe(bench, web, f"host{n}", item("One", None))
    with bench.database.writing() as connection:
        connection.execute(host.update().values(failures=1))
    async with broken(web, bench) as fetcher:
        bench.change(fetcher=fetcher)
        await bench.once()
    assert bench.values("SELECT DISTINCT failures FROM host") == [2]
    assert [record.message for record in caplog.records if "outage" in record.message] == []


@asynccontextmanager
async def broken(web: Web, bench: Bench) -> AsyncIterator[Fetcher]:
    """A fetcher to which no name resolves."""

    class Nobody:
        async def resolve(self, host: str, port: int) -> Sequence[str]:
            raise OSError("the network is down")

    settings = FetchSettings(allow_networks=LOOPBACK)
    async with Fetcher(settings, bench.clock, ports=(web.port,), resolver=Nobody()) as fetcher:
        yield fetcher


# ---------------------------------------------------------------------------------- choices


async def test_a_limit_bounds_feeds_and_pages_and_stores_all_entries(bench: Bench, web: Web) -> None:
    subscribe(bench, web, "a", *(article(web, "a", f"n{n}") for n in range(5)))
    subscribe(bench, web, "b", article(web, "b", "one"))
    report = await bench.once(Choice(feeds_left=1, pages_left=2))
    assert list(report.feeds) == ["a"]
    assert sum(report.pages.values()) == 2
    assert bench.values("SELECT count(*) FROM entry") == [5]


async def test_a_run_for_some_feeds_takes_their_pages_only(bench: Bench, web: Web) -> None:
    subscribe(bench, web, "a", article(web, "a", "one"))
    subscribe(bench, web, "b", article(web, "b", "two"))
    await bench.once(Choice(pages_left=0))
    (chosen,) = bench.values("SELECT id FROM feed WHERE key = 'b'")
    report = await bench.once(Choice(feed_ids=frozenset({chosen})))
    assert report.pages == {PageOutcome.NEW: 1}
    assert bench.values("SELECT site FROM article") == [f"b.localhost:{web.port}"]


async def test_a_run_that_takes_longer_than_an_interval_polls_no_feed_twice(bench: Bench, web: Web) -> None:
    minute = timedelta(minutes=1)
    bench.change(
        politeness=replace(bench.road.politeness, spacing=minute),
        polling=replace(bench.road.polling, floor=minute, start_interval=minute),
    )
    for name in ("a", "b", "c", "d"):
        bench.subscribe(name, web.serve("paper", f"/{name}.xml", feed(item(name, None))))
    await bench.once()
    assert bench.clock.now() - samples.NOON >= 3 * minute
    assert web.targets("paper") == ["/a.xml", "/b.xml", "/c.xml", "/d.xml"]


async def test_a_page_cut_off_by_the_end_of_a_run_is_put_back(bench: Bench, web: Web) -> None:
    gate = Gate(page("One", prose("one")))
    bench.subscribe(
        "paper", web.serve("paper", "/feed.xml", feed(item("One", web.serve("paper", "/1", gate))))
    )
    pipeline = Pipeline(bench.road)
    await pipeline.drain(Choice(pages_left=0), Report())
    await pipeline.tick(Report())
    await gate.asked()
    assert bench.values("SELECT takes FROM page") == [1]
    await pipeline.stop(0)
    gate.open()
    assert bench.rows("SELECT state, takes FROM page") == [("pending", 0)]
