"""A chunk is read column by column, each as fast as its texts allow, and in the order of its rows."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest

from orchestration.brands import Source
from orchestration.sources import mapping
from orchestration.sources.contracts.model import Contract, decimal, field, integer, optional, required, string
from orchestration.sources.landing import typed
from orchestration.sources.landing.typed import Typed

CONTRACT = Contract(
    "x.sale",
    "Sales",
    "One row per sale.",
    (
        field("sale_id", string, required, "the sale"),
        field("quantity", integer, required, "pieces"),
        field("amount", decimal(12, 2), optional, "paid"),
        field("note", string, optional, "a note"),
    ),
    key=("sale_id",),
)


def read(columns: dict[str, pa.Array], **rules: object) -> Typed:
    """The rows through a mapping made for their columns."""
    source = Source.model_validate(
        {"contract": "pos.order_line", "connector": "files", "path": "x/*", "columns": rules}
    )
    with duckdb.connect() as connection:
        rows = pa.record_batch(columns)
        connection.register("rows", rows)
        kinds = {str(name): str(kind) for name, kind, *_ in connection.execute("describe from rows").fetchall()}
        return typed.read(connection, mapping.build(CONTRACT, source, kinds, "UTC"), rows, "UTC")


@pytest.mark.parametrize(
    "quantity",
    [
        pa.array(["1", " 20", "3", "4"]),
        pa.array(["1", "20.0", "3", "4"]),
        pa.array(["1", "20", "3", "4"], pa.large_string()),
        pa.array(["1", "20", "3", "4"], pa.string_view()),
        pa.array(["1", "20", "3", "4"]).dictionary_encode(),
        pa.array([1, 20, 3, 4], pa.int16()),
        pa.array([1.0, 20.0, 3.0, 4.0]),
    ],
    ids=["plain", "odd", "large", "view", "dictionary", "short", "float"],
)
def test_a_value_is_the_same_in_whatever_type_it_comes(quantity: pa.Array) -> None:
    found = read({"sale_id": pa.array(["d", "a", "c", "b"]), "quantity": quantity, "amount": pa.array(["1.5"] * 4)})
    assert found.values["sale_id"].to_pylist() == ["d", "a", "c", "b"]
    assert found.values["quantity"].to_pylist() == [1, 20, 3, 4]
    assert found.values["quantity"].type == pa.int64()
    assert found.values["amount"].to_pylist() == [Decimal("1.50")] * 4
    assert found.values["note"].to_pylist() == [None] * 4


def test_one_odd_value_sends_its_column_alone_the_long_way() -> None:
    found = read(
        {"sale_id": pa.array(["1", "2", "3"]), "quantity": pa.array(["1", "two", " "]), "amount": pa.array(["1"] * 3)}
    )
    assert found.values["quantity"].to_pylist() == [1, None, None]
    given = found.given["quantity"]
    assert given is not None
    assert given.tolist() == [True, True, False]
    assert found.given["amount"] is None
    assert found.given["sale_id"] is None


def test_a_mapping_with_rules_is_read_by_its_expressions() -> None:
    found = read(
        {"sale_id": pa.array(["1", "2"]), "pieces": pa.array(["one", "2"]), "paid": pa.array(["1,50", "2"])},
        quantity={"column": "pieces", "values": {"one": "1"}},
        amount={"column": "paid", "number": "1.234,56"},
        note={"constant": "web"},
    )
    assert found.values["quantity"].to_pylist() == [1, 2]
    assert found.values["amount"].to_pylist() == [Decimal("1.50"), Decimal("2.00")]
    assert found.values["note"].to_pylist() == ["web", "web"]


def test_no_rows_have_the_contracts_types() -> None:
    nothing = {name: pa.array([], pa.string()) for name in ("sale_id", "quantity", "amount")}
    found = read(nothing)
    assert [len(value) for value in found.values.values()] == [0] * 4
    assert found.values["quantity"].type == pa.int64()
