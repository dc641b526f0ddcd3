"""Every contract with a person is told in the event stream, or listed with the reason why not; so is every kind."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from orchestration.sources.contracts import CONTRACTS

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "dbt_project" / "models" / "intermediate" / "event"
LISTED = ROOT / "dbt_project" / "macros" / "event" / "no_touch.sql"
ORDERS = {"pos.order_line", "tmall.order", "shop.order"}
"""Told by int_event__purchase, whose rows name their contract themselves."""


def models() -> str:
    return "\n".join(path.read_text() for path in sorted(MODELS.glob("*.sql")))


def told() -> set[str]:
    """Contracts that a call of macro touch() names."""
    return set(re.findall(r"touch\(\s*'([a-z_]+\.[a-z_]+)'", models())) | ORDERS


def not_told() -> set[str]:
    """Contracts listed as no touch, each with its reason."""
    entries: list[tuple[str, str]] = re.findall(r"'([a-z_]+\.[a-z_]+)': '([^']*)'", LISTED.read_text())
    assert all(len(reason) > 20 for _, reason in entries), entries
    return {contract for contract, _ in entries}


def kinds() -> set[str]:
    with (ROOT / "seeds" / "event_types.csv").open(encoding="utf-8") as rows:
        return {row["event_type"] for row in csv.DictReader(rows)}


def test_every_contract_with_a_person_is_told_or_listed() -> None:
    people = {contract.id for contract in CONTRACTS.values() if contract.identifiers}
    assert people - told() == not_told()


def test_every_kind_that_a_model_names_is_listed() -> None:
    named = set(re.findall(r"touch\(\s*'[a-z_.]+', \"'([a-z_]+)'\"", models()))
    assert len(named) > 20
    assert named <= kinds()
