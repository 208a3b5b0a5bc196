"""On which line of a TOML file a key stands.

`tomllib` gives values without places. `Lines` walks the text once more and notes the line of each key,
also of those within arrays and inline tables. The text has already passed `tomllib`, so this scanner may
trust that it is valid and only has to know where one value ends and the next begins.
"""

import re
import tomllib

# Keys lead into tables, numbers (from 0) into arrays: ("feed", 3, "headers", "X-Key").
KeyPath = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BETWEEN = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*")
_SCALAR = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'"
    r"|[^,\]}\n#]+",
    re.DOTALL,
)
_KEY_PART = re.compile(r"""[ \t]*("(?:\\.|[^"\\])*"|'[^']*'|[^\s.=\]"']+)[ \t]*(\.?)""")
_HEADER_END = re.compile(r"[ \t]*\]\]?")
_EQUALS = re.compile(r"[ \t]*=[ \t]*")


class Lines:
    """The lines, from 1, of all keys of one valid TOML text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._line_counted_to = 0
        self._lines: dict[KeyPath, int] = {}
        # How many [[tables]] each array of tables has so far.
        self._sizes: dict[KeyPath, int] = {}
        self._scan()

    def of(self, path: KeyPath) -> int | None:
        """The line of that key, or of the nearest table around it that was written down."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path)

    def _scan(self) -> None:
        table: KeyPath = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        assert found is not None
        self._at = found.end()
        return found[0]

    def _header(self) -> KeyPath:
        repeated = self._text.startswith("[[", self._at)
        line = self._here()
        self._at += 2 if repeated else 1
        *outer, name = self._keys()
        self._skip(_HEADER_END)
        path: KeyPath = ()
        for key in outer:
            path = self._last_of((*path, key))
        path = (*path, name)
        self._lines.setdefault(path, line)
        if repeated:
            self._sizes[path] = self._sizes.get(path, 0) + 1
            path = self._last_of(path)
            self._lines[path] = line
        return path

    def _last_of(self, path: KeyPath) -> KeyPath:
        """Within an array of tables, a header or key means the table that was opened last."""
        size = self._sizes.get(path)
        return path if size is None else (*path, size - 1)

    def _pair(self, table: KeyPath) -> None:
        line = self._here()
        path = table
        for key in self._keys():
            path = (*path, key)
            self._lines.setdefault(path, line)
        self._skip(_EQUALS)
        self._value(path)

    def _keys(self) -> list[str]:
        keys, more = [], True
        while more:
            found = _KEY_PART.match(self._text, self._at)
            assert found is not None
            self._at = found.end()
            keys.append(_unquoted(found[1]))
            more = bool(found[2])
        return keys

    def _value(self, path: KeyPath) -> None:
        opening = self._text[self._at]
        if opening == "[":
            self._array(path)
        elif opening == "{":
            self._inline_table(path)
        else:
            self._skip(_SCALAR)

    def _array(self, path: KeyPath) -> None:
        self._at += 1
        index = 0
        while not self._closed_by("]"):
            self._lines[(*path, index)] = self._here()
            self._value((*path, index))
            index += 1

    def _inline_table(self, path: KeyPath) -> None:
        self._at += 1
        while not self._closed_by("}"):
            self._pair(path)

    def _closed_by(self, bracket: str) -> bool:
        """Go on to the next item, or over the bracket that ends the array or inline table."""
        self._skip(_BETWEEN)
        ended = self._text.startswith(bracket, self._at)
        self._at += ended
        return ended

    def _here(self) -> int:
        self._line += self._text.count("\n", self._line_counted_to, self._at)
        self._line_counted_to = self._at
        return self._line


def _unquoted(key: str) -> str:
    if key[0] == '"':
        return str(tomllib.loads(f"key = {key}")["key"])
    return key[1:-1] if key[0] == "'" else key
