"""What the stages of the road share: the parts they run on, and the visit to one leased host.

A `Visit` is the only way in which a stage asks a host for anything or saves anything: it waits for the
host's turn, remembers how the host answered, and shows the lease's token with every save.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import sqlalchemy as sa

from ingestd.clean.agency import AgencyTable
from ingestd.clock import Clock
from ingestd.errors import FetchError, StatusRefused
from ingestd.feeds import schedule
from ingestd.fetch import politeness
from ingestd.fetch.client import UNCONDITIONAL, Accept, Fetcher
from ingestd.fetch.politeness import HostState
from ingestd.fetch.politeness import Settings as PolitenessSettings
from ingestd.fetch.robots import Robots, parse_robots, robots_url, rules_for_status
from ingestd.model import Document, NotModified, Validators
from ingestd.store import clusters, events, hosts
from ingestd.store.database import Writer
from ingestd.store.hosts import Lease
from ingestd.urls import host_of
from ingestd.values import require_positive
from ingestd.workers import Workers

R = TypeVar("R")

NOTHING: Mapping[str, Any] = MappingProxyType({})

# What is stored of a robots.txt that cannot be had: until it can, nothing may be fetched (RFC 9309
# §2.3.1.4). The comment tells it apart from a host's own file that says the same.
UNREACHABLE = f"# It could not be had.\n{rules_for_status(None).text}"
# So it is asked for again much sooner than one that was read: no later than a page's second attempt.
ROBOTS_RETRY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Settings:
    """How articles' pages are collected."""

    # Fetch the page of every new entry; a feed's own `fetch_pages` overrides this with false.
    fetch: bool = True
    # Attempts at one page before it is given up; eight span half a day, longer than most outages.
    max_attempts: int = 8
    # Wait before the second attempt; each further wait is twice the last.
    retry_delay: timedelta = timedelta(minutes=5)
    # Longest wait between two attempts.
    retry_cap: timedelta = timedelta(days=1)
    # Keep each revision's page as fetched, compressed (about 30 kB), so that it can be cleaned again.
    keep_html: bool = True
    # Files with agencies of your own, written like the shipped `agencies.toml`, that are known besides its.
    agencies: tuple[Path, ...] = ()
    # Hosts that are served at once; most of them wait for their next turn, so this may be many.
    hosts: int = 256
    # How long a host is leased to a worker, renewed with every save; after another machine's crash the
    # host waits this long.
    lease: timedelta = timedelta(minutes=3)

    def __post_init__(self) -> None:
        require_positive(self, "max_attempts", "retry_delay", "retry_cap", "hosts", "lease")


@dataclass(frozen=True, slots=True)
class HostRules:
    """What the configuration says about one host; None means as everywhere."""

    spacing: timedelta | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    robots: bool | None = None


@dataclass(frozen=True, slots=True)
class Road:
    """The real parts that the stages run on, and the settings of each stage."""

    clock: Clock
    writer: Writer
    fetcher: Fetcher
    workers: Workers
    pages: Settings = field(default_factory=Settings)
    polling: schedule.Settings = field(default_factory=schedule.Settings)
    politeness: PolitenessSettings = field(default_factory=PolitenessSettings)
    dedup: clusters.Settings = field(default_factory=clusters.Settings)
    history: events.Settings = field(default_factory=events.Settings)
    # By host as `urls.host_of` names it, and by feed key.
    host_rules: Mapping[str, HostRules] = field(default_factory=lambda: NOTHING)
    feed_headers: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: NOTHING)
    # None means the shipped table, which each worker reads for itself.
    agencies: AgencyTable | None = None


class Visit:
    """One leased host being served."""

    def __init__(self, road: Road, lease: Lease) -> None:
        self._road = road
        self._lease = lease
        self._rules = road.host_rules.get(lease.host, HostRules())
        row = lease.row
        self._state = HostState(
            row.next_request_at, row.parked_until, row.park_reason, row.crawl_delay, row.failures
        )
        # Understood when it is first needed: a robots.txt may be long, and feeds do not need it.
        self._robots: Robots | None = None
        self._robots_text: str | None = row.robots
        self._robots_at: datetime | None = row.robots_at

    @property
    def host(self) -> str:
        """The host's name."""
        return self._lease.host

    @property
    def is_parked(self) -> bool:
        """Whether the host asked to be left alone, or cannot be reached, since the visit began."""
        parked_until = self._state.parked_until
        return parked_until is not None and parked_until > self._road.clock.now()

    async def ask(
        self,
        url: str,
        accept: Accept,
        *,
        validators: Validators = UNCONDITIONAL,
        issued_by: str | None = None,
        headers: Mapping[str, str] = NOTHING,
    ) -> Document | NotModified:
        """Fetch from the host when its turn has come; raises FetchError. See `Fetcher.get`."""
        clock, settings = self._road.clock, self._road.politeness
        now = clock.now()
        await clock.sleep((politeness.not_before(self._state, now) - now).total_seconds())
        self._started(clock.now())
        try:
            answer = await self._road.fetcher.get(
                url,
                accept=accept,
                validators=validators,
                issued_by=issued_by,
                headers={**self._rules.headers, **headers},
            )
        except FetchError as error:
            self._started(clock.now())
            if self._concerns(error):
                self._state = politeness.after_failure(self._state, error, clock.now(), settings)
            raise
        self._started(answer.fetched_at - answer.elapsed)
        self._state = politeness.after_success(self._state)
        return answer

    def _started(self, at: datetime) -> None:
        """Spacing counts from when a request really started, after any wait for a place to make it."""
        self._state = politeness.after_start(self._state, at, self._road.politeness, self._rules.spacing)

    def _concerns(self, error: FetchError) -> bool:
        """Whether a failure is this host's own and not that of a host it redirected to."""
        return not error.url or host_of(error.url) == self._lease.host

    async def allows(self, url: str) -> bool:
        """Whether robots.txt lets this page be fetched; fetches and stores it when it is old.

        Raises FetchError when it cannot be had, because then nobody knows.
        """
        wanted = self._road.politeness.obey_robots if self._rules.robots is None else self._rules.robots
        if not wanted:
            return True
        if self._robots_text is None or self._robots_are_old():
            await self._fetch_robots(url)
        if self._robots_text == UNREACHABLE:
            raise _no_robots(url)
        self._robots = self._robots or Robots(self._robots_text or "")
        return self._robots.allows(url)

    def _robots_are_old(self) -> bool:
        lifetime = self._road.politeness.robots_lifetime
        if self._robots_text == UNREACHABLE:
            lifetime = min(lifetime, ROBOTS_RETRY)
        return self._robots_at is None or self._robots_at + lifetime <= self._road.clock.now()

    async def _fetch_robots(self, url: str) -> None:
        try:
            answer = await self.ask(robots_url(url), Accept.ROBOTS)
        except FetchError as error:
            status = error.status if isinstance(error, StatusRefused) else None
            rules = rules_for_status(status)
            self._robots = Robots(UNREACHABLE) if rules == rules_for_status(None) else rules
        else:
            assert isinstance(answer, Document)
            self._robots = parse_robots(answer.body)
        self._robots_text, self._robots_at = self._robots.text, self._road.clock.now()
        self._state = replace(self._state, crawl_delay=self._robots.crawl_delay)
        # The delay that was just read lies between this request and the next already.
        self._started(self._robots_at)
        await self.save(lambda connection: None)

    async def save(self, action: Callable[[sa.Connection], R], *, settling: bool = False) -> R:
        """Perform `action` in one transaction with what is known of the host; raises LeaseLost."""
        return await self._road.writer.run(partial(self._save, action, self._columns()), settling=settling)

    def _save(
        self, action: Callable[[sa.Connection], R], columns: Mapping[str, Any], connection: sa.Connection
    ) -> R:
        hosts.keep(connection, self._lease, self._road.pages.lease, **columns)
        return action(connection)

    def _columns(self) -> dict[str, Any]:
        state = self._state
        return {
            "next_request_at": state.next_request_at,
            "parked_until": state.parked_until,
            "park_reason": state.park_reason,
            "crawl_delay": state.crawl_delay,
            "failures": state.failures,
            "robots": self._robots_text,
            "robots_at": self._robots_at,
        }

    async def end(self) -> None:
        """Store what became known of the host, and give it back."""
        await asyncio.shield(self._road.writer.run(partial(self._give_back, self._columns())))

    def _give_back(self, columns: Mapping[str, Any], connection: sa.Connection) -> None:
        hosts.release(connection, self._lease, **columns)


def _no_robots(url: str) -> FetchError:
    error = FetchError("the robots.txt of its host cannot be had, so it may not be fetched", url)
    error.error_class = "robots"
    return error
