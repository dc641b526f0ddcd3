"""Rows put aside while a batch is judged, for when its end is known.

Here: keeping them, in memory while they are few, in the batch's scratch folder when they are many. Not here: what
they are (tokenise.py, bench.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

MOST_IN_MEMORY = 200_000
"""Rows that a shelf holds in memory."""


class Shelf:
    """Rows of one schema, given back in the order they came. `path` is where they go when they are many."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._path, self.schema = path, schema
        self._held: list[pa.RecordBatch] = []
        self._count = 0
        self._writer: pa.RecordBatchStreamWriter | None = None

    def add(self, columns: list[pa.Array]) -> None:
        """Put rows on the shelf, by their columns."""
        rows = pa.record_batch(columns, schema=self.schema)
        self._held.append(rows)
        self._count += rows.num_rows
        if self._count > MOST_IN_MEMORY:
            if self._writer is None:
                self._writer = pa.ipc.new_stream(self._path, self.schema)
            for held in self._held:
                self._writer.write_batch(held)
            self._held, self._count = [], 0

    def rows(self) -> Iterator[pa.RecordBatch]:
        """Everything on the shelf; nothing more can be put there."""
        if self._writer is not None:
            self._writer.close()
            with pa.OSFile(str(self._path)) as file, pa.ipc.open_stream(file) as reader:
                yield from reader
        yield from self._held
