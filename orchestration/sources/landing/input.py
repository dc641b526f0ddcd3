"""The input of a batch: its rows in chunks, as columns that the mapping knows.

Here: the columns and their types, the fields taken out of JSON lines, the original text of rows that turn out broken.
Not here: how files are read (formats.py), what the columns mean (mapping.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.brands import Source
from orchestration.sources import mapping as maps
from orchestration.sources.contracts.model import Contract
from orchestration.sources.headings import RESERVED
from orchestration.sources.kernels import pc
from orchestration.sources.landing import arrays
from orchestration.sources.landing.arrays import Mask
from orchestration.sources.mapping import ContractMapping, LineColumn
from orchestration.sources.reading import as_text, literal, name

FIRST_CHUNK_ROWS, CHUNK_ROWS = 4_096, 65_536
"""The first chunk is small, so that the database has something to do at once; each is twice the one before, up to the
last. One that has come half full is not waited for."""
ENOUGH_BYTES = 16 << 20
"""Rows of so many bytes make a chunk, however few they are."""
_NUL = "\0"
_ESCAPED_NUL = r"\u0000"
_ESCAPE_OF_NUL = r"(^|[^\\])(\\\\)*\\u0000"
"""Behind an even number of backslashes it is no escape."""


class Input:
    """The rows of one batch, to be gone through once.

    `mapping` is that of the whole input once the rows are through: JSON lines tell their fields line by line.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        contract: Contract,
        source: Source,
        zone: str,
        open_rows: Callable[[], pa.RecordBatchReader],
    ) -> None:
        self._connection, self._contract, self._source, self.zone = connection, contract, source, zone
        self._open_rows, self._rows = open_rows, open_rows()
        self.is_lines = maps.LINE_COLUMN in self._rows.schema.names
        self._types = maps.wanted_keys(contract, source) if self.is_lines else self._types_of_columns()
        self._taking = _taking([*maps.line_columns(contract, source).values()])
        self._keys: dict[str, None] = {}
        self.mapping: ContractMapping = maps.build(contract, source, self._types, zone)

    def chunks(self) -> Iterator[tuple[pa.RecordBatch, Mask | None]]:
        """The rows, with `_row_number` and `_malformed`, and where a row holds a NUL (None: nowhere).

        Raises RefusedFileError where no line has a field that is required.
        """
        for rows in _in_chunks(self._rows):
            yield (self._fields_of(rows) if self.is_lines else rows), _has_nul(rows)
        if self.is_lines:
            known = {maps.LINE_COLUMN: "VARCHAR", **dict.fromkeys(sorted(self._keys), "VARCHAR")}
            self.mapping = maps.build(self._contract, self._source, known, self.zone)

    def originals(self, numbers: pa.Array) -> Iterator[pa.Table]:
        """The rows of those numbers as they came, read once more: `number`, `format` and `original` (bytes).

        `format` is json where a row had fields, text where it did not split into any.
        """
        if self.is_lines:
            whole = name(maps.LINE_COLUMN)
        else:
            pairs = ", ".join(
                f"{literal(column)}, {as_text(name(column), kind)}" for column, kind in self._types.items()
            )
            whole = f"cast(json_object({pairs}) as varchar)"
        query = f"""
            select _row_number as number, case when _malformed is null then 'json' else 'text' end as format,
                   encode(coalesce(_malformed, {whole})) as original
            from second_reading
        """
        for rows in self._open_rows():
            found = rows.filter(pc.is_in(rows.column("_row_number"), numbers))
            if found.num_rows:
                self._connection.register("second_reading", found)
                yield self._connection.execute(query).to_arrow_table()
                self._connection.unregister("second_reading")

    def _types_of_columns(self) -> dict[str, str]:
        self._connection.register("nothing", self._rows.schema.empty_table())
        told = self._connection.execute("describe select * from nothing").fetchall()
        self._connection.unregister("nothing")
        return {column: str(kind) for column, kind, *_ in told if column not in RESERVED}

    def _fields_of(self, rows: pa.RecordBatch) -> pa.RecordBatch:
        """The wanted fields of JSON lines, each as a text column; the names of all their fields are remembered."""
        self._connection.register("lines", rows)
        line = name(maps.LINE_COLUMN)
        keys = self._connection.execute(f"select json_keys({line}) as keys from lines").to_arrow_table()["keys"]
        # PostgreSQL holds no name with a NUL; its row is broken
        self._keys.update(dict.fromkeys(key for key in pc.unique(pc.list_flatten(keys)).to_pylist() if _NUL not in key))
        found = self._connection.execute(self._taking).to_arrow_table().combine_chunks()
        self._connection.unregister("lines")
        return found.to_batches()[0] if found.num_rows else pa.RecordBatch.from_pylist([], found.schema)


def _in_chunks(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same rows, in chunks: what comes in crumbs is put together, what comes in large pieces is cut."""
    size = FIRST_CHUNK_ROWS
    held: list[pa.RecordBatch] = []
    count = held_bytes = 0
    for batch in batches:
        start = 0
        while start < batch.num_rows:
            held.append(batch.slice(start, size - count))
            start, count, held_bytes = (
                start + held[-1].num_rows,
                count + held[-1].num_rows,
                held_bytes + held[-1].nbytes,
            )
            if count >= size // 2 or held_bytes >= ENOUGH_BYTES:
                yield held[0] if len(held) == 1 else pa.concat_batches(held)
                held, count, held_bytes = [], 0, 0
                size = min(2 * size, CHUNK_ROWS)
    if held:
        yield held[0] if len(held) == 1 else pa.concat_batches(held)


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


def _has_nul(rows: pa.RecordBatch) -> Mask | None:
    """Where a text holds a NUL byte, or a JSON line an escaped one."""
    found = np.zeros(rows.num_rows, np.bool_)
    for column, texts in zip(rows.schema.names, rows.columns, strict=True):
        if column in ("_row_number", "_malformed") or not pa.types.is_string(texts.type):
            continue
        if arrays.least_byte(texts) == 0:
            found |= arrays.truths(pc.match_substring(texts, _NUL))
        if column == maps.LINE_COLUMN and pc.any(pc.match_substring(texts, _ESCAPED_NUL)).as_py():
            found |= arrays.truths(pc.match_substring_regex(texts, _ESCAPE_OF_NUL))
    return found if found.any() else None
