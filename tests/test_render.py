"""`ingestd.render`: what an article looks like, and that nothing of a page becomes markup."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ingestd.model import Article, Image, Link, Paragraph, ParagraphKind
from ingestd.render import to_html, to_markdown, to_text

PLAIN, HEADING, ITEM = ParagraphKind.PARAGRAPH, ParagraphKind.HEADING, ParagraphKind.LIST_ITEM
QUOTE, ROW, AS_IT_IS = ParagraphKind.QUOTE, ParagraphKind.TABLE_ROW, ParagraphKind.PREFORMATTED

ARTICLE = Article(
    title="The ferry is back",
    lead="It took nine weeks.",
    language="en",
    content=(
        Paragraph("See the timetable for more.", links=(Link(8, 17, "https://a.example/t?a=1&b=2"),)),
        Paragraph("What changes", HEADING, 3),
        Paragraph("the fare", ITEM, 1),
        Paragraph("the hours", ITEM, 1),
        Paragraph("mornings", ITEM, -2),
        Paragraph("evenings", ITEM, -2),
        Paragraph("the ramp", ITEM, 1),
        Paragraph("“We waited.”", QUOTE),
        Paragraph("All of us.", QUOTE),
        Paragraph("Day | Boats", ROW),
        Paragraph("Monday | 4", ROW),
        Paragraph("a  b\n\n  c", AS_IT_IS),
        Paragraph("The end."),
    ),
    images=(
        Image("https://a.example/1.jpg", "The ferry. Lee", "A ferry"),
        Image("https://a.example/2.jpg", before=7),
    ),
)


def of(*content: Paragraph) -> Article:
    return Article(content=content)


def rendered(markdown: str) -> str:
    return str(MarkdownIt("commonmark").enable("table").enable("strikethrough").render(markdown))


class Reader(HTMLParser):
    """The tags of a document, its addresses, and its text."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.pictures: list[str] = []
        self.words = ""
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.addresses += [given["href"] or ""] if "href" in given else []
        self.pictures += [given["src"] or ""] if "src" in given else []

    def handle_data(self, data: str) -> None:
        self.words += data


# ---------------------------------------------------------------------------------- the three forms


def test_text_is_what_a_reader_reads() -> None:
    assert (
        to_text(ARTICLE)
        == """\
The ferry is back

It took nine weeks.

See the timetable for more.

What changes

- the fare
- the hours
  1. mornings
  2. evenings
- the ramp

“We waited.”
All of us.

Day | Boats
Monday | 4

a  b

  c

The end.
"""
    )


def test_markdown_has_structure_links_and_pictures() -> None:
    assert (
        to_markdown(ARTICLE)
        == """\
# The ferry is back

**It took nine weeks.**

![A ferry](https://a.example/1.jpg)
*The ferry. Lee*

See the [timetable](https://a.example/t?a=1&b=2) for more.

### What changes

- the fare
- the hours
  1. mornings
  2. evenings
- the ramp

![](https://a.example/2.jpg)

> “We waited.”
>
> All of us.

| Day | Boats |
| --- | --- |
| Monday | 4 |

```
a  b

  c
```

The end.
"""
    )


def test_html_is_one_element_with_plain_ones_in_it() -> None:
    assert (
        to_html(ARTICLE)
        == """\
<article lang="en" dir="auto">
<h1>The ferry is back</h1>
<p class="lead">It took nine weeks.</p>
<figure><img src="https://a.example/1.jpg" alt="A ferry"><figcaption>The ferry. Lee</figcaption></figure>
<p>See the <a href="https://a.example/t?a=1&amp;b=2">timetable</a> for more.</p>
<h3>What changes</h3>
<ul>
<li>the fare</li>
<li>the hours<ol>
<li>mornings</li>
<li>evenings</li></ol></li>
<li>the ramp</li></ul>
<figure><img src="https://a.example/2.jpg" alt=""></figure>
<blockquote><p>“We waited.”</p><p>All of us.</p></blockquote>
<table>
<tr><td>Day</td><td>Boats</td></tr>
<tr><td>Monday</td><td>4</td></tr>
</table>
<pre>a  b

  c</pre>
<p>The end.</p>
</article>
"""
    )


def test_an_article_of_nothing_is_nothing() -> None:
    assert to_text(Article()) == "\n"
    assert to_markdown(Article()) == "\n"
    assert Reader(to_html(Article())).tags == ["article"]


# ---------------------------------------------------------------------------------- details


def test_lists_begin_anew_and_never_hang_in_the_air() -> None:
    items = (
        Paragraph("one", ITEM, -1),
        Paragraph("far below", ITEM, 5),
        Paragraph("two", ITEM, -1),
        Paragraph("another list", ITEM, 1),
        Paragraph("a third", ITEM, -1),
    )
    article = of(Paragraph("first of all", ITEM, 4), *items)
    assert to_markdown(article).splitlines() == [
        "- first of all",
        "1. one",
        "   - far below",
        "2. two",
        "- another list",
        "1. a third",
    ]
    one, other = Reader(to_html(article)), Reader(rendered(to_markdown(article)))
    assert one.tags == ["article", *other.tags]
    assert one.words.split() == other.words.split()


def test_links_in_cells_stay_in_them() -> None:
    row = Paragraph(
        "Lee | 3 | Roe", ROW, links=(Link(0, 3, "https://a.example/l"), Link(10, 13, "https://a.example/r"))
    )
    assert (
        to_markdown(of(row)).splitlines()[0]
        == "| [Lee](https://a.example/l) | 3 | [Roe](https://a.example/r) |"
    )
    assert '<td><a href="https://a.example/r">Roe</a></td>' in to_html(of(row))


def test_a_link_over_two_cells_is_text() -> None:
    row = Paragraph("Lee | 3", ROW, links=(Link(0, 7, "https://a.example/l"),))
    assert Reader(to_html(of(row))).addresses == []


def test_rows_of_different_length_make_one_table() -> None:
    table = of(Paragraph("a", ROW), Paragraph("b | c", ROW))
    assert to_markdown(table) == "| a |  |\n| --- | --- |\n| b | c |\n"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//a.example/", "", "http:x"])
def test_only_addresses_that_can_be_followed_are_links(url: str) -> None:
    article = Article(content=(Paragraph("a word", links=(Link(2, 6, url),)),), images=(Image(url),))
    assert Reader(to_html(article)).addresses == Reader(rendered(to_markdown(article))).addresses == []
    assert Reader(to_html(article)).pictures == Reader(rendered(to_markdown(article))).pictures == []
    assert to_markdown(article) == "a word\n"


def test_links_that_overlap_or_stand_outside_are_text() -> None:
    url = "https://a.example/"
    links = (Link(0, 3, url), Link(2, 5, url), Link(4, 4, url), Link(5, 99, url))
    assert Reader(to_html(of(Paragraph("one two", links=links)))).words.strip() == "one two"
    assert Reader(to_html(of(Paragraph("one two", links=links)))).addresses == [url]


def test_a_fence_is_longer_than_any_in_the_text() -> None:
    text = "```\n````\nx"
    assert rendered(to_markdown(of(Paragraph(text, AS_IT_IS)))) == f"<pre><code>{text}\n</code></pre>\n"


def test_headings_stand_below_the_headline() -> None:
    levels = [to_markdown(of(Paragraph("x", HEADING, level))).count("#") for level in (0, 1, 2, 6, 9)]
    assert levels == [2, 2, 2, 6, 6]


def test_a_picture_after_the_last_paragraph_is_last() -> None:
    article = Article(content=(Paragraph("x"),), images=(Image("https://a.example/1.jpg", before=1),))
    assert to_markdown(article) == "x\n\n![](https://a.example/1.jpg)\n"


# ---------------------------------------------------------------------------------- whatever a page says

HOSTILE = st.text(
    st.sampled_from("ab1 #+-=*_`~<>[]()!|\\&;:./\"'$^{}@\u00e4\u6f22\u05d0")
    | st.characters(exclude_categories=("C", "Z"))
)
LINES = HOSTILE.map(lambda text: " ".join(text.split())).filter(bool)
URLS = HOSTILE.map(lambda text: "https://a.example/" + "".join(text.split()))


@given(LINES, st.sampled_from([PLAIN, HEADING, QUOTE, ITEM]))
def test_markdown_reads_back_as_the_text_that_it_was(text: str, kind: ParagraphKind) -> None:
    read = Reader(rendered(to_markdown(of(Paragraph(text, kind, 2 if kind is HEADING else 0)))))
    assert " ".join(read.words.split()) == " ".join(text.split())
    expected = {PLAIN: ["p"], HEADING: ["h2"], QUOTE: ["blockquote", "p"], ITEM: ["ul", "li"]}
    assert read.tags == expected[kind]


@given(LINES, URLS)
def test_a_link_leads_where_it_led(words: str, url: str) -> None:
    article = Article(
        title=words,
        lead=words,
        content=(Paragraph(f"x {words} y", links=(Link(2, 2 + len(words), url),)),),
        images=(Image("https://a.example/i.jpg", words, words),),
    )
    for document in (rendered(to_markdown(article)), to_html(article)):
        read = Reader(document)
        assert len(read.addresses) == 1
        assert read.addresses[0].startswith("https://a.example/")
        assert read.pictures == ["https://a.example/i.jpg"]
        assert set(read.tags) <= {"article", "h1", "p", "strong", "a", "figure", "img", "figcaption", "em"}
    assert Reader(to_html(article)).addresses == [url]


@given(st.lists(LINES, min_size=1, max_size=4), st.lists(LINES, min_size=1, max_size=4))
def test_a_table_keeps_its_shape(one: list[str], other: list[str]) -> None:
    rows = [Paragraph(" | ".join(cell.replace("|", "") or "x" for cell in row), ROW) for row in (one, other)]
    for document in (rendered(to_markdown(of(*rows))), to_html(of(*rows))):
        tags = Reader(document).tags
        assert tags.count("table") == 1
        assert tags.count("tr") == 2
        assert set(tags) <= {"article", "table", "thead", "tbody", "tr", "th", "td"}
