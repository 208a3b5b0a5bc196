"""The guard, with a resolver of our own and a dialer that records and never dials."""

import asyncio
import socket
from collections.abc import Iterable, Sequence
from ipaddress import ip_address

import httpcore
import pytest

from ingestd.clock import SystemClock
from ingestd.errors import AddressRefused, ConnectFailed, TimedOut
from ingestd.fetch.client import Accept, Fetcher, Settings
from ingestd.fetch.guard import Guard, SystemResolver, parse_networks, refusal
from tests.web import Web, redirect

REFUSED = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.8",
    "192.0.0.9",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "64:ff9b:1::7f00:1",
    "64:ff9b:2::7f00:1",
    "::ffff:8.8.8.8%eth0",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:808:808::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1111%eth0",
    "fec0::1",
    "ff02::1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.1",
    "172.32.0.1",
    "192.0.1.1",
    "168.63.129.15",
    "169.253.255.255",
    "223.255.255.255",
    "::ffff:8.8.8.8",
    "2001:4860:4860::8888",
    "2606:4700:4700::1111",
    "2a00:1450:4001:81b::200e",
]


@pytest.mark.parametrize("address", REFUSED)
def test_address_that_is_not_public_is_refused_with_a_reason(address: str) -> None:
    assert refusal(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_address_may_be_dialled(address: str) -> None:
    assert refusal(ip_address(address)) is None


def test_allowed_network_lets_its_own_addresses_through_and_no_other() -> None:
    allowed = parse_networks(["127.0.0.0/8", "fd00::/8", "192.168.1.7/24"])
    through = ["127.0.0.1", "::ffff:127.0.0.1", "fd00::1", "192.168.1.200"]
    assert refusal(ip_address("::1"), parse_networks(["::1/128"])) is None
    assert [refusal(ip_address(address), allowed) for address in through] == [None] * 4
    assert all(refusal(ip_address(address), allowed) for address in ["::1", "192.168.2.1", "::127.0.0.1"])


@pytest.mark.parametrize(
    ("network", "public", "inside"),
    [
        ("64:ff9b::/96", "64:ff9b::808:808", "64:ff9b::7f00:1"),
        ("2002::/16", "2002:808:808::1", "2002:a9fe:a9fe::1"),
        ("2001::/32", "2001:0:1:1:0:0:f7f7:f7f7", "2001:0:1:1:0:0:f5ff:fffe"),
        ("::/96", "::808:808", "::a00:1"),
    ],
)
def test_allowing_a_way_to_ipv4_does_not_allow_what_is_private_behind_it(
    network: str, public: str, inside: str
) -> None:
    allowed = parse_networks([network])
    assert refusal(ip_address(public), allowed) is None
    assert "a way to" in str(refusal(ip_address(inside), allowed))
    everything = [*allowed, *parse_networks(["0.0.0.0/0"])]
    assert refusal(ip_address(inside), everything) is None


def test_network_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match="300"):
        parse_networks(["300.0.0.0/8"])


class Names:
    """A resolver with one answer after the other; the last stays."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


class Dialer(httpcore.AsyncNetworkBackend):
    """Records what it is asked to dial; what it dials depends on the address."""

    def __init__(self, *, refuses: Sequence[str] = (), ignores: Sequence[str] = ()) -> None:
        self._refuses = refuses
        self._ignores = ignores
        self.dialled: list[tuple[str, int]] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.dialled.append((host, port))
        if host in self._ignores:
            await asyncio.sleep(3_600 if timeout is None else timeout)
            raise httpcore.ConnectTimeout
        if host in self._refuses:
            raise httpcore.ConnectError("connection refused")
        return httpcore.AsyncMockStream([])


def guard(resolver: Names, dialer: Dialer, allowed: Iterable[str] = ()) -> Guard:
    return Guard(resolver, dialer, parse_networks(allowed), {80, 443})


async def test_checked_address_is_dialled_and_never_the_name() -> None:
    dialer = Dialer()
    await guard(Names(["8.8.8.8"]), dialer).connect_tcp("paper.example", 443, timeout=5)
    assert dialer.dialled == [("8.8.8.8", 443)]


async def test_rebinding_meets_a_new_check_at_every_connection() -> None:
    names, dialer = Names(["8.8.8.8"], ["127.0.0.1"]), Dialer()
    door = guard(names, dialer)
    await door.connect_tcp("paper.example", 80, timeout=5)
    with pytest.raises(AddressRefused):
        await door.connect_tcp("paper.example", 80, timeout=5)
    assert dialer.dialled == [("8.8.8.8", 80)]
    assert len(names.asked) == 2


async def test_refused_addresses_are_not_dialled_even_when_the_others_fail() -> None:
    dialer = Dialer(refuses=["8.8.8.8", "1.1.1.1"])
    names = Names(["127.0.0.1", "8.8.8.8", "64:ff9b::7f00:1", "1.1.1.1"])
    with pytest.raises(ConnectFailed) as caught:
        await guard(names, dialer).connect_tcp("paper.example", 80, timeout=5)
    assert caught.value.kind == "tcp"
    assert dialer.dialled == [("8.8.8.8", 80), ("1.1.1.1", 80)]


async def test_refusal_names_every_address_and_its_reason() -> None:
    with pytest.raises(
        AddressRefused,
        match=r"10\.0\.0\.1 is not globally reachable \(private\), 224\.0\.0\.1 is .*multicast",
    ):
        await guard(Names(["10.0.0.1", "224.0.0.1"]), Dialer()).connect_tcp("paper.example", 80, timeout=5)


async def test_next_address_is_tried_when_one_refuses_or_is_silent() -> None:
    dialer = Dialer(refuses=["8.8.8.8"], ignores=["2606:4700::1111"])
    names = Names(["2606:4700::1111", "8.8.8.8", "1.1.1.1"])
    await guard(names, dialer).connect_tcp("paper.example", 80, timeout=0.3)
    assert [address for address, _ in dialer.dialled] == ["2606:4700::1111", "8.8.8.8", "1.1.1.1"]


async def test_silence_of_every_address_is_a_time_out() -> None:
    dialer = Dialer(ignores=["8.8.8.8", "1.1.1.1"])
    with pytest.raises(TimedOut):
        await guard(Names(["8.8.8.8", "1.1.1.1"]), dialer).connect_tcp("paper.example", 80, timeout=0.1)
    assert len(dialer.dialled) == 2


async def test_slow_name_service_is_a_time_out() -> None:
    class Slow(Names):
        async def resolve(self, host: str, port: int) -> Sequence[str]:
            await asyncio.sleep(60)
            return ()

    with pytest.raises(TimedOut):
        await guard(Slow([]), Dialer()).connect_tcp("paper.example", 80, timeout=0.05)


@pytest.mark.parametrize(
    "error", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label too long")]
)
async def test_name_that_does_not_resolve(error: Exception) -> None:
    class Failing(Names):
        async def resolve(self, host: str, port: int) -> Sequence[str]:
            raise error

    with pytest.raises(ConnectFailed, match="does not resolve") as caught:
        await guard(Failing([]), Dialer()).connect_tcp("paper.example", 80, timeout=5)
    assert (caught.value.kind, caught.value.weight) == ("dns", 0.5)


@pytest.mark.parametrize("answer", ["", "paper.example", "2130706433", "1.2.3.4/32"])
async def test_what_a_resolver_gives_that_is_no_address_is_not_dialled(answer: str) -> None:
    dialer = Dialer()
    with pytest.raises(AddressRefused, match="no address"):
        await guard(Names([answer]), dialer).connect_tcp("paper.example", 80, timeout=5)
    assert dialer.dialled == []


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("8.8.8.8", "8.8.8.8"),
        ("8.8.8.8.", "8.8.8.8"),
        ("134744072", "8.8.8.8"),
        ("0x08080808", "8.8.8.8"),
        ("010.010.010.010", "8.8.8.8"),
        ("8.8.2056", "8.8.8.8"),
        ("2606:4700::1111", "2606:4700::1111"),
        ("2606:4700:0:0:0:0:0:1111", "2606:4700::1111"),
    ],
)
async def test_host_that_is_spelled_as_an_address_is_dialled_without_asking(host: str, address: str) -> None:
    names, dialer = Names(["127.0.0.1"]), Dialer()
    await guard(names, dialer).connect_tcp(host, 80, timeout=5)
    assert dialer.dialled == [(address, 80)]
    assert names.asked == []


INSIDE = [
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "169.254.43518",
    "169.254.169.254.",
    "[fd00:ec2::254]",
    "[::ffff:169.254.169.254]",
    "[::ffff:a9fe:a9fe]",
    "[::a9fe:a9fe]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::a9fe:a9fe]",
    "[2002:a9fe:a9fe::1]",
    "[2001:0:1:1:0:0:5601:5601]",
    "[fe80::1]",
    "100.100.100.200",
    "bridge.example",
    "bridge.example:22",
]


class Addresses:
    """A resolver for the two names of the test below."""

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        return {"paper.example": ["127.0.0.1"], "bridge.example": ["10.0.0.1"]}[host]


class Loopback(httpcore.AnyIOBackend):
    """Records what it is asked to dial, and dials nothing but loopback."""

    def __init__(self) -> None:
        self.dialled: list[str] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.dialled.append(host)
        if host != "127.0.0.1":
            raise httpcore.ConnectError("this dialer goes nowhere else")
        return await super().connect_tcp(host, port, timeout)


@pytest.mark.parametrize("inside", INSIDE)
async def test_no_redirect_leads_inside(web: Web, inside: str) -> None:
    web.serve("paper.example", "/", redirect(f"http://{inside}/"))
    url = f"http://paper.example:{web.port}/"
    dialer = Loopback()
    settings = Settings(allow_networks=("127.0.0.0/8",), allow_ports=(web.port,))
    async with Fetcher(settings, SystemClock(), resolver=Addresses(), dialer=dialer) as fetcher:
        for first in (url, f"http://{inside}/"):
            with pytest.raises(AddressRefused):
                await fetcher.get(first, accept=Accept.PAGE)
    assert dialer.dialled == ["127.0.0.1"]


async def test_name_without_address() -> None:
    with pytest.raises(ConnectFailed) as caught:
        await guard(Names([]), Dialer()).connect_tcp("paper.example", 80, timeout=5)
    assert caught.value.kind == "dns"


@pytest.mark.parametrize("port", [22, 25, 6379, 8080])
async def test_port_that_nobody_allowed_is_not_even_looked_up(port: int) -> None:
    names, dialer = Names(["8.8.8.8"]), Dialer()
    with pytest.raises(AddressRefused, match="port"):
        await guard(names, dialer).connect_tcp("paper.example", port, timeout=5)
    assert (names.asked, dialer.dialled) == ([], [])


class TestSystemResolver:
    @pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "paper.localhost", "a.b.localhost."])
    async def test_localhost_is_answered_without_asking(
        self, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(socket, "getaddrinfo", None)
        assert await SystemResolver(1).resolve(name, 80) == ("127.0.0.1", "::1")

    @pytest.mark.parametrize(
        "spelling", ["2130706433", "127.1", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.0.0.1"]
    )
    async def test_spellings_of_loopback_are_seen_through_and_refused(self, spelling: str) -> None:
        resolver, dialer = SystemResolver(1), Dialer()
        assert await resolver.resolve(spelling, 80) == ("127.0.0.1",)
        with pytest.raises(AddressRefused):
            await Guard(resolver, dialer, (), {80}).connect_tcp(spelling, 80, timeout=5)
        assert dialer.dialled == []
        resolver.close()

    @pytest.mark.parametrize("literal", ["::1", "::ffff:7f00:1", "fe80::1"])
    async def test_ipv6_literals_are_refused(self, literal: str) -> None:
        resolver, dialer = SystemResolver(1), Dialer()
        with pytest.raises(AddressRefused):
            await Guard(resolver, dialer, (), {80}).connect_tcp(literal, 80, timeout=5)
        assert dialer.dialled == []
        resolver.close()


async def test_a_refused_connection_is_told_in_the_systems_words_for_every_address() -> None:
    with socket.socket() as taken:
        # Bound but not listening: the kernel refuses, and nobody else can take the port meanwhile.
        taken.bind(("127.0.0.1", 0))
        url = f"http://gone.localhost:{taken.getsockname()[1]}/"
        settings = Settings(allow_networks=("127.0.0.0/8",), allow_ports=(taken.getsockname()[1],))
        async with Fetcher(settings, SystemClock()) as fetcher:
            with pytest.raises(ConnectFailed, match=r"no connection to 127\.0\.0\.1: Connection refused"):
                await fetcher.get(url, accept=Accept.PAGE)
