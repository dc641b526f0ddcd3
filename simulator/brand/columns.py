"""Columns of text made in bulk: codes, numbers, moments, money.

Here: NumPy in, Arrow out, no loop over rows. Not here: files (files.py), which columns a vendor exports (exports/).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.brand.draws import Bools, Ints, Uints
from simulator.brand.parameters import DAY_SECONDS, ZONE_SECONDS

LETTERS = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"
DIGITS = b"0123456789"
_FIRST_DAY, _LAST_DAY = 10_000, 24_000  # 1997 to 2035, as days since 1970


def _fixed_width(digits: np.ndarray, prefix: str) -> pa.Array:
    """Rows of bytes as an array of strings of one length, without a copy per row."""
    count, width = digits.shape
    head = prefix.encode()
    whole = np.empty((count, len(head) + width), np.uint8)
    whole[:, : len(head)] = np.frombuffer(head, np.uint8)
    whole[:, len(head) :] = digits
    offsets = np.arange(count + 1, dtype=np.int64) * whole.shape[1]
    return pa.LargeStringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(whole))


def computed(name: str, *parts: object) -> Any:
    """One of Arrow's own functions over columns."""
    return pc.call_function(name, list(parts))


def codes(values: Uints, length: int, prefix: str = "") -> pa.Array:
    """Codes of letters and digits, `length` after the prefix; equal values have equal codes."""
    letters = np.frombuffer(LETTERS, np.uint8)
    digits = np.empty((values.size, length), np.uint8)
    rest = values.copy()
    for place in range(length):
        if place and place % 10 == 0:
            rest = values ^ (values >> np.uint64(place // 2)) * np.uint64(0x9E3779B97F4A7C15)
        digits[:, place] = letters[(rest & np.uint64(63)).astype(np.intp)]
        rest >>= np.uint64(6)
    return _fixed_width(digits, prefix)


def numbers(values: Ints, width: int, prefix: str = "") -> pa.Array:
    """Whole numbers from 0 on with leading zeros, `width` digits after the prefix."""
    letters = np.frombuffer(DIGITS, np.uint8)
    digits = np.empty((values.size, width), np.uint8)
    rest = values.copy()
    for place in range(width - 1, -1, -1):
        rest, last = np.divmod(rest, 10)
        digits[:, place] = letters[last]
    return _fixed_width(digits, prefix)


def picked(choices: Sequence[str | None], index: Ints) -> pa.Array:
    """The chosen text of each row; empty where the index is negative."""
    return pa.array(choices, pa.large_string()).take(pa.array(index, mask=index < 0))


def only(column: pa.Array, where: Bools) -> pa.Array:
    """The column, empty where the condition does not hold."""
    return computed("if_else", pa.array(where), column, pa.scalar(None, column.type))


def repeated(text: str, count: int) -> pa.Array:
    """The same text in every row."""
    return pa.repeat(pa.scalar(text, pa.large_string()), count)


def joined(*parts: pa.Array | str) -> pa.Array:
    """Columns and constants put together, row by row; empty where a part is empty."""
    texts = [pa.scalar(part, pa.large_string()) if isinstance(part, str) else part for part in parts]
    return computed("binary_join_element_wise", *texts, pa.scalar("", pa.large_string()))


def either(first: pa.Array, second: pa.Array) -> pa.Array:
    """The first, or where it is empty the second."""
    return computed("coalesce", first, second)


def text(values: Ints) -> pa.Array:
    """Whole numbers as text."""
    return pc.cast(pa.array(values), pa.large_string())


def moments(at: Ints) -> pa.Array:
    """Moments as Chinese systems write them: `YYYY-MM-DD HH:MM:SS`, in Shanghai."""
    return joined(_days(at), " ", _times(at))


def utc_moments(at: Ints, *, millisecond: Ints | None = None) -> pa.Array:
    """Moments as SDKs write them: `YYYY-MM-DDTHH:MM:SS.mmmZ`."""
    shifted = at - ZONE_SECONDS
    end = "Z" if millisecond is None else joined(".", numbers(millisecond, 3), "Z")
    return joined(_days(shifted), "T", _times(shifted), end)


def dates(at: Ints) -> pa.Array:
    """Business days: `YYYY-MM-DD`, in Shanghai."""
    return _days(at)


def _days(at: Ints) -> pa.Array:
    day = (at + ZONE_SECONDS) // DAY_SECONDS
    return _day_texts().take(pa.array(np.clip(day, _FIRST_DAY, _LAST_DAY - 1) - _FIRST_DAY))


def _times(at: Ints) -> pa.Array:
    return _time_texts().take(pa.array((at + ZONE_SECONDS) % DAY_SECONDS))


@cache
def _day_texts() -> pa.Array:
    days = np.arange(_FIRST_DAY, _LAST_DAY).astype("datetime64[D]")
    return pa.array(days.astype(str).tolist(), pa.large_string())


@cache
def _time_texts() -> pa.Array:
    return pa.array([f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(DAY_SECONDS)], pa.large_string())


def yuan(cents: Ints) -> pa.Array:
    """Amounts as text with two decimals, from hundredths."""
    whole, rest = np.divmod(np.abs(cents), 100)
    sign = picked(["", "-"], (cents < 0).astype(np.int64))
    return joined(sign, text(whole), ".", numbers(rest, 2))


def decimals(cents: Ints) -> pa.Array:
    """Amounts as Parquet decimals, from hundredths."""
    low_high = np.empty((cents.size, 2), np.int64)
    low_high[:, 0] = cents
    low_high[:, 1] = np.where(cents < 0, -1, 0)
    return pa.Array.from_buffers(pa.decimal128(14, 2), cents.size, [None, pa.py_buffer(low_high)])


def stamps(at: Ints) -> pa.Array:
    """Moments as Parquet timestamps in UTC."""
    return pa.array(at).cast(pa.timestamp("s")).cast(pa.timestamp("ms", "UTC"))
