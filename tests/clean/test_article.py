"""Pages in, articles out: the whole of cleaning, on pages as sites build them."""

import gc
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestd.clean import Hints, clean_feed_text, clean_page
from ingestd.clean.rules import RuleBook, SiteRule
from ingestd.model import Completeness, Reading, TextSource

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
    """Which of two texts is taken, and that it is said why."""

    TEASER = f"<html><body><article><h1>Boats</h1><p>{STORY.paragraphs[0]}</p></article></body></html>"

    def test_the_feed_stands_in_for_a_page_behind_a_wall(self) -> None:
        wall = "<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
        article = clean_page(wall, URL, hints=Hints(title="Boats", content_html=FULL_HTML))
        assert (article.verdict, article.source, article.title) == (None, TextSource.FEED, "Boats")
        assert article.paragraphs == STORY.paragraphs
        words = len(" ".join(STORY.paragraphs).split())
        assert article.source_reason == f"the page gave no article (bot-wall), {words} words in the feed"

    def test_the_feed_wins_over_a_page_that_shows_the_beginning(self) -> None:
        article = clean_page(self.TEASER, URL, hints=Hints(content_html=FULL_HTML))
        assert article.source is TextSource.FEED
        assert article.paragraphs == STORY.paragraphs
        assert article.source_reason is not None
        assert "much longer" in article.source_reason
        assert "33 on the page" in article.source_reason

    def test_the_page_wins_over_a_feed_of_about_its_length(self) -> None:
        article = clean_page(article_tag(STORY), URL, hints=Hints(content_html=FULL_HTML + "<p>More.</p>"))
        assert article.source is TextSource.PAGE
        assert article.source_reason is not None
        assert "agree by" in article.source_reason

    def test_the_feed_wins_over_a_page_of_which_something_else_was_taken(self) -> None:
        other = "".join(
            f"<p>Comment number {n} of a reader who has been to the pier, and who writes about his cat.</p>"
            for n in range(20)
        )
        page = f"<html><body><h1>Boats</h1><div>{other}</div></body></html>"
        article = clean_page(page, URL, hints=Hints(content_html=FULL_HTML))
        assert (article.source, article.paragraphs) == (TextSource.FEED, STORY.paragraphs)
        assert article.source_reason is not None
        assert "another one" in article.source_reason

    @pytest.mark.parametrize(
        "end",
        [
            "[…]",
            "…",
            "<a href='/x'>Read more</a>",
            "Continue reading →",
            "[&#8230;]</p><p>The post <a>A</a> appeared first on <a>Post</a>.",
            "<a>Weiterlesen</a>",
            "<a>Lire la suite »</a>",
        ],
    )
    def test_a_feed_that_breaks_off_is_a_summary(self, end: str) -> None:
        cut = "".join(f"<p>{paragraph}</p>" for paragraph in STORY.paragraphs[:5])
        article = clean_page(self.TEASER, URL, hints=Hints(content_html=f"{cut}<p>{end}</p>"))
        assert (article.source, article.paragraphs) == (TextSource.PAGE, STORY.paragraphs[:1])

    def test_what_a_service_adds_to_a_full_text_does_not_cut_it(self) -> None:
        added = "<p>The post <a href='/x'>Boats</a> appeared first on <a href='/'>Harbour Post</a>.</p>"
        article = clean_page(self.TEASER, URL, hints=Hints(content_html=FULL_HTML + added))
        assert article.source is TextSource.FEED

    def test_pictures_of_the_page_lose_their_places_in_the_feeds_text(self) -> None:
        teaser = self.TEASER.replace("</article>", "<figure><img src='/a.jpg'></figure></article>")
        article = clean_page(teaser, URL, hints=Hints(content_html=FULL_HTML))
        assert article.source is TextSource.FEED
        assert {image.before for image in article.images} <= {None}

    def test_a_long_short_form_is_the_full_text(self) -> None:
        article = clean_page(self.TEASER, URL, hints=Hints(summary_html=FULL_HTML))
        assert (article.source, article.paragraphs) == (TextSource.FEED, STORY.paragraphs)

    def test_a_summary_does_not_stand_in_for_a_page(self) -> None:
        article = clean_page("<html><body></body></html>", URL, hints=Hints(content_html="<p>Short.</p>"))
        assert article.verdict is not None
        assert article.paragraphs == ()


def test_json_ld_is_the_source_where_the_page_shows_little_and_that_is_said() -> None:
    body = " ".join(STORY.paragraphs)
    stated = json.dumps({"@type": "NewsArticle", "headline": "Boats", "articleBody": body})
    page = f"<script type='application/ld+json'>{stated}</script><h1>Boats</h1><p>{STORY.paragraphs[0]}</p>"
    article = clean_page(f"<html><body>{page}</body></html>", URL)
    assert article.source is TextSource.JSON_LD
    assert article.source_reason is not None
    assert STORY.paragraphs[-1] in article.text


def test_site_rules_say_where_title_authors_and_date_stand_and_what_to_drop() -> None:
    rule = SiteRule(
        "harbourpost.example",
        "its metadata are those of its template",
        drop=(".plea",),
        drop_lines=("Our pier.*",),
        title=".name",
        authors=".who",
        date=".when",
    )
    page = f"""<html><head><meta property="og:title" content="Template"></head><body><article>
    <div class="name">Boats</div><div class="who">Ada Lark</div><div class="when">2024-07-13T09:25:00Z</div>
    <div class="plea"><p>Every gift helps our reporters to go on sailing the strait.</p></div>
    {FULL_HTML}<p>Our pier is your pier.</p></article></body></html>"""
    hints = Hints(title="From the feed", rules=RuleBook((rule,)), content_html=f"{FULL_HTML}<p>Our pier.</p>")
    article = clean_page(page, URL, hints=hints)
    assert (article.title, article.authors) == ("Boats", ("Ada Lark",))
    assert article.published_at == datetime(2024, 7, 13, 9, 25, tzinfo=UTC)
    assert article.paragraphs == STORY.paragraphs
    title = next(one for one in article.readings if one.field == "title")
    assert title.readings[0] == Reading("site rule", "Boats")
    assert {"Template", "From the feed"} <= {reading.value for reading in title.readings}
    from_feed = clean_feed_text(URL, hints=hints)
    assert from_feed.paragraphs == STORY.paragraphs


def test_the_language_is_told_from_the_text_where_nobody_declares_it() -> None:
    text = "<p>市政府周五宣布，港口将关闭至三月，所有渡轮停航，渔民须改用北岸的码头。</p>" * 3
    article = clean_page(f"<html><body><article>{text}</article></body></html>", URL)
    assert article.language == "zh"
    assert [one.value for one in article.readings if one.field == "language"] == ["zh"]


def test_a_defect_is_a_verdict_and_the_feed_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    def defective(*arguments: object) -> None:
        raise RecursionError("deep")

    monkeypatch.setattr("ingestd.clean.extract.extract_text", defective)
    article = clean_page(article_tag(STORY), URL)
    assert article.verdict is not None
    assert (article.verdict.reason, "RecursionError: deep" in article.verdict.detail) == ("unreadable", True)
    article = clean_page(article_tag(STORY), URL, hints=Hints(content_html=FULL_HTML))
    assert (article.verdict, article.source) == (None, TextSource.FEED)


def test_a_process_out_of_memory_is_not_saved_by_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    def defective(*arguments: object) -> None:
        raise MemoryError

    monkeypatch.setattr("ingestd.clean.extract.extract_text", defective)
    with pytest.raises(MemoryError):
        clean_page(article_tag(STORY), URL)


class TestFeedText:
    def test_the_full_form_goes_before_the_summary(self) -> None:
        hints = Hints(title="T", summary_html="<p>Summary.</p>", content_html=FULL_HTML)
        article = clean_feed_text(None, hints=hints)
        assert article.paragraphs == STORY.paragraphs
        assert article.source is TextSource.FEED

    def test_a_summary_is_marked_where_there_is_a_page_behind_it(self) -> None:
        summary = Hints(summary_html=f"<p>{STORY.paragraphs[0]}</p>")
        assert clean_feed_text(URL, hints=summary).completeness is Completeness.SUMMARY
        assert clean_feed_text(None, hints=summary).completeness is Completeness.WHOLE
        full = Hints(content_html=FULL_HTML)
        assert clean_feed_text(URL, hints=full).completeness is Completeness.WHOLE

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
        article = clean_page(document, url, hints=Hints(content_html=html, asked_url=url))
        assert article.verdict is None or article.verdict.reason != "unreadable"
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


@pytest.mark.parametrize("switch", [gc.enable, gc.disable])
def test_the_collector_is_left_as_it_was_and_with_nothing_to_do(switch: Callable[[], None]) -> None:
    clean_page(FULL_HTML, URL)
    switch()
    try:
        was_enabled = gc.isenabled()
        gc.collect()
        clean_page(FULL_HTML, URL)
        assert gc.isenabled() is was_enabled
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_importing_the_room_does_not_import_the_heavy_libraries() -> None:
    check = "import sys, ingestd.clean; print(*{'lxml', 'trafilatura'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize(
    ("stated", "date"),
    [
        ("2024-05-03T07:15:00+05:30", "2024-05-03T07:15:00+05:30"),
        ("2024-05-03T07:15:00", "2024-05-03T07:15:00"),
        ("2024-05-03", "2024-05-03T00:00:00+00:00"),
    ],
)
def test_the_date_is_given_as_its_publisher_states_it(stated: str, date: str) -> None:
    head = f"<meta property='article:published_time' content='{stated}'>"
    article = clean_page(f"<html><head>{head}</head><body><article>{FULL_HTML}</article></body></html>", URL)
    assert article.date == date
