"""HTML to the paragraphs of its main text.

1. mark      boxes that are furniture by name, or repeat in one shape   marks.py, units.py
2. find      the box in which the article stands                        container.py
3. strip     what stands apart from the paragraphs, and lines by what
             they say, how they are linked, where they stand            places.py, lines.py, apart.py
4. end       what follows the text and is not of it                     ends.py, witness.py
5. lead      the standfirst, which often stands apart                   lead.py
6. check     against a witness: with fewer rules where much was taken
             out, with trafilatura where much is missing                fallback.py
7. set       paragraphs with kinds and links, images                    setting.py, images.py

A page that gives next to nothing is read in JSON-LD's copy or in what it carries unseen (state.py).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from ingestd.clean.agreement import agreement, contained, shingles, shingles_of_lines
from ingestd.clean.boilerplate import ends_sentence, prose_weight, reads_as_prose, squeeze, text_weight
from ingestd.clean.container import find_container, page_of
from ingestd.clean.decode import strip_controls
from ingestd.clean.ends import drop_author_note, drop_labelled_note, is_entry
from ingestd.clean.fallback import is_fit, main_content, trafilatura_lines
from ingestd.clean.images import set_images
from ingestd.clean.lead import find_lead
from ingestd.clean.lines import removed_lines, strip
from ingestd.clean.marks import marks
from ingestd.clean.parts import find_parts
from ingestd.clean.setting import set_paragraphs
from ingestd.clean.state import text_in_scripts
from ingestd.clean.text import Text
from ingestd.clean.tree import parse_html
from ingestd.clean.units import mark_units
from ingestd.clean.walk import HEADINGS, Block, blocks
from ingestd.clean.witness import is_copy, keep_to
from ingestd.model import Image, Paragraph
from ingestd.urls import is_http, site_of

if TYPE_CHECKING:
    from ingestd.clean.rules import SiteRules

# JSON-LD's copy of the text is taken when the page gives less than this share of it. Otherwise it is the
# worse text: without paragraphs, or with furniture of its own.
_PAGE_GIVES_LITTLE = 0.45
# With less agreement, a copy of the text is no witness, unless nearly all of what we have stands there.
_LEAST_AGREEMENT = 0.7
_NEARLY_ALL = 0.8
# What both other extractors have and the text lacks is at most .26 of it where it is right, and .38 to 2.9
# where most of it was missed.
_MUCH = 0.3
# Trafilatura is run for so much more of any kind but links that were left out and their labels.
_VERY_MUCH = 0.6
# With less than this share of trafilatura's surplus in the witness they speak of different things.
_SHARED = 0.2
# From this agreement on it cannot be that much: 2 / (2 + .3) = .87.
_LACKS_LITTLE = 0.87
_MOSTLY = 0.5
_SMALL = 0.3
# The text of fewer rules is taken when its agreement is higher by more than this.
_CLEARLY_CLOSER = 0.1
# What weighs less is no text to compare with.
_NEXT_TO_NOTHING = 300
# With less text a page may show but the beginning of what it carries in its scripts: less than this share.
_LITTLE = 1500
_FEW_PARAGRAPHS = 2
_BEGINNING_ONLY = 0.3
_COMPARED = 60
_WHOLE_PAGE = re.compile(r"<(?:article|main|header|footer|nav|h1)\b", re.IGNORECASE)
_ASKS_FOR_SCRIPTS = re.compile(r"javascript|loading|pleasewait|einenmoment|wirdgeladen|chargement|cargando")
_SHORT_PARAGRAPH = 40
_CELL = 0.3
_LONGEST_CELL = 400
_LINE_END = re.compile(r"\r?\n|\\n")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of an article besides its page's text."""

    # Title, og:title, JSON-LD's headline, the entry's title: lines that equal one are no text.
    headlines: tuple[str, ...] = ()
    description: str | None = None
    # JSON-LD's copy of the text.
    article_body: str | None = None
    # Plain text of the entry's full text, "\n\n" between paragraphs; None when it carries none.
    feed_text: str | None = None
    authors: tuple[str, ...] = ()
    # False: one has to pay for the text, and what the page shows of it is what may be taken.
    free: bool | None = None
    # The picture that the page's metadata names, absolute.
    image: str | None = None
    # Tells lines that are an agency's credit and nothing else.
    is_credit: Callable[[str], bool] = field(default=lambda _line: False)
    rules: "SiteRules | None" = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """The main text of a page."""

    content: tuple[Paragraph, ...] = ()
    lead: str | None = None
    images: tuple[Image, ...] = ()
    # Short lines around and in the text that were taken for no part of it.
    removed: tuple[str, ...] = ()
    # "own", or "trafilatura" where that gave the better text.
    extractor: str = "own"
    # What the text was compared with: "feed", "json-ld", "resiliparse"; None when with nothing.
    witness: str | None = None
    # F1 of the shingles of text and witness, 0 to 1.
    agreement: float | None = None
    # Whether the text is JSON-LD's copy, because the page gives too little.
    from_json_ld: bool = False

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The texts of the paragraphs."""
        return tuple(paragraph.text for paragraph in self.content)


def extract_text(
    root: HtmlElement, lines: list[Block], url: str, evidence: Evidence, html: str
) -> Extraction:
    """The main text below `root`, whose blocks are `lines`; `html` is the page that was parsed.

    Site rules take what they drop out of the tree; where they say what holds the text, nothing else is asked.
    """
    if evidence.rules:
        if evidence.rules.prune(root):
            # Other libraries would see what the rules have taken out.
            lines, html = blocks(root), ""
        ruled = _ruled_text(root, lines, evidence, evidence.rules)
        if ruled is not None:
            return _result(ruled, url, evidence, _Opinion(""))
    prose = [_prose(line) for line in lines]
    if not any(prose):
        prose = [_weight_of_short(line) for line in lines]
    task = _Task(lines, prose, url, evidence)
    text = task.text()
    opinion = _opinion(text, evidence, root, html)
    if text.is_doubtful():
        text, opinion = _bolder(task, text, opinion)
    if opinion.misses_much(text) and is_fit(root, html):
        text, opinion = _fuller(html, text, opinion, evidence)
    found = _result(text, url, evidence, opinion)
    body = evidence.article_body
    if body and _weight(found) < _PAGE_GIVES_LITTLE * text_weight(body):
        return replace(_elsewhere(_LINE_END.sub("<br><br>", body), url, evidence, found), from_json_ld=True)
    if evidence.free is not False and _is_little(found) and (state := text_in_scripts(root, task.headlines)):
        return _unseen(state, task, found)
    return found


def _prose(line: Block) -> float:
    if is_entry(line):
        return 0.0
    weight = prose_weight(line.text, line.linked)
    if not weight and line.tag == "p" and line.linked * 2 < len(line.text) and ends_sentence(line.text):
        # Tabloids write paragraphs of half a line.
        weight = text_weight(line.text) if len(line.text) >= _SHORT_PARAGRAPH else 0.0
    # What is said in the cells of a table of data is no paragraph; cells of a layout hold more.
    return weight * _CELL if line.tag == "td" and weight < _LONGEST_CELL else weight


def _weight_of_short(line: Block) -> float:
    """For a page without a paragraph of some length: any line that is neither heading nor link is prose."""
    return text_weight(line.text) if line.tag not in HEADINGS and line.linked * 2 < len(line.text) else 0.0


@dataclass(frozen=True, slots=True)
class _Task:
    """What a text is made of."""

    lines: list[Block]
    prose: list[float]
    url: str
    evidence: Evidence

    @property
    def headlines(self) -> frozenset[str]:
        """Squeezed."""
        return frozenset(map(squeeze, self.evidence.headlines)) - {""}

    @property
    def site(self) -> str:
        """Host of the page, without "www."; "" when it has no address."""
        return site_of(self.url) if is_http(self.url) else ""

    def text(self, *, shapes: bool = True, names: bool = True) -> Text:
        """The text by our own rules, those about the shapes or the names of boxes perhaps left out."""
        marked = marks(self.lines, self.prose, self.headlines, names=names)
        page = page_of(self.lines, self.prose, marked)
        if not page.totals[-1]:
            page = page_of(self.lines, [_weight_of_short(line) for line in self.lines], marked)
        if shapes or names:
            page = mark_units(page, self.site, self.headlines)
        container = find_container(page, self.headlines)
        text = Text(page, container, self.headlines, self.evidence.is_credit)
        text.parts = find_parts(page, container, self.site) if container else frozenset()
        text.choose_container()
        _finish(text, self.evidence, shapes=shapes)
        return text


@dataclass(frozen=True, slots=True)
class _Opinion:
    """What a text was compared with."""

    own: str
    witness: str | None = None
    said: str = ""
    agreement: float | None = None
    extractor: str = "own"

    def misses_much(self, text: Text) -> bool:
        """Whether the text lacks much that the witness has: prose, lines, very much of all; links aside."""
        if self.agreement is None or self.agreement >= _LACKS_LITTLE:
            return False
        lines = self.said.split("\n")
        said = shingles_of_lines(lines) - shingles(text.ways())
        lacking = _lacking(text, said)
        return lacking > _MUCH and (
            lacking > _VERY_MUCH
            or _lacking(text, shingles_of_lines(filter(reads_as_prose, lines))) > _MUCH
            or _lacking(text, said & shingles(text.left())) > _MUCH
        )


def _lacking(text: Text, said: frozenset[int]) -> float:
    """How much more than the text has is said, as a share of the text."""
    own = shingles(text.joined())
    return len(said - own - shingles(text.furniture())) / max(len(own), 1)


def _opinion(text: Text, evidence: Evidence, root: HtmlElement, html: str) -> _Opinion:
    """The witness of most worth, and how far it agrees; none where the text needs none."""
    own = text.joined()
    copies = {"feed": evidence.feed_text, "json-ld": evidence.article_body}
    for witness, said in copies.items():
        if not said or not is_copy(own, said):
            continue
        agreed = agreement(own, said)
        if agreed >= _LEAST_AGREEMENT or contained(own, said) >= _NEARLY_ALL:
            return _Opinion(own, witness, said, agreed)
    if text.is_sure():
        return _Opinion(own)
    said = main_content(html) if is_fit(root, html) else ""
    if text_weight(said) < _NEXT_TO_NOTHING:
        return _Opinion(own)
    return _Opinion(own, "resiliparse", said, agreement(own, said))


def _bolder(task: _Task, text: Text, opinion: _Opinion) -> tuple[Text, _Opinion]:
    """The text with fewer rules, where much was taken out and the witness has it.

    Without a witness the rules about shapes are not trusted that left next to nothing.
    """
    if opinion.witness is None:
        if text_weight(opinion.own) >= _NEXT_TO_NOTHING:
            return text, opinion
        bold = task.text(shapes=False)
        return bold, replace(opinion, own=bold.joined())
    for shapes, names in ((False, True), (True, False), (False, False)):
        bold = task.text(shapes=shapes, names=names)
        own = bold.joined()
        agreed = agreement(own, opinion.said)
        if agreed > (opinion.agreement or 0.0) + _CLEARLY_CLOSER:
            text, opinion = bold, replace(opinion, own=own, agreement=agreed)
    return text, opinion


def _fuller(html: str, text: Text, opinion: _Opinion, evidence: Evidence) -> tuple[Text, _Opinion]:
    """Trafilatura's text where the witness and it agree on much that ours lacks.

    Ours is added where most of it is a part of that; our rules about shapes are not asked again.
    """
    on_page = shingles("\n".join(line.text for line in text.page.lines))
    if _lacking(text, shingles(opinion.said) & on_page) <= _MUCH:
        # What only the copy has could not be taken from the page, and trafilatura is dear.
        return text, opinion
    lines = trafilatura_lines(html)
    said = "\n".join(lines)
    agreed = _lacking(text, shingles(opinion.said) & shingles(said))
    if agreed <= _MUCH or agreed < _SHARED * _lacking(text, shingles(said)):
        return text, opinion
    together = bool(opinion.own) and contained(opinion.own, said) >= _MOSTLY
    if not together and len(opinion.own) > _SMALL * len(said):
        # They took another part of the page for its text; neither is surer than we are.
        return text, opinion
    other = Text(text.page, text.container, text.headlines, text.is_credit)
    other.choose(lines)
    if together:
        other.parts = _confirmed(other, opinion.said)
        for index in text.chosen():
            other.kept[index] = True
    _finish(other, evidence, shapes=False)
    own = other.joined()
    return other, replace(opinion, own=own, agreement=agreement(own, opinion.said), extractor="trafilatura")


def _confirmed(text: Text, said: str) -> frozenset[int]:
    """The kept lines that the witness has as well: they need not be judged again."""
    there = squeeze(said)
    return frozenset(at for at in text.chosen() if squeeze(text.page.lines[at].text) in there)


def _elsewhere(copy: str, url: str, evidence: Evidence, found: Extraction) -> Extraction:
    """The text of another copy, HTML or plain, for a page that gives too little of it."""
    root = parse_html(strip_controls(copy))
    if root is None:
        return found
    return replace(found, content=feed_paragraphs(root, url, evidence.is_credit).content, lead=None)


def _is_little(found: Extraction) -> bool:
    """Whether a text may be but the beginning of one, or a message in its place; looking for more is dear."""
    weight = _weight(found)
    return weight < _NEXT_TO_NOTHING or (weight < _LITTLE and len(found.content) <= _FEW_PARAGRAPHS)


def _unseen(state: str, task: _Task, found: Extraction) -> Extraction:
    """The text that the page carries unseen, where what is seen is next to nothing or but its beginning."""
    carried = _carried(state, task, found)
    if not carried.content or _weight(found) < _NEXT_TO_NOTHING:
        return carried if carried.content else found
    if _weight(found) >= _BEGINNING_ONLY * _weight(carried):
        return found
    said = squeeze(" ".join((*carried.paragraphs, task.evidence.description or "")))
    begins = [squeeze(one)[:_COMPARED] for one in found.paragraphs]
    is_beginning = all(one in said or _ASKS_FOR_SCRIPTS.search(one) for one in begins)
    return carried if is_beginning else found


def _carried(state: str, task: _Task, found: Extraction) -> Extraction:
    """The text of what is carried; a whole page is read as pages are."""
    root = parse_html(strip_controls(state)) if _WHOLE_PAGE.search(state) else None
    if root is None:
        text = _elsewhere(state, task.url, task.evidence, found)
    else:
        lines = blocks(root)
        own = _Task(lines, [_prose(line) for line in lines], task.url, task.evidence).text()
        text = replace(_result(own, task.url, task.evidence, _Opinion("")), images=found.images)
    content = tuple(one for one in text.content if squeeze(one.text) not in task.headlines)
    return replace(text, content=content)


def _weight(found: Extraction) -> float:
    return sum(text_weight(paragraph) for paragraph in found.paragraphs)


def feed_paragraphs(root: HtmlElement, url: str, is_credit: Callable[[str], bool]) -> Extraction:
    """The text of an entry's own HTML: all of it is meant to be read, but for lines that are furniture."""
    lines = blocks(root)
    prose = [prose_weight(line.text, line.linked) for line in lines]
    page = page_of(lines, prose, [None] * len(lines))
    text = Text(page, None, frozenset(), is_credit, [True] * len(lines))
    strip(text, shapes=False, head=False)
    return _result(text, url, Evidence(), _Opinion(""))


def _ruled_text(root: HtmlElement, lines: list[Block], evidence: Evidence, rules: "SiteRules") -> Text | None:
    """The lines in the elements that the site's rules name; None when they name none that is there."""
    elements = set(rules.container(root))
    if not elements:
        return None
    prose = [prose_weight(line.text, line.linked) for line in lines]
    page = page_of(lines, prose, [None] * len(lines))
    kept = [not elements.isdisjoint((line.element, *line.element.iterancestors())) for line in lines]
    text = Text(page, None, frozenset(map(squeeze, evidence.headlines)) - {""}, evidence.is_credit, kept)
    strip(text, shapes=False, head=False)
    text.drop([index for index in text.chosen() if rules.drops(lines[index].text)])
    find_lead(text, " ".join(rules.stated(root, "lead")) or evidence.description)
    return text


def _finish(text: Text, evidence: Evidence, *, shapes: bool = True) -> None:
    strip(text, shapes=shapes)
    drop_author_note(text, evidence.authors)
    drop_labelled_note(text)
    rules = evidence.rules
    if rules:
        text.drop([index for index in text.chosen() if rules.drops(text.page.lines[index].text)])
    find_lead(text, evidence.description)
    for copy in (evidence.feed_text, evidence.article_body):
        if copy:
            keep_to(text, copy)


def _result(text: Text, url: str, evidence: Evidence, opinion: _Opinion) -> Extraction:
    content, positions = set_paragraphs(text, url)
    return Extraction(
        content=content,
        lead=None if text.lead is None else text.page.lines[text.lead].text,
        images=set_images(text, positions, url, evidence.image),
        removed=tuple(removed_lines(text)),
        extractor=opinion.extractor,
        witness=opinion.witness,
        agreement=opinion.agreement,
    )
