"""What a page says of its article only where nobody sees it, for pages that are built in the browser.

1. find      in what the page carries (carriers.py) the objects with the article's headline or its address
2. gather    the names and times of such an object: its own, those of what it holds, those of what holds it
3. choose    the object that tells most

An object below a headline of its own, or below a key for pictures and other articles, is not looked into.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from typing import NamedTuple

from lxml.html import HtmlElement

from ingestd.clean.carriers import carried
from ingestd.clean.dates import Moment, read_moment
from ingestd.clean.json_ld import plain
from ingestd.clean.rich_text import Node
from ingestd.clean.script_strings import is_flat, plain_value, read_flat, read_string
from ingestd.clean.titles import squeeze

# The name of its readings.
STATE = "state"

_MOST_VALUES = 200_000
_MOST_OWNERS = 30
# So far above an object of the headline and so far below it its facts are looked for.
_HIGHEST, _DEEPEST = 3, 3
_MOST_INSIDE = 400
_MOST_AUTHORS = 12
_LONGEST_KEY = 60
# A string that is longer is no headline, no name and no date; one that long may hold JSON.
_LONGEST_LINE = 300
_LONGEST_NAME = 120
_SHORTEST_HEADLINE = 8
_SHORTEST_SLUG = 8

_RUN = re.compile(r"[A-Za-z0-9 ,.-]+")
_NOT_LETTERS = re.compile(r"\(.*|[^a-z0-9]+", re.DOTALL)
_TITLE = re.compile(
    r"(?:(?:main|seo|web|page|article|short|full|display|og|social|meta)?(?:head|sub)?(?:title|line|ing)s?|"
    r"headlines?|names?|titel|titulo|titolo|titre|baslik)"
)
_OWN_TITLE = ("headline", "title")
_ADDRESS = re.compile(
    r"(?:canonical|website|web|page|article|full|share|absolute|relative|public|og)?"
    r"(?:url|uri|path|slug|link|href|permalink|pathname)"
)
# Nothing below such a key is of the article itself.
_ASIDE = re.compile(
    r"comment(?!ar)|related|recommend|teaser|cookie|consent|privacy|translat|i18n|locale|trending|popular|"
    r"mostread|newsletter|footer|sidebar|readmore|latest|image|photo|picture|video|media|gallery|promo|"
    r"section|categor|tags?$|topic|taxonom|keyword|advert|site|user|subscri|menu|navigation|breadcrumb|"
    r"^(?:next|prev)|config|setting|product|event|revision|version|layout"
)
# What an article's facts may be laid into, beside its text.
_FACTS = re.compile(
    r"(?:article|story|post|page|news|item|content|entry|document|node|main|seo)?"
    r"(?:meta(?:data)?|infos?|data|attributes|fields|details|properties|props|dates?|times?(?:tamps?)?|article|"
    r"story|post|content|entry|document|node|item|relationships|embedded|byline|credits|header|head|hero|"
    r"analytics|tracking|datalayer)"
)
_STAMP = (
    r"(?:_?(?:date|time|at|on|dtm?|ts|stamp|iso|8601|utc|gmt|kst|jst|string|raw|ms|unix|epoch|seconds|day|ymd|hms|"
    r"le|il|en|am))*"
)
_OF = (
    r"(?:field|articles?|artc?|content|cont|story|post|page|news|nws|web|online|node|entry|bbs|board|"
    r"doc(?:ument)?)?"
)
# Names of keys without marks between their words, the surest first.
_PUBLISHED = tuple(
    re.compile(names)
    for names in (
        rf"{_OF}(?:date)?(?:display|shown){_STAMP}",
        rf"{_OF}(?:date)?(?:first|original|initial)?(?:ly)?publi(?:sh(?:ed|ing)?|cation){_STAMP}"
        rf"|{_OF}pub{_STAMP}|fecha(?:de)?publi\w*|data(?:di|de)?(?:pubb?lic\w*)|publicad[oa]{_STAMP}|"
        rf"pubblicat[oa]{_STAMP}|publie{_STAMP}|date(?:de)?(?:premiere)?publication|yayin(?:lanma)?tarihi|"
        rf"ver(?:oe)?ffentlich\w*|publiceer\w*|opublikowan\w*",
        rf"{_OF}(?:release|issue|posted|live|online|firstlive|sort|effective){_STAMP}|{_OF}dateposted|"
        rf"{_OF}(?:date)?(?:first)?(?:serv(?:ice|iced)?|open|send|sent|disp|dist|deploy|expose|appear(?:ed)?|"
        rf"approv(?:ed|al)?|desk|air(?:ed)?|broad(?:cast)?){_STAMP}|"
        rf"{_OF}date(?:time)?|{_OF}timestamp|fecha|datum|tarih",
        rf"{_OF}(?:date)?(?:first)?(?:creat(?:ed|ion|e)?|ins(?:ert(?:ed)?)?|"
        rf"reg(?:ist(?:er(?:ed)?|ration)?)?|rgs|inp(?:ut)?|wr(?:ite|itten)?|w){_STAMP}",
    )
)
# Creation is also told of what holds an article, and of whoever writes it.
_CREATED = len(_PUBLISHED) - 1
# A time under a name that tells nothing: the earliest of an article's own is its publication.
_UNNAMED = len(_PUBLISHED)
_TIMED = re.compile(r"(?:19|20)\d\d[-./]?[01]\d[-./]?[0-3]\d[T ]?[0-2]\d:?[0-5]\d.{0,16}")
_NOT_PUBLISHED = re.compile(
    r"end|expir|valid|until|start|begin|birth|reserv|delet|archiv|login|crawl|fetch|build"
)
_MODIFIED = re.compile(
    rf"{_OF}(?:date)?(?:last)?(?:updat(?:ed?|ing)?|modif(?:ied|ication|y)|edit(?:ed)?|chang(?:ed?)){_STAMP}"
    rf"|lastpubli(?:sh(?:ed)?|cation){_STAMP}|(?:aktualisiert|geaendert|actualizad[oa]|aggiornat[oa]){_STAMP}"
)
_AUTHORS = re.compile(
    r"(?:field|article|story|post|content|node|main|primary|guest|co)?"
    r"(?:authors?|bylines?|credits|creators?|contributors?|writers?|reporters?|journalists?|columnists?|"
    r"autor(?:es|en|in|i)?|auteurs?|autore|redakteure?|yazar(?:lar)?|penulis|skribenter|forfatter(?:e)?)"
    r"(?:names?|list|info|data|text|line|s)?"
)
_NAMES = (
    "name", "fullname", "displayname", "authorname", "bylinename", "byline", "original", "title", "label",
    "text", "nombre", "nom", "nome",
)  # fmt: skip
_FIRST, _LAST = ("firstname", "givenname", "forename", "first"), ("lastname", "familyname", "surname", "last")
_ROLES = ("type", "role", "kind", "jobtitle", "credittype")
_OF_PICTURES = re.compile(r"photo|picture|illustrat|camera|foto|video|graphic", re.IGNORECASE)
# What a person has beside a name: texts, pictures, accounts.
_NOT_NAMES = re.compile(
    r"bio|descri|image|photo|url|link|slug|social|twitter|email|avatar|id$|type|role|org|topics?"
)
# How React's server components write a date.
_DATE_MARK = "$D"


@dataclass(slots=True)
class Facts:
    """What an object says of an article."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    # By how sure their keys are; None where no key tells.
    published: Moment | None = None
    modified: Moment | None = None
    rank: int = _UNNAMED

    @property
    def weight(self) -> int:
        """How much is told."""
        told = (self.published, self.authors, self.modified, self.title)
        return sum(bool(one) << place for place, one in enumerate(reversed(told)))


class _Place(NamedTuple):
    """An object of a document, the key that it stands under, and the object that holds it."""

    node: Node
    key: str
    around: "_Place | None"


@dataclass(frozen=True)
class Unseen:
    """What a page carries of its article; nothing is read before it is asked for."""

    root: HtmlElement
    url: str
    headlines: tuple[str, ...]
    # Whether the page shows next to no text.
    is_thin: bool = True

    @property
    def is_read(self) -> bool:
        """Whether it was asked for anything."""
        return "facts" in self.__dict__

    @cached_property
    def facts(self) -> Facts:
        """What the object of this article says; nothing where none is found."""
        headlines = frozenset(map(squeeze, self.headlines))
        headlines = frozenset(one for one in headlines if len(one) >= _SHORTEST_HEADLINE)
        best = Facts()
        # Reading all that is carried is dear.
        telling = () if self.is_thin else frozenset(chain.from_iterable(map(_spelled, self.headlines)))
        for value in carried(self.root, telling) if telling or self.is_thin else ():
            document = _Document(headlines, _path(self.url))
            document.read(value)
            for owner in document.owners[:_MOST_OWNERS]:
                found = _about(owner, document)
                if found.weight > best.weight:
                    best = found
        return best


def _spelled(headline: str) -> tuple[str, ...]:
    """How a headline, or the longest part of it that nobody escapes, is spelled in a script."""
    run = max(_RUN.findall(headline), key=len, default="")
    return (run,) if len(run) >= _SHORTEST_HEADLINE else (headline, json.dumps(headline)[1:-1])


@dataclass(slots=True)
class _Document:
    """One walk over what a carrier holds, without recursion."""

    headlines: frozenset[str]
    path: str
    owners: list[_Place] = field(default_factory=list)
    # Objects by the names that references have for them.
    named: dict[str, object] = field(default_factory=dict)

    def read(self, document: object) -> None:
        seen: set[int] = set()
        stack: list[tuple[_Place | None, str, object]] = [(None, "", document)]
        for _ in range(_MOST_VALUES):
            if not stack:
                break
            around, key, value = stack.pop()
            value = plain_value(value)
            if isinstance(value, str):
                stack += ((around, key, one) for one in self._in_string(around, key, value))
            elif isinstance(value, (dict, list)) and id(value) not in seen:
                seen.add(id(value))
                stack += self._inside(around, key, value)

    def _inside(
        self, around: _Place | None, key: str, value: Node | list[object]
    ) -> list[tuple[_Place | None, str, object]]:
        if isinstance(value, list):
            return [(around, key, one) for one in reversed(value)]
        if any(":" in name for name in value):
            self.named.update(value)
        place = _Place(value, key, around)
        return [(place, _bare(name), one) for name, one in reversed(value.items()) if not _is_aside(name)]

    def _in_string(self, around: _Place | None, key: str, text: str) -> Iterator[object]:
        if len(text) > _LONGEST_LINE:
            value = read_string(text)
            if value is not None:
                yield from read_flat(value) if isinstance(value, list) and is_flat(value) else (value,)
        elif around is not None and self._is_ours(key, text):
            self.owners.append(_owner(around, key))

    def _is_ours(self, key: str, text: str) -> bool:
        if len(text) < _SHORTEST_HEADLINE:
            return False
        if _ADDRESS.fullmatch(key):
            return bool(self.path) and (_path(text) == self.path or self._is_slug(text))
        return squeeze(text) in self.headlines

    def _is_slug(self, text: str) -> bool:
        last = self.path.rpartition("/")[2].partition(".")[0]
        return len(last) >= _SHORTEST_SLUG and text.strip("/") == last and not last.isdigit()


def _owner(place: _Place, key: str) -> _Place:
    """The object that a headline is of: {"title": …} or {"title": {"text": …}}."""
    while place.around is not None and _TITLE.fullmatch(place.key) and key != place.key:
        place, key = place.around, place.key
    return place


def _path(url: str) -> str:
    """The path of an address; "" for that of a front page."""
    path = url.partition("?")[0].partition("#")[0]
    if "://" in path:
        path = path.partition("://")[2].partition("/")[2]
    return path.strip("/")


@lru_cache(maxsize=4096)
def _bare(key: str) -> str:
    """A key in small letters without marks and arguments: "published_at", "publishedAt({…})"."""
    return _NOT_LETTERS.sub("", key[:_LONGEST_KEY].lower())


@lru_cache(maxsize=4096)
def _is_aside(key: str) -> bool:
    return _ASIDE.search(_bare(key)) is not None


# ------------------------------------------------------------------------------- an object's facts


def _about(owner: _Place, document: _Document) -> Facts:
    """What an object says, and for what it leaves open the objects around it."""
    found = Facts(title=_title_of(owner.node))
    place: _Place | None = owner
    for height in range(_HIGHEST + 1):
        if place is None or (height and _is_titled(place.node, document)):
            break
        for key, value in _around(place.node, document, height):
            _take(found, key, value, document, height)
        place = place.around
    return found


def _title_of(node: Node) -> str | None:
    titles = (node.get(key) for key in _OWN_TITLE)
    return next((plain(one) for one in titles if isinstance(one, str) and len(one) < _LONGEST_LINE), None)


def _is_titled(node: Node, document: _Document) -> bool:
    """Whether an object has a headline that is not the page's."""
    titles = [one for key in _OWN_TITLE if isinstance(one := node.get(key), str) and len(one) > 2]
    return bool(titles) and all(squeeze(one) not in document.headlines for one in titles)


def _around(node: Node, document: _Document, height: int) -> Iterator[tuple[str, object]]:
    """Keys and values of an object and of the objects in it that are about the same."""
    waiting = [(node, 0)]
    left = _MOST_INSIDE
    for one, depth in waiting:
        for name, value in one.items():
            key = _bare(name)
            yield key, value
            # What holds the article holds much else.
            left -= 1
            # What holds the article holds much else.
            is_near = depth < 1 and _FACTS.fullmatch(key) if height else depth < _DEEPEST
            inner = _followed(value, document) if is_near and left > 0 and not _is_aside(name) else None
            if isinstance(inner, dict) and not _AUTHORS.fullmatch(key) and not _is_titled(inner, document):
                waiting.append((inner, depth + 1))


def _take(found: Facts, key: str, value: object, document: _Document, height: int) -> None:
    rank = _rank(key)
    named = rank < min(found.rank, _UNNAMED) and (rank < _CREATED or not height)
    if named and (moment := _moment(value)):
        found.published, found.rank = moment, rank
    elif _is_change(key):
        found.modified = found.modified or _moment(value)
    elif found.rank == _UNNAMED and not height and _may_be_published(key, value):
        _take_earlier(found, _moment(value))
    if not found.authors and _names_authors(key):
        found.authors = tuple(dict.fromkeys(_all_names(value, document)))[:_MOST_AUTHORS]


def _may_be_published(key: str, value: object) -> bool:
    return isinstance(value, str) and _TIMED.fullmatch(value) is not None and not _NOT_PUBLISHED.search(key)


def _take_earlier(found: Facts, moment: Moment | None) -> None:
    if moment and (found.published is None or moment.local < found.published.local):
        found.published = moment


@lru_cache(maxsize=4096)
def _rank(key: str) -> int:
    return next((rank for rank, names in enumerate(_PUBLISHED) if names.fullmatch(key)), len(_PUBLISHED))


@lru_cache(maxsize=4096)
def _is_change(key: str) -> bool:
    return _MODIFIED.fullmatch(key) is not None


@lru_cache(maxsize=4096)
def _names_authors(key: str) -> bool:
    return _AUTHORS.fullmatch(key) is not None


def _moment(value: object) -> Moment | None:
    """A time as a string, a number, or an object or list that holds it."""
    value = plain_value(value)
    if isinstance(value, (dict, list)):
        inner = value.values() if isinstance(value, dict) else value
        found = [moment for one in list(inner)[:8] if (moment := _moment_of(one))]
        return next((one for one in found if one.timed), found[0] if found else None)
    return _moment_of(value)


def _moment_of(value: object) -> Moment | None:
    return read_moment(value.removeprefix(_DATE_MARK) if isinstance(value, str) else value)


def _followed(value: object, document: _Document) -> object:
    """The object that a reference points at; anything else as it is."""
    if isinstance(value, dict) and isinstance(reference := value.get("__ref") or value.get("id"), str):
        return document.named.get(reference, value) if "__ref" in value or len(value) < 5 else value
    return value


def _all_names(value: object, document: _Document) -> Iterator[str]:
    """The names in what stands under a key for authors."""
    waiting: list[object] = [value]
    for one in waiting:
        if len(waiting) > _MOST_INSIDE:
            return
        held = _followed(plain_value(one), document)
        if isinstance(held, list):
            waiting += held
        elif named := _name(held):
            yield named
        elif isinstance(held, dict) and not _is_photographer(held):
            inner = (value for key, value in held.items() if not _NOT_NAMES.search(_bare(key)))
            waiting += (value for value in inner if isinstance(value, (dict, list)))


def _is_photographer(node: Node) -> bool:
    roles = (value for key, value in node.items() if _bare(key) in _ROLES and isinstance(value, str))
    return any(map(_OF_PICTURES.search, roles))


def _name(held: object) -> str | None:
    """What somebody is called: whole, or by first and last name."""
    if isinstance(held, str):
        return plain(held) if len(held) <= _LONGEST_NAME else None
    if not isinstance(held, dict) or _is_photographer(held):
        return None
    told = {_bare(key): value for key, value in held.items() if isinstance(value, str) and value.strip()}
    parts = (next((told[key] for key in keys if key in told), "") for keys in (_FIRST, _LAST))
    whole = next((told[key] for key in _NAMES if key in told), "") or " ".join(filter(None, parts))
    return plain(whole) if 0 < len(whole) <= _LONGEST_NAME else None
