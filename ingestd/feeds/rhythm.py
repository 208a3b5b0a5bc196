"""When a feed is worth asking again, learnt from what it brought and when.

Entries are counted by the hour of the week (UTC) in which they came, and by the five minutes of the hour,
with weights that halve every `HALF_LIFE`. An hour about which little is known borrows from the same hour of
other days and from other hours of its day, these from the mean of the feed, and that from a prior. The rate
that follows is lowered while nothing comes where entries were expected (the mean of a Gamma distribution
whose shape is `STEADINESS`), and raised for a while after entries if this feed's entries tend to come in
company. Entries count when they came and not when they were found, so all of this is the same however often
the feed is asked. The next poll is due when the waiting of all entries that are expected by then adds up to
`PATIENCE`:

    ∫ rate(u) · (t - u) du, from now to t, = PATIENCE

For a constant rate that is t - now = √(2 · PATIENCE / rate): an interval that follows the inverse square root
of the rate spends requests where they save the most waiting (Cho and Garcia-Molina, "Effective page refresh
policies for Web crawlers", 2003). Where the rate changes, it puts them after the moments at which something
comes. Whatever it says, a poll comes no later than half of the feed's list was ever replaced (`turnover`:
halved at a gap, doubled in every `FORGIVING` of plenty of overlap, untouched by polls that came late), and at
first no later than a quarter of the time since which the feed is known.
"""

import math
import struct
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

# Seconds of waiting, summed over entries, that one request is worth. In `bench.rhythm` this takes 46 % of the
# requests of a poll every 15 minutes, for a median delay of 3.5 minutes; 90 s take a fifth more requests for
# 3.1, 240 s a tenth fewer for 3.9.
PATIENCE = 180.0
# In this time an observation loses half of its weight.
HALF_LIFE = 28 * 86_400.0
# Silence where so many entries were expected halves the rate.
STEADINESS = 3.0
# So long entries make others likely.
COMPANY = 3600.0
# Entries that come within this time of the first are one occasion: no poll lies between them.
OCCASION = 300.0
# Over how many occasions it is judged whether they come in company.
OCCASIONS = 16
# The part of a list that may be replaced between two polls.
REPLACED = 0.5
# In this time without a gap, a turnover that was observed counts as twice as long. Of feeds with short lists,
# 3 days ask for a sixth less and miss a quarter more entries; 8 days ask for an eighth more and miss a tenth
# fewer.
FORGIVING = 5 * 86_400.0

# What the prior of the mean counts for: so many entries in so many hours.
PRIOR_ENTRIES, PRIOR_HOURS = 0.5, 12.0
# What the mean counts for beside an hour of the day and beside a day of the week, and these two together
# beside an hour of the week, in hours watched. Halves and doubles change few figures by more than a tenth: a
# small second one is better for weekly feeds and for silent days, a large one for bursts.
MEAN_BESIDE_HOUR, MEAN_BESIDE_DAY, USUAL_WEIGHT = 4.0, 36.0, 2.0
# What an even spread over the minutes counts for, in entries.
EVEN_WEIGHT = 6.0

# A silence is out of rhythm when it took the place of so many entries, and lasted for this part of the
# longest interval that is allowed.
MISSED_ENTRIES, LEAST_SILENCE = 10.0, 0.5
# So many entries that came lately make a rhythm.
LEAST_LEARNT = 3.0

# The first document tells what was published in this time before it.
_HISTORY = 28 * 86_400.0
# More new entries at once say no more, and neither does a longer time.
_MOST_ENTRIES = 1000
_LONGEST = 7 * 86_400.0
# No `datetime` lies beyond, and no count that two bytes hold.
_LAST_MOMENT, _LARGEST_COUNT = 253_402_300_800.0, 6e4

_HOUR, _SLOT = 3600.0, 300.0
_WEEK, _SLOTS = 168, 12
_COUNTS = struct.Struct(f"<{_WEEK + _SLOTS}e")
_FADES_IN_SLOT = math.exp(-_SLOT / COMPANY)


class Bounds(Protocol):
    """What of `schedule.Settings` counts here."""

    @property
    def floor(self) -> timedelta: ...
    @property
    def start_interval(self) -> timedelta: ...
    @property
    def interval_cap(self) -> timedelta: ...


@dataclass(frozen=True, slots=True)
class Observation:
    """What one poll that was answered with a feed, or with 304, brought."""

    # When the document was read, and when the one before; None = this is the first.
    at: datetime
    since: datetime | None
    # Entries in the document, and how many of them were known; both 0 when it had not changed.
    listed: int
    known: int
    # When the new entries came, as they claim. A time that cannot be (not between `since` and `at`; `at`
    # itself stands for none claimed) tells only that they came between the two polls.
    fresh: Sequence[datetime]
    # Whether it was asked much later than planned.
    late: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """How long to wait by rhythm alone, and why."""

    interval: timedelta
    # For people: what the interval follows from.
    detail: str


@dataclass(frozen=True, slots=True)
class _Counts:
    """Entries by hour of the week and by slot of the hour, with weights that are 1 at `Rhythm.weighed`."""

    # 168, the first is Thursday 00:00 UTC, with which the epoch begins.
    week: tuple[float, ...] = (0.0,) * _WEEK
    # 12, of five minutes each.
    slots: tuple[float, ...] = (0.0,) * _SLOTS
    # Sums over `week` by hour of the day, by day of the week, and over all.
    hours: tuple[float, ...] = (0.0,) * 24
    days: tuple[float, ...] = (0.0,) * 7
    total: float = 0.0


def _counted(week: Sequence[float], slots: Sequence[float]) -> _Counts:
    hours = tuple(sum(week[hour::24]) for hour in range(24))
    days = tuple(sum(week[first : first + 24]) for first in range(0, _WEEK, 24))
    return _Counts(tuple(week), tuple(slots), hours, days, sum(days))


_NOTHING = _Counts()


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is known of one feed. Moments are seconds since the epoch."""

    # What is counted came after this; None = nothing was observed yet.
    began: float | None = None
    # When the first and the latest document was read.
    first: float = 0.0
    at: float = 0.0
    counts: _Counts = _NOTHING
    weighed: float = 0.0
    # When the latest entry came; before any did, when the feed was first read.
    last: float = 0.0
    # Entries that were expected since then.
    unmet: float = 0.0
    # Entries lately, fading with `COMPANY`, at the moment `last`.
    lately: float = 0.0
    # When the latest occasion began, and the share of occasions that followed another closely.
    occasion: float = 0.0
    company: float = 0.3
    # Seconds in which half of the list may be replaced; None = it never came near.
    turnover: float | None = None

    def to_json(self) -> dict[str, object]:
        """Less than 1 kB as JSON; {} while nothing was observed."""
        if self.began is None:
            return {}
        plain: dict[str, object] = {
            name: round(getattr(self, name), digits or None) for name, digits in _NUMBERS
        }
        if self.turnover is not None:
            plain["turnover"] = round(self.turnover)
        counts = (min(count, _LARGEST_COUNT) for count in (*self.counts.week, *self.counts.slots))
        return {**plain, "counts": b64encode(_COUNTS.pack(*counts)).decode("ascii")}

    @classmethod
    def from_json(cls, value: Mapping[str, object] | None) -> "Rhythm":
        """The inverse; anything that `to_json` cannot have written is read as nothing known."""
        try:
            return cls._read(value) if value else cls()
        except (AttributeError, KeyError, TypeError, ValueError, struct.error):
            return cls()

    @classmethod
    def _read(cls, value: Mapping[str, object]) -> "Rhythm":
        numbers = {name: _number(value[name]) for name, _ in _NUMBERS}
        turnover = _number(value["turnover"]) if "turnover" in value else None
        return cls(**numbers, counts=_read_counts(value["counts"]), turnover=turnover)


# What of a rhythm is a plain number, and the decimals that it is worth.
_NUMBERS = (
    *((name, 0) for name in ("began", "first", "at", "weighed", "last", "occasion")),
    *((name, 3) for name in ("unmet", "lately", "company")),
)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LAST_MOMENT:
        raise ValueError
    return float(value)


def _read_counts(value: object) -> _Counts:
    if not isinstance(value, str):
        raise TypeError
    counts = [_number(count) for count in _COUNTS.unpack(b64decode(value, validate=True))]
    return _counted(counts[:_WEEK], counts[_WEEK:])


def is_gap(observation: Observation) -> bool:
    """Whether entries may have come and gone between two polls: nothing that is listed was known."""
    return observation.since is not None and observation.listed > 0 and observation.known == 0


# ------------------------------------------------------------------------------- learning


class _Event(NamedTuple):
    """Entries that came, or a fraction of one that came in one of several hours."""

    at: float
    weight: float
    # Whether the moment is known to the minute.
    sharp: bool


def observe(rhythm: Rhythm, observation: Observation) -> Rhythm:
    """The rhythm with one more poll in it."""
    at = observation.at.timestamp()
    if rhythm.began is None and observation.since is None:
        return _begun(observation, at)
    since = min(at, observation.since.timestamp() if observation.since else rhythm.at)
    rhythm = _unknown(since, since) if rhythm.began is None else _not_after(rhythm, at)
    events = _events(observation.fresh, since, at)
    if events:
        learnt, peak = _with_events(rhythm, events, at)
    else:
        unmet = rhythm.unmet + _expected(_rates(rhythm), since, at)
        learnt, peak = replace(rhythm, unmet=unmet), 0.0
    return replace(learnt, at=at, turnover=_turnover(rhythm.turnover, observation, at - since, peak))


def _unknown(began: float, at: float) -> Rhythm:
    """Of a feed first read at `at`, of which nothing is known yet but what came after `began`."""
    return Rhythm(began=began, first=at, at=at, weighed=at, last=began, occasion=began)


def _not_after(rhythm: Rhythm, at: float) -> Rhythm:
    """As it is, unless the clock went back: then what lay ahead happened just now."""
    if rhythm.at <= at:
        return rhythm
    began = min(rhythm.began or 0.0, at)
    first, last, occasion = min(rhythm.first, at), min(rhythm.last, at), min(rhythm.occasion, at)
    return replace(rhythm, began=began, first=first, last=last, occasion=occasion)


def _begun(observation: Observation, at: float) -> Rhythm:
    """What the first document says: its dated entries are all that came since the oldest of them.

    Equal times count once, since some feeds claim the time at which they were made for all their entries.
    """
    claimed = sorted({moment.timestamp() for moment in observation.fresh})
    dated = [moment for moment in claimed if moment < at]
    began = max(dated[0], at - _HISTORY) if dated else at
    rhythm = _unknown(began, at)
    events = [_Event(moment, 1.0, True) for moment in dated if moment > began]
    if not events:
        return replace(rhythm, last=at)
    learnt, peak = _with_events(rhythm, events[-_MOST_ENTRIES:], at)
    return replace(
        learnt,
        unmet=_expected(_rates(learnt), learnt.last, at),
        turnover=_turnover(None, observation, 0.0, peak),
    )


def _events(fresh: Sequence[datetime], since: float, at: float) -> list[_Event]:
    """When the new entries came, in order; those that claim no time that can be, spread between the polls."""
    moments = [moment.timestamp() for moment in fresh[:_MOST_ENTRIES]]
    events = [_Event(moment, 1.0, True) for moment in moments if since < moment < at]
    if unsure := len(moments) - len(events):
        pieces = max(unsure, min(_WEEK, math.ceil((at - since) / _HOUR)))
        step = (at - since) / pieces
        events += [_Event(since + step * (n + 0.5), unsure / pieces, step <= OCCASION) for n in range(pieces)]
    return sorted(events)


def _with_events(rhythm: Rhythm, events: Sequence[_Event], at: float) -> tuple[Rhythm, float]:
    """With these counted, and the most entries that were there `lately` at any of them."""
    counts, weighed = rhythm.counts, rhythm.weighed
    if abs(at - weighed) > HALF_LIFE:
        counts, weighed = _scaled(counts, _faded(at - weighed)), at
    lately, last, peak = rhythm.lately, rhythm.last, 0.0
    occasion, company = rhythm.occasion, rhythm.company
    for moment, weight, sharp in events:
        if moment > last:
            lately = lately * math.exp((last - moment) / COMPANY) + weight
            last, peak = moment, max(peak, lately)
        if sharp and moment - occasion > OCCASION:
            company += ((moment - occasion < COMPANY) - company) / OCCASIONS
            occasion = moment
    learnt = replace(
        rhythm,
        counts=_with_counted(counts, events, weighed),
        weighed=weighed,
        last=last,
        unmet=0.0,
        lately=lately,
        occasion=occasion,
        company=company,
    )
    return learnt, peak


def _with_counted(counts: _Counts, events: Iterable[_Event], weighed: float) -> _Counts:
    week, slots, hours, days = list(counts.week), list(counts.slots), list(counts.hours), list(counts.days)
    total = counts.total
    for moment, weight, sharp in events:
        hour = int(moment // _HOUR) % _WEEK
        worth = weight * _faded(weighed - moment)
        total += worth
        for sums, place in ((week, hour), (hours, hour % 24), (days, hour // 24)):
            sums[place] += worth
        if sharp:
            slots[int(moment % _HOUR // _SLOT)] += worth
    return _Counts(tuple(week), tuple(slots), tuple(hours), tuple(days), total)


def _faded(seconds: float) -> float:
    """What a weight of 1 has become after that time; a clock that went back is no reason to weigh more."""
    return math.exp2(-max(-HALF_LIFE, seconds) / HALF_LIFE)


def _scaled(counts: _Counts, factor: float) -> _Counts:
    return _counted([count * factor for count in counts.week], [count * factor for count in counts.slots])


def _turnover(known: float | None, observation: Observation, watched: float, peak: float) -> float | None:
    """In what time half of the list may be replaced, after `watched` seconds in which `peak` was the most."""
    longest = math.inf if known is None else known
    if not observation.late and 2 * observation.known >= observation.listed:
        longest *= math.exp2(min(watched, _LONGEST) / FORGIVING)
    # A list of one is new as a whole whenever anything comes, which says nothing.
    if is_gap(observation) and observation.listed > 1:
        longest = min(longest, watched / 2)
    if peak >= 2 and peak >= observation.listed * REPLACED > 0:
        longest = min(longest, COMPANY * observation.listed * REPLACED / peak)
    return max(longest, OCCASION) if longest < _LONGEST else None


# ------------------------------------------------------------------------------- expecting


def _rates(rhythm: Rhythm) -> Callable[[int], float]:
    """Entries a second in an hour, numbered from the epoch, as known when the latest entry came."""
    week, hours, days = rhythm.counts.week, rhythm.counts.hours, rhythm.counts.days
    fade = _faded(rhythm.last - rhythm.weighed)
    total = rhythm.counts.total * fade
    known_for = max(0.0, rhythm.last - (rhythm.began or 0.0))
    watched = HALF_LIFE / math.log(2) * (1 - _faded(known_for)) / _HOUR
    mean = (total + PRIOR_ENTRIES) / (watched + PRIOR_HOURS)
    per_hour, per_day = MEAN_BESIDE_HOUR * mean, MEAN_BESIDE_DAY * mean
    usual = USUAL_WEIGHT * mean / (total / 24 + per_hour) / (total / 7 + per_day)
    seconds = (watched / _WEEK + USUAL_WEIGHT) * _HOUR

    def rate(hour: int) -> float:
        hour %= _WEEK
        of_hour, of_day = hours[hour % 24] * fade + per_hour, days[hour // 24] * fade + per_day
        return (week[hour] * fade + of_hour * of_day * usual) / seconds

    return rate


def _expected(rate: Callable[[int], float], start: float, end: float) -> float:
    """Entries between two moments; more than a week counts as one."""
    entries, moment, end = 0.0, start, min(end, start + _LONGEST)
    while moment < end:
        hour = int(moment // _HOUR)
        border = min(end, (hour + 1) * _HOUR)
        entries += rate(hour) * (border - moment)
        moment = border
    return entries


def _due(rhythm: Rhythm, now: float, latest: float) -> tuple[float, float]:
    """When the waiting adds up to `PATIENCE`, at the latest `latest`, and the entries expected by then."""
    rate, slots = _rates(rhythm), rhythm.counts.slots
    evenly = EVEN_WEIGHT / _SLOTS
    scale = _SLOTS / (sum(slots) + EVEN_WEIGHT)
    trust = STEADINESS / (STEADINESS + rhythm.unmet)
    lately = rhythm.lately * math.exp(min(0.0, rhythm.last - now) / COMPANY) / COMPANY
    burst = rhythm.company * max(0.0, lately - rate(int(now // _HOUR)))
    entries = waiting = 0.0
    moment = now
    while moment < latest:
        slot = int(moment // _SLOT)
        hour, within = divmod(slot, _SLOTS)
        border = (slot + 1) * _SLOT
        span = border - moment
        dense = rate(hour) * trust * (slots[within] + evenly) * scale + burst
        more = entries * span + dense * span * span / 2
        if waiting + more >= PATIENCE:
            left = PATIENCE - waiting
            step = 2 * left / (entries + math.sqrt(entries * entries + 2 * dense * left))
            return min(latest, moment + step), entries + dense * step
        waiting, entries, burst = waiting + more, entries + dense * span, burst * _FADES_IN_SLOT
        moment = border
    return latest, entries


def wait(rhythm: Rhythm, now: datetime, settings: Bounds) -> Wait:
    """How long until the next poll, between the floor and the cap."""
    if rhythm.at <= rhythm.first:
        start = min(settings.start_interval, settings.interval_cap)
        return Wait(max(settings.floor, start), "no rhythm is known yet")
    moment, cap = now.timestamp(), settings.interval_cap.total_seconds()
    due, entries = _due(rhythm, moment, moment + min(cap, _LONGEST))
    seconds, detail = due - moment, f"{entries:.2g} new entries expected by then"
    acquainted = settings.start_interval.total_seconds() + (rhythm.at - rhythm.first) / 4
    if acquainted < seconds:
        seconds, detail = acquainted, "its rhythm is not known for long"
    if rhythm.turnover is not None and rhythm.turnover < seconds:
        seconds, detail = rhythm.turnover, "half of its list was replaced within this time"
    return Wait(max(settings.floor, timedelta(seconds=min(seconds, cap))), detail)


def silence(rhythm: Rhythm, now: datetime, last_new_at: datetime | None, settings: Bounds) -> bool:
    """Whether a feed that brought nothing since `last_new_at` is out of its rhythm."""
    silent_for = now.timestamp() - (last_new_at.timestamp() if last_new_at else rhythm.first)
    long = silent_for >= settings.interval_cap.total_seconds() * LEAST_SILENCE
    # What is expected by the prior alone is nobody's rhythm: such a silence is doubted on one day of a week.
    learnt = rhythm.counts.total >= LEAST_LEARNT
    doubted = learnt or int(silent_for / 86_400) % 7 == 0
    return doubted and long and rhythm.unmet >= MISSED_ENTRIES
