"""A cluster for people: who carried its text, in order of time, and what each changed against the canonical.

Changes are worked out when they are shown, from the bodies that are stored.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ingestd.cli import show
from ingestd.cli.changes_view import render
from ingestd.errors import UsageError

if TYPE_CHECKING:
    import sqlalchemy as sa

    from ingestd.dedupe.changes import Changes

# What the column of that name says.
OVERLAP = "of it in the canonical / of the canonical in it"


@dataclass(frozen=True, slots=True)
class View:
    """All that is shown of a cluster."""

    # The number that was asked for; it may be one of a cluster that ended in this one.
    asked: int
    row: Any
    # Its articles, the first to carry the text first.
    members: list[Any]
    # What each article but the canonical changed.
    changes: Mapping[int, "Changes"]
    # Articles of other clusters with a part of the text.
    related: list[Any]

    @property
    def canonical(self) -> Any:
        """The member that represents the cluster."""
        return next(member for member in self.members if member.id == self.row.canonical_id)

    def only(self, article_id: int) -> "View":
        """Of the articles this one alone; raises UsageError when it has no changes."""
        if article_id == self.row.canonical_id:
            raise UsageError(f"article {article_id} is the canonical, which the others are compared with")
        if article_id not in self.changes:
            raise UsageError(f"article {article_id} is not in cluster {self.row.id}")
        return replace(self, members=[member for member in self.members if member.id == article_id])

    def as_dict(self, *, in_full: bool) -> dict[str, Any]:
        """For programs; changes are counted and summed up, and `in_full` there word by word."""
        members = [
            {**_without_text(member), "changes": _told(self.changes.get(member.id), in_full=in_full)}
            for member in self.members
        ]
        related = [one._asdict() for one in self.related]
        return {**self.row._asdict(), "asked": self.asked, "members": members, "related": related}


def look(connection: "sa.Connection", cluster_id: int) -> View:
    """The cluster that a number means by now; raises UsageError when there is none."""
    from ingestd.dedupe.changes import changes
    from ingestd.store import clusters, corrections

    resolved = corrections.resolve(connection, cluster_id)
    row = clusters.get(connection, resolved)
    if row is None or row.canonical_id is None:
        raise UsageError(f"cluster {cluster_id} has no article any more: all of them were forgotten")
    members = sorted(clusters.members(connection, resolved), key=lambda one: (when(one), one.id))
    bodies = {one.id: one.body for one in members}
    original = bodies[row.canonical_id]
    found = {id_: changes(original, body) for id_, body in bodies.items() if id_ != row.canonical_id}
    return View(cluster_id, row, members, found, clusters.related_to(connection, cluster_id=resolved))


def when(member: Any) -> datetime:
    """When an article appeared: by its outlet's word, or when we first saw it."""
    moment: datetime = member.appeared_at or member.first_seen_at
    return moment


def _without_text(member: Any) -> dict[str, Any]:
    return {name: value for name, value in member._asdict().items() if name not in ("lead", "body")}


def _told(changes: "Changes | None", *, in_full: bool) -> dict[str, Any] | None:
    if changes is None:
        return None
    counts = {name: getattr(changes, name) for name in ("words_kept", "words_cut", "words_added")}
    paragraphs = Counter(block.kind.value for block in changes.blocks)
    told = {"summary": changes.summary, **counts, "paragraphs": paragraphs, "limited": changes.limited}
    return {**told, "blocks": [asdict(block) for block in changes.blocks]} if in_full else told


# ------------------------------------------------------------------------------- drawing


def draw(view: View, *, in_full: bool) -> None:
    """The head, a table of those who carried the text, and a few lines about each.

    What each changed is summed up in a line, or shown in full paragraph by paragraph.
    """
    _draw_head(view)
    columns = ("id", "when", "role", "overlap", "words", "agency", "site")
    lines = ((m.id, when(m), m.role, overlap(m), m.word_count, _credit(m), m.site) for m in view.members)
    title = f"\nIn order of time (overlap: {OVERLAP})"
    show.table(title, columns, lines, right=("id", "overlap", "words"), flexible=("agency", "site"))
    for member in view.members:
        _draw_article(view, member, in_full=in_full)
    _draw_related(view)


def draw_one(view: View) -> None:
    """The only article, and what it changed paragraph by paragraph."""
    (member,) = view.members
    _draw_article(view, member, in_full=True)


def _draw_head(view: View) -> None:
    row, canonical = view.row, view.canonical
    if view.asked != row.id:
        show.say(f"Cluster {view.asked} has ended; its articles are in cluster {row.id}.\n")
    show.say(show.safe(canonical.title or "(without a headline)"))
    chosen = ", chosen by a person" if row.canonical_pinned_at else ""
    sites = {member.site for member in view.members}
    carried = f"{show.count(len(view.members), 'article')} of {show.count(len(sites), 'outlet')}"
    show.facts(
        (
            ("cluster", f"{row.id}: {carried}"),
            ("agency", _agencies(view)),
            ("canonical", f"{canonical.id}, {canonical.site}{chosen}"),
            ("first", _carried(view.members[0])),
            ("last", _carried(view.members[-1])),
            ("pinned", row.pinned_at),
        )
    )


def _agencies(view: View) -> str | None:
    """Each agency that is credited, by how many, and where that was read first."""
    named = Counter(member.agency for member in view.members if member.agency)
    told = []
    for agency, times in named.most_common():
        witness = next(member for member in view.members if member.agency == agency)
        read = f"{witness.agency_evidence} of article {witness.id}: {witness.agency_quote!r}"
        told.append(f"{agency}, named by {times} of {len(view.members)} ({read})")
    return "; ".join(told) or None


def _credit(member: Any) -> str | None:
    """The agency that an article credits, and where that was read."""
    return f"{member.agency} ({member.agency_evidence})" if member.agency else None


def _carried(member: Any) -> str:
    return f"{show.cell(when(member))}, {member.site}"


def overlap(member: Any) -> str | None:
    """How alike a member and its canonical are; None for the canonical itself."""
    if member.containment is None:
        return None
    return f"{member.containment:.0%} / {member.containment_reverse:.0%}"


def _draw_article(view: View, member: Any, *, in_full: bool) -> None:
    """A few lines about one article, the first with its number."""
    changes = view.changes.get(member.id)
    evidence = f"{_credit(member)}: {member.agency_quote!r}" if member.agency else None
    own = "by the agency itself" if member.from_agency else None
    lines = [member.title, member.url, own, evidence, f"placed: {member.reason}"]
    if changes is not None:
        told = render(changes) if in_full else [changes.summary]
        lines += [f"against {view.row.canonical_id}: {told[0]}", *told[1:]]
    shown = [show.cell(line) for line in lines if line]
    show.say(
        "\n".join(f"{id_:>5}  {line}" for id_, line in zip(_first(member.id, shown), shown, strict=True))
    )


def _first(number: int, lines: list[str]) -> list[str]:
    return [str(number), *([""] * (len(lines) - 1))]


def _draw_related(view: View) -> None:
    """The clusters that have a part in common with this one, each with the pair that has most."""
    closest: dict[int, Any] = {}
    for one in view.related:
        closest.setdefault(one.cluster_id, one)
    if not closest:
        return
    columns = ("cluster", "article", "overlap", "with ours", "site", "title")
    rows = (
        (one.cluster_id, one.other_id, overlap(one), one.article_id, one.site, one.title)
        for one in closest.values()
    )
    title = "\nRelated: a part in common (overlap: of ours in it / of it in ours)"
    show.table(title, columns, rows, right=columns[:4], flexible=("site", "title"))
