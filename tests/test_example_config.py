"""The files in `config/` say the truth about every setting; so does whatever is made of `settings_table`."""

import ast
import inspect
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ingestd.config import Config, feeds_file, load, settings_classes, settings_keys, starter, written
from ingestd.config_feeds import FEED_KEYS, HOST_KEYS
from ingestd.config_schema import annotations_of, convert
from ingestd.data import data_path
from ingestd.values import toml_value, write_duration

SECTIONS = settings_classes()
SETTINGS = [(section, each.name) for section, settings in SECTIONS.items() for each in fields(settings)]


class Row(NamedTuple):
    """One setting as a table shows it."""

    section: str
    key: str
    # As TOML.
    default: str
    # The comment above the field.
    meaning: str


def settings_table() -> list[Row]:
    """Every setting, in the order of the sections, from the dataclasses themselves."""
    return [
        Row(section, key, default_of(section, key), meaning)
        for section, settings in SECTIONS.items()
        for key, meaning in meanings(settings).items()
    ]


def default_of(section: str, key: str) -> str:
    value = getattr(SECTIONS[section](), key)
    return "" if value is None else toml_value(written(key, value))


def meanings(settings: type) -> dict[str, str]:
    """The comment above each field of a dataclass; "" when there is none."""
    lines = inspect.getsource(settings).splitlines()
    body = ast.parse("\n".join(lines)).body[0]
    assert isinstance(body, ast.ClassDef)
    assigned = [node for node in body.body if isinstance(node, ast.AnnAssign)]
    return {ast.unparse(node.target): comment_above(lines, node.lineno - 1) for node in assigned}


def comment_above(lines: list[str], index: int) -> str:
    comment: list[str] = []
    while lines[index - 1].lstrip().startswith("#"):
        index -= 1
        comment.insert(0, lines[index].strip().removeprefix("#").strip())
    return " ".join(comment)


def documented() -> Iterator[tuple[str, str, Any]]:
    """Section, key and value of every option in the shipped file, commented out as they are."""
    section = ""
    for line in starter().splitlines():
        if header := re.fullmatch(r"(?:# )?\[+([a-z]+).*\]", line):
            section = header[1]
        elif option := re.fullmatch(r"# ([a-z_]+) = (.+)", line):
            yield section, option[1], tomllib.loads(f"value = {option[2]}")["value"]


def uncommented() -> str:
    """The shipped file with every option taken into force."""
    return re.sub(r"(?m)^# (?=\[|[a-z_]+ = )", "", starter()).replace("include =", "# include =")


def loaded(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> Config:
    file = folder / "ingestd.toml"
    file.write_text(text, "utf-8")
    return load(file, environ or {})


def test_shipped_file_loads_and_changes_nothing(tmp_path: Path) -> None:
    config = loaded(tmp_path, starter())
    assert config.feeds == ()
    for section, settings in SECTIONS.items():
        if section != "database":
            assert getattr(config, section) == settings()


@pytest.mark.parametrize(("section", "key"), SETTINGS)
def test_every_setting_is_documented_with_its_true_default(section: str, key: str) -> None:
    [value] = [value for *place, value in documented() if place == [section, key]]
    settings = SECTIONS[section]
    assert convert(annotations_of(settings)[key], key, value) == getattr(settings(), key)


def test_every_documented_option_exists() -> None:
    known = {
        (section, key) for section, settings in SECTIONS.items() for key in settings_keys(section, settings)
    }
    known |= {("feed", key) for key in FEED_KEYS} | {("hosts", key) for key in HOST_KEYS} | {("", "include")}
    assert {(section, key) for section, key, _ in documented()} <= known


def test_every_key_of_a_feed_and_of_a_host_is_documented() -> None:
    assert {key for section, key, _ in documented() if section == "feed"} == set(FEED_KEYS)
    assert {key for section, key, _ in documented() if section == "hosts"} == set(HOST_KEYS)


def test_each_option_has_prose_above_it() -> None:
    settings, _, _ = starter().partition("exceptions for a host")
    for above, line in pairwise(settings.splitlines()):
        if re.fullmatch(r"# [a-z_]+ = .+", line):
            assert re.match(r"#\s+\S", above), line


def test_all_options_together_load(tmp_path: Path) -> None:
    config = loaded(tmp_path, uncommented())
    assert [feed.key for feed in config.feeds] == ["example", "https://example.net/members.xml"]
    assert config.hosts["example.org"].robots is True
    for section, settings in SECTIONS.items():
        if section != "database":
            assert getattr(config, section) == settings()


def test_example_list_loads_through_include(tmp_path: Path) -> None:
    example = data_path("config", "feeds.example.toml")
    config = loaded(tmp_path, f"include = [{toml_value(str(example))}]")
    assert [feed.name for feed in config.feeds][1:] == [
        "valley-radio",
        "ticker",
        "garden-blog",
        "stadtblatt",
        "gazette",
    ]
    assert tomllib.loads(feeds_file(config.feeds)) == tomllib.loads(example.read_text("utf-8"))


@pytest.mark.parametrize("row", settings_table(), ids=lambda row: f"{row.section}.{row.key}")
def test_every_setting_has_a_default_and_a_comment(row: Row) -> None:
    assert row.default
    assert re.match(r"[\"A-Z].{10,}\.$", row.meaning), row


def test_durations_in_the_table_are_readable() -> None:
    [row] = [row for row in settings_table() if (row.section, row.key) == ("polling", "floor")]
    assert row.default == toml_value(write_duration(SECTIONS["polling"]().floor))
