"""Which item an entry is, told from the feed document alone.

Requirements: a key stays when the item comes again in another order or among other items, and when only the
spelling of its address changes (http or https, "www.", tracking parameters); two items never share one,
because then one is lost. Where both cannot be had the second wins.

A key is the first of these that the entry has to itself in its document:

1. its guid (RSS guid, Atom id, JSON id), a URL in it folded by `urls.url_key`;
2. its link, folded in the same way;
3. a hash of its title and content, numbered when even these are equal.

An item whose guid comes to be used by others later would move to its link and look new. Two things hold it:
the item that links to the very address the shared guid names keeps the guid, whoever else uses it; and
`select` recognises a known digest under a new key. A "#fragment" belongs to a guid only when the link has it
too: some publishers count their changes there ("…/article#3"), others number the posts of a live page.

Rejected: letting the oldest of several items keep a shared guid, because with a constant guid ("1" for all)
the key then walks from item to item with every poll.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from urllib.parse import urlsplit

from ingestd.feeds import text
from ingestd.model import Entry
from ingestd.urls import is_http, url_key

# With a text of so many characters an item's link is known without its query.
TELLING_CHARS = 40
MAX_KEY_CHARS = 512

_ANCHOR = re.compile(r"[\w.:-]{1,200}")
# "3 hours ago" changes by itself; the text around it did not.
_RELATIVE_TIME = re.compile(
    r"\b\d{1,3} (?:second|sec|minute|min|hour|hr|day|week|month)s? ago\b|"
    r"\b(?:vor|il y a|hace|há) \d{1,3} \w{1,12}\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Item:
    """An entry with what tells it from others, each computed once."""

    entry: Entry
    # The guid as a key, None when blank.
    guid: str | None
    # The link with its anchor as a key, None without link.
    link: str | None
    # The page behind the link as a key, None without link.
    page: str | None
    # Lower-case title.
    title: str
    digest: str


def identified(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries of one document with `key`, `digest` and `page_url` set; repeated items appear once.

    `page_url` may already say where the item's page is when that is not its link; it is None otherwise.
    """
    items = _without_repeats([_item(entry) for entry in entries])
    pages = _shared(items, lambda item: item.page, lambda item: item.title)
    return tuple(
        replace(
            item.entry,
            key=key,
            digest=item.digest,
            page_url=None if item.page in pages else item.entry.page_url or item.entry.url,
        )
        for item, key in zip(items, _numbered(_keys(items)), strict=True)
    )


def _item(entry: Entry) -> _Item:
    anchor = _anchor(entry.url)
    link = _address(entry.url)
    return _Item(
        entry=entry,
        guid=_guid_key(entry.guid, anchor, has_link=entry.url is not None),
        link=_anchored(link, anchor),
        page=_address(entry.page_url) if entry.page_url else link,
        title=(entry.title or "").casefold(),
        digest=digest(entry),
    )


def names(entry: Entry) -> frozenset[str]:
    """What an identified entry could share with another: its guid, link, page and key, folded.

    Entries of one document that share none of these have the keys that each would have alone.
    """
    anchor = _anchor(entry.url)
    link = _address(entry.url)
    found = (
        _guid_key(entry.guid, anchor, has_link=entry.url is not None),
        _anchored(link, anchor),
        _address(entry.page_url) or link,
        entry.key,
    )
    return frozenset(name for name in found if name)


def digest(entry: Entry) -> str:
    """sha256 (hex) of what a publisher changes when an item changes.

    Markup, tracking parameters, relative times and the order of authors do not count; neither does the guid,
    so that an item re-issued under a new one is recognised. Of the link of an item that has a text the query
    does not count: some servers write another one each time.
    """
    summary, content = _wording(entry.summary_html), _wording(entry.content_html)
    link = _address(entry.url)
    if link and len(summary) + len(content) >= TELLING_CHARS:
        link = link.partition("?")[0]
    parts = (
        entry.title,
        link,
        summary,
        content,
        entry.updated_at.isoformat() if entry.updated_at else None,
        sorted(entry.authors),
        sorted(entry.categories),
    )
    return _hash(parts)


def _keys(items: Sequence[_Item]) -> list[str]:
    guids = _shared(items, lambda item: item.guid, lambda item: (item.link, item.title, item.digest))
    links = _shared(items, lambda item: item.link, lambda item: (item.title, item.digest))
    return [text.bounded(_key(item, guids, links), MAX_KEY_CHARS) for item in items]


def _key(item: _Item, shared_guids: set[str], shared_links: set[str]) -> str:
    # 1. The guid, when it is this item's own.
    if item.guid and (item.guid not in shared_guids or item.guid == item.link):
        return item.guid
    # 2. The link, when it is this item's own and not the shared guid that another item keeps.
    if item.link and item.link not in shared_links and item.link not in shared_guids:
        return item.link
    # 3. What it says.
    return "hash:" + _hash((item.title, _wording(item.entry.content_html or item.entry.summary_html)))


def _numbered(keys: Iterable[str]) -> Iterator[str]:
    """The keys with a number on the second and later of equal ones, which nothing tells apart."""
    counts: Counter[str] = Counter()
    for key in keys:
        counts[key] += 1
        yield key if counts[key] == 1 else f"{key}#{counts[key]}"


def _shared(
    items: Sequence[_Item], name: Callable[[_Item], str | None], self_of: Callable[[_Item], Hashable]
) -> set[str]:
    """The names that several different items carry; `self_of` says which items are the same one."""
    distinct = {(given, self_of(item)) for item in items if (given := name(item))}
    counts = Counter(given for given, _ in distinct)
    return {given for given, count in counts.items() if count > 1}


def _without_repeats(items: Sequence[_Item]) -> list[_Item]:
    """Each item once, at its first place, in its latest state.

    Equal wording under one guid and link is one item, whatever its date; so is, under both, one title with
    one date in two wordings. A title alone may come twice and mean two things.
    """
    repeats_gone = _latest(items, _wording_of)
    return _latest(repeats_gone, _version_of)


def _latest(items: Iterable[_Item], self_of: Callable[[_Item], Hashable]) -> list[_Item]:
    latest: dict[Hashable, _Item] = {}
    for item in items:
        known = latest.get(self_of(item))
        if known is None or _is_newer(item.entry, known.entry):
            latest[self_of(item)] = item
    return list(latest.values())


def _wording_of(item: _Item) -> Hashable:
    if _is_bare(item.entry):
        return id(item)
    date = None if item.guid or item.link else item.entry.published_at
    return item.guid, item.link, item.digest, date


def _version_of(item: _Item) -> Hashable:
    if not (item.guid and item.link):
        return id(item)
    return item.guid, item.link, item.title, item.entry.published_at


def _is_bare(entry: Entry) -> bool:
    return not (entry.guid or entry.url or entry.summary_html or entry.content_html)


def _is_newer(entry: Entry, other: Entry) -> bool:
    return bool(entry.updated_at and other.updated_at and entry.updated_at > other.updated_at)


def _guid_key(guid: str | None, link_anchor: str | None, *, has_link: bool) -> str | None:
    if not guid:
        return None
    address = _address(guid)
    if address is None:
        return "guid:" + guid
    anchor = _anchor(guid)
    return _anchored(address, anchor if anchor == link_anchor or not has_link else None)


@lru_cache(maxsize=1024)
def _address(url: str | None) -> str | None:
    if url is None or len(url) > text.MAX_URL_CHARS or not is_http(url):
        return None
    try:
        return url_key(url)
    except ValueError:
        return url


def _anchor(url: str | None) -> str | None:
    """The fragment when it names a place in a page; fragments such as "xtor=RSS-1" only track."""
    if url is None or "#" not in url:
        return None
    try:
        fragment = urlsplit(url).fragment
    except ValueError:
        return None
    return fragment if _ANCHOR.fullmatch(fragment) else None


def _anchored(address: str | None, anchor: str | None) -> str | None:
    return f"{address}#{anchor}" if address and anchor else address


def _wording(markup: str | None) -> str:
    return _RELATIVE_TIME.sub("", text.plain(markup)) if markup else ""


def _hash(parts: object) -> str:
    return sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()
