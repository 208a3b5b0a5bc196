"""`ingestd run`: APScheduler's ticks start what is due; signals end it.

The scheduler holds two jobs in memory and no due times: those are columns, so a restart, a second
worker and "poll it now" need nothing else. A tick only starts tasks and returns, because APScheduler
skips a tick while the last one runs and cancels running coroutines when it shuts down.
"""

import asyncio
import logging
import os
import signal
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from ingestd.errors import DatabaseError
from ingestd.log import fields
from ingestd.pipeline import Pipeline
from ingestd.report import Report
from ingestd.road import Road
from ingestd.upkeep import keep_up
from ingestd.values import require_positive

log = logging.getLogger(__name__)

UPKEEP_INTERVAL = timedelta(hours=1)

# One late run is enough, and none may be dropped for being late: the default of one second lost 100 of
# 100 runs after a stall of three.
JOB_DEFAULTS = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


@dataclass(frozen=True, slots=True)
class Settings:
    """The rhythm of the service itself."""

    # How often the dispatcher looks for what is due.
    tick: timedelta = timedelta(seconds=1)
    # After SIGTERM: how long requests under way may take to finish before they are cut off.
    drain_limit: timedelta = timedelta(seconds=25)

    def __post_init__(self) -> None:
        require_positive(self, "tick")


async def serve(road: Road, settings: Settings) -> None:
    """Keep the road busy until SIGTERM or SIGINT, then drain it; a second signal ends the process at once."""
    pipeline = Pipeline(road)
    stop = _stop_on_signals()
    freed = await pipeline.recover()
    scheduler = AsyncIOScheduler(timezone="UTC", job_defaults=JOB_DEFAULTS)
    scheduler.add_job(_tick, "interval", [pipeline], seconds=settings.tick.total_seconds())
    # The first at once: a new version may have to bring its archive up to date.
    soon = {"next_run_time": datetime.now(UTC), "seconds": UPKEEP_INTERVAL.total_seconds()}
    scheduler.add_job(_upkeep, "interval", [road], **soon)
    scheduler.start()
    log.info("started", extra=fields(freed_leases=freed))
    await stop.wait()
    log.info("stopping", extra=fields(hosts=pipeline.busy))
    scheduler.pause()
    await pipeline.stop(settings.drain_limit.total_seconds())
    scheduler.shutdown(wait=False)
    log.info("stopped")


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_signal(number: signal.Signals) -> None:
        if stop.is_set():
            # Nothing is lost: what was not committed is done again, and the next start frees the leases.
            os._exit(128 + number)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal, number)
    return stop


async def _tick(pipeline: Pipeline) -> None:
    try:
        await pipeline.tick(Report())
    except DatabaseError as error:
        log.error("tick failed", extra=fields(error=str(error)))  # noqa: TRY400 – the message says it all


async def _upkeep(road: Road) -> None:
    try:
        await keep_up(road)
    except DatabaseError as error:
        log.error("upkeep failed", extra=fields(error=str(error)))  # noqa: TRY400 – the message says it all
