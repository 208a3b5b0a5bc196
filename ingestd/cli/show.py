"""How commands show what they found: tables for people, JSON for programs, one line for an error."""

import io
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Literal, TextIO

from ingestd.errors import UsageError

MISSING = "–"

# Lines for programs are as long as they need to be; so many characters are never reached.
UNBOUNDED = 100_000

# What joins letters in Persian, Hindi and emoji; no terminal is steered by it.
JOINERS = frozenset("\u200c\u200d")


def prepare_streams() -> None:
    """Let nothing that is written fail for the terminal's sake: closed streams, letters it does not have."""
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def write(stream: TextIO, text: str | bytes) -> bool:
    """Text in the stream's own encoding, or bytes as they are; False when nobody reads it any more.

    A reader who has seen enough (`| head`) is told nothing more; any other failure is a UsageError.
    """
    try:
        if isinstance(text, bytes):
            stream.flush()
            stream.buffer.write(text)
        else:
            stream.write(text)
        stream.flush()
    except OSError as error:
        # What Python still holds of it must not be tried again when the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError):
            raise UsageError(f"the output cannot be written: {error.strerror}") from error
        return False
    return True


def say(line: str = "") -> None:
    """A plain line on standard output."""
    write(sys.stdout, line + "\n")


def tell(line: str) -> None:
    """A plain line on standard error: progress, and what is no result."""
    write(sys.stderr, safe(line) + "\n")


def complain(*lines: str) -> None:
    """An error on standard error: the first line says what, the others where."""
    first, *rest = lines
    tell(f"ingestd: {first}")
    for line in rest:
        write(sys.stderr, f"  {safe(line)}\n")


def plain(value: Any) -> Any:
    """A value as JSON has it: times in ISO 8601, durations in seconds."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case Enum():
            return value.value
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
        case _:
            return value


def as_json(value: Any) -> None:
    """One JSON value on standard output, in UTF-8 whatever the terminal's encoding (RFC 8259 §8.1)."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n"
    write(sys.stdout, text.encode("utf-8", "replace"))


def json_line(value: Any) -> bytes:
    """One JSON value as a line of a stream of them, in UTF-8."""
    # Half of a surrogate pair, which UTF-8 does not have, is written as the escape that it was read from.
    return (json.dumps(plain(value), ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def cell(value: Any) -> str:
    """A value as a table shows it; control characters, which a feed may bring, cannot reach the terminal."""
    match value:
        case None | "":
            return MISSING
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M}"
        case timedelta():
            return span(value)
        case float():
            return f"{value:.2f}"
        case list() | tuple():
            return ", ".join(map(cell, value)) or MISSING
        case _:
            return safe(str(value))


def safe(text: str) -> str:
    """Text without the control characters that would steer a terminal."""
    return "".join(char if char.isprintable() or char in JOINERS else " " for char in text)


def count(number: int, noun: str) -> str:
    """ "1 article", "2 articles"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def short(moment: datetime | None) -> str | None:
    """A time of these weeks, in UTC without its year."""
    return None if moment is None else f"{moment.astimezone(UTC):%m-%d %H:%M}"


def span(value: timedelta) -> str:
    """A duration in its two largest units."""
    seconds = int(value.total_seconds())
    units = ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))
    parts = [
        (seconds // size % limit, unit)
        for (size, unit), limit in zip(units, (10**9, 24, 60, 60), strict=True)
    ]
    shown = [f"{count}{unit}" for count, unit in parts if count][:2]
    return " ".join(shown) or "0s"


def table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    right: Sequence[str] = (),
    flexible: Sequence[str] = (),
) -> None:
    """A table on standard output; its title alone when there are no rows.

    `right` names the columns whose values stand to the right, `flexible` those that are broken into
    lines where the terminal is too narrow. Elsewhere lines are as long as they need to be.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    cells = [[Text(cell(value)) for value in row] for row in rows]
    if not cells:
        say(title)
        return
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for column in columns:
        justify: Literal["left", "right"] = "right" if column in right else "left"
        grid.add_column(column, justify=justify, overflow="fold", no_wrap=column not in flexible)
    for line in cells:
        grid.add_row(*line)
    width = Console().width if sys.stdout.isatty() else UNBOUNDED
    drawn = Console(file=io.StringIO(), width=width, color_system=None)
    with drawn.capture() as captured:
        drawn.print(grid)
    lines = (line.rstrip() for line in captured.get().splitlines())
    say("\n".join((title, *(line for line in lines if line), "")))


def facts(pairs: Iterable[tuple[str, Any]]) -> None:
    """Names and values, one pair a line, those without a value left out."""
    shown = [(name, cell(value)) for name, value in pairs if value not in (None, "", [], ())]
    width = max((len(name) for name, _ in shown), default=0)
    for name, value in shown:
        say(f"{name:<{width}}  {value}")


def document(text: str) -> None:
    """A whole document: exactly and in UTF-8 into a file or pipe, made safe on a terminal."""
    if sys.stdout.isatty():
        write(sys.stdout, "".join(safe(line) + "\n" for line in text.splitlines()))
    else:
        write(sys.stdout, text.encode("utf-8", "replace"))
