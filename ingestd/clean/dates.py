"""Dates as pages write them in markup: ISO 8601 with liberties, RFC 2822, epochs, and plain numbers.

Every date that comes out is aware UTC. A time without a zone is taken as UTC, and a date without a time
as its midnight in UTC: a guess at the publisher's zone would be wrong as often, and differ from page to page.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Before this nobody published on the Web; years far ahead are misread numbers.
_FIRST_YEAR, _LAST_YEAR = 1990, 2100

_NUMBERS = re.compile(
    r"(?:(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})|(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>\d{4}))"
    r"(?:[T,\s]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2}))?)?"
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_URL_DAY = re.compile(r"/(\d{4})/(\d{1,2})/(\d{1,2})(?:/|$)|/(20\d\d)-(\d\d)-(\d\d)(?:[/-]|$)")

# The first letters of the months, January first, in the languages of which they are unambiguous:
# English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Ukrainian, Turkish.
_MONTHS = tuple(
    re.compile(rf"(?:{names})\w*", re.IGNORECASE)
    for names in (
        "jan|jän|ene|gen|sty|янв|січ|oca",
        "feb|fév|fev|lut|фев|лют|şub",
        "mar|mär|mrt|maa|мар|бер",
        "apr|abr|avr|kwi|апр|квіт|nis",
        "may|mai|mag|maj|maio|mei|мая|май|трав",
        "jun|juin|giu|cze|июн|черв|haz",
        "jul|juil|lug|lip|июл|лип|tem",
        "aug|aoû|ago|sie|авг|серп|ağu",
        "sep|set|wrz|сен|вер|eyl",
        "oct|okt|ott|out|paź|окт|жовт|eki",
        "nov|lis|ноя|лист|kas",
        "dec|dez|déc|dic|gru|дек|груд|ara",
    )
)
_WRITTEN = re.compile(
    r"(?:(?P<d>\d{1,2})(?:st|nd|rd|th|\.|º|er)?\s(?:de\s)?(?P<m>[^\W\d]{3,12})\.?,?\s(?:de\s)?|"
    r"(?P<m2>[^\W\d]{3,12})\.?\s(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s)(?P<y>\d{4})\b"
    r"(?:\D{1,12}?(?P<H>\d{1,2})[:.](?P<M>\d{2})\s*(?P<half>[ap]\.?m)?)?",
    re.IGNORECASE,
)


def parse_date(value: object) -> datetime | None:
    """`value` as a moment; None when it is no date or none that can be meant."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    text = str(value).strip()[:100]
    for reader in (_from_iso, _from_epoch, _from_rfc2822, _from_numbers):
        found = _attempt(reader, text)
        if found is not None and _FIRST_YEAR <= found.year < _LAST_YEAR:
            return found
    return None


def date_in_url(url: str) -> datetime | None:
    """The day that many publishers write into their addresses, as `/2024/07/13/`."""
    match = _URL_DAY.search(url)
    return parse_date("-".join(part for part in match.groups() if part)) if match else None


def parse_written_date(line: str) -> datetime | None:
    """The date in a line that people read: "July 13, 2024, 9:25 am", "13. Juli 2024", "13.07.2024 09:25"."""
    match = _WRITTEN.search(line)
    return _attempt(_from_words, line) if match else parse_date(line)


def _from_words(line: str) -> datetime | None:
    match = _WRITTEN.search(line)
    if match is None:
        return None
    part = match.groupdict()
    word = part["m"] or part["m2"]
    month = next((number for number, names in enumerate(_MONTHS, 1) if names.fullmatch(word)), 0)
    hour = int(part["H"] or 0)
    if part["half"]:
        hour = hour % 12 + (12 if part["half"].lower().startswith("p") else 0)
    return datetime(
        int(part["y"]), month, int(part["d"] or part["d2"]), hour, int(part["M"] or 0), tzinfo=UTC
    )


def _attempt(reader: Callable[[str], datetime | None], text: str) -> datetime | None:
    try:
        found = reader(text)
        return None if found is None else _as_utc(found)
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None


def _as_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _from_iso(text: str) -> datetime | None:
    # "2024-07-13T09:25+03:00[Europe/Kyiv]" is Java's way, "… 09:25:00 +0300" is PHP's.
    bare = re.sub(r"\[.*$", "", text)
    bare = re.sub(r"(?<=\d)\s+(?=[+-]\d{2}:?\d{2}$)", "", bare).replace(" UTC", "+00:00")
    return datetime.fromisoformat(bare) if re.match(r"\d{4}-\d", bare) else None


def _from_epoch(text: str) -> datetime | None:
    if not _EPOCH.fullmatch(text):
        return None
    return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)


def _from_rfc2822(text: str) -> datetime | None:
    # "Sat Jul 13 2024 09:25:00 GMT+0300" is JavaScript's way.
    bare = re.sub(r"\b(?:GMT|UTC)(?=[+-]\d)", "", text)
    return parsedate_to_datetime(bare) if re.search(r"[A-Za-z]{3}", text) else None


def _from_numbers(text: str) -> datetime | None:
    match = _NUMBERS.search(text)
    if not match:
        return None
    part = match.groupdict()
    year, month, day = (part[k] or part[k + "2"] for k in "ymd")
    return datetime(
        int(year),
        int(month),
        int(day),
        int(part["H"] or 0),
        int(part["M"] or 0),
        int(part["S"] or 0),
        tzinfo=UTC,
    )
