"""What is made from the contracts is what the contracts say."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from orchestration.sources import artifacts, raw_tables
from orchestration.sources.contracts import CONTRACTS
from orchestration.sources.contracts.model import Contract, field, required, string


def test_generated_files_have_not_drifted() -> None:
    assert artifacts.drifted() == [], "run `make artifacts`"


def test_a_changed_file_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifacts.settings, "project_root", lambda: tmp_path)
    assert len(artifacts.write()) == len(artifacts.expected_files())
    assert artifacts.drifted() == []
    page = tmp_path / "docs/contracts/pos.md"
    page.write_text(page.read_text(encoding="utf-8").replace("required", "optional", 1), encoding="utf-8")
    assert artifacts.drifted() == [page]


def test_dbt_sources_have_the_raw_tables_columns() -> None:
    described: dict[str, dict[str, str]] = {}
    for path, text in artifacts.expected_files().items():
        if path.name.endswith("__sources.yml"):
            for table in yaml.safe_load(text)["sources"][0]["tables"]:
                described[table["name"]] = {column["name"]: column["data_type"] for column in table["columns"]}
    assert described == {item.raw_table: dict(raw_tables.all_columns(item)) for item in CONTRACTS.values()}


def test_a_contract_that_refers_to_no_field_is_refused() -> None:
    with pytest.raises(ValueError, match=r"contract x\.y: \['when'\] are no fields"):
        Contract("x.y", "X", "x", (field("id", string, required, "id"),), key=("id",), event_at="when")
