"""How many words a text has, in scripts with and without spaces between them."""

import re
from collections.abc import Mapping

# Characters to a word, on average over news texts, where nothing parts one word from the next. Chinese and
# Japanese words have one to three characters; the others write vowels and tones as characters of their own.
CHARACTERS_TO_A_WORD: Mapping[str, float] = {
    # Han, kana and the marks among them; half-width kana.
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U000323af": 2,
    # Thai and Lao, Tibetan, Myanmar, Khmer.
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\uaa60-\uaa7f\u1780-\u17ff": 5,
}

_RUNS = tuple((re.compile(f"[{characters}]+"), size) for characters, size in CHARACTERS_TO_A_WORD.items())
_LETTER = re.compile(r"\w")


def count_words(text: str) -> int:
    """The words of a text.

    What stands between two spaces is a word when there is a letter or a digit in it, so a dash is none. A
    run of a script without spaces counts as its length over the average length of its words, rounded up.
    """
    words = 0
    if not text.isascii():
        for run, size in _RUNS:
            words += sum(-int(-len(found) // size) for found in run.findall(text))
            text = run.sub(" ", text)
    return words + sum(_LETTER.search(piece) is not None for piece in text.split())
