"""Entries as rows, and the pages that they put on the road."""

import dataclasses
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from ingestd.model import Entry, PageOutcome, Selection
from ingestd.store import dialect, hosts, pages
from ingestd.store.schema import article, entry, feed, page
from ingestd.urls import host_of, is_http, registrable, unwrap, url_key

# SQLite takes at most 32,766 parameters a statement; a feed may have any number of entries.
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Entries that a document lists and that were not parsed again, because their items are as they were."""

    keys: Sequence[str] = ()
    # The sites of their pages, as `_site` has them.
    sites: frozenset[str] = frozenset()


NOTHING = Unchanged()


# What every poll with news asks is built once: building a statement takes twice as long as executing it.
_FEED = entry.c.feed_id == sa.bindparam("feed")
_KEY = entry.c.key.in_(sa.bindparam("keys", expanding=True))
_DIGEST = entry.c.digest.in_(sa.bindparam("digests", expanding=True))
_STORED = sa.select(entry.c.key, entry.c.digest, entry.c.url, entry.c.published_at)
# Joined by OR, SQLite would read every entry that the feed ever had.
_KNOWN = sa.union_all(_STORED.where(_FEED, _KEY), _STORED.where(_FEED, _DIGEST))
_ADDRESSES = sa.select(feed.c.site_url, feed.c.url, feed.c.configured_url).where(
    feed.c.id == sa.bindparam("feed")
)
# Of any feed: told to look at one, SQLite would go through every entry that it ever had.
_ON_PAGES = sa.select(
    entry.c.id, entry.c.feed_id, entry.c.key, entry.c.digest, entry.c.title, entry.c.page_id
).where(entry.c.page_id.in_(sa.bindparam("pages", expanding=True)))
_PAGES = sa.select(page.c.url_key, page.c.id).where(page.c.url_key.in_(sa.bindparam("keys", expanding=True)))
_FORGOTTEN = sa.select(page.c.id).where(
    page.c.id.in_(sa.bindparam("pages", expanding=True)), page.c.state == "forgotten"
)
_TOUCH = entry.update().where(_FEED, _KEY).values(last_seen_at=sa.bindparam("now"))


def chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """`values` in pieces that one statement can take."""
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def known_digests(
    connection: sa.Connection, feed_id: int, found: Sequence[Entry], unchanged: Unchanged = NOTHING
) -> dict[str, str]:
    """Stored entries of the feed that share key or digest with one of these: key -> digest.

    `found` and `unchanged` together are all that the document lists. Those that come again under another key
    are given that one, and so are known.
    """
    known: dict[str, str] = {}
    listed = {one.key for one in found}
    for some in chunks(found):
        asked = {"keys": [one.key for one in some], "digests": [one.digest for one in some]}
        by_digest = {one.digest: one for one in some}
        for row in connection.execute(_KNOWN, {"feed": feed_id, **asked}):
            if row.key in listed or _is_again(row, by_digest[row.digest]):
                known[row.key] = row.digest
    unknown = [one for one in found if one.page_url and one.key not in known]
    for one, former in _reissued(connection, feed_id, unknown, found, unchanged):
        connection.execute(entry.update().where(entry.c.id == former.id).values(key=one.key))
        known.pop(former.key, None)
        known[one.key] = former.digest
    return known


def _is_again(row: sa.Row[Any], one: Entry) -> bool:
    """Whether an item with the digest of a stored one is that: not if query and date of the two differ."""
    one_address = bool(row.url and one.url) and page_key(row.url) == page_key(one.url or "")
    return one_address or bool(row.published_at == one.published_at)


def _reissued(
    connection: sa.Connection,
    feed_id: int,
    unknown: Sequence[Entry],
    found: Sequence[Entry],
    unchanged: Unchanged,
) -> Iterator[tuple[Entry, sa.Row[Any]]]:
    """Entries of a document under unknown keys that are stored under others, with their rows.

    An entry is one that this feed listed before when that one's key is gone from the document, both have one
    title or one digest, and both have one page: the same address (a re-issued guid), or the same path at a
    host that the feed had and the document has no more (a move to another host).

    Rejected: taking the same address alone, because a page whose items follow each other, such as a daily
    briefing, keeps each as an entry of its own; taking the title alone, because titles come twice.
    """
    if not unknown:
        return
    listed = {one.key for one in found}.union(unchanged.keys)
    hosts_left = _hosts_left(connection, feed_id, found, unchanged)
    for some in chunks(unknown):
        keys = {one.key: _page_keys(one, hosts_left) for one in some}
        page_ids = _page_ids(connection, sorted({key for of_one in keys.values() for key in of_one}))
        former = _on_pages(connection, feed_id, list(page_ids.values()))
        free = {row.id: row for row in former if row.key not in listed}
        for one in some:
            own = {page_ids.get(key) for key in keys[one.key]}
            row = next((row for row in free.values() if row.page_id in own and _is_former(row, one)), None)
            if row is not None:
                yield one, free.pop(row.id)


def _is_former(row: sa.Row[Any], one: Entry) -> bool:
    return row.digest == one.digest or (one.title is not None and row.title == one.title)


def _page_keys(one: Entry, hosts_left: frozenset[str]) -> list[str]:
    """The key of an entry's page, and those that it would have at the hosts that its feed left."""
    assert one.page_url is not None
    key = page_key(one.page_url)
    _, slash, path = key.partition("/")
    return [key, *(f"{host}/{path}" for host in sorted(hosts_left) if slash and path)]


def _hosts_left(
    connection: sa.Connection, feed_id: int, found: Sequence[Entry], unchanged: Unchanged
) -> frozenset[str]:
    """The hosts that a feed and its site had by the last document, without those that its items have now."""
    before = {_site(url) for url in connection.execute(_ADDRESSES, {"feed": feed_id}).one() if url}
    now = {_site(one.page_url) for one in found if one.page_url}
    return frozenset(before - now - unchanged.sites - {""})


def _site(url: str) -> str:
    return page_key(url).partition("/")[0].partition("?")[0] if is_http(url) else ""


def _on_pages(connection: sa.Connection, feed_id: int, page_ids: Sequence[int]) -> list[sa.Row[Any]]:
    """The entries of a feed that name these pages, the latest first."""
    rows: list[sa.Row[Any]] = []
    for some in chunks(page_ids):
        rows += connection.execute(_ON_PAGES, {"pages": some})
    return sorted((row for row in rows if row.feed_id == feed_id), key=lambda row: -row.id)


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
    unchanged: Unchanged = NOTHING,
) -> None:
    """Store what a poll brought; new and changed entries put their pages on the road.

    `selection` and `unchanged` together are all that the document lists.

    A page that another feed has named already is not fetched again for a new entry, only for a changed
    one: the same article in two feeds is one article with two sightings. One that this feed named for an
    item that is gone is, because it now carries another. An entry whose text was taken down stays without
    it, also when its item changes or moves to another address.
    """
    found = (*selection.new, *selection.changed, *selection.seen)
    listed = {one.key for one in found}.union(unchanged.keys)
    forgotten = _forgotten_keys(connection, feed_row.id, selection.changed)
    changed = [one for one in selection.changed if one.key not in forgotten]
    plans = {
        one.key: _page_plan(one, feed_row, fetch_pages=fetch_pages) for one in (*selection.new, *changed)
    }
    page_ids = _ensure_pages(connection, list(plans.values()), now)
    renewed = _renewed(
        connection, feed_row.id, [page_ids[plans[one.key]["url_key"]] for one in selection.new], listed
    )
    moves = _moves(connection, feed_row.id, {one.key: plans[one.key]["url_key"] for one in changed})
    fresh = [_row(one, feed_row.id, page_ids[plans[one.key]["url_key"]], now) for one in selection.new]
    for some in chunks(fresh):
        dialect.insert_ignore(connection, entry, list(some))
    for one in changed:
        named = {"page_id": page_ids[plans[one.key]["url_key"]], "changed_at": now}
        _update(connection, feed_row.id, one.key, _content(one) | named, now)
    for one in selection.changed:
        if one.key in forgotten:
            _update(connection, feed_row.id, one.key, {"digest": one.digest}, now)
    if moves:
        _move_on(connection, moves, page_ids, _hosts_left(connection, feed_row.id, found, unchanged))
    _requeue(connection, renewed | {page_ids[plans[one.key]["url_key"]] for one in changed}, now)
    _touch(connection, feed_row.id, [*(one.key for one in selection.seen), *unchanged.keys], now)
    _blank_forgotten(connection, list(page_ids.values()))


def _renewed(connection: sa.Connection, feed_id: int, page_ids: Sequence[int], listed: set[str]) -> set[int]:
    """Those pages that this feed has named before, and only for items that its document lists no more."""
    former = _on_pages(connection, feed_id, page_ids)
    still_listed = {row.page_id for row in former if row.key in listed}
    return {row.page_id for row in former} - still_listed


def _moves(
    connection: sa.Connection, feed_id: int, page_keys: Mapping[str, str]
) -> list[tuple[sa.Row[Any], str]]:
    """The pages that those entries named so far, each with the key of the other page that they name now."""
    found: list[tuple[sa.Row[Any], str]] = []
    for some in chunks(sorted(page_keys)):
        query: sa.Select[Any] = (
            sa.select(entry.c.key, *page.c, article.c.url.label("article_url"))
            .join(page, page.c.id == entry.c.page_id)
            .outerjoin(article, article.c.id == page.c.article_id)
            .where(entry.c.feed_id == feed_id, entry.c.key.in_(some))
        )
        found += [(row, page_keys[row.key]) for row in connection.execute(query)]
    return [(row, key) for row, key in found if row.url_key != key]


def _move_on(
    connection: sa.Connection,
    moves: Sequence[tuple[sa.Row[Any], str]],
    page_ids: Mapping[str, int],
    hosts_left: frozenset[str],
) -> None:
    """Let the article of a page whose entry has another address now be looked for there.

    Whether what is there is that article is decided when its text is known (`identity.identify`). Another
    outlet's address is another article, unless the feed itself moved: aggregators change their links. A page
    that has given none yet is not fetched any more, when no entry names it.
    """
    for former, key in moves:
        if former.article_id is None:
            _retire(connection, former)
        elif _is_own(former.article_url, key, hosts_left):
            _claim_article(connection, page_ids[key], former.article_id)


def _is_own(article_url: str | None, key: str, hosts_left: frozenset[str]) -> bool:
    """Whether an article's address and the page key that follows it are one outlet's."""
    if article_url is None:
        return True
    before, now = _site(article_url), key.partition("/")[0]
    return before in hosts_left or registrable(before) == registrable(now)


def _retire(connection: sa.Connection, former: sa.Row[Any]) -> None:
    named = sa.select(entry.c.id).where(entry.c.page_id == former.id).limit(1)
    if former.state == "pending" and former.batch is None and connection.scalar(named) is None:
        outcome, detail = PageOutcome.NOT_ARTICLE, "its entry names another address now"
        pages.finish(connection, former.id, outcome, "rejected", reason="moved", detail=detail)


def _claim_article(connection: sa.Connection, page_id: int, article_id: int) -> None:
    addressed = sa.not_(page.c.url_key.startswith(FEED_ONLY))
    free = sa.and_(page.c.article_id.is_(None), page.c.state != "forgotten", addressed)
    connection.execute(page.update().where(page.c.id == page_id, free).values(article_id=article_id))


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
        if forgotten := list(connection.scalars(_FORGOTTEN, {"pages": some})):
            blank(connection, forgotten)


def blank(connection: sa.Connection, page_ids: Sequence[int]) -> None:
    """Remove the feeds' own copies of forgotten texts; key and digest stay, so the entries stay known."""
    empty: dict[str, Any] = {"title": None, "summary_html": None, "content_html": None}
    empty |= {"authors": [], "categories": [], "enclosures": []}
    for some in chunks(page_ids):
        connection.execute(entry.update().where(entry.c.page_id.in_(some)).values(**empty))


def _page_plan(one: Entry, feed_row: sa.Row[Any], *, fetch_pages: bool) -> dict[str, Any]:
    """What the page row of an entry would be: an address to fetch, or the feed's own text.

    The address is the publisher's own, not that of a service that only counts who asks for it.
    """
    address = unwrap(one.page_url) if one.page_url else None
    key = page_key(address) if address else feed_only_key(feed_row.key, one.key)
    skipped = next((p for p in feed_row.skip if address and re.search(p, address)), None)
    fetches = address is not None and fetch_pages and skipped is None
    return {
        "url_key": key,
        "url": address if fetches else None,
        "host": host_of(address) if fetches and address else host_of(feed_row.url),
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
        found.update((row.url_key, row.id) for row in connection.execute(_PAGES, {"keys": some}))
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
        connection.execute(_TOUCH, {"feed": feed_id, "keys": some, "now": now})


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
        for url in map(unwrap, urls)
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
    """Which feeds carried these pages, and when.

    `left` says that a later document of the feed no longer had the entry. Until then `last_seen_at` is when
    a document that has it was read last: an unchanged one is not read again.
    """
    sibling = entry.alias()
    newest = sa.select(sa.func.max(sibling.c.last_seen_at)).where(sibling.c.feed_id == entry.c.feed_id)
    left = entry.c.last_seen_at < newest.correlate(entry).scalar_subquery()
    times = (entry.c.first_seen_at, entry.c.last_seen_at, left.label("left"))
    query = (
        sa.select(feed.c.key.label("feed"), entry.c.title, entry.c.url, *times)
        .join(feed, feed.c.id == entry.c.feed_id)
        .order_by(entry.c.first_seen_at, entry.c.id)
    )
    rows = [
        row for some in chunks(page_ids) for row in connection.execute(query.where(entry.c.page_id.in_(some)))
    ]
    return [row._asdict() for row in rows]
