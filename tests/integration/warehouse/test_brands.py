"""A brand's databases: prepared once by whoever comes first, reachable in every way the project uses."""

from __future__ import annotations

import secrets
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from orchestration.warehouse import connect, files, roles, server
from orchestration.warehouse.errors import WarehouseError

Run = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def new_brand(brand: str) -> Iterator[str]:
    """The name of a brand that is not prepared yet; removed afterwards."""
    assert brand
    name = f"new_{secrets.token_hex(4)}"
    yield name
    connect.drop_brand(name)


def test_processes_that_prepare_a_brand_at_once_prepare_it_once(new_brand: str, python: Run) -> None:
    code = f"from orchestration.warehouse import connect; connect.ensure_brand({new_brand!r})"
    for process in [python(code) for _ in range(3)]:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    with connect.connect(new_brand) as connection:
        schemas = {row[0] for row in connection.execute("select nspname from pg_namespace")}
    assert {*roles.DBT_SCHEMAS, "raw", "quarantine", "vault", "ops", "ml"} <= schemas


def test_a_prepared_brand_costs_next_to_nothing(brand: str) -> None:
    def seconds() -> float:
        begun = time.perf_counter()
        connect.ensure_brand(brand)
        return time.perf_counter() - begun

    assert min(seconds() for _ in range(5)) < 0.3


def test_a_brand_that_is_not_prepared_says_how_to(new_brand: str) -> None:
    with pytest.raises(WarehouseError, match=f"touchstream --brand {new_brand} db start"):
        connect.connect(new_brand)


@pytest.mark.parametrize("name", ["Demo", "a-b", "1st", "", "x" * 32, 'a"; drop database postgres; --'])
def test_a_name_that_is_none_starts_no_server(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUCHSTREAM_HOME", str(tmp_path / "home"))
    with pytest.raises(WarehouseError, match="is no brand name"):
        connect.ensure_brand(name)
    assert not (tmp_path / "home").exists()


def test_a_schema_that_was_made_anew_gets_its_grants_again(brand: str) -> None:
    with connect.connect(brand, autocommit=True) as connection:
        connection.execute("drop schema bi cascade; create schema bi; create table bi.page as select 1 as number")
        connect.ensure_brand(brand)
        with connect.connect(brand, role="bi") as reading:
            assert reading.execute("select number from bi.page").fetchone() == (1,)
        connection.execute("drop table bi.page")


def test_sessions_are_durable_and_in_utc_whatever_the_environment_says(
    brand: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c synchronous_commit=off -c timezone=Asia/Shanghai")
    asked = "select current_setting('synchronous_commit'), current_setting('timezone')"
    with connect.connect(brand) as connection:
        assert connection.execute(asked).fetchone() == ("on", "UTC")


def test_both_urls_lead_to_their_databases(brand: str) -> None:
    for url, name in ((connect.brand_url(brand), "touchstream"), (connect.dagster_url(brand), "dagster")):
        with psycopg.connect(url) as connection:
            assert connection.info.dbname == f"{name}_{brand}"


def test_a_dropped_brand_leaves_nothing(new_brand: str) -> None:
    connect.ensure_brand(new_brand)
    connect.drop_brand(new_brand)
    with server.connect_maintenance() as maintenance:
        for left in (
            "select datname from pg_database where datname ~ %s",
            "select rolname from pg_roles where rolname ~ %s",
        ):
            assert maintenance.execute(left, (new_brand,)).fetchall() == []
    assert new_brand not in files.passwords_path().read_text()
