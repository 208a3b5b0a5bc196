"""`Fetcher` against a real server on loopback."""

import asyncio
import gzip
import socket
import ssl
import tracemalloc
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial

import httpcore
import pytest

from ingestd import __version__
from ingestd.clock import SystemClock
from ingestd.errors import (
    AddressRefused,
    BadRedirect,
    BadResponse,
    ConnectFailed,
    FetchError,
    StatusRefused,
    TimedOut,
    TooLarge,
)
from ingestd.fetch.client import UNCONDITIONAL, Accept, Fetcher, Settings
from ingestd.fetch.robots import MAX_ROBOTS_BYTES
from ingestd.model import Document, NotModified, Redirect, Validators
from tests.fetch.codings import COMPRESS
from tests.fetch.conftest import CERTIFICATE, LOCAL, MakeFetcher
from tests.web import Reply, Request, Web, redirect

RSS = b"<rss version='2.0'><channel><title>Paper</title></channel></rss>"
IMPATIENT = replace(
    LOCAL,
    total_timeout=timedelta(seconds=0.5),
    connect_timeout=timedelta(seconds=0.3),
    read_timeout=timedelta(seconds=0.3),
)


async def fetch(fetcher: Fetcher, url: str, validators: Validators = UNCONDITIONAL) -> Document:
    document = await fetcher.get(url, accept=Accept.FEED, validators=validators)
    assert isinstance(document, Document)
    return document


class TestDocument:
    async def test_holds_what_the_server_sent(self, web: Web, fetcher: Fetcher) -> None:
        url = web.serve("paper", "/feed", Reply(RSS, headers=(("Content-Type", "application/rss+xml"),)))
        document = await fetch(fetcher, url)
        assert (document.url, document.final_url, document.status) == (url, url, 200)
        assert (document.body, document.wire_bytes) == (RSS, len(RSS))
        assert document.content_type == "application/rss+xml"
        assert document.redirects == ()
        assert document.elapsed > timedelta(0)

    async def test_request_says_who_asks_and_for_what(self, web: Web, fetcher: Fetcher) -> None:
        await fetch(fetcher, web.serve("paper", "/feed", Reply(RSS)))
        (request,) = web.requests
        agent = f"ingestd/{__version__} (+https://ingestd.example/)".encode()
        assert request.header("user-agent") == agent
        assert b"application/rss+xml" in (request.header("accept") or b"")
        assert request.header("accept-encoding") == b"gzip, deflate, br, zstd"

    async def test_page_and_robots_ask_for_their_own_types(self, web: Web, fetcher: Fetcher) -> None:
        url = web.serve("paper", "/", Reply(b"x"))
        await fetcher.get(url, accept=Accept.PAGE)
        await fetcher.get(url, accept=Accept.ROBOTS)
        accepts = [request.header("accept") or b"" for request in web.requests]
        assert accepts[0].startswith(b"text/html")
        assert accepts[1].startswith(b"text/plain")

    async def test_names_in_lower_case_repeated_headers_joined(self, web: Web, fetcher: Fetcher) -> None:
        reply = Reply(RSS, headers=(("X-One", "a"), ("x-oNE", "b"), ("X-Odd", b"\xe9\x01\x7f!")))
        document = await fetch(fetcher, web.serve("paper", "/", reply))
        assert document.headers["x-one"] == "a, b"
        assert document.headers["x-odd"] == "é!"

    async def test_connection_is_kept_for_the_next_request(self, web: Web, make_fetcher: MakeFetcher) -> None:
        fetcher = await make_fetcher()
        url = web.serve("paper", "/", Reply(RSS, etag=b'"1"'))
        for validators in (Validators(), Validators('"1"'), Validators()):
            await fetcher.get(url, accept=Accept.FEED, validators=validators)
        ports = {request.client_port for request in web.requests}
        assert len(web.requests) == 3
        assert len(ports) == 1

    async def test_cookies_and_referer_are_never_sent(self, web: Web, fetcher: Fetcher) -> None:
        cookie = ("Set-Cookie", "a=b; Path=/")
        target = web.serve("paper", "/there", Reply(RSS, headers=(cookie,)))
        url = web.serve("paper", "/here", replace(redirect(target), headers=(("Location", target), cookie)))
        await fetch(fetcher, url)
        await fetch(fetcher, url)
        assert not [r for r in web.requests if r.header("cookie") or r.header("referer")]

    async def test_environment_proxies_are_ignored(
        self, web: Web, make_fetcher: MakeFetcher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        fetcher = await make_fetcher()
        assert (await fetch(fetcher, web.serve("paper", "/", Reply(RSS)))).body == RSS

    async def test_empty_body_is_a_document(self, web: Web, fetcher: Fetcher) -> None:
        url = web.serve("paper", "/", Reply(b"", headers=(("Content-Encoding", "gzip"),)))
        assert (await fetch(fetcher, url)).body == b""

    async def test_chunked_body(self, web: Web, fetcher: Fetcher) -> None:
        assert (
            await fetch(fetcher, web.serve("paper", "/", Reply(RSS * 100, chunked=True)))
        ).body == RSS * 100


class TestEncodings:
    @pytest.mark.parametrize(
        ("coding", "body"),
        [
            ("gzip", COMPRESS["gzip"](RSS)),
            ("x-gzip", COMPRESS["gzip"](RSS)),
            ("deflate", COMPRESS["deflate"](RSS)),
            ("br", COMPRESS["br"](RSS)),
            ("zstd", COMPRESS["zstd"](RSS)),
            ("identity", RSS),
            ("GZIP", gzip.compress(RSS[:9]) + gzip.compress(RSS[9:])),
        ],
    )
    async def test_are_undone(self, web: Web, fetcher: Fetcher, coding: str, body: bytes) -> None:
        url = web.serve("paper", "/", Reply(body, headers=(("Content-Encoding", coding),)))
        document = await fetch(fetcher, url)
        assert (document.body, document.wire_bytes) == (RSS, len(body))

    @pytest.mark.parametrize("coding", ["gzip, gzip", "compress", "gzip, br", "utf-8"])
    async def test_stacked_and_unknown_are_refused(self, web: Web, fetcher: Fetcher, coding: str) -> None:
        body = gzip.compress(gzip.compress(RSS))
        url = web.serve("paper", "/", Reply(body, headers=(("Content-Encoding", coding),)))
        with pytest.raises(BadResponse, match="encoding"):
            await fetch(fetcher, url)

    @pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
    @pytest.mark.parametrize("chunked", [False, True])
    async def test_bomb_ends_at_the_limit_with_bounded_memory(
        self, web: Web, make_fetcher: MakeFetcher, coding: str, chunked: bool
    ) -> None:
        bomb = COMPRESS[coding](bytes(100_000_000))
        fetcher = await make_fetcher(replace(LOCAL, max_feed_bytes=1_000_000))
        reply = Reply(bomb, headers=(("Content-Encoding", coding),), chunked=chunked)
        url = web.serve("paper", "/", reply)
        tracemalloc.start()
        try:
            with pytest.raises(TooLarge, match="after decoding"):
                await fetch(fetcher, url)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < 4_000_000


class TestLimits:
    async def test_body_at_the_limit_passes_and_one_byte_more_does_not(
        self, web: Web, make_fetcher: MakeFetcher
    ) -> None:
        fetcher = await make_fetcher(replace(LOCAL, max_feed_bytes=1_000))
        url = web.serve(
            "paper", "/", Reply(bytes(1_000)), Reply(bytes(1_001)), Reply(bytes(1_001), chunked=True)
        )
        assert len((await fetch(fetcher, url)).body) == 1_000
        with pytest.raises(TooLarge, match="announced"):
            await fetch(fetcher, url)
        with pytest.raises(TooLarge, match="after decoding"):
            await fetch(fetcher, url)

    async def test_pages_have_a_limit_of_their_own(self, web: Web, make_fetcher: MakeFetcher) -> None:
        fetcher = await make_fetcher(replace(LOCAL, max_page_bytes=100))
        url = web.serve("paper", "/", Reply(bytes(101)))
        assert len((await fetch(fetcher, url)).body) == 101
        with pytest.raises(TooLarge):
            await fetcher.get(url, accept=Accept.PAGE)

    async def test_wire_bytes_have_a_limit_of_their_own(self, web: Web, make_fetcher: MakeFetcher) -> None:
        fetcher = await make_fetcher(replace(LOCAL, max_wire_bytes=10))
        reply = Reply(gzip.compress(b""), headers=(("Content-Encoding", "gzip"),), chunked=True)
        with pytest.raises(TooLarge, match="on the wire"):
            await fetch(fetcher, web.serve("paper", "/", reply))

    async def test_announced_length_is_refused_before_the_body(self, web: Web, fetcher: Fetcher) -> None:
        url = web.serve("paper", "/", Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"))
        with pytest.raises(TooLarge, match="announced"):
            await fetch(fetcher, url)

    async def test_header_count(self, web: Web, make_fetcher: MakeFetcher) -> None:
        fetcher = await make_fetcher(replace(LOCAL, max_header_count=10))
        many = tuple((f"x-{n}", "v") for n in range(9))
        url = web.serve("paper", "/", Reply(RSS, headers=many), Reply(RSS, headers=(*many, ("x", "y"))))
        assert (await fetch(fetcher, url)).body == RSS
        with pytest.raises(TooLarge, match="header"):
            await fetch(fetcher, url)

    async def test_head_of_many_bytes(self, web: Web, fetcher: Fetcher) -> None:
        with pytest.raises(TooLarge):
            await fetch(fetcher, web.serve("paper", "/", Reply(RSS, headers=(("x", "y" * 300_000),))))

    async def test_drip_ends_with_the_total_time(self, web: Web, make_fetcher: MakeFetcher) -> None:
        fetcher = await make_fetcher(IMPATIENT)
        with pytest.raises(TimedOut):
            await fetch(fetcher, web.serve("paper", "/", Reply(bytes(10_000), drip=0.05)))

    async def test_silence_ends_with_the_read_time(self, web: Web, make_fetcher: MakeFetcher) -> None:
        fetcher = await make_fetcher(replace(IMPATIENT, total_timeout=timedelta(seconds=60)))
        with pytest.raises(TimedOut):
            await fetch(fetcher, web.serve("paper", "/", Reply(hang=True)))

    async def test_time_outs_leave_no_place_taken(self, web: Web, make_fetcher: MakeFetcher) -> None:
        fetcher = await make_fetcher(replace(IMPATIENT, concurrency=1))
        hanging = web.serve("slow", "/", Reply(hang=True))
        for _ in range(2):
            with pytest.raises(TimedOut):
                await fetch(fetcher, hanging)
        assert (await fetch(fetcher, web.serve("paper", "/", Reply(RSS)))).body == RSS

    async def test_unread_answers_leave_no_connection_taken(
        self, web: Web, make_fetcher: MakeFetcher
    ) -> None:
        fetcher = await make_fetcher(replace(LOCAL, concurrency=1, total_timeout=timedelta(seconds=5)))
        missing = web.serve("missing", "/", Reply(RSS, status=404))
        for _ in range(2):
            with pytest.raises(StatusRefused):
                await fetch(fetcher, missing)
        moved = web.serve("moved", "/", redirect(web.serve("paper", "/", Reply(RSS))))
        assert (await fetch(fetcher, moved)).body == RSS

    async def test_waiting_for_a_place_does_not_count_against_the_time(
        self, web: Web, make_fetcher: MakeFetcher
    ) -> None:
        fetcher = await make_fetcher(replace(LOCAL, concurrency=1, total_timeout=timedelta(seconds=1)))
        urls = [web.serve(f"paper{n}", "/", Reply(b"slow", drip=0.1)) for n in range(4)]
        documents = await asyncio.gather(*(fetch(fetcher, url) for url in urls))
        assert [document.body for document in documents] == [b"slow"] * 4

    async def test_no_more_requests_in_flight_than_allowed(self, web: Web, make_fetcher: MakeFetcher) -> None:
        fetcher = await make_fetcher(replace(LOCAL, concurrency=2))
        in_flight, seen = 0, []
        gate = asyncio.Event()
        loop = asyncio.get_running_loop()

        def reply(request: Request) -> Reply:
            seen.append(request.number)
            loop.call_soon_threadsafe(gate.set)
            return Reply(RSS, drip=0.001)

        urls = [web.serve(f"paper{n}", "/", reply) for n in range(6)]
        tasks = [asyncio.create_task(fetch(fetcher, url)) for url in urls]
        await gate.wait()
        while not all(task.done() for task in tasks):
            in_flight = max(in_flight, len(seen) - sum(task.done() for task in tasks))
            await asyncio.sleep(0.001)
        assert len(seen) == 6
        assert in_flight <= 2

    async def test_large_bodies_wait_for_memory_without_timing_out(
        self, web: Web, make_fetcher: MakeFetcher
    ) -> None:
        """One large place, eight large bodies at once: each gets it in turn."""
        settings = replace(LOCAL, max_feed_bytes=500_000, max_page_bytes=1, max_in_flight_bytes=640_000)
        fetcher = await make_fetcher(settings)
        urls = [web.serve(f"paper{n}", "/", Reply(bytes(400_000), chunked=True)) for n in range(8)]
        documents = await asyncio.gather(*(fetch(fetcher, url) for url in urls))
        assert {len(document.body) for document in documents} == {400_000}


class TestBrokenResponses:
    async def test_body_shorter_than_announced(self, web: Web, fetcher: Fetcher) -> None:
        with pytest.raises(BadResponse):
            await fetch(fetcher, web.serve("paper", "/", Reply(RSS, cut_at=20)))

    async def test_chunks_that_do_not_end(self, web: Web, fetcher: Fetcher) -> None:
        with pytest.raises(BadResponse):
            await fetch(fetcher, web.serve("paper", "/", Reply(RSS, chunked=True, cut_at=20)))

    @pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
    async def test_compressed_stream_that_ends_in_the_middle(
        self, web: Web, fetcher: Fetcher, coding: str
    ) -> None:
        reply = Reply(COMPRESS[coding](RSS)[:-6], headers=(("Content-Encoding", coding),))
        with pytest.raises(BadResponse):
            await fetch(fetcher, web.serve("paper", "/", reply))

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"\r\n",
            b"SSH-2.0-OpenSSH\r\n",
            b"HTTP/1.1 abc\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
        ],
    )
    async def test_what_is_not_http(self, web: Web, fetcher: Fetcher, raw: bytes) -> None:
        with pytest.raises(BadResponse):
            await fetch(fetcher, web.serve("paper", "/", Reply(raw=raw)))

    async def test_304_to_an_unconditional_request(self, web: Web, fetcher: Fetcher) -> None:
        with pytest.raises(BadResponse, match="304"):
            await fetch(fetcher, web.serve("paper", "/", Reply(status=304)))


class TestValidators:
    @pytest.mark.parametrize(
        "etag", [b'W/"a b"', b'"x', b'"\xe9\xff\xc3\xa4"', b'"a\x01b"', b"a, b", b'""', b"0"]
    )
    async def test_go_back_byte_for_byte(self, web: Web, fetcher: Fetcher, etag: bytes) -> None:
        date = b"yesterday, \xfc about noon"
        url = web.serve("paper", "/", Reply(RSS, etag=etag, last_modified=date))
        document = await fetch(fetcher, url)
        answer = await fetcher.get(url, accept=Accept.FEED, validators=document.validators)
        assert isinstance(answer, NotModified)
        assert web.requests[1].header("if-none-match") == etag
        assert web.requests[1].header("if-modified-since") == date

    async def test_304_tells_only_what_it_carried(self, web: Web, fetcher: Fetcher) -> None:
        raw = b'HTTP/1.1 304 Not Modified\r\nETag: "2"\r\n\r\n'
        url = web.serve("paper", "/", Reply(raw=raw))
        answer = await fetcher.get(url, accept=Accept.FEED, validators=Validators('"1"', "then"))
        assert answer.validators == Validators('"2"', None)

    async def test_do_not_follow_a_redirect(self, web: Web, fetcher: Fetcher) -> None:
        url = web.serve("paper", "/", redirect(web.serve("paper", "/new", Reply(RSS, etag=b'"1"'))))
        document = await fetch(fetcher, url, Validators('"1"', "then"))
        assert document.body == RSS
        assert [request.header("if-none-match") for request in web.requests] == [b'"1"', None]
        assert [request.header("if-modified-since") for request in web.requests] == [b"then", None]

    async def test_go_to_the_hop_that_issued_them(self, web: Web, fetcher: Fetcher) -> None:
        url = web.serve("paper", "/", redirect(web.serve("cdn", "/new", Reply(RSS, etag=b'"1"'))))
        first = await fetch(fetcher, url)
        answer = await fetcher.get(
            url, accept=Accept.FEED, validators=first.validators, issued_by=first.final_url
        )
        assert isinstance(answer, NotModified)
        assert [request.header("if-none-match") for request in web.requests] == [None, None, None, b'"1"']

    @pytest.mark.parametrize("etag", ["", "a\r\nX-Evil: 1", "\0", "Ω", " x", "x" * 5_000])
    async def test_that_no_request_can_carry_are_left_out(
        self, web: Web, fetcher: Fetcher, etag: str
    ) -> None:
        document = await fetch(fetcher, web.serve("paper", "/", Reply(RSS)), Validators(etag))
        assert document.body == RSS
        assert web.requests[0].header("if-none-match") is None
        assert web.requests[0].header("x-evil") is None


class TestRedirects:
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    async def test_are_followed_and_recorded(self, web: Web, fetcher: Fetcher, status: int) -> None:
        target = web.serve("other", "/new", Reply(RSS))
        url = web.serve("paper", "/", redirect(target, status))
        document = await fetch(fetcher, url)
        assert (document.url, document.final_url, document.body) == (url, target, RSS)
        assert document.redirects == (Redirect(status, url, target),)

    async def test_relative_and_utf8_locations(self, web: Web, fetcher: Fetcher) -> None:
        url = web.serve("paper", "/a/", redirect("b?c=ä".encode()))
        web.serve("paper", "/a/b?c=%C3%A4", Reply(RSS))
        assert (await fetch(fetcher, url)).body == RSS

    async def test_as_many_as_allowed_and_not_one_more(self, web: Web, make_fetcher: MakeFetcher) -> None:
        fetcher = await make_fetcher(replace(LOCAL, max_redirects=2))
        for n in range(3):
            web.serve("paper", f"/{n}", redirect(f"/{n + 1}"))
        web.serve("paper", "/3", Reply(RSS))
        assert len((await fetch(fetcher, web.url("paper", "/1"))).redirects) == 2
        with pytest.raises(BadRedirect, match="more than 2"):
            await fetch(fetcher, web.url("paper", "/0"))

    async def test_circle(self, web: Web, fetcher: Fetcher) -> None:
        web.serve("paper", "/a", redirect("/b"))
        with pytest.raises(BadRedirect, match="circle"):
            await fetch(fetcher, web.serve("paper", "/b", redirect("/a")))
        assert len(web.requests) == 2

    @pytest.mark.parametrize(
        "location", ["", "ftp://paper/", "file:///etc/passwd", "http://", "http://[::1", "javascript:x"]
    )
    async def test_to_what_cannot_be_asked(self, web: Web, fetcher: Fetcher, location: str) -> None:
        with pytest.raises(BadRedirect):
            await fetch(fetcher, web.serve("paper", "/a", redirect(location)))

    async def test_without_location(self, web: Web, fetcher: Fetcher) -> None:
        with pytest.raises(BadRedirect, match="Location"):
            await fetch(fetcher, web.serve("paper", "/a", Reply(status=302)))

    async def test_other_3xx_are_not_followed(self, web: Web, fetcher: Fetcher) -> None:
        with pytest.raises(StatusRefused):
            await fetch(fetcher, web.serve("paper", "/a", redirect("/b", 300)))

    async def test_to_a_refused_address(self, web: Web, make_fetcher: MakeFetcher) -> None:
        fetcher = await make_fetcher(replace(LOCAL, allow_networks=("127.0.0.1/32",)))
        url = web.serve("paper", "/a", redirect(f"http://127.0.0.2:{web.port}/"))
        with pytest.raises(AddressRefused) as caught:
            await fetch(fetcher, url)
        assert caught.value.url == f"http://127.0.0.2:{web.port}/"
        assert len(web.requests) == 1

    async def test_with_userinfo(self, web: Web, fetcher: Fetcher) -> None:
        url = web.serve("paper", "/a", redirect(f"http://me:secret@paper.localhost:{web.port}/b"))
        with pytest.raises(AddressRefused) as caught:
            await fetch(fetcher, url)
        assert "secret" not in f"{caught.value} {caught.value.url}"


class TestHop:
    async def test_makes_one_request_and_follows_nothing(self, web: Web, fetcher: Fetcher) -> None:
        url = web.serve("paper", "/a", redirect("/b", 301))
        hop = await fetcher.hop(url, accept=Accept.FEED)
        assert hop == Redirect(301, url, web.url("paper", "/b"))
        assert web.targets("paper") == ["/a"]

    async def test_gives_what_the_one_address_answers(self, web: Web, fetcher: Fetcher) -> None:
        url = web.serve("paper", "/", Reply(RSS, etag=b'"1"'))
        document = await fetcher.hop(url, accept=Accept.FEED)
        assert isinstance(document, Document)
        assert (document.url, document.final_url, document.redirects) == (url, url, ())
        again = await fetcher.hop(url, accept=Accept.FEED, validators=document.validators)
        assert isinstance(again, NotModified)

    async def test_validators_go_only_to_their_issuer(self, web: Web, fetcher: Fetcher) -> None:
        url = web.serve("paper", "/", Reply(RSS, etag=b'"1"'))
        elsewhere = web.url("paper", "/old")
        await fetcher.hop(url, accept=Accept.FEED, validators=Validators('"1"'), issued_by=elsewhere)
        assert web.requests[0].header("if-none-match") is None

    async def test_says_when_it_begins_after_waiting_for_a_place(
        self, web: Web, make_fetcher: MakeFetcher
    ) -> None:
        fetcher = await make_fetcher(replace(LOCAL, concurrency=1))
        seen: list[int] = []
        slow = web.serve("slow", "/", Reply(b"slow", drip=0.02))
        url = web.serve("paper", "/", Reply(RSS))
        async with asyncio.TaskGroup() as both:
            for address in (slow, url):
                look = partial(lambda requests: seen.append(len(requests)), web.requests)
                both.create_task(fetcher.hop(address, accept=Accept.PAGE, begin=look))
        # With a place, and when the head goes out.
        assert seen == [0, 0, 1, 1]

    async def test_time_that_is_spent_is_not_to_be_had_again(self, web: Web, fetcher: Fetcher) -> None:
        url = web.serve("paper", "/", Reply(RSS))
        with pytest.raises(TimedOut) as caught:
            await fetcher.hop(url, accept=Accept.FEED, spent=LOCAL.total_timeout)
        assert caught.value.url == url

    @pytest.mark.parametrize("reply", [Reply(drip=0.1), Reply(chunked=True)])
    async def test_what_stands_in_the_body_of_a_redirect_is_not_read(
        self, web: Web, make_fetcher: MakeFetcher, reply: Reply
    ) -> None:
        fetcher = await make_fetcher(replace(IMPATIENT, max_wire_bytes=1))
        away = replace(reply, body=bytes(20_000_000), status=302, headers=(("Location", "/b"),))
        hop = await fetcher.hop(web.serve("paper", "/a", away), accept=Accept.FEED)
        assert isinstance(hop, Redirect)
        assert web.sent_bytes < 10_000_000

    async def test_leaves_no_connection_taken(self, web: Web, make_fetcher: MakeFetcher) -> None:
        fetcher = await make_fetcher(replace(LOCAL, concurrency=1, total_timeout=timedelta(seconds=5)))
        away = Reply(RSS, status=302, headers=(("Location", "/b"),))
        for host in ("a", "b", "c"):
            await fetcher.hop(web.serve(host, "/a", away), accept=Accept.FEED)


class TestPrivateHosts:
    @pytest.mark.parametrize(
        ("networks", "private"),
        [(("127.0.0.0/8",), True), (Settings().private_networks, False), ((), False)],
    )
    async def test_are_known_by_the_address_that_was_dialled(
        self, web: Web, make_fetcher: MakeFetcher, networks: tuple[str, ...], private: bool
    ) -> None:
        fetcher = await make_fetcher(replace(LOCAL, private_networks=networks))
        for url in (web.serve("paper", "/", Reply(status=503)), f"http://localhost:{web.port}/missing"):
            with pytest.raises(StatusRefused) as caught:
                await fetch(fetcher, url)
            assert caught.value.private is private

    async def test_on_a_connection_that_the_server_has_closed(
        self, web: Web, make_fetcher: MakeFetcher
    ) -> None:
        fetcher = await make_fetcher(replace(LOCAL, private_networks=("127.0.0.0/8",)))
        with pytest.raises(StatusRefused) as caught:
            await fetch(fetcher, web.serve("paper", "/", Reply(status=503, close=True)))
        assert caught.value.private

    def test_networks_that_are_none_are_refused(self) -> None:
        with pytest.raises(ValueError, match="private_networks"):
            Settings(private_networks=("10.0.0.0/99",))


class TestRobots:
    async def test_are_cut_where_their_reader_stops(self, web: Web, make_fetcher: MakeFetcher) -> None:
        fetcher = await make_fetcher(replace(LOCAL, max_wire_bytes=10_000_000))
        url = web.serve(
            "paper",
            "/robots.txt",
            Reply(bytes(9_000_000)),
            Reply(bytes(9_000_000), chunked=True),
            Reply(COMPRESS["gzip"](bytes(100_000_000)), headers=(("Content-Encoding", "gzip"),)),
            Reply(b"x" * MAX_ROBOTS_BYTES),
        )
        lengths = []
        for _ in range(4):
            answer = await fetcher.get(url, accept=Accept.ROBOTS)
            assert isinstance(answer, Document)
            lengths.append(len(answer.body))
        assert lengths == [*[MAX_ROBOTS_BYTES + 1] * 3, MAX_ROBOTS_BYTES]


class TestHeadersOfTheCaller:
    async def test_stay_on_the_host(self, web: Web, fetcher: Fetcher) -> None:
        elsewhere = web.serve("other", "/c", Reply(RSS))
        web.serve("paper", "/b", redirect(elsewhere))
        url = web.serve("paper", "/a", redirect("/b"))
        await fetcher.get(url, accept=Accept.FEED, headers={"Authorization": "Bearer x", "X-Key": "y"})
        assert [request.header("authorization") for request in web.requests] == [
            b"Bearer x",
            b"Bearer x",
            None,
        ]
        assert [request.header("x-key") for request in web.requests] == [b"y", b"y", None]

    async def test_do_not_go_to_another_port(self, web: Web, fetcher: Fetcher) -> None:
        with Web() as second:
            target = second.serve("paper", "/", Reply(RSS))
            fetcher_too = Fetcher(LOCAL, SystemClock(), ports=(web.port, second.port))
            async with fetcher_too:
                url = web.serve("paper", "/", redirect(target))
                await fetcher_too.get(url, accept=Accept.FEED, headers={"Authorization": "x"})
            assert second.requests[0].header("authorization") is None

    async def test_replace_ours(self, web: Web, fetcher: Fetcher) -> None:
        url = web.serve("paper", "/", Reply(RSS))
        await fetcher.get(url, accept=Accept.FEED, headers={"User-Agent": "Other/1"})
        agents = [value for name, value in web.requests[0].headers if name.lower() == b"user-agent"]
        assert agents == [b"Other/1"]

    async def test_that_break_a_request_are_refused(self, web: Web, fetcher: Fetcher) -> None:
        url = web.serve("paper", "/", Reply(RSS))
        with pytest.raises(AddressRefused):
            await fetcher.get(url, accept=Accept.FEED, headers={"X": "a\r\nEvil: 1"})
        assert web.requests == []


class TestStatuses:
    @pytest.mark.parametrize("status", [201, 202, 204, 205, 206, 400, 403, 404, 410, 418, 429, 500, 503, 599])
    async def test_that_are_not_success(self, web: Web, fetcher: Fetcher, status: int) -> None:
        with pytest.raises(StatusRefused) as caught:
            await fetch(fetcher, web.serve("paper", "/", Reply(status=status)))
        assert (caught.value.status, caught.value.retry_at) == (status, None)

    async def test_203_is_a_document(self, web: Web, fetcher: Fetcher) -> None:
        assert (await fetch(fetcher, web.serve("paper", "/", Reply(RSS, status=203)))).body == RSS

    async def test_dripping_error_page_is_not_waited_for(self, web: Web, make_fetcher: MakeFetcher) -> None:
        fetcher = await make_fetcher(IMPATIENT)
        with pytest.raises(StatusRefused):
            await fetch(fetcher, web.serve("paper", "/", Reply(bytes(1_000), status=500, drip=0.1)))

    @pytest.mark.parametrize("status", [404, 429, 500, 503])
    async def test_retry_after_in_seconds(self, web: Web, fetcher: Fetcher, status: int) -> None:
        reply = Reply(status=status, headers=(("Retry-After", "86400"),))
        assert await retry_after(fetcher, web.serve("paper", "/", reply)) == pytest.approx(86_400, abs=30)

    async def test_retry_after_as_a_date_counts_from_the_server_s_date(
        self, web: Web, fetcher: Fetcher
    ) -> None:
        server = datetime(2001, 1, 1, tzinfo=UTC)
        headers = (("Date", http_date(server)), ("Retry-After", http_date(server + timedelta(hours=2))))
        url = web.serve("paper", "/", Reply(status=503, headers=headers))
        assert await retry_after(fetcher, url) == pytest.approx(7_200, abs=30)

    async def test_retry_after_as_a_date_without_date(self, web: Web, fetcher: Fetcher) -> None:
        headers = (("Retry-After", http_date(datetime.now(UTC) + timedelta(hours=1))),)
        url = web.serve("paper", "/", Reply(status=503, headers=headers))
        assert await retry_after(fetcher, url) == pytest.approx(3_600, abs=30)

    @pytest.mark.parametrize(
        ("value", "seconds"),
        [
            ("999999999999", 366 * 86_400),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 366 * 86_400),
            ("Mon, 01 Jan 2001 00:00:00 GMT", 0),
            ("1.5", 1.5),
        ],
    )
    async def test_odd_retry_after(self, web: Web, fetcher: Fetcher, value: str, seconds: float) -> None:
        reply = Reply(status=429, headers=(("Retry-After", value),))
        assert await retry_after(fetcher, web.serve("paper", "/", reply)) == pytest.approx(seconds, abs=30)

    @pytest.mark.parametrize(
        "value", ["", "soon", "-5", "１２", "Mon, 99 Foo 2001", "9" * 400, "Fri, 31 Dec 9999 23:59:59 -2359"]
    )
    async def test_unreadable_retry_after(self, web: Web, fetcher: Fetcher, value: str) -> None:
        reply = Reply(status=429, headers=(("Retry-After", value.encode()),))
        with pytest.raises(StatusRefused) as caught:
            await fetch(fetcher, web.serve("paper", "/", reply))
        assert caught.value.retry_at is None


async def retry_after(fetcher: Fetcher, url: str) -> float:
    """Seconds from now until the moment that the refusal names."""
    with pytest.raises(StatusRefused) as caught:
        await fetch(fetcher, url)
    assert caught.value.retry_at is not None
    return (caught.value.retry_at - datetime.now(UTC)).total_seconds()


def http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


class Names:
    """A resolver with one answer after the other."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = iter(answers)

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        return next(self._answers)


class Detour(httpcore.AnyIOBackend):
    """Records what it is asked to dial, and dials the loopback server that `ports` names for the port."""

    def __init__(self, ports: dict[int, int]) -> None:
        self._ports = ports
        self.dialled: list[tuple[str, int]] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's signature)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.dialled.append((host, port))
        return await super().connect_tcp("127.0.0.1", self._ports[port], timeout)


class TestConnections:
    async def test_refused_port(self, web: Web) -> None:
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            port = held.getsockname()[1]
            async with Fetcher(LOCAL, SystemClock(), ports=(port,)) as fetcher:
                with pytest.raises(ConnectFailed) as caught:
                    await fetch(fetcher, f"http://paper.localhost:{port}/")
        assert caught.value.kind == "tcp"
        assert caught.value.url == f"http://paper.localhost:{port}/"

    async def test_port_that_nobody_named(self, web: Web) -> None:
        async with Fetcher(LOCAL, SystemClock()) as fetcher:
            with pytest.raises(AddressRefused, match="port"):
                await fetch(fetcher, web.serve("paper", "/", Reply(RSS)))
        assert web.requests == []

    async def test_allowed_port(self, web: Web) -> None:
        async with Fetcher(replace(LOCAL, allow_ports=(web.port,)), SystemClock()) as fetcher:
            assert (await fetch(fetcher, web.serve("paper", "/", Reply(RSS)))).body == RSS

    async def test_loopback_is_refused_by_default(self, web: Web) -> None:
        url = web.serve("paper", "/", Reply(RSS))
        async with Fetcher(Settings(), SystemClock(), ports=(web.port,)) as fetcher:
            with pytest.raises(AddressRefused, match="not globally reachable"):
                await fetch(fetcher, url)
        assert web.requests == []

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "feed.xml",
            "ftp://paper/feed",
            "file:///etc/passwd",
            "http:///",
            "http://paper:99999/",
            "http://paper:0/",
            "http://xn--/",
            "http://[::1",
            "http://me:secret@paper.localhost/",
            "http://me@paper.localhost/",
            "http://me:secret@[bad/",
            "http://a..b/",
            "http://1.2.3.256/",
            "http://" + "a" * 70 + "/",
            "http://paper.localhost/\0",
        ],
    )
    async def test_urls_that_cannot_be_asked(self, fetcher: Fetcher, url: str) -> None:
        with pytest.raises(FetchError) as caught:
            await fetch(fetcher, url)
        assert isinstance(caught.value, AddressRefused | ConnectFailed)
        assert "secret" not in f"{caught.value} {caught.value.url}"

    async def test_every_connection_is_resolved_checked_and_dialled_by_the_guard(
        self, web: Web, make_fetcher: MakeFetcher
    ) -> None:
        """The name is public at first and then, on the redirect's hop, inside."""
        web.serve("paper.example", "/a", redirect("/b", close=True))
        web.serve("paper.example", "/b", Reply(RSS))
        dialer = Detour({80: web.port})
        fetcher = await make_fetcher(Settings(), resolver=Names(["8.8.8.8"], ["10.0.0.1"]), dialer=dialer)
        with pytest.raises(AddressRefused, match=r"10\.0\.0\.1") as caught:
            await fetch(fetcher, "http://paper.example/a")
        assert caught.value.url == "http://paper.example/b"
        assert dialer.dialled == [("8.8.8.8", 80)]
        assert web.targets("paper.example") == ["/a"]

    async def test_certificate_that_nobody_trusts(self, secure_web: Web, fetcher: Fetcher) -> None:
        with pytest.raises(ConnectFailed, match="certificate") as caught:
            await fetch(fetcher, secure_web.serve("tls", "/", Reply(RSS)))
        assert caught.value.kind == "tls"
        assert secure_web.requests == []

    async def test_trusted_certificate(self, secure_web: Web, make_fetcher: MakeFetcher) -> None:
        fetcher = await make_fetcher(tls=ssl.create_default_context(cafile=CERTIFICATE))
        assert (await fetch(fetcher, secure_web.serve("tls", "/", Reply(RSS)))).body == RSS

    async def test_certificate_of_another_name(self, secure_web: Web, make_fetcher: MakeFetcher) -> None:
        fetcher = await make_fetcher(tls=ssl.create_default_context(cafile=CERTIFICATE))
        with pytest.raises(ConnectFailed, match="certificate"):
            await fetch(fetcher, secure_web.serve("other", "/", Reply(RSS)))

    async def test_server_that_hangs_up_in_the_handshake(self) -> None:
        async with await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            async with Fetcher(LOCAL, SystemClock(), ports=(port,)) as fetcher:
                with pytest.raises(ConnectFailed) as caught:
                    await fetch(fetcher, f"https://paper.localhost:{port}/")
        assert caught.value.kind == "tls"

    async def test_credentials_do_not_go_from_https_down_to_http(
        self, web: Web, secure_web: Web, make_fetcher: MakeFetcher
    ) -> None:
        secure_web.serve("tls", "/", redirect("http://tls.localhost/"))
        web.serve("tls", "/", redirect("https://tls.localhost/end"))
        secure_web.serve("tls", "/end", Reply(RSS))
        fetcher = await make_fetcher(
            dialer=Detour({80: web.port, 443: secure_web.port}),
            tls=ssl.create_default_context(cafile=CERTIFICATE),
        )
        await fetcher.get("https://tls.localhost/", accept=Accept.FEED, headers={"Authorization": "x"})
        assert [request.header("authorization") for request in secure_web.requests] == [b"x", b"x"]
        assert [request.header("authorization") for request in web.requests] == [None]
