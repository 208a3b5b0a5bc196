"""robots.txt by RFC 9309."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestd.fetch.robots import (
    MAX_DELAY_SECONDS,
    MAX_ROBOTS_BYTES,
    Robots,
    parse_robots,
    robots_url,
    rules_for_status,
)

SITE = "https://paper.example"


def allows(rules: str, path: str, agent: str = "ingestd") -> bool:
    return parse_robots(rules.encode(), agent).allows(SITE + path)


@pytest.mark.parametrize(
    ("rule", "path", "allowed"),
    [
        ("Disallow: /private", "/private/a", False),
        ("Disallow: /private", "/public", True),
        ("Disallow:", "/a", True),
        ("Disallow: /", "/robots.txt", True),
        ("Disallow: /*.pdf$", "/a/b.pdf", False),
        ("Disallow: /*.pdf$", "/a/b.pdf?x", True),
        ("Disallow: /*/print/", "/news/print/1", False),
        ("Disallow: /news\nAllow: /news/open", "/news/open/1", True),
        ("Allow: /news/open\nDisallow: /news", "/news/open/1", True),
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Disallow: /caf%C3%A9", "/café", False),
        ("Disallow: /café", "/caf%C3%A9", False),
        ("Disallow: /a # comment", "/a", False),
        ("Disallow: /search?q=", "/search?q=x", False),
        ("Disallow: /A", "/a", True),
    ],
)
def test_longest_rule_decides(rule: str, path: str, allowed: bool) -> None:
    assert allows(f"User-agent: *\n{rule}", path) is allowed


def test_own_group_replaces_the_general_one() -> None:
    rules = "User-agent: *\nDisallow: /\n\nUser-agent: Other\nUser-agent: INGESTD\nDisallow: /no"
    assert allows(rules, "/yes")
    assert not allows(rules, "/no")
    assert not allows(rules, "/yes", agent="somebody")


def test_groups_of_one_agent_are_joined() -> None:
    rules = (
        "User-agent: ingestd\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: ingestd\nDisallow: /b"
    )
    assert [allows(rules, path) for path in ("/a", "/b", "/c")] == [False, False, True]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("2.5", 2.5),
        ("0.25", 0.25),
        (" 7 # s", 7),
        ("inf", None),
        ("10", 10),
        ("0", 0),
        ("1e300", MAX_DELAY_SECONDS),
        ("nan", None),
        ("-1", None),
        ("x", None),
    ],
)
def test_crawl_delay(value: str, seconds: float | None) -> None:
    delay = parse_robots(f"User-agent: *\nCrawl-delay: {value}".encode()).crawl_delay
    assert delay == (None if seconds is None else timedelta(seconds=seconds))


def test_crawl_delay_of_another_agent_is_not_ours() -> None:
    assert parse_robots(b"User-agent: other\nCrawl-delay: 9").crawl_delay is None


def test_byte_order_mark_and_line_ends_of_all_systems() -> None:
    assert not parse_robots(b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /a\rAllow: /").allows(SITE + "/a")


def test_bytes_that_are_no_text_spoil_their_line_alone() -> None:
    robots = parse_robots(b"\xff\xfe\0\nUser-agent: *\nDisallow: /\xe4\0\nDisallow: /b\n")
    assert "\0" not in robots.text
    assert robots.allows(SITE + "/a")
    assert not robots.allows(SITE + "/b")


def test_what_lies_beyond_the_limit_is_not_read() -> None:
    head = b"User-agent: *\nDisallow: /a\n"
    filler = b"#" * (MAX_ROBOTS_BYTES - len(head) - 1) + b"\n"
    robots = parse_robots(head + filler + b"Disallow: /b\n")
    assert not robots.allows(SITE + "/a")
    assert robots.allows(SITE + "/b")


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_half_a_line_at_the_limit_is_not_read(end: bytes) -> None:
    """Or "Disallow: /private" would be "Disallow: /"."""
    head = b"\xef\xbb\xbfUser-agent: *" + end + b"Disallow: /a" + end
    filler = b"#" * (MAX_ROBOTS_BYTES - len(head) - len(end) - len(b"Disallow: /")) + end
    robots = parse_robots(head + filler + b"Disallow: /private" + end)
    assert not robots.allows(SITE + "/a")
    assert robots.allows(SITE + "/b")


def test_one_line_without_end_is_nothing() -> None:
    assert parse_robots(b"#" * (MAX_ROBOTS_BYTES + 1)).text == ""


def test_hostile_wildcards_are_matched_in_no_time() -> None:
    rules = "User-agent: *\n" + "Disallow: /" + "*a" * 2_000 + "b\n"
    assert allows(rules * 50, "/" + "a" * 5_000)


@given(st.binary(max_size=400))
def test_any_bytes_give_rules_that_can_be_stored_and_made_again(body: bytes) -> None:
    robots = parse_robots(body)
    assert "\0" not in robots.text
    assert Robots(robots.text) == robots
    assert robots.allows(SITE + "/a") == Robots(robots.text).allows(SITE + "/a")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://paper.example/a/b?c#d", "https://paper.example/robots.txt"),
        ("http://paper.example:8080", "http://paper.example:8080/robots.txt"),
        ("http://[::1]:81/x", "http://[::1]:81/robots.txt"),
    ],
)
def test_address_of_the_file(url: str, expected: str) -> None:
    assert robots_url(url) == expected


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_missing_file_allows_everything(status: int) -> None:
    assert rules_for_status(status).allows(SITE + "/a")


@pytest.mark.parametrize("status", [429, 500, 503, 599, None, 204])
def test_unreachable_file_disallows_everything(status: int | None) -> None:
    assert not rules_for_status(status).allows(SITE + "/a")
