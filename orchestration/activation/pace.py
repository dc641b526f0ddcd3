"""How fast messages leave.

Here: the pace of one dispatcher to one destination. Not here: a limit shared by several dispatchers.
"""

from __future__ import annotations

from datetime import timedelta

from orchestration.activation.clock import Clock


class Pace:
    """Even steps of `per_second` messages; time that was not used is not made up for."""

    def __init__(self, per_second: float, clock: Clock) -> None:
        self._step = timedelta(seconds=1 / per_second)
        self._clock = clock
        self._free_at = clock.now()

    def wait(self) -> None:
        """Return when the next message may leave."""
        now = self._clock.now()
        if self._free_at > now:
            self._clock.sleep((self._free_at - now).total_seconds())
        self._free_at = max(self._free_at, now) + self._step
