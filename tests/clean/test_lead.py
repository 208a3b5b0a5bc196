"""The standfirst, and what else of the text stands between the headline and its box."""

from ingestd.clean import clean_page

from .pages import STORY

URL = "https://harbourpost.example/a/1"
TEXT = STORY.paragraphs
_BODY = "".join(f"<p>{one}</p>" for one in TEXT)
_HEADLINE = f"<h1>{STORY.title}</h1>"


def test_a_line_right_below_the_headline_need_be_no_sentence() -> None:
    html = f"<body><div><header>{_HEADLINE}<h2>Two ministers, one strait and a treaty of 1974</h2></header>"
    article = clean_page(f"{html}<div><i>By Ada Lark</i></div><div>{_BODY}</div></div></body>", URL)
    assert article.lead == "Two ministers, one strait and a treaty of 1974"
    assert article.paragraphs == TEXT


def test_a_byline_below_the_headline_is_none() -> None:
    html = (
        f"<body><div><header>{_HEADLINE}<p>By Ada Lark, our correspondent in the port of Orrin</p></header>"
    )
    assert clean_page(f"{html}<div>{_BODY}</div></div></body>", URL).lead is None


def test_the_introduction_of_a_live_blog_is_kept_however_far_above_the_entries() -> None:
    buttons = "".join(f"<li><a href='#{n}'>Key event {n}</a></li>" for n in range(30))
    intro = "".join(f"<p>{one}</p>" for one in TEXT[:2])
    told = tuple(f"At {n} o'clock: {one}" for n in range(1, 4) for one in TEXT[2:])
    entries = "".join(f"<article><h3>What came next</h3><p>{one}</p></article>" for one in told)
    html = (
        f"<body><div>{_HEADLINE}</div><div><ul>{buttons}</ul></div><div class='top'>{intro}</div>"
        f"<div class='live-entries'>{entries}</div></body>"
    )
    assert clean_page(html, URL).paragraphs[:2] == TEXT[:2]
