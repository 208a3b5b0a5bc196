"""A visit to one host: its turn, its memory, its lease."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import pytest_asyncio

from ingestd.errors import BadRedirect, FetchError, LeaseLost, StatusRefused, TimedOut
from ingestd.fetch.client import Accept, Fetcher
from ingestd.fetch.client import Settings as FetchSettings
from ingestd.fetch.robots import MAX_ROBOTS_BYTES
from ingestd.model import Document, Moved, NotModified, Redirect, Validators
from ingestd.road import HostRules, RobotsForbid, Visit
from ingestd.store import hosts
from ingestd.store.hosts import Choice, Lease
from ingestd.store.schema import host
from ingestd.workers import Settings, Workers
from tests import samples
from tests.samples import Bench, feed, item
from tests.web import LOOPBACK, Reply, Request, Web, redirect

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


async def test_spacing_holds_also_when_the_process_is_killed_in_the_middle_of_a_request(
    bench: Bench, web: Web
) -> None:
    here = await visit(bench)
    web.at_request(1, lambda: seen.append(host_value(bench, "next_request_at")))
    seen: list[Any] = []
    await here.ask(web.url("paper", "/feed.xml"), Accept.FEED)
    assert str(seen[0]).startswith("2026-11-22 12:00:10")


async def test_spacing_counts_from_the_moment_a_request_really_started(bench: Bench, web: Web) -> None:
    """While it waits for a place among all requests, the host is not asked, and time passes."""
    here = await visit(bench)
    narrow = FetchSettings(allow_networks=LOOPBACK, concurrency=1)
    asked, answer = asyncio.Event(), asyncio.Event()

    class Slow(Fetcher):
        async def hop(self, url: str, **order: object) -> object:  # type: ignore[override]
            asked.set()
            await answer.wait()
            return await super().hop(url, **order)  # type: ignore[arg-type]

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


async def test_a_bare_429_parks_the_host_for_a_while(bench: Bench, web: Web) -> None:
    web.serve("paper", "/busy", Reply(status=429))
    here = await visit(bench)
    with pytest.raises(StatusRefused):
        await here.ask(web.url("paper", "/busy"), Accept.PAGE)
    assert here.turn - bench.clock.now() == timedelta(minutes=1)
    await here.end()
    assert "429" in str(host_value(bench, "park_reason"))


async def test_a_refusal_of_a_private_host_parks_nothing(bench: Bench, web: Web) -> None:
    busy = Reply(status=503, headers=(("Retry-After", "7200"),))
    bridges = FetchSettings(allow_networks=LOOPBACK, private_networks=LOOPBACK)
    async with Fetcher(bridges, bench.clock, ports=(web.port,)) as fetcher:
        bench.change(fetcher=fetcher)
        here = await visit(bench)
        with pytest.raises(StatusRefused):
            await here.ask(web.serve("paper", "/busy", busy), Accept.PAGE)
    assert not here.is_parked


async def test_a_host_that_answers_slowly_is_asked_less_often_also_by_the_next_visit(
    bench: Bench, web: Web
) -> None:
    easily = replace(bench.road.politeness, slow_after=timedelta(0), slow_cap=timedelta(hours=1))
    bench.change(politeness=easily)
    slow = web.serve("paper", "/slow", Reply(b"slow", drip=0.05))
    here = await visit(bench)
    await here.ask(slow, Accept.PAGE)
    latency = timedelta(seconds=0.2)
    assert here.turn - bench.clock.now() >= 10 * SECOND + 2 * latency
    await here.end()
    assert host_value(bench, "latency") >= latency.total_seconds()
    bench.clock.advance(timedelta(minutes=1))
    again = await visit(bench)
    await again.ask(web.url("paper", "/feed.xml"), Accept.FEED)
    assert again.turn - bench.clock.now() >= 10 * SECOND + latency


async def test_headers_of_a_host_are_sent_with_every_request_and_a_feeds_own_win(
    bench: Bench, web: Web
) -> None:
    rules = HostRules(headers={"X-Reader": "host", "X-Host": "yes"})
    bench.change(host_rules={f"paper.localhost:{web.port}": rules})
    here = await visit(bench)
    await here.ask(web.url("paper", "/feed.xml"), Accept.FEED, headers={"X-Reader": "feed"})
    assert web.requests[0].header("x-reader") == b"feed"
    assert web.requests[0].header("x-host") == b"yes"


async def test_credentials_of_a_host_go_only_where_nobody_can_read_along(bench: Bench, web: Web) -> None:
    rules = HostRules(headers={"X-Host": "yes"}, credentials={"Authorization": "Bearer x"})
    bench.change(host_rules={f"paper.localhost:{web.port}": rules})
    here = await visit(bench)
    await here.ask(web.url("paper", "/feed.xml"), Accept.FEED)
    assert web.requests[0].header("authorization") == b"Bearer x"
    assert rules.headers_for("http://paper.example/") == {"X-Host": "yes"}
    assert "Authorization" in rules.headers_for("https://paper.example/")


# ---------------------------------------------------------------------------------- redirects


async def test_a_redirect_on_the_host_is_a_request_in_its_own_turn(bench: Bench, web: Web) -> None:
    end = web.serve("paper", "/c", Reply(b"end"))
    middle = web.serve("paper", "/b", redirect("/c", 301))
    start = web.serve("paper", "/a", redirect("/b"))
    here = await visit(bench)
    answer = await here.ask(start, Accept.PAGE)
    assert isinstance(answer, Document)
    assert (answer.url, answer.final_url, answer.body) == (start, end, b"end")
    assert answer.redirects == (Redirect(302, start, middle), Redirect(301, middle, end))
    assert bench.clock.now() - samples.NOON == 20 * SECOND


async def test_a_redirect_to_another_host_is_not_followed(bench: Bench, web: Web) -> None:
    """That host's turn is not ours to take."""
    elsewhere = web.serve("other", "/busy", Reply(status=503, headers=(("Retry-After", "7200"),)))
    middle = web.serve("paper", "/b", redirect(elsewhere, 308))
    start = web.serve("paper", "/a", redirect("/b"))
    here = await visit(bench)
    answer = await here.ask(start, Accept.PAGE)
    assert isinstance(answer, Moved)
    assert (answer.url, answer.target) == (start, elsewhere)
    assert answer.redirects == (Redirect(302, start, middle), Redirect(308, middle, elsewhere))
    assert web.targets("other") == []
    assert not here.is_parked


async def test_a_later_leg_tells_of_the_whole_way(bench: Bench, web: Web) -> None:
    here = await visit(bench)
    hops = (Redirect(301, "https://old.example/feed", web.url("paper", "/a")),)
    end = web.serve("paper", "/b", Reply(b"end", etag=b'"1"'))
    start = web.serve("paper", "/a", redirect("/b", 308))
    answer = await here.ask(start, Accept.FEED, hops=hops, validators=Validators('"1"'), issued_by=end)
    assert isinstance(answer, NotModified)
    assert (answer.url, answer.final_url) == ("https://old.example/feed", end)
    assert answer.redirects == (*hops, Redirect(308, start, end))


async def test_validators_stay_with_the_address_that_was_asked_first(bench: Bench, web: Web) -> None:
    here = await visit(bench)
    hops = (Redirect(301, "https://old.example/feed", web.url("paper", "/feed.xml")),)
    await here.ask(web.url("paper", "/feed.xml"), Accept.FEED, hops=hops, validators=Validators('"1"'))
    assert web.requests[0].header("if-none-match") is None


async def test_hops_of_earlier_legs_count_for_circles_and_for_the_limit(bench: Bench, web: Web) -> None:
    here = await visit(bench)
    start = web.serve("paper", "/a", redirect("https://old.example/feed"))
    hops = [Redirect(302, "https://old.example/feed", start)]
    with pytest.raises(BadRedirect, match="circle"):
        await here.ask(start, Accept.FEED, hops=tuple(hops))
    ways = ["https://old.example/feed", *(f"https://h{n}.example/" for n in range(4)), start]
    hops = [Redirect(302, source, target) for source, target in itertools.pairwise(ways)]
    web.serve("paper", "/a", redirect("/feed.xml"))
    with pytest.raises(BadRedirect, match="more than 5"):
        await here.ask(start, Accept.FEED, hops=tuple(hops))
    assert web.targets("paper") == ["/a", "/a"]


async def test_a_hop_that_may_not_be_followed_is_not_asked(bench: Bench, web: Web) -> None:
    web.serve("paper", "/robots.txt", Reply(b"User-agent: *\nDisallow: /private\n"))
    start = web.serve("paper", "/a", redirect("/private/b"))
    here = await visit(bench)
    with pytest.raises(RobotsForbid) as error:
        await here.ask(start, Accept.PAGE, may_follow=here.allows)
    assert error.value.url == web.url("paper", "/private/b")
    assert web.targets("paper") == ["/a", "/robots.txt"]


async def test_nothing_secret_is_sent_once_https_has_become_http(bench: Bench, web: Web) -> None:
    rules = HostRules(headers={"X-Key": "secret"})
    bench.change(host_rules={f"paper.localhost:{web.port}": rules})
    here = await visit(bench)
    url = web.url("paper", "/feed.xml")
    hops = (Redirect(301, f"https://paper.localhost:{web.port}/feed.xml", url),)
    await here.ask(url, Accept.FEED, hops=hops)
    await here.ask(url, Accept.FEED)
    assert [request.header("x-key") for request in web.requests] == [None, b"secret"]


async def test_headers_of_a_feed_go_along_on_its_host(bench: Bench, web: Web) -> None:
    start = web.serve("paper", "/a", redirect("/feed.xml"))
    here = await visit(bench)
    await here.ask(start, Accept.FEED, headers={"Authorization": "Bearer x"})
    assert [request.header("authorization") for request in web.requests] == [b"Bearer x"] * 2


async def test_the_hops_of_a_leg_share_the_time_of_one_exchange(bench: Bench, web: Web) -> None:
    """A host that drips a little at each of many hops holds nobody up for long."""
    hasty = FetchSettings(allow_networks=LOOPBACK, total_timeout=timedelta(seconds=0.5))
    for n in range(5):
        web.serve("paper", f"/{n}", late(redirect(f"/{n + 1}")))
    web.serve("paper", "/5", Reply(b"end"))
    async with Fetcher(hasty, bench.clock, ports=(web.port,)) as fetcher:
        bench.change(fetcher=fetcher)
        here = await visit(bench)
        with pytest.raises(TimedOut):
            await here.ask(web.url("paper", "/0"), Accept.PAGE)
    assert "/5" not in web.targets("paper")


def late(reply: Reply) -> Callable[[Request], Reply]:
    def answer(request: Request) -> Reply:
        time.sleep(0.2)
        return reply

    return answer


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


REFUSALS = [Reply(status=500), Reply(status=429), Reply(raw=b"")]


@pytest.mark.parametrize("reply", REFUSALS, ids=["500", "429", "no answer"])
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


async def test_robots_txt_may_be_moved_on_its_host(bench: Bench, web: Web) -> None:
    web.serve("paper", "/robots.txt", redirect("/a"))
    for one, other in ("ab", "bc", "cd", "de"):
        web.serve("paper", f"/{one}", redirect(f"/{other}"))
    web.serve("paper", "/e", Reply(b"User-agent: *\nDisallow: /private\n"))
    here = await visit(bench)
    assert not await here.allows(web.url("paper", "/private/a"))
    assert bench.clock.now() - samples.NOON == 50 * SECOND


@pytest.mark.parametrize("target", ["http://other.example/robots.txt", "/robots.txt", ""])
async def test_robots_txt_behind_redirects_that_are_not_followed_is_none(
    bench: Bench, web: Web, target: str
) -> None:
    web.serve("paper", "/robots.txt", redirect(target))
    here = await visit(bench)
    assert await here.allows(web.url("paper", "/one.html"))
    assert web.targets("paper") == ["/robots.txt"]


async def test_robots_txt_at_another_host_counts_once_that_host_was_asked(bench: Bench, web: Web) -> None:
    elsewhere = web.serve("www", "/robots.txt", Reply(b"User-agent: *\nDisallow: /private\n"))
    web.serve("paper", "/robots.txt", redirect(elsewhere))
    private = web.url("paper", "/private/a")
    here = await visit(bench)
    assert await here.allows(private)
    assert web.targets("www") == []
    await here.end()
    rules = {"robots": "User-agent: *\nDisallow: /private\n", "robots_at": bench.clock.now()}
    with bench.database.writing() as connection:
        connection.execute(host.insert().values(name=f"www.localhost:{web.port}", failures=0, **rules))
    bench.clock.advance(timedelta(minutes=59))
    again = await visit(bench)
    assert await again.allows(private)
    bench.clock.advance(timedelta(minutes=1))
    assert not await again.allows(private)
    bench.clock.advance(timedelta(hours=23))
    assert not await again.allows(private)
    assert web.targets("paper") == ["/robots.txt"] * 2


async def test_of_a_robots_txt_without_end_the_beginning_counts(bench: Bench, web: Web) -> None:
    rules = b"User-agent: *\nDisallow: /private\n" + b"Disallow: /x\n" * MAX_ROBOTS_BYTES
    web.serve("paper", "/robots.txt", Reply(rules))
    here = await visit(bench)
    assert not await here.allows(web.url("paper", "/private/a"))
    assert await here.allows(web.url("paper", "/one.html"))
    await here.end()
    assert len(host_value(bench, "robots")) <= MAX_ROBOTS_BYTES


async def test_a_crawl_delay_is_kept_while_robots_txt_cannot_be_had(bench: Bench, web: Web) -> None:
    delayed = Reply(b"User-agent: *\nCrawl-delay: 30\n")
    web.serve("paper", "/robots.txt", delayed, Reply(status=500))
    here = await visit(bench)
    assert await here.allows(web.url("paper", "/one.html"))
    bench.clock.advance(timedelta(hours=25))
    with pytest.raises(FetchError, match=r"robots\.txt"):
        await here.allows(web.url("paper", "/one.html"))
    assert here.turn - bench.clock.now() == 30 * SECOND


async def test_a_feed_is_polled_although_robots_txt_forbids_it_unless_configured(
    bench: Bench, web: Web
) -> None:
    web.serve("paper", "/robots.txt", Reply(b"User-agent: *\nDisallow: /\n"))
    here = await visit(bench)
    await here.ask(web.url("paper", "/feed.xml"), Accept.FEED)
    bench.change(politeness=replace(bench.road.politeness, robots_for_feeds=True))
    here = Visit(bench.road, here.lease)
    with pytest.raises(RobotsForbid):
        await here.ask(web.url("paper", "/feed.xml"), Accept.FEED)
    bench.change(host_rules={f"paper.localhost:{web.port}": HostRules(robots=False)})
    await Visit(bench.road, here.lease).ask(web.url("paper", "/feed.xml"), Accept.FEED)
    assert web.targets("paper") == ["/feed.xml", "/robots.txt", "/feed.xml"]
