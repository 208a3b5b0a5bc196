import gzip
import json
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import pytest

from ingestd.demo.web import DemoFeed, DemoWeb
from tests.demo.conftest import NOW
from tests.demo.reading import Answer, ask

_ATOM = "{http://www.w3.org/2005/Atom}"
_RSS1 = "{http://purl.org/rss/1.0/}"
_XML_FEEDS = (
    "meridian-press harbour-courier harbour-courier-harbour radio-veldmark ledger-and-tide northgate-dispatch"
    " quayside-notes hochtaler-bote seegrund-anzeiger bay-herald manarat-thole ellery-chenxun"
).split()


def _feed(web: DemoWeb, name: str) -> DemoFeed:
    return next(feed for feed in web.feeds if feed.name == name)


def _answer(web: DemoWeb, name: str) -> Answer:
    answer = ask(_feed(web, name).url)
    return ask(answer.headers["Location"]) if answer.status == 301 else answer


def _body(web: DemoWeb, name: str) -> bytes:
    answer = _answer(web, name)
    return gzip.decompress(answer.body) if answer.headers["Content-Encoding"] == "gzip" else answer.body


def _links(body: bytes) -> list[str]:
    root = ElementTree.fromstring(body)
    atom = [str(link.get("href")) for link in root.findall(f"{_ATOM}entry/{_ATOM}link")]
    plain = [item.findtext("link", "") for item in root.iter("item")]
    return atom + plain + [item.findtext(f"{_RSS1}link", "") for item in root.iter(f"{_RSS1}item")]


@pytest.mark.parametrize("name", _XML_FEEDS)
def test_xml_feed_is_well_formed_and_links_known_pages(web: DemoWeb, name: str) -> None:
    links = _links(_body(web, name))
    assert len(links) >= 2
    for link in links:
        assert link.partition("?")[0] in {*web.expected_articles, *web.expected_verdicts}


def test_feeds_together_name_every_page(web: DemoWeb) -> None:
    named = {link.partition("?")[0] for name in _XML_FEEDS for link in _links(_body(web, name))}
    named |= {item["url"] for item in json.loads(_body(web, "solder-and-sail"))["items"]}
    named |= set(_links(_body(web, "saltmark-observer").replace(b"&nbsp;<br>", b"") + b"</channel></rss>"))
    assert named == {*web.expected_articles, *web.expected_verdicts}


def test_json_feed_has_what_its_version_requires(web: DemoWeb) -> None:
    feed = json.loads(_body(web, "solder-and-sail"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert all(item["id"] and item["url"] and item["content_text"] for item in feed["items"])


def test_broken_feed_is_not_well_formed_yet_has_its_items(web: DemoWeb) -> None:
    body = _body(web, "saltmark-observer")
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(body)
    assert body.count(b"</item>") == 5


def test_html_answers_where_a_feed_is_expected(web: DemoWeb) -> None:
    answer = ask(_feed(web, "fennmoor-gazette").url)
    assert answer.status == 200
    assert answer.headers.get_content_type() == "text/html"
    assert answer.body.startswith(b"<!DOCTYPE html>")


def test_dead_host_refuses_the_connection(web: DemoWeb) -> None:
    with pytest.raises(ConnectionRefusedError):
        ask(_feed(web, "old-lantern").url)


@pytest.mark.parametrize(
    ("name", "charset", "word"),
    [("bay-herald", "windows-1251", "Бібліотека"), ("hochtaler-bote", "iso-8859-1", "Käserei")],
)
def test_old_charsets_are_declared_and_used(web: DemoWeb, name: str, charset: str, word: str) -> None:
    answer = _answer(web, name)
    assert answer.headers.get_content_charset() == charset
    assert f'encoding="{charset}"'.encode() in answer.body
    assert word.encode(charset) in answer.body


def test_moved_feed_answers_301_at_its_old_address(web: DemoWeb) -> None:
    assert ask(_feed(web, "seegrund-anzeiger").url).status == 301
    assert _answer(web, "seegrund-anzeiger").status == 200


def test_gzipped_feed_says_so(web: DemoWeb) -> None:
    assert _answer(web, "manarat-thole").headers["Content-Encoding"] == "gzip"


def test_full_text_feed_carries_every_paragraph(web: DemoWeb) -> None:
    root = ElementTree.fromstring(_body(web, "quayside-notes"))
    for item in root.iter("item"):
        content = item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded", "")
        for paragraph in web.expected_articles.get(item.findtext("link", ""), ()):
            assert paragraph in content.replace("&quot;", '"').replace("&#x27;", "'")


def test_section_feed_repeats_articles_under_other_tracking_parameters(web: DemoWeb) -> None:
    main, section = (
        {tuple(link.split("?")) for link in _links(_body(web, name))}
        for name in ("harbour-courier", "harbour-courier-harbour")
    )
    assert not main & section
    assert {page for page, _ in section} < {page for page, _ in main}


def test_no_item_is_from_the_future(web: DemoWeb) -> None:
    for name in ("harbour-courier", "bay-herald", "ellery-chenxun"):
        for item in ElementTree.fromstring(_body(web, name)).iter("item"):
            assert parsedate_to_datetime(item.findtext("pubDate", "")) < NOW
