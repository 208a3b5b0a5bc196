"""Postings: that a cluster has an anchor, which is how a new text finds the clusters it may belong to.

Plain rows, keyed by hash and cluster, in two tables:

    add ──► recent_posting ── a part of the numbers that a hash can be, now and then ──► posting
                   └──────────────────────── holders ─────────────────────────────────────┘

The hashes of a text lie anywhere, so each of its rows would be written to another page of a table that is
many times larger than the cache. The recent ones are few and stay in it, and the rows of one part have
several for each page when they are moved over. A row of the scheme in use stands in one of the two.

What a text posts is told from the text, so nothing has to be looked up in order to be taken away again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from ingestd.store.dialect import with_numbers

# Names of the methods whose postings there have been, numbered from 1 in this order; the last is the one in
# use. Rows of another are never read. A new method is added at the end, and none is taken out.
SCHEMES = ("frac-shingles-2",)

# Equal parts of the numbers that a hash can be, so that sweeping takes many short transactions.
PARTS = 256
_PART = (1 << 32) // PARTS
_LOWEST = -(1 << 31)

# A row in so many has rows moved over: those of as many hashes around its own, a part in `MOVED`. Both are
# powers of two, and the rows that wait are about their product: 16 MB, half of what SQLite may cache.
MOVE_EVERY = 1 << 13
MOVED = 1 << 7
_SPAN = (1 << 32) // MOVED

# The inner SELECTs end after so many rows: a phrase that every cluster has costs as much as any other.
_HELD = """
    (SELECT {{listed}} FROM (SELECT cluster_id FROM {table}
                             WHERE hash = n.value AND scheme = :scheme LIMIT :most) AS ones)"""
_HOLDERS = (
    f"SELECT n.value, {_HELD.format(table='posting')}, {_HELD.format(table='recent_posting')} "  # noqa: S608
    "FROM {numbers}"
)
_ADD = """
    INSERT INTO recent_posting (hash, cluster_id, scheme)
    SELECT n.value, :cluster_id, :scheme FROM {numbers} WHERE true
    ON CONFLICT (hash, cluster_id) DO UPDATE SET scheme = excluded.scheme
    WHERE recent_posting.scheme <> excluded.scheme"""
_REMOVE = tuple(
    f"DELETE FROM {table} WHERE cluster_id = :cluster_id AND hash IN (SELECT n.value FROM {{numbers}})"  # noqa: S608
    for table in ("posting", "recent_posting")
)
# The one that is there already is of a former scheme.
_MOVE = (
    sa.text("""
        INSERT INTO posting (hash, cluster_id, scheme)
        SELECT hash, cluster_id, scheme FROM recent_posting
        WHERE hash BETWEEN :first AND :last ORDER BY hash, cluster_id
        ON CONFLICT (hash, cluster_id) DO UPDATE SET scheme = excluded.scheme"""),
    sa.text("DELETE FROM recent_posting WHERE hash BETWEEN :first AND :last"),
)
_SWEEP = tuple(
    sa.text(f"DELETE FROM {table} WHERE hash BETWEEN :first AND :last AND scheme <> :scheme")  # noqa: S608
    for table in ("posting", "recent_posting")
)


def current() -> int:
    """The number of the scheme in use."""
    return len(SCHEMES)


def holders(connection: sa.Connection, hashes: Sequence[int], most: int) -> Mapping[int, Sequence[int]]:
    """The clusters that have each of these anchors, at most so many of them; anchors without are left out."""
    rows: Sequence[Any] = _execute(connection, _HOLDERS, hashes, most=most, scheme=current()).all()
    return {value: _listed(settled, recent, most) for value, settled, recent in rows if settled or recent}


def _listed(settled: str | None, recent: str | None, most: int) -> Sequence[int]:
    if settled is None or recent is None:
        return [int(one) for one in (settled or recent or "").split(",")]
    # The same row may stand in both.
    both = dict.fromkeys((*settled.split(","), *recent.split(",")))
    return [int(one) for one in both][:most]


def add(connection: sa.Connection, cluster_id: int, hashes: Collection[int]) -> None:
    """Note that a cluster has these anchors, known or not."""
    _execute(connection, _ADD, hashes, cluster_id=cluster_id, scheme=current())
    move_for(connection, hashes)


def move_for(connection: sa.Connection, hashes: Iterable[int]) -> None:
    """Move over what is due now that rows with these hashes were added."""
    for value in hashes:
        if value % MOVE_EVERY == 0:
            move(connection, value)


def move(connection: sa.Connection, around: int) -> None:
    """Move the recent rows over that are of the same part in `MOVED` of all hashes as this one."""
    first = around // _SPAN * _SPAN
    for statement in _MOVE:
        connection.execute(statement, {"first": first, "last": first + _SPAN - 1})


def remove(connection: sa.Connection, cluster_id: int, hashes: Collection[int]) -> None:
    """Note that a cluster has these anchors no longer, known or not."""
    for statement in _REMOVE:
        _execute(connection, statement, hashes, cluster_id=cluster_id)


def sweep(connection: sa.Connection, part: int) -> int:
    """Remove the rows of former schemes from one of the `PARTS`, numbered from 0; returns how many."""
    first = _LOWEST + part * _PART
    values = {"first": first, "last": first + _PART - 1, "scheme": current()}
    return sum(connection.execute(statement, values).rowcount for statement in _SWEEP)


def _execute(
    connection: sa.Connection, statement: str, hashes: Collection[int], **values: int
) -> sa.CursorResult[Any]:
    return connection.execute(with_numbers(connection, statement), {"numbers": sorted(hashes), **values})
