"""Two members become one customer and part again: points add up, and the tier follows from all the orders."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import pytest

from orchestration.warehouse import connect, dbt
from tests.scenarios.loyalty import histories
from tests.scenarios.world import World, open_world
from tests.workshop import Workshop

AS_OF = "2025-12-31"
TOLD = {"brand": "qinglan", "time_zone": "Asia/Shanghai", "currency": "CNY", "known_at": "", "as_of": AS_OF}
MODELS = ("ftr_customer__points", "ftr_customer__tier", "mart_loyalty__liability")
OLD_CARD = (("2024-11-01 12:00", "900"), ("2025-03-01 12:00", "1200"))
NEW_CARD = (("2025-02-01 12:00", "700"), ("2025-06-01 12:00", "1400"))
Standing = dict[str, tuple[object, ...]]


@pytest.fixture(scope="module")
def world(workshop: Workshop) -> Iterator[World]:
    with open_world(workshop) as found:
        histories.land(
            found,
            {"old": histories.orders_of("o", OLD_CARD), "new": histories.orders_of("n", NEW_CARD)},
        )
        taken = {"reward_id": "mini", "status": "taken", "redeemed_at": "2025-07-01 00:00+00"}
        found.land("loyalty.reward", [{"redemption_id": "r", "member_id_key": "new", "points": "500", **taken}])
        found.build(*MODELS, as_of=AS_OF, brand="qinglan")
        # This brand's people may hold several cards; elsewhere a member id is a person's only one.
        change(found, "update staging.identifier_namespaces set is_unique = false where namespace = 'member_id'")
        yield found


def change(world: World, statement: str) -> None:
    with connect.connect(world.brand.name) as connection:
        assert connection.execute(statement.encode()).rowcount > 0


def build(world: World) -> None:
    """Every model anew, with the references as they stand in the warehouse."""
    select: Sequence[str] = [f"+{name}" for name in MODELS]
    outcome = dbt.invoke(world.brand, ["run", "--vars", json.dumps(TOLD), "--select", *select])
    assert outcome.returncode == 0, outcome.stdout[-3000:]


def standing(world: World) -> Standing:
    """By customer: the member ids, balance, expired points, tier and its reason, spend of the window."""
    return {
        str(customer): tuple(rest)
        for customer, *rest in world.rows(
            "select pts.customer_key, pts.member_count, pts.balance_points, pts.expired_points, tie.tier, "
            "tie.tier_since_date::text, tie.window_amount::int from features.ftr_customer__points as pts "
            "inner join features.ftr_customer__tier as tie on tie.customer_key = pts.customer_key"
        )
    }


def of_accounts(world: World) -> list[tuple[object, ...]]:
    return world.rows(
        "select identifier_key, entry_kind, posted_date::text, points from core.fct_points_posting "
        "where account = 'customer' order by identifier_key, posted_date, entry_kind"
    )


def test_points_and_tiers_follow_a_merge_and_a_split(world: World) -> None:
    apart, accounts = standing(world), of_accounts(world)
    assert apart == {
        "old": (1, 1200, -900, "Silver", "2025-03-01", 1200),
        "new": (1, 1600, 0, "Silver", "2025-06-01", 2100),
    }
    world.land(
        "crm.consent",
        [
            {"member_id_key": card, "phone_key": "one-phone", "changed_at": "2025-08-01 00:00+00"}
            | {"channel": "sms", "purpose": "marketing", "is_granted": "true"}
            for card in ("old", "new")
        ],
    )
    build(world)
    [(customer, together)] = standing(world).items()
    assert customer in apart
    assert together == (2, 2800, -900, "Gold", "2025-06-01", 3300)
    assert of_accounts(world) == accounts, "a merge moves no point between member ids"
    change(world, "delete from raw.raw_crm__consent where member_id_key = 'new'")
    build(world)
    assert standing(world) == apart
    assert of_accounts(world) == accounts
