"""Small feeds and pages, and the real road over them, for the tests of the road.

async with bench(web, url, workers) as road:          # loopback server, database, worker processes
    road.subscribe("paper", web.serve("paper", "/feed.xml", feed(item("One", link))))
    report = await road.once()
"""

import asyncio
import os
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ingestd.fetch.client import Fetcher
from ingestd.fetch.client import Settings as FetchSettings
from ingestd.fetch.politeness import Settings as PolitenessSettings
from ingestd.pipeline import Pipeline
from ingestd.report import Report
from ingestd.road import Road
from ingestd.store import feeds
from ingestd.store.database import Database, Writer
from ingestd.store.database import Settings as DatabaseSettings
from ingestd.store.feeds import Declaration
from ingestd.store.hosts import Choice
from ingestd.values import toml_value
from ingestd.workers import Workers
from tests.web import LOOPBACK, Reply, Web

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROOT = Path(__file__).parent.parent
COMMAND = (sys.executable, "-c", "from ingestd.cli import main; main()")

_WORDS = (
    "harbour council river ferry school budget evening market bridge winter engineer train library theatre "
    "museum garden station weather doctor village report reopened repaired promised measured counted moved "
    "painted voted before after during beside without across quietly slowly twice local northern coastal "
    "wooden narrow crowded frozen borrowed forgotten ticket keeper pilot baker teacher lantern orchard"
).split()


# ---------------------------------------------------------------------------------- feeds and pages


def prose(seed: str, paragraphs: int = 4) -> tuple[str, ...]:
    """Paragraphs that are the same for the same seed, and share no passage with those of another."""
    dice = random.Random(seed)
    return tuple(
        " ".join(" ".join(dice.choices(_WORDS, k=11)).capitalize() + "." for _ in range(4))
        for _ in range(paragraphs)
    )


def page(title: str, paragraphs: Sequence[str], **reply: Any) -> Reply:
    """An article's page."""
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    html = (
        f"<!doctype html><html lang=en><head><title>{escape(title)}</title></head>"
        f"<body><article><h1>{escape(title)}</h1>{body}</article></body></html>"
    )
    return Reply(html.encode(), headers=(("Content-Type", "text/html; charset=utf-8"),), **reply)


def item(title: str, link: str | None, text: str = "", content: Sequence[str] = ()) -> str:
    """One item of an RSS feed; its guid is its title's first word."""
    html = "".join(f"<p>{paragraph}</p>" for paragraph in content)
    return (
        f'<item><guid isPermaLink="false">{escape(title.split()[0])}</guid><title>{escape(title)}</title>'
        + (f"<link>{escape(link)}</link>" if link else "")
        + (f"<description>{escape(text)}</description>" if text else "")
        + (f"<content:encoded>{escape(html)}</content:encoded>" if html else "")
        + "</item>"
    )


def feed(*items: str, **reply: Any) -> Reply:
    """An RSS 2.0 feed; `reply` are further fields of the answer."""
    document = (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Paper</title>{''.join(items)}</channel></rss>"
    )
    headers = (("Content-Type", "application/rss+xml"), *reply.pop("headers", ()))
    return Reply(document.encode(), headers=headers, **reply)


def article(web: Web, host: str, name: str, **reply: Any) -> str:
    """An item whose page stands at that host, with a text of its own."""
    title = f"{name} of {host}"
    return item(title, web.serve(host, f"/{name}.html", page(title, prose(title), **reply)))


def write_config(
    folder: Path, feeds: Mapping[str, str], database: str = "sqlite:///ingestd.sqlite3", more: str = ""
) -> Path:
    """A configuration for the real command over a loopback server; `feeds` are URLs by name."""
    lines = [
        f"[database]\nurl = {toml_value(database)}",
        f"[fetch]\nallow_networks = {toml_value(list(LOOPBACK))}",
        '[politeness]\nspacing = "0s"',
        '[polling]\nfloor = "1ms"',
        "[workers]\ncount = 1",
        more,
        *(f"[[feed]]\nname = {toml_value(name)}\nurl = {toml_value(url)}" for name, url in feeds.items()),
    ]
    file = folder / "ingestd.toml"
    file.write_text("\n\n".join(lines) + "\n", "utf-8")
    return file


def environment(**more: str) -> dict[str, str]:
    """The environment of a subprocess that imports this checkout."""
    return os.environ | {"PYTHONPATH": str(ROOT)} | more


# ---------------------------------------------------------------------------------- the road


class StoppedClock:
    """A clock that moves only when somebody sleeps, and then at once."""

    def __init__(self, start: datetime = NOON) -> None:
        self._now = start
        self._start = start

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return (self._now - self._start).total_seconds()

    async def sleep(self, seconds: float) -> None:
        self.advance(timedelta(seconds=max(0.0, seconds)))
        await asyncio.sleep(0)

    def advance(self, span: timedelta) -> None:
        self._now += span


@dataclass(slots=True)
class Bench:
    """The real road with a clock that a test can move."""

    road: Road
    clock: StoppedClock
    database: Database
    declared: list[Declaration]

    def subscribe(self, key: str, url: str, **declaration: Any) -> None:
        """Declare one more feed."""
        self.declared.append(Declaration(key, url, **declaration))
        with self.database.writing() as connection:
            feeds.declare(connection, self.declared, (), self.clock.now())

    def change(self, **parts: Any) -> None:
        """Let the road have other settings or parts from now on."""
        self.road = replace(self.road, **parts)

    async def once(self, choice: Choice | None = None, *, later: timedelta = timedelta(0)) -> Report:
        """Drain the road, after some time has passed."""
        self.clock.advance(later)
        report = Report()
        await Pipeline(self.road).drain(choice or Choice(), report)
        return report

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.database.reading() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query))]

    def counts(self, query: str) -> dict[Any, int]:
        """The second column of a query by its first."""
        return {row[0]: row[1] for row in self.rows(query)}

    def values(self, query: str) -> list[Any]:
        """The first column of a query."""
        return [row[0] for row in self.rows(query)]


# Commands that a test holds up must not give up on their server meanwhile.
PATIENT = environment(INGESTD_FETCH__READ_TIMEOUT="60s", INGESTD_FETCH__TOTAL_TIMEOUT="60s")


@contextmanager
def running(command: Sequence[str], **pipes: Any) -> Iterator[subprocess.Popen[str]]:
    """A patient command under way; killed at the end if it still is."""
    with subprocess.Popen(command, env=PATIENT, text=True, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def stored(url: str, query: str) -> list[Any]:
    """The first column of what a query finds in the database at `url`."""
    database = Database(DatabaseSettings(url))
    try:
        with database.reading() as connection:
            return list(connection.scalars(sa.text(query)))
    finally:
        database.close()


@asynccontextmanager
async def bench(web: Web, url: str, workers: Workers) -> AsyncIterator[Bench]:
    """The road over a migrated database, at noon, with no spacing between requests."""
    clock = StoppedClock()
    database = Database(DatabaseSettings(url))
    writer = Writer(database)
    try:
        async with Fetcher(FetchSettings(allow_networks=LOOPBACK), clock, ports=(web.port,)) as fetcher:
            politeness = PolitenessSettings(spacing=timedelta(0))
            road = Road(clock, writer, fetcher, workers, politeness=politeness)
            yield Bench(road, clock, database, [])
    finally:
        writer.close()
        database.close()
