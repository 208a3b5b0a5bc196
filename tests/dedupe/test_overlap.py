import numpy as np
import pytest

from ingestd.dedupe.overlap import Overlap, Printed, places, printed
from ingestd.dedupe.text import Text

from .texts import CHINESE, OTHER_STORY, WIRE, body, joined, own, print_of

SHARED = own("shared", 103)


def overlap(one: str, other: str) -> Overlap:
    return Overlap.of(print_of(one, 1), print_of(other, 2))


def test_it_is_seen_from_the_text_with_fewer_shingles_whichever_came_first() -> None:
    short, long = print_of(joined(SHARED[:40]), 1), print_of(joined(SHARED), 2)
    assert Overlap.of(short, long).shorter is Overlap.of(long, short).shorter is short


def test_texts_of_one_size_are_seen_from_one_of_them_whichever_came_first() -> None:
    one, other = print_of(joined(own("one", 9)), 1), print_of(joined(own("other", 9)), 2)
    assert Overlap.of(one, other).shorter is Overlap.of(other, one).shorter


def test_shingles_in_common_are_counted_once_each() -> None:
    found = overlap(joined(SHARED, own("one", 50), SHARED), joined(own("other", 10), SHARED))
    assert found.common == 100
    assert found.containment == 100 / 110
    assert found.jaccard == 100 / (110 + 153 - 100)


def test_furniture_of_either_counts_for_nothing() -> None:
    text = Text.of(joined(SHARED))
    live = np.ones(text.size, np.bool_)
    live[text.which[:30]] = False
    framed, whole = Printed(1, "one.example", text, live), Printed(2, "two.example", text)
    for one, other in ((framed, whole), (whole, framed)):
        found = Overlap.of(one, other)
        assert (found.common, found.containment, found.jaccard) == (70, 1, 0.7)
        assert sorted((found.shorter_size, found.longer_size)) == [70, 100]
        # … but it is no difference either.
        assert found.runs.lengths.tolist() == [100]
        assert np.flatnonzero(~found.matched).tolist() == list(range(30))
        assert np.flatnonzero(~found.matched_in_longer).tolist() == list(range(30))


@pytest.mark.parametrize("pair", [("", ""), ("", "one two three four"), ("… !", joined(SHARED))])
def test_no_words_have_nothing_in_common(pair: tuple[str, str]) -> None:
    found = overlap(*pair)
    assert (found.common, found.containment, found.jaccard) == (0, 0, 0)
    assert (found.runs.longest, found.runs.mean, found.runs.words) == (0, 0, 0)


@pytest.mark.parametrize(
    ("shorter", "longer", "nothing"),
    [
        (SHARED[:50], SHARED, True),
        (SHARED[:60], [*SHARED[:30], *own("local", 40), *SHARED[30:]], True),
        ([*SHARED[:30], *SHARED[60:]], SHARED, True),
        ([*SHARED[:30], "word", *SHARED[30:60]], SHARED, False),
        ([*SHARED[:30], "word", *SHARED[31:60]], SHARED, False),
        ([*own("lead", 9), *SHARED[:60]], SHARED, False),
    ],
    ids=["cut", "paragraph added", "paragraph left out", "word added", "word replaced", "own lead"],
)
def test_whether_the_shorter_text_plainly_adds_nothing(
    shorter: list[str], longer: list[str], nothing: bool
) -> None:
    assert overlap(joined(shorter), joined(longer)).adds_nothing is nothing


def test_whether_a_text_without_spaces_adds_nothing_is_left_open() -> None:
    text = "".join(CHINESE)
    assert overlap(text, f"渔民{text}").adds_nothing
    assert not overlap(text[:60], text).adds_nothing


def test_runs_and_what_stands_between_them() -> None:
    one = joined(SHARED[:40], own("one", 3), SHARED[40:80])
    other = joined(own("lead", 12), SHARED[:40], own("two", 5), SHARED[40:])
    runs = overlap(one, other).runs
    assert runs.lengths.tolist() == [37, 37]
    assert (runs.longest, runs.mean, runs.words) == (37, 37, 80)
    assert runs.gaps[0].tolist() == [0, 3, 0]
    assert runs.gaps[1].tolist() == [12, 5, 23]
    assert runs.replaced.tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("inserted", "slots"), [(0, (1, 0)), (1, (1, 1)), (12, (1, 1)), (13, (1, 0))], ids=str
)
def test_slots_and_edits_are_counted_within_the_texts(inserted: int, slots: tuple[int, int]) -> None:
    one = joined(own("lead", 9), SHARED[:40], ["value"], SHARED[40:], own("end", 9))
    other = joined(
        own("local", 9),
        SHARED[:40],
        ["figure"],
        SHARED[40:70],
        own("new", inserted),
        SHARED[70:],
        own("close", 9),
    )
    assert overlap(one, other).runs.slots(12) == slots
    assert overlap(other, one).runs.slots(12) == slots


def test_a_paragraph_that_was_moved_is_no_edit() -> None:
    one, other = joined(SHARED[:40], SHARED[40:]), joined(SHARED[40:], SHARED[:40])
    assert overlap(one, other).runs.slots(12) == (0, 0)
    linked = joined(SHARED[:40], ["and", "so"], SHARED[40:])
    assert overlap(linked, joined(SHARED[40:], own("new", 60), SHARED[:40])).runs.slots(12) == (0, 0)


def test_begins_differ_when_both_texts_have_words_of_their_own_there_and_ends_never() -> None:
    one, other = print_of(joined(own("lead", 8), SHARED), 1), print_of(joined(own("local", 20), SHARED), 2)
    assert [len(found) for found in places(one, other, 8)] == [1, 1]
    assert [len(found) for found in places(one, other, 9)] == [0, 0]
    one, other = print_of(joined(SHARED, own("end", 20)), 1), print_of(joined(SHARED, own("close", 8)), 2)
    assert [len(found) for found in places(one, other, 8)] == [0, 0]


def test_places_are_given_by_the_positions_of_each_text_in_the_order_asked_for() -> None:
    one = print_of(joined(SHARED[:50], ["value"], SHARED[50:]), 1)
    other = print_of(joined(own("lead", 20), SHARED[:50], ["figure"], SHARED[50:70]), 2)
    in_one, in_other = places(one, other, 8)
    assert (in_one.tolist(), in_other.tolist()) == ([[46, 51]], [[66, 71]])
    in_other, in_one = places(other, one, 8)
    assert (in_one.tolist(), in_other.tolist()) == ([[46, 51]], [[66, 71]])


def test_other_texts_have_no_runs() -> None:
    found = overlap(body(*WIRE), body(*OTHER_STORY))
    assert found.runs.longest == 0
    assert found.runs.words == 0


def test_prints_asked_for_again_are_the_same() -> None:
    one = printed(1, "one.example", body(*WIRE), ())
    assert printed(1, "one.example", body(*WIRE), ()) is one
    assert printed(2, "one.example", body(*WIRE), ()) != one
    assert one.live_size == one.text.size
