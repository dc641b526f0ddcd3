"""Text columns whose values are all written in the plainest way, read at the speed of columns.

Here: for each type a reader that either reads a whole column, proving on the way that every value of it fits the
strict pattern of `reading.from_text`, or gives None; then that column goes to the expressions of reading.py, which
judge value by value. So what a text means is said there alone; here is only the short cut, and a test holds the two
equal. Not here: columns that the brand file reads in another way (mapping.py).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from orchestration.sources.contracts.model import FieldType
from orchestration.sources.kernels import pc
from orchestration.sources.landing import arrays
from orchestration.sources.reading import BLANKS, FIRST_DAY

_BLANK, _MINUS, _POINT, _SLASH, _NINE, _LAST_OF_ASCII = b" -./9\x7f"
_FIRST_DAY = date.fromisoformat(FIRST_DAY)
_FIRST_MOMENT = datetime.combine(_FIRST_DAY, time(), UTC) + timedelta(days=1)
_MOST_WHOLE_DIGITS = 18
_MOST_EXACT_LENGTH, _MOST_EXACT_UNITS = 15, 1e15
_NEARLY = 1e-15
_MOMENT_LENGTH = 19  # YYYY-MM-DD HH:MM:SS
_TAIL = re.compile(r"(\.\d{1,6})?(?:(Z)|([+-](?:0\d|1[0-4])(?::?[0-5]\d)?))?")


def cleaned(text: pa.Array) -> pa.Array:
    """The text without blanks around it, missing where nothing is left."""
    if not arrays.is_within(text, _BLANK + 1, _LAST_OF_ASCII):
        text = pc.utf8_trim(text, BLANKS)
    where = arrays.offsets(text)
    is_there = where[1:] > where[:-1]
    if is_there.all():
        return text
    if text.null_count:
        is_there &= arrays.is_filled(text)
    _, starts, data = text.buffers()
    return pa.Array.from_buffers(pa.string(), len(text), [arrays.bitmap(is_there), starts.slice(text.offset * 4), data])


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
    if _lengths(text)[1] > _MOST_WHOLE_DIGITS or not _is_number_like(text, with_point=False):
        return None
    return pc.cast(text, pa.int64())


def _decimals(text: pa.Array, kind: FieldType) -> pa.Array | None:
    """Digits, a minus and a point; Arrow would take 1e3 as well."""
    if not _is_number_like(text, with_point=True):
        return None
    if _lengths(text)[1] <= _MOST_EXACT_LENGTH:
        return _decimals_by_floats(text, kind)
    return pc.cast(text, arrow_type(kind))


def _decimals_by_floats(text: pa.Array, kind: FieldType) -> pa.Array | None:
    """Short decimals, four times as fast: a float of at most 14 digits, scaled up, is off its whole by 3e-16 of itself.

    Rounded, that is the whole as long as it has no more than 15 digits. With more decimals than the type has a float is
    off by at least 1e-14.
    """
    floats = pc.cast(text, pa.float64()).fill_null(0).to_numpy()
    scaled = floats * 10.0**kind.scale
    units = np.rint(scaled)
    size = np.abs(units)
    if (np.abs(scaled - units) > size * _NEARLY + _NEARLY).any() or float(size.max()) >= 10.0**kind.precision:
        return None
    if float(size.max()) >= _MOST_EXACT_UNITS:
        return pc.cast(text, arrow_type(kind))
    valid = text.buffers()[0] if text.offset == 0 or text.null_count == 0 else arrays.bitmap(arrays.is_filled(text))
    return arrays.decimals(units.astype(np.int64), arrow_type(kind), valid if text.null_count else None)


def _days(text: pa.Array) -> pa.Array | None:
    return _believed(pc.cast(text, pa.date32())) if _lengths(text) == (10, 10) else None


def _believed(found: pa.Array) -> pa.Array | None:
    """The days or moments where all are later than the first that is believed, in whatever zone."""
    first = _FIRST_DAY if pa.types.is_date32(found.type) else _FIRST_MOMENT
    return found if pc.min(found).as_py() > first else None


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
        return _believed(pc.cast(text, pa.timestamp("us", "UTC")))
    naive = pc.cast(text, pa.timestamp("us"))
    if zone == "UTC":
        return _believed(naive.cast(pa.timestamp("us", "UTC")))
    # raise: an hour that a change of the clocks gives twice, or never, is the other reader's to tell
    moments = pc.assume_timezone(naive, zone, ambiguous="raise", nonexistent="raise")
    return _believed(moments.cast(pa.timestamp("us", "UTC")))


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


def _is_number_like(text: pa.Array, *, with_point: bool) -> bool:
    """Whether all bytes of the column are digits, a minus or, if it may be, a point."""
    place = arrays.own_content(text) - np.uint8(_MINUS)  # a byte before the minus turns round to a high one
    if int(place.max()) > _NINE - _MINUS or (place == _SLASH - _MINUS).any():
        return False
    return with_point or not (place == _POINT - _MINUS).any()
