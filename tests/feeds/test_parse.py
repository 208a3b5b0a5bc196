"""The bytes decide what a document is."""

import pickle
import random

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestd.errors import FeedUnreadable
from ingestd.feeds.parse import parse_feed
from ingestd.feeds.version import PARSER_VERSION
from ingestd.model import ParsedFeed

URL = "https://news.example.test/feed"
RSS = b'<?xml version="1.0"?><rss version="2.0"><channel><item><title>A</title></item></channel></rss>'
JSON = b'{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"A"}]}'
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>Ä</title></entry></feed>'


def parsed(body: bytes, content_type: str = "text/html") -> ParsedFeed:
    return parse_feed(body, url=URL, headers={"content-type": content_type})


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (RSS, "rss20"),
        (b" \r\n\t" + RSS, "rss20"),
        (b"\xef\xbb\xbf\n" + RSS, "rss20"),
        (ATOM.encode("utf-16"), "atom10"),
        (JSON, "json10"),
        (b"\xef\xbb\xbf " + JSON, "json10"),
        (JSON.decode().encode("utf-16"), "json10"),
    ],
)
def test_the_format_is_told_from_the_bytes_whatever_the_content_type(body: bytes, form: str) -> None:
    for content_type in ("text/html", "application/json", "application/rss+xml", "junk"):
        feed = parsed(body, content_type)
        assert (feed.format, len(feed.entries)) == (form, 1)


def test_a_feed_without_items_is_a_feed() -> None:
    assert parsed(b'<rss version="2.0"><channel><title>A</title></channel></rss>').entries == ()
    assert parsed(b'{"items":[]}').entries == ()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\x00 ", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"<!DOCTYPE html><html><body>Sorry</body></html>", "html"),
        (b"<HTML><head><title>Just a moment</title>", "html"),
        (b'<html xmlns:atom="http://www.w3.org/2005/Atom"><body/></html>', "html"),
        (b"<!doctype html><p>Sorry", "html"),
        (b"<script>location='/wall'</script>", "html"),
        (b"<!doctype html><script>var x = '<rss>'</script>", "html"),
        (b"<opml version='2.0'><body><outline/></body></opml>", "not-a-feed"),
        (b'<service xmlns:atom="http://www.w3.org/2005/Atom"/>', "not-a-feed"),
        (b"Not found", "not-a-feed"),
        (b"<" * 1000, "not-a-feed"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not-a-feed"),
        (b'{"error":"not found"}', "not-a-feed"),
        (b'{"items":', "json"),
        (b'{"a":' * 100_000, "too-deep"),
        (b"<rss>" + b"<a>" * 10_000, "too-deep"),
    ],
)
def test_what_is_no_feed_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    with pytest.raises(FeedUnreadable) as caught:
        parsed(body)
    assert caught.value.reason == reason


def test_the_parser_version_changes_with_feedparser() -> None:
    assert feedparser.__version__ in PARSER_VERSION


def test_the_result_travels_between_processes() -> None:
    feed = parsed(RSS)
    assert pickle.loads(pickle.dumps(feed)) == feed
    assert parsed(RSS) == feed


def strings_of(feed: ParsedFeed) -> str:
    return repr(feed.title) + "".join(
        "".join(filter(None, (entry.guid, entry.title, entry.summary_html, entry.content_html, entry.key)))
        for entry in feed.entries
    )


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([RSS, JSON, ATOM.encode(), ATOM.encode("utf-16")]))
def test_any_damage_ends_in_a_storable_result_or_a_clean_refusal(seed: int, body: bytes) -> None:
    chance = random.Random(seed)
    damaged = bytearray(body)
    for _ in range(chance.randrange(1, 8)):
        place = chance.randrange(len(damaged))
        damaged[place : place + chance.randrange(3)] = chance.randbytes(chance.randrange(3)) or b"\x00&#<"
    try:
        feed = parsed(bytes(damaged))
    except FeedUnreadable:
        return
    text = strings_of(feed)
    assert "\x00" not in text
    text.encode()
    assert len({entry.key for entry in feed.entries}) == len(feed.entries)
