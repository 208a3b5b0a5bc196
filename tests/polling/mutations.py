"""Break each rule of polling by a named mutation, and see that a test of that rule notices.

    python -m tests.polling.mutations [B9 …]

A mutation replaces one piece of the program's text in a copy of it, and the rule's tests run against that
copy. Prints which test failed; ends with 1 when a mutation survives, or when its piece of text is not there
(any more), which says that this table has to follow the program.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.polling.mutation_table import MUTATIONS, Mutation

ROOT = Path(__file__).parents[2]
# What the program and its tests find beside the package.
BESIDE = ("tests", "config", "migrations", "pyproject.toml", "README.md", "bench")

_FAILED = re.compile(r"^FAILED (\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one mutation."""

    mutation: Mutation
    # The first test that failed; None when all passed.
    noticed_by: str | None
    # Why it could not be tried; None when it was.
    problem: str | None = None

    def __str__(self) -> str:
        name = f"{self.mutation.rule} {self.mutation.name}"
        if self.problem:
            return f"{name}: {self.problem}"
        return f"{name}: noticed by {self.noticed_by}" if self.noticed_by else f"{name}: SURVIVED"


def main(rules: Sequence[str]) -> int:
    """Try the mutations of these rules, of all when none is named; the exit code."""
    chosen = [one for one in MUTATIONS if not rules or one.rule in rules]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        results = []
        for result in pool.map(tried, chosen):
            print(result, flush=True)
            results.append(result)
    survivors = [result for result in results if result.noticed_by is None]
    print(f"{len(results)} mutations, {len(survivors)} not noticed")
    return 1 if survivors or not results else 0


def tried(mutation: Mutation) -> Result:
    """Run the rule's tests against a copy of the program with the mutation in it."""
    with _copy() as folder:
        file = folder / "ingestd" / mutation.file
        text = file.read_text("utf-8")
        if text.count(mutation.old) != 1:
            return Result(
                mutation, None, f"{mutation.file} has {mutation.old!r} {text.count(mutation.old)} times"
            )
        file.write_text(text.replace(mutation.old, mutation.new), "utf-8")
        return _judged(mutation, _test_run(folder, mutation))


@contextmanager
def _copy() -> Iterator[Path]:
    with TemporaryDirectory(prefix="ingestd-mutation-") as name:
        folder = Path(name)
        shutil.copytree(ROOT / "ingestd", folder / "ingestd", ignore=shutil.ignore_patterns("__pycache__"))
        for beside in BESIDE:
            (folder / beside).symlink_to(ROOT / beside)
        yield folder


def _test_run(folder: Path, mutation: Mutation) -> subprocess.CompletedProcess[str]:
    selected = f"{mutation.rule.lower()}_"
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header", "-rf"]
    # The copy's package is found before the installed one by this process and by those that it starts.
    environ = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [*command, "-k", selected, "tests/polling"],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def _judged(mutation: Mutation, run: subprocess.CompletedProcess[str]) -> Result:
    if run.returncode == 0:
        return Result(mutation, None)
    failed = _FAILED.search(run.stdout)
    if failed is None:
        return Result(mutation, None, f"its tests did not run: {run.stdout[-300:]}{run.stderr[-300:]}")
    return Result(mutation, failed[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
