"""Bytes of a feed → `ParsedFeed`: the table of formats.

The bytes decide, not the Content-Type: feeds are served as HTML, as text and as each other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ingestd.errors import FeedUnreadable
from ingestd.feeds import json_feed, rss_atom
from ingestd.model import ParsedFeed

SNIFFED_BYTES = 4_096

_WHITE_SPACE = b" \t\r\n\x00"
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class _Format:
    """A row of the table."""

    # Whether the first bytes, white space and byte order mark taken off, are of this format.
    fits: Callable[[bytes], bool]
    # Body, final URL and headers to the feed; raises FeedUnreadable.
    read: Callable[[bytes, str, Mapping[str, str]], ParsedFeed]


# The first row that fits reads the document.
FORMATS = (
    _Format(lambda head: head.startswith((b"{", b"[")), json_feed.read),
    _Format(lambda head: True, rss_atom.read),
)


def parse_feed(body: bytes, *, url: str, headers: Mapping[str, str]) -> ParsedFeed:
    """The feed that a response carries.

    `url` is the final one, after redirects; `headers` have names in lower case, as served. Raises
    FeedUnreadable when nothing can be read, with reason "empty", "html", "not-a-feed", "json" or "too-deep".
    """
    head = _sniffed(body)
    if not head:
        raise FeedUnreadable("The document is empty.", "empty")
    row = next(row for row in FORMATS if row.fits(head))
    return row.read(body, url, headers)


def _sniffed(body: bytes) -> bytes:
    """The first bytes that are no white space; wide charsets show their ASCII once the zeros are gone."""
    start = body
    for mark in _BYTE_ORDER_MARKS:
        start = start.removeprefix(mark)
    return start.lstrip(_WHITE_SPACE)[:SNIFFED_BYTES]
