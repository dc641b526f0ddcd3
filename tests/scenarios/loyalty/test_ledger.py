"""Points and tiers of hundreds of members in one build, against an oracle; Ms. Lin on her dates, and on later ones."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from orchestration.warehouse import dbt
from tests.scenarios.loyalty import books, histories
from tests.scenarios.loyalty.books import ZONE, Step
from tests.scenarios.world import World, open_world
from tests.workshop import Workshop

AS_OF = date(2026, 1, 15)
SHIFT = 17
LIN = (
    ("2025-03-15 15:00", "680"),
    ("2025-04-15 20:15", "920"),
    ("2025-07-15 21:00", "550"),
    ("2025-08-29 19:20", "180"),
    ("2025-09-26 19:20", "160"),
    ("2025-11-11 19:20", "260"),
    ("2025-12-06 19:20", "250"),
)
LINS = {"lin": 0, "lin-later": SHIFT}
TOLD = {"brand": "qinglan", "time_zone": "Asia/Shanghai", "currency": "CNY", "known_at": "", "as_of": AS_OF.isoformat()}
MODELS = ("mart_loyalty__member", "mart_loyalty__liability", "fct_points_balance")


@pytest.fixture(scope="module")
def members() -> dict[str, histories.Story]:
    return histories.drawn()


@pytest.fixture(scope="module")
def world(workshop: Workshop, members: dict[str, histories.Story]) -> Iterator[World]:
    with open_world(workshop) as found:
        lins = {name: histories.orders_of("l", LIN, shift=shift) for name, shift in LINS.items()}
        histories.land(found, {**members, **lins})
        found.build(*MODELS, as_of=AS_OF.isoformat(), brand="qinglan")
        yield found


def test_what_is_left_of_every_lot_equals_the_oracle(world: World, members: dict[str, histories.Story]) -> None:
    told = world.rows(
        "select lot.identifier_key, coalesce(mov.order_id, mov.record_id), lot.used_points, lot.expired_points, "
        "lot.remaining_points from core.fct_points_lot as lot inner join core.fct_points_movement as mov "
        "on mov.movement_key = lot.movement_key where lot.identifier_key like 'm%'"
    )
    found = {name: (used, expired, left) for _, name, used, expired, left in told}
    wanted = {
        f"{member} {lot.name}": (lot.used, lot.expired, lot.left)
        for member, story in members.items()
        for lot in books.points_of(story, AS_OF).lots
    }
    assert len(wanted) > 1000
    assert found == wanted


def test_balances_at_every_years_end_equal_the_oracle(world: World, members: dict[str, histories.Story]) -> None:
    for day in (date(2022, 12, 31), date(2023, 12, 31), date(2024, 12, 31), date(2025, 12, 31)):
        told = world.rows(
            "select identifier_key, sum(points) from core.fct_points_posting where account = 'customer' "
            f"and posted_date <= '{day}' and identifier_key like 'm%' group by identifier_key"
        )
        found = defaultdict[str, int](int, {str(member): int(points) for member, points in told})
        books_then = {member: books.points_of(story, AS_OF).balance_on.get(day, 0) for member, story in members.items()}
        assert {member: found[member] for member in books_then} == books_then


def test_tiers_equal_the_oracle(world: World, members: dict[str, histories.Story]) -> None:
    found = defaultdict[str, list[Step]](list)
    for member, tier, at, reason in world.rows(
        "select mem.identifier_key, tie.tier, tie.valid_from, tie.reason from core.fct_tier_interval as tie inner join "
        "core.dim_member as mem on mem.customer_key = tie.customer_key order by tie.valid_from"
    ):
        found[member].append(Step(tier, at.astimezone(UTC), reason))
    wanted = {
        member: [Step(step.tier, step.at.astimezone(UTC), step.reason) for step in books.tiers_of(story, AS_OF)]
        for member, story in members.items()
    }
    assert [(m, found[m], wanted[m]) for m in wanted if found[m] != wanted[m]][:3] == []
    reasons = [step.reason for steps in wanted.values() for step in steps]
    assert min(reasons.count(reason) for reason in ("reached", "kept", "fell")) > 20


def test_an_expiry_that_forgets_what_was_used_is_told_from_the_right_one(members: dict[str, histories.Story]) -> None:
    """The comparison would prove little if no drawn member could tell a wrong rule."""
    differ = [
        member
        for member, story in members.items()
        if books.points_of(story, AS_OF).lots != books.points_of(story, AS_OF, is_naive=True).lots
    ]
    assert len(differ) > 100
    overdrawn = [member for member, story in members.items() if books.points_of(story, AS_OF).debt]
    assert len(overdrawn) > 20


def test_the_books_agree_with_themselves(world: World) -> None:
    invariants = (
        "assert_points_postings_sum_to_zero",
        "assert_points_lots_agree_with_the_ledger",
        "assert_points_owed_agree_with_the_ledger",
        "assert_no_points_balance_is_below_zero_without_a_reason",
        "assert_tiers_are_judged_to_the_last_day",
    )
    outcome = dbt.invoke(
        world.brand,
        [
            "test",
            "--vars",
            json.dumps(TOLD),
            "--indirect-selection",
            "cautious",
            "--select",
            *invariants,
        ],
    )
    assert outcome.returncode == 0, outcome.stdout[-3000:]
    assert f"{len(invariants)} data tests" in outcome.stdout


@pytest.mark.parametrize("name", LINS)
def test_ms_lin_has_her_points_and_tiers_on_her_dates(world: World, name: str) -> None:
    def balance(day: str) -> int:
        moved = date.fromisoformat(day) + timedelta(days=LINS[name])
        [(points,)] = world.rows(
            "select coalesce(sum(points), 0) from core.fct_points_posting where account = 'customer' "
            f"and identifier_key = '{name}' and posted_date <= '{moved}'"
        )
        return int(points)

    days = ("2025-03-14", "2025-03-15", "2025-04-15", "2025-07-15", "2025-12-06")
    assert [balance(day) for day in days] == [0, 680, 1600, 2150, 3000]
    tiers = world.rows(
        "select tie.tier, tie.valid_from, tie.reason, tie.qualifying_amount from core.fct_tier_interval as tie "
        "inner join core.dim_member as mem on mem.customer_key = tie.customer_key "
        f"where mem.identifier_key = '{name}' order by 2"
    )

    def moment(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=ZONE) + timedelta(days=LINS[name])

    assert tiers == [
        ("Bronze", moment("2025-03-15 15:00"), "reached", 680),
        ("Silver", moment("2025-07-15 21:00"), "reached", 2150),
    ]


@pytest.mark.parametrize("name", LINS)
def test_in_january_ms_lin_is_to_be_reminded(world: World, name: str) -> None:
    [row] = world.rows(
        "select mar.balance_points, mar.is_never_redeemed, mar.tier, mar.next_tier, mar.spend_to_next_tier_amount, "
        "mar.next_expires_date::text from marts.mart_loyalty__member as mar inner join core.dim_member as mem "
        f"on mem.customer_key = mar.customer_key where mem.identifier_key = '{name}'"
    )
    assert row == (3000, True, "Silver", "Gold", 1000, "2026-12-31")
