"""`ingestd init`, `check`, `migrate`, and the command line itself"""

import os
import resource
import subprocess
import sys
from pathlib import Path

from ingestd import __version__
from tests.cli.conftest import CommandLine

HEAVY = {"sqlalchemy", "httpx", "feedparser", "trafilatura", "lxml", "numpy", "apscheduler", "pydantic"}


def test_init_writes_a_configuration_that_is_valid(ingestd: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "ingestd.toml"
    assert ingestd("init", path).code == 0
    assert ingestd("check", "-c", path).code == 0
    assert ingestd("init", path).code == 1
    assert ingestd("init", path, "--force").code == 0
    assert ingestd("init", tmp_path / "missing" / "ingestd.toml").code == 1


def test_check_names_every_problem_at_once(ingestd: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "ingestd.toml"
    path.write_text('[fetch]\nconcurency = 3\ntotal_timeout = "soon"\n[[feed]]\nurl = "ftp://a.example/"\n')
    result = ingestd("check", "-c", path)
    assert result.code == 4
    lines = result.err.splitlines()
    assert "3 problems" in lines[0]
    assert f"{path}:2" in lines[1]
    assert "concurrency" in lines[1]
    assert len(lines) == 4


def test_check_hides_secrets(ingestd: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "ingestd.toml"
    path.write_text(
        '[database]\nurl = "postgresql://me:hunter2@db.example/news"\n'
        '[[feed]]\nurl = "http://a.example/"\nheaders = { Authorization = "Bearer hunter2" }\n'
    )
    for arguments in (("check",), ("check", "--json")):
        result = ingestd(*arguments, "-c", path)
        assert result.code == 0
        assert "hunter2" not in result.out
        assert "a.example" in result.out


def test_what_check_prints_is_a_configuration(ingestd: CommandLine, tmp_path: Path) -> None:
    path, again = tmp_path / "ingestd.toml", tmp_path / "again.toml"
    path.write_text('[hosts."a.example"]\nproxy = "none"\n[[feed]]\nurl = "http://a.example/"\n')
    printed = ingestd("check", "-c", path).out
    again.write_text(printed)
    assert ingestd("check", "-c", again).out == printed.replace(str(path), str(again))


def test_check_tells_of_a_proxy_and_hides_its_password(ingestd: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "ingestd.toml"
    path.write_text('[fetch]\nproxy = "socks5://me:hunter2@proxy.example:1080"\n')
    for arguments in (("check",), ("check", "--json")):
        result = ingestd(*arguments, "-c", path)
        assert result.code == 0
        assert "socks5://proxy.example:1080, which looks names up itself" in result.out
        assert "hunter2" not in result.out + result.err


def test_migrate_makes_and_keeps_a_database(ingestd: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "ingestd.toml"
    ingestd("init", path)
    assert "now at" in ingestd("migrate", "-c", path).out
    assert (tmp_path / "ingestd.sqlite3").exists()
    assert "nothing to do" in ingestd("migrate", "-c", path).out


def test_a_database_that_cannot_be_opened_is_exit_code_5(ingestd: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "ingestd.toml"
    path.write_text('[database]\nurl = "sqlite:///missing/folder/x.sqlite3"\n')
    result = ingestd("once", "-c", path)
    assert result.code == 5
    assert "missing/folder" in result.err
    assert "Traceback" not in result.err


def test_a_missing_configuration_says_how_to_get_one(ingestd: CommandLine, tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-m", "ingestd", "once"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 4
    assert "ingestd init" in result.stderr


def test_version_and_mistyped_commands(ingestd: CommandLine) -> None:
    assert ingestd("--version").out == f"ingestd {__version__}\n"
    mistyped = ingestd("onc")
    assert mistyped.code == 2
    assert "once" in mistyped.err


def test_no_sentence_of_the_help_is_cut_off(ingestd: CommandLine) -> None:
    for group in ((), ("feeds",), ("articles",), ("clusters",), ("try",)):
        assert "..." not in ingestd(*group, "--help").out.partition("Commands:")[2]


def test_a_run_without_feeds_says_what_to_do(ingestd: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "ingestd.toml"
    ingestd("init", path)
    result = ingestd("once", "-c", path)
    assert result.code == 0
    assert "[[feed]]" in result.err
    assert str(path) in result.err


def test_help_takes_little_processor_time() -> None:
    """The figure asked for is 0.4 s; what is asserted is only that no heavy module was imported."""
    code = (
        "import sys; from ingestd.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        f"heavy = {HEAVY} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "Usage" in result.stdout
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime >= before
