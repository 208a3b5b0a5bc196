import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestd.dedupe import Settings, place
from ingestd.model import Candidate, Role

from .texts import OTHER_STORY, READ_NEXT, SAME_MINISTERS, WIRE, body, weather

LOCAL_LEAD = "Boats from our own town may be among those that sail to Orrin in spring, the yacht club said."
LOCAL_END = "At the quay in our town nobody wanted to comment on Friday evening; the fish was sold as always."


def _candidate(text: str, number: int = 1, source: str = "wire.example") -> Candidate:
    return Candidate(article_id=number, cluster_id=number * 10, shared=9, body=text, source=source)


def _straight(text: str) -> str:
    return text.translate(str.maketrans("“”‘’", "\"\"''"))


COPIES = {
    "cut after four paragraphs": (body(*WIRE[:4]), Role.EXCERPT),
    "without the middle paragraphs": (body(*WIRE[:2], *WIRE[5:]), Role.EXCERPT),
    "straight quotes": (_straight(body(*WIRE)), Role.COPY),
    "dateline": (body("VALMORA (AFP) – " + WIRE[0], *WIRE[1:]), Role.COPY),
    "local lead and local end": (body(LOCAL_LEAD, *WIRE, LOCAL_END), Role.COPY),
    "much longer": (body(*WIRE, *OTHER_STORY), Role.EXPANDED),
}


@pytest.mark.parametrize(("text", "role"), COPIES.values(), ids=COPIES.keys())
def test_an_altered_copy_joins(text: str, role: Role) -> None:
    placed = place(text, "copy.example", [_candidate(body(*WIRE))])
    assert placed.match is not None
    assert placed.match.cluster_id == 10
    assert placed.role is role


@pytest.mark.parametrize("text", [text for text, _ in COPIES.values()], ids=COPIES.keys())
def test_the_order_of_arrival_makes_no_difference(text: str) -> None:
    first = place(text, "copy.example", [_candidate(body(*WIRE))]).match
    second = place(body(*WIRE), "copy.example", [_candidate(text)]).match
    assert first is not None
    assert second is not None
    assert (first.containment, first.containment_reverse) == (second.containment_reverse, second.containment)


def test_another_story_about_the_same_people_is_another_cluster() -> None:
    placed = place(body(*SAME_MINISTERS), "copy.example", [_candidate(body(*WIRE))])
    assert placed.role is Role.CANONICAL
    assert placed.match is None


def test_the_same_teasers_do_not_join_two_articles() -> None:
    one, other = body(*WIRE, *READ_NEXT), body(*OTHER_STORY, *READ_NEXT)
    assert place(other, "copy.example", [_candidate(one)]).match is None


def test_a_brief_under_which_a_long_list_of_teasers_stands_is_not_joined_by_the_list() -> None:
    placed = place(body(OTHER_STORY[2], *READ_NEXT), "copy.example", [_candidate(body(*WIRE, *READ_NEXT))])
    assert placed.match is None
    assert "end" in placed.reason


def test_two_fillings_of_one_form_are_two_texts() -> None:
    one = weather("Orrin", 4, 11, 24, 60, "Friday")
    other = weather("Port Sund", 9, 17, 12, 15, "Monday")
    placed = place(other, "copy.example", [_candidate(one)])
    assert placed.match is None
    assert "form" in placed.reason


def test_a_form_without_figures_is_known_by_its_short_regular_runs() -> None:
    def notice(name: str, place: str, day: str, bride: str) -> str:
        return (
            f"The family of {name} announces with joy that the wedding of their daughter {bride} will be "
            f"held in {place} on {day} at noon. Friends of {name} are asked to come to {place} in good time, "
            f"since {bride} wishes to see all. Those who cannot be there on {day} may write to {name} home."
        )

    one = notice("Brandt", "Orrin", "Friday", "Ilse")
    other = notice("Rehn", "Sund", "Monday", "Clara")
    placed = place(other, "copy.example", [_candidate(one)])
    assert placed.match is None
    assert "form" in placed.reason


def test_a_form_carried_word_for_word_is_a_copy() -> None:
    text = weather("Orrin", 4, 11, 24, 60, "Friday")
    assert place(text, "copy.example", [_candidate(text)]).match is not None


def test_one_outlet_prints_a_text_twice_only_if_it_is_all_but_the_same() -> None:
    text = body(LOCAL_LEAD, *WIRE[:4], LOCAL_END)
    stored = [_candidate(body(*WIRE), source="one.example")]
    assert place(text, "one.example", stored).match is None
    assert place(text, "two.example", stored).match is not None
    assert place(body(*WIRE), "one.example", stored).match is not None


def test_a_line_that_recurs_everywhere_joins_nothing() -> None:
    line = "This article is for subscribers only."
    assert place(line, "copy.example", [_candidate(line)]).match is None


def test_texts_that_begin_alike_join_below_the_threshold() -> None:
    text = body(*WIRE[:3], *OTHER_STORY, *SAME_MINISTERS[:2])
    stored = _candidate(body(*WIRE[:3], " ".join(f"own{n} words{n}" for n in range(120))))
    placed = place(text, "copy.example", [stored])
    assert placed.match is not None
    assert placed.match.containment_of_smaller < Settings().containment
    assert "begin alike" in placed.reason


def test_the_closest_is_joined_and_among_equals_the_first_stored() -> None:
    cut, whole = _candidate(body(*WIRE[:2], *OTHER_STORY), 1), _candidate(body(*WIRE), 5)
    twin = _candidate(body(*WIRE), 7)
    for order in itertools.permutations([cut, whole, twin]):
        match = place(body(*WIRE), "copy.example", order).match
        assert match is not None
        assert match.article_id == 5


def test_without_candidates_it_is_a_cluster_of_its_own() -> None:
    placed = place(body(*WIRE), "copy.example", [])
    assert (placed.role, placed.match) == (Role.CANONICAL, None)


@given(st.text(max_size=200), st.lists(st.text(max_size=200), max_size=3))
def test_any_texts_can_be_placed(text: str, stored: list[str]) -> None:
    candidates = [_candidate(other, number) for number, other in enumerate(stored, 1)]
    placed = place(text, "copy.example", candidates)
    assert (placed.match is None) is (placed.role is Role.CANONICAL)
    assert placed.reason
