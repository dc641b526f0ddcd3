"""Jobs, the daily schedule, and the sensors that join landing to the day's work."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.brands import Brand
from orchestration.defs.activation import DECISION, days
from orchestration.defs.resources import Deployment
from orchestration.sources.connectors import files
from orchestration.warehouse import builds

if TYPE_CHECKING:  # Dagster exports no name for what define_asset_job gives
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition as AssetJob

LAND_JOB = "land_job"
BUILD_JOB = "build_job"
DAILY_JOB = "daily_job"
EVERYTHING_JOB = "everything_job"


def raw_selection(raw: list[dg.AssetsDefinition]) -> dg.AssetSelection:
    """The raw assets with their checks."""
    return dg.AssetSelection.assets(*raw)


def jobs(brand: Brand, raw: list[dg.AssetsDefinition]) -> list[AssetJob]:
    """Landing; building and judging; building, deciding and sending one day; all of it for one day."""
    landing = raw_selection(raw)
    everything = dg.AssetSelection.all()
    sending = dg.AssetSelection.assets(DECISION).downstream()
    executor = dg.in_process_executor
    return [
        dg.define_asset_job(
            LAND_JOB,
            landing,
            description="Land what the sources offer, and judge it at the door.",
            executor_def=executor,
        ),
        dg.define_asset_job(
            BUILD_JOB,
            everything - landing - sending,
            description="Build every model and judge the result.",
            executor_def=executor,
        ),
        dg.define_asset_job(
            DAILY_JOB,
            everything - landing,
            description="Build as of a business day, judge, decide, send.",
            partitions_def=days(brand),
            executor_def=executor,
        ),
        dg.define_asset_job(
            EVERYTHING_JOB,
            everything,
            description="From the sources to the messages in one run, for a business day.",
            partitions_def=days(brand),
            executor_def=executor,
        ),
    ]


def schedule(brand: Brand) -> dg.ScheduleDefinition:
    """Land every morning, in the brand's zone; the day's work follows the landing."""
    return dg.ScheduleDefinition(
        name="daily_land_schedule",
        job_name=LAND_JOB,
        cron_schedule="0 5 * * *",
        execution_timezone=brand.file.time_zone,
        description="Every morning at five, brand time.",
    )


def drop_folder_sensor(brand: Brand) -> dg.SensorDefinition:
    """Land as soon as the drop folder looks different from the last time it was landed."""

    @dg.sensor(
        name="drop_folder_sensor",
        job_name=LAND_JOB,
        minimum_interval_seconds=30,
        description="New or changed files are landed.",
    )
    def drop_folder(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        seen = signature(brand)
        if seen == context.cursor:
            return dg.SkipReason("The drop folder is as it was.")
        context.update_cursor(seen)
        return dg.RunRequest(run_key=seen)

    return drop_folder


def signature(brand: Brand) -> str:
    """What the drop folder looks like: names, sizes and times of everything a source would read."""
    found = sorted(mark for source in brand.file.sources.values() for mark in files.marks(brand, source))
    return hashlib.sha256("\n".join(found).encode()).hexdigest()


def after_landing_sensor(brand: Brand, daily: AssetJob) -> dg.SensorDefinition:
    """After a landing that succeeded, do the day's work for the day the data reach."""

    @dg.run_status_sensor(
        run_status=dg.DagsterRunStatus.SUCCESS,
        name="after_landing_sensor",
        request_job=daily,
        description="The day's work follows the landing.",
    )
    def after_landing(context: dg.RunStatusSensorContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
        if context.dagster_run.job_name != LAND_JOB:
            yield dg.SkipReason("Not a landing.")
            return
        wanted = Deployment(brand=brand.name).inputs()
        if builds.unchanged_since(brand, wanted) is not None:
            yield dg.SkipReason("Nothing new was landed.")
            return
        # One run per landing: a key of the data alone would never be tried again after a run that failed.
        yield dg.RunRequest(partition_key=wanted.as_of.isoformat(), run_key=context.dagster_run.run_id)

    return after_landing
