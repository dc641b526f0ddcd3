"""The corpus: malformed inputs, each with what must become of it. One module per way of being wrong.

Here: the list of all cases. A new case is a line of its module. Not here: landing and judging them (harness.py).
"""

from __future__ import annotations

from tests.faults.landing.corpus import (
    csv_shapes,
    encodings,
    identifiers,
    json_lines,
    keys,
    moments,
    numbers,
    packed,
    parquet_columns,
    parquet_files,
    rules,
)
from tests.faults.landing.corpus.case import Case

CASES: tuple[Case, ...] = tuple(
    case
    for module in (
        numbers,
        moments,
        csv_shapes,
        encodings,
        packed,
        json_lines,
        parquet_columns,
        parquet_files,
        identifiers,
        keys,
        rules,
    )
    for case in module.CASES
)
