from collections.abc import Iterable
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestd.dedupe.grouping import LINKAGE, Decided, Pair, group
from ingestd.model import Match

NOTHING = Decided()


def matches(*pairs: tuple[int, int, float]) -> dict[Pair, Match]:
    return {
        frozenset((one, other)): Match(one, other, closeness, closeness / 2, closeness / 2, True, "")
        for one, other, closeness in pairs
    }


def complete(*articles: int, closeness: float = 0.9) -> list[tuple[int, int, float]]:
    return [(one, other, closeness) for one, other in combinations(articles, 2)]


def grouped(
    count: int, pairs: Iterable[tuple[int, int, float]], decided: Decided = NOTHING
) -> list[list[int]]:
    return group(range(count), matches(*pairs), {one: (one, "") for one in range(count)}, decided)


def test_articles_without_matches_are_alone() -> None:
    assert grouped(3, []) == [[0], [1], [2]]


def test_articles_that_match_each_other_are_one_group() -> None:
    assert grouped(4, complete(1, 2, 3)) == [[0], [1, 2, 3]]


def test_a_page_with_two_stories_does_not_join_them() -> None:
    first, second, page = (0, 1, 2), (3, 4, 5), 6
    bridge = [(one, page, 0.99) for one in first] + [(one, page, 0.95) for one in second]
    assert grouped(7, complete(*first) + complete(*second) + bridge) == [[0, 1, 2, 6], [3, 4, 5]]


def test_a_chain_of_versions_breaks_where_its_ends_have_nothing_in_common() -> None:
    chain = [(one, one + 1, 0.9 - one / 100) for one in range(5)]
    assert grouped(6, chain) == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize(("matching", "one_group"), [(2, True), (1, False)])
def test_groups_merge_when_enough_pairs_between_them_match(matching: int, one_group: bool) -> None:
    assert 1 / 5 < LINKAGE <= 2 / 5
    pairs = complete(0, 1, 2, 3, 4) + [(one, 5, 0.5) for one in range(matching)]
    assert (len(grouped(6, pairs)) == 1) is one_group


def test_the_closest_pair_is_merged_first() -> None:
    assert grouped(4, [(0, 1, 0.9), (1, 2, 0.8), (2, 3, 0.7)]) == [[0, 1, 2], [3]]
    assert grouped(4, [(0, 1, 0.7), (1, 2, 0.8), (2, 3, 0.9)]) == [[0], [1, 2, 3]]
    assert grouped(4, [(0, 1, 0.9), (1, 2, 0.7), (2, 3, 0.8)]) == [[0, 1], [2, 3]]


def test_equally_close_pairs_are_merged_in_the_order_of_their_rank() -> None:
    pairs = matches((0, 1, 0.9), (1, 2, 0.9))
    apart = Decided(apart=frozenset([frozenset((0, 2))]))
    assert group(range(3), pairs, {0: (5, ""), 1: (5, "c"), 2: (5, "b")}, apart) == [[0, 1], [2]]
    assert group(range(3), pairs, {0: (7, ""), 1: (5, "c"), 2: (5, "b")}, apart) == [[0], [1, 2]]


def test_what_is_together_needs_no_match_and_counts_as_one_group() -> None:
    assert grouped(4, [], Decided(together=[[2, 0], [2, 3]])) == [[0, 2, 3], [1]]
    assert grouped(4, [(0, 3, 0.9)], Decided(together=[[0, 1, 2]])) == [[0, 1, 2], [3]]


def test_what_is_apart_is_never_joined_not_even_through_others() -> None:
    apart = Decided(apart=frozenset([frozenset((0, 3))]))
    assert grouped(4, complete(0, 1, 2, 3), apart) == [[0, 1, 2], [3]]
    assert grouped(3, complete(0, 1, 2), Decided(apart=frozenset([frozenset((0, 1))]))) == [[0, 2], [1]]


@given(st.integers(1, 9), st.integers(0, 2**32))
def test_numbers_and_order_of_the_articles_make_no_difference(count: int, seed: int) -> None:
    chance = Random(seed)
    pairs = [
        (one, other, chance.choice([0.5, 0.7, 0.9]))
        for one, other in combinations(range(count), 2)
        if chance.random() < 0.6
    ]
    rank = {one: (chance.randrange(3), f"{one}") for one in range(count)}
    apart = (
        frozenset(frozenset(chance.sample(range(count), 2)) for _ in range(2)) if count > 1 else frozenset()
    )
    renamed = chance.sample(range(100), count)
    here = group(range(count), matches(*pairs), rank, Decided(apart=apart))
    there = group(
        sorted(renamed, key=lambda _: chance.random()),
        matches(
            *((renamed[other], renamed[one], close) for one, other, close in chance.sample(pairs, len(pairs)))
        ),
        {renamed[one]: place for one, place in rank.items()},
        Decided(apart=frozenset(frozenset(renamed[one] for one in pair) for pair in apart)),
    )
    assert sorted(sorted(renamed[one] for one in some) for some in here) == there
