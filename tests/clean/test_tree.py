import pytest

from ingestd.clean.tree import blocks, parse_html, parts


def _lines(html: str) -> list[str]:
    root = parse_html(html)
    assert root is not None
    return [line.text for line in blocks(root)]


@pytest.mark.parametrize(
    "html",
    [
        "<!doctype html><title>T</title><main><h1>Boats</h1><p>They come in.</p></main>",
        "<html><head><title>T</title><main><h1>Boats</h1><p>They come in.</p></main></head></html>",
        "<meta charset=utf-8><header><h1>Boats</h1></header><main><p>They come in.</p></main><hr>",
    ],
    ids=["no head, no body", "main inside the head", "a body that begins late"],
)
def test_what_is_no_metadata_ends_the_head(html: str) -> None:
    assert _lines(html) == ["Boats", "They come in."]


def test_lines_keep_their_order_when_they_are_moved_out_of_the_head() -> None:
    assert _lines("<title>T</title><main><p>One</p></main><section><p>Two</p></section><p>Three</p>") == [
        "One",
        "Two",
        "Three",
    ]


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<b>AFP</b><i>AFP</i>", ["AFP", "AFP"]),
        ("<div>AFP</div><div>AFP</div>", ["AFP", "AFP"]),
        ("<div>Ada Lark</div> <div>Tern News</div>", ["Ada Lark", "Tern News"]),
        ("Ada Lark<br>Tern News", ["Ada Lark", "Tern News"]),
        ("<b>A</b>da <span>Lark</span>", ["Ada Lark"]),
        ("<b>Bo</b>ats and <i>nets</i>", ["Boats and nets"]),
        ("Ada<script>x</script> Lark", ["Ada Lark"]),
        ("", []),
    ],
)
def test_adjacent_elements_are_parts_and_a_large_first_letter_is_none(html: str, wanted: list[str]) -> None:
    root = parse_html(f"<html><body><section>{html}</section></body></html>")
    assert root is not None
    assert parts(root[0][0]) == wanted
