"""The invented world as values: outlets, wire texts and pages, read from `texts/*.toml`.

A wire text is written once. A *copy* says what an outlet did to it (left paragraphs out, put a
headline, dateline, subheadings or local paragraphs to it, typed its quotes straight), so what
deduplication has to see through is stated, not typed in twice.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

TEXTS = Path(__file__).with_name("texts")

# What outlets with an old editing system do to typography.
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "—": "-", "–": "-", "…": "..."})


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a text, or a subheading between two."""

    text: str
    heading: bool = False


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """One feed of an outlet as its publisher set it up."""

    # The name it has in the demo's configuration.
    name: str
    path: str
    # "rss", "rdf", "atom" or "json"; "html" is a page where a feed is expected.
    format: str
    # What is special about it, one sentence for the reader of the demo.
    note: str
    tags: tuple[str, ...] = ()
    # Pages of that section only; None takes all.
    section: str | None = None
    # Query string that the publisher appends to every link; "" for none.
    tracking: str = ""
    # What an item is known by: "link", "tag" (an opaque id) or "none".
    guid: str = "tag"
    # Whether items carry the whole text (content:encoded, content, content_html).
    full_text: bool = False
    # Whether the server sends ETag and Last-Modified and answers 304.
    validators: bool = True
    gzip: bool = False
    # Undeclared entities and a missing end: no XML parser takes it, its items are readable all the same.
    broken: bool = False
    # The address that subscribers have, when the feed has moved (301) from there to `path`.
    moved_from: str | None = None


@dataclass(frozen=True, slots=True)
class Outlet:
    """A publisher. Texts are plain; whoever writes HTML escapes them."""

    # Its host is "<host>.localhost".
    host: str
    name: str
    tagline: str
    language: str
    template: str
    # Pattern of an article's path; knows {section}, {slug} and {date}.
    path: str
    # CSS colour of masthead and links.
    accent: str
    # Slug and label of each section, in the order of the navigation.
    sections: tuple[tuple[str, str], ...]
    # Local time of its pages and feeds.
    zone: timezone
    # Who takes its pictures.
    photographer: str
    # The call to follow the outlet elsewhere that stands in the middle of its texts.
    join: tuple[str, str]
    # Piece of furniture -> after which paragraph (from 1) it interrupts the text.
    furniture: Mapping[str, int]
    # Readers' comments below every text: name and words.
    comments: tuple[tuple[str, str], ...]
    # Headlines of paid links.
    sponsored: tuple[str, ...]
    # Charset of its pages and feeds.
    encoding: str
    # Paths that robots.txt closes.
    disallow: tuple[str, ...]
    feeds: tuple[FeedSpec, ...]

    @classmethod
    def from_toml(cls, row: Mapping[str, Any]) -> Self:
        values = dict(row)
        values["sections"] = tuple((slug, label) for slug, label in row["sections"].items())
        values["zone"] = timezone(timedelta(hours=values.pop("utc_offset", 0)))
        values["join"] = (row["join"][0], row["join"][1])
        values["comments"] = tuple((name, words) for name, words in row["comments"])
        values["sponsored"] = tuple(row["sponsored"])
        values["disallow"] = tuple(row.get("disallow", ()))
        values["feeds"] = tuple(
            FeedSpec(**(feed | {"tags": tuple(feed.get("tags", ()))})) for feed in values.pop("feed", ())
        )
        return cls(**({"encoding": "utf-8"} | values))


@dataclass(frozen=True, slots=True)
class Wire:
    """A text of the agency, as it sent it."""

    id: str
    headline: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One address of an outlet with its text, before any HTML."""

    outlet: Outlet
    path: str
    section: str
    title: str
    blocks: tuple[Block, ...]
    published: datetime
    modified: datetime
    authors: tuple[str, ...]
    # Wire text that it carries; None for a text of the outlet's own.
    wire: str | None = None
    # Why it must end without an article: "paywall", "consent", "gone", "soft-404", "list" or "robots".
    verdict: str | None = None
    # Slugs of the teasers under "Read next"; None takes the outlet's newest.
    read_next: tuple[str, ...] | None = None
    slug: str = ""
    caption: str = ""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """What a perfect cleaner gives for this page."""
        return tuple(block.text for block in self.blocks)

    @property
    def guid(self) -> str:
        """An identifier that is no address."""
        return f"{self.outlet.host}:{self.slug}"


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is served, at one moment."""

    outlets: tuple[Outlet, ...]
    wires: Mapping[str, Wire]
    # Newest first.
    pages: tuple[Page, ...]
    # Language -> the words that its news sites use around a text.
    words: Mapping[str, Mapping[str, Any]]

    def pages_of(self, outlet: Outlet, section: str | None = None) -> tuple[Page, ...]:
        """An outlet's pages, newest first; of one section only when it is named."""
        return tuple(page for page in self.pages if page.outlet is outlet and section in (None, page.section))


def load_world(now: datetime, *, advanced: bool = False) -> World:
    """The world as seen at `now`; `advanced` is its second state, in which one story has been corrected."""
    outlets = {row["host"]: Outlet.from_toml(row) for row in _read("outlets")["outlet"]}
    wires = {
        row["id"]: Wire(row["id"], row["headline"], tuple(row["text"])) for row in _read("wires")["wire"]
    }
    rows = [*_copy_rows(wires), *_story_rows()]
    pages = [_page(row, outlets[row["outlet"]], now, advanced) for row in rows]
    pages.sort(key=lambda page: (page.published, page.outlet.host, page.path), reverse=True)
    return World(tuple(outlets.values()), MappingProxyType(wires), tuple(pages), _read("words"))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))


def _story_rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = _read("stories")["story"]
    return [row | {"blocks": tuple(Block(text) for text in row["text"])} for row in rows]


def _copy_rows(wires: Mapping[str, Wire]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = _read("copies")["copy"]
    return [
        {"title": wires[row["wire"]].headline}
        | row
        | {"blocks": _altered(wires[row["wire"]].paragraphs, row)}
        for row in rows
    ]


def _altered(paragraphs: Sequence[str], row: Mapping[str, Any]) -> tuple[Block, ...]:
    """A wire text as one outlet printed it; `row` is its entry in `copies.toml`."""
    kept: list[int] = row.get("keep", list(range(len(paragraphs))))
    blocks = [Block(row["lead"])] if "lead" in row else []
    for index in kept:
        if subheading := row.get("subheadings", {}).get(str(index)):
            blocks.append(Block(subheading, heading=True))
        prefix = row.get("dateline", "") if index == kept[0] else ""
        blocks.append(Block(prefix + paragraphs[index]))
    blocks += [Block(row["tail"])] if "tail" in row else []
    if row.get("straight"):
        blocks = [replace(block, text=block.text.translate(_STRAIGHT)) for block in blocks]
    return tuple(blocks)


def _page(row: Mapping[str, Any], outlet: Outlet, now: datetime, advanced: bool) -> Page:
    published = _minute(now - timedelta(hours=row["hours_ago"])).astimezone(outlet.zone)
    modified, blocks = published, row["blocks"]
    if advanced and "later" in row:
        modified, blocks = _minute(now).astimezone(outlet.zone), _corrected(blocks, row["later"])
    pattern = row.get("path", outlet.path)
    return Page(
        outlet=outlet,
        path=pattern.format(section=row["section"], slug=row["slug"], date=published),
        section=row["section"],
        title=row["title"],
        blocks=blocks,
        published=published,
        modified=modified,
        authors=tuple(row.get("authors", ())),
        wire=row.get("wire"),
        verdict=row.get("verdict"),
        read_next=tuple(row["read_next"]) if "read_next" in row else None,
        slug=row["slug"],
        caption=row.get("caption", ""),
    )


def _corrected(blocks: Sequence[Block], later: Mapping[str, Any]) -> tuple[Block, ...]:
    """The text after the outlet replaced paragraph number `paragraph` (from 0) and added one at the end."""
    changed = list(blocks)
    changed[later["paragraph"]] = Block(later["text"])
    return (*changed, Block(later["added"]))


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
