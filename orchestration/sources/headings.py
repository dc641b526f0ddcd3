"""Columns a file may have, and the refusal of a file.

Here: what a heading must be, whatever the format, and types that cannot be read. Not here: reading one (formats.py),
what its names mean (mapping.py).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Sequence

import pyarrow as pa

RESERVED = ("_line", "_row_number", "_malformed")
"""Columns that are put beside a source's own."""
MOST_LISTED, LONGEST_NAME = 50, 100
"""How many names of a source are told and kept beside those that are read, and how many characters of each."""
_NO_NAME = re.compile(r"[\0\r\n]")


class RefusedFileError(ValueError):
    """A file that cannot be read at all. `reason` is a code; the message says what is wrong and what to do."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def listed(names: Collection[str]) -> tuple[str, ...]:
    """Names that a sender chose, no more and no longer than a person reads; the last one says how many are left out."""
    told = (
        name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
        for name in itertools.islice(names, MOST_LISTED)
    )
    left_out = len(names) - MOST_LISTED
    return (*told, f"… and {left_out} more") if left_out > 0 else tuple(told)


def check_names(names: Sequence[str]) -> None:
    """Refuse a heading that has a name twice, none, or one of ours.

    Names at fault are told by place: where a file has no heading, its first row's values would be told.
    """
    folded = Counter(name.lower() for name in names)  # as DuckDB tells columns apart
    wrong = [
        str(place)
        for place, name in enumerate(names, start=1)
        if not name or folded[name.lower()] > 1 or _NO_NAME.search(name)
    ]
    if wrong:
        raise RefusedFileError(
            "bad_heading",
            "column names must be there, stand in one line and differ, whatever their case; columns that do not: "
            + ", ".join(wrong[:20]),
        )
    if taken := [name for name in RESERVED if name in names]:
        raise RefusedFileError("bad_heading", f"a column may not be called {', '.join(taken)}: rename it in the export")


def check_types(schema: pa.Schema) -> None:
    """Refuse a Parquet file with columns of types that DuckDB does not read."""
    strange = [
        f"{field.name} ({field.type})"
        for field in schema
        if pa.types.is_decimal256(field.type) or pa.types.is_float16(field.type)
    ]
    if strange:
        raise RefusedFileError(
            "unknown_type",
            f"numbers of this type cannot be read: {', '.join(strange)}; export them as float64, text or a decimal of "
            "at most 38 digits",
        )
