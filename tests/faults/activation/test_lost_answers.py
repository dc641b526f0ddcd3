"""The mail server takes a message and the answer is lost, or it is lost with its answer."""

from __future__ import annotations

import pytest

from simulator.smtp_gateway import Fault, Kind
from tests.integration.activation.kit import Room, once
from tests.integration.activation.stand_ins import MovedClock, address_of


@pytest.mark.parametrize("kind", ["drop", "lose"])
def test_a_lost_answer_is_settled_by_the_servers_log(room: Room, kind: Kind) -> None:
    room.people(6)
    room.plan()
    room.gateway.faults = [Fault(kind, address_of(number), times=1) for number in (1, 4)]
    result = room.dispatch(clock=MovedClock(), wait_seconds=60)
    assert result.destinations[0].did["unknown"] == 2
    assert result.destinations[0].did["found" if kind == "drop" else "absent"] == 2
    assert room.delivered() == once(6)
    assert room.states() == {"acked": 6}


def test_an_answer_later_than_the_time_limit_is_no_reason_to_send_again(room: Room) -> None:
    room.write_brand(timeout_seconds=0.3)
    room.people(2)
    room.plan()
    room.gateway.faults = [Fault("slow", address_of(0), seconds=0.8, times=1)]
    result = room.dispatch(clock=MovedClock(), wait_seconds=60)
    assert (result.destinations[0].did["unknown"], result.destinations[0].did["found"]) == (1, 1)
    assert room.delivered() == once(2)


@pytest.mark.parametrize("kind", ["drop", "lose"])
def test_without_a_log_a_lost_answer_is_held_and_never_sent_again(room: Room, kind: Kind) -> None:
    room.write_brand(accepted_log=None)
    room.people(3)
    room.plan()
    room.gateway.faults = [Fault(kind, address_of(1), times=1)]
    room.dispatch(clock=MovedClock(), wait_seconds=600)
    assert room.states() == {"acked": 2, "unknown": 1}
    assert room.delivered().get(address_of(1), 0) == (1 if kind == "drop" else 0)


def test_absence_from_a_log_that_cannot_be_read_proves_nothing(room: Room) -> None:
    room.people(2)
    room.plan()
    room.gateway.faults = [Fault("lose", address_of(0), times=1)]
    room.write_brand(accepted_log=str(room.folder / "no_such_log.jsonl"))
    result = room.dispatch(clock=MovedClock(), wait_seconds=60)
    assert room.states() == {"acked": 1, "unknown": 1}
    assert "no_such_log" in str(result.destinations[0].trouble)
    room.write_brand()
    assert room.dispatch(clock=MovedClock(), wait_seconds=60).sent == 1
    assert room.delivered() == once(2)


def test_one_poll_is_not_enough_to_prove_absence(room: Room) -> None:
    room.write_brand(settle_seconds=100)
    room.people(1)
    room.plan()
    room.gateway.faults = [Fault("lose", address_of(0), times=1)]
    clock = MovedClock()
    room.dispatch(clock=clock, wait_seconds=150)
    assert room.states() == {"unknown": 1}
    assert room.delivered() == {}
    room.dispatch(clock=clock, wait_seconds=150)
    assert room.delivered() == once(1)
