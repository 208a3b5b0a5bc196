"""JSON Feed, also as publishers get it wrong."""

import json
from datetime import UTC, datetime

import pytest

from ingestd.errors import FeedUnreadable
from ingestd.feeds.json_feed import read
from ingestd.model import Enclosure, Entry, ParsedFeed

URL = "https://news.example.test/feed.json"


def parsed(document: object) -> ParsedFeed:
    return read(json.dumps(document).encode(), URL, {})


def entry(**item: object) -> Entry:
    (only,) = parsed({"version": "https://jsonfeed.org/version/1.1", "items": [item]}).entries
    return only


def test_everything_an_item_says_is_read() -> None:
    feed = parsed(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "The <b>News</b>",
            "home_page_url": "/",
            "language": "de",
            "items": [
                {
                    "id": "1",
                    "url": "/a",
                    "title": "AT&amp;T",
                    "summary": "Short & plain",
                    "content_html": "<p>Long</p>",
                    "date_published": "2026-11-22T12:00:00+01:00",
                    "date_modified": "2026-11-22T13:00:00+01:00",
                    "authors": [{"name": "Ada"}, {"name": "Ben"}],
                    "tags": ["politics"],
                    "attachments": [{"url": "a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 9}],
                }
            ],
        }
    )
    assert (feed.format, feed.title, feed.language) == ("json11", "The News", "de")
    assert feed.site_url == "https://news.example.test/"
    assert feed.problems == ()
    (only,) = feed.entries
    assert (only.guid, only.url, only.title) == ("1", "https://news.example.test/a", "AT&T")
    assert (only.summary_html, only.content_html) == ("<p>Short &amp; plain</p>", "<p>Long</p>")
    assert only.published_at == datetime(2026, 11, 22, 11, tzinfo=UTC)
    assert only.updated_at == datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert (only.authors, only.categories, only.language) == (("Ada", "Ben"), ("politics",), "de")
    assert only.enclosures == (Enclosure("https://news.example.test/a.mp3", "audio/mpeg", 9),)


def test_an_author_may_be_one_several_a_string_or_the_feeds() -> None:
    assert entry(id=1, author={"name": "Ada"}).authors == ("Ada",)
    assert entry(id=1, author="Ada", authors=["Ben", {"url": "x"}, 7]).authors == ("Ben", "Ada")
    feed = parsed({"author": {"name": "Ada"}, "items": [{"id": 1}]})
    assert feed.entries[0].authors == ("Ada",)


def test_ids_may_be_numbers_and_an_id_that_is_an_address_is_the_link() -> None:
    assert entry(id=7).guid == "7"
    assert entry(id=7.5).guid == "7.5"
    assert entry(id="https://news.example.test/x").url == "https://news.example.test/x"
    assert entry(id="x", external_url="https://other.example.test/").url == "https://other.example.test/"


def test_plain_text_is_escaped_into_paragraphs() -> None:
    assert entry(content_text="a < b\n\nc").content_html == "<p>a &lt; b</p>\n<p>c</p>"


def test_lone_surrogates_and_control_characters_are_gone() -> None:
    body = (
        b'{"items":[{"id":"1\\ud800","title":"a\\ud800\\u0000b \\ud83d\\ude00","content_text":"x\x01\ty"}]}'
    )
    (only,) = read(body, URL, {}).entries
    assert (only.guid, only.title, only.content_html) == ("1", "ab 😀", "<p>x\ty</p>")


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_byte_order_marks_and_wide_charsets_are_read(codec: str) -> None:
    body = '{"items":[{"id":"é"}]}'.encode(codec)
    assert read(body, URL, {}).entries[0].guid == "é"


def test_wrong_types_cost_the_value_and_not_the_item() -> None:
    names = "url title summary content_html authors author tags attachments language date_published".split()
    wrong: dict[str, object] = {name: {"a": [1]} for name in names}
    feed = parsed({"title": [], "items": [{"id": 1, **wrong}, "no item", None, {}, {"id": 2}]})
    assert [only.guid for only in feed.entries] == ["1", "2"]
    assert any("3 items" in problem for problem in feed.problems)


def test_whole_items_of_a_broken_document_are_read() -> None:
    body = b'{"title":"T","items":[{"id":"1","a":{"b":[1]}},{"id":"2" "x"},{"id":"3"},{"id":"4","ti'
    feed = read(body, URL, {})
    assert [only.guid for only in feed.entries] == ["1", "3"]
    assert feed.title == "T"
    assert any("broken" in problem for problem in feed.problems)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{", "json"),
        (b'{"items":[', "json"),
        (b'{"a":1}', "not-a-feed"),
        (b'{"items":{}}', "not-a-feed"),
        (b"[1]", "not-a-feed"),
        (b'{"items":' + b"[" * 200_000, "too-deep"),
        (b'{"a":' * 200_000, "too-deep"),
    ],
)
def test_what_is_no_feed_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    with pytest.raises(FeedUnreadable) as caught:
        read(body, URL, {})
    assert caught.value.reason == reason


def test_absurd_values_end_well() -> None:
    body = b'{"items":[{"id":' + b"9" * 10_000 + b',"title":"' + b"t" * 1_000_000 + b'","url":1e999}]}'
    (only,) = read(body, URL, {}).entries
    assert len(only.key) <= 512
    assert len(only.title or "") <= 2_000


def test_a_document_that_breaks_off_says_so() -> None:
    assert read(b'{"items":[{"id":"1"},{"id":"2","ti', URL, {}).cut_off
    assert not read(b'{"items":[{"id":"1"},{"id":"2" "x"}]}', URL, {}).cut_off
    assert not parsed({"items": [{"id": 1}]}).cut_off


def test_a_json_feed_whose_items_are_null_is_empty() -> None:
    assert parsed({"version": "https://jsonfeed.org/version/1.1", "items": None}).entries == ()


def test_sizes_may_be_strings() -> None:
    (only,) = entry(id=1, attachments=[{"url": "a.mp3", "size_in_bytes": "9"}]).enclosures
    assert only.length_bytes == 9
