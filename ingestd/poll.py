"""Stage one: fetch a feed, find out what is new, and save entries, validators and next poll together.

    where to ask ─ ask ─┬─ leads to another host ─ queued there, still due: a leg, and no poll yet
                        ├─ 304, or an equal body ──────────────┐
                        ├─ a document ─ parse ─ select ────────┼─ save, plan
                        ├─ leads to another feed's URL ────────┘  (nothing is stored of it)
                        └─ a failure ─ plan

Validators become durable in the transaction that stores the entries, so a process killed at any point
asks again for what it has not stored. An equal body is not parsed again; the hash that tells covers
whatever else decides what a parse gives.
"""

import hashlib
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from ingestd import jobs
from ingestd.errors import (
    FeedUnreadable,
    FetchError,
    StatusRefused,
    WorkerCrashed,
    WorkerError,
)
from ingestd.feeds import known, moves, schedule
from ingestd.feeds.moves import Move
from ingestd.feeds.rhythm import Observation, is_gap
from ingestd.feeds.schedule import FeedState
from ingestd.feeds.select import select
from ingestd.feeds.version import PARSER_VERSION
from ingestd.fetch.client import UNCONDITIONAL, Accept
from ingestd.fetch.credentials import may_carry
from ingestd.fetch.politeness import is_unreached
from ingestd.jobs import FeedReading
from ingestd.log import fields
from ingestd.model import Document, FeedOutcome, Moved, NotModified, Redirect, Selection, Validators
from ingestd.report import FeedLine
from ingestd.road import Road, Visit
from ingestd.store import entries, events, feeds, hosts, pages
from ingestd.store.feeds import PollRecord
from ingestd.store.hosts import Due
from ingestd.urls import host_of
from ingestd.values import write_duration

log = logging.getLogger(__name__)

# A database error repeats its statement with all parameters.
MESSAGE_LIMIT = 500
# What is kept of a body that could not be read, for whoever looks into it, in characters.
EXCERPT_LIMIT = 500

NO_HEADERS: Mapping[str, str] = MappingProxyType({})
NOT_MODIFIED = 304

# A feed whose address leads to another feed is asked this often whether it still does.
MOVED_INTERVAL = timedelta(days=1)
LENT_INTERVAL = timedelta(hours=1)

_UNSEEN = re.compile(r"[\x01-\x1f\x7f-\x9f\s]+")

Failure = FetchError | FeedUnreadable | WorkerError


@dataclass(frozen=True, slots=True)
class _Poll:
    """One poll under way."""

    road: Road
    # As it was claimed, and what it remembers.
    row: sa.Row[Any]
    state: FeedState
    due: Due
    began: datetime
    # Whether validators are withheld to find out if the server's 304s are true.
    audit: bool


@dataclass(frozen=True, slots=True)
class _Success:
    """What was answered well; `reading` is None when nothing had to be parsed."""

    outcome: FeedOutcome
    answer: Document | NotModified
    body_hash: str | None = None
    reading: FeedReading | None = None


async def poll(road: Road, visit: Visit, row: sa.Row[Any]) -> FeedLine | None:
    """Poll one feed, whose row is as it was claimed, and save what that brought.

    None when it is to be asked at another host: it was queued there, as due as it was.
    """
    one = await _begin(road, visit, row)
    address = _address(row, one.began)
    if host_of(address) != visit.host:
        await visit.save(partial(_leave, one, address, _hops(row)))
        return None
    answer: Document | NotModified | Moved | None = None
    try:
        answer = await _ask(one, visit, address)
        if isinstance(answer, Moved):
            return _logged(await visit.save(partial(_save_leg, one, answer)), one)
        success = await _read(one, answer)
    except (FetchError, FeedUnreadable, WorkerError) as error:
        excerpt = _excerpt(answer.body) if isinstance(answer, Document) else ""
        return _logged(await visit.save(partial(_save_failure, one, error, excerpt, road.clock.now())), one)
    return _logged(await visit.save(partial(_save_success, one, success)), one)


async def save_crash(road: Road, visit: Visit, row: sa.Row[Any], error: Exception) -> FeedLine:
    """Let a feed back off whose poll met a defect of our own."""
    crash = WorkerCrashed(f"{type(error).__name__}: {error}"[:MESSAGE_LIMIT])
    now = road.clock.now()
    one = _Poll(road, row, _state(row), Due(now, None), now, audit=False)
    return await visit.save(partial(_save_failure, one, crash, "", now))


async def _begin(road: Road, visit: Visit, row: sa.Row[Any]) -> _Poll:
    """Take a feed out of those that are waiting; one that waited long is held back anew.

    The claim did that for a request made at once. Without it a process killed in the middle of a long visit
    would leave feeds that were asked and are due.
    """
    due, began = visit.lease.due.pop(row.id), visit.turn
    if began + road.polling.floor > row.next_poll_at:
        await visit.save(partial(hosts.push, feed_ids=[row.id], now=began, floor=road.polling.floor))
    state = _state(row)
    audit = not row.distrusted and schedule.needs_audit(
        now=began,
        audited_at=row.audited_at,
        last_new_at=row.last_new_at,
        last_was_conditional_silence=row.last_outcome == FeedOutcome.NOT_MODIFIED,
        rhythm=state.rhythm,
        settings=road.polling,
    )
    return _Poll(road, row, state, due, began, audit)


def _state(row: sa.Row[Any]) -> FeedState:
    return FeedState.of(
        failures=row.failures,
        gone=row.gone_count,
        slowdown=row.slowdown,
        calm=row.calm,
        interval=row.interval,
        learnt=row.rhythm,
    )


# ---------------------------------------------------------------------------------- asking


def _address(row: sa.Row[Any], at: datetime) -> str:
    """Where this leg goes: on along a redirect, else where the last poll planned it.

    A check of the own URL is due once a day; a poll that was made due before its time does not make it.
    """
    if row.hops or row.ask_url or row.failures:
        return str(row.ask_url or row.url)
    return moves.where_to_ask(row.url, Move.from_json(row.move), at)


def _hops(row: sa.Row[Any]) -> tuple[Redirect, ...]:
    return pages.hops_from_json(row.hops)


def _leave(one: _Poll, address: str, hops: Sequence[Redirect], connection: sa.Connection) -> None:
    feeds.go_on(connection, one.row.id, address, hops, one.due)


async def _ask(one: _Poll, visit: Visit, address: str) -> Document | NotModified | Moved:
    row = one.row
    # What may be credentials is meant for the host that was configured, wherever the feed has moved since.
    credentials = one.road.feed_headers.get(row.key, NO_HEADERS)
    return await visit.ask(
        address,
        Accept.FEED,
        validators=_validators(one),
        issued_by=row.validators_url,
        headers=credentials if may_carry(row.configured_url, address) else NO_HEADERS,
        hops=_hops(row),
    )


def _validators(one: _Poll) -> Validators:
    withheld = one.audit or one.row.distrusted
    return UNCONDITIONAL if withheld else Validators(one.row.etag, one.row.last_modified)


async def _read(one: _Poll, answer: Document | NotModified) -> _Success:
    """Raises FeedUnreadable and WorkerError."""
    if isinstance(answer, NotModified):
        return _Success(FeedOutcome.NOT_MODIFIED, answer)
    road, row, body_hash = one.road, one.row, _body_hash(answer)
    if body_hash == row.body_hash:
        return _Success(FeedOutcome.UNCHANGED, answer, body_hash)
    remembered = await road.writer.run(partial(feeds.items, feed_id=row.id)) if row.body_hash else None
    reading = await road.workers.run(
        jobs.read_feed, answer.body, answer.final_url, dict(answer.headers), remembered
    )
    return _Success(FeedOutcome.UPDATED, answer, body_hash, reading)


def _body_hash(answer: Document) -> str:
    """sha256 over all that decides what a parse gives: parser, base of relative links, charset, body."""
    context = "\n".join((PARSER_VERSION, answer.final_url, answer.content_type or ""))
    return hashlib.sha256(context.encode("utf-8", "surrogateescape") + b"\n" + answer.body).hexdigest()


# ---------------------------------------------------------------------------------- redirects


def _save_leg(one: _Poll, moved: Moved, connection: sa.Connection) -> FeedLine | None:
    """Go on at another host; not where another feed is read anyway."""
    if twin := _twin(connection, one, moved):
        return _save_moved(connection, one, moved, moved.redirects[-1].status, twin)
    _leave(one, moved.target, moved.redirects, connection)
    return None


def _twin(
    connection: sa.Connection, one: _Poll, answer: Document | NotModified | Moved
) -> sa.Row[Any] | None:
    """The feed to whose address this one leads, for good or for now; None when nobody is there."""
    row = one.row
    remembered = () if answer.url == row.configured_url else (answer.url,)
    addresses = (*remembered, *(hop.target for hop in answer.redirects))
    if not addresses:
        return None
    return feeds.holder(connection, row.id, addresses, everywhere=bool(answer.redirects))


def _save_moved(
    connection: sa.Connection,
    one: _Poll,
    answer: Document | NotModified | Moved,
    status: int,
    twin: sa.Row[Any],
) -> FeedLine:
    """Store nothing of a document that is stored under another name, and ask later whether it still is.

    That is once a day, and once an hour when the server calls the redirect temporary. Without validators, so
    that it is not told apart from a feed that reads there, and reads it all when the redirect or the other
    feed ends.
    """
    row, now = one.row, answer.fetched_at
    where = answer.redirects[-1].target if answer.redirects else answer.url
    for_good = all(hop.status in moves.PERMANENT for hop in answer.redirects)
    interval, span = (MOVED_INTERVAL, "for good") if for_good else (LENT_INTERVAL, "for now")
    interval = max(interval, one.road.polling.floor, row.configured_interval or interval)
    told = f"Its address leads {span} to {where}, which is polled as {twin.key}"
    move = _after_answer(row, answer, now)
    planned = {
        "next_poll_at": now + interval,
        "interval": interval,
        "plan_reason": f"{told}; asked every {write_duration(interval)} whether it still does.",
        "plan": [{"rule": "moved", "detail": f"{told}."}],
        "failures": 0.0,
        "gone_count": 0,
        "etag": None,
        "last_modified": None,
        "validators_url": None,
        "body_hash": None,
        "move": move.to_json() if move else None,
        **_aimed(connection, row, row.url, None, now),
    }
    record = PollRecord(one.began, _elapsed(one, now), FeedOutcome.MOVED, status)
    feeds.save_poll(connection, row.id, record, planned, one.road.history.polls_per_feed)
    if answer.url == row.url and (not answer.redirects or (move and moves.is_adopted(move, now))):
        reason = f"{told}; `ingestd feeds enable` polls it by itself again."
        feeds.set_state(connection, row.id, "merged", reason, now, into=twin.key, at=where)
    return FeedLine(row.key, FeedOutcome.MOVED, told, status)


def _after_answer(row: sa.Row[Any], answer: Document | NotModified | Moved, now: datetime) -> Move | None:
    """What is remembered of a permanent redirect; a target that was asked from memory tells nothing new."""
    move = Move.from_json(row.move)
    return moves.observed(move, answer.redirects, now) if answer.url == row.url else move


def _aimed(
    connection: sa.Connection, row: sa.Row[Any], url: str, move: Move | None, at: datetime
) -> dict[str, Any]:
    """The columns that say where a feed with this URL and memory is asked at that time; only changed ones."""
    address = moves.where_to_ask(url, move, at)
    columns = {"ask_url": None if address == url else address, "host": host_of(address), "hops": None}
    changed = _changed(row, columns)
    if "host" in changed:
        hosts.ensure(connection, {host_of(address)})
    return changed


def _changed(row: sa.Row[Any], columns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in columns.items() if getattr(row, name) != value}


def _moved_columns(
    connection: sa.Connection, one: _Poll, answer: Document | NotModified, plan: schedule.Plan
) -> dict[str, Any]:
    """What a poll that was read changes about where the feed is, and where it is asked next."""
    row, now = one.row, answer.fetched_at
    move = _after_answer(row, answer, now)
    if move is None or not moves.is_adopted(move, now):
        told = {"move": move.to_json() if move else None}
        return _changed(row, told) | _aimed(connection, row, row.url, move, plan.next_poll_at)
    reason = f"It moved for good: asked at {move.target} from now on, {move.seen} answers after the first."
    feeds.tell(connection, row.id, row.state, reason, now, **{"from": row.url, "to": move.target})
    aliases = [alias for alias in (*row.aliases, row.url) if alias != move.target]
    adopted = {"url": move.target, "aliases": list(dict.fromkeys(aliases)), "move": None}
    return adopted | _aimed(connection, row, move.target, None, plan.next_poll_at)


# ---------------------------------------------------------------------------------- success


def _save_success(one: _Poll, success: _Success, connection: sa.Connection) -> FeedLine:
    row, answer = one.row, success.answer
    document = answer if isinstance(answer, Document) else None
    status = document.status if document else NOT_MODIFIED
    if twin := _twin(connection, one, answer):
        return _save_moved(connection, one, answer, status, twin)
    selection, kept = _save_entries(connection, one, success.reading)
    unchanged = len(success.reading.unchanged_keys) if success.reading else 0
    new, changed, seen = len(selection.new), len(selection.changed), len(selection.seen) + unchanged
    observation = _observation(one, selection, changed + seen, answer.fetched_at)
    if is_gap(observation):
        events.gap(connection, row.id, since=observation.since, until=observation.at, listed=new)
    plan = schedule.after_success(
        now=answer.fetched_at,
        key=row.key,
        state=one.state,
        observation=observation,
        configured=row.configured_interval,
        hints=success.reading.parsed.hints if success.reading else None,
        headers=answer.headers,
        settings=one.road.polling,
    )
    columns = _planned(row, plan) | kept | {"rhythm": plan.state.learnt() | _gaps(one, observation)}
    columns |= _of_answer(success) | _moved_columns(connection, one, answer, plan)
    columns |= _trust(connection, one, answer, selection)
    record = PollRecord(
        one.began,
        _elapsed(one, answer.fetched_at),
        success.outcome,
        status=status,
        wire_bytes=document.wire_bytes if document else 0,
        body_bytes=len(document.body) if document else 0,
        new=new,
        changed=changed,
        seen=seen,
    )
    feeds.save_poll(connection, row.id, record, columns, one.road.history.polls_per_feed)
    return FeedLine(row.key, success.outcome, None, status, new, changed, seen)


def _save_entries(
    connection: sa.Connection, one: _Poll, reading: FeedReading | None
) -> tuple[Selection, dict[str, Any]]:
    """How the parsed entries stand to what is stored, and what is remembered of the document's items."""
    if reading is None:
        return Selection(), {}
    row, found = one.row, reading.parsed.entries
    unchanged = entries.Unchanged(keys=reading.unchanged_keys, sites=reading.unchanged_sites)
    stored = entries.known_digests(connection, row.id, found, unchanged)
    selection = select(found, stored)
    fetch_pages = row.fetch_pages and one.road.pages.fetch
    entries.save(connection, row, selection, one.began, fetch_pages=fetch_pages, unchanged=unchanged)
    reissued = [entry.key for entry in selection.seen if entry.key not in stored]
    return selection, {"items": known.without(reading.items, reissued)}


def _observation(one: _Poll, selection: Selection, known_count: int, at: datetime) -> Observation:
    """What the poll tells of the feed's rhythm."""
    row = one.row
    # Without a rhythm it begins anew, at another address for instance.
    since = row.last_success_at if row.rhythm else None
    claimed = (entry.published_at or entry.updated_at or at for entry in selection.new)
    fresh = tuple(max(since or moment, min(moment, at)) for moment in claimed)
    late = one.began - one.due.at > (row.interval or one.road.polling.start_interval) / 2
    return Observation(at, since, len(selection.new) + known_count, known_count, fresh, late)


def _gaps(one: _Poll, observation: Observation) -> dict[str, int]:
    """How many gaps were found so far: kept with the rhythm, because events end with their retention."""
    found = (one.row.rhythm or {}).get("gaps", 0) + is_gap(observation)
    return {"gaps": found} if found else {}


def _planned(row: sa.Row[Any], plan: schedule.Plan) -> dict[str, Any]:
    """The columns of every plan; those that seldom change only when they do."""
    state = plan.state
    rarely = {
        "failures": state.failures,
        "gone_count": state.gone,
        "slowdown": state.slowdown,
        "calm": state.calm,
        "asked": list(plan.asked),
    }
    return {
        "next_poll_at": plan.next_poll_at,
        "interval": plan.interval,
        "plan_reason": plan.reason,
        "plan": [{"rule": reason.rule, "detail": reason.detail} for reason in plan.reasons],
        **_changed(row, rarely),
    }


def _of_answer(success: _Success) -> dict[str, Any]:
    """The columns that follow from the answer and its document."""
    answer = success.answer
    if isinstance(answer, NotModified):
        return dict(feeds.validators_after_304(answer.validators))
    columns: dict[str, Any] = feeds.validators_after_read(answer.validators, answer.final_url)
    columns["body_hash"] = success.body_hash
    if success.reading is None:
        return columns
    parsed = success.reading.parsed
    if parsed.cut_off:
        # No 304 may hide what is missing. When the same comes again it is no accident of the way, and the
        # equal body brings its validators then.
        columns = {**dict.fromkeys(columns), "items": None, "body_hash": success.body_hash}
    return columns | {"format": parsed.format, "title": parsed.title, "site_url": parsed.site_url}


def _trust(
    connection: sa.Connection, one: _Poll, answer: Document | NotModified, selection: Selection
) -> dict[str, Any]:
    """When it was last asked without validators, and whether that shows the server's 304s to be false."""
    row = one.row
    conditional = _validators(one) != UNCONDITIONAL and answer.final_url == row.validators_url
    if isinstance(answer, NotModified) or conditional:
        return {}
    if not (one.audit and _was_there(row, answer, selection)):
        return {"audited_at": one.began}
    reason = "Its server said 304 of a document that had changed: validators are no longer sent."
    feeds.tell(connection, row.id, row.state, reason, answer.fetched_at)
    return {"audited_at": one.began, "distrusted": True}


def _was_there(row: sa.Row[Any], answer: Document, selection: Selection) -> bool:
    """Whether what an audit found was there when the server last said 304.

    It was, when the validators are still those that the 304 was about, or when an entry does not claim to be
    newer than that 304.
    """
    if answer.validators == Validators(row.etag, row.last_modified):
        return bool(selection.new or selection.changed)
    claimed = (entry.published_at or entry.updated_at for entry in selection.new)
    return any(moment is None or moment <= row.last_success_at for moment in claimed)


# ---------------------------------------------------------------------------------- failure


def _save_failure(
    one: _Poll, error: Failure, excerpt: str, now: datetime, connection: sa.Connection
) -> FeedLine:
    row = one.row
    refused = error if isinstance(error, StatusRefused) else None
    status = refused.status if refused else None
    outcome = FeedOutcome.CRASHED if isinstance(error, WorkerCrashed) else FeedOutcome.FAILED
    unreached = is_unreached(error)
    plan = schedule.after_failure(
        now=now,
        key=row.key,
        state=one.state,
        configured=row.configured_interval,
        weight=error.weight if isinstance(error, FetchError) else 1.0,
        status=status,
        retry_at=refused.retry_at if refused else None,
        outage=unreached and one.road.outage.is_ours(now),
        settings=one.road.polling,
    )
    columns = _planned(row, plan) | _aimed_after_failure(connection, one, error, now, plan)
    if one.audit:
        columns["audited_at"] = one.began
    record = PollRecord(
        one.began,
        _elapsed(one, now),
        outcome,
        status=status,
        error_class=error.error_class,
        message=f"{error}\nIt began: {excerpt}" if excerpt else str(error),
    )
    feeds.save_poll(connection, row.id, record, columns, one.road.history.polls_per_feed)
    if plan.disable:
        feeds.set_state(connection, row.id, "gone", plan.reason, now)
    return FeedLine(row.key, outcome, str(error), status)


def _aimed_after_failure(
    connection: sa.Connection, one: _Poll, error: Failure, now: datetime, plan: schedule.Plan
) -> dict[str, Any]:
    """The columns that say where the feed is asked next.

    After its own URL, with whatever that led to: where the memory has it, which a dead old address must not
    hide. After a remembered target that says that there is no feed: at its own URL.
    """
    row, move = one.row, Move.from_json(one.row.move)
    first = row.hops[0]["source"] if row.hops else row.ask_url or row.url
    if first != row.url:
        refuted = isinstance(error, FeedUnreadable) or (isinstance(error, FetchError) and not error.retry)
        aim = None if refuted or row.hops else move
        return _aimed(connection, row, row.url, aim, plan.next_poll_at)
    checked = moves.unanswered(move, now)
    told = {"move": checked.to_json() if checked else None}
    return _changed(row, told) | _aimed(connection, row, row.url, checked, plan.next_poll_at)


def _excerpt(body: bytes) -> str:
    """How a body begins that could not be read, for people; empty when it has no text."""
    text = body[: 4 * EXCERPT_LIMIT].decode("utf-8", "replace").replace("\0", "")
    return _UNSEEN.sub(" ", text).strip()[:EXCERPT_LIMIT]


def _elapsed(one: _Poll, now: datetime) -> timedelta:
    return max(timedelta(0), now - one.began)


def _logged(line: FeedLine | None, one: _Poll) -> FeedLine | None:
    if line is not None:
        facts = {
            "feed": line.key,
            "outcome": line.outcome.value,
            "status": line.status,
            "error": line.message,
        }
        counts = {"new": line.new, "changed": line.changed, "seen": line.seen}
        seconds = _elapsed(one, one.road.clock.now()).total_seconds()
        log.info("polled", extra=fields(**facts, **counts, seconds=round(seconds, 3)))
    return line
