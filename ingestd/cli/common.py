"""What the commands share: their options, and opening what they work on."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Optional

import typer

from ingestd.errors import ConfigError, UsageError

if TYPE_CHECKING:
    import sqlalchemy as sa

    from ingestd.config import Config
    from ingestd.store.database import Database

# The command came to its end, but some of what it was given failed.
EXIT_SOME_FAILED = 3

# What the databases take as a number.
LARGEST_NUMBER = 2**63 - 1


def number(given: str | int) -> int:
    """A number from 1 on, as ids and limits are; Typer asks about defaults, which are numbers, too."""
    text = str(given)
    if not text.isdecimal() or len(text) > 19 or not 1 <= int(text) <= LARGEST_NUMBER:
        raise typer.BadParameter(f"{text!r} is not a number from 1 on")
    return int(text)


def words(text: str) -> str:
    """Text that can be looked for; bytes of a command line that are no text cannot stand in an archive."""
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise typer.BadParameter(f"{text!r} is not text in this terminal's encoding")
    return text


ConfigOption = Annotated[
    Optional[Path],  # noqa: UP045 – Typer reads it at run time
    typer.Option(
        "--config",
        "-c",
        metavar="FILE",
        help="Configuration; else INGESTD_CONFIG, else ./ingestd.toml and so on.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON on standard output in place of tables.")]
LimitOption = Annotated[
    int, typer.Option("--limit", "-n", parser=number, metavar="N", help="At most so many.")
]
SINCE_FORM = 'a span such as "2d", or a date such as 2026-11-22'
SinceOption = Annotated[
    Optional[str],  # noqa: UP045 – Typer reads it at run time
    typer.Option("--since", metavar="WHEN", help=f"First seen not longer ago than {SINCE_FORM}."),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]


def load_config(path: Path | None) -> "Config":
    """The configuration that the command line or the environment names; raises ConfigError."""
    import os

    from ingestd import config

    return config.load(path or config.default_config_path(os.environ), os.environ)


def optional_config(path: Path | None) -> "Config | None":
    """As `load_config`; None where nothing is configured yet, which is no error here."""
    import os

    from ingestd.config import default_config_path

    if path is None:
        try:
            path = default_config_path(os.environ)
        except ConfigError:
            return None
    return load_config(path)


@contextmanager
def archive(path: Path | None) -> Iterator[tuple["Config", "Database"]]:
    """The configuration and its database, ready to use."""
    from ingestd.app import opened

    config = load_config(path)
    with opened(config) as database:
        yield config, database


@contextmanager
def declared(path: Path | None) -> Iterator[tuple["Config", "Database"]]:
    """As `archive`, with the feeds that the configuration declares by now."""
    from ingestd.app import declare

    with archive(path) as (config, database):
        declare(database, config, datetime.now(UTC))
        yield config, database


@contextmanager
def reading(path: Path | None) -> Iterator["sa.Connection"]:
    """A connection for reading the configured archive."""
    with archive(path) as (_, database), database.reading() as connection:
        yield connection


@contextmanager
def writing(path: Path | None) -> Iterator["sa.Connection"]:
    """A connection for one change to the configured archive."""
    with archive(path) as (_, database), database.writing() as connection:
        yield connection


def moment(text: str | None, now: datetime) -> datetime | None:
    """What `--since` means: a span before now, or a date or time, in UTC unless it says otherwise."""
    from ingestd.values import Unusable, read_duration

    if text is None:
        return None
    try:
        return now - read_duration(text)
    except (Unusable, OverflowError):
        pass
    try:
        read = datetime.fromisoformat(text)
        return read.astimezone(UTC) if read.tzinfo is not None else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise UsageError(
            f'--since {text!r} is neither a span such as "2d" or "12h" nor a date such as 2026-11-22'
        ) from None


def read_input(path: Path) -> bytes:
    """The bytes of a file, or of standard input when it is called "-"."""
    if str(path) == "-" and sys.stdin is None:
        raise UsageError("standard input is closed")
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def write_output(path: Path, text: str, *, force: bool) -> None:
    """Write a file, one that is there only by `--force`."""
    if path.exists() and not force:
        raise UsageError(f"{path} exists; --force replaces it")
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Write a file that takes its place when it is complete; until then what was there stays.

    What is no ordinary file, such as a named pipe, is written as it comes. Raises UsageError.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as stream:
                yield stream
        else:
            with _completed(path.resolve()) as stream:
                yield stream
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


@contextmanager
def _completed(target: Path) -> Iterator[BinaryIO]:
    import os

    partial = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with partial.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
