"""Raw tables as assets: one per contract, filled by the brand's sources for it."""

import dagster as dg

from orchestration.brands import AT_HAND, Brand
from orchestration.defs.resources import Deployment
from orchestration.sources import raw_tables
from orchestration.sources.contracts import CONTRACTS
from orchestration.sources.contracts.model import Contract
from orchestration.sources.landing import waiting
from orchestration.sources.landing.land import Landed, land
from orchestration.warehouse.progress import say

HOT_JOB = "hot_job"
"""The job that lands and builds what comes through the day (jobs.py)."""
OWNERS = ["team:data-platform"]
_KINDS = {"files": "file"}
"""Dagster's own word for a connector, where it has one."""


def assets(brand: Brand) -> list[dg.AssetsDefinition]:
    """The raw assets of the contracts that the brand has sources for."""
    return [_asset(brand, contract, _sources_of(brand, contract)) for contract in connected(brand)]


def not_connected(brand: Brand) -> list[dg.AssetSpec]:
    """Raw tables nobody fills: there, empty, seen in the graph, and no step of any job."""
    rest = [contract for contract in CONTRACTS.values() if contract not in connected(brand)]
    return [_spec(contract, [], set()) for contract in rest]


def connected(brand: Brand) -> list[Contract]:
    """The contracts that the brand has sources for."""
    ids = {source.contract for source in brand.file.sources.values()}
    return [contract for contract in CONTRACTS.values() if contract.id in ids]


def key_of(contract: Contract) -> dg.AssetKey:
    """The asset key: schema and table."""
    return dg.AssetKey([raw_tables.SCHEMA, contract.raw_table])


def _sources_of(brand: Brand, contract: Contract) -> list[str]:
    return [name for name, source in brand.file.sources.items() if source.contract == contract.id]


def _spec(contract: Contract, sources: list[str], connectors: set[str]) -> dg.AssetSpec:
    return dg.AssetSpec(
        key=key_of(contract),
        group_name=f"landing_{contract.channel}",
        description=f"{contract.title}. {contract.description}",
        kinds={"python", "postgres", *(_KINDS.get(name, name) for name in connectors)},
        owners=OWNERS,
        tags={"contract": contract.id, "connected": "yes" if sources else "no"},
        metadata={"dagster/column_schema": _schema(contract), "sources": ", ".join(sources) or "not connected"},
    )


def _asset(brand: Brand, contract: Contract, sources: list[str]) -> dg.AssetsDefinition:
    spec = _spec(contract, sources, {brand.file.sources[name].connector for name in sources})

    @dg.multi_asset(specs=[spec], name=f"{raw_tables.SCHEMA}__{contract.raw_table}")
    def raw_asset(context: dg.AssetExecutionContext, deployment: Deployment) -> dg.MaterializeResult[None]:
        results = land_sources(deployment, sources, is_hot=context.job_name == HOT_JOB)
        return dg.MaterializeResult(asset_key=spec.key, value=None, metadata=_metadata(results))

    return raw_asset


def land_sources(deployment: Deployment, sources: list[str], *, is_hot: bool = False) -> list[Landed]:
    """Land the named sources of the deployment's brand; those marked `only_full` wait for a full run.

    `is_hot`: a run of many a day, which asks a source elsewhere only when it is due.
    """
    brand = deployment.load()
    due = [name for name in sources if deployment.is_full or not brand.file.sources[name].only_full]
    if is_hot:
        timely = waiting.due_sources(brand)
        due = [name for name in due if name in timely or brand.file.sources[name].connector in AT_HAND]
    return land(brand, sources=due, on_progress=lambda what: say("land", what))


def _schema(contract: Contract) -> dg.TableSchema:
    meanings = {item.column: item.meaning for item in contract.fields}
    return dg.TableSchema(
        [dg.TableColumn(name, kind, description=meanings.get(name)) for name, kind in raw_tables.all_columns(contract)]
    )


def _metadata(results: list[Landed]) -> dict[str, int | str | dg.MetadataValue]:
    landed = [item for item in results if item.outcome == "landed"]
    refused = [f"{item.name}: {item.detail}" for item in results if item.outcome in ("refused", "failed")]
    unmapped = sorted({column for item in landed for column in item.unmapped_columns})
    return {
        "rows_landed": sum(item.landed for item in landed),
        "rows_accepted": sum(item.accepted for item in landed),
        "rows_duplicate": sum(item.duplicate for item in landed),
        "rows_quarantined": sum(item.quarantined for item in landed),
        "batches": len(landed),
        "refused_files": dg.MetadataValue.md("\n".join(f"* {line}" for line in refused) or "none"),
        "unmapped_columns": ", ".join(unmapped) or "none",
    }
