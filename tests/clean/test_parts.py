"""Texts of short lines: none of them reads as a paragraph, and none of these pages names its boxes."""

import pytest

from ingestd.clean.extract import Evidence, Extraction, extract_text
from ingestd.clean.tree import blocks, parse_html

from .pages import STORY

URL = "https://harbourpost.example/a/1"
INTRO = STORY.paragraphs[:2]
NAMES = ("Ada Lark", "Jonas Arden", "Mirela Voss", "Tobias Kern", "Ines Calloway", "Pavel Dorn", "Greta Holm")
BOATS = tuple(f"{name} in the {boat}" for boat in ("Tern", "Gull", "Plover") for name in NAMES)
MENU = "".join(f"<li><a href='/m/{n}'>Section {n}</a></li>" for n in range(30))
TEASERS = "".join(
    f"<div><h4><a href='/{n}'>A headline that leads elsewhere {n}</a></h4><p>And what it is about.</p></div>"
    for n in range(4)
)


def _extract(inner: str) -> Extraction:
    intro = "".join(f"<p>{one}</p>" for one in INTRO)
    html = (
        f"<html><body><ul>{MENU}</ul>"
        f"<div><div><h1>The crews of the regatta</h1><div>{intro}</div>{inner}</div>"
        f"<h3>More</h3>{TEASERS}</div><div><ul>{MENU}</ul></div></body></html>"
    )
    root = parse_html(html)
    assert root is not None
    return extract_text(root, blocks(root), URL, Evidence(headlines=("The crews of the regatta",)), html)


class TestBesideTheIntroduction:
    @pytest.mark.parametrize("tag", ["div", "p", "li"])
    def test_many_lines_of_one_kind_go_on_with_the_text(self, tag: str) -> None:
        lines = "".join(f"<{tag}>{one}</{tag}>" for one in BOATS)
        around = "ul" if tag == "li" else "div"
        assert _extract(f"<{around}>{lines}</{around}>").paragraphs == (*INTRO, *BOATS)

    def test_so_do_questions_and_answers_that_are_the_same_time_and_again(self) -> None:
        answers = tuple(line for name in NAMES for line in (f"Will {name} be there?", "Ask at the quay."))
        boxes = "".join(f"<div>{one}</div>" for one in answers)
        assert _extract(f"<div>{boxes}</div>").paragraphs == (*INTRO, *answers)

    def test_names_with_a_link_each_are_an_index(self) -> None:
        items = "".join(f"<li><a href='/crew/{n}'>{one}</a></li>" for n, one in enumerate(BOATS))
        assert _extract(f"<div><ul>{items}</ul></div>").paragraphs == (*INTRO, *BOATS)

    def test_what_leads_to_other_sites_is_said_about_them(self) -> None:
        items = "".join(
            f"<div><h3><a href='https://club{n}.example/'>{one}</a></h3><div>Since {1900 + n}</div></div>"
            for n, one in enumerate(BOATS)
        )
        assert all(one in _extract(f"<div>{items}</div>").paragraphs for one in BOATS)


class TestWhatIsNone:
    def test_a_form_is_none(self) -> None:
        options = "".join(f"<div>{one}</div>" for one in BOATS)
        assert _extract(f"<div>{options}<input type='text'></div>").paragraphs == INTRO

    def test_headlines_of_the_site_are_none(self) -> None:
        items = "".join(
            f"<li><a href='/{n}'>What {one} says of the races</a></li>" for n, one in enumerate(BOATS)
        )
        assert _extract(f"<div><ul>{items}</ul></div>").paragraphs == INTRO

    def test_what_says_the_same_in_each_line_is_none(self) -> None:
        items = "".join(
            f"<li><a href='/u/{n}'>Keel {n}</a> keeps this story for later</li>" for n in range(20)
        )
        assert _extract(f"<div><ul>{items}</ul></div>").paragraphs == INTRO

    def test_the_menu_of_a_site_is_none(self) -> None:
        names = [*BOATS[:-2], "Terms of Use", "About us"]
        items = "".join(f"<li><a href='/crew/{n}'>{one}</a></li>" for n, one in enumerate(names))
        assert _extract(f"<div><ul>{items}</ul></div>").paragraphs == INTRO

    def test_neither_is_a_list_that_is_small_beside_the_text(self) -> None:
        lines = "".join(f"<div>{one}</div>" for one in BOATS[:7])
        text = "".join(f"<p>{one}</p>" for one in STORY.paragraphs)
        html = f"<html><body><div><h1>Crews</h1><div>{text}</div><div>{lines}</div></div></body></html>"
        root = parse_html(html)
        assert root is not None
        assert extract_text(root, blocks(root), URL, Evidence(), html).paragraphs == STORY.paragraphs
