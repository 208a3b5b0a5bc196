"""Small builders of what the store is given, and of rows to begin with."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from ingestd.dedupe.fingerprint import compared_text, fingerprint
from ingestd.matching import matching
from ingestd.model import Agency, Article, Entry, PageOutcome, Paragraph, Selection
from ingestd.store import articles, entries, feeds, hosts
from ingestd.store.collected import Collected, RawPage
from ingestd.store.feeds import Declaration
from ingestd.store.schema import page, posting, recent_posting
from ingestd.urls import site_of, url_key

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SPAN = timedelta(minutes=3)

SYLLABLES = (
    "ba be bo da de do ka ke ko la le lo ma me mo na ne no ra re ro sa se so ta te to va ve vo".split()
)


def words(seed: int, count: int = 160) -> str:
    """A text of invented words; different seeds give texts that share no shingle."""
    rng = random.Random(seed)
    return " ".join("".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(count))


def declare(connection: sa.Connection, *declared: Declaration, now: datetime = NOW) -> feeds.SyncResult:
    return feeds.declare(connection, declared, {"feeds.toml"}, now)


def declaration(key: str = "paper", **values: Any) -> Declaration:
    given = {"url": f"https://{key}.example/feed.xml", "source": "feeds.toml", **values}
    return Declaration(key=key, **given)


def add_feed(connection: sa.Connection, key: str = "paper", **values: Any) -> sa.Row[Any]:
    declare_alone = feeds.declare(connection, [declaration(key, **values)], (), NOW)
    assert declare_alone.added == (key,)
    return feeds.find(connection, key)


def item(key: str, *, url: str | None = None, digest: str | None = None, **values: Any) -> Entry:
    """An entry whose page is at `url`."""
    return Entry(key=key, digest=digest or f"digest of {key}", url=url, page_url=url, **values)


def add_entries(
    connection: sa.Connection, row: sa.Row[Any], *items: Entry, now: datetime = NOW, fetch_pages: bool = True
) -> None:
    entries.save(connection, row, Selection(new=items), now, fetch_pages=fetch_pages)


def add_page(connection: sa.Connection, url: str) -> int:
    entries.queue_urls(connection, [url], "batch", NOW)
    return page_id_of(connection, url)


def page_id_of(connection: sa.Connection, url: str) -> int:
    return int(connection.scalars(sa.select(page.c.id).where(page.c.url_key == url_key(url))).one())


def page_of(connection: sa.Connection, url: str) -> sa.Row[Any]:
    return connection.execute(sa.select(page).where(page.c.url_key == url_key(url))).one()


def collected(
    page_id: int,
    url: str,
    text: str,
    *,
    title: str = "A headline",
    lead: str | None = None,
    agency: str | None = None,
    language: str | None = None,
    raw: bytes | None = None,
    at: datetime = NOW,
    published_at: datetime | None = None,
) -> Collected:
    credit = Agency(agency, "byline", agency) if agency else None
    one = Article(
        tuple(map(Paragraph, text.split("\n\n"))),
        title=title,
        lead=lead,
        agency=credit,
        language=language,
        published_at=published_at,
    )
    kept = RawPage("text/html", raw, len(raw)) if raw is not None else None
    print_ = fingerprint(compared_text(one.title, one.body))
    return Collected(page_id, url, url_key(url), site_of(url), one, print_, at, kept)


def settle(connection: sa.Connection, url: str, text: str, **values: Any) -> PageOutcome:
    """Bring the page at `url` in with that text; it is made when nobody has named it yet."""
    return articles.settle(connection, collected(add_page(connection, url), url, text, **values), matching())


def article_at(connection: sa.Connection, url: str) -> int:
    return int(articles.find(connection, url).id)


def claim(connection: sa.Connection, owner: str = "me", **values: Any) -> list[hosts.Lease]:
    given = {"now": NOW, "span": SPAN, "limit": 100, "choice": hosts.Choice(), **values}
    return hosts.claim(connection, owner=owner, **given)


# The postings, wherever they stand.
ALL_POSTINGS = sa.union(sa.select(posting), sa.select(recent_posting)).subquery("all_postings")


def use_scheme(connection: sa.Connection, number: int) -> None:
    """Let all postings be those of another scheme."""
    for table in (posting, recent_posting):
        connection.execute(table.update().values(scheme=number))


def count(connection: sa.Connection, table: sa.FromClause) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
