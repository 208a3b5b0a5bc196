"""The sites of `press.py` over real HTTP on loopback, served from a process of their own.

Its CPU is in nobody's figures. What is served changes with `enter`, which any process may call.
"""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.client import HTTPConnection
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import NamedTuple

from bench.press import FEED_PATH, Press, article_path, host

LOOPBACK = "127.0.0.1"
ENTRIES_PER_FEED = 20

_STATE_PATH = "/-/state"
_REQUEST = re.compile(rb"GET (\S+) HTTP/1\.1\r\n")
_HOST = re.compile(rb"\r\nhost: *f(\d+)\.localhost", re.IGNORECASE)
_ETAG = re.compile(rb"\r\nif-none-match: *(\S+)", re.IGNORECASE)
_ARTICLE = re.compile(r"/news/article-(\d+)$")


class State(NamedTuple):
    """What the feeds show."""

    # How many articles each site has published since the first state.
    generation: int = 0
    # Whether conditional requests are understood; otherwise every answer is 200, as some servers do.
    conditional: bool = True


def feed_url(port: int, site: int) -> str:
    """The address of a site's feed."""
    return f"http://{host(site)}:{port}{FEED_PATH}"


def page_url(port: int, site: int, number: int) -> str:
    """The address of one article of a site."""
    return f"http://{host(site)}:{port}{article_path(number)}"


def enter(port: int, state: State) -> None:
    """From now on the web shows this; the bodies that are new in it are made before this returns."""
    connection = HTTPConnection(LOOPBACK, port)
    connection.request("GET", f"{_STATE_PATH}/{state.generation}/{int(state.conditional)}")
    connection.getresponse().read()
    connection.close()


@contextmanager
def served(seed: int, sites: int) -> Iterator[int]:
    """The web as a context manager; gives its port."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, seed, sites), daemon=True)
    process.start()
    with ours:
        port: int = ours.recv()
        yield port
    process.join()


def _serve(pipe: Connection, seed: int, sites: int) -> None:
    asyncio.run(_serve_until_closed(pipe, seed, sites))


async def _serve_until_closed(pipe: Connection, seed: int, sites: int) -> None:
    """The other end of the pipe is closed when the benchmark has ended, however it ended."""
    web, closed = _Web(seed, sites), asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(pipe.fileno(), closed.set)
    server = await loop.create_server(lambda: _Exchange(web), LOOPBACK, 0, backlog=512)
    port: int = server.sockets[0].getsockname()[1]
    web.open(port)
    pipe.send(port)
    await closed.wait()


class _Web:
    """What is answered to a request."""

    def __init__(self, seed: int, sites: int) -> None:
        self._seed = seed
        self._sites = sites

    def open(self, port: int) -> None:
        """Print the first state, now that the port is known which stands in every link."""
        self._press = Press(self._seed, port)
        self.enter(State())

    def enter(self, state: State) -> None:
        newest = ENTRIES_PER_FEED - 1 + state.generation
        self._conditional = state.conditional
        self._feeds = [self._press.feed(site, newest, ENTRIES_PER_FEED) for site in range(self._sites)]

    def answer(self, request: bytes) -> bytes:
        """The whole response to one request."""
        asked = _REQUEST.match(request)
        path = asked[1].decode() if asked else ""
        if path.startswith(_STATE_PATH):
            generation, conditional = path.split("/")[-2:]
            self.enter(State(int(generation), conditional == "1"))
            return _response(b"", "text/plain")
        if path == "/robots.txt":
            return _response(b"User-agent: *\nDisallow:\n", "text/plain")
        return self._site_answer(request, path)

    def _site_answer(self, request: bytes, path: str) -> bytes:
        named = _HOST.search(request)
        article = _ARTICLE.match(path)
        if named is None or (path != FEED_PATH and article is None):
            return _response(b"", "text/plain", status="404 Not Found")
        site = int(named[1])
        if article:
            return _response(self._press.page(site, int(article[1])), "text/html")
        known = _ETAG.search(request) if self._conditional else None
        return _response(*self._feeds[site], known=known[1] if known else None)


def _response(body: bytes, content_type: str, status: str = "200 OK", known: bytes | None = None) -> bytes:
    tag = f'"{sha256(body).hexdigest()[:20]}"'
    if known == tag.encode():
        return f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n".encode()
    lines = (
        f"HTTP/1.1 {status}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
        f"ETag: {tag}",
    )
    return "\r\n".join((*lines, "", "")).encode() + body


class _Exchange(asyncio.Protocol):
    """One connection; requests have no body and come one at a time."""

    def __init__(self, web: _Web) -> None:
        self._web = web
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._received.endswith(b"\r\n\r\n"):
            request, self._received = self._received, b""
            self._transport.write(self._web.answer(request))
