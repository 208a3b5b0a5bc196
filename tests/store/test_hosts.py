import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from ingestd.errors import LeaseLost
from ingestd.store import feeds, hosts, owner
from ingestd.store.database import Database
from ingestd.store.hosts import PAGES_PER_LEASE, Choice
from ingestd.store.schema import feed, host, page
from tests.store.samples import (
    MINUTE,
    NOW,
    SPAN,
    add_entries,
    add_feed,
    add_page,
    claim,
    declaration,
    declare,
    item,
    page_id_of,
)


@pytest.fixture
def connection(database: Database) -> Iterator[sa.Connection]:
    with database.writing() as opened:
        yield opened


def held(leases: list[hosts.Lease]) -> list[str]:
    return [lease.host for lease in leases]


def set_host(connection: sa.Connection, name: str, **values: object) -> None:
    assert connection.execute(host.update().where(host.c.name == name).values(**values)).rowcount == 1


def set_due(connection: sa.Connection, key: str, minutes_ago: int) -> None:
    due = {"next_poll_at": NOW - minutes_ago * MINUTE}
    connection.execute(feed.update().where(feed.c.key == key).values(**due))


def save_failure(database: Database, lease: hosts.Lease) -> None:
    with database.writing() as connection:
        connection.execute(feed.update().values(failures=9.0))
        hosts.keep(connection, lease, SPAN)


# ------------------------------------------------------------------------------- claiming


def test_a_lease_holds_what_is_due_on_the_host_the_most_overdue_first(connection: sa.Connection) -> None:
    first = add_feed(connection, "a", url="https://one.example/a")
    second = add_feed(connection, "b", url="https://one.example/b")
    add_feed(connection, "later", url="https://one.example/later")
    add_entries(connection, first, item("1", url="https://one.example/1"))
    set_due(connection, "a", 5)
    set_due(connection, "b", 9)
    set_due(connection, "later", -1)
    (lease,) = claim(connection)
    assert lease.feed_ids == (second.id, first.id)
    assert lease.page_ids == (page_id_of(connection, "https://one.example/1"),)
    assert lease.row.name == lease.host == "one.example"


def test_the_host_that_waits_longest_comes_first(connection: sa.Connection) -> None:
    for minutes_ago, key in enumerate(["c", "a", "b"]):
        add_feed(connection, key)
        set_due(connection, key, minutes_ago)
    assert held(claim(connection, limit=2)) == ["b.example", "a.example"]


def test_a_host_that_is_held_is_not_claimed_again(connection: sa.Connection) -> None:
    add_feed(connection)
    assert held(claim(connection, "one")) == ["paper.example"]
    assert claim(connection, "two") == []


def test_two_that_claim_at_once_never_get_the_same_host(database: Database) -> None:
    """On PostgreSQL the second claims while the first has not committed; it skips what is locked."""
    if database.is_sqlite:
        with database.writing() as connection:
            for number in range(10):
                add_feed(connection, f"f{number}")
            assert len(claim(connection, "one", limit=6)) == 6
        with database.writing() as connection:
            assert len(claim(connection, "two")) == 4
        return
    with database.writing() as connection:
        for number in range(10):
            add_feed(connection, f"f{number}")
    with database.writing() as one, database.writing() as two:
        first = held(claim(one, "one", limit=6))
        second = held(claim(two, "two"))
    assert len(first) == 6
    assert sorted(first + second) == sorted(f"f{number}.example" for number in range(10))


def test_a_lease_that_has_expired_by_the_databases_clock_is_taken_over(connection: sa.Connection) -> None:
    add_feed(connection)
    claim(connection, "one")
    set_host(connection, "paper.example", lease_expires=time.time() - 60)
    (lease,) = claim(connection, "two")
    assert hosts.lease_owners(connection) == ["two"]
    assert lease.row.lease_owner == "one"


def test_a_lease_lasts_for_its_span(connection: sa.Connection) -> None:
    add_feed(connection)
    claim(connection, span=timedelta(hours=1))
    expires = connection.scalar(sa.select(host.c.lease_expires))
    assert expires is not None
    assert 3500 < expires - time.time() < 3700


@pytest.mark.parametrize("column", ["parked_until", "next_request_at"])
def test_a_host_that_may_not_be_asked_yet_is_not_claimed(connection: sa.Connection, column: str) -> None:
    add_feed(connection)
    set_host(connection, "paper.example", **{column: NOW + MINUTE})
    assert claim(connection) == []
    assert held(claim(connection, now=NOW + MINUTE)) == ["paper.example"]


@pytest.mark.parametrize("state", ["off", "undeclared", "disabled", "gone", "merged"])
def test_a_feed_that_is_not_active_is_never_due(connection: sa.Connection, state: str) -> None:
    feeds.set_state(connection, add_feed(connection).id, state, "a reason", NOW)
    assert claim(connection) == []


def test_a_host_comes_back_in_turn_with_the_others(connection: sa.Connection) -> None:
    row = add_feed(connection)
    many = [item(str(n), url=f"https://big.example/{n}") for n in range(PAGES_PER_LEASE + 5)]
    add_entries(connection, row, *many)
    pages = {lease.host: lease.page_ids for lease in claim(connection)}
    assert len(pages["big.example"]) == PAGES_PER_LEASE


# ------------------------------------------------------------------------------- held back while asked

FLOOR = timedelta(minutes=5)


def stored(connection: sa.Connection, key: str = "paper") -> tuple[datetime, str | None]:
    row = feeds.find(connection, key)
    return row.next_poll_at, row.plan_reason


def test_a_feed_that_was_taken_is_not_due_again_within_the_shortest_interval(
    connection: sa.Connection,
) -> None:
    """Also when the process that took it is killed, with or without having asked."""
    add_feed(connection)
    claim(connection, "killed", floor=FLOOR)
    hosts.free_owners(connection, ["killed"])
    assert claim(connection, now=NOW + FLOOR - timedelta(seconds=1), floor=FLOOR) == []
    assert stored(connection)[1] == hosts.TAKEN
    assert len(claim(connection, now=NOW + 2 * FLOOR, floor=FLOOR)) == 1


def test_only_what_was_not_asked_gets_its_time_back(connection: sa.Connection) -> None:
    for key, reason in (("asked", None), ("waiting", "By rhythm."), ("never", None)):
        add_feed(connection, key, url=f"https://one.example/{key}")
        set_due(connection, key, 5)
        connection.execute(feed.update().where(feed.c.key == key).values(plan_reason=reason))
    (lease,) = claim(connection, floor=FLOOR)
    lease.due.pop(feeds.find(connection, "asked").id)
    hosts.release(connection, lease)
    assert stored(connection, "waiting") == (NOW - 5 * MINUTE, "By rhythm.")
    assert stored(connection, "never") == (NOW - 5 * MINUTE, None)
    assert stored(connection, "asked")[0] >= NOW + FLOOR


def test_what_was_planned_anew_meanwhile_stays_so(connection: sa.Connection) -> None:
    add_feed(connection)
    (lease,) = claim(connection, floor=FLOOR)
    planned = {"next_poll_at": NOW + timedelta(days=2), "plan_reason": "By rhythm."}
    connection.execute(feed.update().values(planned))
    hosts.release(connection, lease)
    assert stored(connection) == (NOW + timedelta(days=2), "By rhythm.")


def test_a_lost_lease_gives_no_time_back(connection: sa.Connection) -> None:
    add_feed(connection)
    (lease,) = claim(connection, "one", floor=FLOOR)
    hosts.free_owners(connection, ["one"])
    hosts.release(connection, lease)
    assert stored(connection)[1] == hosts.TAKEN


# ------------------------------------------------------------------------------- choosing


def test_only_the_chosen_feeds_and_the_pages_that_they_name(connection: sa.Connection) -> None:
    chosen, other = add_feed(connection, "chosen"), add_feed(connection, "other")
    add_entries(connection, chosen, item("1", url="https://pages.example/1"))
    add_entries(connection, other, item("2", url="https://pages.example/2"))
    leases = claim(connection, choice=Choice(feed_ids=frozenset({chosen.id})))
    assert [lease.feed_ids for lease in leases if lease.feed_ids] == [(chosen.id,)]
    pages = [lease.page_ids for lease in leases if lease.page_ids]
    assert pages == [(page_id_of(connection, "https://pages.example/1"),)]


def test_a_batch_takes_its_own_pages_and_no_feed(connection: sa.Connection) -> None:
    row = add_feed(connection)
    add_entries(connection, row, item("1", url="https://pages.example/1"))
    mine = add_page(connection, "https://pages.example/2")
    (lease,) = claim(connection, choice=Choice(batch="batch"))
    assert (lease.feed_ids, lease.page_ids) == ((), (mine,))


def test_no_more_is_taken_than_is_left(connection: sa.Connection) -> None:
    for key in ("a", "b", "c"):
        row = add_feed(connection, key, url=f"https://{key}.example/1")
        add_feed(connection, key + "2", url=f"https://{key}.example/2")
        add_entries(connection, row, *(item(str(n), url=f"https://{key}.example/{n}") for n in range(3)))
    choice = Choice(feeds_left=3, pages_left=4)
    leases = claim(connection, choice=choice)
    assert sum(len(lease.feed_ids) for lease in leases) == 3
    assert sum(len(lease.page_ids) for lease in leases) == 4
    assert choice.without(leases) == Choice(feeds_left=0, pages_left=0)
    assert hosts.outlook(connection, NOW, choice.without(leases)).busy == 0


def test_a_run_polls_no_feed_twice(connection: sa.Connection) -> None:
    add_feed(connection)
    later = NOW + timedelta(hours=1)
    set_due(connection, "paper", -30)
    assert claim(connection, now=later, choice=Choice(feeds_due_by=NOW)) == []
    assert len(claim(connection, now=later)) == 1


# ------------------------------------------------------------------------------- keeping and giving back


def test_a_save_renews_the_lease_and_stores_what_became_known(connection: sa.Connection) -> None:
    add_feed(connection)
    (lease,) = claim(connection)
    hosts.keep(connection, lease, timedelta(hours=2), failures=3, park_reason="asked to wait")
    row = connection.execute(sa.select(host)).one()
    assert (row.failures, row.park_reason, row.lease_token) == (3, "asked to wait", lease.token)
    assert row.lease_expires - time.time() > 7000


def test_a_lost_lease_undoes_the_save(database: Database) -> None:
    with database.writing() as connection:
        add_feed(connection)
        (lease,) = claim(connection, "one")
        hosts.free_owners(connection, ["one"])
        (newer,) = claim(connection, "two")
    with pytest.raises(LeaseLost):
        save_failure(database, lease)
    with database.writing() as connection:
        assert connection.scalar(sa.select(feed.c.failures)) == 0
        hosts.release(connection, lease)
        assert hosts.lease_owners(connection) == ["two"]
        hosts.keep(connection, newer, SPAN)


def test_a_host_that_is_given_back_can_be_claimed(connection: sa.Connection) -> None:
    add_feed(connection)
    (lease,) = claim(connection, "one")
    hosts.release(connection, lease)
    assert hosts.lease_owners(connection) == []
    assert held(claim(connection, "two")) == ["paper.example"]


def test_leases_of_the_dead_are_freed_and_those_of_the_living_kept(connection: sa.Connection) -> None:
    for key in ("a", "b"):
        add_feed(connection, key)
    here = owner.this_process()
    ended = here.rpartition("/")[0] + "/1"
    claim(connection, here, limit=1)
    claim(connection, ended, limit=1)
    gone = owner.dead(hosts.lease_owners(connection))
    assert hosts.free_owners(connection, gone) == 1
    assert hosts.lease_owners(connection) == [here]


def test_known_hosts_are_left_as_they_are(connection: sa.Connection) -> None:
    hosts.ensure(connection, {"a.example"})
    set_host(connection, "a.example", failures=4)
    hosts.ensure(connection, {f"{number}.example" for number in range(1200)} | {"a.example"})
    assert connection.scalar(sa.select(sa.func.count()).select_from(host)) == 1201
    assert connection.scalar(sa.select(host.c.failures).where(host.c.name == "a.example")) == 4


def test_a_host_is_shown_when_anything_is_known_of_it(connection: sa.Connection) -> None:
    hosts.ensure(connection, {"a.example"})
    found = hosts.get(connection, "a.example")
    assert found is not None
    assert found.failures == 0
    assert hosts.get(connection, "b.example") is None


# ------------------------------------------------------------------------------- what is left over


def test_nothing_due_leaves_nothing_over(connection: sa.Connection) -> None:
    add_feed(connection)
    set_due(connection, "paper", -5)
    left = hosts.outlook(connection, NOW, Choice())
    assert (left.busy, left.wait_seconds, left.parked_feeds, left.parked_pages) == (0, None, {}, {})


def test_what_others_hold_and_what_has_to_wait_is_busy(connection: sa.Connection) -> None:
    for key in ("held", "spaced"):
        add_feed(connection, key)
    set_host(connection, "spaced.example", next_request_at=NOW + timedelta(seconds=20))
    claim(connection, span=timedelta(seconds=100))
    left = hosts.outlook(connection, NOW, Choice())
    assert left.busy == 2
    assert left.wait_seconds == pytest.approx(20)
    set_host(connection, "spaced.example", next_request_at=NOW + timedelta(hours=1))
    assert hosts.outlook(connection, NOW, Choice()).wait_seconds == pytest.approx(100, abs=30)


def test_an_expired_lease_need_not_be_waited_for(connection: sa.Connection) -> None:
    add_feed(connection)
    claim(connection)
    set_host(connection, "paper.example", lease_expires=time.time() - 1000)
    left = hosts.outlook(connection, NOW, Choice())
    assert (left.busy, left.wait_seconds) == (1, 0)


def test_due_work_of_a_parked_host_is_named_with_the_reason(connection: sa.Connection) -> None:
    row = add_feed(connection, "a", url="https://parked.example/feed")
    add_feed(connection, "later", url="https://parked.example/later")
    set_due(connection, "later", -5)
    add_entries(connection, row, item("1", url="https://parked.example/1"))
    set_host(connection, "parked.example", parked_until=NOW + MINUTE, park_reason="asked to wait")
    left = hosts.outlook(connection, NOW, Choice())
    reason = ("parked.example", "asked to wait")
    assert left.busy == 0
    assert left.parked_feeds == {row.id: reason}
    assert left.parked_pages == {page_id_of(connection, "https://parked.example/1"): reason}
    only_pages = replace(Choice(), feeds_left=0)
    assert hosts.outlook(connection, NOW, only_pages).parked_feeds == {}


def test_pages_that_are_done_are_not_due(connection: sa.Connection) -> None:
    add_page(connection, "https://a.example/1")
    connection.execute(page.update().values(state="done"))
    assert claim(connection) == []


def test_many_feeds_are_declared_and_claimed(connection: sa.Connection) -> None:
    declare(connection, *(declaration(f"f{number}") for number in range(1500)))
    leases = claim(connection, limit=2000)
    assert len({lease.token for lease in leases}) == 1500
    loaded = feeds.load(connection, [feed_id for lease in reversed(leases) for feed_id in lease.feed_ids])
    assert [row.host for row in loaded] == [lease.host for lease in reversed(leases)]
