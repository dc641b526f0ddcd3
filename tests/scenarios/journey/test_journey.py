"""Where hundreds of journeys begin, lead to a purchase and end; and one customer's touches on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from orchestration.warehouse import connect
from tests.scenarios.identity_commands.people import Ran, done_build, key, printed, touchstream
from tests.scenarios.journey import oracle, told
from tests.scenarios.journey.told import BLOCKED, COOKIE, LAST_DAY, LIN, PHONE
from tests.scenarios.world import World, open_world
from tests.workshop import Workshop

KEPT, MOST, DAYS = 8, 2, 240
MODELS = (
    *("mart_journey__touchpoint_map", "mart_journey__paths", "mart_journey__stage_flow"),
    *("mart_loyalty__member", "fct_response"),
    "int_identity__quarantined_link",
)


@pytest.fixture(scope="module")
def world(workshop: Workshop) -> Iterator[World]:
    with open_world(workshop) as found:
        told.land(found, [*told.OF_LIN, *told.drawn(20250630, customers=400)])
        with connect.connect(found.brand.name) as connection:
            connection.execute(
                "insert into ops.blocked_identifier values (%s, 'any', 'a default number', '2025-01-01')",
                (key(BLOCKED),),
            )
        told_vars: dict[str, Any] = {
            "journey_paths_kept": KEPT,
            "journey_path_most_steps": MOST,
            "journey_path_days": DAYS,
        }
        found.build(*MODELS, as_of=LAST_DAY.isoformat(), **told_vars)
        done_build(found, LAST_DAY)
        yield found


@pytest.fixture(scope="module")
def touches(world: World) -> list[oracle.Touch]:
    query = f"select {oracle.COLUMNS} from core.fct_event where customer_key <> 'unidentified'"
    found = [oracle.Touch(*row) for row in world.rows(query)]
    assert len(found) > 1500
    assert {one.engagement for one in found} == {"reached", "interacted", "bought", "left", "other"}
    return found


def test_the_map_is_the_oracles(world: World, touches: list[oracle.Touch]) -> None:
    rows = world.rows(
        """
        select month_start_date, journey_stage, channel, touchpoint, touch_count, customer_count, journey_count,
            decided_journey_count, ended_journey_count, entered_count, converted_count, left_count, last_own_count
        from marts.mart_journey__touchpoint_map
        """
    )
    expected = oracle.touchpoint_map(touches, oracle.end_of(LAST_DAY, world.zone))
    assert {row[:4]: tuple(map(int, row[4:])) for row in rows} == expected
    assert all(sum(counts[place] for counts in expected.values()) > 50 for place in range(9))


def test_the_paths_are_the_oracles(world: World, touches: list[oracle.Touch]) -> None:
    rows = world.rows(
        """
        select path, journey_count, customer_count, converted_count, cast(median_days_to_purchase as double precision)
        from marts.mart_journey__paths
        """
    )
    end, since = oracle.end_of(LAST_DAY, world.zone), LAST_DAY - timedelta(days=DAYS)
    expected = oracle.paths(touches, end, world.zone, since=since, kept=KEPT, most=MOST)
    assert {row[0]: row[1:] for row in rows} == expected
    assert len(expected) == KEPT + 1
    assert any(path.startswith("... > ") for path in expected)


def test_the_flow_is_the_oracles(world: World, touches: list[oracle.Touch]) -> None:
    rows = world.rows(
        """
        select month_start_date, from_stage, to_stage, move_count, customer_count,
            cast(median_dwell_days as double precision)
        from marts.mart_journey__stage_flow
        """
    )
    expected = oracle.flow(touches, oracle.end_of(LAST_DAY, world.zone), world.zone)
    assert {row[:3]: row[3:] for row in rows} == expected
    assert len(expected) > 100


def test_the_flow_has_no_cycle(world: World) -> None:
    onward: dict[str, set[str]] = {}
    for before, after in world.rows("select from_node, to_node from marts.mart_journey__stage_flow"):
        onward.setdefault(before, set()).add(after)
    while ends := {node for nodes in onward.values() for node in nodes} - onward.keys():
        onward = {node: nodes - ends for node, nodes in onward.items() if nodes - ends}
    assert not onward


def show(world: World, *words: str) -> Ran:
    return touchstream(world, "customer", "show", *words)


def test_a_timeline_is_what_the_documentation_prints(world: World) -> None:
    ((words, lines),) = printed("customer", page="stream.md")
    found = touchstream(world, *words)
    assert found.code == 0, found.out
    assert found.out.splitlines() == lines


@pytest.mark.parametrize("identifier", [LIN, "phone:139 1700 1234", COOKIE, key(LIN), key(COOKIE)[:10]])
def test_whatever_names_the_customer_shows_the_same_touches(world: World, identifier: str) -> None:
    found = show(world, identifier, "--json").json
    kinds = [one["event_type"] for one in found["touches"]]
    assert kinds == [
        *("voucher_redeemed", "purchase", "message_clicked", "message_delivered", "message_sent"),
        *("login", "registered", "view_item"),
    ]
    assert found["identifiers"] == {"member_id": 1, "phone": 1, "cookie_id": 1}
    assert found["standing"]["segments"] is None


def test_days_and_a_limit_choose_touches_and_the_rest_is_told(world: World) -> None:
    found = show(world, LIN, "--since", "2025-04-15", "--until", "2025-04-16", "--limit", "2")
    assert "touches since 2025-04-15 until 2025-04-16: 4, newest first" in found.lines
    assert [line.split(":")[0] for line in found.lines if "stage" in line and "←" in line] == [
        "2025-04-16 15",
        "2025-04-15 11",
    ]
    assert "… and 2 older ones (--limit, --until)" in found.lines
    assert "touches since 2025-05-01: none" in show(world, LIN, "--since", "2025-05-01").lines


def test_a_timeline_has_clear_values_for_who_may_see_them_alone(world: World) -> None:
    assert "13917001234" not in show(world, PHONE).out
    assert show(world, LIN, "--role", "support").lines[0] == f"customer member_id lin (key {key(LIN)})"
    turned_away = show(world, LIN, "--role", "bi")
    assert (turned_away.code, "may not read who is who" in turned_away.out) == (1, True)


def test_who_is_not_there_is_told_apart_from_whom_nobody_is(world: World) -> None:
    unknown = show(world, "member_id:nobody")
    assert (unknown.code, "was never seen up to 2025-06-30" in unknown.out) == (2, True)
    nobody = show(world, BLOCKED)
    assert (nobody.code, nobody.lines) == (0, [f"phone {key(BLOCKED)[:12]}… names nobody: a default number"])
    turned_round = show(world, LIN, "--since", "2025-04-02", "--until", "2025-04-01")
    assert (turned_round.code, "lies after" in turned_round.out) == (2, True)
