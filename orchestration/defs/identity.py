"""What a foundation made of identity, as Dagster shows it."""

from __future__ import annotations

import dagster as dg

from orchestration.identity.impact import Impact

CUSTOMERS = dg.AssetKey(["identity", "int_identity__customer_identifier"])


def observed(found: Impact) -> dg.AssetObservation:
    """The figures of `touchstream identity impact`, as they stood before the build was published."""
    figures: dict[str, int | float] = {
        "customers": found.customers,
        "customers_before": found.customers_before,
        "identifiers": found.identifiers,
        "identifiers_new": found.new,
        "customers_merged": found.merges,
        "customers_split": found.splits,
        "customers_rekeyed": found.rekeyed,
        "customers_rekeyed_share": found.rekeyed_share,
        "identifiers_to_nobody": found.left,
        "identifiers_unusable": found.unusable_identifiers,
        "links_in_quarantine": found.quarantined_links,
        "largest_component": found.largest_component,
    }
    sizes = "\n".join(f"| {size} | {count:,} |" for size, count in found.histogram.items())
    return dg.AssetObservation(
        asset_key=CUSTOMERS,
        metadata={
            **{f"touchstream/{name}": value for name, value in figures.items()},
            "touchstream/component_sizes": dg.MarkdownMetadataValue(
                f"| identifiers | components |\n|---|---|\n{sizes}"
            ),
        },
    )
