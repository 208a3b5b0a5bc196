"""What a copy changed, for people at a glance: kept paragraphs folded, the rest shortened, each with a mark.

    = as in the original      - cut      + added      ~ edited      > moved

Within an edited paragraph stand [-cut words-] and {+added words+}, as in the word diffs of version control.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from ingestd.cli.show import count, safe

if TYPE_CHECKING:
    from ingestd.dedupe.changes import Block, Changes, Segment

# Characters shown of a cut paragraph, which stands in full elsewhere; of new text, which does not; and of
# kept text on each side of a change.
CUT_SHOWN = 80
ADDED_SHOWN = 240
CONTEXT = 30

ELLIPSIS = "..."


def render(changes: "Changes") -> list[str]:
    """The lines to print; the first sums up."""
    kept, cut, added = changes.words_kept, changes.words_cut, changes.words_added
    lines = [f"{changes.summary}; {count(kept, 'word')} kept, {cut} cut, {added} added"]
    for _, alike in groupby(enumerate(changes.blocks), key=lambda one: _fold(*one)):
        lines.append(f"  {_line([block for _, block in alike])}")
    return lines


def _fold(place: int, block: "Block") -> int:
    """Equal for neighbours that are told in one line."""
    from ingestd.dedupe.changes import Kind

    return -1 if block.kind == Kind.KEPT else place


def _line(blocks: list["Block"]) -> str:
    from ingestd.dedupe.changes import Kind, numbered

    where = numbered(number for block in blocks for number in block.originals)
    first = blocks[0]
    match first.kind:
        case Kind.KEPT:
            plural = "" if where.isdecimal() else "s"
            return f"= paragraph{plural} {where} as in the original"
        case Kind.CUT:
            return f"- {where}: {_shortened(first.segments[0].text, CUT_SHOWN)}"
        case Kind.ADDED:
            return f"+ {_shortened(first.segments[0].text, ADDED_SHOWN)}"
        case Kind.MOVED:
            return f"> {where}, moved here: {_marked(first.segments)}"
        case Kind.EDITED:
            return f"~ {where}: {_marked(first.segments)}"


def _marked(segments: Iterable["Segment"]) -> str:
    """Changes in the midst of a little of what was kept around them."""
    return " ".join(_pieces(list(segments)))


def _pieces(segments: list["Segment"]) -> Iterator[str]:
    from ingestd.dedupe.changes import Op

    last = len(segments) - 1
    for place, segment in enumerate(segments):
        match segment.op:
            case Op.CUT:
                yield f"[-{_shortened(segment.text, CUT_SHOWN)}-]"
            case Op.ADD:
                yield f"{{+{_shortened(segment.text, ADDED_SHOWN)}+}}"
            case Op.KEEP:
                yield _context(segment.text, before=place > 0, after=place < last)


def _context(text: str, *, before: bool, after: bool) -> str:
    """So much of kept text as stands next to changes, which may come before it, after it, or both."""
    text = _one_line(text)
    if before and after and len(text) <= 2 * CONTEXT:
        return text
    begins, ends = _shortened(text, CONTEXT), _shortened(text[::-1], CONTEXT)[::-1]
    match before, after:
        case True, True:
            return f"{begins} {ends.removeprefix(ELLIPSIS)}"
        case True, False:
            return begins
        case False, True:
            return ends
        case _:
            return _shortened(text, CUT_SHOWN)


def _shortened(text: str, characters: int) -> str:
    """The beginning of a text; no word is broken, unless it is a long one or the script has no spaces."""
    line = _one_line(text)
    if len(line) <= characters:
        return line
    whole_words = line[: characters + 1].rpartition(" ")[0]
    return (whole_words if len(whole_words) > characters // 2 else line[:characters]) + ELLIPSIS


def _one_line(text: str) -> str:
    return " ".join(safe(text).split())
