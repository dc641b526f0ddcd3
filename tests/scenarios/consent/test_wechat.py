"""Somebody known only in WeChat says yes, and no, and is believed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.scenarios.world import World, open_world
from tests.workshop import Workshop


@pytest.fixture(scope="module")
def world(workshop: Workshop) -> Iterator[World]:
    with open_world(workshop) as found:
        found.land("crm.consent", STATEMENTS)
        found.build("fct_consent_interval", "int_event__owned")
        yield found


def said(at: str, *, is_granted: bool, channel: str = "wechat", **keys: str) -> dict[str, object]:
    return {"channel": channel, "purpose": "marketing", "is_granted": is_granted, "changed_at": at, **keys}


STATEMENTS = [
    said("2025-03-02 10:00+08", is_granted=True, app_id="wx1", openid_key="lin-in-wx1"),
    said("2025-03-02 10:00+08", is_granted=True, app_id="wx2", openid_key="wu-in-wx2"),
    said("2025-03-09 10:00+08", is_granted=False, app_id="wx1", openid_key="lin-in-wx1", channel="all"),
    said("2025-03-15 10:00+08", is_granted=True, app_id="wx1", openid_key="lin-in-wx1", member_id_key="lin"),
]


def test_a_follower_gives_and_withdraws_consent(world: World) -> None:
    intervals = world.rows(
        "select identifier_key, is_granted, valid_from, valid_to is null from core.fct_consent_interval "
        "where channel = 'wechat' and purpose = 'marketing' order by identifier_key, valid_from"
    )
    assert [(key, is_granted, at.day, is_open) for key, is_granted, at, is_open in intervals] == [
        ("lin", True, 15, True),
        ("lin-in-wx1", True, 2, False),
        ("lin-in-wx1", False, 9, False),
        ("lin-in-wx1", True, 15, True),
        ("wu-in-wx2", True, 2, True),
    ]


def test_the_withdrawal_of_a_follower_holds_for_every_channel(world: World) -> None:
    by_mail = "select identifier_key, is_granted from core.fct_consent_interval where channel = 'email'"
    assert world.rows(f"{by_mail} and purpose = 'marketing'") == [("lin-in-wx1", False)]


def test_each_statement_is_one_event_of_whoever_said_it(world: World) -> None:
    events = "select identifier_key, event_type from staging.int_event__owned order by event_at, identifier_key"
    assert world.rows(events) == [
        ("lin-in-wx1", "consent_given"),
        ("wu-in-wx2", "consent_given"),
        ("lin-in-wx1", "consent_withdrawn"),
        ("lin", "consent_given"),
    ]
