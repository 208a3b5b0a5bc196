"""`ingestd try …`: what parser and cleaner make of a file or URL, with reasons and without a database."""

import asyncio
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from ingestd.cli import article_view, rule_view, show
from ingestd.cli.article_view import Format, FormatOption, ReadingsOption
from ingestd.cli.common import ConfigOption, JsonOption, optional_config, read_input
from ingestd.errors import AddressRefused, FeedUnreadable, FetchError, UsageError

if TYPE_CHECKING:
    from ingestd.config import Config
    from ingestd.fetch.client import Accept
    from ingestd.model import Article, ParsedFeed

app = typer.Typer(help="Try parser or cleaner on a file or URL: feed, page.", no_args_is_help=True)

WhatArgument = Annotated[
    str, typer.Argument(metavar="FILE|URL", help='What to read; "-" for standard input.')
]
UrlOption = Annotated[
    Optional[str],  # noqa: UP045 – Typer reads it at run time
    typer.Option("--url", metavar="URL", help="Where the file came from."),
]
HeaderOption = Annotated[
    Optional[list[str]],  # noqa: UP045 – Typer reads it at run time
    typer.Option(
        "--header",
        "-H",
        metavar="LINE",
        help='How the file was served: "Content-Type: text/xml; charset=koi8-r"; may be repeated.',
    ),
]

RulesOption = Annotated[
    Optional[Path],  # noqa: UP045 – Typer reads it at run time
    typer.Option(
        "--rules", metavar="FILE", help="Site rules to try, in place of the configured ones; see README.md."
    ),
]

# Stands in for the address of a file of which nobody said where it came from (RFC 2606).
UNKNOWN_URL = "http://unknown.invalid/"


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """The bytes to try, and how they were served."""

    url: str
    headers: dict[str, str]
    body: bytes


@app.command("feed")
def feed(
    what: WhatArgument,
    url: UrlOption = None,
    header: HeaderOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Parse a feed and show its entries."""
    from ingestd.fetch.client import Accept
    from ingestd.jobs import read_feed

    source = _source(what, url, header, optional_config(config), Accept.FEED)
    try:
        parsed = read_feed(source.body, source.url, source.headers).parsed
    except FeedUnreadable as error:
        raise UsageError(f"{what}: {error}") from error
    if as_json:
        show.as_json(dataclasses.asdict(parsed))
        return
    _print_feed(source, parsed)


def _print_feed(source: Source, parsed: "ParsedFeed") -> None:
    show.facts(
        (
            ("url", source.url),
            ("format", parsed.format),
            ("title", parsed.title),
            ("site", parsed.site_url),
            ("language", parsed.language),
            ("asks for", parsed.hints.interval),
            ("malformed", parsed.problems),
        )
    )
    columns = ("published", "title", "url", "text")
    shown = (
        (entry.published_at, entry.title, entry.url, _text_kind(entry.content_html, entry.summary_html))
        for entry in parsed.entries
    )
    entries = "1 entry" if len(parsed.entries) == 1 else f"{len(parsed.entries)} entries"
    show.table(f"\n{entries}", columns, shown, flexible=("title", "url", "text"))


def _text_kind(content: str | None, summary: str | None) -> str | None:
    if content:
        return f"full, {len(content)} characters"
    return f"summary, {len(summary)} characters" if summary else None


@app.command("page")
def page(
    what: WhatArgument,
    url: UrlOption = None,
    header: HeaderOption = None,
    rules: RulesOption = None,
    form: FormatOption = None,
    readings: ReadingsOption = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Clean a page and show its text, or why it is no article.

    With `--rules` also what each line of its site's rules finds on it.
    """
    from ingestd.app import agency_table, site_rules
    from ingestd.clean import Hints, clean_page
    from ingestd.config_rules import load_rules
    from ingestd.fetch.client import Accept

    article_view.check_together(form, readings=readings)
    loaded = optional_config(config)
    agencies = agency_table(loaded) if loaded is not None else None
    book = load_rules([rules]) if rules else site_rules(loaded) if loaded else None
    source = _source(what, url, header, loaded, Accept.PAGE)
    hints = Hints(headers=source.headers, agencies=agencies, rules=book)
    article = clean_page(source.body, source.url, hints=hints)
    hits = rule_view.hits(book, source.body, source.url, source.headers) if book else ()
    if as_json or form is Format.JSON:
        told = {"url": source.url, **article_view.as_dict(article)}
        show.as_json(told | {"rules": rule_view.as_list(hits)} if book else told)
    elif form is not None:
        _write(source, article, form)
    else:
        _print_article(source, article)
        show.say()
        if rules and book:
            rule_view.draw(hits, book, source.url)
        if readings:
            article_view.readings(article)
        article_view.body(article)


def _write(source: Source, article: "Article", form: Format) -> None:
    if article.verdict is not None:
        raise UsageError(f"{source.url}: {article.verdict.reason}: {article.verdict.detail}")
    article_view.write(article, form)


def _print_article(source: Source, article: "Article") -> None:
    verdict = article.verdict
    show.facts(
        (
            ("url", source.url),
            ("verdict", f"{verdict.reason}: {verdict.detail}" if verdict else "an article"),
            ("confidence", verdict.confidence if verdict else None),
            ("try again", verdict.retry.value if verdict else None),
            ("title", article.title),
            ("site", article.site_name),
            *article_view.described(article),
            *(article_view.origin(article) if verdict is None else ()),
        )
    )


def _source(
    what: str, url: str | None, header: list[str] | None, config: "Config | None", accept: "Accept"
) -> Source:
    from ingestd.urls import is_http

    if is_http(what):
        if url or header:
            raise UsageError("--url and --header tell of a file; a URL says for itself how it is served")
        return asyncio.run(_fetched(what, config, accept))
    if url is not None and not is_http(url):
        raise UsageError(f"--url {url!r} is not an http(s) URL")
    if "://" in what:
        raise UsageError(f"{what} is not an http(s) URL")
    return Source(url or UNKNOWN_URL, _headers(header or []), read_input(Path(what)))


def _headers(lines: list[str]) -> dict[str, str]:
    parted = [line.partition(":") for line in lines]
    for (name, colon, _), line in zip(parted, lines, strict=True):
        if not colon or not name.strip():
            raise UsageError(f'--header {line!r} is not of the form "Name: value"')
    return {name.strip().lower(): value.strip() for name, _, value in parted}


async def _fetched(url: str, config: "Config | None", accept: "Accept") -> Source:
    from ingestd.app import ports_of
    from ingestd.clock import SystemClock
    from ingestd.fetch.client import Fetcher, Settings
    from ingestd.model import Document

    settings = config.fetch if config is not None else Settings()
    async with Fetcher(settings, SystemClock(), ports=ports_of([url])) as fetcher:
        try:
            document = await fetcher.get(url, accept=accept)
        except AddressRefused as error:
            raise UsageError(f"{url}: {error}; see allow_networks and allow_ports of [fetch]") from error
        except FetchError as error:
            raise UsageError(f"{url}: {error}") from error
    assert isinstance(document, Document)
    return Source(document.final_url, dict(document.headers), document.body)
