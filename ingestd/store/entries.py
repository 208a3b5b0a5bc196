"""Entries as rows, and the pages that they put on the road."""

import dataclasses
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from ingestd.model import Entry, Selection
from ingestd.store import dialect, hosts
from ingestd.store.schema import entry, feed, page
from ingestd.urls import host_of, url_key

# SQLite takes at most 32,766 parameters a statement; a feed may have any number of entries.
CHUNK = 500


def chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """`values` in pieces that one statement can take."""
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def known_digests(connection: sa.Connection, feed_id: int, found: Sequence[Entry]) -> dict[str, str]:
    """Stored entries of the feed that share key or digest with one of these: key -> digest."""
    known: dict[str, str] = {}
    for some in chunks(found):
        same = sa.or_(
            entry.c.key.in_([one.key for one in some]), entry.c.digest.in_([one.digest for one in some])
        )
        query = sa.select(entry.c.key, entry.c.digest).where(entry.c.feed_id == feed_id, same)
        known.update((row.key, row.digest) for row in connection.execute(query))
    return known


# How the key of a page begins that has no address of its own; no canonical URL does.
FEED_ONLY = "feed:"


# PostgreSQL indexes no value beyond 2,704 bytes, and a hostile URL may have any length.
KEY_CHARS = 600


def feed_only_key(feed_key: str, entry_key: str) -> str:
    """The page key of an entry that has no address of its own."""
    return bounded_key(f"{FEED_ONLY}{feed_key}#{entry_key}")


def page_key(url: str) -> str:
    """The page key of an address; one that has no canonical form stands for itself."""
    try:
        return bounded_key(url_key(url))
    except ValueError:
        return bounded_key(url)


def bounded_key(key: str) -> str:
    """A key as it is stored: itself, or when it is very long its head and its hash."""
    key = str(dialect.storable(key))
    if len(key) <= KEY_CHARS:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: KEY_CHARS - len(digest) - 1]}#{digest}"


def save(
    connection: sa.Connection,
    feed_row: sa.Row[Any],
    selection: Selection,
    now: datetime,
    *,
    fetch_pages: bool,
) -> None:
    """Store what a poll brought; new and changed entries put their pages on the road.

    A page that another feed has named already is not fetched again for a new entry, only for a changed
    one: the same article in two feeds is one article with two sightings. An entry whose text was taken down
    stays without it, also when its item changes or moves to another address.
    """
    forgotten = _forgotten_keys(connection, feed_row.id, selection.changed)
    changed = [one for one in selection.changed if one.key not in forgotten]
    plans = {
        one.key: _page_plan(one, feed_row, fetch_pages=fetch_pages) for one in (*selection.new, *changed)
    }
    page_ids = _ensure_pages(connection, list(plans.values()), now)
    fresh = [_row(one, feed_row.id, page_ids[plans[one.key]["url_key"]], now) for one in selection.new]
    for some in chunks(fresh):
        dialect.insert_ignore(connection, entry, list(some))
    for one in changed:
        named = {"page_id": page_ids[plans[one.key]["url_key"]], "changed_at": now}
        _update(connection, feed_row.id, one.key, _content(one) | named, now)
    for one in selection.changed:
        if one.key in forgotten:
            _update(connection, feed_row.id, one.key, {"digest": one.digest}, now)
    _requeue(connection, {page_ids[plans[one.key]["url_key"]] for one in changed}, now)
    _touch(connection, feed_row.id, [one.key for one in selection.seen], now)
    _blank_forgotten(connection, list(page_ids.values()))


def _forgotten_keys(connection: sa.Connection, feed_id: int, changed: Sequence[Entry]) -> set[str]:
    """Keys of those entries whose page is forgotten."""
    keys: set[str] = set()
    for some in chunks(changed):
        same = sa.and_(entry.c.feed_id == feed_id, entry.c.key.in_([one.key for one in some]))
        query = sa.select(entry.c.key).join(page, page.c.id == entry.c.page_id)
        keys.update(connection.scalars(query.where(same, page.c.state == "forgotten")))
    return keys


def _blank_forgotten(connection: sa.Connection, page_ids: Sequence[int]) -> None:
    for some in chunks(page_ids):
        query = sa.select(page.c.id).where(page.c.id.in_(some), page.c.state == "forgotten")
        if forgotten := list(connection.scalars(query)):
            blank(connection, forgotten)


def blank(connection: sa.Connection, page_ids: Sequence[int]) -> None:
    """Remove the feeds' own copies of forgotten texts; key and digest stay, so the entries stay known."""
    empty: dict[str, Any] = {"title": None, "summary_html": None, "content_html": None}
    empty |= {"authors": [], "categories": [], "enclosures": []}
    for some in chunks(page_ids):
        connection.execute(entry.update().where(entry.c.page_id.in_(some)).values(**empty))


def _page_plan(one: Entry, feed_row: sa.Row[Any], *, fetch_pages: bool) -> dict[str, Any]:
    """What the page row of an entry would be: an address to fetch, or the feed's own text."""
    key = page_key(one.page_url) if one.page_url else feed_only_key(feed_row.key, one.key)
    skipped = next((p for p in feed_row.skip if one.page_url and re.search(p, one.page_url)), None)
    fetches = one.page_url is not None and fetch_pages and skipped is None
    return {
        "url_key": key,
        "url": one.page_url if fetches else None,
        "host": host_of(one.page_url) if fetches and one.page_url else feed_row.host,
        "state": "pending" if skipped is None else "skipped",
        "reason": None if skipped is None else "skip-pattern",
        "detail": None if skipped is None else f"its URL matches the feed's skip pattern {skipped}",
    }


def _ensure_pages(
    connection: sa.Connection, plans: Sequence[dict[str, Any]], now: datetime
) -> dict[str, int]:
    """Page ids by key; pages that nobody has named before are made, due now.

    One that a feed named before without wanting it fetched is fetched when somebody else wants it.
    """
    wanted = {plan["url_key"]: plan for plan in plans}
    known = _page_ids(connection, list(wanted))
    _ask_for(connection, [plan for key, plan in wanted.items() if key in known and plan["url"]])
    missing = [plan for key, plan in wanted.items() if key not in known]
    if not missing:
        return known
    hosts.ensure(connection, {plan["host"] for plan in missing})
    defaults = {"next_attempt_at": now, "attempts": 0, "takes": 0, "first_seen_at": now}
    # In one order everywhere: two processes that insert the same pages wait in turn, not for each other.
    for some in chunks(sorted(missing, key=itemgetter("url_key"))):
        dialect.insert_ignore(connection, page, [plan | defaults for plan in some])
    return known | _page_ids(connection, [plan["url_key"] for plan in missing])


def _page_ids(connection: sa.Connection, keys: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in chunks(keys):
        query = sa.select(page.c.url_key, page.c.id).where(page.c.url_key.in_(some))
        found.update((row.url_key, row.id) for row in connection.execute(query))
    return found


def _content(one: Entry) -> dict[str, Any]:
    return {
        "digest": one.digest,
        "guid": one.guid,
        "url": one.url or one.unusable_link,
        "title": one.title,
        "summary_html": one.summary_html,
        "content_html": one.content_html,
        "authors": list(one.authors),
        "categories": list(one.categories),
        "enclosures": [dataclasses.asdict(enclosure) for enclosure in one.enclosures],
        "language": one.language,
        "source_title": one.source_title,
        "comments_url": one.comments_url,
        "published_at": one.published_at,
        "updated_at": one.updated_at,
    }


def _row(one: Entry, feed_id: int, page_id: int, now: datetime) -> dict[str, Any]:
    seen = {"first_seen_at": now, "last_seen_at": now, "changed_at": now}
    return {"feed_id": feed_id, "key": one.key, "page_id": page_id, **_content(one), **seen}


def _update(
    connection: sa.Connection, feed_id: int, key: str, values: Mapping[str, Any], now: datetime
) -> None:
    same = sa.and_(entry.c.feed_id == feed_id, entry.c.key == key)
    connection.execute(entry.update().where(same).values(**values, last_seen_at=now))


def _requeue(connection: sa.Connection, page_ids: set[int], now: datetime) -> None:
    """Let pages of changed items be fetched again; what was forgotten or skipped stays so."""
    again = {"state": "pending", "next_attempt_at": now, "attempts": 0, "takes": 0}
    ended = page.c.state.in_(("done", "rejected", "failed", "quarantined", "pending"))
    for some in chunks(sorted(page_ids)):
        connection.execute(page.update().where(page.c.id.in_(some), ended).values(**again))


def _touch(connection: sa.Connection, feed_id: int, keys: Sequence[str], now: datetime) -> None:
    for some in chunks(keys):
        same = sa.and_(entry.c.feed_id == feed_id, entry.c.key.in_(some))
        connection.execute(entry.update().where(same).values(last_seen_at=now))


def requeue_since(connection: sa.Connection, since: datetime, now: datetime, choice: hosts.Choice) -> int:
    """Put the pages of entries first seen since then on the road again; returns how many pages."""
    named = sa.select(entry.c.page_id).where(entry.c.first_seen_at >= since)
    page_ids = set(connection.scalars(sa.select(page.c.id).where(page.c.id.in_(named), choice.origin())))
    _requeue(connection, page_ids, now)
    return len(page_ids)


def queue_urls(connection: sa.Connection, urls: Sequence[str], batch: str, now: datetime) -> int:
    """Put these article pages on the road, known or not, marked with the run's batch; returns how many.

    A forgotten page stays forgotten; one that feeds only told of, or that a pattern skips, is fetched now.
    """
    plans = [
        {
            "url_key": page_key(url),
            "url": url,
            "host": host_of(url),
            "state": "pending",
            "reason": None,
            "detail": None,
        }
        for url in urls
    ]
    page_ids = set(_ensure_pages(connection, plans, now).values())
    _requeue(connection, page_ids, now)
    for some in chunks(sorted(page_ids)):
        lively = sa.and_(page.c.id.in_(some), page.c.state == "pending")
        connection.execute(page.update().where(lively).values(batch=batch))
    return len(page_ids)


def _ask_for(connection: sa.Connection, plans: Sequence[Mapping[str, Any]]) -> None:
    """Give pages that were not to be fetched the address under which they now are."""
    if not plans:
        return
    hosts.ensure(connection, {plan["host"] for plan in plans})
    unasked = sa.and_(
        page.c.url_key == sa.bindparam("named"), page.c.url.is_(None), page.c.state != "forgotten"
    )
    asked = {"url": sa.bindparam("address"), "host": sa.bindparam("at"), "state": "pending"}
    rows = [{"named": plan["url_key"], "address": plan["url"], "at": plan["host"]} for plan in plans]
    connection.execute(page.update().where(unasked).values(**asked), rows)


def hints_for(connection: sa.Connection, page_id: int) -> sa.Row[Any] | None:
    """The entry that tells most recently of a page, with its feed's settings; None when no feed names it."""
    query = (
        sa.select(
            entry, feed.c.key.label("feed_key"), feed.c.configured_language, feed.c.url.label("feed_url")
        )
        .join(feed, feed.c.id == entry.c.feed_id)
        .where(entry.c.page_id == page_id)
        .order_by(entry.c.changed_at.desc(), entry.c.id)
        .limit(1)
    )
    return connection.execute(query).first()


def sightings(connection: sa.Connection, page_ids: Sequence[int]) -> list[Mapping[str, Any]]:
    """Which feeds carried these pages, and when."""
    query = (
        sa.select(
            feed.c.key.label("feed"), entry.c.title, entry.c.url, entry.c.first_seen_at, entry.c.last_seen_at
        )
        .join(feed, feed.c.id == entry.c.feed_id)
        .where(entry.c.page_id.in_(page_ids))
        .order_by(entry.c.first_seen_at, entry.c.id)
    )
    return [row._asdict() for row in connection.execute(query)]
