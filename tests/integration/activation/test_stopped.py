"""What stops a message after it was planned: a no, a gate, a switch, a setting, a rehearsal, a lease."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from orchestration.activation.errors import ActivationError, ContentError, GateClosed
from orchestration.activation.ledger import Ledger
from orchestration.activation.status import sync_status
from simulator.smtp_gateway import Fault
from tests.integration.activation.kit import Room, once
from tests.integration.activation.stand_ins import MovedClock, address_of, key_of

NOON = datetime(2017, 12, 31, 12, tzinfo=UTC)


def test_an_opt_out_that_lands_after_planning_is_honoured(planned: Room) -> None:
    planned.opt_out(key_of(address_of(1)))
    planned.opt_out(key_of("member 2"), channel="all")
    result = planned.dispatch()
    assert result.destinations[0].did == {"suppressed": 2, "accepted": 2}
    assert set(planned.delivered()) == {address_of(0), address_of(3)}


def test_an_opt_out_under_an_identifier_that_is_neither_address_nor_key_is_honoured(room: Room) -> None:
    room.build()
    room.people(2)
    room.rows(
        "insert into activation.act_contact_identifier values (%s, %s) returning 1",
        key_of("member 1"),
        key_of("phone 1"),
    )
    room.plan()
    room.opt_out(key_of("phone 1"))
    room.dispatch()
    assert room.delivered() == once(1)


@pytest.mark.parametrize(
    ("words", "is_sent"),
    [
        ([("email", True, 0), ("email", False, 1)], True),
        ([("email", False, 0), ("email", True, 1)], False),
        ([("email", False, 0), ("email", True, 0)], False),
        ([("all", True, 0), ("email", False, 1)], True),
        ([("sms", True, 0)], True),
    ],
    ids=[
        "yes after no",
        "no after yes",
        "both at once",
        "yes for this channel after no to all",
        "no to another channel",
    ],
)
def test_the_newest_word_of_an_identifier_holds(
    planned: Room, words: list[tuple[str, bool, int]], *, is_sent: bool
) -> None:
    for channel, said_no, minutes in words:
        planned.opt_out(key_of(address_of(0)), channel=channel, said=said_no, at=NOON + timedelta(minutes=minutes))
    planned.dispatch()
    assert (address_of(0) in planned.delivered()) is is_sent


def test_a_yes_under_one_identifier_does_not_undo_a_no_under_another(planned: Room) -> None:
    planned.opt_out(key_of("member 0"), at=NOON)
    planned.opt_out(key_of(address_of(0)), said=False, at=NOON + timedelta(days=1))
    planned.dispatch()
    assert address_of(0) not in planned.delivered()


def test_a_dry_run_renders_and_checks_every_message_and_opens_no_connection(room: Room) -> None:
    room.write_brand(port=1)
    room.build()
    room.people(3)
    room.person(3, address="nobody")
    room.plan(delivery="dry_run")
    result = room.dispatch(delivery="dry_run")
    assert result.destinations[0].did == {"cancelled": 3, "dead": 1}
    assert result.destinations[0].trouble is None
    assert room.rows("select distinct error_code from ops.operation where state = 'cancelled'") == [("dry_run",)]
    assert room.rows("select count(*) from ops.send_batch") == [(0,)]


def test_a_test_run_reaches_its_list_alone(room: Room) -> None:
    room.write_brand(delivery="test", test_recipients=[address_of(1).upper()])
    room.build()
    room.people(3)
    room.plan()
    room.dispatch()
    assert room.delivered() == {address_of(1): 1}
    assert room.rows("select state, error_code, count(*) from ops.operation group by 1, 2 order by 1") == [
        ("acked", None, 1),
        ("cancelled", "not_a_test_recipient", 2),
    ]


def test_a_dispatch_takes_only_what_was_planned_for_its_delivery(planned: Room) -> None:
    planned.dispatch(delivery="dry_run")
    assert planned.states() == {"pending": 4}


@pytest.mark.parametrize("gate", ["landing", "dbt_tests", "marts", "payload"])
def test_a_gate_that_turns_red_after_planning_stops_the_send(planned: Room, gate: str) -> None:
    planned.judge(gate, "red")
    with pytest.raises(GateClosed, match=f"{gate} red"):
        planned.dispatch()
    assert planned.states() == {"pending": 4}
    planned.judge(gate, "green")
    assert planned.dispatch().sent == 4


@pytest.mark.parametrize(
    ("state", "gates", "told"),
    [("running", None, "is running"), ("failed", None, "is failed"), ("done", {}, "not judged")],
)
def test_a_newer_build_that_is_not_green_stops_the_send(
    planned: Room, state: str, gates: Mapping[str, str] | None, told: str
) -> None:
    planned.build(state=state, gates=gates)
    with pytest.raises(GateClosed, match=told):
        planned.dispatch()
    assert planned.delivered() == {}


def test_a_closed_gate_does_not_keep_what_was_sent_from_being_settled(planned: Room) -> None:
    planned.gateway.faults = [Fault("drop", address_of(0), times=1)]
    clock = MovedClock()
    planned.dispatch(clock=clock)
    assert planned.states() == {"acked": 3, "unknown": 1}
    planned.judge("marts", "red")
    clock.sleep(10)
    with pytest.raises(GateClosed):
        planned.dispatch(clock=clock)
    assert planned.states() == {"acked": 4}


@pytest.mark.parametrize(
    "paused", ["update ops.sync set state = 'paused'", "update ops.destination set is_enabled = false"]
)
def test_a_paused_sync_or_destination_sends_nothing(planned: Room, paused: str) -> None:
    planned.rows(f"{paused} returning 1")
    assert planned.dispatch().sent == 0
    assert planned.states() == {"pending": 4}
    assert [status.is_sending for status in sync_status(planned.brand)] == [False]


def test_a_switch_thrown_during_a_batch_stops_the_rest_of_it(room: Room) -> None:
    room.write_brand(batch_size=50, rate_per_second=20)
    room.build()
    room.people(20)
    room.plan()

    class ThrowsTheSwitch(MovedClock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            if len(room.gateway.accepted()) == 7:
                room.rows("update ops.destination set is_enabled = false returning 1")

    room.dispatch(clock=ThrowsTheSwitch())
    assert len(room.delivered()) < 20
    assert room.states() == {"acked": len(room.delivered()), "pending": 20 - len(room.delivered())}


def test_a_template_that_asks_for_more_than_the_campaign_gives_stops_before_anything_is_claimed(planned: Room) -> None:
    planned.rows("update ops.desired_member set payload = payload - 'last_order_date' returning 1")
    with pytest.raises(ContentError, match="last_order_date"):
        planned.dispatch()
    assert planned.states() == {"pending": 4}
    planned.rows("update ops.desired_member set content_key = 'no_such_content' returning 1")
    with pytest.raises(ContentError, match=r"no_such_content\.en\.j2"):
        planned.dispatch()


def test_wrong_settings_stop_before_anything_is_claimed(planned: Room) -> None:
    planned.write_brand(username_env="NO_SUCH_VARIABLE", from_address="nobody")
    with pytest.raises(ActivationError, match="NO_SUCH_VARIABLE"):
        planned.dispatch()
    assert planned.states() == {"pending": 4}


def test_a_lease_is_good_until_shortly_before_its_end(planned: Room) -> None:
    clock = MovedClock()
    setting = planned.brand.file.destinations["email"]
    with planned.connect() as connection:
        ledger = Ledger(connection, "email", setting, "live", clock)
        with connection.transaction():
            batch = ledger.open_batch("win_back__email", ledger.claim("win_back__email", 4))
        assert 25 < ledger.seconds_left(batch) <= 29
        clock.sleep(setting.lease_seconds - 2)
        assert 0 < ledger.seconds_left(batch) <= 1
        clock.sleep(1.5)
        assert ledger.seconds_left(batch) == 0
