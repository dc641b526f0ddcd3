"""Addresses survive the way into a URL and back, and a wrong one is refused with an example of a right one."""

from __future__ import annotations

import pytest
from psycopg.conninfo import conninfo_to_dict

from orchestration.warehouse.address import ConnectionParts, from_url
from orchestration.warehouse.errors import WarehouseError

PASSWORD = "p@ss/w:rd?#% é"


def _parts(**changes: object) -> ConnectionParts:
    given: dict[str, object] = {
        "host": "db.example", "port": 5433, "user": "an@lyst", "password": PASSWORD, "dbname": "touchstream_a"
    }  # fmt: skip
    return ConnectionParts(**{**given, **changes})  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("host", ["db.example", "127.0.0.1", "::1", "/var/run/postgresql"])
def test_a_url_says_what_went_into_it(host: str) -> None:
    url = _parts(host=host, parameters={"sslmode": "require"}).url(options="-c timezone=UTC -c jit=off")
    assert conninfo_to_dict(url) == {
        "host": host,
        "port": "5433",
        "user": "an@lyst",
        "password": PASSWORD,
        "dbname": "touchstream_a",
        "sslmode": "require",
        "options": "-c timezone=UTC -c jit=off",
    }


def test_the_external_url_is_read_back_whole() -> None:
    parts = _parts(external=True, parameters={"sslmode": "require"})
    assert from_url(parts.url()) == parts


def test_port_and_database_have_defaults_and_the_password_may_come_from_elsewhere() -> None:
    parts = from_url("postgresql://me@db.example")
    assert (parts.port, parts.dbname, parts.password, parts.server_key) == (5432, "postgres", None, "db.example:5432")


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("mysql://me@db/x", "is no PostgreSQL address"),
        ("postgresql://me@db:nan/x", "is no PostgreSQL address"),
        ("postgresql:///x", "names no host and no user"),
        ("postgresql://db.example/x", "names no user"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_an_example(url: str, complaint: str) -> None:
    with pytest.raises(WarehouseError, match=f"(?s){complaint}.*postgresql://user:password@host:5432/postgres"):
        from_url(url)


def test_a_password_is_not_printed() -> None:
    assert PASSWORD not in repr(_parts())
