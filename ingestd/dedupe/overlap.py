"""What two texts have in common: which shingles, in which stretches, and what stands between those."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from ingestd.dedupe.shingles import WORDS_PER_SHINGLE, Flags, Positions
from ingestd.dedupe.text import KEPT_TEXTS, Text, Words, prepared

# Shape (n, 2).
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Printed:
    """A text as one outlet printed it; equal only to itself."""

    article_id: int
    source: str
    text: Text
    # Which of its distinct shingles are no furniture; None = all.
    live: Flags | None = None

    @property
    def live_size(self) -> int:
        return self.text.size if self.live is None else int(np.count_nonzero(self.live))


@lru_cache(maxsize=KEPT_TEXTS)
def printed(article_id: int, source: str, text: str, masked: tuple[int, ...]) -> Printed:
    """A text of an outlet, with the anchors in it that are furniture; those asked for last are remembered."""
    whole = prepared(text)
    return Printed(article_id, source, whole, whole.live(masked))


@dataclass(frozen=True)
class Overlap:
    """Two texts compared, seen from the one with fewer distinct shingles."""

    shorter: Printed
    longer: Printed
    # For each distinct shingle of the shorter text: its place among the longer text's, whether it is
    # there, and whether it is live in both as well.
    slots: Positions
    equal: Flags
    hits: Flags
    # Live distinct shingles in common, and of each text.
    common: int
    shorter_size: int
    longer_size: int

    @classmethod
    def of(cls, one: Printed, other: Printed) -> "Overlap":
        shorter, longer = (other, one) if _is_longer(one.text, other.text) else (one, other)
        mine, theirs = shorter.text.distinct, longer.text.distinct
        slots = theirs.searchsorted(mine)
        np.minimum(slots, len(theirs) - 1, out=slots)
        equal = theirs[slots] == mine if len(theirs) else np.zeros(len(mine), np.bool_)
        hits = equal if shorter.live is None else equal & shorter.live
        if longer.live is not None and len(theirs):
            hits = hits & longer.live[slots]
        common = int(np.count_nonzero(hits))
        return cls(shorter, longer, slots, equal, hits, common, shorter.live_size, longer.live_size)

    @property
    def containment(self) -> float:
        """Share of the text with fewer live shingles that the other one has."""
        return self.common / max(1, min(self.shorter_size, self.longer_size))

    @property
    def jaccard(self) -> float:
        """Of the live shingles; furniture left out of both."""
        return self.common / max(1, self.shorter_size + self.longer_size - self.common)

    @cached_property
    def adds_nothing(self) -> bool:
        """Whether the shorter text plainly has nothing of its own: no word stands in another's place.

        A place where the longer one only goes on shows as fewer shingles not matched than one has words.
        True is certain, and known without the runs; False is not.
        """
        if self.common == self.shorter.text.size:
            return True
        if self.shorter.text.unspaced is not None:
            return False
        edges = np.flatnonzero(np.concatenate([[True], self.present, [True]]))
        return int((edges[1:] - edges[:-1]).max()) <= WORDS_PER_SHINGLE

    @cached_property
    def present(self) -> Flags:
        """Which positions of the shorter text stand in the longer, furniture included."""
        return self.equal[self.shorter.text.which]

    @cached_property
    def matched(self) -> Flags:
        """Which positions of the shorter text are matched."""
        return self.hits[self.shorter.text.which]

    @cached_property
    def matched_in_longer(self) -> Flags:
        """Which positions of the longer text are matched."""
        found = np.zeros(self.longer.text.size, np.bool_)
        found[self.slots[self.hits]] = True
        return found[self.longer.text.which]

    @cached_property
    def runs(self) -> "Runs":
        """The stretches that both texts have in the same order, furniture included: it is no difference."""
        return Runs.of(self)


def _is_longer(one: Text, other: Text) -> bool:
    if one.size != other.size:
        return one.size > other.size
    # Texts of one size are put in an order of their own, or the first to arrive would be "the shorter".
    return (one.distinct.tobytes(), one.which.tobytes()) > (other.distinct.tobytes(), other.which.tobytes())


@dataclass(frozen=True)
class Runs:
    """The stretches that both texts have in the same order; pairs are of the shorter and the longer text."""

    # Length in shingles of each.
    lengths: Positions
    # The last shingle before each gap and the first one behind it; the first gap is the texts' begin, the
    # last one their end.
    before: tuple[Positions, Positions]
    after: tuple[Positions, Positions]
    # Words in each gap; below zero where the next run of the longer text stands before this one.
    gaps: tuple[Words, Words]
    # Words that agree.
    words: float

    @classmethod
    def of(cls, overlap: Overlap) -> "Runs":
        mine, theirs = overlap.shorter.text, overlap.longer.text
        here = np.flatnonzero(overlap.present)
        there = theirs.first[overlap.slots[mine.which[here]]]
        broken = ((here[1:] - here[:-1]) != 1) | ((there[1:] - there[:-1]) != 1)
        breaks = np.flatnonzero(broken)
        ends = np.append(breaks, len(here) - 1) if len(here) else breaks
        starts = ends[:-1] + 1 if len(ends) else ends
        starts = np.concatenate([[0], starts]) if len(here) else starts
        before = (_closed(mine.begin, here[ends]), _closed(theirs.begin, there[ends]))
        after = (_closed_behind(here[starts], mine.end), _closed_behind(there[starts], theirs.end))
        gaps = (mine.words_between(before[0], after[0]), theirs.words_between(before[1], after[1]))
        words = mine.words - float(np.maximum(gaps[0], 0).sum())
        return cls(ends - starts + 1, before, after, gaps, words)

    @property
    def longest(self) -> int:
        """Length in shingles of the longest; 0 when there are none."""
        return int(self.lengths.max()) if len(self.lengths) else 0

    @property
    def mean(self) -> float:
        """Mean length in shingles; 0 when there are none."""
        return float(self.lengths.sum()) / max(1, len(self.lengths))

    @cached_property
    def replaced(self) -> Flags:
        """Which gaps hold one thing in the one text and another in the other."""
        mine, theirs = self.gaps
        replaced: Flags = (mine > 0) & (theirs > 0)
        return replaced

    def slots(self, limit: int) -> tuple[int, int]:
        """Places within the texts where one thing stands for another, and where words came or went.

        Longer insertions are paragraphs, and no edits.
        """
        mine, theirs = (gap[1:-1] for gap in self.gaps)
        replaced = self.replaced[1:-1]
        larger = np.maximum(mine, theirs)
        edited = (theirs > -WORDS_PER_SHINGLE) & ~replaced & (larger > 0) & (larger <= limit)
        return int(np.count_nonzero(replaced)), int(np.count_nonzero(edited))

    def differing(self, own_words: int) -> Flags:
        """Which gaps are places where the texts differ; the begin is, when both have so many own words.

        The end never is: news is cut from below, and where one text was cut and ends with words of its own,
        the other goes on.
        """
        differ = self.replaced.copy()
        differ[0] = min(gap[0] for gap in self.gaps) >= own_words
        differ[-1] = False
        return differ

    def places(self, own_words: int) -> tuple[Places, Places]:
        """The places where the texts differ, as rows of the shingles around them, in each text."""
        differ = self.differing(own_words)
        shorter, longer = (
            np.stack([before[differ], after[differ]], axis=1)
            for before, after in zip(self.before, self.after, strict=True)
        )
        return shorter, longer


def places(one: Printed, other: Printed, own_words: int) -> tuple[Places, Places]:
    """Where two texts differ by having one thing in place of another, in each of them."""
    overlap = Overlap.of(one, other)
    in_shorter, in_longer = overlap.runs.places(own_words)
    return (in_shorter, in_longer) if overlap.shorter is one else (in_longer, in_shorter)


def _closed(begin: int, at: Positions) -> Positions:
    return np.concatenate([[begin], at])


def _closed_behind(at: Positions, end: int) -> Positions:
    return np.append(at, end)
