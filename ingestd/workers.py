"""Worker processes that can really be ended.

Computing (parsing, cleaning, fingerprinting) runs in single processes, each with a pipe of its own, so
that a task which hangs or eats memory costs that task alone: its process is killed and the next task
gets a fresh one. `concurrent.futures.ProcessPoolExecutor` cannot do this – killing one of its workers
fails every task in the pool, and its workers outlive a killed parent.

A task is a module-level function and its arguments, pickled; `ingestd.worker_process` is the other end.
"""

import asyncio
import os
import pickle
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self, TypeVar, TypeVarTuple, cast

from ingestd.errors import IngestdError, WorkerDied, WorkerTimedOut
from ingestd.values import require_positive

R = TypeVar("R")
Ts = TypeVarTuple("Ts")

# One frame on the pipe: length of the pickle, then the pickle.
FRAME_HEADER = struct.Struct("!Q")

# How a process ends that ran into its memory cap: nobody knows how whole its libraries are then.
OUT_OF_MEMORY_STATUS = 12

# A kill is immediate; this only bounds the wait for the kernel to say so.
REAP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Settings:
    """How much computing may go on at once, and its bounds."""

    # Worker processes; 0 means one for each processor that ingestd may use. They start when first needed.
    count: int = 0
    # Longest that parsing one feed or cleaning one page may take; then its process is killed.
    deadline: timedelta = timedelta(seconds=30)
    # Most memory that one worker process may hold; a document that needs more fails alone.
    memory_bytes: int = 1_000_000_000
    # Tasks after which a worker process is replaced, so that a leak in a library cannot grow for months.
    tasks_per_process: int = 2000

    def __post_init__(self) -> None:
        require_positive(self, "deadline", "memory_bytes", "tasks_per_process")


class _Worker:
    """One process and its pipe."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.tasks_done = 0

    @classmethod
    async def start(cls, settings: Settings) -> Self:
        arguments = [str(os.getpid()), str(settings.memory_bytes), str(settings.deadline.total_seconds())]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ingestd.worker_process", *arguments),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            # Linear-algebra threads would only multiply memory: a worker is one core's worth of work.
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        return cls(process)

    async def perform(self, task: bytes) -> object:
        """Send one task and wait for its result; raises the error that the task raised."""
        reader, writer = self._process.stdout, self._process.stdin
        assert reader is not None
        assert writer is not None
        try:
            writer.writelines((FRAME_HEADER.pack(len(task)), task))
            await writer.drain()
            header = await reader.readexactly(FRAME_HEADER.size)
            reply = await reader.readexactly(FRAME_HEADER.unpack(header)[0])
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise WorkerDied(_last_words(await self._process.wait())) from error
        self.tasks_done += 1
        result, failure = pickle.loads(reply)  # noqa: S301 – our own child wrote it
        if failure is not None:
            raise failure
        return cast(object, result)

    async def kill(self) -> None:
        """End the process, whatever it is doing, and wait until it is gone."""
        if self._process.returncode is None:
            self._process.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        async with asyncio.timeout(REAP_SECONDS):
            await self._process.wait()

    @property
    def alive(self) -> bool:
        return self._process.returncode is None


class Workers:
    """A bounded set of worker processes. An async context manager; leaving it ends every process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.count = settings.count or _usable_processors()
        # Last in, first out: processes that are not needed are never started.
        self._slots: asyncio.LifoQueue[_Worker | None] = asyncio.LifoQueue()
        self._all: set[_Worker] = set()
        for _ in range(self.count):
            self._slots.put_nowait(None)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.gather(*(worker.kill() for worker in self._all))
        self._all.clear()

    async def run(self, function: Callable[[*Ts], R], *arguments: *Ts) -> R:
        """`function(*arguments)` in a worker process; both must be picklable, the function by name.

        Raises what the function raised if that is an `IngestdError`; WorkerCrashed for any other
        exception, WorkerTimedOut past the deadline, WorkerDied if the process was lost or ran out of memory.
        """
        task = pickle.dumps((function, arguments), protocol=pickle.HIGHEST_PROTOCOL)
        worker = await self._slots.get()
        usable = False
        try:
            worker = await self._living(worker)
            result = await self._perform(worker, task)
            usable = True
            return cast(R, result)
        except (WorkerDied, WorkerTimedOut):
            raise
        except IngestdError:
            usable = True
            raise
        finally:
            spent = not usable or self._is_worn(worker)
            try:
                if spent:
                    await self._end(worker)
            finally:
                # Even if ending it was cut short: a place that is never given back is lost for ever.
                self._slots.put_nowait(None if spent else worker)

    async def _perform(self, worker: _Worker, task: bytes) -> object:
        deadline = self._settings.deadline.total_seconds()
        try:
            async with asyncio.timeout(deadline):
                return await worker.perform(task)
        except TimeoutError as error:
            raise WorkerTimedOut(f"not done after {deadline:g} s, so its process was killed") from error

    async def _living(self, worker: _Worker | None) -> _Worker:
        if worker is not None and worker.alive:
            return worker
        await self._end(worker)
        started = await _Worker.start(self._settings)
        self._all.add(started)
        return started

    def _is_worn(self, worker: _Worker | None) -> bool:
        return worker is not None and worker.tasks_done >= self._settings.tasks_per_process

    async def _end(self, worker: _Worker | None) -> None:
        if worker is not None:
            self._all.discard(worker)
            await asyncio.shield(worker.kill())


def _last_words(status: int) -> str:
    if status == OUT_OF_MEMORY_STATUS:
        return "its task needed more memory than a worker process may hold"
    return f"the worker process ended with status {status} during its task"


def _usable_processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
