"""Contracts of the Tmall and Taobao store.

Field names in backticks are those of the open platform. Names and numbers of buyers and recipients come masked; they
are landed as traits at most and never link anybody. The one way to a member is the binding (会员通).
"""

from orchestration.sources.contracts.identifiers import member_id, omid, ouid, phone, shop_id
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

BUYER = Contract(
    id="tmall.buyer",
    title="Buyers of the store",
    description="One row per buyer and shop, as the store's customer list tells it.",
    fields=(
        shop_id(required),
        ouid(required),
        omid(),
        field("nick_masked", string, optional, "masked nick name (`buyer_nick`)", pii=attribute),
        field("phone_masked", string, optional, "masked mobile number: never an identifier", pii=attribute),
        field("first_ordered_at", timestamp, optional, "first order in this shop"),
        field("grade", string, optional, "the shop's own member grade"),
        field("buyer_province", string, optional, "province of the buyer", pii=attribute),
        field("buyer_city", string, optional, "city of the buyer", pii=attribute),
    ),
    key=("shop_id", "ouid"),
)

MEMBER_BINDING = Contract(
    id="tmall.member_binding",
    title="Buyers bound to members",
    description="One row per binding or unbinding of a buyer and a member of the brand (会员通). The moment at which a "
    "Tmall buyer and the rest of a person become one.",
    fields=(
        shop_id(required),
        ouid(required),
        omid(),
        member_id(required, "the member the buyer was bound to"),
        phone(meaning="number the buyer confirmed, where the platform hands it over"),
        field("status", string, required, "bound or unbound", allowed=("bind", "unbind")),
        field("bound_at", timestamp, required, "when"),
    ),
    key=("shop_id", "ouid", "member_id", "status", "bound_at"),
    event_at="bound_at",
)

ORDER = Contract(
    id="tmall.order",
    title="Orders of the store",
    description="One row per trade in its newest state. A big sales day's order is paid in two steps: deposit, then "
    "balance. The buyer is the actor; the recipient is another person until proven otherwise.",
    fields=(
        field("order_id", string, required, "the trade (`tid`)"),
        shop_id(required),
        ouid(required),
        omid(),
        field("order_status", string, required, "state of the trade (`status`)"),
        field("ordered_at", timestamp, required, "when it was placed (`created`)"),
        field("paid_at", timestamp, optional, "when it was paid (`pay_time`)"),
        field("shipped_at", timestamp, optional, "when it was sent (`consign_time`)"),
        field("ended_at", timestamp, optional, "when it was confirmed or closed (`end_time`)"),
        field(
            "paid_amount", decimal(12, 2), required, "paid by the buyer, postage included, in `currency` (`payment`)"
        ),
        field("postage_amount", decimal(12, 2), optional, "postage, in `currency` (`post_fee`)"),
        field("discount_amount", decimal(12, 2), optional, "discounts of the trade, in `currency` (`discount_fee`)"),
        field("step_status", string, optional, "state of deposit and balance (`step_trade_status`)"),
        field("deposit_amount", decimal(12, 2), optional, "deposit paid, in `currency` (`step_paid_fee`)"),
        field("coupon_id", string, optional, "coupon used"),
        field("currency", string, optional, "ISO 4217 code; the brand's when empty"),
        field(
            "recipient_name_masked", string, optional, "masked name of the recipient (`receiver_name`)", pii=attribute
        ),
        field(
            "recipient_phone_masked",
            string,
            optional,
            "masked number of the recipient (`receiver_mobile`)",
            pii=attribute,
        ),
        field("recipient_province", string, optional, "where it goes (`receiver_state`)", pii=attribute),
        field("recipient_city", string, optional, "where it goes (`receiver_city`)", pii=attribute),
        field("link_id", string, optional, "tracked link the order was placed through"),
    ),
    key=("order_id",),
    event_at="ordered_at",
    advances_clock=True,
    drift={"paid_amount": (0.05, 100_000.0)},
)

ORDER_ITEM = Contract(
    id="tmall.order_item",
    title="Items of the store's orders",
    description="One row per item of a trade.",
    fields=(
        field("order_line_id", string, required, "the item (`oid`)"),
        field("order_id", string, required, "its trade (`tid`)"),
        field("product_id", string, required, "the product, as the catalogue names it (`outer_sku_id`)"),
        field("item_id", string, optional, "the store's item (`num_iid`)"),
        field("title", string, optional, "the item's title in the store"),
        field("quantity", integer, required, "units (`num`)"),
        field("list_amount", decimal(12, 2), optional, "list price times units, in `currency` (`total_fee`)"),
        field("discount_amount", decimal(12, 2), optional, "the item's share of all discounts, in `currency`"),
        field("sales_amount", decimal(12, 2), required, "paid for the item, in `currency` (`divide_order_fee`)"),
        field("currency", string, optional, "ISO 4217 code; the brand's when empty"),
        field("refund_status", string, optional, "state of a refund (`refund_status`)"),
        field("is_gift", boolean, optional, "true for a gift with purchase"),
    ),
    key=("order_line_id",),
    drift={"sales_amount": (0.05, 100_000.0)},
)

REFUND = Contract(
    id="tmall.refund",
    title="Refunds of the store",
    description="One row per refund in its newest state.",
    fields=(
        field("refund_id", string, required, "the refund (`refund_id`)"),
        field("order_id", string, required, "its trade (`tid`)"),
        field("order_line_id", string, required, "its item (`oid`)"),
        field("refund_amount", decimal(12, 2), required, "given back, in `currency` (`refund_fee`)"),
        field("currency", string, optional, "ISO 4217 code; the brand's when empty"),
        field("refund_status", string, required, "state of the refund (`status`)"),
        field("reason", string, optional, "the reason the buyer chose (`reason`)"),
        field("requested_at", timestamp, required, "when it was asked for (`created`)"),
        field("refunded_at", timestamp, optional, "when it was paid back (`modified` of a closed one)"),
        field("has_returned_goods", boolean, optional, "whether goods came back (`has_good_return`)"),
    ),
    key=("refund_id",),
    event_at="requested_at",
)

MESSAGE = Contract(
    id="tmall.message",
    title="Messages with the store",
    description="One row per message between a buyer and the store's service.",
    fields=(
        field("message_id", string, required, "the message"),
        shop_id(required),
        ouid(required),
        omid(),
        field("direction", string, required, "who wrote", allowed=("inbound", "outbound")),
        field("sent_at", timestamp, required, "when it was sent"),
        field("text", string, optional, "what was written", pii=personal("message_text")),
        field("staff_id", string, optional, "the agent"),
        field("order_id", string, optional, "the trade it is about"),
    ),
    key=("message_id",),
    event_at="sent_at",
)

COUPON = Contract(
    id="tmall.coupon",
    title="Coupons of the store",
    description="One row per coupon given to a buyer, in its newest state.",
    fields=(
        field("coupon_id", string, required, "the piece (`coupon_number`)"),
        field("template_id", string, required, "the kind (`coupon_id`)"),
        shop_id(required),
        ouid(required),
        omid(),
        field("issued_at", timestamp, required, "when it was given"),
        field("expires_at", timestamp, optional, "until when it counts"),
        field("used_at", timestamp, optional, "when it was used"),
        field("order_id", string, optional, "the trade it was used in"),
        field("discount_amount", decimal(12, 2), optional, "what it takes off, in the brand's currency"),
        field("threshold_amount", decimal(12, 2), optional, "least order it counts for, in the brand's currency"),
        field("campaign_id", string, optional, "the campaign that gave it"),
    ),
    key=("coupon_id",),
    event_at="issued_at",
)

CONTRACTS = (BUYER, MEMBER_BINDING, ORDER, ORDER_ITEM, REFUND, MESSAGE, COUPON)
