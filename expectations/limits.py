"""The limits in force: seeds/expectation_limits.csv as it holds for one brand and subject.

Here: reading and choosing. Not here: what a limit means (the seed says it on each row). The file is read, not the
seeded table: suites stand at the landing door, before dbt has run for the first time.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration import settings

ALL = "*"
COLUMNS = ("brand", "subject", "limit_name", "limit_value")


class LimitError(ValueError):
    """A file of limits that cannot be used; the message names the file, the line and what to do."""


@dataclass(frozen=True)
class Limits:
    """Limits by name for one brand and subject."""

    path: Path
    values: Mapping[str, float]

    def value(self, name: str) -> float:
        """The limit of that name; LimitError when no row gives it."""
        try:
            return self.values[name]
        except KeyError:
            raise LimitError(f"{self.path.name} has no limit {name!r}: add a row for brand * and subject *") from None

    def count(self, name: str) -> int:
        """The limit of that name as a whole number."""
        return int(self.value(name))


def file() -> Path:
    """The checkout's file of limits."""
    return settings.project_root() / "seeds" / "expectation_limits.csv"


def read(brand: str, subject: str, path: Path | None = None) -> Limits:
    """The limits of a brand and subject.

    A brand's row goes before the house's; among those a subject's before the general one.
    """
    path = path or file()
    chosen: dict[str, tuple[int, float]] = {}
    seen: set[tuple[str, str, str]] = set()
    with path.open(encoding="utf-8", newline="") as handle:
        rows = csv.DictReader(handle)
        if missing := [name for name in COLUMNS if name not in (rows.fieldnames or [])]:
            raise LimitError(f"{path.name} has no column {', '.join(missing)}")
        for number, row in enumerate(rows, start=2):
            key = (row["brand"], row["subject"], row["limit_name"])
            if key in seen:
                raise LimitError(f"{path.name}, line {number}: {' / '.join(key)} is said twice: keep one row")
            seen.add(key)
            value = _number(path, number, row["limit_value"])
            if row["brand"] not in (ALL, brand) or row["subject"] not in (ALL, subject):
                continue
            rank = 2 * (row["brand"] == brand) + (row["subject"] == subject)
            if row["limit_name"] not in chosen or rank > chosen[row["limit_name"]][0]:
                chosen[row["limit_name"]] = (rank, value)
    return Limits(path, {name: value for name, (_, value) in chosen.items()})


def _number(path: Path, line: int, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise LimitError(f"{path.name}, line {line}: limit_value {text!r} is no number")
    return value
