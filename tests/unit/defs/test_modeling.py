"""Proposals are an asset of their own, with a schedule, where the brand file turns them on, and nothing elsewhere."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from orchestration import brands
from orchestration.defs import jobs, modeling
from orchestration.defs.activation import DECISION

HEAD = 'title = "T"\ntime_zone = "Asia/Shanghai"\ncurrency = "CNY"\n'


def graph(folder: Path, monkeypatch: pytest.MonkeyPatch, more: str) -> dg.Definitions:
    """The brand's jobs over a decision and what models make."""
    monkeypatch.setenv("TOUCHSTREAM_BRANDS", str(folder))
    (folder / "tea.toml").write_text(HEAD + more, encoding="utf-8")
    brand = brands.load("tea")

    @dg.asset(key=DECISION)
    def decision() -> None:
        """Stands for the day's work."""

    @dg.asset(key=["raw", "raw_any__thing"])
    def raw() -> None:
        """Stands for what lands."""

    return dg.Definitions(
        assets=[decision, raw, *modeling.assets(brand)],
        jobs=jobs.jobs(brand, [raw]),
        schedules=modeling.schedules(brand),
        resources={"deployment": dg.ResourceDefinition.hardcoded_resource(None)},
    )


def selected(found: dg.Definitions, job: str) -> set[str]:
    return {key.to_user_string() for key in found.resolve_job_def(job).asset_layer.selected_asset_keys}


def test_off_by_default_there_is_neither_asset_nor_schedule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = graph(tmp_path, monkeypatch, "")
    assert modeling.PROPOSALS not in found.resolve_asset_graph().get_all_asset_keys()
    assert not [*(found.schedules or [])]
    assert selected(found, "everything_job") == {"ops/decision", "raw/raw_any__thing"}


def test_turned_on_they_have_a_job_and_a_schedule_and_no_part_in_the_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = graph(tmp_path, monkeypatch, '[proposals]\ncadence = "monthly"\n')
    assert selected(found, modeling.PROPOSALS_JOB) == {"ops/link_proposal"}
    for job in (jobs.BUILD_JOB, jobs.DAILY_JOB, jobs.EVERYTHING_JOB, jobs.HOT_JOB):
        assert "ops/link_proposal" not in selected(found, job)
    schedule = found.resolve_schedule_def("monthly_proposals_schedule")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 3 1 * *", "Asia/Shanghai")
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
