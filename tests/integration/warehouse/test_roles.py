"""Who gets to see what, tried with their own logins."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator

import psycopg
import pytest

from orchestration.warehouse import connect, query, roles

VAULT = "select * from vault.clear_value"
DENIED = "permission denied"


@pytest.fixture
def built(brand: str) -> Iterator[str]:
    """A brand in which dbt has just made a table in each schema, after the grants."""
    schemas = [*roles.DBT_SCHEMAS, "raw", "quarantine", "ml", "vault"]
    with connect.connect(brand, autocommit=True) as connection:
        for schema in schemas:
            connection.execute(f"create table {schema}.just_built as select 1 as number".encode())
        yield brand
        for schema in schemas:
            connection.execute(f"drop table {schema}.just_built".encode())


def _sees(brand: str, role: str) -> set[str]:
    """The schemas whose new table this role can read."""
    seen: set[str] = set()
    with connect.connect(brand, role=role, autocommit=True) as connection:
        for schema in [*roles.DBT_SCHEMAS, "raw", "quarantine", "ml", "vault"]:
            try:
                connection.execute(f"select number from {schema}.just_built".encode())
            except psycopg.errors.InsufficientPrivilege:
                continue
            seen.add(schema)
    return seen


def test_each_role_reads_its_schemas_and_no_other_also_in_tables_made_later(built: str) -> None:
    dbt = set(roles.DBT_SCHEMAS)
    assert _sees(built, "bi") == {"bi"}
    assert _sees(built, "reader") == dbt | {"raw", "quarantine", "ml"}
    assert _sees(built, "support") == dbt | {"raw", "quarantine", "ml", "vault"}


def test_dashboards_read_through_a_view_what_they_may_not_read_themselves(built: str) -> None:
    with connect.connect(built, autocommit=True) as connection:
        connection.execute("create view bi.window_on_features as select number from features.just_built")
        with connect.connect(built, role="bi") as reading:
            assert reading.execute("select number from bi.window_on_features").fetchone() == (1,)
        connection.execute("drop view bi.window_on_features")


@pytest.mark.parametrize("role", ["bi", "reader"])
def test_clear_personal_data_and_its_ways_round_are_closed(brand: str, role: str) -> None:
    with connect.connect(brand, role=role, autocommit=True) as connection:
        connection.execute("set default_transaction_read_only = off")
        for statement in (
            VAULT,
            f"set role touchstream_{brand}_support",
            "alter role current_user superuser",
            "copy (select 1) to program 'id'",
            "select pg_read_file('postgresql.conf')",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


@pytest.mark.parametrize("role", ["bi", "reader", "support"])
def test_nobody_but_the_project_writes(brand: str, role: str) -> None:
    with connect.connect(brand, role=role, autocommit=True) as connection:
        connection.execute("set default_transaction_read_only = off")
        for statement in (
            "create table core.mine ()",
            "create table public.mine ()",
            "create temporary table mine ()",
            "create schema mine",
            "insert into ops.setting values ('a', 'b')",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


def test_one_brands_login_is_no_way_into_anothers_database(brand: str) -> None:
    other = f"other_{secrets.token_hex(4)}"
    connect.ensure_brand(other)
    try:
        parts = connect.connection_parts(brand, role="bi")
        strange = connect.connection_parts(other)
        with pytest.raises(psycopg.OperationalError, match=DENIED):
            psycopg.connect(parts.url(dbname=strange.dbname))
    finally:
        connect.drop_brand(other)


def test_typed_sql_reads(brand: str) -> None:
    columns, rows = query.read_only(brand, "set work_mem = '8MB'; select 1 as one, null as none; ")
    assert (columns, list(rows)) == (["one", "none"], [(1, None)])


def test_typed_sql_without_rows_still_has_columns(brand: str) -> None:
    columns, rows = query.read_only(brand, "select batch_id, landed from ops.batch where false")
    assert (columns, list(rows)) == (["batch_id", "landed"], [])


def test_typed_sql_without_a_result_has_no_columns(brand: str) -> None:
    columns, rows = query.read_only(brand, "set work_mem = '8MB'")
    assert (columns, list(rows)) == ([], [])


def test_typed_sql_is_one_moment(brand: str) -> None:
    columns, rows = query.read_only(brand, "select now() as at; select now() as at, transaction_timestamp() as begun")
    ((at, begun),) = rows
    assert (columns, at) == (["at", "begun"], begun)


@pytest.mark.parametrize(
    "sql",
    [
        "insert into ops.setting values ('a', 'b')",
        "set transaction read write; insert into ops.setting values ('a', 'b')",
        "commit; set default_transaction_read_only = off; insert into ops.setting values ('a', 'b')",
        "reset role; set session authorization touchstream; delete from ops.setting",
        "select 1; drop table ops.setting",
        VAULT,
    ],
)
def test_typed_sql_cannot_write_or_read_the_vault_however_it_is_put(brand: str, sql: str) -> None:
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
        query.read_only(brand, sql)


def test_typed_sql_that_is_wrong_gets_the_servers_words(brand: str) -> None:
    with pytest.raises(psycopg.errors.SyntaxError, match="selec"):
        query.read_only(brand, "selec 1")


def test_typed_sql_lets_go_of_the_server_when_its_rows_are_not_all_read(brand: str) -> None:
    _, rows = query.read_only(brand, "select * from generate_series(1, 1000000)")
    assert next(rows) == (1,)
    rows.close()
    asked = "select count(*) from pg_stat_activity where application_name = 'touchstream sql'"
    deadline = time.monotonic() + 10
    with connect.connect(brand, autocommit=True) as connection:
        while connection.execute(asked).fetchone() != (0,):
            assert time.monotonic() < deadline
            time.sleep(0.02)
