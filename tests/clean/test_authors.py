from ingestd.clean.metadata import Metadata, with_entry
from tests.clean.declarations import json_ld, meta, read

SITE = frozenset({"harbourpost", "harbourpostexample"})


def _article(*names: str, publisher: str | None = None) -> str:
    authors = [{"@type": "Person", "name": name} for name in names]
    return json_ld({"@type": "NewsArticle", "author": authors, "publisher": {"name": publisher}})


def _why(found: Metadata) -> str:
    return next(one.reason for one in found.readings if one.field == "authors")


# ---------------------------------------------------------------------------------- on pages


def test_json_ld_goes_before_meta_elements_and_both_are_told() -> None:
    found = read(_article("Ada Lark") + meta("author", "Bo Tern"))
    assert found.authors == ("Ada Lark",)
    assert _why(found) == "json-ld author names people; others are named by meta author"
    assert [one.value for r in found.readings if r.field == "authors" for one in r.readings] == [
        "Ada Lark",
        "Bo Tern",
    ]


def test_an_agency_beside_a_person_is_a_byline_and_no_author() -> None:
    found = read(_article("Ada Lark", "AFP"))
    assert (found.authors, found.bylines) == (("Ada Lark",), ("Ada Lark", "AFP"))


def test_a_person_in_the_page_goes_before_an_outlet_in_its_markup() -> None:
    head = _article("Harbour Post", publisher="Harbour Post")
    assert read(head, "<h1>Boats</h1><p class='author-name'>Ada Lark</p>").authors == ("Ada Lark",)


def test_where_no_person_is_named_whoever_is_stated_is_but_no_empty_word() -> None:
    assert read(_article("Harbour Post", publisher="Harbour Post")).authors == ("Harbour Post",)
    found = read(_article("Redaktion Harbour Post"))
    assert found.authors == ("Redaktion Harbour Post",)
    assert _why(found) == "no person is named; json-ld author states Redaktion Harbour Post"
    for stated in ("AFP", "Zurine", "ssi", "Sports Desk", "Team Politik"):
        assert read(_article(stated)).authors == (stated,)
    for nobody in (
        "Staff",
        "Staff Reporter",
        "admin",
        "https://e.example/ada",
        "/author/ada",
        "www.e.example",
    ):
        assert read(_article(nobody)).authors == ()


def test_an_office_is_an_author_where_nothing_else_is_stated() -> None:
    for stated in ("Redazione", "La Rédaction", "Redaktion", "News Desk", "Agencies"):
        assert read(_article(stated)).authors == (stated,)
    assert read(_article("Redazione") + meta("author", "AFP")).authors == ("AFP",)
    assert read(_article("Redazione"), "<h1>Boats</h1><p>By Ada Lark</p>").authors == ("Ada Lark",)
    assert read(body="<h1>Boats</h1><p>By National Desk</p>").authors == ("National Desk",)


def test_what_json_ld_calls_an_organisation_is_no_person() -> None:
    firm, ada = {"@type": "Organization", "name": "Crate Works"}, {"@type": "Person", "name": "Ada Lark"}
    both = json_ld({"@type": "NewsArticle", "author": [firm, ada]})
    assert (read(both).authors, read(both).bylines) == (("Ada Lark",), ("Ada Lark", "Crate Works"))
    head = json_ld({"@type": "NewsArticle", "author": firm})
    assert read(head).authors == ("Crate Works",)
    assert read(head, "<h1>Boats</h1><p>By Ada Lark</p>").authors == ("Ada Lark",)
    assert read(head + meta("author", "Ada Lark")).authors == ("Ada Lark",)


def test_a_login_gives_way_to_the_name_that_it_is_made_of() -> None:
    assert read(_article("Adalark"), "<h1>Boats</h1><p>By Ada Lark</p>").authors == ("Ada Lark",)
    assert read(_article("Kinan") + meta("author", "Kinan Tern")).authors == ("Kinan Tern",)
    assert read(_article("Kinan"), "<h1>Boats</h1><p>By Ada Lark</p>").authors == ("Kinan",)


def test_an_agency_is_named_without_what_introduces_it() -> None:
    assert read(_article("By AFP")).authors == ("AFP",)
    assert read(_article("AFP", "Reuters")).authors == ("AFP", "Reuters")
    assert read(body="<h1>Boats</h1><p>By AFP</p>").authors == ("AFP",)


def test_one_word_in_a_byline_is_a_name_only_where_no_other_is() -> None:
    assert read(body="<h1>Boats</h1><p>By Zurine</p>").authors == ("Zurine",)
    assert read(meta("author", "Ada Lark"), "<h1>Boats</h1><p>By Zurine</p>").authors == ("Ada Lark",)
    assert read(body="<h1>Boats</h1><p class='author'>amw</p>").authors == ("amw",)


def test_whom_markup_states_goes_before_guesses_at_a_person() -> None:
    far = "<h1>Boats</h1>" + "<p>Boats</p>" * 40 + "<p>Read on <a href='/author/bo'>Bo Tern</a></p>"
    assert read(_article("Coast Guard Museum"), far).authors == ("Coast Guard Museum",)
    assert read("", far).authors == ("Bo Tern",)


def test_where_the_outlet_states_itself_only_an_introduced_name_is_the_authors() -> None:
    outlet = _article("Harbour Post", publisher="Harbour Post")
    lines = "<h1>Boats</h1>" + "<p>Boats</p>" * 40
    assert read(outlet, lines + "<p>Read on <a href='/author/bo'>Bo Tern</a></p>").authors == (
        "Harbour Post",
    )
    assert read(outlet, lines + "<p>Written by Bo Tern</p>").authors == ("Bo Tern",)


def test_an_outlet_says_less_than_another_organisation_or_an_agency() -> None:
    head = _article("Harbour Post", publisher="Harbour Post")
    assert read(head + meta("author", "Coast Guard Museum")).authors == ("Coast Guard Museum",)
    found = read(head + meta("author", "AFP"))
    assert found.authors == ("AFP",)
    assert _why(found) == "no person is named; meta author states AFP"
    assert read(head, "<h1>Boats</h1><p class='byline'>AFP</p>").authors == ("AFP",)
    assert read(head, "<h1>Boats</h1><p class='byline'>amw</p>").authors == ("Harbour Post",)


def test_catalogues_give_the_surname_first() -> None:
    assert read(meta("dc.creator", "Lark, Ada")).authors == ("Ada Lark",)
    assert read(meta("author", "Postmedia, Toronto")).authors == ("Postmedia, Toronto",)


def test_the_feed_names_whom_the_page_does_not() -> None:
    assert with_entry(read(), authors=("By Ada Lark", "Staff")).authors == ("Ada Lark",)
    found = with_entry(read(_article("Ada Lark")), authors=("Bo Tern",))
    assert found.authors == ("Ada Lark",)
    assert _why(found) == "json-ld author names people; others are named by feed"


def test_authors_are_found_where_json_ld_points() -> None:
    graph = {
        "@graph": [
            {"@type": "NewsArticle", "author": {"@id": "#ada"}},
            {"@type": "Person", "@id": "#ada", "name": "Ada Lark"},
        ]
    }
    assert read(json_ld(graph)).authors == ("Ada Lark",)


def test_authors_are_found_in_every_object_of_the_article() -> None:
    article = {"@type": "NewsArticle", "headline": "Boats"}
    twins = json_ld([article, article | {"author": {"name": "Ada Lark"}}])
    assert read(twins).authors == ("Ada Lark",)
    others = json_ld([article, article | {"headline": "Nets", "author": {"name": "Ada Lark"}}])
    assert read(others).authors == ()


def test_an_author_may_have_several_names_or_only_parts_of_one() -> None:
    assert read(json_ld({"@type": "Article", "author": {"name": ["Ada Lark", "Bo Tern"]}})).authors == (
        "Ada Lark",
        "Bo Tern",
    )
    parted = {"givenName": "Ada", "familyName": "Lark"}
    assert read(json_ld({"@type": "Article", "author": parted})).authors == ("Ada Lark",)


def test_a_card_names_the_author_beside_its_label() -> None:
    told = meta("twitter:data1", "Ada Lark")
    assert read(meta("twitter:label1", "Verfasst von") + told).authors == ("Ada Lark",)
    assert read(meta("twitter:label1", "Price") + told).authors == ()


def test_other_meta_elements_are_told_by_the_ends_of_their_names() -> None:
    for key in ("vf:author", "harbour.authors", "page:author_name"):
        assert read(meta(key, "Ada Lark")).authors == ("Ada Lark",)
    assert read(meta("twitter:author", "Ada Lark") + meta("author_id", "Ada Lark")).authors == ()


def test_lists_in_objects_are_opened() -> None:
    for author in (
        {"@list": [{"name": "Ada Lark"}]},
        {"0": {"name": "Ada Lark"}},
        {"name": {"@value": "Ada Lark"}},
    ):
        assert read(json_ld({"@type": "NewsArticle", "author": author})).authors == ("Ada Lark",)


def test_who_contributed_is_the_author_where_no_other_is_named() -> None:
    contributor = {"@type": "NewsArticle", "contributor": {"name": "Bo Tern"}}
    assert read(json_ld(contributor)).authors == ("Bo Tern",)
    assert read(json_ld(contributor | {"author": "Ada Lark"})).authors == ("Ada Lark",)


def test_the_second_label_of_a_card_names_the_author_as_well() -> None:
    card = meta("twitter:label1", "Reading time") + meta("twitter:data1", "3 minutes")
    card += meta("twitter:label2", "Written by") + meta("twitter:data2", "Ada Lark")
    assert read(card).authors == ("Ada Lark",)
