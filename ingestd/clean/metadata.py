"""What a page says about itself: JSON-LD first, then meta elements, then the page as it is seen.

JSON-LD (schema.org) is what publishers keep right for search engines; on 129 news pages it had the exact
headline more often than og:title, which carries the site's name, and dates to the minute.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any

from lxml.html import HtmlElement

from ingestd.clean.dates import date_in_url, parse_date, parse_written_date
from ingestd.clean.tree import Block, blocks, fold, parts
from ingestd.urls import is_http, resolve, site_of

Json = Mapping[str, Any]

ARTICLE_TYPES = frozenset(
    "AdvertiserContentArticle AnalysisNewsArticle Article AskPublicNewsArticle BackgroundNewsArticle "
    "BlogPosting LiveBlogPosting NewsArticle OpinionNewsArticle Report ReportageNewsArticle "
    "ReviewNewsArticle SatiricalArticle ScholarlyArticle SocialMediaPosting TechArticle".split()
)

# A page's JSON-LD is read up to so many characters and nodes.
_MAX_JSON_CHARACTERS = 2_000_000
_MAX_JSON_NODES = 5_000
# A date that readers see stands so near below the headline, in a line no longer than this.
_DATE_LINES = 10
_LONGEST_DATE_LINE = 90

_TITLE_META = ("og:title", "twitter:title", "dc.title", "sailthru.title", "parsely-title")
_PUBLISHED_META = (
    "article:published_time", "article:published", "og:article:published_time", "og:published_time",
    "datepublished", "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish-date",
    "publish_date", "date.issued", "dc.date.issued", "dcterms.created", "dcterms.issued", "dc.date",
    "dcterms.date", "article.published", "cxenseparse:recs:publishtime", "date", "last-modified-date",
)  # fmt: skip
_MODIFIED_META = (
    "article:modified_time", "og:updated_time", "datemodified", "article:modified", "dcterms.modified",
    "lastmod", "last-modified",
)  # fmt: skip
_AUTHOR_META = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl",
    "article:author_name",
)  # fmt: skip
_CREDIT_META = ("author", "dc.creator", "dc.source", "copyright", "source", "syndication-source", "creator")
_SITE_META = ("og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:app:name:iphone")

_BYLINE_CLASS = re.compile(
    r"(?:^|\s|__|--)(?:byline|author|autor|auteur|autore)(?:[-_]?names?)?(?:$|\s)", re.IGNORECASE
)
# What stands around names in a byline, in the languages where it was met.
_BY = re.compile(
    r"^(?:(?:written |reported |text |story )?by|von|vom|par|por|de|di|da|av|af|door|door:|przez|text|"
    r"texto|autor(?:in|a)?|"
    r"author|автор|текст|от|بقلم|كتب|文|記者|记者)\b\s*:?\s*",
    re.IGNORECASE,
)
_BETWEEN_NAMES = re.compile(
    r"\s*(?:[;|•·]|,(?!\s*(?:Jr|Sr|MD|PhD)\b)|\s(?:and|und|et|y|e|og|och|en|i|и|та|&|with)\s)\s*"
)
_NOT_A_NAME = re.compile(
    r"https?:|www\.|@|\d{2,}|[<>{}=]|\b(?:staff|admin|administrator|editor|editorial|redaktion|rédaction|"
    r"redacción|redazione|redacción|newsroom|news desk|team|anonymous|unknown|redakcja|редакция)\b",
    re.IGNORECASE,
)
_LONGEST_NAME = 60
_TITLE_SEPARATOR = re.compile(r"\s+[|\-–—•·:»«/]\s+|\s*[|»]\s*")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about itself; None or empty where it says nothing."""

    title: str | None = None
    # Every spelling of the headline on the page, for taking a repeated one out of the text.
    headlines: tuple[str, ...] = ()
    description: str | None = None
    authors: tuple[str, ...] = ()
    # Names in which a text credit can stand: JSON-LD author, creditText, provider, and the meta elements.
    credits: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str | None = None
    site_name: str | None = None
    declared_url: str | None = None
    # og:type and the JSON-LD types, lower case.
    types: frozenset[str] = frozenset()
    # schema.org isAccessibleForFree; None when not stated.
    free: bool | None = None
    # JSON-LD articleBody as it stands there: a witness of the text, seldom its source. None when not given.
    article_body: str | None = None
    word_count: int | None = None

    @property
    def says_article(self) -> bool:
        """Whether the publisher calls this page an article."""
        return "article" in self.types or any(name.lower() in self.types for name in ARTICLE_TYPES)


def read_metadata(root: HtmlElement, url: str, lines: Sequence[Block] = ()) -> Metadata:
    """Everything that the page at `url` says about itself; `lines` are its blocks."""
    meta = _meta_elements(root)
    nodes = list(_json_ld(root))
    h1 = _h1(root)
    titles = [fold(unescape(t)) for t in (*(meta.get(k, "") for k in _TITLE_META[:2]), h1)]
    story = _story(nodes, titles)
    site = _site_name(meta, story)
    headlines = _headlines(story, meta, h1, root, (site, _site(url)))
    types = {meta.get("og:type", "").lower(), *(t.lower() for node in nodes for t in _types(node))}
    return Metadata(
        title=headlines[0] if headlines else None,
        headlines=tuple(headlines),
        description=_first(
            _text(story.get("description")), meta.get("og:description"), meta.get("description")
        ),
        authors=_authors(story, meta, root, site),
        credits=_credits(story, meta),
        published_at=_published(story, meta, root, url) or _visible_date(lines, h1),
        modified_at=_date(story.get("dateModified"), *(meta.get(k) for k in _MODIFIED_META)),
        language=_language(root, meta, story),
        site_name=site,
        declared_url=_declared_url(root, meta, url),
        types=frozenset(types - {""}),
        free=_free(story, meta),
        article_body=_article_body(story),
        word_count=_number(story.get("wordCount")),
    )


# ---------------------------------------------------------------------------------- sources


def _meta_elements(root: HtmlElement) -> dict[str, str]:
    """Content of the meta elements by name, property or itemprop in lower case; the first one counts."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        content = fold(element.get("content") or "")
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = (element.get(key) or "").strip().lower()
            if name and content:
                found.setdefault(name, content)
    return found


def _json_ld(root: HtmlElement) -> Iterator[Json]:
    """Every object in the page's JSON-LD, nested ones included, outer ones first."""
    waiting: list[object] = [
        _load(script.text or "")
        for script in root.iter("script")
        if "ld+json" in (script.get("type") or "").lower()
    ]
    waiting.reverse()
    for _ in range(_MAX_JSON_NODES):
        if not waiting:
            return
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(reversed(node))
        elif isinstance(node, dict):
            yield node
            waiting.extend(reversed([value for value in node.values() if isinstance(value, list | dict)]))


def _load(text: str) -> object:
    text = text[:_MAX_JSON_CHARACTERS].strip()
    text = re.sub(r"^(?:<!\[CDATA\[|<!--|//\s*<!\[CDATA\[)|(?://\s*)?(?:\]\]>|-->)$|;$", "", text).strip()
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _types(node: Json) -> tuple[str, ...]:
    kind = node.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return tuple(str(k).rpartition("/")[2] for k in kinds if isinstance(k, str))


def _story(nodes: list[Json], titles: list[str]) -> Json:
    """The object that describes this page's article; empty when there is none."""
    stories = [node for node in nodes if ARTICLE_TYPES.intersection(_types(node))]
    for node in stories:
        headline = _text(node.get("headline"))
        if headline and any(headline in title or title in headline for title in titles if title):
            return node
    return stories[0] if stories else {}


# ---------------------------------------------------------------------------------- title and site


def _site_name(meta: Mapping[str, str], story: Json) -> str | None:
    publisher = story.get("publisher")
    name = _text(publisher.get("name")) if isinstance(publisher, dict) else None
    return _first(meta.get(_SITE_META[0]), name, *(meta.get(key) for key in _SITE_META[1:]))


def _site(url: str) -> str:
    return site_of(url) if is_http(url) else ""


def _h1(root: HtmlElement) -> str:
    """The headline as it is seen: the only h1, or the longest of several."""
    texts = [" ".join(line.text for line in blocks(element)) for element in root.iter("h1")]
    return max((text for text in texts if len(text) < 400), key=len, default="")


def _headlines(
    story: Json, meta: Mapping[str, str], h1: str, root: HtmlElement, names: tuple[str | None, str]
) -> list[str]:
    page_title = next((fold("".join(element.itertext())) for element in root.iter("title")), "")
    found = [_text(story.get("headline")), *(meta.get(key) for key in _TITLE_META), h1, page_title]
    titles = [_without_site(fold(unescape(unescape(one))), h1, names) for one in found if one]
    titles = [title for title in titles if title]
    # A headline that search engines were given in short is no better than the whole one.
    return list(dict.fromkeys(sorted(titles, key=lambda title: title.endswith(("…", "...")))))


def _without_site(title: str, h1: str, names: tuple[str | None, str]) -> str:
    """`title` without the site's name at its end or, after a bar, at its beginning."""
    if h1 and title.startswith(h1) and _TITLE_SEPARATOR.match(title, len(h1)):
        return h1
    known = {_squeeze(name) for name in names if name} | {_squeeze(names[1].split(".")[0])}
    while True:
        cuts = list(_TITLE_SEPARATOR.finditer(title))
        if not cuts:
            return title
        if _names_site(title[cuts[-1].end() :], known):
            title = title[: cuts[-1].start()]
        elif _names_site(title[: cuts[0].start()], known):
            title = title[cuts[0].end() :]
        else:
            return title


def _names_site(part: str, known: set[str]) -> bool:
    squeezed = _squeeze(part)
    return bool(squeezed) and (
        squeezed in known or re.sub(r"(?:com|net|org|de|co|uk)$", "", squeezed) in known
    )


def _squeeze(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


# ---------------------------------------------------------------------------------- people and credits


def _authors(story: Json, meta: Mapping[str, str], root: HtmlElement, site: str | None) -> tuple[str, ...]:
    """Who wrote it: people first, else the desk that JSON-LD states as the author, such as "Redaktion"."""
    stated = _story_authors(story)
    for names in (stated, [meta.get(key, "") for key in _AUTHOR_META]):
        people = tuple(name for name in split_names(names) if not site or _squeeze(name) != _squeeze(site))
        if people:
            return people
    desks = tuple(dict.fromkeys(name for name in stated if "://" not in name and len(name) <= _LONGEST_NAME))
    return desks or split_names(_byline_authors(root))


def split_names(lines: list[str]) -> tuple[str, ...]:
    """The people named in bylines such as "By A. Smith and B. Jones", each once."""
    names: dict[str, str] = {}
    for line in lines:
        for part in _BETWEEN_NAMES.split(_BY.sub("", fold(unescape(line))[:400])):
            name = _BY.sub("", part).strip(" .,:-–—")
            if name and len(name) <= _LONGEST_NAME and not _NOT_A_NAME.search(name):
                # The name in an address ("jane-roe") is not another person.
                names.setdefault(_squeeze(name), name)
    return tuple(names.values())


def _story_authors(story: Json) -> list[str]:
    return [name for one in _listed(story.get("author")) if (name := _name(one))]


def _byline_authors(root: HtmlElement) -> list[str]:
    marked = root.xpath(
        "//*[@rel='author' or @itemprop='author' or @itemprop='name' and ancestor::*[@itemprop='author']]"
    )
    if not marked:
        marked = [element for element in root.iter("a", "span", "div", "p", "address") if _is_byline(element)]
    texts = ["; ".join(parts(element)) for element in marked[:6] if isinstance(element, HtmlElement)]
    return [text for text in texts if 3 <= len(text) <= _LONGEST_NAME * 2][:3]


def _is_byline(element: HtmlElement) -> bool:
    return bool(_BYLINE_CLASS.search(element.get("class") or ""))


def _credits(story: Json, meta: Mapping[str, str]) -> tuple[str, ...]:
    fields = (
        "author",
        "creditText",
        "provider",
        "sourceOrganization",
        "copyrightHolder",
        "isBasedOn",
        "creator",
    )
    named = [_name(one) for field in fields for one in _listed(story.get(field))]
    return tuple(dict.fromkeys(one for one in (*named, *(meta.get(key) for key in _CREDIT_META)) if one))


def _name(value: object) -> str | None:
    return _text(value.get("name") if isinstance(value, dict) else value)


def _listed(value: object) -> list[object]:
    return value[:50] if isinstance(value, list) else [value]


# ---------------------------------------------------------------------------------- dates, language, address


def _published(story: Json, meta: Mapping[str, str], root: HtmlElement, url: str) -> datetime | None:
    stated = _date(
        story.get("datePublished"), story.get("dateCreated"), *(meta.get(k) for k in _PUBLISHED_META)
    )
    return stated or _date(*_time_elements(root)) or date_in_url(url)


def _visible_date(lines: Sequence[Block], h1: str) -> datetime | None:
    """The date that a reader sees near the headline, for pages whose markup states none."""
    top = next((i for i, line in enumerate(lines) if h1 and line.text == h1), 0)
    near = (
        line.text
        for line in lines[max(0, top - 3) : top + _DATE_LINES]
        if len(line.text) <= _LONGEST_DATE_LINE
    )
    return next((found for text in near if (found := parse_written_date(text))), None)


def _time_elements(root: HtmlElement) -> list[str]:
    """Machine-readable times on the page: marked ones first, else the first in reading order."""
    marked = root.xpath("//*[@itemprop='datePublished' or @pubdate]")
    found = [*(marked if isinstance(marked, list) else ()), *root.iter("time")]
    elements = [element for element in found[:20] if isinstance(element, HtmlElement)]
    return [
        v for e in elements if (v := e.get("datetime") or e.get("content") or fold("".join(e.itertext())))
    ]


def _date(*values: object) -> datetime | None:
    return next((moment for value in values if (moment := parse_date(value))), None)


def _language(root: HtmlElement, meta: Mapping[str, str], story: Json) -> str | None:
    stated = story.get("inLanguage")
    candidates = (
        root.get("lang"),
        root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang"),
        meta.get("content-language"),
        meta.get("og:locale"),
        meta.get("language"),
        _text(stated.get("alternateName") if isinstance(stated, dict) else stated),
    )
    return next((tag for one in candidates if (tag := language_tag(one))), None)


def language_tag(value: str | None) -> str | None:
    """A declared language as a BCP 47 tag, "en_us" as "en-US"; None when it cannot be one."""
    match = re.match(
        r"\s*([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?\s*(?:[,;].*)?$", value or ""
    )
    if not match:
        return None
    language, script, region = match.groups()
    parts = (language.lower(), script and script.title(), region and region.upper())
    return "-".join(part for part in parts if part)


def _declared_url(root: HtmlElement, meta: Mapping[str, str], url: str) -> str | None:
    links = (e.get("href") for e in root.iter("link") if "canonical" in (e.get("rel") or "").lower().split())
    base = next((resolve(url, e.get("href")) for e in root.iter("base")), None) or (
        url if is_http(url) else None
    )
    candidates = (resolve(base, reference) for reference in (*links, meta.get("og:url")) if reference)
    return next((found for found in candidates if found), None)


def _article_body(story: Json) -> str | None:
    body = story.get("articleBody")
    return body if isinstance(body, str) and body.strip() else None


def _free(story: Json, meta: Mapping[str, str]) -> bool | None:
    stated = story.get("isAccessibleForFree")
    if isinstance(stated, bool):
        return stated
    if isinstance(stated, str):
        return {"true": True, "false": False}.get(stated.strip().lower())
    return {"locked": False, "metered": None, "free": True}.get(meta.get("article:content_tier", ""))


# ---------------------------------------------------------------------------------- small change


def _text(value: object) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    return fold(unescape(value)) or None if isinstance(value, str) else None


def _number(value: object) -> int | None:
    if isinstance(value, str) and value.isdecimal() and len(value) < 8:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _first(*values: str | None) -> str | None:
    return next((text for value in values if value and (text := fold(unescape(value)))), None)
