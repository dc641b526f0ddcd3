"""The prepared manifest is not the one that every dbt writes anew."""

from __future__ import annotations

import json

from orchestration.warehouse import dbt
from tests.workshop import Workshop


def test_a_dbt_that_was_killed_while_it_wrote_its_manifest_leaves_the_prepared_one_whole(workshop: Workshop) -> None:
    brand = workshop.brand("")
    whole = dbt.prepare_manifest(brand).read_bytes()
    written = dbt.target_path(brand) / "manifest.json"
    written.write_bytes(written.read_bytes()[:-1000])
    assert dbt.prepare_manifest(brand).read_bytes() == whole
    assert json.loads(whole)["nodes"]
