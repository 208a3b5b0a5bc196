"""Feeds, hosts and included lists of a configuration.

A feed's key is its name, else its URL: it is what history hangs on and what is typed on the command
line, so no two feeds may share one, and no URL may be listed twice. The exception is OPML, where one
feed in several folders is usual: there the tags are joined.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import urlsplit

from ingestd import urls
from ingestd.config_credentials import CREDENTIAL_KEYS, Credentials, read_credentials
from ingestd.config_schema import (
    Node,
    Reading,
    at_home,
    is_file,
    read_bytes,
    read_flag,
    read_secret,
    read_toml,
    reason,
    settled,
)
from ingestd.errors import Problem
from ingestd.opml import OpmlFeed, read_opml
from ingestd.values import Secret, Unusable, describe, read_duration, read_text, read_url, write_duration

T = TypeVar("T")

OPML_SUFFIXES = (".opml", ".xml")

LONGEST_NAME = 100

_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
# Set by ingestd itself, or they would change what an answer means.
OWN_HEADERS = frozenset(
    "accept accept-encoding connection content-length expect host if-match if-modified-since if-none-match "
    "if-range if-unmodified-since keep-alive proxy-authorization proxy-connection range referer te trailer "
    "transfer-encoding upgrade".split()
)
# RFC 5646 §2.1 as far as real language tags go: "en", "pt-BR", "zh-Hant-TW", "de-1996".
_LANGUAGE = re.compile(
    r"[A-Za-z]{2,3}(-[A-Za-z]{3}){0,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-[A-Za-z0-9]{1,8})*"
)

_WILDCARD = re.compile(r"[*?\[]")

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FeedConfig(Credentials):
    """One feed that the configuration asks for."""

    # As configured, byte for byte.
    url: str
    # What it is called on the command line; None: it is known by its URL.
    name: str | None = None
    tags: tuple[str, ...] = ()
    # Between two polls; None: found out from the feed.
    interval: timedelta | None = None
    # Whether its entries' pages are fetched; False: the feed's own text is the article.
    fetch_pages: bool = True
    # BCP 47 tag for entries that declare none; None when not configured.
    language: str | None = None
    # Sent with requests for this feed; each value is a `Secret`.
    headers: Mapping[str, str] = field(default_factory=lambda: NO_HEADERS)
    # Pages whose URL one of these is found in are not fetched.
    skip: tuple[re.Pattern[str], ...] = ()
    enabled: bool = True
    # The `Source` that declares it, and the place for messages; the line is None when not known.
    source: str = ""
    file: Path | None = None
    line: int | None = None

    @property
    def key(self) -> str:
        """Its identity in the database: name, else URL."""
        return self.name or self.url

    @property
    def request_headers(self) -> Mapping[str, str]:
        """What is sent with requests for its own URL: `headers`, and what its credentials become."""
        return MappingProxyType({**self.headers, **self.credential_headers})


@dataclass(frozen=True, slots=True)
class HostConfig(Credentials):
    """What is done differently for one host."""

    # Time between the starts of two requests; None: as for all hosts.
    spacing: timedelta | None = None
    # Sent with every request to this host; each value is a `Secret`.
    headers: Mapping[str, str] = field(default_factory=lambda: NO_HEADERS)
    # Whether its robots.txt is obeyed; None: as for all hosts.
    robots: bool | None = None
    # "none": it is asked without the proxy that is configured for all; None: as for all hosts.
    proxy: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A file that declares feeds and was read completely, so that a feed missing from it was taken out."""

    # The file's absolute path.
    name: str
    # Feeds that it declares; 0 is possible.
    feed_count: int


# ---------------------------------------------------------------------------------- one feed

FEED_KEYS = (
    *("url", "name", "tags", "interval", "fetch_pages", "language", "headers"),
    *CREDENTIAL_KEYS,
    *("skip", "enabled"),
)


def read_feeds(root: Node) -> list[FeedConfig]:
    """The [[feed]] tables of a file."""
    tables = root.table().get("feed")
    if tables is None:
        return []
    if isinstance(tables.value, Mapping):
        tables.refuse("each feed starts with [[feed]], in two pairs of brackets")
        return []
    return [feed for node in tables.items() if (feed := _feed(node))]


def _feed(node: Node) -> FeedConfig | None:
    given = node.table(FEED_KEYS)
    if "url" not in given:
        if isinstance(node.value, Mapping):
            node.refuse("the feed has no url")
        return None
    url = given["url"].read(read_url) or ""
    headers = read_headers(given.get("headers"))
    return FeedConfig(
        url=url,
        name=_optional(given, "name", read_name),
        tags=_each(given.get("tags"), read_tag),
        interval=_optional(given, "interval", read_duration),
        fetch_pages=_optional(given, "fetch_pages", read_flag) is not False,
        language=_optional(given, "language", read_language),
        headers=headers,
        **read_credentials(given, url, headers),
        skip=_each(given.get("skip"), read_pattern),
        enabled=_optional(given, "enabled", read_flag) is not False,
        source=str(node.file),
        file=node.file,
        line=node.line,
    )


def _optional(given: Mapping[str, Node], key: str, reader: Callable[[object], T]) -> T | None:
    return given[key].read(reader) if key in given else None


def _each(node: Node | None, reader: Callable[[object], T]) -> tuple[T, ...]:
    """The items of an optional list, each once, in order."""
    if node is None:
        return ()
    return tuple(dict.fromkeys(read for item in node.items() if (read := item.read(reader)) is not None))


def read_name(raw: object) -> str:
    """A name that can be typed on a command line without quotes."""
    name = read_text(raw)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Unusable(f"a name has 1 to {LONGEST_NAME} characters")
    if not all(map(_in_names, name)) or unicodedata.category(name[0])[0] not in "LN":
        suggested = slug(name)
        hint = f', such as "{suggested}"' if suggested else ""
        raise Unusable(
            f'a name is letters, digits, ".", "_" and "-", and starts with one of the first two{hint}'
        )
    return name


def _in_names(character: str) -> bool:
    return character in "._-" or unicodedata.category(character)[0] in "LMN"


def slug(title: str) -> str | None:
    """A name made of a title: "BBC News – World" is "bbc-news-world"; None when nothing is left."""
    folded = unicodedata.normalize("NFC", title).lower()
    words = "".join(character if _in_names(character) else " " for character in folded)
    joined = re.sub(r"[ -]+", "-", words)[:LONGEST_NAME]
    while joined and unicodedata.category(joined[0])[0] not in "LN":
        joined = joined[1:]
    return joined.rstrip("-._") or None


def read_tag(raw: object) -> str:
    tag = " ".join(read_text(raw).split())
    if not tag:
        raise Unusable("a tag cannot be empty")
    return tag


def read_language(raw: object) -> str:
    language = read_text(raw)
    if not _LANGUAGE.fullmatch(language):
        raise Unusable(f'expected a language tag such as "en" or "pt-BR", got {describe(language)}')
    return language


def read_pattern(raw: object) -> re.Pattern[str]:
    pattern = read_text(raw)
    try:
        return re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise Unusable(f"not a regular expression: {error}") from error


def read_headers(node: Node | None) -> Mapping[str, str]:
    """A table of header fields, if there is one; all values count as secrets: nobody can tell which are."""
    headers: dict[str, str] = {}
    for name, member in node.table().items() if node else ():
        secret = read_secret(member)
        if problem := _header_problem(name, secret, headers):
            member.refuse(problem)
        elif secret is not None:
            headers[name] = secret
    return MappingProxyType(headers)


def _header_problem(name: str, value: Secret | None, others: Mapping[str, str]) -> str | None:
    if not _HEADER_NAME.fullmatch(name):
        return "not a header name"
    if name.lower() in OWN_HEADERS:
        return "ingestd sets this header itself"
    if name.lower() in map(str.lower, others):
        return "given twice; upper and lower case make no difference"
    if value is not None and not (value.isascii() and value.strip() == value and value):
        return "a header's value is ASCII, not empty, with no space at its ends"
    return None


# ---------------------------------------------------------------------------------- hosts

HOST_KEYS = ("spacing", "headers", *CREDENTIAL_KEYS, "robots", "proxy")


def read_hosts(node: Node | None) -> Mapping[str, HostConfig]:
    """The [hosts."example.org"] tables, by the host as `urls.host_of` writes it."""
    hosts: dict[str, HostConfig] = {}
    for written, member in node.table().items() if node else ():
        host = replace(member, value=written).read(read_host)
        if host in hosts:
            member.refuse(f'the same host as another one, "{host}"')
        hosts[host or written] = _host(member, host or "")
    return MappingProxyType(hosts)


def read_host(raw: object) -> str:
    """A host name, with its port when that is unusual, in the form of `urls.host_of`."""
    written = read_text(raw)
    url = f"http://{written}"
    if not urls.is_http(url) or set(written) & set("/?#@ "):
        raise Unusable('expected a host such as "example.org" or "example.org:8080"')
    if urlsplit(url).port in urls.DEFAULT_PORTS.values():
        raise Unusable("leave out the port: 80 and 443 are meant anyway")
    return urls.host_of(url)


def _host(node: Node, host: str) -> HostConfig:
    given = node.table(HOST_KEYS)
    headers = read_headers(given.get("headers"))
    return HostConfig(
        spacing=_optional(given, "spacing", read_duration),
        headers=headers,
        robots=_optional(given, "robots", read_flag),
        proxy=_optional(given, "proxy", read_no_proxy),
        # They go to this host over https alone, see `fetch.credentials`.
        **read_credentials(given, f"https://{host}/" if host else "", headers),
    )


def read_no_proxy(raw: object) -> str:
    """The one thing that a host may say about the proxy."""
    if raw != "none":
        raise Unusable('expected "none", which asks this host without the proxy of [fetch]')
    return "none"


# ---------------------------------------------------------------------------------- included files


def included_files(node: Node | None, root: Node) -> list[Path]:
    """The files that `include` names, each once, those of a wildcard in order of their names.

    A wildcard may match nothing, and it never means the file that it stands in.
    """
    found: dict[Path, None] = {}
    for item in node.items() if node else ():
        pattern = item.read(read_text)
        if pattern is None:
            continue
        if _WILDCARD.search(pattern):
            found.update(dict.fromkeys(path for path in _matching(item, pattern) if path != root.file))
        elif _can_include(item, path := settled(item.resolve(pattern)), root.file):
            found[path] = None
    return list(found)


def _matching(item: Node, pattern: str) -> list[Path]:
    """Visible files that fit, in order of their names."""
    below = at_home(pattern)
    folder = Path(below.anchor) if below.is_absolute() else item.file.parent
    if any("**" in part and part != "**" for part in below.parts):
        # Python 3.13 takes it for a single star, earlier ones raise.
        item.refuse('not a file pattern: "**" must be a whole part of the path')
        return []
    try:
        matches = sorted(folder.glob(str(below.relative_to(below.anchor))))
    except (ValueError, OSError) as error:
        item.refuse(f"not a file pattern: {error}")
        return []
    return [settled(path) for path in matches if is_file(path) and not path.name.startswith(".")]


def _can_include(item: Node, path: Path, root: Path) -> bool:
    try:
        if path == root:
            item.refuse("the configuration includes itself")
        elif not path.is_file():
            item.refuse(f"{path} {'is not a file' if path.exists() else 'does not exist'}")
        else:
            return True
    except OSError as error:
        item.refuse(f"{path} cannot be read: {reason(error)}")
    return False


def read_included(file: Path, reading: Reading) -> tuple[Source, list[FeedConfig]] | None:
    """The feeds of one included file; None, with a problem noted, when it cannot be read completely."""
    known_problems = len(reading.problems)
    suffix = file.suffix.lower()
    if suffix == ".toml":
        feeds = _toml_feeds(file, reading)
    elif suffix in OPML_SUFFIXES:
        feeds = _opml_feeds(file, reading)
    else:
        reading.problems.append(Problem("included files end in .toml, .opml or .xml", file))
    return (Source(str(file), len(feeds)), feeds) if len(reading.problems) == known_problems else None


def _toml_feeds(file: Path, reading: Reading) -> list[FeedConfig]:
    root = read_toml(file, reading)
    if root is None:
        return []
    root.table(("feed",))
    return read_feeds(root)


def _opml_feeds(file: Path, reading: Reading) -> list[FeedConfig]:
    data = read_bytes(file, reading)
    if data is None:
        return []
    result = read_opml(data, str(file))
    reading.problems += result.problems
    return [_from_opml(feed, file) for feed in result.feeds]


def _from_opml(feed: OpmlFeed, file: Path) -> FeedConfig:
    """A title is no name: it would change the feed's identity whenever somebody edits it."""
    return FeedConfig(feed.url, tags=feed.tags, source=str(file), file=file, line=feed.line)


def named_feeds(feeds: Iterable[OpmlFeed], taken: Collection[str] = ()) -> tuple[FeedConfig, ...]:
    """Feeds of a list as they are written into a configuration: each with a name made of its title.

    A feed whose name would be one of `taken`, or that of another, gets a number behind it; one without
    a title has no name.
    """
    used = {name.casefold() for name in taken}
    named = []
    for feed in feeds:
        name = _unused(slug(feed.title or ""), used)
        used |= {name.casefold()} if name else set()
        named.append(FeedConfig(feed.url, name, feed.tags))
    return tuple(named)


def _unused(name: str | None, used: Collection[str]) -> str | None:
    if name is None or name.casefold() not in used:
        return name
    stem = name[: LONGEST_NAME - 6]
    return next(
        f"{stem}-{count}" for count in range(2, len(used) + 3) if f"{stem}-{count}".casefold() not in used
    )


# ---------------------------------------------------------------------------------- all together


def joined(feeds: Iterable[FeedConfig], reading: Reading) -> tuple[FeedConfig, ...]:
    """All feeds, those that several OPML files list joined to one; other duplicates are refused.

    One whose URL was refused already has an empty one here, and is left out.
    """
    by_url: dict[str, FeedConfig] = {}
    by_name: dict[str, FeedConfig] = {}
    for feed in feeds:
        other = by_url.setdefault(feed.url, feed) if feed.url else feed
        if other is not feed and _from_list(feed) and _from_list(other):
            by_url[feed.url] = replace(other, tags=tuple(dict.fromkeys((*other.tags, *feed.tags))))
        elif other is not feed:
            reading.problems.append(_duplicate("url", "the same URL", feed, other))
        namesake = by_name.setdefault(feed.name.casefold(), feed) if feed.name else feed
        if namesake is not feed:
            reading.problems.append(_duplicate("name", f'the same name, "{feed.name}",', feed, namesake))
    return tuple(by_url.values())


def _from_list(feed: FeedConfig) -> bool:
    return feed.file is not None and feed.file.suffix.lower() in OPML_SUFFIXES


def _duplicate(key: str, same: str, feed: FeedConfig, other: FeedConfig) -> Problem:
    place = ":".join(str(part) for part in (other.file, other.line) if part is not None)
    return Problem(f"{same} as the feed at {place}", feed.file, feed.line, f"feed.{key}")


def refuse_intervals(
    feeds: Iterable[FeedConfig], shortest: timedelta, longest: timedelta, reading: Reading
) -> None:
    """An interval that polling would silently clip is a problem."""
    for feed in feeds:
        if feed.interval is not None and not shortest <= feed.interval <= longest:
            given, floor, cap = map(write_duration, (feed.interval, shortest, longest))
            problem = f"{given} is not between polling.floor ({floor}) and polling.interval_cap ({cap})"
            reading.problems.append(Problem(problem, feed.file, feed.line, "feed.interval"))
