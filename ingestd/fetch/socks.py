"""SOCKS 5 (RFC 1928), with user name and password (RFC 1929): connections that a proxy opens for us.

    greeting  →  which ways to log in   ←  the chosen one     [name and password  →  ←  accepted]
    connect   →  host name and port     ←  done, or why not

httpcore has this too, but leaves the connection open when the proxy refuses, and takes a reply that comes
in two pieces for a defect.
"""

import asyncio
from collections.abc import Iterable

import httpcore

from ingestd.errors import ConnectFailed, TimedOut
from ingestd.fetch.guard import spelled_address
from ingestd.fetch.proxy import Proxy

VERSION, CONNECT = 5, 1
NO_LOGIN, PASSWORD = 0, 2
IPV4, NAME, IPV6 = 1, 3, 4

REPLIES = {
    1: "it failed for a reason of its own",
    2: "its rules do not allow that",
    3: "the network cannot be reached",
    4: "the host cannot be reached, or is not known",
    5: "the host refused",
    6: "the way is too long",
    7: "it does not know that command",
    8: "it does not know that kind of address",
}


class SocksDialler(httpcore.AsyncNetworkBackend):
    """Opens connections for httpcore through a SOCKS proxy, which `dialler` opens connections to."""

    def __init__(self, dialler: httpcore.AsyncNetworkBackend, proxy: Proxy) -> None:
        self._dialler = dialler
        self._proxy = proxy

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's signature)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                stream = await self._dialler.connect_tcp(
                    self._proxy.host, self._proxy.port, timeout, local_address, socket_options
                )
                return await self._through(stream, host, port)
        except TimeoutError as error:
            raise TimedOut(f"the proxy {self._proxy} made no connection within {timeout} s") from error
        except httpcore.NetworkError as error:
            raise _failed("it closed the connection") from error

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _through(
        self, stream: httpcore.AsyncNetworkStream, host: str, port: int
    ) -> httpcore.AsyncNetworkStream:
        """The stream when it leads to host and port; else it is closed."""
        try:
            await self._log_in(stream)
            await _connect(stream, host, port)
        except BaseException:
            await stream.aclose()
            raise
        return stream

    async def _log_in(self, stream: httpcore.AsyncNetworkStream) -> None:
        credentials = self._proxy.credentials
        ways = bytes([NO_LOGIN, PASSWORD] if credentials else [NO_LOGIN])
        await stream.write(bytes([VERSION, len(ways)]) + ways)
        version, chosen = await _read(stream, 2)
        if version != VERSION:
            raise _failed("it does not speak SOCKS 5")
        if chosen not in ways:
            raise _failed("it wants another way of logging in")
        if chosen == PASSWORD and credentials:
            name, password = credentials
            await stream.write(bytes([1, len(name)]) + name + bytes([len(password)]) + password)
            _, status = await _read(stream, 2)
            if status:
                raise _failed("it refused the name and password")


async def _connect(stream: httpcore.AsyncNetworkStream, host: str, port: int) -> None:
    await stream.write(bytes([VERSION, CONNECT, 0]) + _address(host) + port.to_bytes(2, "big"))
    _, reply, _, kind = await _read(stream, 4)
    if reply:
        raise _failed(REPLIES.get(reply, f"reply {reply}"))
    # The address it speaks from comes next, and has to be read to get at what follows.
    length = (await _read(stream, 1))[0] if kind == NAME else {IPV4: 4, IPV6: 16}.get(kind, 0)
    await _read(stream, length + 2)


def _address(host: str) -> bytes:
    if (address := spelled_address(host)) is not None:
        return bytes([IPV4 if address.version == 4 else IPV6]) + address.packed
    name = host.encode("ascii")
    return bytes([NAME, len(name)]) + name


async def _read(stream: httpcore.AsyncNetworkStream, count: int) -> bytes:
    """Exactly so many bytes, however they come, and none of what follows."""
    data = b""
    while len(data) < count:
        piece = await stream.read(count - len(data))
        if not piece:
            raise _failed("it closed the connection")
        data += piece
    return data


def _failed(reason: str) -> ConnectFailed:
    return ConnectFailed(f"the proxy made no connection: {reason}")
