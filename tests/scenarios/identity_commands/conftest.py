"""One told world for the commands that only look: every verdict that `explain` can give is somebody's story."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from orchestration.warehouse import connect
from tests.scenarios.identity.facts import Facts
from tests.scenarios.identity_commands.people import LAST_DAY, decided, done_build, key, land, seen
from tests.scenarios.world import World, open_world
from tests.workshop import Workshop

WECHAT, SHOP, WEB = "wechat.event", "shop.order", "web.event"
LIN = ("wechat_openid:wx1:o-lin", "phone:13917001234", "member_id:lin")
TWINS = ("abcdef0123456789abcdef0000000001", "abcdef0123456789abcdef0000000002")
RECORDS = [
    # Ms. Lin: WeChat first, then an order with her number, then her card; her browser was Ms. Wu's later.
    seen(0, LIN[0], "wechat_unionid:u-lin", rule=WECHAT),
    seen(2, LIN[0], LIN[1], rule=SHOP),
    seen(4, LIN[1], LIN[2]),
    seen(5, LIN[1], LIN[2]),
    seen(1, "cookie_id:home", rule=WEB),
    seen(3, "cookie_id:home", LIN[2], rule=WEB),
    seen(5, "cookie_id:home", "member_id:wu", rule=WEB),
    seen(5, "cookie_id:nobody", rule=WEB),
    # A number changes hands: old, then new, then newest.
    seen(0, "member_id:old", "phone:13800000001"),
    seen(4, "member_id:new", "phone:13800000001"),
    seen(5, "member_id:newest", "phone:13800000001"),
    # The till's own address on five members' records; the number that cashiers type.
    *(seen(day, f"member_id:till{day}", "email:till@shop.example") for day in range(5)),
    seen(1, "member_id:default", "phone:13800138000"),
    seen(2, "member_id:default2", "phone:13800138000"),
    # Decided by a person.
    seen(1, "phone:13800000002", "email:she@mail.example"),
    seen(2, "phone:13800000002", "email:he@mail.example"),
    seen(1, "member_id:wrong", "phone:13800000003"),
    seen(1, "phone:13800000004"),
    seen(2, "email:by.hand@mail.example"),
    # One openid in two apps, and the card list, which knows no day.
    seen(1, "wechat_openid:wx1:twice", "member_id:twice", rule=SHOP),
    seen(2, "wechat_openid:wx2:twice", "phone:13800000005", rule=SHOP),
    seen(None, "member_id:listed", "email:listed@mail.example"),
]
DECISIONS = [
    decided(3, "refuse", "phone:13800000002", "email:he@mail.example"),
    decided(3, "withdraw", "member_id:wrong", "phone:13800000003"),
    decided(3, "release", "phone:13800000004", "email:by.hand@mail.example"),
]
IDENTIFIERS = [
    *LIN,
    *(f"phone:1380000000{number}" for number in range(1, 6)),
    *(
        f"member_id:{name}"
        for name in ("wu", "old", "new", "newest", "default", "default2", "wrong", "twice", "listed")
    ),
    *(f"member_id:till{day}" for day in range(5)),
    *(f"email:{name}@mail.example" for name in ("she", "he", "by.hand", "listed")),
    *("email:till@shop.example", "phone:13800138000", "cookie_id:home", "cookie_id:nobody", "wechat_unionid:u-lin"),
    *("wechat_openid:wx1:twice", "wechat_openid:wx2:twice"),
]


@pytest.fixture(scope="package")
def people(workshop: Workshop) -> Iterator[World]:
    """All of them, built to the last day; nobody may change it."""
    with open_world(workshop) as world:
        land(world, Facts(RECORDS, DECISIONS, blocked=frozenset({key("phone:13800138000")})), IDENTIFIERS)
        with connect.connect(world.brand.name) as connection:
            connection.execute("update ops.identity_decision set decided_by = 'ming', reason = 'asked at the counter'")
            connection.execute("update ops.blocked_identifier set reason = 'a default number'")
        world.land(
            "crm.consent",
            [
                {
                    "channel": "email",
                    "purpose": "survey",
                    "is_granted": True,
                    "changed_at": "2025-03-02 04:00+00",
                    "email_key": twin,
                }
                for twin in TWINS
            ],
        )
        world.build("bridge_customer_identifier", "int_identity__quarantined_link", as_of=str(LAST_DAY))
        done_build(world)
        yield world
