"""A proxy is what the configuration says, and its credentials are never shown."""

import pytest

from ingestd.fetch.client import Settings
from ingestd.fetch.proxy import Proxy, parse_proxy


def test_none_means_no_proxy() -> None:
    assert parse_proxy("none") is None


@pytest.mark.parametrize(
    ("text", "proxy"),
    [
        ("http://proxy.example:3128", Proxy("http", "proxy.example", 3128)),
        ("https://127.0.0.1:8443/", Proxy("https", "127.0.0.1", 8443)),
        ("http://[::1]:3128", Proxy("http", "::1", 3128)),
        (
            "http://me:p%40ss%C3%A9@proxy.example:1",
            Proxy("http", "proxy.example", 1, (b"me", "p@ssé".encode())),
        ),
        ("socks5://127.0.0.1:1080", Proxy("socks5", "127.0.0.1", 1080)),
        ("socks5h://me:x@[::1]:1080", Proxy("socks5h", "::1", 1080, (b"me", b"x"))),
        ("http://me@proxy.example:1", Proxy("http", "proxy.example", 1, (b"me", b""))),
    ],
)
def test_address_is_understood(text: str, proxy: Proxy) -> None:
    assert parse_proxy(text) == proxy


@pytest.mark.parametrize(
    "text",
    [
        "",
        "proxy.example:3128",
        "ftp://proxy.example:21",
        "socks4://proxy.example:1080",
        "http://proxy.example",
        "http://:3128",
        "http://proxy.example:99999",
        "http://proxy.example:3128/path",
        "http://proxy.example:3128?x",
        "http://me:hunter2@proxy.example",
    ],
)
def test_what_is_no_proxy_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"http://proxy\.example:3128") as caught:
        Settings(proxy=text)
    assert "hunter2" not in str(caught.value)


def test_credentials_that_no_socks_proxy_can_be_told_are_refused() -> None:
    with pytest.raises(ValueError, match="255 bytes"):
        parse_proxy(f"socks5://me:{'x' * 256}@proxy.example:1080")


def test_credentials_are_not_printed() -> None:
    proxy = parse_proxy("http://me:hunter2@proxy.example:3128")
    assert proxy is not None
    assert str(proxy) == "http://proxy.example:3128"
    assert "http://proxy.example:3128" in proxy.limits
    assert "hunter2" not in f"{proxy!r} {proxy} {proxy.limits}"
