"""Damaged pages, and what becomes of each in a worker process. `fuzz.py` runs many."""

import asyncio
import gzip
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from ingestd.clean import Hints, clean_page
from ingestd.clean.decode import strip_controls
from ingestd.errors import WorkerCrashed, WorkerDied, WorkerTimedOut
from ingestd.workers import Settings, Workers

from .damage import damaged
from .invariants import Broken, check, problems_of
from .pages import STORY, TEMPLATES
from .writings import WRITINGS, page_of

URL = "https://www.harbourpost.example/2024/07/13/boats-of-orrin.html"


@dataclass(frozen=True, slots=True)
class Input:
    """One damaged page, and what its feed says of it."""

    number: int
    document: bytes
    hints: Hints | None = None
    # Whether it is cleaned again, to compare.
    again: bool = True


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of an input."""

    number: int
    size: int
    # "article", the reason of a verdict, or what went wrong.
    outcome: str
    # CPU seconds of cleaning it once.
    seconds: float = 0.0
    # Most memory that the worker held while it did.
    peak_bytes: int = 0
    # What was wrong; None when nothing was.
    defect: str | None = None


@dataclass(slots=True)
class Tally:
    """All trials of a run."""

    trials: list[Trial] = field(default_factory=list)

    @property
    def defects(self) -> list[Trial]:
        """Those on which cleaning or an invariant broke."""
        return [trial for trial in self.trials if trial.defect]

    @property
    def outcomes(self) -> Counter[str]:
        """How many came out how."""
        return Counter(trial.outcome for trial in self.trials)


def invented_pages() -> list[bytes]:
    """The sample pages of this folder."""
    return [
        *(template(STORY).encode() for template in TEMPLATES),
        *(page_of(writing).encode() for writing in WRITINGS),
    ]


def pages_in(folder: Path) -> list[bytes]:
    """The pages of a folder; raises FileNotFoundError when it has none."""
    found = [*(path.read_bytes() for path in sorted(folder.glob("*.html")))]
    found += [gzip.decompress(path.read_bytes()) for path in sorted(folder.glob("*.html.gz"))]
    if not found:
        raise FileNotFoundError(f"no *.html or *.html.gz in {folder}")
    return found


def inputs(pages: Sequence[bytes], seed: int, count: int) -> Iterator[Input]:
    """So many damaged pages, each made by dice of its own."""
    for number in range(count):
        dice = Random(f"{seed}/{number}")
        page, other = dice.choice(pages), dice.choice(pages)
        hints = _hints(dice, page, other) if dice.random() < 0.25 else None
        yield Input(number, damaged(dice, page, other), hints)


def _hints(dice: Random, page: bytes, other: bytes) -> Hints:
    """What the page's entry says, as damaged as the page."""
    document = damaged(dice, other[: dice.choice((300, 100_000))], page)
    # Parsing a feed leaves no control characters, and titles and names without white space around them.
    text = strip_controls(document.decode("utf-8", "replace"))
    charset = dice.choice(("utf-8", "windows-1251", "none", "utf-16", ""))
    return Hints(
        title=" ".join(text[:80].split()) or None,
        authors=(" ".join(f"A {text[-40:]}".split()),),
        content_html=text,
        summary_html=text[:300],
        headers={"content-type": f"text/html; charset={charset}"},
    )


def try_one(one: Input, url: str) -> Trial:
    """Clean an input, and look at what came out; what is raised is a defect. Runs in a worker."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    before = time.process_time()
    article = clean_page(one.document, url, hints=one.hints)
    seconds = time.process_time() - before
    peak = _peak_bytes()
    if one.again:
        check(article, one.document, url, one.hints)
    elif problems := list(problems_of(article)):
        raise Broken("; ".join(problems))
    outcome = article.verdict.reason if article.verdict else "article"
    return Trial(one.number, len(one.document), outcome, seconds, peak)


def _peak_bytes() -> int:
    """The greatest resident size since `clear_refs` was written."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


async def run(some: Iterable[Input], settings: Settings, wrong: dict[int, Input] | None = None) -> Tally:
    """Try the inputs, as many at a time as there are workers; into `wrong` go those with a defect."""
    tally, waiting = Tally(), iter(some)

    async def serve(workers: Workers) -> None:
        for one in waiting:
            trial = await _tried(workers, one)
            tally.trials.append(trial)
            if trial.defect and wrong is not None:
                wrong[one.number] = one

    async with Workers(settings) as workers:
        await asyncio.gather(*(serve(workers) for _ in range(workers.count)))
    return tally


async def _tried(workers: Workers, one: Input) -> Trial:
    try:
        return await workers.run(try_one, one, URL)
    except WorkerTimedOut:
        return Trial(one.number, len(one.document), "past its deadline")
    except WorkerDied as error:
        # Running out of memory is one way to die, and a library that aborts then is another.
        return Trial(one.number, len(one.document), f"worker died: {error}")
    except WorkerCrashed as error:
        return Trial(one.number, len(one.document), "defect", defect=f"{error}\n{error.trace[-800:]}")
