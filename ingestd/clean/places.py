"""Which lines stand where the paragraphs of the text stand, and what to do with those that do not.

A text's paragraphs stand in one box, or in a few boxes of one name: its places. Captions, prompts and teasers
between them, and author boxes after them, stand in boxes of their own. This needs no tell-tale names.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from ingestd.clean.boilerplate import text_weight
from ingestd.clean.text import Text, like
from ingestd.clean.walk import HEADINGS, Box

# A home with this share of the text's prose is a place of the text, and so is any of the same name.
_SHARE_OF_PLACE = 0.2
# What is cut off before and after the text's places is at most this share of it.
_MOST_CUT = 0.25
# A box between the paragraphs with no more text than this may be a caption or a prompt.
_ASIDE_WEIGHT = 350
# So many items make a list that is worth keeping.
_LEAST_ITEMS = 5
# So many paragraphs go on with the text; a sentence or two are about its author.
_LEAST_PARAGRAPHS = 3
# What stands beside the heading of a part: its time, its number.
_LABEL = 60
# With this share of the prose in one tag, the text's paragraphs have that tag.
_ONE_TAG = 0.8

# What stands within a place as a part of its text.
_TEXT_TAGS = frozenset(
    "p pre blockquote ul ol li dl dt dd table thead tbody tfoot tr td th caption center details "
    "summary".split()
)
# What stands in them is theirs, if it is no picture with its caption.
_ITEMS = frozenset("li dd td blockquote".split())
_NO_PARAGRAPHS = frozenset("div section header footer a span figure center".split())
_MEDIA = ("img", "picture", "video", "amp-img", "iframe", "input")


def keep_to_places(text: Text) -> None:
    """Take out what stands apart from the text's places: before, after, and in small boxes between."""
    chosen = [at for at in text.chosen() if at not in text.parts]
    places = _places(text, chosen)
    if not places:
        return
    around = frozenset(
        like(box) for place in places for box in _below(place, text.container) if box.element.get("class")
    )
    outside = {at: box for at in chosen if (box := _apart(text, at, places, around)) is not None}
    inside = [at for at in chosen if at not in outside and text.is_prose(at)]
    if not inside:
        return
    limit = _MOST_CUT * text.size(chosen)
    lines = text.page.lines
    # A list above the text sums it up.
    before = [
        at
        for at in outside
        if at < inside[0] and lines[at].tag not in HEADINGS and not _is_item(lines[at].box)
    ]
    after = _without_parts(text, {at: box for at, box in outside.items() if at > inside[-1]})
    for cut in (before, after):
        if text.size(cut) <= limit:
            text.drop(cut)
    between = {at: box for at, box in outside.items() if inside[0] < at < inside[-1]}
    asides = list(_asides(text, between, _tag_of(text, inside)))
    if text.size(asides) <= limit:
        text.drop(asides)


def _below(box: Box, container: Box | None) -> Iterator[Box]:
    """The box and what it stands in, below the container."""
    at: Box | None = box
    while at is not None and at is not container:
        yield at
        at = at.parent


def _without_parts(text: Text, after: dict[int, Box]) -> list[int]:
    """What stands after the text but for what goes on with it.

    That is a longer list, as of the ingredients of a recipe, and paragraphs without a link or a picture.
    """
    lines = text.page.lines
    items = Counter(box for at, box in after.items() if _is_item(lines[at].box))
    prose = Counter(box for at, box in after.items() if text.is_prose(at) and not _is_item(lines[at].box))
    linked = {box for at, box in after.items() if lines[at].links or lines[at].pictures}
    lists = items.total() >= _LEAST_ITEMS
    return [
        at
        for at, box in after.items()
        if not (lists and items[box]) and (prose[box] < _LEAST_PARAGRAPHS or box in linked)
    ]


def _is_item(box: Box) -> bool:
    return any(one is not None and one.tag in ("li", "td") for one in (box, box.parent))


def _places(text: Text, chosen: list[int]) -> frozenset[Box]:
    prose = [at for at in chosen if text.is_prose(at)]
    weights: defaultdict[object, float] = defaultdict(float)
    for at in prose:
        weights[like(text.homes[at])] += text.page.prose[at]
    limit = _SHARE_OF_PLACE * sum(weights.values())
    counts = Counter(text.homes[at] for at in prose)
    return frozenset(
        box for box, count in counts.items() if weights[like(box)] >= limit and _may_be_place(box, count)
    )


def _may_be_place(box: Box, paragraphs: int) -> bool:
    """Whether it is no box without a name that holds a picture and one sentence, as authors are shown."""
    named = paragraphs > 1 or bool(box.element.get("class"))
    return named or next(box.element.iter(*_MEDIA), None) is None


def _apart(text: Text, at: int, places: frozenset[Box], around: frozenset[object]) -> Box | None:
    """The outermost box around a line that stands apart within its place, or in none; else None."""
    if text.homes[at] in places:
        return None
    box: Box | None = text.page.lines[at].box
    apart: Box | None = None
    while box is not None:
        if box in places:
            return apart
        if like(box) in around:
            return None
        if box.tag not in _TEXT_TAGS and box.heading is None:
            apart = box
        elif apart is not None and box.tag in _ITEMS and next(box.element.iter(*_MEDIA), None) is None:
            apart = None
        box = box.parent
    return apart


def _tag_of(text: Text, inside: list[int]) -> str | None:
    """The tag of the text's paragraphs; None when they have several."""
    weights: defaultdict[str, float] = defaultdict(float)
    for at in inside:
        weights[text.page.lines[at].tag] += text.page.prose[at]
    tag, weight = max(weights.items(), key=lambda one: one[1])
    return tag if weight >= _ONE_TAG * sum(weights.values()) else None


def _asides(text: Text, between: dict[int, Box], tag: str | None) -> Iterable[int]:
    """Lines in small boxes that hold a picture, or nothing set as the text's paragraphs are."""
    groups: defaultdict[Box, list[int]] = defaultdict(list)
    for at, box in between.items():
        groups[box].append(at)
    lines = text.page.lines
    for box, indexes in groups.items():
        if sum(text_weight(lines[at].text) for at in indexes) > _ASIDE_WEIGHT:
            continue
        if all(lines[at].tag in HEADINGS for at in indexes):
            continue
        title = lines[indexes[0]]
        rest = indexes[1:]
        mere_labels = all(lines[at].tag in _NO_PARAGRAPHS for at in rest) and text.size(rest) <= _LABEL
        if title.tag in HEADINGS and not title.linked and mere_labels:
            yield from rest
            continue
        pictured = next(box.element.iter(*_MEDIA), None) is not None
        foreign = tag == "p" and all(
            lines[at].tag in _NO_PARAGRAPHS or lines[at].tag in HEADINGS for at in indexes
        )
        if pictured or foreign:
            yield from indexes
