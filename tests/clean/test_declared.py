from tests.clean.declarations import URL, declared, json_ld, meta


def test_meta_elements_are_gathered_by_every_name_in_order_and_once() -> None:
    head = (
        meta("Author", "Ada")
        + '<meta property="author" content="Bo"><meta itemprop="author" content=" Ada ">'
    )
    page = declared(head + meta("date", " ") + '<meta content="x">')
    assert list(page.all(["author", "date"])) == [("author", "Ada"), ("author", "Bo")]
    assert page.first("date", "author") == "Ada"
    assert page.first("date") is None


def test_one_element_may_go_by_two_names() -> None:
    page = declared('<meta property="og:title" name="title" content="Boats">')
    assert (page.first("og:title"), page.first("title")) == ("Boats", "Boats")


def test_headings_are_lines() -> None:
    page = declared(
        "<title> A\n b </title>", "<h1>Boats<br>and <b>n</b>ets</h1><h1> </h1><svg><title>x</title></svg>"
    )
    assert page.h1 == ["Boats and nets"]
    assert page.page_title == "A b"


def test_a_heading_around_a_whole_page_is_none() -> None:
    assert declared(body="<h1>" + "<p>" + "Boats " * 5_000 + "</p></h1>").h1 == []


def test_references_are_absolute_by_the_base_of_the_page() -> None:
    assert declared().absolute("2") == URL[:-1] + "2"
    assert declared('<base href="//cdn.example/">').absolute("2") == "https://cdn.example/2"
    assert declared('<base href="http://[">').absolute("2") == URL[:-1] + "2"
    assert declared(url="urn:x").absolute("2") is None
    assert declared().absolute(None) is None


def test_header_names_make_no_difference_by_case() -> None:
    assert declared(headers={"X-Robots-Tag": "none"}).headers["x-robots-tag"] == "none"


def test_only_json_ld_is_read_of_the_scripts() -> None:
    head = (
        json_ld({"@type": "Article"}) + '<script type="text/x">{"@type": "Thing"}</script><script>{}</script>'
    )
    assert declared(head).graph.types == {"article"}


def test_elements_without_number_are_gathered_within_bounds() -> None:
    page = declared("".join(meta(f"n{number % 7}", str(number)) for number in range(20_000)))
    assert sum(map(len, page.meta.values())) <= 7 * 60
