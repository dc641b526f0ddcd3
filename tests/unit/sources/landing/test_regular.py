"""Columns read at once say what the expressions say that read value by value, or say nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.column_rule import ColumnRule
from orchestration.sources import reading
from orchestration.sources.contracts.model import FieldType, date, decimal, integer, string, timestamp
from orchestration.sources.landing import regular

ZONES = ("UTC", "Asia/Shanghai", "America/New_York")
KINDS = (string, integer, decimal(12, 2), decimal(9, 6), decimal(18, 4), decimal(4, 3), date, timestamp)

signs = st.sampled_from(["", "", "", "-", "+"])
digits = st.text("0123456789", min_size=1, max_size=20)
numbers = st.builds("{}{}{}{}".format, signs, digits, st.sampled_from(["", "."]), st.text("0123456789", max_size=8))
days = st.builds(
    "{:04d}-{:02d}-{:02d}".format,
    st.sampled_from([1, 1899, 1900, 1999, 2017, 2024, 9999]),
    st.integers(1, 13),
    st.integers(1, 31),
)
clocks = st.builds("{:02d}:{:02d}:{:02d}".format, st.integers(0, 24), st.integers(0, 60), st.integers(0, 60))
tails = st.sampled_from(
    [
        "",
        ".5",
        ".123",
        ".123456",
        ".1234567",
        ",5",
        "Z",
        ".123Z",
        "+08:00",
        "+0800",
        "-03:30",
        "+08",
        " +08:00",
        "+15:00",
    ]
)
moments = st.builds("{}{}{}{}".format, days, st.sampled_from(["T", " "]), clocks, tails)
odd = st.sampled_from(
    [
        "0x1A",
        "1e3",
        "1_000",
        "1,000",
        "nan",
        "inf",
        "-",
        ".",
        "-.5",
        "5.",
        ".5",
        "..",
        "1-2",
        "",
        "  ",
        "\u3000",
        "林",
        "7\0",
    ]
)
padded = st.builds(
    "{}{}{}".format, st.sampled_from(["", " ", "\t", "\u3000", "\ufeff"]), numbers, st.sampled_from(["", " ", "\r"])
)


def columns(values: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    """Mostly columns of one notation, so that many of them are regular."""
    return st.one_of(
        st.lists(values, min_size=1, max_size=4),
        st.builds(lambda one, count: [one] * count, values, st.integers(1, 3)),
        st.lists(st.one_of(values, odd), min_size=1, max_size=4),
    )


def one_by_one(kind: FieldType, texts: list[str], zone: str) -> list[object]:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.register("given", pa.table({"text": pa.array(texts, pa.string())}))
        value = reading.from_text(kind, reading.cleaned("text"), ColumnRule(), zone)
        found = connection.execute(f"select {value} as value from given").to_arrow_table()["value"]
    return found.cast(regular.arrow_type(kind)).to_pylist()


def at_once(kind: FieldType, texts: list[str], zone: str) -> list[object] | None:
    """Read as a slice, as chunks are."""
    column = pa.array(["x", "1", *texts, "y"], pa.string()).slice(2, len(texts))
    found = regular.read(kind, regular.cleaned(column), zone)
    return None if found is None else found.to_pylist()


@settings(max_examples=600, deadline=None)
@given(
    st.sampled_from(KINDS),
    st.one_of(columns(numbers), columns(days), columns(moments), columns(padded)),
    st.sampled_from(ZONES),
)
def test_what_is_read_at_once_is_what_is_read_one_by_one(kind: FieldType, texts: list[str], zone: str) -> None:
    found = at_once(kind, texts, zone)
    if found is not None:
        assert found == one_by_one(kind, texts, zone)


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (integer, ["1", "-20", "007", ""]),
        (decimal(12, 2), ["0.50", "-12.3", "7", "1.4300", ".5", "0000000000000123.10", ""]),
        (decimal(18, 4), ["12345678901234.5678", "-1.0001"]),
        (decimal(18, 4), ["20000000000001", "1234567890123.4", "1"]),
        (date, ["2024-02-29", "1999-12-31", " "]),
        (timestamp, ["2024-03-01 10:00:00", "2024-03-01T10:00:01"]),
        (timestamp, ["2024-03-01T10:00:00.123Z", "2024-03-01T10:00:00.000Z", ""]),
        (timestamp, ["2024-03-01T10:00:00+08:00", "2024-03-02T10:00:00+08:00"]),
    ],
)
def test_plain_columns_are_read_at_once(kind: FieldType, texts: list[str]) -> None:
    found = at_once(kind, texts, "Asia/Shanghai")
    assert found is not None
    assert found == one_by_one(kind, texts, "Asia/Shanghai")


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (integer, ["1", "0x1A"]),
        (integer, ["1", "9999999999999999999"]),
        (decimal(12, 2), ["1.00", "1.005"]),
        (decimal(12, 2), ["1.00", "1e3"]),
        (decimal(12, 2), ["12345678901"]),
        (decimal(18, 4), ["123456789012345.678"]),
        (date, ["2024-02-30"]),
        (date, ["1899-12-31"]),
        (timestamp, ["2024-03-01 10:00:00", "2024-03-01 10:00"]),
        (timestamp, ["2024-03-01T10:00:00+08:00", "2024-03-02T10:00:00+09:00"]),
        (timestamp, ["2024-03-01T10:00:00+15:00"]),
        (timestamp, ["2024-03-10 02:30:00"]),
    ],
)
def test_columns_with_one_odd_value_are_left_to_the_others(kind: FieldType, texts: list[str]) -> None:
    assert at_once(kind, texts, "America/New_York") is None


def test_an_hour_that_the_clocks_give_twice_is_told_by_the_expressions_alone() -> None:
    texts = ["2024-11-03 00:30:00", "2024-11-03 01:30:00"]
    assert at_once(timestamp, texts, "America/New_York") is None
    assert at_once(timestamp, texts[:1], "America/New_York") == [datetime(2024, 11, 3, 4, 30, tzinfo=UTC)]
