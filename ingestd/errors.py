"""The error tree.

    IngestdError
    ├── ConfigError            the configuration is wrong; `problems` names every place
    ├── UsageError             a command was given something it cannot use
    ├── DatabaseError          the database cannot be used; says what to do
    │   └── SchemaMismatch     its schema is older or newer than this program
    ├── FetchError             a URL could not be had; `error_class`, `retry`, `weight`
    │   ├── AddressRefused     the guard does not allow that address, port or scheme
    │   ├── ConnectFailed      DNS, TCP or TLS did not come about
    │   ├── TimedOut           a step, or the whole exchange, took too long
    │   ├── TooLarge           compressed bytes, decoded bytes, or headers passed their limit
    │   ├── BadResponse        not HTTP, a broken or stacked content encoding, a truncated body
    │   ├── BadRedirect        a loop, too many hops, or a target that cannot be asked
    │   └── StatusRefused      an HTTP status that is not success
    ├── FeedUnreadable         no feed could be read out of the bytes
    ├── WorkerError            a worker process gave no result
    │   ├── WorkerDied         it ended (killed, out of memory) while it held the task
    │   ├── WorkerTimedOut     it was killed because the task passed its deadline
    │   └── WorkerCrashed      our own code raised; `trace` has the traceback
    └── LeaseLost              somebody else holds the host by now; nothing was saved

Facts are attributes. `retry` says whether asking again later can help; `weight` says how grave a
failure is for a feed's back-off (1.0 is an ordinary one, a DNS hiccup weighs less). Each class can be
pickled, because errors come back from worker processes: everything but the message has a default.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


class IngestdError(Exception):
    """Base of everything that ingestd raises on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a configuration, and where."""

    # What is wrong and what to do about it, one sentence without a full stop.
    message: str
    # The file it stands in; None for an environment variable or a command line.
    file: Path | None = None
    # Line in that file, from 1; None when the file as a whole is meant.
    line: int | None = None
    # Dotted key such as "fetch.total_timeout", or the variable's name; None when no key is meant.
    key: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        return ": ".join(part for part in (place, self.key, self.message) if part)


class ConfigError(IngestdError):
    """The configuration cannot be used. All problems are collected before this is raised."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class UsageError(IngestdError):
    """A command was given a name, file or URL that it cannot use."""


class DatabaseError(IngestdError):
    """The database cannot be opened, read or written."""


class SchemaMismatch(DatabaseError):
    """The database's schema is not the one this program was written for."""


class FetchError(IngestdError):
    """A URL could not be fetched."""

    # A stable word for statistics and for the `poll` and `page` tables.
    error_class = "fetch"
    retry = True
    weight = 1.0

    def __init__(self, message: str, url: str = "") -> None:
        super().__init__(message)
        self.url = url


class AddressRefused(FetchError):
    """The guard does not let this address, port or scheme be dialled."""

    error_class = "refused"
    retry = False


class ConnectFailed(FetchError):
    """No connection: `kind` is "dns", "tcp" or "tls"."""

    def __init__(self, message: str, url: str = "", kind: str = "tcp") -> None:
        super().__init__(message, url)
        self.kind = kind
        self.error_class = kind
        self.weight = 0.5 if kind == "dns" else 1.0


class TimedOut(FetchError):
    """Connecting, waiting for a read, or the exchange as a whole took longer than allowed."""

    error_class = "timeout"


class TooLarge(FetchError):
    """A size limit was passed; nothing beyond it was kept in memory."""

    error_class = "too-large"
    weight = 2.0


class BadResponse(FetchError):
    """The server's bytes are not a readable HTTP response."""

    error_class = "bad-response"


class BadRedirect(FetchError):
    """The redirects do not lead to a document."""

    error_class = "redirect"
    weight = 2.0


class StatusRefused(FetchError):
    """The server answered with a status other than success.

    `retry_at` is the moment that Retry-After asks for, counted from the response's own Date so that a
    server with a wrong clock is understood; None when it asked for nothing readable. `private` says whether
    the address that answered lies in a network that the configuration lists as private.
    """

    def __init__(
        self,
        message: str,
        url: str = "",
        status: int = 0,
        retry_at: datetime | None = None,
        *,
        private: bool = False,
    ) -> None:
        super().__init__(message, url)
        self.status = status
        self.retry_at = retry_at
        self.private = private
        self.error_class = f"http-{status}"
        self.retry = status not in (404, 410, 451)


class FeedUnreadable(IngestdError):
    """The bytes are no feed. `reason` is "empty", "html", "not-a-feed", "too-deep" or "json"."""

    def __init__(self, message: str, reason: str = "not-a-feed") -> None:
        super().__init__(message)
        self.reason = reason

    @property
    def error_class(self) -> str:
        """The stable word for statistics."""
        return f"feed-{self.reason}"


class WorkerError(IngestdError):
    """A worker process gave no result for a task; the task alone is lost, the pool goes on."""

    error_class = "worker"


class WorkerDied(WorkerError):
    """The process ended while it held the task."""

    error_class = "worker-died"


class WorkerTimedOut(WorkerError):
    """The task passed its deadline and its process was killed."""

    error_class = "worker-timeout"


class WorkerCrashed(WorkerError):
    """Our own code raised inside the worker; `trace` is the formatted traceback."""

    error_class = "crashed"

    def __init__(self, message: str, trace: str = "") -> None:
        super().__init__(message)
        self.trace = trace


class LeaseLost(IngestdError):
    """The lease of this host has passed to somebody else, so nothing was saved."""
