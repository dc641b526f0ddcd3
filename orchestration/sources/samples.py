"""A first look into a file: in which encoding and with which delimiter it is written, and what its columns hold.

Here: settings that a file can be read with, a few values per column as text. Not here: reading whole files
(formats.py), what the columns are (guess.py).
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sources import formats
from orchestration.sources.file_format import FileFormat
from orchestration.sources.headings import RESERVED, RefusedFileError

LOOKED_AT = 1 << 20
"""Bytes at a file's beginning by which its encoding and delimiter are told."""
ROWS = 500
DELIMITERS = (",", ";", "\t", "|")
_LINE = "_line"


def settings_of(path: Path) -> dict[str, str]:
    """`encoding` and `delimiter` of a text file where they are not the usual ones; nothing for Parquet."""
    how = formats.recognise(path, "auto", ",", "utf-8")
    if how.format == "parquet":
        return {}
    head = _beginning(path, is_gzip=how.is_gzip)
    encoding = _encoding_of(head)
    found = {} if encoding == "utf-8" else {"encoding": encoding}
    if how.format == "csv" and how.delimiter == ",":
        delimiter = _delimiter_of(head.decode(encoding, "ignore"))
        if delimiter != ",":
            found["delimiter"] = delimiter
    return found


def samples_of(path: Path, how: FileFormat) -> dict[str, list[str]]:
    """Column → the texts of its first rows; in JSON lines the fields of objects too, as `properties.url`.

    Raises RefusedFileError where the file cannot be read.
    """
    if how.format == "csv" and path.stat().st_size:
        names = formats.csv_heading(path, how)
        found: dict[str, list[str]] = {name: [] for name in names}
    else:
        found = {}
    for row in islice(_rows(path, how), ROWS):
        for name, value in row.items():
            found.setdefault(name, []).append(value)
    return found


def _beginning(path: Path, *, is_gzip: bool) -> bytes:
    try:
        if is_gzip:
            with gzip.open(path, "rb") as packed:
                return packed.read(LOOKED_AT)
        with path.open("rb") as handle:
            return handle.read(LOOKED_AT)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise RefusedFileError("broken_gzip", f"the gzip stream is damaged or cut off ({error})") from error


def _encoding_of(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if _decodes(head, "utf-8"):
        return "utf-8"
    # Chinese text is pairs of high bytes; in western text they stand alone between letters.
    alone = sum(len(run) for run in re.findall(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])", head))
    high = sum(byte >= 0x80 for byte in head)
    return "gb18030" if alone * 3 < high and _decodes(head, "gb18030") else "cp1252"


def _decodes(head: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(head, final=len(head) < LOOKED_AT)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter_of(text: str) -> str:
    """The delimiter by which the most of the first records have as many cells as the heading, and more than one."""
    best, best_score = ",", 0
    for delimiter in DELIMITERS:
        records = list(islice((row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row), 50))
        widths = Counter(len(row) for row in records)
        width = len(records[0]) if records else 0
        score = widths[width] * width if width > 1 else 0
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _rows(path: Path, how: FileFormat) -> Iterator[dict[str, str]]:
    for batch in formats.read(path, how):
        rows = batch.slice(0, ROWS)
        if _LINE not in batch.schema.names:
            yield from _table(rows)
            continue
        for line, malformed in zip(rows[_LINE].to_pylist(), rows["_malformed"].to_pylist(), strict=True):
            if malformed is None:
                yield _texts(json.loads(line))


def _table(rows: pa.RecordBatch) -> Iterator[dict[str, str]]:
    columns: dict[str, list[str]] = {}
    for name in rows.schema.names:
        if name not in RESERVED:
            try:
                columns[name] = [text or "" for text in pc.cast(rows[name], pa.string()).to_pylist()]
            except (pa.ArrowNotImplementedError, pa.ArrowInvalid):  # nested, or bytes that are no text
                columns[name] = [""] * rows.num_rows
    for place, malformed in enumerate(rows["_malformed"].to_pylist()):
        if malformed is None:
            yield {name: texts[place] for name, texts in columns.items()}


def _texts(row: Mapping[str, Any], within: str = "") -> dict[str, str]:
    """Values as texts; an object's fields one by one, a list not at all."""
    found: dict[str, str] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            found |= _texts(value, f"{within}{name}.")
        elif isinstance(value, bool):
            found[within + name] = str(value).lower()
        elif not isinstance(value, list):
            found[within + name] = "" if value is None else str(value)
    return found
