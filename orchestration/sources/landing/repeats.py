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

from orchestration.sources.landing.arrays import Hashes, Integers
from orchestration.sources.landing.content import RowHashes

MOST_IN_MEMORY = 4_000_000
"""Rows whose hashes are held in memory (32 bytes each); beyond it they go to files by the first bits of their key."""

_PARTS = 64
_Columns = tuple[Hashes, Hashes, Hashes, Integers]
"""Key, key again, content, number: one of each per row."""
_NONE = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Repeated:
    """Row numbers, ascending: `duplicates` of an earlier row, and rows that are `differing` under one key."""

    duplicates: Integers
    differing: Integers


class Repeats:
    """Collects the rows of a batch, then tells the repeated ones; `folder` is scratch."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: list[_Columns] = []
        self._count = 0
        self._files: list[Path] = []

    def add(self, hashes: RowHashes, numbers: Integers) -> None:
        """Rows with the hashes of their key and content, and their numbers."""
        self._held.append((hashes.key, hashes.key_again, hashes.content, numbers))
        self._count += len(numbers)
        if self._count > MOST_IN_MEMORY:
            self._spill()

    def find(self) -> Repeated:
        """The repeated rows of all that were added."""
        if self._files:
            self._spill()
            parts = [_repeated(_from_file(path)) for path in self._files]
        else:
            parts = [_repeated(_joined(self._held))] if self._held else [Repeated(_NONE, _NONE)]
        return Repeated(
            np.sort(np.concatenate([part.duplicates for part in parts])),
            np.sort(np.concatenate([part.differing for part in parts])),
        )

    def _spill(self) -> None:
        if not self._files:
            self._files = [self._folder / f"keys-{part}" for part in range(_PARTS)]
        if not self._held:
            return
        rows = _joined(self._held)
        part_of = rows[0] >> np.uint64(64 - (_PARTS - 1).bit_length())
        whole = np.stack([rows[0], rows[1], rows[2], rows[3].view(np.uint64)], axis=1)
        for part, path in enumerate(self._files):
            with path.open("ab") as handle:
                whole[part_of == part].tofile(handle)
        self._held, self._count = [], 0


def _joined(parts: list[_Columns]) -> _Columns:
    key, key_again, content, number = zip(*parts, strict=True)
    return np.concatenate(key), np.concatenate(key_again), np.concatenate(content), np.concatenate(number)


def _from_file(path: Path) -> _Columns:
    whole = np.fromfile(path, np.uint64).reshape(-1, 4)
    return whole[:, 0], whole[:, 1], whole[:, 2], whole[:, 3].view(np.int64)


def _repeated(rows: _Columns) -> Repeated:
    keys = np.sort(rows[0])
    again = keys[1:][keys[1:] == keys[:-1]]
    if not again.size:
        return Repeated(_NONE, _NONE)
    chosen = np.flatnonzero(np.isin(rows[0], again))
    order = chosen[np.lexsort((rows[3][chosen], rows[1][chosen], rows[0][chosen]))]
    key, key_again, content, number = rows[0][order], rows[1][order], rows[2][order], rows[3][order]
    is_first = np.ones(len(key), np.bool_)
    is_first[1:] = (key[1:] != key[:-1]) | (key_again[1:] != key_again[:-1])
    group = np.cumsum(is_first) - 1
    differs = np.zeros(group[-1] + 1, np.bool_)
    differs[group[content != content[is_first][group]]] = True
    is_differing = differs[group]
    return Repeated(number[~is_first & ~is_differing], number[is_differing])
