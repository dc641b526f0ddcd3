"""Equal rows have equal fingerprints; everything else tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from psycopg import sql

from orchestration.warehouse import connect
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.fingerprint import Fingerprint, fingerprint

Make = Callable[[str], Fingerprint]
ROWS = "(values (1, 'a', null), (2, 'b', 'x'), (3, '', 'y')) as t (id, name, note)"
BASE = f"select id, name, note from {ROWS}"


@pytest.fixture
def of(brand: str) -> Iterator[Make]:
    """The fingerprint of a query's rows as the table core.probe."""
    drop = b"drop table if exists core.probe"
    with connect.connect(brand, autocommit=True) as connection:

        def make(query: str) -> Fingerprint:
            connection.execute(drop)
            connection.execute(f"create table core.probe as {query}".encode())
            (found,) = fingerprint(brand, ["core.probe"])
            return found

        yield make
        connection.execute(drop)


@pytest.mark.parametrize(
    "same",
    [
        f"{BASE} order by id desc",
        f"select note, id, name from {ROWS}",
        f"select *, clock_timestamp() as recorded_at, gen_random_uuid() as run_id, random() as _batch_id from {ROWS}",
    ],
    ids=["rows in another order", "columns in another order", "written by another run"],
)
def test_what_does_not_count(of: Make, same: str) -> None:
    assert of(same) == of(BASE)


@pytest.mark.parametrize(
    "other",
    [
        f"{BASE} where id < 3",
        f"{BASE} union all select id, name, note from {ROWS} where id = 1",
        f"select id, name, coalesce(note, '') as note from {ROWS}",
        f"select id, nullif(name, '') as name, note from {ROWS}",
        f"select id, note as name, name as note from {ROWS}",
        f"select id, name as called, note from {ROWS}",
        f"select id, name, note, null as more from {ROWS}",
        f"select id, case id when 1 then 'b' when 2 then 'a' else name end as name, note from {ROWS}",
        f"select id + 1 as id, name, note from {ROWS}",
    ],
    ids=[
        "a row less",
        "a row twice",
        "null became empty",
        "empty became null",
        "two columns changed places",
        "a column has another name",
        "a column more",
        "two values changed rows",
        "a number moved",
    ],
)
def test_what_counts(of: Make, other: str) -> None:
    assert of(other).hash != of(BASE).hash


def test_the_rows_are_counted_and_an_empty_table_has_a_fingerprint(of: Make) -> None:
    assert of(BASE).rows == 3
    empty = of(f"{BASE} where false")
    assert empty.rows == 0
    assert empty == of(f"{BASE} where id > 9")


def test_moments_are_compared_not_how_a_session_writes_them(of: Make, brand: str) -> None:
    moments = "select timestamptz '2025-03-01 10:00+08' as seen_at, interval '90 minutes' as took, 0.1::float8 as share"
    before = of(moments)
    name = sql.Identifier(connect.database_name(brand))
    with connect.connect(brand, autocommit=True) as connection:
        for setting in (
            sql.SQL("timezone = 'Asia/Shanghai'"),
            sql.SQL("datestyle = 'German'"),
            sql.SQL("extra_float_digits = 0"),
        ):
            connection.execute(sql.SQL("alter database {} set ").format(name) + setting)
        try:
            assert of(moments) == before
        finally:
            connection.execute(sql.SQL("alter database {} reset all").format(name))


def test_by_default_it_covers_what_is_built_and_the_ledger_and_nothing_that_passes(of: Make, brand: str) -> None:
    of(BASE)
    with connect.connect(brand, autocommit=True) as connection:
        connection.execute(
            "create table staging.probe (); create table core.probe__dbt_tmp ();"
            "create unlogged table identity.scratch (); create table raw.probe ();"
            "create view marts.probe_view as select 1 as one"
        )
        try:
            assert [found.relation for found in fingerprint(brand)] == ["core.probe", "ops.decision", "ops.operation"]
        finally:
            connection.execute(
                "drop table staging.probe, core.probe__dbt_tmp, identity.scratch, raw.probe; drop view marts.probe_view"
            )


def test_the_published_shape(of: Make) -> None:
    found = of(BASE).as_json()
    assert list(found) == ["relation", "rows", "hash"]
    assert (found["relation"], found["rows"], len(str(found["hash"]))) == ("core.probe", 3, 32)


@pytest.mark.parametrize("name", ["core.nothing_here", "probe", "no.such"])
def test_a_relation_that_does_not_exist_is_named(brand: str, name: str) -> None:
    with pytest.raises(WarehouseError, match=f"no relation {name}"):
        fingerprint(brand, [name])
