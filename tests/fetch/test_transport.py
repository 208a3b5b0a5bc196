"""Requests go straight to their hosts, or through the configured proxy and nowhere else."""

import ssl
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

import httpcore
import httpx
import pytest

from ingestd.clock import SystemClock
from ingestd.errors import AddressRefused, ConnectFailed, StatusRefused
from ingestd.fetch.client import Accept, Fetcher, Settings
from ingestd.fetch.guard import Guard, Resolver, SystemResolver, parse_networks
from ingestd.fetch.proxy import parse_proxy
from ingestd.fetch.transport import dialled_address, make_transport
from tests.fetch.conftest import CERTIFICATE, LOCAL
from tests.fetch.proxies import HttpProxy, LoopbackProxy, SocksProxy
from tests.web import Reply, Web, redirect

BODY = b"<rss/>"
# "me:secret" as HTTP's Basic scheme has it, and as RFC 1929 has it.
BASIC = b"Basic bWU6c2VjcmV0"
PLAIN = b"me:secret"


class NoNames:
    """A resolver that must not be asked."""

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        raise AssertionError(f"{host} was looked up")


class Through:
    """Fetchers that use a proxy; an async context manager that closes them."""

    def __init__(self, web: Web, secure_web: Web) -> None:
        self._ports = (web.port, secure_web.port)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> "Through":
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    async def proxy(self, proxy: LoopbackProxy) -> LoopbackProxy:
        return await self._stack.enter_async_context(proxy)

    async def fetcher(
        self,
        address: str,
        *,
        settings: Settings = LOCAL,
        direct: Sequence[str] = (),
        names: Resolver | None = None,
    ) -> Fetcher:
        fetcher = Fetcher(
            replace(settings, proxy=address),
            SystemClock(),
            ports=self._ports,
            direct_hosts=direct,
            resolver=names or NoNames(),
            tls=ssl.create_default_context(cafile=CERTIFICATE),
        )
        return await self._stack.enter_async_context(fetcher)


KINDS = [
    pytest.param(HttpProxy, "http", BASIC, id="http"),
    pytest.param(SocksProxy, "socks5", PLAIN, id="socks5"),
]


async def body(fetcher: Fetcher, url: str, **headers: str) -> bytes:
    answer = await fetcher.get(url, accept=Accept.FEED, headers=headers)
    return getattr(answer, "body", b"")


@pytest.mark.parametrize(("kind", "scheme", "credentials"), KINDS)
async def test_names_are_left_to_the_proxy(
    web: Web, secure_web: Web, kind: type[LoopbackProxy], scheme: str, credentials: bytes
) -> None:
    web.serve("paper.example", "/a?b=c", Reply(BODY))
    secure_web.serve("tls", "/", Reply(BODY))
    async with Through(web, secure_web) as through:
        proxy = await through.proxy(kind(credentials=credentials))
        fetcher = await through.fetcher(f"{scheme}://me:secret@127.0.0.1:{proxy.port}")
        assert await body(fetcher, f"http://paper.example:{web.port}/a?b=c") == BODY
        assert await body(fetcher, secure_web.url("tls")) == BODY
    assert proxy.asked == [("paper.example", web.port), ("tls.localhost", secure_web.port)]
    assert [request.target for request in web.requests] == ["/a?b=c"]
    assert secure_web.requests[0].header("proxy-authorization") is None


async def test_proxy_itself_may_speak_tls(web: Web, secure_web: Web) -> None:
    web.serve("paper.example", "/", Reply(BODY))
    secure_web.serve("tls", "/", Reply(BODY))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    async with Through(web, secure_web) as through:
        proxy = await through.proxy(HttpProxy(credentials=BASIC, tls=context))
        fetcher = await through.fetcher(
            f"https://me:secret@tls.localhost:{proxy.port}", names=SystemResolver(1)
        )
        assert await body(fetcher, f"http://paper.example:{web.port}/") == BODY
        assert await body(fetcher, secure_web.url("tls")) == BODY
    assert proxy.asked == [("paper.example", web.port), ("tls.localhost", secure_web.port)]


async def test_credentials_for_a_server_stay_inside_the_tunnel(web: Web, secure_web: Web) -> None:
    secure_web.serve("tls", "/", Reply(BODY))
    async with Through(web, secure_web) as through:
        proxy = await through.proxy(HttpProxy(credentials=BASIC))
        fetcher = await through.fetcher(f"http://me:secret@127.0.0.1:{proxy.port}")
        assert await body(fetcher, secure_web.url("tls"), Authorization="Bearer abc") == BODY
    assert secure_web.requests[0].header("authorization") == b"Bearer abc"
    assert not any(b"abc" in head for head in proxy.heard)


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://2852039166/",
        "http://0x7f.1/",
        "http://127.0.0.1./",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::a00:1]/",
        "http://localhost/",
        "http://a.localhost./",
        "https://10.1.2.3/",
        "http://paper.example:22/",
    ],
)
async def test_what_the_url_itself_says_is_still_checked(web: Web, secure_web: Web, url: str) -> None:
    web.serve("paper.example", "/", redirect(url))
    async with Through(web, secure_web) as through:
        proxy = await through.proxy(HttpProxy())
        fetcher = await through.fetcher(f"http://127.0.0.1:{proxy.port}", settings=Settings())
        for asked in (url, f"http://paper.example:{web.port}/"):
            with pytest.raises(AddressRefused):
                await body(fetcher, asked)
    assert proxy.asked == [("paper.example", web.port)]


async def test_direct_hosts_are_asked_past_the_proxy(web: Web, secure_web: Web) -> None:
    url = web.serve("127.0.0.1", "/", Reply(BODY)).replace(".localhost", "")
    async with Through(web, secure_web) as through:
        proxy = await through.proxy(HttpProxy())
        fetcher = await through.fetcher(f"http://127.0.0.1:{proxy.port}", direct=[f"127.0.0.1:{web.port}"])
        assert await body(fetcher, url) == BODY
    assert proxy.heard == []


async def test_environment_proxies_do_not_apply(
    web: Web, secure_web: Web, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Through(web, secure_web) as through:
        proxy = await through.proxy(HttpProxy())
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert await body(fetcher, web.serve("paper", "/", Reply(BODY))) == BODY
    assert proxy.heard == []


async def test_tunnel_that_is_refused_is_a_failed_connection(web: Web, secure_web: Web) -> None:
    async with Through(web, secure_web) as through:
        proxy = await through.proxy(HttpProxy(refuses=b"502 Bad Gateway"))
        fetcher = await through.fetcher(f"http://127.0.0.1:{proxy.port}")
        with pytest.raises(ConnectFailed, match="the proxy made no connection: 502 Bad Gateway"):
            await body(fetcher, secure_web.url("tls"))


@pytest.mark.parametrize(("kind", "scheme", "credentials"), KINDS)
async def test_wrong_password_for_the_proxy_is_told(
    web: Web, secure_web: Web, kind: type[LoopbackProxy], scheme: str, credentials: bytes
) -> None:
    async with Through(web, secure_web) as through:
        proxy = await through.proxy(kind(credentials=credentials))
        fetcher = await through.fetcher(f"{scheme}://me:hunter2@127.0.0.1:{proxy.port}")
        with pytest.raises(ConnectFailed, match=r"407|refused the name") as caught:
            await body(fetcher, secure_web.url("tls"))
    assert "hunter2" not in str(caught.value)


async def test_wrong_password_without_a_tunnel_is_the_status_that_it_is(web: Web, secure_web: Web) -> None:
    async with Through(web, secure_web) as through:
        proxy = await through.proxy(HttpProxy(credentials=BASIC))
        fetcher = await through.fetcher(f"http://127.0.0.1:{proxy.port}")
        with pytest.raises(StatusRefused, match="407"):
            await body(fetcher, web.url("paper"))


async def test_proxy_that_is_gone_is_named(web: Web, secure_web: Web) -> None:
    async with Through(web, secure_web) as through:
        async with HttpProxy() as gone:
            port = gone.port
        fetcher = await through.fetcher(f"http://127.0.0.1:{port}")
        with pytest.raises(ConnectFailed, match=r"no connection to 127\.0\.0\.1"):
            await body(fetcher, web.url("paper"))


async def test_address_that_answered_is_known_unless_a_proxy_stands_between(
    web: Web, secure_web: Web
) -> None:
    url = web.serve("paper", "/", Reply(BODY))
    tls = ssl.create_default_context(cafile=CERTIFICATE)
    resolver = SystemResolver(1)
    door = Guard(resolver, httpcore.AnyIOBackend(), parse_networks(LOCAL.allow_networks), {web.port})
    async with HttpProxy() as proxy:
        through = parse_proxy(f"http://127.0.0.1:{proxy.port}")
        found = []
        for transport in (make_transport(door, tls, 2), make_transport(door, tls, 2, through)):
            async with transport:
                response = await transport.handle_async_request(httpx.Request("GET", url))
                found.append(dialled_address(response))
                await response.aclose()
    resolver.close()
    assert found == ["127.0.0.1", None]
