"""When a page was published and last changed: what each place says, and which is believed.

1. read      JSON-LD, meta and microdata, time elements, the line below the headline, the address; the feed;
             where no time of day is among these, what is carried unseen and what analytics are told
2. reject    template dates (1970, year 1), days that are still to come, the moment the page was served
3. choose    the first that is left, in the order above; the feed goes before what stands in the page
4. refine    a day alone takes the time, and a time without zone the zone, of another reading that fits it
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from lxml.html import HtmlElement

from ingestd.clean.bylines import is_of_others, label_before
from ingestd.clean.dates import Moment, date_in_url, read_moment, read_written
from ingestd.clean.declared import Declared
from ingestd.clean.json_ld import Json, text
from ingestd.clean.marks import COMMENTS, kind_of_names
from ingestd.clean.tree import Block, fold
from ingestd.clean.unseen import STATE, Unseen
from ingestd.model import Reading, Resolved

FEED = "feed"
_URL, _SEEN, _SCRIPT, _OTHER = "url", "page", "script", "json-ld of another thing"

_PUBLISHED_LD = ("datePublished", "dateCreated", "uploadDate")
# Under these names templates also state the last change.
_AMBIGUOUS_META = frozenset(("meta date", "meta dc.date", "meta dcterms.date", "meta search_date"))
# In the order of how often they were right; "date" is also used for the last change.
_PUBLISHED_META = (
    "article:published_time", "article:published", "og:article:published_time", "og:published_time",
    "og:pubdate", "datepublished", "published_time", "article.published", "parsely-pub-date",
    "sailthru.date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "bt:pubdate", "ptime",
    "publication_date", "publicationdate", "publishdate", "publish-date", "publish_date", "published-date",
    "published", "pubdate", "pub_date", "originalpublicationdate", "article_date_original", "displaydate",
    "dc.date.issued", "dcterms.issued", "date.issued", "dc.date.published", "firstcreate", "dcterms.created",
    "dc.date.created", "datecreated", "article.created", "dc.date", "dcterms.date", "date",
    "rnews:datepublished", "video:release_date", "search_date", "creation_date",
)  # fmt: skip
_MODIFIED_META = (
    "article:modified_time", "article:modified", "og:updated_time", "og:modified_time", "datemodified",
    "dcterms.modified", "dc.date.modified", "article.updated", "parsely-modified-date", "lastmod",
    "lastupdate", "bt:moddate", "moddate", "last-modified", "last_updated", "lastmodified",
    "article_date_updated",
)  # fmt: skip
_UPDATED_CLASSES = ("updated", "modified", "update")

# A date that readers see stands in a line no longer than this.
_LONGEST_LINE = 110
_MOST_TIMES, _MOST_SORTED = 12, 60
_TEXTS_OF_A_TIME = 20
# So deep below what calls itself comments stands the time of one.
_COMMENT_WITHIN = 10
# Longer scripts hold the state of a site, with the times of other articles; the longest are not looked at.
_LONGEST_SCRIPT, _LONGEST_STATE = 30_000, 1_500_000
_IN_SCRIPT = re.compile(
    r"ubli(?:sh|cation)\w{0,16}\\?[\"']?\s{0,3}[:=]\s{0,3}\\?[\"']?(\d[^\"'<>,;\n\\]{7,40})"
)
# So far around a time the line is looked for that it stands in.
_MOST_AROUND = 4
_UPDATED = re.compile(
    r"\b(?:updated|last\s(?:update|modified|edited)|modified|aktualisiert|geändert|stand\s?:|mis(?:e)?\sà\sjour|"
    r"modifiée?|màj|actualizad[oa]|actualización|modificad[oa]|atualizad[oa]|atualização|aggiornat[oa]|"
    r"aggiornamento|bijgewerkt|gewijzigd|opdateret|oppdatert|uppdatera[dt]|päivitetty|muokattu|aktualizacja|"
    r"zaktualizowan[oy]|aktualizov[aá]no|aktualizace|frissítve|módosítva|actualizat|ažurirano|обновлен[оа]?|"
    r"изменено|оновлено|güncellen(?:me|di)|güncelleme|ενημέρωση|diperbarui|cập\snhật)"
    r"|更新|最終更新|수정|업데이트|تحديث|آخر\sتحديث|עודכן|अपडेट|อัปเดต",
    re.IGNORECASE,
)
_FIRST_PUBLISHED = re.compile(
    r"\b(?:(?:first\s)?published|posted|created|veröffentlicht|erstellt|publiée?|publicad[oa]|pubblicat[oa]|"
    r"gepubliceerd|geplaatst|publisert|publiceret|publicerad|julkaistu|opublikowan[oy]|publikacja|"
    r"zveřejněno|publikováno|megjelent|publicat|objavljeno|опубликован[оа]?|опубліковано|yayınlan(?:ma|dı)|"
    r"δημοσίευση|diterbitkan)|公開|発行|发布|發布|入力|입력|등록|نشر|פורסם|प्रकाशित",
    re.IGNORECASE,
)
_OF_THE_PAGE = re.compile(r"\b(?:date|datum|data|fecha|datę|dato|tarih|дата|publi)|日|時", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
# Clocks differ, and some outlets date ahead to the evening.
_AHEAD = timedelta(hours=36)
_SERVED_WITHIN = timedelta(minutes=2)
# The zones of the world differ by whole quarters of an hour, and by no more than this.
_QUARTER, _FARTHEST = timedelta(minutes=15), timedelta(hours=14)
# From this rank on a reading is made of what readers see.
_FROM_PAGE = 3
_NOT_MEANT = ((1999, 11, 30), (2000, 1, 1), (2001, 1, 1))


@dataclass(frozen=True, slots=True)
class DateReading:
    """What one place says about a time."""

    source: str
    moment: Moment


# ---------------------------------------------------------------------------------- 1. read


def read_published(
    page: Declared,
    story: Json,
    near: Sequence[Block] = (),
    language: str = "",
    unseen: Unseen | None = None,
) -> tuple[DateReading, ...]:
    """Every statement of when the page was published, the most credible first.

    `near` are the lines around the headline; `language` is a tag, "" when none is declared: it tells how
    readers of "7/8/2024" are meant to understand it. `unseen` is asked where no other place tells a time.
    """
    found = _readings(_published(page, story, near, _day_first(language)))
    if any(reading.moment.timed for reading in found):
        return found
    carried = [(STATE, unseen.facts.published)] if unseen else []
    return _readings((*((one.source, one.moment) for one in found), *carried, *_in_scripts(page, found)))


def read_modified(page: Declared, story: Json, unseen: Unseen | None = None) -> tuple[DateReading, ...]:
    """Every statement of when the page was last changed, the most credible first.

    `unseen` is asked only if it was before: most pages do not say when they were changed.
    """
    found = _readings(_modified(page, story))
    return found or _readings([(STATE, unseen.facts.modified)] if unseen and unseen.is_read else [])


def _readings(stated: Iterable[tuple[str, Moment | None]]) -> tuple[DateReading, ...]:
    found: dict[tuple[str, str], DateReading] = {}
    for source, moment in stated:
        if moment is not None:
            found.setdefault((source, moment.written), DateReading(source, moment))
    return tuple(found.values())


def _day_first(language: str) -> bool | None:
    primary, _, region = language.partition("-")
    if primary == "en":
        return {"": None, "US": False, "PH": False}.get(region.upper(), True)
    return True if primary else None


def _published(
    page: Declared, story: Json, near: Sequence[Block], day_first: bool | None
) -> Iterator[tuple[str, Moment | None]]:
    stated = story.get("datePublished")
    yield "json-ld datePublished", read_moment(text(stated) or stated)
    for name, content in page.all(_PUBLISHED_META):
        yield f"meta {name}", read_moment(content)
    yield "json-ld dateCreated", read_moment(text(story.get("dateCreated")))
    for around in (*page.graph.twins(story), page.described):
        for key in _PUBLISHED_LD:
            yield f"json-ld page {key}", read_moment(text(around.get(key)))
    yield "json-ld page coverageStartTime", read_moment(text(story.get("coverageStartTime")))
    yield from _time_elements(page, near)
    yield from ((_SEEN, moment) for moment in _seen(near, day_first))
    yield _URL, date_in_url(page.url)
    for key in _PUBLISHED_LD:
        yield _OTHER, read_moment(text(page.graph.page.get(key)))


def _modified(page: Declared, story: Json) -> Iterator[tuple[str, Moment | None]]:
    yield "json-ld dateModified", read_moment(text(story.get("dateModified")))
    for name, content in page.all(_MODIFIED_META):
        yield f"meta {name}", read_moment(content)
    yield "json-ld page dateModified", read_moment(text(page.graph.page.get("dateModified")))
    for element in page.times[:_MOST_TIMES]:
        if _tells_change(element, page):
            yield "time", _of_element(element)


def _in_scripts(page: Declared, found: Sequence[DateReading]) -> Iterator[tuple[str, Moment | None]]:
    """Times in what the page tells its analytics; in the state of a whole site only those of a known day."""
    for script in page.script_texts(_LONGEST_STATE):
        for written in islice(_IN_SCRIPT.findall(script), _MOST_TIMES):
            moment = read_moment(written)
            known = moment and any(_same_day(moment, reading.moment) for reading in found)
            if known or (len(script) <= _LONGEST_SCRIPT and not found):
                yield _SCRIPT, moment


def _seen(near: Sequence[Block], day_first: bool | None) -> list[Moment]:
    """The dates in lines; those of changes last."""
    short = (line for line in near if len(line.text) <= _LONGEST_LINE and _DIGIT.search(line.text))
    lines = [line.text for line in short if not _is_fact(line)]
    published: list[Moment | None] = []
    changed: list[Moment | None] = []
    for line in lines:
        moment = read_written(line, day_first=day_first)
        change = _UPDATED.search(line) if moment else None
        if change:
            changed.append(moment)
            moment = read_written(_without_change(line, change), day_first=day_first)
        published.append(moment)
    return [moment for moment in (*published, *changed) if moment]


def _is_fact(line: Block) -> bool:
    """Whether a line tells what a table's heading asks for, and that is not the date: "Founded"."""
    before = line.element.getprevious() if line.tag == "td" else None
    if before is None or before.tag != "th":
        return False
    label = fold("".join(islice(before.itertext(), 4)))
    return not (_OF_THE_PAGE.search(label) or _FIRST_PUBLISHED.search(label) or _UPDATED.search(label))


def _without_change(line: str, change: re.Match[str]) -> str:
    """What stands before the words for a change, and what behind words for the publication after them."""
    again = _FIRST_PUBLISHED.search(line, change.end())
    return f"{line[: change.start()]} {line[again.start() :] if again else ''}".strip()


def _time_elements(page: Declared, near: Sequence[Block]) -> Iterator[tuple[str, Moment | None]]:
    """Machine-readable times: marked ones first, else those below the headline, then in reading order."""
    # Menus with teasers have more times than are looked at, none of them marked.
    first = sorted(page.times[:_MOST_SORTED], key=lambda one: not _is_marked(one))[:_MOST_TIMES]
    told = (element for element in first if not _is_of_a_comment(element))
    elements = [element for element in told if not _tells_change(element, page)]
    elements = _by_distance(elements, near, page.h1) if len(elements) > 1 else elements
    marked = [element for element in elements if _is_marked(element)]
    for element in marked:
        yield "time published", _of_element(element)
    for element in elements:
        if element not in marked:
            yield "time", _of_element(element)


def _is_marked(element: HtmlElement) -> bool:
    """Whether a time is marked as that of the publication."""
    return _is_of(element, "datepublished", ("published",)) or element.get("pubdate") is not None


def _is_of_a_comment(element: HtmlElement) -> bool:
    """Whether an element says when a reader wrote."""
    return any(
        kind_of_names(name) == COMMENTS
        for around in islice(element.iterancestors(), _COMMENT_WITHIN)
        for name in (around.get("class"), around.get("id"))
        if name and around.tag not in ("html", "body", "article", "main")
    )


def _by_distance(elements: list[HtmlElement], near: Sequence[Block], h1: Sequence[str]) -> list[HtmlElement]:
    """The elements below the headline, then those above it, then the others; last what is of others."""
    lines = {line.element: place for place, line in enumerate(near)}
    headline = next((place for place, line in enumerate(near) if line.text in h1), 0)

    def distance(element: HtmlElement) -> tuple[bool, int]:
        around = (element, *islice(element.iterancestors(), _MOST_AROUND))
        place = next((lines[one] for one in around if one in lines), None)
        rank = 2 if place is None else int(place < headline)
        return is_of_others(element) or any(one.tag == "aside" for one in around), rank

    return sorted(elements, key=distance)


def _tells_change(element: HtmlElement, page: Declared) -> bool:
    """Whether a time is marked as that of a change or, beside another, labelled so."""
    # Of an article that never changed, one element says both: "entry-date published updated".
    if _is_of(element, "datepublished", ("published",)):
        return False
    if _is_of(element, "datemodified", _UPDATED_CLASSES):
        return True
    if len(page.times) < 2:
        return False
    said = f"{label_before(element)} {element.text or ''}"
    return _UPDATED.search(said) is not None and not _FIRST_PUBLISHED.search(said)


def _is_of(element: HtmlElement, itemprop: str, classes: Sequence[str]) -> bool:
    names = (element.get("class") or "").lower().replace("-", " ").replace("_", " ").split()
    return itemprop in (element.get("itemprop") or "").lower() or any(name in classes for name in names)


def _of_element(element: HtmlElement) -> Moment | None:
    stated = read_moment(element.get("datetime") or element.get("content"))
    if stated is not None and stated.timed:
        return stated
    seen = read_written(fold("".join(islice(element.itertext(), _TEXTS_OF_A_TIME))))
    return stated if seen is None or (stated and not _same_day(stated, seen)) else seen


# ---------------------------------------------------------------------------------- 2. reject


def _lie(moment: Moment, served: datetime | None) -> str | None:
    """Why a moment cannot be meant; None when it can."""
    day = moment.local.date()
    if not moment.timed and (day.year, day.month, day.day) in _NOT_MEANT:
        return "is the beginning of a calendar"
    if served is not None and moment.utc > served + _AHEAD:
        return "lies ahead of the day on which the page was served"
    return None


def _is_serving_time(moment: Moment, served: datetime | None) -> bool:
    return served is not None and moment.timed and abs(moment.utc - served) <= _SERVED_WITHIN


# ---------------------------------------------------------------------------------- 3. choose


def resolve_times(
    published: Sequence[DateReading],
    modified: Sequence[DateReading],
    served: datetime | None = None,
) -> tuple[datetime | None, datetime | None, tuple[Resolved, ...]]:
    """Published and modified as aware UTC, and how they were found.

    `served` is when the page was fetched, by its server's clock; None when that is not known.
    """
    first, why = _resolve("published_at", published, modified, served)
    last, why_last = _resolve("modified_at", modified, published, served)
    if first and last and last < first - timedelta(minutes=1):
        last = None
        why_last = replace(why_last, value=None, reason="what is stated lies before the publication")
    return first, last, (why, why_last)


def _resolve(
    field: str, readings: Sequence[DateReading], others: Sequence[DateReading], served: datetime | None
) -> tuple[datetime | None, Resolved]:
    ordered = sorted(readings, key=lambda reading: _rank(reading.source))
    lies = {reading: why for reading in ordered if (why := _lie(reading.moment, served))}
    credible = [reading for reading in ordered if reading not in lies]
    shown = tuple(Reading(r.source, r.moment.written) for r in (*credible, *lies))
    if not credible:
        reason = "; ".join(f"{r.source} {why}" for r, why in lies.items()) or "no place states it"
        return None, Resolved(field, None, reason, shown)
    chosen = _not_the_serving_time(_not_a_change(credible, others), served)
    moment, notes = _refined(chosen, credible, others)
    reason = "; ".join((f"{chosen.source} is the most credible that states it", *notes))
    return moment.utc, Resolved(field, moment.written, reason, shown)


def _rank(source: str) -> int:
    """Steps of trust: markup for machines, the feed, then what stands in the page and in its address."""
    if source.startswith(("json-ld date", "meta ")):
        return 0
    if source.startswith(("json-ld page", "time published")):
        return 1
    return {FEED: 2, "time": 3, STATE: 3, _SEEN: 4, _SCRIPT: 5, _URL: 6, _OTHER: 7}[source]


def _not_a_change(readings: Sequence[DateReading], modified: Sequence[DateReading]) -> Sequence[DateReading]:
    """The readings; without those that only repeat the last change where markup tells an earlier day."""
    first = readings[0]
    changes = {one.moment.utc for one in modified}
    if first.source not in _AMBIGUOUS_META or first.moment.utc not in changes:
        return readings
    others = [r for r in readings if r.source not in _AMBIGUOUS_META]
    earlier = any(_rank(r.source) < _FROM_PAGE + 1 and r.moment.utc < first.moment.utc for r in others)
    return others if earlier else readings


def _not_the_serving_time(readings: Sequence[DateReading], served: datetime | None) -> DateReading:
    """The first reading; another day that is stated, where it is just the time of serving the page."""
    first = readings[0]
    if not _is_serving_time(first.moment, served):
        return first
    days = (r for r in readings[1:] if not _same_day(r.moment, first.moment))
    return next(days, first)


# ---------------------------------------------------------------------------------- 4. refine


def _refined(
    chosen: DateReading, readings: Sequence[DateReading], others: Sequence[DateReading]
) -> tuple[Moment, list[str]]:
    moment, notes = chosen.moment, []
    if not moment.timed:
        # A stated zone may mean midnight, so that what stands in the page proves nothing against it.
        able = [one for one in readings if moment.offset is None or _rank(one.source) < _FROM_PAGE]
        better = _find(able, lambda m: m.timed and _same_day(m, moment))
        if better:
            moment = better.moment
            notes.append(f"the time of day is from {better.source}")
    if moment.timed and moment.offset is None:
        zoned = _find(readings, lambda m: m.offset is not None and _is_same_time(m, moment))
        offset = _offset_by(zoned.moment, moment) if zoned else None
        zoned = zoned or _find((*readings, *others), lambda m: m.timed and m.offset is not None)
        if zoned:
            moment = replace(moment, offset=zoned.moment.offset if offset is None else offset)
            notes.append(f"the zone is from {zoned.source}")
        else:
            notes.append("without a zone it is taken as UTC")
    return moment, notes


def _find(readings: Iterable[DateReading], fits: Callable[[Moment], bool]) -> DateReading | None:
    return next((reading for reading in readings if fits(reading.moment)), None)


def _same_day(one: Moment, other: Moment) -> bool:
    days = {one.local.date(), one.utc.date()}
    return bool(days & {other.local.date(), other.utc.date()})


def _is_same_time(zoned: Moment, naive: Moment) -> bool:
    """Whether a zoned moment can be what a clock without zone showed: quarters of an hour may lie between."""
    return zoned.timed and _offset_by(zoned, naive) is not None


def _offset_by(zoned: Moment, naive: Moment) -> timedelta | None:
    """How far the clock was ahead of UTC if both mean one minute; None when they cannot."""
    if abs(zoned.local - naive.local) < timedelta(minutes=1):
        return zoned.offset
    ahead = naive.local.replace(tzinfo=UTC, second=0) - zoned.utc.replace(second=0)
    return ahead if abs(ahead) <= _FARTHEST and not ahead % _QUARTER else None
