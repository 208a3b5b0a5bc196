"""Clusters: looking them up, and keeping the postings of those that a new text can still join."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from ingestd.store import postings
from ingestd.store.dialect import new_values, update_of
from ingestd.store.index import NEWEST, Matching, SqlIndex
from ingestd.store.schema import article, cluster, member, related, revision


@dataclass(frozen=True, slots=True)
class Settings:
    """How long copies of a text are looked for."""

    # A text that nobody has printed or changed for so long gets no new copies; 0 looks for ever.
    window: timedelta = timedelta(days=30)

    def opens_at(self, now: datetime) -> datetime | None:
        """Clusters that were active since then can be joined; None means all."""
        return now - self.window if self.window else None


# ------------------------------------------------------------------------------- one cluster


_CLUSTER_OF = (
    sa.select(cluster)
    .join(member, member.c.cluster_id == cluster.c.id)
    .where(member.c.article_id == sa.bindparam("article_id"))
)
_GET = sa.select(cluster).where(cluster.c.id == sa.bindparam("cluster_id"))


def cluster_of(connection: sa.Connection, article_id: int) -> sa.Row[Any] | None:
    """The cluster that an article is in, with its size; None when it is in none."""
    return connection.execute(_CLUSTER_OF, {"article_id": article_id}).first()


def get(connection: sa.Connection, cluster_id: int) -> sa.Row[Any] | None:
    """One cluster, ended ones too; None when there never was one with that id."""
    return connection.execute(_GET, {"cluster_id": cluster_id}).first()


def members(connection: sa.Connection, cluster_id: int) -> list[sa.Row[Any]]:
    """Who carries the text of a cluster, in the order in which it was seen.

    `appeared_at` is None when the outlet does not say when it published, or when that cannot be; then
    `first_seen_at` counts. Containments are against the canonical, None for itself.
    """
    query = (
        sa.select(
            *(article.c.id, article.c.url, article.c.site, article.c.first_seen_at, article.c.appeared_at),
            *(article.c.revision, article.c.from_agency),
            *(revision.c.title, revision.c.lead, revision.c.body, revision.c.language),
            *(revision.c.agency, revision.c.agency_evidence, revision.c.agency_quote),
            *(revision.c.published_at, revision.c.word_count),
            *(member.c.role, member.c.matched_id, member.c.containment, member.c.containment_reverse),
            *(member.c.jaccard, member.c.reason, member.c.placed_at),
        )
        .join(article, article.c.id == member.c.article_id)
        .join(revision, NEWEST)
        .where(member.c.cluster_id == cluster_id)
        .order_by(article.c.first_seen_at, article.c.id)
    )
    return list(connection.execute(query))


def related_to(
    connection: sa.Connection, *, cluster_id: int | None = None, article_id: int | None = None
) -> list[sa.Row[Any]]:
    """Pairs that have a part of one text, from the articles of a cluster or from one article.

    The closest come first. Whichever of the two was found to be like the other, `article_id` is the one that
    was asked about; pairs that are in one cluster by now are left out.
    """
    own, theirs = member.alias("own"), member.alias("theirs")
    pairs = _pairs_both_ways()
    query: sa.Select[Any] = (
        sa.select(
            pairs.c.article_id,
            *(theirs.c.cluster_id, article.c.id.label("other_id"), article.c.url, article.c.site),
            *(revision.c.title, pairs.c.containment, pairs.c.containment_reverse, pairs.c.rule),
        )
        .select_from(pairs)
        .join(own, own.c.article_id == pairs.c.article_id)
        .join(theirs, theirs.c.article_id == pairs.c.other_id)
        .join(article, article.c.id == pairs.c.other_id)
        .join(revision, NEWEST)
        .where(own.c.cluster_id != theirs.c.cluster_id)
        .order_by(pairs.c.containment.desc(), pairs.c.article_id, article.c.id)
    )
    asked = own.c.cluster_id == cluster_id if article_id is None else own.c.article_id == article_id
    return _first_of_each(connection.execute(query.where(asked)).all())


def _pairs_both_ways() -> sa.Subquery:
    back = sa.select(
        related.c.other_id.label("article_id"),
        related.c.article_id.label("other_id"),
        related.c.containment_reverse.label("containment"),
        related.c.containment.label("containment_reverse"),
        related.c.rule,
    )
    return sa.select(related).union_all(back).subquery("pairs")


def _first_of_each(rows: Sequence[sa.Row[Any]]) -> list[sa.Row[Any]]:
    """Rows without those whose pair, noted from both sides, was there before."""
    distinct: dict[tuple[int, int], sa.Row[Any]] = {}
    for row in rows:
        distinct.setdefault((row.article_id, row.other_id), row)
    return list(distinct.values())


# ------------------------------------------------------------------------------- listing


def listing(
    connection: sa.Connection, *, since: datetime | None = None, at_least: int = 2, limit: int = 50
) -> list[sa.Row[Any]]:
    """Clusters of at least that many articles, the most recently active first.

    The agency is that of the canonical; when it names none, one that another member names, because they
    carry one text.
    """
    agency = sa.func.coalesce(revision.c.agency, _agency_of_members()).label("agency")
    query = (
        sa.select(cluster, revision.c.title, agency, article.c.site)
        .join(article, article.c.id == cluster.c.canonical_id)
        .join(revision, NEWEST)
        .where(cluster.c.size >= at_least)
        .order_by(cluster.c.active_at.desc(), cluster.c.id.desc())
        .limit(limit)
    )
    return list(connection.execute(query if since is None else query.where(cluster.c.active_at >= since)))


def _agency_of_members() -> sa.ScalarSelect[Any]:
    carrier, named = article.alias(), revision.alias()
    query = (
        sa.select(sa.func.min(named.c.agency))
        .select_from(member.join(carrier, carrier.c.id == member.c.article_id))
        .join(named, sa.and_(named.c.article_id == carrier.c.id, named.c.number == carrier.c.revision))
        .where(member.c.cluster_id == cluster.c.id)
    )
    return query.correlate(cluster).scalar_subquery()


# ------------------------------------------------------------------------------- the window


# What `indexed` says of a cluster whose postings are there and are to be made anew.
MARKED = 0

# Literally so, because a partial index does not serve a parameter.
_LIVES = cluster.c.size > sa.literal_column("0")
_INDEXED = cluster.c.indexed == sa.bindparam("scheme")
_OVERDUE = (
    sa.select(cluster.c.id)
    .where(_LIVES, _INDEXED, cluster.c.active_at < sa.bindparam("before"))
    .order_by(cluster.c.active_at)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_TEXTS: sa.Select[Any] = (
    sa.select(revision.c.id, revision.c.title, revision.c.body, revision.c.scheme)
    .select_from(member)
    .join(article, article.c.id == member.c.article_id)
    .join(revision, NEWEST)
    .where(member.c.cluster_id == sa.bindparam("cluster_id"))
)
_THIS_CLUSTER = cluster.c.id == sa.bindparam("this")
_THIS_REVISION = revision.c.id == sa.bindparam("this")


def overdue(connection: sa.Connection, settings: Settings, now: datetime, limit: int) -> list[int]:
    """Up to `limit` clusters whose postings are past the window, the longest first."""
    before = settings.opens_at(now)
    if before is None:
        return []
    found: list[int] = []
    for scheme in (postings.current(), MARKED):
        parameters = {"scheme": scheme, "before": before, "most": limit - len(found)}
        found += connection.scalars(_OVERDUE, parameters)
    return found


def expire(
    connection: sa.Connection, settings: Settings, now: datetime, limit: int, matching: Matching
) -> int:
    """Take the postings of up to `limit` clusters away that are past the window; returns how many.

    They keep their articles, and a revision of one of these brings the postings back. Call again while it
    is `limit`.
    """
    found = overdue(connection, settings, now, limit)
    placer = matching.place(SqlIndex(connection, matching, now))
    for cluster_id in found:
        placer.expire(cluster_id)
        _set_indexed(connection, cluster_id, None)
    return len(found)


def stale(connection: sa.Connection, settings: Settings, now: datetime, limit: int) -> list[int]:
    """Up to `limit` clusters within the window whose postings are to be made anew, the last active first."""
    wanted = _within(settings, now, sa.select(cluster.c.id)).order_by(cluster.c.active_at.desc())
    # One scheme at a time, so that the index gives the order.
    for indexed in _other_schemes():
        found = list(connection.scalars(wanted.where(indexed).limit(limit)))
        if found:
            return found
    return []


def count_stale(connection: sa.Connection, settings: Settings, now: datetime) -> int:
    """How many clusters `stale` would give in all."""
    counted = _within(settings, now, sa.select(sa.func.count()).select_from(cluster))
    return connection.scalar(counted.where(sa.or_(*_other_schemes()))) or 0


def _within(settings: Settings, now: datetime, query: sa.Select[Any]) -> sa.Select[Any]:
    since = settings.opens_at(now)
    return query.where(_LIVES) if since is None else query.where(_LIVES, cluster.c.active_at >= since)


def _other_schemes() -> list[sa.ColumnElement[bool]]:
    return [cluster.c.indexed.is_(None), *(cluster.c.indexed == one for one in range(postings.current()))]


def mark_stale(connection: sa.Connection, limit: int) -> int:
    """Let up to `limit` clusters be rebuilt that stand under the scheme in use; returns how many.

    New texts find them meanwhile. Call again while it is `limit`, and then `reindex`.
    """
    some = sa.select(cluster.c.id).where(_LIVES, cluster.c.indexed == postings.current()).limit(limit)
    return connection.execute(cluster.update().where(cluster.c.id.in_(some)).values(indexed=MARKED)).rowcount


def reindex(
    connection: sa.Connection, settings: Settings, now: datetime, limit: int, matching: Matching
) -> int:
    """Rebuild the postings of up to `limit` clusters of `stale`; returns how many.

    Their articles stay in them, and are described anew beside their canonical. What has been rebuilt is
    stale no more, so whoever is interrupted goes on where it was. Call again while it is not 0, then
    `postings.sweep` for what former schemes left.
    """
    found = stale(connection, settings, now, limit)
    for cluster_id in found:
        rebuild(connection, cluster_id, now, matching)
        index = SqlIndex(connection, matching, now)
        matching.place(index).review(cluster_id)
        index.flush()
    return len(found)


def rebuild(connection: sa.Connection, cluster_id: int, now: datetime, matching: Matching) -> None:
    """Make a cluster's postings, and what is counted of its texts, anew by the scheme in use."""
    for row in connection.execute(_TEXTS, {"cluster_id": cluster_id}).all():
        if row.scheme != postings.SCHEMES[-1]:
            _count_anew(connection, row, matching)
    matching.place(SqlIndex(connection, matching, now)).restore(cluster_id)
    _set_indexed(connection, cluster_id, postings.current())


def _count_anew(connection: sa.Connection, row: sa.Row[Any], matching: Matching) -> None:
    counted = matching.fingerprint(matching.compared_text(row.title, row.body))
    columns = {
        "scheme": counted.scheme,
        "token_count": counted.token_count,
        "shingle_count": counted.shingle_count,
    }
    statement = update_of(revision, _THIS_REVISION, tuple(columns))
    connection.execute(statement, {"this": row.id, **new_values(columns)})


def _set_indexed(connection: sa.Connection, cluster_id: int, scheme: int | None) -> None:
    statement = update_of(cluster, _THIS_CLUSTER, ("indexed",))
    connection.execute(statement, {"this": cluster_id, "new_indexed": scheme})
