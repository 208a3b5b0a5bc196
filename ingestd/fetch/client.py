"""One GET, with every limit kept, or a FetchError.

    hop ─ wait for a place ─ within total_timeout ─┬─ a redirect → Redirect; its body is not read
                                                   ├─ 304 → NotModified
                                                   ├─ 200, 203 → read the body → Document
                                                   └─ anything else → StatusRefused

`hop` makes one request and follows nothing: whoever serves hosts in turn goes on by himself, because each
hop is a request with its own turn. `get` follows redirects wherever they lead, for one URL by hand.

httpx's transport carries the requests. Its client layer is left out on purpose: even when told not to
follow a redirect it parses the target and fails on an odd one, and it brings what must not be here, a
cookie jar (70 ms a request at 5,000 domains), environment proxies and `.netrc`.

Rules
    * 200 and 203 are the only statuses that promise the whole document: 206 was never asked for, 204
      and 205 have no content, 202 is what bot walls answer
    * validators travel only to the URL that issued them; the headers given to `get` (which may be
      credentials) only to the host that was asked, and not from https down to http
    * no cookie, no Referer, no environment proxy, no name or password in a URL
    * foreign errors are translated in `_translated` and nowhere else
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum
from ipaddress import IPv6Address, ip_address
from types import MappingProxyType, TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpcore
import httpx

from ingestd import __version__, urls
from ingestd.clock import Clock
from ingestd.errors import (
    AddressRefused,
    BadRedirect,
    BadResponse,
    ConnectFailed,
    FetchError,
    StatusRefused,
    TimedOut,
    TooLarge,
)
from ingestd.fetch import guard
from ingestd.fetch.body import BodyMemory, Limits, read_body
from ingestd.fetch.credentials import may_carry
from ingestd.fetch.encodings import ACCEPT_ENCODING
from ingestd.fetch.proxy import parse_proxy
from ingestd.fetch.robots import MAX_ROBOTS_BYTES
from ingestd.fetch.transport import dialled_address, make_transport
from ingestd.model import Document, NotModified, Redirect, Validators
from ingestd.values import require_positive

UNCONDITIONAL = Validators()
NO_HEADERS: Mapping[str, str] = MappingProxyType({})

DOCUMENT_STATUSES = frozenset({200, 203})
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
VALIDATOR_HEADERS = frozenset({"etag", "last-modified"})
# Beyond this servers refuse the request that carries the validator, and the feed would never be read again.
MAX_VALIDATOR_BYTES = 4_000
# A Retry-After is believed up to here, so that arithmetic on dates cannot overflow.
MAX_RETRY_AFTER = timedelta(days=366)

# What may stand in a header value that is sent (RFC 9110 §5.5): no line break, no NUL, nothing at the ends.
_SENDABLE = re.compile(rb"[^\x00\s]+(?:[ \t]+[^\x00\s]+)*")
# Control characters other than tab: legal nowhere in a header value, and poison for logs and databases.
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Settings:
    """How requests are made, and the limits of each."""

    # Page that tells publishers who asks; stands in the User-Agent of every request.
    contact_url: str = "https://ingestd.example/"
    # Time for a whole exchange: all redirects on one host, headers and the body.
    total_timeout: timedelta = timedelta(seconds=60)
    # Time for looking up the name and opening a connection, and as much again for the TLS handshake.
    connect_timeout: timedelta = timedelta(seconds=10)
    # Time that a server may stay silent in the middle of an exchange.
    read_timeout: timedelta = timedelta(seconds=20)
    # Size of a body as it comes over the wire, before content decoding.
    max_wire_bytes: int = 10_000_000
    # Size of a feed document after content decoding.
    max_feed_bytes: int = 10_000_000
    # Size of a page after content decoding.
    max_page_bytes: int = 5_000_000
    # Header lines of a response.
    max_header_count: int = 100
    # Redirects that are followed for one request.
    max_redirects: int = 5
    # Requests in flight over all hosts; one host has one at a time. Above 64 httpx becomes slow.
    concurrency: int = 32
    # Decoded bytes that all bodies being read may hold together.
    max_in_flight_bytes: int = 64_000_000
    # Networks (CIDR) that may be dialled although they are not public, such as "192.168.1.0/24".
    allow_networks: tuple[str, ...] = ()
    # Networks (CIDR) of one's own: of a host there a Retry-After parks only the URL, because feed bridges
    # speak for many sites. This allows nothing to be dialled.
    private_networks: tuple[str, ...] = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
    # Ports that may be dialled besides 80, 443 and those that configured feeds name.
    allow_ports: tuple[int, ...] = ()
    # Proxy for all requests, "http://host:port" or "socks5://host:port"; "none" asks each host directly.
    proxy: str = "none"

    def __post_init__(self) -> None:
        require_positive(self, "total_timeout", "connect_timeout", "read_timeout", "concurrency")
        require_positive(self, "max_wire_bytes", "max_feed_bytes", "max_page_bytes", "max_in_flight_bytes")
        require_positive(self, "max_header_count")
        for name in ("allow_networks", "private_networks"):
            try:
                guard.parse_networks(getattr(self, name))
            except ValueError as error:
                raise ValueError(f'{name}: {error}; write networks as "192.168.1.0/24"') from error
        try:
            parse_proxy(self.proxy)
        except ValueError as error:
            raise ValueError(f"proxy: {error}") from error


class Accept(Enum):
    """What is asked for; the value is its Accept header."""

    FEED = (
        "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
        "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.5"
    )
    PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
    ROBOTS = "text/plain, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class _Order:
    """What one request asks for."""

    url: str
    accept: Accept
    validators: Validators
    # The URL that gave the validators.
    issued_by: str
    headers: Mapping[str, str]
    # Called when there is a place for the request, and again when its head goes out.
    begin: Callable[[], object] = lambda: None


@dataclass(frozen=True, slots=True)
class _Answer:
    """The head of the response to one request, its body unread."""

    url: str
    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]
    # Whether the request carried a validator, so that 304 makes sense.
    conditional: bool
    # Whether it came from a network that is configured as private.
    private: bool


class Fetcher:
    """Makes all requests of one process; an async context manager that closes its connections.

    `ports` are those that configured feed URLs name, dialled besides the standard ones; `direct_hosts`
    (as `urls.host_of` writes them) are asked without the configured proxy. `resolver`, `dialer` and `tls`
    replace the name service, the opening of sockets and the trusted certificates.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        *,
        ports: Collection[int] = (),
        direct_hosts: Collection[str] = (),
        resolver: guard.Resolver | None = None,
        dialer: httpcore.AsyncNetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._resources = AsyncExitStack()
        door = guard.Guard(
            resolver or self._system_resolver(),
            dialer or httpcore.AnyIOBackend(),
            guard.parse_networks(settings.allow_networks),
            guard.WEB_PORTS.union(settings.allow_ports, ports),
        )
        trusted = tls or httpx.create_ssl_context(trust_env=False)
        proxy = parse_proxy(settings.proxy)
        self._transport = make_transport(door, trusted, settings.concurrency, proxy, direct_hosts)
        self._private = guard.parse_networks(settings.private_networks)
        self._places = asyncio.Semaphore(settings.concurrency)
        largest = max(settings.max_feed_bytes, settings.max_page_bytes)
        self._memory = BodyMemory(settings.max_in_flight_bytes, settings.concurrency, largest)

    def _system_resolver(self) -> guard.Resolver:
        resolver = guard.SystemResolver(self._settings.concurrency)
        self._resources.callback(resolver.close)
        return resolver

    async def __aenter__(self) -> Self:
        await self._resources.enter_async_context(self._transport)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._resources.aclose()

    async def hop(
        self,
        url: str,
        *,
        accept: Accept,
        validators: Validators = UNCONDITIONAL,
        headers: Mapping[str, str] = NO_HEADERS,
        issued_by: str | None = None,
        spent: timedelta = timedelta(0),
        begin: Callable[[], object] = lambda: None,
    ) -> Document | NotModified | Redirect:
        """Make one request; conditional when `issued_by`, the URL that gave the validators, is this one.

        `issued_by` None means `url` itself. All `headers` are sent. `spent` is how much of total_timeout
        earlier hops of the same exchange took. `begin` is called when there is a place for the request, and
        again when its head goes out. Raises FetchError and nothing else.
        """
        order = _Order(url, accept, validators, issued_by or url, headers, begin)
        limit = self._settings.total_timeout - spent
        async with self._places:
            begin()
            with _translated(url):
                async with asyncio.timeout(limit.total_seconds()) as deadline:
                    return await self._exchange(order, deadline)

    async def get(
        self,
        url: str,
        *,
        accept: Accept,
        validators: Validators = UNCONDITIONAL,
        headers: Mapping[str, str] = NO_HEADERS,
        issued_by: str | None = None,
    ) -> Document | NotModified:
        """Fetch `url`, following redirects to any host at once; conditional when `validators` are given.

        `issued_by` is the URL that gave those validators, when a redirect leads there; None means
        `url` itself. Raises FetchError, whose `url` is the hop that failed, and nothing else.
        """
        order = _Order(url, accept, validators, issued_by or url, headers)
        async with self._places:
            with _translated(url):
                async with asyncio.timeout(self._settings.total_timeout.total_seconds()) as deadline:
                    return await self._follow(order, deadline)

    def check_chain(self, first: str, redirects: tuple[Redirect, ...]) -> None:
        """Raise BadRedirect when these hops, which began at `first`, go in a circle or are too many."""
        if redirects[-1].target in {first, *(redirect.target for redirect in redirects[:-1])}:
            raise BadRedirect(f"redirects in a circle after {len(redirects)} hops")
        if len(redirects) > self._settings.max_redirects:
            raise BadRedirect(f"more than {self._settings.max_redirects} redirects")

    async def _follow(self, first: _Order, deadline: asyncio.Timeout) -> Document | NotModified:
        started = self._clock.monotonic()
        redirects: tuple[Redirect, ...] = ()
        order = first
        while True:
            with _translated(order.url):
                answer = await self._exchange(order, deadline)
                if not isinstance(answer, Redirect):
                    elapsed = self._since(started)
                    return replace(answer, url=first.url, redirects=redirects, elapsed=elapsed)
                redirects += (answer,)
                self.check_chain(first.url, redirects)
            headers = first.headers if may_carry(first.url, answer.target) else NO_HEADERS
            order = replace(first, url=answer.target, headers=headers)

    async def _exchange(self, order: _Order, deadline: asyncio.Timeout) -> Document | NotModified | Redirect:
        started = self._clock.monotonic()
        async with self._ask(order) as answer:
            if answer.status in REDIRECT_STATUSES:
                return Redirect(answer.status, order.url, _target(answer))
            return await self._conclude(order, answer, deadline, started)

    @asynccontextmanager
    async def _ask(self, order: _Order) -> AsyncIterator[_Answer]:
        """One request; the body is unread and the connection given back at the end."""
        _check_url(order.url)
        headers, conditional = self._request_headers(order)
        extensions = {"timeout": self._timeouts(), "trace": _when_sent(order.begin)}
        request = httpx.Request("GET", order.url, headers=headers, extensions=extensions)
        response = await self._transport.handle_async_request(request)
        try:
            if len(response.headers.raw) > self._settings.max_header_count:
                raise TooLarge(f"more than {self._settings.max_header_count} header lines")
            yield _Answer(
                order.url,
                response.status_code,
                _readable(response.headers),
                response.aiter_raw(),
                conditional,
                self._is_private(response),
            )
        finally:
            await response.aclose()

    def _is_private(self, response: httpx.Response) -> bool:
        """By the address that was really dialled; a name, or what is behind a proxy, proves nothing."""
        dialled = dialled_address(response)
        if dialled is None:
            return False
        address = ip_address(dialled)
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return any((mapped or address) in network for network in self._private)

    def _timeouts(self) -> dict[str, float]:
        read = self._settings.read_timeout.total_seconds()
        return {"connect": self._settings.connect_timeout.total_seconds(), "read": read, "write": read}

    def _request_headers(self, order: _Order) -> tuple[list[tuple[bytes, bytes]], bool]:
        """The headers of one request, and whether they make it conditional."""
        headers = {
            "user-agent": f"ingestd/{__version__} (+{self._settings.contact_url})".encode(),
            "accept": order.accept.value.encode(),
            "accept-encoding": ACCEPT_ENCODING.encode(),
        }
        headers |= {name.lower(): value.encode() for name, value in order.headers.items()}
        conditions = _conditions(order.validators) if order.url == order.issued_by else {}
        lines = [(name.encode(), value) for name, value in (headers | conditions).items()]
        return lines, bool(conditions)

    async def _conclude(
        self,
        order: _Order,
        answer: _Answer,
        deadline: asyncio.Timeout,
        started: float,
    ) -> Document | NotModified:
        if answer.status == 304 and answer.conditional:
            # A 304 has no body (RFC 9110 §15.4.5), but only one that was read leaves the connection usable.
            async for _ in answer.chunks:
                pass
            return NotModified(order.url, answer.url, answer.headers, self._clock.now(), self._since(started))
        self._check_status(answer)
        body = await read_body(
            answer.chunks, answer.headers, self._limits(order.accept), self._memory, deadline
        )
        return Document(
            url=order.url,
            final_url=answer.url,
            status=answer.status,
            headers=answer.headers,
            body=body.decoded,
            fetched_at=self._clock.now(),
            elapsed=self._since(started),
            wire_bytes=body.wire_bytes,
        )

    def _since(self, started: float) -> timedelta:
        return timedelta(seconds=self._clock.monotonic() - started)

    def _limits(self, accept: Accept) -> Limits:
        settings = self._settings
        if accept is Accept.ROBOTS:
            # One byte more than is read tells its reader that there was more.
            return Limits(settings.max_wire_bytes, MAX_ROBOTS_BYTES + 1, cut=True)
        decoded = settings.max_feed_bytes if accept is Accept.FEED else settings.max_page_bytes
        return Limits(settings.max_wire_bytes, decoded)

    def _check_status(self, answer: _Answer) -> None:
        if answer.status == 304:
            raise BadResponse("304 Not Modified to a request that was not conditional")
        if answer.status not in DOCUMENT_STATUSES:
            retry_at = _retry_at(answer.headers, self._clock.now()) if answer.status >= 400 else None
            message = f"the server answered {answer.status}"
            raise StatusRefused(message, "", answer.status, retry_at, private=answer.private)


def _when_sent(action: Callable[[], object]) -> Callable[[str, object], Awaitable[None]]:
    """Calls `action` when a request's head goes out: looking up and connecting may take long."""

    async def trace(event: str, _: object) -> None:
        if event == "http11.send_request_headers.started":
            action()

    return trace


@contextmanager
def _translated(url: str) -> Iterator[None]:
    """The one place where foreign errors become ours; `url` is the hop that they happened at."""
    try:
        yield
    except FetchError as error:
        error.url = error.url or _loggable(url)
        raise
    except (TimeoutError, httpx.TimeoutException) as error:
        raise TimedOut(_sentence(error, "the exchange took too long"), _loggable(url)) from error
    except httpx.ConnectError as error:
        # The guard has errors of its own for names and sockets: what is left is the TLS handshake.
        raise ConnectFailed(_sentence(error, "TLS failed"), _loggable(url), kind="tls") from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError, UnicodeError) as error:
        raise AddressRefused(f"this cannot be requested: {error}", _loggable(url)) from error
    except (httpx.HTTPError, httpx.StreamError, OSError) as error:
        kind = TooLarge if _is_too_long_head(error) else BadResponse
        raise kind(_sentence(error, "the connection broke"), _loggable(url)) from error


def _sentence(error: Exception, otherwise: str) -> str:
    return str(error) or f"{otherwise} ({type(error).__name__})"


def _is_too_long_head(error: BaseException | None) -> bool:
    """h11 limits the bytes of a response head, and marks that among its errors with status 431."""
    while error is not None:
        if getattr(error, "error_status_hint", None) == 431:
            return True
        error = error.__cause__ or error.__context__
    return False


def _loggable(url: str) -> str:
    try:
        return urls.without_userinfo(url)
    except ValueError:
        return ""


def _check_url(url: str) -> None:
    if not urls.is_http(url):
        raise AddressRefused("this is no absolute http or https URL")
    if "@" in urlsplit(url).netloc:
        raise AddressRefused("a URL with a name or a password in it is refused")


def _target(answer: _Answer) -> str:
    """Where a redirect leads; BadRedirect when that is nothing that can be asked."""
    location = answer.headers.get("location")
    if location is None:
        raise BadRedirect(f"{answer.status} without a Location")
    # Location should be ASCII; what is not is UTF-8 in practice.
    raw = location.encode("latin-1")
    target = urls.resolve(answer.url, _decoded(raw))
    if target is None:
        raise BadRedirect(f"{answer.status} to what is no http or https URL")
    return target


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _conditions(validators: Validators) -> dict[str, bytes]:
    """The conditional headers, byte for byte what the server once sent (RFC 9110 §13.1)."""
    wanted = {"if-none-match": validators.etag, "if-modified-since": validators.last_modified}
    return {name: raw for name, value in wanted.items() if (raw := _sendable(value))}


def _sendable(validator: str | None) -> bytes | None:
    """None for what no request can carry; the request is unconditional then, which is always right."""
    try:
        raw = (validator or "").encode("latin-1")
    except UnicodeEncodeError:
        return None
    return raw if len(raw) <= MAX_VALIDATOR_BYTES and _SENDABLE.fullmatch(raw) else None


def _readable(headers: httpx.Headers) -> dict[str, str]:
    """Names in lower case, repeated ones joined; each byte is one character (latin-1), so none is lost."""
    joined: dict[str, str] = {}
    for raw_name, raw_value in headers.raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        # An opaque validator keeps even its odd characters, because it must go back as it came.
        kept = value if name in VALIDATOR_HEADERS else _CONTROL.sub("", value)
        joined[name] = f"{joined[name]}, {kept}" if name in joined else kept
    return joined


def _retry_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When Retry-After (RFC 9110 §10.2.3) allows the next request; None without a readable one."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,12}(\.\d*)?", value, re.ASCII):
        return now + min(timedelta(seconds=float(value)), MAX_RETRY_AFTER)
    asked = _http_date(value)
    if asked is None:
        return None
    # The server's own clock may be wrong, but it is one clock: what counts is the difference.
    delay = asked - (_http_date(headers.get("date", "")) or now)
    return now + min(max(delay, timedelta(0)), MAX_RETRY_AFTER)


def _http_date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
