"""The text of a page in the making: which of its lines are kept so far."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import compress, count

from ingestd.clean.boilerplate import squeeze, text_weight
from ingestd.clean.container import Page
from ingestd.clean.marks import COMMENTS, OTHERS, POST, RELATED
from ingestd.clean.walk import HEADINGS, Block, Box, shape_of

# Posts of others are a part of the text where they are quoted in it; where they make up more of it, they
# are shown beside a text that retells them.
_SHARE_OF_POSTS = 0.3
# A text of so many paragraphs with this share of the page's prose needs no second opinion.
_SURE_PARAGRAPHS = 4
_SURE_SHARE = 0.8
# More than this share of it left over in short lines makes it unsure.
_MUCH_LEFT = 0.5
# A text with less of the prose in its container, or on the whole page, is checked against one of fewer rules.
_DOUBTFUL_SHARE = 0.65
_DOUBTFUL_SHARE_OF_PAGE = 0.5
# What is never missing from a text, however long it is.
_OF_OTHERS = (COMMENTS, OTHERS)
# A label and its link are no more lines than this.
_MOST_LABELLED = 3
# With so many times the text in them, teasers may be what the page is about. They were not with 1.01; with
# 1.6 they were the text itself, under a name of theirs.
_MANY_TEASERS = 1.25
# Letters of a headline that tell it from a word or two that stand in another heading.
_LEAST_HEADLINE = 16
_LONGEST_HEADLINE = 400


@dataclass(slots=True)
class Text:
    """The lines of a page and which of them are kept; each step looks at what the one before left."""

    page: Page
    container: Box | None
    # Squeezed.
    headlines: frozenset[str]
    is_credit: Callable[[str], bool]
    kept: list[bool] = field(default_factory=list)
    # Number of the line that is the standfirst.
    lead: int | None = None
    # Number of the line where the article begins: after its headline, if that is found.
    top: int = 0
    # Where each line stands: the box that holds its paragraph.
    homes: list[Box] = field(default_factory=list)
    # The homes of several paragraphs each.
    places: frozenset[Box] = frozenset()
    # Number of the line where other things begin, teasers or what readers say.
    end: int = sys.maxsize
    # Lines beside the container that go on with its text in an enumeration.
    parts: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self.kept = self.kept or [False] * len(self.page.lines)
        self.homes = [home(line.box) for line in self.page.lines]

    def choose_container(self) -> None:
        """Keep what stands in the container and in no furniture."""
        if self.container is None:
            return
        inside = range(self.container.first, self.container.end)
        for at in inside:
            self.kept[at] = not self.page.marks[at]
        for at in self.parts:
            self.kept[at] = True
        posts = [at for at in inside if self.page.marks[at] == POST]
        if self.size(posts) <= _SHARE_OF_POSTS * self.size(self.chosen()):
            for at in posts:
                self.kept[at] = True

    def choose(self, texts: list[str]) -> None:
        """Keep the lines that say one of the texts, or stand for the most part in them."""
        squeezed_texts = dict.fromkeys(squeeze(text) for text in texts)
        short, whole = squeezed_texts.keys(), "".join(squeezed_texts)
        seen: set[str] = set()
        for index, line in enumerate(self.page.lines):
            if self.page.marks[index] == OTHERS:
                continue
            squeezed = squeeze(line.text)
            found = squeezed in short or (len(squeezed) >= 20 and _stands_in(squeezed, whole))
            self.kept[index] = bool(squeezed) and found and not (len(squeezed) >= 40 and squeezed in seen)
            if line.tag not in HEADINGS:
                seen.add(squeezed)

    def joined(self) -> str:
        """The kept lines as one text."""
        return "\n".join(self.page.lines[index].text for index in self.chosen())

    def furniture(self) -> str:
        """What readers wrote on the page, and the teasers of other articles, as one text."""
        return "\n".join(self.page.lines[at].text for at in self._of_others())

    def _of_others(self) -> list[int]:
        """The lines that readers wrote, teasers, and what stands above the headline.

        Where teasers say more than the text, they may be what the page is about: a list with a link in
        each item.
        """
        marks = self.page.marks
        teasers = [at for at, mark in enumerate(marks) if mark == RELATED]
        if self.size(teasers) > _MANY_TEASERS * self.size(self.chosen()):
            teasers = []
        first = self._headline()
        return [
            at for at, mark in enumerate(marks) if mark in _OF_OTHERS or not first <= at < self.end
        ] + teasers

    def _headline(self) -> int:
        """Number of the first line above the text that is its headline; 0 where there is none."""
        above = range(next(compress(count(), self.kept), 0))
        tags = (at for at in above if self.page.lines[at].tag in HEADINGS)
        return next((at for at in tags if self.is_headline(at)), 0)

    def is_doubtful(self) -> bool:
        """Whether so much of the prose was taken out that the rules which did it may be wrong."""
        said = sum(text_weight(self.page.lines[at].text) for at in self.chosen())
        box = self.container
        inside = range(box.first, box.end) if box else range(0)
        prose, marks, kept = self.page.prose, self.page.marks, self.kept
        left = sum(prose[at] for at in inside if not (kept[at] or marks[at]))
        told = zip(prose, marks, kept, strict=True)
        left_on_page = sum(weight for weight, mark, is_kept in told if not is_kept and mark not in _OF_OTHERS)
        in_box, on_page = said + left, said + left_on_page
        return said < _DOUBTFUL_SHARE * in_box or said < _DOUBTFUL_SHARE_OF_PAGE * on_page

    def is_sure(self) -> bool:
        """Whether no witness is needed: several paragraphs, and little prose on the page besides them."""
        chosen, prose = self.chosen(), self.page.prose
        told = [prose[index] for index in chosen if self.is_prose(index)]
        if len(told) < _SURE_PARAGRAPHS or len(self.left()) > _MUCH_LEFT * self.size(chosen):
            return False
        # What is of others is none that the text could lack.
        others = sum(prose[at] for at in set(self._of_others()) if not self.kept[at])
        return sum(told) >= _SURE_SHARE * (sum(prose) - others)

    def left(self) -> str:
        """What was not kept of the lines that stand in no furniture and are no links, as one text."""
        told = list(zip(self.page.lines, self.page.marks, self.kept, strict=True))
        return "\n".join(
            line.text
            for line, mark, kept in told[: self.end]
            if not (mark or kept) and line.linked * 2 < len(line.text)
        )

    def ways(self) -> str:
        """What was not kept of the lines that are links or their labels, as one text."""
        return "\n".join(
            line.text
            for at, line in enumerate(self.page.lines)
            if not self.kept[at] and (_is_link(line) or self._labels_link(at))
        )

    def _labels_link(self, index: int) -> bool:
        """Whether a line stands with hardly more than a link in its box, as in the sidebars of old pages."""
        box = self.homes[index]
        beside = self.page.lines[box.first : box.end]
        return len(beside) <= _MOST_LABELLED and any(map(_is_link, beside))

    def chosen(self) -> list[int]:
        """Numbers of the kept lines."""
        return list(compress(range(len(self.kept)), self.kept))

    def is_prose(self, index: int) -> bool:
        """Whether a line reads as a paragraph and is not mostly a link."""
        return self.page.prose[index] > 0

    def is_headline(self, index: int) -> bool:
        """Whether a line is the article's headline, which a kicker may stand before in a heading."""
        line = self.page.lines[index]
        if len(line.text) > _LONGEST_HEADLINE:
            return False
        squeezed = squeeze(line.text)
        return squeezed in self.headlines or (
            line.tag in HEADINGS
            and any(len(one) >= _LEAST_HEADLINE and one in squeezed for one in self.headlines)
        )

    def size(self, indexes: Iterable[int]) -> int:
        """Characters of so many lines."""
        return sum(len(self.page.lines[index].text) for index in indexes)

    def drop(self, indexes: Iterable[int]) -> None:
        """Keep these lines no longer."""
        for index in indexes:
            self.kept[index] = False


def _is_link(line: Block) -> bool:
    return line.linked * 2 >= len(line.text)


def _stands_in(squeezed: str, whole: str) -> bool:
    """Whether most of a line stands in a text; parts of it may have been left out there."""
    if squeezed in whole:
        return True
    pieces = [squeezed[start : start + 24] for start in range(0, len(squeezed) - 23, 24)]
    return len(pieces) >= 2 and sum(piece in whole for piece in pieces) >= 0.6 * len(pieces)


def home(box: Box) -> Box:
    """What holds the paragraph that is this box, past wrappers of this paragraph alone.

    Paragraphs that only line breaks part are held by the box whose lines they are.
    """
    if box.end - box.first > 1 and box.tag != "p":
        return box
    parent = box.parent
    while parent is not None and _alone(box) and parent.tag not in ("body", "html"):
        box, parent = parent, parent.parent
    return parent or box


def _alone(box: Box) -> bool:
    return box.element.getprevious() is None and box.element.getnext() is None


def like(box: Box) -> object:
    """What two boxes have in common that hold parts of one text: their class, or what they stand in."""
    return box.tag, shape_of(box.element.get("class") or "") or box.parent
