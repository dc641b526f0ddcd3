"""The daemon itself asks the sensors: what was pushed, and what is due, is landed and built by nobody's hand."""

from __future__ import annotations

import time

from tests.integration.dagster_ui.conftest import Dev
from tests.integration.dagster_ui.kit import RUN_SECONDS, asked_by, catalogue, failures, finish, switch_on
from tests.integration.push.kit import event, put
from tests.workshop import rows


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
