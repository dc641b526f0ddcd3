"""What a batch leaves in the warehouse beside its raw rows, in the same transaction.

Here: accounting, quarantine, clear values, opt-outs. Not here: the raw rows and the order of things (write.py).
"""

from __future__ import annotations

import json
from datetime import date

from orchestration.sources.contracts.model import OptOut
from orchestration.sources.landing import copying
from orchestration.sources.landing.batch import Batch
from orchestration.sources.landing.copying import Cursor
from orchestration.sources.landing.judge import Judged
from orchestration.sources.reading import literal


def insert_batch(cursor: Cursor, batch: Batch, landed: int, judged: Judged, zone: str) -> None:
    """Account for the batch in `ops.batch`; the other rows refer to it."""
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


def _event_days(cursor: Cursor, batch: Batch, judged: Judged, zone: str) -> tuple[date | None, date | None]:
    """Least and greatest event day of the accepted rows, in the zone; None where the contract dates nothing."""
    event = batch.contract.event_at
    if event is None or not judged.has_differing_keys:
        return judged.event_days(zone)
    is_moment = batch.contract.field(event).type.kind == "timestamp"
    day = f"cast(timezone({literal(zone)}, {event}) as date)" if is_moment else event
    cursor.execute(
        f"select min({day}), max({day}) from raw.{batch.contract.raw_table} where _batch_id = $1".encode(),
        (batch.batch_id,),
    )
    row = cursor.fetchone()
    return (row[0], row[1]) if row else (None, None)


def insert_quarantine(cursor: Cursor, batch: Batch, judged: Judged) -> None:
    """Broken rows, and identifiers set aside in rows that stand."""
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
    statement = f"""
        insert into quarantine.{table} (
            quarantine_id, batch_id, source, contract, row_number, {columns}, quarantined_at
        )
        select {identity}, $1, $3, $4, row_number, {values}, $5 from {scratch}
        """
    cursor.execute(statement.encode(), (batch.batch_id, table, batch.source, batch.contract.id, batch.loaded_at))
    statement = f"""
        insert into vault.quarantined_row (quarantine_id, format, original)
        select {identity}, {form}, original from {scratch}
        """
    cursor.execute(statement.encode(), (batch.batch_id, table))
    cursor.execute(f"drop table {scratch}".encode())


def insert_clear_values(cursor: Cursor, batch: Batch, judged: Judged) -> None:
    """The values behind the tokens that the vault does not know yet."""
    if not copying.scratch(cursor, "new_clear_value", judged.clear_values()):
        return
    cursor.execute("analyze new_clear_value")
    statement = f"""
        insert into vault.clear_value (value_key, namespace, value, first_batch_id, added_at)
        select value_key, namespace, value, $1, $2 from new_clear_value as new
        where not exists (select 1 from vault.clear_value as known where known.value_key = new.value_key)
            and {_is_used(batch, judged)}
        order by value_key
        on conflict (value_key) do nothing
        """
    cursor.execute(statement.encode(), (batch.batch_id, batch.loaded_at))
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


def insert_suppressions(cursor: Cursor, batch: Batch, says: OptOut) -> None:
    """What was said about consent counts for sends from this very commit on, for every identifier of who said it."""
    said = f"cast({says.field} as text)"
    for item in batch.contract.identifiers:
        statement = f"""
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
            """
        cursor.execute(statement.encode(), (batch.batch_id,))


def _field_or_text(told: str) -> str:
    return told[1:-1] if told.startswith("{") else literal(told)


def _texts(values: tuple[str, ...]) -> str:
    return ", ".join(literal(value) for value in values)
