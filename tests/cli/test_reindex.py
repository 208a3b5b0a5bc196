"""`ingestd reindex`"""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa

from ingestd.store import clusters
from ingestd.store.database import Database
from ingestd.store.schema import cluster, posting, recent_posting
from tests.cli.conftest import CommandLine, Wires
from tests.store.samples import ALL_POSTINGS, NOW, use_scheme

COMMAND = (sys.executable, "-m", "ingestd", "reindex")


def posted(database: Database) -> list[tuple[int, ...]]:
    with database.reading() as connection:
        return sorted(tuple(row) for row in connection.execute(sa.select(ALL_POSTINGS)))


def lose_postings(database: Database) -> None:
    """As after an upgrade: no cluster stands under the scheme in use, and rows of another are there."""
    with database.writing() as connection:
        connection.execute(cluster.update().values(indexed=None))
        use_scheme(connection, 99)
        connection.execute(posting.insert().values(hash=-5, cluster_id=1, scheme=99))


def test_postings_are_made_anew_and_those_of_other_schemes_removed(
    ingestd: CommandLine, wires: Wires
) -> None:
    before = posted(wires.database)
    lose_postings(wires.database)
    result = ingestd("reindex", "-c", wires.config)
    assert (result.code, result.out) == (0, "3 clusters rebuilt, 1 old posting removed\n")
    assert posted(wires.database) == before
    assert ingestd("reindex", "-c", wires.config).out == "0 clusters rebuilt, 0 old postings removed\n"


def test_all_takes_what_stands_under_the_scheme_in_use_as_well(ingestd: CommandLine, wires: Wires) -> None:
    before = posted(wires.database)
    with wires.database.writing() as connection:
        for table in (posting, recent_posting):
            connection.execute(table.delete())
    assert ingestd("reindex", "-c", wires.config).out.startswith("0 clusters rebuilt")
    assert ingestd("reindex", "--all", "-c", wires.config).out.startswith("3 clusters rebuilt")
    assert posted(wires.database) == before


def test_clusters_past_the_window_stay_without_postings(ingestd: CommandLine, wires: Wires) -> None:
    lose_postings(wires.database)
    with wires.database.writing() as connection:
        old = NOW - 2 * clusters.Settings().window
        connection.execute(cluster.update().where(cluster.c.id == 1).values(active_at=old))
    assert ingestd("reindex", "-c", wires.config).out.startswith("2 clusters rebuilt")
    assert {cluster_id for _, cluster_id, _ in posted(wires.database)} == {2, 3}


def test_who_interrupts_it_is_told_how_far_it_is_and_it_goes_on_from_there(
    ingestd: CommandLine, wires: Wires, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = posted(wires.database)
    lose_postings(wires.database)
    monkeypatch.setattr("ingestd.cli.reindex.PIECE", 1)
    with monkeypatch.context() as patched:
        patched.setattr(clusters, "reindex", interrupted_after(2))
        first = ingestd("reindex", "-c", wires.config)
    assert (first.code, first.out) == (130, "")
    assert first.err == "2 of 3 clusters rebuilt; `ingestd reindex` goes on from here\n"
    second = ingestd("reindex", "-c", wires.config)
    assert (second.code, second.out) == (0, "1 cluster rebuilt, 1 old posting removed\n")
    assert posted(wires.database) == before


def interrupted_after(calls: int) -> Callable[..., int]:
    """`clusters.reindex`, during which Ctrl-C comes after so many calls."""
    real, numbers = clusters.reindex, count(1)

    def reindex(*arguments: Any) -> int:
        done = real(*arguments)
        if next(numbers) > calls:
            signal.raise_signal(signal.SIGINT)
        return done

    return reindex


def test_a_terminal_shows_how_far_it_is(wires: Wires) -> None:
    lose_postings(wires.database)
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    arguments = [*COMMAND, "-c", str(wires.config)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=theirs, env=environment) as process:
        os.close(theirs)
        out, _ = process.communicate()
    shown = os.read(ours, 65_536)
    os.close(ours)
    assert process.returncode == 0
    assert out.startswith(b"3 clusters rebuilt")
    assert b"clusters" in shown
    assert b"100%" in shown
