"""Running a Dagster job of a brand in this process: the CLI and Dagster's UI run the same graph.

Here: the instance, the run, its timing. Not here: what the jobs hold (defs/). Dagster is imported when a job runs, not
before.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

from orchestration.brands import Brand


@dataclass(frozen=True)
class Ran:
    """One finished run: whether it went well, seconds per stage, checks passed and failed, what failed in words."""

    run_id: str
    job: str
    is_success: bool
    seconds: Mapping[str, float]
    checks_passed: int
    checks_failed: int
    failures: tuple[str, ...]
    errors: frozenset[str]


class Jobs:
    """The brand's jobs, loaded once. Reaps orphaned runs of this machine on the way in."""

    def __init__(self, brand: Brand) -> None:
        from orchestration.defs import instance as house

        os.environ.update(house.prepare(brand))
        from orchestration.defs import build_defs

        self._brand = brand
        self._instance = house.opened()
        self.reaped = house.reap(self._instance)
        self._definitions = build_defs(brand=brand)

    def run(self, job: str, *, switches: Mapping[str, Any], day: str | None = None) -> Ran:
        """Run a job to its end, with the deployment resource's `switches`; `day` is the partition of daily jobs."""
        from orchestration.defs.instance import PROCESS_TAG, process_tag

        definition = self._definitions.resolve_job_def(job)
        started = time.monotonic()
        log = self._brand.home / "logs" / f"{job}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w", encoding="utf-8") as told, redirect_stdout(told):
            result = definition.execute_in_process(
                instance=self._instance,
                raise_on_error=False,
                partition_key=day,
                tags={PROCESS_TAG: process_tag()},
                run_config={
                    "resources": {"deployment": {"config": {"brand": self._brand.name, **switches}}},
                    "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                },
            )
        seconds = self._seconds(result.run_id)
        seconds["all"] = time.monotonic() - started
        evaluations = result.get_asset_check_evaluations()
        return Ran(
            run_id=result.run_id,
            job=job,
            is_success=result.success,
            seconds=seconds,
            checks_passed=sum(1 for item in evaluations if item.passed),
            checks_failed=sum(1 for item in evaluations if not item.passed),
            failures=tuple(_failures(result)),
            errors=frozenset(cause.cls_name for _, cause, _ in _ended(result) if cause and cause.cls_name),
        )

    def _seconds(self, run_id: str) -> dict[str, float]:
        found: dict[str, float] = {}
        for step in self._instance.get_run_step_stats(run_id):
            if step.start_time is not None and step.end_time is not None:
                stage = _stage(step.step_key)
                found[stage] = found.get(stage, 0.0) + step.end_time - step.start_time
        return found


def _stage(step: str) -> str:
    if "suite_" in step:
        return "check"
    if step.startswith("raw__"):
        return "land"
    return {"ops__gate": "check", "ops__decision": "plan"}.get(step, "send" if step.startswith("sync__") else step)


def _failures(result: Any) -> list[str]:
    told = [
        f"{step}: {words or (cause.message.strip() if cause else 'failed')}" for step, cause, words in _ended(result)
    ]
    closed = [item for item in result.get_asset_check_evaluations() if not item.passed]
    return told + [f"{item.asset_key.to_user_string()}: check {item.check_name} failed" for item in closed]


def _ended(result: Any) -> Iterator[tuple[str, Any, str | None]]:
    """Steps that failed: the step, what caused it (Dagster's record of an exception), its own words if it had any."""
    for event in result.get_step_failure_events():
        cause = event.step_failure_data.error
        while cause is not None and cause.cause is not None:
            cause = cause.cause
        described = event.step_failure_data.user_failure_data
        yield event.step_key, cause, described.description if described else None
