import pytest

from ingestd.clean.agreement import agreement, contained, shingles, shingles_of_lines

ONE = "the boats come in at noon and leave again at one"


def test_equal_texts_agree_however_they_are_set() -> None:
    assert agreement(ONE, "The boats come in, at NOON;\n\nand leave again – at one.") == 1


def test_texts_without_a_common_shingle_do_not() -> None:
    assert agreement(ONE, "nobody was on the pier when the lamp went out") == 0


def test_a_text_stands_in_a_longer_one_and_not_the_other_way_round() -> None:
    longer = f"{ONE} every day but sunday when nobody sails"
    assert contained(ONE, longer) == 1
    assert contained(longer, ONE) == pytest.approx(8 / 15)
    assert agreement(ONE, longer) == pytest.approx(2 * 8 / 23)


def test_within_lines_nothing_is_said_that_leaving_out_a_line_makes_up() -> None:
    told = (ONE, "reply", "nobody was on the pier when the lamp went out")
    assert shingles_of_lines((ONE, told[2])) <= shingles("\n".join(told))
    assert not shingles("\n".join((ONE, told[2]))) <= shingles("\n".join(told))


def test_scripts_without_spaces_are_compared_by_characters() -> None:
    assert len(shingles("港口关闭到三月")) == 4
    assert agreement("港口关闭到三月", "港口关闭到五月") == pytest.approx(0.5)


@pytest.mark.parametrize(("text", "count"), [("", 0), ("– … !", 0), ("noon", 1), ("at noon sharp", 1)])
def test_short_texts(text: str, count: int) -> None:
    assert len(shingles(text)) == count


def test_nothing_agrees_with_nothing_and_is_contained_in_anything() -> None:
    assert agreement("", "") == 1
    assert agreement("", ONE) == 0
    assert contained("", ONE) == 1
