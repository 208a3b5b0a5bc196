"""Moments as pages write them: in markup (ISO 8601 with liberties, RFC 2822, epochs) and for readers.

A moment keeps what the page said and no more: a time of day only where one stood there, a zone only where
one did. What is missing another place of the page may tell (`times`); what nobody tells is taken as UTC, and
a day without time as its midnight, because a guess at the publisher's zone would be wrong as often as not.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from functools import lru_cache, partial

# Before this nobody published on the Web; years far ahead are misread numbers.
FIRST_YEAR, LAST_YEAR = 1991, 2100
_LONGEST = 100

_ISO = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"(?:\s*[T ]\s*(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,:]\d{1,9})?)?"
    # Where an address was decoded once too often a space stands for the plus.
    r"(?:\s*(?P<zone>Z|(?:UTC|GMT)?\s?[+-]\d{2}(?::?\d{2})?|(?<=:\d\d\s)\d{2}:\d{2}|UTC|GMT)\b)?)?"
    r"(?:\[[^\]]*\])?\s*\Z",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.0+)?")
_COMPACT = re.compile(
    r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)"
    r"(?:[T ]?(?P<H>\d\d):?(?P<M>\d\d)(?::?(?P<S>\d\d))?(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
_RFC_2822 = re.compile(r"[A-Za-z]{3},?\s+\d|\d\s+[A-Za-z]{3}\s+\d|[A-Za-z]{3}\s+\d{1,2}\s+\d")
_HALF_DAY = re.compile(r"\s?[ap]\.?m\b", re.IGNORECASE)
_NUMBERS = re.compile(
    r"(?<!\d)(?:(?P<y>\d{4})\s?[-/.年년]\s?(?P<m>\d{1,2})\s?[-/.月월]\s?(?P<d>\d{1,2})(?:日|일)?(?!\d)"
    r"|(?P<d2>\d{1,2})(?P<mark>[./-])(?P<m2>\d{1,2})(?P=mark)(?P<y2>\d{4})(?!\d))"
)
_CLOCK = re.compile(
    r"(?<![\d:.])(?P<H>\d{1,2})\s?(?:[:h]|時|时|시)\s?(?P<M>\d{2})(?::(?P<S>\d{2}))?(?!\d)(?:\s?(?P<half>[ap])\.?\s?m\b)?"
    r"|(?<![\d:./])(?P<h2>\d{1,2})\.(?P<m2>\d{2})(?![.\d])(?:\s?(?P<half2>[ap])\.?\s?m\b)?"
    r"|(?<![\d:.])(?P<h3>\d{1,2})\s?(?P<half3>[ap])\.?m\b",
    re.IGNORECASE,
)
_HALVES_BEFORE = re.compile(r"(午前|上午|오전|凌晨|早上)|(午後|下午|오후|晚上)")
_ZONE_BEHIND = re.compile(
    r"(?:UTC|GMT)?\s?(?P<sign>[+-])(?P<H>\d{1,2})(?::?(?P<M>\d{2}))?(?!\d)|(?P<name>[A-Z]{2,5})\b"
)
_UNIT = re.compile(r"\s*(?:Uhr|hrs?|h)?[\s,(]*")

# Hours east of Greenwich of the abbreviations that mean one zone to nearly everybody who writes them.
_ZONE_HOURS = {
    **dict.fromkeys(("Z", "UTC", "GMT", "UT"), 0.0),
    **dict.fromkeys(("CET", "MEZ", "BST", "WAT"), 1.0),
    **dict.fromkeys(("CEST", "MESZ", "EET", "SAST", "CAT"), 2.0),
    **dict.fromkeys(("EEST", "MSK", "EAT"), 3.0),
    **{"PKT": 5.0, "IST": 5.5, "NPT": 5.75, "WIB": 7.0, "HKT": 8.0, "SGT": 8.0, "JST": 9.0, "KST": 9.0},
    **{"AEST": 10.0, "AEDT": 11.0, "NZST": 12.0, "NZDT": 13.0, "EDT": -4.0, "EST": -5.0, "CDT": -5.0},
    **{"CST": -6.0, "MDT": -6.0, "MST": -7.0, "PDT": -7.0, "PST": -8.0},
}

_URL_DAY = re.compile(
    r"/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})(?:/|$)|[/_-]((?:19|20)\d\d)-(\d\d)-(\d\d)(?:[/_.-]|$)"
    r"|/((?:19|20)\d\d)(\d\d)(\d\d)(?:[/_-]|$)"
)

# The first letters of the months, January first, in the languages of which they are unambiguous:
# English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Ukrainian, Turkish, Czech,
# Slovak, Finnish, Romanian, Hungarian, Greek, the Scandinavian ones, Indonesian, Arabic.
_MONTHS = tuple(
    re.compile(rf"(?:{names})\w*", re.IGNORECASE)
    for names in (
        "jan|jän|ene|gen|sty|янв|січ|oca|led|tammi|ian|ιαν|يناير",
        "feb|fév|fev|lut|фев|лют|şub|únor|helmi|φεβ|فبراير",
        "mar|mär|mrt|maa|мар|бер|břez|már|μαρ|مارس",
        "apr|abr|avr|kwi|апр|квіт|nis|dub|ápr|huhti|απρ|أبريل|إبريل",
        "may|mai|mag|maj|maio|mei|мая|май|трав|květ|máj|touko|μαΐ|μαϊ|مايو",
        "jun|juin|giu|cze|июн|черв|haz|červn|jún|kesä|iun|ιουν|يونيو",
        "jul|juil|lug|lip|июл|лип|tem|červenc|júl|heinä|iul|ιουλ|يوليو",
        "aug|aoû|ago|sie|авг|серп|ağu|agu|srpn|elok|αυγ|أغسطس",
        "sep|set|wrz|сен|вер|eyl|zář|sze|syys|σεπ|سبتمبر",
        "oct|okt|ott|out|paź|окт|жовт|eki|říj|lokak|οκτ|أكتوبر",
        "nov|lis|ноя|лист|kas|marras|noi|νοε|نوفمبر",
        "dec|dez|déc|dic|gru|дек|груд|ara|des|pros|joulu|δεκ|ديسمبر",
    )
)
_WRITTEN = re.compile(
    r"(?:(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|\.|º|er)?[\s-](?:de\s)?(?P<m>[^\W\d]{3,12})\.?,?[\s-](?:de\s|del\s)?|"
    r"\b(?P<m2>[^\W\d]{3,12})\.?\s(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s)(?P<y>\d{4})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as it was stated: the clock of whoever wrote it, and what is known of his zone."""

    # Naive: what the clock showed; midnight when only the day was stated.
    local: datetime
    # Ahead of UTC; None when no zone was stated.
    offset: timedelta | None = None
    # Whether a time of day was stated that may be meant. Midnight sharp is what templates make of a day.
    timed: bool = False

    @property
    def utc(self) -> datetime:
        """The moment as aware UTC; without a zone the clock is taken as UTC's."""
        return (self.local - (self.offset or timedelta())).replace(tzinfo=UTC)

    @property
    def written(self) -> str:
        """ISO 8601 as far as it is known: "2024-07-13", "2024-07-13T09:25:00", "…+03:00"."""
        if not self.timed and (self.local.hour, self.local.minute) == (0, 0) and self.offset is None:
            return self.local.date().isoformat()
        zone = None if self.offset is None else timezone(self.offset)
        return self.local.replace(tzinfo=zone).isoformat(timespec="seconds")

    @classmethod
    def of(cls, moment: datetime) -> "Moment":
        """An aware time, whose midnight may be a day alone."""
        return _moment(moment.replace(tzinfo=None), moment.utcoffset())


def _moment(local: datetime, offset: timedelta | None) -> Moment:
    midnight = (local.hour, local.minute, local.second) == (0, 0, 0)
    return Moment(local.replace(microsecond=0), offset, not midnight)


# ---------------------------------------------------------------------------------- in markup


def read_moment(value: object) -> Moment | None:
    """A date out of markup; None when it is no date or none that can be meant."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    return _read(str(value).strip()[:_LONGEST])


@lru_cache(maxsize=256)
def _read(text: str) -> Moment | None:
    # A page states one time in many places.
    return _first(text, (_from_iso, _from_epoch, _from_compact, _from_rfc2822, _from_words, _from_numbers))


def read_written(line: str, *, day_first: bool | None = None) -> Moment | None:
    """The date in a line that people read: "July 13, 2024, 9:25 am EDT", "13. Juli 2024", "2024年7月13日".

    `day_first` tells which number of "7/8/2024" is the day; None: nobody knows, and it is no date.
    """
    return _first(line.strip()[: 2 * _LONGEST], (_from_words, partial(_from_numbers, day_first=day_first)))


def date_in_url(url: str) -> Moment | None:
    """The day that many publishers write into their addresses, as `/2024/07/13/`."""
    match = _URL_DAY.search(url)
    return read_moment("-".join(part for part in match.groups() if part)) if match else None


def _first(text: str, readers: tuple[Callable[[str], Moment | None], ...]) -> Moment | None:
    for reader in readers:
        try:
            found = reader(text)
        except (ValueError, TypeError, IndexError, OverflowError, OSError):
            continue
        if found is not None and FIRST_YEAR <= found.local.year < LAST_YEAR:
            return found
    return None


def _from_iso(text: str) -> Moment | None:
    match = _ISO.match(text)
    return None if match is None else _moment(_local(match), _offset(match["zone"]))


def _local(match: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second = (int(match[key] or 0) for key in ("y", "m", "d", "H", "M", "S"))
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone is kept beside it


def _offset(zone: str | None) -> timedelta | None:
    if zone is None:
        return None
    digits = re.sub(r"\D", "", zone)
    ahead = timedelta(hours=int(digits[:2] or 0), minutes=int(digits[2:4] or 0))
    if ahead > timedelta(hours=14):
        raise ValueError(zone)
    return -ahead if "-" in zone else ahead


def _from_epoch(text: str) -> Moment | None:
    if not _EPOCH.fullmatch(text):
        return None
    seconds = int(text[:10])
    return _moment(datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None), timedelta())


def _from_compact(text: str) -> Moment | None:
    match = _COMPACT.fullmatch(text)
    return None if match is None else _moment(_local(match), _offset(match["zone"]))


def _from_rfc2822(text: str) -> Moment | None:
    if not _RFC_2822.search(text):
        return None
    # "Sat Jul 13 2024 09:25:00 GMT+0300 (EEST)" is JavaScript's way.
    parsed = parsedate_tz(re.sub(r"\b(?:GMT|UTC)(?=[+-]\d)", "", text))
    clock = re.search(r"\d:\d\d(?::\d\d)?", text)
    # That reader takes "PM" for a zone, and any zone that it does not know for UTC.
    if parsed is None or clock is None or _HALF_DAY.search(text, clock.end()):
        return None
    local = datetime(*parsed[:6])  # noqa: DTZ001 - the zone is kept beside it
    known = parsed[9] is not None and re.search(r"[+-]\d{2}:?\d{2}\b", text[clock.end() :])
    offset = timedelta(seconds=parsed[9] or 0) if known else _zone_behind(text[clock.end() :])
    return _moment(local, offset)


# ---------------------------------------------------------------------------------- for readers


@lru_cache(maxsize=1024)
def month_named(word: str) -> int:
    """The number of the month of this name; 0 when it is no month's."""
    return next((number for number, names in enumerate(_MONTHS, 1) if names.fullmatch(word)), 0)


def _from_words(line: str) -> Moment | None:
    for match in _WRITTEN.finditer(line):
        word = match["m"] or match["m2"]
        month = month_named(word)
        if month:
            day = datetime(int(match["y"]), month, int(match["d"] or match["d2"]))  # noqa: DTZ001
            return _with_clock(day, line, match)
    return None


def _from_numbers(line: str, *, day_first: bool | None = None) -> Moment | None:
    match = _NUMBERS.search(line)
    if match is None:
        return None
    if match["y"]:
        year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
    else:
        year, first, second = int(match["y2"]), int(match["d2"]), int(match["m2"])
        order = True if match["mark"] == "." else _order(first, second, day_first)
        if order is None:
            return None
        day, month = (first, second) if order else (second, first)
    return _with_clock(datetime(year, month, day), line, match)  # noqa: DTZ001


def _order(first: int, second: int, day_first: bool | None) -> bool | None:
    """Whether the day stands before the month; None when that cannot be told."""
    if first > 12 or second > 12:
        return first > 12
    return True if first == second else day_first


def _with_clock(day: datetime, line: str, date: re.Match[str]) -> Moment:
    """The day with the time of day that stands behind or before it in the line."""
    behind, before = line[date.end() :], line[: date.start()]
    match = _CLOCK.search(behind[:40]) or _CLOCK.search(before[-30:])
    if match is None:
        return Moment(day)
    hour = int(match["H"] or match["h2"] or match["h3"])
    minute, second = int(match["M"] or match["m2"] or 0), int(match["S"] or 0)
    half = (match["half"] or match["half2"] or match["half3"] or "").lower()
    asian = _HALVES_BEFORE.search(match.string[: match.start()])
    if asian:
        half = "a" if asian[1] else "p"
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    local = day.replace(hour=hour, minute=minute, second=second)
    return Moment(local, _zone_behind(match.string[match.end() :]), timed=True)


def _zone_behind(text: str) -> timedelta | None:
    unit = _UNIT.match(text)
    match = _ZONE_BEHIND.match(text, unit.end() if unit else 0)
    if match is None:
        return None
    if match["name"]:
        hours = _ZONE_HOURS.get(match["name"])
        return None if hours is None else timedelta(hours=hours)
    ahead = timedelta(hours=int(match["H"]), minutes=int(match["M"] or 0))
    return None if ahead > timedelta(hours=14) else (ahead if match["sign"] == "+" else -ahead)
