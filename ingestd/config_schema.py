"""TOML tables read against the `Settings` dataclasses: the schema is the dataclass itself.

A field's name is its key, its annotation says what is taken: timedelta a duration, an int whose name ends
in `_bytes` a size, a tuple an array, an enum or a Literal one of its choices. So a setting is added by one
line in a dataclass. This is done by hand and not with pydantic because durations, sizes, suggestions and
sentences made for people would have to be taught to it one by one, and took more lines than the whole.

Nothing here raises for what a user wrote: every problem is noted, so that all are reported at once.
"""

import difflib
import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from ingestd.config_lines import KeyPath, Lines
from ingestd.errors import Problem
from ingestd.values import (
    COUNTABLE,
    Secret,
    Unusable,
    describe,
    is_plain,
    read_duration,
    read_size,
    read_text,
    toml_key,
)

T = TypeVar("T")

# Larger ones are no configuration; a secret in a file is a line.
MAX_FILE_BYTES = 64_000_000
MAX_SECRET_BYTES = 64_000

# tomllib tells the place within its message.
_SYNTAX_ERROR = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)


@dataclass(slots=True)
class Reading:
    """What one load of the configuration has at hand and has found out."""

    environ: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    # Variables that the files name as the place of a secret.
    secret_variables: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Node:
    """A value as TOML gave it, and where it stands."""

    value: object
    file: Path
    lines: Lines
    reading: Reading
    path: KeyPath = ()
    # The environment variable that gave the value in place of the file; None when the file did.
    variable: str | None = None

    @property
    def line(self) -> int | None:
        return self.lines.of(self.path)

    def refuse(self, message: str) -> None:
        """Note what is wrong with this value."""
        if self.variable:
            self.reading.problems.append(Problem(message, key=self.variable))
            return
        key = ".".join(toml_key(part) for part in self.path if isinstance(part, str))
        self.reading.problems.append(Problem(message, self.file, self.line, key or None))

    def child(self, key: str | int, value: object) -> "Node":
        return Node(value, self.file, self.lines, self.reading, (*self.path, key))

    def table(self, known: Collection[str] | None = None) -> "dict[str, Node]":
        """The members of this table; those that are not among `known` are refused and left out."""
        if not isinstance(self.value, Mapping):
            self.refuse(f"expected a table, got {describe(self.value)}")
            return {}
        members = {key: self.child(key, value) for key, value in self.value.items()}
        for key in [key for key in members if known is not None and key not in known]:
            members.pop(key).refuse(unknown(key, known or ()))
        return members

    def items(self) -> "Iterator[Node]":
        """The items of this array."""
        if isinstance(self.value, list):
            yield from (self.child(index, item) for index, item in enumerate(self.value))
        else:
            self.refuse(f"expected a list, got {describe(self.value)}")

    def read(self, reader: Callable[[object], T]) -> T | None:
        """What `reader` makes of the value; None, with a problem noted, when it raises `Unusable`."""
        try:
            return reader(self.value)
        except Unusable as error:
            self.refuse(str(error))
            return None

    def resolve(self, written: str) -> Path:
        """A path as written in this file: relative ones start at the file's folder."""
        return self.file.parent / at_home(written)


def unknown(key: str, known: Collection[str]) -> str:
    """The sentence about a key that does not exist, with the one that was meant when that can be guessed."""
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
    if close:
        return f'unknown; did you mean "{close[0]}"?'
    return f"unknown; known here: {', '.join(sorted(known))}"


# ---------------------------------------------------------------------------------- files


def at_home(written: str) -> Path:
    """A path whose leading "~" or "~user" is replaced by that home folder, if there is one."""
    try:
        return Path(written).expanduser()
    except RuntimeError:
        return Path(written)


def settled(path: Path) -> Path:
    """The path under which a file is known: its folder without links and detours, its own name as it is.

    The name is not followed, because a deployment swaps what stands behind it with every new version.
    """
    try:
        return path.parent.resolve() / path.name
    except (OSError, RuntimeError):  # links that lead in a circle
        return path.absolute()


def is_file(path: Path) -> bool:
    """Whether this is a regular file that may be looked at."""
    try:
        return path.is_file()
    except OSError:
        return False


def read_toml(file: Path, reading: Reading) -> Node | None:
    """The whole of a TOML file as a node; None, with a problem noted, when it cannot be read."""
    data = read_bytes(file, reading)
    if data is None:
        return None
    try:
        text = data.decode("utf-8-sig")
        return Node(tomllib.loads(text), file, Lines(text), reading)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reading.problems.append(Problem("not UTF-8", file, line))
    except ValueError as error:  # TOMLDecodeError, or int() about a number with thousands of digits
        reading.problems.append(_syntax_problem(error, file, text))
    except RecursionError:
        reading.problems.append(Problem("nested too deeply", file))
    return None


def _syntax_problem(error: ValueError, file: Path, text: str) -> Problem:
    found = _SYNTAX_ERROR.fullmatch(str(error))
    message = found[1] if found else str(error)
    said = f"TOML syntax: {message[:1].lower()}{message[1:]}"
    if found is None:
        return Problem(said, file)
    if found[2] is None:
        return Problem(f"{said} at the end of the file", file, text.count("\n") + 1)
    return Problem(f"{said} at column {found[3]}", file, int(found[2]))


def read_bytes(file: Path, reading: Reading) -> bytes | None:
    """The bytes of a regular file of sane size; None, with a problem noted, when they cannot be had."""
    try:
        if not file.is_file():
            reading.problems.append(Problem("no such file" if not file.exists() else "not a file", file))
        elif file.stat().st_size > MAX_FILE_BYTES:
            reading.problems.append(Problem(f"larger than {MAX_FILE_BYTES} bytes", file))
        else:
            return file.read_bytes()
    except (OSError, ValueError) as error:
        reading.problems.append(Problem(f"cannot be read: {reason(error)}", file))
    return None


def reason(error: Exception) -> str:
    """What the operating system says, without the path that the message names anyway."""
    return (isinstance(error, OSError) and error.strerror) or str(error)


# ---------------------------------------------------------------------------------- values


def convert(kind: Any, name: str, raw: object) -> object:
    """The value of a setting called `name` and annotated `kind`."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return convert(next(part for part in arguments if part is not NoneType), name, raw)
    if origin is tuple:
        return tuple(convert(arguments[0], name, item) for item in _listed(raw))
    if origin is Literal:
        return _choice(raw, arguments)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(_choice(raw, [member.value for member in kind]))
    if kind is int and name.endswith("_bytes"):
        return read_size(raw)
    return _SIMPLE[kind](raw)


def read_flag(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise Unusable(f"expected true or false, got {describe(raw)}")
    return raw


def _whole_number(raw: object) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool) or not 0 <= raw < COUNTABLE:
        raise Unusable(f"expected a whole number from 0, got {describe(raw)}")
    return raw


def _number(raw: object) -> float:
    if not isinstance(raw, int | float) or isinstance(raw, bool) or not 0 <= raw < 1e300:
        raise Unusable(f"expected a number from 0, got {describe(raw)}")
    return float(raw)


def _listed(raw: object) -> list[object]:
    if not isinstance(raw, list):
        raise Unusable(f"expected a list, got {describe(raw)}")
    return raw


def _choice(raw: object, choices: Collection[object]) -> object:
    if not isinstance(raw, str) or raw not in choices:
        offered = ", ".join(f'"{choice}"' for choice in choices)
        raise Unusable(f"expected one of {offered}, got {describe(raw)}")
    return raw


_SIMPLE: Mapping[object, Callable[[object], object]] = {
    bool: read_flag,
    int: _whole_number,
    float: _number,
    str: read_text,
    timedelta: read_duration,
    Path: lambda raw: at_home(read_text(raw)),
}


def from_text(kind: Any, text: str) -> object:
    """What TOML would have given for the text of an environment variable; a list is parted by commas."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return from_text(next(part for part in arguments if part is not NoneType), text)
    if origin is tuple:
        return [from_text(arguments[0], part.strip()) for part in text.split(",") if part.strip()]
    if kind is bool:
        return {"true": True, "false": False}.get(text.strip().lower(), text)
    if kind in (int, float):
        return _as_number(text)
    return text


def _as_number(text: str) -> object:
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text


# ---------------------------------------------------------------------------------- secrets


# What a secret's text means: another text, or it raises `Unusable` without repeating what it was given.
Understand = Callable[[str], str]


def read_secret(node: Node, understand: Understand = str) -> Secret | None:
    """A text, { env = "VARIABLE" } or { file = "path" }; None, with a problem noted, if it cannot be had."""
    if isinstance(node.value, str):
        text = node.read(lambda raw: understand(read_text(raw)))
        return None if text is None else Secret(text)
    members = node.table(("env", "file"))
    if len(members) != 1:
        node.refuse('expected a text, { env = "VARIABLE" } or { file = "path" }')
        return None
    ((kind, member),) = members.items()
    named = member.read(read_text)
    if named is None:
        return None
    read = secret_from_variable if kind == "env" else secret_from_file
    return read(member, named, understand)


def secret_from_variable(node: Node, variable: str, understand: Understand = str) -> Secret | None:
    """The secret that stands in an environment variable."""
    node.reading.secret_variables.add(variable)
    if variable not in node.reading.environ:
        node.refuse(f"the environment variable {variable} is not set")
        return None
    return _checked(node, node.reading.environ[variable], {"env": variable}, understand)


def secret_from_file(node: Node, written: str, understand: Understand = str) -> Secret | None:
    """The secret that is the content of a file; a line break at its end does not count."""
    file = node.resolve(written)
    try:
        if not file.is_file() or file.stat().st_size > MAX_SECRET_BYTES:
            node.refuse(f"{file} is not a file with a secret in it")
            return None
        text = file.read_text("utf-8-sig").rstrip("\r\n")
    except (OSError, ValueError) as error:
        node.refuse(f"{file} cannot be read: {reason(error)}")
        return None
    return _checked(node, text, {"file": str(file)}, understand)


def _checked(node: Node, text: str, origin: Mapping[str, str], understand: Understand) -> Secret | None:
    ((kind, named),) = origin.items()
    place = f"the environment variable {named}" if kind == "env" else named
    if not text:
        node.refuse(f"{place} is empty")
        return None
    try:
        secret = understand(text)
    except Unusable as error:
        node.refuse(f"{place} cannot be used: {error}")
        return None
    if not is_plain(secret):
        node.refuse(f"{place} holds a control character or a line break")
        return None
    return Secret(secret, origin)


# ---------------------------------------------------------------------------------- dataclasses


def annotations_of(settings: type) -> Mapping[str, Any]:
    """The fields of a Settings dataclass, with what they take, in the order they are written."""
    hints = get_type_hints(settings)
    return {each.name: hints[each.name] for each in fields(settings)}
