"""What another copy of an article's text says about the lines of its page.

The feed's full text and JSON-LD's articleBody are copies. Where one agrees with the page on most of the
text, what the page has after its end is no text.
"""

from ingestd.clean.agreement import agreement, shingles
from ingestd.clean.boilerplate import ends_sentence, text_weight
from ingestd.clean.text import Text

# From this agreement on a copy is one of this text and whole.
_SAME = 0.75
# With less of its shingles in the copy a line does not stand there.
_STANDS_THERE = 0.3
# So much of the text may be cut off at either end because the copy does not have it.
_MOST_CUT = 0.2
# A copy with less than this share of the page's text is a summary of it.
_LEAST_SHARE = 0.45


def is_copy(own: str, other: str | None) -> bool:
    """Whether `other` is long enough to be a copy of the text `own`."""
    return bool(other) and text_weight(other or "") >= _LEAST_SHARE * text_weight(own)


def keep_to(text: Text, copy: str) -> None:
    """Take out what follows the last line that the text's copy has, unless that copy is cut off."""
    there = shingles(copy)
    chosen = [index for index in text.chosen() if index != text.lead]
    last = next((index for index in reversed(chosen) if _stands_there(text, index, there)), None)
    after = [index for index in chosen if last is not None and index > last]
    # To compare two texts is dear, and hardly any goes on after its copy.
    if not after or text.size(after) > _MOST_CUT * text.size(chosen) or not ends_sentence(copy.rstrip()):
        return
    own = "\n".join(text.page.lines[index].text for index in chosen)
    if agreement(own, copy) >= _SAME:
        text.drop(after)


def _stands_there(text: Text, index: int, there: frozenset[int]) -> bool:
    own = shingles(text.page.lines[index].text)
    return not own or len(own & there) >= _STANDS_THERE * len(own)
