"""The pictures of an article: which are its own, and which are one picture."""

from ingestd.clean.extract import Evidence, extract_text
from ingestd.clean.tree import blocks, parse_html
from ingestd.model import Image

from .pages import STORY

URL = "https://harbourpost.example/a/1"


def _images(figure: str, named: str | None) -> tuple[Image, ...]:
    text = "".join(f"<p>{one}</p>" for one in STORY.paragraphs)
    html = f"<html><body><div><h1>{STORY.title}</h1>{figure}<div>{text}</div></div></body></html>"
    root = parse_html(html)
    assert root is not None
    evidence = Evidence(headlines=(STORY.title,), image=named)
    return extract_text(root, blocks(root), URL, evidence, html).images


def test_the_picture_of_the_metadata_in_another_size_is_shown_once_with_its_caption() -> None:
    figure = "<figure><img src='/i/quay-706x386.jpg'><figcaption>The quay at noon</figcaption></figure>"
    (image,) = _images(figure, "https://harbourpost.example/i/quay-1445x790.jpg?v=2")
    assert image.caption == "The quay at noon"


def test_two_pictures_with_numbers_are_two() -> None:
    assert (
        len(_images("<figure><img src='/i/quay-1.jpg'></figure>", "https://harbourpost.example/i/quay-2.jpg"))
        == 2
    )


def test_the_face_of_an_author_is_no_picture_of_the_article() -> None:
    assert _images("<img src='https://secure.gravatar.com/avatar/7?s=300'>", None) == ()
