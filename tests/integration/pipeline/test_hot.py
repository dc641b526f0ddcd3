"""Near real time: what was pushed is landed and built within one hot run, and only what it touches is made again."""

from __future__ import annotations

import pytest

from orchestration.cli.execute import Jobs
from orchestration.defs.jobs import BUILD_JOB, HOT_JOB, LAND_JOB
from orchestration.warehouse.fingerprint import fingerprint
from tests.integration.push.kit import SOURCES, event, put
from tests.workshop import Workshop, rows, write

TILL = """order_id,order_line_id,ordered_at,store_id,member_id,product_id,quantity,sales_amount
A,1,2025-03-01 09:00:00,s,lin,oil,1,680.00
"""


def test_a_push_is_joined_to_its_customer_by_one_hot_run(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DAGSTER_HOME", "BRAND"):  # the job's own, gone again with this test
        monkeypatch.setenv(name, "")
    brand = workshop.brand(SOURCES)
    write(brand, "till/a.csv", TILL)
    jobs = Jobs(brand)
    for job in (LAND_JOB, BUILD_JOB):
        assert jobs.run(job, switches={}).is_success
    put(brand, "events", [event("a", member_id="lin"), event("b", cookie_id="c-2")])

    hot = jobs.run(HOT_JOB, switches={})

    assert hot.is_success, hot.failures
    health = "select row_count, joined_share = 0.5 from marts.mart_stream__health where contract = 'web.event'"
    assert rows(brand, health) == [(2, True)]
    left = "select cast(counts ->> 'left' as integer) > 0 from ops.build order by build_id desc limit 2"
    assert rows(brand, left) == [(True,), (True,)], "orders have nothing to do with what was pushed"
    made = [(item.relation, item.rows, item.hash) for item in fingerprint(brand.name)]
    assert jobs.run(BUILD_JOB, switches={"force": True}).is_success
    assert [(item.relation, item.rows, item.hash) for item in fingerprint(brand.name)] == made
