"""Sitemaps (https://www.sitemaps.org/protocol.html) and news sitemaps → entries.

A news sitemap says of each URL what a feed would: title, date, keywords, the publication's language. A plain
one says when its page was last changed at best; its entries have a link and that date. An index of sitemaps
is no feed: it lists documents, not articles.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from xml.etree import ElementTree

from ingestd.errors import FeedUnreadable
from ingestd.feeds import text, xml_text
from ingestd.feeds.dates import DateReader
from ingestd.feeds.identity import identified
from ingestd.model import Enclosure, Entry, ParsedFeed

MAX_ENTRIES = 10_000
MAX_ENCLOSURES = 50
MAX_DEPTH = 100

INDEX = "sitemapindex"
ROOTS = ("urlset", INDEX)

# A whole URL with what is said of it; the name may have any prefix.
_URL = re.compile(r"<(?:[A-Za-z_][\w.-]{0,60}:)?url\s*>(.*?)</(?:[A-Za-z_][\w.-]{0,60}:)?url\s*>", re.DOTALL)
_PREFIX = re.compile(r"(</?)[A-Za-z_][\w.-]{0,60}:(?=[A-Za-z_])")
_NEVER = datetime.min.replace(tzinfo=UTC)

# "parent/name" of elements within a <url>, local names in lower case → their texts.
_Facts = Mapping[str, list[str]]


def fits(head: bytes) -> bool:
    """Whether the first bytes of a document, white space and byte order mark taken off, are of a sitemap."""
    return xml_text.root_name(head.replace(b"\x00", b"").decode("latin-1")) in ROOTS


def read(body: bytes, url: str, headers: Mapping[str, str]) -> ParsedFeed:
    """The entries in these bytes; raises FeedUnreadable ("sitemap-index", "not-a-feed" or "too-deep")."""
    document = xml_text.prepared(xml_text.source(body, headers))
    if document.root == INDEX:
        raise FeedUnreadable("The document is an index of sitemaps; poll one of those.", "sitemap-index")
    try:
        urls, trouble = _strictly(document.text), None
    except ElementTree.ParseError as error:
        urls, trouble = list(_loosely(document.text)), str(error)
    if not urls and trouble:
        raise FeedUnreadable("The sitemap is broken, and no URL of it can be read.", "not-a-feed")
    dates = DateReader(None, (date for facts in urls for date in _dates(facts)))
    drafts = [entry for facts in urls if (entry := _entry(facts, url, dates)) is not None]
    return ParsedFeed(
        format="news-sitemap" if any("news/title" in facts for facts in urls) else "sitemap",
        entries=identified(_latest(drafts)),
        problems=tuple(_problems(trouble, len(drafts))),
        cut_off=trouble is not None and not document.is_closed,
    )


class _Collector:
    """Target of ElementTree's parser: keeps texts, builds no tree."""

    def __init__(self) -> None:
        self.urls: list[_Facts] = []
        self._path: list[str] = []
        self._facts: defaultdict[str, list[str]] | None = None
        self._pieces: list[str] = []

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        if len(self._path) >= MAX_DEPTH:
            raise FeedUnreadable(f"Elements are nested more than {MAX_DEPTH} deep.", "too-deep")
        self._path.append(tag.rpartition("}")[2].lower())
        self._pieces = []
        if self._path[-1] == "url" and self._facts is None:
            self._facts = defaultdict(list)

    def data(self, data: str) -> None:
        self._pieces.append(data)

    def end(self, _tag: str) -> None:
        name = self._path.pop()
        if self._facts is None:
            return
        if name == "url":
            self.urls.append(dict(self._facts))
            self._facts = None
        elif (found := "".join(self._pieces).strip()) and self._path:
            self._facts[f"{self._path[-1]}/{name}"].append(found)
        self._pieces = []


def _strictly(document: str) -> list[_Facts]:
    collector = _Collector()
    # Entities cannot be bombs here: the document has no DOCTYPE.
    parser = ElementTree.XMLParser(target=collector)  # noqa: S314
    parser.feed(document)
    parser.close()
    return collector.urls


def _loosely(document: str) -> Iterator[_Facts]:
    """The URLs of a broken sitemap, each read by itself and without namespaces."""
    for found in _URL.finditer(document):
        inside = _PREFIX.sub(r"\1", found[1])
        try:
            yield from _strictly(f"<url>{inside}</url>")
        except ElementTree.ParseError:
            continue


def _dates(facts: _Facts) -> Iterator[str]:
    yield from facts.get("news/publication_date", ())
    yield from facts.get("url/lastmod", ())


def _entry(facts: _Facts, base: str, dates: DateReader) -> Entry | None:
    link = text.address(base, _first(facts, "url/loc"))
    if link is None:
        return None
    images = (text.address(base, given) for given in facts.get("image/loc", ()))
    return Entry(
        key="",
        digest="",
        url=link,
        title=text.title(_first(facts, "news/title")),
        categories=text.names((_first(facts, "news/keywords") or "").split(",")),
        published_at=dates.read(_first(facts, "news/publication_date")),
        updated_at=dates.read(_first(facts, "url/lastmod")),
        language=text.language(_first(facts, "publication/language")),
        enclosures=tuple(Enclosure(image) for image in images if image)[:MAX_ENCLOSURES],
    )


def _first(facts: _Facts, name: str) -> str | None:
    return next(iter(facts.get(name, ())), None)


def _latest(entries: list[Entry]) -> list[Entry]:
    """As many entries as are read of a document. A sitemap has no order: those with the latest dates."""
    if len(entries) <= MAX_ENTRIES:
        return entries
    return sorted(entries, key=lambda entry: entry.published_at or entry.updated_at or _NEVER, reverse=True)[
        :MAX_ENTRIES
    ]


def _problems(trouble: str | None, found: int) -> Iterator[str]:
    if trouble:
        yield f"The XML is not well-formed: {trouble}."
    if found > MAX_ENTRIES:
        yield f"Only the latest {MAX_ENTRIES} of {found} URLs were read."
