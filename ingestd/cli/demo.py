"""`demo`: the real road over a small web of invented publishers, and what came of it."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from ingestd.cli import show
from ingestd.cli.cluster_view import OVERLAP, overlap
from ingestd.cli.common import write_output
from ingestd.errors import UsageError

if TYPE_CHECKING:
    from ingestd.config import Config
    from ingestd.demo.web import DemoWeb
    from ingestd.report import Report
    from ingestd.store.database import Database

ARTICLES_SHOWN = 3

# The demo's agency is invented, so it is told to ingestd as any that the shipped table lacks would be.
AGENCIES = """\
[[agency]]
name = "MPA"
spellings = ["Meridian Press Agency"]
codes = ["MPA"]
"""


def demo(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where the demo's configuration and database go.")
    ] = Path("demo"),
    port: Annotated[
        int, typer.Option(min=0, max=65_535, metavar="PORT", help="Of the demo's web; 0 takes a free one.")
    ] = 0,
    keep_serving: Annotated[
        bool,
        typer.Option("--serve", help="Leave the web up until Ctrl-C, to look at its pages in a browser."),
    ] = False,
) -> None:
    """Try it all on an invented web on this machine.

    A small web of invented publishers is ingested as a real one would be, and what came out is shown.
    Nothing but loopback is reached. The database is made anew each time.
    """
    with _web(port) as web:
        config_path = write_config(folder, web)
        report, found = ingest(config_path)
        _print_feeds(web, report)
        _print_articles(found)
        _print_clusters(found)
        _print_next(config_path, found, keep_serving=keep_serving)
        if keep_serving:
            _serve_until_interrupted(web)


def _web(port: int) -> "DemoWeb":
    from ingestd.demo.web import DemoWeb

    try:
        return DemoWeb(datetime.now(UTC), port)
    except OSError as error:
        raise UsageError(f"the demo's web cannot use port {port}: {error.strerror}") from error


def write_config(folder: Path, web: "DemoWeb") -> Path:
    """A configuration of the demo's own, so that every command can be tried on its result."""
    from ingestd.values import toml_value

    database = folder / "demo.sqlite3"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for suffix in ("", "-wal", "-shm"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"the demo cannot write into {folder}: {error.strerror}") from error
    agencies = folder / "agencies.toml"
    lines = [
        "# Written by `ingestd demo`. The publishers stand on this machine's loopback addresses, so these",
        "# must be allowed, and there is no stranger's server to be spared.",
        f"[database]\nurl = {toml_value('sqlite:///' + database.name)}\n",
        '[fetch]\nallow_networks = ["127.0.0.0/8", "::1/128"]\n',
        '[politeness]\nspacing = "0ms"\n',
        f"[pages]\nagencies = [{toml_value(agencies.name)}]\n",
    ]
    for feed in web.feeds:
        lines.append(f"# {feed.note}")
        values = {"name": feed.name, "url": feed.url, "tags": list(feed.tags)}
        lines.append(
            "[[feed]]\n" + "".join(f"{key} = {toml_value(value)}\n" for key, value in values.items())
        )
    write_output(agencies, AGENCIES, force=True)
    path = folder / "ingestd.toml"
    write_output(path, "\n".join(lines), force=True)
    return path


def ingest(config_path: Path) -> tuple["Report", Mapping[str, Any]]:
    """What `ingestd once` does, and what the archive then holds."""
    from ingestd import app, config
    from ingestd.cli.run import drain
    from ingestd.store import feeds

    # The environment's overrides are for the user's own archive, not for this one.
    loaded = config.load(config_path, {})
    with app.opened(loaded) as database:
        now = datetime.now(UTC)
        app.declare(database, loaded, now)
        with database.writing() as connection:
            feeds.make_first_due(connection, now)
        report = asyncio.run(_everything(loaded, database, drain))
        return report, _look(database)


async def _everything(config: "Config", database: "Database", drain: Any) -> "Report":
    from ingestd.store.hosts import Choice

    report: Report = await drain(config, database, Choice(), [])
    return report


def _look(database: "Database") -> Mapping[str, Any]:
    from ingestd.store import articles, clusters

    with database.reading() as connection:
        rows = clusters.listing(connection, at_least=2)
        return {
            "location": database.location,
            "counts": articles.counts(connection),
            "articles": articles.listing(connection, articles.Filter(limit=500)),
            "clusters": [(row, clusters.members(connection, row.id)) for row in rows],
        }


def _print_feeds(web: "DemoWeb", report: "Report") -> None:
    rows = []
    for feed in web.feeds:
        line = report.feeds.get(feed.name)
        outcome = line.outcome.value if line else None
        brought = line.new if line else 0
        rows.append((feed.name, outcome, brought, (line.message if line else None) or feed.note))
    columns = ("feed", "outcome", "new", "what is special about it")
    show.table("Feeds", columns, rows, right=("new",), flexible=columns[3:])
    counted = ", ".join(f"{count} {outcome.value}" for outcome, count in sorted(report.pages.items()))
    show.say(f"Pages: {counted}\n")


def _print_articles(found: Mapping[str, Any]) -> None:
    """A few clean texts, from different outlets, the ones with an agency first."""
    by_site = {row.site: row for row in sorted(found["articles"], key=lambda row: row.agency is not None)}
    chosen = sorted(by_site.values(), key=lambda row: (row.agency is None, row.site))[:ARTICLES_SHOWN]
    show.say(f"Clean articles ({ARTICLES_SHOWN} of {found['counts']['articles']})")
    for row in chosen:
        about = (row.site, f"agency {row.agency}" if row.agency else None, show.cell(row.published_at))
        show.say(f"\n  {show.safe(row.title or '')}\n  {' · '.join(part for part in about if part)}")
        for paragraph in row.body.split("\n\n")[:3]:
            show.say("\n" + _wrapped(show.safe(paragraph)))
        rest = len(row.body.split("\n\n")) - 3
        if rest > 0:
            show.say(f"\n  … and {rest} more paragraphs: ingestd articles show {row.id}")
    show.say()


def _wrapped(text: str) -> str:
    from textwrap import fill

    return fill(text, width=96, initial_indent="    ", subsequent_indent="    ")


def _print_clusters(found: Mapping[str, Any]) -> None:
    columns = ("site", "role", "overlap", "words", "its headline")
    for row, members in found["clusters"]:
        lines = ((m.site, m.role, overlap(m), m.word_count, m.title) for m in members)
        agency = f", by {row.agency}" if row.agency else ""
        title = f"Cluster {row.id}: one text, {len(members)} outlets{agency}"
        show.table(title, columns, lines, right=("overlap", "words"), flexible=("site", "its headline"))
    show.say(f"overlap: {OVERLAP}\n")


def _print_next(config_path: Path, found: Mapping[str, Any], *, keep_serving: bool) -> None:
    counts = found["counts"]
    counted = f"{counts['articles']} articles, {counts['clusters']} clusters of more than one"
    show.say(f"{counted}, in {found['location']}")
    show.say("\nWhat to type next:")
    option = f"-c {config_path}"
    show.say(f"  ingestd articles list {option}")
    show.say(f"  ingestd clusters list {option}")
    query = "select site, agency, title from v_article"
    show.say(f"  sqlite3 {found['location']} {query!r}")
    show.say("  ingestd init                      a configuration of your own, every option explained")
    if keep_serving:
        show.say("\nThe publishers' pages are up; end with Ctrl-C:")


def _serve_until_interrupted(web: "DemoWeb") -> None:
    import signal
    import threading

    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    hosts = {urlsplit(feed.url).netloc for feed in web.feeds if urlsplit(feed.url).port == web.port}
    for host in sorted(hosts):
        show.say(f"  http://{host}/")
    ended.wait()
