"""Pages as real sites build them, around one story: same furniture, six ways to mark it up.

The story, its people and places are invented; the furniture is of the kinds that sites weave around and
into a text: prompts between the paragraphs, an advertisement, captions, a correction box, an author box
that names the agency twice, teasers with ages, paid links, and links to the neighbouring articles.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Story:
    title: str
    paragraphs: tuple[str, ...]
    # Local date and time with offset, as a publisher states it.
    published: str = "2024-07-13T09:25:00+03:00"
    agency: str = "AFP"


STORY = Story(
    title="Harbour Ministers of Two Rival States Speak by Phone",
    paragraphs=(
        "The harbour minister of Valmora, Ilse Brandt, and her Kestrian counterpart Tomas Rehn spoke by "
        "telephone about lowering the risk of “unwanted incidents” in the strait, the ministry in Valmora "
        "said on Friday.",
        "The call, which Kestria had asked for, comes as the two sides quarrel over a plan to station patrol "
        "boats at the lighthouse of Orrin, a decision that Kestria says breaks the fishing treaty of 1974.",
        "“The question of keeping ships apart and of warning each other in time was discussed,” the Valmoran "
        "ministry said in a statement on the talks.",
        "According to Rehn’s deputy spokeswoman Clara Voss, the minister “underlined how much depends on "
        "open lines” during the conversation.",
        "The two governments have kept up occasional calls in spite of their dispute over the islands, among "
        "them one at the end of June in which Kestria complained about a survey ship.",
        "The cabinet in Valmora announced on Wednesday, at a meeting of the coastal states, that the boats "
        "would be sent in spring and stay for as long as the nets were being cut.",
        "Kestria criticised the move and accused its neighbour of taking a step towards a “closed sea” and "
        "of paying no heed to the fishing families on both shores.",
    ),
)

TEASERS = (
    ("Member of Rowing Team Reportedly Lost on Way to Regatta", "By Harbour Post", "13h ago"),
    ("We Are Not Helping Kestria Mend Its Nets", "By Jonas Arden Smart", "1d ago"),
    ("Coastal Counterparts Warn Valmora Not to Neglect Lighthouse Aid", "By AFP", "1d ago"),
    ("OPINION: Still Time to Save the Strait and Its ‘Western’ Gulls", "By Andrea Pion", "2 days ago"),
)
NEIGHBOURS = ("Valmora Says Conducting Joint Lifeboat Drills", "Oil Lamp on Fire After Gull Attack")

TELEGRAM = "JOIN US ON TELEGRAM"
FOLLOW = "Follow our coverage of the strait on the @harbourpost."
CORRECTION = "To suggest a correction or clarification, write to us here"
HIGHLIGHT = "You can also highlight the text and press Ctrl + Enter"


def _head(story: Story) -> str:
    title = f"{escape(story.title)} - Harbour Post"
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta property="og:title" content="{title}"><meta property="og:type" content="article">
<meta property="og:site_name" content="Harbour Post"><link rel="canonical" href="/post/35811">
<meta property="article:published_time" content="{story.published}"></head>"""


def _teasers(card: str, classes: str = "") -> str:
    """The "Read Next" cards; `card` is the tag of one, `classes` its attribute."""
    cards = (
        f"<{card}{classes}><a href='/post/{number}'><img src='x.jpg' alt='{title}'><span>Strait</span></a>"
        f"<h3><a href='/post/{number}'>{title}</a></h3><div>{author}</div><div>{age}</div></{card}>"
        for number, (title, author, age) in enumerate(TEASERS, 100)
    )
    return "\n".join(cards)


def _neighbours(before: str, between: str, after: str) -> str:
    previous, following = NEIGHBOURS
    return (
        f'{before}<a href="/1">« Previous {previous}</a>{between}<a href="/2">Next » {following}</a>{after}'
    )


def _woven(paragraphs: tuple[str, ...], after: dict[int, str]) -> str:
    """The paragraphs, with furniture after some of them (counted from 1)."""
    return "\n".join(f"<p>{text}</p>{after.get(number, '')}" for number, text in enumerate(paragraphs, 1))


def article_tag(story: Story) -> str:
    """HTML5: an article element, asides, a figure; class names that tell what they are."""
    caption = "Ilse Brandt at the pier. Photo: AFP"
    text = _woven(
        story.paragraphs,
        {
            1: f"<figure><img src='a.jpg'><figcaption>{caption}</figcaption></figure>",
            2: f"<div class='telegram-box'><h4>{TELEGRAM}</h4><p>{FOLLOW}</p></div>",
            4: "<div class='ad'><span>Advertisement</span></div>",
            5: "<aside class='newsletter'><p>Sign up for our newsletter and get it daily.</p></aside>",
        },
    )
    return f"""{_head(story)}<body><header><nav><a href="/">Home</a> <a href="/s">Strait</a></nav></header>
<main><article><h1>{story.title}</h1>
<div class="byline">by <a href="/authors/2">{story.agency}</a> | July 13, 2024, 9:25 am</div>
<div class="share"><a href="#">Share</a><a href="#">Tweet</a></div>{text}
<div class="correction"><p>{CORRECTION}</p><p>{HIGHLIGHT}</p></div>
<div class="author-box"><img src="x.png"><div>{story.agency}</div>
<div><a href="/authors/2">{story.agency}</a></div></div></article>
<section class="read-next"><h2>Read Next</h2>{_teasers("div", " class='card'")}</section>
<div class="sponsored">Sponsored content</div>{_neighbours("<nav>", "", "</nav>")}</main>
<div id="cookie-bar"><p>We use cookies to make this site work. <button>Accept all</button></p></div>
<footer><p>© 2024 Harbour Post. All rights reserved.</p></footer></body></html>"""


def div_soup(story: Story) -> str:
    """Nothing but div, class names that say nothing, furniture as siblings of the paragraphs."""
    text = _woven(
        story.paragraphs,
        {2: f"<div>{TELEGRAM}</div><div>{FOLLOW}</div>", 4: "<div>Advertisement</div>"},
    )
    return f"""{_head(story)}<body><div id="r"><div class="x1"><a href="/">Home</a></div>
<div class="x2"><div class="x3"><div class="t1">{story.title}</div><div class="m1">By {story.agency}</div>
<div>Share</div><div class="x4">{text}<div>{CORRECTION}</div><div>{HIGHLIGHT}</div></div>
<div class="x5"><div>{story.agency}</div><div>{story.agency}</div></div>
<div class="x6"><div>Read Next</div>{_teasers("div")}</div><div>Sponsored content</div>
{_neighbours("<div>", "</div><div>", "</div>")}</div></div></div>
<div>We use cookies to make this site work. <span>Got it</span></div></body></html>"""


def sections(story: Story) -> str:
    """Every paragraph in a wrapper of its own, as block editors write them; furniture in p elements."""
    blocks = [f"<div class='block block-text'><p>{paragraph}</p></div>" for paragraph in story.paragraphs]
    blocks[1] += f"<div class='block'><p><strong>{TELEGRAM}</strong></p><p>{FOLLOW}</p></div>"
    blocks[3] += "<div class='block'><p>Advertisement</p></div>"
    text = "\n".join(blocks)
    return f"""{_head(story)}<body><section class="top"><ul><li><a href="/">Home</a></li></ul></section>
<section class="story"><h1>{story.title}</h1>
<p class="meta">by {story.agency} <time datetime="{story.published}">July 13</time></p>{text}
<p>{CORRECTION}</p><p>{HIGHLIGHT}</p><p>{story.agency}</p><p><a href="/a/2">{story.agency}</a></p>
<h2>Read Next</h2><ul>{_teasers("li")}</ul><p>Sponsored content</p>
{_neighbours("<p>", "</p><p>", "</p>")}</section>
<section class="foot"><p>Subscribe to our newsletter</p><p>© 2024 Harbour Post</p></section></body></html>"""


def table_layout(story: Story) -> str:
    """An old site: layout tables, line breaks for paragraphs, furniture in b and font elements."""
    lines = list(story.paragraphs)
    lines[3] += "<br><br><font>Advertisement</font>"
    lines[1] += f"<br><br><b>{TELEGRAM}</b><br><br>{FOLLOW}"
    text = "<br><br>\n".join(lines)
    return f"""{_head(story)}<body><table><tr><td><a href="/">Home</a><br><a href="/n">News</a></td>
<td><h1>{story.title}</h1><br><i>By {story.agency}</i><br><br>
{text}<br><br>
{CORRECTION}<br><br>{HIGHLIGHT}<br><br>{story.agency}<br><br>{story.agency}</td></tr><tr><td></td><td>
<b>Read Next</b>{_teasers("div")}<br><br>
Sponsored content<br><br>{_neighbours("", "<br><br>", "")}</td></tr></table></body></html>"""


def lists_in_text(story: Story) -> str:
    """A related list and a link stand between the paragraphs, and JSON-LD has the metadata."""
    related = "".join(f"<li><a href='/x'>{title}</a></li>" for title, _, _ in TEASERS[:2])
    text = _woven(
        story.paragraphs,
        {
            2: f"<div><p>{TELEGRAM}</p><p>{FOLLOW}</p></div>",
            4: f"<div>Advertisement</div><div><h3>Read Next</h3><ul>{related}</ul></div>",
            6: f"<p>Read more: <a href='/z'>{TEASERS[2][0]}</a></p>",
        },
    )
    author = f'{{"@type":"Organization","name":"{story.agency}"}}'
    facts = f'"headline":"{story.title}","datePublished":"{story.published}","author":{author}'
    return f"""{_head(story)}<body class="has-sidebar"><script type="application/ld+json">{{"@graph":[
{{"@type":"WebSite","name":"Harbour Post"}},{{"@type":"NewsArticle",{facts}}}]}}</script>
<div class="page metered-content">
<div class="wrapper"><h1>{story.title}</h1>
<div itemprop="articleBody">{text}
<p>{CORRECTION}</p><p>{HIGHLIGHT}</p>
<div><span>{story.agency}</span></div><div>{story.agency}</div></div>
<div><h4>Read Next</h4>{_teasers("article")}</div><div>Sponsored content</div>
{_neighbours("<ul><li>", "</li><li>", "</li></ul>")}</div>
<div class="sidebar"><h3>Trending</h3><ul><li><a href="/q">{TEASERS[3][0]}</a></li></ul></div>
</div></body></html>"""


def flat(story: Story) -> str:
    """No metadata, every line a p beside the others, teasers without links: only words tell them apart."""
    teasers = [line for title, author, age in TEASERS for line in (f"{title} Strait", title, author, age)]
    lines = [
        *story.paragraphs[:2],
        TELEGRAM,
        FOLLOW,
        *story.paragraphs[2:4],
        "Advertisement",
        *story.paragraphs[4:],
        CORRECTION,
        HIGHLIGHT,
        story.agency,
        story.agency,
        "Read Next",
        *teasers,
        "Sponsored content",
        f"« Previous {NEIGHBOURS[0]}",
        f"Next » {NEIGHBOURS[1]}",
    ]
    text = "\n".join(f"<p>{line}</p>" for line in lines)
    return f"<html><body><div><h1>{story.title}</h1><p>July 13, 2024, 6:25 am</p>{text}</div></body></html>"


TEMPLATES: tuple[Callable[[Story], str], ...] = (
    article_tag,
    div_soup,
    sections,
    table_layout,
    lists_in_text,
    flat,
)
