"""What worker processes are asked to do: the pure wing's work on one feed or one page.

Each job is a module-level function of picklable values. Heavy libraries are imported when a job first
needs them, so that a worker which only ever parses feeds never holds the cleaner's memory, and so that
this module costs the main process nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ingestd.clean import Hints, clean_feed_text, clean_page
from ingestd.model import Article, Fingerprint, ParsedFeed, TextSource

# Level 3 takes half a millisecond a page for a ratio of 5; level 9 would take five times that for 10 % more.
ZSTD_LEVEL = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of a page: the article (or its verdict), its fingerprint and the page to keep."""

    article: Article
    fingerprint: Fingerprint
    # The body compressed with zstd; None when it is not to be kept or is not what the text came from.
    zstd: bytes | None = None


@dataclass(frozen=True, slots=True)
class FeedReading:
    """What was made of a feed document, seen against the one before."""

    # Its entries are those of the items that had to be parsed.
    parsed: ParsedFeed
    # Keys of the other items' entries, which are as they were.
    unchanged_keys: tuple[str, ...]
    # The sites of those entries' pages, each once: hosts without what makes no difference.
    unchanged_sites: frozenset[str]
    # What to hand in with the next document; None when that would save nothing.
    items: bytes | None


def read_feed(body: bytes, url: str, headers: Mapping[str, str], known: bytes | None = None) -> FeedReading:
    """Parse one feed document, `known` being the `items` of the one before; raises FeedUnreadable."""
    from ingestd.feeds.parse import parse_rest

    reading = parse_rest(body, known, url=url, headers=headers)
    return FeedReading(
        parsed=reading.parsed,
        unchanged_keys=tuple(item.key for item in reading.unchanged),
        unchanged_sites=frozenset(item.site for item in reading.unchanged),
        items=reading.known.to_bytes() if reading.known else None,
    )


def read_page(body: bytes, url: str, hints: Hints, keep: bool) -> Reading:
    """Clean and fingerprint one fetched page, `url` being the address that answered."""
    article = clean_page(body, url, hints=hints)
    wanted = keep and article.verdict is None and article.source is not TextSource.FEED
    return Reading(article, _fingerprint(article), _compress(body) if wanted else None)


def read_feed_text(url: str | None, hints: Hints) -> Reading:
    """Make an article of the feed's own text."""
    article = clean_feed_text(url, hints=hints)
    return Reading(article, _fingerprint(article))


def _fingerprint(article: Article) -> Fingerprint:
    from ingestd.dedupe.fingerprint import compared_text, fingerprint

    return fingerprint(compared_text(article.title, article.body))


def _compress(body: bytes) -> bytes:
    try:
        from compression import zstd
    except ImportError:
        from backports import zstd

    compressed: bytes = zstd.compress(body, ZSTD_LEVEL)
    return compressed
