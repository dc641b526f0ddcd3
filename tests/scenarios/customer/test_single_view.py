"""A household in one warehouse: what is known of one person never becomes another's, and rules are data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from subprocess import CompletedProcess

import pytest

from orchestration.warehouse import connect, dbt
from tests.scenarios.world import World, open_world
from tests.workshop import Workshop

HOME = {"address_key": "one-door", "phone_key": "family-phone"}
LIN = {"gender": "female", "birthday": "1991-08-19", "is_lunar_birthday": "true", "skin_type": "dry"}
HUSBAND = {"gender": "male", "home_city": "Hangzhou", "full_name_key": "wang"}
MODELS = ("mart_customer__single_view", "mart_customer__trait", "mart_customer__product")


@pytest.fixture(scope="module")
def world(workshop: Workshop) -> Iterator[World]:
    with open_world(workshop) as found:
        tell(found)
        found.build(*MODELS, as_of="2025-06-30")
        yield found


def tell(world: World) -> None:
    """Ms. Lin and her husband, each with a card, at one door and with one number; what each bought and agreed to."""
    world.land("crm.member", [{"member_id_key": "lin", "email_key": "lin-mail", **HOME, **LIN}])
    world.land("crm.member", [{"member_id_key": "husband", **HOME, **HUSBAND}], at="2025-02-01 00:00+00")
    lead = {"lead_source": "hotline", "status": "new", "created_at": "2025-03-01 00:00+00", "full_name_key": "someone"}
    world.land("lead.lead", [{"lead_id": "1", "phone_key": "family-phone", **lead}])
    granted = {"channel": "email", "purpose": "marketing", "is_granted": "true", "changed_at": "2025-03-01 00:00+00"}
    world.land("crm.consent", [{"email_key": "lin-mail", **granted}])
    world.land("catalogue.product", [{"product_id": "cream", "category": "care", "package_size": "50 ml"}])
    world.land("pos.order_line", [receipt("lin", day) for day in ("2025-04-01", "2025-05-01", "2025-06-01")])
    world.land("pos.order_line", [receipt("husband", "2025-05-02")])


def receipt(who: str, day: str) -> dict[str, str]:
    amounts = {"quantity": "1", "sales_amount": "60.00", "retail_discount_amount": "6.00"}
    at = {"order_id": f"{who} {day}", "order_line_id": "1", "ordered_at": f"{day} 04:00+00", "store_id": "s1"}
    return {"member_id_key": who, "product_id": "cream", **at, **amounts}


def of_member(world: World, member: str, columns: str) -> tuple[object, ...]:
    """Columns of the single view of whoever holds this member card."""
    [row] = world.rows(
        f"select {columns} from marts.mart_customer__single_view as scv inner join core.bridge_customer_identifier "
        f"as bri on bri.customer_key = scv.customer_key where bri.identifier_key = '{member}'"
    )
    return row


def run(world: World, *select: str) -> CompletedProcess[str]:
    """Make the selected models anew from the references as they stand in the warehouse."""
    told = {"brand": world.brand.name, "time_zone": world.brand.file.time_zone, "currency": "CNY", "known_at": ""}
    told_as_of = json.dumps({**told, "as_of": "2025-06-30"})
    return dbt.invoke(world.brand, ["run", "--vars", told_as_of, "--select", *select])


def change(world: World, statement: str) -> None:
    with connect.connect(world.brand.name) as connection:
        assert connection.execute(statement.encode()).rowcount == 1


def test_a_shared_number_and_door_carry_no_trait_from_one_to_the_other(world: World) -> None:
    columns = "gender, birthday::text, is_lunar_birthday, skin_type, home_city, full_name_key"
    assert of_member(world, "lin", columns) == ("female", "1991-08-19", True, "dry", None, None)
    assert of_member(world, "husband", columns) == ("male", None, None, None, "Hangzhou", "wang")


def test_who_said_a_trait_and_when_is_told(world: World) -> None:
    told = "select trait, contract, source, _loaded_at::date::text from marts.mart_customer__trait"
    assert world.rows(f"{told} where trait_value = 'Hangzhou'") == [("home_city", "crm.member", "told", "2025-02-01")]


def test_the_single_view_says_what_a_marketer_asks_first(world: World) -> None:
    columns = (
        "favourite_category, favourite_store_id, preferred_channel, discounted_share, remembered_sizes, "
        "reachable_channels, tags"
    )
    assert of_member(world, "lin", columns) == (
        *("care", "s1", "store", 1, '{"care": "50 ml"}', "email"),
        "bargain_hunter regular",
    )
    assert of_member(world, "husband", "reachable_channels, tags") == (None, "bargain_hunter new_customer overdue")


def test_another_rule_gives_another_survivor_without_code(world: World) -> None:
    world.land("crm.member", [{"member_id_key": "lin", "skin_type": "oily"}], source="till", at="2025-05-01 00:00+00")
    built = ("stg_crm__member", "int_customer__trait_teller", "int_customer__trait_statement", "int_customer__trait")
    values = "select trait_value, source, value_count from staging.int_customer__trait where trait = 'skin_type'"
    assert run(world, *built).returncode == 0
    assert world.rows(values) == [("oily", "till", 2)]
    change(world, "update staging.trait_rules set keep = 'earliest' where trait = 'skin_type'")
    assert run(world, "int_customer__trait").returncode == 0
    assert world.rows(values) == [("dry", "told", 2)]


FAULTS = {
    "fact = 'order_cuont'": "nobody tells the fact 'order_cuont'. Use one of order_count",
    "comparison = 'above'": "'above' is no comparison. Use at_least, at_most or equals",
    "threshold = 'three'": "the threshold 'three' is no number",
    "fact = 'recency_days', comparison = 'at_most'": "recency_days grows by itself",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_tag_that_nobody_can_judge_stops_the_build_by_name(world: World, fault: str) -> None:
    change(world, f"update staging.customer_tags set {fault} where tag = 'regular'")
    outcome = run(world, "mart_customer__tag")
    change(
        world,
        "update staging.customer_tags set fact = 'order_count', comparison = 'at_least', threshold = '3' "
        "where tag = 'regular'",
    )
    assert outcome.returncode != 0
    said = " ".join(outcome.stdout.split())
    assert f"seeds/customer_tags.csv, brand *, tag regular: {FAULTS[fault]}" in said, said[-3000:]
