"""Whatever goes in, an article or a verdict comes out, and it keeps its promises."""

import json
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from ingestd.clean import Hints
from ingestd.clean.decode import decode
from ingestd.workers import Settings

from .damage import DAMAGES, damaged
from .hostile import FILLS, STORY_HTML, page
from .invariants import NO_TEXT, Broken, check, examined
from .pages import STORY, article_tag, lists_in_text
from .trials import URL, inputs, invented_pages, run

# So many damaged pages here; `python -m tests.clean.fuzz` tries ten thousand.
INPUTS = 150

FUZZ = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)

_TAGS = st.sampled_from(
    "a abbr address article aside b base blockquote body br button caption center code dd del "
    "details div dl dt em fieldset figcaption figure font footer form frameset h1 h2 h3 h6 head "
    "header hr html i iframe img input label li link main map mark math meta nav noscript object "
    "ol option p picture pre q s script section select small span strong style sub sup svg table "
    "tbody td template textarea th time title tr u ul video wbr x-y".split()
)
_WORDS = st.sampled_from(
    [
        *STORY.paragraphs[:3],
        *FILLS,
        "(AFP) - ",
        "Read more",
        "&amp;&lt;p&gt;",
        "&#x92;&#1;&bogus;&#99999999;",
        "\u202eOrrin\u202c",
        "ﷺ",
        "<!--",
        "]]>",
        "<![CDATA[",
    ]
)
_VALUES = st.one_of(
    _WORDS, st.text(max_size=12), st.sampled_from(["author", "articleBody", "related", "https://a.example/b"])
)
_ATTRIBUTES = st.lists(
    st.tuples(
        st.sampled_from(
            "class id href src srcset alt title rel itemprop datetime content name property lang dir".split()
        ),
        _VALUES,
        st.sampled_from(["'", '"', ""]),
    ),
    max_size=3,
).map(lambda some: "".join(f" {name}={quote}{value}{quote}" for name, value, quote in some))


@st.composite
def soups(draw: st.DrawFn) -> str:
    """Tags that open and do not close, close and did not open, with words between."""
    pieces: list[str] = []
    for tag in draw(st.lists(_TAGS, max_size=25)):
        kind = draw(st.integers(0, 4))
        opening = f"<{tag}{draw(_ATTRIBUTES)}>"
        words = draw(st.one_of(_WORDS, st.text(max_size=30)))
        pieces += [(opening, words), (opening, words, f"</{tag}>"), (f"</{tag}>",), (words,), (opening,)][
            kind
        ]
    return "".join(pieces)


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=20), _WORDS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                "@type @graph @id headline name author articleBody datePublished dateModified "
                "image url publisher keywords inLanguage mainEntity mainEntityOfPage "
                "isAccessibleForFree wordCount license articleSection".split()
            ),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=12,
)


@seed(1)
@FUZZ
@given(body=st.binary(max_size=300), around=st.booleans())
def test_any_bytes(body: bytes, around: bool) -> None:
    examined(article_tag(STORY).encode().replace(b"</p>", body, 1) if around else body, URL)


@seed(2)
@FUZZ
@given(text=st.text(max_size=300), url=st.one_of(st.just(URL), st.text(max_size=40)))
def test_any_text_and_any_address(text: str, url: str) -> None:
    examined(text, url)
    examined(page(text + STORY_HTML), url)


@seed(3)
@FUZZ
@given(soup=soups(), feed=st.one_of(st.none(), soups()))
def test_any_soup_of_tags(soup: str, feed: str | None) -> None:
    hints = None if feed is None else Hints(content_html=decode(feed.encode("utf-8", "replace"), {}))
    examined(soup, URL, hints)
    examined(page(f"<article>{STORY_HTML}{soup}</article>{soup}"), URL, hints)


@seed(4)
@FUZZ
@given(facts=_JSON, end=st.integers(0, 400), kind=st.sampled_from(["NewsArticle", "WebPage", ""]))
def test_any_json_ld(facts: object, end: int, kind: str) -> None:
    whole = json.dumps(facts | {"@type": kind} if isinstance(facts, dict) else facts)
    for script in (whole, whole[:end]):
        examined(page(STORY_HTML, f"<script type='application/ld+json'>{script}</script>"), URL)


@seed(5)
@FUZZ
@given(
    metas=st.lists(
        st.tuples(
            st.sampled_from(
                "og:title og:url og:image og:type og:locale og:site_name article:published_time "
                "article:modified_time article:author article:section author description "
                "keywords date robots tdm-reservation".split()
            ),
            _VALUES,
        ),
        max_size=8,
    )
)
def test_any_meta_elements(metas: list[tuple[str, str]]) -> None:
    head = "".join(f'<meta property="{name}" name="{name}" content="{value}">' for name, value in metas)
    examined(page(STORY_HTML, head), URL)


async def test_damaged_pages_in_real_workers() -> None:
    """A seeded number of those that `fuzz.py` makes; the deadline is there to find what hangs."""
    tally = await run(inputs(invented_pages(), 1, INPUTS), Settings(deadline=timedelta(seconds=60)))
    assert [trial for trial in tally.trials if trial.defect or trial.outcome == "past its deadline"] == []
    assert len(tally.trials) == INPUTS
    # Damage that left no article standing would try little.
    assert tally.outcomes["article"] > INPUTS / 2


def test_damage_is_the_same_for_the_same_seed_and_comes_in_every_kind() -> None:
    pages = invented_pages()
    first, again = ([one.document for one in inputs(pages, 7, 40)] for _ in range(2))
    assert first == again
    assert len(set(first)) == 40
    whole = lists_in_text(STORY).encode()
    for damage in DAMAGES:
        assert any(damage(Random(number), whole, pages[-1]) != whole for number in range(20)), damage.__name__
    assert damaged(Random(1), whole, whole) != whole


def test_an_article_that_breaks_a_promise_is_noticed() -> None:
    whole = article_tag(STORY)
    article = examined(whole, URL)
    paragraph = article.content[0]
    wrong = (
        replace(article, content=()),
        replace(article, content=(replace(paragraph, text="Boats \x01"), *article.content[1:])),
        replace(article, lead=paragraph.text),
        replace(article, title=" "),
        replace(article, declared_url="/here"),
        replace(article, authors=("",)),
    )
    for one in wrong:
        with pytest.raises(Broken):
            check(one, whole, URL, None)
    assert NO_TEXT.search("\ud800")
