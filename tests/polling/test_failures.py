"""B16 and B17: failures are graded, back-off ends at a cap, and an outage of our own is nobody's failure."""

import logging
import socket
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest
import pytest_asyncio

from ingestd.fetch.client import Fetcher
from ingestd.fetch.client import Settings as FetchSettings
from ingestd.model import FeedOutcome
from tests.polling.driving import (
    DAY,
    FLOOR,
    HOUR,
    MINUTE,
    asked,
    delay,
    poll,
    poll_until,
    row_of,
    subscribe,
    tick,
    titles,
)
from tests.samples import Bench, feed, item
from tests.web import LOOPBACK, Answer, Reply, Web

pytestmark = pytest.mark.asyncio(loop_scope="module")

# A connection that stays open needs no name.
GOOD = feed(item("One", None), close=True)
NOT_THERE = Reply(status=404)
BROKEN = Reply(status=500)
FAILURE_CAP = 3 * DAY


class Names:
    """A name service that knows all names but some; every name is loopback."""

    def __init__(self) -> None:
        self.unknown: set[str] = set()

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        if host.removesuffix(".localhost") in self.unknown:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return ("127.0.0.1",)


@pytest_asyncio.fixture(loop_scope="module")
async def names(bench: Bench, web: Web) -> AsyncIterator[Names]:
    """The name service that the bench asks."""
    made, settings = Names(), FetchSettings(allow_networks=LOOPBACK)
    async with Fetcher(settings, bench.clock, ports=(web.port,), resolver=made) as fetcher:
        bench.change(fetcher=fetcher)
        yield made


# ---------------------------------------------------------------------------------- B16


async def test_b16_a_dns_hiccup_weighs_less_than_a_404(bench: Bench, web: Web, names: Names) -> None:
    subscribe(bench, web, GOOD, key="hiccup", interval=HOUR)
    subscribe(bench, web, NOT_THERE, key="missing", interval=HOUR)
    names.unknown = {"hiccup"}
    await tick(bench)
    hiccup, missing = row_of(bench, "hiccup"), row_of(bench, "missing")
    assert 0 < hiccup.failures < missing.failures
    assert HOUR < hiccup.interval < missing.interval


@pytest.mark.parametrize("answer", [NOT_THERE, BROKEN, Reply(b"<p>", status=200), Reply(raw=b"junk\r\n\r\n")])
async def test_b16_a_failing_feed_is_never_asked_sooner_than_a_healthy_one_nor_later_than_the_cap(
    bench: Bench, web: Web, answer: Reply
) -> None:
    subscribe(bench, web, GOOD, GOOD, answer)
    await poll(bench)
    await poll(bench)
    healthy = row_of(bench).interval
    waits = []
    for _ in range(12):
        assert (await poll(bench)).outcome is FeedOutcome.FAILED
        waits.append(delay(bench))
    assert waits[0] > healthy
    assert waits == sorted(waits)
    assert DAY < waits[-1] <= FAILURE_CAP
    assert row_of(bench).state == "active"


@pytest.mark.parametrize("freshness", [6 * HOUR, 23 * HOUR])
async def test_b16_the_wishes_of_a_healthy_server_still_hold_when_it_fails(
    bench: Bench, web: Web, freshness: timedelta
) -> None:
    cached = ("Cache-Control", f"max-age={freshness.total_seconds():.0f}")
    subscribe(bench, web, feed(item("One", None), headers=(cached,)), BROKEN)
    await poll(bench)
    await poll(bench)
    assert delay(bench) >= freshness


async def test_b16_a_success_resets_the_delay(bench: Bench, web: Web) -> None:
    subscribe(bench, web, GOOD, *[BROKEN] * 6, GOOD, BROKEN)
    await poll(bench)
    healthy = delay(bench)
    for _ in range(6):
        await poll(bench)
    assert delay(bench) > 10 * healthy
    assert (await poll(bench)).outcome is FeedOutcome.UNCHANGED
    assert row_of(bench).failures == 0
    assert delay(bench) < DAY
    before = delay(bench)
    await poll(bench)
    assert delay(bench) <= 2.3 * before


async def test_b16_nothing_that_is_neither_parked_nor_disabled_stays_unpolled_longer(
    bench: Bench, web: Web
) -> None:
    answers: dict[str, Answer] = {
        "missing": NOT_THERE,
        "broken": BROKEN,
        "forbidden": Reply(status=403),
        "busy": Reply(status=429),
        "cut": Reply(b"<rss>", cut_at=2),
        "good": GOOD,
    }
    for key, answer in answers.items():
        subscribe(bench, web, answer, key=key)
    await tick(bench)
    for _ in range(8):
        before = {key: len(asked(web, key)) for key in answers}
        await poll_until(bench, FAILURE_CAP)
        assert all(len(asked(web, key)) > count for key, count in before.items())


# ---------------------------------------------------------------------------------- B17

HOSTS = tuple(f"h{number}" for number in range(12))


async def _all_subscribed(bench: Bench, web: Web) -> None:
    for key in HOSTS:
        subscribe(bench, web, GOOD, key=key, interval=HOUR)
    await tick(bench)


def _told(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [
        (record.levelname, record.getMessage().split(":")[0])
        for record in caplog.records
        if record.getMessage().startswith("outage")
    ]


async def test_b17_an_outage_of_ours_is_counted_against_nobody_and_told_once(
    bench: Bench, web: Web, names: Names, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="ingestd")
    await _all_subscribed(bench, web)
    names.unknown = set(HOSTS)
    await poll_until(bench, 4 * HOUR)
    # The hosts that failed before it was clear count one failure, and no more in all those hours.
    failures = [row_of(bench, key).failures for key in HOSTS]
    assert sum(count > 0 for count in failures) <= 5
    assert max(failures) <= 1
    assert _told(caplog) == [("WARNING", "outage")]
    names.unknown = set()
    await poll_until(bench, 3 * HOUR)
    assert [row_of(bench, key).failures for key in HOSTS] == [0] * len(HOSTS)
    assert _told(caplog) == [("WARNING", "outage"), ("INFO", "outage over")]


async def test_b17_the_catch_up_after_an_outage_is_staggered(bench: Bench, web: Web, names: Names) -> None:
    await _all_subscribed(bench, web)
    names.unknown = set(HOSTS)
    await tick(bench, 2 * HOUR)
    frozen = [row.next_poll_at for row in (row_of(bench, key) for key in HOSTS) if row.failures == 0]
    assert len(frozen) >= len(HOSTS) - 5
    assert len({moment.replace(microsecond=0) for moment in frozen}) == len(frozen)
    assert max(frozen) - min(frozen) >= MINUTE
    assert all(FLOOR <= moment - bench.clock.now() <= 2 * FLOOR for moment in frozen)
    names.unknown = set()
    await poll_until(bench, 3 * HOUR)
    assert all(len(asked(web, key)) >= 2 for key in HOSTS)


async def test_b17_a_few_dead_hosts_among_many_are_their_own_fault(
    bench: Bench, web: Web, names: Names, caplog: pytest.LogCaptureFixture
) -> None:
    await _all_subscribed(bench, web)
    names.unknown = set(HOSTS[:4])
    await tick(bench, 2 * HOUR)
    assert [row_of(bench, key).failures > 0 for key in HOSTS] == [True] * 4 + [False] * 8
    assert _told(caplog) == []


async def test_b17_hosts_that_answer_with_errors_prove_that_the_line_works(
    bench: Bench, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    for key in HOSTS:
        subscribe(bench, web, BROKEN, key=key)
    await tick(bench)
    assert [row_of(bench, key).failures for key in HOSTS] == [1.0] * len(HOSTS)
    assert (_told(caplog), titles(bench)) == ([], [])
