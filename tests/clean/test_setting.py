"""Kinds, levels, links and pictures of what comes out."""

from ingestd.clean.extract import Evidence, Extraction, extract_text, feed_paragraphs
from ingestd.clean.tree import blocks, parse_html
from ingestd.model import Link, Paragraph, ParagraphKind

from .pages import STORY

URL = "https://harbourpost.example/a/1"
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in STORY.paragraphs)


def _extract(body: str, evidence: Evidence | None = None) -> Extraction:
    html = f"<html><body>{body}</body></html>"
    root = parse_html(html)
    assert root is not None
    return extract_text(root, blocks(root), URL, evidence or Evidence(), html)


def _after_text(more: str) -> tuple[Paragraph, ...]:
    half = len(STORY.paragraphs) // 2
    first, second = (
        "".join(f"<p>{one}</p>" for one in part)
        for part in (STORY.paragraphs[:half], STORY.paragraphs[half:])
    )
    found = _extract(f"<article>{first}{more}{second}</article>").content
    return tuple(one for one in found if one.text not in STORY.paragraphs)


class TestKinds:
    def test_headings_have_their_level(self) -> None:
        assert _after_text("<h3>Talks</h3>") == (Paragraph("Talks", ParagraphKind.HEADING, 3),)

    def test_list_items_have_their_depth_negative_where_they_are_numbered(self) -> None:
        found = _after_text("<ul><li>Nets.<ol><li>Of hemp.</li></ol></li><li>Boats.</li></ul>")
        assert [(one.text, one.kind, one.level) for one in found] == [
            ("Nets.", ParagraphKind.LIST_ITEM, 1),
            ("Of hemp.", ParagraphKind.LIST_ITEM, -2),
            ("Boats.", ParagraphKind.LIST_ITEM, 1),
        ]

    def test_quotations_and_code(self) -> None:
        found = _after_text("<blockquote><p>We wait.</p></blockquote><pre>tide(1)\n  wait</pre>")
        assert [(one.text, one.kind) for one in found] == [
            ("We wait.", ParagraphKind.QUOTE),
            ("tide(1)\n  wait", ParagraphKind.PREFORMATTED),
        ]

    def test_the_cells_of_a_row_are_one_paragraph(self) -> None:
        rows = "<tr><th>Fish</th><th>Crowns</th></tr><tr><td><a href='/cod'>Cod</a></td><td>3</td></tr>"
        assert _after_text(f"<table>{rows}</table>") == (
            Paragraph("Fish | Crowns", ParagraphKind.TABLE_ROW),
            Paragraph(
                "Cod | 3", ParagraphKind.TABLE_ROW, 0, (Link(0, 3, "https://harbourpost.example/cod"),)
            ),
        )


def test_links_are_absolute_and_those_to_nowhere_are_left_out() -> None:
    line = "The <a href='/pier'>old pier</a> and <a href='javascript:x()'>the nets</a> were sold in spring."
    ((start, end, url),) = (
        (link.start, link.end, link.url) for link in _after_text(f"<p>{line}</p>")[0].links
    )
    assert ("The old pier and"[start:end], url) == ("old pier", "https://harbourpost.example/pier")


class TestImages:
    def test_a_picture_has_caption_alt_and_place(self) -> None:
        figure = "<figure><img data-src='/b.jpg' src='data:image/gif;base64,x' alt='A boat'>"
        figure += "<figcaption>The boat at night. <span>Ada Lark</span></figcaption></figure>"
        half = len(STORY.paragraphs) // 2
        body = "".join(
            f"<p>{one}</p>{figure if number == half else ''}"
            for number, one in enumerate(STORY.paragraphs, 1)
        )
        (image,) = _extract(f"<article>{body}</article>").images
        assert (image.url, image.alt, image.before) == ("https://harbourpost.example/b.jpg", "A boat", half)
        assert image.caption == "The boat at night. Ada Lark"

    def test_the_picture_that_the_metadata_names_comes_first_with_its_caption(self) -> None:
        head = "<h1>Boats</h1><figure><img src='/b.jpg?w=600'><figcaption>The boat.</figcaption></figure>"
        named = "https://harbourpost.example/b.jpg?w=1200"
        (image,) = _extract(f"<main>{head}<div>{TEXT}</div></main>", Evidence(image=named)).images
        assert (image.url, image.caption, image.before) == (
            "https://harbourpost.example/b.jpg?w=600",
            "The boat.",
            None,
        )

    def test_icons_and_the_pictures_of_teasers_are_not_the_articles(self) -> None:
        teasers = "".join(
            f"<div class='t'><img src='/t{n}.jpg'><a href='/{n}'>A headline that leads away {n}</a></div>"
            for n in range(4)
        )
        icon = "<p><img src='/i.png' width='16'></p>"
        assert _extract(f"<div><h1>Boats</h1>{icon}{TEXT}</div><div>{teasers}</div>").images == ()


def test_of_a_feed_all_is_text_but_what_says_that_it_is_furniture() -> None:
    root = parse_html("<p>Boats sail.</p><p>Advertisement</p><ul><li>Nets</li></ul>")
    assert root is not None
    found = feed_paragraphs(root, URL, lambda _: False)
    assert [(one.text, one.kind) for one in found.content] == [
        ("Boats sail.", ParagraphKind.PARAGRAPH),
        ("Nets", ParagraphKind.LIST_ITEM),
    ]
