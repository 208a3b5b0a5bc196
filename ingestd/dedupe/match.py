"""Which cluster a text belongs to, decided by reading both texts.

Anchors only propose; here the new text is compared with each candidate shingle by shingle.

    1. measure   the shingles in common, how long they run, which figures stand inside the runs
    2. object    too little text, two fillings of one form, or two articles of one outlet
    3. accept    enough of the shorter text stands in the longer, or one begins as the other does
    4. choose    the closest accepted one; its cluster is joined, and two clusters are never merged
    5. name      what the new text is beside the one matched: copy, excerpt or expanded

Containment of the smaller text decides and not Jaccard's index, because outlets cut: a copy of which
half is printed cannot pass .5. Containment alone joins weather, market reports and horoscopes, which
fill one form with new values every day; step 2 knows them by what differs between two fillings, short
and regular, and not by what they say. Every rule reads both texts alike, so that the order in which two
texts arrive makes no difference to them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ingestd.dedupe.shingles import WORDS_PER_SHINGLE, Hashes, shingle, tokenise
from ingestd.model import Candidate, Match, Placement, Role

# Candidates kept prepared, at some 30 kB each.
KEPT_TEXTS = 256

Flags = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Settings:
    """When two texts count as one.

    Measured on generated copies of real texts in 14 languages, 1,440 pairs of copies and 496 other
    pairs that share .44 of the shorter text; the numbers below are out of those.
    """

    # Share of the shorter text's shingles that the longer one must have. Taken over
    # from an earlier study, not swept here.
    containment: float = 0.44
    # News is cut from below: this much is enough for texts that begin alike, if at least so many
    # shingles are in common, one run is so long, and so much of the first shingles is matched.
    lead_containment: float = 0.30
    lead_common_shingles: int = 40
    lead_longest_run: int = 20
    lead_length_shingles: int = 90
    lead_matched: float = 0.60
    # An outlet has reason to print one text twice only if it is all but the same; what else its pages
    # share is its own frame around different articles. Here Jaccard's index is right: both whole texts count.
    same_source_jaccard: float = 0.9
    # Lists of teasers and other frames stand at the end of pages, so texts of which one shares nothing
    # before this part of it, and the other nothing in so many first shingles, share their pages only.
    frame_begins: float = 0.5
    frame_own_shingles: int = 10
    # Two fillings of one form agree in many short runs. Below this mean run length, in shingles, they
    # are never joined: 293 of the 496, none of the 1,440. At 6 it would cost 6 copies, at 7 35.
    form_mean_run: float = 5.0
    # Below this mean length they are not joined when fewer of the shorter text's figures than this share
    # stand inside matched runs: 419 of the 496, 13 of the 1,440.
    form_figures_mean_run: float = 8.0
    form_figures_matched: float = 0.70
    # Below so many figures their share says nothing; below so many runs their mean says nothing.
    form_least_figures: int = 3
    form_least_runs: int = 3
    # A text of fewer shingles (some ten words) is no evidence: teasers and stock phrases recur.
    least_shingles: int = 8
    # A text is called an excerpt of another when it has less than this share of the other's shingles.
    excerpt_size: float = 0.75


@dataclass(frozen=True, slots=True)
class _Text:
    """A text prepared for comparing; `shingles` starts one at each token but the last few."""

    tokens: list[str]
    shingles: Hashes
    # The shingles once each, ascending, and the position at which each stands first.
    distinct: Hashes
    first: Positions

    @classmethod
    def of(cls, body: str) -> "_Text":
        tokens = tokenise(body)
        shingles = shingle(tokens)
        distinct, first = np.unique(shingles, return_index=True)
        return cls(tokens, shingles, distinct, first.astype(np.int64))

    def locate(self, other: "_Text") -> Positions:
        """For each shingle of `other` the place where it first stands here; -1 where it does not."""
        if not len(self.distinct):
            return np.full(len(other.shingles), -1, np.int64)
        slots = np.minimum(np.searchsorted(self.distinct, other.shingles), len(self.distinct) - 1)
        return np.where(self.distinct[slots] == other.shingles, self.first[slots], -1)


@dataclass(frozen=True, slots=True)
class _Comparison:
    """What two texts have in common, seen from the one with fewer distinct shingles."""

    shorter: _Text
    longer: _Text
    # Where each shingle of the one stands in the other; -1 where it does not.
    in_longer: Positions
    in_shorter: Positions
    # Distinct shingles in common.
    common: int
    # Length in shingles of each stretch that both texts have in the same order.
    runs: Positions

    @property
    def containment(self) -> float:
        return self.common / max(1, len(self.shorter.distinct))

    @property
    def jaccard(self) -> float:
        return self.common / max(1, len(self.shorter.distinct) + len(self.longer.distinct) - self.common)


def place(
    body: str, source: str, candidates: Sequence[Candidate], settings: Settings | None = None
) -> Placement:
    """Where a new text of the outlet `source` belongs.

    `body` is the text that its fingerprint was made of. Candidates may come in any order; the first and
    the longest text of a proposed cluster should be among them.
    """
    settings = settings or Settings()
    text = _Text.of(body)
    judged = [_judge(text, source, candidate, settings) for candidate in candidates]
    if not judged:
        return Placement(Role.CANONICAL, "no stored text shares anchors with it")
    closest = max(judged, key=lambda one: one.rank)
    if closest.objection:
        return Placement(
            Role.CANONICAL, f"closest is article {closest.match.article_id}, but {closest.objection}"
        )
    share = f"{closest.match.containment_of_smaller:.0%}"
    return Placement(
        closest.role, f"{share} of the shorter text stands in the longer ({closest.rule})", closest.match
    )


@dataclass(frozen=True, slots=True)
class _Judgement:
    """One candidate after the comparison; `objection` is None when it is accepted."""

    match: Match
    role: Role
    rule: str
    objection: str | None

    @property
    def rank(self) -> tuple[bool, float, float, int]:
        """Accepted before refused, close before far; among equals the article stored first."""
        match = self.match
        return (self.objection is None, match.containment_of_smaller, match.jaccard, -match.article_id)


def _judge(text: _Text, source: str, candidate: Candidate, settings: Settings) -> _Judgement:
    other = _candidate_text(candidate.body)
    found = _compare(text, other)
    match = Match(
        article_id=candidate.article_id,
        cluster_id=candidate.cluster_id,
        containment=found.common / max(1, len(text.distinct)),
        containment_reverse=found.common / max(1, len(other.distinct)),
        jaccard=found.jaccard,
    )
    rule = _accept(found, settings)
    refused = next(_objections(found, source == candidate.source, settings), None)
    if rule is None and refused is None:
        refused = f"only {found.containment:.0%} of the shorter text stands in the longer"
    return _Judgement(match, _role(text, other, settings), rule or "", refused)


@lru_cache(maxsize=KEPT_TEXTS)
def _candidate_text(body: str) -> _Text:
    """The text of a candidate prepared; while its copies come in it is a candidate again and again."""
    return _Text.of(body)


def _compare(one: _Text, other: _Text) -> _Comparison:
    # Texts of one size are put in an order of their own, or the first to arrive would be "the shorter".
    shorter, longer = sorted((one, other), key=lambda text: (len(text.distinct), text.tokens))
    in_longer, in_shorter = longer.locate(shorter), shorter.locate(longer)
    common = len(np.unique(shorter.shingles[in_longer >= 0]))
    return _Comparison(shorter, longer, in_longer, in_shorter, common, _runs(in_longer))


def _runs(places: Positions) -> Positions:
    here = np.flatnonzero(places >= 0)
    if not len(here):
        return np.empty(0, np.int64)
    broken = (np.diff(here) != 1) | (np.diff(places[here]) != 1)
    edges = np.concatenate([[-1], np.flatnonzero(broken), [len(here) - 1]])
    return np.diff(edges).astype(np.int64)


def _accept(found: _Comparison, settings: Settings) -> str | None:
    """The rule by which the two are one text; None when no rule says so."""
    if found.containment >= settings.containment:
        return "containment"
    begins_alike = (
        found.containment >= settings.lead_containment
        and found.common >= settings.lead_common_shingles
        and int(found.runs.max()) >= settings.lead_longest_run
        and _lead_matched(found, settings.lead_length_shingles) >= settings.lead_matched
    )
    return "they begin alike" if begins_alike else None


def _lead_matched(found: _Comparison, length: int) -> float:
    """Share of the first shingles that the other text has, for the text that has more of it."""
    leads = (places[:length] >= 0 for places in (found.in_longer, found.in_shorter))
    return max(float(lead.mean()) for lead in leads)


def _objections(found: _Comparison, same_source: bool, settings: Settings) -> Iterator[str]:
    if len(found.shorter.distinct) < settings.least_shingles:
        yield "the shorter text is too short to tell"
    if same_source and found.jaccard < settings.same_source_jaccard:
        yield "it is another article of the same outlet"
    if _shares_only_the_end(found, settings):
        yield "the two share nothing but what stands at their end"
    if _fills_one_form(found, settings):
        yield "the two fill one form with different values"


def _shares_only_the_end(found: _Comparison, settings: Settings) -> bool:
    if not found.common:
        return False
    sides = (found.in_longer, found.in_shorter)
    firsts = [int(np.argmax(places >= 0)) for places in sides]
    shares = [first / len(places) for first, places in zip(firsts, sides, strict=True)]
    return max(shares) >= settings.frame_begins and min(firsts) >= settings.frame_own_shingles


def _fills_one_form(found: _Comparison, settings: Settings) -> bool:
    if len(found.runs) < settings.form_least_runs:
        return False
    mean_run = float(found.runs.mean())
    if mean_run < settings.form_mean_run:
        return True
    if mean_run >= settings.form_figures_mean_run:
        return False
    figures = _figures(found.shorter)
    matched = figures & _covered(found.in_longer, len(figures))
    total = int(figures.sum())
    return total >= settings.form_least_figures and int(matched.sum()) / total < settings.form_figures_matched


def _figures(text: _Text) -> Flags:
    return np.fromiter((token[0].isdecimal() for token in text.tokens), np.bool_, len(text.tokens))


def _covered(places: Positions, token_count: int) -> Flags:
    """Which tokens lie inside a matched shingle."""
    covered = np.zeros(token_count, np.bool_)
    starts = np.flatnonzero(places >= 0)
    for offset in range(min(WORDS_PER_SHINGLE, token_count)):
        covered[starts + offset] = True
    return covered


def _role(text: _Text, other: _Text, settings: Settings) -> Role:
    mine, theirs = len(text.distinct), len(other.distinct)
    if mine < settings.excerpt_size * theirs:
        return Role.EXCERPT
    if theirs < settings.excerpt_size * mine:
        return Role.EXPANDED
    return Role.COPY
