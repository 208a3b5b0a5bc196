"""CPU and memory of deduplication without a database, beside the known methods as their users run them.

    python -m bench.dedup [--documents 2000] [--tokens 500] [--repetitions 5] [--quick]

Half of the documents are copies of others: cut, edited or whole, under a lead of their own; half of all stand
above an outlet's furniture. Each method gets them one after the other and puts each beside the earlier ones
that it is a copy of. They take turns in one process, and the least of the repetitions is printed.
datasketch and rensa are no dependencies of ingestd; they are shown where they are installed.
"""

import gc
import os
import re
import time
from abc import ABC, abstractmethod
from argparse import ArgumentParser
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from typing import Any

from bench.machine import arguments, isolated, memory_bytes, print_machine, print_table
from bench.news import Item, News
from ingestd.dedupe import fingerprint, memory_index
from ingestd.dedupe.match import RULES, known_match, match
from ingestd.dedupe.memory import MemoryIndex
from ingestd.dedupe.overlap import printed
from ingestd.dedupe.placing import Placing
from ingestd.dedupe.text import Text, prepared

COPIED = 0.5

NGRAM_WORDS = 5
CONTAINMENT = 0.5
JACCARD = 0.3
PERMUTATIONS = 128
# A signature in so many bands of so many rows: of texts with a Jaccard index of .3 two in three share a band.
BANDS, ROWS = 42, 3

_WORD = re.compile(r"\w+")

# What fills caches and tables before anything is measured.
_WARM_UP = 50


# ------------------------------------------------------------------------------- methods


class Method(ABC):
    """One way to tell copies; documents are numbered from 0 as they come."""

    @abstractmethod
    def add(self, item: Item) -> None:
        """Put a document beside those that it is a copy of."""

    @abstractmethod
    def groups(self) -> Sequence[int]:
        """For each document a number that it has in common with those that it is a copy of."""


class Ingestd(Method):
    """All that `memory_index().add` does."""

    def __init__(self) -> None:
        forget_texts()
        self.index: MemoryIndex = memory_index()

    def add(self, item: Item) -> None:
        self.index.add({"text": item.text, "source": item.source})

    def groups(self) -> Sequence[int]:
        return self.index.final()


class Pairing(Method):
    """A method that finds pairs, of which whole groups are made."""

    def __init__(self) -> None:
        self._parents: list[int] = []

    def add(self, item: Item) -> None:
        self._parents.append(item.number)
        for other in self.found(item.number, ngrams(item.text)):
            self._parents[self._root(other)] = item.number

    @abstractmethod
    def found(self, number: int, grams: set[str]) -> Iterable[int]:
        """Earlier documents of which this one is a copy; it is known from now on."""

    def groups(self) -> Sequence[int]:
        return [self._root(number) for number in range(len(self._parents))]

    def _root(self, number: int) -> int:
        parents = self._parents
        while parents[number] != number:
            parents[number] = number = parents[parents[number]]
        return number


class NGramContainment(Pairing):
    """Containment of the smaller text, counted exactly from an inverted index of all n-grams."""

    def __init__(self) -> None:
        super().__init__()
        self._holders: dict[str, list[int]] = defaultdict(list)
        self._sizes: list[int] = []

    def found(self, number: int, grams: set[str]) -> Iterable[int]:
        common = Counter(other for gram in grams for other in self._holders.get(gram, ()))
        for gram in grams:
            self._holders[gram].append(number)
        self._sizes.append(len(grams))
        return [
            other
            for other, count in common.items()
            if count >= CONTAINMENT * min(len(grams), self._sizes[other])
        ]


class Datasketch(Pairing):
    """MinHashLSH, and the estimated Jaccard index of what it proposes checked."""

    def __init__(self) -> None:
        super().__init__()
        library = import_module("datasketch")
        self._sketch: Callable[..., Any] = library.MinHash
        self._lsh: Any = library.MinHashLSH(threshold=JACCARD, num_perm=PERMUTATIONS)
        self._known: list[Any] = []

    def found(self, number: int, grams: set[str]) -> Iterable[int]:
        sketch = self._sketch(num_perm=PERMUTATIONS)
        sketch.update_batch([gram.encode() for gram in grams])
        proposed = self._lsh.query(sketch)
        self._lsh.insert(number, sketch)
        self._known.append(sketch)
        return [other for other in proposed if self._known[other].jaccard(sketch) >= JACCARD]


class Rensa(Pairing):
    """C-MinHash with its bands in a dictionary, and the estimated Jaccard index checked.

    The library's own deduplicator compares each document with all others, and its LSH takes R-MinHash only.
    """

    def __init__(self) -> None:
        super().__init__()
        self._sketch: Callable[..., Any] = import_module("rensa").CMinHash
        self._bands: dict[tuple[int, ...], list[int]] = defaultdict(list)
        self._known: list[Any] = []

    def found(self, number: int, grams: set[str]) -> Iterable[int]:
        sketch = self._sketch(num_perm=PERMUTATIONS, seed=1)
        sketch.update(list(grams))
        digest = sketch.digest()
        bands = [(band, *digest[band * ROWS : (band + 1) * ROWS]) for band in range(BANDS)]
        proposed = {other for band in bands for other in self._bands.get(band, ())}
        for band in bands:
            self._bands[band].append(number)
        self._known.append(sketch)
        return [other for other in proposed if self._known[other].jaccard(sketch) >= JACCARD]


def ngrams(text: str) -> set[str]:
    """A text's n-grams of words."""
    words = _WORD.findall(text.lower())
    return {" ".join(words[start : start + NGRAM_WORDS]) for start in range(len(words) - NGRAM_WORDS + 1)}


INGESTD = "ingestd: memory_index().add"
METHODS: dict[str, type[Method]] = {
    INGESTD: Ingestd,
    f"exact {NGRAM_WORDS}-gram containment {CONTAINMENT}": NGramContainment,
    f"datasketch MinHashLSH {JACCARD}, verified": Datasketch,
    f"rensa C-MinHash, bands, {JACCARD}, verified": Rensa,
}
LIBRARIES: dict[type[Method], str] = {Datasketch: "datasketch", Rensa: "rensa"}


def missing(method: type[Method]) -> str | None:
    """The library that a method needs and that is not installed; None when it can be used."""
    library = LIBRARIES.get(method)
    return library if library is not None and find_spec(library) is None else None


def forget_texts() -> None:
    """Empty the caches of texts that were compared last."""
    for cache in (prepared, printed, known_match):
        cache.cache_clear()


# ------------------------------------------------------------------------------- measuring


@dataclass(slots=True)
class Costs:
    """What was measured, by name of a method or stage."""

    # The least CPU seconds over all documents; of the stage "compare", over all copies and their originals.
    seconds: dict[str, float] = field(default_factory=dict)
    # Of the pairs that are of one text the share that was found, and of those found the share that are.
    recall: dict[str, float] = field(default_factory=dict)
    precision: dict[str, float] = field(default_factory=dict)
    # Comparisons that placing made of a document with others.
    comparisons: float = 0.0

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Count what is done inside, unless that was done at less cost before."""
        gc.collect()
        before = time.process_time()
        yield
        spent = time.process_time() - before
        self.seconds[name] = min(spent, self.seconds.get(name, spent))


def stream(seed: int, count: int, tokens: int) -> list[Item]:
    """The documents, in the order in which all methods get them."""
    return list(islice(News(seed, tokens, COPIED), count))


def measured(items: Sequence[Item], repetitions: int) -> Costs:
    """All methods and ingestd's stages, in turns."""
    costs = Costs()
    usable = {name: method for name, method in METHODS.items() if not missing(method)}
    for method in usable.values():
        _add_all(method(), items[:_WARM_UP])
    for _ in range(repetitions):
        for name, method in usable.items():
            instance = method()
            with costs.of(name):
                _add_all(instance, items)
            costs.recall[name], costs.precision[name] = _quality(instance.groups(), items)
            if isinstance(instance, Ingestd):
                costs.comparisons = known_match.cache_info().misses / len(items)
                _measure_stages(instance.index, items, costs)
    return costs


def _add_all(method: Method, items: Sequence[Item]) -> None:
    for item in items:
        method.add(item)


def _measure_stages(index: MemoryIndex, items: Sequence[Item], costs: Costs) -> None:
    """Each stage by itself, in an index that has all documents."""
    with costs.of("fingerprint"):
        for item in items:
            fingerprint(item.text)
    with costs.of("prepare"):
        texts = [_prepare(item.text) for item in items]
    placing = Placing(index)
    with costs.of("survey"):
        for item, text in zip(items, texts, strict=True):
            placing.survey(index.carrier(item.number), text)
    faces = [printed(item.number, item.source, item.text, ()) for item in items]
    with costs.of("compare"):
        for item in copies(items):
            match(faces[item.number], faces[item.original], RULES)


def _prepare(text: str) -> Text:
    """All of a text that is made once; its anchors are when first asked for."""
    whole = Text.of(text)
    assert whole.anchors
    return whole


def copies(items: Sequence[Item]) -> list[Item]:
    """The documents that are copies of earlier ones."""
    return [item for item in items if item.number != item.original]


def _quality(groups: Sequence[int], items: Sequence[Item]) -> tuple[float, float]:
    """Recall and precision over pairs."""
    right = _pairs((group, item.original) for group, item in zip(groups, items, strict=True))
    true = _pairs(item.original for item in items)
    return right / max(1, true), right / max(1, _pairs(groups))


def _pairs(labels: Iterable[object]) -> int:
    """How many pairs have one label."""
    return sum(size * (size - 1) // 2 for size in Counter(labels).values())


def memory(name: str, seed: int, count: int, tokens: int) -> int:
    """Bytes that a method holds for so many documents, without their texts."""
    items = stream(seed, count, tokens)
    _add_all(METHODS[name](), items[:_WARM_UP])
    method = METHODS[name]()
    gc.collect()
    before = memory_bytes(os.getpid())
    _add_all(method, items)
    forget_texts()
    gc.collect()
    return memory_bytes(os.getpid()) - before


# ------------------------------------------------------------------------------- printing


def main() -> None:
    """Measure and print."""
    parser = ArgumentParser(prog="python -m bench.dedup", description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--tokens", type=int, default=500, help="mean length of a document")
    parser.add_argument("--repetitions", type=int, default=5)
    options = arguments(parser)
    count, repetitions = (200, 1) if options.quick else (options.documents, options.repetitions)
    items = stream(options.seed, count, options.tokens)
    mean_tokens = sum(fingerprint(item.text).token_count for item in items) / count
    print_machine()
    print(
        f"{count:,} documents, {mean_tokens:.0f} tokens in the mean, {len(copies(items)):,} of them copies, "
        f"least of {repetitions} repetitions"
    )
    costs = measured(items, repetitions)
    _print_stages(costs, items)
    _print_methods(costs, items, options.seed, options.tokens)


def _print_stages(costs: Costs, items: Sequence[Item]) -> None:
    def each(name: str) -> float:
        return 1e6 * costs.seconds[name] / len(items)

    pair = 1e6 * costs.seconds["compare"] / max(1, len(copies(items)))
    compare = pair * costs.comparisons
    rest = each(INGESTD) - each("prepare") - each("survey") - compare
    rows = (
        ("fingerprint: text to anchors, as workers make them (no part of the sum)", each("fingerprint")),
        ("prepare: text to anchors and all that comparing needs", each("prepare")),
        ("survey: anchors to likely clusters, in an index of all documents", each("survey")),
        (f"compare: {costs.comparisons:.2f} times a document, {pair:.0f} µs each", compare),
        ("the rest: deciding, grouping, roles, noting down", rest),
        (INGESTD, each(INGESTD)),
    )
    print_table(
        "ingestd's stages, a document", ("stage", "CPU µs"), [(name, f"{cost:.0f}") for name, cost in rows]
    )


def _print_methods(costs: Costs, items: Sequence[Item], seed: int, tokens: int) -> None:
    def row(name: str) -> tuple[str, ...]:
        held = isolated(memory, name, seed, len(items), tokens)
        return (
            name,
            f"{1e6 * costs.seconds[name] / len(items):.0f}",
            f"{costs.recall[name]:.3f}",
            f"{costs.precision[name]:.3f}",
            f"{held / len(items):,.0f}",
        )

    print_table(
        "Methods side by side, a document",
        ("method", "CPU µs", "recall", "precision", "bytes in memory"),
        [row(name) for name in costs.recall],
    )
    if wanted := [library for method in METHODS.values() if (library := missing(method))]:
        print(f"not installed: pip install {' '.join(wanted)}")


if __name__ == "__main__":
    main()
