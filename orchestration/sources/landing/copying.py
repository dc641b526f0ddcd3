"""Rows on their way into a table.

Here: binary COPY of encoded rows, made while the rows before them are sent; scratch tables of a transaction. Not here:
the encoding (binary.py), which rows go where (write.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import chain
from typing import Any, LiteralString

import psycopg
import pyarrow as pa
from psycopg import sql

from orchestration.sources.landing import binary
from orchestration.sources.landing.ahead import ahead

Cursor = psycopg.Cursor[tuple[Any, ...]]

_TYPES: dict[pa.DataType, LiteralString] = {pa.string(): "text", pa.binary(): "bytea", pa.int64(): "bigint"}


class _StoppedError(Exception):
    """Ends a COPY without telling the server why: its log is no place for a row's text."""


def copy(
    cursor: Cursor,
    table: sql.Identifier,
    columns: Sequence[str],
    parts: Iterator[bytes | memoryview],
    *,
    when_ahead: Callable[[], object] = lambda: None,
) -> int:
    """Send encoded rows while the next ones are made; gives how many the database took.

    Whatever making them raises ends the COPY and is raised here.
    """
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    reason: BaseException | None = None
    try:
        with cursor.copy(sql.SQL("copy {} ({}) from stdin (format binary)").format(table, names)) as sent:
            try:
                with closing(ahead(parts, when_ahead=when_ahead)) as made:
                    sent.write(binary.HEAD)
                    for part in made:
                        sent.write(part)
                    sent.write(binary.TAIL)
            except BaseException as error:  # noqa: BLE001  (it is raised again below)
                reason = error
                raise _StoppedError from None
    except _StoppedError:
        if reason is not None:
            raise reason from None
    return cursor.rowcount


def scratch(cursor: Cursor, name: str, rows: Iterator[pa.RecordBatch]) -> bool:
    """A table of that name for this transaction alone, with those rows; False, and no table, where there are none."""
    first = next((batch for batch in rows if batch.num_rows), None)
    if first is None:
        return False
    kinds = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(field.name), sql.SQL(_TYPES[field.type])) for field in first.schema
    )
    cursor.execute(sql.SQL("create temporary table {} ({}) on commit drop").format(sql.Identifier(name), kinds))
    encoded = (binary.encode(batch.columns, batch.num_rows) for batch in chain([first], rows) if batch.num_rows)
    copy(cursor, sql.Identifier(name), first.schema.names, encoded)
    return True
