"""Bytes to text, once and for all: what follows never sees bytes, control characters or surrogates.

    1. byte order mark    2. HTTP charset    3. meta charset    4. detection

Labels mean what browsers take them for (WHATWG Encoding Standard): "iso-8859-1" is windows-1252,
"gb2312" is gb18030. Two things differ from browsers, because publishers get them wrong more often than
right: bytes beyond ASCII that are valid UTF-8 are UTF-8 whatever is declared, and a declared charset
that cannot decode the bytes gives way to detection.
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

# Everything that is neither text nor white space: C0 and C1 controls, surrogates, non-characters.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

# The detector needs no more than this to decide, and its time grows with length.
_DETECTION_BYTES = 100_000
_FALLBACK = "cp1252"


def decode(body: bytes, headers: Mapping[str, str]) -> str:
    """The text of a document; `headers` have lower-case names. Never fails: what no charset explains
    becomes U+FFFD."""
    bom_encoding, bom = read_bom(body)
    if bom_encoding and bom:
        return strip_controls(body[len(bom) :].decode(bom_encoding, "replace"))
    declared = _declared(body, headers)
    # Some charsets write everything in ASCII bytes (ISO-2022-JP, UTF-16 of Latin text); asking UTF-8
    # first would swallow their escapes as text.
    for encoding in (*declared, "utf-8") if body.isascii() else ("utf-8", *declared):
        try:
            return strip_controls(body.decode(encoding))
        except (UnicodeError, LookupError):
            continue
    return strip_controls(body.decode(_detect(body), "replace"))


def strip_controls(text: str) -> str:
    """`text` without characters that are no text, such as NUL, and without lone surrogates."""
    return _NOT_TEXT.sub("", text)


def _declared(body: bytes, headers: Mapping[str, str]) -> list[str]:
    http = http_content_type_encoding(headers.get("content-type"))
    meta = html_body_declared_encoding(body[:4096])
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
