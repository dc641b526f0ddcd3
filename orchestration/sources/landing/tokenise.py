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
        self._keys = np.zeros(0, _TOKEN)
        self._is_kept: Mask = np.zeros(0, np.bool_)

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
        keys = np.array([b"" if value is None else self._token(value).encode() for value in values], _TOKEN)
        self._places.update(zip(spellings, places, strict=True))
        self._values += values
        self._keys = np.concatenate([self._keys, keys])
        self._is_kept = np.concatenate([self._is_kept, np.zeros(len(keys), np.bool_)])

    def keys(self, places: Places, there: Mask | None) -> pa.Array:
        """The tokens at places, one per row; missing where nothing is `there`, or the value has no normal form."""
        found = self._keys[places]
        has_key = found != b""
        if there is not None:
            has_key &= there
        if has_key.all():
            has_key, bitmap = None, None
            where = np.arange(0, _WIDTH * (len(found) + 1), _WIDTH, dtype=np.int32)
        else:
            bitmap = arrays.bitmap(has_key)
            where = np.concatenate([np.zeros(1, np.int32), np.cumsum(has_key, dtype=np.int32) * np.int32(_WIDTH)])
            found = found[has_key]
        return pa.Array.from_buffers(pa.string(), len(where) - 1, [bitmap, pa.py_buffer(where), pa.py_buffer(found)])

    def keep(self, places: Places) -> list[pa.Array] | None:
        """Token, namespace and clear value of places that no earlier call has given; None where there are none."""
        new = places[~self._is_kept[places]]
        self._is_kept[new] = True
        new = new[self._keys[new] != b""]
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
        if not places.size:
            return (places, coded.indices), pa.nulls(len(given), pa.string())
        rows = places[coded.indices.fill_null(0).to_numpy()]
        return (places, coded.indices), dictionary.keys(rows, arrays.filled(given))

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
