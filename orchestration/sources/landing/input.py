"""The input of a batch: its rows in chunks, as columns that the mapping knows.

Here: the columns and their types, the original text of rows that turn out broken. Not here: how files are read
(formats.py), the fields of JSON lines (line_fields.py), what the columns mean (mapping.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import duckdb
import pyarrow as pa

from orchestration.brands import Source
from orchestration.sources import json_reading
from orchestration.sources import mapping as maps
from orchestration.sources.contracts.model import Contract
from orchestration.sources.headings import RESERVED
from orchestration.sources.kernels import pc
from orchestration.sources.landing.arrays import Mask
from orchestration.sources.landing.line_fields import LineFields
from orchestration.sources.landing.nul_bytes import has_nul
from orchestration.sources.mapping import ContractMapping
from orchestration.sources.reading import as_text, literal, name

FIRST_CHUNK_ROWS, CHUNK_ROWS = 4_096, 65_536
"""The first chunk is small, so that the database has something to do at once; each is twice the one before, up to the
last. One that has come half full is not waited for."""
ENOUGH_BYTES = 16 << 20
"""Rows of so many bytes make a chunk, however few they are."""


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
        self.mapping: ContractMapping = maps.build(contract, source, self._types, zone)
        columns = [*maps.line_columns(contract, source).values()]
        self._lines = LineFields(connection, columns, is_judged=json_reading.is_judged(self._rows.schema))

    def chunks(self) -> Iterator[tuple[pa.RecordBatch, Mask | None]]:
        """The rows, with `_row_number` and `_malformed`, and where a row holds a NUL (None: nowhere).

        Raises RefusedFileError where no line is an object, or none has a field that is required.
        """
        for rows in _in_chunks(self._rows):
            yield self._lines.take(rows) if self.is_lines else (rows, has_nul(rows))
        if self.is_lines:
            known = {maps.LINE_COLUMN: "VARCHAR", **dict.fromkeys(self._lines.keys(), "VARCHAR")}
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
                found = self._lines.judged(found) if self.is_lines else found
                self._connection.register("second_reading", found)
                yield self._connection.execute(query).to_arrow_table()
                self._connection.unregister("second_reading")

    def _types_of_columns(self) -> dict[str, str]:
        self._connection.register("nothing", self._rows.schema.empty_table())
        told = self._connection.execute("describe select * from nothing").fetchall()
        self._connection.unregister("nothing")
        return {column: str(kind) for column, kind, *_ in told if column not in RESERVED}


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
