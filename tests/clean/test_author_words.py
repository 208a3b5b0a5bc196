import pytest

from ingestd.clean import author_words as words

TABLES = (words.NOBODY, words.ORGANISATION, words.GENERIC, words.ROLES, words.OF_ROLES, words.PARTICLES)


@pytest.mark.parametrize("table", TABLES)
def test_words_are_written_as_they_are_compared(table: frozenset[str]) -> None:
    assert all(word == word.lower().strip(",:") for word in table)


def test_what_stands_within_names_makes_nobody_of_nobody() -> None:
    assert words.PARTICLES.isdisjoint(words.NOBODY | words.ORGANISATION | words.ROLES)


@pytest.mark.parametrize(
    "name", ["Ada Lark", "Byron Case", "Diana Ross", "Dexter Poe", "Avery Ott", "Odile Roe"]
)
def test_names_that_begin_like_a_word_before_names_are_left_whole(name: str) -> None:
    assert words.BEFORE_NAMES.match(name) is None
