"""Numbers of JSON that are written plainly, told for a whole column.

Here: which texts are numbers that every reader reads the same and writes again with the same value: whole ones of at
most 18 digits, and decimals of at most 15 digits and 4 decimals. Not here: all others, which are read one by one.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sources.landing import arrays
from orchestration.sources.landing.arrays import Integers, Mask

MOST_WHOLE, MOST_DIGITS, MOST_DECIMALS = 18, 15, 4

_ZERO, _MINUS, _POINT = b"0-."


def judge(texts: pa.Array) -> tuple[Mask, Mask]:
    """Of texts that are all there and not empty, which are plain numbers, and which of all have a point."""
    where = arrays.offsets(texts).astype(np.int64) - arrays.offsets(texts)[0]
    starts, stops = where[:-1], where[1:]
    data = arrays.own_content(texts)
    is_negative = data[starts] == _MINUS
    heads = starts + is_negative
    digits = stops - heads
    is_plain = (digits > 0) & (digits <= MOST_WHOLE)
    is_decimal = np.zeros(len(texts), np.bool_)
    others = np.flatnonzero(data - np.uint8(_ZERO) > 9)
    if others.size:
        owners = _owners(texts, others, starts, stops)
        is_point = data[others] == _POINT
        points, pointed = others[is_point], owners[is_point]
        is_plain[owners[~is_point & ~((data[others] == _MINUS) & (others == starts[owners]))]] = False
        is_plain[pointed[1:][pointed[1:] == pointed[:-1]]] = False  # a second point
        behind = stops[pointed] - 1 - points
        is_wrong = (points == heads[pointed]) | (behind < 1) | (behind > MOST_DECIMALS)
        is_plain[pointed[is_wrong | (digits[pointed] > MOST_DIGITS + 1)]] = False
        is_decimal[pointed] = True
    return is_plain & _begins_well(data, heads, digits, is_negative), is_decimal


def _owners(texts: pa.Array, places: Integers, starts: Integers, stops: Integers) -> Integers:
    """Which text each place lies in; quickly where each has one."""
    if len(places) == len(starts) and (places >= starts).all() and (places < stops).all():
        return np.arange(len(starts))
    return arrays.owners(texts, places)


def _begins_well(data: arrays.Bytes, heads: Integers, digits: Integers, is_negative: Mask) -> Mask:
    """No zero before another digit, and no zero with a minus, which some readers take for zero and some do not."""
    last = len(data) - 1
    is_zero = data[np.minimum(heads, last)] == _ZERO
    has_point = (digits > 1) & (data[np.minimum(heads + 1, last)] == _POINT)
    return ~is_zero | has_point | ((digits == 1) & ~is_negative)
