"""Which boxes of a page are furniture by what they call themselves: by tag, role, class and id.

Requirement: what stands beside an article is not taken for it. Theory: authors of pages name boxes for what
they hold. Known exception: names are also given to what stands around ("sidebar-grid", "metered-content",
"paywall" hold whole articles), so a marked box that holds more prose than all unmarked ones is forgiven its
name. Comments, requests for consent and related articles are not: they can be longer than the article.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, islice
from typing import NamedTuple

from lxml.html import HtmlElement

from ingestd.clean.boilerplate import squeeze, text_weight
from ingestd.clean.walk import HEADINGS, Block, Box

ASIDE, CAPTION, COMMENTS, CONSENT, HIDDEN, META, OTHERS, POST, RELATED = (
    "aside", "caption", "comments", "consent", "hidden", "meta", "others", "post", "related"
)  # fmt: skip
# Kinds of furniture that can be longer than the article itself.
_NEVER_FORGIVEN = frozenset((COMMENTS, CONSENT, RELATED))


class Words(NamedTuple):
    """Words of one kind of furniture, as they stand in class names and ids."""

    kind: str
    because: str
    # A word that tells by itself, in any place of a name; "read-more" is two words in a row.
    words: str
    # Beginnings of words that tell however they go on: "newsletterbox".
    beginnings: str = ""


# Sorted by kind, and the words of each.
WORDS = (
    Words(
        ASIDE,
        "prompts to pay, to follow, to sign up, to share, and advertisements between the paragraphs",
        "ad ad-container ads adslot adv advert app-download audio-player banner bookmark bottom-of-article "
        "cta donate donation factbox-promo fb-post feedback follow infobox instagram-media modal newsletter "
        "newsletters overlay paywall-prompt piano poll popup promo promobox promos promotion rail rating "
        "ratings rcol reactions right-col right-column right-rail rightrail share sharebar sharebuttons "
        "shares sharing shop-box side sidebar sign-up signup skip-link social socials sponsor sponsored "
        "sponsors subscribe subscribe-box subscription-box subscription-prompt support-us survey taboola "
        "teaser telegram tiktok-embed toast toolbar tools tooltip twitter-timeline vote voting whatsapp "
        "widget-area",
        "addtoany adsby advert donat newsletter outbrain popup promobox sharebar sharethis sharing signup "
        "socialmedia socialshare sponsor subscri taboola",
    ),
    Words(
        CAPTION,
        "what is said about a picture",
        "caption captions credit credits figcaption image-credit image-description image-meta imagecredit "
        "img-caption media-caption photo-credit photocredit wp-caption-text",
        "caption imagecaption photocaption",
    ),
    Words(
        COMMENTS,
        "what readers wrote",
        "comment-area comment-body comment-box comment-form comment-list comment-respond comment-section "
        "comment-wrapper commentlist comments discussion disqus livefyre reader-comments replies respond",
        "commentform commentlist disqus",
    ),
    Words(
        CONSENT,
        "requests for consent",
        "ccpa consent cookie cookies didomi gdpr onetrust privacy-banner privacy-notice usercentrics",
        "consent cookie didomi onetrust usercentrics",
    ),
    Words(
        META,
        "who wrote it, when, under which tags, where one is, and how to report a mistake",
        "about-author aboutauthor ambox article-meta author-bio author-block author-box author-card "
        "author-description author-info author-profile authorbio authorbox authors-info bio breadcrumb "
        "breadcrumbs byline copyright correction corrections dateline-meta disclaimer editsection "
        "entry-meta footnote-meta keywords mw-editsection navbox pager pagination post-meta post-nav "
        "post-navigation print-block print-only reading-time references reflist table-of-contents tag-cloud "
        "tag-links tag-list tagcloud taglist tags timestamp toc topic-list topics",
        "authorbio authorbox breadcrumb pagination tagcloud taglist",
    ),
    Words(
        POST,
        "posts of others, shown in full",
        "bluesky-embed mastodon-embed twitter-tweet",
    ),
    Words(
        RELATED,
        "ways to other articles",
        "also-read alsoread article-next article-prev editors-picks in-this-story inline-related more-from "
        "more-news more-on more-stories most-popular most-read most-viewed mostread next-article next-post "
        "next-prev nextprev other-news popular popular-posts post-next prev-next prev-post previous-post "
        "read-also read-more read-next read-on readmore recirc recirculation recommend recommendation "
        "recommendations recommended recommends related relateds relation relations see-also similar "
        "similar-posts teaser-list teasers trending up-next upnext you-may",
        "crosslink mostpopular mostread readalso readmore recirc recommend related",
    ),
)

_TAGS = {
    "aside": ASIDE,
    "figure": CAPTION,
    "footer": ASIDE,
    "nav": ASIDE,
    "form": ASIDE,
    "fieldset": ASIDE,
    "figcaption": CAPTION,
}
_ROLES = {
    "alertdialog": ASIDE, "banner": ASIDE, "complementary": ASIDE, "contentinfo": ASIDE, "dialog": ASIDE,
    "navigation": ASIDE, "search": ASIDE, "note": ASIDE,
}  # fmt: skip
# With less prose than this elsewhere, what calls itself comments is the text: some call all text so. It is
# not where so many paragraphs of so much weight, none of which reads as prose, stand side by side: verse, and
# the lines without stops that some blogs are made of.
_NO_OTHER_PROSE = 200
_LEAST_OF_VERSE = 10
_WEIGHT_OF_VERSE = 400
# A box with the article's headline and so much prose under it holds the article.
_TEXT_UNDER_HEADLINE = 400
# Text that is not shown at first stands behind tabs and folds; no more is said in secret.
_SHARE_OF_HIDDEN = 0.3
# A box or two to tick stand in forms, and beside the tasks of a list.
_LEAST_CHOICES = 3
# They hold the page, whatever they are called.
_NEVER_MARKED = frozenset("html body main tbody tr".split())
# The state or the subject of a box, not what it is: "has-sidebar", "tag-newsletter".
_QUALIFIERS = frozenset(
    "has no not without with hide show enable enabled disable tag category cat postid page template type "
    "status format single uses supports theme".split()
)
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NUMBERS = re.compile(r"\d+")
# What follows a digit is a piece of a hash: "css-1ad2x".
_WORD = re.compile(r"(?<!\d)(?:[A-Z]?[a-z]+|[A-Z]+(?![a-z]))")


def _lookup() -> tuple[dict[str, str], dict[str, str]]:
    words = {word: one.kind for one in WORDS for word in one.words.split()}
    beginnings = {word: one.kind for one in WORDS for word in one.beginnings.split()}
    return words, beginnings


_KIND_OF_WORD, _KIND_OF_BEGINNING = _lookup()
_FIRST_WORDS = frozenset(word.partition("-")[0] for word in _KIND_OF_WORD)
_SHORTEST_BEGINNING = min(map(len, _KIND_OF_BEGINNING))
_STARTS = frozenset(word[:_SHORTEST_BEGINNING] for word in _KIND_OF_BEGINNING)


@lru_cache(maxsize=8192)
def kind_of_names(names: str) -> str | None:
    """The kind of furniture that class names or an id tell of; None when they tell of none."""
    for name in names.split():
        kind = _kind_of_name(name)
        if kind:
            return kind
    return None


@lru_cache(maxsize=8192)
def _kind_of_name(name: str) -> str | None:
    # Utility classes say how a box is set: "md:float-left", "w-[30ch]".
    if not name.isascii() or ":" in name or "[" in name or len(name) > 80:
        return None
    words = [word.lower() for word in _WORD.findall(name)]
    if not words or words[0] in _QUALIFIERS:
        return None
    for at, word in enumerate(words):
        # Hardly any word of the thousands that name boxes is one of ours.
        if word in _FIRST_WORDS or word[:_SHORTEST_BEGINNING] in _STARTS:
            kind = _kind_of_words(words, at)
            if kind:
                return kind
    return None


def _kind_of_words(words: list[str], at: int) -> str | None:
    """What the words of a name tell from one of them on, the longest first."""
    return (
        _KIND_OF_WORD.get("-".join(words[at : at + 3]))
        or _KIND_OF_WORD.get("-".join(words[at : at + 2]))
        or _KIND_OF_WORD.get(words[at])
        or next((kind for start, kind in _KIND_OF_BEGINNING.items() if words[at].startswith(start)), None)
    )


def kind_of(box: Box) -> str | None:
    """The kind of furniture that a box says it is, by itself; None when it does not.

    The id of a heading is made of its words, and a paragraph that is not shown stands behind a paywall.
    """
    tag = box.tag
    if tag in _NEVER_MARKED:
        return None
    kind = _TAGS.get(tag)
    for name, value in box.element.items():
        if name == "class" or (name == "id" and tag not in HEADINGS):
            kind = kind or kind_of_names(value)
        elif name == "style":
            kind = HIDDEN if _NOT_SHOWN.search(value) else kind
        elif name == "role":
            kind = kind or _ROLES.get(value.lower())
        elif name == "hidden" or (name == "aria-hidden" and value == "true" and tag != "p"):
            kind = HIDDEN
    if tag == "article" and kind not in _NEVER_FORGIVEN:
        return None
    if tag == "figure" and next(box.element.iter("table", "pre"), None) is not None:
        return None
    if tag == "table" and kind is None and _is_of_choices(box.element):
        return ASIDE
    return kind


def _is_of_choices(table: HtmlElement) -> bool:
    """Whether one ticks boxes in a table: a poll, or figures whose rows fold out at a click."""
    ticked = (one for one in table.iter("input") if one.get("type") in ("checkbox", "radio"))
    return sum(1 for _ in islice(ticked, _LEAST_CHOICES)) == _LEAST_CHOICES


def with_ancestors(box: Box) -> Iterator[Box]:
    """The box and what it stands in, up to the whole page."""
    at: Box | None = box
    while at is not None:
        yield at
        at = at.parent


def marks(
    lines: list[Block], prose: list[float], headlines: frozenset[str], *, names: bool = True
) -> list[str | None]:
    """For each line the kind of furniture in which it stands; None for those that may be the article's.

    `prose` is the weight of each line as prose, 0 for those that read as none. `headlines` are squeezed.
    Without `names` only comments, consent and related articles are told by class and id.
    """
    totals = list(accumulate(prose, initial=0.0))
    own: dict[Box, str | None] = {}
    for line in lines:
        box: Box | None = line.box
        while box is not None and box not in own:
            kind = kind_of(box)
            if kind == RELATED and not any(one.links for one in lines[box.first : box.end]):
                # What leads nowhere is no way to other articles.
                kind = None
            own[box] = kind if names or box.tag in _TAGS or kind in _NEVER_FORGIVEN else None
            box = box.parent
    for at, line in enumerate(lines):
        if line.tag == "h1" or (line.tag in HEADINGS and squeeze(line.text) in headlines):
            _unmark_around(line.box, at, own, totals)
    return _forgive(lines, own, totals)


def _unmark_around(box: Box | None, at: int, own: dict[Box, str | None], totals: list[float]) -> None:
    """Unmark what holds the article's own headline with text under it."""
    while box is not None:
        if own[box] and totals[box.end] - totals[at] >= _TEXT_UNDER_HEADLINE:
            own[box] = None
        box = box.parent


def _forgive(lines: list[Block], own: dict[Box, str | None], totals: list[float]) -> list[str | None]:
    """The marks of the lines, after boxes of a name that hold more prose than all unmarked ones are unmarked.

    A name is one whatever number it bears: "slide slide-3". Each round forgives the name that holds the most;
    what stands in such boxes may still be marked by itself.
    """
    while True:
        outermost = _outermost(lines, own)
        groups: dict[tuple[str | None, str, object], list[Box]] = {}
        for box in set(outermost):
            if box is not None:
                names = _NUMBERS.sub("", box.element.get("class") or "")
                groups.setdefault((own[box], box.tag, names or box), []).append(box)
        held = {
            group: sum(totals[box.end] - totals[box.first] for box in boxes)
            for group, boxes in groups.items()
        }
        free = totals[-1] - sum(held.values())
        told = free >= _NO_OTHER_PROSE or _is_verse(lines, outermost)
        never = _NEVER_FORGIVEN if told else frozenset((CONSENT,))
        largest = max(
            (group for group, boxes in groups.items() if own[boxes[0]] not in never),
            key=held.__getitem__,
            default=None,
        )
        least = _SHARE_OF_HIDDEN if largest and any(map(_is_folded, groups[largest])) else 1.0
        if largest is None or held[largest] <= least * free:
            return [None if box is None else own[box] for box in outermost]
        for box in groups[largest]:
            own[box] = None


def _is_verse(lines: list[Block], marked: list[Box | None]) -> bool:
    """Whether a box that nothing marks holds many short paragraphs, hardly one of them a link."""
    verses: defaultdict[Box | None, list[float]] = defaultdict(list)
    for line, box in zip(lines, marked, strict=True):
        if box is None and line.tag == "p" and line.linked * 2 < len(line.text):
            verses[line.box.parent].append(text_weight(line.text))
    return any(len(one) >= _LEAST_OF_VERSE and sum(one) >= _WEIGHT_OF_VERSE for one in verses.values())


def _is_folded(box: Box) -> bool:
    """Whether a box is hidden beside one of its kind that is shown: the second of several tabs."""
    element = box.element
    names = set((element.get("class") or "").split())
    return kind_of(box) == HIDDEN and any(
        beside is not element
        and beside.tag == element.tag
        and beside.get("aria-hidden") != "true"
        and not _NOT_SHOWN.search(beside.get("style") or "")
        and (
            (beside.get("role") or "") == (element.get("role") or "-")
            or names & set((beside.get("class") or "").split())
        )
        for beside in (() if box.parent is None else box.parent.element)
    )


def _outermost(lines: list[Block], own: dict[Box, str | None]) -> list[Box | None]:
    """For each line the outermost marked box around it."""
    found: dict[Box, Box | None] = {}

    def of(box: Box) -> Box | None:
        chain = []
        at: Box | None = box
        while at is not None and at not in found:
            chain.append(at)
            at = at.parent
        marked = found[at] if at is not None else None
        for one in reversed(chain):
            marked = marked or (one if own[one] else None)
            found[one] = marked
        return marked

    return [of(line.box) for line in lines]
