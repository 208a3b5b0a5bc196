"""`ingestd run` as a process: it polls what is due, and signals end it in an orderly way or at once."""

import os
import select
import signal
import subprocess
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.samples import (
    COMMAND,
    article,
    environment,
    feed,
    item,
    page,
    prose,
    running,
    stored,
    write_config,
)
from tests.web import Reply, Request, Web

SECONDS = 60


class Gate:
    """An answer that waits until the test lets it go."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self.asked = threading.Event()
        self.open = threading.Event()

    def __call__(self, request: Request) -> Reply:
        self.asked.set()
        assert self.open.wait(SECONDS), "nobody opened the gate"
        return self._reply


@dataclass
class Service:
    """A folder with a configuration over the test's web, and its log so far."""

    folder: Path
    url: str
    feeds: dict[str, str] = field(default_factory=dict)

    def command(self, command: str = "run") -> list[str]:
        more = '[daemon]\ntick = "50ms"\n[pages]\nlease = "1h"'
        return [*COMMAND, command, "--config", str(write_config(self.folder, self.feeds, self.url, more))]

    def running(self) -> AbstractContextManager[subprocess.Popen[str]]:
        return running(self.command(), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)

    def values(self, query: str) -> list[Any]:
        return stored(self.url, query)


@pytest.fixture
def service(tmp_path: Path, sqlite_url: str) -> Service:
    return Service(tmp_path, sqlite_url)


def log_until(process: subprocess.Popen[str], event: str) -> str:
    """Read the log up to a line that has this in it; gives that line."""
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        if event in line:
            return line
    raise AssertionError(f"the service ended without saying {event!r}: {''.join(lines)}")


LEASES = "SELECT count(*) FROM host WHERE lease_token IS NOT NULL"


def test_it_polls_what_is_due_collects_the_pages_and_ends_on_sigterm(service: Service, web: Web) -> None:
    collected = threading.Event()

    def last(request: Request) -> Reply:
        collected.set()
        return page("Two", prose("two"))

    link = web.serve("radio", "/two.html", last)
    service.feeds["paper"] = web.serve(
        "paper", "/feed.xml", feed(article(web, "paper", "one"), item("Two", link))
    )
    with service.running() as process:
        assert "feed=paper outcome=updated" in log_until(process, "polled")
        assert collected.wait(SECONDS)
        process.send_signal(signal.SIGTERM)
        assert log_until(process, "stopped")
        assert process.wait(SECONDS) == 0
    # The page that was under way was finished, and nothing is held any more.
    assert "/two.html" in " ".join(service.values("SELECT url FROM article"))
    assert service.values(LEASES) == [0]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_page_under_way_is_finished_before_it_ends(
    service: Service, web: Web, number: signal.Signals
) -> None:
    gate = Gate(page("One", prose("one")))
    link = web.serve("paper", "/one.html", gate)
    service.feeds["paper"] = web.serve(
        "paper", "/feed.xml", feed(item("One", link), article(web, "paper", "two"))
    )
    with service.running() as process:
        assert gate.asked.wait(SECONDS)
        process.send_signal(number)
        log_until(process, "stopping")
        gate.open.set()
        assert process.wait(SECONDS) == 0
    assert service.values("SELECT url FROM article") == [link]
    assert service.values("SELECT count(*) FROM page WHERE state = 'pending'") == [1]
    assert service.values(LEASES) == [0]
    assert web.targets("paper") == ["/feed.xml", "/robots.txt", "/one.html"]


def test_a_second_signal_ends_it_at_once_and_the_next_start_takes_over(service: Service, web: Web) -> None:
    gate = Gate(feed(item("One", None, content=prose("one"))))
    service.feeds["paper"] = web.serve("paper", "/feed.xml", gate)
    with service.running() as process:
        assert gate.asked.wait(SECONDS)
        process.send_signal(signal.SIGTERM)
        log_until(process, "stopping")
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 128 + signal.SIGTERM
    gate.open.set()
    assert service.values(LEASES) == [1]
    with service.running() as process:
        assert "freed_leases=1" in log_until(process, "started")
        log_until(process, "polled")
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
    assert service.values("SELECT count(*) FROM entry") == [1]
    assert service.values(LEASES) == [0]


def test_its_workers_end_with_it_however_it_ends(service: Service, web: Web) -> None:
    gate = Gate(page("One", prose("one")))
    service.feeds["paper"] = web.serve(
        "paper", "/feed.xml", feed(item("One", web.serve("paper", "/one.html", gate)))
    )
    with service.running() as process:
        # The feed was parsed by then, so a worker is there.
        assert gate.asked.wait(SECONDS)
        handles = [os.pidfd_open(child) for child in children(process.pid)]
        assert handles
        process.kill()
        process.wait(SECONDS)
        gate.open.set()
        for handle in handles:
            assert select.select([handle], [], [], 10)[0], "a worker outlives its parent"
            os.close(handle)


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [int(child) for child in found]


def test_once_works_beside_it_and_waits_for_what_it_holds(service: Service, web: Web) -> None:
    gate, second = Gate(feed(item("One", None, content=prose("one")))), Gate(feed(item("Two", None)))
    second.open.set()
    service.feeds["paper"] = web.serve("paper", "/feed.xml", gate)
    with service.running() as process:
        assert gate.asked.wait(SECONDS)
        service.feeds["radio"] = web.serve("radio", "/feed.xml", second)
        with subprocess.Popen(service.command("once"), env=environment(), stdout=subprocess.PIPE) as beside:
            # Whichever of the two is first asks for it; nobody asks the host that is held.
            assert second.asked.wait(SECONDS)
            gate.open.set()
            beside.communicate(timeout=SECONDS)
            assert beside.returncode == 0
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
    assert sorted(service.values("SELECT title FROM entry")) == ["One", "Two"]
    assert web.targets("paper") == ["/feed.xml"]
    assert web.targets("radio") == ["/feed.xml"]
    assert service.values(LEASES) == [0]
