"""Strings as they may be stored and shown."""

import pytest

from ingestd.feeds import text


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("AT&amp;T", "AT&T"),
        ("AT&T", "AT&T"),
        ("AT&amp;amp;T", "AT&amp;T"),
        ("a < b and c > d", "a < b and c > d"),
        ("1 &lt; 2", "1 < 2"),
        ("&lt;b&gt; is bold", "<b> is bold"),
        ("<b>Bold</b> and <a href='x>'>link</a>", "Bold and '>link"),
        ("  white \n\t space\u00a0here ", "white space here"),
        ("one<br/>two<p>three</p>", "one two three"),
        ("x<!-- hidden -->y", "xy"),
        ("&#8217;&#x2019;&nbsp;&copy", "’’ &copy"),
        ("a\x00b\x0bc\ud800d", "abcd"),
        ("\ud83d\ude00", "😀"),
        ("&#0;&#xD800;x", "\ufffd\ufffdx"),
    ],
)
def test_markup_becomes_one_line_of_text(markup: str, shown: str) -> None:
    assert text.plain(markup) == shown


def test_blank_titles_are_none_and_long_ones_end() -> None:
    assert text.title(" <b> </b> ") is None
    assert text.title(None) is None
    assert len(text.title("x" * 1_000_000) or "") == text.MAX_TITLE_CHARS


def test_plain_text_becomes_paragraphs() -> None:
    assert text.paragraphs("a < b\r\nsecond\n\n \n third ") == "<p>a &lt; b<br>\nsecond</p>\n<p>third</p>"
    assert text.paragraphs(" \n\n ") is None


def test_names_are_plain_distinct_and_in_order() -> None:
    assert text.names(["<b>B</b>", "A", "B", " ", "A"]) == ("B", "A")
    assert len(text.names(str(number) for number in range(10_000))) == text.MAX_NAMES


def test_a_long_guid_stays_distinct() -> None:
    first, second = (text.guid("g" * 1_000_000 + end) for end in "12")
    assert first != second
    assert first is not None
    assert len(first) == text.MAX_GUID_CHARS


def test_language_tags_are_checked_for_their_shape() -> None:
    assert text.language(" en_US ") == "en-US"
    assert text.language("English, of course") is None


def test_an_endless_url_is_none() -> None:
    assert text.address("http://news.example.test/", "/a\x00b") == "http://news.example.test/ab"
    assert text.address("http://news.example.test/", "/" + "a" * 1_000_000) is None
