"""Who wrote a page: people; where none is named, whom its publisher states: an agency, a desk, itself.

Names are read in JSON-LD, in the bylines beside the headline, in meta elements, and elsewhere in the page
(`bylines`). The first place that names a person is believed; the page itself is looked through only where its
JSON-LD names nobody, and no further than needed. Beside a person no agency or outlet is an author, and words
for those who write ("Redaktion") are only where nothing else is stated.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingestd.clean import bylines
from ingestd.clean.declared import Declared
from ingestd.clean.json_ld import Json, listed, name, text, types
from ingestd.clean.names import (
    LONGEST_STATEMENT,
    IsAgency,
    is_full,
    is_office,
    is_person,
    is_proper,
    people_in,
    split_names,
)
from ingestd.clean.titles import squeeze
from ingestd.clean.tree import Block, fold
from ingestd.clean.unseen import STATE, Unseen
from ingestd.model import Reading, Resolved

_AUTHOR_META = (
    "author", "article:author", "article:author_name", "articleauthor", "parsely-author", "sailthru.author",
    "dc.creator", "dcterms.creator", "dc.contributor", "byl", "byline", "og:article:author",
    "cxenseparse:author", "authors", "author_name", "author-name", "article_author", "article-author",
    "dc.author", "creator", "writer", "citation_author", "news_authors",
)  # fmt: skip
# Every system for pages, advertisers and analytics has a prefix of its own.
_OTHER_META = re.compile(r"(?!twitter)(?:[\w-]+[:._])+(?:authors?|byline|author[-_]?names?)")
_JSON_LD, _OF_ORGANISATIONS = "json-ld author", "json-ld organisation"
# Here names are often given as catalogues have them: "Roe, Jane".
_CATALOGUES = ("dc.creator", "dcterms.creator", "dc.contributor", "citation_author")
# Where somebody's page is, not how he is called.
_ADDRESS = re.compile(r"://|^/|^www\.")
_INITIALS = re.compile(r"[a-zäöü]{2,4}")
_INVERTED = re.compile(r"^([^\s,]+),\s*([^\s,]+)$")


# Places and what they state.
Statements = Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class AuthorReading:
    """What one place says about the authors."""

    # Everything that it says.
    reading: Reading
    people: tuple[str, ...] = ()
    # Everybody else under a name of his own: "AFP", "kicker", "Redaktion Harbour Post", "ssi"; never "Staff".
    others: tuple[str, ...] = ()
    agencies: frozenset[str] = frozenset()
    # Words for those who write together: "Redazione", "News Desk".
    offices: tuple[str, ...] = ()


class Names:
    """Tells the people, organisations and agencies among names on the pages of one site."""

    def __init__(self, site: frozenset[str], is_agency: IsAgency) -> None:
        """`site` are the squeezed names of the site, which is no person."""
        self._site, self._is_agency = site, is_agency
        # A page states its authors in many places.
        self._known: dict[tuple[str, ...], tuple[str, ...]] = {}

    def _people(self, stated: tuple[str, ...]) -> tuple[str, ...]:
        if stated not in self._known:
            self._known[stated] = people_in(stated, self._site, self._is_agency)
        return self._known[stated]

    def read(self, source: str, stated: Sequence[str]) -> AuthorReading:
        """What markup states, its names sorted."""
        people = () if source == _OF_ORGANISATIONS else self._people(tuple(stated))
        others = () if people else tuple(dict.fromkeys(filter(is_proper, map(self._bare, stated))))
        return self._reading(source, stated, people, others)

    def others_are_named(self, readings: Iterable[AuthorReading]) -> bool:
        """Whether somebody is stated, if no person, and not just the outlet itself."""
        return any(squeeze(one) not in self._site for reading in readings for one in reading.others)

    def read_byline(self, source: str, told: Sequence[str]) -> AuthorReading:
        """What readers see; one word alone is somebody only where nobody else is named."""
        sure = source == bylines.MARKED
        people = self._people(tuple(told))
        people = tuple(one for one in people if (sure or is_full(one)) and not one.islower())
        others = () if people else tuple(dict.fromkeys(self._seen(source, told)))
        return self._reading(source, told, people, others)

    def _seen(self, source: str, told: Sequence[str]) -> Iterator[str]:
        for one in (found for line in told for found in split_names(line)):
            initials = source == bylines.CLASSED and bool(_INITIALS.fullmatch(one))
            alone = source == bylines.INTRODUCED and is_person(one, self._site) and one[:1].isupper()
            if self._is_agency(one) or ((initials or alone) and is_proper(one)):
                yield one

    def _reading(
        self, source: str, stated: Sequence[str], people: tuple[str, ...], others: tuple[str, ...]
    ) -> AuthorReading:
        shown = Reading(source, "; ".join(stated)[:LONGEST_STATEMENT])
        sure = source not in bylines.SOURCES or source in (bylines.INTRODUCED, bylines.MARKED)
        found = (one for line in stated for one in split_names(line)) if sure else ()
        offices = () if people or others else tuple(dict.fromkeys(filter(is_office, found)))
        return AuthorReading(shown, people, others, frozenset(filter(self._is_agency, others)), offices)

    def _bare(self, name: str) -> str:
        """An agency as it is called, without "By" and the place; any other name as it is stated."""
        found = split_names(name) if self._is_agency(name) else []
        return next(filter(self._is_agency, found), fold(name))


def read_authors(
    page: Declared,
    said: Statements,
    names: Names,
    near: Sequence[Block] = (),
    language: str = "",
    unseen: Unseen | None = None,
) -> tuple[AuthorReading, ...]:
    """Every statement of the authors, the most credible first.

    `said` is what markup states, `near` are the lines around the headline, `language` is a tag. `unseen` is
    asked where nobody is named.
    """
    stated = [names.read(source, told) for source, told in said[:1]]
    # A word alone can be a login or a part of a name that readers see in full.
    if not any(map(is_full, stated[0].people)):
        stated += [
            names.read_byline(source, told) for source, told in bylines.near_headline(near, page.titles)
        ]
    stated += [names.read(source, told) for source, told in said[1:]]
    if not any(one.people for one in stated):
        # Where an agency or a desk is stated, guesses at a person would be wrong more often than not.
        guess = not names.others_are_named(stated)
        unsigned = any(one.others for one in stated)
        stated += _in_page(bylines.in_page(page, near, language, guess=guess, unsigned=unsigned), names)
        if unseen and guess and not any(one.people for one in stated):
            stated.append(names.read(STATE, unseen.facts.authors))
    return tuple(one for one in stated if one.reading.value)


def _in_page(told: Iterable[tuple[str, Sequence[str]]], names: Names) -> Iterator[AuthorReading]:
    """What the page says, up to the first place that names a person."""
    for source, lines in told:
        if source == bylines.SIGNED:
            seen = AuthorReading(Reading(source, "; ".join(lines)), tuple(lines))
        else:
            seen = names.read_byline(source, lines)
        yield seen
        if seen.people:
            return


def resolve_authors(
    readings: Sequence[AuthorReading], publisher: str | None = None
) -> tuple[tuple[str, ...], Resolved]:
    """The authors and why: people, and only where none is named an agency, a desk or an outlet.

    `publisher` names the outlet itself: stated as the author it says less than any other name.
    """
    shown = tuple(one.reading for one in readings)
    named = next((one for one in readings if one.people), None)
    if named:
        chosen = _fullest(readings, named)
        reason = f"{chosen.reading.source} names people{_others(readings, chosen)}"
        return chosen.people, Resolved("authors", "; ".join(chosen.people), reason, shown)
    itself = squeeze(publisher or "")
    told = min((one for one in readings if one.others), key=lambda one: _doubt(one, itself), default=None)
    told = told or next((one for one in readings if one.offices), None)
    if told is None:
        return (), Resolved("authors", None, "nobody is named", shown)
    called = told.others or told.offices
    stated = "; ".join(called)
    reason = f"no person is named; {told.reading.source} states {stated}"
    return called, Resolved("authors", stated, reason, shown)


def _doubt(told: AuthorReading, itself: str) -> int:
    """How little a statement without people says: whom it names, then whether readers or machines see it."""
    if all(squeeze(one) == itself for one in told.others):
        return 2
    in_page = told.reading.source in bylines.SOURCES
    return (1 if told.agencies else 3) if in_page else 0


def _fullest(readings: Sequence[AuthorReading], first: AuthorReading) -> AuthorReading:
    """The first that names people; another where it names them all and more, but for what JSON-LD says."""
    if not any(map(is_full, first.people)):
        return next((one for one in readings if _spells_out(first.people, one.people)), first)
    if first.reading.source == _JSON_LD:
        return first
    known = set(map(squeeze, first.people))
    return next((one for one in readings if known < set(map(squeeze, one.people))), first)


def _spells_out(lone: Sequence[str], people: Sequence[str]) -> bool:
    """Whether full names hold those of one word: "Adalark" or "Ada" and "Ada Lark"."""
    full = [squeeze(one) for one in people if is_full(one)]
    return bool(full) and all(any(squeeze(one) in name for name in full) for one in lone)


def _others(readings: Sequence[AuthorReading], chosen: AuthorReading) -> str:
    named = set(map(squeeze, chosen.people))
    others = [
        one.reading.source
        for one in readings
        if one is not chosen and one.people and set(map(squeeze, one.people)) != named
    ]
    return f"; others are named by {', '.join(dict.fromkeys(others))}" if others else ""


# ---------------------------------------------------------------------------------- what markup states


def in_markup(page: Declared, story: Json) -> Statements:
    """Every place of the markup that states authors, JSON-LD first in any case, and what it states."""
    elsewhere = ((source, told) for source, told in _elsewhere(page, story) if told)
    things = _things_of(page, story, "author")
    firms = [thing for thing in things if _is_organisation(thing)]
    people = [thing for thing in things if thing not in firms]
    of_firms = ((_OF_ORGANISATIONS, _names_in(firms)),) if firms else ()
    return ((_JSON_LD, _names_in(people)), *of_firms, *elsewhere)


def _is_organisation(thing: object) -> bool:
    return isinstance(thing, dict) and any(kind.endswith("Organization") for kind in types(thing))


def _elsewhere(page: Declared, story: Json) -> Iterator[tuple[str, list[str]]]:
    likely = (key for key in page.meta if ("author" in key or "byline" in key) and key not in _AUTHOR_META)
    others = filter(_OTHER_META.fullmatch, likely)
    for key in (*(one for one in _AUTHOR_META if one in page.meta), *others):
        stated = [content for content in page.meta[key] if not _ADDRESS.search(content)]
        if key in _CATALOGUES:
            stated = [_INVERTED.sub(r"\2 \1", one) for one in stated]
        yield f"meta {key}", stated
    yield "meta twitter:data", _labelled(page)
    for key in ("creator", "contributor"):
        yield f"json-ld {key}", _names_of(page, story, key)
    for node in (*page.graph.twins(story), page.described):
        yield "json-ld page author", _names_of(page, node, "author")


def _labelled(page: Declared) -> list[str]:
    """Whom a card for sharing names beside a label such as "Written by"; beside others stands the time."""
    pairs = ((page.first(f"twitter:label{n}") or "", page.first(f"twitter:data{n}")) for n in (1, 2))
    return [told for label, told in pairs if told and bylines.introduces(label)]


def _names_of(page: Declared, node: Json, key: str) -> list[str]:
    return _names_in(_things_of(page, node, key))


def _things_of(page: Declared, node: Json, key: str) -> list[object]:
    return [page.graph.resolved(one) for one in listed(node.get(key))]


def _names_in(things: Iterable[object]) -> list[str]:
    stated = (one for thing in things for one in _names_of_thing(thing))
    return list(dict.fromkeys(one for one in stated if one and not _ADDRESS.search(one)))


def _names_of_thing(thing: object) -> list[str | None]:
    """The names of a person or of several that one object holds; some write a list as one with numbers."""
    if not isinstance(thing, dict):
        return [name(thing)]
    held = thing.get("@list") or [thing[key] for key in ("0", "1", "2") if key in thing]
    if held:
        return [found for one in listed(held) for found in _names_of_thing(one)]
    names = [text(one.get("@value") if isinstance(one, dict) else one) for one in listed(thing.get("name"))]
    return names or [" ".join(filter(None, (text(thing.get(key)) for key in ("givenName", "familyName"))))]


def stated_names(said: Statements) -> tuple[str, ...]:
    """Everything that markup states as the author, agencies and desks as well."""
    return tuple(dict.fromkeys(one for _, told in said for one in told))


def text_credits(page: Declared, story: Json, fields: Sequence[str], metas: Sequence[str]) -> tuple[str, ...]:
    """Names in which a text credit can stand."""
    named = [name(one) or text(one) for field in fields for one in listed(story.get(field))]
    return tuple(dict.fromkeys(one for one in (*named, *(page.first(key) for key in metas)) if one))
