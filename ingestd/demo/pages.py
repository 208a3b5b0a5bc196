"""A page as HTML: the text, and around and inside it the furniture that a cleaner has to take off.

A template is one HTML file of named parts ("<!-- part: name -->"), each a `string.Template`. What a
template does not define it takes from `shared.html`. Everything that is filled in is escaped here.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from types import MappingProxyType

from ingestd.demo.feeds import teaser
from ingestd.demo.world import Block, Outlet, Page, World

_TEMPLATES = Path(__file__).with_name("templates")
_READ_NEXT = 4


class PageWriter:
    """Writes every page of one outlet, at one moment."""

    def __init__(self, world: World, outlet: Outlet, now: datetime, base: str) -> None:
        self._outlet = outlet
        self._pages = world.pages_of(outlet)
        self._listed = tuple(page for page in self._pages if page.verdict is None)
        self._words = world.words[outlet.language]
        self._now = now
        self._base = base
        self._parts = _parts(outlet.template)
        self._frame = self._site_fields()

    # ------------------------------------------------------------------ whole pages

    def article(self, page: Page) -> bytes:
        """The page of an article, or what stands in its place when the page has a verdict."""
        if page.verdict in ("consent", "gone", "soft-404"):
            return self._notice(page)
        if page.verdict == "list":
            return self.listing(page.title, page.section)
        return self._shell(page.title, self._head(page), self._article(page))

    def listing(self, title: str, section: str | None = None) -> bytes:
        """The home page, or the front of one section."""
        pages = [page for page in self._listed if section in (None, page.section)] or self._listed
        cards = "".join(self._fill("front_card", **self._card_fields(page)) for page in pages)
        return self._shell(title, "", self._fill("listing", title=escape(title), cards=cards))

    def _notice(self, page: Page) -> bytes:
        part = "consent" if page.verdict == "consent" else "gone"
        return self._shell(self._words[f"{part}_title"], "", self._fill(part))

    def _shell(self, title: str, head: str, main: str) -> bytes:
        text = self._fill("shell", title=escape(title), head=head, main=main)
        return text.encode(self._outlet.encoding, "xmlcharrefreplace")

    # ------------------------------------------------------------------ one article

    def _article(self, page: Page) -> str:
        date = self._date(page.published)
        return self._fill(
            "article",
            title=escape(page.title),
            section=escape(dict(self._outlet.sections)[page.section]),
            section_href=f"/section/{page.section}",
            author=escape(", ".join(page.authors)),
            date=escape(date),
            iso=page.published.isoformat(),
            body=self._body(page),
            read_next=self._read_next(page),
            sponsored=self._each("sponsored_card", ({"title": escape(t)} for t in self._outlet.sponsored)),
            comments=self._each(
                "comment", ({"name": escape(name), "text": escape(t)} for name, t in self._outlet.comments)
            ),
            **self._neighbours(page),
        )

    def _body(self, page: Page) -> str:
        blocks = page.blocks[:1] if page.verdict == "paywall" else page.blocks
        places = {place: part for part, place in self._outlet.furniture.items()}
        pieces: list[str] = []
        paragraphs = 0
        for block in blocks:
            pieces.append(self._block(block))
            paragraphs += not block.heading
            if not block.heading and (part := places.get(paragraphs)):
                pieces.append(self._interruption(part, page))
        if page.verdict == "paywall":
            pieces.append(self._fill("paywall"))
        return "".join(pieces)

    def _block(self, block: Block) -> str:
        return self._fill("heading" if block.heading else "paragraph", text=escape(block.text))

    def _interruption(self, part: str, page: Page) -> str:
        others = [other for other in self._listed if other is not page]
        return self._fill(
            part,
            image=_image(page),
            caption=escape(page.caption or page.title),
            related_title=escape(others[-1].title),
            related_href=others[-1].path,
        )

    def _read_next(self, page: Page) -> str:
        by_slug = {other.slug: other for other in self._listed}
        if page.read_next is None:
            chosen = [other for other in self._listed if other is not page][:_READ_NEXT]
        else:
            chosen = [by_slug[slug] for slug in page.read_next]
        return self._each("card", (self._card_fields(other) for other in chosen))

    def _neighbours(self, page: Page) -> dict[str, str]:
        index = self._pages.index(page)
        older = self._pages[(index + 1) % len(self._pages)]
        newer = self._pages[index - 1]
        return {
            "previous_title": escape(older.title),
            "previous_href": older.path,
            "next_title": escape(newer.title),
            "next_href": newer.path,
        }

    def _card_fields(self, page: Page) -> dict[str, str]:
        return {
            "title": escape(page.title),
            "href": page.path,
            "image": _image(page),
            "author": escape(", ".join(page.authors) or self._outlet.name),
            "ago": escape(self._ago(page.published)),
            "teaser": escape(teaser(page)),
        }

    # ------------------------------------------------------------------ head, dates, site

    def _head(self, page: Page) -> str:
        canonical = escape(self._base + page.path)
        return self._fill(
            "meta",
            title=escape(page.title),
            canonical=canonical,
            description=escape(teaser(page)),
            image=_image(page),
            author=escape(", ".join(page.authors)),
            iso=page.published.isoformat(),
            modified=page.modified.isoformat(),
            json_ld=_json_ld(page, self._base),
        )

    def _day(self, moment: datetime) -> str:
        return str(self._words["day"]).format(moment=moment, month=self._words["months"][moment.month - 1])

    def _date(self, moment: datetime) -> str:
        return str(self._words["date"]).format(moment=moment, day=self._day(moment))

    def _ago(self, moment: datetime) -> str:
        hours = max(1, int((self._now - moment) / timedelta(hours=1)))
        unit, number = ("days_ago", hours // 24) if hours >= 24 else ("hours_ago", hours)
        return str(self._words[unit]).format(number)

    def _site_fields(self) -> dict[str, str]:
        outlet = self._outlet
        words = {name: escape(word) for name, word in self._words.items() if isinstance(word, str)}
        site = {
            "site": escape(outlet.name),
            "tagline": escape(outlet.tagline),
            "language": outlet.language,
            "encoding": outlet.encoding,
            "accent": outlet.accent,
            "photographer": escape(outlet.photographer),
            "join_title": escape(outlet.join[0]),
            "join_text": escape(outlet.join[1]),
            "today": escape(self._day(self._now.astimezone(outlet.zone))),
            "year": str(self._now.year),
        }
        items = ({"href": f"/section/{slug}", "label": escape(label)} for slug, label in outlet.sections)
        nav = "".join(self._parts["nav_item"].substitute(item) for item in items)
        return words | site | {"nav": nav}

    def _each(self, part: str, rows: Iterable[Mapping[str, str]]) -> str:
        return "".join(self._fill(part, **row) for row in rows)

    def _fill(self, part: str, **fields: str) -> str:
        return self._parts[part].substitute(self._frame, **fields)


def picture(path: str) -> bytes:
    """A drawing for a page: sky, sun, two ridges and the sea; where they stand depends on its address."""
    dice = sha256(path.encode()).digest()
    sky, land, sea = 15 + dice[0] // 8 + 175 * (dice[1] % 2), 30 + dice[2] // 2, 190 + dice[3] // 8
    sun, far, near, tide = 120 + dice[4] * 3, 190 + dice[5] // 2, 300 + dice[6] // 3, 440 + dice[7] // 3
    left, middle, right = dice[9] * 2, 300 + dice[11] * 2, far + dice[10] // 3
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 630">'
        f'<rect width="1200" height="630" fill="hsl({sky},55%,86%)"/>'
        f'<circle cx="{sun}" cy="{far - 40}" r="{40 + dice[8] // 5}" fill="hsl(45,80%,92%)"/>'
        f'<path d="M0 {far + 90} Q{left} {far - 30} 520 {far + 60} T1200 {right} V630 H0Z"'
        f' fill="hsl({land},18%,58%)"/>'
        f'<path d="M0 {near + 40} Q{middle} {near - 60} 760 {near + 70} T1200 {near} V630 H0Z"'
        f' fill="hsl({land},24%,36%)"/>'
        f'<rect y="{tide}" width="1200" height="{630 - tide}" fill="hsl({sea},34%,38%)"/></svg>'
    ).encode()


def image_path(page: Page) -> str:
    """Where the picture of a page is served."""
    return f"/img/{page.slug}.svg"


def _image(page: Page) -> str:
    return escape(image_path(page))


def _json_ld(page: Page, base: str) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.title,
        "datePublished": page.published.isoformat(),
        "dateModified": page.modified.isoformat(),
        "author": [{"@type": "Person", "name": name} for name in page.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": page.outlet.name},
        "image": base + image_path(page),
        "isAccessibleForFree": page.verdict != "paywall",
        "mainEntityOfPage": base + page.path,
    }
    return json.dumps(data).replace("</", "<\\/")


@cache
def _parts(name: str) -> Mapping[str, Template]:
    own, shared = (_read_parts(file) for file in (name, "shared"))
    return MappingProxyType(shared | own)


def _read_parts(name: str) -> dict[str, Template]:
    text = (_TEMPLATES / f"{name}.html").read_text(encoding="utf-8")
    _, *chunks = text.split("<!-- part: ")
    return {part: Template(body) for part, _, body in (chunk.partition(" -->\n") for chunk in chunks)}
