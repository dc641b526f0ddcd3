"""One brand that holds all worlds, built to three evenings, and once more from the same records shuffled."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import pytest

from orchestration import settings
from tests.scenarios.identity import oracle, stories, told_worlds
from tests.scenarios.identity.facts import Facts, Namespace
from tests.scenarios.world import World, open_world
from tests.workshop import Workshop

FIRST_EVENING, EVENING, LAST_EVENING = 1, 3, 6
MODELS = ("bridge_customer_identifier", "int_identity__quarantined_link")
STRONG = (
    "select identifier_key, nullif(customer_key, 'unidentified') from core.bridge_customer_identifier where is_strong"
)
WEAK = (
    "select identifier_key, valid_from, valid_to, nullif(customer_key, 'unidentified')"
    " from core.bridge_customer_identifier where not is_strong"
)
LEFT_OUT = "select left_key, right_key from identity.int_identity__quarantined_link"


@dataclass(frozen=True)
class Builds:
    """What the SQL made of the same facts: by evening, and on the last one after landing in another order."""

    facts: Facts
    by_evening: dict[int, oracle.Identity]
    shuffled: oracle.Identity

    @property
    def at_the_end(self) -> oracle.Identity:
        """On the last evening."""
        return self.by_evening[LAST_EVENING]


def namespaces() -> dict[str, Namespace]:
    """The rules in force: the seed's default rows."""
    with (settings.project_root() / "seeds" / "identifier_namespaces.csv").open(newline="") as file:
        return {
            row["namespace"]: Namespace(
                row["is_strong"] == "true",
                int(row["priority"]),
                row["is_unique"] == "true",
                int(row["maximum_neighbours"]),
            )
            for row in csv.DictReader(file)
            if row["brand"] == "*"
        }


def expected(facts: Facts, evening: int) -> oracle.Identity:
    """What the oracle says."""
    return oracle.identity(facts, namespaces(), told_worlds.day(evening), told_worlds.ZONE)


def found(world: World) -> oracle.Identity:
    """What the SQL made."""
    turns: dict[str, list[oracle.Turn]] = defaultdict(list)
    for key, begin, until, customer in world.rows(WEAK):
        turns[key].append((_plain(begin), _plain(until), customer))
    return oracle.Identity(
        dict(world.rows(STRONG)),
        {key: oracle.merged(of_device) for key, of_device in turns.items()},
        frozenset((left, right) for left, right in world.rows(LEFT_OUT)),
    )


def _plain(at: datetime | None) -> datetime:
    """A moment of the warehouse, where the undated one stands for the beginning of time and none for its end."""
    if at is None:
        return oracle.END
    return oracle.BEGINNING if at == told_worlds.UNDATED else at


@pytest.fixture(scope="session")
def builds(workshop: Workshop) -> Builds:
    facts = told_worlds.together([*stories.all_stories(), told_worlds.drawn(400, seed=20250301)])
    with open_world(workshop) as world:
        told_worlds.land(world, facts)
        by_evening: dict[int, oracle.Identity] = {}
        for evening in (FIRST_EVENING, EVENING, LAST_EVENING):
            world.build(*MODELS, as_of=str(told_worlds.day(evening)))
            by_evening[evening] = found(world)
        world.clear()
        told_worlds.land(world, facts, order=random.Random(7))
        world.build(*MODELS, as_of=str(told_worlds.day(LAST_EVENING)))
        return Builds(facts, by_evening, found(world))
