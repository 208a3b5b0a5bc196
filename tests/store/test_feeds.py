from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from ingestd.errors import UsageError
from ingestd.model import FeedOutcome, Redirect
from ingestd.store import feeds, hosts
from ingestd.store.database import Database
from ingestd.store.feeds import PollRecord
from ingestd.store.schema import event, feed, poll
from tests.store.samples import MINUTE, NOW, add_entries, add_feed, claim, count, declaration, declare, item

LATER = NOW + timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def connection(database: Database) -> Iterator[sa.Connection]:
    with database.writing() as opened:
        yield opened


def state_of(connection: sa.Connection, key: str = "paper") -> tuple[str, str | None]:
    row = feeds.find(connection, key)
    return row.state, row.state_reason


def set_feed(connection: sa.Connection, **values: object) -> None:
    connection.execute(feed.update().values(**values))


# ------------------------------------------------------------------------------- declaring


def test_a_new_feed_is_due_at_once(connection: sa.Connection) -> None:
    result = declare(
        connection,
        declaration(tags=("a", "b"), interval=timedelta(minutes=7), skip=("/live/",), language="de"),
    )
    assert result == feeds.SyncResult(added=("paper",))
    row = feeds.find(connection, "paper")
    assert (row.state, row.next_poll_at, row.host) == ("active", NOW, "paper.example")
    assert (row.tags, row.skip, row.configured_language) == (["a", "b"], ["/live/"], "de")
    assert row.configured_interval == timedelta(minutes=7)


def test_declaring_the_same_again_changes_nothing(connection: sa.Connection) -> None:
    one = declaration(tags=("a",), interval=timedelta(seconds=900.1), skip=("x",))
    declare(connection, one)
    before = feeds.find(connection, "paper")
    assert declare(connection, one, now=LATER) == feeds.SyncResult()
    assert feeds.find(connection, "paper") == before
    assert count(connection, event) == 0


def test_a_changed_setting_is_taken_over_and_the_rest_kept(connection: sa.Connection) -> None:
    declare(connection, declaration())
    set_feed(connection, etag='"1"', body_hash="hash", next_poll_at=LATER)
    assert declare(connection, declaration(tags=("new",))).changed == ("paper",)
    row = feeds.find(connection, "paper")
    assert (row.tags, row.etag, row.body_hash, row.next_poll_at) == (["new"], '"1"', "hash", LATER)


def test_a_changed_url_begins_anew(connection: sa.Connection) -> None:
    declare(connection, declaration())
    set_feed(
        connection,
        etag='"1"',
        last_modified="yesterday",
        body_hash="hash",
        failures=4.0,
        gone_count=2,
        slowdown=4.0,
        ask_url="https://moved.example/feed",
        hops=[{"status": 302, "source": "https://paper.example/", "target": "https://moved.example/"}],
        move={"target": "https://moved.example/feed"},
        rhythm={"at": 1},
        distrusted=True,
        next_poll_at=NOW + timedelta(days=1),
    )
    declare(connection, declaration(url="https://other.example/feed"), now=LATER)
    row = feeds.find(connection, "paper")
    assert (row.url, row.host) == ("https://other.example/feed", "other.example")
    assert (row.etag, row.last_modified, row.body_hash) == (None, None, None)
    assert (row.failures, row.gone_count, row.slowdown, row.next_poll_at) == (0, 0, 1, LATER)
    assert (row.ask_url, row.hops, row.move, row.rhythm, row.distrusted) == (None, None, None, None, False)


def test_new_feeds_are_due_when_it_is_said(connection: sa.Connection) -> None:
    declare(connection, declaration("old"))
    asked: list[tuple[str, int]] = []

    def first_poll(key: str, count: int) -> datetime:
        asked.append((key, count))
        return LATER

    given = [declaration(key) for key in ("old", "a", "b")]
    feeds.declare(connection, given, {"feeds.toml"}, NOW, first_poll)
    assert asked == [("a", 2), ("b", 2)]
    assert [feeds.find(connection, key).next_poll_at for key in ("old", "a")] == [NOW, LATER]
    assert feeds.make_first_due(connection, NOW) == 2
    assert [feeds.find(connection, key).next_poll_at for key in ("a", "b")] == [NOW, NOW]


def test_a_move_that_the_database_knows_stays_while_the_configured_url_does(
    connection: sa.Connection,
) -> None:
    declare(connection, declaration())
    set_feed(connection, url="https://moved.example/feed")
    declare(connection, declaration(tags=("x",)))
    assert feeds.find(connection, "paper").url == "https://moved.example/feed"


def test_only_what_a_source_that_was_read_no_longer_declares_is_set_aside(connection: sa.Connection) -> None:
    declare(
        connection, declaration("a"), declaration("b", source="other.toml"), declaration("c", source=None)
    )
    assert declare(connection, now=LATER).undeclared == ("a",)
    assert state_of(connection, "a") == ("undeclared", "no longer declared in feeds.toml")
    assert [state_of(connection, key)[0] for key in "bc"] == ["active", "active"]
    assert declare(connection) == feeds.SyncResult()


def test_a_feed_that_is_declared_again_is_polled_again(connection: sa.Connection) -> None:
    declare(connection, declaration())
    declare(connection)
    assert declare(connection, declaration()).changed == ("paper",)
    assert state_of(connection) == ("active", None)


def test_a_feed_may_be_switched_off_and_on_in_its_file(connection: sa.Connection) -> None:
    declare(connection, declaration(enabled=False))
    assert state_of(connection) == ("off", "enabled = false in its file")
    declare(connection, declaration())
    assert state_of(connection) == ("active", None)
    declare(connection, declaration(enabled=False))
    assert state_of(connection)[0] == "off"
    states = connection.scalars(sa.select(event.c.data).order_by(event.c.id))
    assert [data["state"] for data in states] == ["active", "off"]


def test_what_a_person_disabled_stays_so_until_a_person_enables_it(connection: sa.Connection) -> None:
    declare(connection, declaration())
    feeds.set_state(connection, feeds.find(connection, "paper").id, "disabled", "by hand", NOW)
    for one in (declaration(), declaration(url="https://other.example/"), declaration(enabled=False)):
        declare(connection, one)
        assert state_of(connection) == ("disabled", "by hand")
    declare(connection)
    assert state_of(connection) == ("disabled", "by hand")
    set_feed(connection, failures=3.0, gone_count=2, next_poll_at=LATER + MINUTE)
    feeds.enable(connection, feeds.find(connection, "paper").id, LATER)
    row = feeds.find(connection, "paper")
    assert (row.state, row.state_reason, row.next_poll_at) == ("active", None, LATER)
    assert (row.failures, row.gone_count) == (0, 0)


@pytest.mark.parametrize("state", ["gone", "merged"])
def test_a_gone_or_merged_feed_comes_back_only_under_another_url(
    connection: sa.Connection, state: str
) -> None:
    # The one that it was merged with.
    twin = declaration("twin", url="https://moved.example/feed")
    declare(connection, declaration(), twin)
    set_feed(connection, move={"target": twin.url, "first_at": 0.0, "seen": 3, "checked_at": 0.0})
    feeds.set_state(connection, feeds.find(connection, "paper").id, state, "410 three times", NOW)
    declare(connection, declaration(), twin)
    assert state_of(connection) == (state, "410 three times")
    declare(connection, declaration(url="https://new.example/feed"), twin)
    assert state_of(connection) == ("active", None)


def test_a_merged_feed_comes_back_when_nobody_reads_its_twin_any_more(connection: sa.Connection) -> None:
    twin = declaration("twin", url="https://moved.example/feed")
    declare(connection, declaration(), twin)
    set_feed(connection, move={"target": twin.url, "first_at": 0.0, "seen": 3, "checked_at": 0.0})
    feeds.set_state(connection, feeds.find(connection, "paper").id, "merged", "moved", NOW)
    declare(connection, declaration(), now=LATER)
    row = feeds.find(connection, "paper")
    assert (row.state, row.next_poll_at) == ("active", LATER)


def test_a_change_of_state_is_an_event(connection: sa.Connection) -> None:
    row = add_feed(connection)
    feeds.set_state(connection, row.id, "gone", "410", LATER)
    told = connection.execute(sa.select(event)).one()
    assert (told.kind, told.feed_id, told.at) == ("feed-state", row.id, LATER)
    assert told.data == {"state": "gone", "reason": "410"}


def test_a_change_of_state_may_tell_more(connection: sa.Connection) -> None:
    row = add_feed(connection)
    feeds.set_state(connection, row.id, "merged", "same", LATER, into="radio")
    assert connection.scalar(sa.select(event.c.data)) == {
        "state": "merged",
        "reason": "same",
        "into": "radio",
    }


def test_a_merged_feed_that_is_enabled_is_asked_at_its_own_url(connection: sa.Connection) -> None:
    row = add_feed(connection)
    hosts.ensure(connection, {"new.example"})
    set_feed(connection, host="new.example", ask_url="https://new.example/f", move={"target": "x"}, calm=2)
    feeds.set_state(connection, row.id, "merged", "same", NOW)
    set_feed(connection, last_polled_at=LATER - MINUTE)
    feeds.enable(connection, row.id, LATER, 5 * MINUTE)
    row = feeds.find(connection, "paper")
    assert (row.state, row.host, row.ask_url, row.move, row.calm) == (
        "active",
        "paper.example",
        None,
        None,
        0,
    )
    assert row.next_poll_at == LATER + 4 * MINUTE


def test_two_that_declare_the_same_at_once_make_one_feed_of_it(postgres_url: str) -> None:
    """The second process inserts while the first has not committed."""
    import threading

    from ingestd.store.database import Settings

    database = Database(Settings(postgres_url))

    def other() -> None:
        with database.writing() as connection:
            declare(connection, declaration())

    with database.writing() as connection:
        declare(connection, declaration())
        thread = threading.Thread(target=other)
        thread.start()
    thread.join()
    with database.reading() as connection:
        assert count(connection, feed) == 1
    database.close()


# ------------------------------------------------------------------------------- finding


def test_a_feed_is_found_by_key_number_and_url(connection: sa.Connection) -> None:
    row = add_feed(connection)
    for name in ("paper", str(row.id), "https://paper.example/feed.xml"):
        assert feeds.find(connection, name).id == row.id


def test_a_feed_is_found_by_a_former_url(connection: sa.Connection) -> None:
    add_feed(connection, "other")
    row = add_feed(connection)
    former = "https://old.example/feed"
    connection.execute(feed.update().where(feed.c.id == row.id).values(aliases=[former]))
    assert feeds.find(connection, former).id == row.id


def test_an_unknown_name_is_answered_with_near_ones(connection: sa.Connection) -> None:
    add_feed(connection, "daily-paper")
    with pytest.raises(UsageError, match="did you mean daily-paper"):
        feeds.find(connection, "paper")
    with pytest.raises(UsageError, match="feeds list"):
        feeds.find(connection, "9" * 30)


def test_feeds_are_made_due_but_not_earlier_than_they_were(connection: sa.Connection) -> None:
    first, second = add_feed(connection, "a"), add_feed(connection, "b")
    off = add_feed(connection, "off", enabled=False)
    set_feed(connection, next_poll_at=LATER)
    assert feeds.make_due(connection, NOW, [first.id, off.id]) == 1
    assert feeds.make_due(connection, NOW) == 1
    assert feeds.make_due(connection, NOW + MINUTE) == 0
    due = [row.next_poll_at for row in feeds.load(connection, [second.id, off.id])]
    assert due == [NOW, LATER]


def test_nobody_makes_a_feed_due_that_was_just_asked(connection: sa.Connection) -> None:
    add_feed(connection)
    set_feed(connection, last_polled_at=NOW, next_poll_at=LATER)
    assert feeds.make_due(connection, NOW + 4 * MINUTE, floor=5 * MINUTE) == 0
    assert feeds.make_due(connection, NOW + 5 * MINUTE, floor=5 * MINUTE) == 1


def test_nobody_makes_a_feed_due_that_is_being_asked(connection: sa.Connection) -> None:
    add_feed(connection)
    claim(connection, floor=5 * MINUTE)
    assert feeds.make_due(connection, NOW + MINUTE) == 0
    assert feeds.make_first_due(connection, NOW + MINUTE) == 0


def test_nobody_makes_a_feed_due_whose_server_named_a_time(connection: sa.Connection) -> None:
    add_feed(connection)
    set_feed(connection, next_poll_at=LATER, plan=[{"rule": "failures"}, {"rule": "retry-after"}])
    assert feeds.make_due(connection, NOW) == 0
    set_feed(connection, plan=[{"rule": "failures"}])
    assert feeds.make_due(connection, NOW) == 1


# ------------------------------------------------------------------------------- on the way to another host


def test_a_poll_goes_on_at_a_host_that_nobody_has_heard_of(connection: sa.Connection) -> None:
    row = add_feed(connection)
    (lease,) = claim(connection, floor=5 * MINUTE)
    hop = Redirect(302, "https://paper.example/feed.xml", "https://new.example:8080/feed")
    feeds.go_on(connection, row.id, hop.target, [hop], lease.due.pop(row.id))
    hosts.release(connection, lease)
    (second,) = claim(connection, floor=5 * MINUTE, choice=hosts.Choice(feeds_due_by=NOW))
    (row,) = feeds.load(connection, second.feed_ids)
    assert (second.host, row.ask_url) == ("new.example:8080", hop.target)
    assert row.hops == [{"status": 302, "source": hop.source, "target": hop.target}]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://other.example/feed", True),
        ("https://other.example:443/feed#top", True),
        ("https://other.example/configured", True),
        ("https://other.example/target", True),
        ("http://other.example/feed", False),
        ("https://other.example/feed/", False),
        ("https://other.example/feed?page=1", False),
        ("https://www.other.example/feed", False),
        ("https://paper.example/feed.xml", False),
        ("https://bare.example/", True),
    ],
)
def test_who_has_an_address(connection: sa.Connection, address: str, *, found: bool) -> None:
    row = add_feed(connection)
    add_feed(connection, "bare", url="https://bare.example")
    other = add_feed(connection, "other", url="https://other.example/configured")
    target = "https://other.example/target"
    values = {"url": "https://other.example/feed", "move": {"target": target}, "validators_url": target}
    connection.execute(feed.update().where(feed.c.id == other.id).values(values))
    for everywhere in (True, False):
        holder = feeds.holder(connection, row.id, [address], everywhere=everywhere)
        assert (holder is not None) is found


def test_who_does_not_read_there_has_no_address(connection: sa.Connection) -> None:
    row, other = add_feed(connection), add_feed(connection, "other")
    target = "https://new.example/feed"
    connection.execute(feed.update().where(feed.c.id == other.id).values(move={"target": target}))
    assert feeds.holder(connection, row.id, [target], everywhere=True) is None
    feeds.set_state(connection, other.id, "merged", "same", NOW)
    assert feeds.holder(connection, row.id, [other.url], everywhere=True) is None


def test_unknown_ids_are_left_out_when_rows_are_loaded(connection: sa.Connection) -> None:
    row = add_feed(connection)
    assert [one.id for one in feeds.load(connection, [row.id + 1, row.id])] == [row.id]
    assert feeds.load(connection, []) == []


def test_a_row_says_how_the_last_poll_ended_and_carries_no_items(connection: sa.Connection) -> None:
    row = add_feed(connection)
    set_feed(connection, items=b"items")
    assert [one.last_outcome for one in feeds.load(connection, [row.id])] == [None]
    for minutes, outcome in enumerate((FeedOutcome.UPDATED, FeedOutcome.NOT_MODIFIED)):
        feeds.save_poll(connection, row.id, PollRecord(NOW + minutes * MINUTE, SECOND, outcome), {}, 50)
    (found,) = feeds.load(connection, [row.id])
    assert found.last_outcome == "not-modified"
    assert "items" not in found._fields
    assert feeds.items(connection, row.id) == b"items"


# ------------------------------------------------------------------------------- polls


def test_a_good_poll_sets_the_feed_and_its_days_sums(connection: sa.Connection) -> None:
    row = add_feed(connection)
    record = PollRecord(NOW, SECOND, FeedOutcome.UPDATED, 200, wire_bytes=10, body_bytes=30, new=2, seen=1)
    feeds.save_poll(connection, row.id, record, {"next_poll_at": LATER, "etag": '"2"'}, 50)
    now = feeds.find(connection, "paper")
    assert (now.next_poll_at, now.etag) == (LATER, '"2"')
    assert (now.last_polled_at, now.last_success_at, now.last_new_at) == (NOW, NOW, NOW)
    (kept,) = feeds.last_polls(connection, row.id)
    assert (kept.outcome, kept.duration, kept.entries_new, kept.entries_seen) == ("updated", SECOND, 2, 1)


def test_a_failed_poll_is_no_success(connection: sa.Connection) -> None:
    row = add_feed(connection)
    record = PollRecord(NOW, SECOND, FeedOutcome.FAILED, error_class="dns", message="no such\x00 host")
    feeds.save_poll(connection, row.id, record, {}, 50)
    now = feeds.find(connection, "paper")
    assert (now.last_polled_at, now.last_success_at, now.last_new_at) == (NOW, None, None)
    (listed,) = feeds.listing(connection)
    assert (listed.outcome, listed.error_class, listed.message) == ("failed", "dns", "no such host")


def test_a_poll_that_led_to_another_feed_is_no_success_and_no_failure(connection: sa.Connection) -> None:
    row = add_feed(connection)
    feeds.save_poll(connection, row.id, PollRecord(NOW, SECOND, FeedOutcome.MOVED, 301), {}, 50)
    now = feeds.find(connection, "paper")
    assert (now.last_polled_at, now.last_success_at) == (NOW, None)
    assert [day.failures for day in feeds.days(connection, row.id)] == [0]


def test_only_the_newest_polls_are_kept_and_the_days_count_them_all(connection: sa.Connection) -> None:
    row, other = add_feed(connection, "a"), add_feed(connection, "b")
    feeds.save_poll(connection, other.id, PollRecord(NOW, SECOND, FeedOutcome.UPDATED), {}, 50)
    outcomes = (FeedOutcome.NOT_MODIFIED, FeedOutcome.UNCHANGED, FeedOutcome.FAILED)
    for number in range(60):
        outcome = outcomes[number % 3]
        failure = "timeout" if outcome is FeedOutcome.FAILED else None
        at = NOW + number * timedelta(minutes=20)
        record = PollRecord(at, SECOND, outcome, error_class=failure, wire_bytes=5, new=1, changed=2)
        feeds.save_poll(connection, row.id, record, {}, 50)
    kept = feeds.last_polls(connection, row.id, 100)
    assert [one.at for one in kept] == [NOW + n * timedelta(minutes=20) for n in range(59, 9, -1)]
    assert len(feeds.last_polls(connection, other.id)) == 1
    days = feeds.days(connection, row.id)
    assert [one.day for one in days] == [date(2026, 11, 23), date(2026, 11, 22)]
    assert [one.polls for one in days] == [24, 36]
    assert sum(one.failures for one in days) == 20
    assert sum(one.not_modified for one in days) == 40
    assert sum(one.wire_bytes for one in days) == 300
    assert sum(one.entries_new for one in days) == 60
    assert sum(one.entries_changed for one in days) == 120


def test_a_poll_is_removed_with_no_other_feeds(connection: sa.Connection) -> None:
    for key in ("a", "b"):
        row = add_feed(connection, key)
        for number in range(3):
            record = PollRecord(NOW + number * MINUTE, SECOND, FeedOutcome.UPDATED)
            feeds.save_poll(connection, row.id, record, {}, 2)
    assert count(connection, poll) == 4


# ------------------------------------------------------------------------------- listing


def test_feeds_are_listed_by_key_with_entries_and_last_poll(connection: sa.Connection) -> None:
    row = add_feed(connection, "b", tags=("x",))
    add_feed(connection, "a", enabled=False)
    add_entries(connection, row, item("1", url="https://b.example/1"), item("2", url="https://b.example/2"))
    feeds.save_poll(connection, row.id, PollRecord(NOW, SECOND, FeedOutcome.UPDATED), {}, 50)
    feeds.save_poll(connection, row.id, PollRecord(NOW, SECOND, FeedOutcome.UNCHANGED), {}, 50)
    listed = [(one.key, one.entries, one.outcome) for one in feeds.listing(connection)]
    assert listed == [("a", 0, None), ("b", 2, "unchanged")]
    assert [one.key for one in feeds.listing(connection, state="active")] == ["b"]
    assert [one.key for one in feeds.listing(connection, tag="x")] == ["b"]


def test_gaps_are_counted_in_the_list(connection: sa.Connection) -> None:
    row = add_feed(connection, "b")
    add_feed(connection, "a")
    connection.execute(feed.update().where(feed.c.id == row.id).values(rhythm={"gaps": 2}))
    assert [(one.key, one.gaps) for one in feeds.listing(connection)] == [("a", 0), ("b", 2)]
