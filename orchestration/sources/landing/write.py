"""The one transaction that puts a batch into the warehouse.

Here: raw rows, quarantine, clear values, accounting, cursor and opt-outs, all or nothing, by Arrow and COPY. Not here:
verdicts (judge.py), what is offered (connectors/). A second landing of the same batch finds the first one's row and
changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
import pyarrow as pa
from adbc_driver_manager.dbapi import Connection, Cursor

from orchestration.failpoints import failpoint
from orchestration.sources import raw_tables, tokens
from orchestration.sources.contracts.model import Contract, OptOut
from orchestration.sources.landing.counted import agree
from orchestration.sources.landing.judge import Judged
from orchestration.sources.mapping import literal

AUDIT_TYPES = [
    pa.field("_batch_id", pa.string()),
    pa.field("_source", pa.string()),
    pa.field("_loaded_at", pa.timestamp("us", "UTC")),
]


class AccountingError(RuntimeError):
    """The database took another number of rows than it was given. Nothing was landed."""


@dataclass(frozen=True)
class Batch:
    """The facts of one batch as `ops.batch` keeps them. `landed` was counted by a reader of its own."""

    batch_id: str
    source: str
    contract: Contract
    name: str
    landed: int
    loaded_at: datetime
    replayed_from: str | None = None


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


def lock_source(cursor: Cursor, source: str) -> None:
    """Let one process at a time land a source, until the transaction ends."""
    cursor.execute("select pg_advisory_xact_lock(hashtextextended('touchstream.land.' || $1, 0))", (source,))
    cursor.fetchall()


def write(connection: Connection, batch: Batch, judged: Judged, zone: str) -> None:
    """Write a judged batch on an open transaction; the caller commits.

    Raises RefusedFileError when two readers do not agree how many records there are.
    """
    counts = judged.counts
    agree(batch.landed, counts)
    with connection.cursor() as cursor:
        _insert_batch(cursor, batch, judged, zone)
        accepted = cursor.adbc_ingest(
            batch.contract.raw_table,
            _with_audit(judged.accepted(), batch),
            mode="append",
            db_schema_name=raw_tables.SCHEMA,
        )
        if accepted != counts.accepted:
            raise AccountingError(
                f"{batch.name}: {accepted} rows were written, {counts.accepted} accepted: nothing was landed"
            )
        failpoint("landing.after_copy")
        _insert_quarantine(cursor, batch, judged)
        _insert_clear_values(cursor, batch, judged)
        if batch.contract.opt_out is not None:
            _insert_suppressions(cursor, batch, batch.contract.opt_out)


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


def _insert_batch(cursor: Cursor, batch: Batch, judged: Judged, zone: str) -> None:
    first, last = judged.event_days(zone)
    counts = judged.counts
    cursor.execute(
        """
        insert into ops.batch (
            batch_id, source, contract, name, landed, accepted, duplicate, quarantined, source_columns,
            unmapped_columns, replayed_from, first_event_date, last_event_date, loaded_at
        ) values (
            $1, $2, $3, $4, $5, $6, $7, $8,
            array(select jsonb_array_elements_text(cast($9 as jsonb))),
            array(select jsonb_array_elements_text(cast($10 as jsonb))),
            nullif($11, ''), cast(nullif($12, '') as date), cast(nullif($13, '') as date), cast($14 as timestamptz)
        )
        """,
        (
            batch.batch_id,
            batch.source,
            batch.contract.id,
            batch.name,
            batch.landed,
            counts.accepted,
            counts.duplicate,
            counts.quarantined,
            json.dumps(judged.source_columns),
            json.dumps(judged.mapping.unmapped_columns),
            batch.replayed_from or "",
            first or "",
            last or "",
            batch.loaded_at.isoformat(),
        ),
    )


def _with_audit(rows: pa.RecordBatchReader, batch: Batch) -> pa.RecordBatchReader:
    """Add the audit columns in the order of the raw table."""
    body = [item for item in rows.schema if item.name not in ("_row_number", "_content_hash")]
    tail = [pa.field("_row_number", pa.int64()), pa.field("_content_hash", pa.string())]
    schema = pa.schema([*body, *AUDIT_TYPES, *tail])

    def batches() -> Iterator[pa.RecordBatch]:
        for rows_ in rows:
            count = rows_.num_rows
            constant = [
                pa.repeat(pa.scalar(batch.batch_id), count),
                pa.repeat(pa.scalar(batch.source), count),
                pa.repeat(pa.scalar(batch.loaded_at, pa.timestamp("us", "UTC")), count),
            ]
            columns = [rows_.column(item.name) for item in body]
            yield pa.record_batch([*columns, *constant, *(rows_.column(item.name) for item in tail)], schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def _insert_quarantine(cursor: Cursor, batch: Batch, judged: Judged) -> None:
    if judged.counts.quarantined:
        expected = {item.name: item.type.words for item in batch.contract.fields}
        rows = judged.quarantined().read_all()
        words = [expected.get(name.as_py() or "") for name in rows["field"]]
        cursor.adbc_ingest(
            "broken_row", rows.append_column("expected", pa.array(words, pa.string())), mode="create", temporary=True
        )
        _copy_quarantine(
            cursor, batch, "row", "reason, field, expected", "reason, field, expected", "broken_row", "format"
        )
    broken_values = judged.broken_values().read_all()
    if broken_values.num_rows:
        cursor.adbc_ingest("broken_value", broken_values, mode="create", temporary=True)
        _copy_quarantine(
            cursor, batch, "value", "reason, field", "'malformed_identifier', field", "broken_value", "'text'"
        )


def _copy_quarantine(
    cursor: Cursor, batch: Batch, table: str, columns: str, values: str, scratch: str, form: str
) -> None:
    """From a scratch table to the quarantine (what and why) and the vault (the text), under one id per row or value."""
    named = "convert_to($1 || '/' || row_number || '/' || coalesce(field, '') || $2, 'UTF8')"
    identity = f"left(encode(sha256({named}), 'hex'), 16)"
    cursor.execute(
        f"""
        insert into quarantine.{table} (
            quarantine_id, batch_id, source, contract, row_number, {columns}, quarantined_at
        )
        select {identity}, $1, $3, $4, row_number, {values}, cast($5 as timestamptz) from {scratch}
        """,
        (batch.batch_id, table, batch.source, batch.contract.id, batch.loaded_at.isoformat()),
    )
    cursor.execute(
        "insert into vault.quarantined_row (quarantine_id, format, original) "
        f"select {identity}, {form}, original from {scratch}",
        (batch.batch_id, table),
    )
    cursor.execute(f"drop table {scratch}")


def _insert_clear_values(cursor: Cursor, batch: Batch, judged: Judged) -> None:
    values = judged.clear_values().read_all()
    if not values.num_rows:
        return
    cursor.adbc_ingest("new_clear_value", values, mode="create", temporary=True)
    cursor.execute(
        """
        insert into vault.clear_value (value_key, namespace, value, first_batch_id, added_at)
        select value_key, namespace, value, $1, cast($2 as timestamptz) from new_clear_value order by value_key
        on conflict (value_key) do nothing
        """,
        (batch.batch_id, batch.loaded_at.isoformat()),
    )
    cursor.execute("drop table new_clear_value")


def _insert_suppressions(cursor: Cursor, batch: Batch, says: OptOut) -> None:
    """What was said about consent counts for sends from this very commit on, for every identifier of who said it."""
    said = f"cast({says.field} as text)"
    for item in batch.contract.identifiers:
        cursor.execute(
            f"""
            insert into ops.suppression (
                suppression_id, identifier_key, channel, purpose, is_suppressed, occurred_at, batch_id, recorded_at
            )
            select md5(_batch_id || '/' || _row_number || '/' || {item.column}), {item.column},
                   {_field_or_text(says.channel)}, {_field_or_text(says.purpose)}, {said} in ({_texts(says.withdrawn)}),
                   {says.at}, _batch_id, _loaded_at
            from raw.{batch.contract.raw_table}
            where _batch_id = $1 and {item.column} is not null
                and {said} in ({_texts(says.withdrawn + says.given)})
            on conflict (suppression_id) do nothing
            """,
            (batch.batch_id,),
        )


def _field_or_text(told: str) -> str:
    return told[1:-1] if told.startswith("{") else literal(told)


def _texts(values: tuple[str, ...]) -> str:
    return ", ".join(literal(value) for value in values)


def now() -> datetime:
    """The moment of loading, in UTC: bookkeeping, never business time."""
    return datetime.now(UTC)
