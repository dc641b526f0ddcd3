"""JSON lines, read to be landed.

Here: the lines of a text and which of them are JSON objects. Not here: counting them (counting.py), taking fields out
of them (landing/line_fields.py), lines that are plain to see (landing/json_alike.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from orchestration.sources.file_format import FileFormat, with_positions
from orchestration.sources.headings import RefusedFileError
from orchestration.sources.json_text import is_json_object
from orchestration.sources.kernels import pc

SCHEMA = with_positions(pa.schema([("_line", pa.string())]))

UNJUDGED = SCHEMA.with_metadata({"lines": "as they are"})

_BLANKS = " \t\r\n"
_LAST_BLANK = 0x20
_MARK = b"\xef\xbb\xbf"
_LINE_END = 10
_PLAIN = r"^\{[^{}\[\]\\]*\}$"
"""A line without an inner object or list, and without an escape: DuckDB can tell whether it is an object."""
_NOT_TO_ALL_READERS = r"(?i)[:,]\s*-?(nan|inf)|,\s*\}"
"""What DuckDB takes for a value and others do not."""
_LONG = 4_096
"""Longer lines may hold numbers with more digits than others read."""


def read(path: Path, how: FileFormat, block_bytes: int) -> pa.RecordBatchReader:
    """The lines that are more than blanks, as `_line`; a line that is no object is `{}` and stands in `_malformed`.

    Raises RefusedFileError where not one line is an object.
    """
    return pa.RecordBatchReader.from_batches(SCHEMA, _judged(path, how, block_bytes))


def read_as_they_are(path: Path, how: FileFormat, block_bytes: int) -> pa.RecordBatchReader:
    """The lines that are more than blanks, as `_line`, maybe with their line ends; nobody has looked into them yet."""
    return pa.RecordBatchReader.from_batches(UNJUDGED, _unjudged(path, how, block_bytes))


def is_judged(schema: pa.Schema) -> bool:
    """Whether rows of lines come with a word on which of them are objects."""
    return schema.metadata != UNJUDGED.metadata


def _judged(path: Path, how: FileFormat, block_bytes: int) -> Iterator[pa.RecordBatch]:
    has_object = False
    with duckdb.connect(":memory:") as connection:
        for rows in _unjudged(path, how, block_bytes):
            lines, malformed = judge(connection, rows.column("_line"))
            has_object = has_object or malformed.null_count > 0
            yield pa.record_batch([lines, rows.column("_row_number"), malformed], schema=SCHEMA)
    if not has_object:
        raise no_objects()


def no_objects() -> RefusedFileError:
    """Why a file without a single object is refused."""
    return RefusedFileError(
        "not_json_lines", "no line of it is a JSON object: write one object a line, without a list around them"
    )


def _unjudged(path: Path, how: FileFormat, block_bytes: int) -> Iterator[pa.RecordBatch]:
    done = 0
    for lines in _lines(path, how, block_bytes):
        numbers = pa.array(np.arange(done + 1, done + 1 + len(lines), dtype=np.int64))
        done += len(lines)
        yield pa.record_batch([lines, numbers, pa.nulls(len(lines), pa.string())], schema=UNJUDGED)


def _lines(path: Path, how: FileFormat, block_bytes: int) -> Iterator[pa.Array]:
    """The lines of the text, a block at a time, blank ones left out."""
    rest = b""
    with pa.input_stream(str(path), compression="gzip" if how.is_gzip else None) as raw:
        text = raw if how.encoding == "utf-8" else pa.transcoding_input_stream(raw, how.encoding, "utf-8")
        is_first = True
        while block := text.read(block_bytes):
            if is_first:
                block, is_first = block.removeprefix(_MARK), False
            cut = block.rfind(b"\n") + 1
            if cut:
                yield split(rest + block[:cut])
                rest = block[cut:]
            else:
                rest += block
    if rest:
        yield split(rest + b"\n")


def split(text: bytes) -> pa.Array:
    """The lines of a text that ends with a line end, without a copy where none of them begins with a blank."""
    data = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(data == _LINE_END).astype(np.int32) + np.int32(1)
    where = np.concatenate([np.zeros(1, np.int32), ends])
    lines = pa.Array.from_buffers(pa.string(), len(ends), [None, pa.py_buffer(where), pa.py_buffer(text)])
    if (data[where[:-1]] > _LAST_BLANK).all():
        return lines
    lines = trimmed(lines)
    return lines.filter(pc.greater(pc.binary_length(lines), 0))


def trimmed(lines: pa.Array) -> pa.Array:
    """The lines without blanks around them."""
    return pc.utf8_trim(lines, _BLANKS)


def judge(connection: duckdb.DuckDBPyConnection, lines: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The lines that are objects, with `{}` for any other, and the others, with null for an object."""
    lines = trimmed(lines)
    is_object = _are_objects(connection, lines)
    return pc.if_else(is_object, lines, "{}"), pc.if_else(is_object, pa.scalar(None, pa.string()), lines)


def _are_objects(connection: duckdb.DuckDBPyConnection, lines: pa.Array) -> pa.Array:
    """Which lines are JSON objects to every reader; what is not plain to see is looked at one by one."""
    is_plain = pc.and_(
        pc.less(pc.binary_length(lines), _LONG),
        pc.and_(
            pc.match_substring_regex(lines, _PLAIN), pc.invert(pc.match_substring_regex(lines, _NOT_TO_ALL_READERS))
        ),
    )
    table = pa.table({"line": lines, "is_plain": is_plain})
    connection.register("lines", table)
    keys = connection.execute(
        "select case when is_plain and json_valid(line) then json_keys(line) end as keys from lines"
    ).to_arrow_table()["keys"]
    connection.unregister("lines")
    is_object = _each_once(keys.combine_chunks())
    others = np.flatnonzero(~is_object)
    is_object[others] = [is_json_object(text) for text in lines.take(pa.array(others)).to_pylist()]
    return pa.array(is_object)


def _each_once(lists: pa.ListArray) -> npt.NDArray[np.bool_]:
    """Which lists of texts are there and hold none twice, told for all lists of one length at a time."""
    found = np.array(lists.is_valid().to_numpy(zero_copy_only=False), np.bool_)
    codes = lists.flatten().dictionary_encode().indices.to_numpy()
    lengths = pc.list_value_length(lists).fill_null(0).to_numpy().astype(np.int64)
    starts = np.cumsum(lengths) - lengths
    for length in np.unique(lengths):
        rows = np.flatnonzero(lengths == length)
        items = np.sort(codes[starts[rows, np.newaxis] + np.arange(length)], axis=1)
        found[rows] &= (items[:, 1:] != items[:, :-1]).all(axis=1)
    return found
