"""What the pages of each host gave: sums by day, and what was learnt of it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from ingestd.model import EventKind
from ingestd.store import dialect, events
from ingestd.store.schema import host_day, host_learnt

# Building a statement costs more than running it.
_LEARNT = sa.select(host_learnt.c.learnt).where(host_learnt.c.host == sa.bindparam("this"))
_THIS = host_learnt.c.host == sa.bindparam("this")


def count(connection: sa.Connection, host: str, day: date, outcome: str, words: int) -> None:
    """Add one page to the sums of a day; `words` are those of the text that it gave, 0 when it gave none."""
    keys = {"host": host, "day": day, "outcome": outcome}
    dialect.insert_or_add(connection, host_day, keys, {"pages": 1, "words": words})


def learnt(connection: sa.Connection, host: str) -> dict[str, Any] | None:
    """What `clean.rates` keeps of a host; None when nothing is known of its pages."""
    return connection.scalar(_LEARNT, {"this": host})


def keep(connection: sa.Connection, host: str, value: Mapping[str, object]) -> None:
    """Store what `clean.rates` keeps of a host."""
    update = dialect.update_of(host_learnt, _THIS, ("learnt",))
    kept = {"this": host, **dialect.new_values({"learnt": dict(value)})}
    if connection.execute(update, kept).rowcount == 0:
        dialect.insert_ignore(connection, host_learnt, [{"host": host, "learnt": dict(value)}])


def changed(connection: sa.Connection, host: str, at: datetime, facts: Mapping[str, object]) -> None:
    """Write that what the pages of a host give has changed."""
    events.record(connection, EventKind.HOST_CHANGED, at, data={"host": host, **facts})


def sums(connection: sa.Connection, host: str, since: date) -> list[sa.Row[Any]]:
    """What the pages of a host gave from that day on: outcome, pages, words; the most frequent first."""
    pages = sa.func.sum(host_day.c.pages).label("pages")
    query = sa.select(host_day.c.outcome, pages, sa.func.sum(host_day.c.words).label("words"))
    query = query.where(host_day.c.host == host, host_day.c.day >= since).group_by(host_day.c.outcome)
    return list(connection.execute(query.order_by(pages.desc(), host_day.c.outcome)))


def prune(connection: sa.Connection, retention: timedelta, now: datetime, limit: int = 10_000) -> int:
    """Remove up to `limit` sums of days that are older than `retention`, which is 0 for never.

    Returns how many; call again while it is `limit`.
    """
    if not retention:
        return 0
    key = (host_day.c.host, host_day.c.day, host_day.c.outcome)
    old = sa.select(*key).where(host_day.c.day < (now - retention).date()).limit(limit)
    return connection.execute(host_day.delete().where(sa.tuple_(*key).in_(old))).rowcount
