"""Dates the way feeds write them."""

from datetime import UTC, datetime, timedelta

import pytest

from ingestd.feeds.dates import DateReader

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
        1795348800.0,
        "1795348800000000",
        "/Date(1795348800000)/",
        "20261122120000",
        "202611221200",
        "2026112212",
        "20261122T1300+0100",
        "2026-W47-7T12:00Z",
        "2026-326T12:00:00Z",
        "2026-11-22T12:00:00,000 Z",
        "2026-11-22T12Z",
        "2026-11-22_12:00:00",
        "2026-11-22T13:00:00+01:00[Europe/Berlin]",
        "2026-11-22 13:00:00 +0100 CET",
        "2026-11-21T24:00:00-12:00",
        "2026-011-22T12:00:00Z",
        "Sun, 22 Nov 2026 12:00:00 Z",
        "Sun, 22 Nov 2026 12:00:00 - 0000",
        "Sun, 22 Nov 2026 14:00:00 GMT+2",
        "Sun, 22 Nov 2026 10:00:00 Etc/GMT+2",
        "Sun, 22 Nov 2026 04:00:00 America/Los_Angeles",
        "Sun, 22 Nov 2026 13:00:00 Europe/Berlin",
        "Sun, 22 Nov 2026 12:00:00 NOWHERE",
        "Sun, 22 Nov 126 12:00:00 GMT",
        "Sun Nov 22 2026 13:00:00 GMT+0100 (Mitteleuropäische Normalzeit)",
        "Sun Nov 22 13:00:00 2026 +0100",
        "22/Nov/2026:13:00:00 +0100",
        "22-Nov-2026 12:00",
        "22Nov2026 12:00",
        "Nov. 22, 2026, 7 a.m. ET",
        "November 22nd, 2026 at 12:00",
        "12:00 - 22 Nov 2026",
        "13:00 CET, 22 Nov 2026",
        "Posted on November 22, 2026 12:00 by admin",
        "Sun, 22 Nov 2026 13:00:00 &amp;#43;0100",
        "<![CDATA[<time>2026-11-22 12:00</time>]]>",
        "\u200e22.11.2026\u200f 12.00 Uhr",
        "22. 11. 2026 12:00",
        "Le 22/11/2026 à 12h00",
        "22 nov. 2026 12 h 00 min",
        "22 de noviembre de 2026, 12:00 p. m.",
        "2026年11月22日 下午12:00",
        "2026年11月22日(日) 12時00分",
        "令和8年11月22日 12:00",
        "民國115年11月22日 12:00",
        "2026. 11. 22. 오후 12:00",
        "2026년 11월 22일 일요일 오후 12시 0분",
        "22/11/2026 μ.μ. 12:00",
        "الأحد، ٢٢ نوفمبر ٢٠٢٦ - 12:00 م",
        "یکشنبه ۱ آذر ۱۴۰۵ - ۱۲:۰۰",
        "22 พฤศจิกายน 2569 12:00 น.",
        "ngày 22 tháng 11 năm 2026, 19:00 (GMT+7)",
        "22 ноября 2026 г. в 15:00 МСК",
        "22 בנובמבר 2026 12:00",
        "22 नवंबर 2026, 12:00 अपराह्न",
        "2026-11-22 오후 12:00",
        "2026-november-22T12:00",
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
        "22.11.26",
        "11/22/26",
        "2026.11.22",
        "2026-22-11",
        "2026-11-22Z",
        "22 Tháng Mười Một 2026",
        "22 Thg 11 2026",
        "22 พ.ย. 2569",
        "22 marraskuuta 2026",
        "2026 m. lapkričio 22 d.",
        "2026. gada 22. novembris",
        "22 نوامبر 2026",
        "22 تشرين الثاني 2026",
        "22 নভেম্বর, 2026",
        "22 நவம்பர், 2026",
        "22 ნოემბერი, 2026",
        "22 նոյեմբերի, 2026",
        "22 Tachwedd 2026",
        "azaroak 22, 2026",
        "22 нояб. 2026 г.",
        "22. Nóvember 2026",
        "paz 22 kas 2026",
        "martes, 22 de noviembre de 2026",
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
        "0",
        "12345",
        "123456",
        "999999999999",
        "10:00",
        "yesterday 12:00",
        "Nov 22",
        "Vol. 22, No. 11",
        "Q3 2026",
        "2026-13-45",
        "1795-11-22",
        "22 Foo 2026",
        "26-11-22",
        "22 Nov 2026 12:60",
        "Sun, 22 Nov 2026 25:00:00 GMT",
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


def test_a_month_or_a_year_alone_begins_there() -> None:
    first = datetime(2026, 11, 1, tzinfo=UTC)
    assert [read(given) for given in ("2026-11", "11/2026", "November 2026")] == [first] * 3
    assert read("2026") == datetime(2026, 1, 1, tzinfo=UTC)


def test_what_iso_8601_allowed_once_is_read_for_those_years_alone() -> None:
    day = datetime(2003, 12, 1, tzinfo=UTC)
    assert [read(given) for given in ("031201", "03335", "03-335", "-0312", "-03-12")] == [day] * 5
    assert read("261122") is None


def test_military_zones_have_the_signs_of_rfc_822() -> None:
    hours = timedelta(hours=1)
    assert read("Sun, 22 Nov 2026 12:00:00 A") == NOON + hours
    assert read("Sun, 22 Nov 2026 12:00:00 N") == NOON - hours


def test_a_zones_name_may_mean_another_by_the_feeds_language() -> None:
    given = "Sun, 22 Nov 2026 12:00:00 "
    assert read(given + "CST") == NOON + timedelta(hours=6)
    assert read(given + "CST", "zh-CN") == NOON - timedelta(hours=8)
    assert read(given + "IST") == NOON - timedelta(hours=5, minutes=30)
    assert read(given + "IST", "he-IL") == NOON - timedelta(hours=2)


def test_a_month_of_two_languages_is_read_by_the_declared_one() -> None:
    assert read("22 listopada 2026", "hr") == datetime(2026, 10, 22, tzinfo=UTC)
    assert read("22 listopada 2026", "pl") == MIDNIGHT


def test_the_persian_calendar_is_read_where_nothing_else_can_be_meant() -> None:
    assert read("1405/09/01", "fa") == MIDNIGHT
    assert read("1405/09/01") is None
    assert read("1405-09-01", "fa-IR") == MIDNIGHT
    assert read("31 آذر 1405") is None


def test_other_dates_of_the_document_tell_the_order() -> None:
    reader = DateReader("en", ["22/11/2026", "junk", None])
    assert reader.read("03/04/2026 12:00") == datetime(2026, 4, 3, 12, tzinfo=UTC)
    assert reader.compared
    assert DateReader(None, ["11/22/2026 10:00"]).read("03/04/2026") == datetime(2026, 3, 4, tzinfo=UTC)


def test_without_other_signs_the_order_in_which_dates_lie_near_is_meant() -> None:
    samples = ["01/11/2026", "02/11/2026", "03/11/2026"]
    assert DateReader(None, samples).read(samples[2]) == datetime(2026, 11, 3, tzinfo=UTC)
    assert DateReader("en", ["3/11/2026", "Tue, 3 Nov 2026 10:00"]).read("3/11/2026") == datetime(
        2026, 11, 3, tzinfo=UTC
    )


def test_documents_that_contradict_themselves_tell_nothing() -> None:
    assert DateReader(None, ["22/11/2026", "11/22/2026"]).read("03/04/2026") is None


def test_dates_that_are_plain_are_read_without_the_others() -> None:
    reader = DateReader(None, ["22/11/2026"])
    assert reader.read("22/11/2026") == MIDNIGHT
    assert not reader.compared
