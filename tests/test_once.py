"""`ingestd once` as a process: its options, its exit codes, and two of them side by side."""

import json
import shutil
import signal
import subprocess
import threading
from collections import Counter
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


@dataclass
class Once:
    """A folder with a configuration over the test's web."""

    folder: Path
    web: Web
    url: str
    feeds: dict[str, str] = field(default_factory=dict)
    more: str = ""

    def subscribe(self, name: str, *items: str, host: str | None = None) -> None:
        self.feeds[name] = self.web.serve(host or name, f"/{name}.xml", feed(*items))

    def command(self, *options: str) -> list[str]:
        config = write_config(self.folder, self.feeds, self.url, self.more)
        return [*COMMAND, "once", "--config", str(config), *options]

    def run(self, *options: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*options),
            env=environment(),
            input=given,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )

    def report(self, *options: str, given: str | None = None, code: int = 0) -> dict[str, Any]:
        """What a run says in JSON."""
        done = self.run(*options, "--json", given=given)
        assert done.returncode == code, done.stderr
        said: dict[str, Any] = json.loads(done.stdout)
        return said

    def started(self) -> AbstractContextManager[subprocess.Popen[str]]:
        return running(self.command(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def values(self, query: str) -> list[Any]:
        return stored(self.url, query)


@pytest.fixture
def once(tmp_path: Path, web: Web, sqlite_url: str) -> Once:
    return Once(tmp_path, web, sqlite_url)


def pages_asked(web: Web) -> list[str]:
    return sorted(request.target for request in web.requests if request.target.endswith(".html"))


# ---------------------------------------------------------------------------------- exit codes


def test_a_run_without_failures_says_what_it_did_and_exits_0(once: Once, web: Web) -> None:
    once.subscribe("paper", article(web, "paper", "one"), item("Two", None, content=prose("two")))
    done = once.run()
    assert done.returncode == 0
    assert done.stdout == "1 feeds, 0 failed; 2 new entries, 0 changed\n2 pages: 2 new\n"
    assert done.stderr == "paper: updated, 2 new, 0 changed\n"


def test_a_failed_feed_exits_3_and_the_others_are_read(once: Once, web: Web) -> None:
    once.subscribe("paper", article(web, "paper", "one"))
    once.feeds["dead"] = web.serve("dead", "/feed.xml", Reply(status=404))
    done = once.run()
    assert done.returncode == 3
    assert "http-404" in done.stdout or "404" in done.stdout
    assert once.values("SELECT count(*) FROM article") == [1]


def test_a_page_that_fails_is_no_failed_feed(once: Once, web: Web) -> None:
    once.subscribe("paper", item("One", web.serve("paper", "/one.html", Reply(status=404))))
    said = once.report()
    assert said["pages"] == {"failed": 1}
    assert [line["name"] for line in said["failed_pages"]] == [web.url("paper", "/one.html")]


def test_a_parked_feed_is_reported_and_is_no_failure(once: Once, web: Web) -> None:
    busy = Reply(status=429, headers=(("Retry-After", "3600"),))
    once.feeds["first"] = web.serve("paper", "/first.xml", busy)
    once.subscribe("second", item("Two", None), host="paper")
    said = once.report(code=3)
    assert {line["key"]: line["outcome"] for line in said["feeds"]} == {"first": "failed", "second": "parked"}
    said = once.report(code=0)
    assert {line["key"]: line["outcome"] for line in said["feeds"]} == {"second": "parked"}
    assert len(web.requests) == 1


def test_a_wrong_configuration_exits_4(once: Once) -> None:
    once.more = "[fetch]\ntotal_timeout = 'soon'"
    assert once.run().returncode == 4


def test_a_database_that_cannot_be_used_exits_5(once: Once, tmp_path: Path) -> None:
    once.url = f"sqlite:///{tmp_path / 'nowhere' / 'ingestd.sqlite3'}"
    done = once.run()
    assert done.returncode == 5
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_a_run_and_leaves_no_lease(once: Once, web: Web) -> None:
    asked, interrupted = threading.Event(), threading.Event()

    def answer(request: Request) -> Reply:
        asked.set()
        assert interrupted.wait(SECONDS)
        return feed(item("One", None))

    once.feeds["paper"] = web.serve("paper", "/feed.xml", answer)
    with once.started() as process:
        assert asked.wait(SECONDS)
        process.send_signal(signal.SIGINT)
        errors = process.communicate(timeout=SECONDS)[1]
        interrupted.set()
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert once.values("SELECT count(*) FROM host WHERE lease_token IS NOT NULL") == [0]
    assert once.values("SELECT count(*) FROM poll") == [0]


# ---------------------------------------------------------------------------------- options


def test_all_polls_what_is_not_due(once: Once, web: Web) -> None:
    once.subscribe("paper", item("One", None))
    assert once.report()["feeds"][0]["outcome"] == "updated"
    assert once.report()["feeds"] == []
    assert [line["outcome"] for line in once.report("--all")["feeds"]] == ["unchanged"]


def test_feed_polls_that_feed_and_fetches_its_pages_alone(once: Once, web: Web) -> None:
    once.subscribe("paper", article(web, "paper", "one"))
    once.subscribe("radio", article(web, "radio", "two"))
    said = once.report("--feed", "radio")
    assert [line["key"] for line in said["feeds"]] == ["radio"]
    assert pages_asked(web) == ["/two.html"]
    assert once.run("--feed", "nobody").returncode == 1


def test_limit_bounds_the_pages_and_the_next_run_takes_the_others(once: Once, web: Web) -> None:
    once.subscribe("paper", *(article(web, "paper", f"n{n}") for n in range(5)))
    assert once.report("--limit", "2")["pages"] == {"new": 2}
    assert once.values("SELECT count(*) FROM entry") == [5]
    assert once.report()["pages"] == {"new": 3}


def test_urls_collects_pages_given_in_a_file_and_polls_no_feed(once: Once, web: Web, tmp_path: Path) -> None:
    once.subscribe("paper", article(web, "paper", "one"))
    links = [web.serve("radio", f"/{n}.html", page(f"P {n}", prose(str(n)))) for n in "ab"]
    (tmp_path / "urls.txt").write_text("# by hand\n\n" + "\n".join(links) + "\n", "utf-8")
    said = once.report("--urls", str(tmp_path / "urls.txt"))
    assert (said["feeds"], said["pages"]) == ([], {"new": 2})
    assert pages_asked(web) == ["/a.html", "/b.html"]


def test_urls_reads_standard_input_and_exits_3_when_a_page_fails(once: Once, web: Web) -> None:
    good = web.serve("radio", "/a.html", page("A", prose("a")))
    bad = web.serve("radio", "/b.html", Reply(status=404))
    said = once.report("--urls", "-", given=f"{good}\n{bad}\n", code=3)
    assert said["pages"] == {"failed": 1, "new": 1}


@pytest.mark.parametrize("given", ["", "# nothing\n", "not a url\n", "ftp://paper.example/\n"])
def test_urls_refuses_what_is_no_list_of_pages(once: Once, given: str) -> None:
    assert once.run("--urls", "-", given=given).returncode == 1


def test_since_fetches_the_pages_of_recent_entries_again(once: Once, web: Web) -> None:
    link = web.serve("paper", "/one.html", page("One", prose("a")), page("One", prose("b")))
    once.subscribe("paper", item("One", link))
    assert once.report()["pages"] == {"new": 1}
    assert once.report("--since", "1h")["pages"] == {"revised": 1}
    assert once.report("--since", "2999-01-01")["pages"] == {}
    assert once.run("--since", "whenever").returncode == 1


# ---------------------------------------------------------------------------------- side by side


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_runs_side_by_side_do_everything_once(
    once: Once, web: Web, kind: str, request: pytest.FixtureRequest
) -> None:
    if kind == "postgresql":
        once.url = request.getfixturevalue("postgres_url")
    hosts = [f"host{n}" for n in range(6)]
    meet = threading.Barrier(2)

    def answer(number: int, reply: Reply) -> Any:
        """The first feeds of both processes are asked for at the same time."""

        def meeting(asked: Request) -> Reply:
            if number < 2:
                meet.wait(SECONDS)
            return reply

        return meeting

    for number, host in enumerate(hosts):
        items = [article(web, host, f"n{n}") for n in range(3)]
        shared = item("shared", web.url("host0", "/n0.html"))
        once.feeds[host] = web.serve(host, "/feed.xml", answer(number, feed(*items, shared)))
    # One host at a time: so each process waits at its first feed until the other is there too.
    once.more = "[pages]\nhosts = 1"
    with once.started() as first, once.started() as second:
        outputs = [process.communicate(timeout=SECONDS) for process in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0], outputs
    assert Counter((r.host, r.target) for r in web.requests).most_common(1)[0][1] == 1
    assert once.values("SELECT count(*) FROM article") == [18]
    assert once.values("SELECT count(*) FROM poll") == [6]
    assert once.values("SELECT count(*) FROM host WHERE lease_token IS NOT NULL") == [0]


def test_a_new_database_is_made_by_the_first_run(once: Once, web: Web, tmp_path: Path) -> None:
    once.url = f"sqlite:///{tmp_path / 'fresh.sqlite3'}"
    once.subscribe("paper", item("One", None, content=prose("one")))
    assert once.report()["pages"] == {"new": 1}
    shutil.copyfile(tmp_path / "fresh.sqlite3", tmp_path / "copy.sqlite3")
    once.url = f"sqlite:///{tmp_path / 'copy.sqlite3'}"
    assert once.values("SELECT count(*) FROM article") == [1]
