"""Pulled sources beside dropped files: what fails fails alone, is told, and is over once it was read to its end."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from orchestration.sources.landing.land import land
from simulator.http_api import Api, Behaviour
from tests.shelf import ENVIRONMENT, orders
from tests.workshop import Workshop, rows, write

TILL = '[sources.till]\nconnector = "files"\ncontract = "pos.refund"\npath = "till/*.csv"\n'
REFUNDS = "refund_id,order_id,refunded_at,store_id,refund_amount\nr1,o1,2024-03-01 10:00:00,s,1.00\n"
IN_RAW = "select order_id from raw.raw_pos__order_line"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def api() -> Iterator[Api]:
    with Api(records=35, behaviour=Behaviour()) as made:
        yield made


def test_a_failing_source_fails_alone_and_is_told_until_it_is_read_to_its_end(workshop: Workshop, api: Api) -> None:
    brand = workshop.brand(orders(api, "cursors") + TILL)
    write(brand, "till/a.csv", REFUNDS)
    api.behaviour.faults = {3: "refuse"}
    command = ("-m", "orchestration.cli", "--brand", brand.name)
    ended = workshop.python(*command, "land", "--json")
    assert ended.returncode == 5, ended.stderr
    told = [(item["source"], item["outcome"], item["landed"]) for item in json.loads(ended.stdout)]
    assert told == [("orders", "landed", 10), ("orders", "landed", 10), ("orders", "failed", 0), ("till", "landed", 1)]
    status = workshop.python(*command, "status")
    assert f"refused: orders (rejected): GET {api.url}/cursors answered 422" in status.stdout
    batches = "select name, landed, accepted from ops.batch where source = 'orders' order by name"
    assert rows(brand, batches) == [("/cursors page 1", 10, 10), ("/cursors page 2", 10, 10)]
    ended = workshop.python(*command, "land", "--json")
    assert (ended.returncode, [item["outcome"] for item in json.loads(ended.stdout)]) == (0, ["landed", "landed"])
    assert Counter(str(row[0]) for row in rows(brand, IN_RAW)) == Counter(item["order_id"] for item in api.records)
    assert rows(brand, "select 1 from ops.refused_file") == []


def test_two_landings_at_once_read_a_source_one_after_the_other(workshop: Workshop, api: Api) -> None:
    brand = workshop.brand(orders(api, "since"))
    api.behaviour.grows_by, api.behaviour.grows_to = 3, 60
    with ThreadPoolExecutor(2) as pool:
        results = [item for result in pool.map(lambda _: land(brand), range(2)) for item in result]
    land(brand)
    assert {item.outcome for item in results} == {"landed"}
    assert Counter(str(row[0]) for row in rows(brand, IN_RAW)) == Counter(item["order_id"] for item in api.records)


def test_a_refused_page_moves_nothing_and_lands_once_the_brand_file_is_mended(workshop: Workshop, api: Api) -> None:
    brand = workshop.brand(orders(api, "pages") + '[sources.orders.columns]\nstore_id = "shop"\n')
    assert [(item.outcome, item.reason) for item in land(brand)] == [("refused", "missing_column")]
    assert rows(brand, "select 1 from ops.source_cursor") == []
    assert {item.outcome for item in land(workshop.brand(orders(api, "pages"), name=brand.name))} == {"landed"}
    assert Counter(str(row[0]) for row in rows(brand, IN_RAW)) == Counter(item["order_id"] for item in api.records)
