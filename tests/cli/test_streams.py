"""Where the output goes: closed pipes, missing streams, terminals of any width and encoding"""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios

import pytest
from rich.cells import cell_len

from tests.cli.conftest import Archive

DATE = re.compile(r"[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}")
COMMAND = (sys.executable, "-m", "ingestd")
LISTS = (("feeds", "list"), ("articles", "list"), ("clusters", "list"), ("clusters", "show", "1"))


def ingestd(
    archive: Archive, *arguments: str, stdout: int = subprocess.PIPE, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *arguments, "-c", str(archive.config)],
        stdout=stdout,
        stderr=subprocess.PIPE,
        env=dict(os.environ, **environment),
    )


@pytest.mark.parametrize("arguments", [("check",), ("articles", "list"), ("articles", "list", "--json")])
def test_a_reader_who_has_seen_enough_is_no_error(filled: Archive, arguments: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = ingestd(filled, *arguments, stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_output_that_cannot_be_written_is_one_clear_line(filled: Archive) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    done = ingestd(filled, "articles", "list", stdout=full)
    os.close(full)
    assert done.returncode == 1
    assert done.stderr.decode() == "ingestd: the output cannot be written: No space left on device\n"


def test_closed_streams_are_no_error(filled: Archive) -> None:
    line = f'"{sys.executable}" -m ingestd check -c "{filled.config}" >&- 2>&-'
    assert subprocess.run(["sh", "-c", line]).returncode == 0


@pytest.mark.parametrize("arguments", LISTS)
def test_letters_that_the_terminal_lacks_are_written_as_escapes(
    filled: Archive, arguments: tuple[str, ...]
) -> None:
    done = ingestd(filled, *arguments, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()


def test_json_and_exports_are_utf_8_whatever_the_terminal(filled: Archive) -> None:
    listed = ingestd(filled, "articles", "list", "-n", "500", "--json", PYTHONIOENCODING="ascii")
    assert any(not row["title"].isascii() for row in json.loads(listed.stdout.decode("utf-8")))
    exported = ingestd(filled, "feeds", "export", PYTHONIOENCODING="utf-16")
    assert exported.stdout.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")


def test_a_pipe_gets_one_line_a_row_without_blanks_at_its_end(filled: Archive) -> None:
    lines = ingestd(filled, "articles", "list", "-n", "500", COLUMNS="40").stdout.decode().splitlines()
    # Title, head and rule above, an empty line below.
    assert len(lines) == len(filled.web.expected_articles) + 4
    assert all(line == line.rstrip() for line in lines)


@pytest.mark.parametrize("columns", [80, 160])
@pytest.mark.parametrize("arguments", [*LISTS[:3], ("feeds", "show", "old-lantern")])
def test_tables_fit_the_terminal_and_break_no_date(
    filled: Archive, arguments: tuple[str, ...], columns: int
) -> None:
    shown = on_terminal(columns, *arguments, "-c", str(filled.config))
    rules = [line for line in shown.splitlines() if line.startswith(" ─")]
    assert rules
    assert all(cell_len(line) <= columns for line in rules)
    assert DATE.findall(shown) == DATE.findall(ingestd(filled, *arguments).stdout.decode())


def on_terminal(columns: int, *arguments: str) -> str:
    """What the command writes to a terminal of that width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    with subprocess.Popen([*COMMAND, *arguments], stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        written = b""
        while chunk := _read(ours):
            written += chunk
    os.close(ours)
    assert process.returncode == 0
    return written.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:
        # Linux says so when the other end is closed.
        return b""


def test_a_document_goes_into_a_file_as_it_is_and_safely_onto_a_terminal(filled: Archive) -> None:
    sentence = "Der Hafen – \u202eהנמל\u202c – wird in diesem Jahr noch einmal tiefer, sagte die Behörde. "
    page = f"<title>A title</title><article><h1>A title</h1><p>{sentence * 5}</p></article>".encode()
    command = [*COMMAND, "try", "page", "-", "--format", "markdown", "-c", str(filled.config)]
    written = subprocess.run(command, input=page, capture_output=True, env=dict(os.environ, LC_ALL="C"))
    assert "\u202eהנמל\u202c".encode() in written.stdout
    terminal, inner = pty.openpty()
    subprocess.run(command, input=page, stdout=inner, env=dict(os.environ, PYTHONIOENCODING="utf-8"))
    os.close(inner)
    shown = b"".join(iter(lambda: _read(terminal), b"")).decode()
    assert "הנמל" in shown
    assert "\u202e" not in shown
