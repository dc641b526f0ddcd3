"""Text columns whose values are all written in the plainest way, read at the speed of columns.

Here: for each type a reader that either reads a whole column, proving on the way that every value of it fits the
strict pattern of `mapping.from_text`, or gives None; then that column goes to the expressions of mapping.py, which
judge value by value. So what a text means is said there alone; here is only the short cut, and a test holds the two
equal. Not here: columns that the brand file reads in another way (mapping.py).
"""

from __future__ import annotations

import re
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sources.contracts.model import FieldType
from orchestration.sources.landing import arrays
from orchestration.sources.landing.arrays import Bytes

BLANKS = " \t\r\n"
_ZERO, _NINE, _MINUS, _POINT, _TAB = b"09-.\t"
_MOST_WHOLE_DIGITS = 18
_MOMENT_LENGTH = 19  # YYYY-MM-DD HH:MM:SS
_TAIL = re.compile(r"(\.\d{1,6})?(?:(Z)|([+-](?:0\d|1[0-4])(?::?[0-5]\d)?))?")


def cleaned(text: pa.Array) -> pa.Array:
    """The text without blanks around it, missing where nothing is left."""
    text = pc.utf8_trim(text, BLANKS)
    where = arrays.offsets(text)
    is_there = where[1:] > where[:-1]
    if is_there.all():
        return text
    _, starts, data = text.buffers()
    return pa.Array.from_buffers(pa.string(), len(text), [arrays.bitmap(is_there), starts, data], offset=text.offset)


def read(kind: FieldType, text: pa.Array, zone: str) -> pa.Array | None:
    """Cleaned text as the type, where all of the column is regular; None where it has to be looked at value by value.

    A moment without an offset is one of `zone`.
    """
    if kind.kind == "string":
        return text
    if text.null_count == len(text):
        return pa.nulls(len(text), arrow_type(kind))
    readers = {"integer": _integers, "decimal": partial(_decimals, kind=kind), "date": _days}
    readers["timestamp"] = partial(_moments, zone=zone)
    try:
        return readers[kind.kind](text) if kind.kind in readers else None
    except pa.ArrowInvalid:
        return None  # some value does not fit: which one, the other reader says


def arrow_type(kind: FieldType) -> pa.DataType:
    """The Arrow type of a field's values before tokens replace them."""
    if kind.kind == "decimal":
        return pa.decimal128(kind.precision, kind.scale)
    return {
        "string": pa.string(),
        "integer": pa.int64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "timestamp": pa.timestamp("us", "UTC"),
    }[kind.kind]


def _integers(text: pa.Array) -> pa.Array | None:
    """Digits and a minus; Arrow would take 0x1A as well."""
    if _longest(text) > _MOST_WHOLE_DIGITS or not _is_made_of(text, _MINUS):
        return None
    return pc.cast(text, pa.int64())


def _decimals(text: pa.Array, kind: FieldType) -> pa.Array | None:
    """Digits, a minus and a point that digits stand before; Arrow would take 1e3, .5 and any number of zeros before."""
    if not _is_made_of(text, _MINUS, _POINT):
        return None
    data, starts, lengths = arrays.content(text), *_places(text)
    first = data[starts]
    if _MINUS in first:
        is_negative = first == _MINUS
        if int(lengths[is_negative].min()) == 1:
            return None
        starts, lengths = starts + is_negative, lengths - is_negative
        first = data[starts]
    if _POINT in first:
        return None
    leading = starts[(first == _ZERO) & (lengths > 1)]
    if leading.size and not (data[leading + 1] == _POINT).all():
        return None
    return pc.cast(text, arrow_type(kind))


def _days(text: pa.Array) -> pa.Array | None:
    return pc.cast(text, pa.date32()) if _lengths(text) == (10, 10) else None


def _moments(text: pa.Array, zone: str) -> pa.Array | None:
    """Moments that all end alike: at the second or a fraction of it, in Z, in one and the same offset or in none."""
    shortest, longest = _lengths(text)
    if shortest != longest or shortest < _MOMENT_LENGTH:
        return None
    data, (starts, _) = arrays.content(text), _places(text)
    model = bytes(data[starts[0] : starts[0] + longest])
    tail = _TAIL.fullmatch(model[_MOMENT_LENGTH:].decode("utf-8", "replace"))
    if tail is None:
        return None
    fraction, offset = tail.group(1) or "", tail.group(2) or tail.group(3)
    for place in range(_MOMENT_LENGTH + len(fraction), longest):
        if not (data[starts + place] == model[place]).all():
            return None
    if offset:
        return pc.cast(text, pa.timestamp("us", "UTC"))
    naive = pc.cast(text, pa.timestamp("us"))
    if zone == "UTC":
        return naive.cast(pa.timestamp("us", "UTC"))
    # raise: an hour that a change of the clocks gives twice, or never, is the other reader's to tell
    return pc.assume_timezone(naive, zone, ambiguous="raise", nonexistent="raise").cast(pa.timestamp("us", "UTC"))


def _places(text: pa.Array) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Start and length of every value that is there."""
    where = arrays.offsets(text)
    starts, lengths = where[:-1], where[1:] - where[:-1]
    if text.null_count == 0:
        return starts, lengths
    is_there = arrays.is_filled(text)
    return starts[is_there], lengths[is_there]


def _lengths(text: pa.Array) -> tuple[int, int]:
    """Bytes of the shortest and of the longest value."""
    _, lengths = _places(text)
    return int(lengths.min()), int(lengths.max())


def _longest(text: pa.Array) -> int:
    return _lengths(text)[1]


def _is_made_of(text: pa.Array, *others: int) -> bool:
    """Whether all bytes of the column are digits or one of the others."""
    data: Bytes = arrays.own_content(text)
    strange = data[(data < _ZERO) | (data > _NINE)]
    return all(bool((strange == other).all()) for other in others) if len(others) == 1 else _are_among(strange, others)


def _are_among(data: Bytes, others: tuple[int, ...]) -> bool:
    found = np.zeros(len(data), np.bool_)
    for other in others:
        found |= data == other
    return bool(found.all())
