"""Bytes of an XML document → text that an XML parser can read, whatever stands before, in and behind it.

What is handed on has no DOCTYPE, because what stands before a hostile document's root element costs
feedparser quadratic time, and because entities are how bombs are made. It has none of the characters and
references that XML forbids, because one would cost the strict parser; and nothing behind the root element.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from html.entities import html5
from xml.sax.saxutils import escape

from ingestd.errors import FeedUnreadable
from ingestd.feeds import text
from ingestd.feeds.charset import decode

MAX_ENTITIES = 300
MAX_ENTITY_CHARS = 100
MAX_REFERENCES = 100_000
# How far below the messages of a broken server its feed is looked for.
MAX_MESSAGE_CHARS = 10_000
# How far above the end of a document the end of its root element is looked for.
MAX_TAIL_CHARS = 20_000
FEED_ROOTS = frozenset({"rss", "feed", "rdf", "channel", "item", "entry", "items"})

_ELEMENT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,60}:)?([A-Za-z_][\w.-]{0,60})(?=[\s/>])")
_FEED_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,60}:)?(rss|feed|rdf)[\s>]", re.IGNORECASE)
_ENTITY = re.compile(
    rf"<!ENTITY\s+(\w{{1,60}})\s+(?:\"([^\"&<%]{{0,{MAX_ENTITY_CHARS}}})\"|\"(&#\w{{1,8}};)\")\s*>", re.ASCII
)
# A whole reference, or an ampersand that starts none.
_REFERENCE = re.compile(r"&(?:(\w{1,60});|#(?:[xX]([0-9a-fA-F]{1,40})|([0-9]{1,40}));)?", re.ASCII)
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
_HTML_NAMES = frozenset(
    "a b body br center div h1 h2 head img meta p pre script span style table title".split()
)
_END = re.compile(r"</(?:[A-Za-z_][\w.-]{0,60}:)?([A-Za-z_][\w.-]{0,60})\s*>")
_CDATA = re.compile(r"<!\[CDATA\[", re.IGNORECASE)
_ITEM = re.compile(r"<(?:[A-Za-z_][\w.-]{0,60}:)?(?:item|entry|url)[\s/>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that begins with a plain declaration and its root element."""

    text: str
    # Lower-case local name of the root element.
    root: str
    # Entities of the DOCTYPE that were replaced, name → text.
    entities: Mapping[str, str]
    # Whether the end of the root element was found.
    is_closed: bool


def source(body: bytes, headers: Mapping[str, str]) -> str:
    """The document as text that can be stored, without white space around it."""
    return text.storable(decode(body, headers)).strip("\ufeff \t\r\n")


def prepared(source: str) -> Prepared:
    """The document in this text; raises FeedUnreadable ("empty", "html" or "not-a-feed")."""
    if not source:
        raise FeedUnreadable("The document is empty.", "empty")
    root, start = _root(source)
    entities = _safe_entities(source[:start])
    close = _close(source, root)
    document = source[start:close]
    return Prepared(_DECLARATION + _mended(document, entities), root, entities, close is not None)


def root_name(head: str) -> str | None:
    """Lower-case local name of the first element in the beginning of a document; None without one."""
    first = _first_element(head)
    return None if first is None else first[1].lower()


def _close(source: str, root: str) -> int | None:
    """Where the root element ends, or the source when items stand behind that; None when neither is found."""
    ends = _END.finditer(source, max(len(source) - MAX_TAIL_CHARS, 0))
    close = max((end.end() for end in ends if end[1].lower() == root), default=None)
    return len(source) if close is not None and _ITEM.search(source, close) else close


def _root(source: str) -> tuple[str, int]:
    """Lower-case local name of the root element, and where it starts.

    A page of HTML is refused, but messages that a broken server printed before its feed are passed over.
    """
    first = _first_element(source)
    if first is None:
        raise FeedUnreadable("The document has no element.", "not-a-feed")
    name = first[1].lower()
    if name in FEED_ROOTS:
        return name, first.start()
    hidden = _FEED_ROOT.search(source, first.end(), first.end() + MAX_MESSAGE_CHARS)
    above = source[: hidden.start() if hidden else first.end()].lower()
    is_page = "<!doctype html" in above or "<html" in above
    if hidden is not None and not is_page:
        return hidden[1].lower(), hidden.start()
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
    head, *sections = _CDATA.split(source)
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
