from ingestd.cli.changes_view import render
from ingestd.dedupe.changes import changes
from tests.dedupe.texts import WIRE, body

ORIGINAL = body(*WIRE)


def lines(*paragraphs: str) -> list[str]:
    return render(changes(ORIGINAL, body(*paragraphs)))


def test_the_same_text_is_two_lines() -> None:
    assert lines(*WIRE) == [
        "same text; 207 words kept, 0 cut, 0 added",
        "  = paragraphs 1–7 as in the original",
    ]


def test_each_kind_of_paragraph_has_its_mark() -> None:
    edited = WIRE[3].replace("deputy spokeswoman Clara Voss", "office")
    told = lines("A line of our own.", WIRE[0], WIRE[5], WIRE[1], edited, WIRE[4])
    assert told[1:] == [
        "  + A line of our own.",
        "  = paragraph 1 as in the original",
        "  > 6, moved here: The cabinet in Valmora announced on Wednesday, at a meeting of the coastal...",
        "  = paragraph 2 as in the original",
        "  - 3: “The question of keeping ships apart and of warning each other in time was...",
        "  ~ 4: According to Rehn’s [-deputy spokeswoman Clara Voss,-] {+office,+} the minister “underlined"
        " how...",
        "  = paragraph 5 as in the original",
        "  - 7: Kestria criticised the move and accused its neighbour of taking a step towards a...",
    ]


def test_only_what_stands_next_to_a_change_is_shown_of_a_paragraph() -> None:
    copy = WIRE[5].replace("Wednesday", "Thursday").replace("nets were", "grass was")
    assert lines(*WIRE[:5], copy, WIRE[6])[2] == (
        "  ~ 6: ...in Valmora announced on [-Wednesday,-] {+Thursday,+} at a meeting of the"
        " coastal... and stay for as long as the [-nets were-] {+grass was+} being cut."
    )


def test_long_additions_are_shortened_too() -> None:
    shown = lines(*WIRE, "word " * 200)[-1]
    assert shown.startswith("  + word word")
    assert shown.endswith("word...")
    assert len(shown) < 250


def test_a_word_without_end_is_broken() -> None:
    assert lines(*WIRE, "x" * 1_000)[-1] == "  + " + "x" * 240 + "..."


def test_nothing_that_steers_a_terminal_comes_through() -> None:
    told = lines("\x1b[2J\u202e Red\nalert", *WIRE)
    assert told[1] == "  + [2J Red alert"
    assert all(line.isprintable() for line in told)
