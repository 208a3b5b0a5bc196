"""Articles and clusters as deduplication sees them, read from rows and written to rows.

    Matching      what deduplication can do, handed in by the road: the store knows nothing of it
    └─ place ──► Placer      decides
                 └─ reads and notes down ──► SqlIndex      this module

Within one transaction a row is read once and written once: what is noted down counts for later reads at once
and reaches the tables with `flush`. Postings alone are written as they come, because
looking for holders is the database's work. Nothing outlives the transaction, so what is rolled back has
left no trace.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, Protocol

import sqlalchemy as sa

from ingestd.model import Carrier, ClusterState, EventKind, Fingerprint, Match, Role, Ruling
from ingestd.store import events, postings
from ingestd.store.dialect import Among, new_values, update_of
from ingestd.store.schema import article, cluster, member, related, revision, ruling


class Placer(Protocol):
    """Decides where articles of one index belong; see `dedupe.placing.Placing`."""

    def place(self, article_id: int) -> None:
        """Place an article that is new."""

    def revise(self, article_id: int, former_text: str) -> None:
        """Place an article whose text has changed; the index has the new one."""

    def withdraw(self, article_id: int) -> None:
        """Take out an article whose text is still there."""

    def expire(self, cluster_id: int) -> None:
        """Take away a cluster's postings."""

    def restore(self, cluster_id: int) -> None:
        """Make a cluster's postings anew from its texts."""

    def review(self, cluster_id: int) -> None:
        """Decide anew what represents a cluster, and what its articles are beside it."""

    def merge(self, into: int, others: Collection[int]) -> None:
        """Make one cluster of several, for good."""

    def split(self, cluster_id: int, article_ids: Collection[int]) -> int:
        """Part some articles of a cluster from the others, for good; returns the cluster they are in."""


@dataclass(frozen=True, slots=True)
class Matching:
    """What the store asks of deduplication."""

    place: "Callable[[SqlIndex], Placer]"
    # Title (None = without) and body to what is fingerprinted and compared.
    compared_text: Callable[[str | None, str], str]
    fingerprint: Callable[[str], Fingerprint]


# Who caused what happens to clusters.
By = Literal["machine", "person"]

# The condition that joins an article with its newest text.
NEWEST = sa.and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision)
_COLUMNS = (
    *(article.c.id, article.c.site, article.c.first_seen_at, article.c.appeared_at, article.c.from_agency),
    *(revision.c.shingle_count, revision.c.text_hash, member.c.cluster_id, member.c.masked),
    *(cluster.c.canonical_id, cluster.c.pinned_at, cluster.c.canonical_pinned_at),
)
_MEMBERS: sa.Select[Any] = (
    sa.select(*_COLUMNS)
    .select_from(member)
    .join(article, article.c.id == member.c.article_id)
    .join(revision, NEWEST)
    .join(cluster, cluster.c.id == member.c.cluster_id)
    .where(Among(member.c.cluster_id, "cluster_ids"))
    .order_by(article.c.id)
)
_OF_SOURCE = _MEMBERS.where(article.c.site == sa.bindparam("source"))
_CARRIER: sa.Select[Any] = (
    sa.select(*_COLUMNS)
    .select_from(article)
    .join(revision, NEWEST)
    .outerjoin(member, member.c.article_id == article.c.id)
    .outerjoin(cluster, cluster.c.id == member.c.cluster_id)
    .where(article.c.id == sa.bindparam("article_id"))
)
_TEXTS = (
    sa.select(article.c.id, revision.c.title, revision.c.body)
    .join(revision, NEWEST)
    .where(Among(article.c.id, "article_ids"))
)
_STATES: sa.Select[Any] = sa.select(
    cluster.c.id.label("cluster_id"),
    *(cluster.c.canonical_id, cluster.c.pinned_at, cluster.c.canonical_pinned_at),
).where(Among(cluster.c.id, "cluster_ids"))
_RULINGS = sa.select(ruling).where(
    Among(ruling.c.article_id, "article_ids"), Among(ruling.c.other_id, "article_ids")
)

_OPEN, _JOIN, _RULE, _RELATE = cluster.insert(), member.insert(), ruling.insert(), related.insert()
_THIS_CLUSTER = cluster.c.id == sa.bindparam("this")
_THIS_MEMBER = member.c.article_id == sa.bindparam("this")
_DROP = (
    member.delete().where(_THIS_MEMBER),
    related.delete().where(related.c.article_id == sa.bindparam("this")),
    related.delete().where(related.c.other_id == sa.bindparam("this")),
    ruling.delete().where(ruling.c.article_id == sa.bindparam("this")),
    ruling.delete().where(ruling.c.other_id == sa.bindparam("this")),
)
_UNRELATE = _DROP[1]
_UNRULE = ruling.delete().where(
    ruling.c.article_id == sa.bindparam("this"), ruling.c.other_id == sa.bindparam("that")
)


class SqlIndex:
    """The index of one transaction; implements `dedupe.index.Index`. Call `flush` when all is decided."""

    def __init__(
        self, connection: sa.Connection, matching: Matching, now: datetime, by: By = "machine"
    ) -> None:
        self._connection = connection
        self._compared_text = matching.compared_text
        self._now = now
        self._by = by
        self._carriers: dict[int, Carrier] = {}
        self._texts: dict[int, str] = {}
        self._states: dict[int, ClusterState] = {}
        # Cluster -> its articles, ascending; only of clusters whose articles have all been read.
        self._inside: dict[int, list[int]] = {}
        # Columns of `member` and `cluster` that are still to be written, by article and by cluster.
        self._member_notes: dict[int, dict[str, Any]] = {}
        self._cluster_notes: dict[int, dict[str, Any]] = {}
        # Articles that have no row in `member` yet, and those that were related since.
        self._unplaced: set[int] = set()
        self._related: set[int] = set()
        # What there was before: the clusters of articles that moved, the canonicals of clusters.
        self._origins: dict[int, int] = {}
        self._former_canonicals: dict[int, int] = {}
        self._opened: set[int] = set()
        self._ended: dict[int, int | None] = {}

    # ------------------------------------------------------------------------------ reading

    def holders(self, anchors: Sequence[int], limit: int) -> Mapping[int, Sequence[int]]:
        return postings.holders(self._connection, anchors, limit)

    def carrier(self, article_id: int) -> Carrier:
        if article_id not in self._carriers:
            row = self._connection.execute(_CARRIER, {"article_id": article_id}).one()
            if row.cluster_id is None:
                self._unplaced.add(article_id)
            self._learn(row)
        return self._carriers[article_id]

    def members(self, cluster_ids: Collection[int]) -> Sequence[Carrier]:
        unknown = [one for one in cluster_ids if one not in self._inside]
        if unknown:
            self._inside.update((one, []) for one in unknown)
            for row in self._connection.execute(_MEMBERS, {"cluster_ids": unknown}):
                self._inside[row.cluster_id].append(row.id)
                self._learn(row)
        return [self._carriers[article_id] for one in cluster_ids for article_id in self._inside[one]]

    def of_source(self, source: str, cluster_ids: Collection[int]) -> Sequence[Carrier]:
        known = [one for one in cluster_ids if one in self._inside]
        unknown = [one for one in cluster_ids if one not in self._inside]
        found = [one for one in self.members(known) if one.source == source]
        if unknown:
            parameters = {"cluster_ids": unknown, "source": source}
            found += [self._learn(row) for row in self._connection.execute(_OF_SOURCE, parameters)]
        return found

    def texts(self, article_ids: Collection[int]) -> Mapping[int, str]:
        unknown = [one for one in article_ids if one not in self._texts]
        if unknown:
            for row in self._connection.execute(_TEXTS, {"article_ids": unknown}):
                self._texts[row.id] = self._compared_text(row.title, row.body)
        return {one: self._texts[one] for one in article_ids}

    def states(self, cluster_ids: Collection[int]) -> Mapping[int, ClusterState]:
        unknown = [one for one in cluster_ids if one not in self._states]
        if unknown:
            for row in self._connection.execute(_STATES, {"cluster_ids": unknown}):
                self._states[row.cluster_id] = _state(row)
        return {one: self._states[one] for one in cluster_ids}

    def rulings(self, article_ids: Collection[int]) -> Mapping[frozenset[int], Ruling]:
        rows = self._connection.execute(_RULINGS, {"article_ids": article_ids})
        return {frozenset((row.article_id, row.other_id)): Ruling(row.ruling) for row in rows}

    def _learn(self, row: sa.Row[Any]) -> Carrier:
        """What a row says about its article and its cluster, unless more is known already."""
        if row.cluster_id is not None and row.cluster_id not in self._states:
            self._states[row.cluster_id] = _state(row)
        return self._carriers.setdefault(row.id, _carrier(row))

    # ------------------------------------------------------------------------------ noting down

    def introduce(self, carrier: Carrier, text: str) -> None:
        """Tell of an article whose rows were written just now, and what is compared of it."""
        self._carriers[carrier.article_id] = carrier
        self._texts[carrier.article_id] = text
        if carrier.cluster_id is None:
            self._unplaced.add(carrier.article_id)

    def open(self, article_id: int) -> int:
        values = {"canonical_id": article_id, "size": 1, "created_at": self._now, "active_at": self._now}
        opened = self._connection.execute(_OPEN, {**values, "indexed": postings.current()})
        assert opened.inserted_primary_key is not None
        cluster_id = int(opened.inserted_primary_key[0])
        self._opened.add(cluster_id)
        self._inside[cluster_id] = []
        self._states[cluster_id] = ClusterState(cluster_id)
        self.assign(article_id, cluster_id)
        return cluster_id

    def assign(self, article_id: int, cluster_id: int) -> None:
        self.members([cluster_id])
        self._take_out(article_id)
        self._inside[cluster_id] = sorted((*self._inside[cluster_id], article_id))
        self._carriers[article_id] = replace(self._carriers[article_id], cluster_id=cluster_id)
        self._note_member(article_id, cluster_id=cluster_id)
        self.touch(cluster_id)

    def touch(self, cluster_id: int) -> None:
        """A cluster is active: an article joined it, or one of its articles was revised."""
        self._note_cluster(cluster_id, active_at=self._now)

    def end(self, cluster_id: int, successor_id: int | None) -> None:
        self._ended[cluster_id] = successor_id
        self._note_cluster(cluster_id, canonical_id=None, successor_id=successor_id, indexed=None)

    def post(self, cluster_id: int, anchors: Collection[int]) -> None:
        postings.add(self._connection, cluster_id, anchors)

    def unpost(self, cluster_id: int, anchors: Collection[int]) -> None:
        if anchors:
            postings.remove(self._connection, cluster_id, anchors)

    def mask(self, article_id: int, anchors: Sequence[int]) -> None:
        self._carriers[article_id] = replace(self.carrier(article_id), masked=tuple(anchors))
        self._note_member(article_id, masked=anchors)

    def crown(self, cluster_id: int, article_id: int) -> None:
        former = self._states[cluster_id].canonical_id
        if former is not None:
            self._former_canonicals.setdefault(cluster_id, former)
        # Another is only ever chosen when the one that a person chose has gone.
        self._states[cluster_id] = replace(
            self._states[cluster_id], canonical_id=article_id, canonical_pinned=False
        )
        self._note_cluster(cluster_id, canonical_id=article_id, canonical_pinned_at=None)

    def describe(self, article_id: int, role: Role, match: Match | None) -> None:
        self._note_member(
            article_id,
            role=role.value,
            containment=match.containment if match else None,
            containment_reverse=match.containment_reverse if match else None,
            jaccard=match.jaccard if match else None,
        )

    def justify(self, article_id: int, reason: str, matched_id: int | None) -> None:
        self._note_member(article_id, reason=reason, matched_id=matched_id, placed_at=self._now)

    def drop(self, article_id: int) -> None:
        self.members([_home(self.carrier(article_id))])
        self._take_out(article_id)
        self._carriers[article_id] = replace(self._carriers[article_id], cluster_id=None)
        self._member_notes.pop(article_id, None)
        for statement in _DROP:
            self._connection.execute(statement, {"this": article_id})

    def rule(self, pairs: Collection[frozenset[int]], ruling: Ruling) -> None:
        ordered = sorted(sorted(pair) for pair in pairs)
        if not ordered:
            return
        self._connection.execute(_UNRULE, [{"this": one, "that": other} for one, other in ordered])
        values = {"ruling": ruling.value, "at": self._now}
        rows = [{"article_id": one, "other_id": other, **values} for one, other in ordered]
        self._connection.execute(_RULE, rows)

    def relate(self, article_id: int, matches: Sequence[Match]) -> None:
        if article_id not in self._unplaced or article_id in self._related:
            self._connection.execute(_UNRELATE, {"this": article_id})
        if matches:
            self._related.add(article_id)
            self._connection.execute(_RELATE, [_relation(found) for found in matches])

    def _take_out(self, article_id: int) -> None:
        origin = self.carrier(article_id).cluster_id
        if origin is None:
            return
        self.members([origin])
        self._origins.setdefault(article_id, origin)
        self._inside[origin].remove(article_id)
        self._note_cluster(origin)

    def _note_member(self, article_id: int, **columns: Any) -> None:
        self._member_notes.setdefault(article_id, {}).update(columns)

    def _note_cluster(self, cluster_id: int, **columns: Any) -> None:
        self._cluster_notes.setdefault(cluster_id, {}).update(columns)

    # ------------------------------------------------------------------------------ writing

    def flush(self) -> None:
        """Write what was noted down, and the events of it."""
        for cluster_id, columns in self._cluster_notes.items():
            if cluster_id in self._inside:
                columns["size"] = len(self._inside[cluster_id])
            self._update(cluster, _THIS_CLUSTER, cluster_id, columns)
        for article_id, columns in self._member_notes.items():
            if article_id in self._unplaced:
                self._connection.execute(_JOIN, {"masked": (), **columns, "article_id": article_id})
            else:
                self._update(member, _THIS_MEMBER, article_id, columns)
        self._record_events()
        self._unplaced -= self._member_notes.keys()
        for notes in (self._member_notes, self._cluster_notes, self._origins, self._former_canonicals):
            notes.clear()
        self._opened.clear()
        self._ended.clear()

    def _update(
        self, table: sa.Table, condition: sa.ColumnElement[bool], number: int, columns: dict[str, Any]
    ) -> None:
        statement = update_of(table, condition, tuple(sorted(columns)))
        self._connection.execute(statement, {"this": number, **new_values(columns)})

    def _record_events(self) -> None:
        for cluster_id, successor_id in self._ended.items():
            if successor_id is not None and cluster_id not in self._opened:
                self._record(EventKind.JOINED, successor_id, {"ended": cluster_id, "into": successor_id})
        for (origin, target), article_ids in self._splits().items():
            self._record(EventKind.SPLIT, target, {"from": origin, "articles": article_ids})
        for cluster_id, former in self._former_canonicals.items():
            chosen = self._states[cluster_id].canonical_id
            if cluster_id not in self._ended and chosen != former:
                self._record(EventKind.CANONICAL_CHANGED, cluster_id, {"former": former}, chosen)

    def _splits(self) -> dict[tuple[int, int], list[int]]:
        """Articles that went elsewhere than their cluster did: from where and where to -> which."""
        moved: dict[tuple[int, int], list[int]] = {}
        for article_id, origin in sorted(self._origins.items()):
            target = self._carriers[article_id].cluster_id
            if target not in (None, origin, self._ended.get(origin)):
                moved.setdefault((origin, _home(self._carriers[article_id])), []).append(article_id)
        return moved

    def _record(
        self, kind: EventKind, cluster_id: int, data: dict[str, object], article_id: int | None = None
    ) -> None:
        data = {**data, "by": self._by}
        connection, now = self._connection, self._now
        events.record(connection, kind, now, article_id=article_id, cluster_id=cluster_id, data=data)

    # ------------------------------------------------------------------------------ what was decided

    def standing(self, article_id: int) -> "Standing":
        """Where an article is now; to be asked before `flush`, and only of one that was placed."""
        home = _home(self.carrier(article_id))
        notes = self._member_notes[article_id]
        shares = [notes.get("containment"), notes.get("containment_reverse")]
        known = [share for share in shares if share is not None]
        return Standing(home, len(self.members([home])), notes["matched_id"], max(known, default=None))


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of an article that was placed."""

    cluster_id: int
    # Articles in that cluster, this one included.
    size: int
    # The article by which it came there; None when it is alone.
    matched_id: int | None
    # Share of the shorter of it and the canonical that stands in the other; None when it is that itself.
    containment: float | None


def _home(carrier: Carrier) -> int:
    assert carrier.cluster_id is not None
    return carrier.cluster_id


def _carrier(row: sa.Row[Any]) -> Carrier:
    return Carrier(
        article_id=row.id,
        cluster_id=row.cluster_id,
        source=row.site,
        at=row.appeared_at or row.first_seen_at,
        shingle_count=row.shingle_count,
        text_hash=row.text_hash,
        from_agency=row.from_agency,
        masked=row.masked or (),
    )


def _state(row: sa.Row[Any]) -> ClusterState:
    return ClusterState(
        row.cluster_id,
        row.canonical_id,
        pinned=row.pinned_at is not None,
        canonical_pinned=row.canonical_pinned_at is not None,
    )


def _relation(found: Match) -> dict[str, Any]:
    return {
        "article_id": found.article_id,
        "other_id": found.other_id,
        "containment": found.containment,
        "containment_reverse": found.containment_reverse,
        "rule": found.rule,
    }
