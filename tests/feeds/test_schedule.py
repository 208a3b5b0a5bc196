"""When a feed is polled next."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from ingestd.feeds.rhythm import Observation, Rhythm
from ingestd.feeds.schedule import (
    FeedState,
    Plan,
    Settings,
    after_failure,
    after_success,
    first_poll,
    needs_audit,
)
from ingestd.model import PollHints

# A Sunday.
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SETTINGS = Settings()
NEVER_POLLED = FeedState()
KEYS = [f"https://news.example.test/{number}.xml" for number in range(200)]
FIRST = Observation(NOW, None, 0, 0, (), late=False)


def success(
    *,
    now: datetime = NOW,
    key: str = "feed",
    state: FeedState = NEVER_POLLED,
    observation: Observation = FIRST,
    configured: timedelta | None = None,
    hints: PollHints | None = None,
    headers: dict[str, str] | None = None,
    settings: Settings = SETTINGS,
) -> Plan:
    return after_success(
        now=now,
        key=key,
        state=state,
        observation=observation,
        configured=configured,
        hints=hints,
        headers=headers or {},
        settings=settings,
    )


def failure(
    *,
    now: datetime = NOW,
    key: str = "feed",
    state: FeedState = NEVER_POLLED,
    configured: timedelta | None = None,
    weight: float = 1.0,
    status: int | None = 500,
    retry_at: datetime | None = None,
    outage: bool = False,
    settings: Settings = SETTINGS,
) -> Plan:
    return after_failure(
        now=now,
        key=key,
        state=state,
        configured=configured,
        weight=weight,
        status=status,
        retry_at=retry_at,
        outage=outage,
        settings=settings,
    )


def rules(plan: Plan) -> list[str]:
    return [one.rule for one in plan.reasons]


def silent(at: datetime, before: datetime = NOW) -> Observation:
    """A poll that found nothing changed."""
    return Observation(at, before, 0, 0, (), late=False)


def steady(every: timedelta, polls: int = 40) -> FeedState:
    """The state of a feed that brings one new entry with each poll, the polls that far apart."""
    state, before, at = NEVER_POLLED, None, NOW - polls * every
    for _ in range(polls):
        at += every
        seen = Observation(at, before, 20, 19 if before else 0, (at - every / 2,), late=False)
        state, before = success(now=at, state=state, observation=seen).state, at
    return state


# ---------------------------------------------------------------------------------- first polls


def test_one_new_feed_is_due_at_once() -> None:
    assert {first_poll(NOW, key, 1, SETTINGS) for key in KEYS} == {NOW}


def test_a_small_list_starts_within_seconds_and_a_long_one_over_the_start_interval() -> None:
    small = [first_poll(NOW, key, 20, SETTINGS) for key in KEYS[:20]]
    assert min(small) >= NOW
    assert NOW + 2 * SECOND < max(small) < NOW + 4 * SECOND
    long = [first_poll(NOW, key, 100_000, SETTINGS) for key in KEYS]
    assert len(set(long)) == len(KEYS)
    assert NOW + SETTINGS.start_interval * 0.9 < max(long) < NOW + SETTINGS.start_interval


def test_no_second_of_the_start_gets_a_herd() -> None:
    keys = [f"https://paper{number}.example.test/feed" for number in range(300)]
    seconds = [(first_poll(NOW, key, len(keys), SETTINGS) - NOW) // SECOND for key in keys]
    assert max(seconds.count(second) for second in range(60)) <= 15


# ---------------------------------------------------------------------------------- healthy


def test_a_feed_without_a_known_rhythm_comes_again_after_the_start_interval() -> None:
    plan = success()
    assert SETTINGS.start_interval <= plan.interval <= SETTINGS.start_interval * 1.1
    assert plan.next_poll_at == NOW + plan.interval
    assert rules(plan) == ["rhythm", "jitter"]
    assert plan.asked == ()


def test_what_a_poll_brought_is_learnt_and_decides_when_to_come_again() -> None:
    plan = success()
    assert plan.state.rhythm != Rhythm()
    slow = success(state=steady(8 * HOUR), observation=silent(NOW + HOUR))
    fast = success(state=steady(10 * MINUTE), observation=silent(NOW + HOUR))
    assert fast.interval < HOUR < slow.interval
    assert fast.reasons[0].rule == slow.reasons[0].rule == "rhythm"
    assert slow.reason.startswith(f"Every {slow.interval // HOUR} h")


def test_the_jitter_of_a_rhythm_is_small_and_never_too_early() -> None:
    aimed = Settings(start_interval=6 * HOUR)
    intervals = [success(key=key, settings=aimed).interval for key in KEYS]
    assert min(intervals) >= 6 * HOUR
    assert 6 * HOUR + 2 * MINUTE < max(intervals) < 6 * HOUR + 3 * MINUTE
    assert len(set(intervals)) == len(KEYS)
    near_the_cap = Settings(start_interval=SETTINGS.interval_cap - MINUTE)
    assert max(success(key=key, settings=near_the_cap).interval for key in KEYS) <= SETTINGS.interval_cap
    at_the_cap = Settings(start_interval=SETTINGS.interval_cap)
    assert len({success(key=key, settings=at_the_cap).interval for key in KEYS}) == len(KEYS)


def test_a_gap_shortens_the_interval() -> None:
    state = steady(2 * HOUR)
    at = NOW + 2 * HOUR
    overlapping = Observation(at, NOW, 20, 19, (at - HOUR,), late=False)
    gap = Observation(at, NOW, 20, 0, tuple(at - number * 6 * MINUTE for number in range(20)), late=False)
    assert (
        success(now=at, state=state, observation=gap).interval
        < success(now=at, state=state, observation=overlapping).interval
    )


def test_a_configured_interval_wins_over_rhythm_ttl_and_cache_headers() -> None:
    plan = success(
        state=steady(10 * MINUTE),
        configured=30 * MINUTE,
        hints=PollHints(interval=5 * HOUR),
        headers={"cache-control": "max-age=18000"},
    )
    assert 27 * MINUTE <= plan.interval <= 33 * MINUTE
    assert rules(plan) == ["configured", "jitter"]
    assert plan.asked == ("Cache-Control: max-age=18000", "ttl or sy:updatePeriod of 5 h")


def test_the_floor_holds_against_the_owner_and_everybody_else() -> None:
    plan = success(configured=SECOND)
    assert SETTINGS.floor <= plan.interval <= SETTINGS.floor * 1.1
    assert rules(plan) == ["configured", "floor", "jitter"]
    assert "5 min" in plan.reason
    high = Settings(floor=40 * MINUTE)
    assert success(headers={"cache-control": "max-age=0"}, settings=high).interval >= 40 * MINUTE


# ---------------------------------------------------------------------------------- jitter


def test_jitter_is_stable_for_a_feed_and_different_between_feeds() -> None:
    intervals = [success(key=key).interval for key in KEYS]
    assert intervals == [success(key=key).interval for key in KEYS]
    assert len(set(intervals)) == len(KEYS)


@pytest.mark.parametrize("wanted", [MINUTE, 5 * MINUTE, 5 * MINUTE + SECOND, DAY - SECOND, DAY, 30 * DAY])
def test_no_jitter_leaves_the_bounds_and_none_is_lost_at_them(wanted: timedelta) -> None:
    intervals = [success(key=key, configured=wanted).interval for key in KEYS]
    assert min(intervals) >= SETTINGS.floor
    assert max(intervals) <= SETTINGS.interval_cap
    assert len(set(intervals)) == len(KEYS)


@pytest.mark.parametrize(
    ("hints", "headers", "asked"),
    [
        (PollHints(), {"cache-control": "max-age=7200"}, 2 * HOUR),
        # Shorter than the start interval, but not by a tenth.
        (PollHints(), {"cache-control": "max-age=880"}, 880 * SECOND),
        (PollHints(), {"cache-control": "max-age=86400"}, DAY),
        (PollHints(interval=23 * HOUR), {}, 23 * HOUR),
        (PollHints(interval=3 * HOUR), {"cache-control": "max-age=10000"}, 3 * HOUR),
    ],
)
def test_jitter_never_undercuts_what_was_asked_for(
    hints: PollHints, headers: dict[str, str], asked: timedelta
) -> None:
    intervals = [success(key=key, hints=hints, headers=headers).interval for key in KEYS]
    assert min(intervals) >= asked
    assert max(intervals) <= min(max(asked, SETTINGS.start_interval) * 1.1, SETTINGS.interval_cap)


def test_a_key_may_be_any_text() -> None:
    assert success(key="\udcff\x00").interval != success(key="").interval


# ---------------------------------------------------------------------------------- what others ask for


def test_the_publishers_interval_lengthens_but_never_shortens() -> None:
    plan = success(hints=PollHints(interval=2 * HOUR))
    assert plan.interval >= 2 * HOUR
    assert rules(plan) == ["rhythm", "publisher", "jitter"]
    assert success(hints=PollHints(interval=MINUTE)).interval == success().interval


def test_a_wish_beyond_the_cap_is_kept_up_to_the_cap_without_a_herd() -> None:
    for wish in (PollHints(interval=90 * DAY), PollHints(interval=DAY + SECOND)):
        plans = [success(key=key, hints=wish) for key in KEYS]
        assert SETTINGS.interval_cap * 0.9 <= min(plan.interval for plan in plans)
        assert max(plan.interval for plan in plans) <= SETTINGS.interval_cap
        assert len({plan.interval for plan in plans}) == len(KEYS)
        assert rules(plans[0]) == ["rhythm", "publisher", "interval-cap", "jitter"]


def test_wishes_of_a_document_hold_on_while_it_is_not_modified() -> None:
    asked = PollHints(interval=2 * HOUR, skip_hours=frozenset({15, 16}))
    read = success(hints=asked)
    not_modified = success(state=read.state, hints=None)
    assert not_modified.interval >= 2 * HOUR
    assert not_modified.asked == read.asked == ("ttl or sy:updatePeriod of 2 h", "skipHours 15-16 GMT")
    read_again = success(state=not_modified.state, hints=PollHints())
    assert read_again.interval < HOUR
    assert read_again.asked == ()


@pytest.mark.parametrize(
    ("headers", "fresh", "asked"),
    [
        ({"cache-control": "max-age=7200"}, 2 * HOUR, "Cache-Control: max-age=7200"),
        (
            {"cache-control": 'public, Max-Age="7200", must-revalidate'},
            2 * HOUR,
            "Cache-Control: max-age=7200",
        ),
        (
            {"cache-control": "max-age=7200", "age": "3600"},
            HOUR,
            "Cache-Control: max-age=7200, of which 3600 s were used up",
        ),
        (
            {"cache-control": "max-age=7200", "age": "1800, 3600"},
            1.5 * HOUR,
            "Cache-Control: max-age=7200, of which 1800 s were used up",
        ),
        ({"cache-control": "max-age=7200", "age": "-3600"}, 2 * HOUR, "Cache-Control: max-age=7200"),
        ({"cache-control": "max-age=7200", "age": "old"}, 2 * HOUR, "Cache-Control: max-age=7200"),
        ({"cache-control": "max-age=7200, max-age=60"}, 2 * HOUR, "Cache-Control: max-age=7200"),
        ({"cache-control": 'no-cache="set-cookie", max-age=7200'}, 2 * HOUR, "Cache-Control: max-age=7200"),
        ({"cache-control": "max-age=" + "9" * 5000}, DAY * 0.9, "Cache-Control: max-age=31622400"),
    ],
)
def test_a_response_is_not_asked_for_again_while_it_is_fresh(
    headers: dict[str, str], fresh: timedelta, asked: str
) -> None:
    plans = [success(key=key, headers=headers) for key in KEYS]
    assert min(plan.interval for plan in plans) >= fresh
    assert max(plan.interval for plan in plans) <= min(fresh * 1.12, SETTINGS.interval_cap)
    assert plans[0].asked == (asked,)
    assert "cache" in rules(plans[0])


@pytest.mark.parametrize(
    "headers",
    [
        {"cache-control": "max-age=0"},
        {"cache-control": "max-age=-5"},
        {"cache-control": "max-age=soon"},
        {"cache-control": "max-age=1e9"},
        {"cache-control": "max-age=٧٢٠٠"},
        {"cache-control": "no-cache, max-age=7200"},
        {"cache-control": "max-age=7200, no-store"},
        {"cache-control": "no-cache", "expires": format_datetime(NOW + DAY, usegmt=True)},
        {"cache-control": "s-maxage=7200"},
        {"cache-control": "max-age=60", "expires": format_datetime(NOW + DAY, usegmt=True)},
        {"cache-control": "max-age=7200", "age": "999999"},
        {"cache-control": 'private="max-age=7200"'},
        {"expires": "0"},
        {"expires": "Thu, 19 Nov 1981 08:52:00 GMT"},
        {"expires": "Thu, 19 Nov 99999 08:52:00 GMT"},
    ],
)
def test_headers_that_promise_nothing_change_nothing(headers: dict[str, str]) -> None:
    plan = success(headers=headers)
    assert (plan.interval, plan.reasons) == (success().interval, success().reasons)


def test_no_cache_is_told_and_neither_lengthens_nor_shortens() -> None:
    assert success(headers={"cache-control": "No-Cache"}).asked == ("Cache-Control: no-cache",)
    assert success(headers={"cache-control": "private, no-store"}).asked == ("Cache-Control: no-store",)


def test_a_response_can_be_no_older_than_it_lived() -> None:
    plan = success(headers={"cache-control": "max-age=60", "age": "999999"})
    assert plan.asked == ("Cache-Control: max-age=60, of which 60 s were used up",)


@pytest.mark.parametrize("age", [0, 3600])
def test_expires_is_counted_from_the_servers_own_clock(age: int) -> None:
    wrong = NOW - 400 * DAY
    headers = {
        "date": format_datetime(wrong, usegmt=True),
        "expires": format_datetime(wrong + 3 * HOUR, usegmt=True),
        "age": str(age),
    }
    left = 3 * HOUR - age * SECOND
    plan = success(headers=headers)
    assert left <= plan.interval <= left * 1.1
    assert plan.asked[0].startswith("Expires 10800 s after Date")


def test_expires_may_be_written_in_the_oldest_form_of_dates() -> None:
    headers = {"expires": "Sun Nov 22 15:00:00 2026"}
    assert 3 * HOUR <= success(headers=headers).interval <= 3.3 * HOUR


def test_skipped_hours_are_slept_through_in_gmt() -> None:
    plan = success(configured=HOUR, hints=PollHints(skip_hours=frozenset({12, 13, 14})))
    assert plan.next_poll_at.hour == 15
    assert plan.next_poll_at.minute == (NOW + plan.interval).minute
    assert plan.reasons[-1].rule == "skip"
    assert (
        plan.reason
        == f"The feed asks for skipHours 12-14 GMT, so it waits until {plan.next_poll_at:%Y-%m-%d %H:%M} UTC."
    )


def test_hour_0_is_midnight_and_starts_the_day() -> None:
    late = NOW.replace(hour=23, minute=50)
    plan = success(now=late, hints=PollHints(skip_hours=frozenset({0})))
    assert plan.next_poll_at.hour == 1
    assert plan.next_poll_at.date() == NOW.date() + DAY
    before = success(now=late - HOUR, hints=PollHints(skip_hours=frozenset({0})))
    assert before.next_poll_at == late - HOUR + before.interval


def test_skipped_days_are_slept_through_up_to_the_cap_and_nobody_stands_on_it() -> None:
    sunday = PollHints(skip_days=frozenset({6}))
    assert success(hints=sunday).next_poll_at.weekday() == 0
    far = PollHints(skip_days=frozenset({6, 0, 1, 2}))
    moments = {success(key=key, hints=far).next_poll_at for key in KEYS}
    assert NOW + SETTINGS.interval_cap - 5 * MINUTE <= min(moments)
    assert max(moments) <= NOW + SETTINGS.interval_cap
    assert len(moments) == len(KEYS)


def test_a_week_that_is_skipped_whole_is_ignored() -> None:
    for junk in (PollHints(skip_hours=frozenset(range(24))), PollHints(skip_days=frozenset(range(7)))):
        assert success(hints=junk).next_poll_at == success().next_poll_at


def test_what_is_skipped_is_told_in_words() -> None:
    hints = PollHints(skip_hours=frozenset({0, 1, 2, 5, 22, 23}), skip_days=frozenset({5, 6}))
    assert success(hints=hints).asked == ("skipHours 0-2, 5, 22-23 GMT", "skipDays Saturday, Sunday")


# ---------------------------------------------------------------------------------- failures


def test_failures_back_off_up_to_the_cap_and_nobody_stands_on_it() -> None:
    ends = set()
    for key in KEYS[:20]:
        state, last = NEVER_POLLED, timedelta(0)
        for _ in range(40):
            plan = failure(key=key, state=state)
            assert max(SETTINGS.start_interval, last) <= plan.interval <= SETTINGS.failure_cap
            assert plan.next_poll_at == NOW + plan.interval
            assert not plan.disable
            state, last = plan.state, plan.interval
        assert state.failures == 40.0
        assert last >= SETTINGS.failure_cap * 0.9
        assert plan.reasons[-1].rule == "failure-cap"
        ends.add(last)
    assert len(ends) == 20


def test_the_first_failure_of_weight_one_doubles_the_interval() -> None:
    healthy = success()
    plan = failure(state=healthy.state)
    assert plan.interval == 2 * healthy.interval
    assert rules(plan) == ["rhythm", "jitter", "failures"]
    again = failure(state=plan.state)
    assert again.interval == 4 * healthy.interval
    assert rules(again) == ["last", "failures"]
    assert again.reason.startswith("Failing with a weight of 2 in a row; the interval grows to 1 h")


def test_a_light_failure_delays_less_than_a_grave_one() -> None:
    intervals = [failure(weight=weight).interval for weight in (0.5, 1.0, 2.0)]
    assert intervals == sorted(set(intervals))


@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0, 2.0])
def test_a_failing_feed_is_never_asked_sooner_than_a_healthy_one(weight: float) -> None:
    for key in KEYS[:50]:
        for healthy in (
            success(key=key, configured=20 * HOUR),
            success(key=key, headers={"cache-control": "max-age=36000"}),
            success(key=key, hints=PollHints(interval=90 * DAY)),
        ):
            plan = failure(key=key, state=healthy.state, weight=weight)
            assert healthy.interval <= plan.interval <= SETTINGS.failure_cap


def test_a_short_failure_cap_does_not_undercut_the_healthy_interval() -> None:
    for settings in (Settings(failure_cap=DAY), Settings(failure_cap=HOUR)):
        for key in KEYS[:50]:
            healthy = success(key=key, configured=DAY, settings=settings)
            plan = failure(key=key, state=healthy.state, settings=settings)
            assert healthy.interval <= plan.interval <= DAY


def test_an_interval_configured_meanwhile_counts_for_a_failing_feed() -> None:
    state = success().state
    assert failure(state=state, configured=20 * HOUR).interval >= 36 * HOUR


def test_success_ends_a_row_of_failures() -> None:
    failing = failure(state=failure(status=404, weight=2.0).state, status=410).state
    assert (failing.failures, failing.gone) == (3.0, 1)
    plan = success(state=failing)
    assert (plan.state.failures, plan.state.gone, plan.disable) == (0.0, 0, False)
    assert plan.interval == success().interval


def test_years_of_failing_and_absurd_settings_overflow_nothing() -> None:
    longest = timedelta(days=36_525)
    settings = Settings(interval_cap=longest, failure_cap=longest, parking_cap=longest)
    state = FeedState(1e300, 0, 64.0, 0, Rhythm(), longest)
    assert failure(state=state, weight=1e300, settings=settings).interval <= longest
    forever = datetime.max.replace(tzinfo=UTC)
    assert failure(state=state, settings=settings, retry_at=forever).next_poll_at <= NOW + 1.01 * longest
    assert success(state=state, configured=longest, settings=settings).interval <= longest


def test_a_failing_feed_is_left_alone_in_its_skipped_hours() -> None:
    state = success(hints=PollHints(skip_hours=frozenset({12, 13}))).state
    plan = failure(state=state)
    assert plan.next_poll_at.hour == 14
    assert plan.asked == ("skipHours 12-13 GMT",)


# ---------------------------------------------------------------------------------- Retry-After


@pytest.mark.parametrize("later", [HOUR, 10 * DAY, 31 * DAY])
def test_retry_after_is_obeyed_in_full_beyond_the_failure_cap(later: timedelta) -> None:
    plans = [failure(key=key, status=503, retry_at=NOW + later) for key in KEYS]
    moments = [plan.next_poll_at for plan in plans]
    assert NOW + later <= min(moments)
    assert max(moments) <= NOW + later + 5 * MINUTE
    assert len(set(moments)) == len(KEYS)
    assert (
        plans[0].reason
        == f"Parked until {NOW + later:%Y-%m-%d %H:%M} UTC, as the server asked (Retry-After)."
    )
    assert plans[0].asked == (f"Retry-After until {NOW + later:%Y-%m-%d %H:%M} UTC",)


def test_retry_after_is_obeyed_up_to_the_parking_cap() -> None:
    for retry_at in (NOW + 31 * DAY + SECOND, datetime.max.replace(tzinfo=UTC)):
        plan = failure(status=429, retry_at=retry_at)
        assert NOW + SETTINGS.parking_cap <= plan.next_poll_at <= NOW + SETTINGS.parking_cap + 5 * MINUTE
        assert "parking-cap" in rules(plan)


@pytest.mark.parametrize("retry_at", [NOW - DAY, NOW, NOW + SECOND, NOW + 14 * MINUTE])
def test_a_shorter_retry_after_does_not_undo_the_back_off(retry_at: datetime) -> None:
    assert failure(retry_at=retry_at).next_poll_at == failure().next_poll_at


def test_a_longer_retry_after_takes_the_place_of_the_back_off() -> None:
    state, healthy = NEVER_POLLED, success().interval
    for _ in range(20):
        plan = failure(state=state, status=503, retry_at=NOW + HOUR)
        assert plan.interval <= healthy * 1.1
        assert plan.next_poll_at <= NOW + HOUR + 5 * MINUTE
        state = plan.state
    assert state.failures == 20.0


# ---------------------------------------------------------------------------------- refusals


def test_429_without_a_time_stretches_the_interval_until_several_polls_went_well() -> None:
    refused = failure(status=429, state=failure(status=429, state=success().state).state)
    assert refused.state.slowdown == 4.0
    assert refused.reasons[-1].rule == "slowdown"
    plans = [success(state=refused.state)]
    for _ in range(7):
        plans.append(success(state=plans[-1].state))
    # Two polls at a quarter of the speed, three at half, then as before.
    assert [plan.state.slowdown for plan in plans] == [4.0, 4.0, 2.0, 2.0, 2.0, 1.0, 1.0, 1.0]
    healthy = success().interval
    assert plans[1].interval > 3 * healthy
    assert plans[1].interval > plans[2].interval > 1.5 * healthy
    assert plans[-1].interval == healthy
    assert rules(plans[0]) == ["rhythm", "slowdown", "jitter"]
    assert rules(plans[-1]) == ["rhythm", "jitter"]


def test_a_slow_down_applies_to_a_configured_interval_and_to_wishes_as_well() -> None:
    slow = FeedState(slowdown=8.0)
    assert success(state=slow, configured=HOUR).interval >= 7.2 * HOUR
    assert success(state=slow, hints=PollHints(interval=HOUR)).interval >= 7.2 * HOUR
    assert success(state=slow, configured=20 * HOUR).interval <= SETTINGS.interval_cap


def test_one_403_is_a_failure_like_others_and_a_second_one_soon_after_is_a_refusal() -> None:
    once = failure(status=403, state=success().state)
    assert "slowdown" not in rules(once)
    recovered = success(state=once.state)
    assert recovered.interval == success().interval
    again = failure(status=403, state=recovered.state)
    assert again.reasons[-1].rule == "slowdown"
    assert success(state=again.state).interval > 2 * success().interval
    # Long after, it is the first one again.
    state = once.state
    for _ in range(3):
        state = success(state=state).state
    assert "slowdown" not in rules(failure(status=403, state=state))


@pytest.mark.parametrize(
    ("status", "retry_at"), [(429, NOW + HOUR), (403, NOW + HOUR), (503, None), (None, None)]
)
def test_a_named_time_or_another_failure_slows_nothing_down(
    status: int | None, retry_at: datetime | None
) -> None:
    state = NEVER_POLLED
    for _ in range(3):
        state = failure(status=status, retry_at=retry_at, state=state).state
    assert state.slowdown == 1.0
    assert success(state=state).interval == success().interval


def test_a_retry_after_that_names_no_later_time_is_none() -> None:
    assert failure(status=429, retry_at=NOW).state.slowdown == 2.0


def test_a_failure_interrupts_the_calm() -> None:
    calm = success(state=success(state=FeedState(slowdown=2.0)).state).state
    assert calm.calm == 2
    assert failure(state=calm).state.calm == 0


def test_a_slow_down_is_bounded() -> None:
    state = NEVER_POLLED
    for _ in range(2000):
        state = failure(status=429, state=state).state
    assert state.slowdown == 64.0


# ---------------------------------------------------------------------------------- gone


def test_gone_waits_a_day_at_once_and_disables_on_the_third_in_a_row() -> None:
    intervals = [failure(key=key, status=410).interval for key in KEYS]
    assert DAY <= min(intervals) < max(intervals) <= 1.1 * DAY
    plans = [failure(status=410, state=success().state)]
    for _ in range(2):
        plans.append(failure(status=410, state=plans[-1].state))
    assert all(DAY <= plan.interval <= 1.1 * DAY for plan in plans)
    assert [plan.disable for plan in plans] == [False, False, True]
    assert plans[0].reason.startswith("The server says that the feed is gone (410, 1 of 3)")
    assert plans[2].reason == "Disabled: the server said 3 times in a row that the feed is gone (410)."


def test_a_disabled_feed_says_so_whatever_else_it_asks_for() -> None:
    state = FeedState(gone=2, hints=PollHints(skip_hours=frozenset(range(23))))
    plan = failure(status=410, state=state, retry_at=NOW + 9 * DAY)
    assert plan.reason.startswith("Disabled:")


@pytest.mark.parametrize("status", [404, 403, 429, 451, 500, 200, None])
def test_anything_but_gone_never_disables_and_interrupts_the_row(status: int | None) -> None:
    state = FeedState(failures=1e300, gone=2)
    for _ in range(50):
        plan = failure(status=status, state=state)
        assert (plan.state.gone, plan.disable) == (0, False)
        assert plan.interval <= SETTINGS.failure_cap
        state = plan.state


# ---------------------------------------------------------------------------------- outages


def test_an_outage_of_our_own_counts_nothing_and_staggers_the_next_tries() -> None:
    state = replace(success(configured=20 * HOUR).state, failures=3.0, gone=1, slowdown=2.0, calm=1)
    plans = [failure(key=key, state=state, status=None, outage=True) for key in KEYS]
    assert {plan.state for plan in plans} == {state}
    moments = {plan.next_poll_at for plan in plans}
    assert len(moments) == len(KEYS)
    assert NOW + SETTINGS.floor <= min(moments)
    assert max(moments) <= NOW + 2 * SETTINGS.floor
    assert plans[0].interval == state.interval
    assert plans[0].reasons[-1].rule == "outage"


def test_an_answer_proves_that_the_network_works() -> None:
    assert failure(status=410, outage=True) == failure(status=410)


# ---------------------------------------------------------------------------------- audits


def audit(
    *,
    rhythm: Rhythm,
    after: timedelta,
    audited_at: datetime | None = None,
    silent: bool = True,
) -> bool:
    return needs_audit(
        now=NOW + after,
        audited_at=audited_at,
        last_new_at=NOW,
        last_was_conditional_silence=silent,
        rhythm=rhythm,
        settings=SETTINGS,
    )


def test_silence_out_of_rhythm_is_audited_once_a_day_at_most() -> None:
    state = steady(20 * MINUTE, polls=200)
    for hours in range(72):
        seen = silent(NOW + (hours + 1) * HOUR, NOW + hours * HOUR)
        state = success(now=seen.at, state=state, observation=seen).state
    rhythm = state.rhythm
    assert not audit(rhythm=rhythm, after=HOUR)
    assert not audit(rhythm=rhythm, after=3 * DAY, silent=False)
    assert audit(rhythm=rhythm, after=3 * DAY)
    assert not audit(rhythm=rhythm, after=3 * DAY, audited_at=NOW + 2 * DAY + SECOND)
    assert audit(rhythm=rhythm, after=3 * DAY, audited_at=NOW + 2 * DAY)


def test_silence_of_a_feed_without_a_rhythm_is_not_audited() -> None:
    assert not audit(rhythm=Rhythm(), after=3 * DAY)


# ---------------------------------------------------------------------------------- memory


def test_a_state_survives_storage() -> None:
    hints = PollHints(2 * HOUR, frozenset({0, 23}), frozenset({5, 6}))
    state = replace(
        success(state=steady(HOUR), hints=hints).state, failures=1.5, gone=1, slowdown=3.0, calm=2
    )
    stored = json.loads(json.dumps(state.learnt()))
    again = FeedState.of(failures=1.5, gone=1, slowdown=3.0, calm=2, interval=state.interval, learnt=stored)
    assert again.hints == hints
    before, after = (success(state=one, now=NOW + HOUR, hints=None) for one in (state, again))
    assert [reason.rule for reason in after.reasons] == [reason.rule for reason in before.reasons]
    # The rhythm's counts are stored in two bytes each.
    assert abs(after.next_poll_at - before.next_poll_at) < 0.01 * before.interval
    assert replace(after.state, rhythm=before.state.rhythm, interval=before.state.interval) == before.state


def test_a_feed_that_was_never_polled_has_learnt_nothing() -> None:
    assert FeedState.of(failures=0, gone=0, slowdown=1, calm=0, interval=None, learnt=None) == NEVER_POLLED
