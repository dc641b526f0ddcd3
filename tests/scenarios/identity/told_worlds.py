"""Worlds in which the identity rules are put to the test: how they are told, hundreds drawn, and how they are landed.

Each world's keys begin with its own name, so all are built in one go. Not here: worlds that tell a story (stories.py),
what must come out (oracle.py, the tests).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Any, Literal
from zoneinfo import ZoneInfo

from orchestration.warehouse import connect
from tests.scenarios.identity.facts import Decision, Facts, Record
from tests.scenarios.world import World

ZONE = ZoneInfo("Asia/Shanghai")
UNDATED = datetime(1970, 1, 1, tzinfo=ZONE)
FIRST_DAY = datetime(2025, 3, 1, 4, tzinfo=UTC)
SPACES = ("member_id", "phone", "email")
COLUMNS = {
    "wechat_openid": "openid_key",
    "wechat_unionid": "unionid_key",
    "tmall_ouid": "ouid_key",
    "tmall_omid": "omid_key",
    "pos_card_id": "card_id_key",
}
"""Where a namespace's token stands in raw; elsewhere in `<namespace>_key`."""


def told(
    world: str,
    day: int | None,
    *,
    hour: float = 0,
    rule: str = "crm.consent",
    event: str = "",
    recipient: str = "",
    **identifiers: str,
) -> Record:
    """A record of day 0, 1, 2 … (None: nobody knows when); `member_id="1"` is the world's member 1.

    `event` is what happened, where that matters: `logout`, `unbind`; `recipient` the phone of whom it goes to.
    """
    at = UNDATED if day is None else FIRST_DAY + timedelta(days=day, hours=hour)
    keys = {space: f"{world}:{space}:{value}" for space, value in identifiers.items()}
    rule = "crm.member" if day is None else rule
    return Record(
        at,
        at.astimezone(ZONE).date(),
        keys,
        rule,
        is_logout=event == "logout",
        unbinds=event == "unbind",
        recipient=f"{world}:phone:{recipient}" if recipient else None,
    )


def decided(
    world: str, number: int, kind: Literal["release", "refuse", "withdraw"], one: str, other: str, *, hour: int = 0
) -> Decision:
    """What a person decided on day `number` about two of the world's identifiers (`phone:1`)."""
    left, right = sorted((f"{world}:{one}", f"{world}:{other}"))
    return Decision(kind, (left, right), day(number), FIRST_DAY + timedelta(days=number, hours=hour))


def together(many: Iterable[Facts]) -> Facts:
    """All of these worlds in one."""
    worlds = [*many]
    return Facts(
        [*chain.from_iterable(world.records for world in worlds)],
        [*chain.from_iterable(world.decisions for world in worlds)],
        frozenset().union(*(world.blocked for world in worlds)),
        frozenset().union(*(world.store_devices for world in worlds)),
    )


def drawn(count: int, seed: int) -> Facts:
    """`count` small adversarial worlds: few values, few days, few hours, so that everything collides."""
    draw = random.Random(seed)
    return together(_world(f"w{number:04}", draw) for number in range(count))


def _world(name: str, draw: random.Random) -> Facts:
    values = {space: draw.randint(1, 4) for space in (*SPACES, "tmall_ouid", "device_id")}
    size = draw.randint(1, 14)
    if draw.random() < 0.3:
        values[draw.choice(SPACES)] = 12
        size = draw.randint(15, 40)
    records = [_record(name, values, draw) for _ in range(size)]
    keys = sorted({key.removeprefix(f"{name}:") for record in records for key in record.identifiers.values()})
    decisions: list[Decision] = []
    if draw.random() < 0.4 and len(keys) > 1:
        for _ in range(draw.randint(1, 5)):
            one, other = draw.sample(keys, k=2)
            kind = draw.choice(("release", "refuse", "refuse", "withdraw"))
            decisions.append(decided(name, draw.randint(0, 6), kind, one, other, hour=draw.randint(0, 1)))
    blocked = {f"{name}:{key}" for key in keys if draw.random() < 0.03}
    store = {f"{name}:{key}" for key in keys if key.startswith("device_id") and draw.random() < 0.3}
    return Facts(records, decisions, frozenset(blocked), frozenset(store))


def _record(name: str, values: dict[str, int], draw: random.Random) -> Record:
    day, hour = draw.randint(0, 6), draw.randint(0, 3)
    spaces = draw.sample(SPACES, k=draw.choice((1, 2, 2, 2, 3)))
    kind = draw.random()
    if kind < 0.1:
        picked = _picked(spaces, values, draw)
        return told(name, None, hour=0, **picked)
    if kind < 0.6:
        return told(name, day, hour=hour, **_picked(spaces, values, draw))
    if kind < 0.75:
        event = "unbind" if draw.random() < 0.3 else "bind"
        bound = _picked(["tmall_ouid", "member_id"], values, draw)
        return told(name, day, hour=hour, rule="tmall.member_binding", event=event, **bound)
    shown = _picked(["device_id", *(spaces[:2] if draw.random() < 0.7 else [])], values, draw)
    event = "logout" if draw.random() < 0.2 else "login"
    shown["app_instance_id"] = shown["device_id"]
    return told(name, day, hour=hour, rule="app.event", event=event, **shown)


def _picked(spaces: Sequence[str], values: dict[str, int], draw: random.Random) -> dict[str, str]:
    return {space: str(draw.randint(1, values[space])) for space in spaces}


def land(world: World, facts: Facts, *, order: random.Random | None = None) -> None:
    """Land everything. With `order` the same records come shuffled, in batches of other sizes, a part of them twice."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for number, record in enumerate(facts.records):
        rows[record.rule].append(row(record, number))
    for contract, found in rows.items():
        batches = [found]
        if order is not None:
            order.shuffle(found)
            cut = order.randint(1, max(1, len(found) - 1))
            batches = [found[cut:], found[:cut], order.sample(found, k=len(found) // 3)]
        for number, batch in enumerate(batches):
            world.land(contract, batch, at=f"2025-04-0{number + 1} 00:00+00")
    staff = [{"staff_id": device, "device_id_key": device} for device in sorted(facts.store_devices)]
    world.land("store.staff", staff)
    with connect.connect(world.brand.name) as connection, connection.cursor() as cursor:
        cursor.execute("truncate ops.identity_decision, ops.blocked_identifier")
        cursor.executemany(
            "insert into ops.identity_decision (decision, left_key, right_key, as_of, decided_at, decided_by, reason)"
            " values (%s, %s, %s, %s, %s, 'a test', 'told')",
            [(item.kind, *item.pair, item.day, item.at) for item in facts.decisions],
        )
        cursor.executemany(
            "insert into ops.blocked_identifier values (%s, 'any', 'told', '2025-01-01 00:00+00')",
            [(key,) for key in sorted(facts.blocked)],
        )


def row(record: Record, number: int) -> dict[str, Any]:
    """The record as raw has it; `number` names it among its kind."""
    at = record.at.isoformat()
    about: dict[str, dict[str, Any]] = {
        "crm.consent": {"channel": "email", "purpose": "survey", "is_granted": True, "changed_at": at},
        "crm.member": {"_source": f"list_{number}"},
        "app.event": {
            "event_id": f"e{number}",
            "event_name": "logout" if record.is_logout else "login",
            "event_at": at,
        },
        "web.event": {"event_id": f"e{number}", "event_name": "page_view", "event_at": at},
        "tmall.member_binding": {
            "shop_id": f"s{number}",
            "status": "unbind" if record.unbinds else "bind",
            "bound_at": at,
        },
        "wechat.event": {"app_id": f"a{number}", "event_name": "scan", "event_at": at},
        "shop.order": {
            "order_id": f"o{number}",
            "order_status": "paid",
            "ordered_at": at,
            "paid_at": at,
            "recipient_phone_key": record.recipient,
        },
    }
    keys = {COLUMNS.get(space, f"{space}_key"): key for space, key in record.identifiers.items()}
    return {**about[record.rule], **keys}


def day(number: int) -> date:
    """The business day of day 0, 1, 2 …"""
    return (FIRST_DAY + timedelta(days=number)).astimezone(ZONE).date()
