"""JavaScript, and the ways frameworks write values in it, to plain values: dicts, lists, strings.

Scripts are not run. Their literals are read where they stand, and everything between them is passed over:
an object or a block is a dict, an array or the arguments of a call are a list, a name before ":" or "=" is
the key of what follows. That is one pass over the text, however broken it is.
"""

import json
import re
from binascii import Error as NotBase64
from binascii import a2b_base64
from collections.abc import Iterator
from urllib.parse import unquote

# A state of four million characters has some hundred thousand values.
_MOST_TOKENS = 600_000
# How deep literals may be nested before what is inside is taken for a part of what is around it.
_DEEPEST = 200

_TOKEN = re.compile(
    r"""
      "((?:[^"\\\n]|\\.)*+)"?
    | '((?:[^'\\\n]|\\.)*+)'?
    | `((?:[^`\\]|\\.)*+)`?
    | /\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/)? | (?<![:\w"'`)\]])//[^\n]*+
    | ([A-Za-z_$][\w$]*+)
    | ([{}\[\]()])
    | (\+?=|[:,;+])
    | (?<![\w.$])(\d{10}(?:\d{3})?)(?![\w.])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "", "\n": "", "\r\n": ""}
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_ASSIGNED = re.compile(r"=\s*(?=[{\[])")
# What may follow the last value of a script that is nothing but values.
_SHORT_REST = 300

_ROW = re.compile(r"([0-9a-f]{1,8}):(?:T([0-9a-f]{1,7}),|([A-Z]{0,2}))")
_REFERENCE = re.compile(r"\$[L@]?([0-9a-f]{1,8})\Z")
_JSON_BEGINS = re.compile(r'\s*(?:\{\s*"|\[\s*[\[{"\d])')
_BASE64 = re.compile(r"(?:eyJ|W3s|W1s|WyJ|ew)[A-Za-z0-9+/_-]{200,}+={0,2}\Z")


def read_json(text: str) -> object:
    """The value that JSON text begins with; None when it is none."""
    try:
        found: object = json.JSONDecoder(strict=False).raw_decode(text.strip())[0]
    except (ValueError, RecursionError):
        return None
    return found


def read_string(text: str) -> object:
    """The value that a string holds as JSON, percent-encoded or base64 or plain; None when it holds none."""
    if text.startswith(("%7B", "%5B", "%7b", "%5b")):
        text = unquote(text)
    elif _BASE64.match(text):
        try:
            text = a2b_base64(text.replace("-", "+").replace("_", "/") + "==").decode("utf-8", "replace")
        except NotBase64:
            return None
        text = unquote(text) if text.startswith("%7B") else text
    return read_json(text) if _JSON_BEGINS.match(text) else None


def read_script(text: str) -> Iterator[object]:
    """The values in a script: those that are JSON as they are, the rest as far as its literals tell."""
    if text[0] in "{[" and (found := read_json(text)) is not None:
        yield found
        return
    at = 0
    decoder = json.JSONDecoder(strict=False)
    while (match := _ASSIGNED.search(text, at)) is not None:
        try:
            found, end = decoder.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            break
        if match.start() - at > _SHORT_REST:
            yield _literals(text[at : match.start()])
        # The name that it is assigned to may say what it is.
        yield {text[max(at, match.start() - 60) : match.start()].strip().rpartition(".")[2][-40:]: found}
        at = end
    if len(text) - at > _SHORT_REST:
        yield _literals(text[at:])


class _Reader:
    """The containers that are open, and the key under which the next value stands."""

    def __init__(self) -> None:
        self.root: dict[str, object] = {}
        self._open: list[dict[str, object] | list[object]] = [self.root]
        self._keys: list[str] = [""]
        self._name = ""
        self._joins = False

    def name(self, name: str) -> None:
        self._name = name

    def mark(self, sign: str) -> None:
        if sign in ("=", "+=", ":"):
            self._keys[-1] = self._name or self._keys[-1]
        elif sign in (",", ";") and isinstance(self._open[-1], dict):
            self._keys[-1] = ""
        self._joins = sign == "+"
        self._name = ""

    def string(self, text: str) -> None:
        inner = self._open[-1]
        if self._joins and self._join(inner, text):
            self._joins = False
            return
        self._add(text)
        self._name = text if len(text) <= 60 else ""

    def value(self, number: int) -> None:
        self._add(number)
        self._name, self._joins = "", False

    def bracket(self, sign: str) -> None:
        if sign in "{[(":
            if sign == "(":
                self._keys[-1] = self._keys[-1] or self._name
            inner: dict[str, object] | list[object] = {} if sign == "{" else []
            if len(self._open) < _DEEPEST:
                self._add(inner)
                self._open.append(inner)
                self._keys.append("")
        elif len(self._open) > 1:
            self._open.pop()
            self._keys.pop()
        self._name, self._joins = "", False

    def _join(self, inner: dict[str, object] | list[object], text: str) -> bool:
        """Add to the string before a plus sign."""
        if isinstance(inner, list):
            before = inner[-1] if inner else None
        else:
            before = inner.get(self._keys[-1])
        if isinstance(before, str):
            before = Pieces([before])
            if isinstance(inner, list):
                inner[-1] = before
            else:
                inner[self._keys[-1]] = before
        if not isinstance(before, Pieces):
            return False
        before.pieces.append(text)
        return True

    def _add(self, value: object) -> None:
        inner, key = self._open[-1], self._keys[-1]
        if isinstance(inner, list):
            inner.append(value)
        elif key and key not in inner:
            inner[key] = value
        else:
            rest = inner.setdefault("", [])
            if isinstance(rest, list):
                rest.append({key: value} if key else value)


class Pieces:
    """A string that is put together with plus signs."""

    __slots__ = ("pieces",)

    def __init__(self, pieces: list[str]) -> None:
        self.pieces = pieces

    def __str__(self) -> str:
        return "".join(self.pieces)


def _literals(text: str) -> object:
    reader = _Reader()
    for count, match in enumerate(_TOKEN.finditer(text)):
        if count >= _MOST_TOKENS:
            break
        kind = match.lastindex
        if kind is None:
            continue
        if kind <= 3:
            reader.string(unescaped(match[kind]))
        elif kind == 4:
            reader.name(match[4])
        elif kind == 5:
            reader.bracket(match[5])
        elif kind == 6:
            reader.mark(match[6])
        else:
            reader.value(int(match[7]))
    return reader.root


def plain_value(value: object) -> object:
    """A value as JSON would have it: strings that were put together are strings."""
    return str(value) if isinstance(value, Pieces) else value


def unescaped(text: str) -> str:
    """The text of a string literal of JavaScript."""
    if "\\" not in text:
        return text
    return _SURROGATES.sub(_character, _ESCAPE.sub(_unescape, text))


def _unescape(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else ""
    return _ESCAPES.get(match[4], match[4])


def _character(match: re.Match[str]) -> str:
    return match[0].encode("utf-16", "surrogatepass").decode("utf-16", "replace")


# ------------------------------------------------------------------------------- framework's own forms


def read_flight(stream: str) -> Iterator[object]:
    """The rows of React's server components, with the other rows that they refer to in their places.

    A row is `id:JSON` up to the end of its line, or `id:T<length in bytes, hex>,text`.
    """
    rows = dict(_rows(stream.encode("utf-8", "replace")))
    used: set[str] = set()
    stack: list[object] = list(rows.values())
    seen: set[int] = set()
    while stack:
        value = stack.pop()
        if not isinstance(value, (dict, list)) or id(value) in seen:
            continue
        seen.add(id(value))
        for key, one in list(value.items() if isinstance(value, dict) else enumerate(value)):
            if isinstance(one, str) and (match := _REFERENCE.match(one)) and match[1] in rows:
                used.add(match[1])
                value[key] = rows[match[1]]
            else:
                stack.append(one)
    # The page's own row is the first by its number, and comes before what it refers to.
    order = sorted(rows, key=lambda row: row != "0")
    yield [rows[row] for row in order if row not in used or not isinstance(rows[row], str)]


def _rows(raw: bytes) -> Iterator[tuple[str, object]]:
    at = 0
    while at < len(raw):
        match = _ROW.match(raw[at : at + 24].decode("latin-1"))
        if match and match[2]:
            start = at + match.end()
            at = start + int(match[2], 16)
            yield match[1], raw[start:at].decode("utf-8", "replace")
            continue
        end = raw.find(b"\n", at)
        end = len(raw) if end < 0 else end
        if match and not match[3]:
            yield match[1], read_json(raw[at + match.end() : end].decode("utf-8", "replace"))
        at = end + 1


def read_flat(values: list[object]) -> Iterator[object]:
    """The value of a flat array in which everything refers to its place (devalue, turbo-stream)."""
    shells: list[object] = list(map(_shell, values))

    def at(place: object) -> object:
        # Numbers below zero stand for undefined and the like.
        known = isinstance(place, int) and 0 <= place < len(shells)
        return shells[place] if known and isinstance(place, int) else None

    for one, shell in zip(values, shells, strict=True):
        if isinstance(one, dict) and isinstance(shell, dict):
            for key, place in one.items():
                number = key[1:] if key[:1] == "_" else ""
                name = at(int(number)) if number.isdecimal() and len(number) < 8 else key
                shell[str(name)] = at(place)
        elif isinstance(one, list) and isinstance(shell, list):
            shell += [at(place) for place in one]
    if shells:
        yield shells[0]


def _shell(one: object) -> object:
    """What is filled from other places; a time (["Date", "2024-…"]) stands in its own."""
    if isinstance(one, list):
        return one[1] if len(one) == 2 and one[0] in ("Date", "D") else []
    return {} if isinstance(one, dict) else one


def is_flat(value: object) -> bool:
    """Whether an array is one in which everything refers to its place."""
    if not isinstance(value, list) or len(value) < 4 or not isinstance(value[0], (dict, list)):
        return False
    first = value[0]
    places = (
        list(first.values())
        if isinstance(first, dict)
        else [one for one in first if not isinstance(one, str)]
    )
    return bool(places) and all(isinstance(one, int) and one < len(value) for one in places)
