"""Polls per CPU second of the whole process tree, for feeds that did and did not change.

    python -m bench.polls [--feeds 1000] [--rounds 2] [--quick]

Each feed stands on a host of its own. A round polls them answered with 304; with 200 and an equal body, by a
server that ignores validators; with two new entries among twenty, once with and once without what ingestd
remembers of the last document; and with twenty new ones. Two parts of a poll are then measured alone:
reading a document of fifty items, and asking for one that was not modified.
"""

import asyncio
import time
from argparse import ArgumentParser
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from io import BytesIO

from bench.machine import Cpu, arguments, cpu, isolated, print_machine, print_table, spread
from bench.press import FEED_PATH, Press, host
from bench.web import ENTRIES_PER_FEED, LOOPBACK, State, enter, feed_url, served
from ingestd.model import FeedOutcome

FIRST = f"first read, {ENTRIES_PER_FEED} new entries"
NOT_MODIFIED = "not modified (304)"
EQUAL = "equal body (200)"
SOME_NEW = f"2 of {ENTRIES_PER_FEED} entries new (200)"
FORGOTTEN = f"2 of {ENTRIES_PER_FEED} new, nothing remembered"
ALL_NEW = f"all {ENTRIES_PER_FEED} entries new (200)"

# What ingestd must report of each, or the figures are of something else.
OUTCOMES = {
    FIRST: FeedOutcome.UPDATED,
    NOT_MODIFIED: FeedOutcome.NOT_MODIFIED,
    EQUAL: FeedOutcome.UNCHANGED,
    SOME_NEW: FeedOutcome.UPDATED,
    FORGOTTEN: FeedOutcome.UPDATED,
    ALL_NEW: FeedOutcome.UPDATED,
}
# What each kind of changed poll finds published since the one before.
PUBLISHED = {SOME_NEW: 2, FORGOTTEN: 2, ALL_NEW: ENTRIES_PER_FEED}
# What takes long polls one feed in so many: changed feeds, and the plain loop with everything.
SHARE = 10

# Items of a document that is read alone, and the sites that print it as RSS, Atom and RDF.
ITEMS = 50
FORMATS = {"RSS": 0, "Atom": 3, "RDF": 7}


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
    changed, generation = [], 0
    for kind, published in list(PUBLISHED.items()) * rounds:
        generation += published
        changed.append((kind, State(generation), _share(feeds)))
    return [(FIRST, same, feeds), *(unchanged * rounds), *changed]


def _share(feeds: int) -> int:
    return max(1, feeds // SHARE)


# ------------------------------------------------------------------------------- the whole road


def with_ingestd(port: int, feeds: int, rounds: int) -> list[Pass]:
    """ingestd's passes."""
    return asyncio.run(_with_ingestd(port, feeds, rounds))


async def _with_ingestd(port: int, feeds: int, rounds: int) -> list[Pass]:
    from bench.road import FEEDS_ONLY, running
    from ingestd.store.schema import feed

    done: list[Pass] = []
    async with running(port, feeds) as subject:
        await subject.start_workers()
        for kind, state, polls in passes(feeds, rounds):
            enter(port, state)
            if kind == FORGOTTEN:
                with subject.database.writing() as connection:
                    connection.execute(feed.update().values(items=None))
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


# ------------------------------------------------------------------------------- reading alone


def readings(seed: int, rounds: int) -> dict[tuple[str, str, str], list[float]]:
    """CPU milliseconds to read a document, by format, what changed in it, and reader."""
    from ingestd.feeds.parse import parse_feed
    from ingestd.jobs import read_feed

    press = Press(seed, 80)
    found: dict[tuple[str, str, str], list[float]] = {}
    for name, site in FORMATS.items():
        before, kind = press.feed(site, ITEMS, ITEMS)
        url, headers = f"http://{host(site)}{FEED_PATH}", {"content-type": kind}
        stored = read_feed(before, url, headers).items
        for change, body in _changes(press, site, before).items():
            readers: dict[str, Callable[[], object]] = {
                "ingestd": partial(read_feed, body, url, headers, stored),
                "nothing remembered": partial(read_feed, body, url, headers),
                "parse alone": partial(parse_feed, body, url=url, headers=headers),
                "feedparser": partial(_by_feedparser, body, headers),
            }
            for reader, read in readers.items():
                read()
                found[name, change, reader] = [_milliseconds(read) for _ in range(rounds)]
    return found


def _by_feedparser(body: bytes, headers: Mapping[str, str]) -> object:
    import feedparser

    return feedparser.parse(BytesIO(body), response_headers=headers)


def _changes(press: Press, site: int, before: bytes) -> Mapping[str, bytes]:
    """The document as it may look at the next poll."""
    return {
        "only the channel": before.replace(b"<title>", b"<title>New: ", 1),
        f"2 of {ITEMS} items new": press.feed(site, ITEMS + 2, ITEMS)[0],
        f"all {ITEMS} items new": press.feed(site, 2 * ITEMS, ITEMS)[0],
    }


def _milliseconds(action: Callable[[], object], times: int = 20) -> float:
    started = time.process_time()
    for _ in range(times):
        action()
    return 1000 * (time.process_time() - started) / times


# ------------------------------------------------------------------------------- asking alone


def requests(port: int, count: int, rounds: int) -> dict[str, list[float]]:
    """CPU milliseconds of a request that is answered with 304 over a connection of its own, by client."""
    return asyncio.run(_requests(port, count, rounds))


async def _requests(port: int, count: int, rounds: int) -> dict[str, list[float]]:
    import httpcore
    import httpx

    address = f"http://{LOOPBACK}:{port}{FEED_PATH}"
    headers = {"host": f"{host(0)}:{port}", "user-agent": "bench", "accept-encoding": "gzip, br, zstd"}
    limits = httpx.Limits(max_keepalive_connections=0)
    async with (
        httpx.AsyncClient(trust_env=False, limits=limits) as client,
        httpcore.AsyncConnectionPool(max_keepalive_connections=0) as pool,
    ):
        headers["if-none-match"] = (await client.get(address, headers=headers)).headers["etag"]

        async def with_httpx() -> int:
            return (await client.get(address, headers=headers)).status_code

        async def with_httpcore() -> int:
            return (await pool.request("GET", address, headers=list(headers.items()))).status

        clients: dict[str, Callable[[], Awaitable[int]]] = {
            "httpx": with_httpx,
            "httpcore, httpx's transport": with_httpcore,
            "asyncio streams, by hand": partial(_by_hand, port, headers),
        }
        return {name: [await _asked(ask, count) for _ in range(rounds)] for name, ask in clients.items()}


async def _by_hand(port: int, headers: Mapping[str, str]) -> int:
    """The least that Python's event loop can do for a request: no URL, no redirects, no limits."""
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    lines = (f"GET {FEED_PATH} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", "")
    writer.write("\r\n".join(lines).encode())
    head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return int(head.split()[1])


async def _asked(ask: Callable[[], Awaitable[int]], count: int) -> float:
    started = time.process_time()
    for _ in range(count):
        if await ask() != 304:
            raise RuntimeError("the document was not answered with 304")
    return 1000 * (time.process_time() - started) / count


# ------------------------------------------------------------------------------- printing


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
        enter(port, State())
        asked = isolated(requests, port, feeds, rounds)
    _print_polls(ours, plain)
    _print_readings(isolated(readings, options.seed, rounds))
    print_table(
        "CPU milliseconds of a request answered with 304, a connection each",
        ("client", "request"),
        [(client, spread(found)) for client, found in asked.items()],
    )


def _print_polls(ours: list[Pass], plain: list[Pass]) -> None:
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


def _print_readings(found: Mapping[tuple[str, str, str], list[float]]) -> None:
    readers = tuple(dict.fromkeys(reader for _, _, reader in found))
    changes = dict.fromkeys((name, change) for name, change, _ in found)
    print_table(
        f"CPU milliseconds to read a document of {ITEMS} items",
        ("document", *readers),
        [
            (f"{name}, {change}", *(spread(found[name, change, reader]) for reader in readers))
            for name, change in changes
        ],
    )


if __name__ == "__main__":
    main()
