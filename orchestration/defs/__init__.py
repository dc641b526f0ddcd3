"""Dagster objects, and nothing else: each asset is inputs, a call into a plain package, metadata out.

Here: assets, checks, jobs, schedules, sensors, resources, and `build_defs`, which puts them together for one brand.
Not here: how anything is done (sources/, warehouse/, modeling/, activation/, expectations/).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg

from orchestration import brands
from orchestration.brands import Brand
from orchestration.defs import activation, doors, jobs, landing, modeling, transform
from orchestration.defs.resources import Deployment
from orchestration.warehouse import dbt


def build_defs(overrides: Mapping[str, Any] | None = None, *, brand: Brand | None = None) -> dg.Definitions:
    """The whole graph of one brand (the chosen one when none is given).

    `overrides` replace resources by name (`deployment`, `dbt_cli`): a test can run the real graph on other ones.
    """
    chosen = brand or brands.load(brands.chosen(None))
    raw = landing.assets(chosen)
    models = transform.assets(chosen, dbt.prepare_manifest(chosen))
    serving = [key for item in models[1:] for key in sorted(item.keys)]
    made_jobs = jobs.jobs(chosen, raw)
    daily = next(item for item in made_jobs if item.name == jobs.DAILY_JOB)
    resources: dict[str, Any] = {
        "deployment": Deployment.configure_at_launch(brand=chosen.name),
        "dbt_cli": transform.resource(),
    }
    return dg.Definitions(
        assets=[
            *raw,
            *landing.not_connected(chosen),
            *models,
            *activation.assets(chosen, serving),
            *modeling.assets(chosen),
        ],
        asset_checks=doors.checks(chosen),
        jobs=made_jobs,
        schedules=[jobs.schedule(chosen), *modeling.schedules(chosen)],
        sensors=[
            jobs.drop_folder_sensor(chosen),
            jobs.push_sensor(chosen),
            jobs.due_sensor(chosen),
            jobs.after_landing_sensor(chosen, daily),
        ],
        resources={**resources, **(overrides or {})},
        executor=dg.in_process_executor,
    )
