"""Every invariant (dbt_project/tests/assert_*.sql) holds on honest tables, and fails on tables somebody broke."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orchestration import settings
from orchestration.warehouse import connect, dbt
from tests.integration.dbt import told_brand
from tests.scenarios.world import World

AS_OF = "2025-03-01"
BRAND = "qinglan"
"""Whose rules are told: a brand with a loyalty programme."""
BREACHES = {
    "assert_activity_adds_up": """
        update marts.mart_customer__activity_month set new_count = new_count + 1
    """,
    "assert_every_buyer_is_measured": """
        delete from marts.mart_customer__worth
        where customer_key = (select min(customer_key) from marts.mart_customer__worth)
    """,
    "assert_every_kind_of_touch_is_listed": """
        delete from staging.event_types where event_type = 'purchase'
    """,
    "assert_every_rfm_score_has_a_segment": """
        delete from staging.rfm_segments where segment = 'lost'
    """,
    "assert_segments_add_up": """
        update marts.mart_segment__card set customer_count = customer_count + 1
    """,
    "assert_steps_follow_purchases": """
        delete from features.ftr_customer__purchase_step where purchase_number = 2
    """,
    "assert_a_unique_namespace_has_one_value_per_customer": """
        update core.bridge_customer_identifier set customer_key = 'm00' where namespace = 'member_id'
    """,
    "assert_consent_intervals_do_not_overlap": """
        update core.fct_consent_interval set valid_to = null
    """,
    "assert_events_conserve_what_happened": """
        update core.fct_event set value_amount = value_amount + 0.01
        where event_id = (select min(event_id) from core.fct_event where event_type = 'purchase')
    """,
    "assert_every_customer_is_named_by_an_own_identifier": """
        update core.dim_customer set customer_key = 'nobody'
        where customer_key = (select min(customer_key) from core.dim_customer where not is_unidentified)
    """,
    "assert_every_identifier_has_one_first_customer": """
        delete from core.bridge_customer_identifier
        where identifier_key = (select max(identifier_key) from core.bridge_customer_identifier)
    """,
    "assert_identity_changes_are_usual": """
        insert into identity.int_identity__customer_identifier
            (customer_key, identifier_key, is_strong, is_first, is_usable)
        select 'm00', 'one of many ' || num, true, true, true from generate_series(1, 101) as num
    """,
    "assert_no_points_balance_is_below_zero_without_a_reason": """
        update core.fct_points_balance set balance_points = -1, overdrawn_reason = null
        where identifier_key = (select min(identifier_key) from core.fct_points_balance)
    """,
    "assert_points_lots_agree_with_the_ledger": """
        update core.fct_points_lot set used_points = used_points + 1
        where identifier_key = (select min(identifier_key) from core.fct_points_lot)
    """,
    "assert_points_owed_agree_with_the_ledger": """
        update marts.mart_loyalty__liability set liability_points = liability_points + 1
    """,
    "assert_points_postings_sum_to_zero": """
        insert into core.fct_points_posting (transaction_key, account, points) values ('one side', 'programme', 1)
    """,
    "assert_tiers_are_judged_to_the_last_day": """
        update core.fct_tier_interval set valid_to = valid_from
    """,
    "assert_nothing_is_told_after_as_of": """
        update core.fct_event set event_date = date '2025-03-02'
        where event_id = (select min(event_id) from core.fct_event)
    """,
    "assert_only_broken_rules_quarantine_links": """
        insert into identity.int_identity__quarantined_link (left_key, right_key, left_customer_key, right_customer_key)
        values ('a', 'b', 'a', 'b')
    """,
    "assert_orders_agree_with_their_lines": """
        update core.fct_order_line set customer_key = 'somebody else'
        where order_id = (select min(order_id) from core.fct_order_line)
    """,
    "assert_revenue_is_conserved": """
        delete from core.fct_order_line where sales_amount = (select max(sales_amount) from core.fct_order_line)
    """,
    "assert_the_single_view_holds_every_customer": """
        delete from marts.mart_customer__single_view
        where customer_key = (select min(customer_key) from marts.mart_customer__single_view)
    """,
}


def _outcomes(world: World) -> dict[str, str]:
    """The status of every invariant on the tables as they stand."""
    told = {"brand": BRAND, "time_zone": world.brand.file.time_zone, "currency": "CNY", "as_of": AS_OF}
    result = dbt.invoke(
        world.brand, ["test", "--select", "test_type:singular", "--vars", json.dumps({**told, "known_at": ""})]
    )
    results = json.loads((dbt.target_path(world.brand) / "run_results.json").read_text())["results"]
    assert results, result.stdout
    return {item["unique_id"].split(".")[2]: item["status"] for item in results}


@pytest.fixture(scope="module")
def honest_and_broken(world: World) -> tuple[dict[str, str], dict[str, str]]:
    told_brand.land(world, told_brand.season(seed=3))
    world.build(as_of=AS_OF, brand=BRAND)
    honest = _outcomes(world)
    with connect.connect(world.brand.name) as connection:
        for statement in BREACHES.values():
            assert connection.execute(statement.encode()).rowcount > 0, statement
    return honest, _outcomes(world)


def test_every_invariant_has_a_breach() -> None:
    files = {path.stem for path in Path(settings.project_root() / "dbt_project" / "tests").glob("assert_*.sql")}
    assert files == set(BREACHES)


@pytest.mark.parametrize("name", BREACHES)
def test_invariant_fails_when_it_is_broken(honest_and_broken: tuple[dict[str, str], dict[str, str]], name: str) -> None:
    honest, broken = honest_and_broken
    assert honest[name] == "pass"
    assert broken[name] == "fail"
