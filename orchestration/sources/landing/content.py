"""Hashes of rows by their content: equal content has an equal hash, in whatever file, batch or notation it came.

Here: 64-bit hashes of rows over columns of typed values, computed for whole columns at once. Not here: which columns
make a key (contracts/), what follows from equal hashes (repeats.py).

A row counts as one word of eight bytes per column, in their order: a number as its value in units of its last decimal,
a day or moment as days or microseconds since 1970, a text as the hash of its UTF-8 bytes (in words, little-endian, the
last one filled up with zeros) and its length, a missing value as itself. Words are mixed as MurmurHash64A mixes them.
The hash keeps no secret and stands no forger: what it tells apart are rows of one key that somebody sent in one file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from orchestration.sources.landing import arrays
from orchestration.sources.landing.arrays import Hashes, Mask

_CONTENT, _KEY, _KEY_AGAIN, _TEXT, _TEXT_AGAIN = (  # digits of pi
    np.uint64(seed)
    for seed in (0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89, 0x452821E638D01377)
)
_FACTOR = np.uint64(0xC6A4A7935BD1E995)
_HALF = np.uint64(47)
_MISSING = np.array([0x9E3779B97F4A7C15], np.uint64)  # a number of 19 digits, which no contract takes
_LOW = np.array([(1 << (8 * count)) - 1 for count in range(9)], np.uint64)
_LONG = 16


@dataclass(frozen=True)
class RowHashes:
    """One hash per row of its content, and two of its key: `key` and `key_again` together tell keys apart."""

    content: Hashes
    key: Hashes
    key_again: Hashes


class Hasher:
    """Hashes of the rows of a batch, chunk by chunk, over their columns and over those of them that make the `key`."""

    def __init__(self, key: Collection[str]) -> None:
        self._key = key
        self._varied: set[str] = set()
        """Columns whose texts seldom come again."""

    def hashes(self, columns: Mapping[str, pa.Array], count: int) -> RowHashes:
        """Hashes of `count` rows."""
        content, first, again = (np.full(count, seed, np.uint64) for seed in (_CONTENT, _KEY, _KEY_AGAIN))
        for name, column in columns.items():
            is_key = name in self._key
            word, *other = self._words(name, column, (_TEXT, _TEXT_AGAIN) if is_key else (_TEXT,))
            _mix(content, word)
            if is_key:
                _mix(first, word)
                _mix(again, other[0] if other else word)
        return RowHashes(*(_spread(state) for state in (content, first, again)))

    def _words(self, name: str, column: pa.Array, seeds: Sequence[np.uint64]) -> list[Hashes]:
        """The word of each value; of texts one per seed, of anything else the same for all."""
        if column.null_count == len(column):
            return [_MISSING]
        if not pa.types.is_string(column.type):
            return [_with_gaps(column, _as_integers(column).astype(np.uint64))]
        there = arrays.filled(column)
        words = self._text_words(name, column if there is None else column.drop_null(), seeds)
        if there is None:
            return words
        return [_placed(found, there) for found in words]

    def _text_words(self, name: str, column: pa.Array, seeds: Sequence[np.uint64]) -> list[Hashes]:
        texts = self._texts_once(name, column)
        if texts is None:
            return _text_hashes(column, seeds)
        places = texts.indices.to_numpy()
        return [words[places] for words in _text_hashes(texts.dictionary, seeds)]

    def _texts_once(self, name: str, column: pa.Array) -> pa.DictionaryArray | None:
        """The texts of a column once each, where they are long and come again and again: a matter of speed alone."""
        where = arrays.offsets(column)
        if name in self._varied or where[-1] - where[0] < _LONG * len(column):
            return None
        texts = column.dictionary_encode()
        if 2 * len(texts.dictionary) > len(column):
            self._varied.add(name)
        return texts


def _mix(state: Hashes, word: Hashes) -> None:
    """Mix one word per row, or one for all, into the state of the rows, in place."""
    scrambled = word * _FACTOR
    scrambled ^= scrambled >> _HALF
    scrambled *= _FACTOR
    state ^= scrambled
    state *= _FACTOR


def _spread(state: Hashes) -> Hashes:
    """Let the last words mixed in reach all bits."""
    found = (state ^ (state >> _HALF)) * _FACTOR
    found ^= found >> _HALF
    return found


def _with_gaps(column: pa.Array, words: Hashes) -> Hashes:
    is_there = arrays.filled(column)
    if is_there is not None:
        words[~is_there] = _MISSING[0]
    return words


def _placed(words: Hashes, there: Mask) -> Hashes:
    """Words of the values that are there, each in its row."""
    found = np.full(len(there), _MISSING[0], np.uint64)
    found[there] = words
    return found


def _as_integers(column: pa.Array) -> npt.NDArray[np.int64]:
    if pa.types.is_boolean(column.type):
        return column.fill_null(False).to_numpy(zero_copy_only=False).astype(np.int64)
    if pa.types.is_date32(column.type):
        return arrays.numbers(column, np.int32).astype(np.int64)
    return arrays.numbers(column, np.int64)


def _text_hashes(column: pa.Array, seeds: Sequence[np.uint64]) -> list[Hashes]:
    where = arrays.offsets(column)
    lengths = where[1:] - where[:-1]
    words, starts = arrays.words_at(arrays.own_content(column)), where[:-1] - where[0]
    states = [np.full(len(column), seed, np.uint64) for seed in seeds]
    longest, shortest = int(lengths.max()), int(lengths.min())
    for begin in range(0, longest, 8):
        if begin + 8 <= shortest:
            _mix_all(states, words[starts + begin])
        elif begin < shortest:
            _mix_all(states, words[starts + begin] & _LOW[np.minimum(lengths - begin, 8)])
        else:
            rows = np.flatnonzero(lengths > begin)
            parts = [state[rows] for state in states]
            _mix_all(parts, words[starts[rows] + begin] & _LOW[np.minimum(lengths[rows] - begin, 8)])
            for state, part in zip(states, parts, strict=True):
                state[rows] = part
    _mix_all(states, lengths.astype(np.uint64))
    return states


def _mix_all(states: Sequence[Hashes], word: Hashes) -> None:
    for state in states:
        _mix(state, word)
