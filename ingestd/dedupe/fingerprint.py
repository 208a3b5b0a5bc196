"""A text's fingerprint: a sample of its shingles that finds the texts it shares words with.

The sample keeps the shingles whose hash is divisible by a power of two (Broder's "mod" sketch, also
called FracMinHash). Whether a shingle is kept depends on itself alone, so a text cut to a quarter
keeps exactly those samples that stand in the quarter. A MinHash sketch, which samples a text as a
whole, misses such cuts: on development data the recall for them was .3 against .96.
"""

import numpy as np

from ingestd.dedupe.shingles import Hashes, shingle, tokenise
from ingestd.model import Fingerprint

# Name and version of the method. Any change that gives other anchors for some text needs a new version.
SCHEME = "mod-shingles-1"

# One shingle in eight: about 66 anchors for a text of 530 words.
MODULUS = 8
# Below this many tokens one shingle in two, or a brief would be found by luck only. As eight is a
# multiple of two, what a long text keeps of a passage is a subset of what the short text keeps.
SHORT_TEXT_TOKENS = 120
SHORT_TEXT_MODULUS = 2
# At most this many anchors. The modulus of a longer text is doubled until it complies (from some 8,000
# words on), which again leaves a subset; so a book costs no more rows than a long read.
MAX_ANCHORS = 1024


def fingerprint(body: str) -> Fingerprint:
    """The fingerprint of a body text; a text without words has no anchors."""
    tokens = tokenise(body)
    distinct = np.unique(shingle(tokens))
    modulus = SHORT_TEXT_MODULUS if len(tokens) < SHORT_TEXT_TOKENS else MODULUS
    anchors = np.sort(_sample(distinct, modulus).view(np.int64))
    return Fingerprint(SCHEME, tuple(anchors.tolist()), len(tokens), len(distinct))


def _sample(distinct: Hashes, modulus: int) -> Hashes:
    sample: Hashes = distinct[distinct % np.uint64(modulus) == 0]
    if not len(sample):
        # A line of a few words can miss the sample altogether; then all of it is kept.
        return distinct
    while len(sample) > MAX_ANCHORS:
        modulus *= 2
        sample = sample[sample % np.uint64(modulus) == 0]
    return sample
