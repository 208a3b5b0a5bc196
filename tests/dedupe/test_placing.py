from datetime import UTC, datetime
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestd.dedupe.placing import (
    CANDIDATES,
    COMMON_CLUSTERS,
    FEW_ANCHORS,
    MOST_ARTICLES,
    SHARED_MIN,
    SPEAKERS,
    Survey,
)
from ingestd.dedupe.text import prepared
from ingestd.model import Carrier, Role

from .archive import Archive, in_order
from .texts import OTHER_STORY, READ_NEXT, SAME_MINISTERS, WIRE, body, joined, own, weather

LOCAL_LEAD = "Boats from our own town may be among those that sail to Orrin in spring, the yacht club said."
TEXT = body(*WIRE)
EXCERPT = body(*WIRE[:4])
END = body(*WIRE[4:])
LONGER = body(*WIRE, *OTHER_STORY)
UPDATE = TEXT.replace("Friday", "Saturday").replace("1974", "1976")
LONG_STORY = body(*OTHER_STORY, LOCAL_LEAD)
STRANGERS = (body(*SAME_MINISTERS), body(*OTHER_STORY[:2], READ_NEXT[1]))
FRAME = own("frame", 250)


# -------------------------------------------------------------------------------- into one cluster


def test_a_first_text_is_alone_and_says_so() -> None:
    archive = Archive()
    number = archive.put(TEXT)
    stored = archive.documents[number]
    assert (stored.role, stored.match, stored.matched_id) == (Role.CANONICAL, None, None)
    assert stored.reason == "no stored text has enough of its words"
    archive.check()


def test_a_copy_joins_and_says_by_whom_and_why() -> None:
    archive = Archive()
    archive.put(TEXT, time=1)
    number = archive.put(EXCERPT, time=2)
    stored = archive.documents[number]
    assert (stored.role, stored.matched_id) == (Role.EXCERPT, 0)
    assert stored.reason.startswith("like article 0: 100% of the shorter text stands in the longer")
    archive.check()


def test_a_text_that_nearly_was_a_copy_says_what_it_was_near_to() -> None:
    archive = Archive()
    archive.put_all([TEXT, STRANGERS[0]])
    assert not archive.together(0, 1)
    assert archive.documents[1].reason.startswith("nearest is article 0, but only")


VERSIONS = {
    "excerpt": (TEXT, EXCERPT),
    "end": (TEXT, END),
    "update": (TEXT, UPDATE),
    "longer": (TEXT, LONGER),
    "excerpt of the update": (EXCERPT, UPDATE),
}


@pytest.mark.parametrize("pair", VERSIONS.values(), ids=VERSIONS.keys())
def test_either_of_two_versions_may_come_first(pair: tuple[str, str]) -> None:
    for order in permutations(range(2)):
        archive = in_order(pair, order)
        archive.check()
        assert archive.together(0, 1)


def test_a_longer_text_joins_two_clusters_of_which_the_older_number_stays() -> None:
    archive = Archive()
    first, second = archive.put(EXCERPT), archive.put(END)
    assert not archive.together(first, second)
    whole = archive.put(TEXT)
    assert archive.together(first, second, whole)
    assert (archive.label(whole), archive.clusters[1].successor_id) == (0, 0)
    assert archive.documents[second].reason.startswith(f"like article {whole}")
    archive.check()


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6])
def test_no_order_of_arrival_makes_a_difference(count: int) -> None:
    texts = [TEXT, EXCERPT, UPDATE, body(LOCAL_LEAD, *WIRE), END, body(*WIRE[1:6])][:count]
    orders = list(permutations(range(count)))
    chance = Random(count)
    found = set()
    # All orders of few texts, and so many of six that every pair and every triple comes in every order.
    for order in orders if count < 6 else chance.sample(orders, 240):
        with_strangers = list(order)
        for stranger in (count, count + 1):
            with_strangers.insert(chance.randrange(len(with_strangers) + 1), stranger)
        archive = in_order([*texts, *STRANGERS], with_strangers)
        archive.check()
        roles = tuple(archive.documents[with_strangers.index(place)].role for place in range(count))
        chosen = with_strangers[archive.canonical(with_strangers.index(0))]
        found.add((frozenset(archive.partition(with_strangers.__getitem__)), chosen, roles))
    ((partition, canonical, _),) = found
    assert partition == {frozenset(range(count)), frozenset([count]), frozenset([count + 1])}
    assert canonical == 0


def test_copies_cut_at_different_places_with_ends_of_their_own_are_one_text() -> None:
    text = own("wire", 200)
    cut = [joined(text[:length], own(f"end{length}", 25)) for length in (75, 100, 125, 150)]
    whole = [" ".join(text), joined(text, own("close", 25))]
    for order in permutations(range(6)):
        if order[0] < order[-1]:
            assert in_order([*cut, *whole], list(order)).partition() == {frozenset(range(6))}


@pytest.mark.parametrize(
    ("copy", "other"),
    [(TEXT, LONG_STORY), (UPDATE, LONG_STORY.replace("ninety", "ninety-one"))],
    ids=["exact", "edited"],
)
def test_a_page_with_two_stories_does_not_join_them_in_any_order(copy: str, other: str) -> None:
    texts = [TEXT, copy, LONG_STORY, other, body(*WIRE, LONG_STORY)]
    for order in permutations(range(5)):
        archive = in_order(texts, order)
        assert archive.partition(order.__getitem__) == {frozenset([0, 1, 4]), frozenset([2, 3])}


def test_a_text_that_a_regrouping_leaves_alone_is_looked_at_again() -> None:
    page, story, teaser = body(*WIRE, *OTHER_STORY), LONG_STORY, pages()[1]
    for order in permutations(range(5)):
        archive = in_order([page, story, TEXT, teaser, EXCERPT], order)
        archive.check()
        assert archive.partition(order.__getitem__) == {frozenset([0, 2, 4]), frozenset([1, 3])}


def test_local_leads_above_one_text_are_its_copies_once_it_is_there() -> None:
    statement = own("statement", 150)
    texts = [
        *(joined(own(name, 30), statement) for name in ("one", "two", "three", "four")),
        joined(statement),
    ]
    for order in permutations(range(5)):
        assert len(in_order(texts, order).partition()) == 1
    assert len(in_order(texts, range(4)).partition()) == 4


def test_an_excerpt_that_came_first_does_not_represent_the_text() -> None:
    archive = Archive()
    archive.put(WIRE[0], time=1)
    archive.put(TEXT, time=3)
    archive.put(UPDATE, time=2)
    assert archive.canonical(0) == 2
    assert [stored.role for stored in archive.documents] == [Role.EXCERPT, Role.COPY, Role.CANONICAL]
    archive.check()


def test_parts_in_common_with_other_clusters_are_noted() -> None:
    archive = Archive()
    archive.put(TEXT)
    number = archive.put(STRANGERS[0])
    (related,) = archive.documents[number].related
    assert (related.article_id, related.other_id, related.accepted) == (number, 0, False)
    assert archive.documents[0].related == ()


def test_a_text_without_words_is_alone() -> None:
    archive = Archive()
    archive.put_all(["", "", "… !", TEXT])
    assert len(archive.partition()) == 4
    archive.check()


def test_fillings_of_a_form_that_a_third_gives_away_part_again() -> None:
    segments = [" ".join(own(name, 40)) for name in ("one", "two", "three", "four")]

    def filled(value: str) -> str:
        return f"{segments[0]} {value} {segments[1]} {value} {segments[2]} {value} {segments[3]}"

    archive = Archive()
    archive.put_all([filled("red"), filled("green")])
    assert archive.together(0, 1)
    archive.put(filled("blue"))
    assert len(archive.partition()) == 3
    archive.check()


def test_a_cluster_of_many_is_not_taken_apart_but_takes_copies_in() -> None:
    archive = Archive()
    archive.put_all(f"{TEXT}\n\nPrinted by {name}." for name in own("outlet", SPEAKERS + 2))
    assert len(archive.partition()) == 1
    bridge = archive.put(body(*WIRE, *OTHER_STORY))
    archive.put(EXCERPT)
    archive.put(body(*OTHER_STORY))
    # Those who speak for it are few, and the others go where they go.
    assert archive.together(*range(SPEAKERS + 2), bridge + 1)
    archive.check()


def test_a_late_text_joins_a_cluster_of_many_to_another() -> None:
    archive = Archive()
    archive.put_all(f"{EXCERPT}\n\nPrinted by {name}." for name in own("outlet", SPEAKERS + 3))
    archive.put(END)
    archive.put(TEXT)
    assert len(archive.partition()) == 1
    archive.check()


def test_a_text_that_shares_no_anchor_changes_nothing() -> None:
    archive = Archive()
    archive.put_all([TEXT, EXCERPT, UPDATE, *STRANGERS])
    before, postings = archive.everything(5), {one: tuple(some) for one, some in archive.postings.items()}
    number = archive.put(joined(own("nothing", 300)))
    archive.withdraw(number)
    assert archive.everything(number) == before
    assert postings == {one: tuple(some) for one, some in archive.postings.items()}


# -------------------------------------------------------------------------------- furniture


def pages() -> list[str]:
    """Three pages of one outlet, the first a brief copy of the wire text; their furniture is most of them."""
    articles = (WIRE[0], OTHER_STORY[0], " ".join(own("mayor", 45)))
    return [joined(article.split(), FRAME) for article in articles]


def test_pages_are_looked_at_again_when_their_furniture_shows() -> None:
    archive = Archive()
    archive.put(TEXT)
    first, second, third = pages()
    copy = archive.put(first, "framed.example")
    archive.put(second, "framed.example")
    assert not archive.together(0, copy)
    assert not archive.documents[copy].carrier.masked
    archive.put(third, "framed.example")
    assert archive.together(0, copy)
    assert set(archive.documents[copy].carrier.masked) <= set(prepared(first).anchors)
    assert archive.partition() == {frozenset([0, copy]), frozenset([2]), frozenset([3])}
    archive.check()


def test_furniture_shows_in_any_order() -> None:
    texts = [TEXT, *pages()]
    sources = ["wire.example", *["framed.example"] * 3]
    for order in permutations(range(4)):
        archive = in_order(texts, order, sources)
        archive.check()
        assert archive.together(order.index(0), order.index(1)), order


def test_the_same_words_of_other_outlets_are_no_furniture() -> None:
    archive = Archive()
    for text in pages():
        archive.put(text)
    assert not any(stored.carrier.masked for stored in archive.documents)


def test_a_frame_around_different_articles_does_not_join_them() -> None:
    archive = Archive()
    for number in range(6):
        archive.put(joined(own(f"article{'abcdef'[number]}", 60), FRAME), "framed.example")
    assert len(archive.partition()) == 6
    archive.check()


def test_what_many_clusters_have_finds_no_candidates() -> None:
    cities = ("Orrin", "Sund", "Karrow", "Valmora", "Elm", "Dray", "Hove", "Lund", "Morn", "Tarn")
    days = ("Friday", "Monday", "Sunday")
    archive = Archive()
    found = []
    for number, city in enumerate(cities):
        form = weather(city, number, 11 + number * 2, 20 + number * 3, 15 + number * 4, days[number % 3])
        newcomer = Carrier(-1, None, "new.example", datetime.now(UTC), prepared(form).size, "")
        survey = archive.placing.survey(newcomer, prepared(form))
        found.append(len(survey.candidates(len(prepared(form).anchors))))
        archive.put(form)
    assert len(archive.partition()) == len(cities)
    # So many others have what all fillings have; a few words that only some have in common may still propose.
    assert found[0] == 0
    assert min(found[1:COMMON_CLUSTERS]) > 0
    assert found[COMMON_CLUSTERS] == 0
    archive.check()


@pytest.mark.parametrize(
    ("anchors", "masked", "expected"),
    [(FEW_ANCHORS + 1, 0, [9, 4, 5]), (FEW_ANCHORS, 0, [9, 4, 5, 2]), (FEW_ANCHORS + 2, 2, [9, 4, 5, 2])],
    ids=["many anchors", "few anchors", "few that are no furniture"],
)
def test_one_anchor_in_common_is_enough_only_for_a_text_that_has_few(
    anchors: int, masked: int, expected: list[int]
) -> None:
    votes = {2: 1, 4: SHARED_MIN, 5: SHARED_MIN, 9: 7}
    assert survey_with(votes, tuple(range(masked))).candidates(anchors) == expected


def test_the_likeliest_clusters_are_looked_into() -> None:
    votes = {number: 10 + number % 4 for number in range(20)}
    assert survey_with(votes).candidates(50) == [3, 7, 11, 15][:CANDIDATES]


def survey_with(votes: dict[int, int], masked: tuple[int, ...] = ()) -> Survey:
    return Survey(votes, masked, {}, ())


def test_looking_notes_nothing_down() -> None:
    archive = Archive()
    archive.put_all([TEXT, EXCERPT, *STRANGERS])
    before = archive.everything(4)
    look = archive.placing.look(1)
    assert [found.other_id for found in look.matches if found.accepted] == [0]
    assert archive.everything(4) == before


def test_a_cluster_of_hundreds_takes_no_more() -> None:
    archive = Archive()
    for number in range(MOST_ARTICLES):
        archive.put(WIRE[0], f"outlet-{number}.example")
    assert len(archive.partition()) == 1
    last = archive.put(WIRE[0])
    assert archive.partition() == {frozenset(range(MOST_ARTICLES)), frozenset([last])}
    archive.check()


# -------------------------------------------------------------------------------- texts change and go


def test_an_article_whose_text_became_another_leaves() -> None:
    archive = Archive()
    archive.put_all([TEXT, EXCERPT, UPDATE])
    archive.revise(0, body(*OTHER_STORY))
    assert archive.partition() == {frozenset([0]), frozenset([1, 2])}
    archive.check()


def test_an_article_whose_text_became_a_copy_joins() -> None:
    archive = Archive()
    archive.put_all([TEXT, body(*OTHER_STORY)])
    archive.revise(1, EXCERPT)
    assert archive.together(0, 1)
    assert archive.clusters[1].successor_id == 0
    archive.check()


def test_a_revised_text_is_described_anew() -> None:
    archive = Archive()
    archive.put(TEXT, time=1)
    archive.put(EXCERPT, time=2)
    archive.revise(1, TEXT)
    assert archive.documents[1].role is Role.COPY
    archive.revise(0, WIRE[0])
    assert (archive.canonical(0), archive.documents[0].role) == (1, Role.EXCERPT)
    archive.check()


def test_a_revised_text_is_found_by_its_new_words_only() -> None:
    archive = Archive()
    archive.put(TEXT)
    archive.revise(0, body(*OTHER_STORY))
    assert archive.anchors_of([0]) == set(archive.postings)
    assert not archive.together(0, archive.put(TEXT))
    assert archive.together(0, archive.put(body(*OTHER_STORY)))


def test_when_the_canonical_is_withdrawn_another_represents_the_cluster() -> None:
    archive = Archive()
    archive.put(TEXT, time=1)
    archive.put(EXCERPT, time=3)
    archive.put(EXCERPT, time=2)
    archive.withdraw(0)
    assert archive.canonical(1) == 2
    assert archive.documents[1].role is Role.COPY
    assert archive.partition() == {frozenset([1, 2])}
    archive.check()


def test_the_last_to_be_withdrawn_ends_its_cluster_without_successor() -> None:
    archive = Archive()
    archive.put_all([TEXT, EXCERPT])
    archive.withdraw(1)
    archive.withdraw(0)
    assert not archive.postings
    assert (archive.clusters[0].members, archive.clusters[0].successor_id) == ({}, None)
    archive.withdraw(0)
    archive.check()


def test_an_expired_cluster_is_found_no_more_until_it_is_restored() -> None:
    archive = Archive()
    archive.put(TEXT)
    archive.expire(0)
    assert not archive.postings
    assert not archive.together(0, archive.put(EXCERPT))
    archive.restore(0)
    archive.put(TEXT)
    assert archive.together(0, 1, 2)
    archive.check()


# -------------------------------------------------------------------------------- what people decide


def test_a_person_joins_clusters_for_good() -> None:
    archive = Archive()
    archive.put_all([TEXT, body(*OTHER_STORY)])
    archive.placing.merge(1, [0])
    assert (archive.partition(), archive.label(0)) == ({frozenset([0, 1])}, 1)
    assert (archive.clusters[0].successor_id, archive.documents[0].reason) == (1, "a person decided so")
    archive.put_all([EXCERPT, body(*OTHER_STORY, LOCAL_LEAD), UPDATE])
    archive.revise(0, UPDATE)
    archive.placing.place(1)
    assert archive.together(0, 1)
    archive.check()


def test_a_person_parts_a_cluster_for_good() -> None:
    archive = Archive()
    archive.put_all([TEXT, EXCERPT, UPDATE])
    new = archive.placing.split(0, [1])
    assert archive.partition() == {frozenset([0, 2]), frozenset([1])}
    assert archive.label(1) == new != 0
    archive.put_all([TEXT, EXCERPT, LONGER])
    for number in range(6):
        archive.placing.place(number)
        archive.check()
    assert not archive.together(0, 1)
    assert not archive.together(2, 1)
    archive.revise(1, TEXT)
    assert not archive.together(0, 1)
    archive.check()


def test_a_person_may_think_again() -> None:
    archive = Archive()
    archive.put_all([TEXT, EXCERPT])
    new = archive.placing.split(0, [1])
    archive.placing.merge(0, [new])
    archive.put(UPDATE)
    archive.placing.place(1)
    assert archive.together(0, 1, 2)
    assert archive.clusters[new].successor_id == 0
    archive.check()


def test_splitting_off_the_canonical_crowns_another() -> None:
    archive = Archive()
    archive.put(TEXT, time=1)
    archive.put(UPDATE, time=3)
    archive.put(TEXT, time=2)
    archive.placing.split(0, [0])
    assert (archive.canonical(1), archive.canonical(0)) == (2, 0)
    archive.check()


def test_a_pinned_cluster_loses_nobody_and_takes_copies_in() -> None:
    archive = Archive()
    archive.put_all([TEXT, UPDATE, body(*OTHER_STORY)])
    archive.placing.merge(0, [archive.label(2)])
    archive._rulings.clear()
    archive.pin(0)
    archive.revise(1, joined(own("other", 200)))
    archive.put_all([body(*OTHER_STORY), EXCERPT, LONGER])
    assert archive.together(0, 1, 2)
    assert archive.label(0) == 0
    archive.check()


def test_two_pinned_clusters_are_not_joined() -> None:
    for pinned in ([0], [1], [0, 1]):
        archive = Archive()
        archive.put_all([EXCERPT, END])
        for label in pinned:
            archive.pin(label)
        archive.put(TEXT)
        assert archive.together(0, 1) is (len(pinned) == 1)
        assert archive.together(0, 2) or archive.together(1, 2)
        assert len(pinned) == 2 or archive.label(0) == pinned[0]
        archive.check()


def test_a_canonical_that_a_person_chose_stays_while_it_is_there() -> None:
    archive = Archive()
    archive.put_all([WIRE[0], TEXT])
    archive.choose(0)
    archive.put_all([UPDATE, EXCERPT])
    archive.placing.review(0)
    assert archive.canonical(2) == 0
    archive.check()
    archive.withdraw(0)
    assert archive.canonical(2) == 1
    assert not archive.clusters[0].state.canonical_pinned
    archive.check()


# -------------------------------------------------------------------------------- whatever happens

POOL = [
    *[TEXT, EXCERPT, END, UPDATE, LONGER, WIRE[0], body(LOCAL_LEAD, *WIRE), *STRANGERS, body(*OTHER_STORY)],
    *pages(),
    weather("Orrin", 4, 11, 24, 60, "Friday"),
    weather("Sund", 9, 17, 12, 15, "Monday"),
    *["", "a few words"],
]
STEPS = st.tuples(
    st.sampled_from("add add add revise withdraw split merge expire restore place".split()),
    st.integers(0, 2**20),
    st.integers(0, len(POOL) - 1),
)


def step(archive: Archive, what: str, choice: int, text: str) -> None:
    if what == "add" or not archive.living:
        archive.put(text, f"outlet-{choice % 3}.example", time=choice % 7)
        return
    number = archive.living[choice % len(archive.living)]
    label = archive.label(number)
    members = sorted(archive.clusters[label].members)
    match what:
        case "revise":
            archive.revise(number, text)
        case "withdraw":
            archive.withdraw(number)
        case "split" if len(members) > 1:
            archive.placing.split(label, members[: 1 + choice % (len(members) - 1)])
        case "merge" if len(archive.labels) > 1:
            archive.placing.merge(label, [next(other for other in archive.labels if other != label)])
        case "expire":
            archive.expire(label)
        case "restore":
            archive.restore(label)
        case "place":
            archive.placing.place(number)


@settings(deadline=None, max_examples=200)
@given(st.lists(STEPS, max_size=30))
def test_clusters_roles_and_postings_hold_together_whatever_happens(
    steps: list[tuple[str, int, int]],
) -> None:
    archive = Archive()
    for what, choice, text in steps:
        step(archive, what, choice, POOL[text])
        archive.check()


@pytest.mark.parametrize("seed", range(12))
def test_they_hold_together_over_a_long_time(seed: int) -> None:
    chance = Random(seed)
    archive = Archive()
    kinds = "add add add add revise withdraw split merge expire restore place".split()
    for _ in range(200):
        step(archive, chance.choice(kinds), chance.randrange(2**20), chance.choice(POOL))
        archive.check()
