"""Subscription lists: OPML 1.0 to 2.0, in and out.

Reading is expat with a repair in front, not listparser: that one drops what it cannot read without a
word, knows no line numbers, and garbles every encoding but UTF-8 and UTF-16. Both have to live with
what programs export: bare ampersands in URLs, attribute names in any case, `feed:` addresses.

Each folder around a feed is a tag of it, and so is each part of its `category` attribute
("/Boston/Weather,sports"), in that order.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat
from xml.parsers.expat import errors

from ingestd.errors import Problem
from ingestd.values import Unusable, read_url

# Folders around a feed that become tags, counted from outside; people stay below ten.
MAX_FOLDERS = 50

_DECLARED_CHARSET = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
# Python has codecs by these names, but they are no charset of a document, and some are slow.
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "utf-7"})
_ROOT = re.compile(r"<opml\b", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6});|#([0-9]{1,7});|(?:amp|lt|gt|quot|apos);)?")
# What XML refuses, and the control characters that it does not.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_FEED_SCHEME = re.compile(r"feed:(?://)?(?=https?://)|feed:(?=//)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """One subscription."""

    url: str
    # The outline's text, else its title; None when it has neither.
    title: str | None = None
    tags: tuple[str, ...] = ()
    # The site that the feed belongs to; None when not given.
    site_url: str | None = None
    # Where it was read, from 1; None when it was not read from a document.
    line: int | None = None


@dataclass(frozen=True, slots=True)
class OpmlResult:
    """What a list holds: each URL once, with the tags of every place that names it."""

    feeds: tuple[OpmlFeed, ...]
    # What could not be read; the feeds are all the others.
    problems: tuple[Problem, ...] = ()
    # How many outlines named a URL that was there already.
    duplicates: int = 0


def read_opml(data: bytes, name: str) -> OpmlResult:
    """Read a list as far as it can be read; never raises. `name` is the file that problems point to."""
    text = _decoded(data)
    root = _ROOT.search(text)
    if root is None:
        return OpmlResult((), (Problem("not an OPML document", Path(name)),))
    # Cutting off what stands before the root, but for its line breaks, takes every DOCTYPE along.
    lines_before = text.count("\n", 0, root.start())
    reader = _Reader(Path(name))
    reader.read("\n" * lines_before + _repaired(text[root.start() :]))
    return OpmlResult(tuple(reader.feeds.values()), tuple(reader.problems), reader.duplicates)


def _decoded(data: bytes) -> str:
    """The text by byte order mark, declaration, UTF-8, windows-1252: the first that fits all of it."""
    for charset in (*_charsets(data), "utf-8"):
        try:
            if codecs.lookup(charset).name not in _NO_CHARSETS:
                return data.decode(charset)
        except (LookupError, ValueError):
            continue
    return data.decode("windows-1252", "replace")


def _charsets(data: bytes) -> Iterator[str]:
    marks = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    unmarked = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
    yield from (charset for start, charset in (marks | unmarked).items() if data.startswith(start))
    declared = _DECLARED_CHARSET.match(data)
    if declared and not declared[1].lower().startswith((b"utf-16", b"utf-32", b"ucs")):
        yield declared[1].decode("ascii")


def _repaired(text: str) -> str:
    """Text that holds no reference but to what XML itself knows, so that nothing in it can multiply."""
    return _REFERENCE.sub(_harmless, _CONTROL.sub("", text))


def _harmless(reference: re.Match[str]) -> str:
    """Bare ampersands, HTML's entities and the document's own become text, control characters nothing."""
    if reference[0] == "&":
        return "&amp;"
    number = int(reference[1], 16) if reference[1] else int(reference[2] or 0x20)
    return "" if number > 0x10FFFF or _CONTROL.match(chr(number)) else reference[0]


class _Reader:
    """Follows the outlines of one document."""

    def __init__(self, file: Path) -> None:
        self.feeds: dict[str, OpmlFeed] = {}
        self.problems: list[Problem] = []
        self.duplicates = 0
        self._file = file
        # The title of each open outline; None for one that is no folder.
        self._open: list[str | None] = []
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def read(self, text: str) -> None:
        try:
            self._parser.Parse(text, True)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            if reason != errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT:
                self._problem(f"not well-formed, nothing is read from here on: {reason}", error.lineno)

    def _problem(self, message: str, line: int) -> None:
        self.problems.append(Problem(message, self._file, line))

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        if element.lower() != "outline":
            return
        given = {key.lower(): " ".join(value.split()) for key, value in attributes.items()}
        title = given.get("text") or given.get("title") or None
        if "xmlurl" in given:
            self._feed(given, title, self._parser.CurrentLineNumber)
        self._open.append(None if "xmlurl" in given else title)

    def _end(self, element: str) -> None:
        if element.lower() == "outline":
            self._open.pop()

    def _feed(self, given: dict[str, str], title: str | None, line: int) -> None:
        try:
            url = read_url(_http_url(given["xmlurl"]))
        except Unusable as error:
            self._problem(str(error), line)
            return
        categories = (part.strip() for part in re.split("[,/]", given.get("category", "")))
        tags = [tag for tag in (*self._open[:MAX_FOLDERS], *categories) if tag]
        known = self.feeds.get(url, OpmlFeed(url, title, (), given.get("htmlurl") or None, line))
        self.duplicates += url in self.feeds
        self.feeds[url] = replace(known, tags=tuple(dict.fromkeys((*known.tags, *tags))))


def _http_url(url: str) -> str:
    """The address behind "feed:https://…" and "feed://…", as some programs write them."""
    found = _FEED_SCHEME.match(url)
    if not found:
        return url
    rest = url[found.end() :]
    return f"http:{rest}" if rest.startswith("//") else rest


# ---------------------------------------------------------------------------------- writing


def write_opml(feeds: Iterable[OpmlFeed], title: str, created: datetime) -> bytes:
    """An OPML 2.0 document of these feeds, which `read_opml` reads back with the same tags.

    The first tag is the folder; the others go into `category`, which programs read as tags. A tag that
    `category` cannot carry, because it holds a comma or a slash, becomes a folder within the folder.
    """
    root = ElementTree.Element("opml", version="2.0")
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "title").text = title
    ElementTree.SubElement(head, "dateCreated").text = format_datetime(created)
    body = ElementTree.SubElement(root, "body")
    folders: dict[tuple[str, ...], ElementTree.Element] = {(): body}
    for feed in feeds:
        nested = _folder_count(feed.tags)
        folder = _folder(folders, feed.tags[:nested])
        ElementTree.SubElement(folder, "outline", _attributes(feed, feed.tags[nested:]))
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)) + b"\n"


def _folder_count(tags: tuple[str, ...]) -> int:
    """How many leading tags must be folders: one, or all up to the last that `category` cannot carry."""
    needing = [index + 1 for index, tag in enumerate(tags) if "," in tag or "/" in tag]
    return max([min(1, len(tags)), *needing])


def _folder(
    folders: dict[tuple[str, ...], ElementTree.Element], path: tuple[str, ...]
) -> ElementTree.Element:
    if path not in folders:
        outer = _folder(folders, path[:-1])
        folders[path] = ElementTree.SubElement(outer, "outline", {"text": path[-1]})
    return folders[path]


def _attributes(feed: OpmlFeed, categories: tuple[str, ...]) -> dict[str, str]:
    attributes = {
        "type": "rss",
        "text": feed.title or feed.url,
        "xmlUrl": feed.url,
        "htmlUrl": feed.site_url,
        "category": ",".join(categories),
    }
    return {key: value for key, value in attributes.items() if value}
