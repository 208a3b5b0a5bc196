"""Worker processes do what they are told, and can really be ended."""

import asyncio
import gc
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from ingestd.clean import Hints
from ingestd.errors import (
    FeedUnreadable,
    StatusRefused,
    WorkerCrashed,
    WorkerDied,
    WorkerTimedOut,
)
from ingestd.jobs import read_page
from ingestd.workers import Settings, Workers
from tests.samples import NOON, ROOT, environment

# ---------------------------------------------------------------------------------- tasks for workers


def own_pid() -> int:
    return os.getpid()


def echo(value: bytes) -> bytes:
    return value


def refuse(reason: str) -> None:
    raise FeedUnreadable("no feed at all", reason)


def refuse_status() -> None:
    raise StatusRefused("too many", "http://paper.example/", 429, NOON)


def divide(number: int) -> float:
    return number / 0


def chatter() -> str:
    print("libraries do that")
    os.write(1, b"on any level")
    return "done"


def unpicklable() -> object:
    return lambda: None


def exit_now(status: int) -> None:
    os._exit(status)


def leave() -> None:
    sys.exit(3)


def eat(size: int) -> int:
    return len(bytearray(size))


def compute_in_c(marker: str) -> None:
    """Compute without coming back to the interpreter, so that no Python code could end it."""
    Path(marker).write_text(str(os.getpid()), "ascii")
    pow(3, 7**12, 10**2_000_000)


def wait_for_signals(marker: str) -> str:
    """Wait until told, so that signals arrive in the middle of a task."""
    Path(marker).write_text("waiting", "ascii")
    with open(f"{marker}.go", "rb") as pipe:  # noqa: PTH123 – a FIFO: opening waits for the writer
        pipe.read()
    return "unharmed"


# ---------------------------------------------------------------------------------- results and errors


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    async with Workers(Settings(count=1)) as started:
        yield started


async def test_the_result_comes_from_another_process_that_is_used_again(workers: Workers) -> None:
    first, second = await workers.run(own_pid), await workers.run(own_pid)
    assert first == second != os.getpid()


async def test_large_values_go_there_and_back(workers: Workers) -> None:
    value = os.urandom(20_000_000)
    assert await workers.run(echo, value) == value


async def test_an_error_of_ours_passes_through_with_its_facts_and_its_worker_lives_on(
    workers: Workers,
) -> None:
    pid = await workers.run(own_pid)
    with pytest.raises(FeedUnreadable, match="no feed at all") as unreadable:
        await workers.run(refuse, "html")
    assert unreadable.value.error_class == "feed-html"
    with pytest.raises(StatusRefused) as refused:
        await workers.run(refuse_status)
    assert (refused.value.status, refused.value.retry_at) == (429, NOON)
    assert await workers.run(own_pid) == pid


async def test_any_other_exception_is_a_crash_with_its_traceback(workers: Workers) -> None:
    with pytest.raises(WorkerCrashed, match="ZeroDivisionError: division by zero") as crash:
        await workers.run(divide, 1)
    assert "in divide" in crash.value.trace
    assert await workers.run(echo, b"next") == b"next"


async def test_a_result_that_cannot_be_pickled_is_a_crash(workers: Workers) -> None:
    with pytest.raises(WorkerCrashed):
        await workers.run(unpicklable)
    assert await workers.run(echo, b"next") == b"next"


async def test_what_a_library_prints_does_not_disturb_the_pipe(workers: Workers) -> None:
    assert await workers.run(chatter) == "done"


@pytest.mark.parametrize("task", [exit_now, leave])
async def test_a_process_that_ends_costs_its_task_alone(workers: Workers, task: object) -> None:
    with pytest.raises(WorkerDied, match="status 3"):
        await (workers.run(exit_now, 3) if task is exit_now else workers.run(leave))
    assert await workers.run(echo, b"next") == b"next"


async def test_a_process_that_died_between_two_tasks_is_replaced(workers: Workers) -> None:
    pid = await workers.run(own_pid)
    handle = os.pidfd_open(pid)
    os.kill(pid, signal.SIGKILL)
    await readable(handle)
    os.close(handle)
    outcome = await asyncio.gather(workers.run(own_pid), return_exceptions=True)
    # The death may be noticed before the task is sent or by it; either way the next one is served.
    assert isinstance(outcome[0], int | WorkerDied)
    assert await workers.run(own_pid) != pid


# ---------------------------------------------------------------------------------- limits


async def test_a_task_past_its_deadline_is_killed_even_inside_c_code(tmp_path: Path) -> None:
    marker = tmp_path / "pid"
    async with Workers(Settings(count=1, deadline=timedelta(seconds=2))) as workers:
        await workers.run(own_pid)
        with pytest.raises(WorkerTimedOut, match="not done after 2 s"):
            await workers.run(compute_in_c, str(marker))
        assert not is_running(int(content(marker)))
        assert await workers.run(echo, b"next") == b"next"


async def test_a_task_that_needs_too_much_memory_costs_itself_and_its_process() -> None:
    async with Workers(Settings(count=1, memory_bytes=200_000_000)) as workers:
        pid = await workers.run(own_pid)
        with pytest.raises(WorkerDied, match="more memory than a worker process may hold"):
            await workers.run(eat, 400_000_000)
        assert await workers.run(eat, 1_000) == 1_000
        assert await workers.run(own_pid) != pid


async def test_a_page_that_needs_too_much_memory_is_no_empty_page() -> None:
    """Python, libxml2 and the libraries over them each meet the cap in their own way."""
    page = b"<html><body>" + b"<p>The boats came in.</p>" * 200_000
    for megabytes in (70, 100, 130):
        async with Workers(Settings(count=1, memory_bytes=megabytes * 1_000_000)) as workers:
            with pytest.raises(WorkerDied):
                await workers.run(read_page, page, "https://paper.example/1", Hints(), False)
            assert await workers.run(echo, b"next") == b"next"


async def test_a_process_is_replaced_after_its_share_of_tasks() -> None:
    async with Workers(Settings(count=1, tasks_per_process=2)) as workers:
        pids = [await workers.run(own_pid) for _ in range(5)]
        assert not any(map(is_running, pids[:4]))
    assert pids[0] == pids[1] != pids[2] == pids[3] != pids[4]


async def test_processes_that_are_not_needed_are_never_started() -> None:
    async with Workers(Settings(count=8)) as workers:
        assert len({await workers.run(own_pid) for _ in range(4)}) == 1


async def test_no_more_than_the_set_number_of_processes_work() -> None:
    async with Workers(Settings(count=2)) as workers:
        assert len(set(await asyncio.gather(*(workers.run(own_pid) for _ in range(8))))) <= 2


# ---------------------------------------------------------------------------------- cancelling and ending


async def test_a_cancelled_task_takes_its_process_with_it_and_no_other(tmp_path: Path) -> None:
    marker = tmp_path / "pid"
    async with Workers(Settings(count=2)) as workers:
        task = asyncio.create_task(workers.run(compute_in_c, str(marker)))
        computing = await written(marker)
        other = await workers.run(own_pid)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not is_running(computing)
        assert is_running(other)
        assert other in await asyncio.gather(workers.run(own_pid), workers.run(own_pid))


async def test_a_task_cancelled_twice_gives_its_place_back(tmp_path: Path) -> None:
    """The second cancellation falls into the wait for the process's end."""
    marker = tmp_path / "pid"
    async with Workers(Settings(count=1)) as workers:
        task = asyncio.create_task(workers.run(compute_in_c, str(marker)))
        await written(marker)
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await workers.run(echo, b"next") == b"next"


async def test_a_task_cancelled_while_it_waits_for_a_place_harms_nobody(tmp_path: Path) -> None:
    marker = tmp_path / "signals"
    os.mkfifo(f"{marker}.go")
    async with Workers(Settings(count=1)) as workers:
        busy = asyncio.create_task(workers.run(wait_for_signals, str(marker)))
        await written(marker)
        waiting = asyncio.create_task(workers.run(echo, b"never"))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        go(marker)
        assert await busy == "unharmed"
        assert await workers.run(echo, b"next") == b"next"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_worker_leaves_signals_to_its_parent(
    workers: Workers, tmp_path: Path, number: signal.Signals
) -> None:
    marker = tmp_path / "signals"
    os.mkfifo(f"{marker}.go")
    pid = await workers.run(own_pid)
    task = asyncio.create_task(workers.run(wait_for_signals, str(marker)))
    await written(marker)
    os.kill(pid, number)
    go(marker)
    assert await task == "unharmed"
    assert await workers.run(own_pid) == pid


async def test_nothing_is_left_when_the_workers_are_closed(tmp_path: Path) -> None:
    gc.collect()
    before = descriptors()
    async with Workers(Settings(count=2)) as workers:
        pids = set(await asyncio.gather(*(workers.run(own_pid) for _ in range(6))))
        with pytest.raises(WorkerDied):
            await workers.run(exit_now, 1)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(workers.run(compute_in_c, str(tmp_path / "pid")), 0.5)
    gc.collect()
    assert not any(map(is_running, pids))
    assert descriptors() == before


PARENT = """
import asyncio, os, sys
from ingestd.workers import Settings, Workers
from tests.test_workers import compute_in_c

async def main():
    async with Workers(Settings(count=1)) as workers:
        await workers.run(compute_in_c, sys.argv[1])

asyncio.run(main())
"""


async def test_a_worker_ends_with_a_killed_parent_even_inside_c_code(tmp_path: Path) -> None:
    marker = tmp_path / "pid"
    command = (sys.executable, "-c", PARENT, str(marker))
    parent = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment())
    handle = os.pidfd_open(await written(marker))
    parent.kill()
    await parent.wait()
    await readable(handle)
    os.close(handle)


# ---------------------------------------------------------------------------------- helpers


async def written(marker: Path) -> int:
    """Wait until a task says that it has begun; gives what it wrote when that is a number."""
    deadline = time.monotonic() + 20
    while not (text := content(marker)):
        assert time.monotonic() < deadline, "the task never began"
        await asyncio.sleep(0.01)
    return int(text) if text.isdecimal() else 0


def go(marker: Path) -> None:
    """Let a task that waits for signals come to its end."""
    Path(f"{marker}.go").write_bytes(b"")


def content(marker: Path) -> str:
    return marker.read_text("ascii") if marker.exists() else ""


async def readable(descriptor: int) -> None:
    """Wait for a process handle to say that its process has ended."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(descriptor, ended.set)
    try:
        await asyncio.wait_for(ended.wait(), 10)
    finally:
        loop.remove_reader(descriptor)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("latin-1").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
