"""Damaged pages through real worker processes: nothing may raise, hang, eat the machine, break an invariant.

    python -m tests.clean.fuzz [--inputs 10000] [--seed 1] [--pages DIR] [--keep DIR]

DIR holds real pages, "*.html" or "*.html.gz"; without it the invented ones of this folder are damaged. Every
input is made of the seed and its number alone. It ends with status 1 when an input broke something; one that
ran into the deadline or the memory cap is a stated outcome and is counted as such.
"""

import asyncio
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from ingestd.workers import Settings

from .hostile import SIZED
from .trials import Input, Tally, inputs, invented_pages, pages_in, run

SHOWN = 5
MEGABYTE = 1_000_000


def main() -> None:
    """Try, and print what came out."""
    parser = ArgumentParser(prog="python -m tests.clean.fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=Path, help="a folder of real pages to damage")
    parser.add_argument("--hostile", action="store_true", help="the pages of hostile.py, whole, instead")
    parser.add_argument("--keep", type=Path, help="where to put the inputs that broke something")
    parser.add_argument("--deadline", type=float, default=30, help="seconds for an input, three times over")
    parser.add_argument("--memory", type=int, default=1000, help="megabytes for a worker")
    options = parser.parse_args()
    some: Iterable[Input]
    if options.hostile:
        whole = ((number, kind.make(kind.size).encode()) for number, kind in enumerate(SIZED))
        some = (Input(number, document, again=False) for number, document in whole)
    else:
        pages = pages_in(options.pages) if options.pages else invented_pages()
        some = inputs(pages, options.seed, options.inputs)
    kept: dict[int, Input] = {}
    settings = Settings(
        deadline=timedelta(seconds=options.deadline),
        memory_bytes=options.memory * MEGABYTE,
        tasks_per_process=500,
    )
    tally = asyncio.run(run(some, settings, kept))
    _print(tally)
    if options.keep:
        _keep(kept.values(), options.keep)
    sys.exit(bool(tally.defects))


def _print(tally: Tally) -> None:
    done = tally.trials
    print(f"{len(done):,} inputs, {sum(one.size for one in done) / MEGABYTE:,.0f} MB")
    for outcome, count in tally.outcomes.most_common():
        print(f"{count:8,}  {outcome}")
    mean = sum(one.seconds for one in done) / max(1, len(done))
    print(f"CPU {1000 * mean:.1f} ms an input; the slowest, with their numbers:")
    for one in sorted(done, key=lambda one: -one.seconds)[:SHOWN]:
        print(f"{1000 * one.seconds:8,.0f} ms  {one.size / 1000:,.0f} kB, {one.outcome}, {one.number}")
    print("the largest:")
    for one in sorted(done, key=lambda one: -one.peak_bytes)[:SHOWN]:
        print(f"{one.peak_bytes / MEGABYTE:8,.0f} MB  {one.size / 1000:,.0f} kB, {one.outcome}, {one.number}")
    for one in tally.defects[:SHOWN]:
        print(f"\ninput {one.number}, {one.size:,} bytes: {one.defect}")


def _keep(some: Iterable[Input], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for one in some:
        Path(folder, f"{one.number}.html").write_bytes(one.document)


if __name__ == "__main__":
    main()
