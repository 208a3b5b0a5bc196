"""Where a text ends: what is a scrap after it, and what is said in short lines to its very end."""

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
