"""The fields of JSON lines, as columns.

Here: the wanted fields of a chunk of lines, each as a column of text and a word on where that is no value; which lines
are no objects, where nobody has looked yet; the names of all fields that came. Lines that are written alike and plainly
are read at once (json_alike.py), the others one by one by DuckDB, which says what a field is; a test holds the two
equal. Not here: what the columns mean (mapping.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.sources import json_reading
from orchestration.sources import mapping as maps
from orchestration.sources.kernels import pc
from orchestration.sources.landing import json_alike
from orchestration.sources.landing.arrays import Integers, Mask
from orchestration.sources.landing.json_alike import Alike
from orchestration.sources.landing.nul_bytes import has_nul
from orchestration.sources.mapping import LineColumn
from orchestration.sources.reading import literal, name

_NUL = "\0"


class LineFields:
    """Takes the fields out of one batch's lines, chunk by chunk. `is_judged`: `_malformed` tells what is no object."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, columns: Sequence[LineColumn], *, is_judged: bool
    ) -> None:
        self._connection, self._columns, self._is_judged = connection, columns, is_judged
        self._taking = _taking(columns)
        self._keys: dict[str, None] = {}
        self._has_object = is_judged

    def keys(self) -> list[str]:
        """The names of all fields of the lines so far; RefusedFileError where not one line was an object."""
        if not self._has_object:
            raise json_reading.no_objects()
        return sorted(self._keys)

    def judged(self, rows: pa.RecordBatch) -> pa.RecordBatch:
        """The rows with a word on those that are no objects."""
        if self._is_judged:
            return rows
        lines, malformed = json_reading.judge(self._connection, rows.column(maps.LINE_COLUMN))
        return pa.record_batch([lines, rows.column("_row_number"), malformed], schema=json_reading.SCHEMA)

    def take(self, rows: pa.RecordBatch) -> tuple[pa.RecordBatch, Mask | None]:
        """The wanted fields with `_row_number` and `_malformed`, and where a line holds a NUL (None: nowhere)."""
        found = json_alike.read(rows.column(maps.LINE_COLUMN))
        pieces: list[pa.RecordBatch] = []
        places: list[Integers] = []
        is_left = np.ones(rows.num_rows, np.bool_)
        for alike in found:
            piece, where = self._at_once(rows, alike)
            is_left[where] = False
            pieces.append(piece)
            places.append(where)
        if not is_left.any() and len(pieces) == 1:
            return pieces[0], None
        places.append(np.flatnonzero(is_left))
        others = self.judged(rows.take(pa.array(places[-1])))
        pieces.append(self._one_by_one(others))
        nul = has_nul(others)
        order = np.argsort(np.concatenate(places))
        return _ordered(pieces, order), None if nul is None else _spread(nul, places[-1], rows.num_rows)

    def _at_once(self, rows: pa.RecordBatch, alike: Alike) -> tuple[pa.RecordBatch, Integers]:
        """The fields of lines that are written alike, and which lines that are.

        A number with a point is left to the others where its very text is wanted: they write it in its shortest form.
        """
        self._has_object = True
        self._keys.update(dict.fromkeys(alike.texts))
        keys = {item.text: next((key for key in alike.texts if item.of_key(key)), None) for item in self._columns}
        is_kept = np.ones(len(alike.places), np.bool_)
        for item in self._columns:
            key = keys[item.text]
            if key in alike.decimals and not item.is_plain:
                is_kept &= ~alike.decimals[key]
        where = None if is_kept.all() else pa.array(is_kept)
        places = alike.places if where is None else alike.places[is_kept]
        columns: dict[str, pa.Array] = {}
        for item in self._columns:
            key = keys[item.text]
            text = pa.nulls(len(is_kept), pa.string()) if key is None else alike.texts[key]
            columns[item.text] = text if where is None else text.filter(where)
            columns[item.nested] = pa.repeat(False, len(places))
        is_all = len(places) == rows.num_rows
        columns["_row_number"] = rows.column("_row_number") if is_all else rows.column("_row_number").take(places)
        columns["_malformed"] = pa.nulls(len(places), pa.string())
        return pa.record_batch(columns), places

    def _one_by_one(self, rows: pa.RecordBatch) -> pa.RecordBatch:
        """The fields of any lines."""
        self._has_object = self._has_object or rows.column("_malformed").null_count > 0
        self._connection.register("lines", rows)
        line = name(maps.LINE_COLUMN)
        keys = self._connection.execute(f"select json_keys({line}) as keys from lines").to_arrow_table()["keys"]
        # PostgreSQL holds no name with a NUL; its row is broken
        self._keys.update(dict.fromkeys(key for key in pc.unique(pc.list_flatten(keys)).to_pylist() if _NUL not in key))
        found = self._connection.execute(self._taking).to_arrow_table().combine_chunks()
        self._connection.unregister("lines")
        return found.to_batches()[0] if found.num_rows else pa.RecordBatch.from_pylist([], found.schema)


def _ordered(pieces: Sequence[pa.RecordBatch], order: Integers) -> pa.RecordBatch:
    """The rows of all pieces, in their order."""
    schema = pieces[-1].schema
    whole = pa.concat_batches([pa.record_batch(piece.columns, schema=schema) for piece in pieces])
    return whole.take(pa.array(order))


def _spread(mask: Mask, places: Integers, count: int) -> Mask:
    found = np.zeros(count, np.bool_)
    found[places[mask]] = True
    return found


def _taking(columns: Sequence[LineColumn]) -> str:
    """The query that takes columns out of JSON lines, each line looked through twice: for texts and for their kinds."""
    places = {path: place for place, path in enumerate(dict.fromkeys(p for item in columns for p in item.paths), 1)}
    selected: list[str] = []
    for item in columns:
        texts, kinds = ([f"{what}[{places[path]}]" for path in item.paths] for what in ("texts", "kinds"))
        text, kind = texts[-1], kinds[-1]
        if len(item.paths) > 1:
            text, kind = (
                f"coalesce({texts[0]}, {text})",
                f"case when {texts[0]} is null then {kind} else {kinds[0]} end",
            )
        if item.is_whole:
            is_whole = f"suffix({text}, '.0') and {kind} = 'DOUBLE'"
            text = f"case when {is_whole} then split_part({text}, '.', 1) else {text} end"
        selected.append(f"{text} as {name(item.text)}")
        selected.append(f"coalesce({kind} in ('OBJECT', 'ARRAY'), false) as {name(item.nested)}")
    line, paths = name(maps.LINE_COLUMN), ", ".join(literal(path) for path in places)
    taken = (
        f", json_extract_string({line}, [{paths}]) as texts, json_type({line}, [{paths}]) as kinds" if places else ""
    )
    return f"""
        with taken as (select _row_number, _malformed{taken} from lines)
        select {", ".join([*selected, "_row_number", "_malformed"])} from taken
    """
