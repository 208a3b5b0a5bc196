"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) → entries.

Nothing is required of a document but that it is an object with a list of items: publishers leave out
`version`, give numbers for ids, strings for lists and one `author` where `authors` is due.
"""

import json
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256

from ingestd.errors import FeedUnreadable
from ingestd.feeds import text
from ingestd.feeds.charset import decode
from ingestd.feeds.dates import DateReader
from ingestd.feeds.identity import identified
from ingestd.model import Enclosure, Entry, ParsedFeed

MAX_ITEMS = 10_000
MAX_ENCLOSURES = 50
# Each costs a scan of what follows it.
MAX_BROKEN_ITEMS = 100

_JSON_SPACE = " \t\r\n"
_ITEMS = re.compile(r'"items"\s*:\s*\[')
_NEXT_ITEM = re.compile(r"[\[,]\s*\{")
_TRAILING_COMMA = re.compile(r",\s*\}$")
# Key under which a document that had to be pieced together says so; no string of JSON is equal to it.
_BROKEN = "\x00broken"
# Its value when the document does not end as an object does.
_CUT_OFF = "\x00cut off"
_SITE = "jsonfeed.org"


def read(body: bytes, url: str, headers: Mapping[str, str]) -> ParsedFeed:
    """The feed in these bytes; raises FeedUnreadable ("json", "not-a-feed" or "too-deep")."""
    return read_document(document(body, headers), url)[0]


def document(body: bytes, headers: Mapping[str, str]) -> Mapping[str, object]:
    """The object that the bytes are, as far as it can be read; raises as `read` does."""
    return _object(decode(body, headers))


def read_document(document: Mapping[str, object], url: str) -> tuple[ParsedFeed, str | None]:
    """The feed that this object is, and the context of its items, as `rss_atom.read_source` gives it."""
    items = document.get("items")
    if items is None and _SITE in (_string(document, "version") or ""):
        items = []
    if not isinstance(items, list):
        raise FeedUnreadable("The JSON document has no list of items.", "not-a-feed")
    language = _language(document)
    dates = DateReader(language, _dates(items))
    drafts = [
        entry for item in items[:MAX_ITEMS] if (entry := _entry(item, url, document, dates)) is not None
    ]
    feed = ParsedFeed(
        format=_format(document),
        entries=identified(drafts),
        title=text.title(_string(document, "title")),
        site_url=text.address(url, _string(document, "home_page_url")),
        language=language,
        problems=tuple(_problems(document, items, len(drafts))),
        cut_off=document.get(_BROKEN) == _CUT_OFF,
    )
    parts = (url, _authors(document), language)
    return feed, None if dates.compared else sha256(repr(parts).encode()).hexdigest()


def _object(source: str) -> Mapping[str, object]:
    """The object that the text is; RecursionError is how Python's reader ends at deep nesting."""
    try:
        value: object = _lenient(source.strip("\ufeff\x00" + _JSON_SPACE))
    except RecursionError as error:
        raise FeedUnreadable("The JSON document is nested too deeply.", "too-deep") from error
    except ValueError as error:
        raise FeedUnreadable(f"The JSON document is broken: {str(error)[:200]}.", "json") from error
    if not isinstance(value, dict):
        raise FeedUnreadable("The JSON document is no object.", "not-a-feed")
    return value


def _lenient(source: str) -> object:
    try:
        return _DECODER.raw_decode(source)[0]
    except ValueError:
        start = _ITEMS.search(source)
        if start is None or not (items := list(_whole_items(source, start.end() - 1))):
            raise
        head = _TRAILING_COMMA.sub("}", source[: start.start()] + "}")
        return {**_head(head), "items": items, _BROKEN: _BROKEN if source.endswith("}") else _CUT_OFF}


def _head(source: str) -> Mapping[str, object]:
    """What stands before the items of a broken document; empty when that is broken too."""
    try:
        value: object = _DECODER.raw_decode(source)[0]
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _whole_items(source: str, position: int) -> Iterator[object]:
    """The items of a broken document that are whole: those before a cut, and those after a broken one."""
    failures = 0
    while failures < MAX_BROKEN_ITEMS and (start := _NEXT_ITEM.search(source, position)):
        try:
            item, position = _DECODER.raw_decode(source, start.end() - 1)
            yield item
        except json.JSONDecodeError as error:
            failures += 1
            position = max(error.pos, start.end())


def _number(digits: str) -> int | str:
    """An integer; a string when longer than any real id, because `int` refuses thousands of digits."""
    return int(digits) if len(digits) < 64 else digits


# Raw control characters within strings are common, and harmless once they are stripped.
_DECODER = json.JSONDecoder(strict=False, parse_int=_number)


def _format(document: Mapping[str, object]) -> str:
    version = _string(document, "version") or ""
    return "json11" if version.rstrip("/").endswith("1.1") else "json10"


def _problems(document: Mapping[str, object], items: list[object], read_count: int) -> Iterator[str]:
    if _SITE not in (_string(document, "version") or ""):
        yield "The document does not say that it is a JSON Feed."
    if _BROKEN in document:
        yield "The JSON is broken; only its whole items were read."
    if len(items) > MAX_ITEMS:
        yield f"Only the first {MAX_ITEMS} of {len(items)} items were read."
    if unusable := min(len(items), MAX_ITEMS) - read_count:
        yield f"{unusable} items hold nothing that can be read."


def _entry(item: object, url: str, document: Mapping[str, object], dates: DateReader) -> Entry | None:
    if not isinstance(item, dict):
        return None
    guid = text.guid(_string(item, "id"))
    link = text.address(url, _string(item, "url")) or text.address(url, _string(item, "external_url"))
    published = dates.read(item.get("date_published"))
    updated = dates.read(item.get("date_modified"))
    entry = Entry(
        key="",
        digest="",
        guid=guid,
        # An id that is an address stands in for a missing link, as the specification asks it to be one.
        url=link or text.address(None, guid),
        title=text.title(_string(item, "title")),
        summary_html=text.paragraphs(_string(item, "summary")),
        content_html=text.markup(_string(item, "content_html"))
        or text.paragraphs(_string(item, "content_text")),
        authors=_authors(item) or _authors(document),
        categories=text.names(_strings(item.get("tags"))),
        published_at=published or updated,
        updated_at=updated,
        language=_language(item) or _language(document),
        enclosures=tuple(_enclosures(item, url))[:MAX_ENCLOSURES],
    )
    return entry if _says_something(entry) else None


def _dates(items: list[object]) -> Iterator[object]:
    """Every date of the items as it is written."""
    for item in items:
        if isinstance(item, dict):
            yield from (item.get("date_published"), item.get("date_modified"))


def _says_something(entry: Entry) -> bool:
    return any((entry.guid, entry.url, entry.title, entry.summary_html, entry.content_html))


def _string(holder: Mapping[str, object], name: str) -> str | None:
    """A value as a string, numbers included; None for anything else."""
    value = holder.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return text.storable(str(value))


def _strings(value: object) -> list[str]:
    candidates = value if isinstance(value, list) else [value]
    return [candidate for candidate in candidates if isinstance(candidate, str)]


def _authors(holder: Mapping[str, object]) -> tuple[str, ...]:
    """The names of `authors` (1.1) and `author` (1.0), each an object or just a string."""
    several = holder.get("authors")
    candidates = [*(several if isinstance(several, list) else [several]), holder.get("author")]
    return text.names(name for candidate in candidates if (name := _name(candidate)))


def _name(author: object) -> str | None:
    if isinstance(author, dict):
        return _string(author, "name")
    return author if isinstance(author, str) else None


def _enclosures(item: Mapping[str, object], base: str) -> Iterator[Enclosure]:
    attachments = item.get("attachments")
    for attachment in attachments if isinstance(attachments, list) else ():
        if not isinstance(attachment, dict):
            continue
        address = text.address(base, _string(attachment, "url"))
        if address is not None:
            kind = text.title(_string(attachment, "mime_type"))
            yield Enclosure(address, kind, text.count(_string(attachment, "size_in_bytes")))


def _language(holder: Mapping[str, object]) -> str | None:
    return text.language(_string(holder, "language"))
