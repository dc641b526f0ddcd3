"""kill -9 at every point of planning and sending: the next run ends with each message once, or says which are lost.

Each test kills a process at a named point, sees that it died there, and lets another take up the work. The mail
server's own record is the judge.
"""

from __future__ import annotations

import signal

import pytest

from tests.integration.activation.kit import Room, once
from tests.integration.activation.stand_ins import MovedClock

PEOPLE = 6
SENDING = (
    "sending.before_intent_commit",
    "sending.after_intent_commit",
    "sending.after_connect",
    "sending.after_data_sent",
    "sending.before_ack_commit",
    "sending.after_ack_commit",
)


def _kill_dispatch(room: Room, point: str, *, passage: int = 2, wait_seconds: float = 0.0) -> None:
    process = room.dispatching(
        wait_seconds=wait_seconds, TOUCHSTREAM_FAILPOINT=f"{point}:kill", TOUCHSTREAM_FAILPOINT_HITS=str(passage)
    )
    _, told = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL, told


@pytest.mark.parametrize("point", ["planning.before_commit", "planning.after_commit"])
def test_planning_writes_all_or_nothing_and_again_writes_nothing_new(room: Room, point: str) -> None:
    room.people(PEOPLE)
    process = room.planning(TOUCHSTREAM_FAILPOINT=f"{point}:kill")
    _, told = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL, told
    is_written = point == "planning.after_commit"
    for table in ("decision", "operation", "desired_member"):
        assert room.rows(f"select count(*) from ops.{table}") == [(PEOPLE if is_written else 0,)]
    assert room.plan().added == (0 if is_written else PEOPLE)
    assert room.dispatch().sent == PEOPLE
    assert room.delivered() == once(PEOPLE)


@pytest.mark.parametrize("point", SENDING)
def test_each_message_arrives_once_when_the_server_keeps_a_log(room: Room, point: str) -> None:
    room.people(PEOPLE)
    room.plan()
    _kill_dispatch(room, point)
    clock = MovedClock()
    room.dispatch(clock=clock, wait_seconds=60)
    assert room.delivered() == once(PEOPLE)
    assert room.states() == {"acked": PEOPLE}
    assert room.dispatch(clock=clock).sent == 0


@pytest.mark.parametrize("point", SENDING)
def test_no_message_arrives_twice_and_none_is_unaccounted_for_without_a_log(room: Room, point: str) -> None:
    room.write_brand(accepted_log=None, lease_seconds=20)
    room.people(PEOPLE)
    room.plan()
    _kill_dispatch(room, point)
    clock = MovedClock()
    result = room.dispatch(clock=clock, wait_seconds=60)
    states = room.states()
    may_be_lost = 0 if point in {"sending.before_intent_commit", "sending.after_ack_commit"} else 1
    assert states.get("unknown", 0) == may_be_lost
    assert states["acked"] == PEOPLE - may_be_lost
    assert set(room.delivered().values()) == {1}
    assert PEOPLE - may_be_lost <= len(room.delivered()) <= PEOPLE
    assert result.destinations[0].states == states
    assert room.rows("select held_reason is null from ops.sync_run") == [(may_be_lost == 0,)]


def test_a_message_nobody_can_ask_about_is_given_up_when_the_brand_says_so(room: Room) -> None:
    room.write_brand(accepted_log=None, lease_seconds=20, on_unknown="abandon")
    room.people(2)
    room.plan()
    _kill_dispatch(room, "sending.after_data_sent", passage=1)
    room.dispatch(clock=MovedClock(), wait_seconds=60)
    assert room.states() == {"acked": 1, "abandoned": 1}
    assert set(room.delivered().values()) == {1}


def test_a_held_message_is_given_up_when_its_validity_is_over(room: Room) -> None:
    room.write_brand(accepted_log=None, lease_seconds=20)
    room.people(1)
    room.plan()
    _kill_dispatch(room, "sending.after_data_sent", passage=1)
    clock = MovedClock()
    room.dispatch(clock=clock, wait_seconds=60)
    assert room.states() == {"unknown": 1}
    clock.sleep(15 * 86400)
    room.dispatch(clock=clock)
    assert room.states() == {"abandoned": 1}


def test_settling_can_be_killed_too(room: Room) -> None:
    room.write_brand(lease_seconds=1, settle_seconds=0.1)
    room.people(PEOPLE)
    room.plan()
    _kill_dispatch(room, "sending.after_data_sent", passage=4)
    _kill_dispatch(room, "reconcile.before_commit", passage=1, wait_seconds=20)
    _kill_dispatch(room, "reconcile.before_commit", passage=2, wait_seconds=20)
    room.dispatch(wait_seconds=20)
    assert room.delivered() == once(PEOPLE)
    assert room.states() == {"acked": PEOPLE}


NAIVE = """
import smtplib
from orchestration.failpoints import failpoint
from orchestration.warehouse.connect import connect
with connect({name!r}, autocommit=True) as connection:
    waiting = connection.execute(
        "select opr.op_id, clr.value from ops.operation as opr"
        " inner join vault.clear_value as clr on clr.value_key = opr.identifier_key"
        " where opr.state = 'pending' order by opr.op_id"
    ).fetchall()
    for op_id, address in waiting:
        with smtplib.SMTP("127.0.0.1", {port}) as server:
            server.sendmail("hello@brand.example", address, f"Message-ID: <{{op_id}}@brand.example>\\r\\n\\r\\nHello")
        failpoint("sending.after_data_sent")
        connection.execute("update ops.operation set state = 'acked' where op_id = %s", (op_id,))
"""


def test_the_harness_sees_a_sender_that_sends_first_and_marks_afterwards_double(room: Room) -> None:
    room.people(PEOPLE)
    room.plan()
    code = NAIVE.format(name=room.name, port=room.gateway.port)
    killed = room.process(code, TOUCHSTREAM_FAILPOINT="sending.after_data_sent:kill", TOUCHSTREAM_FAILPOINT_HITS="3")
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert room.process(code).wait(timeout=60) == 0
    assert sorted(room.delivered().values()) == [1, 1, 1, 1, 1, 2]
