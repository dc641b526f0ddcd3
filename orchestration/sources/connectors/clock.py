"""Time as the connectors see it: waiting between requests, and how long a token lives.

Here: the clock, injected so that tests need not wait, and the pace of one source's requests. Not here: business days.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """A source of the present moment, and a way to wait."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return after that many seconds of this clock."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Return after that many seconds."""
        time.sleep(max(0.0, seconds))


class Pace:
    """Even steps of `per_second` requests; time that was not used is not made up for."""

    def __init__(self, per_second: float, clock: Clock) -> None:
        self._step = timedelta(seconds=1 / per_second)
        self._clock = clock
        self._free_at = clock.now()

    def wait(self) -> None:
        """Return when the next request may leave."""
        now = self._clock.now()
        if self._free_at > now:
            self._clock.sleep((self._free_at - now).total_seconds())
        self._free_at = max(self._free_at, now) + self._step
