"""What a page says it is about: its outlet's section and the keywords it was given."""

import re
from collections.abc import Iterable, Iterator

from ingestd.clean.declared import Declared
from ingestd.clean.json_ld import Json, listed, name, plain
from ingestd.clean.titles import squeeze

_SECTION_META = (
    "article:section", "articlesection", "section", "parsely-section", "cxenseparse:section",
    "dc.subject.section", "sailthru.section", "og:section", "news_section", "category",
)  # fmt: skip
_TAG_META = (
    "article:tag",
    "og:article:tag",
    "news_keywords",
    "keywords",
    "parsely-tags",
    "sailthru.tags",
    "dc.subject",
)

_LONGEST_SECTION = 60
_LONGEST_TAG = 80
_MOST_TAGS = 30
_BETWEEN_TAGS = re.compile(r"\s*[,;|،、，；]\s*")
# Where a trail begins, in many languages, and what is no section of any outlet.
_NO_SECTION = frozenset(
    "home homepage startseite start accueil inicio início portada hem hjem etusivu forside anasayfa "
    "haberler главная головна почетна beranda الرئيسية ホーム トップ 首页 首頁 홈 होम "
    "uncategorized uncategorised article articles news nachrichten artikel general default none null".split()
) | {"ana sayfa", "strona główna", "trang chủ"}
# "Sport > Football", "game,news,slider": the first is the section.
_BELOW = re.compile(r"\s*[>,|;]\s*")
# Marks of content systems among the keywords: ids, hosts, "Category: Travel", "@home-river".
_NO_TAG = re.compile(
    r"[0-9a-f-]{20,}|\d+|@.*|.*://.*|[\w-]+(?:\.[\w-]+){0,3}\.[a-z]{2,3}"
    r"|(?:NLP\b[^:]*|category|section|type|topic|tag)s?:.*",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"^[a-z]+:(?=\S)", re.IGNORECASE)


def read_section(page: Declared, story: Json, titles: Iterable[str], site: frozenset[str]) -> str | None:
    """The outlet's own section, as JSON-LD, meta elements or the trail of breadcrumbs have it."""
    stated = (*_sections(page, story), *reversed(list(_trail(page))))
    skipped = site | {squeeze(title) for title in titles}
    return next((one for one in stated if _is_section(one, skipped)), None)


def _sections(page: Declared, story: Json) -> Iterator[str]:
    for value in listed(story.get("articleSection")):
        yield _BELOW.split(name(value) or "")[0]
    yield from (_BELOW.split(content)[0] for _, content in page.all(_SECTION_META))


def _trail(page: Declared) -> Iterator[str]:
    trail = next(iter(page.graph.of_type("BreadcrumbList")), {})
    for one in listed(trail.get("itemListElement")):
        if isinstance(one, dict):
            found = name(one) or name(one.get("item"))
            yield found or ""


def _is_section(value: str, skipped: frozenset[str]) -> bool:
    squeezed = squeeze(value)
    usual = value.casefold() in _NO_SECTION or squeezed in skipped
    return bool(squeezed) and not usual and len(value) <= _LONGEST_SECTION and "://" not in value


def read_tags(page: Declared, story: Json, site: frozenset[str]) -> tuple[str, ...]:
    """The keywords of the page, each once, in the order given; `site` are its squeezed names."""
    found: dict[str, str] = {}
    for keyword in _keywords(page, story):
        tag = keyword.strip(" #\"'.").replace("_", " ")
        squeezed = squeeze(tag)
        short = len(tag) < 2 and tag.isascii()
        if (
            len(tag) <= _LONGEST_TAG
            and not short
            and squeezed
            and squeezed not in site
            and not _NO_TAG.fullmatch(tag)
        ):
            found.setdefault(squeezed, tag)
    return tuple(found.values())[:_MOST_TAGS]


def _keywords(page: Declared, story: Json) -> Iterator[str]:
    for value in listed(story.get("keywords")):
        # Some put what kind of keyword it is before it: "section:sport".
        yield from (_PREFIX.sub("", one) for one in _parted([name(value) or ""]))
    yield from _parted(content for _, content in page.all(_TAG_META))


def _parted(statements: Iterable[str]) -> Iterator[str]:
    for statement in statements:
        yield from (one for one in _BETWEEN_TAGS.split(plain(statement) or "") if one)
