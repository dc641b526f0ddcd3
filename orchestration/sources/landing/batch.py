"""One batch, as the modules that write it know it.

Here: its facts. Not here: its rows (judge.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from orchestration.sources.contracts.model import Contract
from orchestration.sources.landing.ahead import Meanwhile


@dataclass(frozen=True)
class Batch:
    """The facts of one batch as `ops.batch` keeps them.

    `landed` gives what a reader of its own has counted. `loaded_at` is the moment of its transaction (`lock_source`).
    `version_at`: where it is a replay, when its rows first came in.
    """

    batch_id: str
    source: str
    contract: Contract
    name: str
    landed: Meanwhile[int]
    loaded_at: datetime
    replayed_from: str | None = None
    version_at: datetime | None = None
