"""How a PostgreSQL database is addressed.

Here: the parts of an address, as a URL and from `TOUCHSTREAM_DATABASE_URL`. Not here: which server or database that
is (server.py, connect.py); nothing here asks a server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict

from orchestration.warehouse.errors import WarehouseError

EMBEDDED = "embedded"
_EXAMPLE = "postgresql://user:password@host:5432/postgres"


def _nothing() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class ConnectionParts:
    """What is needed to connect to one database as one user; `parameters` are further libpq settings (sslmode …)."""

    host: str
    port: int
    user: str
    password: str | None = field(repr=False)
    dbname: str
    external: bool = False
    parameters: Mapping[str, str] = field(default_factory=_nothing)

    @property
    def server_key(self) -> str:
        """The server's name in the file of passwords."""
        return f"{self.host}:{self.port}" if self.external else EMBEDDED

    def url(self, **more: str) -> str:
        """The libpq URL, password included; `more` adds or replaces parameters."""
        who = quote(self.user, safe="") + (f":{quote(self.password, safe='')}" if self.password else "")
        query = {**self.parameters, **more}
        host = self.host
        if host.startswith("/"):  # the folder of a socket
            query, host = {**query, "host": host}, ""
        elif ":" in host:
            host = f"[{host}]"
        suffix = f"?{urlencode(query, quote_via=quote)}" if query else ""
        return f"postgresql://{who}@{host}:{self.port}/{quote(self.dbname, safe='')}{suffix}"


def from_url(url: str) -> ConnectionParts:
    """The external server's address; port 5432 and database `postgres` by default.

    Raises WarehouseError when it names no host or user.
    """
    try:
        parts = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
        port = int(parts.pop("port", "5432"))
    except (psycopg.ProgrammingError, ValueError) as error:
        raise WarehouseError(
            f"TOUCHSTREAM_DATABASE_URL is no PostgreSQL address ({error}). It looks like {_EXAMPLE}"
        ) from error
    missing = [name for name in ("host", "user") if name not in parts]
    if missing:
        raise WarehouseError(f"TOUCHSTREAM_DATABASE_URL names no {' and no '.join(missing)}. It looks like {_EXAMPLE}")
    return ConnectionParts(
        host=parts.pop("host"),
        port=port,
        user=parts.pop("user"),
        password=parts.pop("password", None),
        dbname=parts.pop("dbname", "postgres"),
        external=True,
        parameters=parts,
    )
