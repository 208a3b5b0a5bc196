"""An archive made by the demo, and a way to call the command line as a user does."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingestd.cli import main
from ingestd.cli.demo import ingest, write_config
from ingestd.demo.web import DemoWeb
from ingestd.store.database import Database
from ingestd.values import toml_value
from tests.dedupe.texts import OTHER_STORY, SAME_MINISTERS, WIRE
from tests.store.samples import MINUTE, NOW, settle


@dataclass(frozen=True)
class Result:
    """How one call of the command ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


class CommandLine:
    """`ingestd ARGUMENTS`, in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Result:
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = self._capsys.readouterr()
        code = ended.value.code
        return Result(code if isinstance(code, int) else 0, out, err)


@pytest.fixture
def ingestd(capsys: pytest.CaptureFixture[str]) -> Iterator[CommandLine]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield CommandLine(capsys)
    root.handlers[:] = handlers
    root.setLevel(level)


@dataclass(frozen=True)
class Archive:
    """The configuration of a filled archive, and the web that it came from."""

    config: Path
    web: DemoWeb


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Filled once; tests that change it take `archive`."""
    with DemoWeb(datetime.now(UTC)) as web:
        config = write_config(tmp_path_factory.mktemp("archive"), web)
        ingest(config)
        yield Archive(config, web)


@pytest.fixture
def archive(filled: Archive, tmp_path: Path) -> Archive:
    """A filled archive of the test's own."""
    for file in filled.config.parent.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return Archive(tmp_path / filled.config.name, filled.web)


# Address, headline and paragraphs of what `wires` holds, in the order in which it came: articles 1 to 6.
WIRES = (
    ("https://agency.example/talks", "Ministers speak by telephone", WIRE),
    ("https://morning.example/talks", "Strait: ministers talk", (f"VALMORA (AFP) - {WIRE[0]}", *WIRE[1:5])),
    (
        "https://evening.example/talks",
        "A call about the strait",
        ("Our own first lines.", *WIRE, "And more."),
    ),
    ("https://morning.example/meeting", "Ministers to meet in Sund", SAME_MINISTERS),
    ("https://evening.example/bakery", "Bakery sold", OTHER_STORY),
    ("https://weekly.example/bakery", "Two hundred years of bread", OTHER_STORY),
)


@dataclass(frozen=True)
class Wires:
    """A small archive of known articles, in either kind of database."""

    config: Path
    database: Database


@pytest.fixture
def wires(database: Database, database_url: str, tmp_path: Path) -> Wires:
    """An archive of `WIRES`, one article a minute from `NOW` on."""
    config = tmp_path / "wires.toml"
    config.write_text(f"[database]\nurl = {toml_value(database_url)}\n", "utf-8")
    for minutes, (url, title, paragraphs) in enumerate(WIRES):
        with database.writing(settling=True) as connection:
            at = NOW + minutes * MINUTE
            settle(
                connection,
                url,
                "\n\n".join(paragraphs),
                title=title,
                at=at,
                agency=None if minutes else "AFP",
            )
    return Wires(config, database)
