"""A loopback server, and Fetchers that may reach it."""

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Protocol

import httpcore
import pytest

from ingestd.clock import SystemClock
from ingestd.fetch.client import Fetcher, Settings
from ingestd.fetch.guard import Resolver
from tests.web import LOOPBACK, Web

# A certificate for tls.localhost that nobody has signed, with its key; valid until 2076.
CERTIFICATE = Path(__file__).parent / "localhost.pem"

LOCAL = Settings(allow_networks=LOOPBACK)


class MakeFetcher(Protocol):
    """Makes a Fetcher that may reach the loopback server; it is closed when the test ends."""

    async def __call__(
        self,
        settings: Settings = ...,
        *,
        resolver: Resolver | None = None,
        dialer: httpcore.AsyncNetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> Fetcher: ...


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as server:
        yield server


@pytest.fixture
def secure_web() -> Iterator[Web]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with Web(context) as server:
        yield server


@pytest.fixture
async def make_fetcher(web: Web, secure_web: Web) -> AsyncIterator[MakeFetcher]:
    async with AsyncExitStack() as stack:

        async def make(
            settings: Settings = LOCAL,
            *,
            resolver: Resolver | None = None,
            dialer: httpcore.AsyncNetworkBackend | None = None,
            tls: ssl.SSLContext | None = None,
        ) -> Fetcher:
            fetcher = Fetcher(
                settings,
                SystemClock(),
                ports=(web.port, secure_web.port),
                resolver=resolver,
                dialer=dialer,
                tls=tls,
            )
            return await stack.enter_async_context(fetcher)

        yield make


@pytest.fixture
async def fetcher(make_fetcher: MakeFetcher) -> Fetcher:
    return await make_fetcher()
