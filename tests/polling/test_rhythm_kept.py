"""B8: over three days in which the process is stopped, killed and prodded, no feed is asked too often.

Seven feeds of different kinds are polled by a service that ticks on a simulated clock. Its process ends three
times: once it is asked to, once it dies between a request and the save of what came of it, once it dies
while it waits. The next process opens what a dead one leaves: its committed database, with its leases.
"""

import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest

from ingestd.store import feeds, hosts
from ingestd.store.feeds import Declaration
from ingestd.workers import Workers
from tests import samples
from tests.polling.driving import DAY, FLOOR, HOUR, MINUTE, poll_until, step, tick
from tests.samples import NOON, Bench, StoppedClock
from tests.web import Reply, Request, Web

pytestmark = pytest.mark.asyncio(loop_scope="module")

END = NOON + 72 * HOUR
TTL = HOUR
PARKED = 3 * HOUR


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for a feed."""

    at: datetime
    conditional: bool
    status: int


@dataclass
class World:
    """The feeds, which change as time passes, and every request that they got."""

    web: Web
    clock: StoppedClock = field(default_factory=StoppedClock)
    asked: dict[str, list[Asked]] = field(default_factory=dict)
    # Called before the answer to a request goes out; None does nothing.
    interrupt: Callable[[str], object] | None = None

    def now(self) -> datetime:
        return self.clock.now()

    def build(self) -> list[Declaration]:
        """Fill the server."""
        kinds: dict[str, tuple[str, Callable[[], Reply]]] = {
            "lively": ("a", lambda: self._feed(2 * HOUR)),
            "steady": ("b", lambda: self._feed(3 * HOUR)),
            # At the host of another one.
            "wishing": ("b", lambda: self._feed(3 * HOUR, f"<ttl>{TTL // MINUTE}</ttl>")),
            "fresh": (
                "c",
                lambda: replace(self._feed(3 * HOUR), headers=(("Cache-Control", "max-age=7200"),)),
            ),
            "falling silent": ("d", self._falling_silent),
            "failing": ("e", self._failing),
            "parking": ("f", self._parking),
        }
        declared = []
        for key, (host, answer) in kinds.items():
            url = self.web.serve(host, f"/{key.replace(' ', '-')}.xml", self._noting(key, answer))
            declared.append(Declaration(key, url, fetch_pages=False))
        return declared

    def _noting(self, key: str, answer: Callable[[], Reply]) -> Callable[[Request], Reply]:
        def answered(request: Request) -> Reply:
            reply = answer()
            tag = request.header("if-none-match")
            status = 304 if tag is not None and tag == reply.etag else reply.status
            self.asked.setdefault(key, []).append(Asked(self.now(), tag is not None, status))
            if self.interrupt:
                self.interrupt(key)
            return reply

        return answered

    def _feed(self, every: timedelta, hints: str = "", until: datetime | None = None) -> Reply:
        """A feed of its twenty newest items, which come that often, each with its date."""
        newest = (min(self.now(), until or self.now()) - NOON + 10 * DAY) // every
        items = "".join(
            f"<item><guid>{number}</guid><title>Item {number}</title><pubDate>"
            f"{format_datetime(NOON - 10 * DAY + number * every, usegmt=True)}</pubDate></item>"
            for number in range(newest, newest - 20, -1)
        )
        body = f'<rss version="2.0"><channel><title>Paper</title>{hints}{items}</channel></rss>'
        return Reply(body.encode(), etag=b'"%d"' % newest)

    def _falling_silent(self) -> Reply:
        return self._feed(20 * MINUTE, until=NOON + 6 * HOUR)

    def _failing(self) -> Reply:
        down = 20 * HOUR <= self.now() - NOON < 30 * HOUR
        return Reply(status=500) if down else self._feed(4 * HOUR)

    def _parking(self) -> Reply:
        """Refuses all through an hour of the day."""
        if self.now().hour != 21:
            return self._feed(3 * HOUR)
        return Reply(status=503, headers=(("Retry-After", str(PARKED // timedelta(seconds=1))),))

    def times(self, key: str) -> list[datetime]:
        return [one.at for one in self.asked[key]]


@dataclass
class Service:
    """The processes that serve one after the other."""

    world: World
    folder: Path
    workers: Workers
    declared: list[Declaration]
    file: Path

    @asynccontextmanager
    async def process(self) -> AsyncIterator[Bench]:
        """A new process on the database that the last one left; its end is orderly."""
        async with samples.bench(self.world.web, f"sqlite:///{self.file}", self.workers) as bench:
            bench.clock.advance(self.world.now() - bench.clock.now())
            self.world.clock = bench.clock
            with bench.database.writing() as connection:
                # What every start does: the leases of the dead are freed, the configuration is read.
                hosts.free_owners(connection, hosts.lease_owners(connection))
                feeds.declare(connection, self.declared, (), bench.clock.now())
            yield bench

    async def dies_idle(self, bench: Bench, moment: datetime) -> None:
        """Serve until that moment, and leave what a SIGKILL between two ticks leaves."""
        await serve(bench, moment)
        self._leave("idle")

    async def dies_asking(self, bench: Bench, moment: datetime, key: str) -> datetime:
        """Serve until that feed is asked after that moment, and leave what a SIGKILL then leaves.

        Whatever else the same tick asks for was claimed before, and has no save either.
        """
        await serve(bench, moment)
        left: list[Path] = []
        self.world.interrupt = lambda asked: left.append(self._copy("asking")) if asked == key else None
        while not left:
            await step(bench)
        self.world.interrupt = None
        self.file = left[0]
        return bench.clock.now()

    def _leave(self, name: str) -> None:
        self.file = self._copy(name)

    def _copy(self, name: str) -> Path:
        """What is committed by now, as a process finds it that starts after a kill."""
        copy = self.folder / f"{name}.sqlite3"
        with closing(sqlite3.connect(self.file)) as old, closing(sqlite3.connect(copy)) as new:
            old.backup(new)
        return copy


async def serve(bench: Bench, until: datetime) -> None:
    await poll_until(bench, until - bench.clock.now())


async def trigger(bench: Bench) -> int:
    """What `once --all` does; returns how many feeds were not due and now are."""
    with bench.database.writing() as connection:
        count = feeds.make_due(connection, bench.clock.now(), floor=bench.road.polling.floor)
    await tick(bench)
    return count


@pytest.fixture
def service(web: Web, workers: Workers, tmp_path: Path, sqlite_url: str) -> Service:
    world = World(web)
    return Service(world, tmp_path, workers, world.build(), Path(sqlite_url.removeprefix("sqlite:///")))


async def test_b8_no_feed_is_asked_too_often_whatever_happens_to_the_service(service: Service) -> None:
    world, triggers = service.world, []
    async with service.process() as bench:
        # While one feed is parked; and again a minute later, by somebody who does not believe it.
        for moment, woken in ((NOON + 9.5 * HOUR, 6), (NOON + 9.5 * HOUR + MINUTE, 0)):
            await serve(bench, moment)
            triggers.append(moment)
            assert await trigger(bench) == woken
        await serve(bench, NOON + 18 * HOUR)
    async with service.process() as bench:
        await serve(bench, NOON + 30 * HOUR)
        service.declared[:] = [replace(one, tags=("reloaded",)) for one in service.declared]
        before = sum(map(len, world.asked.values()))
        with bench.database.writing() as connection:
            feeds.declare(connection, service.declared, (), bench.clock.now())
        await tick(bench)
        assert sum(map(len, world.asked.values())) == before
        killed_at = await service.dies_asking(bench, NOON + 40 * HOUR, "steady")
    async with service.process() as bench:
        # Of that request nobody here knows.
        assert f"{killed_at:%Y-%m-%d %H:%M:%S}" not in {at[:19] for at in bench.values("SELECT at FROM poll")}
        await service.dies_idle(bench, NOON + 55 * HOUR)
    async with service.process() as bench:
        await serve(bench, END)

    assert killed_at in world.times("steady")
    for key, asked in world.asked.items():
        assert len(asked) > 20, key
        assert min(gaps(asked)) >= FLOOR, key
    assert min(gaps(world.asked["wishing"], besides=triggers)) >= TTL
    assert min(gaps(world.asked["fresh"], besides=triggers)) >= 2 * HOUR
    parking = world.asked["parking"]
    refused = [later.at - one.at for one, later in pairwise(parking) if one.status == 503]
    assert len(refused) == 3
    assert min(refused) >= PARKED
    assert 500 in {one.status for one in world.asked["failing"]}
    unconditional = {
        key: [one.at for one in asked if not one.conditional] for key, asked in world.asked.items()
    }
    audits = unconditional.pop("falling silent")
    assert all(moments == [NOON] for moments in unconditional.values())
    assert audits[0] == NOON
    assert 2 <= len(audits) <= 4
    assert min(later - earlier for earlier, later in pairwise(audits)) >= DAY


def gaps(asked: Sequence[Asked], besides: Sequence[datetime] = ()) -> list[timedelta]:
    """The times between requests, without those that end with one that was asked for by hand."""
    return [later.at - earlier.at for earlier, later in pairwise(asked) if later.at not in besides]
