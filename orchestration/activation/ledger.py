"""The ledger's states, and the only hand that moves them.

Here: one destination's operations in one delivery: what lapsed, what was lost and found, claiming, finishing,
recording. Each function is one transaction or is called inside one. Not here: SQL texts (ledger_sql.py), talking to a
destination (adapters/), the order of things (dispatcher.py).
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID, uuid4

from orchestration.activation import ledger_sql as statements
from orchestration.activation.adapters.interface import Adapter, Outcome, RowResult, SendReport
from orchestration.activation.clock import Clock
from orchestration.activation.delivery import Delivery
from orchestration.brands import Destination
from orchestration.failpoints import failpoint
from orchestration.warehouse.migrate import Connection

POLLS_THAT_PROVE_ABSENCE = 2
BACK_OFF_SECONDS = 30.0
"""Wait after the first refusal for now.

It doubles with each, up to LONGEST_BACK_OFF_SECONDS. A message ends by its `valid_until`, not by a count.
"""
LONGEST_BACK_OFF_SECONDS = 3600.0


@dataclass(frozen=True)
class Loaded:
    """A claimed operation with what its message is made from.

    `address` is clear text and None when the vault has none.
    """

    op_id: UUID
    address: str | None
    content_key: str
    payload: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"Loaded({self.op_id})"  # never the address


@dataclass(frozen=True)
class Batch:
    """A durable intent.

    Operations in flight under one lease. `fence` grows with every batch and proves whose lease it is.
    """

    batch_id: UUID
    fence: int
    op_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class Stock:
    """What taking stock settled: operations whose lease lapsed, that were found taken, proven absent, given up."""

    lapsed: int
    found: int
    absent: int
    abandoned: int


@dataclass(frozen=True)
class Ledger:
    """One destination's part of the ledger, in one delivery."""

    connection: Connection
    destination_id: str
    setting: Destination
    delivery: Delivery
    clock: Clock

    def _about(self, **more: object) -> dict[str, object]:
        return {
            "destination": self.destination_id,
            "delivery": self.delivery,
            "now": self.clock.now(),
            "settle": timedelta(seconds=self.setting.settle_seconds),
            **more,
        }

    def take_stock(self, adapter: Adapter) -> Stock:
        """Settle what earlier dispatchers left.

        Lapsed leases become unknown, unknown becomes acked, pending or abandoned.

        Raises ReconcileUnavailable when the destination's record cannot be read; then nothing unknown was moved.
        """
        lapsed = self._lapse()
        found, absent = self._reconcile(adapter) if adapter.capabilities.reconcile == "query" else (0, 0)
        abandoned = 0
        if adapter.capabilities.reconcile == "none":
            at_once = self.setting.on_unknown == "abandon"
            abandoned = self.connection.execute(statements.ABANDON, self._about(at_once=at_once)).rowcount
        return Stock(lapsed, found, absent, abandoned)

    def _lapse(self) -> int:
        with self.connection.transaction():
            batches = [row[0] for row in self.connection.execute(statements.LAPSED_BATCHES, self._about())]
            if not batches:
                return 0
            lapsed = self.connection.execute(statements.LAPSE_OPERATIONS, {"batches": batches}).rowcount
            self.connection.execute(statements.LAPSE_BATCHES, self._about(batches=batches))
            return lapsed

    def _reconcile(self, adapter: Adapter) -> tuple[int, int]:
        unknown = self.connection.execute(statements.UNKNOWN, self._about()).fetchall()
        if not unknown:
            return 0, 0
        asked = frozenset(op_id for _, _, _, op_ids in unknown for op_id in op_ids)
        taken = adapter.accepted(asked, since=min(opened_at for _, opened_at, _, _ in unknown))
        found = absent = 0
        with self.connection.transaction():
            for batch_id, _, polls, op_ids in unknown:
                locked = self.connection.execute(statements.LOCK_BATCH, {"batch": batch_id}).fetchone()
                if locked is None or locked[0] != polls:
                    continue  # another dispatcher polled in between
                about = self._about(batch=batch_id, found=[op_id for op_id in op_ids if op_id in taken])
                found += self.connection.execute(statements.FOUND, about).rowcount
                if polls + 1 >= POLLS_THAT_PROVE_ABSENCE:
                    absent += self.connection.execute(statements.ABSENT, about).rowcount
                self.connection.execute(statements.POLLED, about)
            failpoint("reconcile.before_commit")
        return found, absent

    def syncs(self) -> list[str]:
        """The destination's syncs, by name."""
        return [row[0] for row in self.connection.execute(statements.SYNCS, self._about())]

    def claim(self, sync_id: str, most: int) -> list[UUID]:
        """Lock up to `most` operations that are due, in the caller's transaction.

        What another dispatcher holds is passed over.
        """
        return [row[0] for row in self.connection.execute(statements.CLAIM, self._about(sync=sync_id, most=most))]

    def expire(self, claimed: Sequence[UUID]) -> set[UUID]:
        """End those whose validity is over, in the caller's transaction."""
        return {row[0] for row in self.connection.execute(statements.EXPIRE, self._about(claimed=list(claimed)))}

    def suppress(self, claimed: Sequence[UUID]) -> set[UUID]:
        """End those whose customer has said no under any identifier, in the caller's transaction."""
        return {row[0] for row in self.connection.execute(statements.SUPPRESS, {"claimed": list(claimed)})}

    def load(self, claimed: Sequence[UUID]) -> list[Loaded]:
        """What the messages are made from.

        Payload entries named `…_key` are replaced by the clear value they stand for, without `_key`.
        """
        rows = self.connection.execute(statements.LOAD, {"claimed": list(claimed)}).fetchall()
        tokens = {value for *_, payload in rows for name, value in payload.items() if name.endswith("_key") and value}
        clear = dict(self.connection.execute(statements.CLEAR_VALUES, (list(tokens),)).fetchall()) if tokens else {}
        return [
            Loaded(op_id, address, content_key, _clear_payload(payload, clear))
            for op_id, address, content_key, payload in rows
        ]

    def finish(self, op_id: UUID, state: str, error_class: str, error_code: str, error_text: str | None = None) -> None:
        """End an operation that is not sent, in the transaction that claimed it. `error_text` holds no address."""
        told = {"error_class": error_class, "error_code": error_code, "error_text": error_text}
        self.connection.execute(statements.FINISH, {"op": op_id, "state": state, **told})

    def open_batch(self, sync_id: str, op_ids: Sequence[UUID]) -> Batch:
        """Write the intent to send these, in the transaction that claimed them.

        It counts once that transaction is committed.
        """
        batch_id = uuid4()
        about = self._about(
            batch=batch_id,
            sync=sync_id,
            owner=f"{socket.gethostname()}:{os.getpid()}",
            lease_until=self.clock.now() + timedelta(seconds=self.setting.lease_seconds),
            count=len(op_ids),
            ops=list(op_ids),
        )
        (fence,) = self.connection.execute(statements.OPEN_BATCH, about).fetchall()[0]
        self.connection.execute(statements.IN_FLIGHT, about)
        return Batch(batch_id, fence, tuple(op_ids))

    def seconds_left(self, batch: Batch) -> float:
        """How long a message of this batch may still take.

        Up to the lease's end less a margin; 0 when the batch is not ours any more.
        """
        row = self.connection.execute(statements.MAY_SEND, {"batch": batch.batch_id, "fence": batch.fence}).fetchone()
        if row is None:
            return 0.0
        margin = min(1.0, self.setting.lease_seconds / 10)
        return max(0.0, (row[0] - self.clock.now()).total_seconds() - margin)

    def record(self, batch: Batch, report: SendReport) -> bool:
        """Write down what became of a batch.

        False when the lease was lost meanwhile: then only acceptances are recorded.
        """
        with self.connection.transaction():
            own = self.connection.execute(
                statements.LOCK_OWN_BATCH, {"batch": batch.batch_id, "fence": batch.fence}
            ).fetchone()
            is_ours = own is not None and own[0] is None
            for row in report.rows:
                if is_ours or row.outcome == "accepted":
                    self.connection.execute(_RECORDED[row.outcome], self._recorded(batch, row))
            if is_ours:
                self.connection.execute(
                    statements.CLOSE_BATCH, self._about(batch=batch.batch_id, outcome=_outcome(report))
                )
            failpoint("sending.before_ack_commit")
        failpoint("sending.after_ack_commit")
        return is_ours

    def _recorded(self, batch: Batch, row: RowResult) -> dict[str, object]:
        return self._about(
            op=row.op_id,
            batch=batch.batch_id,
            provider=row.provider_id,
            error_class=row.error_class,
            error_code=row.error_code,
            error_text=row.error_text,
            back_off=BACK_OFF_SECONDS,
            longest_back_off=LONGEST_BACK_OFF_SECONDS,
        )

    def next_due(self, adapter: Adapter, *, is_blind: bool) -> datetime | None:
        """When the next operation comes up by itself.

        A retry, the end of a lease, a poll (never while blind); None when nothing will.
        """
        settles = self.setting.on_unknown == "abandon" if adapter.capabilities.reconcile == "none" else not is_blind
        row = self.connection.execute(statements.NEXT_DUE, self._about(settles=settles)).fetchone()
        return None if row is None else row[0]

    def states(self) -> dict[str, int]:
        """Operations of this delivery by state."""
        return dict(self.connection.execute(statements.STATES, self._about()).fetchall())

    def update_runs(self) -> None:
        """Bring the open runs' states and counts up to date."""
        self.connection.execute(statements.RUN_STATES, self._about())


_RECORDED: dict[Outcome, LiteralString] = {
    "accepted": statements.ACCEPTED,
    "retry": statements.RETRY,
    "rejected": statements.REJECTED,
    "unknown": statements.UNANSWERED,
    "not_sent": statements.NOT_SENT,
}


def _outcome(report: SendReport) -> str:
    outcomes = {row.outcome for row in report.rows}
    if "unknown" in outcomes:
        return "ambiguous"
    if outcomes == {"accepted"}:
        return "ok"
    return "partial" if "accepted" in outcomes else "rejected"


def _clear_payload(payload: Mapping[str, Any], clear: Mapping[str, str]) -> dict[str, Any]:
    return {
        (name.removesuffix("_key") if name.endswith("_key") else name): (
            clear.get(value) if name.endswith("_key") else value
        )
        for name, value in payload.items()
    }
