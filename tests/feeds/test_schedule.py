"""When a feed is polled next."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from ingestd.feeds.schedule import Plan, Settings, after_failure, after_success, first_poll
from ingestd.model import PollHints

# A Sunday.
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SETTINGS = Settings()
KEYS = [f"https://news.example.test/{number}.xml" for number in range(200)]


def success(
    *,
    key: str = "feed",
    configured: timedelta | None = None,
    hints: PollHints | None = None,
    headers: dict[str, str] | None = None,
    settings: Settings = SETTINGS,
) -> Plan:
    return after_success(
        now=NOW,
        key=key,
        configured=configured,
        hints=hints or PollHints(),
        headers=headers or {},
        settings=settings,
    )


def failure(
    *,
    failures: float = 0.0,
    gone: int = 0,
    weight: float = 1.0,
    status: int | None = 500,
    retry_at: datetime | None = None,
    configured: timedelta | None = None,
    key: str = "feed",
) -> Plan:
    return after_failure(
        now=NOW,
        key=key,
        configured=configured,
        failures=failures,
        gone=gone,
        weight=weight,
        status=status,
        retry_at=retry_at,
        settings=SETTINGS,
    )


def about(interval: timedelta) -> tuple[timedelta, timedelta]:
    return interval * 0.9, interval * 1.1


def test_a_new_feed_is_due_at_once() -> None:
    plan = first_poll(NOW, "feed", SETTINGS)
    assert plan.next_poll_at == NOW
    assert (plan.failures, plan.gone, plan.disable) == (0.0, 0, False)


def test_a_healthy_feed_comes_again_after_the_start_interval() -> None:
    shortest, longest = about(SETTINGS.start_interval)
    plan = success()
    assert shortest <= plan.interval <= longest
    assert plan.next_poll_at == NOW + plan.interval


def test_jitter_is_stable_for_a_feed_and_different_between_feeds() -> None:
    intervals = [success(key=key).interval for key in KEYS]
    assert intervals == [success(key=key).interval for key in KEYS]
    assert len(set(intervals)) == len(KEYS)


@pytest.mark.parametrize("wanted", [MINUTE, 5 * MINUTE, DAY, 30 * DAY])
def test_no_jitter_leaves_the_bounds_and_none_is_lost_at_them(wanted: timedelta) -> None:
    intervals = [success(key=key, configured=wanted).interval for key in KEYS]
    assert min(intervals) >= SETTINGS.floor
    assert max(intervals) <= SETTINGS.interval_cap
    assert len(set(intervals)) == len(KEYS)


def test_the_publishers_interval_lengthens_but_never_shortens() -> None:
    assert success(hints=PollHints(interval=2 * HOUR)).interval >= 2 * HOUR
    assert success(hints=PollHints(interval=MINUTE)).interval >= SETTINGS.start_interval * 0.9
    assert success(hints=PollHints(interval=90 * DAY)).interval <= SETTINGS.interval_cap


def test_a_configured_interval_wins_over_ttl_and_cache_headers() -> None:
    plan = success(
        configured=30 * MINUTE,
        hints=PollHints(interval=5 * HOUR),
        headers={"cache-control": "max-age=18000"},
    )
    shortest, longest = about(30 * MINUTE)
    assert shortest <= plan.interval <= longest


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        ({"cache-control": "max-age=7200"}, 2 * HOUR),
        ({"cache-control": 'public, Max-Age="7200", must-revalidate'}, 2 * HOUR),
        ({"cache-control": "max-age=7200", "age": "3600"}, HOUR),
        ({"cache-control": "max-age=7200, max-age=60"}, 2 * HOUR),
        ({"cache-control": 'no-cache="set-cookie", max-age=7200'}, 2 * HOUR),
        ({"cache-control": "max-age=" + "9" * 5000}, DAY * 0.9),
    ],
)
def test_a_response_is_not_asked_for_again_while_it_is_fresh(
    headers: dict[str, str], fresh: timedelta
) -> None:
    plans = [success(key=key, headers=headers) for key in KEYS]
    assert min(plan.interval for plan in plans) >= fresh
    assert max(plan.interval for plan in plans) <= min(fresh * 1.23, SETTINGS.interval_cap)


@pytest.mark.parametrize(
    "headers",
    [
        {"cache-control": "max-age=0"},
        {"cache-control": "max-age=-5"},
        {"cache-control": "max-age=soon"},
        {"cache-control": "no-cache, max-age=7200"},
        {"cache-control": "no-store"},
        {"cache-control": "max-age=60", "expires": format_datetime(NOW + DAY, usegmt=True)},
        {"cache-control": "max-age=7200", "age": "999999"},
        {"expires": "0"},
        {"expires": "Thu, 19 Nov 1981 08:52:00 GMT"},
    ],
)
def test_headers_that_promise_nothing_leave_the_start_interval(headers: dict[str, str]) -> None:
    assert success(headers=headers).interval == success().interval


def test_expires_is_counted_from_the_servers_own_clock() -> None:
    wrong = NOW - 400 * DAY
    headers = {
        "date": format_datetime(wrong, usegmt=True),
        "expires": format_datetime(wrong + 3 * HOUR, usegmt=True),
    }
    assert 3 * HOUR <= success(headers=headers).interval <= 3.3 * HOUR


def test_skipped_hours_are_slept_through_in_gmt() -> None:
    plan = success(configured=HOUR, hints=PollHints(skip_hours=frozenset({12, 13, 14})))
    assert plan.next_poll_at.hour == 15
    assert plan.next_poll_at.minute == (NOW + plan.interval).minute


def test_skipped_days_are_slept_through_up_to_the_cap() -> None:
    sunday = PollHints(skip_days=frozenset({6}))
    assert success(hints=sunday).next_poll_at.weekday() == 0
    whole_weekend_ahead = PollHints(skip_days=frozenset({6, 0, 1, 2}))
    assert success(hints=whole_weekend_ahead).next_poll_at == NOW + SETTINGS.interval_cap


def test_a_week_that_is_skipped_whole_is_ignored() -> None:
    assert success(hints=PollHints(skip_hours=frozenset(range(24)))) == success()
    assert success(hints=PollHints(skip_days=frozenset(range(7)))) == success()


def test_success_ends_a_row_of_failures() -> None:
    plan = success()
    assert (plan.failures, plan.gone, plan.disable) == (0.0, 0, False)


def test_failures_back_off_up_to_the_cap_and_never_below_the_healthy_interval() -> None:
    failures, last = 0.0, timedelta(0)
    for _ in range(40):
        plan = failure(failures=failures)
        assert plan.interval >= max(SETTINGS.start_interval, last * 0.99)
        assert plan.interval <= SETTINGS.failure_cap
        assert not plan.disable
        failures, last = plan.failures, plan.interval
    assert failures == 40.0
    assert last >= SETTINGS.failure_cap * 0.9


def test_a_light_failure_delays_less_than_a_grave_one() -> None:
    intervals = [failure(weight=weight).interval for weight in (0.5, 1.0, 2.0)]
    assert intervals == sorted(set(intervals))


def test_a_failing_feed_is_not_asked_sooner_than_its_configured_interval() -> None:
    assert min(failure(key=key, configured=20 * HOUR, weight=0.0).interval for key in KEYS) >= 20 * HOUR


@pytest.mark.parametrize("later", [HOUR, 10 * DAY, 31 * DAY])
def test_retry_after_is_obeyed_in_full_up_to_the_parking_cap(later: timedelta) -> None:
    assert failure(status=503, retry_at=NOW + later).next_poll_at == NOW + later
    assert failure(status=429, retry_at=NOW + 31 * DAY + later).next_poll_at == NOW + SETTINGS.parking_cap


def test_a_retry_after_in_the_past_does_not_undo_the_back_off() -> None:
    assert failure(retry_at=NOW - DAY).next_poll_at == failure().next_poll_at


def test_gone_waits_a_day_at_once_and_disables_on_the_third_in_a_row() -> None:
    first = failure(status=410)
    assert first.interval >= DAY
    second = failure(status=410, gone=first.gone, failures=first.failures)
    third = failure(status=410, gone=second.gone, failures=second.failures)
    assert [plan.disable for plan in (first, second, third)] == [False, False, True]
    assert "410" in third.reason


@pytest.mark.parametrize("status", [404, 500, 200, None])
def test_anything_but_gone_never_disables_and_interrupts_the_row(status: int | None) -> None:
    plan = failure(status=status, gone=2, failures=1e300)
    assert (plan.gone, plan.disable) == (0, False)
