"""`ingestd try`"""

import io
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
    assert found["paragraphs"] == []


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
