"""How far two versions of one text agree: the page's and the feed's, our extractor's and a witness's.

Compared are shingles, four words in a row, or four characters where a script sets no spaces. In that measure
extractors are compared in general; it does not mind paragraphs, case or punctuation.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

_SHINGLE = 4
# Longer texts are not remembered: of a text of that length the shingles take 5 MB.
_MOST_REMEMBERED = 100_000
# Every character of a script without spaces is a token of its own; vowel signs belong to the letter before.
_TOKEN = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]|[^\\W_]+"
)


def shingles(text: str) -> frozenset[int]:
    """Hashes of the text's shingles, valid in this process; of one to three words, one hash of them all."""
    return _remembered(text) if len(text) <= _MOST_REMEMBERED else _shingles(text)


def _shingles(text: str) -> frozenset[int]:
    words = _TOKEN.findall(text.casefold())
    if len(words) < _SHINGLE:
        return frozenset((hash(tuple(words)),)) if words else frozenset()
    return frozenset(map(hash, zip(words, words[1:], words[2:], words[3:], strict=False)))


def shingles_of_lines(lines: Iterable[str]) -> frozenset[int]:
    """Hashes of the shingles that stand within one line each: where lines were left out, none is new."""
    words = (_TOKEN.findall(line.casefold()) for line in lines)
    return frozenset(
        hash(one) for line in words for one in zip(line, line[1:], line[2:], line[3:], strict=False)
    )


# A page's text is compared with the same few others several times.
_remembered = lru_cache(maxsize=8)(_shingles)


def agreement(one: str, other: str) -> float:
    """F1 of the shingles of two texts, 0 to 1; 1 for two texts without a word."""
    a, b = shingles(one), shingles(other)
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 1.0


def contained(one: str, other: str) -> float:
    """Share of the first text's shingles that stand in the other, 0 to 1; 1 for a text without a word."""
    a = shingles(one)
    return len(a & shingles(other)) / len(a) if a else 1.0
