"""The text that an entry carries in its feed: evidence beside the page's, and what is left when the page
fails.

A feed's text is the *full* one when it is long and does not break off; anything else is a summary. Page and
feed are compared by their shingles. The page's text is taken unless the feed's is surely the better one:
much longer, or another text altogether, which means that something else of the page was taken for its
article.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingestd.clean.agreement import agreement, contained
from ingestd.clean.boilerplate import text_weight
from ingestd.clean.decode import strip_controls
from ingestd.clean.extract import Extraction, feed_paragraphs
from ingestd.clean.tree import parse_html

# A text shorter than this (some fifty words) is a summary and does not stand in for a failed page.
LEAST_WEIGHT = 300.0
# A short form is taken for the full text from this weight on, as many feeds have their texts in no other
# place.
LEAST_WEIGHT_OF_SUMMARY = 1000.0
# The feed's text is much longer from this factor on: a page also loses a heading here and a list there
# without being the worse text.
MUCH_LONGER = 1.5
# Below this agreement the two are not versions of one text.
OTHER_TEXT = 0.3
# From this weight on a feed's text is believed against a page that has another one.
LEAST_AGAINST_PAGE = 1000.0

# How a text breaks off, at its very end; what services add after it is taken off first.
_ADDED = re.compile(
    r"\s*(?:the post .{1,300} (?:appeared first on|first appeared on) .{1,100}|"
    r"der beitrag .{1,300} erschien zuerst auf .{1,100}|"
    r"cet article .{1,300} est apparu en premier sur .{1,100}|"
    r"la entrada .{1,300} (?:se publicó primero en|aparece primero en) .{1,100}|"
    r"l'articolo .{1,300} (?:proviene da|sembra essere il primo su) .{1,100}|"
    r"o post .{1,300} apareceu primeiro em .{1,100}|het bericht .{1,300} verscheen eerst op .{1,100})\s*$",
    re.IGNORECASE | re.DOTALL,
)
_BREAKS_OFF = re.compile(
    r"(?:\[\s*(?:…|\.\.\.|&hellip;)\s*\]|…|\.\.\.|(?:read|continue|see) (?:more|reading|on|the (?:rest|"
    r"full)[\w ]*)|"
    r"weiterlesen|mehr lesen|lire la suite|(?:seguir|continuar) leyendo|leer más|continua a leggere|"
    r"leggi tutto|"
    r"(?:leia|ler) mais|lees (?:meer|verder)|läs mer|les mer|læs mere|czytaj (?:więcej|dalej)|"
    r"читать (?:далее|дальше|полностью)|подробнее|"
    r"читати далі|devamını oku|اقرأ المزيد|阅读全文|阅读更多|続きを読む)"
    r"[\s.…»>→\])]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FeedText:
    """What an entry's feed carries of its text."""

    found: Extraction
    text: str
    weight: float
    # Whether it is the text as a whole, as far as can be told, and no summary of it.
    full: bool

    @property
    def words(self) -> int:
        """How many there are, for people."""
        return len(self.text.split())


def read_feed_text(
    content_html: str | None, summary_html: str | None, url: str, is_credit: Callable[[str], bool]
) -> FeedText | None:
    """The fuller form that an entry carries; None when it carries none with any text."""
    for html, least in ((content_html, LEAST_WEIGHT), (summary_html, LEAST_WEIGHT_OF_SUMMARY)):
        root = parse_html(strip_controls(html)) if html and html.strip() else None
        if root is None:
            continue
        found = feed_paragraphs(root, url, is_credit)
        text = "\n\n".join(found.paragraphs)
        weight = text_weight(text)
        if text:
            return FeedText(found, text, weight, weight >= least and not breaks_off(_plain(root)))
    return None


def _plain(root: object) -> str:
    """The end of a document's text with everything that the feed says after it."""
    texts: Sequence[str] = list(root.itertext())  # type: ignore[attr-defined]
    return " ".join("".join(texts).split())[-1000:]


def breaks_off(text: str) -> bool:
    """Whether a text ends in a sign that there is more of it."""
    return _BREAKS_OFF.search(_ADDED.sub("", text).rstrip()) is not None


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of two texts is taken, and why, in words with figures."""

    feed: bool
    reason: str


def choose(page: str, feed: FeedText) -> Choice:
    """Whether the feed's full text is taken over the page's text `page`, which is not empty."""
    weight = text_weight(page)
    agree = agreement(page, feed.text)
    sizes = f"{feed.words} words in the feed, {len(page.split())} on the page"
    if feed.weight > MUCH_LONGER * weight + LEAST_WEIGHT / 2:
        share = contained(page, feed.text)
        return Choice(True, f"the feed's text is much longer: {sizes}, of which it has {share:.0%}")
    if agree < OTHER_TEXT and feed.weight >= LEAST_AGAINST_PAGE and contained(feed.text, page) < OTHER_TEXT:
        return Choice(True, f"the page's text is another one, they agree by {agree:.0%}: {sizes}")
    if contained(feed.text, page) >= 1 - OTHER_TEXT:
        return Choice(False, f"page and feed agree by {agree:.0%}: {sizes}")
    return Choice(
        False, f"page and feed agree by {agree:.0%} and the feed's text is not much longer: {sizes}"
    )
