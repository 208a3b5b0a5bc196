"""Where a text ends: what is a scrap after it, and what is said in short lines to its very end."""

import pytest

from ingestd.clean import clean_page

from .pages import STORY

URL = "https://harbourpost.example/a/1"
TEXT = STORY.paragraphs
_BODY = "".join(f"<p>{one}</p>" for one in TEXT)


def _paragraphs(after: str) -> tuple[str, ...]:
    return clean_page(f"<body><div><h1>{STORY.title}</h1>{_BODY}{after}</div></body>", URL).paragraphs


def test_a_short_line_after_the_text_is_a_scrap() -> None:
    assert _paragraphs("<p>The editors</p>") == TEXT


def test_many_short_lines_are_a_part_of_the_text() -> None:
    crew = tuple(f"Ada Lark {n}, Orrin" for n in "ABCDEFGHIJ")
    assert _paragraphs("".join(f"<p>{one}</p>" for one in crew)) == (*TEXT, *crew)


def test_below_the_heading_of_teasers_they_are_none() -> None:
    teasers = "".join(f"<p>The Harbour in Winter {n}</p>" for n in range(10))
    assert _paragraphs(f"<p>Read next</p>{teasers}") == TEXT


def test_below_the_count_of_comments_nothing_is_the_articles() -> None:
    said = "".join(
        f"<div><b>{n}</b><p>I have lived here for years and never seen one.</p></div>" for n in "ABC"
    )
    assert _paragraphs(f"<h3>3 comments</h3>{said}") == TEXT


_ANSWERS = "".join(
    f"<div class='a'><b>{name}</b> <i>{hour} hours ago</i><p>I have lived here for {hour} years, and the "
    "nets were never cut before the boats came.</p><div>Reply</div></div>"
    for hour, name in enumerate(("Bo", "Cy", "Di", "Ed", "Fay"), 2)
)
_BANNED = ("oaths", "knots", "gulls", "nets for sale", "second helpings", "whistling")
_RULE = "Whoever writes here keeps a civil tongue, as one does at the counter of the harbour office."


def test_below_what_readers_wrote_a_box_is_none_of_the_text() -> None:
    rules = "".join(f"<div>{n}.</div><div>No {what} on this board</div>" for n, what in enumerate(_BANNED))
    box = f"<div class='r'><h3>About this board</h3><p>{_RULE}</p><p>16 members</p>{rules}</div>"
    question = f"<div class='q'><h2>Nets</h2><div><p>{TEXT[0]} {TEXT[2]}</p></div></div>"
    page = f"<title>Nets</title><div>{question}<div>{_ANSWERS}</div>{box}</div>"
    assert clean_page(page, URL).paragraphs == (f"{TEXT[0]} {TEXT[2]}",)


def test_the_text_goes_on_below_letters_that_it_quotes() -> None:
    half = ("".join(f"<p>{one}</p>" for one in part) for part in (TEXT[:4], TEXT[4:]))
    page = f"<body><div><h1>{STORY.title}</h1>{next(half)}<div>{_ANSWERS}</div>{next(half)}</div></body>"
    found = clean_page(page, URL).paragraphs
    assert set(TEXT) <= set(found)


def test_a_short_question_with_many_answers_is_the_text() -> None:
    row = "<tr class='c'><td><div><a href='/u'>{0}</a> <a href='/i'>{1} hours ago</a> <a>next</a></div>"
    said = (
        "<span>My aunt has kept {1} boats in {0}, and none of them was ever late.</span><p><a>reply</a></p>"
    )
    harbours = ("Orrin", "Valmora", "Kestria", "Tarn", "Ostwick", "Greve", "Lunde", "Skarn", "Holm", "Varde")
    rows = "".join(
        f"{row}{said}</td></tr>".format(*one) for one in zip(harbours * 3, range(2, 32), strict=True)
    )
    question = f"<table><tr><td><a href='/q'>Nets</a></td></tr><tr><td><div>{TEXT[0]}</div></td></tr></table>"
    page = f"<title>Nets | Boats</title><table><tr><td>{question}<br><table>{rows}</table></td></tr></table>"
    assert clean_page(page, URL).paragraphs == TEXT[:1]


_WRITTEN_BY = "<meta name='author' content='Ada Lark'>"
_NOTE = "is the author of two books about eels, and has mended nets for most of her life."


def _signed(last: str) -> tuple[str, ...]:
    page = (
        f"<html><head>{_WRITTEN_BY}</head><body><h1>{STORY.title}</h1><div>{_BODY}{last}</div></body></html>"
    )
    return clean_page(page, URL).paragraphs


@pytest.mark.parametrize(
    "note",
    [
        f"<p><em>Ada Lark {_NOTE}</em></p>",
        f"<p><b>Ada Lark</b> {_NOTE}</p>",
        f"<p><i><a href='/lark'>Ada Lark</a> {_NOTE}</i></p><p><i>She lives on the quay.</i></p>",
        f"<p>Our correspondent Ada Lark {_NOTE}</p>",
        f"<div>Ada Lark, nets editor</div><p>She {_NOTE}</p>",
    ],
)
def test_a_note_on_the_author_is_no_part_of_the_text(note: str) -> None:
    assert _signed(note) == TEXT


@pytest.mark.parametrize(
    "last",
    [
        "<p>Ada Lark asked the harbour office for an answer and was told to wait until Monday.</p>",
        "<p><em>Ada Lark owns shares of the Quay Ferry Company, which is named in this story.</em></p>",
        "<p>The harbour office told the painter <em>Ada Lark</em> to wait for an answer until Monday.</p>",
        "<p><em>Orrin Vale has asked the harbour office for an answer and was told to wait.</em></p>",
    ],
)
def test_what_is_told_of_the_author_is_text(last: str) -> None:
    assert len(_signed(last)) == len(TEXT) + 1


def test_who_is_named_in_the_text_is_not_introduced_at_its_end() -> None:
    last = "<p><em>Ada Lark</em> has asked the harbour office for an answer, and was told to wait.</p>"
    told = "<p>It was Ada Lark who had seen the boats on Friday, before anybody else was on the quay.</p>"
    assert len(_signed(told + TEXT[0].join(("<p>Then she said: ", "</p>")) + last)) == len(TEXT) + 3


def _ending_in(last: str) -> tuple[str, ...]:
    page = (
        f"<html><head><title>Boats</title></head><body><h1>Boats</h1><div>{_BODY}{last}</div></body></html>"
    )
    return clean_page(page, URL).paragraphs


_ASKED = "<p>Who has a question about nets can reach the desk at noon.</p>"


def test_a_sentence_under_the_only_label_of_a_text_is_a_note() -> None:
    assert _ending_in(f"<div>The nets desk</div>{_ASKED}") == TEXT


@pytest.mark.parametrize(
    "label",
    ["<h3>The nets desk</h3>", "<p><b>The nets desk</b></p>", "<p>The nets desk:</p>"],
    ids=["a heading", "in bold", "with a colon"],
)
def test_a_label_that_belongs_to_what_follows_keeps_it(label: str) -> None:
    assert len(_ending_in(f"{label}{_ASKED}")) == len(TEXT) + 2
