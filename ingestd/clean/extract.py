"""HTML to the paragraphs of its main text.

    1. choose    trafilatura says which text of the page is its main text, and our own blocks that carry it
                 are chosen: the page's own paragraphs, with where they stand
    2. prefer    where trafilatura missed the page's prose, the place where that prose stands
    3. complete  paragraphs between chosen ones that stand in the same place are chosen too
    4. strip     containers that are furniture by name or shape, prompts, teasers, and lines by what they say
    5. end       what follows the last paragraph and is not of it, and headings of which nothing is left
    6. lead      the standfirst, which often stands apart from the text

Steps 2 to 6 are needed because trafilatura joins or splits paragraphs at times, and keeps prompts,
teasers and credits that stand among them. A container is judged by its name only while containers of this
name hold a small part of the text: "article-with-sidebar", "metered-content" hold whole articles.
"""

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice

import trafilatura
from lxml.html import HtmlElement

from ingestd.clean.boilerplate import furniture, opens_teasers, reads_as_prose, squeeze, text_weight
from ingestd.clean.tree import HEADINGS, Block, blocks, fold, is_larger, is_link

# It logs a warning for each page without text, which is a verdict here and no event.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

# From here on trafilatura's time is seconds: it took 5.7 s for 100,000 paragraphs. The largest of
# 218 real pages has 4,098 elements.
MAX_ELEMENTS_FOR_TRAFILATURA = 25_000

# A furniture container with more than this share of the text is forgiven its name.
_FORGIVEN_SHARE = 0.3
# So many paragraphs in one place make it a place of the text.
_LEAST_PARAGRAPHS = 3
# So many boxes with a linked headline are teasers; one or two may be a part of the text.
_LEAST_CARDS = 3
# With less than this share of the page's prose, trafilatura has missed the text.
_NEXT_TO_NOTHING = 0.1
# The text stands in the smallest element that holds this share of the page's prose.
_CONTAINER_SHARE = 0.8
# When less than this share of the page's densest run of prose was chosen, that run is the text.
_LEAST_SHARE_OF_DENSEST = 0.5
# Teasers after the text hold at most this share of it, or they are a part of it (a live blog, a review).
_TEASERS_SHARE = 0.35
# A standfirst stands at most so many lines above the first paragraph.
_LINES_ABOVE = 25
# So many headings are tried as the one where the teasers begin.
_MOST_OPENERS = 40
# A box between the paragraphs with so few lines and so little text is a prompt when it opens with a label.
_MOST_LINES_OF_PROMPT = 3
_PROMPT_WEIGHT = 250
# What stands alone with a picture and weighs no more is its caption.
_CAPTION_WEIGHT = 250
# Lines around the text in which a credit may stand: from its first line upwards, from its last downwards.
_LINES_AROUND = 12

# Parts of class names and ids that containers of furniture give themselves, sorted; each is a pattern.
_FURNITURE_NAMES = (
    r"(?:nav|article)-?(?:prev|next) about-?author ad ads adslot advert\w* also-?read "
    r"author-?(?:bio|block|box|card|info|profile) banner bio breadcrumbs? byline captions? comments? "
    r"consent cookies? copyright correction\w* credits? disclaimer disqus donat\w+ fb-post feedback "
    r"follow\w* gdpr instagram-media modal more-(?:from|news|stories) most-?(?:popular|read|viewed) "
    r"newsletters? outbrain overlay pager pagination popular popup post-?nav\w* prev-?next promo\w* "
    r"read-?(?:also|more|next) recommend\w* related\w* share\w* sharing signup social\w* sponsor\w* "
    r"subscri\w+ taboola tag-?list tags? telegram tiktok-embed toolbar topics? trending twitter-tweet "
    r"whatsapp"
).split()
_FURNITURE_NAME = re.compile(rf"(?:^|[\s_-])(?:{'|'.join(_FURNITURE_NAMES)})(?:$|[\s_-])")
_FURNITURE_TAGS = frozenset("aside footer nav form figcaption button".split())
_FURNITURE_ROLES = frozenset("alertdialog banner complementary contentinfo dialog navigation search".split())
_CAPTION_TAGS = frozenset("figure figcaption".split())
_PICTURES = ("img", "picture", "video", "amp-img", "iframe")
# Kinds of input into which nobody writes.
_NO_FIELDS = frozenset("hidden submit button image reset checkbox radio".split())
# Lines that are content of their own kind, wherever they stand.
_OWN_KIND = frozenset("li td th dt dd blockquote pre".split())
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_AUTHOR_LINE = re.compile(r"^(?:by|von|par|por|di|da|автор:?|автор|от|від|بقلم)\s+\S.{1,60}$", re.IGNORECASE)
_ENDS_SENTENCE = re.compile(r"[.!?…:。！？।؟]['\"”’»)\]」』]*$")


@dataclass(frozen=True, slots=True)
class Extraction:
    """The main text of a page, and the short lines around and in it that were taken for no part of it."""

    paragraphs: tuple[str, ...]
    lead: str | None
    removed: tuple[str, ...]


def extract_text(
    root: HtmlElement,
    lines: list[Block],
    headlines: tuple[str, ...],
    description: str | None,
    is_credit: Callable[[str], bool],
) -> Extraction:
    """The main text below `root`, whose blocks are `lines`.

    A line that equals one of the `headlines` is no text, and one that equals the page's `description` is its
    standfirst. `is_credit` tells lines that are an agency's credit and nothing else.
    """
    page = _Page(lines, headlines, is_credit)
    marks = _Marks(lines, root)
    page.choose([] if is_larger(root, MAX_ELEMENTS_FOR_TRAFILATURA) else _main_text(root))
    page.prefer_own_prose(marks)
    page.complete()
    page.strip_containers(marks)
    page.strip_prompts()
    page.strip_cards()
    page.strip_lines()
    page.end()
    page.find_lead(description, marks)
    return page.result()


def feed_paragraphs(root: HtmlElement, is_credit: Callable[[str], bool]) -> Extraction:
    """The text of an entry's own HTML: all of it is meant to be read, but for lines that are furniture."""
    page = _Page(blocks(root), (), is_credit)
    page.kept = [True] * len(page.lines)
    page.strip_lines(head=False)
    return page.result()


def _main_text(root: HtmlElement) -> list[str]:
    """The lines that trafilatura takes for the main text; none when it fails."""
    try:
        found = trafilatura.bare_extraction(root, fast=True, include_comments=False, with_metadata=False)
    except Exception:
        # A foreign library on hostile input may raise anything; the page's own prose is taken then.
        return []
    body = getattr(found, "body", None)
    if body is None:
        return []
    parts = (
        element for child in body.iterchildren() for element in (child, *child.iter("item", "cell", "p"))
    )
    return ["".join(element.itertext()) for element in parts]


class _Page:
    """The lines of a page and which of them are kept; each step looks at what the one before left."""

    def __init__(
        self, lines: list[Block], headlines: tuple[str, ...], is_credit: Callable[[str], bool]
    ) -> None:
        self.lines = lines
        self.kept = [False] * len(lines)
        self._headlines = frozenset(squeeze(line) for line in headlines) - {""}
        self._is_credit = is_credit
        self._lead: int | None = None
        self._prose = [reads_as_prose(line.text) for line in lines]
        self._homes = [_home(line) for line in lines]

    # ------------------------------------------------------------------------------ 1

    def choose(self, texts: list[str]) -> None:
        squeezed_texts = dict.fromkeys(squeeze(text) for text in texts)
        short, whole = squeezed_texts.keys(), "".join(squeezed_texts)
        seen: set[str] = set()
        for index, line in enumerate(self.lines):
            squeezed = squeeze(line.text)
            found = squeezed in short or (len(squeezed) >= 20 and _stands_in(squeezed, whole))
            self.kept[index] = bool(squeezed) and found and not (len(squeezed) >= 40 and squeezed in seen)
            if line.tag not in HEADINGS:
                seen.add(squeezed)

    # ------------------------------------------------------------------------------ 2

    def prefer_own_prose(self, marks: "_Marks") -> None:
        """Where trafilatura finds next to nothing of the page's prose, find its place ourselves."""
        prose = [index for index in range(len(self.lines)) if self._is_prose(index)]
        set_apart = self._in_furniture(prose, marks)
        own = [index for index in prose if index not in set_apart] or prose
        chosen = self._size(index for index in self._chosen() if self._prose[index])
        if own and chosen < _NEXT_TO_NOTHING * self._size(own):
            inside = self._inside_container(own)
            for index in range(inside[0], inside[-1] + 1):
                self.kept[index] = True
        else:
            self._prefer_densest(chosen)

    def _inside_container(self, indexes: list[int]) -> list[int]:
        """Those of the lines that stand in the smallest element with most of their text."""
        weights: Counter[HtmlElement] = Counter()
        for index in indexes:
            weights.update(dict.fromkeys(_with_ancestors(self.lines[index].element), self._length(index)))
        limit = _CONTAINER_SHARE * self._size(indexes)
        # What stands in an element was counted before it, so the first of equals is the innermost.
        smallest = min((e for e, weight in weights.items() if weight >= limit), key=weights.__getitem__)
        return [i for i in indexes if smallest in _with_ancestors(self.lines[i].element)]

    def _length(self, index: int) -> int:
        return len(self.lines[index].text)

    def _prefer_densest(self, chosen: int) -> None:
        """Where most of the page's prose stands in one place and little of it was chosen, choose that."""
        places = Counter[HtmlElement]()
        for index, line in enumerate(self.lines):
            if self._is_prose(index):
                places[self._homes[index]] += len(line.text)
        densest, size = next(iter(places.most_common(1)), (None, 0))
        if densest is not None and chosen < _LEAST_SHARE_OF_DENSEST * size:
            self.kept = [home is densest for home in self._homes]

    # ------------------------------------------------------------------------------ 3

    def complete(self) -> None:
        homes = Counter(self._homes[index] for index in self._chosen() if self._prose[index])
        chosen = self._chosen()
        for index in range(chosen[0], chosen[-1]) if chosen else ():
            if self._is_prose(index) and homes[self._homes[index]] >= _LEAST_PARAGRAPHS:
                self.kept[index] = True

    def _is_prose(self, index: int) -> bool:
        """Whether a line reads as a paragraph and is not mostly a link."""
        return self._prose[index] and self.lines[index].linked * 2 < len(self.lines[index].text)

    # ------------------------------------------------------------------------------ 4

    def strip_containers(self, marks: "_Marks") -> None:
        """Take out what stands in a container that is furniture by name or shape and holds little text."""
        chosen = self._chosen()
        stripped = self._in_furniture(chosen, marks)
        # Where every paragraph has such a name, none of them means it.
        if any(self._prose[index] for index in chosen if index not in stripped):
            self._drop(stripped)

    def _in_furniture(self, indexes: list[int], marks: "_Marks") -> frozenset[int]:
        """Those of the lines that stand in furniture of a kind that holds a small part of their text."""
        kinds = {index: marks.kinds(self.lines[index]) for index in indexes}
        weights: Counter[object] = Counter()
        for index in indexes:
            weights.update(dict.fromkeys(kinds[index], self._length(index)))
        limit = _FORGIVEN_SHARE * self._size(indexes)
        return frozenset(i for i in indexes if any(weights[kind] <= limit for kind in kinds[i]))

    def _drop(self, indexes: Iterable[int]) -> None:
        for index in indexes:
            self.kept[index] = False

    def strip_prompts(self) -> None:
        """Take out boxes between the paragraphs that hold a label and a line or two."""
        chosen = self._chosen()
        paragraphs = Counter(self._homes[index] for index in chosen if self._prose[index])
        opened: set[HtmlElement] = set()
        for home, box in groupby(chosen, key=self._homes.__getitem__):
            indexes = list(box)
            parent = home.getparent()
            if parent in opened and paragraphs[parent] >= _LEAST_PARAGRAPHS and self._is_prompt(indexes):
                self._drop(indexes)
            opened.add(home)

    def strip_cards(self) -> None:
        """Take out teasers: boxes of their own with a headline that is a link and a sentence or two."""
        chosen = self._chosen()
        paragraphs = Counter(self._homes[index] for index in chosen if self._prose[index])
        cards = [
            index
            for index in chosen
            if self._prose[index]
            and paragraphs[self._homes[index]] < _LEAST_PARAGRAPHS
            and self._is_under_link(index)
        ]
        if len(cards) >= _LEAST_CARDS and 2 * self._size(cards) <= self._size(chosen):
            self._drop(cards)

    def _is_under_link(self, index: int) -> bool:
        """Whether one of the two lines above, in the same box, is a headline that leads elsewhere."""
        return any(
            is_link(self.lines[above]) and self._homes[above] is self._homes[index]
            for above in range(max(0, index - 2), index)
        )

    def _is_prompt(self, indexes: list[int]) -> bool:
        lines = [self.lines[index] for index in indexes]
        return (
            2 <= len(lines) <= _MOST_LINES_OF_PROMPT
            and sum(text_weight(line.text) for line in lines) <= _PROMPT_WEIGHT
            and _is_label(lines[0])
            and lines[-1].tag not in HEADINGS
            and _OWN_KIND.isdisjoint(line.tag for line in lines)
        )

    def strip_lines(self, *, head: bool = True) -> None:
        """Take out lines that are furniture by what they say or by how they are linked."""
        first = self._first_paragraph()
        teasers = False
        for index, line in enumerate(self.lines):
            if not self.kept[index]:
                continue
            rule = furniture(line.text)
            if rule is not None:
                teasers = opens_teasers(rule)
            elif teasers and not self._is_teaser(index):
                teasers = False
            before_text = head and index < first and self._heads(index, first)
            if rule is not None or teasers or before_text or self._is_furniture(line):
                self.kept[index] = False

    def _first_paragraph(self) -> int:
        """Where the text begins: a standfirst can stand above it, with a byline between the two."""
        prose = [index for index in self._chosen() if self._prose[index]]
        paragraphs = Counter(self._homes[index] for index in prose)
        begins = (i for i in prose if paragraphs[self._homes[i]] >= _LEAST_PARAGRAPHS)
        return next(begins, prose[0] if prose else 0)

    def _is_furniture(self, line: Block) -> bool:
        linked = line.linked / len(line.text)
        if linked >= 0.9 and len(line.text) < 200:
            return True
        # A cloud of tags, with spaces or commas between its links; a sentence that is one link may be text.
        if linked >= 0.8 and len(line.text) >= 200 and not _ENDS_SENTENCE.search(line.text):
            return True
        # A news flash says in its only paragraph what its headline says.
        if line.tag == "p" and reads_as_prose(line.text):
            return False
        return squeeze(line.text) in self._headlines or self._is_credit(line.text)

    def _is_teaser(self, index: int) -> bool:
        line = self.lines[index]
        linked = line.linked >= 0.6 * len(line.text)
        return linked or (
            not self._prose[index] and (line.tag in HEADINGS or bool(_AUTHOR_LINE.match(line.text)))
        )

    def _heads(self, index: int, first: int) -> bool:
        """Whether a line above the first paragraph is a label, byline or date and no text."""
        line = self.lines[index]
        if self._prose[index] and line.tag != "h1":
            return False
        if line.tag in HEADINGS:
            return index + 1 != first or line.tag == "h1"
        if line.tag == "p" and _ENDS_SENTENCE.search(line.text) and self._homes[index] is self._homes[first]:
            return False
        return text_weight(line.text) < (25 if line.tag == "li" else 60)

    # ------------------------------------------------------------------------------ 5

    def end(self) -> None:
        """Cut what follows the text: teasers after their heading, then scraps after the last paragraph."""
        openers = (index for index in range(self._late(), len(self.lines)) if self._opens_teasers(index))
        cut = next((index for index in islice(openers, _MOST_OPENERS) if self._ends_at(index)), None)
        if cut is not None:
            self.kept[cut:] = [False] * (len(self.lines) - cut)
        self._drop_scraps()
        self._drop_headings()

    def _drop_headings(self) -> None:
        """Drop the headings of which everything was taken out that stood under them."""
        following = len(self.lines)
        for index in reversed(self._chosen()):
            tag = self.lines[index].tag
            over = following == len(self.lines) or (
                self.lines[following].tag in HEADINGS and self.lines[following].tag <= tag
            )
            if over and following > index + 1:
                self.kept[index] = tag not in HEADINGS
            if self.kept[index]:
                following = index

    def _late(self) -> int:
        """The line after which too little text follows to be more than teasers."""
        chosen = self._chosen()
        left = self._size(chosen) / (1 + 1 / _TEASERS_SHARE)
        while chosen and left >= 0:
            left -= len(self.lines[chosen.pop()].text)
        return chosen[-1] if chosen else 0

    def _opens_teasers(self, index: int) -> bool:
        rule = None if self.kept[index] else furniture(self.lines[index].text)
        return rule is not None and opens_teasers(rule)

    def _ends_at(self, index: int) -> bool:
        """Whether little follows this line, and none of it where the paragraphs before it stand."""
        prose = [one for one in self._chosen() if self._prose[one]]
        before, after = ([one for one in prose if (one > index) is later] for later in (False, True))
        kinds = {_kind(self._homes[one]) for one in after}
        apart = kinds.isdisjoint(_kind(self._homes[one]) for one in before)
        return len(before) >= 2 and apart and self._size(after) <= _TEASERS_SHARE * self._size(before)

    def _drop_scraps(self) -> None:
        for index in range(len(self.lines) - 1, -1, -1):
            if not self.kept[index]:
                continue
            line = self.lines[index]
            if (
                line.tag in ("li", "td", "blockquote")
                or _ENDS_SENTENCE.search(line.text)
                or self._prose[index]
            ):
                return
            self.kept[index] = False

    # ------------------------------------------------------------------------------ 6

    def find_lead(self, description: str | None, marks: "_Marks") -> None:
        """Take the standfirst from above the text: the page's description, or all between it and the h1."""
        chosen = self._chosen()
        first = chosen[0] if chosen else 0
        top = max(0, first - _LINES_ABOVE)
        above = [
            index
            for index in range(top, first)
            if self._is_prose(index) and not marks.kinds(self.lines[index])
        ]
        if len(chosen) > 1 and self._homes[first] is not self._homes[chosen[1]]:
            above.append(first)
        described = [index for index in above if _is_cut_of(self.lines[index].text, description or "")]
        h1 = next((index for index in range(top, first) if self.lines[index].tag == "h1"), first)
        below = [index for index in above if h1 < index < first]
        self._lead = next(iter(described), below[0] if len(below) == 1 else None)
        if self._lead is not None:
            self.kept[self._lead] = True

    # ------------------------------------------------------------------------------ result

    def result(self) -> Extraction:
        chosen = self._chosen()
        texts = [self.lines[index].text for index in chosen]
        lead = texts.pop(0) if self._lead is not None or self._has_lead(chosen) else None
        return Extraction(tuple(texts), lead, tuple(self._removed(chosen)))

    def _has_lead(self, chosen: list[int]) -> bool:
        """Whether the first line is a standfirst: one paragraph that stands apart from the others."""
        if len(chosen) < 4:
            return False
        homes = [self._homes[index] for index in chosen]
        return (
            homes[0] not in homes[1:] and homes[1] == homes[2] and self.lines[chosen[0]].tag not in HEADINGS
        )

    def _removed(self, chosen: list[int]) -> Iterator[str]:
        """Short lines in and around the text that are not in it, captions and teasers left aside."""
        if not chosen:
            return
        for index in range(
            max(0, chosen[0] - _LINES_AROUND), min(len(self.lines), chosen[-1] + _LINES_AROUND)
        ):
            line = self.lines[index]
            rule = furniture(line.text)
            if index > chosen[-1] and rule is not None and opens_teasers(rule):
                return
            if not self.kept[index] and not self._prose[index] and not _in_caption(line.element):
                yield line.text

    def _chosen(self) -> list[int]:
        return [index for index, kept in enumerate(self.kept) if kept]

    def _size(self, indexes: Iterable[int]) -> int:
        return sum(len(self.lines[index].text) for index in indexes)


def _stands_in(squeezed: str, whole: str) -> bool:
    """Whether most of a line stands in the main text; parts of it may have been left out there."""
    if squeezed in whole:
        return True
    pieces = [squeezed[start : start + 24] for start in range(0, len(squeezed) - 23, 24)]
    return len(pieces) >= 2 and sum(piece in whole for piece in pieces) >= 0.6 * len(pieces)


def _is_cut_of(line: str, whole: str) -> bool:
    """Whether one of the two is the other, perhaps cut off: descriptions are cut to some 150 characters."""
    one, other = squeeze(line), squeeze(whole)
    return min(len(one), len(other)) >= 40 and (one.startswith(other) or other.startswith(one))


def _with_ancestors(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()


def _lineage(element: HtmlElement) -> Iterator[HtmlElement]:
    """The element and what it stands in, without the elements that hold the whole page."""
    yield element
    for ancestor in element.iterancestors():
        if ancestor.tag in ("body", "html", "main"):
            return
        yield ancestor


class _Marks:
    """Which elements of a page are furniture by what they call themselves or by what they hold."""

    def __init__(self, lines: list[Block], root: HtmlElement) -> None:
        self._known: dict[HtmlElement, bool] = {}
        self._sizes: Counter[HtmlElement] = Counter()
        for line in lines:
            self._sizes.update(dict.fromkeys(_lineage(line.element), len(line.text)))
        for field in root.iter("input", "textarea"):
            if (field.get("type") or "").lower() not in _NO_FIELDS:
                self._mark_around(field)

    def _mark_around(self, field: HtmlElement) -> None:
        """Mark the smallest box around a field to write in that has text."""
        box = next((e for e in _lineage(field) if self._sizes[e]), None)
        if box is not None:
            self._known[box] = True

    def kinds(self, line: Block) -> tuple[object, ...]:
        """The kinds of all furniture around a line, its own element included."""
        return tuple(
            _kind(element)
            for element in _lineage(line.element)
            if self._names_itself(element) or self._is_caption(line, element)
        )

    def _names_itself(self, element: HtmlElement) -> bool:
        if element not in self._known:
            names = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
            self._known[element] = (
                element.tag in _FURNITURE_TAGS
                or (element.get("role") or "").lower() in _FURNITURE_ROLES
                or _FURNITURE_NAME.search(names) is not None
                or element.get("hidden") is not None
                or _NOT_SHOWN.search(element.get("style") or "") is not None
            )
        return self._known[element]

    def _is_caption(self, line: Block, element: HtmlElement) -> bool:
        """Whether an element holds a picture and no text but this short line."""
        return (
            self._sizes[element] == len(line.text)
            and text_weight(line.text) <= _CAPTION_WEIGHT
            and line.tag not in HEADINGS | _OWN_KIND
            and element.tag != "p"
            and next(element.iter(*_PICTURES), None) is not None
        )


def _is_label(line: Block) -> bool:
    """Whether a line is a heading, or set as one: all of it in bold."""
    if line.tag in HEADINGS:
        return True
    bold = next(line.element.iter("b", "strong"), None)
    return bold is not None and len(fold("".join(bold.itertext()))) == len(line.text)


def _home(line: Block) -> HtmlElement:
    """Where a line stands: what holds its paragraph, past wrappers of this paragraph alone."""
    element = line.element
    parent = element.getparent()
    while parent is not None and _alone(element) and parent.tag not in ("body", "html"):
        element, parent = parent, parent.getparent()
    return element if parent is None else parent


def _alone(element: HtmlElement) -> bool:
    return element.getprevious() is None and element.getnext() is None


def _kind(home: HtmlElement) -> object:
    """What two places have in common that hold parts of one text: their class, or being one place."""
    name = home.get("class")
    return (home.tag, name) if name else home


def _in_caption(element: HtmlElement) -> bool:
    return element.tag in _CAPTION_TAGS or any(e.tag in _CAPTION_TAGS for e in element.iterancestors())
