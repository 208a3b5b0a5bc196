"""The standfirst, and what else of the text stands between the headline and the container.

A standfirst is a sentence or two between headline and text, often set apart from both. It is told by being
the page's description, or by being the only sentence there. Several paragraphs there are the beginning of
the text, which a box for ads or for paying readers cuts in two at times.
"""

from ingestd.clean.boilerplate import (
    ends_sentence,
    furniture,
    is_author_line,
    is_byline,
    squeeze,
    text_weight,
)
from ingestd.clean.lines import is_caption
from ingestd.clean.marks import ASIDE, META
from ingestd.clean.text import Text
from ingestd.clean.units import is_live
from ingestd.clean.walk import HEADINGS

# A standfirst stands at most so many lines above the first paragraph, and above the entries of a live blog.
_LINES_ABOVE = 25
_LINES_ABOVE_LIVE = 60
# Where no headline is found, the article begins so many lines above its first paragraph.
_LINES_OF_HEAD = 4
# Letters that a description and a line have in common where one is the other, cut off.
_LEAST_LEAD = 25
# What stands right below a headline is a standfirst from this weight on.
_LEAST_STANDFIRST = 40
# What is cut off of the text weighs as paragraphs do.
_LEAST_INTRO_WEIGHT = 80


def find_lead(text: Text, description: str | None) -> None:
    """Take the standfirst from above the text, and the paragraphs between it and the text."""
    chosen = text.chosen()
    if not chosen:
        return
    lines = text.page.lines
    first = next((at for at in chosen if lines[at].tag not in HEADINGS), chosen[0])
    live = text.container is not None and is_live(text.container)
    top = max(0, first - (_LINES_ABOVE_LIVE if live else _LINES_ABOVE))
    above = [at for at in range(top, first) if text.is_prose(at) and not is_caption(lines[at])]
    second = next((at for at in chosen if at > first), first)
    if text.homes[first] is not text.homes[second]:
        above.append(first)
    marks = text.page.marks
    said = squeeze(description or "")
    described = [
        at
        for at in (*range(top, first), *(at for at in above if at == first))
        if marks[at] in (None, ASIDE, META) and _is_described(text, at, said)
    ]
    headline = _headline(text, top, first)
    text.top = headline if headline < first else max(0, first - _LINES_OF_HEAD)
    below = [at for at in above if headline < at < first and not marks[at]]
    text.lead = next(iter(described), below[0] if len(below) == 1 else None)
    if text.lead is None and not below:
        text.lead = _below_headline(text, headline, first)
    if text.lead is None and _stands_apart(text, chosen):
        text.lead = first
    if text.lead is not None:
        text.kept[text.lead] = True
    for at in below:
        text.kept[at] = text.kept[at] or at == text.lead or (len(below) > 1 and _is_intro(text, at))


def _headline(text: Text, top: int, first: int) -> int:
    """The line above the text that is its headline; the first line of the text where there is none."""
    lines = text.page.lines
    above = range(first - 1, top - 1, -1)
    stated = (at for at in above if lines[at].tag == "h1" or text.is_headline(at))
    second = (at for at in above if lines[at].tag == "h2" and not lines[at].linked)
    return next(stated, next(second, first))


def _below_headline(text: Text, headline: int, first: int) -> int | None:
    """A line of some words right below the headline and set beside it, which need not be a sentence."""
    at = headline + 1
    lines = text.page.lines
    if at >= first or text.page.marks[at]:
        return None
    line, parent = lines[at], lines[headline].box.parent
    beside = line.box.parent is parent or (line.box.parent is not None and line.box.parent.parent is parent)
    stands = (
        beside
        and line.tag in ("p", "h2", "h3", "div")
        and not line.links
        and text_weight(line.text) >= _LEAST_STANDFIRST
        and not is_author_line(line.text)
        and (line.tag in HEADINGS or not is_byline(line.text))
        and furniture(line.text) is None
        and not text.is_headline(at)
    )
    return at if stands else None


def _is_intro(text: Text, at: int) -> bool:
    line = text.page.lines[at]
    return line.tag == "p" and text_weight(line.text) >= _LEAST_INTRO_WEIGHT and ends_sentence(line.text)


def _is_described(text: Text, at: int, description: str) -> bool:
    line = text.page.lines[at]
    if line.tag in ("h1", "li") or (line.pictures and not ends_sentence(line.text)):
        return False
    return _is_cut_of(squeeze(line.text), description) and not text.is_headline(at)


def _is_cut_of(one: str, other: str) -> bool:
    """Whether one of the two is the other, perhaps cut off: descriptions are cut to some 150 characters."""
    return min(len(one), len(other)) >= _LEAST_LEAD and (one.startswith(other) or other.startswith(one))


def _stands_apart(text: Text, chosen: list[int]) -> bool:
    """Whether the first line is one paragraph that stands apart from the others."""
    if len(chosen) < 4 or text.page.lines[chosen[0]].tag in HEADINGS:
        return False
    homes = [text.homes[index] for index in chosen]
    return homes[0] not in homes[1:] and homes[1] is homes[2]
