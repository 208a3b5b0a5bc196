"""A page's JSON-LD (schema.org): read once, mended where publishers break it, walked within bounds.

Publishers keep it right for search engines; what breaks it are templates: comments around it, commas too
many, line breaks and quotes within strings, the whole of it escaped for HTML. What cannot be mended is looked
through for the few fields that matter. Nothing here recurses, and nothing raises for any text.
"""

import json
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from itertools import islice
from typing import Any

from ingestd.clean.decode import strip_controls
from ingestd.clean.tree import fold

Json = Mapping[str, Any]

ARTICLE_TYPES = frozenset(
    "AdvertiserContentArticle AnalysisNewsArticle Article AskPublicNewsArticle BackgroundNewsArticle "
    "BlogPosting LiveBlogPosting NewsArticle OpinionNewsArticle Report ReportageNewsArticle "
    "ReviewNewsArticle SatiricalArticle ScholarlyArticle SocialMediaPosting TechArticle".split()
)
_ARTICLE_TYPES_LOWER = frozenset(name.lower() for name in ARTICLE_TYPES)
_PAGE_TYPES = frozenset("webpage itempage collectionpage medicalwebpage".split())
# Things that pages are about which are no article, and whose dates and authors are the page's.
_MAIN_TYPES = frozenset(
    "claimreview creativework faqpage howto podcastepisode qapage recipe review videoobject".split()
)

# A page's JSON-LD is read up to so many characters and nodes; the largest honest ones are live blogs.
_MAX_CHARACTERS = 2_000_000
_MAX_NODES = 3_000
_MAX_VALUES = 50
# They hold many objects, and none that describes this page's article.
_NOT_WALKED = frozenset(
    "about acceptedAnswer address aggregateRating associatedMedia citation comment contactPoint "
    "contentLocation dateline image itemListElement liveBlogUpdate logo mentions offers potentialAction "
    "review sameAs speakable thumbnail video".split()
)

_OPENING = re.compile(r"(?:\s|//|/\*|\*/|<!\[CDATA\[|<!--)+")
# Outer ones first.
_CLOSING = ("*/", "-->", "]]>", "//", "/*")
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_BAD_ESCAPE = re.compile(r"\\(?![\"\\/bfnrtu])")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,200}>")

# For looking through what no mending makes JSON.
_SALVAGED_TYPE = re.compile(r'"@type"\s{0,9}:\s{0,9}\[?\s{0,9}"(\w*(?:Article|BlogPosting|Posting|Report))"')
_SALVAGED_TEXT = re.compile(
    r'"(headline|datePublished|dateModified|dateCreated|articleSection|inLanguage|description)"'
    r'\s{0,9}:\s{0,9}"((?:[^"\\]|\\.){1,1000})"'
)
_SALVAGED_AUTHOR = re.compile(r'"author"\s{0,9}:\s{0,9}(\{[^{}]{1,2000}\}|\[[^\[\]]{1,4000}\]|"[^"]{1,200}")')


@dataclass(frozen=True)
class Graph:
    """The objects of a page's JSON-LD, outer ones first."""

    nodes: tuple[Json, ...] = ()

    @cached_property
    def types(self) -> frozenset[str]:
        """The types of all objects, lower case."""
        return frozenset().union(*(kinds for _, kinds in self._typed))

    @cached_property
    def _typed(self) -> tuple[tuple[Json, frozenset[str]], ...]:
        return tuple((node, frozenset(kind.lower() for kind in types(node))) for node in self.nodes)

    def _of_kinds(self, kinds: frozenset[str]) -> tuple[Json, ...]:
        return tuple(node for node, found in self._typed if not kinds.isdisjoint(found))

    @cached_property
    def _by_id(self) -> Mapping[str, Json]:
        found: dict[str, Json] = {}
        for node in self.nodes:
            identity = node.get("@id")
            if isinstance(identity, str) and len(node) > 1:
                found.setdefault(identity, node)
        return found

    def resolved(self, value: object) -> object:
        """The object that `{"@id": …}` points at within this page; anything else as it is."""
        if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
            return self._by_id.get(value["@id"], value)
        return value

    def story(self, titles: Sequence[str], places: Container[str] = ()) -> Json:
        """The object that describes the article with one of these titles; empty when there is none.

        `places` are the page's addresses as `place` gives them. Of objects that fit alike the first is taken.
        """
        if len(self._stories) < 2:
            return next(iter(self._stories), {})
        return max(self._stories, key=lambda node: _nearness(node, titles, places))

    def is_thing(self, node: Json) -> bool:
        """Whether an object describes something that a page can be about: a film, a recipe."""
        return any(node is one for one in self._things)

    def twins(self, story: Json) -> Iterator[Json]:
        """Other objects that describe the same article: themes and plug-ins each write one."""
        others = [node for node in self._stories if node is not story]
        headline = text(story.get("headline")) if others else None
        return (node for node in others if headline and text(node.get("headline")) == headline)

    @cached_property
    def _stories(self) -> tuple[Json, ...]:
        return self._of_kinds(_ARTICLE_TYPES_LOWER)

    @cached_property
    def page(self) -> Json:
        """The object that describes the page itself or what it is about; empty when there is none."""
        pages = self._of_kinds(_PAGE_TYPES)
        dated = (node for node in (*pages, *self._things) if node.get("datePublished"))
        return next(dated, None) or next(iter((*pages, *self._things)), {})

    @cached_property
    def _things(self) -> tuple[Json, ...]:
        return self._of_kinds(_MAIN_TYPES)

    def of_type(self, kind: str) -> tuple[Json, ...]:
        """The objects of one type, in order."""
        return self._of_kinds(frozenset((kind.lower(),)))


def _nearness(node: Json, titles: Sequence[str], places: Container[str]) -> int:
    """How surely an object is the page's: its headline is the title, its address the page's, or a part is."""
    headline = (text(node.get("headline")) or "").casefold()
    is_title = bool(headline) and any(headline == title.casefold() for title in titles)
    stated = (node.get(key) for key in ("url", "mainEntityOfPage", "@id"))
    is_here = any(place(found) in places for one in stated if (found := address(one)))
    return 4 * is_title + 3 * is_here + 2 * is_titled(headline, titles)


def is_titled(called: str, titles: Sequence[str]) -> bool:
    """Whether a name is one of the titles or a part of one, or has one in it."""
    called = called.casefold()
    known = [title.casefold() for title in titles if title]
    return bool(called) and any(called in title or title in called for title in known)


def place(reference: str) -> str:
    """What of an address tells whether another means the same page."""
    bare = reference.partition("#")[0].partition("://")[2] or reference
    return bare.removeprefix("www.").rstrip("/").casefold()


def read_json_ld(scripts: Iterable[str]) -> Graph:
    """The objects in the texts of a page's JSON-LD scripts."""
    return Graph(tuple(islice(_walk([_load(script) for script in _within(scripts)]), _MAX_NODES)))


def _within(scripts: Iterable[str]) -> Iterator[str]:
    left = _MAX_CHARACTERS
    for script in scripts:
        if left > 0 and script:
            yield script[:left]
            left -= len(script)


def _walk(loaded: Iterable[object]) -> Iterator[Json]:
    waiting = [*loaded][::-1]
    steps = 0
    while waiting and steps < 4 * _MAX_NODES:
        steps += 1
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node[:_MAX_NODES][::-1]
        elif isinstance(node, dict):
            yield node
            inner = [v for k, v in node.items() if isinstance(v, list | dict) and k not in _NOT_WALKED]
            waiting += inner[::-1]


# ---------------------------------------------------------------------------------- broken JSON


def _load(script: str) -> object:
    bare = _unwrapped(script)
    for mend in _MENDINGS:
        try:
            return mend(bare)
        except (ValueError, RecursionError):
            continue
    return _salvaged(bare)


def _unwrapped(script: str) -> str:
    """A script without the comments and CDATA marks around it."""
    plain = script.strip()
    if plain[:1] in ("{", "[") and plain[-1:] in ("}", "]"):
        return plain
    opening = _OPENING.match(script)
    bare = script[opening.end() if opening else 0 :].rstrip()
    for mark in _CLOSING * 2:
        bare = bare.removesuffix(mark).rstrip("; \t\r\n")
    return bare


def _plain(script: str) -> object:
    # Not strict: line breaks and other control characters may stand in strings.
    return json.loads(script, strict=False)


def _mended(script: str) -> object:
    return _plain(_BAD_ESCAPE.sub("", _TRAILING_COMMA.sub("", script)))


def _unescaped(script: str) -> object:
    if "&quot;" not in script and "&#34;" not in script:
        raise ValueError("not escaped for HTML")
    return _mended(unescape(script))


def _several(script: str) -> object:
    """Objects one after the other, with or without a comma between them."""
    decoder, start = json.JSONDecoder(strict=False), 0
    found: list[object] = []
    while start < len(script) and len(found) < _MAX_VALUES:
        value, start = decoder.raw_decode(script, start)
        found.append(value)
        while start < len(script) and script[start] in " \t\r\n,;":
            start += 1
    return found


_MENDINGS: tuple[Callable[[str], object], ...] = (_plain, _mended, _several, _unescaped)


def _salvaged(script: str) -> object:
    """What can be made out of an article's object that is no JSON; None when there is none."""
    kind = _SALVAGED_TYPE.search(script)
    if kind is None:
        return None
    found: dict[str, object] = {"@type": kind[1]}
    # The article's own fields stand before those of what it holds.
    for match in islice(_SALVAGED_TEXT.finditer(script), _MAX_VALUES):
        found.setdefault(match[1], _unquoted(f'"{match[2]}"'))
    author = _SALVAGED_AUTHOR.search(script)
    if author:
        found["author"] = _unquoted(author[1])
    return found


def _unquoted(script: str) -> object:
    try:
        return _mended(script)
    except (ValueError, RecursionError):
        return script.strip('"')


# ---------------------------------------------------------------------------------- values


def types(node: Json) -> tuple[str, ...]:
    """The types of an object without their address: "NewsArticle"."""
    kind = node.get("@type")
    kinds = kind[:_MAX_VALUES] if isinstance(kind, list) else (kind,)
    return tuple(one.rpartition("/")[2] for one in kinds if isinstance(one, str))


def listed(value: object) -> list[object]:
    """The values of a field that may have one or several, lists within lists opened."""
    found: list[object] = []
    for one in value[:_MAX_VALUES] if isinstance(value, list) else [value]:
        found += one[:_MAX_VALUES] if isinstance(one, list) else [one]
    return [one for one in found[: 2 * _MAX_VALUES] if one is not None]


def text(value: object) -> str | None:
    """A string, or the first of several, as one plain line; None when there is none."""
    if isinstance(value, list) and value:
        value = value[0]
    return plain(value) if isinstance(value, str) else None


def plain(value: str) -> str | None:
    """Text without character references and markup, white space folded; None for none."""
    line = " ".join(value.split())
    if line.isascii() and line.isprintable() and "&" not in line and "<" not in line:
        return line or None
    # Some escape twice.
    if "&" in value:
        value = unescape(unescape(value))
    if "<" in value:
        value = _MARKUP.sub(" ", value)
    # Escapes in JSON bring characters that no decoder lets through.
    return fold(strip_controls(value)) or None


def name(value: object) -> str | None:
    """The name of a thing that is given as an object or as a string."""
    return text(value.get("name") if isinstance(value, dict) else value)


def address(value: object) -> str | None:
    """The address of a thing that is given as an object or as a string; of several the first."""
    if isinstance(value, list):
        value = next((one for one in value if one), None)
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl") or value.get("@id")
        value = value[0] if isinstance(value, list) and value else value
    return strip_controls(value).strip() or None if isinstance(value, str) else None
