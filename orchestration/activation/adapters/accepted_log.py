"""What a mail server says it accepted: the record in which a lost answer is found again.

Here: reading JSON lines of which each names one accepted message (`{"message_id": "<…@…>", …}`), written before the
server answers. Not here: what follows from a message being in it or not (ledger.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime
from pathlib import Path

from orchestration.activation.errors import ReconcileUnavailable


def accepted_ids(path: Path, wanted: AbstractSet[str], *, since: datetime) -> set[str]:
    """Those of the `wanted` message ids that the log holds.

    `<path>.1`, to which a log is commonly turned over, is read as well when it was written at or after `since`. Raises
    ReconcileUnavailable when the log is not there, cannot be read or holds a line that is no record: what cannot be
    read proves no absence.
    """
    found: set[str] = set()
    turned_over = path.with_name(f"{path.name}.1")
    try:
        if turned_over.is_file() and turned_over.stat().st_mtime >= since.timestamp():
            found |= wanted & set(_message_ids(turned_over))
        return found | (wanted & set(_message_ids(path)))
    except OSError as error:
        raise ReconcileUnavailable(
            f"the log of accepted messages cannot be read: {error.strerror}: {error.filename}"
        ) from error


def _message_ids(path: Path) -> Iterator[str]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.endswith(b"\n"):
                return  # being written this moment: whoever writes it has not answered yet
            try:
                yield str(json.loads(line)["message_id"])
            except (ValueError, KeyError, TypeError) as error:
                raise ReconcileUnavailable(f"{path}, line {number}: no JSON object with a message_id") from error
