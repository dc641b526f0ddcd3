"""Files of the drop folder: which rows go into which, written to the byte the same each time.

Here: one file for the history of an export and one for each of its last days, or one a day; the record of files and of
dirt. Not here: rows (exports/), lines (lines.py).
"""

from __future__ import annotations

import gzip
import io
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from simulator.brand import dirt
from simulator.brand.dirt import Dirty
from simulator.brand.draws import Ints
from simulator.brand.export import Batch, Export
from simulator.brand.lines import as_bytes, csv_lines, json_lines
from simulator.brand.parameters import Parameters

PART = ".part"


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

    def add(self, columns: dict[str, pa.Array], kind: Ints) -> None:
        """Append rows, broken where `kind` says so."""
        spoilt = dirt.spoil(self.export, columns, kind)
        self.rows += kind.size
        if self.export.form == "parquet":
            table = pa.table(spoilt)
            if self._parquet is None:
                self._parquet = pq.ParquetWriter(self._part, table.schema, compression="snappy")
            self._parquet.write_table(table)
            return
        lines = csv_lines(spoilt, self.export.quoted) if self.export.form == "csv" else json_lines(spoilt)
        content = as_bytes(dirt.spoil_lines(self.export, lines, kind))
        heading = "" if self.export.form == "jsonl" else ",".join(columns) + "\n"
        self._write(content, heading)

    def _write(self, content: bytes, heading: str) -> None:
        if self._out is None:
            self._raw = self._part.open("wb")
            self._out = self._raw
            if self.export.is_gzip:
                packed = gzip.GzipFile(filename="", mode="wb", fileobj=self._raw, mtime=0, compresslevel=1)
                self._out = io.BufferedWriter(packed)
            content = heading.encode() + content
        if self.export.encoding != "utf-8":
            content = content.decode().encode(self.export.encoding)
        self._out.write(content)

    def close(self) -> None:
        """Give the file its name."""
        for handle in (self._parquet, self._out, self._raw):
            if handle is not None:
                handle.close()
        self._part.replace(self.path)


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
        order = np.lexsort((batch.at - (dirty.kind == dirt.OUT_OF_ORDER) * 30_000, dirty.day))
        days = dirty.day[order]
        for period in self.daily if batch.export.is_daily else self.others:
            rows = order[np.searchsorted(days, period.first) : np.searchsorted(days, period.last, side="right")]
            if batch.entity is not None:
                rows = newest(batch.entity, batch.at, rows)
            if rows.size:
                self._add(dirty, period, rows)

    def _add(self, dirty: Dirty, period: Period, rows: Ints) -> None:
        export = dirty.batch.export
        kind = dirt.bounded(dirty.kind[rows])
        twice = 1 + (kind == dirt.DUPLICATE)
        index = np.repeat(rows, twice)
        is_copy = np.zeros(index.size, np.bool_)
        is_copy[np.cumsum(twice)[twice == 2] - 1] = True
        kind = np.repeat(kind, twice)
        name = f"{export.name}/{export.name}_{period.label}{export.suffix}"
        file = self._files.setdefault(name, _File(self.folder / name, export))
        marked = np.flatnonzero((kind != dirt.NONE) & ((kind != dirt.DUPLICATE) | is_copy))
        self._record(export, name, file.rows + marked + 1, kind[marked])
        take = pa.array(index)
        file.add({name: column.take(take) for name, column in dirty.batch.columns.items()}, kind)
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
