"""The second day of the shop, at the moments from which faults start.

Here: `Mornings`, which makes a moment when it is first asked for and brings it back afterwards. Not here: the faults.
"""

from __future__ import annotations

import signal
from typing import Literal

from tests.integration.pipeline.kit import Stall

Moment = Literal["delivered", "founded", "built"]
"""Files lie in the drop folder; landed and the foundation is built; all is built and nothing decided."""

MOMENTS: tuple[Moment, ...] = ("delivered", "founded", "built")

_LEADS_TO: dict[Moment, tuple[Moment, str]] = {
    "founded": ("delivered", "build.after_close_foundation"),
    "built": ("founded", "planning.before_commit"),
}


class Mornings:
    """One shop whose second day can be begun again from its moments."""

    def __init__(self, stall: Stall) -> None:
        self.stall = stall
        self._kept: set[Moment] = set()

    def at(self, moment: Moment) -> Stall:
        """The shop at that moment. The later ones are what a run that was killed there left behind."""
        if moment in self._kept:
            self.stall.bring_back(moment)
            return self.stall
        if moment == "delivered":
            self.stall.deliver(0)
            self.stall.work()
            self.stall.deliver(1)
        else:
            before, point = _LEADS_TO[moment]
            self.at(before)
            killed = self.stall.run(TOUCHSTREAM_FAILPOINT=f"{point}:kill")
            assert killed.returncode == -signal.SIGKILL, killed.said()
        self.stall.keep(moment)
        self._kept.add(moment)
        return self.stall
