"""The gates: may the newest build be sent from, as far as the verdicts go?

Here: from the newest verdicts of the suites and the rows of `ops.build` to four rows of `ops.gate`. Not here: judging
data (runner.py), holding messages back (activation, which reads `ops.gate` itself and nothing of this room). A gate
is green only for what was shown: a missing, older or half-built judgement is red, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, LiteralString

from psycopg.types.json import Jsonb

from expectations import suites
from expectations.landing import contract_of
from expectations.situation import BuildFacts, newest_build, seen
from expectations.verdicts import KeptVerdict, newest
from orchestration.warehouse.connect import connect
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.migrate import Connection

Gate = Literal["landing", "dbt_tests", "marts", "payload"]

GATES: tuple[Gate, ...] = ("landing", "dbt_tests", "marts", "payload")
"""The gates there are; activation requires each of them."""

FOUNDATION_SCHEMAS = frozenset({"staging", "identity", "core", "features"})
"""Schemas whose tables the foundation phase makes; the serving phase leaves them as they are."""

_PHASES: LiteralString = """
    select distinct on (phase) phase, build_id, state
    from ops.build
    where phase in ('foundation', 'serving')
    order by phase, build_id desc
"""
_NEWEST_OF_PHASE: LiteralString = "select phase, max(build_id) from ops.build group by phase"
_RECORD: LiteralString = "insert into ops.gate (build_id, gate, state, evidence, judged_at) values (%s, %s, %s, %s, %s)"


@dataclass(frozen=True)
class GateVerdict:
    """One gate on one build. `reasons` say why it is red, one sentence each; green has none."""

    gate: Gate
    build_id: int
    reasons: tuple[str, ...]
    evidence: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def is_green(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reasons

    @property
    def state(self) -> str:
        """`green` or `red`."""
        return "green" if self.is_green else "red"


def judge(brand: str) -> dict[Gate, GateVerdict]:
    """Judge all gates on the brand's newest build and append them to `ops.gate`, in one transaction.

    Raises WarehouseError when nothing was built yet: there is no build a gate could stand at.
    """
    with connect(brand, application_name="touchstream gates") as connection:
        # One picture of builds, batches and verdicts: what others commit meanwhile belongs to the next judgement.
        connection.execute("set transaction isolation level repeatable read")
        build = newest_build(connection)
        if build is None:
            raise WarehouseError(f"brand {brand} has no build yet: `touchstream --brand {brand} build` makes one")
        verdicts = _verdicts(connection, build)
        moment = datetime.now(UTC)
        for verdict in verdicts.values():
            evidence = {"reasons": list(verdict.reasons), **verdict.evidence}
            row = (build.build_id, verdict.gate, verdict.state, Jsonb(evidence), moment)
            connection.execute(_RECORD, row)
    return verdicts


def _verdicts(connection: Connection, build: BuildFacts) -> dict[Gate, GateVerdict]:
    kept = newest(connection)
    reasons: dict[Gate, list[str]] = {
        "landing": _landing(connection, kept),
        "dbt_tests": _dbt_tests(connection, build),
        "marts": _of_build(connection, kept, suites.subjects("marts")),
        "payload": _of_build(connection, kept, suites.subjects("payload")),
    }
    doors: dict[Gate, list[str]] = {
        "landing": suites.subjects("landing"),
        "dbt_tests": [],
        "marts": suites.subjects("marts"),
        "payload": suites.subjects("payload"),
    }
    return {
        gate: GateVerdict(gate, build.build_id, tuple(reasons[gate]), {"verdicts": _named(kept, doors[gate])})
        for gate in GATES
    }


def _named(kept: dict[str, KeptVerdict], names: list[str]) -> dict[str, int]:
    """Which verdict of each subject the gate rests on: numbers of `ops.check_result`."""
    return {name: kept[name].check_result_id for name in names if name in kept}


def _landing(connection: Connection, kept: dict[str, KeptVerdict]) -> list[str]:
    """Every contract with a batch or a refused file was judged since, and is green.

    Others are channels not connected.
    """
    reasons: list[str] = []
    for name in suites.subjects("landing"):
        facts = seen(connection, contract_of(name).id)
        verdict = kept.get(name)
        if verdict is None:
            if facts["batches"] or facts["refused_files"]:
                reasons.append(f"{name} was not judged")
        elif verdict.state != "green":
            reasons.append(f"{name} is red: {verdict.evidence.get('summary')}")
        elif verdict.evidence.get("inputs") != facts:
            reasons.append(f"{name} was not judged since its newest batch")
    return reasons


def _dbt_tests(connection: Connection, build: BuildFacts) -> list[str]:
    """Both phases ran to their end with their tests, the serving one last, and nothing unfinished came since."""
    reasons: list[str] = []
    phases = {row[0]: (int(row[1]), str(row[2])) for row in connection.execute(_PHASES)}
    for phase in ("foundation", "serving"):
        if phase not in phases:
            reasons.append(f"no {phase} build was made yet")
        elif phases[phase][1] != "done":
            reasons.append(f"{phase} build {phases[phase][0]} is {phases[phase][1]}, not done")
    if not reasons and phases["serving"][0] < phases["foundation"][0]:
        reasons.append(f"serving build {phases['serving'][0]} is older than foundation build {phases['foundation'][0]}")
    if build.state != "done" and build.phase == "partial":
        reasons.append(f"partial build {build.build_id} is {build.state}, not done")
    return reasons


def _of_build(connection: Connection, kept: dict[str, KeptVerdict], names: list[str]) -> list[str]:
    """Every subject was judged after the newest build that could have changed it, and is green."""
    builds = {str(row[0]): int(row[1]) for row in connection.execute(_NEWEST_OF_PHASE)}
    reasons: list[str] = []
    for name in names:
        phase = "foundation" if suites.subject(name).schema in FOUNDATION_SCHEMAS else "serving"
        needed = max(builds.get(phase, 0), builds.get("partial", 0))
        verdict = kept.get(name)
        if verdict is None:
            reasons.append(f"{name} was not judged")
        elif (verdict.build_id or 0) < needed:
            reasons.append(f"{name} was judged on build {verdict.build_id}, not on {needed}")
        elif verdict.state != "green":
            reasons.append(f"{name} is red: {verdict.evidence.get('summary')}")
        elif _was_changing(phase, verdict):
            reasons.append(f"{name} was judged while build {verdict.build_id} was {verdict.evidence['build']['state']}")
    return reasons


def _was_changing(phase: str, verdict: KeptVerdict) -> bool:
    """Whether the newest build when the subject was judged had not ended well and could have been changing it."""
    build = verdict.evidence["build"]
    return build["state"] != "done" and not (phase == "foundation" and build["phase"] == "serving")
