"""The simplest thing that could do the same work, to hold ingestd's figures against.

One loop: httpx asks, feedparser parses with its defaults, trafilatura extracts with its defaults, sqlite3
commits once a feed or page, and a text is a copy if it shares half of its word sequences with any other.
No politeness, no bounds on anything, no workers, no history; a page that hangs the parser hangs it all.
"""

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import feedparser
import httpx
import trafilatura

from bench.web import LOOPBACK

NGRAM_WORDS = 4
COPY_FROM = 0.5

NGrams = frozenset[tuple[str, ...]]

_SCHEMA = """
CREATE TABLE feed (url TEXT PRIMARY KEY, etag TEXT);
CREATE TABLE entry (id TEXT PRIMARY KEY, feed TEXT, title TEXT, link TEXT, summary TEXT, published TEXT);
CREATE TABLE article (url TEXT PRIMARY KEY, title TEXT, text TEXT, copy_of TEXT);
"""


class Overlap:
    """Every text so far as its n-grams; a new one is compared with each of them."""

    def __init__(self) -> None:
        self._known: dict[str, NGrams] = {}
        # How many were no copy.
        self.texts = 0

    def match(self, name: str, text: str) -> str | None:
        """The text that this one is a copy of, and remember it; None when it is none."""
        grams = _ngrams(text)
        found = max(((_shared(grams, other), key) for key, other in self._known.items()), default=(0.0, ""))
        self._known[name] = grams
        if found[0] >= COPY_FROM:
            return found[1]
        self.texts += 1
        return None


def _ngrams(text: str) -> NGrams:
    words = text.lower().split()
    return frozenset(tuple(words[start : start + NGRAM_WORDS]) for start in range(len(words)))


def _shared(one: NGrams, other: NGrams) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))


class Loop:
    """The loop's body: one feed, or one page."""

    def __init__(self, client: httpx.Client, database: sqlite3.Connection) -> None:
        self._client = client
        self._database = database
        self.overlap = Overlap()

    def poll(self, url: str) -> list[str]:
        """Ask for a feed and store its entries; returns their links."""
        row = self._database.execute("SELECT etag FROM feed WHERE url = ?", (url,)).fetchone()
        headers = {"if-none-match": row[0]} if row and row[0] else {}
        answer = self._client.get(url, headers=headers)
        if answer.status_code == 304:
            return []
        found = feedparser.parse(answer.content, response_headers=dict(answer.headers))
        rows = [_entry(url, entry) for entry in found.entries]
        with self._database:
            self._database.executemany("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?)", rows)
            self._database.execute("INSERT OR REPLACE INTO feed VALUES (?, ?)", (url, answer.headers["etag"]))
        return [entry.link for entry in found.entries]

    def collect(self, url: str) -> None:
        """Ask for a page and store its text, with the text that it is a copy of."""
        title, text = extracted(self._client.get(url).text)
        copy_of = self.overlap.match(url, text)
        with self._database:
            self._database.execute(
                "INSERT OR REPLACE INTO article VALUES (?, ?, ?, ?)", (url, title, text, copy_of)
            )


def extracted(html: str) -> tuple[str, str]:
    """Title and text as trafilatura gives them by default; empty for what it does not find."""
    found: Any = trafilatura.bare_extraction(html, with_metadata=True)
    return (found.title or "", found.text or "") if found is not None else ("", "")


def _entry(feed_url: str, entry: Any) -> tuple[str | None, ...]:
    identity = entry.get("id") or entry.get("link")
    published = entry.get("published") or entry.get("updated")
    return identity, feed_url, entry.get("title"), entry.get("link"), entry.get("summary"), published


@contextmanager
def looping() -> Iterator[Loop]:
    """The loop with an empty SQLite file."""
    with TemporaryDirectory(prefix="plain-bench-") as folder:
        database = sqlite3.connect(Path(folder, "plain.sqlite3"))
        with closing(database), loopback_client() as client:
            database.executescript(_SCHEMA)
            yield Loop(client, database)


def loopback_client() -> httpx.Client:
    """httpx as it comes, in a process whose every name means loopback.

    That is what names below localhost mean (RFC 6761), but the C library may ask a name server for them.
    """
    socket.getaddrinfo = partial(_loopback_only, socket.getaddrinfo)
    return httpx.Client(trust_env=False)


def _loopback_only(resolve: Any, host: str, *arguments: Any, **keywords: Any) -> Any:
    return resolve(LOOPBACK, *arguments, **keywords)
