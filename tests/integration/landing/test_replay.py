"""Quarantined rows tell their story and come back once the mapping, or the row, is put right."""

from __future__ import annotations

import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.brands import Brand
from orchestration.sources.landing import land, replay
from orchestration.sources.landing.write import session
from orchestration.warehouse import dbt
from tests.integration.landing.till import HEADING, SOURCES, line
from tests.workshop import Workshop, rows, write

CORRECTED = (
    "event_id=2 event_name=v event_at=2024-03-01 cookie_id=c order_id=1 order_line_id=1 ordered_at=2024-03-01 "
    "store_id=s product_id=p quantity=1 sales_amount=1"
)
MENDED = SOURCES.replace(
    'order_id = "receipt"',
    'order_id = "receipt"\nquantity = { column = "quantity", values = { x1 = "1" } }',
)


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
    with session(brand.name, application_name="test") as connection:
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
    with session(brand.name, application_name="test") as connection:
        (row,) = replay.waiting(connection)
    told = row.told(brand)
    assert told.startswith("pos.order_line, till/orders_2024-03-01.csv, row 1: quantity 'two' is not a whole number.")
    assert f"quarantine show {row.quarantine_id}" in told
    assert f"brands/{brand.name}.toml" in told


def test_replays_at_once_land_a_row_once(workshop: Workshop, brand: Brand) -> None:
    write(brand, "till/a.csv", HEADING + "".join(line(number, quantity="x1") for number in range(20)))
    land.land(brand)
    with session(brand.name, application_name="test") as connection:
        ids = [item.quarantine_id for item in replay.waiting(connection)]
    mended = workshop.brand(MENDED, name=brand.name)
    with ThreadPoolExecutor(4) as pool:
        done = pool.map(lambda which: replay.replay(mended, quarantine_id=which), [None, ids[3], None, ids[7]])
        assert sum(item.accepted for results in done for item in results) == 20
    assert rows(brand, "select count(*), count(distinct order_id) from raw.raw_pos__order_line") == [(20, 20)]


def test_a_nul_byte_in_a_broken_line_hides_no_other_row(brand: Brand) -> None:
    write(brand, "members/a.jsonl", b'{"member_id": "1\x00"}\n{"member_id": ""}\n')
    land.land(brand)
    with session(brand.name, application_name="test") as connection:
        assert [item.reason for item in replay.waiting(connection)] == ["malformed_row", "missing_value"]
    assert [item.still_quarantined for item in replay.replay(brand)] == [2]


def test_numbers_of_a_data_frame_keep_their_token_through_quarantine(brand: Brand) -> None:
    path = write(brand, "till/a.parquet", b"")
    sold = {"receipt": 1.0, "order_line_id": "1", "ordered_at": datetime(2024, 3, 1, tzinfo=UTC), "store_id": 4.0}
    sold |= {"product_id": "p", "quantity": None, "paid": 1.5, "member_id": 7.0}
    pq.write_table(pa.Table.from_pylist([sold, {**sold, "receipt": 2.0, "quantity": 1.0}]), path)
    land.land(brand)
    with session(brand.name, application_name="test") as connection:
        (broken,) = replay.waiting(connection)
    mended = (broken.original or "").replace('"quantity":null', '"quantity":"2"')
    replay.replay(brand, corrections={broken.quarantine_id: mended})
    assert rows(brand, "select order_id, store_id, quantity from raw.raw_pos__order_line order by 1") == [
        ("1", "4", 2),
        ("2", "4", 1),
    ]
    assert rows(brand, "select count(distinct member_id_key) from raw.raw_pos__order_line") == [(1,)]


def test_the_beginning_of_a_rows_id_replays_that_row_alone(workshop: Workshop, brand: Brand) -> None:
    write(brand, "till/a.csv", HEADING + line(1, quantity="x1") + line(2, quantity="x1"))
    land.land(brand)
    with session(brand.name, application_name="test") as connection:
        (first, second) = replay.waiting(connection)
    workshop.brand(MENDED, name=brand.name)
    command = ("-m", "orchestration.cli", "--brand", brand.name, "quarantine", "replay", first.quarantine_id[:8])
    assert workshop.python(*command).returncode == 0
    assert rows(brand, "select quarantine_id from quarantine.row where replayed_at is null") == [
        (second.quarantine_id,)
    ]


def test_broken_lines_and_nested_fields_can_be_corrected_in_a_table(workshop: Workshop) -> None:
    brand = workshop.brand(
        '[sources.web]\nconnector = "files"\ncontract = "web.event"\npath = "web/*"\n[sources.web.columns]\n'
        'quantity = "properties.quantity"\n'
        '[sources.till]\nconnector = "files"\ncontract = "pos.order_line"\npath = "till/*"\n'
    )
    sound = '"event_name": "v", "event_at": "2024-03-01", "cookie_id": "c"'
    nested = f'{{"event_id": "1", {sound}, "properties": {{"quantity": "two"}}}}'
    write(brand, "web/a.jsonl", f'{nested}\nbroken, line\n{{"event_id": "3", {sound}}}\n')
    write(brand, "till/a.csv", f"{HEADING.replace('receipt', 'order_id').replace('paid', 'sales_amount')}1,2\n")
    land.land(brand)
    command = ("-m", "orchestration.cli", "--brand", brand.name, "quarantine")
    for source, mended in (("web", 2), ("till", 1)):
        ((batch_id,),) = rows(brand, "select batch_id from ops.batch where source = %(name)s", {"name": source})
        shown = workshop.python(*command, "show", str(batch_id), "--csv").stdout
        table = list(csv.DictReader(io.StringIO(shown)))
        for row in table:
            row["properties"] = row.get("properties", "").replace("two", "2")
            if row["_line"]:
                told = {name: text for name, _, text in (part.partition("=") for part in CORRECTED.split())}
                row.update({column: text for column, text in told.items() if column in row})
        file = brand.home / f"{source}.csv"
        with file.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, table[0])
            writer.writeheader()
            writer.writerows(table)
        done = workshop.python(*command, "replay", str(batch_id), "--with", str(file))
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"\t{mended}\t{mended}\t0\t0\t" in done.stdout
    assert rows(brand, "select event_id, quantity from raw.raw_web__event order by 1") == [
        ("1", 2),
        ("2", None),
        ("3", None),
    ]


def test_a_replayed_row_overrules_nothing_that_came_in_after_it(workshop: Workshop, brand: Brand) -> None:
    """Of receipt 1 Tuesday's row stands, though Monday's is put right after it; of receipt 3 the row put right does."""
    write(brand, "till/monday.csv", HEADING + line(1, paid="1.00", quantity="x1") + line(2, paid="1.00"))
    write(brand, "till/sunday.csv", HEADING + line(3, paid="3.00"))
    land.land(brand)
    write(brand, "till/tuesday.csv", HEADING + line(1, paid="2.00") + line(3, paid="4.00", quantity="x1"))
    land.land(brand)
    told = sorted(replay.replay(workshop.brand(MENDED, name=brand.name)), key=lambda done: done.batch_id)
    assert [done.accepted for done in told] == [1, 1]
    dated = rows(
        brand,
        "select ord._loaded_at = bat.loaded_at, ord._version_at = old.loaded_at, old.loaded_at < bat.loaded_at "
        "from raw.raw_pos__order_line as ord inner join ops.batch as bat on bat.batch_id = ord._batch_id "
        "inner join ops.batch as old on old.batch_id = bat.replayed_from",
    )
    assert dated == [(True, True, True)] * 2
    assert staged(brand) == [("1", Decimal("2.00")), ("2", Decimal("1.00")), ("3", Decimal("4.00"))]


def staged(brand: Brand) -> list[tuple[object, ...]]:
    """What dbt's staging model makes of the landed rows."""
    told = dbt.variables(brand, as_of=date(2024, 3, 1), known_at=datetime.now(UTC))
    made = dbt.invoke(brand, ["run", "--vars", json.dumps(told), "--select", "stg_pos__order_line"])
    assert made.returncode == 0, made.stdout + made.stderr
    return rows(brand, "select order_id, sales_amount from staging.stg_pos__order_line order by order_id")
