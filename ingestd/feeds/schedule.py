"""When a feed is polled next.

Everything here lengthens or shortens one interval, in this order: the configured interval, or the start
interval stretched by what publisher and server ask for; a jitter that is the feed's own; the floor and a cap.
Hours and days that the publisher wants to be left alone (RSS 2.0 skipHours, skipDays) and a Retry-After
(RFC 9110 §10.2.3) then move the moment itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256

from ingestd.model import PollHints
from ingestd.values import require_positive

GONE = 410
GONE_INTERVAL = timedelta(days=1)
# How many 410s in a row it takes to believe that a feed will not come back.
GONE_CONFIRMED = 3

JITTER = 0.1
# More doublings than this pass every cap and would only overflow.
MAX_DOUBLINGS = 16.0
# Nobody means more than a year; a longer number in a header is junk or an overflow attempt.
MAX_FRESHNESS_SECONDS = 366 * 86_400

_DIRECTIVE = re.compile(r'([\w-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,]+)))?', re.ASCII)
_HOUR = timedelta(hours=1)
_HOURS_IN_WEEK = 7 * 24


@dataclass(frozen=True, slots=True)
class Settings:
    """How often feeds are polled."""

    # No feed is asked more often than this, whatever its publisher or the configuration says.
    floor: timedelta = timedelta(minutes=5)
    # Between two polls of a feed for which no interval is configured.
    start_interval: timedelta = timedelta(minutes=15)
    # Longest interval of a healthy feed.
    interval_cap: timedelta = timedelta(hours=24)
    # Longest interval of a failing feed: nobody is abandoned.
    failure_cap: timedelta = timedelta(days=3)
    # Longest Retry-After that is obeyed.
    parking_cap: timedelta = timedelta(days=31)

    def __post_init__(self) -> None:
        require_positive(self, "floor")
        if self.floor > self.interval_cap:
            raise ValueError("floor must not be longer than interval_cap")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is decided about a feed after a poll."""

    next_poll_at: datetime
    # The rhythm, jitter included; `next_poll_at` lies later when skipHours or a Retry-After moved it.
    interval: timedelta
    # Failures in a row, each counted with its weight; 0.0 is healthy.
    failures: float
    # 410 responses in a row.
    gone: int
    # Whether the feed is to be switched off.
    disable: bool
    # One sentence for a person.
    reason: str


def first_poll(now: datetime, key: str, settings: Settings) -> Plan:
    """The plan of a feed that has never been polled: it is due at once.

    `key` is any string that stays the feed's own, such as its URL; the jitter is made of it.
    """
    interval = _jittered(key, settings.start_interval, settings.floor, settings.interval_cap)
    return Plan(now, interval, 0.0, 0, False, "Never polled, so it is due at once.")


def after_success(
    *,
    now: datetime,
    key: str,
    configured: timedelta | None,
    hints: PollHints,
    headers: Mapping[str, str],
    settings: Settings,
) -> Plan:
    """The plan after a 200 that was read, or a 304.

    `configured` is the interval the owner set for this feed, None when he set none; it wins over the hints
    of publisher and server. `headers` are the response's, names in lower case.
    """
    wanted, source = _healthy(configured, hints, headers, now, settings)
    # Asking before the time that a server named is rude, so jitter may only lengthen such an interval.
    shortest = settings.floor if source in ("configured", "default") else wanted
    interval = _jittered(key, wanted, shortest, settings.interval_cap)
    moment = min(_outside_skipped(now + interval, hints), now + settings.interval_cap)
    reason = f"Healthy; polled every {_spoken(interval)} ({source} interval)."
    return Plan(max(moment, now + interval), interval, 0.0, 0, False, reason)


def after_failure(
    *,
    now: datetime,
    key: str,
    configured: timedelta | None,
    failures: float,
    gone: int,
    weight: float,
    status: int | None,
    retry_at: datetime | None,
    settings: Settings,
) -> Plan:
    """The plan after a poll that gave no feed.

    `failures` and `gone` are those of the last plan, `weight` that of the error; `status` is None when no
    HTTP response came; `retry_at` is the moment that Retry-After names, None without one.
    """
    total = failures + weight
    gone = gone + 1 if status == GONE else 0
    healthy = _within(configured or settings.start_interval, settings.floor, settings.interval_cap)
    shortest = max(healthy, GONE_INTERVAL) if gone else healthy
    backed_off = healthy * 2.0 ** min(total, MAX_DOUBLINGS)
    interval = _jittered(key, backed_off, shortest, max(settings.failure_cap, shortest))
    parked_until = min(retry_at, now + settings.parking_cap) if retry_at else now
    disable = gone >= GONE_CONFIRMED
    reason = _failure_reason(total, gone, interval, parked_until, now)
    return Plan(max(now + interval, parked_until), interval, total, gone, disable, reason)


def _failure_reason(
    failures: float, gone: int, interval: timedelta, parked_until: datetime, now: datetime
) -> str:
    if gone >= GONE_CONFIRMED:
        return f"Disabled: the server said {gone} times in a row that the feed is gone (410)."
    if gone:
        return f"The server says that the feed is gone (410, {gone} in a row); asked again to be sure."
    if parked_until > now + interval:
        return f"Parked until {parked_until:%Y-%m-%d %H:%M} UTC, as the server asked (Retry-After)."
    return f"Failing (weight {failures:g} in a row); next try after {_spoken(interval)}."


def _healthy(
    configured: timedelta | None,
    hints: PollHints,
    headers: Mapping[str, str],
    now: datetime,
    settings: Settings,
) -> tuple[timedelta, str]:
    """The interval before jitter, and what it comes from."""
    if configured is not None:
        return _within(configured, settings.floor, settings.interval_cap), "configured"
    wishes = (
        (settings.start_interval, "default"),
        (hints.interval or timedelta(0), "publisher's"),
        (_freshness(headers, now) or timedelta(0), "server's cache"),
    )
    wanted, source = max(wishes, key=lambda wish: wish[0])
    return _within(wanted, settings.floor, settings.interval_cap), source


def _freshness(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the response stays fresh from now (RFC 9111 §4.2); None when that is not said.

    no-cache and no-store forbid to reuse a response but say nothing about how often it changes.
    """
    directives = _cache_directives(headers.get("cache-control", ""))
    if any(directives.get(name) == "" for name in ("no-cache", "no-store")):
        return None
    lifetime = _seconds(directives["max-age"]) if "max-age" in directives else _expires(headers, now)
    if lifetime is None:
        return None
    age = _seconds(headers.get("age", "").partition(",")[0]) or 0.0
    return timedelta(seconds=max(0.0, lifetime - age))


def _cache_directives(header: str) -> dict[str, str]:
    """Names in lower case with their values, "" for none; the first of several counts (RFC 9111 §4.2.1)."""
    found: dict[str, str] = {}
    for name, quoted, token in _DIRECTIVE.findall(header):
        found.setdefault(name.lower(), quoted or token)
    return found


def _seconds(text: str) -> float | None:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()):
        return None
    return MAX_FRESHNESS_SECONDS if len(digits) > 9 else float(min(int(digits), MAX_FRESHNESS_SECONDS))


def _expires(headers: Mapping[str, str], now: datetime) -> float | None:
    expires = _http_date(headers.get("expires"))
    if expires is None:
        return None
    # Counted from the response's own Date, so that a server with a wrong clock is understood.
    seconds = (expires - (_http_date(headers.get("date")) or now)).total_seconds()
    return min(seconds, MAX_FRESHNESS_SECONDS)


def _http_date(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text) if text else None
    except (ValueError, OverflowError):
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _outside_skipped(moment: datetime, hints: PollHints) -> datetime:
    """The first moment, whole hours later, that the publisher does not want skipped.

    Whole hours keep each feed's own minute, so that the end of a common pause is no rush hour.
    """
    for hours in range(_HOURS_IN_WEEK):
        later = moment + hours * _HOUR
        if later.hour not in hints.skip_hours and later.weekday() not in hints.skip_days:
            return later
    # Every hour of the week is skipped: junk.
    return moment


def _jittered(key: str, wanted: timedelta, shortest: timedelta, longest: timedelta) -> timedelta:
    """`wanted` moved by up to a tenth, always alike for one key, and kept within the bounds.

    At a bound the jitter points inwards, because feeds that all stand exactly on it would march in step.
    """
    number = int.from_bytes(sha256(key.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    spread = JITTER * (2 * number / 2**64 - 1)
    within = _within(wanted, shortest, longest)
    moved = within * (1 + spread)
    if moved < shortest or moved > longest:
        moved = within * (1 - spread)
    return _within(moved, shortest, longest)


def _within(value: timedelta, shortest: timedelta, longest: timedelta) -> timedelta:
    """`value` between the bounds; `shortest` wins where they cross."""
    return max(shortest, min(value, longest))


def _spoken(interval: timedelta) -> str:
    minutes = round(interval.total_seconds() / 60)
    parts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 min"
