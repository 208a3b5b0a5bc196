"""An index in memory with what the pipeline and people do to an archive, and what must be true of it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from hashlib import sha256

from ingestd.dedupe.memory import MemoryIndex, Stored
from ingestd.dedupe.placing import Placing
from ingestd.dedupe.text import prepared
from ingestd.model import ClusterState, Role


class Archive(MemoryIndex):
    """Documents that come, change and go; articles are told by their numbers, from 0."""

    def __init__(self) -> None:
        super().__init__()
        self.placing = Placing(self)
        # Clusters that new texts do not find, or not by all their texts.
        self.expired: set[int] = set()

    def put(self, text: str, source: str = "", time: float = 0) -> int:
        """Add a text; returns the number of the article."""
        self.add({"text": text, "source": source, "time": time})
        return len(self.documents) - 1

    def put_all(self, texts: Iterable[str]) -> list[int]:
        return [self.put(text) for text in texts]

    def revise(self, number: int, text: str) -> None:
        stored = self.documents[number]
        former, stored.text = stored.text, text
        stored.carrier = replace(
            stored.carrier,
            shingle_count=prepared(text).size,
            text_hash=sha256(text.encode()).hexdigest()[:16],
        )
        self.placing.revise(number, former)

    def withdraw(self, number: int) -> None:
        self.placing.withdraw(number)

    def expire(self, label: int) -> None:
        self.placing.expire(label)
        self.expired.add(label)

    def restore(self, label: int) -> None:
        self.placing.restore(label)
        self.expired.discard(label)

    def pin(self, label: int) -> None:
        self.clusters[label].state = replace(self.clusters[label].state, pinned=True)

    def choose(self, number: int) -> None:
        """Let an article represent its cluster because a person says so."""
        label = self.label(number)
        self.crown(label, number)
        self.clusters[label].state = replace(self.clusters[label].state, canonical_pinned=True)
        self.placing.review(label)

    @property
    def living(self) -> list[int]:
        """The articles that were not withdrawn."""
        return [
            number for number, stored in enumerate(self.documents) if stored.carrier.cluster_id is not None
        ]

    @property
    def labels(self) -> list[int]:
        """The clusters that live, ascending."""
        return sorted({self.label(number) for number in self.living})

    def together(self, *numbers: int) -> bool:
        return len({self.label(number) for number in numbers}) == 1

    def partition(self, name: Callable[[int], int] = int) -> set[frozenset[int]]:
        """Who is with whom; articles called by other names if wanted."""
        return {frozenset(map(name, self.clusters[label].members)) for label in self.labels}

    def canonical(self, number: int) -> int:
        """The article that represents the cluster of an article."""
        chosen = self.clusters[self.label(number)].state.canonical_id
        assert chosen is not None
        return chosen

    def everything(self, count: int) -> list[tuple[Stored, ClusterState]]:
        """All that is noted of the first so many articles, to see whether it changes."""
        return [
            (replace(stored), self.clusters[self.label(number)].state)
            for number, stored in enumerate(self.documents[:count])
        ]

    def check(self) -> None:
        """What is true after whatever happened."""
        self._check_clusters()
        self._check_roles()
        self._check_postings()

    def _check_clusters(self) -> None:
        for label, cluster in enumerate(self.clusters):
            assert all(self.label(number) == label for number in cluster.members)
            if cluster.members:
                assert cluster.successor_id is None
                assert cluster.state.canonical_id in cluster.members
        assert sorted(number for cluster in self.clusters for number in cluster.members) == self.living

    def _check_roles(self) -> None:
        for number in self.living:
            stored = self.documents[number]
            is_canonical = self.canonical(number) == number
            assert (stored.role is Role.CANONICAL) is is_canonical is (stored.match is None)
            if stored.match is not None:
                assert (stored.match.article_id, stored.match.other_id) == (number, self.canonical(number))
            assert stored.reason

    def _check_postings(self) -> None:
        posted: dict[int, set[int]] = {}
        for anchor, labels in self.postings.items():
            assert labels
            for label in labels:
                posted.setdefault(label, set()).add(anchor)
        assert posted.keys() <= set(self.labels)
        for label in self.labels:
            expected = self.anchors_of(self.clusters[label].members)
            found = posted.get(label, set())
            assert found <= expected
            assert label in self.expired or found == expected

    def anchors_of(self, numbers: Collection[int]) -> set[int]:
        return {anchor for number in numbers for anchor in prepared(self.documents[number].text).anchors}


def in_order(texts: Sequence[str], order: Sequence[int], sources: Sequence[str] = ()) -> Archive:
    """The texts, put in that order; each carries its own time whenever it comes."""
    archive = Archive()
    for place in order:
        archive.put(texts[place], sources[place] if sources else f"outlet-{place}.example", time=place)
    return archive
