"""Pages as rows: what is to be fetched, how often it was tried, and how it ended.

An attempt whose redirects lead to another host goes on there: the page is queued at that host, still due,
with the hops so far. The attempt's outcome, whatever it is, brings it back to its own address.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from ingestd.model import Moved, PageOutcome, Redirect
from ingestd.store import hosts
from ingestd.store.dialect import new_values, update_of
from ingestd.store.schema import page
from ingestd.urls import host_of

# A page that was taken this often without an outcome takes the process down with it.
TAKES_BEFORE_QUARANTINE = 5

_THIS = sa.and_(page.c.id == sa.bindparam("this"), page.c.state != "forgotten")


def get(connection: sa.Connection, page_id: int) -> sa.Row[Any]:
    """The row of a page."""
    return connection.execute(sa.select(page).where(page.c.id == page_id)).one()


def pending(connection: sa.Connection, page_id: int) -> sa.Row[Any] | None:
    """The row of a page that is still on the road; None when it has left it."""
    query = sa.select(page).where(page.c.id == page_id, page.c.state == "pending")
    return connection.execute(query).first()


def take(connection: sa.Connection, row: sa.Row[Any]) -> bool:
    """Take a page in hand and count it; False when it was taken too often and is quarantined instead.

    The count becomes durable before the page is fetched, so a page that kills the whole process is
    found out; every outcome sets it back.
    """
    if row.takes >= TAKES_BEFORE_QUARANTINE:
        end_legs(connection, row)
        detail = f"taken {row.takes} times without ever coming to an outcome"
        finish(connection, row.id, PageOutcome.CRASHED, "quarantined", reason="quarantined", detail=detail)
        return False
    connection.execute(page.update().where(page.c.id == row.id).values(takes=row.takes + 1))
    return True


def put_back(connection: sa.Connection, page_id: int) -> None:
    """Undo `take`: the run was ended while the page was in hand, which is no fault of the page."""
    in_hand = sa.and_(page.c.id == page_id, page.c.takes > 0)
    connection.execute(page.update().where(in_hand).values(takes=page.c.takes - 1))


def hand_on(connection: sa.Connection, page_id: int, moved: Moved) -> None:
    """Let an attempt go on at the host that it was redirected to; the page was not taken for this leg."""
    name = host_of(moved.target)
    hosts.ensure(connection, {name})
    values = {"host": name, "hop_url": moved.target, "hops": hops_to_json(moved.redirects)}
    in_hand = sa.and_(page.c.id == page_id, page.c.state == "pending")
    connection.execute(page.update().where(in_hand).values(takes=page.c.takes - 1, **values))


def end_legs(connection: sa.Connection, row: sa.Row[Any]) -> None:
    """Bring a page back to its own address, if its attempt had left it; part of every outcome."""
    if row.hop_url is not None:
        values = {"host": host_of(row.url), "hop_url": None, "hops": None}
        connection.execute(page.update().where(page.c.id == row.id).values(**values))


def hops_to_json(hops: Sequence[Redirect]) -> list[dict[str, Any]]:
    """Redirects as the `hops` columns keep them."""
    return [asdict(hop) for hop in hops]


def hops_from_json(stored: Sequence[Mapping[str, Any]] | None) -> tuple[Redirect, ...]:
    """The inverse; NULL is none."""
    return tuple(Redirect(**hop) for hop in stored or ())


def finish(
    connection: sa.Connection,
    page_id: int,
    outcome: PageOutcome,
    state: str,
    *,
    reason: str | None = None,
    detail: str | None = None,
    fetched_at: datetime | None = None,
    article_id: int | None = None,
) -> None:
    """Let a page leave the road; `article_id` and `fetched_at` are left alone when None."""
    known: dict[str, Any] = {"article_id": article_id, "fetched_at": fetched_at}
    values = {
        "state": state,
        "outcome": outcome.value,
        "reason": reason,
        "detail": detail,
        "attempts": 0,
        "takes": 0,
        "batch": None,
        **{name: value for name, value in known.items() if value is not None},
    }
    connection.execute(update_of(page, _THIS, tuple(values)), {"this": page_id, **new_values(values)})


def try_again(
    connection: sa.Connection, page_id: int, at: datetime, attempts: int, *, reason: str, detail: str
) -> None:
    """Leave a page on the road for a later attempt."""
    values = {"next_attempt_at": at, "attempts": attempts, "takes": 0, "reason": reason, "detail": detail}
    outcome = PageOutcome.RETRY_LATER.value
    lively = sa.and_(page.c.id == page_id, page.c.state == "pending")
    connection.execute(page.update().where(lively).values(outcome=outcome, batch=None, **values))


def delay_before(attempt: int, first: timedelta, longest: timedelta) -> timedelta:
    """Wait before attempt number `attempt` (2, 3, …): each is twice the one before, up to the longest."""
    doublings = max(0, min(attempt - 2, 30))
    return min(first * (1 << doublings), longest)
