"""`ingestd feeds explain`"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ingestd.clean.rates import Rates, Seen, observe
from ingestd.model import EventKind
from ingestd.store import events, host_pages
from ingestd.store.database import Database, Settings
from ingestd.store.schema import feed, host
from ingestd.values import toml_value
from tests.cli.conftest import CommandLine, Result
from tests.web import LOOPBACK, Reply, Web

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)
RSS = """<rss version="2.0"><channel><title>The Paper</title><ttl>60</ttl>
<item><title>Ferry sails</title><link>http://paper.localhost/ferry</link></item></channel></rss>"""


@dataclass(frozen=True)
class Desk:
    """A configuration with the feed "paper", its database, and the commands on it."""

    config: Path
    database: Database
    ingestd: CommandLine

    def __call__(self, *arguments: object) -> Result:
        return self.ingestd("feeds", "explain", "paper", "-c", self.config, *arguments)

    def json(self) -> Any:
        return self("--json").json()

    def head(self) -> dict[str, str]:
        """The facts at the head, by name, of the feed and of its host."""
        lines = self().out.splitlines()
        return {name.strip(): value.strip() for name, _, value in (line.partition("  ") for line in lines)}

    def set(self, table: sa.Table = feed, **values: object) -> None:
        """Change the row of the feed, or of its host."""
        with self.database.writing() as connection:
            connection.execute(table.update().values(**values))


@pytest.fixture
def desk(ingestd: CommandLine, web: Web, sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    """The feed is declared, and was never polled."""
    url = web.serve("paper", "/feed.xml", Reply(RSS.encode(), etag=b'"1"'))
    config = tmp_path / "ingestd.toml"
    config.write_text(
        f"[database]\nurl = {toml_value(sqlite_url)}\n[pages]\nfetch = false\n"
        '[politeness]\nspacing = "10ms"\n'
        f'[fetch]\nallow_networks = {toml_value(LOOPBACK)}\n[[feed]]\nname = "paper"\nurl = "{url}"\n',
        "utf-8",
    )
    assert ingestd("feeds", "list", "-c", config).code == 0
    database = Database(Settings(sqlite_url))
    yield Desk(config, database, ingestd)
    database.close()


def test_a_feed_that_was_never_polled_is_explained(desk: Desk) -> None:
    result = desk()
    assert result.code == 0
    assert result.out.startswith("paper\nstate")
    assert desk.head()["next poll"] == "due now"
    assert "No plan yet" in result.out
    assert "No poll yet" in result.out
    told = desk.json()
    assert (told["plan"], told["polls"], told["gaps"], told["asked"]) == (None, [], [], None)
    assert told["rhythm"] == {"interval": 900.0, "detail": "no rhythm is known yet"}
    assert desk.head()["rhythm"] == "asks again after 15m: no rhythm is known yet"


def test_a_polled_feed_is_explained_rule_by_rule(desk: Desk, web: Web) -> None:
    desk.ingestd("once", "-c", desk.config)
    told = desk.json()
    assert told["plan"]
    assert told["polls"][0]["entries_new"] == 1
    assert any("60" in asked or "1 h" in asked for asked in told["asked"])
    assert told["host"]["name"] == f"paper.localhost:{web.port}"
    shown = desk().out
    assert shown.startswith("paper: The Paper\n")
    assert all(step["rule"] in shown and step["detail"] in shown for step in told["plan"])
    assert desk.head()["conditional"].startswith("ETag")
    assert "updated" in shown.partition("Last polls")[2]


def test_what_an_unreadable_document_began_with_is_told(desk: Desk, web: Web) -> None:
    web.serve("paper", "/feed.xml", Reply(b"<!DOCTYPE html><html><title>Are you human?</title></html>"))
    desk.ingestd("once", "-c", desk.config)
    table, _, evidence = desk().out.partition("Last polls")[2].partition("\n\n")
    assert "The document is a page of HTML." in table
    assert "Are you human?" not in table
    assert "Are you human?" in evidence


def test_a_parked_host_postpones_the_poll(desk: Desk) -> None:
    until = NOW + 5 * HOUR
    desk.set(next_poll_at=NOW + HOUR)
    desk.set(host, parked_until=until, park_reason="The server answered 429.")
    head = desk.head()
    assert head["next poll"].endswith("; its host is parked")
    assert head["parked"] == f"until {until:%Y-%m-%d %H:%M}: The server answered 429."
    assert datetime.fromisoformat(desk.json()["next_poll_at"]) == until
    desk.set(host, parked_until=NOW - HOUR)
    assert desk.json()["host"]["parked_until"] is None
    assert "parked" not in desk.head()


def test_slow_hosts_and_crawl_delays_show_in_the_spacing(desk: Desk) -> None:
    assert desk.head()["spacing"] == "0.01 s between two requests"
    desk.set(host, crawl_delay=timedelta(seconds=7), latency=timedelta(seconds=0.25), failures=2)
    head = desk.head()
    assert head["spacing"] == "7 s between two requests"
    assert head["answers in"] == "0.25 s"
    assert head["unreachable"] == "2 times in a row"
    with desk.config.open("a") as file:
        file.write(f'[hosts.{toml_value(desk.json()["host"]["name"])}]\nspacing = "30s"\n')
    assert desk.head()["spacing"] == "30 s between two requests"


def test_refusals_failures_and_distrust_are_told(desk: Desk) -> None:
    audited = NOW - 9 * HOUR
    desk.set(slowdown=4.0, calm=1, failures=2.5, gone_count=2, distrusted=True, audited_at=audited)
    head = desk.head()
    assert head["slowed down"] == "4 times the interval after refusals; 1 good poll since"
    assert head["failing"] == "weight 2.5 in a row; 2 times in a row gone (410)"
    assert head["conditional"].startswith("never again, since it said 304 of what had changed; asked without")


def test_where_a_feed_moves_is_told(desk: Desk) -> None:
    move = {
        "target": "https://new.example/feed",
        "first_at": "2026-11-20T10:00:00+00:00",
        "seen": 2,
        "checked_at": "2026-11-21T10:00:00+00:00",
    }
    desk.set(
        move=move, aliases=["https://old.example/a", "https://old.example/b"], ask_url="https://x.example/"
    )
    head = desk.head()
    assert head["moving"] == "to https://new.example/feed, seen 2 times since 2026-11-20 10:00"
    assert head["formerly"] == "https://old.example/a, https://old.example/b"
    assert head["asked at"] == "https://x.example/"


def test_a_feed_that_is_not_polled_says_why(desk: Desk) -> None:
    desk.set(state="gone", state_reason="it said so three times")
    head = desk.head()
    assert head["state"] == "gone: it said so three times"
    assert head["next poll"] == "none"
    assert desk.json()["next_poll_at"] is None


def test_gaps_are_told_with_their_range(desk: Desk) -> None:
    data = {"from": "2026-11-20T10:00:00+00:00", "until": "2026-11-20T12:30:00+00:00", "listed": 20}
    with desk.database.writing() as connection:
        events.record(connection, EventKind.GAP, NOW, feed_id=1, data=data)
        events.record(connection, EventKind.GAP, NOW, feed_id=1, data={**data, "from": None})
        events.record(connection, EventKind.GAP, NOW, feed_id=2, data=data)
    told = desk.json()["gaps"]
    assert [(one["from"], one["listed"]) for one in told] == [(None, 20), (data["from"], 20)]
    rows = [line.split() for line in desk().out.partition("Gaps")[2].splitlines()]
    assert ["11-20", "10:00", "11-20", "12:30", "20"] in rows
    assert ["–", "11-20", "12:30", "20"] in rows


def test_what_an_old_or_broken_row_holds_is_survived(desk: Desk) -> None:
    desk.set(rhythm={"junk": True}, plan=[], asked=[], aliases=[])
    assert desk().code == 0


def test_control_characters_of_a_feed_do_not_reach_the_terminal(desk: Desk) -> None:
    desk.set(title="Pap\x1b[31mer", plan=[{"rule": "x", "detail": "a\x1b]0;b"}], asked=["c\x9bd"])
    assert not {"\x1b", "\x9b"} & set(desk().out)


def test_an_unknown_feed_is_an_error_that_helps(desk: Desk) -> None:
    result = desk.ingestd("feeds", "explain", "pap", "-c", desk.config)
    assert result.code == 1
    assert "did you mean paper?" in result.err


def test_what_the_pages_of_its_host_gave_is_told(desk: Desk) -> None:
    assert "its pages" not in desk.head()
    with desk.database.writing() as connection:
        name = str(connection.scalar(sa.select(host.c.name)))
        rates = Rates()
        for number, outcome in enumerate(("article", "article", "paywall")):
            host_pages.count(connection, name, NOW.date(), outcome, 300)
            rates, _ = observe(rates, Seen(number, outcome, 300, NOW.timestamp()))
        host_pages.count(connection, name, (NOW - timedelta(days=40)).date(), "empty", 0)
        host_pages.keep(connection, name, rates.to_json())
    assert desk.head()["its pages"] == rates.words()
    assert desk.head()["in 30d"] == "2 article, 1 paywall"
    assert desk.json()["host"]["pages"] == {"article": 2, "paywall": 1}
