"""README.md says the truth about what can be checked: settings, views, commands, exit codes, targets."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingestd import cli
from ingestd.cli.article_view import Format
from ingestd.cli.main import app
from ingestd.config_rules import RULE_KEYS, parse_rules
from ingestd.store.schema import VIEWS
from tests.test_example_config import settings_table

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def rows_of(first_header: str) -> list[list[str]]:
    """The rows of the table whose first column has that header, without their formatting."""
    lines = README.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {first_header} |")) + 2
    table: list[list[str]] = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        table.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return table


def settings_rows() -> list[list[str]]:
    """The configuration table as the dataclasses have it; print it to bring README.md up to date."""
    return [[f"`[{row.section}] {row.key}`", f"`{row.default}`", row.meaning] for row in settings_table()]


def test_the_configuration_table_is_that_of_the_settings() -> None:
    assert rows_of("option") == settings_rows()


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_is_listed_with_its_columns(name: str, database_columns: dict[str, list[str]]) -> None:
    [columns] = [cells[2] for cells in rows_of("view") if cells[0] == f"`{name}`"]
    assert re.findall(r"\w+", columns) == database_columns[name]


@pytest.fixture(scope="module")
def database_columns() -> dict[str, list[str]]:
    from ingestd.store.schema import metadata

    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        found = {name: list(connection.execute(sa.text(select)).keys()) for name, select in VIEWS.items()}
    engine.dispose()
    return found


def test_every_command_is_listed() -> None:
    listed = " ".join(cells[0] for cells in rows_of("command"))
    commands = {str(command.name) for command in app.registered_commands}
    for group in app.registered_groups:
        assert group.typer_instance is not None
        for command in group.typer_instance.registered_commands:
            commands |= {str(group.name), str(command.name)}
    assert commands <= set(re.findall(r"[a-z]+", listed))


def test_the_exit_codes_are_those_of_the_command_line() -> None:
    documented = {cells[0] for cells in rows_of("exit code")}
    assert cli.__doc__ is not None
    assert documented == set(re.findall(r"(?m)^    (\d+) ", cli.__doc__))


def test_every_key_of_a_site_rule_is_listed() -> None:
    listed = re.findall(r"\w+", " ".join(cells[0] for cells in rows_of("key")))
    assert sorted(listed) == sorted(RULE_KEYS)


def test_the_site_rule_that_is_shown_is_one() -> None:
    [shown] = re.findall(r"(?s)```toml\n(\[\[rule\]\].*?)```", README)
    assert len(parse_rules(shown, "README.md").rules) == 1


def test_every_form_of_an_article_is_listed() -> None:
    [told] = [cells[1] for cells in rows_of("command") if "explain" in cells[0] and "articles" in cells[0]]
    assert f"--format {'|'.join(Format)}" in told.replace("\\", "")


def test_every_make_target_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = set(re.findall(r"(?m)^make ([a-z]+)", README))
    assert named
    assert named <= set(re.findall(r"(?m)^([a-z]+):", makefile))


def test_every_linked_file_exists() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert not [link for link in links if not (ROOT / link).exists()]
