"""The demo web: every invented publisher on one loopback port, told apart by the Host header.

    with DemoWeb(now=datetime.now(UTC)) as web:
        for feed in web.feeds:
            print(feed.name, feed.url, feed.note)

All responses are made once, when the web is made, so what is served is equal byte for byte until
`advance` exchanges exactly one feed and one page.
"""

import gzip
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cached_property
from types import MappingProxyType, TracebackType
from typing import NamedTuple, Self

from ingestd.demo.feeds import content_type, feed_document
from ingestd.demo.pages import PageWriter, image_path, picture
from ingestd.demo.server import LOOPBACK, Address, Request, Resource, SiteServer
from ingestd.demo.world import FeedSpec, Outlet, Page, World, load_world

# The publisher whose server is down: its port is taken but nobody listens.
_DEAD_HOST = "old-lantern"


@dataclass(frozen=True, slots=True)
class DemoFeed:
    """One subscription of the demo."""

    name: str
    url: str
    tags: tuple[str, ...]
    # What is special about it, one sentence.
    note: str
    # "ok" or "fails".
    outcome: str


class WireText(NamedTuple):
    """A text of the agency, and every page that carries it, the agency's own among them."""

    headline: str
    urls: frozenset[str]


class DemoWeb:
    """The web as a context manager; it serves from `__enter__` to `__exit__`.

    `now` (aware) is the moment that "13h ago" is counted from. Port 0 takes a free one. The port is
    bound on construction, so all URLs are known before anything is served.
    """

    def __init__(self, now: datetime, port: int = 0) -> None:
        self._now = now
        self._server = SiteServer(port)
        self._dead = socket.socket()
        self._dead.bind((LOOPBACK, 0))
        self.port: int = self._server.server_port
        self._enter_state(advanced=False)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self._dead.close()

    def advance(self) -> None:
        """The world moves on: one story's figure is corrected and a paragraph added, in feed and page.

        Everything else stays as it was, validators included. A second call changes nothing.
        """
        self._enter_state(advanced=True)

    @property
    def requests(self) -> list[Request]:
        """Every request answered so far, oldest first."""
        return self._server.requests

    @cached_property
    def feeds(self) -> tuple[DemoFeed, ...]:
        """The subscriptions, the failing ones last."""
        working = [self._feed(outlet, feed) for outlet in self._world.outlets for feed in outlet.feeds]
        dead_port = self._dead.getsockname()[1]
        dead = DemoFeed(
            name=_DEAD_HOST,
            url=f"http://{_DEAD_HOST}.localhost:{dead_port}/feed.xml",
            tags=("english", "regional"),
            note="its server is down: the connection is refused",
            outcome="fails",
        )
        return tuple(sorted([*working, dead], key=lambda feed: feed.outcome != "ok"))

    @property
    def wire_texts(self) -> Mapping[str, WireText]:
        """Wire id -> its headline and the URLs of all its copies."""
        return MappingProxyType(
            {
                wire.id: WireText(
                    wire.headline,
                    frozenset(self.url(page) for page in self._world.pages if page.wire == wire.id),
                )
                for wire in self._world.wires.values()
            }
        )

    @property
    def expected_articles(self) -> Mapping[str, tuple[str, ...]]:
        """URL (without the tracking parameters of feeds) -> the paragraphs a perfect cleaner gives."""
        return MappingProxyType(
            {self.url(page): page.paragraphs for page in self._world.pages if page.verdict is None}
        )

    @property
    def expected_verdicts(self) -> Mapping[str, str]:
        """URL -> why it gives no article: "paywall", "consent", "gone", "soft-404", "list" or "robots"."""
        return MappingProxyType({self.url(page): page.verdict for page in self._world.pages if page.verdict})

    def url(self, page: Page) -> str:
        """The address of a page, as it calls itself."""
        return self._base(page.outlet) + page.path

    def _feed(self, outlet: Outlet, feed: FeedSpec) -> DemoFeed:
        return DemoFeed(
            name=feed.name,
            url=self._base(outlet) + (feed.moved_from or feed.path),
            tags=feed.tags,
            note=feed.note,
            outcome="fails" if feed.format == "html" else "ok",
        )

    def _base(self, outlet: Outlet) -> str:
        return f"http://{outlet.host}.localhost:{self.port}"

    # ------------------------------------------------------------------ what is served

    def _enter_state(self, *, advanced: bool) -> None:
        self._world = load_world(self._now, advanced=advanced)
        self._server.publish(
            {
                Address(f"{outlet.host}.localhost", path): resource
                for outlet in self._world.outlets
                for path, resource in _site(self._world, outlet, self._now, self._base(outlet))
            }
        )


def _site(world: World, outlet: Outlet, now: datetime, base: str) -> Iterator[tuple[str, Resource]]:
    """All paths of one outlet with what stands there."""
    writer = PageWriter(world, outlet, now, base)
    html = f"text/html; charset={outlet.encoding}"
    yield "/robots.txt", _robots(outlet)
    yield "/", Resource(writer.listing(outlet.name), html)
    for slug, label in outlet.sections:
        yield f"/section/{slug}", Resource(writer.listing(label, slug), html)
    for page in world.pages_of(outlet):
        yield image_path(page), Resource(picture(page.path), "image/svg+xml")
        yield page.path, _article(writer, page, html)
    for feed in outlet.feeds:
        yield from _feed_resources(world, outlet, feed, base)


def _article(writer: PageWriter, page: Page, html: str) -> Resource:
    if page.verdict == "gone":
        return Resource(writer.article(page), html, status=404)
    return Resource(writer.article(page), html, last_modified=_http_date(page.modified))


def _robots(outlet: Outlet) -> Resource:
    rules = "".join(f"Disallow: {path}\n" for path in outlet.disallow) or "Disallow:\n"
    return Resource(f"User-agent: *\n{rules}".encode(), "text/plain; charset=utf-8")


def _feed_resources(
    world: World, outlet: Outlet, feed: FeedSpec, base: str
) -> Iterator[tuple[str, Resource]]:
    pages = world.pages_of(outlet, feed.section)
    body = feed_document(outlet, feed, pages, base)
    yield (
        feed.path,
        Resource(
            # The modification time in the gzip header is fixed, or equal feeds would have unequal bytes.
            gzip.compress(body, mtime=0) if feed.gzip else body,
            content_type(outlet, feed),
            headers=(("Content-Encoding", "gzip"),) if feed.gzip else (),
            last_modified=_http_date(max(page.modified for page in pages)) if feed.validators else None,
        ),
    )
    if feed.moved_from:
        moved = (("Location", base + feed.path),)
        yield feed.moved_from, Resource(b"Moved.\n", "text/plain; charset=utf-8", 301, moved)


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)
