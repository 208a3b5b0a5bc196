"""What is told of a text survives its way into columns and back."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from ingestd.dedupe.fingerprint import compared_text, fingerprint
from ingestd.matching import matching
from ingestd.model import (
    Agency,
    Article,
    Completeness,
    Image,
    Link,
    Paragraph,
    ParagraphKind,
    Reading,
    Resolved,
    Rights,
    TextSource,
)
from ingestd.store import articles
from ingestd.store.collected import Collected
from ingestd.store.content import article_of, content_from_json, structure_to_json
from ingestd.store.database import Database
from ingestd.urls import url_key
from tests.store.samples import NOW, add_page

URL = "https://paper.example/ferry"
FULL = Article(
    content=(
        Paragraph("The ferry is back.", links=(Link(4, 9, "https://a.example/"),)),
        Paragraph("What it costs", ParagraphKind.HEADING, 2),
        Paragraph("four crowns", ParagraphKind.LIST_ITEM, -1),
        Paragraph("“We waited.”", ParagraphKind.QUOTE),
        Paragraph("Day | Boats", ParagraphKind.TABLE_ROW),
        Paragraph("a\n\nb\n\n  c", ParagraphKind.PREFORMATTED),
        Paragraph("The end."),
    ),
    title="Night ferry returns",
    authors=("Jane Roe",),
    published_at=datetime(2026, 11, 20, 9, 15, tzinfo=UTC),
    modified_at=datetime(2026, 11, 21, 9, 15, tzinfo=UTC),
    language="en",
    section="Local",
    tags=("ferry", "harbour"),
    site_name="Harbour Courier",
    declared_url=URL,
    lead="Nine weeks after its ramp sank.",
    images=(Image("https://a.example/1.jpg", "The ferry", "A ship", 2), Image("https://a.example/2.jpg")),
    agency=Agency("MPA", "byline", "MPA"),
    rights=Rights(
        "CC BY 4.0", free=True, robots=("noindex",), tdm_reserved=False, tdm_policy="https://a.example/t"
    ),
    source=TextSource.JSON_LD,
    source_reason="the page gives less than half of it",
    completeness=Completeness.TEASER,
    extractor="trafilatura",
    readings=(
        Resolved("title", "Night ferry returns", "all agree", (Reading("h1", "Night ferry returns"),)),
        Resolved("authors", None, "nobody says"),
    ),
)


def save(database: Database, article: Article) -> sa.Row[Any]:
    with database.writing(settling=True) as connection:
        print_ = fingerprint(compared_text(article.title, article.body))
        page_id = add_page(connection, URL)
        one = Collected(page_id, URL, url_key(URL), "paper.example", article, print_, NOW)
        articles.settle(connection, one, matching())
        [row] = articles.revisions(connection, articles.find(connection, URL).id)
        return row


def test_an_article_comes_back_as_it_was(database: Database) -> None:
    row = save(database, FULL)
    assert article_of(row) == FULL
    assert row.word_count == 24


def test_a_plain_article_takes_no_space_for_what_it_has_not(database: Database) -> None:
    plain = Article(content=(Paragraph("One."), Paragraph("Two.")))
    row = save(database, plain)
    assert (row.structure, row.readings, row.images, row.tags, row.robots) == (None, None, [], [], [])
    assert article_of(row) == plain


PARAGRAPHS = st.builds(
    Paragraph,
    st.text("ab \n", min_size=1).filter(lambda text: text.strip() != "" and "\n\n" not in text),
    st.sampled_from(ParagraphKind).filter(lambda kind: kind is not ParagraphKind.PREFORMATTED),
    st.integers(-6, 6),
    st.just(()) | st.just((Link(0, 1, "https://a.example/"),)),
) | st.builds(
    Paragraph, st.text("ab\n", min_size=1).map(lambda text: f"x{text}x"), st.just(ParagraphKind.PREFORMATTED)
)


@given(st.lists(PARAGRAPHS, min_size=1))
def test_paragraphs_come_back_whatever_they_are(paragraphs: list[Paragraph]) -> None:
    content = tuple(
        # What stands at an end of a paragraph could not be told from the space between two.
        replace(one, text=one.text.strip("\n"), links=one.links if one.text.strip("\n") else ())
        for one in paragraphs
    )
    body = Article(content=content).body
    assert content_from_json(body, structure_to_json(content)) == content


@pytest.mark.parametrize("structure", [[["heading", 2, []]], [None] * 3, [["preformatted", 7, []], None]])
def test_what_does_not_fit_the_text_is_left_out(structure: list[Any]) -> None:
    assert content_from_json("One.\n\nTwo.", structure) == (Paragraph("One."), Paragraph("Two."))


def test_links_beyond_the_text_are_left_out() -> None:
    structure = [["paragraph", 0, [[0, 3, "https://a.example/"], [0, 99, "https://b.example/"]]]]
    [one] = content_from_json("One.", structure)
    assert one.links == (Link(0, 3, "https://a.example/"),)
