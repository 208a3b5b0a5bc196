"""Clusters, their members, and the anchors by which a new text finds candidates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ingestd.model import Candidate, EventKind, Placement, Role
from ingestd.store import events
from ingestd.store.entries import chunks
from ingestd.store.schema import anchor, article, cluster, member, revision

# Articles that share most anchors and are verified; copies of one wire text are all like each other,
# so the best few decide as well as all of them would.
CANDIDATES = 8
# A single shared anchor is a common phrase, except in a text that has few.
SHARED_MIN = 2
FEW_ANCHORS = 6


def set_anchors(connection: sa.Connection, article_id: int, hashes: Sequence[int]) -> None:
    """Replace an article's anchors by those of its newest text."""
    connection.execute(anchor.delete().where(anchor.c.article_id == article_id))
    for some in chunks(hashes):
        connection.execute(anchor.insert(), [{"hash": value, "article_id": article_id} for value in some])


def candidates(
    connection: sa.Connection, article_id: int, hashes: Sequence[int], scheme: str
) -> list[Candidate]:
    """Other live articles that share most anchors with these, most first, with what verifying needs."""
    votes = _votes(connection, article_id, hashes)
    needed = 1 if len(hashes) <= FEW_ANCHORS else SHARED_MIN
    best = sorted((-count, other) for other, count in votes.items() if count >= needed)[:CANDIDATES]
    shared = {other: -count for count, other in best}
    query = (
        sa.select(article.c.id, article.c.site, member.c.cluster_id, revision.c.body)
        .join(revision, _newest_of(article, revision))
        .join(member, member.c.article_id == article.c.id)
        .where(article.c.id.in_(shared), revision.c.scheme == scheme)
    )
    rows = connection.execute(query)
    found = [Candidate(row.id, row.cluster_id, shared[row.id], row.body, row.site) for row in rows]
    return sorted(found, key=lambda one: (-one.shared, one.article_id))


def _votes(connection: sa.Connection, article_id: int, hashes: Sequence[int]) -> dict[int, int]:
    votes: dict[int, int] = {}
    for some in chunks(hashes):
        count = sa.func.count().label("shared")
        query = sa.select(anchor.c.article_id, count).where(anchor.c.hash.in_(some))
        for row in connection.execute(query.group_by(anchor.c.article_id)):
            votes[row.article_id] = votes.get(row.article_id, 0) + row.shared
    votes.pop(article_id, None)
    return votes


def place(connection: sa.Connection, article_id: int, placement: Placement, now: datetime) -> int:
    """Put a new article where it belongs; returns the cluster's id."""
    match = placement.match
    if match is None:
        values = {"canonical_id": article_id, "size": 1, "created_at": now, "active_at": now}
        cluster_id = _inserted_id(connection.execute(cluster.insert().values(**values)))
    else:
        cluster_id = match.cluster_id
        _grow(connection, cluster_id, now)
    connection.execute(member.insert().values(article_id=article_id, **_member(cluster_id, placement, now)))
    return cluster_id


def _inserted_id(result: sa.CursorResult[Any]) -> int:
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


def _member(cluster_id: int, placement: Placement, now: datetime) -> dict[str, Any]:
    match = placement.match
    return {
        "cluster_id": cluster_id,
        "role": placement.role.value,
        "matched_id": match.article_id if match else None,
        "containment": match.containment if match else None,
        "containment_reverse": match.containment_reverse if match else None,
        "jaccard": match.jaccard if match else None,
        "reason": placement.reason,
        "placed_at": now,
    }


def _grow(connection: sa.Connection, cluster_id: int, now: datetime) -> None:
    grown = cluster.update().where(cluster.c.id == cluster_id)
    connection.execute(grown.values(size=cluster.c.size + 1, active_at=now))


def cluster_of(connection: sa.Connection, article_id: int) -> sa.Row[Any] | None:
    """The cluster that an article is in, with its size; None when it is in none."""
    query = sa.select(cluster).join(member, member.c.cluster_id == cluster.c.id)
    return connection.execute(query.where(member.c.article_id == article_id)).first()


def touch(connection: sa.Connection, cluster_id: int, now: datetime) -> None:
    """A member was revised: the cluster is active."""
    connection.execute(cluster.update().where(cluster.c.id == cluster_id).values(active_at=now))


def move(connection: sa.Connection, article_id: int, placement: Placement, now: datetime) -> int:
    """A revised article that stood alone now matches another's text: it joins, its own cluster ends."""
    match = placement.match
    assert match is not None
    remove(connection, article_id, now)
    cluster_id = place(connection, article_id, placement, now)
    data = {"matched": match.article_id, "containment": match.containment_of_smaller}
    events.record(connection, EventKind.JOINED, now, article_id=article_id, cluster_id=cluster_id, data=data)
    return cluster_id


def remove(connection: sa.Connection, article_id: int, now: datetime) -> None:
    """Take an article out of its cluster; a cluster that it represented gets its earliest other member."""
    row = cluster_of(connection, article_id)
    if row is None:
        return
    connection.execute(member.delete().where(member.c.article_id == article_id))
    rest = sa.select(sa.func.min(member.c.article_id)).where(member.c.cluster_id == row.id)
    heir = connection.scalar(rest)
    if heir is None:
        connection.execute(cluster.delete().where(cluster.c.id == row.id))
        return
    canonical = heir if row.canonical_id == article_id else row.canonical_id
    values = {"size": row.size - 1, "canonical_id": canonical}
    connection.execute(cluster.update().where(cluster.c.id == row.id).values(**values))
    if canonical != row.canonical_id:
        _crown(connection, canonical, row.id, now)


def _crown(connection: sa.Connection, article_id: int, cluster_id: int, now: datetime) -> None:
    role = {"role": Role.CANONICAL.value}
    connection.execute(member.update().where(member.c.article_id == article_id).values(**role))
    events.record(connection, EventKind.CANONICAL_CHANGED, now, article_id=article_id, cluster_id=cluster_id)


def listing(
    connection: sa.Connection, *, since: datetime | None = None, at_least: int = 2, limit: int = 50
) -> list[sa.Row[Any]]:
    """Clusters of at least that many articles, the most recently active first.

    The agency is that of the canonical; when it names none, one that another member names, because they
    carry one text.
    """
    agency = sa.func.coalesce(revision.c.agency, _agency_of_members()).label("agency")
    query = (
        sa.select(cluster, revision.c.title, agency, article.c.site)
        .join(article, article.c.id == cluster.c.canonical_id)
        .join(revision, _newest_of(article, revision))
        .where(cluster.c.size >= at_least)
        .order_by(cluster.c.active_at.desc(), cluster.c.id.desc())
        .limit(limit)
    )
    return list(connection.execute(query if since is None else query.where(cluster.c.active_at >= since)))


def _newest_of(articles: sa.FromClause, revisions: sa.FromClause) -> sa.ColumnElement[bool]:
    same = revisions.c.article_id == articles.c.id
    return sa.and_(same, revisions.c.number == articles.c.revision)


def _agency_of_members() -> sa.ScalarSelect[Any]:
    carrier, named = article.alias(), revision.alias()
    query = (
        sa.select(sa.func.min(named.c.agency))
        .select_from(member.join(carrier, carrier.c.id == member.c.article_id))
        .join(named, _newest_of(carrier, named))
        .where(member.c.cluster_id == cluster.c.id)
    )
    return query.correlate(cluster).scalar_subquery()


def get(connection: sa.Connection, cluster_id: int) -> sa.Row[Any] | None:
    """One cluster; None when there is none with that id."""
    return connection.execute(sa.select(cluster).where(cluster.c.id == cluster_id)).first()


def members(connection: sa.Connection, cluster_id: int) -> list[sa.Row[Any]]:
    """Who carries the text of a cluster, in the order in which it was seen."""
    query = (
        sa.select(
            *(article.c.id, article.c.url, article.c.site, article.c.first_seen_at, article.c.revision),
            *(revision.c.title, revision.c.agency, revision.c.published_at, revision.c.word_count),
            *(member.c.role, member.c.matched_id, member.c.containment, member.c.containment_reverse),
            *(member.c.jaccard, member.c.reason),
        )
        .join(article, article.c.id == member.c.article_id)
        .join(revision, _newest_of(article, revision))
        .where(member.c.cluster_id == cluster_id)
        .order_by(article.c.first_seen_at, article.c.id)
    )
    return list(connection.execute(query))
