"""The same parameters give the same bytes; the truth stays beside the exports; dirt lies where its record says."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from orchestration import brands, settings
from orchestration.sources.contracts import CONTRACTS
from simulator.brand.dirt import BROKEN_SHARE, MISSING, NUL
from simulator.brand.export import Batch, Export, Told, with_told
from simulator.brand.exports.all import of_people, of_world
from simulator.brand.parameters import ParameterError, Parameters
from simulator.brand.run import Home, write_at_once
from simulator.brand.story import Story
from simulator.brand.world import World
from tests.unit.simulator.conftest import SPRING
from tests.unit.simulator.reading import files, records, text, truth

REFERENCE = {"calendar", "catalogue", "placements", "prices", "promotions", "qr_codes", "store_nodes", "stores"} | {
    "survey_questions", "ad_campaigns",
}  # fmt: skip
"""Sources that are the same for every seed."""


def digests(home: Path) -> dict[str, str]:
    """Every file of a home with the hash of its bytes; the manifest holds the parameters and is left out."""
    found = sorted(path for path in home.rglob("*") if path.is_file() and "state" not in path.parts)
    return {path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


@pytest.fixture(scope="session")
def batches() -> list[Batch]:
    """One batch of every export."""
    world = World(SPRING)
    return [*of_world(world), *of_people(Story(world, 1, SPRING.customers))]


def written_elsewhere(home: Path, seed: int) -> dict[str, str]:
    """The same brand from the command line, in a process with another order of hashes."""
    told = {"--customers": SPRING.customers, "--days": SPRING.days, "--start": SPRING.start, "--dirt": SPRING.dirt}
    told |= {"--daily-files": SPRING.daily_files, "--seed": seed, "--home": home}
    command = [sys.executable, "-m", "simulator.brand", *(str(part) for pair in told.items() for part in pair)]
    environment = {**os.environ, "PYTHONHASHSEED": "99", "TZ": "America/New_York"}
    subprocess.run(command, check=True, capture_output=True, env=environment, cwd=settings.project_root())
    return digests(home)


def test_equal_parameters_give_equal_bytes_and_another_seed_others(spring: Path, tmp_path: Path) -> None:
    first = digests(spring)
    assert len(first) > 100
    assert written_elsewhere(tmp_path / "again", SPRING.seed) == first
    other = written_elsewhere(tmp_path / "other", SPRING.seed + 1)
    same = {Path(name).parent.name for name, digest in first.items() if other.get(name) == digest}
    changed = {Path(name).parent.name for name, digest in first.items() if other.get(name) != digest}
    assert same - changed <= REFERENCE


def test_what_is_there_is_not_written_again_and_what_is_gone_is(tmp_path: Path) -> None:
    home = Home(tmp_path)
    small = dataclasses.replace(SPRING, customers=100, days=30, daily_files=0)
    assert write_at_once(home, small) > 0
    before = {path: path.stat().st_mtime_ns for path in files(tmp_path)}
    assert write_at_once(home, small) == 0
    assert {path: path.stat().st_mtime_ns for path in files(tmp_path)} == before
    files(tmp_path, "members")[0].unlink()
    assert write_at_once(home, small) > 0
    assert files(tmp_path) == list(before)


def test_other_parameters_leave_nothing_of_the_earlier_run(tmp_path: Path) -> None:
    small = dataclasses.replace(SPRING, customers=100, days=30, daily_files=2)
    write_at_once(Home(tmp_path), small)
    foreign = tmp_path / "drop" / "members" / "by_hand.csv"
    foreign.write_text("member_no\n", encoding="utf-8")
    write_at_once(Home(tmp_path), dataclasses.replace(small, days=31, daily_files=1))
    left = [path.name for path in files(tmp_path) if "2025-03-21" in path.name or "2025-03-20" in path.name]
    assert foreign.is_file()
    assert all("until" not in name for name in left if "2025-03-20" in name)
    assert not any("until_2025-03-19" in path.name for path in files(tmp_path))


@pytest.mark.parametrize(
    ("changes", "what"),
    [({"customers": 1}, "customers"), ({"days": 2}, "days"), ({"dirt": 0.5}, "dirt"), ({"seed": -1}, "seed")],
)
def test_parameters_that_make_no_brand_are_refused_by_name(changes: dict[str, int], what: str) -> None:
    with pytest.raises(ParameterError, match=what):
        Parameters(**changes)  # pyright: ignore[reportArgumentType] - the wrong value is the point


def test_every_contract_has_a_source_and_every_source_an_export(batches: list[Batch]) -> None:
    sources = brands.load("qinglan").file.sources
    assert {source.contract for source in sources.values()} == set(CONTRACTS)
    exports: dict[str, Export] = {batch.export.name: batch.export for batch in batches}
    assert {name: source.contract for name, source in sources.items()} == {
        name: export.contract for name, export in exports.items()
    }
    for name, source in sources.items():
        assert (source.path, source.encoding) == (f"{name}/*{exports[name].suffix}", exports[name].encoding)


def test_dirt_names_columns_there_are_and_never_the_first_of_an_object(batches: list[Batch]) -> None:
    for batch in batches:
        export, names = batch.export, list(batch.columns)
        told = {export.required, export.typed, export.listed, export.moment, export.phone, *export.quoted} - {""}
        assert told <= set(names), export.name
        groups = {name.rpartition(".")[0]: name for name in reversed(names)}
        assert export.form != "jsonl" or export.required not in groups.values(), export.name


def test_the_drop_folder_holds_exports_alone(spring: Path) -> None:
    named = {(source.path or "").partition("/")[0] for source in brands.load("qinglan").file.sources.values()}
    assert {path.name for path in (spring / "drop").iterdir()} <= named
    secret = {"person", "cause", "incremental_share", "satisfaction", "is_over_promised", "relation", "arm"}
    for path in files(spring):
        for record in records(path)[:2]:
            assert isinstance(record, str) or not secret & set(record), path


def test_dirt_lies_where_its_record_says(spring: Path) -> None:
    planted = truth(spring, "dirt")
    total = sum(len(records(path)) for path in files(spring))
    assert 0.5 * SPRING.dirt < len(planted) / total < 1.2 * SPRING.dirt
    assert {row["kind"] for row in planted} > {"late", "out_of_order", "duplicate", "missing", "split", "masked"}
    content = {path.relative_to(spring / "drop").as_posix(): records(path) for path in files(spring)}
    lines = {name: text(spring / "drop" / name).split("\n") for name in content if not name.endswith("parquet")}
    for row in planted:
        name, number = row["file"], row["row_number"]
        record = content[name][number - 1]
        if row["kind"] == "duplicate":
            assert record == content[name][number - 2], row
        elif row["kind"] == "split":
            assert isinstance(record, str), row
        elif row["kind"] == "wrong_type":
            assert "未知" in lines[name][number - (0 if name.endswith("csv") else 1)], row
        elif row["kind"] == "future":
            assert "2099" in str(record) or "4070908800" in str(record), row
        elif row["kind"] == "masked":
            assert isinstance(record, dict)
            assert record["phone"] == "192****0000"


def test_no_file_is_so_broken_that_its_door_would_shut(spring: Path) -> None:
    broken = Counter(row["file"] for row in truth(spring, "dirt") if row["verdict"] == "quarantined")
    assert broken
    for name, count in broken.items():
        size = len(records(spring / "drop" / name))
        assert count <= max(1, size * BROKEN_SHARE), name
    assert MISSING < NUL


def test_a_clean_brand_has_no_dirt(year: Path) -> None:
    assert truth(year, "dirt") == []
    assert not any(isinstance(record, str) for path in files(year) for record in records(path))


def test_a_row_told_by_hand_must_name_columns_there_are(batches: list[Batch]) -> None:
    batch = next(item for item in batches if item.export.name == "members")
    with pytest.raises(ValueError, match="members has no columns"):
        with_told(batch, [Told("members", 0, {"number": "1"}, 1)])
