"""Decisions about one host."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ingestd.errors import (
    AddressRefused,
    BadResponse,
    ConnectFailed,
    FetchError,
    StatusRefused,
    TimedOut,
    TooLarge,
)
from ingestd.fetch.politeness import (
    HostState,
    Settings,
    after_failure,
    after_start,
    after_success,
    not_before,
    spacing,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SETTINGS = Settings()
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=n) for n in (1, 60, 3_600, 86_400))


def failed(
    error: FetchError,
    state: HostState = HostState(),  # noqa: B008  (frozen)
    took: timedelta = timedelta(0),
) -> HostState:
    return after_failure(state, error, NOW, SETTINGS, took)


def refused(status: int, wait: timedelta | None, *, private: bool = False) -> StatusRefused:
    retry_at = NOW + wait if wait is not None else None
    return StatusRefused("no", status=status, retry_at=retry_at, private=private)


class TestSpacing:
    def test_new_host_may_be_asked_at_once(self) -> None:
        assert not_before(HostState(), NOW) == NOW

    def test_lies_between_the_starts_of_two_requests(self) -> None:
        state = after_start(HostState(), NOW, SETTINGS)
        assert not_before(state, NOW) == NOW + SECOND
        assert not_before(state, NOW + HOUR) == NOW + HOUR

    @pytest.mark.parametrize(
        ("crawl_delay", "override", "expected"),
        [
            (None, None, SECOND),
            (10 * SECOND, None, 10 * SECOND),
            (0.5 * SECOND, None, SECOND),
            (DAY, None, MINUTE),
            (None, 5 * SECOND, 5 * SECOND),
            (None, 0 * SECOND, 0 * SECOND),
            (10 * SECOND, 5 * SECOND, 10 * SECOND),
            (None, 2 * MINUTE, 2 * MINUTE),
        ],
    )
    def test_is_lengthened_by_crawl_delay_up_to_its_cap(
        self, crawl_delay: timedelta | None, override: timedelta | None, expected: timedelta
    ) -> None:
        state = after_start(HostState(crawl_delay=crawl_delay), NOW, SETTINGS, override)
        assert not_before(state, NOW) == NOW + expected


class TestSlowServers:
    @pytest.mark.parametrize(
        ("latency", "expected"),
        [(0, 1), (0.3, 1), (2, 1), (2.5, 2), (3, 3), (10, 17), (16.5, 30), (60, 30), (10**6, 30)],
    )
    def test_are_left_to_rest_as_long_as_they_work(self, latency: float, expected: float) -> None:
        state = HostState(latency=latency * SECOND)
        assert spacing(state, SETTINGS) == expected * SECOND

    def test_are_never_asked_sooner_than_configured_or_than_they_ask_for(self) -> None:
        slow = HostState(latency=10 * SECOND, crawl_delay=40 * SECOND)
        assert spacing(slow, SETTINGS) == 40 * SECOND
        assert spacing(slow, SETTINGS, MINUTE) == MINUTE
        assert spacing(replace(slow, crawl_delay=None), SETTINGS, 5 * SECOND) == 21 * SECOND

    def test_can_be_asked_as_often_as_any_other(self) -> None:
        steady = replace(SETTINGS, slow_cap=timedelta(0))
        assert spacing(HostState(latency=HOUR), steady) == SECOND

    def test_latency_is_smoothed(self) -> None:
        state = after_success(HostState(), 8 * SECOND)
        assert state.latency == 8 * SECOND
        assert after_success(state, 4 * SECOND).latency == 7 * SECOND

    def test_one_slow_answer_among_fast_ones_slows_nothing(self) -> None:
        state = after_success(HostState(latency=0.1 * SECOND), 7 * SECOND)
        assert spacing(state, SETTINGS) == SECOND

    def test_a_server_that_has_recovered_is_asked_as_before_after_some_answers(self) -> None:
        state, answers = HostState(latency=MINUTE), 0
        while spacing(state, SETTINGS) > SECOND:
            state, answers = after_success(state, 0.1 * SECOND), answers + 1
        assert 5 < answers < 15

    def test_a_quick_refusal_is_no_sign_of_recovery_and_a_slow_one_counts(self) -> None:
        slow = HostState(latency=10 * SECOND)
        assert failed(refused(500, None), slow, 0.1 * SECOND).latency == 10 * SECOND
        assert failed(TimedOut("x"), slow, 20 * SECOND).latency == 12.5 * SECOND
        assert failed(ConnectFailed("x"), slow, 20 * SECOND).latency == 10 * SECOND


class TestParking:
    @pytest.mark.parametrize("status", [429, 503])
    def test_retry_after_parks_the_host(self, status: int) -> None:
        state = failed(refused(status, 2 * HOUR))
        assert not_before(state, NOW) == NOW + 2 * HOUR
        assert str(status) in (state.park_reason or "")

    def test_ends_at_the_cap(self) -> None:
        assert failed(refused(503, 300 * DAY)).parked_until == NOW + 31 * DAY

    @pytest.mark.parametrize("error", [refused(503, None), refused(404, DAY), refused(500, DAY)])
    def test_is_for_429_and_503_with_retry_after_alone(self, error: StatusRefused) -> None:
        assert failed(error) == HostState()

    @pytest.mark.parametrize("error", [refused(429, DAY, private=True), refused(503, DAY, private=True)])
    def test_of_a_host_in_a_private_network_is_left_to_the_url(self, error: StatusRefused) -> None:
        assert failed(error) == HostState()

    def test_shorter_one_does_not_replace_a_longer_one(self) -> None:
        state = failed(refused(429, DAY))
        assert failed(refused(503, HOUR), state) == state

    def test_ends_with_the_next_success(self) -> None:
        state = after_success(failed(refused(429, DAY)), SECOND)
        assert (state.parked_until, state.park_reason) == (None, None)


class TestRest:
    def test_a_bare_429_parks_for_spans_that_double(self) -> None:
        state, spans = HostState(), []
        for _ in range(9):
            state = failed(refused(429, None), state)
            spans.append(not_before(state, NOW) - NOW)
        assert spans[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
        assert spans[-1] == HOUR

    def test_a_retry_after_that_is_over_already_is_none(self) -> None:
        assert not_before(failed(refused(429, -HOUR)), NOW) == NOW + MINUTE

    def test_any_other_answer_starts_it_anew(self) -> None:
        tired = failed(refused(429, None), HostState(failures=3))
        assert tired.failures == 4
        assert failed(refused(404, None), tired).failures == 0
        assert after_success(tired, SECOND) == HostState(latency=SECOND)

    def test_a_bridge_of_ones_own_needs_none(self) -> None:
        assert failed(refused(429, None, private=True)) == HostState()


class TestBreaker:
    @pytest.mark.parametrize("error", [ConnectFailed("x"), ConnectFailed("x", kind="dns"), TimedOut("x")])
    def test_parks_after_three_failures_for_spans_that_double(self, error: FetchError) -> None:
        state, spans = HostState(), []
        for _ in range(12):
            state = failed(error, state)
            spans.append(not_before(state, NOW) - NOW)
        assert spans[:6] == [0 * SECOND, 0 * SECOND, MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
        assert spans[-1] == HOUR

    def test_says_why(self) -> None:
        state = HostState(failures=2)
        assert failed(ConnectFailed("x", kind="dns"), state).park_reason == (
            "3 attempts in a row reached no server (dns)."
        )

    def test_does_not_overflow_for_a_host_that_is_dead_for_years(self) -> None:
        assert failed(ConnectFailed("x"), HostState(failures=10**6)).parked_until == NOW + HOUR

    def test_success_starts_it_anew(self) -> None:
        state = failed(ConnectFailed("x"), HostState(failures=5))
        assert after_success(state, SECOND) == HostState(latency=SECOND)

    @pytest.mark.parametrize("error", [refused(404, None), BadResponse("x"), TooLarge("x")])
    def test_any_answer_starts_it_anew(self, error: FetchError) -> None:
        assert failed(error, HostState(failures=2)) == HostState()

    def test_refused_address_says_nothing_about_the_server(self) -> None:
        assert failed(AddressRefused("x"), HostState(failures=2)).failures == 2


def test_spacing_and_crawl_delay_survive_what_happens() -> None:
    state = after_start(HostState(crawl_delay=5 * SECOND), NOW, SETTINGS)
    for changed in (
        after_success(state, SECOND),
        failed(ConnectFailed("x"), state),
        failed(refused(429, DAY), state),
    ):
        assert (changed.crawl_delay, changed.next_request_at) == (5 * SECOND, NOW + 5 * SECOND)
