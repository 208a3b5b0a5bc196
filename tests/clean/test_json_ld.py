import json

import pytest

from ingestd.clean.json_ld import Graph, address, listed, name, place, plain, read_json_ld, text, types

ARTICLE = '{"@type": "NewsArticle", "headline": "Boats come home", "datePublished": "2024-07-13T06:25:00Z"}'


def _story(*scripts: str) -> object:
    return read_json_ld(scripts).story(["Boats come home"]).get("headline")


@pytest.mark.parametrize(
    "script",
    [
        ARTICLE,
        f"[{ARTICLE}]",
        f'{{"@graph": [{{"@type": "Person"}}, {ARTICLE}]}}',
        f'{{"@type": "WebPage", "mainEntity": {ARTICLE}}}',
        f"<!-- {ARTICLE} -->",
        f"<![CDATA[ {ARTICLE} ]]>",
        f"//<![CDATA[\n{ARTICLE}\n//]]>",
        f"/*<![CDATA[*/ {ARTICLE} /*]]>*/",
        f"{ARTICLE};",
        ARTICLE.replace("}", ",}"),
        ARTICLE.replace("}", ', "a": [1, 2,]}'),
        ARTICLE.replace("}", ', "description": "two\nlines\tand a tab"}'),
        ARTICLE.replace("}", ', "description": "it\\\'s"}'),
        ARTICLE.replace('"', "&quot;"),
        ARTICLE + "\n" + '{"@type": "Person"}',
        '{"@type": "Person"},' + ARTICLE,
        ARTICLE.replace("}", ', "description": "She said "no" to it"}'),
        ARTICLE.replace("NewsArticle", "http://schema.org/NewsArticle"),
        ARTICLE.replace('"NewsArticle"', '["Thing", "NewsArticle"]'),
        "\ufeff ".strip("\ufeff") + ARTICLE,
    ],
)
def test_broken_json_ld_is_mended(script: str) -> None:
    assert _story(script) == "Boats come home"


def test_out_of_what_is_no_json_the_fields_that_matter_are_saved() -> None:
    script = (
        '{"@type": "NewsArticle", "headline": "Boats", "articleBody": "He said "no" and left", '
        '"author": {"@type": "Person", "name": "Ada Lark"}, "datePublished": "2024-07-13"}'
    )
    story = read_json_ld([script]).story([])
    assert story["headline"] == "Boats"
    assert story["datePublished"] == "2024-07-13"
    assert name(story["author"]) == "Ada Lark"


@pytest.mark.parametrize(
    "script", ["", "{", "[[[[", "null", "5", '"x"', '{"@type": 5}', "<!-- {} -->", "{'a': 1}"]
)
def test_what_says_nothing_gives_no_story(script: str) -> None:
    assert read_json_ld([script]).story(["Boats"]) == {}


@pytest.mark.parametrize(
    "script",
    [
        "[" * 100_000,
        '{"a":' * 50_000 + "1" + "}" * 50_000,
        '{"a": ' + "9" * 100_000 + "}",
        '{"@type": "NewsArticle", ' + '"headline": "' * 20_000,
        "[" + ",".join(["{}"] * 200_000) + "]",
        "," * 500_000,
        '{"@type": "NewsArticle", "author": [' + "[" * 50_000,
        ";" * 300_000,
    ],
)
def test_hostile_json_ld_is_read_within_bounds(script: str) -> None:
    assert len(read_json_ld([script] * 3).nodes) <= 3_000


def test_the_story_is_the_one_with_the_pages_headline_and_not_a_teaser() -> None:
    graph = read_json_ld(
        [
            '{"@type": "NewsArticle", "headline": "Other"}',
            '{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "headline": "Boats come"}]}',
            ARTICLE,
        ]
    )
    assert graph.story(["Boats come home - Post"])["headline"] == "Boats come home"
    assert graph.story(["Nothing of these"])["headline"] == "Other"


def test_things_that_are_pointed_at_are_found_by_their_id() -> None:
    graph = read_json_ld(['{"@graph": [{"@id": "#ada", "@type": "Person", "name": "Ada Lark"}]}'])
    assert name(graph.resolved({"@id": "#ada"})) == "Ada Lark"
    assert graph.resolved({"@id": "#bo"}) == {"@id": "#bo"}
    assert graph.resolved("Bo") == "Bo"


def test_the_page_is_the_object_with_a_date_where_several_describe_it() -> None:
    nodes = [{"@type": "WebPage", "name": "a"}, {"@type": "ClaimReview", "datePublished": "2024-07-13"}]
    assert read_json_ld([json.dumps(nodes)]).page == nodes[1]
    assert Graph().page == {}


def test_values_may_be_one_or_several() -> None:
    assert listed("a") == ["a"]
    assert listed(["a", ["b", "c"], None]) == ["a", "b", "c"]
    assert listed(None) == []
    assert text(["a", "b"]) == "a"
    assert text(5) is None
    assert types({"@type": ["https://schema.org/Article", 3]}) == ("Article",)


def test_text_has_neither_markup_nor_references() -> None:
    assert plain("Boats &amp;amp; <em>nets</em>\n at sea") == "Boats & nets at sea"
    assert plain("1 < 2") == "1 < 2"
    assert plain(" ") is None


def test_an_address_is_found_in_all_its_forms() -> None:
    picture = "https://e.example/1.jpg"
    for given in (picture, [picture], {"url": picture}, [{"contentUrl": picture}], {"url": [picture]}):
        assert address(given) == picture
    assert address({"a": 1}) is None


def test_escapes_bring_no_characters_that_are_no_text() -> None:
    graph = read_json_ld(['{"@type": "Article", "headline": "a\\ud800\\u0000b", "image": "\\ud800x"}'])
    assert text(graph.story([])["headline"]) == "ab"
    assert address(graph.story([])["image"]) == "x"


def test_of_several_stories_the_one_at_the_pages_address_is_the_pages() -> None:
    other = {"@type": "NewsArticle", "headline": "Other", "url": "https://e.example/other"}
    for here in ("http://www.e.example/a/", {"@id": "https://e.example/a#main"}):
        ours = {"@type": "NewsArticle", "headline": "For machines", "mainEntityOfPage": here}
        graph = read_json_ld([json.dumps([other, ours])])
        assert graph.story(["Boats come home"], {place("https://e.example/a")}) == ours
        assert graph.story(["Boats come home"]) == other


def test_a_whole_title_goes_before_an_address_and_that_before_a_part_of_one() -> None:
    whole, here, part = (
        {"@type": "NewsArticle", "headline": "Boats come home"},
        {"@type": "NewsArticle", "headline": "X", "url": "https://e.example/a"},
        {"@type": "NewsArticle", "headline": "Boats"},
    )
    for order in ([part, here, whole], [part, here]):
        graph = read_json_ld([json.dumps(order)])
        assert graph.story(["Boats come home"], {"e.example/a"}) == order[-1]
