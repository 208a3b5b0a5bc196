"""Polling a feed: what is asked, what is stored, and when it is asked again."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from ingestd import poll
from ingestd.fetch.client import Fetcher
from ingestd.fetch.client import Settings as FetchSettings
from ingestd.model import Document, FeedOutcome
from ingestd.workers import Settings, Workers
from tests import samples
from tests.samples import Bench, article, feed, item
from tests.web import LOOPBACK, Reply, Web, redirect

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


async def polled(bench: Bench, key: str = "paper", later: timedelta = timedelta(0)) -> FeedOutcome:
    return (await bench.once(later=later)).feeds[key].outcome


def next_poll(bench: Bench, key: str = "paper") -> datetime:
    found = bench.values(f"SELECT next_poll_at FROM feed WHERE key = '{key}'")[0]
    return datetime.fromisoformat(f"{found}+00:00")


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
    bench.subscribe("paper", web.serve("old", "/feed.xml", redirect(new, 301)))
    assert await polled(bench) is FeedOutcome.UPDATED
    assert await polled(bench, later=DAY) in (FeedOutcome.NOT_MODIFIED, FeedOutcome.UNCHANGED)
    asked_old = [request for request in web.requests if request.host == "old"]
    assert [request.header("if-none-match") for request in asked_old] == [None, None]
    assert bench.values("SELECT count(*) FROM entry") == [1]


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
    assert (outcome, stored_status, message) == ("failed", status, line.message)
    assert stored_class.startswith(error_class)
    assert bench.values("SELECT failures FROM feed")[0] > 0


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
        broken.setattr(poll, "_plan_success", lambda *arguments: 1 / 0)
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
