"""What every model is told from, read off dbt's manifest."""

from __future__ import annotations

from typing import Any

from orchestration.warehouse.touched import sources_read


def _source(contract: str | None) -> dict[str, Any]:
    return {"config": {"meta": {"contract": contract} if contract else {}}}


def _node(kind: str, *parents: str) -> dict[str, Any]:
    return {"resource_type": kind, "depends_on": {"nodes": list(parents)}}


MANIFEST = {
    "sources": {
        "source.till": _source("pos.order_line"),
        "source.cards": _source("crm.member"),
        "source.log": _source(None),
    },
    "nodes": {
        "seed.caps": {"resource_type": "seed", "depends_on": {"macros": []}},
        "model.stg_till": _node("model", "source.till"),
        "model.stg_cards": _node("model", "source.cards"),
        "model.customers": _node("model", "model.stg_till", "model.stg_cards", "seed.caps"),
        "model.plan": _node("model", "model.customers", "source.log"),
        "test.customers": _node("test", "model.customers"),
    },
}


def test_a_model_is_told_from_all_that_stands_above_it() -> None:
    found = sources_read(MANIFEST)
    assert found["model.stg_till"] == {"pos.order_line"}
    assert found["model.customers"] == {"pos.order_line", "crm.member"}
    assert found["seed.caps"] == frozenset()
    assert "test.customers" not in found


def test_a_source_that_is_no_landed_table_is_told_apart() -> None:
    assert sources_read(MANIFEST)["model.plan"] == {"pos.order_line", "crm.member", None}
