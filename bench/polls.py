"""Polls per CPU second of the whole process tree, for feeds that did and did not change.

    python -m bench.polls [--feeds 1000] [--rounds 2] [--quick]

Each feed stands on a host of its own. A round polls them answered with 304; with 200 and an equal body, by a
server that ignores validators; and with one new entry among twenty.
"""

import asyncio
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass

from bench.machine import Cpu, arguments, cpu, isolated, print_machine, print_table, spread
from bench.web import ENTRIES_PER_FEED, State, enter, feed_url, served
from ingestd.model import FeedOutcome

FIRST = f"first read, {ENTRIES_PER_FEED} new entries"
NOT_MODIFIED = "not modified (304)"
EQUAL = "equal body (200)"
CHANGED = f"1 of {ENTRIES_PER_FEED} entries new (200)"

# What ingestd must report of each, or the figures are of something else.
OUTCOMES = {
    FIRST: FeedOutcome.UPDATED,
    NOT_MODIFIED: FeedOutcome.NOT_MODIFIED,
    EQUAL: FeedOutcome.UNCHANGED,
    CHANGED: FeedOutcome.UPDATED,
}
# What takes long polls one feed in so many: changed feeds, and the plain loop with everything.
SHARE = 10


@dataclass(frozen=True, slots=True)
class Pass:
    """All feeds polled once."""

    kind: str
    polls: int
    cpu: Cpu

    def per_poll(self, part: Callable[[Cpu], float] = lambda used: used.total) -> float:
        """CPU milliseconds a poll, which are also CPU seconds in 1,000 polls."""
        return 1000 * part(self.cpu) / self.polls


def passes(feeds: int, rounds: int) -> list[tuple[str, State, int]]:
    """What is polled in turn: the kind, what the web shows then, and how many feeds."""
    same, blind = State(), State(conditional=False)
    unchanged = [(NOT_MODIFIED, same, feeds), (EQUAL, blind, feeds)]
    changed = [(CHANGED, State(number + 1), _share(feeds)) for number in range(rounds)]
    return [(FIRST, same, feeds), *(unchanged * rounds), *changed]


def _share(feeds: int) -> int:
    return max(1, feeds // SHARE)


def with_ingestd(port: int, feeds: int, rounds: int) -> list[Pass]:
    """ingestd's passes."""
    return asyncio.run(_with_ingestd(port, feeds, rounds))


async def _with_ingestd(port: int, feeds: int, rounds: int) -> list[Pass]:
    from bench.road import FEEDS_ONLY, running

    done: list[Pass] = []
    async with running(port, feeds) as subject:
        await subject.start_workers()
        for kind, state, polls in passes(feeds, rounds):
            enter(port, state)
            subject.make_due(polls)
            report, used = await subject.drain(FEEDS_ONLY)
            if report.feed_count(OUTCOMES[kind]) != polls:
                raise RuntimeError(f"{kind}: not every feed was {OUTCOMES[kind]}: {report.failed_feeds[:3]}")
            done.append(Pass(kind, polls, used))
    return done


def with_plain_loop(port: int, feeds: int, rounds: int) -> list[Pass]:
    """The plain loop's passes."""
    from bench.plain import looping

    done: list[Pass] = []
    with looping() as loop:
        for kind, state, polls in passes(feeds, rounds):
            enter(port, state)
            before = cpu()
            for site in range(polls):
                loop.poll(feed_url(port, site))
            done.append(Pass(kind, polls, cpu() - before))
    return done


def main() -> None:
    """Measure and print."""
    parser = ArgumentParser(prog="python -m bench.polls", description=__doc__.partition("\n")[0])
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=2, help="how often each kind of poll is measured")
    options = arguments(parser)
    feeds, rounds = (60, 1) if options.quick else (options.feeds, options.rounds)
    plain_feeds = _share(feeds)
    print_machine()
    print(f"{feeds} feeds on {feeds} hosts (plain loop: {plain_feeds}); {rounds} rounds, the first read once")
    with served(options.seed, feeds) as port:
        ours = isolated(with_ingestd, port, feeds, rounds)
        plain = isolated(with_plain_loop, port, plain_feeds, rounds)
    _print(ours, plain)


def _print(ours: list[Pass], plain: list[Pass]) -> None:
    def of(found: list[Pass], kind: str) -> list[Pass]:
        return [one for one in found if one.kind == kind]

    print_table(
        "Polls per CPU second: median (least-greatest)",
        ("poll", "ingestd", "plain loop"),
        [
            (
                kind,
                *(spread((1000 / one.per_poll() for one in of(found, kind)), 0) for found in (ours, plain)),
            )
            for kind in OUTCOMES
        ],
    )
    print_table(
        "CPU seconds in 1,000 polls: ingestd's processes together, and where",
        ("poll", "ingestd", "event loop", "writer", "workers", "other threads", "plain loop"),
        [
            (
                kind,
                spread(one.per_poll() for one in of(ours, kind)),
                spread(one.per_poll(lambda used: used.loop) for one in of(ours, kind)),
                spread(one.per_poll(lambda used: used.writer) for one in of(ours, kind)),
                spread(one.per_poll(lambda used: used.workers) for one in of(ours, kind)),
                spread(one.per_poll(lambda used: used.threads) for one in of(ours, kind)),
                spread(one.per_poll() for one in of(plain, kind)),
            )
            for kind in OUTCOMES
        ],
    )


if __name__ == "__main__":
    main()
