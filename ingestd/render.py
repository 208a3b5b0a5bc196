"""An article as plain text, Markdown (CommonMark with GitHub's tables) or HTML.

Every text is escaped, so that nothing of a page can become markup; links and pictures lead to http(s) only.

    article ──▶ groups of paragraphs that belong together ──▶ one function a kind of group
                (a list, a table, a quotation, or one heading, paragraph, text as it stands)
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Protocol
from urllib.parse import quote

from ingestd.model import Image, Link, Paragraph, ParagraphKind
from ingestd.urls import is_http

# Between two cells of a table row.
CELL_BORDER = " | "

# The article's own headline is the first level.
_HIGHEST_HEADING, _LOWEST_HEADING = 2, 6
_BELONG_TOGETHER = (ParagraphKind.LIST_ITEM, ParagraphKind.QUOTE, ParagraphKind.TABLE_ROW)


class Piece(Protocol):
    """What is rendered: a `model.Article`, or anything that has these of one."""

    @property
    def title(self) -> str | None: ...
    @property
    def lead(self) -> str | None: ...
    @property
    def content(self) -> tuple[Paragraph, ...]: ...
    @property
    def images(self) -> tuple[Image, ...]: ...
    @property
    def language(self) -> str | None: ...


def to_text(piece: Piece) -> str:
    """Headline, lead and paragraphs, a blank line between two; list items are marked."""
    groups = ("\n".join(_text_lines(group)) for group in _groups(piece.content))
    return _joined(part for part in (piece.title, piece.lead, *groups) if part)


def to_markdown(piece: Piece) -> str:
    """The article in Markdown: headline, lead in bold, text, pictures with their captions in italics."""
    head = (
        _markdown_heading(Paragraph(piece.title), 1) if piece.title else "",
        f"**{_escaped(piece.lead)}**" if piece.lead else "",
    )
    parts = (
        _markdown_image(part) if isinstance(part, Image) else _MARKDOWN[part[0].kind](part)
        for part in _parts(piece)
    )
    return _joined(part for part in (*head, *parts) if part)


def to_html(piece: Piece) -> str:
    """The article as one `<article>` element without styles or scripts, one element of text a line."""
    language = f' lang="{escape(piece.language)}"' if piece.language else ""
    head = (
        f"<h1>{escape(piece.title)}</h1>" if piece.title else "",
        f'<p class="lead">{escape(piece.lead)}</p>' if piece.lead else "",
    )
    parts = (
        _html_image(part) if isinstance(part, Image) else _HTML[part[0].kind](part) for part in _parts(piece)
    )
    inner = "\n".join(part for part in (*head, *parts) if part)
    return f'<article{language} dir="auto">\n{inner}\n</article>\n'


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"


# ---------------------------------------------------------------------------------- parts

Group = list[Paragraph]


def _parts(piece: Piece) -> Iterator[Image | Group]:
    """Pictures and groups in reading order; a picture within a list or table stands before the whole."""
    waiting: dict[int, list[Image]] = {}
    for image in piece.images:
        if is_http(image.url):
            waiting.setdefault(image.before or 0, []).append(image)
    at = 0
    for group in _groups(piece.content):
        for place in range(at, at + len(group)):
            yield from waiting.pop(place, ())
        yield group
        at += len(group)
    for place in sorted(waiting):
        yield from waiting[place]


def _groups(content: Iterable[Paragraph]) -> Iterator[Group]:
    for kind, run in groupby(content, lambda one: one.kind):
        if kind in _BELONG_TOGETHER:
            yield list(run)
        else:
            yield from ([one] for one in run)


def _marked(content: Iterable[Paragraph]) -> Iterator[tuple[Paragraph, int, str]]:
    """Each paragraph with its depth in a list, from 1, and the mark before it; 0 and "" outside lists.

    No item stands more than one step below the one before it, whatever a page says. An item that is
    numbered begins with 1 again where a list of its depth ended.
    """
    counts: list[int] = []
    for one in content:
        if one.kind is not ParagraphKind.LIST_ITEM:
            counts.clear()
            yield one, 0, ""
            continue
        depth = max(1, min(abs(one.level), len(counts) + 1))
        del counts[depth:]
        if len(counts) < depth:
            counts.append(0)
        # A list of the other kind at the same depth is another list.
        numbered = one.level < 0
        counts[-1] = max(counts[-1], 0) + 1 if numbered else -1
        yield one, depth, f"{counts[-1]}." if numbered else "-"


def _cells(row: Paragraph) -> list[Paragraph]:
    """The cells of a table row, each with the links that stand in it."""
    cells, at = [], 0
    for text in row.text.split(CELL_BORDER):
        end = at + len(text)
        links = tuple(
            Link(link.start - at, link.end - at, link.url)
            for link in row.links
            if at <= link.start and link.end <= end
        )
        cells.append(Paragraph(text, links=links))
        at = end + len(CELL_BORDER)
    return cells


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of a paragraph's text, and where it leads to."""

    text: str
    url: str | None = None


def _runs(one: Paragraph) -> Iterator[_Run]:
    """The text in stretches, those of links that can be followed with their address."""
    at = 0
    for link in one.links:
        if at <= link.start < link.end <= len(one.text) and is_http(link.url):
            yield _Run(one.text[at : link.start])
            yield _Run(one.text[link.start : link.end], link.url)
            at = link.end
    yield _Run(one.text[at:])


def _heading_level(one: Paragraph) -> int:
    return min(max(one.level, _HIGHEST_HEADING), _LOWEST_HEADING)


# ---------------------------------------------------------------------------------- text


def _text_lines(group: Group) -> Iterator[str]:
    for one, depth, mark in _marked(group):
        yield f"{'  ' * (depth - 1)}{mark} {one.text}" if mark else one.text


# ---------------------------------------------------------------------------------- Markdown

_SPECIAL = re.compile(r"[\\`*_\[\]<>~]|&(?=#?\w+;)")
# "1986. That year …" would begin a list.
_NUMBER_START = re.compile(r"\d{1,9}(?=[.)](?:\s|$))")
# What would end an address, or be taken for the beginning of something else.
_NOT_IN_URL = re.compile(r"[\s<>()\\`|\x00-\x1f\x7f]")


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: "\\" + found[0], " ".join(text.split()) if "\n" in text else text)


def _markdown_runs(one: Paragraph) -> str:
    """The text of a paragraph with its links, in one line that is read as text and as nothing else."""
    line = "".join(_markdown_link(run.text, run.url) if run.url else _escaped(run.text) for run in _runs(one))
    if line[:1] in ("#", "+", "=", "-"):
        return "\\" + line
    number = _NUMBER_START.match(line)
    return f"{number[0]}\\{line[number.end() :]}" if number else line


def _markdown_heading(one: Paragraph, level: int) -> str:
    line = _markdown_runs(one)
    # The last "#" is a part of it, as in "F#", and no ornament.
    return f"{'#' * level} " + (f"{line[:-1]}\\#" if line.endswith(" #") else line)


def _markdown_link(text: str, url: str) -> str:
    """A link around its words; white space at their ends stands outside."""
    words = text.strip()
    if not words:
        return text
    before, after = text[: text.index(words)], text[text.index(words) + len(words) :]
    return f"{before}[{_escaped(words)}]({_markdown_url(url)}){after}"


def _markdown_url(url: str) -> str:
    return re.sub(r"&(?=#?\w+;)", r"\\&", _NOT_IN_URL.sub(lambda found: quote(found[0]), url))


def _markdown_list(group: Group) -> str:
    lines, indents = [], [0]
    for one, depth, mark in _marked(group):
        del indents[depth:]
        lines.append(f"{' ' * indents[-1]}{mark} {_markdown_runs(one)}")
        # What belongs to an item stands below its text.
        indents.append(indents[-1] + len(mark) + 1)
    return "\n".join(lines)


def _markdown_quote(group: Group) -> str:
    return "\n>\n".join(f"> {_markdown_runs(one)}" for one in group)


def _markdown_table(group: Group) -> str:
    rows = [[_markdown_runs(cell).replace("|", "\\|") for cell in _cells(row)] for row in group]
    width = max(map(len, rows))
    head, *body = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in rows]
    return "\n".join((head, "|" + " --- |" * width, *body))


def _markdown_preformatted(group: Group) -> str:
    text = group[0].text
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _markdown_image(image: Image) -> str:
    picture = f"![{_escaped(image.alt or '')}]({_markdown_url(image.url)})"
    return f"{picture}\n*{_escaped(image.caption)}*" if image.caption else picture


_MARKDOWN: Mapping[ParagraphKind, Callable[[Group], str]] = {
    ParagraphKind.PARAGRAPH: lambda group: _markdown_runs(group[0]),
    ParagraphKind.HEADING: lambda group: _markdown_heading(group[0], _heading_level(group[0])),
    ParagraphKind.LIST_ITEM: _markdown_list,
    ParagraphKind.QUOTE: _markdown_quote,
    ParagraphKind.TABLE_ROW: _markdown_table,
    ParagraphKind.PREFORMATTED: _markdown_preformatted,
}


# ---------------------------------------------------------------------------------- HTML


def _html_runs(one: Paragraph) -> str:
    return "".join(
        f'<a href="{escape(run.url)}">{escape(run.text)}</a>' if run.url else escape(run.text)
        for run in _runs(one)
    )


def _html_list(group: Group) -> str:
    """Lists within lists: an inner one stands within the item that it belongs to."""
    written: list[str] = []
    open_lists: list[str] = []
    for one, depth, mark in _marked(group):
        name = "ul" if mark == "-" else "ol"
        while len(open_lists) > depth or (len(open_lists) == depth and open_lists[-1] != name):
            written.append(f"</li></{open_lists.pop()}>")
        if len(open_lists) == depth:
            written.append("</li>\n<li>")
        else:
            open_lists.append(name)
            written.append(f"<{name}>\n<li>")
        written.append(_html_runs(one))
    written.extend(f"</li></{name}>" for name in reversed(open_lists))
    return "".join(written)


def _html_quote(group: Group) -> str:
    return f"<blockquote>{''.join(f'<p>{_html_runs(one)}</p>' for one in group)}</blockquote>"


def _html_table(group: Group) -> str:
    rows = ("".join(f"<td>{_html_runs(cell)}</td>" for cell in _cells(row)) for row in group)
    return "<table>\n" + "\n".join(f"<tr>{row}</tr>" for row in rows) + "\n</table>"


def _html_heading(group: Group) -> str:
    level = _heading_level(group[0])
    return f"<h{level}>{_html_runs(group[0])}</h{level}>"


def _html_image(image: Image) -> str:
    picture = f'<img src="{escape(image.url)}" alt="{escape(image.alt or "")}">'
    caption = f"<figcaption>{escape(image.caption)}</figcaption>" if image.caption else ""
    return f"<figure>{picture}{caption}</figure>"


_HTML: Mapping[ParagraphKind, Callable[[Group], str]] = {
    ParagraphKind.PARAGRAPH: lambda group: f"<p>{_html_runs(group[0])}</p>",
    ParagraphKind.HEADING: _html_heading,
    ParagraphKind.LIST_ITEM: _html_list,
    ParagraphKind.QUOTE: _html_quote,
    ParagraphKind.TABLE_ROW: _html_table,
    ParagraphKind.PREFORMATTED: lambda group: f"<pre>{_html_runs(group[0])}</pre>",
}
