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
