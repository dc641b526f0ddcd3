"""Contracts of vouchers, coupons and gift cards."""

from orchestration.sources.contracts.identifiers import app_id, member_id, openid, phone
from orchestration.sources.contracts.model import (
    Contract,
    date,
    decimal,
    field,
    identifier,
    optional,
    required,
    string,
    timestamp,
)

OFFER = Contract(
    id="voucher.offer",
    title="Vouchers and what they are good for",
    description="One row per voucher, campaign and product. The same voucher may be handed out by several campaigns.",
    fields=(
        field("voucher_id", string, required, "the voucher or coupon, as printed"),
        field("campaign_id", string, required, "the campaign that hands it out"),
        field("product_id", string, required, "a product it is good for"),
    ),
    key=("voucher_id", "campaign_id", "product_id"),
)

REDEMPTION = Contract(
    id="voucher.redemption",
    title="Vouchers redeemed",
    description="One row per member, voucher, campaign and day.",
    fields=(
        field("member_id", string, required, "the member who redeemed it", pii=identifier("member_id")),
        field("voucher_id", string, required, "the voucher"),
        field("campaign_id", string, required, "the campaign it came from: a voucher alone does not say so"),
        field("redeemed_on", date, required, "day at the till, in the brand's zone"),
        field("order_id", string, optional, "the receipt, where the till says so"),
    ),
    key=("member_id", "voucher_id", "campaign_id", "redeemed_on"),
    event_at="redeemed_on",
    advances_clock=True,
)

PIECE = Contract(
    id="voucher.piece",
    title="Vouchers, piece by piece",
    description="One row per voucher given to a person, in its newest state: coupon, sample, service, birthday gift.",
    fields=(
        field("piece_id", string, required, "the piece, as its code says"),
        field("voucher_id", string, required, "the kind of voucher"),
        field("voucher_type", string, optional, "discount, sample, service, gift, birthday …"),
        field("campaign_id", string, optional, "the campaign that gave it"),
        field("issued_at", timestamp, required, "when it was given"),
        field("issued_through", string, optional, "where: store, wechat, sms, tmall …"),
        field("staff_id", string, optional, "the assistant who gave it"),
        field("store_id", string, optional, "where it was given or used"),
        field("expires_at", timestamp, optional, "until when it counts"),
        field("redeemed_at", timestamp, optional, "when it was used"),
        field("order_id", string, optional, "the order it was used with"),
        field("value_amount", decimal(12, 2), optional, "what it takes off or is worth, in the brand's currency"),
        field("threshold_amount", decimal(12, 2), optional, "least order it counts for, in the brand's currency"),
        member_id(),
        phone(),
        app_id(),
        openid(),
    ),
    key=("piece_id",),
    event_at="issued_at",
)

GIFT_CARD = Contract(
    id="voucher.gift_card",
    title="Movements of gift cards",
    description="One row per movement: a card is sold, loaded, used, expires. Who buys a card is rarely who uses it.",
    fields=(
        field("movement_id", string, required, "the movement"),
        field("gift_card_id", string, required, "the card"),
        field("card_form", string, optional, "what it is", allowed=("digital", "plastic")),
        field(
            "movement_type", string, required, "what happened", allowed=("issue", "load", "redeem", "expire", "refund")
        ),
        field("moved_at", timestamp, required, "when"),
        field("amount", decimal(12, 2), required, "by how much its balance moved, in `currency`; negative when used"),
        field("currency", string, optional, "ISO 4217 code; the brand's when empty"),
        field("order_id", string, optional, "the order it was bought or used with"),
        field("store_id", string, optional, "where"),
        member_id(meaning="who moved it: the buyer of an issue, the user of a redemption"),
    ),
    key=("movement_id",),
    event_at="moved_at",
)

CONTRACTS = (OFFER, REDEMPTION, PIECE, GIFT_CARD)
