"""Which article represents a cluster, and what the others are beside it.

The canonical is, in this order: the one a person chose; the agency's own, if its outlet is among them; the
earliest full one. A text is full that has this share of the shingles of the longest, since an excerpt
that was seen first does not represent what it was cut from. Among texts of one moment the longer wins.
"""

from collections.abc import Sequence

from ingestd.model import Carrier, ClusterState, Match, Role

FULL_SHARE = 0.6
# Two texts that have this share of each other are copies; one of which the other has this share is an
# excerpt of it.
WHOLE = 0.75


def canonical(members: Sequence[Carrier], state: ClusterState) -> int:
    """The article that represents a cluster; `members` are all of them, in any order."""
    if state.canonical_pinned and any(member.article_id == state.canonical_id for member in members):
        assert state.canonical_id is not None
        return state.canonical_id
    longest = max(member.shingle_count for member in members)
    full = [member for member in members if member.shingle_count >= FULL_SHARE * longest]
    own = [member for member in full if member.from_agency]
    return min(own or full, key=_age).article_id


def _age(member: Carrier) -> tuple[object, ...]:
    return member.at, -member.shingle_count, member.text_hash, member.article_id


def role(match: Match, own_size: int, canonical_size: int) -> Role:
    """What an article is beside its canonical; `match` is seen from the article, sizes are in shingles."""
    if match.containment >= WHOLE and match.containment_reverse >= WHOLE:
        return Role.COPY
    if own_size <= canonical_size * WHOLE:
        return Role.EXCERPT
    if canonical_size <= own_size * WHOLE:
        return Role.EXPANDED
    return Role.UPDATE
