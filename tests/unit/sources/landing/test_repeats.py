"""Repeated keys are found wherever they stand, in memory or beyond it, as a plain dictionary finds them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from orchestration.sources.landing import repeats
from orchestration.sources.landing.content import RowHashes
from orchestration.sources.landing.repeats import Repeats


def by_dictionary(keys: list[int], contents: list[int]) -> tuple[list[int], list[int]]:
    groups: dict[int, list[int]] = {}
    for number, key in enumerate(keys, start=1):
        groups.setdefault(key, []).append(number)
    duplicates: list[int] = []
    differing: list[int] = []
    for numbers in groups.values():
        if len({contents[number - 1] for number in numbers}) > 1:
            differing += numbers
        else:
            duplicates += numbers[1:]
    return sorted(duplicates), sorted(differing)


@pytest.mark.parametrize("most", [10_000, 100])
@pytest.mark.parametrize("distinct", [40, 2_000, 10**12])
def test_repeats_are_those_a_dictionary_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, distinct: int
) -> None:
    monkeypatch.setattr(repeats, "MOST_IN_MEMORY", most)
    draw = np.random.default_rng(7)
    places = draw.integers(0, distinct, 2_500)
    keys = (places.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    contents = draw.integers(0, 2, 2_500).astype(np.uint64) * (places % 3 == 0)
    collected = Repeats(tmp_path)
    for start in range(0, 2_500, 70):
        part = slice(start, start + 70)
        hashes = RowHashes(contents[part], keys[part], ~keys[part])
        collected.add(hashes, np.arange(start + 1, start + 1 + len(keys[part])))
    found = collected.find()
    assert (found.duplicates.tolist(), found.differing.tolist()) == by_dictionary(places.tolist(), contents.tolist())
    assert any(tmp_path.iterdir()) == (most < 2_500)


def test_keys_that_share_one_hash_of_two_stay_two(tmp_path: Path) -> None:
    same = np.array([5, 5], np.uint64)
    collected = Repeats(tmp_path)
    collected.add(RowHashes(np.array([1, 2], np.uint64), same, np.array([8, 9], np.uint64)), np.array([1, 2]))
    found = collected.find()
    assert (found.duplicates.size, found.differing.size) == (0, 0)


def test_a_batch_without_rows_has_no_repeats(tmp_path: Path) -> None:
    found = Repeats(tmp_path).find()
    assert (found.duplicates.size, found.differing.size) == (0, 0)
