"""A brand's databases: addresses, connections, and everything prepared before the first use.

Here: URLs and connections by brand and role, `ensure_brand`. Not here: the server (server.py), tables (migrate.py,
dbt), grants (roles.py). Sessions work in UTC, and what they commit is on disk; dbt's own sessions may relax that
for what can be rebuilt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import psycopg
from psycopg import sql

from orchestration.warehouse import files, migrate, roles, server
from orchestration.warehouse.address import ConnectionParts
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.migrate import Connection

KINDS = ("touchstream", "dagster")
_BRAND = re.compile(r"[a-z][a-z0-9_]{0,30}")
_SESSION = "-c synchronous_commit=on -c timezone=UTC"
_PREPARE_LOCK = "hashtextextended('touchstream.prepare', 0)"


def database_name(brand: str, database: str = "touchstream") -> str:
    """The name of a brand's database; `database` is `touchstream` (the warehouse) or `dagster`."""
    if not _BRAND.fullmatch(brand):
        raise WarehouseError(
            f"{brand!r} is no brand name: lower-case letters, digits and _, a letter first, at most 31."
        )
    if database not in KINDS:
        raise WarehouseError(f"{database!r} is no database of a brand; there are {', '.join(KINDS)}.")
    return f"{database}_{brand}"


def connection_parts(brand: str, *, role: str | None = None, database: str = "touchstream") -> ConnectionParts:
    """How to connect to a brand's database, as the project's own user or as a role (`bi`, `reader`, `support`).

    Asks no server. Raises WarehouseError when the embedded server was never started here, or the role's password is
    not known.
    """
    name = database_name(brand, database)
    where = server.address()
    if role is None:
        return replace(where, dbname=name)
    return replace(where, dbname=name, user=roles.name_of(brand, role), password=roles.password_of(brand, role, where))


def url(brand: str, *, role: str | None = None, database: str = "touchstream") -> str:
    """The libpq URL of a brand's database, password included."""
    return connection_parts(brand, role=role, database=database).url()


def brand_url(brand: str) -> str:
    """The libpq URL of the brand's warehouse as the project's own user, password included."""
    return url(brand)


def dagster_url(brand: str) -> str:
    """The libpq URL of the brand's Dagster storage, password included."""
    return url(brand, database="dagster")


def _session_options(parts: ConnectionParts) -> str:
    return f"{parts.parameters.get('options', '')} {_SESSION}".strip()


def connect(
    brand: str,
    *,
    autocommit: bool = False,
    application_name: str = "touchstream",
    role: str | None = None,
    database: str = "touchstream",
    options: str = "",
    parameters: Mapping[str, str] | None = None,
) -> Connection:
    """A psycopg connection to a brand's database, in UTC and with durable commits.

    `options` are further server settings (`-c name=value`), `parameters` further libpq settings.

    Raises WarehouseError when the server does not answer or the brand was not prepared.
    """
    parts = connection_parts(brand, role=role, database=database)
    wanted = {
        **(parameters or {}),
        "options": f"{_session_options(parts)} {options}".strip(),
        "application_name": application_name,
    }
    try:
        return psycopg.connect(parts.url(**wanted), autocommit=autocommit)
    except psycopg.OperationalError as error:
        raise WarehouseError(
            f"No connection to {parts.dbname} as {parts.user} on {parts.host}:{parts.port}: {str(error).strip()} "
            f"`touchstream --brand {brand} db start` starts the server and prepares the brand."
        ) from error


def ensure_brand(brand: str, *, folder: Path | None = None) -> None:
    """Make sure that the server runs and the brand's databases, migrations and roles are there; cheap when they are.

    `folder` holds the migrations (default: the project's). Safe for any number of processes at once.
    """
    migrations = migrate.read(folder)
    names = [database_name(brand, database) for database in KINDS]
    if _is_prepared(brand, migrations):
        return
    server.start()
    where = server.address()
    with server.connect_maintenance() as maintenance:
        maintenance.execute(f"select pg_advisory_lock({_PREPARE_LOCK})")
        try:
            for name in names:
                _make_database(maintenance, name, where)
            with connect(brand, autocommit=True, application_name="touchstream prepare") as connection:
                migrate.migrate(connection, folder=folder)
                roles.apply(connection, brand, where, migrations)
        except psycopg.errors.InsufficientPrivilege as error:
            raise WarehouseError(
                f"User {where.user} on {where.host}:{where.port}: {error.diag.message_primary}. "
                f"It must own {' and '.join(names)}, "
                "or be allowed to create databases (createdb)."
            ) from error


def _is_prepared(brand: str, migrations: list[migrate.Migration]) -> bool:
    """Whether nothing is to do: one connection, a few small reads; a failure to look counts as something to do."""
    try:
        with connect(brand, autocommit=True, application_name="touchstream prepare") as connection:
            noted = connection.execute("select signature from ops.access").fetchone()
            done = migrate.applied(connection)
            dagster = connection.execute(
                "select 1 from pg_catalog.pg_database where datname = %s", (database_name(brand, "dagster"),)
            ).fetchone()
            return (
                dagster is not None
                and noted == (roles.signature(brand, migrations),)
                and not migrate.missing_of(migrations, done, database=connection.info.dbname)
                and roles.grants_in_force(connection, brand)
            )
    except (psycopg.Error, WarehouseError):
        return False  # the full preparation finds the same fault again and tells it


def _make_database(maintenance: Connection, name: str, where: ConnectionParts) -> None:
    """Create a database where text compares as bytes on every machine; refuse one that was made otherwise."""
    found = maintenance.execute(
        "select pg_encoding_to_char(encoding), datcollate from pg_catalog.pg_database where datname = %s", (name,)
    ).fetchone()
    if found is None:
        maintenance.execute(
            sql.SQL("create database {} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'").format(
                sql.Identifier(name)
            )
        )
        maintenance.execute(
            sql.SQL("revoke connect, temporary on database {} from public").format(sql.Identifier(name))
        )
    elif found[0] != "UTF8" or found[1] not in ("C", "POSIX"):
        raise WarehouseError(
            f"Database {name} on {where.host}:{where.port} has encoding {found[0]} and collation {found[1]}; "
            f"Touchstream needs UTF8 and C, "
            f"so that every server sorts alike: create database {name} template template0 encoding 'UTF8' locale 'C'."
        )


def _drop_database(maintenance: Connection, name: str) -> None:
    """Shut the door, end the sessions, drop.

    `with (force)` does the same, but fails for a user who is no superuser while autovacuum works there; a plain drop
    sends autovacuum away.
    """
    if maintenance.execute("select 1 from pg_catalog.pg_database where datname = %s", (name,)).fetchone() is None:
        return
    maintenance.execute(sql.SQL("alter database {} with allow_connections false").format(sql.Identifier(name)))
    maintenance.execute(
        "select pg_terminate_backend(pid, 10000) from pg_stat_activity "
        "where datname = %s and backend_type = 'client backend'",
        (name,),
    )
    maintenance.execute(sql.SQL("drop database {}").format(sql.Identifier(name)))


def drop_brand(brand: str) -> None:
    """Remove a brand from the server for good: its databases (ending their sessions), roles and noted passwords."""
    where = server.address()
    with server.connect_maintenance() as maintenance:
        for database in KINDS:
            _drop_database(maintenance, database_name(brand, database))
        for name in roles.names_of(brand):
            maintenance.execute(sql.SQL("drop role if exists {}").format(sql.Identifier(name)))
            files.note_password(where.server_key, name, None)
