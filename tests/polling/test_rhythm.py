"""B18, B19, B26 and B27: what publishers wish for, gaps, servers that say 304 for ever, and no herds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest

from ingestd import app, config
from ingestd.feeds import schedule
from ingestd.feeds.rhythm import Observation
from ingestd.feeds.schedule import FeedState
from ingestd.model import FeedOutcome
from ingestd.store import feeds
from tests.polling.driving import (
    DAY,
    FLOOR,
    HOUR,
    MINUTE,
    UNCONDITIONAL,
    asked,
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
from tests.samples import NOON, Bench, feed, item, write_config
from tests.web import Answer, Reply, Request, Web

pytestmark = pytest.mark.asyncio(loop_scope="module")

ONE, TWO = item("One", None), item("Two", None)
SETTINGS = schedule.Settings()


def wishing(channel: str, *items: str, etag: bytes | None = None) -> Reply:
    """A feed whose channel says this besides its items."""
    body = (
        '<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
        f"<channel><title>Paper</title>{channel}{''.join(items or (ONE,))}</channel></rss>"
    )
    return Reply(body.encode(), headers=(("Content-Type", "application/rss+xml"),), etag=etag)


# ---------------------------------------------------------------------------------- B18


def _period(name: str, frequency: str = "1") -> str:
    return f"<sy:updatePeriod>{name}</sy:updatePeriod><sy:updateFrequency>{frequency}</sy:updateFrequency>"


async def test_b18_ttl_and_update_period_lengthen_the_interval_up_to_the_cap(bench: Bench, web: Web) -> None:
    wishes = {
        "<ttl>180</ttl>": 3 * HOUR,
        _period("hourly"): HOUR,
        _period("daily", "4"): 6 * HOUR,
        _period(" Daily\n", " 2 "): 12 * HOUR,
        "<ttl>1440</ttl>": DAY,
        "<ttl>20160</ttl>": DAY,
        _period("weekly"): DAY,
        _period("monthly"): DAY,
    }
    for number, wish in enumerate(wishes):
        subscribe(bench, web, wishing(wish), key=f"f{number}")
    await tick(bench)
    for number, (wish, wanted) in enumerate(wishes.items()):
        found = delay(bench, f"f{number}")
        # Never sooner than asked, but for the cap's own jitter; and a tenth later at most.
        assert wanted * (0.89 if wanted == DAY else 1) <= found <= min(wanted * 1.11, DAY), wish


@pytest.mark.parametrize("configured", [None, timedelta(seconds=1)])
async def test_b18_no_wish_leads_below_the_floor(
    bench: Bench, web: Web, configured: timedelta | None
) -> None:
    wishes = ("<ttl>1</ttl>", "<ttl>0</ttl>", _period("hourly", "3600"), _period("hourly", "999999999"))
    for number, wish in enumerate(wishes):
        subscribe(bench, web, wishing(wish), key=f"f{number}", interval=configured)
    await tick(bench)
    assert min(delay(bench, f"f{number}") for number in range(len(wishes))) >= FLOOR


JUNK = (
    "<ttl>-60</ttl>",
    "<ttl>soon</ttl>",
    "<ttl>1e9</ttl>",
    f"<ttl>{'9' * 400}</ttl>",
    "<ttl>99999999999</ttl>",
    _period("fortnightly"),
    _period("daily", "0"),
    _period("daily", "-3"),
    "<skipHours><hour>noon</hour><hour>-1</hour><hour>99</hour></skipHours>",
    "<skipDays><day>Someday</day><day>7</day></skipDays>",
    f"<skipHours>{''.join(f'<hour>{hour}</hour>' for hour in range(24))}</skipHours>",
)


async def test_b18_junk_wishes_are_ignored(bench: Bench, web: Web) -> None:
    for number, wish in enumerate(JUNK):
        subscribe(bench, web, wishing(wish), key=f"f{number}")
    report = await tick(bench)
    assert {line.outcome for line in report.feeds.values()} == {FeedOutcome.UPDATED}
    for number, wish in enumerate(JUNK):
        assert FLOOR <= delay(bench, f"f{number}") <= 20 * MINUTE, wish


def _skipping(hours: Sequence[int] = (), days: Sequence[str] = ()) -> str:
    return (
        f"<skipHours>{''.join(f'<hour>{hour}</hour>' for hour in hours)}</skipHours>"
        f"<skipDays>{''.join(f'<day>{day}</day>' for day in days)}</skipDays>"
    )


async def test_b18_skipped_hours_are_gmt_and_midnight_is_0_and_a_304_does_not_forget_them(
    bench: Bench, web: Web
) -> None:
    # Noon is a Sunday's.
    subscribe(bench, web, wishing(_skipping([0, 1, 2, 13]), etag=b'"1"'), interval=HOUR)
    moments = []
    for _ in range(40):
        await poll(bench)
        moments.append(bench.clock.now())
    assert {moment.hour for moment in moments} == set(range(24)) - {0, 1, 2, 13}
    assert conditions(web)[0] == UNCONDITIONAL != conditions(web)[1]


async def test_b18_skipped_days_are_skipped_as_far_as_the_cap_allows(bench: Bench, web: Web) -> None:
    """From Sunday night a day's cap leads to Monday night."""
    subscribe(bench, web, wishing(_skipping(days=["Monday"]), etag=b'"1"'), interval=3 * HOUR)
    await poll_until(bench, 3 * DAY)
    moments = [datetime.fromisoformat(at) for at in bench.values("SELECT at FROM poll")]
    assert {f"{moment:%A}" for moment in moments if moment.hour < 20} == {"Sunday", "Tuesday", "Wednesday"}
    assert sum(f"{moment:%A}" == "Monday" for moment in moments) <= 1
    assert max(later - earlier for earlier, later in pairwise(moments)) <= DAY


async def test_b18_a_longer_cap_lets_whole_days_be_skipped(bench: Bench, web: Web) -> None:
    bench.change(polling=replace(bench.road.polling, interval_cap=3 * DAY))
    subscribe(bench, web, wishing(_skipping(days=["Monday"]), etag=b'"1"'), interval=3 * HOUR)
    await poll_until(bench, 3 * DAY)
    days = {f"{datetime.fromisoformat(at):%A}" for at in bench.values("SELECT at FROM poll")}
    assert days == {"Sunday", "Tuesday", "Wednesday"}


# ---------------------------------------------------------------------------------- B19


def _window(first: int, count: int = 10) -> Reply:
    return feed(*[item(f"n{number}", None) for number in range(first, first + count)])


async def test_b19_a_document_that_shares_nothing_is_a_gap_and_is_asked_sooner(
    bench: Bench, web: Web
) -> None:
    # The second answer overlaps by half, the third by nothing.
    subscribe(bench, web, _window(0), _window(5), _window(100))
    await poll(bench)
    await poll(bench)
    assert events(bench, "gap") == []
    last, before = bench.clock.now(), delay(bench)
    await poll(bench)
    found = bench.clock.now()
    told = {"from": last.isoformat(), "until": found.isoformat(), "listed": 10}
    assert events(bench, "gap") == [told]
    assert delay(bench) < before
    assert len(titles(bench)) == 25


async def test_b19_a_first_document_an_empty_one_and_one_that_overlaps_are_no_gap(
    bench: Bench, web: Web
) -> None:
    subscribe(bench, web, _window(0), feed(), _window(9), Reply(b"<p>", status=500), _window(9))
    for _ in range(5):
        await poll(bench)
    assert events(bench, "gap") == []


def _after_gap(gap_at: datetime) -> FeedState:
    """A feed that is polled hourly, all of whose list was replaced at once."""
    state = FeedState()
    for hours in range(48, 0, -1):
        at = gap_at - hours * HOUR
        since = at - HOUR if hours < 48 else None
        state = _observed(state, Observation(at, since, 10, 9 if since else 0, (at,), late=False))
    return _observed(state, Observation(gap_at, gap_at - HOUR, 10, 0, (gap_at,) * 10, late=False))


def _observed(state: FeedState, seen: Observation) -> FeedState:
    plan = schedule.after_success(
        now=seen.at,
        key="paper",
        state=state,
        observation=seen,
        configured=None,
        hints=None,
        headers={},
        settings=SETTINGS,
    )
    return plan.state


@pytest.mark.parametrize(("late", "longer"), [(False, True), (True, False)], ids=["in time", "late"])
async def test_b19_plenty_of_overlap_lengthens_unless_the_poll_came_late(late: bool, longer: bool) -> None:
    state = _after_gap(NOON)
    shortened = state.rhythm.turnover
    assert shortened is not None
    assert shortened <= HOUR.total_seconds() / 2
    for hours in range(6, 97, 6):
        at = NOON + hours * HOUR
        state = _observed(state, Observation(at, at - 6 * HOUR, 10, 10, (), late=late))
    lengthened = state.rhythm.turnover
    assert lengthened is not None
    assert (lengthened > shortened) is longer
    assert longer or lengthened == shortened


async def test_b19_a_poll_made_long_after_its_time_is_seen_to_be_late(bench: Bench, web: Web) -> None:
    """The service was off for a day: the overlap that it meets then says nothing of a shorter interval."""
    subscribe(bench, web, _window(0), _window(100), _window(100))
    for _ in range(2):
        await poll(bench)
    learnt = row_of(bench).rhythm["turnover"]
    await tick(bench, DAY)
    assert row_of(bench).rhythm["turnover"] == learnt


# ---------------------------------------------------------------------------------- B26


class Liar:
    """A server that answers every conditional request with 304, although it has a new item each hour."""

    def __init__(self, bench: Bench, *, lies_after: timedelta) -> None:
        self._bench = bench
        self._lies_from = NOON + lies_after
        self.unconditional: list[datetime] = []

    def __call__(self, request: Request) -> Reply:
        now = self._bench.clock.now()
        hours = int((now - NOON) / HOUR) + 48
        if request.header("if-none-match") is None:
            self.unconditional.append(now)
        elif now >= self._lies_from:
            return Reply(status=304)
        dated = (NOON + (hour - 48) * HOUR for hour in range(hours - 20, hours + 1))
        items = [
            f"<item><guid>urn:{at:%d-%H}</guid><title>{at:%d-%H}</title>"
            f"<pubDate>{format_datetime(at)}</pubDate></item>"
            for at in dated
        ]
        return feed(*items, headers=(("ETag", '"constant"'),))


async def test_b26_a_server_that_says_304_for_ever_is_found_out(bench: Bench, web: Web) -> None:
    liar = Liar(bench, lies_after=3 * DAY)
    subscribe(bench, web, liar, interval=2 * HOUR)
    await poll_until(bench, 3 * DAY)
    assert len(liar.unconditional) == 1
    known = len(titles(bench))
    await poll_until(bench, 3 * DAY)
    assert len(titles(bench)) >= known + 20
    assert row_of(bench).distrusted
    # From then on it is asked without validators, and misses nothing more.
    assert conditions(web)[-1] == UNCONDITIONAL
    assert [event["reason"].split(":")[0] for event in events(bench)] == [
        "Its server said 304 of a document that had changed"
    ]


async def test_b26_a_feed_that_fell_silent_is_audited_once_a_day_at_most_and_stays_trusted(
    bench: Bench, web: Web
) -> None:
    """An honest 304: the silence is out of rhythm, and true."""
    hourly = Liar(bench, lies_after=3 * DAY)
    audits: list[datetime] = []
    last: list[Reply] = []

    def answer(request: Request) -> Reply:
        if bench.clock.now() < NOON + 3 * DAY:
            last[:] = [replace(hourly(request), headers=(("ETag", '"constant"'),))]
            return last[0]
        if request.header("if-none-match") is not None:
            return Reply(status=304)
        audits.append(bench.clock.now())
        return last[0]

    subscribe(bench, web, answer, interval=2 * HOUR)
    await poll_until(bench, 7 * DAY)
    assert 2 <= len(audits) <= 4
    assert all(later - earlier >= DAY for earlier, later in pairwise(audits))
    assert not row_of(bench).distrusted


async def test_b26_a_weekly_feed_is_not_audited_in_the_week_between(bench: Bench, web: Web) -> None:
    """Its silence is its rhythm."""

    def weekly(request: Request) -> Reply:
        weeks = int((bench.clock.now() - NOON) / (7 * DAY)) + 1
        return feed(*[item(f"w{week}", None) for week in range(weeks)], etag=b'"%d"' % weeks)

    subscribe(bench, web, weekly, interval=12 * HOUR)
    await poll_until(bench, 29 * DAY)
    assert conditions(web).count(UNCONDITIONAL) == 1
    assert len(titles(bench)) == 5


async def test_b26_a_feed_that_never_had_a_rhythm_is_doubted_once_a_week(bench: Bench, web: Web) -> None:
    """It was silent since it is known, however long."""
    subscribe(bench, web, feed(ONE, etag=b'"1"'), interval=12 * HOUR)
    await poll_until(bench, 28 * DAY)
    assert 2 <= conditions(web).count(UNCONDITIONAL) <= 5
    assert len(asked(web)) > 50


# ---------------------------------------------------------------------------------- B27

KEYS = tuple(f"feed-{number}" for number in range(300))


async def test_b27_first_polls_of_a_list_are_spread(bench: Bench, tmp_path: Path) -> None:
    """As `run` declares them: a fifth of a second a feed, not all at once."""
    file = write_config(tmp_path, {key: f"http://{key}.localhost/feed.xml" for key in KEYS})
    app.declare(bench.database, config.load(file, {}), NOON)
    with bench.database.reading() as connection:
        due = [row.next_poll_at for row in feeds.listing(connection, state="active")]
    assert max(Counter(moment.replace(microsecond=0) for moment in due).values()) <= 15
    assert min(due) >= NOON
    assert max(due) - NOON <= MINUTE


async def test_b27_one_new_feed_is_due_at_once() -> None:
    assert schedule.first_poll(NOON, "paper", 1, SETTINGS) == NOON


async def test_b27_jitter_is_the_feeds_own_and_stable() -> None:
    waits = {key: _hourly_wait(key) for key in KEYS}
    assert waits == {key: _hourly_wait(key) for key in KEYS}
    assert all(0.9 * HOUR <= wait <= 1.1 * HOUR for wait in waits.values())
    assert max(waits.values()) - min(waits.values()) > 8 * MINUTE
    assert len(set(waits.values())) == len(KEYS)


def _hourly_wait(key: str, *, now: datetime = NOON) -> timedelta:
    plan = schedule.after_success(
        now=now,
        key=key,
        state=FeedState(),
        observation=Observation(now, None, 0, 0, (), late=False),
        configured=HOUR,
        hints=None,
        headers={},
        settings=SETTINGS,
    )
    return plan.next_poll_at - now


@pytest.mark.parametrize("status", [None, 404, 410, 429, 503])
async def test_b27_feeds_that_were_asked_together_do_not_come_back_together(status: int | None) -> None:
    """After a success, a failure, an outage or one Retry-After for all of them."""
    due = [_next(key, status) for key in KEYS]
    _assert_no_herd(due)


def _next(key: str, status: int | None) -> datetime:
    if status is None:
        return NOON + _hourly_wait(key)
    plan = schedule.after_failure(
        now=NOON,
        key=key,
        state=FeedState(),
        configured=HOUR,
        weight=1.0,
        status=status,
        retry_at=NOON + 6 * HOUR if status == 503 else None,
        outage=False,
        settings=SETTINGS,
    )
    return plan.next_poll_at


def _assert_no_herd(moments: Sequence[datetime]) -> None:
    """Of 300 feeds no minute gets many more than its share of the five minutes or more they have."""
    minutes = Counter(moment.replace(second=0, microsecond=0) for moment in moments)
    assert max(minutes.values()) <= 90


async def test_b27_no_minute_of_a_day_gets_a_herd(bench: Bench, web: Web) -> None:
    """Thirty feeds that began in one moment, through the real road."""
    moments: list[datetime] = []

    def noted(reply: Reply) -> Answer:
        def answer(request: Request) -> Reply:
            moments.append(bench.clock.now())
            return reply

        return answer

    for number in range(30):
        subscribe(bench, web, noted(feed(ONE, etag=b'"1"')), key=f"f{number}", interval=HOUR)
    await poll_until(bench, 4 * HOUR)
    later = Counter(moment.replace(second=0, microsecond=0) for moment in moments if moment > NOON)
    assert sum(later.values()) >= 80
    assert max(later.values()) <= 8
