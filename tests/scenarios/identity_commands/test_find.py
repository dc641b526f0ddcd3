"""Who is it: one look-up by whatever somebody gives, with purchases, vouchers, consent, cases, tier and points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from orchestration.warehouse import connect
from tests.scenarios.identity_commands.people import LAST_DAY, Ran, clear_values, done_build, key, printed, touchstream
from tests.scenarios.world import World, open_world
from tests.workshop import Workshop

LIN, PHONE, OPENID = "member_id:lin", "phone:13917001234", "wechat_openid:wx1:o-lin"
RECYCLED = "phone:13800000009"
MODELS = (
    "mart_customer__single_view",
    *("stg_voucher__piece", "stg_service__case", "stg_loyalty__points", "channel_addresses", "channels"),
    *("int_identity__quarantined_link", "dim_product"),
)
OIL = {"order_line_id": "1", "product_id": "oil", "quantity": 1, "sales_amount": "680.00", "store_id": "s1"}


def consent(channel: str, day: int, *, is_granted: bool, **keys: str) -> dict[str, Any]:
    at = f"2025-03-0{day} 10:00+08"
    return {"channel": channel, "purpose": "marketing", "is_granted": is_granted, "changed_at": at, **keys}


def land(world: World) -> None:
    lin, phone, openid = key(LIN), key(PHONE), key(OPENID)
    world.land("crm.member", [{"member_id_key": lin, "phone_key": phone, "registered_at": "2025-03-01 10:00+08"}])
    world.land(
        "crm.consent",
        [
            consent("sms", 2, is_granted=True, member_id_key=lin),
            consent("sms", 3, is_granted=False, phone_key=phone),
            consent("email", 2, is_granted=True, member_id_key=lin, email_key=key("email:lin@qq.com")),
            consent("wechat", 2, is_granted=True, app_id="wx1", openid_key=openid, member_id_key=lin),
            consent("sms", 2, is_granted=True, member_id_key=key("member_id:wu"), phone_key=key(RECYCLED)),
            consent("email", 4, is_granted=True, member_id_key=key("member_id:next"), phone_key=key(RECYCLED)),
        ],
    )
    world.land("catalogue.product", [{"product_id": "oil", "product_name": "Essential oil"}])
    world.land(
        "pos.order_line",
        [
            {**OIL, "order_id": "o1", "ordered_at": "2025-03-04 12:00+08", "member_id_key": lin},
            {**OIL, "order_id": "o2", "ordered_at": "2025-03-05 12:00+08", "member_id_key": lin},
            {**OIL, "order_id": "o3", "ordered_at": "2025-03-05 12:00+08", "member_id_key": key("member_id:wu")},
        ],
    )
    land_customer_systems(world, lin, phone, openid)


def land_customer_systems(world: World, lin: str, phone: str, openid: str) -> None:
    piece = {"voucher_id": "spa", "voucher_type": "service", "issued_at": "2025-03-02 12:00+08"}
    world.land(
        "voucher.piece",
        [
            {**piece, "piece_id": "p1", "openid_key": openid, "redeemed_at": "2025-03-04 12:00+08"},
            {**piece, "piece_id": "p2", "phone_key": phone, "expires_at": "2025-03-05 12:00+08"},
            {**piece, "piece_id": "p3", "member_id_key": lin, "expires_at": "2025-05-01 12:00+08"},
        ],
    )
    case = {"channel": "hotline", "phone_key": phone, "told_count": 2, "opened_at": "2025-03-06 12:00+08"}
    world.land(
        "service.case",
        [{**case, "case_id": "c1", "status": "open"}, {**case, "case_id": "c2", "status": "solved"}],
    )
    entry = {"member_id_key": lin, "entry_type": "earn", "posted_at": "2025-03-04 12:00+08"}
    world.land(
        "loyalty.points",
        [
            {**entry, "entry_id": "e1", "points": 680},
            {**entry, "entry_id": "e2", "points": -80, "entry_type": "redeem"},
        ],
    )


def opted_out(world: World, identifier: str, channel: str) -> None:
    with connect.connect(world.brand.name) as connection:
        connection.execute(
            "insert into ops.batch (batch_id, source, contract, name, landed, accepted, duplicate, quarantined, "
            "source_columns, unmapped_columns, loaded_at) "
            "values ('b1', 'told', 'email.event', 'a', 1, 1, 0, 0, '{}', '{}', now())"
        )
        connection.execute(
            "insert into ops.suppression values ('s1', %s, %s, 'all', true, '2025-03-06 00:00+00', 'b1', now())",
            (key(identifier), channel),
        )


@pytest.fixture(scope="module")
def shop(workshop: Workshop) -> Iterator[World]:
    with open_world(workshop) as world:
        land(world)
        clear_values(world, (LIN, PHONE, OPENID, "email:lin@qq.com", "member_id:wu"))
        world.build(*MODELS, as_of=str(LAST_DAY))
        done_build(world)
        opted_out(world, "email:lin@qq.com", "email")
        yield world


def find(world: World, *words: str) -> Ran:
    return touchstream(world, "customer", "find", *words)


def test_one_look_up_tells_all_that_is_known_as_the_documentation_prints_it(shop: World) -> None:
    ((words, lines),) = printed("customer")
    found = touchstream(shop, *words)
    assert found.code == 0, found.out
    assert found.out.splitlines() == lines


@pytest.mark.parametrize(
    "words",
    [
        ("--phone", "+86 139-1700-1234"),
        ("--phone", "008613917001234"),
        ("--email", " Lin@QQ.com"),
        ("--member-id", "lin"),
        ("--openid", "wx1:o-lin"),
        ("--openid", "o-lin"),
        ("--identifier", "phone:139 1700 1234"),
        ("--identifier", key(LIN)),
    ],
)
def test_whoever_gives_whatever_is_the_same_customer(shop: World, words: tuple[str, ...]) -> None:
    found = find(shop, *words, "--json").json
    assert found["identity"]["customer"]["identifier_key"] == key(LIN)
    assert (found["purchases"]["count"], found["points"], found["tiers"]) == (2, 600, None)


def test_what_is_none_and_what_is_not_known_are_two_things(shop: World) -> None:
    found = find(shop, "--member-id", "wu").lines
    assert "vouchers: none" in found
    assert "open cases: none" in found
    assert "points: 0" in found
    assert "tier: not known: no table of this warehouse says" in found


def test_a_number_that_changed_hands_is_no_address(shop: World) -> None:
    found = find(shop, "--member-id", "wu").lines
    assert "SMS: no address; marketing: yes; may not get advertising" in found
    told = find(shop, "--phone", "13800000009", "--json").json["identity"]
    assert told["customer"]["identifier_key"] == key("member_id:wu")
    assert [held["now_held_by"] is not None for held in told["identifiers"]] == [False, True]


def test_only_as_many_orders_as_asked_for_are_shown(shop: World) -> None:
    found = find(shop, "--member-id", "lin", "--orders", "1", "--json").json["purchases"]
    assert [order["order_id"] for order in found["newest"]] == ["o2"]
    assert found["newest"][0]["items"] == [{"product": "Essential oil", "quantity": 1, "amount": "680.00"}]


def test_under_a_role_without_the_vault_the_card_has_tokens_and_says_so(shop: World) -> None:
    found = find(shop, "--phone", "13917001234", "--role", "reader")
    assert found.code == 0
    assert "13917001234" not in found.out
    assert "lin@qq.com" not in found.out
    assert "clear values need a role that may read the vault, --role support" in found.out
    assert "purchases: 2, 1360.00 CNY" in found.out


@pytest.mark.parametrize("words", [(), ("--phone", "13917001234", "--member-id", "lin")])
def test_exactly_one_thing_is_to_be_given(shop: World, words: tuple[str, ...]) -> None:
    found = find(shop, *words)
    assert found.code == 2
    assert "give exactly one of" in " ".join(found.out.replace("│", " ").split())


def test_a_timeline_before_the_stream_was_built_says_what_to_do(people: World) -> None:
    found = touchstream(people, "customer", "show", "member_id:lin")
    assert found.code == 1
    assert "no event stream yet" in found.out
    assert f"run `touchstream --brand {people.brand.name} build`" in found.out
