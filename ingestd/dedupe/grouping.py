"""From pairs that match to groups that are one text.

A page that carries two stories matches the copies of both, and a chain of versions ends far from where
it began; who merges whatever has a match in common makes one cluster out of many (on development data
the precision fell from .99 to .95, and with looser matching to .46). So groups are merged by average
linkage: two groups become one when enough of the pairs between them match, the closest pairs first.
The result depends on the pairs alone, never on the order in which the texts arrived.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingestd.model import Match

# Two groups are one when this share of the pairs between them match. On development data .2 to .5 made
# no difference above .003 of the F1, 0 cost .03 and .7 cost .05.
LINKAGE = 0.4

# Pairs that share so much of both texts are merged before those of which one only holds the other: all of a
# text stands in a page that carries it with a second one, and less than all in its edited copy.
ALIKE = 0.6

Pair = frozenset[int]


@dataclass(frozen=True, slots=True)
class Decided:
    """What is settled before any pair is looked at."""

    # Articles that are one group whatever matches.
    together: Sequence[Iterable[int]] = ()
    # Pairs that never are in one group.
    apart: frozenset[Pair] = frozenset()


def group(
    article_ids: Sequence[int],
    matches: Mapping[Pair, Match],
    rank: Mapping[int, tuple[int, str]],
    decided: Decided,
) -> list[list[int]]:
    """The groups of these articles, each ascending.

    `matches` are the accepted pairs. `rank` orders articles independently of their numbers; it decides
    between equal matches.
    """
    groups = _Groups(article_ids)
    for members in decided.together:
        first, *others = members
        for other in others:
            groups.merge(first, other)
    for pair in sorted(matches, key=lambda pair: _closeness(matches[pair], pair, rank)):
        one, other = pair
        if groups.may_merge(one, other, matches.keys(), decided.apart):
            groups.merge(one, other)
    return groups.as_lists()


def _closeness(
    match: Match, pair: Pair, rank: Mapping[int, tuple[int, str]]
) -> tuple[bool, float, float, list[tuple[int, str]]]:
    """Sorts the closest pair first."""
    order = sorted(rank[article_id] for article_id in pair)
    return match.jaccard < ALIKE, -match.containment_of_smaller, -match.jaccard, order


class _Groups:
    """Disjoint groups that only ever merge."""

    def __init__(self, article_ids: Iterable[int]) -> None:
        self._members = {article_id: [article_id] for article_id in article_ids}

    def merge(self, one: int, other: int) -> None:
        mine, theirs = self._members[one], self._members[other]
        if mine is theirs:
            return
        mine.extend(theirs)
        for member in theirs:
            self._members[member] = mine

    def may_merge(self, one: int, other: int, matching: Collection[Pair], apart: frozenset[Pair]) -> bool:
        mine, theirs = self._members[one], self._members[other]
        if mine is theirs:
            return False
        between = [frozenset((a, b)) for a in mine for b in theirs]
        if not apart.isdisjoint(between):
            return False
        return sum(pair in matching for pair in between) >= LINKAGE * len(between)

    def as_lists(self) -> list[list[int]]:
        distinct = {id(members): sorted(members) for members in self._members.values()}
        return sorted(distinct.values())
