"""A configuration is loaded whole, or refused with every problem that it has."""

import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestd.config import (
    Config,
    FeedConfig,
    HostConfig,
    Source,
    default_config_path,
    effective,
    feeds_file,
    load,
    named_feeds,
    settings_classes,
    settings_keys,
    written,
)
from ingestd.config_feeds import OWN_HEADERS, slug
from ingestd.config_schema import convert, from_text
from ingestd.errors import ConfigError, Problem
from ingestd.opml import OpmlFeed
from ingestd.values import Secret, Unusable, toml_key, toml_value

FEED = '[[feed]]\nurl = "https://a.example/feed"\n'


class Place:
    """A folder with a configuration in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "ingestd.toml"

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def load(self, text: str | bytes, **environ: str) -> Config:
        self.write("ingestd.toml", text)
        return load(self.file, environ)

    def problems(self, text: str | bytes, **environ: str) -> tuple[Problem, ...]:
        with pytest.raises(ConfigError) as raised:
            self.load(text, **environ)
        return raised.value.problems

    def problem(self, text: str | bytes, **environ: str) -> Problem:
        """The only problem that there is."""
        [problem] = self.problems(text, **environ)
        return problem

    def feed(self, text: str, **environ: str) -> FeedConfig:
        """The only feed, with these lines in it besides its URL."""
        [feed] = self.load(FEED + text, **environ).feeds
        return feed


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path.resolve())


# ---------------------------------------------------------------------------------- the whole


def test_empty_file_is_a_configuration_of_defaults(place: Place) -> None:
    config = place.load("")
    assert config.path == place.file
    assert config.feeds == ()
    assert config.hosts == {}
    assert config.sources == (Source(str(place.file), 0),)
    for section, settings in settings_classes().items():
        if section != "database":
            assert getattr(config, section) == settings()


def test_every_section_reaches_its_own_settings(place: Place) -> None:
    config = place.load(
        """
        [fetch]
        total_timeout = "30s"
        max_feed_bytes = "5MiB"
        allow_networks = ["127.0.0.0/8"]
        allow_ports = [8080]
        [politeness]
        obey_robots = false
        [polling]
        floor = "1m"
        [workers]
        count = 2
        [events]
        retention = "0s"
        [daemon]
        tick = "500ms"
        [log]
        format = "json"
        [pages]
        max_attempts = 3
        """
    )
    assert config.fetch.total_timeout == timedelta(seconds=30)
    assert config.fetch.max_feed_bytes == 5 * 1024 * 1024
    assert config.fetch.allow_networks == ("127.0.0.0/8",)
    assert config.fetch.allow_ports == (8080,)
    assert config.politeness.obey_robots is False
    assert config.polling.floor == timedelta(minutes=1)
    assert config.workers.count == 2
    assert config.events.retention == timedelta(0)
    assert config.daemon.tick == timedelta(milliseconds=500)
    assert config.log.format == "json"
    assert config.pages.max_attempts == 3


def test_all_problems_are_reported_at_once_in_the_order_of_the_file(place: Place) -> None:
    place.write("more.toml", '[[feed]]\nurl = "nothing"\n')
    problems = place.problems(
        """\
include = ["more.toml", "missing.toml"]
[fetch]
concurency = 5
total_timeout = 60
[[feed]]
name = "no url"
[[feed]]
url = "ftp://a.example/"
interval = "soon"
[log]
level = "loud"
[lgo]
""",
        INGESTD_FETCH__TOTAL_TIME="1s",
    )
    where = [(problem.file and problem.file.name, problem.line, problem.key) for problem in problems]
    assert where == [
        ("ingestd.toml", 1, "include"),
        ("ingestd.toml", 3, "fetch.concurency"),
        ("ingestd.toml", 4, "fetch.total_timeout"),
        ("ingestd.toml", 5, "feed"),
        ("ingestd.toml", 8, "feed.url"),
        ("ingestd.toml", 9, "feed.interval"),
        ("ingestd.toml", 11, "log.level"),
        ("ingestd.toml", 12, "lgo"),
        ("more.toml", 2, "feed.url"),
        (None, None, "INGESTD_FETCH__TOTAL_TIME"),
    ]


def test_error_counts_its_problems(place: Place) -> None:
    place.write("ingestd.toml", "a = 1\nb = 2\n")
    with pytest.raises(ConfigError, match=r"ingestd\.toml: 2 problems"):
        load(place.file, {})


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("[ftech]", "fetch"),
        ("[[feeds]]", "feed"),
        ("includes = []", "include"),
        ("[fetch]\nconcurency = 3", "concurrency"),
        ('[[feed]]\nurl = "https://a.example/"\ntag = ["x"]', "tags"),
        ('[hosts."a.example"]\nrobot = true', "robots"),
    ],
)
def test_unknown_key_comes_with_a_suggestion(place: Place, text: str, meant: str) -> None:
    assert f'did you mean "{meant}"?' in place.problem(text).message


def test_unknown_key_like_no_other_comes_with_what_is_known(place: Place) -> None:
    assert place.problem("[log]\nxyz = 1").message == "unknown; known here: format, level"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a = 1\nb = \n", 2, "TOML syntax: invalid value at column 5"),
        ("a = 1\na = 2\n", 2, "TOML syntax: cannot overwrite a value at column 6"),
        ('a = """\n\n', 3, "at the end of the file"),
        (b"a = 1\nb = '\xff'\n", 2, "not UTF-8"),
        ("a = " + "[" * 100_000, None, "nested too deeply"),
        ("\na = " + "1" * 5000, None, "TOML syntax: exceeds the limit"),
        ("\nfeed = 0x" + "f" * 5000, 2, "got a number that is too large"),
    ],
)
def test_what_is_no_toml_is_named_with_its_line(
    place: Place, text: str | bytes, line: int | None, message: str
) -> None:
    problem = place.problem(text)
    assert problem.line == line
    assert message in problem.message


def test_byte_order_mark_is_taken(place: Place) -> None:
    assert len(place.load(b"\xef\xbb\xbf" + FEED.encode()).feeds) == 1


def test_file_that_cannot_be_read_is_a_problem(place: Place) -> None:
    too_long = place.folder / ("x" * 300)
    for path, message in (
        (place.file, "no such file"),
        (place.folder, "not a file"),
        (too_long, "cannot be read: File name too long"),
    ):
        with pytest.raises(ConfigError) as raised:
            load(path, {})
        assert [problem.message for problem in raised.value.problems] == [message]


def test_import_is_light() -> None:
    heavy = "{'httpx', 'sqlalchemy', 'lxml', 'numpy', 'pydantic', 'feedparser'}"
    code = f"import sys, ingestd.config; print(*{heavy} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).split() == []


KEYS = st.sampled_from(
    "include feed hosts fetch database url url_env url_file name tags headers skip env file interval "
    "language enabled robots a.example concurrency log x".split()
)
LEAVES = st.text(st.characters(codec="utf-8"), max_size=9) | st.sampled_from(
    ["https://a.example/", "5m", "["]
)
DOCUMENTS = st.recursive(
    LEAVES | st.integers(-9, 9) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=30,
)


@hypothesis.settings(deadline=None)
@given(st.dictionaries(KEYS, DOCUMENTS, max_size=4))
def test_any_document_is_loaded_or_refused_with_places(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, object]
) -> None:
    place = Place(tmp_path_factory.getbasetemp())
    place.write(
        "ingestd.toml", "\n".join(f"{toml_key(key)} = {toml_value(document[key])}" for key in document)
    )
    problems: tuple[Problem, ...] = ()
    try:
        load(place.file, {})
    except ConfigError as error:
        problems = error.problems or (Problem("an error without problems"),)
    assert all(problem.file and problem.line for problem in problems)


# ---------------------------------------------------------------------------------- values of settings


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Everything:
    """Each kind of annotation that a Settings dataclass may use."""

    flag: bool = False
    count: int = 1
    size_bytes: int = 1
    share: float = 0.5
    text: str = ""
    wait: timedelta = timedelta(0)
    names: tuple[str, ...] = ()
    level: Literal["a", "b"] = "a"
    colour: Colour = Colour.RED
    maybe: timedelta | None = None


KINDS: Mapping[str, Any] = {each.name: each.type for each in fields(Everything)}


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("flag", True, True),
        ("count", 3, 3),
        ("size_bytes", "1kB", 1000),
        ("share", 1, 1.0),
        ("text", "ä", "ä"),
        ("wait", "1m", timedelta(minutes=1)),
        ("names", ["a", "b"], ("a", "b")),
        ("level", "b", "b"),
        ("colour", "red", Colour.RED),
        ("maybe", "1m", timedelta(minutes=1)),
    ],
)
def test_annotation_says_what_is_taken(name: str, raw: object, value: object) -> None:
    assert convert(KINDS[name], name, raw) == value
    assert convert(KINDS[name], name, written(name, value)) == value


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("flag", "yes", 'expected true or false, got the text "yes"'),
        ("flag", 1, "expected true or false, got the number 1"),
        ("count", True, "expected a whole number from 0, got true"),
        ("count", -1, "expected a whole number from 0, got the number -1"),
        ("count", 1.5, "expected a whole number from 0, got the number 1.5"),
        ("count", 2**63, "expected a whole number from 0, got a number that is too large"),
        ("size_bytes", 2**63, "got a number that is too large"),
        ("size_bytes", "10000000TB", "more than can be counted"),
        ("wait", 2**64, "got a number that is too large"),
        ("share", float("nan"), "expected a number from 0"),
        ("share", float("inf"), "expected a number from 0"),
        ("text", 5, "expected a text in quotes, got the number 5"),
        ("text", "a\nb", "has a control character or a line break in it"),
        ("text", ["a"], "got a list"),
        ("wait", 5, 'a duration needs a unit: write "5s", "5m" or "5h"'),
        ("names", "a", 'expected a list, got the text "a"'),
        ("names", [1], "expected a text in quotes, got the number 1"),
        ("level", "c", 'expected one of "a", "b", got the text "c"'),
        ("colour", {"a": 1}, 'expected one of "red", got a table'),
        ("size_bytes", "1.5B", "not a whole number of bytes"),
    ],
)
def test_wrong_value_is_refused_with_what_was_expected(name: str, raw: object, message: str) -> None:
    with pytest.raises(Unusable) as raised:
        convert(KINDS[name], name, raw)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("name", "text", "raw"),
    [
        ("flag", "TRUE", True),
        ("flag", "1", "1"),
        ("count", "12", 12),
        ("count", "twelve", "twelve"),
        ("size_bytes", "5MB", "5MB"),
        ("share", "0.5", 0.5),
        ("text", "12", "12"),
        ("names", "a, b,", ["a", "b"]),
        ("names", "", []),
        ("maybe", "1m", "1m"),
    ],
)
def test_text_of_a_variable_becomes_what_toml_would_have_given(name: str, text: str, raw: object) -> None:
    assert from_text(KINDS[name], text) == raw


def test_section_that_is_no_table_is_a_problem(place: Place) -> None:
    assert place.problem("fetch = 5").message == "expected a table, got the number 5"


@dataclass(frozen=True)
class Picky:
    """Settings that check themselves."""

    level: str = "info"

    def __post_init__(self) -> None:
        if self.level == "loud":
            raise ValueError("loud is too loud")


def test_what_settings_refuse_themselves_is_a_problem_of_their_section(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    classes = {**settings_classes(), "log": Picky}
    monkeypatch.setattr("ingestd.config.settings_classes", lambda: classes)
    problem = place.problem('\n[log]\nlevel = "loud"')
    assert (problem.line, problem.key, problem.message) == (2, "log", "loud is too loud")


# ---------------------------------------------------------------------------------- environment


def test_variable_overrides_the_file(place: Place) -> None:
    text = '[fetch]\ntotal_timeout = "60s"\nconcurrency = 5\n'
    environ = {"INGESTD_FETCH__TOTAL_TIMEOUT": "30s", "INGESTD_FETCH__ALLOW_PORTS": "81, 82"}
    config = place.load(text, **environ)
    assert config.fetch.total_timeout == timedelta(seconds=30)
    assert config.fetch.concurrency == 5
    assert config.fetch.allow_ports == (81, 82)


def test_every_setting_has_a_variable(place: Place) -> None:
    for section, settings in settings_classes().items():
        for key in settings_keys(section, settings):
            problem, *_ = place.problems("", **{f"INGESTD_{section}__{key}".upper(): "x\x01"})
            assert "unknown" not in problem.message


def test_wrong_value_in_a_variable_is_named_by_it(place: Place) -> None:
    problem = place.problem("", INGESTD_WORKERS__COUNT="many")
    assert str(problem) == 'INGESTD_WORKERS__COUNT: expected a whole number from 0, got the text "many"'


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("INGESTD_FETCH_TOTAL_TIMEOUT", "INGESTD_FETCH__TOTAL_TIMEOUT"),
        ("INGESTD_DATABSE__URL", "INGESTD_DATABASE__URL"),
        ("INGESTD_DATABASE__URI", "INGESTD_DATABASE__URL"),
    ],
)
def test_mistyped_variable_is_refused_with_a_suggestion(place: Place, name: str, meant: str) -> None:
    assert f'did you mean "{meant}"?' in place.problem("", **{name: "30s"}).message


def test_unknown_variable_like_no_other_is_told_the_form(place: Place) -> None:
    assert "INGESTD_<SECTION>__<KEY>" in place.problem("", INGESTD_QQQ="x").message


def test_variables_for_others_are_left_alone(place: Place) -> None:
    place.load("", INGESTD_CONFIG="x", INGESTD_TEST_PG="y", PATH="z", INGEST="w")


def test_variable_that_the_file_names_for_a_secret_is_no_mistake(place: Place) -> None:
    feed = place.feed('headers = { "X-Key" = { env = "INGESTD_MY_KEY" } }', INGESTD_MY_KEY="abc")
    assert feed.headers == {"X-Key": "abc"}


# ---------------------------------------------------------------------------------- database


def test_database_file_stands_beside_the_configuration(place: Place) -> None:
    assert place.load("").database.url == f"sqlite:///{place.folder}/ingestd.sqlite3"
    assert place.load('[database]\nurl = "sqlite:///data/a.db?x=1"').database.url == (
        f"sqlite:///{place.folder}/data/a.db?x=1"
    )
    assert (
        place.load("", INGESTD_DATABASE__URL="sqlite:///b.db").database.url
        == f"sqlite:///{place.folder}/b.db"
    )


@pytest.mark.parametrize(
    "url", ["sqlite:////var/lib/a.db", "sqlite://", "sqlite:///:memory:", "postgresql://host/name"]
)
def test_other_database_urls_stay_as_they_are(place: Place, url: str) -> None:
    assert place.load(f'[database]\nurl = "{url}"').database.url == url


def test_database_url_comes_from_a_file_or_a_variable(place: Place) -> None:
    place.write("secret/url", "postgresql://me:pass@host/db\n")
    for config in (
        place.load('[database]\nurl_file = "secret/url"'),
        place.load('[database]\nurl_env = "DB"', DB="postgresql://me:pass@host/db"),
        place.load('[database]\nurl_env = "UNSET"', INGESTD_DATABASE__URL="postgresql://me:pass@host/db"),
        place.load('[database]\nurl = "sqlite://"', INGESTD_DATABASE__URL_FILE="secret/url"),
    ):
        assert config.database.url == "postgresql://me:pass@host/db"
        assert "pass" not in repr(config)
        assert effective(config)["database"]["url"] == "postgresql://me:********@host/db"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('url = "sqlite://"\nurl_env = "HOME"', "given twice: url and url_env"),
        ('url_env = "UNSET"', "the environment variable UNSET is not set"),
        ('url_env = "EMPTY"', "the environment variable EMPTY is empty"),
        ('url_file = "missing"', "missing is not a file"),
        ('url_file = "."', "is not a file"),
        ('url_file = "empty"', "empty is empty"),
        ('url_file = "lines"', "a line break"),
        ('url_file = "bytes"', "cannot be read"),
    ],
)
def test_secret_that_cannot_be_had_is_a_problem(place: Place, text: str, message: str) -> None:
    place.write("empty", "\n")
    place.write("lines", "a\nb")
    place.write("bytes", b"\xff\xfe\xfd")
    problem = place.problem(f"[database]\n{text}", EMPTY="", HOME="x")
    assert message in problem.message
    assert problem.key is not None
    assert problem.key.startswith("database.url_")


# ---------------------------------------------------------------------------------- feeds


def test_feed_needs_no_more_than_a_url(place: Place) -> None:
    feed = place.feed("")
    assert feed == FeedConfig("https://a.example/feed", source=str(place.file), file=place.file, line=1)
    assert feed.key == feed.url


def test_feed_with_everything(place: Place) -> None:
    place.write("token", "Bearer abc\n")
    feed = place.feed(
        """\
        name = "a"
        tags = ["news", " two  words ", "news"]
        interval = "30m"
        fetch_pages = false
        language = "pt-BR"
        headers = { "X-Key" = "text", Authorization = { file = "token" }, Cookie = { env = "COOKIE" } }
        skip = ["/video/", "[.]pdf$"]
        enabled = false
        """,
        COOKIE="a=b",
    )
    assert feed.key == feed.name == "a"
    assert feed.tags == ("news", "two words")
    assert feed.interval == timedelta(minutes=30)
    assert feed.fetch_pages is False
    assert feed.language == "pt-BR"
    assert feed.headers == {"X-Key": "text", "Authorization": "Bearer abc", "Cookie": "a=b"}
    assert [pattern.pattern for pattern in feed.skip] == ["/video/", "[.]pdf$"]
    assert feed.enabled is False


def test_no_header_is_ever_shown(place: Place) -> None:
    config = place.load(
        FEED + 'headers = { "X-Key" = "hush-1", Cookie = { env = "C" } }\n'
        '[hosts."a.example"]\nheaders = { "X-Key" = "hush-3" }',
        C="hush-2",
    )
    assert "hush" not in repr(config)
    assert "hush" not in str(effective(config))
    assert effective(config)["feed"][0]["headers"] == {"X-Key": "********", "Cookie": "********"}


@pytest.mark.parametrize(
    ("line", "key", "message"),
    [
        ('url = "https://b.example/"', None, "TOML syntax"),
        ('name = "BBC News"', "feed.name", 'such as "bbc-news"'),
        ('name = ""', "feed.name", "1 to 100 characters"),
        ('name = "-a"', "feed.name", "starts with one of the first two"),
        ("name = 5", "feed.name", "expected a text"),
        ('tags = "news"', "feed.tags", "expected a list"),
        ('tags = ["ok", ""]', "feed.tags", "cannot be empty"),
        (
            'interval = "4m"',
            "feed.interval",
            "4m is not between polling.floor (5m) and polling.interval_cap (1d)",
        ),
        ('interval = "2d"', "feed.interval", "2d is not between"),
        ("interval = 900", "feed.interval", "needs a unit"),
        ('fetch_pages = "no"', "feed.fetch_pages", "true or false"),
        ('language = "english"', "feed.language", "such as"),
        ('language = "pt_BR"', "feed.language", "such as"),
        ('skip = ["("]', "feed.skip", "not a regular expression: missing )"),
        ("enabled = 0", "feed.enabled", "true or false"),
        ("headers = 5", "feed.headers", "expected a table"),
        ('headers = { "X Key" = "a" }', 'feed.headers."X Key"', "not a header name"),
        ('headers = { Host = "a" }', "feed.headers.Host", "ingestd sets this header itself"),
        ('headers = { "X-A" = "a", "x-a" = "b" }', "feed.headers.x-a", "given twice"),
        ('headers = { "X-A" = "ä" }', "feed.headers.X-A", "ASCII"),
        ('headers = { "X-A" = "a\\nb" }', "feed.headers.X-A", "line break"),
        ('headers = { "X-A" = { env = "UNSET" } }', "feed.headers.X-A.env", "UNSET is not set"),
        ('headers = { "X-A" = { env = "A", file = "b" } }', "feed.headers.X-A", "expected a text, { env"),
        ('headers = { "X-A" = { evn = "A" } }', "feed.headers.X-A.evn", 'did you mean "env"?'),
        (
            'headers = { "X-A" = { env = 2026-11-22 } }',
            "feed.headers.X-A.env",
            "got the date or time 2026-11-22",
        ),
        ('headers = { "X-A" = 5 }', "feed.headers.X-A", "expected a table"),
    ],
)
def test_what_is_wrong_with_a_feed_is_named(place: Place, line: str, key: str | None, message: str) -> None:
    problems = place.problems(FEED + line)
    assert message in problems[0].message
    assert problems[0].key == key


def test_single_brackets_are_explained(place: Place) -> None:
    assert "[[feed]]" in place.problem('[feed]\nurl = "https://a.example/"').message
    assert "expected a list" in place.problem("feed = 5").message
    assert "expected a table" in place.problem("feed = [5]").message


@pytest.mark.parametrize("name", ["a", "bbc.news_2-x", "Українська-правда", "हिन्दी", "新聞"])
def test_names_are_words_in_any_script(place: Place, name: str) -> None:
    assert place.feed(f'name = "{name}"').key == name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("BBC News – World", "bbc-news-world"),
        ("  …Straße & Co.  ", "straße-co"),
        ("Українська правда", "українська-правда"),
        ("x" * 300, "x" * 100),
        ("…!", None),
        ("", None),
    ],
)
def test_title_becomes_a_name(place: Place, title: str, name: str | None) -> None:
    assert slug(title) == name
    if name:
        assert place.feed(f'name = "{name}"').name == name


@pytest.mark.parametrize("language", ["en", "pt-BR", "zh-Hant-TW", "de-1996", "sr-Latn", "es-419", "gsw"])
def test_language_tags_are_taken(place: Place, language: str) -> None:
    assert place.feed(f'language = "{language}"').language == language


@pytest.mark.parametrize("name", sorted(OWN_HEADERS))
def test_headers_that_would_break_an_exchange_are_refused(place: Place, name: str) -> None:
    assert "itself" in place.problem(f'{FEED}headers = {{ "{name.title()}" = "x" }}').message


def test_unusable_urls_are_one_problem_each(place: Place) -> None:
    bad = "[[feed]]\nurl = 0x" + "f" * 5000 + "\n"
    assert [problem.line for problem in place.problems(bad + bad)] == [2, 4]


def test_same_url_twice_names_both_places(place: Place) -> None:
    place.write("b.toml", FEED)
    problem = place.problem(f'include = ["b.toml"]\n{FEED}')
    assert str(problem) == (
        f"{place.folder}/b.toml:1: feed.url: the same URL as the feed at {place.folder}/ingestd.toml:2"
    )


def test_same_name_twice_names_both_places_whatever_its_case(place: Place) -> None:
    problem = place.problem(f'{FEED}name = "a"\n[[feed]]\nurl = "https://b.example/"\nname = "A"\n')
    assert str(problem).endswith(f':4: feed.name: the same name, "A", as the feed at {place.file}:1')


# ---------------------------------------------------------------------------------- includes


def opml(*outlines: str) -> str:
    return f"<opml version='2.0'><body>{''.join(outlines)}</body></opml>"


def test_included_files_add_their_feeds_and_are_sources(place: Place) -> None:
    first = place.write("feeds/a.toml", '[[feed]]\nurl = "https://b.example/"\n')
    second = place.write("feeds/b.toml", "")
    third = place.write(
        "list.opml", opml("<outline text='T'>\n<outline xmlUrl='https://c.example/'/></outline>")
    )
    config = place.load(f'include = ["feeds/*.toml", "list.opml"]\n{FEED}')
    assert [(feed.url, feed.tags, feed.source, feed.line) for feed in config.feeds] == [
        ("https://a.example/feed", (), str(place.file), 2),
        ("https://b.example/", (), str(first), 1),
        ("https://c.example/", ("T",), str(third), 2),
    ]
    assert config.sources == (
        Source(str(place.file), 1),
        Source(str(first), 1),
        Source(str(second), 0),
        Source(str(third), 1),
    )


def test_wildcard_may_match_nothing_and_skips_itself_and_hidden_files(place: Place) -> None:
    place.write(".hidden.toml", "broken")
    absolute = toml_value(str(place.folder / "*.toml"))
    config = place.load(f'include = ["*.toml", "none/*.opml", {absolute}]')
    assert config.sources == (Source(str(place.file), 0),)


def test_file_that_two_patterns_name_is_read_once(place: Place) -> None:
    place.write("a.toml", FEED)
    place.write("x/y", "")
    assert len(place.load('include = ["a.toml", "*.toml", "x/../a.toml"]').sources) == 2


def test_source_keeps_its_name_when_what_stands_behind_it_is_swapped(place: Place) -> None:
    target = place.write("version-1/feeds.toml", FEED)
    (place.folder / "feeds.toml").symlink_to(target)
    config = place.load('include = ["feeds.toml"]')
    assert config.feeds[0].source == str(place.folder / "feeds.toml")


@pytest.mark.parametrize(
    ("pattern", "file", "message"),
    [
        ("missing.toml", "ingestd.toml", "missing.toml does not exist"),
        ("folder", "ingestd.toml", "folder is not a file"),
        ("ingestd.toml", "ingestd.toml", "includes itself"),
        ("**x/*", "ingestd.toml", "not a file pattern"),
        ("~nobody-of-that-name/a.toml", "ingestd.toml", "does not exist"),
        ("x" * 300 + ".toml", "ingestd.toml", "cannot be read: File name too long"),
        ("loop/a.toml", "ingestd.toml", "does not exist"),
        ("large.opml", "large.opml", "larger than 2000 bytes"),
        ("readme.txt", "readme.txt", "end in .toml, .opml or .xml"),
        ("sections.toml", "sections.toml", "unknown; known here: feed"),
        ("broken.toml", "broken.toml", "TOML syntax"),
        ("broken.opml", "broken.opml", "not well-formed"),
        ("page.xml", "page.xml", "not an OPML document"),
        ("bad.opml", "bad.opml", "http:// or https://"),
    ],
)
def test_what_is_wrong_with_an_include_is_named(
    place: Place, monkeypatch: pytest.MonkeyPatch, pattern: str, file: str, message: str
) -> None:
    monkeypatch.setattr("ingestd.config_schema.MAX_FILE_BYTES", 2000)
    place.write("large.opml", "x" * 2001)
    (place.folder / "loop").symlink_to("loop")
    place.write("folder/x", "")
    place.write("readme.txt", "")
    place.write("sections.toml", "[log]")
    place.write("broken.toml", "x")
    place.write("broken.opml", "<opml><outline")
    place.write("page.xml", "<html/>")
    place.write("bad.opml", opml("<outline xmlUrl='x'/>"))
    problem = place.problem(f'include = ["{pattern}"]')
    assert message in problem.message
    assert problem.file == place.folder / file


def test_include_must_be_a_list(place: Place) -> None:
    assert "expected a list" in place.problem('include = "a.toml"').message
    assert "expected a text" in place.problem("include = [5]").message


def test_feed_in_two_lists_has_the_tags_of_both(place: Place) -> None:
    feed = "<outline xmlUrl='https://c.example/'/>"
    place.write("a.opml", opml(f"<outline text='A'>{feed}</outline>"))
    place.write("b.opml", opml(f"<outline text='B'>{feed}</outline>"))
    config = place.load('include = ["a.opml", "b.opml"]')
    assert [(feed.url, feed.tags) for feed in config.feeds] == [("https://c.example/", ("A", "B"))]
    assert [source.feed_count for source in config.sources] == [0, 1, 1]


def test_feed_in_a_list_and_in_toml_is_a_problem(place: Place) -> None:
    place.write("a.opml", opml("<outline xmlUrl='https://a.example/feed'/>"))
    assert "the same URL as the feed at" in place.problem(f'include = ["a.opml"]\n{FEED}').message


# ---------------------------------------------------------------------------------- hosts


def test_hosts_are_known_as_urls_name_them(place: Place) -> None:
    config = place.load(
        '[hosts."Example.ORG"]\nspacing = "5s"\nrobots = false\n'
        '[hosts."bücher.example:8080"]\nheaders = { A = "b" }'
    )
    assert config.hosts == {
        "example.org": HostConfig(timedelta(seconds=5), robots=False),
        "xn--bcher-kva.example:8080": HostConfig(headers={"A": "b"}),
    }


@pytest.mark.parametrize(
    "host", ["https://example.org", "example.org/", "a b", "", "me@example.org", "x:99999"]
)
def test_what_is_no_host_is_refused(place: Place, host: str) -> None:
    assert "expected a host" in place.problem(f'[hosts."{host}"]').message


def test_usual_port_and_same_host_are_refused(place: Place) -> None:
    assert "leave out the port" in place.problem('[hosts."example.org:443"]').message
    assert (
        'the same host as another one, "a.example"'
        in place.problem('[hosts."a.example"]\n[hosts."A.example"]').message
    )


# ---------------------------------------------------------------------------------- finding and writing


def test_configuration_is_looked_for_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as raised:
        default_config_path({"HOME": str(home)})
    for place in ("INGESTD_CONFIG", "ingestd.toml", f"{home}/.config/ingestd/ingestd.toml", "/etc/ingestd/"):
        assert place in str(raised.value)
    in_home = home / ".config/ingestd/ingestd.toml"
    in_home.parent.mkdir(parents=True)
    in_home.touch()
    assert default_config_path({"HOME": str(home)}) == in_home
    Path("ingestd.toml").touch()
    assert default_config_path({"HOME": str(home)}) == Path("ingestd.toml")
    assert default_config_path({"INGESTD_CONFIG": "/else/where.toml"}) == Path("/else/where.toml")


def test_effective_values_are_a_configuration_that_loads_to_the_same(place: Place) -> None:
    config = place.load(
        FEED + 'name = "a"\nskip = ["x"]\ninterval = "90m"\n[fetch]\nmax_feed_bytes = 1234\n'
        'allow_ports = [81]\n[log]\nlevel = "debug"\n[hosts."b.example"]\nspacing = "1s"\n'
    )
    shown = effective(config)
    assert shown["fetch"]["max_feed_bytes"] == "1234B"
    assert shown["log"] == {"level": "debug", "format": "text"}
    assert shown["feed"][0]["interval"] == "1h30m"
    assert shown["hosts"]["b.example"]["spacing"] == "1s"
    again = place.load("\n".join(f"{key} = {toml_value(value)}" for key, value in shown.items()))
    assert effective(again) == shown


def test_written_feeds_are_read_back(place: Place) -> None:
    text = """\
[[feed]]
url = "https://a.example/?q=\\"\\\\"
name = "a"
tags = ["x, y", "ä\\"", "[z]"]
interval = "30m"
fetch_pages = false
language = "de"
headers = { X-Key = { env = "KEY" }, "X.Y" = "text" }
skip = ["\\\\.pdf$", "'"]
enabled = false

[[feed]]
url = "https://b.example/"
"""
    config = place.load(text, KEY="secret")
    assert feeds_file(config.feeds) == text
    assert tomllib.loads(text)["feed"][0]["url"] == config.feeds[0].url


def test_no_feeds_are_an_empty_file() -> None:
    assert feeds_file(()) == ""


def test_imported_feeds_get_names_that_are_free(place: Place) -> None:
    titles = ["The News", "the news", "The-News", None, "Taken", "…"]
    listed = [OpmlFeed(f"https://{number}.example/", title, ("t",)) for number, title in enumerate(titles)]
    feeds = named_feeds(listed, taken={"TAKEN"})
    assert [feed.name for feed in feeds] == ["the-news", "the-news-2", "the-news-3", None, "taken-2", None]
    assert [(feed.name, feed.url, feed.tags) for feed in place.load(feeds_file(feeds)).feeds] == [
        (feed.name, feed.url, feed.tags) for feed in feeds
    ]


def test_header_values_are_secrets(place: Place) -> None:
    feed = place.feed('headers = { "X-Key" = { env = "KEY" } }', KEY="abc")
    value = feed.headers["X-Key"]
    assert isinstance(value, Secret)
    assert value.origin == {"env": "KEY"}
