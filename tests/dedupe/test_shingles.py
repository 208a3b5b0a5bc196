import numpy as np
import pytest

from ingestd.dedupe.shingles import MAX_CHARACTERS, normalise, shingle, tokenise


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Quoted” – and so on", '"Quoted" - and so on'),
        ("Fish &amp; chips", "Fish & chips"),
        ("co\u00adop\u200beration", "cooperation"),
        ("ＦＵＬＬ width", "full WIDTH"),
        ("Straße", "STRASSE"),
        ("مُحَمَّد", "محمد"),
        ("أحمد إلى", "احمد الي"),
        ("line\n\nbreak", "line break"),
    ],
)
def test_what_outlets_change_without_changing_words_makes_no_difference(one: str, other: str) -> None:
    assert tokenise(one) == tokenise(other)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("It's 1,234.5 points", ["it", "s", "1,234.5", "points"]),
        ("中国 GDP 增长5%", ["中", "国", "gdp", "增", "长", "5"]),
        ("สวัสดี", list("สวัสดี")),
        ("हिन्दी समाचार।", ["हिन्दी", "समाचार"]),
        ("F16", ["f", "16"]),
        ("… – !", []),
    ],
)
def test_a_token_is_a_number_a_word_or_a_character(text: str, tokens: list[str]) -> None:
    assert tokenise(text) == tokens


def test_a_cut_text_keeps_the_shingles_it_had() -> None:
    words = [f"w{n}" for n in range(50)]
    assert np.isin(shingle(words[10:30]), shingle(words)).all()
    characters = list("港口部长星期五通过电话讨论了海峡中的船只问题")
    assert np.isin(shingle(characters[2:15])[:7], shingle(characters)).all()


def test_order_counts() -> None:
    assert set(shingle(list("abcd"))) != set(shingle(list("abdc")))


def test_short_texts_are_one_shingle_and_no_text_is_none() -> None:
    assert len(shingle(["one", "two"])) == 1
    assert len(shingle([])) == 0


def test_hashes_stay_the_same_between_versions() -> None:
    # Stored fingerprints depend on them: a change needs a new scheme name.
    assert shingle(tokenise("The boats came home early")).tolist() == EXPECTED_HASHES


def test_giant_texts_are_read_up_to_a_limit() -> None:
    assert len(normalise("a" * (MAX_CHARACTERS + 5))) == MAX_CHARACTERS


EXPECTED_HASHES = [5488800951044182519, 10193327430311957414]
