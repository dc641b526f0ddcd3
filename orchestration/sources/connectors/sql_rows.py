"""Rows of a database as Arrow columns.

Here: which type a column of Python values gets. Not here: which rows are read (sql.py). A column is typed when all its
values are of one kind that Arrow holds without loss; otherwise it is text: decimals with all their digits, bytes as
hex, structures as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from orchestration.sources.connectors import SourceFailedError
from orchestration.sources.headings import RESERVED

_TYPES: dict[frozenset[type], pa.DataType] = {
    frozenset({bool}): pa.bool_(),
    frozenset({int}): pa.int64(),
    frozenset({float}): pa.float64(),
    frozenset({int, float}): pa.float64(),
    frozenset({date}): pa.date32(),
}


@dataclass(frozen=True)
class Rows:
    """Rows of one batch: the columns' names, and a tuple of values per row."""

    names: tuple[str, ...]
    values: Sequence[tuple[Any, ...]]

    def check(self) -> None:
        """SourceFailedError where a column's name is there twice or is one of ours."""
        wrong = [name for name in self.names if name in RESERVED or self.names.count(name) > 1]
        if wrong:
            told = f"columns {', '.join(dict.fromkeys(wrong))} are there twice or reserved"
            raise SourceFailedError("bad_setting", f"{told}: name them otherwise in a query")

    def as_mappings(self) -> Iterable[dict[str, Any]]:
        """The rows as column → value."""
        return (dict(zip(self.names, row, strict=True)) for row in self.values)

    def only(self, places: Sequence[int]) -> Rows:
        """Those rows."""
        return self if len(places) == len(self.values) else Rows(self.names, [self.values[item] for item in places])

    def read(self) -> pa.RecordBatchReader:
        """One Arrow batch with `_row_number` and `_malformed`, as readers of files give them (formats.py)."""
        count = len(self.values)
        columns = [_column([row[place] for row in self.values]) for place in range(len(self.names))]
        numbers, malformed = pa.array(range(1, count + 1), pa.int64()), pa.nulls(count, pa.string())
        batch = pa.record_batch([*columns, numbers, malformed], names=[*self.names, "_row_number", "_malformed"])
        return pa.RecordBatchReader.from_batches(batch.schema, [batch])


def _column(values: list[Any]) -> pa.Array:
    kind = _arrow_type(values)
    if kind is not None:
        try:
            return pa.array(values, kind)
        except (OverflowError, pa.ArrowInvalid):  # a whole number beyond 64 bits, or beyond what a float holds exactly
            pass
    return pa.array([_text(value) for value in values], pa.string())


def _arrow_type(values: list[Any]) -> pa.DataType | None:
    """The type that holds all values as they are; None where only text does."""
    kinds = frozenset(type(value) for value in values if value is not None)
    if kinds == frozenset({datetime}):
        zoned = {value.tzinfo is not None for value in values if value is not None}
        return pa.timestamp("us", "UTC" if True in zoned else None) if len(zoned) == 1 else None
    return _TYPES.get(kinds)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=_text)
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def stable(value: Any) -> str:
    """The same text for the same value, whatever zone the server tells moments in: what digests are made of."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat()
    return f"{type(value).__name__} {_text(value)}"
