"""Contracts of the product catalogue."""

from orchestration.sources.contracts.model import Contract, date, decimal, field, integer, optional, required, string

PRODUCT = Contract(
    id="catalogue.product",
    title="Products",
    description="One row per product a brand sells or sold. Products that were sold but are missing here stay sellable "
    "facts: the core gives them a row that says so.",
    fields=(
        field("product_id", string, required, "the product"),
        field("product_name", string, optional, "what a customer would call it"),
        field("manufacturer_id", string, optional, "who makes it"),
        field("brand_name", string, optional, "the label it is sold under"),
        field("department", string, optional, "coarsest level of the catalogue"),
        field("category", string, optional, "middle level"),
        field("product_type", string, optional, "finest level"),
        field("package_size", string, optional, "size as printed, with its unit"),
        field("list_amount", decimal(12, 2), optional, "list price of one unit, in the brand's currency"),
        field("cost_amount", decimal(12, 2), optional, "cost of one unit, in the brand's currency"),
        field("usage_days", integer, optional, "days one unit lasts in ordinary use"),
        field("style", string, optional, "style, line or scent"),
        field("launched_on", date, optional, "first day on sale, in the brand's zone"),
        field("withdrawn_on", date, optional, "last day on sale, in the brand's zone"),
        field("page_url", string, optional, "its page"),
    ),
    key=("product_id",),
    drift={"category": (0.8, 1.0)},
)

PRICE = Contract(
    id="catalogue.price",
    title="Prices",
    description="One row per product, place and first day: what one unit costs from then on.",
    fields=(
        field("product_id", string, required, "the product"),
        field("channel", string, optional, "where: store, shop, tmall …; everywhere when empty"),
        field("valid_from_on", date, required, "first day, in the brand's zone"),
        field("price_amount", decimal(12, 2), required, "price of one unit, in `currency`"),
        field("currency", string, optional, "ISO 4217 code; the brand's when empty"),
    ),
    key=("product_id", "channel", "valid_from_on"),
)

CONTRACTS = (PRODUCT, PRICE)
