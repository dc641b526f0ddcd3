"""Arrow arrays seen as numpy sees them.

Here: views of the buffers behind an array, and arrays put together from such buffers. No copy is made where none is
needed. Not here: what the values mean (regular.py, content.py, binary.py).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]


_PAIRS = np.frombuffer("".join(f"{pair:04x}" for pair in range(1 << 16)).encode(), "S4")


def hexadecimal(data: bytes | memoryview) -> Bytes:
    """Bytes, an even number of them, as hex digits."""
    return _PAIRS[np.frombuffer(data, ">u2")].view(np.uint8)


def offsets(text: pa.Array) -> npt.NDArray[np.int32]:
    """Where each value of a text or binary array begins in `content`, and after them where the last one ends."""
    if len(text) == 0:
        return np.zeros(1, np.int32)
    return np.frombuffer(text.buffers()[1], np.int32, len(text) + 1, text.offset * 4)


def content(text: pa.Array) -> Bytes:
    """All bytes of a text or binary array, also those before and after its own values where it is a slice."""
    buffer = text.buffers()[2]
    return np.zeros(0, np.uint8) if buffer is None else np.frombuffer(buffer, np.uint8)


def own_content(text: pa.Array) -> Bytes:
    """The bytes of a text array's own values, one after the other."""
    where = offsets(text)
    return content(text)[where[0] : where[-1]]


def filled(array: pa.Array) -> Mask | None:
    """Which values are there; None where all are."""
    if array.null_count == 0:
        return None
    return np.asarray(array.is_valid().to_numpy(zero_copy_only=False), np.bool_)


def is_filled(array: pa.Array) -> Mask:
    """Which values are there."""
    found = filled(array)
    return np.ones(len(array), np.bool_) if found is None else found


def bitmap(mask: Mask) -> pa.Buffer:
    """A mask as Arrow keeps it."""
    return pa.py_buffer(np.packbits(mask, bitorder="little"))


def numbers(array: pa.Array, dtype: npt.DTypeLike) -> npt.NDArray[np.int64]:
    """The values of an array of fixed width as integers; what stands where one is missing says nothing.

    A decimal gives its lower 64 bits: all of it, for up to 18 digits.
    """
    width = np.dtype(dtype).itemsize
    steps = 2 if pa.types.is_decimal128(array.type) else 1
    found = np.frombuffer(array.buffers()[1], dtype, len(array) * steps, array.offset * steps * width)
    return found[::steps]


def binary(data: Bytes, where: npt.NDArray[np.int32]) -> pa.Array:
    """A binary array over bytes and offsets, without missing values."""
    return pa.Array.from_buffers(pa.binary(), len(where) - 1, [None, pa.py_buffer(where), pa.py_buffer(data)])


def decimals(units: Integers, kind: pa.DataType, valid: pa.Buffer | None) -> pa.Array:
    """Numbers of at most 18 digits, in units of the type's last decimal, as decimals; `valid` tells which are there."""
    words = np.empty((len(units), 2), np.int64)
    words[:, 0] = units
    words[:, 1] = words[:, 0] >> 63
    return pa.Array.from_buffers(kind, len(units), [valid, pa.py_buffer(words)])


def truths(array: pa.Array) -> Mask:
    """A boolean array as a mask; a missing value is false."""
    return np.asarray(array.fill_null(False).to_numpy(zero_copy_only=False), np.bool_)


def words_at(data: Bytes) -> Hashes:
    """The eight bytes that begin at each byte, as one word (little-endian); zeros follow the last."""
    padded = np.concatenate([data, np.zeros(8, np.uint8)])
    return np.lib.stride_tricks.as_strided(padded[:8].view("<u8"), (len(padded) - 7,), (1,))


def owners(text: pa.Array, places: Integers) -> Integers:
    """Which value of a text array each place in its own content lies in."""
    where = offsets(text)
    return np.searchsorted(where, places + where[0], "right") - 1


def least_byte(text: pa.Array) -> int:
    """The least byte of all values of a text array; 255 where they are empty."""
    return int(own_content(text).min(initial=255))


def is_within(text: pa.Array, least: int, greatest: int) -> bool:
    """Whether all bytes of a text array's values lie between the two."""
    data = own_content(text)
    return data.size == 0 or (int(data.min()) >= least and int(data.max()) <= greatest)
