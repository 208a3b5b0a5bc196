"""`ingestd.clean.rules`: which rules apply to a page, what they do to it, and what is refused."""

import pickle
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement

from ingestd.clean.rules import (
    LONGEST_LINE,
    RuleBook,
    SiteRule,
    SiteRules,
    read_line_pattern,
    read_path,
    read_selector,
    read_site,
)
from ingestd.clean.tree import blocks, parse_html
from ingestd.values import Unusable

PAGE = """
<html><head><meta name="when" content=" 2026-11-20T10:15 "></head><body>
<h1>The <em>ferry</em> is back</h1><p class="by">By <a>Jane Roe</a> and <a>John Doe</a></p>
<time datetime="2026-11-20">yesterday</time><time>today</time>
<div class="story"><p>One.</p><aside>Sign up.</aside>tail<div class="story"><p>Two.</p></div></div>
<div class="more"><p>Three.</p></div>
</body></html>
"""


def tree(text: str = PAGE) -> HtmlElement:
    root = parse_html(text)
    assert root is not None
    return root


def rule(host: str = "a.example", **values: Any) -> SiteRule:
    return SiteRule(host, "for a test", **values)


def rules(**values: Any) -> SiteRules:
    return SiteRules((rule(**values),))


def texts(root: HtmlElement) -> list[str]:
    return [line.text for line in blocks(root)]


# ------------------------------------------------------------------------------- which apply


@pytest.mark.parametrize(
    ("url", "applies"),
    [
        ("https://a.example/x", True),
        ("http://www.a.example/x", True),
        ("https://sport.A.example:8443/x?y", True),
        ("https://a.example", True),
        ("https://ba.example/x", False),
        ("https://a.example.org/x", False),
        ("https://example/x", False),
        ("ftp://a.example/x", False),
        ("", False),
    ],
)
def test_a_rule_is_about_its_host_and_those_below(url: str, applies: bool) -> None:
    assert (RuleBook((rule(),)).for_url(url) is not None) is applies
    assert (RuleBook((rule(),)).about(url) is not None) is applies


@pytest.mark.parametrize(
    ("path", "url", "applies"),
    [
        ("/live/", "/live/1", True),
        ("/live/", "/live", False),
        ("/live/", "/x/live/1", False),
        ("/*/live/", "/sport/live/1", True),
        ("/*/live/", "/live/1", False),
        ("/a*b*c", "/axxbyyc/d", True),
        ("/a*b*c", "/axxcyyb", False),
        ("/übung", "/%C3%BCbung/1", True),
        ("/", "", True),
    ],
)
def test_a_rule_may_be_about_some_paths_alone(path: str, url: str, applies: bool) -> None:
    book = RuleBook((rule(path=path),))
    assert (book.for_url("https://a.example" + url) is not None) is applies
    assert book.about("https://a.example" + url) is not None


def test_the_most_specific_rule_decides_and_all_of_them_drop() -> None:
    book = RuleBook(
        (
            rule(keep=("body",), drop=("aside",), title="h2"),
            rule(path="/live/", drop_lines=("One.",), keep=("div.more",)),
            rule("b.example", drop=("p",)),
        )
    )
    found = book.for_url("https://www.a.example/live/1")
    assert found is not None
    assert found.because == "for a test; for a test"
    root = tree()
    assert [one.get("class") for one in found.container(root)] == ["more"]
    assert found.prune(root) == 1
    assert found.drops("One.")
    # The more specific one does not say where the headline stands.
    assert found.stated(root, "title") == ()
    assert book.for_url("https://c.example/") is None


def test_a_rule_of_a_subdomain_is_the_more_specific_one() -> None:
    book = RuleBook((rule(path="/a/long/path/", title="h2"), rule("sport.a.example", title="h1")))
    found = book.for_url("https://sport.a.example/a/long/path/1")
    assert found is not None
    assert found.stated(tree(), "title") == ("The ferry is back",)


def test_what_a_worker_is_handed_is_small_and_can_be_pickled() -> None:
    book = RuleBook(tuple(rule(f"h{number}.example", drop=("aside",)) for number in range(1000)))
    handed = pickle.dumps(book.about("https://www.h7.example/x"))
    assert len(handed) < 600
    assert pickle.loads(handed).for_url("https://h7.example/").prune(tree()) == 1


# ------------------------------------------------------------------------------- what they do


def test_kept_elements_come_in_reading_order_and_none_within_another() -> None:
    found = rules(keep=("div.more", "div.story")).container(tree())
    assert [one.get("class") for one in found] == ["story", "more"]


def test_a_page_without_them_has_no_container() -> None:
    assert rules(keep=("div.nothing",)).container(tree()) == ()
    assert rules(drop=("p",)).container(tree()) == ()


def test_what_is_dropped_leaves_the_text_behind_it() -> None:
    root = tree()
    assert rules(drop=("div.story aside", "div.more, div.more p")).prune(root) == 3
    assert texts(root)[-3:] == ["One.", "tail", "Two."]


def test_the_page_itself_is_never_dropped() -> None:
    root = tree()
    rules(drop=("*",)).prune(root)
    assert root.tag == "html"
    assert texts(root) == []


@pytest.mark.parametrize("css", ["p ~ p", "p + p", "p:nth-child(2)", "p:last-of-type"])
def test_a_page_cannot_make_a_selector_run_for_ever(css: str) -> None:
    paragraphs = "<p>x</p>" * 100_000
    assert rules(drop=(css,)).prune(tree(f"<body>{paragraphs}</body>")) == 0
    assert rules(drop=(css,)).prune(tree("<body><p>x</p><p>x</p></body>")) == 1


def test_lines_are_dropped_as_wholes() -> None:
    some = rules(drop_lines=("(?i)read more: .+", "Photo"))
    assert some.drops("READ MORE: the harbour")
    assert some.drops("Photo")
    assert not some.drops("Photos")
    assert not some.drops("To read more: the harbour")
    assert not some.drops("Read more: " + "x" * LONGEST_LINE)


def test_fields_are_read_where_a_rule_says() -> None:
    some = rules(title="h1", authors="p.by a", date="time", lead="p.none")
    assert some.stated(tree(), "title") == ("The ferry is back",)
    assert some.stated(tree(), "authors") == ("Jane Roe", "John Doe")
    assert some.stated(tree(), "date") == ("2026-11-20", "today")
    assert some.stated(tree(), "lead") == ()
    assert rules(date="meta[name=when]").stated(tree(), "date") == ("2026-11-20T10:15",)
    assert rules().stated(tree(), "title") == ()


def test_whoever_writes_a_rule_sees_what_it_finds() -> None:
    root = tree()
    some = rules(keep=("div.story",), drop=("aside", "b"), drop_lines=(".+wo[.]", "x"), title="h1")
    found = {(one.key, one.written): (one.count, one.first) for one in some.hits(root, texts(root))}
    assert found == {
        ("keep", "div.story"): (2, "One.Sign up.tailTwo."),
        ("drop", "aside"): (1, "Sign up."),
        ("drop", "b"): (0, ""),
        ("title", "h1"): (1, "The ferry is back"),
        ("drop_lines", ".+wo[.]"): (1, "Two."),
        ("drop_lines", "x"): (0, ""),
    }
    assert "Sign up." in texts(root)


# ------------------------------------------------------------------------------- what is refused


def test_hosts_are_written_in_one_way() -> None:
    assert read_site(" WWW.A.Example ") == "a.example"
    assert read_site("münchen.example") == "xn--mnchen-3ya.example"
    assert read_site("localhost") == "localhost"


@pytest.mark.parametrize(
    "host", ["", "*", "*.a.example", "https://a.example/", "a.example/x", "a.example:80", 3]
)
def test_what_is_no_host_is_refused(host: object) -> None:
    with pytest.raises(Unusable):
        read_site(host)


@pytest.mark.parametrize("path", ["", "live", "https://a.example/", "/a?b", "/a#b", 3])
def test_what_is_no_path_is_refused(path: object) -> None:
    with pytest.raises(Unusable):
        read_path(path)


@pytest.mark.parametrize(
    "css", ["", " ", "p >", "p::first-line", "svg|a", "p:unheard-of", "div[", "p," * 9, "a " * 3000, 3]
)
def test_what_is_no_selector_is_refused(css: object) -> None:
    with pytest.raises(Unusable):
        read_selector(css)


@pytest.mark.parametrize(
    "css", ["p", "div.a > p:has(b)", "p:not(.x):nth-child(2n+1)", "a[href^='/x'], h2 + ul"]
)
def test_selectors_are_taken_as_they_are(css: str) -> None:
    assert read_selector(f" {css} ") == css
    rules(drop=(css,)).prune(tree())


@pytest.mark.parametrize("written", ["", "(", "a**", "[[a]", "(?z)", "x{99999999999}", "\\", 3, "a\nb"])
def test_what_is_no_pattern_is_refused(written: object) -> None:
    with pytest.raises(Unusable):
        read_line_pattern(written)


@pytest.mark.parametrize("written", [".*", ".+", "x?", "(?:Photo)?", "[^a]+", "|x"])
def test_what_matches_any_line_is_refused(written: str) -> None:
    with pytest.raises(Unusable, match="matches any line"):
        read_line_pattern(written)


@pytest.mark.parametrize(
    "written",
    [
        "(a+)+",
        "(?:a|ab)*c",
        "((?:a+))*x",
        "(?P<x>a*b?){2,}x",
        "(?i:a+)+x",
        "(a{1,3})+x",
        "(aa?)+x",
        "(?:x(?:a+))+y",
        "(?>a+)+x",
        "x(a+){3}",
        ".*a.*b.*c.*d",
        r"[^a]+x\S+y.+z\W+",
        r"[]a]x(a+)+",
        "(?<=x)(a+)+",
    ],
)
def test_what_could_run_for_ever_is_refused(written: str) -> None:
    with pytest.raises(Unusable, match="too long"):
        read_line_pattern(written)


@pytest.mark.parametrize(
    "written",
    [
        "(?i)read (more|also): .+",
        r"Stand: \d+\.\d+\.\d+, \d+:\d+ Uhr",
        r"\(a+\)+",
        "[(]a+[)]+",
        "(x{5}){3}",
        r"(?:[0-9]{1,3}\.){3}[0-9]+",
        "(a++)*x",
        "(?# a+ again)x+",
        "(?P<q>['\"]).+(?P=q)",
        "a{b}+",
        "(?:ab)+",
        ".*Photo.*:.*",
    ],
)
def test_what_cannot_is_taken(written: str) -> None:
    assert read_line_pattern(written) == written


@given(st.text("ab(|)*+?{}12,[^]\\.:=<>P!#i", max_size=12))
def test_any_text_is_a_pattern_or_refused(written: str) -> None:
    try:
        taken = read_line_pattern(written)
    except Unusable:
        return
    assert re.compile(taken)


@given(st.text("apdiv.#[]>+~:()*=\"' ,nth-child1", max_size=15))
def test_any_text_is_a_selector_or_refused(written: str) -> None:
    try:
        taken = read_selector(written)
    except Unusable:
        return
    rules(drop=(taken,), keep=(taken,)).prune(tree())
