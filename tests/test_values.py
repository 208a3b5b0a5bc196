"""Durations, sizes, secrets and TOML text: each writer is the inverse of its reader."""

import tomllib
from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestd.values import (
    LONGEST_DURATION,
    Secret,
    Unusable,
    hide_password,
    read_duration,
    read_size,
    read_url,
    require_positive,
    toml_key,
    toml_value,
    write_duration,
    write_size,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("15m", 900),
        ("1h30m", 5400),
        ("2d", 172_800),
        ("1w", 604_800),
        ("1d 2h 3m 4s", 93_784),
        ("1.5s", 1.5),
        ("500ms", 0.5),
        ("0s", 0),
        (" 10m ", 600),
    ],
)
def test_durations_are_read(text: str, seconds: float) -> None:
    assert read_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "m", "15", "15 minutes", "30m1h", "1m1m", "-5m", "+5m", "1e3s", "PT15M", "٣s"]
)
def test_what_is_no_duration_is_refused_with_examples(text: str) -> None:
    with pytest.raises(Unusable, match='such as "90s", "15m"'):
        read_duration(text)


def test_bare_number_is_refused_with_what_to_write_instead() -> None:
    with pytest.raises(Unusable, match='write "900s", "900m" or "900h"'):
        read_duration(900)


@pytest.mark.parametrize("text", ["36526d", "999999999999w"])
def test_duration_beyond_a_century_is_refused(text: str) -> None:
    with pytest.raises(Unusable, match="longer than 36525 days"):
        read_duration(text)


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(minutes=90), "1h30m"),
        (timedelta(days=31), "31d"),
        (timedelta(seconds=60), "1m"),
        (timedelta(milliseconds=500), "500ms"),
        (timedelta(seconds=61.5), "1m1.5s"),
        (timedelta(0), "0s"),
    ],
)
def test_durations_are_written_short(duration: timedelta, text: str) -> None:
    assert write_duration(duration) == text


@settings(deadline=None)
@given(st.timedeltas(min_value=timedelta(0), max_value=LONGEST_DURATION))
def test_written_duration_is_read_back(duration: timedelta) -> None:
    assert read_duration(write_duration(duration)) == duration


@pytest.mark.parametrize(
    ("raw", "size"),
    [
        ("5MB", 5_000_000),
        ("5MiB", 5_242_880),
        ("1.5kB", 1500),
        ("64 KiB", 65_536),
        ("7B", 7),
        ("1gb", 10**9),
        (12, 12),
    ],
)
def test_sizes_are_read(raw: object, size: int) -> None:
    assert read_size(raw) == size


@pytest.mark.parametrize("raw", ["", "5", "5XB", "-5MB", -5, True, 1.5, "1.0001kB", "MB", ["5MB"]])
def test_what_is_no_size_is_refused(raw: object) -> None:
    with pytest.raises(Unusable):
        read_size(raw)


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=10**15))
def test_written_size_is_read_back(size: int) -> None:
    assert read_size(write_size(size)) == size


@pytest.mark.parametrize(
    ("size", "text"), [(10_000_000, "10MB"), (65_536, "64KiB"), (1234, "1234B"), (0, "0B")]
)
def test_sizes_are_written_in_the_largest_whole_unit(size: int, text: str) -> None:
    assert write_size(size) == text


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/feed?a=b&c=%20#x",
        "http://example.org:8080",
        "https://bücher.example/ä",
        "http://[::1]:81/",
    ],
)
def test_urls_are_kept_byte_for_byte(url: str) -> None:
    assert read_url(url) == url


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/", "http:// or https://"),
        ("example.org/feed", "http:// or https://"),
        ("http://", "a host"),
        ("http://example.org:99999/", "a host"),
        ("https://example.org/a b", "%20"),
        ("https://me:secret@example.org/", "as username and password"),
        ("https://example.org/\n", "line break"),
        ("https://example.org/" + "a" * 4000, "characters"),
        (7, "text in quotes"),
    ],
)
def test_what_cannot_be_asked_is_refused(url: object, reason: str) -> None:
    with pytest.raises(Unusable, match=reason):
        read_url(url)


def test_secret_is_text_that_repr_hides() -> None:
    secret = Secret("abc")
    assert secret == "abc"
    assert secret.encode() == b"abc"
    assert "abc" not in repr({"key": secret})


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:pa:ss@host/db",
        "postgresql://me:p@ss@host/db",
        "postgresql://me:pa/ss@host/db",
        "postgresql+psycopg://:pass@host/db",
        "postgresql://host/db?user=me&password=pass",
        "postgresql://host/db?sslpassword=pass&x=1",
    ],
)
def test_no_password_of_a_database_url_is_shown(url: str) -> None:
    shown = hide_password(url)
    assert "ss" not in shown.replace("sslpassword", "").replace("password", "")
    assert shown.startswith("postgresql")
    assert "db" in shown


@pytest.mark.parametrize(
    "url", ["sqlite:///a.db", "postgresql://me@host/db", "postgresql://host:5432/db?x=1"]
)
def test_database_url_without_password_is_shown_as_it_is(url: str) -> None:
    assert hide_password(url) == url


VALUES = st.recursive(
    st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=10,
)


@settings(deadline=None)
@given(VALUES)
def test_toml_text_is_read_back(value: object) -> None:
    assert tomllib.loads(f"key = {toml_value(value)}") == {"key": value}


def test_only_keys_that_need_it_are_quoted() -> None:
    assert [toml_key(key) for key in ("plain-key_1", "X.Y", "", "ä")] == ["plain-key_1", '"X.Y"', '""', '"ä"']


def test_what_toml_has_no_word_for_is_not_written() -> None:
    with pytest.raises(TypeError):
        toml_value(None)


def test_secret_with_an_origin_is_written_as_that() -> None:
    assert toml_value(Secret("abc", {"env": "TOKEN"})) == '{ env = "TOKEN" }'


@pytest.mark.parametrize("value", [0, 0.0, timedelta(0), timedelta(seconds=-1)])
def test_a_setting_that_must_be_positive_is_named(value: object) -> None:
    with pytest.raises(ValueError, match="tick must be more than zero"):
        require_positive(SimpleNamespace(other=1, tick=value), "other", "tick")
