"""Credentials go to the host that they are meant for, and not in clear text over the network."""

import pytest

from ingestd.fetch.credentials import keeps_secrets, may_carry


@pytest.mark.parametrize(
    ("meant_for", "url", "may"),
    [
        ("https://a.example/feed", "https://a.example/feed?page=2", True),
        ("https://a.example/feed", "https://A.EXAMPLE:443/", True),
        ("http://a.example/feed", "https://a.example/feed", True),
        ("http://a.example/feed", "http://a.example/other", True),
        ("https://a.example/feed", "http://a.example/feed", False),
        ("https://a.example/feed", "https://www.a.example/feed", False),
        ("https://a.example/feed", "https://a.example.evil.example/feed", False),
        ("https://a.example/feed", "https://a.example:8443/feed", False),
        ("https://a.example:8443/feed", "http://a.example:8443/feed", False),
    ],
)
def test_same_host_and_never_down_to_clear_text(meant_for: str, url: str, may: bool) -> None:
    assert may_carry(meant_for, url) is may


@pytest.mark.parametrize(
    ("url", "keeps"),
    [
        ("https://a.example/", True),
        ("http://a.example/", False),
        ("http://localhost:8080/", True),
        ("http://a.localhost/", True),
        ("http://localhost.example/", False),
        ("http://127.0.0.1/", True),
        ("http://[::1]:8080/", True),
        ("http://192.168.1.1/", False),
    ],
)
def test_secrets_are_kept_by_tls_or_by_staying_on_this_machine(url: str, keeps: bool) -> None:
    assert keeps_secrets(url) is keeps
