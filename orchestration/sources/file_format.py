"""How a file is to be read: its format, compression, delimiter and encoding.

Here: the facts that readers and counters of files share, and opening a text. Not here: reading (csv_reading.py,
json_reading.py, formats.py), counting (counting.py).
"""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import pyarrow as pa

Format = Literal["csv", "jsonl", "parquet"]
BUFFERED_BYTES = 1 << 20


@dataclass(frozen=True)
class FileFormat:
    """How one file is to be read: its format, its compression, and for CSV its delimiter; `encoding` of its text."""

    format: Format
    is_gzip: bool
    delimiter: str = ","
    encoding: str = "utf-8"


def open_text(path: Path, how: FileFormat) -> IO[str]:
    """The file's text, behind the byte order mark where there is one."""
    csv.field_size_limit(1 << 30)
    handle = _opened(path, how)
    try:
        if handle.read(1) != "\ufeff":
            handle.seek(0)
    except BaseException:
        handle.close()
        raise
    return handle


def _opened(path: Path, how: FileFormat) -> IO[str]:
    if how.is_gzip:
        return io.TextIOWrapper(
            io.BufferedReader(gzip.open(path, "rb"), BUFFERED_BYTES), encoding=how.encoding, newline=""
        )
    return path.open(encoding=how.encoding, newline="")


def with_positions(schema: pa.Schema) -> pa.Schema:
    """The schema with the columns every reader adds: `_row_number` and `_malformed`."""
    return schema.append(pa.field("_row_number", pa.int64())).append(pa.field("_malformed", pa.string()))


def first_line(error: Exception) -> str:
    """The beginning of what a library says, which may go on for pages."""
    return str(error).splitlines()[0][:300]
