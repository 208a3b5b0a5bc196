"""Whatever a SOCKS proxy answers, there is a connection or a reason, and nothing stays open."""

import asyncio
from collections.abc import Iterable

import httpcore
import pytest

from ingestd.errors import ConnectFailed, TimedOut
from ingestd.fetch.proxy import Proxy
from ingestd.fetch.socks import SocksDialler

PROXY = Proxy("socks5", "proxy.example", 1080)
WITH_PASSWORD = Proxy("socks5", "proxy.example", 1080, (b"me", b"secret"))
DONE = b"\5\0" + b"\5\0\0\1\x7f\0\0\1\0\x50"


class Conversation(httpcore.AsyncNetworkStream, httpcore.AsyncNetworkBackend):
    """A proxy that says what it was told to, byte by byte, and then nothing; it opens the connection, too."""

    def __init__(self, says: bytes, *, then_hangs: bool = False) -> None:
        self._says = says
        self._then_hangs = then_hangs
        self.dialled: list[tuple[str, int]] = []
        self.heard = b""
        self.is_open = False

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.dialled.append((host, port))
        self.is_open = True
        return self

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        if not self._says and self._then_hangs:
            await asyncio.sleep(3_600)
        piece, self._says = self._says[:1], self._says[1:]
        return piece

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        self.heard += buffer

    async def aclose(self) -> None:
        self.is_open = False

    @property
    def unread(self) -> bytes:
        return self._says


async def connect(proxy: Conversation, host: str = "paper.example", through: Proxy = PROXY) -> None:
    await SocksDialler(proxy, through).connect_tcp(host, 443, timeout=5)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("paper.example", b"\3\x0dpaper.example"),
        ("192.0.2.1", b"\1\xc0\0\2\1"),
        ("2001:db8::1", b"\4\x20\x01\x0d\xb8" + bytes(11) + b"\1"),
    ],
)
async def test_host_is_told_as_name_or_address(host: str, address: bytes) -> None:
    proxy = Conversation(DONE)
    await connect(proxy, host)
    assert proxy.dialled == [("proxy.example", 1080)]
    assert proxy.heard == b"\5\1\0" + b"\5\1\0" + address + b"\x01\xbb"
    assert proxy.is_open


async def test_name_and_password_are_told_only_when_asked_for() -> None:
    asking = Conversation(b"\5\2" + b"\1\0" + DONE[2:])
    await connect(asking, through=WITH_PASSWORD)
    assert asking.heard.startswith(b"\5\2\0\2" + b"\1\2me\6secret" + b"\5\1\0")
    open_to_all = Conversation(DONE)
    await connect(open_to_all, through=WITH_PASSWORD)
    assert b"secret" not in open_to_all.heard


@pytest.mark.parametrize("bound", [b"\1" + bytes(4), b"\4" + bytes(16), b"\3\5a.b.c"])
async def test_what_follows_the_reply_is_left_to_the_server(bound: bytes) -> None:
    proxy = Conversation(b"\5\0" + b"\5\0\0" + bound + b"\0\x50" + b"HTTP")
    await connect(proxy)
    assert proxy.unread == b"HTTP"


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        (b"", "closed the connection"),
        (b"\5", "closed the connection"),
        (b"\5\0\5\0\0", "closed the connection"),
        (b"HTTP/1.1 400 Bad Request\r\n", "does not speak SOCKS 5"),
        (b"\5\xff", "another way of logging in"),
        (b"\5\1", "another way of logging in"),
        (b"\5\2", "another way of logging in"),
        (b"\5\0\5\4\0\1" + bytes(6), "the host cannot be reached, or is not known"),
        (b"\5\0\5\5\0\1" + bytes(6), "the host refused"),
        (b"\5\0\5\x63\0\1" + bytes(6), "reply 99"),
    ],
)
async def test_refusal_is_told_and_the_connection_closed(says: bytes, reason: str) -> None:
    proxy = Conversation(says)
    with pytest.raises(ConnectFailed, match=reason):
        await connect(proxy)
    assert not proxy.is_open


async def test_refused_password_is_told_and_not_repeated() -> None:
    proxy = Conversation(b"\5\2\1\1")
    with pytest.raises(ConnectFailed, match="refused the name and password") as caught:
        await connect(proxy, through=WITH_PASSWORD)
    assert "secret" not in str(caught.value)
    assert not proxy.is_open


async def test_silent_proxy_is_a_time_out() -> None:
    proxy = Conversation(b"\5", then_hangs=True)
    with pytest.raises(TimedOut, match=r"socks5://proxy\.example:1080"):
        await SocksDialler(proxy, PROXY).connect_tcp("paper.example", 443, timeout=0.05)
    assert not proxy.is_open


async def test_broken_connection_is_a_failed_one() -> None:
    class Broken(Conversation):
        async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
            raise httpcore.ReadError

    proxy = Broken(b"")
    with pytest.raises(ConnectFailed):
        await connect(proxy)
    assert not proxy.is_open
