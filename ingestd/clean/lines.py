"""Lines within the container that are no text: by what they say, how they are linked, where they stand."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from ingestd.clean.apart import strip_beside_furniture
from ingestd.clean.boilerplate import (
    CONSENT,
    Rule,
    ends_sentence,
    furniture,
    is_author_line,
    is_byline,
    names_its_target,
    opens_teasers,
    reads_as_prose,
    states_facts,
    text_weight,
)
from ingestd.clean.ends import end, is_entry
from ingestd.clean.places import keep_to_places
from ingestd.clean.text import Text, like
from ingestd.clean.walk import HEADINGS, Block, Box, fold

# So many paragraphs in one place make it a place of the text.
_LEAST_PARAGRAPHS = 3
# Between the beginning of an article's box and its first paragraph stand no more lines.
_MOST_LINES_ABOVE = 10
# A box between the paragraphs with so few lines and so little text is a prompt when it opens with a label.
_MOST_LINES_OF_PROMPT = 3
_PROMPT_WEIGHT = 160
# What stands alone with a picture and weighs no more is its caption.
_CAPTION_WEIGHT = 250
# What follows a picture, is no sentence and weighs no more, is its caption too.
_LABEL_WEIGHT = 120
# With fewer sentences in it a text is told in lines without stops, above and below its pictures.
_SHARE_OF_SENTENCES = 0.2
# Lines around the text in which a credit may stand: from its first line upwards, from its last downwards.
_LINES_AROUND = 12

_PICTURES = ("img", "picture", "video", "amp-img", "iframe")
# Lines that stand above a text for no other reason than to begin it.
_DEFINITIONS = frozenset("dt dd pre blockquote summary".split())
# The time of a live blog's entry, and who wrote it.
_TIME_MARK = re.compile(r"\d{1,2}[:.]\d\d\D{0,40}(?:\d+ ?\w+ ago)?$")
_BOXES = frozenset("div section header".split())
# Lines of so many characters are not said twice, and shorter ones not so often.
_LEAST_COPY = 80
_TIME_AND_AGAIN = 3
# So many lines that come time and again are no mistake.
_LEAST_REFRAINS = 3
# So many different short lines, set alike, are an enumeration.
_LEAST_DETAILS = 6
# A line that is an address and no more is no prompt: it names a source.
_ADDRESS = re.compile(r"https?://\S+$")
# A paragraph in bold with so much of it in one link at its end leads elsewhere.
_MOSTLY_LINK = 0.7
_STOPS = ("", ".", "!", "»", " »")
# So many headings that are links are what a text is made of.
_LEAST_LINKED = 2
# Lines that are content of their own kind, wherever they stand.
_OWN_KIND = frozenset("li td th dt dd blockquote pre".split())


def strip(text: Text, *, shapes: bool = True, head: bool = True) -> None:
    """Take out the lines that are no text.

    Without `shapes` no box is judged by its shape and its place; without `head` all lines count as the
    text's from the first on.
    """
    if head:
        strip_captions(text)
        strip_repeated(text)
    if shapes:
        keep_to_places(text)
        strip_prompts(text)
    strip_lines(text, head=head)
    if shapes:
        strip_beside_furniture(text)
    if head:
        end(text)


def strip_captions(text: Text) -> None:
    """Take out short lines that stand in a box with a picture, or below one in a text of sentences."""
    lines = text.page.lines
    chosen = [at for at in text.chosen() if at not in text.parts or lines[at].tag == "td"]
    sentences = [at for at in chosen if reads_as_prose(lines[at].text)]
    labels = text.size(sentences) >= _SHARE_OF_SENTENCES * text.size(chosen)
    text.drop([at for at in chosen if is_caption(lines[at], labels=labels)])


def is_caption(line: Block, *, labels: bool = True) -> bool:
    """Whether a line is short and stands in a box with a picture and nothing else.

    With `labels` also whether it follows a picture and is no sentence.
    """
    if text_weight(line.text) > _CAPTION_WEIGHT or line.tag in HEADINGS:
        return False
    if line.tag in _OWN_KIND:
        return line.tag == "td" and _is_below_picture(line.box)
    is_label = not ends_sentence(line.text) and text_weight(line.text) <= _LABEL_WEIGHT
    if labels and line.pictures and is_label:
        return True
    box: Box | None = line.box
    while box is not None and box.end - box.first == 1:
        if box.tag != "p" and next(box.element.iter(*_PICTURES), None) is not None:
            return True
        box = box.parent
    return False


def _is_below_picture(cell: Box) -> bool:
    """Whether a cell has a picture in it or in another row, and its table has no other text.

    Beside a picture, in the same row, old pages have a part of their text.
    """
    row = cell.parent
    table: Box | None = row
    while table is not None and table.tag != "table":
        table = table.parent
    if row is None or table is None or table.end - table.first > 1:
        return False
    within, in_row, in_table = (len(list(box.element.iter(*_PICTURES))) for box in (cell, row, table))
    return in_table > 0 and in_row == within


def strip_repeated(text: Text) -> None:
    """Take out second copies of longer lines, labels that come time and again, and repeated captions.

    Where several longer lines come time and again, that is the form of the text: a schedule, a forecast.
    """
    lines = text.page.lines
    copies: dict[str, list[int]] = {}
    for index in text.chosen():
        if lines[index].tag not in HEADINGS and index not in text.parts:
            copies.setdefault(lines[index].text, []).append(index)
    often = sum(
        len(line) >= _LEAST_COPY and len(indexes) >= _TIME_AND_AGAIN for line, indexes in copies.items()
    )
    if often >= _LEAST_REFRAINS:
        return
    for line, indexes in copies.items():
        if len(indexes) == 1 or any(lines[index].tag in _OWN_KIND for index in indexes):
            continue
        if len(line) >= _LEAST_COPY:
            text.drop(indexes if any(lines[index].pictures for index in indexes) else indexes[1:])
        elif len(indexes) >= _TIME_AND_AGAIN and _is_label_of_many(text, indexes):
            text.drop(indexes)


def _is_label_of_many(text: Text, indexes: list[int]) -> bool:
    """Whether lines that are the same are a label, and no answer or detail that an enumeration repeats."""
    at = indexes[0]
    if text.is_prose(at) or text.page.lines[at].text.endswith((":", "?")):
        return False
    tag, kind = text.page.lines[at].tag, like(text.homes[at])
    alike = (
        line.text
        for index, line in enumerate(text.page.lines)
        if text.kept[index]
        and line.tag == tag
        and not text.is_prose(index)
        and like(text.homes[index]) == kind
    )
    return len(set(alike)) < _LEAST_DETAILS


def strip_prompts(text: Text) -> None:
    """Take out boxes between the paragraphs that hold a label and a line or two."""
    chosen = text.chosen()
    paragraphs = Counter(text.homes[index] for index in chosen if text.is_prose(index))
    opened: set[Box] = set()
    for home, box in groupby(chosen, key=text.homes.__getitem__):
        indexes = list(box)
        parent = home.parent
        if parent in opened and paragraphs[parent] >= _LEAST_PARAGRAPHS and _is_prompt(text, indexes):
            text.drop(indexes)
        opened.add(home)


def _is_prompt(text: Text, indexes: list[int]) -> bool:
    lines = [text.page.lines[index] for index in indexes]
    return (
        2 <= len(lines) <= _MOST_LINES_OF_PROMPT
        and sum(text_weight(line.text) for line in lines) <= _PROMPT_WEIGHT
        and _is_label(lines[0])
        and lines[-1].tag not in HEADINGS
        and _OWN_KIND.isdisjoint(line.tag for line in lines)
    )


def strip_lines(text: Text, *, head: bool = True) -> None:
    """Take out lines that are furniture by what they say or by how they are linked."""
    first = first_paragraph(text) if head else 0
    above = (at for at in range(first) if text.kept[at] and not is_entry(text.page.lines[at]))
    if sum(1 for _ in above) > _MOST_LINES_ABOVE:
        # Verse, and other texts of short lines, end in a paragraph about them.
        first = 0
    text.places = _places(text)
    teasers = False
    for index, line in enumerate(text.page.lines):
        if not text.kept[index]:
            continue
        rule = furniture(line.text)
        if rule is not None and (_is_data(text, line) or _is_about_consent(text, index, rule)):
            rule = None
        if rule is not None:
            teasers = opens_teasers(rule) and not names_its_target(line.text)
        elif teasers and not _is_teaser(text, index):
            teasers = False
        if index in text.parts:
            text.kept[index] = rule is None
            continue
        before_text = head and index < first and _heads(text, index, first)
        if rule is not None or teasers or before_text or _is_furniture(text, index, line):
            text.kept[index] = False


def _is_about_consent(text: Text, index: int, rule: Rule) -> bool:
    """Whether a line speaks of cookies as a paragraph of its text, as policies of privacy do."""
    return rule is CONSENT and text.is_prose(index) and text.homes[index] in text.places


def first_paragraph(text: Text) -> int:
    """Where the text begins: a standfirst can stand above it, with a byline between the two."""
    places = _places(text)
    prose = [index for index in text.chosen() if text.is_prose(index)]
    return next((index for index in prose if text.homes[index] in places), prose[0] if prose else 0)


def _places(text: Text) -> frozenset[Box]:
    """The boxes in which the text's paragraphs stand, three or more in each."""
    paragraphs = Counter(text.homes[index] for index in text.chosen() if text.is_prose(index))
    return frozenset(home for home, count in paragraphs.items() if count >= _LEAST_PARAGRAPHS)


def _is_furniture(text: Text, index: int, line: Block) -> bool:
    if line.tag in _BOXES and _TIME_MARK.match(line.text) and _opens_entry(text, index):
        return True
    if states_facts(line.text) and line.tag not in _OWN_KIND:
        return True
    linked = line.linked / len(line.text)
    if _is_data(text, line) and _has_unlinked_cell(text, line.box):
        return False
    if linked >= 0.9 and len(line.text) < 200:
        return not _ADDRESS.match(line.text) and not _heads_paragraph(text, index)
    if _is_labelled_link(line) or _is_bold_link(line):
        return True
    # A cloud of tags, with spaces or commas between its links; a sentence that is one link may be text.
    if linked >= 0.8 and len(line.text) >= 200 and not ends_sentence(line.text):
        return True
    # A news flash says in its only paragraph what its headline says.
    if line.tag == "p" and reads_as_prose(line.text):
        return False
    return text.is_headline(index) or text.is_credit(line.text)


def _opens_entry(text: Text, index: int) -> bool:
    """Whether a time has a heading or a paragraph below it; a price in a list has not."""
    below = (at for at in range(index + 1, min(index + 3, len(text.kept))) if text.kept[at])
    return any(text.is_prose(at) or text.page.lines[at].tag in HEADINGS for at in below)


def _heads_paragraph(text: Text, index: int) -> bool:
    """Whether a heading that is a link stands right among the text's paragraphs, with one under it.

    One alone is a way to another article, whatever stands under it.
    """
    below, lines = index + 1, text.page.lines
    return (
        lines[index].tag in HEADINGS
        and _is_one_of_several(text, lines[index].tag)
        and below < len(text.kept)
        and text.kept[below]
        and text.is_prose(below)
        and text.homes[below] is text.homes[index]
        and text.homes[index] in text.places
    )


def _is_one_of_several(text: Text, tag: str) -> bool:
    """Whether several of the kept lines are headings of that rank that are a link."""
    headings = (line for line in (text.page.lines[at] for at in text.chosen()) if line.tag == tag)
    return sum(line.linked >= 0.9 * len(line.text) for line in headings) >= _LEAST_LINKED


def _is_data(text: Text, line: Block) -> bool:
    """Whether a line is all there is in its cell, beside other cells; cells of a layout hold more lines."""
    box = line.box
    return (
        line.tag in ("td", "th")
        and box.end - box.first == 1
        and box.parent is not None
        and box.parent.end - box.parent.first > 1
    )


def _has_unlinked_cell(text: Text, cell: Box) -> bool:
    """Whether the row of a cell says something beside links: it is data and no menu."""
    row = cell.parent
    return row is not None and any(not line.linked for line in text.page.lines[row.first : row.end])


def _is_bold_link(line: Block) -> bool:
    """Whether a paragraph is set apart, a word or two and a link that ends it: "Watch again: the vote"."""
    if len(line.links) != 1 or line.tag != "p" or line.linked < _MOSTLY_LINK * len(line.text):
        return False
    _, stop, _ = line.links[0]
    return line.text[stop:] in _STOPS and _is_set_apart(line)


def _is_labelled_link(line: Block) -> bool:
    """Whether a line is a label and a headline that leads elsewhere: "READ MORE | Rain in the north"."""
    if len(line.links) != 1:
        return False
    start, stop, _ = line.links[0]
    label = line.text[:start].rstrip()
    return (
        3 <= len(label) <= 40
        and label[-1] in ":|>»–—："
        and stop - start >= 20
        and stop >= len(line.text) - 1
    )


def _is_teaser(text: Text, index: int) -> bool:
    line = text.page.lines[index]
    if line.linked >= 0.6 * len(line.text):
        return True
    if line.tag in HEADINGS and not line.links and _opens_section(text, index):
        return False
    return not text.is_prose(index) and (line.tag in HEADINGS or is_author_line(line.text))


def _opens_section(text: Text, index: int) -> bool:
    """Whether a heading stands where the text's paragraphs stand, with one of them right under it."""
    below, home = index + 1, text.homes[index]
    inside = below < len(text.kept) and text.kept[below] and text.is_prose(below)
    return inside and home in text.places and text.homes[below] is home


def _heads(text: Text, index: int, first: int) -> bool:
    """Whether a line above the first paragraph is a label, byline or date and no text."""
    line = text.page.lines[index]
    if text.is_prose(index) and line.tag != "h1":
        return False
    if is_entry(line):
        return True
    if line.tag in HEADINGS:
        following = next((at for at in range(index + 1, first + 1) if text.kept[at]), None)
        if line.tag == "h1" or following is None:
            return True
        return not (text.is_prose(following) or text.page.lines[following].tag in _OWN_KIND)
    if line.tag in _DEFINITIONS or _is_data(text, line):
        return False
    if text.homes[index] is text.homes[first] and (line.tag == "p" or _is_set_alike(text, index, first)):
        return is_byline(line.text)
    return text_weight(line.text) < (25 if line.tag == "li" else 60)


def _is_set_alike(text: Text, index: int, first: int) -> bool:
    """Whether a short sentence is set as the first paragraph is, each in boxes of its own: "They sailed."."""
    line, paragraph = text.page.lines[index], text.page.lines[first]
    lone = line.box.end - line.box.first == 1 == paragraph.box.end - paragraph.box.first
    return lone and line.tag == paragraph.tag and ends_sentence(line.text)


def removed_lines(text: Text) -> Iterator[str]:
    """Short lines in and around the text that are not in it, captions and teasers left aside."""
    chosen = text.chosen()
    if not chosen:
        return
    first, last = max(0, chosen[0] - _LINES_AROUND), min(len(text.kept), chosen[-1] + _LINES_AROUND)
    for index in range(first, last):
        line = text.page.lines[index]
        rule = furniture(line.text)
        if index > chosen[-1] and rule is not None and opens_teasers(rule):
            return
        captioned = text.page.marks[index] == "caption"
        if not text.kept[index] and not reads_as_prose(line.text) and not captioned:
            yield line.text


def _is_label(line: Block) -> bool:
    """Whether a line is a heading, or set as one: all of it in bold."""
    return line.tag in HEADINGS or _is_set_apart(line)


def _is_set_apart(line: Block) -> bool:
    bold = next(line.element.iter("b", "strong"), None)
    return bold is not None and len(fold("".join(bold.itertext()))) == len(line.text)
