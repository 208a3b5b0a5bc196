"""Documents made fit for an XML parser."""

import pytest

from ingestd.feeds.xml_text import MAX_TAIL_CHARS, prepared, root_name

RSS = "<rss><channel><item>A</item></channel></rss>"


def text(source: str) -> str:
    return prepared(source).text.partition("\n")[2]


@pytest.mark.parametrize("tail", ["", "\n<!-- 12 queries -->", "<script>x()</script>", "<br/>\n<b>Oh</b>: &"])
def test_what_stands_behind_the_root_element_is_left_out(tail: str) -> None:
    assert text(RSS + tail) == RSS


def test_items_behind_the_root_element_are_kept() -> None:
    assert text(RSS + RSS.replace("A", "B") + "x") == RSS + RSS.replace("A", "B")
    assert text(RSS + "<item>B</item>") == RSS + "<item>B</item>"


def test_a_root_element_that_does_not_end_is_told() -> None:
    assert prepared(RSS).is_closed
    assert not prepared(RSS[:-6]).is_closed
    assert not prepared(RSS + "x" * MAX_TAIL_CHARS).is_closed
    assert not prepared(RSS.replace("</rss>", "</RDF>")).is_closed


def test_cdata_in_lower_case_is_cdata() -> None:
    assert text("<rss><![cdata[a & b]]>&</rss>") == "<rss><![CDATA[a & b]]>&amp;</rss>"


def test_the_root_is_the_first_element_that_is_no_comment() -> None:
    assert root_name("<?xml version='1.0'?><!-- <a> --><b:URLSet x='y'>") == "urlset"
    assert root_name("no element <") is None
