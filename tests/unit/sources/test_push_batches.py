"""Pushes become batches in the order they came, within measure; what failed before is tried in smaller company."""

from __future__ import annotations

from orchestration.sources.connectors import push
from orchestration.sources.push.inbox import Waiting


def waiting(count: int, *, records: int = 1, size: int = 100, attempts: int = 0) -> list[Waiting]:
    return [Waiting(number, f"p{number}", records, size, attempts) for number in range(1, count + 1)]


def sizes(found: list[Waiting]) -> list[int]:
    batches = list(push.micro_batches(found))
    assert [item for batch in batches for item in batch] == found
    return [len(batch) for batch in batches]


def test_nothing_makes_no_batch() -> None:
    assert sizes([]) == []


def test_a_batch_is_limited_in_pushes_records_and_bytes() -> None:
    assert sizes(waiting(2 * push.PUSHES + 1)) == [push.PUSHES, push.PUSHES, 1]
    assert sizes(waiting(3, records=push.RECORDS // 2)) == [2, 1]
    assert sizes(waiting(3, size=push.BYTES // 2)) == [2, 1]


def test_one_that_is_larger_stands_alone() -> None:
    small, large = waiting(2), waiting(1, records=push.RECORDS + 1)
    assert sizes([*small, *large, *small]) == [2, 1, 2]


def test_a_failing_batch_is_halved_and_halved_until_each_push_stands_alone() -> None:
    assert sizes(waiting(1_000, attempts=1)) == [250] * 4
    assert sizes(waiting(250, attempts=2)) == [62, 62, 62, 62, 2]
    assert sizes(waiting(3, attempts=5)) == [1, 1, 1]
    assert sizes(waiting(2, attempts=90)) == [1, 1]


def test_new_pushes_are_not_put_together_with_failed_ones() -> None:
    assert sizes([*waiting(3), *waiting(2, attempts=1), *waiting(1, attempts=2)]) == [3, 2, 1]
