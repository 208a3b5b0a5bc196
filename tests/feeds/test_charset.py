"""Bytes of a feed to text."""

import codecs

import pytest

from ingestd.feeds.charset import decode

WORDS = "Déjà vu: “café” – naïve"
RUSSIAN = "Новости сегодня и завтра: погода, спорт, политика"


def feed(declared: str | None, words: str) -> str:
    declaration = f' encoding="{declared}"' if declared else ""
    return f'<?xml version="1.0"{declaration}?><rss><channel><title>{words}</title></channel></rss>'


def header(charset: str) -> dict[str, str]:
    return {"content-type": f'application/rss+xml; charset="{charset}"'}


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_wide_charsets_are_seen_in_the_bytes(codec: str, mark: str) -> None:
    source = feed("utf-8", WORDS)
    assert decode((mark + source).encode(codec), header("iso-8859-1")) == source


def test_a_byte_order_mark_beats_every_claim() -> None:
    source = feed("windows-1251", WORDS)
    assert decode(codecs.BOM_UTF8 + source.encode(), header("koi8-r")) == source


@pytest.mark.parametrize(
    ("codec", "declared", "headers"),
    [
        ("windows-1252", None, header("windows-1252")),
        ("windows-1252", "windows-1252", {}),
        ("windows-1252", "iso-8859-1", {}),
        ("windows-1252", "iso-8859-15", header("windows-1252")),
        ("mac-roman", "mac-roman", header("utf-8")),
        ("utf-8", "iso-8859-1", {}),
        ("utf-8", None, header("iso-8859-1")),
        ("utf-8", "no-such-charset", header("nor-this")),
        ("utf-8", "utf-16", header("utf-16")),
        ("utf-8", None, {}),
    ],
)
def test_the_claim_that_fits_the_bytes_is_believed(
    codec: str, declared: str | None, headers: dict[str, str]
) -> None:
    source = feed(declared, WORDS)
    assert decode(source.encode(codec), headers) == source


def test_utf8_is_seen_even_when_every_claim_could_read_the_bytes() -> None:
    source = feed("iso-8859-1", "Café déjà")
    assert decode(source.encode(), header("windows-1252")) == source


def test_without_a_true_claim_the_charset_is_detected() -> None:
    source = feed(None, RUSSIAN * 5)
    assert decode(source.encode("windows-1251"), {}) == source


def test_a_stray_byte_does_not_spoil_the_rest() -> None:
    body = feed("utf-8", f"{RUSSIAN} caf\udce9").encode("utf-8", "surrogateescape")
    assert decode(body, {}) == feed("utf-8", f"{RUSSIAN} café")


@pytest.mark.parametrize("charset", ["idna", "punycode", "undefined", "utf-7", "base64", "rot13", "x" * 39])
def test_codecs_that_are_no_charset_are_not_asked(charset: str) -> None:
    source = feed(charset, "+AGE- plain")
    assert decode(source.encode(), header(charset)) == source


@pytest.mark.parametrize("body", [b"", b"\xff", b"\xff\xfe", b"\x00\x00\x00", bytes(range(256)) * 10])
def test_any_bytes_give_text(body: bytes) -> None:
    assert isinstance(decode(body, header("utf-8")), str)


@pytest.mark.parametrize("codec", ["windows-1251", "koi8-r"])
@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252"])
def test_another_script_is_seen_under_a_claim_of_accented_letters(codec: str, declared: str) -> None:
    source = feed(declared, RUSSIAN * 3)
    assert decode(source.encode(codec), {}) == source


def test_accented_letters_are_believed() -> None:
    source = feed("iso-8859-1", "Übermütige Häßlichkeit, déçus élevés à l'été, señorías ñoñas, " * 3)
    assert decode(source.encode("windows-1252"), {}) == source


def test_more_stray_bytes_are_allowed_where_utf8_was_claimed() -> None:
    body = feed("utf-8", "é \udce9 \udce8").encode("utf-8", "surrogateescape")
    assert decode(body, header("utf-8")) == feed("utf-8", "é é è")
