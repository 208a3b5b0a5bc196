"""Why a feed is polled when it is: the rules of its plan, what was asked of us, its rhythm, its host.

    plan, rule by rule ── what server and publisher asked for ── rhythm ── moves ── trust
                       ── its host: parked? how far apart? ── gaps ── what its last polls brought

Nothing is decided again: this tells what the last poll stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ingestd.cli import show
from ingestd.cli.common import ConfigOption, JsonOption, declared
from ingestd.cli.feeds import NameArgument

if TYPE_CHECKING:
    import sqlalchemy as sa

    from ingestd.config import Config
    from ingestd.feeds.rhythm import Wait

POLLS_SHOWN = 8
GAPS_SHOWN = 5
# Over how long the pages of its host are counted.
PAGES_SINCE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is told of one feed."""

    now: datetime
    # Its row, that of its host, and its newest polls and gaps, newest first.
    feed: Any
    host: Any
    polls: Sequence[Any]
    gaps: Sequence[Any]
    # What its rhythm alone says now.
    rhythm: "Wait"
    # What the host's pages gave lately, by outcome, and what is made of that in words; both empty at first.
    pages: Mapping[str, int]
    pages_in_words: str | None
    # Time between two requests to the host, by all that counts.
    spacing: timedelta

    @property
    def parked_until(self) -> datetime | None:
        """Until when the host is left alone; None when it may be asked."""
        until: datetime | None = self.host.parked_until
        return until if until is not None and until > self.now else None

    @property
    def next_poll_at(self) -> datetime | None:
        """When the feed is asked at the earliest; None when it is not polled."""
        if self.feed.state != "active":
            return None
        planned: datetime = self.feed.next_poll_at
        return max(planned, self.parked_until or planned)


def explain(name: NameArgument, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Why a feed is polled when it is.

    Its plan rule by rule, what its server and publisher asked for, its rhythm, its host, its gaps and what
    its last polls brought.
    """
    with declared(config) as (loaded, database), database.reading() as connection:
        told = _look(connection, name, loaded, datetime.now(UTC))
    if as_json:
        show.as_json(as_dict(told))
    else:
        draw(told)


def _look(connection: "sa.Connection", name: str, config: "Config", now: datetime) -> Explanation:
    from ingestd.feeds.rhythm import Rhythm, wait
    from ingestd.store import events, feeds, hosts

    row = feeds.find(connection, name)
    host = hosts.get(connection, row.host)
    assert host is not None
    return Explanation(
        now,
        row,
        host,
        feeds.last_polls(connection, row.id, POLLS_SHOWN),
        events.gaps(connection, row.id, GAPS_SHOWN),
        wait(Rhythm.from_json(row.rhythm), now, config.polling),
        *_pages(connection, host.name, now),
        _spacing(host, config),
    )


def _pages(connection: "sa.Connection", host: str, now: datetime) -> tuple[Mapping[str, int], str | None]:
    from ingestd.clean.rates import Rates
    from ingestd.store import host_pages

    sums = host_pages.sums(connection, host, (now - PAGES_SINCE).date())
    learnt = host_pages.learnt(connection, host)
    return {one.outcome: one.pages for one in sums}, Rates.from_json(learnt).words() if learnt else None


def _spacing(host: Any, config: "Config") -> timedelta:
    from ingestd.fetch.politeness import HostState, spacing

    state = HostState(crawl_delay=host.crawl_delay, latency=host.latency)
    own = config.hosts.get(host.name)
    return spacing(state, config.politeness, own.spacing if own else None)


# ------------------------------------------------------------------------------- drawing

# Columns of the host that say when and how it is asked.
_HOST_FACTS = ("name", "next_request_at", "crawl_delay", "latency", "failures")


def as_dict(told: Explanation) -> dict[str, Any]:
    """For programs."""
    host = {name: getattr(told.host, name) for name in _HOST_FACTS}
    parked = {"parked_until": told.parked_until, "park_reason": told.parked_until and told.host.park_reason}
    return {
        **told.feed._asdict(),
        "next_poll_at": told.next_poll_at,
        "rhythm": {"interval": told.rhythm.interval, "detail": told.rhythm.detail},
        "host": {**host, **parked, "spacing": told.spacing, "pages": told.pages},
        "gaps": [{"at": gap.at, **gap.data} for gap in told.gaps],
        "polls": [poll._asdict() for poll in told.polls],
    }


def draw(told: Explanation) -> None:
    """What is told, one topic below the other."""
    _draw_head(told)
    _draw_plan(told)
    _draw_host(told)
    _draw_gaps(told)
    _draw_polls(told)


def _draw_head(told: Explanation) -> None:
    feed = told.feed
    show.say(show.safe(f"{feed.key}: {feed.title}" if feed.title else feed.key))
    show.facts(
        (
            ("state", f"{feed.state}: {feed.state_reason}" if feed.state_reason else feed.state),
            ("url", feed.url),
            ("formerly", feed.aliases or []),
            ("moving", _move(feed.move)),
            ("asked at", feed.ask_url),
            ("next poll", _next(told)),
            ("because", feed.plan_reason),
            ("last poll", _ago(feed.last_polled_at, told.now)),
            ("last entry", _ago(feed.last_new_at, told.now)),
            ("rhythm", f"asks again after {show.span(told.rhythm.interval)}: {told.rhythm.detail}"),
            ("asked for", feed.asked or []),
            ("slowed down", _slowdown(feed)),
            ("failing", _failing(feed)),
            ("conditional", _trust(feed)),
        )
    )


def _next(told: Explanation) -> str:
    at = told.next_poll_at
    if at is None:
        return "none"
    if at <= told.now:
        return "due now"
    waiting = "; its host is parked" if told.feed.next_poll_at < at else ""
    return f"{show.cell(at)}, in {show.span(at - told.now)}{waiting}"


def _ago(moment: datetime | None, now: datetime) -> str | None:
    return None if moment is None else f"{show.cell(moment)}, {show.span(now - moment)} ago"


def _move(value: Any) -> str | None:
    from ingestd.feeds.moves import Move

    move = Move.from_json(value)
    if move is None:
        return None
    return f"to {move.target}, seen {_times(move.seen)} since {show.cell(move.first_at)}"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _slowdown(feed: Any) -> str | None:
    if feed.slowdown <= 1:
        return None
    return f"{feed.slowdown:g} times the interval after refusals; {show.count(feed.calm, 'good poll')} since"


def _failing(feed: Any) -> str | None:
    if not feed.failures:
        return None
    gone = f"; {feed.gone_count} times in a row gone (410)" if feed.gone_count else ""
    return f"weight {feed.failures:g} in a row{gone}"


def _trust(feed: Any) -> str | None:
    """How far the server's "not modified" is believed."""
    audited = f"asked without validators on {show.cell(feed.audited_at)}" if feed.audited_at else None
    if feed.distrusted:
        return "never again, since it said 304 of what had changed" + (f"; {audited}" if audited else "")
    kinds = [name for name, value in (("ETag", feed.etag), ("Last-Modified", feed.last_modified)) if value]
    return "; ".join(filter(None, (" and ".join(kinds), audited))) or None


def _draw_plan(told: Explanation) -> None:
    plan = told.feed.plan or []
    interval = f", every {show.span(told.feed.interval)}" if told.feed.interval else ""
    title = f"\nThe plan{interval}" if plan else "\nNo plan yet: it was never polled\n"
    rows = ((step.get("rule"), step.get("detail")) for step in plan)
    show.table(title, ("rule", "because"), rows, flexible=("because",))


def _draw_host(told: Explanation) -> None:
    host = told.host
    latency = f"{host.latency.total_seconds():.2f} s" if host.latency is not None else None
    parked = f"until {show.cell(told.parked_until)}: {host.park_reason}" if told.parked_until else None
    show.say("Its host")
    show.facts(
        (
            ("name", host.name),
            ("parked", parked),
            ("spacing", f"{told.spacing.total_seconds():g} s between two requests"),
            ("Crawl-delay", host.crawl_delay),
            ("answers in", latency),
            ("unreachable", f"{_times(host.failures)} in a row" if host.failures else None),
            ("its pages", told.pages_in_words),
            (f"in {show.span(PAGES_SINCE)}", [f"{count} {outcome}" for outcome, count in told.pages.items()]),
        )
    )
    show.say()


def _draw_gaps(told: Explanation) -> None:
    if not told.gaps:
        return
    columns = ("after", "before", "entries, none of them known")
    rows = (
        (_moment(gap.data, "from"), _moment(gap.data, "until"), gap.data.get("listed")) for gap in told.gaps
    )
    show.table("Gaps: entries may have come and gone unseen", columns, rows, right=columns[2:])


def _moment(data: Any, key: str) -> str | None:
    """A time of an event's data, in UTC."""
    value = data.get(key)
    return show.short(datetime.fromisoformat(value)) if isinstance(value, str) else None


def _draw_polls(told: Explanation) -> None:
    columns = ("at", "outcome", "status", "new", "changed", "seen", "message")
    messages = [(poll.message or "").partition("\n") for poll in told.polls]
    rows = (
        (
            *(show.short(poll.at), poll.outcome, poll.status),
            *(poll.entries_new, poll.entries_changed, poll.entries_seen, message),
        )
        for poll, (message, _, _) in zip(told.polls, messages, strict=True)
    )
    title = "Last polls" if told.polls else "No poll yet"
    show.table(title, columns, rows, right=columns[2:6], flexible=("message",))
    # What a document that was no feed began with.
    if evidence := messages[0][2] if messages else "":
        show.say(show.safe(evidence))
