from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from ingestd.dedupe.fingerprint import compared_text, fingerprint
from ingestd.matching import matching
from ingestd.store import articles, clusters, postings
from ingestd.store.clusters import Settings
from ingestd.store.database import Database
from ingestd.store.schema import cluster, event, member, revision
from tests.store.samples import ALL_POSTINGS, NOW, article_at, count, settle, use_scheme, words

TEXT = words(1)
URLS = [f"https://{name}.example/1" for name in ("first", "second", "third")]
DAY = timedelta(days=1)
WINDOW = Settings()


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


def home(connection: sa.Connection, url: str) -> int:
    row = clusters.cluster_of(connection, article_at(connection, url))
    assert row is not None
    return int(row.id)


def posted(connection: sa.Connection) -> set[tuple[int, int]]:
    rows = connection.execute(sa.select(ALL_POSTINGS).where(ALL_POSTINGS.c.scheme == postings.current()))
    return {(row.cluster_id, row.hash) for row in rows}


def anchors(text: str) -> set[int]:
    return set(fingerprint(compared_text("A headline", text)).anchors)


# ------------------------------------------------------------------------------- looking up


def test_copies_of_one_text_are_one_cluster(connection: sa.Connection, copies: list[int]) -> None:
    (row,) = clusters.listing(connection)
    assert (row.size, row.canonical_id, row.title) == (3, copies[0], URLS[0])
    assert (row.created_at, row.active_at) == (NOW, NOW + timedelta(minutes=2))
    members = clusters.members(connection, row.id)
    assert [one.id for one in members] == copies
    assert [one.role for one in members] == ["canonical", "copy", "copy"]
    assert members[0].matched_id is members[0].containment is members[0].containment_reverse is None
    assert members[1].matched_id == copies[0]
    assert members[1].containment == members[1].containment_reverse == members[1].jaccard == 1


def test_a_member_is_shown_with_its_text_and_where_its_agency_was_read(connection: sa.Connection) -> None:
    settle(connection, URLS[0], TEXT, agency="AFP")
    (one,) = clusters.members(connection, home(connection, URLS[0]))
    assert (one.body, one.agency, one.agency_evidence, one.agency_quote) == (TEXT, "AFP", "byline", "AFP")
    assert (one.appeared_at, one.first_seen_at, one.placed_at) == (None, NOW, NOW)


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


def test_an_article_that_is_in_no_cluster_is_in_none(connection: sa.Connection) -> None:
    assert clusters.cluster_of(connection, 1) is None


def test_articles_with_a_part_in_common_are_related_whichever_came_first(connection: sa.Connection) -> None:
    shared = words(5, 60)
    for number, url in enumerate(URLS[:2]):
        settle(connection, url, f"{words(10 + number, 200)} {shared} {words(20 + number, 100)}")
    one, other = (article_at(connection, url) for url in URLS[:2])
    for asked, answer in ((one, other), (other, one)):
        (row,) = clusters.related_to(connection, article_id=asked)
        assert (row.article_id, row.other_id, row.title) == (asked, answer, "A headline")
        assert 0.1 < row.containment < 0.3
        (same,) = clusters.related_to(connection, cluster_id=row.cluster_id)
        assert (same.article_id, same.other_id) == (answer, asked)
    shown = connection.execute(sa.text("SELECT article_id, other_article_id FROM v_related")).all()
    assert sorted(map(tuple, shown)) == [(one, other), (other, one)]


def test_who_has_come_into_one_cluster_is_not_shown_as_related(connection: sa.Connection) -> None:
    shared = words(5, 60)
    for number, url in enumerate(URLS[:2]):
        settle(connection, url, f"{words(10 + number, 200)} {shared} {words(20 + number, 100)}")
    settle(connection, URLS[0], TEXT)
    settle(connection, URLS[1], TEXT)
    assert clusters.related_to(connection, cluster_id=home(connection, URLS[0])) == []
    assert connection.execute(sa.text("SELECT * FROM v_related")).all() == []


# ------------------------------------------------------------------------------- postings follow the texts


def test_a_cluster_posts_each_anchor_once_however_many_copies_it_has(
    connection: sa.Connection, copies: list[int]
) -> None:
    (cluster_id,) = ids(connection)
    assert posted(connection) == {(cluster_id, anchor) for anchor in anchors(TEXT)}
    assert count(connection, ALL_POSTINGS) == len(anchors(TEXT))


def test_a_revision_takes_away_what_only_its_former_text_had(connection: sa.Connection) -> None:
    before, after = f"{TEXT} {words(2, 80)}", f"{TEXT} {words(3, 80)}"
    settle(connection, URLS[0], before)
    settle(connection, URLS[0], after)
    assert posted(connection) == {(home(connection, URLS[0]), anchor) for anchor in anchors(after)}


def test_forgetting_leaves_the_anchors_of_those_who_stay(connection: sa.Connection) -> None:
    longer = f"{TEXT} {words(2, 60)}"
    settle(connection, URLS[0], longer)
    settle(connection, URLS[1], TEXT)
    articles.forget(connection, URLS[0], NOW, matching())
    assert posted(connection) == {(home(connection, URLS[1]), anchor) for anchor in anchors(TEXT)}


def test_the_last_member_ends_its_cluster_whose_number_is_never_given_again(
    connection: sa.Connection,
) -> None:
    settle(connection, URLS[0], TEXT)
    (ended,) = ids(connection)
    articles.forget(connection, URLS[0], NOW, matching())
    row = clusters.get(connection, ended)
    assert row is not None
    assert (row.size, row.canonical_id, row.successor_id, row.indexed) == (0, None, None, None)
    assert count(connection, member) == count(connection, ALL_POSTINGS) == 0
    settle(connection, URLS[1], TEXT)
    assert ids(connection) > [ended]


def test_what_shares_nothing_changes_no_other_cluster(connection: sa.Connection, copies: list[int]) -> None:
    before = connection.execute(sa.select(cluster)).all()
    settle(connection, "https://stranger.example/1", words(99), at=NOW + DAY)
    after = connection.execute(sa.select(cluster).order_by(cluster.c.id)).all()
    assert after[:-1] == before


# ------------------------------------------------------------------------------- the window


def test_a_text_past_the_window_gets_no_new_copies(connection: sa.Connection, copies: list[int]) -> None:
    late = NOW + WINDOW.window + DAY
    assert clusters.expire(connection, WINDOW, late, 10, matching()) == 1
    assert count(connection, ALL_POSTINGS) == 0
    assert settle(connection, "https://late.example/1", TEXT, at=late) == "new"
    assert [row.size for row in clusters.listing(connection, at_least=1)] == [1, 3]
    assert clusters.expire(connection, WINDOW, late, 10, matching()) == 0


def test_a_text_that_is_still_copied_keeps_its_postings(connection: sa.Connection, copies: list[int]) -> None:
    settle(connection, "https://late.example/1", TEXT, at=NOW + 29 * DAY)
    assert clusters.expire(connection, WINDOW, NOW + 31 * DAY, 10, matching()) == 0
    assert settle(connection, "https://later.example/1", TEXT, at=NOW + 31 * DAY) == "copy"


def test_a_window_of_nothing_looks_for_ever(connection: sa.Connection, copies: list[int]) -> None:
    assert clusters.expire(connection, Settings(timedelta()), NOW + 9999 * DAY, 10, matching()) == 0


def test_clusters_expire_in_pieces_the_oldest_first(connection: sa.Connection) -> None:
    for number, url in enumerate(URLS):
        settle(connection, url, words(number), at=NOW - number * DAY)
    late = NOW + 90 * DAY
    assert clusters.overdue(connection, WINDOW, late, 9) == [home(connection, url) for url in URLS[::-1]]
    assert [clusters.expire(connection, WINDOW, late, 2, matching()) for _ in range(3)] == [2, 1, 0]


def test_a_revision_brings_the_postings_back(connection: sa.Connection, copies: list[int]) -> None:
    late = NOW + 31 * DAY
    clusters.expire(connection, WINDOW, late, 10, matching())
    longer = f"{TEXT} {words(4, 20)}"
    settle(connection, URLS[0], longer, at=late)
    (cluster_id,) = ids(connection)
    assert posted(connection) == {(cluster_id, anchor) for anchor in anchors(TEXT) | anchors(longer)}
    assert settle(connection, "https://late.example/1", TEXT, at=late) == "copy"


# ------------------------------------------------------------------------------- another scheme


@pytest.fixture
def new_scheme(connection: sa.Connection, copies: list[int]) -> None:
    """An archive that another method made: its rows stand under a number that is not the last."""
    settle(connection, "https://other.example/1", words(2), at=NOW + DAY)
    settle(connection, "https://old.example/1", words(3), at=NOW - 60 * DAY)
    use_scheme(connection, 9)
    connection.execute(cluster.update().values(indexed=None))
    connection.execute(revision.update().values(scheme="older", token_count=0, shingle_count=0))


@pytest.mark.usefixtures("new_scheme")
def test_rows_of_another_scheme_are_never_read(connection: sa.Connection) -> None:
    assert settle(connection, "https://new.example/1", TEXT) == "new"


@pytest.mark.usefixtures("new_scheme")
def test_clusters_within_the_window_are_rebuilt_the_last_active_first(connection: sa.Connection) -> None:
    before = clusters.members(connection, home(connection, URLS[0]))
    assert clusters.count_stale(connection, WINDOW, NOW + DAY) == 2
    assert clusters.stale(connection, WINDOW, NOW + DAY, 1) == [home(connection, "https://other.example/1")]
    done = [clusters.reindex(connection, WINDOW, NOW + DAY, 1, matching()) for _ in range(3)]
    assert done == [1, 1, 0]
    wanted = {(home(connection, URLS[0]), anchor) for anchor in anchors(TEXT)}
    wanted |= {(home(connection, "https://other.example/1"), anchor) for anchor in anchors(words(2))}
    assert posted(connection) == wanted
    assert clusters.members(connection, home(connection, URLS[0])) == before
    counted = connection.execute(sa.select(revision.c.scheme, revision.c.shingle_count).distinct()).all()
    assert sorted(map(tuple, counted))[0][0] == postings.SCHEMES[-1]
    assert settle(connection, "https://new.example/1", TEXT) == "copy"


@pytest.mark.usefixtures("new_scheme")
def test_sweeping_takes_what_former_schemes_left(connection: sa.Connection) -> None:
    rows = count(connection, ALL_POSTINGS)
    clusters.reindex(connection, WINDOW, NOW + DAY, 9, matching())
    kept = posted(connection)
    assert sum(postings.sweep(connection, part) for part in range(postings.PARTS)) == rows - len(kept) > 0
    assert posted(connection) == kept
    assert count(connection, ALL_POSTINGS) == len(kept)


@pytest.mark.usefixtures("new_scheme")
def test_a_revision_rebuilds_its_cluster_before_it_is_matched(connection: sa.Connection) -> None:
    settle(connection, URLS[0], f"{TEXT} {words(4, 20)}", at=NOW + DAY)
    assert settle(connection, "https://new.example/1", TEXT, at=NOW + DAY) == "copy"
    cluster_id = home(connection, "https://new.example/1")
    query = sa.select(revision.c.scheme).where(
        revision.c.article_id.in_(sa.select(member.c.article_id).where(member.c.cluster_id == cluster_id))
    )
    newest = query.where(revision.c.shingle_count > 0)
    assert set(connection.scalars(newest)) == {postings.SCHEMES[-1]}


def test_all_can_be_marked_to_be_rebuilt_and_are_found_meanwhile(
    connection: sa.Connection, copies: list[int]
) -> None:
    settle(connection, "https://other.example/1", words(2))
    assert [clusters.mark_stale(connection, 1) for _ in range(3)] == [1, 1, 0]
    assert settle(connection, "https://late.example/1", TEXT) == "copy"
    assert clusters.count_stale(connection, WINDOW, NOW) == 2
    assert clusters.reindex(connection, WINDOW, NOW, 9, matching()) == 2
    assert clusters.count_stale(connection, WINDOW, NOW) == 0
    clusters.mark_stale(connection, 9)
    assert clusters.expire(connection, WINDOW, NOW + 31 * DAY, 9, matching()) == 2
    assert count(connection, ALL_POSTINGS) == 0


def test_rebuilding_what_is_right_changes_nothing(connection: sa.Connection, copies: list[int]) -> None:
    tables = (ALL_POSTINGS, member, cluster, revision)
    before = [connection.execute(sa.select(table)).all() for table in tables]
    told = count(connection, event)
    clusters.mark_stale(connection, 9)
    clusters.reindex(connection, WINDOW, NOW, 9, matching())
    assert [connection.execute(sa.select(table)).all() for table in tables] == before
    assert count(connection, event) == told
