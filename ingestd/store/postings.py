"""Postings: that a cluster has an anchor, which is how a new text finds the clusters it may belong to.

Plain rows, keyed by hash and cluster, written in the order of the hashes because neighbours then share
pages of the index. What a text posts is told from the text, so nothing has to be looked up in order to be
taken away again.
"""

from collections.abc import Collection, Mapping, Sequence
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

# The inner SELECT ends after so many rows: a phrase that every cluster has costs as much as any other.
_HOLDERS = """
    SELECT n.value AS hash,
           (SELECT {listed} FROM (SELECT cluster_id FROM posting
                                  WHERE hash = n.value AND scheme = :scheme LIMIT :most) AS ones) AS held
    FROM {numbers}"""
_ADD = """
    INSERT INTO posting (hash, cluster_id, scheme)
    SELECT n.value, :cluster_id, :scheme FROM {numbers} WHERE true
    ON CONFLICT (hash, cluster_id) DO UPDATE SET scheme = excluded.scheme
    WHERE posting.scheme <> excluded.scheme"""
_REMOVE = """
    DELETE FROM posting
    WHERE cluster_id = :cluster_id AND hash IN (SELECT n.value FROM {numbers})"""
_SWEEP = sa.text("DELETE FROM posting WHERE hash BETWEEN :first AND :last AND scheme <> :scheme")


def current() -> int:
    """The number of the scheme in use."""
    return len(SCHEMES)


def holders(connection: sa.Connection, hashes: Sequence[int], most: int) -> Mapping[int, Sequence[int]]:
    """The clusters that have each of these anchors, at most so many of them; anchors without are left out."""
    found = _execute(connection, _HOLDERS, hashes, most=most, scheme=current())
    rows: Sequence[Any] = found.all()
    return {value: [int(one) for one in held.split(",")] for value, held in rows if held}


def add(connection: sa.Connection, cluster_id: int, hashes: Collection[int]) -> None:
    """Note that a cluster has these anchors, known or not."""
    _execute(connection, _ADD, hashes, cluster_id=cluster_id, scheme=current())


def remove(connection: sa.Connection, cluster_id: int, hashes: Collection[int]) -> None:
    """Note that a cluster has these anchors no longer, known or not."""
    _execute(connection, _REMOVE, hashes, cluster_id=cluster_id)


def sweep(connection: sa.Connection, part: int) -> int:
    """Remove the rows of former schemes from one of the `PARTS`, numbered from 0; returns how many."""
    first = _LOWEST + part * _PART
    values = {"first": first, "last": first + _PART - 1, "scheme": current()}
    return connection.execute(_SWEEP, values).rowcount


def _execute(
    connection: sa.Connection, statement: str, hashes: Collection[int], **values: int
) -> sa.CursorResult[Any]:
    return connection.execute(with_numbers(connection, statement), {"numbers": sorted(hashes), **values})
