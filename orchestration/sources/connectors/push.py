"""The push connector: what lies in the inbox, in micro-batches.

Here: which pushes make up a batch, and their records as rows. Not here: how a push gets into the inbox (endpoint/,
sources/push/). The mark that a push is landed is set in the transaction that lands its batch, so nothing is lost or
doubled however numbers were drawn and commits overtook each other; the source's cursor holds nothing.

A batch that failed, or whose process died, is made up anew in smaller parts, until a push that cannot be landed stands
alone and keeps nobody waiting.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator, Sequence
from typing import Any

import psycopg
import pyarrow as pa

from orchestration.brands import Brand, Source
from orchestration.source_settings import present
from orchestration.sources.connectors import Cursor, Offer
from orchestration.sources.mapping import LINE_COLUMN
from orchestration.sources.push import inbox, records
from orchestration.sources.push.inbox import Waiting
from orchestration.warehouse import connect

PUSHES, RECORDS, BYTES = 1_000, 50_000, 32 << 20
"""A micro-batch holds no more than this; one push that is larger stands alone."""
DEAD_AFTER = 6
"""Attempts after which a push that still waits was tried alone: batches shrink fourfold with each."""
LISTED = 50_000
TRIED_AT_ONCE = 20
"""Batches of pushes that failed before, in one pass: they do not keep new ones waiting."""
SCHEMA = pa.schema([(LINE_COLUMN, pa.string()), ("_row_number", pa.int64()), ("_malformed", pa.string())])


def offers(brand: Brand, source: Source, cursor: Cursor) -> Generator[Offer]:
    """What waits in the inbox when the pass begins: new pushes as they came, then those that failed before.

    Landed ones that are older than the source keeps them are deleted first.
    """
    del cursor  # the marks on the pushes say what has landed
    name = next(name for name, item in brand.file.sources.items() if item is source)
    tried = 0
    with connect.connect(brand.name, autocommit=True, application_name="touchstream inbox") as connection:
        inbox.forget(connection, name, days=present(source.push, "push").keep_days)
        for batch in micro_batches(inbox.waiting(connection, name, limit=LISTED)):
            tried += batch[0].attempts > 0
            if tried > TRIED_AT_ONCE:
                return
            inbox.note_attempt(connection, batch)
            yield offer(brand, batch)


def micro_batches(waiting: Sequence[Waiting]) -> Iterator[list[Waiting]]:
    """Pushes put together in the order they are given; those that were tried before only with their like."""
    batch: list[Waiting] = []
    record_count = body_bytes = 0
    for item in waiting:
        record_count, body_bytes = record_count + item.record_count, body_bytes + item.body_bytes
        is_full = len(batch) >= PUSHES >> 2 * item.attempts or record_count > RECORDS or body_bytes > BYTES
        if batch and (is_full or item.attempts != batch[0].attempts):
            yield batch
            batch, record_count, body_bytes = [], item.record_count, item.body_bytes
        batch.append(item)
    if batch:
        yield batch


def offer(brand: Brand, batch: Sequence[Waiting]) -> Offer:
    """Pushes as one batch. Its records were counted at the door, when each push came in."""
    first, last = batch[0].inbox_id, batch[-1].inbox_id

    def take(cursor: psycopg.Cursor[Any], batch_id: str) -> bool:
        return inbox.take(cursor, batch, batch_id)

    return Offer(
        name=f"push {first}" if len(batch) == 1 else f"pushes {first} to {last}",
        digest=hashlib.sha256("\n".join(item.push_id for item in batch).encode()).hexdigest(),
        read=lambda: read(brand, batch),
        count=lambda: sum(item.record_count for item in batch),
        advance=dict,
        take=take,
    )


def read(brand: Brand, batch: Sequence[Waiting]) -> pa.RecordBatchReader:
    """The records of a batch as rows, like JSON lines of a file: one text each, or as broken where it is no object."""
    with connect.connect(brand.name, application_name="touchstream inbox") as connection:
        found = inbox.bodies(connection, batch)

    def batches() -> Iterator[pa.RecordBatch]:
        done = 0
        for item in found:
            rows = list(records.split(item.body, item.records_path, item.layout))
            columns = [
                pa.array([text if is_object else "{}" for text, is_object in rows], pa.string()),
                pa.array(range(done + 1, done + len(rows) + 1), pa.int64()),
                pa.array([None if is_object else text for text, is_object in rows], pa.string()),
            ]
            done += len(rows)
            yield pa.record_batch(columns, schema=SCHEMA)

    return pa.RecordBatchReader.from_batches(SCHEMA, batches())
