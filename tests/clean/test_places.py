"""Structure alone tells text from furniture: no name in these pages says anything."""

import json

import pytest

from ingestd.clean import lines
from ingestd.clean.extract import Evidence, Extraction, extract_text
from ingestd.clean.tree import blocks, parse_html

from .pages import STORY

URL = "https://harbourpost.example/a/1"
STORY_TEXT = STORY.paragraphs


def _p(paragraphs: tuple[str, ...]) -> str:
    return "".join(f"<p>{one}</p>" for one in paragraphs)


def _extract(body: str, evidence: Evidence | None = None) -> Extraction:
    html = f"<html><body>{body}</body></html>"
    root = parse_html(html)
    assert root is not None
    return extract_text(root, blocks(root), URL, evidence or Evidence(), html)


TEXT = f"<div class='a'><h1>Boats</h1><div class='b'>{_p(STORY_TEXT)}</div>"


def _comment(number: int) -> str:
    said = "I have lived at the harbour for years and I have never seen so many boats at once."
    head = f"<b>Jonas {number}</b><div>3 May 2024</div>"
    return f"<div class='c c{number}'>{head}<p>{said} {number}.</p><i>Reply</i></div>"


class TestUnits:
    def test_below_a_text_they_are_comments(self) -> None:
        found = _extract(TEXT + "".join(map(_comment, range(40))) + "</div>")
        assert found.paragraphs == STORY_TEXT

    @pytest.mark.parametrize(
        "names", [("c odd first", "c even", "c odd", "c even last"), ("row", "rowAlt") * 2]
    )
    def test_every_second_one_may_be_named_otherwise(self, names: tuple[str, ...]) -> None:
        comments = "".join(_comment(n).replace(f"c c{n}", name) for n, name in enumerate(names))
        assert _extract(f"{TEXT}{comments}</div>").paragraphs == STORY_TEXT
        sections = "".join(
            f"<div class='{name}'><h2>Part {n}</h2><p>{STORY_TEXT[n]}</p></div>"
            for n, name in enumerate(names)
        )
        assert set(STORY_TEXT[:4]) <= set(_extract(f"<main><h1>Boats</h1>{sections}</main>").paragraphs)

    def test_of_a_thread_the_first_is_the_text(self) -> None:
        posts = "".join(
            f"<div class='c{n}'><div>Jonas {n}</div><div>Joined: May 2009</div><p>{one}</p></div>"
            for n, one in enumerate(STORY_TEXT)
        )
        assert STORY_TEXT[0] in _extract(f"<div>{posts}</div>").paragraphs
        assert STORY_TEXT[3] not in _extract(f"<div>{posts}</div>").paragraphs

    def test_teasers_are_none_of_it(self) -> None:
        cards = "".join(
            f"<div class='t'><h3><a href='/{n}'>A headline that leads elsewhere {n}</a></h3>"
            f"<p>What one can read there is the story of a lighthouse and its keepers, part {n}.</p></div>"
            for n in range(6)
        )
        assert _extract(f"{TEXT}<div>{cards}</div></div>").paragraphs == STORY_TEXT

    def test_with_dates_they_may_say_far_more_than_the_text(self) -> None:
        cards = "".join(
            f"<div><h3><a href='/{n}'>A headline that leads elsewhere {n}</a></h3><p>{one}</p>"
            f"<i>{n} May 2024</i></div>"
            for n, one in enumerate(STORY_TEXT, 1)
        )
        short = f"<div><h1>Boats</h1>{_p(STORY_TEXT[1:3])}</div>"
        assert _extract(f"<div>{short}<div>{cards}</div></div>").paragraphs == STORY_TEXT[1:3]

    def test_the_things_that_a_list_is_about_bear_a_year_at_most(self) -> None:
        films = "".join(
            f"<div><h3><a href='/{n}'>A film about a lighthouse {n}</a></h3><i>{2000 + n}, 90 min</i>"
            f"<p>{one}</p></div>"
            for n, one in enumerate(STORY_TEXT[1:])
        )
        found = _extract(f"<div><h1>Films</h1><p>{STORY_TEXT[0]}</p><div>{films}</div></div>")
        assert set(STORY_TEXT[1:]) <= set(found.paragraphs)

    @pytest.mark.parametrize(
        ("below", "is_text"),
        [
            (
                "<img src='{n}.jpg'><h3><a href='/{n}'>A headline that leads elsewhere</a></h3><p>{one}</p>",
                False,
            ),
            (
                "<h3><a href='/{n}'>A headline that leads elsewhere</a></h3><p>{one}</p><i>May 3, 2024</i>",
                False,
            ),
            ("<b>Jonas {n}</b><p>{one}</p><i>Reply</i>", False),
            ("<h3><a href='/{n}'>A lighthouse worth the journey</a></h3><p>{one}</p>", True),
            ("<h3>The lighthouse of Orrin</h3><img src='{n}.jpg'><p>{one}</p>", True),
        ],
    )
    def test_two_of_them_need_a_picture_or_a_date_or_an_answer(self, below: str, is_text: bool) -> None:
        others = tuple(one.replace("e", "o") for one in STORY_TEXT[:2])
        pair = "".join(f"<div class='t'>{below.format(n=n, one=one)}</div>" for n, one in enumerate(others))
        found = _extract(f"<div><h1>Boats</h1>{_p(STORY_TEXT)}{pair}</div>")
        assert (set(others) <= set(found.paragraphs)) is is_text
        assert set(STORY_TEXT) <= set(found.paragraphs)

    def test_a_chronicle_is_a_text(self) -> None:
        days = tuple(f"On this day {one[0].lower()}{one[1:]}" for one in STORY_TEXT)
        entries = "".join(
            f"<div class='d'><div>{n} May 2024</div><p>{one}</p></div>" for n, one in enumerate(days, 1)
        )
        found = _extract(f"<div><h1>Boats</h1>{_p(STORY_TEXT[:3])}{entries}</div>")
        assert set(days) <= set(found.paragraphs)

    def test_a_list_of_things_sold_elsewhere_is_a_text(self) -> None:
        things = "".join(
            f"<div class='t'><h3><a href='https://shop.example/{n}'>A thing worth its price {n}</a></h3>"
            f"<p>{one}</p></div>"
            for n, one in enumerate(STORY_TEXT)
        )
        intro = "<p>We have tried all of these for a week in the harbour of Orrin.</p>"
        found = _extract(f"<div><h1>Boats</h1>{intro}{things}</div>")
        assert set(STORY_TEXT) <= set(found.paragraphs)


class TestApart:
    def test_an_author_box_after_the_text_is_none_of_it(self) -> None:
        said = "Ada Lark has written about boats for this paper since she was nineteen."
        box = f"<div class='x'><p>{said}</p></div>"
        assert _extract(f"{TEXT}{box}</div>").paragraphs == STORY_TEXT

    def test_a_caption_between_the_paragraphs_is_none_of_it(self) -> None:
        half = _p(STORY_TEXT[:4]), _p(STORY_TEXT[4:])
        said = "The pier at night, as one sees it from the ferry."
        caption = f"<div class='x'><div><img src='a.jpg'></div><div>{said}</div></div>"
        assert _extract(f"<div><h1>Boats</h1>{half[0]}{caption}{half[1]}</div>").paragraphs == STORY_TEXT

    @pytest.mark.parametrize("name", ["", " class='s'"])
    def test_sections_are_one_text(self, name: str) -> None:
        sections = "".join(f"<div{name}><h2>{n}</h2><p>{one}</p></div>" for n, one in enumerate(STORY_TEXT))
        assert set(STORY_TEXT) <= set(_extract(f"<main><h1>Boats</h1>{sections}</main>").paragraphs)

    def test_a_text_cut_in_two_is_put_together(self) -> None:
        parts = f"<div class='i'>{_p(STORY_TEXT[:3])}</div><div class='m'>{_p(STORY_TEXT[3:])}</div>"
        assert _extract(f"<div><div><h1>Boats</h1>{parts}</div></div>").paragraphs == STORY_TEXT

    def test_the_story_with_the_headline_is_taken_of_several(self) -> None:
        other = tuple(one.replace("e", "o") for one in STORY_TEXT)
        stories = "".join(
            f"<article><h1>{title}</h1><time>May 3</time>{_p(text)}</article>"
            for title, text in (("Bells", other), ("Boats", STORY_TEXT), ("Ropes", other[::-1]))
        )
        assert _extract(f"<main>{stories}</main>", Evidence(headlines=("Boats",))).paragraphs == STORY_TEXT


class TestCopies:
    def test_the_end_of_a_copy_is_the_end_of_the_text(self) -> None:
        note = "<p>The harbour office is closed on Mondays and on all days of mourning of the islands.</p>"
        page = f"<div><h1>Boats</h1>{_p(STORY_TEXT)}{note}</div>"
        found = _extract(page, Evidence(article_body=" ".join(STORY_TEXT)))
        assert (found.paragraphs, found.witness) == (STORY_TEXT, "json-ld")
        cut_off = " ".join(STORY_TEXT)[:-40]
        assert len(_extract(page, Evidence(article_body=cut_off)).paragraphs) == len(STORY_TEXT) + 1

    def test_json_ld_stands_in_for_a_page_that_gives_little(self) -> None:
        found = _extract("<div><p>Please wait.</p></div>", Evidence(article_body="\n".join(STORY_TEXT)))
        assert (found.paragraphs, found.from_json_ld) == (STORY_TEXT, True)

    @pytest.mark.parametrize(
        "script", ["<script type='application/json'>{}</script>", "<script>x = {};</script>"]
    )
    def test_so_does_the_state_of_scripts_that_has_the_headline(self, script: str) -> None:
        state = json.dumps({"page": {"title": "Boats", "blocks": [{"text": one} for one in STORY_TEXT]}})
        page = f"<div id='root'></div>{script.replace('{}', state)}"
        assert _extract(page, Evidence(headlines=("Boats",))).paragraphs == STORY_TEXT
        assert _extract(page, Evidence(headlines=("Bells",))).paragraphs == ()


class TestShortPages:
    @pytest.mark.parametrize(
        "body",
        [
            "<h1>Concert</h1><p>Friday, 8 pm, Old Customs House. Tickets at the door.</p>",
            "<h1>渡轮停航</h1><p>因大雾，今天上午所有渡轮停航，预计下午恢复。</p>",
            "<p>The harbour of Orrin was closed on Friday.</p>",
        ],
    )
    def test_a_line_or_two_come_out(self, body: str) -> None:
        assert len(_extract(body, Evidence(headlines=("Concert", "渡轮停航"))).paragraphs) == 1


def test_a_wrong_choice_is_mended_where_a_witness_knows_better(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "keep_to_places", lambda text: text.drop(text.chosen()[2:]))
    found = _extract(f"{TEXT}</div>", Evidence(feed_text="\n\n".join(STORY_TEXT)))
    assert (found.paragraphs, found.extractor, found.witness) == (STORY_TEXT, "own", "feed")
