"""`ingestd demo` as a newcomer runs it"""

import http.client
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from ingestd import config
from tests.cli.conftest import Archive, CommandLine


def test_the_demo_shows_feeds_articles_clusters_and_what_to_type_next(
    ingestd: CommandLine, tmp_path: Path
) -> None:
    result = ingestd("demo", tmp_path / "demo")
    assert result.code == 0
    for part in ("Feeds", "Clean articles", "Cluster", "overlap", "What to type next", "demo.sqlite3"):
        assert part in result.out
    listed = ingestd("clusters", "list", "-c", tmp_path / "demo" / "ingestd.toml")
    assert "clusters" in listed.out
    assert config.load(tmp_path / "demo" / "ingestd.toml", {}).fetch.allow_networks


def test_a_second_demo_starts_afresh(ingestd: CommandLine, tmp_path: Path) -> None:
    first = ingestd("demo", tmp_path)
    second = ingestd("demo", tmp_path)
    assert first.code == second.code == 0
    assert "not-modified" not in second.out


def test_a_folder_that_cannot_be_written_is_one_clear_line(ingestd: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "taken" / "ingestd.toml").mkdir(parents=True)
    for folder in ("file", "taken"):
        result = ingestd("demo", tmp_path / folder)
        assert result.code == 1
        assert result.err.startswith("ingestd: ")
        assert "cannot" in result.err
        assert result.err.count("\n") == 1


def test_a_port_that_is_taken_is_one_clear_line(
    ingestd: CommandLine, filled: Archive, tmp_path: Path
) -> None:
    result = ingestd("demo", tmp_path, "--port", filled.web.port)
    assert result.code == 1
    assert f"port {filled.web.port}" in result.err
    assert ingestd("demo", tmp_path, "--port", 65_536).code == 2


def test_only_pages_that_are_up_are_offered_to_a_browser(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "ingestd", "demo", str(tmp_path), "--serve"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        offered: list[str] = []
        for line in process.stdout:
            if line.startswith("  http://"):
                offered.append(line.strip())
            if line.startswith("  http://solder-and-sail"):
                break
        answers = {url: _get(url) for url in offered}
        process.send_signal(signal.SIGTERM)
    assert process.returncode == 0
    assert len(answers) > 10
    assert set(answers.values()) == {200}


def _get(url: str) -> int:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port or 80)
    connection.request("GET", parts.path, headers={"Host": parts.netloc})
    status = connection.getresponse().status
    connection.close()
    return status
