"""A text prepared for comparing: its shingles, and which of them are furniture."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from ingestd.dedupe.fingerprint import as_stored, sampled
from ingestd.dedupe.shingles import (
    CHARACTERS_PER_SHINGLE,
    WORDS_PER_SHINGLE,
    Flags,
    Hashes,
    Positions,
    once_each,
    read,
    shingle,
)

Words = npt.NDArray[np.float64]

# Prepared texts that are kept, at some 25 kB each: while copies of a text come in, it is compared again and
# again.
KEPT_TEXTS = 1024

WORDS_PER_CHARACTER = 0.5


@dataclass(frozen=True)
class Text:
    """A text and its shingles; one starts at each token but the last few."""

    token_count: int
    # Which tokens are single characters of a script without spaces; None = none of them.
    unspaced: Flags | None
    # The shingles once each, ascending; the position at which each stands first; and for each position
    # which of them stands there.
    distinct: Hashes
    first: Positions
    which: Positions
    # Which of `distinct` are anchors, ascending.
    sample: Positions

    @classmethod
    def of(cls, text: str) -> "Text":
        tokens = read(text)
        shingles = shingle(tokens)
        distinct, first, which = once_each(shingles)
        unspaced = tokens.unspaced if tokens.unspaced.any() else None
        return cls(len(tokens), unspaced, distinct, first, which, sampled(distinct, first, len(tokens)))

    @property
    def size(self) -> int:
        """Distinct shingles."""
        return len(self.distinct)

    @cached_property
    def anchors(self) -> tuple[int, ...]:
        """Its anchors as rows have them, ascending."""
        return tuple(np.unique(as_stored(self.distinct[self.sample])).tolist())

    @property
    def begin(self) -> int:
        """Where a shingle would stand that ends where the text begins."""
        return -WORDS_PER_SHINGLE

    @property
    def end(self) -> int:
        """Where the first shingle behind the text would stand."""
        return self.token_count

    @cached_property
    def words(self) -> float:
        """Its length in words."""
        characters = 0 if self.unspaced is None else int(np.count_nonzero(self.unspaced))
        return self.token_count - characters * (1 - WORDS_PER_CHARACTER)

    def words_between(self, before: Positions, after: Positions) -> Words:
        """Words from the end of each shingle of `before` to that of `after`; below zero where they overlap.

        Two characters of a script without spaces count as a word.
        """
        words: Words = (after - before - WORDS_PER_SHINGLE).astype(np.float64)
        if self.unspaced is not None:
            unspaced = self.unspaced[np.maximum(before, 0)]
            words -= np.where(unspaced & (before >= 0), CHARACTERS_PER_SHINGLE - WORDS_PER_SHINGLE, 0)
            words *= np.where(unspaced, WORDS_PER_CHARACTER, 1.0)
        return words

    def live(self, masked: Collection[int]) -> Flags | None:
        """Which of the distinct shingles are no furniture, told from the anchors that are; None = all.

        Only one shingle in some ten is an anchor, so a shingle between two of them is what both of them
        are; the ends of a text are what the nearest anchor is.
        """
        if not masked:
            return None
        hit = np.isin(as_stored(self.distinct[self.sample]), np.fromiter(masked, np.int32))
        state = np.zeros(len(self.distinct), np.int8)
        state[self.sample] = 1
        state[self.sample[hit]] = 2
        here = state[self.which]
        places = np.flatnonzero(here)
        furniture = here[places] == 2
        if not furniture.any():
            return None
        positions = np.arange(len(self.which))
        before = np.searchsorted(places, positions, side="right") - 1
        after = np.searchsorted(places, positions, side="left")
        left = np.where(before >= 0, furniture[np.maximum(before, 0)], True)
        right = np.where(after < len(places), furniture[np.minimum(after, len(places) - 1)], True)
        live = np.zeros(len(self.distinct), np.bool_)
        live[self.which[~(left & right)]] = True
        return live


@lru_cache(maxsize=KEPT_TEXTS)
def prepared(text: str) -> Text:
    """`Text.of`, remembered for the texts that were compared last."""
    return Text.of(text)
