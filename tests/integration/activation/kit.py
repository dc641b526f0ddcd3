"""What the tests of the activation room stand on: a brand, a ledger, a plan made by hand, a mail server.

Here: a `Room` with verbs a story is told in. Not here: fixtures (conftest.py of each folder), what stands in for
other rooms (stand_ins.py).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from orchestration import brands, settings
from orchestration.activation.clock import Clock
from orchestration.activation.delivery import Delivery
from orchestration.activation.dispatcher import DispatchResult, dispatch
from orchestration.activation.gate import REQUIRED_GATES
from orchestration.activation.planning import PlanResult, plan
from orchestration.warehouse.connect import connect
from orchestration.warehouse.migrate import Connection
from simulator.smtp_gateway import Gateway
from tests.integration.activation.stand_ins import (
    AS_OF,
    BRAND_FILE,
    LEDGER_TABLES,
    PAYLOAD,
    PLAN_TABLES,
    address_of,
    key_of,
)


@dataclass
class Room:
    """One prepared brand with its mail server; `reset` makes it new for the next test."""

    name: str
    folder: Path
    gateway: Gateway
    build_id: int = 0
    settings: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def brand(self) -> brands.Brand:
        """The brand as its file says now."""
        return brands.load(self.name)

    @property
    def log(self) -> Path:
        """The mail server's own record."""
        return self.gateway.record

    def write_brand(self, **settings: object) -> None:
        """Write the brand file with these destination settings over the usual ones; None leaves one out."""
        self.settings = {
            "delivery": "live",
            "lease_seconds": 30,
            "settle_seconds": 0.2,
            "timeout_seconds": 5,
            "rate_per_second": 5000,
            "batch_size": 5,
            "accepted_log": str(self.log),
            "port": self.gateway.port,
            "from_address": "Test brand <hello@brand.example>",
            "unsubscribe_url": "https://brand.example/unsubscribe",
        } | settings
        lines = "\n".join(f"{name} = {json.dumps(value)}" for name, value in self.settings.items() if value is not None)
        path = settings_folder(self.folder) / f"{self.name}.toml"
        path.write_text(BRAND_FILE.format(settings=lines), encoding="utf-8")

    def reset(self) -> None:
        """An empty ledger, vault and plan; an empty record; the usual settings; no faults."""
        with self.connect() as connection:
            for table in LEDGER_TABLES:
                connection.execute(f"delete from {table}".encode())
            connection.execute(PLAN_TABLES)
            connection.execute(
                "insert into ops.batch (batch_id, source, contract, name, landed, accepted, duplicate, quarantined,"
                " source_columns, unmapped_columns, loaded_at)"
                " values ('batch', 'crm', 'crm.consent', 'a.csv', 0, 0, 0, 0, '{}', '{}', now())"
            )
        self.log.write_text("")
        self.gateway.faults = []
        self.write_brand()

    def connect(self) -> Connection:
        """A connection of the test's own."""
        return connect(self.name, autocommit=True, application_name="test")

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self.connect() as connection:
            return connection.execute(sql.encode(), values).fetchall()

    def build(self, *, as_of: date = AS_OF, state: str = "done", gates: Mapping[str, str] | None = None) -> int:
        """Record a build and its verdicts (default: every required gate green)."""
        verdicts = dict.fromkeys(REQUIRED_GATES, "green") if gates is None else gates
        with self.connect() as connection:
            (self.build_id,) = connection.execute(
                "insert into ops.build (phase, as_of, known_at, input_fingerprint, state, owner, started_at)"
                " values ('serving', %s, now(), 'x', %s, 'test', now()) returning build_id",
                (as_of, state),
            ).fetchall()[0]
            for gate, verdict in verdicts.items():
                self._judge(connection, gate, verdict)
        return self.build_id

    def judge(self, gate: str, verdict: str) -> None:
        """Judge the newest build anew by one gate."""
        with self.connect() as connection:
            self._judge(connection, gate, verdict)

    def _judge(self, connection: Connection, gate: str, verdict: str) -> None:
        connection.execute(
            "insert into ops.gate values (%s, %s, %s, '{}', clock_timestamp())", (self.build_id, gate, verdict)
        )

    def people(self, count: int, *, as_of: date = AS_OF) -> None:
        """A plan to write to `count` customers, each with an e-mail address and a member id."""
        with self.connect() as connection:
            for number in range(count):
                self._add(connection, number, address_of(number), ("send", "planned"), as_of)

    def person(
        self,
        number: int,
        *,
        address: str | None = None,
        outcome: str = "send",
        reason: str = "planned",
        as_of: date = AS_OF,
    ) -> None:
        """One customer of the plan."""
        with self.connect() as connection:
            self._add(connection, number, address or address_of(number), (outcome, reason), as_of)

    def _add(self, connection: Connection, number: int, address: str, decided: tuple[str, str], as_of: date) -> None:
        customer, token = key_of(f"member {number}"), key_of(address)
        connection.execute(
            "insert into vault.clear_value values (%s, 'email', %s, 'batch', now()) on conflict do nothing",
            (token, address),
        )
        connection.execute(
            "insert into activation.act_contact_plan values ('win_back', %s, 'win_back:2017-10-01', %s, %s, %s,"
            " 'email', %s, 'marketing', 'win_back', 14, %s)",
            (customer, as_of, *decided, token, json.dumps(PAYLOAD)),
        )
        connection.execute(
            "insert into activation.act_contact_identifier values (%s, %s), (%s, %s)",
            (customer, token, customer, customer),
        )

    def opt_out(
        self, identifier: str, *, channel: str = "email", said: bool = True, at: datetime | None = None
    ) -> None:
        """Land an opt-out (`said` false: an opt-in) of an identifier."""
        with self.connect() as connection:
            connection.execute(
                "insert into ops.suppression (suppression_id, identifier_key, channel, purpose, is_suppressed,"
                " occurred_at, batch_id, recorded_at)"
                " values (gen_random_uuid()::text, %s, %s, 'marketing', %s, %s, 'batch', now())",
                (identifier, channel, said, at or datetime.now(UTC)),
            )

    def plan(self, *, delivery: Delivery = "live", as_of: date = AS_OF, clock: Clock | None = None) -> PlanResult:
        """Plan the newest build."""
        return plan(self.brand, as_of, self.build_id, delivery, clock=clock)

    def dispatch(
        self, *, delivery: Delivery = "live", clock: Clock | None = None, wait_seconds: float = 0.0
    ) -> DispatchResult:
        """Dispatch in this process."""
        return dispatch(self.brand, delivery=delivery, clock=clock, wait_seconds=wait_seconds)

    def process(self, code: str, **environment: str) -> subprocess.Popen[str]:
        """Start Python code in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=settings.project_root(),
            env={**os.environ, "PYTHONPATH": str(settings.project_root()), **environment},
        )

    def dispatching(self, *, wait_seconds: float = 0.0, **environment: str) -> subprocess.Popen[str]:
        """Start a dispatch in a process of its own."""
        return self.process(DISPATCH.format(name=self.name, wait_seconds=wait_seconds), **environment)

    def planning(self, **environment: str) -> subprocess.Popen[str]:
        """Start planning in a process of its own."""
        return self.process(PLAN.format(name=self.name, as_of=AS_OF, build_id=self.build_id), **environment)

    def states(self) -> dict[str, int]:
        """Operations by state."""
        return dict(self.rows("select state, count(*) from ops.operation group by state"))

    def delivered(self) -> dict[str, int]:
        """How often the mail server took a message for each recipient, by its own record."""
        counts: dict[str, int] = {}
        for entry in self.gateway.accepted():
            counts[entry["recipient"]] = counts.get(entry["recipient"], 0) + 1
        return counts

    def op_of(self, number: int) -> UUID:
        """The operation to one customer."""
        return self.rows("select op_id from ops.operation where identifier_key = %s", key_of(address_of(number)))[0][0]


DISPATCH = """
from orchestration import brands
from orchestration.activation.dispatcher import dispatch
result = dispatch(brands.load({name!r}), delivery="live", wait_seconds={wait_seconds})
print("sent", result.sent, flush=True)
"""
PLAN = """
from datetime import date
from orchestration import brands
from orchestration.activation.planning import plan
plan(brands.load({name!r}), date.fromisoformat("{as_of}"), {build_id}, "live")
"""


def settings_folder(folder: Path) -> Path:
    """Where the test's brand files are."""
    return folder / "brands"


def once(count: int) -> dict[str, int]:
    """The record in which each of `count` customers has one message."""
    return {address_of(number): 1 for number in range(count)}
