"""A real HTTP server on loopback that does exactly what a test tells it to, badly behaved or not.

    with Web() as web:
        url = web.serve("paper", "/feed.xml", Reply(b"<rss/>", etag=b'"1"'))
        ...                                   # http://paper.localhost:PORT/feed.xml
        assert web.requests[0].header("user-agent") == b"..."

All hosts share one port and are told apart by their Host header; `<name>.localhost` means loopback
(RFC 6761 §6.3). Each connection has a thread. What goes wrong in the server, an answering function
that raises for instance, is raised again when the `with` block ends.
"""

import socket
import socketserver
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import BinaryIO, Self

# What a client must be allowed to dial in order to reach this server.
LOOPBACK = ("127.0.0.0/8", "::1/128")

Text = str | bytes
RawHeaders = tuple[tuple[bytes, bytes], ...]
Action = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came over the wire."""

    # From 1, in the order of arrival.
    number: int
    method: str
    # The Host header without port and without ".localhost".
    host: str
    # Path and query.
    target: str
    # In order, names and values as they were sent.
    headers: RawHeaders
    # `time.monotonic` when it had been read.
    at: float
    # The client's end of the connection: equal ports mean one connection.
    client_port: int

    def header(self, name: str) -> bytes | None:
        """The first header of that name, in any case; None when it was not sent."""
        wanted = name.lower().encode()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer; each field past the headers is a way to misbehave."""

    body: bytes = b""
    status: int = 200
    # Sent in this order, text as latin-1. Content-Length and the validators below come on top.
    headers: tuple[tuple[Text, Text], ...] = ()
    # A request that repeats one of these exactly gets a 304 instead.
    etag: bytes | None = None
    last_modified: bytes | None = None
    # Send the body in chunks of 1,000 bytes instead of announcing its length.
    chunked: bool = False
    # Seconds to wait before each single byte of the body.
    drip: float = 0.0
    # Close the connection after so many bytes of the body (chunk heads included), although the head
    # promised more; None sends everything.
    cut_at: int | None = None
    # Never answer; the connection stays open until the client or the server ends.
    hang: bool = False
    # Close the connection after the answer.
    close: bool = False
    # Send these bytes and close, instead of a head and a body.
    raw: bytes | None = None


Answer = Reply | Callable[[Request], Reply]

NOT_FOUND = Reply(b"not found", status=404)


def redirect(target: Text, status: int = 302, *, close: bool = False) -> Reply:
    """A redirect to that Location."""
    return Reply(status=status, headers=(("Location", target),), close=close)


class Web:
    """The server; a context manager. With `tls` it speaks https."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        # Bytes sent so far, heads included.
        self.sent_bytes = 0
        self._scheme = "https" if tls else "http"
        self._answers: dict[tuple[str, str], deque[Answer]] = {}
        self._at_request: dict[int, Action] = {}
        self._at_byte: dict[int, Action] = {}
        self._lock = threading.Lock()
        self._server = _Server(self, tls)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), name="web")

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.stop()
        self._thread.join()
        if self._server.failures and error is None:
            raise self._server.failures[0]

    def serve(self, host: str, target: str, *answers: Answer) -> str:
        """Answer GETs of `target` with these in turn, the last for ever; gives the URL.

        A target without a query answers for every query.
        """
        self._answers[host, target] = deque(answers)
        return self.url(host, target)

    def url(self, host: str, target: str = "/") -> str:
        return f"{self._scheme}://{host}.localhost:{self.port}{target}"

    def at_request(self, number: int, action: Action) -> None:
        """Call `action` when that request has been read and is not yet answered."""
        self._at_request[number] = action

    def at_byte(self, count: int, action: Action) -> None:
        """Call `action` when so many bytes have been sent, over all answers.

        Exactly that byte for one connection; where several send at once, one may be a write ahead.
        """
        self._at_byte[count] = action

    def targets(self, host: str) -> list[str]:
        """What was asked of one host, in order."""
        return [request.target for request in self.requests if request.host == host]

    # ------------------------------------------------------------------ called by connections

    def receive(self, method: str, target: str, headers: RawHeaders, client_port: int) -> Request:
        """Record a request and run the action that waits for it."""
        named = {name.lower(): value for name, value in headers}
        host = named.get(b"host", b"").decode("latin-1").partition(":")[0].removesuffix(".localhost")
        with self._lock:
            number, now = len(self.requests) + 1, time.monotonic()
            request = Request(number, method, host, target, headers, now, client_port)
            self.requests.append(request)
            action = self._at_request.pop(request.number, None)
        if action:
            action()
        return request

    def answer(self, request: Request) -> Reply:
        """What to reply to a request."""
        with self._lock:
            answers = self._answers.get((request.host, request.target)) or self._answers.get(
                (request.host, request.target.partition("?")[0])
            )
            if not answers:
                return NOT_FOUND
            answer = answers[0] if len(answers) == 1 else answers.popleft()
        reply = answer if isinstance(answer, Reply) else answer(request)
        return _not_modified(reply) if _is_repeated(reply, request) else reply

    def room(self, size: int) -> int:
        """How many of `size` bytes may be sent before an action is due."""
        with self._lock:
            ahead = [count - self.sent_bytes for count in self._at_byte]
        return min([size, *(distance for distance in ahead if distance > 0)])

    def sent(self, size: int) -> None:
        """Count bytes that were sent and run the action that waits for them."""
        with self._lock:
            self.sent_bytes += size
            reached = [count for count in self._at_byte if count <= self.sent_bytes]
            actions = [self._at_byte.pop(count) for count in sorted(reached)]
        for action in actions:
            action()


def _is_repeated(reply: Reply, request: Request) -> bool:
    """If-None-Match counts alone when it is there (RFC 9110 §13.2.2)."""
    if (tag := request.header("if-none-match")) is not None:
        return tag == reply.etag
    date = request.header("if-modified-since")
    return date is not None and date == reply.last_modified


def _not_modified(reply: Reply) -> Reply:
    return Reply(status=304, headers=reply.headers, etag=reply.etag, last_modified=reply.last_modified)


class _Server(socketserver.ThreadingTCPServer):
    request_queue_size = 128

    def __init__(self, web: Web, tls: ssl.SSLContext | None) -> None:
        self.web = web
        self.tls = tls
        self.failures: list[Exception] = []
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Connection)

    @contextmanager
    def tracked(self, stream: socket.socket) -> Iterator[None]:
        """Known as open, so that `stop` can end it."""
        self._open.add(stream)
        try:
            yield
        finally:
            self._open.discard(stream)

    def stop(self) -> None:
        """End every connection, wait for its thread, release the port."""
        self.stopping.set()
        self.shutdown()
        for stream in tuple(self._open):
            with suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)
        self.server_close()


class _Connection(socketserver.BaseRequestHandler):
    """One connection: requests one after the other until either side has enough."""

    server: _Server
    stream: socket.socket
    lines: BinaryIO

    def handle(self) -> None:
        try:
            self._converse()
        except OSError:
            pass  # The client went away, which tests make it do; TLS errors are OSErrors too.
        except Exception as error:  # whatever it is, the test must hear of it
            self.server.failures.append(error)

    def _converse(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        tls = self.server.tls
        stream = self.request
        if tls:
            stream = tls.wrap_socket(stream, server_side=True, do_handshake_on_connect=False)
        with stream, self.server.tracked(stream), stream.makefile("rb") as lines:
            if tls:
                stream.do_handshake()
            self.stream, self.lines = stream, lines
            while self._exchange():
                pass

    def _exchange(self) -> bool:
        """One request and its answer; False when the connection ends here."""
        head = self._read_head()
        if not head:
            return False
        method, target, _ = head[0].decode("latin-1").split(" ", 2)
        headers = tuple(_split_header(line) for line in head[1:])
        web, client_port = self.server.web, self.client_address[1]
        return self._reply(web.answer(web.receive(method, target, headers, client_port)))

    def _read_head(self) -> list[bytes]:
        """The lines before the blank one; none when the client has closed."""
        head = []
        while line := self.lines.readline().rstrip(b"\r\n"):
            head.append(line)
        return head

    def _reply(self, reply: Reply) -> bool:
        if reply.hang:
            while self.stream.recv(1024):
                pass
            return False
        if reply.raw is not None:
            self._send(reply.raw)
            return False
        self._send(_head(reply))
        body = b"".join(_chunks(reply.body)) if reply.chunked else reply.body
        self._send_body(body[: reply.cut_at], reply.drip)
        return reply.cut_at is None and not reply.close

    def _send_body(self, body: bytes, drip: float) -> None:
        if not drip:
            self._send(body)
            return
        for position in range(len(body)):
            if self.server.stopping.wait(drip):
                return
            self._send(body[position : position + 1])

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            size = self.server.web.room(len(view))
            self.stream.sendall(view[:size])
            self.server.web.sent(size)
            view = view[size:]


def _split_header(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name, value.strip(b" \t")


def _head(reply: Reply) -> bytes:
    """Status line and headers; a 304 and the 204 have no length (RFC 9110 §8.6)."""
    lines = [f"HTTP/1.1 {reply.status} {_phrase(reply.status)}".encode()]
    lines += [_raw(name) + b": " + _raw(value) for name, value in reply.headers]
    lines += [b"ETag: " + reply.etag] if reply.etag is not None else []
    lines += [b"Last-Modified: " + reply.last_modified] if reply.last_modified is not None else []
    lines += [b"Connection: close"] if reply.close else []
    if reply.chunked:
        lines.append(b"Transfer-Encoding: chunked")
    elif reply.status not in (204, 304):
        lines.append(b"Content-Length: %d" % len(reply.body))
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unheard Of"


def _chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 1_000):
        piece = body[start : start + 1_000]
        yield b"%x\r\n%b\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


def _raw(text: Text) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")
