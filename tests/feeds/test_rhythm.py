"""When a feed is worth asking again, for feeds that publish in known ways."""

import json
import math
import random
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from ingestd.feeds.rhythm import Observation, Rhythm, is_gap, observe, silence, wait
from ingestd.feeds.schedule import Settings

SETTINGS = Settings()
MINUTE, HOUR, DAY, WEEK = (timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days", "weeks"))
# A Monday.
START = datetime(2026, 6, 1, tzinfo=UTC)
CHARACTERS_STORED = 1000


@dataclass
class Poller:
    """Reads a feed that publishes at these moments and lists its newest `window`."""

    published: Sequence[datetime]
    window: int = 20
    dated: bool = True
    rhythm: Rhythm = field(default_factory=Rhythm)
    polls: list[datetime] = field(default_factory=list)

    def poll(self, at: datetime, *, late: bool = False) -> Observation:
        since = self.polls[-1] if self.polls else None
        count = sum(moment <= at for moment in self.published)
        known = sum(moment <= since for moment in self.published) if since else 0
        listed = min(count, self.window) if count > known else 0
        fresh = self.published[max(known, count - self.window) : count]
        claimed = tuple(moment if self.dated else at for moment in fresh)
        seen = Observation(at, since, listed, listed - len(fresh), claimed, late)
        self.rhythm = observe(self.rhythm, seen)
        self.polls.append(at)
        return seen

    def poll_every(self, interval: timedelta, until: datetime) -> "Poller":
        while (at := self.polls[-1] + interval if self.polls else START) <= until:
            self.poll(at)
        return self

    def run(self, until: datetime) -> "Poller":
        at = self.polls[-1] + self.wait() if self.polls else START
        while at <= until:
            self.poll(at)
            at += self.wait()
        return self

    def wait(self, now: datetime | None = None) -> timedelta:
        return wait(self.rhythm, now or self.polls[-1], SETTINGS).interval

    def delays(self, after: datetime) -> list[timedelta]:
        seen = [(one, next((at for at in self.polls if at >= one), None)) for one in self.published]
        return [at - one for one, at in seen if at is not None and one > after]


def every(
    interval: timedelta, start: datetime = START - 2 * DAY, end: datetime = START + 40 * WEEK
) -> list[datetime]:
    return [start + number * interval for number in range(int((end - start) / interval))]


def working_hours(weeks: int) -> list[datetime]:
    """Every 20 minutes from 8 to 18, Monday to Friday, beginning two weeks before `START`."""
    hours = every(20 * MINUTE, START - 2 * WEEK + 7.7 * MINUTE, START + weeks * WEEK)
    return [moment for moment in hours if moment.weekday() < 5 and 8 <= moment.hour < 18]


def bursts(weeks: int, *, size: int = 8, gap: timedelta = 4 * MINUTE) -> list[datetime]:
    """About daily, at no special time."""
    chance = random.Random(5)
    starts = (START - 2 * WEEK + (day + chance.random()) * DAY for day in range(7 * (weeks + 2)))
    return sorted(start + number * gap for start in starts for number in range(size))


def a_day_between(times: Iterable[datetime], start: datetime) -> int:
    return sum(start <= moment < start + DAY for moment in times)


# ------------------------------------------------------------------------------- the interval


def test_before_a_rhythm_is_known_the_start_interval_applies() -> None:
    assert wait(Rhythm(), START, SETTINGS).interval == SETTINGS.start_interval
    poller = Poller(every(MINUTE))
    poller.poll(START)
    assert poller.wait() == SETTINGS.start_interval


def test_a_start_interval_beyond_floor_and_cap_is_kept_within_them() -> None:
    for start in (MINUTE, 3 * DAY):
        interval = wait(Rhythm(), START, replace(SETTINGS, start_interval=start)).interval
        assert SETTINGS.floor <= interval <= SETTINGS.interval_cap


def test_a_feed_that_always_has_news_is_asked_at_the_floor() -> None:
    poller = Poller(every(MINUTE, START - HOUR, START + 2 * DAY), window=100).run(START + DAY)
    assert poller.wait() == SETTINGS.floor


def test_a_dead_feed_is_asked_about_once_a_day() -> None:
    poller = Poller([START - number * WEEK for number in range(60, 50, -1)]).run(START + 12 * WEEK)
    assert 12 * HOUR <= poller.wait() <= SETTINGS.interval_cap


def test_the_configured_floor_and_cap_hold() -> None:
    settings = Settings(floor=30 * MINUTE, start_interval=30 * MINUTE, interval_cap=40 * MINUTE)
    busy = Poller(every(MINUTE, START - HOUR, START + DAY), window=100).run(START + 6 * HOUR)
    dead = Poller([]).run(START + 8 * WEEK)
    assert wait(busy.rhythm, busy.polls[-1], settings).interval == settings.floor
    assert wait(dead.rhythm, dead.polls[-1], settings).interval == settings.interval_cap


def test_twice_the_news_is_asked_for_more_often_but_not_twice() -> None:
    rare = Poller(every(8 * HOUR)).run(START + 8 * WEEK)
    often = Poller(every(4 * HOUR)).run(START + 8 * WEEK)
    assert len(rare.polls) < len(often.polls) < 2 * len(rare.polls)


def test_a_new_feed_is_not_left_alone_for_long() -> None:
    poller = Poller([START - 100 * WEEK]).run(START + 4 * DAY)
    for at, following in pairwise(poller.polls):
        assert following - at <= SETTINGS.start_interval + (at - START) / 4 + timedelta(seconds=1)


def test_what_a_wait_follows_from_is_said() -> None:
    poller = Poller(every(HOUR))
    poller.poll(START)
    assert wait(poller.rhythm, START, SETTINGS).detail == "no rhythm is known yet"
    poller.run(START + 4 * WEEK)
    assert wait(poller.rhythm, poller.polls[-1], SETTINGS).detail.endswith("new entries expected by then")


# ------------------------------------------------------------------------------- the hours


def test_a_daily_entry_is_fetched_soon_after_its_usual_minute() -> None:
    six = START + 6 * HOUR
    poller = Poller(every(DAY, six - 14 * DAY, six + 40 * DAY)).run(START + 35 * DAY)
    delays = sorted(poller.delays(START + 2 * WEEK))
    assert delays[len(delays) // 2] <= 8 * MINUTE
    assert a_day_between(poller.polls, START + 33 * DAY) <= 12


def test_polls_follow_the_hours_and_days_in_which_news_come() -> None:
    poller = Poller(working_hours(7)).run(START + 6 * WEEK)
    monday = START + 5 * WEEK
    morning = [at for at in poller.polls if monday + 9 * HOUR <= at < monday + 12 * HOUR]
    night = [at for at in poller.polls if monday + HOUR <= at < monday + 4 * HOUR]
    assert len(morning) >= 9
    assert len(night) <= 2
    assert 3 * a_day_between(poller.polls, monday + 5 * DAY) < a_day_between(poller.polls, monday)


def test_half_the_requests_of_a_fixed_interval_find_a_newsroom_s_entries_sooner() -> None:
    poller = Poller(working_hours(7)).run(START + 6 * WEEK)
    delays = sorted(poller.delays(START))
    assert len(poller.polls) < 6 * 7 * 96 / 2
    assert delays[len(delays) // 2] < 7.5 * MINUTE


@pytest.mark.parametrize("often", [7 * MINUTE, 20 * MINUTE, 90 * MINUTE])
def test_how_often_it_was_asked_changes_nothing(often: timedelta) -> None:
    published, until = working_hours(5), START + 4 * WEEK
    reference = Poller(published, window=500).poll_every(HOUR, until)
    other = Poller(published, window=500).poll_every(often, until)
    for hour in range(0, 168, 5):
        now = until + hour * HOUR
        assert other.wait(now) == pytest.approx(reference.wait(now), abs=timedelta(seconds=30), rel=0.1)


def test_entries_without_dates_teach_the_same_frequency() -> None:
    dated = Poller(every(5 * HOUR)).run(START + 6 * WEEK)
    undated = Poller(every(5 * HOUR), dated=False).run(START + 6 * WEEK)
    assert len(undated.polls) == pytest.approx(len(dated.polls), rel=0.35)


def test_undated_entries_are_spread_over_the_time_in_which_they_came() -> None:
    poller = Poller([], rhythm=observe(Rhythm(), Observation(START, None, 0, 0, (), late=False)))
    at = START + 8 * HOUR
    rhythm = observe(poller.rhythm, Observation(at, START, 4, 1, (at, at, at), late=False))
    hours = [count for count in rhythm.counts.week if count]
    assert len(hours) == 8
    assert sum(hours) == pytest.approx(3, rel=0.02)


@pytest.mark.parametrize(("asked_every", "known"), [(5 * MINUTE, True), (3 * HOUR, False)])
def test_the_minute_of_an_undated_entry_is_known_only_when_it_was_soon_found(
    asked_every: timedelta, known: bool
) -> None:
    poller = Poller(every(5 * HOUR, START + 2 * HOUR), dated=False).poll_every(asked_every, START + WEEK)
    assert any(poller.rhythm.counts.slots) is known


def test_a_flood_of_entries_counts_as_a_thousand() -> None:
    first = observe(Rhythm(), Observation(START, None, 0, 0, (), late=False))
    at = START + HOUR
    flood = observe(first, Observation(at, START, 9000, 0, (at,) * 9000, late=False))
    assert flood.counts.total == pytest.approx(1000, rel=0.01)


def test_times_that_cannot_be_count_as_none() -> None:
    first = observe(Rhythm(), Observation(START, None, 0, 0, (), late=False))
    at = START + 2 * HOUR
    spread = observe(first, Observation(at, START, 5, 2, (at, at, at), late=False))
    claims = (START - 9 * WEEK, at + WEEK, START)
    assert observe(first, Observation(at, START, 5, 2, claims, late=False)) == spread


def test_old_habits_are_forgotten() -> None:
    mornings = every(DAY, START + 6 * HOUR, START + 20 * WEEK)
    evenings = every(DAY, START + 20 * WEEK + 20 * HOUR, START + 40 * WEEK)
    poller = Poller(mornings + evenings).poll_every(6 * HOUR - MINUTE, START + 20 * WEEK)
    assert poller.wait(START + 20 * WEEK + 5.8 * HOUR) < 30 * MINUTE
    poller.poll_every(6 * HOUR - MINUTE, START + 38 * WEEK)
    assert poller.wait(START + 38 * WEEK + 5.8 * HOUR) > 90 * MINUTE
    assert poller.wait(START + 38 * WEEK + 19.8 * HOUR) < 30 * MINUTE


@pytest.mark.parametrize("days", [140, 150, 160])
def test_an_entry_counts_for_half_every_four_weeks(days: int) -> None:
    rhythm = Poller(every(6 * HOUR, START - 28 * DAY)).poll_every(11 * HOUR, START + days * DAY).rhythm
    in_all = rhythm.counts.total * 0.5 ** ((rhythm.last - rhythm.weighed) / (28 * 86_400))
    assert in_all == pytest.approx(4 * 28 / math.log(2), rel=0.03)


# ------------------------------------------------------------------------------- the first document


def test_a_first_document_already_tells_the_rhythm() -> None:
    busy, rare = Poller(every(10 * MINUTE)), Poller(every(DAY, START - 30 * DAY))
    for poller in (busy, rare):
        poller.poll(START)
        poller.poll(START + 6 * HOUR)
    assert busy.wait() < 15 * MINUTE
    assert rare.wait() > HOUR


def test_a_first_document_whose_entries_are_old_tells_of_silence() -> None:
    waits = []
    for silent in (HOUR, 3 * WEEK):
        poller = Poller(every(3 * HOUR, START - 4 * WEEK, START - silent), window=200)
        poller.poll(START)
        poller.poll(START + DAY)
        waits.append(poller.wait())
    assert waits[1] > 2 * waits[0]


def test_one_time_claimed_by_all_entries_is_no_burst() -> None:
    made_at = START - MINUTE
    seen = Observation(START, None, 21, 0, (START - 10 * DAY, *(made_at,) * 20), late=False)
    rhythm = observe(observe(Rhythm(), seen), Observation(START + DAY, START, 0, 0, (), late=False))
    assert rhythm.counts.total == pytest.approx(1, rel=0.01)
    assert wait(rhythm, START + DAY, SETTINGS).interval > 30 * MINUTE


def test_a_rhythm_can_begin_in_the_middle_of_a_feed_s_life_and_outlives_a_forgotten_poll() -> None:
    at = START + HOUR
    begun = observe(Rhythm(), Observation(at, START, 9, 8, (START + 20 * MINUTE,), late=False))
    assert begun.counts.total == pytest.approx(1, rel=0.01)
    later = observe(begun, Observation(at + HOUR, None, 9, 8, (at + MINUTE,), late=False))
    assert later.counts.total == pytest.approx(2, rel=0.01)


# ------------------------------------------------------------------------------- bursts and silences


def test_after_the_first_of_a_burst_the_rest_is_asked_for_soon() -> None:
    poller = Poller(bursts(7), window=50).run(START + 6 * WEEK)
    last = poller.published[-1]
    before = poller.wait()
    poller.published = [*poller.published, last + DAY, last + DAY + 3 * MINUTE]
    poller.run(last + DAY - MINUTE)
    poller.poll(last + DAY + 5 * MINUTE)
    assert poller.wait() < 20 * MINUTE
    assert poller.wait() < before / 2


def test_a_feed_whose_entries_come_alone_is_not_asked_more_often_after_one() -> None:
    poller = Poller(every(DAY, START - 14 * DAY + 6 * HOUR)).poll_every(
        10 * MINUTE, START + 5 * WEEK + 6 * HOUR
    )
    poller.poll_every(10 * MINUTE, START + 5 * WEEK + 7 * HOUR)
    assert poller.wait() > HOUR


def test_entries_that_come_at_once_promise_no_others() -> None:
    mornings = every(DAY, START - 14 * DAY + 6 * HOUR)
    batches = [moment + number * timedelta(seconds=20) for moment in mornings for number in range(5)]
    poller = Poller(batches).poll_every(10 * MINUTE, START + 5 * WEEK + 6 * HOUR)
    poller.poll_every(10 * MINUTE, START + 5 * WEEK + 6.5 * HOUR)
    assert poller.rhythm.company < 0.05
    assert poller.wait() > 40 * MINUTE


def test_silence_lengthens_and_one_entry_brings_the_rhythm_back() -> None:
    hourly = every(HOUR, START - 2 * DAY, START + 4 * WEEK)
    poller = Poller(hourly).run(START + 4 * WEEK)
    usual = poller.wait()
    poller.run(START + 6 * WEEK)
    silent = poller.wait()
    assert silent > 3 * usual
    poller.published = [*hourly, poller.polls[-1] + MINUTE]
    poller.poll(poller.polls[-1] + silent)
    assert poller.wait() < silent / 2


def test_silence_out_of_rhythm_is_noticed() -> None:
    poller = Poller(every(HOUR, START - 2 * DAY, START + 2 * WEEK)).run(START + 2 * WEEK)
    last_new_at = poller.polls[-1]
    assert not silence(poller.rhythm, last_new_at + 3 * HOUR, last_new_at, SETTINGS)
    poller.run(START + 2 * WEEK + 2 * DAY)
    assert silence(poller.rhythm, poller.polls[-1], last_new_at, SETTINGS)


def test_a_quiet_weekend_of_a_newsroom_is_in_rhythm() -> None:
    poller = Poller(working_hours(6)).run(START + 6 * WEEK - 6 * HOUR)
    assert poller.polls[-1].weekday() == 6
    assert not silence(poller.rhythm, poller.polls[-1], START + 6 * WEEK - 2 * DAY - 6 * HOUR, SETTINGS)
    poller.run(START + 6 * WEEK + 18 * HOUR)
    assert silence(poller.rhythm, poller.polls[-1], START + 6 * WEEK - 2 * DAY - 6 * HOUR, SETTINGS)


def test_the_silence_of_a_dead_feed_is_in_rhythm() -> None:
    poller = Poller([START - 50 * WEEK]).run(START + 10 * WEEK)
    assert not silence(poller.rhythm, poller.polls[-1], None, SETTINGS)


def test_the_silence_of_a_feed_that_never_brought_anything_is_doubted_once_a_week() -> None:
    poller = Poller([]).run(START + 20 * DAY)
    doubted: list[bool] = []
    for _ in range(14):
        poller.run(poller.polls[-1] + DAY)
        doubted.append(
            silence(poller.rhythm, poller.polls[0] + len(doubted) * DAY + 20 * DAY, None, SETTINGS)
        )
    assert sum(doubted) == 2


def test_a_recent_entry_is_no_silence_whatever_was_expected() -> None:
    poller = Poller([]).run(START + 3 * WEEK)
    assert silence(poller.rhythm, poller.polls[-1], poller.polls[-1] - WEEK, SETTINGS)
    assert not silence(poller.rhythm, poller.polls[-1], poller.polls[-1] - HOUR, SETTINGS)


# ------------------------------------------------------------------------------- overlap


@pytest.mark.parametrize(
    ("listed", "known", "since", "gap"),
    [
        (10, 0, START - HOUR, True),
        (10, 1, START - HOUR, False),
        (10, 0, None, False),
        (0, 0, START - HOUR, False),
    ],
)
def test_a_gap_is_a_document_after_the_first_of_which_nothing_was_known(
    listed: int, known: int, since: datetime | None, gap: bool
) -> None:
    assert is_gap(Observation(START, since, listed, known, (START,) * (listed - known), late=False)) is gap


def gap_after(interval: timedelta, *, listed: int = 10, late: bool = False) -> Poller:
    """A feed that had been quiet, and of which nothing was known any more at one poll."""
    poller = Poller([]).poll_every(interval, START + 20 * interval)
    at = poller.polls[-1] + interval
    poller.published = [at - interval + (number + 1) * interval / (listed + 1) for number in range(listed)]
    poller.window, poller.dated = listed, False
    poller.poll(at, late=late)
    return poller


@pytest.mark.parametrize("late", [False, True])
def test_a_gap_halves_the_interval(late: bool) -> None:
    poller = gap_after(4 * HOUR, late=late)
    assert poller.rhythm.turnover == 2 * HOUR / timedelta(seconds=1)
    assert poller.wait() <= 2 * HOUR


def test_what_was_learnt_from_a_gap_outlasts_the_burst() -> None:
    poller = gap_after(30 * MINUTE)
    poller.poll_every(15 * MINUTE, poller.polls[-1] + 2 * DAY)
    waited = wait(poller.rhythm, poller.polls[-1], SETTINGS)
    assert "replaced" in waited.detail
    assert waited.interval < 30 * MINUTE


def test_plenty_of_overlap_lengthens_again_up_to_where_it_would_be() -> None:
    poller = gap_after(4 * HOUR)
    turnovers = []
    for _ in range(20):
        poller.poll_every(2 * HOUR, poller.polls[-1] + DAY)
        turnovers.append(poller.rhythm.turnover)
    known = [turnover for turnover in turnovers if turnover is not None]
    assert known == sorted(known)
    assert known[0] < known[1]
    poller.poll_every(2 * HOUR, poller.polls[-1] + 30 * DAY)
    assert poller.rhythm.turnover is None


def lengthened(observation: Observation, rhythm: Rhythm) -> bool:
    after = observe(rhythm, observation).turnover
    assert after is not None
    assert rhythm.turnover is not None
    return after > rhythm.turnover


def test_late_polls_and_little_overlap_do_not_lengthen() -> None:
    poller = gap_after(4 * HOUR)
    since, rhythm = poller.polls[-1], poller.rhythm
    at = since + 6 * HOUR
    assert lengthened(Observation(at, since, 20, 15, (at,) * 5, late=False), rhythm)
    assert lengthened(Observation(at, since, 0, 0, (), late=False), rhythm)
    assert not lengthened(Observation(at, since, 20, 15, (at,) * 5, late=True), rhythm)
    assert not lengthened(Observation(at, since, 20, 5, (at,) * 15, late=False), rhythm)


def test_gaps_in_quick_succession_still_can_be_forgotten() -> None:
    rhythm = gap_after(HOUR).rhythm
    for number in range(9):
        at = START + 21 * HOUR + timedelta(seconds=number)
        rhythm = observe(rhythm, Observation(at, at - timedelta(seconds=1), 9, 0, (at,) * 9, late=False))
    assert rhythm.turnover is not None
    assert rhythm.turnover >= 300


def test_a_list_of_one_that_is_new_says_nothing_of_what_was_missed() -> None:
    assert gap_after(4 * HOUR, listed=1).rhythm.turnover is None


def test_a_list_that_was_once_replaced_quickly_is_asked_for_in_time_for_the_next() -> None:
    published = bursts(5, size=20, gap=3 * MINUTE)
    poller = Poller(published, window=10).run(START + 4 * WEEK)
    seen_at = (
        (number, next((at for at in poller.polls if at >= one), None)) for number, one in enumerate(published)
    )
    settled = [(number, at) for number, at in seen_at if at and published[number] > START]
    missed = [number for number, at in settled if number < sum(one <= at for one in published) - 10]
    assert len(missed) < len(settled) / 50


# ------------------------------------------------------------------------------- what is stored


RHYTHMS: list[Callable[[], Poller]] = [
    lambda: Poller(every(MINUTE, START - HOUR, START + 2 * DAY), window=5).run(START + DAY),
    lambda: Poller(working_hours(4)).run(START + 3 * WEEK),
    lambda: Poller([]).run(START + 3 * WEEK),
    lambda: gap_after(HOUR),
]


@pytest.mark.parametrize("made", RHYTHMS)
def test_a_rhythm_survives_being_stored(made: Callable[[], Poller]) -> None:
    poller = made()
    text = json.dumps(poller.rhythm.to_json())
    assert len(text) < CHARACTERS_STORED
    stored = Rhythm.from_json(json.loads(text))
    for hours in range(0, 168, 7):
        now = poller.polls[-1] + hours * HOUR
        waited = wait(stored, now, SETTINGS).interval
        assert waited == pytest.approx(poller.wait(now), rel=0.02, abs=timedelta(seconds=10))


def test_nothing_known_is_stored_as_nothing() -> None:
    assert Rhythm().to_json() == {}
    assert Rhythm.from_json({}) == Rhythm.from_json(None) == Rhythm()


def test_more_entries_than_can_be_stored_are_stored_as_the_most() -> None:
    rhythm, at = Rhythm(), START
    for number in range(200):
        at += timedelta(seconds=1)
        rhythm = observe(
            rhythm, Observation(at, at - MINUTE, 900, 900 if number else 0, (at,) * 900, late=False)
        )
    stored = Rhythm.from_json(json.loads(json.dumps(rhythm.to_json())))
    assert stored.counts.total > 50_000
    assert wait(stored, at, SETTINGS).interval == SETTINGS.floor


WRONG: tuple[object, ...] = (None, "", "x", -1, float("nan"), float("inf"), 1e300, [], {}, True)


def junk() -> Iterable[object]:
    whole = Poller(working_hours(2)).run(START + WEEK).rhythm.to_json()
    yield from ([], "text", 7, True, {"week": "1,2"})
    for name, kept in whole.items():
        yield {key: value for key, value in whole.items() if key != name}
        for wrong in WRONG:
            yield {**whole, name: wrong}
        if isinstance(kept, str):
            yield {**whole, name: kept[:-8]}
            yield {**whole, name: f"{kept}!"}
            yield {**whole, name: b64encode(b"\xff" * 360).decode()}


def test_junk_is_read_as_nothing_known() -> None:
    read = [Rhythm.from_json(value) for value in junk()]  # type: ignore[arg-type]
    assert len(read) > 100
    assert set(read) == {Rhythm()}


def test_whatever_is_stored_or_observed_the_interval_is_within_bounds() -> None:
    chance = random.Random(3)
    moments = [datetime(1970, 1, 2, tzinfo=UTC), START, datetime(9000, 1, 1, tzinfo=UTC)]
    whole = gap_after(HOUR).rhythm.to_json()
    for _ in range(300):
        numbers = {name: chance.choice([0, 1, 1.8e9, 1e11]) for name in whole if name != "counts"}
        rhythm = Rhythm.from_json({**whole, **numbers})
        for _ in range(5):
            at, since = chance.choice(moments), chance.choice([None, *moments])
            fresh = [chance.choice(moments) for _ in range(chance.choice([0, 1, 30]))]
            listed = len(fresh) + chance.choice([0, 5])
            seen = Observation(at, since, listed, listed - len(fresh), fresh, chance.random() < 0.5)
            rhythm = observe(rhythm, seen)
            interval = wait(rhythm, chance.choice(moments), SETTINGS).interval
            assert SETTINGS.floor <= interval <= SETTINGS.interval_cap
            silence(rhythm, at, since, SETTINGS)
            assert Rhythm.from_json(json.loads(json.dumps(rhythm.to_json()))) != Rhythm()


def test_a_clock_that_was_years_ahead_does_no_lasting_harm() -> None:
    ahead = START + 3 * 52 * WEEK
    poller = Poller(every(6 * HOUR, START - 2 * WEEK, START + 7 * WEEK))
    reference = Poller(poller.published).run(START + 5 * WEEK)
    burst = (ahead,) * 9
    poller.rhythm = observe(Rhythm(), Observation(ahead, None, 9, 0, burst, late=False))
    poller.rhythm = observe(poller.rhythm, Observation(ahead + MINUTE, ahead, 18, 9, burst, late=False))
    poller.polls.append(START)
    poller.poll(START + 5 * MINUTE)
    assert poller.rhythm.last <= (START + 5 * MINUTE).timestamp()
    poller.run(START + 5 * WEEK)
    assert a_day_between(poller.polls, START + 4 * WEEK) <= 2 * a_day_between(
        reference.polls, START + 4 * WEEK
    )


def test_a_cap_of_years_is_thought_through_for_a_week() -> None:
    settings = replace(SETTINGS, interval_cap=36_525 * DAY)
    poller = Poller([START - 50 * WEEK]).poll_every(DAY, START + 40 * WEEK)
    silent = replace(poller.rhythm, unmet=1e9)
    assert wait(silent, poller.polls[-1], settings).interval == WEEK
