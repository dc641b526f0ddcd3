"""Verdicts: what a suite found, kept in `ops.check_result`.

Here: the verdict, its evidence, writing and reading it. Not here: how it is reached (runner.py), what follows from it
(gates.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from expectations.model import Door
from orchestration.warehouse.migrate import Connection

Evidence = dict[str, Any]
JsonValue = Any  # what json.loads gives, and what Great Expectations reads back

_RECORD: LiteralString = """
    insert into ops.check_result (door, subject, state, evidence, build_id, judged_at)
    values (%s, %s, %s, %s, %s, %s)
    returning check_result_id
"""
_NEWEST: LiteralString = """
    select distinct on (subject) subject, check_result_id, door, state, evidence, build_id, judged_at
    from ops.check_result
    order by subject, check_result_id desc
"""


@dataclass(frozen=True)
class SuiteVerdict:
    """What a suite found: green when every expectation was met and nothing went wrong while looking.

    `evidence` (JSON): summary, build, inputs, notes, facts, failed, observed, error. `results` (JSON): one entry per
    expectation with part, name, meaning, is_met, expected, observed, rows, found. `validations`: what Great
    Expectations said, as JSON.
    """

    subject: str
    door: Door
    is_green: bool
    evidence: Evidence
    results: list[Evidence]
    validations: list[Evidence]

    @property
    def state(self) -> str:
        """`green` or `red`."""
        return "green" if self.is_green else "red"

    @property
    def summary(self) -> str:
        """The verdict in a sentence."""
        return str(self.evidence["summary"])


@dataclass(frozen=True)
class KeptVerdict:
    """The newest verdict of a subject, as it is kept."""

    subject: str
    check_result_id: int
    door: Door
    state: str
    evidence: Evidence
    build_id: int | None
    judged_at: datetime


def record(connection: Connection, verdict: SuiteVerdict) -> int:
    """Append a verdict; the caller commits. Gives its number."""
    build = verdict.evidence.get("build")
    evidence = {**verdict.evidence, "results": verdict.results, "validations": verdict.validations}
    row = connection.execute(
        _RECORD,
        (
            verdict.door,
            verdict.subject,
            verdict.state,
            Jsonb(as_json(evidence)),
            build["build_id"] if build else None,
            datetime.now(UTC),
        ),
    ).fetchone()
    if row is None:
        raise LookupError(f"the verdict on {verdict.subject} was not written")
    return int(row[0])


def newest(connection: Connection) -> dict[str, KeptVerdict]:
    """The newest verdict of every subject that was ever judged, by its name."""
    return {row[0]: KeptVerdict(*row) for row in connection.execute(_NEWEST)}


def as_json(value: object) -> JsonValue:
    """The value in JSON's types: decimals become numbers, moments and days text, whatever else its text."""
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [as_json(item) for item in value]
    if isinstance(value, (Decimal, float)):
        return float(value) if math.isfinite(value) else str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return str(value)
