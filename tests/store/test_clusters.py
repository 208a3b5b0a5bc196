from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from ingestd.dedupe.fingerprint import SCHEME, fingerprint
from ingestd.store import articles, clusters
from ingestd.store.database import Database
from ingestd.store.schema import anchor, cluster, member, revision
from tests.store.samples import NOW, article_at, count, settle, words

TEXT = words(1)
URLS = [f"https://{name}.example/1" for name in ("first", "second", "third")]


@pytest.fixture
def connection(database: Database) -> Iterator[sa.Connection]:
    with database.writing() as opened:
        yield opened


@pytest.fixture
def copies(connection: sa.Connection) -> list[int]:
    """Three outlets with one text, a minute apart."""
    for minutes, url in enumerate(URLS):
        settle(connection, url, TEXT, title=url, at=NOW + timedelta(minutes=minutes))
    return [article_at(connection, url) for url in URLS]


def ids(connection: sa.Connection) -> list[int]:
    return [row.id for row in clusters.listing(connection, at_least=1)]


def test_copies_of_one_text_are_one_cluster(connection: sa.Connection, copies: list[int]) -> None:
    (row,) = clusters.listing(connection)
    assert (row.size, row.canonical_id, row.title) == (3, copies[0], URLS[0])
    assert (row.created_at, row.active_at) == (NOW, NOW + timedelta(minutes=2))
    members = clusters.members(connection, row.id)
    assert [one.id for one in members] == copies
    assert [one.role for one in members] == ["canonical", "copy", "copy"]
    assert members[0].matched_id is None
    assert members[1].matched_id == copies[0]
    assert members[1].containment == members[1].containment_reverse == members[1].jaccard == 1


def test_clusters_are_listed_by_size_and_activity(connection: sa.Connection, copies: list[int]) -> None:
    settle(connection, "https://other.example/1", words(2), at=NOW + timedelta(hours=1))
    assert len(clusters.listing(connection)) == 1
    sizes = [row.size for row in clusters.listing(connection, at_least=1)]
    assert sizes == [1, 3]
    assert [row.size for row in clusters.listing(connection, at_least=1, limit=1)] == [1]
    since = NOW + timedelta(minutes=30)
    assert [row.size for row in clusters.listing(connection, since=since, at_least=1)] == [1]
    assert clusters.get(connection, ids(connection)[-1] + 99) is None


def test_the_agency_of_a_text_is_known_when_any_copy_names_it(
    connection: sa.Connection, copies: list[int]
) -> None:
    credited = revision.update().where(revision.c.article_id == copies[2])
    connection.execute(credited.values(agency="AFP"))
    assert [row.agency for row in clusters.listing(connection)] == ["AFP"]
    assert connection.scalar(sa.text("SELECT agency FROM v_cluster")) == "AFP"


def test_candidates_are_those_that_share_most(connection: sa.Connection) -> None:
    tokens = TEXT.split()
    settle(connection, "https://half.example/1", " ".join(tokens[:80] + words(5).split()))
    settle(connection, "https://all.example/1", " ".join(tokens + words(6).split()))
    settle(connection, "https://none.example/1", words(7))
    anchors = fingerprint(TEXT).anchors
    found = clusters.candidates(connection, 0, anchors, SCHEME)
    assert [one.source for one in found] == ["all.example", "half.example"]
    assert found[0].shared == len(anchors) > found[1].shared
    assert found[0].body.startswith(TEXT)
    assert clusters.candidates(connection, 0, anchors, "another-scheme") == []
    itself = found[0].article_id
    assert [one.article_id for one in clusters.candidates(connection, itself, anchors, SCHEME)] != [itself]


def test_candidates_are_few_however_many_copies_there_are(connection: sa.Connection) -> None:
    for number in range(clusters.CANDIDATES + 3):
        settle(connection, f"https://o{number}.example/1", TEXT)
    found = clusters.candidates(connection, 0, fingerprint(TEXT).anchors, SCHEME)
    assert len(found) == clusters.CANDIDATES


def test_anchors_are_replaced_by_those_of_the_newest_text(connection: sa.Connection) -> None:
    settle(connection, URLS[0], TEXT)
    article_id = article_at(connection, URLS[0])
    clusters.set_anchors(connection, article_id, [-(2**63), 0, 2**63 - 1])
    kept = connection.scalars(sa.select(anchor.c.hash).order_by(anchor.c.hash))
    assert list(kept) == [-(2**63), 0, 2**63 - 1]


def test_the_earliest_member_inherits_a_cluster(connection: sa.Connection, copies: list[int]) -> None:
    (cluster_id,) = ids(connection)
    clusters.remove(connection, copies[0], NOW)
    row = clusters.get(connection, cluster_id)
    assert row is not None
    assert (row.size, row.canonical_id) == (2, copies[1])
    assert [one.role for one in clusters.members(connection, cluster_id)] == ["canonical", "copy"]


def test_a_cluster_outlives_a_member_that_does_not_represent_it(
    connection: sa.Connection, copies: list[int]
) -> None:
    clusters.remove(connection, copies[2], NOW)
    (row,) = clusters.listing(connection)
    assert (row.size, row.canonical_id) == (2, copies[0])


def test_the_last_member_ends_its_cluster_whose_number_is_never_given_again(
    connection: sa.Connection,
) -> None:
    settle(connection, URLS[0], TEXT)
    (ended,) = ids(connection)
    articles.forget(connection, URLS[0], NOW)
    assert count(connection, cluster) == count(connection, member) == 0
    settle(connection, URLS[1], TEXT)
    assert ids(connection) > [ended]


def test_an_article_that_is_in_no_cluster_is_in_none(connection: sa.Connection) -> None:
    assert clusters.cluster_of(connection, 1) is None
    clusters.remove(connection, 1, NOW)
