"""What the columns of a file probably are: a first mapping for a person to look over.

Here: names that are alike, and how the samples of a column are to be read. Not here: reading files (samples.py), the
verdict on rows (landing/), the entry in the brand file (scaffold.py). A guess is only made where the samples can be
read as the field's type.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from orchestration.column_rule import ColumnRule
from orchestration.sources.contracts.model import Contract, Field
from orchestration.sources.reading import cleaned, from_text, replaced
from orchestration.sources.synonyms import SYNONYMS

LEAST_SCORE = 60.0
LEAST_READABLE = 0.5
"""Share of a column's samples that must be readable as the field's type."""
MOMENT_FORMATS = (
    *("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y"),
    *("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M %p", "%m/%d/%Y", "%d-%m-%Y %H:%M", "%d-%m-%Y"),
    *("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y%m%d%H%M%S", "%Y%m%d", "%d %b %Y %H:%M", "%d %b %Y"),
    *("%b %d, %Y", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日"),
    *("epoch_s", "epoch_ms"),
)
NUMBERS = ("1,234.56", "1.234,56", "1 234,56", "1'234.56")
BOOLEANS: dict[str, str] = {
    "是": "true",
    "否": "false",
    "有": "true",
    "无": "false",
    "同意": "true",
    "不同意": "false",
    "ja": "true",
    "nein": "false",
    "J": "true",
    "on": "true",
    "off": "false",
    "TRUE": "true",
    "FALSE": "false",
}


@dataclass(frozen=True)
class Guess:
    """A column for a field and how it is read; `also` is another format that would fit the samples as well."""

    field: str
    column: str
    rule: ColumnRule
    also: str = ""


def guesses(
    contract: Contract, samples: Mapping[str, Sequence[str]], zone: str, *, taken: Sequence[str] = ()
) -> dict[str, Guess]:
    """A guess per field where a column is like it, each column once; `taken` fields and columns are left alone."""
    scored = sorted(
        (
            (-_likeness(item, column), place, column)
            for place, item in enumerate(contract.fields)
            for column in samples
            if item.name not in taken and column not in taken and not item.read_from
        )
    )
    found: dict[str, Guess] = {}
    used: set[str] = set()
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        for score, place, column in scored:
            item = contract.fields[place]
            if -score < LEAST_SCORE or item.name in found or column in used:
                continue
            guess = _readable(connection, item, column, samples[column], zone)
            if guess is not None:
                found[item.name] = guess
                used.add(column)
    return found


def nearest_fields(contract: Contract, column: str, *, count: int = 3) -> list[str]:
    """The fields whose names are most like the column's, best first."""
    scored = sorted((-_likeness(item, column), item.name) for item in contract.fields if not item.read_from)
    return [name for score, name in scored[:count] if -score >= LEAST_SCORE / 2]


def nearest_columns(item: Field, columns: Sequence[str], *, count: int = 3) -> list[str]:
    """The columns whose names are most like the field's, best first."""
    scored = sorted((-_likeness(item, column), column) for column in columns)
    return [name for score, name in scored[:count] if -score >= LEAST_SCORE / 2]


def _likeness(item: Field, column: str) -> float:
    """0 to 100: how much a column's name is like a field's, by the best of the ways in which it may be."""
    last = column.rpartition(".")[2]
    own, names, end = _folded(item.name), {_folded(column), _folded(last)}, _folded(last)
    vendors = {_folded(word) for word in re.findall(r"`([^`]+)`", item.meaning)} - {"currency"}
    synonyms = SYNONYMS.get(item.name, ())
    within = [name for name in (own, *synonyms) if len(name) > 4]
    words = _words(item.name)
    alike = difflib.SequenceMatcher(None, own, end).ratio()
    ways = (
        (100.0, own in names),
        (95.0, bool(vendors & names)),
        (90.0, bool(names.intersection(synonyms))),
        (75.0, bool(words) and words <= _words(last)),
        (72.0, any(end.endswith(name) for name in within)),
        (62.0, any(name in end for name in within)),
        ((85.0 if alike >= 0.7 else 50.0) * alike, True),
    )
    return max(score for score, is_so in ways if is_so)


def _folded(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _words(name: str) -> set[str]:
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return {word.lower() for word in re.split(r"[\W_]+", apart) if word} - {"id", "at", "on", "is", "has"}


def _readable(
    connection: duckdb.DuckDBPyConnection, item: Field, column: str, samples: Sequence[str], zone: str
) -> Guess | None:
    """How the column is best read as the field: plainly where that is as good as any other way."""
    rules = [ColumnRule(column=column), *_other_ways(item, column, samples)]
    filled = [text for text in samples if text.strip()]
    if not filled:
        return Guess(item.name, column, rules[0])
    if not _is_of_kind(item, filled):
        return None
    table = pa.table({"given": pa.array(filled, pa.string())})
    connection.register("samples", table)
    given = cleaned("given")
    counts = ", ".join(f"count({from_text(item.type, replaced(given, rule.values), rule, zone)})" for rule in rules)
    row = connection.execute(f"select {counts} from samples").fetchone()
    connection.unregister("samples")
    counted = [int(count) for count in row or ()]
    best = max(counted, default=0)
    if best < LEAST_READABLE * len(filled):
        return None
    first, *others = [rule for rule, count in zip(rules, counted, strict=True) if count == best]
    also = next((other.format or "" for other in others if first.format and other.format), "")
    return Guess(item.name, column, first, also)


def _is_of_kind(item: Field, filled: Sequence[str]) -> bool:
    """E-mail addresses are no other identifier, and other texts are no e-mail addresses."""
    share = sum("@" in text for text in filled) / len(filled)
    if item.pii.namespace == "email":
        return share >= LEAST_READABLE
    return item.pii.kind != "identifier" or share < LEAST_READABLE


def _other_ways(item: Field, column: str, samples: Sequence[str]) -> list[ColumnRule]:
    kind = item.type.kind
    if kind in ("date", "timestamp"):
        formats = MOMENT_FORMATS if kind == "timestamp" else [form for form in MOMENT_FORMATS if "epoch" not in form]
        return [ColumnRule(column=column, format=form) for form in formats]
    if kind in ("integer", "decimal"):
        return [ColumnRule.model_validate({"column": column, "number": number}) for number in NUMBERS]
    if kind == "boolean":
        words = {text.strip(): BOOLEANS[text.strip()] for text in samples if text.strip() in BOOLEANS}
        return [ColumnRule(column=column, values=words)] if words else []
    return []
