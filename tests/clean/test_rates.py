"""What a host's pages give, and what counts as a change of that."""

import json
import random
from collections.abc import Iterable
from itertools import count

import pytest

from ingestd.clean.rates import ACQUAINTED, LAST, Change, Rates, Seen, observe, outcome_of
from ingestd.model import Article, Completeness, Paragraph, TextSource, Verdict

TEXT = (Paragraph("The boats come in at noon and leave again at one. " * 5),)


def run(rates: Rates, outcomes: Iterable[str | tuple[str, int]], first: int) -> tuple[Rates, list[Change]]:
    """These pages one after the other, ten minutes between two; what had changed on the way."""
    found: list[Change] = []
    for number, given in zip(count(first), outcomes, strict=False):
        outcome, words = given if isinstance(given, tuple) else (given, 500)
        rates, changes = observe(rates, Seen(number, outcome, words, 1.8e9 + number * 600))
        found += changes
    return rates, found


@pytest.fixture
def healthy() -> Rates:
    """A host that has given articles for long, and a video page now and then."""
    rates, changes = run(Rates(), (["video-page"] + ["article"] * 14) * 10, 1)
    assert changes == []
    return rates


class TestPages:
    def test_a_wall_before_most_of_the_last_pages_is_a_change(self, healthy: Rates) -> None:
        rates, changes = run(healthy, ["bot-wall"] * 10, 1000)
        (change,) = changes
        assert (change.what, change.before, change.now) == ("pages", "article", "bot-wall")
        assert (change.pages, change.well, change.since.timestamp()) == (8, False, 1.8e9 + 600_000)
        assert rates.change == change

    def test_fewer_are_none(self, healthy: Rates) -> None:
        assert run(healthy, ["bot-wall"] * 7 + ["article"] * 10, 1000)[1] == []

    def test_what_is_rare_counts_together(self, healthy: Rates) -> None:
        (change,) = run(healthy, ["empty", "fallback", "bot-wall", "fallback"] * 3, 1000)[1]
        assert change.now == "fallback"

    def test_what_is_not_usual_must_be_all_of_the_last(self) -> None:
        rates, _ = run(Rates(), ["article", "article", "article", "teaser"] * 30, 1)
        assert run(rates, ["article", *["teaser"] * 9, "article"], 1000)[1] == []
        changes = run(rates, ["teaser"] * 20 + ["article", "article", "teaser"] * 5, 1000)[1]
        assert [(one.now, one.pages, one.well) for one in changes] == [
            ("teaser", 10, False),
            ("article", 10, True),
        ]

    def test_it_is_told_once_however_long_it_lasts(self, healthy: Rates) -> None:
        assert len(run(healthy, ["bot-wall"] * 300, 1000)[1]) == 1

    def test_another_change_for_the_worse_is_told_as_well(self, healthy: Rates) -> None:
        changes = run(healthy, ["bot-wall"] * 20 + ["http-403"] * 20, 1000)[1]
        assert [(change.before, change.now) for change in changes] == [
            ("article", "bot-wall"),
            ("bot-wall", "http-403"),
        ]

    def test_it_is_told_when_all_is_well_again(self, healthy: Rates) -> None:
        rates, changes = run(healthy, ["bot-wall"] * 50 + ["article"] * 20, 1000)
        well = changes[1]
        assert (len(changes), well.before, well.now, well.well) == (2, "bot-wall", "article", True)
        assert well.since.timestamp() == 1.8e9 + 1050 * 600
        assert rates.change is None

    def test_between_two_states_nothing_is_told(self, healthy: Rates) -> None:
        assert len(run(healthy, ["bot-wall"] * 10 + ["article", "bot-wall"] * 40, 1000)[1]) == 1

    def test_a_host_that_never_gave_articles_and_begins_to_is_well_for_good(self) -> None:
        rates, _ = run(Rates(), ["consent-wall"] * 60, 1)
        rates, (change,) = run(rates, ["article"] * 60, 1000)
        assert (change.before, change.now, change.well) == ("consent-wall", "article", True)
        assert rates.usual["article"] > 0.8

    def test_one_page_that_is_tried_again_and_again_is_one_page(self, healthy: Rates) -> None:
        seen = [Seen(5000, "bot-wall", 0, 1.81e9 + n) for n in range(20)]
        rates = healthy
        for one in seen:
            rates, changes = observe(rates, one)
            assert changes == ()
        assert rates.last[-1] == seen[-1]
        assert rates.pages == healthy.pages + 1

    def test_of_a_new_host_nothing_is_told(self) -> None:
        assert run(Rates(), ["article"] * ACQUAINTED + ["bot-wall"] * (LAST - 1), 1)[1] == []

    def test_chance_is_no_change(self) -> None:
        rng = random.Random(7)
        kinds, weights = ("article", "teaser", "video-page", "empty", "fallback"), (70, 15, 5, 5, 5)
        told = 0
        for _ in range(20):
            pages = [(kind, int(rng.lognormvariate(6, 0.8))) for kind in rng.choices(kinds, weights, k=500)]
            told += len(run(Rates(), pages, 1)[1])
        assert told == 0


class TestLength:
    def test_much_shorter_texts_are_a_change_that_is_told_once(self, healthy: Rates) -> None:
        rates, changes = run(healthy, [("article", 60)] * 80, 1000)
        (change,) = changes
        assert (change.what, change.before, change.well) == ("length", "500 words", False)
        assert rates.change is None
        back = run(rates, [("article", 500)] * 40, 2000)[1]
        assert [one.what for one in back] == ["length"]

    def test_a_host_of_flashes_and_long_reads_is_as_usual(self) -> None:
        rates, _ = run(Rates(), [("article", 60), ("article", 900)] * 60, 1)
        assert run(rates, [("article", 60)] * 10, 1000)[1] == []


class TestJson:
    def test_what_was_learnt_is_read_as_it_was_written(self, healthy: Rates) -> None:
        for rates in (Rates(), healthy, run(healthy, ["bot-wall"] * 10, 1000)[0]):
            written = json.dumps(rates.to_json())
            assert len(written) < 1000
            read = Rates.from_json(json.loads(written))
            assert read.to_json() == rates.to_json()
            assert read.change == rates.change

    @pytest.mark.parametrize(
        "value",
        [
            None,
            {},
            {"pages": 3},
            {"pages": "x"},
            {"pages": 1, "usual": [], "texts": 0, "length": 0, "variance": 0, "last": []},
            {"pages": 1, "usual": {}, "texts": 0, "length": 0, "variance": 0, "last": [[1]]},
            {
                "pages": 1,
                "usual": {},
                "texts": 0,
                "length": 0,
                "variance": 0,
                "last": [],
                "change": {"now": 1},
            },
        ],
    )
    def test_anything_else_is_nothing_known(self, value: dict[str, object] | None) -> None:
        assert Rates.from_json(value) == Rates()


class TestWords:
    def test_what_is_usual(self, healthy: Rates) -> None:
        assert healthy.words() == "93% article, 7% video-page"

    def test_what_is_not(self, healthy: Rates) -> None:
        words = run(healthy, ["bot-wall"] * 10, 1000)[0].words()
        assert words == "bot-wall since 2027-01-22, before that article"

    def test_before_anything_was_learnt(self) -> None:
        assert Rates().words() == "nothing yet"
        assert run(Rates(), ["article", "empty"], 1)[0].words() == "50% article, 50% empty"


@pytest.mark.parametrize(
    ("article", "outcome"),
    [
        (Article(TEXT), "article"),
        (Article(TEXT, completeness=Completeness.TEASER), "teaser"),
        (Article(TEXT, completeness=Completeness.SUMMARY, source=TextSource.FEED), "summary"),
        (Article(TEXT, source=TextSource.FEED), "feed-text"),
        (Article(TEXT, source=TextSource.JSON_LD), "json-ld"),
        (Article(TEXT, extractor="trafilatura"), "fallback"),
        (Article((Paragraph("The boats come in at noon."),)), "near-empty"),
        (Article((Paragraph("港口将关闭至三月，市政府周五晚间宣布，所有渡轮停航。" * 3),)), "article"),
        (Article(verdict=Verdict("login", "it asks for a password")), "login"),
    ],
)
def test_what_a_page_gave(article: Article, outcome: str) -> None:
    assert outcome_of(article) == outcome
