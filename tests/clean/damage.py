"""Pages as they come out of broken transfers, templates and editors: one change, or several in a row.

Every change is a function of dice, the page, and another page for what mixes two; the same dice give the
same damage.
"""

import re
from collections.abc import Callable, Sequence
from random import Random

Damage = Callable[[Random, bytes, bytes], bytes]

_TAG = re.compile(rb"<[^<>]{1,300}>")
_ATTRIBUTE = re.compile(rb"""\s[a-z:-]+=("[^"<>]{0,300}"|'[^'<>]{0,300}')""")
_JSON = re.compile(rb"(<script[^>]*ld\+json[^>]*>)(.*?)(</script>)", re.DOTALL)

_OPENINGS = (
    b"<!--",
    b"<script>",
    b"<style>",
    b"<textarea>",
    b"<title>",
    b"<noscript>",
    b"<template>",
    b"<svg>",
    b"<math>",
    b"<select>",
    b"<iframe>",
    b"<![CDATA[",
    b"<!DOCTYPE",
    b"<plaintext>",
    b"<xmp>",
    b"<table>",
    b"<pre>",
    b"<form>",
    b"<button>",
    b"<a href='",
    b'<p title="',
    b"<?xml",
    b"<head>",
    b"<body>",
    b"</body></html>",
    b"<frameset>",
    b"<base href='//['>",
    b"<b><i><a><div>",
    b"<math><mtext><p>",
    b"</script>",
    b"-->",
    b"]]>",
    b"<svg><desc><p>",
)
_VALUES = (
    b"",
    b"0",
    b"-1",
    b"null",
    b"javascript:void(0)",
    b"//[",
    b"http://",
    b"http://[::1",
    b"https://a.example:99999/",
    b"data:,x",
    b"mailto:a@b.c",
    b"2024-13-45T99:99:99",
    b"0000-00-00",
    b"99999-01-01",
    b"1720862700000",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"&#0;&#xD800;&#x110000;&#xFFFE;",
    b"\xe2\x80\xae",
    b"a" * 5000,
    b"\n\n\n",
    b"article-body",
    b"related share cookie-consent",
    b"{{ title }}",
    b"<p>",
    b"&lt;p&gt;Boats&lt;/p&gt;",
    b"http:",
    b"../../../..",
    b"#",
    b"?",
    b"https://\xe4\xb8\xad.example/\xe4\xb8\xad",
    b"http://a b/",
    b"HTTPS://A.EXAMPLE/%zz",
)
_CHARSETS = (
    b"utf-8",
    b"utf-16",
    b"utf-7",
    b"utf-32",
    b"iso-8859-1",
    b"shift_jis",
    b"iso-2022-jp",
    b"gb18030",
    b"big5",
    b"none",
    b"hz-gb-2312",
    b"idna",
    b"punycode",
    b"hex",
    b"zip",
    b"unicode_escape",
    b"rot13",
    b"cp437",
    b"koi8-r",
    b"",
)
_CHARACTERS = (
    "\x00",
    "\x01",
    "\x0b",
    "\x0c",
    "\x1b",
    "\x1f",
    "\x7f",
    "\x80",
    "\x85",
    "\x9f",
    "\xa0",
    "\xad",
    "\u0301",
    "\u200b",
    "\u200f",
    "\u2028",
    "\u202e",
    "\u3000",
    "\ufdd0",
    "\ufeff",
    "\ufffd",
    "\uffff",
    "\U000e0001",
    "\U0010ffff",
    "ﷺ",
    "İ",
)


def cut(dice: Random, page: bytes, other: bytes) -> bytes:
    """The page ends, or begins, anywhere."""
    at = dice.randrange(len(page) + 1)
    return dice.choice((page[:at], page[at:]))


def without_a_part(dice: Random, page: bytes, other: bytes) -> bytes:
    start, end = _part(dice, page)
    return page[:start] + page[end:]


def with_a_part_twice(dice: Random, page: bytes, other: bytes) -> bytes:
    start, end = _part(dice, page)
    return page[:end] + page[start:end] * dice.choice((1, 1, 2, 20)) + page[end:]


def with_parts_swapped(dice: Random, page: bytes, other: bytes) -> bytes:
    a, b, c, d = sorted(dice.randrange(len(page) + 1) for _ in range(4))
    return page[:a] + page[c:d] + page[b:c] + page[a:b] + page[d:]


def with_bytes_flipped(dice: Random, page: bytes, other: bytes) -> bytes:
    damaged = bytearray(page)
    for _ in range(dice.choice((1, 5, 50, 500))):
        damaged[dice.randrange(len(damaged))] = dice.randrange(256)
    return bytes(damaged)


def with_strange_characters(dice: Random, page: bytes, other: bytes) -> bytes:
    strange = dice.choice(
        (*(one.encode() for one in _CHARACTERS), b"\xed\xa0\x80", b"\xc0\x80", b"\xf8\x88\x80\x80\x80")
    )
    for _ in range(dice.choice((1, 10, 100))):
        page = _inserted(dice, page, strange)
    return page


def without_tags(dice: Random, page: bytes, other: bytes) -> bytes:
    """Some of the tags are gone: opening or closing ones, one name or all."""
    share, name = (
        dice.choice((0.02, 0.2, 0.9)),
        dice.choice((b"", b"", b"/", b"p", b"/p", b"div", b"/div", b"/h")),
    )
    return _TAG.sub(
        lambda tag: b"" if tag[0][1:].startswith(name) and dice.random() < share else tag[0],
        page,
    )


def with_tags_broken(dice: Random, page: bytes, other: bytes) -> bytes:
    """Some of the tags have lost a bracket."""
    share = dice.choice((0.01, 0.1, 0.5))
    side = dice.choice((slice(1, None), slice(None, -1)))
    return _TAG.sub(lambda tag: tag[0][side] if dice.random() < share else tag[0], page)


def with_values_broken(dice: Random, page: bytes, other: bytes) -> bytes:
    share, value = dice.choice((0.02, 0.2, 1)), dice.choice(_VALUES)

    def broken(attribute: re.Match[bytes]) -> bytes:
        name, _, rest = attribute[0].partition(b"=")
        return name + b"=" + rest[:1] + value + rest[-1:] if dice.random() < share else attribute[0]

    return _ATTRIBUTE.sub(broken, page)


def with_quotes_broken(dice: Random, page: bytes, other: bytes) -> bytes:
    share = dice.choice((0.01, 0.2))
    return _ATTRIBUTE.sub(lambda one: one[0][:-1] if dice.random() < share else one[0], page)


def with_json_broken(dice: Random, page: bytes, other: bytes) -> bytes:
    """The JSON-LD is cut, or its values are of other types."""
    value = dice.choice(
        (b"[]", b"{}", b"null", b"1e999", b"-0", b'"\\ud800"', b'[[["a"]]]', b"true", b'{"@id":"#x"}', b'""')
    )

    def broken(script: re.Match[bytes]) -> bytes:
        facts = re.sub(rb'(?<=:)"[^"]*"', lambda one: value if dice.random() < 0.4 else one[0], script[2])
        return (
            script[1]
            + (facts if dice.random() < 0.7 else facts[: dice.randrange(len(facts) + 1)])
            + script[3]
        )

    return _JSON.sub(broken, page)


def with_an_opening(dice: Random, page: bytes, other: bytes) -> bytes:
    """Something begins that never ends, or ends that never began."""
    return _inserted(dice, page, dice.choice(_OPENINGS))


def with_a_charset(dice: Random, page: bytes, other: bytes) -> bytes:
    """It names a charset that may not be its own."""
    charset = dice.choice(_CHARSETS)
    meta = b'<meta http-equiv="content-type" content="text/html; charset=%s">' % charset
    return dice.choice((b"<?xml version='1.0' encoding='%s'?>" % charset + page, meta + page))


def in_another_charset(dice: Random, page: bytes, other: bytes) -> bytes:
    charset = dice.choice(
        ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251", "latin-1", "shift_jis", "gb18030", "utf-7")
    )
    return page.decode("utf-8", "replace").encode(charset, "replace")


def with_another_page(dice: Random, page: bytes, other: bytes) -> bytes:
    """The two run into each other, or one stands within the other."""
    at, back = dice.randrange(len(page) + 1), dice.randrange(len(other) + 1)
    return dice.choice((page[:at] + other[back:], page[:at] + other + page[at:]))


def with_depth(dice: Random, page: bytes, other: bytes) -> bytes:
    opening = dice.choice(
        (
            b"<div>",
            b"<span>",
            b"<b>",
            b"<ul><li>",
            b"<table><tr><td>",
            b"<blockquote>",
            b"<a href=/>",
            b"<font>",
        )
    )
    return _inserted(dice, page, opening * dice.choice((20, 300, 3000)))


def escaped(dice: Random, page: bytes, other: bytes) -> bytes:
    """A part of it has been escaped once more."""
    start, end = _part(dice, page)
    return page[:start] + page[start:end].replace(b"&", b"&amp;").replace(b"<", b"&lt;") + page[end:]


DAMAGES: Sequence[Damage] = (
    cut,
    without_a_part,
    with_a_part_twice,
    with_parts_swapped,
    with_bytes_flipped,
    with_strange_characters,
    without_tags,
    with_tags_broken,
    with_values_broken,
    with_quotes_broken,
    with_json_broken,
    with_an_opening,
    with_a_charset,
    in_another_charset,
    with_another_page,
    with_depth,
    escaped,
)


def damaged(dice: Random, page: bytes, other: bytes) -> bytes:
    """The page after one to four changes."""
    for _ in range(dice.choice((1, 1, 2, 4))):
        page = dice.choice(DAMAGES)(dice, page, other) or page
    return page


def _part(dice: Random, page: bytes) -> tuple[int, int]:
    start = dice.randrange(len(page) + 1)
    return start, min(len(page), start + dice.choice((1, 20, 400, 10_000)))


def _inserted(dice: Random, page: bytes, what: bytes) -> bytes:
    at = dice.randrange(len(page) + 1)
    return page[:at] + what + page[at:]
