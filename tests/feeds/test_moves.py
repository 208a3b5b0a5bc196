"""Permanent redirects: remembered, asked about once a day, adopted in the end."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from ingestd.feeds.moves import Move, is_adopted, observed, unanswered, where_to_ask
from ingestd.model import Redirect

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
OLD = "http://old.example.test/feed"
NEW = "https://new.example.test/feed.xml"
ELSEWHERE = "https://elsewhere.example.test/rss"


def chain(*statuses: int, target: str = NEW) -> tuple[Redirect, ...]:
    """Redirects with these statuses that lead from the old address to the target."""
    stops = [OLD, *(f"https://hop{number}.example.test/" for number in range(1, len(statuses))), target]
    return tuple(Redirect(status, *ends) for status, ends in zip(statuses, pairwise(stops), strict=True))


def known(*, seen: int = 1, first_at: datetime = NOW, checked_at: datetime = NOW) -> Move:
    return Move(NEW, first_at, seen, checked_at)


@pytest.mark.parametrize("statuses", [(301,), (308,), (301, 308), (308, 301, 301)])
def test_a_redirect_of_permanent_hops_alone_is_remembered_with_its_last_target(
    statuses: tuple[int, ...],
) -> None:
    assert observed(None, chain(*statuses), NOW) == Move(NEW, first_at=NOW, seen=1, checked_at=NOW)


@pytest.mark.parametrize(
    "statuses", [(302,), (303,), (307,), (300,), (301, 302), (302, 301), (308, 307, 308)]
)
def test_one_hop_that_is_not_permanent_is_never_remembered_and_ends_a_memory(
    statuses: tuple[int, ...],
) -> None:
    assert observed(None, chain(*statuses), NOW) is None
    assert observed(known(seen=2), chain(*statuses), NOW) is None


def test_an_address_that_answers_itself_again_ends_a_memory() -> None:
    assert observed(known(seen=2), (), NOW) is None
    assert observed(None, (), NOW) is None


def test_the_same_target_counts_on_from_the_first_time() -> None:
    again = observed(known(), chain(301), NOW + DAY)
    assert again == known(seen=2, checked_at=NOW + DAY)
    # By another way, but to the same place.
    assert observed(again, chain(308, 301), NOW + 2 * DAY) == known(seen=3, checked_at=NOW + 2 * DAY)


def test_another_target_starts_a_new_memory() -> None:
    moved_on = observed(known(seen=5), chain(301, target=ELSEWHERE), NOW + DAY)
    assert moved_on == Move(ELSEWHERE, first_at=NOW + DAY, seen=1, checked_at=NOW + DAY)


def test_without_a_memory_the_own_address_is_asked() -> None:
    assert where_to_ask(OLD, None, NOW) == OLD


def test_the_own_address_is_asked_once_a_day_and_the_target_in_between() -> None:
    move: Move | None = known()
    asked = []
    for hours in range(1, 73):
        at = NOW + hours * HOUR
        asked.append(where_to_ask(OLD, move, at))
        if asked[-1] == OLD:
            move = observed(move, chain(301), at)
    assert [hour for hour, url in enumerate(asked, start=1) if url == OLD] == [24, 48, 72]
    assert set(asked) == {OLD, NEW}


def test_an_own_address_that_no_longer_answers_does_not_hide_the_target() -> None:
    at = NOW + DAY
    move = unanswered(known(), at)
    assert move == known(checked_at=at)
    assert where_to_ask(OLD, move, at + HOUR) == NEW
    assert where_to_ask(OLD, move, at + DAY) == OLD
    assert unanswered(None, at) is None


def test_a_check_noted_by_a_clock_that_ran_ahead_does_not_keep_the_own_address_waiting() -> None:
    assert where_to_ask(OLD, known(checked_at=NOW + 400 * DAY), NOW) == OLD
    assert where_to_ask(OLD, known(checked_at=NOW + HOUR), NOW) == NEW


@pytest.mark.parametrize(
    ("seen", "over", "adopted"),
    [
        (3, DAY, True),
        (9, 9 * DAY, True),
        (2, 9 * DAY, False),
        (3, DAY - timedelta(microseconds=1), False),
        (100, HOUR, False),
    ],
)
def test_a_target_is_adopted_after_three_observations_over_a_day(
    seen: int, over: timedelta, adopted: bool
) -> None:
    assert is_adopted(known(seen=seen), NOW + over) is adopted


def test_a_memory_survives_storage() -> None:
    move = known(seen=2, checked_at=NOW + timedelta(hours=1, microseconds=5))
    assert Move.from_json(json.loads(json.dumps(move.to_json()))) == move
    assert Move.from_json(None) is None
