"""Dirt: rows that come late, twice, out of order, or broken, at a set rate, and the record of each.

Here: which rows, and what is done to them. Reference data stays clean. Not here: writing (files.py).

Kinds and what should become of them: `late` (a file one to three days later; accepted), `out_of_order` (earlier in its
file than its moment; accepted), `duplicate` (the same line again; a duplicate), and the broken ones, all quarantined:
`missing` (a required value is empty), `wrong_type`, `not_allowed` (an unknown word), `future` (dated 2099), `split` (a
column too many, an object that does not close), `nul` (a NUL byte). `masked`: a mobile number with stars in it; the row
is accepted, the value set aside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulator.brand.columns import computed, joined
from simulator.brand.draws import Bools, Ints, generator
from simulator.brand.export import Batch, Export
from simulator.brand.lines import as_text
from simulator.brand.parameters import DAY_SECONDS, Parameters

KINDS = (
    "none",
    "late",
    "out_of_order",
    "duplicate",
    "missing",
    "wrong_type",
    "not_allowed",
    "future",
    "split",
    "nul",
    "masked",
)
NONE, LATE, OUT_OF_ORDER, DUPLICATE, MISSING, WRONG_TYPE, NOT_ALLOWED, FUTURE, SPLIT, NUL, MASKED = range(len(KINDS))
VERDICTS = ("", "accepted", "accepted", "duplicate", *["quarantined"] * 6, "value")
WEIGHT = np.array([0, 3, 2, 3, 1, 1, 1, 0.5, 0.7, 0.3, 1.5])
BROKEN_SHARE = 0.04
"""At most so much of what is written at a time is broken, for a door may shut at more."""

WRONG = "未知"
STARS = "192****0000"
FAR_SECONDS = 4_070_908_800
"""2099-01-01 in seconds since 1970."""


@dataclass(frozen=True)
class Dirty:
    """A batch with the kind of dirt on each row, and when it arrives (day of the run)."""

    batch: Batch
    kind: Ints
    day: Ints


def soil(parameters: Parameters, batch: Batch, chunk: int) -> Dirty:
    """Choose the dirty rows of a batch; the same whatever part of it is written when."""
    count = batch.at.size
    day = np.maximum((batch.at - parameters.start_at) // DAY_SECONDS, 0)
    kind = np.zeros(count, np.int64)
    weight = WEIGHT * _possible(batch.export)
    if parameters.dirt > 0 and weight.sum() > 0:
        rng = generator(parameters.seed, "dirt", batch.export.name, chunk)
        rows = np.flatnonzero(rng.random(count) < parameters.dirt)
        kind[rows] = rng.choice(len(KINDS), rows.size, p=weight / weight.sum())
        kind[count - batch.clean :] = NONE
        late = np.flatnonzero(kind == LATE)
        day[late] += rng.integers(1, 4, late.size)
    return Dirty(batch, kind, day)


def _possible(export: Export) -> Bools:
    """The kinds an export can have: reference data none, Parquet no broken line."""
    is_dirty, is_text = bool(export.required), export.form != "parquet"
    may_be_late = is_dirty and export.is_daily and not export.is_state
    return np.array(
        [
            False,
            may_be_late,
            may_be_late,
            is_dirty,
            is_dirty,
            bool(export.typed),
            bool(export.listed),
            bool(export.moment),
            is_dirty and is_text,
            is_dirty and is_text,
            bool(export.phone),
        ]
    )


def bounded(kind: Ints) -> Ints:
    """The kinds with no more broken rows than may be among so many."""
    broken = np.flatnonzero((kind >= MISSING) & (kind <= NUL))
    most = max(1, int(kind.size * BROKEN_SHARE))
    kept = kind.copy()
    kept[broken[most:]] = NONE
    return kept


def spoil(export: Export, columns: dict[str, pa.Array], kind: Ints) -> dict[str, pa.Array]:
    """The columns with their values broken where `kind` says so; whole lines are broken by `spoil_lines`."""
    if not (kind >= MISSING).any():
        return columns
    spoilt = dict(columns)
    for what, name in ((MISSING, export.required), (WRONG_TYPE, export.typed), (NOT_ALLOWED, export.listed)):
        if name and (kind == what).any():
            spoilt[name] = _replaced(spoilt[name], kind == what, None if what == MISSING else WRONG)
    if export.moment and (kind == FUTURE).any():
        spoilt[export.moment] = _far(spoilt[export.moment], kind == FUTURE, export.far)
    if export.phone and (kind == MASKED).any():
        spoilt[export.phone] = _replaced(spoilt[export.phone], kind == MASKED, STARS)
    if (kind == NUL).any():
        spoilt[export.required] = _replaced(as_text(spoilt[export.required]), kind == NUL, "\x00")
    return spoilt


def _replaced(column: pa.Array, where: Bools, value: str | None) -> pa.Array:
    typed = column if value is None else as_text(column)
    return computed("if_else", pa.array(where), pa.scalar(value, typed.type), typed)


def _far(column: pa.Array, where: Bools, far: str) -> pa.Array:
    if pa.types.is_large_string(column.type):
        return _replaced(column, where, far)
    if pa.types.is_timestamp(column.type):
        return computed("if_else", pa.array(where), pa.scalar(FAR_SECONDS * 1000, pa.int64()).cast(column.type), column)
    return computed("if_else", pa.array(where), pa.scalar(int(far), column.type), column)


def spoil_lines(export: Export, lines: pa.Array, kind: Ints) -> pa.Array:
    """The lines with those broken that should not split into columns."""
    where = kind == SPLIT
    if not where.any():
        return lines
    broken = joined(lines, ",多余") if export.form == "csv" else joined("{", lines)
    return computed("if_else", pa.array(where), broken, lines)
