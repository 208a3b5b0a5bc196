"""`ingestd dedup`"""

import gzip
import json
import os
import pty
import random
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import CommandLine, Result
from tests.dedupe.texts import OTHER_STORY, SAME_MINISTERS, WIRE, body, weather

COMMAND = (sys.executable, "-m", "ingestd", "dedup")

FULL = {"id": "full", "text": body(*WIRE), "source": "a.example", "time": 3_000}
BRIEF = {"id": "brief", "text": body(*WIRE[:3]), "source": "b.example", "time": 2_000}
REST = {"id": "rest", "text": body(*WIRE[3:]), "source": "c.example", "time": 1_000}
OTHER = {"id": "other", "text": body(*OTHER_STORY), "source": "d.example", "time": 4_000}


def written(file: Path, *lines: object) -> Path:
    """A file of these lines: bytes as they are, all else as JSON."""
    data = (line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    file.write_bytes(b"".join(line + b"\n" for line in data))
    return file


def rows(text: str | bytes) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]


def run(*arguments: object, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, **options)


def test_each_document_gets_a_line_in_the_order_of_the_input(ingestd: CommandLine, tmp_path: Path) -> None:
    result = ingestd("dedup", written(tmp_path / "in.jsonl", BRIEF, OTHER, FULL))
    brief, other, full = rows(result.out)
    assert result.code == 0
    assert full == {"id": "full", "cluster": brief["cluster"], "role": "canonical", "containment": None}
    assert brief == {"id": "brief", "cluster": full["cluster"], "role": "excerpt", "containment": 1.0}
    assert other == {"id": "other", "cluster": other["cluster"], "role": "canonical", "containment": None}
    assert other["cluster"] != full["cluster"]
    assert result.err == "3 documents, 2 texts, 1 in copies\n"


def test_a_document_without_an_id_is_called_by_its_line_blank_ones_counted(
    ingestd: CommandLine, tmp_path: Path
) -> None:
    documents = ({"text": "one"}, b" ", {"text": "two", "id": None}, {"text": "", "id": 7}, b"")
    result = ingestd("dedup", written(tmp_path / "in.jsonl", *documents))
    assert [row["id"] for row in rows(result.out)] == [1, 3, 7]
    assert (result.code, result.err) == (0, "3 documents, 3 texts, 0 in copies\n")


def test_documents_without_text_in_them_are_alone(ingestd: CommandLine, tmp_path: Path) -> None:
    file = written(tmp_path / "in.jsonl", {"text": ""}, {"text": ""}, {"text": "...", "title": ""})
    assert len({row["cluster"] for row in rows(ingestd("dedup", file).out)}) == 3


@pytest.mark.parametrize("arguments", [[], ["-"]])
def test_standard_input_and_gzip_are_read_like_a_file(tmp_path: Path, arguments: list[str]) -> None:
    file = written(tmp_path / "in.jsonl", BRIEF, OTHER, FULL)
    packed = tmp_path / "in.jsonl.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    by_file = run(file).stdout
    assert by_file
    assert run(*arguments, input=file.read_bytes()).stdout == by_file
    assert run(packed).stdout == by_file


BAD = (
    (b"no json", "no JSON: Expecting value, column 1"),
    (b'["text"]', "no JSON object, but a list"),
    (b"null", "no JSON object, but null"),
    (b'{"id": "x"}', 'it has no "text"'),
    (b'{"text": null}', 'it has no "text"'),
    (b'{"text": 3}', 'its "text" is a number'),
    (b'{"text": "x", "title": {}}', 'its "title" is an object'),
    (b'{"text": "x", "id": true}', 'its "id" is true or false'),
    (b'{"text": "x", "id": [1]}', 'its "id" is a list'),
    (b'{"text": "x", "id": NaN}', 'its "id" is a number that JSON does not have'),
    (b'{"text": "\xff"}', "not UTF-8: byte 0xff"),
    (b"[" * 100_000, "no JSON that can be read: nested too deep"),
    (b'{"text": "x", "id": ' + b"1" * 5_000 + b"}", "no JSON that can be read: "),
)


@pytest.mark.parametrize(("line", "message"), BAD, ids=[message for _, message in BAD])
@pytest.mark.parametrize("follow", [[], ["--follow"]])
def test_what_is_no_document_is_named_and_the_others_are_placed(
    ingestd: CommandLine, tmp_path: Path, line: bytes, message: str, follow: list[str]
) -> None:
    file = written(tmp_path / "in.jsonl", FULL, line, BRIEF)
    result = ingestd("dedup", file, *follow)
    assert result.code == 3
    assert result.err.startswith(f"ingestd: {file}:2: {message}")
    assert result.err.endswith("2 documents, 1 text, 1 in copies; 1 line skipped\n")
    assert {row["id"] for row in rows(result.out)} == {"full", "brief"}


def test_a_line_longer_than_any_document_is_skipped_as_a_whole(
    ingestd: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingestd.cli.documents.LONGEST_LINE", 2_000)
    longest = json.dumps({"text": ""}).encode()
    longest = longest[:-2] + b"x" * (2_000 - len(longest)) + longest[-2:]
    file = written(tmp_path / "in.jsonl", longest, b'{"text": "' + b"x" * 9_000 + b'"}', {"text": "y"})
    result = ingestd("dedup", file)
    assert result.err.startswith(f"ingestd: {file}:2: longer than ")
    assert [row["id"] for row in rows(result.out)] == [1, 3]


def test_an_archive_that_breaks_off_is_an_error_and_its_documents_are_placed(
    ingestd: CommandLine, tmp_path: Path
) -> None:
    noise = random.Random(1).randbytes(400_000).hex()
    lines = "".join(json.dumps(one) + "\n" for one in (FULL, BRIEF, {"text": noise}))
    file = tmp_path / "in.jsonl.gz"
    file.write_bytes(gzip.compress(lines.encode())[:-1_000])
    result = ingestd("dedup", file)
    assert result.code == 3
    assert f"{file}:3: cannot be read any further: " in result.err
    assert [row["id"] for row in rows(result.out)] == ["full", "brief"]
    file.write_bytes(b"plain text")
    assert ingestd("dedup", file).code == 3


def test_repeated_ids_and_unreadable_times_are_told_once(ingestd: CommandLine, tmp_path: Path) -> None:
    twin = {**OTHER, "time": "last Sunday"}
    file = written(tmp_path / "in.jsonl", FULL, OTHER, twin, {**FULL, "time": 10**30}, OTHER)
    result = ingestd("dedup", file)
    assert result.code == 0
    assert [row["id"] for row in rows(result.out)] == ["full", "other", "other", "full", "other"]
    assert "3 documents with the id of another, the first on lines 2 and 3; all kept\n" in result.err
    assert '2 documents with a "time" neither in ISO 8601' in result.err


def test_ids_and_texts_survive_whatever_letters_they_have(tmp_path: Path) -> None:
    ids = ["٣", "a\x1b[31m", "half a pair \ud800", "𝔘", " "]
    file = written(tmp_path / "in.jsonl", *({"id": id_, "text": f"{id_} \ud9ff"} for id_ in ids))
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    done = run(file, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert [row["id"] for row in rows(done.stdout.decode("utf-8"))] == ids


# ------------------------------------------------------------------------------- following


def replayed(events: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The result, as somebody has it who applies the events one after the other."""
    documents: dict[int, dict[str, Any]] = {}
    for event in events:
        match event["event"]:
            case "placed":
                documents[event["line"]] = {
                    key: event[key] for key in ("id", "cluster", "role", "containment")
                }
            case "moved":
                assert documents[event["line"]]["cluster"] == event["from"]
                documents[event["line"]] |= {"cluster": event["to"]}
                documents[event["line"]] |= {key: event[key] for key in ("role", "containment")}
            case "described":
                documents[event["line"]] |= {key: event[key] for key in ("role", "containment")}
            case "joined":
                assert event["cluster"] not in {row["cluster"] for row in documents.values()}
                assert event["into"] in {row["cluster"] for row in documents.values()}
    return list(documents.values())


def test_following_tells_what_each_document_changes(ingestd: CommandLine, tmp_path: Path) -> None:
    events = rows(ingestd("dedup", "--follow", written(tmp_path / "in.jsonl", BRIEF, REST, FULL)).out)
    first, second = ({"id": one["id"], "line": line} for line, one in enumerate((BRIEF, REST), 1))
    alone = {"role": "canonical", "containment": None, "matched": None}
    assert events[:2] == [
        {"event": "placed", **first, "cluster": 0, **alone},
        {"event": "placed", **second, "cluster": 1, **alone},
    ]
    part = {"role": "excerpt", "containment": 1.0}
    third = events[2]
    assert (third["event"], third["id"], third["cluster"], third["role"]) == (
        "placed",
        "full",
        0,
        "canonical",
    )
    assert third["matched"] in ("brief", "rest")
    assert events[3:] == [
        {"event": "described", **first, **part},
        {"event": "moved", **second, "from": 1, "to": 0, **part},
        {"event": "joined", "cluster": 1, "into": 0},
    ]


def jumbled(seed: int) -> list[dict[str, Any]]:
    """Pieces of two stories and a form, by a few outlets, some of them under one id."""
    chance = random.Random(seed)
    documents = []
    for number in range(60):
        story = chance.choice((WIRE, WIRE, SAME_MINISTERS, OTHER_STORY))
        start = chance.randrange(len(story) - 1)
        text = body(*story[start : chance.randint(start + 2, len(story))])
        if chance.random() < 0.2:
            text = weather("Orrin", chance.randint(3, 30), 31, chance.randint(3, 30), 40, "Sunday")
        source = f"{chance.randrange(12)}.example"
        documents.append({"id": number % 50, "text": text, "source": source, "time": chance.randrange(9)})
    return documents


@pytest.mark.parametrize("seed", range(6))
def test_who_applies_all_events_has_the_result(ingestd: CommandLine, tmp_path: Path, seed: int) -> None:
    file, output = written(tmp_path / "in.jsonl", *jumbled(seed)), tmp_path / "out.jsonl"
    events = rows(ingestd("dedup", file, "--follow", "--output", output).out)
    assert {event["event"] for event in events} >= {"placed", "described"}
    assert replayed(events) == rows(ingestd("dedup", file).out) == rows(output.read_text("utf-8"))


def test_decisions_are_told_while_documents_still_come() -> None:
    with subprocess.Popen([*COMMAND, "--follow"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for document in (FULL, OTHER):
            process.stdin.write(json.dumps(document).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == document["id"]
        process.stdin.close()
        assert process.stdout.read() == b""
    assert process.returncode == 0


# ------------------------------------------------------------------------------- where it goes


def test_the_output_is_replaced_when_it_is_complete(ingestd: CommandLine, tmp_path: Path) -> None:
    file, output = written(tmp_path / "in.jsonl", FULL, BRIEF), tmp_path / "out.jsonl"
    output.write_text("what was there\n")
    link = tmp_path / "link"
    link.symlink_to(output)
    result = ingestd("dedup", file, "--output", link)
    assert (result.code, result.out) == (0, "")
    assert [row["id"] for row in rows(output.read_text("utf-8"))] == ["full", "brief"]
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "link", "out.jsonl"]


def test_an_interrupted_run_ends_with_130_and_leaves_the_output_alone(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    output.write_text("what was there\n")
    with subprocess.Popen(
        [*COMMAND, "--follow", "--output", str(output)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(FULL).encode() + b"\n")
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
    assert (process.returncode, errors) == (130, b"")
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]
    assert output.read_text() == "what was there\n"


def test_what_cannot_be_read_or_written_is_one_clear_line(ingestd: CommandLine, tmp_path: Path) -> None:
    file = written(tmp_path / "in.jsonl", FULL)

    def refused(*arguments: object) -> Result:
        result = ingestd("dedup", *arguments)
        assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
        return result

    assert "No such file" in refused(tmp_path / "missing.jsonl").err
    assert "Is a directory" in refused(tmp_path).err
    assert "cannot be written" in refused(file, "-o", tmp_path / "missing" / "out").err
    assert "is the input itself" in refused(file, "-o", file).err
    assert json.loads(file.read_text()) == FULL


def test_a_device_is_written_and_not_replaced(ingestd: CommandLine, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        result = ingestd("dedup", written(tmp_path / "in.jsonl", FULL), "-o", pipe)
        assert reader.stdout is not None
        assert rows(reader.stdout.read())[0]["id"] == "full"
    assert result.code == 0
    assert pipe.is_fifo()


@pytest.mark.parametrize("output", ["-", "/dev/stdout"])
def test_standard_output_can_be_named(tmp_path: Path, output: str) -> None:
    file = written(tmp_path / "in.jsonl", FULL, BRIEF)
    assert run(file, "-o", output, cwd=tmp_path).stdout == run(file).stdout != b""
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


@pytest.mark.parametrize("arguments", [[], ["--follow"]])
def test_a_reader_who_has_seen_enough_ends_it_quietly(tmp_path: Path, arguments: list[str]) -> None:
    file = written(tmp_path / "in.jsonl", FULL, OTHER)
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*COMMAND, file, *arguments], stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert done.returncode == 0
    assert done.stderr.startswith(b"1 document" if arguments else b"2 documents")


def test_nobody_waits_for_documents_that_nobody_hears_about() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with subprocess.Popen([*COMMAND, "--follow"], stdin=subprocess.PIPE, stdout=writer) as process:
        os.close(writer)
        assert process.stdin is not None
        process.stdin.write(b'{"text": "a"}\n')
        process.stdin.flush()
        assert process.wait() == 0
        process.stdin.close()


@pytest.mark.parametrize(("piped", "sign"), [(False, b"100%"), (True, b"2 documents")])
def test_a_terminal_shows_how_far_it_is(tmp_path: Path, piped: bool, sign: bytes) -> None:
    file = written(tmp_path / "in.jsonl", FULL, OTHER)
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(
        [*COMMAND, *([] if piped else [str(file)])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=environment,
    ) as process:
        os.close(theirs)
        out, _ = process.communicate(file.read_bytes() if piped else None)
    shown = b""
    while chunk := _read(ours):
        shown += chunk
    os.close(ours)
    assert [row["id"] for row in rows(out)] == ["full", "other"]
    assert sign in shown
    assert (b"%" in shown) is not piped


def test_who_gives_no_file_is_told_where_documents_are_read_from() -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(COMMAND, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        os.close(theirs)
        # A line, and the end of the file, as they are typed.
        os.write(ours, b'{"text": "typed"}\n\x04')
        out, told = process.communicate()
    os.close(ours)
    assert [row["id"] for row in rows(out)] == [1]
    assert b"Ctrl-D" in told


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:
        # Linux says so when the other end is closed.
        return b""
