"""CSV files, read by Arrow.

Here: headings, rows as text columns, the number of every row in its file, rows that do not split. Not here: counting
(counting.py), what columns mean (mapping.py).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pa_csv

from orchestration.sources.file_format import FileFormat, first_line, open_text, with_positions
from orchestration.sources.headings import RefusedFileError, check_names

MOST_ROW_BYTES = 64 << 20
"""A row may be as long as a block: where one is longer than the usual blocks, the file is read again in such ones."""

_NO_ROWS = re.compile("Empty CSV file|Could not skip initial")
_TOO_LONG = "straddling object"


def heading(path: Path, how: FileFormat) -> tuple[list[str], int]:
    """The column names, and how many lines of the file they and the blank lines before them take.

    Raises RefusedFileError when a name is missing or there twice.
    """
    with open_text(path, how) as lines:
        records = csv.reader(lines, delimiter=how.delimiter)
        names = [name.strip() for name in next((record for record in records if record), [])]
        taken = records.line_num
    check_names(names)
    return names, taken


def read(path: Path, how: FileFormat, block_bytes: int) -> pa.RecordBatchReader:
    """The file's rows, those that do not split behind the others; RefusedFileError when it cannot be read."""
    names, lines = heading(path, how)
    schema = with_positions(pa.schema([(name, pa.string()) for name in names]))
    first = _Pass(path, how, schema, lines, block_bytes)
    return pa.RecordBatchReader.from_batches(schema, _batches(first))


def _batches(first: _Pass) -> Iterator[pa.RecordBatch]:
    try:
        yield from first.batches(behind=0)
    except _TooLongError:
        longer = _Pass(first.path, first.how, first.schema, first.lines, MOST_ROW_BYTES)
        yield from longer.batches(behind=first.done)


class _TooLongError(Exception):
    """A row does not fit into a block."""


class _Pass:
    """One reading of a file in blocks of one size."""

    def __init__(self, path: Path, how: FileFormat, schema: pa.Schema, lines: int, block_bytes: int) -> None:
        self.path, self.how, self.schema, self.lines = path, how, schema, lines
        self.done = 0
        """The number of the last row that was given."""
        self._block_bytes = block_bytes
        self._broken: list[tuple[int, str]] = []
        self._reader = self._open()

    def batches(self, *, behind: int) -> Iterator[pa.RecordBatch]:
        """The rows with a number greater than `behind`, then all that do not split."""
        while (batch := self._next()) is not None:
            numbers = self._numbers(batch.num_rows)
            if not numbers.size:
                continue
            self.done = int(numbers[-1])
            skipped = int(np.searchsorted(numbers, behind, "right"))
            nothing = pa.nulls(batch.num_rows, pa.string())
            rows = pa.record_batch([*batch.columns, pa.array(numbers), nothing], schema=self.schema)
            if skipped < rows.num_rows:
                yield rows.slice(skipped)
        if self._broken:
            blank = [pa.nulls(len(self._broken), pa.string()) for _ in self.schema.names[:-2]]
            where = pa.array([number for number, _ in self._broken], pa.int64())
            texts = pa.array([text for _, text in self._broken], pa.string())
            yield pa.record_batch([*blank, where, texts], schema=self.schema)

    def _open(self) -> pa_csv.CSVStreamingReader | None:
        names = self.schema.names[:-2]
        try:
            return pa_csv.open_csv(
                pa.input_stream(str(self.path), compression="gzip" if self.how.is_gzip else None),
                read_options=pa_csv.ReadOptions(
                    use_threads=False,
                    block_size=self._block_bytes,
                    encoding=self.how.encoding,
                    column_names=names,
                    skip_rows=self.lines,
                ),
                parse_options=pa_csv.ParseOptions(
                    delimiter=self.how.delimiter, newlines_in_values=True, invalid_row_handler=self._keep_broken
                ),
                convert_options=pa_csv.ConvertOptions(
                    check_utf8=False,  # who counts the file decodes every byte of it
                    column_types={name: pa.string() for name in names},
                    strings_can_be_null=False,
                    quoted_strings_can_be_null=False,
                ),
            )
        except (pa.ArrowInvalid, OSError) as error:
            if _NO_ROWS.search(str(error)):
                return None
            raise self._refusal(error) from error

    def _next(self) -> pa.RecordBatch | None:
        try:
            return self._reader.read_next_batch() if self._reader is not None else None
        except StopIteration:
            return None
        except (pa.ArrowInvalid, OSError) as error:
            if _TOO_LONG in str(error) and self._block_bytes < MOST_ROW_BYTES:
                raise _TooLongError from None
            raise self._refusal(error) from error

    def _keep_broken(self, row: pa_csv.InvalidRow) -> str:
        self._broken.append((row.number - self.lines, row.text))
        return "skip"

    def _numbers(self, count: int) -> npt.NDArray[np.int64]:
        """The next `count` numbers that no row which does not split has."""
        start = self.done + 1
        taken = [number - start for number, _ in self._broken if number >= start]
        numbers = np.arange(start, start + count + len(taken), dtype=np.int64)
        return np.delete(numbers, [place for place in taken if place < numbers.size])[:count]

    def _refusal(self, error: Exception) -> RefusedFileError:
        if "zlib" in str(error):  # zeros behind the stream: Python's reader passes over them
            return RefusedFileError("broken_gzip", "something stands behind the gzip stream: fetch the file again")
        return RefusedFileError("broken_csv", f"not a readable CSV file: {first_line(error)}")
