"""B13 and B14: redirects, which are remembered, which are not, and two feeds that turn out to be one."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from ingestd.model import FeedOutcome
from ingestd.store import feeds
from tests.polling.driving import (
    DAY,
    HOUR,
    NOTHING,
    conditions,
    delay,
    events,
    poll,
    poll_until,
    row_of,
    subscribe,
    tick,
    titles,
)
from tests.samples import Bench, article, feed, item
from tests.web import Answer, Reply, Request, Web, redirect

pytestmark = pytest.mark.asyncio(loop_scope="module")

ONE, TWO = item("One", None), item("Two", None)
GOOD = feed(ONE, etag=b'"1"', last_modified=b"Monday")
# Three polls a day, so that one of them a day is told from the others.
OFTEN = 8 * HOUR


class Journal:
    """When each host was asked, by the simulated clock."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.moments: dict[str, list[datetime]] = {}

    def noting(self, reply: Reply) -> Answer:
        """An answer that is noted."""

        def answer(request: Request) -> Reply:
            self.moments.setdefault(request.host, []).append(self._bench.clock.now())
            return reply

        return answer

    def gaps(self, host: str) -> list[timedelta]:
        return [later - earlier for earlier, later in pairwise(self.moments[host])]


# ---------------------------------------------------------------------------------- B13: remembered


@pytest.mark.parametrize("status", [301, 308])
async def test_b13_after_a_permanent_redirect_polls_go_straight_to_the_target(
    bench: Bench, web: Web, status: int
) -> None:
    journal = Journal(bench)
    new = web.serve("new", "/feed.xml", GOOD)
    old = subscribe(bench, web, journal.noting(redirect(new, status)), key="old", interval=OFTEN)
    await poll(bench, "old")
    for _ in range(3):
        await poll(bench, "old")
    assert web.targets("old") == ["/feed.xml"]
    assert conditions(web, "new") == [(None, None), *[(b'"1"', b"Monday")] * 3]
    assert row_of(bench, "old").url == old
    await poll_until(bench, 3 * DAY)
    # Once a day at most, and never again when the target is adopted.
    assert len(journal.moments["old"]) == 3
    assert min(journal.gaps("old")) >= DAY
    assert titles(bench) == ["One"]


async def test_b13_a_target_is_adopted_after_several_answers_over_a_day_and_the_old_url_stays_an_alias(
    bench: Bench, web: Web
) -> None:
    new = web.serve("new", "/feed.xml", GOOD)
    old = subscribe(bench, web, redirect(new, 301), key="old", interval=OFTEN)
    await poll_until(bench, DAY - HOUR)
    assert (row_of(bench, "old").url, events(bench)) == (old, [])
    await poll_until(bench, 4 * DAY)
    row = row_of(bench, "old")
    assert (row.url, row.aliases, row.configured_url) == (new, [old], old)
    assert [(event["from"], event["to"]) for event in events(bench)] == [(old, new)]
    with bench.database.reading() as connection:
        assert {feeds.find(connection, url).key for url in (old, new)} == {"old"}
    # The configuration still says the old address, which changes nothing.
    with bench.database.writing() as connection:
        feeds.declare(connection, bench.declared, (), bench.clock.now())
    before = len(web.targets("old"))
    await poll_until(bench, 2 * DAY)
    assert len(web.targets("old")) == before
    assert row_of(bench, "old").url == new


async def test_b13_polling_often_does_not_adopt_sooner(bench: Bench, web: Web) -> None:
    """Three identical observations within minutes are one mistake of a server, made for minutes."""
    new = web.serve("new", "/feed.xml", GOOD)
    old = subscribe(bench, web, redirect(new, 301), key="old", interval=HOUR / 12)
    await poll_until(bench, HOUR)
    assert len(web.targets("old")) == 1
    assert row_of(bench, "old").url == old


async def test_b13_a_chain_is_remembered_by_its_last_target_when_every_hop_is_permanent(
    bench: Bench, web: Web
) -> None:
    new = web.serve("new", "/feed.xml", GOOD)
    same_host = web.serve("middle", "/second.xml", redirect(new, 301))
    middle = web.serve("middle", "/first.xml", redirect(same_host, 308))
    subscribe(bench, web, redirect(middle, 301), key="old", interval=OFTEN)
    for _ in range(3):
        assert (await poll(bench, "old")).outcome in (FeedOutcome.UPDATED, FeedOutcome.NOT_MODIFIED)
    hosts = [request.host for request in web.requests]
    assert hosts == ["old", "middle", "middle", "new", "new", "new"]


@pytest.mark.parametrize("statuses", [(302,), (303,), (307,), (301, 302), (302, 301), (308, 307, 308)])
async def test_b13_a_redirect_that_is_not_permanent_is_never_remembered(
    bench: Bench, web: Web, statuses: tuple[int, ...]
) -> None:
    web.serve(f"h{len(statuses)}", "/feed.xml", GOOD)
    for number, status in enumerate(statuses):
        web.serve(f"h{number}", "/feed.xml", redirect(web.url(f"h{number + 1}", "/feed.xml"), status))
    bench.subscribe("paper", web.url("h0", "/feed.xml"), interval=OFTEN)
    await poll_until(bench, 1.5 * DAY)
    polls = bench.values("SELECT count(*) FROM poll WHERE outcome != 'failed'")[0]
    assert polls > 3
    assert [len(web.targets(f"h{number}")) for number in range(len(statuses) + 1)] == [polls] * (
        len(statuses) + 1
    )
    row = row_of(bench)
    assert (row.url, row.aliases, row.move) == (web.url("h0", "/feed.xml"), [], None)


async def test_b13_a_target_that_is_no_feed_is_not_remembered(bench: Bench, web: Web) -> None:
    html = Reply(b"<!doctype html><title>Moved</title>", headers=(("Content-Type", "text/html"),))
    new = web.serve("new", "/feed.xml", html)
    subscribe(bench, web, redirect(new, 301), redirect(new, 301), GOOD, key="old")
    outcomes = [(await poll(bench, "old")).outcome for _ in range(3)]
    assert outcomes == [FeedOutcome.FAILED, FeedOutcome.FAILED, FeedOutcome.UPDATED]
    assert len(web.targets("old")) == 3


async def test_b13_an_old_url_that_answers_itself_again_ends_the_memory(bench: Bench, web: Web) -> None:
    new = web.serve("new", "/feed.xml", GOOD)
    old = subscribe(bench, web, redirect(new, 301), feed(ONE, TWO), key="old", interval=OFTEN)
    await poll_until(bench, 4 * DAY)
    row = row_of(bench, "old")
    assert (row.url, row.move, row.ask_url, row.aliases) == (old, None, None, [])
    assert titles(bench) == ["One", "Two"]
    assert len(web.targets("old")) > 5


async def test_b13_an_old_url_that_fails_does_not_hide_the_target(bench: Bench, web: Web) -> None:
    new = web.serve("new", "/feed.xml", GOOD)
    subscribe(bench, web, redirect(new, 301), Reply(status=404), key="old", interval=OFTEN)
    await poll_until(bench, 5 * DAY)
    assert row_of(bench, "old").state == "active"
    assert len(web.targets("old")) <= 6
    assert len(web.targets("new")) > 8


# ---------------------------------------------------------------------------------- B13: loops and chains


LOOPS = {
    "itself": {"a": "a"},
    "two hosts": {"a": "b", "b": "a"},
    "three hosts": {"a": "b", "b": "c", "c": "a"},
    "not the first": {"a": "b", "b": "c", "c": "b"},
}


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("status", [301, 302])
async def test_b13_a_loop_fails_cleanly(bench: Bench, web: Web, loop: str, status: int) -> None:
    for source, target in LOOPS[loop].items():
        web.serve(source, "/feed.xml", redirect(web.url(target, "/feed.xml"), status))
    bench.subscribe("paper", web.url("a", "/feed.xml"))
    assert (await poll(bench)).outcome is FeedOutcome.FAILED
    assert [len(web.targets(host)) for host in LOOPS[loop]] == [1] * len(LOOPS[loop])
    _assert_home(bench, web.url("a", "/feed.xml"))
    web.serve("a", "/feed.xml", GOOD)
    assert (await poll(bench)).outcome is FeedOutcome.UPDATED


@pytest.mark.parametrize("spread", ["one host", "many hosts"])
async def test_b13_a_long_chain_fails_cleanly(bench: Bench, web: Web, spread: str) -> None:
    places = [("h" if spread == "one host" else f"h{number}", f"/{number}.xml") for number in range(20)]
    for place, following in pairwise(places):
        web.serve(*place, redirect(web.url(*following), 301))
    web.serve(*places[-1], GOOD)
    bench.subscribe("paper", web.url(*places[0]))
    assert (await poll(bench)).outcome is FeedOutcome.FAILED
    assert len(web.requests) == 6
    _assert_home(bench, web.url(*places[0]))


@pytest.mark.parametrize("location", ["", "http://", "gopher://paper/", "http://[::1", "//", "javascript:1"])
async def test_b13_a_redirect_to_nowhere_fails_cleanly(bench: Bench, web: Web, location: str) -> None:
    url = subscribe(bench, web, redirect(location, 301), GOOD)
    assert (await poll(bench)).outcome is FeedOutcome.FAILED
    _assert_home(bench, url)
    assert (await poll(bench)).outcome is FeedOutcome.UPDATED


def _assert_home(bench: Bench, url: str) -> None:
    """The next poll begins at the feed's own address, later, with the failure told."""
    row = row_of(bench)
    assert (row.url, row.ask_url, row.hops, row.move, row.state) == (url, None, None, None, "active")
    assert bench.rows("SELECT outcome, error_class FROM poll") == [("failed", "redirect")]
    assert delay(bench) > NOTHING


# ---------------------------------------------------------------------------------- B14


def _entries(bench: Bench) -> dict[Any, int]:
    return bench.counts("SELECT title, count(*) FROM entry GROUP BY title")


@pytest.mark.parametrize("order", [("known", "moved"), ("moved", "known")], ids=["after", "before"])
@pytest.mark.parametrize("host", ["new", "old"], ids=["another host", "the same host"])
async def test_b14_a_redirect_to_a_feed_that_is_known_merges_the_two(
    bench: Bench, web: Web, order: tuple[str, str], host: str
) -> None:
    new = web.serve(host, "/new.xml", feed(ONE, TWO), feed(ONE, TWO, item("Three", None)))
    old = web.serve("old", "/old.xml", redirect(new, 301))
    for key in order:
        bench.subscribe(key, {"known": new, "moved": old}[key], interval=OFTEN)
    await poll_until(bench, 4 * DAY)
    assert _entries(bench) == {"One": 1, "Two": 1, "Three": 1}
    assert (row_of(bench, "known").state, row_of(bench, "moved").state) == ("active", "merged")
    assert [(event["state"], event["into"]) for event in events(bench)] == [("merged", "known")]
    asked = len(web.targets("old"))
    await poll_until(bench, 2 * DAY)
    assert web.targets("old")[asked:].count("/old.xml") == 0


async def test_b14_two_that_move_to_one_new_address_become_one(bench: Bench, web: Web) -> None:
    new = web.serve("new", "/feed.xml", feed(ONE, TWO))
    for key in ("a", "b", "c"):
        subscribe(bench, web, redirect(new, 308), key=key, interval=OFTEN)
    await poll_until(bench, 6 * DAY)
    assert bench.counts("SELECT state, count(*) FROM feed GROUP BY state") == {"active": 1, "merged": 2}
    assert _entries(bench) == {"One": 1, "Two": 1}


async def test_b14_what_both_had_before_the_move_stays_and_nothing_is_doubled(bench: Bench, web: Web) -> None:
    """Two addresses of one feed: its articles are stored once before, and its new items once after."""
    links = [article(web, "site", name) for name in ("one", "two")]
    later = item("Three of site", web.serve("site", "/three.html", Reply(status=404)))
    new = web.serve("new", "/feed.xml", feed(*links), feed(*links), feed(later, *links))
    subscribe(bench, web, feed(*links), redirect(new, 301), key="old", interval=OFTEN)
    bench.subscribe("known", new, interval=OFTEN)
    await tick(bench)
    before = _entries(bench)
    assert bench.values("SELECT count(*) FROM page") == [2]
    await poll_until(bench, 5 * DAY)
    assert row_of(bench, "old").state == "merged"
    assert _entries(bench) == before | {"Three of site": 1}
    assert bench.values("SELECT count(*) FROM page") == [3]
