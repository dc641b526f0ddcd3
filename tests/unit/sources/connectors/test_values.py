"""Values that tell how far a source was read are compared, moved back and kept as what they are."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from orchestration.sources.connectors import SourceFailedError, values
from orchestration.sources.connectors.values import Value

NOON = datetime(2024, 3, 1, 12, 0, tzinfo=UTC)
EAST = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("value", "lag", "earlier"),
    [
        ("2024-03-01T12:00:00Z", 90, "2024-03-01T11:58:30Z"),
        ("2024-03-01T12:00:00.500Z", 1, "2024-03-01T11:59:59.500Z"),
        ("2024-03-01T12:00:00+0800", 1, "2024-03-01T11:59:59+0800"),
        ("2024-03-01T12:00:00+08:00", 0.5, "2024-03-01T11:59:59+08:00"),
        ("2024-03-01 12:00:00", 0.5, "2024-03-01 11:59:59"),
        ("2024-03-01", 1, "2024-02-29"),
        ("2024-03-01", 86_400, "2024-02-29"),
        ("1709294400", 60, "1709294340"),
        (1709294400, 0.5, 1709294399),
        (2.5, 1, 1.5),
        (Decimal("2.50"), 1, Decimal("1.50")),
        (NOON, 60, NOON - timedelta(minutes=1)),
        (date(2024, 3, 1), 3600, date(2024, 2, 29)),
        ("anything", 0, "anything"),
    ],
)
def test_what_lies_before_a_value_is_written_as_it_is(value: Value, lag: float, earlier: Value) -> None:
    found = values.before(value, lag)
    assert (type(found), found) == (type(earlier), earlier)


@pytest.mark.parametrize("value", ["01HQ7", UUID(int=1)])
def test_a_lag_before_a_word_is_told(value: Value) -> None:
    with pytest.raises(SourceFailedError, match="lag goes with moments, days and numbers"):
        values.before(value, 1)


@pytest.mark.parametrize(
    ("value", "limit", "expected"),
    [
        ("2024-03-01T13:00:00Z", NOON, "2024-03-01T12:00:00Z"),
        ("2024-03-01T11:00:00Z", NOON, "2024-03-01T11:00:00Z"),
        ("2024-03-01T20:30:00+08:00", NOON, "2024-03-01T20:00:00+08:00"),
        ("2024-03-01 20:30:00", NOON, "2024-03-01 20:00:00"),
        ("2024-03-01 19:30:00", NOON, "2024-03-01 19:30:00"),
        ("2024-03-02", NOON, "2024-03-01"),
        ("17", NOON, "17"),
        (17, 16, 16),
        (17, None, 17),
    ],
)
def test_a_limit_is_written_as_the_value_is(value: Value, limit: Value | None, expected: Value) -> None:
    assert values.not_after(value, limit, ZoneInfo("Asia/Shanghai")) == expected


def test_moments_are_compared_as_moments_and_numbers_as_numbers() -> None:
    moments: list[Value] = ["2024-03-01T12:00:00Z", "2024-03-01T19:30:00+08:00", "2024-03-01T12:00:00.001Z"]
    assert values.greatest(moments) == "2024-03-01T12:00:00.001Z"
    assert values.greatest(["9", "10"]) == "10"
    assert values.greatest([]) is None


@pytest.mark.parametrize(
    "value",
    [
        "a",
        2**70,
        1.5,
        Decimal("1.50"),
        NOON,
        datetime(2024, 3, 1, tzinfo=EAST),
        date(2024, 3, 1),
        UUID(int=7),
    ],
)
def test_a_cursor_keeps_the_type(value: Value) -> None:
    found = values.decoded(json.loads(json.dumps(values.encoded(value))))
    assert (type(found), found) == (type(value), value)
