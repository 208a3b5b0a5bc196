"""What stands beside the box that has both the headline and the text, told without names."""

import pytest

from ingestd.clean import clean_page
from tests.samples import prose

from .pages import STORY, TEASERS

URL = "https://harbourpost.example/a/1"
TEXT = STORY.paragraphs


def _paragraphs(*columns: str) -> tuple[str, ...]:
    boxes = "".join(f"<div>{column}</div>" for column in columns)
    head = f"<title>{STORY.title}</title><meta property='og:type' content='article'>"
    html = f"<html><head>{head}</head><body><div>{boxes}</div></body></html>"
    return clean_page(html, URL).paragraphs


def _story(paragraphs: tuple[str, ...]) -> str:
    return f"<h1>{STORY.title}</h1>" + _p(paragraphs)


def _p(paragraphs: tuple[str, ...]) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def _teasers(address: str) -> str:
    """A column of them without a box for each, and with more to say than a short text."""
    told = zip(TEASERS * 3, prose("teasers", 12), strict=True)
    return "".join(
        f"<h3><a href='{address}/{number}'>{title}, number {number}</a></h3><p>{text}</p>"
        for number, ((title, _, _), text) in enumerate(told)
    )


SIDEBARS = {
    "a book and categories": "<div><h3>Fifty harbours</h3><p>“It is a light and clear book, easy to read and "
    "to dip into, and it offers what one wants to know.”</p><p>Mira Stein, keeper of the pier.</p><p>At each "
    "bookshop of the coast, and at our counter.</p></div><div><h3>All parts</h3><ul>"
    + "".join(f"<li><a href='/c/{n}'>Harbour {n}</a> ({n * 17})</li>" for n in range(12))
    + "</ul></div>",
    "who makes the paper": "<h3>Since 1911</h3><p>Most of our reports begin when readers write to us. Their "
    "letters send us out to the piers of both shores, in any weather.</p><h3>Desk</h3><ul>"
    + "".join(f"<li>{name} Arden</li>" for name in "Mira Jonas Ada Ilse Tomas Clara Rafe Nora".split())
    + "</ul>",
}

SIDEBARS["both"] = "".join(f"<div>{sidebar}</div>" for sidebar in SIDEBARS.values())


@pytest.mark.parametrize("sidebar", SIDEBARS.values(), ids=SIDEBARS.keys())
def test_a_sidebar_beside_headline_and_text_is_no_part_of_it(sidebar: str) -> None:
    assert _paragraphs(_story(TEXT[:5]), sidebar) == TEXT[:5]


def test_a_text_that_goes_on_in_a_second_box_is_whole() -> None:
    assert _paragraphs(_story(TEXT[:3]), _p(TEXT[3:])) == TEXT


def test_a_column_of_teasers_may_say_more_than_the_text() -> None:
    assert _paragraphs(_story(TEXT[:3]), _teasers("/b")) == TEXT[:3]


def test_a_list_of_links_to_other_sites_is_what_the_text_is_about() -> None:
    found = _paragraphs(_story(TEXT[:3]), _teasers("https://kestria.example"))
    assert len(found) > 8
