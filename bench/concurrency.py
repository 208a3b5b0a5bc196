"""Clusters of many processes against those of one alone, on both databases.

    python -m bench.concurrency [--seeds 10] [--processes 4] [--quick]

For each seed, processes settle 2,000 documents of 200 wire texts at once on one new database, each in an
order of its own. The clusters must be exactly those that one process makes of the same documents in turn.
"""

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.machine import print_machine, print_table
from tests import postgres
from tests.store import settler
from tests.store.settler import Job

QUICK = {"texts": 20, "documents": 200}
FULL = {"texts": 200, "documents": 2000}


def main() -> None:
    """Measure and print; fails when any run made other clusters."""
    parser = ArgumentParser(prog="python -m bench.concurrency", description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    print_machine()
    rows = [run for seed in range(1, options.seeds + 1) for run in runs(seed, options)]
    columns = ("seed", "database", "clusters alone", "together", "in both", "seconds")
    print_table(f"{options.processes} processes at once", columns, rows)
    if any(row[2] != row[4] for row in rows):
        raise SystemExit("some clusters are not those of one process alone")


def runs(seed: int, options: Namespace) -> Iterator[tuple[str, ...]]:
    """One row for each database."""
    size = QUICK if options.quick else FULL
    job = Job(processes=options.processes, seed=seed, **size)
    with TemporaryDirectory(prefix="ingestd-bench-") as folder:
        alone = f"sqlite:///{Path(folder, 'alone.sqlite3')}"
        settler.settle_in_turn(alone, job)
        wanted = settler.partition(alone)
        with databases(Path(folder)) as urls:
            for name, url in urls.items():
                began = time.monotonic()
                settler.run_together(url, job)
                took = time.monotonic() - began
                found = settler.partition(url)
                counts = (len(wanted), len(found), len(wanted & found))
                yield (str(seed), name, *map(str, counts), f"{took:.1f}")


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, str]]:
    """A blank database of each kind."""
    with postgres.running() as server, server.database() as url:
        yield {"SQLite": f"sqlite:///{folder / 'together.sqlite3'}", "PostgreSQL": url}


if __name__ == "__main__":
    main()
