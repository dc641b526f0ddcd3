"""What is encoded for COPY is what PostgreSQL holds afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from psycopg import sql

from orchestration.brands import Brand
from orchestration.sources.landing import binary, copying, write
from tests.integration.landing.till import SOURCES
from tests.workshop import Workshop

COLUMNS = {
    "text": (pa.string(), "text", ["", "a", "林女士 " * 40, 'tab\t"quote"\\', None]),
    "bytes": (pa.binary(), "bytea", [b"", b"\x00\xff", b"x" * 300, None, b"\n"]),
    "whole": (pa.int64(), "bigint", [0, -1, 10**18 - 1, -(10**18) + 1, None]),
    "flag": (pa.bool_(), "boolean", [True, False, None, True, None]),
    "day": (
        pa.date32(),
        "date",
        [date(1900, 1, 1), date(1999, 12, 31), date(2000, 1, 1), date(9999, 12, 31), None],
    ),
    "moment": (
        pa.timestamp("us", "UTC"),
        "timestamptz",
        [
            datetime(1900, 1, 1, tzinfo=UTC),
            datetime(1999, 12, 31, 23, 59, 59, 999_999, UTC),
            datetime(2000, 1, 1, tzinfo=UTC),
            datetime(2024, 2, 29, 1, 2, 3, 4, UTC),
            None,
        ],
    ),
    "amount": (
        pa.decimal128(12, 2),
        "numeric(12, 2)",
        [Decimal("0.00"), Decimal("-0.01"), Decimal("9999999999.99"), Decimal("-10000.10"), None],
    ),
    "place": (
        pa.decimal128(9, 6),
        "numeric(9, 6)",
        [Decimal("121.473701"), Decimal("-0.000001"), Decimal("-999.999999"), Decimal("31.000000"), None],
    ),
    "rate": (
        pa.decimal128(18, 4),
        "numeric(18, 4)",
        [Decimal("99999999999999.9999"), Decimal("-12345678.0000"), Decimal("0.0001"), Decimal("10000.0000"), None],
    ),
    "share": (
        pa.decimal128(4, 3),
        "numeric(4, 3)",
        [Decimal("0.999"), Decimal("-9.999"), Decimal("1.000"), None, None],
    ),
    "steps": (pa.decimal128(6, 0), "numeric(6, 0)", [Decimal(0), Decimal(999_999), Decimal(-10_000), Decimal(1), None]),
}


@pytest.fixture(scope="module")
def brand(workshop: Workshop) -> Brand:
    return workshop.brand(SOURCES)


def landed(brand: Brand, table: pa.Table) -> list[tuple[object, ...]]:
    kinds = {name: kind for name, (_, kind, _) in COLUMNS.items()}
    columns = [table[name].combine_chunks() for name in table.column_names]
    with write.session(brand.name, application_name="test") as connection, connection.cursor() as cursor:
        told = ", ".join(f'"{name}" {kinds[name]}' for name in table.column_names)
        cursor.execute(f"create temporary table held (number bigint, said text, {told})".encode())
        encoded = binary.encode([binary.constant(7), binary.constant("said"), *columns], table.num_rows)
        names = ["number", "said", *table.column_names]
        assert copying.copy(cursor, sql.Identifier("held"), names, iter([encoded, encoded])) == 2 * table.num_rows
        cursor.execute("select * from held")
        return cursor.fetchall()


@pytest.mark.parametrize("rows", [slice(0, 5), slice(0, 3), slice(4, 5), slice(1, 2)])
def test_every_type_arrives_as_it_was(brand: Brand, rows: slice) -> None:
    """All rows of a type, some of them, none but missing ones: each is encoded in another way."""
    whole = pa.table({name: pa.array(values, kind) for name, (kind, _, values) in COLUMNS.items()})
    table = whole.slice(rows.start, rows.stop - rows.start)
    expected = [(7, "said", *row.values()) for row in table.to_pylist()]
    assert landed(brand, table) == expected * 2


def test_texts_of_one_length_arrive_as_they_were(brand: Brand) -> None:
    table = pa.table({"text": ["abc", "def", "\u00e9x"], "whole": [1, 2, 3]})
    assert landed(brand, table) == [(7, "said", *row.values()) for row in table.to_pylist()] * 2


def test_what_making_rows_raises_reaches_the_caller_and_no_log(brand: Brand, capfd: pytest.CaptureFixture[str]) -> None:
    def rows() -> Iterator[memoryview]:
        yield binary.encode([pa.array(["canary-1"])], 1)
        raise ValueError("canary-2")

    with write.session(brand.name, application_name="test") as connection, connection.cursor() as cursor:
        cursor.execute("create temporary table held (text text)")
        connection.commit()
        with pytest.raises(ValueError, match="canary-2"):
            copying.copy(cursor, sql.Identifier("held"), ["text"], rows())
        connection.rollback()
        cursor.execute("select count(*) from held")
        assert cursor.fetchall() == [(0,)]
    assert "canary" not in "".join(capfd.readouterr())
