"""What boxes call themselves, and when that is believed."""

import pytest

from ingestd.clean.boilerplate import prose_weight
from ingestd.clean.marks import CAPTION, COMMENTS, HIDDEN, META, RELATED, WORDS, kind_of_names, marks
from ingestd.clean.tree import parse_html
from ingestd.clean.walk import blocks

from .pages import STORY

TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in STORY.paragraphs)
LONG = STORY.paragraphs[0]


def _marks(
    body: str, headlines: frozenset[str] = frozenset(), *, names: bool = True
) -> dict[str, str | None]:
    root = parse_html(f"<html><body>{body}</body></html>")
    assert root is not None
    lines = blocks(root)
    prose = [prose_weight(line.text, line.linked) for line in lines]
    return dict(zip((line.text for line in lines), marks(lines, prose, headlines, names=names), strict=True))


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ("related-articles", RELATED),
        ("ArticleBody_relatedLinks__x7Jd", RELATED),
        ("mw-comments comments-area", COMMENTS),
        ("newsletterBox", "aside"),
        ("post-meta", META),
        ("plainlinks metadata ambox", META),
        ("wp-caption-text", CAPTION),
        ("has-sidebar", None),
        ("tag-newsletter category-sponsored", None),
        ("md:float-left w-[30ch]", None),
        ("article-body", None),
        ("cmp-text", None),
    ],
)
def test_names_tell_what_a_box_holds(names: str, kind: str | None) -> None:
    assert kind_of_names(names) == kind


def test_the_words_are_sorted_and_stand_once() -> None:
    words = [word for one in WORDS for word in one.words.split()]
    assert len(words) == len(set(words))
    assert [one.kind for one in WORDS] == sorted(one.kind for one in WORDS)
    assert all(one.words.split() == sorted(one.words.split()) for one in WORDS)


class TestForgiveness:
    def test_a_box_that_holds_the_text_is_forgiven_and_what_is_in_it_judged_by_itself(self) -> None:
        found = _marks(
            f"<div class='sidebar-grid'>{TEXT}<div class='share'>Tell others</div></div><p>{LONG}!</p>"
        )
        assert found[STORY.paragraphs[1]] is None
        assert found["Tell others"] == "aside"

    def test_many_boxes_of_one_name_are_forgiven_together(self) -> None:
        boxes = "".join(f"<div class='promo'><p>{paragraph}</p></div>" for paragraph in STORY.paragraphs)
        assert set(_marks(boxes).values()) == {None}

    def test_comments_longer_than_the_text_are_not_forgiven(self) -> None:
        found = _marks(f"<article>{TEXT}</article><div class='comments'><p>{'So it is. ' * 500}</p></div>")
        assert found[("So it is. " * 500).strip()] == COMMENTS

    def test_where_nothing_else_is_said_comments_are_the_text(self) -> None:
        assert set(_marks(f"<div class='comments'>{TEXT}</div>").values()) == {None}

    def test_beside_verse_comments_are_none_of_the_text(self) -> None:
        verse = "".join(f"<p>Down to the harbour we went, {number} of us all</p>" for number in range(12))
        found = _marks(f"<div>{verse}</div><div class='comments'>{TEXT}</div>")
        assert (found[LONG], found["Down to the harbour we went, 7 of us all"]) == (COMMENTS, None)
        assert _marks(f"<div>{verse[:150]}</div><div class='comments'>{TEXT}</div>")[LONG] is None

    def test_what_holds_the_articles_own_headline_is_no_furniture(self) -> None:
        body = f"<div class='related-wrapper'><h1>Boats</h1>{TEXT}<a href='/x'>More</a></div><p>{LONG}?</p>"
        assert _marks(body)[LONG] is None

    def test_related_boxes_lead_somewhere(self) -> None:
        found = _marks(
            f"{TEXT}<div class='related'><p>One.</p></div><div class='related'><a href='/2'>Two</a></div>"
        )
        assert (found["One."], found["Two"]) == (None, RELATED)

    def test_the_second_tab_is_shown_when_one_asks(self) -> None:
        first, second = STORY.paragraphs[:3], STORY.paragraphs[3:]
        panels = (
            f"<div role='tabpanel'>{''.join(f'<p>{one}</p>' for one in first)}</div>"
            f"<div role='tabpanel' style='display:none'>{''.join(f'<p>{one}</p>' for one in second)}</div>"
        )
        assert set(_marks(panels).values()) == {None}
        assert _marks(f"{TEXT}<div style='display:none'><p>{LONG}!</p></div>")[f"{LONG}!"] == HIDDEN


def test_without_names_tags_and_comments_are_still_known() -> None:
    body = (
        f"{TEXT}<aside><p>{LONG}!</p></aside><div class='promo'>Buy</div><div class='comments'>So it is</div>"
    )
    found = _marks(body, names=False)
    assert (found[f"{LONG}!"], found["Buy"], found["So it is"]) == ("aside", None, COMMENTS)


def test_a_figure_with_a_table_is_no_picture() -> None:
    found = _marks(
        f"{TEXT}<figure><table><tr><td>Cod</td><td>3</td></tr></table></figure><figure>A boat</figure>"
    )
    assert (found["Cod"], found["A boat"]) == (None, CAPTION)


def test_a_table_of_boxes_to_tick_is_no_part_of_the_text() -> None:
    rows = "".join(
        f"<tr><td><input type='checkbox'>Ward {number}<td>{number} ill" for number in ("one", "two", "three")
    )
    task = "<table><tr><td><input type='checkbox' checked>Mend the net</table>"
    found = _marks(f"{TEXT}<table>{rows}</table>{task}")
    assert (found["Ward two"], found["two ill"], found["Mend the net"]) == ("aside", "aside", None)
    assert set(_marks(f"<table>{rows}<tr><td>{TEXT}</table>").values()) == {None}


@pytest.mark.parametrize(("opening", "kind"), [(LONG, None), (TEXT, CAPTION)])
def test_slides_that_are_numbered_are_of_one_name(opening: str, kind: str | None) -> None:
    """Their captions are the text where there is less text elsewhere, and captions beside a text."""
    slides = [f"{LONG[:119]} the {number} boat." for number in ("first", "second", "third")]
    body = "".join(
        f"<figure class='slide slide-{at}'><figcaption class='note'><p>{text}</p></figcaption></figure>"
        for at, text in enumerate(slides)
    )
    found = _marks(f"<p>{opening}</p>{body}")
    assert [found[text] for text in slides] == [kind] * len(slides)


def test_pieces_of_hashed_names_say_nothing() -> None:
    assert kind_of_names("css-1ad2x x07ad3f") is None
    assert kind_of_names("ad-slot2") is not None
