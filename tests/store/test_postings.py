from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from ingestd.store import postings
from ingestd.store.database import Database, Settings
from ingestd.store.schema import posting, recent_posting
from tests.store.samples import ALL_POSTINGS, count, use_scheme

LOWEST, HIGHEST = -(2**31), 2**31 - 1
# The edges of the parts in which rows are moved over.
EDGES = [LOWEST + part * (2**32 // postings.MOVED) for part in range(postings.MOVED)]
FURNITURE = 7
PHRASE_HOLDERS = 50_000


@pytest.fixture
def connection(database: Database) -> Iterator[sa.Connection]:
    with database.writing() as opened:
        yield opened


def test_holders_are_those_that_were_added_and_not_removed(connection: sa.Connection) -> None:
    postings.add(connection, 1, [LOWEST, 0, HIGHEST])
    postings.add(connection, 2, {0, 5})
    postings.add(connection, 2**40, [0])
    postings.remove(connection, 2, [5, 99])
    found = postings.holders(connection, [HIGHEST, 0, 5, LOWEST, 12], 9)
    assert {anchor: sorted(held) for anchor, held in found.items()} == {
        LOWEST: [1],
        0: [1, 2, 2**40],
        HIGHEST: [1],
    }


def test_adding_again_and_removing_what_is_not_there_change_nothing(connection: sa.Connection) -> None:
    for _ in range(2):
        postings.add(connection, 1, [3, 1, 2])
    postings.remove(connection, 2, [1, 2, 3])
    postings.remove(connection, 1, [])
    postings.add(connection, 1, [])
    assert sorted(tuple(row) for row in connection.execute(sa.select(ALL_POSTINGS))) == [
        (1, 1, postings.current()),
        (2, 1, postings.current()),
        (3, 1, postings.current()),
    ]


def test_no_more_holders_are_given_than_asked_for(connection: sa.Connection) -> None:
    for cluster_id in range(1, 20):
        postings.add(connection, cluster_id, [5])
    assert len(postings.holders(connection, [5], 8)[5]) == 8


def test_a_text_may_have_any_number_of_anchors(connection: sa.Connection) -> None:
    postings.add(connection, 1, range(40_000))
    assert len(postings.holders(connection, range(40_000), 8)) == 40_000
    postings.remove(connection, 1, range(1, 40_000))
    assert count(connection, ALL_POSTINGS) == 1


def test_a_row_of_another_scheme_is_not_read_and_becomes_one_of_this(connection: sa.Connection) -> None:
    postings.add(connection, 1, [5, 6])
    use_scheme(connection, 9)
    assert postings.holders(connection, [5, 6], 8) == {}
    postings.add(connection, 1, [5])
    assert postings.holders(connection, [5, 6], 8) == {5: [1]}


def move_all(connection: sa.Connection) -> None:
    for edge in EDGES:
        postings.move(connection, edge)


def test_moving_covers_every_number_that_a_hash_can_be(connection: sa.Connection) -> None:
    hashes = [one for edge in EDGES for one in (edge + 1, edge + 2**32 // postings.MOVED - 1)]
    postings.add(connection, 1, hashes)
    move_all(connection)
    assert (count(connection, posting), count(connection, recent_posting)) == (len(hashes), 0)
    assert postings.holders(connection, hashes, 9) == {value: [1] for value in hashes}


def test_a_row_in_so_many_has_those_of_its_part_moved_over(connection: sa.Connection) -> None:
    part = EDGES[postings.MOVED // 2 + 1]
    postings.add(connection, 1, [part + 1, part + 2, part - 1])
    assert count(connection, posting) == 0
    postings.add(connection, 2, [part + 1, part + 3, part + postings.MOVE_EVERY])
    assert {tuple(row)[:2] for row in connection.execute(sa.select(posting))} == {
        (part + 1, 1),
        (part + 2, 1),
        (part + 1, 2),
        (part + 3, 2),
        (part + postings.MOVE_EVERY, 2),
    }
    assert connection.scalars(sa.select(recent_posting.c.hash)).all() == [part - 1]


def test_rows_of_both_tables_are_one_set(connection: sa.Connection) -> None:
    for cluster_id in (1, 2, 3):
        postings.add(connection, cluster_id, [5, 6])
    move_all(connection)
    for cluster_id in (3, 4):
        postings.add(connection, cluster_id, [5, 7])
    held = {value: sorted(ones) for value, ones in postings.holders(connection, [5, 6, 7], 4).items()}
    assert held == {5: [1, 2, 3, 4], 6: [1, 2, 3], 7: [3, 4]}
    assert len(postings.holders(connection, [5], 3)[5]) == 3
    postings.remove(connection, 3, [5, 6, 7])
    held = {value: sorted(ones) for value, ones in postings.holders(connection, [5, 6, 7], 9).items()}
    assert held == {5: [1, 2, 4], 6: [1, 2], 7: [4]}
    move_all(connection)
    assert len(postings.holders(connection, [5], 9)[5]) == count(connection, ALL_POSTINGS) - 3 == 3


def test_a_row_that_is_moved_onto_one_of_another_scheme_takes_its_place(connection: sa.Connection) -> None:
    postings.add(connection, 1, [5])
    move_all(connection)
    use_scheme(connection, 9)
    postings.add(connection, 1, [5])
    assert postings.holders(connection, [5], 9) == {5: [1]}
    move_all(connection)
    assert postings.holders(connection, [5], 9) == {5: [1]}
    assert sum(postings.sweep(connection, part) for part in range(postings.PARTS)) == 0


def test_sweeping_covers_every_number_that_a_hash_can_be(connection: sa.Connection) -> None:
    edges = [LOWEST + part * (2**32 // postings.PARTS) for part in range(postings.PARTS)]
    postings.add(connection, 1, [*edges, *(edge - 1 for edge in edges[1:]), HIGHEST])
    assert {postings.sweep(connection, part) for part in range(postings.PARTS)} == {0}
    for _ in range(2):
        use_scheme(connection, 9)
        swept = [postings.sweep(connection, part) for part in range(postings.PARTS)]
        assert swept == [2] * postings.PARTS
        postings.add(connection, 1, [*edges, *(edge - 1 for edge in edges[1:]), HIGHEST])
        move_all(connection)


@pytest.mark.parametrize("table", [posting, recent_posting])
def test_a_phrase_that_every_cluster_has_costs_as_much_as_any_other_anchor(
    sqlite_url: str, table: sa.Table
) -> None:
    """Counted in instructions of SQLite's machine, of which each row takes several."""
    database = Database(Settings(sqlite_url))
    with database.writing() as connection:
        fill(connection, table)
        costs = [instructions(connection, anchors) for anchors in ([FURNITURE], [FURNITURE + 1])]
    database.close()
    assert abs(costs[0] - costs[1]) < 100


def fill(connection: sa.Connection, table: sa.Table) -> None:
    rows = [{"hash": FURNITURE, "cluster_id": one, "scheme": 1} for one in range(PHRASE_HOLDERS)]
    rows += [{"hash": FURNITURE + 1, "cluster_id": one, "scheme": 1} for one in range(8)]
    connection.execute(table.insert(), rows)


def instructions(connection: sa.Connection, anchors: list[int]) -> int:
    """What looking for the holders of these anchors takes."""
    steps = [0]

    def on_step() -> int:
        steps[0] += 1
        return 0

    driver = connection.connection.driver_connection
    assert driver is not None
    driver.set_progress_handler(on_step, 1)
    postings.holders(connection, anchors, 8)
    driver.set_progress_handler(None, 1)
    return steps[0]


@pytest.mark.parametrize("table", [posting, recent_posting])
def test_a_phrase_that_every_cluster_has_is_read_as_far_as_needed_on_postgresql(
    postgres_url: str, table: sa.Table
) -> None:
    database = Database(Settings(postgres_url))
    with database.writing() as connection:
        fill(connection, table)
        connection.execute(sa.text("ANALYZE posting, recent_posting"))
        read = [rows_read(connection, [anchor], table) for anchor in (FURNITURE, FURNITURE + 1)]
    database.close()
    assert read == [8, 8]


def rows_read(connection: sa.Connection, anchors: list[int], table: sa.Table) -> int:
    """Rows of the table that looking for the holders of these anchors takes."""
    seen: list[tuple[str, Any]] = []

    def on_execute(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        seen.append((statement, parameters))

    sa.event.listen(connection, "before_cursor_execute", on_execute)
    postings.holders(connection, anchors, 8)
    sa.event.remove(connection, "before_cursor_execute", on_execute)
    (statement, parameters) = seen[0]
    plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters).scalar_one()
    return sum(node["Actual Rows"] for node in scans(plan[0]["Plan"], table.name))


def scans(node: dict[str, Any], table: str) -> Iterator[dict[str, Any]]:
    """The nodes of a plan that read the table."""
    if node.get("Relation Name") == table:
        yield node
    for below in node.get("Plans", []):
        yield from scans(below, table)
