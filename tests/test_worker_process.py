"""The far end of a worker's pipe, spoken to directly."""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from ingestd.errors import UsageError, WorkerCrashed
from ingestd.worker_process import perform
from ingestd.workers import FRAME_HEADER
from tests.samples import ROOT, environment


def start(parent: int, deadline: float = 30.0) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "ingestd.worker_process", str(parent), "1000000000", str(deadline)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
        cwd=ROOT,
    )


@pytest.fixture
def process() -> Iterator[subprocess.Popen[bytes]]:
    with start(os.getpid()) as started:
        yield started
        started.kill()


def frame(payload: bytes) -> bytes:
    return FRAME_HEADER.pack(len(payload)) + payload


def ask(process: subprocess.Popen[bytes], function: Any, *arguments: Any) -> Any:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(frame(pickle.dumps((function, arguments))))
    process.stdin.flush()
    size = FRAME_HEADER.unpack(process.stdout.read(FRAME_HEADER.size))[0]
    return pickle.loads(process.stdout.read(size))


def refuse() -> None:
    raise UsageError("not like that")


def forever() -> None:
    while True:
        pass


def test_tasks_are_served_one_after_the_other(process: subprocess.Popen[bytes]) -> None:
    assert ask(process, len, "four") == (4, None)
    assert ask(process, sorted, [2, 1]) == ([1, 2], None)


def test_it_ends_when_its_pipe_is_closed(process: subprocess.Popen[bytes]) -> None:
    assert ask(process, len, "four") == (4, None)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(10) == 0


def test_it_ends_when_the_pipe_breaks_in_the_middle_of_a_task(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.write(FRAME_HEADER.pack(1_000) + b"half")
    process.stdin.close()
    # The task cannot be read; what comes of it does not matter, as long as the process ends.
    assert process.stdout is not None
    process.stdout.read()
    assert process.wait(10) == 0


def test_it_does_not_start_for_a_parent_that_is_gone() -> None:
    with start(parent=1 if os.getpid() != 1 else 2) as process:
        assert process.wait(10) == 0


def test_an_alarm_ends_a_task_for_which_no_parent_comes(process: subprocess.Popen[bytes]) -> None:
    """A stopped parent kills nobody. Five seconds of grace are part of the alarm, so time runs backwards."""
    with start(os.getpid(), deadline=-4.9) as late:
        assert late.stdin is not None
        late.stdin.write(frame(pickle.dumps((forever, ()))))
        late.stdin.flush()
        assert late.wait(20) == -14


def test_an_error_of_ours_is_handed_over_as_it_is() -> None:
    result, error = pickle.loads(perform(pickle.dumps((refuse, ()))))
    assert result is None
    assert isinstance(error, UsageError)
    assert str(error) == "not like that"


@pytest.mark.parametrize("task", [b"", b"not a pickle", pickle.dumps("no task")])
def test_bytes_that_are_no_task_are_a_crash(task: bytes) -> None:
    result, error = pickle.loads(perform(task))
    assert result is None
    assert isinstance(error, WorkerCrashed)


def test_the_message_of_a_crash_is_bounded() -> None:
    _, error = pickle.loads(perform(pickle.dumps((int, ("x" * 100_000,)))))
    assert len(str(error)) <= 500
