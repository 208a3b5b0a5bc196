"""What a test needs to read the demo web: one HTTP request, and a page's blocks, links and tags."""

from dataclasses import dataclass
from email.message import Message
from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import urljoin, urlsplit

from ingestd.demo.server import LOOPBACK

_INLINE = frozenset("a abbr b br em i img input small span strong time".split())
_VOID = frozenset("br hr img input link meta".split())
# Their end tags may be left out (HTML standard, "Optional tags").
_END_OPTIONAL = frozenset("body head html li p".split())
_SILENT = frozenset(("script", "style", "title"))


@dataclass(frozen=True)
class Answer:
    """A response as it came."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        """The body in the charset that the server declares."""
        return self.body.decode(self.headers.get_content_charset() or "utf-8")


def ask(url: str, method: str = "GET", **headers: str) -> Answer:
    """One request on a connection of its own; underscores in header names stand for hyphens.

    Dials loopback by number, because not every system's resolver knows names under ".localhost".
    """
    parts = urlsplit(url)
    connection = HTTPConnection(LOOPBACK, parts.port, timeout=10)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, headers={"Host": parts.netloc, **named})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


class PageReader(HTMLParser):
    """Splits a page into blocks of text and notes its links and the tags that do not match."""

    def __init__(self, url: str, text: str) -> None:
        super().__init__(convert_charrefs=True)
        # The text of each block, white space folded, in reading order.
        self.blocks: list[str] = []
        # Absolute addresses of everything the page links or embeds.
        self.links: set[str] = set()
        # End tags that close nothing, and elements left open.
        self.unmatched: list[str] = []
        self._url = url
        self._open: list[str] = []
        self._text = ""
        self.feed(text)
        self.close()
        self._flush()
        self.unmatched += [tag for tag in self._open if tag not in _END_OPTIONAL]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _INLINE:
            self._flush()
        if tag not in _VOID:
            self._open.append(tag)
        for name, value in attrs:
            if name in ("href", "src") and value and not value.startswith("#"):
                self.links.add(urljoin(self._url, value))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self._flush()
        while self._open and self._open[-1] != tag and self._open[-1] in _END_OPTIONAL:
            self._open.pop()
        if self._open and self._open[-1] == tag:
            self._open.pop()
        else:
            self.unmatched.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if not (self._open and self._open[-1] in _SILENT):
            self._text += data

    def _flush(self) -> None:
        if folded := " ".join(self._text.split()):
            self.blocks.append(folded)
        self._text = ""


def read_page(url: str) -> PageReader:
    """Ask for a page and take it apart."""
    return PageReader(url, ask(url).text)
