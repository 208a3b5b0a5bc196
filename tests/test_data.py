from pathlib import Path

import pytest

from ingestd import data
from ingestd.data import data_path


def test_a_checkout_finds_its_files_beside_the_package() -> None:
    assert data_path("config", "agencies.toml").is_file()


def test_an_installed_copy_wins_over_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "_PACKAGE", tmp_path / "ingestd")
    for folder in (tmp_path / "config", tmp_path / "ingestd" / "_data" / "config"):
        folder.mkdir(parents=True)
        (folder / "x.toml").touch()
    assert data_path("config", "x.toml") == tmp_path / "ingestd" / "_data" / "config" / "x.toml"


def test_a_missing_file_is_an_error_that_names_the_places() -> None:
    with pytest.raises(FileNotFoundError, match=r"_data/config/no\.toml nor .*config/no\.toml"):
        data_path("config", "no.toml")
