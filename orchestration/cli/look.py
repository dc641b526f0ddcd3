"""Commands that only look: `sql`, `fingerprint`, `status`, and `doctor`, which may also tidy."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import psycopg
import typer

from orchestration.activation.gate import gate_state
from orchestration.activation.status import sync_status
from orchestration.brands import Brand
from orchestration.cli import common, exits, output
from orchestration.sources.connectors import push
from orchestration.sources.push import inbox
from orchestration.sources.push.inbox import Standing
from orchestration.warehouse import connect, query
from orchestration.warehouse.fingerprint import fingerprint as fingerprint_of

Json = Annotated[bool, typer.Option("--json", help="As JSON.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the root."""
    app.command()(sql)
    app.command()(fingerprint)
    app.command()(status)


def sql(
    context: typer.Context,
    statement: Annotated[str, typer.Argument(help="The statement; it cannot write, and sees no vault.")],
    as_csv: Annotated[bool, typer.Option("--csv", help="Heading and rows as CSV.")] = False,
    is_json: Json = False,
) -> None:
    """Run a reading SQL statement."""
    brand = common.ready_brand(context)
    try:
        columns, rows = query.read_only(brand.name, statement)
        if as_csv:
            output.csv_rows(columns, rows)
        elif is_json:
            output.as_json([dict(zip(columns, row, strict=True)) for row in rows])
        else:
            output.table(columns, rows)
    except psycopg.Error as error:
        output.complain(str(error).strip())
        raise typer.Exit(exits.USAGE) from None


def fingerprint(
    context: typer.Context,
    relations: Annotated[list[str] | None, typer.Argument(help="schema.table …; every result when left out.")] = None,
    is_json: Json = False,
) -> None:
    """Hash tables so that equal content gives equal hashes, whatever the order of rows."""
    brand = common.ready_brand(context)
    found = fingerprint_of(brand.name, relations or None)
    if is_json:
        output.as_json([item.as_json() for item in found])
    else:
        output.table(("relation", "rows", "hash"), [(item.relation, item.rows, item.hash) for item in found])


def status(context: typer.Context, is_json: Json = False) -> None:
    """Say what is fresh, what is red, what is held."""
    brand = common.ready_brand(context)
    facts = _facts(brand)
    if is_json:
        output.as_json(facts)
    else:
        _tell(brand, facts)
    is_red = bool(facts["red_checks"]) or facts["gate"]["is_open"] is False
    raise typer.Exit(exits.CLOSED if is_red else exits.OK)


_SOURCES = """
    select source, contract, count(*) as batches, sum(landed) as landed, sum(accepted) as accepted, sum(duplicate) as
    duplicate,
           sum(quarantined) as quarantined, max(last_event_date) as newest_event, max(loaded_at) as newest_load,
           array_to_string(max(unmapped_columns), ', ') as unmapped_columns
    from ops.batch group by source, contract order by contract, source
"""
_RED = """
    select subject, door, evidence, judged_at
    from (select distinct on (subject) * from ops.check_result order by subject, judged_at desc) as newest
    where state = 'red' order by door, subject
"""
_HEALTH = """
    select contract, row_count, last_date, days_since_last, named_share, joined_share, recent_row_count,
           recent_joined_share
    from marts.mart_stream__health where is_connected order by contract
"""
_REFUSED = """
    select ref.source, ref.name, ref.reason, ref.detail, ref.refused_at
    from ops.refused_file as ref
    where not exists (
        select 1 from ops.batch as bat
        where bat.source = ref.source and bat.name = ref.name and bat.loaded_at > ref.refused_at
    )
    order by ref.refused_at desc limit 20
"""


def _facts(brand: Brand) -> dict[str, Any]:
    with connect.connect(brand.name, application_name="touchstream status") as connection:
        gate = gate_state(connection)
        waiting = connection.execute("select count(*) from quarantine.row where replayed_at is null").fetchone()
        return {
            "brand": brand.name,
            "sources": _rows(connection, _SOURCES),
            "not_connected": [
                name
                for name in brand.file.sources
                if name not in {row["source"] for row in _rows(connection, _SOURCES)}
            ],
            "inbox": [asdict(item) for item in _inbox(connection, brand)],
            "stream": _health(connection),
            "refused_files": _rows(connection, _REFUSED),
            "in_quarantine": waiting[0] if waiting else 0,
            "red_checks": _rows(connection, _RED),
            "gate": {
                "is_open": gate.is_open if gate.build_id is not None else None,
                "build_id": gate.build_id,
                "as_of": gate.as_of,
                "reason": gate.reason,
            },
            "syncs": [
                {
                    "sync_id": item.sync_id,
                    "is_sending": item.is_sending,
                    "operations": {delivery: dict(states) for delivery, states in item.operations.items()},
                    "held_reason": item.last_run.held_reason if item.last_run else None,
                }
                for item in sync_status(brand)
            ],
        }


def _rows(connection: psycopg.Connection[Any], statement: str) -> list[dict[str, Any]]:
    cursor = connection.execute(statement.encode())
    columns = [column.name for column in cursor.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _health(connection: psycopg.Connection[Any]) -> list[dict[str, Any]]:
    """Freshness and share of records joined to a customer, per contract; nothing before the first build."""
    row = connection.execute("select to_regclass('marts.mart_stream__health') is not null").fetchone()
    return _rows(connection, _HEALTH) if row and row[0] else []


def _inbox(connection: psycopg.Connection[Any], brand: Brand) -> list[Standing]:
    """What was pushed and waits, of every pushed source, and of those that are pushed no more."""
    pushed = [name for name, source in brand.file.sources.items() if source.connector == "push"]
    return inbox.standing(connection, pushed, dead_after=push.DEAD_AFTER)


def _tell(brand: Brand, facts: dict[str, Any]) -> None:
    columns = ("contract", "source", "landed", "accepted", "duplicate", "quarantined", "newest_event", "newest_load")
    output.table(
        columns, [[row[column] for column in columns] for row in facts["sources"]], title=f"{brand.name}: landed"
    )
    if facts["not_connected"]:
        output.say(f"Nothing landed yet from: {', '.join(facts['not_connected'])}")
    if facts["inbox"]:
        shown = ("source", "waiting", "records", "oldest", "dead")
        output.table(shown, [[row[column] for column in shown] for row in facts["inbox"]], title="pushes that wait")
    if dead := [row["source"] for row in facts["inbox"] if row["dead"]]:
        output.say(f"pushes that could not be landed alone either: land {' '.join(dead)} says why")
    if facts["stream"]:
        shown = ("contract", "row_count", "last_date", "days_since_last", "joined_share", "recent_joined_share")
        output.table(shown, [[row[column] for column in shown] for row in facts["stream"]], title="stream health")
    for row in facts["sources"]:
        if row["unmapped_columns"]:
            output.say(f"{row['source']}: columns nobody mapped: {row['unmapped_columns']}")
    for row in facts["refused_files"]:
        output.say(f"refused: {row['name']} ({row['reason']}): {row['detail']}")
    output.say(f"in quarantine: {facts['in_quarantine']} rows")
    for row in facts["red_checks"]:
        output.say(f"red: {row['door']} {row['subject']}: {row['evidence']}")
    gate = facts["gate"]
    state = "open" if gate["is_open"] else "closed"
    output.say(f"gate: {state} on build {gate['build_id']}, as of {gate['as_of']}. {gate['reason']}")
    for item in facts["syncs"]:
        told = "; ".join(f"{delivery}: {states}" for delivery, states in item["operations"].items()) or "nothing yet"
        output.say(
            f"sync {item['sync_id']}: {told}" + (f" (held: {item['held_reason']})" if item["held_reason"] else "")
        )
