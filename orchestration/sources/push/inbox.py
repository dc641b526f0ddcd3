"""The inbox: pushes that were answered for, until they are landed.

Here: every statement on `vault.inbox` and what goes into and out of it. Not here: who puts a push in (endpoint/), how
a batch is made up (connectors/push.py). Nothing rests on the order of `inbox_id`: a number that was drawn first may be
committed last. What waits is what no batch has marked as its own.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from orchestration.sources.push.records import Layout

FORGOTTEN = 10_000
"""Landed pushes that are deleted at once, so that a landing never waits for long."""
Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Push:
    """One delivery as it goes into the inbox. `record_count` and `layout` are what `records.inspect` said of `body`."""

    push_id: str
    source: str
    received_at: datetime
    content_type: str
    layout: Layout
    records_path: str
    record_count: int
    body: bytes


@dataclass(frozen=True)
class Waiting:
    """A push in the inbox, without its body; `attempts` counts the batches it was in that did not land."""

    inbox_id: int
    push_id: str
    record_count: int
    body_bytes: int
    attempts: int


@dataclass(frozen=True)
class Body:
    """What a push holds, and how its records are found in it."""

    body: bytes
    layout: Layout
    records_path: str


@dataclass(frozen=True)
class Standing:
    """What waits for one source: pushes, their records, when the oldest came, how many will not land by themselves."""

    source: str
    waiting: int
    records: int
    oldest: datetime | None
    dead: int


@dataclass(frozen=True)
class Load:
    """What waits in the inbox, of all sources: pushes and bytes."""

    pushes: int
    body_bytes: int


def push_id(key: bytes, source: str, body: bytes) -> str:
    """The name of a delivery: equal bodies of one source are one push.

    Keyed, because a short body about one person could be found by trying.
    """
    return hmac.new(key, source.encode() + b"\0" + body, hashlib.sha256).hexdigest()


_INSERT = """
    insert into vault.inbox (
        push_id, source, received_at, content_type, layout, records_path, record_count, body_bytes, body
    )
    select *
    from unnest(
        %s::text[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[],
        %s::bytea[]
    )
    on conflict (push_id) do nothing
    returning push_id
"""


def insert(connection: Connection, pushes: Sequence[Push]) -> set[str]:
    """Put pushes in, on an open transaction; the push_ids that were not there before.

    Rows go in by push_id, so that two processes with the same deliveries never wait for each other in a circle. One
    that another transaction is putting in at the same time is waited for.
    """
    rows = sorted({item.push_id: item for item in pushes}.values(), key=lambda item: item.push_id)
    columns = [
        [item.push_id for item in rows],
        [item.source for item in rows],
        [item.received_at for item in rows],
        [item.content_type for item in rows],
        [item.layout for item in rows],
        [item.records_path for item in rows],
        [item.record_count for item in rows],
        [len(item.body) for item in rows],
        [item.body for item in rows],
    ]
    return {row[0] for row in connection.execute(_INSERT, columns).fetchall()}


def load(connection: Connection) -> Load:
    """What waits in all."""
    row = connection.execute(
        "select count(*), coalesce(sum(body_bytes), 0) from vault.inbox where batch_id is null"
    ).fetchone()
    return Load(int(row[0]), int(row[1])) if row else Load(0, 0)


def standing(connection: Connection, sources: Sequence[str], *, dead_after: int) -> list[Standing]:
    """How the inbox of each source stands: those named, then any other that something waits for.

    A push that was tried `dead_after` times or more stood alone in its last batch and did not land.
    """
    rows = connection.execute(
        """
        select
            source,
            count(*),
            sum(record_count),
            min(received_at),
            sum(case when attempts >= %s then 1 else 0 end)
        from vault.inbox
        where batch_id is null
        group by source
        order by source
        """,
        (dead_after,),
    ).fetchall()
    found = {row[0]: Standing(row[0], row[1], int(row[2]), row[3], row[4]) for row in rows}
    return [found.get(name, Standing(name, 0, 0, None, 0)) for name in dict.fromkeys([*sources, *found])]


def forget(connection: Connection, source: str, *, days: int) -> int:
    """Delete pushes of a source that came, and were landed, more than so many days ago; how many, at most `FORGOTTEN`.

    Their bodies went when they landed. From now on the same delivery would be a new push.
    """
    return connection.execute(
        """
        delete from vault.inbox
        where inbox_id in (
            select box.inbox_id
            from vault.inbox as box
            inner join ops.batch as bat on bat.batch_id = box.batch_id
            where
                box.source = %(source)s
                and box.received_at < now() - make_interval(days => %(days)s)
                and bat.loaded_at < now() - make_interval(days => %(days)s)
            order by box.received_at
            limit %(most)s
            for update of box skip locked
        )
        """,
        {"source": source, "days": days, "most": FORGOTTEN},
    ).rowcount


def waiting(connection: Connection, source: str, *, limit: int) -> list[Waiting]:
    """Pushes of a source that no batch has landed, those never tried first, then as they came."""
    rows = connection.execute(
        "select inbox_id, push_id, record_count, body_bytes, attempts from vault.inbox "
        "where source = %s and batch_id is null order by attempts, inbox_id limit %s",
        (source, limit),
    ).fetchall()
    return [Waiting(*row) for row in rows]


def note_attempt(connection: Connection, pushes: Sequence[Waiting]) -> None:
    """Note, and commit, that a batch of these is begun: if it fails, or this process dies, the next one is smaller.

    Those that somebody is landing at this moment are left alone: two who wait for each other's rows would both fail.
    """
    with connection.transaction():
        connection.execute(
            """
            update vault.inbox set attempts = attempts + 1
            where inbox_id in (
                select inbox_id from vault.inbox where inbox_id = any(%s) and batch_id is null for update skip locked
            )
            """,
            ([item.inbox_id for item in pushes],),
        )


def bodies(connection: Connection, pushes: Sequence[Waiting]) -> list[Body]:
    """What pushes hold, as they came; one that was landed meanwhile is left out."""
    rows = connection.execute(
        "select body, layout, records_path from vault.inbox where inbox_id = any(%s) and body is not null "
        "order by inbox_id",
        ([item.inbox_id for item in pushes],),
    ).fetchall()
    return [Body(*row) for row in rows]


def take(cursor: psycopg.Cursor[Any], pushes: Sequence[Waiting], batch_id: str) -> bool:
    """Mark pushes as landed by a batch and drop their bodies, in the transaction that lands it.

    False when another batch has landed one of them since they were listed: then this one must not be.
    """
    cursor.execute(
        """
        with taken as (
            update vault.inbox set batch_id = $1, body = null
            where batch_id is null
                and inbox_id in (select cast(jsonb_array_elements_text(cast($2 as jsonb)) as bigint))
            returning 1
        )
        select count(*) from taken
        """,
        (batch_id, json.dumps([item.inbox_id for item in pushes])),
    )
    row = cursor.fetchone()
    return row is not None and row[0] == len(pushes)
