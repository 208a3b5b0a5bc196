"""Which addresses may be dialled, checked at the moment of dialling.

A URL proves nothing: its name may resolve to a different address each time it is asked (DNS rebinding),
a redirect may lead inside, and 127.0.0.1 has many spellings. So `Guard` sits where httpcore opens
connections: it resolves the name itself, checks each address, and hands over only addresses that passed,
never the name. TLS still verifies the certificate against the name.

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

Network = IPv4Network | IPv6Network
Dial = Callable[..., Awaitable[httpcore.AsyncNetworkStream]]

WEB_PORTS = frozenset({80, 443})

# What `ipaddress.is_global` lets through although it is no ordinary public host.
_REFUSED_V4 = {
    IPv4Network("192.0.0.0/24"): "reserved for protocols",
    IPv4Network("192.88.99.0/24"): "a 6to4 relay",
    IPv4Network("224.0.0.0/4"): "multicast",
}
# The only IPv6 space in which public hosts live; everything else (NAT64, IPv4-compatible, unique local,
# link-local, site-local, multicast, segment routing) lies outside. Naming what is allowed is safer
# than `is_global`, which on Python 3.11 says True to most of that list.
_PUBLIC_V6 = IPv6Network("2000::/3")
_REFUSED_V6 = {
    IPv6Network("2001::/23"): "reserved for protocols (Teredo among them)",
    IPv6Network("2001:db8::/32"): "documentation",
    IPv6Network("2002::/16"): "6to4, which carries an IPv4 address inside",
    IPv6Network("3fff::/20"): "documentation",
}


class Resolver(Protocol):
    """Turns a name or a spelling of an address into addresses."""

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """Addresses in the order to be tried; OSError (gaierror) when there are none."""
        ...


def parse_networks(networks: Iterable[str]) -> tuple[Network, ...]:
    """CIDR spellings as networks; ValueError names one that is none."""
    return tuple(ip_network(network, strict=False) for network in networks)


def refusal(address: IPv4Address | IPv6Address, allowed_networks: Collection[Network] = ()) -> str | None:
    """Why this address may not be dialled, as words that follow "is"; None when it may be."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return refusal(address.ipv4_mapped, allowed_networks)
    if any(address in network for network in allowed_networks):
        return None
    return _refusal_v4(address) if isinstance(address, IPv4Address) else _refusal_v6(address)


def _refusal_v4(address: IPv4Address) -> str | None:
    for network, reason in _REFUSED_V4.items():
        if address in network:
            return reason
    return None if address.is_global else "not globally reachable"


def _refusal_v6(address: IPv6Address) -> str | None:
    if address not in _PUBLIC_V6 or address.scope_id is not None:
        return "not globally reachable"
    for network, reason in _REFUSED_V6.items():
        if address in network:
            return reason
    return None


class SystemResolver:
    """The machine's own name service, on threads of its own.

    The event loop's default threads are few (six on two processors) and shared: some dead name servers
    would hold up every other host. `localhost` and the names below it are answered without asking
    anybody (RFC 6761 §6.3).
    """

    def __init__(self, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="resolve")

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        if _is_localhost(host):
            return ("127.0.0.1", "::1")
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _look_up, host, port)
        return tuple(dict.fromkeys(found))

    def close(self) -> None:
        """Wait for nobody: a look-up in flight ends by its own time-out."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _is_localhost(host: str) -> bool:
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
        if port not in self._ports:
            raise AddressRefused(f"port {port} is not one that may be dialled")
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

    async def _resolve(self, host: str, port: int) -> Sequence[str]:
        try:
            found = await self._resolver.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise ConnectFailed(f"{host} does not resolve: {error}", kind="dns") from error
        if not found:
            raise ConnectFailed(f"{host} has no address", kind="dns")
        return found

    def _checked(self, host: str, found: Sequence[str]) -> list[str]:
        """The addresses that may be dialled; AddressRefused when that is none of them."""
        reasons = {address: refusal(ip_address(address), self._allowed_networks) for address in found}
        allowed = [address for address, reason in reasons.items() if reason is None]
        if not allowed:
            seen = ", ".join(f"{address} is {reason}" for address, reason in reasons.items())
            raise AddressRefused(f"{host} may not be dialled: {seen}")
        return allowed


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
