"""Dates as feeds really write them → aware UTC.

A number alone is a time stamp; ISO 8601 is read as it is meant. Everything else is taken apart: the time of
day with its half and its zone, wherever it stands, and what remains is the day (`date_days`).

A time without zone counts as UTC, and so does one in a zone that nobody knows. Relative dates ("2 hours
ago") are not read: they would move at every poll.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from ingestd.feeds import date_words
from ingestd.feeds.date_days import PERSIAN_YEARS, DayReader, full_year
from ingestd.feeds.date_zones import UTC_ZONE, Zone, zone

# Years outside were never meant: 1795 and 99999 come from misread numbers.
FIRST_YEAR = 1900
LAST_YEAR = 2199
MAX_DATE_CHARS = 160
# Dates of a document that are looked at to learn how it orders them.
MAX_SAMPLES = 200

_MARKUP = re.compile(r"<!\[CDATA\[|\]\]>|</?[A-Za-z][^<>]{0,200}>")
_DASHES = str.maketrans("−–—‐‑", "-----")
_DIGIT = re.compile(r"[0-9]")
# "3:05 p. m." and "3:05p" as "3:05 pm".
_A_OR_P = re.compile(r"(?<=\d)(?:(?:\s?([ap])\.?\s?m\b\.?)|([ap])\b(?![.\w]))")
# Web servers' logs join day and time by a colon.
_LOGGED = re.compile(r"(?<=\d{4}):(?=\d\d:\d\d:\d\d)")

_STAMP = re.compile(r"(?:@|/date\()?([0-9]{9,19})(?:\.[0-9]*)?(?:[+-][0-9]{4})?(?:\)/)?")
# Digits of a time stamp → how many of its units are a second.
_STAMP_UNITS = {9: 1, 10: 1, 13: 10**3, 16: 10**6, 19: 10**9}

_RFC_5322_MONTHS = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
}
_RFC_5322 = re.compile(
    rf"(?:[a-z]{{3}}, )?(?P<day>\d\d?) (?P<month>{'|'.join(_RFC_5322_MONTHS)}) (?P<year>\d{{4}}) "
    r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))? (?P<zone>[a-z]{1,5}|[+-]\d{4})"
)
_STANDARD_TIME = (
    r"(?P<hour>\d\d?)(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,:](?P<fraction>\d+))?)?)?(?![\d:/.])"
)
# Week and its day, or the day of the year, may stand for month and day; a zero too many happens.
_ISO = re.compile(
    r"(?P<year>\d{4})(?:-0?(?P<month>\d{1,2})(?:-0?(?P<day>\d{1,2}))?(?!\d)"
    r"|-?w(?P<week>\d\d)(?:-?(?P<weekday>[1-7]))?|-?(?P<ordinal>\d{3})(?!\d))?"
    rf"(?:(?:\s*t\s*|[\s,_]+|-(?=\d\d:\d\d:)){_STANDARD_TIME})?(?P<zone>(?![\d/.]|-\d\d?-).*)"
)
_COMPACT = re.compile(
    rf"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:[t\s]?{_STANDARD_TIME})?(?P<zone>(?!\d).*)"
)
# What ISO 8601 allowed until 2004, and the years it can therefore be of.
_ABRIDGED = re.compile(
    r"(?P<ymd>\d\d)(?P<month>\d\d)(?P<day>\d\d)|(?P<yo>\d\d)-?(?P<ordinal>\d{3})|-(?P<ym>\d\d)-?(?P<only_month>\d\d)"
)

_ABRIDGED_YEARS = range(1988, 2005)

# The time of day: with colons; with words for hours; an hour alone; with dots.
_CLOCKS = (
    re.compile(
        r"(?<![\d:+])(?P<hour>\d{1,2})\s?:\s?(?P<minute>\d{1,2})"
        r"(?:\s?:\s?(?P<second>\d{1,2})(?:[.,:](?P<fraction>\d{1,9}))?)?(?![\d:])"
    ),
    re.compile(
        r"(?<![\d:+])(?P<hour>\d{1,2})\s?(?:h|時|时|시|点|點)\s?(?:(?P<minute>\d{1,2})(?:\s?(?:分|분|m(?:in)?\b))?"
        r"(?:\s?(?P<second>\d{1,2})\s?(?:초|秒|s))?)?(?![^\W_])"
    ),
    re.compile(r"(?<![\d:+])(?P<hour>\d{1,2})\s?(?:(?:hod\b|uhr\b|ч\b)\.?|(?=[ap]m\b))"),
    re.compile(
        r"(?<![\d.:+])(?P<hour>\d{1,2})\.(?P<minute>\d\d)(?:\.(?P<second>\d\d))?(?![\d.]|\s?[./-]\s?\d)"
    ),
)
_UNIT = re.compile(r"\s*(?:uhr|hrs?|hours|h|ч|น|時|时)\b\.?")
_WORD_BEFORE = re.compile(r"([^\s\d,;()]{1,20})[\s,]*$")
_WORD_AFTER = re.compile(r"\s*([^\s\d,;()]{1,20})")
_ZONE_BEHIND = re.compile(r"(?<=[\d\s.,])[(\[]?(?:[+-]\d\d:?\d\d|[a-z]{3,5})[)\]]?$")


@dataclass(frozen=True, slots=True)
class _Taken:
    """A time of day, and what the text says without it."""

    # None when the numbers are those of no time.
    clock: timedelta | None
    zone: Zone
    rest: str


class DateReader:
    """Reads the dates of one document."""

    def __init__(self, language: str | None, samples: Iterable[object] = ()) -> None:
        """`language` is the document's declared tag; None when it declares none.

        `samples` are dates of the same document as it writes them: they tell how it orders day and month.
        """
        self._language = (language or "").lower().replace("_", "-")
        self._halves = date_words.halves(self._language.partition("-")[0])
        self._days = DayReader(self._language, self._without_times(samples))

    @property
    def compared(self) -> bool:
        """Whether a date was read by how the document writes others."""
        return self._days.compared

    def read(self, given: object) -> datetime | None:
        """The moment meant; None when it cannot be told."""
        text = _tidy(given)
        if not _DIGIT.search(text):
            return None
        return _plausible(_stamp(text) or self._standard(text) or self._taken_apart(text))

    def _standard(self, text: str) -> datetime | None:
        """A date as RFC 5322 or ISO 8601 has it."""
        if match := _RFC_5322.fullmatch(text):
            found, end = zone(match["zone"], self._language)
            if found and end == len(match["zone"]):
                day = _date(int(match["year"]), _RFC_5322_MONTHS[match["month"]], int(match["day"]))
                return _moment(day, _clock(match.groupdict()), found)
        match = _ISO.fullmatch(text) or _COMPACT.fullmatch(text)
        if match is None:
            return _abridged(text)
        found, end = zone(match["zone"], self._language)
        # What goes on behind the zone is of another form, and so are other calendars' years.
        if match["zone"][end:].strip(" .z") or int(match["year"]) in PERSIAN_YEARS:
            return None
        return _moment(_standard_day(match.groupdict()), _clock(match.groupdict()), found or UTC_ZONE)

    def _taken_apart(self, text: str) -> datetime | None:
        for taken in self._times(text):
            if day := self._days.read(taken.rest):
                return _moment(day, taken.clock, taken.zone)
        return None

    def _without_times(self, samples: Iterable[object]) -> Iterator[str]:
        for sample in islice(samples, MAX_SAMPLES):
            yield next(self._times(_tidy(sample))).rest

    def _times(self, text: str) -> Iterator[_Taken]:
        """What may be the time, the likeliest first; at last that there is none."""
        for pattern in _CLOCKS:
            if match := pattern.search(text):
                yield self._taken(text, match)
                # Numbers with a colon between them are no day.
                if ":" in match[0]:
                    return
        yield _Taken(timedelta(0), *self._zone_behind(text))

    def _taken(self, text: str, match: re.Match[str]) -> _Taken:
        before, after = text[: match.start()], text[match.end() :]
        after = after[_end(_UNIT.match(after)) :]
        half, before, after = self._half(before, after)
        found, end = zone(after, self._language)
        rest = f"{before} {after[end:]}"
        if found is None:
            found, rest = self._zone_behind(rest.rstrip())
        return _Taken(_clock(match.groupdict(), half), found, rest)

    def _half(self, before: str, after: str) -> tuple[int | None, str, str]:
        """0 before noon, 1 after it, None where nothing tells; and the text without the word that tells."""
        word = _WORD_AFTER.match(after)
        if word and (half := self._half_named(word[1])) is not None:
            return half, before, after[word.end() :]
        word = _WORD_BEFORE.search(before)
        if word and (half := self._half_named(word[1])) is not None:
            return half, before[: word.start()], after
        return None, before, after

    def _half_named(self, word: str) -> int | None:
        name = date_words.bare(word).strip(".")
        if name in self._halves or name.isascii():
            return self._halves.get(name)
        # Chinese has no blank between the day and the half.
        return next(
            (half for end, half in self._halves.items() if not end.isascii() and word.endswith(end)), None
        )

    def _zone_behind(self, text: str) -> tuple[Zone, str]:
        """The zone at the end of a text, else UTC, and the text without it."""
        match = _ZONE_BEHIND.search(text)
        found = zone(match[0], self._language)[0] if match else None
        return (found, text[: match.start()]) if match and found else (UTC_ZONE, text)


def _tidy(given: object) -> str:
    """A date as lower-case text on one line, digits and signs of all scripts made ASCII; "" for none."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return ""
    text = str(given)[: 2 * MAX_DATE_CHARS]
    # Some escape twice.
    for _ in range(2 if "&" in text else 0):
        text = html.unescape(text)
    if "<" in text:
        text = _MARKUP.sub(" ", text)
    if not text.isascii():
        text = "".join(map(_simplified, unicodedata.normalize("NFKC", text).translate(_DASHES)))
    folded = " ".join(text.lower().split())
    if len(folded) > MAX_DATE_CHARS:
        return ""
    return _LOGGED.sub(" ", _A_OR_P.sub(r" \1\2m ", folded)).strip(" \"'")


def _simplified(character: str) -> str:
    """ASCII for a digit, nothing for a mark that only steers how text is set."""
    if unicodedata.category(character) == "Cf":
        return ""
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _plausible(moment: datetime | None) -> datetime | None:
    return moment if moment is not None and FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _stamp(text: str) -> datetime | None:
    match = _STAMP.fullmatch(text)
    unit = _STAMP_UNITS.get(len(match[1])) if match else None
    if match is None or unit is None:
        return None
    return _hourly(match[1]) or datetime.fromtimestamp(int(match[1]) / unit, UTC)


def _hourly(digits: str) -> datetime | None:
    """Ten digits that are a year, month, day and hour; as a time stamp they would lie in the 2030s."""
    if len(digits) != 10 or not digits.startswith(("19", "20")):
        return None
    day = _date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    return _moment(day, _clock({"hour": digits[8:]}), UTC_ZONE)


def _abridged(text: str) -> datetime | None:
    match = _ABRIDGED.fullmatch(text)
    if match is None:
        return None
    groups = match.groupdict()
    year = full_year(groups["ymd"] or groups["yo"] or groups["ym"] or "")
    groups |= {"year": str(year), "month": groups["month"] or groups["only_month"]}
    return _moment(_standard_day(groups), timedelta(0), UTC_ZONE) if year in _ABRIDGED_YEARS else None


def _standard_day(groups: Mapping[str, str | None]) -> date | None:
    year = int(groups["year"] or 0)
    try:
        if week := groups.get("week"):
            return date.fromisocalendar(year, int(week), int(groups["weekday"] or 1))
        if ordinal := groups.get("ordinal"):
            found = date(year, 1, 1) + timedelta(days=int(ordinal) - 1)
            return found if found.year == year else None
    except (ValueError, OverflowError):
        return None
    return _date(year, int(groups["month"] or 1), int(groups["day"] or 1))


def _clock(groups: Mapping[str, str | None], half: int | None = None) -> timedelta | None:
    """Time of day; None when out of range. Midnight may be written 24:00, and a leap second is :60."""
    hour, minute, second = (int(groups.get(name) or 0) for name in ("hour", "minute", "second"))
    if half is not None and hour <= 12:
        hour = hour % 12 + 12 * half
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    fraction = float("0." + (groups.get("fraction") or "0")[:6])
    return timedelta(hours=hour, minutes=minute, seconds=second + fraction)


def _moment(day: date | None, clock: timedelta | None, place: Zone) -> datetime | None:
    if day is None or clock is None:
        return None
    try:
        local = datetime(day.year, day.month, day.day) + clock  # noqa: DTZ001 - the zone decides
        return (local - place.offset(local)).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _end(match: re.Match[str] | None) -> int:
    return match.end() if match else 0
