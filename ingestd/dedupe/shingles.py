"""Text to shingles: hashes of n consecutive tokens, equal wherever two outlets printed the same words.

Whatever outlets change without changing a word makes no difference: case, quotation marks, dashes,
white space, HTML entities, soft hyphens, full-width forms, Arabic vowel marks and letter variants.

    text ── normalise ── tokens ── one hash a token (xxh3) ── n of them combined (numpy) ── shingles

A token is a number, a word, or one character of a script that does not put spaces between words.
Shingling follows Broder (1997), "On the resemblance and containment of documents".
"""

import html
import re
import unicodedata

import numpy as np
import numpy.typing as npt
import xxhash

Hashes = npt.NDArray[np.uint64]

# Four words are the shortest run that seldom recurs by chance in news; a character carries less than a
# word, and seven Han or Thai characters are about as telling.
WORDS_PER_SHINGLE = 4
CHARACTERS_PER_SHINGLE = 7

# Nothing longer than this is read: about a thousand times a news text. It bounds the time that a
# hostile text can take.
MAX_CHARACTERS = 2_000_000

# Scripts written without spaces: Thai, Lao, Myanmar, Khmer, kana, Han. Their blocks are taken whole,
# since the vowel signs in them are no letters to `\w`.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u3096\u309d-\u30fa\u30fc-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Indic vowel signs are no letters to `\w` either, and belong to their word (without the danda, U+0964/5).
_INDIC = "\u0900-\u0963\u0966-\u0dff"
_TOKEN = re.compile(rf"\d+(?:[.,]\d+)*|[{_UNSPACED}]|(?:(?![\d_{_UNSPACED}])[\w{_INDIC}])+")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")

_REMOVED = [0x00AD, 0x0640, 0x0670, 0x180E, 0xFEFF]
_REMOVED_RANGES = [
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x2064),
    (0x2066, 0x2069),
    (0x064B, 0x065F),
    (0x06D6, 0x06ED),
]
_FOLDED = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك"}
_CHARACTERS: dict[int, str | None] = {
    **{ord(before): after for before, after in _FOLDED.items()},
    **dict.fromkeys(_REMOVED),
    **{code: None for first, last in _REMOVED_RANGES for code in range(first, last + 1)},
}


def normalise(text: str) -> str:
    """`text` without the differences that are no difference in wording."""
    text = html.unescape(text[:MAX_CHARACTERS])
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).casefold().translate(_CHARACTERS)


def tokenise(text: str) -> list[str]:
    """The tokens of `text` in reading order."""
    return _TOKEN.findall(normalise(text))


def shingle(tokens: list[str]) -> Hashes:
    """One hash for each token at which a shingle starts, in reading order, repeats included.

    A text shorter than one shingle is one shingle as a whole; no tokens give none.
    """
    if not tokens:
        return np.empty(0, np.uint64)
    hashes = _hash_each(tokens)
    words = _combine(hashes, min(WORDS_PER_SHINGLE, len(tokens)))
    unspaced = np.fromiter((_IS_UNSPACED.match(token) is not None for token in tokens), np.bool_, len(tokens))
    if not unspaced.any():
        return words
    characters = _combine(hashes, min(CHARACTERS_PER_SHINGLE, len(tokens)))
    # What stands at a position decides alone, so a cut text keeps the shingles it had. Only in the last
    # few positions, where a shingle of characters would run out of the text, the shorter one stands in.
    words[: len(characters)] = np.where(unspaced[: len(characters)], characters, words[: len(characters)])
    return words


def _hash_each(tokens: list[str]) -> Hashes:
    known = {token: xxhash.xxh3_64_intdigest(token.encode("utf-8", "surrogatepass")) for token in set(tokens)}
    return np.fromiter((known[token] for token in tokens), np.uint64, len(tokens))


def _combine(hashes: Hashes, size: int) -> Hashes:
    """Polynomial hash of each window of `size`, then mixed so that every bit depends on every token."""
    count = len(hashes) - size + 1
    total = np.zeros(count, np.uint64)
    for offset in range(size):
        total = total * np.uint64(0x9E3779B97F4A7C15) + hashes[offset : offset + count]
    total ^= total >> np.uint64(32)
    total *= np.uint64(0xD6E8FEB86659FD93)
    return total ^ (total >> np.uint64(32))
