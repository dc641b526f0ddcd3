"""Columns of Parquet files that are not of the type a field has. Not here: the files themselves (parquet_files.py)."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from tests.faults.landing.corpus.case import ACCEPTED, CANARY, Case, Mend, parquet

TILL = "pos.order_line"
MEMBER = "crm.member"
MOMENT = pa.array([1709287200000000], pa.timestamp("us"))
"""2024-03-01 10:00:00, in no zone."""
RIGHT = {
    "order_line_id": "1",
    "ordered_at": "2024-03-01 10:00:00",
    "store_id": "s1",
    "product_id": "p1",
    "quantity": "2",
    "sales_amount": "12.50",
}


def sold(count: int, **columns: Any) -> dict[str, Any]:
    """Columns of a till's file with `count` rows; these in place of the sound ones."""
    return {
        "order_id": [f"n{number}" for number in range(1, count + 1)],
        **{name: [value] * count for name, value in RIGHT.items()},
        **columns,
    }


def till(
    name: str, columns: dict[str, Any], *verdicts: str, landed: dict[int, dict[str, str | None]] | None = None
) -> Case:
    """A till's file; a broken row is mended with the sound value of the field that is at fault."""
    told = enumerate(verdicts, start=1)
    fields = {number: verdict.partition("|")[2] or "store_id" for number, verdict in told if "|" in verdict}
    mend = {number: {field: RIGHT.get(field, f"n{number}")} for number, field in fields.items()}
    return Case(
        name,
        TILL,
        parquet({**columns, "note": [f"{CANARY} {number}" for number in range(len(verdicts))]}),
        rows=verdicts,
        file="a.parquet",
        landed=landed or {},
        unmapped=("note",),
        mend=Mend(rows=mend) if mend else None,
    )


QUANTITIES = (
    till(
        "floats_as_integers",
        sold(5, quantity=[2.0, 2.5, math.nan, math.inf, 1e20]),
        ACCEPTED,
        "wrong_type|quantity",
        "missing_value|quantity",
        "wrong_type|quantity",
        "wrong_type|quantity",
        landed={1: {"quantity": "2"}},
    ),
    till("booleans_as_integers", sold(1, quantity=[True]), "wrong_type|quantity"),
    till(
        "large_unsigned_integers",
        sold(2, quantity=pa.array([2**64 - 1, 7], pa.uint64())),
        "wrong_type|quantity",
        ACCEPTED,
        landed={2: {"quantity": "7"}},
    ),
    till(
        "decimals_as_integers",
        sold(3, quantity=[Decimal("2.0"), Decimal("2.5"), None]),
        ACCEPTED,
        "wrong_type|quantity",
        "missing_value|quantity",
        landed={1: {"quantity": "2"}},
    ),
    till(
        "small_integers",
        sold(2, quantity=pa.array([-3, 7], pa.int8())),
        ACCEPTED,
        ACCEPTED,
        landed={1: {"quantity": "-3"}},
    ),
    till("dates_as_integers", sold(1, quantity=[date(2024, 3, 1)]), "wrong_type|quantity"),
    till(
        "texts_as_integers",
        sold(3, quantity=["2", "two", ""]),
        ACCEPTED,
        "wrong_type|quantity",
        "missing_value|quantity",
    ),
    till("null_column", sold(2, quantity=pa.nulls(2)), "missing_value|quantity", "missing_value|quantity"),
    till("durations", sold(1, quantity=[timedelta(seconds=2)]), "wrong_type|quantity"),
)

AMOUNTS = (
    till(
        "decimals_of_another_scale",
        sold(
            3,
            sales_amount=pa.array(
                [Decimal("12.5000000000"), Decimal("1.4350000000"), Decimal("-0.0100000000")], pa.decimal128(38, 10)
            ),
        ),
        ACCEPTED,
        "wrong_type|sales_amount",
        ACCEPTED,
        landed={1: {"sales_amount": "12.50"}, 3: {"sales_amount": "-0.01"}},
    ),
    till(
        "decimals_too_long",
        sold(1, sales_amount=pa.array([Decimal("12345678901234.50")], pa.decimal128(20, 2))),
        "wrong_type|sales_amount",
    ),
    till(
        "floats_as_decimals",
        sold(6, sales_amount=[1.43, 0.1 + 0.2, 1.435, math.nan, -math.inf, 1e15]),
        ACCEPTED,
        ACCEPTED,
        "wrong_type|sales_amount",
        "missing_value|sales_amount",
        "wrong_type|sales_amount",
        "wrong_type|sales_amount",
        landed={1: {"sales_amount": "1.43"}, 2: {"sales_amount": "0.30"}},
    ),
    till(
        "integers_as_decimals",
        sold(2, sales_amount=[12, 10**11]),
        ACCEPTED,
        "wrong_type|sales_amount",
        landed={1: {"sales_amount": "12.00"}},
    ),
    till(
        "short_floats",
        sold(3, sales_amount=pa.array([12.5, 123456.78, 1.435], pa.float32())),
        ACCEPTED,
        ACCEPTED,
        "wrong_type|sales_amount",
        landed={1: {"sales_amount": "12.50"}, 2: {"sales_amount": "123456.78"}},
    ),
)

TEXTS = (
    till(
        "integers_as_texts",
        sold(2, store_id=[7, 2**62]),
        ACCEPTED,
        ACCEPTED,
        landed={1: {"store_id": "7"}, 2: {"store_id": str(2**62)}},
    ),
    till(
        "floats_as_texts",
        sold(4, store_id=[7.0, 7.5, math.nan, math.inf]),
        ACCEPTED,
        ACCEPTED,
        "missing_value|store_id",
        "wrong_type|store_id",
        landed={1: {"store_id": "7"}, 2: {"store_id": "7.5"}},
    ),
    till(
        "dictionary",
        sold(3, store_id=pa.array(["s7", None, "s8"]).dictionary_encode()),
        ACCEPTED,
        "missing_value|store_id",
        ACCEPTED,
        landed={3: {"store_id": "s8"}},
    ),
    till(
        "large_strings",
        sold(1, store_id=pa.array(["南京西路"], pa.large_string())),
        ACCEPTED,
        landed={1: {"store_id": "南京西路"}},
    ),
    till(
        "bytes_as_texts",
        sold(4, store_id=[b"s7", "南京".encode(), b"\xff\xfe", b""]),
        ACCEPTED,
        ACCEPTED,
        "wrong_type|store_id",
        "missing_value|store_id",
        landed={1: {"store_id": "s7"}, 2: {"store_id": "南京"}},
    ),
    till("structs_as_texts", sold(2, store_id=[{"id": "s7"}, None]), "wrong_type|store_id", "missing_value|store_id"),
    till("lists_as_texts", sold(2, store_id=[["s7"], []]), "wrong_type|store_id", "wrong_type|store_id"),
    till(
        "maps_as_texts",
        sold(1, store_id=pa.array([[("a", "b")]], pa.map_(pa.string(), pa.string()))),
        "wrong_type|store_id",
    ),
    till("nul_bytes", sold(2, store_id=["s\0", "s"]), "nul_byte|", ACCEPTED),
    till(
        "broken_beside_bytes",
        sold(2, store_id=["南京".encode(), b"s"], quantity=["two", "2"]),
        "wrong_type|quantity",
        ACCEPTED,
    ),
)

MOMENTS = (
    till(
        "moments_without_zone",
        sold(1, ordered_at=MOMENT),
        ACCEPTED,
        landed={1: {"ordered_at": "2024-03-01 15:00:00+00:00"}},
    ),
    till(
        "moments_with_zone",
        sold(1, ordered_at=pa.array([1709287200000000], pa.timestamp("us", "Asia/Shanghai"))),
        ACCEPTED,
        landed={1: {"ordered_at": "2024-03-01 10:00:00+00:00"}},
    ),
    till(
        "moments_in_nanoseconds",
        sold(1, ordered_at=pa.array([1709287200123456789], pa.timestamp("ns"))),
        ACCEPTED,
        landed={1: {"ordered_at": "2024-03-01 15:00:00.123456+00:00"}},
    ),
    till(
        "moments_in_seconds",
        sold(2, ordered_at=pa.array([1709287200, None], pa.timestamp("s", "UTC"))),
        ACCEPTED,
        "missing_value|ordered_at",
        landed={1: {"ordered_at": "2024-03-01 10:00:00+00:00"}},
    ),
    till(
        "moments_out_of_range",
        sold(
            6,
            ordered_at=pa.array([-(2**62), 2**62, -(2**63) + 1, 2**63 - 1, -62135596800000000, 0], pa.timestamp("us")),
        ),
        *["wrong_type|ordered_at"] * 5,
        ACCEPTED,
    ),
    till(
        "moments_in_seconds_out_of_range",
        sold(3, ordered_at=pa.array([2**53, -(2**53), 1709287200], pa.timestamp("s"))),
        "wrong_type|ordered_at",
        "wrong_type|ordered_at",
        ACCEPTED,
    ),
    till("moments_far_ahead", sold(1, ordered_at=[datetime(2999, 1, 1, tzinfo=UTC)]), "event_in_future|ordered_at"),
    till(
        "days_as_moments",
        sold(1, ordered_at=[date(2024, 7, 1)]),
        ACCEPTED,
        landed={1: {"ordered_at": "2024-07-01 04:00:00+00:00"}},
    ),
    till("clock_times_as_moments", sold(1, ordered_at=[time(10, 0)]), "wrong_type|ordered_at"),
    till("integers_as_moments", sold(1, ordered_at=[1709287200]), "wrong_type|ordered_at"),
)

CASES: tuple[Case, ...] = (*QUANTITIES, *AMOUNTS, *TEXTS, *MOMENTS)
