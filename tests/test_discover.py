"""Feeds are found where publishers put them, and hosts are asked with patience."""

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from ingestd.clock import SystemClock
from ingestd.discover import (
    Candidate,
    Discovery,
    Manners,
    Origin,
    discover,
    links_in,
    looks_like_feed,
    per_day,
    preview,
    sitemaps_in,
    sitemaps_listed,
    usual_places,
)
from ingestd.errors import StatusRefused, TimedOut
from ingestd.fetch.client import Fetcher, Settings
from ingestd.model import Entry, ParsedFeed
from ingestd.workers import Settings as WorkerSettings
from ingestd.workers import Workers
from tests.web import LOOPBACK, Reply, Web, redirect

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAGE = "https://paper.example/section/page.html"


def linked(html: str, url: str = PAGE) -> list[tuple[str, str]]:
    return [(one.url, one.origin.value) for one in links_in(html.encode(), url)]


# ---------------------------------------------------------------------------------- what a page links


@pytest.mark.parametrize(
    "kind",
    ["application/rss+xml", "application/atom+xml", "APPLICATION/FEED+JSON", "text/xml; charset=utf-8"],
)
def test_a_page_names_its_feeds_by_their_type(kind: str) -> None:
    html = f'<head><link href=/all.php rel="Alternate home" type="{kind}" title="All"></head>'
    assert linked(html) == [("https://paper.example/all.php", "named")]


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="alternate" hreflang="de" href="/de/">',
        '<link rel="stylesheet" type="text/xml" href="/x.xsl">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/7">',
        '<link rel="alternate" type="text/xml+oembed" href="/oembed?url=x">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:void(0)">',
        '<link rel="alternate" type="application/rss+xml" href="ftp://paper.example/feed">',
        '<link rel="alternate" type="application/rss+xml" href="https://user:word@paper.example/feed">',
        '<link rel="alternate" type="application/rss+xml">',
        '<a href="/news/what-is-rss-for.html">Feeding the poor</a>',
        '<a href="https://social.example/feed">Our feed</a>',
        '<a href="/sitemap.xml">Sitemap</a>',
        '<!-- <link rel="alternate" type="application/rss+xml" href="/old"> -->',
        "<script>'<a href=\"/feed\">RSS</a>'</script>",
    ],
)
def test_other_links_are_left_alone(link: str) -> None:
    assert linked(link) == []


def test_addresses_are_relative_to_the_base_that_the_page_declares() -> None:
    html = (
        '<base href="/world/"><base href="/second/"><link rel=alternate type=application/rss+xml href=feed>'
    )
    assert linked(html) == [("https://paper.example/world/feed", "named")]


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ('<a href="/rss">x</a>', "https://paper.example/rss"),
        ('<a href="/feeds/world/">x</a>', "https://paper.example/feeds/world/"),
        ('<a href="world.xml">x</a>', "https://paper.example/section/world.xml"),
        ('<a href="/?feed=rss2">x</a>', "https://paper.example/?feed=rss2"),
        ('<a href="/news?format=atom">x</a>', "https://paper.example/news?format=atom"),
        ('<a href="/feed.json">x</a>', "https://paper.example/feed.json"),
        ('<a href="/service/abo"><b>RSS</b>-Feeds</a>', "https://paper.example/service/abo"),
        ('<a href="/service/abo"><img alt="RSS"></a>', "https://paper.example/service/abo"),
        ('<a href="//feeds.service.example/paper">x</a>', "https://feeds.service.example/paper"),
        ('<a href="feed://paper.example/x">RSS</a>', "https://paper.example/x"),
        ('<a href="feed:http://paper.example/x">RSS</a>', "http://paper.example/x"),
        ('<a href="/my feed/rss#top">x</a>', "https://paper.example/my%20feed/rss"),
    ],
)
def test_a_link_that_looks_like_a_feed_is_one_to_ask(link: str, url: str) -> None:
    assert linked(link) == [(url, "linked")]


def test_named_feeds_come_before_linked_ones_and_comments_last() -> None:
    html = """
        <link rel="alternate" type="application/rss+xml" title="Paper » Comments Feed" href="/comments/feed/">
        <a href="/rss/sport">Sport</a>
        <link rel="alternate" type="application/rss+xml" title="Comment" href="/opinion/feed">
        <a href="/opinion/feed">RSS</a>
    """
    assert linked(html) == [
        ("https://paper.example/opinion/feed", "named"),
        ("https://paper.example/rss/sport", "linked"),
        ("https://paper.example/comments/feed/", "named"),
    ]


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"<",
        b"<![weird[x]]>",
        b"&#" + b"9" * 5_000 + b";",
        b"<a href='/rss",
        b"<a " * 50_000,
        b"<a href=/x>" * 20_000,
        b"<!--" * 50_000,
        b'<a href="' + b"/" * 100_000 + b'">RSS</a>',
        b"<link rel=alternate type=application/rss+xml href='http://[::1'>",
        b"\xff\xfe" + '<a href="/rss">x</a>'.encode("utf-16-le"),
        bytes(range(256)) * 100,
    ],
)
def test_junk_hides_nothing_that_stands_before_it(junk: bytes) -> None:
    assert "https://paper.example/feed" in {one.url for one in links_in(b"<a href=/feed>x</a>" + junk, PAGE)}


def test_a_page_in_a_wide_charset_is_read() -> None:
    body = '\ufeff<a href="/rss">x</a>'.encode("utf-16-le")
    assert [one.url for one in links_in(body, PAGE)] == ["https://paper.example/rss"]


def test_what_is_no_html_at_all_is_survived() -> None:
    rng = random.Random(5)
    pieces = [
        b"<a ",
        b"href=",
        b"'",
        b'"',
        b">",
        b"<!",
        b"--",
        b"[",
        b"]]>",
        b"&#",
        b"99999",
        b"<?",
        b"</",
        b"/",
    ]
    for _ in range(3_000):
        links_in(b"".join(rng.choices(pieces, k=30)), PAGE)


def test_a_page_of_many_links_is_cut() -> None:
    assert len(links_in(b"".join(b"<a href=/rss/%d>x</a>" % n for n in range(5_000)), PAGE)) == 200


# ---------------------------------------------------------------------------------- where else to look


def test_usual_places_are_below_the_site_and_below_the_page_s_folder() -> None:
    def urls(url: str) -> list[str]:
        return [one.url for one in usual_places(url)]

    assert urls("https://paper.example/")[0] == "https://paper.example/feed"
    assert "https://paper.example/?feed=rss2" in urls("https://paper.example")
    assert urls("https://paper.example/~ann/blog/")[:2] == [
        "https://paper.example/",
        "https://paper.example/~ann/blog/feed",
    ]
    assert "https://paper.example/blog/index.xml" in urls("https://paper.example/blog/post.html")
    assert urls("https://paper.example/")[-1] == "https://paper.example/news-sitemap.xml"


def test_robots_txt_names_sitemaps_and_those_of_news_come_first() -> None:
    robots = b"""User-agent: *
Disallow: /private
Sitemap: https://paper.example/sitemap.xml
 SITEMAP : /Google-News.xml
Sitemap: https://paper.example/sitemap.xml
# Sitemap: https://paper.example/no.xml
Sitemap: javascript:alert(1)
"""
    assert sitemaps_in(robots, "https://paper.example/robots.txt") == (
        Candidate("https://paper.example/Google-News.xml", Origin.ROBOTS, depth=1),
        Candidate("https://paper.example/sitemap.xml", Origin.SITEMAP, depth=1),
    )


def test_an_index_lists_sitemaps_and_only_an_index_does() -> None:
    children = "".join(
        f"<s:sitemap><s:loc>\n/part{n}.xml?a=1&amp;b=2\n</s:loc></s:sitemap>" for n in range(9)
    )
    index = (
        f'<?xml version="1.0"?><s:sitemapindex>{children}<loc><![CDATA[/news.xml]]></loc></s:sitemapindex>'
    )
    found = [one.url for one in sitemaps_listed(index.encode(), "https://paper.example/sitemap.xml")]
    assert found == [
        "https://paper.example/news.xml",
        "https://paper.example/part0.xml?a=1&b=2",
        "https://paper.example/part1.xml?a=1&b=2",
    ]
    assert sitemaps_listed(b"<urlset><url><loc>/news/1</loc></url></urlset>", PAGE) == ()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://paper.example/feed/", True),
        ("https://paper.example/atom.php", True),
        ("https://paper.example/a/b.rdf", True),
        ("https://paper.example/rss/index.html", False),
        ("https://paper.example/opensearch.xml", False),
        ("https://paper.example/", False),
    ],
)
def test_addresses_of_feeds_are_told_by_their_looks(url: str, expected: bool) -> None:
    assert looks_like_feed(url) is expected


# ---------------------------------------------------------------------------------- what a feed is like


def entries(*hours_ago: float | None, html: str | None = None) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            key=str(number),
            digest=str(number),
            url=f"https://paper.example/{number}",
            title=f"Title {number}",
            summary_html=html,
            published_at=None if hours is None else NOW - timedelta(hours=hours),
        )
        for number, hours in enumerate(hours_ago)
    )


def test_the_newest_titles_are_shown_and_those_without_a_date_last() -> None:
    seen = preview(ParsedFeed("rss20", entries(None, 5, 1, -48, 2)), "https://paper.example/feed", NOW)
    assert seen.titles == ("Title 2", "Title 4", "Title 1")
    assert seen.newest_at == NOW - timedelta(hours=1)
    assert seen.entries == 5


def test_an_empty_feed_has_a_preview() -> None:
    seen = preview(ParsedFeed("atom10", ()), "https://paper.example/feed", NOW)
    assert (seen.entries, seen.newest_at, seen.titles, seen.per_day, seen.full_text) == (
        0,
        None,
        (),
        None,
        False,
    )


def test_full_text_is_told_by_its_length() -> None:
    for length, expected in ((200, False), (3_000, True)):
        parsed = ParsedFeed("rss20", entries(1, 2, html="x" * length))
        assert preview(parsed, "https://paper.example/feed", NOW).full_text is expected


def test_a_rhythm_is_that_of_the_younger_half() -> None:
    hourly = [NOW - timedelta(hours=hours) for hours in range(10)]
    pinned = NOW - timedelta(days=900)
    assert per_day([*hourly, pinned]) == pytest.approx(24)
    assert per_day(hourly[:2]) is None
    assert per_day([NOW] * 10) is None


# ---------------------------------------------------------------------------------- asking

ITEM = "<item><title>{0}</title><link>http://paper.localhost/{0}</link></item>"


def rss(*titles: str, title: str = "Paper") -> Reply:
    items = "".join(map(ITEM.format, titles))
    return Reply(f'<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'.encode())


def page(html: str) -> Reply:
    return Reply(f"<!DOCTYPE html><html>{html}</html>".encode(), headers=(("Content-Type", "text/html"),))


def names(*targets: str) -> str:
    return "".join(f'<link rel="alternate" type="application/rss+xml" href="{one}">' for one in targets)


@dataclass
class PatientClock(SystemClock):
    """Time passes only while it sleeps, which takes none."""

    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return sum(self.slept)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


class Looker:
    """`discover` from a URL of the test's web."""

    def __init__(self, fetcher: Fetcher, workers: Workers, clock: PatientClock) -> None:
        self.clock = clock
        self._parts = (fetcher, workers, clock)

    async def __call__(self, url: str, *, limit: int = 30) -> Discovery:
        spacing = timedelta(seconds=5)
        manners = Manners(lambda host: spacing, lambda url: {"X-For": url}, limit, lambda asked: None)
        return await discover(url, *self._parts, manners)


@pytest.fixture
async def look(web: Web) -> AsyncIterator[Looker]:
    clock = PatientClock()
    settings = Settings(allow_networks=LOOPBACK, read_timeout=timedelta(seconds=0.5))
    async with Fetcher(settings, clock, ports=[web.port]) as fetcher, Workers(WorkerSettings(1)) as workers:
        yield Looker(fetcher, workers, clock)


async def test_a_feed_is_its_own_answer(web: Web, look: Looker) -> None:
    url = web.serve("paper", "/anything", rss("one"))
    outcome = await look(url)
    assert [(one.url, one.origin) for one in outcome.found] == [(url, Origin.GIVEN)]
    assert web.targets("paper") == ["/anything"]


async def test_pages_are_asked_for_pages_and_feeds_for_feeds(web: Web, look: Looker) -> None:
    await look(web.serve("paper", "/feed", rss("one")))
    await look(web.serve("paper", "/", page(names("/a"))), limit=3)
    kinds = [(request.header("accept") or b"").partition(b",")[0] for request in web.requests]
    assert kinds == [b"application/atom+xml", b"text/html", b"text/plain", b"application/atom+xml"]


async def test_a_page_that_names_feeds_is_not_searched_further(web: Web, look: Looker) -> None:
    url = web.serve("paper", "/", page(names("/a", "/b") + '<a href="/rss/c">x</a>'))
    web.serve("paper", "/a", rss("one"))
    web.serve("paper", "/b", rss("two"))
    web.serve("paper", "/rss/c", rss("three"))
    outcome = await look(url)
    assert [one.url for one in outcome.found] == [
        web.url("paper", target) for target in ("/a", "/b", "/rss/c")
    ]
    assert web.targets("paper") == ["/", "/robots.txt", "/a", "/b", "/rss/c"]
    assert outcome.requests == 5
    assert [request.header("x-for") for request in web.requests] == [
        web.url("paper", request.target).encode() for request in web.requests
    ]


async def test_one_host_is_asked_with_time_between_two_requests(web: Web, look: Looker) -> None:
    url = web.serve("paper", "/", page(names("/a", web.url("other", "/b"), "/c")))
    await look(url, limit=5)
    assert web.targets("other") == ["/b"]
    assert len(web.targets("paper")) == 4
    assert look.clock.slept == [5, 5, 5]


async def test_usual_places_are_tried_until_one_has_a_feed(web: Web, look: Looker) -> None:
    url = web.serve("paper", "/about/", page("Nothing here"))
    web.serve("paper", "/rss.xml", rss("one"))
    web.serve("paper", "/atom.xml", rss("two"))
    outcome = await look(url)
    assert [(one.url, one.origin) for one in outcome.found] == [(web.url("paper", "/rss.xml"), Origin.USUAL)]
    assert "/atom.xml" not in web.targets("paper")
    assert "/" in web.targets("paper")


async def test_the_front_page_is_asked_when_another_page_names_no_feed(web: Web, look: Looker) -> None:
    url = web.serve("paper", "/2026/story.html", page("A story"))
    web.serve("paper", "/", page(names("/all")))
    web.serve("paper", "/all", rss("one"))
    assert [one.url for one in (await look(url)).found] == [web.url("paper", "/all")]
    assert web.targets("paper")[:4] == ["/2026/story.html", "/robots.txt", "/", "/all"]


async def test_a_list_of_feeds_is_followed_one_page_deep(web: Web, look: Looker) -> None:
    url = web.serve("paper", "/", page('<a href="/rss">RSS</a>'))
    web.serve("paper", "/rss", page('<a href="/rss/world">World</a><a href="/rss/more">More</a>'))
    web.serve("paper", "/rss/world", rss("one"))
    web.serve("paper", "/rss/more", page('<a href="/rss/deeper">Deeper</a>'))
    web.serve("paper", "/rss/deeper", rss("two"))
    assert [one.url for one in (await look(url)).found] == [web.url("paper", "/rss/world")]
    assert "/rss/deeper" not in web.targets("paper")


async def test_comments_and_empty_feeds_are_last_and_do_not_end_the_search(web: Web, look: Looker) -> None:
    url = web.serve("paper", "/", page(names("/comments/feed", "/empty")))
    web.serve("paper", "/comments/feed", rss("re"))
    web.serve("paper", "/empty", rss())
    web.serve("paper", "/feed.xml", rss("one"))
    found = (await look(url)).found
    assert [one.url.rpartition("localhost")[2].partition("/")[2] for one in found] == [
        "feed.xml",
        "empty",
        "comments/feed",
    ]


async def test_one_feed_in_two_places_is_named_as_such(web: Web, look: Looker) -> None:
    url = web.serve("paper", "/", page(names("/a", "/b", "/moved", "/elsewhere")))
    web.serve("paper", "/a", rss("one", "two"))
    web.serve("paper", "/b", rss("two", "one"))
    web.serve("paper", "/moved", redirect("/a", 301))
    web.serve("paper", "/elsewhere", redirect("/c", 301))
    web.serve("paper", "/c", rss("three"))
    found = (await look(url)).found
    a, b, c = (web.url("paper", target) for target in ("/a", "/b", "/c"))
    assert [(one.url, one.same_as) for one in found] == [(a, None), (b, a), (c, None)]


async def test_a_feed_behind_a_passing_redirect_keeps_its_address(web: Web, look: Looker) -> None:
    url = web.serve("paper", "/", page(names("/a")))
    web.serve("paper", "/a", redirect("/b", 302))
    web.serve("paper", "/b", rss("one"))
    assert [one.url for one in (await look(url)).found] == [web.url("paper", "/a")]


async def test_requests_are_bounded_and_what_is_left_is_named(web: Web, look: Looker) -> None:
    url = web.serve("paper", "/", page(names(*(f"/{number}" for number in range(30)))))
    outcome = await look(url, limit=5)
    assert len(web.requests) == outcome.requests == 5
    assert outcome.left == tuple(web.url("paper", f"/{number}") for number in range(3, 30))


async def test_a_host_that_refuses_is_not_asked_on_and_on(web: Web, look: Looker) -> None:
    url = web.url("paper", "/")
    for target in ("/", "/robots.txt", "/feed", "/rss", "/feed.xml"):
        web.serve("paper", target, Reply(b"no", status=403))
    with pytest.raises(StatusRefused, match="403"):
        await look(url)
    assert len(web.requests) == 3


async def test_a_host_that_asks_for_rest_gets_it(web: Web, look: Looker) -> None:
    url = web.serve("paper", "/", page(names("/a", "/b")))
    web.serve("paper", "/a", Reply(status=429))
    outcome = await look(url)
    assert web.targets("paper") == ["/", "/robots.txt", "/a"]
    assert {one.url for one in outcome.failures} >= {web.url("paper", "/a"), web.url("paper", "/b")}


async def test_feeds_are_found_although_the_page_is_refused(web: Web, look: Looker) -> None:
    url = web.serve("paper", "/", Reply(b"no", status=403))
    web.serve("paper", "/feed", rss("one"))
    outcome = await look(url)
    assert [one.url for one in outcome.found] == [web.url("paper", "/feed")]
    assert outcome.failures[0].reason == "the server answered 403"


async def test_a_server_that_is_not_there_is_an_error(web: Web, look: Looker) -> None:
    web.serve("paper", "/", Reply(hang=True))
    with pytest.raises(TimedOut):
        await look(web.url("paper", "/"))
    assert len(web.requests) == 1


async def test_an_index_of_sitemaps_is_followed_to_that_of_news(web: Web, look: Looker) -> None:
    url = web.serve("paper", "/", page("Nothing"))
    web.serve("paper", "/robots.txt", Reply(b"Sitemap: /sitemap-news-index.xml"))
    index = "<sitemapindex><sitemap><loc>/sitemap-news-1.xml</loc></sitemap></sitemapindex>"
    web.serve("paper", "/sitemap-news-index.xml", Reply(index.encode()))
    await look(url)
    assert web.targets("paper")[:4] == ["/", "/robots.txt", "/sitemap-news-index.xml", "/sitemap-news-1.xml"]
