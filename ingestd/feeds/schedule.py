"""When a feed is polled next.

One interval goes through the rules below, each of which leaves a `Reason` where it changed something:

    after a success                              after a failure
    1. configured interval, or learnt rhythm     1. the interval planned last, or as after a success
    2. publisher's wish, server's cache          2. back-off by the weight of the failure; a day for 410
    3. slow-down after refusals                  3. slow-down of the time after, for a server that refuses
    4. the feed's own jitter, floor and cap      4. failure cap

Retry-After (RFC 9110 §10.2.3) and the hours and days that the publisher wants to be left alone (RSS 2.0
skipHours, skipDays) then move the moment itself. Nothing that others ask for ever shortens an interval,
and the jitter never undercuts what they asked for.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any

from ingestd.feeds.rhythm import Observation, Rhythm, observe, silence, wait
from ingestd.model import PollHints
from ingestd.values import require_positive

GONE = 410
GONE_INTERVAL = timedelta(days=1)
# How many 410s in a row it takes to believe that a feed will not come back.
GONE_CONFIRMED = 3

# What a refusal without a Retry-After multiplies the slow-down by. A single 403 can be a slip of a
# firewall, so its factor alone stays below the one from which a slow-down is applied.
REFUSALS = {429: 2.0, 403: 1.5}
APPLIED_FROM = 2.0
# 15 minutes become 16 hours: more would only make the way back longer.
MAX_SLOWDOWN = 64.0
# Good polls in a row that halve a slow-down.
CALM_POLLS = 3

JITTER = 0.1
# Most jitter of an interval that aims at a moment.
AIMED_JITTER = timedelta(minutes=3)
# No single failure is graver; years times more doublings than this could overflow.
MAX_DOUBLINGS = 8.0
# Nobody means more than a year; a longer number in a header is junk or an overflow attempt.
MAX_FRESHNESS_SECONDS = 366 * 86_400
# Hosts that all name one moment in a Retry-After are asked again over this time after it.
RETRY_SPREAD = timedelta(minutes=5)
# New feeds start at most this densely, unless the start interval alone makes them come more densely.
FIRST_POLLS_PACE = timedelta(seconds=0.2)
AUDIT_INTERVAL = timedelta(days=1)

_DIRECTIVE = re.compile(r'([\w-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,]+)))?', re.ASCII)
_HOUR = timedelta(hours=1)
_HOURS_IN_WEEK = 7 * 24
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Settings:
    """How often feeds are polled."""

    # No feed is asked more often than this, whatever its publisher or the configuration says.
    floor: timedelta = timedelta(minutes=5)
    # Between two polls of a feed for which no interval is configured and no rhythm is known.
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
class FeedState:
    """What is remembered of a feed between two plans; the default is a feed that was never polled."""

    # Failures in a row, each counted with its weight; 0.0 is healthy.
    failures: float = 0.0
    # 410 responses in a row.
    gone: int = 0
    # Factor on the interval after refusals; 1.0 is none, and one below `APPLIED_FROM` only remembers.
    slowdown: float = 1.0
    # Good polls in a row since the last failure, or since the slow-down was halved.
    calm: int = 0
    rhythm: Rhythm = field(default_factory=Rhythm)
    # As planned last; None when it was never polled.
    interval: timedelta | None = None
    # What the document that was read last asked for: a 304 does not repeat it.
    hints: PollHints = field(default_factory=PollHints)

    @classmethod
    def of(
        cls,
        *,
        failures: float,
        gone: int,
        slowdown: float,
        calm: int,
        interval: timedelta | None,
        learnt: Mapping[str, Any] | None,
    ) -> "FeedState":
        """A state as stored; `learnt` is what `learnt()` gave, None for a feed that was never polled."""
        hints = _hints_from_json((learnt or {}).get("hints", {}))
        return cls(failures, gone, slowdown, calm, Rhythm.from_json(learnt), interval, hints)

    def learnt(self) -> dict[str, Any]:
        """Rhythm and hints as JSON: the rhythm's own keys, and "hints"."""
        return {**self.rhythm.to_json(), "hints": _hints_to_json(self.hints)}


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that changed the interval or the moment."""

    # Stable word: "configured", "rhythm", "publisher", "cache", "floor", "interval-cap", "slowdown",
    # "jitter", "last", "failures", "failure-cap", "gone", "retry-after", "parking-cap", "skip" or "outage".
    rule: str
    # One sentence for a person, with its figures.
    detail: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is decided about a feed after a poll."""

    next_poll_at: datetime
    # Jitter included; `next_poll_at` lies elsewhere when skipHours, a Retry-After or an outage moved it.
    interval: timedelta
    state: FeedState
    # Whether the feed is to be switched off.
    disable: bool
    # In the order in which the rules were applied; never empty.
    reasons: tuple[Reason, ...]
    # What server and publisher asked for, obeyed or not, in words.
    asked: tuple[str, ...]

    @property
    def reason(self) -> str:
        """The rule that decided, in one sentence."""
        if self.disable:
            return next(one.detail for one in self.reasons if one.rule == "gone")
        return [one.detail for one in self.reasons if one.rule != "jitter"][-1]


class _Course:
    """An interval on its way through the rules, and the reasons they left."""

    def __init__(self, interval: timedelta, rule: str, detail: str) -> None:
        self.interval = interval
        self.reasons = [Reason(rule, detail)]

    def say(self, rule: str, detail: str) -> None:
        self.reasons.append(Reason(rule, detail))

    def become(self, interval: timedelta, rule: str, detail: str) -> None:
        """Take another interval; a rule that changes nothing leaves no reason."""
        if interval != self.interval:
            self.interval = interval
            self.say(rule, detail)

    def plan(
        self, moment: datetime, state: FeedState, asked: tuple[str, ...], *, disable: bool = False
    ) -> Plan:
        """What has come of it."""
        return Plan(moment, self.interval, state, disable, tuple(self.reasons), asked)


# ---------------------------------------------------------------------------------- plans


def first_poll(now: datetime, key: str, feeds: int, settings: Settings) -> datetime:
    """When a feed is asked for the first time that was declared just now, as one of so many `feeds`.

    `key` is any string that stays the feed's own, such as its URL. One feed alone is due at once; a list is
    spread over a fifth of a second a feed, and never over more than the start interval.
    """
    window = min(FIRST_POLLS_PACE * max(0, feeds - 1), settings.start_interval)
    return now + window * _share(key, "first poll")


def after_success(
    *,
    now: datetime,
    key: str,
    state: FeedState,
    observation: Observation,
    configured: timedelta | None,
    hints: PollHints | None,
    headers: Mapping[str, str],
    settings: Settings,
) -> Plan:
    """The plan after a 200 that was read, or a 304.

    `now` is when the response came. `configured` is the interval the owner set for this feed, None when he
    set none; it wins over the rhythm and over intervals that others wish for. `hints` are None when no
    document was parsed: those remembered still hold. `headers` are the response's, names in lower case.
    """
    learnt = observe(state.rhythm, observation)
    hints = state.hints if hints is None else hints
    fresh, cache_asked = _freshness(headers, now)
    slowdown, calm = _calmed(state)

    course = _basis(configured, learnt, now, settings)
    wished = _lengthen(course, hints, fresh, cache_asked) if configured is None else _NOTHING
    _bound(course, settings)
    _slow_down(course, slowdown, settings)
    _jitter(course, key, wished, settings)
    moment = _skip(course, key, now + course.interval, hints, now + settings.interval_cap)

    kept = FeedState(0.0, 0, slowdown, calm, learnt, course.interval, hints)
    return course.plan(moment, kept, _asked(cache_asked, hints))


def after_failure(
    *,
    now: datetime,
    key: str,
    state: FeedState,
    configured: timedelta | None,
    weight: float,
    status: int | None,
    retry_at: datetime | None,
    outage: bool,
    settings: Settings,
) -> Plan:
    """The plan after a poll that gave no feed.

    `weight` is that of the error; `status` is None when no HTTP response came; `retry_at` is the moment that
    Retry-After names, None without one. `outage` says that the network is down at our end, which an answer
    of any status disproves.
    """
    course = _at_least_healthy(key, state, configured, now, settings)
    if outage and status is None:
        return _frozen(course, now, key, state, settings)
    counted = _counted(state, weight, status, named=retry_at is not None and retry_at > now)
    if counted.gone:
        _wait_a_day(course, key, counted.gone)
    # A longer time that the server names takes the place of our guess.
    elif retry_at is None or retry_at <= now + course.interval:
        _back_off(course, key, weight, counted.failures, settings)
    if APPLIED_FROM <= counted.slowdown != state.slowdown:
        course.say("slowdown", _slowdown_detail(counted.slowdown))
    parked = _park(course, key, now, retry_at, settings)
    moment = _skip(course, key, parked, state.hints, max(parked, now + settings.failure_cap))
    asked = _asked(f"Retry-After until {_moment(retry_at)}" if retry_at else None, state.hints)
    kept = replace(counted, interval=course.interval)
    return course.plan(moment, kept, asked, disable=counted.gone >= GONE_CONFIRMED)


def needs_audit(
    *,
    now: datetime,
    audited_at: datetime | None,
    last_new_at: datetime | None,
    last_was_conditional_silence: bool,
    rhythm: Rhythm,
    settings: Settings,
) -> bool:
    """Whether the next poll goes without validators, to find out a server that says 304 for ever.

    `audited_at` is the last poll without validators, `last_new_at` the last that brought a new entry; None
    means never. `last_was_conditional_silence` says whether the server answered 304 last.
    """
    if not last_was_conditional_silence:
        return False
    if audited_at is not None and now - audited_at < AUDIT_INTERVAL:
        return False
    return silence(rhythm, now, last_new_at, settings)


# ---------------------------------------------------------------------------------- healthy


def _basis(configured: timedelta | None, learnt: Rhythm, now: datetime, settings: Settings) -> _Course:
    if configured is not None:
        return _Course(configured, "configured", f"An interval of {_spoken(configured)} is configured.")
    by_rhythm = wait(learnt, now, settings)
    detail = f"Every {_spoken(by_rhythm.interval)}: {by_rhythm.detail}."
    return _Course(by_rhythm.interval, "rhythm", detail)


def _lengthen(course: _Course, hints: PollHints, fresh: timedelta, cache_asked: str | None) -> timedelta:
    """Wait as long as publisher and server wish, and return the longer wish."""
    wish = hints.interval or _NOTHING
    detail = f"The feed asks to be polled no more often than every {_spoken(wish)}."
    course.become(max(course.interval, wish), "publisher", detail)
    detail = f"The response stays fresh for {_spoken(fresh)} ({cache_asked})."
    course.become(max(course.interval, fresh), "cache", detail)
    return max(wish, fresh)


def _bound(course: _Course, settings: Settings) -> None:
    if course.interval < settings.floor:
        detail = f"No feed is asked more often than every {_spoken(settings.floor)}."
        course.become(settings.floor, "floor", detail)
    elif course.interval > settings.interval_cap:
        detail = f"No healthy feed waits longer than {_spoken(settings.interval_cap)}."
        course.become(settings.interval_cap, "interval-cap", detail)


def _calmed(state: FeedState) -> tuple[float, int]:
    """Slow-down and calm after one more good poll."""
    if state.slowdown <= 1.0:
        return 1.0, 0
    if state.calm + 1 < CALM_POLLS:
        return state.slowdown, state.calm + 1
    return max(1.0, state.slowdown / 2), 0


def _slow_down(course: _Course, slowdown: float, settings: Settings) -> None:
    if slowdown >= APPLIED_FROM:
        stretched = min(course.interval * slowdown, settings.interval_cap)
        course.become(stretched, "slowdown", _slowdown_detail(slowdown))


def _slowdown_detail(slowdown: float) -> str:
    return (
        f"The server refused without naming a time, so good polls come {slowdown:.3g} times as slowly; "
        f"{CALM_POLLS} of them halve that."
    )


def _jitter(course: _Course, key: str, wished: timedelta, settings: Settings) -> None:
    """Move the interval by up to a tenth, always alike for one key.

    Asking before the time that somebody named is rude; a time beyond the cap is not kept anyway. A rhythm
    aims at the moment after which something comes, so there the jitter is small and never too early.
    """
    cap = settings.interval_cap
    shortest = wished if settings.floor < wished <= cap else settings.floor
    if course.reasons[-1].rule == "rhythm" and course.interval < cap:
        shortest, cap = course.interval, min(cap, course.interval + AIMED_JITTER)
    moved = _jittered(key, course.interval, shortest, cap)
    course.become(moved, "jitter", f"The feed's own jitter makes that {_spoken(moved)}.")


def _jittered(key: str, wanted: timedelta, shortest: timedelta, longest: timedelta) -> timedelta:
    """A point of the feed's own in the tenth around `wanted`, as far as that lies between the bounds.

    At a bound half of it is left; what would lie outside is not moved onto the bound, because feeds that
    all stand exactly there would march in step. `shortest` wins where the bounds cross.
    """
    low = max(shortest, wanted * (1 - JITTER))
    high = min(longest, wanted * (1 + JITTER))
    return low + max(_NOTHING, high - low) * _share(key, "jitter")


def _share(key: str, purpose: str) -> float:
    """A number from 0 to below 1, always alike for one key and purpose."""
    digest = sha256(f"{purpose}\n{key}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


# ---------------------------------------------------------------------------------- failing


def _at_least_healthy(
    key: str, state: FeedState, configured: timedelta | None, now: datetime, settings: Settings
) -> _Course:
    """The interval that a failure starts from.

    What server and publisher wished for, and earlier failures, are in the interval that was planned last.
    """
    course = _basis(configured, state.rhythm, now, settings)
    _bound(course, settings)
    _jitter(course, key, _NOTHING, settings)
    if state.interval is None or state.interval <= course.interval:
        return course
    return _Course(state.interval, "last", f"The interval was {_spoken(state.interval)} before.")


def _frozen(course: _Course, now: datetime, key: str, state: FeedState, settings: Settings) -> Plan:
    """While the network is down at our end nothing is counted, and all come back one after the other."""
    pause = settings.floor * (1 + _share(key, "outage"))
    course.say(
        "outage",
        f"Most hosts could not be reached, so the fault seems to be ours; tried again in {_spoken(pause)}.",
    )
    moment = _skip(course, key, now + pause, state.hints, now + settings.interval_cap)
    return course.plan(moment, state, _asked(None, state.hints))


def _counted(state: FeedState, weight: float, status: int | None, *, named: bool) -> FeedState:
    """The state with one more failure; `named` says whether the server named a time to come back."""
    factor = 1.0 if named or status is None else REFUSALS.get(status, 1.0)
    return replace(
        state,
        failures=state.failures + weight,
        gone=state.gone + 1 if status == GONE else 0,
        slowdown=min(state.slowdown * factor, MAX_SLOWDOWN),
        calm=0,
    )


def _wait_a_day(course: _Course, key: str, gone: int) -> None:
    course.interval = max(course.interval, _jittered(key, GONE_INTERVAL, GONE_INTERVAL, timedelta.max))
    if gone >= GONE_CONFIRMED:
        detail = f"Disabled: the server said {gone} times in a row that the feed is gone (410)."
    else:
        detail = (
            f"The server says that the feed is gone (410, {gone} of {GONE_CONFIRMED}); "
            f"asked again in {_spoken(course.interval)} to be sure."
        )
    course.say("gone", detail)


def _back_off(course: _Course, key: str, weight: float, failures: float, settings: Settings) -> None:
    """Double the interval for a failure of weight 1, up to the feed's own place below the failure cap."""
    last = course.interval
    longest = max(settings.failure_cap, min(last, settings.interval_cap))
    own_cap = max(min(last, longest), _jittered(key, longest, _NOTHING, longest))
    grown = min(last, longest) * 2.0 ** min(max(weight, 0.0), MAX_DOUBLINGS)
    course.interval = min(grown, own_cap)
    row = f"Failing with a weight of {failures:.3g} in a row"
    if grown > own_cap:
        detail = f"{row}; no failing feed waits longer than {_spoken(longest)}."
        course.say("failure-cap", detail)
    else:
        course.say("failures", f"{row}; the interval grows to {_spoken(grown)}.")


def _park(
    course: _Course, key: str, now: datetime, retry_at: datetime | None, settings: Settings
) -> datetime:
    """The moment of the next poll: after the interval, or after the time that the server named."""
    after_interval = now + course.interval
    if retry_at is None or retry_at <= after_interval:
        return after_interval
    until = min(retry_at, now + settings.parking_cap)
    if until < retry_at:
        detail = f"A Retry-After is obeyed for {_spoken(settings.parking_cap)} at most."
        course.say("parking-cap", detail)
    course.say("retry-after", f"Parked until {_moment(until)}, as the server asked (Retry-After).")
    spread = min(RETRY_SPREAD, (until - now) * JITTER) * _share(key, "retry")
    return max(after_interval, until + spread)


# ---------------------------------------------------------------------------------- hours and days


def _skip(course: _Course, key: str, moment: datetime, hints: PollHints, latest: datetime) -> datetime:
    """The moment, or a later one up to about `latest` that the publisher does not want skipped."""
    later = _outside_skipped(moment, hints)
    if later > latest:
        # Before the latest, because all those that stand exactly on a cap would march in step.
        later = latest - RETRY_SPREAD * _share(key, "skip")
    if later <= moment:
        return moment
    wish = " and ".join(_skip_words(hints))
    course.say("skip", f"The feed asks for {wish}, so it waits until {_moment(later)}.")
    return later


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


# ---------------------------------------------------------------------------------- what was asked for


def _freshness(headers: Mapping[str, str], now: datetime) -> tuple[timedelta, str | None]:
    """How long the response stays fresh from now (RFC 9111 §4.2), and how that was said.

    no-cache and no-store forbid to reuse a response but say nothing about how often it changes: they
    lengthen nothing, and are no reason to ask without pause.
    """
    directives = _cache_directives(headers.get("cache-control", ""))
    for name in ("no-store", "no-cache"):
        if directives.get(name) == "":
            return _NOTHING, f"Cache-Control: {name}"
    if "max-age" in directives:
        source, lifetime = "Cache-Control: max-age={}", _seconds(directives["max-age"])
    else:
        source, lifetime = "Expires {} s after Date", _expires(headers, now)
    if lifetime is None:
        return _NOTHING, None
    age = min(_seconds(headers.get("age", "").partition(",")[0]) or 0, lifetime)
    used = f", of which {age} s were used up" if age else ""
    return timedelta(seconds=lifetime - age), source.format(lifetime) + used


def _cache_directives(header: str) -> dict[str, str]:
    """Names in lower case with their values, "" for none; the first of several counts (RFC 9111 §4.2.1)."""
    found: dict[str, str] = {}
    for name, quoted, token in _DIRECTIVE.findall(header):
        found.setdefault(name.lower(), quoted or token)
    return found


def _seconds(text: str) -> int | None:
    """A number of seconds as headers write it, a year at most; None for anything else, negative ones too."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()):
        return None
    return MAX_FRESHNESS_SECONDS if len(digits) > 9 else min(int(digits), MAX_FRESHNESS_SECONDS)


def _expires(headers: Mapping[str, str], now: datetime) -> int | None:
    """Seconds from the response's own Date, so that a server with a wrong clock is understood."""
    expires = _http_date(headers.get("expires"))
    if expires is None:
        return None
    seconds = (expires - (_http_date(headers.get("date")) or now)).total_seconds()
    return int(min(seconds, MAX_FRESHNESS_SECONDS)) if seconds > 0 else None


def _http_date(text: str | None) -> datetime | None:
    """A date of any of the forms of RFC 9110 §5.6.7; they are always in GMT."""
    try:
        moment = parsedate_to_datetime(text) if text else None
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _asked(by_server: str | None, hints: PollHints) -> tuple[str, ...]:
    """All that was asked for, in words; `by_server` is what the response's headers said."""
    interval = f"ttl or sy:updatePeriod of {_spoken(hints.interval)}" if hints.interval else None
    return tuple(words for words in (by_server, interval, *_skip_words(hints)) if words)


def _skip_words(hints: PollHints) -> Iterator[str]:
    """ "skipHours 0-5, 12 GMT", "skipDays Saturday, Sunday"; nothing for what is not asked."""
    if hints.skip_hours:
        yield f"skipHours {', '.join(_ranges(hints.skip_hours))} GMT"
    if hints.skip_days:
        yield f"skipDays {', '.join(_WEEKDAYS[day] for day in sorted(hints.skip_days))}"


def _ranges(numbers: Collection[int]) -> Iterator[str]:
    for first in sorted(number for number in numbers if number - 1 not in numbers):
        last = first
        while last + 1 in numbers:
            last += 1
        yield str(first) if first == last else f"{first}-{last}"


def _hints_to_json(hints: PollHints) -> dict[str, Any]:
    """Only what is asked for: most feeds ask for nothing."""
    values = {
        "seconds": hints.interval.total_seconds() if hints.interval else None,
        "skip_hours": sorted(hints.skip_hours),
        "skip_days": sorted(hints.skip_days),
    }
    return {name: value for name, value in values.items() if value}


def _hints_from_json(value: Mapping[str, Any]) -> PollHints:
    seconds = value.get("seconds")
    return PollHints(
        timedelta(seconds=seconds) if seconds else None,
        frozenset(value.get("skip_hours", ())),
        frozenset(value.get("skip_days", ())),
    )


# ---------------------------------------------------------------------------------- words


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _spoken(interval: timedelta) -> str:
    """The two largest units that say something: "2 d 4 h", "1 h", "15 min 27 s"."""
    seconds = round(interval.total_seconds())
    if seconds >= 86_400:
        seconds = round(seconds / 3600) * 3600
    elif seconds >= 3600:
        seconds = round(seconds / 60) * 60
    parts = (
        (seconds // 86_400, "d"),
        (seconds // 3600 % 24, "h"),
        (seconds // 60 % 60, "min"),
        (seconds % 60, "s"),
    )
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"
