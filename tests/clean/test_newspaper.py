"""Texts of every kind, each set into the page of a newspaper that weaves its furniture into the text."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from ingestd.clean import clean_page
from ingestd.model import Article, Paragraph

from .newspaper import DRESSES
from .pages import STORY
from .pieces import FLASH, OPINION, PIECES, REPORT, SITE, Piece

WIRE = Piece(title=STORY.title, content=tuple(map(Paragraph, STORY.paragraphs)), agency="AFP")


def _cleaned(dress: Callable[[Piece], str], piece: Piece) -> Article:
    return clean_page(dress(piece), f"{SITE}/post/35811")


@pytest.mark.parametrize("dress", DRESSES, ids=lambda dress: dress.__name__)
@pytest.mark.parametrize("piece", [WIRE, *PIECES], ids=lambda piece: piece.title)
def test_the_text_comes_out_whole_with_kinds_and_links_and_nothing_else(
    dress: Callable[[Piece], str], piece: Piece
) -> None:
    article = _cleaned(dress, piece)
    assert article.verdict is None
    assert article.paragraphs == piece.texts
    assert article.content == piece.content
    assert article.lead == piece.lead


@pytest.mark.parametrize("dress", DRESSES, ids=lambda dress: dress.__name__)
class TestWhatThePageSays:
    def test_the_wire_text_has_its_agency_as_its_author(self, dress: Callable[[Piece], str]) -> None:
        article = _cleaned(dress, WIRE)
        assert article.agency is not None
        assert (article.agency.name, article.authors) == ("AFP", ("AFP",))

    def test_a_flash_of_one_paragraph_is_an_article(self, dress: Callable[[Piece], str]) -> None:
        article = _cleaned(dress, FLASH)
        assert article.paragraphs == FLASH.texts
        assert article.published_at == datetime(2025, 3, 9, 6, 40, tzinfo=UTC)

    def test_a_picture_keeps_its_caption_and_credit_out_of_the_text(
        self, dress: Callable[[Piece], str]
    ) -> None:
        article = _cleaned(dress, REPORT)
        assert article.images == (REPORT.image,)
        assert article.agency is None

    def test_the_author_of_an_opinion_is_named_and_not_introduced(
        self, dress: Callable[[Piece], str]
    ) -> None:
        article = _cleaned(dress, OPINION)
        assert article.authors == ("Bea Castell",)
        assert OPINION.bio not in article.paragraphs
