"""What the exporters share: states told again when they change, texts, and small choices per row.

Here: helpers over columns. Not here: any vendor.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simulator.brand.columns import codes, moments, only
from simulator.brand.draws import Bools, Floats, Ints, Uints, mixed, unit
from simulator.brand.frames import NEVER


def versions(*changes: Ints) -> tuple[Ints, Ints]:
    """The states of things that change at these moments: the row of each state, and when it was reached."""
    table = np.stack(changes, axis=1)
    rows, column = np.nonzero(table < NEVER)
    return rows, table[rows, column]


def seen(moment: Ints, at: Ints) -> pa.Array:
    """A moment as text, empty where it had not come yet at `at`."""
    return only(moments(np.minimum(moment, at)), moment <= at)


def epoch_seen(moment: Ints, at: Ints) -> pa.Array:
    """The same in seconds since 1970."""
    return only(pa.array(np.minimum(moment, at)), moment <= at)


def passed(at: Ints, *changes: Ints) -> Ints:
    """How many of the changes had come at `at`."""
    return sum((change <= at).astype(np.int64) for change in changes) + np.zeros(at.size, np.int64)


class Rows:
    """Names and chances for the rows of one export; `keys` are numbers that are unique among its rows."""

    def __init__(self, seed: int, export: str, keys: Ints) -> None:
        self._seed, self._export, self._keys = seed, export, keys

    def number(self, question: str) -> Uints:
        """A 64-bit number for each row."""
        return mixed(self._keys, self._seed, f"{self._export} {question}")

    def id(self, length: int, prefix: str = "") -> pa.Array:
        """A code for each row, different for different keys."""
        return codes(self.number("id"), length, prefix)

    def chance(self, question: str) -> Floats:
        """A number in [0, 1) for each row."""
        return unit(self._keys, self._seed, f"{self._export} {question}")

    def whole(self, question: str, below: int) -> Ints:
        """A whole number from 0 for each row."""
        return (self.chance(question) * below).astype(np.int64)

    def some(self, question: str, share: float) -> Bools:
        """Whether a row is one of a share."""
        return self.chance(question) < share


def spread(person: Ints, number: Ints, width: int = 1 << 16) -> Ints:
    """A number for each pair of a person and the person's how-manieth."""
    return person * width + number
