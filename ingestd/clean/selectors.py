"""CSS selectors on a tree, at a cost that no page can drive up much.

cssselect follows a selector from its left end, "div p" becoming "all divs, all that is in them, of those the
p": on a page of 20,000 divs within 200 others that takes minutes, because libxml2 merges what it finds
at every step. Here it is read from its right end, as browsers do: all p, of those the ones in a div.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import cast

from cssselect import HTMLTranslator, SelectorError
from cssselect.xpath import XPathExpr
from lxml import etree
from lxml.html import HtmlElement

# What looks from one child of an element to the others takes the square of their number or more. Where there
# are more than so many, it finds nothing.
MOST_SIBLINGS = 1000
_AMONG_SIBLINGS = re.compile(r"[~+]|:(?:nth|last|first|only)-")


class _Compound(XPathExpr):
    """One part of a selector, with what has to stand above it."""

    # XPath of an ancestor that it must have; "" for none. It comes last: the nearest ancestor that is
    # right by itself has all the ancestors of the others, so none but that one need be looked at.
    above = ""

    def __str__(self) -> str:
        return super().__str__() + (f"[{self.above}]" if self.above else "")

    def nearest(self) -> str:
        """XPath of the nearest ancestor that is this."""
        return f"ancestor::{super().__str__()}[1]" + (f"[{self.above}]" if self.above else "")


class _Translator(HTMLTranslator):
    """Everything on the left of a combinator becomes a condition on what is on its right."""

    xpathexpr_cls = _Compound

    def xpath_descendant_combinator(self, left: XPathExpr, right: XPathExpr) -> XPathExpr:
        assert isinstance(left, _Compound)
        assert isinstance(right, _Compound)
        right.above = left.nearest()
        return right

    def xpath_child_combinator(self, left: XPathExpr, right: XPathExpr) -> XPathExpr:
        return right.add_condition(f"parent::{left}")

    def xpath_direct_adjacent_combinator(self, left: XPathExpr, right: XPathExpr) -> XPathExpr:
        return right.add_condition(f"preceding-sibling::*[1][self::{left}]")

    def xpath_indirect_adjacent_combinator(self, left: XPathExpr, right: XPathExpr) -> XPathExpr:
        return right.add_condition(f"preceding-sibling::{left}")


def why_unusable(css: str) -> str | None:
    """What is wrong with a selector; None when it can be used."""
    if ":scope" in css:
        return "a page has no scope"
    try:
        # What only shows when it is applied is a prefix that no HTML has, as in "svg|a".
        _compiled(css)(etree.Element("html"))
    except (SelectorError, etree.XPathError) as error:
        return str(error).rstrip(".")
    except RecursionError:
        return "it is nested too deeply"
    return None


def select(root: HtmlElement, selectors: Iterable[str]) -> list[HtmlElement]:
    """The elements that any of the selectors finds, each once."""
    found: dict[HtmlElement, None] = {}
    for css in selectors:
        if _AMONG_SIBLINGS.search(css) and any(len(one) > MOST_SIBLINGS for one in root.iter()):
            continue
        try:
            found.update(dict.fromkeys(cast("list[HtmlElement]", _compiled(css)(root))))
        except etree.XPathError:
            # libxml2 gives up on a page that is too much for it; the page is then cleaned without this.
            continue
    return list(found)


def outermost(root: HtmlElement, elements: Iterable[HtmlElement]) -> tuple[HtmlElement, ...]:
    """Those that are within no other of them, in the order of the document."""
    wanted = set(elements)
    outer = {one for one in wanted if not any(around in wanted for around in one.iterancestors())}
    return tuple(one for one in root.iter() if one in outer) if outer else ()


@lru_cache(maxsize=1000)
def _compiled(css: str) -> etree.XPath:
    return etree.XPath(_Translator().css_to_xpath(css))
