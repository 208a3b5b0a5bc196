"""`ingestd.app`"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingestd import app, config
from ingestd.errors import ConfigError
from ingestd.store import feeds


def loaded(folder: Path, text: str) -> config.Config:
    (folder / "ingestd.toml").write_text(text, "utf-8")
    return config.load(folder / "ingestd.toml", {})


def test_the_shipped_agencies_need_no_table_of_their_own(tmp_path: Path) -> None:
    assert app.agency_table(loaded(tmp_path, "")) is None


def test_agencies_of_ones_own_are_known_besides_the_shipped(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[[agency]]\nname = "MPA"\nspellings = ["Meridian Press Agency"]\n')
    table = app.agency_table(loaded(tmp_path, '[pages]\nagencies = ["mine.toml"]\n'))
    assert table is not None
    assert table.named("Meridian Press Agency") == "MPA"
    assert table.named("Agence France-Presse") == "AFP"


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        "agency = 3",
        "[[agency]]\nspellings = ['x']",
        "[[agency]]\nname = 'X'\nspellings = 'x'",
        "[[agency]]\nname = 'X'\nspellings = ['Agence France-Presse']",
    ],
)
def test_a_bad_agency_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        app.agency_table(loaded(tmp_path, '[pages]\nagencies = ["mine.toml"]\n'))
    assert caught.value.problems[0].file == tmp_path / "mine.toml"


def test_a_missing_agency_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        app.agency_table(loaded(tmp_path, '[pages]\nagencies = ["none.toml"]\n'))
    assert "none.toml: cannot be read: No such file" in str(caught.value.problems[0])


def test_only_ports_that_urls_name_are_let_through() -> None:
    assert app.ports_of(["http://a.example/", "http://b.example:8080/", "https://c.example:8443/x"]) == {
        8080,
        8443,
    }


def test_what_the_files_declare_is_what_the_database_polls(tmp_path: Path) -> None:
    text = '[[feed]]\nurl = "http://a.example/"\nname = "a"\ntags = ["x"]\nskip = ["/video/"]\n'
    now = datetime.now(UTC)
    with app.opened(loaded(tmp_path, text)) as database:
        assert app.declare(database, loaded(tmp_path, text), now).added == ("a",)
        assert app.declare(database, loaded(tmp_path, ""), now).undeclared == ("a",)
        with database.reading() as connection:
            row = feeds.find(connection, "a")
    assert (row.state, row.tags, row.skip) == ("undeclared", ["x"], ["/video/"])
    assert row.source == str(tmp_path / "ingestd.toml")
