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

import codecs
import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from orchestration.sources import counting

Format = Literal["csv", "jsonl", "parquet"]
BLOCK_BYTES = 16 << 20
COUNTED_BYTES = 1 << 18
LINES_PER_BATCH = 200_000
RESERVED = ("_line", "_row_number", "_malformed")
"""Columns that are put beside a source's own."""

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


class RefusedFileError(ValueError):
    """A file that cannot be read at all. `reason` is a code; the message says what is wrong and what to do."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


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
            return pq.read_metadata(path).num_rows
        if how.format == "jsonl":
            return counting.json_lines(_blocks(path, how))
        try:
            count = counting.csv_records(_blocks(path, how), how.delimiter.encode()) - 1
        except counting.UnusualQuotesError:
            with _open_text(path, how) as lines:
                count = sum(1 for record in csv.reader(lines, delimiter=how.delimiter) if record) - 1
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise RefusedFileError(
            "broken_gzip", f"the gzip stream is damaged or cut off ({error}): fetch the file again"
        ) from error
    except pa.ArrowInvalid as error:
        raise RefusedFileError("broken_parquet", f"not a readable Parquet file: {_first_line(error)}") from error
    if count < 0:
        raise RefusedFileError("empty_file", "the file has no heading and no rows: ask its sender for it again")
    return count


def _blocks(path: Path, how: FileFormat) -> Iterator[bytes]:
    """The file's text in blocks of UTF-8, without a byte order mark; RefusedFileError for bytes not of its encoding."""
    decoder = codecs.getincrementaldecoder("utf-8-sig" if how.encoding == "utf-8" else how.encoding)()
    is_ascii_like = how.encoding in ("utf-8", "ascii")
    done = 0
    with gzip.open(path) if how.is_gzip else path.open("rb") as handle:
        while True:
            block = handle.read(COUNTED_BYTES)
            if is_ascii_like and done and block.isascii() and not decoder.getstate()[0]:
                if not block:
                    return
                done += len(block)
                yield block
                continue
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                place = done + len(block) - len(error.object) + error.start
                raise RefusedFileError(
                    "wrong_encoding",
                    f"byte {place} is no {how.encoding}: set encoding in the brand file, or export as UTF-8",
                ) from None
            if text:
                yield text.encode()
            if not block:
                return
            done += len(block)


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
    encoding = "utf-8-sig" if how.encoding == "utf-8" else how.encoding
    csv.field_size_limit(1 << 30)
    if how.is_gzip:
        return io.TextIOWrapper(io.BufferedReader(gzip.open(path, "rb"), BLOCK_BYTES), encoding=encoding, newline="")
    return path.open(encoding=encoding, newline="")


def _check_names(names: list[str]) -> None:
    if taken := [name for name in RESERVED if name in names]:
        raise RefusedFileError("bad_heading", f"a column may not be called {', '.join(taken)}: rename it in the export")


def _with_positions(schema: pa.Schema) -> pa.Schema:
    return schema.append(pa.field("_row_number", pa.int64())).append(pa.field("_malformed", pa.string()))


def _read_parquet(path: Path) -> pa.RecordBatchReader:
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise RefusedFileError("broken_parquet", f"not a readable Parquet file: {_first_line(error)}") from error
    _check_names(file.schema_arrow.names)
    schema = _with_positions(file.schema_arrow.remove_metadata())

    def batches() -> Iterator[pa.RecordBatch]:
        done = 0
        try:
            for batch in file.iter_batches(batch_size=LINES_PER_BATCH):
                numbers = pa.array(np.arange(done + 1, done + batch.num_rows + 1, dtype=np.int64))
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
        with _open_text(path, how) as handle:
            for number, text in enumerate((line for line in handle if line.strip()), start=1):
                is_object = _is_json_object(text)
                lines.append(text.strip() if is_object else "{}")
                numbers.append(number)
                malformed.append(None if is_object else text.rstrip("\r\n"))
                if len(lines) >= LINES_PER_BATCH:
                    yield pa.record_batch(
                        [lines, pa.array(numbers, pa.int64()), pa.array(malformed, pa.string())], schema=schema
                    )
                    lines, numbers, malformed = [], [], []
        yield pa.record_batch([lines, pa.array(numbers, pa.int64()), pa.array(malformed, pa.string())], schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def _is_json_object(text: str) -> bool:
    """Whether the line is a JSON object to every reader: NaN is no value, half a surrogate pair no character."""
    try:
        found = json.loads(text, parse_constant=_no_value)
        if "\\u" in text:
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict)


def _no_value(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def csv_heading(path: Path, how: FileFormat) -> list[str]:
    """The column names of a CSV file, in order; RefusedFileError when a name is missing or there twice."""
    with _open_text(path, how) as lines:
        heading = next((record for record in csv.reader(lines, delimiter=how.delimiter) if record), [])
    names = [name.strip() for name in heading]
    wrong = [str(place) for place, name in enumerate(names, start=1) if not name or names.count(name) > 1]
    if wrong:  # by place: where a file has no heading, its first row's values would be told
        raise RefusedFileError(
            "bad_heading", f"column names must be there and differ; empty or there twice: columns {', '.join(wrong)}"
        )
    _check_names(names)
    return names


def _read_csv(path: Path, how: FileFormat) -> pa.RecordBatchReader:
    names = csv_heading(path, how)
    schema = _with_positions(pa.schema([(name, pa.string()) for name in names]))
    broken: list[tuple[int, str]] = []

    def keep_broken(row: pa_csv.InvalidRow) -> str:
        broken.append((row.number, row.text))
        return "skip"

    try:
        stream = pa.input_stream(str(path), compression="gzip" if how.is_gzip else None)
        reader = pa_csv.open_csv(
            stream,
            read_options=pa_csv.ReadOptions(
                use_threads=False, block_size=BLOCK_BYTES, encoding=how.encoding, column_names=names, skip_rows=1
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
        if "Empty CSV file" not in str(error):
            raise RefusedFileError("broken_csv", f"not a readable CSV file: {_first_line(error)}") from error
        return pa.RecordBatchReader.from_batches(schema, iter(()))
    return pa.RecordBatchReader.from_batches(schema, _number_csv(reader, broken, schema, len(names)))


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
            raise RefusedFileError("broken_csv", f"not a readable CSV file: {_first_line(error)}") from error
        skipped = [number - 1 for number, _ in broken if number - 1 >= next_number]
        numbers = _free_numbers(next_number, batch.num_rows, skipped)
        if numbers.size:
            next_number = int(numbers[-1]) + 1
        yield pa.record_batch([*batch.columns, pa.array(numbers), pa.nulls(batch.num_rows, pa.string())], schema=schema)
    if broken:
        blank = [pa.nulls(len(broken), pa.string()) for _ in range(width)]
        where = pa.array([number - 1 for number, _ in broken], pa.int64())
        yield pa.record_batch([*blank, where, pa.array([text for _, text in broken], pa.string())], schema=schema)


def _free_numbers(start: int, count: int, taken: list[int]) -> npt.NDArray[np.int64]:
    """The first `count` numbers from `start` that are not taken; `taken` are ascending and none is below `start`."""
    numbers = np.arange(start, start + count + len(taken), dtype=np.int64)
    return np.delete(numbers, [number - start for number in taken if number - start < len(numbers)])[:count]
