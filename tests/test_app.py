"""`ingestd.app`"""

from datetime import UTC, datetime
from pathlib import Path
from socket import socket

import pytest

from ingestd import app, config
from ingestd.errors import ConfigError, ConnectFailed
from ingestd.fetch.client import Accept
from ingestd.model import Document
from ingestd.store import feeds
from tests.web import Reply, Web


def loaded(folder: Path, text: str) -> config.Config:
    (folder / "ingestd.toml").write_text(text, "utf-8")
    return config.load(folder / "ingestd.toml", {})


def test_the_shipped_agencies_need_no_table_of_their_own(tmp_path: Path) -> None:
    assert app.agency_table(loaded(tmp_path, "")) is None


def test_agencies_of_ones_own_are_known_besides_the_shipped(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[[agency]]\nname = "MPA"\nspellings = ["Meridian Press Agency"]\n')
    table = app.agency_table(loaded(tmp_path, '[pages]\nagencies = ["mine.toml"]\n'))
    assert table is not None
    assert table.named("Meridian Press Agency") == "MPA"
    assert table.named("Agence France-Presse") == "AFP"


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        "agency = 3",
        "[[agency]]\nspellings = ['x']",
        "[[agency]]\nname = 'X'\nspellings = 'x'",
        "[[agency]]\nname = 'X'\nspellings = ['Agence France-Presse']",
    ],
)
def test_a_bad_agency_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        app.agency_table(loaded(tmp_path, '[pages]\nagencies = ["mine.toml"]\n'))
    assert caught.value.problems[0].file == tmp_path / "mine.toml"


def test_a_missing_agency_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        app.agency_table(loaded(tmp_path, '[pages]\nagencies = ["none.toml"]\n'))
    assert "none.toml: cannot be read: No such file" in str(caught.value.problems[0])


def test_site_rules_are_those_of_all_configured_files(tmp_path: Path) -> None:
    assert app.site_rules(loaded(tmp_path, "")).rules == ()
    for name in ("one", "two"):
        rule = f'[[rule]]\nhost = "{name}.example"\nbecause = "a test"\ndrop = ["aside"]\n'
        (tmp_path / f"{name}.toml").write_text(rule)
    configured = loaded(tmp_path, '[clean]\nrules = ["one.toml", "two.toml"]\n')
    assert [rule.host for rule in app.site_rules(configured).rules] == ["one.example", "two.example"]


def test_a_bad_site_rule_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[[rule]]\nhost = "a.example"\nbecause = "x"\ndrop = ["p >"]\n')
    with pytest.raises(ConfigError) as caught:
        app.site_rules(loaded(tmp_path, '[clean]\nrules = ["mine.toml"]\n'))
    assert str(caught.value.problems[0]).startswith(f"{tmp_path / 'mine.toml'}:4: rule.drop: ")


def test_only_ports_that_urls_name_are_let_through() -> None:
    assert app.ports_of(["http://a.example/", "http://b.example:8080/", "https://c.example:8443/x"]) == {
        8080,
        8443,
    }


def test_remarks_tell_of_a_proxy_and_a_missing_contact(tmp_path: Path) -> None:
    assert app.remarks(loaded(tmp_path, '[fetch]\ncontact_url = "https://me.example/"')) == ()
    [proxy, contact] = app.remarks(loaded(tmp_path, '[fetch]\nproxy = "http://me:hunter2@p.example:1"'))
    assert "http://p.example:1, which looks names up itself: addresses are not checked" in proxy
    assert "hunter2" not in proxy
    assert "contact_url is not set" in contact


async def test_a_road_is_built_with_what_hosts_and_feeds_are_let_in_by(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = """
        [fetch]
        proxy = "http://me:hunter2@127.0.0.1:3128"
        [workers]
        count = 1
        [hosts."a.example"]
        username = "me"
        password = "sesame"
        headers = { X-A = "b" }
        proxy = "none"
        [[feed]]
        url = "https://a.example/feed"
        bearer = "t0ken"
        headers = { X-C = "d" }
        [[feed]]
        url = "https://b.example/feed"
    """
    configured = loaded(tmp_path, text)
    with app.opened(configured) as database:
        async with app.build(configured, database) as road:
            rules = road.host_rules["a.example"]
            assert rules.headers_for("http://a.example/") == {"X-A": "b"}
            assert rules.headers_for("https://a.example/")["Authorization"] == "Basic bWU6c2VzYW1l"
            assert road.feed_headers == {
                "https://a.example/feed": {"X-C": "d", "Authorization": "Bearer t0ken"}
            }
            shown = repr((road.host_rules, road.feed_headers, configured))
    assert not [secret for secret in ("hunter2", "sesame", "t0ken", "bWU6") if secret in shown + caplog.text]
    [first, *_] = caplog.messages
    assert first.startswith("requests go through the proxy http://127.0.0.1:3128")


async def test_a_host_may_be_asked_past_the_proxy(tmp_path: Path) -> None:
    with Web() as web, socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        text = f"""
            [fetch]
            proxy = "http://127.0.0.1:{nobody.getsockname()[1]}"
            allow_networks = ["127.0.0.0/8"]
            [hosts."paper.localhost:{web.port}"]
            proxy = "none"
        """
        configured = loaded(tmp_path, text)
        urls = [web.serve(name, "/", Reply(b"text")) for name in ("paper", "other")]
        with app.opened(configured) as database:
            async with app.build(configured, database, extra_urls=urls) as road:
                answer = await road.fetcher.get(urls[0], accept=Accept.PAGE)
                assert isinstance(answer, Document)
                with pytest.raises(ConnectFailed):
                    await road.fetcher.get(urls[1], accept=Accept.PAGE)


def test_what_the_files_declare_is_what_the_database_polls(tmp_path: Path) -> None:
    text = '[[feed]]\nurl = "http://a.example/"\nname = "a"\ntags = ["x"]\nskip = ["/video/"]\n'
    now = datetime.now(UTC)
    with app.opened(loaded(tmp_path, text)) as database:
        assert app.declare(database, loaded(tmp_path, text), now).added == ("a",)
        assert app.declare(database, loaded(tmp_path, ""), now).undeclared == ("a",)
        with database.reading() as connection:
            row = feeds.find(connection, "a")
    assert (row.state, row.tags, row.skip) == ("undeclared", ["x"], ["/video/"])
    assert row.source == str(tmp_path / "ingestd.toml")
