"""Forms that only several fillings give away.

Two fillings of a form can look like two prints of one text in which a few words were edited; so can two
articles around one long quotation, or above one long notice. Three of them cannot: every two differ, and all
in the same places. Of three prints, edited each on its own, one differs from another where either was
edited, and from the third where it or the third was.

One common place may be a lead that each outlet wrote for itself; so it takes two places, or four texts. And
when a text is there from which each differs in fewer places, they are what outlets made of it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from ingestd.dedupe.grouping import Pair
from ingestd.dedupe.overlap import Places, Printed, places
from ingestd.model import Match

Articles = tuple[int, ...]

# Share of the places in which one text differs from a second that are places in which it differs from
# the third.
SAME_PLACES = 0.6
# Articles that are looked at together.
MOST_ARTICLES = 16


def fillings(printed: Mapping[int, Printed], accepted: Mapping[Pair, Match], own_words: int) -> set[Pair]:
    """Those of the accepted pairs that are fillings of one form; for `own_words` see `match.Rules`."""
    differing = {pair for pair, found in accepted.items() if found.places}
    articles = sorted({one for pair in differing for one in pair})[:MOST_ARTICLES]
    differences = _Differences(printed, own_words)
    threes = {
        three
        for three in combinations(articles, 3)
        if _pairs(three) <= differing and _same_places(three, differences)
    }
    found: set[Pair] = set()
    for some in (*_alone(threes, accepted), *_fours(threes, articles)):
        if not _has_original(some, accepted):
            found |= _pairs(some)
    return found


def _alone(threes: Collection[Articles], accepted: Mapping[Pair, Match]) -> Iterator[Articles]:
    """The threes that differ in more than one place."""
    return (three for three in threes if all(accepted[pair].places > 1 for pair in _pairs(three)))


def _fours(threes: Collection[Articles], articles: Sequence[int]) -> Iterator[Articles]:
    """Four articles every three of which are among these."""
    for three in threes:
        for one in articles:
            four = (*three, one)
            if one > three[-1] and all(some in threes for some in combinations(four, 3)):
                yield four


def _has_original(some: Articles, accepted: Mapping[Pair, Match]) -> bool:
    """Whether one text differs from each of these in fewer places than they do: they were made from it."""
    least = min(accepted[pair].places for pair in _pairs(some))
    nearer = [pair for pair, found in accepted.items() if found.places < least]
    others = Counter(one for pair in nearer if not pair.isdisjoint(some) for one in pair.difference(some))
    return any(count == len(some) for count in others.values())


def _pairs(articles: Iterable[int]) -> set[Pair]:
    return {frozenset(pair) for pair in combinations(articles, 2)}


class _Differences:
    """Where texts differ, each pair looked at once."""

    def __init__(self, printed: Mapping[int, Printed], own_words: int) -> None:
        self._printed = printed
        self._own_words = own_words
        self._known: dict[tuple[int, int], Places] = {}

    def between(self, one: int, other: int) -> Places:
        """Where `one` differs from `other`, by its own positions."""
        if (one, other) not in self._known:
            found = places(self._printed[one], self._printed[other], self._own_words)
            self._known[one, other], self._known[other, one] = found
        return self._known[one, other]


def _same_places(three: tuple[int, ...], differences: _Differences) -> bool:
    """Whether every one of three texts differs from both others in the same places."""
    for one in three:
        second, third = (other for other in three if other != one)
        mine, theirs = differences.between(one, second), differences.between(one, third)
        if min(_share_of(mine, theirs), _share_of(theirs, mine)) < SAME_PLACES:
            return False
    return True


def _share_of(some: Places, others: Places) -> float:
    """Share of these places that overlap one of the others."""
    if not len(some) or not len(others):
        return 0.0
    overlap = (some[:, None, 0] < others[None, :, 1]) & (others[None, :, 0] < some[:, None, 1])
    return float(np.mean(overlap.any(axis=1)))
