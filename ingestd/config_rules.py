"""Files with site rules, read as strictly as the configuration itself.

    [[rule]]
    host = "example.org"
    because = "its newsletter box stands between the paragraphs"
    drop = ["div.newsletter"]

What a rule can say and what it means is told in `clean.rules` and shown in `config/site_rules.toml`.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ingestd.clean import rules
from ingestd.clean.rules import RuleBook, SiteRule
from ingestd.config_lines import Lines
from ingestd.config_schema import Node, Reading, read_toml
from ingestd.errors import ConfigError, Problem
from ingestd.values import Unusable, describe, read_text


def _reason(raw: object) -> str:
    because = read_text(raw).strip()
    if not because:
        raise Unusable("expected a sentence that says why the rule is there, got an empty text")
    return because


# Every key of a rule, and what takes its value; the second ones take lists.
_TEXTS: Mapping[str, Callable[[object], str]] = {
    "host": rules.read_site,
    "because": _reason,
    "path": rules.read_path,
    "lead": rules.read_selector,
    "title": rules.read_selector,
    "authors": rules.read_selector,
    "date": rules.read_selector,
}
_LISTS: Mapping[str, Callable[[object], str]] = {
    "keep": rules.read_selector,
    "drop": rules.read_selector,
    "drop_lines": rules.read_line_pattern,
}
RULE_KEYS = (*_TEXTS, *_LISTS)
_REQUIRED = {
    "host": 'which site is it about? host = "example.org"',
    "because": 'say why it is there: because = "…"',
}
_ABOUT = ("host", "because", "path")


def load_rules(files: Iterable[Path]) -> RuleBook:
    """The rules of these files; raises ConfigError with every problem of all of them."""
    reading = Reading({})
    roots = [root for file in files if (root := read_toml(file, reading)) is not None]
    return _book(roots, reading)


def parse_rules(text: str, name: str) -> RuleBook:
    """The rules of one text, `name` being what its problems are told under; raises ConfigError."""
    file, reading = Path(name), Reading({})
    try:
        return _book([Node(tomllib.loads(text), file, Lines(text), reading)], reading)
    except tomllib.TOMLDecodeError as error:
        raise _refused((Problem(f"TOML syntax: {error}", file),)) from None


def _book(roots: Iterable[Node], reading: Reading) -> RuleBook:
    known: dict[tuple[str, str], Node] = {}
    found = [
        rule
        for root in roots
        if (table := root.table(("rule",)).get("rule")) is not None
        for node in table.items()
        if (rule := _rule(node, known)) is not None
    ]
    if reading.problems:
        raise _refused(tuple(reading.problems))
    return RuleBook(tuple(found))


def _refused(problems: tuple[Problem, ...]) -> ConfigError:
    return ConfigError("the site rules cannot be used", problems)


def _rule(node: Node, known: dict[tuple[str, str], Node]) -> SiteRule | None:
    """One rule; None when a problem was noted."""
    reading = node.reading
    before = len(reading.problems)
    members = node.table(RULE_KEYS)
    for key, wish in _REQUIRED.items():
        if isinstance(node.value, Mapping) and key not in members:
            node.refuse(wish)
    if members and not members.keys() - set(_ABOUT):
        node.refuse(f"it says nothing; give it one of {', '.join(sorted(set(RULE_KEYS) - set(_ABOUT)))}")
    values = {key: _value(key, member) for key, member in members.items()}
    if len(reading.problems) > before:
        return None
    rule = SiteRule(**values)
    place = (rule.host, rule.path)
    if place in known:
        other = known[place]
        node.refuse(f"there is a rule for {rule.host}{rule.path} already, at {other.file}:{other.line}")
    known.setdefault(place, node)
    return rule


def _value(key: str, node: Node) -> Any:
    if key in _TEXTS:
        return node.read(_TEXTS[key])
    if isinstance(node.value, str):
        node.refuse(f"expected a list, got {describe(node.value)}: write [{describe(node.value)[9:]}]")
        return ()
    if node.value == []:
        node.refuse("expected at least one")
    return tuple(item.read(_LISTS[key]) for item in node.items())
