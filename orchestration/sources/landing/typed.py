"""A chunk of rows as the contract's typed values.

Here: which column is read in which way: plain text at once where it is regular (regular.py), typed values where they
fit (native.py), everything else by the mapping's expressions in DuckDB. Not here: what the expressions are
(mapping.py), the verdict on the rows (verdict.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from orchestration.sources.kernels import pc
from orchestration.sources.landing import arrays, native, regular
from orchestration.sources.landing.arrays import Mask
from orchestration.sources.mapping import ContractMapping, MappedField


@dataclass(frozen=True)
class Typed:
    """The values of a chunk by field; `given` says where there was something to read, None for wherever a value is.

    A row breaks its contract where something was given and there is no value.
    """

    values: dict[str, pa.Array]
    given: dict[str, Mask | None]


def read(connection: duckdb.DuckDBPyConnection, mapping: ContractMapping, rows: pa.RecordBatch, zone: str) -> Typed:
    """The chunk's rows through the mapping, in the order they came."""
    values: dict[str, pa.Array] = {}
    given: dict[str, Mask | None] = {}
    others: list[MappedField] = []
    for item in mapping.fields:
        value = _at_once(item, rows, zone)
        if value is None:
            others.append(item)
        else:
            values[item.field.name], given[item.field.name] = value, None
    if others and rows.num_rows:
        for item, (found, is_given) in zip(others, _by_expression(connection, others, rows), strict=True):
            values[item.field.name], given[item.field.name] = found, is_given
    return Typed(values, given)


def _at_once(item: MappedField, rows: pa.RecordBatch, zone: str) -> pa.Array | None:
    kind = item.field.type
    if item.is_absent or not rows.num_rows:
        return pa.nulls(rows.num_rows, regular.arrow_type(kind))
    if item.plain is None or (item.nested and pc.any(rows.column(item.nested)).as_py()):
        return None
    text = _as_string(rows.column(item.plain))
    if text is None:
        return native.read(kind, rows.column(item.plain), zone)
    return regular.read(kind, regular.cleaned(text), zone)


def _as_string(column: pa.Array) -> pa.Array | None:
    """A column of text in the one text type that is read here, of which Parquet files have several; None for others."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_string(column.type):
        return column
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    return column.cast(pa.string()) if is_text else None


def _by_expression(
    connection: duckdb.DuckDBPyConnection, items: Sequence[MappedField], rows: pa.RecordBatch
) -> list[tuple[pa.Array, Mask]]:
    wanted = ", ".join(
        f"{item.value} as value_{place}, ({item.given}) is not null as given_{place}"
        for place, item in enumerate(items)
    )
    connection.register("chunk", rows)
    found = connection.execute(f"select {wanted} from chunk").to_arrow_table().combine_chunks()
    connection.unregister("chunk")
    pairs: list[tuple[pa.Array, Mask]] = []
    for place, item in enumerate(items):
        value = _whole(found[f"value_{place}"]).cast(regular.arrow_type(item.field.type))
        pairs.append((value, arrays.truths(_whole(found[f"given_{place}"]))))
    return pairs


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
