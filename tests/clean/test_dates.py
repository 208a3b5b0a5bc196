from datetime import UTC, datetime, timedelta

import pytest

from ingestd.clean.dates import Moment, date_in_url, read_moment, read_written

MORNING = datetime(2024, 7, 13, 6, 25, tzinfo=UTC)
DAY = datetime(2024, 7, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2024-07-13T06:25:00Z",
        "2024-07-13T09:25:00+0300",
        "2024-07-13T09:25+03",
        "2024-07-13T09:25:00 03:00",
        "2024-07-13 09:25:00 +0300",
        "2024-07-13T09:25:00.123456789+03:00",
        "2024-07-13T09:25+03:00[Europe/Kyiv]",
        "2024-07-13 06:25 UTC",
        "Sat, 13 Jul 2024 09:25:00 +0300",
        "Sat Jul 13 2024 09:25:00 GMT+0300 (EEST)",
        "2024/07/13 06:25",
        "13.07.2024 06:25",
        "20240713T062500Z",
        "20240713T092500+0300",
        "Jul 13, 2024 2:25 AM EDT",
        "July 13, 2024, 11:55 am IST",
        "Sat Jul 13 08:25:00 CEST 2024",
        "13-Jul-2024 06:25",
        "20240713062500",
        1720851900,
        "1720851900000",
    ],
)
def test_what_markup_says_is_read_to_the_minute(value: object) -> None:
    found = read_moment(value)
    assert found is not None
    assert (found.utc, found.timed) == (MORNING, True)


@pytest.mark.parametrize(
    "value", ["2024-07-13", "20240713", "2024-07-13T00:00:00", "13.07.2024", "July 13, 2024"]
)
def test_a_day_alone_is_its_midnight_and_says_so(value: str) -> None:
    found = read_moment(value)
    assert found is not None
    assert (found.utc, found.timed, found.offset) == (DAY, False, None)


@pytest.mark.parametrize(
    "value",
    [
        *("", "yesterday", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2024-13-45", "9" * 400, "0", 0),
        *(True, None, {}, [], -1, 1e300, "2024-07-13T25:00:00Z", "1h ago"),
    ],
)
def test_what_is_no_date_is_none(value: object) -> None:
    assert read_moment(value) is None


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("2024-07-13", "2024-07-13"),
        ("2024-07-13 09:25", "2024-07-13T09:25:00"),
        ("2024-07-13T09:25:10.5+03:00", "2024-07-13T09:25:10+03:00"),
        ("2024-07-13T00:00:00Z", "2024-07-13T00:00:00+00:00"),
    ],
)
def test_a_moment_is_shown_as_far_as_it_is_known(value: str, written: str) -> None:
    found = read_moment(value)
    assert found is not None
    assert found.written == written


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("July 13, 2024, 6:25 am", MORNING),
        ("Published 13 July 2024 06.25", MORNING),
        ("6:25 AM, July 13, 2024", MORNING),
        ("13 juillet 2024 à 06:25", MORNING),
        ("13 juillet 2024 à 6h25", MORNING),
        ("13 липня 2024, 06:25", MORNING),
        ("13.07.2024 06:25", MORNING),
        ("2024年7月13日 6時25分", MORNING),
        ("2024년 7월 13일 오전 6:25", MORNING),
        ("2024.07.13 06:25", MORNING),
        ("13 July 2024 2:25am EDT", MORNING),
        ("13. Juli 2024, 08:25 Uhr (MESZ)", MORNING),
        ("July 13, 2024 at 11:55 IST", MORNING),
        ("July 13, 2024 09:25 GMT+3", MORNING),
        ("13. Juli 2024", DAY),
        ("13 de julio de 2024", DAY),
        ("13 июля 2024", DAY),
        ("7/13/2024", DAY),
        ("13/07/2024", DAY),
    ],
)
def test_dates_are_read_as_people_write_them(line: str, moment: datetime) -> None:
    found = read_written(line)
    assert found is not None
    assert found.utc == moment
    assert found.timed == (moment is MORNING)


def test_the_afternoon_is_told_in_east_asia_too() -> None:
    for line in ("2024年7月13日 下午6:25", "2024년 7월 13일 오후 6시 25분", "July 13, 2024 6:25 p.m."):
        found = read_written(line)
        assert found is not None
        assert (found.local.hour, found.local.minute) == (18, 25)


def test_which_number_is_the_day_is_not_guessed() -> None:
    assert read_written("7/8/2024") is None
    first, second = read_written("7/8/2024", day_first=True), read_written("7/8/2024", day_first=False)
    assert first is not None
    assert second is not None
    assert (first.local.month, second.local.month) == (8, 7)


@pytest.mark.parametrize(
    "line",
    ["In 2024 all was well", "Nov 32, 2020", "Room 12 Hotel 2024", "By Jane Roe", "1/2", "12345/67/8901"],
)
def test_other_lines_have_no_date(line: str) -> None:
    assert read_written(line) is None


def test_a_zone_that_cannot_be_is_none() -> None:
    found = read_moment("2024-07-13T06:25+99:00")
    assert found is not None
    assert (found.utc, found.offset) == (MORNING, None)


def test_an_address_can_name_the_day() -> None:
    for path in ("2024/07/13/boats", "2024-07-13-boats", "20240713/boats", "news/boats-2024-07-13.html"):
        found = date_in_url(f"https://e.example/{path}")
        assert found is not None
        assert (found.utc, found.timed) == (DAY, False)
    assert date_in_url("https://e.example/12345/67/89/boats") is None


def test_an_aware_time_is_a_moment() -> None:
    assert Moment.of(MORNING) == Moment(MORNING.replace(tzinfo=None), timedelta(), timed=True)
    assert not Moment.of(DAY).timed


def test_an_abbreviation_that_means_no_zone_is_none() -> None:
    found = read_moment("Sat, 13 Jul 2024 06:25:00 XYZT")
    assert found is not None
    assert (found.offset, found.timed) == (None, True)


@pytest.mark.parametrize(
    "line",
    [
        "13. července 2024",
        "13. júl 2024",
        "13 heinäkuuta 2024",
        "13 iulie 2024",
        "13 Ιουλίου 2024",
        "13 يوليو 2024",
    ],
)
def test_months_are_known_in_many_languages(line: str) -> None:
    found = read_written(line)
    assert found is not None
    assert found.local == datetime(2024, 7, 13)  # noqa: DTZ001 - what people read has no zone
