"""The one place that asks for the time.

Whoever needs the time is handed a `Clock` (the edge) or a value called `now` (everything pure), so a
test can drive months through the code in a second.
"""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where times come from; every `datetime` it gives is aware and in UTC."""

    def now(self) -> datetime:
        """Wall-clock time, which an administrator or NTP may set back or forward."""
        ...

    def monotonic(self) -> float:
        """Seconds since an unspecified start; never goes back. Measure durations with this."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let other tasks run for that long; a negative number counts as 0."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))
