"""Polling a feed: what is asked, what is stored, and when it is asked again."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import pytest_asyncio

from ingestd import poll
from ingestd.feeds import schedule
from ingestd.fetch.client import Fetcher
from ingestd.fetch.client import Settings as FetchSettings
from ingestd.fetch.outage import Outage
from ingestd.matching import matching
from ingestd.model import Document, FeedOutcome
from ingestd.pipeline import Pipeline
from ingestd.report import Report
from ingestd.store import articles, feeds, hosts
from ingestd.store.hosts import Choice
from ingestd.workers import Settings, Workers
from tests import samples
from tests.samples import Bench, article, feed, item
from tests.web import LOOPBACK, Reply, Request, Web, redirect

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HTML = Reply(b"<!doctype html><title>Hello</title><p>no feed", headers=(("Content-Type", "text/html"),))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def workers() -> AsyncIterator[Workers]:
    async with Workers(Settings(count=1)) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def bench(web: Web, sqlite_url: str, workers: Workers) -> AsyncIterator[Bench]:
    """A road that polls feeds and fetches no pages."""
    async with samples.bench(web, sqlite_url, workers) as made:
        made.change(pages=replace(made.road.pages, fetch=False))
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def either(web: Web, database_url: str, workers: Workers) -> AsyncIterator[Bench]:
    """The same on both databases."""
    async with samples.bench(web, database_url, workers) as made:
        made.change(pages=replace(made.road.pages, fetch=False))
        yield made


async def polled(bench: Bench, key: str = "paper", later: timedelta = timedelta(0)) -> FeedOutcome:
    return (await bench.once(later=later)).feeds[key].outcome


def stored(bench: Bench, key: str = "paper") -> Any:
    with bench.database.reading() as connection:
        return feeds.find(connection, key)


def next_poll(bench: Bench, key: str = "paper") -> datetime:
    moment: datetime = stored(bench, key).next_poll_at
    return moment


async def polled_when_due(bench: Bench, until: timedelta) -> list[Report]:
    """Every run that something is due for, up to a time from now."""
    end, reports = bench.clock.now() + until, []
    while (due := earliest(bench)) <= end:
        reports.append(await bench.once(later=max(timedelta(0), due - bench.clock.now())))
    return reports


def earliest(bench: Bench) -> datetime:
    with bench.database.reading() as connection:
        rows = feeds.listing(connection, state="active")
    return min((row.next_poll_at for row in rows), default=datetime.max.replace(tzinfo=UTC))


def told(bench: Bench, kind: str = "feed-state") -> list[dict[str, Any]]:
    """The data of all events of a kind."""
    found = bench.values(f"SELECT data FROM event WHERE kind = '{kind}' ORDER BY id")
    return [json.loads(data) if isinstance(data, str) else data for data in found]


# ---------------------------------------------------------------------------------- conditional requests


async def test_a_feed_that_was_read_is_asked_for_conditionally(bench: Bench, web: Web) -> None:
    document = feed(item("One", None, "text"), etag=b'W/"a b"', last_modified=b"some day")
    bench.subscribe("paper", web.serve("paper", "/feed.xml", document))
    assert await polled(bench) is FeedOutcome.UPDATED
    assert await polled(bench, later=DAY) is FeedOutcome.NOT_MODIFIED
    first, second = web.requests
    assert first.header("if-none-match") is None
    assert second.header("if-none-match") == b'W/"a b"'
    assert second.header("if-modified-since") == b"some day"
    assert bench.rows("SELECT outcome, status, entries_new FROM poll ORDER BY id") == [
        ("updated", 200, 1),
        ("not-modified", 304, 0),
    ]


async def test_an_equal_body_is_unchanged_and_its_new_validators_are_used_next(
    bench: Bench, web: Web
) -> None:
    answers = (feed(item("One", None), etag=tag) for tag in (b'"1"', b'"2"', b'"3"'))
    bench.subscribe("paper", web.serve("paper", "/feed.xml", *answers))
    assert await polled(bench) is FeedOutcome.UPDATED
    assert await polled(bench, later=DAY) is FeedOutcome.UNCHANGED
    await polled(bench, later=DAY)
    assert [request.header("if-none-match") for request in web.requests] == [None, b'"1"', b'"2"']


async def test_a_304_replaces_only_the_validator_that_it_carries(bench: Bench, web: Web) -> None:
    answers = (
        feed(item("One", None), etag=b'"1"', last_modified=b"Monday"),
        Reply(status=304, etag=b'"2"'),
        Reply(status=304),
    )
    bench.subscribe("paper", web.serve("paper", "/feed.xml", *answers))
    for _ in range(3):
        await polled(bench, later=DAY)
    sent = [
        (request.header("if-none-match"), request.header("if-modified-since")) for request in web.requests
    ]
    assert sent == [(None, None), (b'"1"', b"Monday"), (b'"2"', b"Monday")]


async def test_a_validator_that_a_later_200_lacks_is_sent_no_more(bench: Bench, web: Web) -> None:
    answers = (
        feed(item("One", None), etag=b'"1"', last_modified=b"Monday"),
        feed(item("Two", None), last_modified=b"Tuesday"),
        feed(item("Two", None)),
        feed(item("Two", None)),
    )
    bench.subscribe("paper", web.serve("paper", "/feed.xml", *answers))
    for _ in range(4):
        await polled(bench, later=DAY)
    sent = [
        (request.header("if-none-match"), request.header("if-modified-since")) for request in web.requests
    ]
    assert sent == [(None, None), (b'"1"', b"Monday"), (None, b"Tuesday"), (None, None)]


async def test_validators_go_only_to_the_url_that_issued_them(bench: Bench, web: Web) -> None:
    document = feed(item("One", None), etag=b'"new"', last_modified=b"Monday")
    new = web.serve("new", "/feed.xml", document)
    bench.subscribe("paper", web.serve("old", "/feed.xml", redirect(new, 302)))
    assert await polled(bench) is FeedOutcome.UPDATED
    assert await polled(bench, later=DAY) is FeedOutcome.NOT_MODIFIED
    tags = [(request.host, request.header("if-none-match")) for request in web.requests]
    assert tags == [("old", None), ("new", None), ("old", None), ("new", b'"new"')]
    assert bench.values("SELECT count(*) FROM entry") == [1]


async def test_a_document_that_breaks_off_gives_its_entries_and_no_validators(bench: Bench, web: Web) -> None:
    whole = feed(item("One", None), item("Two", None), etag=b'"1"', last_modified=b"Monday")
    broken = replace(whole, body=whole.body[: whole.body.rindex(b"<item>")])
    bench.subscribe("paper", web.serve("paper", "/feed.xml", broken, whole))
    assert await polled(bench) is FeedOutcome.UPDATED
    assert bench.values("SELECT title FROM entry") == ["One"]
    row = stored(bench)
    assert (row.etag, row.last_modified, row.validators_url) == (None, None, None)
    assert await polled(bench, later=DAY) is FeedOutcome.UPDATED
    assert web.requests[1].header("if-none-match") is None
    assert bench.values("SELECT title FROM entry ORDER BY title") == ["One", "Two"]
    assert await polled(bench, later=DAY) is FeedOutcome.NOT_MODIFIED


async def test_a_document_that_always_breaks_off_is_asked_for_conditionally_in_the_end(
    bench: Bench, web: Web
) -> None:
    whole = feed(item("One", None), item("Two", None), etag=b'"1"')
    broken = replace(whole, body=whole.body[: whole.body.rindex(b"<item>")])
    bench.subscribe("paper", web.serve("paper", "/feed.xml", broken))
    outcomes = [await polled(bench, later=DAY) for _ in range(3)]
    assert outcomes == [FeedOutcome.UPDATED, FeedOutcome.UNCHANGED, FeedOutcome.NOT_MODIFIED]


async def test_an_unreadable_answer_leaves_validators_and_entries_alone(bench: Bench, web: Web) -> None:
    page = replace(HTML, etag=b'"html"')
    answers = (feed(item("One", None), etag=b'"1"'), page, feed(item("One", None), item("Two", None)))
    bench.subscribe("paper", web.serve("paper", "/feed.xml", *answers))
    assert await polled(bench) is FeedOutcome.UPDATED
    assert await polled(bench, later=DAY) is FeedOutcome.FAILED
    assert bench.values("SELECT count(*) FROM entry") == [1]
    assert await polled(bench, later=DAY) is FeedOutcome.UPDATED
    assert [request.header("if-none-match") for request in web.requests] == [None, b'"1"', b'"1"']
    assert bench.values("SELECT count(*) FROM entry") == [2]


# ---------------------------------------------------------------------------------- failures and back-off


@pytest.mark.parametrize(
    ("answer", "error_class", "status"),
    [
        (HTML, "feed-html", None),
        (Reply(b""), "feed-empty", None),
        (Reply(b"{}", headers=(("Content-Type", "application/json"),)), "feed-", None),
        (Reply(status=404), "http-404", 404),
        (Reply(status=500), "http-500", 500),
        (feed(item("One", None), cut_at=40), "bad-response", None),
        (Reply(raw=b"no http at all\r\n\r\n"), "bad-response", None),
        (redirect("/feed.xml"), "redirect", None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_failure_is_kept_with_its_class(
    bench: Bench, web: Web, answer: Reply, error_class: str, status: int | None
) -> None:
    bench.subscribe("paper", web.serve("paper", "/feed.xml", answer))
    line = (await bench.once()).feeds["paper"]
    assert (line.outcome, line.status) == (FeedOutcome.FAILED, status)
    ((outcome, stored_status, stored_class, message),) = bench.rows(
        "SELECT outcome, status, error_class, message FROM poll"
    )
    assert (outcome, stored_status) == ("failed", status)
    assert message.partition("\n")[0] == line.message
    assert stored_class.startswith(error_class)
    assert bench.values("SELECT failures FROM feed")[0] > 0


async def test_the_beginning_of_what_could_not_be_read_is_kept(bench: Bench, web: Web) -> None:
    wall = "<!doctype html>\n<title>Prove\x00 it\x1b</title> " + "x" * 5_000
    bench.subscribe("paper", web.serve("paper", "/feed.xml", Reply(wall.encode())))
    line = (await bench.once()).feeds["paper"]
    (message,) = bench.values("SELECT message FROM poll")
    assert (
        message == f"{line.message}\nIt began: {'<!doctype html> <title>Prove it </title> '.ljust(500, 'x')}"
    )


async def test_a_server_that_never_answers_times_out(bench: Bench, web: Web) -> None:
    hasty = FetchSettings(allow_networks=LOOPBACK, read_timeout=timedelta(seconds=0.2))
    bench.subscribe("paper", web.serve("paper", "/feed.xml", Reply(hang=True)))
    async with Fetcher(hasty, bench.clock, ports=(web.port,)) as fetcher:
        bench.change(fetcher=fetcher)
        assert await polled(bench) is FeedOutcome.FAILED
    assert bench.values("SELECT error_class FROM poll") == ["timeout"]


async def test_the_delay_grows_with_failures_and_falls_back_with_success(bench: Bench, web: Web) -> None:
    answers = [Reply(status=500)] * 4 + [feed(item("One", None))]
    bench.subscribe("paper", web.serve("paper", "/feed.xml", *answers))
    delays = []
    for _ in answers:
        bench.clock.advance(max(timedelta(0), next_poll(bench) - bench.clock.now()))
        await bench.once()
        delays.append(next_poll(bench) - bench.clock.now())
    assert delays[0] < delays[1] < delays[2] < delays[3]
    assert delays[3] > 8 * delays[4]
    assert bench.values("SELECT failures FROM feed") == [0.0]


async def test_a_feed_is_not_asked_before_it_is_due(bench: Bench, web: Web) -> None:
    bench.subscribe("paper", web.serve("paper", "/feed.xml", feed(item("One", None))))
    await bench.once()
    assert (await bench.once(later=timedelta(minutes=4))).feeds == {}
    assert len(web.requests) == 1


async def test_three_410s_switch_a_feed_off_and_say_so(bench: Bench, web: Web) -> None:
    bench.subscribe("paper", web.serve("paper", "/feed.xml", Reply(status=410)))
    states = []
    for _ in range(3):
        await bench.once(later=timedelta(days=4))
        states += bench.values("SELECT state FROM feed")
    assert states == ["active", "active", "gone"]
    assert bench.values("SELECT kind FROM event") == ["feed-state"]
    await bench.once(later=timedelta(days=30))
    assert len(web.requests) == 3


async def test_a_404_never_switches_a_feed_off(bench: Bench, web: Web) -> None:
    bench.subscribe("paper", web.serve("paper", "/feed.xml", Reply(status=404)))
    for _ in range(6):
        await bench.once(later=timedelta(days=4))
    assert len(web.requests) == 6
    assert bench.values("SELECT state FROM feed") == ["active"]


async def test_a_retry_after_holds_the_whole_host(bench: Bench, web: Web) -> None:
    busy = Reply(status=429, headers=(("Retry-After", "7200"),))
    bench.subscribe("first", web.serve("paper", "/a.xml", busy, feed(item("One", None))))
    bench.subscribe("second", web.serve("paper", "/b.xml", feed(item("Two", None))))
    report = await bench.once()
    assert report.feeds["first"].outcome is FeedOutcome.FAILED
    assert report.feeds["second"].outcome is FeedOutcome.PARKED
    assert "429" in str(report.feeds["second"].message)
    assert len(web.requests) == 1
    assert (await bench.once(later=timedelta(minutes=110))).feeds["second"].outcome is FeedOutcome.PARKED
    report = await bench.once(later=timedelta(minutes=15))
    assert {line.outcome for line in report.feeds.values()} == {FeedOutcome.UPDATED}
    assert len(web.requests) == 3


async def test_an_outage_of_ours_is_held_against_no_feed(bench: Bench, web: Web) -> None:
    outage = Outage()
    for number in range(5):
        outage.note(f"dead{number}", True, bench.clock.now())
    hasty = FetchSettings(allow_networks=LOOPBACK, read_timeout=timedelta(seconds=0.2))
    bench.subscribe("paper", web.serve("paper", "/feed.xml", Reply(hang=True)))
    bench.subscribe("missing", web.serve("other", "/feed.xml", Reply(status=404)))
    async with Fetcher(hasty, bench.clock, ports=(web.port,)) as fetcher:
        bench.change(fetcher=fetcher, outage=outage)
        await bench.once()
    assert (stored(bench).failures, stored(bench, "missing").failures) == (0.0, 1.0)
    assert next_poll(bench) - bench.clock.now() < timedelta(minutes=15)
    assert "ours" in stored(bench).plan_reason


# ---------------------------------------------------------------------------------- what is planned


async def test_the_plan_is_kept_rule_by_rule_with_what_was_asked_for(bench: Bench, web: Web) -> None:
    fresh = feed(item("One", None), headers=(("Cache-Control", "max-age=7200"),))
    bench.subscribe("paper", web.serve("paper", "/feed.xml", fresh))
    await bench.once()
    row = stored(bench)
    assert "cache" in [reason["rule"] for reason in row.plan]
    assert row.plan_reason in [reason["detail"] for reason in row.plan]
    assert any("max-age" in asked for asked in row.asked)
    assert row.rhythm["at"] == samples.NOON.timestamp()


async def test_what_a_document_asks_for_holds_while_the_server_says_304(bench: Bench, web: Web) -> None:
    bench.subscribe("paper", web.serve("paper", "/feed.xml", feed("<ttl>600</ttl>", etag=b'"1"')))
    waits = []
    for _ in range(3):
        await bench.once(later=DAY)
        waits.append(next_poll(bench) - bench.clock.now())
    assert min(waits) >= timedelta(minutes=600)


async def test_refusals_slow_a_feed_down_and_several_good_polls_speed_it_up(bench: Bench, web: Web) -> None:
    answers = [feed(item("One", None)), Reply(status=429), Reply(status=429)] + [feed(item("One", None))] * 9
    bench.subscribe("paper", web.serve("paper", "/feed.xml", *answers), interval=HOUR)
    slowdowns = []
    for _ in answers:
        await bench.once(later=4 * DAY)
        slowdowns.append(stored(bench).slowdown)
    assert slowdowns == [1, 2, 4, 4, 4, 2, 2, 2, 1, 1, 1, 1]


# ---------------------------------------------------------------------------------- temporary redirects


async def test_a_redirect_to_another_host_is_followed_there_in_the_same_run(either: Bench, web: Web) -> None:
    new = web.serve("new", "/feed.xml", feed(item("One", None)))
    either.subscribe("paper", web.serve("old", "/feed.xml", redirect(new)))
    lines: list[object] = []
    report = Report(observers=[lines.append])
    await Pipeline(either.road).drain(Choice(feeds_left=1, pages_left=0), report)
    assert [request.host for request in web.requests] == ["old", "new"]
    assert (len(lines), report.feeds["paper"].outcome) == (1, FeedOutcome.UPDATED)
    assert either.values("SELECT outcome FROM poll") == ["updated"]
    row = stored(either)
    assert (row.host, row.ask_url, row.hops, row.move) == (f"old.localhost:{web.port}", None, None, None)
    assert row.next_poll_at > either.clock.now()
    assert (await either.once(later=timedelta(minutes=1))).feeds == {}


async def test_a_poll_that_was_cut_off_between_two_hosts_goes_on_where_it_was(bench: Bench, web: Web) -> None:
    new = web.serve("new", "/feed.xml", feed(item("One", None)))
    bench.subscribe("paper", web.serve("old", "/feed.xml", redirect(new)))
    await Pipeline(bench.road).tick(Report())
    while not (waiting := stored(bench)).hops:
        await bench.road.clock.sleep(0)
    assert (waiting.ask_url, waiting.next_poll_at) == (new, samples.NOON)
    assert await polled(bench) is FeedOutcome.UPDATED
    assert [request.host for request in web.requests] == ["old", "new"]


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_a_temporary_redirect_is_never_remembered(bench: Bench, web: Web, status: int) -> None:
    new = web.serve("new", "/feed.xml", feed(item("One", None)))
    bench.subscribe("paper", web.serve("old", "/feed.xml", redirect(new, status)), interval=4 * HOUR)
    await polled_when_due(bench, DAY)
    assert len(web.targets("old")) == len(web.targets("new")) > 4
    assert stored(bench).url == web.url("old", "/feed.xml")


async def test_a_circle_over_hosts_fails_and_the_feed_goes_home(bench: Bench, web: Web) -> None:
    bench.subscribe("paper", web.serve("a", "/feed.xml", redirect(web.url("b", "/feed.xml"), 301)))
    web.serve("b", "/feed.xml", redirect(web.url("a", "/feed.xml"), 301))
    assert await polled(bench) is FeedOutcome.FAILED
    assert [request.host for request in web.requests] == ["a", "b"]
    row = stored(bench)
    assert (row.host, row.ask_url, row.hops) == (f"a.localhost:{web.port}", None, None)
    assert bench.rows("SELECT outcome, error_class FROM poll") == [("failed", "redirect")]


async def test_a_long_chain_over_hosts_fails(bench: Bench, web: Web) -> None:
    for number in range(8):
        web.serve(f"h{number}", "/feed.xml", redirect(web.url(f"h{number + 1}", "/feed.xml")))
    bench.subscribe("paper", web.url("h0", "/feed.xml"))
    assert await polled(bench) is FeedOutcome.FAILED
    assert [request.host for request in web.requests] == [f"h{number}" for number in range(6)]
    assert stored(bench).host == f"h0.localhost:{web.port}"


async def test_a_chain_that_ends_badly_is_begun_again_at_the_feeds_own_url(bench: Bench, web: Web) -> None:
    new = web.serve("new", "/feed.xml", Reply(status=500), feed(item("One", None)))
    bench.subscribe("paper", web.serve("old", "/feed.xml", redirect(new, 301)))
    assert await polled(bench) is FeedOutcome.FAILED
    assert stored(bench).host == f"old.localhost:{web.port}"
    assert await polled(bench, later=DAY) is FeedOutcome.UPDATED
    assert [request.host for request in web.requests] == ["old", "new"] * 2


async def test_a_host_that_asks_to_be_left_alone_keeps_a_redirected_feed_waiting(
    bench: Bench, web: Web
) -> None:
    busy = Reply(status=429, headers=(("Retry-After", "7200"),))
    bench.subscribe("own", web.serve("new", "/own.xml", busy, feed(item("Own", None))))
    await bench.once()
    new = web.serve("new", "/feed.xml", feed(item("One", None)))
    bench.subscribe("paper", web.serve("old", "/feed.xml", redirect(new)))
    assert await polled(bench) is FeedOutcome.PARKED
    assert web.targets("new") == ["/own.xml"]
    assert await polled(bench, later=3 * HOUR) is FeedOutcome.UPDATED
    assert web.targets("old") == ["/feed.xml"]


async def test_what_may_be_credentials_stays_at_the_configured_host(bench: Bench, web: Web) -> None:
    new = web.serve("new", "/feed.xml", feed(item("One", None)))
    bench.subscribe("paper", web.serve("old", "/feed.xml", redirect(new, 301)), interval=8 * HOUR)
    bench.change(feed_headers={"paper": {"X-Key": "secret"}})
    await polled_when_due(bench, 4 * DAY)
    assert stored(bench).url == new
    assert {(request.host, request.header("x-key")) for request in web.requests} == {
        ("old", b"secret"),
        ("new", None),
    }


# ---------------------------------------------------------------------------------- permanent redirects


@pytest.mark.parametrize("status", [301, 308])
async def test_a_permanent_redirect_is_remembered_checked_daily_and_adopted(
    either: Bench, web: Web, status: int
) -> None:
    new = web.serve("new", "/feed.xml", feed(item("One", None), etag=b'"1"'))
    old = web.serve("old", "/feed.xml", redirect(new, status))
    either.subscribe("paper", old, interval=6 * HOUR)
    await polled_when_due(either, DAY - 4 * HOUR)
    assert [request.host for request in web.requests[:4]] == ["old", "new", "new", "new"]
    assert len(web.targets("old")) == 1
    assert stored(either).url == old
    await polled_when_due(either, 2 * DAY)
    assert len(web.targets("old")) == 3
    row = stored(either)
    assert (row.url, row.aliases, row.move, row.ask_url) == (new, [old], None, None)
    assert row.host == f"new.localhost:{web.port}"
    (event,) = told(either)
    assert (event["state"], event["from"], event["to"]) == ("active", old, new)
    with either.database.reading() as connection:
        assert feeds.find(connection, old).key == "paper"
    await polled_when_due(either, 3 * DAY)
    assert len(web.targets("old")) == 3
    conditional = [r.header("if-none-match") for r in web.requests if r.host == "new"]
    assert conditional == [None] + [b'"1"'] * (len(conditional) - 1)
    assert either.values("SELECT count(*) FROM entry") == [1]


async def test_a_permanent_redirect_on_one_host_is_remembered_too(bench: Bench, web: Web) -> None:
    new = web.serve("paper", "/new.xml", feed(item("One", None)))
    bench.subscribe("paper", web.serve("paper", "/old.xml", redirect(new, 301)), interval=HOUR)
    await polled_when_due(bench, 5 * HOUR)
    assert web.targets("paper").count("/old.xml") == 1
    assert web.targets("paper").count("/new.xml") > 4


async def test_a_poll_before_its_time_is_no_further_check_of_the_old_address(bench: Bench, web: Web) -> None:
    new = web.serve("new", "/feed.xml", feed(item("One", None)))
    bench.subscribe("paper", web.serve("old", "/feed.xml", redirect(new, 301)), interval=16 * HOUR)
    await polled_when_due(bench, 20 * HOUR)
    assert (stored(bench).host, stored(bench).ask_url) == (f"old.localhost:{web.port}", None)
    bench.clock.advance(HOUR)
    with bench.database.writing() as connection:
        feeds.make_due(connection, bench.clock.now())
    assert await polled(bench) is FeedOutcome.UNCHANGED
    assert (len(web.targets("old")), len(web.targets("new"))) == (1, 3)


async def test_a_move_that_is_taken_back_is_forgotten(bench: Bench, web: Web) -> None:
    new = web.serve("new", "/feed.xml", feed(item("One", None)))
    answers = (redirect(new, 301), feed(item("One", None), item("Two", None)))
    bench.subscribe("paper", web.serve("old", "/feed.xml", *answers), interval=8 * HOUR)
    await polled_when_due(bench, 3 * DAY)
    row = stored(bench)
    assert (row.url, row.move, row.ask_url) == (web.url("old", "/feed.xml"), None, None)
    assert bench.values("SELECT title FROM entry ORDER BY title") == ["One", "Two"]
    assert told(bench) == []


async def test_an_old_address_that_is_switched_off_does_not_hide_the_new_one(bench: Bench, web: Web) -> None:
    new = web.serve("new", "/feed.xml", feed(item("One", None)))
    answers = (redirect(new, 301), Reply(status=500))
    bench.subscribe("paper", web.serve("old", "/feed.xml", *answers), interval=4 * HOUR)
    reports = await polled_when_due(bench, 3 * DAY)
    outcomes = [report.feeds["paper"].outcome for report in reports]
    assert outcomes.count(FeedOutcome.FAILED) == len(web.targets("old")) - 1 <= 3
    assert outcomes.count(FeedOutcome.UNCHANGED) > 10


async def test_a_remembered_target_without_a_feed_sends_back_to_the_own_address(
    bench: Bench, web: Web
) -> None:
    new = web.serve("new", "/feed.xml", feed(item("One", None)), Reply(status=404))
    answers = (redirect(new, 301), feed(item("One", None), item("Two", None)))
    bench.subscribe("paper", web.serve("old", "/feed.xml", *answers), interval=HOUR)
    reports = await polled_when_due(bench, 6 * HOUR)
    outcomes = [report.feeds["paper"].outcome for report in reports]
    assert outcomes[:3] == [FeedOutcome.UPDATED, FeedOutcome.FAILED, FeedOutcome.UPDATED]
    assert [request.host for request in web.requests[:4]] == ["old", "new", "new", "old"]


# ---------------------------------------------------------------------------------- two that become one


@pytest.mark.parametrize("place", ["new", "old"], ids=["another host", "the same host"])
@pytest.mark.parametrize("first", ["known", "moving"])
async def test_a_feed_that_moved_to_a_known_one_is_merged_with_it(
    either: Bench, web: Web, first: str, place: str
) -> None:
    new = web.serve(place, "/new.xml", feed(item("One", None), item("Two", None)))
    old = web.serve("old", "/old.xml", redirect(f"{new}#top", 301))
    for key in ("known", "moving") if first == "known" else ("moving", "known"):
        either.subscribe(key, {"known": new, "moving": old}[key], interval=8 * HOUR)
    report = await either.once()
    line = report.feeds["moving"]
    assert (line.outcome, report.feeds["known"].outcome) == (FeedOutcome.MOVED, FeedOutcome.UPDATED)
    assert "known" in str(line.message)
    assert stored(either, "moving").state == "active"
    await polled_when_due(either, 4 * DAY)
    row = stored(either, "moving")
    assert (row.state, row.url, row.last_success_at) == ("merged", old, None)
    assert web.targets("old").count("/old.xml") == 3
    (event,) = told(either)
    assert (event["state"], event["into"]) == ("merged", "known")
    assert either.counts("SELECT key, count(*) FROM entry GROUP BY key") == {"guid:One": 1, "guid:Two": 1}
    with either.database.writing() as connection:
        feeds.enable(connection, row.id, either.clock.now())
    web.serve("old", "/old.xml", feed(item("Three", None)))
    assert await polled(either, "moving") is FeedOutcome.UPDATED


async def test_a_feed_that_leads_to_a_known_one_for_now_is_asked_again_within_the_hour(
    bench: Bench, web: Web
) -> None:
    new = web.serve("new", "/feed.xml", feed(item("One", None)))
    bench.subscribe("known", new)
    own = feed(item("Two", None))
    bench.subscribe("lent", web.serve("old", "/feed.xml", redirect(new, 302), own))
    report = await bench.once()
    assert report.feeds["lent"].outcome is FeedOutcome.MOVED
    assert bench.values("SELECT title FROM entry") == ["One"]
    await bench.once(later=HOUR)
    assert sorted(bench.values("SELECT title FROM entry")) == ["One", "Two"]
    assert stored(bench, "lent").state == "active"


async def test_two_that_move_to_one_place_are_read_once(bench: Bench, web: Web) -> None:
    new = web.serve("new", "/feed.xml", feed(item("One", None)))
    for key in ("a", "b"):
        bench.subscribe(key, web.serve(key, "/feed.xml", redirect(new, 301)), interval=8 * HOUR)
    await polled_when_due(bench, 6 * DAY)
    states = bench.counts("SELECT state, count(*) FROM feed GROUP BY state")
    assert states == {"active": 1, "merged": 1}
    assert bench.values("SELECT count(*) FROM entry") == [1]


async def test_a_feed_that_has_moved_gives_way_to_one_that_is_declared_there_later(
    bench: Bench, web: Web
) -> None:
    new = web.serve("new", "/feed.xml", feed(item("One", None)))
    bench.subscribe("moved", web.serve("old", "/feed.xml", redirect(new, 301)), interval=8 * HOUR)
    await polled_when_due(bench, 4 * DAY)
    assert stored(bench, "moved").url == new
    bench.subscribe("declared", new, interval=8 * HOUR)
    await polled_when_due(bench, 10 * HOUR)
    assert (stored(bench, "moved").state, stored(bench, "declared").state) == ("merged", "active")


# ---------------------------------------------------------------------------------- servers that say 304


def growing(bench: Bench, entries_at: Callable[[datetime], int], *, says_304: bool) -> Callable[..., Reply]:
    """A feed with an item for each hour; its server may say 304 of everything."""

    def answer(request: Request) -> Reply:
        now = bench.clock.now()
        if says_304 and request.header("if-none-match"):
            return Reply(status=304)
        hours = range(max(0, entries_at(now) - 30), entries_at(now))
        dates = {hour: format_datetime(samples.NOON + hour * HOUR) for hour in hours}
        items = (
            item(f"{hour}", None).replace("</item>", f"<pubDate>{date}</pubDate></item>")
            for hour, date in dates.items()
        )
        return feed(*items, etag=b'"%d"' % entries_at(now))

    return answer


async def test_a_server_that_says_304_for_ever_is_found_out(bench: Bench, web: Web) -> None:
    def grown(now: datetime) -> int:
        return int((now - samples.NOON) / HOUR) + 1

    bench.subscribe(
        "paper", web.serve("paper", "/feed.xml", growing(bench, grown, says_304=False)), interval=2 * HOUR
    )
    await polled_when_due(bench, 2 * DAY)
    web.serve("paper", "/feed.xml", growing(bench, grown, says_304=True))
    asked = len(web.requests)
    await polled_when_due(bench, DAY)
    assert stored(bench).distrusted
    (event,) = told(bench)
    assert "304" in event["reason"]
    tags = [request.header("if-none-match") for request in web.requests[asked:]]
    audit = tags.index(None)
    assert None not in tags[:audit]
    assert set(tags[audit:]) == {None}
    # The last thirty are listed, so nothing was lost.
    assert bench.values("SELECT count(*) FROM entry")[0] >= grown(bench.clock.now()) - 2


async def test_a_feed_that_is_really_silent_is_audited_once_a_day_and_trusted(bench: Bench, web: Web) -> None:
    def ended(now: datetime) -> int:
        return min(40, int((now - samples.NOON) / HOUR) + 1)

    bench.subscribe(
        "paper", web.serve("paper", "/feed.xml", growing(bench, ended, says_304=False)), interval=2 * HOUR
    )
    await polled_when_due(bench, 2 * DAY)
    web.serve("paper", "/feed.xml", growing(bench, ended, says_304=True))
    asked = len(web.requests)
    await polled_when_due(bench, 3 * DAY)
    unconditional = sum(request.header("if-none-match") is None for request in web.requests[asked:])
    assert 2 <= unconditional <= 3
    assert (stored(bench).distrusted, told(bench)) == (False, [])


@pytest.mark.parametrize("later", [True, False], ids=["newer than the 304", "older than the 304"])
async def test_an_audit_believes_a_304_when_all_that_is_new_came_after_it(
    bench: Bench, web: Web, monkeypatch: pytest.MonkeyPatch, *, later: bool
) -> None:
    published = format_datetime(samples.NOON + (DAY + HOUR if later else HOUR))
    fresh = item("Two", None).replace("</item>", f"<pubDate>{published}</pubDate></item>")
    answers = (
        feed(item("One", None), etag=b'"1"'),
        Reply(status=304, etag=b'"1"'),
        feed(fresh, item("One", None), etag=b'"2"'),
    )
    bench.subscribe("paper", web.serve("paper", "/feed.xml", *answers))
    await bench.once()
    await bench.once(later=DAY)
    monkeypatch.setattr(schedule, "needs_audit", lambda **given: True)
    await bench.once(later=DAY)
    assert stored(bench).distrusted is not later
    assert stored(bench).audited_at == bench.clock.now()


async def test_an_audit_that_fails_is_not_repeated_at_once(
    bench: Bench, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = (feed(item("One", None), etag=b'"1"'), Reply(status=500))
    bench.subscribe("paper", web.serve("paper", "/feed.xml", *answers))
    await bench.once()
    monkeypatch.setattr(schedule, "needs_audit", lambda **given: True)
    assert await polled(bench, later=DAY) is FeedOutcome.FAILED
    assert web.requests[1].header("if-none-match") is None
    assert stored(bench).audited_at == bench.clock.now()


# ---------------------------------------------------------------------------------- gaps


async def test_a_document_that_shares_no_entry_with_what_is_stored_is_a_gap(either: Bench, web: Web) -> None:
    answers = (
        feed(item("One", None), item("Two", None)),
        feed(item("Two", None), item("Three", None)),
        feed(item("Eight", None), item("Nine", None), item("Ten", None)),
    )
    either.subscribe("paper", web.serve("paper", "/feed.xml", *answers))
    for _ in range(4):
        await either.once(later=DAY)
    (gap,) = told(either, "gap")
    times = [(samples.NOON + days * DAY).isoformat() for days in (2, 3)]
    assert gap == {"from": times[0], "until": times[1], "listed": 3}
    with either.database.reading() as connection:
        assert [row.gaps for row in feeds.listing(connection)] == [1]


# ---------------------------------------------------------------------------------- held back while asked


async def test_a_feed_is_held_back_from_the_start_of_its_request_on(bench: Bench, web: Web) -> None:
    """A process that is killed before it saves must not leave it due too soon, whenever its turn came."""
    spacing, floor = timedelta(minutes=4), bench.road.polling.floor
    bench.change(politeness=replace(bench.road.politeness, spacing=spacing))
    for name in ("a", "b"):
        bench.subscribe(name, web.serve("paper", f"/{name}.xml", feed(item(name, None))))
    seen: list[Any] = []
    web.at_request(1, lambda: seen.append(stored(bench, "a")))
    web.at_request(2, lambda: seen.append(stored(bench, "b")))
    await bench.once(Choice(pages_left=0))
    first, second = seen
    assert first.plan_reason == second.plan_reason == hosts.TAKEN
    assert floor <= first.next_poll_at - samples.NOON < 2 * floor
    assert floor <= second.next_poll_at - (samples.NOON + spacing) < 2 * floor


async def test_what_was_not_asked_is_as_due_as_before(bench: Bench, web: Web) -> None:
    busy = Reply(status=503, headers=(("Retry-After", "60"),))
    bench.subscribe("first", web.serve("paper", "/a.xml", busy))
    bench.subscribe("second", web.serve("paper", "/b.xml", feed(item("Two", None))))
    await bench.once()
    assert (next_poll(bench, "second"), stored(bench, "second").plan_reason) == (samples.NOON, None)


# ---------------------------------------------------------------------------------- defects of our own


async def test_a_poll_that_meets_a_defect_backs_off_and_the_others_go_on(
    bench: Bench, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two", "six"):
        bench.subscribe(name, web.serve("paper", f"/{name}.xml", feed(item(name, None))))
    real = poll._body_hash

    def defective(answer: Document) -> str:
        if answer.url.endswith("/two.xml"):
            raise RuntimeError("a defect")
        return real(answer)

    monkeypatch.setattr(poll, "_body_hash", defective)
    report = await bench.once()
    outcomes = {key: line.outcome for key, line in report.feeds.items()}
    assert outcomes == {
        "one": FeedOutcome.UPDATED,
        "two": FeedOutcome.CRASHED,
        "six": FeedOutcome.UPDATED,
    }
    assert report.failed_feeds == [report.feeds["two"]]
    assert bench.rows("SELECT outcome, error_class, message FROM poll WHERE outcome = 'crashed'") == [
        ("crashed", "crashed", "RuntimeError: a defect")
    ]
    assert next_poll(bench, "two") > next_poll(bench, "one") > bench.clock.now()
    assert bench.values("SELECT count(*) FROM host WHERE lease_token IS NOT NULL") == [0]


async def test_a_crash_in_the_saving_transaction_leaves_nothing_of_the_poll(
    bench: Bench, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.subscribe("paper", web.serve("paper", "/feed.xml", feed(item("One", None), etag=b'"1"')))
    with monkeypatch.context() as broken:
        broken.setattr(poll, "_trust", lambda *arguments: 1 / 0)
        assert await polled(bench) is FeedOutcome.CRASHED
    assert bench.rows("SELECT count(*), (SELECT etag FROM feed) FROM entry") == [(0, None)]
    assert await polled(bench, later=DAY) is FeedOutcome.UPDATED
    assert web.requests[1].header("if-none-match") is None
    assert bench.values("SELECT count(*) FROM entry") == [1]


# ---------------------------------------------------------------------------------- what is stored


async def test_entries_are_stored_once_and_counted(bench: Bench, web: Web) -> None:
    answers = (
        feed(item("One", None, "a"), item("Two", None, "b")),
        feed(item("Two", None, "b"), item("One", None, "changed"), item("Three", None, "c")),
    )
    bench.subscribe("paper", web.serve("paper", "/feed.xml", *answers))
    await bench.once()
    line = (await bench.once(later=DAY)).feeds["paper"]
    assert (line.new, line.changed, line.seen) == (1, 1, 1)
    assert bench.values("SELECT title FROM entry ORDER BY title") == ["One", "Three", "Two"]
    sums = bench.rows("SELECT sum(polls), sum(entries_new), sum(entries_changed) FROM poll_day")
    assert sums == [(2, 3, 1)]


async def test_dates_stay_as_they_were_first_read(bench: Bench, web: Web) -> None:
    dated = item("One", None).replace("</item>", "<pubDate>Sun, 01 Nov 2099 10:00:00 GMT</pubDate></item>")
    bench.subscribe("paper", web.serve("paper", "/feed.xml", feed(dated), feed(dated, item("Two", None))))
    query = "SELECT published_at, first_seen_at FROM entry WHERE title = 'One'"
    await bench.once()
    first = bench.rows(query)
    await bench.once(later=DAY)
    assert bench.rows(query) == first
    assert first[0][0].startswith("2099-11-01")
    assert bench.values("SELECT published_at FROM entry WHERE title = 'Two'") == [None]


async def test_what_was_taken_down_stays_so_while_its_feed_lists_it(bench: Bench, web: Web) -> None:
    bench.change(pages=replace(bench.road.pages, fetch=True))
    one, two, three = (article(web, "paper", name) for name in ("one", "two", "three"))
    changed = one.replace("</item>", "<description>again</description></item>")
    answers = (feed(one, two), feed(one, two, three), feed(changed, two, three))
    bench.subscribe("paper", web.serve("paper", "/feed.xml", *answers))
    await bench.once()
    with bench.database.writing() as connection:
        articles.forget(connection, web.url("paper", "/one.html"), bench.clock.now(), matching())
    for _ in range(2):
        await bench.once(later=DAY)
    titles = "SELECT title FROM entry WHERE title IS NOT NULL ORDER BY title"
    assert bench.values(titles) == ["three of paper", "two of paper"]
    assert bench.values("SELECT count(*) FROM entry") == [3]
    assert bench.values("SELECT count(*) FROM article WHERE state = 'live'") == [2]
    assert web.targets("paper").count("/one.html") == 1


async def test_only_so_many_polls_are_kept(bench: Bench, web: Web) -> None:
    bench.change(history=replace(bench.road.history, polls_per_feed=2))
    bench.subscribe("paper", web.serve("paper", "/feed.xml", feed(item("One", None))))
    for _ in range(4):
        await bench.once(later=DAY)
    assert bench.values("SELECT count(*) FROM poll") == [2]
    assert bench.values("SELECT sum(polls) FROM poll_day") == [4]


async def test_headers_of_a_feed_are_sent_for_it_alone(bench: Bench, web: Web) -> None:
    bench.subscribe("paper", web.serve("paper", "/feed.xml", feed(article(web, "paper", "one"))))
    bench.subscribe("other", web.serve("paper", "/other.xml", feed(item("Two", None))))
    bench.change(feed_headers={"paper": {"X-Key": "secret"}}, pages=replace(bench.road.pages, fetch=True))
    await bench.once()
    keys = {request.target: request.header("x-key") for request in web.requests}
    assert keys == {"/feed.xml": b"secret", "/other.xml": None, "/robots.txt": None, "/one.html": None}
