"""Dagster as its users meet it: the graph loads, shows the way from source to sync, and runs through the API."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestration import settings
from orchestration.brands import Brand
from tests.workshop import Workshop, opened, rows, write

SOURCES = """
[sources.till]
connector = "files"
contract = "pos.order_line"
path = "till/*.csv"
[sources.members]
connector = "files"
contract = "crm.member"
path = "members/*.csv"
[destinations.email]
kind = "smtp"
host = "127.0.0.1"
port = 2525
from_address = "a@shop.example"
"""
START_SECONDS = 180
RUN_SECONDS = 300


def fill(brand: Brand) -> None:
    lines = ["order_id,order_line_id,ordered_at,store_id,member_id,product_id,quantity,sales_amount"]
    for member in range(12):
        lines += [
            f"{member}-{n},1,2024-{n:02d}-0{1 + member % 7} 10:00:00,s{member % 2},m{member},p{n % 3},1,9.90"
            for n in range(1, 10)
        ]
    write(brand, "till/a.csv", "\n".join(lines) + "\n")
    write(brand, "members/a.csv", "member_id,email\n" + "".join(f"m{n},m{n}@shop.example\n" for n in range(12)))


@pytest.fixture(scope="module")
def ui() -> Iterator[tuple[str, Brand]]:
    """`touchstream dev` on a small brand; its address."""
    with opened() as workshop:
        brand = workshop.brand(SOURCES)
        fill(brand)
        with Served(workshop, brand) as url:
            yield url, brand


class Served:
    """The web server and daemon of `touchstream dev`, in a process session of their own, ended afterwards."""

    def __init__(self, workshop: Workshop, brand: Brand) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.log = Path(workshop.folder) / "dev.log"
        with self.log.open("w", encoding="utf-8") as told:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "orchestration.cli", "--brand", brand.name, "dev", "--port", str(self.port)],
                cwd=settings.project_root(),
                env={**os.environ, **workshop.environment},
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=told,
                start_new_session=True,
            )

    def __enter__(self) -> str:
        url = f"http://127.0.0.1:{self.port}"
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{url}/server_info", timeout=5):
                    return url
            except OSError:
                time.sleep(0.5)
        raise AssertionError(self.log.read_text(encoding="utf-8")[-4000:])

    def __exit__(self, *_: object) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=10)


def ask(url: str, query: str, **variables: Any) -> Any:
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(f"{url}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        told = json.loads(answer.read())
    assert "errors" not in told, told
    return told["data"]


def nodes(url: str) -> dict[str, Any]:
    query = """
        { assetNodes { assetKey { path } groupName description kinds isPartitioned isMaterializable
          owners { ... on TeamAssetOwner { team } } dependencyKeys { path } metadataEntries { __typename label }
          assetChecksOrError { ... on AssetChecks { checks { name blocking } } } } }
    """
    return {"/".join(node["assetKey"]["path"]): node for node in ask(url, query)["assetNodes"]}


def upstream(graph: dict[str, Any], key: str) -> set[str]:
    found: set[str] = set()
    open_keys = [key]
    while open_keys:
        for item in graph.get(open_keys.pop(), {"dependencyKeys": []})["dependencyKeys"]:
            name = "/".join(item["path"])
            if name not in found:
                found.add(name)
                open_keys.append(name)
    return found


def test_the_lineage_leads_from_every_connected_source_to_the_sync(ui: tuple[str, Brand]) -> None:
    graph = nodes(ui[0])
    above = upstream(graph, "sync/email")
    assert {
        "raw/raw_pos__order_line",
        "raw/raw_crm__member",
        "core/fct_order",
        "activation/act_contact_plan",
        "ops/decision",
    } <= above


def test_assets_have_group_kinds_owner_description_and_columns(ui: tuple[str, Brand]) -> None:
    for key, node in nodes(ui[0]).items():
        if key.startswith("ledger/"):
            continue
        assert node["groupName"] != "default", key
        assert node["description"], key
        assert node["kinds"], key
        assert node["owners"], key
        if key.split("/")[0] in ("raw", "core", "marts"):
            assert "TableSchemaMetadataEntry" in {entry["__typename"] for entry in node["metadataEntries"]}, key


def test_suites_stand_at_the_doors_and_block(ui: tuple[str, Brand]) -> None:
    graph = nodes(ui[0])
    for key in (
        "raw/raw_pos__order_line",
        "core/fct_event",
        "marts/mart_customer__single_view",
        "activation/act_contact_plan",
    ):
        checks = {check["name"]: check["blocking"] for check in graph[key]["assetChecksOrError"]["checks"]}
        suites = {name: blocking for name, blocking in checks.items() if name.startswith("suite_")}
        assert suites, key
        assert all(suites.values()), key
        assert key.startswith("raw/") or len(checks) > len(suites), key


def test_schedule_sensors_and_daily_partitions_are_there(ui: tuple[str, Brand]) -> None:
    query = """
        { repositoriesOrError { ... on RepositoryConnection { nodes {
            name location { name } schedules { name } sensors { name } jobs { name } } } } }
    """
    (repository,) = ask(ui[0], query)["repositoriesOrError"]["nodes"]
    assert [item["name"] for item in repository["schedules"]] == ["daily_land_schedule"]
    assert {item["name"] for item in repository["sensors"]} >= {"drop_folder_sensor", "after_landing_sensor"}
    assert {item["name"] for item in repository["jobs"]} >= {"land_job", "build_job", "daily_job", "everything_job"}
    graph = nodes(ui[0])
    assert graph["ops/decision"]["isPartitioned"]
    assert graph["sync/email"]["isPartitioned"]


def launch(url: str, job: str, day: str | None) -> str:
    query = "{ repositoriesOrError { ... on RepositoryConnection { nodes { name location { name } } } } }"
    (repository,) = ask(url, query)["repositoriesOrError"]["nodes"]
    tags = [{"key": "dagster/partition", "value": day}] if day else []
    mutation = """
        mutation($params: ExecutionParams!) { launchRun(executionParams: $params) {
            __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }
            ... on RunConfigValidationInvalid { errors { message } } } }
    """
    params = {
        "selector": {
            "repositoryName": repository["name"],
            "repositoryLocationName": repository["location"]["name"],
            "jobName": job,
        },
        "runConfigData": "{}",
        "mode": "default",
        "executionMetadata": {"tags": tags},
    }
    told = ask(url, mutation, params=params)["launchRun"]
    assert told["__typename"] == "LaunchRunSuccess", told
    return str(told["run"]["runId"])


def finish(url: str, run_id: str) -> str:
    query = "query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"
    deadline = time.monotonic() + RUN_SECONDS
    while time.monotonic() < deadline:
        status = str(ask(url, query, id=run_id)["runOrError"]["status"])
        if status in ("SUCCESS", "FAILURE", "CANCELED"):
            return status
        time.sleep(1)
    raise AssertionError(f"run {run_id} goes on after {RUN_SECONDS} s")


def failures(url: str, run_id: str) -> list[Any]:
    query = """
        query($id: ID!) { logsForRun(runId: $id) { ... on EventConnection { events {
            ... on ExecutionStepFailureEvent { stepKey error { message cause { message } } }
            ... on AssetCheckEvaluationEvent { evaluation { success checkName description } } } } } }
    """
    events = ask(url, query, id=run_id)["logsForRun"]["events"]
    return [item for item in events if "error" in item or not item.get("evaluation", {"success": True})["success"]]


def test_everything_materializes_through_the_api(ui: tuple[str, Brand]) -> None:
    url, brand = ui
    run_id = launch(url, "everything_job", "2024-09-07")
    assert finish(url, run_id) == "SUCCESS", failures(url, run_id)
    query = """
        query($id: ID!) { runOrError(runId: $id) { ... on Run {
            assetMaterializations { assetKey { path } metadataEntries { label } } } } }
    """
    made = ask(url, query, id=run_id)["runOrError"]["assetMaterializations"]
    keys = {"/".join(item["assetKey"]["path"]) for item in made}
    graph = nodes(url)
    assert keys == {key for key, node in graph.items() if node["isMaterializable"]}
    assert {key.split("/")[0] for key, node in graph.items() if not node["isMaterializable"]} == {"ledger", "raw"}
    counted = {
        "/".join(item["assetKey"]["path"])
        for item in made
        for entry in item["metadataEntries"]
        if "row_count" in entry["label"]
    }
    assert {"core/fct_order", "marts/mart_customer__single_view"} <= counted
    assert rows(brand, "select count(*) from core.fct_order") == [(108,)]
    assert {row[0] for row in rows(brand, "select state from ops.operation")} <= {"cancelled"}
