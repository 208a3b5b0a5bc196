"""Feeds as rows: what the configuration declares, what a poll brought, and who is listed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from ingestd.errors import UsageError
from ingestd.model import EventKind, FeedOutcome, Validators
from ingestd.store import dialect, events, hosts
from ingestd.store.dialect import new_values, update_of
from ingestd.store.entries import chunks
from ingestd.store.schema import entry, feed, poll, poll_day
from ingestd.urls import host_of


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
    connection: sa.Connection, declared: Sequence[Declaration], sources: Collection[str], now: datetime
) -> SyncResult:
    """Make the feed table say what the sources declare; `sources` are those that were read completely.

    The file sets configured values; the current URL, validators and a 410 are the database's, unless the
    configured URL itself changed. A feed that a read source once declared and no longer does is set aside,
    never deleted; a person's `feeds disable` stays.
    """
    hosts.ensure(connection, {host_of(one.url) for one in declared})
    stored = {row.key: row for row in connection.execute(sa.select(feed))}
    fresh = [one for one in declared if one.key not in stored]
    dialect.insert_ignore(connection, feed, [_fresh(one, now) for one in fresh])
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
    return SyncResult(tuple(one.key for one in fresh), tuple(changed), tuple(gone))


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
        "next_poll_at": now,
        "failures": 0.0,
        "gone_count": 0,
        **_configured(one),
    }


def _redeclare(connection: sa.Connection, one: Declaration, row: sa.Row[Any], now: datetime) -> bool:
    values = _configured(one)
    moved = one.url != row.configured_url
    if moved:
        # Validators belong to the URL that issued them, and so do refusals.
        values |= {"url": one.url, "host": host_of(one.url), "etag": None, "last_modified": None}
        values |= {"validators_url": None, "body_hash": None, "failures": 0.0, "gone_count": 0}
        values |= {"next_poll_at": now}
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
    if one.enabled and (row.state in ("off", "undeclared") or (row.state == "gone" and moved)):
        return "active", None
    return row.state, row.state_reason


def set_state(connection: sa.Connection, feed_id: int, state: str, reason: str | None, now: datetime) -> None:
    """Change whether a feed is polled, and say so as an event."""
    connection.execute(feed.update().where(feed.c.id == feed_id).values(state=state, state_reason=reason))
    data = {"state": state, "reason": reason}
    events.record(connection, EventKind.FEED_STATE, now, feed_id=feed_id, data=data)


def enable(connection: sa.Connection, feed_id: int, now: datetime) -> None:
    """Poll a feed again, from now on and with a clean slate."""
    slate = {"failures": 0.0, "gone_count": 0, "next_poll_at": now}
    connection.execute(feed.update().where(feed.c.id == feed_id).values(**slate))
    set_state(connection, feed_id, "active", None, now)


def find(connection: sa.Connection, name: str) -> sa.Row[Any]:
    """The feed with that key, id or URL; raises UsageError with the nearest names."""
    same = [feed.c.key == name, feed.c.url == name, feed.c.configured_url == name]
    if name.isdecimal() and len(name) < 19:
        same.append(feed.c.id == int(name))
    row = connection.execute(sa.select(feed).where(sa.or_(*same)).order_by(feed.c.id)).first()
    if row is None:
        close = list(connection.scalars(sa.select(feed.c.key).where(feed.c.key.icontains(name)).limit(3)))
        hint = f"; did you mean {', '.join(close)}?" if close else "; `ingestd feeds list` shows all"
        raise UsageError(f"there is no feed named {name!r}{hint}")
    return row


def load(connection: sa.Connection, feed_ids: Sequence[int]) -> list[sa.Row[Any]]:
    """The rows of those feeds, in that order."""
    rows = {
        row.id: row
        for some in chunks(feed_ids)
        for row in connection.execute(sa.select(feed).where(feed.c.id.in_(some)))
    }
    return [rows[feed_id] for feed_id in feed_ids if feed_id in rows]


def make_due(connection: sa.Connection, now: datetime, feed_ids: Collection[int] | None = None) -> int:
    """Let active feeds (those, or all) be due now; returns how many were not. Parked hosts stay parked."""
    early = sa.and_(feed.c.state == "active", feed.c.next_poll_at > now)
    if feed_ids is not None:
        early = sa.and_(early, feed.c.id.in_(feed_ids))
    return connection.execute(feed.update().where(early).values(next_poll_at=now)).rowcount


_THIS_FEED = feed.c.id == sa.bindparam("this")
_POLL_INSERT = poll.insert()


def save_poll(
    connection: sa.Connection, feed_id: int, record: PollRecord, planned: Mapping[str, Any], keep: int
) -> None:
    """Keep one poll, add it to its day's sums, and set what it changes of the feed."""
    brought_new = {"last_new_at": record.at} if record.new else {}
    succeeded = record.error_class is None
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
    """Feeds with their number of entries and last failure, by key."""
    count = sa.select(sa.func.count()).where(entry.c.feed_id == feed.c.id).correlate(feed).scalar_subquery()
    polls = poll.alias()
    newest = sa.select(sa.func.max(polls.c.id)).where(polls.c.feed_id == feed.c.id).correlate(feed)
    last = (poll.c.outcome, poll.c.status, poll.c.error_class, poll.c.message)
    query = (
        sa.select(feed, count.label("entries"), *last)
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
