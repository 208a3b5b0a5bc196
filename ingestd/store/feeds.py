"""Feeds as rows: what the configuration declares, where they are, what a poll brought, and who is listed."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from ingestd.errors import UsageError
from ingestd.model import EventKind, FeedOutcome, Redirect, Validators
from ingestd.store import dialect, events, hosts
from ingestd.store.dialect import Among, new_values, update_of
from ingestd.store.entries import chunks
from ingestd.store.hosts import TAKEN, Due
from ingestd.store.pages import hops_to_json
from ingestd.store.schema import entry, feed, poll, poll_day
from ingestd.urls import host_of

# Without the items of its last body, which nobody reads but the poll that finds another body.
COLUMNS = tuple(column for column in feed.c if column.name != "items")

# What a feed has that begins anew: as it was declared first, or at another address.
_CLEAN_SLATE = {"failures": 0.0, "gone_count": 0, "slowdown": 1.0, "calm": 0}
_NO_JOURNEY = {"ask_url": None, "hops": None, "move": None, "distrusted": False}


@dataclass(frozen=True, slots=True)
class Declaration:
    """A feed as its source declares it."""

    key: str
    url: str
    # The file that declares it; None when no file does.
    source: str | None = None
    tags: tuple[str, ...] = ()
    interval: timedelta | None = None
    fetch_pages: bool = True
    skip: tuple[str, ...] = ()
    language: str | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What declaring changed, by feed key."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    undeclared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PollRecord:
    """One poll as it is kept."""

    at: datetime
    duration: timedelta
    outcome: FeedOutcome
    status: int | None = None
    error_class: str | None = None
    message: str | None = None
    wire_bytes: int = 0
    body_bytes: int = 0
    new: int = 0
    changed: int = 0
    seen: int = 0


def declare(
    connection: sa.Connection,
    declared: Sequence[Declaration],
    sources: Collection[str],
    now: datetime,
    first_poll: Callable[[str, int], datetime] | None = None,
) -> SyncResult:
    """Make the feed table say what the sources declare; `sources` are those that were read completely.

    The file sets configured values; the current URL, validators and a 410 are the database's, unless the
    configured URL itself changed. A feed that a read source once declared and no longer does is set aside,
    never deleted; a person's `feeds disable` stays. `first_poll` says when a new feed is due, by its key and
    how many are new with it; None means at once.
    """
    hosts.ensure(connection, {host_of(one.url) for one in declared})
    stored = {row.key: row for row in connection.execute(sa.select(*COLUMNS))}
    fresh = [one for one in declared if one.key not in stored]
    begin = first_poll or (lambda key, count: now)
    rows = [_fresh(one, now) | {"next_poll_at": begin(one.key, len(fresh))} for one in fresh]
    dialect.insert_ignore(connection, feed, rows)
    changed = [
        one.key for one in declared if one.key in stored and _redeclare(connection, one, stored[one.key], now)
    ]
    names = {one.key for one in declared}
    gone = [
        key
        for key, row in stored.items()
        if key not in names and row.source in sources and row.state in ("active", "off")
    ]
    for key in gone:
        reason = f"no longer declared in {stored[key].source}"
        set_state(connection, stored[key].id, "undeclared", reason, now)
    _part(connection, [row for row in stored.values() if row.key in names and row.state == "merged"], now)
    return SyncResult(tuple(one.key for one in fresh), tuple(changed), tuple(gone))


def _part(connection: sa.Connection, merged: Sequence[sa.Row[Any]], now: datetime) -> None:
    """Poll those merged feeds again that nobody reads any more where they moved to."""
    for row in merged:
        place = row.move["target"] if row.move else row.url
        if holder(connection, row.id, [place], everywhere=True) is None:
            connection.execute(feed.update().where(feed.c.id == row.id).values(next_poll_at=now))
            set_state(connection, row.id, "active", f"no other feed reads {place} any more", now)


def _configured(one: Declaration) -> dict[str, Any]:
    return {
        "configured_url": one.url,
        "source": one.source,
        "tags": list(one.tags),
        "configured_interval": one.interval,
        "fetch_pages": one.fetch_pages,
        "skip": list(one.skip),
        "configured_language": one.language,
    }


def _fresh(one: Declaration, now: datetime) -> dict[str, Any]:
    state = "active" if one.enabled else "off"
    return {
        "key": one.key,
        "url": one.url,
        "host": host_of(one.url),
        "state": state,
        "state_reason": None if one.enabled else "enabled = false in its file",
        "created_at": now,
        **_CLEAN_SLATE,
        **_configured(one),
    }


def _redeclare(connection: sa.Connection, one: Declaration, row: sa.Row[Any], now: datetime) -> bool:
    values = _configured(one)
    moved = one.url != row.configured_url
    if moved:
        # Validators belong to the URL that issued them, and so do refusals, redirects and rhythm.
        values |= {"url": one.url, "host": host_of(one.url), "etag": None, "last_modified": None}
        values |= {"validators_url": None, "body_hash": None, "next_poll_at": now, "rhythm": None}
        values |= _CLEAN_SLATE | _NO_JOURNEY
    state, reason = _redeclared_state(one, row, moved=moved)
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    if different:
        connection.execute(feed.update().where(feed.c.id == row.id).values(**different))
    if state != row.state:
        set_state(connection, row.id, state, reason, now)
    return bool(different) or state != row.state


def _redeclared_state(one: Declaration, row: sa.Row[Any], *, moved: bool) -> tuple[str, str | None]:
    if not one.enabled and row.state in ("active", "undeclared"):
        return "off", "enabled = false in its file"
    if one.enabled and (row.state in ("off", "undeclared") or (row.state in ("gone", "merged") and moved)):
        return "active", None
    return row.state, row.state_reason


def set_state(
    connection: sa.Connection,
    feed_id: int,
    state: str,
    reason: str | None,
    now: datetime,
    **facts: str,
) -> None:
    """Change whether a feed is polled, and say so as an event; `facts` are further ones for it."""
    connection.execute(feed.update().where(feed.c.id == feed_id).values(state=state, state_reason=reason))
    tell(connection, feed_id, state, reason, now, **facts)


def tell(
    connection: sa.Connection, feed_id: int, state: str, reason: str | None, now: datetime, **facts: str
) -> None:
    """Say as an event what happened to a feed that is in that state."""
    data = {"state": state, "reason": reason, **facts}
    events.record(connection, EventKind.FEED_STATE, now, feed_id=feed_id, data=data)


def enable(connection: sa.Connection, feed_id: int, now: datetime, floor: timedelta = timedelta(0)) -> None:
    """Poll a feed again, at its own URL, as soon as `floor` lets it, and with a clean slate."""
    row = connection.execute(sa.select(feed.c.url, feed.c.last_polled_at).where(feed.c.id == feed_id)).one()
    slate = {**_CLEAN_SLATE, **_NO_JOURNEY, "host": host_of(row.url)}
    soonest = now if row.last_polled_at is None else max(now, row.last_polled_at + floor)
    connection.execute(feed.update().where(feed.c.id == feed_id).values(**slate, next_poll_at=soonest))
    set_state(connection, feed_id, "active", None, now)


def find(connection: sa.Connection, name: str) -> sa.Row[Any]:
    """The feed with that key, id or URL, also a former one; raises UsageError with the nearest names."""
    same = [feed.c.key == name, feed.c.url == name, feed.c.configured_url == name]
    if name.isdecimal() and len(name) < 19:
        same.append(feed.c.id == int(name))
    query = sa.select(*COLUMNS).order_by(feed.c.id)
    row = connection.execute(query.where(sa.or_(*same))).first()
    if row is None:
        row = next((one for one in connection.execute(query) if name in one.aliases), None)
    if row is None:
        close = list(connection.scalars(sa.select(feed.c.key).where(feed.c.key.icontains(name)).limit(3)))
        hint = f"; did you mean {', '.join(close)}?" if close else "; `ingestd feeds list` shows all"
        raise UsageError(f"there is no feed named {name!r}{hint}")
    return row


_LAST_OUTCOME = (
    sa.select(poll.c.outcome)
    .where(poll.c.feed_id == feed.c.id)
    .order_by(poll.c.at.desc())
    .limit(1)
    .correlate(feed)
    .scalar_subquery()
    .label("last_outcome")
)
_LOAD: sa.Select[Any] = sa.select(*COLUMNS, _LAST_OUTCOME).where(Among(feed.c.id, "ids"))


def load(connection: sa.Connection, feed_ids: Sequence[int]) -> list[sa.Row[Any]]:
    """The rows of those feeds, in that order, with the outcome of the last poll as `last_outcome`."""
    rows = {
        row.id: row for some in chunks(feed_ids) for row in connection.execute(_LOAD, {"ids": list(some)})
    }
    return [rows[feed_id] for feed_id in feed_ids if feed_id in rows]


_ITEMS = sa.select(feed.c["items"]).where(feed.c.id == sa.bindparam("this"))


def items(connection: sa.Connection, feed_id: int) -> bytes | None:
    """What is remembered of the items of a feed's last body, see `feeds.known`."""
    found: bytes | None = connection.scalar(_ITEMS, {"this": feed_id})
    return found


def make_due(
    connection: sa.Connection,
    now: datetime,
    feed_ids: Collection[int] | None = None,
    *,
    floor: timedelta = timedelta(0),
) -> int:
    """Let active feeds (those, or all) be due now; returns how many were not.

    One that was asked less than `floor` ago, is being asked, or waits because its server named a time stays
    as it is; parked hosts stay parked.
    """
    early = sa.and_(
        feed.c.state == "active",
        feed.c.next_poll_at > now,
        sa.or_(feed.c.last_polled_at.is_(None), feed.c.last_polled_at <= now - floor),
        sa.or_(feed.c.plan_reason.is_(None), feed.c.plan_reason != TAKEN),
        sa.or_(feed.c.plan.is_(None), ~sa.cast(feed.c.plan, sa.Text).contains('"retry-after"')),
    )
    if feed_ids is not None:
        early = sa.and_(early, feed.c.id.in_(feed_ids))
    return connection.execute(feed.update().where(early).values(next_poll_at=now)).rowcount


def count_waiting(connection: sa.Connection, now: datetime) -> int:
    """How many active feeds are not due."""
    waiting = sa.and_(feed.c.state == "active", feed.c.next_poll_at > now)
    return connection.scalar(sa.select(sa.func.count()).select_from(feed).where(waiting)) or 0


def make_first_due(connection: sa.Connection, now: datetime, feed_ids: Collection[int] | None = None) -> int:
    """Let feeds that were never polled be due now, for a run that does not wait; returns how many are."""
    waiting = sa.and_(feed.c.last_polled_at.is_(None), feed.c.plan_reason.is_(None))
    early = sa.and_(feed.c.state == "active", feed.c.next_poll_at > now, waiting)
    if feed_ids is not None:
        early = sa.and_(early, feed.c.id.in_(feed_ids))
    return connection.execute(feed.update().where(early).values(next_poll_at=now)).rowcount


def normal(url: str) -> str:
    """A URL in a form that is equal for spellings of one address: port, fragment and empty path alone."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{host_of(url)}{parts.path or '/'}{query}"


def holder(
    connection: sa.Connection, feed_id: int, addresses: Sequence[str], *, everywhere: bool
) -> sa.Row[Any] | None:
    """Another active feed that is polled at one of those addresses; None when there is none.

    That is one that has it as its URL, now or by configuration, or that was led there for good and reads
    there. `everywhere` looks also at feeds that are asked at other hosts just now, which costs some
    milliseconds.
    """
    wanted = {normal(address) for address in addresses}
    names = (feed.c.key, feed.c.url, feed.c.configured_url, feed.c.move, feed.c.validators_url)
    others: sa.Select[Any] = sa.select(*names).where(feed.c.state == "active", feed.c.id != feed_id)
    if not everywhere:
        others = others.where(feed.c.host.in_({host_of(address) for address in addresses}))
    # Few have the path: to take the addresses of 10,000 feeds apart here takes 75 ms.
    paths = {urlsplit(address).path[:200] for address in addresses}
    held = (feed.c.url, feed.c.configured_url, feed.c.validators_url)
    others = others.where(sa.or_(*(one.contains(path, autoescape=True) for one in held for path in paths)))
    return next((one for one in connection.execute(others).all() if _is_at(one, wanted)), None)


def _is_at(row: sa.Row[Any], wanted: set[str]) -> bool:
    if not wanted.isdisjoint((normal(row.url), normal(row.configured_url))):
        return True
    reads = row.validators_url is not None and normal(row.validators_url) in wanted
    return reads and row.move is not None and normal(row.move["target"]) in wanted


def go_on(connection: sa.Connection, feed_id: int, address: str, hops: Sequence[Redirect], due: Due) -> None:
    """Let a poll go on at the host of that address, where it is as due as it was."""
    name = host_of(address)
    hosts.ensure(connection, {name})
    values = {
        "host": name,
        "ask_url": address,
        "hops": hops_to_json(hops) or None,
        "next_poll_at": due.at,
        "plan_reason": due.reason,
    }
    connection.execute(update_of(feed, _THIS_FEED, tuple(values)), new_values(values) | {"this": feed_id})


_THIS_FEED = feed.c.id == sa.bindparam("this")
_POLL_INSERT = poll.insert()


def save_poll(
    connection: sa.Connection, feed_id: int, record: PollRecord, planned: Mapping[str, Any], keep: int
) -> None:
    """Keep one poll, add it to its day's sums, and set what it changes of the feed."""
    brought_new = {"last_new_at": record.at} if record.new else {}
    succeeded = record.error_class is None and record.outcome is not FeedOutcome.MOVED
    success = {"last_success_at": record.at} if succeeded else {}
    values = {**planned, **brought_new, **success, "last_polled_at": record.at}
    connection.execute(update_of(feed, _THIS_FEED, tuple(values)), new_values(values) | {"this": feed_id})
    connection.execute(_POLL_INSERT, _poll_row(feed_id, record))
    _add_to_day(connection, feed_id, record)
    events.prune_polls(connection, feed_id, keep)


def _poll_row(feed_id: int, record: PollRecord) -> dict[str, Any]:
    return {
        "feed_id": feed_id,
        "at": record.at,
        "duration": record.duration,
        "outcome": record.outcome.value,
        "status": record.status,
        "error_class": record.error_class,
        "message": record.message,
        "wire_bytes": record.wire_bytes,
        "body_bytes": record.body_bytes,
        "entries_new": record.new,
        "entries_changed": record.changed,
        "entries_seen": record.seen,
    }


def _add_to_day(connection: sa.Connection, feed_id: int, record: PollRecord) -> None:
    sums = {
        "polls": 1,
        "failures": int(record.error_class is not None),
        "not_modified": int(record.outcome in (FeedOutcome.NOT_MODIFIED, FeedOutcome.UNCHANGED)),
        "wire_bytes": record.wire_bytes,
        "entries_new": record.new,
        "entries_changed": record.changed,
    }
    dialect.insert_or_add(connection, poll_day, {"feed_id": feed_id, "day": record.at.date()}, sums)


def validators_after_read(received: Validators, url: str) -> dict[str, str | None]:
    """After a 200 from `url` that was read: what it lacks is no longer sent."""
    return {"etag": received.etag, "last_modified": received.last_modified, "validators_url": url}


def validators_after_304(received: Validators) -> dict[str, str | None]:
    """After a 304: only what it carries is replaced (RFC 9111 §4.3.4)."""
    fields = {"etag": received.etag, "last_modified": received.last_modified}
    return {name: value for name, value in fields.items() if value is not None}


def listing(
    connection: sa.Connection, *, state: str | None = None, tag: str | None = None
) -> list[sa.Row[Any]]:
    """Feeds with their number of entries and of gaps, and their last poll, by key."""
    count = sa.select(sa.func.count()).where(entry.c.feed_id == feed.c.id).correlate(feed).scalar_subquery()
    polls = poll.alias()
    newest = sa.select(sa.func.max(polls.c.id)).where(polls.c.feed_id == feed.c.id).correlate(feed)
    last = (poll.c.outcome, poll.c.status, poll.c.error_class, poll.c.message)
    gaps = sa.func.coalesce(feed.c.rhythm["gaps"].as_integer(), 0)
    query: sa.Select[Any] = (
        sa.select(*COLUMNS, count.label("entries"), gaps.label("gaps"), *last)
        .select_from(feed.outerjoin(poll, poll.c.id == newest.scalar_subquery()))
        .order_by(feed.c.key)
    )
    if state is not None:
        query = query.where(feed.c.state == state)
    rows = connection.execute(query).all()
    return [row for row in rows if tag is None or tag in row.tags]


def last_polls(connection: sa.Connection, feed_id: int, limit: int = 50) -> list[sa.Row[Any]]:
    """The newest polls of a feed, newest first."""
    query = sa.select(poll).where(poll.c.feed_id == feed_id).order_by(poll.c.id.desc()).limit(limit)
    return list(connection.execute(query))


def days(connection: sa.Connection, feed_id: int, limit: int = 14) -> list[sa.Row[Any]]:
    """The daily sums of a feed, newest first."""
    query = sa.select(poll_day).where(poll_day.c.feed_id == feed_id).order_by(poll_day.c.day.desc())
    return list(connection.execute(query.limit(limit)))
