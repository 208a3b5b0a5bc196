"""An index in memory: for files of documents, for tests and for measuring."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import islice
from typing import Any

from ingestd.dedupe.fingerprint import compared_text
from ingestd.dedupe.match import RULES, Rules
from ingestd.dedupe.placing import Placing
from ingestd.dedupe.text import prepared
from ingestd.model import Carrier, ClusterState, Match, Role, Ruling

# A document without a time is younger than every other.
_UNKNOWN = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Stored:
    """One document, and what is noted of it."""

    carrier: Carrier
    text: str
    role: Role = Role.CANONICAL
    match: Match | None = None
    reason: str = ""
    matched_id: int | None = None
    related: Sequence[Match] = ()


@dataclass(slots=True)
class Cluster:
    """One cluster; `successor_id` is None while it lives."""

    state: ClusterState
    members: dict[int, None] = field(default_factory=dict)
    successor_id: int | None = None


class MemoryIndex:
    """Groups documents as they come. Labels are the numbers of clusters, given from 0 upwards.

    >>> index = memory_index()
    >>> index.add({"id": "a", "text": "…", "source": "one.example"})
    0
    """

    def __init__(self, rules: Rules = RULES) -> None:
        self.documents: list[Stored] = []
        self.clusters: list[Cluster] = []
        # The clusters that have an anchor; most anchors have one, and its number takes a tenth of the room.
        self._postings: dict[int, int | dict[int, None]] = {}
        self._by_source: dict[str, list[int]] = defaultdict(list)
        self._rulings: dict[frozenset[int], Ruling] = {}
        self._placing = Placing(self, rules)
        # Called with the number of a document whenever it is put into another cluster than it was in.
        self.on_assigned: Callable[[int], None] = lambda _: None
        # Called with the number of a document whenever its role is decided.
        self.on_described: Callable[[int], None] = lambda _: None

    def add(self, document: Mapping[str, Any]) -> int:
        """Place a document with `text` and, as far as known, `title`, `source` and `time`; its label for now.

        `time` is a number of seconds since 1970, or a text in ISO 8601; without it documents count as
        the youngest. Documents without `source` are all of different sources. Later documents may
        show that this one belongs elsewhere: `final` tells.
        """
        number = len(self.documents)
        text = compared_text(document.get("title"), document["text"])
        carrier = Carrier(
            article_id=number,
            cluster_id=None,
            source=str(document.get("source") or f"#{number}"),
            at=moment(document.get("time")),
            shingle_count=prepared(text).size,
            text_hash=blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest(),
        )
        self.documents.append(Stored(carrier, text))
        self._by_source[carrier.source].append(number)
        self._placing.place(number)
        return self.label(number)

    def label(self, number: int) -> int:
        """The label of the document that was added as number `number`, from 0."""
        label = self.documents[number].carrier.cluster_id
        assert label is not None
        return label

    @property
    def postings(self) -> dict[int, tuple[int, ...]]:
        """The clusters that have each anchor."""
        return {
            anchor: (held,) if isinstance(held, int) else tuple(held)
            for anchor, held in self._postings.items()
        }

    def final(self) -> list[int]:
        """The labels of all documents, in the order in which they were added."""
        return [self.label(number) for number in range(len(self.documents))]

    # ------------------------------------------------------------------------------ the index, for placing

    def holders(self, anchors: Sequence[int], limit: int) -> Mapping[int, Sequence[int]]:
        postings = self._postings
        held = {anchor: postings[anchor] for anchor in anchors if anchor in postings}
        return {
            anchor: (one,) if isinstance(one, int) else tuple(islice(one, limit))
            for anchor, one in held.items()
        }

    def carrier(self, article_id: int) -> Carrier:
        return self.documents[article_id].carrier

    def members(self, cluster_ids: Collection[int]) -> Sequence[Carrier]:
        return [self.carrier(one) for number in cluster_ids for one in self.clusters[number].members]

    def of_source(self, source: str, cluster_ids: Collection[int]) -> Sequence[Carrier]:
        own = (self.carrier(number) for number in self._by_source.get(source, ()))
        return [one for one in own if one.cluster_id in cluster_ids]

    def texts(self, article_ids: Collection[int]) -> Mapping[int, str]:
        return {number: self.documents[number].text for number in article_ids}

    def states(self, cluster_ids: Collection[int]) -> Mapping[int, ClusterState]:
        return {number: self.clusters[number].state for number in cluster_ids}

    def rulings(self, article_ids: Collection[int]) -> Mapping[frozenset[int], Ruling]:
        if not self._rulings:
            return {}
        wanted = set(article_ids)
        return {pair: ruling for pair, ruling in self._rulings.items() if pair <= wanted}

    def open(self, article_id: int) -> int:
        number = len(self.clusters)
        self.clusters.append(Cluster(ClusterState(number)))
        self.assign(article_id, number)
        return number

    def assign(self, article_id: int, cluster_id: int) -> None:
        self._take_out(article_id)
        self.clusters[cluster_id].members[article_id] = None
        self._set_cluster(article_id, cluster_id)
        self.on_assigned(article_id)

    def end(self, cluster_id: int, successor_id: int | None) -> None:
        self.clusters[cluster_id].successor_id = successor_id

    def post(self, cluster_id: int, anchors: Collection[int]) -> None:
        postings = self._postings
        for anchor in anchors:
            held = postings.setdefault(anchor, cluster_id)
            if isinstance(held, dict):
                held[cluster_id] = None
            elif held != cluster_id:
                postings[anchor] = {held: None, cluster_id: None}

    def unpost(self, cluster_id: int, anchors: Collection[int]) -> None:
        for anchor in anchors:
            held = self._postings.get(anchor)
            if held == cluster_id:
                del self._postings[anchor]
            elif isinstance(held, dict):
                held.pop(cluster_id, None)
                if not held:
                    del self._postings[anchor]

    def mask(self, article_id: int, anchors: Sequence[int]) -> None:
        stored = self.documents[article_id]
        stored.carrier = replace(stored.carrier, masked=tuple(anchors))

    def crown(self, cluster_id: int, article_id: int) -> None:
        cluster = self.clusters[cluster_id]
        # Another is only ever crowned when the one that a person chose has gone.
        cluster.state = replace(cluster.state, canonical_id=article_id, canonical_pinned=False)

    def describe(self, article_id: int, role: Role, match: Match | None) -> None:
        stored = self.documents[article_id]
        stored.role, stored.match = role, match
        self.on_described(article_id)

    def justify(self, article_id: int, reason: str, matched_id: int | None) -> None:
        stored = self.documents[article_id]
        stored.reason, stored.matched_id = reason, matched_id

    def drop(self, article_id: int) -> None:
        self._take_out(article_id)
        self._set_cluster(article_id, None)

    def rule(self, pairs: Collection[frozenset[int]], ruling: Ruling) -> None:
        self._rulings.update(dict.fromkeys(pairs, ruling))

    def relate(self, article_id: int, matches: Sequence[Match]) -> None:
        self.documents[article_id].related = matches

    def _take_out(self, article_id: int) -> None:
        former = self.carrier(article_id).cluster_id
        if former is not None:
            del self.clusters[former].members[article_id]

    def _set_cluster(self, article_id: int, cluster_id: int | None) -> None:
        stored = self.documents[article_id]
        stored.carrier = replace(stored.carrier, cluster_id=cluster_id)


def memory_index() -> MemoryIndex:
    """An empty index in memory."""
    return MemoryIndex()


def moment(value: object) -> datetime:
    """A document's `time`; what cannot be read as one counts as unknown, the youngest there is."""
    try:
        if isinstance(value, (int, float)):
            return datetime.fromtimestamp(value, UTC)
        read = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        return _UNKNOWN
    return read if read.tzinfo else read.replace(tzinfo=UTC)
