"""Entry and page to article: the steps of cleaning in order.

    1. decode      bytes to text                         decode.py
    2. refuse      documents that are no HTML            verdict.py
    3. parse       one tree, and its blocks              tree.py
    4. read        what the page says about itself       metadata.py
    5. extract     its main text                         extract.py, boilerplate.py
    6. judge       whether this is an article            verdict.py
    7. compare     with the text in the feed: the better one is taken
    8. credit      the news agency                       agency.py

lxml and trafilatura take a second to import, so this module asks for them when the first page comes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from ingestd.clean.agency import AgencyTable, default_table, find_agency, names_agency
from ingestd.clean.boilerplate import reads_as_prose, text_weight
from ingestd.clean.decode import decode, strip_controls
from ingestd.clean.verdict import WALLS, Facts, Settings, judge, refuse
from ingestd.model import Article, TextSource, Verdict
from ingestd.urls import is_http, site_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from ingestd.clean.extract import Extraction
    from ingestd.clean.metadata import Metadata
    from ingestd.clean.tree import Block

# The feed's text is taken over the page's when it is longer by this factor: at least half as long again,
# because a page also loses a heading here and a list there without being the worse text.
FEED_IS_LONGER = 1.5
# A feed's text shorter than this (some fifty words) is a summary and does not stand in for a failed page.
LEAST_FEED_WEIGHT = 300.0

# JSON-LD articleBody is taken when the page gives less than this share of it. Otherwise it is the worse
# text: without paragraphs, or with furniture of its own.
PAGE_GIVES_LITTLE = 0.45
# So many teasers make a list, however little else there is.
_LEAST_TEASERS = 4
# So many lines and buttons of a page are looked through for what walls say.
_LINES_FOR_PHRASES = 400
# How a request for consent calls itself; "has-cookie-banner" is a page that also has one.
_CONSENT_BOX = re.compile(
    r"(?!(?:has|no|with|without)[-_])(?:\w+[-_])?"
    r"(?:consent|cookies?|gdpr|cmp|privacy|onetrust|didomi|sourcepoint|usercentrics)"
    r"(?:[-_]?(?:banner|box|container|content|dialog|gate|layer|message|modal|notice|overlay|page|popup|"
    r"prompt|screen|wall))?"
)

_BINARY = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"RIFF",
    b"\x1f\x8b",
    b"\x00\x00\x00",
    b"ID3",
)
_MARKUP = re.compile(r"<(?:!doctype html|html|head|body|article|div|p|h1|meta|title)\b", re.IGNORECASE)
_FEED = re.compile(
    r"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:rss|feed|rdf:RDF|urlset|sitemapindex)\b", re.DOTALL
)
_DATA_TYPE = re.compile(
    r"^(?:image|audio|video|font)/|^application/(?:pdf|zip|json|octet-stream|.*(?:word|excel|powerpoint))"
)


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of a page before it is read. Everything but `headers` and `agencies` is its entry's."""

    title: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    authors: tuple[str, ...] = ()
    # BCP 47 tag; None when neither entry nor feed declares one.
    language: str | None = None
    # HTML of the entry's short and full form; None when it does not carry that form.
    summary_html: str | None = None
    content_html: str | None = None
    # The page's response headers, names in lower case; Content-Type matters.
    headers: Mapping[str, str] = field(default_factory=dict)
    # None: the table that travels with the program.
    agencies: AgencyTable | None = None


def clean_page(html: str | bytes, url: str, *, hints: Hints | None = None) -> Article:
    """The article on the page at `url`; with a verdict and no text when there is none.

    Where the entry carries the full text in the feed and the page fails or gives much less, the article
    is made of the feed's text, and `source` says so. Never raises for any input.
    """
    hints = hints or Hints()
    text = decode(html, hints.headers) if isinstance(html, bytes) else strip_controls(html)
    refusal = _refuse_document(html, text, hints.headers)
    from_page = Article(verdict=refusal) if refusal else _from_page(text, url, hints)
    return _better(_with_hints(from_page, hints), hints, url)


def clean_feed_text(url: str | None, *, hints: Hints) -> Article:
    """The article that an entry itself carries, for an entry without a page of its own.

    `url` is the entry's address, if it has one. The full form is taken where there is one, and the
    summary otherwise. As an entry is its publisher's word that this is an article, it may be as short as
    a page that says so; a line or two that only point at a page are "empty".
    """
    article = _from_feed(hints, url)
    return replace(article, declared_url=url) if url and article.verdict is None else article


# ---------------------------------------------------------------------------------- the page


def _refuse_document(html: str | bytes, text: str, headers: Mapping[str, str]) -> Verdict | None:
    content_type = headers.get("content-type", "").lower().strip()
    if isinstance(html, bytes) and html.startswith(_BINARY):
        return refuse("not-html", f"it begins {html[:8]!r}")
    if _FEED.match(text[:2000]):
        return refuse("not-html", "it is a feed or a sitemap")
    if not _MARKUP.search(text[:200_000]):
        if _DATA_TYPE.match(content_type):
            return refuse("not-html", f"Content-Type {content_type!r}")
        if text.lstrip()[:1] in ("{", "["):
            return refuse("not-html", "it is JSON")
    return None


def _from_page(text: str, url: str, hints: Hints) -> Article:
    from ingestd.clean import metadata, tree

    root = tree.parse_html(text)
    if root is None:
        return Article(verdict=refuse("empty", "there is no element in it"))
    lines = tree.blocks(root)
    stated = metadata.read_metadata(root, url, lines)
    table = hints.agencies or default_table()
    found = _main_text(root, lines, stated, hints.title, table)
    verdict = judge(_facts(text, url, root, lines, stated, found))
    article = replace(_described(stated), verdict=verdict)
    if verdict:
        return article
    agency = find_agency(
        table,
        # A dateline can stand in the first paragraph though that was taken for the standfirst.
        paragraphs=(found.lead, *found.paragraphs) if found.lead else found.paragraphs,
        authors=(*stated.authors, *hints.authors),
        credits_stated=stated.credits,
        removed_lines=found.removed,
        site=_site(url),
    )
    return replace(article, paragraphs=found.paragraphs, lead=found.lead, agency=agency)


def _main_text(
    root: "HtmlElement", lines: "list[Block]", stated: "Metadata", entry_title: str | None, table: AgencyTable
) -> "Extraction":
    from ingestd.clean import extract, tree

    def is_credit(line: str) -> bool:
        return names_agency(table, line) is not None

    headlines = (*stated.headlines, *((entry_title,) if entry_title else ()))
    found = extract.extract_text(root, lines, headlines, stated.description, is_credit)
    body = stated.article_body
    if not body or _weight(found.paragraphs) >= PAGE_GIVES_LITTLE * text_weight(body):
        return found
    witness = tree.parse_html(re.sub(r"\r?\n|\\n", "<br><br>", strip_controls(body)))
    return found if witness is None else extract.feed_paragraphs(witness, is_credit)


def _described(stated: "Metadata") -> Article:
    return Article(
        title=stated.title,
        authors=stated.authors,
        published_at=stated.published_at,
        modified_at=stated.modified_at,
        language=stated.language,
        site_name=stated.site_name,
        declared_url=stated.declared_url,
    )


def _facts(
    text: str,
    url: str,
    root: "HtmlElement",
    lines: "list[Block]",
    stated: "Metadata",
    found: "Extraction",
) -> Facts:
    from ingestd.clean import tree

    visible = sum(len(line.text) for line in lines)
    return Facts(
        url=url,
        title=stated.title or "",
        says_article=stated.says_article,
        types=stated.types,
        free=stated.free,
        weight=_weight(found.paragraphs) + text_weight(found.lead or ""),
        first_paragraph=found.paragraphs[0] if found.paragraphs else "",
        stated_weight=_stated_weight(stated),
        linked_share=sum(line.linked for line in lines) / visible if visible else 0.0,
        has_password_field=any(field.get("type") == "password" for field in root.iter("input")),
        teaser_share=_teaser_share(lines),
        linked_headings=sum(line.tag in tree.HEADINGS and tree.is_link(line) for line in lines),
        in_consent_box=bool(found.paragraphs) and _in_consent_box(lines, found.paragraphs[0]),
        lines=tuple(line.text.lower() for line in lines[:_LINES_FOR_PHRASES]),
        buttons=tuple(islice(_buttons(root), _LINES_FOR_PHRASES)),
        markup=text[:200_000].lower(),
    )


def _teaser_share(lines: "list[Block]") -> float:
    """Share of the page's paragraphs that stand under a headline which is a link, as teasers do."""
    from ingestd.clean.tree import is_link

    headlines = [is_link(line) for line in lines]
    prose = [i for i, line in enumerate(lines) if not line.linked and reads_as_prose(line.text)]
    return sum(any(headlines[max(0, i - 2) : i]) for i in prose) / max(len(prose), _LEAST_TEASERS)


def _in_consent_box(lines: "list[Block]", paragraph: str) -> bool:
    """Whether a paragraph stands in an element that calls itself a request for consent."""
    element = next((line.element for line in lines if line.text == paragraph), None)
    around = () if element is None else (element, *element.iterancestors())
    names = (name for one in around if one.tag not in ("html", "body") for name in _names(one))
    return any(_CONSENT_BOX.fullmatch(name) for name in names)


def _names(element: "HtmlElement") -> list[str]:
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()


def _buttons(root: "HtmlElement") -> Iterator[str]:
    """What the page's buttons say, in lower case."""
    for element in root.iter("button", "input", "a"):
        if element.tag == "button" or element.get("role") == "button":
            yield " ".join("".join(element.itertext()).lower().split())
        elif element.tag == "input" and element.get("type") in ("submit", "button"):
            yield (element.get("value") or "").lower().strip()


def _stated_weight(stated: "Metadata") -> float | None:
    """Weight of the text as the publisher gives it elsewhere; None when it gives it nowhere."""
    if stated.article_body:
        return text_weight(stated.article_body)
    return stated.word_count * 6.0 if stated.word_count else None


def _with_hints(article: Article, hints: Hints) -> Article:
    """Gaps in what the page says, filled from its entry."""
    return replace(
        article,
        title=article.title or hints.title,
        authors=article.authors or hints.authors,
        published_at=article.published_at or hints.published_at,
        modified_at=article.modified_at or hints.updated_at,
        language=article.language or hints.language,
    )


# ---------------------------------------------------------------------------------- the feed


def _better(page: Article, hints: Hints, url: str) -> Article:
    if not hints.content_html:
        return page
    feed = _from_feed(hints, url)
    longer = _weight(feed.paragraphs) > FEED_IS_LONGER * _weight(page.paragraphs) + LEAST_FEED_WEIGHT / 2
    if feed.verdict or _weight(feed.paragraphs) < LEAST_FEED_WEIGHT or not (page.verdict or longer):
        return page
    if page.verdict and page.verdict.reason in WALLS:
        return feed
    agency = page.agency or feed.agency
    return replace(
        page, paragraphs=feed.paragraphs, lead=None, agency=agency, source=TextSource.FEED, verdict=None
    )


def _from_feed(hints: Hints, url: str | None) -> Article:
    from ingestd.clean import extract, tree

    bare = _with_hints(Article(source=TextSource.FEED), hints)
    root = tree.parse_html(strip_controls(hints.content_html or hints.summary_html or ""))
    if root is None:
        return replace(bare, verdict=refuse("empty", "the feed gives too little text"))
    table = hints.agencies or default_table()
    found = extract.feed_paragraphs(root, lambda line: names_agency(table, line) is not None)
    if _weight(found.paragraphs) < Settings().least_weight_of_article:
        return replace(bare, verdict=refuse("empty", "the feed gives too little text"))
    agency = find_agency(
        table,
        paragraphs=found.paragraphs,
        authors=hints.authors,
        removed_lines=found.removed,
        site=_site(url),
    )
    return replace(bare, paragraphs=found.paragraphs, agency=agency)


def _site(url: str | None) -> str | None:
    return site_of(url) if url and is_http(url) else None


def _weight(paragraphs: tuple[str, ...]) -> float:
    return sum(text_weight(paragraph) for paragraph in paragraphs)
