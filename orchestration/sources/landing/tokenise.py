"""Tokens in place of persons, in the batch that is being judged.

Here: from the table `parsed` (typed rows with their problems) to the tables `clear_value` (every value behind a token),
`judged` (the rows as they will be landed) and `broken_value` (what could not be read in rows that stand without it).
Not here: what a token is (sources/tokens.py), the verdicts before and after (judge.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from orchestration.sources import tokens
from orchestration.sources.contracts.model import Contract, Field
from orchestration.sources.mapping import literal, name


@dataclass(frozen=True)
class _TokenField:
    """A field that is landed as a token, and the alias under which its clear values are joined to the rows."""

    field: Field
    alias: str

    @property
    def given(self) -> str:
        """What names the person: the value, within the value of its scope."""
        return scoped(self.field, "par.")

    @property
    def value(self) -> str:
        return f"par.{name(self.field.name)}"

    @property
    def token(self) -> str:
        return f"{self.alias}.value_key"

    @property
    def join(self) -> str:
        values = f"{self.alias}.field = {literal(self.field.name)} and {self.alias}.given = {self.given}"
        return f"join clear_value as {self.alias} on {values}"

    @property
    def is_unreadable(self) -> str:
        return f"par._problem is null and {self.value} is not null and {self.token} is null"


def scoped(item: Field, table: str) -> str:
    """The expression of what a token field names: `scope:value` where the value is only valid in a scope.

    Without its scope a value names nobody (tokens.py), and is set aside.
    """
    value = f"{table}{name(item.name)}"
    return f"coalesce({table}{name(item.pii.scope)}, '') || ':' || {value}" if item.pii.scope else value


def tokenise(connection: duckdb.DuckDBPyConnection, contract: Contract, key: bytes, country: str) -> None:
    """Make `clear_value`, `judged` and `broken_value` out of `parsed`, all on the batch's connection.

    A required identifier that cannot be read breaks its row; another is set aside, and the row stands without it.
    """
    connection.execute(
        "create table clear_value (field varchar, given varchar, value_key varchar, namespace varchar, value varchar)"
    )
    fields = {
        item.name: _TokenField(item, f"tok{position}")
        for position, item in enumerate(contract.fields)
        if item.pii.is_token
    }
    for item in fields.values():
        _add_clear_values(connection, item.field, key, country)
    _assemble(connection, contract, fields)
    _set_aside(connection, fields)


def _add_clear_values(connection: duckdb.DuckDBPyConnection, item: Field, key: bytes, country: str) -> None:
    """Normal form and token of every distinct value of a field; a value without a normal form gets neither."""
    rows = connection.execute(
        f"select distinct {scoped(item, '')} as given from parsed where _problem is null and given is not null"
    ).fetchall()
    given = [str(row[0]) for row in rows]
    normal_form = tokens.normaliser(item.pii.namespace, country)
    normal = [normal_form(value) for value in given]
    keys = [None if value is None else tokens.token(key, item.pii.namespace, value) for value in normal]
    count = len(given)
    known = pa.table(
        {
            "field": pa.array([item.name] * count, pa.string()),
            "given": pa.array(given, pa.string()),
            "value_key": pa.array(keys, pa.string()),
            "namespace": pa.array([item.pii.namespace] * count, pa.string()),
            "value": pa.array(normal, pa.string()),
        }
    )
    connection.register("known_values", known)
    connection.execute("insert into clear_value select * from known_values")
    connection.unregister("known_values")


def _assemble(connection: duckdb.DuckDBPyConnection, contract: Contract, fields: dict[str, _TokenField]) -> None:
    """The table `judged`: the contract's columns, tokens in place of values, a hash of each row, the verdict so far."""
    columns = ", ".join(
        f"{fields[item.name].token if item.name in fields else 'par.' + name(item.name)} as {name(item.column)}"
        for item in contract.fields
    )
    joins = " ".join(f"left {item.join}" for item in fields.values())
    hashed = ", ".join(f"coalesce(cast({name(item.column)} as varchar), chr(30))" for item in contract.fields)
    connection.execute(
        f"""
        create table judged as
        with keyed as (
            select par._row_number, {_problem(contract, fields)} as _problem, {columns} from parsed as par {joins}
        )
        select *, md5(concat_ws(chr(31), {hashed})) as _content_hash,
               case when _problem is null then 'accepted' else 'quarantined' end as _verdict
        from keyed
        """
    )


def _problem(contract: Contract, fields: dict[str, _TokenField]) -> str:
    whens = ["when par._problem is not null then par._problem"]
    whens += [
        f"when {item.is_unreadable} then 'malformed_identifier|{item.field.name}'"
        for item in fields.values()
        if item.field.is_required
    ]
    for group in contract.any_of:
        if all(item in fields for item in group):
            known = ", ".join(fields[item].token for item in group)
            whens.append(f"when coalesce({known}) is null then 'malformed_identifier|{group[0]}'")
    return f"case {' '.join(whens)} end"


def _set_aside(connection: duckdb.DuckDBPyConnection, fields: dict[str, _TokenField]) -> None:
    """The table `broken_value`: identifiers that nobody can read and their rows can do without."""
    parts = [
        f"select par._row_number as row_number, {literal(item.field.name)} as field, {item.value} as original "
        f"from parsed as par inner {item.join} where {item.is_unreadable}"
        for item in fields.values()
        if not item.field.is_required
    ]
    nothing = "select 0::bigint as row_number, '' as field, '' as original where false"
    connection.execute(f"create table broken_value as {' union all '.join(parts) or nothing}")
