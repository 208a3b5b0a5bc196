"""How a configuration spells its values: durations, sizes, secrets, and TOML text.

Each reader takes what TOML gave and returns our value, or raises `Unusable`; each writer is its inverse.
"""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Self

from ingestd.urls import is_http

_DURATION_UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
    "ms": timedelta(milliseconds=1),
}
_DURATION = re.compile(
    r"\s*".join(rf"(?:(?P<{unit}>[0-9]{{1,12}}(?:\.[0-9]{{1,6}})?){unit})?" for unit in _DURATION_UNITS)
)
# A longer one is a slip of the finger, and added to a date it would pass the end of the calendar.
LONGEST_DURATION = timedelta(days=36_525)

_SIZE_UNITS = {
    "B": 1,
    **{f"{prefix}B": 1000**power for power, prefix in enumerate("kMGT", start=1)},
    **{f"{prefix}iB": 1024**power for power, prefix in enumerate("KMGT", start=1)},
}
_SIZE = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,9}))?\s*([A-Za-z]+)")

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")

# Control characters, and what Python makes of bytes in the environment that are no text.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")

LONGEST_URL = 4000
_WITH_USERINFO = re.compile(r"\s*[^/?#]*//[^/?#]*@")
# What databases and C libraries take for a whole number.
COUNTABLE = 2**63

HIDDEN = "********"


class Unusable(ValueError):
    """A value that cannot be taken; the message is a sentence for people that says what was expected."""


def require_positive(settings: object, *names: str) -> None:
    """For a `__post_init__`: raises ValueError naming the first of these settings that is not above zero."""
    for name in names:
        value = getattr(settings, name)
        if not value > type(value)():
            raise ValueError(f"{name} must be more than zero")


class Secret(str):
    """Text that repr() does not show: a password or a header that may be one.

    `origin` says how the configuration names it, {"env": "VARIABLE"} or {"file": "path"}; None when the
    text itself stands in the configuration.
    """

    origin: Mapping[str, str] | None

    def __new__(cls, text: str, origin: Mapping[str, str] | None = None) -> Self:
        made = super().__new__(cls, text)
        made.origin = origin
        return made

    def __repr__(self) -> str:
        return repr(HIDDEN)


def hide_password(url: str) -> str:
    """A database URL as it may be shown: passwords before the host and in the query are taken out."""
    before_host = re.sub(r"(?s)(://[^:/]*):.*@", rf"\1:{HIDDEN}@", url)
    return re.sub(r"(?i)([?&][a-z_]*password=)[^&]*", rf"\1{HIDDEN}", before_host)


def describe(raw: object) -> str:
    """What a TOML value is, for "expected …, got …"."""
    match raw:
        case bool():
            return "true" if raw else "false"
        case int() | float():
            # Python refuses to write out the longest ones.
            return f"the number {raw}" if abs(raw) < COUNTABLE else "a number that is too large"
        case str():
            return f"the text {json.dumps(raw if len(raw) <= 60 else raw[:57] + '…', ensure_ascii=False)}"
        case list():
            return "a list"
        case Mapping():
            return "a table"
        case _:
            return f"the date or time {raw}"


def is_plain(text: str) -> bool:
    """Whether text is free of control characters, which neither terminals, databases nor HTTP take kindly."""
    return not _UNPRINTABLE.search(text)


def read_text(raw: object) -> str:
    """Text on one line."""
    if not isinstance(raw, str):
        raise Unusable(f"expected a text in quotes, got {describe(raw)}")
    if not is_plain(raw):
        raise Unusable(f"{describe(raw)} has a control character or a line break in it")
    return raw


def read_url(raw: object) -> str:
    """An http or https URL that can be asked, unchanged."""
    # First of all, because the other messages repeat what they were given.
    if isinstance(raw, str) and _WITH_USERINFO.match(raw):
        raise Unusable("a URL carries no name and password here; give them as username and password")
    url = read_text(raw)
    if len(url) > LONGEST_URL:
        raise Unusable(f"a URL of {len(url)} characters; {LONGEST_URL} are allowed")
    if " " in url:
        raise Unusable(f"{describe(url)} has a space in it; in a URL it is written %20")
    if not is_http(url):
        raise Unusable(f"expected a URL with http:// or https:// and a host, got {describe(url)}")
    return url


# ---------------------------------------------------------------------------------- durations


def read_duration(raw: object) -> timedelta:
    """ "90s", "15m", "1h30m", "2d", "500ms", "1.5s"; units go from large to small, each at most once."""
    if isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) < COUNTABLE:
        raise Unusable(f'a duration needs a unit: write "{raw}s", "{raw}m" or "{raw}h"')
    found = _DURATION.fullmatch(raw.strip()) if isinstance(raw, str) else None
    amounts = {unit: text for unit, text in found.groupdict().items() if text} if found else {}
    if not amounts:
        raise Unusable(f'expected a duration such as "90s", "15m", "1h30m" or "2d", got {describe(raw)}')
    seconds = sum(float(text) * _DURATION_UNITS[unit].total_seconds() for unit, text in amounts.items())
    if seconds > LONGEST_DURATION.total_seconds():
        raise Unusable(f"longer than {LONGEST_DURATION.days} days")
    return timedelta(seconds=seconds)


def write_duration(duration: timedelta) -> str:
    """In days, hours, minutes and seconds: 90 minutes are "1h30m", half a second is "500ms", nothing "0s"."""
    parts = []
    for unit in "dhm":
        count, duration = divmod(duration, _DURATION_UNITS[unit])
        parts += [f"{count}{unit}"] if count else []
    if duration and duration < timedelta(seconds=1) and duration.microseconds % 1000 == 0:
        parts.append(f"{duration.microseconds // 1000}ms")
    elif duration or not parts:
        parts.append(f"{duration.total_seconds():.6f}".rstrip("0").rstrip(".") + "s")
    return "".join(parts)


# ---------------------------------------------------------------------------------- sizes


def read_size(raw: object) -> int:
    """Bytes: "5MB" is 5,000,000, "5MiB" is 5,242,880, a bare whole number is bytes."""
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw < COUNTABLE:
        return raw
    found = _SIZE.fullmatch(raw.strip()) if isinstance(raw, str) else None
    unit = next((size for name, size in _SIZE_UNITS.items() if found and name.lower() == found[3].lower()), 0)
    if not found or not unit:
        raise Unusable(f'expected a size such as "5MB", "5MiB" or a number of bytes, got {describe(raw)}')
    digits, decimals = found[1], found[2] or ""
    scale: int = 10 ** len(decimals)
    size, rest = divmod(int(digits + decimals) * unit, scale)
    if rest:
        raise Unusable(f"{describe(raw)} is not a whole number of bytes")
    if size >= COUNTABLE:
        raise Unusable(f"{describe(raw)} is more than can be counted")
    return size


def write_size(size: int) -> str:
    """In the largest unit that needs no fraction: 10,000,000 is "10MB", 65,536 "64KiB", 1,234 "1234B"."""
    fitting = [(length, name) for name, length in _SIZE_UNITS.items() if size and size % length == 0]
    length, name = max(fitting, default=(1, "B"))
    return f"{size // length}{name}"


# ---------------------------------------------------------------------------------- TOML text


def toml_key(key: str) -> str:
    """A key, quoted when it must be."""
    return key if _BARE_KEY.fullmatch(key) else toml_value(key)


def toml_value(value: object) -> str:
    """A value on one line: text, numbers, booleans, lists and inline tables of these.

    A secret that has an origin is written as that.
    """
    match value:
        case Secret(origin=Mapping() as origin):
            return toml_value(origin)
        case bool() | int() | float() | str():
            # JSON's escapes are a subset of TOML's; DEL is the one character that only TOML refuses bare.
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case Mapping():
            pairs = ", ".join(f"{toml_key(key)} = {toml_value(item)}" for key, item in value.items())
            return f"{{ {pairs} }}" if pairs else "{}"
        case list() | tuple():
            return f"[{', '.join(map(toml_value, value))}]"
        case _:
            raise TypeError(f"no TOML value: {type(value).__name__}")
