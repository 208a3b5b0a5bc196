"""Memory of the whole process tree with a thousand feeds, as proportional set size (PSS).

    python -m bench.memory [--feeds 1000] [--pages 300] [--quick]

PSS counts a page that several processes share in equal parts, so that the sum over the tree is what the
machine really gives. Workers start when first needed: none at the start, one or more for parsing, and
the cleaner is loaded by those alone that meet an article.
"""

import asyncio
import os
from argparse import ArgumentParser
from dataclasses import dataclass

from bench.machine import arguments, children, isolated, memory_bytes, print_machine, print_table
from bench.web import State, enter, feed_url, served

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Held:
    """What the processes of a tree hold at one moment, in bytes."""

    moment: str
    main: int
    workers: tuple[int, ...]

    @classmethod
    def now(cls, moment: str) -> "Held":
        """The tree of this process."""
        return cls(moment, memory_bytes(os.getpid()), tuple(map(memory_bytes, children())))


def with_ingestd(port: int, feeds: int, pages: int) -> list[Held]:
    """ingestd from its start until it has collected so many pages."""
    return asyncio.run(_with_ingestd(port, feeds, pages))


async def _with_ingestd(port: int, feeds: int, pages: int) -> list[Held]:
    # Not above, because the plain loop's process imports this module as well.
    from bench.road import FEEDS_ONLY, running
    from ingestd.store.hosts import Choice

    async with running(port, feeds) as subject:
        moments = [Held.now("started")]
        report, _ = await subject.drain(FEEDS_ONLY)
        if len(report.feeds) != feeds or report.failed_feeds:
            raise RuntimeError(f"not every feed was read: {report.failed_feeds[:3]}")
        moments.append(Held.now(f"{feeds} feeds read"))
        enter(port, State(1))
        subject.make_due(feeds)
        await subject.drain(FEEDS_ONLY)
        moments.append(Held.now("and read again, one new entry each"))
        report, _ = await subject.drain(Choice(feeds_left=0, pages_left=pages))
        if report.pages.total() != pages or report.failed_pages:
            raise RuntimeError(f"not every page was collected: {report.pages}")
        moments.append(Held.now(f"and {pages} pages collected"))
        return moments


def with_plain_loop(port: int, feeds: int, pages: int) -> list[Held]:
    """The same with the plain loop, which is one process."""
    from bench.plain import looping

    with looping() as loop:
        moments = [Held.now("started")]
        links = [link for site in range(feeds) for link in loop.poll(feed_url(port, site))]
        moments.append(Held.now(f"{feeds} feeds read"))
        for link in links[:pages]:
            loop.collect(link)
        moments.append(Held.now(f"and {pages} pages collected"))
        return moments


def main() -> None:
    """Measure and print."""
    parser = ArgumentParser(prog="python -m bench.memory", description=__doc__.partition("\n")[0])
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--pages", type=int, default=300)
    options = arguments(parser)
    feeds, pages = (40, 20) if options.quick else (options.feeds, options.pages)
    print_machine()
    print(f"{feeds} feeds on {feeds} hosts, once")
    with served(options.seed, feeds) as port:
        ours = isolated(with_ingestd, port, feeds, pages)
        plain = isolated(with_plain_loop, port, feeds, pages)
    for name, moments in (("ingestd", ours), ("Plain loop", plain)):
        print_table(
            f"{name}: PSS in MB",
            ("when", "main", "workers", "whole tree"),
            [_row(moment) for moment in moments],
        )


def _row(held: Held) -> tuple[str, ...]:
    workers = " + ".join(f"{size / MEGABYTE:.0f}" for size in held.workers)
    return (
        held.moment,
        f"{held.main / MEGABYTE:.0f}",
        workers or "none",
        f"{(held.main + sum(held.workers)) / MEGABYTE:.0f}",
    )


if __name__ == "__main__":
    main()
