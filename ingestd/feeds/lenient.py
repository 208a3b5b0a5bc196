"""feedparser, kept within bounds.

Its two parsers are used as they are but for what a hostile document can turn against us. Some of its lists
are searched once per element, and its pattern for e-mail addresses is quadratic (40 KB took 7 s); so there is
an end to depth, elements, runs of text, attributes, entries, categories, namespaces and the names that it
looks for addresses in. It also tells more than feedparser's own `parse`: ids as given instead of resolved,
and every hour and day to be skipped.

What is well-formed is read strictly; all else, and whatever stops that, is left to the loose parser, and what
the loose parser had read when something stopped it counts.
"""

import re
import xml.sax
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any
from xml.parsers import expat
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
# Items after which nobody asks any more whether they are independent of each other.
MAX_ISOLATED = 2_000

# What one item may change without another's being read differently: results, counts, and what the start of
# the next sets before anything looks at it.
_FREE = frozenset(
    "entries elementstack feeddata property_depth_map elements_left runs_left cut context isolated before "
    "namespacemap namespaces_in_use title_depth guidislink link_depth tags names _locator".split()
)
# Elements that stand within text inputs and images; any other ends them where nobody closed them.
_OF_TEXT_INPUTS = frozenset({"title", "link", "description", "name"})
_OF_IMAGES = frozenset({"title", "link", "description", "url", "href", "width", "height"})
_DENIALS = frozenset({"false", "no", "0"})
# What relations that are registered are short for (RFC 4287 §4.2.7.2).
_RELATIONS = "http://www.iana.org/assignments/relation/"
_HOST_LIKE = re.compile(r"www\.[\w-]+\.\w", re.IGNORECASE)
_ABSOLUTE = re.compile(r"https?://[^/\s]", re.IGNORECASE)

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
    # The parser's state where the first item began, when every item left it as it was: then an item reads the
    # same whichever others stand beside it. None otherwise, without items, and for what is not well-formed.
    context: str | None = None
    is_well_formed: bool = True
    # Whether the end of the last item was not found.
    unfinished: bool = False
    # What was malformed or left out, one sentence each.
    problems: tuple[str, ...] = ()


class _Parameters(dict[str, Any]):
    """What is known of the content being read. feedparser copies it deeply, and it holds nothing but text."""

    def __deepcopy__(self, _memo: object) -> "_Parameters":
        return _Parameters(self)


class _Bounds(feedparser.mixin._FeedParserMixin):  # type: ignore[misc]
    """Mixed in before either of feedparser's parsers: keeps them within bounds, and swift."""

    can_be_relative_uri = feedparser.mixin._FeedParserMixin.can_be_relative_uri - {"id"}
    max_depth = MAX_DEPTH

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.elements_left = MAX_ELEMENTS
        self.runs_left = MAX_RUNS
        # Whether the end of the document was left unread.
        self.cut = False
        self.contentparams = _Parameters()
        # Tag → prefix and name of the method for it; both change with the namespaces.
        self.tags: dict[str, tuple[str, str]] = {}
        # Neither is wanted: both are quadratic, and the HTML is cleaned later anyway.
        self.resolve_relative_uris = False
        self.sanitize_html = False

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        self.elements_left -= 1
        if self.elements_left < 0:
            raise _Enough
        if self.depth >= self.max_depth:
            raise _TooDeep
        named = dict(map(self._normalize_attributes, attrs)) if attrs else {}
        if self.incontent or any(name.startswith("x") or name in ("base", "lang") for name in named):
            super().unknown_starttag(tag, attrs)
        else:
            self._start_plainly(tag, named)

    def _start_plainly(self, tag: str, attributes: dict[str, str]) -> None:
        """What feedparser does when neither base, language nor namespaces change: resolve nothing."""
        self.depth += 1
        self.basestack.append(self.baseuri)
        self.langstack.append(self.lang)
        prefix, name = self.tags.get(tag) or self._looked_up(tag)
        if not prefix and tag not in _OF_TEXT_INPUTS:
            self.intextinput = 0
        if not prefix and tag not in _OF_IMAGES:
            self.inimage = 0
        try:
            getattr(self, "_start_" + name)(attributes)
        except AttributeError:
            if attributes:
                self._get_context()[name] = attributes
            else:
                self.push(name, 1)

    def _looked_up(self, tag: str) -> tuple[str, str]:
        before, _, behind = tag.rpartition(":") if tag.count(":") < 2 else tag.partition(":")
        prefix = self.namespacemap.get(before, before)
        self.tags[tag] = (prefix, f"{prefix}_{behind}" if prefix else behind)
        return self.tags[tag]

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
        self.tags.clear()
        if len(self.namespaces_in_use) < MAX_NAMESPACES:
            super().track_namespace(prefix, uri)

    def push_content(self, tag: str, attrs_d: dict[str, str], default: str, expecting_text: int) -> None:
        super().push_content(tag, attrs_d, default, expecting_text)
        self.contentparams = _Parameters(self.contentparams)

    def resolve_uri(self, uri: str) -> str:
        # "www.example.org/a" names a host, and no folder: people leave out the scheme.
        whole = f"//{uri}" if _HOST_LIKE.match(uri) else uri
        resolved: str = uri if _ABSOLUTE.match(uri) else super().resolve_uri(whole)
        return resolved

    def _add_tag(self, term: str | None, scheme: str | None, label: str | None) -> None:
        if len(self._get_context().get("tags", ())) < MAX_CATEGORIES:
            super()._add_tag(term, scheme, label)

    def _sync_author_detail(self, key: str = "author") -> None:
        if len(self._get_context().get(key) or "") <= MAX_AUTHOR_CHARS:
            super()._sync_author_detail(key)


class _Meanings(_Bounds):
    """What elements mean where we know better than feedparser, or want to know more."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.skip_hours: list[str] = []
        self.skip_days: list[str] = []
        # How deep the entry's link element lay that was taken; None before one was.
        self.link_depth: int | None = None

    def _start_item(self, attrs_d: dict[str, str]) -> None:
        super()._start_item(attrs_d)
        self.link_depth = None
        if about := attrs_d.get("rdf:about"):
            self.entries[-1]["about"] = about

    _start_entry = _start_item

    # Dates are kept as written.

    def _end_published(self) -> None:
        self.pop("published")

    _end_issued = _end_pubdate = _end_published

    def _end_updated(self) -> None:
        self.pop("updated")

    _end_modified = _end_lastbuilddate = _end_updated

    def _end_created(self) -> None:
        self.pop("created")

    def _end_expirationdate(self) -> None:
        self.pop("expired")

    # Of two ids of one element the first counts; a permalink is told apart from a link.

    def _start_guid(self, attrs_d: dict[str, str]) -> None:
        denied = attrs_d.get("ispermalink", "").strip().lower() in _DENIALS
        super()._start_guid({"ispermalink": "false" if denied else "true"})

    _start_id = _start_guid

    def _end_guid(self) -> None:
        context = self._get_context()
        first, depth = dict.get(context, "id"), self._id_depth(context)
        super()._end_guid()
        if first and depth is not None and depth == self._id_depth(context):
            context["id"] = first
        elif self.guidislink:
            context["permalink"] = dict.get(context, "id")

    _end_id = _end_guid

    def _id_depth(self, context: dict[str, Any]) -> int | None:
        depths: dict[str, int] = self.property_depth_map.get(context, {})
        return depths.get("id")

    # Links: relations in full are relations; the text of a link element counts before Atom links beside it.

    def _start_link(self, attrs_d: dict[str, str]) -> None:
        if relation := attrs_d.get("rel"):
            attrs_d["rel"] = relation.strip().lower().removeprefix(_RELATIONS)
        super()._start_link(attrs_d)

    def _end_link(self) -> None:
        written = self.pop("link")
        is_own = self.inentry and not (self.insource or self.inimage or self.intextinput)
        if written and is_own and (self.link_depth is None or self.depth < self.link_depth):
            self.link_depth = self.depth
            self.entries[-1]["text_link"] = written

    # Media RSS titles and describes its pictures; feedparser takes that for the item's own.

    def _start_media_title(self, _attrs_d: dict[str, str]) -> None:
        self.push("media_title", 1)

    def _end_media_title(self) -> None:
        self.pop("media_title")

    def _start_media_description(self, _attrs_d: dict[str, str]) -> None:
        self.push("media_description", 1)

    def _end_media_description(self) -> None:
        self.pop("media_description")

    # Each hour and day to be skipped, of which feedparser keeps the last.

    def _start_hour(self, _attrs_d: dict[str, str]) -> None:
        self.push("hour", 1)

    def _end_hour(self) -> None:
        self.skip_hours.append(self.pop("hour") or "")

    def _start_day(self, _attrs_d: dict[str, str]) -> None:
        self.push("day", 1)

    def _end_day(self) -> None:
        self.skip_days.append(self.pop("day") or "")


class _Swift(_Meanings):
    """Mixed in before the strict parser, which goes through all namespaces for each element."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        # Namespace and local name → feedparser's name of the element; changes with the namespaces.
        self.names: dict[tuple[str | None, str], str] = {}

    def startElementNS(  # noqa: N802 - SAX's name
        self, name: tuple[str | None, str], qname: None, attrs: AttributesNSImpl
    ) -> None:
        if attrs or self.decls:
            # feedparser looks each attribute up in a list of all.
            few = attrs if len(attrs) <= MAX_ATTRIBUTES else AttributesNSImpl({}, {})
            super().startElementNS(name, qname, few)
        else:
            self.unknown_starttag(self.names.get(name) or self._prefixed(name), [])

    def endElementNS(self, name: tuple[str | None, str], _qname: None) -> None:  # noqa: N802 - SAX's name
        self.unknown_endtag(self.names.get(name) or self._prefixed(name))

    def _prefixed(self, name: tuple[str | None, str]) -> str:
        """The name with the prefix that feedparser knows its namespace by, else with the document's own."""
        namespace, local = name
        own = (prefix for prefix, uri in self.namespaces_in_use.items() if prefix and uri == namespace)
        prefix = self._matchnamespaces.get((namespace or "").lower()) or next(own, "")
        self.names[name] = f"{prefix}:{local}".removeprefix(":").lower()
        return self.names[name]

    def track_namespace(self, prefix: str | None, uri: str) -> None:
        self.names.clear()
        super().track_namespace(prefix, uri)


class _Isolation(_Swift):
    """Tells whether one item changes how others are read."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        # State and feed where the first item began, and whether each item so far left both as they were.
        self.context: str | None = None
        self.before = ""
        self.isolated = True

    def _start_item(self, attrs_d: dict[str, str]) -> None:
        if self.context is None:
            self.context, self.before = self._state(), repr(self.feeddata)
        super()._start_item(attrs_d)

    _start_entry = _start_item

    def _end_item(self) -> None:
        super()._end_item()
        self.isolated = self.isolated and len(self.entries) <= MAX_ISOLATED and self._is_unchanged()

    _end_entry = _end_item

    def _is_unchanged(self) -> bool:
        few = len(self.namespaces_in_use) < MAX_NAMESPACES // 2
        return few and self._state() == self.context and repr(self.feeddata) == self.before

    def _state(self) -> str:
        """All that decides how the next element is read; namespaces under their usual names do not."""
        state = sorted((name, value) for name, value in vars(self).items() if name not in _FREE)
        renamed = [pair for pair in self.namespacemap.items() if pair[0] not in (None, pair[1])]
        foreign = [
            pair for pair in self.namespaces_in_use.items() if pair[1].lower() not in self._matchnamespaces
        ]
        return repr((state, renamed, foreign))


_Strict: Any = type("_Strict", (_Isolation, feedparser.api.StrictFeedParser), {})
# HTML that nobody closed makes a loose document seem deep; there the number of elements is bound enough.
_Loose: Any = type("_Loose", (_Meanings, feedparser.api.LooseFeedParser), {"max_depth": MAX_ELEMENTS})


def parse(document: str, *, base: str, language: str | None) -> Outcome:
    """Read a document that starts with its root element or a plain XML declaration.

    `base` is where relative links start, `language` the Content-Language header, None without one. Raises
    FeedUnreadable("too-deep").
    """
    strict = _Strict(base, language, "utf-8")
    try:
        trouble = _ill_formed(document) or _strictly(strict, document)
    except (_TooDeep, RecursionError) as error:
        raise FeedUnreadable(f"Elements are nested more than {MAX_DEPTH} deep.", "too-deep") from error
    if trouble is None:
        whole = strict.isolated and not strict.cut
        return replace(_outcome(strict), context=strict.context if whole else None)
    loose = _Loose(base, language, "utf-8", {})
    stopped = _loosely(loose, document)
    outcome = _outcome(loose, f"The XML is not well-formed: {trouble}.", *stopped)
    return replace(outcome, is_well_formed=False)


def _ill_formed(document: str) -> str | None:
    """What keeps the document from being well-formed; None when it is. Costs a hundredth of reading it."""
    depth = 0

    def start(_name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise _TooDeep

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate("utf-8", " ")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(document, True)
    except expat.ExpatError as error:
        return str(error)
    return None


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
    except (_TooDeep, RecursionError):
        raise
    except _Enough:
        parser.cut = True
    except Exception as error:
        # feedparser's handlers trip over strange values, each in its own way.
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
        unfinished=bool(parser.inentry) and not parser.cut,
        problems=(*problems, *limit),
    )
