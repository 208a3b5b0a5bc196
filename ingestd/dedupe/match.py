"""Whether two texts are one, decided by reading both.

Anchors only propose; here two texts are compared shingle by shingle.

    1. measure   the shingles in common, furniture left out, how long they run, which figures are among them
    2. object    too little text, two fillings of one form, or two articles of one outlet
    3. accept    enough of the shorter text stands in the longer, or one begins as the other does

Containment of the smaller text decides and not Jaccard's index, because outlets cut: a copy of which
half is printed cannot pass .5. Containment alone joins weather, market reports and horoscopes, which
fill one form with new values every day; step 2 knows them by what differs between two fillings, short
and regular, and not by what they say. Every rule reads both texts alike, so that it makes no difference
which of them was there first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ingestd.dedupe.overlap import Overlap, Printed
from ingestd.model import Match

# Matches that are kept; they keep their texts from being let go.
KEPT_MATCHES = 2048


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """When two texts count as one. Measured on generated copies of real texts in 14 languages.

    Equal only to itself, which is what makes it a quick key.
    """

    # Share of the shorter text's shingles that the longer one must have.
    containment: float = 0.44
    # News is cut from below: this much is enough for texts that begin alike, if one run is so long, and
    # so much of the first shingles is matched.
    lead_containment: float = 0.17
    lead_longest_run: int = 20
    lead_length: int = 40
    lead_matched: float = 0.60
    # An outlet has reason to print one text twice only if it is all but the same; what else its pages
    # share is its own frame around different articles. Here Jaccard's index is right: both whole texts count.
    same_source_jaccard: float = 0.9
    # Lists of teasers and other frames stand at the end of pages, so texts of which one shares nothing
    # before this part of it, and the other nothing in so many first shingles, share their pages only.
    frame_begins: float = 0.5
    frame_own_shingles: int = 10
    # Two fillings of one form differ in slots: a value here stands where another stands there, with the
    # same words before and after. They are not joined when there are at least so many slots, so many in
    # a hundred words that agree, and they are such a part of all differences; who edits also inserts
    # and leaves out, an update changes a few words in a long text.
    form_slots: int = 2
    form_slots_per_100: float = 4.0
    form_slots_share: float = 0.85
    # Words that one text has in addition are an edit up to this number, and a passage beyond it.
    edit_words: int = 12
    # Texts that both begin, or both end, with so many words of their own differ there.
    own_words: int = 8
    # Below this mean length of run, in shingles, they are not joined either, unless the runs are few.
    form_mean_run: float = 5.0
    form_least_runs: int = 3
    # A text of fewer shingles (some ten words) is no evidence: teasers and stock phrases recur.
    least_shingles: int = 8
    # When more of a text than this share is furniture, fewer live shingles than this tell nothing.
    furniture: float = 0.85
    furniture_least_live: int = 40
    # Texts that are not one are related when they share so many shingles in a run, and such a part.
    related_run: int = 20
    related_containment: float = 0.10


RULES = Rules()


def match(one: Printed, other: Printed, rules: Rules) -> Match:
    """Compare two printed texts, and decide whether they are one."""
    overlap = Overlap.of(one, other)
    accepted, rule = _decide(overlap, rules)
    forth = overlap.common / max(1, overlap.shorter_size)
    back = overlap.common / max(1, overlap.longer_size)
    seen_from_shorter = overlap.shorter is one
    return Match(
        article_id=one.article_id,
        other_id=other.article_id,
        containment=forth if seen_from_shorter else back,
        containment_reverse=back if seen_from_shorter else forth,
        jaccard=overlap.jaccard,
        accepted=accepted,
        rule=rule,
        common=overlap.common,
        related=accepted or _is_related(overlap, rules),
        places=_places(overlap, rules) if accepted else 0,
    )


@lru_cache(maxsize=KEPT_MATCHES)
def known_match(one: Printed, other: Printed, rules: Rules) -> Match:
    """`match`, remembered for the pairs that were asked for last: texts of a cluster meet often."""
    return match(one, other, rules)


def _decide(overlap: Overlap, rules: Rules) -> tuple[bool, str]:
    share = f"{overlap.containment:.0%} of the shorter text stands in the longer"
    reason = _accept(overlap, rules)
    if reason is None:
        return False, f"only {share}"
    objection = next(_objections(overlap, rules), None)
    return objection is None, objection or f"{share} ({reason})"


def _accept(overlap: Overlap, rules: Rules) -> str | None:
    """The rule by which the two are one text; None when no rule says so."""
    if overlap.containment >= rules.containment:
        return "containment"
    begins_alike = (
        overlap.containment >= rules.lead_containment
        and _lead_matched(overlap, rules.lead_length) >= rules.lead_matched
        and overlap.runs.longest >= rules.lead_longest_run
    )
    return "they begin alike" if begins_alike else None


def _lead_matched(overlap: Overlap, length: int) -> float:
    """Share of the first shingles that the other text has, for the text that has more of it."""
    sides = (overlap.matched[:length], overlap.matched_in_longer[:length])
    return max(np.count_nonzero(lead) / len(lead) for lead in sides)


def _objections(overlap: Overlap, rules: Rules) -> Iterator[str]:
    if overlap.shorter.text.size < rules.least_shingles:
        yield f"{overlap.shorter.text.size} shingles are too few to tell"
    if _is_furniture(overlap.shorter, rules) or _is_furniture(overlap.longer, rules):
        yield "one of them is little but its page's furniture"
    if overlap.shorter.source == overlap.longer.source and overlap.jaccard < rules.same_source_jaccard:
        yield f"another article of the same outlet: {overlap.jaccard:.0%} of both texts are in common"
    if _shares_only_the_end(overlap, rules):
        yield "the two share nothing but what stands at their end"
    if not overlap.adds_nothing:
        yield from _forms(overlap, rules)


def _is_furniture(printed: Printed, rules: Rules) -> bool:
    live = printed.live_size
    return live < rules.furniture_least_live and live < (1 - rules.furniture) * printed.text.size


def _shares_only_the_end(overlap: Overlap, rules: Rules) -> bool:
    first = int(overlap.matched.argmax())
    if first < rules.frame_own_shingles:
        return False
    first_in_longer = int(overlap.matched_in_longer.argmax())
    share = max(first / len(overlap.matched), first_in_longer / len(overlap.matched_in_longer))
    return first_in_longer >= rules.frame_own_shingles and share >= rules.frame_begins


def _forms(overlap: Overlap, rules: Rules) -> Iterator[str]:
    runs = overlap.runs
    if runs.mean < rules.form_mean_run and len(runs.lengths) >= rules.form_least_runs:
        yield f"two fillings of one form: they agree in runs of {runs.mean:.1f} shingles"
    if len(runs.lengths) <= rules.form_slots:
        return
    slots, edits = runs.slots(rules.edit_words)
    enough = slots >= max(rules.form_slots, rules.form_slots_per_100 * runs.words / 100)
    if enough and slots >= rules.form_slots_share * (slots + edits):
        yield f"two fillings of one form: other values in {slots} places of {runs.words:.0f} words that agree"


def _places(overlap: Overlap, rules: Rules) -> int:
    return 0 if overlap.adds_nothing else int(np.count_nonzero(overlap.runs.differing(rules.own_words)))


def _is_related(overlap: Overlap, rules: Rules) -> bool:
    return (
        overlap.common >= rules.related_run
        and overlap.containment >= rules.related_containment
        and overlap.runs.longest >= rules.related_run
    )
