"""Tables of the story as arrays of one length.

Here: the base class, with selection, order and concatenation. Not here: which tables there are (each beside what draws
it), text (columns.py).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from simulator.brand.draws import Bools, Ints

NEVER = 1 << 60
"""A moment that does not come."""


@dataclasses.dataclass(frozen=True)
class Frame:
    """Rows as one array a field, the first axis its rows; a field may be a frame of as many rows."""

    def _fields(self) -> dict[str, Any]:
        return {item.name: getattr(self, item.name) for item in dataclasses.fields(self)}

    def __len__(self) -> int:
        return len(getattr(self, dataclasses.fields(self)[0].name))

    def rows(self, index: Ints | Bools) -> Self:
        """The rows of an index, or those for which a condition holds."""
        chosen = {
            name: field.rows(index) if isinstance(field, Frame) else field[index]
            for name, field in self._fields().items()
        }
        return dataclasses.replace(self, **chosen)

    def joined(self, others: Sequence[Self]) -> Self:
        """These rows and those of others below them."""
        together: dict[str, Any] = {}
        for name, field in self._fields().items():
            more = [getattr(item, name) for item in others]
            together[name] = field.joined(more) if isinstance(field, Frame) else np.concatenate([field, *more])
        return dataclasses.replace(self, **together)


def first_of_each(groups: Ints) -> Bools:
    """Whether a row is the first of its group; groups lie together."""
    is_first = np.ones(groups.size, np.bool_)
    is_first[1:] = groups[1:] != groups[:-1]
    return is_first


def place_in_group(groups: Ints) -> Ints:
    """Each row's place within its group, from 0; groups lie together."""
    starts = np.flatnonzero(first_of_each(groups))
    lengths = np.diff(np.append(starts, groups.size))
    return np.arange(groups.size) - np.repeat(starts, lengths)


def repeated_rows(counts: Ints) -> tuple[Ints, Ints]:
    """For rows that become several: the row each copy is of, and its place among the copies."""
    of = np.repeat(np.arange(counts.size), counts)
    starts = np.cumsum(counts) - counts
    return of, np.arange(of.size) - starts[of]


def looked_up(table: Ints, index: Ints, where: Bools, otherwise: Ints) -> Ints:
    """`table[index]` where the condition holds, for the index may be one of another table elsewhere."""
    found = otherwise.copy()
    found[where] = table[index[where]]
    return found
