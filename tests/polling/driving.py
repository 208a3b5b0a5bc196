"""Driving the road by its ticks, as the service does, from one moment when something is due to the next."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from ingestd.pipeline import Pipeline
from ingestd.report import FeedLine, Report
from ingestd.store import feeds
from ingestd.store.schema import feed as feed_table
from tests.samples import Bench
from tests.web import Answer, Request, Web

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FLOOR = timedelta(minutes=5)
NOTHING = timedelta(0)
NEVER = datetime.max.replace(tzinfo=UTC)

# If-None-Match and If-Modified-Since of one request.
Conditions = tuple[bytes | None, bytes | None]
UNCONDITIONAL: Conditions = (None, None)


def subscribe(bench: Bench, web: Web, *answers: Answer, key: str = "paper", **declaration: Any) -> str:
    """Declare a feed at a host of its own that gives these answers in turn; its URL."""
    url = web.serve(key, "/feed.xml", *answers)
    bench.subscribe(key, url, **declaration)
    return url


async def tick(bench: Bench, later: timedelta = NOTHING) -> Report:
    """Let time pass, then serve what is due, to the end; all it does is what ticks of the service do."""
    bench.clock.advance(later)
    pipeline, report = Pipeline(bench.road), Report()
    while await pipeline.tick(report):
        await served()
    return report


async def served() -> None:
    """Wait for the end of all that a tick began; raises what ended it."""
    await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name().startswith("host ")))


async def poll(bench: Bench, key: str = "paper") -> FeedLine:
    """Wait until a feed is due and not parked, and poll it, with whatever else is due by then."""
    return (await tick(bench, max(NOTHING, due_at(bench, key) - bench.clock.now()))).feeds[key]


async def step(bench: Bench) -> Report:
    """The tick that has something to do next."""
    return await tick(bench, max(NOTHING, next_due(bench) - bench.clock.now()))


async def poll_until(bench: Bench, span: timedelta) -> list[Report]:
    """All ticks that have something to do in that time from now, at whose end the clock then stands."""
    end, reports = bench.clock.now() + span, []
    while next_due(bench) <= end:
        reports.append(await step(bench))
    bench.clock.advance(end - bench.clock.now())
    return reports


_DUE = """
    SELECT min(max(feed.next_poll_at, coalesce(host.parked_until, feed.next_poll_at)))
    FROM feed JOIN host ON host.name = feed.host WHERE feed.state = 'active'"""


def next_due(bench: Bench) -> datetime:
    """When any feed may be polled next."""
    return _moment(bench.values(_DUE)[0])


def _moment(text: str | None) -> datetime:
    """A moment as SQLite keeps it."""
    return datetime.fromisoformat(f"{text}+00:00") if text else NEVER


def row_of(bench: Bench, key: str = "paper") -> sa.Row[Any]:
    """All that is stored of a feed."""
    with bench.database.reading() as connection:
        return connection.execute(sa.select(*feeds.COLUMNS).where(feed_table.c.key == key)).one()


def due_at(bench: Bench, key: str = "paper") -> datetime:
    """When a feed may be polled next: it is due and its host is not parked."""
    return _moment(bench.values(f"{_DUE} AND feed.key = '{key}'")[0])


def delay(bench: Bench, key: str = "paper") -> timedelta:
    """How long it is from now until a feed is due."""
    planned: datetime = row_of(bench, key).next_poll_at
    return planned - bench.clock.now()


def asked(web: Web, host: str = "paper") -> list[Request]:
    """The requests that one host was sent."""
    return [request for request in web.requests if request.host == host]


def conditions(web: Web, host: str = "paper") -> list[Conditions]:
    """What made the requests to one host conditional, in order."""
    return [(one.header("if-none-match"), one.header("if-modified-since")) for one in asked(web, host)]


def titles(bench: Bench) -> list[str]:
    """The titles of all entries that are stored, sorted, each as often as it is."""
    return bench.values("SELECT title FROM entry ORDER BY title")


def events(bench: Bench, kind: str = "feed-state") -> list[dict[str, Any]]:
    """What the events of one kind tell, in order."""
    return [
        json.loads(data) for data in bench.values(f"SELECT data FROM event WHERE kind = '{kind}' ORDER BY id")
    ]
