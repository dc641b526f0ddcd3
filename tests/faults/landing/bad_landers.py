"""Landers that are wrong in one way each, for the corpus to find out.

Here: one that reads files as scripts often do, and the right outcome spoiled in the ways landers spoil it. Not here:
the corpus, the comparison (harness.py).
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyarrow.parquet as pq

from tests.faults.landing.corpus.case import Case
from tests.faults.landing.harness import Outcome, due


def script(case: Case) -> Outcome:
    """Reads what can be read, passes over the rest, and counts what it kept: the usual twenty lines."""
    try:
        rows = _rows(case)
    except (ValueError, OSError, EOFError, RecursionError, OverflowError, csv.Error, zlib.error):
        return Outcome(refused="failed")
    return Outcome(counts=(len(rows), len(rows), 0, 0), stored=dict(enumerate(rows, start=1)))


def _rows(case: Case) -> list[dict[str, str | None]]:
    if ".parquet" in case.file or ".pq" in case.file:
        return [_texts(row) for row in pq.read_table(io.BytesIO(case.content)).to_pylist()]
    content = gzip.decompress(case.content) if case.file.lower().endswith(".gz") else case.content
    text = content.decode("utf-8", "replace")
    if ".js" in case.file or ".ndjson" in case.file:
        return [_texts(row) for line in text.splitlines() if (row := _object(line)) is not None]
    heading, *body = [row for row in csv.reader(io.StringIO(text)) if row] or [[]]
    return [dict(zip(heading, row, strict=True)) for row in body if len(row) == len(heading)]


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _texts(row: dict[str, Any]) -> dict[str, str | None]:
    return {name: None if cell is None else str(cell) for name, cell in row.items()}


def empties_what_is_wrong(case: Case) -> Outcome:
    """Stores a broken row with nothing in the field at fault."""
    right = due(case)
    if right.counts is None:
        return right
    landed, accepted, duplicate, quarantined = right.counts
    stored = {**right.stored, **{number: {} for number in right.quarantined}}
    return replace(right, counts=(landed, accepted + quarantined, duplicate, 0), stored=stored, quarantined={})


def knows_one_reason(case: Case) -> Outcome:
    """Quarantines the right rows, all for the same reason."""
    right = due(case)
    return replace(right, quarantined=dict.fromkeys(right.quarantined, "wrong_type|"))


def refuses_at_the_first_fault(case: Case) -> Outcome:
    """Takes no file with a broken row."""
    right = due(case)
    return Outcome(refused="broken") if right.quarantined else right


def refuses_nothing(case: Case) -> Outcome:
    """Lands what it could read of a file that should come again."""
    right = due(case)
    return Outcome(counts=(0, 0, 0, 0)) if right.refused else right


def sets_nothing_aside(case: Case) -> Outcome:
    """Drops the identifiers it cannot read."""
    return replace(due(case), aside=frozenset())


def loses_a_row(case: Case) -> Outcome:
    """Loses the last accepted row of every file and counts what it wrote."""
    right = due(case)
    if right.counts is None or not right.stored:
        return right
    landed, accepted, duplicate, quarantined = right.counts
    stored = {number: row for number, row in right.stored.items() if number != max(right.stored)}
    return replace(right, counts=(landed - 1, accepted - 1, duplicate, quarantined), stored=stored)


def numbers_rows_anew(case: Case) -> Outcome:
    """Numbers the rows it keeps, not the rows of the file."""
    right = due(case)
    stored = {place: right.stored[number] for place, number in enumerate(sorted(right.stored), start=1)}
    return replace(right, stored=stored)


def stores_other_values(case: Case) -> Outcome:
    """Stores something else than was given."""
    right = due(case)
    return replace(right, stored={number: dict.fromkeys(row, "\ufffd") for number, row in right.stored.items()})


def keeps_repeats(case: Case) -> Outcome:
    """Stores equal rows of one key again."""
    right = due(case)
    if right.counts is None:
        return right
    landed, accepted, duplicate, quarantined = right.counts
    repeats = set(range(1, landed + 1)) - set(right.stored) - set(right.quarantined)
    stored = {**right.stored, **{number: {} for number in repeats}}
    return replace(right, counts=(landed, accepted + duplicate, 0, quarantined), stored=stored)


def _broken(case: Case) -> bool:
    return bool(case.broken)


BAD: tuple[tuple[Callable[[Case], Outcome], Callable[[Case], bool]], ...] = (
    (script, lambda case: case.refused != "" or bool(case.broken) or bool(case.aside)),
    (empties_what_is_wrong, _broken),
    (knows_one_reason, lambda case: any(reason != "wrong_type|" for reason in case.broken.values())),
    (refuses_at_the_first_fault, _broken),
    (refuses_nothing, lambda case: case.rows is None),
    (sets_nothing_aside, lambda case: bool(case.aside)),
    (loses_a_row, lambda case: bool(due(case).stored)),
    (numbers_rows_anew, lambda case: sorted(due(case).stored) != list(range(1, len(due(case).stored) + 1))),
    (stores_other_values, lambda case: any(case.landed.values())),
    (keeps_repeats, lambda case: "duplicate" in (case.rows or ())),
)
"""Each bad lander with the cases that must find it out."""
