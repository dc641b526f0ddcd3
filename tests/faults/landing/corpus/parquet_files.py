"""Parquet files that are damaged, empty or oddly headed, and their days. Not here: columns of other types."""

from __future__ import annotations

import math
import struct
from typing import Any

import pyarrow as pa

from tests.faults.landing.corpus.case import ACCEPTED, CANARY, DUPLICATE, Case, Mend, parquet

MEMBER = "crm.member"


def members(
    name: str, columns: dict[str, Any], *verdicts: str, rows: dict[int, dict[str, str]] | None = None, **rest: Any
) -> Case:
    """Members of a Parquet file."""
    return Case(
        name, MEMBER, parquet(columns), rows=verdicts, file="a.parquet", mend=Mend(rows=rows) if rows else None, **rest
    )


def refused(name: str, reason: str, content: bytes, *, file: str = "a.parquet", mend: Mend | None = None) -> Case:
    again = Mend(content=parquet({"member_id": ["1", "2"]}), accepted=2)
    return Case(name, MEMBER, content, refused=reason, file=file, mend=mend or again)


DAYS = (
    members(
        "days_of_parquet",
        {"member_id": ["1", "2", "3", "4"], "birthday": pa.array([0, 10**8, -(3 * 10**6), None], pa.date32())},
        ACCEPTED,
        "wrong_type|birthday",
        "wrong_type|birthday",
        ACCEPTED,
        landed={1: {"birthday": "1970-01-01"}, 4: {"birthday": None}},
        rows={2: {"birthday": ""}, 3: {"birthday": ""}},
    ),
    members(
        "moments_as_days",
        {"member_id": ["1", "2"], "birthday": pa.array([631152000, 1709287200], pa.timestamp("s"))},
        ACCEPTED,
        "wrong_type|birthday",
        landed={1: {"birthday": "1990-01-01"}},
        rows={2: {"birthday": "2024-03-01"}},
    ),
)

COLUMNS = (
    members(
        "nested_columns_nobody_reads",
        {"member_id": ["1", "1"], "tags": [["a"], ["b"]], "more": [{"x": CANARY}, None]},
        ACCEPTED,
        DUPLICATE,
        unmapped=("tags", "more"),
    ),
    members(
        "people_in_data_frames",
        {"member_id": [7.0, 8.0], "phone": [math.nan, math.nan]},
        ACCEPTED,
        ACCEPTED,
        landed={1: {"member_id": "7", "phone": None}},
    ),
    members("no_rows", {"member_id": pa.array([], pa.string())}),
    Case(
        "repeated_people",
        MEMBER,
        parquet({"member_id": [f"{number % 40}" for number in range(50)]}, row_group_size=7),
        rows=(*[ACCEPTED] * 40, *[DUPLICATE] * 10),
        file="a.pq",
    ),
    refused("parquet_without_columns", "missing_column", parquet({})),
    refused("parquet_of_others", "missing_column", parquet({"other": [CANARY]})),
    refused(
        "parquet_column_twice",
        "bad_heading",
        parquet(pa.table([pa.array([CANARY]), pa.array(["2"])], names=["member_id", "member_id"])),
    ),
    refused("parquet_column_twice_in_case", "bad_heading", parquet({"member_id": ["1"], "MEMBER_ID": [CANARY]})),
    refused("parquet_column_reserved", "bad_heading", parquet({"member_id": ["1"], "_row_number": [1]})),
    refused("parquet_column_without_name", "bad_heading", parquet({"member_id": ["1"], "": [CANARY]})),
    refused(
        "parquet_very_long_decimals",
        "unknown_type",
        parquet({"member_id": [CANARY], "x": pa.array([1], pa.decimal256(50, 2))}),
    ),
    refused(
        "parquet_half_floats", "unknown_type", parquet({"member_id": [CANARY], "x": pa.array([1.0], pa.float16())})
    ),
    refused(
        "parquet_broken_texts",
        "unreadable",
        parquet(
            {
                "member_id": pa.StringArray.from_buffers(
                    2, pa.py_buffer(struct.pack("<3i", 0, 6, 8)), pa.py_buffer(CANARY.encode() + b"\xff\xfe")
                )
            }
        ),
    ),
)

SOUND = parquet({"member_id": [f"{CANARY} {number}" for number in range(50_000)]}, use_dictionary=False)
FILES = (
    refused("parquet_cut_off", "broken_parquet", SOUND[:-100]),
    refused("parquet_cut_in_the_middle", "broken_parquet", SOUND[: len(SOUND) // 2]),
    refused("parquet_damaged", "broken_parquet", SOUND[:5000] + b"\xff" * 1000 + SOUND[6000:]),
    refused("parquet_damaged_footer", "broken_parquet", SOUND[:-300] + b"\x00" * 200 + SOUND[-100:]),
    refused("parquet_magic_alone", "broken_parquet", b"PAR1PAR1"),
    refused("parquet_no_bytes", "empty_file", b""),
    refused("csv_called_parquet", "broken_parquet", b"member_id\ncanary\n"),
    refused(
        "parquet_called_csv",
        "wrong_encoding",
        parquet({"member_id": [b"\xff canary"]}),
        file="a.csv",
        mend=Mend(content=b"member_id\n1\n", accepted=1),
    ),
    refused(
        "parquet_called_lines",
        "wrong_encoding",
        parquet({"member_id": [b"\xff canary"]}),
        file="a.jsonl",
        mend=Mend(content=b'{"member_id": 1}\n', accepted=1),
    ),
    refused(
        "parquet_of_unknown_ending",
        "unknown_format",
        parquet({"member_id": ["1", "2"]}),
        file="a.snappy",
        mend=Mend(settings='format = "parquet"', accepted=2),
    ),
)

CASES: tuple[Case, ...] = (*DAYS, *COLUMNS, *FILES)
