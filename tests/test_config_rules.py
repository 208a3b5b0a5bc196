"""`ingestd.config_rules`: files with site rules are read whole, or refused with every problem."""

import tomllib
from pathlib import Path

import pytest

from ingestd.clean.rules import SiteRule
from ingestd.config_rules import RULE_KEYS, load_rules, parse_rules
from ingestd.data import data_path
from ingestd.errors import ConfigError, Problem


def problems(text: str) -> list[tuple[int | None, str | None, str]]:
    with pytest.raises(ConfigError) as caught:
        parse_rules(text, "rules.toml")
    return [(one.line, one.key, one.message) for one in caught.value.problems]


def test_a_rule_is_read_as_it_is_written() -> None:
    text = """
        [[rule]]
        host = "www.A.example"
        because = "why"
        path = "/live/"
        keep = ["div.story"]
        drop = ["aside", "div > p"]
        drop_lines = ["Photo: .+"]
        title = "h1"
        [[rule]]
        host = "b.example"
        because = "why not"
        drop = ["aside"]
    """
    assert parse_rules(text, "x").rules == (
        SiteRule(
            "a.example",
            "why",
            "/live/",
            keep=("div.story",),
            drop=("aside", "div > p"),
            drop_lines=("Photo: .+",),
            title="h1",
        ),
        SiteRule("b.example", "why not", drop=("aside",)),
    )


def test_no_rules_are_rules() -> None:
    assert parse_rules("", "x").rules == ()
    assert load_rules(()).rules == ()


def test_every_problem_is_told_with_its_line_and_key() -> None:
    text = """\
[[rule]]
host = "*"
because = " "
dorp = ["aside"]
[[rule]]
drop = ["p >",
        "aside"]
drop_lines = ["(a+)+"]
[[rule]]
host = "a.example"
because = "x"
keep = "div.story"
title = 3
drop = []
[other]
"""
    found = problems(text)
    assert [(line, key) for line, key, _ in found] == [
        (15, "other"),
        (4, "rule.dorp"),
        (1, "rule"),
        (2, "rule.host"),
        (3, "rule.because"),
        (5, "rule"),
        (5, "rule"),
        (6, "rule.drop"),
        (8, "rule.drop_lines"),
        (12, "rule.keep"),
        (13, "rule.title"),
        (14, "rule.drop"),
    ]
    said = [message for *_, message in found]
    assert said[1] == 'unknown; did you mean "drop"?'
    assert said[2].startswith("it says nothing; give it one of authors, date, drop")
    assert 'because = "…"' in said[6]
    assert said[9] == 'expected a list, got the text "div.story": write ["div.story"]'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rule = 3", "expected a list, got the number 3"),
        ("rule = [3]", "expected a table, got the number 3"),
        ("[[rule]", "TOML syntax: "),
        ("x = 1", "unknown; known here: rule"),
    ],
)
def test_what_is_no_list_of_rules_is_refused(text: str, message: str) -> None:
    [(_, _, said)] = problems(text)
    assert said.startswith(message)


def test_two_rules_for_the_same_pages_are_refused_also_from_two_files(tmp_path: Path) -> None:
    text = '[[rule]]\nhost = "a.example"\nbecause = "x"\ndrop = ["p"]\n'
    (tmp_path / "one.toml").write_text(text)
    (tmp_path / "two.toml").write_text("\n" + text.replace("a.ex", "www.a.ex"))
    with pytest.raises(ConfigError) as caught:
        load_rules((tmp_path / "one.toml", tmp_path / "two.toml"))
    place = f"{tmp_path / 'one.toml'}:1"
    message = f"there is a rule for a.example/ already, at {place}"
    assert caught.value.problems == (Problem(message, tmp_path / "two.toml", 2, "rule"),)
    assert len(load_rules((tmp_path / "one.toml",)).rules) == 1


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "bytes.toml").write_bytes(b"\xff")
    with pytest.raises(ConfigError) as caught:
        load_rules((tmp_path / "none.toml", tmp_path / "bytes.toml"))
    assert [str(one) for one in caught.value.problems] == [
        f"{tmp_path / 'none.toml'}: no such file",
        f"{tmp_path / 'bytes.toml'}:1: not UTF-8",
    ]


def test_the_shipped_example_shows_every_key() -> None:
    text = data_path("config", "site_rules.toml").read_text("utf-8")
    assert parse_rules(text, "x").rules == ()
    example = text[text.index("# [[rule]]") :].replace("# ", "")
    [rule] = tomllib.loads(example)["rule"]
    assert tuple(sorted(rule)) == tuple(sorted(RULE_KEYS))
    assert len(parse_rules(example, "x").rules) == 1
