"""Which addresses may be dialled, checked at the moment of dialling.

A URL proves nothing: its name may resolve to a different address each time it is asked (DNS rebinding),
a redirect may lead inside, and 127.0.0.1 has many spellings. So `Guard` sits where httpcore opens
connections, for every request of every part: it resolves the name itself, checks each address, and hands
over only addresses that passed, never the name. TLS still verifies the certificate against the name.

An address that is refused is never dialled; when a name has others, they are used. (Behind DNS64 every
name has a refused NAT64 address beside its proper one; and the proper one is as public as any.)
"""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Protocol

import httpcore

from ingestd.errors import AddressRefused, ConnectFailed, FetchError, TimedOut

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Dial = Callable[..., Awaitable[httpcore.AsyncNetworkStream]]

WEB_PORTS = frozenset({80, 443})
LOCALHOST = ("127.0.0.1", "::1")

# What the IANA special-purpose registries set apart, the narrower network first. Named one by one, because
# `ipaddress.is_global` says True to some of them, and to more on older Pythons.
_REFUSED_V4 = {
    IPv4Network(network): reason
    for network, reason in {
        "0.0.0.0/8": "this machine itself",
        "10.0.0.0/8": "private",
        "100.64.0.0/10": "CGNAT, shared by a carrier's customers",
        "127.0.0.0/8": "loopback",
        # The host of a virtual machine in Azure, where it serves metadata under a public address.
        "168.63.129.16/32": "a cloud's metadata service",
        "169.254.169.254/32": "link-local, a cloud's metadata service",
        "169.254.0.0/16": "link-local",
        "172.16.0.0/12": "private",
        "192.0.0.0/24": "reserved for protocols",
        "192.0.2.0/24": "documentation",
        "192.88.99.0/24": "a 6to4 relay",
        "192.168.0.0/16": "private",
        "198.18.0.0/15": "benchmarking",
        "198.51.100.0/24": "documentation",
        "203.0.113.0/24": "documentation",
        "224.0.0.0/4": "multicast",
        "255.255.255.255/32": "broadcast",
        "240.0.0.0/4": "reserved",
    }.items()
}
# The only IPv6 space in which public hosts live: everything outside is refused, whatever it is. Naming what
# is allowed is safer than `is_global`, which on Python 3.11 says True to most of the rest.
_PUBLIC_V6 = IPv6Network("2000::/3")
_REFUSED_V6 = {
    IPv6Network(network): reason
    for network, reason in {
        "2001::/32": "Teredo, which carries an IPv4 address inside",
        "2001::/23": "reserved for protocols",
        "2001:db8::/32": "documentation",
        "2002::/16": "6to4, which carries an IPv4 address inside",
        "3fff::/20": "documentation",
        # Outside the public space; only for the words.
        "::/128": "this machine itself",
        "::1/128": "loopback",
        "::/96": "IPv4-compatible, which carries an IPv4 address inside",
        "64:ff9b::/96": "NAT64, which carries an IPv4 address inside",
        "64:ff9b:1::/48": "NAT64 of somebody's own network",
        "fd00:ec2::254/128": "a cloud's metadata service",
        "fc00::/7": "private, unique local",
        "fe80::/10": "link-local",
        "ff00::/8": "multicast",
    }.items()
}
_COMPATIBLE = IPv6Network("::/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_EVERYWHERE: tuple[Network, ...] = (IPv4Network("0.0.0.0/0"), IPv6Network("::/0"))


class Resolver(Protocol):
    """Turns a name or a spelling of an address into addresses."""

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """Addresses in the order to be tried; OSError (gaierror) when there are none."""
        ...


def parse_networks(networks: Iterable[str]) -> tuple[Network, ...]:
    """CIDR spellings as networks; ValueError names one that is none."""
    return tuple(ip_network(network, strict=False) for network in networks)


def refusal(address: Address, allowed_networks: Collection[Network] = ()) -> str | None:
    """Why this address may not be dialled, as words that follow "is"; None when it may be.

    An address that carries another inside is as good as both: allowing NAT64 does not allow the private
    hosts behind it.
    """
    if isinstance(address, IPv4Address):
        return None if _within(address, allowed_networks) else _refusal_v4(address)
    if address.ipv4_mapped and address.scope_id is None:
        return refusal(address.ipv4_mapped, allowed_networks)
    if not _within(address, allowed_networks):
        return _refusal_v6(address)
    inner = _carried(address)
    reason = refusal(inner, allowed_networks) if inner else None
    return f"a way to {inner}, which is {reason}" if reason else None


def _within(address: Address, networks: Collection[Network]) -> bool:
    return any(address in network for network in networks)


def _refusal_v4(address: IPv4Address) -> str | None:
    for network, what in _REFUSED_V4.items():
        if address in network:
            return _unreachable(what)
    return None if address.is_global else _unreachable()


def _refusal_v6(address: IPv6Address) -> str | None:
    for network, what in _REFUSED_V6.items():
        if address in network:
            return _unreachable(what)
    return None if address in _PUBLIC_V6 and address.scope_id is None else _unreachable()


def _unreachable(what: str = "") -> str:
    return f"not globally reachable ({what})" if what else "not globally reachable"


def _carried(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 host that packets to this IPv6 address end up at; None when it carries none."""
    if address.sixtofour:
        return address.sixtofour
    if address.teredo:
        return address.teredo[1]
    # "::" and "::1" look compatible and are not.
    is_carrier = address in _NAT64 or (address in _COMPATIBLE and int(address) > 1)
    return IPv4Address(int(address) & 0xFFFFFFFF) if is_carrier else None


def spelled_address(host: str) -> Address | None:
    """The address that a URL's host is a spelling of; None when it is a name.

    IPv4 has more spellings than four decimal numbers: 127.1, 0177.0.0.1, 0x7f000001 and 2130706433 are
    all loopback to the C library, and so to whoever asks it.
    """
    literal = host.strip("[]").removesuffix(".")
    try:
        return ip_address(literal)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(literal))
    except (OSError, ValueError):
        return None


class SystemResolver:
    """The machine's own name service, on threads of its own.

    The event loop's default threads are few (six on two processors) and shared: some dead name servers
    would hold up every other host. `localhost` and the names below it are answered without asking
    anybody.
    """

    def __init__(self, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="resolve")

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        if is_localhost(host):
            return LOCALHOST
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _look_up, host, port)
        return tuple(dict.fromkeys(found))

    def close(self) -> None:
        """Wait for nobody: a look-up in flight ends by its own time-out."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def is_localhost(host: str) -> bool:
    """Whether this name is this machine by definition (RFC 6761 §6.3)."""
    name = host.lower().removesuffix(".")
    return name == "localhost" or name.endswith(".localhost")


def _look_up(host: str, port: int) -> list[str]:
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for *_, sockaddr in answers]


class Guard(httpcore.AsyncNetworkBackend):
    """Opens connections for httpcore, to addresses and ports that are allowed.

    `dialer` opens the connection to a checked address. Raises our own errors, which pass through
    httpcore and httpx as they are.
    """

    def __init__(
        self,
        resolver: Resolver,
        dialer: httpcore.AsyncNetworkBackend,
        allowed_networks: Collection[Network],
        ports: Collection[int],
    ) -> None:
        self._resolver = resolver
        self._dialer = dialer
        self._allowed_networks = allowed_networks
        self._ports = ports

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's signature)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self._check_port(port)
        dial = partial(
            self._dialer.connect_tcp, port=port, local_address=local_address, socket_options=socket_options
        )
        try:
            async with asyncio.timeout(timeout) as deadline:
                addresses = self._checked(host, await self._resolve(host, port))
                return await _dial_first(dial, addresses, deadline.when())
        except TimeoutError as error:
            raise TimedOut(f"no connection to {host} within {timeout} s") from error

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def check_spelling(self, host: str, port: int) -> None:
        """What can be told without asking anybody: the port, and a host that is spelled as an address.

        Raises AddressRefused. This is all there is where a proxy looks names up.
        """
        self._check_port(port)
        address = ip_address(LOCALHOST[0]) if is_localhost(host) else spelled_address(host)
        if reason := address and refusal(address, self._allowed_networks):
            raise AddressRefused(f"{host} may not be dialled: {address} is {reason}")

    def _check_port(self, port: int) -> None:
        if port not in self._ports:
            raise AddressRefused(f"port {port} is not one that may be dialled")

    def to_proxy(self, port: int) -> "Guard":
        """The same dialler for a proxy, which stands wherever the configuration says."""
        return Guard(self._resolver, self._dialer, _EVERYWHERE, {port})

    async def _resolve(self, host: str, port: int) -> Sequence[str]:
        if (spelled := spelled_address(host)) is not None:
            return (str(spelled),)
        try:
            found = await self._resolver.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise ConnectFailed(f"{host} does not resolve: {error}", kind="dns") from error
        if not found:
            raise ConnectFailed(f"{host} has no address", kind="dns")
        return found

    def _checked(self, host: str, found: Sequence[str]) -> list[str]:
        """The addresses that may be dialled; AddressRefused when that is none of them."""
        reasons = {address: self._refusal(address) for address in found}
        allowed = [address for address, reason in reasons.items() if reason is None]
        if not allowed:
            seen = ", ".join(f"{address} is {reason}" for address, reason in reasons.items())
            raise AddressRefused(f"{host} may not be dialled: {seen}")
        return allowed

    def _refusal(self, found: str) -> str | None:
        try:
            return refusal(ip_address(found), self._allowed_networks)
        except ValueError:
            return "no address"


async def _dial_first(
    dial: Dial, addresses: Sequence[str], deadline: float | None
) -> httpcore.AsyncNetworkStream:
    """The first address that answers; each gets an equal share of the time that is left."""
    failures: list[FetchError] = []
    for position, address in enumerate(addresses):
        try:
            return await dial(address, timeout=_share(deadline, len(addresses) - position))
        except httpcore.ConnectTimeout:
            failures.append(TimedOut(f"{address} did not answer in time"))
        except httpcore.ConnectError as error:
            failures.append(ConnectFailed(f"no connection to {address}: {_reason(error)}"))
    raise type(failures[-1])("; ".join(map(str, failures)))


def _reason(error: BaseException) -> str:
    """What the operating system said, which stands at the bottom of the pile of errors."""
    while isinstance(error, BaseExceptionGroup) or error.__cause__ is not None:
        error = error.exceptions[0] if isinstance(error, BaseExceptionGroup) else error.__cause__ or error
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)


def _share(deadline: float | None, parts: int) -> float | None:
    return None if deadline is None else (deadline - asyncio.get_running_loop().time()) / parts
