"""When invented feeds publish: months of it, in virtual time, for `bench.rhythm`.

Second 0 is a Monday, 00:00 UTC. Every feed has a generator of its own, seeded with (seed, family, number), so
that any of them can be made alone and alike in any process. Each lives in a time zone of its own, lists only
so many of its newest entries, and one in twenty gives its entries no dates. Some are cached on their way:
an entry can be read only a while after the time that it claims.

`HELD_OUT` is a family that is in no other figure. It was written together with the others and before any
rule of polling, has a seed of its own, and is looked at when a rule is final.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Times: TypeAlias = NDArray[np.float64]
Random = np.random.Generator

MINUTE, HOUR, DAY, WEEK = 60.0, 3600.0, 86_400.0, 604_800.0

UNDATED = 0.05
CACHED = 0.15


@dataclass(frozen=True, slots=True)
class Feed:
    """What one feed does, whoever asks and how often."""

    family: str
    # When each entry can first be read, in seconds, ascending; those below 0 were there before.
    appeared: Times
    # Seconds from the time that an entry claims to the time that it can be read.
    lag: float
    # How many of the newest entries it lists.
    window: int
    # Whether its entries claim any time.
    dated: bool


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One family: how its entries are timed, and how many of them a feed lists."""

    # (random, from, until, local - UTC, all in seconds) -> times of publication in any order.
    times: Callable[[Random, float, float, float], Times]
    # How long before second 0 publication began, so that the first document is no special one.
    history: float
    window: tuple[int, int]
    # Of a hundred feeds.
    share: int


def feed(family: str, number: int, seed: int, until: float) -> Feed:
    """Feed `number` of a family, up to second `until`."""
    pattern = PATTERNS[family]
    random = np.random.default_rng((seed, list(PATTERNS).index(family), number))
    zone = float(random.integers(-10, 13)) * HOUR
    window = int(random.integers(*pattern.window, endpoint=True))
    lag = random.uniform(1 * MINUTE, 20 * MINUTE) if random.random() < CACHED else 0.0
    dated = bool(random.random() >= UNDATED)
    appeared = np.sort(pattern.times(random, -pattern.history, until, zone)) + lag
    before = int(np.searchsorted(appeared, 0.0))
    return Feed(family, appeared[max(0, before - window) :], lag, window, dated)


def counts(feeds: int) -> Mapping[str, int]:
    """How many feeds of each family are in a population of so many; `HELD_OUT` is not among them."""
    return {name: round(feeds * each.share / 100) for name, each in PATTERNS.items() if each.share}


# ------------------------------------------------------------------------------- building blocks


def _log_uniform(random: Random, low: float, high: float) -> float:
    return float(np.exp(random.uniform(np.log(low), np.log(high))))


def _hourly(random: Random, rates: Times, start: float, end: float, zone: float) -> Times:
    """A Poisson process whose rate (an hour) follows the local hour of the week: 168 rates."""
    peak = float(rates.max())
    tried = random.uniform(start, end, random.poisson(peak * (end - start) / HOUR))
    hour = ((tried + zone) // HOUR).astype(np.int64) % 168
    return tried[random.random(len(tried)) * peak < rates[hour]]


def _week(day: Times, days: Times) -> Times:
    """168 weights of mean 1 out of 24 of a day and seven of the days, Monday first."""
    weights: Times = np.outer(days, day).ravel()
    weights /= weights.mean()
    return weights


def _waking(random: Random) -> Times:
    """Weights of somebody's hours: little at night, and an own liking of mornings or evenings."""
    hours = np.arange(24)
    middle = random.uniform(10, 19)
    weights: Times = 0.03 + np.exp(-(((hours - middle) / random.uniform(2.5, 5)) ** 2))
    return weights


def _bursts(random: Random, starts: Times, mean_size: float, gap: float) -> Times:
    """Entries in quick succession from each start: geometric in number, exponential in distance."""
    sizes = random.geometric(1 / mean_size, len(starts))
    gaps = random.exponential(gap, int(sizes.sum()))
    first = np.cumsum(sizes) - sizes
    gaps[first] = 0.0
    run = np.cumsum(gaps)
    times: Times = np.repeat(starts, sizes) + run - np.repeat(run[first], sizes)
    return times


def _at_local(start: float, end: float, zone: float, every: float, offset: float) -> Times:
    """Every day's or week's moment `offset` of local time."""
    first = np.floor((start + zone) / every) * every
    return np.arange(first + offset - zone, end, every)


def _late(random: Random, times: Times) -> Times:
    """A planned moment as it turns out: by the clock, after some minutes, or when somebody has finished."""
    kind = random.random()
    if kind < 0.4:
        return times + random.uniform(0, 90, len(times))
    if kind < 0.75:
        return times + random.exponential(random.uniform(3, 15) * MINUTE, len(times))
    return times + random.normal(0, random.uniform(20, 90) * MINUTE, len(times))


def _minute(random: Random) -> float:
    """The minute that people choose: mostly the full hour, a half or a quarter."""
    chosen = random.choice([0, 0, 0, 0, 30, 30, 15, 45, -1])
    return float(random.integers(60) if chosen < 0 else chosen) * MINUTE


def _some(random: Random, times: Times, kept: float) -> Times:
    return times[random.random(len(times)) < kept]


# ------------------------------------------------------------------------------- families


def _bursty(random: Random, start: float, end: float, zone: float) -> Times:
    """A blog or a small desk: now and then somebody sits down and posts several."""
    weights = _week(_waking(random), random.uniform(0.3, 1.2, 7))
    starts = _hourly(random, weights * _log_uniform(random, 0.15, 3.0) / 24, start, end, zone)
    return _bursts(random, starts, random.uniform(2, 10), _log_uniform(random, 1, 25) * MINUTE)


def _newsletter(random: Random, start: float, end: float, zone: float) -> Times:
    """Once a day at its hour, half of them on working days alone, one entry or a few together."""
    offset = float(random.integers(4, 20)) * HOUR + _minute(random)
    days = _at_local(start, end, zone, DAY, offset)
    if random.random() < 0.5:
        days = days[((days + zone) // DAY).astype(np.int64) % 7 < 5]
    sent = _late(random, _some(random, days, 0.97))
    together = int(random.choice([1, 1, 1, 3, 5]))
    return (sent[:, None] + np.arange(together) * random.uniform(0, 20)).ravel()


def _weekly(random: Random, start: float, end: float, zone: float) -> Times:
    """Once a week; a part of them by the clock, others some time that day."""
    offset = float(random.integers(7)) * DAY + float(random.integers(6, 22)) * HOUR + _minute(random)
    weeks = _some(random, _at_local(start, end, zone, WEEK, offset), 0.93)
    if random.random() < 0.4:
        return weeks + random.normal(0, 4 * HOUR, len(weeks))
    return _late(random, weeks)


def _dead(random: Random, start: float, end: float, zone: float) -> Times:
    """Nothing for months or years; one in ten has a late word or two."""
    last = -random.uniform(60, 1500) * DAY
    old = last - np.cumsum(random.exponential(random.uniform(1, 30) * DAY, 40))
    late = random.uniform(0, end, random.integers(1, 3)) if random.random() < 0.1 else np.empty(0)
    return np.concatenate([old, late])


def _newsroom(random: Random, start: float, end: float, zone: float) -> Times:
    """Working hours with deadlines before noon and in the evening, quiet nights, thin weekends."""
    hours = np.arange(24)
    day = 0.02 + 0.6 * ((hours >= 7) & (hours < 20)) + 0.1 * ((hours >= 20) & (hours < 23))
    for deadline in (random.integers(9, 13), random.integers(16, 20)):
        day[deadline] += random.uniform(0.5, 2.5)
    days = np.ones(7)
    days[5:] = random.uniform(0.05, 0.7)
    return _hourly(random, _week(day, days) * _log_uniform(random, 4, 120) / 24, start, end, zone)


def _agency(random: Random, start: float, end: float, zone: float) -> Times:
    """Round the clock, a little less at night."""
    day = 1 + random.uniform(0, 0.6) * np.sin(2 * np.pi * (np.arange(24) - 8) / 24)
    return _hourly(random, _week(day, np.ones(7)) * _log_uniform(random, 3, 25), start, end, zone)


def _short_window(random: Random, start: float, end: float, zone: float) -> Times:
    """Lists a handful and at times publishes more than that within the hour."""
    weights = _week(_waking(random), random.uniform(0.3, 1.2, 7))
    starts = _hourly(random, weights * _log_uniform(random, 0.15, 2.0) / 24, start, end, zone)
    bursts = _bursts(random, starts, random.uniform(8, 30), _log_uniform(random, 0.5, 5) * MINUTE)
    between = _hourly(random, weights * _log_uniform(random, 0.5, 10) / 24, start, end, zone)
    return np.concatenate([bursts, between])


def _on_and_off(random: Random, start: float, end: float, zone: float) -> Times:
    """Falls silent for days or weeks and comes back as if nothing had been."""
    weights = _week(_waking(random), random.uniform(0.3, 1.2, 7))
    times = _hourly(random, weights * _log_uniform(random, 1, 40) / 24, start, end, zone)
    phases = random.exponential(random.uniform(5, 25) * DAY, 200) + 2 * DAY
    phase = np.searchsorted(start + np.cumsum(phases), times)
    spoken: Times = times[phase % 2 == int(random.integers(2))]
    return spoken


def _held_out(random: Random, start: float, end: float, zone: float) -> Times:
    """A town and its club: notices by the clock, a live ticker on some evenings, holidays, summer time."""
    notices = _late(random, _at_local(start, end, zone, DAY, random.integers(7, 18) * HOUR + _minute(random)))
    notices = np.repeat(_some(random, notices, 0.7), int(random.integers(1, 8)))
    notices = notices + random.uniform(0, 10 * MINUTE, len(notices))
    evenings = _at_local(start, end, zone, WEEK, random.integers(7) * DAY + random.integers(13, 21) * HOUR)
    ticker = _bursts(random, _some(random, evenings, 0.6), random.uniform(5, 40), 4 * MINUTE)
    slow = _hourly(
        random, _week(_waking(random), np.ones(7)) * _log_uniform(random, 0.3, 12) / 24, start, end, zone
    )
    times = np.concatenate([notices, ticker, slow])
    holiday = random.uniform(start, end)
    times = times[(times < holiday) | (times > holiday + random.uniform(0, 21) * DAY)]
    changed = random.uniform(0, end)
    return np.where(times > changed, times - HOUR, times)


HELD_OUT = "held out"
HELD_OUT_SEED = 20_261_122

PATTERNS: Mapping[str, _Pattern] = {
    "bursty": _Pattern(_bursty, 60 * DAY, (15, 60), 16),
    "daily newsletter": _Pattern(_newsletter, 60 * DAY, (10, 30), 12),
    "weekly": _Pattern(_weekly, 300 * DAY, (10, 30), 12),
    "dead": _Pattern(_dead, 0.0, (10, 40), 14),
    "newsroom": _Pattern(_newsroom, 30 * DAY, (20, 100), 20),
    "agency": _Pattern(_agency, 7 * DAY, (50, 200), 7),
    "short window": _Pattern(_short_window, 30 * DAY, (5, 12), 8),
    "on and off": _Pattern(_on_and_off, 90 * DAY, (10, 50), 11),
    HELD_OUT: _Pattern(_held_out, 60 * DAY, (8, 50), 0),
}
