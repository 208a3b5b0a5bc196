"""Articles and their revisions: settling a cleaned page, looking articles up, taking them down."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ingestd.errors import UsageError
from ingestd.model import Article, Carrier, Completeness, EventKind, PageOutcome, TextSource
from ingestd.store import clusters, content, dialect, entries, events, hosts, identity, pages, postings
from ingestd.store.collected import Collected
from ingestd.store.index import NEWEST, Matching, SqlIndex
from ingestd.store.schema import article, entry, feed, page, raw, revision
from ingestd.urls import host_of, is_http
from ingestd.words import count_words


def text_hash(one: Article) -> str:
    """What decides whether a text changed: sha256 over title, lead and body."""
    return hashlib.sha256(
        "\x1f".join((one.title or "", one.text)).encode("utf-8", "surrogatepass")
    ).hexdigest()


# Building a statement costs more than running it.
_PAGE = sa.select(page).where(page.c.id == sa.bindparam("page_id"))
_NEWEST_TEXT = sa.select(revision).where(
    revision.c.article_id == sa.bindparam("article_id"), revision.c.number == sa.bindparam("number")
)
_ADD, _ADD_REVISION, _ADD_RAW = article.insert(), revision.insert(), raw.insert()
_THIS = article.c.id == sa.bindparam("this")


def settle(connection: sa.Connection, one: Collected, matching: Matching) -> PageOutcome:
    """Match and save one collected page, in the settling transaction; returns its outcome.

    1. What was forgotten stays forgotten, also when it comes back under another address.
    2. Identity before similarity: the page's own article, or the one its final address belongs to.
    3. A text of an article's own page that changed is a revision; of another page, only a sighting. A
       part of it that is shown in place of the whole is none.
    4. A new article, or a new text of one, is matched with what is stored, this moment included.
    """
    page_row = connection.execute(_PAGE, {"page_id": one.page_id}).one()
    known = _identify(connection, one, page_row)
    if page_row.state == "forgotten" or (known is not None and known.state == "forgotten"):
        _bury(connection, one.page_id, known)
        return PageOutcome.NOT_ARTICLE
    if known is None:
        outcome, article_id = _settle_new(connection, one, matching)
    elif known.page_id != one.page_id:
        outcome, article_id = PageOutcome.SAME_ARTICLE, known.id
    else:
        outcome, article_id = _settle_known(connection, one, known, matching), known.id
    identity.remember(connection, one, article_id)
    pages.finish(connection, one.page_id, outcome, "done", fetched_at=one.collected_at, article_id=article_id)
    return outcome


def _identify(connection: sa.Connection, one: Collected, page_row: sa.Row[Any]) -> sa.Row[Any] | None:
    return identity.identify(connection, one, page_row)


def _bury(connection: sa.Connection, page_id: int, known: sa.Row[Any] | None) -> None:
    """Another address of a forgotten article becomes a tombstone as well."""
    buried = {"state": "forgotten", "article_id": known.id if known is not None else None}
    connection.execute(page.update().where(page.c.id == page_id).values(takes=0, batch=None, **buried))
    entries.blank(connection, [page_id])


def _settle_new(connection: sa.Connection, one: Collected, matching: Matching) -> tuple[PageOutcome, int]:
    published_at = one.article.published_at
    credible = published_at is not None and published_at <= one.collected_at
    values = {
        "url_key": entries.bounded_key(one.url_key),
        "url": one.url,
        "site": one.site,
        "page_id": one.page_id,
        "state": "live",
        "revision": 1,
        "first_seen_at": one.collected_at,
        "appeared_at": published_at if credible else None,
        "from_agency": one.from_agency,
    }
    article_id = _inserted_id(connection.execute(_ADD, values))
    _add_revision(connection, article_id, 1, one)
    index = SqlIndex(connection, matching, one.collected_at)
    at = published_at if credible and published_at is not None else one.collected_at
    index.introduce(_carrier(article_id, one, at), _compared(one, matching))
    matching.place(index).place(article_id)
    standing = index.standing(article_id)
    index.flush()
    copy = standing.size > 1
    data = {"matched": standing.matched_id, "containment": standing.containment} if copy else {}
    where = {"article_id": article_id, "cluster_id": standing.cluster_id}
    kind, outcome = (EventKind.COPY, PageOutcome.COPY) if copy else (EventKind.NEW, PageOutcome.NEW)
    events.record(connection, kind, one.collected_at, **where, data=data)
    return outcome, article_id


def _carrier(article_id: int, one: Collected, at: datetime) -> Carrier:
    return Carrier(
        article_id=article_id,
        cluster_id=None,
        source=one.site,
        at=at,
        shingle_count=one.fingerprint.shingle_count,
        text_hash=text_hash(one.article),
        from_agency=one.from_agency,
    )


def _compared(one: Collected, matching: Matching) -> str:
    """What is compared of a text as it is stored: its postings must be told from that later."""
    title = dialect.storable(one.article.title)
    return matching.compared_text(title, dialect.storable(one.article.body))


def _settle_known(
    connection: sa.Connection, one: Collected, known: sa.Row[Any], matching: Matching
) -> PageOutcome:
    which = {"article_id": known.id, "number": known.revision}
    former = connection.execute(_NEWEST_TEXT, which).one()
    if former.text_hash == text_hash(one.article):
        _refresh(connection, former, one.article)
        return PageOutcome.UNCHANGED
    if _is_part_of_whole(former, one.article):
        return PageOutcome.UNCHANGED
    number = known.revision + 1
    values = dialect.new_values({"revision": number, "from_agency": one.from_agency})
    connection.execute(
        dialect.update_of(article, _THIS, ("revision", "from_agency")), {"this": known.id, **values}
    )
    _add_revision(connection, known.id, number, one)
    cluster_id = _match_again(
        connection, one, known.id, matching.compared_text(former.title, former.body), matching
    )
    where = {"article_id": known.id, "cluster_id": cluster_id}
    events.record(connection, EventKind.REVISED, one.collected_at, **where, data={"revision": number})
    return PageOutcome.REVISED


def _is_part_of_whole(former: sa.Row[Any], now: Article) -> bool:
    """Whether less of a text was shown this time, as by a site that lets its readers see a few for free."""
    was_whole = former.completeness in (None, Completeness.WHOLE.value)
    is_less = count_words(now.text) < former.word_count
    return was_whole and is_less and now.completeness is not Completeness.WHOLE


def _refresh(connection: sa.Connection, former: sa.Row[Any], now: Article) -> None:
    """Let a revision say what is told of the same text by now.

    Only words make a revision: a publisher adds keywords, moves the time of change and sets other links
    for days. So the newest revision takes up what is said anew and keeps what is no longer said, but for
    rights, of which the last word counts. A feed's word does not replace a page's. The agency stays:
    its cluster was decided with it.
    """
    if now.source is TextSource.FEED and former.source != TextSource.FEED.value:
        return
    said = {name: value for name, value in content.description_values(now).items() if value}
    values = dialect.storable(said | content.rights_values(now))
    # The lead may stand in the body now, or no longer.
    if former.body == dialect.storable(now.body):
        values |= dialect.storable(content.form_values(now))
    changed = {name: value for name, value in values.items() if value != getattr(former, name)}
    if changed:
        connection.execute(revision.update().where(revision.c.id == former.id).values(changed))


def _match_again(
    connection: sa.Connection, one: Collected, article_id: int, former_text: str, matching: Matching
) -> int:
    """Place an article whose text has changed; returns the cluster that it is in then."""
    home = clusters.cluster_of(connection, article_id)
    assert home is not None
    if home.indexed != postings.current():
        clusters.rebuild(connection, home.id, one.collected_at, matching)
    index = SqlIndex(connection, matching, one.collected_at)
    matching.place(index).revise(article_id, former_text)
    cluster_id = index.carrier(article_id).cluster_id
    assert cluster_id is not None
    index.touch(cluster_id)
    index.flush()
    return cluster_id


def _add_revision(connection: sa.Connection, article_id: int, number: int, one: Collected) -> None:
    text = one.article
    agency = text.agency
    values = {
        "article_id": article_id,
        "number": number,
        "title": text.title,
        "lead": text.lead,
        "body": text.body,
        "agency": agency.name if agency else None,
        "agency_evidence": agency.evidence if agency else None,
        "agency_quote": agency.quote if agency else None,
        "text_hash": text_hash(text),
        "word_count": count_words(text.text),
        "scheme": one.fingerprint.scheme,
        "token_count": one.fingerprint.token_count,
        "shingle_count": one.fingerprint.shingle_count,
        "created_at": one.collected_at,
        **content.form_values(text),
        **content.description_values(text),
        **content.rights_values(text),
    }
    revision_id = _inserted_id(connection.execute(_ADD_REVISION, values))
    if one.raw is not None:
        kept = {"content_type": one.raw.content_type, "zstd": one.raw.zstd, "body_bytes": one.raw.body_bytes}
        connection.execute(_ADD_RAW, {"revision_id": revision_id, **kept})


def _inserted_id(result: sa.CursorResult[Any]) -> int:
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


# ------------------------------------------------------------------------------- looking up


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles are listed; None means any."""

    since: datetime | None = None
    feed: str | None = None
    agency: str | None = None
    language: str | None = None
    # Every one of these must stand in title, lead or body, in any case of letters.
    words: tuple[str, ...] = ()
    limit: int = 50


def _with_newest() -> sa.Select[Any]:
    columns = [column for column in revision.c if column.name not in ("id", "article_id")]
    named = [article.c.id, article.c.url, article.c.site, article.c.first_seen_at, article.c.url_key]
    return sa.select(*named, *columns).join(revision, NEWEST).where(article.c.state == "live")


def listing(connection: sa.Connection, wanted: Filter) -> list[sa.Row[Any]]:
    """Live articles with their newest text, the latest first."""
    query = _with_newest().order_by(article.c.first_seen_at.desc(), article.c.id.desc()).limit(wanted.limit)
    if wanted.since is not None:
        query = query.where(article.c.first_seen_at >= wanted.since)
    if wanted.agency is not None:
        query = query.where(sa.func.lower(revision.c.agency) == wanted.agency.lower())
    if wanted.language is not None:
        tag = sa.func.lower(revision.c.language)
        query = query.where(
            sa.or_(
                tag == wanted.language.lower(), tag.startswith(f"{wanted.language.lower()}-", autoescape=True)
            )
        )
    if wanted.feed is not None:
        carried = sa.select(page.c.article_id).join(entry, entry.c.page_id == page.c.id)
        carried = carried.join(feed, feed.c.id == entry.c.feed_id).where(feed.c.key == wanted.feed)
        query = query.where(article.c.id.in_(carried.where(page.c.article_id.is_not(None))))
    for word in wanted.words:
        texts = (revision.c.title, revision.c.lead, revision.c.body)
        query = query.where(sa.or_(*(column.icontains(word, autoescape=True) for column in texts)))
    return list(connection.execute(query))


def find(connection: sa.Connection, name: str) -> sa.Row[Any]:
    """The live article with that id or address; raises UsageError when there is none."""
    query = _with_newest()
    if name.isdecimal() and len(name) < 19:
        row = connection.execute(query.where(article.c.id == int(name))).first()
    elif is_http(name):
        key = entries.page_key(name)
        by_page = sa.select(page.c.article_id).where(page.c.url_key == key)
        same = sa.or_(article.c.url_key == key, article.c.id.in_(by_page))
        row = connection.execute(query.where(same).order_by(article.c.id)).first()
    else:
        raise UsageError(f"{name!r} is neither an article's number nor an http(s) URL")
    if row is None:
        raise UsageError(f"there is no article {name}; `ingestd articles list` shows what there is")
    return row


def revisions(connection: sa.Connection, article_id: int) -> list[sa.Row[Any]]:
    """Every state of an article's text, oldest first."""
    query = sa.select(revision).where(revision.c.article_id == article_id)
    return list(connection.execute(query.order_by(revision.c.number)))


def sightings(connection: sa.Connection, article_id: int) -> list[Any]:
    """The feeds that carried an article, and when."""
    page_ids = list(connection.scalars(sa.select(page.c.id).where(page.c.article_id == article_id)))
    return list(entries.sightings(connection, page_ids))


def counts(connection: sa.Connection) -> dict[str, int]:
    """How many live articles, revisions and clusters there are."""
    live = sa.select(sa.func.count()).select_from(article).where(article.c.state == "live")
    kept = sa.select(sa.func.count()).select_from(revision)
    many = sa.text("SELECT count(*) FROM cluster WHERE size > 1")
    return {
        "articles": connection.scalar(live) or 0,
        "revisions": connection.scalar(kept) or 0,
        "clusters": connection.scalar(many) or 0,
    }


# ------------------------------------------------------------------------------- taking down


def forget(connection: sa.Connection, name: str, now: datetime, matching: Matching) -> int:
    """Take down the articles with that number or address: text, raw pages, postings and feeds' copies go.

    Must be called in a transaction of its own. A tombstone stays under every address that led to them, so
    they never return; an address that was never seen gets one too. Other outlets' copies are theirs and
    stay. Returns how many revisions were removed; raises UsageError for what is no number or address.
    """
    # A page of theirs that is being settled elsewhere comes before or after, never between.
    dialect.lock_settling(connection)
    dialect.erases(connection)
    own_pages, article_ids = _named(connection, name, now)
    leads = sa.or_(page.c.id.in_(own_pages), page.c.article_id.in_(article_ids))
    page_ids = list(connection.scalars(sa.select(page.c.id).where(leads)))
    buried = {"state": "forgotten", "batch": None, "detail": None, "hop_url": None, "hops": None}
    connection.execute(page.update().where(page.c.id.in_(page_ids)).values(**buried))
    entries.blank(connection, page_ids)
    return sum(_remove_texts(connection, article_id, now, matching) for article_id in article_ids)


def _named(connection: sa.Connection, name: str, now: datetime) -> tuple[list[int], list[int]]:
    """The pages and the articles that a number or an address names."""
    if not is_http(name):
        return [], [int(find(connection, name).id)]
    key = entries.page_key(name)
    page_id = connection.scalar(sa.select(page.c.id).where(page.c.url_key == key))
    if page_id is None:
        page_id = _tombstone(connection, key, name, now)
    by_page = sa.select(page.c.article_id).where(page.c.id == page_id, page.c.article_id.is_not(None))
    same = sa.or_(article.c.url_key == key, article.c.id.in_(by_page))
    return [page_id], list(connection.scalars(sa.select(article.c.id).where(same)))


def _tombstone(connection: sa.Connection, key: str, url: str, now: datetime) -> int:
    hosts.ensure(connection, {host_of(url)})
    values = {"url_key": key, "url": url, "host": host_of(url), "state": "forgotten"}
    never = {"attempts": 0, "takes": 0, "next_attempt_at": now, "first_seen_at": now}
    dialect.insert_ignore(connection, page, [values | never])
    return int(connection.scalars(sa.select(page.c.id).where(page.c.url_key == key)).one())


def _remove_texts(connection: sa.Connection, article_id: int, now: datetime, matching: Matching) -> int:
    if clusters.cluster_of(connection, article_id) is not None:
        index = SqlIndex(connection, matching, now)
        matching.place(index).withdraw(article_id)
        index.flush()
    own = sa.select(revision.c.id).where(revision.c.article_id == article_id)
    connection.execute(raw.delete().where(raw.c.revision_id.in_(own)))
    removed = connection.execute(revision.delete().where(revision.c.article_id == article_id)).rowcount
    erased = {"state": "forgotten", "revision": 0}
    connection.execute(article.update().where(article.c.id == article_id).values(**erased))
    if removed:
        data = {"revisions": removed}
        events.record(connection, EventKind.WITHDRAWN, now, article_id=article_id, data=data)
    return removed
