import pytest

from ingestd.clean.decode import decode, strip_controls

JAPANESE = "日本語の文章がここにあります。"


def _header(charset: str) -> dict[str, str]:
    return {"content-type": f"text/html; charset={charset}"}


@pytest.mark.parametrize(
    ("body", "headers", "text"),
    [
        ("Größe".encode(), {}, "Größe"),
        ("\ufeffGröße".encode(), _header("latin-1"), "Größe"),
        ("日本".encode("utf-16"), {}, "日本"),
        ("abc".encode("utf-16-le"), _header("utf-16le"), "abc"),
        ("“so”".encode("cp1252"), _header("ISO-8859-1"), "“so”"),
        ("Größe".encode(), _header("iso-8859-1"), "Größe"),
        (JAPANESE.encode("cp932"), _header("x-sjis"), JAPANESE),
        (JAPANESE.encode("iso-2022-jp"), _header("iso-2022-jp"), JAPANESE),
        ("<meta charset=windows-1251>Привет".encode("cp1251"), {}, "<meta charset=windows-1251>Привет"),
        ("<meta charset=gb2312>漢字".encode("gb18030"), {}, "<meta charset=gb2312>漢字"),
        ("<meta charset=utf-16>abc é".encode(), {}, "<meta charset=utf-16>abc é"),
        ("<p>Größe".encode("utf-16-le"), {}, "<p>Größe"),
        ("\r\n<!doctype html>Größe".encode("utf-16-be"), _header("utf-8"), "\r\n<!doctype html>Größe"),
        # Here a snippet was pasted in another charset, and there a few bytes look like UTF-8 by chance.
        ("Größe für Möwen ".encode() + "über".encode("cp1252"), {}, "Größe für Möwen über"),
        ("Größe Ã¼ber Möwen für alle".encode("cp1252"), {}, "Größe Ã¼ber Möwen für alle"),
        (b"", _header("utf-8"), ""),
    ],
)
def test_a_document_is_read_as_it_was_written(body: bytes, headers: dict[str, str], text: str) -> None:
    assert decode(body, headers) == text


def test_without_declaration_the_charset_is_detected() -> None:
    text = "Министр сообщил, что порт закроют на ремонт до весны. " * 5
    assert decode(text.encode("cp1251"), {}) == text


def test_a_charset_that_does_not_fit_gives_way_to_detection() -> None:
    text = "Министр сообщил, что порт закроют на ремонт до весны. " * 5
    assert decode(text.encode("cp1251"), _header("utf-8")) == text


@pytest.mark.parametrize("charset", ["rot13", "no-such-charset", "zlib", "utf-7", "'", ""])
def test_a_label_that_is_no_charset_is_ignored(charset: str) -> None:
    assert decode("Größe".encode(), _header(charset)) == "Größe"


@pytest.mark.parametrize("body", [b"\x81\x8d\x9d", bytes(range(256)) * 4, b"\xff\xfe\x00", b"\xef\xbb"])
def test_no_bytes_fail(body: bytes) -> None:
    decode(body, {}).encode()


def test_control_characters_and_surrogates_go_white_space_stays() -> None:
    assert strip_controls("a\x00b\x1b\ud800\x85\ufffe\t\n c") == "ab\t\n c"


def test_what_is_no_text_goes_also_where_it_is_written_as_a_reference() -> None:
    strange = "&#1;&#0031;&#x7F;&#xFDD0;&#65534;&#x000b;&#129\x00\x1b\x85\ufdd0\uffff\ud800"
    assert strip_controls(f"a{strange}b") == "ab"
    assert decode(f"ä{strange}b".encode("utf-8", "ignore"), {}) == "äb"


def test_what_is_text_stays() -> None:
    text = "a\t\n\r\xa0é&#9;&#10;&#32;&#146;&#1300;&#x1F600;&#xFDCF;&#655340;&#x10;0\u200f文\U0001f600"
    assert strip_controls(text) == text.replace("&#x10;", "")
    assert strip_controls("a\fb") == "a b"
