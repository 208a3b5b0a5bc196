"""Where a feed has moved to: permanent redirects remembered until they are believed.

A redirect counts when every hop of it is permanent (RFC 9110 §15.4.2, §15.4.9); the others are followed
each time and never remembered. A feed with a memory is asked at its target, and at its own URL once a day
to see whether that still says the same. After several such answers over a day or more the target is to be
adopted as the feed's URL.

    own URL asked ─┬─ read ───── observed ── is_adopted?
                   └─ failed ─── unanswered
    target asked from memory: the memory stays as it is
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from ingestd.model import Redirect

PERMANENT = frozenset({301, 308})
# How often the own URL of a feed is asked while its target is remembered.
CHECK_INTERVAL = timedelta(days=1)
# How many identical observations, over how long, make a target the feed's URL.
ADOPTED_AFTER = 3
ADOPTED_OVER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Move:
    """A permanent redirect of a feed's own URL, as observed so far."""

    # Where the last hop led.
    target: str
    # When it was observed first, and how often it was, always with this target.
    first_at: datetime
    seen: int
    # When the own URL was asked last, with or without an answer.
    checked_at: datetime

    def to_json(self) -> dict[str, Any]:
        """The same as JSON, times in ISO 8601."""
        return {
            "target": self.target,
            "first_at": self.first_at.isoformat(),
            "seen": self.seen,
            "checked_at": self.checked_at.isoformat(),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any] | None) -> "Move | None":
        """What `to_json` gave; None stays None."""
        if value is None:
            return None
        return cls(
            value["target"],
            datetime.fromisoformat(value["first_at"]),
            value["seen"],
            datetime.fromisoformat(value["checked_at"]),
        )


def observed(move: Move | None, redirects: Sequence[Redirect], now: datetime) -> Move | None:
    """The memory after the feed's own URL was asked and led, by these redirects, to a feed that was read.

    None when there is nothing to remember: no redirect any more, or one that is not permanent.
    """
    if not redirects or any(hop.status not in PERMANENT for hop in redirects):
        return None
    target = redirects[-1].target
    if move is None or move.target != target:
        return Move(target, first_at=now, seen=1, checked_at=now)
    return replace(move, seen=move.seen + 1, checked_at=now)


def unanswered(move: Move | None, now: datetime) -> Move | None:
    """The memory after the feed's own URL was asked and gave no feed.

    It stays, and the target is asked again until tomorrow: an old address that is switched off must not
    hide the new one.
    """
    return None if move is None else replace(move, checked_at=now)


def where_to_ask(url: str, move: Move | None, at: datetime) -> str:
    """The address for a poll at that time: the remembered target, but once a day the feed's own `url`.

    A check that lies more than a day ahead was noted by a clock that has been set right since.
    """
    if move is None or abs(at - move.checked_at) >= CHECK_INTERVAL:
        return url
    return move.target


def is_adopted(move: Move, now: datetime) -> bool:
    """Whether the target is to become the feed's URL."""
    return move.seen >= ADOPTED_AFTER and now - move.first_at >= ADOPTED_OVER
