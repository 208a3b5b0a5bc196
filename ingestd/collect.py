"""Stage two: fetch an article's page, clean it, and settle what it is.

A page has its own attempts, apart from its feed's polls. When it cannot be had for good, the feed's own
text stands in for it where the feed carries one, and if need be its summary, marked as such. What is no
article leaves with a reason, never with bad text.

An attempt may have several legs: one that is redirected to another host goes on there in that host's turn.
Only the last leg has an outcome.

What the page gave is counted for the host that answered, in the transaction that saves it. When that is no
longer as it usually is, an event says so.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa

from ingestd import jobs
from ingestd.clean import Hints, rates
from ingestd.errors import FetchError, LeaseLost, StatusRefused, WorkerError
from ingestd.fetch.client import Accept
from ingestd.fetch.politeness import is_unreached
from ingestd.jobs import Reading
from ingestd.log import fields
from ingestd.matching import matching
from ingestd.model import Completeness, Document, Moved, PageOutcome, RetryPolicy, Verdict
from ingestd.report import PageLine
from ingestd.road import Road, RobotsForbid, Visit
from ingestd.store import articles, entries, host_pages, pages
from ingestd.store.collected import Collected, RawPage
from ingestd.urls import is_http, site_of
from ingestd.words import count_words

log = logging.getLogger(__name__)

R = TypeVar("R")

# A database error repeats its statement with all parameters.
MESSAGE_LIMIT = 500

# Its multiples lie evenly between whole numbers.
GOLDEN_RATIO = 0.618034

# Attempts at a page whose verdict may be another one on another day: that day, and two later ones.
LATER_ATTEMPTS = 3
# A summary of fewer bytes says no more than the headline.
LEAST_SUMMARY_BYTES = 80

# The verdict on a page at which the cleaner itself failed.
DEFECT = "unreadable"
ROBOTS = Verdict("robots", "robots.txt of its host does not let this page be fetched")
# Verdicts about a page behind which there is no article that a summary could stand for, or none for us.
_NO_SUMMARY = frozenset({"list-page", "robots", "video-page"})


@dataclass(frozen=True, slots=True)
class _Given:
    """What a page gave, as it is counted for its host."""

    # See `clean.rates.outcome_of`; of a page that the server refused the error class.
    outcome: str
    words: int = 0


@dataclass(frozen=True, slots=True)
class _Taken:
    """A page in hand, with the entry that tells of it."""

    page: sa.Row[Any]
    # None for a page that was given by hand.
    entry: sa.Row[Any] | None

    @property
    def name(self) -> str:
        return str(self.page.url or self.page.url_key)

    def hints(self, road: Road, document: Document | None) -> Hints:
        headers = dict(document.headers) if document else {}
        address = document.final_url if document else _entry_url(self)
        # Those of its host alone, because they travel to a worker with every page.
        rules = road.rules.about(address) if address else None
        entry = self.entry
        if entry is None:
            return Hints(asked_url=self.page.url, headers=headers, agencies=road.agencies, rules=rules)
        return Hints(
            title=entry.title,
            published_at=entry.published_at,
            updated_at=entry.updated_at,
            authors=tuple(entry.authors),
            language=entry.configured_language or entry.language,
            summary_html=entry.summary_html,
            content_html=entry.content_html,
            asked_url=self.page.url,
            headers=headers,
            agencies=road.agencies,
            rules=rules,
        )


async def collect(road: Road, visit: Visit, page_id: int) -> PageLine | None:
    """Bring one page to an outcome; None when somebody else has meanwhile, or another host has to."""
    taken = await visit.save(partial(_take, page_id, visit.host))
    if taken is None or isinstance(taken, PageLine):
        return taken
    try:
        line = await _bring_in(road, visit, taken)
    except RobotsForbid:
        line = await _save_verdict(road, visit, taken, ROBOTS)
    except (FetchError, WorkerError) as error:
        line = await _save_failure(road, visit, taken, error)
    except asyncio.CancelledError:
        # The end of a run speaks neither for nor against the page that was in hand.
        with suppress(LeaseLost):
            await asyncio.shield(visit.save(partial(pages.put_back, page_id=page_id)))
        raise
    if line is not None:
        _log(line)
    return line


async def save_crash(road: Road, visit: Visit, page_id: int, error: Exception) -> PageLine:
    """Let a page back off whose handling met a defect of our own."""
    detail = f"{type(error).__name__}: {error}"[:MESSAGE_LIMIT]
    return await visit.save(partial(_write_crash, road, page_id, detail))


def _take(page_id: int, host: str, connection: sa.Connection) -> _Taken | PageLine | None:
    row = pages.pending(connection, page_id)
    # It may have been given an address at another host since it was claimed; it is due there.
    if row is None or row.host != host:
        return None
    if not pages.take(connection, row):
        return PageLine(row.url or row.url_key, PageOutcome.CRASHED, "quarantined")
    return _Taken(row, entries.hints_for(connection, page_id))


async def _bring_in(road: Road, visit: Visit, taken: _Taken) -> PageLine | None:
    if taken.page.url is None:
        return await _settle(road, visit, taken, await _read_feed_text(road, taken), None)
    document = await _ask(visit, taken)
    if isinstance(document, Moved):
        await visit.save(partial(pages.hand_on, page_id=taken.page.id, moved=document))
        return None
    reading = await road.workers.run(
        jobs.read_page, document.body, document.final_url, taken.hints(road, document), road.pages.keep_html
    )
    return await _settle(road, visit, taken, reading, document)


async def _ask(visit: Visit, taken: _Taken) -> Document | Moved:
    """The page, or where its redirects lead; RobotsForbid when one of its addresses may not be asked."""
    url = taken.page.hop_url or taken.page.url
    hops = pages.hops_from_json(taken.page.hops)
    if not await visit.allows(url):
        raise RobotsForbid(ROBOTS.detail, url)
    answer = await visit.ask(url, Accept.PAGE, hops=hops, may_follow=visit.allows)
    assert isinstance(answer, Document | Moved)
    return answer


async def _save(
    road: Road,
    visit: Visit,
    taken: _Taken,
    outcome: Callable[[sa.Connection], R],
    *,
    given: _Given | None = None,
    settling: bool = False,
) -> R:
    """Save how an attempt ended, which ends its legs, and what the page gave if it came."""
    now = road.clock.now()

    def save(connection: sa.Connection) -> tuple[R, tuple[rates.Change, ...]]:
        pages.end_legs(connection, taken.page)
        changes = _count(connection, visit.host, taken.page.id, given, now) if given else ()
        return outcome(connection), changes

    saved, changes = await visit.save(save, settling=settling)
    for change in changes:
        log.warning("host changed", extra=fields(host=visit.host, **change.to_json()))
    return saved


def _count(
    connection: sa.Connection, host: str, page_id: int, given: _Given, now: datetime
) -> tuple[rates.Change, ...]:
    """Count what a page gave for the host that answered; what has changed by that is an event."""
    host_pages.count(connection, host, now.date(), given.outcome, given.words)
    known = rates.Rates.from_json(host_pages.learnt(connection, host))
    seen = rates.Seen(page_id, given.outcome, given.words, now.timestamp())
    learnt, changes = rates.observe(known, seen)
    host_pages.keep(connection, host, learnt.to_json())
    for change in changes:
        host_pages.changed(connection, host, now, change.to_json())
    return changes


async def _read_feed_text(road: Road, taken: _Taken) -> Reading:
    return await road.workers.run(jobs.read_feed_text, _entry_url(taken), taken.hints(road, None))


async def _settle(
    road: Road, visit: Visit, taken: _Taken, reading: Reading, document: Document | None
) -> PageLine:
    if reading.article.verdict is not None:
        return await _save_verdict(road, visit, taken, reading.article.verdict)
    given = None
    if document is not None:
        given = _Given(rates.outcome_of(reading.article), count_words(reading.article.text))
    return await _save_article(road, visit, taken, reading, document, given)


async def _save_article(
    road: Road,
    visit: Visit,
    taken: _Taken,
    reading: Reading,
    document: Document | None,
    given: _Given | None,
) -> PageLine:
    collected = _collected(taken, reading, document, road.clock.now())
    settle = partial(articles.settle, one=collected, matching=matching())
    outcome = await _save(road, visit, taken, settle, given=given, settling=True)
    return PageLine(taken.name, outcome)


def _collected(taken: _Taken, reading: Reading, document: Document | None, now: datetime) -> Collected:
    own_address = document.final_url if document else _entry_url(taken)
    agency = reading.article.agency
    has_page = not taken.page.url_key.startswith(entries.FEED_ONLY)
    raw = None
    if document is not None and reading.zstd is not None:
        raw = RawPage(document.content_type, reading.zstd, len(document.body))
    return Collected(
        page_id=taken.page.id,
        url=own_address,
        url_key=entries.page_key(own_address) if own_address and has_page else taken.page.url_key,
        site=site_of(own_address) if own_address else taken.page.host.removeprefix("www."),
        article=reading.article,
        fingerprint=reading.fingerprint,
        collected_at=now,
        raw=raw,
        from_agency=agency is not None and agency.own_outlet,
    )


def _entry_url(taken: _Taken) -> str | None:
    linked = taken.entry.url if taken.entry else None
    return taken.page.url or (linked if linked and is_http(linked) else None)


async def _save_verdict(road: Road, visit: Visit, taken: _Taken, verdict: Verdict) -> PageLine:
    if verdict.reason == DEFECT:
        log.error("the cleaner met a defect", extra=fields(page=taken.name, detail=verdict.detail))
    # A page is another one next time; the feed's own text stays what it is.
    given = _Given(verdict.reason) if taken.page.url and verdict is not ROBOTS else None
    if taken.page.url and taken.page.attempts + 1 < _most_attempts(road, verdict.retry):
        least = road.pages.retry_cap if verdict.retry is RetryPolicy.LATER else timedelta(0)
        return await _save_retry(road, visit, taken, verdict.reason, verdict.detail, least, given)
    reading = await _stand_in(road, taken, verdict.reason)
    if reading is not None:
        return await _save_article(road, visit, taken, reading, None, given)
    finish = partial(
        pages.finish,
        page_id=taken.page.id,
        outcome=PageOutcome.NOT_ARTICLE,
        state="rejected",
        reason=verdict.reason,
        detail=verdict.detail,
        fetched_at=road.clock.now(),
    )
    await _save(road, visit, taken, finish, given=given)
    return PageLine(taken.name, PageOutcome.NOT_ARTICLE, verdict.detail)


def _most_attempts(road: Road, retry: RetryPolicy) -> int:
    most = {
        RetryPolicy.NEVER: 0,
        RetryPolicy.LATER: LATER_ATTEMPTS,
        RetryPolicy.SOON: road.pages.max_attempts,
    }
    return min(most[retry], road.pages.max_attempts)


async def _save_failure(road: Road, visit: Visit, taken: _Taken, error: FetchError | WorkerError) -> PageLine:
    if _is_our_outage(road, error):
        return await _save_postponed(road, visit, taken, error)
    given = _Given(error.error_class) if isinstance(error, StatusRefused) else None
    may_retry = error.retry if isinstance(error, FetchError) else True
    if may_retry and taken.page.attempts + 1 < road.pages.max_attempts:
        least = _asked_for(road, error.retry_at) if isinstance(error, StatusRefused) else timedelta(0)
        return await _save_retry(road, visit, taken, error.error_class, str(error), least, given)
    reading = await _stand_in(road, taken, error.error_class)
    if reading is not None:
        return await _save_article(road, visit, taken, reading, None, given)
    outcome = PageOutcome.FAILED if isinstance(error, FetchError) else PageOutcome.CRASHED
    finish = partial(
        pages.finish,
        page_id=taken.page.id,
        outcome=outcome,
        state="failed",
        reason=error.error_class,
        detail=str(error),
    )
    await _save(road, visit, taken, finish, given=given)
    return PageLine(taken.name, outcome, str(error))


def _asked_for(road: Road, retry_at: datetime | None) -> timedelta:
    """How long a server asked to be left alone with a page."""
    if retry_at is None:
        return timedelta(0)
    return min(retry_at - road.clock.now(), road.politeness.parking_cap)


async def _stand_in(road: Road, taken: _Taken, why: str) -> Reading | None:
    """The feed's own text for a page that cannot be had, and why that is; None when it carries none.

    A summary stands in only for a page that never gave an article.
    """
    if taken.entry is None or taken.page.url is None:
        return None
    try:
        reading = await _read_feed_text(road, taken)
    except WorkerError:
        return None
    text = reading.article
    if text.verdict is not None:
        return None
    if text.completeness is Completeness.SUMMARY:
        known = why in _NO_SUMMARY or taken.page.article_id is not None
        if known or len(text.text.encode("utf-8", "replace")) < LEAST_SUMMARY_BYTES:
            return None
    return replace(reading, article=replace(text, source_reason=f"the page could not be had: {why}"))


def _is_our_outage(road: Road, error: FetchError | WorkerError) -> bool:
    """Whether this speaks not against the page: its host, or its robots.txt, is not reached because of us."""
    unreached = isinstance(error, FetchError) and (is_unreached(error) or error.error_class == "robots")
    return unreached and road.outage.is_ours(road.clock.now())


async def _save_postponed(
    road: Road, visit: Visit, taken: _Taken, error: FetchError | WorkerError
) -> PageLine:
    """No attempt is counted, and pages that failed together do not come back in one moment."""
    share = (taken.page.id * GOLDEN_RATIO) % 1
    at = road.clock.now() + road.pages.retry_delay * (1 + share)
    return await _save_again(road, visit, taken, at, taken.page.attempts, error.error_class, str(error))


async def _save_retry(
    road: Road, visit: Visit, taken: _Taken, reason: str, detail: str, least: timedelta, given: _Given | None
) -> PageLine:
    """Leave a page on the road; the next attempt comes no sooner than after `least`."""
    attempts = taken.page.attempts + 1
    delay = pages.delay_before(attempts + 1, road.pages.retry_delay, road.pages.retry_cap)
    at = road.clock.now() + max(delay, least)
    return await _save_again(road, visit, taken, at, attempts, reason, detail, given)


async def _save_again(
    road: Road,
    visit: Visit,
    taken: _Taken,
    at: datetime,
    attempts: int,
    reason: str,
    detail: str,
    given: _Given | None = None,
) -> PageLine:
    again = partial(
        pages.try_again, page_id=taken.page.id, at=at, attempts=attempts, reason=reason, detail=detail
    )
    await _save(road, visit, taken, again, given=given)
    return PageLine(taken.name, PageOutcome.RETRY_LATER, detail)


def _write_crash(road: Road, page_id: int, detail: str, connection: sa.Connection) -> PageLine:
    row = pages.get(connection, page_id)
    pages.end_legs(connection, row)
    attempts = row.attempts + 1
    if attempts < road.pages.max_attempts:
        delay = pages.delay_before(attempts + 1, road.pages.retry_delay, road.pages.retry_cap)
        at = road.clock.now() + delay
        pages.try_again(connection, page_id, at, attempts, reason="crashed", detail=detail)
    else:
        pages.finish(connection, page_id, PageOutcome.CRASHED, "failed", reason="crashed", detail=detail)
    return PageLine(row.url or row.url_key, PageOutcome.CRASHED, detail)


def _log(line: PageLine) -> None:
    log.debug("collected", extra=fields(page=line.name, outcome=line.outcome.value, detail=line.detail))
