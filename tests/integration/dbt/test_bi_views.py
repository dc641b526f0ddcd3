"""What dashboards see of persons: keys and figures, never a token of an address or name, never a trait."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration import settings

MODELS = settings.project_root() / "dbt_project" / "models"


def columns(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every column that a model's YAML under `folder` describes, with the model's name."""
    for path in sorted(folder.rglob("*.yml")):
        for model in yaml.safe_load(path.read_text()).get("models", []):
            for column in model["columns"]:
                yield model["name"], column


def personal_columns(folder: Path) -> set[str]:
    """Names of columns that some model marks with `meta.pii`. A customer_key names nobody by itself."""
    marked = {column["name"] for _, column in columns(folder) if column.get("config", {}).get("meta", {}).get("pii")}
    return marked - {"customer_key"}


def test_bi_shows_no_personal_column() -> None:
    personal = personal_columns(MODELS)
    assert {"identifier_key", "full_name_key", "age_band"} <= personal
    assert [(model, column["name"]) for model, column in columns(MODELS / "bi") if column["name"] in personal] == []


@pytest.mark.parametrize("layer", ["core", "marts"])
def test_token_is_marked_as_personal_when_a_table_exposes_it(layer: str) -> None:
    tokens = ("identifier_key", "member_id_key", "email_key", "phone_key", "full_name_key", "customer_key")
    unmarked = [
        (model, column["name"])
        for model, column in columns(MODELS / layer)
        if column["name"] in tokens and not column.get("config", {}).get("meta", {}).get("pii")
    ]
    assert unmarked == []
