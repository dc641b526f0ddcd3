"""Quarantined rows tell their story and come back once the mapping, or the row, is put right."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orchestration.brands import Brand
from orchestration.sources.landing import land, replay
from orchestration.warehouse import connect
from tests.integration.landing.till import HEADING, SOURCES, line
from tests.workshop import Workshop, rows, write


@pytest.fixture
def brand(workshop: Workshop) -> Brand:
    return workshop.brand(SOURCES)


def test_replay_takes_rows_out_once_the_mapping_is_put_right(workshop: Workshop, brand: Brand) -> None:
    write(
        brand,
        "till/a.csv",
        HEADING + line(1, at="01.03.2024 10:00") + line(2, at="02.03.2024 11:30") + line(3, at="never"),
    )
    land.land(brand)
    assert rows(brand, "select count(*) from quarantine.row where replayed_at is null") == [(3,)]
    (before,) = replay.replay(brand)
    assert (before.accepted, before.still_quarantined) == (0, 3)
    mended = SOURCES.replace(
        'order_id = "receipt"',
        'order_id = "receipt"\nordered_at = { column = "ordered_at", format = "%d.%m.%Y %H:%M" }',
    )
    (after,) = replay.replay(workshop.brand(mended, name=brand.name))
    assert (after.tried, after.accepted, after.still_quarantined) == (3, 2, 1)
    assert rows(brand, "select landed, accepted, replayed_from is not null from ops.batch order by loaded_at") == [
        (3, 0, False),
        (2, 2, True),
    ]
    assert rows(brand, "select _row_number, ordered_at from raw.raw_pos__order_line order by 1")[0][0] == 1
    assert replay.replay(workshop.brand(mended, name=brand.name))[0].accepted == 0


def test_corrected_rows_can_be_given_back(brand: Brand) -> None:
    write(brand, "till/a.csv", HEADING + line(1, quantity="two") + "2,1\n")
    land.land(brand)
    with connect.adbc(brand.name) as connection:
        waiting = replay.waiting(connection)
    good = (
        '{"receipt": "9", "order_line_id": "1", "ordered_at": "2024-03-01", "store_id": "s", "product_id": "p", '
        '"quantity": "2", "paid": "3"}'
    )
    done = replay.replay(
        brand, corrections={item.quarantine_id: good.replace('"9"', f'"{item.row_number}"') for item in waiting}
    )
    assert [(item.accepted, item.still_quarantined) for item in done] == [(2, 0)]
    assert rows(brand, "select order_id, quantity, sales_amount from raw.raw_pos__order_line order by 1") == [
        ("1", 2, Decimal("3.00")),
        ("2", 2, Decimal("3.00")),
    ]


def test_the_story_of_a_broken_row_names_file_row_column_and_what_to_do(brand: Brand) -> None:
    write(brand, "till/orders_2024-03-01.csv", HEADING + line(1, quantity="two"))
    land.land(brand)
    with connect.adbc(brand.name) as connection:
        (row,) = replay.waiting(connection)
    told = row.told(brand)
    assert told.startswith("pos.order_line, till/orders_2024-03-01.csv, row 1: quantity 'two' is not a whole number.")
    assert f"quarantine show {row.quarantine_id}" in told
    assert f"brands/{brand.name}.toml" in told
