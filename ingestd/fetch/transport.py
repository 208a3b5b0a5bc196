"""What carries requests: httpx's transport over pools of connections that the guard opens.

    request ─┬─ straight to its host           guard: port, and the address that is really dialled
             └─ through the configured proxy   guard: port, and a host that is spelled as an address

httpx has no parameter for who opens connections, so the pools are made here; `_pool` is its private name
for one, and a test sees that requests go through the guard.
"""

import ssl
from collections.abc import Collection
from typing import Any

import httpcore
import httpx

from ingestd import urls
from ingestd.errors import ConnectFailed
from ingestd.fetch.guard import Guard
from ingestd.fetch.proxy import SOCKS_SCHEMES, Proxy
from ingestd.fetch.socks import SocksDialler

# Connections kept open between requests; with 200 of them a request costs 13.9 ms of CPU, with 10 it costs 2.
MAX_KEPT_ALIVE = 10
KEEP_ALIVE_SECONDS = 5.0

# The mark on a response that came through a proxy, in its `extensions`.
_VIA_PROXY = "via_proxy"


class Transport(httpx.AsyncHTTPTransport):
    """Carries requests over one pool of connections."""

    def __init__(self, pool: httpcore.AsyncConnectionPool) -> None:
        self._pool = pool


class ProxyTransport(httpx.AsyncBaseTransport):
    """Carries requests through a proxy, those to `direct_hosts` (as `urls.host_of` writes them) past it."""

    def __init__(
        self, door: Guard, tls: ssl.SSLContext, places: int, proxy: Proxy, direct_hosts: Collection[str]
    ) -> None:
        self._door = door
        self._proxied = Transport(_pool_through(proxy, door.to_proxy(proxy.port), tls, places))
        self._direct = Transport(httpcore.AsyncConnectionPool(**_common(door, tls, places)))
        self._direct_hosts = direct_hosts

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if urls.host_of(str(request.url)) in self._direct_hosts:
            return await self._direct.handle_async_request(request)
        port = request.url.port or urls.DEFAULT_PORTS[request.url.scheme]
        self._door.check_spelling(request.url.raw_host.decode("ascii"), port)
        try:
            response = await self._proxied.handle_async_request(request)
        except httpx.ProxyError as error:
            raise ConnectFailed(f"the proxy made no connection: {error}") from error
        response.extensions[_VIA_PROXY] = True
        return response

    async def aclose(self) -> None:
        await self._direct.aclose()
        await self._proxied.aclose()


def make_transport(
    door: Guard,
    tls: ssl.SSLContext,
    places: int,
    proxy: Proxy | None = None,
    direct_hosts: Collection[str] = (),
) -> httpx.AsyncBaseTransport:
    """The transport for `places` requests at once, with or without a proxy."""
    if proxy:
        return ProxyTransport(door, tls, places, proxy, direct_hosts)
    return Transport(httpcore.AsyncConnectionPool(**_common(door, tls, places)))


def dialled_address(response: httpx.Response) -> str | None:
    """The address that this response came from; None when that is only the proxy's, or not known."""
    if _VIA_PROXY in response.extensions:
        return None
    found = response.extensions["network_stream"].get_extra_info("server_addr")
    return str(found[0]) if found else None


def _common(door: httpcore.AsyncNetworkBackend, tls: ssl.SSLContext, places: int) -> dict[str, Any]:
    """What every pool is made with."""
    return {
        "ssl_context": tls,
        "max_connections": places,
        "max_keepalive_connections": min(MAX_KEPT_ALIVE, places),
        "keepalive_expiry": KEEP_ALIVE_SECONDS,
        "network_backend": door,
    }


def _pool_through(
    proxy: Proxy, door: Guard, tls: ssl.SSLContext, places: int
) -> httpcore.AsyncConnectionPool:
    if proxy.scheme in SOCKS_SCHEMES:
        return httpcore.AsyncConnectionPool(**_common(SocksDialler(door, proxy), tls, places))
    return httpcore.AsyncHTTPProxy(
        **_common(door, tls, places),
        proxy_url=str(proxy),
        proxy_auth=proxy.credentials,
        proxy_ssl_context=tls if proxy.scheme == "https" else None,
    )
