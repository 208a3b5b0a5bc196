"""`ingestd articles` and `ingestd forget`"""

import json
import re

import pytest

from tests.cli.conftest import Archive, CommandLine


def test_articles_are_listed_for_people_and_for_programs(ingestd: CommandLine, filled: Archive) -> None:
    table = ingestd("articles", "list", "-c", filled.config)
    rows = ingestd("articles", "list", "-c", filled.config, "--json", "--limit", 500).json()
    assert table.code == 0
    assert f"{min(50, len(rows))} articles" in table.out
    assert len(rows) == len(filled.web.expected_articles)
    assert {"id", "url", "site", "title", "body", "published_at", "agency", "language"} <= rows[0].keys()


def test_filters_narrow_the_list(ingestd: CommandLine, filled: Archive) -> None:
    def count(*filters: object) -> int:
        return len(ingestd("articles", "list", "-c", filled.config, "--json", "-n", 500, *filters).json())

    everything = count()
    assert count("--since", "1h") == everything
    assert count("--since", "2126-01-01") == 0
    assert 0 < count("--feed", "radio-veldmark") < everything
    assert 0 < count("--agency", "mpa") < everything
    assert 0 < count("--language", "de") < everything
    assert 0 < count("ferry", "Thole") < count("ferry") < everything
    assert count("100%_of_nothing") == 0


def test_an_article_is_shown_by_number_and_by_url(ingestd: CommandLine, filled: Archive) -> None:
    url, paragraphs = next(iter(filled.web.expected_articles.items()))
    by_url = ingestd("articles", "show", url, "-c", filled.config)
    found = ingestd("articles", "show", url, "-c", filled.config, "--json").json()
    by_number = ingestd("articles", "show", found["id"], "-c", filled.config)
    assert by_url.out == by_number.out
    assert all(paragraph in by_url.out for paragraph in paragraphs)
    assert found["body"].split("\n\n") == list(paragraphs)
    assert found["sightings"][0]["feed"]
    assert found["revisions"][0]["number"] == 1


def test_an_article_is_written_in_any_form(ingestd: CommandLine, filled: Archive) -> None:
    url, paragraphs = next(iter(filled.web.expected_articles.items()))

    def shown(*options: object) -> str:
        return ingestd("articles", "show", url, *options, "-c", filled.config).out

    found = ingestd("articles", "show", url, "--json", "-c", filled.config).json()
    assert shown("--format", "text").startswith(f"{found['title']}\n\n")
    assert shown("--format", "markdown").startswith("# ")
    assert shown("--format", "html").startswith("<article")
    assert json.loads(shown("--format", "json")) == found
    assert [one["text"] for one in found["content"]] == list(paragraphs)
    assert "structure" not in found
    assert found["completeness"] == "whole"
    assert re.search("(?m)^completeness +whole$", shown())


def test_what_was_read_for_an_article_is_told_on_request(ingestd: CommandLine, filled: Archive) -> None:
    url = next(iter(filled.web.expected_articles))
    found = ingestd("articles", "show", url, "--json", "-c", filled.config).json()
    told = ingestd("articles", "show", url, "--readings", "-c", filled.config).out
    [title] = [one for one in found["readings"] if one["field"] == "title"]
    assert title["value"] == found["title"]
    assert all(one["source"] in told for one in title["readings"])
    assert title["reason"] in told


def test_what_is_not_there_is_said_in_one_line(ingestd: CommandLine, filled: Archive) -> None:
    for name in ("999999", "http://nowhere.example/x", "no number"):
        result = ingestd("articles", "show", name, "-c", filled.config)
        assert result.code == 1
        assert result.err.startswith("ingestd: ")
        assert result.err.count("\n") == 1
    assert ingestd("articles", "show", 1, "-r", 99, "-c", filled.config).code == 1
    for since in ("yesterdayish", "0001-01-01T00:00+14:00", "3000000d", "2026-13-01"):
        result = ingestd("articles", "list", "--since", since, "-c", filled.config)
        assert result.code == 1
        assert since in result.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "--limit", "0"),
        ("list", "--limit", 2**63),
        ("list", "--limit", "many"),
        ("show", "1", "--revision", "-1"),
        ("show", "\udcff"),
        ("list", "\udcff"),
        ("list", "--agency", "\udcff"),
    ],
)
def test_numbers_and_words_that_no_database_takes_are_refused(
    ingestd: CommandLine, filled: Archive, arguments: tuple[object, ...]
) -> None:
    result = ingestd("articles", *arguments, "-c", filled.config)
    assert result.code == 2
    assert "Error: " in result.err


def test_a_list_that_its_limit_ends_says_so(ingestd: CommandLine, filled: Archive) -> None:
    assert "3 articles; --limit shows more\n" in ingestd("articles", "list", "-n", 3, "-c", filled.config).out
    everything = ingestd("articles", "list", "-n", 500, "-c", filled.config).out
    assert "--limit" not in everything
    assert ingestd("articles", "list", "100%_of_nothing", "-c", filled.config).out == "0 articles\n"


def test_forget_takes_the_text_away_and_a_later_run_does_not_bring_it_back(
    ingestd: CommandLine, archive: Archive
) -> None:
    url = next(iter(archive.web.expected_articles))
    assert "1 revision removed" in ingestd("forget", url, "-c", archive.config).out
    assert ingestd("articles", "show", url, "-c", archive.config).code == 1
    ingestd("once", "--all", "--since", "2d", "-c", archive.config)
    assert ingestd("articles", "show", url, "-c", archive.config).code == 1
