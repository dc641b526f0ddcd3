"""Rows put aside come back as they were put there, however many they are."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from orchestration.sources.landing import shelf
from orchestration.sources.landing.shelf import Shelf

SCHEMA = pa.schema([("number", pa.int64()), ("text", pa.string())])


@pytest.mark.parametrize(("most", "is_file"), [(100, False), (9, True), (0, True)])
def test_rows_come_back_in_order_from_memory_and_from_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, *, is_file: bool
) -> None:
    monkeypatch.setattr(shelf, "MOST_IN_MEMORY", most)
    path = tmp_path / "shelf"
    held, expected = Shelf(path, SCHEMA), list[tuple[int, str | None]]()
    for size in (4, 1, 0, 7, 3):
        rows = [(len(expected) + place, None if place % 3 == 1 else "林" * place) for place in range(size)]
        expected += rows
        held.add([pa.array([row[0] for row in rows], pa.int64()), pa.array([row[1] for row in rows], pa.string())])
    assert path.exists() == is_file
    found = [tuple(row.values()) for batch in held.rows() for row in batch.to_pylist()]
    assert found == expected


def test_an_empty_shelf_has_no_rows(tmp_path: Path) -> None:
    assert [*Shelf(tmp_path / "shelf", SCHEMA).rows()] == []
