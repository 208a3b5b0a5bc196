"""CPU and memory of this process and all below it, and how figures are printed.

CPU seconds (user and system) are taken and never wall time, since nothing says that the machine is idle.
Every subject is measured in a fresh process, so that neither inherits the other's imports or garbage.
"""

import os
import platform
import sqlite3
import statistics
import threading
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar, TypeVarTuple

R = TypeVar("R")
Ts = TypeVarTuple("Ts")

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
# Fields of /proc/<pid>/stat, counted after the process name (proc(5) numbers them from 3).
_PARENT, _USER_TICKS, _SYSTEM_TICKS = 1, 11, 12


@dataclass(frozen=True, slots=True)
class Cpu:
    """CPU seconds, by where they were spent."""

    # The main thread: in ingestd the event loop, so requests, deciding and waiting.
    loop: float = 0.0
    # The thread that holds the database.
    writer: float = 0.0
    # Every other thread of the process.
    threads: float = 0.0
    # Child processes, running or ended.
    workers: float = 0.0

    @property
    def total(self) -> float:
        """All of it."""
        return self.loop + self.writer + self.threads + self.workers

    def __sub__(self, other: "Cpu") -> "Cpu":
        return Cpu(
            self.loop - other.loop,
            self.writer - other.writer,
            self.threads - other.threads,
            self.workers - other.workers,
        )


def cpu(writer_thread: str = "") -> Cpu:
    """What this process and its children have used so far. Children count in ticks, mostly of 10 ms."""
    own = time.process_time()
    loop = _thread_seconds(threading.main_thread())
    writer = sum(_thread_seconds(each) for each in threading.enumerate() if each.name == writer_thread)
    ended = os.times()
    running = sum(_running_seconds(pid) for pid in children())
    workers = ended.children_user + ended.children_system + running
    return Cpu(loop, writer, max(0.0, own - loop - writer), workers)


def _thread_seconds(thread: threading.Thread) -> float:
    assert thread.ident is not None
    return time.clock_gettime(time.pthread_getcpuclockid(thread.ident))


def _running_seconds(pid: int) -> float:
    fields = _stat(pid)
    return (int(fields[_USER_TICKS]) + int(fields[_SYSTEM_TICKS])) / _TICKS_PER_SECOND if fields else 0.0


def _stat(pid: int) -> list[str]:
    """The fields after the name, which may hold any character; empty for a process that has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def children() -> list[int]:
    """The process ids of this process's children, oldest first."""
    pids = sorted(int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal())
    me = str(os.getpid())
    return [pid for pid in pids if (fields := _stat(pid)) and fields[_PARENT] == me]


def memory_bytes(pid: int) -> int:
    """Proportional set size: pages that processes share count for each in equal parts."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("this kernel does not say how much memory a process holds")


def isolated(function: Callable[[*Ts], R], *arguments: *Ts) -> R:
    """`function(*arguments)` in a fresh Python process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


# ------------------------------------------------------------------------------- printing


def arguments(parser: ArgumentParser) -> Namespace:
    """The options of a benchmark with those that all have."""
    parser.add_argument("--seed", type=int, default=1, help="of the generated texts")
    parser.add_argument("--quick", action="store_true", help="a few seconds' worth, to see whether it works")
    return parser.parse_args()


def print_machine() -> None:
    """Where the figures below come from."""
    cores = len(os.sched_getaffinity(0))
    print(
        f"{_processor()}, {cores} cores usable, load {os.getloadavg()[0]:.1f}; {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def spread(values: Iterable[float], digits: int = 2) -> str:
    """The median, with the least and the greatest when there are several."""
    some = sorted(values)
    middle = f"{statistics.median(some):.{digits}f}"
    return f"{middle} ({some[0]:.{digits}f}-{some[-1]:.{digits}f})" if len(some) > 1 else middle


def print_table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns as wide as they need, the first to the left and figures to the right."""
    lines = [heads, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    print(f"\n{title}")
    for line in lines:
        first, *others = (cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        print("  ".join((line[0].ljust(len(first)), *others)).rstrip())
