"""`ingestd feeds`"""

from pathlib import Path

from tests.cli.conftest import Archive, CommandLine


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


def test_disable_stops_a_feed_until_enable(ingestd: CommandLine, archive: Archive) -> None:
    name = archive.web.feeds[0].name
    ingestd("feeds", "disable", name, "-c", archive.config)
    polled = ingestd("once", "--all", "--json", "-c", archive.config).json()["feeds"]
    assert name not in {line["key"] for line in polled}
    ingestd("feeds", "enable", name, "-c", archive.config)
    polled = ingestd("once", "--json", "-c", archive.config).json()["feeds"]
    assert name in {line["key"] for line in polled}


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
