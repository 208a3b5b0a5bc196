"""How soon entries are seen, and what that costs in requests: the learnt rhythm beside the known rules.

    python -m bench.rhythm [--feeds 5000] [--days 91] [--held-out] [--quick]

Months of invented publishing (`bench.publishing`) are replayed in virtual time: nothing is asked for and no
clock runs. 5,000 feeds over 91 days take nine minutes of CPU, on as many cores as there are. All begin
together, know nothing at first, and are asked exactly when their rule says:

    fixed      every 15 minutes
    Miniflux   its entry frequency scheduler: a week divided by the entries of a week, which are reckoned from
               the mean distance of those of the last seven days; between 5 minutes and 24 hours, the longest
               when there are fewer than two (SCHEDULER_ENTRY_FREQUENCY_* in miniflux.1 and its configuration
               page; defaults). Its default POLLING_FREQUENCY would add up to an hour to each delay, which is
               left out here.
    CommaFeed  its empirical interval: half of the mean distance of the entries listed, between 5 minutes and
               one hour; one hour when the newest is a week old, two after two weeks, four after 30 days
               (commafeed.feed-refresh.interval, interval-empirical and max-interval in its documentation and
               in the notes of 5.6.0; defaults). Feeds without dates get the longest.
    ingestd    `ingestd.feeds.rhythm` as the product calls it, with the jitter that the schedule adds to it

The delay runs from the moment an entry can be read to the poll that reads it. An entry is missed when it had
left the feed's list by then. Entries of the last day are not counted, since no rule could be late for them.
"""

import os
from argparse import ArgumentParser
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from multiprocessing import get_context
from typing import TypeAlias

import numpy as np

from bench.machine import arguments, print_machine, print_table
from bench.publishing import DAY, HELD_OUT, HELD_OUT_SEED, HOUR, MINUTE, WEEK, Feed, Times, counts, feed
from ingestd.feeds.rhythm import Observation, Rhythm, observe, wait
from ingestd.feeds.schedule import AIMED_JITTER, JITTER, Settings

START = datetime(2026, 6, 1, tzinfo=UTC)
SETTINGS = Settings()
FIXED = 15 * MINUTE

# Until when a feed is asked -> when it is asked, in seconds.
Rule: TypeAlias = Callable[[Feed, float, float], Times]


def fixed(feed: Feed, first: float, until: float) -> Times:
    """Every 15 minutes."""
    return np.arange(first, until, FIXED)


class _Reader:
    """What a poller sees of one feed, poll after poll."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._appeared = feed.appeared.tolist()
        self._count = 0
        # When the entries were published, as far as the reader can tell.
        self.published: list[float] = []
        self.listed = 0

    def read(self, at: float) -> list[float]:
        """When the new entries were published, as they claim, or `at`; also noted in `published`."""
        count = bisect_right(self._appeared, at)
        if count == self._count:
            return []
        self.listed = min(count, self._feed.window)
        seen = self._appeared[max(self._count, count - self.listed) : count]
        self._count = count
        new = [moment - self._feed.lag for moment in seen] if self._feed.dated else [at] * len(seen)
        self.published += new
        return new


def miniflux(feed: Feed, first: float, until: float) -> Times:
    """A week by the entries of a week."""
    reader = _Reader(feed)

    def interval(at: float) -> float:
        reader.read(at)
        week = reader.published[bisect_left(reader.published, at - WEEK) :]
        between = (week[-1] - week[0]) / (len(week) - 1) if len(week) > 1 else 0.0
        return min(max(WEEK / ceil(WEEK / between), 5 * MINUTE), DAY) if between else DAY

    return _polls(interval, first, until)


def commafeed(feed: Feed, first: float, until: float) -> Times:
    """Half of the mean distance of listed entries, unless the newest is old."""
    reader = _Reader(feed)

    def interval(at: float) -> float:
        reader.read(at)
        listed = reader.published[len(reader.published) - reader.listed :]
        if not listed or not feed.dated or at - listed[-1] >= 30 * DAY:
            return 4 * HOUR
        if at - listed[-1] >= 7 * DAY:
            return 2 * HOUR if at - listed[-1] >= 14 * DAY else 1 * HOUR
        between = (listed[-1] - listed[0]) / (len(listed) - 1) if len(listed) > 1 else DAY
        return min(max(between / 2, 5 * MINUTE), 1 * HOUR)

    return _polls(interval, first, until)


def ingestd(feed: Feed, first: float, until: float) -> Times:
    """The product's rule."""
    reader = _Reader(feed)
    rhythm, since = Rhythm(), None
    share, cap = first / FIXED, SETTINGS.interval_cap.total_seconds()

    def interval(at: float) -> float:
        nonlocal rhythm, since
        now = START + timedelta(seconds=at)
        fresh = [START + timedelta(seconds=moment) for moment in reader.read(at)]
        listed = reader.listed if fresh else 0
        rhythm = observe(rhythm, Observation(now, since, listed, listed - len(fresh), fresh, False))
        since = now
        wanted = wait(rhythm, now, SETTINGS).interval.total_seconds()
        return min(wanted + share * min(JITTER * wanted, AIMED_JITTER.total_seconds()), cap)

    return _polls(interval, first, until)


def _polls(interval: Callable[[float], float], first: float, until: float) -> Times:
    polls = []
    at = first
    while at < until:
        polls.append(at)
        at += interval(at)
    return np.array(polls)


RULES: Mapping[str, Rule] = {"fixed": fixed, "Miniflux": miniflux, "CommaFeed": commafeed, "ingestd": ingestd}


# ------------------------------------------------------------------------------- measuring


@dataclass(frozen=True, slots=True)
class Result:
    """What one rule did with some feeds."""

    requests: int
    # Seconds, of each entry that was seen.
    delays: Times
    missed: int


def measured(feed: Feed, polls: Times, until: float) -> Result:
    """Each entry that could be read after the first poll and before the last day."""
    numbers = np.flatnonzero((feed.appeared > polls[0]) & (feed.appeared < until - DAY))
    appeared = feed.appeared[numbers]
    seen_at = np.append(polls, until)[np.searchsorted(polls, appeared)]
    listed_from = np.searchsorted(feed.appeared, seen_at, side="right") - feed.window
    missed = numbers < listed_from
    return Result(len(polls), (seen_at - appeared)[~missed].astype(np.float32), int(missed.sum()))


def together(results: Iterable[Result]) -> Result:
    """Of several as of one."""
    some = list(results)
    delays = np.concatenate([each.delays for each in some])
    return Result(sum(each.requests for each in some), delays, sum(each.missed for each in some))


def replay(family: str, numbers: range, seed: int, until: float) -> tuple[str, dict[str, Result]]:
    """Some feeds of a family under every rule."""
    results: dict[str, list[Result]] = defaultdict(list)
    for number in numbers:
        some = feed(family, number, seed, until)
        first = float(np.random.default_rng((seed, number)).uniform(0, FIXED))
        for name, rule in RULES.items():
            results[name].append(measured(some, rule(some, first, until), until))
    return family, {name: together(each) for name, each in results.items()}


def replayed(sizes: Mapping[str, int], seed: int, days: int) -> dict[str, dict[str, Result]]:
    """Family -> rule -> result, on all cores."""
    parts = [
        (family, range(start, min(start + 10, size)), seed, days * DAY)
        for family, size in sizes.items()
        for start in range(0, size, 10)
    ]
    found: dict[str, dict[str, list[Result]]] = defaultdict(lambda: defaultdict(list))
    cores = len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        for family, results in pool.map(replay, *zip(*parts, strict=True)):
            for name, result in results.items():
                found[family][name].append(result)
    return {family: {name: together(each) for name, each in rules.items()} for family, rules in found.items()}


# ------------------------------------------------------------------------------- printing


def main() -> None:
    parser = ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--feeds", type=int, default=5000)
    parser.add_argument("--days", type=int, default=91)
    parser.add_argument("--held-out", action="store_true", help="the family that no rule was tuned on")
    options = arguments(parser)
    feeds, days = (200, 14) if options.quick else (options.feeds, options.days)
    print_machine()
    if options.held_out:
        sizes, seed = {HELD_OUT: feeds // 10}, HELD_OUT_SEED
    else:
        sizes, seed = dict(counts(feeds)), options.seed
    print(f"{sum(sizes.values())} feeds over {days} days")
    print_results(sizes, replayed(sizes, seed, days), days)


def print_results(sizes: Mapping[str, int], results: Mapping[str, Mapping[str, Result]], days: int) -> None:
    """One table a measure."""
    rows = dict(results)
    sizes = {**sizes, "all": sum(sizes.values())}
    rows["all"] = {name: together(each[name] for each in results.values()) for name in RULES}
    measures: dict[str, Callable[[str, Result], str]] = {
        "requests a feed and day": lambda family, each: f"{each.requests / sizes[family] / days:.1f}",
        "delay of an entry in minutes, median": lambda _, each: _minutes(each.delays, 50),
        "delay of an entry in minutes, p90": lambda _, each: _minutes(each.delays, 90),
        "entries missed of 10,000": lambda _, each: f"{_share(each):.1f}",
    }
    for title, cell in measures.items():
        print_table(
            title,
            ("family", *RULES),
            [(family, *(cell(family, each[name]) for name in RULES)) for family, each in rows.items()],
        )


def _minutes(delays: Times, percentile: float) -> str:
    return f"{np.percentile(delays, percentile) / MINUTE:.1f}" if len(delays) else "-"


def _share(result: Result) -> float:
    return 10_000 * result.missed / max(1, result.missed + len(result.delays))


if __name__ == "__main__":
    main()
