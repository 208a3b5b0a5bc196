"""RSS 0.9 to 2.0, RDF and Atom → entries.

`xml_text` makes the document fit to be read, `lenient` reads it; this module decides what its values mean.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from ingestd.errors import FeedUnreadable
from ingestd.feeds import lenient, text, xml_text
from ingestd.feeds.dates import DateReader
from ingestd.feeds.identity import identified
from ingestd.model import Enclosure, Entry, ParsedFeed, PollHints
from ingestd.urls import host_of, is_http

MAX_ENCLOSURES = 50
# A longer wish is junk: nobody publishes a feed to have it read once a year.
MAX_HINT = timedelta(days=366)

_PATH_LIKE = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//|/|\?|[^\s/]+/|[^\s/]+\.(?:html?|php|aspx?)\b")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,255}")
_IN_BRACKETS = re.compile(r"\(([^()]{1,300})\)")

# What is the title where the one before is missing: podcasts and pictures have their own.
_TITLES = ("title", "itunes_title", "media_title")
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class _Channel:
    """What the items of one document have in common."""

    base: str
    language: str | None
    # Atom entries without an author are by the feed's (RFC 4287 §4.2.1).
    authors: tuple[str, ...]
    dates: DateReader


def read(body: bytes, url: str, headers: Mapping[str, str]) -> ParsedFeed:
    """The feed in these bytes; raises FeedUnreadable ("empty", "html", "not-a-feed" or "too-deep")."""
    return read_source(source(body, headers), url, headers)[0]


def source(body: bytes, headers: Mapping[str, str]) -> str:
    """The document as `read_source` wants it."""
    return xml_text.source(body, headers)


def read_source(source: str, url: str, headers: Mapping[str, str]) -> tuple[ParsedFeed, str | None]:
    """The feed in this text, and the context of its items: all outside of them that decides what they become.

    Equal items in equal contexts are equal entries, but for what `identity` makes of them together. The
    context is None when items may depend on each other. Raises as `read` does.
    """
    document = xml_text.prepared(source)
    base = _base(url, headers)
    language = text.language(headers.get("content-language"))
    outcome = lenient.parse(document.text, base=base, language=language)
    if not outcome.entries:
        _require_empty_feed(outcome, document.root)
    channel = _channel(outcome, base)
    cut_off = not (outcome.is_well_formed or document.is_closed)
    return _feed(outcome, channel, cut_off=cut_off), _context(outcome, channel, document.entities)


def _require_empty_feed(outcome: lenient.Outcome, root: str) -> None:
    """A well-formed feed may be empty; where nothing could be read of a broken one, it is none."""
    if root not in xml_text.FEED_ROOTS or not outcome.version:
        raise FeedUnreadable(f"The document is no feed: its root element is {root!r}.", "not-a-feed")
    if not outcome.is_well_formed:
        raise FeedUnreadable("The document is broken, and no item of it can be read.", "not-a-feed")


def _base(url: str, headers: Mapping[str, str]) -> str:
    """Where relative links start: Content-Location (RFC 3986 §5.1.2) unless it points to another host."""
    location = text.address(url, headers.get("content-location"))
    return location if location and is_http(url) and host_of(location) == host_of(url) else url


def _channel(outcome: lenient.Outcome, base: str) -> _Channel:
    language = text.language(_text(outcome.feed, "language"))
    authors = _authors(outcome.feed) if outcome.version.startswith("atom") else ()
    return _Channel(base, language, authors, DateReader(language, _dates(outcome)))


def _dates(outcome: lenient.Outcome) -> Iterator[str]:
    """Every date of the document as it is written."""
    for holder in (outcome.feed, *outcome.entries):
        yield from filter(None, (_text(holder, name) for name in ("published", "updated", "created")))


def _context(outcome: lenient.Outcome, channel: _Channel, entities: Mapping[str, str]) -> str | None:
    if outcome.context is None or channel.dates.compared:
        return None
    parts = (outcome.context, outcome.version, channel.base, channel.language, channel.authors, entities)
    return sha256(repr(parts).encode()).hexdigest()


def _feed(outcome: lenient.Outcome, channel: _Channel, *, cut_off: bool) -> ParsedFeed:
    feed, items = outcome.feed, outcome.entries
    if cut_off and outcome.unfinished and len(items) > 1:
        # Half an item may lack what it is known by, and would come twice.
        items = items[:-1]
    drafts = [_entry(item, channel) for item in items]
    return ParsedFeed(
        format=outcome.version or "xml",
        entries=identified(drafts),
        title=text.title(_text(feed, "title")),
        site_url=text.address(channel.base, _text(feed, "link")),
        language=channel.language,
        hints=_hints(outcome),
        problems=outcome.problems,
        cut_off=cut_off,
    )


def _entry(item: Mapping[str, Any], channel: _Channel) -> Entry:
    published, updated = _times(item, channel.dates)
    summary, content = _bodies(item)
    url = _link(item, channel.base)
    return Entry(
        key="",
        digest="",
        guid=text.guid(_text(item, "id")),
        url=url,
        unusable_link=None if url else _unusable_link(item),
        page_url=_original(item, channel.base),
        title=next((found for name in _TITLES if (found := text.title(_text(item, name)))), None),
        summary_html=summary,
        content_html=content,
        # An Atom entry without an author has its source's (RFC 4287 §4.2.1).
        authors=_authors(item) or _authors(_mapping(item, "source")) or channel.authors,
        categories=text.names(_text(tag, "label") or _text(tag, "term") or "" for tag in _list(item, "tags")),
        published_at=published,
        updated_at=updated,
        language=_entry_language(item) or channel.language,
        source_title=text.title(_text(_mapping(item, "source"), "title")),
        comments_url=_comments(item, channel.base),
        enclosures=tuple(_enclosures(item, channel.base))[:MAX_ENCLOSURES],
    )


def _times(item: Mapping[str, Any], dates: DateReader) -> tuple[datetime | None, datetime | None]:
    """When published and when updated. One date alone, whatever its element, says when it was published."""
    published, updated, created = (
        dates.read(_text(item, name)) for name in ("published", "updated", "created")
    )
    return published or created or updated, updated


def _link(item: Mapping[str, Any], base: str) -> str | None:
    """The item's page: the first of the links that may be it which is an address."""
    return next((found for link in _links(item) if (found := text.address(base, link))), None)


def _links(item: Mapping[str, Any]) -> Iterator[str]:
    """What may be the item's page: its link element, its alternates, pages first, its permalink."""
    written, guid = _text(item, "text_link"), _text(item, "permalink")
    if written:
        yield written
    alternates = [link for link in _list(item, "links") if _text(link, "rel") == "alternate"]
    pages = [link for link in alternates if "html" in (_text(link, "type") or "html")]
    yield from filter(None, (_text(link, "href") for link in (*pages, *alternates)))
    # A bare word is no address, although RSS takes every guid for one that does not deny it.
    if guid and _PATH_LIKE.match(guid):
        yield guid
    # RSS 1.0 wants the identifier to be the link (§5.5); Atom's content may lie elsewhere (§4.1.3.2).
    elsewhere = (_text(body, "src") for body in _list(item, "content"))
    yield from filter(_ADDRESS.match, filter(None, (_text(item, "about"), *elsewhere)))


def _comments(item: Mapping[str, Any], base: str) -> str | None:
    """The page of an item's comments: RSS comments, else the replies of Atom threading (RFC 4685 §4)."""
    replies = (
        _text(link, "href")
        for link in _list(item, "links")
        if _text(link, "rel") == "replies" and "html" in (_text(link, "type") or "html")
    )
    given = (_text(item, "comments"), *replies)
    return next((found for link in given if (found := text.address(base, link))), None)


def _unusable_link(item: Mapping[str, Any]) -> str | None:
    """A link that is no address, as written."""
    link = _text(item, "text_link") or _text(item, "link")
    return text.guid(link) if link != _text(item, "id") else None


def _original(item: Mapping[str, Any], base: str) -> str | None:
    """The page behind the redirect of a feed service; None when the item names none."""
    named = _text(item, "feedburner_origlink") or _text(item, "pheedo_origlink")
    return text.address(base, named)


def _bodies(item: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Short and full form as HTML. feedparser repeats the full form as the summary when there is none."""
    bodies = [found for body in _list(item, "content") if (found := _body(body))]
    content = max(bodies, key=len, default=None)
    detail = {**_mapping(item, "summary_detail"), "value": _text(item, "summary") or ""}
    summary = _body(detail)
    repeated = summary is not None and any(
        _text(body, "value") == detail["value"] for body in _list(item, "content")
    )
    if summary is None and content is None:
        # What is said of a picture, where nothing is said of the item.
        summary = text.paragraphs(_text(item, "media_description"))
    return (None if repeated else summary), content


def _body(detail: Mapping[str, Any]) -> str | None:
    """A text construct as HTML; None when it is blank or of a type that is not for reading."""
    kind, value = _text(detail, "type") or "text/html", _text(detail, "value")
    if kind == "text/plain":
        return text.paragraphs(value)
    return (
        text.markup(value)
        if kind.startswith("text/") or kind.endswith(("html", "xhtml+xml", "/xml"))
        else None
    )


def _authors(holder: Mapping[str, Any]) -> tuple[str, ...]:
    listed = [_text(author, "name") or _text(author, "email") for author in _list(holder, "authors")]
    if not any(listed):
        listed = [_text(holder, "author")]
    return text.names(_person(name) for name in listed if name)


def _person(name: str) -> str:
    """The name in RSS's "joe@example.com (Joe)"; the address when it stands alone."""
    if "@" not in name or len(name) > text.MAX_NAME_CHARS:
        return name
    bracketed = _IN_BRACKETS.search(name)
    if bracketed is not None and _EMAIL.match(name):
        return bracketed[1]
    return _EMAIL.sub("", name).strip(" <>()[],;-") or name


def _entry_language(item: Mapping[str, Any]) -> str | None:
    details = [_mapping(item, "title_detail"), *_list(item, "content")]
    named = (_text(item, "language"), *(_text(detail, "language") for detail in details))
    return next((tag for tag in map(text.language, named) if tag), None)


def _enclosures(item: Mapping[str, Any], base: str) -> Iterator[Enclosure]:
    """Files of the item, each address once."""
    attached = [link for link in _list(item, "links") if _text(link, "rel") == "enclosure"]
    seen: set[str] = set()
    for file in (*attached, *_list(item, "media_content")):
        address = text.address(base, _text(file, "href") or _text(file, "url"))
        if address is not None and address not in seen:
            seen.add(address)
            size = _text(file, "length") or _text(file, "filesize")
            yield Enclosure(address, text.title(_text(file, "type")), text.count(size))


def _hints(outcome: lenient.Outcome) -> PollHints:
    hours = frozenset(
        hour % 24 for given in outcome.skip_hours if (hour := text.count(given)) is not None and hour <= 24
    )
    days = frozenset(
        _WEEKDAYS.index(name)
        for given in outcome.skip_days
        if (name := given.strip().lower()[:3]) in _WEEKDAYS
    )
    return PollHints(_wished(outcome.feed), hours, days)


def _wished(feed: Mapping[str, Any]) -> timedelta | None:
    """RSS ttl (minutes), else the syndication module's period divided by its frequency."""
    ttl = text.count(_text(feed, "ttl"))
    if ttl:
        return _reasonable(timedelta(minutes=min(ttl, 10**9)))
    period, frequency = _text(feed, "sy_updateperiod"), _text(feed, "sy_updatefrequency")
    if not period and not frequency:
        return None
    span = _PERIODS.get((period or "daily").strip().lower())
    times = text.count(frequency) if frequency else 1
    return _reasonable(span / min(times, 10**6)) if span and times else None


def _reasonable(interval: timedelta) -> timedelta | None:
    return interval if interval <= MAX_HINT else None


# feedparser's dictionaries answer for absent keys with others', so their own `get` is not used.


def _value(holder: Mapping[str, Any], name: str) -> Any:
    return dict.get(holder, name) if isinstance(holder, dict) else None


def _text(holder: Mapping[str, Any], name: str) -> str | None:
    value = _value(holder, name)
    return value if isinstance(value, str) else None


def _list(holder: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = _value(holder, name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _mapping(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = _value(holder, name)
    return value if isinstance(value, dict) else {}
