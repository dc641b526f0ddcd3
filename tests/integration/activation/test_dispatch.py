"""Dispatching: what leaves, what is refused and tried again, what is told about it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from orchestration.activation.status import sync_status
from simulator.smtp_gateway import Fault
from tests.integration.activation.kit import Room, once
from tests.integration.activation.stand_ins import MovedClock, address_of, key_of

NOON = datetime(2017, 12, 31, 12, tzinfo=UTC)


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


def test_a_customer_who_lacks_a_figure_is_left_out_alone(planned: Room) -> None:
    planned.rows(
        "update ops.desired_member set payload = payload || '{\"last_order_date\": null}' where op_id = %s returning 1",
        planned.op_of(2),
    )
    planned.dispatch()
    assert _error_of(planned, 2) == ("dead", "content", "empty_value")
    assert planned.states() == {"acked": 3, "dead": 1}


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
