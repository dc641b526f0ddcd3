"""Gates: open only for what was shown on the newest build, and read by the side that sends."""

from __future__ import annotations

import pytest

from expectations import gates, suites
from expectations.landing import contract_of
from expectations.situation import newest_build, seen
from expectations.verdicts import SuiteVerdict, record
from orchestration.activation import gate as reader
from orchestration.activation.errors import GateClosed
from orchestration.warehouse import connect
from orchestration.warehouse.errors import WarehouseError
from tests.integration.expectations.kit import ORDER_LINE, Desk, receipts

CORE = [name for name in suites.subjects("marts") if name.startswith("core.")]
SERVED = [name for name in suites.subjects("marts") if name not in CORE]
"""What the two phases of a build make of what the door of the marts judges."""


def show(desk: Desk, name: str, *, is_green: bool = True) -> None:
    """Keep a verdict on what is there now, as a suite would have reached it."""
    about = suites.subject(name)
    with connect.connect(desk.name) as connection:
        build = newest_build(connection)
        inputs = seen(connection, contract_of(name).id) if about.door == "landing" else {}
        evidence = {"summary": "told by the test", "build": vars(build) if build else None, "inputs": inputs}
        record(connection, SuiteVerdict(name, about.door, is_green, evidence, results=[], validations=[]))


def before(number: int) -> tuple[str, ...]:
    """What a red gate says of marts that were judged before the build that made them anew."""
    return tuple(f"{name} was judged on build {number - 1}, not on {number}" for name in SERVED)


def show_all(desk: Desk, *doors: str) -> None:
    for door in doors:
        names = (
            [ORDER_LINE]
            if door == "landing"
            else [name for name in suites.subjects() if suites.subject(name).door == door]
        )
        for name in names:
            show(desk, name)


def ready(desk: Desk) -> None:
    """A day landed, built in both phases, shown green at every door."""
    desk.history(1)
    desk.build("foundation")
    desk.build("serving")
    show_all(desk, "landing", "marts", "payload")


def red(desk: Desk) -> dict[str, tuple[str, ...]]:
    return {name: verdict.reasons for name, verdict in desk.gates().items() if not verdict.is_green}


def require_open(desk: Desk) -> None:
    with connect.connect(desk.name) as connection:
        reader.require_open(connection)


def test_gate_opens_when_all_was_judged_green(desk: Desk) -> None:
    ready(desk)
    with pytest.raises(GateClosed, match="not judged"):
        require_open(desk)
    assert red(desk) == {}
    require_open(desk)


@pytest.mark.parametrize("subject", [ORDER_LINE, *suites.subjects("marts"), *suites.subjects("payload")])
def test_every_red_verdict_closes_its_gate(desk: Desk, subject: str) -> None:
    ready(desk)
    show(desk, subject, is_green=False)
    assert red(desk) == {suites.subject(subject).door: (f"{subject} is red: told by the test",)}
    with pytest.raises(GateClosed, match="red"):
        require_open(desk)


@pytest.mark.parametrize("subject", [*suites.subjects("marts"), *suites.subjects("payload")])
def test_every_missing_verdict_closes_its_gate(desk: Desk, subject: str) -> None:
    ready(desk)
    desk.run("delete from ops.check_result where subject = %s", (subject,))
    assert red(desk) == {suites.subject(subject).door: (f"{subject} was not judged",)}


def test_suites_themselves_close_the_gate_and_open_it_again(desk: Desk) -> None:
    desk.history(1)
    desk.built()
    desk.build("foundation")
    desk.build("serving")
    judged = [ORDER_LINE, *suites.subjects("marts"), *suites.subjects("payload")]
    verdicts = [desk.judge(name) for name in judged]
    assert [verdict.summary for verdict in verdicts if not verdict.is_green] == []
    assert red(desk) == {}
    require_open(desk)
    desk.run("update marts.mart_customer__single_view set recency_days = recency_days + 14")
    desk.judge("marts.mart_customer__single_view")
    assert list(red(desk)) == ["marts"]
    with pytest.raises(GateClosed, match="marts red"):
        require_open(desk)
    desk.run("update marts.mart_customer__single_view set recency_days = recency_days - 14")
    desk.judge("marts.mart_customer__single_view")
    assert red(desk) == {}
    require_open(desk)


def test_batch_landed_after_the_judgement_closes_the_landing_gate(desk: Desk) -> None:
    ready(desk)
    desk.deliver("till/05.csv", receipts(5))
    assert red(desk) == {"landing": (f"{ORDER_LINE} was not judged since its newest batch",)}
    show(desk, ORDER_LINE)
    assert red(desk) == {}


def test_landed_contract_that_was_never_judged_closes_the_gate(desk: Desk) -> None:
    ready(desk)
    desk.run("delete from ops.check_result where subject = %s", (ORDER_LINE,))
    assert red(desk) == {"landing": (f"{ORDER_LINE} was not judged",)}


def test_core_judged_right_after_the_foundation_counts_for_the_whole_build(desk: Desk) -> None:
    desk.history(1)
    desk.build("foundation")
    for name in suites.subjects("marts"):
        show(desk, name)
    number = desk.build("serving")
    show_all(desk, "landing", "payload")
    # marts were made by the serving phase, and judged before it
    assert red(desk)["marts"] == before(number)
    for name in SERVED:
        show(desk, name)
    assert red(desk) == {}


def test_new_foundation_asks_for_a_new_judgement_of_core(desk: Desk) -> None:
    ready(desk)
    desk.build("foundation")
    desk.build("serving")
    show_all(desk, "payload")
    for name in SERVED:
        show(desk, name)
    assert [reason.split()[0] for reason in red(desk)["marts"]] == CORE


def test_partial_build_asks_for_a_new_judgement(desk: Desk) -> None:
    ready(desk)
    number = desk.build("partial")
    assert sorted(red(desk)) == ["marts", "payload"]
    show_all(desk, "marts", "payload")
    assert {verdict.build_id for verdict in desk.gates().values()} == {number}
    assert red(desk) == {}


@pytest.mark.parametrize("state", ["running", "failed"])
def test_unfinished_partial_build_closes_dbt_tests(desk: Desk, state: str) -> None:
    ready(desk)
    number = desk.build("partial", state=state)
    assert red(desk)["dbt_tests"] == (f"partial build {number} is {state}, not done",)


def test_serving_that_is_older_than_the_foundation_closes_the_gate(desk: Desk) -> None:
    ready(desk)
    desk.build("foundation")
    assert "is older than foundation build" in red(desk)["dbt_tests"][0]


def test_failed_phase_closes_the_gate_also_behind_a_partial_build(desk: Desk) -> None:
    desk.history(1)
    desk.build("foundation", state="failed")
    desk.build("serving")
    desk.build("partial")
    show_all(desk, "landing", "marts", "payload")
    assert list(red(desk)) == ["dbt_tests"]


def test_verdict_reached_while_the_build_ran_does_not_count(desk: Desk) -> None:
    desk.history(1)
    desk.build("foundation")
    number = desk.build("serving", state="running")
    show_all(desk, "landing", "marts", "payload")
    desk.run("update ops.build set state = 'done' where build_id = %s", (number,))
    told = red(desk)
    assert sorted(told) == ["marts", "payload"]
    assert told["payload"][0] == f"activation.act_contact_plan was judged while build {number} was running"


@pytest.mark.parametrize("state", ["running", "failed"])
def test_core_judged_after_a_serving_that_was_killed_or_failed_counts(desk: Desk, state: str) -> None:
    desk.built()
    desk.build("serving", state=state)
    for name in suites.subjects("marts"):
        desk.judge(name)
    number = desk.build("serving")
    assert desk.gates()["marts"].reasons == before(number)


def test_gate_without_a_build_is_an_error(desk: Desk) -> None:
    with pytest.raises(WarehouseError, match="has no build yet"):
        desk.gates()


def test_gate_rows_are_appended_with_their_evidence(desk: Desk) -> None:
    ready(desk)
    desk.gates()
    desk.gates()
    kept = desk.rows("select gate, state, evidence -> 'reasons', count(*) from ops.gate group by 1, 2, 3 order by 1")
    assert kept == [(name, "green", [], 2) for name in sorted(gates.GATES)]
    [(verdicts,)] = desk.rows("select evidence -> 'verdicts' from ops.gate where gate = 'payload' limit 1")
    assert sorted(verdicts) == ["activation.act_contact_plan", "ops.operation"]  # pyright: ignore[reportArgumentType]
