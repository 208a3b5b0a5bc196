"""B1 to B7 and B9: validators, what they are worth, and how long a response stays fresh."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ingestd.model import FeedOutcome
from ingestd.store import feeds
from tests.polling.driving import (
    DAY,
    FLOOR,
    HOUR,
    MINUTE,
    NOTHING,
    UNCONDITIONAL,
    asked,
    conditions,
    delay,
    poll,
    row_of,
    subscribe,
    tick,
    titles,
)
from tests.samples import COMMAND, NOON, ROOT, Bench, environment, feed, item, stored, write_config
from tests.web import Reply, Request, Web, redirect

pytestmark = pytest.mark.asyncio(loop_scope="module")

HTML = (("Content-Type", "text/html"),)
ONE, TWO = item("One", None), item("Two", None)


# ---------------------------------------------------------------------------------- B1

RECEIVED = (
    (b'W/"a b"', b"Sun, 22 Nov 2026 10:00:00 GMT"),
    (b'"1"', None),
    (None, b"Sunday, 22-Nov-26 10:00:00 GMT"),
    (b"unquoted, with a comma", b"2026-11-22T11:00:00+01:00"),
    (b'"caf\xe9 \xe2\x82\xac"', b"Sun, 22 Nov 2026  10:00:00 +0100"),
    (b'""', b"0"),
    (b'W/"x"; y', b"dim., 22 f\xe9vr. 2026"),
)


async def test_b1_validators_travel_back_byte_for_byte(bench: Bench, web: Web) -> None:
    for number, (etag, last_modified) in enumerate(RECEIVED):
        subscribe(bench, web, feed(ONE, etag=etag, last_modified=last_modified), key=f"f{number}")
    await tick(bench)
    report = await tick(bench, DAY)
    sent = [conditions(web, f"f{number}") for number in range(len(RECEIVED))]
    assert sent == [[UNCONDITIONAL, received] for received in RECEIVED]
    assert {line.outcome for line in report.feeds.values()} == {FeedOutcome.NOT_MODIFIED}


async def test_b1_an_empty_validator_is_none(bench: Bench, web: Web) -> None:
    subscribe(bench, web, feed(ONE, etag=b"", last_modified=b" "))
    await poll(bench)
    await poll(bench)
    assert conditions(web) == [UNCONDITIONAL] * 2


# ---------------------------------------------------------------------------------- B2


async def test_b2_new_validators_of_an_equal_body_are_used_next(bench: Bench, web: Web) -> None:
    received = ((b'"1"', b"Monday"), (b'"2"', b"Monday"), (b'"2"', b"Tuesday"), (b'"3"', b"Friday"))
    # Functions, because the server would answer 304 to what repeats an answer's own validator.
    answers = [feed(ONE, headers=_as_headers(etag, modified)) for etag, modified in received]
    subscribe(bench, web, *answers)
    outcomes = [(await poll(bench)).outcome for _ in received]
    assert outcomes == [FeedOutcome.UPDATED] + [FeedOutcome.UNCHANGED] * 3
    assert conditions(web) == [UNCONDITIONAL, *received[:-1]]


def _as_headers(etag: bytes, last_modified: bytes) -> tuple[tuple[str, str | bytes], ...]:
    """Validators in the head of an answer that the server itself does not look at."""
    return (("ETag", etag), ("Last-Modified", last_modified))


# ---------------------------------------------------------------------------------- B3


async def test_b3_a_304_updates_the_validator_that_it_carries_and_no_other(bench: Bench, web: Web) -> None:
    subscribe(
        bench,
        web,
        feed(ONE, etag=b'"1"', last_modified=b"Monday"),
        Reply(status=304, etag=b'"2"'),
        Reply(status=304, last_modified=b"Tuesday"),
        Reply(status=304),
    )
    for _ in range(4):
        await poll(bench)
    wanted = [UNCONDITIONAL, (b'"1"', b"Monday"), (b'"2"', b"Monday"), (b'"2"', b"Tuesday")]
    assert conditions(web) == wanted


async def test_b3_a_304_is_never_retried(bench: Bench, web: Web) -> None:
    """Neither one that was asked for nor one that answers a request without validators."""
    subscribe(bench, web, feed(ONE, etag=b'"1"'), Reply(status=304), key="asked")
    subscribe(bench, web, Reply(status=304), feed(ONE), key="unasked")
    first = await tick(bench)
    assert first.feeds["unasked"].outcome is FeedOutcome.FAILED
    assert delay(bench, "unasked") >= FLOOR
    assert (await poll(bench, "asked")).outcome is FeedOutcome.NOT_MODIFIED
    assert len(asked(web, "asked")) == 2
    assert delay(bench, "asked") >= FLOOR
    assert (await poll(bench, "unasked")).outcome is FeedOutcome.UPDATED
    assert conditions(web, "unasked") == [UNCONDITIONAL] * 2


# ---------------------------------------------------------------------------------- B4


async def test_b4_a_validator_that_a_later_200_lacks_is_sent_no_more(bench: Bench, web: Web) -> None:
    subscribe(
        bench,
        web,
        feed(ONE, etag=b'"1"', last_modified=b"Monday"),
        feed(ONE, TWO, last_modified=b"Tuesday"),
        # The same body: also then.
        feed(ONE, TWO),
    )
    for _ in range(4):
        await poll(bench)
    assert conditions(web) == [UNCONDITIONAL, (b'"1"', b"Monday"), (None, b"Tuesday"), UNCONDITIONAL]


# ---------------------------------------------------------------------------------- B5

# The command itself, which kills itself at a commit that saves a poll.
DIE = "from tests.test_kill import die_at_commit; die_at_commit()"


@pytest.mark.parametrize(
    ("moment", "left"), [("before", ([0], [None])), ("after", ([2], ['"1"']))], ids=["before", "after"]
)
async def test_b5_a_kill_at_the_commit_leaves_no_validator_without_its_entries(
    web: Web, sqlite_url: str, tmp_path: Path, moment: str, left: tuple[list[int], list[str | None]]
) -> None:
    url = web.serve("paper", "/feed.xml", feed(ONE, TWO, etag=b'"1"'))
    config = write_config(tmp_path, {"paper": url}, sqlite_url, "[pages]\nfetch = false")
    arguments = ["once", "--all", "--config", str(config)]
    die = [sys.executable, "-c", DIE, "poll save", moment, "1", str(tmp_path / "record")]
    killed = await _run([*die, *arguments])
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    entries, tags = (
        stored(sqlite_url, f"SELECT {what}") for what in ("count(*) FROM entry", "etag FROM feed")
    )
    assert (entries, tags) == left
    completed = await _run([*COMMAND, *arguments])
    assert completed.returncode == 0, completed.stderr
    assert stored(sqlite_url, "SELECT title FROM entry ORDER BY title") == ["One", "Two"]
    sent = [request.header("if-none-match") for request in web.requests]
    assert sent == [None, b'"1"' if moment == "after" else None]


async def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=ROOT, env=environment(), check=False, capture_output=True, text=True, timeout=60
        )

    return await asyncio.to_thread(run)


async def test_b5_whatever_fails_after_the_response_leaves_no_validator_without_its_entries(
    bench: Bench, web: Web
) -> None:
    """Each statement between the response and the commit fails once; then none does."""
    fuse = _Fuse()

    def answer(request: Request) -> Reply:
        fuse.left = len(web.requests)
        return feed(ONE, TWO, etag=b'"1"', last_modified=b"Monday")

    subscribe(bench, web, answer)
    with fuse.lit():
        while await _crashes(bench):
            assert bench.values("SELECT count(*) FROM entry") == [0]
            row = row_of(bench)
            assert (row.etag, row.last_modified, row.body_hash) == (None, None, None)
    assert len(web.requests) > 5
    assert conditions(web) == [UNCONDITIONAL] * len(web.requests)
    assert titles(bench) == ["One", "Two"]
    assert row_of(bench).etag == '"1"'


async def _crashes(bench: Bench) -> bool:
    """Poll, and tell whether that failed before the save; what fails later only gives the host back."""
    try:
        return (await poll(bench)).outcome is FeedOutcome.CRASHED
    except RuntimeError:
        return False


class _Fuse:
    """Lets one statement fail: the so-manieth from now."""

    def __init__(self) -> None:
        self.left = 0

    @contextmanager
    def lit(self) -> Iterator[None]:
        sa.event.listen(sa.Engine, "before_cursor_execute", self._burn)
        try:
            yield
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", self._burn)

    def _burn(self, *statement: object) -> None:
        self.left -= 1
        if self.left == 0:
            raise RuntimeError("this statement fails")


# ---------------------------------------------------------------------------------- B6

GOOD = feed(ONE, etag=b'"good"', last_modified=b"Monday")
WALL = b"<!doctype html><title>Just a moment...</title><p>Checking that you are no robot"


def _bad(body: bytes, *, kind: str = "application/rss+xml", status: int = 200, **reply: Any) -> Reply:
    content_type: tuple[str, str | bytes] = ("Content-Type", kind)
    headers = (content_type, *_as_headers(b'"bad"', b"Friday"))
    return Reply(body, status=status, headers=headers, **reply)


@pytest.mark.parametrize(
    ("answer", "error_class", "kept"),
    [
        (_bad(b"<rss><channel><<<< no feed at all"), "feed-not-a-feed", "<rss><channel><<<< no feed"),
        (
            _bad(b"<?xml version='1.0'?><catalogue><book/></catalogue>"),
            "feed-not-a-feed",
            "<catalogue><book/>",
        ),
        (
            _bad(b'{"version": "https://jsonfeed.org/version/1.1", "items": [', kind="application/json"),
            "feed-json",
            "{",
        ),
        (_bad(b"  \n"), "feed-empty", None),
        (_bad(WALL, kind="text/html"), "feed-html", "Just a moment..."),
        (_bad(WALL), "feed-html", "Just a moment..."),
        (_bad(WALL, kind="text/html", status=202), "http-202", None),
        (_bad(WALL, kind="text/html", status=403), "http-403", None),
        (_bad(feed(ONE, TWO).body, cut_at=60), "bad-response", None),
        (
            _bad(feed(ONE, TWO, *[item("Long", None, "x" * 2_000)]).body, chunked=True, cut_at=1_500),
            "bad-response",
            None,
        ),
    ],
    ids=[
        "broken",
        "other XML",
        "broken JSON",
        "blank",
        "HTML",
        "HTML as RSS",
        "202",
        "403",
        "cut",
        "cut chunks",
    ],
)
async def test_b6_what_is_no_feed_changes_no_validator_and_no_entry(
    bench: Bench, web: Web, answer: Reply, error_class: str, kept: str | None
) -> None:
    subscribe(bench, web, GOOD, answer, feed(ONE, TWO))
    subscribe(bench, web, answer, GOOD, key="first")
    await tick(bench)
    line = await poll(bench)
    assert line.outcome is FeedOutcome.FAILED
    assert titles(bench)[0] == "One"
    polls = bench.rows("SELECT error_class, message FROM poll WHERE outcome = 'failed' ORDER BY feed_id")
    assert [found for found, _ in polls] == [error_class] * 2
    if kept is not None:
        assert all(kept in message for _, message in polls)
    await tick(bench, 4 * DAY)
    assert conditions(web) == [UNCONDITIONAL, (b'"good"', b"Monday"), (b'"good"', b"Monday")]
    # What was refused at the first poll is asked for without conditions, and read in full.
    assert conditions(web, "first")[:2] == [UNCONDITIONAL] * 2
    assert titles(bench) == ["One", "One", "Two"]


@pytest.mark.parametrize("cut", [1, 14, 60], ids=["the last byte", "the end tags", "an item"])
async def test_b6_a_document_that_breaks_off_gives_its_entries_and_no_validators(
    bench: Bench, web: Web, cut: int
) -> None:
    """HTTP cannot tell, when the server announces no length: the document itself has no end."""
    body = feed(ONE, TWO).body[:-cut]
    head = b'HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: "1"\r\n\r\n'
    subscribe(bench, web, Reply(raw=head + body), feed(ONE, TWO, etag=b'"1"'))
    assert (await poll(bench)).new >= 1
    await poll(bench)
    assert conditions(web) == [UNCONDITIONAL] * 2
    assert titles(bench) == ["One", "Two"]


# ---------------------------------------------------------------------------------- B7


@pytest.mark.parametrize("place", [("paper", "/new.xml"), ("elsewhere", "/feed.xml")], ids=["path", "host"])
async def test_b7_after_a_change_of_url_the_first_request_is_unconditional(
    bench: Bench, web: Web, place: tuple[str, str]
) -> None:
    subscribe(bench, web, GOOD)
    await poll(bench)
    await poll(bench)
    before = len(web.requests)
    url = web.serve(*place, feed(ONE, etag=b'"new"'))
    bench.declared[:] = [replace(bench.declared[0], url=url)]
    with bench.database.writing() as connection:
        feeds.declare(connection, bench.declared, (), bench.clock.now())
    await tick(bench, FLOOR)
    await poll(bench)
    sent = [(one.target, one.header("if-none-match")) for one in web.requests[before:]]
    assert sent == [(place[1], None), (place[1], b'"new"')]
    assert all(one.header("if-modified-since") is None for one in web.requests[before:])


async def test_b7_a_redirect_is_given_no_validator_of_its_target_and_none_of_another_target(
    bench: Bench, web: Web
) -> None:
    a = web.serve("a", "/feed.xml", feed(ONE, etag=b'"a"'))
    b = web.serve("b", "/feed.xml", feed(ONE, etag=b'"b"'))
    subscribe(bench, web, redirect(a), redirect(a), redirect(b), redirect(b), feed(ONE, etag=b'"own"'))
    for _ in range(6):
        await poll(bench)
    tags = {host: [tag for tag, _ in conditions(web, host)] for host in ("paper", "a", "b")}
    assert tags == {"paper": [None] * 5 + [b'"own"'], "a": [None, b'"a"'], "b": [None, b'"b"']}


# ---------------------------------------------------------------------------------- B9


def _cached(**fields: str) -> tuple[tuple[str, str], ...]:
    """Header fields; cache_control becomes Cache-Control."""
    return tuple((name.replace("_", "-").title(), value) for name, value in fields.items())


async def _first_delay(bench: Bench, web: Web, *headers: tuple[str, str]) -> timedelta:
    """How long a feed waits after its first answer, which has those headers."""
    subscribe(bench, web, feed(ONE, headers=headers))
    await poll(bench)
    return delay(bench)


def _is_about(found: timedelta, wanted: timedelta) -> bool:
    """As long as was asked for, and a little longer, which is the feed's own jitter."""
    return wanted <= found <= wanted * 1.11


async def test_b9_age_is_taken_off_max_age(bench: Bench, web: Web) -> None:
    found = await _first_delay(bench, web, *_cached(cache_control="public, max-age=14400", age="3600"))
    assert _is_about(found, 3 * HOUR)


async def test_b9_a_fresh_response_is_not_asked_for_again(bench: Bench, web: Web) -> None:
    found = await _first_delay(bench, web, *_cached(cache_control="max-age=7200"))
    assert _is_about(found, 2 * HOUR)
    assert (await tick(bench, 2 * HOUR - MINUTE)).feeds == {}
    assert len((await tick(bench, 14 * MINUTE)).feeds) == 1


async def test_b9_a_304_says_anew_how_long_the_response_stays_fresh(bench: Bench, web: Web) -> None:
    fresh = _cached(cache_control="max-age=18000", age="7200")
    subscribe(bench, web, feed(ONE, etag=b'"1"'), Reply(status=304, headers=fresh), Reply(status=304))
    await poll(bench)
    assert delay(bench) < HOUR
    assert (await poll(bench)).outcome is FeedOutcome.NOT_MODIFIED
    assert _is_about(delay(bench), 3 * HOUR)
    await poll(bench)
    assert delay(bench) < 2 * HOUR


async def test_b9_expires_counts_from_the_servers_own_date(bench: Bench, web: Web) -> None:
    theirs = NOON - 300 * DAY
    dates = _cached(date=_http(theirs), expires=_http(theirs + 5 * HOUR))
    assert _is_about(await _first_delay(bench, web, *dates), 5 * HOUR)


def _http(moment: Any) -> str:
    return format_datetime(moment, usegmt=True)


@pytest.mark.parametrize("seconds", [7200, 36_000])
async def test_b9_expires_does_not_count_beside_max_age(bench: Bench, web: Web, seconds: int) -> None:
    wrong = _cached(cache_control=f"max-age={seconds}", date=_http(NOON), expires=_http(NOON + 5 * HOUR))
    assert _is_about(await _first_delay(bench, web, *wrong), timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "cache_control",
    ["no-cache", "no-store", "no-cache, max-age=36000", "max-age=36000, no-store", "max-age=0"],
)
async def test_b9_what_must_not_be_kept_is_asked_for_no_sooner_than_the_floor(
    bench: Bench, web: Web, cache_control: str
) -> None:
    headers = _cached(cache_control=cache_control, date=_http(NOON), expires=_http(NOON + 10 * HOUR))
    found = await _first_delay(bench, web, *headers)
    assert FLOOR <= found <= 20 * MINUTE
    assert (await tick(bench, FLOOR - timedelta(seconds=1))).feeds == {}


@pytest.mark.parametrize("days", ["2592000", "9" * 40])
async def test_b9_the_cap_holds_against_any_max_age(bench: Bench, web: Web, days: str) -> None:
    found = await _first_delay(bench, web, *_cached(cache_control=f"max-age={days}"))
    assert DAY * 0.8 <= found <= DAY
    bench.change(polling=replace(bench.road.polling, interval_cap=8 * HOUR))
    await poll(bench)
    assert NOTHING < delay(bench) <= 8 * HOUR
