"""How it is put together: every real part, made in one straight line and closed in reverse."""

import logging
import tomllib
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ingestd.clean.agency import AgencyTable
from ingestd.clean.rules import RuleBook
from ingestd.clock import Clock, SystemClock
from ingestd.config import Config
from ingestd.config_rules import load_rules
from ingestd.data import data_path
from ingestd.errors import ConfigError, Problem
from ingestd.feeds import schedule
from ingestd.fetch.client import Fetcher
from ingestd.fetch.client import Settings as Fetching
from ingestd.fetch.proxy import parse_proxy
from ingestd.road import HostRules, Road
from ingestd.store import feeds, migrate
from ingestd.store.database import Database, Writer
from ingestd.store.feeds import Declaration, SyncResult
from ingestd.workers import Workers

log = logging.getLogger(__name__)

# What an agency may have beside its name, see `config/agencies.toml`.
AGENCY_LISTS = ("spellings", "codes", "bracketed", "sites")


@contextmanager
def opened(config: Config) -> Iterator[Database]:
    """The configured database at the current schema; a new one is migrated, an old one refused."""
    database = Database(config.database)
    try:
        migrate.ensure(database)
        yield database
    finally:
        database.close()


@asynccontextmanager
async def build(
    config: Config, database: Database, *, extra_urls: Iterable[str] = (), clock: Clock | None = None
) -> AsyncIterator[Road]:
    """The road with all that it runs on. `extra_urls` are URLs given by hand, whose ports may be dialled."""
    if proxy := parse_proxy(config.fetch.proxy):
        log.warning("%s", proxy.limits)
    async with AsyncExitStack() as stack:
        clock = clock or SystemClock()
        writer = Writer(database)
        stack.callback(writer.close)
        ports = ports_of([*(feed.url for feed in config.feeds), *extra_urls])
        fetcher = await stack.enter_async_context(
            Fetcher(config.fetch, clock, ports=ports, direct_hosts=config.direct_hosts)
        )
        workers = await stack.enter_async_context(Workers(config.workers))
        yield Road(
            clock=clock,
            writer=writer,
            fetcher=fetcher,
            workers=workers,
            pages=config.pages,
            polling=config.polling,
            politeness=config.politeness,
            dedup=config.dedup,
            history=config.events,
            host_rules={
                name: HostRules(
                    spacing=host.spacing,
                    headers=host.headers,
                    robots=host.robots,
                    credentials=host.credential_headers,
                )
                for name, host in config.hosts.items()
            },
            feed_headers={feed.key: feed.request_headers for feed in config.feeds if feed.request_headers},
            agencies=agency_table(config),
            rules=site_rules(config),
        )


def remarks(config: Config) -> tuple[str, ...]:
    """What somebody should know who runs this configuration, valid as it is; each is one sentence."""
    proxy = parse_proxy(config.fetch.proxy)
    told = [proxy.limits] if proxy else []
    if config.fetch.contact_url == Fetching().contact_url:
        told.append("[fetch] contact_url is not set: publishers cannot find out whom to write to")
    return tuple(told)


def ports_of(urls: Iterable[str]) -> frozenset[int]:
    """The ports that URLs of the configuration or of the command line name; the guard lets them through."""
    return frozenset(port for url in urls if (port := urlsplit(url).port) is not None)


def agency_table(config: Config) -> AgencyTable | None:
    """The shipped agencies and those of the configured files; None when there are only the shipped.

    Raises ConfigError that names the file, and what is wrong with it.
    """
    if not config.pages.agencies:
        return None
    tables = [_agencies(path) for path in (data_path("config", "agencies.toml"), *config.pages.agencies)]
    try:
        return AgencyTable.from_toml({"agency": [agency for table in tables for agency in table]})
    except ValueError as error:
        raise _bad_agencies(config.pages.agencies[-1], str(error)) from error


def _agencies(path: Path) -> list[dict[str, Any]]:
    try:
        found = tomllib.loads(path.read_text("utf-8")).get("agency")
    except OSError as error:
        raise _bad_agencies(path, f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise _bad_agencies(path, str(error)) from error
    if not isinstance(found, list) or not all(_is_agency(one) for one in found):
        raise _bad_agencies(
            path, f"expected [[agency]] tables with name and lists of {', '.join(AGENCY_LISTS)}"
        )
    return found


def _is_agency(found: Any) -> bool:
    """Whether this has the shape that `config/agencies.toml` describes."""
    if not isinstance(found, dict) or not isinstance(found.get("name"), str):
        return False
    lists = [found.get(key, []) for key in AGENCY_LISTS]
    return all(isinstance(texts, list) and all(isinstance(t, str) for t in texts) for texts in lists)


def _bad_agencies(path: Path, message: str) -> ConfigError:
    return ConfigError("the agencies cannot be read", (Problem(message, path),))


def site_rules(config: Config) -> RuleBook:
    """The rules of the configured files; raises ConfigError with everything that is wrong with them."""
    return load_rules(config.clean.rules)


def declare(database: Database, config: Config, now: datetime) -> SyncResult:
    """Make the feed table say what the configuration declares."""
    declared = [
        Declaration(
            key=feed.key,
            url=feed.url,
            source=feed.source or None,
            tags=feed.tags,
            interval=feed.interval,
            fetch_pages=feed.fetch_pages,
            skip=tuple(pattern.pattern for pattern in feed.skip),
            language=feed.language,
            enabled=feed.enabled,
        )
        for feed in config.feeds
    ]
    with database.writing() as connection:
        return feeds.declare(
            connection,
            declared,
            {source.name for source in config.sources},
            now,
            lambda key, count: schedule.first_poll(now, key, count, config.polling),
        )
