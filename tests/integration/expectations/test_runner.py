"""The runner: what goes wrong is red and tells no secret, nothing is left open, suites cannot write."""

from __future__ import annotations

import pytest

from expectations import runner, suites
from expectations.model import Part, Rule, Suite, at_most
from expectations.situation import Situation
from orchestration.warehouse import connect
from tests.integration.expectations.kit import ORDER_LINE, Desk


def test_error_inside_great_expectations_is_red_without_credentials(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = connect.brand_url(desk.name)

    def fail(*arguments: object) -> None:
        raise RuntimeError(f"cannot reach {secret}")

    monkeypatch.setattr(runner, "_validate", fail)
    verdict = desk.judge(ORDER_LINE)
    assert verdict.state == "red"
    assert verdict.evidence["error"] == "RuntimeError: cannot reach ***"
    [(kept,)] = desk.rows("select cast(evidence as text) from ops.check_result where state = 'red'")
    assert secret not in str(kept)


def planted(query: str, *rules: Rule) -> Suite:
    return Suite(suites.subject(ORDER_LINE), (Part("planted", rules, query),))


@pytest.mark.parametrize(
    ("suite", "told"),
    [
        (planted("select 1 as known", at_most("m", "unknown", 1, "Unknown is small")), "unknown"),
        (planted("select 1 / 0 as known", at_most("m", "known", 1, "Known is small")), "division by zero"),
        (planted("select 1 as known", Rule("m", "Known is known", "ExpectNothing", {})), "ExpectNothing"),
    ],
    ids=["column that is not there", "query that fails", "expectation that is not there"],
)
def test_suite_that_cannot_run_is_red_and_says_why(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, suite: Suite, told: str
) -> None:
    def made(situation: Situation) -> Suite:
        return suite

    monkeypatch.setattr(suites, "suite", made)
    verdict = desk.judge(ORDER_LINE)
    assert verdict.state == "red"
    assert told in verdict.summary


@pytest.mark.parametrize("is_small", [True, False])
def test_suites_cannot_write(desk: Desk, monkeypatch: pytest.MonkeyPatch, *, is_small: bool) -> None:
    desk.run("create sequence ops.planted")
    rule = at_most("m", "known", 9, "Known is small")

    def made(situation: Situation) -> Suite:
        part = Part("planted", (rule,), "select setval('ops.planted', 7) as known", is_small=is_small)
        return Suite(situation.subject, (part,))

    monkeypatch.setattr(suites, "suite", made)
    try:
        assert "read-only transaction" in desk.judge(ORDER_LINE).summary
        assert desk.rows("select last_value from ops.planted") == [(1,)]
    finally:
        desk.run("drop sequence ops.planted")


def test_no_connection_outlives_a_suite(desk: Desk) -> None:
    desk.judge(ORDER_LINE)
    left = desk.rows(
        "select count(*) from pg_catalog.pg_stat_activity "
        f"where datname = current_database() and application_name = '{runner.APPLICATION}'"
    )
    assert left == [(0,)]


def test_door_is_judged_in_order(desk: Desk) -> None:
    verdicts = runner.run_door(desk.name, "payload")
    assert [verdict.subject for verdict in verdicts] == suites.subjects("payload")
    assert {verdict.state for verdict in verdicts} == {"red"}  # there are no tables yet
