"""The command tree, and the one place where errors become an exit code and one clear line."""

import sys
from typing import Annotated, NoReturn

import typer

from ingestd import __version__
from ingestd.cli import (
    articles,
    clusters,
    dedup,
    demo,
    discover,
    feed_explain,
    feeds,
    reindex,
    run,
    setup,
    tryout,
)
from ingestd.cli.show import complain, prepare_streams
from ingestd.errors import ConfigError, DatabaseError, IngestdError

EXIT_FAILED = 1
EXIT_CONFIG = 4
EXIT_DATABASE = 5
EXIT_INTERRUPTED = 130

app = typer.Typer(
    name="ingestd",
    help="Feeds in, a clean, deduplicated, versioned archive of news out.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ingestd {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Feeds in, a clean, deduplicated, versioned archive of news out."""


app.command("run")(run.run)
app.command("once")(run.once)
app.command("init")(setup.init)
app.command("check")(setup.check)
app.command("migrate")(setup.migrate)
app.command("demo")(demo.demo)
app.command("dedup")(dedup.dedup)
app.command("reindex")(reindex.reindex)
app.command("forget")(articles.forget)
feeds.app.command("discover")(discover.discover)
feeds.app.command("explain")(feed_explain.explain)
app.add_typer(feeds.app, name="feeds")
app.add_typer(articles.app, name="articles")
app.add_typer(clusters.app, name="clusters")
app.add_typer(tryout.app, name="try")


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line; ends the process with its exit code."""
    prepare_streams()
    try:
        app(arguments)
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
    except IngestdError as error:
        complain(str(error), *(str(problem) for problem in getattr(error, "problems", ())))
        sys.exit(_exit_code(error))
    sys.exit(0)


def _exit_code(error: IngestdError) -> int:
    match error:
        case ConfigError():
            return EXIT_CONFIG
        case DatabaseError():
            return EXIT_DATABASE
        case _:
            return EXIT_FAILED
