from datetime import UTC, datetime

import pytest

from ingestd.clean.dates import date_in_url, parse_date, parse_written_date

MORNING = datetime(2024, 7, 13, 6, 25, tzinfo=UTC)
DAY = datetime(2024, 7, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2024-07-13T06:25:00Z",
        "2024-07-13T09:25:00+0300",
        "2024-07-13 09:25:00 +0300",
        "2024-07-13T09:25+03:00[Europe/Kyiv]",
        "Sat, 13 Jul 2024 09:25:00 +0300",
        "Sat Jul 13 2024 09:25:00 GMT+0300 (EEST)",
        "2024/07/13 06:25",
        "13.07.2024 06:25",
        1720851900,
        "1720851900000",
    ],
)
def test_what_markup_says_is_read_to_the_minute_in_utc(value: object) -> None:
    assert parse_date(value) == MORNING


def test_a_date_without_time_is_its_midnight_in_utc() -> None:
    assert parse_date("2024-07-13") == DAY


@pytest.mark.parametrize(
    "value", ["", "yesterday", "0001-01-01T00:00:00Z", "2024-13-45", "9" * 400, True, None, {}, [], -1, 1e300]
)
def test_what_is_no_date_is_none(value: object) -> None:
    assert parse_date(value) is None


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("July 13, 2024, 6:25 am", MORNING),
        ("Published 13 July 2024 06.25", MORNING),
        ("13. Juli 2024", DAY),
        ("13 de julio de 2024", DAY),
        ("13 juillet 2024 à 06:25", MORNING),
        ("13 липня 2024, 06:25", MORNING),
        ("13 июля 2024", DAY),
        ("13.07.2024 06:25", MORNING),
    ],
)
def test_dates_are_read_as_people_write_them(line: str, moment: datetime) -> None:
    assert parse_written_date(line) == moment


@pytest.mark.parametrize(
    "line", ["In 2024 all was well", "Nov 32, 2020", "Room 12 Hotel 2024", "By Jane Roe"]
)
def test_other_lines_have_no_date(line: str) -> None:
    assert parse_written_date(line) is None


def test_an_address_can_name_the_day() -> None:
    assert date_in_url("https://e.example/2024/07/13/boats") == DAY
    assert date_in_url("https://e.example/2024-07-13-boats") == DAY
    assert date_in_url("https://e.example/12345/67/89/boats") is None
