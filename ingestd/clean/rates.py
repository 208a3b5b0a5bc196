"""What the pages of a host usually give, and when that has changed: a redesign, a new wall, or well again.

Each page gives one *outcome* (`outcome_of`). The last `LAST` pages are kept as they are, so that what
happens now does not colour what it is compared with; a page that leaves them is learnt: shares of the
outcomes and the length of the texts, weighted so that the latest `MEMORY` pages count.

The pages have changed when `MANY` of the last gave what was rare before, or all of them one thing that was
not usual; from then on nothing is learnt, so that the change stays told until it is over. A change for the
better, to articles, is the new usual at once. The length has changed when the last texts are much longer or
shorter than usual and that cannot be chance; it is told once, because nobody can say which length is the
right one.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from ingestd.model import Article, Completeness, TextSource
from ingestd.words import count_words

# How many pages tell how it is now, and how many of these make a change.
LAST = 10
MANY = 8
# Of which at most so many are rare when it is well again.
FEW = 2
# Until so many pages were learnt nothing is usual yet.
ACQUAINTED = 30
# About so many pages count in what is usual; a few weeks of a small outlet, a day of a large one.
MEMORY = 100
# Outcomes that together have less than this share are rare: eight of ten by chance in 1 of 100,000 cases.
RARE = 0.15
# An outcome of less than this share is not usual: ten of ten by chance in 1 of 50,000 cases.
USUAL = 0.34
# A change of length is at least by this factor and so many standard errors of the mean, with a spread (of
# natural logarithms) of at least this. Neighbours are of similar length: flashes come together.
FACTOR = 2.5
ERRORS = 7.0
LEAST_SPREAD = 0.4
# How many texts must be learnt first.
TEXTS = 50
# A text of fewer words is next to nothing.
NEAR_EMPTY = 25

ARTICLE = "article"
# Outcomes of which the text has a length that can be compared.
_TEXTS = frozenset({ARTICLE, "fallback", "near-empty"})


def outcome_of(article: Article) -> str:
    """What a page gave: "article", or in what respect it gave less, or the reason of its verdict."""
    if article.verdict is not None:
        return article.verdict.reason
    if article.completeness is not Completeness.WHOLE:
        return article.completeness.value
    if article.source is not TextSource.PAGE:
        return {TextSource.FEED: "feed-text", TextSource.JSON_LD: "json-ld"}[article.source]
    if article.extractor != "own":
        return "fallback"
    return ARTICLE if count_words(article.text) >= NEAR_EMPTY else "near-empty"


class Seen(NamedTuple):
    """One page of a host."""

    # A page that is tried again counts as it was last.
    page_id: int
    outcome: str
    words: int
    # Seconds since the epoch.
    at: float


@dataclass(frozen=True, slots=True)
class Change:
    """How what a host's pages give has changed."""

    # "pages": what they give; "length": how long their texts are.
    what: str
    # An outcome, or "520 words".
    before: str
    now: str
    since: datetime
    # How many of the last pages show it.
    pages: int
    # Whether this is the end of a change for the worse.
    well: bool = False

    def to_json(self) -> dict[str, object]:
        """The facts as an event tells them."""
        return {
            "what": self.what,
            "from": self.before,
            "to": self.now,
            "since": self.since.isoformat(),
            "pages": self.pages,
            "well": self.well,
        }


@dataclass(frozen=True, slots=True)
class Rates:
    """What is known of one host's pages."""

    # How many were learnt.
    pages: int = 0
    # Outcome to share, 0 to 1.
    usual: Mapping[str, float] = field(default_factory=dict)
    # How many texts were learnt, and mean and variance of the natural logarithm of their words.
    texts: int = 0
    length: float = 0.0
    variance: float = 0.0
    # The last pages, oldest first.
    last: tuple[Seen, ...] = ()
    # What is not as it usually is; None when all is.
    change: Change | None = None

    def to_json(self) -> dict[str, object]:
        """Less than 1 kB as JSON."""
        plain: dict[str, object] = {
            "pages": self.pages,
            "usual": {outcome: round(share, 4) for outcome, share in self.usual.items() if share >= 0.0005},
            "texts": self.texts,
            "length": round(self.length, 4),
            "variance": round(self.variance, 4),
            "last": [[one.page_id, one.outcome, one.words, round(one.at)] for one in self.last],
        }
        return plain | {"change": self.change.to_json()} if self.change else plain

    @classmethod
    def from_json(cls, value: Mapping[str, Any] | None) -> "Rates":
        """The inverse; anything that `to_json` cannot have written is read as nothing known."""
        try:
            return cls._read(value) if value else cls()
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
            return cls()

    @classmethod
    def _read(cls, value: Mapping[str, Any]) -> "Rates":
        change = value.get("change")
        return cls(
            pages=int(value["pages"]),
            usual={str(outcome): float(share) for outcome, share in value["usual"].items()},
            texts=int(value["texts"]),
            length=float(value["length"]),
            variance=max(0.0, float(value["variance"])),
            last=tuple(Seen(int(i), str(o), int(w), float(at)) for i, o, w, at in value["last"])[-LAST:],
            change=_read_change(change) if change else None,
        )

    def words(self) -> str:
        """For people: what the pages give, and since when if that is not as usual."""
        if self.change:
            day = self.change.since.date().isoformat()
            return f"{self.change.now} since {day}, before that {self.change.before}"
        shares = self.usual or _shares(self.last)
        if not shares:
            return "nothing yet"
        common = sorted(shares.items(), key=lambda item: -item[1])
        return ", ".join(f"{share:.0%} {outcome}" for outcome, share in common if share >= 0.005)


def _read_change(value: Mapping[str, Any]) -> Change:
    since = datetime.fromisoformat(value["since"]).astimezone(UTC)
    now, before = str(value["to"]), str(value["from"])
    return Change(str(value["what"]), before, now, since, int(value["pages"]), bool(value["well"]))


# ------------------------------------------------------------------------------- learning


def observe(rates: Rates, seen: Seen) -> tuple[Rates, tuple[Change, ...]]:
    """The rates with one more page in them, and what has changed by it."""
    others = tuple(one for one in rates.last if one.page_id != seen.page_id)
    last = (*others, seen)
    rates = replace(rates, last=last[-LAST:])
    # What is not as usual must not become so.
    if len(last) > LAST and rates.change is None:
        rates = _with_learnt(rates, last[0])
    if len(rates.last) < LAST or rates.pages < ACQUAINTED:
        return rates, ()
    rates, pages = _compare_pages(rates)
    rates, length = _compare_length(rates)
    return rates, tuple(change for change in (pages, length) if change)


def _with_learnt(rates: Rates, seen: Seen) -> Rates:
    pages = rates.pages + 1
    weight = 1 / min(pages, MEMORY)
    usual = {outcome: share * (1 - weight) for outcome, share in rates.usual.items()}
    usual[seen.outcome] = usual.get(seen.outcome, 0.0) + weight
    rates = replace(rates, pages=pages, usual=usual)
    if seen.outcome not in _TEXTS:
        return rates
    texts = rates.texts + 1
    weight, off = 1 / min(texts, MEMORY), math.log(1 + seen.words) - rates.length
    variance = (1 - weight) * (rates.variance + weight * off * off)
    return replace(rates, texts=texts, length=rates.length + weight * off, variance=variance)


def _shares(last: tuple[Seen, ...]) -> dict[str, float]:
    return {outcome: count / len(last) for outcome, count in Counter(one.outcome for one in last).items()}


# ------------------------------------------------------------------------------- comparing


def _compare_pages(rates: Rates) -> tuple[Rates, Change | None]:
    rare = _rare(rates)
    if rates.change and len(rare) <= FEW and _count(rates, rates.change.now) < LAST / 2:
        over = Change("pages", rates.change.now, _commonest(rates.last), _since(rates), LAST, well=True)
        return replace(rates, change=None), over
    if not _is_other(rates, rare):
        return rates, None
    odd = tuple(rare) if len(rare) >= MANY else rates.last
    now = _commonest(odd)
    if rates.change and rates.change.now == now:
        return rates, None
    before = rates.change.now if rates.change else max(rates.usual, key=rates.usual.__getitem__)
    since = datetime.fromtimestamp(odd[0].at, UTC)
    change = Change("pages", before, now, since, len(odd), well=now == ARTICLE)
    if change.well:
        return replace(rates, usual=_shares(rates.last), change=None), change
    return replace(rates, change=change), change


def _is_other(rates: Rates, rare: list[Seen]) -> bool:
    """Whether most of the last pages gave what was rare, or all of them one thing that was not usual."""
    if len(rare) >= MANY:
        return True
    outcomes = {one.outcome for one in rates.last}
    return len(outcomes) == 1 and rates.usual.get(rates.last[0].outcome, 0.0) < USUAL


def _count(rates: Rates, outcome: str) -> int:
    return sum(one.outcome == outcome for one in rates.last)


def _rare(rates: Rates) -> list[Seen]:
    """Those of the last pages that gave what was rare."""
    together, usual = 0.0, set()
    for outcome, share in sorted(rates.usual.items(), key=lambda item: item[1]):
        together += share
        if together >= RARE:
            usual.add(outcome)
    return [one for one in rates.last if one.outcome not in usual]


def _commonest(pages: tuple[Seen, ...]) -> str:
    return Counter(one.outcome for one in pages).most_common(1)[0][0]


def _since(rates: Rates) -> datetime:
    """When the first of the last pages came that is as usual."""
    rare = _rare(rates)
    return datetime.fromtimestamp(next(one.at for one in rates.last if one not in rare), UTC)


def _compare_length(rates: Rates) -> tuple[Rates, Change | None]:
    lengths = [math.log(1 + one.words) for one in rates.last if one.outcome in _TEXTS]
    if len(lengths) < LAST or rates.texts < TEXTS:
        return rates, None
    mean = sum(lengths) / LAST
    off = abs(mean - rates.length)
    error = max(LEAST_SPREAD, math.sqrt(rates.variance)) / math.sqrt(LAST)
    if off < math.log(FACTOR) or off < ERRORS * error:
        return rates, None
    since = datetime.fromtimestamp(rates.last[0].at, UTC)
    change = Change("length", _in_words(rates.length), _in_words(mean), since, LAST)
    # What is usual now is learnt from the next texts.
    return replace(rates, length=mean, texts=LAST), change


def _in_words(length: float) -> str:
    return f"{math.expm1(length):.0f} words"
