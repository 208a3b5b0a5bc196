"""CPU of cleaning a page, step by step and beside trafilatura with metadata; memory of a worker that cleans.

    python -m bench.clean [--pages DIR] [--sites 20] [--repetitions 3] [--quick]

DIR holds real pages, "*.html" or "*.html.gz"; without it pages of invented sites are cleaned. All is measured
in one process and in turns, page by page, and the least of the repetitions counts. What a step calls that is
itself a step counts there: the rows of the first table add up to the whole.
"""

import gzip
import os
import statistics
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.machine import arguments, isolated, memory_bytes, print_machine, print_table
from bench.press import Press, article_path, host
from bench.web import ENTRIES_PER_FEED
from ingestd.clean import clean_page
from ingestd.model import Article

MEGABYTE = 1_000_000
# Step -> the functions that are it, as "module.function" below ingestd.clean.
STEPS = {
    "decode: bytes to text": ("decode.decode",),
    "parse: text to a tree": ("tree.parse_html",),
    "walk: tree to lines": ("walk.blocks",),
    "metadata: all readings, and what is taken": ("metadata.read_metadata",),
    "extract: which lines are the text": ("extract.extract_text",),
    "witness: resiliparse, and how far it agrees": ("fallback.main_content", "agreement.agreement"),
    "fallback: trafilatura, where they differ": ("fallback.trafilatura_lines",),
    "verdict: facts, and what they say": ("facts.gather_facts", "verdict.judge"),
    "agency": ("agency.find_agency", "agency.names_agency"),
    "language": ("language.resolve",),
}
REST = "what binds them"

# In a language that neither ingestd nor the light detector knows, so that the other is asked.
_UNDECIDED = (
    "Ubwato bwagarutse ku cyambu nimugoroba bufite inshundura zuzuye amafi, abarobyi bavuga ko ibi "
    "bisanzwe muri Nyakanga. Abaturage bavuze ko ibiciro ku isoko bigabanuka iyo amafi abaye menshi. "
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One page and where it stands."""

    body: bytes
    url: str


@dataclass(slots=True)
class Clock:
    """CPU seconds by step, each without the steps that it calls."""

    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys((*STEPS, REST), 0.0))
    calls: Counter[str] = field(default_factory=Counter)
    _running: list[str] = field(default_factory=list)
    _since: float = 0.0

    def switch(self) -> None:
        """Count what has passed to the step that runs."""
        now = time.process_time()
        if self._running:
            self.seconds[self._running[-1]] += now - self._since
        self._since = now

    @contextmanager
    def of(self, step: str) -> Iterator[None]:
        """Count what is done inside to that step."""
        self.switch()
        self._running.append(step)
        self.calls[step] += 1
        try:
            yield
        finally:
            self.switch()
            self._running.pop()


@contextmanager
def clocked(clock: Clock) -> Iterator[None]:
    """Every step's functions replaced, wherever they were imported, by themselves with the clock running."""
    originals = {_function(path): step for step, paths in STEPS.items() for path in paths}
    rooms = [module for name, module in sys.modules.items() if name.startswith("ingestd.clean")]
    places = [
        (room, name, value)
        for room in rooms
        for name, value in vars(room).items()
        if callable(value) and getattr(value, "__hash__", None) and value in originals
    ]
    for room, name, value in places:
        setattr(room, name, _with_clock(value, clock, originals[value]))
    try:
        yield
    finally:
        for room, name, value in places:
            setattr(room, name, value)


def _function(path: str) -> Callable[..., Any]:
    module, _, name = path.partition(".")
    function: Callable[..., Any] = getattr(import_module(f"ingestd.clean.{module}"), name)
    return function


def _with_clock(function: Callable[..., Any], clock: Clock, step: str) -> Callable[..., Any]:
    @wraps(function)
    def clocked_function(*arguments: Any, **keywords: Any) -> Any:
        with clock.of(step):
            return function(*arguments, **keywords)

    return clocked_function


# ------------------------------------------------------------------------------- measuring


@dataclass(slots=True)
class Costs:
    """What a set of pages costs."""

    # CPU seconds of each page, the least of the repetitions.
    ours: list[float]
    trafilatura: list[float]
    clock: Clock
    articles: list[Article]


def measured(samples: Sequence[Sample], repetitions: int) -> Costs:
    """Every page cleaned in turns; the steps are looked at in a round of their own."""
    # The first page pays for imports and tables.
    _both_ways(samples[0])
    ours, theirs = ([float("inf")] * len(samples) for _ in range(2))
    articles: list[Article] = []
    for _ in range(repetitions):
        articles = []
        for index, sample in enumerate(samples):
            article, own, other = _both_ways(sample)
            articles.append(article)
            ours[index], theirs[index] = min(ours[index], own), min(theirs[index], other)
    clock = Clock()
    with clocked(clock):
        for sample in samples:
            with clock.of(REST):
                clean_page(sample.body, sample.url)
    return Costs(ours, theirs, clock, articles)


def _both_ways(sample: Sample) -> tuple[Article, float, float]:
    # Not above, because the processes whose memory is measured import this module as well.
    from bench.plain import extracted

    start = time.process_time()
    article = clean_page(sample.body, sample.url)
    middle = time.process_time()
    extracted(sample.body.decode("utf-8", "replace"))
    return article, middle - start, time.process_time() - middle


def memory_after(steps: Sequence[str], body: bytes) -> int:
    """Bytes that a fresh process holds when it has cleaned a page, and then what else is asked of it."""
    clean_page(body, "https://harbour.example/news/1")
    if "fallback" in steps:
        root = _function("tree.parse_html")(body.decode("utf-8", "replace"))
        _function("fallback.trafilatura_lines")(root)
    if "detector" in steps:
        article = clean_page(
            f"<article><p>{_UNDECIDED * 3}</p></article>".encode(), "https://haveno.example/1"
        )
        if article.language != "rw":
            raise RuntimeError(f"the detector was not asked: {article.language}, {article.verdict}")
    if ("fallback" in steps) is not ("trafilatura" in sys.modules):
        raise RuntimeError("trafilatura is loaded without need, or was not asked")
    return memory_bytes(os.getpid())


# ------------------------------------------------------------------------------- pages


def pages_in(folder: Path) -> list[Sample]:
    """The pages of a folder."""
    named = {path: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix == ".html"}
    packed = {path: gzip.decompress(path.read_bytes()) for path in sorted(folder.glob("*.html.gz"))}
    bodies = named | packed
    return [Sample(body, f"https://www.{path.name}.example/news/article") for path, body in bodies.items()]


def invented_pages(seed: int, sites: int) -> list[Sample]:
    """Every article of the invented sites."""
    press = Press(seed, 80)
    return [
        Sample(press.page(site, number), f"http://{host(site)}{article_path(number)}")
        for site in range(sites)
        for number in range(ENTRIES_PER_FEED)
    ]


# ------------------------------------------------------------------------------- printing


def main() -> None:
    """Measure and print."""
    parser = ArgumentParser(prog="python -m bench.clean", description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=Path, help="a folder of real pages")
    parser.add_argument("--sites", type=int, default=20, help="of twenty invented pages each")
    parser.add_argument("--repetitions", type=int, default=3)
    options = arguments(parser)
    sites, repetitions = (1, 1) if options.quick else (options.sites, options.repetitions)
    samples = pages_in(options.pages) if options.pages else invented_pages(options.seed, sites)
    print_machine()
    size = sum(len(sample.body) for sample in samples) / len(samples)
    print(f"{len(samples)} pages of {size / 1000:,.0f} kB in the mean, least of {repetitions} repetitions")
    costs = measured(samples, repetitions)
    _print_whole(costs)
    _print_steps(costs)
    _print_memory(samples[0].body)


def _print_whole(costs: Costs) -> None:
    def row(name: str, seconds: Sequence[float]) -> tuple[str, ...]:
        each = sorted(1000 * one for one in seconds)
        figures = (
            statistics.fmean(each),
            statistics.median(each),
            each[int(0.99 * (len(each) - 1))],
            each[-1],
        )
        share = sum(seconds) / sum(costs.trafilatura)
        return (name, *(f"{figure:.1f}" for figure in figures), f"{share:.2f}")

    outcomes = Counter(
        f"not an article: {one.verdict.reason}" if one.verdict else f"article, {one.extractor}"
        for one in costs.articles
    )
    print("; ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common()))
    print_table(
        "A page, CPU ms",
        ("", "mean", "median", "99 %", "most", "of trafilatura's"),
        [row("ingestd", costs.ours), row("trafilatura, with metadata", costs.trafilatura)],
    )


def _print_steps(costs: Costs) -> None:
    whole, pages = sum(costs.clock.seconds.values()), len(costs.articles)
    print_table(
        "ingestd's steps, a page; in a round of their own, so the sum is a little more than the whole above",
        ("step", "CPU ms", "share", "calls a page"),
        [
            (
                step,
                f"{1000 * costs.clock.seconds[step] / pages:.2f}",
                f"{costs.clock.seconds[step] / whole:.0%}",
                f"{costs.clock.calls[step] / pages:.2f}",
            )
            for step in (*STEPS, REST)
        ],
    )


def _print_memory(body: bytes) -> None:
    rows: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("a page cleaned", ()),
        ("… and trafilatura loaded", ("fallback",)),
        ("… and the language detector loaded", ("detector",)),
        ("… and both", ("fallback", "detector")),
    )
    print_table(
        "A process that cleans, PSS in MB",
        ("after", "MB"),
        [(name, f"{isolated(memory_after, steps, body) / MEGABYTE:.0f}") for name, steps in rows],
    )


if __name__ == "__main__":
    main()
