"""One of several processes that start on one new database at once.

    python -m tests.store.settler URL JOB

`JOB` is a `Job` as JSON. The process makes the schema, writes a line, waits for one on standard input, then
saves the items of a feed that names the same pages as the others' feeds do, and settles its share of the
printed wire texts, in an order of its own. It can be told to die at one of its commits.
"""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from ingestd.store import migrate
from ingestd.store.database import Database, Settings, Writer
from tests.store.samples import add_entries, add_feed, item, settle, words

ITEMS = 100
OUTLETS = 12
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Job:
    """What one of the processes does."""

    # From 0, of so many; each settles every so-manieth document.
    number: int = 0
    processes: int = 1
    # What outlets print of how many wire texts, and how often in all.
    seed: int = 0
    texts: int = 40
    documents: int = 400
    # Dies just before this commit, from 1; 0 = lives.
    dies_at: int = 0


def printed(job: Job) -> list[tuple[str, str]]:
    """Address and text of each document: a wire text whole or cut, often with words of the outlet's own."""
    dice = random.Random(job.seed)
    documents = []
    for number in range(job.documents):
        tokens = words(1000 * job.seed + number % job.texts, 200).split()
        kept = tokens[: dice.randint(60, 150)] if dice.random() < 0.4 else tokens
        before = words(dice.randrange(10**6, 10**7), 25) if dice.random() < 0.3 else ""
        after = words(dice.randrange(10**6, 10**7), 25) if dice.random() < 0.3 else ""
        url = f"https://outlet{number // job.texts % OUTLETS}.example/{number}"
        documents.append((url, f"{before} {' '.join(kept)} {after}".strip()))
    return documents


def save_feed(job: Job, connection: sa.Connection) -> None:
    items = [item(str(page), url=f"https://shared.example/{page}") for page in range(ITEMS)]
    shuffled = random.Random(job.number).sample(items, ITEMS)
    add_entries(connection, add_feed(connection, f"feed{job.number}"), *shuffled)


def settle_one(url: str, text: str, connection: sa.Connection) -> None:
    settle(connection, url, text, title=url)


async def work(database: Database, job: Job) -> None:
    writer = Writer(database)
    mine = printed(job)[job.number :: job.processes]
    order = random.Random(job.number).sample(mine, len(mine)) if job.processes > 1 else mine
    pieces = [writer.run(partial(settle_one, *one), settling=True) for one in order]
    saves = [writer.run(partial(save_feed, job))] if job.processes > 1 else []
    await asyncio.gather(*saves, *pieces)
    writer.close()


def die_at(commit: int) -> None:
    left = [commit]

    def on_commit(_: sa.Connection) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(sa.Engine, "commit", on_commit)


def main(url: str, job: Job) -> None:
    database = Database(Settings(url))
    migrate.ensure(database)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    if job.dies_at:
        die_at(job.dies_at)
    asyncio.run(work(database, job))
    database.close()


# ------------------------------------------------------------------------------- starting it


def start(url: str, job: Job) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.settler", url, json.dumps(asdict(job))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def run_together(url: str, job: Job) -> None:
    """Let all processes of a job begin in one moment, and wait for them; raises when one failed."""
    started = [start(url, replace(job, number=number)) for number in range(job.processes)]
    for process in started:
        assert process.stdout is not None
        process.stdout.readline()
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate()[1] for process in started]
    if any(process.returncode for process in started):
        raise RuntimeError("\n".join(said))


def settle_in_turn(url: str, job: Job) -> None:
    """Settle all documents of a job in this process, one transaction each."""
    database = Database(Settings(url))
    migrate.ensure(database)
    for document in printed(job):
        with database.writing(settling=True) as connection:
            settle_one(*document, connection)
    database.close()


def partition(url: str) -> set[frozenset[str]]:
    """The clusters, as the addresses in each."""
    database = Database(Settings(url))
    found: dict[int, set[str]] = {}
    with database.reading() as connection:
        rows = connection.execute(
            sa.text("SELECT m.cluster_id, a.url FROM member m JOIN article a ON a.id = m.article_id")
        )
        for cluster_id, address in rows:
            found.setdefault(cluster_id, set()).add(address)
    database.close()
    return {frozenset(addresses) for addresses in found.values()}


if __name__ == "__main__":
    main(sys.argv[1], Job(**json.loads(sys.argv[2])))
