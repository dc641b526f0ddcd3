"""Named points at which a fault test may end, delay or fail this process.

Here: the switch. Not here: what the points mean; each is named where it stands, `<room>.<before|after>_<what>`.
`TOUCHSTREAM_FAILPOINT` holds `name:action` with action `kill` (SIGKILL to this process), `raise`, or `sleep=SECONDS`.
`TOUCHSTREAM_FAILPOINT_HITS` (default 1) says at which passage of that point it acts.
"""

from __future__ import annotations

import os
import signal
import time

_passages: dict[str, int] = {}


class FailpointError(RuntimeError):
    """Raised by a point whose action is `raise`."""


def failpoint(name: str) -> None:
    """Act as `TOUCHSTREAM_FAILPOINT` says when it names this point; otherwise return at once."""
    configured = os.environ.get("TOUCHSTREAM_FAILPOINT")
    if not configured:
        return
    wanted, _, action = configured.partition(":")
    if wanted != name:
        return
    _passages[name] = _passages.get(name, 0) + 1
    if _passages[name] != int(os.environ.get("TOUCHSTREAM_FAILPOINT_HITS", "1")):
        return
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "raise":
        raise FailpointError(f"failpoint {name}")
    elif action.startswith("sleep="):
        time.sleep(float(action.removeprefix("sleep=")))
    else:
        raise ValueError(
            f"TOUCHSTREAM_FAILPOINT: action {action!r} of point {name!r} is none of kill, raise, sleep=SECONDS"
        )
