"""Bytes of a feed → `ParsedFeed`: the table of formats.

The bytes decide, not the Content-Type: feeds are served as HTML, as text and as each other.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from ingestd.errors import FeedUnreadable
from ingestd.feeds import json_feed, known, news_sitemap, rss_atom
from ingestd.feeds.division import Division, divided
from ingestd.model import ParsedFeed

SNIFFED_BYTES = 4_096

_WHITE_SPACE = b" \t\r\n\x00"
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class _Xml:
    """A document of RSS, RDF or Atom."""

    source: str
    url: str
    headers: Mapping[str, str]
    division: Division | None

    @classmethod
    def of(cls, body: bytes, url: str, headers: Mapping[str, str]) -> "_Xml":
        source = rss_atom.source(body, headers)
        return cls(source, url, headers, divided(source))

    @property
    def items(self) -> Sequence[str]:
        return self.division.items if self.division else ()

    def read(self, left_out: Collection[int]) -> tuple[ParsedFeed, str | None]:
        rest = self.division.without(left_out) if self.division and left_out else self.source
        return rss_atom.read_source(rest, self.url, self.headers)


@dataclass(frozen=True, slots=True)
class _Json:
    """A JSON Feed; its items are told by what they hold, because that is read at once."""

    document: Mapping[str, object]
    url: str
    items: Sequence[str]

    @classmethod
    def of(cls, body: bytes, url: str, headers: Mapping[str, str]) -> "_Json":
        document = json_feed.document(body, headers)
        items = document.get("items")
        return cls(document, url, _dumped(items) if isinstance(items, list) else ())

    def read(self, left_out: Collection[int]) -> tuple[ParsedFeed, str | None]:
        items = self.document.get("items")
        if left_out and isinstance(items, list):
            rest = [item for place, item in enumerate(items) if place not in left_out]
            return json_feed.read_document({**self.document, "items": rest}, self.url)
        return json_feed.read_document(self.document, self.url)


def _dumped(items: list[object]) -> Sequence[str]:
    try:
        return [json.dumps(item) for item in items]
    except RecursionError:
        return ()


@dataclass(frozen=True, slots=True)
class _Format:
    """A row of the table."""

    # Whether the first bytes, white space and byte order mark taken off, are of this format.
    fits: Callable[[bytes], bool]
    # Body, final URL and headers to the feed; raises FeedUnreadable.
    read: Callable[[bytes, str, Mapping[str, str]], ParsedFeed]
    # The same to the document cut into its items; None when it is always read as a whole.
    document: Callable[[bytes, str, Mapping[str, str]], known.Document] | None


# The first row that fits reads the document.
FORMATS = (
    _Format(lambda head: head.startswith((b"{", b"[")), json_feed.read, _Json.of),
    _Format(news_sitemap.fits, news_sitemap.read, None),
    _Format(lambda head: True, rss_atom.read, _Xml.of),
)


def parse_feed(body: bytes, *, url: str, headers: Mapping[str, str]) -> ParsedFeed:
    """The feed that a response carries.

    `url` is the final one, after redirects; `headers` have names in lower case, as served. Raises
    FeedUnreadable when nothing can be read, with reason "empty", "html", "not-a-feed", "json", "too-deep" or
    "sitemap-index".
    """
    return _format_of(body).read(body, url, headers)


def parse_rest(body: bytes, stored: bytes | None, *, url: str, headers: Mapping[str, str]) -> known.Reading:
    """The feed that a response carries, without the items that its last document had too.

    `stored` is what `Reading.known` was of that one; None, or bytes that are something else, has everything
    parsed. Arguments and errors else as of `parse_feed`.
    """
    row = _format_of(body)
    if row.document is None:
        return known.Reading(row.read(body, url, headers))
    return known.read(row.document(body, url, headers), known.Known.from_bytes(stored))


def _format_of(body: bytes) -> _Format:
    head = _sniffed(body)
    if not head:
        raise FeedUnreadable("The document is empty.", "empty")
    return next(row for row in FORMATS if row.fits(head))


def _sniffed(body: bytes) -> bytes:
    """The first bytes that are no white space; wide charsets show their ASCII once the zeros are gone."""
    start = body
    for mark in _BYTE_ORDER_MARKS:
        start = start.removeprefix(mark)
    return start.lstrip(_WHITE_SPACE)[:SNIFFED_BYTES]
