"""Who may read what in a brand's database, besides the project itself.

Here: the three login roles of a brand, dbt's schemas, the grants. Not here: the project's own user, who owns
everything. Grants name schemas and cover tables that dbt makes later, by default privileges. `vault` (clear
personal data) is open to support alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg import sql

from orchestration.warehouse import files
from orchestration.warehouse.address import ConnectionParts
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.migrate import Connection, Migration

DBT_SCHEMAS = ("staging", "identity", "core", "features", "marts", "activation", "bi")
_PYTHON_SCHEMAS = ("raw", "quarantine", "ops", "ml")
# bi: dashboards. reader: `touchstream sql`. support: who answers a customer and must see the address.
READABLE: dict[str, tuple[str, ...]] = {
    "bi": ("bi",),
    "reader": (*DBT_SCHEMAS, *_PYTHON_SCHEMAS),
    "support": (*DBT_SCHEMAS, *_PYTHON_SCHEMAS, "vault"),
}
_ACCESS_TABLE = """
    create table if not exists ops.access (
        is_only boolean primary key default true check (is_only),
        signature text not null,
        applied_at timestamptz not null default now()
    );
"""
_NOTE_SIGNATURE = """
    insert into ops.access (signature)
    values (%s)
    on conflict (is_only) do update set signature = excluded.signature, applied_at = now()
"""
_COUNT_WAYS = """
    select count(*)
    from unnest(%s::text[], %s::text[]) as wanted (role_name, schema_name)
    inner join pg_catalog.pg_roles as rol on rol.rolname = wanted.role_name
    inner join pg_catalog.pg_namespace as nsp on nsp.nspname = wanted.schema_name
    where has_schema_privilege(rol.oid, nsp.oid, 'usage')
"""


def name_of(brand: str, role: str) -> str:
    """The role's name on the server; `role` is `bi`, `reader` or `support`."""
    if role not in READABLE:
        raise WarehouseError(f"{role!r} is no role; there are {', '.join(READABLE)}.")
    return f"touchstream_{brand}_{role}"


def names_of(brand: str) -> list[str]:
    """The names of all roles of a brand."""
    return [name_of(brand, role) for role in READABLE]


def signature(brand: str, migrations: Sequence[Migration]) -> str:
    """What the grants depend on, as a hash: this file and the migrations.

    It is noted in `ops.access`; while it stays equal there is nothing to do.
    """
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for part in (brand, *(migration.checksum for migration in migrations)):
        digest.update(part.encode() + b"\n")
    return digest.hexdigest()


def apply(connection: Connection, brand: str, where: ConnectionParts, migrations: Sequence[Migration]) -> None:
    """Make dbt's schemas, the brand's roles and their grants; safe to repeat.

    The connection is to the brand's database, in autocommit.

    Raises WarehouseError when the project's user may not create roles.
    """
    for role in READABLE:
        _make_login(connection, name_of(brand, role), where)
    with connection.transaction():
        for schema in DBT_SCHEMAS:
            connection.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(schema)))
        database = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("revoke connect, temporary on database {} from public").format(database))
        present = {row[0] for row in connection.execute("select nspname from pg_catalog.pg_namespace")}
        for role, schemas in READABLE.items():
            grantee = sql.Identifier(name_of(brand, role))
            connection.execute(sql.SQL("grant connect on database {} to {}").format(database, grantee))
            for schema in schemas:
                if schema in present:
                    _grant(connection, sql.Identifier(schema), grantee)
        connection.execute(_ACCESS_TABLE)
        connection.execute(_NOTE_SIGNATURE, (signature(brand, migrations),))


def _grant(connection: Connection, schema: sql.Identifier, grantee: sql.Identifier) -> None:
    for statement in (
        "grant usage on schema {} to {}",
        "grant select on all tables in schema {} to {}",
        "alter default privileges in schema {} grant select on tables to {}",
    ):
        connection.execute(sql.SQL(statement).format(schema, grantee))


def _make_login(connection: Connection, name: str, where: ConnectionParts) -> None:
    """Create the role with a new password, or leave it as it is.

    On an external server another installation may have made it and noted its password: it is not changed under that
    one's feet.
    The embedded server is this home's alone, so a password that got lost is replaced.
    """
    row = connection.execute("select 1 from pg_catalog.pg_roles where rolname = %s", (name,)).fetchone()
    if row is None:
        _create_role(connection, name, where)
    elif not where.external and files.password(where.server_key, name) is None:
        set_password(connection, name, where)


def _create_role(connection: Connection, name: str, where: ConnectionParts) -> None:
    role = sql.Identifier(name)
    try:
        connection.execute(sql.SQL("create role {} login").format(role))
    except psycopg.errors.InsufficientPrivilege as error:
        raise WarehouseError(
            f"User {where.user} may not create roles on {where.host}:{where.port}. Let an administrator run "
            f"`alter role {where.user} createrole`, or `create role {name} login password '…'` and put that "
            f'password into {files.passwords_path()} as {{"{where.server_key}": {{"{name}": "…"}}}}.'
        ) from error
    connection.execute(sql.SQL("alter role {} set default_transaction_read_only = on").format(role))
    set_password(connection, name, where)


def set_password(connection: Connection, name: str, where: ConnectionParts) -> None:
    """Give a role a new random password and note it; the server gets its verifier only, so no log can show it."""
    password = files.new_password()
    verifier = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    files.note_password(where.server_key, name, password)
    connection.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(name), sql.Literal(verifier)))


def password_of(brand: str, role: str, where: ConnectionParts) -> str:
    """The noted password of a brand's role; WarehouseError when this machine does not know it."""
    name = name_of(brand, role)
    found = files.password(where.server_key, name)
    if found is None:
        raise WarehouseError(
            f"The password of {name} on {where.server_key} is not in {files.passwords_path()}. "
            "Copy its entry from the machine that prepared the brand, or drop the role and prepare the brand again."
        )
    return found


def grants_in_force(connection: Connection, brand: str) -> bool:
    """Whether each role still gets into dbt's schemas: one that was dropped and made again has lost its grants."""
    pairs = [
        (name_of(brand, role), schema)
        for role, schemas in READABLE.items()
        for schema in schemas
        if schema in DBT_SCHEMAS
    ]
    row = connection.execute(_COUNT_WAYS, ([role for role, _ in pairs], [schema for _, schema in pairs])).fetchone()
    return row is not None and row[0] == len(pairs)
