"""When a failure is ours."""

from datetime import UTC, datetime, timedelta

from ingestd.fetch.outage import MIN_HOSTS, WINDOW, Change, Outage

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def note(outage: Outage, failing: int, answering: int = 0, at: datetime = NOON) -> list[Change]:
    """Results of that many distinct hosts each, those that fail first; what they told."""
    failed = [outage.note(f"down{n}", True, at) for n in range(failing)]
    answered = [outage.note(f"up{n}", False, at) for n in range(answering)]
    return [change for change in (*failed, *answered) if change]


def test_most_distinct_hosts_failing_in_one_window_is_an_outage() -> None:
    outage = Outage()
    assert note(outage, MIN_HOSTS) == [Change.BEGAN]
    assert outage.is_ours(NOON)
    assert outage.failed_hosts == MIN_HOSTS


def test_few_hosts_failing_is_no_outage() -> None:
    outage = Outage()
    assert note(outage, MIN_HOSTS - 1) == []
    assert not outage.is_ours(NOON)


def test_one_host_failing_often_is_one_host() -> None:
    outage = Outage()
    assert [outage.note("down", True, NOON + n * SECOND) for n in range(50)] == [None] * 50


def test_half_of_the_hosts_failing_is_no_outage() -> None:
    outage = Outage()
    note(outage, 0, answering=20)
    assert note(outage, 20) == []
    assert outage.note("one more", True, NOON) is Change.BEGAN


def test_failures_far_apart_are_no_outage() -> None:
    outage = Outage()
    changes = [outage.note(f"down{n}", True, NOON + n * WINDOW / 3) for n in range(50)]
    assert set(changes) == {None}


def test_it_begins_once_and_ends_once_and_lasts_while_nobody_answers() -> None:
    outage = Outage()
    told = [change for n in range(30) for change in note(outage, 20, at=NOON + n * 7 * MINUTE)]
    assert told == [Change.BEGAN]
    later = NOON + timedelta(hours=9)
    assert outage.is_ours(later)
    assert outage.note("up", False, later) is Change.ENDED
    assert not outage.is_ours(later)


def test_a_few_answers_do_not_end_it_and_as_many_as_failures_do() -> None:
    outage = Outage()
    note(outage, 20)
    changes = [outage.note(f"down{n}", False, NOON + SECOND) for n in range(10)]
    assert changes == [None] * 9 + [Change.ENDED]


def test_what_failed_before_it_began_was_not_ours() -> None:
    outage = Outage()
    note(outage, MIN_HOSTS)
    assert not outage.is_ours(NOON - SECOND)


def test_hosts_that_were_dead_before_are_no_sign_of_an_outage() -> None:
    """A list of feeds with many dead ones would be an outage of ours for ever."""
    outage = Outage()
    changes = [outage.note(f"dead{n}", True, NOON, was_dead=True) for n in range(50)]
    assert set(changes) == {None}
    assert not outage.is_ours(NOON)


def test_hosts_that_died_in_it_keep_it_going_only_while_nobody_answers() -> None:
    outage = Outage()
    note(outage, MIN_HOSTS)
    later = NOON + 2 * WINDOW
    for n in range(MIN_HOSTS):
        outage.note(f"down{n}", True, later, was_dead=True)
    assert outage.failed_hosts == MIN_HOSTS
    even_later = later + 2 * WINDOW
    assert outage.note("up", False, even_later) is Change.ENDED
    for n in range(MIN_HOSTS):
        assert outage.note(f"down{n}", True, even_later, was_dead=True) is None
