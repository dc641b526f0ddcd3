"""Several hands on one ledger, a worker that sleeps through its lease, a database that dies."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from orchestration.activation.clock import SystemClock
from orchestration.activation.errors import ActivationError
from orchestration.warehouse import server
from simulator.smtp_gateway import Fault
from tests.integration.activation.kit import Room, once
from tests.integration.activation.stand_ins import MovedClock, address_of


def _until(condition: Callable[[], bool], *, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def test_two_dispatchers_at_once_share_the_work(room: Room) -> None:
    room.write_brand(batch_size=2, rate_per_second=100)
    room.people(40)
    room.plan()
    processes = [room.dispatching() for _ in range(2)]
    told = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], told
    assert sum(int(said.split()[1]) for said, _ in told) == 40
    assert room.delivered() == once(40)
    assert room.states() == {"acked": 40}


@pytest.mark.parametrize("point", ["sending.after_intent_commit", "sending.after_connect"])
@pytest.mark.parametrize("clock", [SystemClock(), MovedClock()], ids=["lease over by its own clock", "fence alone"])
def test_a_worker_that_sleeps_through_its_lease_sends_nothing_when_it_wakes(
    room: Room, point: str, clock: SystemClock | MovedClock
) -> None:
    """With the moved clock the others think the lease over while the sleeper, by its own, is well within it."""
    room.write_brand(batch_size=3, lease_seconds=1.5 if isinstance(clock, SystemClock) else 20, settle_seconds=0.1)
    room.people(3)
    room.plan()
    sleeper = room.dispatching(TOUCHSTREAM_FAILPOINT=f"{point}:sleep=1")
    _until(lambda: room.states() == {"in_flight": 3})
    os.kill(sleeper.pid, signal.SIGSTOP)
    room.dispatch(clock=clock, wait_seconds=60)
    assert room.delivered() == once(3)
    os.kill(sleeper.pid, signal.SIGCONT)
    said, told = sleeper.communicate(timeout=60)
    assert (sleeper.returncode, said) == (0, "sent 0\n"), told
    assert room.delivered() == once(3)
    assert room.states() == {"acked": 3}


def test_a_worker_that_wakes_before_its_messages_are_settled_leaves_the_settling_to_others(room: Room) -> None:
    room.write_brand(batch_size=3, settle_seconds=100)
    room.people(3)
    room.plan()
    sleeper = room.dispatching(TOUCHSTREAM_FAILPOINT="sending.after_connect:sleep=1")
    _until(lambda: room.states() == {"in_flight": 3})
    os.kill(sleeper.pid, signal.SIGSTOP)
    clock = MovedClock()
    clock.sleep(40)
    room.dispatch(clock=clock)
    assert room.states() == {"unknown": 3}
    os.kill(sleeper.pid, signal.SIGCONT)
    said, told = sleeper.communicate(timeout=60)
    assert (sleeper.returncode, said) == (0, "sent 0\n"), told
    assert room.states() == {"unknown": 3}
    room.dispatch(clock=clock, wait_seconds=300)
    assert room.delivered() == once(3)
    assert room.states() == {"acked": 3}


def test_the_database_may_die_while_messages_are_on_their_way(room: Room) -> None:
    room.people(6)
    room.plan()
    room.gateway.faults = [Fault("slow", address_of(number), seconds=0.4) for number in range(6)]
    pid = server.status().pid
    assert pid is not None

    def kill_after_the_first_message() -> None:
        _until(lambda: len(room.gateway.accepted()) > 0)
        os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_after_the_first_message)
    killer.start()
    with pytest.raises(ActivationError, match="database went away"):
        room.dispatch()
    killer.join()
    room.gateway.faults = []
    server.start()
    assert room.states().get("in_flight", 0) > 0
    room.dispatch(clock=MovedClock(), wait_seconds=60)
    assert room.delivered() == once(6)
    assert room.states() == {"acked": 6}


def test_a_red_gate_stops_a_dispatch_in_a_new_process(room: Room) -> None:
    room.people(3)
    room.plan()
    room.judge("marts", "red")
    process = room.dispatching()
    _, told = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "GateClosed" in told
    assert "marts red" in told
    assert room.states() == {"pending": 3}
    assert room.delivered() == {}
