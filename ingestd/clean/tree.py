"""Text to a tree, and the tree to blocks: the page's own paragraphs, each with where it stood.

Nothing here recurses, and no document is too large or too deep: the parser is capped at a length and,
through libxml2, at a depth; a page nested deeper is parsed again without the tags that only group.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import cast

from lxml import etree
from lxml.html import HtmlElement, HTMLParser

# About thirty times a long article page with its scripts; what follows is cut off.
MAX_CHARACTERS = 8_000_000

_GROUPING_TAGS = re.compile(
    r"</?(?:div|span|font|center|b|i|section|table|tbody|tr|td)\b[^<>]*>", re.IGNORECASE
)

# Their content is never prose that a reader sees as the page's text.
SKIPPED = frozenset(
    "audio button canvas datalist dialog embed frame frameset head iframe input map math menu meter nav "
    "noframes noscript object option progress script select style svg template textarea title video".split()
)
# Where a line begins and ends. Everything else is inline and belongs to the line around it.
_LINES = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main ol p pre section summary table tbody "
    "td tfoot th thead tr ul".split()
)
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
# What may stand in a head; anything else ends it (HTML Standard, 13.2.6.4.4).
_HEAD_TAGS = frozenset("base basefont bgsound command link meta noscript script style template title".split())

_SHORTEST_HEADLINE = 20


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item or line of the page."""

    # White space folded, never blank.
    text: str
    # The innermost element that makes it a line of its own: "p", "li", "h2", "div" …
    tag: str
    # Characters of `text` that are inside links.
    linked: int
    element: HtmlElement


def parse_html(text: str) -> HtmlElement | None:
    """The tree of a page; None when there is no element in it. The text is cut at `MAX_CHARACTERS`."""
    text = text[:MAX_CHARACTERS]
    root, too_deep = _parse(text)
    if too_deep:
        root, _ = _parse(_GROUPING_TAGS.sub(" <br><br> ", text))
    return root


def _parse(text: str) -> tuple[HtmlElement | None, bool]:
    # Bytes with a stated encoding, because lxml refuses a str that carries an XML declaration.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, recover=True)
    try:
        root = cast("HtmlElement | None", etree.fromstring(text.encode("utf-8", "replace"), parser))
    except etree.XMLSyntaxError:
        return None, False
    too_deep = any("Excessive depth" in (entry.message or "") for entry in parser.error_log)
    if root is not None:
        _end_head(root)
    return root, too_deep


def _end_head(root: HtmlElement) -> None:
    """Move what is no metadata from the head to the beginning of the body.

    Where head and body have no tags of their own, libxml2, which does not know the elements of HTML5, takes
    the main element for a part of the head.
    """
    for head in root.findall("head"):
        children = list(head)
        first = next((at for at, child in enumerate(children) if child.tag not in _HEAD_TAGS), None)
        if first is None:
            continue
        body = root.find("body")
        if body is None:
            body = etree.SubElement(root, "body")
        for at, child in enumerate(children[first:]):
            body.insert(at, child)


def is_larger(root: HtmlElement, elements: int) -> bool:
    """Whether there are more than so many elements below `root`."""
    return next(islice(root.iter(), elements, None), None) is not None


def blocks(root: HtmlElement) -> list[Block]:
    """The lines of text below `root` in reading order."""
    return list(_Walk(root).run())


class _Walk:
    """One pass over a tree that gathers inline text until a line ends."""

    def __init__(self, root: HtmlElement) -> None:
        self._root = root
        self._parts: list[str] = []
        self._linked: list[str] = []
        self._links = 0
        self._line: list[HtmlElement] = [root]
        self._breaks = 0

    def run(self) -> Iterator[Block]:
        events = etree.iterwalk(self._root, events=("start", "end"))
        for event, element in events:
            tag = element.tag
            if not isinstance(tag, str):
                continue
            if event == "start":
                if tag in SKIPPED:
                    events.skip_subtree()
                    continue
                yield from self._start(element, tag)
            else:
                yield from self._end(element, tag)
        yield from self._flush()

    def _start(self, element: HtmlElement, tag: str) -> Iterator[Block]:
        if tag in _LINES:
            yield from self._flush()
            self._line.append(element)
        elif tag == "br":
            self._breaks += 1
            self._parts.append("\n")
            # Two in a row are how old pages end a paragraph.
            if self._breaks > 1:
                yield from self._flush()
        elif tag == "a":
            self._links += 1
        self._add(element.text)

    def _end(self, element: HtmlElement, tag: str) -> Iterator[Block]:
        if tag in _LINES:
            yield from self._flush()
            self._line.pop()
        elif tag == "a":
            self._links -= 1
        if element is not self._root:
            self._add(element.tail)

    def _add(self, text: str | None) -> None:
        if not text:
            return
        self._parts.append(text)
        if not text.isspace():
            self._breaks = 0
            if self._links:
                self._linked.append(text)

    def _flush(self) -> Iterator[Block]:
        text = fold("".join(self._parts))
        if text:
            element = self._line[-1]
            linked = min(len(text), len(fold("".join(self._linked))))
            yield Block(text, str(element.tag), linked, element)
        self._parts.clear()
        self._linked.clear()
        self._breaks = 0


def is_link(line: Block) -> bool:
    """Whether a line is one link, long enough to be a headline."""
    return line.linked >= 0.9 * len(line.text) and len(line.text) >= _SHORTEST_HEADLINE


def parts(element: HtmlElement) -> list[str]:
    """The text of an element, parted where a reader sees one thing end and another begin.

    That is where a line ends, and where an inline element ends and another follows without a space, as in
    "<b>AFP</b><i>AFP</i>": style sheets set such elements apart. The large first letter of a word is none.
    """
    found: list[str] = []
    events = etree.iterwalk(element, events=("start", "end"))
    for event, inner in events:
        text = inner.text if event == "start" else inner.tail
        if event == "start" and inner.tag in SKIPPED:
            events.skip_subtree()
        elif inner is element:
            found.append((event == "start" and text) or "")
        else:
            found += ("\n" if inner.tag in _LINES or inner.tag == "br" else "\x1f", text or "")
    lines = _INVISIBLE.sub("", _BETWEEN_ELEMENTS.sub(_part, "".join(found))).split("\n")
    return [line for one in lines if (line := fold(one))]


def _part(match: re.Match[str]) -> str:
    following = match[1]
    return "\n" if following and not following.islower() else ""


def fold(text: str) -> str:
    """White space folded to single spaces; zero-width and soft-hyphen characters taken out."""
    return " ".join(_INVISIBLE.sub("", text).split())


_BETWEEN_ELEMENTS = re.compile(r"(?:(?<=\w\w)\x1f+(?=(\w))|\x1f+)")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
