"""One article under many addresses: which page is which article, on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from ingestd.errors import UsageError
from ingestd.feeds.select import select
from ingestd.matching import matching
from ingestd.model import Entry, PageOutcome, Selection
from ingestd.store import articles, entries, feeds, identity
from ingestd.store.database import Database
from ingestd.store.hosts import Choice
from ingestd.store.schema import article, entry, feed, page
from ingestd.urls import unwrap, url_key
from tests.store.samples import (
    NOW,
    add_feed,
    add_page,
    article_at,
    claim,
    collected,
    count,
    item,
    page_id_of,
    page_of,
    settle,
    words,
)

SITE = "https://paper.example"
URL = f"{SITE}/2026/11/ferry-runs-again"
TITLE = "The ferry runs again"
TEXT, OTHER_TEXT = words(1), words(2)
EDITED = f"{TEXT} {words(3, 30)}"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def connection(database: Database) -> Iterator[sa.Connection]:
    with database.writing() as opened:
        yield opened


@pytest.fixture
def paper(connection: sa.Connection) -> Any:
    return add_feed(connection, url=f"{SITE}/feed.xml")


def poll(connection: sa.Connection, row: Any, *items: Entry, hours: int = 0) -> Selection:
    """What a poll does with the items of a document."""
    selection = select(items, entries.known_digests(connection, row.id, items))
    now = NOW + timedelta(hours=hours)
    entries.save(connection, feeds.find(connection, row.key), selection, now, fetch_pages=True)
    return selection


def told(guid: str, url: str, title: str = TITLE, **values: Any) -> Entry:
    """An item as a feed tells of it; its digest follows what it says."""
    return item(guid, url=url, title=title, digest=f"{url_key(url)} {title} {values}", **values)


def bring(
    connection: sa.Connection,
    url: str,
    text: str = TEXT,
    *,
    final: str | None = None,
    declared: str | None = None,
    title: str = TITLE,
) -> PageOutcome:
    """Fetch the page at `url`, which must be on the road, and settle it."""
    row = page_of(connection, unwrap(url))
    assert row.state == "pending"
    plain = collected(row.id, final or url, text, title=title)
    one = replace(plain, article=replace(plain.article, declared_url=declared))
    return articles.settle(connection, one, matching())


def again(connection: sa.Connection, url: str, text: str, **values: Any) -> PageOutcome:
    """Put the page on the road by hand, then fetch and settle it."""
    add_page(connection, url)
    return bring(connection, url, text, **values)


def only_article(connection: sa.Connection) -> sa.Row[Any]:
    return connection.execute(sa.select(article)).one()


def texts(connection: sa.Connection) -> list[str]:
    return [one.body for one in articles.revisions(connection, only_article(connection).id)]


# ------------------------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    "other",
    [
        URL.replace("https://", "http://www."),
        f"{URL}/amp/?utm_source=rss",
        URL.replace("paper", "m.paper"),
        "https://www.google.com/amp/s/paper.example/2026/11/ferry-runs-again",
        "https://www.bing.com/news/apiclick.aspx?url=https%3a%2f%2fpaper.example%2f2026%2f11%2fferry-runs-again",
    ],
)
def test_another_rendering_or_a_service_is_the_same_page(
    connection: sa.Connection, paper: Any, other: str
) -> None:
    poll(connection, paper, told("1", URL))
    bring(connection, URL)
    poll(connection, add_feed(connection, "other"), told("x", other))
    assert (count(connection, page), count(connection, article)) == (1, 1)
    assert articles.find(connection, other).id == only_article(connection).id
    seen = articles.sightings(connection, only_article(connection).id)
    assert [one["feed"] for one in seen] == ["paper", "other"]


@pytest.mark.parametrize("who", ["a feed", "a person"])
def test_a_page_is_asked_for_at_its_publisher_not_at_the_service(
    connection: sa.Connection, paper: Any, who: str
) -> None:
    wrapped = "https://www.google.com/url?url=https%3A%2F%2Fpaper.example%2F1&ct=ga"
    if who == "a feed":
        poll(connection, paper, told("1", wrapped))
    else:
        add_page(connection, wrapped)
    row = page_of(connection, f"{SITE}/1")
    assert (row.url, row.host) == (f"{SITE}/1", "paper.example")


def test_an_opaque_address_is_known_by_where_it_leads(connection: sa.Connection, paper: Any) -> None:
    poll(connection, add_feed(connection, "other"), told("1", URL))
    bring(connection, URL)
    poll(connection, paper, told("1", "https://t.co/abc"))
    assert bring(connection, "https://t.co/abc", OTHER_TEXT, final=URL) is PageOutcome.SAME_ARTICLE
    assert texts(connection) == [TEXT]


def test_an_article_that_no_feed_names_any_more_follows_the_page_that_one_names(
    connection: sa.Connection, paper: Any
) -> None:
    again(connection, URL, TEXT)
    poll(connection, paper, told("1", "https://t.co/abc"))
    assert bring(connection, "https://t.co/abc", EDITED, final=URL) is PageOutcome.REVISED
    assert texts(connection) == [TEXT, EDITED]


def test_an_address_that_leads_to_another_address_of_an_article_is_that_article(
    connection: sa.Connection,
) -> None:
    again(connection, URL, TEXT)
    again(connection, f"{SITE}/short", TEXT, final=URL)
    assert again(connection, "https://t.co/abc", TEXT, final=f"{SITE}/short") is PageOutcome.SAME_ARTICLE
    assert count(connection, article) == 1


def test_an_address_that_leads_to_one_taken_down_is_taken_down(connection: sa.Connection) -> None:
    articles.forget(connection, URL, NOW, matching())
    assert again(connection, "https://t.co/abc", TEXT, final=URL) is PageOutcome.NOT_ARTICLE
    assert page_of(connection, "https://t.co/abc").state == "forgotten"
    assert count(connection, article) == 0


# ------------------------------------------------------------------------------- declared addresses

NUMBERED = f"{SITE}/ferry-123456"


@pytest.mark.parametrize(
    ("declared", "url"),
    [
        (f"{SITE}/ferry", f"{SITE}/amp/ferry"),
        (f"{SITE}/ferry", "https://wap.paper.example/ferry"),
        (NUMBERED, f"{SITE}/show.php?id=123456"),
        (URL, f"{SITE}/sport/ferry-runs-again"),
    ],
)
@pytest.mark.parametrize("first", ["declared", "declaring"])
def test_a_page_that_declares_an_article_is_that_article(
    connection: sa.Connection, declared: str, url: str, first: str
) -> None:
    order = [declared, url] if first == "declared" else [url, declared]
    outcomes = [again(connection, one, TEXT, declared=declared) for one in order]
    assert outcomes[0] is PageOutcome.NEW
    assert count(connection, article) == 1
    for one in order:
        assert articles.find(connection, one).id == only_article(connection).id


def test_an_article_goes_over_to_its_declared_address_when_a_feed_names_it(
    connection: sa.Connection, paper: Any
) -> None:
    again(connection, f"{SITE}/amp/ferry", TEXT, declared=f"{SITE}/ferry")
    assert articles.find(connection, f"{SITE}/ferry").url == f"{SITE}/amp/ferry"
    poll(connection, paper, told("1", f"{SITE}/ferry"))
    assert bring(connection, f"{SITE}/ferry") is PageOutcome.UNCHANGED
    assert only_article(connection).url == f"{SITE}/ferry"
    assert articles.find(connection, f"{SITE}/amp/ferry").url == f"{SITE}/ferry"


@pytest.mark.parametrize(
    ("declared", "url"),
    [
        (f"{SITE}/", URL),
        (f"{SITE}/2026/11", URL),
        ("https://agency.example/2026/11/ferry-runs-again", URL),
        (f"{SITE}/show.php", f"{SITE}/show.php?id=123456"),
    ],
)
def test_a_declared_front_page_section_or_other_outlet_is_not_believed(
    connection: sa.Connection, declared: str, url: str
) -> None:
    settle(connection, declared, TEXT, title="An article there")
    assert again(connection, url, TEXT, declared=declared) is PageOutcome.COPY
    assert count(connection, article) == 2


def test_one_address_that_several_articles_declare_is_none_of_the_others(connection: sa.Connection) -> None:
    pages_ = [f"{SITE}/{language}/ferry-runs-again" for language in ("en", "de", "fr")]
    for number, url in enumerate(pages_):
        outcome = again(connection, url, words(number + 10), declared=pages_[0], title=f"Title {number}")
        assert outcome is PageOutcome.NEW
    assert count(connection, article) == 3


def test_a_declaration_that_proves_wrong_hides_no_article(connection: sa.Connection, paper: Any) -> None:
    """A translation declares the original: when that comes, it is an article of its own."""
    translation, original = f"{SITE}/de/ferry-runs-again", f"{SITE}/en/ferry-runs-again"
    again(connection, translation, TEXT, declared=original, title="Die Fähre fährt wieder")
    poll(connection, paper, told("1", original))
    assert bring(connection, original, OTHER_TEXT, declared=original) is PageOutcome.NEW
    assert article_at(connection, original) != article_at(connection, translation)


def test_what_declares_a_taken_down_address_is_taken_down(connection: sa.Connection) -> None:
    again(connection, f"{SITE}/ferry", TEXT)
    articles.forget(connection, f"{SITE}/ferry", NOW, matching())
    declaring = again(connection, f"{SITE}/amp/ferry", TEXT, declared=f"{SITE}/ferry")
    assert declaring is PageOutcome.NOT_ARTICLE
    assert page_of(connection, f"{SITE}/amp/ferry").state == "forgotten"


def test_a_declared_address_is_taken_down_with_its_article(connection: sa.Connection, paper: Any) -> None:
    again(connection, f"{SITE}/amp/ferry", TEXT, declared=f"{SITE}/ferry")
    assert articles.forget(connection, f"{SITE}/ferry", NOW, matching()) == 1
    poll(connection, paper, told("1", f"{SITE}/ferry", summary_html="secret"))
    assert page_of(connection, f"{SITE}/ferry").state == "forgotten"
    assert claim(connection, choice=Choice(feeds_left=0)) == []


# ------------------------------------------------------------------------------- edited addresses


@pytest.mark.parametrize("evidence", ["number", "segment", "title", "text"])
def test_an_edited_address_is_the_same_article(connection: sa.Connection, paper: Any, evidence: str) -> None:
    before, after = {
        "number": (f"{SITE}/ferry-123456", f"{SITE}/boat-123456"),
        "segment": (URL, f"{SITE}/local/ferry-runs-again"),
    }.get(evidence, (f"{SITE}/2026/foo", f"{SITE}/2026/foo-updated"))
    title = TITLE if evidence == "title" else "Another headline"
    text = EDITED if evidence == "text" else OTHER_TEXT
    poll(connection, paper, told("1", before))
    bring(connection, before)
    assert len(poll(connection, paper, told("1", after, title), hours=1).changed) == 1
    assert bring(connection, after, text, title=title) is PageOutcome.REVISED
    assert texts(connection) == [TEXT, text]
    row = only_article(connection)
    assert (row.url, row.url_key, row.page_id) == (after, url_key(after), page_id_of(connection, after))
    assert articles.find(connection, before).id == articles.find(connection, after).id == row.id
    assert len(articles.sightings(connection, row.id)) == 1


def test_an_edited_address_with_the_same_text_is_unchanged(connection: sa.Connection, paper: Any) -> None:
    poll(connection, paper, told("1", URL))
    bring(connection, URL)
    poll(connection, paper, told("1", f"{URL}-updated"), hours=1)
    assert bring(connection, f"{URL}-updated") is PageOutcome.UNCHANGED
    assert only_article(connection).url == f"{URL}-updated"


def test_a_guid_for_whatever_stands_in_a_place_is_no_identity(connection: sa.Connection, paper: Any) -> None:
    for number in range(3):
        url = f"{SITE}/story{number}"
        poll(connection, paper, told("top", url, f"Title {number}"), hours=number)
        assert bring(connection, url, words(number + 10), title=f"Title {number}") is PageOutcome.NEW
    assert count(connection, article) == 3


def test_an_aggregator_that_links_to_another_outlet_now_tells_of_another_article(
    connection: sa.Connection, paper: Any
) -> None:
    elsewhere = "https://other.example/2026/11/ferry-runs-again"
    poll(connection, paper, told("1", URL.replace("paper", "first")))
    bring(connection, URL.replace("paper", "first"))
    poll(connection, paper, told("1", elsewhere), hours=1)
    assert bring(connection, elsewhere) is PageOutcome.COPY
    assert count(connection, article) == 2


def test_an_address_that_is_edited_back_is_followed_back(connection: sa.Connection, paper: Any) -> None:
    for hour, url in enumerate((URL, f"{URL}-updated", URL)):
        poll(connection, paper, told("1", url), hours=hour)
        bring(connection, url, f"{TEXT} {words(hour + 10, 20)}")
    assert len(texts(connection)) == 3
    assert only_article(connection).url == URL


def test_two_feeds_that_edit_an_address_one_after_the_other_have_one_article(
    connection: sa.Connection, paper: Any
) -> None:
    other = add_feed(connection, "other")
    for row in (paper, other):
        poll(connection, row, told("1", URL))
    bring(connection, URL)
    for hour, row in enumerate((paper, other), 1):
        poll(connection, row, told("1", f"{URL}-updated"), hours=hour)
        bring(connection, f"{URL}-updated", EDITED)
    assert count(connection, article) == 1
    assert texts(connection) == [TEXT, EDITED]
    assert only_article(connection).url == f"{URL}-updated"
    assert len(articles.sightings(connection, only_article(connection).id)) == 2


def test_an_address_edited_before_it_was_fetched_is_not_fetched(
    connection: sa.Connection, paper: Any
) -> None:
    poll(connection, paper, told("1", URL))
    poll(connection, paper, told("1", f"{URL}-updated"), hours=1)
    row = page_of(connection, URL)
    assert (row.state, row.reason) == ("rejected", "moved")
    assert page_of(connection, f"{URL}-updated").state == "pending"
    poll(connection, paper, told("1", URL), hours=2)
    assert page_of(connection, URL).state == "pending"


def test_an_edited_address_that_another_feed_names_is_fetched(connection: sa.Connection, paper: Any) -> None:
    for row in (paper, add_feed(connection, "other")):
        poll(connection, row, told("1", URL))
    poll(connection, paper, told("1", f"{URL}-updated"), hours=1)
    assert page_of(connection, URL).state == "pending"


def test_an_edited_address_of_a_taken_down_article_stays_away(connection: sa.Connection, paper: Any) -> None:
    poll(connection, paper, told("1", URL))
    bring(connection, URL)
    poll(connection, paper, told("1", f"{URL}-updated"), hours=1)
    articles.forget(connection, URL, LATER, matching())
    assert page_of(connection, f"{URL}-updated").state == "forgotten"
    assert claim(connection, choice=Choice(feeds_left=0)) == []


def test_an_edited_address_that_was_given_by_hand_is_fetched(connection: sa.Connection, paper: Any) -> None:
    poll(connection, paper, told("1", URL))
    add_page(connection, URL)
    poll(connection, paper, told("1", f"{URL}-updated"), hours=1)
    assert page_of(connection, URL).state == "pending"


def test_an_address_that_was_edited_into_one_taken_down_leads_to_nothing(
    connection: sa.Connection, paper: Any
) -> None:
    articles.forget(connection, f"{URL}-updated", NOW, matching())
    poll(connection, paper, told("1", URL))
    bring(connection, URL)
    poll(connection, paper, told("1", f"{URL}-updated"), hours=1)
    with pytest.raises(UsageError):
        articles.find(connection, f"{URL}-updated")
    assert articles.find(connection, URL).body == TEXT


def test_an_item_that_loses_its_address_takes_no_article_along(connection: sa.Connection, paper: Any) -> None:
    poll(connection, paper, told("1", URL))
    bring(connection, URL)
    poll(connection, paper, replace(told("1", URL), digest="x", url=None, page_url=None), hours=1)
    assert connection.scalar(sa.select(page.c.article_id).where(page.c.url_key == "feed:paper#1")) is None


def test_where_an_address_led_before_it_was_edited_stays_known(connection: sa.Connection, paper: Any) -> None:
    poll(connection, paper, told("1", "https://t.co/abc"))
    bring(connection, "https://t.co/abc", final=URL)
    poll(connection, paper, told("1", f"{URL}-updated"), hours=1)
    bring(connection, f"{URL}-updated")
    known = ("https://t.co/abc", URL, f"{URL}-updated")
    assert {articles.find(connection, url).id for url in known} == {only_article(connection).id}


def test_an_article_takes_no_address_that_is_another_ones(connection: sa.Connection, paper: Any) -> None:
    poll(connection, add_feed(connection, "other"), told("1", URL))
    bring(connection, URL)
    poll(connection, paper, told("1", "https://t.co/abc"))
    bring(connection, "https://t.co/abc", final=URL)
    again(connection, f"{SITE}/bridge", OTHER_TEXT, title="A bridge")
    poll(connection, feeds.find(connection, "other"), told("1", f"{SITE}/bridge"), hours=1)
    poll(connection, paper, told("1", "https://t.co/abc", summary_html="edited"), hours=1)
    outcome = bring(connection, "https://t.co/abc", EDITED, final=f"{SITE}/bridge")
    assert outcome is PageOutcome.REVISED
    assert article_at(connection, URL) != article_at(connection, f"{SITE}/bridge")


def test_an_article_without_a_page_of_its_own_is_not_known_by_its_link(connection: sa.Connection) -> None:
    settle(connection, URL, TEXT)
    plain = collected(page_id_of(connection, URL), f"{SITE}/live", TEXT)
    identity.remember(connection, replace(plain, url_key="feed:paper#1"), article_at(connection, URL))
    with pytest.raises(UsageError):
        articles.find(connection, f"{SITE}/live")


# ------------------------------------------------------------------------------- hosts


@pytest.mark.parametrize("guid", ["opaque", "address"])
def test_a_feed_that_moves_to_another_host_has_the_same_articles(
    connection: sa.Connection, paper: Any, guid: str
) -> None:
    def items(site: str) -> list[Entry]:
        links = [f"{site}/2026/{slug}" for slug in ("ferry", "bridge", "market")]
        keys = ["1", "2", "3"] if guid == "opaque" else [url_key(link) for link in links]
        return [told(key, link, link[-6:]) for key, link in zip(keys, links, strict=True)]

    connection.execute(feed.update().values(site_url="https://www.old.example/"))
    poll(connection, paper, *items("https://old.example"))
    for number, one in enumerate(items("https://old.example")):
        bring(connection, str(one.url), words(number), title=str(one.title))
    moved = items("https://new.example")
    assert len(poll(connection, paper, *moved, hours=1).changed) == 3
    for number, one in enumerate(moved):
        assert bring(connection, str(one.url), words(number), title=str(one.title)) is PageOutcome.UNCHANGED
    assert (count(connection, article), count(connection, entry)) == (3, 3)
    assert set(connection.scalars(sa.select(article.c.site))) == {"new.example"}
    assert poll(connection, paper, *moved, hours=2).seen == tuple(moved)


def test_a_host_that_the_feed_still_has_was_not_left(connection: sa.Connection, paper: Any) -> None:
    """Two papers of one house in one feed carry a text under one path: a copy, not a move."""
    connection.execute(feed.update().values(site_url="https://a.example/"))
    poll(connection, paper, told("a", "https://a.example/ferry"))
    still = told("other", "https://a.example/bridge", "A bridge")
    assert len(poll(connection, paper, told("b", "https://b.example/ferry"), still, hours=1).new) == 2
    assert count(connection, entry) == 3


# ------------------------------------------------------------------------------- re-issued guids


def test_an_item_under_another_guid_is_the_item_known(connection: sa.Connection, paper: Any) -> None:
    poll(connection, paper, told("1", URL), told("2", f"{SITE}/2", "Another"))
    assert len(poll(connection, paper, told("1b", URL), told("2", f"{SITE}/2", "Another"), hours=1).seen) == 2
    rows = connection.execute(sa.select(entry.c.key, entry.c.first_seen_at, entry.c.last_seen_at)).all()
    assert {tuple(row) for row in rows} == {("1b", NOW, LATER), ("2", NOW, LATER)}


def test_items_that_change_places_are_other_items(connection: sa.Connection, paper: Any) -> None:
    poll(connection, paper, told("1", URL, "One"), told("2", f"{SITE}/2", "Two"))
    selection = poll(connection, paper, told("3", f"{SITE}/2", "One"), told("4", URL, "Four"), hours=1)
    assert len(selection.new) == 2


def test_an_item_edited_under_another_guid_is_fetched_again(connection: sa.Connection, paper: Any) -> None:
    poll(connection, paper, told("1", URL))
    bring(connection, URL)
    assert len(poll(connection, paper, told("1b", URL, summary_html="edited"), hours=1).changed) == 1
    assert bring(connection, URL, EDITED) is PageOutcome.REVISED
    assert count(connection, entry) == 1


def test_the_next_item_of_a_page_is_another_item_and_fetches_it_again(
    connection: sa.Connection, paper: Any
) -> None:
    poll(connection, paper, told("monday", URL, "Monday's briefing"))
    bring(connection, URL)
    assert len(poll(connection, paper, told("tuesday", URL, "Tuesday's briefing"), hours=1).new) == 1
    assert bring(connection, URL, OTHER_TEXT) is PageOutcome.REVISED
    assert count(connection, entry) == 2


def test_an_article_listed_twice_is_not_fetched_again(connection: sa.Connection, paper: Any) -> None:
    poll(connection, paper, told("1", URL))
    bring(connection, URL)
    both = (told("1", URL), told("2", URL, summary_html="in another section"))
    assert len(poll(connection, paper, *both, hours=1).new) == 1
    assert page_of(connection, URL).state == "done"
    assert count(connection, entry) == 2


def test_two_items_cannot_both_be_the_one_that_is_gone(connection: sa.Connection, paper: Any) -> None:
    poll(connection, paper, told("1", URL))
    both = (told("2", URL, summary_html="a"), told("3", URL, summary_html="b"))
    selection = poll(connection, paper, *both, hours=1)
    assert (selection.changed, selection.new) == (both[:1], both[1:])
    assert set(connection.scalars(sa.select(entry.c.key))) == {"2", "3"}


def test_a_taken_down_item_under_another_guid_stays_away(connection: sa.Connection, paper: Any) -> None:
    poll(connection, paper, told("1", URL))
    articles.forget(connection, URL, NOW, matching())
    poll(connection, paper, told("1b", URL, summary_html="secret"), hours=1)
    assert list(connection.scalars(sa.select(entry.c.summary_html))) == [None, None]
    assert claim(connection, choice=Choice(feeds_left=0)) == []
