"""Every key of a TOML text is found on the line that it stands on."""

import tomllib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ingestd.config_lines import KeyPath, Lines
from ingestd.values import toml_key, toml_value

TEXT = """\
title = "x" # line 1

[fetch]
total_timeout = "60s"
"quoted.key" = 1
'literal key' = 2
a.b . "c" = 3
[[feed]]
url = "one"
[feed.headers]
"X-Key" = { env = "VAR", other = [1, { deep = true }] }
[[feed]]
text = \"\"\"
[not.a.header]
url = "no key"\\\"\"\"\"\"\"
literal = '''
[[feed]]
'''
url = 'two'  # [[feed]]
tags = [ # a comment, with ] and "
  "first",

  "second, with ]", # another
  { inline = 1 },
]
when = 2026-11-22 10:00:00
[hosts."example.org"] # trailing
spacing = "1s"
[hosts.'b.example']
"""


def test_each_key_is_found() -> None:
    lines = Lines(TEXT)
    expected: dict[KeyPath, int] = {
        ("title",): 1,
        ("fetch",): 3,
        ("fetch", "total_timeout"): 4,
        ("fetch", "quoted.key"): 5,
        ("fetch", "literal key"): 6,
        ("fetch", "a", "b", "c"): 7,
        ("feed",): 8,
        ("feed", 0): 8,
        ("feed", 0, "url"): 9,
        ("feed", 0, "headers"): 10,
        ("feed", 0, "headers", "X-Key", "other", 1, "deep"): 11,
        ("feed", 1): 12,
        ("feed", 1, "text"): 13,
        ("feed", 1, "literal"): 16,
        ("feed", 1, "url"): 19,
        ("feed", 1, "tags", 0): 21,
        ("feed", 1, "tags", 1): 23,
        ("feed", 1, "tags", 2, "inline"): 24,
        ("feed", 1, "when"): 26,
        ("hosts", "example.org"): 27,
        ("hosts", "example.org", "spacing"): 28,
        ("hosts", "b.example"): 29,
    }
    assert {path: lines.of(path) for path in expected} == expected
    tomllib.loads(TEXT)


def test_what_was_not_written_falls_back_to_the_nearest_table() -> None:
    lines = Lines(TEXT)
    assert lines.of(("feed", 1, "interval")) == 12
    assert lines.of(("feed", 0, "headers", "X-Other", "env")) == 10
    assert lines.of(("nowhere",)) is None
    assert Lines("").of(("key",)) is None


def test_windows_line_ends_count_once() -> None:
    assert Lines("a = 1\r\n\r\n[b]\r\nc = 2\r\n").of(("b", "c")) == 4


NAMES = st.text(st.characters(codec="utf-8"), max_size=5)
LEAVES = st.booleans() | st.integers(-9, 9) | st.text(st.characters(codec="utf-8"), max_size=9)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3)
)


@settings(deadline=None)
@given(
    st.dictionaries(
        NAMES, st.lists(st.dictionaries(NAMES, VALUES, max_size=4), min_size=1, max_size=3), max_size=3
    )
)
def test_keys_of_any_document_are_found_where_they_were_written(
    document: dict[str, list[dict[str, Any]]],
) -> None:
    text: list[str] = []
    expected: dict[KeyPath, int] = {}
    for name, tables in document.items():
        for index, table in enumerate(tables):
            text.append(f"[[{toml_key(name)}]]")
            for key, value in table.items():
                text.append(f"  {toml_key(key)}={toml_value(value)}")
                expected[name, index, key] = len(text)
    lines = Lines("\n".join(text))
    assert tomllib.loads("\n".join(text)) == document
    assert {path: lines.of(path) for path in expected} == expected
