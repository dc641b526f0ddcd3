"""One at a time per brand: named locks that die with their holder.

Here: the lock, and saying who holds it. Not here: what must not happen twice at once (its callers). The lock is a
session's advisory lock in the brand's database on a connection of its own; when the holding process dies, the
server sees the connection close and frees it.
"""

from __future__ import annotations

import hashlib
import os
import socket
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import psycopg

from orchestration.warehouse.connect import connect
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.migrate import Connection

_POLL_SECONDS = 0.2
_NAME_BYTES = 63  # PostgreSQL cuts an application name there
# A holder whose machine vanished is noticed by silence, within about a minute, on both ends.
_KEEPALIVE = {"keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3"}
_KEEPALIVE_OF_SERVER = "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
# query_start of the holder's session is the moment it got the lock: its session runs nothing afterwards.
_WHO = """
    select act.application_name, act.query_start, act.pid, host(act.client_addr)
    from pg_catalog.pg_locks as lck
    inner join pg_catalog.pg_stat_activity as act on act.pid = lck.pid
    where
        lck.locktype = 'advisory'
        and lck.granted
        and lck.database = (select dat.oid from pg_catalog.pg_database as dat where dat.datname = current_database())
        and (cast(lck.classid as bigint) << 32) | cast(lck.objid as bigint) = %s
        and lck.objsubid = 1
"""


@dataclass(frozen=True)
class Holder:
    """Who holds a lock: the work, process and machine in words, since when, and the server's own process for it."""

    who: str
    since: datetime
    server_pid: int
    client_address: str | None


class LockHeld(WarehouseError):
    """Somebody else holds the lock; `holder` is None when it let go just now."""

    def __init__(self, message: str, holder: Holder | None) -> None:
        super().__init__(message)
        self.holder = holder


@dataclass(frozen=True)
class BrandLock:
    """A lock that is held."""

    brand: str
    name: str
    connection: Connection

    def check(self) -> None:
        """Raise WarehouseError when the lock was lost, which happens when the server went away; sends nothing."""
        try:
            self.connection.pgconn.consume_input()
        except psycopg.OperationalError as error:
            raise WarehouseError(
                f"The {self.name} lock of brand {self.brand} was lost: {error}. Its connection to the server is gone."
            ) from error


def lock_key(name: str) -> int:
    """The number of a named lock, within 63 bits so that both halves of it show in pg_locks as they are."""
    return int.from_bytes(hashlib.sha256(f"touchstream.lock.{name}".encode()).digest()[:8], "big") >> 1


@contextmanager
def brand_lock(brand: str, *, name: str = "dbt", what: str = "build", wait_seconds: float = 0) -> Generator[BrandLock]:
    """Hold the brand's lock `name` while doing `what`.

    When another has it, waits up to `wait_seconds` and then raises LockHeld, which says who that is.
    """
    who = f"{what} (process {os.getpid()} on {socket.gethostname()})"
    title = who.encode("ascii", "replace")[:_NAME_BYTES].decode()
    with connect(
        brand, autocommit=True, application_name=title, options=_KEEPALIVE_OF_SERVER, parameters=_KEEPALIVE
    ) as connection:
        deadline = time.monotonic() + wait_seconds
        while not _try(connection, name):
            if time.monotonic() >= deadline:
                raise _held(connection, brand, name, wait_seconds)
            time.sleep(_POLL_SECONDS)
        yield BrandLock(brand=brand, name=name, connection=connection)


def _try(connection: Connection, name: str) -> bool:
    row = connection.execute("select pg_try_advisory_lock(%s)", (lock_key(name),)).fetchone()
    return row is not None and row[0] is True


def _held(connection: Connection, brand: str, name: str, waited: float) -> LockHeld:
    row = connection.execute(_WHO, (lock_key(name),)).fetchone()
    if row is None:
        return LockHeld(f"The {name} lock of brand {brand} was held until this moment. Try again.", None)
    holder = Holder(who=row[0], since=row[1], server_pid=row[2], client_address=row[3])
    after = f" after {waited:g} s of waiting" if waited else ""
    since = f"{holder.since:%Y-%m-%d %H:%M:%S} UTC"
    return LockHeld(
        f"Brand {brand} is busy{after}: {holder.who} has held its {name} lock since {since}. "
        "Wait until it has finished, or end that process: the lock is free as soon as it is gone.",
        holder,
    )
