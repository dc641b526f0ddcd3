"""Contracts of the till."""

from orchestration.sources.contracts.identifiers import app_id, card_id, member_id, openid, phone, unionid
from orchestration.sources.contracts.model import (
    Contract,
    decimal,
    field,
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
        member_id(meaning="the member who showed a card or code; empty for a stranger"),
        card_id(),
        field("product_id", string, required, "the product sold, as the catalogue names it"),
        field("quantity", integer, required, "units sold; fuel in thousandths of a gallon where the till counts it so"),
        field("sales_amount", decimal(12, 2), required, "paid to the retailer after discounts, in `currency`"),
        field("retail_discount_amount", decimal(12, 2), optional, "taken off by the store's own offer, in `currency`"),
        field("coupon_discount_amount", decimal(12, 2), optional, "paid by a manufacturer's coupon, in `currency`"),
        field("coupon_match_amount", decimal(12, 2), optional, "added by the store to match a coupon, in `currency`"),
        field("currency", string, optional, "ISO 4217 code; the brand's when empty"),
        field("staff_id", string, optional, "who sold it"),
        field("voucher_id", string, optional, "voucher used on the receipt"),
    ),
    key=("order_id", "order_line_id"),
    event_at="ordered_at",
    advances_clock=True,
    drift={"sales_amount": (0.05, 10_000.0), "member_id": (0.2, 1.0)},
)

REFUND = Contract(
    id="pos.refund",
    title="Refunds at the till",
    description="One row per line given back.",
    fields=(
        field("refund_id", string, required, "the refund, as the till numbers it"),
        field("order_id", string, required, "the receipt it gives back from"),
        field("order_line_id", string, optional, "the line; empty where the till does not say"),
        field("refunded_at", timestamp, required, "when"),
        field("store_id", string, required, "where"),
        member_id(),
        field("product_id", string, optional, "the product given back"),
        field("quantity", integer, optional, "units given back"),
        field("refund_amount", decimal(12, 2), required, "given back, in `currency`"),
        field("currency", string, optional, "ISO 4217 code; the brand's when empty"),
        field("reason", string, optional, "why, as the till says it"),
    ),
    key=("refund_id",),
    event_at="refunded_at",
)

IDENTIFICATION = Contract(
    id="pos.identification",
    title="Customers identified at the till",
    description="One row per code, card or number shown at a till: the moment at which a WeChat name, a phone number "
    "and a member become one person. A phone is the customer's own, never the assistant's.",
    fields=(
        field("identification_id", string, required, "the scan or entry"),
        field("identified_at", timestamp, required, "when"),
        field("store_id", string, required, "where"),
        field("order_id", string, optional, "the receipt it belongs to"),
        field("means", string, required, "what was shown", allowed=("member_qr", "card", "phone", "register")),
        member_id(),
        card_id(),
        phone(),
        app_id(),
        openid(),
        unionid(),
        field("staff_id", string, optional, "who served"),
    ),
    key=("identification_id",),
    event_at="identified_at",
    any_of=(("member_id", "card_id", "phone", "openid", "unionid"),),
)

DINE_IN = Contract(
    id="pos.dine_in",
    title="Guests at table",
    description="One row per table and sitting of a restaurant.",
    fields=(
        field("sitting_id", string, required, "the sitting"),
        field("store_id", string, required, "the restaurant"),
        field("table_id", string, optional, "the table"),
        field("guest_count", integer, optional, "people at the table"),
        field("seated_at", timestamp, required, "when they sat down"),
        field("left_at", timestamp, optional, "when they left"),
        field("order_id", string, optional, "the receipt"),
        field("reservation_id", string, optional, "the appointment it fulfils"),
        member_id(),
        phone(),
        app_id(),
        openid(),
    ),
    key=("sitting_id",),
    event_at="seated_at",
)

CONTRACTS = (ORDER_LINE, REFUND, IDENTIFICATION, DINE_IN)
