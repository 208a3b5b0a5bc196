"""Dates as feeds really write them → aware UTC.

The cascade of `DateReader.read`; the first reading that is a plausible time wins:

1. seconds or milliseconds since 1970;
2. ISO 8601 and its relatives, also in Chinese, Japanese and Korean order;
3. day, month name, year, time and zone in any common order, month names of some thirty languages;
4. numbers alone (22/11/2026), where order or language says which is the month;
5. what feedparser read (it knows more forms, but takes CEST for UTC and "1530427507" for the year 1795);
6. dateparser, with the feed's language, a few times a feed only, because a miss costs milliseconds.

A time without zone counts as UTC. Relative dates ("2 hours ago") are not read: they would move at every poll.
"""

import re
import time
import unicodedata
import warnings
from datetime import UTC, datetime, timedelta, timezone

import dateparser

# Years outside were never meant: 1795 and 99999 come from misread numbers.
FIRST_YEAR = 1900
LAST_YEAR = 2199
MAX_DATE_CHARS = 120
MAX_GUESSES_PER_FEED = 20

_EPOCH = re.compile(r"(\d{9,10})(?:\.\d+)?|(\d{13})", re.ASCII)
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?"
_ISO = re.compile(
    rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?:(?:\s*T|,?\s)\s*{_CLOCK}\s*(?P<zone>.*))?",
    re.ASCII | re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:T?(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?\s*(?P<zone>.*))?",
    re.ASCII | re.IGNORECASE,
)
_CJK = re.compile(
    rf"(?P<year>\d{{4}})\s*[年년]\s*(?P<month>\d{{1,2}})\s*[月월]\s*(?P<day>\d{{1,2}})\s*[日일]"
    rf"[^\d]{{0,12}}(?:{_CLOCK}\s*(?P<zone>.*))?",
    re.ASCII,
)
_NUMBERS = re.compile(
    rf"(?:[^\W\d]+\.?,?\s+)?(?P<a>\d{{1,2}})(?P<mark>[-/.])\s?(?P<b>\d{{1,2}})(?P=mark)\s?(?P<year>\d{{4}})"
    rf"(?:,?\s+(?:\w{{1,3}}\s+)?{_CLOCK}\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>.*))?",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?"
    r"(?:\s*(?P<half>[ap]\.?m\b\.?))?",
    re.ASCII | re.IGNORECASE,
)
_OFFSET = re.compile(r"(?:GMT|UTC|UT|Z)?\s*([+-])(\d{1,2}):?(\d{2})?(?!\d)", re.ASCII | re.IGNORECASE)
_NUMBER = re.compile(r"\d+", re.ASCII)
_WORD = re.compile(r"[^\W\d_]+")

# Hours east of Greenwich. Where one name means several zones, the one that RFC 5322 names, else the one
# with most newspapers.
_ZONES = {
    **dict.fromkeys(("z", "ut", "utc", "gmt", "wet"), 0.0),
    **dict.fromkeys(("cet", "mez", "met", "bst", "west", "wat"), 1.0),
    **dict.fromkeys(("cest", "mesz", "mest", "eet", "sast", "cat"), 2.0),
    **dict.fromkeys(("eest", "msk", "trt", "eat"), 3.0),
    **dict.fromkeys(("msd", "gst"), 4.0),
    **{"pkt": 5.0, "ist": 5.5, "npt": 5.75, "bdt": 6.0, "wib": 7.0, "ict": 7.0, "wita": 8.0},
    **dict.fromkeys(("awst", "hkt", "sgt", "pht", "myt"), 8.0),
    **{"jst": 9.0, "kst": 9.0, "wit": 9.0, "acst": 9.5, "aest": 10.0, "acdt": 10.5, "aedt": 11.0},
    **{"nzst": 12.0, "nzdt": 13.0, "ndt": -2.5, "nst": -3.5, "brt": -3.0, "art": -3.0, "clt": -4.0},
    **{"adt": -3.0, "ast": -4.0, "at": -4.0, "edt": -4.0, "est": -5.0, "et": -5.0, "cdt": -5.0},
    **{"cst": -6.0, "ct": -6.0, "mdt": -6.0, "mst": -7.0, "mt": -7.0, "pdt": -7.0, "pst": -8.0},
    **{"pt": -8.0, "akdt": -8.0, "akst": -9.0, "hst": -10.0},
}

# Beginnings of month names, without accents; the longest that fits counts.
_MONTH_NAMES = (
    "jan ene gen ian tammi янв січ ιαν sty led oca stycz sij",
    "feb fev febr helmi фев лют φεβ lut uno sub fevr velj",
    "mar mrt marz mars maalis maar мар бер μαρ bre ozu",
    "apr avr abr huhti апр кві απρ kwi dub nis travanj",
    "may mai mag maj mei touko маи мая мај тра μαι kve svib",
    "jun juin giu iun kesa июн чер ιουν cze cer haz lip_hr",
    "jul juil lug iul heina июл лип ιουλ lip cervenc cervenec tem srp_hr",
    "aug aou ago agu elo авг сер αυγ sie srp agus kol",
    "sep set szept syys сен вер σεπ wrz zar eyl ruj",
    "oct okt out ott loka окт жов οκτ paz rij eki",
    "nov noi marras ноя лис νοε lis kas stud",
    "dec dic dez des joulu дек гру δεκ gru pro ara pros",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_LONGEST_NAME = max(map(len, _MONTHS))


class DateReader:
    """Reads the dates of one feed; it has a budget for guesses, so make one for each document."""

    def __init__(self, language: str | None) -> None:
        """`language` is the feed's declared tag; None when it declares none."""
        self._language = (language or "").lower().replace("_", "-")
        self._guesses = MAX_GUESSES_PER_FEED

    def read(self, given: object, foreign: time.struct_time | None = None) -> datetime | None:
        """The moment meant; None when it cannot be told. `foreign` is feedparser's reading of it, in UTC."""
        text = _tidy(given)
        if not text:
            return None
        return _plausible(
            _epoch(text)
            or _by_pattern(text)
            or _by_words(text)
            or self._by_numbers(text)
            or _foreign(text, foreign)
            or self._guess(text)
        )

    def _by_numbers(self, text: str) -> datetime | None:
        match = _NUMBERS.fullmatch(text)
        if match is None:
            return None
        first, second = int(match["a"]), int(match["b"])
        day_first = match["mark"] == "." or first > 12 or self._day_first()
        if day_first is None and second <= 12:
            return None
        month, day = (second, first) if day_first else (first, second)
        return _moment(match, month=month, day=day)

    def _day_first(self) -> bool | None:
        """Whether the feed's language puts the day before the month; None when that is not known."""
        if not self._language:
            return None
        return self._language not in ("en", "en-us", "en-ph")

    def _guess(self, text: str) -> datetime | None:
        primary = self._language.partition("-")[0]
        if self._guesses <= 0 or not primary or not any(map(str.isdigit, text)):
            return None
        self._guesses -= 1
        return _dateparser(text, primary)


def _tidy(given: object) -> str:
    """The text of a date on one line, compatibility digits and full-width signs made ASCII; "" for none."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return ""
    text = unicodedata.normalize("NFKC", str(given)[: MAX_DATE_CHARS + 1])
    folded = " ".join(text.replace("−", "-").split())
    return folded if len(folded) <= MAX_DATE_CHARS else ""


def _plausible(moment: datetime | None) -> datetime | None:
    return moment if moment is not None and FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _epoch(text: str) -> datetime | None:
    match = _EPOCH.fullmatch(text)
    if match is None:
        return None
    seconds = int(match[1]) if match[1] else int(match[2]) / 1000
    return datetime.fromtimestamp(seconds, UTC)


def _by_pattern(text: str) -> datetime | None:
    for pattern in (_ISO, _COMPACT, _CJK):
        if match := pattern.fullmatch(text):
            return _moment(match, month=int(match["month"]), day=int(match["day"]))
    return None


def _moment(match: re.Match[str], *, month: int, day: int) -> datetime | None:
    """The matched groups as a time; None when a number is out of range or the zone has no known name."""
    groups = match.groupdict()
    offset = _offset(groups.get("zone") or "")
    if offset is None:
        return None
    return _built(int(groups["year"]), month, day, _clock(groups), offset)


def _clock(groups: dict[str, str | None]) -> timedelta | None:
    """Time of day; None when out of range. Midnight may be written 24:00, and a leap second is :60."""
    hour, minute, second = (int(groups.get(name) or 0) for name in ("hour", "minute", "second"))
    half = (groups.get("half") or "").lower()[:1]
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    fraction = float("0." + (groups.get("fraction") or "0")[:6])
    return timedelta(hours=hour, minutes=minute, seconds=second + fraction)


def _built(year: int, month: int, day: int, clock: timedelta | None, offset: timedelta) -> datetime | None:
    if clock is None:
        return None
    try:
        return (datetime(year, month, day, tzinfo=timezone(offset)) + clock).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _offset(zone: str) -> timedelta | None:
    """Distance from UTC; zero for none at all, None for a zone that is not known."""
    bare = re.sub(r"\(.*?\)", "", zone).strip(" .[]")
    if not bare:
        return timedelta(0) if not zone.strip(" ()[].") else _named(zone.strip(" ()[]."))
    if match := _OFFSET.match(bare):
        sign = -1 if match[1] == "-" else 1
        return sign * timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return _named(bare)


def _named(name: str) -> timedelta | None:
    hours = _ZONES.get(name.lower().removeprefix("etc/"))
    return None if hours is None else timedelta(hours=hours)


def _by_words(text: str) -> datetime | None:
    """A date whose month is a word: the numbers beside it are day and year, whatever their order."""
    clock = _TIME.search(text)
    date, zone = (text[: clock.start()], text[clock.end() :]) if clock else (text, "")
    # "Thu Apr 5 10:00:00 CEST 2012" has its year behind the time and the zone.
    if late_year := re.search(r"(?<![\d+:-])\d{4}$", zone):
        date, zone = f"{date} {late_year[0]}", zone[: late_year.start()]
    month = _month(date)
    if month is None:
        return None
    numbers = [int(digits) for digits in _NUMBER.findall(date) if len(digits) <= 4]
    offset = _offset(zone)
    if len(numbers) != 2 or offset is None:
        return None
    day, year = numbers if numbers[0] <= 31 else reversed(numbers)
    return _built(_full_year(year), month, day, _clock(clock.groupdict() if clock else {}), offset)


def _full_year(year: int) -> int:
    """Two digits as RFC 5322 §4.3 has them, with feedparser's turning point."""
    return year if year > 99 else year + (2000 if year < 90 else 1900)


def _month(date: str) -> int | None:
    """The month that a word names. The last counts, because "mar" is also a Tuesday (mardi, martes)."""
    found = [number for word in _WORD.findall(_unaccented(date)) if (number := _month_number(word))]
    return found[-1] if found else None


def _month_number(word: str) -> int | None:
    lengths = range(min(len(word), _LONGEST_NAME), 2, -1)
    return next((_MONTHS[word[:length]] for length in lengths if word[:length] in _MONTHS), None)


def _unaccented(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _foreign(text: str, parsed: time.struct_time | None) -> datetime | None:
    """feedparser's reading, unless its year is not in the text: then it was taken from today's date."""
    try:
        moment = datetime(*parsed[:6], tzinfo=UTC) if parsed else None
    except ValueError:
        return None
    if moment is None:
        return None
    date = _TIME.sub("", text)
    # A time zone may have moved the moment into the next or the last year.
    written = any(f"{year % 100:02}" in date for year in (moment.year - 1, moment.year, moment.year + 1))
    return moment if written and sum(map(str.isdigit, date)) >= 4 else None


def _dateparser(text: str, language: str) -> datetime | None:
    settings = {
        "PARSERS": ["absolute-time"],
        "REQUIRE_PARTS": ["day", "month", "year"],
        "RELATIVE_BASE": datetime(2000, 1, 1),  # noqa: DTZ001 - dateparser wants it naive
        "TIMEZONE": "UTC",
        "RETURN_AS_TIMEZONE_AWARE": True,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            moment = dateparser.parse(text, languages=[language], settings=settings)
        except (ValueError, TypeError, OverflowError, LookupError):
            return None
    return moment.astimezone(UTC) if isinstance(moment, datetime) else None
