"""A table of resources, served over HTTP/1.1 on loopback. The Host header says which site is meant."""

import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Lock, Thread
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"

# What the base class calls a request is the connection that requests come over.
_Connection: TypeAlias = socket.socket | tuple[bytes, socket.socket]


class Address(NamedTuple):
    """What a request names: the host without its port, the path without its query."""

    host: str
    path: str


class Request(NamedTuple):
    """One request that was answered; `path` has its query as it was sent."""

    method: str
    host: str
    path: str
    status: int


@dataclass(frozen=True, slots=True)
class Resource:
    """What a GET of one address is answered with."""

    body: bytes
    content_type: str
    status: int = 200
    # Further headers, such as Location or Content-Encoding.
    headers: tuple[tuple[str, str], ...] = ()
    # Last-Modified as an HTTP date. None: the resource has no validators at all, no ETag either.
    last_modified: str | None = None

    @property
    def etag(self) -> str | None:
        """A strong validator made of the body's bytes; None when the resource has none."""
        return None if self.last_modified is None else f'"{sha256(self.body).hexdigest()[:20]}"'

    def is_known_to(self, if_none_match: str | None, if_modified_since: str | None) -> bool:
        """Whether the client has this already (RFC 9110 §13.2.2: the ETag decides when both are sent)."""
        if self.last_modified is None:
            return False
        if if_none_match is not None:
            tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
            return self.etag in tags or "*" in tags
        return if_modified_since == self.last_modified


_NOTHING_HERE = Resource(b"Nothing here.\n", "text/plain; charset=utf-8", status=404)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "DemoWeb"
    sys_version = ""
    # Buffered, so that head and body leave in one segment and no delayed ACK is waited for.
    wbufsize = -1
    server: "SiteServer"

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        host = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
        resource = self.server.resource(Address(host.lower(), urlsplit(self.path).path))
        known = resource.is_known_to(self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since"))
        status = 304 if known else resource.status
        self.server.note(Request(self.command, host.lower(), self.path, status))
        self.send_response(status)
        self._send_headers(resource, with_content=not known)
        if with_body and not known:
            self.wfile.write(resource.body)

    def _send_headers(self, resource: Resource, *, with_content: bool) -> None:
        if resource.etag and resource.last_modified:
            self.send_header("ETag", resource.etag)
            self.send_header("Last-Modified", resource.last_modified)
        if with_content:
            self.send_header("Content-Type", resource.content_type)
            self.send_header("Content-Length", str(len(resource.body)))
            for name, value in resource.headers:
                self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Quiet: `SiteServer.requests` is the log."""


class SiteServer(ThreadingHTTPServer):
    """Serves resources from `start` to `close`; the table may be exchanged in between."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, port: int) -> None:
        super().__init__((LOOPBACK, port), _Handler)
        self._lock = Lock()
        self._resources: Mapping[Address, Resource] = {}
        self._requests: list[Request] = []
        self._connections: set[socket.socket] = set()
        self._thread = Thread(target=self.serve_forever, args=(0.05,), name="demo-web", daemon=True)

    @property
    def requests(self) -> list[Request]:
        """Every request answered so far, oldest first."""
        with self._lock:
            return list(self._requests)

    def publish(self, resources: Mapping[Address, Resource]) -> None:
        """From now on this is what is served."""
        self._resources = resources

    def resource(self, address: Address) -> Resource:
        """What stands at an address; a plain 404 when nothing does."""
        return self._resources.get(address, _NOTHING_HERE)

    def note(self, request: Request) -> None:
        """Write down that a request is being answered."""
        with self._lock:
            self._requests.append(request)

    def start(self) -> None:
        """Serve in a thread of its own."""
        self._thread.start()

    def close(self) -> None:
        """Stop, also when clients keep idle connections open; returns when every thread has ended."""
        if self._thread.is_alive():
            self.shutdown()
            self._thread.join()
        with self._lock:
            for connection in self._connections:
                _hang_up(connection)
        self.server_close()

    def server_bind(self) -> None:
        """Bind without the base class's look-up of the machine's own name, which may ask a name server."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]

    def process_request(self, request: _Connection, client_address: Any) -> None:
        """Hand a new connection to its thread, known to `close` for as long as it lasts."""
        assert isinstance(request, socket.socket)
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Connection) -> None:
        """Forget a connection that has come to its end."""
        assert isinstance(request, socket.socket)
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: _Connection, client_address: Any) -> None:
        """A client that hangs up in the middle is its own business; anything else is a defect of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
