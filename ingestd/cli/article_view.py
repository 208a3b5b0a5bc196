"""How an article is shown, whether it comes from the archive or was cleaned just now."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from ingestd.cli import show
from ingestd.errors import UsageError

if TYPE_CHECKING:
    from ingestd.model import Article

# Longer readings are cut where they are compared with others.
LONGEST_READING = 300


class Format(StrEnum):
    """In what form an article is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


FormatOption = Annotated[
    Optional[Format],  # noqa: UP045 – Typer reads it at run time
    typer.Option("--format", "-F", help="The article alone, in this form, in place of the report."),
]
ReadingsOption = Annotated[
    bool,
    typer.Option("--readings", help="Also what was read for each field, where, and why one was taken."),
]


def check_together(form: Format | None, *, readings: bool) -> None:
    """Refuse a table within a document; JSON has the readings anyway."""
    if readings and form not in (None, Format.JSON):
        raise UsageError(f"--readings is a part of the report, not of --format {form}; JSON has them, too")


def write(article: "Article", form: Format) -> None:
    """The article alone on standard output, in a form other than JSON."""
    from ingestd import render

    writers = {
        Format.TEXT: render.to_text,
        Format.MARKDOWN: render.to_markdown,
        Format.HTML: render.to_html,
    }
    show.document(writers[form](article))


def body(article: "Article") -> None:
    """Lead and text, as a person reads them."""
    from ingestd.render import to_text

    for line in to_text(replace(article, title=None)).rstrip("\n").splitlines():
        show.say(show.safe(line))


def described(article: "Article") -> Iterator[tuple[str, Any]]:
    """Names and values of what is told of an article besides its headline."""
    agency = article.agency
    yield "authors", article.authors
    yield "agency", f"{agency.name} ({agency.evidence}: {agency.quote!r})" if agency else None
    yield "published", article.published_at
    yield "modified", article.modified_at
    yield "language", article.language
    yield "section", article.section
    yield "tags", article.tags
    yield "declared url", article.declared_url
    yield from _rights(article)


def _rights(article: "Article") -> Iterator[tuple[str, Any]]:
    rights = article.rights
    terms = f", terms at {rights.tdm_policy}" if rights.tdm_policy else ""
    mining = {None: None, True: "reserved", False: "not reserved"}[rights.tdm_reserved]
    yield "licence", rights.licence
    yield "free to read", rights.free
    yield "text mining", f"{mining or 'not said'}{terms}" if mining or terms else None
    yield "robots", rights.robots


def origin(article: "Article") -> Iterator[tuple[str, Any]]:
    """Where the text was taken from, and how much of it there is."""
    reason = f": {article.source_reason}" if article.source_reason else ""
    yield "text from", f"{article.source}{reason}"
    yield "extractor", article.extractor
    yield "completeness", article.completeness.value
    yield "pictures", len(article.images) or None
    yield "links", len(article.links) or None


def readings(article: "Article") -> None:
    """A line for each field with its value and why, and one below it for each other thing that was read."""
    rows: list[tuple[str, str | None, str]] = []
    for one in article.readings:
        rows.append((one.field, _bounded(one.value), one.reason))
        said: dict[str, list[str]] = {}
        for reading in one.readings:
            said.setdefault(reading.value, []).append(reading.source)
        rows += [(" ", _bounded(f"  {value}"), f"  {', '.join(places)}") for value, places in said.items()]
    title = "What was read" if rows else "It was not kept what was read.\n"
    show.table(title, ("field", "value", "why, where"), rows, flexible=("value", "why, where"))


def _bounded(text: str | None) -> str | None:
    return text if text is None or len(text) <= LONGEST_READING else text[: LONGEST_READING - 1] + "…"


def as_dict(article: "Article") -> dict[str, Any]:
    """For programs, with the whole text in one piece beside its paragraphs."""
    return {**asdict(article), "text": article.text}
