"""Why a page is no article, if it is none.

Each reason has *signs*: what a page shows that pages of that kind show, with how sure one such sign makes
it. Signs add up as independent ones do (two of .6 make .84), and what speaks for an article takes some of
that away: that the publisher calls it one, and text that is not the wall's. The surest reason of at least
`least_confidence` is the verdict; in doubt a page is an article, because a wall in the archive can be seen
and taken out, and a lost article cannot.

What the publisher says comes before what a page looks like, because articles are written about cookies,
captchas and pages not found. So phrases are looked for only on pages with little text, and only where they
fill a title or are said to the reader in a short line.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ingestd.model import RetryPolicy, Verdict


@dataclass(frozen=True, slots=True)
class Reason:
    """What a code means, and whether fetching again later can give the article."""

    sentence: str
    retry: RetryPolicy


# Sorted by code. Codes are stored and never re-used for something else.
REASONS: Mapping[str, Reason] = {
    "bot-wall": Reason("the server asked for proof that a person is reading", RetryPolicy.SOON),
    "consent-wall": Reason("the server showed a request for consent in place of the page", RetryPolicy.LATER),
    "empty": Reason("there is too little text to be an article", RetryPolicy.LATER),
    "error-page": Reason(
        "the page says that its server fails, with a status that says success", RetryPolicy.SOON
    ),
    "home-redirect": Reason(
        "the address leads to the front page or a section of its site", RetryPolicy.LATER
    ),
    "list-page": Reason("the page is a home page or a list of links to articles", RetryPolicy.NEVER),
    "login": Reason("the page asks for a name and a password", RetryPolicy.LATER),
    "not-html": Reason("the document is no HTML page", RetryPolicy.NEVER),
    "paywall": Reason("only the beginning is shown to those who do not pay", RetryPolicy.LATER),
    "soft-404": Reason(
        "the page says that there is no such page, with a status that says success", RetryPolicy.LATER
    ),
    "unreadable": Reason("the page met a defect of ours", RetryPolicy.LATER),
    "video-page": Reason("the page is there for its video and has no text of its own", RetryPolicy.NEVER),
}

# What stands on such a page, its title included, is about the wall and not about the article behind it.
WALLS = frozenset({"bot-wall", "consent-wall", "error-page", "home-redirect", "login", "soft-404"})


@dataclass(frozen=True, slots=True)
class Settings:
    """How much and how little text makes a page suspicious. Weights are those of `boilerplate.text_weight`:
    about characters, six a word."""

    # How sure a verdict must be.
    least_confidence: float = 0.7
    # Below this it is no article; a news flash of one sentence has some 100, a notice of an event 50.
    least_weight: float = 40
    # Up to this, walls and error pages are looked for by their phrases: some hundred words. The shortest of
    # 218 articles have 369 to 541 and say no such thing.
    wall_weight: float = 600
    # Notices about cookies run long, and error pages list the latest news.
    long_wall_weight: float = 4000
    # The open part of a paid article is kept from this weight on, or with two paragraphs. With less it has no
    # more than the feed's summary.
    least_teaser: float = 350
    # A paid article of which less than this share of the stated text is shown is a teaser.
    teaser_share: float = 0.6
    # Up to this weight a text is taken for an open part because the page asks to pay for the rest.
    longest_teaser: float = 4000
    # So many headings that are links make a list of a page that has no text.
    list_headings: int = 4


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a fetched page when its text has been looked for."""

    # The address that answered, and the one that was asked for; None when that is not known.
    url: str
    asked_url: str | None
    # Response headers, names in lower case.
    headers: Mapping[str, str]
    title: str
    # Whether the title is that of the page's entry: the page behind is then the right one.
    is_titled_as_entry: bool
    # Whether JSON-LD or og:type call it an article, and all the types that they name, lower case.
    says_article: bool
    types: frozenset[str]
    # Whether robots may index it; walls and error pages mostly forbid it.
    noindex: bool
    # schema.org isAccessibleForFree; None when not stated.
    free: bool | None
    # The paragraphs that were found, and their weight with that of the lead.
    paragraphs: tuple[str, ...]
    weight: float
    # Weight of the whole text where the publisher gives it elsewhere (JSON-LD, feed); None when nowhere.
    stated_weight: float | None
    # Share of the visible characters that are inside links.
    linked_share: float
    # Share of the page's paragraphs that stand under a headline which is a link, and how many headings
    # are links as a whole.
    teaser_share: float
    linked_headings: int
    # Where the text begins in an element that calls itself a request for consent, its beginning; else "".
    consent_box: str
    # Whether the text begins with words about data, and a button asks to accept something that is not that of
    # a notice beside the text.
    asks_to_accept: bool
    # The page's lines and its first heading in lower case, its markup, and whether one types a password into
    # it; empty where the page has so much text that it cannot be a wall.
    has_password_field: bool
    lines: tuple[str, ...]
    heading: str
    markup: str


class Sign(NamedTuple):
    """Something that a page shows which pages of one kind show."""

    code: str
    # How sure it alone makes that kind, 0 to 1.
    sure: float
    # A clause without a full stop.
    seen: str


def judge(facts: Facts, settings: Settings | None = None) -> Verdict | None:
    """The surest reason for which the page is no article; None when it is one."""
    settings = settings or Settings()
    signs: dict[str, list[Sign]] = {}
    for sign in _signs(facts, settings):
        signs.setdefault(sign.code, []).append(sign)
    found = [_weighed(code, shown, facts, settings) for code, shown in signs.items()]
    sure = [one for one in found if one.confidence >= settings.least_confidence]
    if sure:
        # What it was led to says more of an address than that this is a list.
        return max(sure, key=lambda one: (one.reason == "home-redirect", one.confidence))
    if facts.weight < settings.least_weight:
        return refuse("empty", f"{facts.weight:.0f} characters of text")
    return None


def refuse(code: str, seen: str, confidence: float = 1.0) -> Verdict:
    """The verdict for a reason; `seen` is what was seen, a clause without a full stop."""
    reason = REASONS[code]
    return Verdict(code, f"{reason.sentence} ({seen})", reason.retry, round(confidence, 2))


def _weighed(code: str, signs: list[Sign], facts: Facts, settings: Settings) -> Verdict:
    unsure = 1.0
    for sign in signs:
        unsure *= 1 - sign.sure
    confidence = (1 - unsure) * _DOUBTS[code](facts, settings)
    return refuse(code, "; ".join(sign.seen for sign in signs[:4]), confidence)


def _signs(facts: Facts, settings: Settings) -> Iterator[Sign]:
    yield from _redirected(facts)
    yield from _listed(facts, settings)
    yield from _video(facts, settings)
    if facts.weight < settings.long_wall_weight:
        yield from _consent(facts)
    # Of these no sign is sure enough on a longer page (`_is_long`).
    if facts.weight < settings.wall_weight:
        yield from _bots(facts)
        yield from _missing(facts)
        yield from _errors(facts)
        yield from _logins(facts)


# ------------------------------------------------------------------------------- doubts


def _is_long(facts: Facts, settings: Settings) -> float:
    """What is left of the suspicion of a wall on a page with that much text."""
    left = 1.0 if facts.weight < settings.wall_weight / 2 else 0.9
    if facts.weight >= settings.wall_weight:
        left = 0.5 if facts.weight < 2 * settings.wall_weight else 0.2
    return left * (0.7 if facts.says_article else 1.0)


def _is_other_text(facts: Facts, settings: Settings) -> float:
    """The same of a request for consent, whose text may be long but is about data."""
    from ingestd.clean.wall_words import ABOUT_DATA

    other = sum(len(text) for text in facts.paragraphs if not ABOUT_DATA.search(text))
    share = other / max(1, sum(map(len, facts.paragraphs)))
    return 0.4 if other > settings.wall_weight and share > 0.5 else 1.0


def _is_the_page(facts: Facts, settings: Settings) -> float:
    """What is left of the suspicion that another page came, when it has the entry's title or a long text."""
    left = 0.3 if facts.is_titled_as_entry else 1.0
    long = facts.weight > 2 * settings.wall_weight and facts.linked_share < 0.3 and facts.linked_headings < 4
    return left * (0.6 if long else 1.0)


def _says_article(facts: Facts, settings: Settings) -> float:
    return 0.5 if facts.says_article or facts.is_titled_as_entry else 1.0


_DOUBTS: Mapping[str, Callable[[Facts, Settings], float]] = {
    "bot-wall": _is_long,
    "consent-wall": _is_other_text,
    "error-page": _is_long,
    "home-redirect": _is_the_page,
    "list-page": _says_article,
    "login": _is_long,
    "soft-404": _is_long,
    "video-page": _says_article,
}


# ------------------------------------------------------------------------------- signs of walls


_SEPARATOR = re.compile(r"\s+[|–—·•»‹›-]+\s+|\s*\|\s*")
# In longer lines, in such with a quotation, and where it is a smaller share of a line, a phrase is told of
# and not said.
_LONGEST_LINE = 320
_QUOTED = re.compile("[“”„«»‘「」『』]")
_LEAST_SHARE, _LEAST_SHARE_OF_SHORT, _SHORT = 0.4, 0.25, 80
# A page with less text has none of its own.
_NEXT_TO_NOTHING = 50
_LINES = 60
_CHALLENGED = {"cf-mitigated": "challenge", "x-amzn-waf-action": "challenge captcha"}
_BOT_URL = re.compile(
    r"/(?:_incapsula_resource|distil_r_captcha|captcha|challenge|blocked|sorry/index|cdn-cgi/challenge)\b|"
    r"validate\.perfdrive\.com|geo\.captcha-delivery\.com",
    re.IGNORECASE,
)
_LOGIN_URL = re.compile(
    r"/(?:log-?in|sign-?in|anmelden|anmeldung|connexion|inloggen|wp-login\.php|sso|auth|oauth2?|authorize|"
    r"account/(?:login|signin)|accounts?/signin|users?/(?:login|sign_in)|ucp\.php|member\.php)(?:[/?.#]|$)|"
    r"://(?:login|signin|sso|auth|accounts?|id|konto|compte)\.",
    re.IGNORECASE,
)
_CONSENT_URL = re.compile(
    r"://(?:consent|guce|cmp|privacy-?gate|myprivacy|privacy-consent|zustimmung|cookiewall)\.|"
    r"/(?:consent|cookie-?wall|cookie-?consent|privacy-?(?:gate|wall|consent)|zustimmung|"
    r"collectconsent)(?:[/?.#]|$)",
    re.IGNORECASE,
)
_MISSING_URL = re.compile(
    r"/(?:404|not-?found|page-?not-?found|error-?404|errors?/404)(?:[/?.#]|$)", re.IGNORECASE
)


def _title_parts(facts: Facts) -> tuple[str, ...]:
    """The title without the site's name, and its parts, in lower case."""
    title = facts.title.lower().strip(" .!?…-–—|")
    return (title, *(part.strip(" .!…") for part in _SEPARATOR.split(title)))


def _titled(code: str, pattern: re.Pattern[str], facts: Facts, sure: float = 0.6) -> Iterator[Sign]:
    """Signs that title or first heading are a wall's; never sure alone, as a page may be about that."""
    title, *parts = _title_parts(facts)
    heading = facts.heading.strip(" .!…")
    whole = bool(title) and pattern.fullmatch(title) is not None
    # What else stands in the title is the site's name; where the heading has it too, it is one headline.
    named = len(title) < 80 and not all(part in heading for part in parts)
    if whole or (named and any(pattern.fullmatch(part) for part in parts if part)):
        yield Sign(code, sure if whole else sure - 0.1, f"its title is {facts.title[:80]!r}")
    if heading and all(pattern.fullmatch(part) for part in _SEPARATOR.split(heading)):
        known = heading == title or heading in parts
        yield Sign(code, 0.15 if known else 0.45, f"its heading is {facts.heading[:80]!r}")


_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+|(?<=[。！？])")


def says(pattern: re.Pattern[str], line: str, *, strictly: bool = False) -> bool:
    """Whether a line in lower case says to the reader what a pattern knows, and hardly anything else.

    Of a line of several sentences one must. `strictly` asks of short ones what is asked of long ones.
    """
    if len(line) > _LONGEST_LINE or pattern.search(line) is None or _QUOTED.search(line):
        return False
    return any(_is_filled(pattern, one, strictly) for one in (line, *_SENTENCE.split(line)))


def _is_filled(pattern: re.Pattern[str], text: str, strictly: bool) -> bool:
    said = sum(match.end() - match.start() for match in pattern.finditer(text))
    short = len(text) <= _SHORT and not strictly
    return said >= (_LEAST_SHARE_OF_SHORT if short else _LEAST_SHARE) * len(text) > 0


def _said(
    code: str, pattern: re.Pattern[str], facts: Facts, shown: list[Sign], sure: float = 0.6
) -> Iterator[Sign]:
    """Signs that short lines of the page are a wall's; two at most count.

    They are looked for where there is little text or other signs were `shown`: it takes a millisecond.
    """
    if not shown and facts.weight >= Settings().wall_weight:
        return
    lines = dict.fromkeys(line for line in facts.lines[:_LINES] if line != facts.heading)
    found = [line for line in lines if says(pattern, line)]
    for line in found[:2]:
        yield Sign(code, sure, f"it says {line[:80]!r}")


def _led_to(code: str, pattern: re.Pattern[str], facts: Facts, sure: float) -> Iterator[Sign]:
    """Sign that the address is a wall's; much surer when another one was asked for."""
    if not pattern.search(facts.url):
        return
    asked = facts.asked_url
    if asked is None:
        yield Sign(code, sure / 2, f"its address is {facts.url[:80]!r}")
    elif not pattern.search(asked):
        yield Sign(code, sure, f"it was led to {facts.url[:80]!r}")


def _bare(code: str, pattern: re.Pattern[str], facts: Facts, shown: list[Sign]) -> Iterator[Sign]:
    """Besides other signs, that there is next to no text but what the wall says."""
    yield from shown
    if shown:
        other = sum(len(one) for one in facts.paragraphs if not says(pattern, one.lower().replace("’", "'")))
        if other < _NEXT_TO_NOTHING:
            yield Sign(code, 0.4, f"{other} characters of other text")


def _bots(facts: Facts) -> Iterator[Sign]:
    from ingestd.clean import wall_words as words

    shown = [
        Sign("bot-wall", 0.97, f"the response header {name} says so")
        for name, values in _CHALLENGED.items()
        if facts.headers.get(name, "-").lower().strip() in values.split()
    ]
    shown += _led_to("bot-wall", _BOT_URL, facts, 0.8)
    shown += _titled("bot-wall", words.BOT_TITLE, facts)
    shown += _said("bot-wall", words.BOT_LINE, facts, shown)
    if shown or facts.weight < 2 * _NEXT_TO_NOTHING:
        markup = facts.markup.lower()
        marker = next((mark for mark in words.BOT_MARKUP if mark in markup), None)
        shown += [Sign("bot-wall", 0.6, f"{marker} stands in its markup")] if marker else []
    yield from _bare("bot-wall", words.BOT_LINE, facts, shown)


def _missing(facts: Facts) -> Iterator[Sign]:
    from ingestd.clean import wall_words as words

    shown = [*_led_to("soft-404", _MISSING_URL, facts, 0.8)]
    shown += _titled("soft-404", words.NOT_FOUND_TITLE, facts)
    shown += _said("soft-404", words.NOT_FOUND_LINE, facts, shown)
    if shown and facts.noindex:
        shown.append(Sign("soft-404", 0.3, "robots may not index it"))
    yield from _bare("soft-404", words.NOT_FOUND_LINE, facts, shown)


def _errors(facts: Facts) -> Iterator[Sign]:
    from ingestd.clean import wall_words as words

    shown = [*_titled("error-page", words.ERROR_TITLE, facts)]
    shown += _said("error-page", words.ERROR_LINE, facts, shown)
    yield from _bare("error-page", words.ERROR_LINE, facts, shown)


def _logins(facts: Facts) -> Iterator[Sign]:
    from ingestd.clean import wall_words as words

    shown = [*_led_to("login", _LOGIN_URL, facts, 0.75)]
    shown += _titled("login", words.LOGIN_TITLE, facts, 0.5)
    shown += _said("login", words.LOGIN_LINE, facts, shown, 0.45)
    if facts.has_password_field:
        shown.append(Sign("login", 0.35, "it has a field for a password"))
    yield from _bare("login", words.LOGIN_LINE, facts, shown)


def _consent(facts: Facts) -> Iterator[Sign]:
    """Signs that the page's own text asks for consent, and not a notice beside an article.

    A notice with its button stands on every page, so the text that was found must be the request: it stands
    in a box that says so, or it speaks for the publisher, or the whole title says so.
    """
    from ingestd.clean import wall_words as words

    yield from _led_to("consent-wall", _CONSENT_URL, facts, 0.95)
    if not facts.asks_to_accept:
        return
    begins = facts.consent_box or beginning(facts.paragraphs, facts.lines)
    # "We use data" may be the first words of an article; a request names cookies or partners besides.
    named = {word.lower() for word in words.ABOUT_DATA.findall(begins)}
    if facts.consent_box and named:
        yield Sign("consent-wall", 0.85, f"its text stands in a box for consent: {begins[:60]!r}")
    if facts.says_article or len(named) < 2:
        return
    titles = (*_title_parts(facts), facts.heading)
    if any(words.CONSENT_TITLE.fullmatch(one) for one in titles):
        yield Sign("consent-wall", 0.75, f"its title is {facts.title[:80]!r}")
    if words.CONSENT.search(begins):
        yield Sign("consent-wall", 0.8, f"it begins {begins[:80]!r}")


def beginning(paragraphs: tuple[str, ...], lines: tuple[str, ...]) -> str:
    """With which words a page begins: of its text, if there is any."""
    prose = next((text for text in paragraphs if len(text) >= 60), None)
    return prose or " ".join(paragraphs[:2]) or " ".join(lines[:3])


# ------------------------------------------------------------------------------- signs of other pages


_FRONT = re.compile(
    r"[a-z]+://[^/?#]+(?:/(?:[a-z]{2}(?:[-_][a-z]{2})?|home|index|default|start|startseite|accueil|inicio)?"
    r"(?:\.(?:html?|php|aspx?|jsp))?/?)?(?:[?#](?:utm_|ref|from|src).*)?",
    re.IGNORECASE,
)
_LIST_TYPES = frozenset({"collectionpage", "itemlist", "searchresultspage", "profilepage"})
_LIST_URL = re.compile(
    r"/(?:tags?|topics?|themen?|thema|categor(?:y|ies)|kategorie|rubrik|rubriques?|sections?|authors?|autor|"
    r"search|suche|archive)s?/"
    r"|[?&](?:s|q|search)=|/page/\d+",
    re.IGNORECASE,
)


def _path(url: str) -> list[str]:
    path = url.partition("://")[2].partition("?")[0].partition("#")[0].partition("/")[2]
    return [part for part in path.lower().split("/") if part]


def _redirected(facts: Facts) -> Iterator[Sign]:
    """Signs that an article's address led to the front page, or to the section that it was in."""
    asked = facts.asked_url
    if asked is None or asked == facts.url or _FRONT.fullmatch(asked):
        return
    there, here = _path(asked), _path(facts.url)
    if _FRONT.fullmatch(facts.url):
        yield Sign("home-redirect", 0.95, f"{asked[:80]!r} led to {facts.url[:60]!r}")
    elif here and len(here) < len(there) and here == there[: len(here)] and not facts.says_article:
        listed = facts.linked_headings >= 4 or facts.linked_share >= 0.5 or facts.teaser_share >= 0.5
        yield Sign("home-redirect", 0.85 if listed else 0.4, f"{asked[:80]!r} led to {facts.url[:60]!r}")


def _listed(facts: Facts, settings: Settings) -> Iterator[Sign]:
    short = facts.weight < settings.wall_weight
    shown: list[Sign] = []
    if facts.teaser_share >= 0.75:
        shown.append(Sign("list-page", 0.6, f"{facts.teaser_share:.0%} of its paragraphs are teasers"))
    if short and not facts.types.isdisjoint(_LIST_TYPES):
        shown.append(Sign("list-page", 0.6, "its metadata call it a list"))
    if short and facts.linked_share >= 0.75:
        shown.append(Sign("list-page", 0.55, f"{facts.linked_share:.0%} of its characters are links"))
    if facts.linked_headings >= settings.list_headings and (short or shown):
        bare = facts.weight < _NEXT_TO_NOTHING
        sure = 0.75 if bare else 0.4 if facts.linked_headings >= 6 else 0.3
        shown.append(Sign("list-page", sure, f"{facts.linked_headings} of its headings are links"))
    if _FRONT.fullmatch(facts.url) and facts.linked_share >= 0.5:
        sure = 0.8 if short or facts.linked_headings >= settings.list_headings else 0.5
        shown.append(Sign("list-page", sure, "it is the front page of its site"))
    elif shown and _LIST_URL.search(facts.url):
        shown.append(Sign("list-page", 0.35, "its address is a list's"))
    yield from shown


def _video(facts: Facts, settings: Settings) -> Iterator[Sign]:
    video = "videoobject" in facts.types or any(name.startswith("video") for name in facts.types)
    if video and facts.weight < settings.wall_weight / 4:
        yield Sign("video-page", 0.8, "its metadata describe a video and no article")
