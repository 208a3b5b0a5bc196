"""One of several processes that start on one new database at once.

    python -m tests.store.settler URL NUMBER

It makes the schema, writes a line, waits for one on standard input, then saves the items of a feed that
names the same pages as the others' feeds do, and settles every wire text as two outlets of its own print
it; all in an order of its own.
"""

import asyncio
import random
import sys
from functools import partial

import sqlalchemy as sa

from ingestd.store import migrate
from ingestd.store.database import Database, Settings, Writer
from tests.store.samples import add_entries, add_feed, item, settle, words

TEXTS = 20
OUTLETS = 2
ITEMS = 100


def save_feed(number: int, rng: random.Random, connection: sa.Connection) -> None:
    items = [item(str(page), url=f"https://shared.example/{page}") for page in range(ITEMS)]
    add_entries(connection, add_feed(connection, f"feed{number}"), *rng.sample(items, ITEMS))


def settle_one(text: int, outlet: int, connection: sa.Connection) -> None:
    settle(connection, f"https://outlet{outlet}.example/{text}", words(text), title=f"{outlet} on {text}")


async def work(database: Database, number: int) -> None:
    writer, rng = Writer(database), random.Random(number)
    outlets = range(number * OUTLETS, (number + 1) * OUTLETS)
    mine = [(text, outlet) for text in range(TEXTS) for outlet in outlets]
    pieces = [partial(settle_one, *one) for one in rng.sample(mine, len(mine))]
    saves = [writer.run(partial(save_feed, number, rng))]
    await asyncio.gather(*saves, *(writer.run(piece, settling=True) for piece in pieces))
    writer.close()


def main(url: str, number: str) -> None:
    database = Database(Settings(url))
    migrate.ensure(database)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    asyncio.run(work(database, int(number)))
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
