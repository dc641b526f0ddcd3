"""What an export is: its folder, format and columns, and the rows of it.

Here: the two types everything that writes knows. Not here: the exports themselves (exports/), how rows become bytes
(lines.py), files (files.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np
import pyarrow as pa

from simulator.brand.draws import Ints


@dataclass(frozen=True)
class Export:
    """One export of one vendor: also the source of that name in the brand file, and its folder.

    `required`, `typed`, `listed`, `moment`, `phone`: the columns that dirt empties, makes unreadable, fills with an
    unknown word, dates far ahead or masks; empty where it leaves the export alone. `far`: a far moment as this vendor
    writes it. `quoted`: columns of free text, in quotes in CSV. `is_daily`: comes as one file a day, else as one file.
    `is_state`: a row is an entity's newest state, told again whenever it changes.
    """

    name: str
    contract: str
    form: Literal["csv", "jsonl", "parquet"] = "csv"
    required: str = ""
    typed: str = ""
    listed: str = ""
    moment: str = ""
    phone: str = ""
    far: str = "2099-01-01 00:00:00"
    quoted: tuple[str, ...] = ()
    is_daily: bool = True
    is_state: bool = False
    encoding: Literal["utf-8", "gb18030"] = "utf-8"
    is_gzip: bool = False

    @property
    def suffix(self) -> str:
        """The ending of its files."""
        return f".{self.form}{'.gz' if self.is_gzip else ''}"


@dataclass(frozen=True)
class Batch:
    """Rows of one export. `columns`: the vendor's columns in order; dots open an object in JSON lines.

    `at`: when each row was there to be exported, in seconds since 1970. `entity`: whose state it is, for exports of
    states. `clean`: how many of the last rows no dirt may touch.
    """

    export: Export
    columns: dict[str, pa.Array]
    at: Ints
    entity: Ints | None = None
    clean: int = 0

    def __post_init__(self) -> None:
        wrong = [name for name, column in self.columns.items() if len(column) != self.at.size]
        if wrong:
            raise ValueError(f"{self.export.name}: columns {wrong} have not the {self.at.size} rows of the others")
        if self.export.is_state != (self.entity is not None):
            raise ValueError(f"{self.export.name}: rows of a state need their entity, others have none")


@dataclass(frozen=True)
class Told:
    """One row told by hand: the export's name, when, what stands in its columns, and whose state it is (a number)."""

    export: str
    at: int
    columns: dict[str, str | int | bool | None]
    entity: int = -1


def stacked(first: Batch, second: Batch) -> Batch:
    """The rows of two batches of one export, whose rows are no states, one below the other."""
    columns = {name: pa.concat_arrays([column, second.columns[name]]) for name, column in first.columns.items()}
    return Batch(first.export, columns, np.concatenate([first.at, second.at]))


def with_told(batch: Batch, told: Sequence[Told]) -> Batch:
    """The batch with the rows told by hand for its export below its own; ValueError for a column it has not."""
    rows = [row for row in told if row.export == batch.export.name]
    if not rows:
        return batch
    if unknown := {name for row in rows for name in row.columns} - set(batch.columns):
        raise ValueError(f"{batch.export.name} has no columns {sorted(unknown)}; it has {list(batch.columns)}")
    columns = {
        name: pa.concat_arrays([column, _typed([row.columns.get(name) for row in rows], column.type)])
        for name, column in batch.columns.items()
    }
    entity = None
    if batch.entity is not None:
        entity = np.concatenate([batch.entity, np.array([row.entity for row in rows], np.int64)])
    at = np.concatenate([batch.at, np.array([row.at for row in rows], np.int64)])
    return Batch(batch.export, columns, at, entity, batch.clean + len(rows))


def _typed(values: list[str | int | bool | None], kind: pa.DataType) -> pa.Array:
    if pa.types.is_decimal(kind):
        return pa.array([None if value is None else Decimal(value) for value in values], kind)
    return pa.array(values).cast(kind)


Batches = Iterator[Batch]
Exporter = Callable[..., Batches]
