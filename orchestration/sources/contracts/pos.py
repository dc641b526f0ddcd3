"""Contracts of the till."""

from orchestration.sources.contracts.model import (
    Contract,
    decimal,
    field,
    identifier,
    integer,
    optional,
    required,
    string,
    timestamp,
)

ORDER_LINE = Contract(
    id="pos.order_line",
    title="Lines of till receipts",
    description="One row per line of a receipt, with the receipt's own facts on each line. A line of quantity zero or "
    "of no price is a line all the same: a coupon pays it, or the till corrected it.",
    fields=(
        field("order_id", string, required, "the receipt, as the till numbers it"),
        field("order_line_id", string, required, "the line within its receipt"),
        field("ordered_at", timestamp, required, "when the receipt was closed"),
        field("store_id", string, required, "the store, as the till names it"),
        field(
            "member_id",
            string,
            optional,
            "the member who showed a card or code; empty for a stranger",
            pii=identifier("member_id"),
        ),
        field("product_id", string, required, "the product sold, as the catalogue names it"),
        field("quantity", integer, required, "units sold; fuel in thousandths of a gallon where the till counts it so"),
        field("sales_amount", decimal(12, 2), required, "paid to the retailer after discounts, in `currency`"),
        field("retail_discount_amount", decimal(12, 2), optional, "taken off by the store's own offer, in `currency`"),
        field("coupon_discount_amount", decimal(12, 2), optional, "paid by a manufacturer's coupon, in `currency`"),
        field("coupon_match_amount", decimal(12, 2), optional, "added by the store to match a coupon, in `currency`"),
        field("currency", string, optional, "ISO 4217 code; the brand's when empty"),
    ),
    key=("order_id", "order_line_id"),
    event_at="ordered_at",
    advances_clock=True,
    drift={"sales_amount": (0.05, 10_000.0), "member_id": (0.2, 1.0)},
)

CONTRACTS = (ORDER_LINE,)
