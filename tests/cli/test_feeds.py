"""`ingestd feeds`"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingestd.model import EventKind
from ingestd.store import events
from ingestd.store.database import Database, Settings
from ingestd.store.schema import feed
from ingestd.values import toml_value
from tests.cli.conftest import Archive, CommandLine, Result
from tests.web import LOOPBACK, Reply, Web

RSS = """<rss version="2.0"><channel><title>The Paper</title>
<item><title>Ferry sails</title><link>http://paper.localhost/ferry</link></item></channel></rss>"""


@dataclass(frozen=True)
class Paper:
    """A configuration with the one feed "paper", declared and never polled, and its database."""

    config: Path
    database: Database

    def set(self, **values: object) -> None:
        """Change the row of the feed."""
        with self.database.writing() as connection:
            connection.execute(feed.update().values(**values))


@pytest.fixture
def paper(ingestd: CommandLine, web: Web, sqlite_url: str, tmp_path: Path) -> Iterator[Paper]:
    url = web.serve("paper", "/feed.xml", Reply(RSS.encode()))
    config = tmp_path / "ingestd.toml"
    config.write_text(
        f"[database]\nurl = {toml_value(sqlite_url)}\n[pages]\nfetch = false\n"
        f'[fetch]\nallow_networks = {toml_value(LOOPBACK)}\n[[feed]]\nname = "paper"\nurl = "{url}"\n',
        "utf-8",
    )
    assert ingestd("feeds", "list", "-c", config).code == 0
    database = Database(Settings(sqlite_url))
    yield Paper(config, database)
    database.close()


def test_feeds_are_listed_with_outcome_and_due_time(ingestd: CommandLine, filled: Archive) -> None:
    rows = ingestd("feeds", "list", "-c", filled.config, "--json").json()
    assert {row["key"] for row in rows} == {feed.name for feed in filled.web.feeds}
    table = ingestd("feeds", "list", "-c", filled.config).out
    assert all(feed.name in table for feed in filled.web.feeds)
    german = ingestd("feeds", "list", "--tag", "german", "-c", filled.config, "--json").json()
    assert 0 < len(german) < len(rows)
    assert ingestd("feeds", "list", "--state", "gone", "-c", filled.config, "--json").json() == []


def test_a_feed_is_shown_with_its_polls_and_days(ingestd: CommandLine, filled: Archive) -> None:
    name = filled.web.feeds[0].name
    found = ingestd("feeds", "show", name, "-c", filled.config, "--json").json()
    assert found["polls"][0]["outcome"] == "updated"
    assert found["days"][0]["polls"] == 1
    assert filled.web.feeds[0].url in ingestd("feeds", "show", name, "-c", filled.config).out
    assert ingestd("feeds", "show", filled.web.feeds[0].url, "-c", filled.config).code == 0


def test_an_unknown_feed_is_an_error_that_helps(ingestd: CommandLine, filled: Archive) -> None:
    assert "did you mean" in ingestd("feeds", "show", "veldmark", "-c", filled.config).err
    assert "feeds list" in ingestd("feeds", "show", "zzz", "-c", filled.config).err


def test_a_state_that_does_not_exist_is_refused(ingestd: CommandLine, filled: Archive) -> None:
    result = ingestd("feeds", "list", "--state", "borken", "-c", filled.config)
    assert result.code == 2
    assert "undeclared" in result.err


def test_why_a_feed_fails_stands_below_the_list(ingestd: CommandLine, filled: Archive) -> None:
    listed = ingestd("feeds", "list", "-c", filled.config).out
    assert "\nfennmoor-gazette: The document is a page of HTML.\n" in listed


def test_a_feed_that_was_just_configured_is_known_before_its_first_poll(
    ingestd: CommandLine, tmp_path: Path
) -> None:
    config = tmp_path / "ingestd.toml"
    config.write_text('[[feed]]\nurl = "http://paper.example/feed.xml"\nname = "paper"\n')
    assert ingestd("feeds", "show", "paper", "-c", config).code == 0
    assert ingestd("feeds", "disable", "paper", "-c", config).code == 0
    assert ingestd("feeds", "list", "-c", config, "--json").json()[0]["state"] == "disabled"


def names_polled(result: Result) -> list[str]:
    return [line["key"] for line in result.json()["feeds"]]


def test_disable_stops_a_feed_until_enable(ingestd: CommandLine, paper: Paper) -> None:
    assert ingestd("feeds", "disable", "paper", "-c", paper.config).code == 0
    assert names_polled(ingestd("once", "--all", "--json", "-c", paper.config)) == []
    assert (
        ingestd("feeds", "enable", "paper", "-c", paper.config).out
        == "paper is polled again; it is due now\n"
    )
    assert names_polled(ingestd("once", "--json", "-c", paper.config)) == ["paper"]


def test_enable_never_undercuts_the_shortest_interval(ingestd: CommandLine, paper: Paper) -> None:
    ingestd("once", "-c", paper.config)
    ingestd("feeds", "disable", "paper", "-c", paper.config)
    assert "it is due at 20" in ingestd("feeds", "enable", "paper", "-c", paper.config).out
    assert names_polled(ingestd("once", "--json", "-c", paper.config)) == []


@pytest.mark.parametrize("state", ["merged", "gone", "disabled"])
def test_a_feed_that_is_not_polled_any_more_can_be_taken_back(
    ingestd: CommandLine, paper: Paper, state: str
) -> None:
    twin = "http://twin.example/feed"
    paper.set(state=state, state_reason="because", slowdown=4.0, failures=3.0, move={"target": twin})
    with paper.config.open("a") as file:
        file.write(f'\n[[feed]]\nname = "twin"\nurl = "{twin}"\n')
    listed = ingestd("feeds", "list", "--state", state, "-c", paper.config)
    assert "paper: because\n" in listed.out
    assert ingestd("feeds", "enable", "paper", "-c", paper.config).code == 0
    rows = ingestd("feeds", "list", "--state", "active", "--json", "-c", paper.config).json()
    [row] = [one for one in rows if one["key"] == "paper"]
    assert (row["state_reason"], row["slowdown"], row["failures"]) == (None, 1.0, 0.0)


def test_a_feed_that_its_file_switches_off_is_not_enabled(ingestd: CommandLine, paper: Paper) -> None:
    with paper.config.open("a") as file:
        file.write("enabled = false\n")
    refused = ingestd("feeds", "enable", "paper", "-c", paper.config)
    assert refused.code == 1
    assert "change that in the configuration" in refused.err


def test_former_addresses_and_gaps_are_listed_and_shown(ingestd: CommandLine, paper: Paper) -> None:
    paper.set(aliases=["http://old.example/feed"], rhythm={"gaps": 3})
    data = {"from": None, "until": "2026-11-20T12:30:00+00:00", "listed": 20}
    with paper.database.writing() as connection:
        events.record(
            connection, EventKind.GAP, datetime(2026, 11, 20, 12, 30, tzinfo=UTC), feed_id=1, data=data
        )
    [row] = ingestd("feeds", "list", "--json", "-c", paper.config).json()
    assert (row["gaps"], row["aliases"]) == (3, ["http://old.example/feed"])
    assert "items" not in row
    found = ingestd("feeds", "show", "http://old.example/feed", "--json", "-c", paper.config).json()
    assert (found["key"], [gap["listed"] for gap in found["gaps"]]) == ("paper", [20])
    shown = ingestd("feeds", "show", "paper", "-c", paper.config).out.splitlines()
    assert [line.split(maxsplit=1)[1] for line in shown if line.startswith(("aliases", "gaps"))] == [
        "http://old.example/feed",
        "11-20 12:30",
    ]


def test_opml_goes_out_and_comes_back_with_the_same_tags(
    ingestd: CommandLine, filled: Archive, tmp_path: Path
) -> None:
    opml = tmp_path / "feeds.opml"
    opml.write_text(ingestd("feeds", "export", "-c", filled.config).out, "utf-8")
    feeds = tmp_path / "feeds.toml"
    assert ingestd("feeds", "import", opml, "--to", feeds).code == 0
    (tmp_path / "ingestd.toml").write_text('include = ["feeds.toml"]\n', "utf-8")
    found = ingestd("check", "-c", tmp_path / "ingestd.toml", "--json").json()["feed"]
    assert {(feed["url"], *feed["tags"]) for feed in found} == {
        (feed.url, *feed.tags) for feed in filled.web.feeds
    }
    assert ingestd("feeds", "import", opml, "--to", feeds).code == 1
    assert ingestd("feeds", "import", opml, "--to", feeds, "--force").code == 0


def test_the_toml_export_is_a_feeds_file(ingestd: CommandLine, filled: Archive, tmp_path: Path) -> None:
    feeds = ingestd("feeds", "export", "--format", "toml", "-c", filled.config).out
    (tmp_path / "ingestd.toml").write_text(feeds, "utf-8")
    found = ingestd("check", "-c", tmp_path / "ingestd.toml", "--json").json()["feed"]
    assert [feed["url"] for feed in found] == [feed.url for feed in filled.web.feeds]


def test_what_is_no_opml_is_refused(ingestd: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "x.opml").write_text("<html></html>")
    result = ingestd("feeds", "import", tmp_path / "x.opml", "--to", tmp_path / "y.toml")
    assert result.code == 1
    assert not (tmp_path / "y.toml").exists()
    assert ingestd("feeds", "import", tmp_path / "none.opml", "--to", tmp_path / "y.toml").code == 1


def test_a_feeds_file_that_cannot_be_written_is_one_clear_line(
    ingestd: CommandLine, filled: Archive, tmp_path: Path
) -> None:
    (tmp_path / "x.opml").write_text(ingestd("feeds", "export", "-c", filled.config).out)
    for target in (tmp_path, tmp_path / "missing" / "feeds.toml"):
        result = ingestd("feeds", "import", tmp_path / "x.opml", "--to", target, "--force")
        assert result.code == 1
        assert result.err.startswith(f"ingestd: {target} cannot be written: ")
        assert result.err.count("\n") == 1
