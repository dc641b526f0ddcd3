"""What promotions really did is what is told of them; what cannot be known is told as such."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.scenarios.promotion import landed, oracle, told
from tests.scenarios.promotion.oracle import Part
from tests.scenarios.world import World, open_world
from tests.workshop import Workshop

STORY = told.draw(20250602, customers=260, repeats=4)
UNJUDGED = {
    "few-exposed": "too_few_exposed",
    "few-comparable": "too_few_comparable",
    "early": "short_history",
    "running": "still_running",
    "everywhere": "holds_everywhere",
}
JUDGED = [one for one in STORY.promotions if one.name not in UNJUDGED]
_PARTS = ("incremental_sales", "incremental_margin", "cannibalisation", "pull_forward", "net_sales", "net_margin")
_COLUMNS = (
    *(f"{part}{end}_amount" for part in _PARTS for end in ("", "_low", "_high")),
    *("exposed_count", "measured_count", "comparison_count", "baseline_week_count"),
    *("redemption_count", "redeemer_count", "redemption_rate", "sales_amount", "discount_amount"),
    *("reason", "margin_reason", "cannibalisation_reason", "pull_forward_reason", "net_reason"),
)
Row = dict[str, Any]


@pytest.fixture(scope="module")
def marts(workshop: Workshop) -> Iterator[dict[str, Row]]:
    """Every promotion's row by its name, built once."""
    with open_world(workshop) as world:
        landed.land(world, STORY)
        world.build("mart_promotion__effect", as_of=told.AS_OF.isoformat())
        yield _rows(world)


def _rows(world: World) -> dict[str, Row]:
    found = world.rows(
        f"select coalesce(promotion_id, category), {', '.join(_COLUMNS)} from marts.mart_promotion__effect "
        f"where promotion_id is not null or start_date = '{told.START}'"
    )
    return {name: dict(zip(_COLUMNS, values, strict=True)) for name, *values in found}


def test_every_promotion_is_told_once(marts: dict[str, Row]) -> None:
    assert set(marts) == {one.name for one in STORY.promotions}


@pytest.mark.parametrize("name", UNJUDGED)
def test_what_cannot_be_known_has_a_reason_and_no_number(marts: dict[str, Row], name: str) -> None:
    row = marts[name]
    assert {row[f"{part}_amount"] for part in _PARTS} == {None}
    reasons = [row[column] for column in _COLUMNS if column.endswith("reason")]
    assert reasons == [UNJUDGED[name]] * 5
    assert row["sales_amount"] > 0


def test_what_was_bought_ahead_is_not_known_before_the_weeks_after_are_over(marts: dict[str, Row]) -> None:
    row = marts["young"]
    assert (row["reason"], row["pull_forward_reason"], row["net_reason"]) == (None, "too_early", "too_early")
    assert row["incremental_sales_amount"] is not None
    assert (row["pull_forward_amount"], row["net_sales_amount"], row["net_margin_amount"]) == (None, None, None)


@pytest.mark.parametrize("one", JUDGED, ids=lambda one: one.name)
def test_effects_are_the_oracles(marts: dict[str, Row], one: told.Promotion) -> None:
    row, telling = marts[one.name], oracle.tell(STORY, one)
    counts = [row[f"{what}_count"] for what in ("exposed", "measured", "comparison", "baseline_week")]
    assert counts == [telling.exposed, len(telling.measured), len(telling.weight), telling.weeks]
    assert telling.weeks == 8
    _same(row, "incremental_sales", telling.own)
    if one.is_costed:
        _same(row, "incremental_margin", telling.own_margin)
    else:
        assert (row["incremental_margin_amount"], row["margin_reason"]) == (None, "cost_unknown")
    if one.name != "young":
        _same(row, "pull_forward", telling.after)
    if one.name.startswith("shown"):
        assert (row["cannibalisation_amount"], row["net_sales_amount"]) == (None, None)
        assert row["cannibalisation_reason"] == row["net_reason"] == "not_told_of_placements"
    else:
        _same(row, "cannibalisation", telling.neighbour)


def _same(row: Row, part: str, expected: Part) -> None:
    """Effects to the cent; intervals as near as the series for Student's t is."""
    assert float(row[f"{part}_amount"]) == pytest.approx(expected.effect, abs=0.011)
    low, high = float(row[f"{part}_low_amount"]), float(row[f"{part}_high_amount"])
    assert (high - low) / 2 == pytest.approx(expected.error, rel=0.001, abs=0.011)


def test_the_net_effect_adds_the_parts_up(marts: dict[str, Row]) -> None:
    told_net = [row for row in marts.values() if row["net_sales_amount"] is not None]
    assert len(told_net) > 35
    for row in told_net:
        for end in ("", "_low", "_high"):
            parts = [row[f"{part}{end}_amount"] for part in ("incremental_sales", "cannibalisation", "pull_forward")]
            assert float(row[f"net_sales{end}_amount"]) == pytest.approx(float(sum(parts)), abs=0.021)


def test_intervals_hold_what_promotions_really_did(marts: dict[str, Row]) -> None:
    """95 of 100 are promised; of a hundred and more drawn ones nine tenths must."""
    held: list[bool] = []
    for one in JUDGED:
        telling = oracle.tell(STORY, one)
        for part, what in (("incremental_sales", "own"), ("cannibalisation", "neighbour"), ("pull_forward", "after")):
            row = marts[one.name]
            if row[f"{part}_amount"] is not None:
                truth = telling.truth(one, what)
                held.append(row[f"{part}_low_amount"] <= truth <= row[f"{part}_high_amount"])
    assert len(held) > 120
    assert sum(held) / len(held) >= 0.9


@pytest.mark.parametrize("prefix", ["", "tmall-", "shown-"])
def test_what_sells_more_is_told_from_what_sells_as_always(marts: dict[str, Row], prefix: str) -> None:
    for number in range(4):
        assert marts[f"{prefix}lift-{number}"]["incremental_sales_low_amount"] > 0
        assert marts[f"{prefix}ahead-{number}"]["pull_forward_high_amount"] < 0
    quiet = [marts[f"{prefix}{kind}-{number}"] for kind in ("none", "season") for number in range(4)]
    assert sum(row["incremental_sales_low_amount"] > 0 for row in quiet) <= 1


def test_moving_sales_from_the_neighbours_earns_nothing(marts: dict[str, Row]) -> None:
    for name in (f"{prefix}switch-{number}" for prefix in ("", "tmall-") for number in range(4)):
        row = marts[name]
        assert row["incremental_sales_low_amount"] > 0
        assert row["cannibalisation_high_amount"] < 0
        assert row["net_sales_low_amount"] < 0 < row["net_sales_high_amount"]


def test_a_holiday_among_the_weeks_before_is_taken_out(marts: dict[str, Row]) -> None:
    for number in range(4):
        assert marts[f"holiday-{number}"]["incremental_sales_high_amount"] > 0


def test_redemptions_are_counted_and_only_the_reached_make_the_rate(marts: dict[str, Row]) -> None:
    strangers = 0
    for one in STORY.promotions:
        if not one.is_placed and one.name not in ("running", "young", "few-exposed"):
            row, who = marts[one.name], [customer for name, customer in STORY.redemptions if name == one.name]
            reached = sum(customer in one.exposed for customer in who)
            strangers += len(who) - reached
            assert (row["redemption_count"], row["redeemer_count"]) == (len(who), reached)
            assert float(row["redemption_rate"]) == pytest.approx(reached / len(one.exposed), abs=1e-6)
    assert strangers > 0
    assert marts["tmall-lift-0"]["redemption_rate"] is None
