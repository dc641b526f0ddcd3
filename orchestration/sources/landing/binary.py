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

from orchestration.sources.kernels import pc
from orchestration.sources.landing import arrays
from orchestration.sources.landing.arrays import Bytes, Mask

HEAD = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TAIL = b"\xff\xff"

_MISSING = struct.pack(">i", -1)
_DAYS = (date(2000, 1, 1) - date(1970, 1, 1)).days  # PostgreSQL counts from 2000
_MICROSECONDS = _DAYS * 86_400_000_000
_NEGATIVE = 0x4000
_BASE = 10_000  # a numeric is a number of digits of base ten thousand

_Items = npt.NDArray[Any]
"""One item per row; its dtype is how it goes over the wire."""


def encode(columns: Sequence[pa.Array | bytes], count: int) -> memoryview:
    """`count` rows, one after the other, without the format's head and tail.

    A column is text, binary, int64, boolean, date32, timestamp (microseconds, UTC) or a decimal128 of at most 18
    digits, or the `constant` of all rows.
    """
    elements: list[pa.Array] = []
    block = _Block(count)
    block.add(struct.pack(">h", len(columns)))
    for column in columns:
        if isinstance(column, bytes):
            block.add(column)
        elif column.null_count == count:
            block.add(_MISSING)
        elif pa.types.is_string(column.type) or pa.types.is_binary(column.type):
            text, lengths = _text(column)
            block.add(lengths.astype(">i4"))
            if lengths[0] > 0 and (lengths == lengths[0]).all():
                block.add(arrays.own_content(text).view(f"V{lengths[0]}"))
            else:
                elements += [block.rows(), text]
        elif column.null_count == 0:
            _add_fixed(block, column)
        else:
            own, there = _Block(count), arrays.is_filled(column)
            size = _add_fixed(own, column) - 4
            block.add(np.where(there, size, -1).astype(">i4"))
            elements += [block.rows(), _sparse(own.matrix()[:, 4:], there)]
    if block.width:
        elements.append(block.rows())
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


class _Block:
    """Bytes that every row has equally many of: the same ones, or one item of an array each."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._same = bytearray()
        self._items: list[tuple[int, _Items]] = []

    @property
    def width(self) -> int:
        """Bytes a row."""
        return len(self._same)

    def add(self, part: bytes | _Items) -> None:
        """Put a part to the right of the others."""
        if isinstance(part, bytes):
            self._same += part
        else:
            self._items.append((len(self._same), part))
            self._same += bytes(part.itemsize)

    def matrix(self) -> Bytes:
        """The block as rows × bytes."""
        found = np.empty((self._count, self.width), np.uint8)
        found[:] = np.frombuffer(self._same, np.uint8)
        for place, items in self._items:
            np.ndarray(self._count, items.dtype, found, place, (self.width,))[:] = items
        return found

    def rows(self) -> pa.Array:
        """The block as a binary array; it is empty afterwards."""
        where = np.arange(0, self.width * (self._count + 1), self.width, dtype=np.int32)
        found = arrays.binary(self.matrix().reshape(-1), where)
        self._same, self._items = bytearray(), []
        return found


def _text(column: pa.Array) -> tuple[pa.Array, npt.NDArray[np.int32]]:
    """The column as binary, with nothing where a value is missing and nothing marked as missing, and its lengths."""
    lengths = np.diff(arrays.offsets(column))
    if column.null_count:
        is_missing = ~arrays.is_filled(column)
        if lengths[is_missing].any():  # Arrow allows bytes behind a missing value
            column = column.fill_null(b"" if pa.types.is_binary(column.type) else "")
        lengths[is_missing] = -1
    _, starts, data = column.buffers()
    return pa.Array.from_buffers(pa.binary(), len(column), [None, starts, data], offset=column.offset), lengths


def _sparse(matrix: Bytes, there: Mask) -> pa.Array:
    """The rows that are there, as a binary array with nothing in between."""
    ends = np.cumsum(there, dtype=np.int32) * np.int32(matrix.shape[1])
    return arrays.binary(matrix[there].reshape(-1), np.concatenate([np.zeros(1, np.int32), ends]))


def _add_fixed(block: _Block, column: pa.Array) -> int:
    """Put length and bytes of a column of fixed width into a block; gives how many bytes that is."""
    kind, before = column.type, block.width
    if pa.types.is_decimal128(kind):
        _add_numeric(block, _filled_units(column), kind.scale)
    else:
        items = _items(column)
        block.add(struct.pack(">i", items.itemsize))
        block.add(items)
    return block.width - before


def _filled_units(column: pa.Array) -> npt.NDArray[np.int64]:
    units = arrays.numbers(column, np.int64)
    return units if column.null_count == 0 else np.where(arrays.is_filled(column), units, 0)


def _items(column: pa.Array) -> _Items:
    """The values' own bytes; what stands where one is missing is not sent."""
    kind = column.type
    if pa.types.is_int64(kind):
        return arrays.numbers(column, np.int64).astype(">i8")
    if pa.types.is_timestamp(kind):
        return (arrays.numbers(column, np.int64) - _MICROSECONDS).astype(">i8")
    if pa.types.is_date32(kind):
        return (arrays.numbers(column, np.int32) - np.int32(_DAYS)).astype(">i4")
    return np.asarray(column.fill_null(False).to_numpy(zero_copy_only=False), np.uint8)


def _add_numeric(block: _Block, units: npt.NDArray[np.int64], scale: int) -> None:
    """Decimals, given in units of their last digit: count of digits, weight of the first, sign, scale, the digits."""
    is_negative = units < 0
    size = np.abs(units).view(np.uint64)
    whole = size // np.uint64(10**scale)
    after, before = -(-scale // 4), _digits_of(int(whole.max()))
    block.add(struct.pack(">ihh", 8 + 2 * (after + before), after + before, before - 1))
    block.add(np.where(is_negative, _NEGATIVE, 0).astype(">u2") if is_negative.any() else bytes(2))
    block.add(struct.pack(">h", scale))
    behind = (size - whole * np.uint64(10**scale)) * np.uint64(10 ** (4 * after - scale))
    for number, count in ((whole, before), (behind, after)):
        for digit in _digits(number, count):
            block.add(digit.astype(">u2"))


def _digits_of(number: int) -> int:
    """How many digits of base ten thousand a number has."""
    return max(1, -(-len(str(number)) // 4))


def _digits(number: npt.NDArray[np.uint64], count: int) -> list[npt.NDArray[np.uint64]]:
    """The last `count` digits of base ten thousand, the highest first."""
    found: list[npt.NDArray[np.uint64]] = []
    for _ in range(count - 1):
        higher = number // np.uint64(_BASE)
        found.append(number - higher * np.uint64(_BASE))
        number = higher
    return [*found, number][::-1] if count else []
