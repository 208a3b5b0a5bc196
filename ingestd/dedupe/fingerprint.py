"""A text's fingerprint: a sample of its shingles that finds the texts it shares words with.

The sample keeps the shingles whose hash is below a bound (FracMinHash, a form of Broder's "mod" sketch).
Whether a shingle is kept depends on itself alone, so a text cut to a quarter keeps exactly those
samples that stand in the quarter. A MinHash sketch, which samples a text as a whole, misses such cuts:
on development data the recall for them was .3 against .96.
"""

import numpy as np

from ingestd.dedupe.shingles import Hashes, Positions, once_each, read, shingle
from ingestd.model import Fingerprint

# Name and version of the method. Any change that gives other anchors for some text needs a new version.
SCHEME = "frac-shingles-2"

# One shingle in so many is an anchor: many where a text begins, because news is cut from below and a brief
# has little else; few after that.
LEAD_TOKENS = 96
LEAD_DENSITY = 4
BODY_DENSITY = 16
# Of a text no longer than this, one in two.
BRIEF_TOKENS = 64
BRIEF_DENSITY = 2
# At most this many anchors, those with the smallest hashes, which again is a subset; so a book costs no
# more rows than a long read (reached from some 10,000 words on).
MAX_ANCHORS = 1024
# A shorter body is read together with its headline: a line of ten words alone says too little.
TITLE_JOINS_BELOW_TOKENS = 30


def compared_text(title: str | None, body: str) -> str:
    """What is fingerprinted and compared: the body, with its headline when it is very short."""
    # White space is enough to tell, except in scripts without any, where a word may be a whole body.
    spaced = len(body.split(maxsplit=TITLE_JOINS_BELOW_TOKENS)) >= TITLE_JOINS_BELOW_TOKENS
    if spaced or not title or len(read(body)) >= TITLE_JOINS_BELOW_TOKENS:
        return body
    return f"{title}\n\n{body}"


def fingerprint(text: str) -> Fingerprint:
    """The fingerprint of a text from `compared_text`; a text without words has no anchors."""
    tokens = read(text)
    distinct, first, _ = once_each(shingle(tokens))
    anchors = np.unique(as_stored(distinct[sampled(distinct, first, len(tokens))]))
    return Fingerprint(SCHEME, tuple(anchors.tolist()), len(tokens), len(distinct))


def sampled(distinct: Hashes, first: Positions, token_count: int) -> Positions:
    """Which of a text's distinct shingles, ascending, are its anchors; `first` is where each first stands."""
    if token_count <= BRIEF_TOKENS:
        bounds = np.full(len(distinct), _bound(BRIEF_DENSITY))
    else:
        bounds = np.where(first < LEAD_TOKENS, _bound(LEAD_DENSITY), _bound(BODY_DENSITY))
    found = np.flatnonzero(distinct <= bounds)[:MAX_ANCHORS]
    # A line of a few words can miss the sample altogether; then all of it is kept.
    return found if len(found) else np.arange(min(len(distinct), MAX_ANCHORS))


def _bound(one_in: int) -> np.uint64:
    return np.uint64(((1 << 64) - 1) // one_in)


def as_stored(anchors: Hashes) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    """Anchors as rows have them: their lower 32 bits, signed. The upper ones are small by selection.

    Two of a billion different shingles in an archive share these bits by chance about once in four
    candidates' lists; the exact check then finds nothing in common.
    """
    return anchors.astype(np.uint32).view(np.int32)
