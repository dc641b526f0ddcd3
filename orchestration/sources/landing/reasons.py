"""The faults of a judged batch by reason, each with its first rows: what stood there, and what was expected.

Here: counting and picking. What is told holds clear text of the file. Not here: the verdict (judge.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from orchestration.brands import Source
from orchestration.sources.landing.expected import expected
from orchestration.sources.landing.judge import Judged
from orchestration.sources.mapping import rule_of

EXAMPLES = 3
LONGEST = 80
"""Letters of a value that are told."""


@dataclass(frozen=True)
class Example:
    """A row at fault: its number in the file, and what stood there."""

    row: int
    value: str


@dataclass(frozen=True)
class Reason:
    """Rows at fault for one reason: how many, what was expected instead, the first of them."""

    reason: str
    field: str
    rows: int
    expected: str
    examples: tuple[Example, ...]


def reasons_of(judged: Judged, source: Source) -> tuple[Reason, ...]:
    """The broken rows of a batch by reason and field, the most frequent first."""
    faults = (row for batch in judged.quarantined() for row in batch.to_pylist())
    return _counted(
        judged, faults, lambda row: _value(judged, source, row["field"], row["format"], bytes(row["original"]))
    )


def values_of(judged: Judged) -> tuple[Reason, ...]:
    """The identifiers that would be set aside in rows that stand, by field."""
    rows = (row for batch in judged.broken_values() for row in batch.to_pylist())
    faults = ({**row, "reason": "malformed_identifier"} for row in rows)
    return _counted(judged, faults, lambda row: _short(bytes(row["original"]).decode("utf-8", "replace")))


def _counted(
    judged: Judged, faults: Iterable[Mapping[str, Any]], value: Callable[[Mapping[str, Any]], str]
) -> tuple[Reason, ...]:
    found: dict[tuple[str, str], Reason] = {}
    for row in faults:
        reason, field, number = row["reason"], row["field"] or "", int(row["row_number"])
        known = found.get((reason, field)) or Reason(reason, field, 0, expected(judged.contract, reason, field), ())
        examples = known.examples
        if len(examples) < EXAMPLES or number < examples[-1].row:
            first = sorted((*examples, Example(number, value(row))), key=lambda item: item.row)
            examples = tuple(first[:EXAMPLES])
        found[reason, field] = replace(known, rows=known.rows + 1, examples=examples)
    return tuple(sorted(found.values(), key=lambda item: (-item.rows, item.reason, item.field)))


def _value(judged: Judged, source: Source, field: str | None, form: str, original: bytes) -> str:
    """What stood in the field's column; the whole line where the row has no columns."""
    text = original.decode("utf-8", "replace")
    if form != "json" or not field:
        return _short(text)
    rule = rule_of(source, judged.contract.field(field))
    if rule.constant is not None:
        return _short(rule.constant)
    held: Any = json.loads(text)
    column = rule.column or field
    if column in held:
        return _short(held[column])
    for step in column.split("."):
        held = held.get(step) if isinstance(held, dict) else None
    return _short(held)


def _short(value: object) -> str:
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
