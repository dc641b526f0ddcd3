"""Rows as PostgreSQL's binary COPY takes them, made from Arrow columns a chunk at a time.

Here: the encoding of each type, and of rows. Not here: what is sent where (write.py). A field goes as its length in
four bytes, then its bytes; -1 for a missing one (https://www.postgresql.org/docs/current/sql-copy.html, "Binary
Format"). Whatever is equally long in all rows is set side by side in one block; Arrow then joins blocks and texts row
by row.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sources.landing import arrays
from orchestration.sources.landing.arrays import Mask

HEAD = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TAIL = b"\xff\xff"

_MISSING = struct.pack(">i", -1)
_DAYS = (date(2000, 1, 1) - date(1970, 1, 1)).days  # PostgreSQL counts from 2000
_MICROSECONDS = _DAYS * 86_400_000_000
_NEGATIVE = 0x4000
_BASE = 10_000  # a numeric is a number of digits of base ten thousand

Block = npt.NDArray[Any]
"""One item of fixed size per row; its dtype is how it goes over the wire."""


def encode(columns: Sequence[pa.Array | bytes], count: int) -> memoryview:
    """`count` rows, one after the other, without the format's head and tail.

    A column is text, binary, int64, boolean, date32, timestamp (microseconds, UTC) or a decimal128 of at most 18
    digits, or the `constant` of all rows.
    """
    elements: list[pa.Array] = []
    blocks: list[Block | bytes] = [struct.pack(">h", len(columns))]
    for column in columns:
        if isinstance(column, bytes):
            blocks.append(column)
        elif column.null_count == count:
            blocks.append(_MISSING)
        elif pa.types.is_string(column.type) or pa.types.is_binary(column.type):
            text = _without_gaps(column)
            elements += [_joined([*blocks, _text_lengths(text, arrays.filled(column))], count), text]
            blocks = []
        else:
            payload, there = _payload(column), arrays.filled(column)
            size = payload.dtype.itemsize
            if there is None:
                blocks += [struct.pack(">i", size), payload]
            else:
                lengths = np.where(there, size, -1).astype(">i4")
                elements += [_joined([*blocks, lengths], count), _sparse(payload, there)]
                blocks = []
    if blocks:
        elements.append(_joined(blocks, count))
    rows = pc.binary_join_element_wise(*elements, b"")
    where = arrays.offsets(rows)
    return memoryview(rows.buffers()[2])[where[0] : where[-1]]


def constant(value: str | int | datetime | None) -> bytes:
    """A field that is the same in all rows: text, bigint or timestamptz."""
    if value is None:
        return _MISSING
    if isinstance(value, datetime):
        since = value - datetime(2000, 1, 1, tzinfo=value.tzinfo)
        return struct.pack(">iq", 8, since // timedelta(microseconds=1))
    if isinstance(value, int):
        return struct.pack(">iq", 8, value)
    text = value.encode()
    return struct.pack(">i", len(text)) + text


def _without_gaps(column: pa.Array) -> pa.Array:
    """The column as binary, with nothing where a value is missing, and nothing marked as missing."""
    if column.null_count:
        column = column.fill_null(b"" if pa.types.is_binary(column.type) else "")
    _, starts, data = column.buffers()
    return pa.Array.from_buffers(pa.binary(), len(column), [None, starts, data], offset=column.offset)


def _text_lengths(text: pa.Array, there: Mask | None) -> Block:
    where = arrays.offsets(text)
    lengths = where[1:] - where[:-1]
    if there is not None:
        lengths[~there] = -1
    return lengths.astype(">i4")


def _joined(blocks: Sequence[Block | bytes], count: int) -> pa.Array:
    """Blocks side by side, as a binary array of one width."""
    items = [np.void(block) if isinstance(block, bytes) else block for block in _merged(blocks)]
    sizes = [item.dtype.itemsize for item in items]
    starts = np.cumsum([0, *sizes[:-1]]).tolist()
    names = [str(place) for place in range(len(items))]
    width = sum(sizes)
    kinds = [item.dtype for item in items]
    found = np.empty(count, np.dtype({"names": names, "formats": kinds, "offsets": starts, "itemsize": width}))
    for name, item in zip(names, items, strict=True):
        found[name] = item
    return arrays.binary(found.view(np.uint8), np.arange(0, width * (count + 1), width, dtype=np.int32))


def _merged(blocks: Sequence[Block | bytes]) -> list[Block | bytes]:
    """The blocks, with neighbouring constants made one."""
    found: list[Block | bytes] = []
    for block in blocks:
        last = found[-1] if found else None
        if isinstance(block, bytes) and isinstance(last, bytes):
            found[-1] = last + block
        else:
            found.append(block)
    return found


def _sparse(payload: Block, there: Mask) -> pa.Array:
    """The items that are there, as a binary array with nothing in between."""
    ends = np.cumsum(there, dtype=np.int32) * np.int32(payload.dtype.itemsize)
    where = np.concatenate([np.zeros(1, np.int32), ends])
    return arrays.binary(payload[there].view(np.uint8), where)


def _payload(column: pa.Array) -> Block:
    """The values' own bytes; what stands where one is missing is not sent."""
    kind = column.type
    if pa.types.is_int64(kind):
        return arrays.numbers(column, np.int64).astype(">i8")
    if pa.types.is_timestamp(kind):
        return (arrays.numbers(column, np.int64) - _MICROSECONDS).astype(">i8")
    if pa.types.is_date32(kind):
        return (arrays.numbers(column, np.int32) - np.int32(_DAYS)).astype(">i4")
    if pa.types.is_boolean(kind):
        return np.asarray(column.fill_null(False).to_numpy(zero_copy_only=False), np.uint8)
    return _numeric(arrays.numbers(column, np.int64), kind.precision, kind.scale)


def _numeric(units: npt.NDArray[np.int64], precision: int, scale: int) -> Block:
    """Decimals, given in units of their last digit: count of digits, weight of the first, sign, scale, the digits."""
    after, before = -(-scale // 4), max(1, -(-(precision - scale) // 4))
    found = np.empty(len(units), np.dtype([("head", ">i2", (4,)), ("digits", ">i2", (after + before,))]))
    size = np.abs(units).astype(np.uint64)
    head, digits = found["head"], found["digits"]
    head[:, 0], head[:, 1], head[:, 3] = after + before, before - 1, scale
    head[:, 2] = np.where(units < 0, _NEGATIVE, 0)
    rest = size // np.uint64(10**scale)
    behind = (size - rest * np.uint64(10**scale)) * np.uint64(10 ** (4 * after - scale))
    for place in range(after + before - 1, -1, -1):
        if place == before - 1:
            behind = rest
        fewer = behind // np.uint64(_BASE)
        digits[:, place] = behind - fewer * np.uint64(_BASE)
        behind = fewer
    return found
