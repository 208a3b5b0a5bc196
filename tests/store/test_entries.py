from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from ingestd.feeds.select import select
from ingestd.matching import matching
from ingestd.model import Enclosure, Entry, PageOutcome, Selection
from ingestd.store import articles, entries, pages
from ingestd.store.database import Database
from ingestd.store.hosts import Choice
from ingestd.store.schema import entry, feed, page
from ingestd.urls import url_key
from tests.store.samples import MINUTE, NOW, add_entries, add_feed, claim, count, item, page_id_of, page_of

LATER = NOW + timedelta(hours=1)
URL = "https://paper.example/1"


@pytest.fixture
def connection(database: Database) -> Iterator[sa.Connection]:
    with database.writing() as opened:
        yield opened


@pytest.fixture
def paper(connection: sa.Connection) -> Any:
    return add_feed(connection)


def entry_of(connection: sa.Connection, key: str) -> sa.Row[Any]:
    return connection.execute(sa.select(entry).where(entry.c.key == key)).one()


def change(connection: sa.Connection, row: sa.Row[Any], *items: Entry) -> None:
    entries.save(connection, row, Selection(changed=items), LATER, fetch_pages=True)


def finish(connection: sa.Connection, url: str = URL, state: str = "done") -> None:
    pages.finish(connection, page_id_of(connection, url), PageOutcome.NEW, state)


# ------------------------------------------------------------------------------- new


def test_a_new_entry_is_stored_whole(connection: sa.Connection, paper: Any) -> None:
    given = item(
        "1",
        url=URL,
        guid="tag:1",
        title="Title",
        summary_html="<p>short</p>",
        content_html="<p>long</p>",
        authors=("A", "B"),
        categories=("c",),
        published_at=NOW - timedelta(days=1),
        updated_at=NOW,
        language="en",
        source_title="elsewhere",
        comments_url="https://paper.example/1#c",
        enclosures=(Enclosure("https://paper.example/a.mp3", "audio/mpeg", 2**40),),
    )
    add_entries(connection, paper, given)
    row = entry_of(connection, "1")
    for name in (
        "digest",
        "guid",
        "url",
        "title",
        "summary_html",
        "content_html",
        "published_at",
        "updated_at",
    ):
        assert getattr(row, name) == getattr(given, name)
    assert (row.language, row.source_title, row.comments_url) == ("en", "elsewhere", given.comments_url)
    assert (row.authors, row.categories) == (["A", "B"], ["c"])
    assert row.enclosures == [
        {"url": "https://paper.example/a.mp3", "media_type": "audio/mpeg", "length_bytes": 2**40}
    ]
    assert row.first_seen_at == row.last_seen_at == row.changed_at == NOW


def test_its_page_is_due_at_once_on_its_own_host(connection: sa.Connection, paper: Any) -> None:
    add_entries(connection, paper, item("1", url="https://www.Pages.example/1?utm_source=rss"))
    row = page_of(connection, "https://pages.example/1")
    assert (row.state, row.next_attempt_at, row.host) == ("pending", NOW, "www.pages.example")
    assert row.url == "https://www.Pages.example/1?utm_source=rss"
    assert entry_of(connection, "1").page_id == row.id


def test_one_page_serves_every_entry_that_names_it(connection: sa.Connection, paper: Any) -> None:
    other = add_feed(connection, "other")
    add_entries(connection, paper, item("1", url=URL), item("2", url=URL + "?utm_medium=x"))
    finish(connection)
    add_entries(connection, other, item("1", url=URL), now=LATER)
    assert count(connection, page) == 1
    assert page_of(connection, URL).state == "done"
    seen = entries.sightings(connection, [page_id_of(connection, URL)])
    assert [one["feed"] for one in seen] == ["paper", "paper", "other"]


@pytest.mark.parametrize("reason", ["no address", "the feed's setting", "the general setting"])
def test_a_page_that_is_not_fetched_takes_the_feeds_own_text(connection: sa.Connection, reason: str) -> None:
    row = add_feed(connection, fetch_pages=reason != "the feed's setting")
    url = None if reason == "no address" else "https://pages.example/1"
    add_entries(connection, row, item("1", url=url), fetch_pages=reason == "no address")
    one = connection.execute(sa.select(page)).one()
    assert (one.url, one.host, one.state) == (None, "paper.example", "pending")
    assert one.url_key == ("feed:paper#1" if url is None else url_key(url))


def test_a_page_that_matches_a_skip_pattern_is_never_due(connection: sa.Connection) -> None:
    row = add_feed(connection, skip=("/live/", "/video/"))
    add_entries(connection, row, item("1", url="https://paper.example/video/1"), item("2", url=URL))
    skipped = page_of(connection, "https://paper.example/video/1")
    assert (skipped.state, skipped.reason) == ("skipped", "skip-pattern")
    assert "/video/" in skipped.detail
    taken = [page_id for lease in claim(connection) for page_id in lease.page_ids]
    assert taken == [page_id_of(connection, URL)]


def test_a_feed_may_have_more_entries_than_a_statement_has_parameters(
    connection: sa.Connection, paper: Any
) -> None:
    size = 33_000 if connection.dialect.name == "sqlite" else 10_000
    many = [item(str(n), url=f"https://paper.example/{n}") for n in range(size)]
    add_entries(connection, paper, *many)
    known = entries.known_digests(connection, paper.id, many)
    assert known == {one.key: one.digest for one in many}
    assert count(connection, entry) == count(connection, page) == size
    selection = select(many, known)
    entries.save(connection, paper, selection, LATER, fetch_pages=True)
    assert connection.scalar(sa.select(sa.func.min(entry.c.last_seen_at))) == LATER


def test_an_address_of_any_length_has_a_page_of_its_own(connection: sa.Connection, paper: Any) -> None:
    letters = "".join(chr(97 + n * n % 26) + str(n * 7919 % 9973) for n in range(3000))
    urls = [f"https://paper.example/{letters}{end}" for end in "ab"]
    add_entries(connection, paper, *(item(end, url=url) for end, url in zip("ab", urls, strict=True)))
    assert sorted(connection.scalars(sa.select(page.c.url))) == urls
    add_entries(connection, paper, item("c", url=urls[0]))
    assert count(connection, page) == 2


def test_an_address_without_a_canonical_form_spoils_nothing(connection: sa.Connection, paper: Any) -> None:
    add_entries(connection, paper, item("1", url="https://paper.example/\udc80"), item("2", url=URL))
    assert count(connection, page) == 2


def test_text_that_cannot_be_stored_spoils_nothing(connection: sa.Connection, paper: Any) -> None:
    add_entries(connection, paper, item("1", url=URL, title="a\x00b\ud800", authors=("\x00c",)))
    row = entry_of(connection, "1")
    assert (row.title, row.authors) == ("ab", ["c"])


def test_an_entry_that_somebody_else_stored_meanwhile_stays(connection: sa.Connection, paper: Any) -> None:
    for title in ("first", "second"):
        add_entries(connection, paper, item("1", url=URL, title=title))
    assert entry_of(connection, "1").title == "first"


# ------------------------------------------------------------------------------- known


def test_known_entries_are_told_by_key_and_by_digest(connection: sa.Connection, paper: Any) -> None:
    other = add_feed(connection, "other")
    add_entries(connection, paper, item("1", url=URL), item("2", url=URL + "2"), item("3", url=URL + "3"))
    add_entries(connection, other, item("4", url=URL))
    asked = [item("1", digest="changed"), item("re-issued", digest="digest of 2"), item("4")]
    known = entries.known_digests(connection, paper.id, asked)
    assert known == {"1": "digest of 1", "2": "digest of 2"}


@pytest.mark.parametrize("digest", ["digest of 1", "other"])
def test_an_entry_under_another_key_is_known_by_that_key_alone(
    connection: sa.Connection, paper: Any, digest: str
) -> None:
    add_entries(connection, paper, item("1", url=URL, title="T"))
    asked = [item("2", url=URL, title="T", digest=digest)]
    assert entries.known_digests(connection, paper.id, asked) == {"2": "digest of 1"}


def test_a_seen_entry_is_only_seen(connection: sa.Connection, paper: Any) -> None:
    add_entries(connection, paper, item("1", url=URL, title="as stored"))
    finish(connection)
    selection = Selection(seen=(item("1", url=URL, title="as sent"),))
    entries.save(connection, paper, selection, LATER, fetch_pages=True)
    row = entry_of(connection, "1")
    assert (row.title, row.first_seen_at, row.last_seen_at, row.changed_at) == ("as stored", NOW, LATER, NOW)
    assert page_of(connection, URL).state == "done"


@pytest.mark.parametrize("state", ["done", "rejected", "failed", "quarantined"])
def test_a_changed_entry_is_updated_and_its_page_fetched_again(
    connection: sa.Connection, paper: Any, state: str
) -> None:
    add_entries(connection, paper, item("1", url=URL, title="old"))
    finish(connection, state=state)
    change(connection, paper, item("1", url=URL, title="new", digest="other"))
    row = entry_of(connection, "1")
    assert (row.title, row.digest, row.first_seen_at, row.changed_at) == ("new", "other", NOW, LATER)
    assert (page_of(connection, URL).state, page_of(connection, URL).next_attempt_at) == ("pending", LATER)


def test_a_changed_entry_does_not_bring_back_a_skipped_page(connection: sa.Connection) -> None:
    row = add_feed(connection, skip=("/1",))
    add_entries(connection, row, item("1", url=URL))
    change(connection, row, item("1", url=URL, digest="other"))
    assert page_of(connection, URL).state == "skipped"


def test_an_entry_that_changed_its_address_leads_to_the_other_page(
    connection: sa.Connection, paper: Any
) -> None:
    add_entries(connection, paper, item("1", url=URL))
    change(connection, paper, item("1", url=URL + "-new", digest="other"))
    assert entry_of(connection, "1").page_id == page_id_of(connection, URL + "-new")


# ------------------------------------------------------------------------------- sightings


def read(connection: sa.Connection, row: Any, *items: Entry, hours: int) -> None:
    """What reading a document with these items does."""
    selection = select(items, entries.known_digests(connection, row.id, items))
    entries.save(connection, row, selection, NOW + timedelta(hours=hours), fetch_pages=True)


def left(connection: sa.Connection, url: str = URL) -> list[tuple[str, bool]]:
    seen = entries.sightings(connection, [page_id_of(connection, url)])
    return [(one["feed"], one["left"]) for one in seen]


def test_a_sighting_ends_when_a_document_no_longer_has_the_entry(
    connection: sa.Connection, paper: Any
) -> None:
    other = add_feed(connection, "other")
    one, two = item("1", url=URL, title="1"), item("2", url=URL + "2", title="2")
    read(connection, paper, one, two, hours=0)
    read(connection, other, one, hours=0)
    assert left(connection) == [("paper", False), ("other", False)]
    assert left(connection)[0][1] is False
    read(connection, paper, two, hours=1)
    assert left(connection) == [("paper", True), ("other", False)]
    assert left(connection, URL + "2") == [("paper", False)]
    (seen, _) = entries.sightings(connection, [page_id_of(connection, URL)])
    assert (seen["first_seen_at"], seen["last_seen_at"]) == (NOW, NOW)
    read(connection, paper, one, hours=2)
    assert left(connection) == [("paper", False), ("other", False)]
    assert left(connection, URL + "2") == [("paper", True)]


def test_an_empty_document_ends_no_sighting(connection: sa.Connection, paper: Any) -> None:
    read(connection, paper, item("1", url=URL), hours=0)
    read(connection, paper, hours=1)
    assert left(connection) == [("paper", False)]


@pytest.mark.parametrize("how", ["changed", "under another guid", "both", "listed twice"])
def test_an_entry_that_is_still_there_in_another_form_has_not_left(
    connection: sa.Connection, paper: Any, how: str
) -> None:
    read(connection, paper, item("1", url=URL, title="T", digest="a"), hours=0)
    key = "1" if how == "changed" else "2"
    form = item(key, url=URL, title="T", digest="a" if how == "under another guid" else "b")
    more = (item("1", url=URL, title="T", digest="a"),) if how == "listed twice" else ()
    read(connection, paper, form, *more, item("9", url=URL + "9"), hours=1)
    assert {gone for _, gone in left(connection)} == {False}


# ------------------------------------------------------------------------------- not parsed again


def reread(
    connection: sa.Connection, row: Any, *items: Entry, unchanged: entries.Unchanged, hours: int
) -> Selection:
    """What reading a document does of which some items were not parsed again."""
    selection = select(items, entries.known_digests(connection, row.id, items, unchanged))
    now = NOW + timedelta(hours=hours)
    entries.save(connection, row, selection, now, fetch_pages=True, unchanged=unchanged)
    return selection


def test_an_entry_that_is_not_parsed_again_is_seen(connection: sa.Connection, paper: Any) -> None:
    one, two = item("1", url=URL, title="1"), item("2", url=URL + "2", title="2")
    read(connection, paper, one, two, hours=0)
    reread(connection, paper, item("3", url=URL + "3"), unchanged=entries.Unchanged(("2",)), hours=1)
    assert entry_of(connection, "2").last_seen_at == LATER
    assert entry_of(connection, "2").changed_at == NOW
    assert left(connection) == [("paper", True)]
    assert left(connection, URL + "2") == [("paper", False)]


def test_an_entry_that_is_not_parsed_again_gives_its_key_to_no_other(
    connection: sa.Connection, paper: Any
) -> None:
    read(connection, paper, item("1", url=URL, title="T"), hours=0)
    again = item("2", url=URL, title="T", digest="other")
    assert reread(connection, paper, again, unchanged=entries.Unchanged(("1",)), hours=1).new == (again,)
    assert count(connection, entry) == 2


@pytest.mark.parametrize("stays", [True, False])
def test_a_host_that_unchanged_items_are_at_was_not_left(
    connection: sa.Connection, paper: Any, stays: bool
) -> None:
    read(connection, paper, item("1", url=URL, title="T"), item("2", url=URL + "2"), hours=0)
    moved = item("new", url="https://other.example/1", title="T", digest="other")
    sites = frozenset({"paper.example"} if stays else ())
    selection = reread(connection, paper, moved, unchanged=entries.Unchanged(("2",), sites), hours=1)
    assert bool(selection.new) == stays


def test_a_page_that_an_unchanged_item_names_is_not_fetched_again(
    connection: sa.Connection, paper: Any
) -> None:
    read(connection, paper, item("1", url=URL, title="T"), hours=0)
    finish(connection)
    reread(connection, paper, item("2", url=URL), unchanged=entries.Unchanged(("1",)), hours=1)
    assert page_of(connection, URL).state == "done"


# ------------------------------------------------------------------------------- forgotten


def test_entries_that_name_a_forgotten_page_stay_blank(connection: sa.Connection, paper: Any) -> None:
    articles.forget(connection, URL, NOW, matching())
    secret: Any = {
        "title": "secret",
        "summary_html": "secret",
        "content_html": "secret",
        "authors": ("secret",),
    }
    add_entries(connection, paper, item("1", url=URL, categories=("secret",), **secret))
    assert "secret" not in str(entry_of(connection, "1"))
    assert claim(connection, choice=Choice(feeds_left=0)) == []


@pytest.mark.parametrize("address", [URL, "https://elsewhere.example/again"])
def test_a_forgotten_item_that_changes_or_moves_stays_forgotten(
    connection: sa.Connection, paper: Any, address: str
) -> None:
    add_entries(connection, paper, item("1", url=URL, title="secret"))
    articles.forget(connection, URL, NOW, matching())
    changed = item("1", url=address, title="secret again", digest="other")
    change(connection, paper, changed)
    row = entry_of(connection, "1")
    assert "secret" not in str(row)
    assert count(connection, page) == 1
    assert claim(connection, choice=Choice(feeds_left=0)) == []
    # The next poll finds it unchanged.
    assert select([changed], entries.known_digests(connection, paper.id, [changed])).seen == (changed,)


# ------------------------------------------------------------------------------- by hand


def test_pages_of_entries_since_a_moment_go_on_the_road_again(connection: sa.Connection, paper: Any) -> None:
    other = add_feed(connection, "other")
    add_entries(connection, paper, item("old", url=URL + "old"))
    add_entries(connection, paper, item("new", url=URL + "new"), now=LATER)
    add_entries(connection, other, item("other", url=URL + "other"), now=LATER)
    for end in ("old", "new", "other"):
        finish(connection, URL + end)
    chosen = Choice(feed_ids=frozenset({paper.id}))
    assert entries.requeue_since(connection, LATER, LATER, chosen) == 1
    assert [page_of(connection, URL + end).state for end in ("old", "new", "other")] == [
        "done",
        "pending",
        "done",
    ]
    assert entries.requeue_since(connection, NOW, LATER, Choice()) == 3


def test_urls_given_by_hand_are_due_in_their_batch(connection: sa.Connection, paper: Any) -> None:
    add_entries(connection, paper, item("1", url=URL))
    finish(connection)
    assert entries.queue_urls(connection, [URL, URL + "?utm_source=x", URL + "2"], "run", LATER) == 2
    for url in (URL, URL + "2"):
        row = page_of(connection, url)
        assert (row.state, row.batch, row.next_attempt_at) == ("pending", "run", LATER)


def test_a_url_given_by_hand_is_fetched_although_feeds_only_told_of_it(connection: sa.Connection) -> None:
    row = add_feed(connection, skip=("/skip",))
    add_entries(connection, row, item("1", url=URL + "/skip"))
    add_entries(connection, row, item("2", url="https://pages.example/2"), fetch_pages=False)
    urls = [URL + "/skip", "https://pages.example/2"]
    entries.queue_urls(connection, urls, "run", NOW)
    found = [page_of(connection, url) for url in urls]
    assert [one.state for one in found] == ["pending", "pending"]
    assert [one.url for one in found] == urls
    assert [one.host for one in found] == ["paper.example", "pages.example"]


def test_a_forgotten_url_given_by_hand_stays_forgotten(connection: sa.Connection) -> None:
    articles.forget(connection, URL, NOW, matching())
    entries.queue_urls(connection, [URL], "run", NOW)
    assert (page_of(connection, URL).state, page_of(connection, URL).batch) == ("forgotten", None)


# ------------------------------------------------------------------------------- hints


def test_the_entry_that_changed_last_tells_of_a_page(connection: sa.Connection, paper: Any) -> None:
    other = add_feed(connection, "other", language="fr")
    add_entries(connection, paper, item("1", url=URL, title="first"))
    add_entries(connection, other, item("1", url=URL, title="second"), now=LATER)
    found = entries.hints_for(connection, page_id_of(connection, URL))
    assert found is not None
    assert (found.title, found.feed_key, found.configured_language) == ("second", "other", "fr")
    assert found.feed_url == "https://other.example/feed.xml"


def test_nobody_tells_of_a_page_given_by_hand(connection: sa.Connection) -> None:
    entries.queue_urls(connection, [URL], "run", NOW)
    assert entries.hints_for(connection, page_id_of(connection, URL)) is None
    assert count(connection, feed) == 0


def test_a_page_that_one_feed_did_not_want_fetched_is_fetched_for_another(
    connection: sa.Connection, paper: Any
) -> None:
    other = add_feed(connection, "other")
    entries.save(connection, paper, Selection(new=(item("1", url=URL),)), NOW, fetch_pages=False)
    assert page_of(connection, URL).url is None
    finish(connection)
    entries.save(connection, other, Selection(new=(item("2", url=URL),)), LATER, fetch_pages=True)
    row = page_of(connection, URL)
    assert (row.url, row.host, row.state) == (URL, "paper.example", "pending")
    entries.save(connection, paper, Selection(new=(item("3", url=URL),)), LATER, fetch_pages=False)
    assert page_of(connection, URL).url == URL


@pytest.mark.parametrize(
    ("later", "known"),
    [
        ({"url": "https://paper.example/1?r=2"}, True),
        ({"url": "https://paper.example/1?r=2", "published_at": NOW + MINUTE}, False),
        ({"url": "https://paper.example/1?utm_source=x", "published_at": NOW + MINUTE}, True),
    ],
)
def test_an_item_with_the_digest_of_another_is_that_unless_query_and_date_differ(
    connection: sa.Connection, later: dict[str, Any], known: bool
) -> None:
    row = add_feed(connection)
    first = item("a", url="https://paper.example/1", digest="one", published_at=NOW)
    add_entries(connection, row, first)
    given = {"digest": "one", "published_at": NOW, **later}
    assert ("one" in entries.known_digests(connection, row.id, [item("b", **given)]).values()) == known
