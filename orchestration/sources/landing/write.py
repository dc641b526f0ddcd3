"""The one transaction that puts a batch into the warehouse.

Here: raw rows, what goes beside them and the cursor, all or nothing; rows go by binary COPY while the rest of the batch
is still being judged. Not here: verdicts (judge.py), the bytes that are sent (binary.py), the other tables (beside.py),
what is offered (connectors/). A second landing of the same batch finds the first one's row and changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
from psycopg import sql

from orchestration.failpoints import failpoint
from orchestration.sources import raw_tables, tokens
from orchestration.sources.landing import beside, binary, copying
from orchestration.sources.landing.batch import Batch
from orchestration.sources.landing.copying import Cursor
from orchestration.sources.landing.counted import agree
from orchestration.sources.landing.judge import Judged
from orchestration.warehouse import connect

TRIES = 10

Connection = psycopg.Connection[tuple[Any, ...]]


class AccountingError(RuntimeError):
    """The database took another number of rows than it was given. Nothing was landed."""


def session(brand: str, *, application_name: str) -> Connection:
    """A durable connection to the brand's warehouse whose statements take `$1`, `$2` and so on."""
    connection = connect.connect(brand, application_name=application_name)
    connection.cursor_factory = psycopg.RawCursor
    return connection


def prepare(connection: psycopg.Connection, brand: str, key: bytes) -> None:
    """Make the raw tables, and hold the database to the PII key it was first filled with; PiiKeyError for another."""
    raw_tables.ensure(connection)
    fingerprint = tokens.key_fingerprint(key)
    connection.execute(
        "insert into ops.setting (name, value) values ('pii_key_fingerprint', %s), ('brand', %s) "
        "on conflict (name) do nothing",
        (fingerprint, brand),
    )
    row = connection.execute("select value from ops.setting where name = 'pii_key_fingerprint'").fetchone()
    if row is None or row[0] != fingerprint:
        raise tokens.PiiKeyError(
            f"this PII key is not the one that brand {brand} was filled with: its tokens would not meet. Put back the "
            "key file or TOUCHSTREAM_PII_KEY; a new key needs a new database"
        )


def is_landed(cursor: Cursor, batch_id: str) -> bool:
    """Whether the batch is in the warehouse already."""
    cursor.execute("select 1 from ops.batch where batch_id = $1", (batch_id,))
    return cursor.fetchone() is not None


def lock_source(cursor: Cursor, source: str) -> datetime:
    """Let one process at a time land a source, until the transaction ends; gives the moment of its rows.

    To be called first in a transaction. The moment is when that began, and later than that of every batch the source
    has: a transaction that has waited for others to land begins anew. A batch dated by a clock that went ahead is not
    waited for.
    """
    moment, is_newest = _lock(cursor, source)
    for _ in range(TRIES):
        if is_newest:
            break
        cursor.connection.rollback()
        moment, is_newest = _lock(cursor, source)
    return moment


def _lock(cursor: Cursor, source: str) -> tuple[datetime, bool]:
    cursor.execute("select pg_advisory_xact_lock(hashtextextended('touchstream.land.' || $1, 0))", (source,))
    cursor.execute(
        "select now(), now() > coalesce(max(loaded_at), '-infinity') from ops.batch where source = $1", (source,)
    )
    moment, is_newest = cursor.fetchall()[0]
    return moment, is_newest


def write(connection: Connection, batch: Batch, judged: Judged, zone: str) -> None:
    """Judge what is left of a batch and write it, on an open transaction; the caller commits.

    Raises RefusedFileError when two readers do not agree how many records there are.
    """
    with connection.cursor() as cursor:
        table = sql.Identifier(raw_tables.SCHEMA, batch.contract.raw_table)
        # Counting begins when the database has enough to do: until then, judging comes first.
        written = copying.copy(cursor, table, _columns(batch), _encoded(judged, batch), when_ahead=batch.landed.start)
        counts, landed = judged.counts, batch.landed()
        agree(landed, counts)
        left = written - _withdraw(cursor, batch, judged.withdrawn)
        if left != counts.accepted:
            raise AccountingError(
                f"{batch.name}: {left} rows were written, {counts.accepted} accepted: nothing was landed"
            )
        failpoint("landing.after_copy")
        beside.insert_batch(cursor, batch, landed, judged, zone)
        beside.insert_quarantine(cursor, batch, judged)
        beside.insert_clear_values(cursor, batch, judged)
        if batch.contract.opt_out is not None:
            beside.insert_suppressions(cursor, batch, batch.contract.opt_out)


def position(cursor: Cursor, source: str) -> dict[str, Any]:
    """How far the source was read."""
    cursor.execute("select cast(cursor as text) from ops.source_cursor where source = $1", (source,))
    row = cursor.fetchone()
    return json.loads(row[0]) if row else {}


def move(cursor: Cursor, source: str, advance: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
    """Move the source's cursor on, in the transaction that lands its batch."""
    cursor.execute(
        "insert into ops.source_cursor (source, cursor, updated_at) values ($1, cast($2 as jsonb), now()) "
        "on conflict (source) do update set cursor = excluded.cursor, updated_at = excluded.updated_at",
        (source, json.dumps(dict(advance(position(cursor, source))), sort_keys=True)),
    )


def note_attempt(cursor: Cursor, source: str) -> None:
    """Note that a source is being read now."""
    cursor.execute(
        "insert into ops.landing_attempt (source, tried_at) values ($1, now()) "
        "on conflict (source) do update set tried_at = excluded.tried_at",
        (source,),
    )


def _columns(batch: Batch) -> list[str]:
    """The columns of the raw table in the order in which `_encoded` gives them."""
    audit = ["_row_number", "_content_hash", "_batch_id", "_source"]  # `_loaded_at` is the transaction's moment
    version = [] if batch.version_at is None else ["_version_at"]
    return [item.column for item in batch.contract.fields] + audit + version


def _encoded(judged: Judged, batch: Batch) -> Iterator[memoryview]:
    """The batch's rows as binary COPY takes them, chunk by chunk."""
    version = [] if batch.version_at is None else [batch.version_at]
    same = [binary.constant(value) for value in (batch.batch_id, batch.source, *version)]
    for chunk in judged.chunks():
        hashes = pa.array(chunk.hashes.view(np.int64))
        yield binary.encode([*chunk.columns, chunk.numbers, hashes, *same], chunk.count)


def _withdraw(cursor: Cursor, batch: Batch, numbers: list[int]) -> int:
    """Take out again what only the end of the batch has shown not to stand; gives how many rows that were."""
    if not numbers:
        return 0
    cursor.execute(
        f"delete from raw.{batch.contract.raw_table} where _batch_id = $1 and _row_number = any($2)".encode(),
        (batch.batch_id, numbers),
    )
    return cursor.rowcount


def now() -> datetime:
    """The moment of loading, in UTC: bookkeeping, never business time."""
    return datetime.now(UTC)
