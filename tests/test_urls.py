"""`ingestd.urls`"""

import pytest

from ingestd.urls import host_of, is_http, resolve, site_of, url_key, without_userinfo


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
        ("http://m.example.org/", "http://example.org/"),
    ],
)
def test_different_pages_have_different_keys(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


@pytest.mark.parametrize(
    "url", ["http://example.org/ü?q=ß", "http://bücher.example/%C3%BC", "http://example.org/a?b"]
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
