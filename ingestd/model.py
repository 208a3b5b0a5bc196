"""The nouns that every part uses. Frozen values, no behaviour beyond reading themselves.

Glossary
    feed         a subscription as stored: where it is, when it is due, what its server said last
    document     anything fetched, feed or page; *not modified* is the server's 304
    entry        one item of a feed, before its page is seen
    page         one address whose text is wanted; several entries may name it
    article      the clean text and metadata of a page
    revision     one state of an article's text, numbered from 1
    verdict      why a page gave no article
    shingle      hash of n consecutive tokens; an *anchor* is a shingle kept as a sample
    posting      that a cluster has an anchor: how a new text finds the clusters it may belong to
    carrier      an article as deduplication sees it; a *match* is what comparing two of them gave
    furniture    words of a page that are no part of its article and stand on other pages too
    role         what an article is within its cluster: canonical, copy, excerpt, expanded, update
    ruling       what a person decided about two articles
    cluster      articles that carry one text; its *canonical* represents it
    url key      the canonical form of a URL by our rules (`ingestd.urls.url_key`)
    declared URL what the page itself calls its address (rel=canonical): evidence, not truth
    event        one thing that happened, for whoever listens

Every time is aware UTC. A field that may be missing is None, and its comment says what that means.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

# ---------------------------------------------------------------------------------- fetching


@dataclass(frozen=True, slots=True)
class Validators:
    """What makes a request conditional; both are opaque and travel back byte for byte (RFC 9110 §13)."""

    # The ETag header as it was received, quotes and W/ included; None when the server sent none.
    etag: str | None = None
    # The Last-Modified header as it was received, never re-rendered; None when the server sent none.
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """One hop that was followed."""

    status: int
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Document:
    """A successful response with its body."""

    # The address that was asked first, and the one that answered in the end.
    url: str
    final_url: str
    status: int
    # Header names in lower case; repeated headers joined with ", ".
    headers: Mapping[str, str]
    # After content decoding; charset is not decided here.
    body: bytes
    fetched_at: datetime
    elapsed: timedelta
    # Bytes of the body as they came over the wire, before content decoding.
    wire_bytes: int
    redirects: tuple[Redirect, ...] = ()

    @property
    def validators(self) -> Validators:
        """What the next request for this document sends."""
        return Validators(self.headers.get("etag"), self.headers.get("last-modified"))

    @property
    def content_type(self) -> str | None:
        """The Content-Type header as received; None when the server sent none."""
        return self.headers.get("content-type")


@dataclass(frozen=True, slots=True)
class Moved:
    """Redirects that lead to another host, and were followed no further than that."""

    # The address that was asked, and the one at another host that is to be asked now.
    url: str
    target: str
    redirects: tuple[Redirect, ...]
    fetched_at: datetime
    elapsed: timedelta


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server answered 304 to a conditional request."""

    url: str
    final_url: str
    headers: Mapping[str, str]
    fetched_at: datetime
    elapsed: timedelta
    redirects: tuple[Redirect, ...] = ()

    @property
    def validators(self) -> Validators:
        """Only what this 304 carried: an absent field leaves the stored one alone (RFC 9111 §4.3.4)."""
        return Validators(self.headers.get("etag"), self.headers.get("last-modified"))


# ---------------------------------------------------------------------------------- feeds


@dataclass(frozen=True, slots=True)
class PollHints:
    """What the feed document itself asks of those who poll it. Junk values have become None or empty."""

    # RSS <ttl>, or syndication period / frequency; None when neither is given.
    interval: timedelta | None = None
    # RSS <skipHours>: hours of the day in GMT, 0 to 23.
    skip_hours: frozenset[int] = frozenset()
    # RSS <skipDays>: 0 is Monday, as in `datetime.weekday`.
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that an entry carries: RSS enclosure, Media RSS content, Atom link, JSON Feed attachment."""

    url: str
    media_type: str | None = None
    length_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed as its publisher wrote it, before its page is seen."""

    # Identity within its feed, made by `feeds.identity`.
    key: str
    # sha256 (hex) over what a publisher changes when an item changes; equal digests mean unchanged.
    digest: str
    # The item's guid / id as given, white space stripped; None when missing or blank.
    guid: str | None = None
    # Absolute http(s) link of the item; None when it has none that can be asked.
    url: str | None = None
    # The item's own page: `url`, or the page behind a feed service's redirect when the item names it. None
    # when several different items of the document share it, because it is then no address of this item's
    # own (a home page, a live blog): such an entry keeps its feed's text.
    page_url: str | None = None
    # Plain text, white space folded; None when missing or blank.
    title: str | None = None
    # HTML of the short form and of the full form; None when the item does not carry that form.
    summary_html: str | None = None
    content_html: str | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    # As claimed by the item; None when missing or unreadable. May lie in the future.
    published_at: datetime | None = None
    updated_at: datetime | None = None
    # BCP 47 tag declared on the item or its feed; None when neither declares one.
    language: str | None = None
    # Title of the feed this item was taken from (RSS source, Atom source); None when not given.
    source_title: str | None = None
    comments_url: str | None = None
    enclosures: tuple[Enclosure, ...] = ()
    # The link as it was written, when it is none that can be asked; None otherwise. Shown, never dialled.
    unusable_link: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """One feed document understood."""

    # "rss20", "atom10", "rss10", "json11" …: the dialect, as the reader of that format names it.
    format: str
    entries: tuple[Entry, ...]
    title: str | None = None
    # The site that the feed belongs to.
    site_url: str | None = None
    language: str | None = None
    hints: PollHints = field(default_factory=PollHints)
    # What was malformed and read all the same, one sentence each.
    problems: tuple[str, ...] = ()
    # Whether the document breaks off before its end, so that more may come: its entries are kept, its
    # validators are not.
    cut_off: bool = False


class EntryChange(StrEnum):
    """How an entry of a polled document stands to what is stored."""

    NEW = "new"
    CHANGED = "changed"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Selection:
    """The entries of one document, sorted by `EntryChange`; together they are all of them, each once."""

    new: tuple[Entry, ...] = ()
    changed: tuple[Entry, ...] = ()
    seen: tuple[Entry, ...] = ()


# ---------------------------------------------------------------------------------- cleaning


class RetryPolicy(StrEnum):
    """What fetching a page again can help that gave no article."""

    # It is what it is.
    NEVER = "never"
    # The publisher or a person may change it in a day or so: a paywall that opens, a page put back.
    LATER = "later"
    # The server was busy or guarded itself: soon, and further apart each time.
    SOON = "soon"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a page gave no article."""

    # Stable code: see `clean.verdict.REASONS`.
    reason: str
    # One sentence for a person, with what was seen.
    detail: str
    retry: RetryPolicy = RetryPolicy.NEVER
    # 0 to 1: how surely this is no article. The publisher's own signals weigh more than phrases.
    confidence: float = 1.0


class TextSource(StrEnum):
    """Where an article's text was taken from."""

    PAGE = "page"
    FEED = "feed"
    # The copy of the text that the page's JSON-LD carries (articleBody).
    JSON_LD = "json-ld"


class Completeness(StrEnum):
    """How much of its publisher's text an article has."""

    WHOLE = "whole"
    # The open part of an article that one has to pay or log in for.
    TEASER = "teaser"
    # Only the feed's summary of it.
    SUMMARY = "summary"


class ParagraphKind(StrEnum):
    """What a paragraph of an article's text is on its page."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list-item"
    QUOTE = "quote"
    # The cells of one row, " | " between two.
    TABLE_ROW = "table-row"
    # Text set as it stands: code, poems. Line breaks are kept as "\n".
    PREFORMATTED = "preformatted"


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a paragraph: characters `start` up to `end` of its text lead to `url`, which is absolute."""

    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of an article's text."""

    # White space folded, never blank.
    text: str
    kind: ParagraphKind = ParagraphKind.PARAGRAPH
    # Of a heading 1 to 6, of a list item its depth from 1, negative in a numbered list; else 0.
    level: int = 0
    # In order, none within another.
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that belongs to an article."""

    # Absolute.
    url: str
    # As the page has it, credit and all; None when it has none.
    caption: str | None = None
    # What the page says for those who do not see it; None when it says nothing.
    alt: str | None = None
    # Number of the paragraph before which it stands; None when it stands above the text or is only named
    # by the page's metadata.
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one place says about a field."""

    # "json-ld", "meta og:title", "h1", "time", "url", "feed" …
    source: str
    # Times in ISO 8601, several values joined with "; ".
    value: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """How the value of a field was found: what was read, and why one reading was taken."""

    # Name of the field of `Article`.
    field: str
    # In the words of a reading; None when none of them was usable.
    value: str | None
    reason: str
    # The best first.
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Rights:
    """What the publisher says about the use of a page. None: it does not say."""

    # Address or name of the licence (rel=license, schema.org license).
    licence: str | None = None
    # schema.org isAccessibleForFree.
    free: bool | None = None
    # Directives of robots meta elements and X-Robots-Tag, lower case, sorted: "noindex", "max-snippet:50",
    # and "googlebot: noarchive" where they are addressed.
    robots: tuple[str, ...] = ()
    # TDM Reservation Protocol: whether text and data mining is reserved, and where its terms stand.
    tdm_reserved: bool | None = None
    tdm_policy: str | None = None


@dataclass(frozen=True, slots=True)
class Agency:
    """The news agency that a text is credited to."""

    # Short common name, "AFP"; the key of `config/agencies.toml`.
    name: str
    # Where that was read: "dateline", "byline", "credit-line", "sign-off",
    # "metadata", or "outlet" for a text of the agency's own site that credits nobody else.
    evidence: str
    # The words that were read, as they stood.
    quote: str
    # Whether the text stands at this agency's own outlet.
    own_outlet: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """The clean text of a page and what is known about it; or, with a verdict, why there is none."""

    # Main text in reading order, no furniture, no captions; empty when there is a verdict.
    content: tuple[Paragraph, ...] = ()
    title: str | None = None
    # People, never "Staff"; where nobody is named, whom the publisher states as author: a desk, the agency.
    authors: tuple[str, ...] = ()
    # When the publisher says that it was published / last changed; None when it does not say.
    published_at: datetime | None = None
    modified_at: datetime | None = None
    # BCP 47 tag; None when nobody declares one and the text does not tell.
    language: str | None = None
    # The outlet's own section, "Politics"; None when the page names none.
    section: str | None = None
    # Keywords that the publisher gave it.
    tags: tuple[str, ...] = ()
    site_name: str | None = None
    # rel=canonical or og:url, absolute; None when the page declares none.
    declared_url: str | None = None
    # The standfirst, when it is not part of `content`; None when the page has none.
    lead: str | None = None
    # In reading order, the one that stands for the article first.
    images: tuple[Image, ...] = ()
    agency: Agency | None = None
    rights: Rights = field(default_factory=Rights)
    source: TextSource = TextSource.PAGE
    # Why the text was taken from there; None where there was no choice.
    source_reason: str | None = None
    completeness: Completeness = Completeness.WHOLE
    # "own" for our extractor, "trafilatura" where that was asked and gave the better text.
    extractor: str = "own"
    # How title, authors, times, language were found, by field.
    readings: tuple[Resolved, ...] = ()
    # None: this is an article.
    verdict: Verdict | None = None

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The texts of the paragraphs."""
        return tuple(paragraph.text for paragraph in self.content)

    @property
    def body(self) -> str:
        """The paragraphs, a blank line between two: what is stored as body and fingerprinted."""
        return "\n\n".join(self.paragraphs)

    @property
    def text(self) -> str:
        """The body, with the lead before it."""
        return "\n\n".join((self.lead, *self.paragraphs) if self.lead else self.paragraphs)

    @property
    def date(self) -> str | None:
        """When it was published, in ISO 8601 and in the publisher's own zone; None when unknown.

        Without an offset when no place states one: then `published_at` takes the time for UTC.
        """
        stated = next((one.value for one in self.readings if one.field == "published_at"), None)
        if stated and "T" in stated:
            return stated
        return self.published_at.isoformat() if self.published_at else None

    @property
    def links(self) -> tuple[str, ...]:
        """Where the text links to, each address once, in reading order."""
        return tuple(dict.fromkeys(link.url for one in self.content for link in one.links))


# ---------------------------------------------------------------------------------- deduplication


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """All that deduplication keeps of one text."""

    # Name and version of the method, stored with each row: only equal schemes are ever compared.
    scheme: str
    # Sampled shingle hashes, signed 32-bit, ascending, distinct.
    anchors: tuple[int, ...]
    token_count: int
    # Distinct shingles of the whole text, of which the anchors are the sample.
    shingle_count: int


@dataclass(frozen=True, slots=True)
class Carrier:
    """An article as deduplication sees it: who carries a text, without the text."""

    article_id: int
    # None while it is in no cluster yet.
    cluster_id: int | None
    # The outlet (host without "www.") that published it.
    source: str
    # When the outlet published it, by its own word where that is no later than when we first saw it.
    at: datetime
    shingle_count: int
    # Hash of the text: puts texts of one length in an order that no arrival decides.
    text_hash: str
    # Whether the outlet is the very agency that the text is credited to.
    from_agency: bool = False
    # Anchors of its text that were furniture when it was last placed, signed 32-bit, ascending.
    masked: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Two texts after the exact check, seen from the first. Ratios are 0 to 1; furniture does not count."""

    article_id: int
    other_id: int
    # Share of the first text's shingles that stand in the other, and the other way round.
    containment: float
    containment_reverse: float
    # Shown to people; it does not decide, because a copy cut to a half cannot pass .5.
    jaccard: float
    # Whether the two are one text.
    accepted: bool
    # The rule that decided, in words with its figures.
    rule: str
    # Distinct shingles in common.
    common: int = 0
    # Whether a part of one stands in the other that is worth telling, also when they are not one text.
    related: bool = False
    # Places where one of them has one thing and the other another; 0 when they are not one text.
    places: int = 0

    @property
    def containment_of_smaller(self) -> float:
        """What decides: how much of the shorter text stands in the longer."""
        return max(self.containment, self.containment_reverse)

    def seen_from(self, article_id: int) -> "Match":
        """The same match with that article, which is one of the two, as the first."""
        if article_id == self.article_id:
            return self
        return Match(
            self.other_id,
            self.article_id,
            self.containment_reverse,
            self.containment,
            self.jaccard,
            self.accepted,
            self.rule,
            self.common,
            self.related,
            self.places,
        )


class Role(StrEnum):
    """What an article is within its cluster, seen against the canonical."""

    CANONICAL = "canonical"
    # All but the same text.
    COPY = "copy"
    # Much shorter; what it has stands in the canonical.
    EXCERPT = "excerpt"
    # Much longer, with the canonical's text in it.
    EXPANDED = "expanded"
    # Of one length, but each has much that the other has not: rewritten since.
    UPDATE = "update"


class Ruling(StrEnum):
    """What a person decided about two articles; nothing that is measured overrides it."""

    TOGETHER = "together"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class ClusterState:
    """A cluster as deduplication sees it."""

    cluster_id: int
    # None only while its first article is being placed.
    canonical_id: int | None = None
    # A person decided who is in it: articles may join, none may be taken out, and it joins no other.
    pinned: bool = False
    # A person decided which article represents it.
    canonical_pinned: bool = False


# ---------------------------------------------------------------------------------- what happened


class EventKind(StrEnum):
    """The documented kinds of the append-only `event` table."""

    NEW = "new"
    COPY = "copy"
    REVISED = "revised"
    WITHDRAWN = "withdrawn"
    JOINED = "joined"
    SPLIT = "split"
    CANONICAL_CHANGED = "canonical-changed"
    GAP = "gap"
    FEED_STATE = "feed-state"
    # What the pages of a host give has changed: a redesign, a new wall, or all is well again.
    HOST_CHANGED = "host-changed"


class FeedOutcome(StrEnum):
    """The door by which a feed leaves a run; each feed leaves by exactly one."""

    UPDATED = "updated"
    UNCHANGED = "unchanged"
    NOT_MODIFIED = "not-modified"
    # It redirects to a feed that is polled under another name.
    MOVED = "moved"
    FAILED = "failed"
    CRASHED = "crashed"
    PARKED = "parked"


class PageOutcome(StrEnum):
    """The door by which a page leaves a run; each page leaves by exactly one."""

    NEW = "new"
    COPY = "copy"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    SAME_ARTICLE = "same-article"
    NOT_ARTICLE = "not-article"
    RETRY_LATER = "retry-later"
    FAILED = "failed"
    CRASHED = "crashed"
    PARKED = "parked"
