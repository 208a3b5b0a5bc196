"""Whether it is our own connection that is broken, and not the hosts that cannot be reached.

Hosts fail one by one for reasons of their own. When most of the distinct hosts that were tried within a
few minutes cannot be reached, what they have in common is us. Then nothing is held against them: failures
are not counted, no host is parked, and what was due is tried again a little later, each at its own moment.

Rules
    * an outage begins when at least `MIN_HOSTS` distinct hosts failed within `WINDOW` and those are more
      than half of all that were tried in it
    * silence proves nothing: it lasts until as many hosts answer as fail
    * a host that was dead before says nothing by being dead still, or a list of feeds with many dead ones
      would look like an outage for ever; but while nobody answers at all, an outage keeps all who fail
"""

from datetime import datetime, timedelta
from enum import Enum

# Results older than this are forgotten.
WINDOW = timedelta(minutes=10)
# Fewer hosts than this may well be down at once.
MIN_HOSTS = 5


class Change(Enum):
    """What a result told."""

    BEGAN = "began"
    ENDED = "ended"


class Outage:
    """The latest result of each host that was tried lately; one a process."""

    def __init__(self) -> None:
        # When each host was tried last, and whether it could not be reached; in the order of those times.
        self._results: dict[str, tuple[datetime, bool]] = {}
        # How many of those could not be reached.
        self._failed = 0
        # None while there is no outage.
        self._since: datetime | None = None

    @property
    def failed_hosts(self) -> int:
        """Hosts that could not be reached lately."""
        return self._failed

    def is_ours(self, at: datetime) -> bool:
        """Whether that moment lies in an outage of ours that has not ended yet."""
        return self._since is not None and self._since <= at

    def note(self, host: str, failed: bool, at: datetime, *, was_dead: bool = False) -> Change | None:
        """A request to this host was made; `was_dead` says that the one before it failed as well."""
        while self._results and next(iter(self._results.values()))[0] < at - WINDOW:
            self._forget(next(iter(self._results)))
        if failed and was_dead and not self._nobody_answers():
            return None
        self._forget(host)
        self._results[host] = at, failed
        self._failed += failed
        return self._judge(at)

    def _forget(self, host: str) -> None:
        _, failed = self._results.pop(host, (None, False))
        self._failed -= failed

    def _nobody_answers(self) -> bool:
        return self._since is not None and self._failed == len(self._results)

    def _judge(self, at: datetime) -> Change | None:
        answered = len(self._results) - self._failed
        if self._since is None and self._failed >= MIN_HOSTS and self._failed > answered:
            self._since = at
            return Change.BEGAN
        if self._since is not None and answered >= max(1, self._failed):
            self._since = None
            return Change.ENDED
        return None
