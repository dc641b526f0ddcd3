"""Worlds in which the identity rules are put to the test: a few told by hand, hundreds drawn.

Here: records, as a story or by a seeded draw, and how they are landed. Each world's keys begin with its own name, so
all are built in one go. Not here: what must come out (oracle.py, the tests).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.scenarios.identity.oracle import Record
from tests.scenarios.world import World

ZONE = ZoneInfo("Asia/Shanghai")
UNDATED = datetime(1970, 1, 1, tzinfo=ZONE)
FIRST_DAY = datetime(2025, 3, 1, 4, tzinfo=UTC)
SPACES = ("member_id", "phone", "email")


def told(world: str, day: int | None, *, hour: int = 0, **identifiers: str) -> Record:
    """A record of day 0, 1, 2 … (None: nobody knows when); `member_id="1"` is the world's member 1."""
    at = UNDATED if day is None else FIRST_DAY + timedelta(days=day, hours=hour)
    keys = {space: f"{world}:{space}:{value}" for space, value in identifiers.items()}
    return Record(at, at.astimezone(ZONE).date(), keys)


def told_by_hand() -> list[Record]:
    """The stories that the tests name."""
    return [
        # A chain: member card – phone – e-mail – a second phone, each pair on a record of its own.
        told("chain", 2, member_id="1", phone="1"),
        told("chain", 3, phone="1", email="1"),
        told("chain", 1, email="1", phone="2"),
        # Two members share one e-mail.
        told("shared", 1, member_id="1", email="1"),
        told("shared", 2, member_id="2", email="1"),
        # The card list knows no day; the e-mail was seen on day 0.
        told("undated", 0, email="1"),
        told("undated", None, member_id="1", email="1"),
        # A newer link splits an older customer: priority comes before date.
        told("passed_on", 0, phone="1", email="1"),
        told("passed_on", 1, email="1", member_id="1"),
        told("passed_on", 4, phone="1", member_id="2"),
        # The shop's own e-mail on the records of five members: one more than the limit.
        *(told("shop", day, member_id=str(day), email="till") for day in range(5)),
        # An honest phone: four members of a family, four addresses; the limit holds for each namespace alone.
        *(told("family", day, phone="home", member_id=str(day)) for day in range(4)),
        *(told("family", day, phone="home", email=str(day)) for day in range(4)),
        # Nobody but a member card.
        told("alone", 2, member_id="1"),
    ]


def drawn(count: int, seed: int) -> list[Record]:
    """`count` small adversarial worlds: few values, few days, few hours, so that everything collides."""
    draw = random.Random(seed)
    records: list[Record] = []
    for number in range(count):
        values = {space: draw.randint(1, 4) for space in SPACES}
        size = draw.randint(1, 14)
        if draw.random() < 0.3:
            values[draw.choice(SPACES)] = 12
            size = draw.randint(15, 40)
        for _ in range(size):
            spaces = draw.sample(SPACES, k=draw.choice((1, 2, 2, 2, 3)))
            picked = {space: str(draw.randint(1, values[space])) for space in spaces}
            day = None if draw.random() < 0.1 else draw.randint(0, 6)
            records.append(told(f"w{number:04}", day, hour=draw.randint(0, 3), **picked))
    return records


def land(world: World, records: Sequence[Record], *, order: random.Random | None = None) -> None:
    """Land every record: dated ones as statements of consent, undated ones as members of a list of their own.

    With `order` the same records come shuffled, in batches of other sizes, a part of them twice.
    """
    statements = [record for record in records if record.at != UNDATED]
    lists = [record for record in records if record.at == UNDATED]
    batches = [statements]
    if order is not None:
        order.shuffle(statements)
        cut = order.randint(1, len(statements) - 1)
        batches = [statements[cut:], statements[:cut], order.sample(statements, k=len(statements) // 3)]
        order.shuffle(lists)
    for number, batch in enumerate(batches):
        world.land("crm.consent", [_statement(record) for record in batch], at=f"2025-04-0{number + 1} 00:00+00")
    world.land("crm.member", [_member(record, number) for number, record in enumerate(lists)])


def _statement(record: Record) -> dict[str, Any]:
    keys = {f"{space}_key": key for space, key in record.identifiers.items()}
    return {**keys, "channel": "email", "purpose": "survey", "is_granted": True, "changed_at": record.at.isoformat()}


def _member(record: Record, number: int) -> dict[str, Any]:
    keys = {f"{space}_key": key for space, key in record.identifiers.items()}
    return {"_source": f"list_{number}", **keys}


def day(number: int) -> date:
    """The business day of day 0, 1, 2 …"""
    return (FIRST_DAY + timedelta(days=number)).astimezone(ZONE).date()
