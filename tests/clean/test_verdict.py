"""Pages that are no article, and articles that look like such pages."""

import pytest

from ingestd.clean import Hints, clean_page
from ingestd.clean.verdict import REASONS, refuse
from ingestd.model import Article, Completeness, RetryPolicy, TextSource

from .pages import STORY
from .short_pages import HONEST, MORE_WALLS
from .walls import URL as WALLED_URL
from .walls import WALLS, Wall, twin

URL = "https://harbourpost.example/a/1"
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in STORY.paragraphs)
FIRST = f"<p>{STORY.paragraphs[0]}</p>"
PAID = """<script type="application/ld+json">
{"@type": "NewsArticle", "headline": "A", "isAccessibleForFree": "False"}</script>"""


def _page(title: str, body: str) -> str:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


CARDS = "".join(
    f"<div><h3><a href='/{n}'>{p[:70]}</a></h3><p>{p[:150]}.</p></div>"
    for n, p in enumerate(STORY.paragraphs)
)


HEADLINES = "".join(
    f"<div><a href='/{n}'><h3>{p[:60]}</h3></a><p>Ada Lark, our reporter in Orrin · {n}h ago</p></div>"
    for n, p in enumerate(STORY.paragraphs)
)
BANNER = "<div class='cookie-banner'><p>We use cookies.</p><button>Accept all</button></div>"


@pytest.mark.parametrize(
    ("reason", "html"),
    [
        ("bot-wall", _page("Just a moment...", "<p>Enable JavaScript and cookies to continue</p>")),
        ("bot-wall", _page("Post", "<script src='/cdn-cgi/challenge-platform/h/b.js'></script>")),
        (
            "soft-404",
            _page("Page not found", "<h1>Page not found</h1><p>It may have been moved or deleted.</p>"),
        ),
        ("soft-404", _page("Seite nicht gefunden", "<p>Die gesuchte Seite gibt es nicht mehr.</p>")),
        (
            "login",
            _page("Log in", "<form><p>Your name and password, please.</p><input type=password></form>"),
        ),
        ("paywall", _page("A", f"{PAID}<h1>A</h1>{FIRST}")),
        ("paywall", _page("A", f"<h1>A</h1>{FIRST}<p>Subscribe to continue reading this article</p>")),
        ("list-page", _page("Politics", CARDS)),
        ("list-page", _page("Politics", HEADLINES)),
        (
            "video-page",
            _page("V", "<meta property='og:type' content='video.other'><p>The boats come in.</p>"),
        ),
        ("empty", _page("App", "<div id=root></div>")),
        ("empty", ""),
    ],
)
def test_a_page_that_is_no_article_has_a_reason_and_no_text(reason: str, html: str) -> None:
    article = clean_page(html, URL)
    assert article.verdict is not None
    assert article.verdict.reason == reason
    assert article.verdict.retry is REASONS[reason].retry
    assert article.paragraphs == ()


def test_a_consent_wall_is_told_by_what_it_says_and_by_its_button() -> None:
    notice = (
        "We and our 842 partners store information on your device, such as cookies, and process personal "
        "data for advertisements, content measurement and audience research."
    )
    wall = _page("Before you continue", f"<h1>We value your privacy</h1><p>{notice}</p><p>Accept all</p>")
    verdict = clean_page(wall, URL).verdict
    assert verdict is not None
    assert verdict.reason == "consent-wall"


@pytest.mark.parametrize(
    "html",
    [
        _page(
            "Before you continue – Harbour Post",
            "<section class='area consent-wall'><p>Advertisers and others learn from cookies what "
            "you read here, if you let them, and pay for this page.</p><button>Accept all</button></section>",
        ),
        _page(
            "Harbour Post",
            "<meta property='og:type' content='article'><div id='cookie-wall'><p>Cookies tell our "
            "partners what you read. That is how this page is paid for.</p>"
            "<a role='button'>Alle akzeptieren</a></div>",
        ),
        _page(
            "Harbour Post",
            "<p>We and our partners keep cookies on your device so that we can pay for the harbour news.</p>"
            "<form><input type='submit' value='Accept and continue'></form>",
        ),
    ],
    ids=["a box of that name", "a box on a page that says article", "in the publisher's voice"],
)
def test_a_consent_wall_is_told_by_its_box_or_voice_and_by_its_button(html: str) -> None:
    verdict = clean_page(html, URL).verdict
    assert verdict is not None
    assert verdict.reason == "consent-wall"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"%PDF-1.4 ...", "application/pdf"),
        (b"\x89PNG\r\n", "text/html"),
        (b'{"a": 1}', "application/json"),
        (b"<?xml version='1.0'?><rss><channel></channel></rss>", "text/xml"),
    ],
)
def test_what_is_no_html_is_not_read(body: bytes, content_type: str) -> None:
    verdict = clean_page(body, URL, hints=Hints(headers={"content-type": content_type})).verdict
    assert verdict is not None
    assert verdict.reason == "not-html"


@pytest.mark.parametrize(
    "html",
    [
        _page(
            "How cookies follow you",
            f"<h1>How cookies follow you</h1>{TEXT}<div>We use cookies. <a>Accept all</a></div>",
        ),
        _page(
            "Where the cookies go",
            f"{BANNER}<div class='page has-cookie-banner'><p>“We use data on herring that our grandfathers "
            f"wrote down,” says the harbour master of Orrin.</p>{FIRST}</div>",
        ),
        _page("Datenschutz: ein Streit", f"<h1>Datenschutz: ein Streit</h1>{FIRST}{FIRST}{BANNER}"),
        _page("404: a number and its story", f"<h1>404: a number and its story</h1>{TEXT}"),
        _page("Boats", f"{PAID}<h1>Boats</h1>{TEXT}"),
        _page(
            "Boats",
            f"<h1>Boats</h1>{TEXT}<form><input type=password></form><p>Already a subscriber? Log in</p>",
        ),
        _page("Boats", f"<h1>Boats</h1>{TEXT}{CARDS[:400]}"),
        _page(
            "Flash",
            "<meta property='og:type' content='article'><p>The harbour of Orrin was closed on Friday.</p>",
        ),
    ],
    ids=[
        "about cookies",
        "a voice in the text",
        "about privacy",
        "about 404",
        "paid but whole",
        "with a login form",
        "with teasers",
        "a news flash",
    ],
)
def test_an_article_is_not_taken_for_a_wall(html: str) -> None:
    assert clean_page(html, URL).verdict is None


def test_reasons_are_sorted_and_a_verdict_says_what_was_seen() -> None:
    assert list(REASONS) == sorted(REASONS)
    verdict = refuse("empty", "12 characters")
    assert verdict.detail.endswith("(12 characters)")


def _cleaned(wall: Wall) -> Article:
    return clean_page(wall.html, wall.url, hints=Hints(asked_url=wall.asked, headers=wall.headers))


@pytest.mark.parametrize("wall", WALLS, ids=lambda wall: f"{wall.reason}: {wall.name}")
class TestWalls:
    def test_a_wall_is_told_and_none_of_its_words_are_kept(self, wall: Wall) -> None:
        article = _cleaned(wall)
        assert article.verdict is not None
        assert (article.verdict.reason, article.text, article.lead) == (wall.reason, "", None)
        assert article.verdict.confidence >= 0.7

    def test_an_article_about_such_a_wall_is_an_article(self, wall: Wall) -> None:
        article = clean_page(twin(wall), WALLED_URL, hints=Hints(asked_url=WALLED_URL))
        assert (article.verdict, article.completeness) == (None, Completeness.WHOLE)
        assert "".join(article.text.split()) == "".join("".join(wall.paragraphs).split())

    def test_the_feeds_full_text_is_kept_in_place_of_a_wall(self, wall: Wall) -> None:
        hints = Hints(title="Boats", content_html=TEXT, asked_url=wall.asked, headers=wall.headers)
        article = clean_page(wall.html, wall.url, hints=hints)
        assert (article.paragraphs, article.source) == (STORY.paragraphs, TextSource.FEED)
        assert article.source_reason is not None
        assert wall.reason in article.source_reason


def test_a_wall_leaves_its_title_to_the_entry() -> None:
    html = _page("Just a moment...", "<p>Enable JavaScript and cookies to continue</p>")
    assert clean_page(html, URL, hints=Hints(title="Boats")).title == "Boats"
    assert clean_page(html, URL).title is None


class TestOpenParts:
    """What can be read of articles that one has to pay for."""

    OFFER = "<p>Subscribe to continue reading</p><p>Already a subscriber? Log in</p><p>Only 3 € per month</p>"
    OPEN = "".join(f"<p>{paragraph}</p>" for paragraph in STORY.paragraphs[:3])

    @pytest.mark.parametrize("head", [PAID, ""], ids=["said by metadata", "said by the page alone"])
    def test_real_prose_is_kept_and_marked_without_the_walls_words(self, head: str) -> None:
        article = clean_page(_page("A", f"{head}<h1>A</h1>{self.OPEN}{self.OFFER}"), URL)
        assert article.verdict is None
        assert article.completeness is Completeness.TEASER
        assert article.paragraphs == STORY.paragraphs[:3]

    def test_a_sentence_or_two_are_a_wall(self) -> None:
        verdict = clean_page(_page("A", f"{PAID}<h1>A</h1>{FIRST}{self.OFFER}"), URL).verdict
        assert verdict is not None
        assert (verdict.reason, verdict.retry) == ("paywall", RetryPolicy.LATER)

    def test_it_is_told_by_the_length_that_the_publisher_states(self) -> None:
        stated = """<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A",
        "isAccessibleForFree": false, "wordCount": 900}</script>"""
        article = clean_page(_page("A", f"{stated}<h1>A</h1>{TEXT}"), URL)
        assert article.completeness is Completeness.TEASER
        assert article.paragraphs == STORY.paragraphs

    def test_a_paid_article_that_is_shown_as_a_whole_is_whole(self) -> None:
        article = clean_page(_page("A", f"{PAID}<h1>A</h1>{TEXT}"), URL)
        assert article.completeness is Completeness.WHOLE

    def test_a_free_article_with_an_offer_is_whole(self) -> None:
        free = PAID.replace('"False"', '"True"')
        article = clean_page(_page("A", f"{free}<h1>A</h1>{self.OPEN}{self.OFFER}"), URL)
        assert article.completeness is Completeness.WHOLE


class TestRedirects:
    def test_an_article_that_has_the_entrys_title_is_the_right_one(self) -> None:
        """Some stories stand at the root of a host of their own."""
        hints = Hints(title="Harbour Ministers Speak by Phone", asked_url="https://post.example/strait/12")
        html = _page("Harbour Ministers Speak by Phone", f"<h1>Harbour Ministers Speak by Phone</h1>{TEXT}")
        assert clean_page(html, "https://ministers.post.example/", hints=hints).verdict is None

    def test_another_address_of_the_article_is_no_redirect_to_a_section(self) -> None:
        hints = Hints(asked_url="https://post.example/strait/harbour-ministers/amp")
        html = _page("Ministers", f"<h1>Ministers</h1>{TEXT}")
        assert clean_page(html, "https://post.example/strait/harbour-ministers", hints=hints).verdict is None

    def test_the_front_page_that_was_asked_for_is_no_redirect(self) -> None:
        verdict = clean_page(
            _page("Post", CARDS), "https://post.example/", hints=Hints(asked_url=URL)
        ).verdict
        assert verdict is not None
        assert verdict.reason == "home-redirect"
        own = Hints(asked_url="https://post.example/")
        verdict = clean_page(_page("Post", CARDS), "https://post.example/", hints=own).verdict
        assert verdict is not None
        assert verdict.reason == "list-page"


@pytest.mark.parametrize(("name", "html"), HONEST, ids=[name for name, _ in HONEST])
@pytest.mark.parametrize("asked", [WALLED_URL, None], ids=["asked for", "address not known"])
def test_a_short_honest_page_is_an_article(name: str, html: str, asked: str | None) -> None:
    article = clean_page(html, WALLED_URL, hints=Hints(asked_url=asked))
    assert (article.verdict, article.completeness) == (None, Completeness.WHOLE)


@pytest.mark.parametrize(
    ("reason", "name", "html", "way"),
    MORE_WALLS,
    ids=[f"{reason}: {name}" for reason, name, _, _ in MORE_WALLS],
)
def test_a_bare_wall_is_told(reason: str, name: str, html: str, way: dict[str, str]) -> None:
    hints = Hints(asked_url=way.get("asked", WALLED_URL))
    article = clean_page(html, way.get("url", WALLED_URL), hints=hints)
    assert article.verdict is not None
    assert (article.verdict.reason, article.text) == (reason, "")
