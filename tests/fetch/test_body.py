"""Reading bodies side by side within one memory."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import pytest

from ingestd.errors import TooLarge
from ingestd.fetch.body import BodyMemory, Limits, read_body

LIMITS = Limits(wire_bytes=10_000, decoded_bytes=2_000)


class Source:
    """Two chunks of a body; the second comes when `gate` opens, and `asked` tells that it is wanted."""

    def __init__(self, first: int) -> None:
        self.asked, self.gate = asyncio.Event(), asyncio.Event()
        self._first = first

    async def chunks(self) -> AsyncIterator[bytes]:
        yield bytes(self._first)
        self.asked.set()
        await self.gate.wait()
        yield bytes(100)


async def read(source: Source, memory: BodyMemory, seconds: float | None = None) -> int:
    async with asyncio.timeout(seconds) as deadline:
        return len((await read_body(source.chunks(), {}, LIMITS, memory, deadline)).decoded)


async def test_second_large_body_waits_for_the_first() -> None:
    memory = BodyMemory(4_000, fetches=2, largest_bytes=2_000)
    first, second = Source(1_500), Source(1_500)
    reading_first = asyncio.create_task(read(first, memory))
    await first.asked.wait()
    reading_second = asyncio.create_task(read(second, memory))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not second.asked.is_set()
    first.gate.set()
    second.gate.set()
    assert (await reading_first, await reading_second) == (1_600, 1_600)


async def test_small_bodies_wait_for_nobody() -> None:
    memory = BodyMemory(4_000, fetches=2, largest_bytes=2_000)
    large, small = Source(1_500), Source(900)
    reading_large = asyncio.create_task(read(large, memory))
    await large.asked.wait()
    small.gate.set()
    assert await read(small, memory) == 1_000
    large.gate.set()
    assert await reading_large == 1_600


async def test_waiting_for_memory_does_not_count_against_the_time() -> None:
    memory = BodyMemory(4_000, fetches=2, largest_bytes=2_000)
    first, second = Source(1_500), Source(1_500)
    second.gate.set()
    reading_first = asyncio.create_task(read(first, memory))
    await first.asked.wait()
    reading_second = asyncio.create_task(read(second, memory, seconds=0.2))
    await asyncio.sleep(0.4)
    first.gate.set()
    assert (await reading_first, await reading_second) == (1_600, 1_600)


async def test_one_large_body_passes_even_where_the_memory_is_too_small_for_it() -> None:
    source = Source(1_500)
    source.gate.set()
    assert await read(source, BodyMemory(100, fetches=2, largest_bytes=2_000)) == 1_600


async def test_a_compressed_file_is_unpacked_inside_the_limits() -> None:
    packed = gzip.compress(b"<urlset/>" + b" " * 10_000)

    async def pieces() -> AsyncIterator[bytes]:
        yield packed

    async with asyncio.timeout(None) as deadline:
        body = await read_body(pieces(), {}, Limits(1000, 20_000), BodyMemory(10**6, 1, 10**5), deadline)
        assert (body.decoded.strip(), body.wire_bytes) == (b"<urlset/>", len(packed))
        with pytest.raises(TooLarge):
            await read_body(pieces(), {}, Limits(1000, 9_000), BodyMemory(10**6, 1, 10**5), deadline)
