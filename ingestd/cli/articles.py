"""`ingestd articles …` and `ingestd forget`"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from ingestd.cli import article_view, show
from ingestd.cli.article_view import Format, FormatOption, ReadingsOption
from ingestd.cli.common import (
    ConfigOption,
    JsonOption,
    LimitOption,
    SinceOption,
    moment,
    number,
    reading,
    words,
    writing,
)
from ingestd.errors import UsageError

if TYPE_CHECKING:
    from ingestd.model import Article

app = typer.Typer(help="Articles: list, show, explain.", no_args_is_help=True)

WordsArgument = Annotated[
    Optional[list[str]],  # noqa: UP045 – Typer reads it at run time
    typer.Argument(metavar="WORD", parser=words, help="Words that all stand in it."),
]
FeedOption = Annotated[
    Optional[str],  # noqa: UP045 – Typer reads it at run time
    typer.Option("--feed", "-f", metavar="NAME", parser=words, help="Carried by this feed."),
]
AgencyOption = Annotated[
    Optional[str],  # noqa: UP045 – Typer reads it at run time
    typer.Option("--agency", metavar="NAME", parser=words, help="Credited to this agency."),
]
LanguageOption = Annotated[
    Optional[str],  # noqa: UP045 – Typer reads it at run time
    typer.Option("--language", "-l", metavar="TAG", parser=words, help="In this language: en, de, pt-BR …"),
]
ArticleArgument = Annotated[
    str, typer.Argument(metavar="ARTICLE", parser=words, help="Number or URL of the article.")
]


@app.command("list")
def list_(
    containing: WordsArgument = None,
    since: SinceOption = None,
    feed: FeedOption = None,
    agency: AgencyOption = None,
    language: LanguageOption = None,
    limit: LimitOption = 50,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Articles, the last collected first."""
    from ingestd.store import articles, feeds

    with reading(config) as connection:
        wanted = articles.Filter(
            since=moment(since, datetime.now(UTC)),
            feed=feeds.find(connection, feed).key if feed else None,
            agency=agency,
            language=language,
            words=tuple(containing or ()),
            limit=limit,
        )
        rows = articles.listing(connection, wanted)
    if as_json:
        show.as_json([_stored(row) for row in rows])
        return
    columns = ("id", "published", "site", "agency", "lang", "words", "title")
    shown = (
        (row.id, row.published_at, row.site, row.agency, row.language, row.word_count, row.title)
        for row in rows
    )
    more = "; --limit shows more" if len(rows) == limit else ""
    title = show.count(len(rows), "article") + more
    show.table(title, columns, shown, right=("id", "words"), flexible=("published", "site", "title"))


@app.command("show")
def show_(
    name: ArticleArgument,
    revision: Annotated[
        Optional[int],  # noqa: UP045 – Typer reads it at run time
        typer.Option("--revision", "-r", parser=number, metavar="N", help="An earlier state of its text."),
    ] = None,
    form: FormatOption = None,
    readings: ReadingsOption = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """One article: its text, its cluster and where it was seen."""
    from ingestd.store import articles, clusters
    from ingestd.store.content import article_of

    article_view.check_together(form, readings=readings)
    with reading(config) as connection:
        row = articles.find(connection, name)
        states = articles.revisions(connection, row.id)
        seen = articles.sightings(connection, row.id)
        cluster = clusters.cluster_of(connection, row.id)
    state = _state(states, revision or row.number)
    article = article_of(state)
    if as_json or form is Format.JSON:
        found = {**_stored(row), **_stored(state), **_content(article), "id": row.id}
        found["cluster"] = cluster._asdict() if cluster is not None else None
        show.as_json({**found, "revisions": [_stored(one) for one in states], "sightings": seen})
        return
    if form is not None:
        article_view.write(article, form)
        return
    _print(row, state, article, len(states), cluster)
    show.say()
    if readings:
        article_view.readings(article)
    article_view.body(article)
    columns = ("feed", "first seen", "last seen", "title")
    shown = (
        (one["feed"], show.short(one["first_seen_at"]), show.short(one["last_seen_at"]), one["title"])
        for one in seen
    )
    show.table("\nSeen in", columns, shown, flexible=("feed", "title"))


def _stored(state: Any) -> dict[str, Any]:
    """The columns of a state of a text, but for those that are written otherwise for programs."""
    return {name: value for name, value in state._asdict().items() if name not in ("structure", "readings")}


def _content(article: "Article") -> dict[str, Any]:
    told = article_view.as_dict(article)
    return {"content": told["content"], "readings": told["readings"]}


@app.command("explain")
def explain(name: ArticleArgument, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Why an article is in its cluster.

    Its fingerprint, the clusters with anchors in common, each text it is compared with and the rule that
    decided, what was stored of the decision, and what a person decided.
    """
    from ingestd.cli import explain as view
    from ingestd.store import articles

    with reading(config) as connection:
        told = view.explain(connection, articles.find(connection, name), datetime.now(UTC))
    if as_json:
        show.as_json(view.as_dict(told))
    else:
        view.draw(told)


def _state(states: list[Any], wanted: int) -> Any:
    for state in states:
        if state.number == wanted:
            return state
    raise UsageError(f"there is no revision {wanted} of this article; the last is {states[-1].number}")


def _print(row: Any, state: Any, article: "Article", revisions: int, cluster: Any) -> None:
    show.say(show.safe(state.title or "(without a headline)"))
    together = f"{cluster.id}, {show.count(cluster.size, 'article')}" if cluster is not None else None
    show.facts(
        (
            ("article", row.id),
            ("url", row.url),
            ("site", state.site_name or row.site),
            *article_view.described(article),
            ("revision", f"{state.number} of {revisions}, {show.cell(state.created_at)}"),
            ("cluster", together),
            ("words", state.word_count),
            *article_view.origin(article),
        )
    )


def forget(
    url: Annotated[
        str, typer.Argument(metavar="URL", parser=words, help="URL of the article, or its number.")
    ],
    config: ConfigOption = None,
) -> None:
    """Take an article down, so that it never returns.

    Its text and page are removed, and a tombstone stays under its addresses. An address that was never
    seen gets one too. Copies at other outlets stay.
    """
    from ingestd.matching import matching
    from ingestd.store import articles

    with writing(config) as connection:
        removed = articles.forget(connection, url, datetime.now(UTC), matching())
    show.say(f"{url}: {show.count(removed, 'revision')} removed; it will not be ingested again")
