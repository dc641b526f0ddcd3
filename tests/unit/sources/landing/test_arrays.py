"""Views of Arrow's buffers show the values of the array, also where it is a slice of a longer one."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from orchestration.sources.landing import arrays

texts = st.lists(st.one_of(st.none(), st.text("aé林\0", max_size=4)), max_size=12)


@given(texts, st.integers(0, 9), st.integers(0, 9))
def test_texts_are_seen_as_they_are(values: list[str | None], start: int, count: int) -> None:
    column = pa.array(values, pa.string()).slice(start, count)
    values = values[start : start + count]
    where, data = arrays.offsets(column), arrays.content(column).tobytes()
    found = [data[first:last].decode() for first, last in pairwise(where)]
    assert found == [value or "" for value in values]
    whole = "".join(value or "" for value in values).encode()
    assert arrays.own_content(column).tobytes() == whole
    assert arrays.least_byte(column) == min(whole, default=255)
    assert arrays.is_within(column, 97, 233) == all(97 <= byte <= 233 for byte in whole)
    there = [value is not None for value in values]
    assert arrays.is_filled(column).tolist() == there
    assert (arrays.filled(column) is None) == all(there)


@given(st.lists(st.booleans(), max_size=40))
def test_a_mask_survives_as_a_bitmap(values: list[bool]) -> None:
    mask = np.array(values, np.bool_)
    column = pa.Array.from_buffers(pa.bool_(), len(values), [None, arrays.bitmap(mask)])
    assert column.to_pylist() == values


@given(st.binary(max_size=20))
def test_bytes_are_spelt_in_hex(data: bytes) -> None:
    assert arrays.hexadecimal(data * 2).tobytes().decode() == (data * 2).hex()


def test_numbers_of_every_width_are_seen_as_integers() -> None:
    whole = pa.array([9, 1, -2, 3], pa.int64()).slice(1)
    assert arrays.numbers(whole, np.int64).tolist() == [1, -2, 3]
    days = pa.array([9, 1, -2], pa.int32()).cast(pa.date32()).slice(1)
    assert arrays.numbers(days, np.int32).tolist() == [1, -2]
    amounts = pa.array([Decimal("9.00"), Decimal("-0.01"), Decimal("9999999999999999.99")], pa.decimal128(18, 2))
    assert arrays.numbers(amounts.slice(1), np.int64).tolist() == [-1, 10**18 - 1]


def test_a_truth_that_is_missing_is_false() -> None:
    assert arrays.truths(pa.array([False, True, None, False]).slice(1)).tolist() == [True, False, False]
