"""Contracts of the brand's own online shop."""

from orchestration.sources.contracts.identifiers import app_id, cookie_id, email, member_id, openid, phone
from orchestration.sources.contracts.model import (
    Contract,
    attribute,
    boolean,
    decimal,
    field,
    integer,
    optional,
    personal,
    required,
    string,
    timestamp,
)

ORDER = Contract(
    id="shop.order",
    title="Orders of the online shop",
    description="One row per order in its newest state. Buyer and recipient are two people: who a gift goes to is "
    "neither linked nor counted as seen.",
    fields=(
        field("order_id", string, required, "the order"),
        field("order_status", string, required, "its state: pending, paid, shipped, completed, cancelled …"),
        field("ordered_at", timestamp, required, "when it was placed"),
        field("paid_at", timestamp, optional, "when it was paid"),
        member_id(meaning="the buyer, when logged in"),
        email(meaning="the buyer's address"),
        phone(meaning="the buyer's number"),
        cookie_id(meaning="the browser it was placed in"),
        app_id(),
        openid(meaning="the buyer, where the shop is a mini-program"),
        field("recipient_name", string, optional, "who it goes to", pii=personal("full_name")),
        phone(name="recipient_phone", of="recipient", meaning="the recipient's number: never linked to the buyer"),
        field("recipient_province", string, optional, "where it goes", pii=attribute),
        field("recipient_city", string, optional, "where it goes", pii=attribute),
        field("recipient_address", string, optional, "where it goes, to the door", pii=personal("address")),
        field("is_gift", boolean, optional, "whether the buyer said it is for somebody else"),
        field("paid_amount", decimal(12, 2), required, "paid by the buyer, postage included, in `currency`"),
        field("postage_amount", decimal(12, 2), optional, "postage, in `currency`"),
        field("discount_amount", decimal(12, 2), optional, "discounts of the order, in `currency`"),
        field("coupon_id", string, optional, "coupon used"),
        field("currency", string, optional, "ISO 4217 code; the brand's when empty"),
        field("session_id", string, optional, "the visit it was placed in"),
        field("link_id", string, optional, "tracked link it was placed through"),
        field("utm_source", string, optional, "campaign parameter: where from"),
        field("utm_campaign", string, optional, "campaign parameter: which campaign"),
    ),
    key=("order_id",),
    event_at="ordered_at",
    advances_clock=True,
    drift={"paid_amount": (0.05, 100_000.0)},
)

ORDER_ITEM = Contract(
    id="shop.order_item",
    title="Items of the online shop's orders",
    description="One row per item of an order.",
    fields=(
        field("order_id", string, required, "the order"),
        field("order_line_id", string, required, "the item within its order"),
        field("product_id", string, required, "the product, as the catalogue names it"),
        field("quantity", integer, required, "units"),
        field("list_amount", decimal(12, 2), optional, "list price times units, in `currency`"),
        field("discount_amount", decimal(12, 2), optional, "the item's share of all discounts, in `currency`"),
        field("sales_amount", decimal(12, 2), required, "paid for the item, in `currency`"),
        field("currency", string, optional, "ISO 4217 code; the brand's when empty"),
    ),
    key=("order_id", "order_line_id"),
    drift={"sales_amount": (0.05, 100_000.0)},
)

PAYMENT = Contract(
    id="shop.payment",
    title="Payments of the online shop",
    description="One row per attempt to pay.",
    fields=(
        field("payment_id", string, required, "the payment"),
        field("order_id", string, required, "the order"),
        field("method", string, optional, "wechat_pay, alipay, card …"),
        field("status", string, required, "what became of it", allowed=("pending", "paid", "failed", "refunded")),
        field("amount", decimal(12, 2), required, "the amount, in `currency`"),
        field("currency", string, optional, "ISO 4217 code; the brand's when empty"),
        field("paid_at", timestamp, required, "when it was tried"),
    ),
    key=("payment_id",),
    event_at="paid_at",
)

REFUND = Contract(
    id="shop.refund",
    title="Refunds of the online shop",
    description="One row per refund in its newest state.",
    fields=(
        field("refund_id", string, required, "the refund"),
        field("order_id", string, required, "the order"),
        field("order_line_id", string, optional, "the item; empty for the whole order"),
        field("refund_amount", decimal(12, 2), required, "given back, in `currency`"),
        field("currency", string, optional, "ISO 4217 code; the brand's when empty"),
        field("refund_status", string, required, "state of the refund"),
        field("reason", string, optional, "the reason the buyer chose"),
        field("requested_at", timestamp, required, "when it was asked for"),
        field("refunded_at", timestamp, optional, "when it was paid back"),
    ),
    key=("refund_id",),
    event_at="requested_at",
)

SHIPMENT = Contract(
    id="shop.shipment",
    title="Shipments",
    description="One row per parcel in its newest state, of whichever shop the order is.",
    fields=(
        field("shipment_id", string, required, "the parcel"),
        field("order_id", string, required, "the order"),
        field("carrier", string, optional, "who carries it"),
        field("status", string, required, "its state", allowed=("packed", "shipped", "delivered", "returned", "lost")),
        field("shipped_at", timestamp, required, "when it left"),
        field("promised_at", timestamp, optional, "by when the customer was told to have it"),
        field("delivered_at", timestamp, optional, "when it arrived"),
    ),
    key=("shipment_id",),
    event_at="shipped_at",
)

CONTRACTS = (ORDER, ORDER_ITEM, PAYMENT, REFUND, SHIPMENT)
