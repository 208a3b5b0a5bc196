"""feedparser within bounds: every kind of excess ends in a result or a clean refusal."""

import tracemalloc

import pytest

from ingestd.errors import FeedUnreadable
from ingestd.feeds import lenient
from ingestd.feeds.lenient import Outcome, parse

BASE = "https://news.example.test/feed.xml"


def rss(inside: str) -> str:
    return f'<rss version="2.0"><channel>{inside}</channel></rss>'


def outcome(document: str) -> Outcome:
    return parse(document, base=BASE, language=None)


def titles(document: str) -> list[str]:
    return [item["title"] for item in outcome(document).entries]


def test_well_formed_documents_have_no_problems() -> None:
    read = outcome(rss("<item><title>A</title></item>"))
    assert (read.version, read.problems) == ("rss20", ())


def test_a_broken_entry_does_not_hide_the_others() -> None:
    broken = (
        "<item><title>A</title></item><item><title>B<oops</title></item><item><title>C & D</title></item>"
    )
    found = titles(rss(broken))
    assert found[0] == "A"
    assert found[-1] == "C & D"
    assert "not well-formed" in outcome(rss(broken)).problems[0]


def test_what_was_read_before_the_loose_parser_tripped_is_kept() -> None:
    # A character reference beyond Unicode makes the loose parser raise; here it comes unfiltered.
    document = rss("<item><title>A</title></item><item><title>&#99999999999;</title></oops>")
    assert outcome(document).entries[0]["title"] == "A"
    assert any("stopped early" in problem for problem in outcome(document).problems)


def test_a_document_cut_in_the_middle_keeps_its_items() -> None:
    assert titles(rss("<item><title>A</title></item><item><title>B</title><desc")[:-16]) == ["A", "B"]


def test_deep_nesting_is_refused() -> None:
    depth = lenient.MAX_DEPTH + 10
    with pytest.raises(FeedUnreadable) as caught:
        outcome(rss("<item>" + "<a>" * depth + "</a>" * depth + "</item>"))
    assert caught.value.reason == "too-deep"


def test_unclosed_html_in_a_broken_document_is_not_deep() -> None:
    document = rss("<item><title>A</title><oops></item>" + "<item><p><br>x</item>" * lenient.MAX_DEPTH)
    assert len(outcome(document).entries) == lenient.MAX_DEPTH + 1


def test_no_more_entries_than_allowed_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lenient, "MAX_ENTRIES", 3)
    items = [f"<item><title>{number}</title></item>" for number in range(5)]
    assert titles(rss("".join(items))) == ["0", "1", "2"]
    assert "very long" in outcome(rss("".join(items))).problems[-1]
    assert outcome(rss("".join(items[:3]))).problems == ()


def test_elements_and_runs_of_text_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lenient, "MAX_ELEMENTS", 50)
    monkeypatch.setattr(lenient, "MAX_RUNS", 50)
    for excess in ("<a/>" * 100, "<b>" + "<" * 100, "<b>" + "&x" * 100):
        read = outcome(rss(f"<item><title>A</title></item><item>{excess}</item>"))
        assert read.entries[0]["title"] == "A"
        assert "very long" in read.problems[-1]


@pytest.mark.parametrize(
    "inside",
    [
        "".join(f"<category>{number}</category>" for number in range(50_000)),
        "<author>" + "a." * 1_000_000 + "</author>",
        "<author>a@" + "a." * 1_000_000 + "</author>",
        "".join(f'<n{number}:b xmlns:n{number}="urn:{number}"/>' for number in range(5_000)),
        "<a " + " ".join(f'a{number}="1"' for number in range(100_000)) + "/>",
        "<oops><a " + "b " * 1_000_000 + "/>",
    ],
)
def test_long_lists_do_not_cost_quadratic_time(inside: str) -> None:
    # Each took minutes, or gigabytes, before it was bounded.
    assert titles(rss(f"<item><title>A</title>{inside}</item>")) == ["A"]


def test_a_tag_of_attributes_alone_does_not_cost_a_hundredfold_of_memory() -> None:
    document = rss("<item><title>A</title><oops><a " + "b " * 300_000 + "/></item>")
    tracemalloc.start()
    try:
        read = outcome(document)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert read.entries[0]["title"] == "A"
    assert peak < 20 * len(document)


def test_ids_stay_as_given_and_links_are_resolved() -> None:
    (item,) = outcome(rss("<item><link>/a</link><guid>7</guid></item>")).entries
    assert (item["id"], item["link"]) == ("7", "https://news.example.test/a")


def test_every_skipped_hour_and_day_is_told() -> None:
    read = outcome(
        rss("<skipHours><hour>1</hour><hour>2</hour></skipHours><skipDays><day>Sunday</day></skipDays>")
    )
    assert (read.skip_hours, read.skip_days) == (["1", "2"], ["Sunday"])


@pytest.mark.parametrize("end", ["", "<oops>"])
def test_ten_thousand_items_cost_linear_time_in_either_parser(end: str) -> None:
    # The state of the parser was once written down after each item: quadratic, and minutes long.
    found = titles(rss("".join(f"<item><title>{number}</title></item>" for number in range(10_000)) + end))
    assert found == [str(number) for number in range(10_000)]


def test_items_that_leave_the_parser_as_it_was_have_a_context() -> None:
    plain = "<item><title>A</title></item>"
    assert outcome(rss(plain)).context == outcome(rss(plain * 2)).context is not None
    assert outcome(rss("<item><hour>1</hour></item>" + plain)).context is None
    assert outcome(rss(plain + "<oops>")).context is None
    assert outcome(rss("")).context is None


def test_an_item_that_was_not_closed_is_told() -> None:
    assert outcome(rss("<item><title>A</title>")[:-16]).unfinished
    assert not outcome(rss("<item><title>A</title></item>")).unfinished
