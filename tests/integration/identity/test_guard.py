"""A build that changes unusually many customers waits for a person before anything is made from it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from orchestration.warehouse import connect, dbt
from tests.scenarios.identity_commands.people import touchstream
from tests.scenarios.world import World, open_world
from tests.workshop import Workshop

AS_OF = "2025-03-05"
GUARD = "assert_identity_changes_are_usual"


@pytest.fixture(scope="module")
def world(workshop: Workshop) -> Iterator[World]:
    """Three hundred members, whom a build before published."""
    with open_world(workshop) as found:
        statement = {"channel": "email", "purpose": "survey", "is_granted": True, "changed_at": "2025-03-01 10:00+08"}
        found.land("crm.consent", [{**statement, "member_id_key": f"m{number}"} for number in range(300)])
        found.build("int_identity__customer_identifier", as_of=AS_OF)
        yield found


def verdict(world: World, as_of: str = AS_OF) -> str:
    told = {"brand": world.brand.name, "time_zone": world.brand.file.time_zone, "currency": "CNY", "as_of": as_of}
    arguments = ["build", "--select", "int_time__clock", GUARD, "--indirect-selection", "eager"]
    dbt.invoke(world.brand, [*arguments, "--vars", json.dumps({**told, "known_at": ""})])
    results = json.loads((dbt.target_path(world.brand) / "run_results.json").read_text())["results"]
    (found,) = [item["status"] for item in results if item["unique_id"].split(".")[2] == GUARD]
    return str(found)


def published(world: World, renamed: int, *, as_of: str = AS_OF) -> None:
    """What was published before: the same members, `renamed` of them under another key; nothing is approved."""
    with connect.connect(world.brand.name) as connection:
        connection.execute("truncate ops.published_customer, ops.identity_publication, ops.identity_approval")
        connection.execute(
            "insert into ops.published_customer select identifier_key, case when row_number() over () <= %s "
            "then 'before ' || customer_key else customer_key end, namespace "
            "from identity.int_identity__customer_identifier",
            (renamed,),
        )
        connection.execute(
            "with build as (insert into ops.build (phase, as_of, known_at, input_fingerprint, state, owner, started_at)"
            " values ('foundation', %s, now(), 'x', 'done', 'test', now()) returning build_id, as_of)"
            " insert into ops.identity_publication select build_id, as_of, '{}', now() from build",
            (as_of,),
        )


def test_the_first_build_has_nothing_to_compare_with(world: World) -> None:
    with connect.connect(world.brand.name) as connection:
        connection.execute("truncate ops.published_customer, ops.identity_publication, ops.identity_approval")
    assert verdict(world) == "pass"


def test_changes_of_a_usual_number_pass(world: World) -> None:
    published(world, 200)
    assert verdict(world) == "pass"


def test_unusual_changes_are_held_until_a_person_approves_that_day(world: World) -> None:
    published(world, 201)
    assert verdict(world) == "fail"
    with connect.connect(world.brand.name) as connection:
        connection.execute(
            "insert into ops.identity_approval (as_of, approved_by, reason, approved_at)"
            " values ('2025-03-04', 'me', 'ok', now())"
        )
    assert verdict(world) == "fail", "the approval was of the day before"
    done = touchstream(world, "identity", "approve", "--reason", "a new shop's members", "--by", "ming")
    assert (done.code, done.lines[0]) == (0, f"ming lets the build of {AS_OF} pass: a new shop's members")
    assert verdict(world) == "pass"
    again = touchstream(world, "identity", "approve", "--reason", "once more")
    assert (again.code, again.lines) == (2, [f"ming let the build of {AS_OF} pass already: build again"])


def test_a_build_of_a_past_day_is_not_held(world: World) -> None:
    published(world, 300, as_of="2025-03-06")
    assert verdict(world) == "pass"
