"""What a verdict needs to know of a page, gathered from its tree, its metadata and its text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from ingestd.clean.boilerplate import reads_as_prose, squeeze, text_weight
from ingestd.clean.extract import Extraction
from ingestd.clean.metadata import Metadata
from ingestd.clean.tree import HEADINGS, Block, fold, is_link
from ingestd.clean.verdict import Facts, Settings, beginning

# So many teasers make a list, however little else there is.
_LEAST_TEASERS = 4
# So many lines and buttons of a page are looked through for what walls say, and so much of its markup.
_LINES_FOR_PHRASES = 400
_MARKUP_FOR_PHRASES = 200_000
# How a request for consent calls itself; "has-cookie-banner" is a page that also has one.
_CONSENT_BOX = re.compile(
    r"(?!(?:has|no|with|without)[-_])(?:\w+[-_])?"
    r"(?:consent|cookies?|gdpr|rodo|lgpd|cmp|privacy|onetrust|didomi|sourcepoint|usercentrics|cookiebot|truste|axeptio|"
    r"tarteaucitron)"
    r"(?:[-_]?(?:bar|banner|box|container|content|dialog|gate|layer|message|modal|notice|overlay|page|popup|"
    r"prompt|screen|wall|root|sdk|host|wrapper|window|iframe)(?:[-_]?\d+)?)?"
)
# Weight of a word, and the number from which on nobody counts words: it is some other number then.
_WORD_WEIGHT = 6.0
_MOST_WORDS = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What was known before the page came."""

    # The address that was asked for; None when that is not known.
    url: str | None
    headers: Mapping[str, str]
    # Of the page's entry; None when it has none.
    title: str | None
    feed_text: str | None


def gather_facts(
    text: str,
    url: str,
    asked: Asked,
    root: HtmlElement,
    lines: list[Block],
    stated: Metadata,
    found: Extraction,
) -> Facts:
    """The facts about a page: `text` is its source, `lines` its blocks, `found` its text."""
    visible = sum(len(line.text) for line in lines)
    weight = sum(text_weight(paragraph) for paragraph in found.paragraphs) + text_weight(found.lead or "")
    # A text of that length is no wall's, and phrases are not looked for; one of less is but that of a request
    # for consent.
    short, bare = weight < Settings().long_wall_weight, weight < Settings().wall_weight
    said = tuple(_plain(line.text) for line in lines[:_LINES_FOR_PHRASES]) if short else ()
    consent_box = _consent_box(lines, found.paragraphs) if short else ""
    return Facts(
        url=url,
        asked_url=asked.url,
        headers=asked.headers,
        title=_title(root) or stated.title or "",
        is_titled_as_entry=_is_same_title(asked.title, (*stated.headlines, stated.title or "")),
        says_article=stated.says_article,
        types=stated.types,
        noindex=any("noindex" in one or one == "none" for one in stated.rights.robots),
        free=stated.free,
        paragraphs=found.paragraphs,
        weight=weight,
        stated_weight=_stated_weight(stated, asked.feed_text),
        linked_share=sum(line.linked for line in lines) / visible if visible else 0.0,
        teaser_share=_teaser_share(lines, found.paragraphs) if short or not stated.says_article else 0.0,
        linked_headings=sum(line.tag in HEADINGS and _leads_away(line) for line in lines),
        consent_box=consent_box,
        asks_to_accept=short
        and _is_about_data(consent_box or beginning(found.paragraphs, said))
        and _asks_to_accept(root, lines, said, found.paragraphs),
        has_password_field=bare and any(one.get("type") == "password" for one in root.iter("input")),
        lines=said,
        heading=_heading(lines) if short else "",
        markup=text[:_MARKUP_FOR_PHRASES] if bare else "",
    )


def _plain(line: str) -> str:
    return line.lower().replace("’", "'").strip()


def _title(root: HtmlElement) -> str:
    """The title element, in which a wall names itself also where the page's metadata are the article's."""
    # It stands in the head, and to look for one in the whole tree takes long.
    element = root.find("head/title")
    element = root.find(".//title") if element is None else element
    return fold("".join(element.itertext()))[:300].replace("’", "'") if element is not None else ""


def _heading(lines: list[Block]) -> str:
    return next((_plain(line.text) for line in lines if line.tag in ("h1", "h2")), "")


def _is_same_title(entry: str | None, headlines: tuple[str, ...]) -> bool:
    """Whether one of the page's headlines has or is the entry's title."""
    title = squeeze(entry or "")
    return len(title) >= 12 and any(
        title in squeeze(line) or squeeze(line) == title for line in headlines if line
    )


def _stated_weight(stated: Metadata, feed_text: str | None) -> float | None:
    """Weight of the text as the publisher gives it elsewhere; None when it gives it nowhere."""
    weights = [text_weight(copy) for copy in (stated.article_body, feed_text) if copy]
    if stated.word_count and 0 < stated.word_count < _MOST_WORDS:
        weights.append(stated.word_count * _WORD_WEIGHT)
    return max(weights, default=None)


def _teaser_share(lines: list[Block], paragraphs: tuple[str, ...]) -> float:
    """Share of the page's paragraphs that stand under a headline which is a link, as teasers do.

    Paragraphs are the lines that read as such, and those that were taken for the text.
    """
    headlines, text = [_leads_away(line) for line in lines], frozenset(paragraphs)
    prose = [
        number
        for number, line in enumerate(lines)
        if not line.linked and (reads_as_prose(line.text) or line.text in text)
    ]
    return sum(any(headlines[max(0, i - 2) : i]) for i in prose) / max(len(prose), _LEAST_TEASERS)


def _leads_away(line: Block) -> bool:
    """Whether a line is a link as headlines of teasers are: to another page, not to a part of this one."""
    return is_link(line) and not any(href.startswith("#") for _, _, href in line.links)


def _consent_box(lines: list[Block], paragraphs: tuple[str, ...]) -> str:
    """The first paragraph, if that stands in an element which calls itself a request for consent; else "".

    Where nothing was found, because such elements are no article, it is the page's first prose in one.
    """
    if paragraphs:
        line = next((line for line in lines if line.text == paragraphs[0]), None)
        return line.text if line and _is_in_consent_box(line) else ""
    prose = (line for line in lines[:_LINES_FOR_PHRASES] if reads_as_prose(line.text))
    return next((line.text for line in prose if _is_in_consent_box(line)), "")


def _is_in_consent_box(line: Block) -> bool:
    return _box_of(line.element) is not None


def _box_of(element: HtmlElement) -> HtmlElement | None:
    """The innermost element around one which calls itself a request for consent; None when none does."""
    around = (one for one in (element, *element.iterancestors()) if one.tag not in ("html", "body"))
    return next((one for one in around if any(map(_CONSENT_BOX.fullmatch, _names(one)))), None)


def _is_about_data(text: str) -> bool:
    from ingestd.clean.wall_words import ABOUT_DATA

    return ABOUT_DATA.search(text) is not None


def _asks_to_accept(
    root: HtmlElement, lines: list[Block], said: tuple[str, ...], paragraphs: tuple[str, ...]
) -> bool:
    """Whether a button or line asks to accept something, and does not stand in a box apart from the text."""
    from ingestd.clean.wall_words import ACCEPT

    told = ((line.element, text) for line, text in zip(lines, said, strict=False))
    accepting = [
        one for one, text in (*told, *islice(_buttons(root), _LINES_FOR_PHRASES)) if ACCEPT.match(text)
    ]
    boxes = [_box_of(one) for one in accepting]
    first = next((line.element for line in lines if paragraphs and line.text == paragraphs[0]), None)
    around = () if first is None else (first, *first.iterancestors())
    return any(box is None or not paragraphs or box in around for box in boxes)


def _names(element: HtmlElement) -> list[str]:
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()


def _buttons(root: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """The page's buttons and what they say, in lower case."""
    for element in root.iter("button", "input", "a"):
        if element.tag == "button" or element.get("role") == "button":
            yield element, _plain(fold("".join(element.itertext())))
        elif element.tag == "input" and element.get("type") in ("submit", "button"):
            yield element, _plain(element.get("value") or "")
