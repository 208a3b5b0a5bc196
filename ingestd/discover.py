"""Finding the feeds of a site: what its page names, what its robots.txt names, and where they usually are.

    the URL ─┬─ a feed → that one alone
             └─ a page ─┬─ feeds it names, feeds it links                   the first that are asked
                        ├─ robots.txt → news sitemaps, one index deep
                        └─ its front page, usual addresses                  only while no feed was found

Each candidate is really asked, one at a time and with patience, and read as a poll reads it: a link
promises nothing. The first half of this module is pure and runs in a worker process, since a page may be
as hostile as a feed; `discover` does the asking.
"""

import heapq
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from html.parser import HTMLParser
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from ingestd.errors import FeedUnreadable, FetchError, StatusRefused, WorkerError
from ingestd.feeds.moves import PERMANENT
from ingestd.model import Document, Entry, ParsedFeed
from ingestd.urls import host_of, registrable, resolve, url_key
from ingestd.values import Unusable, read_url

if TYPE_CHECKING:
    from ingestd.clock import Clock
    from ingestd.fetch.client import Accept, Fetcher
    from ingestd.workers import Workers

# So much of a page is looked at; links to feeds stand in its head or its frame.
MAX_PAGE_CHARS = 1_000_000
MAX_LINKS = 200
SNIFFED_CHARS = 4_000
MAX_ANCHOR_CHARS = 60
# Of one robots.txt or sitemap index.
MAX_SITEMAPS_LISTED = 1_000
MAX_NEWS_SITEMAPS = 3
MAX_OTHER_SITEMAPS = 2
# A page that was linked as a feed is often a list of feeds; what that one links is read as a feed only.
MAX_DEPTH = 1
# A host that was so often unwilling is asked no more.
MAX_STRIKES = 3

TITLES_SHOWN = 3
# A text of so many characters is no teaser.
FULL_TEXT_CHARS = 1_500
# Two feeds are one in two formats when so much of all their links is in both.
SAME_LINKS = 0.8
MAX_COMPARED_LINKS = 200


class Origin(StrEnum):
    """How a candidate was found, the most trustworthy first."""

    GIVEN = "given"
    NAMED = "named"
    ROBOTS = "robots"
    LINKED = "linked"
    FRONT_PAGE = "front-page"
    USUAL = "usual"
    SITEMAP = "sitemap"


_RANKS = {origin: rank for rank, origin in enumerate(Origin)}
# Expected to be pages.
_PAGES = frozenset({Origin.GIVEN, Origin.FRONT_PAGE})
# Asked only while no feed was found.
_LAST_RESORTS = frozenset({Origin.FRONT_PAGE, Origin.USUAL, Origin.SITEMAP})


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a feed's."""

    url: str
    origin: Origin
    # A feed of readers' comments, by what it is called.
    comments: bool = False
    # Pages that lie between it and the URL that was given.
    depth: int = 0

    @property
    def rank(self) -> int:
        """The place in the queue; comments are nearly never what is looked for."""
        return len(_RANKS) if self.comments else _RANKS[self.origin]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a person wants to know of a feed before subscribing to it."""

    format: str
    title: str | None
    site_url: str | None
    language: str | None
    entries: int
    # Of the newest entry that is not in the future; None when none has a readable date.
    newest_at: datetime | None
    # The titles of the newest entries, newest first.
    titles: tuple[str | None, ...]
    # Whether most entries carry their whole text.
    full_text: bool
    # Entries a day in the younger half of the document; None when that cannot be told.
    per_day: float | None
    comments: bool
    # Keys of the entries' links, to recognise the same feed in another format.
    links: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """A document understood: a feed's preview, or why it is none and what it links."""

    preview: Preview | None = None
    problem: str = ""
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A feed."""

    # Where to poll it.
    url: str
    origin: Origin
    preview: Preview
    # The address of a feed found earlier that has the same entries; None when there is none.
    same_as: str | None = None

    @property
    def is_useful(self) -> bool:
        """Whether somebody who looks for the feed of a site may have meant this one."""
        return bool(self.preview.entries) and not self.preview.comments


@dataclass(frozen=True, slots=True)
class Failure:
    """A candidate that is no feed, or cannot be had."""

    url: str
    origin: Origin
    reason: str


@dataclass(frozen=True, slots=True)
class Discovery:
    """What came of looking for feeds."""

    # The best first: comments and empty feeds are last.
    found: tuple[Found, ...]
    failures: tuple[Failure, ...]
    # Named or linked, and not asked any more because of the limit.
    left: tuple[str, ...]
    requests: int


# ---------------------------------------------------------------------------------- what a page links

# Attributes and text of one link element or anchor.
_Link = tuple[dict[str, str], str]

_FEED_TYPES = frozenset(
    "application/rss+xml application/atom+xml application/feed+json application/rdf+xml application/rss "
    "application/x-rss+xml text/rss+xml text/rss application/xml text/xml application/json".split()
)
# Types that other things than feeds have too: publishing systems offer their interfaces so.
_VAGUE_TYPES = frozenset({"application/json", "application/xml", "text/xml"})
_INTERFACE = re.compile(r"wp-json|oembed|/api/|xmlrpc|opensearch|manifest", re.IGNORECASE)

# A segment of a path that says what is below it, extensions that only feeds have, and names of documents.
_FEED_SEGMENT = re.compile(r"feeds?|rss[\d.]*|atom|rdf")
_FEED_EXTENSIONS = frozenset({"rss", "atom", "rdf"})
_FEED_DOCUMENT = re.compile(r"(?:feed|rss|atom)\.(?:json|php|aspx?)")
_NO_FEED_DOCUMENT = re.compile(r".*\.html?|.*(?:sitemap|opensearch).*\.xml", re.DOTALL)
_FEED_QUERY = re.compile(
    r"(?:^|&)(?:feed=\w|(?:format|type|output|alt|view|outputtype|mode)=(?:rss|atom|rdf|feed))", re.IGNORECASE
)
_FEED_TEXT = re.compile(r"\brss\b|\batom[ -]feed\b|^\W*(?:(?:web|news|xml)[ -]?)?feeds?\W*$", re.IGNORECASE)
_FEED_HOST = re.compile(r"(?:feeds?|rss)\d*\.", re.IGNORECASE)
# The plural: "Comment" is where newspapers print opinions.
_COMMENTS = re.compile(
    r"\b(?:comments|kommentare|kommentar-?feed|commentaires|comentarios|comentários|commenti|reacties)\b",
    re.IGNORECASE,
)
# The old scheme of feed readers: feed://example.org/x and feed:https://example.org/x.
_FEED_SCHEME = re.compile(r"^feed:(?=//|https?:)(?://(?=https?:))?", re.IGNORECASE)
# What the library's parser does not get over: a marked section it does not know, a number of many digits.
_UNPARSABLE = re.compile(r"<!\[|&#\d{8,}")


class _Page(HTMLParser):
    """Collects the links of a page and its base."""

    def __init__(self) -> None:
        super().__init__()
        self.base: str | None = None
        # Attributes and text of <link> and <a>.
        self.links: list[_Link] = []
        self._anchor: dict[str, str] | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # The first of an attribute's values counts, as in browsers.
        attributes = {name: value or "" for name, value in reversed(attrs)}
        match tag:
            case "base":
                self.base = self.base or attributes.get("href")
            case "link":
                self.links.append((attributes, attributes.get("title", "")))
            case "a":
                self._end_anchor()
                self._anchor = attributes
                self._text = [attributes.get("title", ""), attributes.get("aria-label", "")]
            case "img" if self._anchor is not None:
                self._text.append(attributes.get("alt", ""))

    def handle_data(self, data: str) -> None:
        if self._anchor is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._end_anchor()

    def _end_anchor(self) -> None:
        if self._anchor is not None:
            self.links.append((self._anchor, " ".join(" ".join(self._text).split())))
        self._anchor = None


def links_in(body: bytes, url: str) -> tuple[Candidate, ...]:
    """The feeds that a page of HTML names or seems to link, in the order in which they should be asked.

    Bytes are read as UTF-8 without regard for what is declared: addresses are ASCII in any charset.
    """
    text = body.replace(b"\0", b"").decode("utf-8", "replace")[:MAX_PAGE_CHARS]
    page = _Page()
    page.feed(_UNPARSABLE.sub(" ", text))
    base = resolve(url, page.base) or url
    found: dict[str, Candidate] = {}
    for attributes, shown in page.links:
        candidate = _candidate(attributes, shown, base, url)
        if candidate is not None and (
            candidate.url not in found or found[candidate.url].rank > candidate.rank
        ):
            found[candidate.url] = candidate
    return tuple(sorted(found.values(), key=lambda one: one.rank))[:MAX_LINKS]


def _candidate(attributes: Mapping[str, str], shown: str, base: str, url: str) -> Candidate | None:
    target = _address(base, attributes.get("href", ""))
    if target is None:
        return None
    if _is_named(attributes, target):
        origin = Origin.NAMED
    elif _is_linked(target, shown, url):
        origin = Origin.LINKED
    else:
        return None
    return Candidate(target, origin, bool(_COMMENTS.search(f"{shown} {urlsplit(target).path}")))


def _address(base: str, reference: str) -> str | None:
    """A link as a URL that a configuration takes; None when it leads nowhere that can be asked."""
    absolute = resolve(base, _FEED_SCHEME.sub("", reference.strip()))
    try:
        return read_url(absolute.partition("#")[0].replace(" ", "%20")) if absolute else None
    except Unusable:
        return None


def _is_named(attributes: Mapping[str, str], target: str) -> bool:
    """Whether a link says by its type that it leads to a feed (the autodiscovery of RSS and Atom)."""
    relations = attributes.get("rel", "").lower().split()
    kind = attributes.get("type", "").partition(";")[0].strip().lower()
    if "feed" in relations:
        return True
    if "alternate" not in relations or kind not in _FEED_TYPES:
        return False
    return kind not in _VAGUE_TYPES or not _INTERFACE.search(target)


def _is_linked(target: str, shown: str, url: str) -> bool:
    """Whether a link looks as if it led to a feed, by its address or by what it says."""
    if registrable(host_of(target)) != registrable(host_of(url)):
        # Elsewhere much is called a feed; publishers have theirs at services with such names.
        return bool(_FEED_HOST.match(host_of(target))) or _has_feed_extension(_last_segment(target))
    says_so = len(shown) <= MAX_ANCHOR_CHARS and _FEED_TEXT.search(shown)
    return bool(says_so) or looks_like_feed(target)


def looks_like_feed(url: str) -> bool:
    """Whether an address is written as feeds' addresses are."""
    parts, last = urlsplit(url), _last_segment(url)
    if _FEED_QUERY.search(parts.query) or _has_feed_extension(last) or _FEED_DOCUMENT.fullmatch(last):
        return True
    if _NO_FEED_DOCUMENT.fullmatch(last):
        return False
    return any(map(_FEED_SEGMENT.fullmatch, parts.path.lower().split("/")))


def _last_segment(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2].lower()


def _has_feed_extension(name: str) -> bool:
    extension = name.rpartition(".")[2] if "." in name else ""
    return extension in _FEED_EXTENSIONS or (extension == "xml" and not _NO_FEED_DOCUMENT.fullmatch(name))


# ---------------------------------------------------------------------------------- where else to look

# Below the site, and those that a blog in a folder of a site has as well.
_USUAL = (
    *("/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json", "/?feed=rss2"),
    "/feeds/posts/default",
)
_USUAL_IN_FOLDER = ("feed", "rss.xml", "index.xml", "atom.xml")
_USUAL_SITEMAPS = ("/sitemap_news.xml", "/news-sitemap.xml")

_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_SITEMAP_INDEX = re.compile(r"<(?:\w{1,30}:)?sitemapindex[\s>]")
_LOCATION = re.compile(r"<(?:\w{1,30}:)?loc>\s{0,100}(?:<!\[CDATA\[)?\s{0,100}([^<\]\s]{1,4000})")


def usual_places(url: str) -> tuple[Candidate, ...]:
    """Where the feeds of a site commonly are, when its page says nothing."""
    path = urlsplit(url).path
    folder = path.rpartition("/")[0] if "." in _last_segment(url) else path.rstrip("/")
    in_folder = [f"{folder}/{name}" for name in _USUAL_IN_FOLDER] if folder else []
    places = {
        Origin.FRONT_PAGE: ["/"] if path not in ("", "/") else [],
        Origin.USUAL: [*in_folder, *_USUAL],
        Origin.SITEMAP: _USUAL_SITEMAPS,
    }
    return tuple(
        Candidate(urljoin(url, place), origin, depth=1) for origin, some in places.items() for place in some
    )


def sitemaps_in(robots: bytes, url: str) -> tuple[Candidate, ...]:
    """The sitemaps that the robots.txt at `url` names, a few at most, those of news first."""
    return _sitemaps(_SITEMAP_LINE.findall(robots.decode("utf-8", "replace")), url)


def sitemaps_listed(body: bytes, url: str) -> tuple[Candidate, ...]:
    """The sitemaps of a sitemap index; none when this is no such index (sitemaps.org protocol)."""
    text = body.decode("utf-8", "replace")
    if not _SITEMAP_INDEX.search(text, 0, SNIFFED_CHARS):
        return ()
    return _sitemaps((one.replace("&amp;", "&") for one in _LOCATION.findall(text)), url)


def _sitemaps(references: Iterable[str], url: str) -> tuple[Candidate, ...]:
    some = islice(references, MAX_SITEMAPS_LISTED)
    addresses = dict.fromkeys(address for one in some if (address := _address(url, one)))
    news = [address for address in addresses if "news" in urlsplit(address).path.lower()]
    others = [address for address in addresses if address not in news[:MAX_NEWS_SITEMAPS]]
    return (
        *(Candidate(one, Origin.ROBOTS, depth=1) for one in news[:MAX_NEWS_SITEMAPS]),
        *(Candidate(one, Origin.SITEMAP, depth=1) for one in others[:MAX_OTHER_SITEMAPS]),
    )


# ---------------------------------------------------------------------------------- what a feed is like


def read(body: bytes, url: str, headers: Mapping[str, str], now: datetime) -> Reading:
    """What a document is, `url` being the address that answered; the job of a worker process."""
    from ingestd.feeds.parse import parse_feed

    try:
        return Reading(preview(parse_feed(body, url=url, headers=headers), url, now))
    except FeedUnreadable as error:
        listed = sitemaps_listed(body, url)
        problem = "The document is an index of sitemaps." if listed else str(error)
        return Reading(problem=problem, candidates=listed or links_in(body, url))


def preview(parsed: ParsedFeed, url: str, now: datetime) -> Preview:
    """A feed at a glance; entries of the future are thought to be slips of the publisher's."""
    dates = {number: at for number, one in enumerate(parsed.entries) if (at := _date(one)) and at <= now}
    dated = sorted(dates, key=lambda number: dates[number], reverse=True)
    newest_first = [*dated, *(number for number in range(len(parsed.entries)) if number not in dates)]
    full = sum(map(_is_full, parsed.entries))
    return Preview(
        format=parsed.format,
        title=parsed.title,
        site_url=parsed.site_url,
        language=parsed.language,
        entries=len(parsed.entries),
        newest_at=dates[dated[0]] if dated else None,
        titles=tuple(parsed.entries[number].title for number in newest_first[:TITLES_SHOWN]),
        full_text=2 * full > len(parsed.entries),
        per_day=per_day([dates[number] for number in dated]),
        comments=bool(_COMMENTS.search(f"{parsed.title or ''} {urlsplit(url).path}")),
        links=frozenset(url_key(one.url) for one in parsed.entries[:MAX_COMPARED_LINKS] if one.url),
    )


def _date(entry: Entry) -> datetime | None:
    return entry.published_at or entry.updated_at


def _is_full(entry: Entry) -> bool:
    """Whether an entry has its whole text; many feeds have a teaser where the whole text belongs."""
    return max(len(entry.content_html or ""), len(entry.summary_html or "")) >= FULL_TEXT_CHARS


def per_day(newest_first: Sequence[datetime]) -> float | None:
    """Entries a day, from the younger half of the dates, so that a few old ones do not count.

    None when there are fewer than three, or when all of that half are of one moment.
    """
    middle = len(newest_first) // 2
    if middle < 1 or len(newest_first) < 3:
        return None
    span = newest_first[0] - newest_first[middle]
    return middle / (span / timedelta(days=1)) if span else None


# ---------------------------------------------------------------------------------- asking


@dataclass(frozen=True, slots=True)
class Manners:
    """How the hosts are asked."""

    # Least time between two requests, by host.
    spacing: Callable[[str], timedelta]
    # Headers that are configured for the host of a URL.
    headers: Callable[[str], Mapping[str, str]]
    # Requests at most.
    limit: int
    # Told of each address before it is asked.
    observer: Callable[[str], None]


async def discover(
    url: str, fetcher: "Fetcher", workers: "Workers", clock: "Clock", manners: Manners
) -> Discovery:
    """Look for the feeds of a site, from any of its pages or from a feed.

    Raises the FetchError of `url` when that cannot be had and nothing was found elsewhere either.
    """
    search = _Search(_Asking(fetcher, clock, manners), workers, clock)
    await search.begin(url)
    await search.go_on()
    return search.outcome()


class _Unwilling(FetchError):
    """The host is not asked any more."""


@dataclass(slots=True)
class _Asking:
    """Requests one at a time, with time between those to one host."""

    fetcher: "Fetcher"
    clock: "Clock"
    manners: Manners
    requests: int = 0
    # By host: when it was last asked, and how unwilling it was.
    _asked: dict[str, float] = field(default_factory=dict)
    _strikes: dict[str, int] = field(default_factory=dict)

    @property
    def is_spent(self) -> bool:
        return self.requests >= self.manners.limit

    async def ask(self, url: str, accept: "Accept") -> Document:
        """Fetch one document; raises FetchError."""
        host = host_of(url)
        if self._strikes.get(host, 0) >= MAX_STRIKES:
            raise _Unwilling("not asked, because its host could not be reached or refused too much", url)
        await self._wait(host)
        self.requests += 1
        self.manners.observer(url)
        hosts = [host]
        try:
            answer = await self.fetcher.get(url, accept=accept, headers=self.manners.headers(url))
        except FetchError as error:
            hosts.append(host_of(error.url or url))
            self._strikes[hosts[-1]] = self._strikes.get(hosts[-1], 0) + _gravity(error)
            raise
        finally:
            self._asked |= dict.fromkeys(hosts, self.clock.monotonic())
        assert isinstance(answer, Document)
        self._asked |= {host_of(hop.target): self.clock.monotonic() for hop in answer.redirects}
        return answer

    async def _wait(self, host: str) -> None:
        if host in self._asked:
            waited = self.clock.monotonic() - self._asked[host]
            await self.clock.sleep(self.manners.spacing(host).total_seconds() - waited)


def _gravity(error: FetchError) -> int:
    """How much a failure says against asking the same host again; a missing page says nothing."""
    if not isinstance(error, StatusRefused):
        return MAX_STRIKES if error.error_class in _HOST_IS_LOST else 0
    if error.status in (429, 503):
        return MAX_STRIKES
    return 1 if error.status in (401, 403) or error.status >= 500 else 0


_HOST_IS_LOST = frozenset({"dns", "tcp", "tls", "timeout", "refused"})


class _Search:
    """The candidates still to be asked, and what came of the others."""

    def __init__(self, asking: _Asking, workers: "Workers", clock: "Clock") -> None:
        self._asking = asking
        self._workers = workers
        self._clock = clock
        self._queue: list[tuple[int, int, Candidate]] = []
        # Keys of all addresses that were ever in the queue, and addresses that answered.
        self._seen: set[str] = set()
        self._read: set[str] = set()
        self._found: list[Found] = []
        self._failures: list[Failure] = []
        # Why the address that was given cannot be had; None when it can.
        self._refusal: FetchError | None = None

    async def begin(self, url: str) -> None:
        """Ask the address that was given and, when it is no feed, find out where else to look."""
        from ingestd.fetch.client import Accept

        given = Candidate(url, Origin.GIVEN)
        self._seen.add(url_key(url))
        page = await self._try(given, Accept.FEED if looks_like_feed(url) else Accept.PAGE)
        if self._found:
            return
        site = page or url
        self._add(usual_places(site))
        await self._look_into_robots(site)

    async def _look_into_robots(self, site: str) -> None:
        from ingestd.fetch.client import Accept
        from ingestd.fetch.robots import robots_url

        address = robots_url(site)
        if self._asking.is_spent:
            return
        try:
            robots = await self._asking.ask(address, Accept.ROBOTS)
        except FetchError:
            return
        self._add(sitemaps_in(robots.body, robots.final_url))

    async def go_on(self) -> None:
        """Ask candidates until none is left that is worth it."""
        from ingestd.fetch.client import Accept

        while self._queue and not self._asking.is_spent:
            _, _, candidate = heapq.heappop(self._queue)
            if not self._is_needless(candidate):
                wanted = Accept.PAGE if candidate.origin is Origin.FRONT_PAGE else Accept.FEED
                await self._try(candidate, wanted)

    def _is_needless(self, candidate: Candidate) -> bool:
        return candidate.origin in _LAST_RESORTS and any(found.is_useful for found in self._found)

    async def _try(self, candidate: Candidate, accept: "Accept") -> str | None:
        """Ask one candidate and note what came of it; gives the address that answered, None if none did."""
        try:
            document = await self._asking.ask(candidate.url, accept)
            if document.final_url in self._read:
                return document.final_url
            self._read.add(document.final_url)
            reading = await self._workers.run(
                read, document.body, document.final_url, dict(document.headers), self._clock.now()
            )
        except (FetchError, WorkerError) as error:
            self._fail(candidate, str(error))
            if candidate.origin is Origin.GIVEN and isinstance(error, FetchError):
                self._refusal = error
            return None
        if reading.preview is not None:
            self._keep(candidate, document, reading.preview)
        elif candidate.origin not in _PAGES:
            self._fail(candidate, reading.problem)
        self._follow(candidate, reading.candidates)
        return document.final_url

    def _fail(self, candidate: Candidate, reason: str) -> None:
        self._failures.append(Failure(candidate.url, candidate.origin, reason))

    def _keep(self, candidate: Candidate, document: Document, preview: Preview) -> None:
        same = next((found.url for found in self._found if _are_same(found.preview, preview)), None)
        self._found.append(Found(_where_to_poll(document), candidate.origin, preview, same))

    def _follow(self, candidate: Candidate, links: Iterable[Candidate]) -> None:
        if candidate.depth <= MAX_DEPTH:
            depth = candidate.depth + 1
            self._add(Candidate(one.url, one.origin, one.comments, depth) for one in links)

    def _add(self, candidates: Iterable[Candidate]) -> None:
        for candidate in candidates:
            key = url_key(candidate.url)
            if key not in self._seen:
                self._seen.add(key)
                heapq.heappush(self._queue, (candidate.rank, len(self._seen), candidate))

    def outcome(self) -> Discovery:
        """What was found; raises FetchError when the given address gave nothing, nor did the others."""
        if self._refusal is not None and not self._found:
            raise self._refusal
        best = sorted(self._found, key=lambda one: (not one.is_useful, one.preview.comments))
        left = [one.url for _, _, one in sorted(self._queue) if one.origin not in _LAST_RESORTS]
        return Discovery(tuple(best), tuple(self._failures), tuple(left), self._asking.requests)


def _where_to_poll(document: Document) -> str:
    """The address that was asked, or where it has moved for good."""
    moved = all(hop.status in PERMANENT for hop in document.redirects)
    return document.final_url if moved else document.url


def _are_same(one: Preview, other: Preview) -> bool:
    """Whether two feeds have the same entries, by the addresses of these."""
    together = one.links | other.links
    return bool(together) and len(one.links & other.links) >= SAME_LINKS * len(together)
