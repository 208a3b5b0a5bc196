"""Why an article is in its cluster: what is stored of the decision, and the same steps taken again now.

    fingerprint ── clusters with its anchors ── texts compared, each with the rule that fired ── decision

Nothing is written. Other articles that came or went since may let the steps end elsewhere than they did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ingestd.cli import show
from ingestd.cli.cluster_view import OVERLAP, overlap

if TYPE_CHECKING:
    import sqlalchemy as sa

    from ingestd.dedupe.placing import Look
    from ingestd.model import Carrier, Match

# Clusters with anchors in common that are shown beside those that were looked into.
CLUSTERS_SHOWN = 10
RULINGS_SHOWN = 5

# What the column "overlap" says where two articles stand beside each other.
EACH_OTHER = "of it in the other / of the other in it"

# Columns of a member that say what was decided.
DECIDED = (
    *("role", "matched_id", "containment", "containment_reverse", "jaccard"),
    *("reason", "placed_at"),
)


# Columns of an article that say where its text came from.
TEXT = ("source", "source_reason", "completeness", "extractor", "word_count")


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is told of one article."""

    article: Any
    cluster: Any
    # Its row among the members of its cluster: what was decided.
    decision: Any
    # What placing sees when it looks at the article now.
    look: "Look"
    # The articles that it was compared with, by id.
    others: Mapping[int, "Carrier"]
    # What a person decided about it and another article: which, "together" or "apart", and when.
    rulings: Sequence[tuple[int, str, datetime]]
    related: list[Any]

    @property
    def matches(self) -> list["Match"]:
        """The comparisons, the most alike first."""
        return sorted(self.look.matches, key=lambda one: (-one.containment_of_smaller, one.other_id))

    @property
    def anchors(self) -> int:
        """How many anchors its text has."""
        return len(self.look.printed.text.anchors)

    @property
    def of_frame(self) -> int:
        """Anchors that stand in other articles of its outlet."""
        return len(self.look.survey.frames)

    @property
    def common(self) -> int:
        """Anchors that so many clusters have that they say nothing."""
        return len(self.look.survey.masked) - self.of_frame

    @property
    def ranked(self) -> list[tuple[int, int]]:
        """The other clusters with anchors in common, and how many, most first."""
        return sorted(self.look.survey.votes.items(), key=lambda one: (-one[1], one[0]))

    def verdict(self, match: "Match") -> str:
        """What came of a comparison, and why the clusters are others than it says."""
        found = "one text" if match.accepted else "not one text"
        ruled = {other_id: ruling for other_id, ruling, _ in self.rulings}
        together = self.others[match.other_id].cluster_id == self.cluster.id
        if match.other_id in ruled:
            return f"{found}; a person keeps them {ruled[match.other_id]}"
        if match.accepted and not together:
            return f"{found}, but too few of the two clusters match, or they fill one form"
        if together and not match.accepted:
            return f"{found}; they are together through other articles"
        return found


def explain(connection: "sa.Connection", article: Any, now: datetime) -> Explanation:
    """Take the steps of placing again for an article that is stored."""
    from ingestd.dedupe.placing import Placing
    from ingestd.matching import matching
    from ingestd.store import clusters, corrections
    from ingestd.store.index import SqlIndex

    cluster = clusters.cluster_of(connection, article.id)
    assert cluster is not None
    members = clusters.members(connection, cluster.id)
    index = SqlIndex(connection, matching(), now)
    look = Placing(index).look(article.id)
    return Explanation(
        article,
        cluster,
        next(member for member in members if member.id == article.id),
        look,
        {match.other_id: index.carrier(match.other_id) for match in look.matches},
        corrections.rulings(connection, article.id),
        clusters.related_to(connection, article_id=article.id),
    )


# ------------------------------------------------------------------------------- drawing


def as_dict(told: Explanation) -> dict[str, Any]:
    """For programs."""
    article, decision = told.article, told.decision
    return {
        "id": article.id,
        "url": article.url,
        "site": article.site,
        "title": article.title,
        "text": {name: getattr(article, name) for name in TEXT},
        "fingerprint": {
            "scheme": article.scheme,
            "tokens": article.token_count,
            "shingles": article.shingle_count,
            "anchors": told.anchors,
        },
        "furniture": {"common": told.common, "own_frame": told.of_frame},
        "cluster": told.cluster._asdict(),
        "decision": {name: getattr(decision, name) for name in DECIDED},
        "candidates": [
            {"cluster_id": cluster_id, "anchors": anchors, "looked_into": cluster_id in told.look.candidates}
            for cluster_id, anchors in told.ranked
        ],
        "compared": [
            {"cluster_id": told.others[one.other_id].cluster_id, **asdict(one), "verdict": told.verdict(one)}
            for one in told.matches
        ],
        "rulings": [{"other_id": other, "ruling": ruling, "at": at} for other, ruling, at in told.rulings],
        "related": [one._asdict() for one in told.related],
    }


def draw(told: Explanation) -> None:
    """The steps, one below the other."""
    _draw_head(told)
    show.say()
    _draw_candidates(told)
    _draw_matches(told)
    _draw_related(told)


def _draw_head(told: Explanation) -> None:
    article, cluster, decision = told.article, told.cluster, told.decision
    show.say(show.safe(article.title or "(without a headline)"))
    size = show.count(cluster.size, "article")
    came_by = f"article {decision.matched_id}" if decision.matched_id is not None else None
    pinned = f"since {show.cell(cluster.pinned_at)}" if cluster.pinned_at else None
    chosen = ", chosen by a person" if cluster.canonical_pinned_at else ""
    show.facts(
        (
            ("article", f"{article.id}, {article.url}"),
            ("outlet", article.site),
            ("text", _text(article)),
            ("fingerprint", _fingerprint(told)),
            ("furniture", _furniture(told)),
            ("cluster", f"{cluster.id}: {size}, canonical {cluster.canonical_id}{chosen}"),
            ("role", decision.role),
            ("overlap", f"{overlap(decision)}: {OVERLAP}" if overlap(decision) else None),
            ("decided", f"{show.cell(decision.placed_at)}: {decision.reason}"),
            ("came by", came_by),
            ("pinned", pinned),
            ("closed", None if cluster.indexed is not None else "past the window, no new text joins it"),
            ("ruled", _ruled(told)),
        )
    )


def _text(article: Any) -> str:
    """How much of a text was compared, and where it came from."""
    reason = f" ({article.source_reason})" if article.source_reason else ""
    told = (
        f"from {article.source}{reason}",
        article.completeness,
        article.extractor and f"{article.extractor} extractor",
    )
    return ", ".join((show.count(article.word_count, "word"), *(one for one in told if one)))


def _ruled(told: Explanation) -> list[str]:
    """What a person decided, the last first."""
    latest = sorted(told.rulings, key=lambda one: (one[2], one[0]), reverse=True)
    shown = [f"{ruling} {other_id} ({show.cell(at)})" for other_id, ruling, at in latest[:RULINGS_SHOWN]]
    more = len(latest) - len(shown)
    return [*shown, f"and {more} more"] if more else shown


def _fingerprint(told: Explanation) -> str:
    article = told.article
    counts = ((article.token_count, "token"), (article.shingle_count, "shingle"), (told.anchors, "anchor"))
    return f"{', '.join(show.count(number, noun) for number, noun in counts)} ({article.scheme})"


def _furniture(told: Explanation) -> str:
    if not told.look.survey.masked:
        return "none of its anchors"
    masked = show.count(len(told.look.survey.masked), "anchor")
    return f"{masked}: {told.common} of many clusters, {told.of_frame} of the outlet's own frame"


def _draw_candidates(told: Explanation) -> None:
    if not told.ranked:
        show.say("No other cluster has an anchor in common.\n")
        return
    more = f"; the first {CLUSTERS_SHOWN}" if len(told.ranked) > CLUSTERS_SHOWN else ""
    title = f"Other clusters with anchors in common: {len(told.ranked)}{more}"
    rows = ((one, anchors, _looked_into(told, one)) for one, anchors in told.ranked[:CLUSTERS_SHOWN])
    show.table(title, ("cluster", "anchors", ""), rows, right=("cluster", "anchors"))


def _looked_into(told: Explanation, cluster_id: int) -> str:
    if cluster_id not in told.look.candidates:
        return "too few, or others have more"
    compared = any(other.cluster_id == cluster_id for other in told.others.values())
    return "looked into" if compared else "has too many articles to take one more"


def _draw_matches(told: Explanation) -> None:
    columns = ("article", "cluster", "overlap", "verdict", "because", "site")
    others = told.others
    rows = (
        (id_, others[id_].cluster_id, overlap(match), told.verdict(match), match.rule, others[id_].source)
        for id_, match in ((match.other_id, match) for match in told.matches)
    )
    title = f"Compared with {show.count(len(told.matches), 'text')} (overlap: {EACH_OTHER})"
    show.table(title, columns, rows, right=columns[:3], flexible=columns[3:])


def _draw_related(told: Explanation) -> None:
    if not told.related:
        return
    columns = ("article", "cluster", "overlap", "site", "title")
    rows = ((one.other_id, one.cluster_id, overlap(one), one.site, one.title) for one in told.related)
    title = f"Related: a part in common (overlap: {EACH_OTHER})"
    show.table(title, columns, rows, right=columns[:3], flexible=("site", "title"))
