"""The open part of an article that one has to pay or log in for: told, and freed of the words of its wall.

What the publisher says comes first (`isAccessibleForFree`, a length that it states elsewhere). Where it
says nothing, the page must say of this very text that it goes on for those who pay. An open part of real
prose is kept and marked; of one that is no more than a sentence or two nothing is kept, as the feed's
summary has as much.
"""

import re
from dataclasses import replace

from ingestd.clean.boilerplate import reads_as_prose, text_weight
from ingestd.clean.extract import Extraction
from ingestd.clean.verdict import Facts, Settings, refuse, says
from ingestd.model import Completeness, Paragraph, Verdict

# An offer's line is short.
_LONGEST_LINE = 300
_CUT_OFF = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*$")
# Lines of a page in which it asks to pay.
_LINES = 400


def open_part(
    found: Extraction, facts: Facts, settings: Settings
) -> tuple[Extraction, Completeness, Verdict | None]:
    """The text, how complete it is, and the verdict when there is a wall and next to no text before it."""
    if facts.free is True or facts.weight >= settings.longest_teaser:
        return found, Completeness.WHOLE, None
    sign = _sign_of_wall(found, facts, settings)
    if sign is None:
        return found, Completeness.WHOLE, None
    kept = without_wall(found)
    weight = sum(text_weight(text) for text in kept.paragraphs)
    prose = sum(reads_as_prose(text) for text in kept.paragraphs)
    if weight >= settings.least_teaser or prose >= 2:
        return kept, Completeness.TEASER, None
    sure = 0.95 if facts.free is False else 0.8
    return kept, Completeness.TEASER, refuse("paywall", f"{sign}, {weight:.0f} characters shown", sure)


def _sign_of_wall(found: Extraction, facts: Facts, settings: Settings) -> str | None:
    """What shows that there is more for those who pay, a clause; None when nothing does."""
    stated = facts.stated_weight
    cut = stated is not None and facts.weight < settings.teaser_share * stated
    short = facts.weight < settings.wall_weight
    if facts.free is False and (cut or short):
        return "it is not free by its metadata"
    ends = bool(found.paragraphs) and _CUT_OFF.search(found.paragraphs[-1]) is not None
    if not (cut or short or ends or facts.free is False):
        return None
    lines = (line for line in facts.lines[:_LINES] if line != facts.heading)
    asks = next((line for line in lines if _asks_to_pay(line)), None)
    return f"it says {asks[:80]!r}" if asks else None


def _asks_to_pay(line: str) -> bool:
    from ingestd.clean.wall_words import PAYWALL_LINE

    # This alone decides.
    return says(PAYWALL_LINE, line, strictly=True)


def without_wall(found: Extraction) -> Extraction:
    """The text without the lines in which its wall speaks, and without what comes after the first of them.

    Where the longer part of the prose comes after it, the wall stands in the midst of a text, and its lines
    alone are taken out.
    """
    asking = [_asks_to_pay(one.text.lower().replace("’", "'")) for one in found.content]
    if not any(asking):
        return cut_to(found, _without_offers(found.content))
    first = asking.index(True)
    before, after = found.content[:first], found.content[first + 1 :]
    if _prose(after) > _prose(before):
        before = tuple(one for one, asks in zip(found.content, asking, strict=True) if not asks)
    return cut_to(found, _without_offers(before))


def cut_to(found: Extraction, content: tuple[Paragraph, ...]) -> Extraction:
    """The text with less content; a picture whose place is gone stands at its end."""
    images = (
        one if one.before is None else replace(one, before=min(one.before, len(content)))
        for one in found.images
    )
    return replace(found, content=content, images=tuple(images))


def _prose(content: tuple[Paragraph, ...]) -> float:
    return sum(text_weight(one.text) for one in content if reads_as_prose(one.text))


def _without_offers(content: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
    """Without offers at its end."""
    from ingestd.clean.wall_words import OFFER_LINE

    end = len(content)
    while end and len(text := content[end - 1].text) <= _LONGEST_LINE and OFFER_LINE.search(text.lower()):
        end -= 1
    return content[:end]
