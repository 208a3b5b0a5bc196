"""What is text and what is furniture by where it stands; what it says is tested with the phrases."""

import json
from collections.abc import Callable

import pytest
import trafilatura

from ingestd.clean import clean_page

from .pages import STORY

URL = "https://harbourpost.example/a/1"
TEXT = STORY.paragraphs


def _page(body: str, head: str = "") -> str:
    return f"""<html><head><title>Boats</title>{head}</head><body><header><a href="/">Home</a></header>
    {body}<footer><p>© 2026 Harbour Post</p></footer></body></html>"""


def _p(paragraphs: tuple[str, ...] = TEXT) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def _woven(between: str) -> str:
    """The story with something between its third and fourth paragraph."""
    return _page(f"<article><h1>Boats</h1>{_p(TEXT[:3])}{between}{_p(TEXT[3:])}</article>")


def _paragraphs(html: str) -> tuple[str, ...]:
    return clean_page(html, URL).paragraphs


FURNITURE = {
    "a field to write in": "<div class='bx'><p><b>The morning in five minutes</b></p><p>What matters every "
    "weekday at seven, sent to you.</p><input type='email'><button>Go</button></div>",
    "a field in a row of its own": "<div class='bx'><p>What matters every weekday at seven, sent to you.</p>"
    "<div><input placeholder='Address'></div></div>",
    "a bold label and a line": "<div class='bx'><p><strong>DO YOU LIKE THIS?</strong></p>"
    "<p>Our page on the Chatterboard has more of it.</p></div>",
    "a heading and a line": "<div><h4>On the Chatterboard</h4><p>Our page there has more of it.</p></div>",
    "a picture and its caption": "<div class='pic'><img src='a.jpg'><div class='txt'>The pier at night, seen "
    "from the ferry – by Ada Lark</div></div>",
    "a caption that is a paragraph": "<div><img src='a.jpg'><p>The pier of Orrin at night, as those see it "
    "who come from the islands with the last ferry.</p></div>",
    "a caption in a row below its picture": "<table><tr><th><img src='a.jpg'></th></tr><tr><td>The pier of "
    "Orrin at night, as those see it who come from the islands with the last ferry.</td></tr></table>",
    "a caption in a cell with its picture": "<table><tr><td><img src='a.jpg'><br>The pier of Orrin at night, "
    "seen from the ferry.</td></tr></table>",
    "a headline that is a link, alone": "<h4><a href='/2'>Lighthouse of Orrin to be painted</a></h4>",
    "what is stated of the text": "<p>12/10/2018 – Posted by: Ada Lark – Filed under: Boats – Tags: nets</p>",
    "a cloud of tags": "<p>" + ", ".join(f"<a href='/t/{n}'>harbour {n}</a>" for n in range(40)) + "</p>",
    "a link set apart in bold": "<p><strong>Relive <a href='/live/1'>the day of the talks at the "
    "harbour, with your questions</a>.</strong></p>",
    "an aside by its role": "<div role='complementary'><p>The pier was built in the year of the great "
    "storm and has been rebuilt twice.</p></div>",
    "a heading of furniture": "<h3>From our shop</h3><div class='promo'><p>A net of good hemp costs eleven "
    "crowns at the counter of this newspaper.</p></div><h3>Talks</h3>",
    "what is hidden": "<p hidden>Whoever copies this page by machine will find that this sentence is in the "
    "copy as well.</p>",
    "what is not shown": "<p style='display: none'>Whoever copies this page by machine will find that this "
    "sentence is in the copy.</p>",
}


@pytest.mark.parametrize("between", FURNITURE.values(), ids=FURNITURE.keys())
def test_furniture_between_the_paragraphs_is_known_by_its_shape(between: str) -> None:
    wanted = (*TEXT[:3], "Talks", *TEXT[3:]) if "Talks" in between else TEXT
    assert _paragraphs(_woven(between)) == wanted


PART_OF_THE_TEXT = {
    "a heading": "<h3>Talks in spring</h3>",
    "a heading in a wrapper": "<div class='sub'><h3>Talks in spring</h3></div>",
    "a heading below a way to another story": "<p><b>Related: The Old Light</b></p><h3>Talks in spring</h3>",
    "a quotation": "<blockquote>We shall see in spring.</blockquote>",
    "a list": "<ul><li>The boats stay in the harbour.</li><li>The nets are mended.</li></ul>",
    "a list with two links in each item": "<ul><li><a href='/1'>Nets and Boats</a> – "
    "<a href='/2'>Ada Lark</a></li><li><a href='/3'>The Old Light</a> – <a href='/4'>Ilse Rehn</a></li></ul>",
    "a sentence that ends in a link": "<p>So said <a href='/2'>the mayor of Orrin, whose town kept the light "
    "for two hundred years</a>.</p>",
    "a question in bold with a link": "<p><strong>And what of <a href='/3'>the book that you wrote about the "
    "harbour</a>?</strong></p>",
    "a paragraph left out by the library": "<div>The mayor of Orrin said that nobody had asked the town, "
    "which has kept the light for two hundred years.</div>",
    "a line beside a picture": "<table><tr><td><img src='a.jpg'></td><td>Nobody had asked the mayor of "
    "Orrin, who keeps the key of the light.</td></tr></table>",
    "a paragraph in a box of its own": "<div class='widget'><p>The mayor of Orrin said that nobody had asked "
    "the town, which has kept the light for two hundred years.</p></div>",
}


@pytest.mark.parametrize("between", PART_OF_THE_TEXT.values(), ids=PART_OF_THE_TEXT.keys())
def test_what_belongs_to_the_text_stays(between: str) -> None:
    found = _paragraphs(_woven(between))
    assert len(found) == len(TEXT) + between.count("</li>") + (1 if "<li>" not in between else 0)


CARDS = "".join(
    f"<div class='c'><h3><a href='/{number}'>{text[:60]}</a></h3><p>{text[:140]}.</p></div>"
    for number, text in enumerate(reversed(TEXT[:4]))
)

ACCOUNT = (
    "Your account keeps the stories that you want to read on the ferry, on every device that you own.",
    "It also keeps a list of whatever you have read, shared and answered, so that you find it again.",
    "Nothing of what you do in your account is shown to others, unless you have asked us to show it.",
    "Whoever has none yet may ask for one at the counter of this newspaper, or write us a letter.",
)

LAYOUTS = {
    "sections": _page(
        f"<div><h1>Boats</h1><section>{_p(TEXT[:2])}</section><section>{_p(TEXT[2:5])}</section>"
        f"<section>{_p(TEXT[5:])}</section></div>"
    ),
    "main alone": f"<title>Boats</title><main><h1>Boats</h1>{_p()}</main>",
    "one name of furniture": _page(
        "<div><h1>Boats</h1>" + "".join(f"<div class='related'>{_p((p,))}</div>" for p in TEXT) + "</div>"
    ),
    "a name of furniture for half of it": _page(
        f"<div><h1>Boats</h1>{_p(TEXT[:3])}"
        + "".join(f"<div class='related'>{_p((p,))}</div>" for p in TEXT[3:])
        + "</div>"
    ),
    "many names of furniture": _page(
        "<div><h1>Boats</h1>"
        + "".join(f"<div class='x{n} related'>{_p((p,))}</div>" for n, p in enumerate(TEXT))
        + "</div>"
    ),
    "a form around the page": _page(f"<form><h1>Boats</h1><div>{_p()}</div><input></form>"),
    "an account above the headline": _page(
        f"<div id='acc'>{_p(ACCOUNT)}</div><div id='w'><h1>Boats</h1><div>{_p()}</div></div>"
    ),
    "most of it above the headline": _page(
        f"<div>{_p(TEXT[:4])}</div><div><h1>Boats</h1>{_p(TEXT[4:])}</div>"
    ),
    "teasers below": _page(f"<div id='s'><h1>Boats</h1>{_p()}</div>{CARDS}"),
    "tags below": _page(
        f"<div><h1>Boats</h1>{_p()}<div>"
        + ", ".join(f"<a href='/t/{n}'>harbour {n}</a>" for n in range(40))
        + "</div></div>"
    ),
}


@pytest.mark.parametrize("html", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_the_story_comes_out_of_every_layout(html: str) -> None:
    assert _paragraphs(html) == TEXT


def _finds_nothing(*_: object, **__: object) -> None:
    return None


def _fails(*_: object, **__: object) -> None:
    raise RecursionError


@pytest.mark.parametrize("broken", [_finds_nothing, _fails])
@pytest.mark.parametrize("html", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_page_with_paragraphs_has_a_text_whatever_becomes_of_the_library(
    html: str, broken: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trafilatura, "bare_extraction", broken)
    assert _paragraphs(html) == TEXT


LOG = tuple(
    f"Boat {number} left with {7 * number} nets, met boat {11 * number} and brought {13 * number} fish."
    for number in range(10, 24)
)


@pytest.mark.parametrize(("aside", "is_asked"), [("", False), (_p(LOG), True)])
def test_the_library_is_asked_for_what_a_copy_has_only_if_the_page_says_it(
    aside: str, is_asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(trafilatura, "bare_extraction", lambda html, **_: asked.append(html))
    copy = json.dumps({"@type": "NewsArticle", "articleBody": " ".join((*TEXT, *LOG))})
    head = f"<script type='application/ld+json'>{copy}</script>"
    body = f"<article><h1>Boats</h1>{_p()}</article><div class='sidebar'>{aside}</div>"
    assert _paragraphs(_page(body, head)) == TEXT
    assert bool(asked) is is_asked


LEAD = "Two states that share a strait have begun to talk again about boats, nets and an old lighthouse."


@pytest.mark.parametrize(
    ("head", "above"),
    [
        ("", f"<h1>Boats</h1><div class='intro'><h2>{LEAD}</h2></div>"),
        (f"<meta name='description' content='{LEAD[:70]}…'>", f"<div class='intro'><p>{LEAD}</p></div>"),
        (
            f"<meta name='description' content='{LEAD}'>",
            f"<h1>Boats</h1><div><p>{LEAD}</p></div><div><h3>From the first page</h3></div>",
        ),
        ("", f"<article><header><h1>Boats</h1><p>Ada Lark</p><p>{LEAD}</p></header>"),
    ],
    ids=[
        "all that stands below the headline",
        "the description, cut off",
        "one of two lines",
        "in the header",
    ],
)
def test_a_standfirst_apart_from_the_text_is_the_lead(head: str, above: str) -> None:
    body = f"{above}<div class='tools'>Ada Lark</div><div class='b'>{_p()}</div>"
    article = clean_page(_page(body, head), URL)
    assert (article.lead, article.paragraphs) == (LEAD, TEXT)


def test_of_several_lines_above_the_text_the_one_that_is_the_description_is_the_lead() -> None:
    note = "This text was first printed on paper, and some of its readers have kept it until today."
    above = f"<header><h1>Boats</h1><p>{LEAD}</p></header><div><p>{note}</p></div>"
    body = f"{above}<div class='b'>{_p()}</div>"
    article = clean_page(_page(body, f"<meta name='description' content='{LEAD}'>"), URL)
    assert (article.lead, article.paragraphs) == (LEAD, (note, *TEXT))


def test_a_short_standfirst_under_the_headline_is_no_prompt() -> None:
    lead = "Two states that share a strait have begun to talk about boats."
    body = f"<article><header><h2>Strait</h2><p>{lead}</p></header>{_p()}</article>"
    article = clean_page(_page(body), URL)
    assert lead in (article.lead, *article.paragraphs)


def test_names_of_furniture_on_every_paragraph_mean_nothing() -> None:
    names = "related share ad promo topics newsletter comments".split()
    paragraphs = "".join(f"<p class='{name}'>{text}</p>" for name, text in zip(names, TEXT, strict=True))
    assert len(_paragraphs(_page(f"<div><h1>Boats</h1>{paragraphs}</div>"))) >= 3


_HARBOUR = (
    "港务局周五表示，两国部长已就海峡中的船只举行了电话会谈，并讨论了灯塔的修缮。",
    "渔民们说，今年春天的渔网比往年更旧，他们希望灯塔能在冬天之前重新亮起来。",
)


def test_a_box_of_labels_goes_on_with_no_text_whatever_its_script() -> None:
    text = tuple(one * 5 for one in _HARBOUR)
    labels = "".join(f"<div>第{number}号码头的开放时间与渡轮班次</div>" for number in "一二三四五")
    beside = f"<div class='z'><p>{_HARBOUR[0] * 2}</p>{labels}</div>"
    assert _paragraphs(_page(f"<h1>Boats</h1><div><div class='b'>{_p(text)}</div>{beside}</div>")) == text


PICTURE = "<p><img src='a.jpg'></p>"
# Blogs in Chinese leave out the stops.
LINES = tuple(
    f"第{number}天清晨我們沿著老街慢慢走到港口 風裡有茶香 誰也不想先說話" for number in range(1, 13)
)


def test_lines_without_stops_below_pictures_are_a_text_and_what_readers_say_is_not() -> None:
    said = "".join(
        f"<li><p>看到你們的照片，我也想去走一走，第{number}張最好看，謝謝分享。</p></li>"
        for number in range(30)
    )
    told = "".join(f"{PICTURE}<p>{line}</p>" for line in LINES)
    page = _page(f"<div><h1>Boats</h1><div>{told}</div><ul class='comments'>{said}</ul></div>")
    assert _paragraphs(page) == LINES


def test_labels_below_pictures_between_sentences_are_captions() -> None:
    told = "".join(
        f"{PICTURE}<p>The pier by night, {number}</p><p>{one}</p>" for number, one in enumerate(TEXT)
    )
    assert _paragraphs(_page(f"<div><h1>Boats</h1>{told}</div>")) == TEXT


TALE = (
    "A fox with a basket on its back came to the pond behind the mill. In the water it saw a fox with a "
    "basket, too, and that basket looked larger. So it bent down to ask for it, and its own basket slid in."
)
COLUMN = {
    "Tale of the day": "The crow and the jug of milk",
    "Song of the day": "Over the hills in the rain",
    "Flower of the day": "Marsh marigold",
    "Riddle of the day": "Which king has no country?",
    "Born today": "A painter of ships and storms",
    "Word of the day": "Ambergris",
}


@pytest.mark.parametrize("link", ["<a href='/today'>{}</a>", "{}"], ids=["links", "text"])
def test_a_column_of_labels_and_links_is_none_of_a_text_that_is_shorter(link: str) -> None:
    rows = "".join(f"<tr><td><b>{k}</b><br><br>{link.format(v)}</td></tr>" for k, v in COLUMN.items())
    cell = f"<td><p>The fox at the pond</p><p>{TALE}</p></td>"
    body = f"<table><tr>{cell}<td><table>{rows}</table></td></tr></table>"
    said = "\n".join(_paragraphs(f"<html><title>The fox</title><body>{body}</body></html>"))
    assert TALE in said
    assert (COLUMN["Word of the day"] in said) == (link == "{}")


def _news(number: int, name: str) -> str:
    told = "".join(f"<p>{said} That is {number} so far.</p>" for said in TEXT[:number])
    return f"<div class='{name}'><div>{number * 7} minutes ago</div><h3>News of {number}</h3>{told}</div>"


@pytest.mark.parametrize(
    ("column", "said"), [("news", False), ("live-blog", True)], ids=["other news", "entries of a live blog"]
)
def test_news_told_in_full_below_a_text_are_none_of_it(column: str, said: bool) -> None:
    entries = _news(1, "long") + _news(2, "long") + _news(1, "short") + _news(1, "short wide")
    text = f"<div><h1>Boats</h1><p>Ada Lark, 2 hours ago</p>{_p()}</div>"
    found = _paragraphs(_page(f"<main>{text}<div class='{column}'>{entries}</div></main>"))
    assert set(TEXT) <= set(found)
    assert ("That is 2 so far." in "".join(found)) == said


BEFORE = (
    "The two states have shared the strait since the first boats were built.",
    "Whoever asks an old hand is told that the sea was large enough for all.",
)
OTHER = "<h3><a href='/2'>Another Story of Boats and Nets</a></h3>"


@pytest.mark.parametrize(
    ("name", "head", "said"),
    [("copy", "", True), ("other", "", False), ("copy", OTHER, False)],
    ids=["set as those of the rest", "set otherwise", "under another headline"],
)
def test_paragraphs_beside_the_box_of_the_rest_belong_to_it_where_they_are_set_alike(
    name: str, head: str, said: bool
) -> None:
    first = f"<div class='block'>{head}<div class='{name}'>{_p(BEFORE)}</div></div>"
    rest = "".join(
        f"<div class='block'><div class='copy'>{_p(some)}</div></div>" for some in (TEXT[:3], TEXT[3:])
    )
    body = f"<h1>Boats</h1><main>{first}<div class='below'>{rest}</div></main>"
    assert set(_paragraphs(_page(body))) == ({*BEFORE, *TEXT} if said else {*TEXT})


def _remark(number: int, tools: str) -> str:
    said = f"I have crossed {number} times with that ferry and have never seen the light of Orrin."
    return f"<div><div>reader{number}</div><p>{said}</p><div>{tools}</div></div>"


@pytest.mark.parametrize(
    ("tools", "said"),
    [("<a>{n}</a><a href='#'>Reply</a><a href='#'>Flag</a>", False), ("Crossing {n} of the reply", True)],
    ids=["with links to answer", "with a word about answers"],
)
def test_what_readers_wrote_is_known_by_the_link_to_answer_it(tools: str, said: bool) -> None:
    remarks = "".join(_remark(number, tools.replace("{n}", str(number))) for number in range(4))
    found = _paragraphs(_page(f"<div><h1>Boats</h1>{_p()}<div>{remarks}</div></div>"))
    assert set(TEXT) <= set(found)
    assert any("that ferry" in one for one in found) == said


def test_a_tale_may_begin_with_short_sentences_in_boxes_like_its_others() -> None:
    lines = ("They watched the river.", "“Where is the boat?”", *TEXT)
    told = "".join(f"<div><div>{line}</div></div>" for line in ("By Ada Lark", "Chapter 3", *lines))
    assert _paragraphs(_page(f"<main><h1>Boats</h1><section>{told}</section></main>")) == lines


_WEATHER = (
    "Winds from the south-west, strong at times, with rain from noon on and a swell that grows at night.",
    "Calm in the morning, with fog banks over the strait that clear before the second ferry of the day.",
    "A storm from the north: boats stay in the harbour, and the light of Orrin is shown at noon as well.",
)


def test_what_comes_time_and_again_is_the_form_of_a_forecast() -> None:
    places = "".join(
        f"<h3>{place}</h3>" + "".join(f"<p>Day {day}</p><p>{_WEATHER[day]}</p>" for day in range(3))
        for place in ("Valmora", "Kestria", "Orrin", "Lower Tarn")
    )
    found = _paragraphs(_page(f"<div><h1>Boats</h1>{_p(TEXT[:2])}{places}</div>"))
    assert [found.count(one) for one in _WEATHER] == [4, 4, 4]


def test_a_text_that_stands_twice_on_its_page_is_told_once() -> None:
    twice = f"<div class='wide'>{_p()}</div><div class='narrow'>{_p()}</div>"
    assert _paragraphs(_page(f"<div><h1>Boats</h1>{twice}</div>")) == TEXT


def test_the_section_after_a_way_elsewhere_keeps_its_heading() -> None:
    way = '<h3>Read next</h3><p><a href="/b">Storm closes the harbour for a week</a></p>'
    body = f"{_p(TEXT[:4])}{way}<h2>What the keeper saw</h2>{_p(TEXT[4:])}"
    article = clean_page(_page(f"<div>{body}</div>"), URL)
    assert article.paragraphs == (*TEXT[:4], "What the keeper saw", *TEXT[4:])
