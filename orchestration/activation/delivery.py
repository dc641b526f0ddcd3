"""How far a message may go: rehearsal, test list, everybody.

Here: the two keys. A message leaves only as far as both the brand file and the command (or `TOUCHSTREAM_DELIVERY`)
allow. Not here: consent and gates, which bind every delivery alike.
"""

from __future__ import annotations

import os
from typing import Literal

Delivery = Literal["dry_run", "test", "live"]

_REACH: dict[Delivery, int] = {"dry_run": 0, "test": 1, "live": 2}


def allowed(configured: Delivery, requested: Delivery) -> Delivery:
    """The shorter of what the brand file says and what the command asks for."""
    return min(configured, requested, key=lambda delivery: _REACH[delivery])


def requested(*, live: bool = False) -> Delivery:
    """The command's key: `live`, else `TOUCHSTREAM_DELIVERY`, else a dry run. ValueError names the valid values."""
    if live:
        return "live"
    value = os.environ.get("TOUCHSTREAM_DELIVERY") or "dry_run"
    for delivery in _REACH:
        if value == delivery:
            return delivery
    raise ValueError(f"TOUCHSTREAM_DELIVERY is {value!r}; valid are {', '.join(_REACH)}")
