"""`ingestd reindex`: postings of every cluster by the method in use, in pieces, beside a running daemon.

What is done is done for good: whoever interrupts it starts it again, and it goes on from there.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ingestd.cli import show
from ingestd.cli.common import ConfigOption, archive

if TYPE_CHECKING:
    from ingestd.store.clusters import Settings
    from ingestd.store.database import Database

# Clusters a transaction: the daemon, which settles between two of them, waits some tenths of a second.
PIECE = 100
# Rows a transaction where one flag is set in each.
MARKED = 10_000


def reindex(
    everything: Annotated[
        bool, typer.Option("--all", help="Rebuild also what stands under the method in use.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Rebuild what new texts find clusters by.

    That is needed after an upgrade that changed how texts are fingerprinted, and the daemon does it little by
    little by itself. Which article is in which cluster stays. It may be interrupted, and run beside the
    daemon.
    """
    now = datetime.now(UTC)
    with archive(config) as (loaded, database):
        if everything:
            _mark(database)
        rebuilt = _rebuild(database, loaded.dedup, now)
        removed = _sweep(database)
    show.say(f"{show.count(rebuilt, 'cluster')} rebuilt, {show.count(removed, 'old posting')} removed")


def _mark(database: "Database") -> None:
    from ingestd.store import clusters

    marked = MARKED
    while marked == MARKED:
        with database.writing(settling=True) as connection:
            marked = clusters.mark_stale(connection, MARKED)


def _rebuild(database: "Database", settings: "Settings", now: datetime) -> int:
    """Rebuild what there is within the window, a piece at a time; returns how many clusters."""
    from ingestd.matching import matching
    from ingestd.store import clusters

    with database.reading() as connection:
        total = clusters.count_stale(connection, settings, now)
    done, piece = 0, PIECE
    with _progress("clusters rebuilt", total) as advance:
        while piece:
            with database.writing(settling=True) as connection:
                piece = clusters.reindex(connection, settings, now, PIECE, matching())
            done += piece
            advance(piece)
    return done


def _sweep(database: "Database") -> int:
    from ingestd.store import postings

    removed = 0
    with _progress("parts cleared of old postings", postings.PARTS) as advance:
        for part in range(postings.PARTS):
            with database.writing() as connection:
                removed += postings.sweep(connection, part)
            advance(1)
    return removed


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Tell how far it is, on a terminal all the time, else when it is interrupted; give it what was done."""
    done = 0

    def advance(more: int) -> None:
        nonlocal done
        done += more
        bar.advance(task, more)

    from rich.console import Console
    from rich.progress import Progress

    try:
        with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
            task = bar.add_task(what, total=total)
            yield advance
    except KeyboardInterrupt:
        show.tell(f"{done} of {total} {what}; `ingestd reindex` goes on from here")
        raise
