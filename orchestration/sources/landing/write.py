"""The one transaction that puts a batch into the warehouse.

Here: raw rows, quarantine, clear values, accounting, cursor and opt-outs, all or nothing; rows go by binary COPY while
the rest of the batch is still being judged. Not here: verdicts (judge.py), the bytes that are sent (binary.py), what is
offered (connectors/). A second landing of the same batch finds the first one's row and changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from psycopg import sql

from orchestration.failpoints import failpoint
from orchestration.sources import raw_tables, tokens
from orchestration.sources.contracts.model import Contract, OptOut
from orchestration.sources.landing import binary, content, copying
from orchestration.sources.landing.copying import Cursor
from orchestration.sources.landing.counted import agree
from orchestration.sources.landing.judge import Judged
from orchestration.sources.reading import literal
from orchestration.warehouse import connect

TRIES = 10

Connection = psycopg.Connection[tuple[Any, ...]]


class AccountingError(RuntimeError):
    """The database took another number of rows than it was given. Nothing was landed."""


@dataclass(frozen=True)
class Batch:
    """The facts of one batch as `ops.batch` keeps them.

    `landed` gives what a reader of its own has counted. `loaded_at` is the moment of its transaction (`lock_source`).
    `version_at`: where it is a replay, when its rows first came in.
    """

    batch_id: str
    source: str
    contract: Contract
    name: str
    landed: Callable[[], int]
    loaded_at: datetime
    replayed_from: str | None = None
    version_at: datetime | None = None


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
        written = copying.copy(cursor, table, _columns(batch), _encoded(judged, batch))
        counts, landed = judged.counts, batch.landed()
        agree(landed, counts)
        left = written - _withdraw(cursor, batch, judged.withdrawn)
        if left != counts.accepted:
            raise AccountingError(
                f"{batch.name}: {left} rows were written, {counts.accepted} accepted: nothing was landed"
            )
        failpoint("landing.after_copy")
        _insert_batch(cursor, batch, landed, judged, zone)
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


def _insert_batch(cursor: Cursor, batch: Batch, landed: int, judged: Judged, zone: str) -> None:
    first, last = _event_days(cursor, batch, judged, zone)
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
            $11, $12, $13, $14
        )
        """,
        (
            batch.batch_id,
            batch.source,
            batch.contract.id,
            batch.name,
            landed,
            counts.accepted,
            counts.duplicate,
            counts.quarantined,
            json.dumps(judged.source_columns),
            json.dumps(judged.mapping.unmapped_columns),
            batch.replayed_from,
            first,
            last,
            batch.loaded_at,
        ),
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
        hashes = content.as_text(chunk.hashes)
        yield binary.encode([*chunk.columns, chunk.numbers, hashes, *same], chunk.count)


def _withdraw(cursor: Cursor, batch: Batch, numbers: list[int]) -> int:
    """Take out again what only the end of the batch has shown not to stand; gives how many rows that were."""
    if not numbers:
        return 0
    cursor.execute(
        f"delete from raw.{batch.contract.raw_table} where _batch_id = $1 and _row_number = any($2)",
        (batch.batch_id, numbers),
    )
    return cursor.rowcount


def _event_days(cursor: Cursor, batch: Batch, judged: Judged, zone: str) -> tuple[date | None, date | None]:
    """Least and greatest event day of the accepted rows, in the zone; None where the contract dates nothing."""
    event = batch.contract.event_at
    if event is None or not judged.has_differing_keys:
        return judged.event_days(zone)
    is_moment = batch.contract.field(event).type.kind == "timestamp"
    day = f"cast(timezone({literal(zone)}, {event}) as date)" if is_moment else event
    cursor.execute(
        f"select min({day}), max({day}) from raw.{batch.contract.raw_table} where _batch_id = $1", (batch.batch_id,)
    )
    row = cursor.fetchone()
    return (row[0], row[1]) if row else (None, None)


def _insert_quarantine(cursor: Cursor, batch: Batch, judged: Judged) -> None:
    if copying.scratch(cursor, "broken_row", judged.quarantined()):
        _copy_quarantine(
            cursor, batch, "row", "reason, field, expected", "reason, field, expected", "broken_row", "format"
        )
    if copying.scratch(cursor, "broken_value", judged.broken_values()):
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
        select {identity}, $1, $3, $4, row_number, {values}, $5 from {scratch}
        """,
        (batch.batch_id, table, batch.source, batch.contract.id, batch.loaded_at),
    )
    cursor.execute(
        "insert into vault.quarantined_row (quarantine_id, format, original) "
        f"select {identity}, {form}, original from {scratch}",
        (batch.batch_id, table),
    )
    cursor.execute(f"drop table {scratch}")


def _insert_clear_values(cursor: Cursor, batch: Batch, judged: Judged) -> None:
    """The values behind the tokens that the vault does not know yet."""
    if not copying.scratch(cursor, "new_clear_value", judged.clear_values()):
        return
    cursor.execute(
        f"""
        insert into vault.clear_value (value_key, namespace, value, first_batch_id, added_at)
        select value_key, namespace, value, $1, $2 from new_clear_value
        where {_is_used(batch, judged)} order by value_key
        on conflict (value_key) do nothing
        """,
        (batch.batch_id, batch.loaded_at),
    )
    cursor.execute("drop table new_clear_value")


def _is_used(batch: Batch, judged: Judged) -> str:
    """Whether an accepted row has the token: where rows were withdrawn, the raw table is asked."""
    if not judged.has_differing_keys:
        return "true"
    columns = [item.column for item in batch.contract.fields if item.pii.is_token]
    used = " union all ".join(
        f"select {column} from raw.{batch.contract.raw_table} where _batch_id = $1" for column in columns
    )
    return f"value_key in ({used})"


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
