from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ingestd.dedupe.roles import FULL_SHARE, WHOLE, canonical, role
from ingestd.model import Carrier, ClusterState, Match, Role

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
STATE = ClusterState(1)


def carrier(number: int, hours: float = 0, size: int = 100, text_hash: str = "") -> Carrier:
    return Carrier(number, 1, "one.example", NOON + timedelta(hours=hours), size, text_hash)


def chosen(*members: Carrier, state: ClusterState = STATE) -> int:
    found = {canonical(some, state) for some in (members, members[::-1], members[1:] + members[:1])}
    assert len(found) == 1
    return found.pop()


def test_the_earliest_full_text_represents_a_cluster() -> None:
    assert chosen(carrier(1, 5), carrier(2, 3), carrier(3, 4)) == 2


def test_an_excerpt_does_not_though_it_was_first() -> None:
    assert chosen(carrier(1, 0, size=59), carrier(2, 3), carrier(3, 4)) == 2
    assert chosen(carrier(1, 0, size=round(FULL_SHARE * 100)), carrier(2, 3), carrier(3, 4)) == 1


def test_the_agencys_own_text_does_though_it_came_late() -> None:
    own = replace(carrier(3, 9), from_agency=True)
    assert chosen(carrier(1, 0), carrier(2, 3), own) == 3
    assert chosen(carrier(1, 0), replace(carrier(4, 10), from_agency=True), own) == 3


def test_an_agencys_brief_does_not_represent_a_full_text() -> None:
    assert chosen(carrier(1, 0), replace(carrier(2, 0, size=30), from_agency=True)) == 1


def test_of_texts_of_one_moment_the_longer_does_then_the_order_of_texts_then_of_numbers() -> None:
    assert chosen(carrier(1, size=90), carrier(2, size=100)) == 2
    assert chosen(carrier(1, text_hash="b"), carrier(2, text_hash="a")) == 2
    assert chosen(carrier(5, text_hash="a"), carrier(2, text_hash="a")) == 2


def test_the_one_a_person_chose_does_whatever_it_is() -> None:
    state = ClusterState(1, canonical_id=3, canonical_pinned=True)
    brief = carrier(3, 9, size=5)
    assert chosen(replace(carrier(1), from_agency=True), carrier(2), brief, state=state) == 3
    assert chosen(carrier(1), carrier(2), brief, state=replace(state, canonical_pinned=False)) == 1


def test_the_one_a_person_chose_must_be_there() -> None:
    assert chosen(carrier(1), carrier(2, 1), state=ClusterState(1, 3, canonical_pinned=True)) == 1


def test_texts_without_words_have_a_representative() -> None:
    assert chosen(carrier(1, 1, size=0), carrier(2, 0, size=0)) == 2


@pytest.mark.parametrize(
    ("containment", "reverse", "size", "expected"),
    [
        (1.0, 1.0, 100, Role.COPY),
        (WHOLE, WHOLE, 100, Role.COPY),
        (WHOLE, WHOLE, 70, Role.COPY),
        (1.0, WHOLE - 0.01, 75, Role.EXCERPT),
        (0.5, 0.3, 60, Role.EXCERPT),
        (1.0, WHOLE - 0.01, 76, Role.UPDATE),
        (WHOLE - 0.01, 1.0, 134, Role.EXPANDED),
        (WHOLE - 0.01, 1.0, 133, Role.UPDATE),
        (0.5, 0.5, 100, Role.UPDATE),
    ],
)
def test_a_role_says_how_much_of_each_stands_in_the_other(
    containment: float, reverse: float, size: int, expected: Role
) -> None:
    assert role(Match(1, 2, containment, reverse, 0.5, True, ""), size, 100) is expected
