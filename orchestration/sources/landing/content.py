"""Hashes of rows by their content: equal content has an equal hash, in whatever file, batch or notation it came.

Here: one 64-bit hash per row over columns of typed values, computed for whole columns at once. Not here: which columns
make a key or a row (judge.py), what follows from equal hashes (repeats.py).

A text counts as its UTF-8 bytes in words of eight (little-endian, the last one filled up with zeros), then its length;
a number as its value in units of its last decimal; a day or moment as days or microseconds since 1970; a missing value
as itself. Words are mixed in as MurmurHash64A mixes them. The hash keeps no secret and stands no forger: what it tells
apart are rows of one key that somebody sent in one file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from orchestration.sources.landing import arrays
from orchestration.sources.landing.arrays import Bytes, Hashes

HEX_DIGITS = 16

_CONTENT, _KEY, _KEY_AGAIN = 0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0  # digits of pi
_FACTOR = np.uint64(0xC6A4A7935BD1E995)
_HALF = np.uint64(47)
_MISSING = np.array([0x9E3779B97F4A7C15], np.uint64)
_LOW = np.array([(1 << (8 * count)) - 1 for count in range(9)], np.uint64)
_DIGITS = np.frombuffer("".join(f"{pair:04x}" for pair in range(1 << 16)).encode(), "S4")


@dataclass(frozen=True)
class RowHashes:
    """One hash per row of its content, and two of its key: `key` and `key_again` together tell keys apart."""

    content: Hashes
    key: Hashes
    key_again: Hashes


def hashes(columns: Mapping[str, pa.Array], key: Collection[str], count: int) -> RowHashes:
    """Hashes of `count` rows over their columns, in the order of these, and over those of them that make the key."""
    content, *keys = states = [np.full(count, seed, np.uint64) for seed in (_CONTENT, _KEY, _KEY_AGAIN)]
    for name, column in columns.items():
        _mix_column(states if name in key else [content], column)
    return RowHashes(*(_spread(state) for state in (content, *keys)))


def as_text(found: Hashes) -> pa.Array:
    """Hashes as 16 hex digits each."""
    digits = _DIGITS[found.byteswap().view(">u2")].view(np.uint8)
    where = np.arange(0, HEX_DIGITS * (len(found) + 1), HEX_DIGITS, dtype=np.int32)
    return pa.Array.from_buffers(pa.string(), len(found), [None, pa.py_buffer(where), pa.py_buffer(digits)])


def _spread(state: Hashes) -> Hashes:
    """Let the last words mixed in reach all bits."""
    found = (state ^ (state >> _HALF)) * _FACTOR
    found ^= found >> _HALF
    return found


def _mix(states: Sequence[Hashes], word: Hashes) -> None:
    """Mix one word per row, or one for all, into each state of the rows, in place."""
    scrambled = word * _FACTOR
    scrambled ^= scrambled >> _HALF
    scrambled *= _FACTOR
    for state in states:
        np.bitwise_xor(state, scrambled, out=state)
        np.multiply(state, _FACTOR, out=state)


def _mix_column(states: Sequence[Hashes], column: pa.Array) -> None:
    if column.null_count == len(column):
        _mix(states, _MISSING)
    elif pa.types.is_string(column.type):
        _mix_text(states, column)
    else:
        _mix_numbers(states, column)


def _mix_numbers(states: Sequence[Hashes], column: pa.Array) -> None:
    words = _as_integers(column).astype(np.uint64)
    is_there = arrays.filled(column)
    if is_there is not None:
        words[~is_there] = _MISSING[0]  # a number of 19 digits, which no contract takes
    _mix(states, words)


def _as_integers(column: pa.Array) -> npt.NDArray[np.int64]:
    if pa.types.is_boolean(column.type):
        return column.fill_null(False).to_numpy(zero_copy_only=False).astype(np.int64)
    if pa.types.is_date32(column.type):
        return arrays.numbers(column, np.int32).astype(np.int64)
    return arrays.numbers(column, np.int64)


def _mix_text(states: Sequence[Hashes], column: pa.Array) -> None:
    where = arrays.offsets(column)
    lengths = where[1:] - where[:-1]
    words, starts = _words(arrays.own_content(column)), where[:-1] - where[0]
    longest, shortest = int(lengths.max()), int(lengths.min())
    for begin in range(0, longest, 8):
        if begin + 8 <= shortest:
            _mix(states, words[starts + begin])
        elif begin < shortest:
            _mix(states, words[starts + begin] & _LOW[np.minimum(lengths - begin, 8)])
        else:
            rows = np.flatnonzero(lengths > begin)
            parts = [state[rows] for state in states]
            _mix(parts, words[starts[rows] + begin] & _LOW[np.minimum(lengths[rows] - begin, 8)])
            for state, part in zip(states, parts, strict=True):
                state[rows] = part
    ends = lengths.astype(np.uint64)
    is_there = arrays.filled(column)
    if is_there is not None:
        ends[~is_there] = _MISSING[0]
    _mix(states, ends)


def _words(data: Bytes) -> Hashes:
    """The eight bytes that begin at each byte, as one word; zeros follow the last."""
    padded = np.concatenate([data, np.zeros(8, np.uint8)])
    return np.lib.stride_tricks.as_strided(padded[:8].view("<u8"), (len(padded) - 7,), (1,))
