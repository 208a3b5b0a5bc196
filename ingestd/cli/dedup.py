"""`ingestd dedup`: which documents of a file carry one text, without a database or a configuration.

    read a line ── place it ── tell what that changed (--follow) ── … ── write where each ended up

Placing is the daemon's own, over an index in memory. A document may show that earlier ones belong
elsewhere, so only at the end is it known where each is.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Optional

import typer

from ingestd.cli import show
from ingestd.cli.common import EXIT_SOME_FAILED, replacing
from ingestd.cli.documents import STANDARD_STREAM, Document, Documents, Id, opened
from ingestd.errors import UsageError

if TYPE_CHECKING:
    from ingestd.dedupe import MemoryIndex

CONTAINMENT_DIGITS = 4


def dedup(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            show_default=False,
            help='JSON lines, plain or .gz; standard input without it, or "-".',
        ),
    ] = STANDARD_STREAM,
    output: Annotated[
        Optional[Path],  # noqa: UP045 – Typer reads it at run time
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write the result there, which replaces a file of that name when it is complete.",
        ),
    ] = None,
    follow: Annotated[
        bool,
        typer.Option("--follow", help="Tell each decision on standard output as it falls, a line an event."),
    ] = False,
) -> None:
    """Group the documents of a file by the text they carry.

    Each line is a JSON object with "text" and, where known, "id" (else the line's number), "title",
    "source" (the outlet) and "time" (ISO 8601, or seconds since 1970). Each document gives a line with
    "id", "cluster", "role" and "containment": how much of it stands in its cluster's canonical document.

    Lines that are no document are named and skipped; the exit code is then 3.
    """
    from ingestd.dedupe import memory_index

    output = None if output == STANDARD_STREAM else output
    with opened(file) as documents:
        _refuse_input(file, output)
        index = memory_index()
        follower = _Follower(index) if follow else None
        if output is None:
            ids = _place(documents, index, follower, until_unheard=follow)
            _write(() if follow else _rows(index, ids))
        else:
            with replacing(output) as stream:
                ids = _place(documents, index, follower)
                stream.writelines(map(show.json_line, _rows(index, ids)))
    _tell_outcome(documents, index, len(ids))
    if documents.skipped or documents.broken:
        raise typer.Exit(EXIT_SOME_FAILED)


def _refuse_input(file: Path, output: Path | None) -> None:
    if output is not None and file != STANDARD_STREAM and output.exists() and output.samefile(file):
        raise UsageError(f"--output {output} is the input itself")


def _place(
    documents: Documents, index: "MemoryIndex", follower: "_Follower | None", *, until_unheard: bool = False
) -> list[Id]:
    """Place every document, or only so many as somebody listens to; returns their ids."""
    placed: list[Id] = []
    with _progress(documents, hidden=follower is not None and sys.stdout.isatty()) as advance:
        for document in documents:
            index.add(document.fields)
            placed.append(document.id)
            if follower is not None and not _write(follower.events(document)) and until_unheard:
                break
            advance()
    return placed


def _write(values: Iterable[Mapping[str, Any]]) -> bool:
    """JSON lines on standard output; False when nobody reads them any more."""
    return all(show.write(sys.stdout, show.json_line(value)) for value in values)


# ------------------------------------------------------------------------------- the result


class Standing(NamedTuple):
    """Where a document is, and what it is there."""

    cluster: int
    role: str
    # Share of it that stands in the canonical; None for the canonical itself.
    containment: float | None


def _standing(index: "MemoryIndex", number: int) -> Standing:
    stored = index.documents[number]
    containment = round(stored.match.containment, CONTAINMENT_DIGITS) if stored.match is not None else None
    return Standing(index.label(number), stored.role.value, containment)


def _rows(index: "MemoryIndex", ids: Iterable[Id]) -> Iterator[dict[str, Any]]:
    """A row for each document, in the order of the input."""
    for number, id_ in enumerate(ids):
        yield {"id": id_, **_standing(index, number)._asdict()}


# ------------------------------------------------------------------------------- following


class _Follower:
    """What each document changes; who applies all events in their order has the result.

    Documents are told apart by their line, because ids may repeat.
    """

    def __init__(self, index: "MemoryIndex") -> None:
        self._index = index
        self._keys: list[dict[str, Any]] = []
        self._told: list[Standing] = []
        self._touched: set[int] = set()
        # Whatever is put anywhere is then described there.
        index.on_described = self._touched.add

    def events(self, document: Document) -> Iterator[dict[str, Any]]:
        """What has changed by the document that was placed last."""
        new = len(self._told)
        self._keys.append({"id": document.id, "line": document.line})
        self._told.append(_standing(self._index, new))
        yield self._placed(new)
        before = {number: self._told[number] for number in sorted(self._touched - {new})}
        self._touched.clear()
        for number, former in before.items():
            self._told[number] = _standing(self._index, number)
            yield from self._changed(number, former)
        yield from self._joined({former.cluster for former in before.values()})

    def _placed(self, number: int) -> dict[str, Any]:
        matched = self._index.documents[number].matched_id
        told = {"event": "placed", **self._keys[number], **self._told[number]._asdict()}
        return {**told, "matched": None if matched is None else self._keys[matched]["id"]}

    def _changed(self, number: int, former: Standing) -> Iterator[dict[str, Any]]:
        """What became of an earlier document, if anything did."""
        cluster, role, containment = self._told[number]
        described = {"role": role, "containment": containment}
        if cluster != former.cluster:
            where = {"from": former.cluster, "to": cluster}
            yield {"event": "moved", **self._keys[number], **where, **described}
        elif self._told[number] != former:
            yield {"event": "described", **self._keys[number], **described}

    def _joined(self, cluster_ids: Iterable[int]) -> Iterator[dict[str, Any]]:
        """Those of these clusters that have ended."""
        for cluster_id in sorted(cluster_ids):
            into = self._successor(cluster_id)
            if into != cluster_id:
                yield {"event": "joined", "cluster": cluster_id, "into": into}

    def _successor(self, cluster_id: int) -> int:
        """The living cluster that a number means by now."""
        successor = self._index.clusters[cluster_id].successor_id
        return cluster_id if successor is None else self._successor(successor)


# ------------------------------------------------------------------------------- for people


def _tell_outcome(documents: Documents, index: "MemoryIndex", placed: int) -> None:
    """What there was, and what may be a mistake, on standard error."""
    if documents.repeated:
        first, second = documents.first_repeated
        repeated = show.count(documents.repeated, "document")
        show.tell(f"{repeated} with the id of another, the first on lines {first} and {second}; all kept")
    if documents.undated:
        undated = show.count(documents.undated, "document")
        show.tell(f'{undated} with a "time" neither in ISO 8601 nor in seconds since 1970; taken as unknown')
    sizes = Counter(index.final())
    counted = f"{show.count(placed, 'document')}, {show.count(len(sizes), 'text')}"
    shared = sum(size > 1 for size in sizes.values())
    skipped = f"; {show.count(documents.skipped, 'line')} skipped" if documents.skipped else ""
    show.tell(f"{counted}, {shared} in copies{skipped}")


@contextmanager
def _progress(documents: Documents, *, hidden: bool) -> Iterator[Callable[[], None]]:
    """A bar on standard error, if that is a terminal; call what it gives after each document."""
    if hidden or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich import progress
    from rich.console import Console

    counted = progress.TextColumn("{task.fields[placed]:,} documents")
    measured = (progress.BarColumn(), progress.TaskProgressColumn(), progress.TimeRemainingColumn())
    columns = (counted, *(measured if documents.size else ()), progress.TimeElapsedColumn())
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=documents.size or None, placed=0)
        counter = count(1)
        yield lambda: bar.update(task, completed=documents.position, placed=next(counter))
