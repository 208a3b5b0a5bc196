"""The bylines that readers see, for pages whose markup names nobody.

1. introduced       lines beside the headline that begin "By", "Von", "Autor:"
2. author links     beside the headline, to /author/ada-lark, /team/ada-lark
3. classes          "byline", "author-name": beside the headline, then anywhere
4. marked           rel=author, itemprop=author
5. dated            a name beside a date beside the headline, which nothing marks as a byline
6. author links     anywhere, if there are only a few
7. introduced       lines anywhere that begin "Written by"
8. scripts          "author": "Ada Lark" in what the page tells its analytics
9. initials         below a German text
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, takewhile
from typing import cast

from lxml.etree import XPath, iselement
from lxml.html import HtmlElement

from ingestd.clean import author_words as words
from ingestd.clean.boilerplate import furniture
from ingestd.clean.declared import Declared
from ingestd.clean.json_ld import is_titled
from ingestd.clean.names import is_full
from ingestd.clean.tree import HEADINGS, Block, fold, is_larger, is_link, parts

LINKED, INTRODUCED, MARKED, CLASSED = "author link", "byline", "rel=author", "byline class"
DATED, LINKED_BELOW, INTRODUCED_BELOW = "name beside a date", "author link elsewhere", "byline elsewhere"
SCRIPTED, SIGNED = "script", "signed"
# Whatever readers see.
SOURCES = frozenset(
    (INTRODUCED, LINKED, CLASSED, MARKED, DATED, LINKED_BELOW, INTRODUCED_BELOW, SCRIPTED, SIGNED)
)

_LONGEST_BYLINE = 120
_LONGEST_LONE_NAME = 40
# A line that is no longer is a bullet or an initial.
_LONGEST_MARK = 2
_BEFORE_DATES = " ,.;|/·•–—-"
_MOST_MARKED = 8
_MOST_LOOKED_AT = 100
# An element with more elements in it is more than a byline.
_MOST_PARTS = 40
_MOST_LINES_OF_A_BYLINE = 3
_MOST_LINKS = 3_000
_MOST_LINKED_AUTHORS = 4
_LINKS_OF_A_LINE = 12
_LONGEST_LABEL = 40
# So far around an element the headline of a teaser is looked for, which has at least so many characters.
_MOST_AROUND, _SHORTEST_TEASER = 2, 20
# Of a byline with links to its people this share and more is links.
_SHARE_OF_LINKS = 0.25
# A script that is longer is the state of the whole site, with other articles' authors.
_LONGEST_SCRIPT = 30_000

_BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:byline|author|authors|autor|autoren|auteur|autore|verfasser|writer|reporter|contributor|"
    r"kirjoittaja)s?(?:[-_]{1,2}?(?:names?|link|title|info|text|list|item|box))?(?:$|[\s_-])",
    re.IGNORECASE,
)
# Classes of what is not this article's: comments, teasers of others, pictures with their photographers.
_OF_OTHERS = re.compile(
    r"comment|related|teaser|recommend|(?<!content[-_])(?<!has[-_])(?<!no[-_])(?<!with[-_])(?<!header[-_])sidebar|footer|promo|popular|latest|media|figure|caption|gallery"
    r"|additional",
    re.IGNORECASE,
)
# Over attributes: most elements have none of these, and each predicate on an element costs as much again.
_MARKED = XPath(
    "(descendant::*/@class[contains(.,'uthor') or contains(.,'utor') or contains(.,'yline')]"
    " | descendant::*/@rel[.='author'] | descendant::*/@itemprop[.='author'])/.."
)
# The pages of people: "/author/ada-lark", "/meet-the-team/ada-lark-1", "/autor/42".
_PERSON_PAGE = re.compile(
    r"/(?:authors?|autor(?:es|en|in|ka|ki)?|autori|auteurs?|autore|contributors?|columnists?|kolumnisten?|"
    r"journalists?|journalistes?|journalisten?|giornalist[ai]|periodistas?|(?:\w+)?reporters?|writers?|"
    r"profiles?|profil|people|persons?|personen|users?|team|meet-the-team|muhabir(?:ler)?|dziennikarze?|"
    r"redaktion|redaktionen|redakteure?|redactie|redacteur|staff|bios?|firmas?|yazar(?:lar)?|penulis|forfatter|"
    r"skribent|skribenter|bylines?|by|correspondents?|editors?)/[^/?#]"
    r"|/author-\w|/\?author=\w|/@\w",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_IN_SCRIPT = re.compile(
    r"uthor(?:s|_?[Nn]ames?)?[\"']?\s{0,3}[:=]\s{0,3}\[?\s{0,3}[\"']([^\"'\\\n<>{}=]{3,80})[\"']"
)


def near_headline(near: Sequence[Block], titles: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """What stands below the headline, then above it (1 to 3): source and statements.

    `titles` are those of the page. Above there are bylines as well, and the teasers of menus.
    """
    headline = next((place for place, line in enumerate(near) if line.text in titles), None)
    below = near if headline is None else near[headline + 1 :]
    yield from _near(list(takewhile(lambda line: not _is_of_a_teaser(line, titles), below)))
    if headline:
        yield from _near(near[:headline])


def _is_of_a_teaser(line: Block, titles: Sequence[str]) -> bool:
    """Whether a line is a linked headline, and not the page's own."""
    return line.tag in HEADINGS and is_link(line) and not is_titled(line.text, titles)


def _near(lines: Sequence[Block]) -> Iterator[tuple[str, list[str]]]:
    short = [line for line in lines if len(line.text) <= _LONGEST_BYLINE]
    introduced = list(_introduced(short))
    yield INTRODUCED, [one for one in introduced if not words.OF_EDITORS.match(one)] or introduced
    linked = (line for line in short if line.linked >= _SHARE_OF_LINKS * len(line.text))
    yield LINKED, list(dict.fromkeys(one for line in linked for one in _linked_in(line)))
    yield CLASSED, _texts([line.element for line in short if _is_byline(line)])


def _is_byline(line: Block) -> bool:
    around = (line.element, *islice(line.element.iterancestors(), 2))
    # A whole article can bear its author's name: "post author-ada".
    return any(
        _BYLINE_CLASS.search(one.get("class") or "") and not is_larger(one, _MOST_PARTS) for one in around
    )


def in_page(
    page: Declared, near: Sequence[Block], language: str, *, guess: bool, unsigned: bool = False
) -> Iterator[tuple[str, list[str]]]:
    """What stands elsewhere in the page (3 to 9), the most credible first: source and statements.

    Without `guess` only what is marked as the author's name (3 and 4). `unsigned`: the outlet states itself
    as the author, so that names which nothing introduces are of other articles.
    """
    found = [cast("HtmlElement", one) for one in _results(_MARKED(page.root))]
    marked = [one for one in found if not _is_in_a_teaser(one, page.titles)] if len(found) > 1 else found
    ours = [one for one in marked if "author" in (one.get("rel"), one.get("itemprop"))]
    yield MARKED, _texts(ours) or _stated_within(ours)
    yield CLASSED, _texts([one for one in marked if _BYLINE_CLASS.search(one.get("class") or "")])
    if not guess:
        return
    if not unsigned:
        yield DATED, list(islice(_beside_dates(near), 1))
        linked = _linked(islice(page.root.iter("a"), _MOST_LINKS))
        yield LINKED_BELOW, linked if len(linked) <= _MOST_LINKED_AUTHORS else []
    yield INTRODUCED_BELOW, list(islice(_introduced_below(page.lines), 1))
    yield SCRIPTED, _in_scripts(page)
    yield SIGNED, _signed(page.lines, language)


def _is_in_a_teaser(element: HtmlElement, titles: Sequence[str]) -> bool:
    """Whether an element stands behind a heading that is a link to another article."""
    for one in (element, *islice(element.iterancestors(), _MOST_AROUND)):
        before = one.getprevious()
        if before is not None and before.tag in HEADINGS and before.find(".//a") is not None:
            text = fold("".join(islice(before.itertext(), 8)))
            return len(text) >= _SHORTEST_TEASER and not is_titled(text, titles)
    return False


def label_before(element: HtmlElement) -> str:
    """The end of what stands before an element."""
    before, around = element.getprevious(), element.getparent()
    if before is None:
        return (around.text or "")[-_LONGEST_LABEL:] if around is not None else ""
    tail = before.tail or ""
    return (tail if tail.strip() else "".join(islice(before.itertext(), 4)))[-_LONGEST_LABEL:]


def _results(found: object) -> list[object]:
    return [one for one in found if iselement(one)] if isinstance(found, list) else []


def _stated_within(marked: Sequence[HtmlElement]) -> list[str]:
    """What meta elements in marked ones state as the name."""
    metas = (meta for one in marked[:_MOST_MARKED] if not is_of_others(one) for meta in one.iter("meta"))
    return [meta.get("content") or "" for meta in metas if meta.get("itemprop") == "name"]


def _linked(anchors: Iterable[HtmlElement]) -> list[str]:
    """The texts of links to the pages of people."""
    to_people = (a for a in anchors if _PERSON_PAGE.search(a.get("href") or "") and not is_of_others(a))
    to_people = (a for a in to_people if not words.EDITED_BY.search(label_before(a)))
    texts = (fold(" ".join(islice(a.itertext(), 8))).partition(",")[0] for a in to_people)
    return list(dict.fromkeys(text for text in texts if _is_linked_name(text)))


def _linked_in(line: Block) -> list[str]:
    """The texts of links to the pages of people in a line, which may be one of many of a large element."""
    if not is_larger(line.element, _MOST_PARTS):
        return _linked(_links_of(line))
    spans = [(start, end) for start, end, href in line.links if _PERSON_PAGE.search(href)]
    own = [line.text[a:b] for a, b in spans if not words.EDITED_BY.search(line.text[:a])]
    return [] if is_of_others(line.element) else [one for one in own if _is_linked_name(one)]


def _links_of(line: Block) -> list[HtmlElement]:
    """The links in a line; its element may have other lines as well."""
    links = (a for a in line.element.iter("a") if fold("".join(islice(a.itertext(), 8))) in line.text)
    return list(islice(links, _LINKS_OF_A_LINE))


def _is_linked_name(text: str) -> bool:
    return is_full(text) and len(text) <= _LONGEST_LONE_NAME


def _introduced(near: Sequence[Block]) -> Iterator[str]:
    """The lines that begin as bylines do and go on as names do."""
    for place, line in enumerate(near):
        # A headline can read so as well: "Here Are 6 Lamps Lit by Harbour Oil".
        may_be_dated = line.tag not in HEADINGS and _DIGIT.search(line.text)
        dated = words.BEHIND_A_DATE.search(line.text) if may_be_dated else None
        if dated:
            yield "; ".join(_only_marked(line)) or line.text[dated.start("by") :]
            continue
        begun = words.BEFORE_NAMES.match(line.text)
        if begun and begun.end() == len(line.text) and introduces(begun[0]):
            yield from (_apart(after) for after in near[place + 1 : place + 2] if _may_begin_name(after.text))
        elif begun and introduces(begun[0]) and _may_begin_name(line.text[begun.end() :]):
            yield _apart(line)
        elif words.EAST_ASIAN_BYLINE.match(line.text):
            yield line.text


def _apart(line: Block) -> str:
    """A line with a mark between what style sheets set apart: "By Ada LarkReporter"."""
    if is_larger(line.element, _MOST_PARTS):
        return _apart_at_links(line)
    marked = _only_marked(line)
    if marked:
        return "; ".join(marked)
    told = parts(line.element)
    same = bool(told) and line.text.startswith(told[0])
    return "; ".join(told[:_MOST_LINES_OF_A_BYLINE]) if same else _apart_at_links(line)


def _apart_at_links(line: Block) -> str:
    """A line with a mark where a link ends within a word: "By National DeskThe Plain Keeper"."""
    glued = {end for _, end, _ in line.links if line.text[end : end + 1].isupper()}
    return "".join("; " * (at in glued) + character for at, character in enumerate(line.text))


def _only_marked(line: Block) -> list[str]:
    """Whom links in a line name that are marked as the author's, where other links are nobody's."""
    links = _links_of(line)
    others = [a for a in links if a.get("rel") != "author"]
    if not others or any(_PERSON_PAGE.search(a.get("href") or "") for a in others):
        return []
    names = (fold(" ".join(islice(a.itertext(), 8))) for a in links if a not in others)
    return [name for name in names if name and name in line.text]


def introduces(begun: str) -> bool:
    """Whether names follow behind these words: "Written by", "Autor:"."""
    said = begun.strip().lower()
    if said.endswith((":", "：")) or said in words.PLAIN_INTRODUCTIONS:
        return True
    return words.SOMEBODYS_WORK.fullmatch(said) is not None


def _may_begin_name(text: str) -> bool:
    """Whether a text begins with a letter that is not small; many scripts know no small ones."""
    return text[:1].isalpha() and not text[0].islower()


def _beside_dates(near: Sequence[Block]) -> Iterator[str]:
    """Names alone in their line beside one with a date, and names before the date in one line."""
    told = [line for line in near if len(line.text) > _LONGEST_MARK]
    dated = [_DIGIT.search(line.text) is not None and _date_at(line.text) is not None for line in told]
    for place, line in enumerate(told):
        if dated[place]:
            name = line.text[: _date_at(line.text)].strip(_BEFORE_DATES)
        elif any(dated[max(0, place - 1) : place + 3]) and not line.linked:
            name = line.text
        else:
            continue
        if len(name) <= _LONGEST_LONE_NAME and words.PLAIN_NAME.fullmatch(name) and furniture(name) is None:
            yield name


def _date_at(text: str) -> int | None:
    """Where the date in a short line begins; None when there is none."""
    found = words.DATE.search(text) if len(text) <= _LONGEST_BYLINE else None
    return found.start() if found else None


def _introduced_below(lines: Sequence[Block]) -> Iterator[str]:
    short = (line.text for line in lines if len(line.text) <= _LONGEST_BYLINE)
    return (text for text in short if words.FULL_INTRODUCTION.match(text))


def _texts(marked: Sequence[HtmlElement]) -> list[str]:
    """The lines of marked elements; an element within another of them is not told twice."""
    looked_at = (one for one in marked[:_MOST_LOOKED_AT] if not is_larger(one, _MOST_PARTS))
    elements = islice((one for one in looked_at if not is_of_others(one)), _MOST_MARKED)
    texts: dict[str, None] = {}
    for element in elements:
        told = takewhile(lambda line: not words.REST_OF_WORK.match(line), parts(element))
        lines = [line for line in told if not words.NOT_A_BYLINE.search(line)]
        text = "; ".join(lines[: 2 * _MOST_LINES_OF_A_BYLINE])
        if 2 <= len(text) <= 2 * _LONGEST_BYLINE and not any(text in other for other in texts):
            texts[text] = None
    return list(texts)[:4]


def is_of_others(element: HtmlElement) -> bool:
    """Whether this stands in the comments or in a teaser of something else."""
    around = (element, *islice(element.iterancestors(), 7))
    # What the main part stands in says how the page is laid out: "main-and-sidebar".
    within = takewhile(lambda one: one.tag not in ("main", "body", "html"), around)
    return any(_is_box_of_others(one) for one in within)


def _is_box_of_others(element: HtmlElement) -> bool:
    """Whether a box is called so; that with the headline is the article's by any name: "teaser-text"."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return _OF_OTHERS.search(names) is not None and element.find(".//h1") is None


def _in_scripts(page: Declared) -> list[str]:
    found = (match for script in page.script_texts(_LONGEST_SCRIPT) for match in _IN_SCRIPT.findall(script))
    return list(dict.fromkeys(islice(found, _MOST_MARKED)))[:1]


def _signed(lines: Sequence[Block], language: str) -> list[str]:
    """The initials below a text."""
    if language.partition("-")[0] not in words.SIGNING_LANGUAGES:
        return []
    short = (line.text for line in lines if not line.linked and len(line.text) <= _LONGEST_BYLINE)
    match = next((found for text in short if (found := words.SIGNED.fullmatch(text))), None)
    return [] if match is None else re.split(r"\W+", next(one for one in match.groups() if one))
