"""Columns that come with a type of their own, read at the speed of columns.

Here: for pairs of an Arrow type and a contract's type a reader that either takes over a whole column, proving on the
way that every value of it is one the contract's type takes, or gives None; then the column goes to the expressions of
reading.py, which judge value by value. What a typed value means is said there alone, and a test holds the two equal.
Not here: text (regular.py), floats and nested values, columns that the brand file reads in another way (mapping.py).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from orchestration.sources.contracts.model import FieldType
from orchestration.sources.kernels import pc
from orchestration.sources.landing import arrays
from orchestration.sources.landing.regular import arrow_type
from orchestration.sources.reading import FIRST_DAY, LAST_DAY

_MOST_WHOLE = 10**18
"""A whole number has at most 18 digits."""
_COARSE_UNITS = ("s", "ms", "us")


def _microseconds(day: str) -> int:
    return int(datetime.combine(date.fromisoformat(day), time(), UTC).timestamp()) * 1_000_000


_FIRST, _LAST = _microseconds(FIRST_DAY), _microseconds(LAST_DAY)
_DAY = 86_400_000_000


def read(kind: FieldType, column: pa.Array, zone: str) -> pa.Array | None:
    """A column as the type, where that is plain for all its values; None where it has to be looked at value by value.

    A moment without a zone of its own is one of `zone`.
    """
    if column.null_count == len(column):
        return pa.nulls(len(column), arrow_type(kind))
    try:
        return _taken_over(kind, column, zone)
    except pa.ArrowInvalid:
        return None  # some value does not fit: which one, the other reader says


def _taken_over(kind: FieldType, column: pa.Array, zone: str) -> pa.Array | None:
    given = column.type
    if pa.types.is_integer(given):
        return _from_integers(kind, column)
    if pa.types.is_decimal128(given) and kind.kind == "decimal":
        return _fitting(column.cast(arrow_type(kind)), kind)
    if pa.types.is_boolean(given) and kind.kind == "boolean":
        return column
    if pa.types.is_timestamp(given) or pa.types.is_date32(given):
        return _from_moments(kind, column, zone)
    return None


def _from_integers(kind: FieldType, column: pa.Array) -> pa.Array | None:
    if kind.kind == "string":
        return column.cast(pa.string())
    whole = column.cast(pa.int64())
    if kind.kind == "integer":
        return whole if _within(whole, 1 - _MOST_WHOLE, _MOST_WHOLE - 1) else None
    if kind.kind == "decimal":
        most = 10 ** (kind.precision - kind.scale) - 1
        return _decimals(whole, kind) if _within(whole, -most, most) else None
    return None


def _within(whole: pa.Array, least: int, greatest: int) -> bool:
    """Whether all integers that are there lie between the two, these included."""
    ends = pc.min_max(whole).as_py()
    return least <= ends["min"] and ends["max"] <= greatest


def _decimals(whole: pa.Array, kind: FieldType) -> pa.Array:
    """Whole numbers as decimals; both halves of what stands where one is missing say nothing."""
    units = arrays.numbers(whole, np.int64) * np.int64(10**kind.scale)
    there = arrays.filled(whole)
    return arrays.decimals(units, arrow_type(kind), None if there is None else arrays.bitmap(there))


def _fitting(found: pa.Array, kind: FieldType) -> pa.Array | None:
    """Decimals that have no more digits than their type says: a file may hold others."""
    words: npt.NDArray[np.int64] = np.frombuffer(found.buffers()[1], np.int64, 2 * len(found), 16 * found.offset)
    low, high = words[::2], words[1::2]
    is_bad = (high != low >> 63) | (np.abs(low) >= 10**kind.precision)
    there = arrays.filled(found)
    return None if (is_bad if there is None else is_bad & there).any() else found


def _from_moments(kind: FieldType, column: pa.Array, zone: str) -> pa.Array | None:
    given = column.type
    if kind.kind == "date":
        is_day = pa.types.is_date32(given)
        return column if is_day and _within(column.cast(pa.int32()), _FIRST // _DAY, _LAST // _DAY) else None
    if kind.kind != "timestamp" or (pa.types.is_timestamp(given) and given.unit not in _COARSE_UNITS):
        return None
    moments = column.cast(pa.timestamp("us", getattr(given, "tz", None)))
    if not _within(moments.cast(pa.int64()), _FIRST, _LAST):
        return None
    if moments.type.tz is None and zone != "UTC":
        # raise: an hour that a change of the clocks gives twice, or never, is the other reader's to tell
        moments = pc.assume_timezone(moments, zone, ambiguous="raise", nonexistent="raise")
    return moments.cast(pa.timestamp("us", "UTC"))
