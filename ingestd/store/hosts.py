"""Where work is leased, host by host.

Whoever holds a host's lease does its feeds and pages, one request in flight, spaced; so politeness is
right by construction, also when `once` runs beside the service and when machines share a database.
A lease names its owner, a token that every save must show, and an expiry by the database's clock.

A claim also moves the feeds that it takes past the shortest interval: a process that is killed between a
request and its save leaves nothing that could be asked again too soon. What was not asked after all gets
its time back with the lease.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from ingestd.errors import LeaseLost
from ingestd.store.dialect import EpochNow, insert_ignore, new_values, update_of
from ingestd.store.schema import entry, feed, host, page

# Pages of one host in one lease: a host with thousands then comes back in turn with the others.
PAGES_PER_LEASE = 10

# Stands as the reason of its plan while a feed is being asked, and after a kill until it is asked again.
TAKEN = "It was taken to be asked; whatever came of that, it is not asked again before then."


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of the due work a run may take; everything by default."""

    # Only these feeds, and pages that their entries name; None means every feed.
    feed_ids: frozenset[int] | None = None
    # Only pages that this run was given by hand, and no feed; None means pages of any origin.
    batch: str | None = None
    # Feeds count as due only if they were by this moment, so that a run which takes long polls none twice;
    # None means now.
    feeds_due_by: datetime | None = None
    # How many feeds and pages may still be taken; None means any number.
    feeds_left: int | None = None
    pages_left: int | None = None

    def feeds(self, now: datetime) -> sa.ColumnElement[bool]:
        """The condition on `feed` rows: due, and to be taken."""
        if self.batch is not None or self.feeds_left == 0:
            return sa.false()
        due = due_feeds(min(now, self.feeds_due_by or now))
        return due if self.feed_ids is None else sa.and_(due, feed.c.id.in_(self.feed_ids))

    def pages(self, now: datetime) -> sa.ColumnElement[bool]:
        """The condition on `page` rows: due, and to be taken."""
        if self.pages_left == 0:
            return sa.false()
        return sa.and_(due_pages(now), self.origin())

    def origin(self) -> sa.ColumnElement[bool]:
        """The condition on `page` rows of where they come from, due or not."""
        if self.batch is not None:
            return page.c.batch == self.batch
        if self.feed_ids is None:
            return sa.true()
        named = sa.select(entry.c.page_id).where(entry.c.feed_id.in_(self.feed_ids))
        return page.c.id.in_(named)

    def without(self, leases: Sequence["Lease"]) -> "Choice":
        """What is left to take after these leases."""
        feeds = sum(len(lease.feed_ids) for lease in leases)
        pages = sum(len(lease.page_ids) for lease in leases)
        return replace(
            self,
            feeds_left=None if self.feeds_left is None else self.feeds_left - feeds,
            pages_left=None if self.pages_left is None else self.pages_left - pages,
        )


@dataclass(frozen=True, slots=True)
class Due:
    """When a feed was due that was taken, and why then."""

    at: datetime
    # Its `plan_reason`; None when it was never polled.
    reason: str | None


@dataclass(frozen=True, slots=True)
class Lease:
    """A host held, with the work that was due when it was claimed."""

    host: str
    token: str
    # The row of `host` as it was claimed.
    row: sa.Row[Any]
    # Ids of due feeds and pages, most overdue first.
    feed_ids: tuple[int, ...]
    page_ids: tuple[int, ...]
    # Those of the feeds that were not asked yet: whoever asks one takes it out.
    due: dict[int, Due]


def due_feeds(now: datetime) -> sa.ColumnElement[bool]:
    """The one definition of a feed being due."""
    return sa.and_(feed.c.state == "active", feed.c.next_poll_at <= now)


def due_pages(now: datetime) -> sa.ColumnElement[bool]:
    """The one definition of a page being due."""
    return sa.and_(page.c.state == "pending", page.c.next_attempt_at <= now)


def _may_start(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        sa.or_(host.c.lease_expires.is_(None), host.c.lease_expires < EpochNow()),
        sa.or_(host.c.parked_until.is_(None), host.c.parked_until <= now),
        sa.or_(host.c.next_request_at.is_(None), host.c.next_request_at <= now),
    )


def _due_hosts(now: datetime, choice: Choice) -> sa.Subquery:
    """Hosts that have something due, with the moment since when."""
    pending = _pending_hosts()
    first_page = (
        sa.select(page.c.next_attempt_at)
        .where(page.c.host == pending.c.name, choice.pages(now))
        .order_by(page.c.next_attempt_at)
        .limit(1)
        .scalar_subquery()
    )
    waiting = sa.union_all(
        sa.select(feed.c.host, feed.c.next_poll_at.label("since")).where(choice.feeds(now)),
        sa.select(pending.c.name, first_page).where(pending.c.name.is_not(None)),
    ).subquery()
    oldest = sa.func.min(waiting.c.since)
    due = sa.select(waiting.c.host, oldest.label("since")).group_by(waiting.c.host)
    return due.having(oldest.is_not(None)).subquery()


def _pending_hosts() -> sa.CTE:
    """The hosts of pending pages, and NULL at the end: one step through the index for each host.

    A run claims after every few pages. To go through all that are waiting each time took 130 ms with
    100,000 of them, and hours for the run.
    """
    first = sa.select(sa.func.min(page.c.host).label("name")).where(page.c.state == "pending")
    found = first.cte("pending_host", recursive=True)
    rest = page.alias()
    further = sa.select(sa.func.min(rest.c.host)).where(rest.c.state == "pending", rest.c.host > found.c.name)
    return found.union_all(sa.select(further.scalar_subquery()).where(found.c.name.is_not(None)))


def claim(
    connection: sa.Connection,
    *,
    owner: str,
    now: datetime,
    span: timedelta,
    limit: int,
    choice: Choice,
    floor: timedelta = timedelta(0),
) -> list[Lease]:
    """Lease up to `limit` hosts that have something due and may be asked now, most overdue first.

    Their feeds are due no sooner than after `floor`, the shortest interval, until a plan says otherwise.
    """
    due = _due_hosts(now, choice)
    query = (
        sa.select(host)
        .join(due, due.c.host == host.c.name)
        .where(_may_start(now))
        .order_by(due.c.since, host.c.name)
        .limit(limit)
        .with_for_update(of=host, skip_locked=True)
    )
    rows = connection.execute(query).all()
    feeds = _feeds(connection, [row.name for row in rows], choice.feeds(now))
    pages = _pages(choice, now)
    leases: list[Lease] = []
    for row in rows:
        taken = dict(feeds[row.name][: choice.feeds_left])
        most = PAGES_PER_LEASE if choice.pages_left is None else min(PAGES_PER_LEASE, choice.pages_left)
        page_ids = tuple(connection.scalars(pages, {"at": row.name, "most": most})) if most else ()
        if taken or page_ids:
            leases.append(Lease(row.name, secrets.token_hex(8), row, tuple(taken), page_ids, taken))
            choice = choice.without(leases[-1:])
    _mark(connection, leases, owner, span)
    push(connection, [feed_id for lease in leases for feed_id in lease.feed_ids], now, floor)
    return leases


def _feeds(
    connection: sa.Connection, names: Sequence[str], wanted: sa.ColumnElement[bool]
) -> dict[str, list[tuple[int, Due]]]:
    """The wanted feeds of each of these hosts, most overdue first."""
    query = (
        sa.select(feed.c.host, feed.c.id, feed.c.next_poll_at, feed.c.plan_reason)
        .where(feed.c.host.in_(names), wanted)
        .order_by(feed.c.next_poll_at, feed.c.id)
    )
    found: dict[str, list[tuple[int, Due]]] = {name: [] for name in names}
    for row in connection.execute(query):
        found[row.host].append((row.id, Due(row.next_poll_at, row.plan_reason)))
    return found


def _pages(choice: Choice, now: datetime) -> sa.Select[int]:
    """Ids of the wanted pages of the host `at`, the `most` overdue ones; built once for all hosts."""
    of_host = sa.select(page.c.id).where(page.c.host == sa.bindparam("at"), choice.pages(now))
    return of_host.order_by(page.c.next_attempt_at, page.c.id).limit(sa.bindparam("most", type_=sa.Integer))


_THIS_FEED = feed.c.id == sa.bindparam("this")
_PUSH = update_of(feed, _THIS_FEED, ("next_poll_at", "plan_reason"))
_GIVE_BACK = update_of(
    feed, sa.and_(_THIS_FEED, feed.c.plan_reason == TAKEN), ("next_poll_at", "plan_reason")
)


def push(connection: sa.Connection, feed_ids: Sequence[int], now: datetime, floor: timedelta) -> None:
    """Let feeds that are about to be asked be due no sooner than `floor` after that, whatever comes of it.

    A tenth is added for the turn that they may have to wait for.
    """
    pushed = new_values({"next_poll_at": now + floor * 1.1, "plan_reason": TAKEN})
    if feed_ids:
        connection.execute(_PUSH, [{"this": feed_id, **pushed} for feed_id in feed_ids])


def _give_back(connection: sa.Connection, lease: Lease) -> None:
    """Let the feeds that were taken and not asked be due as before."""
    given = [
        {"this": feed_id, **new_values({"next_poll_at": due.at, "plan_reason": due.reason})}
        for feed_id, due in lease.due.items()
    ]
    if given:
        connection.execute(_GIVE_BACK, given)


def _mark(connection: sa.Connection, leases: Sequence[Lease], owner: str, span: timedelta) -> None:
    if not leases:
        return
    marked = (
        host.update()
        .where(host.c.name == sa.bindparam("held"))
        .values(
            lease_owner=owner,
            lease_token=sa.bindparam("token"),
            lease_expires=EpochNow() + span.total_seconds(),
        )
    )
    connection.execute(marked, [{"held": lease.host, "token": lease.token} for lease in leases])


_HELD = sa.and_(host.c.name == sa.bindparam("held"), host.c.lease_token == sa.bindparam("token"))
_RENEWED = EpochNow() + sa.bindparam("span", type_=sa.Float)


def keep(connection: sa.Connection, lease: Lease, span: timedelta, **state: Any) -> None:
    """Renew a lease and store what became known of its host; the first statement of every save.

    Raises LeaseLost when somebody else holds the host by now: the caller's transaction must be undone.
    """
    shown = {"held": lease.host, "token": lease.token, "span": span.total_seconds()}
    if connection.execute(_renewal(tuple(state)), shown | new_values(state)).rowcount == 0:
        raise LeaseLost(f"the lease of {lease.host} has passed to another worker")


@cache
def _renewal(columns: tuple[str, ...]) -> sa.Update:
    return update_of(host, _HELD, columns).values(lease_expires=_RENEWED)


def release(connection: sa.Connection, lease: Lease, **state: Any) -> None:
    """Store what became known of a host and give it back, with the feeds of it that were not asked.

    One that was lost meanwhile is left alone.
    """
    values = {**state, "lease_owner": None, "lease_token": None, "lease_expires": None}
    shown = {"held": lease.host, "token": lease.token}
    if connection.execute(update_of(host, _HELD, tuple(values)), shown | new_values(values)).rowcount:
        _give_back(connection, lease)


def free_owners(connection: sa.Connection, owners: Sequence[str]) -> int:
    """Free the leases of owners that are known to be dead; returns how many."""
    held = host.update().where(host.c.lease_owner.in_(owners))
    return connection.execute(held.values(lease_owner=None, lease_token=None, lease_expires=None)).rowcount


def lease_owners(connection: sa.Connection) -> list[str]:
    """Everybody who holds a lease, expired or not."""
    return list(
        connection.scalars(sa.select(host.c.lease_owner).distinct().where(host.c.lease_owner.is_not(None)))
    )


def get(connection: sa.Connection, name: str) -> sa.Row[Any] | None:
    """What is known of a host, for showing it; None when nothing is."""
    return connection.execute(sa.select(host).where(host.c.name == name)).first()


def ensure(connection: sa.Connection, names: set[str]) -> None:
    """Make rows for hosts that have none."""
    known: set[str] = set()
    wanted = sorted(names)
    for start in range(0, len(wanted), 500):
        known.update(
            connection.scalars(sa.select(host.c.name).where(host.c.name.in_(wanted[start : start + 500])))
        )
    insert_ignore(connection, host, [{"name": name, "failures": 0} for name in wanted if name not in known])


def count_due(connection: sa.Connection, now: datetime, choice: Choice) -> tuple[int, int]:
    """How many feeds and pages of the choice are due, claimable or not."""
    feeds = connection.scalar(sa.select(sa.func.count()).select_from(feed).where(choice.feeds(now)))
    pages = connection.scalar(sa.select(sa.func.count()).select_from(page).where(choice.pages(now)))
    return feeds or 0, pages or 0


@dataclass(frozen=True, slots=True)
class Outlook:
    """What of the due work cannot be claimed right now."""

    # Hosts with due work that are held by a lease, or whose next request may not start yet.
    busy: int
    # Seconds until the first of those may be tried again; None when none is busy.
    wait_seconds: float | None
    # Due feeds and pages of parked hosts: id -> (host, reason).
    parked_feeds: dict[int, tuple[str, str]]
    parked_pages: dict[int, tuple[str, str]]


def outlook(connection: sa.Connection, now: datetime, choice: Choice) -> Outlook:
    """Why due work is left over, for a run that wants to end."""
    due = _due_hosts(now, choice)
    parked = host.c.parked_until > now
    held = host.c.lease_expires - EpochNow()
    rows = connection.execute(
        sa.select(host.c.next_request_at, held.label("held"))
        .join(due, due.c.host == host.c.name)
        .where(sa.or_(host.c.parked_until.is_(None), ~parked))
    ).all()
    waits = [max(row.held or 0.0, _seconds_until(row.next_request_at, now)) for row in rows]
    return Outlook(
        len(rows),
        min(waits, default=None),
        _parked(connection, feed, sa.and_(choice.feeds(now), parked)),
        _parked(connection, page, sa.and_(choice.pages(now), parked)),
    )


def _seconds_until(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else max(0.0, (moment - now).total_seconds())


def _parked(
    connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool]
) -> dict[int, tuple[str, str]]:
    query = sa.select(table.c.id, host.c.name, host.c.park_reason).join(host, host.c.name == table.c.host)
    rows = connection.execute(query.where(condition))
    return {row.id: (row.name, row.park_reason or "parked") for row in rows}
