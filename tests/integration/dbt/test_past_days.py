"""Any past day can be built again, by when things happened and by when they were landed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

import pytest

from orchestration.warehouse.fingerprint import fingerprint
from tests.integration.dbt import told_brand
from tests.integration.dbt.told_brand import Landed
from tests.scenarios.world import World, open_world
from tests.workshop import Workshop

SCHEMAS = ("identity", "core", "features", "marts")
DAY = "2025-02-05"
LAST_DAY = "2025-03-01"
EARLY, CUT, LATE = "2025-03-02 00:00+00", "2025-03-03 00:00+00", "2025-03-04 00:00+00"

Hashes = dict[str, str]


@dataclass(frozen=True)
class Told:
    """Hashes by table of builds of the same season."""

    day_of_all: Hashes
    day_of_less: Hashes
    load_of_all: Hashes
    load_of_less: Hashes
    whole: Hashes
    whole_late_and_twice: Hashes


def _hashes(world: World, *, as_of: str, known_at: str = "") -> Hashes:
    world.build("path:models/marts", "path:models/core", as_of=as_of, known_at=known_at)
    return {
        item.relation: f"{item.rows} {item.hash}"
        for item in fingerprint(world.brand.name)
        if item.relation.partition(".")[0] in SCHEMAS
    }


@pytest.fixture(scope="module")
def told(workshop: Workshop) -> Told:
    season = told_brand.season(seed=11)
    draw = random.Random(5)
    early = [item for item in season if item.contract == "campaign.campaign" or draw.random() < 0.6]
    late = [item for item in season if item not in early]
    with open_world(workshop) as world:
        told_brand.land(world, early, at=EARLY)
        load_of_less = _hashes(world, as_of=LAST_DAY)
        told_brand.land(world, late, at=LATE)
        whole = _hashes(world, as_of=LAST_DAY)
        load_of_all = _hashes(world, as_of=LAST_DAY, known_at=CUT)
        day_of_all = _hashes(world, as_of=DAY)
        world.clear()
        told_brand.land(world, [item for item in season if _is_by(item, world)], at=LATE)
        day_of_less = _hashes(world, as_of=DAY)
        world.clear()
        for number, part in enumerate((late, draw.sample(season, k=len(season) // 2), early[::-1])):
            told_brand.land(world, part, at=f"2025-03-0{number + 3} 00:00+00")
        whole_late_and_twice = _hashes(world, as_of=LAST_DAY)
    return Told(day_of_all, day_of_less, load_of_all, load_of_less, whole, whole_late_and_twice)


def _is_by(item: Landed, world: World) -> bool:
    return item.at is None or item.at.astimezone(world.zone).date() <= date.fromisoformat(DAY)


def test_past_day_of_all_data_equals_a_build_of_less_data(told: Told) -> None:
    assert told.day_of_all == told.day_of_less


def test_past_load_of_all_data_equals_a_build_of_less_data(told: Told) -> None:
    assert told.load_of_all == told.load_of_less


def test_late_shuffled_and_repeated_input_changes_nothing(told: Told) -> None:
    assert told.whole_late_and_twice == told.whole


def test_the_builds_differ_where_they_should(told: Told) -> None:
    """Equal hashes would prove little if the cuts cut nothing."""
    for cut in (told.day_of_all, told.load_of_all):
        assert cut["core.fct_event"] != told.whole["core.fct_event"]
        assert cut["marts.mart_customer__single_view"] != told.whole["marts.mart_customer__single_view"]
        assert cut["identity.int_identity__candidate_link"] != told.whole["identity.int_identity__candidate_link"]
