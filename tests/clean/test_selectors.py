"""`ingestd.clean.selectors`: the same elements as any CSS engine finds, on any page in time."""

import pytest
from cssselect import HTMLTranslator

from ingestd.clean.selectors import MOST_SIBLINGS, outermost, select, why_unusable
from ingestd.clean.tree import parse_html
from tests.clean.test_rules import tree

PAGE = """<html><body><div class="a"><h2>x</h2><p>one</p><p class="b">two <a href="/x">l</a></p><ul><li>i</li>
<li>j<ul><li>k</li></ul></li></ul></div><div id="c"><div class="a b"><p>three</p></div><p>four</p></div>
<p>five</p><h2>y</h2><p>six</p></body></html>"""


@pytest.mark.parametrize(
    "css",
    [
        "p",
        "*",
        "div p",
        "div > p",
        "div.a > p + p",
        "h2 + p",
        "h2 ~ p",
        "div div p, ul ul li",
        "#c p",
        "body > div.a > ul > li > ul li",
        "p:not(.b)",
        "div:not(.a) > p",
        "li:nth-child(2)",
        "li:last-child li",
        "body div.a div p, div .b p, body div > div.b p",
        "div ul > li > ul li, body > div ul ul",
        "div:has(> p.b)",
        "p:has(a), div:has(h2)",
        "p:is(.b, #c)",
        "p:last-of-type",
        "div.a ~ div p",
        "a[href^='/']",
        "P.b A",
    ],
)
def test_what_is_found_is_what_is_found_from_the_left(css: str) -> None:
    root = tree(PAGE)
    # By cssselect alone, step by step from the left end.
    expected = root.xpath(HTMLTranslator().css_to_xpath(css))
    assert expected
    assert sorted(map(id, select(root, (css,)))) == sorted(map(id, expected))


def test_each_element_is_found_once() -> None:
    assert len(select(tree(PAGE), ("p", "div p", "p.b"))) == 6


def test_no_depth_makes_it_slow() -> None:
    # Followed from its left end, this would take minutes.
    inner = '<div class="a"><p>x</p></div>' * 10_000
    root = parse_html(f"<body>{'<div>' * 200}{inner}</body>")
    assert root is not None
    assert len(select(root, ("div p",))) == 10_000
    assert len(select(root, ("div .a > p",))) == 10_000
    assert select(root, ("ul div div div div div p",)) == []


def test_what_looks_at_neighbours_finds_nothing_among_too_many() -> None:
    few, many = (tree(f"<body>{'<p>x</p>' * count}</body>") for count in (MOST_SIBLINGS, MOST_SIBLINGS + 1))
    assert len(select(few, ("p + p",))) == MOST_SIBLINGS - 1
    assert select(many, ("p + p",)) == []
    assert len(select(many, ("p",))) == MOST_SIBLINGS + 1


def test_outer_elements_come_in_reading_order() -> None:
    root = tree(PAGE)
    found = select(root, ("h2", "li", "p"))
    assert [one.text for one in outermost(root, reversed(found))][:4] == ["x", "one", "two ", "i"]
    assert outermost(root, ()) == ()


@pytest.mark.parametrize("css", ["p", "div > p:has(a)", "li:nth-child(2n+1)"])
def test_what_can_be_used_is_not_refused(css: str) -> None:
    assert why_unusable(css) is None


@pytest.mark.parametrize("css", ["p >", "svg|a", ":scope > p", "p::before", "p:unheard-of", "a " * 3000])
def test_what_cannot_be_used_is_told(css: str) -> None:
    assert why_unusable(css)
