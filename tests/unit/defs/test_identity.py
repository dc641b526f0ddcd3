"""What Dagster shows of identity."""

from __future__ import annotations

from orchestration.defs import identity
from orchestration.identity.impact import Impact


def test_figures_and_sizes_stand_on_the_customers_asset() -> None:
    found = Impact(
        customers_before=4,
        customers=5,
        identifiers=9,
        merged=0,
        split=1,
        renamed=0,
        left=0,
        new=2,
        merges=0,
        splits=1,
        rekeyed=1,
        rekeyed_share=0.25,
        quarantined_links=3,
        unusable_identifiers=1,
        largest_component=4,
        largest=(),
        histogram={"1": 3, "2-3": 1, "4+": 1200},
        logged=None,
    )
    told = identity.observed(found)
    assert told.asset_key.to_user_string() == "identity/int_identity__customer_identifier"
    assert told.metadata["touchstream/customers_rekeyed_share"].value == 0.25
    assert "| 4+ | 1,200 |" in str(told.metadata["touchstream/component_sizes"].value)
