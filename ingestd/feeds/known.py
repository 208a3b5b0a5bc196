"""Items that stood in a feed's last document too need not be parsed again.

Requirement: what comes out is what a parse of the whole document gives, in every case. A document is cut into
its items without parsing it; those whose text is remembered are left out, and the reader reads what remains,
which still is a document with its whole channel. Nothing is taken on trust:

* The cut is made only where it is plain (see `division` for XML), else the whole document is parsed.
* An item is read the same beside other items only if the reader says so: it returns the *context* of the
  items, a digest of all that stands outside of them and decides what they become (namespaces, base, language,
  the feed's authors, the parser's own state). Remembered items count only in the context that they were read
  in, so at least one item is always read. The channel's title or date is not part of it.
* Keys depend on all items of a document (`identity`). So items are remembered only while they share no name
  with any other, and the whole document is parsed when an item that was read shares one with an item that was
  left out.

Rejected: hashing the channel as text instead of asking the reader, because feedparser's state leaks from item
to item, of which no text tells; comparing parsed items, because parsing is what costs (95 % of a poll).
"""

import json
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

from ingestd.errors import FeedUnreadable
from ingestd.feeds.identity import names
from ingestd.feeds.version import PARSER_VERSION
from ingestd.model import Entry, ParsedFeed
from ingestd.urls import url_key

# Beyond that nothing is remembered: such a document is an archive, and changes seldom.
MAX_ITEMS = 2_000
# What is stored of one feed: an ordinary item takes 30 bytes of it.
MAX_STORED_BYTES = 200_000
# The same before compression, when every key of so many items is as long as keys may be.
MAX_BYTES = 8_000_000

# Of 64 bits: among 2,000 items two texts meet by chance once in 10^13 documents.
_HASH_BYTES = 8


class Document(Protocol):
    """A document that can be read without some of its items."""

    @property
    def items(self) -> Sequence[str]:
        """The text of each item in document order; empty when it is not plain where they begin and end."""

    def read(self, left_out: Collection[int]) -> tuple[ParsedFeed, str | None]:
        """The feed without the items at these places, and their context; None if they may hang together."""


@dataclass(frozen=True, slots=True)
class Item:
    """What is remembered of one item."""

    # The key of its entry.
    key: str
    # The site of its page: the first part of the page's URL key.
    site: str
    # Hashes of all names by which it could meet another item (`identity.names`).
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of a document."""

    # The digest that its reader gave; covers the parser's version.
    context: str
    # By the hash of the item's text.
    items: Mapping[str, Item]

    def to_bytes(self) -> bytes | None:
        """For the database: compressed JSON; None when there is nothing in it or too much."""
        rows = [[mark, item.key, item.site, *sorted(item.names)] for mark, item in self.items.items()]
        text = json.dumps([self.context, rows], ensure_ascii=False, separators=(",", ":"))
        stored = zlib.compress(text.encode("utf-8", "surrogatepass"))
        return stored if rows and len(stored) <= MAX_STORED_BYTES else None

    @classmethod
    def from_bytes(cls, stored: bytes | None) -> "Known | None":
        """What `to_bytes` gave; None for anything else."""
        try:
            context, rows = json.loads(_inflated(stored or b""))
            items = {mark: Item(key, site, frozenset(given)) for mark, key, site, *given in rows}
        except (ValueError, TypeError, RecursionError, zlib.error):
            return None
        texts = (context, *items, *(text for item in items.values() for text in (item.key, item.site)))
        return cls(context, items) if all(isinstance(text, str) for text in texts) else None


@dataclass(frozen=True, slots=True)
class Reading:
    """A document read with what is remembered of the one before."""

    # Its entries are those of the items that had to be parsed.
    parsed: ParsedFeed
    # The others; together they are the document's.
    unchanged: tuple[Item, ...] = ()
    # What to remember of it; None when nothing can be left out next time.
    known: Known | None = None


def read(document: Document, known: Known | None) -> Reading:
    """Read a document without the items that are known; raises FeedUnreadable as its reader does."""
    marks = [_hash(item) for item in document.items]
    left_out = _left_out(marks, known)
    if known is not None and left_out:
        reading = _read_rest(document, marks, known, left_out)
        if reading is not None:
            return reading
    parsed, context = document.read(())
    return Reading(parsed, (), _remembered(parsed.entries, marks, _context(context)))


def without(stored: bytes | None, keys: Collection[str]) -> bytes | None:
    """The remembered items but for those with these keys, which are to be parsed each time."""
    known = Known.from_bytes(stored) if keys else None
    if known is None:
        return stored
    kept = {mark: item for mark, item in known.items.items() if item.key not in keys}
    return Known(known.context, kept).to_bytes()


def _left_out(marks: Sequence[str], known: Known | None) -> frozenset[int]:
    """The places of items that need not be read; at least one item of the document is."""
    if known is None or not 0 < len(marks) <= MAX_ITEMS:
        return frozenset()
    counts = Counter(marks)
    found = [place for place, mark in enumerate(marks) if mark in known.items and counts[mark] == 1]
    # The last one is read all the same: only the reader can tell the context.
    return frozenset(found if len(found) < len(marks) else found[:-1])


def _read_rest(
    document: Document, marks: Sequence[str], known: Known, left_out: frozenset[int]
) -> Reading | None:
    """The document read without some of its items; None when that may not be what the whole gives."""
    rest = [place for place in range(len(marks)) if place not in left_out]
    try:
        parsed, given = document.read(left_out)
    except FeedUnreadable:
        return None
    context = _context(given)
    unchanged = {marks[place]: known.items[marks[place]] for place in sorted(left_out)}
    taken = {name for item in unchanged.values() for name in item.names}
    if context != known.context or any(not taken.isdisjoint(_names(entry)) for entry in parsed.entries):
        return None
    fresh = _remembered(parsed.entries, [marks[place] for place in rest], context)
    items = unchanged | (dict(fresh.items) if fresh else {})
    return Reading(parsed, tuple(unchanged.values()), Known(context, items))


def _remembered(entries: Sequence[Entry], marks: Sequence[str], context: str | None) -> Known | None:
    """What to remember of items and their entries, both in document order."""
    # Repeated items have become one entry, and nobody knows which.
    if context is None or len(entries) != len(marks) or len(marks) > MAX_ITEMS:
        return None
    named = [(entry, _names(entry)) for entry in entries]
    shared = _repeated(name for _, given in named for name in given)
    texts = _repeated(marks)
    items = {
        mark: item
        for mark, (entry, given) in zip(marks, named, strict=True)
        if mark not in texts and shared.isdisjoint(given) and (item := _item(entry, given)) is not None
    }
    return Known(context, items) if items else None


def _item(entry: Entry, given: frozenset[str]) -> Item | None:
    """None for an entry without a page of its own: it may be that another item has the same page."""
    if entry.page_url is None:
        return None
    try:
        site = url_key(entry.page_url).partition("/")[0].partition("?")[0]
    except ValueError:
        return None
    return Item(entry.key, site, given)


def _names(entry: Entry) -> frozenset[str]:
    return frozenset(map(_hash, names(entry)))


def _context(given: str | None) -> str | None:
    return f"{PARSER_VERSION} {given}" if given else None


def _repeated(values: Iterable[str]) -> frozenset[str]:
    return frozenset(value for value, count in Counter(values).items() if count > 1)


def _hash(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).hexdigest()


def _inflated(stored: bytes) -> bytes:
    """The bytes, up to a bound: a cut text is no JSON."""
    return zlib.decompressobj().decompress(stored, MAX_BYTES)
