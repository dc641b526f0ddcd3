"""Sound tables of a build, as the models' YAML publishes them.

Here: their columns, their rows. Not here: what a test does to them (kit.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from expectations import suites
from orchestration import settings

CUSTOMERS = 400
"""Customers of the sound tables, besides the one nobody can be named for."""

BUILT = (*suites.subjects("marts"), "activation.act_contact_plan")
"""The tables of a build that suites judge."""

SOUND = (
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


def definition(name: str) -> str:
    """The statement that makes a table as its model's YAML publishes it."""
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
