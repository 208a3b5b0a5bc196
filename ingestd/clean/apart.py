"""Small boxes apart from the text that hold a line of furniture: what else is in them is no text.

Prices below a request to subscribe, comments below their number, what is said of an author: phrases tell one
line of such a box, and its place tells the others. Known exception: a list of sections, each with buttons to
share it, is a text, and so is a gallery with a paragraph to each picture.
"""

from collections import Counter

from ingestd.clean.boilerplate import furniture
from ingestd.clean.text import Text, like
from ingestd.clean.walk import Box

# Such a box holds no more than this. All of them hold at most this share of the text: of 500 pages' the most
# was .36, all of it comments.
_LARGEST = 500
_MOST_SENTENCES = 4
_MOST_CUT = 0.4
# Pictures, with which a text is told as well, bear a number and who took them.
_OF_PICTURES = frozenset({"counter", "photo credit"})
# So many boxes of one kind with a paragraph and a heading each are the parts of a text.
_LEAST_SECTIONS = 3

_BOXES = frozenset("div section header".split())


def strip_beside_furniture(text: Text) -> None:
    """Take out what is left in small boxes apart from the text in which a line is furniture."""
    chosen = text.chosen()
    if not chosen or not text.places:
        return
    around = _around(text.places)
    # The last box may end in such a line.
    last = text.container.end if text.container else len(text.kept)
    told = (at for at in range(chosen[0], last) if not text.kept[at] and _is_told(text, at))
    apart = dict.fromkeys(_box_apart(text.page.lines[at].box, text.container, around) for at in told)
    boxes = [box for box in apart if box is not None and _is_small(text, box)]
    parts = {box.parent: _sections_in(text, box.parent) for box in boxes}
    foreign = [box for box in boxes if parts[box.parent][like(box)] < _LEAST_SECTIONS]
    beside = [at for box in foreign for at in _kept_in(text, box)]
    if beside and text.size(beside) <= _MOST_CUT * text.size(chosen):
        text.drop(beside)
        _end_above(text, foreign)


def _end_above(text: Text, boxes: list[Box]) -> None:
    """Let the text end where such boxes begin below all of it, so that no witness brings them back."""
    last = text.chosen()[-1]
    text.end = min((text.end, *(box.first for box in boxes if box.first > last)))


def _around(places: frozenset[Box]) -> set[Box]:
    """The places and whatever they stand in."""
    found: set[Box] = set()
    for place in places:
        box: Box | None = place
        while box is not None and box not in found:
            found.add(box)
            box = box.parent
    return found


def _is_told(text: Text, at: int) -> bool:
    """Whether a line that nothing marks is furniture by what it says."""
    rule = None if text.page.marks[at] else furniture(text.page.lines[at].text)
    return rule is not None and rule.name not in _OF_PICTURES


def _box_apart(box: Box | None, container: Box | None, around: set[Box]) -> Box | None:
    """The outermost box around a line that holds none of the text's places; None when that is no mere box."""
    apart: Box | None = None
    while box is not None and box is not container and box not in around:
        apart, box = box, box.parent
    return apart if apart is not None and apart.tag in _BOXES else None


def _is_small(text: Text, box: Box) -> bool:
    kept = _kept_in(text, box)
    sentences = sum(map(text.is_prose, kept))
    small = text.size(kept) <= _LARGEST and sentences <= _MOST_SENTENCES
    return small and text.parts.isdisjoint(kept)


def _sections_in(text: Text, parent: Box | None) -> Counter[object]:
    """How many boxes of each kind below one hold a paragraph and more."""
    kept = ((box, _kept_in(text, box)) for box in text.page.children[parent])
    return Counter(like(box) for box, lines in kept if len(lines) > 1 and any(map(text.is_prose, lines)))


def _kept_in(text: Text, box: Box) -> list[int]:
    return [at for at in range(box.first, box.end) if text.kept[at]]
