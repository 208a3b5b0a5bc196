"""Bytes of a feed → text.

The order is that of RFC 7303 and of feedparser: a byte order mark, then what header and declaration claim,
the header first. A claim counts only when the bytes can be read by it. Two readings of ours come on top:
bytes that are valid UTF-8 with non-ASCII characters are UTF-8, whatever single-byte charset a server adds
to everything, and UTF-8 with a few stray bytes stays UTF-8 with those bytes read as windows-1252.
"""

import codecs
import re
from collections.abc import Iterator, Mapping

import cchardet

# Enough for a guess: the detector's time grows with its input.
DETECTION_BYTES = 256 * 1024
# As many stray bytes for one good sequence still count as damaged UTF-8.
MAX_STRAY_RATIO = 0.5
MAX_CLAIMED_STRAY_RATIO = 2.0
# Accented letters before a claim is doubted; in no language that has them do most stand four in a row.
MIN_SUSPICIOUS = 20
# Of the bytes that are not ASCII, how many must be letters of another script (which may take two bytes).
MIN_LETTERS_RATIO = 0.8

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The first character of a document is ASCII, so its zero bytes tell width and order (XML 1.0, appendix F).
_WIDE = (
    (re.compile(rb"[^\x00]\x00\x00\x00"), "utf-32-le"),
    (re.compile(rb"\x00\x00\x00[^\x00]"), "utf-32-be"),
    (re.compile(rb"[^\x00]\x00[^\x00]\x00"), "utf-16-le"),
    (re.compile(rb"\x00[^\x00]\x00[^\x00]"), "utf-16-be"),
    (re.compile(rb"\x4c\x6f\xa7\x94"), "cp037"),
)
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_ACCENTED = re.compile("[\x80-\u024f]+")
_ACCENTED_WORD = re.compile("[\x80-\u024f]{4,}")
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE | re.ASCII)

# Supersets that publishers mean (WHATWG Encoding §4.2).
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
# Python knows codecs that no publisher writes in and that fail or expand in unexpected ways.
_NOT_FOR_FEEDS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7"})


def decode(body: bytes, headers: Mapping[str, str]) -> str:
    """The body as text; it always succeeds, with U+FFFD for bytes that nothing can read.

    `headers` have names in lower case; only Content-Type is looked at.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    for pattern, name in _WIDE:
        if pattern.match(body):
            return body.decode(name, "replace")
    return _by_claims(body, list(_claims(body, headers)))


def _by_claims(body: bytes, claims: list[str]) -> str:
    utf8 = _strictly(body, "utf-8")
    if utf8 is not None and (not claims or not utf8.isascii() or "utf-8" in claims):
        return utf8
    for name in claims:
        if (text := _strictly(body, name)) is not None:
            return _other_script(body, text) or text
    strays = MAX_CLAIMED_STRAY_RATIO if "utf-8" in claims else MAX_STRAY_RATIO
    return _damaged_utf8(body, strays) or _detected(body)


def _other_script(body: bytes, claimed: str) -> str | None:
    """The text in a script whose letters were claimed to be accented ones; None when that may be true."""
    accented = sum(map(len, _ACCENTED.findall(claimed)))
    if accented < MIN_SUSPICIOUS or 2 * sum(map(len, _ACCENTED_WORD.findall(claimed))) < accented:
        return None
    found = _detected(body)
    foreign = [character for character in found if character > "\u024f"]
    return found if sum(map(str.isalpha, foreign)) > MIN_LETTERS_RATIO * accented / 2 else None


def _claims(body: bytes, headers: Mapping[str, str]) -> Iterator[str]:
    found = (_HEADER.search(headers.get("content-type", "")), _DECLARED.match(body))
    for match in found:
        if match is None:
            continue
        given = match.group(1)
        name = _codec(given.decode("ascii", "replace") if isinstance(given, bytes) else given)
        # A claim of a wide charset is wrong once neither mark nor zero bytes were seen.
        if name is not None and not name.startswith(("utf-16", "utf-32")):
            yield name


def _codec(name: str) -> str | None:
    """Python's name of the charset; None when Python has none that is for text."""
    try:
        info = codecs.lookup(name)
        "a".encode(info.name)
    except (LookupError, ValueError):
        return None
    return None if info.name in _NOT_FOR_FEEDS else _MEANT.get(info.name, info.name)


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except ValueError:
        return None


def _damaged_utf8(body: bytes, max_strays: float) -> str | None:
    text = body.decode("utf-8", "surrogateescape")
    strays = sum(1 for character in text if "\udc80" <= character <= "\udcff")
    sequences = sum(1 for character in text if character > "\x7f") - strays
    if strays > max_strays * sequences:
        return None
    return re.sub(r"[\udc80-\udcff]", _as_windows_1252, text)


def _as_windows_1252(stray: re.Match[str]) -> str:
    return stray.group().encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def _detected(body: bytes) -> str:
    guess = cchardet.detect(body[:DETECTION_BYTES])["encoding"]
    name = _codec(guess) if guess else None
    text = _strictly(body, name) if name else None
    return text if text is not None else body.decode("cp1252", "replace")
