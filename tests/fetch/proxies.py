"""Small real proxies on loopback: HTTP (absolute-form and CONNECT) and SOCKS 5 with names.

Whatever host they are asked for, they connect to that port of this machine, so that a test sees what the
proxy was told and nothing ever leaves.
"""

import asyncio
import ssl
from abc import ABC, abstractmethod
from asyncio import StreamReader, StreamWriter
from contextlib import suppress
from types import TracebackType
from typing import Self


class Refused(Exception):
    """The proxy does not do what it was asked for; it has said so already."""


class LoopbackProxy(ABC):
    """The server; an async context manager."""

    def __init__(self, *, credentials: bytes | None = None, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        # What a client must show, as it comes over the wire; None asks for nothing.
        self.credentials = credentials
        # What it was asked to reach, in order.
        self.asked: list[tuple[str, int]] = []
        # Everything that clients said to the proxy itself, before it connected them.
        self.heard: list[bytes] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._open: list[StreamWriter] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._open:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._open.append(writer)
        self._tasks.add(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            host, port, head = await self.greet(reader, writer)
            self.asked.append((host, port))
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
            self._open.append(there_writer)
            there_writer.write(head)
            await asyncio.gather(_pump(reader, there_writer), _pump(there_reader, writer))
        except (Refused, OSError, EOFError):
            pass
        finally:
            writer.close()

    @abstractmethod
    async def greet(self, reader: StreamReader, writer: StreamWriter) -> tuple[str, int, bytes]:
        """Host and port that the client wants, and what is to be sent there first; or raise Refused."""


async def _pump(source: StreamReader, sink: StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65_536):
            sink.write(data)
            await sink.drain()
    sink.close()


class HttpProxy(LoopbackProxy):
    """Speaks for plain http, tunnels for https; `refuses` is a status that answers every tunnel."""

    def __init__(
        self,
        *,
        credentials: bytes | None = None,
        tls: ssl.SSLContext | None = None,
        refuses: bytes | None = None,
    ) -> None:
        super().__init__(credentials=credentials, tls=tls)
        self._refuses = refuses

    async def greet(self, reader: StreamReader, writer: StreamWriter) -> tuple[str, int, bytes]:
        head = await reader.readuntil(b"\r\n\r\n")
        self.heard.append(head)
        if self._refuses:
            writer.write(b"HTTP/1.1 %b\r\nContent-Length: 0\r\n\r\n" % self._refuses)
            raise Refused
        if self.credentials and b"\r\nProxy-Authorization: %b\r\n" % self.credentials not in head:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            raise Refused
        method, target, rest = head.split(b" ", 2)
        if method == b"CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            return *_host_and_port(target), b""
        authority, slash, path = target.removeprefix(b"http://").partition(b"/")
        return *_host_and_port(authority), b" ".join([method, slash + path, rest])


class SocksProxy(LoopbackProxy):
    """SOCKS 5 (RFC 1928) for names, with user name and password (RFC 1929) when it asks for them."""

    async def greet(self, reader: StreamReader, writer: StreamWriter) -> tuple[str, int, bytes]:
        _, count = await reader.readexactly(2)
        methods = await reader.readexactly(count)
        wanted = 2 if self.credentials else 0
        writer.write(bytes([5, wanted if wanted in methods else 0xFF]))
        if wanted not in methods:
            raise Refused
        if self.credentials:
            await self._check_password(reader, writer)
        _, _, _, kind = await reader.readexactly(4)
        assert kind == 3, "no name was given"
        [length] = await reader.readexactly(1)
        name = await reader.readexactly(length)
        port = int.from_bytes(await reader.readexactly(2), "big")
        self.heard.append(name)
        writer.write(bytes([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
        return name.decode(), port, b""

    async def _check_password(self, reader: StreamReader, writer: StreamWriter) -> None:
        shown = []
        await reader.readexactly(1)
        for _ in range(2):
            [length] = await reader.readexactly(1)
            shown.append(await reader.readexactly(length))
        is_right = b":".join(shown) == self.credentials
        writer.write(bytes([1, 0 if is_right else 1]))
        if not is_right:
            raise Refused


def _host_and_port(authority: bytes) -> tuple[str, int]:
    host, _, port = authority.decode().rpartition(":")
    return host, int(port)
