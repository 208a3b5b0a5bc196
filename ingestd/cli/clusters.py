"""`ingestd clusters …`: who carried which text, and what a person decides about it."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from ingestd.cli import cluster_view, show
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

if TYPE_CHECKING:
    import sqlalchemy as sa

app = typer.Typer(help="Clusters of one text at several outlets: list, show, correct.", no_args_is_help=True)

ClusterArgument = Annotated[int, typer.Argument(metavar="ID", parser=number, help="Number of the cluster.")]


@app.command("list")
def list_(
    since: SinceOption = None,
    size: Annotated[
        int, typer.Option("--size", parser=number, metavar="N", help="Of at least so many articles.")
    ] = 2,
    limit: LimitOption = 50,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Clusters, the most recently active first."""
    from ingestd.store import clusters

    with reading(config) as connection:
        found = clusters.listing(
            connection, since=moment(since, datetime.now(UTC)), at_least=size, limit=limit
        )
    if as_json:
        show.as_json([row._asdict() for row in found])
        return
    columns = ("id", "articles", "agency", "first at", "active", "title")
    shown = ((row.id, row.size, row.agency, row.site, row.active_at, row.title) for row in found)
    more = "; --limit shows more" if len(found) == limit else ""
    title = show.count(len(found), "cluster") + more
    show.table(title, columns, shown, right=("id", "articles"), flexible=("first at", "active", "title"))


@app.command("show")
def show_(
    cluster_id: ClusterArgument,
    article: Annotated[
        Optional[str],  # noqa: UP045 – Typer reads it at run time
        typer.Argument(
            metavar="ARTICLE",
            parser=words,
            show_default=False,
            help="Only this one, and all that it changed.",
        ),
    ] = None,
    changes: Annotated[
        bool, typer.Option("--changes", help="What each copy changed, paragraph by paragraph.")
    ] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Who carried a text, in order of time, and what each changed.

    "Overlap" is how much of an article stands in the canonical one, and how much of that in it.
    """
    from ingestd.store import articles

    with reading(config) as connection:
        view = cluster_view.look(connection, cluster_id)
        chosen = articles.find(connection, article).id if article is not None else None
    if chosen is not None:
        view = view.only(chosen)
    if as_json:
        show.as_json(view.as_dict(in_full=changes or chosen is not None))
    elif chosen is not None:
        cluster_view.draw_one(view)
    else:
        cluster_view.draw(view, in_full=changes)


# ------------------------------------------------------------------------------- corrections


ArticlesArgument = Annotated[
    list[str], typer.Argument(metavar="ARTICLE", parser=words, help="Numbers or URLs of articles in it.")
]
OthersArgument = Annotated[
    list[int], typer.Argument(metavar="OTHER", parser=number, help="Numbers of those that end in it.")
]
CanonicalOption = Annotated[
    Optional[str],  # noqa: UP045 – Typer reads it at run time
    typer.Option(
        "--canonical", metavar="ARTICLE", parser=words, help="Number or URL of the article to represent it."
    ),
]


@app.command("split")
def split(cluster_id: ClusterArgument, article: ArticlesArgument, config: ConfigOption = None) -> None:
    """Part some articles of a cluster from the others, for good.

    They get a cluster of their own, and whatever is measured never puts them together again.
    """
    from ingestd.matching import matching
    from ingestd.store import articles, corrections

    with writing(config) as connection:
        taken = [articles.find(connection, one).id for one in article]
        parted = corrections.split(connection, cluster_id, taken, datetime.now(UTC), matching())
        _say_where(connection, corrections.resolve(connection, cluster_id), parted)


@app.command("merge")
def merge(cluster_id: ClusterArgument, other: OthersArgument, config: ConfigOption = None) -> None:
    """Make one cluster of several, for good.

    It keeps the first number, and the other numbers mean it from now on. Whatever is measured never
    parts its articles.
    """
    from ingestd.matching import matching
    from ingestd.store import corrections

    with writing(config) as connection:
        into = corrections.merge(connection, cluster_id, other, datetime.now(UTC), matching())
        _say_where(connection, into)


@app.command("pin")
def pin(cluster_id: ClusterArgument, canonical: CanonicalOption = None, config: ConfigOption = None) -> None:
    """Keep a cluster as it is.

    Articles may still join it; none is taken out, and it joins no other.
    """
    from ingestd.matching import matching
    from ingestd.store import articles, corrections

    with writing(config) as connection:
        chosen = articles.find(connection, canonical).id if canonical is not None else None
        now = datetime.now(UTC)
        _say_where(connection, corrections.pin(connection, cluster_id, now, matching(), chosen))


@app.command("unpin")
def unpin(cluster_id: ClusterArgument, config: ConfigOption = None) -> None:
    """Let a cluster follow what is measured again.

    What a person split or merged stays so.
    """
    from ingestd.matching import matching
    from ingestd.store import corrections

    with writing(config) as connection:
        _say_where(connection, corrections.unpin(connection, cluster_id, datetime.now(UTC), matching()))


def _say_where(connection: "sa.Connection", *cluster_ids: int) -> None:
    """What is in these clusters now."""
    from ingestd.store import clusters

    columns = ("id", "role", "site", "title")
    for cluster_id in cluster_ids:
        row = clusters.get(connection, cluster_id)
        assert row is not None
        pinned = ", pinned" if row.pinned_at else ""
        chosen = ", its canonical chosen" if row.canonical_pinned_at else ""
        members = clusters.members(connection, cluster_id)
        title = f"Cluster {cluster_id}: {show.count(len(members), 'article')}{pinned}{chosen}"
        rows = ((one.id, one.role, one.site, one.title) for one in members)
        show.table(title, columns, rows, right=("id",), flexible=("site", "title"))
