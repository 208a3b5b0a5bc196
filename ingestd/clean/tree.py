"""Text to a tree, and the tree to blocks: the page's own paragraphs, each with where it stood.

Nothing here recurses, and no document is too large or too deep: the parser is capped at a length and,
through libxml2, at a depth; a page nested deeper is parsed again without the tags that are too deep.
"""

import re
from itertools import islice
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from ingestd.clean.flatten import without_deep_tags, without_long_tags, without_structure
from ingestd.clean.walk import HEADINGS, LINES, SKIPPED, Block, blocks, fold

__all__ = [
    "HEADINGS",
    "SKIPPED",
    "Block",
    "blocks",
    "fold",
    "is_larger",
    "is_link",
    "parse_html",
    "parts",
    "was_too_deep",
]

# About thirty times a long article page with its scripts; what follows is cut off.
MAX_CHARACTERS = 8_000_000

# What may stand in a head; anything else ends it (HTML Standard, 13.2.6.4.4).
_HEAD_TAGS = frozenset("base basefont bgsound command link meta noscript script style template title".split())

_SHORTEST_HEADLINE = 20
_BLANK_LINE = re.compile(r"\r?\n[ \t]*\r?\n\s*")
_LINE_END = re.compile(r"\r?\n")
# Attribute of the root of a page that was too deep.
_FLATTENED = "data-flattened"


def parse_html(text: str) -> HtmlElement | None:
    """The tree of a page; None when there is no element in it. The text is cut at `MAX_CHARACTERS`."""
    text = without_long_tags(text[:MAX_CHARACTERS])
    if "<" not in text:
        text = _paragraphs(text)
    root, too_deep = _parse(text)
    for flatten in (without_deep_tags, without_structure):
        if not too_deep:
            break
        root, too_deep = _parse(flatten(text))
        if root is not None:
            root.set(_FLATTENED, "")
    return root


def _paragraphs(text: str) -> str:
    """Plain text with tags: blank lines part paragraphs, or line ends where there is no blank line."""
    parted = _BLANK_LINE if _BLANK_LINE.search(text.strip()) else _LINE_END
    return "".join(f"<p>{one}</p>" for one in parted.split(text) if one.strip())


def was_too_deep(root: HtmlElement) -> bool:
    """Whether the page of this tree is nested deeper than parsers like, so that tags were taken out."""
    return _FLATTENED in root.attrib


def _parse(text: str) -> tuple[HtmlElement | None, bool]:
    # Bytes with a stated encoding, because lxml refuses a str that carries an XML declaration.
    # The parser of etree itself, because that of lxml.html asks Python for the class of each element.
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, recover=True, collect_ids=False
    )
    try:
        root = cast("HtmlElement | None", etree.fromstring(text.encode("utf-8", "replace"), parser))
    except etree.XMLSyntaxError as error:
        if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
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
            found += ("\n" if inner.tag in LINES or inner.tag == "br" else "\x1f", text or "")
    lines = _BETWEEN_ELEMENTS.sub(_part, "".join(found)).split("\n")
    return [line for one in lines if (line := fold(one))]


def _part(match: re.Match[str]) -> str:
    following = match[1]
    return "\n" if following and not following.islower() else ""


_BETWEEN_ELEMENTS = re.compile(r"(?:(?<=\w\w)\x1f+(?=(\w))|\x1f+)")
