"""Who holds a lease: this process, told apart from every other on this and other machines.

A process id alone comes again after a restart, so the owner also names the machine, the boot, the
process-id namespace (two containers may share all the rest) and the moment the process started. That
lets a start free the leases of processes of this machine that are certainly dead, without waiting for
them to expire.
"""

import os
import socket
from collections.abc import Iterable
from pathlib import Path

UNKNOWN = "-"


def this_process() -> str:
    """The owner that this process writes into its leases: machine, boot, namespace, pid and start."""
    return "/".join((*_here(), str(os.getpid()), _started(os.getpid()) or UNKNOWN))


def dead(owners: Iterable[str]) -> list[str]:
    """Those of the owners that ran here and no longer do; of other machines' nothing is known."""
    here = _here()
    return [owner for owner in owners if _is_dead(owner, here)]


def _is_dead(owner: str, here: tuple[str, str, str]) -> bool:
    machine, boot, namespace, pid, started = (owner.split("/") + [UNKNOWN] * 5)[:5]
    if machine != here[0] or not pid.isdecimal():
        return False
    if boot != here[1]:
        # The machine has been restarted since.
        return True
    return namespace == here[2] and _started(int(pid)) != started


def _here() -> tuple[str, str, str]:
    # Machines started from one image may share the id, and containers the name.
    machine = "-".join(filter(None, (_read("/etc/machine-id"), socket.gethostname())))
    boot = _read("/proc/sys/kernel/random/boot_id") or UNKNOWN
    try:
        namespace = Path("/proc/self/ns/pid").readlink().name
    except OSError:
        namespace = UNKNOWN
    return machine.replace("/", "_"), boot, namespace


def _started(pid: int) -> str | None:
    """When a process started, as the kernel counts; None when there is none, UNKNOWN without /proc."""
    if not Path("/proc/self/stat").exists():
        return UNKNOWN if _is_running(pid) else None
    stat = _read(f"/proc/{pid}/stat")
    # Field 22; the name in brackets may hold spaces, so count from behind it. A zombie ("Z") runs no more.
    fields = stat.rpartition(")")[2].split() if stat else []
    return fields[19] if len(fields) > 19 and fields[0] != "Z" else None


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _read(path: str) -> str | None:
    try:
        return Path(path).read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return None
