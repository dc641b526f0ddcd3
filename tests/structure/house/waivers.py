"""Waivers: breaches that are allowed for a while, as data with a reason, an owner and an end.

Here: reading `seeds/structure_waivers.csv` and taking waived findings away. Not here: the rules.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.structure.house.tree import Finding

COLUMNS = ["object", "rule", "reason", "owner", "expires_on"]


@dataclass(frozen=True)
class Waiver:
    """One object that may break one rule until the end of one day."""

    object: str
    rule: str
    reason: str
    owner: str
    expires_on: date


def read_waivers(root: Path) -> list[Waiver]:
    """The waivers of a tree. Raises ValueError on a row that lacks anything."""
    with (root / "seeds" / "structure_waivers.csv").open(newline="") as file:
        rows = csv.DictReader(file)
        if rows.fieldnames != COLUMNS:
            raise ValueError(f"structure_waivers.csv: the columns are {rows.fieldnames}, not {COLUMNS}")
        kept = list(rows)
    for number, row in enumerate(kept, start=2):
        if not all(row[column] for column in COLUMNS):
            raise ValueError(f"structure_waivers.csv, line {number}: every column needs a value")
    return [
        Waiver(row["object"], row["rule"], row["reason"], row["owner"], date.fromisoformat(row["expires_on"]))
        for row in kept
    ]


def judge(findings: list[Finding], waivers: list[Waiver], today: date) -> list[Finding]:
    """What stands after the waivers: unwaived findings, and the waivers that ended or have nothing left to waive."""
    waived = {(waiver.object, waiver.rule) for waiver in waivers}
    found = {(finding.object, finding.rule) for finding in findings}
    standing = [finding for finding in findings if (finding.object, finding.rule) not in waived]
    for waiver in waivers:
        if waiver.expires_on < today:
            ended = f"the waiver of {waiver.rule} ended on {waiver.expires_on}; its owner is {waiver.owner}"
            standing.append(Finding(waiver.object, "expired-waiver", ended))
        elif (waiver.object, waiver.rule) not in found:
            standing.append(Finding(waiver.object, "idle-waiver", f"nothing breaks {waiver.rule} here any more"))
    return standing
