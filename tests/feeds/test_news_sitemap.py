"""Sitemaps to entries."""

from datetime import UTC, datetime

import pytest

from ingestd.errors import FeedUnreadable
from ingestd.feeds import news_sitemap
from ingestd.feeds.news_sitemap import fits, read
from ingestd.model import Enclosure, ParsedFeed

URL = "https://news.example.test/sitemap.xml"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
NEWS = (
    "<news:news><news:publication><news:name>The News</news:name><news:language>de</news:language>"
    "</news:publication><news:publication_date>2026-11-22T12:00:00Z</news:publication_date>"
    "<news:title>R&D</news:title><news:keywords>a, b</news:keywords></news:news>"
)


def sitemap(inside: str, namespaces: str = NAMESPACES) -> ParsedFeed:
    return read(f'<?xml version="1.0"?><urlset {namespaces}>{inside}</urlset>'.encode(), URL, {})


def test_everything_a_news_sitemap_says_is_read() -> None:
    feed = sitemap(
        f"<url><loc> /a </loc><lastmod>2026-11-22T13:00:00+01:00</lastmod>{NEWS}"
        "<image:image><image:loc>/a.jpg</image:loc><image:title>Picture</image:title></image:image></url>"
    )
    (only,) = feed.entries
    assert (feed.format, feed.problems, feed.cut_off) == ("news-sitemap", (), False)
    assert (only.url, only.page_url) == ("https://news.example.test/a",) * 2
    assert (only.title, only.language, only.categories) == ("R&D", "de", ("a", "b"))
    assert (only.published_at, only.updated_at) == (NOON, NOON)
    assert only.enclosures == (Enclosure("https://news.example.test/a.jpg"),)


def test_a_plain_sitemap_gives_links_and_when_they_changed() -> None:
    feed = sitemap(
        "<url><loc>/a</loc><lastmod>2026-11-22T12:00Z</lastmod></url><url><loc>mailto:x</loc></url>"
    )
    (only,) = feed.entries
    assert (feed.format, only.title, only.published_at, only.updated_at) == ("sitemap", None, None, NOON)


def test_an_index_of_sitemaps_is_no_feed() -> None:
    with pytest.raises(FeedUnreadable) as caught:
        read(b"<sitemapindex><sitemap><loc>/a</loc></sitemap></sitemapindex>", URL, {})
    assert caught.value.reason == "sitemap-index"


def test_a_broken_url_does_not_hide_the_others() -> None:
    feed = sitemap(f"<url><loc>/a</loc>{NEWS}</url><url><loc>/b</url><url><loc>/c</loc></url>", "")
    assert [only.url for only in feed.entries] == [
        "https://news.example.test/a",
        "https://news.example.test/c",
    ]
    assert "not well-formed" in feed.problems[0]
    assert not feed.cut_off


def test_a_sitemap_that_breaks_off_gives_its_whole_urls() -> None:
    feed = read(f"<urlset {NAMESPACES}><url><loc>/a</loc></url><url><loc>/b".encode(), URL, {})
    assert ([only.url for only in feed.entries], feed.cut_off) == (["https://news.example.test/a"], True)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<urlset>" + b"<a>" * 10_000, "too-deep"),
        (b"<urlset><url><loc>", "not-a-feed"),
        (b"<urlset>" + b"<url>" * 10_000, "too-deep"),
    ],
)
def test_what_cannot_be_read_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(FeedUnreadable) as caught:
        read(body, URL, {})
    assert caught.value.reason == reason


def test_of_too_many_urls_the_latest_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news_sitemap, "MAX_ENTRIES", 2)
    urls = (f"<url><loc>/{n}</loc><lastmod>2026-11-0{n}</lastmod></url>" for n in (1, 3, 2))
    feed = sitemap("".join(urls) + "<url><loc>/0</loc></url>")
    assert [only.url for only in feed.entries] == [f"https://news.example.test/{n}" for n in (3, 2)]
    assert "2 of 4" in feed.problems[0]


@pytest.mark.parametrize(
    ("head", "fitting"),
    [
        (b"<?xml version='1.0'?><!-- <rss> --><urlset xmlns='x'>", True),
        (b"<s:sitemapindex ", True),
        ("<urlset>".encode("utf-16-le"), True),
        (b"<rss><!-- <urlset> -->", False),
        (b"{}", False),
        (b"", False),
    ],
)
def test_the_root_element_tells_a_sitemap(head: bytes, fitting: bool) -> None:
    assert fits(head) is fitting
