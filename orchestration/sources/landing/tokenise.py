"""Tokens in place of persons, chunk by chunk.

Here: a dictionary per namespace (normal form and token once per distinct value of a batch), the clear values behind the
tokens of accepted rows, and what could not be read in rows that stand without it. Not here: what a token is
(sources/tokens.py), the verdicts before (verdict.py).

A required identifier that cannot be read breaks its row; another is set aside, and the row stands without it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from orchestration.sources import tokens
from orchestration.sources.contracts.model import Contract, Field
from orchestration.sources.kernels import pc
from orchestration.sources.landing import arrays
from orchestration.sources.landing.arrays import Mask
from orchestration.sources.landing.shelf import Shelf
from orchestration.sources.landing.verdict import Problems

MOST_REMEMBERED = 1_000_000
"""Distinct values of a namespace that are kept in memory; beyond it the dictionary begins anew."""


_WIDTH = tokens.TOKEN_HEX_DIGITS
_TOKEN = np.dtype(f"S{_WIDTH}")
_ROOM = 1 << 12

Places = npt.NDArray[np.int64]

CLEAR_VALUE = pa.schema([("value_key", pa.string()), ("namespace", pa.string()), ("value", pa.string())])
BROKEN_VALUE = pa.schema([("row_number", pa.int64()), ("field", pa.string()), ("original", pa.binary())])


class _Dictionary:
    """Spelling → normal form and token, for one namespace."""

    def __init__(self, key: bytes, namespace: str, country: str) -> None:
        self._namespace, self._token = namespace, tokens.keyed(key, namespace)
        self._normal_form = tokens.normaliser(namespace, country)
        self._begin()

    def forget_if_full(self) -> None:
        """Begin anew when there are too many values; to be called between chunks, whose places are good until then."""
        if len(self._values) > MOST_REMEMBERED:
            self._begin()

    def _begin(self) -> None:
        self._places: dict[str, int] = {}
        self._values: list[str | None] = []
        # Beside each value; with room for more.
        self._keys = np.zeros(_ROOM, _TOKEN)
        self._has_key: Mask = np.zeros(_ROOM, np.bool_)
        self._is_kept: Mask = np.zeros(_ROOM, np.bool_)

    def places(self, spellings: list[str]) -> Places:
        """The places of distinct spellings in the dictionary; new ones are entered."""
        found = [*map(self._places.get, spellings)]
        new = [row for row, place in enumerate(found) if place is None]
        if new:
            entered = range(len(self._values), len(self._values) + len(new))
            self._enter([spellings[row] for row in new], entered)
            for row, place in zip(new, entered, strict=True):
                found[row] = place
        return np.array(found, np.int64)

    def _enter(self, spellings: list[str], places: range) -> None:
        values = [*map(self._normal_form, spellings)]
        self._places.update(zip(spellings, places, strict=True))
        self._values += values
        if places.stop > len(self._keys):
            more = max(places.stop - len(self._keys), len(self._keys))
            self._keys = np.concatenate([self._keys, np.zeros(more, _TOKEN)])
            self._has_key = np.concatenate([self._has_key, np.zeros(more, np.bool_)])
            self._is_kept = np.concatenate([self._is_kept, np.zeros(more, np.bool_)])
        here = slice(places.start, places.stop)
        self._has_key[here] = [value is not None for value in values]
        hashed = b"".join(bytes(_WIDTH // 2) if value is None else self._token(value) for value in values)
        self._keys[here] = arrays.hexadecimal(hashed).view(_TOKEN)

    def keys(self, places: Places, there: Mask | None) -> pa.Array:
        """A token per row, those at `places` for the rows that are `there`; none where a value has no normal form."""
        has_key = self._has_key[places]
        found = self._keys[places if has_key.all() else places[has_key]]
        if there is None:
            there = has_key
        else:
            there = there.copy()
            there[there] = has_key
        lengths = there.astype(np.int32) * np.int32(_WIDTH)
        where = np.concatenate([np.zeros(1, np.int32), np.cumsum(lengths, dtype=np.int32)])
        bitmap = None if len(found) == len(there) else arrays.bitmap(there)
        return pa.Array.from_buffers(pa.string(), len(there), [bitmap, pa.py_buffer(where), pa.py_buffer(found)])

    def keep(self, places: Places) -> list[pa.Array] | None:
        """Token, namespace and clear value of places that no earlier call has given; None where there are none."""
        new = places[~self._is_kept[places]]
        self._is_kept[new] = True
        new = new[self._has_key[new]]
        if not new.size:
            return None
        keys = pa.array(self._keys[new].astype(np.str_), pa.string())
        values = pa.array([*map(self._values.__getitem__, new.tolist())], pa.string())
        return [keys, pa.repeat(self._namespace, len(keys)), values]


class Tokens:
    """The token fields of one batch: call `replace` chunk by chunk, then `keep` for the rows that stood."""

    def __init__(self, contract: Contract, key: bytes, country: str, folder: Path) -> None:
        self._contract = contract
        self._fields = [item for item in contract.fields if item.pii.is_token]
        names = dict.fromkeys(item.pii.namespace for item in self._fields)
        self._dictionaries = {namespace: _Dictionary(key, namespace, country) for namespace in names}
        self._used: dict[str, tuple[Places, pa.Array]] = {}
        self.clear_values = Shelf(folder / "clear-values", CLEAR_VALUE)
        self.broken_values = Shelf(folder / "broken-values", BROKEN_VALUE)

    def replace(self, values: dict[str, pa.Array], count: int) -> tuple[dict[str, pa.Array], Problems]:
        """The values with tokens in the place of token fields, and the rows that this breaks."""
        for dictionary in self._dictionaries.values():
            dictionary.forget_if_full()
        found = dict(values)
        problems = Problems(count)
        for item in self._fields:
            self._used[item.name], found[item.name] = self._token_column(item, values)
            if item.is_required:
                problems.mark(f"malformed_identifier|{item.name}", _unreadable(values[item.name], found[item.name]))
        tokened = {item.name for item in self._fields}
        for group in self._contract.any_of:
            if tokened.issuperset(group):
                nobody = np.logical_and.reduce([~arrays.is_filled(found[name]) for name in group])
                problems.mark(f"malformed_identifier|{group[0]}", nobody)
        return found, problems

    def _token_column(self, item: Field, values: dict[str, pa.Array]) -> tuple[tuple[Places, pa.Array], pa.Array]:
        given = values[item.name].cast(pa.string())
        if item.pii.scope:
            scope = (
                values[item.pii.scope].cast(pa.string()).fill_null("")
            )  # without it a value names nobody (tokens.py)
            given = pc.binary_join_element_wise(scope, given, ":")
        coded = given.dictionary_encode()
        dictionary = self._dictionaries[item.pii.namespace]
        places = dictionary.places(coded.dictionary.to_pylist())
        there, indices = arrays.filled(given), coded.indices.drop_null().to_numpy()
        return (places, coded.indices), dictionary.keys(places[indices], there)

    def keep(
        self, before: dict[str, pa.Array], after: dict[str, pa.Array], numbers: pa.Array, sound: Mask | None
    ) -> None:
        """Of the chunk last replaced, keep the clear values of the sound rows, and what they do without."""
        for item in self._fields:
            places, indices = self._used[item.name]
            used = _distinct(indices if sound is None else indices.filter(pa.array(sound)), len(places))
            new = self._dictionaries[item.pii.namespace].keep(places[used])
            if new is not None:
                self.clear_values.add(new)
            lost = _unreadable(before[item.name], after[item.name])
            if sound is not None:
                lost &= sound
            if lost.any():
                where = pa.array(lost)
                texts = before[item.name].filter(where).cast(pa.string())
                self.broken_values.add(
                    [numbers.filter(where), pa.repeat(item.name, len(texts)), texts.cast(pa.binary())]
                )


def _unreadable(value: pa.Array, token: pa.Array) -> Mask:
    """Where a value was given that got no token."""
    if token.null_count == value.null_count:
        return np.zeros(len(value), np.bool_)
    return arrays.is_filled(value) & ~arrays.is_filled(token)


def _distinct(indices: pa.Array, size: int) -> Places:
    """The places of a dictionary of `size` values that occur."""
    found = indices.drop_null().to_numpy()
    return np.flatnonzero(np.bincount(found, minlength=size))
