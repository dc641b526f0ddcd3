"""What a lander did with the corpus, and whether that is what should have become of it.

Here: the brand that has one source per case, what its warehouse holds afterwards, the comparison with the cases. The
comparison knows `Outcome`s only, so that it can judge any lander (test_harness.py gives it bad ones). Not here: the
cases (corpus/), the product's own counts: every number a case is held to was written by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from orchestration.brands import Brand
from orchestration.sources.contracts import CONTRACTS
from orchestration.warehouse import connect
from tests.faults.landing.corpus.case import ACCEPTED, CANARY, DUPLICATE, Case

HEAD = 'title = "Corpus"\ntime_zone = "America/New_York"\ncurrency = "CNY"\ncountry = "CN"\n'


@dataclass(frozen=True)
class Outcome:
    """What became of one case's file.

    `counts`: landed, accepted, duplicate, quarantined; None where nothing of it was landed. `stored`: row number →
    field → text, of personal fields the clear value. `quarantined`: row number → `reason|field`. `aside`: values set
    aside, as (row, field). `unmapped`: columns that nobody read.
    """

    refused: str = ""
    counts: tuple[int, int, int, int] | None = None
    stored: Mapping[int, Mapping[str, str | None]] = field(default_factory=dict[int, Mapping[str, "str | None"]])
    quarantined: Mapping[int, str] = field(default_factory=dict[int, str])
    aside: frozenset[tuple[int, str]] = frozenset()
    unmapped: frozenset[str] = frozenset()


def due(case: Case) -> Outcome:
    """What should become of a case."""
    if case.rows is None:
        return Outcome(refused=case.refused)
    numbers = {kind: [n for n, told in enumerate(case.rows, start=1) if told == kind] for kind in (ACCEPTED, DUPLICATE)}
    return Outcome(
        counts=(len(case.rows), len(numbers[ACCEPTED]), len(numbers[DUPLICATE]), len(case.broken)),
        stored={number: case.landed.get(number, {}) for number in numbers[ACCEPTED]},
        quarantined=case.broken,
        aside=frozenset(case.aside),
        unmapped=frozenset(case.unmapped),
    )


def findings(case: Case, outcome: Outcome) -> list[str]:
    """In what a lander's outcome differs from what should have become of the case; nothing where it is right."""
    right = due(case)
    told = [
        f"{case.name}: {what} is {was!r} and should be {should!r}"
        for what, was, should in (
            ("the refusal", outcome.refused, right.refused),
            ("landed, accepted, duplicate, quarantined", outcome.counts, right.counts),
            ("what is set aside", sorted(outcome.aside), sorted(right.aside)),
            ("columns nobody reads", sorted(outcome.unmapped), sorted(right.unmapped)),
            ("rows stored", sorted(outcome.stored), sorted(right.stored)),
        )
        if was != should
    ]
    for number in sorted({*outcome.quarantined, *right.quarantined}):
        was, should = outcome.quarantined.get(number), right.quarantined.get(number)
        if was != should:
            told.append(f"{case.name}, row {number}: quarantined as {was!r}, should be {should!r}")
    for number, fields in right.stored.items():
        row = outcome.stored.get(number, {})
        told += [
            f"{case.name}, row {number}: {name} is stored as {row.get(name)!r}, should be {value!r}"
            for name, value in fields.items()
            if row.get(name, "(not told)") != value
        ]
    return told


def sources(cases: Iterable[Case], *, is_mended: bool) -> str:
    """The brand file: one source per case, as the case or as its mend has it."""
    told = [HEAD]
    for case in cases:
        mend = case.mend if is_mended and case.mend else None
        settings = mend.settings if mend and mend.settings is not None else case.settings
        columns = mend.columns if mend and mend.columns is not None else case.columns
        told.append(
            f'[sources.{case.name}]\nconnector = "files"\ncontract = "{case.contract}"\npath = "{case.name}/*"\n'
            f"{settings}\n[sources.{case.name}.columns]\n{columns}\n"
        )
    return "".join(told)


def outcomes(brand: Brand, cases: Iterable[Case]) -> dict[str, Outcome]:
    """What the warehouse holds of every case, by name: read with plain statements, one per table."""
    with connect.connect(brand.name, application_name="test") as connection:
        connection.execute("set time zone 'UTC'")

        def rows(statement: str) -> list[tuple[Any, ...]]:
            return connection.execute(statement.encode()).fetchall()

        clear = dict(rows("select value_key, value from vault.clear_value"))
        refused = dict(rows("select source, reason from ops.refused_file"))
        counted = {
            row[0]: row[1:]
            for row in rows(
                "select source, landed, accepted, duplicate, quarantined, unmapped_columns from ops.batch "
                "where replayed_from is null"
            )
        }
        quarantined = rows("select source, row_number, reason || '|' || coalesce(field, '') from quarantine.row")
        aside = rows("select source, row_number, field from quarantine.value")
        stored = {
            contract: _stored(connection, contract, clear)
            for contract in dict.fromkeys(item.contract for item in cases)
        }
    return {
        case.name: Outcome(
            refused=refused.get(case.name, "") if case.name not in counted else "",
            counts=counted[case.name][:4] if case.name in counted else None,
            stored=stored[case.contract].get(case.name, {}),
            quarantined={number: told for source, number, told in quarantined if source == case.name},
            aside=frozenset((number, name) for source, number, name in aside if source == case.name),
            unmapped=frozenset(counted[case.name][4]) if case.name in counted else frozenset(),
        )
        for case in cases
    }


def _stored(connection: Any, contract: str, clear: Mapping[str, str]) -> dict[str, dict[int, dict[str, str | None]]]:
    """Source → row number → field → text, of one raw table."""
    fields = CONTRACTS[contract].fields
    columns = ", ".join(f'"{item.column}"' for item in fields)
    found: dict[str, dict[int, dict[str, str | None]]] = {}
    for source, number, *row in connection.execute(
        f"select _source, _row_number, {columns} from raw.{CONTRACTS[contract].raw_table}".encode()
    ):
        texts = {
            item.name: clear[cell] if item.pii.is_token and cell is not None else _text(cell)
            for item, cell in zip(fields, row, strict=True)
        }
        if number in found.setdefault(source, {}):
            raise AssertionError(f"row {number} of {source} is stored twice")
        found[source][number] = texts
    return found


def _text(cell: object) -> str | None:
    if isinstance(cell, datetime):
        return str(cell.astimezone(UTC))
    if isinstance(cell, bool):
        return str(cell).lower()
    return None if cell is None else str(cell)


def clear_text_outside_the_vault(brand: Brand, texts: Iterable[str] = (CANARY,)) -> list[str]:
    """Tables but those of the vault in which one of the texts stands, in any column, whatever its case."""
    with connect.connect(brand.name, application_name="test") as connection:
        tables = connection.execute(
            "select format('%I.%I', table_schema, table_name) from information_schema.tables "
            "where table_schema not in ('vault', 'pg_catalog', 'information_schema') and table_type = 'BASE TABLE'"
        ).fetchall()
        return [
            f"{table}: {text}"
            for (table,) in tables
            for text in texts
            if connection.execute(
                f"select 1 from {table} as tab where strpos(lower(cast(tab as text)), lower(%s)) > 0 limit 1".encode(),
                (text,),
            ).fetchone()
        ]
