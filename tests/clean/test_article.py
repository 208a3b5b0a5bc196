"""Pages in, articles out: the whole of cleaning, on pages as sites build them."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestd.clean import Hints, clean_feed_text, clean_page
from ingestd.model import TextSource

from .pages import STORY, TEMPLATES, Story, article_tag

URL = "https://www.harbourpost.example/post/35811"
FULL_HTML = "".join(f"<p>{paragraph}</p>" for paragraph in STORY.paragraphs)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.__name__)
class TestTheStoryInEveryTemplate:
    def test_gives_exactly_its_paragraphs(self, template: Callable[[Story], str]) -> None:
        assert clean_page(template(STORY), URL).paragraphs == STORY.paragraphs

    def test_gives_title_without_site_and_date_in_utc(self, template: Callable[[Story], str]) -> None:
        article = clean_page(template(STORY), URL)
        assert article.title == STORY.title
        assert article.published_at == datetime(2024, 7, 13, 6, 25, tzinfo=UTC)

    def test_names_the_agency_of_the_author_box(self, template: Callable[[Story], str]) -> None:
        agency = clean_page(template(STORY), URL).agency
        assert agency is not None
        assert (agency.name, agency.evidence) == ("AFP", "credit-line")


def test_page_metadata_fill_the_article() -> None:
    article = clean_page(article_tag(STORY), URL)
    assert article.site_name == "Harbour Post"
    assert article.declared_url == "https://www.harbourpost.example/post/35811"
    assert article.language == "en"
    assert article.source is TextSource.PAGE


def test_the_entry_fills_what_the_page_leaves_open() -> None:
    hints = Hints(
        title="From the feed",
        published_at=datetime(2024, 7, 14, tzinfo=UTC),
        updated_at=datetime(2024, 7, 15, tzinfo=UTC),
        authors=("Ada Lark",),
        language="en-GB",
    )
    article = clean_page(f"<html><body><div>{FULL_HTML}</div></body></html>", URL, hints=hints)
    assert article.title == "From the feed"
    assert article.published_at == hints.published_at
    assert article.modified_at == hints.updated_at
    assert article.authors == ("Ada Lark",)
    assert article.language == "en-GB"


def test_the_entry_title_repeated_above_the_text_is_no_paragraph() -> None:
    page = f"<html><body><div><p>Harbour call</p>{FULL_HTML}</div></body></html>"
    assert clean_page(page, URL, hints=Hints(title="Harbour Call")).paragraphs == STORY.paragraphs


def test_a_news_flash_keeps_the_paragraph_that_repeats_its_headline() -> None:
    flash = "The harbour of Orrin is closed until further notice, the harbour master of the town says."
    page = f"<html><head><title>{flash}</title></head><body><h1>{flash}</h1><p>{flash}</p></body></html>"
    assert clean_page(page, URL).paragraphs == (flash,)


def test_a_container_that_calls_itself_furniture_goes_and_one_that_holds_the_story_is_forgiven() -> None:
    plea = (
        "Our reporters have sailed the strait for twenty years, and every gift helps them to go on sailing."
    )
    page = f"""<html><body><article class="subscriber-content share"><h1>Boats</h1>{FULL_HTML}
    <div class="donation"><p>{plea}</p></div></article></body></html>"""
    assert clean_page(page, URL).paragraphs == STORY.paragraphs


def test_a_photo_credit_is_no_agency() -> None:
    page = f"""<html><body><article><h1>Boats</h1><figure><img src="a">
<figcaption>Reuters/John Doe</figcaption></figure>
    {FULL_HTML}<p>Photo: AFP</p></article></body></html>"""
    article = clean_page(page, URL)
    assert article.agency is None
    assert article.paragraphs == STORY.paragraphs


def test_bytes_are_read_with_the_charset_of_the_response() -> None:
    story = (
        "<p>Der Hafen von Orrin bleibt wegen der Kälte bis März geschlossen, teilte die Stadt am Abend "
        "mit.</p>" * 3
    )
    body = f"<html><body><article>{story}</article></body></html>".encode("latin-1")
    article = clean_page(body, URL, hints=Hints(headers={"content-type": "text/html; charset=iso-8859-1"}))
    assert "Kälte bis März" in article.text


class TestPageAndFeed:
    def test_the_feed_stands_in_for_a_page_behind_a_wall(self) -> None:
        wall = "<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
        article = clean_page(wall, URL, hints=Hints(title="Boats", content_html=FULL_HTML))
        assert (article.verdict, article.source, article.title) == (None, TextSource.FEED, "Boats")
        assert article.paragraphs == STORY.paragraphs

    def test_the_feed_wins_over_a_page_that_shows_the_beginning(self) -> None:
        teaser = f"<html><body><article><h1>Boats</h1><p>{STORY.paragraphs[0]}</p></article></body></html>"
        article = clean_page(teaser, URL, hints=Hints(content_html=FULL_HTML))
        assert article.source is TextSource.FEED
        assert article.paragraphs == STORY.paragraphs

    def test_the_page_wins_over_a_feed_of_about_its_length(self) -> None:
        article = clean_page(article_tag(STORY), URL, hints=Hints(content_html=FULL_HTML + "<p>More.</p>"))
        assert article.source is TextSource.PAGE

    def test_a_summary_does_not_stand_in_for_a_page(self) -> None:
        article = clean_page("<html><body></body></html>", URL, hints=Hints(content_html="<p>Short.</p>"))
        assert article.verdict is not None
        assert article.paragraphs == ()


class TestFeedText:
    def test_the_full_form_goes_before_the_summary(self) -> None:
        hints = Hints(title="T", summary_html="<p>Summary.</p>", content_html=FULL_HTML)
        article = clean_feed_text(None, hints=hints)
        assert article.paragraphs == STORY.paragraphs
        assert article.source is TextSource.FEED

    def test_furniture_in_the_feed_goes(self) -> None:
        html = f"{FULL_HTML}<p>Advertisement</p><p>AFP</p><p><a href='/x'>Read more</a></p>"
        article = clean_feed_text(None, hints=Hints(content_html=html))
        assert article.paragraphs == STORY.paragraphs
        assert article.agency is not None
        assert article.agency.name == "AFP"

    def test_plain_text_is_text(self) -> None:
        article = clean_feed_text(URL, hints=Hints(summary_html="The boats come in at noon & leave at one."))
        assert article.paragraphs == ("The boats come in at noon & leave at one.",)
        assert article.declared_url == URL

    @pytest.mark.parametrize("content", ["<img src='a.jpg'>", "<p>The crane is to stay.</p>"])
    def test_no_text_or_a_scrap_is_a_verdict(self, content: str) -> None:
        article = clean_feed_text(None, hints=Hints(content_html=content))
        assert article.verdict is not None
        assert article.verdict.reason == "empty"


_PIECES = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<div class='related'>",
            "<!--",
            "-->",
            "<table><td>",
            "<script type='application/ld+json'>",
            '{"@type":"NewsArticle","headline":[],"author":{"name":{}}}',
            "</script>",
            "<h1>",
            "\x00",
            "\ud800",
            "]]>",
            "<base href='http://[bad'>",
            "<link rel='canonical' href='http://[x'>",
            "<html lang='x_y'>",
            "(AFP) - ",
            "<title>",
            "<time datetime='99999-99-99'>",
            "<br><br>",
            "<input type=password>",
            STORY.paragraphs[0],
            "Read Next",
        ]
    ),
    max_size=30,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pieces=_PIECES, noise=st.text(max_size=60), url=st.sampled_from([URL, "", "no url", "http://[::1"]))
def test_any_input_gives_text_or_a_verdict_and_nothing_that_cannot_be_stored(
    pieces: list[str], noise: str, url: str
) -> None:
    html = "".join(pieces) + noise
    for document in (html, html.encode("utf-8", "surrogatepass")):
        article = clean_page(document, url, hints=Hints(content_html=html))
        assert bool(article.text) is (article.verdict is None)
        article.text.encode()
        assert "\x00" not in article.text


@pytest.mark.parametrize(
    "html",
    [
        "<p>The minister said on Friday that the harbour would be closed for repairs.</p>" * 30_000,
        "<div>" * 30_000 + FULL_HTML + "</div>" * 30_000,
        "<b>" * 30_000 + FULL_HTML,
        "<script type='application/ld+json'>" + "[" * 100_000 + "</script>" + FULL_HTML,
    ],
    ids=["many paragraphs", "deep divs", "deep inline", "deep json"],
)
def test_huge_and_deep_documents_give_their_text(html: str) -> None:
    assert len(clean_page(html, URL).paragraphs) >= 6


def test_importing_the_room_does_not_import_the_heavy_libraries() -> None:
    check = "import sys, ingestd.clean; print(*{'lxml', 'trafilatura'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
