"""Contracts of the store list."""

from orchestration.sources.contracts.model import Contract, date, field, optional, required, string

STORE = Contract(
    id="store.store",
    title="Stores",
    description="One row per store. Stores that only the till names get a row in the core that says so.",
    fields=(
        field("store_id", string, required, "the store, as the till names it"),
        field("store_name", string, optional, "its name over the door"),
        field("city", string, optional, "where it is"),
        field("region", string, optional, "the sales region it belongs to"),
        field("opened_on", date, optional, "its first day, in the brand's zone"),
    ),
    key=("store_id",),
)

CONTRACTS = (STORE,)
