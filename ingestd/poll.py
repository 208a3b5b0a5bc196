"""Stage one: fetch a feed, find out what is new, and save entries, validators and next poll together.

Validators become durable in the transaction that stores the entries, so a process killed at any point
asks again for what it has not stored. An equal body is not parsed again; the hash that tells covers
whatever else decides what a parse gives.
"""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from ingestd import jobs
from ingestd.errors import FeedUnreadable, FetchError, StatusRefused, WorkerCrashed, WorkerError
from ingestd.feeds import schedule
from ingestd.feeds.select import select
from ingestd.feeds.version import PARSER_VERSION
from ingestd.fetch.client import Accept
from ingestd.log import fields
from ingestd.model import Document, FeedOutcome, NotModified, ParsedFeed, PollHints, Selection, Validators
from ingestd.report import FeedLine
from ingestd.road import Road, Visit
from ingestd.store import entries, feeds
from ingestd.store.feeds import PollRecord

log = logging.getLogger(__name__)

# A database error repeats its statement with all parameters.
MESSAGE_LIMIT = 500

NO_HEADERS: Mapping[str, str] = MappingProxyType({})
NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class _Success:
    """A poll that was answered well; `parsed` is None when nothing had to be parsed."""

    outcome: FeedOutcome
    answer: Document | NotModified
    body_hash: str | None = None
    parsed: ParsedFeed | None = None


async def poll(road: Road, visit: Visit, row: sa.Row[Any]) -> FeedLine:
    """Poll one feed, whose row is as it was claimed, and save what that brought."""
    began, started = road.clock.now(), road.clock.monotonic()
    try:
        success = await _fetch(road, visit, row)
    except (FetchError, FeedUnreadable, WorkerError) as error:
        elapsed = timedelta(seconds=road.clock.monotonic() - started)
        line = await _save_failure(road, visit, row, error, began, elapsed)
    else:
        elapsed = timedelta(seconds=road.clock.monotonic() - started)
        line = await visit.save(partial(_save_success, road, row, success, began, elapsed))
    _log(line, elapsed)
    return line


async def save_crash(road: Road, visit: Visit, row: sa.Row[Any], error: Exception) -> FeedLine:
    """Let a feed back off whose poll met a defect of our own."""
    crash = WorkerCrashed(f"{type(error).__name__}: {error}"[:MESSAGE_LIMIT])
    return await _save_failure(road, visit, row, crash, road.clock.now(), timedelta(0))


async def _fetch(road: Road, visit: Visit, row: sa.Row[Any]) -> _Success:
    answer = await visit.ask(
        row.url,
        Accept.FEED,
        validators=Validators(row.etag, row.last_modified),
        issued_by=row.validators_url,
        headers=road.feed_headers.get(row.key, NO_HEADERS),
    )
    if isinstance(answer, NotModified):
        return _Success(FeedOutcome.NOT_MODIFIED, answer)
    body_hash = _body_hash(answer)
    if body_hash == row.body_hash:
        return _Success(FeedOutcome.UNCHANGED, answer, body_hash)
    parsed = await road.workers.run(jobs.read_feed, answer.body, answer.final_url, dict(answer.headers))
    return _Success(FeedOutcome.UPDATED, answer, body_hash, parsed)


def _body_hash(answer: Document) -> str:
    """sha256 over all that decides what a parse gives: parser, base of relative links, charset, body."""
    context = "\n".join((PARSER_VERSION, answer.final_url, answer.content_type or ""))
    return hashlib.sha256(context.encode("utf-8", "surrogateescape") + b"\n" + answer.body).hexdigest()


def _save_success(
    road: Road,
    row: sa.Row[Any],
    success: _Success,
    began: datetime,
    elapsed: timedelta,
    connection: sa.Connection,
) -> FeedLine:
    selection = Selection()
    if success.parsed is not None:
        selection = select(
            success.parsed.entries, entries.known_digests(connection, row.id, success.parsed.entries)
        )
        fetch_pages = row.fetch_pages and road.pages.fetch
        entries.save(connection, row, selection, began, fetch_pages=fetch_pages)
    new, changed, seen = len(selection.new), len(selection.changed), len(selection.seen)
    answer = success.answer
    document = answer if isinstance(answer, Document) else None
    record = PollRecord(
        began,
        elapsed,
        success.outcome,
        status=document.status if document else NOT_MODIFIED,
        wire_bytes=document.wire_bytes if document else 0,
        body_bytes=len(document.body) if document else 0,
        new=new,
        changed=changed,
        seen=seen,
    )
    planned = _plan_success(road, row, success, began)
    feeds.save_poll(connection, row.id, record, planned, road.history.polls_per_feed)
    return FeedLine(row.key, success.outcome, None, record.status, new, changed, seen)


def _plan_success(road: Road, row: sa.Row[Any], success: _Success, now: datetime) -> dict[str, Any]:
    """The columns of `feed` that a good poll sets."""
    plan = schedule.after_success(
        now=now,
        key=row.key,
        configured=row.configured_interval,
        hints=success.parsed.hints if success.parsed else PollHints(),
        headers=success.answer.headers,
        settings=road.polling,
    )
    columns = _planned(plan)
    if isinstance(success.answer, NotModified):
        return columns | feeds.validators_after_304(success.answer.validators)
    columns |= feeds.validators_after_read(success.answer.validators, success.answer.final_url)
    columns["body_hash"] = success.body_hash
    parsed = success.parsed
    if parsed is None:
        return columns
    return columns | {"format": parsed.format, "title": parsed.title, "site_url": parsed.site_url}


def _planned(plan: schedule.Plan) -> dict[str, Any]:
    return {
        "next_poll_at": plan.next_poll_at,
        "interval": plan.interval,
        "plan_reason": plan.reason,
        "failures": plan.failures,
        "gone_count": plan.gone,
    }


async def _save_failure(
    road: Road,
    visit: Visit,
    row: sa.Row[Any],
    error: FetchError | FeedUnreadable | WorkerError,
    began: datetime,
    elapsed: timedelta,
) -> FeedLine:
    refused = error if isinstance(error, StatusRefused) else None
    outcome = FeedOutcome.CRASHED if isinstance(error, WorkerCrashed) else FeedOutcome.FAILED
    plan = schedule.after_failure(
        now=began,
        key=row.key,
        configured=row.configured_interval,
        failures=row.failures,
        gone=row.gone_count,
        weight=error.weight if isinstance(error, FetchError) else 1.0,
        status=refused.status if refused else None,
        retry_at=refused.retry_at if refused else None,
        settings=road.polling,
    )
    record = PollRecord(
        began,
        elapsed,
        outcome,
        status=refused.status if refused else None,
        error_class=error.error_class,
        message=str(error),
    )
    await visit.save(partial(_write_failure, road, row, record, plan))
    return FeedLine(row.key, outcome, str(error), record.status)


def _write_failure(
    road: Road, row: sa.Row[Any], record: PollRecord, plan: schedule.Plan, connection: sa.Connection
) -> None:
    feeds.save_poll(connection, row.id, record, _planned(plan), road.history.polls_per_feed)
    if plan.disable:
        feeds.set_state(connection, row.id, "gone", plan.reason, record.at)


def _log(line: FeedLine, elapsed: timedelta) -> None:
    facts = {"feed": line.key, "outcome": line.outcome.value, "status": line.status, "error": line.message}
    counts = {"new": line.new, "changed": line.changed, "seen": line.seen}
    log.info("polled", extra=fields(**facts, **counts, seconds=round(elapsed.total_seconds(), 3)))
