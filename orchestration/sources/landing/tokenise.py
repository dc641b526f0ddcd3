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
import pyarrow.compute as pc

from orchestration.sources import tokens
from orchestration.sources.contracts.model import Contract, Field
from orchestration.sources.landing import arrays
from orchestration.sources.landing.arrays import Mask
from orchestration.sources.landing.shelf import Shelf
from orchestration.sources.landing.verdict import Problems

MOST_REMEMBERED = 1_000_000
"""Distinct values of a namespace that are kept in memory; beyond it the dictionary begins anew."""


Places = npt.NDArray[np.int64]

CLEAR_VALUE = pa.schema([("value_key", pa.string()), ("namespace", pa.string()), ("value", pa.string())])
BROKEN_VALUE = pa.schema([("row_number", pa.int64()), ("field", pa.string()), ("original", pa.binary())])


class _Dictionary:
    """Spelling → normal form and token, for one namespace."""

    def __init__(self, key: bytes, namespace: str, country: str) -> None:
        self._namespace, self._token = namespace, tokens.keyed(key, namespace)
        self._normal_form = tokens.normaliser(namespace, country)
        self._begin()

    def _begin(self) -> None:
        self._places: dict[str, int] = {}
        self._values: list[str | None] = []
        self._keys: list[str | None] = []
        self._is_kept: Mask = np.zeros(0, np.bool_)

    def places(self, spellings: list[str]) -> Places:
        """The places of spellings in the dictionary; new ones are entered."""
        if len(self._values) > MOST_REMEMBERED:
            self._begin()
        found = [*map(self._places.get, spellings)]
        if None in found:
            found = [
                self._enter(text) if place is None else place for text, place in zip(spellings, found, strict=True)
            ]
            self._is_kept = np.concatenate([self._is_kept, np.zeros(len(self._keys) - self._is_kept.size, np.bool_)])
        return np.array(found, np.int64)

    def _enter(self, spelling: str) -> int:
        value = self._normal_form(spelling)
        self._values.append(value)
        self._keys.append(None if value is None else self._token(value))
        place = self._places[spelling] = len(self._values) - 1
        return place

    def keys(self, places: Places) -> pa.Array:
        """The tokens at places; missing where the value has no normal form."""
        return pa.array([*map(self._keys.__getitem__, places.tolist())], pa.string())

    def keep(self, places: Places) -> list[pa.Array] | None:
        """Token, namespace and clear value of places that no earlier call has given; None where there are none."""
        new = places[~self._is_kept[places]]
        self._is_kept[new] = True
        readable = [place for place in new.tolist() if self._keys[place] is not None]
        if not readable:
            return None
        keys = pa.array([*map(self._keys.__getitem__, readable)], pa.string())
        values = pa.array([*map(self._values.__getitem__, readable)], pa.string())
        return [keys, pa.repeat(self._namespace, len(readable)), values]


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
            given = pc.binary_join_element_wise(values[item.pii.scope].cast(pa.string()), given, ":")
        coded = given.dictionary_encode()
        dictionary = self._dictionaries[item.pii.namespace]
        places = dictionary.places(coded.dictionary.to_pylist())
        return (places, coded.indices), dictionary.keys(places).take(coded.indices)

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
