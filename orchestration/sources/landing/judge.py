"""The verdict on every row of a batch: accepted, duplicate, or broken and why.

Here: one DuckDB table per batch, typed by the contract, with a `_problem` per broken row. Not here: how the input was
read (formats.py), how tokens take the place of persons (tokenise.py), what is written (write.py). Rows keep the order
and number they had in the input.

A problem is `reason|field`. Reasons: malformed_row, nul_byte, missing_value, missing_identity, wrong_type, not_allowed,
malformed_identifier, event_in_future, duplicate_key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.brands import Brand, Source
from orchestration.sources import mapping as maps
from orchestration.sources.contracts.model import Contract
from orchestration.sources.headings import RESERVED, RefusedFileError
from orchestration.sources.landing import scratch
from orchestration.sources.landing.originals import keep_originals
from orchestration.sources.landing.tokenise import tokenise
from orchestration.sources.mapping import ContractMapping, literal, name

FUTURE_DAYS = 1
"""An event dated later than its load by more than this many days is a clock gone wrong."""


@dataclass(frozen=True)
class Counts:
    """Rows of one batch by verdict."""

    accepted: int
    duplicate: int
    quarantined: int


@dataclass(frozen=True)
class Judged:
    """A batch after judgement. `connection` holds the tables `judged`, `clear_value` and `broken_value`."""

    connection: duckdb.DuckDBPyConnection
    contract: Contract
    mapping: ContractMapping
    source_columns: tuple[str, ...]
    counts: Counts

    def accepted(self) -> pa.RecordBatchReader:
        """The accepted rows in contract order: the contract's columns, `_row_number`, `_content_hash`."""
        columns = ", ".join(name(item.column) for item in self.contract.fields)
        return self._rows(f"select {columns}, _row_number, _content_hash from judged where _verdict = 'accepted'")

    def quarantined(self) -> pa.RecordBatchReader:
        """Broken rows: `row_number`, `reason`, `field`, `format` and `original` (bytes)."""
        return self._rows(
            """
            select jud._row_number as row_number, split_part(jud._problem, '|', 1) as reason,
                   nullif(split_part(jud._problem, '|', 2), '') as field,
                   case when ori.is_line then 'text' else 'json' end as format, encode(ori.original) as original
            from judged as jud inner join original as ori on ori._row_number = jud._row_number
            where jud._verdict = 'quarantined'
            """
        )

    def clear_values(self) -> pa.RecordBatchReader:
        """The distinct clear values behind the tokens of accepted rows: `value_key`, `namespace`, `value`."""
        columns = [item.column for item in self.contract.fields if item.pii.is_token]
        used = " union all ".join(
            f"select {name(item)} as used from judged where _verdict = 'accepted'" for item in columns
        )
        return self._rows(
            "select distinct value_key, namespace, value from clear_value where value_key in "
            f"({used or 'select null where false'})"
        )

    def broken_values(self) -> pa.RecordBatchReader:
        """Unreadable identifiers in rows that stand without them: `row_number`, `field`, `original` (bytes)."""
        return self._rows(
            "select bro.row_number, bro.field, encode(bro.original) as original from broken_value as bro "
            "inner join judged as jud on jud._row_number = bro.row_number where jud._verdict = 'accepted'"
        )

    def _rows(self, query: str) -> pa.RecordBatchReader:
        return self.connection.execute(query).to_arrow_reader(100_000)

    def event_days(self, zone: str) -> tuple[str | None, str | None]:
        """Least and greatest event day of the accepted rows, in the zone; None where the contract dates nothing."""
        event = self.contract.event_at
        if event is None:
            return None, None
        moment = name(event)
        if self.contract.field(event).type.kind == "timestamp":
            moment = f"timezone({literal(zone)}, {moment})"
        row = self.connection.execute(
            f"select cast(min(cast({moment} as date)) as varchar), cast(max(cast({moment} as date)) as varchar) "
            "from judged where _verdict = 'accepted'"
        ).fetchone()
        return (row[0], row[1]) if row else (None, None)


@contextmanager
def judging(
    brand: Brand,
    contract: Contract,
    source: Source,
    open_rows: Callable[[], pa.RecordBatchReader],
    *,
    loaded_at: datetime,
    key: bytes,
) -> Iterator[Judged]:
    """Judge the rows of one batch; the tables live as long as the context.

    `open_rows` is called again to fetch the original text of broken rows, so that sound batches do not pay for it.
    Raises RefusedFileError where columns are missing or the rows cannot be read to their end.
    """
    with scratch.folder(brand) as folder:
        connection = _connect(folder)
        refusals: list[RefusedFileError] = []
        try:
            zone = source.time_zone or brand.file.time_zone
            columns = _source_columns(connection, _watched(open_rows(), refusals))
            mapping = maps.build(contract, source, columns, zone)
            _parse(connection, contract, mapping, _has_nul(columns), loaded_at)
            tokenise(connection, contract, key, brand.file.country)
            _find_repeats(connection, contract)
            counts = _count(connection)
            keep_originals(connection, columns, open_rows, is_needed=counts.quarantined > 0)
            yield Judged(connection, contract, mapping, mapping.kept_columns, counts)
        except duckdb.Error as error:  # its text may hold a row
            raise (refusals or [_unreadable(error)])[0] from None
        finally:
            connection.close()


def _watched(rows: pa.RecordBatchReader, refusals: list[RefusedFileError]) -> pa.RecordBatchReader:
    """The same rows; a refusal on the way is kept, because DuckDB makes another error of it."""

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            yield from rows
        except RefusedFileError as error:
            refusals.append(error)
            raise

    return pa.RecordBatchReader.from_batches(rows.schema, batches())


def _unreadable(error: duckdb.Error) -> RefusedFileError:
    return RefusedFileError("unreadable", f"its rows cannot be read to the end ({type(error).__name__} in DuckDB)")


def _connect(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(folder / "batch.duckdb"))
    connection.execute("set timezone = 'UTC'")
    connection.execute("set preserve_insertion_order = true")
    connection.execute(f"set temp_directory = {literal(str(folder / 'spill'))}")
    connection.execute("set autoinstall_known_extensions = false")
    connection.execute("set autoload_known_extensions = false")
    return connection


def _source_columns(connection: duckdb.DuckDBPyConnection, rows: pa.RecordBatchReader) -> dict[str, str]:
    """Register the input as `input` and tell its columns and types; the keys of JSON lines are text columns."""
    if maps.LINE_COLUMN not in rows.schema.names:
        connection.register("input", rows)
        return {name_: str(kind) for name_, kind, *_ in connection.execute("describe select * from input").fetchall()}
    connection.register("lines", rows)
    connection.execute("create table input as select * from lines")
    keys = connection.execute(
        f"select distinct unnest(json_keys({name(maps.LINE_COLUMN)})) as key from input order by key"
    ).fetchall()
    names = [str(row[0]) for row in keys if "\0" not in row[0]]  # PostgreSQL holds no such name; its row is broken
    return {maps.LINE_COLUMN: "VARCHAR", **dict.fromkeys(names, "VARCHAR")}


def _parse(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    mapping: ContractMapping,
    has_nul: str,
    loaded_at: datetime,
) -> None:
    given = ", ".join(f"{mapped.given} as {name('given_' + mapped.field.name)}" for mapped in mapping.fields)
    value = ", ".join(f"{mapped.value} as {name(mapped.field.name)}" for mapped in mapping.fields)
    problem = _problem(contract, loaded_at)
    connection.execute(
        f"""
        create table parsed as
        with typed as (
            select _row_number, _malformed, {has_nul} as has_nul, {given}, {value} from input
        )
        select _row_number, {problem} as _problem, {", ".join(name(item.name) for item in contract.fields)}
        from typed
        """
    )


def _has_nul(columns: dict[str, str]) -> str:
    if maps.LINE_COLUMN in columns:
        line = name(maps.LINE_COLUMN)
        escaped = literal(r"(^|[^\\])(\\\\)*\\u0000")  # behind an even number of backslashes it is no escape
        return f"(contains({line}, chr(0)) or contains({line}, '\\u0000') and regexp_matches({line}, {escaped}))"
    texts = [f"contains({name(c)}, chr(0))" for c, kind in columns.items() if kind == "VARCHAR" and c not in RESERVED]
    return f"coalesce(({' or '.join(texts)}), false)" if texts else "false"


def _problem(contract: Contract, loaded_at: datetime) -> str:
    whens = ["when _malformed is not null then 'malformed_row|'", "when has_nul then 'nul_byte|'"]
    for item in contract.fields:
        given, value = name("given_" + item.name), name(item.name)
        if item.is_required:
            whens.append(f"when {given} is null then 'missing_value|{item.name}'")
        whens.append(f"when {given} is not null and {value} is null then 'wrong_type|{item.name}'")
        if item.allowed:
            whens.append(
                f"when {value} not in ({', '.join(literal(v) for v in item.allowed)}) then 'not_allowed|{item.name}'"
            )
    whens += [
        f"when coalesce({', '.join(name(item) for item in group)}) is null then 'missing_identity|{group[0]}'"
        for group in contract.any_of
    ]
    if contract.event_at is not None:
        limit = f"timestamptz {literal(loaded_at.isoformat())} + interval {FUTURE_DAYS} day"
        whens.append(
            f"when cast({name(contract.event_at)} as timestamptz) > {limit} then 'event_in_future|{contract.event_at}'"
        )
    return "case " + " ".join(whens) + " end"


def _find_repeats(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Mark equal rows of one key as duplicates of the first.

    Rows of one key that differ are all broken: nobody may choose.
    """
    if not contract.key:
        return
    key = ", ".join(name(contract.field(item).column) for item in contract.key)
    same = " and ".join(
        f"jud.{name(contract.field(item).column)} is not distinct from rep.{name(contract.field(item).column)}"
        for item in contract.key
    )
    connection.execute(
        f"""
        create table repeated as
        select {key}, min(_row_number) as first_row, count(distinct _content_hash) as contents
        from judged where _verdict = 'accepted' group by {key} having count(*) > 1
        """
    )
    row = connection.execute("select count(*) from repeated").fetchone()
    if row is None or row[0] == 0:
        return
    connection.execute(
        f"""
        update judged as jud
        set _verdict = case when rep.contents > 1 then 'quarantined' else 'duplicate' end,
            _problem = case when rep.contents > 1 then {literal("duplicate_key|" + contract.key[0])} end
        from repeated as rep
        where jud._verdict = 'accepted' and {same} and (rep.contents > 1 or jud._row_number > rep.first_row)
        """
    )


def _count(connection: duckdb.DuckDBPyConnection) -> Counts:
    found = dict(connection.execute("select _verdict, count(*) from judged group by _verdict").fetchall())
    return Counts(
        accepted=int(found.get("accepted", 0)),
        duplicate=int(found.get("duplicate", 0)),
        quarantined=int(found.get("quarantined", 0)),
    )
