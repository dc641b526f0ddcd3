"""What a run came to: the closing table of `run`, `build` and `demo`, and what `doctor` finds in the warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from orchestration.activation.errors import GateClosed
from orchestration.brands import Brand
from orchestration.cli import exits, output
from orchestration.warehouse.connect import connect
from orchestration.warehouse.locks import LockHeld

if TYPE_CHECKING:
    from orchestration.cli.execute import Ran

_LANDED = """
    select coalesce(sum(landed), 0), coalesce(sum(accepted), 0), coalesce(sum(duplicate), 0),
           coalesce(sum(quarantined), 0), count(*)
    from ops.batch where loaded_at >= %s
"""
_BUILT = """
    select coalesce(sum(cast(counts ->> 'models' as integer)), 0),
           coalesce(sum(cast(counts ->> 'tests' as integer)), 0),
           coalesce(sum(cast(counts ->> 'failures' as integer)), 0),
           coalesce(sum(cast(counts ->> 'left' as integer)), 0), count(*)
    from ops.build where started_at >= %s
"""
_AUDIENCE = """
    select campaign_id, delivery, outcome, reason, count(*) from ops.decision
    where (delivery, as_of) in (select delivery, as_of from ops.sync_run order by started_at desc limit 1)
    group by campaign_id, delivery, outcome, reason order by 1, 2, 3, 5 desc
"""
_SENT = """
    select delivery, state, count(*) from ops.operation where coalesce(acked_at, recorded_at) >= %s
    group by delivery, state order by 1, 2
"""
_AILMENTS = """
    select 'build ' || build_id, 'never closed (' || owner || '): the next build replaces it' from ops.build
    where state = 'running'
    union all
    select 'operations of ' || sync_id, count(*) || ' ' || state || ': the next dispatch settles them'
    from ops.operation where state in ('in_flight', 'unknown') group by sync_id, state
"""


class Story:
    """Collects runs and tells them as one."""

    def __init__(self, brand: Brand) -> None:
        self._brand = brand
        self._runs: list[Ran] = []
        self.seconds: dict[str, float] = {}
        with connect(brand.name, application_name="touchstream summary") as connection:
            row = connection.execute("select clock_timestamp()").fetchone()
        self._since = row[0] if row else None

    def add(self, ran: Ran) -> None:
        """Take a finished run in."""
        self._runs.append(ran)
        for stage, seconds in ran.seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds

    @property
    def is_success(self) -> bool:
        """Whether all went well so far."""
        return all(item.is_success and not item.checks_failed for item in self._runs)

    @property
    def exit_code(self) -> int:
        """What the process should end with."""
        if self.is_success:
            return exits.OK
        errors = {name for item in self._runs for name in item.errors}
        if LockHeld.__name__ in errors:
            return exits.BUSY
        is_closed = GateClosed.__name__ in errors or any(item.checks_failed for item in self._runs)
        return exits.CLOSED if is_closed else exits.FAILED

    def tell(self, *, is_json: bool = False) -> None:
        """Print the closing table, then what failed."""
        facts = self._facts()
        if is_json:
            failures = [failure for item in self._runs for failure in item.failures]
            output.as_json({"success": self.is_success, **dict(facts), "seconds": self.seconds, "failures": failures})
            return
        output.table(("what", "came to"), facts, title=f"{self._brand.name}")
        shown = [(stage, f"{seconds:.1f}") for stage, seconds in self.seconds.items()]
        output.table(("stage", "seconds"), shown)
        for item in self._runs:
            for failure in item.failures:
                output.complain(failure)

    def _facts(self) -> Sequence[tuple[str, Any]]:
        with connect(self._brand.name, application_name="touchstream summary") as connection:
            landed = connection.execute(_LANDED, (self._since,)).fetchone() or (0,) * 5
            built = connection.execute(_BUILT, (self._since,)).fetchone() or (0,) * 5
            audience = connection.execute(_AUDIENCE).fetchall()
            sent = connection.execute(_SENT, (self._since,)).fetchall()
            latest = connection.execute(
                "select build_id, as_of from ops.build order by build_id desc limit 1"
            ).fetchone()
        rows, accepted, duplicate, quarantined, batches = landed
        told = f"{rows} in {batches} batches: {accepted} accepted, {duplicate} duplicate, {quarantined} quarantined"
        facts: list[tuple[str, Any]] = [("rows landed", told)]
        if built[4]:
            left = f", {built[3]} models left as they were" if built[3] else ""
            facts.append(("built", f"{built[0]} models, {built[1]} dbt tests, {built[2]} failures{left}"))
        elif latest and any(item.is_success and item.job != "land_job" for item in self._runs):
            facts.append(("built", f"skipped: nothing changed since build {latest[0]}"))
        passed, failed = sum(i.checks_passed for i in self._runs), sum(i.checks_failed for i in self._runs)
        facts.append(("checks", f"{passed} passed, {failed} failed"))
        if latest:
            facts.append(("as of", latest[1].isoformat()))
        for campaign, delivery, outcome, reason, count in audience:
            facts.append((f"{campaign} ({delivery})", f"{count} {outcome}: {reason}"))
        for delivery, state, count in sent:
            facts.append((f"messages ({delivery})", f"{count} {state}"))
        if not sent:
            facts.append(("messages", "none sent"))
        return facts


def ailments(brand: Brand) -> list[tuple[str, str]]:
    """What a crash left in the warehouse, each with what becomes of it."""
    with connect(brand.name, application_name="touchstream doctor") as connection:
        return [(str(row[0]), str(row[1])) for row in connection.execute(_AILMENTS).fetchall()]
