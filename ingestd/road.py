"""What the stages of the road share: the parts they run on, and the visit to one leased host.

A `Visit` is the only way in which a stage asks a host for anything or saves anything: it waits for the
host's turn, remembers how the host answered, and shows the lease's token with every save.

A visit never asks another host. A redirect on its own host is one more request, with a turn of its own; one
that leads to another host ends this *leg*, and whoever asked queues the work there. So spacing, parking and
robots.txt of the other host are right by construction, also across processes and restarts.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import sqlalchemy as sa

from ingestd.clean.agency import AgencyTable
from ingestd.clean.rules import RuleBook
from ingestd.clock import Clock
from ingestd.errors import (
    AddressRefused,
    BadRedirect,
    FetchError,
    StatusRefused,
)
from ingestd.feeds import schedule
from ingestd.fetch import outage, politeness
from ingestd.fetch.client import UNCONDITIONAL, Accept, Fetcher
from ingestd.fetch.credentials import keeps_secrets, may_carry
from ingestd.fetch.outage import Outage
from ingestd.fetch.politeness import HostState
from ingestd.fetch.politeness import Settings as PolitenessSettings
from ingestd.fetch.robots import Robots, parse_robots, robots_url, rules_for_status
from ingestd.log import fields
from ingestd.model import Document, Moved, NotModified, Redirect, Validators
from ingestd.store import clusters, events, hosts
from ingestd.store.database import Writer
from ingestd.store.hosts import Lease
from ingestd.urls import host_of
from ingestd.values import require_positive
from ingestd.workers import Workers

log = logging.getLogger(__name__)

R = TypeVar("R")

NOTHING: Mapping[str, Any] = MappingProxyType({})

# What is stored of a robots.txt that cannot be had: until it can, nothing may be fetched (RFC 9309
# §2.3.1.4). The comment tells it apart from a host's own file that says the same.
UNREACHABLE = f"# It could not be had.\n{rules_for_status(None).text}"
# So it is asked for again much sooner than one that was read: no later than a page's second attempt.
ROBOTS_RETRY = timedelta(minutes=5)
# What is stored of one that stands at another host and is not known from there: by RFC 9309 §2.3.1.2 it
# counts as none, and it is looked for again when that host may have been asked for it.
ELSEWHERE = "# It stands at another host.\n"
ELSEWHERE_RETRY = timedelta(hours=1)
# A process that is killed is not back sooner than this, so shorter spacing needs no record to outlast it.
RESTART = timedelta(seconds=2)
# What it means that there is none (RFC 9309 §2.3.1.3).
NO_ROBOTS_STATUS = 404


class RobotsForbid(FetchError):
    """robots.txt of its host does not let this address be asked."""

    error_class = "robots"
    retry = False


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
class Cleaning:
    """How pages are cleaned."""

    # Files with site rules, like config/site_rules.toml: what belongs to the text on one site's pages.
    rules: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class HostRules:
    """What the configuration says about one host; None means as everywhere."""

    spacing: timedelta | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    robots: bool | None = None
    # Header fields that prove who asks; sent only where nobody can read along.
    credentials: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    def headers_for(self, url: str) -> Mapping[str, str]:
        """What a request for this address at the host carries besides our own headers."""
        return {**self.headers, **(self.credentials if keeps_secrets(url) else NOTHING)}


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
    # What all visits of this process have met lately.
    outage: Outage = field(default_factory=Outage)
    # None means the shipped table, which each worker reads for itself.
    agencies: AgencyTable | None = None
    rules: RuleBook = field(default_factory=RuleBook)


class Visit:
    """One leased host being served."""

    def __init__(self, road: Road, lease: Lease) -> None:
        self._road = road
        self._lease = lease
        self._rules = road.host_rules.get(lease.host, HostRules())
        row = lease.row
        self._state = HostState(
            row.next_request_at, row.parked_until, row.park_reason, row.crawl_delay, row.failures, row.latency
        )
        # When the last request started; None before the first.
        self._began_at: datetime | None = None
        # Understood when it is first needed: a robots.txt may be long, and feeds do not need it.
        self._robots: Robots | None = None
        self._robots_text: str | None = row.robots
        self._robots_at: datetime | None = row.robots_at

    @property
    def host(self) -> str:
        """The host's name."""
        return self._lease.host

    @property
    def lease(self) -> Lease:
        """What holds the host, with the work that was due."""
        return self._lease

    @property
    def turn(self) -> datetime:
        """When the next request may start; now, when it may at once."""
        return politeness.not_before(self._state, self._road.clock.now())

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
        hops: tuple[Redirect, ...] = (),
        may_follow: Callable[[str], Awaitable[bool]] | None = None,
    ) -> Document | NotModified | Moved:
        """Fetch from the host, each request when its turn has come; Moved when it leads to another host.

        `hops` are the redirects of earlier legs that led here; the answer's `url` is then the address that
        they began at, and its `redirects` are all of them. `issued_by` is the URL that gave the validators;
        None means that first address. `headers` may be credentials for `url`. `may_follow` is asked before a
        redirect on this host is followed. Raises FetchError: RobotsForbid when it may not.
        """
        first = hops[0].source if hops else url
        if accept is Accept.FEED and self._feeds_obey_robots():
            may_follow = self.allows
            await _check(url, may_follow)
        redirects, spent, asked = hops, timedelta(0), url
        while True:
            sent = dict(headers) if may_carry(asked, url) else {}
            if not _is_downgraded(redirects, url):
                sent = {**self._rules.headers_for(url), **sent}
            request = {"accept": accept, "validators": validators, "issued_by": issued_by or first}
            answer, took = await self._hop(url, spent, headers=sent, **request)
            spent += took
            if not isinstance(answer, Redirect):
                return replace(answer, url=first, redirects=redirects, elapsed=spent)
            redirects += (answer,)
            self._road.fetcher.check_chain(first, redirects)
            url = answer.target
            if host_of(url) != self.host:
                return Moved(first, url, redirects, self._road.clock.now(), spent)
            if may_follow is not None:
                await _check(url, may_follow)

    async def _hop(
        self, url: str, spent: timedelta, **request: Any
    ) -> tuple[Document | NotModified | Redirect, timedelta]:
        """One request in its turn, and how long it took."""
        clock, loop = self._road.clock, asyncio.get_running_loop()
        await clock.sleep((self.turn - clock.now()).total_seconds())
        await self._promise()
        # Spacing counts from when a request really starts, after any wait for a place and a connection; how
        # long it takes is the server's doing and real time, whatever clock the road goes by.
        started = loop.time()

        def begin() -> None:
            nonlocal started
            self._began_at, started = clock.now(), loop.time()
            self._space()

        try:
            answer = await self._road.fetcher.hop(url, spent=spent, begin=begin, **request)
        except FetchError as error:
            self._failed(error, timedelta(seconds=loop.time() - started))
            raise
        took = timedelta(seconds=loop.time() - started)
        self._note(failed=False)
        self._state = politeness.after_success(self._state, took)
        self._space()
        return answer, took

    async def _promise(self) -> None:
        """Where a kill could undo it, store before a request when the one after it may start."""
        if politeness.spacing(self._state, self._road.politeness, self._rules.spacing) > RESTART:
            self._began_at = self._road.clock.now()
            self._space()
            await self.save(lambda connection: None)

    def _failed(self, error: FetchError, took: timedelta) -> None:
        now = self._road.clock.now()
        unreached = politeness.is_unreached(error)
        if not isinstance(error, AddressRefused):
            self._note(failed=unreached)
        if not (unreached and self._road.outage.is_ours(now)):
            self._state = politeness.after_failure(self._state, error, now, self._road.politeness, took)
        self._space()

    def _note(self, *, failed: bool) -> None:
        """Tell the other visits, and people when that tells that our own connection broke or came back."""
        found, now = self._road.outage, self._road.clock.now()
        change = found.note(self.host, failed, now, was_dead=self._state.failures > 0)
        if change is outage.Change.BEGAN:
            log.warning("outage: most hosts cannot be reached", extra=fields(hosts=found.failed_hosts))
        elif change is outage.Change.ENDED:
            log.info("outage over: hosts answer again", extra=fields(hosts=found.failed_hosts))

    def _space(self) -> None:
        """Let what is known by now decide how far the next request is from the last."""
        if self._began_at is not None:
            rules = self._road.politeness, self._rules.spacing
            self._state = politeness.after_start(self._state, self._began_at, *rules)

    def _feeds_obey_robots(self) -> bool:
        return self._road.politeness.robots_for_feeds if self._rules.robots is None else self._rules.robots

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
        lifetime = _robots_lifetime(self._robots_text, self._road.politeness)
        return self._robots_at is None or self._robots_at + lifetime <= self._road.clock.now()

    async def _fetch_robots(self, url: str) -> None:
        self._robots = await self._ask_robots(robots_url(url))
        self._robots_text, self._robots_at = self._robots.text, self._road.clock.now()
        if self._robots_text != UNREACHABLE:
            self._state = replace(self._state, crawl_delay=self._robots.crawl_delay)
        # The delay that was just read lies between this request and the next already.
        self._space()
        await self.save(lambda connection: None)

    async def _ask_robots(self, url: str) -> Robots:
        """Rules, or what stands for them; raises AddressRefused, because that goes for every page as well."""
        try:
            answer = await self.ask(url, Accept.ROBOTS)
        except AddressRefused:
            raise
        except BadRedirect:
            return rules_for_status(NO_ROBOTS_STATUS)
        except FetchError as error:
            status = error.status if isinstance(error, StatusRefused) else None
            rules = rules_for_status(status)
            return Robots(UNREACHABLE) if rules == rules_for_status(None) else rules
        if isinstance(answer, Moved):
            return await self._robots_elsewhere(answer.target)
        assert isinstance(answer, Document)
        return parse_robots(answer.body)

    async def _robots_elsewhere(self, url: str) -> Robots:
        """The robots.txt of another host, as far as that was asked for it: its turn is not ours to take.

        Where all of a host is redirected, the rules over there are asked for when the first page comes there.
        """
        name = host_of(url)
        there = await self._road.writer.run(lambda connection: hosts.get(connection, name))
        if there is None or there.robots in (None, UNREACHABLE) or url != robots_url(url):
            return Robots(ELSEWHERE)
        return Robots(there.robots)

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
            "latency": state.latency,
        }

    async def end(self) -> None:
        """Store what became known of the host, and give it back."""
        await asyncio.shield(self._road.writer.run(partial(self._give_back, self._columns())))

    def _give_back(self, columns: Mapping[str, Any], connection: sa.Connection) -> None:
        hosts.release(connection, self._lease, **columns)


def _robots_lifetime(text: str | None, settings: PolitenessSettings) -> timedelta:
    shortened = {UNREACHABLE: ROBOTS_RETRY, ELSEWHERE: ELSEWHERE_RETRY}
    return min(settings.robots_lifetime, shortened.get(text or "", settings.robots_lifetime))


def _is_downgraded(redirects: tuple[Redirect, ...], url: str) -> bool:
    """Whether https has become http on the way, so that others can read what is sent."""
    return url.startswith("http:") and any(hop.source.startswith("https:") for hop in redirects)


async def _check(url: str, may_follow: Callable[[str], Awaitable[bool]]) -> None:
    if not await may_follow(url):
        raise RobotsForbid("robots.txt of its host does not let this be fetched", url)


def _no_robots(url: str) -> FetchError:
    error = FetchError("the robots.txt of its host cannot be had, so it may not be fetched", url)
    error.error_class = "robots"
    return error
