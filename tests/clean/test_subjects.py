import pytest

from tests.clean.declarations import json_ld, meta, read


def _article(**fields: object) -> str:
    return json_ld({"@type": "NewsArticle", "headline": "Boats come home", **fields})


def _trail(*names: str) -> str:
    items = [{"@type": "ListItem", "item": {"name": name}} for name in names]
    return json_ld({"@type": "BreadcrumbList", "itemListElement": items})


@pytest.mark.parametrize(
    "head",
    [
        _article(articleSection="Sport"),
        _article(articleSection=["Sport", "Sailing"]),
        _article(articleSection="Sport > Sailing"),
        meta("article:section", "Sport,Sailing"),
        _article() + _trail("Home", "Sport", "Boats come home"),
        _trail("Startseite", "Sport"),
        _article(articleSection="Uncategorized") + meta("section", "Sport"),
        meta("og:site_name", "Harbour Post") + meta("article:section", "Harbour Post") + _trail("Sport"),
    ],
)
def test_the_section_is_the_outlets_own(head: str) -> None:
    assert read(head).section == "Sport"


def test_a_page_without_section_has_none() -> None:
    assert read(_article(articleSection="x" * 100) + _trail("Home")).section is None


def test_tags_are_gathered_each_once() -> None:
    head = _article(keywords=["Boats", {"@type": "DefinedTerm", "name": "Nets"}]) + meta(
        "news_keywords", "boats, sea"
    )
    head += '<meta property="article:tag" content="Herring"><meta property="article:tag" content="Sea">'
    assert read(head).tags == ("Boats", "Nets", "Herring", "Sea")


def test_lists_of_tags_are_parted_in_many_scripts() -> None:
    assert read(meta("keywords", "船、網;herring|sea，harbour")).tags == (
        "船",
        "網",
        "herring",
        "sea",
        "harbour",
    )


def test_marks_of_content_systems_are_no_tags() -> None:
    keywords = "26157981-b4f7-4929-adc1-e860c6f0, Category: Sea, @home-river, 123, a, http://e.example, e.net"
    assert (
        read(meta("keywords", keywords + ", Harbour Post") + meta("og:site_name", "Harbour Post")).tags == ()
    )


def test_tags_are_bounded() -> None:
    assert len(read(meta("keywords", ",".join(f"tag number {n}" for n in range(5_000)))).tags) <= 30
