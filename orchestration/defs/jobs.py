"""Jobs, the daily schedule, and the sensors that join landing to the day's work."""

from __future__ import annotations

import hashlib
import itertools
import time
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.brands import Brand
from orchestration.defs.activation import DECISION
from orchestration.defs.landing import HOT_JOB
from orchestration.defs.modeling import PROPOSALS, PROPOSALS_JOB
from orchestration.defs.resources import Deployment
from orchestration.sources.landing import waiting
from orchestration.warehouse import builds

if TYPE_CHECKING:  # Dagster exports no name for what define_asset_job gives
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition as AssetJob

LAND_JOB = "land_job"
BUILD_JOB = "build_job"
DAILY_JOB = "daily_job"
EVERYTHING_JOB = "everything_job"

ASKED_BY_TAG, WAITING_TAG = "touchstream/asked_by", "touchstream/waiting"
PAUSES = (30, 60, 120, 240, 480, 900)
"""Seconds until a sensor asks again after its first, second … run in a row that did not succeed."""
UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def raw_selection(raw: list[dg.AssetsDefinition]) -> dg.AssetSelection:
    """The raw assets with their checks."""
    return dg.AssetSelection.assets(*raw)


def hot_selection(brand: Brand, raw: list[dg.AssetsDefinition]) -> dg.AssetSelection:
    """The raw assets that are filled through the day, by pushes or at intervals, with their checks."""
    contracts = {
        source.contract for source in brand.file.sources.values() if source.connector == "push" or source.every
    }
    return raw_selection([item for item in raw if item.tags_by_key[item.key].get("contract") in contracts])


def jobs(brand: Brand, raw: list[dg.AssetsDefinition]) -> list[AssetJob]:
    """Landing; building and judging; building, deciding and sending one day; all of it for one day; what is hot.

    What models look for by the way (`proposals_job`) has a job of its own, and no part in the day's work. Jobs that
    hold a day's decisions have its partitions: Dagster takes them from the assets.
    """
    landing = raw_selection(raw)
    apart = dg.AssetSelection.assets(PROPOSALS) if brand.file.proposals else None
    everything = dg.AssetSelection.all() - apart if apart else dg.AssetSelection.all()
    sending = dg.AssetSelection.assets(DECISION).downstream()
    job = partial(dg.define_asset_job, executor_def=dg.in_process_executor)
    looking = [job(PROPOSALS_JOB, apart, description="Look for customers who are probably one.")] if apart else []
    return [
        *looking,
        job(LAND_JOB, landing, description="Land what the sources offer, and judge it at the door."),
        job(
            BUILD_JOB,
            everything - landing - sending,
            description="Build every model and judge the result.",
        ),
        job(
            HOT_JOB,
            hot_selection(brand, raw) | (everything - landing - sending),
            description="Land what was pushed or is due, and build what it touches: nothing else of that day is made "
            "again.",
        ),
        job(DAILY_JOB, everything - landing, description="Build as of a business day, judge, decide, send."),
        job(
            EVERYTHING_JOB,
            everything,
            description="From the sources to the messages in one run, for a business day.",
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


def drop_folder_sensor(brand: Brand, target: str = LAND_JOB) -> dg.SensorDefinition:
    """Ask for `target`, which lands, while the drop folder holds what no landing has looked into."""

    @dg.sensor(
        name="drop_folder_sensor",
        job_name=target,
        minimum_interval_seconds=30,
        description="New or changed files are landed.",
    )
    def drop_folder(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        return asked(context, target, waiting.waiting_files(brand))

    return drop_folder


def push_sensor(brand: Brand, target: str = HOT_JOB) -> dg.SensorDefinition:
    """Ask for `target` while pushes lie in the inbox, or were landed by the endpoint itself and not built from."""

    @dg.sensor(
        name="push_sensor",
        job_name=target,
        minimum_interval_seconds=5,
        description="What was pushed is landed in micro-batches, and what it touches is built.",
    )
    def pushes(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        pushed = [name for name, source in brand.file.sources.items() if source.connector == "push"]
        landed = [] if target == LAND_JOB else builds.not_built_from(brand, pushed)
        return asked(context, target, waiting.waiting_pushes(brand) + landed)

    return pushes


def due_sensor(brand: Brand, target: str = HOT_JOB) -> dg.SensorDefinition:
    """Ask for `target` when a source with `every` is due, or what one brought was not built from.

    A source counts from when it was last read by anybody, so a landing by hand or by the schedule puts it off.
    """

    @dg.sensor(
        name="due_sensor",
        job_name=target,
        minimum_interval_seconds=15,
        description="Sources elsewhere are read as often as the brand file says, and what they touch is built.",
    )
    def due(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        timed = [name for name, source in brand.file.sources.items() if source.every]
        landed = [] if target == LAND_JOB else builds.not_built_from(brand, timed)
        return asked(context, target, [f"{name}: {last}" for name, last in waiting.due_sources(brand).items()] + landed)

    return due


def asked(context: dg.SensorEvaluationContext, job: str, found: list[str]) -> dg.RunRequest | dg.SkipReason:
    """A run for what waits, unless one is under way, or the last one could land no more of it, or failed just now.

    There is no cursor to move too early: what waits is looked up afresh and the runs themselves say what was tried.
    """
    if not found:
        return dg.SkipReason("Nothing waits to be landed.")
    if context.instance.get_run_records(dg.RunsFilter(job_name=job, statuses=UNDER_WAY), limit=1):
        return dg.SkipReason(f"{job} is under way.")
    state = hashlib.sha256("\n".join(found).encode()).hexdigest()
    mine = dg.RunsFilter(job_name=job, tags={ASKED_BY_TAG: context.sensor_name})
    before = context.instance.get_run_records(mine, limit=len(PAUSES))
    failures = list(itertools.takewhile(lambda run: run.dagster_run.status != dg.DagsterRunStatus.SUCCESS, before))
    if failures:
        ended = failures[0].end_time or failures[0].update_timestamp.timestamp()
        left = ended + PAUSES[len(failures) - 1] - time.time()
        if left > 0:
            return dg.SkipReason(f"{len(failures)} runs in a row failed; the next one is asked for in {left:.0f} s.")
    elif before and before[0].dagster_run.tags.get(WAITING_TAG) == state:
        return dg.SkipReason(f"The last landing could not land what waits: {'; '.join(found[:5])}.")
    last = before[0].dagster_run.run_id if before else "none"
    return dg.RunRequest(run_key=f"{state} after {last}", tags={ASKED_BY_TAG: context.sensor_name, WAITING_TAG: state})


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
