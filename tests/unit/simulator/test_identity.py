"""Whom the exports' identifiers belong to: the truth knows every one, and only the planted traps join two people."""

from __future__ import annotations

import math
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from orchestration import settings
from orchestration.sources.contracts import CONTRACTS
from orchestration.sources.contracts.model import Field
from simulator.brand import identifiers
from simulator.brand.parameters import Parameters
from simulator.brand.story import Story
from simulator.brand.world import World
from tests.unit.simulator.reading import rows, truth

WEAK = ("cookie_id", "device_id", "app_instance_id", "wifi_mac")
Name = tuple[str, str]
SOURCES: dict[str, Any] = tomllib.loads((settings.project_root() / "brands/qinglan.toml").read_text(encoding="utf-8"))[
    "sources"
]


@pytest.fixture(scope="module")
def holders(year: Path) -> dict[Name, set[int]]:
    """Every identifier and whose it is."""
    found: dict[Name, set[int]] = defaultdict(set)
    for row in truth(year, "identifier"):
        found[row["namespace"], row["value"]].add(row["person"])
    return found


def value(row: dict[str, Any], columns: dict[str, Any], field: str) -> str | None:
    """What a row says in a contract's field, by the brand file."""
    rule = columns.get(field, field)
    if isinstance(rule, dict) and "constant" in rule:
        return str(rule["constant"])
    column = rule["column"] if isinstance(rule, dict) else rule
    found: Any = row
    for step in [column] if column in row else column.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return None if found in (None, "") else str(found)


def name(row: dict[str, Any], columns: dict[str, Any], field: Field) -> Name | None:
    """The identifier in a field, in the form of the truth."""
    found = value(row, columns, field.name)
    if found is None or "*" in found:
        return None
    if field.pii.namespace == "phone":
        found = f"+86{found}"
    scope = value(row, columns, field.pii.scope) if field.pii.scope else None
    return field.pii.namespace, f"{scope}:{found}" if scope else found


def named(home: Path) -> Iterator[tuple[str, list[Name]]]:
    """The strong identifiers of the actor of every row."""
    for source, told in SOURCES.items():
        fields = [item for item in CONTRACTS[told["contract"]].identifiers if item.pii.namespace not in WEAK]
        fields = [item for item in fields if item.pii.namespace != "partner_person_id"]
        for row in rows(home, source) if fields else ():
            yield source, [found for item in fields if (found := name(row, told.get("columns", {}), item))]


def test_the_truth_knows_every_identifier(year: Path, holders: dict[Name, set[int]]) -> None:
    assert {found for _, names in named(year) for found in names if found not in holders} == set()


def test_a_record_names_one_person_but_for_the_default_number(year: Path, holders: dict[Name, set[int]]) -> None:
    count = 0
    for source, names in named(year):
        own = [holders[found] for found in names if holders[found] != {-1}]
        assert not own or set[int].intersection(*own), (source, names)
        count += len(own) > 1
    assert count > 1000


def test_no_two_people_get_one_number_by_accident() -> None:
    world = World(Parameters(customers=9001))
    people = Story(world, 1, 9001)
    who = np.arange(9000)
    alone = ~people.ids.shares_phone & ~people.ids.has_recycled
    numbers = people.ids.phone_numbers(who, np.zeros(9000, np.int64))[alone]
    assert np.unique(numbers).size == numbers.size
    assert math.gcd(identifiers.STRIDE, identifiers.NUMBERS) == 1
    assert int(numbers.min()) >= identifiers.FIRST_STAFF_NUMBER
