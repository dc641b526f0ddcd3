"""Two readers of one file must find the same number of records.

Here: the comparison. Not here: the readers (formats.py and judge.py).
"""

from __future__ import annotations

from orchestration.sources.headings import RefusedFileError
from orchestration.sources.landing.judge import Counts


def agree(landed: int, counts: Counts) -> None:
    """RefusedFileError where the reader that only counts found another number than the one that judges."""
    if landed != counts.accepted + counts.duplicate + counts.quarantined:
        raise RefusedFileError(
            "miscounted",
            f"one reader counts {landed} records, the other {counts.accepted} accepted + {counts.duplicate} "
            f"duplicate + {counts.quarantined} quarantined. A quote that is never closed is the usual cause",
        )
