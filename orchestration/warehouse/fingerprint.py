"""Fingerprints of tables: equal rows, equal fingerprint, whatever the order they lie in.

Here: the hash, the columns it leaves out, the tables it covers unless told. Not here: comparing two builds (tests
do). The database computes it: each row becomes text over its columns in the order of their names, each text two
64-bit hashes, and these are summed, so that order does not count and copies do. NULL and '' differ. A relation's
hash covers its column names too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from psycopg import sql

from orchestration.warehouse.connect import connect
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.migrate import Connection

# Schemas whose tables are covered unless relations are named, and tables covered besides.
SCHEMAS = ("identity", "core", "features", "marts", "activation")
LEDGER = ("ops.decision", "ops.operation")

# Columns that say when and by which run a row was written, not what it says. Equal work at another time differs in
# these alone.
# Names that begin with `_` (batch, load time, row number) are left out as well.
AUDIT_COLUMNS = frozenset({"recorded_at", "build_id", "run_id", "op_id", "decision_id"})
# Of these tables further columns: how a sending went, with its clock, its tries and the receiver's own numbers.
AUDIT_COLUMNS_OF = {
    "ops.operation": frozenset(
        {"batch_id", "attempts", "next_at", "sent_at", "acked_at", "valid_until", "provider_id", "error_text"}
    ),
}

# Policy's own notes of how the ledger stood when they were made: a build after the sending notes the sending. What was
# decided from them is in act_contact_plan and the ledger, and does not change.
NOTES_OF_THE_LEDGER = frozenset(
    {"activation.act_past_message", "activation.act_gate_reachable", "activation.act_candidate_channel"}
)

# What one build told anew, after which cut: two ways to the same identity differ in these alone.
NOTES_OF_A_BUILD = frozenset(
    f"identity.int_identity__{name}"
    for name in (
        "told_identifier",
        "touched_identifier",
        "dissolved_identifier",
        "regrouped_identifier",
        "restated_identifier",
        "former_customer",
        "touched_customer",
    )
)

_RELATIONS = """
    select nsp.nspname, cls.relname
    from pg_catalog.pg_class as cls
    inner join pg_catalog.pg_namespace as nsp on nsp.oid = cls.relnamespace
    where
        cls.relkind in ('r', 'p', 'm')
        and not cls.relispartition
        and cls.relpersistence = 'p'
        and nsp.nspname = any(%s)
        and cls.relname not like '%%\\_\\_dbt\\_tmp%%'
        and cls.relname not like '%%\\_\\_dbt\\_backup%%'
"""
_COLUMNS = """
    select att.attname
    from pg_catalog.pg_attribute as att
    where att.attrelid = to_regclass(%s) and att.attnum > 0 and not att.attisdropped
"""
# What a value looks like as text must not depend on who asks.
_FIXED_FORMATS = """
    set local datestyle = 'ISO, YMD';
    set local intervalstyle = 'postgres';
    set local timezone = 'UTC';
    set local extra_float_digits = 1;
    set local bytea_output = 'hex'
"""


@dataclass(frozen=True)
class Fingerprint:
    """One relation's number of rows and the hash (32 hex digits) of what they say."""

    relation: str
    rows: int
    hash: str

    def as_json(self) -> dict[str, str | int]:
        """The published shape: `relation`, `rows`, `hash`."""
        return asdict(self)


def fingerprint(brand: str, relations: Sequence[str] | None = None) -> list[Fingerprint]:
    """The fingerprints of relations (`schema.name`), by default of everything that is built, in order of name.

    All are read at one moment. Raises WarehouseError for a relation that does not exist.
    """
    with connect(brand, application_name="touchstream fingerprint") as connection:
        connection.execute("set transaction isolation level repeatable read, read only")
        connection.execute(_FIXED_FORMATS)
        wanted = default_relations(connection) if relations is None else sorted(relations)
        return [_of_relation(connection, relation) for relation in wanted]


def default_relations(connection: Connection) -> list[str]:
    """The tables covered unless relations are named: dbt's lasting tables and the ledger's, as far as they exist.

    Left out: `NOTES_OF_THE_LEDGER`, `NOTES_OF_A_BUILD`.
    """
    built = [f"{row[0]}.{row[1]}" for row in connection.execute(_RELATIONS, (list(SCHEMAS),))]
    ledger = [name for name in LEDGER if connection.execute("select to_regclass(%s)", (name,)).fetchone() != (None,)]
    return sorted({*built, *ledger} - NOTES_OF_THE_LEDGER - NOTES_OF_A_BUILD)


def _of_relation(connection: Connection, relation: str) -> Fingerprint:
    schema, _, name = relation.partition(".")
    quoted = sql.Identifier(schema, name)
    names = [row[0] for row in connection.execute(_COLUMNS, (quoted.as_string(connection),))]
    if not names:
        raise WarehouseError(
            f"There is no relation {relation} in database {connection.info.dbname}; name it schema.table."
        )
    counted = sorted(column for column in names if not is_audit_column(relation, column))
    columns = sql.SQL(", ").join(sql.Identifier("rel", column) for column in counted)
    statement = sql.SQL(
        "select count(*), coalesce(sum(hashtextextended(txt.row_text, 0)), 0), "
        "coalesce(sum(hashtextextended(txt.row_text, 1)), 0)"
        " from (select cast(row({columns}) as text) as row_text from {relation} as rel) as txt"
    ).format(columns=columns, relation=quoted)
    row = connection.execute(statement).fetchone()
    rows, *sums = row if row is not None else (0, 0, 0)
    digest = hashlib.sha256(repr((counted, rows, [str(part) for part in sums])).encode()).hexdigest()
    return Fingerprint(relation=relation, rows=rows, hash=digest[:32])


def is_audit_column(relation: str, name: str) -> bool:
    """Whether a column tells of the run that wrote the row and is therefore left out."""
    return name.startswith("_") or name in AUDIT_COLUMNS or name in AUDIT_COLUMNS_OF.get(relation, ())
