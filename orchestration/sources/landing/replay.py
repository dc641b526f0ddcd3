"""The second try of quarantined rows, after the mapping, the contract or the rows themselves were put right.

Here: listing, showing and replaying quarantined rows. Not here: how they got there (judge.py, write.py). A row that
passes becomes a row of a new batch (`replayed_from` says of which), and its quarantine row says when; one that fails
again stays as it was.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from orchestration.brands import Brand
from orchestration.sources import mapping as maps
from orchestration.sources import tokens
from orchestration.sources.contracts import CONTRACTS
from orchestration.sources.headings import RefusedFileError
from orchestration.sources.json_text import is_json_object
from orchestration.sources.landing import write
from orchestration.sources.landing.ahead import Meanwhile
from orchestration.sources.landing.judge import Judged, judging
from orchestration.sources.landing.write import Connection
from orchestration.warehouse import connect

ID_COLUMN = "_quarantine_id"
LINE_COLUMN = "_line"
"""Columns of `quarantine show --csv` that are no columns of the source."""


@dataclass(frozen=True)
class Quarantined:
    """One row in quarantine. `original` is its clear text; None where the caller may not see the vault."""

    quarantine_id: str
    batch_id: str
    source: str
    contract: str
    file_name: str
    row_number: int
    reason: str
    field: str | None
    expected: str | None
    form: str
    original: str | None

    def told(self, brand: Brand) -> str:
        """The row's story in one line: what, where, and what to do. Holds clear text where `original` does."""
        value = _value_of(self, brand)
        what = {
            "malformed_row": "the line has other columns than the heading, or is no JSON object",
            "nul_byte": "the row holds a NUL byte",
            "missing_value": f"{self.field} is empty",
            "missing_identity": f"none of the row's identifiers ({self.field} …) is filled",
            "wrong_type": f"{self.field} {value} is not {self.expected}",
            "not_allowed": f"{self.field} {value} is none of the values the contract allows",
            "malformed_identifier": f"{self.field} {value} cannot be read",
            "event_in_future": f"{self.field} {value} lies after the load",
            "duplicate_key": f"another row of the file has the same key ({self.field} {value} …) and other content",
        }.get(self.reason, self.reason)
        return (
            f"{self.contract}, {self.file_name}, row {self.row_number}: {what}. The row is in quarantine "
            f"(touchstream quarantine show {self.quarantine_id}): fix the file and replay, or map the column in "
            f"brands/{brand.name}.toml"
        )


@dataclass(frozen=True)
class Replayed:
    """What a replay did to one batch's quarantined rows; `detail` says why none of them could be tried."""

    batch_id: str
    contract: str
    tried: int
    accepted: int
    duplicate: int
    still_quarantined: int
    detail: str = ""


def _value_of(row: Quarantined, brand: Brand) -> str:
    if row.original is None or row.form != "json" or row.field is None:
        return ""
    source = brand.file.sources.get(row.source)
    rule = source.columns.get(row.field, row.field) if source else row.field
    column = rule if isinstance(rule, str) else (rule.column or row.field)
    given = json.loads(row.original)
    return repr(given[column]) if column in given else ""


def waiting(
    connection: Connection, *, batch_id: str | None = None, quarantine_id: str | None = None
) -> list[Quarantined]:
    """Rows in quarantine that no replay has taken out, with their original text, by batch and row."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select row.quarantine_id, row.batch_id, row.source, row.contract, bat.name, row.row_number, row.reason,
            row.field,
                   row.expected, vlt.format, vlt.original
            from quarantine.row as row
            inner join ops.batch as bat on bat.batch_id = row.batch_id
            inner join vault.quarantined_row as vlt on vlt.quarantine_id = row.quarantine_id
            where row.replayed_at is null and ($1 = '' or row.batch_id = $1) and ($2 = '' or row.quarantine_id = $2)
            order by row.contract, row.batch_id, row.row_number
            """,
            (batch_id or "", quarantine_id or ""),
        )
        # Decoded here: PostgreSQL's text takes no NUL byte.
        return [Quarantined(*row, original=original.decode()) for *row, original in cursor.fetchall()]


def read_corrections(path: Path) -> dict[str, str]:
    """Corrected rows by quarantine id, as JSON objects, from a CSV of `quarantine show --csv` that a person edited.

    Raises ValueError when the file has no `_quarantine_id` column.
    """
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle)
        if ID_COLUMN not in (reader.fieldnames or []):
            raise ValueError(f"{path.name} has no column {ID_COLUMN}: start from `touchstream quarantine show --csv`")
        return {
            row[ID_COLUMN]: json.dumps(
                {key: value for key, value in row.items() if key not in (ID_COLUMN, LINE_COLUMN)}
            )
            for row in reader
        }


def replay(
    brand: Brand,
    *,
    batch_id: str | None = None,
    quarantine_id: str | None = None,
    corrections: Mapping[str, str] | None = None,
) -> list[Replayed]:
    """Try quarantined rows again, through the brand's present mapping; all of them, those of a batch, or one.

    `corrections` (quarantine id → JSON object of the source's columns) replace rows; then only those are tried.
    """
    key = tokens.pii_key(brand.name)
    with connect.connect(brand.name, application_name="touchstream replay") as control:
        write.prepare(control, brand.name, key)
    with write.session(brand.name, application_name="touchstream replay") as connection:
        rows = waiting(connection, batch_id=batch_id, quarantine_id=quarantine_id)
        if corrections is not None:
            rows = [
                replace(row, original=_corrected(row, corrections[row.quarantine_id]), form="json")
                for row in rows
                if row.quarantine_id in corrections
            ]
        return [
            _try_batch(connection, brand, [row for row in rows if row.batch_id == batch], key)
            for batch in dict.fromkeys(row.batch_id for row in rows)
        ]


def _corrected(row: Quarantined, correction: str) -> str:
    """The correction, with objects and lists where the row had such: a table has their text only."""
    given, before = json.loads(correction), json.loads(row.original or "{}") if row.form == "json" else {}
    for column, value in given.items():
        if isinstance(before.get(column), dict | list) and isinstance(value, str):
            with contextlib.suppress(ValueError):  # no JSON any more: a text, and judged as such
                given[column] = json.loads(value)
    return json.dumps(given, ensure_ascii=False)


def _try_batch(connection: Connection, brand: Brand, rows: list[Quarantined], key: bytes) -> Replayed:
    """One batch after the other: a mapping that does not fit one of them keeps no other from its replay."""
    try:
        return _replay_batch(connection, brand, rows, key)
    except RefusedFileError as error:
        connection.rollback()
        first, count = rows[0], len(rows)
        return Replayed(first.batch_id, first.contract, count, 0, 0, still_quarantined=count, detail=str(error))


def _replay_batch(connection: Connection, brand: Brand, rows: list[Quarantined], key: bytes) -> Replayed:
    first = rows[0]
    loaded_at, rows = _still_waiting(connection, first.source, rows)
    if not rows:
        connection.rollback()
        return Replayed(first.batch_id, first.contract, tried=0, accepted=0, duplicate=0, still_quarantined=0)
    source = brand.file.sources.get(first.source)
    if source is None:
        raise KeyError(f"brand {brand.name} has no source {first.source} any more: connect it again to replay its rows")
    contract = CONTRACTS[first.contract]
    columns, first_loaded_at = source_columns(connection, first.batch_id), _loaded_at(connection, first.batch_id)

    def judged(tried: list[Quarantined]) -> AbstractContextManager[Judged]:
        return judging(brand, contract, source, lambda: _as_rows(tried, columns), loaded_at=loaded_at, key=key)

    with judged(rows) as first_try:
        broken = set(first_try.broken_numbers())
    passed = [row for row in rows if row.row_number not in broken]
    if not passed:
        connection.rollback()
        return Replayed(first.batch_id, contract.id, len(rows), accepted=0, duplicate=0, still_quarantined=len(rows))
    ids = sorted(row.quarantine_id for row in passed)
    new_id = hashlib.sha256(f"replay/{first.batch_id}/{'/'.join(ids)}".encode()).hexdigest()[:32]
    batch = write.Batch(
        batch_id=new_id,
        source=first.source,
        contract=contract,
        name=f"replay of {first.file_name}",
        landed=Meanwhile(lambda: len(ids)),
        loaded_at=loaded_at,
        replayed_from=first.batch_id,
        version_at=first_loaded_at,
    )
    with judged(passed) as second_try:
        write.write(connection, batch, second_try, brand.file.time_zone)
        counts = second_try.counts
    _take_out(connection, new_id, ids)
    connection.commit()
    return Replayed(first.batch_id, contract.id, len(rows), counts.accepted, counts.duplicate, len(broken))


def _still_waiting(connection: Connection, source: str, rows: list[Quarantined]) -> tuple[datetime, list[Quarantined]]:
    """Lock the source until the transaction ends: its moment, and the rows that no replay took out before that."""
    with connection.cursor() as cursor:
        loaded_at = write.lock_source(cursor, source)
        cursor.execute(
            "select quarantine_id from quarantine.row where batch_id = $1 and replayed_at is null", (rows[0].batch_id,)
        )
        waiting_ids = {row[0] for row in cursor.fetchall()}
    return loaded_at, [row for row in rows if row.quarantine_id in waiting_ids]


def _loaded_at(connection: Connection, batch_id: str) -> datetime | None:
    """When a batch was landed: that is when its rows came in, however late they pass."""
    with connection.cursor() as cursor:
        cursor.execute("select loaded_at from ops.batch where batch_id = $1", (batch_id,))
        row = cursor.fetchone()
    return row[0] if row else None


def _take_out(connection: Connection, new_id: str, ids: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update quarantine.row set replayed_batch_id = $1, replayed_at = now() "
            "where quarantine_id in (select jsonb_array_elements_text(cast($2 as jsonb)))",
            (new_id, json.dumps(ids)),
        )


def source_columns(connection: Connection, batch_id: str) -> list[str]:
    """The columns of a batch's file; of JSON lines the keys."""
    with connection.cursor() as cursor:
        cursor.execute("select cast(to_jsonb(source_columns) as text) from ops.batch where batch_id = $1", (batch_id,))
        row = cursor.fetchone()
    return json.loads(row[0]) if row else []


def _as_rows(rows: Iterable[Quarantined], columns: list[str]) -> pa.RecordBatchReader:
    """Quarantined rows as JSON lines; a line that was no row stays none, until somebody corrects it.

    The first line has every column of the file, so that the mapping finds them all.
    """
    lines: list[str] = []
    malformed: list[str | None] = []
    numbers: list[int] = []
    for row in rows:
        original = row.original or ""
        is_row = row.form == "json" or is_json_object(original)
        line = original if is_row else "{}"
        lines.append(line if lines else _with_columns(line, columns))
        malformed.append(None if is_row else original)
        numbers.append(row.row_number)
    table = pa.table(
        {
            maps.LINE_COLUMN: pa.array(lines, pa.string()),
            "_row_number": pa.array(numbers, pa.int64()),
            "_malformed": pa.array(malformed, pa.string()),
        }
    )
    return table.to_reader()


def _with_columns(line: str, columns: list[str]) -> str:
    """The same JSON object, letter by letter, with a null for every column it lacks."""
    missing = dict.fromkeys(column for column in columns if column not in json.loads(line))
    if not missing:
        return line
    body = line.strip()[:-1].rstrip()
    return body + ("" if body == "{" else ", ") + json.dumps(missing)[1:]
