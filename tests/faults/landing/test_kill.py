"""A landing that is killed anywhere leaves nothing half done, and the next one ends as if nothing had happened."""

from __future__ import annotations

import os

import pytest

from orchestration.brands import Brand
from orchestration.sources.landing import land, scratch
from tests.workshop import Workshop, rows, write

SOURCES = """
[sources.till]
connector = "files"
contract = "pos.order_line"
path = "till/*.csv"
[sources.consents]
connector = "files"
contract = "crm.consent"
path = "consents/*.csv"
"""
TILL = "order_id,order_line_id,ordered_at,store_id,member_id,product_id,quantity,sales_amount\n" + "".join(
    f"{number},1,2024-03-01 10:00:00,s,m{number % 7},p,{'x' if number % 50 == 0 else 1},1.00\n"
    for number in range(1, 501)
)
CONSENTS = "member_id,channel,purpose,is_granted,changed_at\n" + "".join(
    f"m{n},email,marketing,no,2024-03-01\n" for n in range(7)
)
TABLES = (
    "select batch_id, landed, accepted, duplicate, quarantined from ops.batch order by 1",
    "select order_id, member_id_key, _batch_id, _row_number from raw.raw_pos__order_line order by 1",
    "select quarantine_id, reason, field from quarantine.row order by 1",
    "select quarantine_id, original from vault.quarantined_row order by 1",
    "select value_key, value from vault.clear_value order by 1",
    "select suppression_id, identifier_key, is_suppressed from ops.suppression order by 1",
    "select source, cursor from ops.source_cursor order by 1",
)
POINTS = ("landing.after_copy", "landing.before_commit", "landing.after_commit")


def fill(brand: Brand) -> None:
    path = write(brand, "till/a.csv", TILL)
    other = write(brand, "consents/c.csv", CONSENTS)
    for item in (path, other):
        os.utime(item, (1_700_000_000, 1_700_000_000))


def state(brand: Brand) -> list[list[tuple[object, ...]]]:
    return [rows(brand, statement) for statement in TABLES]


@pytest.fixture(scope="module")
def expected(workshop: Workshop) -> list[list[tuple[object, ...]]]:
    brand = workshop.brand(SOURCES)
    fill(brand)
    land.land(brand)
    return state(brand)


@pytest.mark.parametrize("hits", ["1", "2"])
@pytest.mark.parametrize("point", POINTS)
def test_the_next_landing_ends_as_if_nothing_had_happened(
    workshop: Workshop, expected: list[list[tuple[object, ...]]], point: str, hits: str
) -> None:
    brand = workshop.brand(SOURCES)
    fill(brand)
    killed = workshop.python(
        "-m",
        "orchestration.cli",
        "--brand",
        brand.name,
        "land",
        TOUCHSTREAM_FAILPOINT=f"{point}:kill",
        TOUCHSTREAM_FAILPOINT_HITS=hits,
    )
    assert killed.returncode == -9, killed.stderr
    batches = len(rows(brand, "select 1 from ops.batch"))
    assert batches == int(hits) - (point != "landing.after_commit")
    assert rows(brand, "select count(distinct _batch_id) from raw.raw_pos__order_line") == [(min(batches, 1),)]
    assert bool(scratch.left_behind(brand)) == (point == "landing.after_copy"), "killed while it was judging"
    land.land(brand)
    assert state(brand) == expected
    assert not list((brand.home / "scratch").iterdir())
