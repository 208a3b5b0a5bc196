"""`ingestd clusters …`"""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from ingestd.cli import show
from ingestd.cli.common import ConfigOption, JsonOption, LimitOption, SinceOption, moment, number, reading
from ingestd.errors import UsageError

app = typer.Typer(help="Clusters of one text at several outlets: list, show.", no_args_is_help=True)


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
    cluster_id: Annotated[int, typer.Argument(metavar="ID", parser=number, help="Number of the cluster.")],
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Who carried a text, when, and how similar each copy is."""
    from ingestd.store import clusters

    with reading(config) as connection:
        row = clusters.get(connection, cluster_id)
        if row is None:
            raise UsageError(f"there is no cluster {cluster_id}; `ingestd clusters list` shows what there is")
        members = clusters.members(connection, cluster_id)
    if as_json:
        show.as_json({**row._asdict(), "members": [member._asdict() for member in members]})
        return
    columns = ("id", "role", "agency", "published", "words", "overlap", "site")
    lines = ((m.id, m.role, m.agency, m.published_at, m.word_count, overlap(m), m.site) for m in members)
    title = f"Cluster {cluster_id}: {show.count(len(members), 'article')} ({OVERLAP})"
    show.table(title, columns, lines, right=("id", "words", "overlap"), flexible=("site",))
    for member in members:
        about = (member.title, member.url, member.reason)
        show.say(
            "\n".join(
                f"{id_:>5}  {show.cell(value)}" for id_, value in zip((member.id, "", ""), about, strict=True)
            )
        )


# What the column of that name says.
OVERLAP = "overlap: of it in the text it matched / of that text in it"


def overlap(member: Any) -> str | None:
    """How alike a member and its match are; None for the first of a cluster, which matched nothing."""
    if member.containment is None:
        return None
    return f"{member.containment:.0%} / {member.containment_reverse:.0%}"
