"""What is wrong with each row of a chunk, by its contract.

Here: the problems of single rows, in their order: the first one found is the row's. Not here: how values were read
(typed.py), repeated keys (repeats.py). A problem is `reason|field`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from orchestration.sources.contracts.model import Contract, Field
from orchestration.sources.kernels import pc
from orchestration.sources.landing import arrays
from orchestration.sources.landing.arrays import Mask
from orchestration.sources.landing.typed import Typed

FUTURE_DAYS = 1
"""An event dated later than its load by more than this many days is a clock gone wrong."""


class Problems:
    """The problem of each row of a chunk, if any."""

    def __init__(self, count: int) -> None:
        self._codes: npt.NDArray[np.int16] = np.zeros(count, np.int16)
        self._texts: list[str] = []

    def mark(self, problem: str, where: Mask) -> None:
        """Rows with that problem; one that has a problem already keeps it."""
        if where.any():
            self._texts.append(problem)
            self._codes[where & (self._codes == 0)] = len(self._texts)

    @property
    def sound(self) -> Mask | None:
        """Rows without a problem; None where that is all of them."""
        return self._codes == 0 if self._texts else None

    def broken(self, numbers: pa.Array) -> pa.Table:
        """The rows with a problem: `number`, `problem`."""
        where = self._codes > 0
        places = pa.array(self._codes[where].astype(np.int32) - 1)
        problems = pa.DictionaryArray.from_arrays(places, pa.array(self._texts, pa.string()))
        return pa.table({"number": numbers.filter(pa.array(where)), "problem": problems})


def judge(
    contract: Contract, rows: pa.RecordBatch, typed: Typed, has_nul: Mask | None, loaded_at: datetime
) -> Problems:
    """The problems of a chunk: `rows` as they came, `typed` what was read out of them."""
    problems = Problems(rows.num_rows)
    malformed = rows.column("_malformed")
    if malformed.null_count < rows.num_rows:
        problems.mark("malformed_row|", arrays.is_filled(malformed))
    if has_nul is not None:
        problems.mark("nul_byte|", has_nul)
    for item in contract.fields:
        _judge_field(problems, item, typed)
    for group in contract.any_of:
        missing = np.logical_and.reduce([~arrays.is_filled(typed.values[name]) for name in group])
        problems.mark(f"missing_identity|{group[0]}", missing)
    if contract.event_at is not None:
        limit = loaded_at + timedelta(days=FUTURE_DAYS)
        problems.mark(f"event_in_future|{contract.event_at}", _later(typed.values[contract.event_at], limit))
    return problems


def _judge_field(problems: Problems, item: Field, typed: Typed) -> None:
    value, given = typed.values[item.name], typed.given[item.name]
    there = arrays.filled(value)
    if there is not None:
        given = there if given is None else given
        if item.is_required:
            problems.mark(f"missing_value|{item.name}", ~given)
        problems.mark(f"wrong_type|{item.name}", given & ~there)
    if item.allowed:
        strange = pc.invert(pc.is_in(value, pa.array(item.allowed, pa.string()).cast(value.type)))
        problems.mark(f"not_allowed|{item.name}", arrays.truths(strange) & arrays.is_filled(value))


def _later(value: pa.Array, limit: datetime) -> Mask:
    """Moments after the limit; days whose midnight in UTC is."""
    if value.null_count == len(value):
        return np.zeros(len(value), np.bool_)
    if not pa.types.is_timestamp(value.type):
        value = value.cast(pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))
    return arrays.truths(pc.greater(value, pa.scalar(limit, pa.timestamp("us", "UTC"))))
