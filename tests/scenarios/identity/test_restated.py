"""Staging and identity restated load by load are what they are when made whole: the same rows in every table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from orchestration.warehouse.fingerprint import NOTES_OF_A_BUILD
from tests.scenarios.identity import stories, told_in_loads, told_worlds
from tests.scenarios.identity.told_in_loads import Load
from tests.scenarios.world import World, open_world
from tests.workshop import Workshop

EVENINGS = (1, 3, 3, 6)
MODELS = ("bridge_customer_identifier", "int_identity__quarantined_link", "int_identity__touched_customer")
OF_ONE_BUILD = {name.partition(".")[2] for name in NOTES_OF_A_BUILD}
Tables = dict[str, list[tuple[Any, ...]]]


@dataclass
class Told:
    """The tables of identity after every load, restated from the load before and made whole; who was touched."""

    restated: list[Tables] = field(default_factory=list[Tables])
    whole: list[Tables] = field(default_factory=list[Tables])
    touched: list[dict[str, set[Any]]] = field(default_factory=list[dict[str, set[Any]]])


def _tables(world: World) -> Tables:
    names = world.rows(
        "select table_schema, table_name from information_schema.tables "
        "where table_schema in ('staging', 'identity') and table_type = 'BASE TABLE' "
        "or table_name = 'bridge_customer_identifier' and table_schema = 'core' order by 2"
    )
    return {
        name: sorted(world.rows(f"select * from {schema}.{name}"), key=repr)
        for schema, name in names
        if name not in OF_ONE_BUILD
    }


def _build(world: World, load: Load, before: Load | None) -> None:
    stands: dict[str, Any] = (
        {}
        if before is None
        else {
            "standing_as_of": str(told_worlds.day(before.evening)),
            "standing_known_at": before.known_at,
        }
    )
    world.build(*MODELS, as_of=str(told_worlds.day(load.evening)), known_at=load.known_at, **stands)


@pytest.fixture(scope="module")
def told(workshop: Workshop) -> Iterator[Told]:
    facts = told_worlds.together([*stories.all_stories(), told_worlds.drawn(400, seed=20251104)])
    found = Told()
    with open_world(workshop) as restated, open_world(workshop) as whole:
        before = None
        for load in told_in_loads.loads(facts, EVENINGS, seed=11):
            for world in (restated, whole):
                told_in_loads.land(world, load)
            _build(restated, load, before)
            _build(whole, load, None)
            found.restated.append(_tables(restated))
            found.whole.append(_tables(whole))
            found.touched.append(
                {
                    name: {row[0] for row in restated.rows(f"select * from identity.{name}")}
                    for name in sorted(OF_ONE_BUILD)
                }
            )
            before = load
        yield found


@pytest.mark.parametrize("number", range(len(EVENINGS)))
def test_restated_is_whole(told: Told, number: int) -> None:
    restated, whole = told.restated[number], told.whole[number]
    assert set(restated) == set(whole)
    for name in whole:
        assert restated[name] == whole[name], name


@pytest.mark.parametrize("number", range(1, len(EVENINGS)))
def test_a_customer_who_changed_was_touched(told: Told, number: int) -> None:
    """Under the old key and the new one, whatever changed: who has which identifier, when, and how it may be used."""
    rows = [set(tables["bridge_customer_identifier"]) for tables in told.restated[number - 1 : number + 1]]
    changed = {row[0] for row in rows[0] ^ rows[1]}
    assert len(changed) > 20
    assert changed <= told.touched[number]["int_identity__touched_customer"]


def test_what_is_not_touched_is_left(told: Told) -> None:
    """The comparison would prove little if every identifier were told anew by a load that brings no new day."""
    number = EVENINGS.index(3) + 1
    known = {row[1] for row in told.restated[number]["bridge_customer_identifier"]}
    anew = told.touched[number]["int_identity__restated_identifier"]
    assert len(known) * 0.02 < len(anew) < len(known) * 0.7
    assert len(told.touched[number]["int_identity__touched_identifier"]) < len(anew)
