"""A second opinion on the text of a page, and trafilatura where that differs.

Witnesses in the order of their worth: the feed's full text, JSON-LD's copy, and resiliparse's cheap guess
where a page carries neither. A witness is no source: it lacks paragraphs, or has furniture of its own.
"""

import logging
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from ingestd.clean.tree import is_larger, was_too_deep
from ingestd.clean.walk import fold

# Both libraries take the square of some numbers: resiliparse 23 s for 40,000 nested elements, trafilatura 6 s
# for 20,000 links in one paragraph and 5.7 s for 100,000 paragraphs. The largest of 218 real pages has
# 1.7 million characters, 4,098 elements.
MOST_CHARACTERS = 3_000_000
MOST_ELEMENTS = 10_000
MOST_LINKS = 2_000


def is_fit(root: HtmlElement, html: str) -> bool:
    """Whether another library can be asked about a page without spending seconds on it."""
    return (
        len(html) <= MOST_CHARACTERS
        and not was_too_deep(root)
        and not is_larger(root, MOST_ELEMENTS)
        and next(islice(root.iter("a"), MOST_LINKS, None), None) is None
    )


def main_content(html: str) -> str:
    """What resiliparse takes for the main text of a page; "" when it fails."""
    from resiliparse.extract.html2text import extract_plain_text

    try:
        return str(extract_plain_text(html, main_content=True, alt_texts=False, list_bullets=False))
    except Exception:
        # A foreign library on hostile input may raise anything; the page has no witness then.
        return ""


def trafilatura_lines(html: str) -> list[str]:
    """The lines that trafilatura takes for the main text of a page; none when it fails."""
    import trafilatura

    # It logs a warning for each page without text, which is a verdict here and no event.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = trafilatura.bare_extraction(html, fast=True, include_comments=False, with_metadata=False)
    except Exception:
        return []
    body = getattr(found, "body", None)
    return [] if body is None else list(_lines(body))


def _lines(body: HtmlElement) -> Iterator[str]:
    for child in body.iterchildren():
        for element in (child, *child.iter("item", "cell", "p")):
            line = fold("".join(element.itertext()))
            if line:
                yield line
