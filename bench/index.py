"""What finding and noting down anchors costs in the database, and how that grows with the archive.

    python -m bench.index [--documents 100000,1000000] [--database sqlite|postgres|both] [--quick]

Only what the index itself needs is there: the table `posting`, by the statements of `store.postings`. There
are no articles and no clusters, so the one question of a survey that needs them, what else an outlet
published, is answered with nothing; and which cluster a copy belongs to is known from how it was made.

The archive is filled in batches of 500 documents, the rows of each in the order of their hashes, in one
transaction (on SQLite with a page cache that holds it all), which leaves pages as full as a commit a batch
does. The last documents of each size are measured, in four ways:

    large     10,000 a transaction: the anchors of all are looked up in the order of their hashes, then the
              rows of all inserted in it
    sorted    the same with 500
    grouped   500 a transaction: each is looked up and inserted before the next, as ingestd does it
    single    the same with a transaction for each

CPU is that of this process, and of the server process that answers it. Preparing texts is not counted.
"""

import gc
import time
from argparse import ArgumentParser
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from bench.machine import arguments, isolated, print_machine, print_table
from bench.news import Item, News
from ingestd.dedupe import fingerprint
from ingestd.dedupe.placing import COMMON_CLUSTERS, Placing, Survey
from ingestd.dedupe.text import Text
from ingestd.matching import matching
from ingestd.model import Carrier
from ingestd.store import migrate, postings
from ingestd.store.database import Database, Settings
from ingestd.store.dialect import with_numbers
from ingestd.store.index import SqlIndex
from tests import postgres

NOW = datetime(2026, 11, 1, tzinfo=UTC)
BATCH = 500
LARGE = 10_000
WAYS = ("large", "sorted", "grouped", "single")

# Rows of many clusters at once: each number is hash and cluster, 32 bits each.
_ADD_ALL = """
    INSERT INTO recent_posting (hash, cluster_id, scheme)
    SELECT n.value >> 32, n.value & 4294967295, :scheme FROM {numbers}
    WHERE NOT EXISTS (SELECT 1 FROM posting WHERE hash = n.value >> 32
                      AND cluster_id = n.value & 4294967295 AND scheme = :scheme)
    ON CONFLICT (hash, cluster_id) DO UPDATE SET scheme = excluded.scheme
    WHERE recent_posting.scheme <> excluded.scheme"""
_ROWS = "SELECT (SELECT count(*) FROM posting) + (SELECT count(*) FROM recent_posting)"
_LARGE_CACHE = "PRAGMA cache_size = -8000000"


class BareIndex(SqlIndex):
    """The index without articles; `known` are the holders of anchors that were looked up before."""

    known: Mapping[int, Sequence[int]] | None = None

    def holders(self, anchors: Sequence[int], limit: int) -> Mapping[int, Sequence[int]]:
        if self.known is None:
            return super().holders(anchors, limit)
        return {anchor: self.known[anchor] for anchor in anchors if anchor in self.known}

    def of_source(self, source: str, cluster_ids: Collection[int]) -> Sequence[Carrier]:
        return ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document with all that does not concern the database."""

    item: Item
    text: Text
    carrier: Carrier

    @classmethod
    def of(cls, item: Item) -> "Prepared":
        text = Text.of(item.text)
        return cls(item, text, Carrier(item.number, None, item.source, NOW, text.size, text_hash=""))

    @property
    def cluster_id(self) -> int:
        """The cluster it belongs to, by the number of its first article."""
        return self.item.original + 1


@dataclass(slots=True)
class Costs:
    """CPU seconds by stage."""

    # CPU clocks of this process and, where there is one, of the server's.
    clocks: tuple[int, ...]
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def of(self, stage: str) -> Iterator[None]:
        """Count what is done inside to that stage."""
        before = self._now()
        yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + self._now() - before

    def _now(self) -> float:
        return sum(time.clock_gettime(clock) for clock in self.clocks)


@dataclass(frozen=True, slots=True)
class Seconds:
    """CPU seconds a document."""

    query: float
    both: float

    @property
    def insert(self) -> float:
        """What is not the query, the commit included."""
        return self.both - self.query


@dataclass(slots=True)
class Figures:
    """An archive of one size."""

    documents: int
    # By way, of the piece of documents that is the middle one of all.
    seconds: dict[str, Seconds] = field(default_factory=dict)
    rows: int = 0
    size_bytes: int = 0
    # Of the measured documents: tokens and anchors of all, anchors that are furniture; copies, and those of
    # which the right cluster was among the candidates.
    tokens: int = 0
    anchors: int = 0
    masked: int = 0
    copies: int = 0
    found: int = 0

    def learn(self, document: Prepared, survey: Survey) -> None:
        """Count what was found for a document."""
        self.tokens += document.text.token_count
        self.anchors += len(document.text.anchors)
        self.masked += len(survey.masked)
        if document.item.number != document.item.original:
            self.copies += 1
            self.found += document.cluster_id in survey.candidates(len(document.text.anchors))


# ------------------------------------------------------------------------------- measuring


def measured(
    url: str, seed: int, sizes: Sequence[int], sample: int, tokens: int, copied: float
) -> list[Figures]:
    """The figures of each size, the least first, in one database that grows."""
    news = iter(News(seed, tokens, copied))
    return [_measured_at(url, news, size, sample) for size in sizes]


def _measured_at(url: str, news: Iterator[Item], size: int, sample: int) -> Figures:
    database = Database(Settings(url))
    with closing(database):
        migrate.ensure(database)
        _fill(database, news, size - LARGE - sample * (len(WAYS) - 1))
    figures = Figures(size)
    # Opened anew, with the cache that ingestd has.
    database = Database(Settings(url))
    with closing(database):
        _tidy(database)
        for way in WAYS:
            documents = islice(news, LARGE if way == "large" else sample)
            _measure(database, way, [Prepared.of(item) for item in documents], figures)
        with database.reading() as connection:
            figures.rows = connection.scalar(sa.text(_ROWS)) or 0
            figures.size_bytes = _size_bytes(connection)
    return figures


def _fill(database: Database, news: Iterator[Item], until: int) -> None:
    """Add documents until there are so many."""
    with database.writing() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql(_LARGE_CACHE)
        filled = False
        while not filled:
            batch = list(islice(news, BATCH))
            _add_all(connection, [(item.original + 1, fingerprint(item.text).anchors) for item in batch])
            filled = batch[-1].number + 1 >= until


def _add_all(connection: sa.Connection, rows: Sequence[tuple[int, Collection[int]]]) -> None:
    numbers = sorted({anchor << 32 | cluster_id for cluster_id, anchors in rows for anchor in anchors})
    parameters = {"numbers": numbers, "scheme": postings.current()}
    connection.execute(with_numbers(connection, _ADD_ALL), parameters)
    postings.move_for(connection, (number >> 32 for number in numbers))


def _tidy(database: Database) -> None:
    """What PostgreSQL's own housekeeping does by and by, so that it does not do it meanwhile."""
    if database.is_sqlite:
        return
    engine = sa.create_engine(database.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM (ANALYZE) posting, recent_posting")


def _measure(database: Database, way: str, documents: Sequence[Prepared], figures: Figures) -> None:
    """Note the costs of the middle one of all pieces: now and then rows are moved over meanwhile."""
    clocks = _clocks(database)
    # The prepared documents are not the index's: the collector need not go through them again and again.
    gc.collect()
    gc.freeze()
    length = LARGE if way == "large" else BATCH
    pieces = []
    for start in range(0, len(documents), length):
        piece = documents[start : start + length]
        costs = Costs(clocks)
        for batch in [[one] for one in piece] if way == "single" else [piece]:
            _settle(database, batch, costs, figures, at_once=way in ("large", "sorted"))
        pieces.append(Seconds(*(costs.seconds[stage] / len(piece) for stage in ("query", "both"))))
    figures.seconds[way] = sorted(pieces, key=lambda one: one.both)[len(pieces) // 2]


def _settle(
    database: Database, batch: Sequence[Prepared], costs: Costs, figures: Figures, *, at_once: bool
) -> None:
    """One transaction; `at_once` inserts the rows of all documents when all have been looked up."""
    with costs.of("both"), database.writing(settling=True) as connection:
        index = BareIndex(connection, matching(), NOW)
        if at_once:
            with costs.of("query"):
                anchors = {anchor for one in batch for anchor in one.text.anchors}
                index.known = postings.holders(connection, list(anchors), COMMON_CLUSTERS + 1)
        for document in batch:
            with costs.of("query"):
                survey = Placing(index).survey(document.carrier, document.text)
            if not at_once:
                index.post(document.cluster_id, document.text.anchors)
            figures.learn(document, survey)
        if at_once:
            _add_all(connection, [(one.cluster_id, one.text.anchors) for one in batch])


def _clocks(database: Database) -> tuple[int, ...]:
    if database.is_sqlite:
        return (time.CLOCK_PROCESS_CPUTIME_ID,)
    with database.writing() as connection:
        pid = connection.scalar(sa.text("SELECT pg_backend_pid()")) or 0
    # How Linux numbers the CPU clock of another process, see clock_getcpuclockid(3).
    return time.CLOCK_PROCESS_CPUTIME_ID, ~pid << 3 | 2


def _size_bytes(connection: sa.Connection) -> int:
    if connection.dialect.name == "postgresql":
        query = "SELECT pg_total_relation_size('posting') + pg_total_relation_size('recent_posting')"
    else:
        query = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    return connection.scalar(sa.text(query)) or 0


# ------------------------------------------------------------------------------- printing


def main() -> None:
    """Measure and print."""
    parser = ArgumentParser(prog="python -m bench.index", description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", default="100000,1000000", help="sizes of the archive, ascending")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--sample", type=int, default=5000, help="documents measured in each way")
    parser.add_argument("--tokens", type=int, default=400, help="mean length of a document")
    parser.add_argument("--copied", type=float, default=0.4, help="share of documents that are copies")
    options = arguments(parser)
    sizes = [int(size) for size in options.documents.split(",")]
    sample = options.sample
    if options.quick:
        sizes, sample = [15_000, 30_000], BATCH
    print_machine()
    for name in ("sqlite", "postgres"):
        if options.database in (name, "both"):
            with _empty(name) as url:
                found = isolated(measured, url, options.seed, sizes, sample, options.tokens, options.copied)
            _print(name, found, sample)


@contextmanager
def _empty(name: str) -> Iterator[str]:
    """The URL of an empty database."""
    with ExitStack() as stack:
        if name == "postgres":
            server = stack.enter_context(postgres.running())
            yield stack.enter_context(server.database())
        else:
            folder = stack.enter_context(TemporaryDirectory(prefix="ingestd-bench-"))
            yield f"sqlite:///{Path(folder, 'index.sqlite3')}"


def _print(name: str, found: Sequence[Figures], sample: int) -> None:
    last, measured = found[-1], LARGE + sample * (len(WAYS) - 1)
    print(
        f"\n{name}: {last.tokens / measured:.0f} tokens, {last.anchors / measured:.1f} anchors a document, "
        f"{last.masked / last.anchors:.1%} of these furniture;\n{last.copies / measured:.0%} are copies, "
        f"of which {last.found / max(1, last.copies):.1%} are looked for in the right cluster"
    )
    print_table(
        f"{name}: CPU µs a document, the middle of {sample // BATCH} pieces of {BATCH}; large: {LARGE}",
        ("archive", "way", "query", "insert", "both"),
        [row for figures in found for row in _cost_rows(figures)] + _growth_rows(found),
    )
    print_table(
        f"{name}: size",
        ("archive", "rows", "rows a document", "bytes a document", "MB"),
        [
            (
                f"{one.documents:,}",
                f"{one.rows:,}",
                f"{one.rows / one.documents:.1f}",
                f"{one.size_bytes / one.documents:.0f}",
                f"{one.size_bytes / 1e6:,.1f}",
            )
            for one in found
        ],
    )


def _cost_rows(figures: Figures) -> list[tuple[str, ...]]:
    return [
        (f"{figures.documents:,}", way, *(f"{1e6 * seconds:.0f}" for seconds in _stages(figures, way)))
        for way in WAYS
    ]


def _growth_rows(found: Sequence[Figures]) -> list[tuple[str, ...]]:
    def growth(way: str) -> Iterator[str]:
        first, last = (_stages(figures, way) for figures in (found[0], found[-1]))
        return (f"{after / before:.2f}" for before, after in zip(first, last, strict=True))

    return [("growth", way, *growth(way)) for way in WAYS] if len(found) > 1 else []


def _stages(figures: Figures, way: str) -> tuple[float, float, float]:
    seconds = figures.seconds[way]
    return seconds.query, seconds.insert, seconds.both


if __name__ == "__main__":
    main()
