"""Every landing contract, one module per channel.

Here: the registry. A new entity is a `Contract` in its channel's module and that module's line below; raw table, dbt
source, GX suite and documentation page follow from it.
"""

from __future__ import annotations

from orchestration.sources.contracts import (
    ads,
    app,
    calendar,
    campaign,
    catalogue,
    crm,
    email,
    lead,
    loyalty,
    miniprogram,
    partner,
    pos,
    promotion,
    review,
    service,
    shop,
    sms,
    social,
    store,
    survey,
    tmall,
    voucher,
    web,
    wechat,
    wecom,
)
from orchestration.sources.contracts.likeness import nearest
from orchestration.sources.contracts.model import Contract

__all__ = ["CONTRACTS", "clock_contracts", "contract", "nearest", "postgres_columns"]

_CHANNELS = (
    *(wechat, miniprogram, wecom, tmall, social),  # Chinese channels
    *(web, app, email, sms, shop, ads),  # universal channels
    *(pos, store),  # offline
    *(crm, loyalty, voucher, service, review, lead, survey, campaign, partner),  # customer systems
    *(catalogue, promotion, calendar),  # reference
)

CONTRACTS: dict[str, Contract] = {contract.id: contract for module in _CHANNELS for contract in module.CONTRACTS}
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
