"""`run` and `once`: the road itself."""

import asyncio
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from ingestd.cli import show
from ingestd.cli.common import (
    EXIT_SOME_FAILED,
    SINCE_FORM,
    ConfigOption,
    JsonOption,
    declared,
    moment,
    number,
    read_input,
    words,
)
from ingestd.errors import UsageError

if TYPE_CHECKING:
    from ingestd.config import Config
    from ingestd.report import FeedLine, PageLine, Report
    from ingestd.store.database import Database
    from ingestd.store.hosts import Choice


def run(config: ConfigOption = None) -> None:
    """Run as a daemon until SIGTERM.

    Polls what is due and collects its pages. SIGTERM finishes what is under way and exits 0; a second
    one ends it at once. It logs to standard error.
    """
    from ingestd import app, daemon, log

    with declared(config) as (loaded, database):
        log.set_up(loaded.log)
        _warn_without_feeds(loaded)

        async def serve() -> None:
            async with app.build(loaded, database) as road:
                await daemon.serve(road, loaded.daemon)

        asyncio.run(serve())


FeedsOption = Annotated[
    Optional[list[str]],  # noqa: UP045 – Typer reads it at run time
    typer.Option(
        "--feed", "-f", metavar="NAME", parser=words, help="Only this feed and its pages; may be repeated."
    ),
]
AllOption = Annotated[
    bool,
    typer.Option(
        "--all", help="Poll feeds before they are due; the floor, spacing, parking and robots hold."
    ),
]
RunLimitOption = Annotated[
    Optional[int],  # noqa: UP045 – Typer reads it at run time
    typer.Option(
        "--limit",
        "-n",
        parser=number,
        metavar="N",
        help="At most so many feeds and so many pages; entries are always all stored.",
    ),
]
UrlsOption = Annotated[
    Optional[Path],  # noqa: UP045 – Typer reads it at run time
    typer.Option(
        "--urls", metavar="FILE|-", help="Collect these article pages, one URL a line, and poll no feed."
    ),
]
AgainOption = Annotated[
    Optional[str],  # noqa: UP045 – Typer reads it at run time
    typer.Option(
        "--since",
        metavar="WHEN",
        help=f"Collect the pages of entries stored since then again: {SINCE_FORM}.",
    ),
]


def once(
    feed: FeedsOption = None,
    everything: AllOption = False,
    limit: RunLimitOption = None,
    urls: UrlsOption = None,
    since: AgainOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Do what is due and exit.

    The exit code is 0 when all is well, 3 when feeds (with --urls: pages) failed, 4 for a bad
    configuration and 5 for a database that cannot be used.
    """
    from ingestd import log

    if urls is not None and (feed or everything or since):
        raise UsageError("--urls collects the pages it is given; --feed, --all and --since are about feeds")
    given = _read_urls(urls) if urls is not None else []
    with declared(config) as (loaded, database):
        quiet = loaded.log if loaded.log.level == "debug" else replace(loaded.log, level="warning")
        log.set_up(quiet)
        if urls is None:
            _warn_without_feeds(loaded)
        floor = loaded.polling.floor
        choice = _choice(database, feed or [], given, limit, floor, everything=everything, since=since)
        report = asyncio.run(drain(loaded, database, choice, given))
    _print_report(report, as_json=as_json)
    if report.failed_feeds or (given and report.failed_pages):
        raise typer.Exit(EXIT_SOME_FAILED)


def _warn_without_feeds(config: "Config") -> None:
    if not config.feeds:
        show.tell(f"no feed is configured: add [[feed]] tables or an include to {config.path}")


def _read_urls(path: Path) -> list[str]:
    """The URLs of a file, one a line; blank lines and those that start with # are left out."""
    from ingestd.urls import is_http

    place = "standard input" if str(path) == "-" else str(path)
    try:
        text = read_input(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{place} is not text in UTF-8") from error
    lines = [(position, line.strip()) for position, line in enumerate(text.splitlines(), 1)]
    wanted = [(position, line) for position, line in lines if line and not line.startswith("#")]
    for position, line in wanted:
        if not is_http(line):
            raise UsageError(f"{place}:{position}: {line!r} is not an http(s) URL")
    if not wanted:
        raise UsageError(f"{place} holds no URL")
    return [line for _, line in wanted]


def _choice(
    database: "Database",
    names: list[str],
    urls: list[str],
    limit: int | None,
    floor: timedelta,
    *,
    everything: bool,
    since: str | None,
) -> "Choice":
    """What the run may take, with all that was asked for made due."""
    from ingestd.store import entries, feeds
    from ingestd.store.hosts import Choice
    from ingestd.values import write_duration

    now = datetime.now(UTC)
    start, spoken = moment(since, now), write_duration(floor)
    with database.writing() as connection:
        feed_ids = frozenset(_active(feeds.find(connection, name)) for name in names) if names else None
        choice = Choice(feed_ids=feed_ids, feeds_due_by=now, feeds_left=limit, pages_left=limit)
        if not urls:
            feeds.make_first_due(connection, now, feed_ids)
        if everything or names:
            feeds.make_due(connection, now, feed_ids, floor=floor)
        for row in feeds.load(connection, sorted(feed_ids or ())):
            if row.next_poll_at > now:
                show.tell(f"{row.key} waits: asked less than {spoken} ago, or its server named a time")
        if everything and (waiting := feeds.count_waiting(connection, now)):
            are = f"{show.count(waiting, 'feed')} not asked:"
            show.tell(f"{are} asked less than {spoken} ago, or the server named a time")
        if start is not None:
            entries.requeue_since(connection, start, now, choice)
        if urls:
            choice = replace(choice, batch=secrets.token_hex(8))
            entries.queue_urls(connection, urls, str(choice.batch), now)
    return choice


def _active(row: Any) -> int:
    """The id of a feed that may be polled; UsageError says why this one may not."""
    if row.state != "active":
        raise UsageError(f"{row.key} is not polled ({row.state}): {row.state_reason}")
    return int(row.id)


async def drain(config: "Config", database: "Database", choice: "Choice", urls: list[str]) -> "Report":
    """Serve what is due of the choice until nothing is left, showing progress."""
    from ingestd import app
    from ingestd.pipeline import Pipeline
    from ingestd.report import Report
    from ingestd.store import hosts

    report = Report()
    with database.reading() as connection:
        due = hosts.count_due(connection, datetime.now(UTC), choice)
    with _progress(report, due):
        async with app.build(config, database, extra_urls=urls) as road:
            pipeline = Pipeline(road)
            await pipeline.recover()
            await pipeline.drain(choice, report)
    return report


@contextmanager
def _progress(report: "Report", due: tuple[int, int]) -> Iterator[None]:
    """Bars on a terminal, a plain line a feed elsewhere; both on standard error.

    `due` counts feeds and pages at the start; each new or changed entry adds a page.
    """
    if not sys.stderr.isatty():
        report.observers.append(_plain_line)
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from ingestd.report import FeedLine

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        feeds = bar.add_task("feeds", total=due[0])
        pages = bar.add_task("pages", total=due[1])

        def advance(line: "FeedLine | PageLine") -> None:
            if isinstance(line, FeedLine):
                bar.advance(feeds)
                bar.update(pages, total=(bar.tasks[pages].total or 0) + line.new + line.changed)
            else:
                bar.advance(pages)

        report.observers.append(advance)
        yield


def _plain_line(line: "FeedLine | PageLine") -> None:
    from ingestd.report import FeedLine

    if isinstance(line, FeedLine):
        brought = f", {line.new} new, {line.changed} changed" if line.new or line.changed else ""
        trouble = f": {line.message}" if line.message else ""
        show.tell(f"{line.key}: {line.outcome.value}{brought}{trouble}")


def _print_report(report: "Report", *, as_json: bool) -> None:
    pages = {outcome.value: count for outcome, count in sorted(report.pages.items())}
    if as_json:
        from dataclasses import asdict

        lines = [asdict(line) for line in report.feeds.values()]
        failed = [asdict(line) for line in report.failed_pages]
        show.as_json({"feeds": lines, "pages": pages, "failed_pages": failed})
        return
    troubled = [line for line in report.feeds.values() if line.message]
    if troubled:
        rows = ((line.key, line.outcome.value, line.status, line.message) for line in troubled)
        columns = ("feed", "outcome", "status", "message")
        show.table("Feeds that were not read", columns, rows, flexible=("feed", "message"))
    if report.failed_pages:
        rows_of_pages = ((line.name, line.outcome.value, line.detail) for line in report.failed_pages)
        pages_columns = ("url", "outcome", "message")
        show.table("Pages that failed", pages_columns, rows_of_pages, flexible=("url", "message"))
    new = sum(line.new for line in report.feeds.values())
    changed = sum(line.changed for line in report.feeds.values())
    counted = ", ".join(f"{count} {name}" for name, count in pages.items()) or "none"
    show.say(
        f"{len(report.feeds)} feeds, {len(report.failed_feeds)} failed; {new} new entries, {changed} changed"
    )
    show.say(f"{sum(report.pages.values())} pages: {counted}")
