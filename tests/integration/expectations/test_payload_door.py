"""The payload door: a plan and a backlog of usual size are green, floods and broken messages are red."""

from __future__ import annotations

import pytest

from tests.integration.expectations.kit import Desk
from tests.integration.expectations.sound_tables import CUSTOMERS

PLAN = "activation.act_contact_plan"
WAITING = "ops.operation"


def names(found: list[dict[str, object]]) -> list[object]:
    return [item["name"] for item in found]


def test_usual_plan_is_green_and_measured(desk: Desk) -> None:
    desk.built()
    desk.build()
    verdict = desk.judge(PLAN)
    assert verdict.is_green, verdict.summary
    assert verdict.evidence["observed"]["messages"] == 120


def test_empty_plan_is_green(desk: Desk) -> None:
    desk.built()
    desk.run(f"truncate {PLAN}")
    desk.build()
    assert desk.judge(PLAN).is_green


FAULTS = {
    "a plan for half the town": (
        f"""
        insert into {PLAN} (customer_key, outcome, payload)
        select 'more' || num, 'send', '{{}}' from generate_series(1, {CUSTOMERS // 2}) as num
        """,
        ["audience_share"],
    ),
    "a policy that stops nobody": (f"delete from {PLAN} where outcome = 'suppressed'", ["send_share"]),
    "a document in a message": (
        f"update {PLAN} set payload = '{{\"text\": \"' || repeat('x', 5000) || '\"}}' where customer_key = 'c9'",
        ["longest_payload"],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_in_the_plan_is_red(desk: Desk, fault: str) -> None:
    statement, expected = FAULTS[fault]
    desk.built()
    desk.build()
    desk.run(statement)
    verdict = desk.judge(PLAN)
    assert names(verdict.evidence["failed"]) == expected, verdict.summary


def test_few_messages_are_no_flood(desk: Desk) -> None:
    """A small brand writes to all three of its customers, and to nobody else: no share of three says anything."""
    desk.built()
    desk.run(f"delete from {PLAN} where customer_key not in ('c1', 'c2', 'c3')")
    desk.run("delete from marts.mart_customer__single_view where customer_key not in ('c1', 'c2', 'c3')")
    desk.build()
    assert desk.judge(PLAN).is_green


def test_plan_far_above_earlier_days_is_red(desk: Desk) -> None:
    desk.built()
    desk.run("insert into marts.mart_customer__single_view (has_email) select true from generate_series(1, 2000)")
    for day in (1, 2, 3):
        desk.build(as_of=f"2024-01-{day:02d}")
        assert desk.judge(PLAN).is_green
    desk.run(
        f"insert into {PLAN} (customer_key, outcome, payload) "
        "select 'more' || num, 'send', '{}' from generate_series(1, 250) as num"
    )
    desk.build()
    verdict = desk.judge(PLAN)  # 370 messages of 2,400 reachable customers, where 120 are usual
    assert names(verdict.evidence["failed"]) == ["messages"]


def test_usual_backlog_is_green(desk: Desk) -> None:
    desk.built()
    desk.build()
    for number in range(3):
        desk.operation(number=number)
        desk.operation(number=number, address="same")
    assert desk.judge(WAITING).is_green


def test_queue_for_one_address_is_red(desk: Desk) -> None:
    desk.built()
    desk.build()
    for number in range(4):
        desk.operation(number=number, address="same")
    assert names(desk.judge(WAITING).evidence["failed"]) == ["messages_for_one"]


def test_rehearsals_do_not_wait(desk: Desk) -> None:
    desk.built()
    desk.build()
    for number in range(4):
        desk.operation(number=number, address="same", delivery="dry_run")
    assert desk.judge(WAITING).is_green


def test_message_without_content_is_red(desk: Desk) -> None:
    desk.built()
    desk.build()
    desk.operation(number=1, has_content=False)
    assert names(desk.judge(WAITING).evidence["failed"]) == ["messages_without_content"]


def test_backlog_for_half_the_town_is_red(desk: Desk) -> None:
    desk.built()
    desk.build()
    desk.operation(number=0)
    desk.run(
        """
        insert into ops.operation (
            op_id, run_id, sync_id, campaign_id, candidate, identifier_key, channel, purpose, kind, occasion_key,
            idem_key, delivery, state, as_of, business_at, recorded_at
        )
        select
            gen_random_uuid(), run_id, sync_id, campaign_id, candidate, 'other' || num, channel, purpose, kind,
            'p' || num, 'k' || num, delivery, state, as_of, business_at, recorded_at
        from ops.operation cross join generate_series(1, 250) as num
        """
    )
    desk.run(
        "insert into ops.desired_member select op_id, 's', 'a', 'c', '{}' from ops.operation on conflict do nothing"
    )
    assert names(desk.judge(WAITING).evidence["failed"]) == ["waiting_share"]
