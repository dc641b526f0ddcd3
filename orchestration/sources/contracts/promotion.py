"""Contracts of promotions in stores and mailers."""

from orchestration.sources.contracts.model import Contract, date, field, optional, required, string

PLACEMENT = Contract(
    id="promotion.placement",
    title="Products on display or in the mailer",
    description="One row per product, store, first day and place. Says what everybody could see, not who saw it.",
    fields=(
        field("product_id", string, required, "the product"),
        field("store_id", string, required, "the store"),
        field("starts_on", date, required, "first day, in the brand's zone"),
        field("ends_on", date, optional, "last day, in the brand's zone"),
        field("display_location", string, optional, "code of the place in the store; 0 is none"),
        field("mailer_location", string, optional, "code of the place in the mailer; 0 is none"),
    ),
    key=("product_id", "store_id", "starts_on", "display_location", "mailer_location"),
)

CONTRACTS = (PLACEMENT,)
