"""Every landing contract, one module per channel.

Here: the registry. A new entity is a `Contract` in its channel's module and that module's line below; raw table, dbt
source, GX suite and documentation page follow from it.
"""

from __future__ import annotations

from orchestration.sources.contracts import campaign, catalogue, crm, pos, promotion, store, voucher
from orchestration.sources.contracts.model import Contract

CONTRACTS: dict[str, Contract] = {
    contract.id: contract
    for module in (pos, catalogue, store, crm, campaign, voucher, promotion)
    for contract in module.CONTRACTS
}
"""All contracts by id, in the order of their channels."""


def contract(contract_id: str) -> Contract:
    """The contract of that id; KeyError with the known ids when there is none."""
    try:
        return CONTRACTS[contract_id]
    except KeyError:
        raise KeyError(f"no contract {contract_id!r}; there are {', '.join(CONTRACTS)}") from None


def postgres_columns(contract: Contract) -> list[tuple[str, str]]:
    """The contract's columns in its raw table, without the audit columns: name and PostgreSQL type."""
    return [(item.column, item.postgres) for item in contract.fields]


def clock_contracts() -> list[str]:
    """Ids of the contracts whose newest event day moves a brand's `as_of`."""
    return [item.id for item in CONTRACTS.values() if item.advances_clock]
