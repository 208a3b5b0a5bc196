"""The append-only `event` table, and how long history is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from ingestd.model import EventKind
from ingestd.store.schema import event, poll
from ingestd.values import require_positive


@dataclass(frozen=True, slots=True)
class Settings:
    """How much history the database keeps beside the articles themselves."""

    # Age at which events, and sums by day of what hosts' pages gave, are removed; 0 keeps them for ever.
    # Articles and clusters never depend on them.
    retention: timedelta = timedelta(days=90)
    # Polls kept for each feed, newest first; older ones live on in the daily sums.
    polls_per_feed: int = 50

    def __post_init__(self) -> None:
        require_positive(self, "polls_per_feed")


# Building a statement costs more than running it.
_RECORD = event.insert()


def record(
    connection: sa.Connection,
    kind: EventKind,
    at: datetime,
    *,
    feed_id: int | None = None,
    article_id: int | None = None,
    cluster_id: int | None = None,
    data: Mapping[str, object] | None = None,
) -> None:
    """Write one event, in the transaction of what it tells of. `data` never holds text of an article."""
    values = {"at": at, "kind": kind.value, "feed_id": feed_id, "article_id": article_id}
    connection.execute(_RECORD, {**values, "cluster_id": cluster_id, "data": dict(data or {})})


def gap(
    connection: sa.Connection, feed_id: int, *, since: datetime | None, until: datetime, listed: int
) -> None:
    """Write that entries of a feed may have come and gone: none of `listed` was known.

    `since` is when its document was read before, None when that is not known, `until` when it was now.
    """
    told = {"from": since.isoformat() if since else None, "until": until.isoformat(), "listed": listed}
    record(connection, EventKind.GAP, until, feed_id=feed_id, data=told)


def gaps(
    connection: sa.Connection, feed_id: int, limit: int = 10
) -> list[sa.Row[tuple[datetime, dict[str, Any]]]]:
    """When gaps of a feed were found, and their `data`, newest first."""
    query = sa.select(event.c.at, event.c.data).where(
        event.c.kind == EventKind.GAP.value, event.c.feed_id == feed_id
    )
    return list(connection.execute(query.order_by(event.c.id.desc()).limit(limit)))


def prune(connection: sa.Connection, settings: Settings, now: datetime, limit: int = 10_000) -> int:
    """Remove up to `limit` events past retention; returns how many. Call again while it is `limit`."""
    if not settings.retention:
        return 0
    old = sa.select(event.c.id).where(event.c.at < now - settings.retention).limit(limit)
    return connection.execute(event.delete().where(event.c.id.in_(old))).rowcount


_OLDEST_KEPT = (
    sa.select(poll.c.id)
    .where(poll.c.feed_id == sa.bindparam("this"))
    .order_by(poll.c.id.desc())
    .offset(sa.bindparam("passed", type_=sa.Integer))
    .limit(1)
)
_PRUNE_POLLS = poll.delete().where(
    poll.c.feed_id == sa.bindparam("this"), poll.c.id < _OLDEST_KEPT.scalar_subquery()
)


def prune_polls(connection: sa.Connection, feed_id: int, keep: int) -> None:
    """Leave the newest `keep` polls of a feed; the daily sums have counted the others."""
    connection.execute(_PRUNE_POLLS, {"this": feed_id, "passed": max(keep, 1) - 1})
