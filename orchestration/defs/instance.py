"""Dagster's own home for a brand: where runs are recorded, telemetry off; and the reaping of runs nobody runs."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import dagster as dg
from dagster._core.storage.event_log import SqlEventLogStorage

from orchestration.brands import Brand
from orchestration.warehouse.connect import connection_parts

PROCESS_TAG = "touchstream/process"
# What Dagster notes of a run may be half a second behind when the server dies: runs are reaped, the ledger is ours.
_LAZY = "-c synchronous_commit=off"
_RECYCLE_SECONDS, _MORE_CONNECTIONS = 3600, 20
_ASSET_KEY_COLUMNS = ("last_materialization_timestamp", "cached_status_data")

YAML = """\
# Made by touchstream; written anew when it differs.
telemetry:
  enabled: false
nux:
  enabled: false
storage:
  postgres:
    postgres_url:
      env: TOUCHSTREAM_DAGSTER_URL
run_monitoring:
  enabled: true
  start_timeout_seconds: 180
  max_runtime_seconds: 21600
  poll_interval_seconds: 30
run_retries:
  enabled: true
  max_retries: 0
concurrency:
  runs:
    max_concurrent_runs: 1
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days:
      skipped: 7
      failure: 30
      success: 30
"""


def home(brand: Brand) -> Path:
    """DAGSTER_HOME of the brand."""
    return brand.home / "dagster"


def prepare(brand: Brand) -> Mapping[str, str]:
    """Write `dagster.yaml` and give the environment that a Dagster process of this brand needs."""
    folder = home(brand)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "dagster.yaml"
    if not file.is_file() or file.read_text(encoding="utf-8") != YAML:
        file.write_text(YAML, encoding="utf-8")
    return {
        "DAGSTER_HOME": str(folder),
        "TOUCHSTREAM_DAGSTER_URL": connection_parts(brand.name, database="dagster").url(options=_LAZY),
        "BRAND": brand.name,
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "false",
    }


def opened() -> dg.DagsterInstance:
    """The instance that DAGSTER_HOME names, made to work through a run without asking the same again and again.

    Left to itself Dagster connects anew for every statement, well over a thousand times in one run, and looks into the
    catalogue before every event.
    """
    instance = dg.DagsterInstance.get()
    instance.optimize_for_webserver(statement_timeout=0, pool_recycle=_RECYCLE_SECONDS, max_overflow=_MORE_CONNECTIONS)
    events = instance.event_log_storage
    if isinstance(events, SqlEventLogStorage):
        known = {column: events.has_asset_key_col(column) for column in _ASSET_KEY_COLUMNS}
        vars(events)["has_table"] = cache(events.has_table)
        vars(events)["_has_asset_key_col_on_connection"] = lambda _connection, column: known[column]
    return instance


def process_tag() -> str:
    """Who runs this: the process and its machine."""
    return f"{os.getpid()}@{socket.gethostname()}"


def orphans(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """Runs recorded as going on although their process is gone (on this machine; others cannot be seen)."""
    open_states = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.CANCELING]
    found = instance.get_runs(filters=dg.RunsFilter(statuses=open_states))
    return [run for run in found if _is_gone(run.tags.get(PROCESS_TAG))]


def reap(instance: dg.DagsterInstance) -> list[str]:
    """Report orphaned runs as failed; gives their ids. What they left half done is taken up by the next run."""
    ids: list[str] = []
    for run in orphans(instance):
        instance.report_run_failed(run, "Its process is gone. The next run takes up what it left.")
        ids.append(run.run_id)
    return ids


def _is_gone(process: str | None) -> bool:
    pid, _, host = (process or "").partition("@")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
