"""Suites as they are written: what stands where, and what a contract's bounds become."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from expectations import gates, landing, suites
from expectations.verdicts import as_json
from orchestration import settings
from orchestration.activation.gate import REQUIRED_GATES
from orchestration.sources.contracts import CONTRACTS
from orchestration.sources.contracts.model import Contract, field, identifier, integer, optional, required, string


def test_every_contract_stands_at_the_landing_door_under_its_assets_name() -> None:
    expected = {f"raw.{contract.raw_table}": ("raw", contract.raw_table) for contract in CONTRACTS.values()}
    assert {name: suites.subject(name).asset_key for name in suites.subjects("landing")} == expected


def test_every_subject_of_a_build_has_a_model() -> None:
    models = {path.stem for path in (settings.project_root() / "dbt_project" / "models").rglob("*.sql")}
    shown = {suites.subject(name).asset_key for door in ("marts", "payload") for name in suites.subjects(door)}
    assert {table for _, table in shown} <= models


def test_doors_hold_all_subjects_and_none_twice() -> None:
    doors = [name for door in ("landing", "marts", "payload") for name in suites.subjects(door)]
    assert doors == suites.subjects()
    assert len(set(doors)) == len(doors)
    assert all(suites.subject(name).description for name in doors)


def test_gates_are_those_that_sending_requires() -> None:
    assert gates.GATES == REQUIRED_GATES


def test_contract_of_an_unknown_subject_is_an_error() -> None:
    with pytest.raises(KeyError):
        landing.contract_of("core.fct_order")


@pytest.mark.parametrize(
    ("name", "expectation", "column"),
    [
        ("points", "ExpectColumnMeanToBeBetween", "points"),
        ("store_id", "ExpectColumnProportionOfNonNullValuesToBeBetween", "store_id"),
        ("card", "ExpectColumnProportionOfNonNullValuesToBeBetween", "card_key"),
    ],
)
def test_bounds_are_on_the_mean_of_numbers_and_on_the_filled_share_of_all_else(
    name: str, expectation: str, column: str
) -> None:
    contract = Contract(
        id="shop.visit",
        title="Visits",
        description="One row per visit.",
        fields=(
            field("points", integer, required, "points given"),
            field("store_id", string, optional, "the store"),
            field("card", integer, optional, "the card's number", pii=identifier("member_id")),
        ),
        key=(),
        drift={"points": (0, 5), "store_id": (0.5, 1), "card": (0.2, 1)},
    )
    rule = landing.drift_rule(contract.field(name), contract.drift[name], "till")
    assert rule.expectation == expectation
    least, most = contract.drift[name]
    assert rule.arguments == {"column": column, "min_value": least, "max_value": most}


def test_evidence_is_json_whatever_was_observed() -> None:
    moment = datetime(2024, 1, 4, 12, tzinfo=UTC)
    assert as_json({"a": [Decimal("1.50"), date(2024, 1, 4)], "b": (moment, float("nan"), None, True, 3)}) == {
        "a": [1.5, "2024-01-04"],
        "b": ["2024-01-04T12:00:00+00:00", "nan", None, True, 3],
    }


def test_great_expectations_is_imported_only_where_it_is_used() -> None:
    for path in Path(suites.__file__).parent.glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.startswith("great_expectations")], path.name
