"""Texts and typed values become what the contract says, or nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import pytest

from orchestration.column_rule import ColumnRule
from orchestration.sources import reading
from orchestration.sources.contracts.model import FieldType, boolean, decimal, integer, timestamp
from orchestration.sources.contracts.model import date as date_type

ZONE = "America/New_York"


def read(kind: FieldType, text: str, rule: ColumnRule | None = None) -> object:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        expression = reading.from_text(kind, "given", rule or ColumnRule(), ZONE)
        row = connection.execute(f"select {expression} from (select ? as given)", [text]).fetchone()
    assert row is not None
    value = row[0]
    return value.astimezone(UTC) if isinstance(value, datetime) else value


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (integer, "12", 12),
        (integer, "-3", -3),
        (integer, "7.0", 7),
        (integer, "7.5", None),
        (integer, "two", None),
        (integer, "1e3", None),
        (integer, "1,000", None),
        (integer, "9" * 19, None),
        (decimal(12, 2), "1.43", Decimal("1.43")),
        (decimal(12, 2), "1.4300", Decimal("1.43")),
        (decimal(12, 2), "-0.5", Decimal("-0.50")),
        (decimal(12, 2), "1.435", None),
        (decimal(12, 2), "12345678901", None),
        (decimal(12, 2), "1,43", None),
        (decimal(12, 2), "nan", None),
        (boolean, "Yes", True),
        (boolean, "0", False),
        (boolean, "maybe", None),
        (date_type, "2017-02-28", date(2017, 2, 28)),
        (date_type, "2017-02-30", None),
        (date_type, "28.02.2017", None),
        (date_type, "2017-02-28 00:00:00", date(2017, 2, 28)),
        (date_type, "2017-02-28 10:00:00", None),
        (timestamp, "2017-07-01 10:00", datetime(2017, 7, 1, 14, 0, tzinfo=UTC)),
        (timestamp, "2017-01-01T10:00:00.5", datetime(2017, 1, 1, 15, 0, 0, 500000, tzinfo=UTC)),
        (timestamp, "2017-07-01T10:00:00Z", datetime(2017, 7, 1, 10, 0, tzinfo=UTC)),
        (timestamp, "2017-07-01 10:00:00+08:00", datetime(2017, 7, 1, 2, 0, tzinfo=UTC)),
        (timestamp, "2017-07-01", datetime(2017, 7, 1, 4, 0, tzinfo=UTC)),
        (timestamp, "2017-07-01T10:00Z", datetime(2017, 7, 1, 10, 0, tzinfo=UTC)),
        (timestamp, "2017-07-01 10:00+08", datetime(2017, 7, 1, 2, 0, tzinfo=UTC)),
        (timestamp, "2017-07-01T10:00:00 +0800", datetime(2017, 7, 1, 2, 0, tzinfo=UTC)),
        (timestamp, "2017-07-01 10:00:00-0330", datetime(2017, 7, 1, 13, 30, tzinfo=UTC)),
        (timestamp, "2017-07-01 10:00:00+99", None),
        (timestamp, "2017-07-01 25:00:00", None),
        (timestamp, "2017-13-01 10:00:00", None),
        (timestamp, "yesterday", None),
    ],
)
def test_text_becomes_a_value_or_nothing(kind: FieldType, text: str, expected: object) -> None:
    assert read(kind, text) == expected


def test_a_format_reads_other_dates() -> None:
    rule = ColumnRule(column="day", format="%d.%m.%Y")
    assert read(date_type, "28.02.2017", rule) == date(2017, 2, 28)
    assert read(date_type, "2017-02-28", rule) is None


def test_a_week_number_becomes_its_days() -> None:
    first = ColumnRule(column="week", week_one="2016-12-26")
    last = ColumnRule(column="week", week_one="2016-12-26", plus_days=6)
    assert read(date_type, "2", first) == date(2017, 1, 2)
    assert read(date_type, "2", last) == date(2017, 1, 8)
    assert read(date_type, "second", first) is None
