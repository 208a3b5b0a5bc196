import pytest

from ingestd.clean.metadata import Metadata, language_tag, read_metadata, split_names
from ingestd.clean.tree import parse_html

URL = "https://www.harbourpost.example/a/1"


def _read(head: str = "", body: str = "<p>x</p>", attributes: str = "") -> Metadata:
    root = parse_html(f"<html {attributes}><head>{head}</head><body>{body}</body></html>")
    assert root is not None
    return read_metadata(root, URL)


def _json_ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def test_json_ld_goes_before_meta_elements() -> None:
    found = _read(
        _json_ld(
            '{"@type": "NewsArticle", "headline": "Boats &amp; nets", "datePublished": "2024-07-13T06:25Z"}'
        )
        + '<meta property="og:title" content="Boats | Post">'
        + '<meta property="article:published_time" content="2020-01-01">'
    )
    assert found.title == "Boats & nets"
    assert found.published_at is not None
    assert found.published_at.year == 2024
    assert found.says_article


def test_the_story_is_found_within_a_graph_and_among_teasers() -> None:
    found = _read(
        _json_ld(
            '{"@graph": [{"@type": "ItemList", "itemListElement": [{"@type": "Article", "headline": "O"}]},'
            '{"@type": ["Thing", "NewsArticle"], "headline": "Boats", "author": [{"name": "Ada Lark"}]}]}'
        )
        + "<title>Boats - Harbour Post</title>",
        "<h1>Boats</h1>",
    )
    assert (found.title, found.authors) == ("Boats", ("Ada Lark",))


@pytest.mark.parametrize(
    ("body", "authors"),
    [
        ("<div class='author'><div><a>AFP</a></div><div>AFP</div></div>", ("AFP",)),
        ("<div class='author'><b>Ada Lark</b><i>Tern News</i></div>", ("Ada Lark", "Tern News")),
        ("<p class='byline'>By <a>Ada Lark</a> and <a>Bo Tern</a></p>", ("Ada Lark", "Bo Tern")),
        ("<p class='byline'><span>By</span><span><b>A</b>da Lark</span></p>", ("Ada Lark",)),
    ],
)
def test_names_in_adjacent_elements_are_not_one_name(body: str, authors: tuple[str, ...]) -> None:
    assert _read(body=body).authors == authors


def test_a_headline_of_two_lines_has_a_space_between_them() -> None:
    assert _read(body="<h1>Boats<br>and nets</h1>").title == "Boats and nets"


@pytest.mark.parametrize(
    "text", ["{", "[[[[", '{"@type": 5}', "null", "<!-- {} -->", '{"@graph": {"@graph": 1}}']
)
def test_broken_json_ld_is_no_json_ld(text: str) -> None:
    assert _read(_json_ld(text) + "<title>Boats</title>").title == "Boats"


@pytest.mark.parametrize(
    "title",
    ["Boats - Harbour Post", "Boats | Harbour Post", "Boats – harbourpost.example", "Harbour Post | Boats"],
)
def test_a_title_does_not_carry_the_name_of_its_site(title: str) -> None:
    head = (
        f'<meta property="og:site_name" content="Harbour Post"><meta property="og:title" content="{title}">'
    )
    assert _read(head).title == "Boats"


def test_a_dash_within_a_title_stays() -> None:
    assert _read("<title>Boats - and nets</title>").title == "Boats - and nets"


def test_a_short_headline_for_search_engines_gives_way_to_the_whole_one() -> None:
    head = (
        _json_ld('{"@type": "Article", "headline": "Boats in the…"}') + "<title>Boats in the strait</title>"
    )
    assert _read(head).title == "Boats in the strait"


def test_the_declared_address_is_absolute() -> None:
    assert _read('<link rel="canonical" href="/a/1">').declared_url == URL
    assert _read('<link rel="canonical" href="http://[x">').declared_url is None
    assert _read().declared_url is None


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ada Lark and Jonas Reed", ("Ada Lark", "Jonas Reed")),
        ("von Ada Lark", ("Ada Lark",)),
        ("Ada Lark, Jonas Reed", ("Ada Lark", "Jonas Reed")),
        ("Martin King, Jr", ("Martin King, Jr",)),
        ("https://www.facebook.com/post", ()),
        ("admin", ()),
        ("Byron Case", ("Byron Case",)),
    ],
)
def test_bylines_are_people(line: str, names: tuple[str, ...]) -> None:
    assert split_names([line]) == names


@pytest.mark.parametrize(
    ("declared", "tag"),
    [
        ("en_us", "en-US"),
        ("DE", "de"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("en, de", "en"),
        ("english", None),
        ("", None),
    ],
)
def test_a_language_is_a_bcp47_tag(declared: str, tag: str | None) -> None:
    assert language_tag(declared) == tag


def test_the_language_of_the_html_element_goes_first() -> None:
    assert _read('<meta property="og:locale" content="de_DE">', attributes='lang="en"').language == "en"
    assert _read('<meta property="og:locale" content="de_DE">').language == "de-DE"
