"""Text to shingles: hashes of n consecutive tokens, equal wherever two outlets printed the same words.

Whatever outlets change without changing a word makes no difference: case, quotation marks, dashes,
white space, HTML entities, soft hyphens, full-width forms, accents, digits of another script, Arabic
vowel marks and letter variants.

    text ── folded code points ── tokens ── one hash a token ── n of them combined ── shingles

A token is a number, a word, or one character of a script that does not put spaces between words.
Shingling follows Broder (1997), "On the resemblance and containment of documents".

From the code points on everything is done on whole arrays: a loop over tokens in Python would take
three times as long. A token's hash is a polynomial over its characters, taken for all tokens at once from
one running sum: where the sum stands at the token's end, less where it stood at its begin, divided by
the base's power at its begin (an odd base has an inverse modulo 2^64).
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.uint32]
Kinds = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int64]

# Four words are the shortest run that seldom recurs by chance in news; a character carries less than a
# word, and seven Han or Thai characters are about as telling.
WORDS_PER_SHINGLE = 4
CHARACTERS_PER_SHINGLE = 7

# Nothing longer than this is read: about a thousand times a news text. It bounds the time that a
# hostile text can take.
MAX_CHARACTERS = 2_000_000

# What a code point is. A letter or sign outside these separates tokens.
_SEPARATOR, _LETTER, _DIGIT, _UNSPACED_LETTER, _REMOVED_SIGN, _POINT = range(6)

# Scripts written without spaces: Thai, Lao, Myanmar, Khmer, kana, Han. Their blocks are taken whole,
# since the vowel signs in them are no letters to `\w`.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u3096\u309d-\u30fa\u30fc-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
# Indic vowel signs are no letters to `\w` either, and belong to their word (without the danda, U+0964/5).
_INDIC = "\u0900-\u0963\u0966-\u0dff"
# Soft hyphen, joiners and directions, accents that stand alone, Hebrew points, Arabic vowel marks.
_REMOVED = (
    "\u00ad\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06ed\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
)
# Latin and Greek letters with accents lose them: outlets drop what their keyboards do not have.
_ACCENTED = ((0x00C0, 0x0250), (0x0370, 0x0400), (0x1E00, 0x2000))
_FOLDED = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك"}
_FOLDED |= {"ё": "е", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "İ": "i", "ς": "σ"}
_WRITTEN_OUT = {"ß": "ss", "ẞ": "ss"}

# Planes 0 to 3; what stands beyond is no letter, and is read as the last of these, a separator. Planes 2
# and 3 are Han.
_CODE_POINTS = 0x40000
_HAN_PLANES = slice(0x20000, 0x3FFFE)

# Odd constants of well-known mixers (Weyl sequence, rrmxmx) and a base without small factors' patterns.
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93))
_BASE = 0x5851F42D4C957F2D
_BASE_INVERSE = pow(_BASE, -1, 1 << 64)
_LEAST_POWERS = 1 << 14


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text in reading order."""

    hashes: Hashes
    # Which are single characters of a script without spaces.
    unspaced: Flags

    def __len__(self) -> int:
        return len(self.hashes)


def read(text: str) -> Tokens:
    """The tokens of `text`."""
    codes, kinds = _characters(text)
    if not len(codes):
        nothing = np.empty(0, np.bool_)
        return Tokens(np.empty(0, np.uint64), nothing)
    starts, ends = _bounds(kinds)
    return Tokens(_hash_each(codes, starts, ends), kinds[starts] == _UNSPACED_LETTER)


def tokenise(text: str) -> list[str]:
    """The tokens of `text` in reading order: pieces of `normalise(text)`."""
    codes, kinds = _characters(text)
    if not len(codes):
        return []
    folded = _as_text(codes)
    starts, ends = _bounds(kinds)
    return [folded[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


def normalise(text: str) -> str:
    """`text` as it is compared: without the differences that are no difference in wording."""
    return _as_text(_characters(text)[0])


def shingle(tokens: Tokens) -> Hashes:
    """One hash for each token at which a shingle starts, in reading order, repeats included.

    A text shorter than one shingle is one shingle as a whole; no tokens give none.
    """
    count = len(tokens)
    if not count:
        return np.empty(0, np.uint64)
    words = _combine(tokens.hashes, min(WORDS_PER_SHINGLE, count))
    if not tokens.unspaced.any():
        return words
    characters = _combine(tokens.hashes, min(CHARACTERS_PER_SHINGLE, count))
    # What stands at a position decides alone, so a cut text keeps the shingles it had. Only in the last
    # few positions, where a shingle of characters would run out of the text, the shorter one stands in.
    unspaced = tokens.unspaced[: len(characters)]
    words[: len(characters)][unspaced] = characters[unspaced]
    return words


def once_each(shingles: Hashes) -> tuple[Hashes, Positions, Positions]:
    """The distinct shingles ascending, where each first stands, and for each position which stands there.

    What `np.unique` gives, in a third of the time: it sorts stably to know the first, which is slower.
    """
    order = shingles.argsort()
    ranked = shingles[order]
    changes = np.empty(len(ranked), np.bool_)
    changes[:1] = True
    np.not_equal(ranked[1:], ranked[:-1], out=changes[1:])
    starts = np.flatnonzero(changes)
    which = np.empty(len(ranked), np.int64)
    which[order] = np.cumsum(changes) - 1
    first = np.minimum.reduceat(order, starts) if len(starts) else order
    return ranked[starts], first, which


def _characters(text: str) -> tuple[Codes, Kinds]:
    """The code points of a text, folded, and what each is; removed signs are gone."""
    text = text[:MAX_CHARACTERS]
    if "&" in text:
        text = html.unescape(text)
    kind_of, fold = _tables()
    if text.isascii():
        ascii_codes = np.frombuffer(text.lower().encode("ascii"), np.uint8)
        return ascii_codes.astype(np.uint32), _with_decimal_points(kind_of.take(ascii_codes))
    for letters, written_out in _WRITTEN_OUT.items():
        text = text.replace(letters, written_out)
    composed = unicodedata.normalize("NFKC", text).encode("utf-32-le", "surrogatepass")
    codes = fold.take(np.frombuffer(composed, np.uint32), mode="clip")
    kinds = kind_of.take(codes)
    removed = kinds == _REMOVED_SIGN
    if removed.any():
        codes, kinds = codes[~removed], kinds[~removed]
    return codes, _with_decimal_points(kinds)


def _as_text(codes: Codes) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _with_decimal_points(kinds: Kinds) -> Kinds:
    """A point or comma between two digits is part of the number."""
    points = np.flatnonzero(kinds == _POINT)
    kinds[points] = _SEPARATOR
    inside = points[(points > 0) & (points < len(kinds) - 1)]
    kinds[inside[(kinds[inside - 1] == _DIGIT) & (kinds[inside + 1] == _DIGIT)]] = _DIGIT
    return kinds


def _bounds(kinds: Kinds) -> tuple[Positions, Positions]:
    """Where each token starts, and where it has ended."""
    changes = np.empty(len(kinds), np.bool_)
    changes[0] = True
    np.not_equal(kinds[1:], kinds[:-1], out=changes[1:])
    changes |= kinds == _UNSPACED_LETTER
    edges = np.append(np.flatnonzero(changes), len(kinds))
    in_token = np.flatnonzero(kinds[edges[:-1]] != _SEPARATOR)
    return edges[in_token], edges[in_token + 1]


def _hash_each(codes: Codes, starts: Positions, ends: Positions) -> Hashes:
    powers, inverses = _powers(max(_LEAST_POWERS, 1 << len(codes).bit_length()))
    sums = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(_mixed(codes) * powers[: len(codes)], out=sums[1:])
    hashes: Hashes = (sums[ends] - sums[starts]) * inverses[starts]
    return _stirred(hashes)


def _mixed(codes: Codes) -> Hashes:
    mixed = codes.astype(np.uint64)
    mixed += np.uint64(1)
    mixed *= _MIX[0]
    mixed ^= mixed >> np.uint64(29)
    mixed *= _MIX[1]
    return mixed


def _combine(hashes: Hashes, size: int) -> Hashes:
    """Polynomial hash of each window of `size`, then mixed so that every bit depends on every token."""
    count = len(hashes) - size + 1
    total = hashes[:count].copy()
    for offset in range(1, size):
        total *= _MIX[0]
        total += hashes[offset : offset + count]
    return _stirred(total)


def _stirred(hashes: Hashes) -> Hashes:
    hashes ^= hashes >> np.uint64(32)
    hashes *= _MIX[1]
    hashes ^= hashes >> np.uint64(32)
    return hashes


@cache
def _powers(count: int) -> tuple[Hashes, Hashes]:
    """The first powers of the base, and of its inverse, modulo 2^64."""
    powers, inverses = np.full(count, _BASE, np.uint64), np.full(count, _BASE_INVERSE, np.uint64)
    powers[0] = inverses[0] = 1
    return np.multiply.accumulate(powers), np.multiply.accumulate(inverses)


@cache
def _tables() -> tuple[Kinds, Codes]:
    """For each code point what it is, and what it is read as."""
    # Surrogates stand for themselves as spaces: they are no text.
    scanned = range(_HAN_PLANES.start)
    characters = "".join(" " if 0xD800 <= code < 0xE000 else chr(code) for code in scanned)
    kinds = np.full(_CODE_POINTS, _SEPARATOR, np.uint8)
    kinds[_HAN_PLANES] = _UNSPACED_LETTER
    classes = (
        (rf"[\w{_INDIC}]+", _LETTER),
        (r"_+", _SEPARATOR),
        (r"\d+", _DIGIT),
        (rf"[{_UNSPACED}]+", _UNSPACED_LETTER),
        (rf"[{_REMOVED}]+", _REMOVED_SIGN),
        (r"[.,]", _POINT),
    )
    for pattern, kind in classes:
        for found in re.finditer(pattern, characters):
            kinds[found.start() : found.end()] = kind
    return kinds, _folds(characters)


def _folds(characters: str) -> Codes:
    folds = np.arange(_CODE_POINTS, dtype=np.uint32)
    for found in re.finditer(r"\d", characters):
        folds[found.start()] = ord("0") + unicodedata.digit(found[0])
    for code, character in enumerate(characters):
        if (small := character.lower()) != character:
            folds[code] = ord(small[0])
    for first, end in _ACCENTED:
        for code in range(first, end):
            folds[code] = ord(unicodedata.normalize("NFD", chr(code).lower())[0])
    for before, after in _FOLDED.items():
        folds[ord(before)] = folds[ord(before.upper()[0])] = ord(after)
    return folds
