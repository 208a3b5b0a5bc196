"""RSS, RDF and Atom to entries."""

from datetime import UTC, datetime, timedelta

import pytest

from ingestd.feeds.rss_atom import read
from ingestd.model import Enclosure, Entry, ParsedFeed, PollHints

URL = "https://news.example.test/feeds/all.xml"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)


def rss(inside: str, **headers: str) -> ParsedFeed:
    document = f'<?xml version="1.0"?><rss version="2.0" {NAMESPACES}><channel>{inside}</channel></rss>'
    served = {name.replace("_", "-"): value for name, value in headers.items()}
    return read(document.encode(), URL, {"content-type": "application/rss+xml", **served})


def rss_item(inside: str) -> Entry:
    (only,) = rss(f"<item>{inside}</item>").entries
    return only


def atom(inside: str) -> ParsedFeed:
    return read(f'<feed xmlns="http://www.w3.org/2005/Atom">{inside}</feed>'.encode(), URL, {})


def atom_entry(inside: str) -> Entry:
    (only,) = atom(f"<entry>{inside}</entry>").entries
    return only


def test_everything_an_rss_item_says_is_read() -> None:
    feed = rss(
        "<title>The News</title><link>/</link><language>en-gb</language>"
        '<item><title>A</title><link>../a</link><guid isPermaLink="false"> 7 </guid>'
        "<description>Short</description><content:encoded><![CDATA[<p>Long</p>]]></content:encoded>"
        "<dc:creator>Ada</dc:creator><author>ben@example.test (Ben)</author><category>Politics</category>"
        "<pubDate>Sun, 22 Nov 2026 12:00:00 GMT</pubDate><comments>/a#comments</comments>"
        '<source url="http://other.example.test/feed">Other</source>'
        '<enclosure url="/a.mp3" length="12" type="audio/mpeg"/><media:content url="/a.jpg"/></item>'
    )
    assert (feed.format, feed.title, feed.language) == ("rss20", "The News", "en-gb")
    assert feed.site_url == "https://news.example.test/"
    (only,) = feed.entries
    assert (only.guid, only.url, only.title) == ("7", "https://news.example.test/a", "A")
    assert (only.summary_html, only.content_html) == ("Short", "<p>Long</p>")
    assert (only.authors, only.categories) == (("Ada", "Ben"), ("Politics",))
    assert (only.published_at, only.updated_at) == (NOON, None)
    assert only.comments_url == "https://news.example.test/a#comments"
    assert only.source_title == "Other"
    assert only.language == "en-gb"
    assert only.enclosures == (
        Enclosure("https://news.example.test/a.mp3", "audio/mpeg", 12),
        Enclosure("https://news.example.test/a.jpg"),
    )


def test_everything_an_atom_entry_says_is_read() -> None:
    feed = atom(
        '<title>The News</title><author><name>Desk</name></author><link href="/"/>'
        '<entry xml:lang="fr"><id>urn:x:1</id><title type="html">A &amp;amp; &lt;b&gt;B&lt;/b&gt;</title>'
        '<link rel="alternate" href="/a"/><summary>1 &lt; 2</summary>'
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Long</p></div></content>'
        "<published>2026-11-22T12:00:00Z</published><updated>2026-11-22T13:00:00Z</updated></entry>"
    )
    (only,) = feed.entries
    assert (feed.format, only.guid, only.url) == ("atom10", "urn:x:1", "https://news.example.test/a")
    assert (only.title, only.authors, only.language) == ("A & B", ("Desk",), "fr")
    assert (only.summary_html, only.content_html) == ("<p>1 &lt; 2</p>", "<p>Long</p>")
    assert (only.published_at, only.updated_at) == (NOON, NOON + timedelta(hours=1))


def test_rdf_is_read() -> None:
    document = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>C</title></channel>'
        '<item rdf:about="x"><title>A</title><link>http://news.example.test/a</link>'
        "<dc:date>2026-11-22T12:00:00Z</dc:date></item></rdf:RDF>"
    )
    feed = read(document.encode(), URL, {})
    assert (feed.format, feed.title) == ("rss10", "C")
    assert [(only.title, only.published_at) for only in feed.entries] == [("A", NOON)]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("AT&amp;amp;T", "AT&T"),
        ("AT&amp;T", "AT&T"),
        ("AT&T", "AT&T"),
        ("a &lt; b", "a < b"),
        ("<![CDATA[a < b &amp; <i>c</i>]]>", "a < b & c"),
        ("&lt;b&gt;Bold&lt;/b&gt;\n  move", "Bold move"),
        ("Caf&#233; &#x2013; &#0;bar&#xD800;", "Café – bar"),
    ],
)
def test_titles_are_plain_text_decoded_once(written: str, shown: str) -> None:
    assert rss_item(f"<title>{written}</title>").title == shown


def test_one_date_alone_is_the_date_of_publication() -> None:
    assert rss_item("<dc:date>2026-11-22T12:00:00Z</dc:date>").published_at == NOON
    only = atom_entry("<id>1</id><updated>2026-11-22T12:00:00Z</updated>")
    assert (only.published_at, only.updated_at) == (NOON, NOON)
    assert rss_item("<title>A</title><pubDate>soon</pubDate>").published_at is None


def test_a_guid_stands_in_for_the_link_only_when_it_is_an_address() -> None:
    assert rss_item("<guid>http://news.example.test/a</guid>").url == "http://news.example.test/a"
    assert rss_item("<guid>/a</guid>").url == "https://news.example.test/a"
    assert rss_item("<guid>333483</guid>").url is None
    assert rss_item('<guid isPermaLink="false">http://news.example.test/a</guid>').url is None


@pytest.mark.parametrize("link", ["javascript:alert(1)", "htpt://x", "mailto:a@example.test", "http://", " "])
def test_a_link_that_cannot_be_asked_is_kept_but_is_no_address(link: str) -> None:
    entry = rss_item(f"<title>One</title><link>{link}</link>")
    assert (entry.url, entry.page_url) == (None, None)
    assert entry.unusable_link == (link.strip() or None)
