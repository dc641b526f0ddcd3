"""From a plan to messages in the mail server's own record."""

from __future__ import annotations

from tests.integration.activation.kit import Room, once


def test_each_planned_customer_gets_one_message_and_a_second_run_sends_none(room: Room) -> None:
    room.build()
    room.people(12)
    planned = room.plan()
    assert (planned.candidates, planned.send, planned.added) == (12, 12, 12)
    assert room.dispatch().sent == 12
    assert room.delivered() == once(12)
    assert room.plan().added == 0
    assert room.dispatch().sent == 0
    assert room.delivered() == once(12)
    assert room.states() == {"acked": 12}
