"""Documents of a file of JSON lines: one object a line, of which only `text` is required (jsonlines.org).

What is no document is told with its file and line; the others are read all the same.
"""

import gzip
import json
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from ingestd.cli.show import complain, tell
from ingestd.errors import UsageError

# Standard input, or output, where a file is asked for.
STANDARD_STREAM = Path("-")

# A line of more bytes is no document, and is not kept in memory: a book has about one megabyte.
LONGEST_LINE = 1 << 26

# What JSON calls the values that stand where text should.
_KINDS = {dict: "an object", list: "a list", bool: "true or false", int: "a number", float: "a number"}


# As it was given, a text or a number; else the number of the document's line.
Id = str | int | float


class Document(NamedTuple):
    """One document of the input."""

    id: Id
    # The line on which it stood, from 1.
    line: int
    # The object as it was read: `text`, and perhaps `title`, `source` and `time`.
    fields: dict[str, Any]


@dataclass(slots=True)
class Documents:
    """An input while it is read."""

    # For messages.
    name: str
    # What is read, and what of it is decompressed; one and the same where nothing is.
    raw: BinaryIO
    stream: BinaryIO | gzip.GzipFile
    # Bytes of `raw`; None where that is not known beforehand.
    size: int | None
    # Lines that were skipped, and whether the input broke off before its end.
    skipped: int = 0
    broken: bool = False
    # Documents with an id that one before them had, and the lines of the first two with one id.
    repeated: int = 0
    first_repeated: tuple[int, int] = (0, 0)
    # Documents whose `time` is none that can be read.
    undated: int = 0
    _lines: dict[Id, int] = field(default_factory=dict)

    @property
    def position(self) -> int:
        """How many bytes of `raw` have been read."""
        return self.raw.tell() if self.size is not None else 0

    def __iter__(self) -> Iterator[Document]:
        for number, line in self._numbered():
            try:
                document = _document(number, line)
            except UsageError as error:
                complain(f"{self.name}:{number}: {error}; skipped")
                self.skipped += 1
                continue
            self._examine(document)
            yield document

    def _examine(self, document: Document) -> None:
        """Count what is strange about a document."""
        from ingestd.dedupe.memory import moment

        first = self._lines.setdefault(document.id, document.line)
        if first != document.line:
            self.first_repeated = self.first_repeated if self.repeated else (first, document.line)
            self.repeated += 1
        time = document.fields.get("time")
        self.undated += bool(time) and moment(time) == moment(None)

    def _numbered(self) -> Iterator[tuple[int, bytes]]:
        """The lines that are not blank. Of one that is too long there is only so much."""
        number = 0
        try:
            while line := self.stream.readline(LONGEST_LINE + 1):
                number += 1
                if _is_too_long(line):
                    self._skip_line()
                if line.strip():
                    yield number, line
        except (OSError, EOFError, zlib.error) as error:
            complain(f"{self.name}:{number + 1}: cannot be read any further: {error}")
            self.broken = True

    def _skip_line(self) -> None:
        while (more := self.stream.readline(LONGEST_LINE)) and not more.endswith(b"\n"):
            pass


@contextmanager
def opened(path: Path) -> Iterator[Documents]:
    """The documents of a file or of `STANDARD_STREAM`; raises UsageError."""
    raw = _standard_input() if path == STANDARD_STREAM else _file(path)
    with raw, gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else nullcontext(raw) as stream:
        size = os.fstat(raw.fileno()).st_size if raw.seekable() else None
        yield Documents("standard input" if path == STANDARD_STREAM else str(path), raw, stream, size)


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise UsageError("standard input is closed")
    if sys.stdin.isatty():
        tell("Documents are read from this terminal, one a line; Ctrl-D ends them.")
    # Another object over the same descriptor, which may be closed like any file.
    return open(sys.stdin.fileno(), "rb", closefd=False)


def _file(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def _document(number: int, line: bytes) -> Document:
    """The document of a line; raises UsageError that says what is wrong with it."""
    if _is_too_long(line):
        raise UsageError(f"longer than {LONGEST_LINE >> 20} MB")
    fields = _object(line)
    text, title, given = fields.get("text"), fields.get("title"), fields.get("id")
    if text is None:
        raise UsageError('it has no "text"')
    if not isinstance(text, str):
        raise UsageError(f'its "text" is {_kind(text)}')
    if not isinstance(title, str | None):
        raise UsageError(f'its "title" is {_kind(title)}')
    if isinstance(given, bool) or not isinstance(given, str | int | float | None):
        raise UsageError(f'its "id" is {_kind(given)}')
    if isinstance(given, float) and not isfinite(given):
        raise UsageError('its "id" is a number that JSON does not have')
    return Document(number if given is None else given, number, fields)


def _is_too_long(line: bytes) -> bool:
    return len(line) > LONGEST_LINE and not line.endswith(b"\n")


def _object(line: bytes) -> dict[str, Any]:
    try:
        # A byte order mark may stand at the start of a file, and of the files that it was put together from.
        value = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UsageError(f"not UTF-8: byte {line[error.start]:#04x}") from error
    except json.JSONDecodeError as error:
        raise UsageError(f"no JSON: {error.msg}, column {error.colno}") from error
    except RecursionError as error:
        raise UsageError("no JSON that can be read: nested too deep") from error
    except ValueError as error:
        raise UsageError(f"no JSON that can be read: {error}") from error
    if not isinstance(value, dict):
        raise UsageError(f"no JSON object, but {_kind(value)}")
    return value


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "null" if value is None else "a text")
