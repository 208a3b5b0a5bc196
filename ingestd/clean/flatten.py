"""Pages that are built to break parsers: tags nested too deep, and tags with too many attributes.

libxml2 gives up on what is nested deeper than 256 elements, and takes the square of their number for
the attributes of one tag. Such tags are taken out of the text before it is parsed; what they hold stays.
"""

import re

# libxml2 gives up at a depth of 256, some of which it opens itself.
MAX_DEPTH = 200
# So much without a "<" is looked at twice: libxml2 takes the square of the number of a tag's attributes.
_LONGEST_TAG = 100_000

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_LONG_TAG = re.compile(rf"(<[a-zA-Z][a-zA-Z0-9]{{0,30}}+)[^<>]{{{_LONGEST_TAG},}}")
# Void elements and those that libxml2 closes where the next one begins: they do not nest.
_FLAT = frozenset(
    "area base body br col embed head hr html img input li link meta option p param script source style td "
    "th title tr track wbr".split()
)
_ESSENTIAL = frozenset("base br head html link meta p script style title".split())


def without_long_tags(text: str) -> str:
    """The page, tags of more than `_LONGEST_TAG` characters without their attributes."""
    return _LONG_TAG.sub(r"\1", text) if _may_have_long_tag(text) else text


def _may_have_long_tag(text: str) -> bool:
    """Whether so much follows a "<" without another one or a ">"; long scripts have their ">" before."""
    step = _LONGEST_TAG // 2
    for at in range(0, len(text) - step, step):
        if text.find("<", at, at + step) < 0:
            start, following = text.rfind("<", 0, at), text.find("<", at)
            end = following if following >= 0 else len(text)
            closing = text.find(">", max(start, 0), end)
            if (closing if closing >= 0 else end) - start > _LONGEST_TAG:
                return True
    return False


def without_deep_tags(text: str) -> str:
    """The page without the tags that are nested deeper than `MAX_DEPTH`; a line ends where they were."""
    depth = 0

    def kept(match: re.Match[str]) -> str:
        nonlocal depth
        closing, name = match.groups()
        if name.lower() in _FLAT:
            return match[0]
        level = depth if closing else depth + 1
        depth = max(0, depth - 1) if closing else level
        return match[0] if level <= MAX_DEPTH else " <br><br> "

    return _TAG.sub(kept, text)


def without_structure(text: str) -> str:
    """The page with nothing but its head, scripts and paragraphs."""
    return _TAG.sub(lambda match: match[0] if match[2].lower() in _ESSENTIAL else " <br><br> ", text)
