"""One walk over a page's tree: its lines of text, each with its links, its pictures and its box.

A box is an element that makes lines. All lines of a box stand next to each other in the list of lines, so
that a box needs to know only where its lines begin and end, and sums over it are differences of two
running totals.
"""

import re
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

# Their content is never prose that a reader sees as the page's text.
SKIPPED = frozenset(
    "audio button canvas datalist dialog embed frame frameset head iframe input map math meter "
    "noframes noscript object option progress script select style svg template textarea title video".split()
)
# Where a line begins and ends. Everything else is inline and belongs to the line around it.
LINES = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary "
    "table tbody td tfoot th thead tr ul".split()
)
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())

# A heading with more text than this is an element that was never closed.
_LONGEST_HEADING = 300
# Class names of what only screen readers or writers are given, "opens in a new window", "[edit]", and of
# notes that come up over the text.
_UNSEEN = frozenset(
    "a11y-hidden element-invisible footnote_tooltip mw-editsection screen-reader-only screen-reader-text "
    "screenreader screenreader-only sr-only tooltip-text tooltiptext u-visually-hidden visually-hidden "
    "visuallyhidden".split()
)
# What they are told of links, under whatever name.
_NEW_WINDOW = re.compile(
    r"\s*[([]?\s*(?:"
    r"(?:external )?(?:link )?(?:will )?opens? (?:in )?(?:an? )?(?:new )?(?:browser )?(?:window|tab)|"
    r"(?:link )?(?:öffnet|wird) in (?:einem )?neue[mn] (?:fenster|tab)(?: geöffnet)?|"
    r"(?:s'ouvre dans )?(?:une |un )?(?:nouvelle fenêtre|nouvel onglet)|"
    r"(?:se )?abre en (?:una )?(?:nueva )?(?:ventana|pestaña)(?: nueva)?|"
    r"abre em (?:uma )?nova (?:janela|aba)|si apre in una nuova (?:finestra|scheda)|"
    r"opent in (?:een )?nieuw (?:venster|tabblad)"
    r")\s*[)\]]?\.?\s*",
    re.IGNORECASE,
)

# What leads to a note, in no more pieces than the brackets and the sign between them.
_PIECES_OF_A_MARK = 6
_NOTE_MARK = re.compile(r"\s*[([]?(?:\d{1,3}|[a-z]|[*†‡§]{1,2}|note \d{1,2})[)\]]?,?\s*", re.IGNORECASE)

# What an element is to the walk; the ends of those up to links matter too.
_LINE, _NAV, _BREAK, _LINK, _PICTURE, _SPAN, _SUP, _SKIP, _INLINE = range(9)
_KINDS = {
    **dict.fromkeys(SKIPPED, _SKIP),
    **dict.fromkeys(LINES, _LINE),
    "nav": _NAV,
    "br": _BREAK,
    "a": _LINK,
    "img": _PICTURE,
    "amp-img": _PICTURE,
    "span": _SPAN,
    "sup": _SUP,
}

_KINDS_WITHOUT_SCRIPTS = {**_KINDS, "noscript": _LINE}
# The longest of 218 real pages has 4,000 lines; a line takes 0.8 kB and some 20 µs.
MOST_LINES = 200_000
_ANCHORS = frozenset("¶ # § 🔗 ⚓ ∞".split())
# A page with less text says nothing.
_NOTHING_SAID = 500


# By these a page colours every second box and sets off the first and the last: "row-even row-last", "rowAlt".
_OF_ONE_BOX = re.compile(
    r"(?<![A-Za-z])(?:odd|even|first|last|alt|alternate)(?![a-z])|"
    r"(?:Odd|Even|First|Last|Alt|Alternate)(?![a-z])"
)


class Box:
    """An element that makes lines of its own; its lines are those numbered `first` up to `end`."""

    __slots__ = ("element", "end", "first", "heading", "parent", "tag")

    def __init__(self, element: HtmlElement, tag: str, parent: "Box | None", first: int) -> None:
        self.element = element
        self.tag = tag
        self.parent = parent
        self.first = first
        self.end = first
        # Tag of the heading that it is or stands in, "h1" to "h6".
        self.heading: str | None = tag if tag in HEADINGS else parent.heading if parent else None


class Block(NamedTuple):
    """One paragraph, heading, list item or line of the page."""

    # White space folded, never blank; in a pre element line breaks and indents are kept.
    text: str
    # The innermost element that makes it a line of its own: "p", "li", "h2", "div" …; for all lines of a
    # heading the heading's.
    tag: str
    # Characters of `text` that are inside links.
    linked: int
    element: HtmlElement
    box: Box
    # Start and end in `text` of what a link holds, and its href.
    links: tuple[tuple[int, int, str], ...] = ()
    # The images since the line before.
    pictures: tuple[HtmlElement, ...] = ()


@lru_cache(maxsize=4096)
def shape_of(names: str) -> frozenset[str]:
    """Class names without the words that tell a box from the one beside it."""
    return frozenset(name.strip("-_") for name in _OF_ONE_BOX.sub("", names).split())


def blocks(root: HtmlElement) -> list[Block]:
    """The lines of text below `root` in reading order.

    What is said to readers without scripts counts only where nothing else is said.
    """
    found = _Walk(root, _KINDS).run()
    if (
        sum(len(line.text) for line in found) < _NOTHING_SAID
        and next(root.iter("noscript"), None) is not None
    ):
        return _Walk(root, _KINDS_WITHOUT_SCRIPTS).run()
    return found


class _Walk:
    """Gathers inline text until a line ends."""

    def __init__(self, root: HtmlElement, kinds: dict[str, int]) -> None:
        self._root = root
        self._kinds = kinds
        self._found: list[Block] = []
        self._box = Box(root, str(root.tag), None, 0)
        # Pieces of the line, and at which piece a link begins (its href) or ends (None).
        self._pieces: list[str] = []
        self._edges: list[tuple[int, str | None]] = []
        self._href: str | None = None
        self._pictures: list[HtmlElement] = []
        # The piece before which a line break stands and nothing but white space since.
        self._broken_at = -1
        self._pre: Box | None = None

    def run(self) -> list[Block]:
        root, pieces, kinds = self._root, self._pieces, self._kinds
        starts = (
            self._start_line,
            self._start_nav,
            self._break,
            self._start_link,
            self._see,
            self._start_span,
            _is_note_mark,
            self._skip,
        )
        events = etree.iterwalk(root, events=("start", "end"))
        for event, element in events:
            kind = kinds.get(element.tag, _INLINE)
            if event == "end":
                if kind <= _LINK:
                    if kind == _LINK:
                        self._end_link()
                    elif self._box.element is element:
                        self._end_box()
                    if len(self._found) >= MOST_LINES:
                        break
                text = element.tail if element is not root else None
            elif kind < _INLINE and starts[kind](element):
                events.skip_subtree()
                continue
            else:
                text = element.text
            # White space before the first word of a line says nothing, and there is a lot of it.
            if text and (pieces or self._pre is not None or not text.isspace()):
                pieces.append(text)
        self._flush()
        self._end_boxes()
        return self._found

    # Each of these takes note of an element, and says whether what is in it is to be skipped.

    def _start_line(self, element: HtmlElement) -> bool:
        if _is_unseen(element.get("class")):
            return True
        if self._pre is not None:
            self._pieces.append("\n")
        elif self._pieces:
            self._flush()
        if element is not self._root:
            tag = element.tag
            self._box = Box(element, tag, self._box, len(self._found))
            if tag == "pre" and self._pre is None:
                self._pre = self._box
        return False

    def _start_nav(self, element: HtmlElement) -> bool:
        return _is_mere_navigation(element) or self._start_line(element)

    def _start_link(self, element: HtmlElement) -> bool:
        self._end_link()
        self._href = element.get("href")
        if self._href is not None:
            self._edges.append((len(self._pieces), self._href))
        return False

    def _break(self, _element: HtmlElement) -> bool:
        pieces = self._pieces
        if self._pre is not None:
            pieces.append("\n")
        # Two in a row are how old pages end a paragraph.
        elif self._broken_at >= 0 and not any(map(str.strip, pieces[self._broken_at :])):
            self._flush()
        else:
            self._broken_at = len(pieces)
            pieces.append("\n")
        return False

    def _see(self, picture: HtmlElement) -> bool:
        self._pictures.append(picture)
        return False

    def _start_span(self, element: HtmlElement) -> bool:
        if _is_unseen(element.get("class")):
            return True
        text = element.text
        return self._href is not None and bool(text) and _NEW_WINDOW.fullmatch(text) is not None

    def _skip(self, element: HtmlElement) -> bool:
        # The questions of a list of questions are buttons that unfold the answers.
        return element.tag != "button" or self._box.heading is None

    def _end_box(self) -> None:
        box = self._box
        if self._pre is None or self._pre is box:
            if self._pieces:
                self._flush()
            self._pre = None
        box.end = len(self._found)
        if box.parent is not None:
            self._box = box.parent

    def _end_boxes(self) -> None:
        box: Box | None = self._box
        while box is not None:
            box.end = len(self._found)
            box = box.parent

    def _end_link(self) -> None:
        if self._href is None:
            return
        self._href = None
        start = len(self._pieces)
        if self._edges[-1][0] == start:
            # There is nothing in it.
            self._edges.pop()
        else:
            self._edges.append((start, None))

    def _flush(self) -> None:
        box, pieces, edges = self._box, self._pieces, self._edges
        if self._pre is not None:
            text, links = _unfolded(pieces, edges)
        elif edges:
            text, links = _linked(pieces, edges)
        else:
            text, links = fold("".join(pieces)), ()
        pieces.clear()
        self._broken_at = -1
        if edges:
            edges.clear()
            if self._href is not None:
                edges.append((0, self._href))
        if text and links and box.heading and text[links[-1][0] :] in _ANCHORS:
            # The heading's own address, for those who want to link to it.
            text = text[: links[-1][0]].rstrip()
            links = links[:-1]
        if text:
            tag = box.heading if box.heading and len(text) <= _LONGEST_HEADING else box.tag
            linked = sum([end - start for start, end, _ in links]) if links else 0
            self._found.append(Block(text, tag, linked, box.element, box, links, tuple(self._pictures)))
            self._pictures.clear()


def _is_note_mark(sup: HtmlElement) -> bool:
    """Whether a raised sign leads to a note on the same page: "[12]", "3", "*"."""
    link = sup.find("a")
    if link is None or not (link.get("href") or "").startswith("#"):
        return False
    return _NOTE_MARK.fullmatch("".join(islice(sup.itertext(), _PIECES_OF_A_MARK))) is not None


@lru_cache(maxsize=4096)
def _is_unseen(names: str | None) -> bool:
    return names is not None and not _UNSEEN.isdisjoint(names.split())


def _is_mere_navigation(element: HtmlElement) -> bool:
    """Whether a nav element is as it should be; one that is never closed holds the page."""
    return next(element.iter("p", "article", "h1"), None) is None


def _linked(
    pieces: list[str], edges: list[tuple[int, str | None]]
) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """A line's text folded, and where in it the links are."""
    start, href = edges[0]
    if start == 0 and href is not None and (len(edges) == 1 or edges[1][0] == len(pieces)):
        # All of it is one link, as in menus and lists of headlines.
        text = fold("".join(pieces))
        return text, ((0, len(text), href),) if text else ()
    found: list[str] = []
    links: list[tuple[int, int, str]] = []
    size, space, at, href = 0, False, 0, None
    for edge, following in (*edges, (len(pieces), None)):
        piece = "".join(pieces[at:edge])
        folded = fold(piece)
        if folded:
            if size and (space or piece[0].isspace()):
                found.append(" ")
                size += 1
            found.append(folded)
            if href is not None:
                links.append((size, size + len(folded), href))
            size += len(folded)
            space = piece[-1].isspace()
        elif piece:
            space = space or not piece.isprintable() or piece.isspace()
        at, href = edge, following
    return "".join(found), tuple(links)


def _unfolded(
    pieces: list[str], edges: list[tuple[int, str | None]]
) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """A preformatted line's text as it stands, and where in it the links are."""
    pieces = [_INVISIBLE.sub("", piece) for piece in pieces]
    whole = "".join(pieces).rstrip()
    text = _BLANK_LINES.sub("", whole)
    if not text.strip():
        return "", ()
    links: list[tuple[int, int, str]] = []
    cut, size, at, href = len(whole) - len(text), 0, 0, None
    for edge, following in (*edges, (len(pieces), None)):
        length = sum(map(len, pieces[at:edge]))
        start, end = max(size - cut, 0), min(size + length - cut, len(text))
        if href is not None and start < end:
            links.append((start, end, href))
        size += length
        at, href = edge, following
    return text, tuple(links)


def fold(text: str) -> str:
    """White space folded to single spaces; zero-width and soft-hyphen characters taken out."""
    if not text.isascii() and ("\u00ad" in text or "\u200b" in text or "\ufeff" in text or "\u2060" in text):
        text = _INVISIBLE.sub("", text)
    return " ".join(text.split())


_BLANK_LINES = re.compile(r"^(?:[^\S\n]*\n)+")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
