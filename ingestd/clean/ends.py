"""Where a text ends: teasers after their heading, scraps after the last paragraph, headings of nothing."""

import re
from collections import Counter
from itertools import islice

from ingestd.clean.boilerplate import ends_sentence, furniture, opens_teasers
from ingestd.clean.container import with_marks
from ingestd.clean.marks import COMMENTS
from ingestd.clean.text import Text, like
from ingestd.clean.walk import HEADINGS, Block, fold

# Teasers after the text hold at most this share of it, or they are a part of it (a live blog, a review).
_TEASERS_SHARE = 0.35
# So many headings are tried as the one where the teasers begin.
_MOST_OPENERS = 40
# So many short lines that are set alike are what the text is made of.
_LEAST_ALIKE = 8
# So many paragraphs of what readers wrote are a discussion, below which no text goes on.
_LEAST_ANSWERS = 3
# A label stands over a list of so many links at most.
_MOST_LINKS = 30
# A note on the author begins with one of so few last lines, and is no longer.
_LAST_LINES = 4
_LONGEST_NOTE = 700
# By these a note is set off from the text, or the name within the note.
_SET_OFF = ("a", "b", "em", "i", "small", "strong")
# What authors hold of what they write about is said for the sake of the text.
_DISCLOSED = re.compile(
    r"\b(?:owns?|holds?) (?:no )?(?:shares|stock)|\b(?:no|long|short) positions? in|\bdisclos"
)
# Of a label at the end, and of what is said under it: so many paragraphs, at most this share of the text.
_LONGEST_LABEL = 25
_MOST_OF_NOTE = 2
_SHARE_OF_NOTE = 0.15
# Characters of a title before a name: "Correspondent Ada Lark"; and of a role in a line with it.
_LONGEST_TITLE = 20
_LONGEST_ROLE = 30
# How it goes on behind the name of somebody who is told of.
_BEING = re.compile(
    r"(?:\s\([^)]{1,40}\))?,?\s(?:is|has been (?:an?|the|with|at|covering|writing|reporting|working)|"
    r"has (?:covered|written|worked|reported)|covers?|writes?|works?|reports?|joined|lives|leads|serves|"
    r"studied|teaches|ist|arbeitet|schreibt|berichtet|leitet|lebt|studierte|est|écrit|travaille|dirige|es|escribe|"
    r"trabaja|cubre|è|scrive|lavora|é|escreve|trabalha|cobre|jest|pisze|är|er|skriver|schrijft|werkt|"
    r"пишет|работает|kirjoittaa|on toimittaja)\b"
)
# Characters of a link that is a headline.
_LEAST_LINKED_HEADLINE = 25
_COUNT_OF_ANSWERS = re.compile(
    r"\d[\d.,]* (?:answers?|comments?|replies|responses|antworten|kommentare|réponses|commentaires|"
    r"respuestas|comentarios|risposte|commenti|respostas|comentários|ответ\w*|комментари\w+|odpowied\w+|komentarz\w*)$"
)


def is_entry(line: Block) -> bool:
    """Whether a list's item begins with a headline that leads elsewhere, and goes on as a teaser does."""
    if not line.links or line.tag != "li":
        return False
    start, stop, _ = line.links[0]
    return start == 0 and stop >= _LEAST_LINKED_HEADLINE


def end(text: Text) -> None:
    """Cut what follows the text: teasers after their heading, then scraps after the last paragraph."""
    counted = _count_of_answers(text)
    if counted is not None:
        _cut(text, counted)
    answers = _answers(text)
    if answers is not None and _ends_at(text, answers, least=1, share=1.0):
        _cut(text, answers)
        # Rules that were all too bold are looked for in what they left; this is none of it.
        after = len(text.kept) - answers
        text.page = with_marks(text.page, text.page.marks[:answers] + [COMMENTS] * after)
    openers = (index for index in range(_late(text), len(text.kept)) if _opens_teasers(text, index))
    cut = next((index for index in islice(openers, _MOST_OPENERS) if _ends_at(text, index)), None)
    if cut is not None:
        _cut(text, cut)
    _drop_scraps(text)
    _drop_labels(text)
    _drop_headings(text)


def drop_author_note(text: Text, authors: tuple[str, ...]) -> None:
    """Take out what is said at the end of a text about one of its authors, whom it names nowhere else."""
    names = [one for one in authors if " " in one]
    chosen, lines = text.chosen(), text.page.lines
    for at in chosen[-_LAST_LINES:] if names and len(chosen) >= 2 * _LAST_LINES else ():
        note = [one for one in chosen if one >= at]
        name = next((one for one in names if _is_about(text, at, one)), None)
        if (
            name is not None
            and text.size(note) <= _LONGEST_NOTE
            and not any(_DISCLOSED.search(lines[one].text) for one in note)
            and not any(name in lines[one].text for one in chosen if one < at)
        ):
            text.drop(note)
            return


def drop_labelled_note(text: Text) -> None:
    """Take out a sentence or two at the end under the only label of the text: who wrote it, whom to ask.

    A label that is a heading, set in bold or ends in a colon belongs to what follows it.
    """
    chosen, lines = text.chosen(), text.page.lines
    labels = [at for at in chosen if not text.is_prose(at) and not ends_sentence(lines[at].text)]
    if len(labels) != 1 or not _is_plain_label(lines[labels[0]]):
        return
    note = [at for at in chosen if at >= labels[0]]
    size = text.size(note)
    if 2 <= len(note) <= 1 + _MOST_OF_NOTE and size <= min(
        _LONGEST_NOTE / 2, _SHARE_OF_NOTE * text.size(chosen)
    ):
        text.drop(note)


def _is_plain_label(line: Block) -> bool:
    bold = next(line.element.iter("b", "strong"), None)
    short = len(line.text) <= _LONGEST_LABEL and not line.text.endswith(":")
    return short and line.tag not in HEADINGS and bold is None


def _is_about(text: Text, at: int, name: str) -> bool:
    """Whether a line is a name and little else, or a paragraph that begins with it and is about its bearer.

    The latter says what they are and do, or is set off from the text. An outlet that is named as the author
    speaks of itself in plain paragraphs.
    """
    line = text.page.lines[at]
    start = line.text.find(name)
    if not text.is_prose(at):
        return start >= 0 and len(line.text) <= len(name) + _LONGEST_ROLE and not ends_sentence(line.text)
    told = _BEING.match(line.text, start + len(name)) is not None
    return 0 <= start <= _LONGEST_TITLE and (told or (start == 0 and _is_set_off(line, name)))


def _is_set_off(line: Block, name: str) -> bool:
    marked = line.element.iter(*_SET_OFF)
    return any(name in fold("".join(one.itertext())) for one in marked)


def _cut(text: Text, index: int) -> None:
    text.drop(range(index, len(text.kept)))
    text.end = min(text.end, index)


def _count_of_answers(text: Text) -> int | None:
    """The heading below the first paragraph that says how many answers or comments follow."""
    first = next((index for index in text.chosen() if text.is_prose(index)), None)
    if first is None:
        return None
    below = range(first, text.container.end if text.container else len(text.kept))
    lines = text.page.lines
    return next(
        (
            index
            for index in below
            if lines[index].tag in HEADINGS and _COUNT_OF_ANSWERS.match(lines[index].text.lower())
        ),
        None,
    )


def _answers(text: Text) -> int | None:
    """The first line below the first paragraph that readers wrote, where they wrote several paragraphs."""
    first = next((index for index in text.chosen() if text.is_prose(index)), None)
    if first is None or text.container is None:
        return None
    marks = text.page.marks
    answers = [at for at in range(first, text.container.end) if marks[at] == COMMENTS]
    several = sum(text.is_prose(at) for at in answers) >= _LEAST_ANSWERS
    return answers[0] if several else None


def _drop_headings(text: Text) -> None:
    """Drop the headings of which everything was taken out that stood under them."""
    lines = text.page.lines
    following = len(lines)
    for index in reversed(text.chosen()):
        tag = lines[index].tag
        over = following == len(lines) or (lines[following].tag in HEADINGS and lines[following].tag <= tag)
        if over and following > index + 1:
            text.kept[index] = tag not in HEADINGS
        if text.kept[index]:
            following = index


def _drop_labels(text: Text) -> None:
    """Drop short lines in boxes of which all else were links that were taken out."""
    lines = text.page.lines
    for index in text.chosen():
        box = lines[index].box.parent
        if box is None or box is text.container or text.is_prose(index) or ends_sentence(lines[index].text):
            continue
        others = [at for at in range(box.first, box.end) if at != index]
        if 0 < len(others) <= _MOST_LINKS and not any(text.kept[at] for at in others):
            linked = sum(lines[at].linked for at in others)
            text.kept[index] = linked < 0.6 * text.size(others)


def _late(text: Text) -> int:
    """The line after which too little text follows to be more than teasers."""
    chosen = text.chosen()
    left = text.size(chosen) / (1 + 1 / _TEASERS_SHARE)
    while chosen and left >= 0:
        left -= len(text.page.lines[chosen.pop()].text)
    return chosen[-1] if chosen else 0


def _opens_teasers(text: Text, index: int) -> bool:
    rule = None if text.kept[index] else furniture(text.page.lines[index].text)
    return rule is not None and opens_teasers(rule)


def _ends_at(text: Text, index: int, *, least: int = 2, share: float = _TEASERS_SHARE) -> bool:
    """Whether little follows this line, and none of it where the paragraphs before it stand.

    `least` paragraphs stand before it, and what follows is at most this `share` of them.
    """
    prose = [one for one in text.chosen() if text.is_prose(one)]
    before, after = ([one for one in prose if (one > index) is later] for later in (False, True))
    kinds = {like(text.homes[one]) for one in after}
    apart = kinds.isdisjoint(like(text.homes[one]) for one in before)
    return len(before) >= least and apart and text.size(after) <= share * text.size(before)


def _drop_scraps(text: Text) -> None:
    chosen = text.chosen()
    lines = text.page.lines
    last = next((at for at in reversed(chosen) if text.is_prose(at)), 0)
    opener = next((at for at in range(last, len(lines)) if _opens_teasers(text, at)), len(lines))
    text.end = min(text.end, opener)
    short = Counter((lines[at].tag, like(text.homes[at])) for at in chosen if not text.is_prose(at))
    for index in reversed(chosen):
        line = lines[index]
        own_kind = line.tag in ("li", "td", "blockquote") and not is_entry(line)
        own_kind = own_kind or index in text.parts
        if own_kind or (ends_sentence(line.text) and not is_entry(line)) or text.is_prose(index):
            return
        if index < opener and short[line.tag, like(text.homes[index])] >= _LEAST_ALIKE:
            return
        text.kept[index] = False
