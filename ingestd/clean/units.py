"""Boxes of one shape that repeat: teasers beside a text, readers' comments below it, posts of a forum.

They need no tell-tale names. Boxes side by side with the same tag and class are units: three or more, and
below a text two. Units that are a headline with a link and a sentence or two are teasers; with a date each
they may say far more than the text. Units that bear a name, a date, "Reply" are posts: below an article all
of them are comments, and in a forum all but the first. Known exception: the entries of a live blog bear a
date each and are the text; they have headings, or "live" in a name.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from ingestd.clean.boilerplate import says_age, text_weight
from ingestd.clean.container import Page, headline_lines, stands_apart, with_marks
from ingestd.clean.dates import read_written
from ingestd.clean.marks import COMMENTS, OTHERS, RELATED, with_ancestors
from ingestd.clean.tree import is_link
from ingestd.clean.walk import HEADINGS, Block, Box, shape_of

# Two boxes are units below a text only, and by what stands nowhere but in comments and teasers.
_PAIR = 2
# So many of the units must be of one kind; the others are advertisements and the like.
_MOST = 0.7
# So many teasers or news make a column.
_LEAST_TEASERS = 3
# So many of the paragraphs in a column of teasers have a link above them.
_MOST_OF_COLUMN = 0.6
# A teaser holds no more text, one paragraph of it prose.
_LONGEST_TEASER = 500
# Teasers hold at most this share of the page's prose, or the page is a list of them.
_SHARE_OF_TEASERS = 0.4
_SHARE_BELOW_TEXT = 0.75
_SHARE_OF_DATED = 0.9
# With so much prose before them posts are comments on it.
_PROSE_BEFORE = 250
# The line that says who wrote a post is no longer.
_LONGEST_SIGNATURE = 120
# How long ago something was written is said in no more characters, with a word or two beside it.
_LONGEST_AGE = 40
# The line that says when a teaser's article was published, and perhaps by whom.
_LONGEST_DATE = 60
# This share of live blogs' entries has a heading.
_SHARE_OF_HEADINGS = 0.4

_NUMBERS = re.compile(r"\d+")
_LIVE = re.compile(
    r"(?:^|[^a-z])(?:live(?:$|[^a-z]|blog|feed|ticker|event|entry|update|text|stream)|ticker)",
    re.IGNORECASE,
)
_POST = re.compile(
    r"^(?:reply|quote|report|like|upvote|permalink|antworten|zitieren|melden|répondre|citer|responder|"
    r"rispondi|ответить|відповісти|odpowiedz|cytuj|yanıtla|cevapla|svara|svar|beantwoorden|reageer|"
    r"回复|回覆|返信|답글|رد)\b.{0,20}$|"
    r"\bcommented\b|\b(?:says|wrote|schrieb|said|a écrit|escribió|пишет):$|"
    r"\bpost by |\b\d+ likes?$|\b(?:join(?:ed| date)|posts|registered|registriert|beiträge|messages)\s?:",
    re.IGNORECASE,
)
# A link that says so is one of several set in one line: "5 Reply Share".
_REPLY = re.compile(
    r"reply|antworten|répondre|responder|rispondi|ответить|відповісти|odpowiedz|yanıtla|cevapla|svara|svar|"
    r"beantwoorden|reageer|odpovědět|回复|回覆|返信|답글|رد",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"#\d+")
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}:\d\d\b")
# Where a table's rows or a list's items repeat, they are what the table or the list is.
_NO_UNITS = frozenset("p td th br dt dd h1 h2 h3 h4 h5 h6 pre tbody thead".split())


def mark_units(page: Page, site: str, headlines: frozenset[str]) -> Page:
    """The page, lines in teasers and comments that repeat in one shape marked as such.

    `site` is the host of the page: a list of links to other sites is a text about them. `headlines` are those
    of the article, squeezed.
    """
    marks = list(page.marks)
    for at in _beside(page, site, headlines):
        marks[at] = marks[at] or OTHERS
    for parent, boxes in page.children.items():
        if parent is None or len(boxes) < _PAIR:
            continue
        for units in _alike(page, boxes):
            kind = _kind(page, units, site)
            if kind is None:
                continue
            for unit in units if kind != COMMENTS or _has_text_before(page, units[0]) else units[1:]:
                for at in range(unit.first, unit.end):
                    marks[at] = marks[at] or kind
    for entry in _news(page):
        for at in range(entry.first, entry.end):
            marks[at] = marks[at] or RELATED
    return with_marks(page, marks)


def _beside(page: Page, site: str, headlines: frozenset[str]) -> Iterator[int]:
    """Lines of the boxes beside the one with headline and text that are of others.

    They stand after it and do not go on with it; or they are a column of teasers, which may say more than a
    short text, and have no box for each of them.
    """
    for title in headline_lines(page, headlines)[:1]:
        box: Box | None = page.lines[title].box
        while box is not None and box.parent is not None:
            if page.weight(box) >= _PROSE_BEFORE:
                apart = stands_apart(page, box)
                for one in page.children[box.parent]:
                    if (apart and one.first > box.first) or (one is not box and _is_column(page, one, site)):
                        yield from range(one.first, one.end)
            box = box.parent


def _is_column(page: Page, box: Box, site: str) -> bool:
    """Whether most of the paragraphs in a box stand under a link of their own, as teasers do."""
    told = [at for at in range(box.first, box.end) if page.prose[at] and not page.marks[at]]
    if len(told) < _LEAST_TEASERS:
        return False
    lines = page.lines
    teased = sum(
        any(
            lines[above].linked >= _MOST * len(lines[above].text) and leads_home(lines[above], site)
            for above in range(max(at - 2, box.first), at)
        )
        for at in told
    )
    return teased >= _MOST_OF_COLUMN * len(told)


def _news(page: Page) -> Iterator[Box]:
    """Entries of a column of news below a text: each bears a heading and how long ago it was written.

    They are of several shapes, and some are told in full. All of them together say less than the text.
    """
    aged: dict[Box | None, dict[Box, int]] = {}
    for at, line in enumerate(page.lines):
        if len(line.text) <= _LONGEST_AGE and not page.marks[at] and says_age(line.text):
            for box in with_ancestors(line.box):
                beside = aged.setdefault(box.parent, {})
                beside[box] = beside.get(box, 0) + 1
    for beside in aged.values():
        entries = [box for box, ages in beside.items() if ages == 1 and _is_entry(page, box)]
        held = sum(page.weight(entry) for entry in entries)
        before = page.totals[entries[0].first] if entries else 0.0
        if len(entries) >= _LEAST_TEASERS and held <= before and not is_live(entries[0]):
            yield from entries


def _is_entry(page: Page, box: Box) -> bool:
    tags = {line.tag for line in page.lines[box.first : box.end]}
    return _has_text_before(page, box) and "h1" not in tags and not HEADINGS.isdisjoint(tags)


def _alike(page: Page, boxes: list[Box]) -> Iterator[list[Box]]:
    """Groups of boxes with the same tag and shape of their class, numbers in it left aside."""
    groups: dict[tuple[str, frozenset[str]], list[Box]] = {}
    for box in boxes:
        name = box.element.get("class")
        if box.tag in _NO_UNITS or (box.tag == "tr" and not name):
            continue
        if not all(page.marks[box.first : box.end]):
            shape = shape_of("" if box.tag == "li" else _NUMBERS.sub("", name or ""))
            groups.setdefault((box.tag, shape), []).append(box)
    yield from (group for group in groups.values() if len(group) >= _PAIR)


def _kind(page: Page, units: list[Box], site: str) -> str | None:
    if len(units) == _PAIR:
        return _kind_of_pair(page, units, site)
    least = _MOST * len(units)
    if sum(_is_post(page, unit, is_answer) for unit in units) >= least and not is_live(units[0]):
        return COMMENTS
    if sum(_is_teaser(page, unit, site) for unit in units) >= least:
        return _kind_of_teasers(page, units)
    if sum(_is_post(page, unit, _is_signature) for unit in units) < least or is_live(units[0]):
        return None
    return COMMENTS if _has_text_before(page, units[0]) and _are_signed(page, units) else None


def _kind_of_teasers(page: Page, units: list[Box]) -> str | None:
    """Teasers that bear a date are of other articles for sure: the items of a list of things bear none."""
    share = sum(page.weight(unit) for unit in units) / (page.totals[-1] or 1)
    below = _has_text_before(page, units[0])
    dated = sum(any(map(_is_dated, page.lines[unit.first : unit.end])) for unit in units)
    if below and dated >= _MOST * len(units) and share <= _SHARE_OF_DATED and not is_live(units[0]):
        return OTHERS
    return RELATED if share <= (_SHARE_BELOW_TEXT if below else _SHARE_OF_TEASERS) else None


def _kind_of_pair(page: Page, units: list[Box], site: str) -> str | None:
    if not _has_text_before(page, units[0]) or is_live(units[0]):
        return None
    if all(_is_post(page, unit, is_answer) for unit in units):
        return COMMENTS
    few = sum(page.weight(unit) for unit in units) <= _SHARE_OF_TEASERS * page.totals[-1]
    cards = few and all(_is_card(page, unit, site) for unit in units)
    return _kind_of_teasers(page, units) if cards else None


def _is_card(page: Page, unit: Box, site: str) -> bool:
    """Whether a teaser has a headline, and a picture or a date."""
    lines = page.lines[unit.first : unit.end]
    return (
        _is_teaser(page, unit, site)
        and any(line.tag in HEADINGS and is_link(line) for line in lines)
        and any(line.pictures or _is_dated(line) for line in lines)
    )


def _are_signed(page: Page, units: list[Box]) -> bool:
    """Whether dated units bear a name as well, and hardly ever a heading: a chronicle has dates alone."""
    headed = sum(any(line.tag in HEADINGS for line in page.lines[u.first : u.end]) for u in units)
    short = sum(
        not page.prose[at] and len(page.lines[at].text) <= _LONGEST_SIGNATURE
        for unit in units
        for at in range(unit.first, unit.end)
    )
    return headed < _SHARE_OF_HEADINGS * len(units) and short >= 2 * len(units)


def _is_teaser(page: Page, unit: Box, site: str) -> bool:
    lines = page.lines[unit.first : unit.end]
    return (
        len(lines) > 1
        and any(is_link(line) and leads_home(line, site) for line in lines)
        and sum(page.prose[at] > 0 for at in range(unit.first, unit.end)) <= 1
        and sum(text_weight(line.text) for line in lines) <= _LONGEST_TEASER
    )


def leads_home(line: Block, site: str) -> bool:
    """Whether the link of a line stays at the site."""
    href = line.links[0][2].strip() if line.links else ""
    return "//" not in href[:8] or site in href.split("/", 3)[2]


def _is_post(page: Page, unit: Box, is_sign: Callable[[Block], bool]) -> bool:
    lines = page.lines[unit.first : unit.end]
    return len(lines) > 1 and page.weight(unit) > 0 and any(map(is_sign, lines))


def _is_signature(line: Block) -> bool:
    """Whether a line says by whom and when a post was written, or what a reader can do with it."""
    return is_answer(line) or (
        len(line.text) <= _LONGEST_SIGNATURE
        and line.tag not in HEADINGS
        and (_DATED.search(line.text) is not None or says_age(line.text))
    )


def _is_dated(line: Block) -> bool:
    """Whether a short line says on which day something was written, or how long ago."""
    if len(line.text) > _LONGEST_DATE or line.tag in HEADINGS:
        return False
    return says_age(line.text) or (
        _DATED.search(line.text) is not None and read_written(line.text, day_first=True) is not None
    )


def is_answer(line: Block) -> bool:
    """Whether a line can only stand beside what readers wrote."""
    if len(line.text) > _LONGEST_SIGNATURE:
        return False
    if _says_answer(line.text):
        return True
    numbered = line.linked > 0 and _NUMBERED.fullmatch(line.text) is not None
    return numbered or any(_REPLY.fullmatch(line.text, start, stop) for start, stop, _ in line.links)


# A line is asked about with each box of a kind that it stands in.
@lru_cache(maxsize=2048)
def _says_answer(line: str) -> bool:
    return _POST.search(line) is not None


def is_live(box: Box) -> bool:
    """Whether a box stands in what calls itself live."""
    return any(
        _LIVE.search(f"{one.element.get('class') or ''} {one.element.get('id') or ''}")
        for one in with_ancestors(box)
    )


def _has_text_before(page: Page, unit: Box) -> bool:
    return page.totals[unit.first] >= _PROSE_BEFORE
