"""File formats: how rows are read, and how they are counted by somebody else.

Here: CSV, JSON lines and Parquet, plain or gzipped, as Arrow batches of the source's own columns; an independent count
of records by another reader (Python's csv module, line by line, the Parquet footer); whole-file refusals. Not here:
what the columns mean (mapping.py).

Every batch has the source's columns plus `_row_number` (int64, the record's number in the file from 1, heading not
counted) and
`_malformed` (the line as it stood, where it could not be split into columns; else null). Text formats give every
column as text.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from orchestration.sources.headings import RefusedFileError, check_names, check_types
from orchestration.sources.json_text import is_json_object

Format = Literal["csv", "jsonl", "parquet"]
BLOCK_BYTES = 16 << 20
LINES_PER_BATCH = 200_000
_NO_ROWS = re.compile("Empty CSV file|Could not skip initial")

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


@dataclass(frozen=True)
class FileFormat:
    """How one file is to be read: its format, its compression, and for CSV its delimiter; `encoding` of its text."""

    format: Format
    is_gzip: bool
    delimiter: str = ","
    encoding: str = "utf-8"


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
        with _open_text(path, how) as lines:
            if how.format == "csv":
                count = sum(1 for record in csv.reader(lines, delimiter=how.delimiter) if record) - 1
            else:
                count = sum(1 for line in lines if line.strip()) or -1
    except UnicodeError as error:  # its place is within a block only: not told
        raise RefusedFileError(
            "wrong_encoding",
            f"its bytes are no {how.encoding}: set encoding in the brand file, or export as UTF-8",
        ) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise RefusedFileError(
            "broken_gzip", f"the gzip stream is damaged or cut off ({error}): fetch the file again"
        ) from error
    except csv.Error as error:
        raise RefusedFileError("broken_csv", f"not a readable CSV file: {_first_line(error)}") from error
    if count < 0:
        raise RefusedFileError("empty_file", "the file has no heading and no rows: ask its sender for it again")
    return count


def _count_parquet(path: Path) -> int:
    try:
        return pq.read_metadata(path).num_rows
    except (pa.ArrowInvalid, OSError) as error:
        raise RefusedFileError("broken_parquet", f"not a readable Parquet file: {_first_line(error)}") from error


def read(path: Path, how: FileFormat) -> pa.RecordBatchReader:
    """The file's rows as Arrow batches with `_row_number` and `_malformed`; RefusedFileError when it cannot be read."""
    if how.format == "parquet":
        return _read_parquet(path)
    if how.format == "jsonl":
        return _read_lines(path, how)
    return _read_csv(path, how)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:300]


def _open_text(path: Path, how: FileFormat) -> IO[str]:
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
            io.BufferedReader(gzip.open(path, "rb"), BLOCK_BYTES), encoding=how.encoding, newline=""
        )
    return path.open(encoding=how.encoding, newline="")


def _with_positions(schema: pa.Schema) -> pa.Schema:
    return schema.append(pa.field("_row_number", pa.int64())).append(pa.field("_malformed", pa.string()))


def _read_parquet(path: Path) -> pa.RecordBatchReader:
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise RefusedFileError("broken_parquet", f"not a readable Parquet file: {_first_line(error)}") from error
    check_names(file.schema_arrow.names)
    check_types(file.schema_arrow)
    schema = _with_positions(file.schema_arrow.remove_metadata())

    def batches() -> Iterator[pa.RecordBatch]:
        done = 0
        try:
            for batch in file.iter_batches(batch_size=LINES_PER_BATCH):
                numbers = pa.array(range(done + 1, done + batch.num_rows + 1), pa.int64())
                done += batch.num_rows
                yield pa.record_batch([*batch.columns, numbers, pa.nulls(batch.num_rows, pa.string())], schema=schema)
        except (pa.ArrowInvalid, OSError) as error:
            raise RefusedFileError("broken_parquet", f"damaged after row {done}: {_first_line(error)}") from error

    return pa.RecordBatchReader.from_batches(schema, batches())


def _read_lines(path: Path, how: FileFormat) -> pa.RecordBatchReader:
    """JSON lines, one text column `_line`; the mapping takes the fields out of it."""
    schema = _with_positions(pa.schema([("_line", pa.string())]))

    def batches() -> Iterator[pa.RecordBatch]:
        lines: list[str] = []
        numbers: list[int] = []
        malformed: list[str | None] = []
        has_object = False
        with _open_text(path, how) as handle:
            for number, text in enumerate((line for line in handle if line.strip()), start=1):
                is_object = is_json_object(text)
                has_object = has_object or is_object
                lines.append(text.strip() if is_object else "{}")
                numbers.append(number)
                malformed.append(None if is_object else text.rstrip("\r\n"))
                if len(lines) >= LINES_PER_BATCH:
                    yield pa.record_batch(
                        [lines, pa.array(numbers, pa.int64()), pa.array(malformed, pa.string())], schema=schema
                    )
                    lines, numbers, malformed = [], [], []
        if not has_object:
            raise RefusedFileError(
                "not_json_lines", "no line of it is a JSON object: write one object a line, without a list around them"
            )
        yield pa.record_batch([lines, pa.array(numbers, pa.int64()), pa.array(malformed, pa.string())], schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def csv_heading(path: Path, how: FileFormat) -> list[str]:
    """The column names of a CSV file, in order; RefusedFileError when a name is missing or there twice."""
    return _heading(path, how)[0]


def _heading(path: Path, how: FileFormat) -> tuple[list[str], int]:
    """The column names, and how many lines of the file they and the blank lines before them take."""
    with _open_text(path, how) as lines:
        records = csv.reader(lines, delimiter=how.delimiter)
        names = [name.strip() for name in next((record for record in records if record), [])]
        taken = records.line_num
    check_names(names)
    return names, taken


def _read_csv(path: Path, how: FileFormat) -> pa.RecordBatchReader:
    names, lines = _heading(path, how)
    schema = _with_positions(pa.schema([(name, pa.string()) for name in names]))
    broken: list[tuple[int, str]] = []

    def keep_broken(row: pa_csv.InvalidRow) -> str:
        broken.append((row.number - lines, row.text))
        return "skip"

    try:
        stream = pa.input_stream(str(path), compression="gzip" if how.is_gzip else None)
        reader = pa_csv.open_csv(
            stream,
            read_options=pa_csv.ReadOptions(
                use_threads=False, block_size=BLOCK_BYTES, encoding=how.encoding, column_names=names, skip_rows=lines
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=how.delimiter, newlines_in_values=True, invalid_row_handler=keep_broken
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types={name: pa.string() for name in names},
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        )
    except (pa.ArrowInvalid, OSError) as error:
        if not _NO_ROWS.search(str(error)):
            raise _broken_csv(error) from error
        return pa.RecordBatchReader.from_batches(schema, iter(()))
    return pa.RecordBatchReader.from_batches(schema, _number_csv(reader, broken, schema, len(names)))


def _broken_csv(error: Exception) -> RefusedFileError:
    if "zlib" in str(error):  # zeros behind the stream: Python's reader passes over them
        return RefusedFileError("broken_gzip", "something stands behind the gzip stream: fetch the file again")
    return RefusedFileError("broken_csv", f"not a readable CSV file: {_first_line(error)}")


def _number_csv(
    reader: pa_csv.CSVStreamingReader, broken: list[tuple[int, str]], schema: pa.Schema, width: int
) -> Iterator[pa.RecordBatch]:
    """Give each row its number in the file: the reader leaves out rows that do not split, `broken` has their places."""
    next_number = 1
    while True:
        try:
            batch = reader.read_next_batch()
        except StopIteration:
            break
        except (pa.ArrowInvalid, OSError) as error:
            raise _broken_csv(error) from error
        skipped = {number for number, _ in broken if number >= next_number}
        numbers = _free_numbers(next_number, batch.num_rows, skipped)
        if numbers:
            next_number = numbers[-1] + 1
        yield pa.record_batch(
            [*batch.columns, pa.array(numbers, pa.int64()), pa.nulls(batch.num_rows, pa.string())], schema=schema
        )
    if broken:
        blank = [pa.nulls(len(broken), pa.string()) for _ in range(width)]
        where = pa.array([number for number, _ in broken], pa.int64())
        yield pa.record_batch([*blank, where, pa.array([text for _, text in broken], pa.string())], schema=schema)


def _free_numbers(start: int, count: int, taken: set[int]) -> list[int]:
    """The first `count` numbers from `start` that are not taken."""
    if not taken:
        return list(range(start, start + count))
    found: list[int] = []
    number = start
    while len(found) < count:
        if number not in taken:
            found.append(number)
        number += 1
    return found
