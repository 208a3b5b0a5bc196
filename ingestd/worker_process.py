"""The far end of a worker's pipe: read a task, perform it, write the result, until the parent is gone.

Run as `python -m ingestd.worker_process PARENT_PID MEMORY_BYTES DEADLINE_SECONDS`, by `ingestd.workers`
only. A worker ignores SIGINT and SIGTERM, because those are the parent's to act on, and can outlive its
parent by no more than a moment: it ends when its pipe closes, Linux kills it when the parent dies, and
elsewhere an alarm ends a task that has passed its deadline.
"""

import ctypes
import os
import pickle
import resource
import signal
import sys
import traceback
from typing import BinaryIO

from ingestd.errors import IngestdError, WorkerCrashed
from ingestd.workers import FRAME_HEADER, OUT_OF_MEMORY_STATUS

PR_SET_PDEATHSIG = 1

# The parent kills a late worker itself; the alarm is for a parent that no longer can.
ALARM_GRACE_SECONDS = 5.0


def main() -> None:
    """Serve tasks from standard input to standard output."""
    parent_pid, memory_bytes, deadline = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _die_with(parent_pid)
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    # A library that prints must not write into the pipe.
    with os.fdopen(os.dup(0), "rb") as inbox, os.fdopen(os.dup(1), "wb") as outbox:
        os.dup2(2, 1)
        while task := _read_frame(inbox):
            signal.setitimer(signal.ITIMER_REAL, deadline + ALARM_GRACE_SECONDS)
            _write_frame(outbox, perform(task))
            signal.setitimer(signal.ITIMER_REAL, 0)


def perform(task: bytes) -> bytes:
    """Call the pickled (function, arguments) and return the pickled (result, error or None).

    Ends the process when memory runs out.
    """
    try:
        function, arguments = pickle.loads(task)  # noqa: S301 – our own parent wrote it
        return pickle.dumps((function(*arguments), None), protocol=pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        os._exit(OUT_OF_MEMORY_STATUS)
    except IngestdError as error:
        return pickle.dumps((None, error))
    except Exception as error:  # whatever it is, it must cost this task alone
        crash = WorkerCrashed(f"{type(error).__name__}: {error}"[:500], traceback.format_exc())
        return pickle.dumps((None, crash))


def _die_with(parent_pid: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # The parent may have died before the line above took effect.
    if os.getppid() != parent_pid:
        sys.exit(0)


def _read_frame(inbox: BinaryIO) -> bytes:
    """The next frame, or b"" when the parent has closed its end."""
    header = inbox.read(FRAME_HEADER.size)
    if len(header) < FRAME_HEADER.size:
        return b""
    return inbox.read(FRAME_HEADER.unpack(header)[0])


def _write_frame(outbox: BinaryIO, payload: bytes) -> None:
    try:
        outbox.write(FRAME_HEADER.pack(len(payload)) + payload)
        outbox.flush()
    except BrokenPipeError:
        sys.exit(0)


if __name__ == "__main__":
    main()
