"""One text in the markup of many systems: it comes out whole, and nothing else does."""

from pathlib import Path

import pytest

from ingestd.clean import clean_page

from .pieces import Piece, parse
from .samples import BLOCKS, LINES, page

URL = "https://www.shednotes.example/2025/03/09"

NOTE = Piece(
    title="How to Glue an Oar in a Cold Shed",
    content=parse("""
An oar that breaks in February cannot wait for warm weather, and glue does not like the cold. It can be done.
The trick is to warm the wood and not the room. I have done it with a hot brick and a [wool sock](/sock).
## What it takes
- A clean break, or a saw to make it clean
- Glue that forgives, which the fast ones do not
- Two clamps and somebody to hold the lamp
## How it goes
1. Warm both ends until they feel like a hand.
1. Put on the glue, thinly, and join them before you have finished the thought.
1. Clamp, wipe, and leave the shed for two days.
My neighbour, who builds boats and says little, looked at the first one for a long time.
> Row with it, and if you come back, it holds.
I came back. Since then I have glued eleven oars, a rudder and the leg of a piano that was not mine.
"""),
)
PROSE = Piece(
    title="A Letter to the Next Tenant of the Shed",
    content=parse("""
The door sticks when it rains, and it must not be planed: in summer it would let in the wind.
Under the third board lies a tin of nails that are no longer made; take them as you need them.
The last tenant left me [a list of birds](/birds), and I have added four. Two may be the same.
On windy nights there is a knocking from the roof. It is only the rope, and it is loose for want of a ladder.
Please leave the lamp where it is. From the river it is the last light before the bend, and it is used.
"""),
)


@pytest.mark.parametrize("sample", BLOCKS, ids=lambda sample: sample.stem)
def test_a_post_with_headings_lists_and_a_quotation(sample: Path) -> None:
    article = clean_page(page(sample, NOTE), URL)
    assert article.verdict is None
    assert article.paragraphs == NOTE.texts
    assert article.content == NOTE.content
    assert article.title == NOTE.title


@pytest.mark.parametrize("sample", LINES, ids=lambda sample: sample.stem)
def test_a_post_whose_paragraphs_are_no_elements_or_wrapped_ones(sample: Path) -> None:
    article = clean_page(page(sample, PROSE), URL)
    assert article.verdict is None
    assert article.paragraphs == PROSE.texts
    assert article.content == PROSE.content
    assert article.title == PROSE.title
