"""The road: the order of the stages, and nothing else.

    claim    lease the hosts that have something due and may be asked now
    poll     fetch feed ─ unchanged? ─ parse ─ select ║ save entries + validators + next poll
    collect  fetch page ─ clean ─ verdict ─ fingerprint ║ match ─ save ─ event

A redirect to another host ends the leg of a feed or page: it is queued at that host, still due, and claimed
there like anything else.

Left of ║ waiting is asyncio's and computing is a worker process's; right of it is one transaction in the
writer thread. A lease is served by one task, one request at a time, so a slow host delays only itself.
Errors are caught around a feed and around a page; there they become that item's outcome.

`once` drains the road and ends; the daemon starts the same tasks from its tick.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from ingestd import collect, poll, upkeep
from ingestd.errors import DatabaseError, LeaseLost
from ingestd.log import fields
from ingestd.model import FeedOutcome, PageOutcome
from ingestd.report import FeedLine, PageLine, Report
from ingestd.road import Road, Visit
from ingestd.store import feeds, hosts, owner, pages
from ingestd.store.hosts import Choice, Lease, Outlook

log = logging.getLogger(__name__)

# While others hold the hosts that are left, look again this often: a released lease tells nobody.
LOOK_AGAIN_SECONDS = 0.5
# Hosts that are done within a moment of each other are replaced by one claim: a claim for each would
# cost as much as all their other transactions.
GATHER_SECONDS = 0.02


class Pipeline:
    """Serves leased hosts, each in a task of its own."""

    def __init__(self, road: Road) -> None:
        self._road = road
        self._owner = owner.this_process()
        self._tasks: dict[asyncio.Task[None], Lease] = {}
        self._stopping = False
        # Held while hosts are claimed, so that `stop` comes before or after that and never between.
        self._claiming = asyncio.Lock()
        self._renewed_at = road.clock.monotonic()
        # What ended a host's task other than its work; None while nothing has.
        self._failure: BaseException | None = None
        # Feeds and pages that were claimed and came to no outcome, since that was last asked.
        self._unfinished = Counter[str]()

    @property
    def busy(self) -> int:
        """Hosts being served."""
        return len(self._tasks)

    async def recover(self) -> int:
        """Free the leases of processes of this machine that died; returns how many."""
        return await self._road.writer.run(_free_dead)

    async def drain(self, choice: Choice, report: Report) -> None:
        """Serve what is due until nothing due is left that may be asked; what is parked is reported.

        Waits for spacing, and for hosts that another process holds; then does what the archive needs. Raises
        DatabaseError. When it is cancelled or fails, no task and no lease of its own is left.
        """
        choice = replace(choice, feeds_due_by=choice.feeds_due_by or self._road.clock.now())
        try:
            await self._drain(choice, report)
            if not self._stopping:
                await upkeep.keep_up(self._road)
        except BaseException:
            await self._cut_off()
            raise

    async def _drain(self, choice: Choice, report: Report) -> None:
        while not self._stopping:
            choice = self._with_unfinished(choice)
            leases = await self._start_due(choice, report)
            choice = choice.without(leases)
            working = bool(self._tasks)
            if working:
                await asyncio.wait(
                    self._tasks, return_when=asyncio.FIRST_COMPLETED, timeout=LOOK_AGAIN_SECONDS
                )
                await asyncio.sleep(GATHER_SECONDS)
            if self._failure is not None:
                # Anything that a task raises would be raised by the next one too.
                raise self._failure
            # What was done meanwhile may have left something to claim.
            if not (working or self._unfinished.total()) and await self._is_drained(choice, report):
                return

    def _with_unfinished(self, choice: Choice) -> Choice:
        """The choice with what was claimed from it and came to no outcome: it may take as much once more."""
        feeds, pages = self._unfinished["feeds"], self._unfinished["pages"]
        self._unfinished.clear()
        return replace(
            choice,
            feeds_left=None if choice.feeds_left is None else choice.feeds_left + feeds,
            pages_left=None if choice.pages_left is None else choice.pages_left + pages,
        )

    async def tick(self, report: Report) -> int:
        """Start serving what is due now, without waiting for it; returns how many hosts that are."""
        return len(await self._start_due(Choice(), report))

    async def stop(self, limit_seconds: float) -> None:
        """Begin nothing more; let requests under way finish within the limit, then cut them off."""
        self._stopping = True
        async with self._claiming:
            under_way = set(self._tasks)
        if under_way:
            await asyncio.wait(under_way, timeout=limit_seconds)
        await self._cut_off()

    async def _cut_off(self) -> None:
        """Cancel what is under way and give back what it held, a claim that nobody waited for included."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(DatabaseError):
            await self._road.writer.run(partial(hosts.free_owners, owners=[self._owner]))

    async def _start_due(self, choice: Choice, report: Report) -> list[Lease]:
        """Lease hosts for the free places, and start serving them."""
        async with self._claiming:
            await self._renew()
            leases = await self._claim(choice)
            self._start(leases, report)
        return leases

    async def _renew(self) -> None:
        """Renew the leases of hosts that wait long, for a place or a worker, before they run out."""
        now, span = self._road.clock.monotonic(), self._road.pages.lease
        if self._tasks and now - self._renewed_at >= span.total_seconds() / 3:
            self._renewed_at = now
            await self._road.writer.run(partial(_keep_all, list(self._tasks.values()), span))

    async def _claim(self, choice: Choice) -> list[Lease]:
        free = self._road.pages.hosts - len(self._tasks)
        if free <= 0 or self._stopping:
            return []
        claim = partial(
            hosts.claim,
            owner=self._owner,
            now=self._road.clock.now(),
            span=self._road.pages.lease,
            limit=free,
            choice=choice,
            floor=self._road.polling.floor,
        )
        return await self._road.writer.run(claim)

    def _start(self, leases: list[Lease], report: Report) -> None:
        for lease in leases:
            task = asyncio.create_task(self._serve(lease, report), name=f"host {lease.host}")
            self._tasks[task] = lease
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        lease = self._tasks.pop(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        self._failure = self._failure or error
        trace = None if isinstance(error, DatabaseError) else error
        log.error("host given up", exc_info=trace, extra=fields(host=lease.host, error=str(error)))

    async def _is_drained(self, choice: Choice, report: Report) -> bool:
        now = self._road.clock.now()
        left = await self._road.writer.run(lambda connection: hosts.outlook(connection, now, choice))
        if left.busy:
            # One of those who hold them may have died meanwhile.
            await self.recover()
            wait = min(left.wait_seconds or 0.0, LOOK_AGAIN_SECONDS)
            await self._road.clock.sleep(max(wait, 0.01))
            return False
        await self._road.writer.run(lambda connection: _report_parked(connection, left, report))
        return True

    async def _serve(self, lease: Lease, report: Report) -> None:
        visit = Visit(self._road, lease)
        left = Counter(feeds=len(lease.feed_ids), pages=len(lease.page_ids))
        try:
            await self._do(visit, left, report)
        except LeaseLost as error:
            log.warning("lease lost", extra=fields(host=lease.host, error=str(error)))
        finally:
            self._unfinished.update(left)
            await visit.end()

    async def _do(self, visit: Visit, left: Counter[str], report: Report) -> None:
        """The work of a lease in its order, until the host may not be asked any more; counts down `left`."""
        lease = visit.lease
        for row in await self._road.writer.run(lambda connection: feeds.load(connection, lease.feed_ids)):
            if self._stopping or visit.is_parked:
                return
            if (feed := await self._poll(visit, row)) is not None:
                report.add(feed)
                left["feeds"] -= 1
        for page_id in lease.page_ids:
            if self._stopping or visit.is_parked:
                return
            if (page := await self._collect(visit, page_id)) is not None:
                report.add(page)
                left["pages"] -= 1

    async def _poll(self, visit: Visit, row: sa.Row[Any]) -> FeedLine | None:
        try:
            return await poll.poll(self._road, visit, row)
        except (LeaseLost, DatabaseError):
            raise
        except Exception as error:
            log.exception("poll crashed", extra=fields(feed=row.key))
            return await poll.save_crash(self._road, visit, row, error)

    async def _collect(self, visit: Visit, page_id: int) -> PageLine | None:
        try:
            return await collect.collect(self._road, visit, page_id)
        except (LeaseLost, DatabaseError):
            raise
        except Exception as error:
            log.exception("collect crashed", extra=fields(page=page_id))
            return await collect.save_crash(self._road, visit, page_id, error)


def _free_dead(connection: sa.Connection) -> int:
    return hosts.free_owners(connection, owner.dead(hosts.lease_owners(connection)))


def _keep_all(leases: Sequence[Lease], span: timedelta, connection: sa.Connection) -> None:
    for lease in leases:
        # Whose lease was lost hears of it at its next save.
        with suppress(LeaseLost):
            hosts.keep(connection, lease, span)


def _report_parked(connection: sa.Connection, left: Outlook, report: Report) -> None:
    """Due work of parked hosts leaves the run as parked."""
    for row in feeds.load(connection, list(left.parked_feeds)):
        host, reason = left.parked_feeds[row.id]
        report.add(FeedLine(row.key, FeedOutcome.PARKED, f"{host}: {reason}"))
    for page_id, (host, reason) in left.parked_pages.items():
        row = pages.get(connection, page_id)
        report.add(PageLine(row.url or row.url_key, PageOutcome.PARKED, f"{host}: {reason}"))
