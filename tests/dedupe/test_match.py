import re
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingestd.dedupe.match import RULES, Rules, known_match, match
from ingestd.dedupe.overlap import Printed
from ingestd.dedupe.text import Text
from ingestd.model import Match

from .texts import (
    CHINESE,
    OTHER_STORY,
    READ_NEXT,
    SAME_MINISTERS,
    THAI,
    WIRE,
    body,
    joined,
    own,
    print_of,
    slotted,
    weather,
    wedding,
)

ONE, TWO = own("one", 400), own("two", 400)
SHARED = own("shared", 400)
LOCAL_LEAD = "Boats from our own town may be among those that sail to Orrin in spring, the yacht club said."
LOCAL_END = "At the quay in our town nobody wanted to comment on Friday evening; the fish was sold as always."


def compared(one: str, other: str, sources: tuple[str, str] = ("", "")) -> Match:
    return match(print_of(one, 1, sources[0]), print_of(other, 2, sources[1]), RULES)


def straight(text: str) -> str:
    return text.translate(str.maketrans("“”‘’–", "\"\"''-"))


COPIES = {
    "the same": body(*WIRE),
    "cut after four paragraphs": body(*WIRE[:4]),
    "the lead alone": WIRE[0],
    "a middle paragraph alone": WIRE[4],
    "without the middle paragraphs": body(*WIRE[:2], *WIRE[5:]),
    "straight quotes": straight(body(*WIRE)),
    "capitals": body(*WIRE).upper(),
    "dateline": body("VALMORA (NPA) – " + WIRE[0], *WIRE[1:]),
    "local lead and local end": body(LOCAL_LEAD, *WIRE, LOCAL_END),
    "local lead and cut": body(LOCAL_LEAD, *WIRE[1:4]),
    "paragraphs in another order": body(*WIRE[3:], *WIRE[:3]),
    "much longer": body(*WIRE, *OTHER_STORY),
    "a few words edited": body(*WIRE)
    .replace("by telephone", "on the phone")
    .replace("on Friday", "late on Friday")
    .replace("quarrel", "argue"),
}


@pytest.mark.parametrize("text", COPIES.values(), ids=COPIES.keys())
def test_an_altered_copy_is_one_text(text: str) -> None:
    assert compared(body(*WIRE), text).accepted
    assert compared(text, body(*WIRE)).accepted


@pytest.mark.parametrize(
    "text",
    [
        "".join(CHINESE[:2]),
        "（新华社）" + "\n\n".join(CHINESE),
        "".join(CHINESE).replace("星期五", "周五"),
        "".join(CHINESE[1:]),
        " ".join(CHINESE),
    ],
    ids=["cut", "agency", "edited", "without lead", "joined"],
)
def test_copies_are_known_in_scripts_without_spaces(text: str) -> None:
    assert compared(body(*CHINESE), text).accepted
    assert not compared(body(*THAI), text).accepted


def test_copies_are_known_in_scripts_without_spaces_and_without_punctuation() -> None:
    assert compared(body(*THAI), "".join(THAI[:2])).accepted
    assert compared(body(*THAI), body(*THAI).replace("วันศุกร์", "วันจันทร์")).accepted


OTHERS = {
    "another story about the same people": (body(*SAME_MINISTERS), "only"),
    "another story": (body(*OTHER_STORY), "only 0%"),
    "no words": ("…", "only 0%"),
}


@pytest.mark.parametrize(("text", "reason"), OTHERS.values(), ids=OTHERS.keys())
def test_another_text_is_none(text: str, reason: str) -> None:
    found = compared(body(*WIRE), text)
    assert not found.accepted
    assert found.rule.startswith(reason)
    assert found.places == 0


FORMS = {
    "figures and names": (
        weather("Orrin", 4, 11, 24, 60, "Friday"),
        weather("Port Sund", 9, 17, 12, 15, "Monday"),
    ),
    "names alone": (wedding("Brandt", "Orrin", "Friday", "Ilse"), wedding("Rehn", "Sund", "Monday", "Clara")),
    "without spaces": tuple(
        f"{city}气象台{day}发布天气预报：今天白天{sky}，最高气温{high}度，夜间{night}，最低气温{low}度，"
        f"风力{wind}级，出行请注意安全。沿海地区{sky}，渔船请在{harbour}避风，市民可拨打热线了解情况。"
        for city, day, sky, high, night, low, wind, harbour in (
            ("奥林", "星期五", "多云转晴", 21, "有小雨", 12, 3, "北港"),
            ("松德", "星期一", "大雨", 17, "阴天有风", 8, 6, "老渔港"),
        )
    ),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_two_fillings_of_one_form_are_two_texts(form: tuple[str, str]) -> None:
    found = compared(*form)
    assert not found.accepted
    assert "form" in found.rule or found.rule.startswith("only")


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_a_form_carried_word_for_word_is_a_copy(form: tuple[str, str]) -> None:
    assert compared(form[0], form[0]).accepted
    assert compared(form[0], body(LOCAL_LEAD, form[0])).accepted


def test_an_update_stays_one_text() -> None:
    later = body(*WIRE).replace("Friday", "Saturday").replace("1974", "1976").replace("Wednesday", "Monday")
    found = compared(body(*WIRE), later)
    assert found.accepted
    assert found.places == 3


# -------------------------------------------------------------------------------- the rules, from both sides


def in_the_middle(shared: int) -> tuple[str, str]:
    """Texts of 100 and 170 shingles that share one passage, but neither their beginning nor their end."""
    return (
        joined(ONE[:40], SHARED[:shared], ONE[40 : 103 - shared]),
        joined(TWO[:40], SHARED[:shared], TWO[40 : 173 - shared]),
    )


def at_the_end(own_words: int, own_in_longer: int) -> tuple[str, str]:
    shared = SHARED[: 103 - own_words]
    return joined(ONE[:own_words], shared), joined(TWO[:own_in_longer], shared, TWO[200:290])


def form(segments: int, length: int, more: int = 0) -> tuple[str, str]:
    return joined(slotted(segments, length, "value"), SHARED[:more]), joined(
        slotted(segments, length, "other"), SHARED[:more]
    )


def form_with_insertions(slots: int, insertions: int, words: int) -> tuple[str, str]:
    """A form to which one text adds so many insertions of so many words."""
    edited: list[str] = []
    for number in range(insertions):
        edited += [*SHARED[number * 12 : number * 12 + 12], *ONE[number * words : (number + 1) * words]]
    rest = SHARED[insertions * 12 : insertions * 12 + 12]
    plain = SHARED[: insertions * 12 + 12]
    return (
        joined(slotted(slots + 1, 12, "value"), edited, rest),
        joined(slotted(slots + 1, 12, "other"), plain),
    )


def chopped(segments: int, length: int, shorter_by: int = 0) -> tuple[str, str]:
    """One run after another, a word more now in the one text and now in the other."""
    one, other = [], []
    for number in range(segments):
        words = SHARED[number * 20 : number * 20 + length - (shorter_by if not number else 0)]
        one += [*words, *([ONE[number]] if number % 2 else [])]
        other += [*words, *([] if number % 2 else [TWO[number]])]
    return joined(one), joined(other)


def same_words(count: int) -> tuple[str, str]:
    return joined(SHARED[:count]), joined(SHARED[:count])


RUNS = "two fillings of one form: they agree in runs"
RULED = {
    "containment .44": (in_the_middle(47), in_the_middle(46), "only"),
    "frame: in the second half": (at_the_end(49, 100), at_the_end(50, 100), "the two share nothing"),
    "frame: own words": (at_the_end(50, 9), at_the_end(50, 10), "the two share nothing"),
    "form: 4 slots in 100 words": (form(5, 20, more=1), form(5, 20), "two fillings"),
    "form: 2 slots": (form(2, 25), form(3, 16), "two fillings"),
    "form: share of slots": (
        form_with_insertions(17, 4, 1),
        form_with_insertions(17, 3, 1),
        "two fillings",
    ),
    "form: length of an edit": (
        form_with_insertions(17, 4, 12),
        form_with_insertions(17, 4, 13),
        "two fillings",
    ),
    "form: mean run": (chopped(10, 8), chopped(10, 8, shorter_by=1), RUNS),
    "form: least runs": (form(2, 7), form(3, 7), RUNS),
    "least shingles": (same_words(11), same_words(10), "7 shingles are too few"),
}


@pytest.mark.parametrize(("inside", "outside", "reason"), RULED.values(), ids=RULED.keys())
def test_a_rule_holds_up_to_its_limit(inside: tuple[str, str], outside: tuple[str, str], reason: str) -> None:
    for one, other in (inside, inside[::-1]):
        assert compared(one, other).accepted, compared(one, other).rule
    for one, other in (outside, outside[::-1]):
        found = compared(one, other)
        assert not found.accepted, found.rule
        assert found.rule.startswith(reason)


# Texts of 190 shingles that begin alike for 30 of them, and have 17 more in common further down.
BEGIN_ALIKE = tuple(joined(SHARED[:33], some[:60], SHARED[50:70], some[60:140]) for some in (ONE, TWO))
LEAD_RULES = replace(RULES, lead_containment=0.2, lead_longest_run=20, lead_length=40, lead_matched=0.6)


def with_rule(name: str, value: Any) -> Rules:
    return replace(LEAD_RULES, **{name: value})


@pytest.mark.parametrize(
    ("rule", "inside", "outside"),
    [
        ("lead_containment", 47 / 190, 47.1 / 190),
        ("lead_longest_run", 30, 31),
        ("lead_matched", 30 / 40, 30.1 / 40),
        ("lead_length", 50, 51),
    ],
)
def test_texts_that_begin_alike_are_one_up_to_a_limit(rule: str, inside: float, outside: float) -> None:
    one, other = (print_of(text, number) for number, text in enumerate(BEGIN_ALIKE))
    accepted = match(one, other, with_rule(rule, inside))
    assert accepted.rule == "25% of the shorter text stands in the longer (they begin alike)"
    assert accepted.accepted
    refused = match(one, other, with_rule(rule, outside))
    assert refused.rule == "only 25% of the shorter text stands in the longer"
    assert not refused.accepted


def test_texts_begin_alike_when_the_lead_of_one_stands_anywhere_in_the_other() -> None:
    for lead in (ONE[300:309], ONE[300:360]):
        found = compared(joined(lead, SHARED[:83], ONE[:200]), joined(SHARED[:83], TWO[:300]))
        assert found.accepted
        assert "begin alike" in found.rule
        both = compared(joined(lead, SHARED[:83], ONE[:200]), joined(TWO[300:360], SHARED[:83], TWO[:300]))
        assert both.accepted is (len(lead) < 20)


@pytest.mark.parametrize(("more", "accepted"), [(11, True), (12, False)])
def test_one_outlet_prints_a_text_twice_only_if_it_is_all_but_the_same(more: int, accepted: bool) -> None:
    text = joined(SHARED[:103])
    longer = joined(SHARED[:103], ONE[:more])
    assert compared(text, longer, ("one.example", "one.example")).accepted is accepted
    assert compared(text, longer, ("one.example", "two.example")).accepted


def test_an_outlets_second_article_says_why() -> None:
    found = compared(body(*WIRE), body(*WIRE[:4]), ("one.example", "one.example"))
    assert not found.accepted
    assert found.rule.startswith("another article of the same outlet")
    assert found.related


@pytest.mark.parametrize(("count", "places"), [(8, 1), (7, 0)])
def test_leads_of_their_own_are_a_place_where_two_texts_differ(count: int, places: int) -> None:
    found = compared(joined(ONE[:count], SHARED[:90]), joined(TWO[:30], SHARED[:90]))
    assert found.accepted
    assert found.places == places


def test_a_text_that_adds_nothing_is_no_filling_however_often_the_other_goes_on_between() -> None:
    longer = [
        word for place in range(0, 70, 7) for word in (*SHARED[place : place + 7], *ONE[place : place + 5])
    ]
    found = compared(joined(SHARED[:70]), joined(longer))
    assert found.accepted
    assert found.places == 0


@pytest.mark.parametrize(
    ("size", "live", "accepted"),
    [(400, 40, True), (400, 39, False), (200, 31, True), (200, 29, False)],
)
def test_a_page_that_is_little_but_furniture_tells_nothing(size: int, live: int, accepted: bool) -> None:
    text = Text.of(joined(own("page", size + 3)))
    alive = np.zeros(size, np.bool_)
    alive[text.which[:live]] = True
    page = Printed(1, "one.example", text, alive)
    found = match(page, Printed(2, "two.example", text), RULES)
    assert found.containment_of_smaller == 1
    assert found.accepted is accepted
    assert accepted or "furniture" in found.rule


def test_a_brief_under_which_a_long_list_of_teasers_stands_is_not_joined_by_the_list() -> None:
    found = compared(body(OTHER_STORY[2], *READ_NEXT), body(*WIRE, *READ_NEXT))
    assert not found.accepted
    assert "end" in found.rule


@pytest.mark.parametrize(
    ("shared", "length", "related"), [(23, 203, True), (22, 150, False), (23, 204, False)]
)
def test_texts_with_a_long_passage_in_common_are_related(shared: int, length: int, related: bool) -> None:
    one = joined(ONE[:50], SHARED[:shared], ONE[50 : length - shared])
    found = compared(one, joined(TWO[:50], SHARED[:shared], TWO[50:350]))
    assert not found.accepted
    assert found.related is related


def test_phrases_in_common_do_not_make_texts_related() -> None:
    phrases = [SHARED[place : place + 12] for place in range(0, 60, 12)]
    pair = [
        joined(
            *(
                part
                for place, phrase in enumerate(phrases)
                for part in (phrase, own(f"{some}{'xyzuvw'[place]}", 60))
            )
        )
        for some in ("a", "b")
    ]
    found = compared(pair[0], pair[1])
    assert found.common == 45
    assert not found.related


def test_what_is_one_text_is_related() -> None:
    assert compared(body(*WIRE), body(*WIRE)).related


# -------------------------------------------------------------------------------- what makes no difference

SENTENCES = [
    sentence
    for paragraph in (*WIRE, *SAME_MINISTERS, *OTHER_STORY, *READ_NEXT, *CHINESE, *THAI)
    for sentence in re.split(r"(?<=[,，。.])\s*", paragraph)
    if sentence
]
TEXTS = st.one_of(
    st.lists(st.sampled_from(SENTENCES), max_size=14).map(" ".join),
    st.lists(st.sampled_from(WIRE), max_size=5, unique=True).map("\n\n".join),
    st.lists(st.sampled_from("a b c d e f g h".split()), max_size=40).map(" ".join),
    st.text(max_size=40),
)
SOURCES = st.sampled_from([("", ""), ("one.example", "one.example")])


@settings(deadline=None)
@given(TEXTS, TEXTS, SOURCES)
def test_swapping_the_texts_swaps_the_containments_and_nothing_else(
    one: str, other: str, sources: tuple[str, str]
) -> None:
    first, second = print_of(one, 1, sources[0]), print_of(other, 2, sources[1])
    there, back = match(first, second, RULES), match(second, first, RULES)
    assert back == there.seen_from(2)
    assert there == there.seen_from(1)
    assert (back.containment, back.containment_reverse) == (there.containment_reverse, there.containment)


def test_swapping_texts_of_one_size_with_repeated_passages_changes_nothing() -> None:
    chance = Random(5)
    for _ in range(1500):
        one, other = turned_prints(chance)
        assert match(other, one, RULES) == match(one, other, RULES).seen_from(2)


def turned_prints(chance: Random) -> tuple[Printed, Printed]:
    """A text with passages that stand in it several times, and the same with its end put first and edited."""
    passages = [own(f"{name}{name}", 12) for name in "abcdef"]
    words = [word for _ in range(9) for word in chance.choice(passages)]
    turned = chance.randrange(len(words))
    altered = words[turned:] + words[:turned]
    for _ in range(chance.randrange(4)):
        altered[chance.randrange(len(words))] = chance.choice(["other", "value"])
    return print_of(" ".join(words), 1), print_of(" ".join(altered), 2)


@settings(deadline=None)
@given(TEXTS, TEXTS)
@example(body(*WIRE), body(*WIRE[:3]))
def test_typography_and_layout_change_nothing(one: str, other: str) -> None:
    for altered in (
        re.sub(r"\s+", "\n\n", one),
        re.sub(r"\s+", " ", one),
        straight(one),
        one.replace("-", "–"),
        one.replace(" ", "\u00a0"),
    ):
        assert compared(altered, other) == compared(one, other)


@settings(deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), max_size=14).map(" ".join), TEXTS)
def test_case_changes_nothing(one: str, other: str) -> None:
    assert compared(one.upper(), other) == compared(one, other)


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    found = compared(one, other)
    assert 0 <= found.jaccard <= min(found.containment, found.containment_reverse) <= 1
    assert found.rule
    assert found.related or not found.accepted
    assert found.accepted or found.places == 0


def test_matches_asked_for_again_are_the_same() -> None:
    one, other = print_of(body(*WIRE), 1), print_of(body(*WIRE[:3]), 2)
    assert known_match(one, other, RULES) is known_match(one, other, RULES)
    assert known_match(one, other, RULES) == match(one, other, RULES)
