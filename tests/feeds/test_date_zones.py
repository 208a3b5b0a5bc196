"""Time zones as feeds name them."""

from datetime import datetime, timedelta

import pytest

from ingestd.feeds.date_zones import Zone, zone


@pytest.mark.parametrize(
    ("given", "hours"),
    [
        ("z", 0.0),
        (" +01:00", 1.0),
        ("+0530", 5.5),
        ("-8", -8.0),
        ("+01.00", 1.0),
        ("gmt-3", -3.0),
        ("(utc+2)", 2.0),
        ("etc/gmt-3", 3.0),
        ("- 0500", -5.0),
        ("cest", 2.0),
        ("[asia/tokyo]", 9.0),
    ],
)
def test_offsets_abbreviations_and_places_are_read(given: str, hours: float) -> None:
    assert zone(given, "") == (Zone(hours), len(given))


@pytest.mark.parametrize("given", ["", "+25:00", "-22-11-2026", "nowhere", "europe/atlantis", "sat", "mar"])
def test_what_is_no_zone_is_left_alone(given: str) -> None:
    assert zone(given, "") == (None, 0)


def hours_ahead(place: str, local: str) -> float:
    found, _ = zone(place, "")
    assert found is not None
    return found.offset(datetime.fromisoformat(local)) / timedelta(hours=1)


@pytest.mark.parametrize(
    ("place", "january", "july"),
    [
        ("europe/berlin", 1, 2),
        ("america/new_york", -5, -4),
        ("et", -5, -4),
        ("australia/sydney", 11, 10),
        ("pacific/auckland", 13, 12),
        ("asia/kolkata", 5.5, 5.5),
    ],
)
def test_places_keep_their_summer_time(place: str, january: float, july: float) -> None:
    assert (hours_ahead(place, "2026-01-15"), hours_ahead(place, "2026-07-15")) == (january, july)


@pytest.mark.parametrize(
    ("place", "winter_ends", "summer_begins", "summer_ends", "winter_begins"),
    [
        ("europe/berlin", "2026-03-29T01:59", "2026-03-29T03:00", "2026-10-25T01:59", "2026-10-25T03:00"),
        ("europe/london", "2026-03-29T00:59", "2026-03-29T02:00", "2026-10-25T00:59", "2026-10-25T02:00"),
        ("america/chicago", "2026-03-08T01:59", "2026-03-08T03:00", "2026-11-01T00:59", "2026-11-01T02:00"),
        ("america/chicago", "2006-04-02T01:59", "2006-04-02T03:00", "2006-10-29T00:59", "2006-10-29T02:00"),
        ("australia/sydney", "2026-10-04T01:59", "2026-10-04T03:00", "2026-04-05T01:59", "2026-04-05T03:00"),
        ("pacific/auckland", "2026-09-27T01:59", "2026-09-27T03:00", "2026-04-05T01:59", "2026-04-05T03:00"),
    ],
)
def test_summer_time_begins_and_ends_on_its_sundays(
    place: str, winter_ends: str, summer_begins: str, summer_ends: str, winter_begins: str
) -> None:
    winter = hours_ahead(place, winter_ends)
    assert hours_ahead(place, winter_begins) == winter
    assert hours_ahead(place, summer_begins) == hours_ahead(place, summer_ends) == winter + 1
