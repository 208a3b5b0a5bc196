"""`ingestd try`"""

import io
import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Archive, CommandLine

FEED = """<rss version="2.0"><channel><title>Paper</title>
<item><title>Ferry sails</title><link>/news/ferry</link></item>
</channel></rss>"""


def test_a_feed_file_is_read_as_if_it_had_been_served(ingestd: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_bytes(FEED.replace("Ferry", "Fähre").encode("latin-1"))
    arguments = (
        *("try", "feed", file, "--url", "http://paper.example/rss"),
        *("-H", "Content-Type: application/rss+xml; charset=iso-8859-1"),
    )
    found = ingestd(*arguments, "--json").json()
    assert found["entries"][0]["title"] == "Fähre sails"
    assert found["entries"][0]["url"] == "http://paper.example/news/ferry"
    assert "Fähre sails" in ingestd(*arguments).out


def test_a_page_file_is_cleaned_with_reasons(ingestd: CommandLine, filled: Archive, tmp_path: Path) -> None:
    url, paragraphs = next(iter(filled.web.expected_articles.items()))
    shown = ingestd("try", "page", url, "-c", filled.config)
    assert shown.code == 0
    assert paragraphs[0] in shown.out
    file = tmp_path / "empty.html"
    file.write_text("<html><body></body></html>")
    found = ingestd("try", "page", file, "--json").json()
    assert found["verdict"]["reason"]
    assert (found["content"], found["text"]) == ([], "")
    for form in ("text", "markdown", "html"):
        refused = ingestd("try", "page", file, "--format", form)
        assert (refused.code, refused.out) == (1, "")
        assert found["verdict"]["reason"] in refused.err


PAGE = """<html lang="en"><head><title>Night ferry returns</title>
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Night ferry returns",
"author": {"@type": "Person", "name": "Jane Roe"}, "datePublished": "2026-11-20T10:15:00+01:00"}</script>
</head><body><article><h1>Night ferry returns</h1><p class="by"><a>John Doe</a></p><div class="story">
<p>The night ferry across the sound will sail again from Thursday, nine weeks after its ramp sank, the port
authority said on Tuesday at a meeting with <a href="https://isles.example/">the islanders</a>.</p>
<p class="note">Those who take our morning letter have the harbour on their table with the first coffee.</p>
<p>A crossing costs four crowns, and the list of fares has not been changed since the spring, which all of
those who had come to the meeting welcomed with applause.</p><p>Photo: the author of these lines, in May</p>
</div></article></body></html>"""
RULES = """[[rule]]
host = "courier.example"
because = "its letter stands between the paragraphs"
keep = ["div.story"]
drop = ["p.note", "div.gone"]
drop_lines = ["Photo: .+"]
authors = "p.by a"
"""


@pytest.fixture
def ferry(tmp_path: Path) -> tuple[object, ...]:
    """A page and rules to try on it."""
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "rules.toml").write_text(RULES)
    return tmp_path / "page.html", "--url", "https://www.courier.example/news/1"


def test_a_rule_can_be_written_by_trying(
    ingestd: CommandLine, ferry: tuple[object, ...], tmp_path: Path
) -> None:
    plain = ingestd("try", "page", *ferry).out
    assert "morning letter" in plain
    assert "Rule for" not in plain
    tried = ingestd("try", "page", *ferry, "--rules", tmp_path / "rules.toml")
    _, table, text = re.split(r"\n\n(?=Rule for|The night)", tried.out)
    assert "Rule for courier.example/: its letter stands between the paragraphs" in table
    assert re.search(r"drop +p[.]note +1 +Those who take", table)
    assert re.search(r"drop +div[.]gone +nothing", table)
    assert re.search(r"drop_lines +Photo: [.][+] +1 +Photo: the author", table)
    assert tried.err == "drop 'div.gone' finds nothing on this page\n"
    assert "morning letter" not in text
    assert "Photo:" not in text
    assert "four crowns" in text
    assert "John Doe" in tried.out
    found = ingestd("try", "page", *ferry, "--rules", tmp_path / "rules.toml", "--json").json()
    assert [(one["key"], one["count"]) for one in found["rules"]] == [
        ("keep", 1),
        ("drop", 1),
        ("drop", 0),
        ("authors", 1),
        ("drop_lines", 1),
    ]


def test_a_page_that_no_rule_is_about_says_so(
    ingestd: CommandLine, ferry: tuple[object, ...], tmp_path: Path
) -> None:
    tried = ingestd("try", "page", ferry[0], "--rules", tmp_path / "rules.toml")
    assert "No rule is about http://unknown.invalid/; there are rules for: courier.example/" in tried.out


def test_configured_rules_apply_and_bad_ones_are_refused(
    ingestd: CommandLine, ferry: tuple[object, ...], tmp_path: Path
) -> None:
    config = tmp_path / "ingestd.toml"
    config.write_text('[clean]\nrules = ["rules.toml"]\n')
    assert "morning letter" not in ingestd("try", "page", *ferry, "-c", config).out
    assert ingestd("check", "-c", config).code == 0
    (tmp_path / "rules.toml").write_text(RULES.replace("p.note", "p >"))
    for command in (("check",), ("try", "page", *ferry)):
        refused = ingestd(*command, "-c", config)
        assert refused.code == 4
        assert f"{tmp_path / 'rules.toml'}:5: rule.drop: " in refused.err


def test_a_page_is_written_in_any_form(ingestd: CommandLine, ferry: tuple[object, ...]) -> None:
    def written(form: str) -> str:
        return ingestd("try", "page", *ferry, "--format", form).out

    assert written("text").startswith("Night ferry returns\n\nThe night ferry")
    assert written("markdown").startswith("# Night ferry returns\n\nThe night ferry")
    assert "[the islanders](https://isles.example/)" in written("markdown")
    assert '<a href="https://isles.example/">the islanders</a>' in written("html")
    assert json.loads(written("json")) == ingestd("try", "page", *ferry, "--json").json()


def test_readings_are_told_on_request(ingestd: CommandLine, ferry: tuple[object, ...]) -> None:
    report = ingestd("try", "page", *ferry, "--readings").out
    assert re.search(r"(?m)^ title +Night ferry returns +\S", report)
    assert re.search(r"(?m)^ +Jane Roe +json-ld", report)
    assert "json-ld" not in ingestd("try", "page", *ferry).out
    together = ingestd("try", "page", *ferry, "--readings", "--format", "html")
    assert together.code == 1
    assert "--readings" in together.err


def test_a_page_is_cleaned_with_the_agencies_of_the_configuration(
    ingestd: CommandLine, filled: Archive
) -> None:
    listed = ingestd("articles", "list", "--agency", "MPA", "-n", 1, "--json", "-c", filled.config)
    url = listed.json()[0]["url"]
    tried = ingestd("try", "page", url, "--json", "-c", filled.config).json()
    assert tried["agency"]["name"] == "MPA"


def test_a_document_is_read_from_standard_input(
    ingestd: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(FEED.encode())))
    assert ingestd("try", "feed", "-", "--json").json()["title"] == "Paper"
    monkeypatch.setattr("sys.stdin", None)
    assert ingestd("try", "feed", "-").err == "ingestd: standard input is closed\n"


def test_what_failed_is_named(ingestd: CommandLine, filled: Archive, tmp_path: Path) -> None:
    dead = next(feed for feed in filled.web.feeds if feed.name == "old-lantern")
    page = next(feed for feed in filled.web.feeds if feed.name == "fennmoor-gazette")
    (tmp_path / "page.html").write_text("<html><body>Hello</body></html>")
    for what in (dead.url, page.url, tmp_path / "page.html"):
        assert ingestd("try", "feed", what, "-c", filled.config).err.startswith(f"ingestd: {what}: ")
    (tmp_path / "ingestd.toml").write_text("")
    refused = ingestd("try", "feed", page.url, "-c", tmp_path / "ingestd.toml")
    assert "allow_networks" in refused.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("feed", "missing.xml"),
        ("page", "missing.html"),
        ("feed", "http://a.example/", "--url", "http://b.example/"),
        ("feed", "missing.xml", "--url", "not a url"),
        ("feed", "ftp://a.example/"),
        ("feed", "http://a.example:99999/"),
        ("feed", __file__, "--header", "no colon"),
        ("feed", str(Path(__file__).parent / "__init__.py")),
    ],
)
def test_what_cannot_be_tried_is_one_clear_line(ingestd: CommandLine, arguments: tuple[str, ...]) -> None:
    result = ingestd("try", *arguments)
    assert result.code == 1
    assert result.err.startswith("ingestd: ")
    assert "Traceback" not in result.err
