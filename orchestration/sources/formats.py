"""File formats: how rows are read, and how they are counted by somebody else.

Here: which format a file has, and who reads and who counts it: CSV (csv_reading.py), JSON lines (json_reading.py) and
Parquet, plain or gzipped, as Arrow batches of the source's own columns; an independent count of records by another
reader (counting.py, Python's csv module, the Parquet footer); whole-file refusals. Not here: what the columns mean
(mapping.py).

Every batch has the source's columns plus `_row_number` (int64, the record's number in the file from 1, heading not
counted) and `_malformed` (the line as it stood, where it could not be split into columns; else null). Text formats give
every column as text.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.sources import counting, csv_reading, json_reading
from orchestration.sources.file_format import FileFormat, Format, first_line, open_text, with_positions
from orchestration.sources.headings import RefusedFileError, check_names, check_types

BLOCK_BYTES = 8 << 20
COUNTED_BYTES = 1 << 16
LINES_PER_BATCH = 65_536

_ENDINGS: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
}


def recognise(path: Path, declared: str, delimiter: str, encoding: str) -> FileFormat:
    """The format of a file by its declared format or its ending; RefusedFileError when neither tells."""
    name = path.name.lower()
    is_gzip = name.endswith(".gz")
    ending = Path(name.removesuffix(".gz")).suffix
    if declared != "auto":
        return FileFormat(_declared(declared), is_gzip, delimiter, encoding)
    if ending not in _ENDINGS:
        raise RefusedFileError(
            "unknown_format", f"ending {ending!r} is none of {', '.join(_ENDINGS)}: set format in the brand file"
        )
    return FileFormat(_ENDINGS[ending], is_gzip, "\t" if ending == ".tsv" else delimiter, encoding)


def _declared(name: str) -> Format:
    for known in ("csv", "jsonl", "parquet"):
        if name == known:
            return known
    raise ValueError(f"no format {name!r}")


def count_records(path: Path, how: FileFormat) -> int:
    """Records in the file, counted without the reader that lands them; RefusedFileError when it cannot be decoded.

    Blank lines are no records; a CSV's first line is its heading.
    """
    if path.stat().st_size == 0:
        raise RefusedFileError("empty_file", "the file has no bytes, not even a heading: ask its sender for it again")
    try:
        if how.format == "parquet":
            return _count_parquet(path)
        count = _count_csv(path, how) - 1 if how.format == "csv" else counting.json_lines(_blocks(path, how)) or -1
    except UnicodeError as error:
        raise RefusedFileError(
            "wrong_encoding",
            f"its bytes are no {how.encoding}: set encoding in the brand file, or export as UTF-8",
        ) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise RefusedFileError(
            "broken_gzip", f"the gzip stream is damaged or cut off ({error}): fetch the file again"
        ) from error
    except csv.Error as error:
        raise RefusedFileError("broken_csv", f"not a readable CSV file: {first_line(error)}") from error
    if count < 0:
        raise RefusedFileError("empty_file", "the file has no heading and no rows: ask its sender for it again")
    return count


def _count_parquet(path: Path) -> int:
    try:
        return pq.read_metadata(path).num_rows
    except (pa.ArrowInvalid, OSError) as error:
        raise RefusedFileError("broken_parquet", f"not a readable Parquet file: {first_line(error)}") from error


def _count_csv(path: Path, how: FileFormat) -> int:
    try:
        return counting.csv_records(_blocks(path, how), how.delimiter.encode())
    except counting.UnusualQuotesError:
        with open_text(path, how) as lines:
            return sum(1 for record in csv.reader(lines, delimiter=how.delimiter) if record)


def _blocks(path: Path, how: FileFormat) -> Iterator[bytes]:
    """The file's text in blocks of UTF-8, without a byte order mark; UnicodeError for bytes not of its encoding."""
    decoder = codecs.getincrementaldecoder(how.encoding)()
    is_ascii_like = how.encoding in ("utf-8", "ascii")
    is_first = True
    with gzip.open(path) if how.is_gzip else path.open("rb") as handle:
        while True:
            block = handle.read(COUNTED_BYTES)
            if block and is_ascii_like and block.isascii() and not decoder.getstate()[0]:
                is_first = False
                yield block
                continue
            text = decoder.decode(block, final=not block)
            if text:
                yield (text.removeprefix("\ufeff") if is_first else text).encode()
                is_first = False
            if not block:
                return


def read(path: Path, how: FileFormat) -> pa.RecordBatchReader:
    """The file's rows as Arrow batches with `_row_number` and `_malformed`; RefusedFileError when it cannot be read."""
    if how.format == "parquet":
        return _read_parquet(path)
    if how.format == "jsonl":
        return json_reading.read(path, how, BLOCK_BYTES)
    return csv_reading.read(path, how, BLOCK_BYTES)


def read_to_land(path: Path, how: FileFormat) -> pa.RecordBatchReader:
    """The file's rows as `read` gives them, but JSON lines as they are: landing looks into each line only once."""
    if how.format == "jsonl":
        return json_reading.read_as_they_are(path, how, BLOCK_BYTES)
    return read(path, how)


def csv_heading(path: Path, how: FileFormat) -> list[str]:
    """The column names of a CSV file, in order; RefusedFileError when a name is missing or there twice."""
    return csv_reading.heading(path, how)[0]


def _read_parquet(path: Path) -> pa.RecordBatchReader:
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise RefusedFileError("broken_parquet", f"not a readable Parquet file: {first_line(error)}") from error
    check_names(file.schema_arrow.names)
    check_types(file.schema_arrow)
    schema = with_positions(file.schema_arrow.remove_metadata())

    def batches() -> Iterator[pa.RecordBatch]:
        done = 0
        try:
            for batch in file.iter_batches(batch_size=LINES_PER_BATCH):
                numbers = pa.array(np.arange(done + 1, done + batch.num_rows + 1, dtype=np.int64))
                done += batch.num_rows
                yield pa.record_batch([*batch.columns, numbers, pa.nulls(batch.num_rows, pa.string())], schema=schema)
        except (pa.ArrowInvalid, OSError) as error:
            raise RefusedFileError("broken_parquet", f"damaged after row {done}: {first_line(error)}") from error

    return pa.RecordBatchReader.from_batches(schema, batches())
