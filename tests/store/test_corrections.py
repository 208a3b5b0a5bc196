from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa

from ingestd.errors import UsageError
from ingestd.matching import matching
from ingestd.model import Ruling
from ingestd.store import articles, clusters, corrections
from ingestd.store.clusters import Settings
from ingestd.store.database import Database
from ingestd.store.schema import event
from tests.store.samples import NOW, article_at, settle, words

TEXT, OTHER = words(1), words(2)
URLS = [f"https://{name}.example/1" for name in ("first", "second", "third", "fourth")]
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def connection(database: Database) -> Iterator[sa.Connection]:
    with database.writing() as opened:
        yield opened


@pytest.fixture
def copies(connection: sa.Connection) -> list[int]:
    """Three outlets with one text."""
    for url in URLS[:3]:
        settle(connection, url, TEXT, title=url)
    return [article_at(connection, url) for url in URLS[:3]]


@pytest.fixture
def stranger(connection: sa.Connection, copies: list[int]) -> int:
    """A fourth outlet with another text."""
    settle(connection, URLS[3], OTHER)
    return article_at(connection, URLS[3])


def home(connection: sa.Connection, article_id: int) -> int:
    row = clusters.cluster_of(connection, article_id)
    assert row is not None
    return int(row.id)


def inside(connection: sa.Connection, cluster_id: int) -> list[int]:
    return [one.id for one in clusters.members(connection, cluster_id)]


def split(connection: sa.Connection, cluster_id: int, *article_ids: int) -> int:
    return corrections.split(connection, cluster_id, article_ids, LATER, matching())


def merge(connection: sa.Connection, into: int, *others: int) -> int:
    return corrections.merge(connection, into, others, LATER, matching())


def pin(connection: sa.Connection, cluster_id: int, canonical_id: int | None = None) -> int:
    return corrections.pin(connection, cluster_id, LATER, matching(), canonical_id)


def unpin(connection: sa.Connection, cluster_id: int) -> int:
    return corrections.unpin(connection, cluster_id, LATER, matching())


def told(connection: sa.Connection, kind: str) -> list[sa.Row[tuple[object, ...]]]:
    return list(connection.execute(sa.select(event).where(event.c.kind == kind).order_by(event.c.id)))


def revise_all(connection: sa.Connection, urls: Sequence[str]) -> None:
    """Every outlet corrects its text a little."""
    for url in urls:
        body = articles.find(connection, url).body
        settle(connection, url, f"{body} {words(int(url[-1]) + 50, 3)}", title=f"{url}, corrected", at=LATER)


# ------------------------------------------------------------------------------- splitting


def test_split_articles_are_a_cluster_of_their_own(connection: sa.Connection, copies: list[int]) -> None:
    former = home(connection, copies[0])
    parted = split(connection, former, copies[2])
    assert inside(connection, parted) == [copies[2]]
    assert inside(connection, former) == copies[:2]
    (one,) = told(connection, "split")
    assert (one.cluster_id, one.at) == (parted, LATER)
    assert one.data == {"from": former, "articles": [copies[2]], "by": "person"}
    assert corrections.rulings(connection, copies[2]) == [
        (copies[0], Ruling.APART, LATER),
        (copies[1], Ruling.APART, LATER),
    ]


def test_what_was_split_is_never_put_together_again(connection: sa.Connection, copies: list[int]) -> None:
    parted = split(connection, home(connection, copies[0]), copies[2])
    revise_all(connection, URLS[:3])
    settle(connection, "https://fifth.example/1", TEXT)
    clusters.mark_stale(connection, 99)
    clusters.reindex(connection, Settings(), LATER, 99, matching())
    assert copies[2] in inside(connection, parted)
    assert not {copies[0], copies[1]} & set(inside(connection, parted))


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ([0, 1, 2], "naming some of its 3 articles, not all"),
        ([], "naming some of its 3 articles, not all"),
        ([3], r"article \d+ is not in cluster \d+; `ingestd clusters show"),
    ],
)
def test_a_split_that_parts_nothing_is_refused(
    connection: sa.Connection, copies: list[int], stranger: int, named: list[int], says: str
) -> None:
    everyone = [*copies, stranger]
    with pytest.raises(UsageError, match=says):
        split(connection, home(connection, copies[0]), *(everyone[number] for number in named))
    assert inside(connection, home(connection, copies[0])) == copies


# ------------------------------------------------------------------------------- merging


def test_merged_clusters_are_one_and_the_ended_number_leads_there(
    connection: sa.Connection, copies: list[int], stranger: int
) -> None:
    into, ended = home(connection, copies[0]), home(connection, stranger)
    assert merge(connection, into, ended) == into
    assert inside(connection, into) == [*copies, stranger]
    assert corrections.resolve(connection, ended) == into
    (one,) = told(connection, "joined")
    assert (one.cluster_id, one.data) == (into, {"ended": ended, "into": into, "by": "person"})
    row = clusters.get(connection, ended)
    assert row is not None
    assert (row.size, row.canonical_id, row.indexed) == (0, None, None)


def test_what_was_merged_is_never_parted_again(
    connection: sa.Connection, copies: list[int], stranger: int
) -> None:
    into = merge(connection, home(connection, copies[0]), home(connection, stranger))
    revise_all(connection, URLS)
    assert inside(connection, into) == [*copies, stranger]
    for url, text in (("https://fifth.example/1", TEXT), ("https://sixth.example/1", OTHER)):
        settle(connection, url, text, at=LATER)
    assert {home(connection, one) for one in (*copies, stranger)} == {into}


def test_a_number_leads_to_its_successor_for_ever(connection: sa.Connection) -> None:
    numbers = []
    for number in range(4):
        settle(connection, URLS[number], words(number))
        numbers.append(home(connection, article_at(connection, URLS[number])))
    for into, ended in zip(numbers[1:], numbers, strict=False):
        merge(connection, into, ended)
    assert {corrections.resolve(connection, number) for number in numbers} == {numbers[-1]}


def test_an_ended_number_may_be_named_in_place_of_the_living_one(
    connection: sa.Connection, copies: list[int], stranger: int
) -> None:
    into, ended = home(connection, copies[0]), home(connection, stranger)
    merge(connection, into, ended)
    assert pin(connection, ended) == into
    assert inside(connection, split(connection, ended, stranger)) == [stranger]
    with pytest.raises(UsageError, match="cannot be merged with itself"):
        merge(connection, into, ended)


def test_a_merge_of_one_with_itself_or_with_none_is_refused(
    connection: sa.Connection, copies: list[int]
) -> None:
    into = home(connection, copies[0])
    with pytest.raises(UsageError, match="cannot be merged with itself"):
        merge(connection, into, into)
    with pytest.raises(UsageError, match="name the clusters"):
        merge(connection, into)


def test_a_later_decision_stands_in_place_of_an_earlier_one(
    connection: sa.Connection, copies: list[int]
) -> None:
    into = home(connection, copies[0])
    merge(connection, into, split(connection, into, copies[2]))
    assert [ruling for _, ruling, _ in corrections.rulings(connection, copies[2])] == [Ruling.TOGETHER] * 2
    revise_all(connection, URLS[:3])
    assert inside(connection, into) == copies


# ------------------------------------------------------------------------------- pinning


def test_a_pinned_canonical_stays_and_the_others_are_described_beside_it(
    connection: sa.Connection, copies: list[int]
) -> None:
    cluster_id = home(connection, copies[0])
    assert pin(connection, cluster_id, copies[1]) == cluster_id
    longer = f"{TEXT} {words(9, 100)}"
    settle(connection, "https://agency.example/1", longer, at=LATER)
    row = clusters.get(connection, cluster_id)
    assert row is not None
    assert (row.canonical_id, row.size, row.pinned_at, row.canonical_pinned_at) == (
        copies[1],
        4,
        LATER,
        LATER,
    )
    roles = {one.id: one.role for one in clusters.members(connection, cluster_id)}
    assert [roles[one] for one in copies] == ["copy", "canonical", "copy"]
    (one,) = told(connection, "canonical-changed")
    assert (one.article_id, one.data) == (copies[1], {"former": copies[0], "by": "person"})


def test_nothing_is_taken_out_of_a_pinned_cluster(connection: sa.Connection, copies: list[int]) -> None:
    cluster_id = pin(connection, home(connection, copies[0]))
    settle(connection, URLS[3], OTHER)
    settle(connection, URLS[2], OTHER, at=LATER)
    assert inside(connection, cluster_id)[:3] == copies


def test_an_unpinned_cluster_follows_its_texts_again(connection: sa.Connection, copies: list[int]) -> None:
    cluster_id = pin(connection, home(connection, copies[0]), copies[2])
    assert unpin(connection, cluster_id) == cluster_id
    row = clusters.get(connection, cluster_id)
    assert row is not None
    assert (row.canonical_id, row.pinned_at, row.canonical_pinned_at) == (copies[0], None, None)
    settle(connection, URLS[2], OTHER, at=LATER)
    assert inside(connection, cluster_id) == copies[:2]


def test_only_a_member_can_be_pinned_as_canonical(
    connection: sa.Connection, copies: list[int], stranger: int
) -> None:
    with pytest.raises(UsageError, match="is not in cluster"):
        pin(connection, home(connection, copies[0]), stranger)


def test_a_chosen_canonical_that_is_forgotten_leaves_the_choice_to_the_texts(
    connection: sa.Connection, copies: list[int]
) -> None:
    cluster_id = pin(connection, home(connection, copies[0]), copies[2])
    articles.forget(connection, URLS[2], LATER, matching())
    row = clusters.get(connection, cluster_id)
    assert row is not None
    assert (row.canonical_id, row.canonical_pinned_at, row.pinned_at) == (copies[0], None, LATER)


# ------------------------------------------------------------------------------- what can be decided about


def test_what_never_was_and_what_is_all_forgotten_is_refused(
    connection: sa.Connection, copies: list[int], stranger: int
) -> None:
    for refused in (corrections.resolve, pin, unpin, merge, split):
        with pytest.raises(UsageError, match="there is no cluster 99"):
            refused(connection, 99)
    gone = home(connection, stranger)
    articles.forget(connection, URLS[3], NOW, matching())
    assert corrections.resolve(connection, gone) == gone
    with pytest.raises(UsageError, match="has no article any more"):
        pin(connection, gone)


def test_a_cluster_past_the_window_that_a_person_changes_is_found_again(
    connection: sa.Connection, copies: list[int]
) -> None:
    late = NOW + timedelta(days=40)
    clusters.expire(connection, Settings(), late, 9, matching())
    former = home(connection, copies[0])
    corrections.split(connection, former, [copies[2]], late, matching())
    assert clusters.overdue(connection, Settings(), late, 9) == []
    assert settle(connection, URLS[3], TEXT, at=late) == "copy"
