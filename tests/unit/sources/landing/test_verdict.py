"""The first thing that is wrong with a row is its problem."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from orchestration.sources.contracts.model import (
    Contract,
    Field,
    boolean,
    field,
    integer,
    optional,
    required,
    string,
    timestamp,
)
from orchestration.sources.contracts.model import date as day_type
from orchestration.sources.landing import verdict
from orchestration.sources.landing.arrays import Mask
from orchestration.sources.landing.typed import Typed

LOADED_AT = datetime(2024, 3, 1, 10, tzinfo=UTC)
MOMENT = pa.timestamp("us", "UTC")


def problems(
    contract: Contract,
    values: dict[str, pa.Array],
    *,
    given: Mapping[str, Mask] | None = None,
    malformed: list[str | None] | None = None,
    has_nul: Mask | None = None,
) -> list[str]:
    """The problem of each row; nothing for a sound one."""
    count = len(next(iter(values.values())))
    lines = pa.array(malformed or [None] * count, pa.string())
    rows = pa.record_batch({"_row_number": pa.array(range(count), pa.int64()), "_malformed": lines})
    found = verdict.judge(
        contract, rows, Typed(values, {name: (given or {}).get(name) for name in values}), has_nul, LOADED_AT
    )
    told = {row["number"]: row["problem"] for row in found.broken(rows.column("_row_number")).to_pylist()}
    assert (found.sound is None) == (not told)
    return [told.get(number, "") for number in range(count)]


def contract(*fields: Field, **more: Any) -> Contract:
    return Contract("x.y", "X", "x", tuple(fields), **more)


def test_a_row_has_the_problem_found_first() -> None:
    asked = contract(field("a", integer, required, "a"), field("b", integer, required, "b"), key=("a",))
    none = pa.nulls(5, pa.int64())
    nothing = np.zeros(5, np.bool_)
    found = problems(
        asked,
        {"a": none, "b": none},
        malformed=["x", None, None, None, None],
        has_nul=np.array([True, True, False, False, False]),
        given={"a": np.array([False, False, True, False, False]), "b": nothing},
    )
    assert found == ["malformed_row|", "nul_byte|", "wrong_type|a", "missing_value|a", "missing_value|a"]


def test_what_was_given_and_not_read_is_wrong_and_what_was_not_given_is_missing() -> None:
    asked = contract(field("a", integer, required, "a"), field("b", integer, optional, "b"), key=("a",))
    found = problems(
        asked,
        {"a": pa.array([1, None, None, 1]), "b": pa.array([None, 2, 2, None], pa.int64())},
        given={
            "a": np.array([True, True, False, True]),
            "b": np.array([True, True, True, False]),
        },
    )
    assert found == ["wrong_type|b", "wrong_type|a", "missing_value|a", ""]


def test_allowed_values_may_be_of_any_type() -> None:
    asked = contract(
        field("agreed", boolean, optional, "agreed", allowed=("true",)),
        field("level", integer, optional, "level", allowed=("1", "20")),
        field("kind", string, optional, "kind", allowed=("a", "b")),
        key=(),
    )
    found = problems(
        asked,
        {
            "agreed": pa.array([True, False, None, True, True]),
            "level": pa.array([1, 1, None, 2, 20]),
            "kind": pa.array(["a", "c", None, "b", "A"]),
        },
    )
    assert found == ["", "not_allowed|agreed", "", "not_allowed|level", "not_allowed|kind"]


def test_somebody_has_to_be_named() -> None:
    asked = contract(field("a", string, optional, "a"), field("b", string, optional, "b"), key=(), any_of=(("a", "b"),))
    found = problems(asked, {"a": pa.array(["x", None, None]), "b": pa.array([None, "y", None], pa.string())})
    assert found == ["", "", "missing_identity|a"]


def test_an_event_may_be_a_day_ahead_of_its_load_and_no_more() -> None:
    limit = LOADED_AT + timedelta(days=1)
    moments = [LOADED_AT, limit, limit + timedelta(microseconds=1), None]
    asked = contract(field("at", timestamp, optional, "at"), key=(), event_at="at")
    assert problems(asked, {"at": pa.array(moments, MOMENT)}) == ["", "", "event_in_future|at", ""]
    asked = contract(field("at", day_type, optional, "at"), key=(), event_at="at")
    days = [limit.date(), limit.date() + timedelta(days=1)]
    assert problems(asked, {"at": pa.array(days)}) == ["", "event_in_future|at"]
    assert problems(asked, {"at": pa.nulls(2, pa.date32())}) == ["", ""]
