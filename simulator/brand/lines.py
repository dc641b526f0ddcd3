"""Rows as lines of text: CSV and nested JSON, composed column by column.

Here: from Arrow columns to one text a row, without a loop over rows. Not here: files (files.py), broken rows (dirt.py).
Texts hold no quotes, backslashes or line breaks: the made-up ones have none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.brand.columns import computed, joined


def as_text(column: pa.Array) -> pa.Array:
    """A column of any type as text; empty stays empty."""
    return column if pa.types.is_large_string(column.type) else pc.cast(column, pa.large_string())


def filled(column: pa.Array) -> pa.Array:
    """The column with nothing in place of what is empty."""
    return computed("coalesce", column, pa.scalar("", pa.large_string()))


def csv_lines(columns: Mapping[str, pa.Array], quoted: Sequence[str], end: str) -> pa.Array:
    """One line of CSV a row, with that end."""
    parts: list[pa.Array | str] = []
    for name, column in columns.items():
        written = filled(as_text(column))
        parts += [",", *(['"', written, '"'] if name in quoted else [written])]
    return joined(*parts[1:], end)


def json_lines(columns: Mapping[str, pa.Array], end: str) -> pa.Array:
    """One JSON object a row, with that end; what is empty is left out. Each object's first field is never empty."""
    parts: list[pa.Array | str] = []
    pending, is_first = "{", True
    open_path: list[str] = []
    for name, column in columns.items():
        *path, leaf = name.split(".")
        shared = _shared(open_path, path)
        pending += "}" * (len(open_path) - shared)
        for step in path[shared:]:
            pending += f'{"" if is_first else ","}"{step}":{{'
            is_first = True
        key = f'{"" if is_first else ","}"{leaf}":'
        mark = '"' if pa.types.is_large_string(column.type) else ""
        if column.null_count == 0:
            parts += [pending + key + mark, as_text(column)]
            pending = mark
        elif is_first:
            raise ValueError(f"{name} opens an object and may not be empty")
        else:
            parts += [pending, filled(joined(key + mark, as_text(column), mark))]
            pending = ""
        open_path, is_first = path, False
    return joined(*parts, pending + "}" * (len(open_path) + 1) + end)


def _shared(first: list[str], second: list[str]) -> int:
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return count


def as_bytes(lines: pa.Array) -> memoryview:
    """The lines one after the other, without a copy. The array is a whole one, no slice of another."""
    offsets, text = lines.buffers()[1:]
    length = int(np.frombuffer(offsets, np.int64, len(lines) + 1)[-1])
    return memoryview(text)[:length] if text is not None else memoryview(b"")
