"""Reading a response body inside its limits, whatever the server sends.

Two numbers are bounded for one body, its bytes on the wire and its bytes after decoding, and one for all
bodies that are being read: the memory that they hold together (`BodyMemory`).
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from io import BytesIO

from ingestd.errors import TooLarge
from ingestd.fetch.encodings import decoder_for

GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one body may have at most, as it comes over the wire and after content decoding."""

    wire_bytes: int
    decoded_bytes: int
    # What lies beyond is left unread instead of refused.
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """A body that was read to its end, or up to where it was to be cut."""

    decoded: bytes
    wire_bytes: int


class BodyMemory:
    """Bounds what all bodies in flight hold together, without letting two of them wait for each other.

    Half of the memory is divided among the fetches: so much each may hold unasked. A body that grows
    beyond takes one of few large places, each as big as the largest body allowed, cut from the other
    half (one at the least). Whoever has a large place waits for nothing more, so there is no deadlock.
    """

    def __init__(self, total_bytes: int, fetches: int, largest_bytes: int) -> None:
        self.unasked_bytes = total_bytes // 2 // fetches
        self._places = asyncio.Semaphore(max(1, total_bytes // 2 // largest_bytes))

    @asynccontextmanager
    async def large_place(self, deadline: asyncio.Timeout) -> AsyncIterator[None]:
        """Hold a large place. Waiting for it is our own doing and postpones `deadline`."""
        loop = asyncio.get_running_loop()
        ends_at, asked_at = deadline.when(), loop.time()
        deadline.reschedule(None)
        async with self._places:
            deadline.reschedule(None if ends_at is None else ends_at + loop.time() - asked_at)
            yield


async def read_body(
    chunks: AsyncIterator[bytes],
    headers: Mapping[str, str],
    limits: Limits,
    memory: BodyMemory,
    deadline: asyncio.Timeout,
) -> Body:
    """Read and decode a body to its end. Raises TooLarge, or BadResponse for a coding that is broken."""
    decoder = decoder_for(headers.get("content-encoding"))
    if not limits.cut:
        _check_announced(headers, limits)
    buffer, wire_bytes = BytesIO(), 0
    async with AsyncExitStack() as held:
        unasked = memory.unasked_bytes
        async for chunk in chunks:
            if not wire_bytes and chunk.startswith(GZIP) and "content-encoding" not in headers:
                # A file that is compressed itself, as sitemaps are: nothing else that is asked for begins so.
                decoder = decoder_for("gzip")
            wire_bytes += len(chunk)
            _check(wire_bytes, limits.wire_bytes, "on the wire")
            for piece in decoder.feed(chunk):
                if limits.cut and buffer.tell() + len(piece) >= limits.decoded_bytes:
                    return Body((buffer.getvalue() + piece)[: limits.decoded_bytes], wire_bytes)
                _check(buffer.tell() + len(piece), limits.decoded_bytes, "after decoding")
                if buffer.tell() <= unasked < buffer.tell() + len(piece):
                    await held.enter_async_context(memory.large_place(deadline))
                buffer.write(piece)
        decoder.finish()
        return Body(buffer.getvalue(), wire_bytes)


def _check_announced(headers: Mapping[str, str], limits: Limits) -> None:
    """A length that is announced too large saves reading up to the limit."""
    announced = headers.get("content-length", "")
    if announced.isascii() and announced.isdigit():
        encoded = "content-encoding" in headers
        limit = limits.wire_bytes if encoded else min(limits.wire_bytes, limits.decoded_bytes)
        _check(int(announced[:20]), limit, "announced")


def _check(size_bytes: int, limit_bytes: int, where: str) -> None:
    if size_bytes > limit_bytes:
        raise TooLarge(f"the body has more than {limit_bytes:,} bytes {where}")
