"""`ingestd.urls`"""

import string
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestd.urls import (
    believable,
    host_of,
    is_http,
    registrable,
    resolve,
    same_name,
    site_of,
    unwrap,
    url_key,
    without_userinfo,
)

STORY = "news.example/2026/11/ferry-runs-again"


@pytest.mark.parametrize(
    "spelling",
    [
        "https://example.org/news/1?a=1&b=2",
        "http://example.org/news/1?a=1&b=2",
        "https://www.example.org/news/1?b=2&a=1",
        "https://EXAMPLE.org:443/news/1/?a=1&b=2",
        "http://example.org:80//news//1?a=1&b=2#top",
        "https://example.org/news/1?utm_source=rss&a=1&utm_medium=x&b=2&fbclid=abc",
        "https://example.org./news/%31?a=1&b=2",
        "https://example.org/news/1;jsessionid=0A1B.node2?a=1&b=2",
        "https://example.org/news/1?PHPSESSID=abc&a=1&b=2&ASPSESSIONIDQQ=x",
        "https://example.org/(S(lit3py55t21z5v55vlm25s55))/news/1/Default.aspx?a=1&b=2",
        "https://example.org/news/1/index.html?a=1&b=2",
        "https://example.org/news/1?a=1&b=2&WT.mc_id=x&ref_src=twsrc%5Etfw&replytocom=7",
        "https://example.org/x/../news/./1?a=1&b=2&print=1",
    ],
)
def test_spellings_of_one_page_have_one_key(spelling: str) -> None:
    assert url_key(spelling) == "example.org/news/1?a=1&b=2"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://example.org/?p=1", "http://example.org/?p=2"),
        ("http://example.org/a%2Fb", "http://example.org/a/b"),
        ("http://example.org/A", "http://example.org/a"),
        ("http://example.org:8080/", "http://example.org/"),
        ("http://example.org/?q=%E9", "http://example.org/?q=%E8"),
        ("http://example.org/#!/story/1", "http://example.org/#!/story/2"),
        ("http://example.org/?ref=front", "http://example.org/"),
        # A front page or a section may be another one at such a host or path.
        ("http://m.example.org/", "http://example.org/"),
        ("http://m.example.org/sport", "http://example.org/sport"),
        ("http://example.org/music/amp", "http://example.org/music"),
        ("http://example.org/2026/amp", "http://example.org/2026"),
        ("http://example.org/20261122/amp", "http://example.org/20261122"),
        ("http://mobile.example.org/12345", "http://example.org/12345"),
        ("http://wap.example.org/12345.html", "http://example.org/12345.html"),
        # Nobody owns what would be left, or somebody else does.
        ("http://amp.co.uk/ferry-runs-again", "http://co.uk/ferry-runs-again"),
        ("http://m.blogspot.com/ferry-runs-again", "http://amp.blogspot.com/ferry-runs-again"),
        # Parameters that look idle and are not.
        ("http://example.org/?sid=1", "http://example.org/?sid=2"),
        ("http://example.org/?amp=6", "http://example.org/?amp=7"),
        ("http://example.org/?print=2025", "http://example.org/?print=2026"),
        ("http://example.org/?m=202607", "http://example.org/?m=202608"),
        ("http://example.org/a/index.php?id=1", "http://example.org/a/index.php?id=2"),
        ("http://example.org/index.php/a", "http://example.org/index.php/b"),
        # A service whose target is not in plain sight.
        ("https://feedproxy.google.com/~r/n/~3/a/", "https://feedproxy.google.com/~r/n/~3/b/"),
        (
            "https://news.google.com/rss/articles/CBMiA?oc=5",
            "https://news.google.com/rss/articles/CBMiB?oc=5",
        ),
        ("https://www.google.com/url?q=ferry", "https://www.google.com/url?q=bridge"),
    ],
)
def test_different_pages_have_different_keys(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/ü?q=ß",
        "http://bücher.example/%C3%BC",
        "http://example.org/a?b",
        "http://example.org/half-a-pair-\udc80",
        "https://m.amp.example.org/ferry-runs-again/index.html/amp//amp/?amp",
        "https://example.org:80/",
    ],
)
def test_a_key_does_not_change_when_it_is_made_again(url: str) -> None:
    assert url_key("http://" + url_key(url)) == url_key(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org",
        "https://under_score.example/x",
        "http://127.0.0.1:8080/",
        "http://[::1]/x",
        "http://bücher.example/",
    ],
)
def test_web_addresses_are_recognised(url: str) -> None:
    assert is_http(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/relative",
        "ftp://example.org/",
        "mailto:desk@example.org",
        "http:///path",
        "http://",
        "http://example.org:99999/",
        "http://a..b/",
        "http://xn--/",
        "http://[::1",
        "http://www.[::1]/",
        "http://[::1].example.org/",
        "http://[nonsense]/",
        "http://one.example\\@other.example/",
        "http://" + "a" * 300 + ".org/",
    ],
)
def test_what_cannot_be_asked_is_no_web_address(url: str) -> None:
    assert not is_http(url)


@pytest.mark.parametrize(
    ("base", "reference", "expected"),
    [
        ("http://example.org/a/b", "../c", "http://example.org/c"),
        ("http://example.org/a", "//other.example/x", "http://other.example/x"),
        ("http://example.org/a", " \n/b\t ", "http://example.org/b"),
        (None, "http://example.org/", "http://example.org/"),
        (None, "/b", None),
        ("http://example.org/", "", None),
        ("http://example.org/", None, None),
        ("http://example.org/", "javascript:void(0)", None),
        ("http://example.org/", "http://[", None),
    ],
)
def test_references_are_resolved_or_refused(
    base: str | None, reference: str | None, expected: str | None
) -> None:
    assert resolve(base, reference) == expected


def test_a_port_of_its_own_is_a_host_of_its_own() -> None:
    assert host_of("http://Example.org:80/x") == "example.org"
    assert host_of("https://example.org:8443/x") == "example.org:8443"
    assert host_of("http://[::1]:8080/") == "[::1]:8080"


def test_the_outlet_is_the_host_without_www() -> None:
    assert site_of("https://www.example.org/x") == "example.org"


def test_userinfo_is_taken_out_for_the_log() -> None:
    assert without_userinfo("http://user:secret@example.org/x") == "http://example.org/x"
    assert without_userinfo("http://example.org/x@y") == "http://example.org/x@y"


@pytest.mark.parametrize(
    "twin",
    [
        f"https://amp.{STORY}",
        f"https://m.{STORY}",
        f"https://mobile.{STORY}",
        f"https://touch.{STORY}",
        f"https://www.m.{STORY}/",
        f"https://{STORY}/amp",
        f"https://{STORY}/amp/",
        f"https://{STORY}.amp",
        f"https://{STORY}?amp",
        f"https://{STORY}?amp=1",
        f"https://{STORY}?outputType=amp",
        f"https://{STORY}/?noamp=mobile",
        f"https://amp.{STORY}/amp/?usqp=mq331AQ&amp_js_v=0.1",
        f"https://www.google.com/amp/s/www.{STORY}/amp/",
        f"https://www.google.co.uk/amp/s/{STORY}%3famp=1",
        f"http://www.google.de/amp/{STORY}",
        f"https://news-example.cdn.ampproject.org/c/s/{STORY}",
        f"https://news-example.cdn.ampproject.org/v/s/amp.{STORY}/?usqp=mq331AQ&amp_js_v=0.1",
        f"https://news-example.cdn.ampproject.org/wp/s/{STORY}",
        f"https://www.bing-amp.com/c/s/{STORY}",
        f"https://news-example.turbopages.org/news.example/s{STORY.removeprefix('news.example')}",
    ],
)
def test_another_rendering_of_an_article_has_its_key(twin: str) -> None:
    assert url_key(twin) == STORY


def test_an_amp_file_stands_beside_its_twin() -> None:
    assert url_key("https://news.example/ferry.amp.html") == "news.example/ferry.amp.html"
    assert url_key("https://news.example/ferry-runs-again.amp.html") == "news.example/ferry-runs-again.html"


PAGE = "https://paper.example/a?id=1&b=2"


@pytest.mark.parametrize(
    ("wrapped", "page"),
    [
        (f"https://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url={quote(PAGE, safe='')}&c=1", PAGE),
        (f"https://www.google.com/url?rct=j&sa=t&url={quote(PAGE, safe='')}&ct=ga&usg=x", PAGE),
        (f"https://www.google.co.uk/url?q={quote(PAGE, safe='')}", PAGE),
        (f"http://news.google.com/news/url?sa=t&fd=R&url={quote(PAGE, safe='')}", PAGE),
        (f"https://www.google.com/url?url={quote(quote(PAGE, safe=''), safe='')}", PAGE),
        (f"https://l.facebook.com/l.php?u={quote(PAGE, safe='')}&h=AT0", PAGE),
        (f"https://www.youtube.com/redirect?event=x&q={quote(PAGE, safe='')}", PAGE),
        (f"https://out.reddit.com/t3_x?url={quote(PAGE, safe='')}&token=y", PAGE),
        (f"https://eur01.safelinks.protection.outlook.com/?url={quote(PAGE, safe='')}&data=x", PAGE),
        (f"https://r.search.yahoo.com/_ylt=A/RV=2/RU={quote(PAGE, safe='')}/RK=2/RS=x-", PAGE),
        ("http://us.rd.yahoo.com/dailynews/rss/*http://paper.example/a", "http://paper.example/a"),
        ("http://go.theregister.com/feed/www.paper.example/2026/a/", "https://www.paper.example/2026/a/"),
        (f"https://feeds.feedblitz.com/~/t/0/0/paper/~{PAGE}", PAGE),
        ("https://rss.other.example/~/t/0/_/paper/~https:/paper.example/a", "https://paper.example/a"),
        (
            "https://l.facebook.com/l.php?u=" + quote(f"https://www.google.com/url?q={quote(PAGE)}", safe=""),
            PAGE,
        ),
    ],
)
def test_an_address_in_plain_sight_is_unwrapped(wrapped: str, page: str) -> None:
    assert unwrap(wrapped) == page
    assert url_key(wrapped) == url_key(page)


@pytest.mark.parametrize(
    "url",
    [
        PAGE,
        "https://www.google.com/url?q=javascript:alert(1)",
        "https://www.google.com/url?q=http://localhost/",
        "https://www.google.com/url",
        "https://www.google.com/amp/",
        "https://www.google.com/amp/s/nothing",
        "https://google.paper.example/url?q=http://other.example/",
        "https://paper.example/l.php?u=http://other.example/",
        "https://web.archive.org/web/2026/https://paper.example/a",
    ],
)
def test_what_carries_no_address_is_left_alone(url: str) -> None:
    assert unwrap(url) == url


@pytest.mark.parametrize(
    ("host", "owned"),
    [
        ("example.org", "example.org"),
        ("www.news.example.org", "example.org"),
        ("news.example.co.uk", "example.co.uk"),
        ("example.co.uk", "example.co.uk"),
        ("www.orf.at", "orf.at"),
        ("www.paper.blogspot.com", "paper.blogspot.com"),
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
    ],
)
def test_what_one_owner_registered_is_told_from_what_is_below(host: str, owned: str) -> None:
    assert registrable(host) == owned


@pytest.mark.parametrize(
    ("declared", "url"),
    [
        (f"https://{STORY}", f"https://wap.{STORY}"),
        ("https://news.example/ferry", "https://news.example/amp/ferry"),
        ("https://news.example/ferry", "https://news.example/ferry/print"),
        ("https://news.example/2026/11/ferry.html", "https://news.example/2026/11/ferry.html?m=1"),
        ("https://news.example/sport/ferry-runs-again", f"https://{STORY}"),
        ("https://news.example/sport/ferry-123456", "https://www.news.example/bridge-123456.html"),
        ("https://news.example/ferry-123456", "https://news.example/show.php?id=123456"),
        ("https://www.news.example.co.uk/ferry-runs-again", "https://app.example.co.uk/ferry-runs-again"),
    ],
)
def test_a_declared_address_is_believed_for_what_both_show(declared: str, url: str) -> None:
    assert believable(declared, url)


@pytest.mark.parametrize(
    ("declared", "url"),
    [
        ("https://news.example/", f"https://{STORY}"),
        ("https://news.example/", "https://m.news.example/"),
        ("https://news.example/2026/11", f"https://{STORY}"),
        ("https://news.example/bridge-opens-again", f"https://{STORY}"),
        ("https://other.example/2026/11/ferry-runs-again", f"https://{STORY}"),
        ("https://a.blogspot.com/ferry-runs-again", "https://b.blogspot.com/ferry-runs-again"),
        ("https://news.example/show.php", "https://news.example/show.php?id=123456"),
        ("https://news.example/20261122", "https://news.example/world/20261122"),
        ("https://news.example/a?id=12345&page=67890", "https://news.example/b?id=54321&page=67890"),
        ("https://news.example/5", "https://news.example/world/5"),
    ],
)
def test_a_declared_address_is_not_believed_for_less(declared: str, url: str) -> None:
    assert not believable(declared, url)


def test_a_name_is_told_at_another_host_too() -> None:
    assert same_name("https://old.example/2026/ferry-runs-again", f"https://{STORY}")
    assert not same_name("https://old.example/2026/ferry", "https://new.example/2026/ferry")


# ------------------------------------------------------------------------------- any address

_PIECES = (
    "www. m. amp. wap. google.com/amp/s/ cdn.ampproject.org/c/s/ l.facebook.com/l.php?u= "
    "www.google.com/url?q= https:// http:// "
    "https%3A%2F%2F news.example bücher.example co.uk 127.0.0.1 [::1] :80 :443 :8443 . "
    "/amp /index.html /ferry-runs-again /12345 .amp .html ;jsessionid=1 // /../ /~/t/ /~http:/ * "
    "? & amp=1 utm_source=x id=1 id= # #!a % %2F %3f %zz %E4 ü \udc80 \U0001f600 _ "
).split(" ")
ADDRESSES = st.one_of(
    st.lists(st.sampled_from(_PIECES), max_size=9).map("".join),
    st.text(st.sampled_from(string.printable + "ü中"), max_size=40),
).map("https://{}".format)


@settings(max_examples=400)
@given(ADDRESSES)
def test_any_address_has_a_key_that_is_its_own(url: str) -> None:
    if is_http(url):
        key = url_key(url)
        again = f"http://{key}"
        assert is_http(again)
        assert url_key(again) == key


@given(ADDRESSES)
def test_unwrapping_ends_at_an_address(url: str) -> None:
    if is_http(url):
        assert is_http(unwrap(url))


@given(ADDRESSES, ADDRESSES)
def test_any_two_addresses_can_be_compared(one: str, other: str) -> None:
    if is_http(one) and is_http(other):
        assert same_name(one, other) == same_name(other, one)
        assert believable(one, other) == believable(other, one)


def test_an_address_of_any_length_has_a_key_soon() -> None:
    for piece in ("/amp", "/index.html", ";jsessionid=1", "/a-b-c.amp", "/~/t/", "/(S(", "&amp=1", "%2F"):
        url = "https://m.news.example/ferry-runs-again" + piece * 20_000
        assert is_http("http://" + url_key(url))
        assert believable(url, url)
    long = "https://news.example/" + "long-" * 300
    assert url_key(f"{long}name/amp").endswith("/amp")
