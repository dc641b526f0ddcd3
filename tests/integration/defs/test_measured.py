"""What a built table or view says of itself in Dagster: its rows, counted, and its columns as the database has them."""

from __future__ import annotations

from typing import Any, LiteralString

import dagster as dg
import pytest
from psycopg import sql

from orchestration.defs.transform import measured
from orchestration.warehouse.connect import connect
from tests.workshop import Workshop

VISITS = sql.SQL("select number::text as visit_id, 1.5::numeric(12, 2) as paid from generate_series(1, 7) as number")


@pytest.mark.parametrize("kind", ["table", "view"])
def test_rows_and_columns_are_those_of_the_relation_behind_the_alias(workshop: Workshop, kind: LiteralString) -> None:
    brand = workshop.brand("")
    told = {"visit_id": {"description": "The visit.", "data_type": None}, "gone": {"description": "No column."}}
    node: dict[str, Any] = {
        "schema": "shop",
        "name": "bi_visit",
        "alias": "visit",
        "columns": told,
        "config": {"materialized": kind},
    }
    with connect(brand.name, autocommit=True) as connection:
        connection.execute("create schema shop")
        connection.execute(sql.SQL("create {} shop.visit as {}").format(sql.SQL(kind), VISITS))
        found = measured(connection, node)
    schema = found["dagster/column_schema"]
    assert isinstance(schema, dg.TableSchema)
    assert found["dagster/row_count"] == 7
    assert [(item.name, item.type, item.description) for item in schema.columns] == [
        ("visit_id", "text", "The visit."),
        ("paid", "numeric(12,2)", None),
    ]
