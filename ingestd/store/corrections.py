"""What people decide about clusters. Nothing that is measured later overrides it.

Each function must be called in a transaction of its own, which keeps everybody else from settling. A
cluster may be named by any number that it or one that joined it ever had. Articles that a person parted
or brought together stay so, whatever their texts become: the pairs are kept in `ruling`.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ingestd.errors import UsageError
from ingestd.model import EventKind, Ruling
from ingestd.store import clusters, dialect, events, postings
from ingestd.store.index import Matching, SqlIndex
from ingestd.store.schema import cluster, member, ruling


def resolve(connection: sa.Connection, cluster_id: int) -> int:
    """The cluster that has the articles which a cluster of that number had, however long ago.

    Raises UsageError when there never was one.
    """
    return int(_resolved(connection, cluster_id).id)


def split(
    connection: sa.Connection,
    cluster_id: int,
    article_ids: Collection[int],
    now: datetime,
    matching: Matching,
) -> int:
    """Part some articles of a cluster from the others; returns the number of the cluster they are in now."""
    cluster_id = _opened(connection, cluster_id, now, matching)
    inside = _members(connection, cluster_id)
    _require_members(cluster_id, inside, article_ids)
    if not article_ids or inside <= set(article_ids):
        raise UsageError(
            f"cluster {cluster_id} can only be split by naming some of its {len(inside)} articles, not all"
        )
    index = SqlIndex(connection, matching, now, by="person")
    parted = matching.place(index).split(cluster_id, article_ids)
    index.flush()
    return parted


def merge(
    connection: sa.Connection, into: int, others: Collection[int], now: datetime, matching: Matching
) -> int:
    """Make one cluster of several, which keeps the number `into`; returns that number as it is now."""
    into = _opened(connection, into, now, matching)
    joining = {_opened(connection, other, now, matching) for other in others}
    if into in joining:
        raise UsageError(f"cluster {into} cannot be merged with itself; name another cluster's number")
    if not joining:
        raise UsageError(f"name the clusters that cluster {into} is to be merged with")
    index = SqlIndex(connection, matching, now, by="person")
    matching.place(index).merge(into, sorted(joining))
    index.flush()
    return into


def pin(
    connection: sa.Connection,
    cluster_id: int,
    now: datetime,
    matching: Matching,
    canonical_id: int | None = None,
) -> int:
    """Keep a cluster as it is, and let an article represent it (None = as before); returns its number.

    Articles may still join it; none is taken out, and it joins no other.
    """
    row = _living(connection, cluster_id)
    _set(connection, row.id, {"pinned_at": now})
    if canonical_id is not None:
        _crown(connection, row, canonical_id, now)
        _review(connection, row.id, now, matching)
    return int(row.id)


def unpin(connection: sa.Connection, cluster_id: int, now: datetime, matching: Matching) -> int:
    """Let a cluster, and what represents it, follow its texts again; returns its number.

    Articles that a person parted or brought together stay so.
    """
    row = _living(connection, cluster_id)
    _set(connection, row.id, {"pinned_at": None, "canonical_pinned_at": None})
    _review(connection, row.id, now, matching)
    return int(row.id)


def rulings(connection: sa.Connection, article_id: int) -> list[tuple[int, Ruling, datetime]]:
    """What people decided about an article: the other one, how, and when."""
    other = sa.case((ruling.c.article_id == article_id, ruling.c.other_id), else_=ruling.c.article_id)
    query = sa.select(other.label("other"), ruling.c.ruling, ruling.c.at)
    concerned = sa.or_(ruling.c.article_id == article_id, ruling.c.other_id == article_id)
    rows = connection.execute(query.where(concerned).order_by(other))
    return [(row.other, Ruling(row.ruling), row.at) for row in rows]


def _resolved(connection: sa.Connection, cluster_id: int) -> sa.Row[Any]:
    row = clusters.get(connection, cluster_id)
    if row is None:
        raise UsageError(f"there is no cluster {cluster_id}; `ingestd clusters list` shows what there is")
    return row if row.successor_id is None else _resolved(connection, row.successor_id)


def _living(connection: sa.Connection, cluster_id: int) -> sa.Row[Any]:
    """The cluster that is meant; raises UsageError when nothing is left of it."""
    # Nothing is settled between this and the commit.
    dialect.lock_settling(connection)
    row = _resolved(connection, cluster_id)
    if row.size == 0:
        raise UsageError(f"cluster {cluster_id} has no article any more: all of them were forgotten")
    return row


def _opened(connection: sa.Connection, cluster_id: int, now: datetime, matching: Matching) -> int:
    """The cluster that is meant, with its postings: what a person looks at is no old story."""
    row = _living(connection, cluster_id)
    if row.indexed != postings.current():
        clusters.rebuild(connection, row.id, now, matching)
        _set(connection, row.id, {"active_at": now})
    return int(row.id)


def _crown(connection: sa.Connection, row: sa.Row[Any], canonical_id: int, now: datetime) -> None:
    _require_members(row.id, _members(connection, row.id), [canonical_id])
    _set(connection, row.id, {"canonical_id": canonical_id, "canonical_pinned_at": now})
    if canonical_id != row.canonical_id:
        data = {"former": row.canonical_id, "by": "person"}
        where = {"article_id": canonical_id, "cluster_id": row.id}
        events.record(connection, EventKind.CANONICAL_CHANGED, now, **where, data=data)


def _review(connection: sa.Connection, cluster_id: int, now: datetime, matching: Matching) -> None:
    index = SqlIndex(connection, matching, now, by="person")
    matching.place(index).review(cluster_id)
    index.flush()


def _members(connection: sa.Connection, cluster_id: int) -> set[int]:
    query = sa.select(member.c.article_id).where(member.c.cluster_id == cluster_id)
    return set(connection.scalars(query))


def _require_members(cluster_id: int, inside: set[int], article_ids: Collection[int]) -> None:
    strangers = sorted(set(article_ids) - inside)
    if strangers:
        raise UsageError(
            f"article {strangers[0]} is not in cluster {cluster_id}; "
            f"`ingestd clusters show {cluster_id}` lists those that are"
        )


def _set(connection: sa.Connection, cluster_id: int, values: Mapping[str, object]) -> None:
    connection.execute(cluster.update().where(cluster.c.id == cluster_id).values(**values))
