"""Contracts of the product catalogue."""

from orchestration.sources.contracts.model import Contract, field, optional, required, string

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
    ),
    key=("product_id",),
    drift={"category": (0.8, 1.0)},
)

CONTRACTS = (PRODUCT,)
