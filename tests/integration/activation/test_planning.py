"""Planning: everything in one transaction, nothing twice, nothing from a plan that is not today's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from orchestration.activation.delivery import Delivery
from orchestration.activation.errors import GateClosed, PlanRefused
from tests.integration.activation.kit import Room, once
from tests.integration.activation.stand_ins import AS_OF, MovedClock, address_of, key_of

NEXT_DAY = AS_OF + timedelta(days=1)


def test_every_candidate_has_one_decision_and_every_send_an_intent_with_its_content(room: Room) -> None:
    room.build()
    room.people(3)
    room.person(3, outcome="suppressed", reason="no_consent")
    room.person(4, outcome="suppressed", reason="frequency_cap")
    result = room.plan()
    run = result.runs[0]
    assert (run.candidates, run.send, run.added) == (5, 3, 3)
    assert run.suppressed == {"no_consent": 1, "frequency_cap": 1}
    assert room.rows("select outcome, reason, count(*) from ops.decision group by 1, 2 order by 1, 2") == [
        ("send", "planned", 3),
        ("suppressed", "frequency_cap", 1),
        ("suppressed", "no_consent", 1),
    ]
    assert room.rows("select distinct purpose, channel, kind, delivery, state from ops.operation") == [
        ("marketing", "email", "send", "live", "pending")
    ]
    assert room.rows(
        "select count(*), count(mem.op_id), min(mem.content_key), min(mem.payload ->> 'purchase_cycle_days')"
        " from ops.operation left join ops.desired_member as mem using (op_id)"
    ) == [(3, 3, "win_back", "21")]
    assert room.rows("select count(*) from ops.operation_identifier") == [(6,)]
    assert room.rows("select counts from ops.sync_run") == [
        ({"candidates": 5, "send": 3, "added": 3, "suppressed": {"frequency_cap": 1, "no_consent": 1}},)
    ]


def test_what_was_decided_on_is_dated_by_the_end_of_the_day_in_the_brands_zone(room: Room) -> None:
    room.build()
    room.people(1)
    clock = MovedClock()
    room.plan(clock=clock)
    end = datetime(2018, 1, 1, 5, tzinfo=UTC) - timedelta(microseconds=1)
    ((business_at, valid_until),) = room.rows("select business_at, valid_until from ops.operation")
    assert business_at == end
    assert abs(valid_until - clock.now() - timedelta(days=14)) < timedelta(minutes=1)


def test_ids_are_the_same_whenever_the_plan_is_written(room: Room) -> None:
    def ids() -> list[tuple[object, ...]]:
        return room.rows("select op_id, idem_key from ops.operation order by op_id")

    room.build()
    room.people(4)
    room.plan()
    first = ids()
    room.reset()
    room.build()
    room.people(4)
    room.plan()
    assert ids() == first


def test_a_new_build_of_the_same_day_adds_nothing(room: Room) -> None:
    room.build()
    room.people(4)
    room.plan()
    room.dispatch()
    room.build()
    assert room.plan().added == 0
    assert room.dispatch().sent == 0
    assert room.delivered() == once(4)
    assert room.rows("select count(*) from ops.sync_run") == [(2,)]
    assert room.rows("select count(*) from ops.decision") == [(4,)]


@pytest.mark.parametrize(
    "verdicts", [{}, {"landing": "green", "dbt_tests": "green", "marts": "red", "payload": "green"}]
)
def test_nothing_is_planned_behind_a_closed_gate(room: Room, verdicts: dict[str, str]) -> None:
    room.build(gates=verdicts)
    room.people(2)
    with pytest.raises(GateClosed, match=f"build {room.build_id}"):
        room.plan()
    assert room.states() == {}


def test_a_build_that_is_not_the_newest_is_not_planned_from(room: Room) -> None:
    old = room.build()
    room.people(1)
    room.build()
    room.build_id = old
    with pytest.raises(GateClosed, match="not the newest"):
        room.plan()


def test_a_plan_of_another_day_is_refused(room: Room) -> None:
    room.build(as_of=NEXT_DAY)
    room.people(1)
    with pytest.raises(PlanRefused, match="2017-12-31"):
        room.plan(as_of=NEXT_DAY)


def test_a_day_older_than_one_that_was_served_is_refused(room: Room) -> None:
    room.build(as_of=NEXT_DAY)
    room.people(1, as_of=NEXT_DAY)
    room.plan(as_of=NEXT_DAY)
    room.rows("update activation.act_contact_plan set as_of = %s returning 1", AS_OF)
    room.build()
    with pytest.raises(PlanRefused, match="older"):
        room.plan()
    assert room.plan(delivery="dry_run").added == 1  # rehearsals of the past stay possible


def test_a_day_without_candidates_is_a_run_all_the_same(room: Room) -> None:
    room.build()
    assert room.plan().candidates == 0
    assert room.rows("select sync_id, as_of, state from ops.sync_run") == [("win_back__email", AS_OF, "approved")]


def test_candidates_of_a_channel_nobody_serves_are_suppressed_and_said_so(room: Room) -> None:
    room.build()
    room.people(2)
    room.rows("update activation.act_contact_plan set channel = 'sms' returning 1")
    room.rows("update activation.act_campaign_channel set channel = 'sms' returning 1")
    run = room.plan().runs[0]
    assert (run.send, run.suppressed, run.candidates) == (0, {"no_destination": 2}, 2)
    assert room.states() == {}


def test_a_message_under_another_address_for_the_same_occasion_refuses_the_whole_plan(room: Room) -> None:
    room.build()
    room.people(2)
    room.plan()
    room.rows(
        "update activation.act_contact_plan set identifier_key = %s where customer_key = %s returning 1",
        key_of("new@reader.example"),
        key_of("member 0"),
    )
    room.person(2)
    room.build()
    with pytest.raises(PlanRefused, match="under another address"):
        room.plan()
    assert room.states() == {"pending": 2}


def test_customers_merged_since_are_still_known_by_each_of_their_identifiers(room: Room) -> None:
    room.build()
    room.people(2)
    room.plan()
    # The two turn out to be one person: one candidate with the identifiers of both.
    room.rows("delete from activation.act_contact_plan where customer_key = %s returning 1", key_of("member 1"))
    room.rows("update activation.act_contact_identifier set customer_key = %s returning 1", key_of("member 0"))
    room.rows("update activation.act_contact_plan set identifier_key = %s returning 1", key_of("third@reader.example"))
    room.build()
    with pytest.raises(PlanRefused):
        room.plan()


@pytest.mark.parametrize(
    ("in_file", "asked", "given"),
    [
        ("live", "live", "live"),
        ("live", "dry_run", "dry_run"),
        ("dry_run", "live", "dry_run"),
        ("test", "live", "test"),
        ("live", "test", "test"),
    ],
)
def test_a_message_goes_no_further_than_both_keys_allow(
    room: Room, in_file: Delivery, asked: Delivery, given: Delivery
) -> None:
    room.write_brand(delivery=in_file)
    room.build()
    room.people(1)
    assert room.plan(delivery=asked).runs[0].delivery == given
    assert room.rows("select delivery from ops.operation") == [(given,)]


def test_a_rehearsal_is_whole_every_day_and_takes_nothing_from_the_live_run(room: Room) -> None:
    for day in (date(2017, 12, 30), AS_OF):
        room.rows("delete from activation.act_contact_plan returning 1")
        room.people(2, as_of=day)
        room.build(as_of=day)
        assert room.plan(delivery="dry_run", as_of=day).added == 2
        room.dispatch(delivery="dry_run")
    assert room.plan().added == 2
    assert room.dispatch().sent == 2
    assert room.rows("select delivery, state, count(*) from ops.operation group by 1, 2 order by 1") == [
        ("dry_run", "cancelled", 4),
        ("live", "acked", 2),
    ]


def test_two_destinations_of_one_channel_are_refused(room: Room) -> None:
    room.build()
    path = room.brand.path
    path.write_text(path.read_text() + '\n[destinations.other]\nkind = "smtp"\nfrom_address = "a@b.example"\n')
    with pytest.raises(PlanRefused, match="email, other all serve email"):
        room.plan()


def test_address_of_is_not_in_the_ledger(room: Room) -> None:
    room.build()
    room.people(1)
    room.plan()
    for table in ("operation", "operation_identifier", "desired_member", "decision", "sync_run"):
        assert room.rows(f"select 1 from ops.{table} as one where one::text like %s", f"%{address_of(0)}%") == []
