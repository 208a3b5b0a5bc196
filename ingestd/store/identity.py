"""Which article a page is: what is known before its text is compared with that of others.

One article has many addresses: the feed's link, the one that answers after redirects, the one that the
page declares, an AMP or a mobile one, and others after its slug was edited or its site moved. A page is an
article that is known already when the first of these that holds says so:

1. the page was settled as that article before;
2. the article, or a page settled as it, has the page's address or the one that answered;
3. the entry of that article names this page now (a claim, made when the entry changed its address), and
   address, title or text agree with the article's;
4. the page declares an address of that article, the declaration is believable (`urls.believable`), and
   title or text agree.

A claim may be wrong where a feed uses one guid for whatever stands in a place, and a declaration where a
system declares one page for many or the original of a translation: hence the texts. A text that was taken
down cannot be compared; there the addresses decide, so that it stays away.

An article follows one page. It goes over to another when a claim proves true, or when no feed names the
former page any more and this one is named.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa

from ingestd.model import PageOutcome
from ingestd.store import dialect, entries, hosts
from ingestd.store.collected import Collected
from ingestd.store.schema import article, entry, page, revision
from ingestd.urls import believable, host_of, is_http, same_name

# The last outcome of a page whose article is sure, not only claimed.
_SETTLED = frozenset(
    outcome.value
    for outcome in (
        *(PageOutcome.NEW, PageOutcome.COPY, PageOutcome.REVISED),
        *(PageOutcome.UNCHANGED, PageOutcome.SAME_ARTICLE),
    )
)

# Two texts are versions of one when so much of the shorter one's runs of characters stands in the other.
# Texts of different articles of one site share some hundredths, those of an edited one more than half.
_SHARED_MIN = 0.3
_RUN_CHARS = 16
_COMPARED_CHARS = 20_000


def identify(connection: sa.Connection, one: Collected, page_row: sa.Row[Any]) -> sa.Row[Any] | None:
    """The article that a collected page is, with `page_id` this page's when it follows it; None when unknown.

    A row whose state is "forgotten" means that the page must not come back; its id is None when only the
    address was taken down and no article was ever known by it.
    """
    claim = _article(connection, page_row.article_id)
    sure = claim is not None and (page_row.outcome in _SETTLED or claim.page_id == page_row.id)
    # 1. and 2.
    known = claim if sure else _at(connection, [page_row.url_key, entries.bounded_key(one.url_key)])
    if (
        known is None
        and claim is not None
        and (claim.state == "forgotten" or _agrees(connection, one, claim))
    ):
        # 3.
        return _hand_over(connection, claim, one)
    if known is None:
        # 4.
        known = _declared(connection, one)
    if known is not None and known.state == "live" and _is_abandoned(connection, known, page_row):
        return _hand_over(connection, known, one)
    return known


def remember(connection: sa.Connection, one: Collected, article_id: int) -> None:
    """Keep the addresses by which a settled page's article may be met again.

    Those are the one that answered and the one that the page declares, when it is believable: each a page
    that claims the article, and is fetched when a feed names it. An article without a page has none.
    """
    if one.url_key.startswith(entries.FEED_ONLY):
        return
    addresses = [url for url in (one.url, _believed(one)) if url is not None and is_http(url)]
    known = set(connection.scalars(sa.select(article.c.url_key).where(article.c.id == article_id)))
    for url in addresses:
        if entries.page_key(url) not in known:
            _claim(connection, url, article_id, one.collected_at)


def _claim(connection: sa.Connection, url: str, article_id: int, now: datetime) -> None:
    key = entries.page_key(url)
    if connection.scalar(sa.select(page.c.id).where(page.c.url_key == key)) is not None:
        return
    hosts.ensure(connection, {host_of(url)})
    detail = "another address of an article; fetched when a feed names it"
    values = {"url_key": key, "host": host_of(url), "state": "skipped", "reason": "other-address"}
    never = {"attempts": 0, "takes": 0, "next_attempt_at": now, "first_seen_at": now}
    dialect.insert_ignore(connection, page, [values | never | {"detail": detail, "article_id": article_id}])


# ------------------------------------------------------------------------------- by address


def _article(connection: sa.Connection, article_id: int | None) -> sa.Row[Any] | None:
    if article_id is None:
        return None
    return connection.execute(sa.select(article).where(article.c.id == article_id)).one()


def _at(connection: sa.Connection, keys: Sequence[str]) -> sa.Row[Any] | None:
    """The article with one of these addresses, its own or that of a page settled as it.

    An address that was taken down comes before all others.
    """
    tombs: sa.Select[Any] = sa.select(page.c.article_id.label("id"), page.c.state)
    buried = connection.execute(tombs.where(page.c.url_key.in_(keys), page.c.state == "forgotten")).first()
    if buried is not None:
        return buried
    settled = sa.and_(page.c.url_key.in_(keys), page.c.outcome.in_(_SETTLED), page.c.article_id.is_not(None))
    by_page = sa.select(page.c.article_id).where(settled)
    same = sa.or_(article.c.url_key.in_(keys), article.c.id.in_(by_page))
    return connection.execute(sa.select(article).where(same).order_by(article.c.id).limit(1)).first()


def _declared(connection: sa.Connection, one: Collected) -> sa.Row[Any] | None:
    """The article at the address that a page declares, when everything speaks for it."""
    declared = _believed(one)
    if declared is None:
        return None
    key = entries.page_key(declared)
    by_page = sa.select(page.c.article_id).where(page.c.url_key == key, page.c.article_id.is_not(None))
    known = _at(connection, [key])
    if known is None:
        known = connection.execute(sa.select(article).where(article.c.id.in_(by_page))).first()
    if known is None or known.state == "forgotten" or _is_same_text(connection, one, known):
        return known
    return None


def _believed(one: Collected) -> str | None:
    """The declared address of a page that has one of its own, when it is believable and another."""
    declared = one.article.declared_url
    if not declared or not one.url or not is_http(declared) or not is_http(one.url):
        return None
    if len(declared) > entries.KEY_CHARS or entries.page_key(declared) == entries.page_key(one.url):
        return None
    return declared if believable(declared, one.url) else None


# ------------------------------------------------------------------------------- by text


def _agrees(connection: sa.Connection, one: Collected, known: sa.Row[Any]) -> bool:
    """Whether a claimed article is this page's: by the name in the address, by title or text.

    A translation may have the name of its original, so an article that declares this address says nothing.
    """
    newest = _newest(connection, known)
    declares = newest.declared_url is not None and entries.page_key(newest.declared_url) == one.url_key
    if not declares and one.url and known.url and same_name(one.url, known.url):
        return True
    return _is_version(one, newest)


def _is_same_text(connection: sa.Connection, one: Collected, known: sa.Row[Any]) -> bool:
    return _is_version(one, _newest(connection, known))


def _newest(connection: sa.Connection, known: sa.Row[Any]) -> sa.Row[Any]:
    newest = sa.and_(revision.c.article_id == known.id, revision.c.number == known.revision)
    query: sa.Select[Any] = sa.select(revision.c.title, revision.c.body, revision.c.declared_url)
    return connection.execute(query.where(newest)).one()


def _is_version(one: Collected, newest: sa.Row[Any]) -> bool:
    """Whether a collected text is one more state of a stored one: by its title, or by what both say."""
    title = (one.article.title or "").casefold()
    if title and title == (newest.title or "").casefold():
        return True
    return _shared(_runs(one.article.body), _runs(newest.body)) >= _SHARED_MIN


def _runs(text: str) -> set[str]:
    """Every run of so many letters and digits, in any script; of a long text, of its beginning."""
    letters = "".join(filter(str.isalnum, islice(text.casefold(), _COMPARED_CHARS)))
    return {letters[start : start + _RUN_CHARS] for start in range(max(0, len(letters) - _RUN_CHARS + 1))}


def _shared(one: set[str], other: set[str]) -> float:
    """Share of the smaller set that is in the other; 0 when one is empty."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


# ------------------------------------------------------------------------------- following a page


def _is_abandoned(connection: sa.Connection, known: sa.Row[Any], page_row: sa.Row[Any]) -> bool:
    """Whether an article follows another page than this, which no feed names while one names this."""
    if known.page_id == page_row.id:
        return False
    pair = [known.page_id, page_row.id]
    query = sa.select(entry.c.page_id).where(entry.c.page_id.in_(pair)).distinct()
    return list(connection.scalars(query)) == [page_row.id]


def _hand_over(connection: sa.Connection, known: sa.Row[Any], one: Collected) -> sa.Row[Any]:
    """Let an article follow this page from now on, under its address; the former one stays known."""
    if known.state == "forgotten":
        return known
    key = entries.bounded_key(one.url_key)
    values: dict[str, Any] = {"page_id": one.page_id, "site": one.site}
    taken = sa.select(article.c.id).where(article.c.url_key == key, article.c.id != known.id)
    if connection.scalar(taken) is None:
        values |= {"url_key": key, "url": one.url}
        if known.url is not None and known.url_key != key and is_http(known.url):
            _claim(connection, known.url, known.id, one.collected_at)
    connection.execute(article.update().where(article.c.id == known.id).values(**values))
    return connection.execute(sa.select(article).where(article.c.id == known.id)).one()
