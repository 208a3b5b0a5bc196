"""Strings as they may be stored and shown: no character that a database refuses, titles as plain text."""

import html
import re
from collections.abc import Iterable
from hashlib import sha256

from ingestd.urls import resolve

MAX_TITLE_CHARS = 2_000
MAX_NAME_CHARS = 500
MAX_GUID_CHARS = 4_000
MAX_NAMES = 100
# Any number of so many digits fits in 63 bits.
MAX_DIGITS = 18
# Twice what servers accept in a request line; normalising megabytes of "URL" takes seconds.
MAX_URL_CHARS = 16_384

# Outside of XML 1.0's Char production (§2.2), and surrogates, which cannot be encoded.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SURROGATE_PAIR = re.compile(r"[\ud800-\udbff][\udc00-\udfff]")

# A "<" opens a tag only when a name HTML knows follows: "a < b" and "x <y> z" are text.
_TAG = re.compile(
    r"</?(?:a|abbr|acronym|address|article|aside|audio|b|bdi|bdo|big|blockquote|br|button|center|cite|code|"
    r"dd|del|details|dfn|div|dl|dt|em|embed|figcaption|figure|font|footer|form|h[1-6]|header|hr|i|iframe|"
    r"img|input|ins|kbd|label|li|link|main|mark|math|meta|nav|noscript|object|ol|p|param|picture|pre|q|s|"
    r"samp|script|section|small|source|span|strike|strong|style|sub|sup|svg|table|tbody|td|tfoot|th|thead|"
    r"time|tr|tt|u|ul|var|video|wbr)(?:[\s/][^<>]*)?>",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--(?:(?!<!--).)*?-->", re.DOTALL)
_BLOCK = re.compile(r"<(?:br|p|div|li|tr|td|h[1-6])\b", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def storable(text: str) -> str:
    """The text without NUL, control characters and lone surrogates; surrogate pairs become one character."""
    if _FORBIDDEN.search(text) is None:
        return text
    paired = _SURROGATE_PAIR.sub(_joined, text)
    return _FORBIDDEN.sub("", paired)


def _joined(pair: re.Match[str]) -> str:
    return pair.group().encode("utf-16", "surrogatepass").decode("utf-16")


def folded(text: str) -> str:
    """The text with every run of white space made one blank, and none at its ends."""
    return " ".join(text.split())


def plain(markup: str) -> str:
    """HTML as one line of text: tags dropped, entities decoded once, white space folded."""
    if "<" not in markup and "&" not in markup:
        return folded(storable(markup))
    bare = _TAG.sub("", _BLOCK.sub(r" \g<0>", _without_comments(markup)))
    return folded(storable(_ENTITY.sub(_decoded, bare)))


def _without_comments(markup: str) -> str:
    return _COMMENT.sub("", markup) if "-->" in markup else markup


def _decoded(entity: re.Match[str]) -> str:
    return html.unescape(entity.group())


def title(markup: str | None) -> str | None:
    """A title or name for showing; None when nothing of it is left."""
    return plain((markup or "")[: 4 * MAX_TITLE_CHARS])[:MAX_TITLE_CHARS].rstrip() or None


def names(candidates: Iterable[str]) -> tuple[str, ...]:
    """Authors or categories: plain, each once, in order, and not without end."""
    found = dict.fromkeys(plain(name[: 4 * MAX_NAME_CHARS])[:MAX_NAME_CHARS] for name in candidates)
    return tuple(name for name in found if name)[:MAX_NAMES]


def guid(given: str | None) -> str | None:
    """An item's id as given; None when blank. An absurdly long one keeps its head and a hash of it all."""
    return bounded(storable(given or "").strip(), MAX_GUID_CHARS) or None


def address(base: str | None, reference: str | None) -> str | None:
    """`reference` as an absolute http(s) URL; None when it is none or too long to be asked."""
    if reference is None or len(reference) > MAX_URL_CHARS:
        return None
    return resolve(base, storable(reference))


def bounded(text: str, limit: int) -> str:
    """`text` itself when it has at most `limit` characters, else its head and its hash, that long."""
    if len(text) <= limit:
        return text
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{text[: limit - len(digest) - 1]}#{digest}"


def count(given: str | None) -> int | None:
    """A number of bytes, minutes and the like that a database can hold; None for anything else."""
    digits = (given or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= MAX_DIGITS else None


def paragraphs(given: str | None) -> str | None:
    """Plain text as HTML: escaped, a paragraph where a blank line was, a break where a line ended."""
    blocks = _BLANK_LINE.split(storable(given or "").replace("\r\n", "\n"))
    written = (html.escape(block.strip(), quote=False).replace("\n", "<br>\n") for block in blocks)
    return "\n".join(f"<p>{block}</p>" for block in written if block) or None


def language(given: str | None) -> str | None:
    """A language tag in BCP 47's shape; None for anything else."""
    tag = (given or "").strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None


def markup(given: str | None) -> str | None:
    """HTML that can be stored; None when it is blank."""
    return storable(given or "").strip() or None
