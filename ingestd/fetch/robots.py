"""robots.txt understood (RFC 9309); protego does the matching.

`parse_robots` reads a file that was had, `rules_for_status` says what a missing one means. Either gives
a `Robots`, whose `text` is all that needs to be stored: `Robots(text)` made from it again is equal. The
caller caches; RFC 9309 §2.4 allows 24 hours, and longer only while the server is unreachable.
"""

import codecs
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

from protego import Protego

# The product token that groups of a robots.txt name us by.
AGENT = "ingestd"
# RFC 9309 §2.5: at least this much must be read; what lies beyond is ignored.
MAX_ROBOTS_BYTES = 500 * 1024
# So that a delay of 1e300 seconds fits a timedelta; the politeness settings cap it much lower.
MAX_DELAY_SECONDS = 31 * 86_400
TOO_MANY_REQUESTS = 429

_ALLOW_ALL = ""
_DISALLOW_ALL = "User-agent: *\nDisallow: /\n"


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one host for one agent; made from a stored `text`, or by the functions below."""

    # The file as far as it is read, decoded.
    text: str
    agent: str = AGENT
    _rules: Protego = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_rules", Protego.parse(self.text))

    def allows(self, url: str) -> bool:
        """Whether this page may be fetched; `url` must satisfy `urls.is_http`."""
        return self._rules.can_fetch(url, self.agent)

    @property
    def crawl_delay(self) -> timedelta | None:
        """Time between two requests that the host asks for; None when it asks for none."""
        seconds = self._rules.crawl_delay(self.agent)
        return None if seconds is None else timedelta(seconds=min(seconds, MAX_DELAY_SECONDS))


def parse_robots(body: bytes, agent: str = AGENT) -> Robots:
    """Read a robots.txt. Nothing in it is an error: bytes that are no UTF-8 spoil only their own line."""
    text = _cut(body).removeprefix(codecs.BOM_UTF8).decode(errors="replace")
    # NUL is legal UTF-8 and cannot be stored by PostgreSQL.
    return Robots(text.replace("\0", ""), agent)


def _cut(body: bytes) -> bytes:
    """What is read of it. Half a line is left out, because it may say much more: "Disallow: /"."""
    if len(body) <= MAX_ROBOTS_BYTES:
        return body
    kept = body[:MAX_ROBOTS_BYTES]
    return kept[: max(kept.rfind(b"\n"), kept.rfind(b"\r")) + 1]


def robots_url(url: str) -> str:
    """Where the robots.txt of this URL's host is; a port and a scheme of its own are a host of its own."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))


def rules_for_status(status: int | None) -> Robots:
    """What it means that there is no robots.txt to read (RFC 9309 §2.3.1).

    4xx: there is none, everything is allowed; but 429 says "not now". 5xx, and None for a server that
    could not be reached at all: everything is disallowed until it can be asked again. Other statuses never
    come here as a body and count as unreachable, because nothing is known.
    """
    missing = status is not None and 400 <= status < 500 and status != TOO_MANY_REQUESTS
    return Robots(_ALLOW_ALL if missing else _DISALLOW_ALL)
