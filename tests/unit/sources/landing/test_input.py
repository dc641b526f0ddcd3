"""The rows of a batch come in chunks, with the fields the mapping wants, and once more as they were."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from orchestration.brands import Source
from orchestration.sources.contracts.model import Contract, field, integer, optional, required, string
from orchestration.sources.file_format import with_positions
from orchestration.sources.headings import RefusedFileError
from orchestration.sources.landing import input as chunks
from orchestration.sources.landing.input import Input

CONTRACT = Contract(
    "x.view",
    "Views",
    "One row per view.",
    (
        field("view_id", string, required, "the view"),
        field("page", string, optional, "the page"),
        field("seconds", integer, optional, "how long"),
    ),
    key=("view_id",),
)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "FIRST_CHUNK_ROWS", 1)
    monkeypatch.setattr(chunks, "CHUNK_ROWS", 4)


def opened(
    connection: duckdb.DuckDBPyConnection,
    columns: dict[str, pa.Array],
    *,
    sizes: Sequence[int] = (2, 100),
    **rules: str,
) -> Input:
    """An input with those columns, in pieces of those sizes; the third row, if there is one, is malformed."""
    source = Source.model_validate(
        {"contract": "pos.order_line", "connector": "files", "path": "x/*", "columns": rules}
    )
    count = len(next(iter(columns.values())))
    malformed = pa.array([f"broken {row}" if row == 3 else None for row in range(1, count + 1)], pa.string())
    schema = with_positions(pa.schema([(name, column.type) for name, column in columns.items()]))
    whole = pa.record_batch([*columns.values(), pa.array(range(1, count + 1), pa.int64()), malformed], schema=schema)

    def batches() -> pa.RecordBatchReader:
        ends = [*accumulate(sizes)]
        pieces = [whole.slice(end - size, size) for end, size in zip(ends, sizes, strict=True)]
        return pa.RecordBatchReader.from_batches(schema, pieces)

    return Input(connection, CONTRACT, source, "UTC", batches)


def lines(*records: object) -> dict[str, pa.Array]:
    told = [record if isinstance(record, str) else json.dumps(record) for record in records]
    return {"_line": pa.array(told, pa.string())}


def taken(given: Input, column: str) -> list[tuple[Any, Any]]:
    """Text and nestedness of what was taken out of the lines."""
    found: list[tuple[Any, Any]] = []
    for rows, _ in given.chunks():
        text = next(name for name in rows.schema.names if name.partition("\x1f")[0] == column)
        found += zip(rows.column(text).to_pylist(), rows.column(f"{text}\x1fnested").to_pylist(), strict=True)
    return found


def test_chunks_grow_and_hold_every_row_once(connection: duckdb.DuckDBPyConnection) -> None:
    given = opened(connection, {"view_id": pa.array([f"v{row}" for row in range(15)])})
    found = [rows.column("_row_number").to_pylist() for rows, _ in given.chunks()]
    assert [number for rows in found for number in rows] == list(range(1, 16))
    assert max(map(len, found)) == 4
    assert len(found[0]) == 1
    assert given.mapping.kept_columns == ("view_id",)


@pytest.mark.parametrize(
    ("sizes", "enough", "expected"),
    [
        ([1] * 11, 1 << 20, [1, 1, 2, 2, 2, 2, 1]),
        ([11], 1 << 20, [1, 2, 4, 4]),
        ([0, 7, 0, 1, 3], 1 << 20, [1, 2, 4, 4]),
        ([1] * 5, 0, [1] * 5),
    ],
    ids=["crumbs", "one piece", "both", "long rows"],
)
def test_crumbs_are_put_together_and_large_pieces_cut(
    connection: duckdb.DuckDBPyConnection,
    monkeypatch: pytest.MonkeyPatch,
    sizes: list[int],
    enough: int,
    expected: list[int],
) -> None:
    """A batch of pushes comes in as many pieces as there are pushes: each by itself would cost a chunk's effort."""
    monkeypatch.setattr(chunks, "ENOUGH_BYTES", enough)
    columns = {"view_id": pa.array([f"v{row}" for row in range(sum(sizes))])}
    found = [rows for rows, _ in opened(connection, columns, sizes=sizes).chunks()]
    assert [rows.num_rows for rows in found] == expected
    assert [number for rows in found for number in rows.column("_row_number").to_pylist()] == list(
        range(1, sum(sizes) + 1)
    )


def test_fields_are_taken_out_of_lines(connection: duckdb.DuckDBPyConnection) -> None:
    records = [
        {"view_id": 1.0, "where": {"url": "a"}, "seconds": 7},
        {"view_id": "2", "where.url": "b", "where": {"url": "c"}},
        {"view_id": True, "where": {"url": ["d"]}},
        {"view_id": None, "where": "e", "more": 1},
    ]
    given = opened(connection, lines(*records), page="where.url")
    assert taken(given, "view_id") == [("1", False), ("2", False), ("true", False), (None, False)]
    given = opened(connection, lines(*records), page="where.url")
    assert taken(given, "where.url") == [("a", False), ("b", False), ('["d"]', True), (None, False)]
    assert given.mapping.kept_columns == ("more", "seconds", "view_id", "where", "where.url")
    assert given.mapping.unmapped_columns == ("more",)


def test_lines_that_never_have_a_required_field_refuse_their_file(connection: duckdb.DuckDBPyConnection) -> None:
    given = opened(connection, lines({"page": "a"}, {}))
    with pytest.raises(RefusedFileError, match="view_id"):
        list(given.chunks())


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"view_id": pa.array(["a", "b\0", "c", None]), "page": pa.array(["x", "y", "\0", ""])}, [2, 3]),
        ({"view_id": pa.array(["a", "b", "c", "d"])}, []),
        (lines('{"view_id": "\\u0000"}', '{"view_id": "\\\\u0000"}', '{"x": 1}', '{"\\u0000": 1}'), [1, 4]),
    ],
    ids=["columns", "none", "lines"],
)
def test_rows_with_a_nul_are_found(
    connection: duckdb.DuckDBPyConnection, columns: dict[str, pa.Array], expected: list[int]
) -> None:
    found: list[int] = []
    for rows, has_nul in opened(connection, columns).chunks():
        numbers = rows.column("_row_number").to_pylist()
        found += [] if has_nul is None else [numbers[place] for place in has_nul.nonzero()[0]]
    assert found == expected


def test_rows_are_told_once_more_as_they_came(connection: duckdb.DuckDBPyConnection) -> None:
    numbers = pa.array([1, 3, 4], pa.int64())
    columns = {"view_id": pa.array(["a", "b", "c", 'd"']), "seconds": pa.array([1, None, 3, None], pa.int32())}
    told = [row for table in opened(connection, columns).originals(numbers) for row in table.to_pylist()]
    assert told == [
        {"number": 1, "format": "json", "original": b'{"view_id":"a","seconds":1}'},
        {"number": 3, "format": "text", "original": b"broken 3"},
        {"number": 4, "format": "json", "original": b'{"view_id":"d\\"","seconds":null}'},
    ]
    written = lines({"view_id": "a"}, {}, {}, '{ "view_id" : 7e0 }')
    told = [row["original"] for table in opened(connection, written).originals(numbers) for row in table.to_pylist()]
    assert told == [b'{"view_id": "a"}', b"broken 3", b'{ "view_id" : 7e0 }']
