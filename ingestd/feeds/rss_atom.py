"""RSS 0.9 to 2.0, RDF and Atom → entries.

`lenient` reads; this module decides what is handed to it and what its values mean. It hands over a document
without a DOCTYPE, because what stands before a hostile document's root element costs feedparser quadratic
time, and without the characters and references that XML forbids, because one would cost the strict parser.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from html.entities import html5
from typing import Any
from xml.sax.saxutils import escape

from ingestd.errors import FeedUnreadable
from ingestd.feeds import lenient, text
from ingestd.feeds.charset import decode
from ingestd.feeds.dates import DateReader
from ingestd.feeds.identity import identified
from ingestd.model import Enclosure, Entry, ParsedFeed, PollHints
from ingestd.urls import host_of, is_http

MAX_ENCLOSURES = 50
MAX_ENTITIES = 300
MAX_ENTITY_CHARS = 100
MAX_REFERENCES = 100_000
# How far below the messages of a broken server its feed is looked for.
MAX_MESSAGE_CHARS = 10_000
# A longer wish is junk: nobody publishes a feed to have it read once a year.
MAX_HINT = timedelta(days=366)

_ELEMENT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,60}:)?([A-Za-z_][\w.-]{0,60})(?=[\s/>])")
_FEED_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,60}:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
_ENTITY = re.compile(
    rf"<!ENTITY\s+(\w{{1,60}})\s+(?:\"([^\"&<%]{{0,{MAX_ENTITY_CHARS}}})\"|\"(&#\w{{1,8}};)\")\s*>", re.ASCII
)
# A whole reference, or an ampersand that starts none.
_REFERENCE = re.compile(r"&(?:(\w{1,60});|#(?:[xX]([0-9a-fA-F]{1,40})|([0-9]{1,40}));)?", re.ASCII)
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
_PATH_LIKE = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//|/|\?|[^\s/]+/|[^\s/]+\.(?:html?|php|aspx?)\b")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,255}")
_IN_BRACKETS = re.compile(r"\(([^()]{1,300})\)")

_FEED_NAMES = frozenset({"rss", "feed", "rdf", "channel", "item", "entry", "items"})
_HTML_NAMES = frozenset(
    "a b body br center div h1 h2 head img meta p pre script span style table title".split()
)
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
    source = text.storable(decode(body, headers)).strip("\ufeff \t\r\n")
    if not source:
        raise FeedUnreadable("The document is empty.", "empty")
    root, start = _root(source)
    document = _DECLARATION + _mended(source[start:], _safe_entities(source[:start]))
    base = _base(url, headers)
    outcome = lenient.parse(document, base=base, language=text.language(headers.get("content-language")))
    if not outcome.entries and (root not in _FEED_NAMES or not outcome.version):
        raise FeedUnreadable(f"The document is no feed: its root element is {root!r}.", "not-a-feed")
    return _feed(outcome, base)


def _root(source: str) -> tuple[str, int]:
    """Lower-case local name of the root element, and where it starts.

    A page of HTML is refused, but messages that a broken server printed before its feed are passed over.
    """
    first = _first_element(source)
    if first is None:
        raise FeedUnreadable("The document has no element.", "not-a-feed")
    name = first[1].lower()
    if name in _FEED_NAMES:
        return name, first.start()
    hidden = _FEED_ROOT.search(source, first.end(), first.end() + MAX_MESSAGE_CHARS)
    above = source[: hidden.start() if hidden else first.end()].lower()
    is_page = "<!doctype html" in above or "<html" in above
    if hidden is not None and not is_page:
        return "feed", hidden.start()
    if is_page or name in _HTML_NAMES:
        raise FeedUnreadable("The document is a page of HTML.", "html")
    return name, first.start()


def _first_element(source: str) -> re.Match[str] | None:
    """The first start tag that does not stand in a comment, processing instruction or DOCTYPE."""
    position = 0
    while (position := source.find("<", position)) >= 0:
        skipped = _markup_end(source, position)
        if skipped is None:
            match = _ELEMENT.match(source, position)
            if match is not None:
                return match
            skipped = position + 1
        position = skipped
    return None


def _markup_end(source: str, position: int) -> int | None:
    """Where the comment, instruction or declaration ends that starts here; None when none does."""
    if source.startswith("<!--", position):
        return _after(source, "-->", position + 4)
    if source.startswith("<?", position):
        return _after(source, ">", position)
    if source.startswith("<!", position):
        end = _after(source, ">", position)
        subset = source.find("[", position, end)
        return end if subset < 0 else _after(source, "]", subset)
    return None


def _after(source: str, closing: str, position: int) -> int:
    end = source.find(closing, position)
    return len(source) if end < 0 else end + len(closing)


def _safe_entities(prolog: str) -> dict[str, str]:
    """Entities of the DOCTYPE that stand for short text; those that name others are how bombs are made."""
    found = _ENTITY.findall(prolog)[:MAX_ENTITIES]
    legal = partial(_xml_reference, {})
    return {name: _REFERENCE.sub(legal, value or reference) for name, value, reference in found}


def _mended(source: str, entities: Mapping[str, str]) -> str:
    """The source with every reference one that XML knows, which is what keeps most feeds from being XML.

    CDATA sections stay as they are, because in them an ampersand is just that.
    """
    # A document of nothing but references to long text would grow out of memory.
    known = entities if source.count("&") <= MAX_REFERENCES else {}
    head, *sections = source.split("<![CDATA[")
    mended = [_REFERENCE.sub(partial(_xml_reference, known), head)]
    for section in sections:
        data, end, rest = section.partition("]]>")
        mended += ("<![CDATA[", data, end, _REFERENCE.sub(partial(_xml_reference, known), rest))
    return "".join(mended)


def _xml_reference(entities: Mapping[str, str], found: re.Match[str]) -> str:
    name, hexadecimal, decimal = found.groups()
    if name is None:
        code = int(hexadecimal, 16) if hexadecimal else int(decimal) if decimal else None
        return "&amp;" if code is None else found[0] if _is_character(code) else ""
    if name in _XML_ENTITIES:
        return found[0]
    # An unknown name is text: somebody forgot to escape the ampersand.
    return entities.get(name, escape(html5.get(f"{name};", f"&{name};")))


def _is_character(code: int) -> bool:
    """Whether XML 1.0 §2.2 allows this character."""
    return (
        code in (9, 10, 13)
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or 0x10000 <= code < 0x110000
    )


def _base(url: str, headers: Mapping[str, str]) -> str:
    """Where relative links start: Content-Location (RFC 3986 §5.1.2) unless it points to another host."""
    location = text.address(url, headers.get("content-location"))
    return location if location and is_http(url) and host_of(location) == host_of(url) else url


def _feed(outcome: lenient.Outcome, base: str) -> ParsedFeed:
    feed = outcome.feed
    language = text.language(_text(feed, "language"))
    authors = _authors(feed) if outcome.version.startswith("atom") else ()
    channel = _Channel(base, language, authors, DateReader(language))
    drafts = [_entry(item, channel) for item in outcome.entries]
    return ParsedFeed(
        format=outcome.version or "xml",
        entries=identified(drafts),
        title=text.title(_text(feed, "title")),
        site_url=text.address(base, _text(feed, "link")),
        language=language,
        hints=_hints(outcome),
        problems=outcome.problems,
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
        title=text.title(_text(item, "title")),
        summary_html=summary,
        content_html=content,
        authors=_authors(item) or channel.authors,
        categories=text.names(_text(tag, "label") or _text(tag, "term") or "" for tag in _list(item, "tags")),
        published_at=published,
        updated_at=updated,
        language=_entry_language(item) or channel.language,
        source_title=text.title(_text(_mapping(item, "source"), "title")),
        comments_url=text.address(channel.base, _text(item, "comments")),
        enclosures=tuple(_enclosures(item, channel.base))[:MAX_ENCLOSURES],
    )


def _times(item: Mapping[str, Any], dates: DateReader) -> tuple[datetime | None, datetime | None]:
    """When published and when updated. One date alone, whatever its element, says when it was published."""
    published, updated, created = (
        dates.read(_text(item, name), _value(item, f"{name}_parsed"))
        for name in ("published", "updated", "created")
    )
    return published or created or updated, updated


def _link(item: Mapping[str, Any], base: str) -> str | None:
    """The item's page: its link, else a guid that is one, else any other link it calls its alternate."""
    link, guid = _text(item, "link"), _text(item, "id")
    from_guid = bool(_value(item, "guidislink")) and link == guid
    # A bare word is no address, although RSS takes every guid for one that does not deny it.
    if link and not (from_guid and not _PATH_LIKE.match(link)) and (found := text.address(base, link)):
        return found
    alternates = (_text(link, "href") for link in _list(item, "links") if _text(link, "rel") == "alternate")
    return next((found for href in alternates if (found := text.address(base, href))), None)


def _unusable_link(item: Mapping[str, Any]) -> str | None:
    """A link that is no address, as written; feedparser repeats a guid as the link when there is none."""
    link = _text(item, "link")
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
            yield Enclosure(address, text.title(_text(file, "type")), _count(size))


def _hints(outcome: lenient.Outcome) -> PollHints:
    hours = frozenset(
        hour % 24 for given in outcome.skip_hours if (hour := _count(given)) is not None and hour <= 24
    )
    days = frozenset(
        _WEEKDAYS.index(name)
        for given in outcome.skip_days
        if (name := given.strip().lower()[:3]) in _WEEKDAYS
    )
    return PollHints(_wished(outcome.feed), hours, days)


def _wished(feed: Mapping[str, Any]) -> timedelta | None:
    """RSS ttl (minutes), else the syndication module's period divided by its frequency."""
    ttl = _count(_text(feed, "ttl"))
    if ttl:
        return _reasonable(timedelta(minutes=min(ttl, 10**9)))
    period, frequency = _text(feed, "sy_updateperiod"), _text(feed, "sy_updatefrequency")
    if not period and not frequency:
        return None
    span = _PERIODS.get((period or "daily").strip().lower())
    times = _count(frequency) if frequency else 1
    return _reasonable(span / min(times, 10**6)) if span and times else None


def _reasonable(interval: timedelta) -> timedelta | None:
    return interval if interval <= MAX_HINT else None


def _count(given: str | None) -> int | None:
    digits = (given or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 18 else None


# feedparser's dictionaries answer for absent keys with others', so their own `get` is not used.


def _value(holder: Mapping[str, Any], name: str) -> Any:
    return dict.get(holder, name) if isinstance(holder, dict) else None


def _text(holder: Mapping[str, Any], name: str) -> str | None:
    value = _value(holder, name)
    return text.storable(value) if isinstance(value, str) else None


def _list(holder: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = _value(holder, name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _mapping(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = _value(holder, name)
    return value if isinstance(value, dict) else {}
