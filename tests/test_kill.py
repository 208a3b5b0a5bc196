"""Nothing is lost and nothing is done twice, wherever SIGKILL falls.

A real `ingestd once` dies at a chosen point: while the server holds one of its requests, after so many
bytes of the answers, or at one of its commits, just before it or right after. Then a plain `once` has to
bring the archive to where an undisturbed run over the same web brings it. Leases are an hour long here,
so it can do that only by taking over what the dead process held.
"""

import os
import random
import re
import select
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ingestd.store.database import Database, Settings
from tests.samples import COMMAND, ROOT, environment, feed, item, page, prose, write_config
from tests.web import Reply, Request, Web

SECONDS_PER_RUN = 60

# By what the transaction of a stage is known.
COMMITS = {
    "claim": r"UPDATE host SET lease_owner=\S+ lease_token=\S+ lease_expires=.+ WHERE host.name = \S+$",
    "poll save": r"INSERT INTO poll ",
    "page take": r"UPDATE page SET takes=\S+ WHERE",
    "settle": r"INSERT INTO revision ",
    "host release": r"UPDATE host SET lease_owner=.+ WHERE host.name = \S+ AND host.lease_token = \S+$",
}
REQUESTS = ("poll fetch", "robots fetch", "page fetch")


@dataclass(frozen=True, slots=True)
class Kill:
    """Where a run dies."""

    stage: str
    # "before" or "after" a commit, "request", or "byte".
    moment: str
    # Which of the stage's commits or requests, from 1; for "byte" the bytes sent by then.
    number: int
    # 1: the first run over the web; 2: an item has changed since then.
    phase: int = 1

    def __str__(self) -> str:
        return f"{self.stage} {self.moment} {self.number} phase {self.phase}".replace(" ", "-")


def plan() -> list[Kill]:
    """The kills, drawn with a fixed seed; each stage is there at least twice."""
    dice = random.Random(20261122)
    ends = ("before", "after")
    commits = [Kill(stage, end, dice.randint(1, 4)) for stage in COMMITS for end in ends if stage != "settle"]
    requests = [Kill(stage, "request", dice.randint(1, 4)) for stage in REQUESTS for _ in range(2)]
    in_bytes = [Kill("any fetch", "byte", dice.randint(500, 6_000)) for _ in range(2)]
    second = [
        Kill("poll save", "after", dice.randint(1, 4), 2),
        Kill("settle", "before", 1, 2),
        Kill("settle", "after", 1, 2),
    ]
    return commits + requests + in_bytes + second


# ---------------------------------------------------------------------------------- the web


@dataclass
class World:
    """Four papers that copy from each other, and the process that may be killed while it reads them."""

    web: Web
    phase: int = 1
    seen: Counter[str] = field(default_factory=Counter)
    at: tuple[str, int] | None = None
    kill: Callable[[], None] = lambda: None

    def build(self) -> dict[str, str]:
        """Fill the server; gives the feeds' URLs by name."""
        north = [self._page("north", "n1", prose("pier")), self._page("north", "n2", prose("bell"), True)]
        south = [self._page("south", "s1", prose("pier")), self._page("south", "s2", prose("mill"))]
        east = [self._page("east", "e1", prose("bell")), item("n1 told by east", north[0][1])]
        west = [self._page("west", "w1", prose("rope")), self._page("west", "w2", prose("pier"))]
        note = item("note without a page", None, content=prose("note"))
        self._robots("north", Reply(b"User-agent: *\nDisallow: /private\n"))
        return {
            "north": self._feed("north", lambda: [north[0][0], self._changing(north[1][1]), note]),
            "south": self._feed("south", lambda: [entry for entry, _ in south]),
            "east": self._feed("east", lambda: [east[0][0], str(east[1])]),
            "west": self._feed("west", lambda: [entry for entry, _ in west]),
        }

    def _changing(self, link: str) -> str:
        return item("n2 by north" + (", corrected" if self.phase == 2 else ""), link)

    def _page(self, host: str, name: str, text: tuple[str, ...], changes: bool = False) -> tuple[str, str]:
        """The feed's item and the page's URL."""

        def answer(request: Request) -> Reply:
            self._met("page fetch")
            more = prose("correction", 1) if changes and self.phase == 2 else ()
            return page(f"{name} by {host}", text + more)

        url = self.web.serve(host, f"/{name}.html", answer)
        return item(f"{name} by {host}", url), url

    def _feed(self, host: str, items: Callable[[], list[str]]) -> str:
        def answer(request: Request) -> Reply:
            self._met("poll fetch")
            return feed(*items(), etag=b'"%d"' % self.phase if host != "west" else None)

        if host != "north":
            self._robots(host, Reply(status=404))
        return self.web.serve(host, "/feed.xml", answer)

    def _robots(self, host: str, reply: Reply) -> None:
        def answer(request: Request) -> Reply:
            self._met("robots fetch")
            return reply

        self.web.serve(host, "/robots.txt", answer)

    def _met(self, stage: str) -> None:
        self.seen[stage] += 1
        if self.at == (stage, self.seen[stage]):
            self.kill()


# ---------------------------------------------------------------------------------- the processes


def die_at_commit() -> None:
    """The command itself, which kills itself at a commit: `STAGE MOMENT NUMBER RECORD COMMAND-LINE…`."""
    stage, moment, number, record = sys.argv[1:5]
    statements: list[str] = []
    commits: Counter[str] = Counter()
    dying = False

    def die() -> None:
        Path(record).write_text(stage, "ascii")
        os.kill(os.getpid(), signal.SIGKILL)

    @sa.event.listens_for(sa.Engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        statements.clear()

    @sa.event.listens_for(sa.Engine, "before_cursor_execute")
    def on_execute(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        statements.append(" ".join(statement.split()))

    @sa.event.listens_for(sa.Engine, "commit")
    def on_commit(connection: sa.Connection) -> None:
        nonlocal dying
        commits.update(name for name, mark in COMMITS.items() if any(re.match(mark, s) for s in statements))
        dying = dying or commits[stage] == int(number)
        if dying and moment == "before":
            die()

    @sa.event.listens_for(sa.Pool, "checkin")
    def on_checkin(connection: Any, record: Any) -> None:
        if dying:
            die()

    from ingestd.cli import main

    main(sys.argv[5:])


@dataclass
class Scene:
    """A configuration, its web and what an undisturbed run makes of it."""

    folder: Path
    world: World
    feeds: dict[str, str]
    # By phase: the database that a phase begins with, and what is in it at the end.
    start: dict[int, Path] = field(default_factory=dict)
    wanted: dict[int, dict[str, Any]] = field(default_factory=dict)

    def configure(self, url: str) -> list[str]:
        """Arguments of a run over that database."""
        more = '[pages]\nlease = "1h"'
        return ["once", "--config", str(write_config(self.folder, self.feeds, url, more))]

    def run(self, arguments: list[str]) -> None:
        """A plain run to its end."""
        subprocess.run(
            [*COMMAND, *arguments],
            env=environment(),
            timeout=SECONDS_PER_RUN,
            check=True,
            capture_output=True,
        )

    def run_killed(self, kill: Kill, arguments: list[str]) -> str:
        """A run that dies; gives the stage in which it did. Its worker processes die with it."""
        record = self.folder / "record"
        record.unlink(missing_ok=True)
        command, env = list(COMMAND), environment()
        if kill.stage in COMMITS:
            die = "from tests.test_kill import die_at_commit; die_at_commit()"
            command = [sys.executable, "-c", die, kill.stage, kill.moment, str(kill.number), str(record)]
            # One host after the other, so that each commit is one piece of work and its number means it.
            env |= {"INGESTD_PAGES__HOSTS": "1"}
        self.world.seen.clear()
        with subprocess.Popen(
            [*command, *arguments],
            env=env,
            cwd=ROOT,
            start_new_session=True,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        ) as process:
            self._arm(kill, process, record)
            complaint = process.communicate(timeout=SECONDS_PER_RUN)[1]
        self.world.at = None
        assert process.returncode == -signal.SIGKILL, complaint.decode()
        wait_until_gone(process.pid)
        return record.read_text("ascii")

    def _arm(self, kill: Kill, process: subprocess.Popen[bytes], record: Path) -> None:
        def shoot() -> None:
            record.write_text(kill.stage, "ascii")
            process.kill()

        self.world.kill = shoot
        if kill.moment == "request":
            self.world.at = (kill.stage, kill.number)
        elif kill.moment == "byte":
            self.world.web.at_byte(self.world.web.sent_bytes + kill.number, shoot)


def wait_until_gone(group: int) -> None:
    """Wait for the end of every process of a process group; fails when one lives on."""
    for pid in living(group):
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            assert select.select([handle], [], [], 10)[0], f"process {pid} outlives its parent"
        finally:
            os.close(handle)
    assert living(group) == []


def living(group: int) -> list[int]:
    """The processes of a group that run; a zombie has ended and only waits for somebody to notice."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, process_group = stat.read_text("latin-1").rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(process_group) == group and state not in "ZX":
            found.append(int(stat.parent.name))
    return found


def archive(url: str) -> dict[str, Any]:
    """All that must not depend on where a run was interrupted."""
    database = Database(Settings(url))
    try:
        with database.reading() as connection:
            return {name: _shown(connection, query) for name, query in CONTENTS.items()} | {
                "clusters": _clusters(connection)
            }
    finally:
        database.close()


CONTENTS = {
    "texts": """
        SELECT a.url_key, r.number, r.text_hash, r.title, r.body
        FROM article a JOIN revision r ON r.article_id = a.id ORDER BY a.url_key, r.number""",
    "pages": "SELECT url_key, state, outcome IS NULL FROM page ORDER BY url_key",
    "entries": """
        SELECT f.key, e.key, e.title, p.url_key
        FROM entry e JOIN feed f ON f.id = e.feed_id JOIN page p ON p.id = e.page_id ORDER BY f.key, e.key""",
    "events": "SELECT kind, count(*) FROM event GROUP BY kind ORDER BY kind",
    "leases": "SELECT count(*) FROM host WHERE lease_token IS NOT NULL",
    "due": "SELECT count(*) FROM page WHERE state = 'pending'",
    # The postings of a cluster, known by the least of its articles' addresses.
    "postings": """
        SELECT (SELECT min(a.url_key) FROM member m JOIN article a ON a.id = m.article_id
                WHERE m.cluster_id = p.cluster_id) AS known_by, count(*), sum(p.hash)
        FROM (SELECT * FROM posting UNION SELECT * FROM recent_posting) p
        GROUP BY p.cluster_id ORDER BY known_by""",
}


def _shown(connection: sa.Connection, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(sa.text(query))]


def _clusters(connection: sa.Connection) -> set[frozenset[str]]:
    """The partition, and that the clusters' own sizes agree with it."""
    rows = connection.execute(
        sa.text("SELECT m.cluster_id, a.url_key FROM member m JOIN article a ON a.id = m.article_id")
    )
    clusters: dict[int, set[str]] = {}
    for cluster_id, key in rows:
        clusters.setdefault(cluster_id, set()).add(key)
    sizes = dict(_shown(connection, "SELECT id, size FROM cluster WHERE successor_id IS NULL"))
    assert sizes == {cluster_id: len(keys) for cluster_id, keys in clusters.items()}
    return {frozenset(keys) for keys in clusters.values()}


# ---------------------------------------------------------------------------------- the tests


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Scene]:
    """The web, and what two undisturbed runs make of it, before and after an item changed."""
    folder = tmp_path_factory.mktemp("kill")
    with Web() as web:
        world = World(web)
        made = Scene(folder, world, world.build())
        file, made.start[1] = folder / "undisturbed.sqlite3", sqlite_template
        shutil.copyfile(sqlite_template, file)
        for phase in (1, 2):
            world.phase = phase
            made.run([*made.configure(f"sqlite:///{file}"), *["--all"][: phase - 1]])
            made.wanted[phase] = archive(f"sqlite:///{file}")
            made.start[phase + 1] = Path(shutil.copyfile(file, folder / f"after{phase}.sqlite3"))
        yield made


def test_an_undisturbed_run_finds_what_the_web_has(scene: Scene) -> None:
    """The other tests compare with it, so it must be worth comparing with."""
    first, second = scene.wanted[1], scene.wanted[2]
    assert len(first["texts"]) == 8
    assert sorted(map(len, first["clusters"])) == [1, 1, 1, 2, 3]
    assert [len([1 for row in first["entries"] if row[0] == name]) for name in scene.feeds] == [3, 2, 2, 2]
    assert [row[0].rpartition("/")[2] for row in second["texts"] if row[1] == 2] == ["n2.html"]
    assert second["clusters"] == first["clusters"]
    assert first["leases"] == first["due"] == [(0,)]


def test_every_stage_is_hit_at_least_twice() -> None:
    """Each test below asserts that its own stage was hit."""
    hits = Counter(kill.stage for kill in plan())
    assert all(hits[stage] >= 2 for stage in (*COMMITS, *REQUESTS))


@pytest.mark.parametrize("kill", plan(), ids=str)
def test_a_killed_run_is_completed_by_the_next(scene: Scene, kill: Kill, tmp_path: Path) -> None:
    file = shutil.copyfile(scene.start[kill.phase], tmp_path / "ingestd.sqlite3")
    check(scene, kill, f"sqlite:///{file}")


@pytest.mark.parametrize("kill", [Kill("settle", "after", 3), Kill("page fetch", "request", 4)], ids=str)
def test_a_killed_run_on_postgresql_is_completed_by_the_next(
    scene: Scene, kill: Kill, postgres_url: str
) -> None:
    check(scene, kill, postgres_url)


def check(scene: Scene, kill: Kill, url: str) -> None:
    scene.world.phase = kill.phase
    arguments = scene.configure(url)
    everything = ["--all"] if kill.phase == 2 else []
    assert scene.run_killed(kill, arguments + everything) == kill.stage
    scene.run(arguments)
    found = archive(url)
    assert found == scene.wanted[kill.phase]
