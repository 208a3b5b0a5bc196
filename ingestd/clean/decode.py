"""Bytes to text, once and for all: what follows never sees bytes, control characters or surrogates.

    1. byte order mark    2. the zero bytes of UTF-16    3. HTTP charset    4. meta charset    5. detection

Labels mean what browsers take them for (WHATWG Encoding Standard): "iso-8859-1" is windows-1252,
"gb2312" is gb18030. Three things differ from browsers, because publishers get them wrong more often than
right: bytes beyond ASCII that are valid UTF-8 are UTF-8 whatever is declared; they are still UTF-8 when
a few among them are not, as where a snippet was pasted in, and these are read as windows-1252; and a
declared charset that cannot decode the bytes gives way to detection.
"""

import re
from collections.abc import Mapping

import cchardet
from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

# What is neither text nor white space, in UTF-8: C0 controls; then C1 controls and non-characters. Two
# patterns that each begin with one certain byte find nothing in a third of the time of one for all.
_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\f\r"))
# A form feed is a space in HTML, and stays one only so where white space is kept.
_SPACED = bytes.maketrans(b"\f", b" ")
_LONG_CONTROLS = (
    (b"\xc2", re.compile(rb"\xc2[\x80-\x9f]")),
    (b"\xef", re.compile(rb"\xef(?:\xb7[\x90-\xaf]|\xbf[\xbe\xbf])")),
)
# References to the same: a parser would bring them back. Those to surrogates it makes U+FFFD, and of those
# to the rest of C1 what windows-1252 has there.
_REFERENCES = re.compile(
    rb"""&\#(?:
        0*(?:[1-8]|1[124-9]|2\d|3[01]|127|129|141|143|144|157|6497[6-9]|649[89]\d|6500[0-7]|6553[45])(?!\d)
      | [xX]0*(?:
            [1-8bBcCeEfF]|1[\da-fA-F]|7[fF]|81|8[dDfF]|90|9[dD]|[fF][dD][dDeE][\da-fA-F]|[fF]{3}[eEfF]
        )(?![\da-fA-F])
    );?""",
    re.VERBOSE,
)

# A document that begins with an ASCII character of two bytes, as every HTML document does.
_UTF_16 = (
    ("utf-16-le", re.compile(rb"(?:[\t\n\f\r ]\0)*<\0[!?A-Za-z]\0")),
    ("utf-16-be", re.compile(rb"(?:\0[\t\n\f\r ])*\0<\0[!?A-Za-z]")),
)

# A document is UTF-8 when so many characters beyond ASCII come on each byte that is none.
_CHARACTERS_FOR_A_BYTE = 4
# What decoding with "surrogateescape" makes of bytes that are not UTF-8, and what they are in windows-1252.
_STRAY = re.compile("[\udc80-\udcff]")
_READ_AS_1252 = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}

# The detector needs no more than this to decide, and its time grows with length.
_DETECTION_BYTES = 100_000
_FALLBACK = "cp1252"
# A content type is shorter, and a meta element with the charset stands before this (HTML Standard: 1024).
_HEADER_CHARACTERS = 1000
_META_BYTES = 4096


def decode(body: bytes, headers: Mapping[str, str]) -> str:
    """The text of a document; `headers` have lower-case names. Never fails: what no charset explains
    becomes U+FFFD."""
    bom_encoding, bom = read_bom(body)
    if bom_encoding and bom:
        return strip_controls(body[len(bom) :].decode(bom_encoding, "replace"))
    utf_16 = next((name for name, beginning in _UTF_16 if beginning.match(body)), None)
    if utf_16:
        return strip_controls(body.decode(utf_16, "replace"))
    # Some charsets write everything in ASCII bytes (ISO-2022-JP); asking UTF-8 first would swallow their
    # escapes as text.
    text = None if body.isascii() else _utf_8(body)
    return text if text is not None else _in_other_charset(body, headers)


def strip_controls(text: str) -> str:
    """`text` without characters that are no text, such as NUL, without references to them, and without
    lone surrogates."""
    # True of most titles and names, and found false at the first line end of a page.
    if text.isprintable() and "&#" not in text:
        return text
    try:
        return _without_controls(text, text.encode("utf-8"))
    except UnicodeEncodeError:
        return _stripped(text.encode("utf-8", "ignore")).decode("utf-8")


def _without_controls(text: str, body: bytes) -> str:
    """`text`, which is `body` in UTF-8, without them: the same where it has none, as nearly every page."""
    stripped = _stripped(body)
    return text if stripped == body else stripped.decode("utf-8")


def _stripped(body: bytes) -> bytes:
    body = body.translate(_SPACED, _CONTROLS)
    for first, controls in _LONG_CONTROLS:
        if first in body:
            body = controls.sub(b"", body)
    return _REFERENCES.sub(b"", body)


def _utf_8(body: bytes) -> str | None:
    """The text of a document that is UTF-8, or is but for a few bytes; else None."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _all_but_utf_8(body)
    return _without_controls(text, body)


def _all_but_utf_8(body: bytes) -> str | None:
    text = body.decode("utf-8", "surrogateescape")
    strays = len(_STRAY.findall(text))
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore")) - strays
    if beyond_ascii < _CHARACTERS_FOR_A_BYTE * strays:
        return None
    return strip_controls(text.translate(_READ_AS_1252))


def _in_other_charset(body: bytes, headers: Mapping[str, str]) -> str:
    for encoding in (*_declared(body, headers), "utf-8"):
        try:
            return strip_controls(body.decode(encoding))
        except (UnicodeError, LookupError):
            continue
    return strip_controls(body.decode(_detect(body), "replace"))


def _declared(body: bytes, headers: Mapping[str, str]) -> list[str]:
    http = http_content_type_encoding(headers.get("content-type", "")[:_HEADER_CHARACTERS])
    meta = html_body_declared_encoding(body[:_META_BYTES])
    # A meta element that could be read as ASCII cannot stand in a UTF-16 document.
    if meta and meta.startswith("utf-16"):
        meta = None
    return [encoding for encoding in (http, meta) if encoding]


def _detect(body: bytes) -> str:
    found = cchardet.detect(body[:_DETECTION_BYTES])["encoding"]
    encoding = resolve_encoding(found or _FALLBACK) or _FALLBACK
    try:
        "".encode(encoding)
    except LookupError:
        return _FALLBACK
    return encoding
