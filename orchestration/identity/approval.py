"""Letting a build publish although it changes unusually much.

Here: recording that a person has looked (`ops.identity_approval`). Not here: what is unusual (dbt_project/tests), what
changes (impact.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from orchestration.brands import Brand
from orchestration.identity.errors import DecisionRefused
from orchestration.warehouse.connect import connect

_WAITING = "select as_of from ops.build where phase = 'foundation' order by build_id desc limit 1"
_APPROVED = "select approved_by from ops.identity_approval where as_of >= %s order by approval_id desc limit 1"


@dataclass(frozen=True)
class Approved:
    """Who let the build of which business day pass, and why."""

    as_of: date
    approved_by: str
    reason: str


def approve(brand: Brand, *, reason: str, by: str) -> Approved:
    """Let the newest foundation's day publish what it changes; it counts from the next build of that day.

    Raises DecisionRefused without a reason, when nothing was built, or somebody let it pass already.
    """
    if not reason.strip():
        raise DecisionRefused("an approval needs a reason that others will understand later: --reason")
    with connect(brand.name, application_name="touchstream identity approval") as connection:
        connection.execute("lock table ops.identity_approval in share row exclusive mode")
        built = connection.execute(_WAITING).fetchone()
        if built is None:
            raise DecisionRefused(f"no foundation of brand {brand.name} was ever built: there is nothing to approve")
        as_of: date = built[0]
        before = connection.execute(_APPROVED, (as_of,)).fetchone()
        if before is not None:
            raise DecisionRefused(f"{before[0]} let the build of {as_of} pass already: build again")
        connection.execute(
            "insert into ops.identity_approval (as_of, approved_by, reason, approved_at) "
            "values (%s, %s, %s, clock_timestamp())",
            (as_of, by, reason.strip()),
        )
    return Approved(as_of, by, reason.strip())
