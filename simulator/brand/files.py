"""Files of the drop folder: which rows go into which, written to the byte the same each time.

Here: one file for the history of an export and one for each of its last days, or one a day; the record of files and of
dirt. Not here: rows (exports/), lines (lines.py).
"""

from __future__ import annotations

import gzip
import io
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from simulator.brand import dirt
from simulator.brand.columns import joined
from simulator.brand.dirt import Dirty
from simulator.brand.draws import Bools, Ints
from simulator.brand.export import Batch, Export
from simulator.brand.lines import as_bytes, csv_lines, json_lines
from simulator.brand.parameters import Parameters

PART = ".part"
LINE_END = "\n"
EARLY_SECONDS = 30_000
"""How far before its time a row stands that is out of order."""


@dataclass(frozen=True)
class Period:
    """Days `first` to `last` of the run, and what their file is called."""

    first: int
    last: int
    label: str


def periods_at_once(parameters: Parameters) -> tuple[list[Period], list[Period]]:
    """The files of daily exports (history, then the last days), and the one of all others."""
    last = parameters.day_of(parameters.last_at_once)
    split = max(last - parameters.daily_files, 0)
    day = parameters.start
    history = Period(0, split, f"until_{(day + timedelta(days=split)).isoformat()}")
    days = [Period(n, n, (day + timedelta(days=n)).isoformat()) for n in range(split + 1, last + 1)]
    return [history, *days], [Period(0, last, f"until_{parameters.last_at_once.isoformat()}")]


class _File:
    """One file being written; it has its name when it is whole."""

    def __init__(self, path: Path, export: Export) -> None:
        self.path, self.export, self.rows = path, export, 0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._part = path.with_name(path.name + PART)
        self._raw: IO[bytes] | None = None
        self._out: IO[bytes] | None = None
        self._parquet: pq.ParquetWriter | None = None

    def add_table(self, table: pa.Table) -> None:
        """Append rows to a Parquet file."""
        if self._parquet is None:
            self._parquet = pq.ParquetWriter(self._part, table.schema, compression="snappy")
        self._parquet.write_table(table)
        self.rows += table.num_rows

    def add_lines(self, lines: pa.Array, heading: str) -> None:
        """Append lines of text, the heading before the first."""
        content = as_bytes(lines)
        if self._out is None:
            self._raw = self._part.open("wb")
            self._out = self._raw
            if self.export.is_gzip:
                packed = gzip.GzipFile(filename="", mode="wb", fileobj=self._raw, mtime=0, compresslevel=1)
                self._out = io.BufferedWriter(packed)
            self._out.write(heading.encode(self.export.encoding))
        if self.export.encoding != "utf-8":
            content = bytes(content).decode().encode(self.export.encoding)
        self._out.write(content)
        self.rows += len(lines)

    def close(self) -> None:
        """Give the file its name."""
        for handle in (self._parquet, self._out, self._raw):
            if handle is not None:
                handle.close()
        self._part.replace(self.path)


class _Rendered:
    """The rows of a batch ready to be written, each clean and, where dirt says so, broken."""

    def __init__(self, dirty: Dirty) -> None:
        batch, export = dirty.batch, dirty.batch.export
        self._is_table = export.form == "parquet"
        broken = np.flatnonzero(dirty.kind >= dirt.MISSING)
        self._broken_place = np.full(batch.at.size, -1, np.int64)
        self._broken_place[broken] = batch.at.size + np.arange(broken.size)
        take = pa.array(broken)
        few = {name: column.take(take) for name, column in batch.columns.items()}
        spoilt = dirt.spoil(export, few, dirty.kind[broken])
        if self._is_table:
            self._columns = {
                name: pa.concat_arrays([column, spoilt[name]]) if broken.size else column
                for name, column in batch.columns.items()
            }
            return
        lines = _lines(export, batch.columns, LINE_END)
        if broken.size:
            wrong = dirt.spoil_lines(export, _lines(export, spoilt, ""), dirty.kind[broken])
            lines = pa.concat_arrays([lines, joined(wrong, LINE_END)])
        self._lines = lines

    def write(self, file: _File, rows: Ints, is_broken: Bools, heading: str) -> None:
        """Append these rows to a file, broken where the condition says so."""
        take = pa.array(np.where(is_broken, self._broken_place[rows], rows))
        if self._is_table:
            file.add_table(pa.table({name: column.take(take) for name, column in self._columns.items()}))
        else:
            file.add_lines(self._lines.take(take), heading)


def _lines(export: Export, columns: Mapping[str, pa.Array], end: str) -> pa.Array:
    return csv_lines(columns, export.quoted, end) if export.form == "csv" else json_lines(columns, end)


@dataclass
class Drop:
    """The drop folder being filled. `planted`: the record of dirt, column by column."""

    folder: Path
    parameters: Parameters
    daily: list[Period]
    others: list[Period]
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    planted: dict[str, list[str | int]] = field(default_factory=lambda: defaultdict(list))
    _files: dict[str, _File] = field(default_factory=dict[str, _File])

    def write(self, batch: Batch, chunk: int = 0) -> None:
        """Write the rows of a batch into the files of their days."""
        dirty = dirt.soil(self.parameters, batch, chunk)
        order = np.lexsort((batch.at - (dirty.kind == dirt.OUT_OF_ORDER) * EARLY_SECONDS, dirty.day))
        days = dirty.day[order]
        rendered: _Rendered | None = None
        for period in self.daily if batch.export.is_daily else self.others:
            rows = order[np.searchsorted(days, period.first) : np.searchsorted(days, period.last, side="right")]
            if batch.entity is not None:
                rows = newest(batch.entity, batch.at, rows)
            if rows.size:
                rendered = rendered or _Rendered(dirty)
                self._add(dirty, rendered, period, rows)

    def _add(self, dirty: Dirty, rendered: _Rendered, period: Period, rows: Ints) -> None:
        export = dirty.batch.export
        kind = dirt.bounded(dirty.kind[rows])
        twice = 1 + (kind == dirt.DUPLICATE)
        index = np.repeat(rows, twice)
        is_copy = np.zeros(index.size, np.bool_)
        is_copy[np.cumsum(twice)[twice == 2] - 1] = True
        kind = np.repeat(kind, twice)
        name = f"{export.name}/{export.name}_{period.label}{export.suffix}"
        if name not in self._files:
            self._files[name] = _File(self.folder / name, export)
        file = self._files[name]
        marked = np.flatnonzero((kind != dirt.NONE) & ((kind != dirt.DUPLICATE) | is_copy))
        self._record(export, name, file.rows + marked + 1, kind[marked])
        heading = ",".join(dirty.batch.columns) + LINE_END if export.form == "csv" else ""
        rendered.write(file, index, kind >= dirt.MISSING, heading)
        self.counts[name] = file.rows

    def _record(self, export: Export, name: str, number: Ints, kind: Ints) -> None:
        self.planted["source"] += [export.name] * number.size
        self.planted["contract"] += [export.contract] * number.size
        self.planted["file"] += [name] * number.size
        self.planted["row_number"] += number.tolist()
        self.planted["kind"] += [dirt.KINDS[code] for code in kind]
        self.planted["verdict"] += [dirt.VERDICTS[code] for code in kind]

    def close(self) -> None:
        """Give all files their names."""
        for file in self._files.values():
            file.close()


def newest(entity: Ints, at: Ints, rows: Ints) -> Ints:
    """Of the rows, the newest of each entity, in the order they had."""
    by_entity = rows[np.lexsort((at[rows], entity[rows]))]
    is_last = np.ones(by_entity.size, np.bool_)
    is_last[:-1] = entity[by_entity[1:]] != entity[by_entity[:-1]]
    kept = np.zeros(at.size, np.bool_)
    kept[by_entity[is_last]] = True
    return rows[kept[rows]]
