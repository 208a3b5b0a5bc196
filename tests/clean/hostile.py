"""Pages made to hurt: too deep, too long, too many, misread, mislabelled; each in any size.

Around the trap stands STORY where it can, so that a page which survives still has an article to give.
`SIZED` are pages that grow with a number: ten megabytes at the size named, and as small as one likes, which
is how one sees whether a cost grows faster than its page. `PLACES` and `FILLS` are long values.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from .pages import STORY

STORY_HTML = f"<h1>{STORY.title}</h1>" + "".join(f"<p>{text}</p>" for text in STORY.paragraphs)
SENTENCE = "The harbour of Orrin stays closed until the ice has gone, the harbour master said. "


def page(body: str, head: str = "") -> str:
    """A whole document."""
    title = f"<title>{STORY.title}</title>"
    return f"<!doctype html><html><head>{title}{head}</head><body>{body}</body></html>"


def article(trap: str, head: str = "") -> str:
    """The story, with the trap between its first paragraphs and its last."""
    middle = STORY_HTML.index("</p>") + len("</p>")
    return page(f"<article>{STORY_HTML[:middle]}{trap}{STORY_HTML[middle:]}</article>", head)


@dataclass(frozen=True)
class Sized:
    """A kind of page that grows."""

    name: str
    make: Callable[[int], str]
    # The size at which it has to be survived.
    size: int
    # Whether the story has to come out of it.
    keeps_story: bool = True
    # Whether it is nested, and not simply large.
    deep: bool = False


# ------------------------------------------------------------------------------- too deep

NESTED_TAGS = (
    "div span b font a ul blockquote table section article p h2 em form figure q dl label center pre".split()
)
# Elements that only nest in each other.
NESTED_PAIRS = ("<ul><li>", "<table><tr><td>", "<dl><dd>", "<b><p>", "<a><div>", "<b><i><u>", "<p><table>")


def _nested(opening: str) -> Callable[[int], str]:
    closing = "".join(f"</{tag}" for tag in reversed(opening.split("<")[1:]))
    count = opening.count("<")
    return lambda size: page(opening * (size // count) + STORY_HTML + closing * (size // count))


def _unclosed(opening: str) -> Callable[[int], str]:
    return lambda size: page(STORY_HTML + opening * size)


# ------------------------------------------------------------------------------- too long, too many


def _repeated(piece: str, joint: str = "") -> Callable[[int], str]:
    """`piece` so many times in the text; `{}` in it is its number."""
    return lambda size: article(joint.join(piece.replace("{}", str(number)) for number in range(size)))


def _long(piece: str, length: int) -> str:
    return piece * (length // len(piece))


def _stretched(frame: str, piece: str) -> Callable[[int], str]:
    """The story beside `frame` with `piece` in it until it is long."""
    return lambda size: article(frame.replace("{}", _long(piece, size)))


def _heads(piece: str) -> Callable[[int], str]:
    return lambda size: article("", "".join(piece.replace("{}", str(number)) for number in range(size)))


def _table(size: int) -> str:
    side = max(1, int(size**0.5))
    return article("<table>" + ("<tr>" + "<td>1,204" * side) * side + "</table>")


def _json_ld(facts: str) -> str:
    return article("", f"<script type='application/ld+json'>{facts}</script>")


def _news(**facts: object) -> str:
    return json.dumps({"@context": "https://schema.org", "@type": "NewsArticle"} | facts)


def _bomb(size: int) -> str:
    lines = "".join(f"<!ENTITY a{n + 1} '{_long(f'&a{n};', 40)}'>" for n in range(9))
    return f"<!DOCTYPE html [<!ENTITY a0 '{_long('A', size)}'>{lines}]>" + article("<p>&a9;&a5;</p>")


MANY = {
    "one paragraph": (lambda size: page(f"<h1>T</h1><p>{_long(SENTENCE, size)}</p>"), 10_000_000),
    "one word": (_stretched("<p>{}</p>", "a"), 10_000_000),
    "white space": (_stretched("<p>{}</p>", " \n"), 10_000_000),
    "small paragraphs": (_repeated("<p>The boats came in {}.</p>"), 300_000),
    "equal paragraphs": (_repeated(f"<p>{SENTENCE}</p>"), 100_000),
    "prompts": (_repeated("<p>Read more</p><p>Advertisement</p><p>By Ada Lark</p>"), 100_000),
    "links": (_repeated("<a href='/story/{}.html'>Boats of Orrin come home {}</a> "), 100_000),
    "linked paragraphs": (
        _repeated("<p><a href='/story/{}.html'>Boats of Orrin come home {}</a></p>"),
        100_000,
    ),
    "links in one paragraph": (
        lambda size: article("<p>" + "The <a href='/s'>boats</a> came. " * size + "</p>"),
        100_000,
    ),
    "list items": (_repeated("<li>The boat number {} came in"), 200_000),
    "breaks": (_repeated("<br>"), 1_000_000),
    "lines": (_repeated("The boats came in {}<br>"), 300_000),
    "table cells": (_table, 1_000_000),
    "table rows": (_repeated("<tr><td>The boat {}<td>came in</tr>"), 200_000),
    "headings": (_repeated("<h2>Boat number {}</h2>"), 100_000),
    "class names": (
        lambda size: article(f"<div class='{' '.join(map(str, range(size)))}'>Boats</div>"),
        50_000,
    ),
    "classes": (_repeated("<div class='related-{} share-{}'>Boat {}</div>"), 50_000),
    "forgiven boxes": (
        _repeated(f"<div class='related'><div class='share'><p>{SENTENCE}</p></div></div>"),
        30_000,
    ),
    "furniture in furniture": (_nested("<div class='related'>"), 50_000),
    "one attribute": (_stretched("<p title='{}'>Boats</p>", "a "), 10_000_000),
    "attributes": (lambda size: article(f"<p {' '.join(f'a{n}=1' for n in range(size))}>Boats</p>"), 200_000),
    "style": (_stretched("<style>{}</style>", "p{color:red}"), 10_000_000),
    "script": (_stretched("<script>{}</script>", "var a=1;"), 10_000_000),
    "script of tags": (_stretched("<script>{}</script>", '"<p>",'), 10_000_000),
    "scripts": (_repeated("<script>var a={};</script>"), 200_000),
    "images": (
        _repeated("<figure><img src='/{}.jpg' alt='a boat'><figcaption>Boat {}</figcaption></figure>"),
        50_000,
    ),
    "forms": (_repeated("<form><input type='password'><button>Log in</button></form>"), 50_000),
    "buttons": (_repeated("<button>Accept all cookies</button>"), 100_000),
    "comments": (_repeated("<!-- {} -->"), 500_000),
    "processing instructions": (_repeated("<?php echo {} ?>"), 300_000),
    "entities": (_repeated("&amp;&#{};&nbsp;&hellip;"), 400_000),
    "an entity bomb": (_bomb, 100_000),
    "metas": (
        _heads("<meta name='author' content='Ada Lark {}'><meta property='og:title' content='{}'>"),
        50_000,
    ),
    "times": (_repeated("<time datetime='2024-07-13T09:25:{}'>July 13, 2024</time>"), 100_000),
    "titles": (_heads("<title>Boats {} | Harbour Post</title>"), 50_000),
    "canonicals": (_heads("<link rel='canonical' href='/{}'>"), 50_000),
    "authors": (_repeated("<a rel='author' class='byline' href='/a/{}'>Ada Lark {}</a>"), 50_000),
    "articles": (_repeated("<article><h1>Boat {}</h1><p>The boat {} came in.</p></article>"), 50_000),
    "mains": (_repeated(f"<main><div itemprop='articleBody'><p>{SENTENCE}</p></div></main>"), 30_000),
    "documents": (lambda size: _long(article(""), size), 10_000_000),
    "quotes": (_repeated(f"<blockquote><p>{SENTENCE}</p></blockquote>"), 50_000),
    "JSON-LD scripts": (
        _heads(f"<script type='application/ld+json'>{_news(headline='Boats {}')}</script>"),
        50_000,
    ),
    "JSON-LD of one text": (lambda size: _json_ld(_news(articleBody=_long(SENTENCE, size))), 10_000_000),
    "JSON-LD of many texts": (
        lambda size: _json_ld(json.dumps([json.loads(_news(articleBody=SENTENCE, headline="Boats"))] * size)),
        60_000,
    ),
    "JSON-LD of authors": (
        lambda size: _json_ld(
            _news(author=[{"@type": "Person", "name": f"Ada Lark {n}"} for n in range(size)])
        ),
        100_000,
    ),
    "JSON-LD of keywords": (lambda size: _json_ld(_news(keywords=", ".join(map(str, range(size))))), 500_000),
    "JSON-LD lists in lists": (lambda size: _json_ld("[" * size), 1_000_000),
    "JSON-LD objects in objects": (lambda size: _json_ld('{"@graph":[' * size + "]}" * size), 300_000),
    "JSON-LD parts": (lambda size: _json_ld('{"mainEntity":' * (size) + _news() + "}" * size), 100_000),
    "JSON-LD that breaks off": (
        lambda size: _json_ld(_news(articleBody="\n\"' \\" * size)[:-3] + "\\"),
        1_000_000,
    ),
    "a JSON-LD number": (
        lambda size: _json_ld('{"@type":"NewsArticle","wordCount":' + "9" * size + "}"),
        1_000_000,
    ),
    "less-than signs": (_repeated("<"), 3_000_000),
    "ampersands": (_repeated("&"), 3_000_000),
    "quotation marks": (_repeated("<a href=\"'>"), 500_000),
    "brackets of CDATA": (_repeated("<![CDATA[{}]]>"), 300_000),
    "what opens and closes": (_repeated("<b><p></b></p>"), 200_000),
    "closing tags": (_repeated("</div></p></b>"), 300_000),
}

# Pages whose text is the trap: it swallows the story, as it does in browsers, or is many times as long.
WITHOUT_STORY = {
    "one paragraph",
    "nested pre",
    "lines",
    "entities",
    "times",
    "JSON-LD of one text",
    "quotation marks",
}

SIZED = (
    *(
        Sized(f"nested {tag}", _nested(f"<{tag}>"), 100_000, f"nested {tag}" not in WITHOUT_STORY, deep=True)
        for tag in NESTED_TAGS
    ),
    *(Sized(f"nested {pair}", _nested(pair), 100_000, deep=True) for pair in NESTED_PAIRS),
    *(Sized(f"unclosed {tag}", _unclosed(f"<{tag}>x"), 100_000) for tag in ("div", "b", "li", "a", "td")),
    *(Sized(name, make, size, name not in WITHOUT_STORY) for name, (make, size) in MANY.items()),
)

# ------------------------------------------------------------------------------- long values

# What patterns trip over when there is much of it; each is repeated until it is long.
FILLS = (
    " ",
    "a",
    "a ",
    "Aa ",
    "A. ",
    "Ada Lark, ",
    "by ",
    "By Ada Lark and ",
    "(",
    "(AFP) - ",
    "AFP ",
    "AFP/",
    "/ ",
    "- ",
    " - ",
    "| ",
    ".",
    ". ",
    "1",
    "1 ",
    "2024-07-13 ",
    "13 July ",
    "12:30 ",
    "© 2024 ",
    "://",
    "@",
    "a@b.c ",
    "\u0301",
    "\u200b",
    "文",
    "א",
    "ก",
    "\n",
    "\t",
    "&",
    "<",
    "\\",
    '"',
    "'",
    "’s ",
    "Reporting by Ada Lark ",
    "Share ",
    "Read more: ",
    "photo ",
    "%",
    "#",
    "?",
    "../",
    "+00:00",
    "T00:00",
    "{",
    "[",
    ", ",
)
# Where a page says something about itself, `{}` being what it says.
PLACES = (
    "<title>{}</title>",
    "<title>Boats | {}</title>",
    "<h1>{}</h1>",
    "<html lang='{}'>",
    "<base href='{}'>",
    "<base href='https://harbour.example/{}'>",
    "<link rel='canonical' href='{}'>",
    "<link rel='license' href='{}'>",
    *(
        f"<meta {key}='{name}' content='{{}}'>"
        for key, name in (
            ("property", "og:title"),
            ("property", "og:site_name"),
            ("property", "og:url"),
            ("property", "og:image"),
            ("property", "og:locale"),
            ("property", "article:published_time"),
            ("property", "article:author"),
            ("property", "article:section"),
            ("property", "article:tag"),
            ("name", "author"),
            ("name", "description"),
            ("name", "keywords"),
            ("name", "news_keywords"),
            ("name", "date"),
            ("name", "robots"),
            ("name", "tdm-policy"),
            ("http-equiv", "refresh"),
            ("http-equiv", "content-language"),
            ("charset", "x' data-x='"),
        )
    ),
    "<p class='byline'>{}</p>",
    "<p>{}</p>",
    "<div class='{}'>Boats</div>",
    "<p><a href='{}'>Boats</a> came in.</p>",
    "<figure><img src='{}' srcset='{}' alt='{}'><figcaption>{}</figcaption></figure>",
    "<time datetime='{}'>{}</time>",
    "<li>{}</li>",
)
JSON_KEYS = (
    "@type",
    "headline",
    "datePublished",
    "dateModified",
    "author",
    "articleBody",
    "description",
    "keywords",
    "image",
    "inLanguage",
    "articleSection",
    "wordCount",
    "license",
    "isAccessibleForFree",
    "url",
    "publisher",
    "creditText",
)


def filled(place: str, fill: str, length: int) -> str:
    """The story on a page that says a long and senseless value in one place."""
    value = escape(_long(fill, length), quote=True)
    return place.replace("{}", value) + article("")


def filled_json(key: str, fill: str, length: int) -> str:
    """The same in a field of the page's JSON-LD."""
    return _json_ld(_news(**{key: _long(fill, length)}))
