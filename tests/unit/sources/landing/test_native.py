"""What is taken over at once from typed columns is what the expressions read, value by value."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest

from orchestration.column_rule import ColumnRule
from orchestration.sources import reading
from orchestration.sources.contracts.model import FieldType, boolean, decimal, integer, string, timestamp
from orchestration.sources.contracts.model import date as day
from orchestration.sources.landing import native
from orchestration.sources.landing.regular import arrow_type

KINDS = (string, integer, boolean, day, timestamp, decimal(12, 2), decimal(6, 1), decimal(18, 6))
ZONES = ("UTC", "Asia/Shanghai", "America/New_York")


def moments(*texts: str | None, unit: str = "us") -> pa.Array:
    return pa.array(texts, pa.string()).cast(pa.timestamp(unit))


COLUMNS = {
    "small": pa.array([1, None, -7], pa.int8()),
    "long": pa.array([99_999, None, -99_999], pa.int64()),
    "longest": pa.array([10**18 - 1, 1 - 10**18], pa.int64()),
    "too long": pa.array([10**18, 1], pa.int64()),
    "too many digits": pa.array([10**10, 1], pa.int64()),
    "cents": pa.array([Decimal("1.50"), None, Decimal("-99999.99")], pa.decimal128(9, 2)),
    "whole cents": pa.array([Decimal("1.00"), Decimal("-3.00")], pa.decimal128(9, 2)),
    "dust": pa.array([Decimal("1.505")], pa.decimal128(9, 3)),
    "wide": pa.array([Decimal("12345678901234567890.00")], pa.decimal128(38, 2)),
    "truth": pa.array([True, None, False]),
    "days": pa.array([date(1900, 1, 1), None, date(9999, 12, 31)]),
    "day of old": pa.array([date(1899, 12, 31), date(2024, 1, 1)]),
    "seconds": moments("2024-02-29 01:02:03", None, unit="s"),
    "moments": moments("1900-01-01", None, "2024-02-29 23:59:59", "9999-12-31"),
    "midnights": moments("2024-02-29", None),
    "with a zone": pa.array([datetime(2024, 2, 29, 1, 2, 3, 4, UTC), None], pa.timestamp("us", "Asia/Tokyo")),
    "too late": moments("9999-12-31 00:00:01"),
    "an hour that is twice": moments("2024-11-03 01:30:00"),
    "an hour that is not": moments("2024-03-10 02:30:00"),
    "fine": pa.array([1_700_000_000_000_000_001], pa.timestamp("ns")),
    "nothing": pa.nulls(3, pa.int32()),
}


def one_by_one(kind: FieldType, column: pa.Array, zone: str) -> pa.Array:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        rows = pa.table({"given": column})
        connection.register("rows", rows)
        ((_, told, *_),) = connection.execute("describe from rows").fetchall()
        value = reading.from_typed(kind, '"given"', str(told), ColumnRule(), zone)
        found = connection.execute(f"select {value} as value from rows").to_arrow_table()["value"]
    return found.combine_chunks().cast(arrow_type(kind))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.kind} {kind.precision}")
@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS)
def test_what_is_taken_over_at_once_is_what_is_read_one_by_one(column: pa.Array, kind: FieldType, zone: str) -> None:
    for given in (column, pa.concat_arrays([column, column]).slice(1)):
        found = native.read(kind, given, zone)
        if found is not None:
            found.validate(full=True)
            assert found.to_pylist() == one_by_one(kind, given, zone).to_pylist()
            assert found.type == arrow_type(kind)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("long", string),
        ("long", integer),
        ("long", decimal(12, 2)),
        ("longest", integer),
        ("cents", decimal(12, 2)),
        ("whole cents", decimal(6, 1)),
        ("truth", boolean),
        ("days", day),
        ("moments", timestamp),
        ("with a zone", timestamp),
        ("seconds", timestamp),
    ],
)
def test_values_that_fit_are_taken_over_at_once(name: str, kind: FieldType) -> None:
    assert native.read(kind, COLUMNS[name], "UTC") is not None


def test_a_decimal_with_more_digits_than_its_type_is_left_to_the_others() -> None:
    """A file's own words about its columns are not to be believed."""
    forged = pa.Array.from_buffers(
        pa.decimal128(5, 2), 1, [None, pa.array([Decimal("12345678.90")]).cast(pa.decimal128(10, 2)).buffers()[1]]
    )
    assert native.read(decimal(5, 2), forged, "UTC") is None
