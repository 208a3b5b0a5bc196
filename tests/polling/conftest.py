"""The real road for the tests of the rules: a loopback server, a SQLite file, a worker, a clock to move."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest_asyncio

from ingestd.workers import Settings, Workers
from tests import samples
from tests.samples import Bench
from tests.web import Web


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def workers() -> AsyncIterator[Workers]:
    async with Workers(Settings(count=1)) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def bench(web: Web, sqlite_url: str, workers: Workers) -> AsyncIterator[Bench]:
    """A road that polls feeds and fetches no pages."""
    async with samples.bench(web, sqlite_url, workers) as made:
        made.change(pages=replace(made.road.pages, fetch=False))
        yield made
