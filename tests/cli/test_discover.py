"""`ingestd feeds discover`"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from ingestd.cli.discover import rhythm
from ingestd.clock import SystemClock
from ingestd.values import toml_value
from tests.cli.conftest import CommandLine, Result
from tests.web import LOOPBACK, Reply, Web

SETTINGS = f"""
[database]
url = "sqlite:///unused.sqlite3"
[politeness]
spacing = "1ms"
[fetch]
allow_networks = {toml_value(LOOPBACK)}
"""


@dataclass(frozen=True)
class Desk:
    """A configuration, and the command that uses it."""

    config: Path
    command: CommandLine

    def __call__(self, *arguments: object) -> Result:
        return self.command("feeds", "discover", "-c", self.config, *arguments)

    def json(self, *arguments: object) -> Any:
        return self(*arguments, "--json").json()


@pytest.fixture
def discover(ingestd: CommandLine, tmp_path: Path) -> Desk:
    config = tmp_path / "ingestd.toml"
    config.write_text(SETTINGS, "utf-8")
    return Desk(config, ingestd)


def feed(title: str = "The Paper – World", count: int = 8, teaser: str = "short") -> Reply:
    """An entry every three hours, the newest an hour old."""
    now = datetime.now(UTC)
    dates = [format_datetime(now - timedelta(hours=1 + 3 * number)) for number in range(count)]
    items = "".join(
        f"<item><title>Ferry {number}</title><link>http://paper.localhost/{number}</link>"
        f"<description>{teaser}</description><pubDate>{date}</pubDate></item>"
        for number, date in enumerate(dates)
    )
    document = f'<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'
    return Reply(document.encode(), headers=(("Content-Type", "application/rss+xml; charset=utf-8"),))


def page(*targets: str) -> Reply:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{one}">' for one in targets)
    return Reply(f"<!DOCTYPE html><html><head>{links}</head></html>".encode())


def test_a_feed_is_shown_as_it_is_and_as_a_table_to_paste(discover: Desk, web: Web, tmp_path: Path) -> None:
    url = web.serve("paper", "/", page("/world.xml"))
    target = web.serve("paper", "/world.xml", feed())
    result = discover(url)
    assert result.code == 0
    lines = result.out.splitlines()
    assert lines[0] == f"1 feed found with 3 requests, looking from {url}"
    assert lines[2:4] == ["The Paper – World", f"url     {target}"]
    assert "found   named by the page" in lines
    assert "what    rss20, 8 entries, teasers only" in lines
    assert "rhythm  about 8 entries a day" in lines
    assert [line for line in lines if line.startswith("  - ")] == [
        "  - Ferry 0",
        "  - Ferry 1",
        "  - Ferry 2",
    ]
    assert all(len(line) <= 80 for line in lines)
    assert f"asking {target}\n" in result.err
    pasted = tmp_path / "pasted.toml"
    pasted.write_text("[[feed]]" + result.out.partition("[[feed]]")[2], "utf-8")
    [read] = discover.command("check", "-c", pasted, "--json").json()["feed"]
    assert (read["name"], read["url"]) == ("the-paper-world", target)


def test_all_that_is_known_is_there_for_programs(discover: Desk, web: Web) -> None:
    url = web.serve("paper", "/", page("/world.xml", "/gone", "/same"))
    target = web.serve("paper", "/world.xml", feed(teaser="x" * 2_000))
    web.serve("paper", "/same", feed())
    found = discover.json(url)
    first, second = found["feeds"]
    assert first["url"] == target
    assert first["origin"] == "named"
    assert first["entries"] == 8
    assert first["titles"] == ["Ferry 0", "Ferry 1", "Ferry 2"]
    assert first["full_text"] is True
    assert first["per_day"] == pytest.approx(8, abs=0.1)
    assert datetime.fromisoformat(first["newest_at"]) < datetime.now(UTC)
    assert first["toml"].startswith("[[feed]]\nurl = ")
    assert (first["same_as"], second["same_as"]) == (None, target)
    assert [(one["url"], one["reason"]) for one in found["failures"]] == [
        (web.url("paper", "/gone"), "the server answered 404"),
    ]
    assert found["requests"] == 5
    assert found["not_asked"] == []


def test_feeds_that_are_configured_are_told_from_new_ones(discover: Desk, web: Web) -> None:
    url = web.serve("paper", "/", page("/a", "/b"))
    target = web.serve("paper", "/a", feed())
    web.serve("paper", "/b", feed(title="the paper – WORLD", count=0))
    with discover.config.open("a") as file:
        file.write(f'[[feed]]\nurl = "{target}"\nname = "the-paper-world"\n')
    shown = discover(url).out
    assert "subscribed  the-paper-world" in shown
    assert shown.count("[[feed]]") == 1
    assert 'name = "the-paper-world-2"' in shown


def test_a_site_without_a_feed_is_told_by_the_exit_code(discover: Desk, web: Web) -> None:
    url = web.serve("paper", "/", page())
    result = discover(url)
    assert result.code == 3
    assert result.out.startswith("0 feeds found with ")
    assert discover(url, "--json").code == 3


def test_requests_can_be_bounded(discover: Desk, web: Web) -> None:
    url = web.serve("paper", "/", page(*(f"/{number}" for number in range(9))))
    web.serve("paper", "/0", feed())
    result = discover(url, "--limit", 3)
    assert len(web.requests) == 3
    assert f"Not asked (8); --limit asks more:\n  {web.url('paper', '/1')}\n" in result.out


def test_what_is_configured_for_a_host_holds(
    discover: Desk, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    async def sleep(self: SystemClock, seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(SystemClock, "sleep", sleep)
    with discover.config.open("a") as file:
        file.write(f'[hosts."paper.localhost:{web.port}"]\nspacing = "1h"\nheaders = {{ "X-Key" = "1" }}\n')
    url = web.serve("paper", "/", page("/a", web.url("other", "/b"), web.url("other", "/c")))
    discover(url, "-n", 5)
    assert [seconds > 3000 for seconds in slept] == [True, True, False]
    keys = {(request.host, request.header("x-key")) for request in web.requests}
    assert keys == {("paper", b"1"), ("other", None)}


def test_hostile_titles_do_not_reach_the_terminal(discover: Desk, web: Web) -> None:
    url = web.serve("paper", "/feed", feed(title="A\x9b31m&#x202e;" + "long " * 100))
    shown = discover(url).out
    assert "\x9b" not in shown
    assert "\u202e" not in shown
    assert max(map(len, shown.splitlines()[2:3])) <= 64


@pytest.mark.parametrize(
    "url", ["nonsense", "ftp://paper.example/", "http://a:b@paper.example/", "http://paper.example:0/", ""]
)
def test_what_is_no_url_is_wrong_usage(discover: Desk, url: str) -> None:
    result = discover(url)
    assert result.code == 2
    assert "Traceback" not in result.err


def test_a_url_that_cannot_be_had_is_one_clear_line(ingestd: CommandLine, discover: Desk, web: Web) -> None:
    result = discover(web.url("paper", "/"))
    assert result.code == 1
    assert result.err.endswith(f"ingestd: {web.url('paper', '/')}: the server answered 404\n")
    discover.config.write_text("")
    refused = discover(web.url("paper", "/"))
    assert refused.code == 1
    assert "allow_networks" in refused.err


def test_no_configuration_is_needed(
    ingestd: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, web: Web
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("INGESTD_CONFIG", raising=False)
    result = ingestd("feeds", "discover", web.url("paper", "/"))
    assert result.code == 1
    assert "allow_networks" in result.err


@pytest.mark.parametrize(
    ("per_day", "words"),
    [
        (None, None),
        (240.4, "about 240 entries a day"),
        (1.0, "about one entry every 1d"),
        (0.1, "about one entry every 10d"),
    ],
)
def test_rhythm_is_put_into_words(per_day: float | None, words: str | None) -> None:
    assert rhythm(per_day) == words
