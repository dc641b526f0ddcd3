"""A brand to plant faults in: small deliveries at the door, and the sound tables of a build.

Here: making sound data and saying what is wrong with it. Not here: the tables of a build (sound_tables.py), what a
suite should say of them (the tests).
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from expectations import gates, runner, suites
from expectations.verdicts import SuiteVerdict
from orchestration.brands import Brand
from orchestration.sources import raw_tables
from orchestration.sources.landing import land
from orchestration.warehouse import connect
from tests.integration.expectations.sound_tables import BUILT, SOUND, definition
from tests.workshop import Workshop, rows, write

TOML = """
[sources.till]
connector = "files"
contract = "pos.order_line"
path = "till/*"

[sources.kiosk]
connector = "files"
contract = "pos.order_line"
path = "kiosk/*"

[sources.webshop]
connector = "push"
contract = "pos.order_line"
push = { secret_env = "WEBSHOP_SECRET" }

[sources.redemptions]
connector = "files"
contract = "voucher.redemption"
path = "redemptions/*"
"""
ORDER_LINE = "raw.raw_pos__order_line"
REDEMPTION = "raw.raw_voucher__redemption"
HEAD = "order_id,order_line_id,ordered_at,store_id,member_id,product_id,quantity,sales_amount"
_LEDGER = (
    "ops.desired_member",
    "ops.operation",
    "ops.sync_run",
    "ops.sync",
    "ops.destination",
    "ops.gate",
    "ops.check_result",
    "ops.build",
)
_LANDED = (
    "vault.quarantined_row",
    "quarantine.row",
    "quarantine.value",
    "ops.refused_file",
    "ops.source_cursor",
    "ops.batch",
)


def receipts(day: int, *, lines: int = 60, amount: str = "4.50", member: str = "m", quantity: str = "1") -> list[str]:
    """The lines of a day in January 2024, one receipt each."""
    return [
        f"{day}-{number},1,2024-01-{day:02d} 10:00:00,s1,{member}{number % 20 if member else ''},p1,{quantity},{amount}"
        for number in range(lines)
    ]


@dataclass(frozen=True)
class Desk:
    """The brand under test with what its tests need."""

    brand: Brand
    workshop: Workshop

    @property
    def name(self) -> str:
        return self.brand.name

    def empty(self) -> None:
        """Leave nothing of the test before: no file, no batch, no verdict, no table of a build."""
        shutil.rmtree(self.brand.drop, ignore_errors=True)
        emptied = (f"delete from {name}" for name in (*_LEDGER, *_LANDED, ORDER_LINE, REDEMPTION))
        dropped = (f"drop table if exists {name}" for name in BUILT)
        self.run("; ".join([*emptied, *dropped]))

    def new_raw_tables(self) -> None:
        """The raw tables as the contracts want them, after a test that changed one."""
        self.run(f"drop table if exists {ORDER_LINE}")
        with connect.connect(self.name) as connection:
            raw_tables.ensure(connection)

    def run(self, statement: str, parameters: Sequence[object] | None = None) -> None:
        """Run a statement and commit it."""
        with connect.connect(self.name, application_name="test") as connection:
            connection.execute(statement.encode(), parameters)

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        return rows(self.brand, statement)

    def deliver(self, name: str, lines: Sequence[str], head: str = HEAD) -> None:
        """Put a file into the drop folder and land what lies there."""
        write(self.brand, name, "\n".join([head, *lines, ""]))
        land.land(self.brand)

    def history(self, days: int = 4) -> None:
        """Sound days at the till, the first of January and after."""
        for day in range(1, days + 1):
            write(self.brand, f"till/{day:02d}.csv", "\n".join([HEAD, *receipts(day), ""]))
        land.land(self.brand)

    def pages(self, day: int, *sizes: int, hour: int = 5, source: str = "webshop") -> None:
        """Pages of rows as a source that is read or pushed in pages lands them, a minute apart from `hour` on."""
        statement = (
            "insert into ops.batch (batch_id, source, contract, name, landed, accepted, duplicate, quarantined, "
            "source_columns, unmapped_columns, last_event_date, loaded_at) values "
            "(%s, %s, 'pos.order_line', %s, %s, %s, 0, 0, '{member_id}', '{}', '2024-01-04', %s)"
        )
        for place, size in enumerate(sizes):
            moment = f"2024-01-{day:02d} {hour:02d}:{place:02d}:00+00"
            name = f"{source} {day}-{hour}-{place}"
            self.run(statement, (name, source, name, size, size, moment))

    def judge(self, subject: str) -> SuiteVerdict:
        return runner.run(self.name, subject)

    def judge_all(self) -> list[SuiteVerdict]:
        return [runner.run(self.name, name) for name in suites.subjects()]

    def gates(self) -> dict[gates.Gate, gates.GateVerdict]:
        return gates.judge(self.name)

    def build(self, phase: str = "serving", *, state: str = "done", as_of: str = "2024-01-04") -> int:
        """A row of `ops.build`, as a run of dbt leaves it; its number."""
        with connect.connect(self.name) as connection:
            row = connection.execute(
                "insert into ops.build (phase, as_of, known_at, input_fingerprint, state, owner, started_at) "
                "values (%s, %s, now(), 'f', %s, 'test', now()) returning build_id",
                (phase, as_of, state),
            ).fetchone()
        assert row is not None
        return int(row[0])

    def tables(self) -> None:
        """The tables of a build, empty, with the columns that the models' YAML publishes."""
        self.run("; ".join(map(definition, BUILT)))

    def built(self) -> None:
        """Sound tables of a build: what the models would make of a quiet month of `CUSTOMERS` customers."""
        self.run("; ".join([*map(definition, BUILT), *SOUND]))

    def operation(self, *, number: int, address: str = "", has_content: bool = True, delivery: str = "live") -> None:
        """A message that waits in the ledger."""
        facts = {
            "op_id": uuid.uuid4(),
            "run_id": uuid.UUID(int=1),
            "address": address or f"address{number}",
            "occasion": f"o{number}",
            "delivery": delivery,
        }
        with connect.connect(self.name) as connection:
            for statement in _MESSAGE:
                connection.execute(statement, facts)
            if has_content:
                connection.execute(_CONTENT, facts)


_MESSAGE: tuple[LiteralString, ...] = (
    "insert into ops.destination values ('email', 'smtp', '{}') on conflict do nothing",
    "insert into ops.sync values ('s', 'email', 'win_back', 'send_once', 'active') on conflict do nothing",
    """
    insert into ops.sync_run (run_id, sync_id, build_id, delivery, as_of, state, started_at)
    select %(run_id)s, 's', max(build_id), 'live', '2024-01-04', 'approved', now() from ops.build
    on conflict do nothing
    """,
    """
    insert into ops.operation (
        op_id, run_id, sync_id, campaign_id, candidate, identifier_key, channel, purpose, kind, occasion_key,
        idem_key, delivery, state, as_of, business_at, recorded_at
    ) values (
        %(op_id)s, %(run_id)s, 's', 'win_back', 'c', %(address)s, 'email', 'marketing', 'send', %(occasion)s,
        %(op_id)s::text, %(delivery)s, 'pending', '2024-01-04', now(), now()
    )
    """,
)
_CONTENT: LiteralString = "insert into ops.desired_member values (%(op_id)s, 's', %(address)s, 'win_back', '{}')"
