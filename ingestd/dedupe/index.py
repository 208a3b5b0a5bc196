"""What placing a text asks of the place where articles and clusters are kept.

Two keep them: `memory.MemoryIndex`, and the database. An index only looks up and notes down; everything that
decides is in `placing`.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from ingestd.model import Carrier, ClusterState, Match, Role, Ruling


class Index(Protocol):
    """Carriers, clusters and postings, within one transaction."""

    def holders(self, anchors: Sequence[int], limit: int) -> Mapping[int, Sequence[int]]:
        """The clusters that have each of these anchors, at most `limit` of them (any) for one anchor."""

    def carrier(self, article_id: int) -> Carrier:
        """One article."""

    def members(self, cluster_ids: Collection[int]) -> Sequence[Carrier]:
        """All articles of these clusters."""

    def of_source(self, source: str, cluster_ids: Collection[int]) -> Sequence[Carrier]:
        """The articles of these clusters that this outlet published."""

    def texts(self, article_ids: Collection[int]) -> Mapping[int, str]:
        """What is compared of these articles, see `fingerprint.compared_text`."""

    def states(self, cluster_ids: Collection[int]) -> Mapping[int, ClusterState]:
        """These clusters."""

    def rulings(self, article_ids: Collection[int]) -> Mapping[frozenset[int], Ruling]:
        """What people decided about pairs of these articles."""

    def open(self, article_id: int) -> int:
        """A new cluster for an article; returns its number. The article is assigned to it."""

    def assign(self, article_id: int, cluster_id: int) -> None:
        """Put an article into a cluster, out of the one that it was in."""

    def end(self, cluster_id: int, successor_id: int | None) -> None:
        """A cluster has no articles any more; its number resolves to the successor's from now on."""

    def post(self, cluster_id: int, anchors: Collection[int]) -> None:
        """Note that a cluster has these anchors, known or not."""

    def unpost(self, cluster_id: int, anchors: Collection[int]) -> None:
        """Note that a cluster has these anchors no longer, known or not."""

    def mask(self, article_id: int, anchors: Sequence[int]) -> None:
        """Note which anchors of an article are furniture."""

    def crown(self, cluster_id: int, article_id: int) -> None:
        """Let another article represent a cluster."""

    def describe(self, article_id: int, role: Role, match: Match | None) -> None:
        """Note what an article is within its cluster, and its match with the canonical (None = itself)."""

    def justify(self, article_id: int, reason: str, matched_id: int | None) -> None:
        """Note why an article is in its cluster, and by which other it came there (None = it came first)."""

    def drop(self, article_id: int) -> None:
        """Take an article out of its cluster, and out of every relation."""

    def rule(self, pairs: Collection[frozenset[int]], ruling: Ruling) -> None:
        """Note a person's decision about pairs of articles, instead of an earlier one."""

    def relate(self, article_id: int, matches: Sequence[Match]) -> None:
        """Note the partial overlaps of an article with articles of other clusters, instead of those known."""
