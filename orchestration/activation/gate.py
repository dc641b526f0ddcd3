"""The gate: may the newest build be sent from?

Here: reading `ops.build` and `ops.gate`, and saying what is wrong. Not here: judging (expectations/ and dbt do, defs/
writes it down). The planner and the dispatcher read the gate themselves, so it holds however they were started.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from orchestration.activation.errors import GateClosed
from orchestration.warehouse.migrate import Connection

REQUIRED_GATES: tuple[str, ...] = ("landing", "dbt_tests", "marts", "payload")
"""Checks that must have judged the newest build green.

Batches at the door, dbt's tests, exposed marts, what is to be sent.
"""

_NEWEST = "select build_id, phase, state, as_of from ops.build order by build_id desc limit 1"
_VERDICTS = """
    select distinct on (gate) gate, state
    from ops.gate
    where build_id = %s
    order by gate, judged_at desc, state desc
"""


@dataclass(frozen=True)
class GateState:
    """The newest build and the latest verdict of each gate on it. `build_id` is None before the first build."""

    build_id: int | None = None
    phase: str = ""
    build_state: str = ""
    as_of: date | None = None
    verdicts: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def missing(self) -> tuple[str, ...]:
        """Required gates that have not judged this build."""
        return tuple(gate for gate in REQUIRED_GATES if gate not in self.verdicts)

    @property
    def red(self) -> tuple[str, ...]:
        """Gates that judged this build red, required or not."""
        return tuple(sorted(gate for gate, state in self.verdicts.items() if state != "green"))

    @property
    def is_open(self) -> bool:
        """Whether messages may leave."""
        return self.build_id is not None and self.build_state == "done" and not self.missing and not self.red

    @property
    def reason(self) -> str:
        """Why the gate is closed and what to do; empty when it is open."""
        if self.is_open:
            return ""
        if self.build_id is None:
            return "Nothing was built yet, so nothing is sent. `touchstream run` lands, builds and judges."
        build = f"build {self.build_id} ({self.phase}, as of {self.as_of})"
        again = "run `touchstream build` again"
        if self.build_state != "done":
            return f"The newest {build} is {self.build_state}, not done: nothing is sent. Wait for it, or {again}."
        told = [
            f"{', '.join(names)} {what}" for names, what in ((self.red, "red"), (self.missing, "not judged")) if names
        ]
        return (
            f"The gate on {build} is closed: {'; '.join(told)}. Nothing is sent."
            f" `touchstream status` shows the evidence: mend what it names and {again}."
        )


def gate_state(connection: Connection) -> GateState:
    """The newest build of this brand and what was judged on it."""
    row = connection.execute(_NEWEST).fetchone()
    if row is None:
        return GateState()
    verdicts: dict[str, str] = dict(connection.execute(_VERDICTS, (row[0],)).fetchall())
    return GateState(build_id=row[0], phase=row[1], build_state=row[2], as_of=row[3], verdicts=verdicts)


def require_open(connection: Connection, *, build_id: int | None = None) -> GateState:
    """The gate's state when it is open; GateClosed when it is not, or when the newest build is not `build_id`."""
    state = gate_state(connection)
    if not state.is_open:
        raise GateClosed(state.reason)
    if build_id is not None and state.build_id != build_id:
        raise GateClosed(
            f"Build {build_id} is not the newest any more, build {state.build_id} is:"
            " nothing is sent from an older one."
        )
    return state
