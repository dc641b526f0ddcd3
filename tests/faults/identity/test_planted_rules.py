"""Rules of identity broken on purpose: the oracle tells every one of them from the right answer.

Each fault is a change of one place in the models, as somebody might make it who has not read the rules. It is built
from the same records, and must come out unlike the oracle.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration import settings
from orchestration.warehouse import dbt
from tests.scenarios.identity import stories, told_worlds
from tests.scenarios.identity.conftest import LAST_EVENING, expected, found
from tests.scenarios.identity.facts import Facts
from tests.scenarios.world import World, open_world
from tests.workshop import Workshop

IDENTITY = ("config.schema:identity", "bridge_customer_identifier")


@dataclass(frozen=True)
class Fault:
    """What somebody got wrong, in which model, and the text that does it."""

    name: str
    model: str
    right: str
    wrong: str


FAULTS = (
    Fault("one limit for all namespaces", "identifier", "max(neighbour_count)", "sum(neighbour_count)"),
    Fault("a blocked neighbour counts", "identifier", "where blocked.identifier_key is null", "where true"),
    Fault("a release does not outweigh the limit", "identifier", "and most_neighbours.released_at is null", ""),
    Fault("withdrawals are forgotten", "remaining_evidence", "where not {{", "where true or not {{"),
    Fault("the earliest decision holds", "decision", "as_of desc", "as_of asc"),
    Fault("a refused pair is linked", "candidate_link", "where decisions.left_key is null", "where true"),
    Fault(
        "a refusal cuts the direct link alone",
        "contested_link",
        "            and right_end.component_key = left_end.component_key",
        "            and right_end.component_key <> left_end.component_key",
    ),
    Fault(
        "older links come first",
        "contested_link",
        "                better_priority asc,\n                other_priority asc,\n                first_at asc,",
        "                first_at asc,\n                better_priority asc,\n                other_priority asc,",
    ),
    Fault("a unique namespace may repeat", "contested_link", "having count(*) > 1", "having count(*) > 99"),
    Fault(
        "the best identifier founds the customer",
        "strong_identifier",
        "order by first_at, priority, identifier_key",
        "order by priority, first_at, identifier_key",
    ),
    Fault(
        "a device's limit counts identifiers",
        "weak_identifier",
        "count(distinct customer_key)",
        "count(distinct strong_key)",
    ),
    Fault("a store's device is back-filled", "assignment", "and not is_store_device as is_first", "as is_first"),
    Fault("a store's device is kept overnight", "assignment", "else day_end_at", "else next_at"),
    Fault("logouts are forgotten", "assignment", "where devices.is_store_device\n", "where false\n"),
    Fault(
        "a withdrawn login opens",
        "usable_login",
        "and not {{ was_withdrawn('logins', 'login_date') }}",
        "",
    ),
    Fault("a refused login opens", "usable_login", "decisions.left_key is null", "true"),
)


@dataclass(frozen=True)
class Told:
    """A world whose records are staged, and what they are."""

    world: World
    facts: Facts


@pytest.fixture(scope="module")
def told(workshop: Workshop) -> Iterator[Told]:
    facts = told_worlds.together([*stories.all_stories(), told_worlds.drawn(200, seed=20250615)])
    with open_world(workshop) as world:
        told_worlds.land(world, facts)
        world.build("bridge_customer_identifier", as_of=str(told_worlds.day(LAST_EVENING)))
        yield Told(world, facts)


def _planted(fault: Fault, folder: Path) -> Path:
    """A copy of the project with the fault in it."""
    root = settings.project_root()
    for name in ("dbt_project", "seeds"):
        shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("target", "logs"))
    model = folder / f"dbt_project/models/identity/int_identity__{fault.model}.sql"
    text = model.read_text(encoding="utf-8")
    assert text.count(fault.right) == 1, "the model says it otherwise now: plant the fault anew"
    model.write_text(text.replace(fault.right, fault.wrong), encoding="utf-8")
    return folder / "dbt_project"


def _build_identity(world: World) -> None:
    world.build(as_of=str(told_worlds.day(LAST_EVENING)), alone=IDENTITY)


def test_the_rules_as_they_are_equal_the_oracle(told: Told) -> None:
    _build_identity(told.world)
    assert found(told.world) == expected(told.facts, LAST_EVENING)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_broken_rule_is_told_from_the_right_one(
    told: Told, fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = _planted(fault, tmp_path)
    monkeypatch.setattr(dbt, "project_dir", lambda: project)
    _build_identity(told.world)
    assert found(told.world) != expected(told.facts, LAST_EVENING)
