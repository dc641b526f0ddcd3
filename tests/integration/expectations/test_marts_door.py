"""The marts door: each expectation green on the tables of a sound build, and red on the fault it is there for."""

from __future__ import annotations

import pytest

from expectations import suites
from tests.integration.expectations.kit import Desk
from tests.integration.expectations.sound_tables import CUSTOMERS

MARTS = suites.subjects("marts")


def names(found: list[dict[str, object]]) -> list[object]:
    return [item["name"] for item in found]


def test_sound_build_is_green(desk: Desk) -> None:
    desk.built()
    number = desk.build()
    for subject in MARTS:
        verdict = desk.judge(subject)
        assert verdict.is_green, verdict.summary
        assert verdict.evidence["build"]["build_id"] == number


def test_empty_tables_are_green(desk: Desk) -> None:
    desk.tables()
    desk.build()
    for subject in MARTS:
        verdict = desk.judge(subject)
        assert verdict.is_green, verdict.summary
        assert "the table is empty: there is nothing to judge" in verdict.evidence["notes"]


FAULTS = {
    "glued strangers": (
        "core.bridge_customer_identifier",
        "update core.bridge_customer_identifier set customer_key = 'c1' where customer_key < 'c13'",
        ["largest_customer"],
    ),
    "everybody glued to somebody": (
        "core.bridge_customer_identifier",
        "update core.bridge_customer_identifier set customer_key = 'g' || (cast(substr(customer_key, 2) as int) % 80)",
        ["mean_identifiers"],
    ),
    "default values in a form": (
        "core.bridge_customer_identifier",
        """
        update core.bridge_customer_identifier set is_usable = false, customer_key = 'unidentified'
        where namespace = 'email' and customer_key < 'c3'
        """,
        ["unusable_share"],
    ),
    "negative receipts": ("core.fct_order", "update core.fct_order set sales_amount = -sales_amount", ["mean_receipt"]),
    "a stream without anybody": (
        "core.fct_event",
        "update core.fct_event set customer_key = 'unidentified' where event_id < 'e95'",
        ["unidentified_event_share"],
    ),
    "sales without anybody": (
        "marts.mart_customer__single_view",
        "update marts.mart_customer__single_view set sales_amount = 40000 where is_unidentified",
        ["unidentified_sales_share"],
    ),
    "no purchase for a fortnight": (
        "marts.mart_customer__single_view",
        "update marts.mart_customer__single_view set recency_days = recency_days + 14",
        ["newest_purchase_days"],
    ),
    "a purchase of tomorrow": (
        "marts.mart_customer__single_view",
        "update marts.mart_customer__single_view set recency_days = -1 where customer_key = 'c7'",
        ["newest_purchase_days"],
    ),
    "cycles of years": (
        "marts.mart_customer__single_view",
        "update marts.mart_customer__single_view set purchase_cycle_days = 400",
        ["mean_cycle_days"],
    ),
    "everybody overdue": (
        "marts.mart_customer__single_view",
        "update marts.mart_customer__single_view set is_overdue = true where not is_unidentified",
        ["overdue_share"],
    ),
    "points without purchases": (
        "marts.mart_loyalty__member",
        "update marts.mart_loyalty__member set balance_points = -50 where customer_key like 'c1%'",
        ["overdrawn_share"],
    ),
    "kinds of touches without a stage": (
        "marts.mart_journey__touchpoint_map",
        "update marts.mart_journey__touchpoint_map set journey_stage = 'none' where touchpoint <> 'page 1'",
        ["stageless_share"],
    ),
    "more purchases than journeys": (
        "marts.mart_journey__paths",
        "update marts.mart_journey__paths set converted_count = 5",
        ["converted_share"],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_in_a_table_is_red(desk: Desk, fault: str) -> None:
    subject, statement, expected = FAULTS[fault]
    desk.built()
    desk.build()
    desk.run(statement)
    verdict = desk.judge(subject)
    assert names(verdict.evidence["failed"]) == expected, verdict.summary


LATER_FAULTS = {
    "customers lost": ("core.dim_customer", "delete from core.dim_customer where customer_key < 'c3'", ["rows"]),
    "customers fallen apart": (
        "core.dim_customer",
        f"insert into core.dim_customer select 'x' || num from generate_series(1, {5 * CUSTOMERS}) as num",
        ["rows"],
    ),
    "receipts lost": ("core.fct_order", "delete from core.fct_order where order_id < 'o4'", ["rows"]),
    "cents for dollars": (
        "core.fct_order",
        "update core.fct_order set sales_amount = sales_amount * 100",
        ["mean_receipt"],
    ),
    "a lost source of traits": (
        "marts.mart_customer__trait",
        "delete from marts.mart_customer__trait where customer_key < 'c3'",
        ["rows"],
    ),
    "bought items lost": (
        "marts.mart_customer__product",
        "delete from marts.mart_customer__product where customer_key < 'c3'",
        ["rows"],
    ),
    "points tenfold": (
        "marts.mart_loyalty__member",
        "update marts.mart_loyalty__member set balance_points = balance_points * 10",
        ["mean_points"],
    ),
    "journeys that lost their purchases": (
        "marts.mart_journey__touchpoint_map",
        "update marts.mart_journey__touchpoint_map set converted_count = 0 where touchpoint < 'page 3'",
        ["converted_journeys"],
    ),
    "paths that lead to no purchase": (
        "marts.mart_journey__paths",
        "update marts.mart_journey__paths set converted_count = 0 where path_rank > 40",
        ["converted_share"],
    ),
    "months of the flow lost": (
        "marts.mart_journey__stage_flow",
        "delete from marts.mart_journey__stage_flow where month_start_date < '2023-01-01'",
        ["rows"],
    ),
    "a lost calendar of promotions": (
        "marts.mart_promotion__effect",
        "delete from marts.mart_promotion__effect where promotion_key < 'p3'",
        ["rows"],
    ),
    "consents lost": (
        "marts.mart_customer__contactability",
        "update marts.mart_customer__contactability set is_reachable = false where customer_key < 'c3'",
        ["reached_customers"],
    ),
    "a silent channel": (
        "core.fct_event",
        "update core.fct_event set event_type = 'purchase' where event_type = 'registered'",
        ["event_types"],
    ),
}


@pytest.mark.parametrize("fault", LATER_FAULTS)
def test_fault_against_earlier_builds_is_red(desk: Desk, fault: str) -> None:
    subject, statement, expected = LATER_FAULTS[fault]
    desk.built()
    desk.build()
    assert desk.judge(subject).is_green
    desk.build(as_of="2024-01-05")
    assert desk.judge(subject).is_green
    desk.run(statement)
    assert names(desk.judge(subject).evidence["failed"]) == expected
    desk.build(as_of="2024-01-05")
    again = desk.judge(subject)  # a red verdict does not become the measure
    assert names(again.evidence["failed"]) == expected


def test_build_of_an_earlier_day_is_not_held_to_later_ones(desk: Desk) -> None:
    desk.built()
    desk.build()
    desk.judge("core.fct_order")
    desk.run("delete from core.fct_order where order_date > '2023-12-20'")
    desk.build(as_of="2023-12-20")
    assert desk.judge("core.fct_order").is_green


def test_few_rows_are_not_judged(desk: Desk) -> None:
    """Ms. Lin is the first customer of a new brand, bought two months ago, and is overdue: no share says anything."""
    desk.tables()
    desk.run(
        "insert into marts.mart_customer__single_view (customer_key, is_unidentified, order_count, sales_amount, "
        "recency_days, purchase_cycle_days, is_overdue) values ('lin', false, 3, 90, 60, 9, true)"
    )
    desk.build()
    assert desk.judge("marts.mart_customer__single_view").is_green


def test_missing_table_is_red(desk: Desk) -> None:
    desk.build()
    verdict = desk.judge("core.dim_customer")
    assert not verdict.is_green
    assert verdict.evidence["error"] == 'UndefinedTable: relation "core.dim_customer" does not exist'
