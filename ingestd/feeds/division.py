"""An XML feed cut into its items, without parsing it.

In well-formed XML "<" stands nowhere but where markup begins, so tags of items can be found by their names
once comments and CDATA sections are stepped over. Whether the document is well-formed is for its reader to
say. The cut is refused at the least doubt, as by what follows:

* the root element is not one of `_ITEMS`, or more than a plain DOCTYPE, comments and instructions precede it;
* an item within an item, or an element that a lenient reader may take for one ("<Item>", "<atom:entry>");
* items that do not follow each other at once: only white space and comments may stand between them;
* anything but end tags after the last one: what an item leaves behind in the reader might show there;
* an instruction or declaration below the root, and a comment that holds the marks of a CDATA section;
* so many elements that the reader may stop before the end.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ingestd.feeds.lenient import MAX_ELEMENTS

# The name of the items by that of the root element.
_ITEMS = {"rss": "item", "rdf:RDF": "item", "feed": "entry"}

_COMMENT = r"<!--(?:[^-]|-(?!-))*+-->"
_PROLOG = re.compile(rf"(?:\s++|<\?[^<>?]*+\?>|{_COMMENT}|<!DOCTYPE\s[^<>\[\]]*+>)*+")
_ROOT = re.compile(r"<(rss|rdf:RDF|feed)(?=[\s>])")
# What the items are found by, and what may hide their tags; any spelling that might be read as an item's.
_MARK = re.compile(
    r"<(?:(?P<comment>!--)|(?P<data>!\[CDATA\[)|(?P<other>[!?])|(?P<end>/?)(?P<name>(?:[\w.-]+:)?(?:item|entry))(?=[\s/>]))",
    re.IGNORECASE,
)
_REST_OF_START = re.compile(r"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*+"|'[^'<]*+'))*+\s*>""")
_REST_OF_END = re.compile(r"\s*>")
_GAP = re.compile(rf"(?:[ \t\r\n]++|{_COMMENT})*+")
_TAIL = re.compile(rf"(?:[ \t\r\n]++|{_COMMENT}|</[\w:.-]++\s*>)*+")


class _Doubt(Exception):
    """It is not plain where the items begin and end."""


@dataclass(frozen=True, slots=True)
class Division:
    """The text of a document in pieces: head, items and tail; what stands between the items is left out."""

    head: str
    items: tuple[str, ...]
    tail: str

    def without(self, left_out: Collection[int]) -> str:
        """The document without the items at these places."""
        rest = (item for place, item in enumerate(self.items) if place not in left_out)
        return "\n".join((self.head, *rest, self.tail))


def divided(source: str) -> Division | None:
    """The pieces of a feed; None when it has no items or it is not plain where they begin and end.

    `source` has no white space or byte order mark around it.
    """
    prolog = _PROLOG.match(source)
    root = _ROOT.match(source, prolog.end() if prolog else 0)
    if root is None or "<!ENTITY" in source[: root.start()] or source.count("<") >= MAX_ELEMENTS:
        return None
    try:
        spans = list(_spans(source, root.end(), _ITEMS[root[1]]))
    except _Doubt:
        return None
    return _division(source, spans) if spans else None


def _division(source: str, spans: list[tuple[int, int]]) -> Division | None:
    ends = [end for _, end in spans]
    starts = [start for start, _ in spans]
    apart = any(
        not _GAP.fullmatch(source, end, start) for end, start in zip(ends[:-1], starts[1:], strict=True)
    )
    tail = source[ends[-1] :]
    if apart or "</" not in tail or not _TAIL.fullmatch(tail):
        return None
    return Division(source[: starts[0]], tuple(source[start:end] for start, end in spans), tail)


def _spans(source: str, position: int, name: str) -> Iterator[tuple[int, int]]:
    """Where each item starts and ends."""
    start: int | None = None
    while mark := _MARK.search(source, position):
        if mark["name"] is None:
            position = _hidden_end(source, mark)
        elif mark["name"] != name or (start is None) == bool(mark["end"]):
            raise _Doubt
        elif mark["end"]:
            position = _end_of(_REST_OF_END, source, mark.end())
            assert start is not None
            yield start, position
            start = None
        else:
            start, position = mark.start(), _end_of(_REST_OF_START, source, mark.end())
    if start is not None:
        raise _Doubt


def _hidden_end(source: str, mark: re.Match[str]) -> int:
    """Where the comment or CDATA section ends that begins at this mark."""
    closing = "-->" if mark["comment"] else "]]>"
    end = source.find(closing, mark.end())
    if end < 0 or mark["other"] or (mark["comment"] and "cdata" in source[mark.end() : end].lower()):
        raise _Doubt
    return end + len(closing)


def _end_of(pattern: re.Pattern[str], source: str, position: int) -> int:
    match = pattern.match(source, position)
    if match is None:
        raise _Doubt
    return match.end()
