"""Identity by the compiled SQL against an oracle that knows only the written rules."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from orchestration import settings
from tests.scenarios.identity import oracle, told_worlds
from tests.scenarios.world import World, open_world
from tests.workshop import Workshop

LAST_DAY = 6
MODELS = ("bridge_customer_identifier", "int_identity__quarantined_link")
BRIDGE = "select identifier_key, nullif(customer_key, 'unidentified') from core.bridge_customer_identifier"
LEFT_OUT = "select left_key, right_key from identity.int_identity__quarantined_link"


def namespaces() -> dict[str, oracle.Namespace]:
    """The rules in force: the seed's default rows."""
    with (settings.project_root() / "seeds" / "identifier_namespaces.csv").open(newline="") as file:
        return {
            row["namespace"]: oracle.Namespace(
                int(row["priority"]), row["is_unique"] == "true", int(row["maximum_neighbours"])
            )
            for row in csv.DictReader(file)
            if row["brand"] == "*"
        }


@dataclass(frozen=True)
class Builds:
    """What the SQL made of the same records: at the end, on day 3, and at the end after landing in another order."""

    records: list[oracle.Record]
    at_the_end: oracle.Identity
    on_day_three: oracle.Identity
    shuffled: oracle.Identity


def _found(world: World) -> oracle.Identity:
    return oracle.Identity(dict(world.rows(BRIDGE)), frozenset((left, right) for left, right in world.rows(LEFT_OUT)))


@pytest.fixture(scope="module")
def builds(workshop: Workshop) -> Iterator[Builds]:
    records = told_worlds.told_by_hand() + told_worlds.drawn(400, seed=20250301)
    with open_world(workshop) as world:
        told_worlds.land(world, records)
        world.build(*MODELS, as_of=str(told_worlds.day(LAST_DAY)))
        at_the_end = _found(world)
        world.build(*MODELS, as_of=str(told_worlds.day(3)))
        on_day_three = _found(world)
        world.clear()
        told_worlds.land(world, records, order=random.Random(7))
        world.build(*MODELS, as_of=str(told_worlds.day(LAST_DAY)))
        yield Builds(records, at_the_end, on_day_three, _found(world))


def _customers(found: oracle.Identity, world: str) -> set[frozenset[str]]:
    """The customers of one world, each as the identifiers it has, without the world's name."""
    by_customer: dict[str, set[str]] = {}
    for key, customer in found.customer_of.items():
        if customer is not None and key.startswith(f"{world}:"):
            by_customer.setdefault(customer, set()).add(key.removeprefix(f"{world}:"))
    return {frozenset(keys) for keys in by_customer.values()}


def test_identity_equals_the_oracle_when_everything_is_known(builds: Builds) -> None:
    assert builds.at_the_end == oracle.identity(builds.records, namespaces(), told_worlds.day(LAST_DAY))


def test_identity_equals_the_oracle_when_built_to_a_past_day(builds: Builds) -> None:
    assert builds.on_day_three == oracle.identity(builds.records, namespaces(), told_worlds.day(3))


def test_identity_is_the_same_when_records_come_shuffled_and_twice(builds: Builds) -> None:
    assert builds.shuffled == builds.at_the_end


def test_drawn_worlds_reach_every_rule(builds: Builds) -> None:
    """The comparison above would prove little if no world broke a rule, crossed a limit or changed between the days."""
    found = builds.at_the_end
    assert len(found.left_out) > 100
    assert sum(customer is None for customer in found.customer_of.values()) > 50
    before = builds.on_day_three.customer_of
    moved = [key for key, customer in before.items() if customer is not None and found.customer_of[key] != customer]
    assert len(moved) > 50


def test_chain_of_records_is_one_customer(builds: Builds) -> None:
    assert _customers(builds.at_the_end, "chain") == {frozenset({"member_id:1", "phone:1", "email:1", "phone:2"})}
    assert builds.at_the_end.customer_of["chain:member_id:1"] == "chain:phone:2"


def test_members_stay_two_when_they_share_an_email(builds: Builds) -> None:
    assert _customers(builds.at_the_end, "shared") == {
        frozenset({"member_id:1", "email:1"}),
        frozenset({"member_id:2"}),
    }
    assert ("shared:email:1", "shared:member_id:2") in builds.at_the_end.left_out


def test_undated_record_founds_when_nobody_knows_its_day(builds: Builds) -> None:
    assert builds.at_the_end.customer_of["undated:email:1"] == "undated:member_id:1"


def test_key_passes_on_when_a_newer_link_is_stronger(builds: Builds) -> None:
    assert builds.on_day_three.customer_of["passed_on:member_id:1"] == "passed_on:phone:1"
    assert builds.at_the_end.customer_of["passed_on:member_id:1"] == "passed_on:email:1"
    assert builds.at_the_end.customer_of["passed_on:member_id:2"] == "passed_on:phone:1"


def test_value_is_nobodys_when_it_crosses_its_limit(builds: Builds) -> None:
    assert builds.on_day_three.customer_of["shop:email:till"] == "shop:member_id:0"
    assert builds.at_the_end.customer_of["shop:email:till"] is None
    assert len(_customers(builds.at_the_end, "shop")) == 5


def test_limit_holds_for_each_namespace_alone(builds: Builds) -> None:
    assert builds.at_the_end.customer_of["family:phone:home"] is not None
