"""Whatever happens to articles, the rows say the same as an index in memory, and agree among themselves."""

import random
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from ingestd.dedupe import SCHEME, MemoryIndex, compared_text, fingerprint
from ingestd.dedupe.memory import Stored
from ingestd.matching import matching
from ingestd.model import Carrier, Match, Role, Ruling
from ingestd.store import articles, clusters, corrections, postings
from ingestd.store.clusters import Settings
from ingestd.store.database import Database
from ingestd.store.index import SqlIndex
from ingestd.store.schema import article, cluster, member, related, revision, ruling
from tests.store.samples import ALL_POSTINGS, NOW, article_at, count, settle, words

WINDOW = Settings(timedelta(hours=12))
SEEDS = range(6)
STEPS = 70
BASES = 8


@pytest.fixture
def connection(database: Database) -> Iterator[sa.Connection]:
    with database.writing() as opened:
        yield opened


def test_postings_stand_under_the_scheme_that_texts_are_matched_by() -> None:
    assert postings.SCHEMES[-1] == SCHEME


# ------------------------------------------------------------------------------- what is written


def test_what_is_noted_counts_at_once_and_is_written_by_flush(connection: sa.Connection) -> None:
    urls = [f"https://{name}.example/" for name in "ab"]
    for number, url in enumerate(urls):
        settle(connection, url, words(number))
    one, other = (article_at(connection, url) for url in urls)
    index = SqlIndex(connection, matching(), NOW + timedelta(hours=1))
    target, origin = (index.carrier(number).cluster_id for number in (one, other))
    assert target is not None
    assert origin is not None
    match = Match(other, one, 0.5, 0.25, 0.2, True, "by a test")
    index.assign(other, target)
    index.justify(other, "by a test", one)
    index.describe(other, Role.EXCERPT, match)
    index.mask(other, [-(2**31), 7, 2**31 - 1])
    index.end(origin, target)
    assert [carrier.article_id for carrier in index.members([target])] == [one, other]
    assert clusters.members(connection, target)[-1].id == one
    index.flush()
    row = clusters.members(connection, target)[-1]
    assert (row.id, row.role, row.containment, row.containment_reverse) == (other, "excerpt", 0.5, 0.25)
    assert (row.reason, row.matched_id, row.placed_at) == ("by a test", one, NOW + timedelta(hours=1))
    again = SqlIndex(connection, matching(), NOW)
    assert again.carrier(other).masked == (-(2**31), 7, 2**31 - 1)
    assert again.carrier(other) == index.carrier(other)
    assert again.members([target]) == index.members([target])
    ended = clusters.get(connection, origin)
    assert ended is not None
    assert (ended.size, ended.successor_id) == (0, target)


def test_a_carrier_appeared_when_its_outlet_says_unless_that_is_later_than_it_was_seen(
    connection: sa.Connection,
) -> None:
    hour = timedelta(hours=1)
    for name, said in (("before", NOW - hour), ("after", NOW + hour), ("never", None)):
        settle(connection, f"https://{name}.example/", words(len(name)), published_at=said)
    index = SqlIndex(connection, matching(), NOW)
    at = [
        index.carrier(article_at(connection, f"https://{name}.example/")).at
        for name in ("before", "after", "never")
    ]
    assert at == [NOW - hour, NOW, NOW]


def test_a_later_ruling_stands_in_place_of_an_earlier_one(connection: sa.Connection) -> None:
    ids = []
    for name in "abc":
        settle(connection, f"https://{name}.example/", words(ord(name)))
        ids.append(article_at(connection, f"https://{name}.example/"))
    one, two, three = ids
    index = SqlIndex(connection, matching(), NOW)
    index.rule([frozenset((one, two)), frozenset((three, two))], Ruling.APART)
    index.rule([frozenset((two, one))], Ruling.TOGETHER)
    assert index.rulings(ids) == {
        frozenset((one, two)): Ruling.TOGETHER,
        frozenset((two, three)): Ruling.APART,
    }
    assert index.rulings([one, three]) == {}
    index.drop(two)
    assert count(connection, ruling) == 0


def test_relations_of_an_article_are_replaced_and_end_with_either_side(connection: sa.Connection) -> None:
    ids = []
    for name in "abc":
        settle(connection, f"https://{name}.example/", words(ord(name)))
        ids.append(article_at(connection, f"https://{name}.example/"))
    one, two, three = ids
    index = SqlIndex(connection, matching(), NOW)
    index.relate(
        one, [Match(one, two, 0.2, 0.1, 0.1, False, "x"), Match(one, three, 0.2, 0.1, 0.1, False, "x")]
    )
    index.relate(three, [Match(three, two, 0.2, 0.1, 0.1, False, "x")])
    index.relate(one, [Match(one, three, 0.3, 0.1, 0.1, False, "y")])
    pairs = connection.execute(sa.select(related.c.article_id, related.c.other_id)).all()
    assert sorted(map(tuple, pairs)) == [(one, three), (three, two)]
    index.drop(three)
    assert count(connection, related) == 0


def test_an_article_is_looked_into_on_a_connection_that_cannot_write(database: Database) -> None:
    with database.writing() as connection:
        for number, name in enumerate("ab"):
            settle(connection, f"https://{name}.example/", words(7) + " " + words(number, 20))
    with database.reading() as connection:
        index = SqlIndex(connection, matching(), NOW)
        carrier = index.carrier(article_at(connection, "https://b.example/"))
        text = index.texts([carrier.article_id])[carrier.article_id]
        held = index.holders(fingerprint(text).anchors, 8)
        assert set(held) == set(fingerprint(text).anchors)
        (mate, _) = index.members([carrier.cluster_id or 0])
        assert index.of_source("a.example", [carrier.cluster_id or 0]) == [mate]


# ------------------------------------------------------------------------------- anything that may happen


class Numbered(MemoryIndex):
    """An index in memory whose articles come with their numbers."""

    def of_source(self, source: str, cluster_ids: Collection[int]) -> Sequence[Carrier]:
        return [one for one in self.members(cluster_ids) if one.source == source]


@dataclass
class Mirror:
    """The same articles in memory, under the same numbers."""

    index: Numbered = field(default_factory=Numbered)

    def __post_init__(self) -> None:
        self.placing = matching().place(self.index)  # type: ignore[arg-type]

    def put(self, carrier: Carrier, text: str) -> None:
        while len(self.index.documents) <= carrier.article_id:
            self.index.documents.append(Stored(replace(carrier, cluster_id=None), text))
        self.placing.place(carrier.article_id)

    def revise(self, carrier: Carrier, text: str) -> None:
        stored = self.index.documents[carrier.article_id]
        former, stored.text = stored.text, text
        stored.carrier = replace(
            stored.carrier, shingle_count=carrier.shingle_count, text_hash=carrier.text_hash
        )
        self.placing.revise(carrier.article_id, former)

    def homes(self, article_ids: list[int]) -> list[int]:
        return sorted({self.index.label(number) for number in article_ids})


class Life:
    """Random things that happen to an archive, to its mirror too, and whether all is well after each."""

    def __init__(self, connection: sa.Connection, seed: int, *, expires: bool) -> None:
        self.connection = connection
        self.dice = random.Random(seed)
        self.mirror = None if expires else Mirror()
        self.now: datetime = NOW
        self.pages = 0
        # Article -> its address.
        self.urls: dict[int, str] = {}

    def live(self) -> None:
        more: list[Callable[[], None]] = [self.revise, self.revise, self.split, self.merge, self.forget]
        if self.mirror is None:
            more += [self.expire, self.rebuild]
        for step in range(STEPS):
            self.now += timedelta(minutes=self.dice.randint(1, 60))
            happens = self.add if step < 8 or self.dice.random() < 0.5 else self.dice.choice(more)
            happens()
            self.check()

    def text(self) -> str:
        """What an outlet may print: a wire text whole or cut, with more around it, or two of them."""
        base = words(self.dice.randrange(BASES), 150).split()
        kind = self.dice.randrange(6)
        if kind == 0:
            base = base[: self.dice.randint(40, 120)]
        elif kind == 1:
            base = [*words(self.dice.randrange(500, 999), 30).split(), *base]
        elif kind == 2:
            base = [*base, *words(self.dice.randrange(BASES), 150).split()]
        elif kind == 3:
            base = words(self.dice.randrange(1000, 9999), self.dice.randint(5, 150)).split()
        frame = words(10_000 + self.dice.randrange(3), 40) if self.dice.random() < 0.3 else ""
        return f"{' '.join(base)} {frame}".strip()

    def add(self) -> None:
        self.pages += 1
        url = f"https://outlet{self.dice.randrange(5)}.example/{self.pages}"
        settle(self.connection, url, self.text(), at=self.now, title=f"Headline {self.pages}")
        article_id = article_at(self.connection, url)
        self.urls[article_id] = url
        if self.mirror is not None:
            self.mirror.put(*self.stored(article_id))

    def revise(self) -> None:
        article_id, url = self.dice.choice(sorted(self.urls.items()))
        title = f"Headline {self.dice.random()}"
        assert settle(self.connection, url, self.text(), at=self.now, title=title) == "revised"
        if self.mirror is not None:
            self.mirror.revise(*self.stored(article_id))

    def split(self) -> None:
        rows = clusters.listing(self.connection, at_least=2)
        if not rows:
            return
        inside = [one.id for one in clusters.members(self.connection, self.dice.choice(rows).id)]
        taken = self.dice.sample(inside, self.dice.randint(1, len(inside) - 1))
        home = clusters.cluster_of(self.connection, taken[0])
        assert home is not None
        parted = corrections.split(self.connection, home.id, taken, self.now, matching())
        assert {one.id for one in clusters.members(self.connection, parted)} == set(taken)
        if self.mirror is not None:
            self.mirror.placing.split(self.mirror.homes(taken)[0], taken)

    def merge(self) -> None:
        rows = clusters.listing(self.connection, at_least=1)
        if len(rows) < 2:
            return
        into, other = (int(row.id) for row in self.dice.sample(rows, 2))
        first, second = (clusters.members(self.connection, one)[0].id for one in (into, other))
        assert corrections.merge(self.connection, into, [other], self.now, matching()) == into
        assert corrections.resolve(self.connection, other) == into
        if self.mirror is not None:
            self.mirror.placing.merge(self.mirror.index.label(first), self.mirror.homes([second]))

    def forget(self) -> None:
        article_id = self.dice.choice(sorted(self.urls))
        articles.forget(self.connection, self.urls.pop(article_id), self.now, matching())
        if self.mirror is not None:
            self.mirror.placing.withdraw(article_id)

    def expire(self) -> None:
        clusters.expire(self.connection, WINDOW, self.now, 100, matching())

    def rebuild(self) -> None:
        clusters.mark_stale(self.connection, 100)
        clusters.reindex(self.connection, WINDOW, self.now, self.dice.randint(1, 5), matching())

    def stored(self, article_id: int) -> tuple[Carrier, str]:
        index = SqlIndex(self.connection, matching(), self.now)
        return index.carrier(article_id), index.texts([article_id])[article_id]

    # -------------------------------------------------------------------------- whether all is well

    def check(self) -> None:
        self.check_clusters()
        self.check_postings()
        if self.mirror is not None:
            self.check_mirror()

    def rows(self, *columns: Any) -> list[sa.Row[Any]]:
        return list(self.connection.execute(sa.select(*columns)))

    def check_clusters(self) -> None:
        inside: dict[int, list[sa.Row[Any]]] = {}
        for row in self.rows(member):
            inside.setdefault(row.cluster_id, []).append(row)
        assert sorted(row.article_id for rows in inside.values() for row in rows) == sorted(self.urls)
        for row in self.rows(cluster):
            members = inside.get(row.id, [])
            assert row.size == len(members)
            assert (row.canonical_id in {one.article_id for one in members}) == bool(members)
            assert (row.canonical_id is None) == (not members)
            if members:
                assert row.successor_id is None
            else:
                assert row.indexed is None
                corrections.resolve(self.connection, row.id)
            for one in members:
                is_canonical = one.article_id == row.canonical_id
                assert (one.role == "canonical") == (one.containment is None) == is_canonical

    def check_postings(self) -> None:
        newest = sa.and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision)
        query = (
            sa.select(member.c.cluster_id, revision.c.title, revision.c.body)
            .join(article, article.c.id == member.c.article_id)
            .join(revision, newest)
            .join(cluster, cluster.c.id == member.c.cluster_id)
            .where(cluster.c.indexed.is_not(None))
        )
        wanted = {
            (anchor, row.cluster_id)
            for row in self.connection.execute(query)
            for anchor in fingerprint(compared_text(row.title, row.body)).anchors
        }
        assert {(row.hash, row.cluster_id) for row in self.rows(ALL_POSTINGS)} == wanted

    def check_mirror(self) -> None:
        assert self.mirror is not None
        held: dict[int, set[tuple[int, str]]] = {}
        mirrored: dict[int | None, set[tuple[int, str]]] = {}
        for row in self.rows(member.c.article_id, member.c.cluster_id, member.c.role):
            held.setdefault(row.cluster_id, set()).add((row.article_id, row.role))
            stored = self.mirror.index.documents[row.article_id]
            mirrored.setdefault(stored.carrier.cluster_id, set()).add((row.article_id, stored.role.value))
        assert set(map(frozenset, held.values())) == set(map(frozenset, mirrored.values()))


def often_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let postings be found in either table: one in so many has the others of its part moved over."""
    monkeypatch.setattr(postings, "MOVE_EVERY", 16)


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_and_memory_hold_the_same_clusters(
    connection: sa.Connection, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    often_moved(monkeypatch)
    Life(connection, seed, expires=False).live()


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_agree_when_clusters_expire_and_are_rebuilt_too(
    connection: sa.Connection, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    often_moved(monkeypatch)
    Life(connection, seed, expires=True).live()
