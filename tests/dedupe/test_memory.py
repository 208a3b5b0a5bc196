from datetime import UTC, datetime
from random import Random

import pytest

from ingestd.dedupe import MemoryIndex, compared_text, fingerprint, memory_index
from ingestd.dedupe.memory import moment
from ingestd.model import Role

from .texts import CHINESE, OTHER_STORY, SAME_MINISTERS, THAI, WIRE, body, joined, own

TEXT = body(*WIRE)
UNKNOWN = datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (86_400, datetime(1970, 1, 2, tzinfo=UTC)),
        (1_795_348_800.5, datetime(2026, 11, 22, 12, 0, 0, 500_000, UTC)),
        (-60, datetime(1969, 12, 31, 23, 59, tzinfo=UTC)),
        ("2026-11-22T12:00:00Z", datetime(2026, 11, 22, 12, tzinfo=UTC)),
        ("2026-11-22T12:00:00+02:00", datetime(2026, 11, 22, 10, tzinfo=UTC)),
        ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC)),
        ("2026-11-22 12:00", datetime(2026, 11, 22, 12, tzinfo=UTC)),
        (datetime(2026, 11, 22, 12, tzinfo=UTC), datetime(2026, 11, 22, 12, tzinfo=UTC)),
    ],
    ids=str,
)
def test_a_time_is_a_number_of_seconds_or_iso_text(value: object, expected: datetime) -> None:
    found = moment(value)
    assert found == expected
    assert found.utcoffset() is not None


@pytest.mark.parametrize(
    "junk",
    [
        None,
        "",
        "yesterday",
        "2026-13-45",
        1e300,
        -1e300,
        float("nan"),
        float("inf"),
        10**400,
        [],
        {},
        b"2026",
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_time_that_cannot_be_read_is_the_youngest_there_is(junk: object) -> None:
    assert moment(junk) == UNKNOWN


def test_labels_count_from_zero_and_copies_have_one() -> None:
    index = memory_index()
    assert isinstance(index, MemoryIndex)
    assert [index.add({"text": text}) for text in (TEXT, body(*OTHER_STORY), body(*WIRE[:4]))] == [0, 1, 0]
    assert index.final() == [0, 1, 0]
    assert index.label(2) == 0


def test_what_comes_later_may_change_an_earlier_label() -> None:
    index = memory_index()
    assert [index.add({"text": body(*some)}) for some in (WIRE[:4], WIRE[4:])] == [0, 1]
    assert index.add({"text": TEXT}) == 0
    assert index.final() == [0, 0, 0]


def test_whoever_listens_hears_of_each_document_that_is_put_somewhere() -> None:
    index = memory_index()
    heard: list[tuple[int, int]] = []
    index.on_assigned = lambda number: heard.append((number, index.label(number)))
    for some in (WIRE[:4], OTHER_STORY, WIRE[4:], WIRE):
        index.add({"text": body(*some)})
    assert heard[:3] == [(0, 0), (1, 1), (2, 2)]
    assert sorted(heard[3:]) == [(2, 0), (3, 0)]
    labels = dict(heard)
    assert [labels[number] for number in range(4)] == index.final()


def test_whoever_listens_hears_of_each_role() -> None:
    index = memory_index()
    heard: dict[int, Role] = {}
    index.on_described = lambda number: heard.update({number: index.documents[number].role})
    index.add({"text": body(*WIRE[:3])})
    index.add({"text": body(*OTHER_STORY)})
    assert heard == {0: Role.CANONICAL, 1: Role.CANONICAL}
    index.add({"text": TEXT})
    assert heard == {0: Role.EXCERPT, 1: Role.CANONICAL, 2: Role.CANONICAL}


def test_the_oldest_represents_a_cluster_and_what_has_no_time_is_the_youngest() -> None:
    for times, canonical in (
        ((3, 2), 1),
        (("2026-11-22", "2026-11-23"), 0),
        ((None, 5), 1),
        ((1, "junk"), 0),
    ):
        index = memory_index()
        for time in times:
            index.add({"text": TEXT, "time": time})
        assert index.documents[canonical].role is Role.CANONICAL
        assert index.documents[1 - canonical].role is Role.COPY


def test_documents_without_source_are_of_different_sources() -> None:
    longer = body(*WIRE, *OTHER_STORY)
    for source, labels in ((None, [0, 0]), ("", [0, 0]), ("one.example", [0, 1])):
        index = memory_index()
        index.add({"text": TEXT, "source": source})
        index.add({"text": longer, "source": source})
        assert index.final() == labels


def test_a_short_text_is_read_with_its_title() -> None:
    index = memory_index()
    line = "The price of bread will not rise before the end of winter, the guild of bakers said."
    index.add({"title": " ".join(own("first", 20)), "text": line})
    index.add({"title": " ".join(own("first", 20)), "text": line})
    assert index.final() == [0, 0]
    assert index.documents[0].text == compared_text(" ".join(own("first", 20)), line)
    assert set(index.holders(fingerprint(index.documents[0].text).anchors, 9).values()) == {(0,)}


@pytest.mark.parametrize("text", ["", " ", "…", "\0", "\ud800", "a", "\u200b" * 50])
def test_texts_without_enough_words_are_alone(text: str) -> None:
    index = memory_index()
    assert [index.add({"text": some}) for some in (text, text, TEXT, text)] == [0, 1, 2, 3]


def test_holders_are_limited() -> None:
    index = memory_index()
    for number in range(5):
        index.add(
            {"text": joined(own("same", 50), own(f"other{'abcde'[number]}", 100)), "source": "one.example"}
        )
    anchors = fingerprint(joined(own("same", 50))).anchors
    assert max(len(some) for some in index.holders(anchors, 9).values()) == 5
    assert max(len(some) for some in index.holders(anchors, 3).values()) == 3
    assert index.holders([1, 2, 3], 3) == {}


def test_texts_in_all_scripts_are_grouped() -> None:
    texts = {
        0: [TEXT, body(*WIRE[:3])],
        1: [body(*CHINESE), "".join(CHINESE[:2])],
        2: [body(*THAI), "".join(THAI)],
        3: [body(*SAME_MINISTERS), body(*SAME_MINISTERS[1:])],
    }
    truth = [label for label, some in texts.items() for _ in some]
    every = [text for some in texts.values() for text in some]
    for seed in range(5):
        order = Random(seed).sample(range(len(every)), len(every))
        index = memory_index()
        for place in order:
            index.add({"text": every[place]})
        found = dict(zip(order, index.final(), strict=True))
        assert len({(truth[place], found[place]) for place in order}) == 4
