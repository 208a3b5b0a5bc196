import numpy as np
import pytest

from ingestd.dedupe.fingerprint import fingerprint
from ingestd.dedupe.shingles import CHARACTERS_PER_SHINGLE, WORDS_PER_SHINGLE
from ingestd.dedupe.text import WORDS_PER_CHARACTER, Text, prepared

from .texts import CHINESE, WIRE, body, joined, own

TEXT = Text.of(joined(own("word", 400)))
# The anchors in reading order, with where they stand; every shingle of this text is distinct.
PLACES = sorted(TEXT.first[TEXT.sample].tolist())


def anchor_at(place: int) -> int:
    return int(TEXT.distinct[TEXT.which[place]].astype(np.uint32).view(np.int32))


def live_places(*masked_places: int) -> list[int]:
    live = TEXT.live([anchor_at(place) for place in masked_places])
    assert live is not None
    return np.flatnonzero(live[TEXT.which]).tolist()


def test_its_anchors_are_those_of_the_fingerprint() -> None:
    assert TEXT.anchors == fingerprint(joined(own("word", 400))).anchors
    assert TEXT.size == 397


def test_nothing_masked_leaves_all() -> None:
    assert TEXT.live(()) is None


def test_anchors_of_other_texts_mask_nothing() -> None:
    others = set(fingerprint(body(*WIRE)).anchors) - set(TEXT.anchors)
    assert TEXT.live(others) is None


def test_what_stands_between_two_masked_anchors_is_furniture() -> None:
    assert len(PLACES) > 12
    dead = set(range(397)) - set(live_places(*PLACES[4:8]))
    assert dead == set(range(PLACES[4], PLACES[7] + 1))


def test_what_stands_between_a_masked_and_another_anchor_is_none() -> None:
    assert set(range(397)) - set(live_places(PLACES[5], PLACES[8])) == {PLACES[5], PLACES[8]}


def test_the_ends_are_what_the_nearest_anchor_is() -> None:
    assert live_places(PLACES[0]) == list(range(PLACES[0] + 1, 397))
    assert live_places(PLACES[-1]) == list(range(PLACES[-1]))


def test_all_masked_leaves_nothing() -> None:
    assert live_places(*PLACES) == []


def test_a_shingle_is_live_when_it_stands_anywhere_outside_the_furniture() -> None:
    teaser = own("teaser", 60)
    alone = Text.of(joined(teaser))
    text = Text.of(joined(own("article", 90), teaser, own("more", 90), teaser[:20], own("end", 90)))
    in_both = set(Text.of(joined(teaser[:20])).anchors)
    masked = set(alone.anchors) & set(text.anchors)
    live = text.live(masked - in_both)
    assert live is not None
    assert not live.all()
    assert live[text.which[240 : 240 + 17]].all()


def test_an_empty_text_can_be_masked() -> None:
    assert Text.of("").live([1, 2]) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("one two three", 3), ("中国 and 港口", 1 + 4 * WORDS_PER_CHARACTER)],
)
def test_two_characters_of_a_script_without_spaces_count_as_a_word(text: str, words: float) -> None:
    assert Text.of(text).words == words


def test_words_between_two_shingles() -> None:
    text = Text.of(joined(own("word", 20)))
    before, after = np.array([text.begin, 0, 5]), np.array([3, 10, text.end])
    assert text.words_between(before, after).tolist() == [3, 10 - WORDS_PER_SHINGLE, 15 - WORDS_PER_SHINGLE]
    assert text.words_between(np.array([7]), np.array([8])).tolist() == [1 - WORDS_PER_SHINGLE]


def test_words_between_two_shingles_of_characters() -> None:
    text = Text.of(body(*CHINESE))
    found = text.words_between(np.array([text.begin, 5]), np.array([8, 5 + CHARACTERS_PER_SHINGLE + 6]))
    assert found.tolist() == [8 * WORDS_PER_CHARACTER, 6 * WORDS_PER_CHARACTER]


def test_texts_compared_again_are_not_read_again() -> None:
    assert prepared(body(*WIRE)) is prepared(body(*WIRE))
