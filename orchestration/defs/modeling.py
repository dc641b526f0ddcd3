"""Models that run beside the day's work: probable links, where the brand file turns them on."""

from __future__ import annotations

from dataclasses import asdict

import dagster as dg

from orchestration.brands import Brand
from orchestration.defs.identity import CUSTOMERS
from orchestration.defs.landing import OWNERS
from orchestration.defs.resources import Deployment
from orchestration.modeling import proposals

PROPOSALS = dg.AssetKey(["ops", "link_proposal"])
PROPOSALS_JOB = "proposals_job"
CRONS = {"daily": "0 3 * * *", "weekly": "0 3 * * 1", "monthly": "0 3 1 * *"}
WAIT_SECONDS = 3600.0
"""How long a run waits for a build under way: it is asked for once in a day, a week or a month."""


def assets(brand: Brand) -> list[dg.AssetsDefinition]:
    """The proposals, or nothing where the brand has them off."""
    if brand.file.proposals is None:
        return []

    @dg.asset(
        key=PROPOSALS,
        deps=[CUSTOMERS],
        group_name="modeling",
        kinds={"python", "duckdb"},
        owners=OWNERS,
        description="Customers without a shared identifier who are probably one person, for a person to look at. It "
        "links nothing.",
    )
    def link_proposal(deployment: Deployment) -> dg.MaterializeResult[None]:
        found = asdict(proposals.propose(deployment.load(), wait_seconds=WAIT_SECONDS))
        return dg.MaterializeResult(value=None, metadata={**found, "as_of": found["as_of"].isoformat()})

    return [link_proposal]


def schedules(brand: Brand) -> list[dg.ScheduleDefinition]:
    """Look for proposals as often as the brand file says; on as soon as the brand file turns them on."""
    setting = brand.file.proposals
    if setting is None:
        return []
    return [
        dg.ScheduleDefinition(
            name=f"{setting.cadence}_proposals_schedule",
            job_name=PROPOSALS_JOB,
            cron_schedule=CRONS[setting.cadence],
            execution_timezone=brand.file.time_zone,
            default_status=dg.DefaultScheduleStatus.RUNNING,
            description="At three in the morning, brand time: every day, on Mondays, or on the first of the month.",
        )
    ]
