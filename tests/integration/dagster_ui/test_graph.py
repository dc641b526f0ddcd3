"""Dagster as its users meet it: the graph loads, shows the way from source to sync, runs through the API,
and its daemon lands and builds by nobody's hand what was pushed and what is due.
"""

from __future__ import annotations

import time
from typing import Any

from orchestration import settings
from orchestration.brands import Brand
from tests.integration.dagster_ui.conftest import Dev
from tests.integration.dagster_ui.kit import (
    RUN_SECONDS,
    ask,
    asked_by,
    catalogue,
    failures,
    finish,
    launch,
    switch_on,
)
from tests.integration.push.kit import event, put
from tests.workshop import rows


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


def test_every_invariant_is_a_check_of_the_last_table_it_reads(ui: tuple[str, Brand]) -> None:
    invariants = {path.stem for path in (settings.project_root() / "dbt_project" / "tests").glob("assert_*.sql")}
    shown = {
        check["name"]: key
        for key, node in nodes(ui[0]).items()
        for check in node["assetChecksOrError"].get("checks", [])
        if check["name"] in invariants
    }
    assert set(shown) == invariants, "one without a table is only noted beside each it reads, with a warning"
    assert shown["assert_revenue_is_conserved"] == "marts/mart_customer__single_view"


def test_schedule_sensors_and_daily_partitions_are_there(ui: tuple[str, Brand]) -> None:
    query = """
        { repositoriesOrError { ... on RepositoryConnection { nodes {
            name location { name } schedules { name } sensors { name } jobs { name } } } } }
    """
    (repository,) = ask(ui[0], query)["repositoriesOrError"]["nodes"]
    assert [item["name"] for item in repository["schedules"]] == ["daily_land_schedule"]
    assert {item["name"] for item in repository["sensors"]} >= {
        "drop_folder_sensor",
        "push_sensor",
        "due_sensor",
        "after_landing_sensor",
    }
    assert {item["name"] for item in repository["jobs"]} >= {"land_job", "build_job", "daily_job", "everything_job"}
    graph = nodes(ui[0])
    assert graph["ops/decision"]["isPartitioned"]
    assert graph["sync/email"]["isPartitioned"]


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


def run_of(url: str, sensor: str) -> str:
    """The id of the first run that the daemon asks for on a sensor's word; it must be the hot job."""
    switch_on(url, sensor)
    deadline = time.monotonic() + RUN_SECONDS
    while time.monotonic() < deadline:
        for job, run_id in asked_by(url, sensor):
            assert job == "hot_job"
            return run_id
        time.sleep(1)
    raise AssertionError(f"{sensor} asked for nothing in {RUN_SECONDS} s")


def test_a_push_is_landed_and_built_by_the_daemon(dev: Dev) -> None:
    put(dev.brand, "events", [event("a", event_at="2024-09-07T10:00:00Z", member_id="m1")])
    run_id = run_of(dev.url, "push_sensor")
    assert finish(dev.url, run_id) == "SUCCESS", failures(dev.url, run_id)
    assert rows(dev.brand, "select event_id from raw.raw_web__event") == [("a",)]
    health = "select row_count, joined_share from marts.mart_stream__health where contract = 'web.event'"
    assert rows(dev.brand, health) == [(1, 1)], "built, and joined to its customer"


def test_a_source_that_is_due_is_read_and_built_by_the_daemon(dev: Dev) -> None:
    catalogue(dev.workshop, "p9")
    run_id = run_of(dev.url, "due_sensor")
    assert finish(dev.url, run_id) == "SUCCESS", failures(dev.url, run_id)
    assert rows(dev.brand, "select distinct product_id from raw.raw_catalogue__product where product_id = 'p9'") == [
        ("p9",)
    ]
    assert rows(dev.brand, "select count(*) from core.dim_product where product_id = 'p9'") == [(1,)]
