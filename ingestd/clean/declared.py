"""What a page's markup declares, gathered in one pass over the tree, before anything is made of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from ingestd.clean.json_ld import Graph, Json, is_titled, plain, read_json_ld, text
from ingestd.clean.walk import LINES, SKIPPED, Block, fold
from ingestd.urls import is_http, resolve

# Far more than any honest page has.
_MAX_ELEMENTS = 4_000
_MAX_VALUES = 60
_MAX_VALUE_CHARACTERS = 4_000
_MAX_H1 = 12
_LONGEST_TITLE = 400
# So many beginnings and ends of elements are looked at within a heading.
_MAX_EVENTS = 200

# What the rel of a link begins with that is read.
_TELLING = ("canonical", "license")
_GATHERED = ("meta", "link", "script", "time", "h1", "title", "base")
_META_KEYS = frozenset(("property", "name", "itemprop", "http-equiv"))


@dataclass(frozen=True, slots=True)
class Declared:
    """The declarations of one page."""

    url: str
    root: HtmlElement
    # The page's lines in reading order.
    lines: Sequence[Block]
    # Contents of the meta elements by name, property or itemprop in lower case, in order.
    meta: Mapping[str, Sequence[str]]
    # Link elements that tell of the article: their rel tokens, lower case, and the reference as written.
    links: Sequence[tuple[frozenset[str], str]]
    # Response headers, names in lower case.
    headers: Mapping[str, str]
    graph: Graph
    # The other scripts that stand in the page itself.
    scripts: Sequence[HtmlElement]
    times: Sequence[HtmlElement]
    h1: Sequence[str]
    # The title element; "" when there is none.
    page_title: str
    # What relative references are resolved against; None when that is no http address.
    base: str | None

    @property
    def titles(self) -> list[str]:
        """What the page calls itself, with whatever stands around."""
        return [fold(one) for one in (self.first("og:title") or "", *self.h1, self.page_title)]

    @property
    def described(self) -> Json:
        """The object that describes the page, or a thing of its name; empty when there is none."""
        node = self.graph.page
        called = (text(node.get("name")) or text(node.get("headline"))) if self.graph.is_thing(node) else None
        return {} if called and not is_titled(called, self.titles) else node

    def first(self, *names: str) -> str | None:
        """The first content of the first of these meta elements that has one."""
        return next((self.meta[name][0] for name in names if name in self.meta), None)

    def all(self, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Name and content of all of these meta elements, names in the order given."""
        return ((name, content) for name in names if name in self.meta for content in self.meta[name])

    def script_texts(self, longest: int) -> Iterator[str]:
        """The texts of scripts that are no longer than so many characters, but for JSON-LD."""
        texts = (script.text or "" for script in self.scripts)
        return (text for text in texts if 0 < len(text) <= longest)

    def absolute(self, reference: str | None) -> str | None:
        """A reference of this page as an http address; None when it is none."""
        return resolve(self.base, reference) if reference and self.base else None


def gather(root: HtmlElement, url: str, lines: Sequence[Block], headers: Mapping[str, str]) -> Declared:
    """What the page at `url` declares; `lines` are its blocks."""
    found: dict[str, list[HtmlElement]] = {name: [] for name in _GATHERED}
    for element in islice(root.iter(*_GATHERED), _MAX_ELEMENTS):
        found[element.tag].append(element)
    linked_data: list[HtmlElement] = []
    scripts: list[HtmlElement] = []
    for script in found["script"]:
        is_data = "ld+json" in (script.get("type") or "").lower()
        (linked_data if is_data else scripts).append(script)
    titles = (fold("".join(element.itertext())[:_MAX_VALUE_CHARACTERS]) for element in found["title"])
    return Declared(
        url=url,
        root=root,
        lines=lines,
        meta=_meta(found["meta"]),
        links=list(_links(found["link"])),
        headers={key.lower(): value for key, value in headers.items()},
        graph=read_json_ld(script.text or "" for script in linked_data),
        scripts=scripts,
        times=found["time"],
        h1=[text for text in map(_line, found["h1"][:_MAX_H1]) if text],
        page_title=next((text for text in titles if text), ""),
        base=_base(found["base"], url),
    )


def _links(elements: Iterable[HtmlElement]) -> Iterator[tuple[frozenset[str], str]]:
    """Those that tell something of the article; most links fetch what the page is shown with."""
    for link in elements:
        rel = (link.get("rel") or "").lower()
        if rel.startswith(_TELLING) or " " in rel:
            yield frozenset(rel.split()), (link.get("href") or "").strip()


def _meta(elements: Iterable[HtmlElement]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in elements:
        attributes = element.items()
        stated = next((value for key, value in attributes if key == "content"), "")
        content = plain(stated[:_MAX_VALUE_CHARACTERS]) if stated else None
        for key, value in attributes if content else ():
            name = value.strip().lower() if key in _META_KEYS else ""
            values = found.setdefault(name, []) if name else []
            if content and content not in values and len(values) < _MAX_VALUES:
                values.append(content)
    return found


def _line(element: HtmlElement) -> str:
    """The text of a heading, with a space where a line ends in it."""
    pieces: list[str] = []
    events = iterwalk(element, events=("start", "end"))
    for event, inner in islice(events, _MAX_EVENTS):
        if event == "start" and inner.tag in SKIPPED:
            events.skip_subtree()
            continue
        text = inner.text if event == "start" else inner.tail
        if inner is element:
            text = text if event == "start" else None
        pieces += (" " if inner.tag in LINES or inner.tag == "br" else "", text or "")
    found = fold("".join(pieces))
    return found if len(found) < _LONGEST_TITLE else ""


def _base(elements: Iterable[HtmlElement], url: str) -> str | None:
    page = url if is_http(url) else None
    stated = (element.get("href") for element in elements)
    return next((found for one in stated if one and (found := resolve(page, one))), None) or page
