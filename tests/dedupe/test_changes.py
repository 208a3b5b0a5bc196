import re
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingestd.dedupe.changes import MAX_CHARACTERS, Block, Changes, Kind, Op, changes, numbered
from ingestd.dedupe.shingles import tokenise
from tests.dedupe.texts import OTHER_STORY, WIRE, body

ORIGINAL = body(*WIRE)
LEAD, CALL, *REST = WIRE
LOCAL = "The Gull and Anchor, where sailors of both navies used to drink, has put a radio on its counter."
SIGN_OFF = "Our reporter will be at the lighthouse when the first boat arrives."


def summary(*paragraphs: str) -> str:
    return changes(ORIGINAL, body(*paragraphs)).summary


def kinds(found: Changes) -> list[str]:
    return [block.kind.value for block in found.blocks]


def edits(block: Block) -> list[tuple[str, str]]:
    """The changes within a block, without what was kept."""
    return [(segment.op.value, segment.text) for segment in block.segments if segment.op != Op.KEEP]


@pytest.mark.parametrize(
    "copy",
    [
        ORIGINAL,
        ORIGINAL.upper().replace("“", '"').replace("”", '"').replace("’", "'"),
        ORIGINAL.replace("\n\n", "\r\n \r\n"),
        ORIGINAL.replace("\n\n", "\n\n* * *\n\n"),
        body(LEAD + " " + CALL, *REST),
        ORIGINAL.replace("\n\n", " "),
        re.sub(r"(,|”) ", r"\1\n\n", ORIGINAL),
        re.sub(r"\s+", "\n\n", ORIGINAL),
    ],
    ids=["equal", "typography", "line ends", "dividers", "joined", "one paragraph", "split", "words"],
)
def test_what_has_the_same_words_is_the_same_text(copy: str) -> None:
    found = changes(ORIGINAL, copy)
    assert found.summary == "same text"
    assert set(kinds(found)) == {"kept"}
    assert (found.words_kept, found.words_cut, found.words_added) == (len(tokenise(ORIGINAL)), 0, 0)


@pytest.mark.parametrize(
    ("paragraphs", "told"),
    [
        (WIRE[:4], "cut after paragraph 4 of 7"),
        ((*WIRE[:3], WIRE[3].partition(", the minister")[0]), "cut inside paragraph 4 of 7"),
        ((LEAD, *WIRE[2:5]), "cut 3 of 7 paragraphs (2, 6–7)"),
        (WIRE[::2], "cut 3 of 7 paragraphs (2, 4, 6)"),
        ((LOCAL, *WIRE[1:6]), "new lead, cut after paragraph 6 of 7"),
        ((LOCAL, *WIRE), "added 1 at the start"),
        ((*WIRE, LOCAL, SIGN_OFF), "added 2 at the end"),
        ((LEAD, LOCAL, *WIRE[1:], SIGN_OFF), "added 2 (1 in between, 1 at the end)"),
        (("VALMORA (NPA) — " + LEAD, *WIRE[1:]), "dateline added"),
        (("VALMORA (NPA)", *WIRE), "dateline added"),
        ((LEAD.replace("telephone", "radio"), *WIRE[1:]), "1 edited"),
        ((*WIRE[1:], LEAD), "1 moved"),
        (OTHER_STORY, "no text in common"),
        ((), "no text in common"),
    ],
)
def test_one_line_says_what_a_copy_is(paragraphs: tuple[str, ...], told: str) -> None:
    assert summary(*paragraphs) == told


def test_datelines_are_cut_and_exchanged() -> None:
    with_dateline = body("SUND (NPA) – " + LEAD, *WIRE[1:])
    assert changes(with_dateline, ORIGINAL).summary == "dateline cut"
    other = with_dateline.replace("SUND (NPA)", "ORRIN, Nov 22 (KPA)")
    assert changes(with_dateline, other).summary == "other dateline"


def test_too_many_numbers_are_not_listed() -> None:
    long = [f"{word} stands alone in paragraph {number}" for number, word in enumerate("abcdefghijkl")]
    assert changes(body(*long), body(*long[1::2])).summary == "cut 6 of 12 paragraphs"


def test_no_text_against_none_is_the_same_text() -> None:
    assert changes("", " \n\n –").summary == "same text"


def test_a_mixed_copy_is_told_paragraph_by_paragraph() -> None:
    edited = WIRE[3].replace("deputy spokeswoman Clara Voss", "office")
    copy = body(LOCAL, LEAD, WIRE[5], CALL, edited, SIGN_OFF)
    told = [(block.kind.value, block.originals, block.copies) for block in changes(ORIGINAL, copy).blocks]
    assert told == [
        ("added", (), (0,)),
        ("kept", (0,), (1,)),
        ("moved", (5,), (2,)),
        ("kept", (1,), (3,)),
        ("cut", (2,), ()),
        ("edited", (3,), (4,)),
        ("cut", (4,), ()),
        ("cut", (6,), ()),
        ("added", (), (5,)),
    ]


def test_edits_are_spelt_as_each_text_spells_them() -> None:
    copy = ORIGINAL.replace("at the lighthouse of Orrin,", "near Orrin Light (a Tower),")
    (edited,) = (block for block in changes(ORIGINAL, copy).blocks if block.kind == Kind.EDITED)
    assert [(segment.op.value, segment.text) for segment in edited.segments][1:-1] == [
        ("cut", "at the lighthouse of Orrin,"),
        ("add", "near Orrin Light (a Tower),"),
    ]


def test_changes_within_one_word_of_several_parts_keep_their_brackets() -> None:
    (block,) = changes("a spokesman/(woman) from Sund–Orrin", "a spokesman/(man) from Sund—Karrow").blocks
    assert edits(block) == [("cut", "(woman)"), ("add", "(man)"), ("cut", "Orrin"), ("add", "Karrow")]


def test_a_moved_paragraph_may_be_edited() -> None:
    copy = body(*WIRE[1:], LEAD.replace("by telephone", "at length"))
    (moved,) = (block for block in changes(ORIGINAL, copy).blocks if block.kind == Kind.MOVED)
    assert (moved.originals, moved.copies) == ((0,), (6,))
    assert edits(moved) == [("cut", "by telephone"), ("add", "at length")]


def test_a_paragraph_has_moved_to_where_most_of_it_stands() -> None:
    first, comma, second = LEAD.partition(" about lowering")
    found = changes(ORIGINAL, body(CALL, REST[0], first, *REST[1:], comma + second))
    (moved,) = (block for block in found.blocks if block.kind == Kind.MOVED)
    assert moved.copies == (7,)


def test_paragraphs_in_reverse_order_have_moved() -> None:
    found = changes(ORIGINAL, body(*WIRE[::-1]))
    assert Counter(kinds(found)) == {"moved": 6, "kept": 1}
    assert found.words_cut == found.words_added == 0


def test_a_cut_paragraph_does_not_hide_in_a_joined_one() -> None:
    found = changes(ORIGINAL, " ".join((*WIRE[:3], *WIRE[4:])))
    assert found.summary == "cut 1 of 7 paragraphs (4)"
    assert [(block.originals, block.copies) for block in found.blocks] == [
        ((0, 1, 2), (0,)),
        ((3,), ()),
        ((4, 5, 6), (0,)),
    ]


def test_an_edit_where_the_texts_break_differently_is_one_block() -> None:
    found = changes(ORIGINAL, body(LEAD.removesuffix("on Friday.") + "late on Monday. " + CALL, *REST))
    assert (found.blocks[0].originals, found.blocks[0].copies) == ((0, 1), (0,))
    assert edits(found.blocks[0]) == [("add", "late"), ("cut", "Friday."), ("add", "Monday.")]


def test_a_new_paragraph_with_the_old_ones_small_words_is_no_edit() -> None:
    was = "The mayor of the town said on Monday that the bridge to the island will be closed in the winter."
    now = (
        "The owner of the bakery, in a letter to the paper, wrote that the price of the bread will not rise."
    )
    found = changes(body(LEAD, was, CALL), body(LEAD, now, CALL))
    assert kinds(found) == ["kept", "cut", "added", "kept"]


@pytest.mark.parametrize(
    "new",
    [
        "There was no quick reaction from the fishing families of the coast.",
        "Reaction from the fishing families of the coast was slow to come.",
    ],
)
def test_a_word_that_is_a_paragraph_is_not_found_again_within_a_new_one(new: str) -> None:
    found = changes(body(LEAD, "Reaction", CALL), body(LEAD, new, CALL))
    assert kinds(found) == ["kept", "cut", "added", "kept"]


def test_a_heading_is_found_within_the_paragraph_that_it_was_joined_to() -> None:
    found = changes(
        body(LEAD, "Boats in spring", *REST), body(LEAD, f"{LOCAL} Boats in spring {REST[0]}", *REST[1:])
    )
    assert found.words_cut == 0
    assert edits(found.blocks[1]) == [("add", LOCAL)]


def test_a_short_paragraph_made_out_of_a_long_one_is_an_edit() -> None:
    short = "Both want to keep up their occasional calls in spite of their dispute."
    found = changes(ORIGINAL, body(*WIRE[:4], short, *WIRE[5:]))
    assert kinds(found).count("edited") == 1
    assert ("cut", "The two governments have kept") in edits(found.blocks[4])


def test_a_long_quotation_in_a_paragraph_of_other_words_is_an_edit() -> None:
    quoted = "among them one at the end of June in which Kestria complained about a survey ship"
    new = (
        f"Nobody at the fish market on Tuesday could remember a louder quarrel, {quoted}. {LOCAL} {SIGN_OFF}"
    )
    found = changes(body(LEAD, f"{WIRE[4]} {WIRE[5]}", CALL), body(LEAD, new, CALL))
    assert kinds(found) == ["kept", "edited", "kept"]


def test_rewritten_words_are_not_chopped_at_every_small_word_they_share() -> None:
    copy = ORIGINAL.replace(
        "that the boats would be sent in spring and stay for", "all leave early in a bad May"
    )
    (edited,) = (block for block in changes(ORIGINAL, copy).blocks if block.kind == Kind.EDITED)
    assert len(edits(edited)) == 2


def test_chance_does_not_reach_over_the_end_of_a_paragraph() -> None:
    # All three end the first paragraph and go on with "The".
    local = "The mayor has had the quay swept and hopes for a quiet winter."
    found = changes(body(LEAD, REST[2], CALL), body(LEAD + " " + local, CALL))
    assert "cut" in kinds(found)
    assert edits(found.blocks[0]) == [("add", local)]


def test_a_repeated_lead_is_an_added_paragraph() -> None:
    assert summary(LEAD.partition(" about lowering")[0], *WIRE) == "added 1 at the start"
    assert Counter(kinds(changes(ORIGINAL, body(LEAD, *WIRE)))) == {"kept": 7, "added": 1}


def test_a_text_printed_twice_is_kept_once() -> None:
    found = changes(ORIGINAL, body(*WIRE, *WIRE))
    assert found.summary == "added 7 at the end"
    assert found.words_cut == 0


def test_scripts_without_spaces_are_compared_by_character() -> None:
    original = "港口部长星期五通过电话讨论了海峡中的船只问题。\n\n渔民们希望谈判能在春天以前结束。"
    copy = original.replace("星期五", "周六").replace("。\n\n", "。（新华社）\n\n")
    found = changes(original, copy)
    assert edits(found.blocks[0]) == [("cut", "星期五"), ("add", "周六"), ("add", "（新华社）")]
    assert found.blocks[1].kind == Kind.KEPT
    assert (found.words_cut, found.words_added) == (3, 5)


def test_letters_that_cannot_be_told_piecewise_change_as_a_whole() -> None:
    # "&amp" without its semicolon folds only together with the rest.
    (block,) = changes("bread&ampbutter for two today", "bread&ampcheese for two today").blocks
    assert edits(block) == [("cut", "bread&ampbutter"), ("add", "bread&ampcheese")]


def test_no_character_is_changed_by_half() -> None:
    (block,) = changes("a pint and ½ of it was left", "a pint and ⅔ of it was left").blocks
    assert edits(block) == [("cut", "½"), ("add", "⅔")]


def test_a_paragraph_is_spelt_with_the_dash_that_opens_it() -> None:
    assert edits(changes(ORIGINAL, body(*WIRE, "– So it goes, she said.")).blocks[-1]) == [
        ("add", "– So it goes, she said.")
    ]


def test_paragraph_numbers_are_told_in_ranges() -> None:
    assert numbered([6, 0, 1, 2, 3]) == "1–4, 7"
    assert numbered([]) == ""


GIANTS = {
    "one letter": ("a " * 1_000_000, "b " + "a " * 999_999),
    "one word": ("a" * 2_000_000, "b" * 2_000_000),
    "two letters": ("a b b a a b " * 170_000, "b a b b a a a " * 150_000),
    "paragraphs": ("a\n\nb\n\n" * 330_000, "b\n\nc\n\n" * 330_000),
    "blank lines": ("\n " * 1_000_000 + "a", "\n" * 2_000_000),
    "edits": (
        " ".join(f"{number:x}" if number % 5 else "left" for number in range(300_000)),
        " ".join(f"{number:x}" if number % 5 else "right" for number in range(300_000)),
    ),
    "hyphens": ("a-b-" * 500_000, "b-b-a-" * 330_000),
    "characters": (
        "".join(map(chr, range(0x4E00, 0x9FFF))) * 95,
        "".join(map(chr, range(0x9FFE, 0x4DFF, -1))) * 95,
    ),
    "marks": ("e\u0301" * 1_000_000, "\u0301" * 2_000_000),
}


@pytest.mark.parametrize("pair", GIANTS.values(), ids=GIANTS.keys())
def test_giant_texts_are_compared_up_to_a_limit(pair: tuple[str, str]) -> None:
    found = changes(*pair)
    assert found.limited
    assert found.summary.endswith(f"(first {MAX_CHARACTERS:,} characters)")
    assert found.words_kept + found.words_added == len(tokenise(pair[1][:MAX_CHARACTERS]))


TOKENS = (
    "the a of said Boat boats 12 3.5 – “quoted” it's Sund–Orrin 中国港口 … F16 (NPA) é ำ ｶﾞ ½ &amp;".split()
)
PARAGRAPHS = st.lists(st.sampled_from(TOKENS), max_size=8).map(" ".join)
BODIES = st.one_of(
    st.lists(PARAGRAPHS, max_size=7).map("\n\n".join),
    st.lists(st.sampled_from([*WIRE, *OTHER_STORY]), max_size=9).map("\n\n".join),
    st.text(max_size=60),
    st.text(alphabet="ab \n&;", max_size=40),
)
MIRRORED = {Kind.CUT: Kind.ADDED, Kind.ADDED: Kind.CUT}


def words(found: Changes, *ops: Op) -> list[str]:
    segments = (segment for block in found.blocks for segment in block.segments if segment.op in ops)
    return [token for segment in segments for token in tokenise(segment.text)]


@settings(deadline=None)
@given(BODIES, BODIES)
@example(body(LEAD, CALL), f"{CALL} {LEAD}")
@example(f"{CALL} {LEAD}", body(LEAD, CALL))
def test_the_kept_and_added_words_are_the_copy(original: str, copy: str) -> None:
    found = changes(original, copy)
    assert words(found, Op.KEEP, Op.ADD) == tokenise(copy)
    assert Counter(words(found, Op.KEEP, Op.CUT)) == Counter(tokenise(original))


@settings(deadline=None)
@given(BODIES, BODIES)
@example(
    "one two three four five six\n\nten nine eight seven",
    "ten nine eight seven\n\none two three four five six",
)
@example("one two three four\n\nfive six seven eight", "five six seven eight\n\none two three four")
def test_swapped_texts_swap_what_was_cut_and_added(original: str, copy: str) -> None:
    there, back = changes(original, copy), changes(copy, original)
    assert (there.words_kept, there.words_cut, there.words_added) == (
        back.words_kept,
        back.words_added,
        back.words_cut,
    )
    assert Counter((block.kind, block.originals, block.copies) for block in there.blocks) == Counter(
        (MIRRORED.get(block.kind, block.kind), block.copies, block.originals) for block in back.blocks
    )


@settings(deadline=None)
@given(BODIES)
def test_a_text_however_it_is_broken_is_the_same_as_itself(text: str) -> None:
    for copy in (text, re.sub(r"\s+", " ", text), re.sub(r"\s+", "\n\n", text)):
        assert changes(text, copy).summary == "same text"
