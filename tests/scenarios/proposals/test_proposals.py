"""People who came twice are proposed, look-alikes are not; a person's word alone makes one of two."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import dagster as dg
import pytest

from orchestration.defs import modeling
from orchestration.defs.resources import Deployment
from orchestration.modeling import proposals
from orchestration.modeling.errors import ModelingError
from orchestration.warehouse import connect
from orchestration.warehouse.locks import brand_lock
from tests.scenarios.identity_commands.people import Ran, done_build, key, touchstream
from tests.scenarios.proposals import told
from tests.scenarios.proposals.told import AS_OF, CHEN, CHEN_AGAIN, GAO, GAO_AGAIN, LIN, LIN_AGAIN, WU, WU_AGAIN, Known
from tests.scenarios.world import BRAND_FILE, World
from tests.workshop import Workshop

MODELS = (
    *("bridge_customer_identifier", "int_identity__quarantined_link", "int_customer__trait"),
    *("stg_shop__order", "stg_lead__lead", "stg_crm__member"),
)
ROWS = "select left_key, right_key, probability, agreement, both_hold, state from ops.link_proposal order by 1, 2"


def pair(one: Known, other: Known) -> tuple[str, str]:
    left, right = sorted((key(one.who), key(other.who)))
    return left, right


def build(world: World) -> None:
    world.build(*MODELS, as_of=str(AS_OF))
    done_build(world, AS_OF)


def customers(world: World) -> dict[str, str]:
    return dict(world.rows("select identifier_key, customer_key from core.bridge_customer_identifier"))


@dataclass(frozen=True)
class Story:
    """What was said and seen, in order."""

    before_any_build: Ran
    first: dict[str, Any]
    review: Any
    review_of_reader: Ran
    rows: list[tuple[Any, ...]]
    again: dict[str, Any]
    review_after_decisions: Any
    merged_by_build_alone: bool
    owners: dict[str, str]
    last: dict[str, Any]
    review_at_last: Any
    states: dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def world(workshop: Workshop) -> Iterator[World]:
    made = World(workshop.brand(BRAND_FILE.format("Asia/Shanghai") + "[proposals]\nmost = 20\n"))
    try:
        told.land(made)
        yield made
    finally:
        connect.drop_brand(made.brand.name)


@pytest.fixture(scope="module")
def story(world: World) -> Story:
    before_any_build = touchstream(world, "identity", "propose")
    build(world)
    assert touchstream(world, "identity", "refuse", key(GAO.who), key(GAO_AGAIN.who), "--reason", "asked").code == 0
    first = ran(world)
    review = touchstream(world, "identity", "review", "--json").json
    review_of_reader = touchstream(world, "identity", "review", "--role", "reader")
    rows = world.rows(ROWS)
    again = ran(world)
    before = customers(world)
    for word, (one, other) in (("release", (LIN, LIN_AGAIN)), ("refuse", (WU, WU_AGAIN))):
        assert touchstream(world, "identity", word, key(one.who), key(other.who), "--reason", "asked").code == 0
    review_after_decisions = touchstream(world, "identity", "review", "--json").json
    merged_by_build_alone = customers(world) != before
    build(world)
    last = ran(world)
    return Story(
        before_any_build,
        first,
        review,
        review_of_reader,
        rows,
        again,
        review_after_decisions,
        merged_by_build_alone,
        customers(world),
        last,
        touchstream(world, "identity", "review", "--json").json,
        {(left, right): state for left, right, *_, state in world.rows(ROWS)},
    )


def ran(world: World) -> dict[str, Any]:
    """One run of the model; what it does is told before its document."""
    done = touchstream(world, "identity", "propose", "--json")
    assert done.code == 0, done.out
    return json.loads(done.lines[-1])


def waiting(review: Any) -> set[tuple[str, ...]]:
    return {
        tuple(sorted(name["identifier_key"] for name in item["names"]))
        for item in review["items"]
        if item["kind"] == "proposal"
    }


def test_who_came_twice_is_proposed_and_nobody_who_looks_like_it(story: Story) -> None:
    expected = {pair(LIN, LIN_AGAIN), pair(WU, WU_AGAIN), pair(CHEN, CHEN_AGAIN)}
    assert {(left, right) for left, right, *_ in story.rows} == expected
    assert all(probability >= 0.95 for _, _, probability, *_ in story.rows)
    assert waiting(story.review) == expected
    assert story.review["totals"]["proposal"] == 3


def test_what_agrees_is_told_in_words_without_a_value(story: Story) -> None:
    told_of = {(left, right): agreement for left, right, _, agreement, *_ in story.rows}
    assert told_of[pair(LIN, LIN_AGAIN)] == {"name": "the same", "birthday": "the same", "address": "the same"}
    assert told_of[pair(WU, WU_AGAIN)] == {"name": "the same", "address": "the same"}
    values = ("林", "Wu", "1991", "衡山", "Nanjing", "陈")
    assert not [value for value in values if value in str(story.rows) or value in story.review_of_reader.out]


def test_two_cards_of_one_person_are_for_the_member_system_to_join(story: Story) -> None:
    assert [both for left, right, _, _, both, _ in story.rows if (left, right) == pair(CHEN, CHEN_AGAIN)] == [
        "member_id"
    ]
    [chen] = [item for item in story.review["items"] if "chen1" in str(item["names"])]
    assert [command.split(" --reason")[0].split()[-3] for command in chen["commands"][:1]] == ["refuse"]
    assert "let the system that gives each member_id make one of the two" in chen["commands"][1]
    assert story.first["not_joinable"] == 1


def test_the_same_people_give_the_same_proposals(story: Story) -> None:
    assert (story.first["new"], story.first["waiting"]) == (3, 3)
    assert (story.again["new"], story.again["waiting"], story.again["lapsed"]) == (0, 3, 0)


def test_only_a_release_makes_one_of_two_and_only_by_a_build(story: Story) -> None:
    assert not story.merged_by_build_alone
    assert story.owners[key(LIN.who)] == story.owners[key(LIN_AGAIN.who)]
    for one, other in ((WU, WU_AGAIN), (CHEN, CHEN_AGAIN), (GAO, GAO_AGAIN), (told.FATHER, told.SON)):
        assert story.owners[key(one.who)] != story.owners[key(other.who)]


def test_what_was_decided_waits_no_more_and_is_never_proposed_again(story: Story) -> None:
    assert waiting(story.review_after_decisions) == {pair(CHEN, CHEN_AGAIN)}
    assert waiting(story.review_at_last) == {pair(CHEN, CHEN_AGAIN)}
    assert story.states == {
        pair(LIN, LIN_AGAIN): "released",
        pair(WU, WU_AGAIN): "refused",
        pair(CHEN, CHEN_AGAIN): "open",
    }
    assert (story.last["new"], story.last["likely"]) == (0, 3)  # Wu and Gao are refused, Chen waits


def test_a_run_is_refused_while_customers_may_be_half_built(story: Story, world: World) -> None:
    assert story.before_any_build.code != 0
    assert "build" in story.before_any_build.out
    with brand_lock(world.brand.name, what="a build"):
        assert touchstream(world, "identity", "propose").code == 3


def test_the_asset_does_the_same_and_says_what_it_found(story: Story, world: World) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        done = dg.materialize(
            modeling.assets(world.brand),
            resources={"deployment": Deployment(brand=world.brand.name)},
            instance=instance,
        )
    [event] = done.get_asset_materialization_events()
    metadata = {name: entry.value for name, entry in event.materialization.metadata.items()}
    assert (metadata["waiting"], metadata["new"], metadata["likely"]) == (1, 0, 3)
    assert metadata["as_of"] == str(AS_OF)


def test_off_by_default_nothing_is_compared(story: Story, world: World) -> None:
    off = replace(world.brand, file=world.brand.file.model_copy(update={"proposals": None}))
    with pytest.raises(ModelingError, match=r"add the table \[proposals\]"):
        proposals.propose(off)
    assert {state for *_, state in world.rows(ROWS)} == {"released", "refused", "open"}


def test_a_stricter_threshold_lets_what_waited_lapse(story: Story, world: World) -> None:
    text = world.brand.path.read_text(encoding="utf-8")
    world.brand.path.write_text(text.replace("most = 20", "threshold = 0.99999"), encoding="utf-8")
    try:
        assert ran(world)["lapsed"] == 1
    finally:
        world.brand.path.write_text(text, encoding="utf-8")
    assert waiting(touchstream(world, "identity", "review", "--json").json) == set()
    assert ran(world)["new"] == 1
