"""The demo brand lands whole: every contract, counted by others; nothing is broken but what was broken on purpose."""

from __future__ import annotations

import csv
import gzip
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from orchestration import settings
from orchestration.brands import Brand
from orchestration.sources.contracts import CONTRACTS
from orchestration.sources.landing.land import Landed, land
from tests.workshop import Workshop, rows

PEOPLE = ("--customers", "480", "--days", "75", "--start", "2025-02-15", "--dirt", "0.01", "--daily-files", "1")
GB18030 = ("tmall_buyers", "tmall_orders", "tmall_order_items", "till_receipts")


@dataclass(frozen=True)
class LandedBrand:
    """The brand after its exports were landed, what the landing said, and the record of planted dirt by file."""

    brand: Brand
    landed: list[Landed]
    planted: dict[str, Counter[str]]


@pytest.fixture(scope="module")
def done(workshop: Workshop) -> LandedBrand:
    """Written by a process that knows no product code, landed by the product."""
    brand = workshop.brand((settings.project_root() / "brands/qinglan.toml").read_text(encoding="utf-8"))
    command = [sys.executable, "-m", "simulator.brand", "--home", str(brand.home), *PEOPLE]
    subprocess.run(command, cwd=settings.project_root(), check=True, capture_output=True)
    planted: dict[str, Counter[str]] = defaultdict(Counter)
    for row in pq.read_table(brand.home / "truth" / "dirt.parquet").to_pylist():
        planted[row["file"]][row["verdict"]] += 1
    return LandedBrand(brand, land(brand), planted)


def counted(path: Path) -> int:
    """Records of a file, counted here: Parquet's footer, or lines less the heading."""
    if path.suffix == ".parquet":
        return pq.read_metadata(path).num_rows
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lines = raw.decode("gb18030" if path.parent.name in GB18030 else "utf-8").split("\n")[:-1]
    return sum(1 for _ in csv.reader(lines)) - 1 if path.suffix == ".csv" else len(lines)


def test_every_file_lands_and_no_column_is_left_over(done: LandedBrand) -> None:
    assert [(item.name, item.detail) for item in done.landed if item.outcome != "landed"] == []
    assert {item.name: item.unmapped_columns for item in done.landed if item.unmapped_columns} == {}
    on_disk = {path.relative_to(done.brand.drop).as_posix() for path in done.brand.drop.rglob("*") if path.is_file()}
    assert {item.name for item in done.landed} == on_disk


def test_every_contract_has_accepted_rows(done: LandedBrand) -> None:
    accepted = Counter[str]()
    for item in done.landed:
        accepted[item.contract] += item.accepted
    assert {name: count for name, count in accepted.items() if count > 0}.keys() == CONTRACTS.keys()
    for contract in CONTRACTS.values():
        assert rows(done.brand, f"select count(*) from raw.{contract.raw_table}") == [(accepted[contract.id],)]


def test_as_many_rows_land_as_the_files_hold(done: LandedBrand) -> None:
    assert {item.name: item.landed for item in done.landed} == {
        item.name: counted(done.brand.drop / item.name) for item in done.landed
    }
    assert all(item.landed == item.accepted + item.duplicate + item.quarantined for item in done.landed)


def test_quarantined_and_duplicate_is_what_was_planted_file_by_file(done: LandedBrand) -> None:
    found = {item.name: (item.quarantined, item.duplicate) for item in done.landed}
    planted = {name: (done.planted[name]["quarantined"], done.planted[name]["duplicate"]) for name in found}
    assert found == planted
    assert sum(quarantined for quarantined, _ in found.values()) > 20
    assert sum(duplicate for _, duplicate in found.values()) > 20


def test_masked_numbers_are_set_aside_and_nothing_else_is(done: LandedBrand) -> None:
    masked = sum(counts["value"] for counts in done.planted.values())
    assert masked > 0
    assert rows(done.brand, "select count(*), count(distinct field) from quarantine.value") == [(masked, 1)]


def test_the_brand_lands_once(done: LandedBrand) -> None:
    again = subprocess.run(
        [sys.executable, "-m", "simulator.brand", "--home", str(done.brand.home), *PEOPLE],
        cwd=settings.project_root(), check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert "all there already" in again.stdout
    assert land(done.brand) == []
