"""When one host may be asked again: spacing, parking and the breaker, as pure decisions.

A `HostState` is the memory of one host as `urls.host_of` names it, feeds and pages together. Whoever
holds the host asks `not_before`, waits, makes one request and notes when it started and how it ended:

    not_before → request ─┬─ after_success ─┬─ after_start
                          └─ after_failure ─┘

Four things postpone a request.

*Spacing* lies between the starts of two requests. It is the longest of what is configured, the Crawl-delay
of robots.txt (to its cap), and, for a host whose answers take longer than `slow_after`,

    configured + 2 · (latency - slow_after), at most slow_cap

so that a server that labours rests as long as it works, and one that answers in time is not slowed.
Latency is smoothed over some four answers. A failure may raise it, as a time-out does, but never lowers
it, because a server that has too much to do refuses quickly.

*Parking* obeys a Retry-After that came with 429 or 503. Of a host in a private network, which may be a
bridge that speaks for many sites, it is left to the one URL.

*Rest* is what a 429 without Retry-After asks for: it parks the host for `breaker_first`, and twice as long
each time that it comes again, up to `breaker_cap`.

The *breaker* parks a host that cannot be reached, for spans that double, so that a dead host costs little.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ingestd.errors import AddressRefused, ConnectFailed, FetchError, StatusRefused, TimedOut

# "Too many requests" and "service unavailable" speak for the whole server; a Retry-After that comes with
# any other status is about the one URL and is left to that URL's own schedule.
TOO_MANY_REQUESTS = 429
HOST_WIDE_STATUSES = (TOO_MANY_REQUESTS, 503)
# How much a new latency counts beside all before it.
SMOOTHING = 0.25
SLOWING = 2.0


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
    # First time that the breaker, or a 429 without Retry-After, parks a host; each further one doubles it.
    breaker_first: timedelta = timedelta(minutes=1)
    # Longest time that those park a host.
    breaker_cap: timedelta = timedelta(hours=1)
    # An answer that takes longer lengthens the host's spacing by twice what it takes more.
    slow_after: timedelta = timedelta(seconds=2)
    # Longest spacing that slow answers alone lead to; none means that they do not count.
    slow_cap: timedelta = timedelta(seconds=30)


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
    # Attempts in a row that reached no answering server, or were answered by a bare 429.
    failures: int = 0
    # What an answer takes, smoothed; None when none came yet.
    latency: timedelta | None = None


def not_before(state: HostState, now: datetime) -> datetime:
    """The earliest moment for the next request; `now` when it may start at once."""
    return max(now, state.next_request_at or now, state.parked_until or now)


def after_start(
    state: HostState, started: datetime, settings: Settings, spacing_override: timedelta | None = None
) -> HostState:
    """A request started then. `spacing_override` is what is configured for this host; None: as everywhere."""
    return replace(state, next_request_at=started + spacing(state, settings, spacing_override))


def spacing(state: HostState, settings: Settings, override: timedelta | None = None) -> timedelta:
    """Time between the starts of two requests, by the formula at the head of this module."""
    configured = settings.spacing if override is None else override
    asked_for = min(state.crawl_delay or timedelta(0), settings.max_crawl_delay)
    excess = max(timedelta(0), (state.latency or timedelta(0)) - settings.slow_after)
    slowed = min(configured + SLOWING * excess, settings.slow_cap)
    return max(configured, asked_for, slowed)


def after_success(state: HostState, took: timedelta) -> HostState:
    """The server answered well, a 304 or a redirect included: nothing speaks against it any more."""
    return replace(
        state, parked_until=None, park_reason=None, failures=0, latency=_smoothed(state.latency, took)
    )


def is_unreached(error: Exception) -> bool:
    """Whether this means that no answering server was reached."""
    return isinstance(error, ConnectFailed | TimedOut)


def after_failure(
    state: HostState, error: FetchError, now: datetime, settings: Settings, took: timedelta = timedelta(0)
) -> HostState:
    """The request failed. An error that says nothing about the host as a whole leaves its parking alone."""
    if isinstance(error, AddressRefused):
        return state
    if took > (state.latency or timedelta(0)) and not isinstance(error, ConnectFailed):
        state = replace(state, latency=_smoothed(state.latency, took))
    if is_unreached(error):
        return _count_unreachable(state, error, now, settings)
    if isinstance(error, StatusRefused) and error.status in HOST_WIDE_STATUSES and not error.private:
        return _refused(state, error, now, settings)
    return replace(state, failures=0)


def _smoothed(latency: timedelta | None, took: timedelta) -> timedelta:
    return took if latency is None else latency + (took - latency) * SMOOTHING


def _refused(state: HostState, error: StatusRefused, now: datetime, settings: Settings) -> HostState:
    if error.retry_at is not None and error.retry_at > now:
        until = min(error.retry_at, now + settings.parking_cap)
        reason = f"The server answered {error.status} and asked to be left alone."
        return _park(replace(state, failures=0), until, reason)
    if error.status != TOO_MANY_REQUESTS:
        return replace(state, failures=0)
    times = state.failures + 1
    until = now + _doubled(times - 1, settings)
    return _park(replace(state, failures=times), until, "The server answered 429: too many requests.")


def _doubled(times: int, settings: Settings) -> timedelta:
    """`breaker_first` doubled so often; bounded because a host may stay dead for years."""
    return min(settings.breaker_first * (1 << min(times, 30)), settings.breaker_cap)


def _count_unreachable(state: HostState, error: FetchError, now: datetime, settings: Settings) -> HostState:
    failures = state.failures + 1
    counted = replace(state, failures=failures)
    if failures < settings.breaker_threshold:
        return counted
    until = now + _doubled(failures - settings.breaker_threshold, settings)
    return _park(counted, until, f"{failures} attempts in a row reached no server ({error.error_class}).")


def _park(state: HostState, until: datetime, reason: str) -> HostState:
    """A shorter parking never replaces a longer one."""
    if state.parked_until and state.parked_until >= until:
        return state
    return replace(state, parked_until=until, park_reason=reason)
