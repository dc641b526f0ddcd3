"""Worlds told in several loads: what comes late, what is told otherwise, what people decide and block in between.

Here: which part of the facts each load brings, and its landing. Not here: the facts (told_worlds.py).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from orchestration.warehouse import connect
from tests.scenarios.identity import told_worlds
from tests.scenarios.identity.facts import Decision, Facts, Record
from tests.scenarios.world import World

Numbered = tuple[int, Record]


@dataclass(frozen=True)
class Load:
    """What one load brings. `evening`: the business day of the build after it; `blocked`, `store_devices`: all of then.

    A record that was told before under its number is told again, otherwise.
    """

    number: int
    evening: int
    records: Sequence[Numbered]
    decisions: Sequence[Decision]
    blocked: frozenset[str]
    store_devices: frozenset[str]

    @property
    def at(self) -> str:
        """When it is landed."""
        return f"2025-04-{self.number:02} 00:00+00"

    @property
    def known_at(self) -> str:
        """The cut of the build after it."""
        return f"2025-04-{self.number:02} 12:00+00"


def loads(facts: Facts, evenings: Sequence[int], seed: int) -> list[Load]:
    """The facts in as many loads as there are evenings, in any order, with second tellings in the later ones.

    Half of the worlds are told at once. Rows of a member list without a member are left out: none is ever landed.
    """
    draw = random.Random(seed)
    count = len(evenings)
    at_once = {world for world in sorted({*map(_world_of, facts.records)}) if draw.random() < 0.5}
    parts: dict[int, list[Numbered]] = defaultdict(list)
    for number, record in enumerate(facts.records):
        if record.rule != "crm.member" or "member_id" in record.identifiers:
            load = 0 if _world_of(record) in at_once else _first_load(draw, count)
            parts[load].append((number, record))
    for number in range(1, count):
        told = [numbered for part in range(number) for numbered in parts[part]]
        earlier = [numbered for numbered in told if _world_of(numbered[1]) not in at_once]
        for at, record in draw.sample(earlier, k=len(earlier) // 20):
            parts[number].append((at, _told_otherwise(record, facts.records, draw)))
    decided = [(_first_load(draw, count), decision) for decision in facts.decisions]
    return [
        Load(
            number + 1,
            evening,
            parts[number],
            [decision for load, decision in decided if load == number],
            _some(facts.blocked, draw),
            _some(facts.store_devices, draw),
        )
        for number, evening in enumerate(evenings)
    ]


def _world_of(record: Record) -> str:
    return next(iter(record.identifiers.values())).split(":")[0]


def _first_load(draw: random.Random, count: int) -> int:
    """Most of it comes with the first load."""
    return 0 if draw.random() < 0.6 else draw.randrange(count)


def _some(keys: frozenset[str], draw: random.Random) -> frozenset[str]:
    return frozenset(key for key in sorted(keys) if draw.random() < 0.7)


def _told_otherwise(record: Record, records: Sequence[Record], draw: random.Random) -> Record:
    """The same record with the identifiers of another one of its world that shows the same namespaces, or withdrawn."""
    like = [
        other
        for other in records
        if set(other.identifiers) == set(record.identifiers) and _world_of(other) == _world_of(record)
    ]
    other = draw.choice(like)
    return replace(record, identifiers=other.identifiers, unbinds=other.unbinds, is_logout=other.is_logout)


def land(world: World, load: Load) -> None:
    """Land what the load brings; block list and staff are what they are then."""
    rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for number, record in load.records:
        rows[record.rule].append(told_worlds.row(record, number))
    for contract, found in rows.items():
        world.land(contract, found, at=load.at)
    with connect.connect(world.brand.name) as connection, connection.cursor() as cursor:
        cursor.execute("truncate ops.blocked_identifier")
        cursor.executemany(
            "insert into ops.identity_decision (decision, left_key, right_key, as_of, decided_at, decided_by, reason)"
            " values (%s, %s, %s, %s, %s, 'a test', 'told')",
            [(item.kind, *item.pair, item.day, load.at) for item in load.decisions],
        )
        cursor.executemany(
            "insert into ops.blocked_identifier values (%s, 'any', 'told', '2025-01-01 00:00+00')",
            [(key,) for key in sorted(load.blocked)],
        )
    known = {staff for (staff,) in world.rows("select distinct staff_id from raw.raw_store__staff")}
    staff = [
        {"staff_id": device, "device_id_key": device if device in load.store_devices else None}
        for device in sorted(known | load.store_devices)
    ]
    world.land("store.staff", staff, at=load.at)
