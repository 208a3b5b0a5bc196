from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestd.dedupe.fingerprint import (
    BODY_DENSITY,
    BRIEF_DENSITY,
    BRIEF_TOKENS,
    LEAD_DENSITY,
    LEAD_TOKENS,
    MAX_ANCHORS,
    SCHEME,
    TITLE_JOINS_BELOW_TOKENS,
    as_stored,
    compared_text,
    fingerprint,
)
from ingestd.dedupe.shingles import once_each, read, shingle
from ingestd.dedupe.text import Text

from .texts import CHINESE, WIRE, body, joined, own

LONG = joined(own("long", 3000))


def test_anchors_are_signed_32_bit_ascending_and_distinct() -> None:
    anchors = fingerprint(LONG).anchors
    assert list(anchors) == sorted(set(anchors))
    assert all(-(2**31) <= anchor < 2**31 for anchor in anchors)
    assert min(anchors) < -(2**30) < 2**30 < max(anchors)


def test_it_counts_tokens_and_distinct_shingles() -> None:
    found = fingerprint("one two three four one two three four one two three four")
    assert (found.scheme, found.token_count, found.shingle_count) == (SCHEME, 12, 4)


def test_anchors_stay_the_same_between_versions() -> None:
    # They are stored: other anchors for any text need a new name of the scheme.
    assert SCHEME == "frac-shingles-2"
    assert fingerprint(body(*WIRE)).anchors[:5] == GOLDEN[0]
    assert fingerprint(body(*CHINESE)).anchors[:5] == GOLDEN[1]
    assert [len(fingerprint(LONG[: words * 8]).anchors) for words in (64, 65, 200, 3000)] == SIZES


@pytest.mark.parametrize(
    ("tokens", "lead", "expected"),
    [
        (BRIEF_TOKENS, slice(None), BRIEF_DENSITY),
        (BRIEF_TOKENS + 1, slice(None), LEAD_DENSITY),
        (1000, slice(LEAD_TOKENS), LEAD_DENSITY),
        (1000, slice(LEAD_TOKENS, None), BODY_DENSITY),
    ],
    ids=["brief", "longer", "lead", "body"],
)
def test_the_lead_is_sampled_more_densely_and_a_brief_still_more(
    tokens: int, lead: slice, expected: int
) -> None:
    sampled = positions = 0
    for number in range(60):
        text = Text.of(joined(own(f"text{chr(97 + number // 26)}{chr(97 + number % 26)}x", tokens)))
        chosen = set(text.first[text.sample].tolist())
        places = range(len(text.which))[lead]
        sampled += len(chosen.intersection(places))
        positions += len(places)
    assert positions / sampled == pytest.approx(expected, rel=0.15)


@given(st.integers(0, 400), st.integers(4, 400), st.integers(0, 400), st.integers(0, 2**32))
def test_what_a_longer_text_keeps_of_a_passage_a_shorter_one_that_begins_with_it_keeps(
    before: int, length: int, after: int, seed: int
) -> None:
    passage = own(f"s{''.join(chr(97 + int(digit)) for digit in str(seed))}", length)
    of_part = set(fingerprint(joined(passage)).anchors)
    of_whole = set(fingerprint(joined(own("before", before), passage, own("after", after))).anchors)
    shared = set(as_stored(shingle(read(joined(passage)))).tolist())
    assert of_whole & shared <= of_part


def test_texts_that_share_a_passage_share_the_anchors_of_its_body() -> None:
    passage = own("passage", 800)
    one = set(fingerprint(joined(own("lead", 300), passage)).anchors)
    other = set(fingerprint(joined(own("other", 500), passage, own("end", 90))).anchors)
    shared = set(as_stored(shingle(read(joined(passage)))).tolist())
    assert one & shared == other & shared
    assert len(one & other) > 800 / BODY_DENSITY / 2


def test_a_giant_text_keeps_the_smallest_of_its_hashes() -> None:
    words = own("giant", 17_000)
    Random(1).shuffle(words)
    giant = joined(words, own("more", 9_000))
    found = fingerprint(giant)
    assert len(found.anchors) == MAX_ANCHORS
    distinct, _, _ = once_each(shingle(read(giant)))
    assert set(found.anchors) < set(as_stored(distinct[: len(distinct) // 4]).tolist())
    part = set(fingerprint(joined(words[5000:8000])).anchors)
    kept = set(found.anchors) & set(as_stored(shingle(read(joined(words[5000:8000])))).tolist())
    assert len(kept) > 50
    assert kept <= part


def test_a_few_words_have_anchors_all_the_same() -> None:
    for word in own("only", 200):
        assert fingerprint(f"{word} words").anchors
        assert fingerprint(f"five {word} words of text").anchors


@pytest.mark.parametrize("text", ["", " \n ", "… – !", "\u200b"])
def test_no_words_no_anchors(text: str) -> None:
    found = fingerprint(text)
    assert (found.anchors, found.token_count, found.shingle_count) == ((), 0, 0)


@given(st.text(max_size=300))
def test_every_text_with_words_has_anchors(text: str) -> None:
    found = fingerprint(text)
    assert found == fingerprint(text)
    assert bool(found.anchors) is bool(found.token_count) is bool(found.shingle_count)
    assert found.anchors == Text.of(text).anchors


@pytest.mark.parametrize(
    ("text", "joins"),
    [
        (joined(own("word", TITLE_JOINS_BELOW_TOKENS - 1)), True),
        (joined(own("word", TITLE_JOINS_BELOW_TOKENS)), False),
        ("-".join(own("word", TITLE_JOINS_BELOW_TOKENS)), False),
        ("— " * TITLE_JOINS_BELOW_TOKENS, False),
        (CHINESE[0][: TITLE_JOINS_BELOW_TOKENS - 1], True),
        (CHINESE[0], False),
        ("", True),
    ],
    ids=["short", "long", "long in one piece", "signs", "short Chinese", "Chinese", "empty"],
)
def test_a_title_joins_a_short_body(text: str, joins: bool) -> None:
    assert compared_text("A title", text) == (f"A title\n\n{text}" if joins else text)


@pytest.mark.parametrize("title", [None, ""])
def test_a_short_body_without_title_is_compared_alone(title: str | None) -> None:
    assert compared_text(title, "So few words.") == "So few words."


# Of the first 64, 65, 200 and 3000 words of LONG, each of which has eight letters with its space.
SIZES = [31, 21, 31, 196]
GOLDEN = (
    (-2068070186, -1709646850, -1703549642, -1628806763, -1621472764),
    (-2051387743, -2025929650, -1982763609, -1765033622, -1731659429),
)
