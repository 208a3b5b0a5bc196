"""Pages in the markup of the systems that the web is written with, to set a text into.

A sample is a file below `samples`: the order, names and nesting of its elements are those of the system,
because a cleaner goes by them. It has named parts ("<!-- part: name -->"), each a `string.Template`:

    page        $title, $published; $text, or its $first two blocks and the $rest; $links, $cards, $remarks
    block       around each block of the text
    paragraph   around the text of each paragraph, which is no element of its own
    break       between paragraphs that are no elements
    item        each item of a list
    anchor      at the end of each heading
    link, card  one link, one teaser to another page of the site
    remark      what one reader wrote below
"""

from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from string import Template

from .pieces import Piece, inline

_FOLDER = Path(__file__).with_name("samples")
# Systems that have paragraphs, headings, lists; and such as have breaks or wrappers of their own.
BLOCKS = tuple(sorted(_FOLDER.glob("blocks/*.html")))
LINES = tuple(sorted(_FOLDER.glob("lines/*.html")))

_OTHERS = (
    (
        "Why the Ferry Whistles Twice on Thursdays",
        "Nobody on the island knows when it began, but everyone sets the kettle by it.",
    ),
    ("A Cupboard Full of Tide Tables", "They were found behind the stove, with notes in three hands."),
    (
        "Three Ways to Dry a Rope in Winter",
        "The first takes a week, the second a stove, and the third a good deal of patience.",
    ),
    (
        "The Man Who Counts the Steps of the Pier",
        "He comes before the first boat, and he has never told anyone the sum.",
    ),
)
_REMARKS = (
    "My aunt did it the same way, only that she used vinegar, and the shed smelled of it until June.",
    "I tried this last year and the whole thing fell apart in my hands, so please be careful with the glue.",
    "Thank you, this was the first explanation that I could follow without a dictionary.",
    "You forgot the drying. Without two days of drying you can throw it away again.",
)


def page(sample: Path, piece: Piece) -> str:
    """The page of a text in the manner of a sample."""
    parts = _parts(sample)
    blocks = _set(piece, parts)
    others = [{"n": str(n), "title": title, "text": text} for n, (title, text) in enumerate(_OTHERS, 1)]
    remarks = [{"n": str(n), "title": escape(piece.title), "text": t} for n, t in enumerate(_REMARKS, 1)]
    return parts["page"].substitute(
        title=escape(piece.title),
        published=piece.published,
        text=(parts["break"].template if "break" in parts else "\n").join(blocks),
        first="".join(blocks[:2]),
        rest="".join(blocks[2:]),
        links=_each(parts, "link", others),
        cards=_each(parts, "card", others),
        remarks=_each(parts, "remark", remarks),
    )


def _set(piece: Piece, parts: Mapping[str, Template]) -> list[str]:
    """The blocks of the text as the sample writes them."""
    if "break" in parts:
        return [inline(paragraph) for paragraph in piece.content]
    if paragraph := parts.get("paragraph"):
        return [paragraph.substitute(text=inline(one)) for one in piece.content]
    if block := parts.get("block"):
        return [block.substitute(text=one) for one in piece.blocks]
    return [_in_words_of(parts, block) for block in piece.blocks]


def _in_words_of(parts: Mapping[str, Template], block: str) -> str:
    anchor, item = (parts[name].template.strip() if name in parts else "" for name in ("anchor", "item"))
    opened, _, closed = (item or "<li>$text</li>").partition("$text")
    return block.replace("</h", f"{anchor}</h").replace("<li>", opened).replace("</li>", closed) + "\n"


def _each(parts: Mapping[str, Template], name: str, rows: Iterable[Mapping[str, str]]) -> str:
    return "".join(parts[name].substitute(row) for row in rows) if name in parts else ""


def _parts(sample: Path) -> dict[str, Template]:
    _, *chunks = sample.read_text(encoding="utf-8").split("<!-- part: ")
    return {name: Template(text) for name, _, text in (chunk.partition(" -->\n") for chunk in chunks)}
