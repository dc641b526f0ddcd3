"""Raw tables: one per contract, there from the first day, empty until a source is connected.

Here: their DDL, made from the contracts, and its application. Not here: the control tables (warehouse/migrations/). A
contract may grow columns; what it loses or changes is refused, since raw is append-only.
"""

from __future__ import annotations

from typing import LiteralString, cast

import psycopg
from psycopg import sql

from orchestration.sources.contracts import CONTRACTS, postgres_columns
from orchestration.sources.contracts.model import AUDIT_COLUMNS, Contract

SCHEMA = "raw"


class RawTableError(RuntimeError):
    """A raw table that no longer fits its contract and cannot be made to."""


def all_columns(contract: Contract) -> list[tuple[str, str]]:
    """Name and PostgreSQL type of every column of the contract's raw table, in order.

    The batch comes first: its index is then found without looking through the row.
    """
    return [AUDIT_COLUMNS[0], *postgres_columns(contract), *AUDIT_COLUMNS[1:]]


def ensure(connection: psycopg.Connection) -> list[str]:
    """Make missing raw tables and columns; give what was done.

    Raises RawTableError where a column changed its type or has gone.
    """
    existing = _existing(connection)
    dated, summaries = _dated_by_default(connection), _summary_indexes(connection)
    done: list[str] = []
    for contract in CONTRACTS.values():
        have = existing.get(contract.raw_table)
        if have is None:
            _create(connection, contract)
            done.append(f"created {SCHEMA}.{contract.raw_table}")
            continue
        done += _grow(connection, contract, have)
        if contract.raw_table not in dated:
            _date_by_default(connection, contract)
            done.append(f"dated {SCHEMA}.{contract.raw_table}")
        if _index(contract) not in summaries:
            _make_index(connection, contract)
            done.append(f"indexed {SCHEMA}.{contract.raw_table}")
    return done


def _existing(connection: psycopg.Connection) -> dict[str, dict[str, str]]:
    rows = connection.execute(
        """
        select cls.relname, att.attname, format_type(att.atttypid, att.atttypmod)
        from pg_class as cls
        inner join pg_namespace as nsp on nsp.oid = cls.relnamespace
        inner join pg_attribute as att on att.attrelid = cls.oid and att.attnum > 0 and not att.attisdropped
        where nsp.nspname = %s and cls.relkind = 'r'
        """,
        (SCHEMA,),
    ).fetchall()
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        tables.setdefault(table, {})[column] = kind.replace("timestamp with time zone", "timestamptz")
    return tables


def _type(kind: str) -> sql.SQL:
    """A column type as SQL: the contracts' own words, never somebody's input."""
    return sql.SQL(cast("LiteralString", kind))


def _create(connection: psycopg.Connection, contract: Contract) -> None:
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), _type(kind)) for column, kind in all_columns(contract)
    )
    table = sql.Identifier(SCHEMA, contract.raw_table)
    connection.execute(sql.SQL("create table {} ({})").format(table, columns))
    connection.execute(sql.SQL("comment on table {} is {}").format(table, sql.Literal(contract.description)))
    _date_by_default(connection, contract)
    _make_index(connection, contract)


def _date_by_default(connection: psycopg.Connection, contract: Contract) -> None:
    """A row is loaded when its transaction begins: the server knows that without being told it row by row."""
    connection.execute(
        sql.SQL("alter table {} alter column _loaded_at set default now()").format(
            sql.Identifier(SCHEMA, contract.raw_table)
        )
    )


def _dated_by_default(connection: psycopg.Connection) -> set[str]:
    rows = connection.execute(
        """
        select cls.relname
        from pg_class as cls
        inner join pg_namespace as nsp on nsp.oid = cls.relnamespace
        inner join pg_attribute as att on att.attrelid = cls.oid and att.attname = '_loaded_at' and att.atthasdef
        where nsp.nspname = %s
        """,
        (SCHEMA,),
    ).fetchall()
    return {name for (name,) in rows}


def _index(contract: Contract) -> str:
    return f"{contract.raw_table}_by_batch"


def _summary_indexes(connection: psycopg.Connection) -> set[str]:
    rows = connection.execute(
        """
        select cls.relname
        from pg_class as cls
        inner join pg_namespace as nsp on nsp.oid = cls.relnamespace
        inner join pg_am as acm on acm.oid = cls.relam
        where nsp.nspname = %s and cls.relkind = 'i' and acm.amname = 'brin'
        """,
        (SCHEMA,),
    ).fetchall()
    return {name for (name,) in rows}


def _make_index(connection: psycopg.Connection, contract: Contract) -> None:
    """Where a batch's rows lie, as a summary of stretches of the table: a batch lies in one piece.

    A tree with an entry per row would cost half as much again as writing the rows.
    """
    index = sql.Identifier(_index(contract))
    connection.execute(sql.SQL("drop index if exists {}").format(sql.Identifier(SCHEMA, _index(contract))))
    connection.execute(
        sql.SQL("create index {} on {} using brin (_batch_id text_bloom_ops)").format(
            index, sql.Identifier(SCHEMA, contract.raw_table)
        )
    )


def _grow(connection: psycopg.Connection, contract: Contract, have: dict[str, str]) -> list[str]:
    wanted = dict(all_columns(contract))
    for column, kind in have.items():
        if column not in wanted:
            raise RawTableError(
                f"{SCHEMA}.{contract.raw_table} has a column {column} that contract {contract.id} has lost: put it back"
            )
        if kind != wanted[column]:
            raise RawTableError(
                f"{SCHEMA}.{contract.raw_table}.{column} is {kind}, contract {contract.id} says {wanted[column]}: "
                "give the field a new name"
            )
    missing = [column for column in wanted if column not in have]
    for column in missing:
        connection.execute(
            sql.SQL("alter table {} add column {} {}").format(
                sql.Identifier(SCHEMA, contract.raw_table), sql.Identifier(column), _type(wanted[column])
            )
        )
    return [f"added {SCHEMA}.{contract.raw_table}.{column}" for column in missing]
