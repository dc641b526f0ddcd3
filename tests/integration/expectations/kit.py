"""A brand to plant faults in: small deliveries at the door, and tables as the models' YAML publishes them.

Here: making sound data and saying what is wrong with it. Not here: what a suite should say of it (the tests).
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, LiteralString, cast

import yaml

from expectations import gates, runner, suites
from expectations.verdicts import SuiteVerdict
from orchestration import settings
from orchestration.brands import Brand
from orchestration.sources import raw_tables
from orchestration.sources.landing import land
from orchestration.warehouse import connect
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
CUSTOMERS = 400
"""Customers of the sound tables, besides the one nobody can be named for."""

BUILT = (*suites.subjects("marts"), "activation.act_contact_plan")
"""The tables of a build that suites judge."""

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
        self.run("; ".join(map(_definition, BUILT)))

    def built(self) -> None:
        """Sound tables of a build: what the models would make of a quiet month of `CUSTOMERS` customers."""
        self.run("; ".join([*map(_definition, BUILT), *_SOUND]))

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


_SOUND = (
    f"""
    insert into core.bridge_customer_identifier (customer_key, identifier_key, namespace, is_current, is_usable)
    select 'c' || cus, 'c' || cus || kind, kind, true, true
    from generate_series(1, {CUSTOMERS}) as cus cross join (values ('member_id'), ('email')) as kinds (kind)
    """,
    f"""
    insert into core.dim_customer (customer_key, is_unidentified)
    select 'c' || cus, false from generate_series(1, {CUSTOMERS}) as cus union all select 'unidentified', true
    """,
    f"""
    insert into core.fct_order (source, order_id, customer_key, order_date, sales_amount)
    select 'till', 'o' || num, 'c' || (num % {CUSTOMERS}), date '2024-01-04' - num % 28, 10 + num % 5
    from generate_series(1, 800) as num
    """,
    f"""
    insert into core.fct_event (event_id, customer_key, event_date, event_type)
    select 'e' || num, 'c' || (num % {CUSTOMERS}), date '2024-01-04' - num % 28,
        case num % 3 when 0 then 'purchase' when 1 then 'message_delivered' else 'registered' end
    from generate_series(1, 900) as num
    """,
    f"""
    insert into marts.mart_customer__single_view (
        customer_key, is_unidentified, order_count, sales_amount, recency_days, purchase_cycle_days, is_overdue,
        has_email, has_phone
    )
    select 'c' || cus, false, 2, 20, cus % 28, 9.5, cus % 4 = 0, true, false
    from generate_series(1, {CUSTOMERS}) as cus
    union all
    select 'unidentified', true, 10, 100, 3, null, false, false, false
    """,
    f"""
    insert into marts.mart_customer__contactability (customer_key, channel, is_reachable)
    select 'c' || cus, channel, channel = 'email' and cus % 2 = 0
    from generate_series(1, {CUSTOMERS}) as cus cross join (values ('email'), ('sms')) as channels (channel)
    """,
    f"""
    insert into marts.mart_customer__product (customer_key, product_id, purchase_count)
    select 'c' || cus, 'p' || cus % 20, 2 from generate_series(1, {CUSTOMERS}) as cus
    """,
    f"""
    insert into marts.mart_customer__trait (customer_key, trait, trait_value)
    select 'c' || cus, 'gender', 'female' from generate_series(1, {CUSTOMERS}) as cus
    """,
    f"""
    insert into marts.mart_loyalty__member (customer_key, balance_points)
    select 'c' || cus, 100 from generate_series(1, {CUSTOMERS}) as cus
    """,
    """
    insert into marts.mart_journey__touchpoint_map (
        month_start_date, journey_stage, channel, touchpoint, touch_count, converted_count
    )
    select date '2024-01-01', case num % 4 when 0 then 'none' else 'interest' end, 'web', 'page ' || num, 10, num % 2
    from generate_series(1, 120) as num
    """,
    """
    insert into marts.mart_journey__paths (path_rank, path, journey_count, converted_count)
    select num, 'path ' || num, 4, 1 from generate_series(1, 101) as num
    """,
    """
    insert into marts.mart_journey__stage_flow (month_start_date, from_stage, to_stage, move_count)
    select date '2020-01-01' + 31 * num, 'entered', 'aware', 5 from generate_series(1, 120) as num
    """,
    f"""
    insert into marts.mart_promotion__effect (promotion_key, sales_amount)
    select 'p' || num, 100 from generate_series(1, {CUSTOMERS}) as num
    """,
    f"""
    insert into activation.act_contact_plan (campaign_id, customer_key, occasion_key, outcome, reason, payload)
    select 'win_back', 'c' || cus, 'o', case when cus <= 120 then 'send' else 'suppressed' end,
        case when cus <= 120 then 'planned' else 'no_consent' end, '{{"days_overdue": 12}}'
    from generate_series(1, {CUSTOMERS // 2}) as cus
    """,
)


def _definition(name: str) -> str:
    columns = ", ".join(f"{column} {kind}" for column, kind in published_columns(name.partition(".")[2]).items())
    return f"create table {name} ({columns})"


@cache
def published_columns(model: str) -> dict[str, str]:
    """The columns of a model with PostgreSQL types, as the YAML beside it says; text where it says no type."""
    found = list((settings.project_root() / "dbt_project" / "models").rglob(f"{model}.yml"))
    assert len(found) == 1, f"{model} has {len(found)} YAML files"
    return {str(item["name"]): _postgres(str(item.get("data_type", "text"))) for item in _columns(found[0], model)}


def _columns(path: Path, model: str) -> list[Mapping[str, Any]]:
    document = cast("dict[str, Any]", yaml.safe_load(path.read_text(encoding="utf-8")))
    return next(item["columns"] for item in document["models"] if item["name"] == model)


def _postgres(kind: str) -> str:
    if kind.startswith("{{"):
        return "timestamptz"
    return "text" if kind == "string" else kind
