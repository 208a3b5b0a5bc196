from datetime import UTC, datetime

import pytest

from ingestd.clean.metadata import Metadata, read_metadata, with_entry
from ingestd.clean.tree import parse_html
from tests.clean.declarations import PROSE, URL, json_ld, meta, read


def test_a_page_is_read_whole() -> None:
    article = {
        "@type": "NewsArticle",
        "headline": "Boats come home",
        "description": "Of boats &amp; nets",
        "datePublished": "2024-07-13T06:25Z",
        "author": {"name": "Ada Lark"},
        "creditText": "AFP",
        "articleBody": PROSE,
        "wordCount": "19",
        "isAccessibleForFree": True,
        "image": {"url": "/boat.jpg"},
    }
    found = read(json_ld(article) + meta("og:site_name", "Harbour Post"), attributes='lang="en"')
    assert found.title == "Boats come home"
    assert found.headlines == ("Boats come home",)
    assert found.description == "Of boats & nets"
    assert found.authors == ("Ada Lark",)
    assert found.credits == ("Ada Lark", "AFP")
    assert found.published_at == datetime(2024, 7, 13, 6, 25, tzinfo=UTC)
    assert found.modified_at is None
    assert found.language == "en"
    assert found.site_name == "Harbour Post"
    assert found.article_body == PROSE
    assert found.word_count == 19
    assert found.free is True
    assert found.image == "https://www.harbourpost.example/boat.jpg"
    assert found.says_article
    assert [one.field for one in found.readings] == [
        "title",
        "authors",
        "published_at",
        "modified_at",
        "language",
    ]


def test_every_resolved_field_says_why() -> None:
    for found in (read(), read(json_ld({"@type": "NewsArticle", "headline": "x"}))):
        assert all(one.reason for one in found.readings)


def test_a_page_that_says_nothing_is_read_as_nothing() -> None:
    found = read(url="urn:x")
    assert (found.title, found.authors, found.published_at, found.tags) == (None, (), None, ())
    assert not found.says_article


def test_a_headline_of_two_lines_has_a_space_between_them() -> None:
    assert read(body="<h1>Boats<br>and nets</h1>").title == "Boats and nets"


def test_the_declared_address_is_absolute() -> None:
    assert read('<link rel="canonical" href="/a/1">').declared_url == URL
    assert read('<base href="/b/"><link rel="canonical" href="1">').declared_url == URL.replace("/a/", "/b/")
    assert read('<link rel="canonical" href="http://[x">').declared_url is None
    assert read('<meta property="og:url" content="/a/1">').declared_url == URL
    assert read().declared_url is None


def test_the_shared_picture_goes_before_json_lds() -> None:
    head = json_ld({"@type": "Article", "image": ["a.jpg", "b.jpg"]})
    assert read(head).image == "https://www.harbourpost.example/a/a.jpg"
    assert read(head + meta("og:image", "/c.jpg")).image == "https://www.harbourpost.example/c.jpg"


@pytest.mark.parametrize("count", [19, "19"])
def test_a_word_count_is_a_number(count: object) -> None:
    assert read(json_ld({"@type": "Article", "wordCount": count})).word_count == 19


@pytest.mark.parametrize("count", ["many", True, None, "9" * 9, [1]])
def test_what_is_no_word_count_is_none(count: object) -> None:
    assert read(json_ld({"@type": "Article", "wordCount": count})).word_count is None


def test_a_feeds_entry_fills_the_gaps_and_stands_beside() -> None:
    moment = datetime(2024, 7, 13, 6, 25, tzinfo=UTC)
    entry = with_entry(
        Metadata(),
        title="Boats",
        authors=("Ada Lark",),
        published_at=moment,
        updated_at=moment,
        language="en",
    )
    assert (entry.title, entry.authors, entry.language) == ("Boats", ("Ada Lark",), "en")
    assert (entry.published_at, entry.modified_at) == (moment, moment)
    assert entry.readings[0].reason == "the page states no title, its feed does"
    page = with_entry(read("<title>Nets</title>", attributes='lang="de"'), title="Boats", language="en")
    assert (page.title, page.language) == ("Nets", "de")
    assert [one.source for one in page.readings[0].readings] == ["title", "feed"]


def test_an_entry_that_says_nothing_changes_nothing() -> None:
    page = read(json_ld({"@type": "NewsArticle", "headline": "Boats", "author": "Ada Lark"}))
    assert with_entry(page) == page


def test_agencies_are_told_by_whoever_knows_them() -> None:
    root = parse_html('<meta name="author" content="Ada Lark, Bo Tern">')
    assert root is not None
    assert read_metadata(root, URL, is_agency=lambda name: name == "Ada Lark").authors == ("Bo Tern",)


@pytest.mark.parametrize(
    "head",
    [
        json_ld(
            {
                "@type": ["NewsArticle"] * 9_000,
                "headline": {"a": ["b"]},
                "author": [[[]]],
                "publisher": [None],
            }
        ),
        json_ld(
            {"@type": {"a": 1}, "datePublished": {"@value": "2024"}, "image": [[]], "keywords": {"a": 1}}
        ),
        json_ld(
            {"@type": "NewsArticle", "author": {"name": {"name": ["x"]}}, "isPartOf": [{}], "license": [{}]}
        ),
        json_ld({"@type": "NewsArticle", "articleSection": [[{}]], "hasPart": "x", "inLanguage": [5]}),
        json_ld({"@type": "BreadcrumbList", "itemListElement": {"item": 5}}),
        "".join(meta(f"name{n}", "x" * 5_000) for n in range(2_000)),
        '<meta name="author" content="' + "Ada Lark, " * 20_000 + '">',
        '<meta name="keywords" content="' + ",;" * 50_000 + '">',
        "<title>" + "Boats | " * 50_000 + "</title>",
        '<link rel="license" href="http://[">' * 5_000,
        '<meta name="robots" content="' + ":" * 50_000 + '">',
        '<meta property="article:published_time" content="' + "2024-" * 20_000 + '">',
        '<html lang="' + "e" * 100_000 + '">',
        '<script type="application/ld+json">' + "{" * 100_000,
    ],
)
def test_hostile_declarations_are_read_all_the_same(head: str) -> None:
    found = read(head, "<h1>" + "Boats " * 30 + "</h1>")
    assert isinstance(found, Metadata)
