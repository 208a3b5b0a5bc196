import pytest

from tests.clean.declarations import meta, read


@pytest.mark.parametrize(
    ("body", "authors"),
    [
        ("<p class='byline'>By <a>Ada Lark</a> and <a>Bo Tern</a></p>", ("Ada Lark", "Bo Tern")),
        ("<p class='byline'><span>By</span><span><b>A</b>da Lark</span></p>", ("Ada Lark",)),
        ("<div class='author'><b>Ada Lark</b><i>Tern News</i></div>", ("Ada Lark",)),
        ("<div class='article-author'><div><a>AFP</a></div><div>AFP</div></div>", ("AFP",)),
        ("<a rel='author' href='/ada'>Ada Lark</a>", ("Ada Lark",)),
        ("<span itemprop='author'>Ada Lark</span>", ("Ada Lark",)),
        ("<h1>Boats</h1><p>By Ada Lark</p>", ("Ada Lark",)),
        ("<h1>Boats</h1><p>By the sea</p><p>Von Ada Lark, Berlin</p>", ("Ada Lark",)),
        ("<div class='comments'><span class='author'>Bo Tern</span></div>", ()),
        ("<figure><span class='author'>Bo Tern</span></figure><p class='author'>x</p>", ("Bo Tern",)),
        ("<div class='media-box'><span class='byline'>Bo Tern</span></div>", ()),
        ("<p class='author'>Politics</p>", ()),
        (f"<div class='post author-ada'><h1>Pump Rooms</h1>{'<p>x<br></p>' * 20}</div>", ()),
        ("<p class='author'>Ada</p>", ()),
        ("<h1>Boats</h1><p>Posted on July 13, 2024 by Ada Lark</p>", ("Ada Lark",)),
        ("<h1>Boats</h1><p>05/10/2018 - Publicado por: Ada Lark - Jornalista</p>", ("Ada Lark",)),
        ("<h1>Boats</h1><p>Submitted by Ada Lark on Sat, 07/13/2024</p>", ("Ada Lark",)),
        ("<h1>船</h1><p class='author'>作者 张三</p>", ("张三",)),
        ("<h1>船</h1><p class='author'>創作者 張三</p>", ("張三",)),
        ("<div class='byline'>by <a>Ada Lark</a> — last modified 2024</div>", ("Ada Lark",)),
        ("<p class='author'>all the nets</p><p class='byline'>full nets</p>", ()),
        ("<a rel='author'>Ada</a>", ("Ada",)),
        ("<h1>Boats</h1><p>Story Highlights Today</p><p>De Blasio Attacks Salvini</p>", ()),
        ("<h1>Boats</h1><p>Di Maio attacca Salvini</p>", ()),
        ("<h1>Boats</h1><p>Autor: Ada Lark</p>", ("Ada Lark",)),
        ("<h1>Boats</h1><p>Yazan Ada Lark, 2018-08-09</p>", ("Ada Lark",)),
        ("<h1>Boats</h1><p>Interview: Ada Lark</p>", ("Ada Lark",)),
        ("<h1>Boats</h1><div>By</div><div>Ada Lark</div>", ("Ada Lark",)),
        ("<h1>Boats</h1><div>By</div><div><a>Ada Lark</a><i>Travel Reporter</i></div>", ("Ada Lark",)),
        ("<h1>船</h1><p>홍길동 기자</p>", ("홍길동",)),
        ("<h1>Boote</h1><p>Von unserem Korrespondenten Ada Lark</p>", ("Ada Lark",)),
        ("<h1>Boote</h1><p>Ein Kommentar von Ada Lark</p>", ("Ada Lark",)),
        ("<h1>Boote</h1><p>Unsere Boote Heute</p><p>Von unserer Insel Juist</p>", ()),
        ("<h1>船</h1><p>记者 张三</p>", ("张三",)),
        ("<h1>קוד</h1><p>מאת עדה לארק</p>", ("עדה לארק",)),
    ],
)
def test_names_are_read_in_the_page_where_its_markup_has_none(body: str, authors: tuple[str, ...]) -> None:
    assert read(body=body).authors == authors


@pytest.mark.parametrize(
    "path", ["/author/ada-lark", "/autor/7", "/meet-the-team/ada", "/contributors/ada", "/by/ada"]
)
def test_a_link_to_somebodys_page_beside_the_headline_names_him(path: str) -> None:
    assert read(body=f"<h1>Boats</h1><div><a href='{path}'>Ada Lark</a> and AP</div>").authors == (
        "Ada Lark",
    )


def test_links_to_other_pages_name_nobody() -> None:
    assert read(body="<h1>Boats</h1><div><a href='/topic/ada-lark'>Ada Lark</a></div>").authors == ()
    assert read(body="<h1>Boats</h1><div><a href='/author/'>Our Authors</a></div>").authors == ()


def test_a_few_links_to_people_anywhere_name_them_and_many_name_nobody() -> None:
    link = "<p>Some words of the text around it and <a href='/author/{0}'>{0} Lark</a></p>"
    far = "<h1>Boats</h1>" + "<p>Boats</p>" * 40
    assert read(body=far + link.format("Ada")).authors == ("Ada Lark",)
    assert read(body=far + "".join(map(link.format, ("Ada", "Bo", "Cy", "Di", "Ed")))).authors == ()


def test_all_who_are_named_beside_the_headline_go_before_the_one_in_a_meta_element() -> None:
    body = "<h1>Boats</h1><p>By Ada Lark and Bo Tern</p>"
    assert read(meta("author", "Ada Lark"), body).authors == ("Ada Lark", "Bo Tern")


def test_a_meta_element_that_names_them_all_and_more_goes_first() -> None:
    body = "<h1>Boats</h1><p>By Ada Lark</p>"
    assert read(meta("author", "Ada Lark, Bo Tern"), body).authors == ("Ada Lark", "Bo Tern")
    assert read(meta("author", "Cy Finch, Bo Tern"), body).authors == ("Ada Lark",)


def test_what_a_page_tells_its_analytics_names_the_author() -> None:
    script = '<script>dataLayer.push({\'page\': {"authorName": "Ada Lark"}})</script>'
    assert read(script).authors == ("Ada Lark",)
    assert read(script.replace("})", "})" + " " * 40_000)).authors == ()


def test_style_sheets_set_apart_what_the_line_has_as_one() -> None:
    body = "<h1>Boats</h1><div>By <a>Ada Lark</a><span>Reporter</span></div>"
    assert read(body=body).authors == ("Ada Lark",)


def test_initials_below_a_german_text_are_its_authors() -> None:
    body = "<h1>Boote</h1><p>Text</p><p>ssi, dan; Foto: Archiv</p>"
    assert read(body=body, attributes='lang="de"').authors == ("ssi", "dan")
    assert read(body=body, attributes='lang="en"').authors == ()
    assert read(body="<p>(abc)</p>", attributes='lang="de-DE"').authors == ("abc",)


@pytest.mark.parametrize(
    "lines",
    [
        "<p>Ada Lark</p><p>May 5, 2015</p>",
        "<p>2015-05-12</p><p>Ada Lark</p>",
        "<p>Ada Lark</p><p>·</p><p>6 min read</p><p>May 5, 2015</p>",
        "<p>Ada Lark, May 5, 2015</p>",
        "<p>Ada Lark | 5. Mai 2015</p>",
        "<p><b>Ada Lark</b><i>2015-05-12</i></p>",
    ],
)
def test_a_name_beside_the_date_below_the_headline_is_a_byline(lines: str) -> None:
    assert read(body=f"<h1>Boats</h1>{lines}").authors == ("Ada Lark",)


@pytest.mark.parametrize(
    "lines",
    [
        "<p>Ada Lark</p>",
        "<p>New York</p><p>May 5, 2015</p>",
        "<p><a href='/x'>Real Estate</a></p><p>May 5, 2015</p>",
        "<p>Last Update: May 5, 2015</p>",
        "<p>All the boats came home</p><p>May 5, 2015</p>",
        "<p>Boats</p><p>May 5, 2015</p>",
        "<h2>Related Articles</h2><p>May 5, 2015</p>",
    ],
)
def test_what_else_stands_beside_the_date_is_nobody(lines: str) -> None:
    assert read(body=f"<h1>Boats</h1>{lines}").authors == ()


def test_a_line_that_says_who_wrote_the_text_names_him_wherever_it_stands() -> None:
    far = "<h1>Boats</h1>" + "<p>Boats</p>" * 40
    assert read(body=f"{far}<p>Written by Ada Lark</p>").authors == ("Ada Lark",)
    assert read(body=f"{far}<p>By Ada Lark</p>").authors == ()


def test_meta_elements_within_a_marked_element_name_the_author() -> None:
    body = '<h1>Boats</h1><div itemprop="author" itemscope><meta itemprop="name" content="Ada Lark"></div>'
    assert read(body=body).authors == ("Ada Lark",)


_ADA, _BO = "<a href='/author/a'>Ada Lark</a>", "<a href='/author/b'>Bo Tern</a>"
_TEASER = f"<a href='/b'>The painters of the old harbour</a> <span class='byline'>{_BO}</span>"


@pytest.mark.parametrize(
    ("body", "authors"),
    [
        (
            f"<ul><li>{_TEASER}</li></ul><h1>Boats</h1><span><a href='/writer/a'>Ada Lark</a></span>",
            ("Ada Lark",),
        ),
        (f"<p>By Ada Lark</p><h1>Boats</h1><ul><li>{_TEASER}</li></ul>", ("Bo Tern",)),
        (
            "<h1>Boats</h1><p>Nets</p><h3><a href='/b'>The painters of the harbour</a></h3>"
            "<div class='byline'>by <a href='/p'>Bo Tern</a></div><p class='author'>x</p>",
            (),
        ),
        (
            "<h1>Boats of the harbour</h1><h2><a href='/'>Boats of the harbour today</a></h2>"
            "<p class='byline'>by Ada Lark</p>",
            ("Ada Lark",),
        ),
        (
            "<h1>Boats</h1><p>By <a rel='author'>Ada Lark</a> <a href='/c'>Nets</a> <a>No Words</a></p>",
            ("Ada Lark",),
        ),
        (
            "<h1>Boats</h1><p>By <a rel='author' href='/a'>Ada Lark</a> and Bo Tern</p>",
            ("Ada Lark", "Bo Tern"),
        ),
        (
            f"<h1>Boats</h1><p>By {_ADA} Reviewed by {_BO}</p>",
            ("Ada Lark",),
        ),
        ("<h1>Boats</h1><p>By Ada Lark</p><p>Edited by Bo Tern</p>", ("Ada Lark",)),
        (
            "<h1>Boats</h1><p>May 5, 2015 By <a rel='author'>Ada Lark</a> <a>Leave a Comment</a></p>",
            ("Ada Lark",),
        ),
        ("<h1>Here Are 6 Boats Lit by Harbour Oil</h1><p>x</p>", ()),
        (
            "<p>Boats</p>" * 40
            + "<div class='author'><b>Ada Lark</b><h4>More Stories By Ada</h4><p>Painters Old</p></div>",
            ("Ada Lark",),
        ),
    ],
)
def test_others_around_an_article_did_not_write_it(body: str, authors: tuple[str, ...]) -> None:
    assert read(body=body).authors == authors


def test_an_outer_box_for_the_layout_says_nothing_about_whose_a_byline_is() -> None:
    byline = "<h1>Boats</h1>" + "<p>Boats</p>" * 40 + "<p class='author'>Ada Lark</p>"
    assert read(body=f"<div class='content-sidebar-wrap'>{byline}</div>").authors == ("Ada Lark",)
    assert read(body=f"<div class='main-related'><main>{byline}</main></div>").authors == ("Ada Lark",)
    assert read(body=f"<div class='teaser-text'>{byline}</div>").authors == ("Ada Lark",)
    box = "<div class='sidebar'>{}</div>".format(byline.replace("h1", "h2"))
    assert read(body=f"<h1>Nets</h1>{'<p>Nets</p>' * 20}{box}").authors == ()
