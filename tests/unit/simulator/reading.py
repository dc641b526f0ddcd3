"""Reading the demo brand's files back, by readers of the standard library and Parquet's own.

Here: rows of a source, whatever its format. Not here: the code that writes them.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

GB18030 = ("tmall_buyers", "tmall_orders", "tmall_order_items", "till_receipts")


def files(home: Path, source: str = "*") -> list[Path]:
    """The files of a source, by name."""
    return sorted((home / "drop").glob(f"{source}/*"))


def text(path: Path) -> str:
    """A text file's content."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return raw.decode("gb18030" if path.parent.name in GB18030 else "utf-8")


def records(path: Path) -> list[dict[str, Any] | str]:
    """Every record of a file: a row by column, or the line as it stands where it does not split into columns."""
    if path.suffix == ".parquet":
        return list(pq.read_table(path).to_pylist())
    lines = text(path).split("\n")[:-1]
    if path.name.removesuffix(".gz").endswith(".jsonl"):
        return [_object(line) for line in lines]
    heading, *rows = csv.reader(lines)
    return [
        dict(zip(heading, row, strict=True)) if len(row) == len(heading) else line
        for row, line in zip(rows, lines[1:], strict=True)
    ]


def _object(line: str) -> dict[str, Any] | str:
    try:
        return json.loads(line)
    except json.JSONDecodeError:
        return line


def rows(home: Path, source: str) -> Iterator[dict[str, Any]]:
    """The whole rows of all files of a source."""
    for path in files(home, source):
        yield from (row for row in records(path) if isinstance(row, dict))


def truth(home: Path, table: str) -> list[dict[str, Any]]:
    """A table of the truth."""
    return pq.read_table(home / "truth" / f"{table}.parquet").to_pylist()
