"""The open part of a paid article, freed of the words of its wall."""

from ingestd.clean.extract import Extraction
from ingestd.clean.open_part import without_wall
from ingestd.model import Image, Paragraph

from .pages import STORY

WALL = ("Subscribe to continue reading", "Already a subscriber? Log in", "Only 3 € per month, cancel anytime")


def texts(*lines: str) -> tuple[str, ...]:
    return without_wall(Extraction(tuple(Paragraph(line) for line in lines))).paragraphs


def test_what_comes_after_the_wall_is_its_offer() -> None:
    after = "Read all that our reporters find out about the strait, on paper and on screen."
    assert texts(*STORY.paragraphs[:3], *WALL, after) == STORY.paragraphs[:3]


def test_a_wall_in_the_midst_of_the_text_loses_its_own_lines_alone() -> None:
    assert texts(STORY.paragraphs[0], WALL[0], *STORY.paragraphs[1:]) == STORY.paragraphs


def test_offers_at_the_end_go_also_where_nothing_asks_to_pay() -> None:
    assert texts(*STORY.paragraphs[:2], *WALL[1:]) == STORY.paragraphs[:2]


def test_a_text_that_tells_of_a_wall_stays_as_it_is() -> None:
    told = "“Subscribe to continue reading” is what most people see of the paper, a study has found."
    assert texts(STORY.paragraphs[0], told, STORY.paragraphs[1]) == (
        STORY.paragraphs[0],
        told,
        STORY.paragraphs[1],
    )


def test_a_picture_below_the_wall_stands_at_the_end_of_what_is_left() -> None:
    lines = (*STORY.paragraphs[:2], *WALL)
    images = (Image("https://a.example/1", before=1), Image("https://a.example/2", before=5))
    cut = without_wall(Extraction(tuple(Paragraph(line) for line in lines), images=images))
    assert [image.before for image in cut.images] == [1, 2]
