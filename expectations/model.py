"""The types suites are written in.

Here: subject, rule, part, suite, and the few kinds of rules that are used. Not here: which rules a subject has
(landing.py, marts.py, payload.py), how they are judged (runner.py). A rule names an expectation of Great Expectations
without importing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Door = Literal["landing", "marts", "payload"]

Argument = str | float | bool | None | list[str]


@dataclass(frozen=True)
class Subject:
    """What a suite judges: a table, the door it stands at, and the asset its check is shown on (schema, table)."""

    schema: str
    table: str
    door: Door
    description: str
    asset_key: tuple[str, str]

    @property
    def name(self) -> str:
        """The subject's name, `schema.table`: in `ops.check_result`, in the seed of limits, on the command line."""
        return f"{self.schema}.{self.table}"


def subject(schema: str, table: str, door: Door, description: str, *, asset: tuple[str, str] | None = None) -> Subject:
    """A subject; its check is shown on the table's own asset unless `asset` names another."""
    return Subject(schema=schema, table=table, door=door, description=description, asset_key=asset or (schema, table))


@dataclass(frozen=True)
class Rule:
    """One expectation: its name within the suite, its meaning in a sentence, what it is and with which arguments.

    `expectation` is a class of `great_expectations.expectations`. What a rule observed is kept under its name, and
    later suites may compare with it.
    """

    name: str
    meaning: str
    expectation: str
    arguments: Mapping[str, Argument]


@dataclass(frozen=True)
class Part:
    """Rules on one set of rows: those of `query`, or the subject's table when it is empty.

    `is_small`: the query gives a few figures, which the evidence keeps. `row_names`: columns that name a row of it.
    """

    name: str
    rules: tuple[Rule, ...]
    query: str = ""
    is_small: bool = False
    row_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Suite:
    """All parts of one subject.

    `notes` say what was left unjudged and why; `inputs` say what of the ledger was looked at.
    """

    subject: Subject
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()
    inputs: Mapping[str, int | str | None] = field(default_factory=dict[str, "int | str | None"])


def each_between(
    name: str, column: str, meaning: str, *, minimum: float | None = None, maximum: float | None = None
) -> Rule:
    """Every row's value lies within the bounds; empty values are not judged, and the rows that fail are named."""
    return Rule(
        name, meaning, "ExpectColumnValuesToBeBetween", {"column": column, "min_value": minimum, "max_value": maximum}
    )


def at_most(name: str, column: str, maximum: float, meaning: str) -> Rule:
    """The greatest value of a column is at most `maximum`; an empty column fails."""
    return Rule(name, meaning, "ExpectColumnMaxToBeBetween", {"column": column, "max_value": maximum})


def at_least(name: str, column: str, minimum: float, meaning: str) -> Rule:
    """The greatest value of a column is at least `minimum`; an empty column fails."""
    return Rule(name, meaning, "ExpectColumnMaxToBeBetween", {"column": column, "min_value": minimum})


def mean_between(
    name: str, column: str, meaning: str, *, minimum: float | None = None, maximum: float | None = None
) -> Rule:
    """The mean of a column's filled values lies within the bounds; a column without any fails."""
    return Rule(
        name, meaning, "ExpectColumnMeanToBeBetween", {"column": column, "min_value": minimum, "max_value": maximum}
    )


def filled_between(name: str, column: str, meaning: str, *, minimum: float, maximum: float) -> Rule:
    """The share of rows in which a column is filled lies within the bounds (0 to 1)."""
    return Rule(
        name,
        meaning,
        "ExpectColumnProportionOfNonNullValuesToBeBetween",
        {"column": column, "min_value": minimum, "max_value": maximum},
    )


def columns_are(name: str, columns: list[str], meaning: str) -> Rule:
    """The table has these columns and no other, in any order."""
    return Rule(name, meaning, "ExpectTableColumnsToMatchSet", {"column_set": columns, "exact_match": True})


def row_count(name: str, meaning: str, *, minimum: float | None = None, maximum: float | None = None) -> Rule:
    """The number of rows lies within the bounds."""
    return Rule(name, meaning, "ExpectTableRowCountToBeBetween", {"min_value": minimum, "max_value": maximum})
