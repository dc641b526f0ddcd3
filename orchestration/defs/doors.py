"""Suites at the doors as blocking asset checks, and the gate that sending reads."""

from __future__ import annotations

import dagster as dg

from orchestration.brands import Brand
from orchestration.defs.landing import OWNERS
from orchestration.defs.resources import Deployment
from orchestration.warehouse.progress import say


def checks(brand: Brand) -> list[dg.AssetChecksDefinition]:
    """One blocking check per subject of a suite: raw tables, exposed tables, what is to be sent."""
    from expectations import subjects

    return [_check(item) for item in subjects.subjects(brand)]


def _check(subject: subjects.Subject) -> dg.AssetChecksDefinition:  # noqa: F821
    @dg.asset_check(asset=dg.AssetKey(subject.asset_key), name="suite", description=subject.description, blocking=True)
    def suite(deployment: Deployment) -> dg.AssetCheckResult:
        from expectations import gates, runner

        brand = deployment.load()
        say("check", subject.name)
        verdict = runner.run(brand, subject.name)
        gates.judge(brand)
        return dg.AssetCheckResult(passed=verdict.is_green, metadata={"evidence": dg.MetadataValue.json(verdict.evidence)})

    return suite
