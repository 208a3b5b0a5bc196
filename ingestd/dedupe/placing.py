"""Where a text belongs: from its anchors to its cluster.

    1. survey    which clusters have its anchors; which anchors are furniture and count for nothing
    2. compare   it with a few texts of the likeliest clusters, shingle by shingle
    3. place     alone, into the one cluster that has its text, or – where several do, or one in part –
                 by grouping all their articles anew
    4. review    what represents the clusters that changed, and what each article is beside it
    5. again     articles of the same outlet whose furniture only this text gave away, or that are alone now

No decision depends on the order of arrival. An anchor is furniture when enough clusters have it, or enough of
one outlet's; both are counts over what is stored, so the text that makes the count full sends those before
it through the same steps. Grouping looks at pairs of texts alone. Where a longer text, or one that
arrives late, shows that two clusters are one, they are joined; what a person decided stays.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations

from ingestd.dedupe import roles
from ingestd.dedupe.forms import fillings
from ingestd.dedupe.grouping import Decided, Pair, group
from ingestd.dedupe.index import Index
from ingestd.dedupe.match import RULES, Rules, known_match
from ingestd.dedupe.overlap import Printed, printed
from ingestd.dedupe.text import Text, prepared
from ingestd.model import Carrier, Match, Role, Ruling

# An anchor that so many other clusters have is a phrase, a form or a frame.
COMMON_CLUSTERS = 7
# … or so many other clusters with an article of the same outlet: its furniture.
FRAME_CLUSTERS = 2
# Clusters that are looked into, those with most anchors in common.
CANDIDATES = 4
# A single shared anchor is a common phrase, except in a text that has few.
SHARED_MIN = 2
FEW_ANCHORS = 6
# Texts of one cluster that a text is compared with, from the shortest to the longest.
SAMPLE = 4
# A cluster of more articles than this is not taken apart any more, and so many of them speak for it.
SPEAKERS = 12
# Share of those that must have its text for it to join without asking all others.
CLEAR = 1.0
# A cluster of so many articles takes no more: what hundreds of pages carry is a notice of some outlet or its
# software, no wire text, and reading them all for each further one would take ever longer.
MOST_ARTICLES = 500
# When a text is like so many of a cluster and differs in places from all, they may be fillings of one form.
MANY_EDITED = 2
# Articles looked at again because of one text.
AGAIN = 8

ALONE = "no stored text has enough of its words"


@dataclass(frozen=True, slots=True)
class Survey:
    """What the anchors of a text say, before any text is read."""

    # Anchors in common with each other cluster, furniture left out.
    votes: Mapping[int, int]
    # Anchors that are furniture, ascending.
    masked: tuple[int, ...]
    # Those of them that are furniture of the outlet alone, with the clusters that show it.
    frames: Mapping[int, Collection[int]]
    # Articles of the same outlet in those clusters.
    siblings: tuple[Carrier, ...]

    def candidates(self, anchor_count: int) -> list[int]:
        """The clusters to look into, the likeliest first."""
        needed = SHARED_MIN if anchor_count - len(self.masked) > FEW_ANCHORS else 1
        ranked = sorted((-votes, cluster_id) for cluster_id, votes in self.votes.items() if votes >= needed)
        return [cluster_id for _, cluster_id in ranked[:CANDIDATES]]


@dataclass(slots=True)
class Look:
    """One article while it is being placed: steps 1 and 2."""

    carrier: Carrier
    printed: Printed
    survey: Survey
    # The other articles of its cluster; none when it is alone or in none.
    companions: Sequence[Carrier]
    # The clusters looked into, the likeliest first; its own is not among them.
    candidates: Sequence[int]
    # Share of the sampled articles of a cluster that have its text; clusters of which none has are absent.
    support: dict[int, float] = field(default_factory=dict)
    # Its matches with single articles, accepted or not.
    matches: list[Match] = field(default_factory=list)

    @property
    def may_fill_a_form(self) -> bool:
        """Whether it differs in places from all that it is like, and those are several."""
        accepted = [found for found in self.matches if found.accepted]
        return len(accepted) >= MANY_EDITED and all(found.places for found in accepted)

    @property
    def best(self) -> Match | None:
        """The closest accepted match."""
        accepted = [found for found in self.matches if found.accepted]
        return max(
            accepted, key=lambda one: (one.containment_of_smaller, one.jaccard, -one.other_id), default=None
        )


class Placing:
    """Places articles in one index."""

    def __init__(self, index: Index, rules: Rules = RULES) -> None:
        self._index = index
        self._rules = rules

    # ------------------------------------------------------------------------------ what happens to a text

    def place(self, article_id: int) -> None:
        """Place an article that is new, or whose text is."""
        for again in self._settle(article_id):
            self._settle(again)

    def revise(self, article_id: int, former_text: str) -> None:
        """Place an article whose text has changed from `former_text`; the index has the new one."""
        carrier = self._index.carrier(article_id)
        home = _home(carrier)
        others = self._others([home], article_id)
        anchors = set(self._text(article_id).anchors)
        self._index.unpost(home, set(prepared(former_text).anchors) - anchors - self._anchors(others))
        self._index.post(home, anchors)
        self.place(article_id)
        self.review(_home(self._index.carrier(article_id)))

    def withdraw(self, article_id: int) -> None:
        """Take out an article that is to be forgotten; the index still has its text."""
        home = self._index.carrier(article_id).cluster_id
        if home is None:
            return
        others = self._others([home], article_id)
        self._index.unpost(home, set(self._text(article_id).anchors) - self._anchors(others))
        self._index.drop(article_id)
        if others:
            self._review(home, ())
        else:
            self._index.end(home, None)

    def expire(self, cluster_id: int) -> None:
        """Let no new text find a cluster any more."""
        self._index.unpost(cluster_id, self._anchors(self._index.members([cluster_id])))

    def restore(self, cluster_id: int) -> None:
        """Let new texts find a cluster by all its texts."""
        self._index.post(cluster_id, self._anchors(self._index.members([cluster_id])))

    def review(self, cluster_id: int) -> None:
        """Decide anew what represents a cluster, and what its articles are beside it."""
        self._review(cluster_id, None)

    # ------------------------------------------------------------------------------ what people decide

    def merge(self, into: int, others: Collection[int]) -> None:
        """Make one cluster of several, for good."""
        mine = self._index.members([into])
        theirs = self._index.members(others)
        self._index.rule(_pairs(mine, theirs), Ruling.TOGETHER)
        self._apply([sorted(one.article_id for one in (*mine, *theirs))], (*mine, *theirs), into)

    def split(self, cluster_id: int, article_ids: Collection[int]) -> int:
        """Make a cluster of its own of some articles of one, for good; returns its number."""
        members = self._index.members([cluster_id])
        taken = [one for one in members if one.article_id in article_ids]
        kept = [one for one in members if one.article_id not in article_ids]
        self._index.rule(_pairs(kept, taken), Ruling.APART)
        groups = [sorted(one.article_id for one in some) for some in (kept, taken)]
        self._apply(groups, members, cluster_id)
        return _home(self._index.carrier(min(article_ids)))

    # ------------------------------------------------------------------------------ steps

    def survey(self, carrier: Carrier, text: Text) -> Survey:
        """Step 1: which clusters have the anchors of a text."""
        home = carrier.cluster_id
        common, scarce = set(), {}
        for anchor, clusters in self._index.holders(text.anchors, COMMON_CLUSTERS + 1).items():
            others = [one for one in clusters if one != home] if home in clusters else clusters
            if len(others) >= COMMON_CLUSTERS:
                common.add(anchor)
            else:
                scarce[anchor] = others
        siblings = self._siblings(carrier, set(chain.from_iterable(scarce.values())))
        frames = self._frames(scarce, siblings)
        votes = Counter(chain.from_iterable(scarce[anchor] for anchor in scarce.keys() - frames.keys()))
        return Survey(votes, tuple(sorted(common | frames.keys())), frames, tuple(siblings))

    def _siblings(self, carrier: Carrier, cluster_ids: Collection[int]) -> Sequence[Carrier]:
        if len(cluster_ids) < FRAME_CLUSTERS:
            return ()
        return self._index.of_source(carrier.source, cluster_ids)

    def _frames(
        self, scarce: Mapping[int, Sequence[int]], siblings: Sequence[Carrier]
    ) -> dict[int, set[int]]:
        """The anchors that are the outlet's furniture, with the clusters of its articles that have them."""
        if len(siblings) < FRAME_CLUSTERS:
            return {}
        of_outlet = {sibling.cluster_id for sibling in siblings}
        suspects = [
            anchor
            for anchor, clusters in scarce.items()
            if sum(one in of_outlet for one in clusters) >= FRAME_CLUSTERS
        ]
        if not suspects:
            return {}
        # A cluster can have an anchor by another outlet's text: only the outlet's own texts tell.
        texts = self._index.texts([sibling.article_id for sibling in siblings])
        own = [(_home(one), set(prepared(texts[one.article_id]).anchors)) for one in siblings]
        having = {anchor: {home for home, anchors in own if anchor in anchors} for anchor in suspects}
        return {anchor: homes for anchor, homes in having.items() if len(homes) >= FRAME_CLUSTERS}

    def look(self, article_id: int) -> Look:
        """Steps 1 and 2 for one article; nothing is noted down."""
        carrier = self._index.carrier(article_id)
        text = self._index.texts([article_id])[article_id]
        found = self.survey(carrier, prepared(text))
        look = Look(
            carrier,
            printed(article_id, carrier.source, text, found.masked),
            found,
            self._others([] if carrier.cluster_id is None else [carrier.cluster_id], article_id),
            found.candidates(len(prepared(text).anchors)),
        )
        self._compare(look)
        return look

    def _settle(self, article_id: int) -> list[int]:
        """Steps 1 to 4 for one article; returns the articles of step 5."""
        look = self.look(article_id)
        if look.survey.masked != look.carrier.masked:
            self._index.mask(article_id, look.survey.masked)
        left_alone = self._decide(look)
        self._relate(look)
        return sorted({*self._to_look_at_again(look.survey), *left_alone} - {article_id})[:AGAIN]

    def _compare(self, look: Look) -> None:
        """Step 2: fill in the matches of a look, and the support of each cluster."""
        samples = _by_cluster((*self._index.members(look.candidates), *look.companions))
        samples = {
            cluster_id: _sample(members, SAMPLE)
            for cluster_id, members in samples.items()
            if len(members) < MOST_ARTICLES or cluster_id == look.carrier.cluster_id
        }
        texts = self._printed([one for members in samples.values() for one in members])
        for cluster_id, members in samples.items():
            matches = [self._match(look.printed, texts[one.article_id]) for one in members]
            accepted = sum(found.accepted for found in matches)
            look.matches += matches
            if accepted:
                look.support[cluster_id] = accepted / len(members)

    def _decide(self, look: Look) -> Sequence[int]:
        """Steps 3 and 4; returns the articles that are in clusters of their own because of it."""
        home = look.carrier.cluster_id
        clear = len(look.support) == 1 and max(look.support.values()) >= CLEAR and not look.may_fill_a_form
        if not look.support and not look.companions:
            if home is None:
                self._open(look)
        elif clear and home is None:
            self._join(look, *look.support)
        elif not (clear and home in look.support):
            return self._regroup(look, {*look.support, *([] if home is None else [home])})
        return ()

    def _open(self, look: Look) -> None:
        cluster_id = self._index.open(look.carrier.article_id)
        self._index.post(cluster_id, look.printed.text.anchors)
        self._justify(look)
        self._review(cluster_id, ())

    def _join(self, look: Look, cluster_id: int) -> None:
        self._index.assign(look.carrier.article_id, cluster_id)
        self._index.post(cluster_id, look.printed.text.anchors)
        self._justify(look)
        self._review(cluster_id, [look.carrier.article_id])

    def _justify(self, look: Look) -> None:
        best = look.best
        home = self._index.carrier(look.carrier.article_id).cluster_id
        if best is not None and self._index.carrier(best.other_id).cluster_id == home:
            reason, matched_id = f"like article {best.other_id}: {best.rule}", best.other_id
        else:
            reason, matched_id = _nearest(look.matches), None
        self._index.justify(look.carrier.article_id, reason, matched_id)

    def _regroup(self, look: Look, cluster_ids: Collection[int]) -> Sequence[int]:
        """Group the articles of these clusters and the one looked at anew; returns those of new clusters."""
        members = self._others(cluster_ids, look.carrier.article_id)
        clusters = _by_cluster(members)
        rigid = {cluster_id for cluster_id, some in clusters.items() if len(some) > SPEAKERS}
        speakers = [one for some in clusters.values() for one in _sample(some, SPEAKERS)]
        everyone = [look.carrier, *speakers]
        accepted = self._accepted(look, everyone, rigid)
        groups = group(
            [one.article_id for one in everyone],
            accepted,
            rank={one.article_id: (one.shingle_count, one.text_hash) for one in everyone},
            decided=self._decided([look.carrier, *members], everyone, rigid),
        )
        left_alone = self._apply(
            _with_silent(groups, clusters, rigid), [look.carrier, *members], None, accepted
        )
        if len(self._index.members([_home(self._index.carrier(look.carrier.article_id))])) == 1:
            self._justify(look)
        return left_alone

    def _accepted(self, look: Look, everyone: Sequence[Carrier], rigid: Collection[int]) -> dict[Pair, Match]:
        """The pairs that are one text; within a rigid cluster nobody asks."""
        texts = self._printed(everyone) | {look.carrier.article_id: look.printed}
        found: dict[Pair, Match] = {}
        for one, other in combinations(everyone, 2):
            if one.cluster_id == other.cluster_id and one.cluster_id in rigid:
                continue
            verdict = self._match(texts[one.article_id], texts[other.article_id])
            if verdict.accepted:
                found[frozenset((one.article_id, other.article_id))] = verdict
        forms = fillings(texts, found, self._rules.own_words)
        return {pair: verdict for pair, verdict in found.items() if pair not in forms}

    def _decided(
        self, members: Sequence[Carrier], speakers: Sequence[Carrier], rigid: Collection[int]
    ) -> Decided:
        """What is decided before any pair is looked at: by people, and for clusters that are rigid."""
        heard = {one.article_id for one in speakers}
        clusters = _by_cluster(speakers)
        states = self._index.states(clusters.keys())
        pinned = [cluster_id for cluster_id, state in states.items() if state.pinned]
        together: list[Iterable[int]] = [
            [one.article_id for one in clusters[cluster_id]] for cluster_id in {*pinned, *rigid}
        ]
        apart = [
            frozenset((clusters[one][0].article_id, clusters[other][0].article_id))
            for position, one in enumerate(pinned)
            for other in pinned[:position]
        ]
        for pair, ruling in self._index.rulings([one.article_id for one in members]).items():
            if pair <= heard:
                if ruling is Ruling.TOGETHER:
                    together.append(pair)
                else:
                    apart.append(pair)
        return Decided(together, frozenset(apart))

    # ------------------------------------------------------------------------------ carrying out

    def _apply(
        self,
        groups: Sequence[Sequence[int]],
        carriers: Sequence[Carrier],
        preferred: int | None,
        accepted: Mapping[Pair, Match] | None = None,
    ) -> Sequence[int]:
        """Let each group be one cluster, keeping as many numbers and moving as few articles as can be.

        The first group is `preferred`, when that is given. Returns the articles of clusters that are new.
        """
        former = {one.article_id: one.cluster_id for one in carriers}
        homes, successors = self._homes(groups, former, preferred)
        moved: dict[int, set[int]] = {}
        for members, home in zip(groups, homes, strict=True):
            cluster_id = self._index.open(members[0]) if home is None else home
            for article_id in members if home is not None else members[1:]:
                if former[article_id] != cluster_id:
                    self._index.assign(article_id, cluster_id)
            comers = {one for one in members if former[one] != cluster_id}
            if comers:
                moved[cluster_id] = comers
        self._repost(moved, former, successors)
        self._justify_moves(moved, accepted or {})
        left = {former[one] for comers in moved.values() for one in comers} - successors.keys() - {None}
        for cluster_id in sorted({*moved, *(one for one in left if one is not None)}):
            self.review(cluster_id)
        return [one for members, home in zip(groups, homes, strict=True) if home is None for one in members]

    def _homes(
        self, groups: Sequence[Sequence[int]], former: Mapping[int, int | None], preferred: int | None
    ) -> tuple[list[int | None], dict[int, int]]:
        """The cluster that each group keeps (None = a new one), and the successors of those that end."""
        claims: dict[int, list[int]] = {}
        counts = [Counter(former[one] for one in members if former[one] is not None) for members in groups]
        for cluster_id in {one for one in former.values() if one is not None}:
            keeper = max(range(len(groups)), key=lambda place: (counts[place][cluster_id], -place))
            if cluster_id == preferred:
                keeper = 0
            claims.setdefault(keeper, []).append(cluster_id)
        states = self._index.states([one for some in claims.values() for one in some])

        def seniority(cluster_id: int) -> tuple[bool, bool, int]:
            return cluster_id != preferred, not states[cluster_id].pinned, cluster_id

        homes = [
            min(claims[place], key=seniority) if place in claims else None for place in range(len(groups))
        ]
        successors = {
            ended: home
            for place, home in enumerate(homes)
            for ended in claims.get(place, ())
            if home is not None and ended != home
        }
        return homes, successors

    def _repost(
        self,
        moved: Mapping[int, Collection[int]],
        former: Mapping[int, int | None],
        successors: Mapping[int, int],
    ) -> None:
        """Let the postings follow the articles that moved; end the clusters that nothing is left of."""
        left: dict[int, set[int]] = {}
        for cluster_id, comers in moved.items():
            self._index.post(cluster_id, self._anchors_of(comers))
            for article_id in comers:
                origin = former[article_id]
                if origin is not None:
                    left.setdefault(origin, set()).add(article_id)
        for cluster_id, leavers in left.items():
            staying = self._index.members([cluster_id])
            self._index.unpost(cluster_id, self._anchors_of(leavers) - self._anchors(staying))
            if not staying:
                self._index.end(cluster_id, successors.get(cluster_id))

    def _justify_moves(self, moved: Mapping[int, Collection[int]], accepted: Mapping[Pair, Match]) -> None:
        for cluster_id, comers in moved.items():
            members = {one.article_id for one in self._index.members([cluster_id])}
            for article_id in comers:
                pairs = [pair for pair in accepted if article_id in pair and pair <= members]
                if not pairs:
                    self._index.justify(article_id, OUTVOTED if len(members) == 1 else BY_HAND, None)
                    continue
                best = max(pairs, key=lambda pair: (accepted[pair].containment_of_smaller, sorted(pair)))
                (other_id,) = best - {article_id}
                self._index.justify(article_id, f"like article {other_id}: {accepted[best].rule}", other_id)

    def _review(self, cluster_id: int, comers: Collection[int] | None) -> None:
        """Step 4: who represents a cluster, and what its members are beside it.

        `comers` are the members that are new; None means all.
        """
        members = {one.article_id: one for one in self._index.members([cluster_id])}
        state = self._index.states([cluster_id])[cluster_id]
        chosen = roles.canonical(list(members.values()), state)
        if chosen != state.canonical_id:
            self._index.crown(cluster_id, chosen)
            comers = None
        if comers is None:
            self._index.describe(chosen, Role.CANONICAL, None)
            comers = members.keys() - {chosen}
        for article_id in comers:
            self._describe(members[article_id], members[chosen])

    def _describe(self, member: Carrier, chosen: Carrier) -> None:
        texts = self._printed((member, chosen))
        found = self._match(texts[member.article_id], texts[chosen.article_id])
        role = roles.role(found, member.shingle_count, chosen.shingle_count)
        self._index.describe(member.article_id, role, found)

    def _relate(self, look: Look) -> None:
        """Note which texts of other clusters have a part in common with this one."""
        related = [found for found in look.matches if found.related]
        article_id = look.carrier.article_id
        if related:
            home = _home(self._index.carrier(article_id))
            related = [one for one in related if self._index.carrier(one.other_id).cluster_id != home]
        if related or look.carrier.cluster_id is not None:
            self._index.relate(article_id, related)

    def _to_look_at_again(self, found: Survey) -> list[int]:
        """Articles of the same outlet for which an anchor became furniture just now."""
        if not found.frames:
            return []
        texts = self._index.texts([one.article_id for one in found.siblings])
        again = []
        for sibling in found.siblings:
            shown = {anchor for anchor, clusters in found.frames.items() if sibling.cluster_id in clusters}
            own = set(prepared(texts[sibling.article_id]).anchors) - set(sibling.masked)
            if not shown.isdisjoint(own):
                again.append(sibling.article_id)
        return again

    # ------------------------------------------------------------------------------ texts

    def _others(self, cluster_ids: Collection[int], article_id: int) -> list[Carrier]:
        """The articles of these clusters but one."""
        return [one for one in self._index.members(cluster_ids) if one.article_id != article_id]

    def _text(self, article_id: int) -> Text:
        return prepared(self._index.texts([article_id])[article_id])

    def _printed(self, carriers: Sequence[Carrier]) -> dict[int, Printed]:
        texts = self._index.texts([one.article_id for one in carriers])
        return {
            one.article_id: printed(one.article_id, one.source, texts[one.article_id], one.masked)
            for one in carriers
        }

    def _match(self, one: Printed, other: Printed) -> Match:
        if one.article_id < other.article_id:
            return known_match(one, other, self._rules)
        return known_match(other, one, self._rules).seen_from(one.article_id)

    def _anchors(self, carriers: Iterable[Carrier]) -> set[int]:
        return self._anchors_of([one.article_id for one in carriers])

    def _anchors_of(self, article_ids: Collection[int]) -> set[int]:
        texts = self._index.texts(article_ids)
        return {anchor for text in texts.values() for anchor in prepared(text).anchors}


BY_HAND = "a person decided so"
OUTVOTED = "too few of the texts like it are like each other, or they fill one form"


def _home(carrier: Carrier) -> int:
    assert carrier.cluster_id is not None
    return carrier.cluster_id


def _by_cluster(carriers: Iterable[Carrier]) -> dict[int, list[Carrier]]:
    clusters: dict[int, list[Carrier]] = {}
    for one in carriers:
        if one.cluster_id is not None:
            clusters.setdefault(one.cluster_id, []).append(one)
    return clusters


def _sample(members: Sequence[Carrier], count: int) -> list[Carrier]:
    """So many of a cluster, spread from its shortest to its longest text whatever their order."""
    ranked = sorted(members, key=lambda one: (one.shingle_count, one.text_hash, one.article_id))
    if len(ranked) <= count:
        return ranked
    return [ranked[round(place * (len(ranked) - 1) / (count - 1))] for place in range(count)]


def _with_silent(
    groups: Sequence[Sequence[int]], clusters: Mapping[int, Sequence[Carrier]], rigid: Collection[int]
) -> list[list[int]]:
    """The groups, with the articles of rigid clusters that others spoke for."""
    spoken_for = {
        one.article_id: [other.article_id for other in clusters[cluster_id]]
        for cluster_id in rigid
        for one in clusters[cluster_id]
    }
    return [sorted({other for one in members for other in spoken_for.get(one, [one])}) for members in groups]


def _pairs(some: Iterable[Carrier], others: Sequence[Carrier]) -> set[Pair]:
    return {frozenset((one.article_id, other.article_id)) for one in some for other in others}


def _nearest(matches: Sequence[Match]) -> str:
    """Why an article is alone."""
    nearest = max(matches, key=lambda one: (one.containment_of_smaller, -one.other_id), default=None)
    if nearest is None:
        return ALONE
    return f"nearest is article {nearest.other_id}, but {OUTVOTED if nearest.accepted else nearest.rule}"
