"""B20 and B28 to B30: limits of size and time, addresses, what a request carries, and robots.txt.

No address but loopback is ever dialled here: the name service and the dialler are the test's own.
"""

import logging
import re
import ssl
import time
import tracemalloc
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import httpcore
import pytest

from ingestd import __version__
from ingestd.fetch.client import Fetcher
from ingestd.fetch.client import Settings as FetchSettings
from ingestd.model import FeedOutcome
from tests.fetch.codings import COMPRESS
from tests.fetch.conftest import CERTIFICATE
from tests.polling.driving import DAY, FLOOR, asked, delay, poll, row_of, subscribe, tick, titles
from tests.samples import Bench, article, feed, item, page, prose
from tests.web import LOOPBACK, Answer, Reply, Request, Web, redirect

pytestmark = pytest.mark.asyncio(loop_scope="module")

ONE = item("One", None)
GOOD = feed(ONE)
KILO, MEGA = 1_000, 1_000_000
SECOND = timedelta(seconds=1)


@asynccontextmanager
async def fetching(
    bench: Bench, web: Web, *, ports: Sequence[int] = (), **settings: Any
) -> AsyncIterator[None]:
    """Let the bench's road fetch with these settings; `resolver`, `dialer` are parts."""
    parts = {name: settings.pop(name) for name in ("resolver", "dialer") if name in settings}
    chosen = FetchSettings(**{"allow_networks": LOOPBACK, **settings})
    async with Fetcher(chosen, bench.clock, ports=(web.port, *ports), **parts) as fetcher:
        bench.change(fetcher=fetcher)
        yield


def _failures(bench: Bench) -> list[tuple[str, str]]:
    """Feed and error class of the polls that failed."""
    query = "SELECT feed.key, error_class FROM poll JOIN feed ON feed.id = feed_id WHERE outcome = 'failed'"
    return [(key, error_class) for key, error_class in bench.rows(f"{query} ORDER BY poll.id")]


# ---------------------------------------------------------------------------------- B20


def _coded(body: bytes, coding: str, **reply: Any) -> Reply:
    fields = (("Content-Type", "application/rss+xml"), ("Content-Encoding", coding))
    return Reply(COMPRESS[coding](body), headers=fields, **reply)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
async def test_b20_a_bomb_ends_inside_the_limit_with_bounded_memory(
    bench: Bench, web: Web, coding: str, chunked: bool
) -> None:
    bomb = _coded(GOOD.body + bytes(64 * MEGA), coding, chunked=chunked)
    assert len(bomb.body) < 70 * KILO
    subscribe(bench, web, bomb, _coded(GOOD.body, coding))
    async with fetching(bench, web, max_feed_bytes=MEGA):
        tracemalloc.start()
        try:
            assert (await poll(bench)).outcome is FeedOutcome.FAILED
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 8 * MEGA
        assert _failures(bench) == [("paper", "too-large")]
        assert delay(bench) >= FLOOR
        assert (await poll(bench)).outcome is FeedOutcome.UPDATED


async def test_b20_a_bomb_for_a_page_spoils_neither_the_feed_nor_the_other_pages(
    bench: Bench, web: Web
) -> None:
    bench.change(pages=replace(bench.road.pages, fetch=True))
    bomb = web.serve("paper", "/bomb.html", _coded(bytes(64 * MEGA), "br"))
    subscribe(bench, web, feed(item("Bomb", bomb), article(web, "paper", "one")))
    await tick(bench)
    assert titles(bench) == ["Bomb", "one of paper"]
    reasons = dict(bench.rows("SELECT url, reason FROM page"))
    assert reasons == {bomb: "too-large", web.url("paper", "/one.html"): None}


async def test_b20_compressed_and_decoded_bytes_have_limits_of_their_own(bench: Bench, web: Web) -> None:
    noise = b64encode(bytes(range(256)) * 100)
    body = feed(item("One", None, "z" * 300 * KILO)).body
    answers = {
        "fits": _coded(body, "gzip"),
        "long": feed(item("One", None, "z" * 600 * KILO)),
        "long in gzip": _coded(feed(item("One", None, "z" * 600 * KILO)).body, "gzip"),
        "wide": replace(GOOD, body=GOOD.body + b" " * 30 * KILO),
        "wide in chunks": replace(GOOD, body=GOOD.body + noise, chunked=True),
    }
    for number, answer in enumerate(answers.values()):
        subscribe(bench, web, answer, key=f"f{number}")
    async with fetching(bench, web, max_feed_bytes=500 * KILO, max_wire_bytes=20 * KILO):
        await tick(bench)
    assert sorted(_failures(bench)) == [(f"f{number}", "too-large") for number in (1, 2, 3, 4)]


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
async def test_b20_stacked_and_broken_codings_are_refused(bench: Bench, web: Web, coding: str) -> None:
    whole = COMPRESS[coding](GOOD.body)
    stacked = Reply(COMPRESS[coding](whole), headers=(("Content-Encoding", f"{coding}, {coding}"),))
    subscribe(bench, web, stacked, key="stacked")
    subscribe(bench, web, Reply(whole[:-9], headers=(("Content-Encoding", coding),)), key="cut")
    subscribe(bench, web, Reply(b"\x00" * 99, headers=(("Content-Encoding", coding),)), key="junk")
    await tick(bench)
    assert sorted(_failures(bench)) == [(key, "bad-response") for key in ("cut", "junk", "stacked")]


async def test_b20_many_header_lines_and_long_ones_are_refused(bench: Bench, web: Web) -> None:
    many = tuple((f"X-{number}", "1") for number in range(99))
    subscribe(bench, web, feed(ONE, headers=many), key="many")
    subscribe(bench, web, feed(ONE, headers=many[:90]), key="fewer")
    subscribe(bench, web, feed(ONE, headers=(("X-Long", "x" * MEGA),)), key="long")
    await tick(bench)
    assert sorted(_failures(bench)) == [("long", "too-large"), ("many", "too-large")]


async def test_b20_a_slow_drip_ends_at_the_total_time_and_a_silent_server_sooner(
    bench: Bench, web: Web
) -> None:
    """Each byte comes in time; all of them never would."""
    subscribe(bench, web, replace(GOOD, drip=0.02, body=GOOD.body + b" " * 100 * KILO), GOOD, key="drip")
    subscribe(bench, web, Reply(hang=True), GOOD, key="silent")
    async with fetching(bench, web, total_timeout=SECOND / 2, read_timeout=SECOND / 5):
        await tick(bench)
        assert sorted(_failures(bench)) == [("drip", "timeout"), ("silent", "timeout")]
        await tick(bench, DAY)
    assert titles(bench) == ["One", "One"]


async def test_b20_hops_share_one_total_time(bench: Bench, web: Web) -> None:
    """Hops that each take a part of it are no way around it."""
    half = b"HTTP/1.1 302 Found\r\nLocation: /%d\r\nContent-Length: 0\r\n\r\n"

    def late(number: int) -> Answer:
        def answer(request: Request) -> Reply:
            time.sleep(0.3)
            return Reply(raw=half % (number + 1))

        return answer

    for number in range(4):
        web.serve("paper", f"/{number}", late(number))
    web.serve("paper", "/4", GOOD)
    bench.subscribe("paper", web.url("paper", "/0"))
    async with fetching(bench, web, total_timeout=SECOND * 0.7):
        await tick(bench)
    assert _failures(bench) == [("paper", "timeout")]
    assert "/4" not in web.targets("paper")


# ---------------------------------------------------------------------------------- B28


class Names:
    """A name service of our own; names that it does not know are loopback."""

    def __init__(self, **known: str) -> None:
        self.known = {f"{name}.localhost": address for name, address in known.items()}

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        return (self.known.get(host, "127.0.0.1"),)


class Dialler(httpcore.AnyIOBackend):
    """Records what it is asked to dial, and dials nothing but 127.0.0.1."""

    def __init__(self) -> None:
        self.dialled: list[str] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's signature)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.dialled.append(host)
        if host != "127.0.0.1":
            raise httpcore.ConnectError("this dialler goes nowhere else")
        return await super().connect_tcp(host, port, timeout)


REFUSED = (
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.1.1",
    "169.254.169.254",
    "168.63.129.16",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "64:ff9b::a00:1",
    "64:ff9b:1::a00:1",
    "2002:a00:1::1",
    "2001:0:1:1:0:0:5601:5601",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
)
SPELLINGS = (
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "169.254.43518",
    "10.1",
    "0x0a000001",
    "012.0.0.1",
    "[::ffff:10.0.0.1]",
    "[64:ff9b::a9fe:a9fe]",
    "[fe80::1]",
    "169.254.169.254.",
)


async def test_b28_a_name_that_leads_inside_is_not_dialled(bench: Bench, web: Web) -> None:
    names = Names(**{f"f{number}": address for number, address in enumerate(REFUSED)})
    dialler = Dialler()
    async with fetching(bench, web, resolver=names, dialer=dialler, allow_networks=("127.0.0.1/32",)):
        for number in range(len(REFUSED)):
            subscribe(bench, web, GOOD, key=f"f{number}")
        await tick(bench)
    assert dialler.dialled == []
    assert sorted(_failures(bench)) == sorted((f"f{number}", "refused") for number in range(len(REFUSED)))


@pytest.mark.parametrize("way", ["feed", "feed redirect", "page", "page redirect"])
async def test_b28_no_spelling_of_an_address_leads_inside(bench: Bench, web: Web, way: str) -> None:
    bench.change(pages=replace(bench.road.pages, fetch=True))
    dialler = Dialler()
    for number, host in enumerate((*SPELLINGS, *REFUSED[:7])):
        inside = f"http://{host}/x"
        if way == "feed":
            bench.subscribe(f"f{number}", inside)
        elif way == "feed redirect":
            subscribe(bench, web, redirect(inside, 301), key=f"f{number}")
        else:
            link = inside if way == "page" else web.serve(f"p{number}", "/x", redirect(inside))
            subscribe(bench, web, feed(item("One", link)), key=f"f{number}")
    async with fetching(bench, web, resolver=Names(), dialer=dialler):
        await tick(bench)
    assert set(dialler.dialled) <= {"127.0.0.1"}
    table, wanted = ("poll", "failed") if way.startswith("feed") else ("page", "failed")
    column = {"poll": "error_class", "page": "reason"}[table]
    outcome = {"poll": "outcome", "page": "state"}[table]
    found = bench.values(f"SELECT {column} FROM {table} WHERE {outcome} = '{wanted}'")
    assert set(found) == {"refused"}


async def test_b28_a_name_that_is_rebound_between_two_polls_is_checked_again(bench: Bench, web: Web) -> None:
    names, dialler = Names(), Dialler()
    subscribe(bench, web, replace(GOOD, close=True))
    async with fetching(bench, web, resolver=names, dialer=dialler):
        assert (await poll(bench)).outcome is FeedOutcome.UPDATED
        names.known["paper.localhost"] = "169.254.169.254"
        assert (await poll(bench)).outcome is FeedOutcome.FAILED
    assert dialler.dialled == ["127.0.0.1"]
    assert _failures(bench) == [("paper", "refused")]


async def test_b28_every_hop_is_checked_at_the_time_of_dialling(bench: Bench, web: Web) -> None:
    """The first look-up of the name is harmless, the one for its second hop is not."""

    class Rebound(Names):
        async def resolve(self, host: str, port: int) -> Sequence[str]:
            return ("127.0.0.1",) if not web.requests else ("10.0.0.1",)

    dialler = Dialler()
    again = replace(redirect("/again.xml", 302), close=True)
    subscribe(bench, web, again)
    async with fetching(bench, web, resolver=Rebound(), dialer=dialler):
        await tick(bench)
    assert (dialler.dialled, web.targets("paper")) == (["127.0.0.1"], ["/feed.xml"])
    assert _failures(bench) == [("paper", "refused")]


async def test_b28_a_network_that_the_configuration_allows_is_dialled(bench: Bench, web: Web) -> None:
    dialler = Dialler()
    allowed = ("10.0.0.0/8",)
    subscribe(bench, web, GOOD, key="a")
    subscribe(bench, web, GOOD, key="b")
    names = Names(a="10.0.0.1", b="172.16.0.1")
    async with fetching(bench, web, resolver=names, dialer=dialler, allow_networks=allowed):
        await tick(bench)
    assert dialler.dialled == ["10.0.0.1"]
    assert dict(_failures(bench)) == {"a": "tcp", "b": "refused"}


@pytest.mark.parametrize(
    "location",
    [
        "ftp://paper.localhost/",
        "file:///etc/passwd",
        "gopher://paper.localhost/",
        "http://user:secret@paper.localhost:{port}/good.xml",
        "http://user@paper.localhost:{port}/good.xml",
        "http://paper.localhost:22/good.xml",
        "http://paper.localhost:6379/good.xml",
    ],
)
async def test_b28_only_http_and_https_on_known_ports_and_no_userinfo(
    bench: Bench, web: Web, location: str
) -> None:
    web.serve("paper", "/good.xml", GOOD)
    target = location.format(port=web.port)
    subscribe(bench, web, redirect(target))
    subscribe(bench, web, GOOD, key="other")
    bench.subscribe("direct", f"{target}?direct")
    dialler = Dialler()
    async with fetching(bench, web, resolver=Names(), dialer=dialler):
        await tick(bench)
    assert web.targets("paper") == ["/feed.xml"]
    assert {error for _, error in _failures(bench)} <= {"refused", "redirect"}
    assert len(_failures(bench)) == 2
    assert titles(bench) == ["One"]


async def test_b28_proxies_of_the_environment_do_not_apply(
    bench: Bench, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Web() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        subscribe(bench, web, GOOD)
        async with fetching(bench, web):
            assert (await poll(bench)).outcome is FeedOutcome.UPDATED
        assert proxy.requests == []


# ---------------------------------------------------------------------------------- B29


async def test_b29_a_request_carries_no_cookie_no_referer_and_no_query_of_ours(
    bench: Bench, web: Web
) -> None:
    bench.change(pages=replace(bench.road.pages, fetch=True))
    cookies = (("Set-Cookie", "id=1; Path=/"), ("Set-Cookie", "also=2; Domain=localhost"))
    hop = Reply(status=302, headers=(("Location", "/feed.xml?b=2&a=1"), *cookies))
    web.serve("paper", "/feed.xml", feed(article(web, "paper", "one", etag=b'"1"'), headers=cookies))
    bench.subscribe("paper", web.serve("paper", "/old.xml", hop))
    for _ in range(3):
        await poll(bench)
    assert set(web.targets("paper")) == {"/old.xml", "/feed.xml?b=2&a=1", "/robots.txt", "/one.html"}
    for request in web.requests:
        sent = {name.lower() for name, _ in request.headers}
        assert sent <= {b"host", b"user-agent", b"accept", b"accept-encoding", b"connection"}
        assert request.method == "GET"


async def test_b29_the_user_agent_has_a_version_and_a_contact(bench: Bench, web: Web) -> None:
    subscribe(bench, web, GOOD)
    async with fetching(bench, web, contact_url="https://reader.example/about"):
        await poll(bench)
    agents = {request.header("user-agent") for request in web.requests}
    assert agents == {f"ingestd/{__version__} (+https://reader.example/about)".encode()}
    assert re.fullmatch(r"\d+(\.\d+)+\S*", __version__)


async def test_b29_a_certificate_that_nobody_signed_is_refused(bench: Bench, web: Web) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with Web(context) as secure:
        bench.subscribe("tls", secure.serve("tls", "/feed.xml", GOOD))
        async with fetching(bench, web, ports=(secure.port,)):
            await tick(bench)
        assert _failures(bench) == [("tls", "tls")]
        assert secure.requests == []


SECRET = "c2VjcmV0OnNlY3JldA=="


async def test_b29_credentials_cross_no_host_and_reach_no_log_line_and_no_row(
    bench: Bench, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    there = web.serve("there", "/feed.xml", GOOD)
    back = web.serve("other", "/back.xml", redirect(web.url("paper", "/own.xml")))
    web.serve("paper", "/own.xml", GOOD)
    subscribe(bench, web, GOOD, redirect(there), redirect(back), redirect("/own.xml"), Reply(status=401))
    bench.change(feed_headers={"paper": {"Authorization": f"Basic {SECRET}"}})
    for _ in range(5):
        await poll(bench)
    carried = {request.host for request in web.requests if request.header("authorization") is not None}
    assert carried == {"paper"}
    assert {"there", "other"} <= {request.host for request in web.requests}
    assert asked(web)[0].header("authorization") == f"Basic {SECRET}".encode()
    assert SECRET not in caplog.text
    assert SECRET not in str(bench.rows("SELECT * FROM poll")) + str(row_of(bench))


async def test_b29_a_password_in_a_redirect_reaches_no_log_line_and_no_message(
    bench: Bench, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="ingestd")
    for key, host in (("same", "same"), ("across", "elsewhere")):
        target = f"http://user:{SECRET}@{host}.localhost:{web.port}/new.xml"
        subscribe(bench, web, redirect(target, 301), key=key)
    await tick(bench)
    assert len(_failures(bench)) == 2
    assert SECRET not in caplog.text
    assert SECRET not in str(bench.rows("SELECT * FROM poll")) + str(bench.rows("SELECT * FROM event"))


# ---------------------------------------------------------------------------------- B30


def _robots(*lines: str, **reply: Any) -> Reply:
    return Reply("\n".join(lines).encode(), headers=(("Content-Type", "text/plain"),), **reply)


@pytest.fixture
def pages_too(bench: Bench) -> None:
    bench.change(pages=replace(bench.road.pages, fetch=True))


@pytest.mark.usefixtures("pages_too")
async def test_b30_robots_txt_decides_which_pages_are_fetched(bench: Bench, web: Web) -> None:
    rules = ("User-agent: *", "Disallow: /", "", "User-agent: Ingestd", "Disallow: /*.php$", "Disallow: /two")
    web.serve("paper", "/robots.txt", _robots(*rules))
    items = [article(web, "paper", name) for name in ("one", "two", "three")]
    php = item("Php", web.serve("paper", "/x.php", page("Php", prose("php"))))
    subscribe(bench, web, feed(*items, php))
    await tick(bench)
    assert sorted(web.targets("paper")) == ["/feed.xml", "/one.html", "/robots.txt", "/three.html"]
    reasons = dict(bench.rows("SELECT url, reason FROM page WHERE state = 'rejected'"))
    assert reasons == {web.url("paper", "/two.html"): "robots", web.url("paper", "/x.php"): "robots"}


@pytest.mark.usefixtures("pages_too")
async def test_b30_a_redirect_to_a_page_that_is_disallowed_is_not_followed(bench: Bench, web: Web) -> None:
    web.serve("there", "/robots.txt", _robots("User-agent: *", "Disallow: /private/"))
    inside = web.serve("there", "/private/one.html", page("One", prose("one")))
    link = web.serve("paper", "/one.html", redirect(inside))
    subscribe(bench, web, feed(item("One", link)))
    await tick(bench)
    assert web.targets("there") == ["/robots.txt"]
    assert bench.values("SELECT reason FROM page") == ["robots"]


@pytest.mark.usefixtures("pages_too")
@pytest.mark.parametrize(
    ("answer", "fetched"),
    [
        (Reply(status=404), True),
        (Reply(status=403), True),
        (Reply(status=500), False),
        (Reply(raw=b"?"), False),
    ],
    ids=["404", "403", "500", "no HTTP"],
)
async def test_b30_without_a_robots_txt_all_is_allowed_and_with_a_broken_one_nothing(
    bench: Bench, web: Web, answer: Reply, fetched: bool
) -> None:
    web.serve("paper", "/robots.txt", answer)
    subscribe(bench, web, feed(article(web, "paper", "one")))
    await tick(bench)
    assert ("/one.html" in web.targets("paper")) is fetched


@pytest.mark.usefixtures("pages_too")
async def test_b30_crawl_delay_spaces_feeds_and_pages_of_the_host_together(bench: Bench, web: Web) -> None:
    started: dict[str, list[datetime]] = {"slow": [], "fast": []}

    def noted(reply: Reply) -> Answer:
        def answer(request: Request) -> Reply:
            started[request.host].append(bench.clock.now())
            return reply

        return answer

    for host, rules in (("slow", ("User-agent: *", "Crawl-delay: 7.5")), ("fast", ())):
        web.serve(host, "/robots.txt", noted(_robots(*rules)))
        links = [
            web.serve(host, f"/{name}.html", noted(page(name, prose(f"{name} of {host}")))) for name in "abc"
        ]
        for number in range(3):
            url = web.serve(host, f"/{number}.xml", noted(feed(*[item(link[-6], link) for link in links])))
            bench.subscribe(f"{host}-{number}", url, interval=FLOOR)
    await tick(bench)
    await tick(bench, DAY)
    gaps = {host: [later - earlier for earlier, later in pairwise(of)] for host, of in started.items()}
    assert {host: len(of) for host, of in started.items()} == {"slow": 10, "fast": 10}
    # Before its robots.txt was read nothing was known of a delay.
    assert min(gaps["slow"][3:]) >= 7.5 * SECOND
    assert min(gaps["fast"]) < SECOND


@pytest.mark.parametrize("wanted", [False, True], ids=["by default", "when configured"])
async def test_b30_robots_txt_decides_about_feeds_when_the_configuration_says_so(
    bench: Bench, web: Web, wanted: bool
) -> None:
    bench.change(politeness=replace(bench.road.politeness, robots_for_feeds=wanted))
    web.serve("paper", "/robots.txt", _robots("User-agent: *", "Disallow: /feed"))
    subscribe(bench, web, GOOD)
    await tick(bench)
    assert web.targets("paper") == (["/robots.txt"] if wanted else ["/feed.xml"])
    assert _failures(bench) == ([("paper", "robots")] if wanted else [])
