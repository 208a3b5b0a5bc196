import signal
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import sqlalchemy as sa

from ingestd.store.database import Database, Settings
from ingestd.store.schema import article, cluster, entry, event, page
from tests.store import settler
from tests.store.samples import count
from tests.store.settler import Job

SEEDS = (1, 2)
PROCESSES = 4


Clusters = Callable[[int], set[frozenset[str]]]


@pytest.fixture(scope="module")
def clusters_of_one_alone(tmp_path_factory: pytest.TempPathFactory) -> Clusters:
    """By the job's seed."""

    @cache
    def made(seed: int) -> set[frozenset[str]]:
        url = f"sqlite:///{tmp_path_factory.mktemp('alone') / 'ingestd.sqlite3'}"
        settler.settle_in_turn(url, Job(seed=seed))
        return settler.partition(url)

    return made


@pytest.mark.parametrize("seed", SEEDS)
def test_processes_that_settle_the_same_texts_at_once_make_the_clusters_of_one_alone(
    blank_url: str, clusters_of_one_alone: Clusters, seed: int
) -> None:
    """None of them is lost, stored twice or put into a cluster of its own; nor do they block each other."""
    job = Job(processes=PROCESSES, seed=seed)
    settler.run_together(blank_url, job)
    found = settler.partition(blank_url)
    assert found == clusters_of_one_alone(seed)
    # A cut text under words of the outlet's own may be taken for another.
    assert job.texts <= len(found) <= 1.05 * job.texts
    database = Database(Settings(blank_url))
    with database.reading() as connection:
        assert count(connection, article) == job.documents
        told = sa.select(event.c.kind).where(event.c.kind.in_(["new", "copy"]))
        assert len(connection.execute(told).all()) == job.documents
        assert count(connection, page) == job.documents + settler.ITEMS
        assert count(connection, entry) == PROCESSES * settler.ITEMS
    database.close()


SHORT = Job(texts=10, documents=150)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    url = f"sqlite:///{tmp_path_factory.mktemp('undisturbed') / 'ingestd.sqlite3'}"
    settler.settle_in_turn(url, SHORT)
    return contents(url)


@pytest.mark.parametrize("dies_at", [2, 4])
def test_a_settler_that_is_killed_at_a_commit_leaves_nothing_that_the_next_has_to_mend(
    blank_url: str, undisturbed: dict[str, Any], dies_at: int
) -> None:
    killed = settler.start(blank_url, replace(SHORT, dies_at=dies_at))
    killed.communicate("go\n")
    assert killed.returncode == -signal.SIGKILL
    assert 0 < len(contents(blank_url)["postings"]) < len(undisturbed["postings"])
    settler.run_together(blank_url, SHORT)
    assert contents(blank_url) == undisturbed


def contents(url: str) -> dict[str, Any]:
    """All that must not depend on where a process was killed."""
    database = Database(Settings(url))
    with database.reading() as connection:
        shown = {
            name: sorted(tuple(row) for row in connection.execute(sa.text(query)))
            for name, query in CONTENTS.items()
        }
        assert connection.scalar(sa.select(sa.func.sum(cluster.c.size))) == len(shown["members"])
    database.close()
    return shown


CONTENTS = {
    "members": """
        SELECT c.url, a.url, m.role, m.containment, m.reason <> ''
        FROM member m JOIN article a ON a.id = m.article_id
        JOIN cluster k ON k.id = m.cluster_id JOIN article c ON c.id = k.canonical_id""",
    "postings": """
        SELECT p.hash, a.url
        FROM (SELECT * FROM posting UNION SELECT * FROM recent_posting) p
        JOIN cluster k ON k.id = p.cluster_id JOIN article a ON a.id = k.canonical_id""",
    "events": "SELECT kind, count(*) FROM event GROUP BY kind",
    "revisions": "SELECT a.url, r.text_hash FROM revision r JOIN article a ON a.id = r.article_id",
}
