"""Rows that hold a NUL, which PostgreSQL keeps in no text.

Here: finding them in a chunk as it came. Not here: what becomes of them (verdict.py).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sources import mapping as maps
from orchestration.sources.kernels import pc
from orchestration.sources.landing import arrays
from orchestration.sources.landing.arrays import Mask

_NUL = "\0"
_ESCAPED_NUL = r"\u0000"
_ESCAPE_OF_NUL = r"(^|[^\\])(\\\\)*\\u0000"
"""Behind an even number of backslashes it is no escape."""


def has_nul(rows: pa.RecordBatch) -> Mask | None:
    """Where a text holds a NUL byte, or a JSON line an escaped one."""
    found = np.zeros(rows.num_rows, np.bool_)
    for column, texts in zip(rows.schema.names, rows.columns, strict=True):
        if column in ("_row_number", "_malformed") or not pa.types.is_string(texts.type):
            continue
        if arrays.least_byte(texts) == 0:
            found |= arrays.truths(pc.match_substring(texts, _NUL))
        if column == maps.LINE_COLUMN and pc.any(pc.match_substring(texts, _ESCAPED_NUL)).as_py():
            found |= arrays.truths(pc.match_substring_regex(texts, _ESCAPE_OF_NUL))
    return found if found.any() else None
