"""Dispatching: what leaves, what is stopped on its way and why, what is tried again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from orchestration.activation.errors import ActivationError, ContentError, GateClosed
from orchestration.activation.ledger import Ledger
from orchestration.activation.status import sync_status
from simulator.smtp_gateway import Fault
from tests.integration.activation.kit import MovedClock, Room, address_of, key_of, once

NOON = datetime(2017, 12, 31, 12, tzinfo=UTC)


@pytest.fixture
def planned(room: Room) -> Room:
    """Four customers, planned live."""
    room.build()
    room.people(4)
    room.plan()
    return room


def _error_of(room: Room, number: int) -> tuple[str, str, str]:
    return room.rows(
        "select state, error_class, error_code from ops.operation where identifier_key = %s", key_of(address_of(number))
    )[0]


def test_the_messages_id_is_the_operations_and_the_run_is_closed(planned: Room) -> None:
    planned.dispatch()
    ids = {entry["message_id"] for entry in planned.gateway.accepted()}
    assert ids == {f"<{planned.op_of(number)}@brand.example>" for number in range(4)}
    assert planned.rows("select state, held_reason, finished_at is not null from ops.sync_run") == [
        ("done", None, True)
    ]
    assert planned.rows("select distinct outcome, op_count from ops.send_batch") == [("ok", 4)]


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


def test_refusals_for_ever_end_and_refusals_for_now_are_tried_again(planned: Room) -> None:
    planned.gateway.faults = [
        Fault("refuse", address_of(0), code=550),
        Fault("refuse", address_of(1), code=451, times=2),
        Fault("refuse_message", address_of(2), code=554),
        Fault("refuse_message", address_of(3), code=452, times=1),
    ]
    result = planned.dispatch(clock=MovedClock(), wait_seconds=600)
    assert result.destinations[0].did == {"retry": 3, "rejected": 2, "accepted": 2}
    assert planned.delivered() == {address_of(1): 1, address_of(3): 1}
    assert _error_of(planned, 0) == ("dead", "recipient", "550")
    assert _error_of(planned, 2) == ("dead", "message", "554")
    assert planned.rows("select attempts from ops.operation where state = 'acked' order by 1") == [(2,), (3,)]


def test_waits_between_attempts_double(planned: Room) -> None:
    planned.gateway.faults = [Fault("refuse", address_of(0), code=451)]
    clock = MovedClock()
    planned.dispatch(clock=clock)
    waits: list[float] = []
    for _ in range(3):
        ((next_at,),) = planned.rows("select next_at from ops.operation where state = 'pending'")
        waits.append((next_at - clock.now()).total_seconds())
        clock.sleep(waits[-1] + 0.1)
        planned.dispatch(clock=clock)
    assert waits == pytest.approx([30, 60, 120], abs=2)


def test_a_message_that_is_refused_past_its_validity_expires(planned: Room) -> None:
    planned.gateway.faults = [Fault("refuse", address_of(0), code=451)]
    clock = MovedClock()
    planned.dispatch(clock=clock)
    clock.sleep(15 * 86400)
    planned.dispatch(clock=clock)
    assert planned.states() == {"acked": 3, "expired": 1}


def test_a_server_that_is_down_is_left_alone_and_tried_again(planned: Room) -> None:
    port = planned.gateway.port
    planned.write_brand(port=1)
    result = planned.dispatch()
    assert planned.states() == {"pending": 4}
    assert "ConnectionRefusedError" in str(result.destinations[0].trouble)
    planned.write_brand(port=port)
    clock = MovedClock()
    assert planned.dispatch(clock=clock).sent == 0  # still resting
    result = planned.dispatch(clock=clock, wait_seconds=60)
    assert (result.sent, result.destinations[0].trouble) == (4, None)
    assert planned.delivered() == once(4)


def test_a_server_that_comes_back_during_the_dispatch_is_no_trouble_any_more(planned: Room) -> None:
    planned.gateway.faults = [Fault("refuse_sender", code=421, times=1)]
    result = planned.dispatch(clock=MovedClock(), wait_seconds=60)
    assert result.destinations[0].did == {"retry": 4, "accepted": 4}
    assert result.destinations[0].trouble is None


def test_bad_addresses_end_without_a_conversation(room: Room) -> None:
    room.build()
    room.person(0, address="not an address")
    room.person(1, address="line\nbreak@reader.example")
    room.person(2)
    room.person(3)
    room.plan()
    room.rows("delete from vault.clear_value where value_key = %s returning 1", key_of(address_of(3)))
    room.dispatch()
    assert room.states() == {"dead": 3, "acked": 1}
    assert room.rows("select distinct error_class, error_code from ops.operation where state = 'dead'") == [
        ("address", "not_an_address")
    ]
    assert room.delivered() == {address_of(2): 1}


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


def test_a_customer_who_lacks_a_figure_is_left_out_alone(planned: Room) -> None:
    planned.rows(
        "update ops.desired_member set payload = payload || '{\"last_order_date\": null}' where op_id = %s returning 1",
        planned.op_of(2),
    )
    planned.dispatch()
    assert _error_of(planned, 2) == ("dead", "content", "empty_value")
    assert planned.states() == {"acked": 3, "dead": 1}


def test_wrong_settings_stop_before_anything_is_claimed(planned: Room) -> None:
    planned.write_brand(username_env="NO_SUCH_VARIABLE", from_address="nobody")
    with pytest.raises(ActivationError, match="NO_SUCH_VARIABLE"):
        planned.dispatch()
    assert planned.states() == {"pending": 4}


def test_nothing_the_server_says_puts_an_address_into_the_ledger(planned: Room) -> None:
    planned.gateway.faults = [Fault("refuse", "*", code=550)]
    planned.dispatch()
    texts = [text for (text,) in planned.rows("select error_text from ops.operation")]
    assert texts == ["<<address>> is not taken"] * 4


def test_status_tells_each_sync(planned: Room) -> None:
    planned.dispatch()
    (status,) = sync_status(planned.brand)
    assert (status.sync_id, status.is_sending, status.operations) == ("win_back__email", True, {"live": {"acked": 4}})
    assert status.last_run is not None
    assert (status.last_run.state, status.last_run.build_id) == ("done", planned.build_id)


def test_no_faster_than_the_pace(room: Room) -> None:
    room.write_brand(rate_per_second=10, batch_size=5)
    room.build()
    room.people(20)
    room.plan()
    clock = MovedClock()
    started = clock.now()
    room.dispatch(clock=clock)
    assert (clock.now() - started).total_seconds() >= 1.9


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
