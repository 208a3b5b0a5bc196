"""`ingestd feeds …`"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Optional

import typer

from ingestd.cli import show
from ingestd.cli.common import (
    ConfigOption,
    ForceOption,
    JsonOption,
    archive,
    declared,
    read_input,
    words,
    write_output,
)
from ingestd.errors import UsageError

app = typer.Typer(
    help="Subscriptions: discover, list, explain, import, export and more.",
    no_args_is_help=True,
)

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", parser=words, help="Name, number or URL of the feed.")
]
State = Literal["active", "off", "undeclared", "disabled", "gone", "merged"]

# What `feeds explain` puts into words.
LEFT_TO_EXPLAIN = ("plan", "asked", "rhythm", "move", "hops")


@app.command("list")
def list_(
    state: Annotated[
        Optional[State],  # noqa: UP045 – Typer reads it at run time
        typer.Option(metavar="STATE", help="Only: active, off, undeclared, disabled, gone or merged."),
    ] = None,
    tag: Annotated[
        Optional[str],  # noqa: UP045 – Typer reads it at run time
        typer.Option(metavar="TAG", help="Only feeds with this tag."),
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """All feeds, how their last poll ended, and when they are due."""
    from ingestd.store import feeds

    with declared(config) as (_, database), database.reading() as connection:
        rows = feeds.listing(connection, state=state, tag=tag)
    if as_json:
        show.as_json([row._asdict() for row in rows])
        return
    columns = ("feed", "state", "entries", "gaps", "last poll", "outcome", "next poll")
    shown = (
        (row.key, row.state, row.entries, row.gaps, show.short(row.last_polled_at), row.outcome, _next(row))
        for row in rows
    )
    show.table(show.count(len(rows), "feed"), columns, shown, right=("entries", "gaps"), flexible=("feed",))
    for row in rows:
        if trouble := _trouble(row):
            show.say(f"{show.safe(row.key)}: {show.safe(trouble)}")


def _next(row: Any) -> str | None:
    return show.short(row.next_poll_at) if row.state == "active" else None


def _trouble(row: Any) -> str | None:
    """Why a feed is not read; what an unreadable document began with is left to `show`."""
    if row.state_reason:
        return str(row.state_reason)
    return row.message.partition("\n")[0] if row.error_class and row.message else None


@app.command("show")
def show_(name: NameArgument, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """One feed: what is known of it, its last polls and its last days."""
    from ingestd.store import events, feeds

    with declared(config) as (_, database), database.reading() as connection:
        row = feeds.find(connection, name)
        polls = feeds.last_polls(connection, row.id)
        days = feeds.days(connection, row.id)
        gaps = events.gaps(connection, row.id)
    if as_json:
        lists = {"polls": [poll._asdict() for poll in polls], "days": [day._asdict() for day in days]}
        found = [{"at": gap.at, **gap.data} for gap in gaps]
        show.as_json({**row._asdict(), "gaps": found, **lists})
        return
    known = {name: value for name, value in row._asdict().items() if name not in LEFT_TO_EXPLAIN}
    known["gaps"] = [show.short(gap.at) for gap in gaps]
    show.facts((name.replace("_", " "), value) for name, value in known.items())
    counts = ("status", "ms", "bytes", "new", "changed", "seen")
    columns = ("at", "outcome", *counts, "message")
    show.table("\nLast polls", columns, map(_poll_line, polls), right=counts, flexible=("message",))
    sums = ("polls", "failures", "not modified", "bytes", "new", "changed")
    show.table("Days", ("day", *sums), map(_day_line, days), right=sums)


def _poll_line(poll: Any) -> tuple[Any, ...]:
    milliseconds = round(poll.duration.total_seconds() * 1000)
    counts = (poll.entries_new, poll.entries_changed, poll.entries_seen)
    head = (show.short(poll.at), poll.outcome, poll.status, milliseconds, poll.wire_bytes)
    return (*head, *counts, poll.message)


def _day_line(day: Any) -> tuple[Any, ...]:
    polls = (day.polls, day.failures, day.not_modified)
    return (day.day.isoformat(), *polls, day.wire_bytes, day.entries_new, day.entries_changed)


@app.command("import")
def import_(
    opml: Annotated[Path, typer.Argument(metavar="FILE", help='OPML file; "-" for standard input.')],
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="Feeds file to write.")] = Path(
        "feeds.toml"
    ),
    force: ForceOption = False,
) -> None:
    """Turn an OPML list into a feeds file.

    Its folders become tags. What cannot be read is named on standard error, the rest is written.
    """
    from ingestd.config import feeds_file, named_feeds
    from ingestd.opml import read_opml
    from ingestd.values import toml_value

    found = read_opml(read_input(opml), str(opml))
    for problem in found.problems:
        show.complain(str(problem))
    if not found.feeds:
        raise UsageError(f"{opml} names no feed")
    write_output(to, feeds_file(named_feeds(found.feeds)), force=force)
    feeds = show.count(len(found.feeds), "feed")
    show.say(f"{to} has {feeds}. To use it: include = [{toml_value(str(to))}] at the top of ingestd.toml")


@app.command("export")
def export(
    format_: Annotated[
        Literal["opml", "toml"],
        typer.Option("--format", metavar="opml|toml", help="OPML for other readers, TOML for ingestd."),
    ] = "opml",
    config: ConfigOption = None,
) -> None:
    """Write all declared feeds to standard output, tags as folders."""
    from ingestd.config import feeds_file
    from ingestd.opml import OpmlFeed, write_opml
    from ingestd.store import feeds

    with archive(config) as (loaded, database), database.reading() as connection:
        rows = {row.key: row for row in feeds.listing(connection)}
    if format_ == "toml":
        show.write(sys.stdout, feeds_file(loaded.feeds).encode())
        return
    listed = []
    for feed in loaded.feeds:
        row = rows.get(feed.key)
        title = feed.name or (row.title if row else None)
        listed.append(OpmlFeed(feed.url, title, feed.tags, row.site_url if row else None))
    show.write(sys.stdout, write_opml(listed, "ingestd", datetime.now(UTC)))


@app.command("enable")
def enable(name: NameArgument, config: ConfigOption = None) -> None:
    """Poll a feed again, whatever set it aside.

    Its failures are forgotten, and it is due at once, or when the shortest interval has passed.
    """
    from ingestd.store import feeds

    now = datetime.now(UTC)
    with declared(config) as (loaded, database), database.writing() as connection:
        row = feeds.find(connection, name)
        if row.state in ("off", "undeclared"):
            raise UsageError(f"{row.key}: {row.state_reason}; change that in the configuration")
        feeds.enable(connection, row.id, now, loaded.polling.floor)
        due = feeds.load(connection, [row.id])[0].next_poll_at
    when = "now" if due <= now else f"at {show.cell(due)}"
    show.say(f"{show.safe(row.key)} is polled again; it is due {when}")


@app.command("disable")
def disable(name: NameArgument, config: ConfigOption = None) -> None:
    """Stop polling a feed; what it brought stays.

    `ingestd feeds enable` takes it back.
    """
    from ingestd.store import feeds

    with declared(config) as (_, database), database.writing() as connection:
        row = feeds.find(connection, name)
        feeds.set_state(connection, row.id, "disabled", "ingestd feeds disable", datetime.now(UTC))
    show.say(f"{row.key} is no longer polled")
