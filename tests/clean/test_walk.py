"""Lines, links, boxes and pictures as the walk finds them."""

import pytest

from ingestd.clean.tree import parse_html
from ingestd.clean.walk import MOST_LINES, Block, blocks


def _blocks(body: str) -> list[Block]:
    root = parse_html(f"<html><body>{body}</body></html>")
    assert root is not None
    return blocks(root)


def _texts(body: str) -> list[str]:
    return [line.text for line in _blocks(body)]


class TestLines:
    def test_inline_elements_set_no_spaces_and_line_breaks_set_one(self) -> None:
        assert _texts("<p>un<b>break</b>able<br>harbour</p>") == ["unbreakable harbour"]

    def test_two_line_breaks_end_a_paragraph_whatever_white_space_is_between(self) -> None:
        assert _texts("<div>One.<br> \n <br>Two.<br>Still two.</div>") == ["One.", "Two. Still two."]

    def test_soft_hyphens_and_zero_width_characters_are_taken_out(self) -> None:
        assert _texts("<p>light\u00adhouse\u200b keeper\ufeff</p>") == ["lighthouse keeper"]

    def test_preformatted_text_keeps_its_line_breaks_and_indents(self) -> None:
        assert _texts("<pre>\n  \nif tide:\n    wait()\n</pre>") == ["if tide:\n    wait()"]

    def test_what_only_screen_readers_are_given_is_left_out(self) -> None:
        assert _texts("<p>Boats <span class='sr-only'>(opens a window)</span>sail.</p>") == ["Boats sail."]
        assert _texts("<p>Boats <i>sail</i>.</p><p class='small sr-only'>Skip</p>") == ["Boats sail."]

    @pytest.mark.parametrize(
        "note",
        ["Opens a new window", "(opens in new tab)", "(öffnet in neuem Fenster)", "(nouvelle fenêtre)"],
    )
    def test_what_a_link_opens_is_no_text(self, note: str) -> None:
        assert _texts(f"<p>They <a href='/x'>sail<span class='x'> {note} </span></a>.</p>") == ["They sail."]

    @pytest.mark.parametrize("mark", ["[12]", "3", "<span>[</span>a<span>]</span>", "*"])
    def test_what_leads_to_a_note_is_no_text(self, mark: str) -> None:
        assert _texts(f"<p>They sail.<sup class='r'><a href='#n12'>{mark}</a></sup></p>") == ["They sail."]

    def test_raised_signs_that_are_said_are_text(self) -> None:
        line = (
            "<p>5 m<sup>2</sup>, the 2<sup><a href='/b'>nd</a></sup>, x<sup><a href='#a'>power</a></sup></p>"
        )
        assert _texts(line) == ["5 m2, the 2nd, xpower"]

    def test_a_new_window_that_a_sentence_is_about_is_told(self) -> None:
        line = "The baker opens a new window in May."
        assert _texts("<p>The baker <span>opens a new window</span> in May.</p>") == [line]

    def test_a_note_that_comes_up_over_the_text_is_left_out(self) -> None:
        note = "<sup>[1]</sup><span class='footnote_tooltip'>Or so the log of the pier has it.</span>"
        assert _texts(f"<p>Boats{note} sail.</p>") == ["Boats[1] sail."]

    def test_every_line_of_a_heading_has_the_headings_tag(self) -> None:
        assert [line.tag for line in _blocks("<h2><div>Boats</div></h2>")] == ["h2"]

    def test_the_address_of_a_heading_is_no_part_of_it(self) -> None:
        assert _texts("<h2>Nets<a class='headerlink' href='#nets'>¶</a></h2>") == ["Nets"]

    def test_a_question_that_is_a_button_in_a_heading_is_read(self) -> None:
        assert _texts("<h2><button>Who may fish?</button></h2><button>Go</button>") == ["Who may fish?"]

    def test_navigation_is_skipped_unless_it_was_never_closed(self) -> None:
        assert _texts("<nav><a href='/'>Home</a></nav><p>Text.</p>") == ["Text."]
        assert _texts("<nav><a href='/'>Home</a><article><p>Text.</p></article>") == ["Home", "Text."]

    def test_what_is_said_without_scripts_counts_only_where_nothing_else_is_said(self) -> None:
        said = "<noscript><p>Text.</p></noscript>"
        assert _texts(said) == ["Text."]
        assert _texts(f"<p>{'Long text. ' * 60}</p>{said}") == [("Long text. " * 60).strip()]

    def test_a_page_of_nothing_but_lines_is_cut_off(self) -> None:
        found = _blocks("<p>x" * (MOST_LINES + 5))
        assert len(found) == MOST_LINES
        assert found[0].box.parent is not None
        assert found[0].box.parent.end == MOST_LINES


class TestLinks:
    def test_offsets_are_those_of_the_folded_text(self) -> None:
        (line,) = _blocks("<p> The  <a href='/a'> old\n pier </a>and <a href='/b'>nets</a>.</p>")
        assert line.text == "The old pier and nets."
        assert [(line.text[start:end], href) for start, end, href in line.links] == [
            ("old pier", "/a"),
            ("nets", "/b"),
        ]
        assert line.linked == len("old piernets")

    def test_a_link_around_several_lines_is_a_link_in_each(self) -> None:
        lines = _blocks("<a href='/a'><h3>Boats</h3><div>They sail.</div></a><p>Text.</p>")
        assert [(line.text, line.linked) for line in lines] == [
            ("Boats", 5),
            ("They sail.", 10),
            ("Text.", 0),
        ]

    def test_a_line_that_is_one_link_and_white_space(self) -> None:
        (line,) = _blocks("<div>\n <a href='/a'> Old\n <b>pier</b></a>\n</div>")
        assert (line.text, line.links) == ("Old pier", ((0, 8, "/a"),))

    def test_a_link_with_nothing_in_it_leaves_no_trace(self) -> None:
        (line,) = _blocks("<div><a href='/a'> </a></div><p><a href='/b'></a>Boats</p>")
        assert (line.text, line.links) == ("Boats", ())

    def test_an_anchor_without_an_address_is_no_link(self) -> None:
        (line,) = _blocks("<p><a name='top'>Boats</a></p>")
        assert (line.linked, line.links) == (0, ())

    def test_offsets_in_preformatted_text(self) -> None:
        (line,) = _blocks("<pre>\n a <a href='/b'>b</a> c</pre>")
        ((start, end, _),) = line.links
        assert line.text[start:end] == "b"


def test_a_box_knows_its_lines() -> None:
    lines = _blocks("<p>One.</p><div><p>Two.</p><p>Three.</p></div><p>Four.</p>")
    box = lines[1].box.parent
    assert box is not None
    assert [line.text for line in lines[box.first : box.end]] == ["Two.", "Three."]


def test_a_picture_belongs_to_the_line_after_it() -> None:
    first, second = _blocks("<p>One.</p><img src='a.jpg'><p>Two.</p>")
    assert (len(first.pictures), [one.get("src") for one in second.pictures]) == (0, ["a.jpg"])
