"""Suites at the doors as blocking asset checks."""

import dagster as dg

from expectations import gates, runner, suites
from expectations.landing import subject_of
from expectations.model import Subject
from orchestration.brands import Brand
from orchestration.defs.landing import connected
from orchestration.defs.resources import Deployment
from orchestration.sources.contracts import CONTRACTS
from orchestration.warehouse import builds
from orchestration.warehouse.progress import say


def checks(brand: Brand) -> list[dg.AssetChecksDefinition]:
    """One blocking check per suite: raw tables of connected contracts, exposed tables, what is to be sent."""
    left_out = {subject_of(contract).name for contract in CONTRACTS.values() if contract not in connected(brand)}
    return [_check(suites.subject(name)) for name in suites.subjects() if name not in left_out]


def _check(subject: Subject) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=dg.AssetKey(list(subject.asset_key)),
        name=f"suite_{subject.table}",
        description=subject.description,
        blocking=True,
    )
    def suite(deployment: Deployment) -> dg.AssetCheckResult:
        say("check", subject.name)
        verdict = runner.run(deployment.brand, subject.name)
        if not verdict.is_green and builds.has_any(deployment.load()):
            gates.judge(deployment.brand)  # a red suite closes the gate at once, whatever runs next
        return dg.AssetCheckResult(
            passed=verdict.is_green,
            description=verdict.summary,
            metadata={"evidence": dg.MetadataValue.json(verdict.evidence)},
        )

    return suite
