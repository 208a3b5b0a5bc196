"""feedparser, kept within bounds.

Its two parsers are used as they are but for what a hostile document can turn against us. Some of its lists
are searched once per element, and its pattern for e-mail addresses is quadratic (40 KB took 7 s); so there is
an end to depth, elements, runs of text, attributes, entries, categories, namespaces and the names that it
looks for addresses in. It also tells more than feedparser's own `parse`: ids as given instead of resolved,
and every hour and day to be skipped.

Strict first, for well-formed XML; whatever stops that is left to the loose parser, and what the loose parser
had read when something stopped it counts.
"""

import re
import xml.sax
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.sax.handler import feature_external_ges, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl, InputSource

import feedparser.api
import feedparser.mixin

from ingestd.errors import FeedUnreadable

MAX_DEPTH = 500
# 17 µs each: a feed of 10 MB stays below 10 s.
MAX_ELEMENTS = 400_000
# Runs of text between markup; a "<" that opens nothing and an entity are runs of their own.
MAX_RUNS = 1_500_000
MAX_ATTRIBUTES = 200
MAX_ENTRIES = 10_000
MAX_CATEGORIES = 100
MAX_NAMESPACES = 200
MAX_AUTHOR_CHARS = 500


# The loose parser takes 200 bytes of memory for each byte of a tag that holds nothing but attributes.
_HUGE_TAG = re.compile(r"<[A-Za-z/][^<>]{65536,}>?")


class _Enough(Exception):
    """The document is longer than what is read of it."""


class _TooDeep(Exception):
    """Elements are nested beyond what any feed needs."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What feedparser made of a document; the keys of the dictionaries are feedparser's."""

    version: str
    feed: dict[str, Any]
    entries: list[dict[str, Any]]
    skip_hours: list[str] = field(default_factory=list)
    skip_days: list[str] = field(default_factory=list)
    # What was malformed or left out, one sentence each.
    problems: tuple[str, ...] = ()


class _Bounds(feedparser.mixin._FeedParserMixin):  # type: ignore[misc]
    """Mixed in before either of feedparser's parsers."""

    can_be_relative_uri = feedparser.mixin._FeedParserMixin.can_be_relative_uri - {"id"}
    max_depth = MAX_DEPTH

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.elements_left = MAX_ELEMENTS
        self.runs_left = MAX_RUNS
        # Whether the end of the document was left unread.
        self.cut = False
        self.skip_hours: list[str] = []
        self.skip_days: list[str] = []
        # Neither is wanted: both are quadratic, and the HTML is cleaned later anyway.
        self.resolve_relative_uris = False
        self.sanitize_html = False

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        self.elements_left -= 1
        if self.elements_left < 0:
            raise _Enough
        if self.depth >= self.max_depth:
            raise _TooDeep
        super().unknown_starttag(tag, attrs)

    def startElementNS(self, name: object, qname: object, attrs: AttributesNSImpl) -> None:  # noqa: N802
        # feedparser looks each attribute up in a list of all.
        few = attrs if len(attrs) <= MAX_ATTRIBUTES else AttributesNSImpl({}, {})
        super().startElementNS(name, qname, few)

    def handle_data(self, data: str, escape: int = 1) -> None:
        self._count_run()
        super().handle_data(data, escape)

    def handle_entityref(self, ref: str) -> None:
        self._count_run()
        super().handle_entityref(ref)

    def handle_charref(self, ref: str) -> None:
        self._count_run()
        super().handle_charref(ref)

    def _count_run(self) -> None:
        self.runs_left -= 1
        if self.runs_left < 0:
            raise _Enough

    def _start_item(self, attrs_d: dict[str, str]) -> None:
        if len(self.entries) >= MAX_ENTRIES:
            raise _Enough
        super()._start_item(attrs_d)

    _start_entry = _start_item

    def track_namespace(self, prefix: str | None, uri: str) -> None:
        if len(self.namespaces_in_use) < MAX_NAMESPACES:
            super().track_namespace(prefix, uri)

    def _add_tag(self, term: str | None, scheme: str | None, label: str | None) -> None:
        if len(self._get_context().get("tags", ())) < MAX_CATEGORIES:
            super()._add_tag(term, scheme, label)

    def _sync_author_detail(self, key: str = "author") -> None:
        if len(self._get_context().get(key) or "") <= MAX_AUTHOR_CHARS:
            super()._sync_author_detail(key)

    def _start_hour(self, _attrs_d: dict[str, str]) -> None:
        self.push("hour", 1)

    def _end_hour(self) -> None:
        self.skip_hours.append(self.pop("hour") or "")

    def _start_day(self, _attrs_d: dict[str, str]) -> None:
        self.push("day", 1)

    def _end_day(self) -> None:
        self.skip_days.append(self.pop("day") or "")


_Strict: Any = type("_Strict", (_Bounds, feedparser.api.StrictFeedParser), {})
# HTML that nobody closed makes a loose document seem deep; there the number of elements is bound enough.
_Loose: Any = type("_Loose", (_Bounds, feedparser.api.LooseFeedParser), {"max_depth": MAX_ELEMENTS})


def parse(document: str, *, base: str, language: str | None) -> Outcome:
    """Read a document that starts with its root element or a plain XML declaration.

    `base` is where relative links start, `language` the Content-Language header, None without one. Raises
    FeedUnreadable("too-deep").
    """
    strict = _Strict(base, language, "utf-8")
    try:
        trouble = _strictly(strict, document)
    except _TooDeep as error:
        raise FeedUnreadable(f"Elements are nested more than {MAX_DEPTH} deep.", "too-deep") from error
    if trouble is None:
        return _outcome(strict)
    loose = _Loose(base, language, "utf-8", {})
    stopped = _loosely(loose, document)
    best = loose if len(loose.entries) >= len(strict.entries) else strict
    return _outcome(best, f"The XML is not well-formed: {trouble}.", *stopped)


def _strictly(parser: Any, document: str) -> str | None:
    """What stopped the strict parser; None when it came to the end."""
    reader = xml.sax.make_parser()  # noqa: S317 - external entities are off, and there is no DOCTYPE
    reader.setFeature(feature_namespaces, True)
    reader.setFeature(feature_external_ges, False)
    reader.setContentHandler(parser)
    reader.setErrorHandler(parser)
    source = InputSource()
    source.setByteStream(BytesIO(document.encode()))
    try:
        reader.parse(source)
    except (_TooDeep, RecursionError) as error:
        raise _TooDeep from error
    except _Enough:
        parser.cut = True
        return None
    except Exception as error:
        # Not only SAX errors: feedparser's handlers trip over strange values, each in its own way.
        return " ".join(str(error).split())[:200] or type(error).__name__
    return None


def _loosely(parser: Any, document: str) -> list[str]:
    try:
        parser.feed(_HUGE_TAG.sub("", document))
    except _Enough:
        parser.cut = True
    except Exception as error:
        return [f"Reading stopped early: {type(error).__name__}."]
    return []


def _outcome(parser: Any, *problems: str) -> Outcome:
    limit = ("The document is very long; the end of it was not read.",) if parser.cut else ()
    return Outcome(
        version=parser.version,
        feed=parser.feeddata,
        entries=parser.entries,
        skip_hours=parser.skip_hours,
        skip_days=parser.skip_days,
        problems=(*problems, *limit),
    )
