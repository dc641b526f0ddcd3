"""Numbered SQL files, each applied once and in order: the schemas that Python owns.

Here: reading `NNNN_name.sql`, applying what is missing, refusing what does not fit. Not here: what the files say
(migrations/), dbt's tables (dbt makes those). A file is applied in one transaction together with its line in
`ops.migration`, so it is applied or it is not.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from orchestration.warehouse.errors import WarehouseError

FOLDER = Path(__file__).parent / "migrations"
_NAME = re.compile(r"(\d{4})_([a-z][a-z0-9_]*)\.sql")
_OWN_TRANSACTION = re.compile(r"^\s*(commit|rollback|begin|start\s+transaction)\s*;", re.IGNORECASE | re.MULTILINE)
_LOCK = "hashtextextended('touchstream.migrate', 0)"
_BOOKKEEPING = """
    create schema if not exists ops;
    create table if not exists ops.migration (
        version integer primary key,
        name text not null,
        checksum text not null,
        applied_at timestamptz not null default now()
    );
"""

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Migration:
    """One numbered file."""

    version: int
    name: str
    sql: str
    checksum: str

    @property
    def file_name(self) -> str:
        """The name it has in its folder."""
        return f"{self.version:04}_{self.name}.sql"


def read(folder: Path | None = None) -> list[Migration]:
    """The migrations of a folder in order; WarehouseError for a name, number or content that cannot be."""
    place = folder or FOLDER
    found = [_read_file(path) for path in sorted(place.glob("*.sql"))]
    for expected, migration in enumerate(found, start=1):
        if migration.version != expected:
            fault = "twice" if migration.version < expected else f"but {expected:04} is missing"
            raise WarehouseError(
                f"{place / migration.file_name}: number {migration.version:04} is there {fault}. "
                "Numbers go 0001, 0002, …"
            )
    return found


def _read_file(path: Path) -> Migration:
    matched = _NAME.fullmatch(path.name)
    if matched is None:
        raise WarehouseError(f"{path}: a migration is named NNNN_what_it_does.sql, four digits and lower case.")
    sql = path.read_text(encoding="utf-8")
    if _OWN_TRANSACTION.search(sql):
        raise WarehouseError(
            f"{path}: a migration is one transaction, which the runner opens and commits. "
            "Take begin, commit, rollback out."
        )
    return Migration(
        version=int(matched.group(1)),
        name=matched.group(2),
        sql=sql,
        checksum=hashlib.sha256(sql.encode()).hexdigest(),
    )


def migrate(connection: Connection, *, folder: Path | None = None) -> list[Migration]:
    """Apply what is missing to the connection's database and return it; the connection must be in autocommit.

    Processes that do this at once wait for one another. Raises WarehouseError, with nothing of the faulty file
    applied, when a file
    fails, was changed after it was applied, or the database is ahead of the code.
    """
    known = read(folder)
    with _alone(connection):
        connection.execute(_BOOKKEEPING)
        missing = missing_of(known, applied(connection), database=connection.info.dbname)
        for migration in missing:
            _apply(connection, migration)
    return missing


@contextmanager
def _alone(connection: Connection) -> Generator[None]:
    connection.execute(f"select pg_advisory_lock({_LOCK})")
    try:
        yield
    finally:
        connection.execute(f"select pg_advisory_unlock({_LOCK})")


def applied(connection: Connection) -> list[tuple[int, str, str]]:
    """What `ops.migration` says was applied, as (version, name, checksum) in order."""
    return [
        (row[0], row[1], row[2])
        for row in connection.execute("select version, name, checksum from ops.migration order by version")
    ]


def missing_of(known: Sequence[Migration], done: Sequence[tuple[int, str, str]], *, database: str) -> list[Migration]:
    """The migrations that the database still lacks; WarehouseError when code and database cannot be of one history."""
    by_version = {migration.version: migration for migration in known}
    for position, (version, name, checksum) in enumerate(done, start=1):
        if version != position:
            raise WarehouseError(
                f"Database {database}: ops.migration has no line {position:04}. Restore it from a backup."
            )
        migration = by_version.get(version)
        if migration is None:
            raise WarehouseError(
                f"Database {database} is newer than this code: it has migration {version:04}_{name}, the code ends at "
                f"{len(known):04}. Use the newer code."
            )
        if migration.checksum != checksum:
            raise WarehouseError(
                f"Database {database}: {migration.file_name} was changed after it was applied "
                f"(then {version:04}_{name}, {checksum[:12]}; now {migration.checksum[:12]}). "
                "Restore the file and put the change into a new migration."
            )
    return [migration for migration in known if migration.version > len(done)]


def _apply(connection: Connection, migration: Migration) -> None:
    try:
        with connection.transaction():
            connection.execute(migration.sql.encode())
            connection.execute(
                "insert into ops.migration (version, name, checksum) values (%s, %s, %s)",
                (migration.version, migration.name, migration.checksum),
            )
    except psycopg.Error as error:
        position = error.diag.statement_position
        line = migration.sql[: int(position) - 1].count("\n") + 1 if position else None
        where = f"{migration.file_name}, line {line}" if line else migration.file_name
        raise WarehouseError(
            f"Database {connection.info.dbname}: {where}: {error.diag.message_primary or error}. "
            "Nothing of it was applied."
        ) from error
