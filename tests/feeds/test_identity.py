"""Keys and digests: which item an entry is, and whether it changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from ingestd.feeds.identity import MAX_KEY_CHARS, identified, names
from ingestd.model import Entry

DAY = datetime(2026, 11, 22, tzinfo=UTC)
SITE = "https://news.example.test"


def item(
    guid: str | None = None,
    url: str | None = None,
    title: str | None = "Title",
    summary: str | None = None,
    published: datetime | None = None,
    updated: datetime | None = None,
) -> Entry:
    return Entry("", "", guid, url, None, title, summary, published_at=published, updated_at=updated)


def keys(*entries: Entry) -> list[str]:
    return [entry.key for entry in identified(entries)]


def key(entry: Entry) -> str:
    return keys(entry)[0]


def digest(entry: Entry) -> str:
    return identified([entry])[0].digest


@pytest.mark.parametrize(
    ("guid", "other"),
    [
        ("http://news.example.test/a", "https://www.news.example.test/a/"),
        (f"{SITE}/a?id=1", f"{SITE}/a?id=1&utm_source=rss"),
    ],
)
def test_spellings_of_a_permalink_guid_are_one_key(guid: str, other: str) -> None:
    assert key(item(guid)) == key(item(other, title="Other title"))


def test_other_guids_are_taken_literally() -> None:
    assert len({key(item(guid)) for guid in ("1", "2", "a", "A", "tag:x,2026:1")}) == 5


def test_the_guid_outlives_a_new_link_title_and_text() -> None:
    assert key(item("7", f"{SITE}/a", "A", "x")) == key(item("7", f"{SITE}/b", "B", "y"))


def test_without_a_guid_the_link_is_the_key() -> None:
    assert key(item(url="http://news.example.test/a#xtor=RSS-1")) == key(item(url=f"{SITE}/a", title="B"))


def test_a_guid_shared_by_different_items_gives_way_to_their_links() -> None:
    first, second = item("1", f"{SITE}/a", "A"), item("1", f"{SITE}/b", "B")
    assert keys(first, second) == [key(item(url=f"{SITE}/a")), key(item(url=f"{SITE}/b"))]


def test_the_item_that_a_shared_guid_points_to_keeps_it_when_it_comes_to_be_shared() -> None:
    owner, borrower = item(f"{SITE}/a", f"{SITE}/a", "A"), item(f"{SITE}/a", f"{SITE}/b", "B")
    together = keys(borrower, owner)
    assert together[1] == key(owner)
    assert together[0] != together[1]


def test_items_that_share_guid_and_link_are_told_by_what_they_say() -> None:
    items = [item("1", SITE, title, "Text") for title in ("A", "B")]
    entries = identified(items)
    assert len({entry.key for entry in entries}) == 2
    assert [entry.page_url for entry in entries] == [None, None]
    assert [entry.url for entry in entries] == [SITE, SITE]


def test_equal_titles_stay_apart() -> None:
    same_title = [item("1", f"{SITE}/1"), item("2", f"{SITE}/2"), item(url=f"{SITE}/3"), item(summary="x")]
    assert len(set(keys(*same_title, item(summary="y")))) == 5


def test_bare_titles_that_are_equal_are_numbered() -> None:
    assert len(set(keys(item(), item(), item()))) == 3


def test_repeated_items_appear_once_in_their_latest_state() -> None:
    old = item("1", f"{SITE}/a", summary="old", updated=DAY)
    new = item("1", f"{SITE}/a", summary="new", updated=DAY + timedelta(hours=1))
    (entry,) = identified([old, new, old])
    assert entry.summary_html == "new"


def test_a_new_date_alone_makes_no_second_item() -> None:
    again = item("1", f"{SITE}/a", published=DAY + timedelta(days=1))
    assert len(identified([again, item("1", f"{SITE}/a", published=DAY)])) == 1


def test_issues_of_one_address_and_title_are_told_by_date_and_text() -> None:
    issues = [item("1", SITE, "Briefing", f"Text {n}", DAY + timedelta(days=n)) for n in range(3)]
    expected = dict(zip([issue.summary_html for issue in issues], keys(*issues), strict=True))
    assert len(set(expected.values())) == 3
    assert {entry.summary_html: entry.key for entry in identified(reversed(issues))} == expected
    assert set(keys(*issues[1:])) < set(expected.values())


def test_one_article_listed_under_two_guids_keeps_its_page() -> None:
    entries = identified([item("1", f"{SITE}/a"), item("2", f"{SITE}/a")])
    assert [entry.page_url for entry in entries] == [f"{SITE}/a", f"{SITE}/a"]


def test_order_and_company_do_not_change_keys() -> None:
    items = [
        item("1", f"{SITE}/1", "A"),
        item(None, f"{SITE}/2", "B"),
        item("shared", f"{SITE}/3", "C"),
        item("shared", f"{SITE}/4", "D"),
        item(None, SITE, "E", "e"),
        item(None, SITE, "F", "f"),
    ]
    expected = {entry.title: entry.key for entry in identified(items)}
    for order in permutations(items, len(items)):
        assert {entry.title: entry.key for entry in identified(order)} == expected
    assert keys(*items[:2], item("9", f"{SITE}/9", "new"))[:2] == [expected["A"], expected["B"]]


def test_a_counter_in_the_guids_fragment_is_no_new_item_but_an_anchor_is() -> None:
    assert key(item(f"{SITE}/a#0", f"{SITE}/a")) == key(item(f"{SITE}/a#3", f"{SITE}/a"))
    posts = [item(f"{SITE}/live#post-{n}", f"{SITE}/live#post-{n}", f"Post {n}") for n in (1, 2)]
    assert len(set(keys(*posts))) == 2
    assert keys(posts[0]) == keys(*posts)[:1]


def test_keys_are_bounded_and_still_distinct() -> None:
    found = keys(item("g" * 9000 + "1"), item("g" * 9000 + "2"), item(f"{SITE}/" + "p" * 9000))
    assert max(map(len, found)) <= MAX_KEY_CHARS
    assert len(set(found)) == 3


def test_a_page_named_by_the_reader_stays_the_page() -> None:
    (entry,) = identified([replace(item("1", f"{SITE}/redirect"), page_url=f"{SITE}/page")])
    assert (entry.url, entry.page_url) == (f"{SITE}/redirect", f"{SITE}/page")


@pytest.mark.parametrize(
    "change",
    [
        {"title": "New"},
        {"url": f"{SITE}/new"},
        {"summary_html": "<p>New</p>"},
        {"content_html": "<p>New</p>"},
        {"updated_at": DAY},
        {"authors": ("New",)},
    ],
)
def test_the_digest_follows_what_a_publisher_changes(change: dict[str, str]) -> None:
    before = item("1", f"{SITE}/a", summary="Text")
    assert digest(replace(before, **change)) != digest(before)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"guid": "2"},
        {"url": "http://www.news.example.test/a?utm_medium=rss"},
        {"summary_html": '<p>Text 3 hours ago<img src="pixel.gif?9"></p>'},
        {"categories": ("b", "a")},
        {"published_at": DAY},
    ],
)
def test_the_digest_does_not_follow_noise(change: dict[str, str]) -> None:
    before = replace(item("1", f"{SITE}/a", summary="Text 2 hours ago"), categories=("a", "b"))
    assert digest(replace(before, **change)) == digest(before)  # type: ignore[arg-type]


def test_names_are_all_by_which_an_entry_could_meet_another() -> None:
    (entry,) = identified([replace(item("7", f"{SITE}/r?utm_source=x#p"), page_url=f"{SITE}/a")])
    assert names(entry) == {"guid:7", "news.example.test/r#p", "news.example.test/a"}


@pytest.mark.parametrize("text", [None, "words " * 20])
def test_the_query_of_a_link_counts_only_without_a_text(text: str | None) -> None:
    one, other = (
        Entry("", "", url=f"https://a.example/1?r={number}", title="One", summary_html=text)
        for number in (1, 2)
    )
    assert (digest(one) == digest(other)) == (text is not None)
