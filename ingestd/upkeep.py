"""What the archive needs from time to time, in pieces small enough that nobody waits for them.

    1. events past retention are removed, and sums of days past it
    2. clusters past the window lose their postings
    3. clusters that stand under another scheme, after an upgrade, get postings of the one in use

Each is done when the columns say so, whoever finds it first, so it needs no record of its own.
"""

from collections.abc import Callable
from functools import partial

import sqlalchemy as sa

from ingestd.matching import matching
from ingestd.road import Road
from ingestd.store import clusters, events, host_pages, postings

EVENTS_AT_ONCE = 10_000
DAYS_AT_ONCE = 10_000
# Some tenths of a second; pages are settled in between.
CLUSTERS_AT_ONCE = 100


async def keep_up(road: Road) -> None:
    """Do what is due; raises DatabaseError."""
    now, window = road.clock.now(), road.dedup
    await _repeat(road, EVENTS_AT_ONCE, lambda one: events.prune(one, road.history, now, EVENTS_AT_ONCE))
    keep = road.history.retention
    await _repeat(road, DAYS_AT_ONCE, lambda one: host_pages.prune(one, keep, now, DAYS_AT_ONCE))
    # Asked first, because a process that matches nothing is to stay without numpy.
    if await road.writer.run(lambda one: clusters.overdue(one, window, now, 1)):
        await _repeat(
            road,
            CLUSTERS_AT_ONCE,
            lambda one: clusters.expire(one, window, now, CLUSTERS_AT_ONCE, matching()),
        )
    if await road.writer.run(lambda one: clusters.stale(one, window, now, 1)):
        await _repeat(road, 1, lambda one: clusters.reindex(one, window, now, CLUSTERS_AT_ONCE, matching()))
        for part in range(postings.PARTS):
            await road.writer.run(partial(postings.sweep, part=part), settling=True)


async def _repeat(road: Road, enough: int, action: Callable[[sa.Connection], int]) -> None:
    """Perform `action` again and again, a transaction each, until it has less than that to do."""
    while await road.writer.run(action, settling=True) >= enough:
        pass
