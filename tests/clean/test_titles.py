import pytest

from ingestd.clean.titles import headline_place, resolve_title, site_names, squeeze, without_site
from ingestd.model import Reading
from tests.clean.declarations import declared, json_ld, meta, read

NAMES = frozenset({"harbourpost", "postexample"})


@pytest.mark.parametrize(
    "title",
    [
        *("Boats - Harbour Post", "Boats | Harbour Post", "Boats – harbourpost.com", "Harbour Post | Boats"),
        *(
            "Boats | Harbour Post | Harbour Post",
            "Boats * Harbour Post",
            "Boats|HARBOUR POST",
            "Boatsㅣ Harbour Post",
        ),
    ],
)
def test_a_title_does_not_carry_the_name_of_its_site(title: str) -> None:
    assert without_site(title, NAMES) == "Boats"


@pytest.mark.parametrize(
    "title",
    ["Boats - and nets", "Boats: a story", "Boats | nets", "A-Z of boats", "Boats/nets", "Harbour Post"],
)
def test_what_is_not_the_sites_name_stays(title: str) -> None:
    assert without_site(title, NAMES) == title


def test_what_follows_a_headline_stated_elsewhere_is_cut_off() -> None:
    proofs = ["Boats come home"]
    for title in (
        "Boats come home | News | by Ada Lark",
        "Boats come home-Politicsㅣ한국",
        "Sport » Boats come home",
        "BOATS come home – Elsewhere",
    ):
        assert squeeze(without_site(title, NAMES, proofs)) == "boatscomehome"
    assert without_site("Boats come home again", NAMES, proofs) == "Boats come home again"


def test_titles_with_very_many_bars_are_read_in_time() -> None:
    assert without_site("a | " * 5_000, NAMES)


def test_the_places_that_agree_with_the_title_are_told() -> None:
    head = json_ld({"@type": "NewsArticle", "headline": "Boats in the strait"}) + meta(
        "og:title", "Boats at sea"
    )
    found = read(head, "<h1>Boats in the strait</h1>")
    assert found.title == "Boats in the strait"
    resolved = found.readings[0]
    assert (resolved.field, resolved.value) == ("title", "Boats in the strait")
    assert resolved.reason == "the headline that the page gives to search engines; h1 agree"
    assert Reading("meta og:title", "Boats at sea") in resolved.readings


def test_where_each_place_says_another_title_json_ld_goes_first() -> None:
    head = meta("og:title", "Boats at sea") + json_ld(
        {"@type": "NewsArticle", "headline": "Boats in the strait"}
    )
    assert read(head, "<h1>Boats again</h1>").title == "Boats in the strait"
    assert read(meta("og:title", "Boats at sea"), "<h1>Boats again</h1>").title == "Boats at sea"


def test_a_part_of_the_sites_name_names_it_too() -> None:
    assert without_site("Boats - The New Harbour Post", NAMES) == "Boats"
    assert without_site("Boats | Harbour", NAMES) == "Boats"


def test_a_title_that_is_the_sites_name_is_none() -> None:
    head = meta("og:site_name", "Harbour Post") + meta("og:title", "Harbour Post")
    assert read(head, "<h1>Boats</h1>").title == "Boats"


def test_a_title_cut_short_gives_way_to_the_whole_one() -> None:
    assert (
        read(meta("og:title", "Boats in the…") + "<title>Boats in the strait</title>").title
        == "Boats in the strait"
    )
    long = "Boats in the strait " * 6
    head = json_ld({"@type": "Article", "headline": long[:105]}) + f"<title>{long}</title>"
    assert read(head).title == long.strip()


def test_the_h1_of_the_headline_is_not_the_one_with_the_logo() -> None:
    body = "<h1>The Harbour Post of the Northern Sea</h1><h1>Boats</h1>"
    assert read("<title>Boats | Post</title>", body).title == "Boats"


def test_markup_and_references_are_no_part_of_a_title() -> None:
    head = json_ld({"@type": "Article", "headline": "<b>Boats</b> &amp;amp; nets"})
    assert read(head).title == "Boats & nets"


def test_a_page_without_title_says_so() -> None:
    assert resolve_title(()).value is None
    assert read().title is None


def test_the_site_is_known_by_its_host_its_names_and_its_publisher() -> None:
    page = declared(meta("og:site_name", "The Post"), url="https://news.harbourpost.co.uk/a")
    story = {"publisher": [{"name": "Post Media Ltd"}]}
    assert {"thepost", "harbourpost", "postmedialtd", "harbourpostcouk"} <= site_names(page, story)


def test_the_line_of_the_headline_is_found_by_its_words() -> None:
    page = declared(body="<p>Boats</p><h1>Post</h1><h2>Boats!</h2><p>x</p>")
    assert headline_place(page.lines, [Reading("title", "Boats")], page.h1) == 2
    assert headline_place(page.lines, [], page.h1) == 1
    assert headline_place([], [], []) is None
    page = declared(body="<h3><a>Boats</a></h3><h2>Boats</h2><h1>Boats</h1>")
    assert headline_place(page.lines, [Reading("title", "Boats")], page.h1) == 2


@pytest.mark.parametrize(
    "title", ["Boats come home – A Log", "A Log: Boats come home", "A Log » 2024 » Boats come home"]
)
def test_the_part_of_a_title_that_is_a_heading_is_the_headline(title: str) -> None:
    body = "<h1><a href='/'>A Log</a></h1><h2>Boats come home</h2>"
    assert read(f"<title>{title}</title>", body).title == "Boats come home"


def test_a_heading_of_the_page_is_not_the_end_of_a_longer_title() -> None:
    assert (
        read("<title>Boats come home - More news</title>", "<h3>More news</h3>").title
        == "Boats come home - More news"
    )


def test_the_anchor_of_a_heading_is_no_part_of_it() -> None:
    assert read(body="<h1>Boats<a href='#boats'>¶</a></h1>").title == "Boats"


def test_the_headline_may_be_no_heading() -> None:
    page = declared("<title>Boats come home</title>", "<p>x</p><div>Boats come home</div>")
    assert headline_place(page.lines, [Reading("title", "Boats come home")], page.h1) == 1


def test_a_heading_with_the_sites_name_proves_nothing() -> None:
    head = "<title>Boats come home – Harbour Post</title>"
    assert read(head, "<h1>Harbour Post</h1><p>x</p>").title == "Boats come home"


def test_a_headline_may_be_a_link_to_its_own_page_but_a_logo_is_none() -> None:
    head = "<title>Boats come home - Nets Stack</title>"
    assert read(head, "<h1><a href='/a/1'>Boats come home</a></h1>").title == "Boats come home"
    assert read(head, "<h1><a href='/'>Nets Stack</a></h1>").title == "Boats come home - Nets Stack"


@pytest.mark.parametrize("mark", [" ~ ", " › ", " // ", " -- ", " ● ", " ｜ ", "｜", "_", " :: ", " > ", "│"])
def test_the_sites_name_is_cut_off_behind_any_mark(mark: str) -> None:
    head = meta("og:site_name", "Harbour Post")
    assert read(f"<title>Boats come home{mark}Harbour Post</title>{head}").title == "Boats come home"
    assert read(f"<title>Harbour Post{mark}Boats come home</title>{head}").title == "Boats come home"


def test_a_motto_behind_the_sites_name_goes_with_it() -> None:
    assert without_site("Boats come home - Harbour Post - News, Sport", NAMES) == "Boats come home"
    assert without_site("Boats come home - slowly - at last", NAMES) == "Boats come home - slowly - at last"


@pytest.mark.parametrize("title", ["»Boats« come home", "Boats are »home«", "The snake_case of boats"])
def test_quotes_and_lines_within_words_are_no_marks(title: str) -> None:
    head = meta("og:site_name", "Harbour Post") + meta("og:title", title)
    assert read(head, f"<h1>{title}</h1>").title == title


def test_a_site_may_be_called_by_two_letters() -> None:
    assert read(meta("og:site_name", "HP") + "<title>Boats come home | HP</title>").title == "Boats come home"


@pytest.mark.parametrize("junk", ["Untitled", "undefined", "null", "https://e.example/a", "Home", "News"])
def test_what_templates_state_for_want_of_a_headline_is_none(junk: str) -> None:
    article = {"@type": "NewsArticle", "headline": junk}
    assert read(json_ld(article), "<h1>Boats come home</h1>").title == "Boats come home"
    assert read("<title>Boats come home</title>", f"<h1>{junk}</h1>").title == "Boats come home"


def test_a_kicker_in_the_h1_that_the_window_does_not_know_is_left_out() -> None:
    body = "<h1><span>Harbour</span> Boats come home</h1>"
    assert read("<title>Boats come home | Harbour Post</title>", body).title == "Boats come home"
    assert read("<title>Harbour Boats come home</title>", body).title == "Harbour Boats come home"
    assert read("<title>come home</title>", body).title == "Harbour Boats come home"
