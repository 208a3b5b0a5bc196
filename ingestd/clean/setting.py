"""The kept lines of a page set as paragraphs with kinds and links."""

from itertools import groupby

from ingestd.clean.links import absolute
from ingestd.clean.text import Text
from ingestd.clean.walk import HEADINGS, Block, Box
from ingestd.model import Link, Paragraph, ParagraphKind

_BETWEEN_CELLS = " | "
_CELLS = frozenset(("td", "th"))
_LISTS = frozenset(("ul", "ol"))
# What says what a paragraph is, from the inside out.
_KINDS = {
    "pre": ParagraphKind.PREFORMATTED,
    "li": ParagraphKind.LIST_ITEM,
    "dd": ParagraphKind.LIST_ITEM,
    "blockquote": ParagraphKind.QUOTE,
}


def set_paragraphs(text: Text, url: str) -> tuple[tuple[Paragraph, ...], list[int]]:
    """The paragraphs, and for each the number of its first line. Links are made absolute with `url`."""
    lead = None if text.lead is None else text.page.lines[text.lead].text
    chosen = [index for index in text.chosen() if text.page.lines[index].text != lead]
    paragraphs: list[Paragraph] = []
    positions: list[int] = []
    for _, some in groupby(chosen, key=lambda index: _row(text, index)):
        row = list(some)
        cells = [text.page.lines[index] for index in row]
        if _are_cells(cells):
            paragraphs.append(_table_row(cells, url))
            positions.append(row[0])
            continue
        paragraphs += (_paragraph(line, text.container, url) for line in cells)
        positions += row
    return tuple(paragraphs), positions


def _row(text: Text, index: int) -> object:
    """The row of a table that a cell stands in; a line that is no cell is alone."""
    box: Box | None = text.page.lines[index].box
    while box is not None and box is not text.container and box.tag not in _CELLS:
        box = box.parent
    inside = box is not None and box is not text.container and box.tag in _CELLS
    return box.parent if inside and box is not None else index


def _are_cells(lines: list[Block]) -> bool:
    """Whether each of several lines is all there is in its cell."""
    return len(lines) > 1 and len({_cell(line.box) for line in lines}) == len(lines)


def _cell(box: Box) -> Box:
    while box.tag not in _CELLS and box.parent is not None:
        box = box.parent
    return box


def _table_row(cells: list[Block], url: str) -> Paragraph:
    links: list[Link] = []
    start = 0
    for cell in cells:
        links += _links(cell, url, start)
        start += len(cell.text) + len(_BETWEEN_CELLS)
    joined = _BETWEEN_CELLS.join(cell.text for cell in cells)
    return Paragraph(joined, ParagraphKind.TABLE_ROW, 0, tuple(links))


def _paragraph(line: Block, container: Box | None, url: str) -> Paragraph:
    links = tuple(_links(line, url))
    if line.tag in HEADINGS:
        return Paragraph(line.text, ParagraphKind.HEADING, int(line.tag[1]), links)
    kind, level = _kind(line.box, container)
    return Paragraph(line.text, kind, level, links)


def _kind(box: Box, container: Box | None) -> tuple[ParagraphKind, int]:
    """Kind and level by what stands around a line within the container."""
    found, lists, numbered = None, 0, False
    at: Box | None = box
    while at is not None and at is not container:
        found = found or _KINDS.get(at.tag)
        if at.tag in _LISTS:
            numbered = numbered or (not lists and at.tag == "ol")
            lists += 1
        at = at.parent
    if found is ParagraphKind.LIST_ITEM:
        return found, max(1, lists) * (-1 if numbered else 1)
    return found or ParagraphKind.PARAGRAPH, 0


def _links(line: Block, url: str, offset: int = 0) -> list[Link]:
    found = []
    for start, end, href in line.links:
        target = absolute(url, href)
        if target is not None:
            found.append(Link(start + offset, end + offset, target))
    return found
