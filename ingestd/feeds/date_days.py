"""The day that a text without time of day means.

It stands in the order of Chinese, Japanese and Korean, or beside the name of its month, or as numbers alone.
Beside a name stand a day and a year and no other numbers, in whatever order; a month and a year alone mean
its first day. Other words do not matter.

Which of "3/4/2026" is the month is told by what the document writes elsewhere ("22/11/2026"), by its language
where that leaves no doubt, by how near to each other its dates lie in either order, by the habits of those
who just say "en"; else by dots between the numbers. Else nobody knows, and there is no day.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import cached_property

from ingestd.feeds import date_words

# Years that a date of nothing but two-digit numbers may mean, where its order is in doubt.
SHORT_YEARS = range(1990, 2030)
# So many times nearer to each other than in the other order: no accident.
MIN_NEARNESS = 3
MAX_PARTICLE_CHARS = 3

_EAST_ASIAN = re.compile(
    r"(?:(?P<era>令和|平成|昭和|民國|民国)\s?(?P<nth>\d{1,3}|元)|(?P<year>\d{4}))\s?[年년]"
    r"\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일号號]?"
)
_VIETNAMESE = re.compile(r"\b(?:thang|thg|th)\.?\s?(\d{1,2}|muoi mot|muoi hai|[a-z]{2,4})\b")
# Runs of digits, and of whatever is neither white space nor punctuation: many scripts' vowels are no letters.
_TOKEN = re.compile(r"\d+|[^\s\d!-/:-@\[-`{-~،。、・।॥॰«»“”‘’…·׳״]+")
_PAIR = re.compile(
    r"(?<!\d)(?P<first>\d{1,2})\s?(?P<mark>[-/.\s])\s?(?P<second>\d{1,2})\s?[-/.\s]\s?(?P<year>\d{4}|\d\d)(?!\d)"
)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\D+(\d{1,2})\D+(\d{1,2})(?!\d)")
_MONTH_ALONE = re.compile(
    r"\W*(?:(?P<m>\d{1,2})\s?[-/.]\s?(?P<y>\d{4})|(?P<year>\d{4})\s?[/.]\s?(?P<month>\d{1,2}))\W*"
)
_THAI = re.compile("[\u0e01-\u0e5b]")

_AMERICAN_REGIONS = frozenset({"us", "ph", "pw", "fm", "mh"})
_YEAR_FIRST_LANGUAGES = ("ja", "zh", "ko", "hu")
_PERSIAN_MONTHS = date_words.numbered(date_words.PERSIAN_MONTHS)
_PERSIAN_LANGUAGES = ("fa", "prs", "ps")
# Of the solar calendar of Iran, as far as anybody now writes of.
PERSIAN_YEARS = range(1330, 1480)
_VIETNAMESE_NUMBERS = date_words.numbered(date_words.VIETNAMESE_NUMBERS)
_BUDDHIST_YEARS = range(2440, 2700)
_BUDDHIST_LEAD = 543


class DayReader:
    """Reads the days of one document."""

    def __init__(self, language: str, samples: Iterable[str]) -> None:
        """`language` is a lower-case tag, "" if none; `samples` are other days of the document as written."""
        self._language = language
        self._primary, _, self._region = language.partition("-")
        self._samples = samples
        # Whether a day was read by how the document writes others.
        self.compared = False

    def read(self, text: str) -> date | None:
        """The day in lower-case text, its digits ASCII; None when it cannot be told."""
        if match := _EAST_ASIAN.search(text):
            return _east_asian(match)
        tokens = _TOKEN.findall(text)
        numbers = [token for token in tokens if token.isdecimal()]
        return self._named(text, tokens, numbers) or self._numbered(text, numbers)

    # ------------------------------------------------------------------------------- with a month's name

    def _named(self, text: str, tokens: Sequence[str], numbers: Sequence[str]) -> date | None:
        if len(tokens) == len(numbers):
            return None
        words = [date_words.bare(token) for token in tokens]
        found = self._day_and_year(numbers, text)
        month = _beside_numbers(words, _PERSIAN_MONTHS.get)
        if month and found and found[1] in PERSIAN_YEARS:
            return persian(found[1], month, found[0])
        if vietnamese := _VIETNAMESE.search(date_words.bare(text)):
            return self._vietnamese(vietnamese[1], numbers, text)
        month = _phrase(text) or _beside_numbers(words, self._month)
        return _date(found[1], month, found[0]) if month and found else None

    def _month(self, word: str) -> int | None:
        return date_words.month(word, self._primary)

    def _vietnamese(self, name: str, numbers: Sequence[str], text: str) -> date | None:
        """Months have numbers there: "22 tháng 11, 2026"."""
        others = list(numbers)
        if name.isdecimal():
            others.remove(name)
        month = int(name) if name.isdecimal() else _VIETNAMESE_NUMBERS.get(name)
        found = self._day_and_year(others, text)
        return _date(found[1], month, found[0]) if month and found else None

    def _day_and_year(self, numbers: Sequence[str], text: str) -> tuple[int, int] | None:
        if len(numbers) == 1 and len(numbers[0]) == 4:
            return 1, self._year(numbers[0], text)
        if len(numbers) != 2 or max(map(len, numbers)) > 4:
            return None
        day, year = numbers
        if len(day) > 2 or (len(year) < 3 and int(day) > 31):
            day, year = year, day
        return (int(day), self._year(year, text)) if len(year) > 1 else None

    def _year(self, digits: str, text: str) -> int:
        year = full_year(digits)
        is_thai = self._primary == "th" or _THAI.search(text)
        return year - _BUDDHIST_LEAD if is_thai and year in _BUDDHIST_YEARS else year

    # ------------------------------------------------------------------------------- with numbers alone

    def _numbered(self, text: str, numbers: Sequence[str]) -> date | None:
        if len(numbers) == 3 and (match := _YEAR_FIRST.search(text)):
            return self._year_first(text, *match.groups())
        if len(numbers) == 3 and (match := _PAIR.search(text)):
            return self._ordered(match, text)
        if len(numbers) == 2 and (match := _MONTH_ALONE.fullmatch(text)):
            return _date(int(match["year"] or match["y"]), int(match["month"] or match["m"]), 1)
        return None

    def _year_first(self, text: str, year: str, month: str, day: str) -> date | None:
        if int(year) in PERSIAN_YEARS and self._primary in _PERSIAN_LANGUAGES:
            return persian(int(year), int(month), int(day))
        full = self._year(year, text)
        return _date(full, int(month), int(day)) or _date(full, int(day), int(month))

    def _ordered(self, pair: re.Match[str], text: str) -> date | None:
        first, second = int(pair["first"]), int(pair["second"])
        if len(pair["year"]) == 2:
            year_first = pair["mark"] == "-" or self._primary in _YEAR_FIRST_LANGUAGES
            order = self._order(pair["mark"])
            return _of_short_numbers(first, second, int(pair["year"]), order, year_first=year_first)
        in_doubt = max(first, second) <= 12 and first != second
        day_first = self._order(pair["mark"]) if in_doubt else first > 12
        if day_first is None:
            return None
        day, month = (first, second) if day_first else (second, first)
        return _date(self._year(pair["year"], text), month, day)

    def _order(self, mark: str) -> bool | None:
        return True if self._day_first is None and mark == "." else self._day_first

    @cached_property
    def _day_first(self) -> bool | None:
        """Whether this document puts the day before the month; None when nothing tells."""
        pairs, others = self._sampled()
        self.compared = True
        orders = {first > 12 for first, second, _ in pairs if max(first, second) > 12}
        if len(orders) == 1:
            return orders.pop()
        if self._region in _AMERICAN_REGIONS and self._primary == "en":
            return False
        if self._language not in ("", "en"):
            return True
        nearer = None if orders else _nearer(pairs, others)
        return False if nearer is None and self._language else nearer

    def _sampled(self) -> tuple[set[tuple[int, int, int]], set[date]]:
        """The samples of two numbers and a year, and the others that can be read."""
        pairs: set[tuple[int, int, int]] = set()
        others: set[date | None] = set()
        for text in self._samples:
            match = _PAIR.search(text)
            if match is None:
                others.add(self.read(text))
            elif len(match["year"]) == 4:
                pairs.add((int(match["first"]), int(match["second"]), int(match["year"])))
        return pairs, {day for day in others if day}


def _east_asian(match: re.Match[str]) -> date | None:
    nth = 1 if match["nth"] == "元" else int(match["nth"] or 0)
    year = date_words.ERAS[match["era"]] + nth if match["era"] else int(match["year"])
    return _date(year, int(match["month"]), int(match["day"]))


def _beside_numbers(words: Sequence[str], month_of: Callable[[str], int | None]) -> int | None:
    """The month named in these words, and closest to the numbers: "mar" is also a Tuesday (mardi, martes)."""
    months = [None if word.isdecimal() else month_of(word) for word in words]
    # "de", "of", "nd" and their like stand between a name and its numbers.
    closed = [
        (word.isdecimal(), month)
        for word, month in zip(words, months, strict=True)
        if month or word.isdecimal() or len(word) > MAX_PARTICLE_CHARS
    ]
    ranked = (
        (sum(is_number for is_number, _ in closed[max(place - 1, 0) : place + 2]), place, month)
        for place, (_, month) in enumerate(closed)
        if month
    )
    return max(ranked, default=(0, 0, None))[2]


def _phrase(text: str) -> int | None:
    """The month whose name has a blank or a dot within."""
    if text.isascii():
        return None
    whole = date_words.bare(text)
    return next((month for name, month in date_words.phrases().items() if name in whole), None)


def _of_short_numbers(
    first: int, second: int, third: int, day_first: bool | None, *, year_first: bool
) -> date | None:
    """The day of three numbers below 100: in the document's order, else in the only one that is possible."""
    orders = {True: _short(third, second, first), False: _short(third, first, second)}
    if day_first is not None and (known := orders[day_first]):
        return known
    possible = {
        day for day in (*orders.values(), _short(first, second, third) if year_first else None) if day
    }
    return possible.pop() if len(possible) == 1 else None


def _short(year: int, month: int, day: int) -> date | None:
    found = _date(full_year(f"{year:02}"), month, day)
    return found if found and found.year in SHORT_YEARS else None


def _nearer(pairs: Iterable[tuple[int, int, int]], others: Iterable[date]) -> bool | None:
    """Whether the days lie much nearer together with the day first, or (False) with the month first."""
    day_first, month_first = (
        [
            *others,
            *(date(year, *((second, first) if order else (first, second))) for first, second, year in pairs),
        ]
        for order in (True, False)
    )
    spans = [max(days) - min(days) if days else timedelta(0) for days in (day_first, month_first)]
    if MIN_NEARNESS * min(spans) >= max(spans):
        return None
    return spans[0] < spans[1]


def full_year(digits: str) -> int:
    """A year of two or three digits as RFC 5322 §4.3 has it, but with feedparser's turning point."""
    year = int(digits)
    if len(digits) == 2:
        return year + (2000 if year < 90 else 1900)
    return year + 1900 if len(digits) == 3 and year < 200 else year


def persian(year: int, month: int, day: int) -> date | None:
    """A day of the solar Hijri calendar; its leap years follow a cycle of 33 years from 1799 to 2256."""
    if not 1 <= month <= 12 or not 1 <= day <= (31 if month <= 6 else 30):
        return None
    before = 365 * (year - 1) + (8 * year + 21) // 33
    within = 31 * (month - 1) - max(month - 7, 0) + day - 1
    return date(622, 3, 21) + timedelta(days=before + within)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
