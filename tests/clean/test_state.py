"""Pages that are built in the browser: their text stands in scripts, templates, fields, attributes."""

import base64
import json
from collections.abc import Mapping
from html import escape
from urllib.parse import quote

import pytest

from ingestd.clean import clean_page

from .pages import STORY

URL = "https://harbourpost.example/a/1"
TITLE = STORY.title
TEXT = STORY.paragraphs
HTML = "".join(f"<p>{one}</p>" for one in TEXT)
LONG = " ".join(
    f"Sentence {n} of the notice says once more what the harbour office has to say to all." for n in range(9)
)
# What else stands in the state of such pages, more of it than of the story.
DECOYS: Mapping[str, object] = {
    "comments": [{"id": n, "text": f"Comment {n}. {LONG}"} for n in range(9)],
    "relatedArticles": [{"title": f"Other news {n}", "body": f"<p>Other {n}. {LONG}</p>"} for n in range(9)],
    "consent": {"text": f"We and our partners use cookies. {LONG} {LONG}"},
    "translations": {f"key{n}": f"Translation {n}. {LONG}" for n in range(9)},
    "labels": [f"Label {n}. {LONG}" for n in range(9)],
    "image": {"type": "image", "caption": f"A picture of the strait. {LONG}"},
}


def _state(**article: object) -> dict[str, object]:
    return {
        "page": {**DECOYS, "article": {"id": 7, "title": TITLE, "slug": "a-b", **article}},
        "site": {"name": "Post"},
    }


def _json(value: object) -> str:
    """As frameworks write it into a script."""
    return json.dumps(value).replace("<", "\\u003C")


def _script(text: str, attributes: str = "") -> str:
    return f"<script {attributes}>{text}</script>"


def _application_json(value: object, attributes: str = "") -> str:
    return _script(_json(value), f'type="application/json" {attributes}')


def _pushes(stream: str) -> str:
    step = 700
    parts = [stream[at : at + step] for at in range(0, len(stream), step)]
    pushed = "".join(_script(f"self.__next_f.push([1,{_json(part)}])") for part in parts)
    return _script("(self.__next_f=self.__next_f||[]).push([0])") + pushed


def _flight(*article: object) -> str:
    decoys = ["$", "div", None, {"comments": DECOYS["comments"], "labels": DECOYS["labels"]}]
    rows = {
        "1": ["$", "$L2", None, {"children": [["$", "h1", None, {"children": TITLE}], *article]}],
        "3": decoys,
    }
    lines = [
        '2:I["app/page",["static/chunks/1.js"],"Page"]',
        ':HL["/a.css","style"]',
        '0:{"b":"x","f":["$1","$3"]}',
    ]
    return "\n".join((*lines, *(f"{row}:{json.dumps(value)}" for row, value in rows.items()))) + "\n"


def _with_rows(rows: Mapping[str, str], *article: object) -> str:
    texts = "".join(f"{row}:T{len(text.encode()):x},{text}" for row, text in rows.items())
    return _pushes(texts + _flight(*article))


def _devalue(value: object) -> list[object]:
    """The flat array of devalue."""
    flat: list[object] = []

    def add(one: object) -> int:
        at = len(flat)
        flat.append(one)
        if isinstance(one, dict):
            flat[at] = {key: add(inner) for key, inner in one.items()}
        elif isinstance(one, list):
            flat[at] = [add(inner) for inner in one]
        return at

    add(value)
    return flat


def _turbo(value: object) -> str:
    """The flat array of turbo-stream, whose keys are places too."""
    flat: list[object] = []

    def add(one: object) -> int:
        at = len(flat)
        flat.append(one)
        if isinstance(one, dict):
            flat[at] = {f"_{add(key)}": add(inner) for key, inner in one.items()}
        elif isinstance(one, list):
            flat[at] = [add(inner) for inner in one]
        return at

    add(value)
    return json.dumps(flat) + "\n"


def _runs(text: str) -> tuple[str, str, str]:
    """A paragraph in three runs, the second of them a link."""
    return text[:10], text[10:20], text[20:]


def _blocks(kind: str, children: str, run: str, **text: str) -> list[object]:
    """Blocks with runs, among them a picture."""
    made: list[object] = [
        {kind: "paragraph", children: [{**text, run: one, "marks": []} for one in _runs(paragraph)]}
        for paragraph in TEXT
    ]
    picture = {kind: "image", children: [{**text, run: f"Picture. {LONG}"}]}
    return [*made[:3], picture, *made[3:]]


APOLLO = {
    "Comment:1": {"__typename": "Comment", "text": LONG},
    "Article:123": {
        "__typename": "Article",
        "title": TITLE,
        "body": [{"__ref": f"Paragraph:{n}"} for n in range(len(TEXT))],
        "related": [{"__ref": "Article:9"}],
    },
    "Article:9": {"title": "Another", "body": [{"__ref": f"Paragraph:9{n}"} for n in range(5)]},
    **{f"Paragraph:{n}": {"__typename": "Paragraph", "text": one} for n, one in enumerate(TEXT)},
    **{f"Paragraph:9{n}": {"__typename": "Paragraph", "text": f"Other {n}. {LONG}"} for n in range(5)},
}
FUSION = {
    "type": "story",
    "headlines": {"basic": TITLE},
    "content_elements": [
        {"type": "text", "content": TEXT[0]},
        {"type": "image", "caption": f"Caption. {LONG}"},
        *({"type": "text", "content": one} for one in TEXT[1:5]),
        {
            "type": "interstitial_link",
            "content": "Another story of the strait that you may like to read now.",
        },
        *({"type": "text", "content": one} for one in TEXT[5:]),
    ],
    "related_content": {"basic": [{"type": "text", "content": f"Other. {LONG} {LONG} {LONG}"}]},
}
NUXT_2 = (
    "window.__NUXT__=(function(a,b,c){return {layout:a,data:[{article:{id:7,title:%s,body:%s,"
    "image:{caption:%s}},comments:[{text:%s},{text:%s}]}],error:b,serverRendered:c}}(%s,null,true));"
)
TEMPLATED = f"<article><h1>{TITLE}</h1>{HTML}</article>"
PROSE_MIRROR = {"type": "doc", "content": _blocks("type", "content", "text", type="text")}
DRAFT = {
    "blocks": [{"key": f"k{n}", "text": one, "type": "unstyled"} for n, one in enumerate(TEXT)],
    "entityMap": {},
}
EDITOR_JS = {
    "time": 1,
    "blocks": [{"type": "paragraph", "data": {"text": one}} for one in TEXT],
    "version": "2",
}

PAGES = {
    "Next.js": _application_json({"props": {"pageProps": _state(body=HTML)}}, 'id="__NEXT_DATA__"'),
    "Next.js, elements": _pushes(
        _flight(
            *(
                ["$", "p", None, {"children": [a, ["$", "a", None, {"href": "/x", "children": b}], c]}]
                for a, b, c in map(_runs, TEXT)
            )
        )
    ),
    "Next.js, strings": _pushes(
        _flight(*(["$", "p", str(n), {"children": one}] for n, one in enumerate(TEXT)))
    ),
    "Next.js, HTML": _pushes(_flight(["$", "div", None, {"dangerouslySetInnerHTML": {"__html": HTML}}])),
    "Next.js, row of text": _with_rows({"4": HTML}, ["$", "div", None, {"html": "$4"}]),
    "Next.js, rows of text": _with_rows(
        {f"{n + 10:x}": one for n, one in enumerate(TEXT)},
        *(["$", "p", None, {"children": f"${n + 10:x}"}] for n in range(len(TEXT))),
    ),
    "assigned": _script(
        f"window.__A__=1;window.__INITIAL_STATE__={_json(_state(body=HTML))};(function(){{x()}})()"
    ),
    "assigned, JSON in a string": _script(
        f"window.__PRELOADED_STATE__ = JSON.parse({_json(json.dumps(_state(body=HTML)))});"
    ),
    "assigned, JSON in a string with single quotes": _script(
        "window.__S = JSON.parse('"
        + _json(_state(body=HTML)).replace("\\", "\\\\").replace("'", "\\'")
        + "');"
    ),
    "assigned, percent-encoded": _script(
        f'window.__S = JSON.parse(decodeURIComponent("{quote(json.dumps(_state(paragraphs=list(TEXT))))}"));'
    ),
    "assigned, base64": _script(
        f'JSON.parse(atob("{base64.b64encode(json.dumps(_state(body=HTML)).encode()).decode()}"));'
    ),
    "Nuxt 2": _script(NUXT_2 % tuple(map(_json, ("x", HTML, LONG, LONG, LONG, "default")))).replace(
        'title:"x"', f"title:{_json(TITLE)}"
    ),
    "Nuxt 3": _application_json(_devalue(_state(body=HTML)), 'id="__NUXT_DATA__"'),
    "Arc": _script(
        f"window.Fusion=window.Fusion||{{}};Fusion.arcSite='post';Fusion.globalContent={_json(FUSION)};"
    ),
    "Apollo": _script(f"window.__APOLLO_STATE__={_json(APOLLO)}"),
    "SvelteKit": _application_json(
        {"status": 200, "body": json.dumps({"title": TITLE, "content": HTML})},
        "data-sveltekit-fetched data-url='/a'",
    ),
    "Remix": _script(f"window.__remixContext = {_json({'state': {'loaderData': _state(html=HTML)}})};"),
    "React Router": _script("window.__reactRouterContext = {};")
    + _script(f"window.__reactRouterContext.streamController.enqueue({_json(_turbo(_state(body=HTML)))});"),
    "Gatsby": _script(
        f"/*<![CDATA[*/window.pageData={_json({'result': {'data': _state(html=HTML)}})};/*]]>*/"
    ),
    "WordPress": _application_json(
        {"post": {"title": {"rendered": TITLE}, "content": {"rendered": HTML}}, **DECOYS}
    ),
    "ProseMirror": _application_json(_state(body=PROSE_MIRROR)),
    "Slate": _application_json(_state(body=_blocks("type", "children", "text"))),
    "Slate without kinds": _application_json(
        _state(body=[{"children": [{"text": one} for one in _runs(paragraph)]} for paragraph in TEXT])
    ),
    "Portable Text": _application_json(
        _state(
            body=[
                {"_type": "block", "children": [{"_type": "span", "text": r} for r in _runs(one)]}
                for one in TEXT
            ]
        )
    ),
    "Contentful": _application_json(
        _state(
            body={"nodeType": "document", "content": _blocks("nodeType", "content", "value", nodeType="text")}
        )
    ),
    "Draft.js": _application_json(_state(body=DRAFT)),
    "EditorJS": _application_json(_state(body=json.dumps(EDITOR_JS))),
    "sections": _application_json(
        _state(sections=[{"heading": "", "paragraphs": list(TEXT[:4])}, {"paragraphs": list(TEXT[4:])}])
    ),
    "one plain string": _application_json(_state(text="\n\n".join(TEXT))),
    "script of a template": _script(TEMPLATED, 'type="text/template"'),
    "script of HTML": _script(TEMPLATED, 'type="text/html" id="t"'),
    "template": f"<template>{TEMPLATED}</template>",
    "shadow root": f"<x-app><template shadowrootmode='open'><main>{TEMPLATED}</main></template></x-app>",
    "textarea": f"<textarea hidden>{escape(HTML)}</textarea>",
    "hidden field": f"<input type=hidden name=c value='{escape(HTML)}'>",
    "frame": f"<iframe srcdoc='{escape(HTML)}'></iframe>",
    "attribute of HTML": f"<div data-content='{escape(HTML)}'></div>",
    "attribute of JSON": f"<div data-article='{escape(json.dumps(_state(body=HTML)))}'></div>",
    "Inertia": f"<div id=app data-page='{escape(json.dumps({'props': _state(body=HTML)}))}'></div>",
    "Vue": f"<x-a :article='{escape(json.dumps({'title': TITLE, 'body': HTML, **DECOYS}))}'></x-a>",
    "variable": _script(
        f"var id = 7; var articleBody = {_json(HTML)}; var f = function () {{ return 'x'; }};"
    ),
    "template literal": _script(
        f"app.show({{ title: '{TITLE}', content: `{HTML}`, comments: [{_json(LONG)}] }});"
    ),
    "written": _script("\n".join(f"document.write({_json(f'<p>{one}</p>')});" for one in TEXT)),
    "put together": _script("el.innerHTML = " + " +\n ".join(_json(f"<p>{one}</p>") for one in TEXT) + ";"),
}


def _page(carrier: str, seen: str = "<div id='root'></div>") -> str:
    head = f"<title>{TITLE} - Harbour Post</title><meta property='og:title' content='{TITLE}'>"
    return f"<html><head>{head}</head><body>{seen}{carrier}</body></html>"


@pytest.mark.parametrize("carrier", PAGES.values(), ids=PAGES)
def test_the_text_and_nothing_else_comes_out(carrier: str) -> None:
    article = clean_page(_page(carrier), URL)
    assert article.paragraphs == TEXT
    assert article.title == TITLE


@pytest.mark.parametrize(
    "seen",
    [
        "<p>Loading…</p>",
        "<noscript><p>You need to enable JavaScript to run this app.</p></noscript>",
        f"<h1>{TITLE}</h1><p>{TEXT[0]}</p>",
    ],
)
def test_a_notice_or_the_beginning_is_not_the_whole_text(seen: str) -> None:
    assert clean_page(_page(PAGES["Next.js"], seen), URL).paragraphs == TEXT


def test_what_one_has_to_pay_for_stays_where_it_is() -> None:
    paid = json.dumps({"@type": "NewsArticle", "headline": TITLE, "isAccessibleForFree": False})
    seen = f"<script type='application/ld+json'>{paid}</script><h1>{TITLE}</h1><p>{TEXT[0]}</p>"
    assert TEXT[-1] not in clean_page(_page(PAGES["Next.js"], seen), URL).paragraphs
    assert clean_page(_page(PAGES["Next.js"], seen.replace("false", "true")), URL).paragraphs == TEXT


def test_a_text_that_is_seen_is_the_text() -> None:
    seen = f"<h1>{TITLE}</h1><article>{''.join(f'<p>Seen. {one}</p>' for one in TEXT)}</article>"
    assert clean_page(_page(PAGES["Next.js"], seen), URL).paragraphs[0].startswith("Seen. ")
    short = f"<h1>{TITLE}</h1><p>Seen. {LONG}</p>"
    longer = _application_json(_state(body=HTML * 3))
    assert clean_page(_page(longer, short), URL).paragraphs == (f"Seen. {LONG}",)


def test_headings_lists_and_quotations_stand_between_the_paragraphs() -> None:
    blocks = [
        {"type": "text", "content": TEXT[0]},
        {"type": "header", "content": "What the ministers said"},
        *({"type": "text", "content": one} for one in TEXT[1:]),
        {"type": "list", "items": [{"type": "text", "content": "Boats of the north"}]},
    ]
    page = _page(_application_json({"headlines": {"basic": TITLE}, "content_elements": blocks}))
    assert clean_page(page, URL).paragraphs == (
        TEXT[0],
        "What the ministers said",
        *TEXT[1:],
        "Boats of the north",
    )


def test_a_site_that_has_no_title_for_the_page_tells_the_text_by_its_key_and_length() -> None:
    body = "".join(f"<p>{one} Twice.</p>" for one in TEXT)
    state = {"article": {"title": TITLE, "body": HTML + body}}
    page = f"<title>Harbour Post</title><div id=app></div>{_application_json(state)}"
    assert clean_page(page, URL).paragraphs[: len(TEXT)] == TEXT
    short = page.replace(_json(body)[1:-1], "")
    assert clean_page(short, URL).paragraphs == ()


def test_a_heading_in_the_properties_of_a_block_is_one() -> None:
    made = [{"name": "core/paragraph", "attributes": {"content": one}} for one in TEXT]
    heading = {"name": "core/heading", "attributes": {"content": "What the ministers said"}}
    page = _page(_application_json(_state(blocks=[made[0], heading, *made[1:]])))
    assert clean_page(page, URL).paragraphs == (TEXT[0], "What the ministers said", *TEXT[1:])


def test_elements_nest_one_in_another() -> None:
    def element(tag: str, *children: object) -> object:
        return ["$", tag, None, {"children": children[0] if len(children) == 1 else list(children)}]

    heading = element("h2", "What the ministers said")
    body = element(
        "div", element("div", element("p", TEXT[0]), heading, *(element("p", one) for one in TEXT[1:]))
    )
    aside = element("aside", *(element("p", f"Other {n}. {LONG}") for n in range(9)))
    page = element("article", element("header", element("h1", TITLE)), body, aside)
    carrier = _pushes(f'1:{json.dumps(page)}\n0:{{"f":"$1"}}\n')
    assert clean_page(_page(carrier), URL).paragraphs == (TEXT[0], "What the ministers said", *TEXT[1:])


@pytest.mark.parametrize("name", sorted(DECOYS))
def test_what_is_no_article_stays_where_it_is(name: str) -> None:
    page = _page(_application_json({"page": {"title": TITLE, name: DECOYS[name]}}))
    assert clean_page(page, URL).paragraphs == ()


def test_of_several_articles_the_one_with_the_headline_is_taken() -> None:
    others = [{"title": f"Other {n}", "body": f"<p>{LONG}</p><p>{LONG}</p><p>{LONG}</p>"} for n in range(3)]
    articles = [*others, {"title": TITLE, "body": HTML}]
    assert clean_page(_page(_application_json({"articles": articles})), URL).paragraphs == TEXT


@pytest.mark.parametrize(
    "script",
    [
        'window.a="' + "\\'" * 400_000,
        "x=" + "{" * 300_000,
        "x=[" * 200_000,
        "/*" * 400_000,
        "`" * 399_999,
        'self.__next_f.push([1,"' + "1:T0," * 150_000 + '"])',
        'self.__next_f.push([1,"1:[\\"$1\\",\\"$1\\"]\\n1:Tffffffff,a"])',
        'c.enqueue("[{\\"_1\\":0},\\"a\\",[0,0],[2,2]]\\n' + "P1:[[1]]\\n" * 50_000 + '")',
        "a='" + "%7B%22" * 99_999 + "'",
        "a='eyJ" + "A" * 399_999 + "'",
        "x='\\u{ffffff}\\ud800'+" + "'a'+" * 100_000,
        "x=" + json.dumps({"t": "[" * 300_000}),
    ],
)
def test_whatever_stands_in_a_script_is_no_text_and_no_error(script: str) -> None:
    assert clean_page(_page(_script(script)), URL).paragraphs == ()
