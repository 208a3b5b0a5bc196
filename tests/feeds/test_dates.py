"""Dates the way feeds write them."""

import time
from datetime import UTC, datetime

import pytest

from ingestd.feeds.dates import MAX_GUESSES_PER_FEED, DateReader

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)


def read(given: object, language: str | None = None) -> datetime | None:
    return DateReader(language).read(given)


@pytest.mark.parametrize(
    "given",
    [
        "Sun, 22 Nov 2026 12:00:00 GMT",
        "Sun, 22 Nov 2026 13:00:00 CET",
        "Sun, 22 Nov 2026 14:00:00 CEST",
        "Sun, 22 Nov 2026 07:00:00 EST",
        "Sun, 22 Nov 2026 17:30:00 +0530",
        "Sun, 22 Nov 2026 13:00:00 GMT+0100",
        "Sun, 22 Nov 2026 13:00:00 +0100 (CET)",
        "Sun, 22 Nov 2026 13:00:00 (CET)",
        "22 Nov 26 12:00",
        "Sunday, 22-Nov-26 12:00:00 GMT",
        "Sun Nov 22 12:00:00 2026",
        "Sun Nov 22 14:00:00 CEST 2026",
        "Sun, November 22, 2026 at 07:00 AM EST",
        "Sun, 22 Nov 2026 12:00 PM",
        "2026-11-22T12:00:00Z",
        "2026-11-22t12:00z",
        "2026-11-22T13:00:00.000000001+01:00",
        "2026-11-22T13:00:00+0100",
        "2026-11-22 07:00:00 EST",
        "20261122T120000Z",
        "2026/11/22 12:00",
        "1795348800",
        "1795348800000",
        1795348800,
        "２０２６-11-22 12:00",
    ],
)
def test_one_moment_in_many_spellings(given: object) -> None:
    assert read(given) == NOON


@pytest.mark.parametrize(
    "given",
    [
        "So., 22. November 2026",
        "dim. 22 nov. 2026",
        "dom, 22 de novembro de 2026",
        "22 de noviembre de 2026",
        "вс, 22 ноября 2026",
        "22 listopada 2026",
        "22 Kasım 2026",
        "Κυρ, 22 Νοέ 2026",
        "2026年11月22日",
        "2026년 11월 22일",
        "22.11.2026",
        "22/11/2026",
        "11/22/2026",
        "20261122",
    ],
)
def test_one_day_in_many_languages(given: str) -> None:
    assert read(given) == MIDNIGHT


def test_a_tuesday_is_no_march() -> None:
    assert read("mar, 24 nov 2026") == datetime(2026, 11, 24, tzinfo=UTC)
    assert read("mar, 24 mar 2026") == datetime(2026, 3, 24, tzinfo=UTC)


def test_an_ambiguous_order_is_read_by_language_or_not_at_all() -> None:
    assert read("03/04/2026") is None
    assert read("03/04/2026", "en-US") == datetime(2026, 3, 4, tzinfo=UTC)
    assert read("03/04/2026", "en-GB") == datetime(2026, 4, 3, tzinfo=UTC)
    assert read("03/04/2026", "fr") == datetime(2026, 4, 3, tzinfo=UTC)


def test_midnight_may_be_the_24th_hour_and_a_leap_second_the_60th() -> None:
    assert read("2026-11-21T24:00:00Z") == MIDNIGHT
    assert read("2026-11-22T11:59:60Z") == NOON


@pytest.mark.parametrize(
    "given",
    [
        None,
        True,
        "",
        " ",
        "yesterday",
        "2 hours ago",
        "12",
        "10:00",
        "Fri, 01 Jan 99999 00:00:00 GMT",
        "0001-01-01T00:00:00Z",
        "0000-00-00 00:00:00",
        "Sun, 31 Feb 2026 12:00:00 GMT",
        "2026-11-22T12:00:00+99:99",
        "1" * 5000,
        "Nov " * 5000,
        float("inf"),
        float("nan"),
        -1,
        ["2026-11-22"],
    ],
)
def test_what_is_no_plausible_date_is_none(given: object) -> None:
    assert read(given, "en") is None


def test_feedparsers_reading_is_taken_where_ours_ends() -> None:
    foreign = time.gmtime(NOON.timestamp())
    assert DateReader(None).read("2026, on day 326 at noon", foreign) == NOON


def test_a_reading_that_borrows_from_today_is_not_taken() -> None:
    foreign = time.gmtime(NOON.timestamp())
    assert DateReader(None).read("--11-22", foreign) is None
    assert DateReader(None).read("12:00", foreign) is None


def test_the_last_resort_knows_the_feeds_language_and_has_a_budget() -> None:
    reader = DateReader("vi")
    written = "22 Tháng Mười Một 2026"
    assert reader.read(written) == MIDNIGHT
    assert DateReader(None).read(written) is None
    for _ in range(MAX_GUESSES_PER_FEED):
        reader.read("nonsense 5 nonsense")
    assert reader.read(written) is None
    assert reader.read("2026-11-22") == MIDNIGHT
