"""B10 to B12 and B15: servers that ask to be left alone, refuse without a word, or have nothing there."""

import socket
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from ingestd.fetch.client import Fetcher
from ingestd.fetch.client import Settings as FetchSettings
from ingestd.model import FeedOutcome, PageOutcome
from tests.polling.driving import (
    DAY,
    FLOOR,
    HOUR,
    MINUTE,
    asked,
    delay,
    due_at,
    events,
    poll,
    poll_until,
    row_of,
    subscribe,
    tick,
    titles,
)
from tests.samples import NOON, Bench, article, feed, item
from tests.web import LOOPBACK, Answer, Reply, Web

pytestmark = pytest.mark.asyncio(loop_scope="module")

ONE = item("One", None)
GOOD = feed(ONE)
SECOND = timedelta(seconds=1)


def refusal(status: int, retry_after: str | None = None, date: datetime | None = None) -> Reply:
    """An answer with that status, Retry-After and Date."""
    fields = {"Retry-After": retry_after, "Date": _http(date) if date else None}
    return Reply(status=status, headers=tuple((name, value) for name, value in fields.items() if value))


def _http(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


# ---------------------------------------------------------------------------------- B10

# A server whose clock is wrong.
THEIRS = NOON - 400 * DAY

OBEYED = (
    (refusal(429, "5400"), HOUR * 1.5),
    (refusal(503, "7200"), 2 * HOUR),
    (refusal(400, "9000"), 2.5 * HOUR),
    (refusal(403, "10800"), 3 * HOUR),
    (refusal(404, "14400"), 4 * HOUR),
    (refusal(500, "18000"), 5 * HOUR),
    (refusal(599, "21600"), 6 * HOUR),
    (refusal(429, _http(NOON + 7 * HOUR)), 7 * HOUR),
    (refusal(503, _http(THEIRS + 8 * HOUR), THEIRS), 8 * HOUR),
    (refusal(502, _http(THEIRS + 9 * HOUR), THEIRS), 9 * HOUR),
    (refusal(429, _http(NOON + 480 * DAY), NOON + 470 * DAY), 10 * DAY),
    (refusal(500, str(20 * 86_400)), 20 * DAY),
    (refusal(429, str(30 * 86_400)), 30 * DAY),
    (refusal(503, str(90 * 86_400)), 31 * DAY),
    (refusal(404, "999999999999"), 31 * DAY),
)


async def test_b10_retry_after_is_obeyed_in_full_up_to_the_cap(bench: Bench, web: Web) -> None:
    keys = [f"f{number}" for number in range(len(OBEYED))]
    for key, (answer, _) in zip(keys, OBEYED, strict=True):
        subscribe(bench, web, answer, GOOD, key=key)
    await tick(bench)
    assert bench.clock.now() == NOON
    for key, (_, wanted) in zip(keys, OBEYED, strict=True):
        assert wanted <= due_at(bench, key) - NOON <= wanted + 5 * MINUTE, key
        await tick(bench, max(bench.clock.now(), NOON + wanted - SECOND) - bench.clock.now())
        assert len(asked(web, key)) == 1, key
    await tick(bench, 6 * MINUTE)
    assert bench.values("SELECT count(*) FROM entry") == [len(keys)]


@pytest.mark.parametrize("junk", ["soon", "-7200", "1e5", "0", "Sun, 99 Nov 2026 10:00:00 GMT"])
async def test_b10_a_retry_after_that_names_no_time_to_come_is_none(
    bench: Bench, web: Web, junk: str
) -> None:
    subscribe(bench, web, refusal(503, junk), GOOD)
    await tick(bench)
    assert FLOOR <= delay(bench) < HOUR
    assert (await poll(bench)).outcome is FeedOutcome.UPDATED


# ---------------------------------------------------------------------------------- B11


@pytest.mark.parametrize("status", [429, 503])
async def test_b11_one_refusal_of_a_feed_parks_feeds_and_pages_of_its_host(
    bench: Bench, web: Web, status: int
) -> None:
    bench.change(pages=replace(bench.road.pages, fetch=True))
    subscribe(bench, web, refusal(status, "7200"), GOOD)
    bench.subscribe("second", web.serve("paper", "/second.xml", GOOD))
    subscribe(bench, web, feed(article(web, "paper", "one"), article(web, "other", "two")), key="other")
    report = await tick(bench)
    assert set(report.feeds) == {"paper", "other"}
    assert web.targets("paper") == ["/feed.xml"]
    assert "/two.html" in web.targets("other")
    await tick(bench, 2 * HOUR - SECOND)
    assert web.targets("paper") == ["/feed.xml"]
    await tick(bench, 6 * MINUTE)
    assert set(web.targets("paper")) == {"/feed.xml", "/second.xml", "/robots.txt", "/one.html"}


@pytest.mark.parametrize("status", [429, 503])
async def test_b11_one_refusal_of_a_page_parks_feeds_and_pages_of_its_host(
    bench: Bench, web: Web, status: int
) -> None:
    bench.change(pages=replace(bench.road.pages, fetch=True))
    subscribe(
        bench, web, feed(article(web, "paper", "one"), article(web, "paper", "two")), interval=10 * MINUTE
    )
    web.serve("paper", "/robots.txt", Reply(status=404))
    for name in ("one", "two"):
        web.serve("paper", f"/{name}.html", refusal(status, "7200"))
    await tick(bench)
    before = web.targets("paper")
    assert before[:2] == ["/feed.xml", "/robots.txt"]
    assert len(before) == 3
    await poll_until(bench, 2 * HOUR - SECOND)
    assert web.targets("paper") == before
    assert (await tick(bench, 6 * MINUTE)).feeds["paper"].outcome is FeedOutcome.UNCHANGED


@pytest.mark.parametrize("status", [429, 503])
async def test_b11_a_refusal_of_a_private_host_parks_only_the_url(
    bench: Bench, web: Web, status: int
) -> None:
    private = FetchSettings(allow_networks=LOOPBACK, private_networks=LOOPBACK)
    async with Fetcher(private, bench.clock, ports=(web.port,)) as fetcher:
        bench.change(fetcher=fetcher, pages=replace(bench.road.pages, fetch=True))
        subscribe(bench, web, refusal(status, "7200"), GOOD)
        bench.subscribe("second", web.serve("paper", "/second.xml", feed(article(web, "paper", "one"))))
        report = await tick(bench)
        assert report.feeds["second"].outcome is FeedOutcome.UPDATED
        assert report.pages == {PageOutcome.NEW: 1}
        await poll_until(bench, 2 * HOUR - SECOND)
        assert web.targets("paper").count("/feed.xml") == 1
        assert web.targets("paper").count("/second.xml") > 1
        assert (await poll(bench)).outcome is FeedOutcome.UPDATED


# ---------------------------------------------------------------------------------- B12


async def _intervals(bench: Bench, web: Web, *answers: Answer) -> list[float]:
    """The interval after each of these answers, in units of the healthy one, which the first leaves."""
    subscribe(bench, web, GOOD, *answers, interval=HOUR)
    found = []
    for _ in (GOOD, *answers):
        await poll(bench)
        found.append(delay(bench))
    return [round(one / found[0], 2) for one in found]


async def test_b12_429_without_a_time_doubles_the_interval_until_several_polls_went_well(
    bench: Bench, web: Web
) -> None:
    bare = refusal(429)
    assert await _intervals(bench, web, bare, *[GOOD] * 4) == [1, 2, 2, 2, 1, 1]


async def test_b12_each_further_429_doubles_it_again_and_calm_takes_it_back_step_by_step(
    bench: Bench, web: Web
) -> None:
    found = await _intervals(bench, web, *[refusal(429)] * 3, *[GOOD] * 10)
    assert found[1:4] == [2, 4, 8]
    assert found[4:] == [8, 8, 4, 4, 4, 2, 2, 2, 1, 1]


async def test_b12_a_refusal_in_between_interrupts_the_calm(bench: Bench, web: Web) -> None:
    found = await _intervals(bench, web, refusal(429), GOOD, GOOD, refusal(500), *[GOOD] * 3)
    assert found[2:4] == [2, 2]
    assert found[5:] == [2, 2, 1]


async def test_b12_repeated_403s_lengthen_the_interval_and_one_does_not(bench: Bench, web: Web) -> None:
    found = await _intervals(bench, web, refusal(403), GOOD, refusal(403), refusal(403), *[GOOD] * 3)
    assert found[2] == 1
    assert found[3] < found[4]
    assert min(found[5:7]) >= 2
    assert found[7] < 2


# ---------------------------------------------------------------------------------- B15


async def test_b15_a_first_410_waits_a_day_and_the_third_disables_and_says_so(bench: Bench, web: Web) -> None:
    subscribe(bench, web, GOOD, Reply(status=410))
    await poll(bench)
    waits = []
    for _ in range(3):
        assert row_of(bench).state == "active"
        await poll(bench)
        waits.append(delay(bench))
    assert waits[0] >= DAY
    row = row_of(bench)
    assert row.state == "gone"
    assert "410" in row.state_reason
    assert [(event["state"], event["reason"]) for event in events(bench)] == [("gone", row.state_reason)]
    await poll_until(bench, 90 * DAY)
    assert len(asked(web)) == 4
    assert titles(bench) == ["One"]


async def test_b15_410s_that_are_not_in_a_row_disable_nothing(bench: Bench, web: Web) -> None:
    gone = Reply(status=410)
    subscribe(bench, web, gone, gone, GOOD, gone, gone, refusal(404), gone, gone, GOOD)
    for _ in range(9):
        await poll(bench)
    assert (row_of(bench).state, events(bench)) == ("active", [])
    assert delay(bench) < DAY


HTML = Reply(b"<!doctype html><title>Parked domain</title>", headers=(("Content-Type", "text/html"),))


@pytest.mark.parametrize("answer", [Reply(status=404), HTML], ids=["404", "HTML"])
async def test_b15_what_is_not_found_is_probed_slowly_for_ever_and_recovers(
    bench: Bench, web: Web, answer: Reply
) -> None:
    subscribe(bench, web, GOOD, answer)
    await poll_until(bench, 60 * DAY)
    _assert_slow_probe(bench)
    web.serve("paper", "/feed.xml", feed(item("Two", None)))
    assert (await poll(bench)).outcome is FeedOutcome.UPDATED
    assert titles(bench) == ["One", "Two"]
    assert delay(bench) < DAY


class Names:
    """A name service that knows every name, or none."""

    known = False

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        if not self.known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return ("127.0.0.1",)


async def test_b15_a_name_that_does_not_exist_is_probed_slowly_for_ever_and_recovers(
    bench: Bench, web: Web
) -> None:
    names, settings = Names(), FetchSettings(allow_networks=LOOPBACK)
    async with Fetcher(settings, bench.clock, ports=(web.port,), resolver=names) as fetcher:
        bench.change(fetcher=fetcher)
        subscribe(bench, web, GOOD)
        await poll_until(bench, 60 * DAY)
        assert set(bench.values("SELECT error_class FROM poll")) == {"dns"}
        _assert_slow_probe(bench)
        names.known = True
        assert (await poll(bench)).outcome is FeedOutcome.UPDATED
        assert delay(bench) < DAY


def _assert_slow_probe(bench: Bench) -> None:
    """The feed is active, was asked ever more seldom, and never more seldom than every three days."""
    assert (row_of(bench).state, events(bench)) == ("active", [])
    moments = [datetime.fromisoformat(at) for at in bench.values("SELECT at FROM poll ORDER BY id")]
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert len(gaps) > 20
    assert max(gaps) <= 3 * DAY
    assert min(gaps[-5:]) >= 2 * DAY
    assert delay(bench) <= 3 * DAY
