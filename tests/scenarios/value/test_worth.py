"""What customers are worth on a past day: as an independent telling has it, and whatever happened later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.scenarios.value import oracle, told
from tests.scenarios.world import World, open_world
from tests.workshop import Workshop

STORY = told.draw(20250420, customers=300)
THEN = date(2025, 4, 20)
"""The day asked about; the story goes on for two months."""

TABLES = (
    "features.ftr_brand__rfm_cut",
    "features.ftr_brand__vap_cut",
    "features.ftr_brand__peer_value",
    "marts.mart_customer__rfm_history",
    "marts.mart_customer__vap_history",
    "marts.mart_customer__worth",
    "marts.mart_customer__affinity",
    "marts.mart_customer__cohort_retention",
    "marts.mart_customer__activity_month",
    "marts.mart_customer__omni_channel",
    "marts.mart_programme__second_purchase",
    "marts.mart_segment__card",
    "marts.mart_segment__mark",
)
Tables = dict[str, Counter[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def world(workshop: Workshop) -> Iterator[World]:
    """The whole story landed, built as of THEN."""
    with open_world(workshop) as found:
        told.land(found, STORY)
        build(found)
        yield found


def build(world: World) -> None:
    world.build(*(table.split(".")[1] for table in TABLES), as_of=THEN.isoformat())


def tables(world: World) -> Tables:
    return {table: Counter(world.rows(f"select * from {table}")) for table in TABLES}


def test_scores_of_every_month_are_the_oracles(world: World) -> None:
    rows = world.rows(
        "select customer_key, month_end_date, recency_days, order_count, cast(net_sales_amount * 100 as integer), "
        "recency_score, frequency_score, monetary_score from marts.mart_customer__rfm_history"
    )
    expected = oracle.rfm_history(STORY, THEN)
    assert len(rows) > 2000
    assert {row[5] for row in rows} == {None, 1, 2, 3, 4, 5}
    assert set(rows) == expected


def test_cuts_of_the_newest_month_are_numpys_quantiles(world: World) -> None:
    rows = world.rows(
        "select measure, array_agg(cut_value order by cut_number) from features.ftr_brand__rfm_cut "
        "where valid_from = '2025-04-01' group by measure"
    )
    told_cuts = {measure: [float(value) for value in values] for measure, values in rows}
    month_end = oracle.month_ends(STORY, THEN)[-1]
    expected = oracle.cuts(oracle.measures(oracle.frame(STORY), month_end))
    assert expected is not None
    assert told_cuts["recency"] == pytest.approx(expected["recency"], abs=0.0001)
    assert told_cuts["frequency"] == pytest.approx(expected["orders"], abs=0.0001)
    assert told_cuts["monetary"] == pytest.approx([cents / 100 for cents in expected["cents"]], abs=0.0001)


def test_cohorts_and_monthly_activity_are_the_oracles(world: World) -> None:
    retained = world.rows(
        "select cohort_month_date, months_since_first, active_count, cast(net_sales_amount * 100 as integer) "
        "from marts.mart_customer__cohort_retention"
    )
    assert {(cohort, since): (active, cents) for cohort, since, active, cents in retained} == oracle.cohorts(
        STORY, THEN
    )
    months = world.rows(
        "select month_start_date, new_count, returning_count, resurrected_count, dormant_count "
        "from marts.mart_customer__activity_month"
    )
    expected = oracle.activity(STORY, THEN)
    assert all(sum(counts[kind] for counts in expected.values()) > 5 for kind in range(4))
    assert {month: tuple(counts) for month, *counts in months} == expected


@pytest.mark.parametrize("window_days", [30, 180])
def test_second_purchases_are_the_oracles(world: World, window_days: int) -> None:
    rows = world.rows(
        "select cohort_month_date, customer_count, matured_count, matured_converted_count "
        "from marts.mart_programme__second_purchase "
        f"where purchase_number = 2 and window_days = {window_days}"
    )
    found = {cohort: tuple(counts) for cohort, *counts in rows}
    assert found == oracle.second_purchases(STORY, THEN, window_days)


def test_what_happened_later_changes_nothing_told_of_then(world: World) -> None:
    later = tables(world)
    told.land(world, STORY.until(THEN))
    build(world)
    assert all(later.values())
    assert tables(world) == later
