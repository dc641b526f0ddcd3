"""One stream of every channel: whatever the order of arrival, whoever two people turn out to be, nothing is lost."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from orchestration.warehouse.fingerprint import fingerprint
from tests.scenarios.world import World, open_world
from tests.workshop import Workshop

MODELS = ("fct_response", "fct_journey_interval")
TABLES = ("core.fct_event", "core.fct_response", "core.fct_journey_interval")
DAY = "2025-06-30"
Told = tuple[str, dict[str, Any]]


def page(number: int, at: str, event: str = "page_view", **more: str) -> Told:
    return "web.event", {
        "event_id": f"w{number}",
        "event_name": event,
        "event_at": at,
        "cookie_id_key": "browser",
        **more,
    }


def sold(order: str, at: str, member: str, amount: str) -> Told:
    line = {"order_line_id": "1", "store_id": "s1", "product_id": "oil", "quantity": "1"}
    return "pos.order_line", {
        "order_id": order,
        "ordered_at": at,
        "member_id_key": member,
        "sales_amount": amount,
        **line,
    }


def bound(status: str, at: str) -> Told:
    keys = {"shop_id": "q", "ouid_key": "lin-at-tmall", "member_id_key": "lin"}
    return "tmall.member_binding", {"status": status, "bound_at": at, **keys}


STORY: list[Told] = [
    page(1, "2025-03-01 10:00+08"),
    page(2, "2025-03-01 10:20+08", "search"),
    page(3, "2025-03-01 10:51+08", "view_item"),
    page(4, "2025-03-05 10:00+08", "login", member_id_key="lin"),
    ("sms.send", {"message_id": "m1", "phone_key": "p", "sent_at": "2025-04-15 10:00+08", "campaign_id": "C1"}),
    (
        "sms.receipt",
        {"message_id": "m1", "phone_key": "p", "is_delivered": "true", "reported_at": "2025-04-15 10:01+08"},
    ),
    (
        "sms.click",
        {"click_id": "k1", "link_id": "L", "phone_key": "p", "message_id": "m1", "clicked_at": "2025-04-15 11:00+08"},
    ),
    ("crm.member", {"member_id_key": "lin", "phone_key": "p", "registered_at": "2025-03-05 09:59+08"}),
    page(5, "2025-04-15 11:01+08", link_id="L"),
    sold("r1", "2025-03-15 15:00+08", "lin", "680.00"),
    sold("r2", "2025-04-16 15:00+08", "lin", "100.00"),
    sold("r3", "2025-04-17 15:00+08", "wu", "50.00"),
    (
        "tmall.message",
        {"message_id": "t1", "shop_id": "q", "ouid_key": "lin-at-tmall", "direction": "inbound"}
        | {"sent_at": "2025-04-20 10:00+08"},
    ),
    bound("bind", "2025-04-21 10:00+08"),
]


@dataclass(frozen=True)
class Outcome:
    """Tables as they came out of the story in its order, and of the same story otherwise; the stream after a split."""

    in_order: dict[str, str]
    otherwise: dict[str, str]
    events: list[tuple[Any, ...]]
    responses: list[tuple[Any, ...]]
    stages: list[tuple[Any, ...]]
    after_split: list[tuple[Any, ...]]


EVENTS = """
    select source_record, customer_key, event_type, value_amount::text, session_id is not null,
        first_value(source_record) over (partition by coalesce(session_id, event_id) order by event_at)
    from core.fct_event where contract <> 'tmall.member_binding' order by event_at, event_id
"""
RESPONSES = """
    select ans.source_record, msg.source_record, matched_by, res.campaign_id
    from core.fct_response as res inner join core.fct_event as ans using (event_id)
    inner join core.fct_event as msg on msg.event_id = res.message_event_id order by ans.event_at
"""
STAGES = """
    select journey_stage, valid_from::date::text, reason from core.fct_journey_interval
    where customer_key = (select customer_key from core.fct_event where source_record = 'r1') order by valid_from
"""


def land(world: World, told: list[Told], *, at: str) -> None:
    for contract in dict.fromkeys(contract for contract, _ in told):
        world.land(contract, [row for name, row in told if name == contract], at=at)


def built(world: World) -> dict[str, str]:
    world.build(*MODELS, as_of=DAY)
    return {
        item.relation: f"{item.rows} {item.hash}" for item in fingerprint(world.brand.name) if item.relation in TABLES
    }


@pytest.fixture(scope="module")
def outcome(workshop: Workshop) -> Iterator[Outcome]:
    draw = random.Random(3)
    with open_world(workshop) as world:
        land(world, STORY, at="2025-07-01 00:00+00")
        in_order = built(world)
        events, responses, stages = (world.rows(query) for query in (EVENTS, RESPONSES, STAGES))
        world.clear()
        for number in range(1, 4):
            land(world, draw.sample(STORY, k=9), at=f"2025-07-0{number} 00:00+00")
        land(world, draw.sample(STORY, k=len(STORY)), at="2025-07-04 00:00+00")
        otherwise = built(world)
        land(world, [bound("unbind", "2025-05-01 10:00+08")], at="2025-07-05 00:00+00")
        built(world)
        yield Outcome(in_order, otherwise, events, responses, stages, world.rows(EVENTS))


def test_shuffled_doubled_and_late_batches_tell_the_same_stream(outcome: Outcome) -> None:
    assert set(outcome.in_order) == set(TABLES)
    assert outcome.otherwise == outcome.in_order


def test_what_a_browser_did_before_the_login_is_the_persons(outcome: Outcome) -> None:
    owners = {row[0]: row[1] for row in outcome.events}
    assert {owners[f"w{number}"] for number in range(1, 6)} == {owners["r1"]}
    assert owners["t1"] == owners["r1"] != owners["r3"]


def test_pages_half_an_hour_apart_are_two_visits(outcome: Outcome) -> None:
    visits = {row[0]: row[5] for row in outcome.events if row[4]}
    assert (visits["w1"], visits["w2"], visits["w3"]) == ("w1", "w1", "w3")
    assert not [row for row in outcome.events if row[2] in {"message_sent", "message_delivered"} and row[4]]


def test_the_click_the_page_behind_it_and_the_purchase_answer_the_message(outcome: Outcome) -> None:
    messages = {message for _, message, _, _ in outcome.responses}
    assert len(messages) == 1
    assert [(how, campaign) for _, _, how, campaign in outcome.responses] == [
        ("message", "C1"),
        ("link", "C1"),
        ("nothing", "C1"),
    ]


def test_a_journey_goes_forward_only(outcome: Outcome) -> None:
    assert outcome.stages == [
        ("interest", "2025-03-01", "page_view"),
        ("purchase", "2025-03-15", "purchase"),
    ]


def test_a_split_moves_touches_and_loses_none(outcome: Outcome) -> None:
    before = {row[0]: (row[2], row[3]) for row in outcome.events}
    after = {row[0]: (row[2], row[3]) for row in outcome.after_split}
    assert after == before
    owners = {row[0]: row[1] for row in outcome.after_split}
    assert owners["t1"] != owners["r1"]
    assert owners["w1"] == owners["r1"]
