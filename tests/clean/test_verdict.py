"""Pages that are no article, and articles that look like such pages."""

import pytest

from ingestd.clean import Hints, clean_page
from ingestd.clean.verdict import REASONS, refuse

from .pages import STORY

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
