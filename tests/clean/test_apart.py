"""What stands with a line of furniture in a box of its own; no name in these pages says anything."""

from ingestd.clean.extract import Evidence, extract_text
from ingestd.clean.tree import blocks, parse_html

from .pages import STORY

TEXT = STORY.paragraphs


def _p(paragraphs: tuple[str, ...]) -> str:
    return "".join(f"<p>{one}</p>" for one in paragraphs)


def _paragraphs(body: str) -> tuple[str, ...]:
    html = f"<html><body><main><h1>Boats</h1>{body}</main></body></html>"
    root = parse_html(html)
    assert root is not None
    return extract_text(root, blocks(root), "https://harbourpost.example/a/1", Evidence(), html).paragraphs


def test_offers_below_a_request_to_subscribe_are_no_text() -> None:
    offers = "".join(
        f"<div><h2>{name}</h2><p>{said}</p></div>"
        for name, said in (("Monthly", "A plan that one can end at any time."), ("Yearly", "A cheaper one."))
    )
    box = f"<div><div><p>Sign up for Tides, our newsletter.</p><div>{offers}</div></div></div>"
    assert _paragraphs(f"<div>{_p(TEXT[:4])}{box}{_p(TEXT[4:])}</div>") == TEXT


def test_what_is_said_of_an_author_is_no_text() -> None:
    box = "<section><div>About the author</div><div><b>Ada Lark</b><p>She rows to work.</p></div></section>"
    assert _paragraphs(f"<div>{_p(TEXT[:5])}{box}{_p(TEXT[5:])}</div>") == TEXT


def test_sections_that_one_can_share_are_a_text() -> None:
    sections = "".join(
        f"<section><h2>{name}</h2><p>Whoever comes to {name} after dark has to ask at the mill for the key "
        "to the gate, and has to bring it back before the bells of the old chapel ring in the morning.</p>"
        "<div>Share</div></section>"
        for name in ("Orrin", "Valmora", "Osterby")
    )
    told = "\n".join(_paragraphs(_p(TEXT[:4]) + sections + _p(TEXT[4:])))
    assert told.count("has to ask at the mill") == 3


def test_a_list_that_names_buttons_is_a_text() -> None:
    items = "<ul><li>Copy</li><li>Share</li><li>Mend the net</li></ul>"
    assert "Mend the net" in _paragraphs(f"<div>{_p(TEXT[:4])}{items}{_p(TEXT[4:])}</div>")


def test_a_story_below_the_text_that_ends_in_a_way_to_it_is_none_of_it() -> None:
    story = (
        '<h2><a href="/next">Keeper sells the lamp of his grandfather</a></h2>'
        "<p>The lamp stood in a cellar for forty years before anyone asked what it was worth.</p>"
        "<p>Buyers came from three countries, and the smallest of them took it home on a sledge.</p>"
    )
    below = f'<div>{story}<a href="/next">Read more</a></div>'
    assert _paragraphs(f"<div>{_p(TEXT)}{below}</div>") == TEXT


def test_the_last_sections_of_a_text_may_lead_to_more() -> None:
    sections = "".join(
        f"<section><h2>{name}</h2><p>Whoever comes to {name} after dark has to ask at the mill for the key "
        "to the gate, and has to bring it back before the bells of the old chapel ring in the morning.</p>"
        '<div><a href="https://isles.example/">Read more</a></div></section>'
        for name in ("Kestria", "Lorne", "Amsel")
    )
    assert sum("the key" in one for one in _paragraphs(f"<div>{_p(TEXT)}{sections}</div>")) == 3
