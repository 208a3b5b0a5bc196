from itertools import combinations

from ingestd.dedupe.forms import fillings
from ingestd.dedupe.grouping import Pair
from ingestd.dedupe.match import RULES, match
from ingestd.dedupe.overlap import Printed

from .texts import SAME_MINISTERS, WIRE, body, joined, own, print_of, slotted

STATEMENT = own("statement", 150)


def refused(*texts: str) -> set[Pair]:
    """The pairs of these texts, numbered from 0, that are refused although each alone is accepted."""
    prints: dict[int, Printed] = {number: print_of(text, number) for number, text in enumerate(texts)}
    matches = {
        frozenset((one, other)): match(prints[one], prints[other], RULES)
        for one, other in combinations(prints, 2)
    }
    assert all(found.accepted for found in matches.values()), [found.rule for found in matches.values()]
    return fillings(prints, matches, RULES.own_words)


def pairs(*numbers: int) -> set[Pair]:
    return {frozenset(pair) for pair in combinations(numbers, 2)}


def edited(words: list[str], *places: int) -> str:
    """The text with other words in these places."""
    found = list(words)
    for place in places:
        found[place] = f"edit{''.join(chr(97 + int(digit)) for digit in str(place))}"
    return " ".join(found)


def filled(value: str, segments: int = 4) -> str:
    return joined(slotted(segments, 40, value))


def with_lead(name: str) -> str:
    return joined(own(name, 30), STATEMENT)


def test_two_fillings_whose_values_are_few_pass() -> None:
    assert refused(filled("one"), filled("two")) == set()


def test_three_fillings_of_one_form_are_refused() -> None:
    assert refused(filled("one"), filled("two"), filled("three")) == pairs(0, 1, 2)


def test_three_fillings_with_one_value_each_pass_and_four_are_refused() -> None:
    three = [filled(value, 2) for value in ("one", "two", "three")]
    assert refused(*three) == set()
    assert refused(*three, filled("four", 2)) == pairs(0, 1, 2, 3)


def test_three_prints_edited_each_on_its_own_are_one_text() -> None:
    text = own("text", 200)
    assert refused(*(edited(text, start, start + 60) for start in (20, 40, 60))) == set()
    assert refused(" ".join(text), *(edited(text, start, start + 60) for start in (20, 40, 60))) == set()


def test_prints_with_one_edit_in_common_are_one_text() -> None:
    text = own("text", 300)
    prints = (
        edited(text, 150, 20, 80),
        edited([*text[:150], "other", *text[151:]], 200, 260, 110),
        " ".join(text),
    )
    assert refused(*prints) == set()


def test_a_print_that_was_edited_in_other_places_as_well_is_no_filling() -> None:
    text = own("text", 200)
    first, second = edited(text, 20, 50), edited([*text[:20], "one", *text[21:50], "two", *text[51:]])
    third = edited([*text[:20], "so", *text[21:50], "far", *text[51:]], 80, 110, 140)
    for prints in ((first, second, third), (third, first, second), (first, third, second)):
        assert refused(*prints) == set()


def test_three_leads_above_one_statement_are_one_text_and_four_are_articles_about_it() -> None:
    leads = [with_lead(name) for name in ("one", "two", "three", "four")]
    assert refused(*leads[:3]) == set()
    assert refused(*leads) == pairs(0, 1, 2, 3)


def test_when_the_text_is_there_that_was_given_new_leads_all_are_its_copies() -> None:
    copies = [with_lead(name) for name in ("one", "two", "three", "four")]
    assert refused(*copies, joined(STATEMENT)) == set()


def test_when_the_text_is_nearer_to_all_than_they_to_each_other_they_are_its_copies() -> None:
    text = own("text", 200)
    prints = []
    for value, places in (("one", (50, 100)), ("two", (50, 150)), ("three", (100, 150))):
        words = list(text)
        for place in places:
            words[place] = f"{value}value"
        prints.append(" ".join(words))
    assert refused(*prints) == pairs(0, 1, 2)
    assert refused(*prints, " ".join(text)) == set()


def test_a_copy_of_a_filling_stays_with_it() -> None:
    first = filled("one")
    found = refused(first, filled("two"), filled("three"), joined(own("lead", 30), first.split()))
    assert frozenset((0, 3)) not in found
    assert pairs(0, 1, 2) | pairs(3, 1, 2) == found


def test_updates_of_one_text_are_told_from_fillings_by_where_they_differ() -> None:
    first = body(*WIRE)
    second = first.replace("Friday", "Saturday").replace("1974", "1975").replace("Wednesday", "Monday")
    third = body(SAME_MINISTERS[0], second).replace("spring", "summer").replace("June", "July")
    assert refused(first, second, third) == set()


def test_identical_prints_are_no_form() -> None:
    assert refused(*[body(*WIRE)] * 4) == set()


def test_without_pairs_there_are_no_forms() -> None:
    assert fillings({}, {}, RULES.own_words) == set()
