"""Rows of one batch that share a key.

Here: finding them by the hashes of their keys and contents, in bounded memory. Equal rows of one key are duplicates of
the first; rows of one key that differ are all broken: nobody may choose. Not here: the hashes (content.py), what
becomes of the rows (bench.py).

A key is told by 128 bits, so that two keys are not taken for one; a content only against others of its key, by 64.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from orchestration.sources.landing.arrays import Hashes, Integers

MOST_IN_MEMORY = 4_000_000
"""Rows whose hashes are held in memory (32 bytes each); beyond it they go to files by the first bits of their key."""

_PARTS = 64
_ROW = np.dtype([("key", "u8"), ("key_again", "u8"), ("content", "u8"), ("number", "i8")])
_Rows = npt.NDArray[np.void]


@dataclass(frozen=True)
class Repeated:
    """Row numbers, ascending: `duplicates` of an earlier row, and rows that are `differing` under one key."""

    duplicates: Integers
    differing: Integers


class Repeats:
    """Collects the rows of a batch, then tells the repeated ones; `folder` is scratch."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: list[_Rows] = []
        self._count = 0
        self._files: list[Path] = []

    def add(self, key: Hashes, key_again: Hashes, content: Hashes, numbers: Integers) -> None:
        """Rows with the two hashes of their key, the hash of their content and their numbers."""
        rows = np.empty(len(key), _ROW)
        rows["key"], rows["key_again"], rows["content"], rows["number"] = key, key_again, content, numbers
        self._held.append(rows)
        self._count += len(rows)
        if self._count > MOST_IN_MEMORY:
            self._spill()

    def find(self) -> Repeated:
        """The repeated rows of all that were added."""
        if self._files:
            self._spill()
            parts = [_repeated(np.fromfile(path, _ROW)) for path in self._files]
        else:
            parts = [_repeated(np.concatenate(self._held))] if self._held else []
        if not parts:
            return Repeated(np.zeros(0, np.int64), np.zeros(0, np.int64))
        return Repeated(
            np.sort(np.concatenate([part.duplicates for part in parts])),
            np.sort(np.concatenate([part.differing for part in parts])),
        )

    def _spill(self) -> None:
        if not self._files:
            self._files = [self._folder / f"keys-{part}" for part in range(_PARTS)]
        rows = np.concatenate(self._held)
        part_of = rows["key"] >> np.uint64(64 - _PARTS.bit_length() + 1)
        for part, path in enumerate(self._files):
            with path.open("ab") as handle:
                rows[part_of == part].tofile(handle)
        self._held, self._count = [], 0


def _repeated(rows: _Rows) -> Repeated:
    keys = np.sort(rows["key"])
    again = keys[1:][keys[1:] == keys[:-1]]
    rows = rows[np.isin(rows["key"], again)] if again.size else rows[:0]
    rows = rows[np.lexsort((rows["number"], rows["key_again"], rows["key"]))]
    is_first = np.ones(len(rows), np.bool_)
    is_first[1:] = (rows["key"][1:] != rows["key"][:-1]) | (rows["key_again"][1:] != rows["key_again"][:-1])
    group = np.cumsum(is_first) - 1
    firsts = rows[is_first]
    differs = np.zeros(len(firsts), np.bool_)
    differs[group[rows["content"] != firsts["content"][group]]] = True
    is_differing = differs[group]
    return Repeated(rows["number"][~is_first & ~is_differing], rows["number"][is_differing])
