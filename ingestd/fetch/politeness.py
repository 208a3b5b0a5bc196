"""When one host may be asked again: spacing, parking and the breaker, as pure decisions.

A `HostState` is the memory of one host as `urls.host_of` names it, feeds and pages together. Whoever
holds the host asks `not_before`, waits, notes `after_start`, makes one request and notes how it ended:

    not_before → after_start → request ─┬─ after_success
                                        └─ after_failure

Three things postpone a request. *Spacing* lies between the starts of two requests and is lengthened by
the Crawl-delay of robots.txt. *Parking* obeys a Retry-After that came with 429 or 503. The *breaker*
parks a host that cannot be reached, for spans that double, so that a dead host costs little.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ingestd.errors import AddressRefused, ConnectFailed, FetchError, StatusRefused, TimedOut

# "Too many requests" and "service unavailable" speak for the whole server; a Retry-After that comes with
# any other status is about the one URL and is left to that URL's own schedule.
HOST_WIDE_STATUSES = (429, 503)


@dataclass(frozen=True, slots=True)
class Settings:
    """How every host is treated unless the configuration says otherwise for it."""

    # Time between the starts of two requests to one host, feeds and pages together.
    spacing: timedelta = timedelta(seconds=1)
    # Whether robots.txt decides which article pages may be fetched (RFC 9309).
    obey_robots: bool = True
    # Whether it decides about feeds as well; a feed is published in order to be polled.
    robots_for_feeds: bool = False
    # How long a robots.txt is used before it is asked for again.
    robots_lifetime: timedelta = timedelta(hours=24)
    # Longest Retry-After that is obeyed.
    parking_cap: timedelta = timedelta(days=31)
    # Longest Crawl-delay that is obeyed; more would make a busy host unreadable.
    max_crawl_delay: timedelta = timedelta(seconds=60)
    # Attempts in a row that reach no answering server before the host is parked.
    breaker_threshold: int = 3
    # First time that the breaker parks a host; each further failure doubles it.
    breaker_first: timedelta = timedelta(minutes=1)
    # Longest time that the breaker parks a host.
    breaker_cap: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class HostState:
    """What is remembered of one host; the default is a host that was never asked."""

    # No request may start earlier because of spacing; None when there was no request yet.
    next_request_at: datetime | None = None
    # No request may start earlier because of Retry-After or the breaker; None when not parked.
    parked_until: datetime | None = None
    # Why, in one sentence; None when not parked.
    park_reason: str | None = None
    # From robots.txt; None when that asks for none.
    crawl_delay: timedelta | None = None
    # Attempts in a row that reached no answering server.
    failures: int = 0


def not_before(state: HostState, now: datetime) -> datetime:
    """The earliest moment for the next request; `now` when it may start at once."""
    return max(now, state.next_request_at or now, state.parked_until or now)


def after_start(
    state: HostState, now: datetime, settings: Settings, spacing_override: timedelta | None = None
) -> HostState:
    """A request starts now. `spacing_override` is what is configured for this host; None: as everywhere."""
    spacing = settings.spacing if spacing_override is None else spacing_override
    asked_for = min(state.crawl_delay or timedelta(0), settings.max_crawl_delay)
    return replace(state, next_request_at=now + max(spacing, asked_for))


def after_success(state: HostState) -> HostState:
    """The server answered with what was asked for, a 304 included: nothing speaks against it any more."""
    return replace(state, parked_until=None, park_reason=None, failures=0)


def after_failure(state: HostState, error: FetchError, now: datetime, settings: Settings) -> HostState:
    """The request failed. An error that says nothing about the host as a whole leaves its parking alone."""
    if isinstance(error, ConnectFailed | TimedOut):
        return _count_unreachable(state, error, now, settings)
    if isinstance(error, AddressRefused):
        return state
    answered = replace(state, failures=0)
    if isinstance(error, StatusRefused) and error.status in HOST_WIDE_STATUSES and error.retry_at:
        until = min(error.retry_at, now + settings.parking_cap)
        return _park(answered, until, f"The server answered {error.status} and asked to be left alone.")
    return answered


def _count_unreachable(state: HostState, error: FetchError, now: datetime, settings: Settings) -> HostState:
    failures = state.failures + 1
    counted = replace(state, failures=failures)
    if failures < settings.breaker_threshold:
        return counted
    # The exponent is bounded because a host may stay dead for years and timedelta overflows.
    doublings = min(failures - settings.breaker_threshold, 30)
    span = min(settings.breaker_first * 2**doublings, settings.breaker_cap)
    return _park(
        counted, now + span, f"{failures} attempts in a row reached no server ({error.error_class})."
    )


def _park(state: HostState, until: datetime, reason: str) -> HostState:
    """A shorter parking never replaces a longer one."""
    if state.parked_until and state.parked_until >= until:
        return state
    return replace(state, parked_until=until, park_reason=reason)
