"""ingestd as it really runs, over the benchmarks' web: configuration file, database file, workers and all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from bench.machine import Cpu, cpu
from bench.web import feed_url
from ingestd import app, config
from ingestd.clean import Hints
from ingestd.config import Config
from ingestd.jobs import read_feed_text
from ingestd.pipeline import Pipeline
from ingestd.report import Report
from ingestd.road import Road
from ingestd.store import feeds
from ingestd.store.database import Database
from ingestd.store.hosts import Choice
from ingestd.store.schema import feed

WRITER_THREAD = "ingestd-writer"

# Feeds only: the pages that their entries put on the road wait there.
FEEDS_ONLY = Choice(pages_left=0)


class Subject:
    """A running ingestd and what it has used."""

    def __init__(self, road: Road, database: Database) -> None:
        self._pipeline = Pipeline(road)
        self._road = road
        self.database = database

    async def drain(self, choice: Choice) -> tuple[Report, Cpu]:
        """Do what is due, and what that cost the whole process tree."""
        report = Report()
        before = cpu(WRITER_THREAD)
        await self._pipeline.drain(choice, report)
        return report, cpu(WRITER_THREAD) - before

    def make_due(self, count: int) -> None:
        """Let the first `count` feeds be due."""
        with self.database.writing() as connection:
            ids = connection.scalars(sa.select(feed.c.id).order_by(feed.c.id).limit(count)).all()
            feeds.make_due(connection, datetime.now(UTC), ids)

    async def start_workers(self) -> None:
        """Let every worker process stand ready with the cleaner loaded, as it does all day."""
        hints = Hints(content_html="<p>A text that is there to be read.</p>")
        workers = self._road.workers
        await asyncio.gather(*(workers.run(read_feed_text, None, hints) for _ in range(workers.count)))


@asynccontextmanager
async def running(port: int, sites: int) -> AsyncIterator[Subject]:
    """ingestd with so many feeds and an empty SQLite file, nothing done yet."""
    with TemporaryDirectory(prefix="ingestd-bench-") as folder:
        loaded = _configured(Path(folder, "ingestd.toml"), port, sites)
        with app.opened(loaded) as database:
            app.declare(database, loaded, datetime.now(UTC))
            async with app.build(loaded, database) as road:
                yield Subject(road, database)


def _configured(path: Path, port: int, sites: int) -> Config:
    """Defaults, but for what lets loopback be asked, and without waiting between two requests."""
    head = '[fetch]\nallow_networks = ["127.0.0.0/8"]\n[politeness]\nspacing = "0ms"\n'
    feeds = (f'[[feed]]\nname = "f{site:03}"\nurl = "{feed_url(port, site)}"\n' for site in range(sites))
    path.write_text("\n".join((head, *feeds)), "utf-8")
    return config.load(path, {})
