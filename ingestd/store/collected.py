"""A page understood, on its way into the archive."""

from dataclasses import dataclass
from datetime import datetime

from ingestd.model import Article, Fingerprint


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as it was fetched, compressed."""

    content_type: str | None
    zstd: bytes
    body_bytes: int


@dataclass(frozen=True, slots=True)
class Collected:
    """A page understood, ready to be settled."""

    page_id: int
    # Address for people, after redirects; None when there is none.
    url: str | None
    # Key of the address that answered; the page's own key when it has no address of its own.
    url_key: str
    # Outlet: host of the address, of the feed when there is none, without "www.".
    site: str
    article: Article
    # Of the text's `dedupe.fingerprint.compared_text`.
    fingerprint: Fingerprint
    collected_at: datetime
    raw: RawPage | None = None
    # Whether the outlet is the very agency that the text is credited to.
    from_agency: bool = False
