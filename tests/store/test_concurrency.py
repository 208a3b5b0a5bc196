import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa

from ingestd.store import clusters
from ingestd.store.database import Database, Settings
from ingestd.store.schema import article, entry, event, page
from tests.store import settler
from tests.store.samples import count

PROCESSES = 3


def start(url: str, number: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.settler", url, str(number)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def test_processes_that_settle_the_same_texts_at_once_make_one_cluster_of_each(blank_url: str) -> None:
    """None of them is lost, stored twice or put into a cluster of its own; nor do they block each other."""
    started = [start(blank_url, number) for number in range(PROCESSES)]
    for process in started:
        assert process.stdout is not None
        process.stdout.readline()
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate()[1] for process in started]
    assert [process.returncode for process in started] == [0] * PROCESSES, said
    copies = PROCESSES * settler.OUTLETS
    database = Database(Settings(blank_url))
    with database.reading() as connection:
        sizes = [row.size for row in clusters.listing(connection, at_least=1, limit=1000)]
        assert sizes == [copies] * settler.TEXTS
        assert count(connection, article) == settler.TEXTS * copies
        kinds = sa.select(event.c.kind, sa.func.count()).group_by(event.c.kind).order_by(event.c.kind)
        expected = [("copy", settler.TEXTS * (copies - 1)), ("new", settler.TEXTS)]
        assert [tuple(row) for row in connection.execute(kinds)] == expected
        assert count(connection, page) == settler.TEXTS * copies + settler.ITEMS
        assert count(connection, entry) == PROCESSES * settler.ITEMS
    database.close()
