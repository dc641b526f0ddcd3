"""How sending stands, for people.

Here: figures per sync out of the ledger. Not here: printing them (cli, defs).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from orchestration.activation.delivery import Delivery
from orchestration.brands import Brand
from orchestration.warehouse.connect import connect

_LAST_RUNS = """
    select distinct on (syn.sync_id)
        syn.sync_id, syn.campaign_id, syn.destination_id, syn.state, des.is_enabled,
        run.delivery, run.as_of, run.build_id, run.state, run.held_reason, run.started_at
    from ops.sync as syn
    inner join ops.destination as des on des.destination_id = syn.destination_id
    left join ops.sync_run as run on run.sync_id = syn.sync_id
    order by syn.sync_id, run.started_at desc, run.build_id desc
"""
_STATES = """
    select sync_id, delivery, state, count(*)
    from ops.operation
    group by sync_id, delivery, state
    order by sync_id, delivery, state
"""


@dataclass(frozen=True)
class LastRun:
    """The newest run of a sync. `held_reason`: what it still waits for, None when it waits for nothing."""

    delivery: Delivery
    as_of: date
    build_id: int
    state: str
    held_reason: str | None
    started_at: datetime


@dataclass(frozen=True)
class SyncStatus:
    """One sync.

    `operations`: how many there are, by delivery and state. `is_sending`: neither it nor its destination is paused.
    """

    sync_id: str
    campaign_id: str
    destination_id: str
    is_sending: bool
    operations: Mapping[str, Mapping[str, int]]
    last_run: LastRun | None


def sync_status(brand: Brand) -> list[SyncStatus]:
    """Every sync of the brand, by name."""
    with connect(brand.name, autocommit=True, application_name="touchstream status") as connection:
        operations: dict[str, dict[str, dict[str, int]]] = {}
        for sync_id, delivery, state, count in connection.execute(_STATES):
            operations.setdefault(sync_id, {}).setdefault(delivery, {})[state] = count
        return [
            SyncStatus(
                sync_id=row[0],
                campaign_id=row[1],
                destination_id=row[2],
                is_sending=row[3] == "active" and row[4],
                operations=operations.get(row[0], {}),
                last_run=None if row[5] is None else LastRun(*row[5:]),
            )
            for row in connection.execute(_LAST_RUNS)
        ]
