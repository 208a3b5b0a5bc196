"""Where on a page its article stands: the smallest box that holds all but a little of the page's prose."""

import re
from dataclasses import dataclass
from itertools import accumulate

from ingestd.clean.boilerplate import squeeze, text_weight
from ingestd.clean.tree import is_link
from ingestd.clean.walk import HEADINGS, Block, Box, shape_of

# A box with this share of the prose holds the article; what is left over are teasers and prompts.
_SHARE = 0.8
# A box that names itself the article's body may hold less, and so may one story of several.
_SHARE_OF_STATED = 0.5
_SHARE_OF_NAMED = 0.6
_SHARE_OF_STORY = 0.15
# A box with the headline may have this share, where nothing beside it goes on with the text.
_SHARE_OF_HEADED = 0.4
# A box beside the container with this share of its prose, most of it prose, with few links, is a part of the
# text as well.
_SHARE_OF_PART = 0.2
_MOSTLY = 0.7
_FEW_LINKS = 0.2

# What a paragraph, or an enumeration within the text, is made of: no article stands within it.
_INNERMOST = frozenset("p pre ul ol dl li dt dd blockquote figure h1 h2 h3 h4 h5 h6".split())
_BODY_NAME = re.compile(
    r"(?:^|[\s_-])(?:article|articles|story|entry|post|news|content|text)[_-]{0,2}"
    r"(?:body|content|text|copy|detail|details|main)(?:$|[\s_-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page with what is known of each, by their numbers."""

    lines: list[Block]
    # Weight of those that read as prose, 0 for the others.
    prose: list[float]
    # Kind of furniture in which a line stands, None for none.
    marks: list[str | None]
    # The boxes with text, by the box that they stand in; the root stands in None.
    children: dict[Box | None, list[Box]]
    # Running total of `prose` of the lines without a mark.
    totals: list[float]

    def weight(self, box: Box) -> float:
        """Weight of the unmarked prose in a box."""
        return self.totals[box.end] - self.totals[box.first]


def page_of(lines: list[Block], prose: list[float], marks: list[str | None]) -> Page:
    """A page with its boxes and running totals."""
    return Page(lines, prose, marks, _children(lines), _totals(prose, marks))


def with_marks(page: Page, marks: list[str | None]) -> Page:
    """The page with other marks."""
    return Page(page.lines, page.prose, marks, page.children, _totals(page.prose, marks))


def _totals(prose: list[float], marks: list[str | None]) -> list[float]:
    free = (0.0 if mark else weight for weight, mark in zip(prose, marks, strict=True))
    return list(accumulate(free, initial=0.0))


def _children(lines: list[Block]) -> dict[Box | None, list[Box]]:
    found: dict[Box | None, list[Box]] = {}
    known: set[Box] = set()
    for line in lines:
        box: Box | None = line.box
        while box is not None and box not in known:
            known.add(box)
            found.setdefault(box.parent, []).append(box)
            box = box.parent
    return found


def find_container(page: Page, headlines: frozenset[str]) -> Box | None:
    """The box with the article; None when the page has no prose. `headlines` are squeezed."""
    total = page.totals[-1]
    if not total:
        return None
    root = page.children[None][0]
    return _step_up(page, _descend(page, _named(page, total) or root, headlines))


def headline_lines(page: Page, headlines: frozenset[str]) -> list[int]:
    """Numbers of the headings that say the article's headline, `headlines` being squeezed."""
    told = enumerate(page.lines)
    return [at for at, line in told if line.tag in HEADINGS and squeeze(line.text) in headlines]


def _named(page: Page, total: float) -> Box | None:
    """The innermost box that calls itself the article's body and holds much of the page's prose."""
    boxes = [(page.weight(box) / total, box) for some in page.children.values() for box in some]
    stated = [
        (share, box)
        for share, box in boxes
        if share >= _SHARE_OF_STATED and box.element.get("itemprop") == "articleBody"
    ]
    named = [
        (share, box)
        for share, box in boxes
        if share >= _SHARE_OF_NAMED and _BODY_NAME.search(box.element.get("class") or "")
    ]
    _, found = min(stated or named, key=lambda one: (one[0], one[1].end - one[1].first), default=(0, None))
    return found


def _descend(page: Page, box: Box, headlines: frozenset[str]) -> Box:
    limit = _SHARE * page.weight(box)
    titles = headline_lines(page, headlines)
    while True:
        inner = [child for child in page.children.get(box, ()) if child.tag not in _INNERMOST]
        heaviest = max(inner, key=page.weight, default=None)
        if heaviest is None:
            return box
        headed = [child for child in inner if any(child.first <= at < child.end for at in titles)]
        if len(headed) == 1 and stands_apart(page, headed[0]):
            heaviest, limit = headed[0], min(limit, _SHARE * page.weight(headed[0]))
        if page.weight(heaviest) < limit:
            story = _story(page, inner, headlines) or _below_headline(page, inner, headed)
            if story is None:
                return box
            heaviest, limit = story, _SHARE * page.weight(story)
        if heaviest.end - heaviest.first < 2:
            return box
        box = heaviest


def _story(page: Page, boxes: list[Box], headlines: frozenset[str]) -> Box | None:
    """Of several stories on one page the one with the headline; None when they are parts of one."""
    weight = sum(map(page.weight, boxes))
    stories = [box for box in boxes if page.weight(box) >= _SHARE_OF_STORY * weight]
    titled = [
        box for box in stories if _is_story(box) and any(line.tag == "h1" for line in _lines(page, box))
    ]
    if len(titled) < 2:
        return None
    own = [box for box in titled if any(squeeze(line.text) in headlines for line in _lines(page, box))]
    return own[0] if own else titled[0]


def stands_apart(page: Page, box: Box) -> bool:
    """Whether nothing beside a box goes on with its text, which is much of the prose there."""
    around = box.parent
    if around is None or page.weight(box) < _SHARE_OF_HEADED * page.weight(around):
        return False
    others = [one for one in page.children[around] if one is not box and page.weight(one)]
    return not any(_like(one, box) or _continues(page, one, box) for one in others)


def _below_headline(page: Page, boxes: list[Box], headed: list[Box]) -> Box | None:
    """The box with the headline where nearly all that is not above it stands; None when there is none.

    Above it a page explains itself: how to log in, what its author writes about.
    """
    if not headed:
        return None
    own, last = headed[0], boxes[-1]
    weight, above = page.weight(own), page.totals[own.first] - page.totals[boxes[0].first]
    below = page.totals[last.end] - page.totals[own.first]
    return own if weight >= _SHARE * below and weight >= above else None


def _is_story(box: Box) -> bool:
    """Whether a box may be a story of its own; sections of one story have an h1 each at times."""
    return box.tag == "article" or next(box.element.iter("article", "time"), None) is not None


def _lines(page: Page, box: Box) -> list[Block]:
    return page.lines[box.first : box.end]


def _step_up(page: Page, box: Box) -> Box:
    """Out to where more of the text stands beside the box: of its kind, or at its very side."""
    nearest = True
    while (parent := box.parent) is not None and parent.tag not in ("html", "body"):
        others = [one for one in page.children[parent] if one is not box]
        beside = [one for one in others if page.weight(one)]
        if others and not any(_like(one, box) or (nearest and _continues(page, one, box)) for one in beside):
            return box
        nearest = nearest and not others
        box = parent
    return box


def _like(one: Box, box: Box) -> bool:
    if one.tag == "p":
        return True
    shape = shape_of(box.element.get("class") or "")
    return one.tag == box.tag and bool(shape) and shape == shape_of(one.element.get("class") or "")


def _continues(page: Page, one: Box, box: Box) -> bool:
    """Whether a box beside the container is a part of the text: much prose, hardly a link, no headline.

    It may be less where its paragraphs stand in boxes of the name in which those of the container stand.
    """
    lines = _lines(page, one)
    return (
        page.weight(one) >= _MOSTLY * sum(text_weight(line.text) for line in lines)
        and sum(line.linked for line in lines) <= _FEW_LINKS * sum(len(line.text) for line in lines)
        and not any(line.tag == "h1" or is_link(line) for line in lines)
        and (page.weight(one) >= _SHARE_OF_PART * page.weight(box) or _are_set_alike(page, one, box))
    )


def _are_set_alike(page: Page, one: Box, box: Box) -> bool:
    """Whether nearly all paragraphs of both stand in boxes of one class."""
    name, weight = max(_holders(page, box).items(), key=lambda held: held[1], default=(None, 0.0))
    there = _holders(page, one).get(name, 0.0)
    return bool(name) and weight >= _SHARE * page.weight(box) and there >= _SHARE * page.weight(one)


def _holders(page: Page, box: Box) -> dict[str | None, float]:
    """Weight of the unmarked prose in a box by the class of what its paragraphs stand in."""
    held: dict[str | None, float] = {}
    for at in range(box.first, box.end):
        around = page.lines[at].box.parent
        if page.prose[at] and not page.marks[at] and around is not None:
            name = around.element.get("class")
            held[name] = held.get(name, 0.0) + page.prose[at]
    return held
