"""One page of a newspaper that weaves everything it sells into its articles, in two dresses.

After the page of the outlet that this program was first asked to read: a prompt to join a channel, an
advertisement, a box for corrections, a box of the author, teasers with categories and ages, paid links and
links to the neighbouring articles stand between, below and beside the paragraphs.
"""

import json
import re
from collections.abc import Callable
from html import escape

from .pages import CORRECTION, FOLLOW, HIGHLIGHT, NEIGHBOURS, TEASERS, TELEGRAM
from .pieces import Piece

_NAMES = re.compile(r""" (?:class|id)=(?:"[^"]*"|[\w-]+)""")
_CHANNEL = f"""<div class="telegram-invite"><a href="https://channel.example/harbourpost"><b>{TELEGRAM}</b></a>
<p>{FOLLOW.replace("@harbourpost", '<a href="https://channel.example/harbourpost">@harbourpost</a>')}</p></div>"""
_AD = """<div class="banner-slot"><span class="label">Advertisement</span><div id=slot-4></div></div>"""
_MORE = f"""<div class="more-on-topic"><h4>More on this topic</h4><ul>
<li><a href="/post/98">{TEASERS[0][0]}</a></li><li><a href="/post/97">{TEASERS[1][0]}</a></li></ul></div>"""


def named(piece: Piece) -> str:
    """As the site serves it: every box says in its class what it is."""
    return f"""<!doctype html>
<html{_attributes(piece.html)}><head><meta charset="utf-8"><title>{escape(piece.title)} | Harbour Post</title>
{_metadata(piece)}</head><body class="single-post">
<header class="header"><a class="logo" href="/">Harbour Post</a><nav class="menu"><ul>
<li><a href="/strait">Strait</a></li><li><a href="/opinion">Opinion</a></li></ul></nav>
<a class="donate" href="/support">Support us</a></header>
<div class="page-grid"><div class="main-column"><div class="post-head"><div class="category">Strait</div>
<h1 class="post-title">{escape(piece.title)}</h1>{_lead(piece)}
<div class="post-info">By <a href="/authors/2">{_byline(piece)}</a> | March 9, 2025, 8:40 am</div>
<div class="share-row"><a href="#">Share</a> <a href="#">Tweet</a> <span>12</span></div>{_figure(piece)}</div>
<div class="post-content">{_woven(piece.blocks)}
<div class="correction-box"><p>{CORRECTION}</p><p>{HIGHLIGHT}</p></div></div>
<div class="author-box"><img src="/a.png" alt="{_byline(piece)}"><div class="name">{_byline(piece)}</div>
<div class="bio">{escape(piece.bio or _byline(piece))}</div></div></div>
<aside class="side-column"><h3>Most read</h3><ol><li><a href="/90">{NEIGHBOURS[0]} Again</a></li></ol></aside>
</div>
<section class="read-next"><h2>Read Next</h2>{_cards()}</section>
<div class="paid">Sponsored content</div>
<div class="pager"><a href="/1">« Previous {NEIGHBOURS[0]}</a> <a href="/2">Next » {NEIGHBOURS[1]}</a></div>
<footer class="footer"><p>© 2025 Harbour Post. All rights reserved.</p></footer>
<div class="cookie-note"><p>This site uses cookies so that it works. <button>Accept</button></p></div>
</body></html>"""


def nameless(piece: Piece) -> str:
    """The same without a single class or id, as a site generator that shortens them leaves it."""
    return _NAMES.sub("", named(piece))


DRESSES: tuple[Callable[[Piece], str], ...] = (named, nameless)


def _attributes(values: dict[str, str]) -> str:
    return "".join(f' {name}="{value}"' for name, value in values.items())


def _byline(piece: Piece) -> str:
    return piece.agency or piece.author


def _metadata(piece: Piece) -> str:
    author = {"@type": "Organization" if piece.agency else "Person", "name": _byline(piece)}
    facts = {
        "@type": "NewsArticle",
        "headline": piece.title,
        "datePublished": piece.published,
        "author": author,
    }
    lead = f'<meta name="description" content="{escape(piece.lead)}">' if piece.lead else ""
    image = f'<meta property="og:image" content="{piece.image.url}">' if piece.image else ""
    return f"""<meta property="og:title" content="{escape(piece.title)}">
<meta property="og:type" content="article"><meta property="og:site_name" content="Harbour Post">{lead}{image}
<script type="application/ld+json">{json.dumps(facts)}</script>"""


def _lead(piece: Piece) -> str:
    return f'<p class="post-lead">{escape(piece.lead)}</p>' if piece.lead else ""


def _figure(piece: Piece) -> str:
    if piece.image is None:
        return ""
    image = f'<img src="{piece.image.url}" alt="{escape(piece.image.alt or "")}">'
    return f"<figure>{image}<figcaption>{escape(piece.image.caption or '')}</figcaption></figure>"


def _woven(blocks: list[str]) -> str:
    """The blocks of a text with the furniture that its editors put between them."""
    woven = [block + {1: _CHANNEL, 3: _AD, 5: _MORE}.get(number, "") for number, block in enumerate(blocks)]
    return "\n".join(woven)


def _cards() -> str:
    """Teasers: their category and title twice, in the picture's link and below it, with author and age."""
    return "".join(
        f"""<div class="card"><a href="/post/{number}"><img src="/{number}.jpg" alt="{title}">
<span>Strait</span></a><div class="card-title"><a href="/post/{number}">{title}</a></div>
<div class="card-info">{author}</div><div class="card-age">{age}</div></div>"""
        for number, (title, author, age) in enumerate(TEASERS, 100)
    )
