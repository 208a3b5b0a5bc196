"""The pictures of an article, each with its caption and the paragraph that it stands before."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from lxml.html import HtmlElement

from ingestd.clean.boilerplate import is_byline
from ingestd.clean.lines import is_caption
from ingestd.clean.links import absolute
from ingestd.clean.marks import CAPTION, COMMENTS, CONSENT, OTHERS, RELATED, kind_of_names
from ingestd.clean.text import Text
from ingestd.model import Image

# Icons, faces of authors and pixels that count are smaller.
_LEAST_WIDTH = 100
_MOST_IMAGES = 100
_NOT_OURS = frozenset((COMMENTS, CONSENT, OTHERS, RELATED))
_FURNITURE_TAGS = frozenset("aside nav footer form".split())
# Where pages that load pictures late keep the address, the best first.
_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-srcset", "srcset", "src")
_NUMBER = re.compile(r"\d+")
# What of an address tells the size of a picture: "-1445x790", "?w=300".
_BARE = re.compile(r"[?#].*|[-_~]\d{2,4}x\d{2,4}(?=\.\w+(?:$|[?#])|$)")
# Names of files that are long enough to tell a picture from others, wherever the sizes stand in the path.
_LEAST_NAME = 12
_ICON = re.compile(
    r"\.svg(?:$|[?#])|"
    r"(?:^|[/_.-])(?:app)?(?:icons?|logos?|avatars?|gravatar|blavatar|spinner|pixel)(?:$|[/_.-])",
    re.IGNORECASE,
)
_LEAST_CAPTION = 8


def set_images(text: Text, positions: list[int], url: str, named: str | None) -> tuple[Image, ...]:
    """The pictures between headline and end of the text, first the one that the metadata names.

    `positions` are the numbers of the lines with which the paragraphs begin.
    """
    found: dict[str, Image] = {}
    for at, picture in _pictures(text, positions):
        source = _source(picture, url)
        if source and not _ICON.search(source) and source not in found and len(found) < _MOST_IMAGES:
            paragraph = bisect_left(positions, at)
            before = paragraph if 0 < paragraph < len(positions) else None
            alt = " ".join((picture.get("alt") or "").split()) or None
            found[source] = Image(source, _caption(text, at, picture), alt, before)
    images = list(found.values())
    if named is None:
        return tuple(images)
    first = next((image for image in images if _is_same(image.url, named)), Image(named))
    return (first, *(image for image in images if image is not first))


def _pictures(text: Text, positions: list[int]) -> Iterator[tuple[int, HtmlElement]]:
    """The pictures that may be the article's, each with the number of the line after it."""
    if not positions:
        return
    lines, marks = text.page.lines, text.page.marks
    container = text.container.element if text.container else None
    for at in range(min(text.top, positions[0]), min(positions[-1] + 2, len(lines))):
        if marks[at] in _NOT_OURS:
            continue
        for picture in lines[at].pictures:
            above = at <= positions[0]
            if _is_small(picture) or not _is_ours(picture, container, above):
                continue
            # Above the text the picture beside the author's name is the author's.
            if not (above and is_byline(lines[at].text) and _figure(picture) is None):
                yield at, picture


def _is_small(picture: HtmlElement) -> bool:
    sizes = (_NUMBER.match(picture.get(side) or "") for side in ("width", "height"))
    return any(size is not None and int(size[0][:9]) < _LEAST_WIDTH for size in sizes)


def _is_ours(picture: HtmlElement, container: HtmlElement | None, above: bool) -> bool:
    """Whether a picture stands in no furniture, and in the container unless it is above the text."""
    for element in picture.iterancestors():
        if element is container:
            return True
        kind = kind_of_names(element.get("class") or "")
        if element.tag in _FURNITURE_TAGS or (kind is not None and kind != CAPTION):
            return False
    return above or container is None


def _source(picture: HtmlElement, url: str) -> str | None:
    for name in _SOURCES:
        value = picture.get(name)
        if value and not value.startswith("data:"):
            # Of a set of sizes the first; its addresses may have commas, but no spaces.
            address = value.split()[0].rstrip(",") if value.strip() else ""
            found = absolute(url, address)
            if found:
                return found
    return None


def _caption(text: Text, at: int, picture: HtmlElement) -> str | None:
    """What stands beside a picture in its figure, or in a box that holds nothing else."""
    lines, marks = text.page.lines, text.page.marks
    figure = _figure(picture)
    if figure is None:
        line = lines[at]
        said = not text.kept[at] and (marks[at] == CAPTION or is_caption(line)) and not is_byline(line.text)
        return line.text if said and len(line.text) >= _LEAST_CAPTION else None
    captions = []
    while at < len(lines) and figure in (lines[at].element, *lines[at].element.iterancestors("figure")):
        captions.append(lines[at].text)
        at += 1
    return " ".join(dict.fromkeys(captions)) or None


def _figure(picture: HtmlElement) -> HtmlElement | None:
    return next(picture.iterancestors("figure"), None)


def _is_same(one: str, other: str) -> bool:
    """Whether two addresses are one picture's, perhaps in two sizes."""
    if one == other:
        return True
    bare = [_BARE.sub("", address) for address in (one, other)]
    names = [address.rpartition("/")[2] for address in bare]
    return bare[0] == bare[1] or (names[0] == names[1] and len(names[0]) >= _LEAST_NAME)
