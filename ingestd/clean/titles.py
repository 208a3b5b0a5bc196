"""The headline of a page, and the name of its site.

A page states its headline up to six times: for search engines (JSON-LD), for those who share it (og:title),
for its readers (h1), for the window (title). They differ by the site's name at the end, by length, and by
what editors try on each of them. None is the right one at every outlet. Of 129 pages of news the first of
them in this order was the one that a hand-written parser takes on .845; the one on which most agree, .837.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, pairwise

from ingestd.clean.declared import Declared
from ingestd.clean.json_ld import Json, listed, name, text
from ingestd.clean.tree import HEADINGS, Block, fold
from ingestd.model import Reading, Resolved
from ingestd.urls import host_of, is_http, registrable

_SITE_META = ("og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:app:name:iphone")
_OG = "meta og:title"
_LD = "json-ld headline"
_H1 = "h1"
# These places seldom carry the site's name.
_PROOFS = (_LD, _H1, "meta headline", "meta parsely-title", "meta sailthru.title")
_TITLE_META = (
    "og:title",
    "twitter:title",
    "dc.title",
    "dcterms.title",
    "sailthru.title",
    "parsely-title",
    "headline",
)

# The last bar is a Korean vowel.
_SEPARATOR = re.compile(
    r"\s+(?:[|\-–—―−•·:*»«›‹/ㅣ~<>⋆★●▪◆■_]{1,2}|[-–—|/]{2,3})\s+|\s*[|ㅣ｜┃│∣]\s*|(?<=\w)_(?=\w)|(?<=\w)»(?=\w)"
)
_CLOSE_SEPARATOR = re.compile(r"\s*[|\-–—―−•·*»«›‹/ㅣ｜┃│∣~<>⋆★●▪◆■_]")
_SUFFIX_OF_NAME = re.compile(r"(?:com|net|org|de|couk|co|uk|fr|it|es|nl|at|ch|online|news)$")
_NOT_LETTERS = re.compile(r"[\W_]+")
_CUT_OFF = ("…", "..", "…]", "..]")
# What templates state where they know nothing better; squeezed.
_NO_HEADLINE = frozenset(
    "untitled notitle undefined null none nan default title titel home homepage startseite article artikel "
    "news newsarticle post story page document index".split()
)
# A headline shorter than this is no proof that what follows it is the site's name.
_SHORTEST_PROOF = 8
_MOST_CUTS = 8
_COLON = re.compile(r":\s+")
# Without one of these a title has but one part.
_MARK = re.compile(rf"{_SEPARATOR.pattern}|{_COLON.pattern}")
# Signs of links to a heading itself, which stand at its end.
_ANCHORS = " ¶#§🔗"
_WHOLE_LINK = 0.9
_FRONT_PAGE = re.compile(r"(?:(?:https?:)?//[^/]*)?/?(?:(?:index|home)\.\w+)?|\.|#", re.IGNORECASE)
_LONGEST_TITLE = 300
_MOST_WORDS_OF_A_SITE = 6
_SHORTEST_TELLING_NAME = 5


def site_name(page: Declared, story: Json) -> str | None:
    """What the site calls itself."""
    return page.first(_SITE_META[0]) or publisher_name(story) or page.first(*_SITE_META[1:])


def publisher_name(story: Json) -> str | None:
    """What JSON-LD calls the publisher of the article."""
    return next((found for one in listed(story.get("publisher")) if (found := name(one))), None)


def site_names(page: Declared, story: Json) -> frozenset[str]:
    """Everything that names the site, letters only: its names, its host, its publisher."""
    host = host_of(page.url).partition(":")[0] if is_http(page.url) else ""
    registered = registrable(host) if host else ""
    publishers = [publisher_name(story), name(story.get("copyrightHolder")), name(story.get("isPartOf"))]
    site = [node.get("name") for node in page.graph.of_type("WebSite")]
    stated = [*publishers, *(page.first(key) for key in _SITE_META), *filter(_is_text, site)]
    hosts = [host.removeprefix("www."), registered, registered.partition(".")[0]]
    squeezed = {squeeze(one) for one in (*stated, *hosts) if one}
    shortened = {_SUFFIX_OF_NAME.sub("", one) for one in squeezed}
    # "HP" is a name where it is said to be one.
    short = {squeeze(one) for one in (publisher_name(story), page.first(_SITE_META[0])) if one}
    return frozenset(one for one in squeezed | shortened if len(one) > 2 or (one in short and len(one) == 2))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def squeeze(value: str) -> str:
    """Letters and digits alone, without case: what is one name to a reader is one string."""
    return _squeezed(value) if len(value) <= _LONGEST_TITLE else _NOT_LETTERS.sub("", value).casefold()


@lru_cache(maxsize=2048)
def _squeezed(value: str) -> str:
    # The same few names are compared many times.
    return _NOT_LETTERS.sub("", value).casefold()


# ---------------------------------------------------------------------------------- headlines


def read_titles(page: Declared, story: Json, names: frozenset[str]) -> tuple[Reading, ...]:
    """Every headline that the page states, without the site's name, in the order of their worth."""
    stated = [(source, fold(value).rstrip(_ANCHORS)) for source, value in _stated(page, story) if value]
    names |= _names_of_boards(page)
    proofs = {v for s, v in stated if s in _PROOFS and len(squeeze(v)) >= _SHORTEST_PROOF}
    # Old sites have their own name in the heading of every page.
    proofs = {one for one in proofs if squeeze(one) not in names}
    headings = _headings(page) if any(_MARK.search(value) for _, value in stated) else frozenset()
    cut = [Reading(s, _as_heading(without_site(value, names, proofs), headings)) for s, value in stated]
    own = [one for one in cut if one.value and squeeze(one.value) not in names]
    telling = [one for one in own if squeeze(one.value) not in _NO_HEADLINE and "://" not in one.value]
    return tuple(_ranked(_without_kicker(telling or own)))


def _without_kicker(readings: list[Reading]) -> list[Reading]:
    """The readings; of "Harbour Boats at sea" in an h1 what the window has, where that is its end."""
    window = next((one.value for one in readings if one.source == "title"), "")
    end = squeeze(window)
    if len(end) < _SHORTEST_PROOF:
        return readings

    def bare(one: Reading) -> Reading:
        whole = squeeze(one.value)
        is_longer = one.source == _H1 and whole.endswith(end) and len(whole) > len(end)
        return Reading(one.source, window) if is_longer and 2 * len(end) > len(whole) else one

    return list(map(bare, readings))


def _names_of_boards(page: Declared) -> frozenset[str]:
    """The h1 that ends the window's title behind a lesser heading: in forums it is the board's."""
    ends = {squeeze(h1) for h1 in page.h1}
    cuts = islice(_SEPARATOR.finditer(page.page_title), _MOST_CUTS) if ends else ()
    parts = ((squeeze(page.page_title[: cut.start()]), squeeze(page.page_title[cut.end() :])) for cut in cuts)
    ended = [(head, tail) for head, tail in parts if tail in ends and len(head) > len(tail)]
    if not ended:
        return frozenset()
    lesser = {squeeze(line.text) for line in page.lines if line.tag in HEADINGS and line.tag != "h1"}
    return frozenset(tail for head, tail in ended if head in lesser)


def _headings(page: Declared) -> frozenset[str]:
    """The squeezed headings of the page that lead nowhere else."""
    lines = (line.text for line in page.lines if line.tag in HEADINGS and not _leads_away(line))
    return frozenset(one for one in map(squeeze, lines) if len(one) >= _SHORTEST_PROOF)


def _as_heading(title: str, headings: frozenset[str]) -> str:
    """The part of a title that is a heading of the page: of "Boats – A Log", of "A Log: Boats"."""
    if not headings or squeeze(title) in headings:
        return title
    cuts = (*_SEPARATOR.finditer(title), *islice(_COLON.finditer(title), 1))
    for cut in cuts[:_MOST_CUTS]:
        head, tail = title[: cut.start()], title[cut.end() :]
        # Behind the headline anything may stand, before it the shorter name of the site.
        if squeeze(head) in headings and cut[0].strip() != ":":
            return head
        if squeeze(tail) in headings and len(tail) > len(head):
            return tail
    return title


def _leads_away(line: Block) -> bool:
    """Whether a heading is a teaser or a logo; some headlines are links to the page that they stand on."""
    return is_whole_link(line) and (line.tag != "h1" or _is_logo(line))


def _is_logo(line: Block) -> bool:
    """Whether a line is a link to the front page."""
    hrefs = (link.get("href") or "" for link in islice(line.element.iter("a"), 1))
    return is_whole_link(line) and any(_FRONT_PAGE.fullmatch(href.strip()) for href in hrefs)


def is_whole_link(line: Block) -> bool:
    """Whether a line is a link and little else, as a logo or a teaser is."""
    return line.linked >= _WHOLE_LINK * len(line.text)


def _stated(page: Declared, story: Json) -> Iterator[tuple[str, str | None]]:
    yield _LD, text(story.get("headline")) or text(story.get("name"))
    yield _OG, page.first("og:title")
    h1 = _headline_h1(page)
    if h1 and squeeze(h1) in squeeze(page.page_title):
        yield _H1, h1
    for key in _TITLE_META[1:]:
        yield f"meta {key}", page.first(key)
    yield _H1, h1
    yield "title", page.page_title


def _headline_h1(page: Declared) -> str | None:
    """The h1 that the other titles know; else the longest, for sites put their name in one as well."""
    others = [squeeze(one) for one in (page.page_title, page.first("og:title") or "") if one]
    logos = (
        {line.text for line in page.lines if line.tag == "h1" and is_whole_link(line)} if others else set()
    )
    own = [one for one in page.h1 if one not in logos]
    known = (h1 for h1 in own if any(squeeze(h1)[:40] in other for other in others if squeeze(h1)))
    return max(known, key=len, default=None) or max(own, key=len, default=None)


def without_site(title: str, names: frozenset[str], proofs: Iterable[str] = ()) -> str:
    """A title without the site's name at either end, and what else stands there.

    `names` are the site's squeezed names; `proofs` headlines from elsewhere: what a bar or a dash parts from
    one of them is no part of the headline.
    """
    known = list(proofs)
    for proof in known:
        if title.startswith(proof) and _CLOSE_SEPARATOR.match(title, len(proof)):
            return proof
    squeezed = frozenset(map(squeeze, known))
    for cut in list(_SEPARATOR.finditer(title))[:_MOST_CUTS]:
        for part in (title[: cut.start()], title[cut.end() :]):
            if squeeze(part) in squeezed:
                return part
    return _without_names(title, names)


def _without_names(title: str, names: frozenset[str]) -> str:
    for _ in range(_MOST_CUTS):
        cuts = list(_SEPARATOR.finditer(title))
        if not cuts:
            return title
        if _names_site(title[cuts[-1].end() :], names):
            title = title[: cuts[-1].start()]
        elif _names_site(title[: cuts[0].start()], names):
            title = title[cuts[0].end() :]
        elif (end := _before_name(title, cuts, names)) is not None:
            title = title[:end]
        else:
            return title
    return title


def _before_name(title: str, cuts: Sequence[re.Match[str]], names: frozenset[str]) -> int | None:
    """Where the site's name begins that its motto follows: "Boats - Harbour Post - News, Sport"."""
    parts = pairwise(cuts)
    return next((a.start() for a, b in parts if squeeze(title[a.end() : b.start()]) in names), None)


def _names_site(part: str, names: frozenset[str]) -> bool:
    squeezed = squeeze(part)
    if not squeezed or squeezed in names or _SUFFIX_OF_NAME.sub("", squeezed) in names:
        return bool(squeezed)
    # "Die Neue Südtiroler Tageszeitung" of tageszeitung.it, "Post" of the "Harbour Post".
    return len(part.split()) <= _MOST_WORDS_OF_A_SITE and any(
        len(name) >= _SHORTEST_TELLING_NAME and (name in squeezed or squeezed in name)
        for name in names
        if len(squeezed) >= _SHORTEST_TELLING_NAME
    )


def _ranked(readings: list[Reading]) -> list[Reading]:
    """The readings in their order, those that are only the headline's beginning last."""

    def is_cut(reading: Reading) -> bool:
        return reading.value.endswith(_CUT_OFF) or _is_beginning(reading.value, readings)

    return sorted(dict.fromkeys(readings), key=is_cut)


def _is_beginning(value: str, readings: list[Reading]) -> bool:
    """Whether another reading goes on where this one was cut: search engines take 110 characters."""
    whole = squeeze(value)
    cut = len(value) >= 100
    return cut and any(
        len(squeeze(r.value)) > len(whole) and squeeze(r.value).startswith(whole) for r in readings
    )


def headline_place(lines: Sequence[Block], readings: Sequence[Reading], h1: Sequence[str]) -> int | None:
    """The number of the line that is the headline; None when no line is.

    An h1 goes before other headings, and a link before nothing: menus and teasers have the title as well.
    """
    known = frozenset(squeeze(reading.value) for reading in readings) - {""}
    headings = [(place, line) for place, line in enumerate(lines) if line.tag in HEADINGS]
    titled = [(place, line) for place, line in headings if squeeze(line.text) in known]
    titled = titled or [(place, line) for place, line in enumerate(lines) if _is_titled(line, known)]
    titled = titled or [(place, line) for place, line in headings if line.text in h1]
    return min(titled, key=lambda one: (one[1].tag != "h1", one[1].linked > 0, one[0]), default=(None,))[0]


def _is_titled(line: Block, known: frozenset[str]) -> bool:
    return (
        not line.linked
        and _SHORTEST_PROOF <= len(line.text) <= _LONGEST_TITLE
        and squeeze(line.text) in known
    )


_REASONS = {
    _OG: "the title that the page gives to those who share it",
    _LD: "the headline that the page gives to search engines",
    _H1: "the headline that readers see",
    "title": "the title of the window",
    "state": "the headline of the object that the page is built of",
    "feed": "the page states no title, its feed does",
}


def resolve_title(readings: tuple[Reading, ...]) -> Resolved:
    """The best of the headlines and why."""
    if not readings:
        return Resolved("title", None, "neither page nor feed states a title")
    first = readings[0]
    same = [r.source for r in readings[1:] if squeeze(r.value) == squeeze(first.value)]
    agreeing = f"; {', '.join(dict.fromkeys(same))} agree" if same else ""
    return Resolved(
        "title", first.value, _REASONS.get(first.source, f"stated by {first.source}") + agreeing, readings
    )
